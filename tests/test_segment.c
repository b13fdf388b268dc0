/*
 * Giants: whatever stands at whatever distance from a cut, in whatever layer, the text comes out as
 * it does when it is inspected in one piece. Segments are small here, so that every offset around
 * several cuts is tried. Secrets are made at run time.
 */
#include "segment.h"
#include "views.h"

#include "field.h"

#include <string.h>

enum {
    SIZE = 200,
    LOOK = 320,
    CONTEXT = 200,
    FROM = 60, /* the secret is planted at each of these offsets */
    TO = 560,  /* two cuts and more */
    LENGTH = 1000,
    SECRET = 20,
    FORM_MAX = 300
};

static harsan_rules *rules;
static hsn_inspector in;
static hsn_learned *known;
static char secret[SECRET + 1];
static char learned_secret[SECRET + 1];

static int set_up(void **state)
{
    (void)state;
    static const harsan_options options = {0};
    prng r = {.state = 11};
    rules = default_rules(0);
    prng_alnum(&r, secret, SECRET);
    prng_alnum(&r, learned_secret, SECRET);
    known = hsn_learned_new(1 << 20);
    assert_non_null(known);
    assert_true(hsn_learned_add(known, hsn_str_z(learned_secret), HSN_S("/log"), false));
    return hsn_inspector_init(&in, rules, &options) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    hsn_inspector_deinit(&in);
    hsn_learned_free(known);
    harsan_rules_free(rules);
    return 0;
}

/* ---------------------------------------------------------------- two ways to the same end */

static void whole(hsn_str raw, hsn_buf *out)
{
    hsn_field f = {.len = raw.n,
                   .by = &hsn_no_label,
                   .key = &hsn_no_label,
                   .kind = HSN_JSON_STRING,
                   .escaped = hsn_str_chr(raw, '\\') < raw.n};
    hsn_edits edits = {0};
    hsn_inspector_next(&in);
    hsn_settle_field(&in, raw, &f, &edits);
    assert_false(in.failed);
    hsn_buf_reset(out);
    hsn_peel_splice(out, raw, edits.v, edits.n);
}

typedef struct walk {
    hsn_segment segment;
    hsn_slice at;
    size_t steps;
    size_t gaps;
    size_t replaced; /* bytes of gaps */
    hsn_str text;
    hsn_buf *out;
} walk;

static void begin(walk *w, hsn_str raw, hsn_buf *out)
{
    const hsn_site site = {0};
    *w = (walk){.text = raw, .out = out};
    hsn_segment_begin(&w->segment, &in, hsn_str_cut(raw, 0, SIZE), &site, 1 << 20);
    w->segment.size = SIZE;
    w->segment.look = LOOK;
    w->segment.context = CONTEXT;
    hsn_buf_reset(out);
}

/* All steps that the first `n` bytes of the text allow. */
static void run(walk *w, size_t n)
{
    bool more = true;
    while (more) {
        hsn_edits edits = {0};
        hsn_inspector_next(&in);
        hsn_segment_next(&w->segment, &in, hsn_str_cut(w->text, 0, n), n == w->text.n, &w->at,
                         &edits);
        assert_false(in.failed);
        size_t at = w->at.begin;
        for (size_t i = 0; i < edits.n; i++) {
            const hsn_edit *e = &edits.v[i];
            assert_true(e->off >= at && e->off + e->len <= w->at.end);
            hsn_buf_add_str(w->out, hsn_str_cut(w->text, at, e->off));
            hsn_buf_add_str(w->out, e->with);
            at = e->off + e->len;
        }
        hsn_buf_add_str(w->out, hsn_str_cut(w->text, at, w->at.end));
        more = w->at.end > w->at.begin || w->at.gap != NULL;
        w->steps += w->at.end > w->at.begin;
        w->gaps += w->at.gap != NULL;
        w->replaced += w->at.gap != NULL && w->at.replaced ? (size_t)w->at.gap_len : 0;
        assert_true(w->at.from <= w->at.end);
        w->at.begin = w->at.end;
    }
}

static void in_segments(hsn_str raw, hsn_buf *out, walk *w)
{
    begin(w, raw, out);
    run(w, raw.n);
    assert_int_equal(w->at.end, raw.n);
}

/* ---------------------------------------------------------------- what is planted */

