/*
 * Verification: an output that is right passes, whatever was found in it; every way in which it can
 * be wrong is found, and at its place. Secrets are made at run time.
 */
#include "fixture.h"
#include "refusal.h"

#include "peel.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { SECRET = 24, SPANS_MAX = 4096, TOLD_MAX = 64 };

static char token_secret[SECRET + 1];
static char password[SECRET + 1];

static int set_up(void **state)
{
    (void)state;
    prng r = {.state = 7};
    rules = default_rules(0);
    prng_alnum(&r, token_secret, SECRET);
    prng_alnum(&r, password, SECRET);
    return 0;
}

/* ---------------------------------------------------------------- a run */

typedef struct span {
    uint64_t off, len;
} span;

/* What a run of the cleaning made of an input. */
typedef struct made {
    hsn_buf out;
    span spans[SPANS_MAX];
    size_t n_spans;
} made;

static int on_write(void *ctx, const void *data, size_t len)
{
    hsn_buf_add(&((made *)ctx)->out, data, len);
    return 0;
}

static void on_finding(void *ctx, const harsan_finding *f)
{
    made *m = ctx;
    assert_true(m->n_spans < SPANS_MAX);
    m->spans[m->n_spans++] = (span){f->offset, f->len};
}

static void on_gap(void *ctx, const harsan_gap *g)
{
    made *m = ctx;
    if (g->replaced) {
        assert_true(m->n_spans < SPANS_MAX);
        m->spans[m->n_spans++] = (span){g->offset, g->len};
    }
}

static void make_in(size_t window, const harsan_rules *with, hsn_str in, made *m)
{
    harsan *h;
    harsan_options opt = {.key = {1},
                          .write = on_write,
                          .write_ctx = m,
                          .on_finding = on_finding,
                          .on_gap = window != 0 ? on_gap : NULL,
                          .event_ctx = m,
                          .window = window};
    m->out = new_buf();
    assert_int_equal(harsan_new(&h, with, &opt, NULL), HARSAN_OK);
    harsan_status status = HARSAN_AGAIN;
    for (int pass = 1; pass <= 2 && status == HARSAN_AGAIN; pass++) {
        hsn_buf_reset(&m->out);
        m->n_spans = 0;
        assert_int_equal(harsan_feed(h, in.p, in.n), HARSAN_OK);
        status = harsan_finish(h);
    }
    assert_int_equal(status, HARSAN_OK);
    harsan_free(h);
}

static void make(const harsan_rules *with, hsn_str in, made *m)
{
    make_in(0, with, in, m);
}

/* ---------------------------------------------------------------- a proof */

typedef struct reader {
    hsn_str all;
    size_t at;
    size_t chunk; /* 0 = as much as is asked for */
} reader;

static ptrdiff_t read_text(void *ctx, void *buf, size_t max)
{
    reader *t = ctx;
    size_t n = t->all.n - t->at;
    n = n < max ? n : max;
    n = t->chunk != 0 && t->chunk < n ? t->chunk : n;
    if (n > 0) {
        memcpy(buf, t->all.p + t->at, n);
    }
    t->at += n;
    return (ptrdiff_t)n;
}

static bool rewind_text(void *ctx)
{
    ((reader *)ctx)->at = 0;
    return true;
}

typedef struct told {
    harsan_mismatch_kind kind;
    char place[128];
    uint64_t offset_out;
} told;

typedef struct proof {
    harsan_status status;
    harsan_verify_facts facts;
    told told[TOLD_MAX];
    size_t n;
} proof;

static void on_mismatch(void *ctx, const harsan_mismatch *m)
{
    proof *p = ctx;
    if (p->n < TOLD_MAX) {
        told *t = &p->told[p->n++];
        t->kind = m->kind;
        t->offset_out = m->offset_out;
        snprintf(t->place, sizeof t->place, "%s", m->place);
    }
}

typedef struct how {
    const harsan_rules *rules;
    const made *run; /* its changes are told; NULL = none are */
    size_t chunk;
    size_t window;
} how;

