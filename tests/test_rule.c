/*
 * Rules: files and their errors, names, anchors, patterns, detectors, samples, the built-in set.
 *
 * Rule texts stand inline; tokens are made from templates when the test runs.
 */
#include "rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SEED 7

/* What every rule needs besides what a case is about. */
#define COMMON "\"what\":\"w\",\"category\":\"token\",\"hit\":[\"a=b\"],\"miss\":[\"a=\"]"
#define NAME_RULE(id, names, more) "{\"id\":\"" id "\"," COMMON ",\"names\":[" names "]" more "}"
#define PATTERN_RULE(id, anchor, pattern, more) \
    "{\"id\":\"" id "\"," COMMON ",\"anchor\":[" anchor "],\"pattern\":\"" pattern "\"" more "}"
#define FILE_OF(rules) "{\"rules\":[" rules "]}"

static bool may_start(const harsan_rules *r, const unsigned char *p, size_t n)
{
    unsigned char four[4] = {0};
    memcpy(four, p, n < sizeof four ? n : sizeof four);
    return n >= 3 && hsn_leads_have(hsn_rules_leads(r), four);
}

static harsan_rules *parse(const char *text, unsigned packs)
{
    harsan_rules *r = NULL;
    harsan_error err;
    if (harsan_rules_parse(&r, text, strlen(text), false, packs, &err) != HARSAN_OK) {
        fail_msg("%u:%u: %s", (unsigned)err.line, (unsigned)err.column, err.message);
    }
    return r;
}

static const char *id_of(const hsn_rule *rule)
{
    return rule != NULL ? rule->id : "none";
}

static const char *name_id(const harsan_rules *r, const char *raw, unsigned where)
{
    return id_of(hsn_rules_name(r, hsn_str_z(raw), where, NULL));
}

/* ---------------------------------------------------------------- names */

static void names_have_one_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        const char *want; /* words separated by spaces, NULL = refused */
    } cases[] = {
        {"X-Auth-Token", "x auth token"},
        {"x_auth_token", "x auth token"},
        {"xAuthToken", "x auth token"},
        {"XAuthToken", "x auth token"},
        {"APIKey", "api key"},
        {"apikey", "apikey"},
        {"APIKEY", "apikey"},
        {"oauth2Token", "oauth2 token"},
        {"password2", "password2"},
        {"a.b:c$d e", "a b c d e"},
        {"user[address][zip]", "zip"},
        {"user%5Baddress%5D%5bzipCode%5d", "zip code"},
        {"tokens[]", "tokens"},
        {"password[0]", "password"},
        {"a[b][0][]", "b"},
        {"$.user[\"password\"]", "password"},
        {"user[password].old", "user password old"},
        {"a[b].c", "a b c"},
        {"password]", "password"},
        {"contrase\xc3\xb1" "a", "contrase\xc3\xb1" "a"},
        {"", NULL},
        {"[]", NULL},
        {"42", NULL},
        {"--", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_name name;
        const bool good = hsn_name_normalise(hsn_str_z(cases[i].raw), &name);
        assert_int_equal(good, cases[i].want != NULL);
        if (!good) {
            continue;
        }
        char got[2 * HSN_NAME_MAX] = "";
        size_t n = 0;
        for (size_t k = 0, w = 0; k < name.n; k++) {
            if (w < name.n_words && name.starts[w] == k) {
                n += k > 0 ? (size_t)snprintf(got + n, 2, " ") : 0;
                w++;
            }
            n += (size_t)snprintf(got + n, 2, "%c", name.text[k]);
        }
        assert_string_equal(got, cases[i].want);
    }
}

static void names_are_bounded(void **state)
{
    (void)state;
    char raw[4096];
    hsn_name name;
    memset(raw, 'a', sizeof raw);
    assert_true(hsn_name_normalise(hsn_str_of(raw, HSN_NAME_MAX), &name));
    assert_int_equal(name.n, HSN_NAME_MAX);
    assert_false(hsn_name_normalise(hsn_str_of(raw, HSN_NAME_MAX + 1), &name));
    for (size_t i = 1; i < sizeof raw; i += 2) {
        raw[i] = '_';
    }
    assert_true(hsn_name_normalise(hsn_str_of(raw, 80), &name));
    assert_int_equal(name.n, 40);
    assert_int_equal(name.n_words, HSN_NAME_WORDS);
    assert_int_equal(name.starts[0], 0);
    assert_int_equal(name.starts[HSN_NAME_WORDS - 1], 39);
}

static const char name_rules[] = FILE_OF(
    NAME_RULE("token", "\"token\",\"auth_token\"", "")
    "," NAME_RULE("token-type", "\"token_type\"", ",\"action\":\"keep\",\"match\":\"exact\"")
    "," NAME_RULE("auth-exact", "\"auth\"", ",\"match\":\"exact\"")
    "," NAME_RULE("data", "\"auth\",\"session_token\"",
                  ",\"match\":\"exact\",\"action\":\"inside\"")
    "," NAME_RULE("amz", "\"x-amz\"", ",\"match\":\"prefix\",\"where\":[\"header\"]")
    "," NAME_RULE("secret", "\"secret\"", ",\"match\":\"glued\"")
    "," NAME_RULE("sec-ret", "\"ret\"", ",\"match\":\"glued\"")
    "," NAME_RULE("pin", "\"pin\",\"pw\"", ",\"match\":\"exact\",\"where\":[\"param\",\"field\"]")
    "," NAME_RULE("card", "\"card_number\"", ",\"numbers\":true,\"value\":\"digits\"")
    "," NAME_RULE("second", "\"token\"", "")
    "," NAME_RULE("header-only", "\"only\"", ",\"where\":[\"header\"]")
    "," NAME_RULE("elsewhere", "\"only\"", ""));