enum {
    EMAIL,
    TOKEN,
    PAIR,
    MEMBER,
    MEMBER_ESCAPED,
    JWT,
    BEARER,
    LEARNED,
    PERCENT,
    BASE64,
    CARD,
    FORMS
};

static const char *const form_names[FORMS] = {"email",          "token",  "name=value", "member",
                                              "escaped member", "JWT",    "bearer",     "learned",
                                              "percent",        "base64", "card"};

static void add_base64(hsn_buf *out, const char *text, bool padded)
{
    hsn_base64 how = {.padded = padded, .url = !padded};
    hsn_base64_encode(out, hsn_str_z(text), &how);
}

static void make_form(int form, hsn_buf *out)
{
    char text[FORM_MAX];
    switch (form) {
    case EMAIL:
        hsn_buf_printf(out, "ann.%s@maltbarrow-post.net", secret);
        break;
    case TOKEN:
        hsn_buf_printf(out, "glp%s-%s", "at", secret);
        break;
    case PAIR:
        hsn_buf_printf(out, "password=%s", secret);
        break;
    case MEMBER:
        hsn_buf_printf(out, "{\"password\": \"%s\"}", secret);
        break;
    case MEMBER_ESCAPED:
        hsn_buf_printf(out, "{\\\"password\\\": \\\"%s\\\"}", secret);
        break;
    case JWT:
        snprintf(text, sizeof text, "{\"sub\":\"%s\",\"iat\":1700000000}", secret);
        add_base64(out, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", false);
        hsn_buf_put(out, '.');
        add_base64(out, text, false);
        hsn_buf_printf(out, ".%s%s", secret, secret);
        break;
    case BEARER:
        hsn_buf_printf(out, "\nAuthorization: Bearer %s\n", secret);
        break;
    case LEARNED:
        hsn_buf_printf(out, "%s", learned_secret);
        break;
    case PERCENT:
        hsn_buf_printf(out, "q=a%%20b%%26password%%3D%s%%26c%%3D%%41", secret);
        break;
    case BASE64:
        snprintf(text, sizeof text, "user=ann&password=%s&x=1", secret);
        add_base64(out, text, true);
        break;
    default:
        hsn_buf_printf(out, "4%s", "111 1122 2233 3344"); /* made valid below */
        for (unsigned char c = '0'; c <= '9'; c++) {
            out->p[out->n - 1] = c;
            if (hsn_card_in_text(hsn_buf_str(out), 0) == out->n) {
                break;
            }
        }
        break;
    }
}

/* ---------------------------------------------------------------- what is around it */

static const char *const fillers[] = {"some words and others ",
                                      "a line of a log\n",
                                      "a;b,c>d,",
                                      "/path/of.things(",
                                      "-",
                                      "kolme",
                                      "k\xc3\xa4se f\xc3\xbcr \xe2\x82\xac",
                                      "\xf0\x9f\x98\x80"};

static void fill(hsn_buf *out, const char *with, size_t to)
{
    size_t n = strlen(with);
    for (size_t i = 0; out->n < to; i++) {
        unsigned char c = (unsigned char)with[i % n];
        bool torn = c >= 0xC0 && to - out->n < (c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4);
        hsn_buf_put(out, torn ? '.' : c);
        i -= torn;
    }
}

static void make_text(const char *filler, const hsn_buf *form, size_t at, hsn_buf *out)
{
    hsn_buf_reset(out);
    fill(out, filler, at);
    hsn_buf_put(out, ' ');
    hsn_buf_add_str(out, hsn_buf_str(form));
    hsn_buf_put(out, ' ');
    fill(out, filler, LENGTH);
}

enum { RAW, SLASHES, BODY, PERCENTS, BASE64_RUN, BASE64_LINES, DATA_URL, LAYERS };

static const char *const layer_names[LAYERS] = {
    "escaped", "escaped more", "JSON body", "percent", "base64", "base64 in lines", "data URL"};

/* As a JSON string has it; `much`: also what could go without. */
static void escape(hsn_str text, bool much, hsn_buf *out)
{
    hsn_buf_reset(out);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = text.p[i];
        if (much && (c == 'e' || c == '@' || c == '=' || c == '+')) {
            hsn_buf_printf(out, "\\u%04x", c);
        } else if (much && c == '/') {
            hsn_buf_printf(out, "\\/");
        } else {
            hsn_escape_json.write(out, hsn_str_cut(text, i, i + 1));
        }
    }
}

