/*
 * Giants: a string too long to be held is inspected in segments.
 *
 *   segment.c         the text of a giant: where it is cut, and what becomes of each part
 *   segment_hold.c    what of that belongs to the segment in hand
 *   segment_base64.c  a run of base64 in it that is itself too long to be held
 *
 * Each step receives what is held of the string: some context, which is settled already, and what
 * follows. It inspects more than it settles, so that whatever stands across the cut, or near it
 * with its name on the other side, is seen whole from one side at least; and it emits the edits of
 * what it settles, once each. Where a giant is cut depends on its bytes and on what is found in it,
 * never on the pieces in which it came. Must never settle a byte that was not inspected, except of
 * what it says is a gap.
 */
#ifndef HSN_SEGMENT_H
#define HSN_SEGMENT_H

#include "inspect.h"

typedef enum hsn_giant {
    HSN_GIANT_TEXT,   /* inspected */
    HSN_GIANT_BASE64, /* in a run of base64 of text: what it decodes to is inspected */
    HSN_GIANT_MEDIA,  /* in a run of base64 of a picture or the like: passed on */
    HSN_GIANT_OPAQUE, /* in a run of base64 of other bytes, perhaps compressed: dropped */
    HSN_GIANT_VALUE,  /* in a value that was replaced: the rest of it is dropped */
    HSN_GIANT_DROP, /* the whole string is replaced, for its name or for a form that needs it all */
    HSN_GIANT_PASS  /* the whole string is passed on: there is nothing to look for */
} hsn_giant;

typedef struct hsn_segment {
    size_t size;    /* bytes settled in a step, about */
    size_t look;    /* bytes inspected beyond them */
    size_t context; /* bytes inspected before them */
    hsn_giant mode;
    hsn_part part;
    bool named;    /* a value that does not end in the segment begins here */
    bool letters;  /* the run of letters and digits that begins here is no base64 */
    size_t lead;   /* base64: characters of context, a multiple of four */
    size_t line;   /* base64: characters in a line, 0 when it is not broken into lines */
    size_t column; /* base64: characters before the text in its line */
    int code;      /* base64: is what it decodes to a script? -1: not yet asked */
    uint64_t gone; /* bytes so far of what is not looked into */
} hsn_segment;

/* What a step works on. Offsets count from the text's first byte. */
typedef struct hsn_slice {
    size_t from;     /* context from here on; comes back as that of the next step */
    size_t begin;    /* settled up to here before the step */
    size_t end;      /* and behind it; `begin` when more of the string is needed */
    const char *gap; /* a stretch not looked into ends at `end`, and why (static); else NULL */
    bool replaced;   /* ... and nothing of it is left */
    uint64_t gap_len;
} hsn_slice;

/* At the beginning of a giant: `raw` is what is held of it, without the quote, `window` what may be
 * held. The site's name is read here and never again. */
void hsn_segment_begin(hsn_segment *g, hsn_inspector *in, hsn_str raw, const hsn_site *site,
                       size_t window);

/*
 * The next step. `text` is what is held of the string, raw; `last`: it ends where the string does.
 * The edits concern text[at->begin, at->end), in order; they live until hsn_inspector_next, which
 * is to be called before each step. With in->failed nothing of them is to be trusted. To be called
 * until at->end comes back as it was and no gap is told.
 */
void hsn_segment_next(hsn_segment *g, hsn_inspector *in, hsn_str text, bool last, hsn_slice *at,
                      hsn_edits *out);

/* ---------------------------------------------------------------- between the files */

/* The last place in t[least..pos] where a giant may be cut: in no escape, in no character of UTF-8.
 */
size_t hsn_segment_seam(hsn_str t, size_t least, size_t pos);

/*
 * Between begin and end the inspector's watch is held back. The end clips the edits to [begin, end)
 * and forgets what was learned or found outside of it alone: another step sees that whole.
 */
typedef struct hsn_hold {
    const hsn_watch *outer;
    hsn_watch watch;
    hsn_inspector *in;
    struct hsn_held *first; /* values found, not told yet */
} hsn_hold;
void hsn_hold_begin(hsn_hold *h, hsn_inspector *in);
void hsn_hold_end(hsn_hold *h, size_t begin, size_t end, hsn_edits *edits);

/* The beginning of the run of base64 characters that ends at t[end], not before `least`. */
size_t hsn_segment_run(hsn_str t, size_t least, size_t end);

/* What the run that begins at t[at] is; sets g->line. */
hsn_base64_kind hsn_segment_kind(hsn_segment *g, hsn_str t, size_t at);
/* Where there is none: how much stands before one, letters or digits that it is glued to, or a
 * first line of another length. 0 for no run at all. */
size_t hsn_segment_glued(hsn_segment *g, hsn_str t, size_t at);

/* A step in a run that is not inspected. *ended: the run does not go on at *end. */
void hsn_segment_skip(hsn_segment *g, hsn_str t, size_t begin, bool last, size_t *end, bool *ended);

/* A step in a run of base64 of text. When it cannot be decoded the mode changes and nothing is
 * done.
 */
void hsn_segment_base64(hsn_segment *g, hsn_inspector *in, hsn_str t, bool last, hsn_slice *at,
                        hsn_edits *out);

#endif