static void prove(how w, hsn_str in, hsn_str out, proof *p)
{
    reader a = {.all = in, .chunk = w.chunk};
    reader b = {.all = out, .chunk = w.chunk};
    const harsan_source source_in = {read_text, rewind_text, &a};
    const harsan_source source_out = {read_text, rewind_text, &b};
    harsan_options opt = {.window = w.window};
    harsan_verify *v = NULL;
    memset(p, 0, sizeof *p);
    p->status = harsan_verify_new(&v, w.rules, &opt, on_mismatch, p, NULL);
    if (p->status != HARSAN_OK) {
        return;
    }
    if (w.run != NULL) {
        harsan_verify_expected(v);
    }
    for (size_t i = 0; w.run != NULL && i < w.run->n_spans; i++) {
        (void)harsan_verify_span(v, w.run->spans[i].off, w.run->spans[i].len);
    }
    p->status = harsan_verify_run(v, &source_in, &source_out);
    harsan_verify_get_facts(v, &p->facts);
    harsan_verify_free(v);
}

static bool is_told(const proof *p, harsan_mismatch_kind kind, const char *place)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->told[i].kind == kind && strcmp(p->told[i].place, place) == 0) {
            return true;
        }
    }
    return false;
}

static void show(const proof *p, const char *label)
{
    print_error("%s: status %d, %zu told\n", label, (int)p->status, p->n);
    for (size_t i = 0; i < p->n; i++) {
        print_error("    %s: %s, byte %zu\n", p->told[i].place,
                    harsan_mismatch_text(p->told[i].kind), (size_t)p->told[i].offset_out);
    }
}

static void assert_proven(how w, hsn_str in, hsn_str out, const char *label)
{
    proof p;
    prove(w, in, out, &p);
    if (p.status != HARSAN_OK || p.facts.mismatches != 0) {
        show(&p, label);
        fail();
    }
}

/* ---------------------------------------------------------------- the text of the tables */

static void make_input(hsn_buf *b)
{
    *b = new_buf();
    hsn_buf_printf(
        b,
        "{\"log\": {\"version\": \"1.2\", \"creator\": {\"name\": \"t\"}, \"entries\": [\n"
        "  {\"request\": {\"url\": \"https://example.com/a\", \"headers\": [\n"
        "    {\"name\": \"Authorization\", \"value\": \"Bearer %s\"}]},\n"
        "   \"response\": {\"size\": 1.50, \"ok\": true, \"comment\": \"plain words\",\n"
        "    \"content\": {\"text\": \"{\\\"password\\\":\\\"%s\\\",\\\"n\\\":1}\"}}},\n"
        "  {\"request\": {\"url\": \"https://example.com/b?q=%s\", \"cvv\": 4711},\n"
        "   \"%s\": \"under a key\"}]}}\n",
        token_secret, password, token_secret, token_secret);
    assert_false(hsn_buf_failed(b));
}

/* `text` with its first `old` replaced. */
static hsn_buf replaced(hsn_str text, hsn_str old, hsn_str by)
{
    hsn_buf b = new_buf();
    size_t at = hsn_str_find(text, old);
    assert_true(at < text.n);
    hsn_buf_add_str(&b, hsn_str_cut(text, 0, at));
    hsn_buf_add_str(&b, by);
    hsn_buf_add_str(&b, hsn_str_cut(text, at + old.n, text.n));
    return b;
}

/* ---------------------------------------------------------------- tampering */

typedef struct tampering {
    const char *label;
    const char *old; /* in the output */
    const char *by;  /* %s: the secret */
    bool base64;     /* ... which is encoded */
    bool report;     /* only a report shows it */
    harsan_mismatch_kind kind;
    const char *place;
} tampering;