static void wrap(int layer, hsn_str text, hsn_buf *tmp, hsn_buf *out)
{
    hsn_base64 how = {.padded = true, .line = layer == BASE64_LINES ? 76 : 0, .eol = HSN_S("\r\n")};
    hsn_buf_reset(tmp);
    switch (layer) {
    case BODY:
        hsn_buf_printf(tmp, "{\"id\": 17, \"list\": [{\"note\": \"");
        hsn_escape_json.write(tmp, text);
        hsn_buf_printf(tmp, "\"}, {\"n\": 1}]}");
        break;
    case PERCENTS:
        hsn_buf_printf(tmp, "data=");
        for (size_t i = 0; i < text.n; i++) {
            hsn_buf_printf(tmp, hsn_is_alnum(text.p[i]) ? "%c" : "%%%02X", text.p[i]);
        }
        break;
    case DATA_URL:
        hsn_buf_printf(tmp, "data:text/plain;base64,");
        hsn_base64_encode(tmp, text, &how);
        break;
    case BASE64_RUN:
    case BASE64_LINES:
        hsn_base64_encode(tmp, text, &how);
        break;
    default:
        hsn_buf_add_str(tmp, text);
        break;
    }
    escape(hsn_buf_str(tmp), layer == SLASHES || layer == DATA_URL, out);
}

static bool is_base64_layer(int layer)
{
    return layer == BASE64_RUN || layer == BASE64_LINES || layer == DATA_URL;
}

/* ---------------------------------------------------------------- every offset */

typedef struct trial {
    hsn_buf form, text, tmp, raw, want, got, again;
    size_t misses;
} trial;

static void try_one(trial *t, int form, int layer, size_t filler, size_t at)
{
    const hsn_str planted[] = {hsn_str_z(secret), hsn_str_z(learned_secret)};
    walk w;
    make_text(fillers[filler], &t->form, at, &t->text);
    wrap(layer, hsn_buf_str(&t->text), &t->tmp, &t->raw);
    whole(hsn_buf_str(&t->raw), &t->want);
    in_segments(hsn_buf_str(&t->raw), &t->got, &w);
    const char *wrong = NULL;
    if (w.steps < 3) {
        wrong = "not cut";
    } else if (!is_base64_layer(layer) &&
               !hsn_str_eq(hsn_buf_str(&t->want), hsn_buf_str(&t->got))) {
        wrong = "another text";
    } else if (hsn_str_eq(hsn_buf_str(&t->raw), hsn_buf_str(&t->want)) !=
               hsn_str_eq(hsn_buf_str(&t->raw), hsn_buf_str(&t->got))) {
        wrong = "found in one of them";
    } else if (is_base64_layer(layer) && t->raw.n < t->got.n) {
        wrong = "another length";
    } else if (form != CARD && find_readable(hsn_buf_str(&t->got), planted, 2, NULL) != NULL &&
               find_readable(hsn_buf_str(&t->want), planted, 2, NULL) == NULL) {
        wrong = "readable";
    }
    if (wrong == NULL) {
        in_segments(hsn_buf_str(&t->got), &t->again, &w);
        wrong = hsn_str_eq(hsn_buf_str(&t->got), hsn_buf_str(&t->again)) ? NULL : "not idempotent";
    }
    if (wrong != NULL && t->misses++ < 20) {
        print_error("%s in %s, filler %zu, offset %zu: %s\n", form_names[form], layer_names[layer],
                    filler, at, wrong);
    }
}

static void try_layer(int layer)
{
    trial t = {new_buf(), new_buf(), new_buf(), new_buf(), new_buf(), new_buf(), new_buf(), 0};
    in.learned = known;
    for (int form = 0; form < FORMS; form++) {
        hsn_buf_reset(&t.form);
        make_form(form, &t.form);
        for (size_t at = FROM; at < TO; at++) {
            try_one(&t, form, layer, (at + (size_t)form) % COUNT(fillers), at);
        }
    }
    hsn_buf *all[] = {&t.form, &t.text, &t.tmp, &t.raw, &t.want, &t.got, &t.again};
    for (size_t i = 0; i < COUNT(all); i++) {
        hsn_buf_deinit(all[i]);
    }
    assert_int_equal(t.misses, 0);
}

