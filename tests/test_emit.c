/*
 * The way out: lines and columns, counted in steps of any length, in lines of any length.
 */
#include "emit.h"
#include "support.h"

enum { TEXT = 3000 };

static uint64_t state = 5;

static unsigned below(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

/* A line end once in `every` bytes. */
static void fill(unsigned char *p, unsigned every)
{
    for (size_t i = 0; i < TEXT; i++) {
        p[i] = below(every) == 0 ? '\n' : 'x';
    }
}

/* Counted one by one, up to `offset` of a text that begins at `base`. */
static void count(const unsigned char *p, uint64_t base, uint64_t offset, uint64_t *line,
                  uint64_t *line_at)
{
    *line = 1;
    *line_at = 0;
    for (uint64_t i = base; i < offset; i++) {
        if (p[i - base] == '\n') {
            (*line)++;
            *line_at = i + 1;
        }
    }
}

static void test_lines(void **unused)
{
    (void)unused;
    static const unsigned densities[] = {1, 2, 7, 30, 64, 100, 400, 5000};
    static unsigned char p[TEXT];
    const harsan_options opt = {0};
    for (int round = 0; round < 400; round++) {
        hsn_emit e;
        uint64_t base = below(2) == 0 ? 0 : 3; /* a byte order mark */
        fill(p, densities[(size_t)round % COUNT(densities)]);
        hsn_emit_init(&e, &opt);
        e.counted = base;
        hsn_emit_hold(&e, hsn_str_of(p, TEXT), base);
        for (uint64_t at = base; at <= base + TEXT; at += below(round % 3 == 0 ? 10 : 700)) {
            uint64_t line;
            uint64_t line_at;
            hsn_emit_lines(&e, at);
            count(p, base, at, &line, &line_at);
            assert_int_equal(e.line, line);
            assert_int_equal(e.line_at, line_at);
            assert_int_equal(e.counted, at);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
