/*
 * Secrets under random stacks of encodings: none can be read afterwards, every layer is still what
 * it was, and a second run finds nothing.
 *
 * HARSAN_STACKS  how many stacks (300 when not set)
 * HARSAN_SEED    the first seed (1 when not set); a failure names the seed that shows it
 */
#include "fixture.h"
#include "gen_layers.h"
#include "views.h"

#include <stdlib.h>

enum { STACKS = 300, FAILURES_MAX = 10, DESCRIPTION_MAX = 256 };

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text != NULL && *text != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

static size_t views_of_planted(const gen_stack *g, hsn_str out[GEN_PLANTED_MAX])
{
    for (size_t i = 0; i < g->n_planted; i++) {
        out[i] = hsn_str_z(g->planted[i]);
    }
    return g->n_planted;
}

/* NULL when all is well, else what is not; `detail` says more. */
static const char *judge(const gen_stack *g, bool one_byte, char detail[128])
{
    hsn_str values[GEN_PLANTED_MAX];
    size_t n = views_of_planted(g, values);
    hsn_str input = hsn_buf_str(&g->har);
    job j = {.rules = rules, .random_key = true, .chunk = one_byte ? 1 : 0};
    cleaned once;
    cleaned twice = {0};
    const char *why = NULL;
    clean(&j, input, &once);
    hsn_str output = hsn_buf_str(&once.out);
    detail[0] = '\0';
    if (once.status != HARSAN_OK) {
        why = "an error";
    } else if (find_readable(output, values, n, detail) != NULL) {
        why = "a planted value is readable";
    } else if (find_readable(hsn_buf_str(&once.told), values, n, detail) != NULL) {
        why = "the report tells a planted value";
    } else if ((why = differs(input, output)) == NULL) {
        why = differs_inside(input, output);
    }
    if (why == NULL) {
        clean(&j, output, &twice);
        if (twice.status != HARSAN_OK || !hsn_str_eq(hsn_buf_str(&twice.out), output)) {
            why = "a second run changes it";
        } else if (twice.n_seen > 0) {
            why = "a second run has findings";
        }
    }
    cleaned_free(&once);
    cleaned_free(&twice);
    return why;
}

static void test_stacks(void **state)
{
    (void)state;
    enum { ONE_BYTE_EVERY = 16 };
    uint64_t first = setting("HARSAN_SEED", 1);
    uint64_t count = setting("HARSAN_STACKS", STACKS);
    uint64_t failures = 0;
    for (uint64_t seed = first; seed < first + count; seed++) {
        char detail[128];
        char description[DESCRIPTION_MAX];
        gen_stack g;
        gen_make(&g, seed);
        const char *why = judge(&g, seed % ONE_BYTE_EVERY == 0, detail);
        if (why != NULL && failures++ < FAILURES_MAX) {
            gen_describe(&g, description, sizeof description);
            print_error("seed %zu: %s: %s (%s)\n", (size_t)seed, description, why, detail);
        }
        gen_free(&g);
    }
    if (failures > 0) {
        print_error("%zu of %zu stacks failed\n", (size_t)failures, (size_t)count);
        fail();
    }
}

/* The same seed makes the same stack, and what it planted can be read in it. */
static void test_generator(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        gen_stack a;
        gen_stack b;
        hsn_str values[GEN_PLANTED_MAX];
        char description[DESCRIPTION_MAX];
        gen_make(&a, seed);
        gen_make(&b, seed);
        assert_same(hsn_buf_str(&a.har), hsn_buf_str(&b.har), "the same seed");
        gen_describe(&a, description, sizeof description);
        size_t n = views_of_planted(&a, values);
        for (size_t i = 0; i < n; i++) {
            if (find_readable(hsn_buf_str(&a.har), &values[i], 1, NULL) == NULL) {
                print_error("seed %zu: %s: value %zu cannot be read\n", (size_t)seed, description,
                            i);
                fail();
            }
        }
        gen_free(&a);
        gen_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generator),
        cmocka_unit_test(test_stacks),
    };
    return cmocka_run_group_tests(tests, set_up_rules, tear_down_rules);
}