static const struct name_case {
    const char *raw;
    unsigned where;
    const char *want;
    bool plural;
} name_cases[] = {
    {"token", HSN_IN_KEY, "token", false},
    {"accessToken", HSN_IN_KEY, "token", false},
    {"Access-Tokens", HSN_IN_KEY, "token", true},
    {"tokens", HSN_IN_KEY, "token", true},
    {"xtoken", HSN_IN_KEY, "none", false},
    {"token_x", HSN_IN_KEY, "none", false},
    {"token_type", HSN_IN_KEY, "token-type", false},
    {"tokenTypes", HSN_IN_KEY, "token-type", true},
    {"x_token_type", HSN_IN_KEY, "none", false},
    {"auth", HSN_IN_KEY, "data", false},
    {"session-token", HSN_IN_KEY, "data", false},
    {"my-session-token", HSN_IN_KEY, "token", false},
    {"X-Amz-Signature", HSN_IN_HEADER, "amz", false},
    {"X-Amz-Signature", HSN_IN_PARAM, "none", false},
    {"x-amzn", HSN_IN_HEADER, "none", false},
    {"x-amz-token", HSN_IN_HEADER, "token", false}, /* equal length: suffix before prefix */
    {"x-amz-a-token", HSN_IN_HEADER, "token", false},
    {"clientSecret", HSN_IN_KEY, "secret", false},
    {"mysecret", HSN_IN_KEY, "secret", false},
    {"mysecrets", HSN_IN_KEY, "secret", true},
    {"secretive", HSN_IN_KEY, "none", false},
    {"pin", HSN_IN_PARAM, "pin", false},
    {"p_in", HSN_IN_PARAM, "pin", false},
    {"PIN", HSN_IN_FIELD, "pin", false},
    {"pin", HSN_IN_KEY, "none", false},
    {"spin", HSN_IN_PARAM, "none", false},
    {"pw", HSN_IN_PARAM, "pin", false},
    {"form[0][pw]", HSN_IN_PARAM, "pin", false},
    {"form%5Bpw%5D", HSN_IN_PARAM, "pin", false},
    {"cardNumber", HSN_IN_KEY, "card", false},
    {"only", HSN_IN_HEADER, "header-only", false},
    {"only", HSN_IN_COOKIE, "elsewhere", false},
    {"", HSN_IN_KEY, "none", false},
    {"s", HSN_IN_KEY, "none", false},
};

static void the_right_rule_has_the_name(void **state)
{
    (void)state;
    harsan_rules *r = parse(name_rules, 0);
    for (size_t i = 0; i < COUNT(name_cases); i++) {
        const struct name_case *c = &name_cases[i];
        bool plural = true;
        const hsn_rule *rule = hsn_rules_name(r, hsn_str_z(c->raw), c->where, &plural);
        if (strcmp(id_of(rule), c->want) != 0 || plural != c->plural) {
            fail_msg("%s: got %s, want %s", c->raw, id_of(rule), c->want);
        }
    }
    harsan_rules_free(r);
}

static void the_end_of_a_long_name_counts(void **state)
{
    (void)state;
    harsan_rules *r = parse(name_rules, 0);
    char raw[400];
    memset(raw, 'q', sizeof raw);
    memcpy(raw + sizeof raw - 7, "$Token", 7);
    assert_string_equal(name_id(r, raw, HSN_IN_PARAM), "token");
    memcpy(raw + sizeof raw - 4, "$pw", 4);
    assert_string_equal(name_id(r, raw, HSN_IN_PARAM), "none"); /* exact: not the whole name */
    harsan_rules_free(r);
}

/* hsn_rules_name_may_end must never deny a name that the tables know, whatever stands before it. */
static void no_known_name_is_filtered_out(void **state)
{
    (void)state;
    harsan_rules *r = parse(name_rules, 0);
    static const char *const before[] = {"", "&", "{\"", "?", "x ", "\xff=", "a=b&", "  -  "};
    for (size_t i = 0; i < COUNT(name_cases); i++) {
        const struct name_case *c = &name_cases[i];
        if (strcmp(c->want, "none") == 0 || strcmp(c->want, "amz") == 0) {
            continue; /* prefix rules are not for free text */
        }
        for (size_t k = 0; k < COUNT(before); k++) {
            char text[64];
            const size_t n = (size_t)snprintf(text, sizeof text, "%s%s", before[k], c->raw);
            const size_t readable = k == 0 ? strlen(c->raw) : n;
            assert_true(hsn_rules_name_may_end(r, (unsigned char *)text + n, readable));
        }
    }
    assert_false(hsn_rules_name_may_end(r, (const unsigned char *)"width" + 5, 5));
    assert_false(hsn_rules_name_may_end(r, (const unsigned char *)"", 0));
    harsan_rules_free(r);
}

