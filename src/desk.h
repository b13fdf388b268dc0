/*
 * Desks: where batches are inspected, whatever thread comes along with one.
 *
 * A desk is an inspector with all that it has worked out so far, and a copy of what was learned:
 * warm in the caches of the thread that works there, and there are as many as threads have ever
 * worked at once. Whoever takes a desk has it for itself until it is given back, and sees what was
 * left on it; that is all that threads share, and it needs no lock. Before a batch a desk is
 * brought to know just what the batch is to know. Never fails: without memory there is no desk.
 */
#ifndef HSN_DESK_H
#define HSN_DESK_H

#include "inspect.h"

/* A value that was learned, in the order of the input. Written once: whoever was told of the last
 * one may read up to it while others are added. */
typedef struct hsn_lesson {
    struct hsn_lesson *next;
    hsn_known known;
} hsn_lesson;

/* What a batch is told when it is started. */
typedef struct hsn_lessons {
    const hsn_lesson *first; /* NULL = none */
    const hsn_lesson *last;
    uint64_t era; /* lessons of another era begin anew: those before are known to all */
} hsn_lessons;

typedef struct hsn_desk {
    hsn_inspector in;
    hsn_learned *replica; /* the lessons, and what the batch learns; NULL: nothing is learned */
    size_t n_told;        /* of its values: the lessons */
    hsn_lessons told;
    uint64_t served; /* number of the last batch */
    bool doubtful;   /* that one stopped: what was worked out may be wrong */
    size_t place;    /* among the desks */
} hsn_desk;

typedef struct hsn_desks hsn_desks;

/* At most n of them, made when needed. `rules`, `opt` and `under`, the values that all know,
 * outlive them; `learns` as long as the pass learns. NULL without memory. */
hsn_desks *hsn_desks_new(size_t n, const harsan_rules *rules, const harsan_options *opt,
                         hsn_learned *under, bool learns);
void hsn_desks_free(hsn_desks *d); /* all were given back; NULL is fine */

/* NULL without memory, or when all are taken. In any thread, as the next. */
hsn_desk *hsn_desk_take(hsn_desks *all);
void hsn_desk_give_back(hsn_desks *all, hsn_desk *d);

/* Batch `number`, counted in the order of the input, is about to be inspected knowing `news`. False
 * when that does not fit. */
HSN_MUST_USE bool hsn_desk_begin(hsn_desk *d, uint64_t number, const hsn_lessons *news);
/* The batch teaches `value`, found at `place`. False when it does not fit. */
HSN_MUST_USE bool hsn_desk_learn(hsn_desk *d, const hsn_taught *t, const char *place);

#endif
