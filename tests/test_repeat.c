/*
 * Repeats: what was made of a long value comes back for an equal one and no other, and a session
 * comes to the same with them as without.
 */
#include "fixture.h"
#include "gen_taught.h"
#include "repeat.h"

#include <stdlib.h>

/* ---------------------------------------------------------------- fields */

static const hsn_label label_a = {.name = {(const unsigned char *)"text", 4}, .where = HSN_IN_KEY};
static const hsn_label label_b = {.name = {(const unsigned char *)"body", 4}, .where = HSN_IN_KEY};
static const hsn_label header_a = {.name = {(const unsigned char *)"text", 4},
                                   .where = HSN_IN_HEADER};

/* Of `len` bytes at `off`. */
static hsn_field field_at(size_t off, size_t len)
{
    return (hsn_field){
        .off = off, .len = len, .by = &label_a, .key = &label_a, .kind = HSN_JSON_STRING};
}

static void fill_random(unsigned char *p, size_t n, uint64_t seed)
{
    prng r = {seed};
    for (size_t i = 0; i < n; i++) {
        p[i] = (unsigned char)('a' + prng_below(&r, 26));
    }
}

/* One edit, seven bytes behind the beginning of the field. */
static void keep_one(hsn_repeats *r, hsn_str in, const hsn_field *f)
{
    hsn_note note = {.source = "learned", .category = "token", .layers = "json",
                     .stand_in = HSN_S("redacted"), .value_id = 7};
    hsn_edit edit = {.off = f->off + 7, .len = 5, .with = note.stand_in, .notes = &note};
    hsn_taught taught = {.value = HSN_S("taught")};
    const hsn_result made = {.field = f, .edits = {&edit, 1, 1}, .taught = &taught};
    hsn_repeats_keep(r, in, &made);
}

static void expect_one(hsn_repeats *r, hsn_str in, const hsn_field *f)
{
    hsn_arena mem;
    hsn_result got;
    hsn_arena_init(&mem, BIG);
    assert_true(hsn_repeats_has(r, in, f));
    assert_true(hsn_repeats_find(r, in, f, &mem, &got));
    assert_ptr_equal(got.field, f);
    assert_int_equal(got.edits.n, 1);
    assert_int_equal(got.edits.v[0].off, f->off + 7);
    assert_int_equal(got.edits.v[0].len, 5);
    assert_same(got.edits.v[0].with, HSN_S("redacted"), "stand-in");
    assert_int_equal(got.edits.v[0].notes->value_id, 7);
    assert_string_equal(got.edits.v[0].notes->layers, "json");
    assert_same(got.taught->value, HSN_S("taught"), "taught");
    assert_null(got.taught->next);
    hsn_arena_deinit(&mem);
}

enum { TEXT = 10000, LEN = 3000, FIRST = 100, SECOND = 5000 };

/* The same 3,000 bytes twice. */
static unsigned char bytes[TEXT];
static const hsn_str all = {bytes, TEXT};
static hsn_field first;
static hsn_field second;

static hsn_repeats *begin(void)
{
    fill_random(bytes, TEXT, 1);
    memcpy(bytes + SECOND, bytes + FIRST, LEN);
    first = field_at(FIRST, LEN);
    second = field_at(SECOND, LEN);
    return hsn_repeats_new();
}

/* ---------------------------------------------------------------- tests */

static void test_comes_back(void **state)
{
    (void)state;
    hsn_repeats *r = begin();
    assert_true(hsn_repeats_is_empty(r));
    assert_false(hsn_repeats_has(r, all, &first));
    keep_one(r, all, &first);
    assert_false(hsn_repeats_is_empty(r));
    expect_one(r, all, &first);
    expect_one(r, all, &second);
    hsn_repeats_free(r);
}

/* Nothing made of it is an answer as well. */
static void test_nothing_comes_back(void **state)
{
    (void)state;
    hsn_repeats *r = begin();
    hsn_arena mem;
    hsn_result got;
    hsn_arena_init(&mem, BIG);
    hsn_repeats_keep(r, all, &(hsn_result){.field = &first});
    assert_true(hsn_repeats_find(r, all, &second, &mem, &got));
    assert_true(hsn_result_is_empty(&got));
    hsn_arena_deinit(&mem);
    hsn_repeats_free(r);
}

/* A byte anywhere, the name and what is known of it, the container's rule, the pack: each makes
 * another value of it. */
static void test_differs(void **state)
{
    (void)state;
    hsn_repeats *r = begin();
    keep_one(r, all, &first);
    for (size_t i = 0; i < LEN; i++) {
        bytes[SECOND + i] ^= 1;
        assert_false(hsn_repeats_has(r, all, &second));
        bytes[SECOND + i] ^= 1;
    }
    static const hsn_rule rule;
    const hsn_label ruled_a = {.name = label_a.name, .where = label_a.where, .rule = &rule};
    hsn_field other[] = {second, second, second, second, second, second, second, second, second};
    other[0].by = &label_b;
    other[1].key = &label_b;
    other[2].rule = &rule;
    other[3].strict = true;
    other[4].escaped = true;
    other[5].told = HSN_TOLD;
    other[6].len--;
    other[7].by = &header_a;
    other[8].by = &ruled_a;
    for (size_t i = 0; i < COUNT(other); i++) {
        assert_false(hsn_repeats_has(r, all, &other[i]));
    }
    expect_one(r, all, &second);
    hsn_repeats_free(r);
}

