/*
 * A batch: a stretch of the input with its fields, and what inspection made of them.
 *
 * The session's thread fills a batch and takes its results; between the two it may be inspected in
 * any thread, at a desk that is free (desk.h), and shares nothing else that is written to. It knows
 * what was learned before it was started, and what it learns itself; whether that was enough is for
 * the flight to decide (flight.h). Never fails: where it cannot go on (memory, a value that needs
 * more room than a batch has) it stops, and the fields from there on are left to others.
 */
#ifndef HSN_BATCH_H
#define HSN_BATCH_H

#include "base_scale.h"
#include "desk.h"
#include "result.h"

enum {
    HSN_POINTER_MAX = 512,
    HSN_PIECE = 64 * 1024 / HSN_SCALE, /* the tokenizer runs and cuts are made at multiples of it */
    HSN_BATCH = 128 * 1024 / HSN_SCALE /* a cut is looked for from here on */
};

/* A field that may be like one before (repeat.h). */
typedef struct hsn_long {
    size_t field;  /* its place among the fields */
    bool known;    /* there is one like it: not for the batch to inspect */
    bool wanted;   /* there is none: what is made of this one is to be kept */
    size_t listed; /* words left standing before the end of the field */
} hsn_long;

typedef struct hsn_batch {
    /* the text */
    hsn_buf raw;    /* from offset `base` on */
    uint64_t base;
    size_t dropped; /* bytes it begins with that are not written: the end of a giant */
    hsn_taken taken;
    /* to inspect it elsewhere */
    uint64_t number;  /* of all that were sent */
    hsn_desks *desks; /* borrowed */
    hsn_lessons news; /* what it is to know */
    hsn_buf longs;    /* hsn_long[], in order */
    /* results */
    hsn_arena kept;
    hsn_result *first;
    hsn_result **last;
    size_t done; /* fields inspected, or left to others */
    hsn_asked *asked; /* about which words; made when first needed, NULL: nothing is learned */
    size_t listed;    /* words left standing by the fields inspected */
} hsn_batch;

/* Bytes that a batch may come to for the sake of a record that has not ended: the window, and some
 * more than a batch has anyway, however little the window is. */
size_t hsn_batch_most(const harsan_options *opt);
/* Bytes of input that can be held before they are a batch. */
size_t hsn_batch_room(const harsan_options *opt);
void hsn_batch_init(hsn_batch *b, size_t room);
void hsn_batch_deinit(hsn_batch *b);

/* The fields that were put there, in order. */
hsn_long *hsn_batch_longs(const hsn_batch *b, size_t *n);

/* Makes what hsn_batch_run needs; `learns` as long as the pass learns. False without memory. */
HSN_MUST_USE bool hsn_batch_prepare(hsn_batch *b, hsn_desks *desks, bool learns);

/* Inspects the fields; `batch` is a hsn_batch. In any thread. */
void hsn_batch_run(void *batch);

/* Too large to have several of its kind in memory. */
bool hsn_batch_is_heavy(const hsn_batch *b);
/* Empty again; gives back what a large text took. */
void hsn_batch_trim(hsn_batch *b);

#endif
