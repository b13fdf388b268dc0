/*
 * Rule files: what each key means, and what is said of each mistake, with line and column.
 */
#include "rule_text.h"

#define ON_LINE_2(text) "{ \"rules\": [\n  " text "\n]}"

static const struct {
    const char *text;
    unsigned line;
    unsigned column;
    const char *message;
} mistakes[] = {
    {"[]", 1, 1, "a rule file is"},
    {"{}", 1, 2, "no \"rules\""},
    {"\"x\"", 1, 1, "a rule file is"},
    {"{\"rules\": 3}", 1, 11, "a rule file is"},
    {"{\"rules\": [], \"rules\": []}", 1, 15, "given twice"},
    {"{\"rule\": []}", 1, 2, "unknown key \"rule\""},
    {"{\"rules\": [1]}", 1, 12, "must be an object"},
    {"{\"rules\": [[]]}", 1, 12, "must be an object"},
    {"{\"rules\": [\n", 1 + 1, 1, "premature EOF"},
    {"{\"rules\": []} x", 1, 15, "invalid char"},
    {"  ", 1, 3, "premature EOF"},
    {"/* never ends", 1, 14, "premature EOF"},
    {"{\"rules\": [\n /* , */ // :\n {\"id\" : \"a\",\t\"ic\":1}]}", 3, 15, "unknown key \"ic\""},
    {ON_LINE_2("{}"), 2, 3, "no \"id\""},
    {ON_LINE_2("{\"id\": 3}"), 2, 10, "\"id\" must be a string"},
    {ON_LINE_2("{\"id\": null}"), 2, 10, "\"id\" must be a string"},
    {ON_LINE_2("{\"id\": \"A\"}"), 2, 10, "a-z, 0-9"},
    {ON_LINE_2("{\"id\": \"\"}"), 2, 10, "\"id\" is empty"},
    {ON_LINE_2("{\"id\": \"a\", \"id\": \"b\"}"), 2, 15, "given twice"},
    {ON_LINE_2("{\"id\": \"a\"}"), 2, 3, "no \"what\""},
    {ON_LINE_2("{\"id\": \"a\",\n\"what\": \"two\\nlines\"}"), 3, 9, "one line"},
    {ON_LINE_2("{\"id\": \"a\", \"what\": \"w\"}"), 2, 3, "no \"category\""},
    {ON_LINE_2("{\"id\":\"a\",\"what\":\"w\",\"category\":\"tokens\"}"), 2, 35,
     "unknown \"category\": \"tokens\""},
    {ON_LINE_2("{\"id\":\"a\",\"what\":\"w\",\"category\":\"id\",\"where\":[\"body\"]}"), 2, 49,
     "unknown \"where\": \"body\""},
    {ON_LINE_2("{\"id\":\"a\",\"what\":\"w\",\"category\":\"id\",\"where\":[]}"), 2, 48,
     "\"where\" is empty"},
    {ON_LINE_2("{\"id\":\"a\",\"what\":\"w\",\"category\":\"id\",\"names\":[\"x\"]}"), 2, 3,
     "no \"hit\""},
    {ON_LINE_2("{\"id\":\"a\",\"what\":\"w\",\"category\":\"id\",\"hit\":[\"x=\"]}"), 2, 3,
     "no \"miss\""},
    {FILE_OF("{\"id\":\"a\"," COMMON "}"), 1, 11, "no \"names\", \"pattern\" or"},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"pack\":\"all\"}"), 1, 86, "unknown \"pack\""},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"off\":1}"), 1, 85, "must be true or false"},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"names\":{}}"), 1, 87, "must be a list of strings"},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"names\":[[]]}"), 1, 88, "must be a list of strings"},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"names\":[true]}"), 1, 88, "must be a list of strings"},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"names\":[]}"), 1, 87, "\"names\" is empty"},
    {FILE_OF(NAME_RULE("a", "\"12\"", "")), 1, 88, "no name: \"12\""},
    {FILE_OF(NAME_RULE("a", "\"x\"", ",\"match\":\"any\"")), 1, 101, "unknown \"match\": \"any\""},
    {FILE_OF(NAME_RULE("a", "\"x\"", ",\"value\":\"foo\"")), 1, 101, "unknown \"value\": \"foo\""},
    {FILE_OF(NAME_RULE("a", "\"x\"", ",\"action\":\"go\"")), 1, 102, "unknown \"action\": \"go\""},
    {FILE_OF(NAME_RULE("a", "\"x\"", ",\"max\":9")), 1, 99, "does not go with \"names\""},
    {FILE_OF("{\"id\":\"a\",\"what\":\"w\",\"category\":\"id\",\"names\":[\"x\"],"
             "\"hit\":[\"x=1\"],\"miss\":[\"x\"]}"),
     1, 84, "\"miss\" of a name rule must be name=value"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"names\":[\"x\"]")), 1, 11, "only one of"},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"detect\":\"all\"}"), 1, 88, "unknown \"detect\": \"all\""},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"detect\":\"ip\",\"max\":9}"), 1, 99,
     "does not go with \"detect\""},
    {FILE_OF(PATTERN_RULE("a", "\"ab\"", "ab", "")), 1, 89, "shorter than 3 bytes"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\",\"---\"", "ab", "")), 1, 95, "no letter or digit"},
    {FILE_OF(PATTERN_RULE("a", "\"--ab\"", "ab", "")), 1, 89, "3 bytes from its first letter"},
    {FILE_OF(PATTERN_RULE("a", "\"abcdef\"", "ab", ",\"max\":5")), 1, 89, "longer than \"max\""},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "ab(", "")), 1, 106, "does not compile: byte 3"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "(*UTF)a", "")), 1, 106, "does not compile"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"check\":\"x\"")), 1, 120,
     "unknown \"check\": \"x\""},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":0")), 1, 118, "\"max\" must be"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":1e3")), 1, 118, "a whole number"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":2")), 1, 118, "3 to 1048576"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":1048577")), 1, 118, "3 to 1048576"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":18446744073709551621")), 1, 118,
     "3 to 1048576"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":99999999999999999999")), 1, 118,
     "\"max\" must be"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before\":\"x\"")), 1, 121,
     "unknown \"before\": \"x\""},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before_min\":9")), 1, 125,
     "\"before_min\" needs \"before\""},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before_max\":9")), 1, 125,
     "\"before_max\" needs \"before\""},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before\":\"hex\",\"before_min\":0")), 1, 140,
     "\"before_min\" must be 1 to 4096"},
    {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc",
                          ",\"before\":\"hex\",\"before_min\":9,"
                          "\"before_max\":8")),
     1, 155, "\"before_max\" must be 9 to 4096"},
    {FILE_OF(NAME_RULE("a", "\"x\"", ",\"before\":\"hex\"")), 1, 102, "does not go with \"names\""},
    {FILE_OF("{\"id\":\"a\"," COMMON ",\"pattern\":\"abc\"}"), 1, 11, "no \"anchor\""},
    {FILE_OF(NAME_RULE("a", "\"x\"", "") "," NAME_RULE("a", "\"y\"", "")), 1, 100,
     "id \"a\" is used twice"},
};

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < HSN_COUNT(mistakes); i++) {
        harsan_rules *r = NULL;
        harsan_error err;
        const harsan_status status =
            harsan_rules_parse(&r, mistakes[i].text, strlen(mistakes[i].text), false, 0, &err);
        assert_int_equal(status, HARSAN_E_RULES);
        assert_null(r);
        if (strstr(err.message, mistakes[i].message) == NULL || err.line != mistakes[i].line ||
            err.column != mistakes[i].column) {
            fail_msg("%s\ngot %u:%u %s\nwant %u:%u %s", mistakes[i].text, (unsigned)err.line,
                     (unsigned)err.column, err.message, mistakes[i].line, mistakes[i].column,
                     mistakes[i].message);
        }
    }
}

