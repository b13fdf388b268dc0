/*
 * How else systems write the same value: a UUID in the other case or without its hyphens, base64
 * without its padding or in the other alphabet; of a value that holds more, the ids in it, which
 * are sent without the rest. Not hexadecimal digits in the other case: most ids of sessions are
 * such, each would be learned twice, and hardly one is ever written so.
 *
 * Receives a value that is worth looking for everywhere; emits what it may be written as elsewhere,
 * in memory of the caller's arena. Must never make two values of one that mean different things.
 */
#include "inspect.h"
#include "valid.h"
#include "vec.h"

enum { BASE64_LEAST = 20 };

/* Base64 that shows: it has a sign of the standard alphabet, or padding. */
static bool is_base64(hsn_str v)
{
    size_t padding = 0;
    bool sign = false;
    while (padding < 2 && padding < v.n && v.p[v.n - 1 - padding] == '=') {
        padding++;
    }
    if (v.n < BASE64_LEAST ||
        (padding == 0 && hsn_str_chr(v, '+') == v.n && hsn_str_chr(v, '/') == v.n)) {
        return false;
    }
    for (size_t i = 0; i + padding < v.n; i++) {
        bool here = v.p[i] == '+' || v.p[i] == '/';
        if (!here && !hsn_is_alnum(v.p[i])) {
            return false;
        }
        sign = sign || here;
    }
    return sign || padding > 0;
}

static hsn_str other_case(hsn_arena *mem, hsn_str v)
{
    unsigned char *p = hsn_arena_new(mem, v.n);
    for (size_t i = 0; p != NULL && i < v.n; i++) {
        p[i] = hsn_is_alpha(v.p[i]) ? v.p[i] ^ 0x20 : v.p[i];
    }
    return hsn_str_of(p, p != NULL ? v.n : 0);
}

static hsn_str without_hyphens(hsn_arena *mem, hsn_str v)
{
    unsigned char *p = hsn_arena_new(mem, v.n);
    size_t n = 0;
    for (size_t i = 0; p != NULL && i < v.n; i++) {
        if (v.p[i] != '-') {
            p[n++] = v.p[i];
        }
    }
    return hsn_str_of(p, n);
}

/* Without padding; in the URL's alphabet, where that is asked for. */
static hsn_str bare_base64(hsn_arena *mem, hsn_str v, bool url)
{
    unsigned char *p = hsn_arena_new(mem, v.n);
    size_t n = 0;
    for (size_t i = 0; p != NULL && i < v.n && v.p[i] != '='; i++) {
        unsigned char c = v.p[i];
        p[n++] = url && c == '+' ? '-' : url && c == '/' ? '_' : c;
    }
    return hsn_str_of(p, n);
}

size_t hsn_spellings(hsn_arena *mem, hsn_str v, hsn_str out[HSN_SPELLINGS])
{
    size_t n = 0;
    if (hsn_is_uuid(v)) {
        out[n++] = other_case(mem, v);
        out[n++] = without_hyphens(mem, v);
    } else if (is_base64(v)) {
        out[n++] = bare_base64(mem, v, false);
        out[n++] = bare_base64(mem, v, true);
    }
    return n;
}

/* ---------------------------------------------------------------- ids in a value */

static bool is_divider(unsigned char c)
{
    return hsn_is_one_of(c, "|:=&,;~![]");
}

/* Does the value consist of parts? Of most all bytes but a few are letters and digits. */
static bool is_divided(hsn_str v)
{
    for (size_t i = 0; i < v.n; i += HSN_VEC) {
        const size_t at = v.n - i < HSN_VEC ? v.n - HSN_VEC : i;
        unsigned other = ~hsn_vec_word_at(v.p + at).alnum & ((1u << HSN_VEC) - 1);
        for (; other != 0; other &= other - 1) {
            if (is_divider(v.p[at + (size_t)__builtin_ctz(other)])) {
                return true;
            }
        }
    }
    return false;
}

/* Long enough to be nobody else's: hexadecimal digits, or letters of both cases and digits. */
static bool is_id(hsn_str v)
{
    enum { HEX_LEAST = 32, MIXED_LEAST = 24, MOST = 256 };
    size_t hex = 0;
    size_t digits = 0;
    size_t turns = 0; /* from one case to the other, from letters to digits */
    if (v.n < MIXED_LEAST || v.n > MOST) {
        return false;
    }
    for (size_t i = 0; i < v.n; i++) {
        if (!hsn_is_alnum(v.p[i]) && v.p[i] != '-' && v.p[i] != '_') {
            return false;
        }
        hex += hsn_hex(v.p[i]) >= 0;
        digits += hsn_is_digit(v.p[i]);
        turns += i > 0 && hsn_is_alnum(v.p[i]) && hsn_is_alnum(v.p[i - 1]) &&
                 ((v.p[i] ^ v.p[i - 1]) & 0x60) != 0;
    }
    const bool all_hex = hex >= HEX_LEAST && hex + 4 >= v.n; /* a UUID has four hyphens */
    return digits > 1 && digits < v.n && (all_hex || turns * 4 >= v.n);
}

/* GA1.2.<number>.<time> of the cookies _ga and _gid: Google Analytics sends the last two. */
static hsn_str analytics_id(hsn_str v)
{
    static const hsn_str head = HSN_W("GA1.");
    enum { NUMBER_LEAST = 6 };
    if (!hsn_str_starts(v, head)) {
        return (hsn_str){0};
    }
    size_t from = v.n;
    for (int numbers = 0; numbers < 2; numbers++) {
        const size_t end = from - (numbers > 0);
        from = end;
        while (from > head.n && hsn_is_digit(v.p[from - 1])) {
            from--;
        }
        if (end - from < NUMBER_LEAST || v.p[from - 1] != '.') {
            return (hsn_str){0};
        }
    }
    return from > head.n ? hsn_str_cut(v, from, v.n) : (hsn_str){0};
}

size_t hsn_ids_in(hsn_str v, hsn_str out[HSN_SPELLINGS])
{
    size_t n = 0;
    const hsn_str client = analytics_id(v);
    if (client.n > 0) {
        out[n++] = client;
    }
    if (v.n <= HSN_VEC || !is_divided(v)) {
        return n;
    }
    for (size_t i = 0, from = 0; i <= v.n && n < HSN_SPELLINGS; i++) {
        if (i == v.n || is_divider(v.p[i])) {
            const hsn_str part = hsn_str_cut(v, from, i);
            if (is_id(part)) {
                out[n++] = part;
            }
            from = i + 1;
        }
    }
    return n;
}
