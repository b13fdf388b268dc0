/*
 * Backslash escapes of two bytes, a block at a time: \" \\ \n are nearly all there are in JSON
 * within JSON, where one stands every few bytes.
 */
#ifndef HSN_SLASHES_H
#define HSN_SLASHES_H

#include "vec.h"

/* Which backslashes of a block begin an escape, the byte before the block being none that does: of
 * those in a row the first, the third and so on. */
static inline uint64_t hsn_slashes_first(uint64_t slashes)
{
    const uint64_t even = UINT64_MAX / 3; /* bytes 0, 2, ... */
    const uint64_t starts = slashes & ~(slashes << 1);
    /* added to, a row is cleared: those that start at an even byte */
    const uint64_t of_even = slashes & ~(slashes + (starts & even));
    return (of_even & even) | (slashes & ~of_even & ~even);
}

/* The same where the first byte may belong to an escape of the block before: `escaped` is then 1.
 * It seldom is another backslash, and to guess so is to have no block wait for the one before. */
static inline uint64_t hsn_slashes_next(uint64_t slashes, uint64_t escaped)
{
    const uint64_t first = slashes & escaped;
    return HSN_LIKELY(first == 0) ? hsn_slashes_first(slashes) : hsn_slashes_first(slashes ^ first);
}

/* The first of the escapes that begin at the bytes `begins` that is not simple; HSN_VEC_BLOCK when
 * all are. `simple` tells by the byte behind the backslash (not 0), which may be the one behind the
 * block. */
static inline size_t hsn_slashes_upto(const unsigned char *simple, const unsigned char *p,
                                      uint64_t begins)
{
    for (; begins != 0; begins &= begins - 1) {
        const unsigned at = (unsigned)__builtin_ctzll(begins);
        if (simple[p[at + 1]] == 0) {
            return at;
        }
    }
    return HSN_VEC_BLOCK;
}

#endif
