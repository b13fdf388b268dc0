/*
 * What works on whole blocks of a text says the same as a walk byte by byte: on random texts of
 * every length, ending where mapped memory does.
 */
#include "edge.h"
#include "learn_key.h"
#include "peel.h"
#include "seen.h"
#include "slashes.h"
#include "stops.h"
#include "support.h"
#include "vec_wide.h"

enum { ROUNDS = 20000, LONGEST = 400 };

static const char *const width_names[] = {"blocks, portable", "blocks, AVX2", "blocks, AVX-512"};

/* n bytes that end at the edge, drawn from `alphabet`; now and then any byte. */
static hsn_str draw(prng *r, size_t n, const char *alphabet)
{
    unsigned char *p = edge_room(n);
    for (size_t i = 0; i < n; i++) {
        p[i] = prng_one_in(r, 200) ? (unsigned char)prng_next(r)
                                   : (unsigned char)alphabet[prng_below(r, strlen(alphabet))];
    }
    return hsn_str_of(p, n);
}

/* ---------------------------------------------------------------- vectors */

/* The mask and the comparison of the width in hand. */
static uint64_t (*wide_mask(void))(const unsigned char *p, unsigned char c)
{
    static uint64_t (*const paths[])(const unsigned char *p, unsigned char c) =
        HSN_PATHS(hsn_vec_mask, hsn_avx2_mask, hsn_avx512_mask);
    return paths[hsn_vec_width()];
}

static bool (*wide_has_less(void))(const unsigned char *p, unsigned char least)
{
    static bool (*const paths[])(const unsigned char *p, unsigned char least) =
        HSN_PATHS(hsn_vec_has_less, hsn_avx2_has_less, hsn_avx512_has_less);
    return paths[hsn_vec_width()];
}

/* What digits spell, and which of these bytes are in a range. */
static void expect_bytes(prng *r)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char hex[2 * HSN_VEC];
    unsigned char a[HSN_VEC];
    unsigned char b[HSN_VEC];
    for (size_t i = 0; i < sizeof hex; i++) {
        hex[i] = (unsigned char)digits[prng_below(r, sizeof digits - 1)];
    }
    hsn_vec_from_hex(hex, a);
    hsn_vec_from_hex_portable(hex, b);
    assert_memory_equal(a, b, HSN_VEC);
    const unsigned char turn = (unsigned char)prng_next(r);
    const unsigned char least = (unsigned char)prng_below(r, 128);
    const unsigned char most = (unsigned char)(least + prng_below(r, 128));
    assert_int_equal(hsn_vec_within(a, turn, least, most),
                     hsn_vec_within_portable(a, turn, least, most));
}

static void test_vectors(void **state)
{
    (void)state;
    prng r = {1};
    for (int round = 0; round < ROUNDS; round++) {
        const unsigned char *p = draw(&r, HSN_VEC_BLOCK, "ab\\\" \n").p;
        size_t n = prng_below(&r, HSN_VEC + 1);
        assert_int_equal(hsn_vec_find_last(p, '"', n), hsn_vec_find_last_portable(p, '"', n));
        assert_true(hsn_vec_mask(p, '\\') == hsn_vec_mask_portable(p, '\\'));
        assert_true(wide_mask()(p, '\\') == hsn_vec_mask_portable(p, '\\'));
        assert_int_equal(hsn_vec_is_plain(p), hsn_vec_is_plain_portable(p));
        const unsigned char *hex = draw(&r, HSN_VEC, "0123456789abcdef").p;
        assert_int_equal(hsn_vec_is_small_hex(hex), hsn_vec_is_small_hex_portable(hex));
        expect_bytes(&r);
        for (unsigned least = 1; least < 256; least += 17) {
            assert_int_equal(hsn_vec_has_less(p, (unsigned char)least),
                             hsn_vec_has_less_portable(p, (unsigned char)least));
            assert_int_equal(wide_has_less()(p, (unsigned char)least),
                             hsn_vec_has_less_portable(p, (unsigned char)least));
        }
    }
}

