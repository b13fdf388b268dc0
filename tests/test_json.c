/*
 * The tokenizer: which texts it takes, where it finds the mistake, which events it emits, and that
 * none of this depends on how the text is cut. Every text of the tables goes through every cut.
 */
#include "refusal.h"
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    DEPTH = 8,
    MAX_CUT = 64
};

/* ---------------------------------------------------------------- driving */

/* Everything a text gave: one word per event, then the outcome. */
typedef struct trace {
    hsn_buf out;
    hsn_str text; /* what the events' offsets count from */
    size_t stop_after; /* events; 0 = never */
    size_t n_events;
} trace;

static bool note(void *ctx, const hsn_json_event *ev)
{
    static const char marks[] = "{}[]ksnl";
    trace *t = ctx;
    assert_true(ev->off <= t->text.n && ev->len <= t->text.n - ev->off);
    hsn_buf_put(&t->out, (unsigned char)marks[ev->kind]);
    if (ev->kind >= HSN_JSON_KEY) {
        hsn_buf_put(&t->out, ev->escaped ? '~' : ':');
        hsn_buf_add(&t->out, t->text.p + ev->off, ev->len);
    }
    hsn_buf_put(&t->out, ' ');
    t->n_events++;
    return t->n_events != t->stop_after;
}

typedef struct drive {
    size_t cut;  /* bytes more per run; 0 = all at once */
    bool drop;   /* hand over only what is needed, else always the text from its start */
    bool one;
    size_t stop_after;
} drive;

/* One run over text[from..to) in memory of exactly that size, so that a sanitizer sees any read
 * outside. */
static hsn_step run_window(hsn_json *j, trace *t, hsn_str text, size_t from, size_t to,
                           bool finish, harsan_error *err)
{
    unsigned char *window = malloc(to - from + (to == from));
    assert_non_null(window);
    if (to > from) {
        memcpy(window, text.p + from, to - from);
    }
    t->text = hsn_str_of(window, to - from);
    hsn_step step = finish ? hsn_json_finish(j, t->text, from, note, t, err)
                           : hsn_json_run(j, t->text, from, note, t, err);
    free(window);
    return step;
}

/* The trace of a text as a NUL-terminated string, the caller's to free. */
static char *trace_of(hsn_json *j, hsn_str text, drive d)
{
    trace t = {.stop_after = d.stop_after};
    harsan_error err = {0};
    hsn_buf_init(&t.out, (size_t)1 << 24);
    hsn_json_reset(j);
    if (d.one) {
        hsn_json_one_value(j);
    }
    size_t cut = d.cut > 0 ? d.cut : text.n + 1;
    size_t to = 0;
    hsn_step step = HSN_MORE;
    while (step == HSN_MORE && to < text.n) {
        size_t from = d.drop ? (size_t)hsn_json_need(j) : 0;
        to = text.n - to > cut ? to + cut : text.n;
        step = run_window(j, &t, text, from, to, false, &err);
        assert_true(hsn_json_need(j) <= to);
    }
    if (step == HSN_MORE) {
        size_t from = d.drop ? (size_t)hsn_json_need(j) : 0;
        step = run_window(j, &t, text, from, text.n, true, &err);
    }
    assert_int_not_equal(step, HSN_MORE);
    if (step == HSN_FAIL) {
        assert_true(err.message[0] != '\0');
        hsn_buf_printf(&t.out, "!%d@%u", (int)err.code, (unsigned)err.offset);
    } else if (d.one) {
        hsn_buf_printf(&t.out, "end@%u", (unsigned)hsn_json_end(j));
    }
    hsn_buf_put(&t.out, '\0');
    assert_false(hsn_buf_failed(&t.out));
    return (char *)t.out.p; /* freed with hsn_mem_free */
}

static void expect_trace(hsn_json *j, hsn_str text, drive d, const char *want)
{
    char *got = trace_of(j, text, d);
    if (strcmp(got, want) != 0) {
        print_error("cut %u, drop %d: %.*s\n", (unsigned)d.cut, d.drop, (int)text.n,
                    (const char *)text.p);
    }
    assert_string_equal(got, want);
    hsn_mem_free(got);
}

