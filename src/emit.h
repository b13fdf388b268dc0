/*
 * The way out: bytes to the caller's write, findings and gaps to its callbacks.
 *
 * Receives everything in the order of the input. Knows lines and columns, which it counts in the
 * text it is told to be in hand. Must never pass on anything behind an error.
 */
#ifndef HSN_EMIT_H
#define HSN_EMIT_H

#include "inspect.h"

enum { HSN_EMIT_ROOM = 8192 };

typedef struct hsn_emit {
    const harsan_options *opt;
    harsan_error *err; /* of the call under way */
    hsn_str text;      /* in hand: from offset `base` on */
    uint64_t base;
    uint64_t line;    /* of the byte at `counted` */
    uint64_t line_at; /* offset of the first byte of that line */
    uint64_t counted;
    uint64_t findings;
    uint64_t bytes;
    size_t n; /* gathered, to leave in one write */
    unsigned char gathered[HSN_EMIT_ROOM];
} hsn_emit;

void hsn_emit_init(hsn_emit *e, const harsan_options *opt);
/* Offsets up to the next call lie in this text. */
void hsn_emit_hold(hsn_emit *e, hsn_str text, uint64_t base);
/* Moves the line counter on to `offset`. */
void hsn_emit_lines(hsn_emit *e, uint64_t offset);

/* False when the caller refused: err is set. */
HSN_MUST_USE bool hsn_emit_put(hsn_emit *e, const void *p, size_t n);
/* The text in hand from *written up to the end of the last edit, with the edits made; *written is
 * moved on to there. */
HSN_MUST_USE bool hsn_emit_edits(hsn_emit *e, const hsn_edits *edits, size_t *written);
/* The notes of all edits, whose offsets count from the text in hand. */
void hsn_emit_findings(hsn_emit *e, const hsn_edits *edits, const char *place);
void hsn_emit_gap(hsn_emit *e, harsan_gap gap);

#endif