static const tampering tamperings[] = {
    {"a space more", "\"version\": \"1.2\"", "\"version\":  \"1.2\"", false, false,
     HARSAN_MISMATCH_SPACE, "/log"},
    {"a line end less", "[\n  {", "[  {", false, false, HARSAN_MISMATCH_SPACE, "/log/entries"},
    {"another kind of space", "\"1.2\", ", "\"1.2\",\t", false, false, HARSAN_MISMATCH_SPACE,
     "/log"},
    {"space at the end", "]}}\n", "]}} ", false, false, HARSAN_MISMATCH_SPACE, ""},
    {"a key", "\"creator\"", "\"creatxr\"", false, false, HARSAN_MISMATCH_KEY, "/log"},
    {"a key spelled otherwise", "\"creator\"", "\"creat\\u006fr\"", false, false,
     HARSAN_MISMATCH_KEY, "/log"},
    {"a number spelled otherwise", "1.50", "1.5", false, false, HARSAN_MISMATCH_NUMBER,
     "/log/entries/0/response/size"},
    {"a literal", "true", "null", false, false, HARSAN_MISMATCH_LITERAL, "/log/entries/0/response"},
    {"another type", "1.50", "\"1.50\"", false, false, HARSAN_MISMATCH_STRUCTURE,
     "/log/entries/0/response"},
    {"a member more", "\"size\"", "\"x\": 1, \"size\"", false, false, HARSAN_MISMATCH_KEY,
     "/log/entries/0/response"},
    {"a text cut short", "}]}}\n", "}]", false, false, HARSAN_MISMATCH_SYNTAX, ""},
    {"a secret elsewhere", "plain words", "plain %s", false, false, HARSAN_MISMATCH_READABLE,
     "/log/entries/0/response/comment"},
    {"a secret in a longer word", "plain words", "plainxx%sxx", false, false,
     HARSAN_MISMATCH_READABLE, "/log/entries/0/response/comment"},
    {"a secret in base64", "plain words", "%s", true, false, HARSAN_MISMATCH_READABLE,
     "/log/entries/0/response/comment"},
    {"an address", "plain words",
     "mail jane"
     "@"
     "corp-mail.org",
     false, false, HARSAN_MISMATCH_FOUND, "/log/entries/0/response/comment"},
    {"other words", "plain words", "plane words", false, true, HARSAN_MISMATCH_REPORT,
     "/log/entries/0/response/comment"},
    {"a number taken away", "1.50", "0", false, true, HARSAN_MISMATCH_REPORT,
     "/log/entries/0/response/size"},
};

static void fill_in(const tampering *t, hsn_buf *by)
{
    *by = new_buf();
    hsn_buf plain = new_buf();
    const char *mark = strstr(t->by, "%s");
    hsn_buf_add(&plain, t->by, mark != NULL ? (size_t)(mark - t->by) : strlen(t->by));
    if (mark != NULL) {
        hsn_buf_printf(&plain, t->base64 ? "the value is %s, kept" : "%s", token_secret);
        hsn_buf_add(&plain, mark + 2, strlen(mark + 2));
    }
    if (t->base64) {
        hsn_base64_encode(by, hsn_buf_str(&plain), &(hsn_base64){.padded = true});
    } else {
        hsn_buf_add_str(by, hsn_buf_str(&plain));
    }
    hsn_buf_deinit(&plain);
}

static void test_tampering(void **state)
{
    (void)state;
    hsn_buf in;
    made run;
    make_input(&in);
    make(rules, hsn_buf_str(&in), &run);
    for (size_t i = 0; i < COUNT(tamperings); i++) {
        const tampering *t = &tamperings[i];
        hsn_buf by;
        fill_in(t, &by);
        hsn_buf out = replaced(hsn_buf_str(&run.out), hsn_str_z(t->old), hsn_buf_str(&by));
        for (size_t chunk = 0; chunk < 3; chunk++) {
            proof p;
            how w = {.rules = rules, .run = t->report ? &run : NULL, .chunk = chunk};
            prove(w, hsn_buf_str(&in), hsn_buf_str(&out), &p);
            if (p.status != HARSAN_OK || !is_told(&p, t->kind, t->place)) {
                show(&p, t->label);
                fail();
            }
        }
        if (t->report) {
            assert_proven((how){.rules = rules}, hsn_buf_str(&in), hsn_buf_str(&out), t->label);
        }
        hsn_buf_deinit(&by);
        hsn_buf_deinit(&out);
    }
    hsn_buf_deinit(&run.out);
    hsn_buf_deinit(&in);
}

