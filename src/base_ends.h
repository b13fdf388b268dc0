/*
 * The two ends of a short string as two words: memos tell by them whether it came before.
 *
 * Strings of up to HSN_ENDS_ALL bytes that have the same length are the same when their ends are:
 * no further bytes to compare.
 */
#ifndef HSN_BASE_ENDS_H
#define HSN_BASE_ENDS_H

#include "base.h"

enum { HSN_ENDS_ALL = 16 };

typedef struct hsn_ends {
    uint64_t head;
    uint64_t tail; /* 0 of a string of fewer than eight bytes */
} hsn_ends;

/* All bytes of a string of fewer than eight. */
static inline uint64_t hsn_short_word(hsn_str s)
{
    if (s.n >= 4) {
        uint32_t a;
        uint32_t b;
        memcpy(&a, s.p, sizeof a);
        memcpy(&b, s.p + s.n - sizeof b, sizeof b);
        return (uint64_t)a << 32 | b;
    }
    return s.n > 0 ? (uint64_t)s.p[0] << 16 | (uint64_t)s.p[s.n / 2] << 8 | s.p[s.n - 1] : 0;
}

static inline hsn_ends hsn_ends_of(hsn_str s)
{
    if (s.n < 8) {
        return (hsn_ends){.head = hsn_short_word(s)};
    }
    return (hsn_ends){.head = hsn_word64_at(s.p), .tail = hsn_word64_at(s.p + s.n - 8)};
}

/* One more word of what is hashed: enough to spread, where a collision only forgets. */
static inline uint64_t hsn_mix_word(uint64_t h, uint64_t w)
{
    h = (h ^ w) * 0xff51afd7ed558ccdu;
    return h ^ h >> 32;
}

#endif
