/*
 * RFC 8259, held against a recogniser of our own: what it accepts passes the empty rule set byte
 * for byte, what it does not is refused with a position, and nothing else is possible.
 *
 * Texts are tables by kind of mistake, every byte in every kind of place, and random strings of
 * tokens and of near-tokens. `make conformance SUITE=PATH` runs a checkout of JSONTestSuite
 * besides.
 */
#include "fixture.h"

enum { RANDOM_TEXTS = 8000 };

/* ---------------------------------------------------------------- the recogniser */

/* Reads from p[*at]; every function leaves *at behind what it took and tells whether it was
 * right. */
static void skip_space(hsn_str t, size_t *at)
{
    while (*at < t.n && memchr(" \t\r\n", t.p[*at], 4) != NULL) {
        ++*at;
    }
}

static size_t take_digits(hsn_str t, size_t *at)
{
    size_t from = *at;
    while (*at < t.n && hsn_is_digit(t.p[*at])) {
        ++*at;
    }
    return *at - from;
}

static bool take_byte(hsn_str t, size_t *at, char c)
{
    bool there = *at < t.n && t.p[*at] == (unsigned char)c;
    *at += there;
    return there;
}

static bool take_string(hsn_str t, size_t *at)
{
    if (!take_byte(t, at, '"')) {
        return false;
    }
    while (*at < t.n) {
        unsigned char c = t.p[(*at)++];
        if (c == '"' || c < 0x20) {
            return c == '"';
        }
        if (c == '\\') {
            unsigned char e = *at < t.n ? t.p[(*at)++] : 0;
            if (e == 0 || strchr("\"\\/bfnrtu", e) == NULL) {
                return false;
            }
            for (int i = 0; e == 'u' && i < 4; i++, ++*at) {
                if (*at >= t.n || hsn_hex(t.p[*at]) < 0) {
                    return false;
                }
            }
        }
    }
    return false;
}

static bool take_number(hsn_str t, size_t *at)
{
    take_byte(t, at, '-');
    if (!take_byte(t, at, '0') && take_digits(t, at) == 0) {
        return false;
    }
    if (take_byte(t, at, '.') && take_digits(t, at) == 0) {
        return false;
    }
    if (take_byte(t, at, 'e') || take_byte(t, at, 'E')) {
        if (!take_byte(t, at, '+')) {
            take_byte(t, at, '-');
        }
        return take_digits(t, at) > 0;
    }
    return true;
}

static bool take_word(hsn_str t, size_t *at)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < COUNT(words); i++) {
        if (hsn_str_starts(hsn_str_cut(t, *at, t.n), hsn_str_z(words[i]))) {
            *at += strlen(words[i]);
            return true;
        }
    }
    return take_number(t, at);
}

static bool take_key(hsn_str t, size_t *at)
{
    skip_space(t, at);
    bool ok = take_string(t, at);
    skip_space(t, at);
    return ok && take_byte(t, at, ':');
}

/* Behind a value: closes what closes, and stands where the next value begins, or at the end. */
static bool after_value(hsn_str t, size_t *at, char *open, size_t *depth)
{
    for (skip_space(t, at); *depth > 0; skip_space(t, at)) {
        if (take_byte(t, at, ',')) {
            return open[*depth - 1] == '[' || take_key(t, at);
        }
        if (!take_byte(t, at, open[*depth - 1] == '[' ? ']' : '}')) {
            return false;
        }
        --*depth;
    }
    return *at == t.n;
}

static bool is_json(hsn_str t)
{
    static char open[1 << 16];
    size_t depth = 0;
    size_t at = 0;
    if (hsn_str_starts(t, HSN_S("\xef\xbb\xbf"))) {
        at = 3;
    }
    do {
        skip_space(t, &at);
        bool array = take_byte(t, &at, '[');
        bool object = !array && take_byte(t, &at, '{');
        if (array || object) {
            open[depth++] = array ? '[' : '{';
            skip_space(t, &at);
            if (!take_byte(t, &at, array ? ']' : '}')) {
                if (object && !take_key(t, &at)) {
                    return false;
                }
                continue;
            }
            depth--;
        } else if (at < t.n && t.p[at] == '"' ? !take_string(t, &at) : !take_word(t, &at)) {
            return false;
        }
        if (!after_value(t, &at, open, &depth)) {
            return false;
        }
        if (depth == 0) {
            return at == t.n;
        }
    } while (true);
}