static void expect_every_cut(hsn_json *j, hsn_str text, bool one, const char *want)
{
    for (size_t cut = 0; cut <= MAX_CUT; cut++) {
        expect_trace(j, text, (drive){.cut = cut, .one = one}, want);
        expect_trace(j, text, (drive){.cut = cut, .one = one, .drop = true}, want);
    }
}

static hsn_json *new_json(void)
{
    hsn_json *j = hsn_json_new(DEPTH);
    assert_non_null(j);
    return j;
}

/* ---------------------------------------------------------------- texts */

struct text_case {
    const char *text;
    const char *want;
};

static void run_cases(const struct text_case *cases, size_t n, bool one)
{
    hsn_json *j = new_json();
    for (size_t i = 0; i < n; i++) {
        expect_every_cut(j, hsn_str_z(cases[i].text), one, cases[i].want);
    }
    hsn_json_free(j);
}

static const struct text_case valid[] = {
    {"{}", "{ } "},
    {" [ ] ", "[ ] "},
    {"\t\r\n []", "[ ] "},
    {"\"\"", "s: "},
    {"\"a\"", "s:a "},
    {"0", "n:0 "},
    {"-0.5e+10 ", "n:-0.5e+10 "},
    {"12345678901234567890123", "n:12345678901234567890123 "},
    {"true", "l:true "},
    {" null\n", "l:null "},
    {"[false,null,true]", "[ l:false l:null l:true ] "},
    {"{\"a\":1}", "{ k:a n:1 } "},
    {"{\"a\":1,\"a\":\"a\"}", "{ k:a n:1 k:a s:a } "},
    {"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[ s~\\\"\\\\\\/\\b\\f\\n\\r\\t ] "},
    {"[\"\\u00e9\\uD834\\uDD1E\\ud800\"]", "[ s~\\u00e9\\uD834\\uDD1E\\ud800 ] "},
    {"{\"k\\u0041\":\"v\"}", "{ k~k\\u0041 s:v } "},
    {"[\"\x80\xff\x7f\"]", "[ s:\x80\xff\x7f ] "},
    {"[[],{},[{}]]", "[ [ ] { } [ { } ] ] "},
    {"[1 , 2\t,\n3]", "[ n:1 n:2 n:3 ] "},
    {"[\n                  1,\n         \"a  b\"]", "[ n:1 s:a  b ] "},
    {"{ \"log\" : { \"version\" : \"1.2\" , \"entries\" : [ { \"time\" : 1.0 , \"ok\" : true } ] "
     "} }",
     "{ k:log { k:version s:1.2 k:entries [ { k:time n:1.0 k:ok l:true } ] } } "},
};

static void test_valid(void **state)
{
    (void)state;
    run_cases(valid, HSN_COUNT(valid), false);
}