/* The same for names put together at random from pieces that meet the tables often. */
static void random_names_agree_with_the_filter(void **state)
{
    (void)state;
    harsan_rules *r = parse(name_rules, 0);
    static const char *const piece[] = {
        "token", "Tok", "en",  "s",   "_", "-",    "[",      "]", "%5B",  "%5D",
        "pin",   "PW",  "p",   "w",   "i", "n",    "auth",   "s", "sec",  "ret",
        "0",     " ",   "    ", "%",  "$", "card", "Number", ".", "only",
    };
    unsigned seed = 1;
    size_t found = 0;
    for (size_t i = 0; i < 200000; i++) {
        char text[128];
        size_t n = 0;
        for (size_t k = 0; k < 1 + i % 7; k++) {
            seed = seed * 1103515245u + 12345u;
            const char *p = piece[(seed >> 16) % COUNT(piece)];
            n += (size_t)snprintf(text + n, sizeof text - n, "%s", p);
        }
        const hsn_rule *rule = hsn_rules_name(r, hsn_str_of(text, n), HSN_IN_FIELD, NULL);
        found += rule != NULL;
        if (rule != NULL && !hsn_rules_name_may_end(r, (unsigned char *)text + n, n)) {
            fail_msg("filtered out: %s", text);
        }
    }
    assert_true(found > 1000);
    harsan_rules_free(r);
}

/* ---------------------------------------------------------------- patterns */

#define TOKEN20 "abcdefghij0123456789"

static const char pattern_rules[] = FILE_OF(
    PATTERN_RULE("short", "\"tok_\"", "tok_[a-z]{4}(?![a-z0-9])", "")
    "," PATTERN_RULE("long", "\"tok_\",\"tik_\"", "t[io]k_([a-z0-9]{20})\\\\b", "")
    "," PATTERN_RULE("exact", "\"exa\"", "\\\\bexa[0-9]{4}\\\\b", ",\"max\":7")
    "," PATTERN_RULE("open", "\"open-\"", "open-([a-z]+)", ",\"max\":16")
    "," PATTERN_RULE("pem", "\"-----BEGIN \"", "-----BEGIN [A-Z]+-----([^-]+)", "")
    "," PATTERN_RULE("hook", "\"/api/hooks/\"", "/api/hooks/([0-9]+)", ",\"where\":[\"param\"]")
    "," PATTERN_RULE("mixed", "\"Bearer \"", "(?i)bearer ([a-z]{5,})", ",\"nocase\":true")
    "," PATTERN_RULE("slow", "\"slow\"", "slow(?:(?:a|a)+)+b", "")
    "," PATTERN_RULE("sum", "\"num:\"", "num:([0-9]+)", ",\"check\":\"luhn\"")
    "," PATTERN_RULE("reset", "\"rst\"", "rst\\\\K", ""));

static const struct pattern_case {
    const char *text;
    unsigned where;
    size_t at; /* of the run */
    const char *want;
    size_t off;
    size_t len;
    size_t end;
} pattern_cases[] = {
    {"x tok_abcd;", HSN_IN_TEXT, 2, "short", 2, 8, 10},
    {"tok_" TOKEN20, HSN_IN_TEXT, 0, "long", 4, 20, 24},
    {"tik_" TOKEN20 "!", HSN_IN_TEXT, 0, "long", 4, 20, 24},
    {"tok_" TOKEN20 "x", HSN_IN_TEXT, 0, "none", 0, 0, 0},
    {"Tok_abcd", HSN_IN_TEXT, 0, "none", 0, 0, 0},
    {"tok", HSN_IN_TEXT, 0, "none", 0, 0, 0},
    {"to", HSN_IN_TEXT, 0, "none", 0, 0, 0},
    {"exa1234", HSN_IN_TEXT, 0, "exact", 0, 7, 7},
    {"exa1234,5", HSN_IN_TEXT, 0, "exact", 0, 7, 7},
    {"exa12345", HSN_IN_TEXT, 0, "none", 0, 0, 0},
    {"_exa1234", HSN_IN_TEXT, 1, "none", 0, 0, 0}, /* \b looks behind */
    {"-exa1234", HSN_IN_TEXT, 1, "exact", 1, 7, 8},
    {"open-abcdefghijk&x=y", HSN_IN_TEXT, 0, "open", 5, 11, 16},
    {"\r-----BEGIN KEY-----abc-", HSN_IN_TEXT, 6 + 0, "pem", 20, 3, 23},
    {"BEGIN KEY-----abc-", HSN_IN_TEXT, 0, "none", 0, 0, 0},
    {"x/api/hooks/123", HSN_IN_PARAM, 2, "hook", 12, 3, 15},
    {"x/api/hooks/123", HSN_IN_TEXT, 2, "none", 0, 0, 0},
    {"BEARER abcdef.", HSN_IN_HEADER, 0, "mixed", 7, 6, 13},
    {"num:18", HSN_IN_TEXT, 0, "sum", 4, 2, 6},
    {"num:19", HSN_IN_TEXT, 0, "none", 0, 0, 0},
    {"rst", HSN_IN_TEXT, 0, "none", 0, 0, 0}, /* an empty match is none */
};

static void patterns_stand_where_their_anchor_does(void **state)
{
    (void)state;
    harsan_rules *r = parse(pattern_rules, 0);
    hsn_matcher *m = hsn_matcher_new();
    for (size_t i = 0; i < COUNT(pattern_cases); i++) {
        const struct pattern_case *c = &pattern_cases[i];
        hsn_hit hit;
        const bool found = hsn_rules_match_at(r, m, hsn_str_z(c->text), c->at, c->where, &hit);
        if (strcmp(found ? hit.rule->id : "none", c->want) != 0) {
            fail_msg("%s: got %s, want %s", c->text, found ? hit.rule->id : "none", c->want);
        }
        if (found) {
            assert_int_equal(hit.off, c->off);
            assert_int_equal(hit.len, c->len);
            assert_int_equal(hit.end, c->end);
            assert_false(hit.limit);
        }
    }
    hsn_matcher_free(m);
    harsan_rules_free(r);
}

