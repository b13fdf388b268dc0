/*
 * One line of a blocked Bloom filter, of keys by their hashes: for what keeps keys (seen.c,
 * asked.c).
 *
 * A line is 512 bits, one of the cache's. A key has five bits in each of two of its words: as good
 * as ten bits anywhere, for two writes.
 */
#ifndef HSN_SEEN_LINE_H
#define HSN_SEEN_LINE_H

#include "base.h"

enum {
    HSN_LINE_WORDS = 8,
    HSN_LINE_BITS = 512
};

typedef struct hsn_line {
    uint64_t word[HSN_LINE_WORDS];
} hsn_line;

/* Two words of a line, and the bits in them. */
typedef struct hsn_line_bits {
    unsigned even, odd;
    uint64_t in_even, in_odd;
} hsn_line_bits;

/* Bits 32 to 63 of a product depend on enough of the bits that choose no line. */
static inline uint64_t hsn_five_bits(uint64_t product)
{
    return 1ull << (product >> 58) | 1ull << (product >> 52 & 63) | 1ull << (product >> 46 & 63) |
           1ull << (product >> 40 & 63) | 1ull << (product >> 34 & 63);
}

static inline hsn_line_bits hsn_line_bits_of(uint64_t hash)
{
    const uint64_t a = hash * 0x94d049bb133111ebu;
    const uint64_t b = (hash >> 32 | hash << 32) * 0xd6e8feb86659fd93u;
    return (hsn_line_bits){
        .even = (unsigned)(a >> 31 & 6),
        .odd = (unsigned)(b >> 31 & 6) | 1,
        .in_even = hsn_five_bits(a),
        .in_odd = hsn_five_bits(b),
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