static void test_dropped_entry(void **state)
{
    (void)state;
    hsn_buf in;
    made run;
    proof p;
    make_input(&in);
    make(rules, hsn_buf_str(&in), &run);
    hsn_str out = hsn_buf_str(&run.out);
    hsn_str head = hsn_str_cut(out, 0, hsn_str_find(out, HSN_S(",\n  {")));
    hsn_buf shorter = new_buf();
    hsn_buf_add_str(&shorter, head);
    hsn_buf_add(&shorter, "]}}\n", 4);
    prove((how){.rules = rules}, hsn_buf_str(&in), hsn_buf_str(&shorter), &p);
    assert_true(is_told(&p, HARSAN_MISMATCH_STRUCTURE, "/log/entries"));
    hsn_buf_deinit(&shorter);
    hsn_buf_deinit(&run.out);
    hsn_buf_deinit(&in);
}

/* ---------------------------------------------------------------- right and wrong as a whole */

static void test_untouched(void **state)
{
    (void)state;
    hsn_buf in;
    made run;
    proof p;
    make_input(&in);
    hsn_str text = hsn_buf_str(&in);
    make(rules, text, &run);
    prove((how){.rules = rules, .run = &run}, text, text, &p);
    static const char header[] = "/log/entries/0/request/headers/0/value";
    assert_true(is_told(&p, HARSAN_MISMATCH_FOUND, header));
    assert_true(is_told(&p, HARSAN_MISMATCH_READABLE, header));
    assert_true(is_told(&p, HARSAN_MISMATCH_REPORT, header));
    assert_true(is_told(&p, HARSAN_MISMATCH_READABLE, "/log/entries/1/request/url"));
    assert_true(is_told(&p, HARSAN_MISMATCH_FOUND, "/log/entries/1/request/cvv"));
    hsn_buf_deinit(&run.out);
    hsn_buf_deinit(&in);
}

static void test_right_output(void **state)
{
    (void)state;
    static const size_t chunks[] = {0, 1, 7};
    hsn_buf in;
    made run;
    proof p;
    make_input(&in);
    make(rules, hsn_buf_str(&in), &run);
    for (size_t i = 0; i < COUNT(chunks); i++) {
        how w = {.rules = rules, .run = &run, .chunk = chunks[i]};
        assert_proven(w, hsn_buf_str(&in), hsn_buf_str(&run.out), "right");
    }
    prove((how){.rules = rules}, hsn_buf_str(&in), hsn_buf_str(&run.out), &p);
    assert_int_equal(p.facts.changed, 5);
    hsn_buf_deinit(&run.out);
    hsn_buf_deinit(&in);
}

static void test_samples(void **state)
{
    (void)state;
    glob_t files;
    assert_int_equal(glob("samples/*.har", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        hsn_buf in = new_buf();
        made run;
        read_file(files.gl_pathv[i], &in);
        make(rules, hsn_buf_str(&in), &run);
        how w = {.rules = rules, .run = &run};
        assert_proven(w, hsn_buf_str(&in), hsn_buf_str(&run.out), files.gl_pathv[i]);
        hsn_buf_deinit(&run.out);
        hsn_buf_deinit(&in);
    }
    globfree(&files);
}

/* A value that is told is looked for however short it is, but not within another word. */
static void test_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool found;
    } table[] = {
        {"say tiger to enter", true}, {"tigers are cats", false}, {"dGhlIHRpZ2VyIGlzIGlu", true}};
    for (size_t i = 0; i < COUNT(table); i++) {
        hsn_buf b = new_buf();
        proof p = {.n = 0};
        harsan_verify *v;
        hsn_buf_printf(&b, "{\"comment\": \"%s\"}", table[i].text);
        reader r = {.all = hsn_buf_str(&b)};
        reader again = r;
        const harsan_source in = {read_text, rewind_text, &r};
        const harsan_source out = {read_text, rewind_text, &again};
        assert_int_equal(
            harsan_verify_new(&v, rules, &(harsan_options){.window = 0}, on_mismatch, &p, NULL),
            HARSAN_OK);
        assert_int_equal(harsan_verify_known(v, "tig", 3), HARSAN_E_USAGE);
        assert_int_equal(harsan_verify_known(v, "tiger", 5), HARSAN_OK);
        assert_int_equal(harsan_verify_run(v, &in, &out), HARSAN_OK);
        assert_int_equal(is_told(&p, HARSAN_MISMATCH_READABLE, "/comment"), table[i].found);
        harsan_verify_free(v);
        hsn_buf_deinit(&b);
    }
}

