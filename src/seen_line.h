/*
 * A key's hash, and one line of a blocked Bloom filter: for what keeps keys (seen.c, asked.c).
 *
 * A line is 512 bits, one of the cache's. A key has four bits in each of two of its words: as good
 * as eight bits anywhere, for two writes.
 */
#ifndef HSN_SEEN_LINE_H
#define HSN_SEEN_LINE_H

#include "learn.h"

enum {
    HSN_LINE_WORDS = 8,
    HSN_LINE_BITS = 512,
    HSN_LONG_KEY = 12 /* bytes that count */
};

typedef struct hsn_line {
    uint64_t word[HSN_LINE_WORDS];
} hsn_line;

/* Two words of a line, and the bits in them. */
typedef struct hsn_line_bits {
    unsigned even, odd;
    uint64_t in_even, in_odd;
} hsn_line_bits;

/* n bytes, up to eight, the first of them lowest. */
static inline uint64_t hsn_low_first(const unsigned char *p, size_t n)
{
    uint64_t w = 0;
    for (size_t i = 0; i < n; i++) {
        w |= (uint64_t)p[i] << 8 * i;
    }
    return w;
}

/* The lowest bit of each byte of w that is no letter or digit, up to the eighth. */
static inline uint64_t hsn_no_alnum(uint64_t w)
{
    const uint64_t ones = 0x0101010101010101u;
    const uint64_t seven = w & 0x7f * ones; /* bits: no sum below reaches the next byte */
    const uint64_t lower = seven | 0x20 * ones;
    const uint64_t letter = (lower + (0x80 - 'a') * ones) & ~(lower + (0x80 - 'z' - 1) * ones);
    const uint64_t digit = (seven + (0x80 - '0') * ones) & ~(seven + (0x80 - '9' - 1) * ones);
    return (~(letter | digit) | w) >> 7 & ones;
}

/* Ones up to the first byte of w that is no letter or digit; for all of it when there is none. */
static inline uint64_t hsn_word_mask(uint64_t w)
{
    const uint64_t end = hsn_no_alnum(w);
    return (end & (0 - end)) - 1;
}

/*
 * The 64 bits that stand for a key at p, with n bytes from there on, HSN_KEY or more: those of its
 * word up to the twelfth byte, or six where the word is shorter. A value that stands somewhere ends
 * there as a word does (learn.h), so its words are those of the text around it.
 */
static inline uint64_t hsn_key_hash(const unsigned char *p, size_t n)
{
    enum { HALF = 8 };
    uint64_t a = HSN_LIKELY(n >= HALF) ? hsn_low_first(p, HALF) : hsn_low_first(p, n);
    uint64_t b = 0;
    const uint64_t word = hsn_word_mask(a);
    if (word == UINT64_MAX) {
        b = HSN_LIKELY(n >= HSN_LONG_KEY) ? hsn_low_first(p + HALF, HSN_LONG_KEY - HALF)
                                          : hsn_low_first(p + HALF, n - HALF);
        b &= hsn_word_mask(b);
    } else {
        a &= word | (UINT64_MAX >> 8 * (HALF - HSN_KEY));
    }
    a = (a ^ b << 24) * 0x9e3779b97f4a7c15u;
    a = (a ^ a >> 29 ^ b) * 0xbf58476d1ce4e5b9u;
    return a ^ a >> 32;
}

/* Bits 40 to 63 of a product depend on all bits that choose no line. */
static inline uint64_t hsn_four_bits(uint64_t product)
{
    return 1ull << (product >> 58) | 1ull << (product >> 52 & 63) | 1ull << (product >> 46 & 63) |
           1ull << (product >> 40 & 63);
}

static inline hsn_line_bits hsn_line_bits_of(uint64_t hash)
{
    const uint64_t a = hash * 0x94d049bb133111ebu;
    const uint64_t b = (hash >> 32 | hash << 32) * 0xd6e8feb86659fd93u;
    return (hsn_line_bits){
        .even = (unsigned)(a >> 37 & 6),
        .odd = (unsigned)(b >> 37 & 6) | 1,
        .in_even = hsn_four_bits(a),
        .in_odd = hsn_four_bits(b),
    };
}

static inline void hsn_line_set(hsn_line *l, uint64_t hash)
{
    const hsn_line_bits b = hsn_line_bits_of(hash);
    l->word[b.even] |= b.in_even;
    l->word[b.odd] |= b.in_odd;
}

static inline bool hsn_line_has(const hsn_line *l, uint64_t hash)
{
    const hsn_line_bits b = hsn_line_bits_of(hash);
    return (l->word[b.even] & b.in_even) == b.in_even && (l->word[b.odd] & b.in_odd) == b.in_odd;
}

#endif
