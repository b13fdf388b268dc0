/*
 * Learned values: added once, found whole or by their key, within limits.
 */
#include "asked.h"
#include "seen.h"
#include "learn.h"
#include "peel.h"
#include "refusal.h"
#include "support.h"

static const char *const places[] = {"/log/entries/0/request/headers/2/value", ""};

static hsn_learned *new_set(size_t max)
{
    hsn_learned *l = hsn_learned_new(max);
    assert_non_null(l);
    return l;
}

/* With its key known or not, in turn: that makes no difference. */
static bool add(hsn_learned *l, const char *value)
{
    static unsigned turn;
    const hsn_str v = hsn_str_z(value);
    const hsn_str place = hsn_str_z(places[0]);
    assert_ptr_equal(hsn_learned_expect(l, v, hsn_key_of(v)), hsn_learned_whole(l, v));
    return turn++ % 2 == 0 ? hsn_learned_add(l, v, place, false)
                           : hsn_learned_add_by(l, v, hsn_key_of(v), place);
}

/* As the scan asks: at every beginning of a run of letters and digits. Offset of the first value
 * found, text.n when none is. */
static size_t find(const hsn_learned *l, hsn_str text, const hsn_known **found)
{
    *found = NULL;
    for (size_t at = 0; at < text.n; at++) {
        size_t off;
        size_t len;
        bool begins = hsn_is_alnum(text.p[at]) && (at == 0 || !hsn_is_alnum(text.p[at - 1]));
        if (!begins || !hsn_is_key(text.p + at, text.n - at) ||
            !hsn_key_filter_has(hsn_learned_filter(l), text.p + at)) {
            continue;
        }
        *found = hsn_learned_at(l, text, at, &off, &len);
        if (*found != NULL) {
            return off;
        }
    }
    return text.n;
}

/* ---------------------------------------------------------------- adding */

static void test_whole(void **state)
{
    (void)state;
    hsn_learned *l = new_set(BIG);
    assert_null(hsn_learned_whole(l, HSN_S("hunter2")));
    assert_true(add(l, "hunter2"));
    assert_true(hsn_learned_add(l, HSN_S("!?#"), (hsn_str){0}, true));
    assert_int_equal(hsn_learned_count(l), 2);
    const hsn_known *k = hsn_learned_whole(l, HSN_S("hunter2"));
    assert_non_null(k);
    assert_same(k->value, HSN_S("hunter2"), "value");
    assert_string_equal(k->place, places[0]);
    assert_false(k->given);
    k = hsn_learned_whole(l, HSN_S("!?#"));
    assert_non_null(k);
    assert_string_equal(k->place, "");
    assert_true(k->given);
    size_t bare = 0; /* has no key: searched for as it is */
    while ((k = hsn_learned_bare_at(l, bare)) != NULL && !hsn_str_eq(k->value, HSN_S("!?#"))) {
        bare++;
    }
    assert_non_null(k);
    assert_null(hsn_learned_whole(l, HSN_S("hunter")));
    assert_null(hsn_learned_whole(l, HSN_S("hunter22")));
    hsn_learned_free(l);
}

/* A key is the beginning of a word with a digit or an inner capital near, and enough of the value
 * behind it. */
static void test_key(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool has_key;
    } table[] = {
        {"h4k7z2w9", true},     {"hunter2x", true},       {"a-hunter22-bc", true},
        {"correctHorse", true}, {"a b c 4hxhh5z2", true}, {"", false},
        {"hunt2", false},       {"plainwords", false},    {"Plainwords", false},
        {"-+/-+/-+/", false},   {"two plain words", false},
        {"131-445566-1", false}, {"131-4455667-1", true}, /* seven digits tell a number */
        {"plainwordsjoine", false}, {"plainwordsjoined", true},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        hsn_str v = hsn_str_z(table[i].value);
        size_t off = hsn_key_of(v);
        assert_int_equal(off < v.n, table[i].has_key);
        if (off < v.n) {
            assert_true(off + HSN_KEY <= v.n);
            assert_true(off == 0 || !hsn_is_alnum(v.p[off - 1]));
            assert_true(hsn_is_key(v.p + off, v.n - off));
        }
    }
}

