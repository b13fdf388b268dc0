/*
 * Validators: tables of what must be taken and of what only looks like it.
 *
 * Numbers are published samples, test numbers or ranges reserved for fiction. Token-shaped text is
 * put together at run time. Every text also runs against the end of a mapped page, so that a read
 * behind the view is a crash.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "valid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>


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

/* ---------------------------------------------------------------- in text */

/*
 * A text with the wanted part between « and »; without them nothing may be found in it. The finder
 * under test is offered every position, as the scanner does.
 */
typedef size_t (*finder)(hsn_str s, size_t at, size_t *begin);

enum { TEXT_MAX = 512, MARK = 2 }; /* both marks are two bytes of UTF-8 */

struct marked {
    char text[TEXT_MAX];
    size_t n;
    size_t from; /* n when nothing is wanted */
    size_t to;
};

static struct marked unmark(const char *z)
{
    struct marked m = {.n = 0};
    bool any = false;
    for (; *z != '\0'; z++) {
        if (strncmp(z, "«", MARK) == 0) {
            m.from = m.n;
            any = true;
            z += MARK - 1;
        } else if (strncmp(z, "»", MARK) == 0) {
            m.to = m.n;
            z += MARK - 1;
        } else {
            m.text[m.n++] = *z;
        }
    }
    if (!any) {
        m.from = m.to = m.n;
    }
    return m;
}

static void expect_found(const char *const *texts, size_t n, finder find)
{
    for (size_t i = 0; i < n; i++) {
        struct marked m = unmark(texts[i]);
        hsn_str s = hsn_str_of(m.text, m.n);
        size_t from = m.n;
        size_t to = m.n;
        for (size_t at = 0; at < m.n && from == m.n; at++) {
            size_t begin = at;
            size_t len = find(s, at, &begin);
            if (len > 0) {
                from = begin;
                to = begin + len;
            }
        }
        if (from != m.from || to != m.to) {
            fail_msg("'%s': found '%.*s'", texts[i], (int)(to - from), m.text + from);
        }
    }
}

static unsigned char byte_before(hsn_str s, size_t at)
{
    return at > 0 ? s.p[at - 1] : 0;
}

/* As the scanner calls it: at a plus, a bracket, or where a run of digits begins. */
static size_t find_phone(hsn_str s, size_t at, size_t *begin)
{
    (void)begin;
    if (hsn_is_digit(s.p[at]) && hsn_is_digit(byte_before(s, at))) {
        return 0;
    }
    return hsn_phone_in_text(hsn_str_cut(s, at, s.n), byte_before(s, at));
}

