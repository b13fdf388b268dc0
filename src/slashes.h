/*
 * Backslash escapes of two bytes, a block at a time: \" \\ \n are nearly all there are in JSON
 * within JSON, where one stands every few bytes.
 */
#ifndef HSN_SLASHES_H
#define HSN_SLASHES_H

#include "vec.h"

/* The simple escapes of a block. */
typedef struct hsn_slashes {
    uint64_t begins; /* bit i: one begins at byte i */
    size_t upto; /* there are no others before this byte, which may be the one behind the block */
} hsn_slashes;

/* `simple` tells for the byte behind a backslash whether the two are such an escape (not 0). The
 * byte behind the block may be read. */
static inline hsn_slashes hsn_slashes_at(const unsigned char *simple, const unsigned char *p)
{
    uint64_t slashes = hsn_vec_mask(p, '\\');
    hsn_slashes e = {.upto = HSN_VEC_BLOCK};
    while (slashes != 0) {
        const unsigned at = (unsigned)__builtin_ctzll(slashes);
        if (simple[p[at + 1]] == 0) {
            e.upto = at;
            return e;
        }
        e.begins |= slashes & (0 - slashes);
        e.upto += at == HSN_VEC_BLOCK - 1;
        slashes &= ~((uint64_t)3 << at); /* the escaped byte may be a backslash too */
    }
    return e;
}

#endif
