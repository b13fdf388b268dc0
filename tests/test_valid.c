/*
 * Validators by name: tables of what must be taken and of what only looks like it.
 *
 * Numbers are published samples, test numbers or ranges reserved for fiction. Token-shaped text is
 * put together at run time. Every text also runs against the end of a mapped page, so that a read
 * behind the view is a crash.
 */
#include "edge.h"
#include "support.h"
#include "valid.h"

#include <zlib.h>

/* ---------------------------------------------------------------- checks by name */

static const struct check_case {
    const char *name;
    const char *text;
    bool want;
} check_cases[] = {
    {"luhn", "79927398713", true},
    {"luhn", "7992-7398 713", true},
    {"luhn", "79927398710", false},
    {"luhn", "0", false},
    {"luhn", "", false},
    {"luhn", "7992x", false},
    {"card", "4242 4242 4242 4242", true},
    {"card", "6759649826438453", true},
    {"card", "135000000000008", true},
    {"card", "979200000000000", false},
    {"card", "4242 4242 4242 4241", false},
    {"card", "1712345678901234", false},
    {"card", "42424242424242424242424242", false},
    {"iban", "DE87 1234 5678 1234 5678 90", true},
    {"iban", "de87123456781234567890", true},
    {"iban", "DE88123456781234567890", false},
    {"iban", "DE00123456789012345678", false},
    {"iban", "DE8712345678123456789", false},
    {"iban", "ZZ87123456781234567890", false},
    {"iban", "D", false},
    {"entropy", "k3J9zQ0vX7bL2mN8", true},
    {"entropy", "k3J9zQ0vX7bL2mN", false},
    {"entropy", "aaaaaaaaaaaaaaaaaaaaaaaa", false},
    {"entropy", "abcdefghabcdefgh", true}, /* 8 kinds, equally often: 3 bits exactly */
    {"entropy", "abcdefgaabcdefgh", false},
    {"phone", "2015550123", true},
    {"phone", "030/23125-000", true},
    {"phone", "(201) 555-0123 ext. 45", true},
    {"phone", "+49 (0)30 23125 000", true},
    {"phone", "2024-01-12", false},
    {"phone", "12345", false},
    {"phone", "true", false},
    {"phone", "555-CALL-NOW", false},
    {"phone-e164", "+12015550123", true},
    {"phone-e164", " +44 20 7946 0123 x5 ", true},
    {"phone-e164", "(+44) 20 7946 0123", true},
    {"phone-e164", "+1712345678901", false},
    {"phone-e164", "+0.25", false},
    {"phone-e164", "+9995550123", false},
    {"phone-e164", "2015550123", false},
};

static bool run_check(const char *name, hsn_str s)
{
    hsn_check check = hsn_check_by_name(hsn_str_z(name));
    assert_non_null(check);
    return check(s);
}

static void expect_checks(const struct check_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (run_check(cases[i].name, hsn_str_z(cases[i].text)) != cases[i].want) {
            fail_msg("%s: '%s' should be %d", cases[i].name, cases[i].text, cases[i].want);
        }
    }
}

static void test_checks(void **state)
{
    (void)state;
    expect_checks(check_cases, HSN_COUNT(check_cases));
}

static void test_uuid(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"24128077-665b-449d-a94f-92692f292dbc", true},
        {"24128077-665B-449D-A94F-92692F292DBC", true},
        {"24128077-665b-449d-a94f-92692f292dbg", false},
        {"g4128077-665b-449d-a94f-92692f292dbc", false},
        {"24128077_665b_449d_a94f_92692f292dbc", false},
        {"24128077-665b-449d-a94f-92692f29-dbc", false},
        {"241280770665b-449d-a94f-92692f292dbc", false},
        {"24128077-665b-449d0a94f-92692f292dbc", false},
        {"24128077-665b-449d-a94f-92692f292db", false},
        {"24128077-665b-449d-a94f-92692f292dbcc", false},
        {"@4128077-665b-449d-a94f-92692f292dbc", false},
        {"", false},
    };
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        assert_int_equal(hsn_is_uuid(hsn_str_z(cases[i].text)), cases[i].want);
    }
}