static void test_escaped(void **state)
{
    (void)state;
    try_layer(RAW);
}

static void test_escaped_more(void **state)
{
    (void)state;
    try_layer(SLASHES);
}

static void test_json_body(void **state)
{
    (void)state;
    try_layer(BODY);
}

static void test_percent(void **state)
{
    (void)state;
    try_layer(PERCENTS);
}

static void test_base64(void **state)
{
    (void)state;
    try_layer(BASE64_RUN);
}

static void test_base64_lines(void **state)
{
    (void)state;
    try_layer(BASE64_LINES);
}

static void test_data_url(void **state)
{
    (void)state;
    try_layer(DATA_URL);
}

/* ---------------------------------------------------------------- one by one */

/* A giant of `head`, so many times `body`, and `tail`, in segments; returns what became of it. */
static void try_giant(const char *head, hsn_str body, size_t times, const char *tail, walk *w,
                      hsn_buf *raw, hsn_buf *out)
{
    hsn_buf_reset(raw);
    hsn_buf_printf(raw, "%s", head);
    for (size_t i = 0; i < times; i++) {
        hsn_buf_add_str(raw, body);
    }
    hsn_buf_printf(raw, "%s", tail);
    in_segments(hsn_buf_str(raw), out, w);
}

/* Wherever it is cut, the two parts decode to what the whole does, and no character is torn. */
static void test_seams(void **state)
{
    (void)state;
    static const char *const units[] = {
        "\\\\", "\\n",  "\\u0041",  "\\ud83d\\ude00",   "\\ud83d", "\\ude00",
        "u",    "d83d", "\xc3\xa4", "\xf0\x9f\x98\x80", "n",       " "};
    prng r = {.state = 5};
    hsn_buf text = new_buf();
    hsn_buf all = new_buf();
    hsn_buf parts = new_buf();
    for (int round = 0; round < 300; round++) {
        hsn_buf_reset(&text);
        for (int i = 0; i < 30; i++) {
            hsn_buf_printf(&text, "%s", units[prng_below(&r, COUNT(units))]);
        }
        hsn_str t = hsn_buf_str(&text);
        hsn_buf_reset(&all);
        assert_true(hsn_peel_escape(&hsn_escape_json, t, &all));
        for (size_t at = 20; at <= t.n; at++) {
            size_t cut = hsn_segment_seam(t, 0, at);
            assert_true(cut <= at && at - cut < 16);
            assert_true(cut == t.n || (t.p[cut] & 0xC0) != 0x80);
            hsn_buf_reset(&parts);
            assert_true(hsn_peel_escape(&hsn_escape_json, hsn_str_cut(t, 0, cut), &parts));
            assert_true(hsn_peel_escape(&hsn_escape_json, hsn_str_cut(t, cut, t.n), &parts));
            assert_same(hsn_buf_str(&parts), hsn_buf_str(&all), "a seam");
        }
    }
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&all);
    hsn_buf_deinit(&parts);
}

/* The pieces in which a giant comes make no difference. */
static void test_pieces(void **state)
{
    (void)state;
    hsn_buf form = new_buf();
    hsn_buf text = new_buf();
    hsn_buf raw[2] = {new_buf(), new_buf()};
    hsn_buf out[2] = {new_buf(), new_buf()};
    walk w;
    in.learned = known;
    make_form(BEARER, &form);
    make_text(fillers[0], &form, SIZE, &text);
    for (int layer = 0; layer < LAYERS; layer++) {
        wrap(layer, hsn_buf_str(&text), &raw[1], &raw[0]);
        in_segments(hsn_buf_str(&raw[0]), &out[0], &w);
        for (size_t step = 1; step < 700; step = step * 3 + 1) {
            begin(&w, hsn_buf_str(&raw[0]), &out[1]);
            for (size_t n = SIZE; n < raw[0].n; n += step) {
                run(&w, n);
            }
            run(&w, raw[0].n);
            assert_same(hsn_buf_str(&out[1]), hsn_buf_str(&out[0]), layer_names[layer]);
        }
    }
    hsn_buf_deinit(&form);
    hsn_buf_deinit(&text);
    for (int i = 0; i < 2; i++) {
        hsn_buf_deinit(&raw[i]);
        hsn_buf_deinit(&out[i]);
    }
}