/* ---------------------------------------------------------------- one text */

static void show(hsn_str text, harsan_status got, bool want)
{
    print_error("status %d, %s:", (int)got, want ? "valid" : "not valid");
    for (size_t i = 0; i < text.n && i < 60; i++) {
        print_error(text.p[i] >= 0x20 && text.p[i] < 0x7f ? "%c" : "\\x%02x", text.p[i]);
    }
    print_error("\n");
    fail();
}

static void judge(hsn_str text)
{
    job j = {.rules = empty, .chunk = text.n % 3}; /* whole, by single bytes, by two */
    bool want = is_json(text);
    cleaned c;
    clean(&j, text, &c);
    if (c.status != (want ? HARSAN_OK : HARSAN_E_SYNTAX)) {
        show(text, c.status, want);
    }
    if (want) {
        assert_same(hsn_buf_str(&c.out), text, "under the empty rule set");
        assert_int_equal(c.told.n, 0);
    } else {
        assert_true(c.err.line >= 1 && c.err.column >= 1 && c.err.offset <= text.n);
        assert_true(c.err.message[0] != '\0');
    }
    cleaned_free(&c);
}

static void judge_as(const char *text, bool want)
{
    assert_int_equal(is_json(hsn_str_z(text)), want);
    judge(hsn_str_z(text));
}

/* ---------------------------------------------------------------- tables */

static void test_must_accept(void **state)
{
    (void)state;
    /* clang-format off */
    static const char *const texts[] = {
        /* any value is a text, with space around it */
        "{}", "[]", "\"\"", "0", "true", "false", "null", "\t\"har\"\r\n", " -7 ", "\n\n[ ]\n", "\"log\"",
        /* containers: empty, nested, in each other */
        "[[[]]]", "{\"log\":{}}", "[{},[],{}]", "{\"entries\":[[],[{}]]}", "[ [ ] , { } ]",
        "[\"GET\",204,true,null,{\"a\":[0]}]",
        /* keys: empty, the same twice, escaped */
        "{\"\":\"\"}", "{\"n\":1,\"n\":2}", "{\"n\":1,\"n\":1}", "{\"\\u006eame\":0}", "{\"\\u0000\":0}",
        "{ \"url\" : \"/\" , \"time\" : 12.5 }", "{\n\"a\"\n:\n1\n}",
        /* numbers */
        "-0", "-0.0", "[0e0]", "[0E-0]", "[10.25]", "[-3.5e+12]", "[6E7]", "[6e-7]", "[1.0]",
        "[1099511627776]", "[-0.00000000000000000000000000000000000000000000000000000000000000000007]",
        /* strings: every escape, what only looks like one, bytes of two, three and four */
        "[\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t\"]", "[\"\\u004A\\u00e9\\uAbCd\"]", "[\"\\ud83d\\ude00\"]",
        "[\"\\\\u12\"]", "[\"// no /* comment */\"]", "[\"[1,{}\"]", "[\"'\"]", "[\"\x7f\"]",
        "[\"\xc3\xbc\"]", "[\"\xe2\x82\xac\"]", "[\"\xf0\x9f\x98\x80\"]", "[\"\xef\xbf\xbf\"]",
        "[\"\xe2\x80\xa8\"]", "[\"\\uFFFE\"]", "[\"\\u001F\"]",
        /* what RFC 8259 leaves to the parser passes as it is: beyond a double, halves of pairs, bytes
         * that are not UTF-8, a byte order mark */
        "[7e4000]", "[-7e4000]", "[7e-4000]", "[340282366920938463463374607431768211456]",
        "[\"\\ud83d\"]", "[\"\\ude00\"]", "[\"\\ude00\\ud83d\"]", "[\"\\ud83dx\"]", "[\"\x80\"]", "[\"\xc0\x80\"]",
        "[\"\xed\xb0\x80\"]", "[\"\xfe\xff\"]", "[\"\xf0\x9f\"]", "\xef\xbb\xbf[]", "\xef\xbb\xbf \"x\"",
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT(texts); i++) {
        judge_as(texts[i], true);
    }
}

