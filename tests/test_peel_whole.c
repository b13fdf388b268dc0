/*
 * Layers as a whole: base64, deflate and UTF-16, there and back; limits, and failing memory.
 * Sources stand against an unreadable page where reading on is a risk.
 */
#include "edge.h"
#include "peel.h"
#include "refusal.h"
#include "support.h"

static prng rng = {88172645463325252U};

static void fill_random(hsn_buf *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        hsn_buf_put(out, (unsigned char)prng_below(&rng, 256));
    }
}

/* ---------------------------------------------------------------- base64 */

typedef struct base64_case {
    const char *src;
    const char *plain;
    hsn_base64 how;
} base64_case;

#define EOL(s)                                                                                     \
    {                                                                                              \
        (const unsigned char *)(s), sizeof(s) - 1                                                  \
    }

static const base64_case base64_cases[] = {
    {"", "", {.padded = true, .eol = EOL("\n")}},
    {"Zg==", "f", {.padded = true, .eol = EOL("\n")}},
    {"Zm8=", "fo", {.padded = true, .eol = EOL("\n")}},
    {"Zm9v", "foo", {.padded = true, .eol = EOL("\n")}},
    {"Zg", "f", {.url = true, .eol = EOL("\n")}},
    {"Zm8", "fo", {.url = true, .eol = EOL("\n")}},
    {"Zh==", "f", {.padded = true, .eol = EOL("\n"), .slack = 1}},
    {"Zm9", "fo", {.url = true, .eol = EOL("\n"), .slack = 1}},
    {"+/+/", "\xfb\xff\xbf", {.padded = true, .eol = EOL("\n")}},
    {"-_-_", "\xfb\xff\xbf", {.url = true, .eol = EOL("\n")}},
    {"+/8", "\xfb\xff", {.eol = EOL("\n")}},
    {"-_8=", "\xfb\xff", {.url = true, .padded = true, .eol = EOL("\n")}},
    {"Zm9v\n", "foo", {.padded = true, .eol = EOL("\n"), .final_eol = true}},
    {"Zm9v\nYmFy\nZm8=", "foobarfo", {.padded = true, .line = 4, .eol = EOL("\n")}},
    {"Zm9v\r\nYmFy\r\n",
     "foobar",
     {.padded = true, .line = 4, .eol = EOL("\r\n"), .final_eol = true}},
    {"Zm9vY\nmFyZg\n==", "foobarf", {.padded = true, .line = 5, .eol = EOL("\n")}},
    {"Zm9v\n  YmFy\n  Zg==", "foobarf", {.padded = true, .line = 4, .eol = EOL("\n  ")}},
    {"Zm9v\r\n\tYmFy\r\n\tZm8=", "foobarfo", {.padded = true, .line = 4, .eol = EOL("\r\n\t")}},
    {"Zm9v YmFy Zg==", "foobarf", {.padded = true, .line = 4, .eol = EOL(" ")}},
    {"Zm9vY", "foo", {.url = true, .eol = EOL("\n"), .stray = 'Y'}},
    {"Zm9v\n\nYmFy", "foobar", {.padded = true, .line = 4, .eol = EOL("\n\n")}},
};

static const char *const not_base64[] = {
    "A",
    "AAAA*",
    "=",
    "==",
    "A===",
    "AA=",
    "AAA==",
    "AAAA=",
    "AAAA==",
    "AA==AAAA",
    "A=AA",
    "AA=A",
    "AAAA  AAAA AAAA",
    "AA*A",
    "+-AA",
    "_/AA",
    "AAA\xc3",
    "{\"a\":1}",
    "AAAA\nAAA\nAAAA",
    "AAAA\n AAAA\nAAAA",
    "\nAAAA",
    "AAAA\r\nAAAA\nAAAA",
    "AAAA\nAAAA\r\n",
    "AAAA\n\n",
    "AAAA\rAAAA",
    "\r\n\r\n",
};

