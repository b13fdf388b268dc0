/*
 * Guards: which values look like what their names promise, and which are plainly harmless.
 */
#include "guard_looks.h"
#include "inspect.h"
#include "support.h"

#define UUID "24128077-665b-449d-a94f-92692f292dbc"
#define TOK "4hxhh5z27495hxz7z2k79xhw42542k9x"

typedef struct verdict {
    const char *value;
    bool want;
} verdict;

static void check(const char *what, bool (*judge)(hsn_str), const verdict *v, size_t n)
{
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        if (judge(hsn_str_z(v[i].value)) != v[i].want) {
            print_error("%s: \"%s\" should%s be one\n", what, v[i].value, v[i].want ? "" : " not");
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

/* What a memo says of a value is what is found out anew, whether it has the value or not. */
static void test_verdicts(void **state)
{
    (void)state;
    static const char *const values[] = {"hunter2", TOK, UUID, "null", "ana.lopez@maltbarrow.net",
                                         "redacted-k3jyx2abcdefg", "2026-01-12", "a", "10.1.2.3"};
    static const char *const categories[] = {"password", "token"};
    const unsigned char key[32] = {1};
    hsn_standin standin;
    hsn_standin_init(&standin, key);
    hsn_verdicts *m = hsn_verdicts_new(&standin, true);
    hsn_arena mem;
    hsn_arena_init(&mem, BIG);
    assert_non_null(m);
    prng r = {8};
    for (int round = 0; round < 20000; round++) {
        char text[160];
        int more = prng_one_in(&r, 2) ? (int)prng_below(&r, 900) : 0;
        snprintf(text, sizeof text, "%s%.*d", values[prng_below(&r, COUNT(values))],
                 prng_one_in(&r, 20) ? 110 : 0, more);
        hsn_str value = hsn_str_z(text);
        hsn_rule rule = {.guard = (hsn_guard)prng_below(&r, HSN_GUARD_IP + 1),
                         .category = categories[prng_below(&r, COUNT(categories))]};
        hsn_verdict *v = hsn_verdict_of(m, value);
        assert_int_equal(hsn_verdict_passes(m, v, &rule), hsn_guard_passes(&rule, value));
        assert_int_equal(hsn_verdict_is_harmless_cookie(v), hsn_is_harmless_cookie(value));
        assert_int_equal(hsn_verdict_is_standin(v), hsn_is_standin(value));
        bool address = hsn_str_chr(value, '@') < value.n && !hsn_is_standin(value);
        if (!address) {
            assert_int_equal(hsn_verdict_teaches(m, v), hsn_is_sweepable(value));
        }
        uint64_t id;
        uint64_t want_id;
        hsn_str got = hsn_verdict_standin(m, v, &mem, &id);
        assert_same(got, hsn_standin_make(&standin, &mem, value, 0, &want_id), text);
        assert_true(id == want_id);
        hsn_arena_reset(&mem);
    }
    hsn_arena_deinit(&mem);
    hsn_verdicts_free(m);
}

/* That an address is one answers questions that would be asked of its parts, and the same. */
static void test_verdicts_on_addresses(void **state)
{
    (void)state;
    static const char *const locals[] = {"ana", "ana.lopez", "you", "user", "\"a b\"", "a..b",
                                         "_x_",
                                         "redacted", "AEXAMPLE", "x-y", "redacted-k3jyx2abcdefg",
                                         "k3jyx2abcdefg", "%22ana", "ana%20", "-", "m\xc3\xbcller",
                                         "a:b", "a/b", "a@b", "", "git", "+1", "y!z", "your_name"};
    static const char *const hosts[] = {"maltbarrow.net", "example.com", "domain.com", "host",
                                        "a.b",
                                        "redacted.invalid", "r.invalid", "x.png", "b.xxxxxxxx",
                                        "h.example1.com", "2x.png", "10.1.2.3", "a.b:80", "a b.org",
                                        "\xd0\xb1.\xd0\xb1\xd0\xb3", "a..org", "a.org.", "x@y.org"};
    static const char *const around[] = {"", "", "", "", " ", "<", ">", "."};
    const unsigned char key[32] = {1};
    hsn_standin standin;
    hsn_standin_init(&standin, key);
    hsn_verdicts *m = hsn_verdicts_new(&standin, true);
    hsn_arena mem;
    hsn_arena_init(&mem, BIG);
    assert_non_null(m);
    const hsn_rule rule = {.guard = HSN_GUARD_EMAIL, .category = "email"};
    prng r = {9};
    for (int round = 0; round < 20000; round++) {
        char text[160];
        snprintf(text, sizeof text, "%s%s@%s%s", around[prng_below(&r, COUNT(around))],
                 locals[prng_below(&r, COUNT(locals))], hosts[prng_below(&r, COUNT(hosts))],
                 around[prng_below(&r, COUNT(around))]);
        hsn_str value = hsn_str_z(text);
        hsn_verdict *v = hsn_verdict_of(m, value);
        uint64_t id;
        uint64_t want_id;
        size_t from;
        const size_t at = hsn_str_chr(value, '@');
        if (hsn_verdict_passes(m, v, &rule) != hsn_guard_passes(&rule, value)) {
            fail_msg("%s: %d", text, (int)hsn_guard_passes(&rule, value));
        }
        assert_int_equal(hsn_verdict_is_standin(v), hsn_is_standin(value));
        assert_int_equal(hsn_verdict_teaches(m, v),
                         hsn_email_in_text(value, at, &from) != value.n && hsn_is_sweepable(value));
        hsn_str got = hsn_verdict_standin(m, v, &mem, &id);
        assert_same(got, hsn_standin_make(&standin, &mem, value, 0, &want_id), text);
        assert_true(id == want_id);
        hsn_arena_reset(&mem);
    }
    hsn_arena_deinit(&mem);
    hsn_verdicts_free(m);
}

/* One byte after another. */
static hsn_looks count_looks(hsn_str v)
{
    hsn_looks s = {.n = v.n};
    for (size_t i = 0; i < v.n; i++) {
        const unsigned char c = v.p[i];
        const bool digit = hsn_is_digit(c);
        const bool lower = c >= 'a' && c <= 'z';
        const bool upper = c >= 'A' && c <= 'Z';
        s.digits += digit;
        s.lower += lower;
        s.upper += upper;
        s.spaces += hsn_is_space(c);
        s.high += c >= 0x80;
        s.other += !digit && !lower && !upper && !hsn_is_space(c) && c < 0x80;
        if (i > 0) {
            const unsigned char b = v.p[i - 1];
            const bool letters = hsn_is_alpha(b) && hsn_is_alpha(c);
            s.case_changes += letters && (b & 0x20) != (c & 0x20);
            s.mixes += (hsn_is_digit(b) && hsn_is_alpha(c)) || (hsn_is_alpha(b) && digit);
        }
    }
    return s;
}

/* Of values of any length: long ones are counted in parts. */
static void test_looks(void **state)
{
    (void)state;
    static const char kinds[] = "09azAZ \t-\x01\xc3";
    static const size_t most[] = {40, 40, 1200, 10000};
    static unsigned char v[10000];
    prng r = {4};
    for (int round = 0; round < 3000; round++) {
        const size_t n = prng_below(&r, most[(size_t)round % COUNT(most)]);
        const size_t of = 1 + prng_below(&r, sizeof kinds - 1);
        const size_t from = prng_below(&r, sizeof kinds - 1);
        for (size_t i = 0; i < n; i++) {
            v[i] = (unsigned char)kinds[(from + prng_below(&r, of)) % (sizeof kinds - 1)];
        }
        const hsn_looks got = hsn_looks_of(hsn_str_of(v, n));
        const hsn_looks want = count_looks(hsn_str_of(v, n));
        assert_memory_equal(&got, &want, sizeof got);
    }
}

static void test_placeholders(void **state)
{
    (void)state;
    static const verdict table[] = {
        {"", true},
        {"   ", true},
        {"null", true},
        {"undefined", true},
        {"True", true},
        {"****", true},
        {"xxxxxxxx", true},
        {"XXXX", true},
        {"........", true},
        {"[REDACTED]", true},
        {"<token>", true},
        {"${PASSWORD}", true},
        {"{{ csrf_token }}", true},
        {"%(key)s", true},
        {"__TOKEN__", true},
        {"redacted-k3jyx2abcdefg", true},
        {"abcdefghijklm@redacted.invalid", true},
        {"H4sIAAAAAAAA", true},
        {"H4sIAAAAAAAAytILC4u", false},
        {"hunter2", false},
        {"*", true},
        {"**a*", false},
        {"[4hxhh5z27495hxz7]", false},
        {"{" TOK "}", false},
        {"secret1", false},
        {"nullable-42", false},
        {"changeme", true},
        {"changeme42", false},
        {"pk_" "live_" "4hxhh5z27495hxz7z2k79xhw", true}, /* public by their vendors' word */
        {"phc_4hxhh5z27495hxz7z2k79xhw42542k9x4hxhh5z2749", true},
        {"pub0123456789abcdef0123456789abcdef", true},
        {"pub0123456789abcdef0123456789abcdefa", false},
        {"pk_4hxhh5z27495hxz7z2k79xhw", false},
        {"public4hxhh5z27495hxz7z2k79xhw", false},
    };
    check("placeholder", hsn_is_placeholder, table, COUNT(table));
}

static void test_harmless_cookies(void **state)
{
    (void)state;
    static const verdict table[] = {
        {"", true},         {"1", true},          {"true", true},
        {"42", true},       {"en-US", true},      {"dark", true},
        {"EUR", true},      {"2026-01-05", true}, {"2026-01-05T10:00:00Z", true},
        {"v1.2.3", true},   {"Europe/Berlin", true}, {"user-profile-2", true},
        {"accepted", true}, {"1731405600", true},
        {TOK, false},       {UUID, false},        {"h4k7z2w9", false},
        {"GA1.2.1731405600.44821793", false},     {"user@maltbarrow-post.net", false},
        {"8823914407", false},                    {"eyJ1c2VyIjoiYW5uIn0", false},
        {"dGhpcyBpcyBhIHRlc3Q", false},           {"a%3A4k7z2w9h5x", false},
    };
    check("harmless cookie", hsn_is_harmless_cookie, table, COUNT(table));
}

static void test_times(void **state)
{
    (void)state;
    static const verdict table[] = {
        {"10:11", true},
        {"1:11", false},
        {"2024-05-06", true},
        {"2024/05/06 10:11", true},
        {"20240506", false},
        {"078-05-1120", false}, /* no date has three digits */
        {"12345-06-07", false},
        {"1731405600-1", true}, /* a time since 1970 */
        {"2024-05-06T10:11:12.123456789+00:00", true},   /* the longest, and */
        {"2024-05-06T10:11:12.123456789 +00:00", false}, /* one byte more */
        {"2024-05-06T10:11:12.12345678 +00:00", true},   /* the most signs, and */
        {"2024-05-06T10:11:12.1234567 +00:00Z", false},  /* one more */
        {"2024-05-06T10:11:12.2345678901", false},
        {"", false},
    };
    check("time", hsn_is_datetime, table, COUNT(table));
}

static bool is_token_8(hsn_str v)
{
    return hsn_is_tokenish(v, 8);
}

static void test_tokens(void **state)
{
    (void)state;
    static const verdict table[] = {
        {TOK, true},
        {UUID, true},
        {"h4k7z2w9", true},
        {"kWzQhVxTkZwHqXvKzTwQhXvK", true},
        {"9f86d081884c7d659a2feaa0c55ad015", true},
        {"h4k7z2w", false},
        {"password", false},
        {"four words 4 me", false},
        {"user-profile-2", false},
        {"baden-wuerttemberg", false},
        {"2026-01-05T10:00:00.000Z", false},
        {"https://shop.test/basket/42", false},
        {"1.20.300", false},
        {"12345678", false},
        {"xxxxxxxxxxxx", false},
        {"Gr\xc3\xbc\xc3\x9f" "e aus K4ln", false},
        {"Checkout:Eligibility:PreAuthCallLatency", false},
        {"kWzQhVxT:kZwHqXvKzTwQhXvK", true},
        {"131-4455667-8899001", true},
        {"131-445566-889900", false}, /* fewer than sixteen digits */
    };
    check("token", is_token_8, table, COUNT(table));
}

static void test_sweepable(void **state)
{
    (void)state;
    static const verdict table[] = {
        {TOK, true},
        {UUID, true},
        {"h4k7z2w9", true},
        {"four w0rds for me, please!", true},
        {"h4k7z2w", false},
        {"password", false},
        {"true", false},
        {"12345678", false},
        {"1731405600", false},
        {"8823914407", true},
        {"131-4455667-8899001", true}, /* no number in it has nine digits */
        {"131-445566-889900", false},  /* nor seven: there is nothing to look it up by */
        {"2026-01-05", false},
        {"en-US", false},
        {"two words", false},
        {"https://shop.test/basket", false},
        {"redacted-k3jyx2abcdefg", false},
    };
    check("value to sweep for", hsn_is_sweepable, table, COUNT(table));
}

/* ---------------------------------------------------------------- by rule */

static const struct {
    hsn_guard guard;
    const char *category;
    const char *value;
    bool want;
} guards[] = {
    {HSN_GUARD_SECRET, "password", "hunter2", true},
    {HSN_GUARD_SECRET, "password", "four words 4 me", true},
    {HSN_GUARD_SECRET, "password", "sesame", true},
    {HSN_GUARD_SECRET, "password", "", false},
    {HSN_GUARD_SECRET, "password", "true", false},
    {HSN_GUARD_SECRET, "password", "string", false},
    {HSN_GUARD_SECRET, "password", "required", false},
    {HSN_GUARD_SECRET, "password", "Forgot password?", false},
    {HSN_GUARD_SECRET, "password", "${PASSWORD}", false},
    {HSN_GUARD_SECRET, "token", TOK, true},
    {HSN_GUARD_SECRET, "token", "a1b2c3", true},
    {HSN_GUARD_SECRET, "token", "a1b2c", false},
    {HSN_GUARD_SECRET, "token", "481516", true},
    {HSN_GUARD_SECRET, "token", "48151", false},
    {HSN_GUARD_SECRET, "token", "512", false},
    {HSN_GUARD_SECRET, "token", "next", false},
    {HSN_GUARD_SECRET, "token", "https://shop.test/token/new", false},
    /* about a credential */
    {HSN_GUARD_SECRET, "password", "must", false},
    {HSN_GUARD_SECRET, "password", "is too short (minimum is 8 characters)", false},
    {HSN_GUARD_SECRET, "password", "^(?=.*[0-9]).{8,}$", false},
    {HSN_GUARD_SECRET, "token", "/^[a-f0-9]{32}$/i", false},
    {HSN_GUARD_SECRET, "password", "^a7x9$", true},
    {HSN_GUARD_SECRET, "password", "/^a[7x9/", true},
    {HSN_GUARD_SECRET, "password", "can't be blank", false},
    {HSN_GUARD_SECRET, "password", "is1x too short", true},
    {HSN_GUARD_SECRET, "password", "is 4815162342 too short", true},
    {HSN_GUARD_SECRET, "password", "issue more tickets", true},
    {HSN_GUARD_SECRET, "password", "blue horse can fly", true},
    {HSN_GUARD_SECRET, "password", "str", false},
    {HSN_GUARD_SECRET, "password", "Optional[str", false},
    {HSN_GUARD_SECRET, "password", "varchar(255)", false},
    {HSN_GUARD_SECRET, "password", "Optional[4815162342", true},
    {HSN_GUARD_SECRET, "password", "strong", true},
    {HSN_GUARD_SECRET, "password", "Sonnenschein", true},
    {HSN_GUARD_SECRET, "token", "Sicherheitscode", false},
    {HSN_GUARD_SECRET, "token", "sicherheitscodeqx", true},
    {HSN_GUARD_SECRET, "token", "SicherheitsCodeQx", true},
    {HSN_GUARD_SECRET, "key", "apiKey2", false},
    {HSN_GUARD_SECRET, "key", "auth-token-12", false},
    {HSN_GUARD_SECRET, "key", "apiKey214", true},
    {HSN_GUARD_SECRET, "password", "Password2", true},
    {HSN_GUARD_SECRET, "token", "#0055ff", false},
    {HSN_GUARD_SECRET, "token", "#0055ff80", false},
    {HSN_GUARD_SECRET, "token", "#0055fg", true},
    {HSN_GUARD_SECRET, "token", "#0055ff8", true},
    {HSN_GUARD_SECRET, "token", "rgba(0,0,0,.5)", false},
    {HSN_GUARD_SECRET, "token", "rgba(0,0,0,.5", true},
    {HSN_GUARD_SECRET, "token", "0.0625rem", false},
    {HSN_GUARD_SECRET, "token", "00625remx", true},
    {HSN_GUARD_SECRET, "password", "#0055ff", true},
    {HSN_GUARD_EMAIL, "email", "you@company.com", false},
    {HSN_GUARD_EMAIL, "email", "ann@company.com", true},
    {HSN_GUARD_ANY, "token", "y", true},
    {HSN_GUARD_ANY, "token", "", false},
    {HSN_GUARD_ANY, "token", "redacted-k3jyx2abcdefg", false},
    {HSN_GUARD_TOKEN, "token", "h4k7z2w9", true},
    {HSN_GUARD_TOKEN, "token", "US", false},
    {HSN_GUARD_TOKEN, "token", "WELCOME", false},
    {HSN_GUARD_OPAQUE, "key", TOK, true},
    {HSN_GUARD_OPAQUE, "key", "h4k7z2w9", false},
    {HSN_GUARD_OPAQUE, "key", "created_at", false},
    {HSN_GUARD_CODE, "otp", "481516", true},
    {HSN_GUARD_CODE, "otp", "4k7z", true},
    {HSN_GUARD_CODE, "otp", "123", false},
    {HSN_GUARD_CODE, "otp", "expired", false},
    {HSN_GUARD_CODE, "otp", "1234567890123", false},
    {HSN_GUARD_DIGITS, "card", "4012 8800 0012 3458", true},
    {HSN_GUARD_DIGITS, "card", "123", true},
    {HSN_GUARD_DIGITS, "card", "12", false},
    {HSN_GUARD_DIGITS, "card", "12345678901234567890", false},
    {HSN_GUARD_DIGITS, "card", "visa", false},
    {HSN_GUARD_PHONE, "phone", "0170 1234567", true},
    {HSN_GUARD_PHONE, "phone", "+44 7700 900523", true},
    {HSN_GUARD_PHONE, "phone", "123", false},
    {HSN_GUARD_PHONE, "phone", "mobile", false},
    {HSN_GUARD_EMAIL, "email", "ann@maltbarrow-post.net", true},
    {HSN_GUARD_EMAIL, "email", "true", false},
    {HSN_GUARD_EMAIL, "email", "", false},
    {HSN_GUARD_PERSON, "person", "Ann Brackenridge", true},
    {HSN_GUARD_PERSON, "person", "\xc3\x85sa", true},
    {HSN_GUARD_PERSON, "person", "A", false},
    {HSN_GUARD_PERSON, "person", "42", false},
    {HSN_GUARD_PERSON, "person", "string", false},
    {HSN_GUARD_PERSON, "person", "Vorname", false},
    {HSN_GUARD_PERSON, "person", "Last name", false},
    {HSN_GUARD_PERSON, "person", "Vornamen", true},
    {HSN_GUARD_PERSON, "address", "Apache/2.4 Server at shop.test Port 80", false},
    {HSN_GUARD_PERSON, "address", "1 Server Lane, Port Mill", true},
    {HSN_GUARD_PERSON, "person", "https://shop.test/ann", false},
    {HSN_GUARD_DATE, "birth", "1970-01-31", true},
    {HSN_GUARD_DATE, "birth", "31.01.1970", true},
    {HSN_GUARD_DATE, "birth", "1970", true},
    {HSN_GUARD_DATE, "birth", "yes", false},
    {HSN_GUARD_DATE, "birth", "31", false},
    {HSN_GUARD_IP, "network", "203.0.113.77", true},
    {HSN_GUARD_IP, "network", "2a00:1450::8a", true},
    {HSN_GUARD_IP, "network", "db1.internal.corp", true},
    {HSN_GUARD_IP, "network", "198.18.4.4", false},
    {HSN_GUARD_IP, "network", "true", false},
};

static void test_guards(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < COUNT(guards); i++) {
        hsn_rule rule = {.category = guards[i].category, .guard = guards[i].guard};
        hsn_str value = hsn_str_z(guards[i].value);
        if (hsn_guard_passes(&rule, value) != guards[i].want) {
            print_error("guard %d: \"%s\" should%s pass\n", (int)guards[i].guard, guards[i].value,
                        guards[i].want ? "" : " not");
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

/* Any bytes at all, up to an end that is the end of memory: no judge reads on. */
static void test_any_bytes(void **state)
{
    (void)state;
    enum { ROUNDS = 20000, LONGEST = 64 };
    prng r = {1};
    for (int i = 0; i < ROUNDS; i++) {
        size_t n = prng_below(&r, LONGEST);
        unsigned char *p = hsn_mem_new(n > 0 ? n : 1); /* the sanitizer knows where it ends */
        assert_non_null(p);
        for (size_t k = 0; k < n; k++) {
            p[k] = (unsigned char)(prng_next(&r) >> (prng_one_in(&r, 2) ? 1 : 3));
        }
        hsn_str v = hsn_str_of(p, n);
        hsn_is_placeholder(v);
        hsn_is_harmless_cookie(v);
        hsn_is_tokenish(v, prng_below(&r, 20));
        hsn_is_sweepable(v);
        for (int g = HSN_GUARD_SECRET; g <= HSN_GUARD_IP; g++) {
            hsn_rule rule = {.category = "password", .guard = (hsn_guard)g};
            hsn_guard_passes(&rule, v);
        }
        hsn_mem_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_placeholders),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_verdicts_on_addresses),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_harmless_cookies),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_sweepable),
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
