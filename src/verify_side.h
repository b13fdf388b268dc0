/*
 * One of the two texts that are compared: bytes in, tokens and the bytes between them out. It is
 * read when it has nothing left to compare, so that little of it is held, whatever its size. A
 * string longer than the window is open before its token comes: it is compared as it is read.
 */
#ifndef HSN_VERIFY_SIDE_H
#define HSN_VERIFY_SIDE_H

#include "verify.h"

typedef struct hsn_token {
    hsn_json_kind kind;
    bool escaped;
    bool giant; /* longer than the window: its bytes are gone */
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
    bool giant; /* in a string that fills the window; it began at `giant_at` */
    uint64_t giant_at;
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

/* What is held from pos on of the string in hand, be its token there (`ended`) or not. */
hsn_str hsn_side_open(const hsn_side *s, bool *ended);
/* Reads more of a giant whose token has not come; bytes before pos make room. */
HSN_MUST_USE hsn_step hsn_side_more(hsn_side *s, harsan_error *err);

/* Up to where the bytes from pos on belong to no token; a string's quotes do not belong to it. */
uint64_t hsn_side_gap_end(const hsn_side *s);

/* ---------------------------------------------------------------- giants (verify_giant.c) */

/* Two strings, one of them a giant, and the changes told of the input, sorted. */
typedef struct hsn_matching {
    const hsn_change *spans;
    size_t n_spans;
    size_t span; /* the next; comes back as the first behind the string */
    bool told;   /* a change is told */
    bool differ; /* in a byte that no change covers */
    bool about_output;
    harsan_error err;
} hsn_matching;

/* Passes both strings, to their ends. On HSN_FAIL m->err and m->about_output say why. */
HSN_MUST_USE hsn_step hsn_match_strings(hsn_side *in, hsn_side *out, hsn_matching *m);

#endif
