/*
 * What every stage stands on. The arena: what it gives out is aligned, apart from all else, and
 * kept for the next round; behind a refusal nothing is given out any more. Buffers, whose failure
 * sticks. Views and classes of bytes, at their edges: NUL, bytes from 0x80 on, offsets beyond the
 * end.
 */
#include "base.h"
#include "support.h"

#include <stdint.h>

enum { MAX = 1 << 20, PIECES = 2000 };

static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 4000, 32 * 1024, 32 * 1024 + 1, 70000};

static void test_apart(void **unused)
{
    (void)unused;
    hsn_arena a;
    hsn_arena_init(&a, MAX);
    size_t total = 0;
    for (int round = 0; round < 3; round++) {
        unsigned char *p[PIECES];
        size_t n = 0;
        for (; n < PIECES; n++) {
            size_t size = sizes[n % COUNT(sizes)];
            p[n] = hsn_arena_new(&a, size);
            if (p[n] == NULL) {
                break;
            }
            assert_int_equal((uintptr_t)p[n] % alignof(max_align_t), 0);
            memset(p[n], (int)(n % 251), size);
        }
        assert_true(n > COUNT(sizes) && n < PIECES);
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < sizes[i % COUNT(sizes)]; k++) {
                assert_int_equal(p[i][k], i % 251);
            }
        }
        assert_true(a.total <= MAX && (round == 0 || a.total == total)); /* blocks are kept */
        total = a.total;
        hsn_arena_reset(&a);
    }
    hsn_arena_deinit(&a);
}

static void test_refused(void **unused)
{
    (void)unused;
    static const size_t too_much[] = {MAX + 1, SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15};
    for (size_t i = 0; i < COUNT(too_much); i++) {
        hsn_arena a;
        hsn_arena_init(&a, MAX);
        assert_non_null(hsn_arena_new(&a, 8));
        assert_null(hsn_arena_new(&a, too_much[i]));
        assert_true(a.failed);
        assert_null(hsn_arena_new(&a, 8));
        assert_null(hsn_arena_new(&a, 0));
        assert_null(hsn_arena_copy(&a, HSN_S("x")).p);
        hsn_arena_reset(&a);
        assert_non_null(hsn_arena_new(&a, 8));
        hsn_arena_deinit(&a);
    }
}

/* ---------------------------------------------------------------- buffers */

static void test_ceiling(void **unused)
{
    (void)unused;
    enum { CEILING = 10 };
    hsn_buf b;
    hsn_buf_init(&b, CEILING);
    hsn_buf_printf(&b, "%d", 123456789);
    hsn_buf_put(&b, '0');
    assert_false(hsn_buf_failed(&b));
    assert_same(hsn_buf_str(&b), HSN_S("1234567890"), "up to the ceiling");
    hsn_buf_put(&b, 'x');
    assert_true(hsn_buf_failed(&b));
    hsn_buf_reset(&b);
    assert_false(hsn_buf_failed(&b));
    hsn_buf_add_str(&b, HSN_S("12345678901"));
    hsn_buf_put(&b, 'x');
    hsn_buf_printf(&b, "x");
    assert_true(hsn_buf_failed(&b) && b.n == 0); /* behind what did not fit nothing is added */
    hsn_buf_reset(&b);
    assert_false(hsn_buf_reserve(&b, SIZE_MAX));
    hsn_buf_deinit(&b);
}

/* ---------------------------------------------------------------- views and bytes */

static void test_cut(void **unused)
{
    (void)unused;
    const hsn_str s = HSN_S("abcd");
    static const struct {
        size_t from, to;
        const char *want;
    } cuts[] = {{0, 4, "abcd"}, {1, 3, "bc"},        {4, 4, ""}, {0, SIZE_MAX, "abcd"},
                {3, 1, ""},     {SIZE_MAX, 2, ""},   {9, 12, ""}};
    for (size_t i = 0; i < COUNT(cuts); i++) {
        assert_same(hsn_str_cut(s, cuts[i].from, cuts[i].to), hsn_str_z(cuts[i].want), "cut");
    }
    assert_int_equal(hsn_str_cut((hsn_str){0}, 1, 2).n, 0);
    assert_int_equal(hsn_str_find(s, HSN_S("")), s.n);
    assert_int_equal(hsn_str_find(s, HSN_S("cd")), 2);
    assert_int_equal(hsn_str_chr(s, '\0'), s.n);
    assert_int_equal(hsn_str_chr(hsn_str_of("a\0b", 3), '\0'), 1);
}

/* Told by rows of characters, not by what the code under test does. */
static void test_classes(void **unused)
{
    (void)unused;
    const hsn_str digits = HSN_S("0123456789");
    const hsn_str letters = HSN_S("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    const hsn_str blanks = HSN_S(" \t\n\v\f\r");
    const hsn_str hex = HSN_S("0123456789abcdefABCDEF");
    for (unsigned i = 0; i < 256; i++) {
        const unsigned char c = (unsigned char)i;
        const bool digit = memchr(digits.p, c, digits.n) != NULL;
        const bool letter = memchr(letters.p, c, letters.n) != NULL;
        assert_int_equal(hsn_is_digit(c), digit);
        assert_int_equal(hsn_is_alpha(c), letter);
        assert_int_equal(hsn_is_alnum(c), digit || letter);
        assert_int_equal(hsn_is_space(c), memchr(blanks.p, c, blanks.n) != NULL);
        assert_int_equal(hsn_hex(c) >= 0, memchr(hex.p, c, hex.n) != NULL);
        assert_int_equal(hsn_is_one_of(c, "-_\xe9"), c == '-' || c == '_' || c == 0xe9);
        assert_false(hsn_is_one_of(c, ""));
    }
    assert_int_equal(hsn_hex('0'), 0);
    assert_int_equal(hsn_hex('a'), 10);
    assert_int_equal(hsn_hex('F'), 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_ceiling),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_classes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
