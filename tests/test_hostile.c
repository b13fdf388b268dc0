/*
 * Texts made to cost: megabytes of almost-matches. The work that spots do beyond the scan's own
 * pass is paid from a budget; what is tested here is that every pattern of the kind stays within it
 * or is paid, so that time grows with the size and not with its square.
 */
#include "peel.h"
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
    "eyJh-eyJi_",
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
    "token:{a",
    "%20token=",
    "$token = '",
    "tel. 030 1",
    "(030) 12 ",
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
    "x \\\\\\\\\\n",
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

/* What is found, in a layer that is encoded again with all of it in one edit. */
static const char *const found[] = {
    "a@b.co ",
    "token=k3j9zq0vx7bl2mn8 ",
};

typedef enum layer { PLAIN, BASE64 } layer;

static void make_text(hsn_buf *text, const char *pattern, size_t size, layer in)
{
    const hsn_base64 how = {.padded = true};
    hsn_buf plain;
    hsn_buf_init(&plain, 2 * LARGE);
    while (plain.n < size) {
        hsn_buf_printf(&plain, "%s", pattern);
    }
    hsn_buf_printf(text, "{\"log\":{\"entries\":[{\"response\":{\"content\":{\"text\":\"");
    if (in == BASE64) {
        hsn_base64_encode(text, hsn_buf_str(&plain), &how);
    } else {
        hsn_buf_add_str(text, hsn_buf_str(&plain));
    }
    hsn_buf_printf(text, "\"}}}]}}");
    hsn_buf_deinit(&plain);
}

static double seconds_for(const harsan_rules *rules, const char *pattern, size_t size, layer in)
{
    hsn_buf text;
    hsn_buf_init(&text, 4 * LARGE);
    make_text(&text, pattern, size, in);
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

/* How many of the patterns take too long. */
static size_t count_slow(const char *const list[], size_t n, layer in)
{
    harsan_rules *rules = default_rules(0);
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        double small = seconds_for(rules, list[i], SMALL, in);
        double large = small < 1.0 ? seconds_for(rules, list[i], LARGE, in) : small * 16;
        if (large > SECONDS_MAX) {
            print_error("%s: %.2f s for %d, %.2f s for %d bytes\n", list[i], small, SMALL, large,
                        LARGE);
            failed++;
        }
    }
    harsan_rules_free(rules);
    return failed;
}

static void test_linear(void **state)
{
    (void)state;
    assert_int_equal(count_slow(patterns, COUNT(patterns), PLAIN), 0);
}

static void test_linear_in_a_layer(void **state)
{
    (void)state;
    assert_int_equal(count_slow(found, COUNT(found), BASE64), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linear),
        cmocka_unit_test(test_linear_in_a_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
