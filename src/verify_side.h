/*
 * One of the two texts that are compared: bytes in, tokens and the bytes between them out. It is
 * read when it has nothing left to compare, so that little of it is held, whatever its size. A
 * string longer than the window comes as its hash alone.
 */
#ifndef HSN_VERIFY_SIDE_H
#define HSN_VERIFY_SIDE_H

#include "verify.h"

#include <sodium.h>

typedef struct hsn_token {
    hsn_json_kind kind;
    bool escaped;
    bool giant; /* longer than the window: its bytes are gone, side.sum is their hash */
    uint64_t off;
    uint64_t len;
} hsn_token;

/* One of the two texts. raw holds what is not compared yet, from offset `base` on. */
typedef struct hsn_side {
    const harsan_source *source;
    hsn_json *json;
    hsn_buf raw;
    hsn_buf queue; /* hsn_token[], those from `taken` on wait */
    size_t taken;
    size_t window;
    uint64_t base;
    uint64_t pos; /* compared up to here */
    bool begun;
    bool ended;
    bool giant; /* in a string part of which is gone; it began at `giant_at` */
    uint64_t giant_at;
    crypto_generichash_state hash;
    unsigned char sum[crypto_generichash_BYTES];
} hsn_side;

/* False without memory; hsn_side_deinit is right in either case. */
HSN_MUST_USE bool hsn_side_init(hsn_side *s, const harsan_source *source,
                                const harsan_options *opt);
void hsn_side_deinit(hsn_side *s);

/* Reads until there is something to compare, or the end. Moves what is held. */
HSN_MUST_USE hsn_step hsn_side_ready(hsn_side *s, harsan_error *err);

/* The token that is next to be compared, NULL when none has been read. The comparer moves pos
 * behind it and counts `taken` up. */
const hsn_token *hsn_side_next(const hsn_side *s);
hsn_str hsn_side_text(const hsn_side *s, const hsn_token *t); /* not for a giant */

/* Up to where the bytes from pos on belong to no token; a string's quotes do not belong to it. */
uint64_t hsn_side_gap_end(const hsn_side *s);

#endif
