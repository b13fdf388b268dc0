/*
 * Broken texts: cut anywhere, a byte changed anywhere. What salvage keeps is valid, is a beginning
 * of the text, and holds every complete entry.
 */
#include "fixture.h"

/* Feeds it in pieces of `chunk` bytes (0 = whole). The kept text goes to `kept`. */
static harsan_cut salvage(hsn_str text, size_t chunk, hsn_buf *kept)
{
    harsan_salvage *s = NULL;
    harsan_error err;
    harsan_cut cut;
    assert_int_equal(harsan_salvage_new(&s, 0, &err), HARSAN_OK);
    for (size_t at = 0; at < text.n; at += chunk) {
        chunk = chunk == 0 ? text.n : chunk;
        hsn_str piece = hsn_str_cut(text, at, at + chunk);
        assert_int_equal(harsan_salvage_feed(s, piece.p, piece.n), HARSAN_OK);
    }
    harsan_salvage_finish(s, &cut);
    hsn_buf_reset(kept);
    hsn_buf_add_str(kept, hsn_str_cut(text, 0, (size_t)cut.keep));
    hsn_buf_add_str(kept, hsn_str_z(cut.closing));
    cut.closing = NULL;
    harsan_salvage_free(s);
    return cut;
}

static void test_table(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *want;
        uint64_t entries;
    } table[] = {
        {"", "", 0},
        {"x", "", 0},
        {"{", "{}", 0},
        {"[1,2", "[1]", 0}, /* the 2 may be the beginning of 23 */
        {"[1,2,", "[1,2]", 0},
        {"[1,\"a", "[1]", 0},
        {"[1,\"a\"", "[1,\"a\"]", 0},
        {"[1,tru", "[1]", 0},
        {"[1,true", "[1,true]", 0},
        {"{\"a\":[1,{\"b\":2,\"c\"", "{\"a\":[1,{\"b\":2}]}", 0},
        {"{\"a\":1}}", "{\"a\":1}", 0},
        {"{\"a\":1} garbage", "{\"a\":1}", 0},
        {"{\"a\":1", "{}", 0},
        {"\xef\xbb\xbf[1,[2],", "\xef\xbb\xbf[1,[2]]", 0},
        {"{\"log\":", "{}", 0},
        {"{\"log\":{\"version\":\"1.2\",\"ent", "{\"log\":{\"version\":\"1.2\"}}", 0},
        {"{\"log\":{\"entries\":[", "{\"log\":{\"entries\":[]}}", 0},
        {"{\"log\":{\"entries\":[{\"a\":1", "{\"log\":{\"entries\":[]}}", 0},
        {"{\"log\":{\"entries\":[{\"a\":1}", "{\"log\":{\"entries\":[{\"a\":1}]}}", 1},
        {"{\"log\":{\"entries\":[{\"a\":1}, {\"b\":[{", "{\"log\":{\"entries\":[{\"a\":1}]}}", 1},
        {"{\"log\":{\"entries\":[{},{}]", "{\"log\":{\"entries\":[{},{}]}}", 2},
        {"{\"log\":{\"entries\":[{},{}],\"pages\":[{},{\"id\":",
         "{\"log\":{\"entries\":[{},{}],\"pages\":[{}]}}", 2},
        {"{\"log\":{\"entries\":[{}],\"x\":{\"entries\":[1,2]},\"y\":[5,6", /* those are not entries
                                                                             */
         "{\"log\":{\"entries\":[{}],\"x\":{\"entries\":[1,2]},\"y\":[5]}}", 1},
        {"{\"log\":{\"entries\":{\"a\":{}},\"b", "{\"log\":{\"entries\":{\"a\":{}}}}", 0},
        {"{\"log\":{\"entries\":[{\"a\":1},{\"b\" 2},{\"c\":3}]}}",
         "{\"log\":{\"entries\":[{\"a\":1}]}}", 1},
        {"{\"log\":{\"entries\":[{\"a\":1},{\"b\":\"\\x\"},{}]}}",
         "{\"log\":{\"entries\":[{\"a\":1}]}}", 1},
    };
    hsn_buf kept = new_buf();
    for (size_t i = 0; i < COUNT(table); i++) {
        for (size_t chunk = 0; chunk < 4; chunk++) {
            harsan_cut cut = salvage(hsn_str_z(table[i].text), chunk, &kept);
            assert_same(hsn_buf_str(&kept), hsn_str_z(table[i].want), table[i].text);
            assert_int_equal(cut.entries, table[i].entries);
            assert_true(cut.broken && cut.why.line == 1 && cut.why.column == cut.why.offset + 1);
        }
    }
    hsn_buf_deinit(&kept);
}

static void expect_valid(hsn_str text)
{
    job j = {.rules = empty};
    cleaned c;
    clean(&j, text, &c);
    assert_int_equal(c.status, HARSAN_OK);
    cleaned_free(&c);
}

/* Cut off after any byte: entries never become fewer, the result is always valid. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    hsn_buf text = new_buf();
    hsn_buf kept = new_buf();
    uint64_t entries = 0;
    read_file("samples/har-1.1.har", &text);
    for (size_t n = 1; n < text.n; n++) {
        harsan_cut cut = salvage(hsn_str_cut(hsn_buf_str(&text), 0, n), n % 100, &kept);
        assert_true(cut.entries >= entries);
        entries = cut.entries;
        expect_valid(hsn_buf_str(&kept));
    }
    assert_true(entries > 0);
    harsan_cut whole = salvage(hsn_buf_str(&text), 0, &kept);
    assert_false(whole.broken);
    assert_int_equal(whole.entries, entries);
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&kept);
}

static void test_broken_anywhere(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {0, '"', '}', ',', '\\', 'x'};
    hsn_buf text = new_buf();
    hsn_buf kept = new_buf();
    read_file("samples/duplicate-keys.har", &text);
    for (size_t at = 0; at < text.n; at++) {
        unsigned char was = text.p[at];
        text.p[at] = bytes[at % sizeof bytes];
        harsan_cut cut = salvage(hsn_buf_str(&text), at % 70, &kept);
        if (cut.keep > 0) {
            expect_valid(hsn_buf_str(&kept));
        }
        text.p[at] = was;
    }
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&kept);
}

/* Strings of any length, in little memory; lines are counted through them. */
static void test_long_strings(void **state)
{
    (void)state;
    enum { LONG = 3 << 20 };
    hsn_buf text = new_buf();
    hsn_buf kept = new_buf();
    hsn_buf_printf(&text, "{\"log\":{\"entries\":[{\"a\":\"");
    for (size_t i = 0; i < LONG; i++) {
        hsn_buf_put(&text, 'a');
    }
    hsn_buf_printf(&text, "\"},\n{\"b\":\"");
    for (size_t i = 0; i < LONG; i++) {
        hsn_buf_put(&text, 'b');
    }
    for (size_t chunk = 0; chunk < 200000; chunk += 77777) {
        harsan_cut cut = salvage(hsn_buf_str(&text), chunk, &kept);
        assert_int_equal(cut.entries, 1);
        assert_int_equal(cut.why.line, 2);
        assert_true(cut.keep > LONG && cut.keep < LONG + 100);
    }
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_broken_anywhere),
        cmocka_unit_test(test_long_strings),
    };
    return cmocka_run_group_tests(tests, set_up_empty, tear_down_empty);
}