/* Every byte at every place of a vector. */
static void test_classes(void **state)
{
    (void)state;
    prng r = {12};
    for (int round = 0; round < ROUNDS; round++) {
        unsigned char *p = edge_room(HSN_VEC);
        const bool plain = prng_one_in(&r, 2);
        for (size_t i = 0; i < HSN_VEC; i++) {
            p[i] = plain ? (unsigned char)('a' + prng_below(&r, 26)) : (unsigned char)prng_next(&r);
        }
        p[prng_below(&r, HSN_VEC)] = (unsigned char)prng_next(&r);
        const hsn_vec_word got = hsn_vec_word_at(p);
        const hsn_vec_word want = hsn_vec_word_at_portable(p);
        assert_int_equal(got.alnum, want.alnum);
        assert_int_equal(got.digits, want.digits);
        assert_int_equal(got.capitals, want.capitals);
        assert_int_equal(hsn_vec_has_syntax(p), hsn_vec_has_syntax_portable(p));
    }
}

/* What learn_key.h says of the word that begins with s, of which n bytes are letters and digits. */
static bool walk_is_key(hsn_str s, size_t n)
{
    const size_t window = n < HSN_KEY_WINDOW ? n : HSN_KEY_WINDOW;
    size_t digits = 0;
    bool capital = false;
    for (size_t i = 0; i < window; i++) {
        digits += hsn_is_digit(s.p[i]);
        capital = capital || (i > 0 && s.p[i] >= 'A' && s.p[i] <= 'Z');
    }
    const bool odd = digits > 0 || capital || window == HSN_KEY_WINDOW;
    return s.n >= HSN_KEY && odd && (digits < window || digits >= HSN_KEY_DIGITS);
}

static size_t walk_word(hsn_str s, size_t from)
{
    while (from < s.n && hsn_is_alnum(s.p[from])) {
        from++;
    }
    return from;
}

static size_t walk_key(hsn_str s)
{
    size_t best = s.n;
    bool best_is_word = false;
    for (size_t i = 0, end; i + HSN_KEY <= s.n; i = end + 1) {
        end = walk_word(s, i);
        const bool word = end - i >= HSN_KEY;
        if (end > i && walk_is_key(hsn_str_cut(s, i, s.n), end - i) && (word || !best_is_word)) {
            best = i;
            best_is_word = word;
        }
    }
    return best;
}

static void test_words(void **state)
{
    (void)state;
    static const char *const alphabets[] = {"abcdefgh", "0123456789", "abcdefgh01234567", "aB-",
                                            "abcdefghijklmnop1", "aaaaaaaaaaaaaaaaaaaaaaB_",
                                            "11111111111111111."};
    prng r = {13};
    for (int round = 0; round < ROUNDS; round++) {
        const hsn_str s = draw(&r, prng_below(&r, 70), alphabets[prng_below(&r, COUNT(alphabets))]);
        const size_t from = prng_below(&r, s.n + 1);
        const size_t end = walk_word(s, from);
        assert_int_equal(hsn_word_end(s, from), end);
        if (from < s.n) {
            const hsn_str rest = hsn_str_cut(s, from, s.n);
            assert_int_equal(hsn_is_key(rest.p, rest.n), walk_is_key(rest, end - from));
        }
        assert_int_equal(hsn_key_of(s), walk_key(s));
        size_t tail = 0;
        bool digit = false;
        while (tail < HSN_TAIL && tail < s.n && hsn_is_alnum(s.p[s.n - 1 - tail])) {
            tail++;
            digit = digit || hsn_is_digit(s.p[s.n - tail]);
        }
        assert_int_equal(hsn_has_tail(s), s.n >= HSN_CERTAIN && tail == HSN_TAIL && digit);
    }
}

static void test_finding(void **state)
{
    (void)state;
    prng r = {8};
    for (int round = 0; round < ROUNDS; round++) {
        hsn_str s = draw(&r, HSN_VEC + prng_below(&r, HSN_VEC + 1), "abcdefghijklmnopqrstuvwxyz\"");
        size_t want = hsn_vec_find_two_portable(s.p, '"', s.n);
        assert_int_equal(hsn_vec_find_two(s.p, '"', s.n), want);
        assert_int_equal(hsn_str_chr(s, '"'), want);
    }
}