static void reads_base64(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(base64_cases); i++) {
        const base64_case *c = &base64_cases[i];
        hsn_buf out = new_buf(), back = new_buf();
        hsn_base64 how;
        assert_true(hsn_base64_decode(at_edge(hsn_str_z(c->src)), &how, &out));
        assert_same(hsn_buf_str(&out), hsn_str_z(c->plain), c->src);
        assert_int_equal(how.url, c->how.url);
        assert_int_equal(how.padded, c->how.padded);
        assert_int_equal(how.line, c->how.line);
        assert_int_equal(how.final_eol, c->how.final_eol);
        assert_int_equal(how.slack, c->how.slack);
        assert_int_equal(how.stray, c->how.stray);
        assert_same(how.eol, c->how.eol, "line end");
        hsn_base64_encode(&back, hsn_buf_str(&out), &how);
        assert_same(hsn_buf_str(&back), hsn_str_z(c->src), "encoded again");
        DROP(&out, &back);
    }
}

static void refuses_what_is_not_base64(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(not_base64); i++) {
        hsn_buf out = new_buf();
        hsn_base64 how;
        if (hsn_base64_decode(at_edge(hsn_str_z(not_base64[i])), &how, &out)) {
            fail_msg("taken for base64: %s", not_base64[i]);
        }
        assert_int_equal(out.n, 0);
        assert_false(hsn_buf_failed(&out));
        hsn_buf_deinit(&out);
    }
}

static void base64_stops_at_its_ceiling(void **state)
{
    (void)state;
    hsn_buf out;
    hsn_base64 how;
    hsn_buf_init(&out, 3);
    assert_true(hsn_base64_decode(HSN_S("Zm9v"), &how, &out));
    assert_false(hsn_base64_decode(HSN_S("Zg=="), &how, &out));
    assert_true(hsn_buf_failed(&out));
    hsn_buf_deinit(&out);
}

static void base64_round_trips(void **state)
{
    (void)state;
    static const size_t widths[] = {0, 0, 4, 5, 64, 75, 76};
    for (int i = 0; i < 3000; i++) {
        hsn_buf plain = new_buf(), src = new_buf(), got = new_buf(), back = new_buf();
        fill_random(&plain, prng_below(&rng, 600));
        hsn_base64 how = {.url = prng_below(&rng, 2) != 0,
                          .padded = prng_below(&rng, 2) != 0,
                          .line = widths[prng_below(&rng, 7)],
                          .eol = prng_below(&rng, 2) ? HSN_S("\n") : HSN_S("\r\n"),
                          .final_eol = prng_below(&rng, 2) != 0};
        hsn_base64_encode(&src, hsn_buf_str(&plain), &how);
        hsn_str text = at_edge(hsn_buf_str(&src));
        hsn_base64 found;
        assert_true(hsn_base64_decode(text, &found, &got));
        assert_true(hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&plain)));
        hsn_base64_encode(&back, hsn_buf_str(&got), &found);
        assert_same(hsn_buf_str(&back), text, "encoded again");
        unsigned char head[32];
        size_t n = hsn_base64_peek(text, head, sizeof head);
        assert_int_equal(n, plain.n < sizeof head ? plain.n : sizeof head);
        assert_true(n == 0 || memcmp(head, plain.p, n) == 0);
        DROP(&plain, &src, &got, &back);
    }
}

/* Noise is told by its first whole groups, as far as they are asked for and of one alphabet. */
static void noise_shows_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *plain;
        size_t n, max;
        bool want;
    } cases[] = {
        {"plain text\t\r\nas it is", 21, 24, false}, {"\x1f" "23456", 6, 24, true},
        {"12345\x7f", 6, 24, true},                  {"123\0" "56", 6, 24, true},
        {"12\xff\xfe" "56", 6, 24, false},           {"123456\x01", 7, 24, false},
        {"123456\x01" "89", 9, 6, false},            {"123456\x01" "89", 9, 9, true},
        {"12\x0e", 3, 2, false},                     {"", 0, 24, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_buf src = new_buf();
        const hsn_str plain = hsn_str_of((const unsigned char *)cases[i].plain, cases[i].n);
        hsn_base64_encode(&src, plain, &(hsn_base64){.padded = true});
        unsigned char first[3] = {0};
        const hsn_str text = at_edge(hsn_buf_str(&src));
        assert_int_equal(hsn_base64_is_noise(text, cases[i].max, first), cases[i].want);
        assert_true(!cases[i].want || memcmp(first, plain.p, sizeof first) == 0);
        hsn_buf_deinit(&src);
    }
    unsigned char first[3];
    assert_false(hsn_base64_is_noise(HSN_S("+-AAAAAA"), 24, first)); /* of two alphabets */
    assert_true(hsn_base64_is_noise(HSN_S("AAAA+-AA"), 24, first));
}