static void test_small_hex(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"0", true},        {"09af", true},  {"0123456789abcdef", true},
        {"9e107d9d372bb6826bd81d3542a419d6", true}, {"9e107d9d372bb6826bd81d3542a419d6a", true},
        {"", false},        {"09aF", false}, {"0123456789abcdeg", false},
        {"9e107d9d372bb6826bd81d3542a41/d6", false}, {"9e107d9d372bb6826bd81d3542a419d6:", false},
        {"9e107d9d372bb682-bd81d3542a419d6", false}, {"9E107d9d372bb6826bd81d3542a419d6", false},
        {"`0123456789abcde", false},
    };
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        assert_int_equal(hsn_is_small_hex(hsn_str_z(cases[i].text)), cases[i].want);
    }
}

static void test_unknown_name(void **state)
{
    (void)state;
    assert_null(hsn_check_by_name(HSN_S("")));
    assert_null(hsn_check_by_name(HSN_S("lun")));
    assert_null(hsn_check_by_name(HSN_S("luhn ")));
    assert_null(hsn_check_national(HSN_S("luhn")));
}

/* ---------------------------------------------------------------- national ids */

static const struct check_case national_cases[] = {
    {"us-ssn", "536-90-4399", true},
    {"us-ssn", "666-12-3456", false},
    {"us-ssn", "536-00-4399", false},
    {"us-ssn", "900-12-3456", false},
    {"us-itin", "912-90-3456", true},
    {"us-itin", "912-49-3456", false},
    {"us-itin", "912-93-3456", false},
    {"us-ein", "91-1144442", true},
    {"us-ein", "07-1144442", false},
    {"us-aba", "111000025", true},
    {"us-aba", "111000026", false},
    {"us-aba", "000000000", false},
    {"us-npi", "1234567893", true},
    {"us-npi", "1234567890", false},
    {"us-mbi", "1EG4-TE5-MK73", true},
    {"us-mbi", "1EG4TE5MK7", false},
    {"us-mbi", "1SG4-TE5-MK73", false},
    {"gb-nino", "AA000000A", true},
    {"gb-nino", "QQ123456C", false},
    {"gb-nino", "GB123456A", false},
    {"gb-nhs", "943-476-5870", true},
    {"gb-nhs", "943-476-5871", false},
    {"gb-utr", "1955839661", true},
    {"gb-utr", "2955839661", false},
    {"ca-sin", "123-456-782", true},
    {"ca-sin", "999-999-999", false},
    {"fr-nir", "2 95 10 99 126 111 93", true},
    {"fr-nir", "2 95 10 99 126 111 94", false},
    {"fr-nir", "1 84 12 2A 123 456 97", true}, /* Corsica: 2A counts as 19, */
    {"fr-nir", "1 84 12 2B 123 456 27", true}, /* 2B as 18 */
    {"fr-nir", "1 84 12 2B 123 456 97", false},
    {"de-idnr", "36 574 261 809", true},
    {"de-idnr", "36 574 261 890", false},
    {"de-idnr", "11111111111", false},
    {"es-dni", "54362315-K", true},
    {"es-dni", "54362315-Z", false},
    {"es-nie", "X-5253868-R", true},
    {"es-nie", "x5253868r", true},
    {"es-nie", "X-5253868-A", false},
    {"it-cf", "RCCMNL83S18D969H", true},
    {"it-cf", "RCCMNL83S18D967H", false},
    {"nl-bsn", "1112.22.333", true},
    {"nl-bsn", "1112.52.333", false},
    {"be-nn", "85.07.30-033.28", true},
    {"be-nn", "85.07.30-033.29", false},
    {"se-pnr", "880320-0016", true},
    {"se-pnr", "19880320+0016", true},
    {"se-pnr", "880320-0018", false},
    {"no-fnr", "15108695088", true},
    {"no-fnr", "15108695077", false},
    {"dk-cpr", "211062-5629", true},
    {"dk-cpr", "511062-5629", false},
    {"fi-hetu", "131052-308T", true},
    {"fi-hetu", "131052-308U", false},
    {"fi-hetu", "131052308T", false},
    {"pl-pesel", "44051401359", true},
    {"pl-pesel", "44051401358", false},
    {"ch-ahv", "756.9217.0769.85", true},
    {"ch-ahv", "756.9217.0769.84", false},
    {"at-vnr", "1237 010180", true},
    {"at-vnr", "2237 010180", false},
    {"pt-nif", "501 964 843", true},
    {"pt-nif", "501 964 842", false},
    {"ie-pps", "6433435F", true},
    {"ie-pps", "6433435E", false},
    {"ie-pps", "6433435OA", true},
    {"ie-pps", "6433435FA", false},
    {"ro-cnp", "1630615123457", true},
    {"ro-cnp", "1630615123458", false},
    {"cz-rc", "710319/2745", true},
    {"cz-rc", "710319/2746", false},
    {"cz-rc", "530319/274", true},
    {"cz-rc", "710319/274", false},
    {"br-cpf", "390.533.447-05", true},
    {"br-cpf", "231.002.999-00", false},
    {"br-cpf", "111.111.111-11", false},
    {"br-cnpj", "16.727.230/0001-97", true},
    {"br-cnpj", "16.727.230/0001-98", false},
    {"br-cnpj", "12.ABC.345/01DE-35", true}, /* sample of the Receita Federal */
    {"mx-curp", "BOXW310820HNERXN09", true},
    {"mx-curp", "BOXW310820HNERXN08", false},
    {"ar-cuit", "20-05536168-2", true},
    {"ar-cuit", "20-05536168-3", false},
    {"cl-rut", "12.531.909-2", true},
    {"cl-rut", "12.531.909-3", false},
    {"in-aadhaar", "2341 2341 2346", true},
    {"in-aadhaar", "234123412347", false},
    {"in-pan", "ACUPA7085R", true},
    {"in-pan", "ACUZA7085R", false},
    {"cn-ric", "360426199101010071", true},
    {"cn-ric", "36042619910101001X", false},
    {"jp-mynumber", "123456789018", true},
    {"jp-mynumber", "123456789012", false},
    {"kr-rrn", "971013-9019902", true},
    {"kr-rrn", "971013-9019903", false},
    {"kr-rrn", "210101-3123456", true}, /* after 2020: no check digit */
    {"au-tfn", "123 456 782", true},
    {"au-tfn", "37118629", true},
    {"au-tfn", "999 999 999", false},
    {"za-id", "7503305044089", true},
    {"za-id", "8503305044089", false},
    {"tr-tckn", "17291716060", true},
    {"tr-tckn", "17291716050", false},
    {"il-id", "039337423", true},
    {"il-id", "39337424", false},
    {"sg-nric", "S1234567D", true},
    {"sg-nric", "S1234567A", false},
    {"sg-nric", "M1234567K", true},
    {"sg-nric", "T1234567J", true},
    {"sg-nric", "T1234567D", false},
    {"sg-nric", "F1234567N", true},
    {"sg-nric", "F1234567X", false},
    {"sg-nric", "G1234567X", true},
    {"sg-nric", "G1234567N", false},
};