/* ---------------------------------------------------------------- escapes */

static void decode_slowly(const hsn_escape *e, hsn_str src, hsn_buf *out)
{
    for (size_t at = 0; at < src.n;) {
        unsigned char unit[HSN_ESCAPE_MAX];
        size_t made = 1;
        size_t taken = e->find(src, at) == at ? e->step(src, at, unit, &made) : 0;
        if (taken == 0) {
            unit[0] = src.p[at];
            taken = made = 1;
        }
        hsn_buf_add(out, unit, made);
        at += taken;
    }
}

static void test_decoding(void **state)
{
    (void)state;
    static const hsn_escape *const layers[] = {&hsn_escape_json, &hsn_escape_js};
    static const char *const alphabets[] = {"\\", "\\\"n", "abcdefghij\\\"nu0",
                                            "abc\\\\ux41{}\r\n"};
    prng r = {2};
    for (int round = 0; round < ROUNDS; round++) {
        const hsn_escape *e = layers[prng_below(&r, COUNT(layers))];
        hsn_str src =
            draw(&r, prng_below(&r, LONGEST), alphabets[prng_below(&r, COUNT(alphabets))]);
        hsn_buf want = new_buf();
        hsn_buf got = new_buf();
        decode_slowly(e, src, &want);
        assert_true(hsn_peel_escape(e, src, &got));
        assert_same(hsn_buf_str(&got), hsn_buf_str(&want), e->name);
        hsn_buf_deinit(&want);
        hsn_buf_deinit(&got);
    }
}

/* An edit of one byte is carried to the source bytes that spell it, wherever it stands. */
static void test_lifting(void **state)
{
    (void)state;
    prng r = {3};
    hsn_arena mem;
    hsn_arena_init(&mem, BIG);
    for (int round = 0; round < ROUNDS; round++) {
        hsn_str src = draw(&r, 1 + prng_below(&r, LONGEST - 1), "abcdefghijklm\\\\\"n");
        hsn_buf plain = new_buf();
        hsn_buf changed = new_buf();
        hsn_buf spelled = new_buf();
        hsn_buf again = new_buf();
        assert_true(hsn_peel_escape(&hsn_escape_json, src, &plain));
        hsn_edit edit = {.off = prng_below(&r, plain.n), .len = 1, .with = HSN_S("-XYZ-")};
        hsn_peel_splice(&changed, hsn_buf_str(&plain), &edit, 1);
        assert_true(hsn_peel_lift(&hsn_escape_json, src, &edit, 1, &mem));
        assert_true(edit.len <= 6);
        hsn_peel_splice(&spelled, src, &edit, 1);
        assert_true(hsn_peel_escape(&hsn_escape_json, hsn_buf_str(&spelled), &again));
        assert_same(hsn_buf_str(&again), hsn_buf_str(&changed), "lifted");
        hsn_buf_deinit(&plain);
        hsn_buf_deinit(&changed);
        hsn_buf_deinit(&spelled);
        hsn_buf_deinit(&again);
        hsn_arena_reset(&mem);
    }
    hsn_arena_deinit(&mem);
}

/* With marks noted while decoding, edits come to the same place and spelling as by a walk over
 * everything. */