static bool has(hsn_str s, unsigned char c)
{
    return hsn_str_chr(s, c) < s.n;
}

/* Pieces of 40 characters are too short for vectors: they take the portable way. */
static void long_and_short_base64_agree(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        unsigned char src[400];
        size_t n = 4 * (1 + prng_below(&rng, 100));
        static const char chars[] = "ABCXYZabcxyz0189+/+/ghijkl";
        for (size_t k = 0; k < n; k++) {
            src[k] = (unsigned char)chars[prng_below(&rng, sizeof chars - 1)];
        }
        if (prng_below(&rng, 2)) {
            src[prng_below(&rng, n)] =
                (unsigned char)prng_below(&rng, 256); /* wrong, or of the other alphabet */
        }
        hsn_buf whole = new_buf(), parts = new_buf();
        hsn_base64 how;
        bool ok = true;
        bool standard = false, url = false;
        for (size_t at = 0; at < n; at += 40) {
            hsn_str part = hsn_str_cut(hsn_str_of(src, n), at, at + 40);
            bool padded_early = has(part, '=') && at + 40 < n;
            ok = ok && !padded_early && hsn_base64_decode(part, &how, &parts);
            standard = standard || has(part, '+') || has(part, '/');
            url = url || has(part, '-') || has(part, '_');
        }
        ok = ok && !(standard && url);
        if (!has(hsn_str_of(src, n), '\n') &&
            !has(hsn_str_of(src, n), ' ')) { /* lines have a length only as a whole */
            assert_int_equal(hsn_base64_decode(at_edge(hsn_str_of(src, n)), &how, &whole), ok);
        }
        if (whole.n > 0) {
            assert_true(hsn_str_eq(hsn_buf_str(&whole), hsn_buf_str(&parts)));
        }
        DROP(&whole, &parts);
    }
}

/* ---------------------------------------------------------------- deflate */

static const hsn_deflate kinds[] = {HSN_GZIP, HSN_ZLIB, HSN_RAW_DEFLATE};

/* Text of which deflate leaves about a third. */
static hsn_buf sample_text(size_t n)
{
    hsn_buf b = new_buf();
    while (b.n < n) {
        hsn_buf_printf(&b, "{\"id\":%zu,\"name\":\"value\"},\r\n", prng_below(&rng, 1000000));
    }
    b.n = n;
    return b;
}

static void deflate_round_trips(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 100, 5000, 300000};
    for (size_t i = 0; i < COUNT(kinds) * COUNT(sizes); i++) {
        hsn_deflate kind = kinds[i % COUNT(kinds)], found;
        hsn_buf plain = sample_text(sizes[i / COUNT(kinds)]);
        hsn_buf packed = new_buf(), exact;
        hsn_buf_init(&exact, plain.n); /* its ceiling is just met */
        assert_true(hsn_deflate_all(hsn_buf_str(&plain), kind, &packed));
        if (kind != HSN_RAW_DEFLATE) {
            assert_true(hsn_deflate_sniff(hsn_buf_str(&packed), &found));
            assert_int_equal(found, kind);
        }
        assert_int_equal(inflate_whole(hsn_buf_str(&packed), kind, &exact), HSN_INFLATE_OK);
        assert_true(hsn_str_eq(hsn_buf_str(&exact), hsn_buf_str(&plain)));
        if (plain.n > 0) {
            hsn_buf small;
            hsn_buf_init(&small, plain.n - 1);
            hsn_inflate got = inflate_whole(hsn_buf_str(&packed), kind, &small);
            assert_int_equal(got, HSN_INFLATE_LIMIT);
            assert_int_equal(small.n, 0);
            hsn_buf_deinit(&small);
        }
        DROP(&plain, &packed, &exact);
    }
}

static void deflate_refuses_cut_and_continued_streams(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        hsn_buf plain = sample_text(500), packed = new_buf(), out = new_buf();
        assert_true(hsn_deflate_all(hsn_buf_str(&plain), kinds[i], &packed));
        for (size_t n = 0; n < packed.n; n++) {
            hsn_str cut = at_edge(hsn_str_cut(hsn_buf_str(&packed), 0, n));
            assert_int_equal(inflate_whole(cut, kinds[i], &out), HSN_INFLATE_NOT);
            assert_int_equal(out.n, 0);
        }
        hsn_buf_put(&packed, 0);
        assert_int_equal(inflate_whole(hsn_buf_str(&packed), kinds[i], &out), HSN_INFLATE_NOT);
        hsn_buf_reset(&packed);
        hsn_buf_add_str(&packed, HSN_S("this is no compressed text at all"));
        assert_int_equal(inflate_whole(hsn_buf_str(&packed), kinds[i], &out), HSN_INFLATE_NOT);
        DROP(&plain, &packed, &out);
    }
}