/* What cannot be looked into is dropped or passed, listed with all its bytes, and what stands
 * around it is inspected. */
static void test_gaps(void **state)
{
    (void)state;
    static const struct {
        const char *label, *head, *magic, *tail;
        bool replaced;
    } cases[] = {
        {"a picture", "data:image/png;base64,", "\x89PNG\r\n\x1a\n", " ann@maltbarrow-post.net",
         false},
        {"compressed", "x=1; body=", "\x1f\x8b\x08\x04", " ann@maltbarrow-post.net", true},
        {"other bytes", "", "\x01\x02\x03\xf0\xe1\xa7", "&mail=ann@maltbarrow-post.net", true},
    };
    hsn_buf plain = new_buf();
    hsn_buf coded = new_buf();
    hsn_buf raw = new_buf();
    hsn_buf out = new_buf();
    for (size_t i = 0; i < COUNT(cases); i++) {
        prng r = {.state = 3};
        walk w;
        hsn_base64 how = {.padded = true};
        hsn_buf_reset(&plain);
        hsn_buf_reset(&coded);
        hsn_buf_printf(&plain, "%s", cases[i].magic);
        while (plain.n < 4 * (SIZE + LOOK)) {
            hsn_buf_put(&plain, (unsigned char)prng_next(&r));
        }
        hsn_base64_encode(&coded, hsn_buf_str(&plain), &how);
        try_giant(cases[i].head, hsn_buf_str(&coded), 1, cases[i].tail, &w, &raw, &out);
        assert_int_equal(w.gaps, 1);
        assert_int_equal(w.replaced, cases[i].replaced ? coded.n : 0);
        assert_true(hsn_str_find(hsn_buf_str(&out), HSN_S("ann@malt")) == out.n);
        assert_true(hsn_str_starts(hsn_buf_str(&out), hsn_str_z(cases[i].head)));
        if (cases[i].replaced) {
            assert_true(out.n < 100);
        } else {
            assert_true(hsn_str_find(hsn_buf_str(&out), hsn_buf_str(&coded)) < out.n);
        }
    }
    hsn_buf_deinit(&plain);
    hsn_buf_deinit(&coded);
    hsn_buf_deinit(&raw);
    hsn_buf_deinit(&out);
}

/* Letters right before a run of base64, which are none of it: the run is read all the same, it
 * stays as long as it was, and a second time nothing changes. */
static void test_glued(void **state)
{
    (void)state;
    static const char *const heads[] = {"", "x", "ab", "abc", "word", "a word, x"};
    hsn_buf plain = new_buf(), raw = new_buf(), out = new_buf(), again = new_buf();
    for (int i = 0; i < 300; i++) {
        hsn_buf_printf(&plain, "{\"n\":%d,\"password\":\"hk7vw%dx24z9\"},\n", i, i);
    }
    for (size_t i = 0; i < 2 * COUNT(heads); i++) {
        const bool broken = i % 2 != 0;
        const hsn_base64 how = {
            .padded = true, .line = broken ? 76 : 0, .eol = broken ? HSN_S("\\n") : (hsn_str){0}};
        hsn_buf coded = new_buf();
        walk w;
        hsn_base64_encode(&coded, hsn_buf_str(&plain), &how);
        try_giant(heads[i / 2], hsn_buf_str(&coded), 1, " and on", &w, &raw, &out);
        in_segments(hsn_buf_str(&out), &again, &w);
        assert_same(hsn_buf_str(&again), hsn_buf_str(&out), heads[i / 2]);
        assert_int_equal(out.n, raw.n);
        hsn_str tail = hsn_str_cut(hsn_buf_str(&out), coded.n / 2, out.n);
        size_t same = 0; /* bytes that are as they were, of what lies well behind the beginning */
        for (size_t k = 0; k < tail.n; k++) {
            same += tail.p[k] == raw.p[coded.n / 2 + k];
        }
        assert_true(same < tail.n * 3 / 4);
        hsn_buf_deinit(&coded);
    }
    hsn_buf_deinit(&plain);
    hsn_buf_deinit(&raw);
    hsn_buf_deinit(&out);
    hsn_buf_deinit(&again);
}