static void test_marks(void **state)
{
    (void)state;
    enum { FEW = 2000, LONG = 4000, EDITS = 12 };
    prng r = {7};
    hsn_arena mem;
    hsn_arena_init(&mem, BIG);
    hsn_marks *marks = hsn_mem_new(sizeof *marks);
    assert_non_null(marks);
    for (int round = 0; round < FEW; round++) {
        hsn_str src = draw(&r, 1 + prng_below(&r, LONG - 1), "abcdefghijklmd8u\\\\\"n");
        hsn_buf plain = new_buf();
        hsn_buf same = new_buf();
        assert_true(hsn_peel_escape(&hsn_escape_json, src, &plain));
        assert_true(hsn_peel_json(src, &same, marks));
        assert_same(hsn_buf_str(&same), hsn_buf_str(&plain), "decoded with marks");
        hsn_edit walked[EDITS];
        hsn_edit marked[EDITS];
        size_t n = 0;
        for (size_t at = 0; n < EDITS; n++) {
            at += prng_below(&r, prng_one_in(&r, 3) ? 8 : 900);
            size_t len = prng_below(&r, prng_one_in(&r, 9) ? 300 : 5);
            if (at + len > plain.n) {
                break;
            }
            walked[n] = (hsn_edit){.off = at, .len = len, .with = HSN_S("d\"8")};
            at += len;
        }
        memcpy(marked, walked, sizeof walked);
        assert_true(hsn_peel_lift(&hsn_escape_json, src, walked, n, &mem));
        assert_true(hsn_peel_lift_json(src, marks, marked, n, &mem));
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(marked[i].off, walked[i].off);
            assert_int_equal(marked[i].len, walked[i].len);
            assert_same(marked[i].with, walked[i].with, "lifted by marks");
        }
        hsn_buf_deinit(&plain);
        hsn_buf_deinit(&same);
        hsn_arena_reset(&mem);
    }
    hsn_mem_free(marks);
    hsn_arena_deinit(&mem);
}

/* The prefix that hsn_json_slashes passes is nothing but plain text and escapes of two bytes. */
static void test_json_slashes(void **state)
{
    (void)state;
    static const char *const alphabets[] = {"ab\\\\", "abcdefghijklmnop\\\\nn", "abcdefghijklmnop"};
    prng r = {4};
    size_t passed = 0;
    for (int round = 0; round < ROUNDS; round++) {
        hsn_str s = draw(&r, prng_below(&r, LONGEST), alphabets[prng_below(&r, COUNT(alphabets))]);
        size_t n = hsn_json_slashes(s);
        size_t i = 0;
        while (i < n) {
            unsigned char c = s.p[i];
            assert_true(c >= 0x20 && c != '"');
            if (c == '\\') {
                assert_true(i + 1 < s.n && s.p[i + 1] != 0 &&
                            strchr("\"\\/bfnrt", s.p[i + 1]) != NULL);
                i++;
            }
            i++;
        }
        assert_int_equal(i, n);
        assert_true(n < s.n || s.n == 0);
        passed += n;
    }
    assert_true(passed > ROUNDS);
}

/* ---------------------------------------------------------------- stops */

static bool begins(hsn_str block, unsigned i, hsn_edge before)
{
    bool inside = i > 0 ? hsn_is_alnum(block.p[i - 1]) : before.word;
    return hsn_is_alnum(block.p[i]) && !inside;
}

static bool is_segment(hsn_str block, unsigned i)
{
    while (i < block.n && (hsn_is_alnum(block.p[i]) || strchr("-_", block.p[i]) != NULL) &&
           block.p[i] != 0) {
        i++;
    }
    return i == block.n || block.p[i] == '/';
}

static bool is_gap(unsigned char c)
{
    return c >= 0x80 || (c != 0 && strchr(" -./(", c) != NULL);
}

static bool opens(unsigned char c)
{
    return c != 0 && strchr("+([", c) != NULL;
}

static size_t digits_at(hsn_str block, size_t i)
{
    size_t n = 0;
    while (i + n < block.n && hsn_is_digit(block.p[i + n])) {
        n++;
    }
    return n;
}

/* What hsn_phone_in_text, hsn_card_in_text and lists of characters want at the least of a word of
 * digits. */
static bool may_be_number(hsn_str block, unsigned i, hsn_edge before)
{
    const unsigned char *p = block.p + i;
    const size_t n = digits_at(block, i);
    if (i > 0 ? opens(p[-1]) : before.open) {
        return true;
    }
    switch (p[0]) {
    case '0':
        return p[1] == '0' ? (is_gap(p[2]) && strchr("./(", p[2]) == NULL) ||
                                 (p[2] >= '1' && p[2] <= '9')
                           : p[1] == '1' && p[2] == '1';
    case '1':
        return is_gap(p[1]);
    default:
        return (n == 3 && is_gap(p[3])) ||
               ((i > 0 ? p[-1] : before.byte) != '.' &&
                (n >= 12 ||
                 (n == 4 && (is_gap(p[4]) || opens(p[4])) &&
                  (is_gap(p[5]) || digits_at(block, i + 5) >= 4))));
    }
}