static void messages_hold_printable_text_only(void **state)
{
    (void)state;
    harsan_rules *r = NULL;
    harsan_error err;
    const char *const text =
        "{\"rules\":[{\"\\u001b[31m\\u0000%s%n" TOKEN20 TOKEN20 TOKEN20 "\":1}]}";
    assert_int_equal(harsan_rules_parse(&r, text, strlen(text), false, 0, &err), HARSAN_E_RULES);
    assert_non_null(strstr(err.message, "?[31m?%s%n" TOKEN20));
    assert_non_null(strstr(err.message, "...\""));
}

static void usage_is_checked(void **state)
{
    (void)state;
    harsan_rules *r = NULL;
    assert_int_equal(harsan_rules_parse(&r, NULL, 1, false, 0, NULL), HARSAN_E_USAGE);
    assert_int_equal(harsan_rules_parse(&r, "", 0, false, 1u << 9, NULL), HARSAN_E_USAGE);
    assert_null(r);
    harsan_rules_free(NULL);
    hsn_matcher_free(NULL);
}

static void the_empty_set_knows_nothing(void **state)
{
    (void)state;
    harsan_rules *r = parse_rules("", 0);
    hsn_matcher *m = hsn_matcher_new();
    hsn_hit hit;
    harsan_rule_info info;
    assert_true(hsn_rules_empty(r));
    assert_false(harsan_rules_info(r, 0, &info));
    assert_string_equal(rule_id_of_name(r, "password]", HSN_IN_KEY), "none");
    assert_false(hsn_rules_name_may_end(r, (const unsigned char *)"a]" + 2, 2));
    assert_false(hsn_rules_match_at(r, m, HSN_S("tok_abcd"), 0, HSN_IN_TEXT, &hit));
    assert_int_equal(strlen(harsan_rules_version(r)), 16);
    hsn_matcher_free(m);
    harsan_rules_free(r);
}

