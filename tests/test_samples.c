/*
 * The contract, on every sample: what was planted is gone, everything else is as it was, and
 * neither the split of the input nor a second run makes a difference.
 *
 * samples/<name>.clean.har is the output with the key of tests/reports.sh; UPDATE=1 writes it anew.
 */
#include "views.h"

#include <glob.h>
#include <stdlib.h>

enum { CHUNK_MAX = 64 };

static harsan_rules *rules;
static harsan_rules *rules_pii;
static harsan_rules *empty;
static glob_t files;
static lines planted;
static lines planted_pii;

static int set_up(void **state)
{
    (void)state;
    rules = default_rules(0);
    rules_pii = default_rules(HARSAN_PACK_PII);
    empty = no_rules();
    read_lines("samples/planted.txt", &planted);
    read_lines("samples/planted-pii.txt", &planted_pii);
    int failed = glob("samples/*.har", 0, NULL, &files);
    return failed != 0 || glob("samples/*.json", GLOB_APPEND, NULL, &files) != 0 ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    harsan_rules_free(rules);
    harsan_rules_free(rules_pii);
    harsan_rules_free(empty);
    lines_free(&planted);
    lines_free(&planted_pii);
    globfree(&files);
    return 0;
}

static bool is_golden(const char *path)
{
    return strstr(path, ".clean.") != NULL || strstr(path, ".report.") != NULL;
}

/* ---------------------------------------------------------------- every sample */

static void clean_well(const job *j, hsn_str input, const char *path, cleaned *out)
{
    clean(j, input, out);
    if (out->status != HARSAN_OK) {
        print_error("%s: error %d at %zu:%zu: %s\n", path, (int)out->status, (size_t)out->err.line,
                    (size_t)out->err.column, out->err.message);
        fail();
    }
}

static void for_each_sample(void (*check)(const char *path, hsn_str input))
{
    size_t n = 0;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        if (!is_golden(files.gl_pathv[i])) {
            hsn_buf text;
            read_file(files.gl_pathv[i], &text);
            check(files.gl_pathv[i], hsn_buf_str(&text));
            hsn_buf_deinit(&text);
            n++;
        }
    }
    assert_true(n > 0);
}

/* ---------------------------------------------------------------- split */

static bool same_findings(const cleaned *a, const cleaned *b)
{
    return a->n_seen == b->n_seen && hsn_str_eq(hsn_buf_str(&a->told), hsn_buf_str(&b->told)) &&
           (a->n_seen == 0 || memcmp(a->seen, b->seen, a->n_seen * sizeof *a->seen) == 0);
}

static void check_chunks(const char *path, hsn_str input)
{
    job j = {.rules = rules};
    cleaned whole;
    clean_well(&j, input, path, &whole);
    for (j.chunk = 1; j.chunk <= CHUNK_MAX; j.chunk++) {
        cleaned parts;
        clean_well(&j, input, path, &parts);
        assert_same(hsn_buf_str(&parts.out), hsn_buf_str(&whole.out), path);
        if (!same_findings(&parts, &whole)) {
            print_error("%s: other findings in chunks of %zu\n", path, j.chunk);
            fail();
        }
        cleaned_free(&parts);
    }
    cleaned_free(&whole);
}

static void test_any_split_gives_the_same(void **state)
{
    (void)state;
    for_each_sample(check_chunks);
}

/* ---------------------------------------------------------------- nothing else changes */

static void check_empty_rules(const char *path, hsn_str input)
{
    for (int w = AS_NEEDED; w <= ONE_PASS; w++) {
        job j = {.rules = empty, .learn = (learning)w, .chunk = 1000};
        cleaned c;
        clean_well(&j, input, path, &c);
        assert_same(hsn_buf_str(&c.out), input, path);
        assert_int_equal(c.n_seen, 0);
        cleaned_free(&c);
    }
}

static void test_no_rules_change_nothing(void **state)
{
    (void)state;
    for_each_sample(check_empty_rules);
}