static void test_dropped(void **state)
{
    (void)state;
    hsn_repeats *r = begin();
    keep_one(r, all, &first);
    hsn_repeats_drop(r);
    assert_false(hsn_repeats_has(r, all, &second));
    keep_one(r, all, &second);
    expect_one(r, all, &first);
    hsn_repeats_free(r);
}

/* What was not inspected is told again each time. */
static void test_blind_is_not_kept(void **state)
{
    (void)state;
    const hsn_blind blind = {.why = "limit:layers"};
    hsn_repeats *r = begin();
    hsn_repeats_keep(r, all, &(hsn_result){.field = &first, .blind = &blind});
    assert_false(hsn_repeats_has(r, all, &first));
    hsn_repeats_free(r);
}

/* Far more than there is room for, twice round: the latest stay, whole; the others leave. */
static void test_room(void **state)
{
    (void)state;
    enum { MANY = 300, EACH = 40000, CELL = EACH + 8 };
    unsigned char *cells = malloc((size_t)MANY * CELL);
    assert_non_null(cells);
    fill_random(cells, (size_t)MANY * CELL, 3);
    const hsn_str many = hsn_str_of(cells, (size_t)MANY * CELL);
    hsn_repeats *r = hsn_repeats_new();
    size_t kept = 0;
    for (size_t i = 0; i < MANY; i++) {
        const hsn_field f = field_at(i * CELL, EACH);
        const hsn_field before = field_at((i > 0 ? i - 1 : 0) * CELL, EACH);
        keep_one(r, many, &f);
        expect_one(r, many, &f);
        expect_one(r, many, &before);
    }
    for (size_t i = 0; i < MANY; i++) {
        const hsn_field f = field_at(i * CELL, EACH);
        if (hsn_repeats_has(r, many, &f)) {
            expect_one(r, many, &f);
            kept++;
        } else {
            assert_int_equal(kept, 0); /* none is missing between two that are there */
        }
    }
    assert_in_range(kept, 2, MANY / 2);
    hsn_repeats_free(r);
    free(cells);
}

/* Nothing comes again: only at first is anything worth the room. What comes again is worth it
 * always, and earns trust for others. */
static void test_want(void **state)
{
    (void)state;
    enum { MANY = 4000, EACH = 20000 };
    static unsigned char each[EACH];
    const hsn_str many = hsn_str_of(each, EACH);
    const hsn_field f = field_at(0, EACH);
    hsn_repeats *r = hsn_repeats_new();
    hsn_arena mem;
    hsn_result got;
    size_t wanted = 0;
    hsn_arena_init(&mem, BIG);
    for (uint64_t i = 0; i < MANY; i++) {
        fill_random(each, EACH, i);
        wanted += hsn_repeats_want(r, many, &f);
    }
    assert_in_range(wanted, 1, MANY / 4);
    assert_true(hsn_repeats_want(r, many, &f));
    keep_one(r, many, &f);
    assert_true(hsn_repeats_find(r, many, &f, &mem, &got));
    fill_random(each, EACH, MANY);
    assert_true(hsn_repeats_want(r, many, &f));
    hsn_arena_deinit(&mem);
    hsn_repeats_free(r);
}

/* ---------------------------------------------------------------- sessions */

/* Without blanks behind a brace. */
static void close_up(hsn_buf *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->p[i] != ' ' || n == 0 || b->p[n - 1] != '{') {
            b->p[n++] = b->p[i];
        }
    }
    b->n = n;
}

/* Values that repeat each other come out as values do that only mean the same. */
static void expect_as_apart(uint64_t seed, learning learn)
{
    text t[2];
    cleaned c[2];
    const job j = {.rules = rules, .learn = learn};
    for (int apart = 0; apart < 2; apart++) {
        make_repeating_text(&t[apart], seed, apart != 0);
        clean(&j, hsn_buf_str(&t[apart].b), &c[apart]);
        assert_int_equal(c[apart].status, HARSAN_OK);
        assert_true(c[apart].n_seen > 1000);
        close_up(&c[apart].out);
    }
    assert_same(hsn_buf_str(&c[0].out), hsn_buf_str(&c[1].out), "output");
    assert_same(hsn_buf_str(&c[0].told), hsn_buf_str(&c[1].told), "findings");
    assert_int_equal(c[0].again, c[1].again);
    for (int apart = 0; apart < 2; apart++) {
        cleaned_free(&c[apart]);
        hsn_buf_deinit(&t[apart].b);
    }
}

static void test_sessions(void **state)
{
    (void)state;
    const char *more = getenv("HARSAN_SEEDS");
    const uint64_t seeds = more != NULL ? strtoul(more, NULL, 10) : 6;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        expect_as_apart(seed, AS_NEEDED);
        expect_as_apart(seed, ONE_PASS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comes_back),
        cmocka_unit_test(test_nothing_comes_back),
        cmocka_unit_test(test_differs),
        cmocka_unit_test(test_dropped),
        cmocka_unit_test(test_blind_is_not_kept),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_want),
        cmocka_unit_test_setup_teardown(test_sessions, set_up_rules, tear_down_rules),
    };
    return cmocka_run_group_tests_name("repeat", tests, NULL, NULL);
}