static void test_added_once(void **state)
{
    (void)state;
    hsn_learned *l = new_set(BIG);
    assert_true(add(l, "hunter2-abc"));
    assert_true(hsn_learned_add(l, HSN_S("hunter2-abc"), HSN_S("/elsewhere"), false));
    assert_int_equal(hsn_learned_count(l), 1);
    assert_string_equal(hsn_learned_whole(l, HSN_S("hunter2-abc"))->place, places[0]);
    hsn_learned_free(l);
}

static void test_full(void **state)
{
    (void)state;
    enum { ROOM = 1 << 16, MORE = 1 << 14 };
    hsn_learned *l = new_set(ROOM);
    prng r = {1};
    size_t added = 0;
    for (int i = 0; i < MORE; i++) {
        char value[33];
        prng_alnum(&r, value, 32);
        added += add(l, value);
        /* from the first on that is left out */
        assert_int_equal(hsn_learned_full(l), added <= (size_t)i);
    }
    assert_true(hsn_learned_full(l));
    assert_in_range(added, 16, ROOM / 32);
    assert_int_equal(hsn_learned_count(l), added);
    hsn_learned_free(l);
}

/* Many values with one beginning: work at a position stays bounded, and it is said that some are
 * missing. */
static void test_one_key(void **state)
{
    (void)state;
    enum { MAX = 64 };
    hsn_learned *l = new_set(BIG);
    for (int i = 0; i <= MAX; i++) {
        char value[32];
        assert_false(hsn_learned_full(l));
        snprintf(value, sizeof value, "sameprefix%05d", i);
        add(l, value);
    }
    assert_true(hsn_learned_full(l));
    assert_int_equal(hsn_learned_count(l), MAX);
    assert_non_null(hsn_learned_whole(l, HSN_S("sameprefix00000")));
    assert_null(hsn_learned_whole(l, HSN_S("sameprefix00064")));
    hsn_learned_free(l);
}

/* ---------------------------------------------------------------- finding */

static void test_in_text(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *value;
        const char *text;
        bool found;
    } table[] = {
        {"alone", "h4k7z2w9", "h4k7z2w9", true},
        {"in quotes", "h4k7z2w9", "var s = \"h4k7z2w9\";", true},
        {"at the end", "h4k7z2w9", "s=h4k7z2w9", true},
        {"key in the middle", "a-+h4k7z2w9k/=", "x a-+h4k7z2w9k/= y", true},
        {"after its own beginning", "a-+h4k7z2w9k/=", "a-+h4k7 a-+h4k7z2w9k/=", true},
        {"cut off", "h4k7z2w9", "s=h4k7z2w", false},
        {"cut off in front", "a-+h4k7z2w9k", "+h4k7z2w9k", false},
        {"beginning of another word", "h4k7z2w9", "h4k7z2w9zz", false},
        {"middle of a word", "h4k7z2w9", "zzh4k7z2w9", false},
        {"other case", "h4k7z2w9", "H4K7Z2W9", false},
        {"no key", "a-b-c-d-e", "x a-b-c-d-e y", false},
        {"not ASCII", "h\xc3\xa9h\xc3\xa9h4k7z2", "<p>h\xc3\xa9h\xc3\xa9h4k7z2</p>", true},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        hsn_learned *l = new_set(BIG);
        const hsn_known *k;
        hsn_str text = hsn_str_z(table[i].text);
        add(l, table[i].value);
        size_t off = find(l, text, &k);
        if ((k != NULL) != table[i].found) {
            print_error("%s: %sfound\n", table[i].label, k == NULL ? "not " : "");
            fail();
        }
        if (k != NULL) {
            assert_same(hsn_str_cut(text, off, off + k->value.n), k->value, table[i].label);
        }
        hsn_learned_free(l);
    }
}

