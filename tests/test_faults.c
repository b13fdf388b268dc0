/*
 * The nth request for memory fails, for every n until the call succeeds: compiling the rules, their
 * examples, a session over every sample, its verification. yajl's, pcre2's and zlib's requests come
 * through the same door.
 *
 * What must hold: the code says memory, what was written is a beginning of what is written without
 * the fault, nothing is left (sanitizers tell). Or the request was needless (pcre2 goes without
 * compiled code and its stack), and everything is as it is without the fault. By default large
 * samples skip requests; with HARSAN_FAULTS=all none does.
 */
#include "fixture.h"
#include "refusal.h"

#include <glob.h>
#include <stdlib.h>

enum { OUT_MAX = 1 << 20, SMALL = 8 << 10, LARGE = 400 << 10 };

static glob_t files;

static int set_up(void **state)
{
    (void)state;
    rules = default_rules(HARSAN_PACK_PII | HARSAN_PACK_NETWORK | HARSAN_PACK_STRICT);
    int failed = glob("samples/*.har", 0, NULL, &files);
    return failed != 0 || glob("samples/*.json", GLOB_APPEND, NULL, &files) != 0 ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    harsan_rules_free(rules);
    globfree(&files);
    return 0;
}

static bool all_of_them(void)
{
    const char *all = getenv("HARSAN_FAULTS");
    return all != NULL && strcmp(all, "all") == 0;
}

/* ---------------------------------------------------------------- a session */

/* What a session wrote, in all its passes: outside of the heap that is being refused. */
typedef struct sink {
    unsigned char bytes[OUT_MAX];
    size_t n;
} sink;

static int take(void *ctx, const void *p, size_t n)
{
    sink *s = ctx;
    assert_true(n <= OUT_MAX - s->n);
    memcpy(s->bytes + s->n, p, n);
    s->n += n;
    return 0;
}

/* A crew of one, which does its work at once: what fails is the same in every run. */
static void *start_job(void *crew, void (*run)(void *arg), void *arg)
{
    (void)crew;
    run(arg);
    return arg;
}

static void join_job(void *crew, void *task)
{
    (void)crew, (void)task;
}

static harsan_status run_session(hsn_str input, sink *out, refusal *r)
{
    harsan *h = NULL;
    harsan_error err = {0};
    harsan_options opt = {.key = {1},
                          .write = take,
                          .write_ctx = out,
                          .jobs = 2,
                          .start = start_job,
                          .join = join_job};
    out->n = 0;
    refusal_start(r);
    harsan_status status = harsan_new(&h, rules, &opt, &err);
    if (status == HARSAN_OK) {
        do {
            status = harsan_feed(h, input.p, input.n);
            status = status == HARSAN_OK ? harsan_finish(h) : status;
        } while (status == HARSAN_AGAIN);
        err = *harsan_last_error(h);
    }
    refusal_stop();
    assert_int_equal(err.code, status);
    if (h != NULL) {
        /* finished, or failed for good */
        assert_true(harsan_feed(h, "", 0) != HARSAN_OK);
    }
    harsan_free(h);
    return status;
}

static size_t fail_session(hsn_str input, const char *path, bool sticky)
{
    static sink want;
    static sink got;
    refusal r = {.nth = 0};
    assert_int_equal(run_session(input, &want, &r), HARSAN_OK);
    size_t n = r.seen;
    size_t step = input.n < SMALL ? 1 : input.n < LARGE ? 7 : 31;
    if (all_of_them()) {
        step = input.n < LARGE ? 1 : 7; /* tens of milliseconds each */
    }
    for (size_t nth = 1; nth <= n; nth += step) {
        r = (refusal){.nth = nth, .sticky = sticky};
        harsan_status status = run_session(input, &got, &r);
        bool ended = status == HARSAN_E_NOMEM || (status == HARSAN_OK && got.n == want.n);
        if (!ended || got.n > want.n || memcmp(got.bytes, want.bytes, got.n) != 0) {
            print_error("%s: request %zu of %zu: status %d, %zu of %zu bytes\n", path, nth, n,
                        (int)status, got.n, want.n);
            fail();
        }
    }
    return n;
}

static void test_sessions(void **state)
{
    (void)state;
    size_t n = 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        const char *path = files.gl_pathv[i];
        hsn_buf input = new_buf();
        if (strstr(path, ".report.") == NULL) {
            read_file(path, &input);
            n += fail_session(hsn_buf_str(&input), path, false);
            n += fail_session(hsn_buf_str(&input), path, true);
        }
        hsn_buf_deinit(&input);
    }
    print_message("%zu requests\n", n);
}