static void deflate_survives_any_byte_changed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        hsn_buf plain = sample_text(300), packed = new_buf(), out = new_buf();
        assert_true(hsn_deflate_all(hsn_buf_str(&plain), kinds[i], &packed));
        for (int k = 0; k < 2000; k++) {
            size_t at = prng_below(&rng, packed.n);
            unsigned char was = packed.p[at];
            packed.p[at] = (unsigned char)prng_below(&rng, 256);
            (void)!inflate_whole(at_edge(hsn_buf_str(&packed)), kinds[i], &out);
            packed.p[at] = was;
            hsn_buf_reset(&out);
        }
        DROP(&plain, &packed, &out);
    }
}

static void deflate_bomb_is_a_limit(void **state)
{
    (void)state;
    hsn_buf zeros = new_buf(), packed = new_buf(), out = new_buf();
    assert_true(hsn_buf_reserve(&zeros, 32U << 20));
    memset(zeros.p, 0, 32U << 20);
    zeros.n = 32U << 20;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        hsn_buf_reset(&packed);
        assert_true(hsn_deflate_all(hsn_buf_str(&zeros), kinds[i], &packed));
        assert_true(zeros.n > packed.n * 1000);
        assert_int_equal(inflate_whole(hsn_buf_str(&packed), kinds[i], &out), HSN_INFLATE_LIMIT);
        assert_true(out.cap <= packed.n * 1000 + 64 * 1024 + out.cap / 3);
    }
    DROP(&zeros, &packed, &out);
}

static void deflate_sniffs_by_magic(void **state)
{
    (void)state;
    hsn_deflate kind;
    assert_false(hsn_deflate_sniff(HSN_S(""), &kind));
    assert_false(hsn_deflate_sniff(at_edge(HSN_S("\x1f\x8b")), &kind));
    assert_false(hsn_deflate_sniff(HSN_S("plain text that is long enough"), &kind));
    assert_false(hsn_deflate_sniff(HSN_S("\x78\xbb preset dictionary"), &kind));
    assert_true(hsn_deflate_sniff(HSN_S("\x78\x9c and something"), &kind));
    assert_int_equal(kind, HSN_ZLIB);
}

/* ---------------------------------------------------------------- UTF-16 */

static void add_unit(hsn_buf *b, unsigned unit, bool big_endian)
{
    hsn_buf_put(b, (unsigned char)(big_endian ? unit >> 8 : unit));
    hsn_buf_put(b, (unsigned char)(big_endian ? unit : unit >> 8));
}

static void utf16_decodes(void **state)
{
    (void)state;
    static const unsigned units[] = {'A',    0xE9,   0x20AC, 0xD83D, 0xDE00,
                                     0xDE00, 0xD83D, 'B',    0xD83D};
    hsn_str want = HSN_S("A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"
                         "\xed\xb8\x80\xed\xa0\xbd"
                         "B\xed\xa0\xbd");
    for (unsigned i = 0; i < 4; i++) {
        hsn_utf16 how = {.big_endian = i & 1, .bom = i >> 1};
        hsn_buf src = new_buf(), out = new_buf(), back = new_buf();
        if (how.bom) {
            add_unit(&src, 0xFEFF, how.big_endian);
        }
        for (size_t k = 0; k < COUNT(units); k++) {
            add_unit(&src, units[k], how.big_endian);
        }
        assert_true(hsn_utf16_decode(at_edge(hsn_buf_str(&src)), &how, &out));
        assert_same(hsn_buf_str(&out), want, "UTF-16");
        hsn_utf16_encode(&back, at_edge(hsn_buf_str(&out)), &how);
        assert_same(hsn_buf_str(&back), hsn_buf_str(&src), "UTF-16 again");
        assert_false(hsn_utf16_decode(hsn_str_of(src.p, src.n - 1), &how, &out));
        DROP(&src, &out, &back);
    }
}