static void every_key_arrives(void **state)
{
    (void)state;
    harsan_rules *r = parse_rules(
        "\xef\xbb\xbf// a comment\n" FILE_OF(
            "{\"id\":\"n\",\"what\":\"the n\",\"category\":\"otp\",\"pack\":\"pii\",\"where\":"
            "[\"cookie\",\"text\"],\"names\":[\"x\"],\"match\":\"glued\",\"value\":\"code\","
            "\"action\":\"scheme\",\"numbers\":true,\"hit\":[\"x=1\",\"x=2\"],\"miss\":[\"x=\"]},"
            PATTERN_RULE("p", "\"abc\"", "abc", ",\"max\":77,\"check\":\"luhn\",\"nocase\":false")),
        HARSAN_PACK_PII);
    const hsn_rule *n = hsn_rules_at(r, 0);
    const hsn_rule *p = hsn_rules_at(r, 1);
    assert_string_equal(n->id, "n");
    assert_string_equal(n->what, "the n");
    assert_string_equal(n->category, "otp");
    assert_string_equal(n->pack, "pii");
    assert_int_equal(n->pack_bit, HARSAN_PACK_PII);
    assert_int_equal(n->where, HSN_IN_COOKIE | HSN_IN_TEXT);
    assert_int_equal(n->match, HSN_GLUED);
    assert_int_equal(n->guard, HSN_GUARD_CODE);
    assert_int_equal(n->action, HSN_SCHEME);
    assert_true(n->numbers);
    assert_null(n->regex);
    assert_non_null(p->regex);
    assert_int_equal(p->max, 77);
    assert_ptr_equal(p->check, hsn_valid_luhn);
    assert_int_equal(p->where, HSN_IN_ANY);
    assert_string_equal(p->pack, "default");
    assert_int_equal(p->index, 1);
    assert_null(hsn_rules_at(r, 2));
    const hsn_samples s = hsn_rules_samples(r, 0);
    assert_int_equal(s.n_hit, 2);
    assert_int_equal(s.n_miss, 1);
    assert_true(hsn_str_eq(s.hit[1], HSN_S("x=2")));
    harsan_rules_free(r);
}

static void detectors_are_switched_on(void **state)
{
    (void)state;
    const char *const text = FILE_OF("{\"id\":\"a\"," COMMON ",\"detect\":\"email\"},"
                                     "{\"id\":\"b\"," COMMON ",\"detect\":\"email\"},"
                                     "{\"id\":\"c\"," COMMON ",\"detect\":\"ip\","
                                     "\"pack\":\"network\"}");
    harsan_rules *r = parse_rules(text, 0);
    harsan_rules *network = parse_rules(text, HARSAN_PACK_NETWORK);
    assert_string_equal(rule_id(hsn_rules_detector(r, HSN_DETECT_EMAIL)), "a");
    assert_null(hsn_rules_detector(r, HSN_DETECT_IP));
    assert_null(hsn_rules_detector(r, HSN_DETECT_NONE));
    assert_string_equal(rule_id(hsn_rules_detector(network, HSN_DETECT_IP)), "c");
    assert_false(hsn_rules_empty(r));
    harsan_rules_free(r);
    harsan_rules_free(network);
}

static void packs_are_listed_and_sleep(void **state)
{
    (void)state;
    const char *const text =
        FILE_OF(NAME_RULE("birth", "\"birthday\"", ",\"pack\":\"pii\"") ","
                PATTERN_RULE("net", "\"net:\"", "net:([a-z]+)", ",\"pack\":\"network\""));
    harsan_rules *none = parse_rules(text, 0);
    harsan_rules *pii = parse_rules(text, HARSAN_PACK_PII);
    harsan_rule_info info;
    assert_true(harsan_rules_info(none, 1, &info));
    assert_string_equal(info.pack, "network");
    assert_true(hsn_rules_empty(none));
    assert_string_equal(rule_id_of_name(none, "birthday", HSN_IN_KEY), "none");
    assert_string_equal(rule_id_of_name(pii, "birthday", HSN_IN_KEY), "birth");
    assert_string_not_equal(harsan_rules_version(none), harsan_rules_version(pii));
    harsan_rules_free(none);
    harsan_rules_free(pii);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(messages_hold_printable_text_only),
        cmocka_unit_test(usage_is_checked),
        cmocka_unit_test(the_empty_set_knows_nothing),
        cmocka_unit_test(every_key_arrives),
        cmocka_unit_test(detectors_are_switched_on),
        cmocka_unit_test(packs_are_listed_and_sleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