/* An address that goes on with letters is another one; with what no address has it is still there.
 */
static void test_longer_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        made run = {.n_spans = 0};
        hsn_buf in = new_buf();
        proof p = {.n = 0};
        hsn_buf_printf(&in, "{\"a\":\"ann.b@maltbarrow.de\",\"b\":\"ann.b@maltbarrow.de%s\"}",
                       i == 0 ? "abcdefghijklmnopqrstuvwxyz" : "2");
        make(rules, hsn_buf_str(&in), &run);
        prove((how){.rules = rules}, hsn_buf_str(&in), hsn_buf_str(&run.out), &p);
        assert_int_equal(is_told(&p, HARSAN_MISMATCH_READABLE, "/*"), i == 1);
        hsn_buf_deinit(&run.out);
        hsn_buf_deinit(&in);
    }
}

/* Is `stays` told as readable when `value`, a user in a URL, was replaced there alone? */
static bool is_readable(hsn_str value, hsn_str stays)
{
    hsn_buf in = new_buf(), user = new_buf();
    proof p = {.n = 0};
    hsn_buf_printf(&user, "//%.*s@", (int)value.n, (const char *)value.p);
    hsn_buf_printf(&in, "{\"a\":\"https:%.*smaltbarrow.de/\",\"b\":\"x %.*s\"}", (int)user.n,
                   (const char *)user.p, (int)stays.n, (const char *)stays.p);
    hsn_buf out =
        replaced(hsn_buf_str(&in), hsn_buf_str(&user), HSN_S("//redacted-abcdefghijklm@"));
    prove((how){.rules = rules}, hsn_buf_str(&in), hsn_buf_str(&out), &p);
    hsn_buf_deinit(&out);
    hsn_buf_deinit(&user);
    hsn_buf_deinit(&in);
    return is_told(&p, HARSAN_MISMATCH_READABLE, "/*");
}

/* A value that repeats itself ends as a shorter one does, and one that ends in words may begin as
 * another does: these are other values. All of it is readable, as long as userinfo may be. */
static void test_long_values(void **state)
{
    enum { LONGEST = 40, STEP = 5, UNIT = 24 };
    (void)state;
    for (size_t parts = STEP; parts <= LONGEST; parts += STEP) {
        hsn_buf list = new_buf(), words = new_buf();
        hsn_buf_printf(&words, "%s", token_secret);
        for (size_t i = 0; i < parts; i++) {
            hsn_buf_printf(&list, "%sab3f9c0d7e5.ab3f9c0d7e5", i > 0 ? "," : "");
            hsn_buf_printf(&words, ".lorem.ipsum.dolor");
        }
        const hsn_str values[] = {hsn_buf_str(&list), hsn_buf_str(&words)};
        for (size_t i = 0; i < COUNT(values); i++) {
            const hsn_str v = values[i];
            assert_true(is_readable(v, v));
            assert_false(is_readable(v, hsn_str_cut(v, 0, v.n - UNIT)));
        }
        hsn_buf_deinit(&list);
        hsn_buf_deinit(&words);
    }
}

static void test_wrong_input(void **state)
{
    (void)state;
    proof p;
    prove((how){.rules = rules}, HSN_S("{\"a\": }"), HSN_S("{\"a\": 1}"), &p);
    assert_int_equal(p.status, HARSAN_E_SYNTAX);
    assert_false(p.facts.about_output);
}

/* ---------------------------------------------------------------- beyond the window */