/* !code@offset; 3 is syntax, 5 a limit. */
static const struct text_case invalid[] = {
    {"", "!3@0"},
    {"  ", "!3@2"},
    {"[", "[ !3@1"},
    {"[1", "[ n:1 !3@2"},
    {"[1,", "[ n:1 !3@3"},
    {"{\"a", "{ !3@3"},
    {"{\"a\"", "{ k:a !3@4"},
    {"{\"a\":", "{ k:a !3@5"},
    {"\"abc", "!3@4"},
    {"\"abc\\", "!3@5"},
    {"\"abc\\u00", "!3@8"},
    {"tru", "!3@0"},
    {"[1,]", "[ n:1 !3@3"},
    {"[,1]", "[ !3@1"},
    {"[1 2]", "[ n:1 !3@3"},
    {"[1\n\"a\"]", "[ n:1 !3@3"},
    {"[\"a\" \"b\"]", "[ s:a !3@5"},
    {"[nul l]", "[ !3@1"},
    {"[true false]", "[ l:true !3@6"},
    {"[truefalse]", "[ !3@1"},
    {"[1true]", "[ !3@1"},
    {"[01]", "[ !3@1"},
    {"[-]", "[ !3@1"},
    {"[ +1]", "[ !3@2"},
    {"[1.]", "[ !3@1"},
    {"[.5]", "[ !3@1"},
    {"[1e]", "[ !3@1"},
    {"[2,1-1]", "[ n:2 !3@3"},
    {"[NaN]", "[ !3@1"},
    {"[0x10]", "[ !3@1"},
    {"{\"a\" 1}", "{ k:a !3@5"},
    {"{\"a\" \"b\"}", "{ k:a !3@5"},
    {"{\"a\",1}", "{ k:a !3@4"},
    {"{\"a\" : : 1}", "{ k:a !3@7"},
    {"{\"a\":1 \"b\":2}", "{ k:a n:1 !3@7"},
    {"{\"a\":\"\" \"b\":2}", "{ k:a s: !3@8"},
    {"{\"a\":\"\" [", "{ k:a s: !3@8"},
    {"{\"a\":1 ,, \"b\":2}", "{ k:a n:1 !3@8"},
    {"{\"a\":1,}", "{ k:a n:1 !3@7"},
    {"{,}", "{ !3@1"},
    {"{1:2}", "{ !3@1"},
    {"{\"a\":}", "{ k:a !3@5"},
    {"[}", "[ !3@1"},
    {"{]", "{ !3@1"},
    {"[1}", "[ n:1 !3@2"},
    {"{\"a\":1 ]", "{ k:a n:1 !3@7"},
    {"]", "!3@0"},
    {" ,", "!3@1"},
    {"[] []", "[ ] !3@3"},
    {"[] ,", "[ ] !3@3"},
    {"1 2", "n:1 !3@2"},
    {"\"a\" x", "s:a !3@4"},
    {"[]]", "[ ] !3@2"},
    {"[\v1]", "[ !3@1"},
    {"[1\f]", "[ n:1 !3@2"},
    {"[1/*c*/]", "[ n:1 !3@2"},
    {"['a']", "[ !3@1"},
    {"[\xc2\xa0]", "[ !3@1"},
    {"\xef\xbb\xbf[]", "!3@0"},
    {"[\"a\nb\"]", "[ !3@3"},
    {"[\"\x1f\"]", "[ !3@2"},
    {"[\"\\x41\"]", "[ !3@3"},
    {"[\"\\U0041\"]", "[ !3@3"},
    {"[\"\\u00g0\"]", "[ !3@6"},
    {"[\"\\u12\"]", "[ !3@6"},
    {"[\"\\\n\"]", "[ !3@3"},
    /* a mistake for yajl left of one for us is the one that counts */
    {"[1 2 \"\\x\"]", "[ n:1 !3@3"},
    {"[1 2;", "[ n:1 !3@3"},
    {"[1 2 [[[[[[[[[", "[ n:1 !3@3"},
    /* but a string is yajl's only once it has ended */
    {"{\"a\" \"\\x\"}", "{ k:a !3@7"},
};

static void test_invalid(void **state)
{
    (void)state;
    run_cases(invalid, HSN_COUNT(invalid), false);
}

/* The end is where the value ends, not where the next thing begins. */
static const struct text_case one_value[] = {
    {"{\"a\":[1]} tail", "{ k:a [ n:1 ] } end@9"},
    {" []]", "[ ] end@3"},
    {"[];callback()", "[ ] end@2"},
    {"\"a\\\"b\"\xff", "s~a\\\"b end@6"},
    {"\"a\"\"b\"", "s:a end@3"},
    {"123;", "n:123 end@3"},
    {" 123 4", "n:123 end@4"},
    {"-1.5", "n:-1.5 end@4"},
    {"true)", "l:true end@4"},
    {"null", "l:null end@4"},
    {"{}{}", "{ } end@2"},
    {"truex", "!3@0"},
    {"[}", "[ !3@1"},
    {";", "!3@0"},
    {",", "!3@0"},
    {"[1", "[ n:1 !3@2"},
    {"\"a", "!3@2"},
    {"", "!3@0"},
};

static void test_one_value(void **state)
{
    (void)state;
    run_cases(one_value, HSN_COUNT(one_value), true);
}

/* A NUL byte is a byte like others. */
static void test_nul(void **state)
{
    (void)state;
    hsn_json *j = new_json();
    expect_every_cut(j, HSN_S("[\0]"), false, "[ !3@1");
    expect_every_cut(j, HSN_S("[\"a\0b\"]"), false, "[ !3@3");
    expect_every_cut(j, HSN_S("[1]\0"), false, "[ n:1 ] !3@3");
    hsn_json_free(j);
}

/* ---------------------------------------------------------------- state */