static void test_must_reject(void **state)
{
    (void)state;
    /* clang-format off */
    static const char *const texts[] = {
        /* nothing, or nothing but space, a mark, a comment */
        "", "\n", "\xef\xbb\xbf", "\xef\xbb", "// {}", "/**/", "#",
        /* something behind the value */
        "{}{}", "[] 1", "null null", "\"a\"\"b\"", "{}]", "[]}", "0 0", "{},", "[];", "{} // end", "[]\\n",
        /* open to the end */
        "[", "{", "[[", "[1", "[1,", "[\"a", "[\"a\"", "[{}", "{\"k", "{\"k\"", "{\"k\":", "{\"k\":0", "{\"k\":0,",
        "{\"k\":[", "\"", "\"\\", "\"\\u", "\"\\u00", "[tru", "[-", "[1.", "[1e",
        /* the wrong bracket */
        "]", "}", "[}", "{]", "[1}", "{\"k\":0]", "[[]", "{\"k\":{}", "[{]}", "(1)", "<1>",
        /* commas and colons */
        ",", ":", "[,]", "[,0]", "[0,]", "[0,,0]", "[0 0]", "[0:0]", "[\"a\":0]", "{,}", "{\"k\":0,}",
        "{,\"k\":0}", "{\"k\":0,,\"l\":0}", "{\"k\":0 \"l\":0}", "{\"k\"}", "{\"k\",0}", "{\"k\" 0}", "{\"k\"::0}",
        "{\"k\":}", "{:0}", "{\"k\":0:0}", "{\"k\";0}", "[0;0]",
        /* keys that are no strings */
        "{k:0}", "{'k':0}", "{0:0}", "{null:0}", "{[]:0}", "{{}:0}", "{\"k\":0,l:0}", "{`k`:0}",
        /* words */
        "nul", "nulll", "True", "FALSE", "undefined", "NaN", "-NaN", "Infinity", "-Infinity", "yes", "[tru,e]",
        "[nu ll]", "truefalse", "entries",
        /* numbers */
        "+7", "-", "--7", "- 7", "007", "-07", "7.", ".7", "-.7", "7.e7", "7e", "7e+", "7e-", "7E+-7", "7e7.7", "7.7.7",
        "7e7e7", "0x7f", "0b1", "0o7", "7_000", "7,000", "7 000", "1/2", "7f", "7n", "0e", "[7-7]", "[7+7]",
        "\xd9\xa7", "\xef\xbc\x97",
        /* strings */
        "'a'", "[`a`]", "[\"a'", "\"\\a\"", "\"\\'\"", "\"\\0\"", "\"\\v\"", "\"\\x4a\"", "\"\\U0000004a\"", "\"\\u\"",
        "\"\\u4\"", "\"\\u4a\"", "\"\\u4a4\"", "\"\\u4a4g\"", "\"\\u 4a4\"", "\"\\u-4a4\"", "\"\\\xc3\xbc\"", "\"\\ \"",
        "\"\\\n\"", "\"two\nlines\"", "\"a\tb\"", "\"\x01\"", "\"\x1f\"", "\"\r\"", "\"\\ud83d\\u\"", "\"\\\\\\\"",
        "\"say \"hi\"\"", "\\u0022a\\u0022",
        /* space that is none */
        "[\v]", "[\f]", "\v{}", "[\xc2\xa0]", "[\xe2\x80\x8b]", "[\xe3\x80\x80]", "[\x85]", "[\xef\xbb\xbf]",
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT(texts); i++) {
        judge_as(texts[i], false);
    }
}

/* UTF-16 and UTF-32 in either order, with and without a mark: refused, not guessed at. */
static void test_other_encodings(void **state)
{
    (void)state;
    static const unsigned widths[] = {2, 4};
    for (size_t i = 0; i < 8; i++) {
        unsigned width = widths[i & 1];
        bool big = (i & 2) != 0;
        unsigned char text[64] = {0};
        size_t n = 0;
        if ((i & 4) != 0) {
            text[big ? width - 2 : 1] = 0xfe;
            text[big ? width - 1 : 0] = 0xff;
            n = width;
        }
        for (const char *p = "[\"e\"]"; *p != '\0'; p++, n += width) {
            text[n + (big ? width - 1 : 0)] = (unsigned char)*p;
        }
        assert_false(is_json(hsn_str_of(text, n)));
        judge(hsn_str_of(text, n));
    }
}

