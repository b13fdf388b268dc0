/*
 * What reports are put together from: numbers as people read them, at every edge between two units,
 * and lists that are as long as they can get.
 */
#include "support.h"

#include "cli_report.h"

/* ---------------------------------------------------------------- numbers */

static void counts(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        const char *want;
    } table[] = {{0, "0"},         {999, "999"},
                 {1000, "1,000"},  {999999, "999,999"},
                 {1234567, "1,234,567"}, {UINT64_MAX, "18,446,744,073,709,551,615"}};
    for (size_t i = 0; i < COUNT(table); i++) {
        cli_number n;
        assert_string_equal(cli_count(&n, table[i].n), table[i].want);
    }
    cli_number n;
    assert_string_equal(cli_more(&n, 12, false), "12 more");
    assert_string_equal(cli_more(&n, UINT64_MAX, true),
                        "more than 18,446,744,073,709,551,615 more");
}

static void bytes(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        const char *want;
    } table[] = {{0, "0 bytes"},    {1, "1 byte"},       {999, "999 bytes"},  {1000, "1.0 kB"},
                 {9949, "9.9 kB"},  {9950, "10 kB"},     {999499, "999 kB"},  {999500, "1.0 MB"},
                 {1234567890, "1.2 GB"}, {UINT64_MAX, "18446744 TB"}};
    for (size_t i = 0; i < COUNT(table); i++) {
        cli_number n;
        assert_string_equal(cli_bytes_text(&n, table[i].n), table[i].want);
    }
}

static void times(void **state)
{
    (void)state;
    static const struct {
        double ms;
        const char *want;
    } table[] = {{-1, "-"},          {0, "0 ms"},          {999.4, "999 ms"}, {999.5, "1.0 s"},
                 {59949, "59.9 s"},  {59950, "1 min"},     {61000, "1 min 1 s"},
                 {3599499, "59 min 59 s"}, {3599500, "1 h 0 min"}, {90000e3, "25 h 0 min"},
                 {1e15, "277777777 h 46 min"}, {1.1e15, "-"}, {1e300, "-"}};
    for (size_t i = 0; i < COUNT(table); i++) {
        cli_number n;
        assert_string_equal(cli_ms(&n, table[i].ms), table[i].want);
    }
}

/* ---------------------------------------------------------------- lists */

static cli_exit to_buf(void *ctx, const void *data, size_t len)
{
    hsn_buf_add(ctx, data, len);
    return CLI_OK;
}

static size_t count_of(hsn_str text, const char *what)
{
    size_t n = 0;
    const hsn_str needle = hsn_str_z(what);
    for (size_t at = 0; (at += hsn_str_find(hsn_str_cut(text, at, text.n), needle)) < text.n; n++) {
        at += needle.n;
    }
    return n;
}

/* Entries with the longest numbers there are: no form may cut a line, or an element of HTML. */
static void left_out(void **state)
{
    (void)state;
    static void (*const render[])(cli_pen *pen, const cli_model *m) = {
        cli_render_html, cli_render_md, cli_render_txt};
    static cli_left_out left = {.entries = UINT64_MAX / 2, .entries_kept = 7};
    cli_counts found = {0};
    const cli_result result = {.counts = &found, .left = &left};
    for (size_t i = 0; i < CLI_LEFT_LIST; i++) {
        left.list[left.n_list++] = (cli_left_body){.entry = UINT64_MAX - i, .request = true};
    }
    left.bodies = UINT64_MAX;
    left.body_count[0] = left.body_bytes[0] = UINT64_MAX;
    for (size_t i = 0; i < COUNT(render); i++) {
        hsn_buf out = new_buf();
        cli_pen pen = {.write = to_buf, .ctx = &out};
        cli_model *m = cli_model_new();
        assert_non_null(m);
        m->rules_version = "";
        cli_model_close(m, &result);
        render[i](&pen, m);
        const hsn_str text = hsn_buf_str(&out);
        assert_int_equal(pen.code, CLI_OK);
        assert_int_equal(count_of(text, "<li>"), count_of(text, "</li>"));
        assert_int_equal(count_of(text, "href=\"#left\""), render[i] == cli_render_html);
        assert_int_equal(count_of(text, "1844674407370955"), 25); /* as many as are named */
        assert_int_equal(count_of(text, "18,446,744,073,709,551,590"), 1); /* and so many more */
        hsn_buf_deinit(&out);
        cli_model_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),
        cmocka_unit_test(bytes),
        cmocka_unit_test(times),
        cmocka_unit_test(left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