/* `n` times open, then `n` times close, of arrays or of objects. */
static hsn_buf nested(size_t n, bool objects)
{
    hsn_buf b;
    hsn_buf_init(&b, (size_t)1 << 24);
    for (size_t i = 0; i < n; i++) {
        hsn_buf_add_str(&b, objects ? HSN_S("{\"\":") : HSN_S("["));
    }
    hsn_buf_add_str(&b, HSN_S("0"));
    for (size_t i = 0; i < n; i++) {
        hsn_buf_put(&b, objects ? '}' : ']');
    }
    assert_false(hsn_buf_failed(&b));
    return b;
}

static bool count(void *ctx, const hsn_json_event *ev)
{
    (void)ev;
    ++*(size_t *)ctx;
    return true;
}

/* The greatest depth is legal, in yajl's memory too, and one more is the limit's error. */
static void test_depth(void **state)
{
    (void)state;
    static const unsigned depths[] = {1, 2, 125, 126, 127, 128, 129, 1000, 100000};
    for (size_t i = 0; i < 2 * HSN_COUNT(depths); i++) {
        unsigned depth = depths[i / 2];
        bool objects = i % 2 == 1;
        hsn_json *j = hsn_json_new(depth);
        assert_non_null(j);
        for (int again = 0; again < 2; again++) {
            size_t n = 0;
            harsan_error err = {0};
            hsn_buf b = nested(depth, objects);
            hsn_json_reset(j);
            assert_int_equal(hsn_json_finish(j, hsn_buf_str(&b), 0, count, &n, &err), HSN_OK);
            assert_int_equal(n, (objects ? 3 : 2) * (size_t)depth + 1);
            hsn_buf_deinit(&b);

            b = nested(depth + 1, objects);
            hsn_json_reset(j);
            assert_int_equal(hsn_json_run(j, hsn_buf_str(&b), 0, count, &n, &err), HSN_FAIL);
            assert_int_equal(err.code, HARSAN_E_LIMIT);
            assert_int_equal(err.offset, (objects ? 4 : 1) * (size_t)depth);
            hsn_buf_deinit(&b);
        }
        hsn_json_free(j);
    }
}

static void test_depth_is_of_open_brackets(void **state)
{
    (void)state;
    hsn_json *j = hsn_json_new(2);
    assert_non_null(j);
    expect_every_cut(j, HSN_S("[[],[],{},[]]"), false, "[ [ ] [ ] { } [ ] ] ");
    expect_every_cut(j, HSN_S("[[],[[]]]"), false, "[ [ ] [ !5@5");
    hsn_json_free(j);
    j = hsn_json_new(0);
    assert_non_null(j);
    expect_every_cut(j, HSN_S("1"), false, "n:1 ");
    expect_every_cut(j, HSN_S(" {}"), false, "!5@1");
    hsn_json_free(j);
}

static void test_stop(void **state)
{
    (void)state;
    hsn_json *j = new_json();
    for (size_t cut = 0; cut <= 8; cut++) {
        drive d = {.cut = cut, .drop = true, .stop_after = 3};
        expect_trace(j, HSN_S("{\"a\":\"b\",\"c\":\"d\"} x"), d, "{ k:a s:b ");
        assert_true(hsn_json_stopped(j));
        trace t = {0};
        harsan_error err = {0};
        assert_int_equal(hsn_json_run(j, HSN_S("]"), 0, note, &t, &err), HSN_OK);
        assert_int_equal(t.n_events, 0);
    }
    hsn_json_reset(j);
    assert_false(hsn_json_stopped(j));
    hsn_json_free(j);
}

/* The first error stays, whatever comes later. */
static void test_error_sticks(void **state)
{
    (void)state;
    hsn_json *j = new_json();
    trace t = {0};
    for (int i = 0; i < 3; i++) {
        harsan_error err = {0};
        t.text = i == 0 ? HSN_S("  ]") : HSN_S("[]");
        assert_int_equal(hsn_json_run(j, t.text, 0, note, &t, &err), HSN_FAIL);
        assert_int_equal(err.code, HARSAN_E_SYNTAX);
        assert_int_equal(err.offset, 2);
    }
    assert_int_equal(t.n_events, 0);
    hsn_json_free(j);
}