static void utf16_round_trips(void **state)
{
    (void)state;
    static const unsigned bases[] = {0, 0x80, 0x7F0, 0xD7F0, 0xD800, 0xDC00, 0xFEF0, 0xFFF0};
    for (int i = 0; i < 5000; i++) {
        hsn_utf16 how = {.big_endian = prng_below(&rng, 2) != 0, .bom = prng_below(&rng, 2) != 0};
        hsn_buf src = new_buf(), out = new_buf(), back = new_buf();
        if (how.bom) {
            add_unit(&src, 0xFEFF, how.big_endian);
        }
        for (size_t n = prng_below(&rng, i % 100 == 0 ? 3000 : 40); n > 0; n--) {
            add_unit(&src, bases[prng_below(&rng, COUNT(bases))] + (unsigned)prng_below(&rng, 16),
                     how.big_endian);
        }
        assert_true(hsn_utf16_decode(at_edge(hsn_buf_str(&src)), &how, &out));
        hsn_utf16_encode(&back, at_edge(hsn_buf_str(&out)), &how);
        assert_true(hsn_str_eq(hsn_buf_str(&back), hsn_buf_str(&src)));
        DROP(&src, &out, &back);
    }
}

static void add_wide(hsn_buf *b, unsigned cp, bool big_endian)
{
    add_unit(b, big_endian ? cp >> 16 : cp & 0xFFFF, big_endian);
    add_unit(b, big_endian ? cp & 0xFFFF : cp >> 16, big_endian);
}

static void utf32_round_trips(void **state)
{
    (void)state;
    static const unsigned bases[] = {0x20, 0x80, 0x7F0, 0xD7F0, 0xFEF0, 0xFFF0, 0x10000, 0x10FFF0};
    for (int i = 0; i < 2000; i++) {
        hsn_utf16 how = {
            .wide = true, .big_endian = prng_below(&rng, 2) != 0, .bom = prng_below(&rng, 2) != 0};
        hsn_buf src = new_buf(), out = new_buf(), back = new_buf();
        if (how.bom) {
            add_wide(&src, 0xFEFF, how.big_endian);
        }
        for (size_t n = prng_below(&rng, i % 100 == 0 ? 3000 : 40); n > 0; n--) {
            add_wide(&src, bases[prng_below(&rng, COUNT(bases))] + (unsigned)prng_below(&rng, 16),
                     how.big_endian);
        }
        assert_true(hsn_utf16_decode(at_edge(hsn_buf_str(&src)), &how, &out));
        hsn_utf16_encode(&back, at_edge(hsn_buf_str(&out)), &how);
        assert_true(hsn_str_eq(hsn_buf_str(&back), hsn_buf_str(&src)));
        add_wide(&src, 0x110000, how.big_endian);
        assert_false(hsn_utf16_decode(hsn_buf_str(&src), &how, &out));
        DROP(&src, &out, &back);
    }
}

