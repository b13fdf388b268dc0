/*
 * Rules at work: names, anchors, patterns, and what becomes of them without memory.
 *
 * Rule texts stand inline; tokens are made from templates when the test runs.
 */
#include "refusal.h"
#include "rule_text.h"

/* Behind the first byte of the text. */
static bool may_start(const harsan_rules *r, const char *text)
{
    unsigned char lead[HSN_LEAD_WORD] = {0};
    const size_t n = strlen(text + 1);
    memcpy(lead, text + 1, n < sizeof lead ? n : sizeof lead);
    return n >= 3 && hsn_leads_have(hsn_rules_leads(r), lead, (unsigned char)text[0]) != 0;
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
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
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
    assert_int_equal(name.starts[0], 0); /* the first word, and the last ones */
    for (size_t i = 1; i < HSN_NAME_WORDS; i++) {
        assert_int_equal(name.starts[i], 40 - HSN_NAME_WORDS + i);
    }
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
    harsan_rules *r = parse_rules(name_rules, 0);
    for (size_t i = 0; i < HSN_COUNT(name_cases); i++) {
        const struct name_case *c = &name_cases[i];
        bool plural = true;
        const hsn_rule *rule = hsn_rules_name(r, hsn_str_z(c->raw), c->where, &plural);
        if (strcmp(rule_id(rule), c->want) != 0 || plural != c->plural) {
            fail_msg("%s: got %s, want %s", c->raw, rule_id(rule), c->want);
        }
    }
    harsan_rules_free(r);
}

static void the_end_of_a_long_name_counts(void **state)
{
    (void)state;
    harsan_rules *r = parse_rules(name_rules, 0);
    char raw[400];
    memset(raw, 'q', sizeof raw);
    memcpy(raw + sizeof raw - 7, "$Token", 7);
    assert_string_equal(rule_id_of_name(r, raw, HSN_IN_PARAM), "token");
    memcpy(raw + sizeof raw - 4, "$pw", 4);
    /* exact: not the whole name */
    assert_string_equal(rule_id_of_name(r, raw, HSN_IN_PARAM), "none");
    harsan_rules_free(r);
}