/* ---------------------------------------------------------------- every byte */

static void test_every_byte_everywhere(void **state)
{
    (void)state;
    /* the byte takes the place of the ~ */
    /* clang-format off */
    static const char *const frames[] = {
        "~", "~1", "1~", "[~]", "[1~]", "[~1]", "[1,~]", "{~}", "{\"a\"~1}", "{\"a\":~}",
        "{\"a\":1~}", "\"~\"", "\"a~b\"", "\"\\~\"", "\"\\u~000\"", "\"\\u000~\"",
        "\"\\ud83~\\ude39\"", "{\"~\":1}", "[1~2]", "[1.~]", "[1e~]", "[-~]", "[0~]", "[tru~]",
        "[]~", "{}~", "\"\"~", "true~",
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT(frames); i++) {
        for (unsigned c = 0; c < 256; c++) {
            char text[32];
            size_t n = strlen(frames[i]);
            memcpy(text, frames[i], n);
            *(char *)memchr(text, '~', n) = (char)c;
            judge(hsn_str_of(text, n));
        }
    }
}

/* ---------------------------------------------------------------- random texts */

/* Tokens, near-tokens and separators: about one in ten texts comes out valid. */
static void test_random_texts(void **state)
{
    (void)state;
    /* clang-format off */
    static const char *const pieces[] = {
        "[", "]", "{", "}", ":", ",", "[", "]", "{\"a\":", "}", ",", "\"k\":", "1", "-0.5e3",
        "true", "null", "\"\"", "\"a\\\"b\"", "\"\\u00e9\"", " ", "\n", "01", "tru", "\"\\x\"",
        "\"", "/", "-", "1.", "nul", "'", "\xff", "e", "\\",
    };
    /* clang-format on */
    prng r = {20};
    size_t valid = 0;
    for (size_t i = 0; i < RANDOM_TEXTS; i++) {
        char text[256];
        size_t n = 0;
        size_t usual = prng_one_in(&r, 3) ? COUNT(pieces) : 21; /* mostly of valid pieces */
        for (size_t left = 1 + prng_below(&r, 9); left > 0; left--) {
            const char *piece = pieces[prng_below(&r, usual)];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
        }
        valid += is_json(hsn_str_of(text, n));
        judge(hsn_str_of(text, n));
    }
    assert_true(valid > RANDOM_TEXTS / 50);
}

/* A valid text with one byte gone, doubled, or another. */
static void test_broken_texts(void **state)
{
    (void)state;
    static const char whole[] =
        "{\"log\" : {\"a\":[1, -2.5e+7 ,true,null,\"x\\u00e9\\n\"],\"b\":{},"
        "\"c\":[[],[{\"d\":\"\"}]]}}\r\n";
    enum { N = sizeof whole - 1 };
    prng r = {21};
    assert_true(is_json(HSN_S(whole)));
    for (size_t at = 0; at < N; at++) {
        for (int how = 0; how < 8; how++) {
            char text[N + 1];
            size_t n = how == 0 ? N - 1 : how == 1 ? N + 1 : N;
            memcpy(text, whole, at);
            if (how == 0) {
                memcpy(text + at, whole + at + 1, N - at - 1);
            } else if (how == 1) {
                text[at] = whole[at];
                memcpy(text + at + 1, whole + at, N - at);
            } else {
                memcpy(text + at, whole + at, N - at);
                text[at] = how == 2 ? '\0' : whole[prng_below(&r, N)];
            }
            judge(hsn_str_of(text, n));
            judge(hsn_str_of(text, at)); /* and cut off there */
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_must_accept),     cmocka_unit_test(test_must_reject),
        cmocka_unit_test(test_other_encodings), cmocka_unit_test(test_every_byte_everywhere),
        cmocka_unit_test(test_random_texts),    cmocka_unit_test(test_broken_texts),
    };
    return cmocka_run_group_tests(tests, set_up_empty, tear_down_empty);
}
