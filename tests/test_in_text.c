/*
 * Addresses and numbers in free text: what must be found, to the byte, and what only looks like it.
 *
 * Numbers are published samples, test numbers or ranges reserved for fiction. Every text also runs
 * against the end of a mapped page, so that a read behind the view is a crash.
 */
#include "edge.h"
#include "support.h"
#include "valid_phone.h"

/* ---------------------------------------------------------------- marked texts */

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
    /* areas in brackets */
    "«(030) 901820», 1", "call «(0171) 392 0000».", "«(02) 9876 5432»", "«(020)79460958»",
    "«(11) 98268-6443»", "«(11)98268-6443»",
    "f(030) 12", "(030) 90.1820", "(030) 9 0 1 8 2 0", "(00) 901820", "(01)04012345678901(17)25",
    "(01)04012345(17)25", "(02) 987 654",
    "(030) 901820123", "f(030) 901820", "(11) 88268-6443", "(11) 9826-6443", "(01) 98268-6443",
    "(11) 982686443", "(11) 98268-64431", "(030", "(030)", "(030) ", "(11) ", "(11) 98268-",
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
    "«ada@lovelace.com»20 items", "«ada@lovelace.com»10.1.2.3",
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
    "song@live.mp3", "app@next.rc1",
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
    text[40] = '$'; /* too long for one, and then an address behind the sign */
    assert_int_equal(hsn_email_in_text(hsn_str_of(text, 70), 65, &begin), 29);
    assert_int_equal(begin, 41);
    assert_int_equal(hsn_email_in_text(hsn_str_of(text + 1, 69), 64, &begin), 69);
    assert_int_equal(begin, 0);
}

/* 555-0100 to 555-0199 belong to nobody, nor does a mask. */
static void test_test_phones(void **state)
{
    (void)state;
    static const char *const yes[] = {"555-0100",         "555-0199",       "212-555-0176",
                                      "(415) 555-0198",   "+1 202-555-0143", "+12025550143",
                                      "212-555-0199 x12", "1 (212) 555 0150",
                                      "+1 (999) 999-9999", "555-555-5555"};
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

/* ---------------------------------------------------------------- numbering plans */

/* The plans are searched by bisection: out of order some would not be found. */
static void test_plans(void **state)
{
    (void)state;
    enum { PLANS = 215, LONGEST = 15 }; /* digits in all: E.164 section 6.2.1 */
    size_t found = 0;
    for (unsigned code = 1; code < 1000; code++) {
        char digits[16];
        size_t len = 0;
        snprintf(digits, sizeof digits, "%u", code);
        const hsn_phone_plan *plan = hsn_phone_plan_at(hsn_str_z(digits), &len);
        if (plan != NULL && plan->code == code) {
            assert_int_equal(len, strlen(digits));
            assert_true(plan->min <= plan->max && len + plan->max <= LONGEST);
            found++;
        }
    }
    assert_int_equal(found, PLANS);
    size_t len = 0;
    assert_null(hsn_phone_plan_at(HSN_S("999"), &len));
    assert_null(hsn_phone_plan_at(HSN_S("0"), &len));
    assert_null(hsn_phone_plan_at(HSN_S(""), &len));
}

/* ---------------------------------------------------------------- bounds */

/* Every end of every beginning, with no byte behind it to be read. */
static void run_at_edge(const char *const *texts, size_t n)
{
    static const char *const checks[] = {"luhn", "card", "iban", "phone", "phone-e164", "entropy"};
    for (size_t i = 0; i < n; i++) {
        const struct marked m = unmark(texts[i]);
        for (size_t len = 0; len <= m.n; len++) {
            const hsn_str s = at_edge(hsn_str_of(m.text, len));
            for (size_t at = 0; at < len; at++) {
                size_t begin = 0;
                const hsn_str rest = hsn_str_cut(s, at, len);
                const unsigned char before = byte_before(s, at);
                assert_true(hsn_email_in_text(s, at, &begin) + begin <= len);
                assert_true(hsn_phone_in_text(rest, before) <= rest.n);
                assert_true(hsn_card_in_text(rest, before) <= rest.n);
                assert_true(hsn_iban_in_text(rest, before) <= rest.n);
                assert_true(hsn_ip_in_text(rest, before) <= rest.n);
            }
            for (size_t k = 0; k < COUNT(checks); k++) {
                hsn_check_by_name(hsn_str_z(checks[k]))(s);
            }
            hsn_is_test_card(s);
            hsn_is_test_phone(s);
        }
    }
}

static void test_bounds(void **state)
{
    (void)state;
    run_at_edge(phone_texts, HSN_COUNT(phone_texts));
    run_at_edge(card_texts, HSN_COUNT(card_texts));
    run_at_edge(iban_texts, HSN_COUNT(iban_texts));
    run_at_edge(email_texts, HSN_COUNT(email_texts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phone_in_text), cmocka_unit_test(test_phone_behind_bracket),
        cmocka_unit_test(test_test_phones),   cmocka_unit_test(test_plans),
        cmocka_unit_test(test_card_in_text),  cmocka_unit_test(test_test_cards),
        cmocka_unit_test(test_iban_in_text),  cmocka_unit_test(test_email_in_text),
        cmocka_unit_test(test_email_lengths), cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, edge_make, NULL);
}