/* hsn_rules_name_may_end must never deny a name that the tables know, whatever stands before it. */
static void no_known_name_is_filtered_out(void **state)
{
    (void)state;
    harsan_rules *r = parse_rules(name_rules, 0);
    static const char *const before[] = {"", "&", "{\"", "?", "x ", "\xff=", "a=b&", "  -  "};
    for (size_t i = 0; i < HSN_COUNT(name_cases); i++) {
        const struct name_case *c = &name_cases[i];
        if (strcmp(c->want, "none") == 0 || strcmp(c->want, "amz") == 0) {
            continue; /* prefix rules are not for free text */
        }
        for (size_t k = 0; k < HSN_COUNT(before); k++) {
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
    harsan_rules *r = parse_rules(name_rules, 0);
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
            const char *p = piece[(seed >> 16) % HSN_COUNT(piece)];
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
    harsan_rules *r = parse_rules(pattern_rules, 0);
    hsn_matcher *m = hsn_matcher_new();
    for (size_t i = 0; i < HSN_COUNT(pattern_cases); i++) {
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
    harsan_rules *r = parse_rules(before_rules, 0);
    hsn_matcher *m = hsn_matcher_new();
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
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

/* Which anchors can stand in ids decides whether these are looked into at all. */
static void anchors_that_fit_ids_are_told(void **state)
{
    (void)state;
#define BEFORE(n) ",\"before\":\"word\",\"before_min\":" n ",\"before_max\":" n
#define INSIDE(anchor, n) FILE_OF(PATTERN_RULE("a", "\"" anchor "\"", anchor, BEFORE(n)))
    static const struct {
        const char *rules;
        bool want;
    } cases[] = {
        {INSIDE("beef", "19"), true},   {INSIDE("beef", "32"), true},
        {INSIDE("BE-F", "19"), true},   {INSIDE("BEEF", "33"), false},
        {INSIDE("beef", "33"), true},   {INSIDE("be-f", "33"), false},
        {INSIDE("best", "19"), false},  {FILE_OF(PATTERN_RULE("a", "\"beef\"", "beef", "")), false},
    };
#undef INSIDE
#undef BEFORE
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        harsan_rules *r = parse_rules(cases[i].rules, 0);
        assert_int_equal(hsn_rules_match_hex(r), cases[i].want);
        harsan_rules_free(r);
    }
    harsan_rules *builtin = parse_rules("", 0);
    assert_false(hsn_rules_match_hex(builtin));
    harsan_rules_free(builtin);
}

static void a_limit_extends_backwards_too(void **state)
{
    (void)state;
    harsan_rules *r = parse_rules(before_rules, 0);
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
    harsan_rules *r = parse_rules(pattern_rules, 0);
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

static void anchors_are_filtered_by_sixteen_bytes(void **state)
{
    (void)state;
    harsan_rules *r = parse_rules(pattern_rules, 0);
    static const struct {
        const char *text;
        bool want;
    } cases[] = {{" tok_", true},         {"xtok_", true},         {" TOK_", false},
                 {"-BEGIN ", true},       {" BEGIN ", false},      {"-BEGIN", false},
                 {"-BEGIX ", false},      {"/api/hooks/", true},   {"/api/hooks", false},
                 {".api/hooks/", false},  {"/api/hookx/", false},  {" tokx", false},
                 {" bEARER 1", true},     {" bEARERS", false},     {" tob", false},
                 {" to", false},          {" ", false},            {" slow", true},
                 {" slo", false},         {" auth|", true},        {" Auth\"", true},
                 {" authx", false},       {" api-key,", true},     {" eyJx", true},
                 {" Password\t", true},   {" setToken(", true}};
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        if (may_start(r, cases[i].text) != cases[i].want) {
            fail_msg("%s", cases[i].text);
        }
    }
    harsan_rules_free(r);
}

/* ---------------------------------------------------------------- hostile weather */

static void any_allocation_may_fail(void **state)
{
    (void)state;
    static const char *const texts[] = {name_rules, pattern_rules, FILE_OF("{\"id\":\"A\"}"),
                                        "{\"rules\":[}"};
    for (size_t i = 0; i < HSN_COUNT(texts); i++) {
        harsan_status status = HARSAN_E_NOMEM;
        for (size_t nth = 0; status == HARSAN_E_NOMEM; nth++) {
            refusal refused = {.nth = nth + 1};
            harsan_rules *r = NULL;
            refusal_start(&refused);
            status = harsan_rules_parse(&r, texts[i], strlen(texts[i]), false, 0, NULL);
            refusal_stop();
            assert_int_equal(r == NULL, status != HARSAN_OK);
            harsan_rules_free(r);
            assert_true(nth < 1000);
        }
        assert_int_equal(status, i < 2 ? HARSAN_OK : HARSAN_E_RULES);
    }
}

static void on_failed_example(void *ctx, const char *rule, const char *kind, size_t i)
{
    (void)ctx, (void)rule, (void)kind, (void)i;
}

/* pcre2's compiler to machine code does not live through a refusal in patterns like this one. */
static void patterns_do_without_machine_code(void **state)
{
    (void)state;
#define AGAIN "(?:[a-z]+ ){0,3}?(?:s|t)"
    static const char text[] =
        "{\"rules\":[{\"id\":\"p\",\"what\":\"P\",\"category\":\"otp\",\"anchor\":[\"OTP \"],"
        "\"pattern\":\"OTP " AGAIN AGAIN AGAIN AGAIN AGAIN AGAIN AGAIN AGAIN "([0-9]{4})\","
        "\"hit\":[\"OTP sststsst{4 digits}\"],\"miss\":[\"OTP {4 digits}\"]}]}";
    size_t without = 0;
    for (size_t i = 0; i < 2; i++) {
        refusal refused = {.sticky = i > 0};
        do {
            refused = (refusal){.nth = refused.nth + 1, .sticky = refused.sticky};
            harsan_rules *r = NULL;
            refusal_start(&refused);
            harsan_status status = harsan_rules_parse(&r, text, strlen(text), false, 0, NULL);
            refusal_stop();
            assert_true(status == HARSAN_OK || status == HARSAN_E_NOMEM);
            if (status == HARSAN_OK) {
                assert_int_equal(harsan_rules_selftest(r, on_failed_example, NULL), HARSAN_OK);
                without += refusal_hit(&refused);
            }
            harsan_rules_free(r);
        } while (refusal_hit(&refused));
    }
    assert_true(without > 10);
}

static void a_matcher_may_fail(void **state)
{
    (void)state;
    hsn_matcher *m = NULL;
    for (size_t nth = 0; m == NULL; nth++) {
        refusal refused = {.nth = nth + 1};
        refusal_start(&refused);
        m = hsn_matcher_new();
        refusal_stop();
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
        cmocka_unit_test(anchors_that_fit_ids_are_told),
        cmocka_unit_test(a_limit_extends_backwards_too),
        cmocka_unit_test(a_limit_is_a_hit),
        cmocka_unit_test(anchors_are_filtered_by_sixteen_bytes),
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(patterns_do_without_machine_code),
        cmocka_unit_test(a_matcher_may_fail),
        cmocka_unit_test(damaged_files_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