#define HEX8 "0a1b2c3d"

/* Anchors behind the beginning of the token. */
static const char before_rules[] = FILE_OF(
    PATTERN_RULE("hex", "\"-us1\"", "-us[0-9]+", ",\"before\":\"hex\",\"before_min\":8,"
                                                 "\"before_max\":8")
    "," PATTERN_RULE("b64", "\"+ASt\"", "(\\\\+ASt[0-9]{2})=*", ",\"before\":\"base64\","
                                                 "\"before_min\":4,\"before_max\":6")
    "," PATTERN_RULE("word", "\":end\"", ":end", ",\"before\":\"word\"")
    "," PATTERN_RULE("host", "\".corp\"", "[.]corp\\\\b", ",\"before\":\"host\"")
    "," PATTERN_RULE("slow", "\".slow\"", "[.]slow(?:(?:a|a)+)+b", ",\"before\":\"word\""));

static void a_match_is_extended_backwards(void **state)
{
    (void)state;
    static const struct pattern_case cases[] = {
        {"k=" HEX8 "-us14;", HSN_IN_TEXT, 11, "hex", 2, 13, 15},
        {HEX8 "-us1", HSN_IN_TEXT, 9, "hex", 0, 12, 12},
        {"xyz" HEX8 "-us1", HSN_IN_TEXT, 12, "hex", 3, 12, 15}, /* z is not of the class */
        {"a1b2c3d-us1", HSN_IN_TEXT, 8, "none", 0, 0, 0},        /* too few */
        {"0" HEX8 "-us1", HSN_IN_TEXT, 10, "none", 0, 0, 0},     /* too many */
        {"-us1", HSN_IN_TEXT, 1, "none", 0, 0, 0},
        {"/path/a_b-c+ASt12==.", HSN_IN_TEXT, 12, "b64", 5, 12, 19}, /* the last six */
        {"a-b+ASt12", HSN_IN_TEXT, 4, "none", 0, 0, 0},
        {"x a_b-1:end", HSN_IN_TEXT, 8, "word", 2, 9, 11},
        {" :end", HSN_IN_TEXT, 2, "none", 0, 0, 0},
        {"//db-1.eu.corp/", HSN_IN_TEXT, 10, "host", 2, 12, 14},
    };
    harsan_rules *r = parse(before_rules, 0);
    hsn_matcher *m = hsn_matcher_new();
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct pattern_case *c = &cases[i];
        hsn_hit hit;
        const bool found = hsn_rules_match_at(r, m, hsn_str_z(c->text), c->at, c->where, &hit);
        if (strcmp(found ? hit.rule->id : "none", c->want) != 0) {
            fail_msg("%s: got %s, want %s", c->text, found ? hit.rule->id : "none", c->want);
        }
        if (found && (hit.off != c->off || hit.len != c->len || hit.end != c->end)) {
            fail_msg("%s: got %zu+%zu, %zu", c->text, hit.off, hit.len, hit.end);
        }
    }
    hsn_matcher_free(m);
    harsan_rules_free(r);
}

static void a_limit_extends_backwards_too(void **state)
{
    (void)state;
    harsan_rules *r = parse(before_rules, 0);
    hsn_matcher *m = hsn_matcher_new();
    char text[4096];
    hsn_hit hit;
    memset(text, 'a', sizeof text);
    memcpy(text, "\"key.slow", 9);
    text[3000] = '"';
    text[3500] = 'b';
    assert_true(hsn_rules_match_at(r, m, hsn_str_of(text, sizeof text), 5, HSN_IN_TEXT, &hit));
    assert_true(hit.limit);
    assert_int_equal(hit.off, 1);
    assert_int_equal(hit.len, 2999);
    hsn_matcher_free(m);
    harsan_rules_free(r);
}

static void a_limit_is_a_hit(void **state)
{
    (void)state;
    harsan_rules *r = parse(pattern_rules, 0);
    hsn_matcher *m = hsn_matcher_new();
    char text[4096];
    hsn_hit hit;

    memset(text, 'a', sizeof text);
    memcpy(text, "=slow", 5);
    text[3000] = '"';
    text[3500] = 'b'; /* else pcre2 sees at once that the b is missing */
    assert_true(hsn_rules_match_at(r, m, hsn_str_of(text, sizeof text), 1, HSN_IN_TEXT, &hit));
    assert_string_equal(hit.rule->id, "slow");
    assert_true(hit.limit);
    assert_int_equal(hit.off, 1);
    assert_int_equal(hit.len, 2999);
    assert_int_equal(hit.end, 3000);

    /* Longer than `max`: no tail of the token is left, and what follows the token stays. */
    const char *const longer = "open-abcdefghijklmnopq_rs.t0&x=y";
    assert_true(hsn_rules_match_at(r, m, hsn_str_z(longer), 0, HSN_IN_TEXT, &hit));
    assert_true(hit.limit);
    assert_int_equal(hit.off, 5);
    assert_int_equal(hit.end, strchr(longer, '&') - longer);
    assert_int_equal(hit.off + hit.len, hit.end);
    hsn_matcher_free(m);
    harsan_rules_free(r);
}

static void anchors_are_filtered_by_four_bytes(void **state)
{
    (void)state;
    harsan_rules *r = parse(pattern_rules, 0);
    static const struct {
        const char *text;
        bool want;
    } cases[] = {{"tok_", true}, {"TOK_", false}, {"BEGIN", true}, {"api/", true},
                 {"tokx", false}, {"tob", false}, {"to", false},  {"", false}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(may_start(r, (const unsigned char *)cases[i].text,
                                                    strlen(cases[i].text)),
                         cases[i].want);
    }
    harsan_rules_free(r);
}

