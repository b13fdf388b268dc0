/*
 * Stand-ins: their shapes, that they depend on value and key alone, and that each is known again.
 */
#include "standin.h"
#include "support.h"

static hsn_arena mem;

static hsn_standin key_a; /* 32 zero bytes */
static hsn_standin key_b;

static int set_up(void **state)
{
    (void)state;
    unsigned char key[32] = {0};
    hsn_standin_init(&key_a, key);
    key[31] = 1;
    hsn_standin_init(&key_b, key);
    hsn_arena_init(&mem, BIG);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hsn_arena_deinit(&mem);
    return 0;
}

static hsn_str make_by(const hsn_standin *key, const char *value, size_t fixed, uint64_t *id)
{
    hsn_str s = hsn_standin_make(key, &mem, hsn_str_z(value), fixed, id);
    assert_true(s.n > 0);
    return s;
}

static hsn_str make(const char *value, size_t fixed)
{
    uint64_t id;
    return make_by(&key_a, value, fixed, &id);
}

static const char *const values[] = {
    "hunter2", "x", "", "a longer one, with spaces and \xc3\xa9", "hk7vwx24z9=&%\"\\<>",
    "ferelith.cobbold@maltbarrow-post.net", "24128077-665b-449d-a94f-92692f292dbc",
    "24128077-665B-449D-A94F-92692F292DBC", "203.0.113.77", "8.8.8.8", "2a00:1450::8a", "::1",
    "+44 7700 900523", "4012880000123458", "a@b", "@", "a@b.c@d.e", "https://a@b.test/",
};

/* ---------------------------------------------------------------- shapes */

static bool unreserved(hsn_str s, const char *more)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!hsn_is_alnum(s.p[i]) && strchr("-._~", s.p[i]) == NULL &&
            strchr(more, s.p[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static void test_shapes(void **state)
{
    (void)state;
    hsn_str any = make("hunter2", 0);
    assert_int_equal(any.n, 9 + 13);
    assert_true(hsn_str_starts(any, HSN_S("redacted-")));
    hsn_str mail = make("ann.b@maltbarrow-post.net", 0);
    assert_int_equal(hsn_str_chr(mail, '@'), 13);
    assert_true(hsn_str_eq(hsn_str_cut(mail, 13, mail.n), HSN_S("@redacted.invalid")));
    hsn_str uuid = make("24128077-665b-449d-a94f-92692f292dbc", 0);
    assert_int_equal(uuid.n, 36);
    assert_true(hsn_str_starts(uuid, HSN_S("5afe")));
    assert_int_equal(uuid.p[14], 'f');
    hsn_str four = make("203.0.113.77", 0);
    assert_true(hsn_str_starts(four, HSN_S("198.18.")) || hsn_str_starts(four, HSN_S("198.19.")));
    assert_true(hsn_str_starts(make("2a00:1450::8a", 0), HSN_S("2001:db8:")));
}

static void test_valid_in_every_layer(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_true(unreserved(make(values[i], 0), "@:"));
        assert_true(unreserved(make(values[i], 20), "@:"));
    }
}

static void test_fixed_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        for (size_t n = 1; n <= 100; n++) {
            hsn_str s = make(values[i], n);
            assert_int_equal(s.n, n);
            assert_true(hsn_is_standin(s));
        }
    }
}

/* ---------------------------------------------------------------- identity */

static void test_value_and_key_decide(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        uint64_t id;
        uint64_t other;
        hsn_str one = make_by(&key_a, values[i], 0, &id);
        assert_same(make_by(&key_a, values[i], 0, &other), one, "the same value");
        assert_true(id == other);
        assert_int_equal(make_by(&key_a, values[i], 9, &other).n, 9);
        assert_true(id == other);
        assert_false(hsn_str_eq(make_by(&key_b, values[i], 0, &other), one));
        assert_true(id != other);
        for (size_t k = 0; k < i; k++) {
            assert_false(hsn_str_eq(make_by(&key_a, values[k], 0, &other), one));
            assert_true(id != other);
        }
    }
}

/* A key of zeros is pinned: sample files depend on it. */
static void test_same_on_every_machine(void **state)
{
    (void)state;
    assert_same(make("hunter2", 0), HSN_S("redacted-dsllkh4y5bhom"), "any value");
    assert_same(make("ann.b@maltbarrow-post.net", 0), HSN_S("6bekg6u4t66lo@redacted.invalid"),
                "email");
    assert_same(make("24128077-665b-449d-a94f-92692f292dbc", 0),
                HSN_S("5afe5dd9-6c60-f313-a8ef-a2d9040b0656"), "uuid");
}

/* ---------------------------------------------------------------- recognising */

static void test_known_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        uint64_t id;
        assert_true(hsn_is_standin(make(values[i], 0)));
        assert_true(hsn_is_standin(make_by(&key_b, values[i], 0, &id)));
    }
}

static void test_not_taken_for_one(void **state)
{
    (void)state;
    static const char *const others[] = {
        "", "redacted", "redacted-", "redacted-UPPER", "redacted-k3j9x2 bcdefg",
        "redacted-189", "xredacted-k3jyx2abcdefg", "k3jyx2abcdefg", "ann@redacted.invalid.test",
        "@redacted.invalid", "ann.b@redacted.invalid", "ANN@redacted.invalid",
        "ann@redacted.invalid,what,bob@redacted.invalid", "ann@r.invalid bob@redacted.invalid",
        "24128077-665b-449d-a94f-92692f292dbc", "5afe8077-665b-449d-a94f-92692f292dbc",
        "198.20.0.1", "198.17.0.1", "2001:db9::1", "xyx", "X",
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        if (hsn_is_standin(hsn_str_z(others[i]))) {
            print_error("\"%s\" is taken for a stand-in\n", others[i]);
            fail();
        }
    }
}

static void test_no_memory(void **state)
{
    (void)state;
    hsn_arena none;
    hsn_arena_init(&none, 0);
    for (size_t i = 0; i < COUNT(values); i++) {
        uint64_t id;
        hsn_str v = hsn_str_z(values[i]);
        assert_int_equal(hsn_standin_make(&key_a, &none, v, 0, &id).n, 0);
        assert_int_equal(hsn_standin_make(&key_a, &none, v, 9, &id).n, 0);
    }
    hsn_arena_deinit(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_valid_in_every_layer),
        cmocka_unit_test(test_fixed_length),
        cmocka_unit_test(test_value_and_key_decide),
        cmocka_unit_test(test_same_on_every_machine),
        cmocka_unit_test(test_known_again),
        cmocka_unit_test(test_not_taken_for_one),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
