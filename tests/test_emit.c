/*
 * The way out: lines and columns, counted in steps of any length, in lines of any length; edits
 * written, in as few writes as there is room for, and none behind one that was refused.
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

/* ---------------------------------------------------------------- edits */

enum { LONG = 100000, EDITS = 64 };

/* What was written. */
typedef struct sink {
    hsn_buf got;
    unsigned writes;
    unsigned refused; /* from this one on; 0 = none */
} sink;

static int take(void *ctx, const void *data, size_t len)
{
    sink *s = ctx;
    s->writes++;
    if (s->refused != 0 && s->writes >= s->refused) {
        return 1;
    }
    hsn_buf_add(&s->got, data, len);
    return 0;
}

/* Edits all over the text, now and then with long ones, or far from each other. */
static size_t make_edits(hsn_edit *v, const unsigned char *with)
{
    size_t n = 0;
    for (size_t at = 0; n < EDITS; n++) {
        at += below(8) == 0 ? below(2 * HSN_EMIT_ROOM) : below(400);
        v[n] = (hsn_edit){.off = at, .len = below(30)};
        v[n].with = hsn_str_of(with, below(16) == 0 ? below(3 * HSN_EMIT_ROOM) : below(40));
        at += v[n].len;
        if (at >= LONG) {
            break;
        }
    }
    return n;
}

static void test_edits(void **unused)
{
    (void)unused;
    static unsigned char text[LONG];
    static unsigned char with[3 * HSN_EMIT_ROOM];
    static hsn_edit v[EDITS];
    static hsn_emit e;
    memset(with, 'w', sizeof with);
    for (size_t i = 0; i < LONG; i++) {
        text[i] = (unsigned char)('a' + below(20));
    }
    for (int round = 0; round < 200; round++) {
        sink s = {0};
        hsn_buf want;
        hsn_buf_init(&s.got, SIZE_MAX);
        hsn_buf_init(&want, SIZE_MAX);
        harsan_error err = {0};
        const harsan_options opt = {.write = take, .write_ctx = &s};
        const hsn_edits edits = {.v = v, .n = make_edits(v, with)};
        size_t written = 0;
        hsn_emit_init(&e, &opt);
        e.err = &err;
        hsn_emit_hold(&e, hsn_str_of(text, LONG), 0);
        assert_true(hsn_emit_edits(&e, &edits, &written));
        assert_true(hsn_emit_put(&e, text + written, LONG - written));
        hsn_peel_splice(&want, hsn_str_of(text, LONG), v, edits.n);
        assert_same(hsn_buf_str(&s.got), hsn_buf_str(&want), "edits");
        assert_int_equal(e.bytes, want.n);
        assert_true(s.writes <= 2 + 2 * (want.n / HSN_EMIT_ROOM)); /* of two in a row one is full */
        hsn_buf_deinit(&s.got);
        hsn_buf_deinit(&want);
    }
}

static void test_refused(void **unused)
{
    (void)unused;
    static unsigned char text[LONG];
    static hsn_emit e;
    hsn_edit v[] = {{.off = 10, .len = 5, .with = HSN_S("one")},
                    {.off = 9000, .len = 5, .with = HSN_S("two")},
                    {.off = 50000, .len = 5, .with = HSN_S("three")}};
    const hsn_edits edits = {.v = v, .n = COUNT(v)};
    for (unsigned refused = 1; refused <= 4; refused++) {
        sink s = {.refused = refused};
        hsn_buf_init(&s.got, SIZE_MAX);
        harsan_error err = {0};
        const harsan_options opt = {.write = take, .write_ctx = &s};
        size_t written = 0;
        hsn_emit_init(&e, &opt);
        e.err = &err;
        hsn_emit_hold(&e, hsn_str_of(text, LONG), 0);
        assert_false(hsn_emit_edits(&e, &edits, &written));
        assert_int_equal(s.writes, refused);
        assert_int_equal(err.code, HARSAN_E_IO);
        hsn_buf_deinit(&s.got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_edits),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