/* [{"password": value}, text] or the other way about, cleaned; *out is to be freed. */
static void clean_taught(const harsan_rules *rules, const char *value, const char *text, bool later,
                         cleaned *out)
{
    hsn_buf har = new_buf(), escaped = new_buf(), teacher = new_buf();
    hsn_escape_json.write(&escaped, hsn_str_z(text));
    hsn_buf_put(&escaped, '\0');
    hsn_buf_printf(&teacher, "{\"password\":\"%s\"}", value);
    hsn_buf_put(&teacher, '\0');
    if (later) {
        hsn_buf_printf(&har, "[\"%s\",%s]", (char *)escaped.p, (char *)teacher.p);
    } else {
        hsn_buf_printf(&har, "[%s,\"%s\"]", (char *)teacher.p, (char *)escaped.p);
    }
    job j = {.rules = rules};
    clean(&j, hsn_buf_str(&har), out);
    assert_int_equal(out->status, HARSAN_OK);
    hsn_buf_deinit(&har);
    hsn_buf_deinit(&escaped);
    hsn_buf_deinit(&teacher);
}

/* # stands for what is taken for the value, or a part of it. */
static void test_parts(void **state)
{
    (void)state;
    static const char value[] = "h4k7z2w9x5m3q8t6v2b7n4c9";
    static const struct {
        const char *text;
        const char *want;
    } table[] = {
        /* letters right before it, behind it, on both sides */
        {"tokh4k7z2w9x5m3q8t6v2b7n4c9;", "tok#;"},
        {"n/17h4k7z2w9x5m3q8t6v2b7n4c9", "n/17#"},
        {"h4k7z2w9x5m3q8t6v2b7n4c9abc;", "#abc;"},
        {"zzh4k7z2w9x5m3q8t6v2b7n4c9yy", NULL},
        /* cut: at least half of it, as a word */
        {"\"h4k7z2w9x5m3\"+\"q8t6v2b7n4c9h4k7\"", "\"#\"+\"q8t6v2b7n4c9h4k7\""},
        {"h4k7z2w9x5m3q8t6...", "#..."},
        {"(9x5m3q8t6v2b7n4c9)", "(#)"},
        {"h4k7z2w9x5m\u00adq8t6v2b7n4c9", NULL},
        /* another word that begins or ends as it does */
        {"h4k7z2w9x5m3q8t6z", NULL},
        {"z9x5m3q8t6v2b7n4c9", NULL},
        {"h4k7z2w9x5m", NULL},
        {"3q8t6v2b7n4c9", NULL},
    };
    harsan_rules *rules = default_rules(0);
    for (size_t i = 0; i < 2 * COUNT(table); i++) {
        const char *text = table[i / 2].text;
        const char *want = table[i / 2].want != NULL ? table[i / 2].want : text;
        enum { STAND_IN = 22 };
        cleaned c;
        clean_taught(rules, value, text, i % 2 != 0, &c);
        hsn_str out = hsn_buf_str(&c.out);
        size_t at = hsn_str_find(out, HSN_S("redacted-"));
        hsn_str stand_in = hsn_str_cut(out, at, at + STAND_IN);
        hsn_buf expected = new_buf();
        for (const char *p = want; *p != '\0'; p++) {
            hsn_str one = hsn_str_of((const unsigned char *)p, 1);
            hsn_escape_json.write(&expected, *p == '#' ? stand_in : one);
        }
        if (hsn_str_find(out, hsn_buf_str(&expected)) == out.n) {
            fail_msg("%s: want %s, is %.*s", text, want, (int)out.n, (const char *)out.p);
        }
        cleaned_free(&c);
        hsn_buf_deinit(&expected);
    }
    harsan_rules_free(rules);
}