static void utf32_is_recognised(void **state)
{
    (void)state;
    static const struct {
        hsn_str src;
        bool is, big_endian, bom;
    } cases[] = {
        {{(const unsigned char *)"\xff\xfe\0\0", 4}, true, false, true},
        {{(const unsigned char *)"\0\0\xfe\xff", 4}, true, true, true},
        {{(const unsigned char *)"k\0\0\0e\0\0\0y\0\0\0=\0\0\0", 16}, true, false, false},
        {{(const unsigned char *)"\0\0\0k\0\0\0e\0\0\0y\0\0\0=", 16}, true, true, false},
        {{(const unsigned char *)"k\0\0\0e\0\0\0y\0\0\0", 12}, false, false, false},
        {{(const unsigned char *)"k\0e\0y\0=\0k\0e\0y\0=\0", 16}, false, false, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_utf16 how = {0};
        bool is = hsn_utf16_sniff(at_edge(cases[i].src), &how) && how.wide;
        assert_int_equal(is, cases[i].is);
        assert_true(!is || (how.big_endian == cases[i].big_endian && how.bom == cases[i].bom));
    }
}

static void utf16_is_recognised(void **state)
{
    (void)state;
    static const struct {
        hsn_str src;
        int want; /* -1 no, else big_endian | bom << 1 */
    } cases[] = {
        {{(const unsigned char *)"\xff\xfe"
                                 "A\0",
          4},
         2},
        {{(const unsigned char *)"\xfe\xff\0A", 4}, 3},
        {{(const unsigned char *)"t\0o\0k\0e\0n\0=\0a\0b\0", 16}, 0},
        {{(const unsigned char *)"\0t\0o\0k\0e\0n\0=\0a\0b", 16}, 1},
        {{(const unsigned char *)"t\0o\0k\0e\0n\0=\0a\0", 14}, -1}, /* too short to tell */
        {{(const unsigned char *)"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16}, -1},
        {{(const unsigned char *)"token=ab plain text", 19}, -1},
        {{(const unsigned char *)"", 0}, -1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_utf16 how;
        bool found = hsn_utf16_sniff(at_edge(cases[i].src), &how);
        assert_int_equal(found ? (int)how.big_endian | (int)how.bom << 1 : -1, cases[i].want);
    }
}

static void broken_utf8_becomes_replacement_characters(void **state)
{
    (void)state;
    static const char *const broken[] = {"\x80",   "\xc0\x80",         "\xe2\x82",
                                         "\xe2(a", "\xf5\x80\x80\x80", "\xff"};
    static const size_t units[] = {1, 2, 2, 3, 4, 1};
    hsn_utf16 how = {.big_endian = true};
    for (size_t i = 0; i < COUNT(broken); i++) {
        hsn_buf out = new_buf();
        hsn_utf16_encode(&out, at_edge(hsn_str_z(broken[i])), &how);
        assert_int_equal(out.n, 2 * units[i]);
        assert_int_equal(out.p[0] << 8 | out.p[1], 0xFFFD);
        hsn_buf_deinit(&out);
    }
}

/* ---------------------------------------------------------------- failing memory */

/* Each layer there and back; false when something refused. */
static bool use_every_layer(hsn_buf *b, hsn_buf *back, hsn_arena *mem)
{
    hsn_str text = HSN_S("Zm9v\nYmFy\nZm8=");
    hsn_edit edit = {.off = 1, .len = 1, .with = HSN_S("x")};
    hsn_base64 how;
    hsn_utf16 wide = {.bom = true};
    bool ok = hsn_peel_lift(&hsn_escape_json, HSN_S("a\\u0040b"), &edit, 1, mem) &&
              hsn_peel_escape(&hsn_escape_json, HSN_S("a\\u0040b"), b) &&
              hsn_base64_decode(text, &how, b);
    if (ok) {
        hsn_base64_encode(back, HSN_S("foobarfo"), &how);
        hsn_utf16_encode(back, HSN_S("foobarfo"), &wide);
        ok = !hsn_buf_failed(back);
    }
    hsn_buf_reset(b);
    hsn_buf_reset(back);
    return ok && hsn_deflate_all(text, HSN_GZIP, b) &&
           inflate_whole(hsn_buf_str(b), HSN_GZIP, back) == HSN_INFLATE_OK;
}

static void any_request_may_fail(void **state)
{
    (void)state;
    bool done = false;
    for (size_t i = 0; !done; i++) {
        refusal r = {.nth = i + 1, .sticky = true};
        hsn_buf b = new_buf(), back = new_buf();
        hsn_arena mem;
        hsn_arena_init(&mem, BIG);
        refusal_start(&r);
        bool ok = use_every_layer(&b, &back, &mem);
        refusal_stop();
        assert_int_equal(ok, !refusal_hit(&r));
        done = ok;
        DROP(&b, &back);
        hsn_arena_deinit(&mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_shows_at_once),
        cmocka_unit_test(reads_base64),
        cmocka_unit_test(refuses_what_is_not_base64),
        cmocka_unit_test(base64_stops_at_its_ceiling),
        cmocka_unit_test(base64_round_trips),
        cmocka_unit_test(long_and_short_base64_agree),
        cmocka_unit_test(deflate_round_trips),
        cmocka_unit_test(deflate_refuses_cut_and_continued_streams),
        cmocka_unit_test(deflate_survives_any_byte_changed),
        cmocka_unit_test(deflate_bomb_is_a_limit),
        cmocka_unit_test(deflate_sniffs_by_magic),
        cmocka_unit_test(utf16_decodes),
        cmocka_unit_test(utf16_round_trips),
        cmocka_unit_test(utf16_is_recognised),
        cmocka_unit_test(utf32_round_trips),
        cmocka_unit_test(utf32_is_recognised),
        cmocka_unit_test(broken_utf8_becomes_replacement_characters),
        cmocka_unit_test(any_request_may_fail),
    };
    return cmocka_run_group_tests(tests, edge_make, NULL);
}