static const char *const phone_texts[] = {
    /* international */
    "call «+1 415 555 0132» now",
    "«+14155550132»",
    "«+1 (415) 555-0132»",
    "«+1-415-555-0132»,",
    "«+44 20 7946 0958»",
    "«+44 (0)20 7946 0958».",
    "«(+44) 20 7946 0958»",
    "(«+44 20 7946 0958»)",
    "«+49 151 2345 6789»",
    "«+4915123456789»",
    "«+33 6 12 34 56 78»",
    "«+33.6.12.34.56.78»",
    "«+33\xC2\xA0\x36 12 34 56 78»",
    "«+81 90\xE2\x80\x91\x31\x32\x33\x34\xE2\x80\x91\x35\x36\x37\x38»",
    "«+49 30/23125-000»",
    "«+55 11 96123-4567»",
    "«+86 131 2345 6789»",
    "«+353 20 912 3456»",
    "\"phone\":\"«+12015550123»\"",
    "?to=«+447700900123»&x=1",
    "href=\"tel:«+1-201-555-0123;ext=12»\"",
    "«+1 201-555-0123 ext. 45»",
    "«+1 415 555 0132» 300 people",
    "\n«+447700900123»\n",
    "«0049 30 23125 000»",
    "«00 44 20 7946 0958»",
    "«011 44 20 7946 0958»",
    "«0044-20-7946-0958»",
    "«+(44) 20 7946 0958»",
    "«+(1)415-555-0132»",
    /* North America */
    "(«(212) 555-0199»)",
    "«(212)555-0199»",
    "«212-555-0199»",
    "«212.555.0199».",
    "«212 555 0199»",
    "«1-212-555-0199»",
    "«1 (212) 555-0199»",
    "Tel:«212-555-0199»;",
    "Bob,«212-555-0199»,NY",
    "tel:«212-555-0199»",
    "«212-555-0199 x12»",
    "«212-555-0199 #7»",
    "«212\xC2\xA0\x35\x35\x35\xC2\xA0\x30\x31\x39\x39»",
    "«212/555-0199»",
    "«(212) 555 - 0199»",
    "«212 555 0199», 415 555 0132",
    "«212-555-0199»/0200",
    "«+44 20 7946 0958»/60",
    /* nothing at all, or cut short */
    "", "+", "(", "+1", "+1 415 555 01", "(212", "212-555-", "00", "011 44",
    /* times, dates, counters */
    "\"ts\":1712345678901", "\"iat\":1712345678", "1712345678901234", "+1712345678901",
    "2024-01-12", "2024-01-02 03:04:05", "20240112030405", "12.01.2024", "07:30:45",
    "2024-01-12T10:00:00+01:00", "2024-01-12T10:00:00.000+0000", "01/12/2024", "202-01-2024",
    "10:00 20 30 40 50",
    /* versions, addresses, numbers */
    "10.0.19041.1234", "1.7.22", "120.0.6099.130", "192.168.100.101", "37.422131,-122.084801",
    "12345.67890", "+0.25", "+1234567 lines", "+415.5550132", "x+14155550132", "+7.9123456789",
    "3.14159", "1024-65535", "0.212-555-0199", "1e+14155550132", "a[1]+14155550132",
    /* paths and style */
    "M10.5 200-300 415.5550123z", "M10.5 20.25L300 400.75z", "200 300 4000 500 600",
    "l212-555-4199z",
    "200-300-4155.5", "U+0131-0153, U+02BB-02BC", "translate(201px, 555px)", "0 0 300 400",
    "c212-555-0199", "viewBox=\"320 640 1024 768\"",
    /* ids */
    "ORD-2024-123456", "ORD-212-555-0199", "01234567-89ab-4cde-8f01-23456789abcd", "2125550199",
    "978-0-306-40615-7", "main.2015550123.js", "123-456-7890abc", "123-456-7890", "201-555-01234",
    "212-055-0199", "212-555-0199-22", "212-555-0199abc", "212-555-0199_x", "911-555-0199",
    "/212-555-0199/", "v212.555.0199.3", "4111-1111-1111-1111", "536-90-4399",
    "00-12345678901234567890123456789012-1234567890123456-01", "0049302312500017",
    "00 01 02 03 04 05",
    "0020 0020 0020", "0046 0046 0049",
    "+9995550123", "+447700900123abc", "+4477009001234567",
};

static void test_phone_in_text(void **state)
{
    (void)state;
    expect_found(phone_texts, HSN_COUNT(phone_texts), find_phone);
}

/* The scanner may come to the plus without its bracket. */
static void test_phone_behind_bracket(void **state)
{
    (void)state;
    hsn_str s = HSN_S("+44) 20 7946 0958");
    assert_int_equal(hsn_phone_in_text(s, '('), s.n);
    assert_int_equal(hsn_phone_in_text(s, ' '), 0);
}

static size_t find_card(hsn_str s, size_t at, size_t *begin)
{
    (void)begin;
    return hsn_card_in_text(hsn_str_cut(s, at, s.n), byte_before(s, at));
}