/* The same value as another system writes it, and what only looks so. */
static void test_spellings(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *text;
        bool found;
    } table[] = {
        {"5f0c7a31-9d3e-4b7a-8c21-6e0d9b54fa17", "5F0C7A31-9D3E-4B7A-8C21-6E0D9B54FA17", true},
        {"5f0c7a31-9d3e-4b7a-8c21-6e0d9b54fa17", "5f0c7a319d3e4b7a8c216e0d9b54fa17", true},
        {"5f0c7a319d3e4b7a8c216e0d9b54fa17", "5F0C7A319D3E4B7A8C216E0D9B54FA17", false},
        {"Zk3+h4k7/z2w9x5m3q8t6A==", "Zk3+h4k7/z2w9x5m3q8t6A", true},
        {"Zk3+h4k7/z2w9x5m3q8t6A==", "Zk3-h4k7_z2w9x5m3q8t6A", true},
        {"Zk3h4k7z2w9x5m3q8t6Ab4=", "Zk3h4k7z2w9x5m3q8t6Ab4", true},
        {"h4k7z2w9x5m3q8t6v2b7", "H4K7Z2W9X5M3Q8T6V2B7", false}, /* case counts */
        {"5f0c7a31-9d3e-4b7a-8c21-6e0d9b54fa17", "5f0c7a31.9d3e.4b7a.8c21.6e0d9b54fa18", false},
    };
    harsan_rules *rules = default_rules(0);
    for (size_t i = 0; i < 2 * COUNT(table); i++) {
        cleaned c;
        hsn_buf text = new_buf();
        hsn_buf_printf(&text, "see %s there", table[i / 2].text);
        hsn_buf_put(&text, '\0');
        clean_taught(rules, table[i / 2].value, (const char *)text.p, i % 2 != 0, &c);
        hsn_str out = hsn_buf_str(&c.out);
        bool stays = hsn_str_find(out, hsn_str_z((const char *)text.p)) < out.n;
        if (stays == table[i / 2].found) {
            fail_msg("%s: %.*s", table[i / 2].text, (int)out.n, (const char *)out.p);
        }
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
    harsan_rules_free(rules);
}

static void test_longest_wins(void **state)
{
    (void)state;
    static const char *const orders[][2] = {{"h4k7z2w9", "h4k7z2w9.k2"},
                                            {"h4k7z2w9.k2", "h4k7z2w9"}};
    for (size_t i = 0; i < COUNT(orders); i++) {
        hsn_learned *l = new_set(BIG);
        const hsn_known *k;
        add(l, orders[i][0]);
        add(l, orders[i][1]);
        assert_int_equal(find(l, HSN_S("<h4k7z2w9.k2>"), &k), 1);
        assert_same(k->value, HSN_S("h4k7z2w9.k2"), "the longest");
        hsn_learned_free(l);
    }
}

/* Thousands of values of every length: each is found where it stands, nothing where none does. */
static void test_many(void **state)
{
    (void)state;
    enum { VALUES = 3000, LONGEST = 48 };
    hsn_learned *l = new_set(BIG);
    prng r = {1};
    char value[LONGEST + 1];
    for (int i = 0; i < VALUES; i++) {
        prng_alnum(&r, value, 12 + prng_below(&r, LONGEST - 11));
        assert_true(add(l, value));
    }
    assert_false(hsn_learned_full(l));
    prng again = {1};
    prng other = {2};
    for (int i = 0; i < VALUES; i++) {
        char text[LONGEST + 16];
        const hsn_known *k;
        prng_alnum(&again, value, 12 + prng_below(&again, LONGEST - 11));
        snprintf(text, sizeof text, "q=\"%s\"; x", value);
        assert_int_equal(find(l, hsn_str_z(text), &k), 3);
        assert_same(k->value, hsn_str_z(value), "value");
        prng_alnum(&other, value, 20);
        assert_int_equal(find(l, hsn_str_z(value), &k), 20);
    }
    hsn_learned_free(l);
}

/* Without memory a value is not added, and those that were stay. */
static void test_no_memory(void **state)
{
    (void)state;
    for (size_t nth = 0; nth < 12; nth++) {
        refusal r = {.nth = nth + 1};
        refusal_start(&r);
        hsn_learned *l = hsn_learned_new(BIG);
        bool added = l != NULL && add(l, "h4k7z2w9");
        refusal_stop();
        if (l != NULL) {
            assert_int_equal(hsn_learned_whole(l, HSN_S("h4k7z2w9")) != NULL, added);
            assert_int_equal(hsn_learned_full(l), !added);
        }
        hsn_learned_free(l);
    }
}

/* ---------------------------------------------------------------- one set over another */