/* ---------------------------------------------------------------- rule files */

#define ON_LINE_2(text) "{ \"rules\": [\n  " text "\n]}"

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
        unsigned column;
        const char *message;
    } cases[] = {
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
        {"{\"rules\": [\n /* , */ // :\n {\"id\" : \"a\",\t\"ic\":1}]}",
         3, 15, "unknown key \"ic\""},
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
        {ON_LINE_2("{\"id\":\"a\",\"what\":\"w\",\"category\":\"id\",\"where\":[\"body\"]}"), 2,
         49, "unknown \"where\": \"body\""},
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
        {FILE_OF(NAME_RULE("a", "\"x\"", ",\"match\":\"any\"")),
         1, 101, "unknown \"match\": \"any\""},
        {FILE_OF(NAME_RULE("a", "\"x\"", ",\"value\":\"foo\"")),
         1, 101, "unknown \"value\": \"foo\""},
        {FILE_OF(NAME_RULE("a", "\"x\"", ",\"action\":\"go\"")),
         1, 102, "unknown \"action\": \"go\""},
        {FILE_OF(NAME_RULE("a", "\"x\"", ",\"max\":9")), 1, 99, "does not go with \"names\""},
        {FILE_OF("{\"id\":\"a\",\"what\":\"w\",\"category\":\"id\",\"names\":[\"x\"],"
                 "\"hit\":[\"x=1\"],\"miss\":[\"x\"]}"),
         1, 84, "\"miss\" of a name rule must be name=value"},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"names\":[\"x\"]")), 1, 11, "only one of"},
        {FILE_OF("{\"id\":\"a\"," COMMON ",\"detect\":\"all\"}"), 1, 88,
         "unknown \"detect\": \"all\""},
        {FILE_OF("{\"id\":\"a\"," COMMON ",\"detect\":\"ip\",\"max\":9}"), 1, 99,
         "does not go with \"detect\""},
        {FILE_OF(PATTERN_RULE("a", "\"ab\"", "ab", "")), 1, 89, "shorter than 3 bytes"},
        {FILE_OF(PATTERN_RULE("a", "\"abc\",\"---\"", "ab", "")), 1, 95, "no letter or digit"},
        {FILE_OF(PATTERN_RULE("a", "\"--ab\"", "ab", "")), 1, 89, "3 bytes from its first letter"},
        {FILE_OF(PATTERN_RULE("a", "\"abcdef\"", "ab", ",\"max\":5")),
         1, 89, "longer than \"max\""},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "ab(", "")), 1, 106, "does not compile: byte 3"},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "(*UTF)a", "")), 1, 106, "does not compile"},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"check\":\"x\"")), 1, 120,
         "unknown \"check\": \"x\""},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":0")), 1, 118, "\"max\" must be"},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":1e3")), 1, 118, "a whole number"},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"max\":99999999999999999999")), 1, 118,
         "\"max\" must be"},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before\":\"x\"")), 1, 121,
         "unknown \"before\": \"x\""},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before_min\":9")), 1, 125,
         "\"before_min\" needs \"before\""},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before_max\":9")), 1, 125,
         "\"before_max\" needs \"before\""},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before\":\"hex\",\"before_min\":0")),
         1, 140, "\"before_min\" must be 1 to 4096"},
        {FILE_OF(PATTERN_RULE("a", "\"abc\"", "abc", ",\"before\":\"hex\",\"before_min\":9,"
                                                   "\"before_max\":8")),
         1, 155, "\"before_max\" must be 9 to 4096"},
        {FILE_OF(NAME_RULE("a", "\"x\"", ",\"before\":\"hex\"")), 1, 102,
         "does not go with \"names\""},
        {FILE_OF("{\"id\":\"a\"," COMMON ",\"pattern\":\"abc\"}"), 1, 11, "no \"anchor\""},
        {FILE_OF(NAME_RULE("a", "\"x\"", "") "," NAME_RULE("a", "\"y\"", "")), 1, 100,
         "id \"a\" is used twice"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        harsan_rules *r = NULL;
        harsan_error err;
        const harsan_status status =
            harsan_rules_parse(&r, cases[i].text, strlen(cases[i].text), false, 0, &err);
        assert_int_equal(status, HARSAN_E_RULES);
        assert_null(r);
        if (strstr(err.message, cases[i].message) == NULL || err.line != cases[i].line ||
            err.column != cases[i].column) {
            fail_msg("%s\ngot %u:%u %s\nwant %u:%u %s", cases[i].text, (unsigned)err.line,
                     (unsigned)err.column, err.message, cases[i].line, cases[i].column,
                     cases[i].message);
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
    harsan_rules *r = parse("", 0);
    hsn_matcher *m = hsn_matcher_new();
    hsn_hit hit;
    harsan_rule_info info;
    assert_true(hsn_rules_empty(r));
    assert_false(hsn_rules_has_names(r));
    assert_false(hsn_rules_has_patterns(r));
    assert_false(harsan_rules_info(r, 0, &info));
    assert_string_equal(name_id(r, "password]", HSN_IN_KEY), "none");
    assert_false(hsn_rules_name_may_end(r, (const unsigned char *)"a]" + 2, 2));
    assert_false(hsn_rules_match_at(r, m, HSN_S("tok_abcd"), 0, HSN_IN_TEXT, &hit));
    assert_int_equal(strlen(harsan_rules_version(r)), 16);
    hsn_matcher_free(m);
    harsan_rules_free(r);
}

static void every_key_arrives(void **state)
{
    (void)state;
    harsan_rules *r = parse(
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
    harsan_rules *r = parse(text, 0);
    harsan_rules *network = parse(text, HARSAN_PACK_NETWORK);
    assert_string_equal(id_of(hsn_rules_detector(r, HSN_DETECT_EMAIL)), "a");
    assert_null(hsn_rules_detector(r, HSN_DETECT_IP));
    assert_null(hsn_rules_detector(r, HSN_DETECT_NONE));
    assert_string_equal(id_of(hsn_rules_detector(network, HSN_DETECT_IP)), "c");
    assert_false(hsn_rules_empty(r));
    assert_false(hsn_rules_has_names(r));
    harsan_rules_free(r);
    harsan_rules_free(network);
}

static void packs_are_listed_and_sleep(void **state)
{
    (void)state;
    const char *const text =
        FILE_OF(NAME_RULE("birth", "\"birthday\"", ",\"pack\":\"pii\"") ","
                PATTERN_RULE("net", "\"net:\"", "net:([a-z]+)", ",\"pack\":\"network\""));
    harsan_rules *none = parse(text, 0);
    harsan_rules *pii = parse(text, HARSAN_PACK_PII);
    harsan_rule_info info;
    assert_true(harsan_rules_info(none, 1, &info));
    assert_string_equal(info.pack, "network");
    assert_true(hsn_rules_empty(none));
    assert_false(hsn_rules_has_patterns(pii));
    assert_string_equal(name_id(none, "birthday", HSN_IN_KEY), "none");
    assert_string_equal(name_id(pii, "birthday", HSN_IN_KEY), "birth");
    assert_int_equal(hsn_rules_packs(pii), HARSAN_PACK_PII);
    assert_string_not_equal(harsan_rules_version(none), harsan_rules_version(pii));
    harsan_rules_free(none);
    harsan_rules_free(pii);
}

/* ---------------------------------------------------------------- the built-in set */

static size_t count_rules(const harsan_rules *r)
{
    size_t n = 0;
    while (hsn_rules_at(r, n) != NULL) {
        n++;
    }
    return n;
}

static harsan_rules *builtin(unsigned packs)
{
    harsan_rules *r = NULL;
    harsan_error err;
    if (harsan_rules_default(&r, packs, &err) != HARSAN_OK) {
        fail_msg("%s at %u:%u", err.message, (unsigned)err.line, (unsigned)err.column);
    }
    return r;
}

static void own_rules_come_before_the_built_in_ones(void **state)
{
    (void)state;
    harsan_rules *base = builtin(0);
    const size_t n = count_rules(base);
    assert_true(n >= 2);
    char text[1024];
    snprintf(text, sizeof text,
             FILE_OF("{\"id\":\"%s\",\"off\":true}," NAME_RULE("%s", "\"mine\"", "")
                     ",{\"id\":\"unknown\",\"off\":true}"),
             hsn_rules_at(base, 0)->id, hsn_rules_at(base, 1)->id);
    harsan_rules *r = NULL;
    assert_int_equal(harsan_rules_parse(&r, text, strlen(text), true, 0, NULL), HARSAN_OK);
    assert_int_equal(count_rules(r), n - 1);
    assert_string_equal(hsn_rules_at(r, 0)->id, hsn_rules_at(base, 1)->id);
    assert_string_equal(name_id(r, "mine", HSN_IN_KEY), hsn_rules_at(base, 1)->id);
    for (size_t i = 0; i < n - 1; i++) {
        assert_string_not_equal(hsn_rules_at(r, i)->id, hsn_rules_at(base, 0)->id);
        assert_int_equal(hsn_rules_at(r, i)->index, i);
    }
    assert_string_not_equal(harsan_rules_version(r), harsan_rules_version(base));
    harsan_rules_free(r);
    harsan_rules_free(base);
}

/* An exact name of the caller's is not overruled by a built-in keep, nor the other way round. */
static void own_exact_names_win(void **state)
{
    (void)state;
    const char *const text =
        FILE_OF(NAME_RULE("mine", "\"etag\",\"token_type\"", ",\"match\":\"exact\"")
                "," NAME_RULE("kept", "\"password\",\"jsessionid\"",
                              ",\"match\":\"exact\",\"action\":\"keep\""));
    harsan_rules *base = builtin(0);
    harsan_rules *r = NULL;
    assert_int_equal(harsan_rules_parse(&r, text, strlen(text), true, 0, NULL), HARSAN_OK);
    assert_string_equal(name_id(base, "ETag", HSN_IN_HEADER), "header-keep");
    assert_string_equal(name_id(r, "ETag", HSN_IN_HEADER), "mine");
    assert_string_equal(name_id(r, "token_type", HSN_IN_KEY), "mine");
    assert_string_equal(name_id(r, "password", HSN_IN_KEY), "kept");
    assert_string_equal(name_id(r, "JSESSIONID", HSN_IN_COOKIE), "kept");
    harsan_rules_free(r);
    harsan_rules_free(base);
}

/* Does `rule`, or any rule when it is NULL, match anywhere in the text? */
static bool matches_somewhere(const harsan_rules *r, hsn_matcher *m, hsn_str text,
                              const hsn_rule *rule)
{
    for (size_t at = 0; at < text.n; at++) {
        hsn_hit hit;
        if (hsn_is_alnum(text.p[at]) && (at == 0 || !hsn_is_alnum(text.p[at - 1])) &&
            hsn_rules_match_at(r, m, text, at, rule != NULL ? rule->where : HSN_IN_ANY, &hit) &&
            (rule == NULL || hit.rule == rule)) {
            return true;
        }
    }
    return false;
}

static size_t try_samples(const harsan_rules *r, hsn_matcher *m, size_t i, bool hit)
{
    const hsn_rule *rule = hsn_rules_at(r, i);
    const hsn_samples s = hsn_rules_samples(r, i);
    size_t wrong = 0;
    for (size_t k = 0; k < (hit ? s.n_hit : s.n_miss); k++) {
        const hsn_str template = hit ? s.hit[k] : s.miss[k];
        hsn_buf text;
        hsn_buf_init(&text, 1 << 20);
        const bool filled = hsn_sample_fill(&text, template, SEED, NULL);
        /* A name rule's samples need the guards: they are tried with the inspector. */
        if (!filled || (rule->regex != NULL &&
                        matches_somewhere(r, m, hsn_buf_str(&text), hit ? NULL : rule) != hit)) {
            print_error("%s: %s %.*s\n", rule->id, filled ? hit ? "no hit:" : "a hit:" : "template",
                        (int)template.n, template.p);
            wrong++;
        }
        hsn_buf_deinit(&text);
    }
    return wrong;
}

static void built_in_patterns_know_their_samples(void **state)
{
    (void)state;
    harsan_rules *r = builtin(HARSAN_PACK_PII | HARSAN_PACK_NETWORK | HARSAN_PACK_STRICT);
    hsn_matcher *m = hsn_matcher_new();
    size_t wrong = 0;
    for (size_t i = 0; hsn_rules_at(r, i) != NULL; i++) {
        wrong += try_samples(r, m, i, true) + try_samples(r, m, i, false);
    }
    assert_int_equal(wrong, 0);
    hsn_matcher_free(m);
    harsan_rules_free(r);
}

/* ---------------------------------------------------------------- samples */

static void fill(hsn_buf *out, const char *template)
{
    harsan_error err = {.code = HARSAN_OK};
    hsn_buf_init(out, 1 << 16);
    if (!hsn_sample_fill(out, hsn_str_z(template), SEED, &err)) {
        fail_msg("%s: %s", template, err.message);
    }
}

static void templates_are_filled(void **state)
{
    (void)state;
    static const struct {
        const char *template;
        const char *shape; /* X any character of `set`, others as they stand */
        const char *set;
    } cases[] = {
        {"a{{b}c", "a{b}c", ""},
        {"{{{4 digits}", "{XXXX", "0123456789"},
        {"p_{6 lower}.", "p_XXXXXX.", "abcdefghijklmnopqrstuvwxyz0123456789"},
        {"{5 hex}-{2 hex}", "XXXXX-XX", "0123456789abcdef"},
        {"{8 base32}", "XXXXXXXX", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
        {"{3 upper}", "XXX", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
        {"{uuid}", "XXXXXXXX-XXXX-4XXX-XXXX-XXXXXXXXXXXX", "0123456789abcdef"},
        {"{phone}", "+49 30 23125XXX", "0123456789"},
        {"", "", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_buf out;
        fill(&out, cases[i].template);
        const char *shape = cases[i].shape;
        assert_int_equal(out.n, strlen(shape));
        for (size_t k = 0; k < out.n; k++) {
            const bool good = shape[k] == 'X' ? strchr(cases[i].set, out.p[k]) != NULL
                                              : out.p[k] == (unsigned char)shape[k];
            assert_true(good);
        }
        hsn_buf_deinit(&out);
    }
}

static void samples_pass_their_validators(void **state)
{
    (void)state;
    static const struct {
        const char *template;
        const char *check;
    } cases[] = {
        {"g" "hp_{30 alnum}{crc:github}", "github-crc32"},
        {"n" "pm_{30 alnum}{crc:npm}", "github-crc32"},
        {"gl" "sa_{32 alnum}_{crc:grafana}", "grafana-crc32"},
        {"{jwt}", "jwt"},
        {"5{luhn:15}", "luhn"},
        {"4539 1234 {luhn:8}", "luhn"},
        {"{luhn:2}", "luhn"},
        {"{40 b64}", "entropy"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_buf out;
        fill(&out, cases[i].template);
        if (!hsn_check_by_name(hsn_str_z(cases[i].check))(hsn_buf_str(&out))) {
            fail_msg("%s is not %s: %.*s", cases[i].template, cases[i].check, (int)out.n, out.p);
        }
        hsn_buf_deinit(&out);
    }
    hsn_buf out;
    size_t begin;
    fill(&out, "{email}");
    assert_int_equal(hsn_email_in_text(hsn_buf_str(&out), 14, &begin), out.n);
    hsn_buf_deinit(&out);
    fill(&out, "{phone}");
    assert_int_equal(hsn_phone_in_text(hsn_buf_str(&out), 0), out.n);
    hsn_buf_deinit(&out);
}

static void samples_depend_on_template_and_seed(void **state)
{
    (void)state;
    static const struct {
        const char *template;
        uint64_t seed;
    } cases[] = {{"{20 alnum}", 1}, {"{20 alnum}", 2}, {"{20 b64}", 1}, {"{20 alnum}", 1}};
    hsn_buf out[COUNT(cases)];
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_buf_init(&out[i], 64);
        assert_true(hsn_sample_fill(&out[i], hsn_str_z(cases[i].template), cases[i].seed, NULL));
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(hsn_str_eq(hsn_buf_str(&out[0]), hsn_buf_str(&out[i])), i % 3 == 0);
    }
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_buf_deinit(&out[i]);
    }
}

static void wrong_templates_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "{",          "{}",          "x{token}", "{3}",      "{3 }",       "{3 alpha}",
        "{0 alnum}",  "{9999 hex}",  "{luhn:}",  "{luhn:0}", "{luhn:3x}",  "{crc:}",
        "{99999999999999999999999 hex}", "{ 3 hex}", "{3 hex", "{crc:none}",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_buf out;
        harsan_error err = {.code = HARSAN_OK};
        hsn_buf_init(&out, 1 << 16);
        assert_false(hsn_sample_fill(&out, hsn_str_z(cases[i]), SEED, &err));
        assert_int_equal(err.code, HARSAN_E_RULES);
        hsn_buf_deinit(&out);
    }
    hsn_buf small;
    harsan_error err = {.code = HARSAN_OK};
    hsn_buf_init(&small, 8);
    assert_false(hsn_sample_fill(&small, HSN_S("{luhn:16}"), SEED, &err));
    assert_int_equal(err.code, HARSAN_E_NOMEM);
    hsn_buf_deinit(&small);
}

/* ---------------------------------------------------------------- hostile weather */

static bool refuse_nth(void *ctx, size_t n)
{
    (void)n;
    size_t *left = ctx;
    return (*left)-- == 0;
}

static void any_allocation_may_fail(void **state)
{
    (void)state;
    static const char *const texts[] = {name_rules, pattern_rules, FILE_OF("{\"id\":\"A\"}"),
                                        "{\"rules\":[}"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        harsan_status status = HARSAN_E_NOMEM;
        for (size_t nth = 0; status == HARSAN_E_NOMEM; nth++) {
            size_t left = nth;
            harsan_rules *r = NULL;
            hsn_mem_test_hook = (hsn_mem_hook){refuse_nth, &left};
            status = harsan_rules_parse(&r, texts[i], strlen(texts[i]), false, 0, NULL);
            hsn_mem_test_hook = (hsn_mem_hook){NULL, NULL};
            assert_int_equal(r == NULL, status != HARSAN_OK);
            harsan_rules_free(r);
            assert_true(nth < 1000);
        }
        assert_int_equal(status, i < 2 ? HARSAN_OK : HARSAN_E_RULES);
    }
}

static void a_matcher_may_fail(void **state)
{
    (void)state;
    hsn_matcher *m = NULL;
    for (size_t nth = 0; m == NULL; nth++) {
        size_t left = nth;
        hsn_mem_test_hook = (hsn_mem_hook){refuse_nth, &left};
        m = hsn_matcher_new();
        hsn_mem_test_hook = (hsn_mem_hook){NULL, NULL};
        assert_true(nth < 100);
    }
    hsn_matcher_free(m);
}

/* Damaged files, also those cut off at any byte, are refused or by luck accepted, no more. */
static void damaged_files_do_no_harm(void **state)
{
    (void)state;
    static const char bytes[] = "\"\\{}[],:/*u d8\0\n\xff" "0a";
    const size_t n = sizeof pattern_rules - 1;
    unsigned char *text = malloc(n);
    unsigned seed = 3;
    for (size_t i = 0; i < 4000; i++) {
        memcpy(text, pattern_rules, n);
        for (size_t k = 0; k < 1 + i % 3; k++) {
            seed = seed * 1103515245u + 12345u;
            text[(seed >> 8) % n] = (unsigned char)bytes[(seed >> 3) % (sizeof bytes - 1)];
        }
        harsan_rules *r = NULL;
        harsan_error err;
        const size_t len = i < n ? i : n;
        const harsan_status status = harsan_rules_parse(&r, text, len, false, 0, &err);
        assert_true(status == HARSAN_OK || status == HARSAN_E_RULES);
        assert_true(status == HARSAN_OK || (err.offset <= n && err.line > 0 && err.column > 0));
        harsan_rules_free(r);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_one_spelling),
        cmocka_unit_test(names_are_bounded),
        cmocka_unit_test(the_right_rule_has_the_name),
        cmocka_unit_test(the_end_of_a_long_name_counts),
        cmocka_unit_test(no_known_name_is_filtered_out),
        cmocka_unit_test(random_names_agree_with_the_filter),
        cmocka_unit_test(patterns_stand_where_their_anchor_does),
        cmocka_unit_test(a_match_is_extended_backwards),
        cmocka_unit_test(a_limit_extends_backwards_too),
        cmocka_unit_test(a_limit_is_a_hit),
        cmocka_unit_test(anchors_are_filtered_by_four_bytes),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(messages_hold_printable_text_only),
        cmocka_unit_test(usage_is_checked),
        cmocka_unit_test(the_empty_set_knows_nothing),
        cmocka_unit_test(every_key_arrives),
        cmocka_unit_test(detectors_are_switched_on),
        cmocka_unit_test(packs_are_listed_and_sleep),
        cmocka_unit_test(own_rules_come_before_the_built_in_ones),
        cmocka_unit_test(own_exact_names_win),
        cmocka_unit_test(built_in_patterns_know_their_samples),
        cmocka_unit_test(templates_are_filled),
        cmocka_unit_test(samples_pass_their_validators),
        cmocka_unit_test(samples_depend_on_template_and_seed),
        cmocka_unit_test(wrong_templates_are_refused),
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(a_matcher_may_fail),
        cmocka_unit_test(damaged_files_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