static bool keep_last(void *ctx, const hsn_json_event *ev)
{
    *(hsn_json_event *)ctx = *ev;
    return true;
}

/* Of a string too long to hold what was read may be dropped; its end is still right. */
static void test_dropped_string(void **state)
{
    (void)state;
    hsn_json *j = new_json();
    hsn_json_event last = {0};
    harsan_error err = {0};
    assert_int_equal(hsn_json_run(j, HSN_S("\"abc"), 0, keep_last, &last, &err), HSN_MORE);
    assert_true(hsn_json_in_string(j));
    assert_int_equal(hsn_json_need(j), 0);
    assert_int_equal(hsn_json_run(j, HSN_S("def\""), 4, keep_last, &last, &err), HSN_MORE);
    assert_int_equal(last.kind, HSN_JSON_STRING);
    assert_int_equal(last.len, 6);
    assert_int_equal(last.off + last.len, 3); /* in the second text */
    hsn_json_free(j);
}

/* A caller that dropped bytes which are still needed is told so. */
static void test_wrong_window(void **state)
{
    (void)state;
    hsn_json *j = new_json();
    hsn_json_event last = {0};
    harsan_error err = {0};
    assert_int_equal(hsn_json_run(j, HSN_S("[12"), 0, keep_last, &last, &err), HSN_MORE);
    assert_int_equal(hsn_json_need(j), 1);
    assert_int_equal(hsn_json_run(j, HSN_S("3]"), 3, keep_last, &last, &err), HSN_FAIL);
    assert_int_equal(err.code, HARSAN_E_USAGE);
    hsn_json_free(j);
}

static void test_need(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t need;
        bool in_string;
    } cases[] = {
        {"", 0, false},         {"[", 1, false},           {"[  ", 3, false},
        {"[ \"a", 2, true},     {"[ \"a\\", 2, true},      {"[ \"a\\u0", 2, true},
        {"[ \"a\"", 5, false},  {"[ 12", 2, false},        {"[ 12 ", 5, false},
        {"[ 12,", 5, false},    {"[\"\",\"", 4, true},     {"tru", 0, false},
    };
    hsn_json *j = new_json();
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        trace t = {.text = hsn_str_z(cases[i].text)};
        harsan_error err = {0};
        hsn_buf_init(&t.out, 4096);
        hsn_json_reset(j);
        assert_int_equal(hsn_json_run(j, t.text, 0, note, &t, &err), HSN_MORE);
        assert_int_equal(hsn_json_need(j), cases[i].need);
        assert_int_equal(hsn_json_in_string(j), cases[i].in_string);
        hsn_buf_deinit(&t.out);
    }
    hsn_json_free(j);
}

static void test_no_memory(void **state)
{
    (void)state;
    refusal all = {.nth = 1, .sticky = true};
    refusal_start(&all);
    assert_null(hsn_json_new(DEPTH));
    refusal_stop();
    hsn_json_free(NULL);
}

/* Resets and whole texts allocate nothing, so a session cannot fail half-way. */
static void test_allocates_once(void **state)
{
    (void)state;
    hsn_json *j = hsn_json_new(1000);
    assert_non_null(j);
    hsn_buf b = nested(1000, true);
    refusal all = {.nth = 1, .sticky = true};
    refusal_start(&all);
    for (int i = 0; i < 100; i++) {
        size_t n = 0;
        harsan_error err = {0};
        hsn_json_reset(j);
        assert_int_equal(hsn_json_finish(j, hsn_buf_str(&b), 0, count, &n, &err), HSN_OK);
    }
    refusal_stop();
    hsn_buf_deinit(&b);
    hsn_json_free(j);
}

/* ---------------------------------------------------------------- size */