/* A string three windows long, with `last` as its last byte. */
static hsn_buf with_giant(char last)
{
    enum { LEN = 400 << 10 };
    static const char png[] = "iVBORw0KGgo";
    hsn_buf b = new_buf();
    hsn_buf_add(&b, "{\"a\": [1, \"", 11);
    hsn_buf_add(&b, png, sizeof png - 1);
    for (size_t i = 0; i < LEN; i++) {
        hsn_buf_put(&b, 'A');
    }
    hsn_buf_put(&b, (unsigned char)last);
    hsn_buf_add(&b, "\" , 2.0, true]}", 15);
    return b;
}

static void test_giant_string(void **state)
{
    (void)state;
    how w = {.rules = rules, .window = 128 << 10};
    made nothing = {.n_spans = 0};
    proof p;
    hsn_buf a = with_giant('A');
    hsn_buf b = with_giant('B');
    hsn_buf c = replaced(hsn_buf_str(&a), HSN_S("\" , 2.0"), HSN_S("\", 2.0"));
    hsn_buf d = replaced(hsn_buf_str(&a), HSN_S("2.0"), HSN_S("2"));
    w.run = &nothing;
    assert_proven(w, hsn_buf_str(&a), hsn_buf_str(&a), "a giant");
    prove(w, hsn_buf_str(&a), hsn_buf_str(&b), &p);
    assert_true(p.facts.mismatches == 1 && p.told[0].kind == HARSAN_MISMATCH_REPORT);
    prove(w, hsn_buf_str(&a), hsn_buf_str(&c), &p);
    assert_true(p.facts.mismatches == 1 && is_told(&p, HARSAN_MISMATCH_SPACE, "/*"));
    prove(w, hsn_buf_str(&a), hsn_buf_str(&d), &p);
    assert_true(is_told(&p, HARSAN_MISMATCH_NUMBER, "/*/2"));
    hsn_buf_deinit(&a);
    hsn_buf_deinit(&b);
    hsn_buf_deinit(&c);
    hsn_buf_deinit(&d);
}

enum { SMALL_WINDOW = 128 << 10 };

/* A HAR with one giant: text with secrets here and there, in a layer. */
static void make_giant(int layer, hsn_buf *b)
{
    enum { LEN = 700 << 10, EVERY = 400 };
    hsn_buf text = new_buf();
    for (size_t i = 0; text.n < LEN; i++) {
        hsn_buf_printf(&text, "line %zu of \"many\" with words in it,\n", i);
        if (i % EVERY == EVERY / 2) {
            hsn_buf_printf(&text, "password=%s\nann.%zu@maltbarrow-post.net/%s ", password, i,
                           token_secret);
        }
    }
    *b = new_buf();
    hsn_buf_printf(b, "{\"note\": {\"token\": \"%s\"}, \"list\": [1,\n \"", token_secret);
    if (layer == 0) {
        hsn_escape_json.write(b, hsn_buf_str(&text));
    } else if (layer == 1) {
        hsn_base64 spelling = {.padded = true};
        hsn_base64_encode(b, hsn_buf_str(&text), &spelling);
    } else { /* compressed, as far as its first bytes go */
        hsn_buf_printf(b, "H4sIAAAAAAAA");
        for (size_t i = 0; i < LEN; i++) {
            hsn_buf_put(b, (unsigned char)"AbC9"[i * i % 4]);
        }
    }
    hsn_buf_printf(b, "\", 2.0]}\n");
    hsn_buf_deinit(&text);
}

/* What a run makes of a giant is proven, with its changes told and without; a byte changed, added
 * or lost between them is found. */