static void test_national(void **state)
{
    (void)state;
    expect_checks(national_cases, HSN_COUNT(national_cases));
}

/* ---------------------------------------------------------------- addresses of machines */

static void test_ip(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned char before;
        size_t want; /* bytes of the address; 0 = none, or one that says nothing */
    } cases[] = {
        {"81.2.69.160", ' ', 11},
        {"81.2.69.160.", ' ', 11},
        {"81.2.69.160:", '(', 11},
        {"81.2.69.160", '.', 0},
        {"81.2.69.160", '7', 0},
        {"81.2.69.160", '/', 0},
        {"81.2.69.160a", ' ', 0},
        {"81.2.69.160_1", ' ', 0},
        {"81.2.69.260", ' ', 0},
        {"1.2", ' ', 0},
        {"127.0.0.1", ' ', 0},
        {"0.0.0.0", ' ', 0},
        {"255.255.255.0", ' ', 0},
        {"192.1.2.77:8080", ' ', 10},
        {"192.1.2.77:8080, next", ' ', 10},
        {"192.1.2:8080", ' ', 0},
        {"a:192.1.2.77", ' ', 0},
        {"192.0.2.77", ' ', 0},
        {"192.0.3.77", ' ', 10},
        {"192.1.2.77", ' ', 10},
        {"198.51.100.7", ' ', 0},
        {"198.51.101.7", ' ', 12},
        {"203.0.113.7", ' ', 0},
        {"203.0.114.7", ' ', 11},
        {"203.1.113.7", ' ', 11},
        {"198.18.0.1", ' ', 0},
        {"198.19.255.1", ' ', 0},
        {"198.20.0.1", ' ', 10},
        {"2a02:6b8:0:1::feed:ff", ' ', 21},
        {"2a02:6b8::", '[', 10},
        {"2a02:6b8::1:", ' ', 11},
        {"2a02:6b8::g", ' ', 0},
        {"::1", ' ', 0},
        {"::", ' ', 0},
        {"::2", ' ', 3},
        {"2001:db8:85a3::8a2e:370:7334", ' ', 0},
        {"2001:db9::1", ' ', 11},
        {"fe80:0000:0000:0000:0204:61ff:254.157.241.86", ' ', 44},
        {"fe80:0000:0000:0000:0204:61ff:254.157.241.860000", ' ', 0},
    };
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        size_t got = hsn_ip_in_text(hsn_str_z(cases[i].text), cases[i].before);
        if (got != cases[i].want) {
            print_error("%s: %zu\n", cases[i].text, got);
            fail();
        }
    }
}