/* Its inside is between two words of the same run. */
static bool is_inner(hsn_str block, unsigned i)
{
    return i > 1 && (block.p[i - 1] == '-' || block.p[i - 1] == '+') &&
           hsn_is_alnum(block.p[i - 2]);
}

static void expect_stops(hsn_stops_fn stops_of, hsn_str block, const hsn_leads *leads,
                         hsn_edge before)
{
    hsn_stops got;
    stops_of(block, before, leads, &got, 1);
    for (unsigned i = 0; i < HSN_STEP; i++) {
        const unsigned char *p = block.p + i;
        bool word = begins(block, i, before);
        bool run = hsn_scan_base64_run(block, i) >= i + HSN_BASE64_MIN;
        bool slash = i > 0 ? p[-1] == '/' : before.slash;
        bool digit = word && hsn_is_digit(*p);
        assert_int_equal(got.key[0] >> i & 1, word && hsn_is_key(p, HSN_BLOCK - i));
        assert_int_equal(got.base64[0] >> i & 1, word && run);
        assert_int_equal(got.inner[0] >> i & 1, word && run && is_inner(block, i));
        const unsigned whose = word ? hsn_leads_have(leads, p, i > 0 ? p[-1] : before.byte) : 0;
        assert_int_equal(got.token[0] >> i & 1, whose != 0);
        assert_int_equal(got.anchor[0] >> i & 1, (whose & HSN_LEAD_OF_RULE) != 0);
        assert_int_equal(got.digit[0] >> i & 1, digit);
        assert_int_equal(got.number[0] >> i & 1, digit && may_be_number(block, i, before));
        assert_true((got.path[0] >> i & 1) != 0 || !word || !slash || !is_segment(block, i));
    }
}

/* Are they the same of n blocks? `b` begins at block `from`. */
static void expect_same(const hsn_stops *a, const hsn_stops *b, size_t n, size_t from)
{
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(a->special[from + i], b->special[i]);
        assert_int_equal(a->word[from + i], b->word[i]);
        assert_int_equal(a->begin[from + i], b->begin[i]);
        assert_int_equal(a->in_run[from + i], b->in_run[i]);
        assert_int_equal(a->key[from + i], b->key[i]);
        assert_int_equal(a->long_word[from + i], b->long_word[i]);
        assert_int_equal(a->base64[from + i], b->base64[i]);
        assert_int_equal(a->inner[from + i], b->inner[i]);
        assert_int_equal(a->token[from + i], b->token[i]);
        assert_int_equal(a->anchor[from + i], b->anchor[i]);
        assert_int_equal(a->digit[from + i], b->digit[i]);
        assert_int_equal(a->number[from + i], b->number[i]);
        assert_int_equal(a->iban[from + i], b->iban[i]);
        assert_int_equal(a->path[from + i], b->path[i]);
    }
}

static void test_stops(void **state)
{
    (void)state;
    static const char *const alphabets[] = {"abcAB01 ", "ab1/ ", "abcdefghijklmnopqrstuvwxyz0A",
                                            "0123456789", "ghp_sk-AKIA. /", "0123 -(+.\xc2\xa0",
                                            "12345 -.", "ab0-+_/", "token --user\"'/sess"};
    harsan_rules *rules = default_rules(0);
    const hsn_leads *leads = hsn_rules_leads(rules);
    prng r = {5};
    for (int round = 0; round < ROUNDS / 4; round++) {
        const char *alphabet = alphabets[prng_below(&r, COUNT(alphabets))];
        hsn_str block = draw(&r, HSN_BLOCK, alphabet);
        hsn_edge before = {.word = prng_one_in(&r, 2), .slash = prng_one_in(&r, 2),
                           .open = prng_one_in(&r, 2),
                           .byte = (unsigned char)alphabet[prng_below(&r, strlen(alphabet))]};
        expect_stops(hsn_stops_portable, block, leads, before);
        expect_stops(hsn_stops_best(), block, leads, before);
        hsn_stops a;
        hsn_stops b;
        hsn_str text = draw(&r, 1 + prng_below(&r, HSN_STOPS_MOST * HSN_STEP), alphabet);
        size_t n = (text.n + HSN_STEP - 1) / HSN_STEP;
        hsn_stops_portable(text, before, leads, &a, n);
        hsn_stops_best()(text, before, leads, &b, n);
        expect_same(&a, &b, n, 0);
        for (size_t i = 0; i < n; i++) { /* a block says the same by itself */
            const unsigned char *p = text.p + i * HSN_STEP;
            if (i > 0) {
                before = (hsn_edge){.word = hsn_is_alnum(p[-1]), .slash = p[-1] == '/',
                                    .open = opens(p[-1]), .byte = p[-1]};
            }
            hsn_stops_best()(hsn_str_of(p, text.n - i * HSN_STEP), before, leads, &b, 1);
            expect_same(&a, &b, 1, i);
        }
    }
    harsan_rules_free(rules);
}