static void check_structure(const char *path, hsn_str input)
{
    const harsan_rules *const sets[] = {rules, rules_pii};
    for (size_t i = 0; i < COUNT(sets); i++) {
        job j = {.rules = sets[i]};
        cleaned c;
        clean_well(&j, input, path, &c);
        const char *why = differs(input, hsn_buf_str(&c.out));
        if (why != NULL) {
            print_error("%s: %s\n", path, why);
            fail();
        }
        assert_int_equal(c.facts.bytes_in, input.n);
        assert_int_equal(c.facts.bytes_out, c.out.n);
        assert_int_equal(c.facts.findings, c.n_seen);
        cleaned_free(&c);
    }
}

static void test_structure_stays(void **state)
{
    (void)state;
    for_each_sample(check_structure);
}

/* Findings that begin in [from, to), beginning at *i; *first is the offset of the first one. */
static size_t findings_in(const cleaned *c, size_t *i, size_t from, size_t to, size_t *first)
{
    size_t n = 0;
    while (*i < c->n_seen && c->seen[*i].offset < to) {
        assert_true(c->seen[*i].offset >= from);
        *first = n++ == 0 ? (size_t)c->seen[*i].offset : *first;
        (*i)++;
    }
    return n;
}

/* A value changes where findings are told and nowhere else; up to the first of them it stays. */
static void check_spans(const char *path, hsn_str input)
{
    job j = {.rules = rules};
    cleaned c;
    tokens x;
    tokens y;
    clean_well(&j, input, path, &c);
    hsn_str output = hsn_buf_str(&c.out);
    assert_true(tokens_read(input, &x) && tokens_read(output, &y));
    assert_int_equal(x.n, y.n);
    size_t i = 0;
    for (size_t k = 0; k < x.n; k++) {
        hsn_str was = hsn_str_cut(input, x.v[k].off, x.v[k].off + x.v[k].len);
        hsn_str is = hsn_str_cut(output, y.v[k].off, y.v[k].off + y.v[k].len);
        size_t first = 0;
        if (findings_in(&c, &i, x.v[k].off, x.v[k].off + x.v[k].len, &first) == 0) {
            assert_same(is, was, path);
        } else {
            size_t kept = first - x.v[k].off;
            assert_same(hsn_str_cut(is, 0, kept), hsn_str_cut(was, 0, kept), path);
            assert_false(hsn_str_eq(is, was));
        }
    }
    assert_int_equal(i, c.n_seen);
    tokens_free(&x);
    tokens_free(&y);
    cleaned_free(&c);
}

static void test_only_findings_change(void **state)
{
    (void)state;
    for_each_sample(check_spans);
}

static void check_lines(const char *path, hsn_str input)
{
    job j = {.rules = rules};
    cleaned c;
    clean_well(&j, input, path, &c);
    uint64_t line = 1;
    uint64_t begin = 0;
    size_t at = 0;
    for (size_t i = 0; i < c.n_seen; i++) {
        for (; at < c.seen[i].offset; at++) {
            if (input.p[at] == '\n') {
                line++;
                begin = at + 1;
            }
        }
        assert_int_equal(c.seen[i].line, line);
        assert_int_equal(c.seen[i].column, c.seen[i].offset - begin + 1);
    }
    cleaned_free(&c);
}

static void test_lines_and_columns(void **state)
{
    (void)state;
    for_each_sample(check_lines);
}

static void test_lookalikes_stay(void **state)
{
    (void)state;
    hsn_buf text;
    read_file("samples/lookalikes.har", &text);
    job j = {.rules = rules};
    cleaned c;
    clean_well(&j, hsn_buf_str(&text), "lookalikes", &c);
    assert_same(hsn_buf_str(&c.out), hsn_buf_str(&text), "lookalikes");
    assert_int_equal(c.n_seen, 0);
    cleaned_free(&c);
    hsn_buf_deinit(&text);
}

/* ---------------------------------------------------------------- what was planted */

static void expect_unreadable(const char *path, hsn_str text, const lines *values)
{
    char way[128];
    const hsn_str *left = find_readable(text, values->v, values->n, way);
    if (left != NULL) {
        print_error("%s: \"%.*s\" can be read (%s)\n", path, (int)left->n, (const char *)left->p,
                    way);
        fail();
    }
}