static void test_version_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool want;
    } cases[] = {
        {"version", true},    {"appVersion", true}, {"ver", true}, {"js_ver", true},
        {"V", true},          {"flash", true},      {"", false},   {"server", false},
        {"versions", false},  {"ip", false},        {"nav", false},
    };
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        if (hsn_is_version_name(hsn_str_z(cases[i].name)) != cases[i].want) {
            fail_msg("%s", cases[i].name);
        }
    }
}

/* The four numbers in brackets. */
static void test_drawn(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool want;
    } cases[] = {
        {"2-8.7 [9.4.7.6] 1.3z", true},
        {"c.5-.17 1-.25 [1.31.43.55]-.14.89z", true},
        {"0 01.27-[1.89.94.94] 0 01.12z", true},
        {"30.22 [54.9.8.8] 0 0 0 1.19", true},
        {"7 [9.4.7.6] 2z", false},            /* nor any fraction */
        {"1.5 [9.4.7.6]z", false},            /* nothing behind */
        {"[9.4.7.6] 0.05", false},            /* nothing before: a log line */
        {"1.5[9.4.7.6] 1.5", false},          /* no blank */
        {"1.5 [10.4.107.6] 1.5", false},      /* three digits */
        {"10.1.2.3, [10.1.2.4], 10.1.2.5", false}, /* addresses */
    };
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        char text[64];
        size_t n = 0;
        size_t open = 0;
        size_t close = 0;
        for (const char *p = cases[i].text; *p != '\0'; p++) {
            open = *p == '[' ? n : open;
            close = *p == ']' ? n : close;
            if (*p != '[' && *p != ']') {
                text[n++] = *p;
            }
        }
        if (hsn_is_drawn(hsn_str_of(text, n), open, close - open) != cases[i].want) {
            fail_msg("%s", cases[i].text);
        }
    }
}

/* ---------------------------------------------------------------- tokens */

/* `prefix` and 30 characters, then their checksum in base 62, `off` added to it. */
static hsn_str make_github(char *out, const char *prefix, uint32_t off)
{
    static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char body[] = "EXAMPLEEXAMPLEEXAMPLEEXAMPLEEX";
    uint32_t crc = (uint32_t)crc32(0, (const unsigned char *)body, sizeof body - 1) + off;
    char sum[7] = "";
    for (size_t i = 6; i > 0; i--) {
        sum[i - 1] = base62[crc % 62];
        crc /= 62;
    }
    return hsn_str_of(out, (size_t)sprintf(out, "%s%s%s", prefix, body, sum));
}

