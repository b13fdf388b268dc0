/*
 * The scan's masks: what they say of every byte in every position, the same with and without
 * vectors.
 */
#include "scan_wide.h"
#include "support.h"

#if defined(HSN_AVX2)

HSN_AVX2 static void scan_avx2(const unsigned char p[HSN_BLOCK], hsn_masks *out)
{
    hsn_scan_avx2(p, out);
}

HSN_AVX512 static void scan_avx512(const unsigned char p[HSN_BLOCK], hsn_masks *out)
{
    hsn_scan_avx512(p, out);
}

#endif

/* As wide as the machine has them, or as the test says. */
static hsn_scan_fn scan_best(void)
{
    static const hsn_scan_fn paths[] = HSN_PATHS(hsn_scan_portable, scan_avx2, scan_avx512);
    return paths[hsn_vec_width()];
}

static bool is_special(unsigned char c)
{
    return c != 0 && strchr("=:@%&\\<", c) != NULL;
}

static bool is_base64(unsigned char c)
{
    return hsn_is_alnum(c) || (c != 0 && strchr("+/-_", c) != NULL);
}

static bool is_gap(unsigned char c)
{
    return c >= 0x80 || (c != 0 && strchr(" -./(", c) != NULL);
}

static void expect_masks(hsn_scan_fn scan, const unsigned char block[HSN_BLOCK])
{
    hsn_masks m;
    scan(block, &m);
    for (unsigned i = 0; i < HSN_BLOCK; i++) {
        assert_int_equal(m.word >> i & 1, hsn_is_alnum(block[i]));
        assert_int_equal(m.base64 >> i & 1, is_base64(block[i]));
        assert_int_equal(m.special >> i & 1, is_special(block[i]));
        assert_int_equal(m.digit >> i & 1, hsn_is_digit(block[i]));
        assert_int_equal(m.upper >> i & 1, block[i] >= 'A' && block[i] <= 'Z');
        assert_int_equal(m.slash >> i & 1, block[i] == '/');
        assert_int_equal(m.gap >> i & 1, is_gap(block[i]));
        assert_int_equal(m.open >> i & 1, strchr("+([", block[i]) != NULL && block[i] != 0);
        assert_int_equal(m.zero >> i & 1, block[i] == '0');
        assert_int_equal(m.one >> i & 1, block[i] == '1');
        assert_int_equal(m.dot >> i & 1, block[i] == '.');
    }
}

static void test_every_byte(void **state)
{
    (void)state;
    unsigned char block[HSN_BLOCK];
    for (unsigned c = 0; c < 256; c++) {
        for (unsigned other = 0; other < 256; other += 37) {
            memset(block, (int)other, sizeof block);
            for (unsigned at = 0; at < HSN_BLOCK; at += 7) {
                block[at] = (unsigned char)c;
            }
            expect_masks(hsn_scan_portable, block);
            expect_masks(scan_best(), block);
        }
    }
}

static void test_random_blocks(void **state)
{
    (void)state;
    enum { ROUNDS = 20000, MISALIGNED = 7 };
    prng r = {1};
    unsigned char bytes[HSN_BLOCK + MISALIGNED];
    for (int round = 0; round < ROUNDS; round++) {
        hsn_masks a;
        hsn_masks b;
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (unsigned char)prng_next(&r);
        }
        const unsigned char *p = bytes + prng_below(&r, MISALIGNED + 1);
        hsn_scan_portable(p, &a);
        scan_best()(p, &b);
        assert_memory_equal(&a, &b, sizeof a);
    }
}

static void test_base64_run(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t from;
        size_t want;
    } table[] = {
        {"abc", 0, 3},     {"abc", 3, 3},       {"", 0, 0},          {"a+/-_Z9=", 0, 7},
        {"a b", 0, 1},     {" ab", 0, 0},       {"ab.cd", 3, 5},     {"ab\xc3\xa9", 0, 2},
        {"a\"b", 2, 3},    {"ab==", 0, 2},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_int_equal(hsn_scan_base64_run(hsn_str_z(table[i].text), table[i].from),
                         table[i].want);
    }
}

static bool has_print(hsn_str s)
{
    enum { RUN = 8 };
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < RUN; i++) {
        n = s.p[i] >= 0x20 && s.p[i] < 0x7f ? n + 1 : 0;
    }
    return n == RUN;
}

/* It may see a run where there is none, never the other way round; nothing but zeros has none. */
static void test_has_print(void **state)
{
    (void)state;
    enum { ROUNDS = 20000, LONGEST = 128 };
    static const unsigned char zeros[LONGEST];
    prng r = {1};
    for (int round = 0; round < ROUNDS; round++) {
        unsigned char bytes[LONGEST];
        size_t n = prng_below(&r, LONGEST + 1);
        size_t printable = prng_below(&r, 16);
        for (size_t i = 0; i < n; i++) {
            unsigned char c = (unsigned char)prng_next(&r);
            bytes[i] = prng_below(&r, 16) < printable ? (unsigned char)(' ' + c % 95) : c;
        }
        hsn_str s = hsn_str_of(bytes, n);
        assert_true(hsn_scan_has_print(s) || !has_print(s));
        assert_false(hsn_scan_has_print(hsn_str_of(zeros, n)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_random_blocks),
        cmocka_unit_test(test_base64_run),
        cmocka_unit_test(test_has_print),
    };
    int failed = 0;
    const hsn_width widest = hsn_vec_width();
    for (unsigned width = 0; width <= widest; width++) { /* every path that this machine has */
        hsn_vec_test_width = (hsn_width)width;
        failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