/* Numbers of any length go through the small skeleton; the span is the whole number. */
static void test_long_words(void **state)
{
    (void)state;
    static const struct {
        const char *head, *digits, *tail;
        bool good;
    } cases[] = {
        {"1", "0", "", true},       {"-0.", "1", "e-5", true},  {"1e", "1", "", true},
        {"1", "2", ".5E+7", true},  {"0", "0", "", false},      {"1", "0", ".", false},
        {"1", "0", "-", false},     {"", ".", "", false},       {"1", "0", "true", false},
        {"t", "r", "", false},      {"", "1.", "", false},      {"", "-", "1", false},
    };
    hsn_json *j = new_json();
    for (size_t i = 0; i < 2 * HSN_COUNT(cases); i++) {
        size_t times = i % 2 == 0 ? 61 : 5000;
        hsn_buf b;
        hsn_buf_init(&b, 1 << 20);
        hsn_buf_add_str(&b, HSN_S("["));
        hsn_buf_add_str(&b, hsn_str_z(cases[i / 2].head));
        for (size_t k = 0; k < times; k++) {
            hsn_buf_add_str(&b, hsn_str_z(cases[i / 2].digits));
        }
        hsn_buf_add_str(&b, hsn_str_z(cases[i / 2].tail));
        hsn_str word = hsn_str_cut(hsn_buf_str(&b), 1, b.n);
        hsn_buf want;
        hsn_buf_init(&want, 1 << 20);
        hsn_buf_printf(&want, cases[i / 2].good ? "[ n:" : "[ !3@1");
        if (cases[i / 2].good) {
            hsn_buf_add_str(&want, word);
            hsn_buf_add_str(&want, HSN_S(" ] "));
        }
        hsn_buf_put(&want, '\0');
        hsn_buf_put(&b, ']');
        expect_trace(j, hsn_buf_str(&b), (drive){0}, (const char *)want.p);
        expect_trace(j, hsn_buf_str(&b), (drive){.cut = 17, .drop = true}, (const char *)want.p);
        hsn_buf_deinit(&b);
        hsn_buf_deinit(&want);
    }
    hsn_json_free(j);
}

/* Many tokens of each kind cross the edge of the skeleton at every place; so do mistakes. */
static void test_full_skeleton(void **state)
{
    (void)state;
    static const char *const items[] = {"\"\"", "1", "-1.25e10", "true", "[]", "{\"k\":[]}"};
    hsn_json *j = new_json();
    for (size_t i = 0; i < HSN_COUNT(items); i++) {
        hsn_buf b;
        hsn_buf_init(&b, 1 << 20);
        hsn_buf_put(&b, '[');
        for (size_t k = 0; k < 1200; k++) {
            hsn_buf_printf(&b, k % 7 == 0 ? "%s , " : "%s,", items[i]);
        }
        size_t end = b.n;
        hsn_buf_printf(&b, "%s]", items[i]);
        char *whole = trace_of(j, hsn_buf_str(&b), (drive){0});
        assert_null(strchr(whole, '!'));
        expect_trace(j, hsn_buf_str(&b), (drive){.cut = 1, .drop = true}, whole);
        expect_trace(j, hsn_buf_str(&b), (drive){.cut = 509}, whole);
        hsn_mem_free(whole);
        for (size_t at = 0; at < end; at++) { /* double each comma in turn */
            if (b.p[at] != ',' || at % 11 > 1) {
                continue;
            }
            hsn_buf bad;
            char mark[32];
            hsn_buf_init(&bad, 1 << 20);
            hsn_buf_add(&bad, b.p, at);
            hsn_buf_add_str(&bad, HSN_S(", "));
            hsn_buf_add(&bad, b.p + at, b.n - at);
            snprintf(mark, sizeof mark, "!3@%u", (unsigned)at + 2);
            char *got = trace_of(j, hsn_buf_str(&bad), (drive){0});
            assert_string_equal(strchr(got, '!'), mark);
            hsn_mem_free(got);
            hsn_buf_deinit(&bad);
        }
        hsn_buf_deinit(&b);
    }
    hsn_json_free(j);
}

/* 64 MiB in pieces of 1 KiB: were the string read again from its start each time, this would be
 * 2 TiB to read. */
static void test_long_string_is_linear(void **state)
{
    (void)state;
    enum { PIECE = 1024 };
    size_t n = (size_t)64 << 20;
    unsigned char *p = malloc(n);
    assert_non_null(p);
    memset(p, 'a', n);
    p[0] = '"';
    p[n - 1] = '"';
    hsn_json *j = new_json();
    harsan_error err = {0};
    size_t events = 0;
    clock_t start = clock();
    for (size_t to = PIECE; to <= n; to += PIECE) {
        assert_int_equal(hsn_json_run(j, hsn_str_of(p, to), 0, count, &events, &err), HSN_MORE);
        assert_int_equal(hsn_json_need(j), to < n ? 0 : n);
    }
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 10);
    assert_int_equal(events, 1);
    hsn_json_free(j);
    free(p);
}