static void test_github(void **state)
{
    (void)state;
    static const char *const prefixes[] = {"ghp_", "gho_", "ghs_", "npm_", ""};
    char text[64];
    for (size_t i = 0; i < HSN_COUNT(prefixes); i++) {
        assert_true(run_check("github-crc32", make_github(text, prefixes[i], 0)));
        assert_true(run_check("npm-crc32", make_github(text, prefixes[i], 0)));
        assert_false(run_check("github-crc32", make_github(text, prefixes[i], 1)));
    }
    hsn_str s = make_github(text, "ghp_", 0);
    assert_memory_equal(s.p + s.n - 6, "0i2ab2", 6);
    assert_false(hsn_valid_github(hsn_str_cut(s, 0, s.n - 1)));
    text[10] = '-';
    assert_false(hsn_valid_github(s));
}

static void test_grafana(void **state)
{
    (void)state;
    char text[64];
    sprintf(text, "gl%s_%s_%s", "sa", "EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAM", "66554a0e");
    assert_true(run_check("grafana-crc32", hsn_str_z(text)));
    text[sizeof "glsa_" - 1] = 'F';
    assert_false(run_check("grafana-crc32", hsn_str_z(text)));
    assert_false(run_check("grafana-crc32", HSN_S("glsa_short_00000000")));
}

/* Headers in base64url without padding. */
static const struct check_case jwt_cases[] = {
    {"jwt", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.x.y", true},
    {"jwt", "eyJhbGciOiJub25lIn0", true},                        /* {"alg":"none"} */
    {"jwt", "eyAidHlwIiA6ICJKV1QiLCAiYWxnIiA6ICJFUzI1NiIgfQ", true}, /* with spaces */
    {"jwt", "eyJhbGdvIjoibm9uZSJ9.x.y", false},                  /* {"algo":"none"} */
    {"jwt", "eyJhIjp7ImFsZyI6MX19.x.y", false},                  /* {"a":{"alg":1}} */
    {"jwt", "eyJhIjoiYWxnIn0.x.y", false},                       /* {"a":"alg"} */
    {"jwt", "WyJhbGciXQ.x.y", false},                            /* ["alg"] */
    {"jwt", "eyJh", false},
    {"jwt", ".x.y", false},
    {"jwt", "eyJh bGci.x", false},
    {"jwt", "", false},
};

static void test_jwt(void **state)
{
    (void)state;
    expect_checks(jwt_cases, HSN_COUNT(jwt_cases));
}

/* ---------------------------------------------------------------- bounds */

/* Every beginning of a text, with no byte behind it to be read, to every check there is. */
static void run_at_edge(const struct check_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const hsn_str text = hsn_str_z(cases[i].text);
        for (size_t len = 0; len <= text.n; len++) {
            const hsn_str s = at_edge(hsn_str_cut(text, 0, len));
            for (size_t k = 0; k < HSN_COUNT(national_cases); k += 2) {
                run_check(national_cases[k].name, s);
            }
            for (size_t k = 0; k < HSN_COUNT(check_cases); k += 4) {
                run_check(check_cases[k].name, s);
            }
        }
    }
}

static void test_bounds(void **state)
{
    (void)state;
    run_at_edge(check_cases, HSN_COUNT(check_cases));
    run_at_edge(national_cases, HSN_COUNT(national_cases));
    run_at_edge(jwt_cases, HSN_COUNT(jwt_cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uuid),         cmocka_unit_test(test_small_hex),
        cmocka_unit_test(test_checks),       cmocka_unit_test(test_unknown_name),
        cmocka_unit_test(test_national),     cmocka_unit_test(test_ip),
        cmocka_unit_test(test_drawn),        cmocka_unit_test(test_version_names),
        cmocka_unit_test(test_github),       cmocka_unit_test(test_grafana),
        cmocka_unit_test(test_jwt),          cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, edge_make, NULL);
}
