/*
 * Base32 (RFC 4648 section 6): five bits a character, in capitals or small letters.
 *
 * Receives a whole value and tells how it was spelled. Must never take what it could not write
 * again: both cases mixed, bits left over, padding of another length.
 */
#include "peel.h"

enum { GROUP = 8, BITS = 5 }; /* characters that make five bytes */

/* The value of a character, in either case; -1 for none. */
static int value_of(unsigned char c)
{
    if (c >= '2' && c <= '7') {
        return c - '2' + 26;
    }
    unsigned letter = (unsigned)(c | 0x20) - 'a';
    return hsn_is_alpha(c) ? (int)letter : -1;
}

size_t hsn_base32_peek(hsn_str src, unsigned char *out, size_t max)
{
    unsigned held = 0; /* bits of `bits` that are not given out yet */
    unsigned bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < src.n && n < max; i++) {
        int v = value_of(src.p[i]);
        if (v < 0) {
            break;
        }
        bits = (bits << BITS | (unsigned)v) & 0xFFF;
        held += BITS;
        if (held >= 8) {
            held -= 8;
            out[n++] = (unsigned char)(bits >> held);
        }
    }
    return n;
}

/* Characters that hold n bytes. */
static size_t length_of(size_t n)
{
    return (n * 8 + BITS - 1) / BITS;
}

/* Are those bits of the last character 0 that belong to no byte? */
static bool ends_even(hsn_str src, size_t bytes)
{
    size_t over = src.n * BITS - bytes * 8;
    return over == 0 || (value_of(src.p[src.n - 1]) & ((1 << over) - 1)) == 0;
}

bool hsn_base32_decode(hsn_str src, hsn_base32 *how, hsn_buf *out)
{
    size_t padding = 0;
    while (padding < src.n && src.p[src.n - 1 - padding] == '=') {
        padding++;
    }
    bool capital = false;
    bool small = false;
    src.n -= padding;
    for (size_t i = 0; i < src.n; i++) {
        capital = capital || (src.p[i] >= 'A' && src.p[i] <= 'Z');
        small = small || src.p[i] >= 'a';
    }
    *how = (hsn_base32){.lower = small, .padded = padding > 0};
    size_t bytes = src.n / GROUP * BITS + src.n % GROUP * BITS / 8;
    if (src.n == 0 || (capital && small) || (padding > 0 && (src.n + padding) % GROUP != 0) ||
        padding >= GROUP || length_of(bytes) != src.n || !ends_even(src, bytes) ||
        !hsn_buf_reserve(out, bytes)) {
        return false;
    }
    size_t n = hsn_base32_peek(src, out->p + out->n, bytes);
    out->n += n;
    how->padded = src.n % GROUP == 0 || padding > 0;
    return n == bytes;
}

void hsn_base32_encode(hsn_buf *out, hsn_str plain, const hsn_base32 *how)
{
    const char *digits =
        how->lower ? "abcdefghijklmnopqrstuvwxyz234567" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    size_t n = length_of(plain.n);
    for (size_t i = 0; i < n; i++) {
        size_t bit = i * BITS;
        unsigned two = (unsigned)plain.p[bit / 8] << 8;
        two |= bit / 8 + 1 < plain.n ? plain.p[bit / 8 + 1] : 0;
        hsn_buf_put(out, (unsigned char)digits[two >> (16 - BITS - bit % 8) & 31]);
    }
    while (how->padded && n++ % GROUP != 0) {
        hsn_buf_put(out, '=');
    }
}