static const char *const card_texts[] = {
    "«4242424242424242»", "card «4111 1111 1111 1111», thanks", "«4111-1111-1111-1111».",
    "«4111\xC2\xA0\x31\x31\x31\x31\xC2\xA0\x31\x31\x31\x31\xC2\xA0\x31\x31\x31\x31»",
    "«4111\xE2\x80\xAF" "1111\xE2\x80\xAF" "1111\xE2\x80\xAF" "1111»",
    "«4111\xE2\x80\x91" "1111\xE2\x80\x91" "1111\xE2\x80\x91" "1111»", "«4111.1111.1111.1111».",
    "card=«4111+1111+1111+1111»&x=1", "4111.1111", "4111.1111.1111.1112", "4111.1111.1111.1111.5",
    "4111+1111", "4111\xE2\x80\xA6" "1111\xE2\x80\xA6" "1111\xE2\x80\xA6" "1111",
    "\"«5555555555554444»\"", "«2223003122003222»", "«378282246310005»", "«3782 822463 10005»",
    "«30569309025904»", "«3056 930902 5904»", "«6011111111111117»", "«3530111333300000»",
    "«6200000000000005»", "«6759649826438453»", "«2200000000000004»", "«5080000000000002»",
    "«9792000000000003»", "«4222222222222»", "%B«4111111111111111»^EXAMPLE",
    ";«4111111111111111»=3012",
    "B4111111111111111", "5353 5354 5355 5356 5365 5366", "5153 5154 5155 5156 20BF 51EC",
    "«4111 1111 1111 1111» 123", "«4111 1111 1111 1111» 1229",
    "", "4", "411111111111", "4111111111111112", "4111 1111 1111 1112", "4111 1111-1111 1111",
    "41111111111111111111", "x4111111111111111", "4111111111111111x", "_4111111111111111",
    "0.4111111111111111", "4111111111111111.5", "4111-1111-1111-1111-1234",
    "1234-4111-1111-1111-1111", "1712345678901234", "1234567890123456789", "135000000000008",
    "4006381333931", /* an article number */
    "411111******1111", "360000000000000000", "0000000000000000",
};

static void test_card_in_text(void **state)
{
    (void)state;
    expect_found(card_texts, HSN_COUNT(card_texts), find_card);
}

static void test_test_cards(void **state)
{
    (void)state;
    static const char *const known[] = {"4242424242424242", "4111 1111 1111 1111",
                                        "5555-5555-5555-4444", "378282246310005",
                                        "30569309025904", "6011111111111117"};
    for (size_t i = 0; i < HSN_COUNT(known); i++) {
        assert_true(hsn_is_test_card(hsn_str_z(known[i])));
        assert_true(hsn_valid_card(hsn_str_z(known[i])));
    }
    assert_false(hsn_is_test_card(HSN_S("4111111111111129")));
    assert_false(hsn_is_test_card(HSN_S("")));
    assert_false(hsn_is_test_card(HSN_S("4242x")));
}

static size_t find_iban(hsn_str s, size_t at, size_t *begin)
{
    (void)begin;
    return hsn_iban_in_text(hsn_str_cut(s, at, s.n), byte_before(s, at));
}

static const char *const iban_texts[] = {
    "«DE87123456781234567890»", "to «DE87 1234 5678 1234 5678 90» today",
    "\"«gb86exam12345612345678»\"", "«FR851234512345EXAMPLE012312».", "«NO6012341234561»",
    "«BE07-1231-2345-6712»", "«NL96EXAM1234567890», x", "«MT34EXAM12345EXAMPLE0123456789E»",
    "IBAN:«SE9412312345678901234561»", "«PL19123456781234567890123456»",
    "«BR7712345678123451234567890EE»", "«RU8712345678912345EXAMPLE01234567»",
    "", "DE", "DE87", "DE8712345678123456789", "DE88123456781234567890",
    "DE00123456789012345678", "xDE87123456781234567890", "DE87123456781234567890x",
    "DE87 1234 5678 1234 5678 9012", "Gb86exam12345612345678", "GB86EXAM1234561234567",
    "GB8612341234561234567890", "ZZ87123456781234567890", "de871234-5678",
};

static void test_iban_in_text(void **state)
{
    (void)state;
    expect_found(iban_texts, HSN_COUNT(iban_texts), find_iban);
}

static size_t find_email(hsn_str s, size_t at, size_t *begin)
{
    return s.p[at] == '@' ? hsn_email_in_text(s, at, begin) : 0;
}