static void test_lists(void **state)
{
    (void)state;
    prng r = {6};
    for (int round = 0; round < ROUNDS / 4; round++) {
        uint64_t masks[HSN_STOPS_MOST];
        uint16_t a[HSN_LIST_ROOM];
        uint16_t b[HSN_LIST_ROOM];
        const size_t n = prng_below(&r, HSN_STOPS_MOST + 1);
        size_t want = 0;
        for (size_t i = 0; i < n; i++) {
            const uint64_t all = (1ull << HSN_STEP) - 1;
            masks[i] = prng_one_in(&r, 8) ? all : prng_next(&r) & prng_next(&r) & all;
        }
        const size_t listed = hsn_list_portable(masks, n, a);
        assert_int_equal(hsn_list_best()(masks, n, b), listed);
        assert_memory_equal(a, b, listed * sizeof a[0]);
        for (size_t at = 0; at < n * HSN_BLOCK; at++) {
            if ((masks[at / HSN_BLOCK] >> at % HSN_BLOCK & 1) != 0) {
                assert_true(want < listed);
                assert_int_equal(a[want++], at);
            }
        }
        assert_int_equal(want, listed);
    }
}

/* ---------------------------------------------------------------- keys seen */

static uint64_t key_hash(const char *text, size_t n)
{
    return hsn_key_hash((const unsigned char *)text, n);
}

/* Through all its tables: what was added is there, and hardly anything else. */
static void test_seen(void **state)
{
    (void)state;
    enum { KEYS = 600000, WORD = 12 };
    hsn_seen *seen = hsn_seen_new(HSN_SEEN_TABLES);
    assert_non_null(seen);
    char word[WORD + 1];
    prng r = {6};
    for (int i = 0; i < KEYS; i++) {
        prng_alnum(&r, word, WORD);
        hsn_seen_add(seen, key_hash(word, WORD));
    }
    r = (prng){6};
    for (int i = 0; i < KEYS; i++) {
        prng_alnum(&r, word, WORD);
        assert_true(hsn_seen_has(seen, key_hash(word, WORD)));
    }
    size_t wrong = 0;
    for (int i = 0; i < KEYS; i++) {
        prng_alnum(&r, word, WORD);
        wrong += hsn_seen_has(seen, key_hash(word, WORD));
    }
    assert_in_range(wrong, 0, 30);
    hsn_seen_free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_lifting), cmocka_unit_test(test_json_slashes),
        cmocka_unit_test(test_stops),
        cmocka_unit_test(test_lists),   cmocka_unit_test(test_seen),
        cmocka_unit_test(test_marks),   cmocka_unit_test(test_finding),
        cmocka_unit_test(test_classes), cmocka_unit_test(test_words),
    };
    int failed = 0;
    const hsn_width widest = hsn_vec_width();
    /* every path that this machine has */
    for (unsigned width = 0; width <= widest && width < COUNT(width_names); width++) {
        hsn_vec_test_width = (hsn_width)width;
        failed += cmocka_run_group_tests_name(width_names[width], tests, edge_make, NULL);
    }
    return failed;
}
