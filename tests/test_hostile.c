/*
 * Texts made to cost: megabytes of almost-matches. The work that spots do beyond the scan's own
 * pass is paid from a budget; what is tested here is that every pattern of the kind stays within it
 * or is paid, so that time grows with the size and not with its square.
 */
#include "support.h"

#include <time.h>

enum {
/* Ten to a hundred times slower: the bounds are the other build's. */
#if defined(__SANITIZE_ADDRESS__)
    SMALL = 4 * 1024,
    LARGE = 16 * 1024,
#else
    SMALL = 256 * 1024,
    LARGE = 1024 * 1024,
#endif
    SECONDS_MAX = 4 /* for LARGE; squares would take minutes */
};

static const char *const patterns[] = {
    "a",
    "a@",
    "a@b.c",
    "\\\\",
    "\\\"",
    "&amp;",
    "&#",
    "%",
    "%41",
    "%25",
    "=",
    ":",
    "token=",
    "token:",
    "token=token:",
    "\\\"token\\\":",
    "\\\"token\\\":{",
    "\\\"token\\\":\\\"",
    "{\\\"a\\\":",
    "[{\\\"token\\\":[",
    "<input ",
    "<input value=\\\"",
    "<input a=b ",
    "<password>",
    "<key>token</key><",
    "eyJ",
    "eyJ.",
    "eyJ-",
    "eyJhbGciOiJub25lIn0.",
    "QUFBQUFBQUFBQUFBQUFB.",
    "QUFBQUFBQUFBQUFBQUFB/",
    "QUFBQUFBQUFBQUFBQUFB\\n",
    "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\\n",
    "://",
    "://a:b@",
    "://a:b@c/",
    "/reset/",
    "/reset/a1b2c3d4e5",
    "Cookie: a=b; ",
    "Authorization: Bearer ",
    "-----BEGIN ",
    "+1 415 555 ",
    "4111 1111 ",
    "1",
    "12-",
    "(212) ",
    "GB82 WEST ",
    "'",
    "\\\"",
    "x'y\\\"z`",
    "\\u0041",
    "\\\\u0041",
    "a,b\\n",
    "password,token\\n1,2\\n",
    "--x\\r\\nContent-Disposition: form-data; name=token\\r\\n\\r\\na\\r\\n",
    "data:text/plain;base64,",
    "sk_live_",
    "ghp_",
    "AKIA",
};

static double seconds_for(const harsan_rules *rules, const char *pattern, size_t size)
{
    hsn_buf text;
    hsn_buf_init(&text, 2 * LARGE + 1024);
    hsn_buf_printf(&text, "{\"log\":{\"entries\":[{\"response\":{\"content\":{\"text\":\"");
    while (text.n < size) {
        hsn_buf_printf(&text, "%s", pattern);
    }
    hsn_buf_printf(&text, "\"}}}]}}");
    job j = {.rules = rules, .random_key = true};
    cleaned out;
    clock_t begin = clock();
    clean(&j, hsn_buf_str(&text), &out);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    assert_int_equal(out.status, HARSAN_OK);
    cleaned_free(&out);
    hsn_buf_deinit(&text);
    return seconds;
}

static void test_linear(void **state)
{
    (void)state;
    harsan_rules *rules = default_rules(0);
    size_t failed = 0;
    for (size_t i = 0; i < COUNT(patterns); i++) {
        double small = seconds_for(rules, patterns[i], SMALL);
        double large = small < 1.0 ? seconds_for(rules, patterns[i], LARGE) : small * 16;
        if (large > SECONDS_MAX) {
            print_error("%s: %.2f s for %d, %.2f s for %d bytes\n", patterns[i], small, SMALL,
                        large, LARGE);
            failed++;
        }
    }
    harsan_rules_free(rules);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