static void test_over(void **state)
{
    (void)state;
    const hsn_known *k;
    hsn_learned *under = new_set(BIG);
    assert_true(add(under, "h4k7z2w9"));
    assert_true(hsn_learned_add(under, HSN_S("!?#"), (hsn_str){0}, true));
    hsn_learned *a = hsn_learned_over(under, BIG);
    hsn_learned *b = hsn_learned_over(under, BIG);
    assert_true(add(a, "h4k7z2w9")); /* there already */
    assert_int_equal(hsn_learned_count(a), 2);
    assert_true(add(a, "h4k7z2w9-q8r3"));
    assert_int_equal(hsn_learned_count(a), 3);
    assert_int_equal(hsn_learned_count(b), 2);
    assert_int_equal(find(a, HSN_S("see h4k7z2w9-q8r3"), &k), 4);
    assert_same(k->value, HSN_S("h4k7z2w9-q8r3"), "the longest of both");
    assert_int_equal(find(a, HSN_S("see h4k7z2w9"), &k), 4);
    assert_non_null(hsn_learned_bare_at(a, 0));
    assert_null(hsn_learned_bare_at(a, 1));

    k = hsn_learned_whole(a, HSN_S("h4k7z2w9-q8r3"));
    assert_int_equal(hsn_learned_own(b), 0);
    assert_true(hsn_learned_share(b, k));
    assert_int_equal(hsn_learned_own(b), 1);
    assert_ptr_equal(hsn_learned_whole(b, k->value)->value.p, k->value.p);
    hsn_learned_clear(b);
    assert_int_equal(hsn_learned_count(b), 2);
    assert_null(hsn_learned_whole(b, HSN_S("h4k7z2w9-q8r3")));

    hsn_learned_sink(a, under);
    hsn_learned_clear(b);
    assert_int_equal(hsn_learned_bytes(a), 0);
    assert_int_equal(hsn_learned_count(under), 3);
    assert_int_equal(find(b, HSN_S("see h4k7z2w9-q8r3"), &k), 4);
    assert_string_equal(k->place, places[0]);
    hsn_learned_free(a);
    hsn_learned_free(b);
    hsn_learned_free(under);
}

/* Value i of many, some of which have a key in common. */
static hsn_str nth_value(size_t i, char buf[32])
{
    return hsn_str_of(buf, (size_t)snprintf(buf, 32, "Kin%zu-%zux", i / 7, i));
}

/* Forgetting the newest leaves all others as they were, however the tables have grown meanwhile. */
static void test_cut(void **state)
{
    (void)state;
    enum { MOST = 1500 };
    prng r = {11};
    char buf[32];
    hsn_learned *under = new_set(BIG);
    hsn_learned *l = hsn_learned_over(under, BIG);
    for (size_t round = 0; round < 12; round++) {
        size_t n = prng_below(&r, MOST);
        for (size_t i = hsn_learned_own(l); i < n; i++) {
            assert_true(hsn_learned_add(l, nth_value(i, buf), HSN_S("/p"), false));
        }
        hsn_learned_cut(l, n);
        assert_int_equal(hsn_learned_own(l), n);
        size_t bytes = 0;
        for (size_t i = 0; i < MOST; i++) {
            hsn_str v = nth_value(i, buf);
            size_t off;
            size_t len;
            assert_int_equal(hsn_learned_whole(l, v) != NULL, i < n);
            const hsn_known *k = hsn_learned_at(l, v, hsn_key_of(v), &off, &len);
            assert_int_equal(k != NULL, i < n);
            bytes += i < n ? v.n + sizeof "/p" : 0;
        }
        assert_int_equal(hsn_learned_bytes(l), bytes);
    }
    hsn_learned_cut(l, 0);
    assert_int_equal(hsn_learned_count(l), 0);
    hsn_learned_free(l);
    hsn_learned_free(under);
}

/* One key has so many values in both sets together. */
static void test_over_full(void **state)
{
    (void)state;
    hsn_learned *under = new_set(BIG);
    hsn_learned *over = hsn_learned_over(under, BIG);
    char value[32];
    size_t taken = 0;
    for (size_t i = 0; i < 100; i++) {
        snprintf(value, sizeof value, "Kin7Kin7-%zux", i);
        taken += add(over, value);
        if (i == 30) {
            hsn_learned_sink(over, under);
        }
    }
    assert_int_equal(taken, 64);
    assert_true(hsn_learned_full(over));
    assert_false(hsn_learned_full(under));
    hsn_learned_sink(over, under);
    assert_true(hsn_learned_full(under));
    hsn_learned_free(over);
    hsn_learned_free(under);
}

