/*
 * How else systems write the same value: a UUID in the other case or without its hyphens, base64
 * without its padding or in the other alphabet. Not hexadecimal digits in the other case: most ids
 * of sessions are such, each would be learned twice, and hardly one is ever written so.
 *
 * Receives a value that is worth looking for everywhere; emits what it may be written as elsewhere,
 * in memory of the caller's arena. Must never make two values of one that mean different things.
 */
#include "inspect.h"
#include "valid.h"

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