/* Many batches, so that some are inspected by the crew. */
static void test_crew(void **state)
{
    (void)state;
    hsn_buf sample = new_buf();
    hsn_buf text = new_buf();
    read_file("samples/nested.har", &sample);
    hsn_buf_printf(&text, "{\"log\":{\"entries\":[1");
    while (text.n < 700000) {
        hsn_buf_put(&text, ',');
        hsn_buf_add_str(&text, hsn_buf_str(&sample));
    }
    hsn_buf_printf(&text, "]}}");
    fail_session(hsn_buf_str(&text), "many batches", false);
    hsn_buf_deinit(&sample);
    hsn_buf_deinit(&text);
}

/* ---------------------------------------------------------------- rules */

static harsan_status compile(refusal *r)
{
    harsan_rules *made = NULL;
    harsan_error err = {0};
    refusal_start(r);
    harsan_status status = harsan_rules_default(&made, HARSAN_PACK_PII, &err);
    refusal_stop();
    assert_int_equal(made != NULL, status == HARSAN_OK);
    harsan_rules_free(made);
    return status;
}

static void test_rules(void **state)
{
    (void)state;
    refusal r = {.nth = 0};
    assert_int_equal(compile(&r), HARSAN_OK);
    size_t n = r.seen;
    size_t step = all_of_them() ? 1 : 23;
    size_t harmless = 0;
    for (size_t nth = 1; nth <= n; nth += step) {
        r = (refusal){.nth = nth};
        harsan_status status = compile(&r);
        harmless += status == HARSAN_OK;
        assert_true(status == HARSAN_E_NOMEM || status == HARSAN_OK);
    }
    print_message("%zu requests, %zu of them needless\n", n, harmless);
}

static void on_example(void *ctx, const char *rule, const char *kind, size_t i)
{
    (void)ctx, (void)rule, (void)kind, (void)i;
}

static harsan_status run_examples(refusal *r)
{
    refusal_start(r);
    harsan_status status = harsan_rules_selftest(rules, on_example, NULL);
    refusal_stop();
    return status;
}

static void test_examples(void **state)
{
    (void)state;
    refusal r = {.nth = 0};
    assert_int_equal(run_examples(&r), HARSAN_OK);
    size_t n = r.seen;
    for (size_t nth = 1; nth <= n; nth += all_of_them() || n < 50 ? 1 : n / 50) {
        r = (refusal){.nth = nth};
        harsan_status status = run_examples(&r);
        assert_true(status == HARSAN_E_NOMEM || status == HARSAN_OK);
    }
}

/* ---------------------------------------------------------------- verification */

typedef struct text {
    hsn_str all;
    size_t at;
} text;

static ptrdiff_t read_text(void *ctx, void *buf, size_t max)
{
    text *t = ctx;
    hsn_str piece = hsn_str_cut(t->all, t->at, t->at + max);
    memcpy(buf, piece.p, piece.n);
    t->at += piece.n;
    return (ptrdiff_t)piece.n;
}

static bool rewind_text(void *ctx)
{
    text *t = ctx;
    t->at = 0;
    return true;
}

static void on_mismatch(void *ctx, const harsan_mismatch *m)
{
    (void)ctx, (void)m;
}

static harsan_status prove(hsn_str in, hsn_str out, refusal *r)
{
    harsan_verify *v = NULL;
    harsan_error err = {0};
    harsan_options opt = {0};
    text a = {in, 0};
    text b = {out, 0};
    harsan_source from = {read_text, rewind_text, &a};
    harsan_source to = {read_text, rewind_text, &b};
    refusal_start(r);
    harsan_status status = harsan_verify_new(&v, rules, &opt, on_mismatch, NULL, &err);
    if (status == HARSAN_OK) {
        status = harsan_verify_run(v, &from, &to);
    }
    refusal_stop();
    harsan_verify_free(v);
    return status;
}

static void test_verification(void **state)
{
    (void)state;
    hsn_buf in = new_buf();
    hsn_buf out = new_buf();
    read_file("samples/charles-style.har", &in);
    read_file("samples/charles-style.clean.har", &out);
    refusal r = {.nth = 0};
    assert_int_equal(prove(hsn_buf_str(&in), hsn_buf_str(&out), &r), HARSAN_OK);
    size_t harmless = 0;
    for (size_t n = r.seen, nth = 1; nth <= n; nth++) {
        r = (refusal){.nth = nth};
        harsan_status status = prove(hsn_buf_str(&in), hsn_buf_str(&out), &r);
        harmless += status == HARSAN_OK;
        assert_true(status == HARSAN_E_NOMEM || status == HARSAN_OK);
    }
    assert_true(harmless < 5);
    hsn_buf_deinit(&in);
    hsn_buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sessions),     cmocka_unit_test(test_crew),
        cmocka_unit_test(test_rules),        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_verification),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