static const char *const email_texts[] = {
    "«ada@lovelace.io»", "mail «Ada.Lovelace@Mail.Lovelace.CO.UK».", "<«ada@lovelace.io»>",
    "\"«ada@lovelace.io»\"", "'«ada@lovelace.io»'", "{«ada@lovelace.io»}",
    "email=«ada@lovelace.io»&x=1",
    "/users/«ada@lovelace.io»/edit", "mailto:«ada@lovelace.io»?subject=Hi",
    "«ada+tag@lovelace.io»", "«ada_l-1%x@lovelace.io»", "a\n«ada@lovelace.io»\nb",
    "\\n«ada@lovelace.io»\\n", "\\u003c«ada@lovelace.io»\\u003e", "%22«ada@lovelace.io»%22",
    "...«ada@lovelace.io»...", "see..«ada@lovelace.io»", "(«ada@lovelace.io»), -bob@x.org",
    "-«ada@lovelace.io»",
    "«ada@lovelace.io»-and more", "«ada@lovelace.io».2 more", "«ada@lovelace.io»,bob@x.org",
    "«0123456789@qq.com»", "«someone@163.com»", "«us\xC3\xA9r@ex\xC3\xA4mple.de»",
    "«ada@xn--bcher-kva.xn--p1ai»", "\xE8\x81\x94\xE7\xB3\xBB«ada@lovelace.io»\xE8\xAF\xB7",
    "«\xE4\xBE\x8B@lovelace.io»", "\xE2\x80\x9C«ada@lovelace.io»\xE2\x80\x9D",
    "\xC2\xA0«ada@lovelace.io»\xC2\xA0", "«a!b@lovelace.io»", "!«ada@lovelace.io»",
    "«ada@corp.local»", "https://lovelace.io/?u=«ada@lovelace.io»",
    "https://lovelace.io/a/«ada@lovelace.io»", "//«ada@lovelace.io» wrote this",
    "<a href=x>«ada@lovelace.io»</a>", "sip:«ada@lovelace.io»", "«git@lovelace.io»", "«a@b.cc»",
    /* behind another @ */
    "a@b@«ada@lovelace.io»", "a@«ada@lovelace.io»", "@@«ada@lovelace.io»",
    "a@b.2@«ada@lovelace.io»", "@«ada@lovelace.io»", "(@«example@mastodon.social»)",
    /* nothing at all, or cut short */
    "", "@", "a@", "@b", "a@b", "a@b.", "a@b.c", "a.@lovelace.io", "@lovelace.io", "a@-b.io",
    /* files and versions */
    "icon@2x.png", "logo@3x.webp", "logo@1.5x.png", "logo@2x.io", "font@face.woff", "app@main.js",
    "@babel/core@7.22.1", "/npm/@scope/pkg@1.2.3/dist/x.js", "pkg@1.2.3-beta.io", "pkg@v1.2.beta",
    "lodash@^4.17", "react@latest/index.js", "cid:image001.png@01D00000.00000000",
    /* syntax */
    "@media screen and (min-width:1px)", "@import url(a.css)", "a{}@font-face{}", "@param foo.bar",
    /* users in URLs and services */
    "https://user:pass@lovelace.io/", "ssh://git@github.com/org/repo.git",
    "git@github.com:org/repo.git", "https://0123456789abcdef@o0.ingest.sentry.io/0",
    "ftp://a:b!c@lovelace.io",
    /* reserved for documentation */
    "user@example.com", "user@mail.example.org", "user@host.test", "u@a.invalid", "u@b.localhost",
    "you@EXAMPLE.com",
    /* of empty fields */
    "name@domain.com", "You@Company.com", "your.email@email.com", "«ann@domain.com»",
    "«you@domain.company.com»", "«name@lovelace.io»",
    /* of programs */
    "noreply@lovelace.io", "No-Reply@mail.lovelace.io", "job@tidal-123.iam.gserviceaccount.com",
    "«noreply.ann@lovelace.io»", "«ann@iam.gserviceaccount.com»",
};

static void test_email_in_text(void **state)
{
    (void)state;
    expect_found(email_texts, HSN_COUNT(email_texts), find_email);
}

static void test_email_lengths(void **state)
{
    (void)state;
    unsigned char text[400];
    size_t begin = 0;
    memset(text, 'a', sizeof text);
    text[64] = '@';
    memcpy(text + 66, ".io", 3);
    assert_int_equal(hsn_email_in_text(hsn_str_of(text, 69), 64, &begin), 69);
    assert_int_equal(hsn_email_in_text(hsn_str_of(text + 1, 68), 63, &begin), 68);
    text[65 + 1] = 'a';
    text[65 + 64] = '.';
    assert_int_equal(hsn_email_in_text(hsn_str_of(text, 133), 64, &begin), 0);
    memset(text, 'a', 66);
    text[65] = '@';
    memcpy(text + 66, "b.io", 4);
    assert_int_equal(hsn_email_in_text(hsn_str_of(text, 70), 65, &begin), 0);
}