/* A value longer than a segment goes whole, whatever it is made of. */
static void test_long_values(void **state)
{
    (void)state;
    static const char *const bodies[] = {"k7Qx", "dG9rZW49", "a.b-9", "%2Ba7", "x\\/9"};
    hsn_buf raw = new_buf();
    hsn_buf out = new_buf();
    for (size_t i = 0; i < COUNT(bodies); i++) {
        for (size_t times = 100; times < 1200; times += 77) {
            walk w;
            try_giant("log of it: ok token=", hsn_str_z(bodies[i]), times,
                      "7 and then ann@maltbarrow-post.net stands in it, and more of it", &w, &raw,
                      &out);
            assert_true(hsn_str_starts(hsn_buf_str(&out), HSN_S("log of it: ok token=redacted-")));
            assert_true(hsn_str_find(hsn_buf_str(&out), HSN_S("@redacted.invalid stands")) < out.n);
            assert_true(out.n < 200);
        }
    }
    hsn_buf_deinit(&raw);
    hsn_buf_deinit(&out);
}

/* What its name replaces, or a form that needs all of the text, is dropped as a whole. */
static void test_dropped(void **state)
{
    (void)state;
    static const struct {
        hsn_site site;
        const char *text;
        bool dropped;
    } cases[] = {
        {{.where = HSN_IN_KEY, .name = HSN_W("password")}, "k7Qx9v", true},
        {{.where = HSN_IN_KEY, .name = HSN_W("password")}, "{\\\"a\\\": 1}, ", true},
        {{.where = HSN_IN_HEADER, .name = HSN_W("Cookie")}, "a=b; ", true},
        {{.where = HSN_IN_COOKIE, .name = HSN_W("a")}, "k7Qx9v", true},
        {{.where = HSN_IN_KEY, .name = HSN_W("text")}, "k7Qx9v", false},
        {{.where = 0}, "id,password\\n1,abc\\n", true},
        {{.where = 0}, "--x\\r\\nContent-Disposition: form-data\\r\\n\\r\\n", true},
        {{.where = 0}, "id,number\\n1,abc\\n", false},
    };
    hsn_buf raw = new_buf();
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_segment g;
        hsn_buf_reset(&raw);
        for (int k = 0; k < SIZE; k++) {
            hsn_buf_printf(&raw, "%s", cases[i].text);
        }
        hsn_segment_begin(&g, &in, hsn_buf_str(&raw), &cases[i].site, 1 << 20);
        assert_int_equal(g.mode == HSN_GIANT_DROP, cases[i].dropped);
    }
    hsn_buf_deinit(&raw);
}

/* A value is learned where it stands whole, never from its beginning at the end of a segment. */
static void test_learning(void **state)
{
    (void)state;
    hsn_buf form = new_buf();
    hsn_buf text = new_buf();
    hsn_buf raw = new_buf();
    make_form(PAIR, &form);
    in.learned = NULL;
    for (size_t at = FROM; at < TO; at++) {
        hsn_learned *teach = hsn_learned_new(1 << 20);
        walk w;
        hsn_buf out = new_buf();
        make_text(fillers[at % COUNT(fillers)], &form, at, &text);
        escape(hsn_buf_str(&text), false, &raw);
        in.teach = teach;
        begin(&w, hsn_buf_str(&raw), &out);
        size_t known_before = 0;
        for (bool more = true; more;) {
            hsn_edits edits = {0};
            hsn_inspector_next(&in);
            hsn_segment_next(&w.segment, &in, hsn_buf_str(&raw), true, &w.at, &edits);
            for (const hsn_taught *t = in.taught; t != NULL; t = t->next) {
                assert_same(t->value, hsn_str_z(secret), "learned");
                known_before++;
            }
            more = w.at.end > w.at.begin;
            w.at.begin = w.at.end;
        }
        assert_int_equal(known_before, 1);
        hsn_learned_free(teach);
        hsn_buf_deinit(&out);
    }
    in.teach = NULL;
    hsn_buf_deinit(&form);
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escaped),     cmocka_unit_test(test_escaped_more),
        cmocka_unit_test(test_json_body),   cmocka_unit_test(test_percent),
        cmocka_unit_test(test_base64),      cmocka_unit_test(test_base64_lines),
        cmocka_unit_test(test_data_url),    cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_seams),       cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_long_values), cmocka_unit_test(test_dropped),
        cmocka_unit_test(test_learning),    cmocka_unit_test(test_glued),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