static void test_giant_made(void **state)
{
    (void)state;
    for (int layer = 0; layer < 3; layer++) {
        hsn_buf in;
        static made run;
        proof p;
        make_giant(layer, &in);
        make_in(SMALL_WINDOW, rules, hsn_buf_str(&in), &run);
        how w = {.rules = rules, .window = SMALL_WINDOW};
        hsn_str out = hsn_buf_str(&run.out);
        assert_proven(w, hsn_buf_str(&in), out, "a giant, nothing told");
        w.run = &run;
        assert_proven(w, hsn_buf_str(&in), out, "a giant");
        w.chunk = 1000;
        assert_proven(w, hsn_buf_str(&in), out, "a giant in pieces");
        w.chunk = 0;
        for (size_t at = 100000; layer < 2 && at + 100000 < run.out.n; at += 137777) {
            hsn_buf bad = new_buf();
            at += layer == 0 ? hsn_str_find(hsn_str_cut(out, at, out.n), HSN_S("words")) : 0;
            hsn_buf_add_str(&bad, out);
            bad.p[at] = bad.p[at] == 'A' ? 'B' : 'A';
            prove(w, hsn_buf_str(&in), hsn_buf_str(&bad), &p);
            assert_true(p.facts.mismatches > 0 && is_told(&p, HARSAN_MISMATCH_REPORT, "/*"));
            memmove(bad.p + at, bad.p + at + 4, bad.n - at - 4);
            bad.n -= 4;
            prove(w, hsn_buf_str(&in), hsn_buf_str(&bad), &p);
            assert_true(p.facts.mismatches > 0 && is_told(&p, HARSAN_MISMATCH_REPORT, "/*"));
            hsn_buf_deinit(&bad);
        }
        run.n_spans--;
        prove(w, hsn_buf_str(&in), out, &p);
        assert_true(p.facts.mismatches > 0 && is_told(&p, HARSAN_MISMATCH_REPORT, "/*"));
        hsn_buf_deinit(&run.out);
        hsn_buf_deinit(&in);
    }
}

/* A secret that comes back in a giant is found in it, wherever it stands. */
static void test_giant_leak(void **state)
{
    (void)state;
    hsn_buf in;
    static made run;
    make_giant(0, &in);
    make_in(SMALL_WINDOW, rules, hsn_buf_str(&in), &run);
    for (size_t at = 60000; at + 60000 < run.out.n; at += 10007) {
        proof p;
        hsn_buf bad = new_buf();
        size_t space = at + hsn_str_chr(hsn_str_cut(hsn_buf_str(&run.out), at, run.out.n), ' ');
        hsn_buf_add_str(&bad, hsn_str_cut(hsn_buf_str(&run.out), 0, space + 1));
        hsn_buf_printf(&bad, "%s ", password);
        hsn_buf_add_str(&bad, hsn_str_cut(hsn_buf_str(&run.out), space + 1, run.out.n));
        prove((how){.rules = rules, .window = SMALL_WINDOW}, hsn_buf_str(&in), hsn_buf_str(&bad),
              &p);
        assert_true(is_told(&p, HARSAN_MISMATCH_READABLE, "/*/1") ||
                    is_told(&p, HARSAN_MISMATCH_READABLE, "/list/1"));
        hsn_buf_deinit(&bad);
    }
    hsn_buf_deinit(&run.out);
    hsn_buf_deinit(&in);
}

/* ---------------------------------------------------------------- memory */

/* Whatever request fails, a wrong output is never proven. */
static void test_memory(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    hsn_buf in;
    proof p;
    make_input(&in);
    bool refused = true;
    size_t nth = 0;
    for (; refused && nth < MANY; nth++) {
        refusal r = {.nth = nth + 1};
        refusal_start(&r);
        prove((how){.rules = rules}, hsn_buf_str(&in), hsn_buf_str(&in), &p);
        refusal_stop();
        assert_true(p.status != HARSAN_OK || p.facts.mismatches > 0);
        refused = refusal_hit(&r);
    }
    assert_true(nth > 10 && nth < MANY);
    hsn_buf_deinit(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tampering),    cmocka_unit_test(test_dropped_entry),
        cmocka_unit_test(test_untouched),    cmocka_unit_test(test_right_output),
        cmocka_unit_test(test_samples),      cmocka_unit_test(test_wrong_input),
        cmocka_unit_test(test_giant_string), cmocka_unit_test(test_memory),
        cmocka_unit_test(test_known),        cmocka_unit_test(test_longer_address),
        cmocka_unit_test(test_giant_made),   cmocka_unit_test(test_giant_leak),
        cmocka_unit_test(test_long_values),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down_rules);
}
