/*
 * The arena: what it gives out is aligned, apart from all else, and kept for the next round; behind
 * a refusal nothing is given out any more.
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