static uint64_t key_hash(const char *text, size_t n)
{
    return hsn_key_hash((const unsigned char *)text, n);
}

/* Never "no" for a value that stands where it was asked for. */
static void test_asked(void **state)
{
    (void)state;
    prng r = {4};
    hsn_asked *a = hsn_asked_new(1);
    size_t maybe = 0;
    assert_non_null(a);
    for (size_t i = 0; i < 20000; i++) {
        char text[40];
        char other[40];
        size_t n = 6 + prng_below(&r, 24);
        prng_alnum(&r, text, n + 8);
        prng_alnum(&r, other, n);
        hsn_str value = hsn_str_of(text, n);
        text[n] = " -1/"[prng_below(&r, n < 12 ? 2 : 4)]; /* a short value ends with the word */
        if (prng_one_in(&r, 4)) { /* or where it ends as no word does */
            text[n - 1] = '=';
            text[n] = "z1-"[prng_below(&r, 3)];
        }
        if (prng_one_in(&r, 4)) {
            text[1 + prng_below(&r, n - 1)] = '-';
        }
        hsn_asked_add(a, key_hash(text, n + prng_below(&r, 8)), false);
        assert_true(hsn_asked_has(a, value, 0));
        maybe += hsn_asked_has(a, hsn_str_of(other, n), 0);
        if (hsn_asked_crowded(a)) {
            hsn_asked_clear(a);
            assert_false(hsn_asked_has(a, value, 0));
        }
    }
    assert_in_range(maybe, 0, 20);
    assert_int_equal(hsn_asked_listed(a), 0);
    hsn_asked_free(a);
}

/* The set comes to have what was listed elsewhere: all of what stays, nothing of what does not. */
static void test_listed(void **state)
{
    (void)state;
    enum { WORDS = 3000, LIST = 4096 };
    static char text[WORDS][24];
    prng r = {5};
    hsn_asked *a = hsn_asked_new(LIST);
    hsn_seen *seen = hsn_seen_new(HSN_SEEN_TABLES);
    assert_non_null(a);
    assert_non_null(seen);
    for (size_t i = 0; i < WORDS; i++) {
        prng_alnum(&r, text[i], 20);
        for (size_t again = 0; again < 1 + i % 3; again++) {
            hsn_asked_add(a, key_hash(text[i], 20), i % 2 == 0);
        }
    }
    assert_in_range(hsn_asked_listed(a), WORDS / 2, WORDS / 2);
    assert_false(hsn_asked_list_failed(a));
    hsn_seen_pour(seen, hsn_asked_list(a), hsn_asked_listed(a));
    for (size_t i = 0; i < WORDS; i++) {
        const unsigned char *p = (const unsigned char *)text[i];
        assert_int_equal(hsn_seen_has(seen, hsn_key_hash(p, 20)), i % 2 == 0);
        assert_true(hsn_asked_has(a, hsn_str_of(p, 20), 0));
    }
    hsn_asked *copy = hsn_asked_new(0);
    assert_non_null(copy);
    hsn_asked_hand_over(a, copy);
    assert_int_equal(hsn_asked_listed(a), 0);
    assert_int_equal(hsn_asked_listed(copy), WORDS / 2);
    hsn_asked_add(a, key_hash(text[WORDS - 2], 20), true);
    assert_int_equal(hsn_asked_listed(a), 1); /* again: another batch */
    hsn_asked_clear(a);
    assert_true(hsn_asked_has(copy, hsn_str_of(text[0], 20), 0));
    hsn_asked_free(copy);
    for (size_t i = 0; i < LIST + 2; i++) {
        char v[24];
        prng_alnum(&r, v, 20);
        hsn_asked_add(a, key_hash(v, 20), true);
    }
    assert_true(hsn_asked_list_failed(a));
    hsn_seen_free(seen);
    hsn_asked_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_key),
        cmocka_unit_test(test_added_once),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_one_key),
        cmocka_unit_test(test_in_text),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_longest_wins),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_over),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_over_full),
        cmocka_unit_test(test_asked),
        cmocka_unit_test(test_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
