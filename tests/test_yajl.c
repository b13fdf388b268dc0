/*
 * yajl for the command: each of its requests for memory refused in turn, until none is. Whatever is
 * refused the parse is left, says so, and leaves nothing behind.
 */
#include "support.h"

#include <stdlib.h>

static size_t asked;
static size_t refused; /* from 1; 0 = none */
static size_t live;

static void *count_realloc(void *p, size_t n)
{
    void *got = ++asked == refused ? NULL : realloc(p, n);
    live += p == NULL && got != NULL;
    return got;
}

static void count_free(void *p)
{
    live -= p != NULL;
    free(p);
}

#define realloc count_realloc
#define free count_free
#include "../src/cli_yajl.c"
#undef realloc
#undef free

static size_t strings;

static int on_string(void *ctx, const unsigned char *p, size_t n)
{
    (void)ctx, (void)p, (void)n;
    strings++;
    return 1;
}

static const yajl_callbacks callbacks = {.yajl_string = on_string};

/* In pieces of a few bytes: what spans two of them yajl has to hold. */
static cli_exit parse(hsn_str text)
{
    enum { PIECE = 7 };
    cli_yajl y;
    strings = 0;
    cli_exit code = cli_yajl_open(&y, &callbacks, NULL);
    for (size_t at = 0; code == CLI_OK && at < text.n; at += PIECE) {
        hsn_str piece = hsn_str_cut(text, at, at + PIECE);
        code = cli_yajl_parse(&y, piece.p, piece.n);
    }
    code = code == CLI_OK ? cli_yajl_parse(&y, NULL, 0) : code;
    cli_yajl_close(&y);
    assert_int_equal(live, 0);
    return code;
}

/* Deep, and with long strings and escapes, for which yajl has a buffer each. */
static hsn_buf long_text(void)
{
    enum { DEPTH = 300, LENGTH = 9000 };
    hsn_buf text = new_buf();
    buf_repeat(&text, "[", DEPTH);
    for (int i = 0; i < 2; i++) {
        hsn_buf_printf(&text, i > 0 ? ",\"" : "\"");
        buf_repeat(&text, i > 0 ? "\\u0041" : "a", LENGTH);
        hsn_buf_printf(&text, "\"");
    }
    buf_repeat(&text, "]", DEPTH);
    return text;
}

static void test_each_request(void **state)
{
    (void)state;
    hsn_buf text = long_text();
    size_t done = 0;
    cli_exit code = CLI_NOMEM;
    for (refused = 1; code == CLI_NOMEM; refused++) {
        asked = 0;
        code = parse(hsn_buf_str(&text));
        done++;
    }
    assert_int_equal(code, CLI_OK);
    assert_int_equal(done, asked + 1);
    assert_int_equal(strings, 2);
    assert_true(asked > 10);
    hsn_buf_deinit(&text);
}

static void test_what_is_no_json(void **state)
{
    (void)state;
    refused = 0;
    assert_int_equal(parse(HSN_S("[1,2]")), CLI_OK);
    assert_int_equal(parse(HSN_S("[1,2")), CLI_SYNTAX);
    assert_int_equal(parse(HSN_S("[1 2]")), CLI_SYNTAX);
    assert_int_equal(parse(HSN_S("")), CLI_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_request),
        cmocka_unit_test(test_what_is_no_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