/* ---------------------------------------------------------------- bounds */

struct page {
    unsigned char *p; /* two pages, the second without access */
    size_t size;
};

/* Runs everything on every suffix of every prefix that ends with the page. */
static void run_at_page_end(const struct page *page, const char *z)
{
    struct marked m = unmark(z);
    for (size_t n = 0; n <= m.n; n++) {
        unsigned char *p = page->p + page->size - n;
        memcpy(p, m.text, n);
        hsn_str s = hsn_str_of(p, n);
        for (size_t at = 0; at < n; at++) {
            size_t begin = 0;
            hsn_str rest = hsn_str_cut(s, at, n);
            size_t len = hsn_email_in_text(s, at, &begin);
            assert_true(begin + len <= n);
            assert_true(hsn_phone_in_text(rest, byte_before(s, at)) <= rest.n);
            assert_true(hsn_card_in_text(rest, byte_before(s, at)) <= rest.n);
            assert_true(hsn_iban_in_text(rest, byte_before(s, at)) <= rest.n);
        }
        for (size_t i = 0; i < HSN_COUNT(national_cases); i += 2) {
            run_check(national_cases[i].name, s);
        }
        for (size_t i = 0; i < HSN_COUNT(check_cases); i += 4) {
            run_check(check_cases[i].name, s);
        }
        hsn_is_test_card(s);
        hsn_valid_github(s);
        hsn_valid_jwt(s);
    }
}

static void run_all(const struct page *page, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        run_at_page_end(page, texts[i]);
    }
}

static void run_cases(const struct page *page, const struct check_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        run_at_page_end(page, cases[i].text);
    }
}

static void test_bounds(void **state)
{
    (void)state;
    struct page page = {.size = (size_t)sysconf(_SC_PAGESIZE)};
    page.p = mmap(NULL, 2 * page.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(page.p, MAP_FAILED);
    assert_int_equal(mprotect(page.p + page.size, page.size, PROT_NONE), 0);
    run_all(&page, phone_texts, HSN_COUNT(phone_texts));
    run_all(&page, card_texts, HSN_COUNT(card_texts));
    run_all(&page, iban_texts, HSN_COUNT(iban_texts));
    run_all(&page, email_texts, HSN_COUNT(email_texts));
    run_cases(&page, check_cases, HSN_COUNT(check_cases));
    run_cases(&page, national_cases, HSN_COUNT(national_cases));
    run_cases(&page, jwt_cases, HSN_COUNT(jwt_cases));
    munmap(page.p, 2 * page.size);
}

/* 555-0100 to 555-0199 belong to nobody. */
static void test_test_phones(void **state)
{
    (void)state;
    static const char *const yes[] = {"555-0100",         "555-0199",       "212-555-0176",
                                      "(415) 555-0198",   "+1 202-555-0143", "+12025550143",
                                      "212-555-0199 x12", "1 (212) 555 0150"};
    static const char *const no[] = {"555-0200",      "555-1100",        "212-555-2176",
                                     "550-1001",      "+44 20 555 0123", "212-550-1123",
                                     "2125550123456", ""};
    for (size_t i = 0; i < HSN_COUNT(yes); i++) {
        assert_true(hsn_is_test_phone(hsn_str_z(yes[i])));
    }
    for (size_t i = 0; i < HSN_COUNT(no); i++) {
        if (hsn_is_test_phone(hsn_str_z(no[i]))) {
            print_error("%s\n", no[i]);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_test_phones),
        cmocka_unit_test(test_uuid),
        cmocka_unit_test(test_small_hex),
        cmocka_unit_test(test_checks),        cmocka_unit_test(test_unknown_name),
        cmocka_unit_test(test_national),      cmocka_unit_test(test_ip),
        cmocka_unit_test(test_github),
        cmocka_unit_test(test_grafana),       cmocka_unit_test(test_jwt),
        cmocka_unit_test(test_phone_in_text), cmocka_unit_test(test_phone_behind_bracket),
        cmocka_unit_test(test_card_in_text),
        cmocka_unit_test(test_test_cards),    cmocka_unit_test(test_iban_in_text),
        cmocka_unit_test(test_email_in_text), cmocka_unit_test(test_email_lengths),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