/* ---------------------------------------------------------------- the scan */

static size_t plain_by_byte(hsn_str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] >= 0x20 && s.p[i] != '"' && s.p[i] != '\\') {
        i++;
    }
    return i;
}

static void expect_plain(hsn_str s)
{
    size_t want = plain_by_byte(s);
    assert_int_equal(hsn_json_plain(s), want);
    assert_int_equal(hsn_json_plain_portable(s), want);
}

/* Memory of one page in front of one that must not be touched. */
static unsigned char *guarded_page(size_t *page)
{
    *page = (size_t)sysconf(_SC_PAGESIZE);
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), (off_t)(2 * *page)), 0);
    unsigned char *p = mmap(NULL, 2 * *page, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    assert_ptr_not_equal(p, MAP_FAILED);
    fclose(file);
    assert_int_equal(mprotect(p + *page, *page, PROT_NONE), 0);
    return p;
}

/* Every length up to several wide steps, ending at the guard and at every place before it, with
 * every special byte at every place. */
static void test_plain_every_place(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {'"', '\\', 0x00, 0x1f, 0x0a, 0x20, '!', '#', '[', ']',
                                          0x7f, 0x80, 0xa2, 0xdc, 0x9f, 0xff};
    size_t page;
    unsigned char *end = guarded_page(&page) + page;
    for (size_t n = 0; n <= 300; n++) {
        memset(end - page, 'a', page);
        expect_plain(hsn_str_of(end - n, n));
        for (size_t at = 0; at < n; at += n > 150 ? 3 : 1) {
            unsigned char *p = end - n;
            for (size_t b = 0; b < sizeof bytes; b++) {
                p[at] = bytes[b];
                expect_plain(hsn_str_of(p, n));
            }
            p[at] = 'a';
        }
    }
    munmap(end - page, 2 * page);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void test_plain_random(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252U;
    size_t page;
    unsigned char *end = guarded_page(&page) + page;
    for (unsigned round = 0; round < 20000; round++) {
        size_t n = next_random(&seed) % 400;
        size_t gap = next_random(&seed) % 64;
        unsigned rare = (unsigned)(next_random(&seed) % 3);
        unsigned char *p = end - gap - n;
        for (size_t i = 0; i < n; i++) {
            unsigned char c = (unsigned char)next_random(&seed);
            p[i] = rare > 0 && next_random(&seed) % 100 < 99 ? (unsigned char)(c | 0x80) : c;
        }
        expect_plain(hsn_str_of(p, n));
    }
    munmap(end - page, 2 * page);
}

/* White space of every length and kind, ended by everything that is none, up to the guard. */
static void test_space(void **state)
{
    (void)state;
    static const unsigned char white[] = {' ', '\t', '\n', '\r'};
    uint64_t seed = 88172645463325252U;
    size_t page;
    unsigned char *end = guarded_page(&page) + page;
    for (size_t n = 0; n <= 100; n++) {
        unsigned char *p = end - n;
        for (unsigned c = 0; c < 256; c++) {
            for (size_t i = 0; i < n; i++) {
                p[i] = white[next_random(&seed) % (c % 2 == 0 ? 1 : sizeof white)];
            }
            size_t at = n > 0 ? next_random(&seed) % n : 0;
            bool is_white = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (n > 0) {
                p[at] = (unsigned char)c;
            }
            size_t want = is_white ? n : at;
            assert_int_equal(hsn_json_space(hsn_str_of(p, n)), want);
            assert_int_equal(hsn_json_space_portable(hsn_str_of(p, n)), want);
        }
    }
    munmap(end - page, 2 * page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_invalid),
        cmocka_unit_test(test_one_value),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_depth_is_of_open_brackets),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_error_sticks),
        cmocka_unit_test(test_dropped_string),
        cmocka_unit_test(test_wrong_window),
        cmocka_unit_test(test_need),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_allocates_once),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_full_skeleton),
        cmocka_unit_test(test_long_string_is_linear),
        cmocka_unit_test(test_plain_every_place),
        cmocka_unit_test(test_plain_random),
        cmocka_unit_test(test_space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
