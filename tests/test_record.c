/*
 * What tokenizer and places remember must not show: a tokenizer that has seen much gives the events
 * that a fresh one gives, with and without records, and places make the same fields of both.
 */
#include "json_scan.h"
#include "json_shape.h"
#include "place.h"
#include "support.h"

#include <stdlib.h>

enum { DEPTH = 16, TEXT_MAX = 1 << 16 };

/* ---------------------------------------------------------------- texts */

typedef struct text {
    unsigned char p[TEXT_MAX];
    size_t n;
} text;

static uint64_t state = 11;

static unsigned below(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

static void add(text *t, const char *s)
{
    size_t n = strlen(s);
    if (t->n + n < TEXT_MAX / 2) {
        memcpy(t->p + t->n, s, n);
        t->n += n;
    }
}

/* Longer than a form looks for its end. */
#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LONG_STRING "\"" X64 X64 X64 X64 X64 X64 X64 X64 X64 "\""

static void add_scalar(text *t)
{
    static const char *const usual[] = {
        LONG_STRING, "0",    "1",        "-1",   "12.5",    "200",     "1e5",         "true",  "null",
        "\"\"", "\"text\"", "0.05", "-0.5E-7", "\"\\n\"", "\"\\u00e9\"", "false", "31536000"};
    static const char *const wrong[] = {"01", "1.", "-",    "+1", "tru", "nulll", "1true",
                                        ".5", "1e", "1.e1", "00", "0x1", "--1",   "truefalse",
                                        "\"\\x\"", "\"\\u00g0\"", "\"\t\"", "\"\\"};
    add(t, below(200) == 0 ? wrong[below(COUNT(wrong))] : usual[below(COUNT(usual))]);
}

enum { USUAL = 10 };

/* Small objects that come again, some longer than a record may be, some with brackets in them. */
static void add_usual(text *t, unsigned which)
{
    static const char *const usual[USUAL] = {
        "{\"name\": \"accept\", \"value\": \"*/*\"}",
        "{\"name\": \"accept-language\", \"value\": \"en-US,en;q=0.9\"}",
        "{\"name\": \"x-api-key\", \"value\": \"anything at all\"}",
        "{\n    \"name\": \"cookie\",\n    \"value\": \"a=b; c=d\"\n}",
        "{\"value\": \"text/html\", \"name\": \"content-type\", \"comment\": \"\"}",
        "{\"aaaaaaaaaaaaaaaa\": 1, \"bbbbbbbbbbbbbbbb\": [1, 2, \"x\"]}",
        "{\"key\": {\"name\": \"accept\", \"value\": \"*/*\"}}",
        "{\"one\": 1, \"two\": 2, \"three\": 3, \"four\": 4, \"five\": 5, \"six\": 6}",
        "{\"name\": \"\\u0061ccept\", \"value\": \"\\\"quoted\\\"\"}",
        "{}",
    };
    add(t, usual[which % USUAL]);
}

static void add_usual_object(text *t)
{
    add_usual(t, below(USUAL));
}

/* A few of them in the same order each time, some more of it than others; in an object, which is an
 * error, now and then. */
static void add_usual_series(text *t)
{
    static const char *const gaps[] = {", ", ",\n        "};
    const unsigned from = below(3);
    const bool wrong = below(40) == 0;
    add(t, wrong ? "{\"headers\": " : "[");
    for (unsigned i = 0, n = 1 + below(12); i < n; i++) {
        add(t, i > 0 ? gaps[from % COUNT(gaps)] : "");
        add_usual(t, from + i);
    }
    add(t, wrong ? "}" : "]");
}

/* The same members again with other values, most of them right. */
static void add_formed_object(text *t)
{
    static const char *const keys[][4] = {
        {"\"name\": ", "\"value\": ", NULL, NULL},
        {"\"name\":", "\"content\":", "\"length\":", NULL},
        {"\n  \"functionName\": ", "\n  \"url\" : ", "\n  \"lineNumber\": ",
         "\n  \"column\\u0020\": "},
        {"\n  \"password\": ", "\n  \"type\": ", "\n  \"description\": ", NULL},
    };
    const char *const *form = keys[below(COUNT(keys))];
    add(t, "{");
    for (unsigned i = 0; i < 4 && form[i] != NULL; i++) {
        add(t, i > 0 ? "," : "");
        add(t, below(300) == 0 ? "\"more\" " : form[i]);
        add_scalar(t);
    }
    add(t, below(300) == 0 ? "]" : "}");
}

/* A name and what it names in an array, brackets between them or not. */
static void add_neighbours(text *t)
{
    static const char *const between[] = {", ", ", {}, ", ", [[]], ", ", 1, ", ", null, "};
    add(t, "[\"X-Api-Key\"");
    add(t, between[below(COUNT(between))]);
    add(t, "\"a1b2c3\"]");
}

static void add_value(text *t, unsigned depth)
{
    static const char *const keys[] = {
        "\"headers\": ", "\"cookies\": ",  "\"queryString\": ", "\"value\": ",
        "\"name\":",     "\"password\": ", "\"list\" : "};
    unsigned kind = below(depth > 5 ? 4 : 7);
    if (kind < 2) {
        add_scalar(t);
    } else if (kind == 2 && below(10) == 0) {
        add_neighbours(t);
    } else if (kind == 2 && below(3) == 0) {
        add_usual_series(t);
    } else if (kind == 2) {
        add_usual_object(t);
    } else if (kind == 3) {
        add_formed_object(t);
    } else {
        bool object = kind == 4;
        add(t, object ? "{" : "[");
        for (unsigned i = 0, n = below(6); i < n; i++) {
            add(t, i > 0 ? ", " : "");
            add(t, object ? keys[below(COUNT(keys))] : "");
            add_value(t, depth + 1);
        }
        add(t, object ? "}" : "]");
    }
}

static void make_text(text *t)
{
    t->n = 0;
    add(t, "[");
    for (unsigned i = 0, n = below(12); i < n; i++) {
        add(t, i > 0 ? ",\n" : "");
        add_value(t, 0);
    }
    add(t, "]");
    if (below(3) == 0) {
        static const char marks[] = "{}[]:,\"0 x";
        t->p[below((unsigned)t->n)] = (unsigned char)marks[below(sizeof marks - 1)];
    }
}

/* ---------------------------------------------------------------- the tokenizer */

typedef struct trace {
    hsn_buf out;
    size_t records; /* whole ones */
    size_t series;
    size_t forms;
} trace;

static bool note(void *ctx, const hsn_json_event *ev)
{
    trace *t = ctx;
    if (ev->kind == HSN_JSON_RECORD) {
        hsn_json_event one;
        bool whole = ev->record->whole;
        size_t i = 0;
        t->records += whole;
        t->series += ev->record->objects > 1;
        t->forms += !whole;
        for (; hsn_record_event(ev, i, &one); i++) {
            assert_true(one.kind != HSN_JSON_RECORD);
            note(ctx, &one);
        }
        assert_int_equal(i, ev->record->n_events);
        return true;
    }
    hsn_buf_printf(&t->out, "%d %d %zu %zu\n", (int)ev->kind, ev->escaped, ev->off, ev->len);
    return true;
}

/* The text in pieces of `piece` bytes, always from its start on. */
static void read_all(hsn_json *j, hsn_str all, size_t piece, trace *t)
{
    harsan_error err = {0};
    hsn_step step = HSN_MORE;
    hsn_json_reset(j);
    for (size_t n = piece; n < all.n && step == HSN_MORE; n += piece) {
        step = hsn_json_run(j, hsn_str_cut(all, 0, n), 0, note, t, &err);
    }
    if (step == HSN_MORE) {
        step = hsn_json_finish(j, all, 0, note, t, &err);
    }
    hsn_buf_printf(&t->out, "%d %d %lu %s\n", (int)step, (int)err.code, (unsigned long)err.offset,
                   err.message);
}

static void test_same_events(void **unused)
{
    (void)unused;
    static text t;
    hsn_json *old = hsn_json_new(DEPTH);
    hsn_json *keeps = hsn_json_new(DEPTH);
    assert_true(old != NULL && keeps != NULL && hsn_json_remember(keeps));
    size_t records = 0;
    size_t series = 0;
    size_t forms = 0;
    for (int i = 0; i < 3000; i++) {
        make_text(&t);
        hsn_str all = hsn_str_of(t.p, t.n);
        hsn_json *fresh = hsn_json_new(DEPTH);
        assert_non_null(fresh);
        hsn_json *const readers[] = {fresh, old, keeps};
        trace traces[3] = {{{0}, 0, 0, 0}};
        size_t piece = below(2) == 0 ? all.n : 1 + below(400);
        for (int k = 0; k < 3; k++) {
            hsn_buf_init(&traces[k].out, BIG);
            read_all(readers[k], all, piece, &traces[k]);
            assert_true(hsn_str_eq(hsn_buf_str(&traces[k].out), hsn_buf_str(&traces[0].out)));
        }
        records += traces[2].records;
        series += traces[2].series;
        forms += traces[2].forms;
        for (int k = 0; k < 3; k++) {
            hsn_buf_deinit(&traces[k].out);
        }
        hsn_json_free(fresh);
    }
    assert_true(records > 3000 && series > 300 && forms > 3000);
    hsn_json_free(old);
    hsn_json_free(keeps);
}

static void test_spellings(void **unused)
{
    (void)unused;
    static const struct {
        const char *a, *b;
        bool same;
    } table[] = {
        {"1", "7", true},     {"12", "98765", true},  {"0", "1", false},
        {"0.5", "0.7", true}, {"0.05", "0.00", true}, {"0.5", "0.05", true},
        {"10", "01", false},  {"-1", "-9", true},     {"-1", "1", false},
        {"0", "00", false},   {"-0", "-00", false},   {"-01", "-11", false},
        {"1", "10", true},    {"1.25", "100.0", true}, {"0.1", "00.1", false},
        {"1e5", "3e6", true}, {"1e5", "1E5", false},  {"true", "null", false},
        {"1.5", "1.", false}, {"200", "404", true},   {"1true", "2true", true},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        hsn_spelling a = hsn_spelling_of(hsn_str_z(table[i].a));
        hsn_spelling b = hsn_spelling_of(hsn_str_z(table[i].b));
        assert_true(a != 0 && b != 0 && (a == b) == table[i].same);
    }
    assert_true(hsn_spelling_of(hsn_str_z("falsehood")) == 0); /* too long to be known */
    assert_true(hsn_spelling_of(hsn_str_z("-12.34e-56")) ==
                hsn_spelling_of(hsn_str_z("-1.02345678901234567e-5")));
}

static void test_usual_words(void **unused)
{
    (void)unused;
    static const char *const usual[] = {"true", "false", "null",  "0",      "1",    "-1",     "0.1",
                                        "1.1",  "-1.1",  "0.1e-1", "1.1e-1", "1e1", "1.1e+1", "-0.1"};
    bool taken[HSN_WORDS] = {false};
    for (size_t i = 0; i < COUNT(usual); i++) {
        unsigned slot = hsn_word_slot(hsn_spelling_of(hsn_str_z(usual[i])));
        assert_true(slot < HSN_WORDS);
        assert_false(taken[slot]);
        taken[slot] = true;
    }
}

/* The inlined scan against the portable one: each length, each place of each byte that ends it. */
static void test_inline_scan(void **unused)
{
    (void)unused;
    for (size_t n = 0; n <= 40; n++) {
        for (size_t at = 0; at <= n; at++) {
            unsigned char *p = malloc(n + (n == 0)); /* exactly, for a sanitizer */
            assert_non_null(p);
            memset(p, 'a', n);
            if (at < n) {
                p[at] = (unsigned char)"\"\\\n"[(n + at) % 3];
            }
            hsn_str s = hsn_str_of(p, n);
            assert_int_equal(hsn_json_plain_inline(s), hsn_json_plain_portable(s));
            memset(p, ' ', n);
            if (at < n) {
                p[at] = (unsigned char)"\n\t\ra\"\v\x80"[(n + at) % 7];
            }
            assert_int_equal(hsn_json_space_inline(s), hsn_json_space_portable(s));
            free(p);
        }
    }
}

/* ---------------------------------------------------------------- places */

typedef struct reader {
    hsn_places *places;
    hsn_str text;
    size_t records;
} reader;

static bool place(void *ctx, const hsn_json_event *ev)
{
    reader *r = ctx;
    r->records += ev->kind == HSN_JSON_RECORD;
    return hsn_places_event(r->places, r->text, ev);
}

static void tell_fields(reader *r, hsn_buf *out)
{
    size_t n;
    const hsn_field *f = hsn_places_fields(r->places, &n);
    for (size_t i = 0; i < n; i++, f++) {
        char pointer[200];
        hsn_places_pointer(r->places, f, pointer, sizeof pointer);
        hsn_buf_printf(out, "%zu+%zu kind %d%d%d%d where %u by %lu rule %s own %s at %s name ",
                       f->off, f->len, (int)f->kind, f->escaped, f->value, f->strict, f->by->where,
                       (unsigned long)f->by->treatment, f->rule != NULL ? f->rule->id : "-",
                       f->by->rule != NULL ? f->by->rule->id : "-", pointer);
        hsn_buf_add_str(out, f->by->name);
        hsn_buf_put(out, '\n');
    }
}

/* `cut`: fields are taken once in the middle, so that names move on to the next batch. */
static size_t read_places(hsn_json *j, reader *r, hsn_str all, size_t cut, hsn_buf *out)
{
    harsan_error err = {0};
    r->text = all;
    r->records = 0;
    hsn_json_reset(j);
    hsn_places_begin(r->places, NULL, false, HSN_IN_KEY);
    if (hsn_json_run(j, hsn_str_cut(all, 0, cut), 0, place, r, &err) == HSN_MORE) {
        tell_fields(r, out);
        hsn_places_clear(r->places);
        (void)hsn_json_finish(j, all, 0, place, r, &err);
    }
    tell_fields(r, out);
    return r->records;
}

static void test_same_fields(void **unused)
{
    (void)unused;
    static text t;
    harsan_rules *rules = default_rules(0);
    hsn_name_memo *names = hsn_name_memo_new(rules);
    assert_non_null(names);
    reader plain = {.places = hsn_places_new(names, DEPTH)};
    reader with = {.places = hsn_places_new(names, DEPTH)};
    hsn_json *j = hsn_json_new(DEPTH);
    hsn_json *keeps = hsn_json_new(DEPTH);
    assert_true(j != NULL && keeps != NULL && hsn_json_remember(keeps));
    assert_true(plain.places != NULL && with.places != NULL);
    size_t records = 0;
    for (int i = 0; i < 2000; i++) {
        make_text(&t);
        hsn_buf a;
        hsn_buf b;
        hsn_buf_init(&a, BIG);
        hsn_buf_init(&b, BIG);
        size_t cut = below((unsigned)t.n + 1);
        read_places(j, &plain, hsn_str_of(t.p, t.n), cut, &a);
        records += read_places(keeps, &with, hsn_str_of(t.p, t.n), cut, &b);
        assert_true(hsn_str_eq(hsn_buf_str(&a), hsn_buf_str(&b)));
        hsn_buf_deinit(&a);
        hsn_buf_deinit(&b);
    }
    assert_true(records > 2000);
    hsn_places_free(plain.places);
    hsn_places_free(with.places);
    hsn_json_free(j);
    hsn_json_free(keeps);
    hsn_name_memo_free(names);
    harsan_rules_free(rules);
}

typedef struct dropper {
    reader r;
    hsn_buf *out;
    size_t drops;
} dropper;

static bool place_and_drop(void *ctx, const hsn_json_event *ev)
{
    dropper *d = ctx;
    size_t n;
    bool ok = place(&d->r, ev);
    (void)hsn_places_fields(d->r.places, &n);
    if (n > 0 && hsn_places_settled(d->r.places)) {
        tell_fields(&d->r, d->out);
        hsn_places_drop(d->r.places);
        d->drops++;
    }
    return ok;
}

/* Fields taken as soon as they are settled are those that pile up to the end of the text. */
static void test_settled_fields(void **unused)
{
    (void)unused;
    static text t;
    harsan_rules *rules = default_rules(0);
    hsn_name_memo *names = hsn_name_memo_new(rules);
    assert_non_null(names);
    reader all = {.places = hsn_places_new(names, DEPTH)};
    dropper some = {.r = {.places = hsn_places_new(names, DEPTH)}};
    hsn_json *j = hsn_json_new(DEPTH);
    assert_true(j != NULL && all.places != NULL && some.r.places != NULL);
    for (int i = 0; i < 2000; i++) {
        make_text(&t);
        hsn_buf a;
        hsn_buf b;
        harsan_error err = {0};
        hsn_str whole = hsn_str_of(t.p, t.n);
        hsn_buf_init(&a, BIG);
        hsn_buf_init(&b, BIG);
        hsn_places_begin(all.places, NULL, false, HSN_IN_KEY);
        hsn_places_begin(some.r.places, NULL, false, HSN_IN_KEY);
        all.text = some.r.text = whole;
        some.out = &b;
        hsn_json_reset(j);
        (void)hsn_json_finish(j, whole, 0, place, &all, &err);
        tell_fields(&all, &a);
        hsn_json_reset(j);
        (void)hsn_json_finish(j, whole, 0, place_and_drop, &some, &err);
        tell_fields(&some.r, &b);
        assert_true(hsn_str_eq(hsn_buf_str(&a), hsn_buf_str(&b)));
        hsn_buf_deinit(&a);
        hsn_buf_deinit(&b);
    }
    assert_true(some.drops > 5000);
    hsn_places_free(all.places);
    hsn_places_free(some.r.places);
    hsn_json_free(j);
    hsn_name_memo_free(names);
    harsan_rules_free(rules);
}

/* ---------------------------------------------------------------- memos */

/* It needed no edit; what came before is kept. */
static void found_clean(hsn_clean_memo *m, hsn_str value)
{
    hsn_clean_add(m, 1, value, hsn_clean_came(m, 1, value));
}

static void test_clean_memo(void **unused)
{
    (void)unused;
    hsn_clean_memo *m = hsn_clean_memo_new();
    assert_non_null(m);
    assert_false(hsn_clean_has(m, 1, HSN_S("gzip, br")));
    found_clean(m, HSN_S("gzip, br"));
    assert_false(hsn_clean_has(m, 1, HSN_S("gzip, br"))); /* it may never come again */
    found_clean(m, HSN_S("gzip, br"));
    assert_true(hsn_clean_has(m, 1, HSN_S("gzip, br")));
    for (unsigned i = 0; i < 100000; i++) { /* nor does what comes once drive it out */
        char once[16];
        snprintf(once, sizeof once, "%u", i);
        found_clean(m, hsn_str_z(once));
    }
    assert_true(hsn_clean_has(m, 1, HSN_S("gzip, br")));
    assert_false(hsn_clean_has(m, 2, HSN_S("gzip, br")));
    assert_false(hsn_clean_has(m, 1, HSN_S("gzip, bz")));
    hsn_twins *twins = hsn_clean_twins(m);
    assert_false(hsn_twins_has(twins, 0));
    assert_false(hsn_twins_has(twins, 7));
    hsn_twins_add(twins, 7);
    hsn_twins_add(twins, 0);
    assert_true(hsn_twins_has(twins, 7));
    assert_false(hsn_twins_has(twins, 0));
    assert_false(hsn_twins_has(twins, 7 + HSN_TWINS));
    found_clean(m, HSN_S("deflate"));
    assert_true(hsn_clean_came(m, 1, HSN_S("deflate")));
    assert_false(hsn_clean_came(m, 2, HSN_S("deflate")));
    hsn_clean_forget(m);
    assert_false(hsn_clean_came(m, 1, HSN_S("deflate")));
    assert_false(hsn_clean_has(m, 1, HSN_S("gzip, br")));
    assert_false(hsn_twins_has(twins, 7));
    hsn_clean_memo_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_events), cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_usual_words), cmocka_unit_test(test_inline_scan),
        cmocka_unit_test(test_same_fields), cmocka_unit_test(test_settled_fields),
        cmocka_unit_test(test_clean_memo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