static void check_planted(const char *path, hsn_str input)
{
    job j = {.rules = rules, .random_key = true};
    cleaned c;
    clean_well(&j, input, path, &c);
    expect_unreadable(path, hsn_buf_str(&c.out), &planted);
    expect_unreadable("report", hsn_buf_str(&c.told), &planted);
    cleaned_free(&c);
    j.rules = rules_pii;
    clean_well(&j, input, path, &c);
    expect_unreadable(path, hsn_buf_str(&c.out), &planted);
    expect_unreadable(path, hsn_buf_str(&c.out), &planted_pii);
    expect_unreadable("report", hsn_buf_str(&c.told), &planted_pii);
    cleaned_free(&c);
}

static void test_nothing_planted_is_left(void **state)
{
    (void)state;
    for_each_sample(check_planted);
}

/* The reader itself: whatever was planted in the samples, it finds. */
static void test_planted_can_be_read_before(void **state)
{
    (void)state;
    size_t n_found = 0;
    bool *found = hsn_mem_zero(planted.n, sizeof *found);
    assert_non_null(found);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        hsn_buf text;
        if (is_golden(files.gl_pathv[i])) {
            continue;
        }
        read_file(files.gl_pathv[i], &text);
        for (size_t k = 0; k < planted.n; k++) {
            if (!found[k] && find_readable(hsn_buf_str(&text), &planted.v[k], 1, NULL) != NULL) {
                found[k] = true;
                n_found++;
            }
        }
        hsn_buf_deinit(&text);
    }
    for (size_t k = 0; k < planted.n; k++) {
        if (!found[k]) {
            print_error("\"%.*s\" is nowhere\n", (int)planted.v[k].n, (const char *)planted.v[k].p);
        }
    }
    hsn_mem_free(found);
    assert_int_equal(n_found, planted.n);
}

/* ---------------------------------------------------------------- again */

static void check_twice(const char *path, hsn_str input)
{
    const harsan_rules *const sets[] = {rules, rules_pii};
    for (size_t i = 0; i < COUNT(sets); i++) {
        job j = {.rules = sets[i], .random_key = true};
        cleaned once;
        cleaned twice;
        clean_well(&j, input, path, &once);
        clean_well(&j, hsn_buf_str(&once.out), path, &twice);
        assert_same(hsn_buf_str(&twice.out), hsn_buf_str(&once.out), path);
        if (twice.n_seen != 0) {
            print_error("%s: %zu findings in what was clean\n%.*s", path, twice.n_seen,
                        (int)twice.told.n, (const char *)twice.told.p);
            fail();
        }
        cleaned_free(&once);
        cleaned_free(&twice);
    }
}

static void test_clean_stays_clean(void **state)
{
    (void)state;
    for_each_sample(check_twice);
}

static void golden_path(const char *path, char *out, size_t max)
{
    const char *dot = strrchr(path, '.');
    assert_non_null(dot);
    int n = snprintf(out, max, "%.*s.clean%s", (int)(dot - path), path, dot);
    assert_true(n > 0 && (size_t)n < max);
}

static void check_golden(const char *path, hsn_str input)
{
    char golden[256];
    golden_path(path, golden, sizeof golden);
    job j = {.rules = rules};
    cleaned c;
    memcpy(j.options.key, "00000000000000000000000000000007", sizeof j.options.key);
    clean_well(&j, input, path, &c);
    const char *update = getenv("UPDATE");
    if (update != NULL && strcmp(update, "1") == 0) {
        write_file(golden, hsn_buf_str(&c.out));
    } else {
        hsn_buf want;
        read_file(golden, &want);
        assert_same(hsn_buf_str(&c.out), hsn_buf_str(&want), golden);
        hsn_buf_deinit(&want);
    }
    cleaned_free(&c);
}

static void test_golden(void **state)
{
    (void)state;
    for_each_sample(check_golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_split_gives_the_same),
        cmocka_unit_test(test_no_rules_change_nothing),
        cmocka_unit_test(test_structure_stays),
        cmocka_unit_test(test_only_findings_change),
        cmocka_unit_test(test_lines_and_columns),
        cmocka_unit_test(test_lookalikes_stay),
        cmocka_unit_test(test_nothing_planted_is_left),
        cmocka_unit_test(test_planted_can_be_read_before),
        cmocka_unit_test(test_clean_stays_clean),
        cmocka_unit_test(test_golden),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
