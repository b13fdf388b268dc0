/*
 * Private to the flight family: the ring of batches, and what is known while they are in flight.
 *
 *   flight.c         life, the ring: what is started, and what is landed to have room
 *   flight_learn.c   what was learned, until all know it
 *   flight_effect.c  a batch, a result, a field into effect
 */
#ifndef HSN_FLIGHT_PARTS_H
#define HSN_FLIGHT_PARTS_H

#include "flight.h"
#include "repeat.h"

enum {
    SPARE = 2,   /* batches that wait while all threads are busy */
    JOBS_MAX = 8 /* the session's own thread, which does a third of the work, is busy by then */
};

typedef struct slot {
    hsn_batch batch;
    void *task;  /* what start returned */
    size_t held; /* bytes, as far as is known without a look at what is in flight */
} slot;

struct hsn_flight {
    hsn_inspector *in;
    const harsan_options *opt;
    hsn_emit emit;
    hsn_learned *all;
    hsn_desks *desks;   /* NULL: without a crew */
    uint64_t sent;      /* batches */
    hsn_learned *fresh; /* NULL in a pass that learns nothing, and when batches go one by one */
    hsn_arena log_mem;
    hsn_lesson *tail;
    hsn_lessons log; /* what is in fresh, in the order of its coming */
    bool alone;      /* batches go one by one */
    bool again;
    hsn_repeats *repeats; /* NULL: somebody looks over the inspector's shoulder, or too much is
                             learned */
    unsigned n;           /* slots */
    unsigned first;       /* the oldest in flight */
    unsigned count;       /* in flight */
    size_t held;          /* by all slots */
    size_t kept;          /* bytes of results that a batch may come to, by those that landed */
    slot *ring[JOBS_MAX + SPARE]; /* of n; from `first` on those in flight, then that used last */
    slot slots[];
};

/* Learns what was taught at `place`. False when the set has no room for all of it. */
bool hsn_flight_learn(hsn_flight *f, const hsn_taught *t, const char *place);
/* Always false. What was found or not found for want of memory is not to leave. */
bool hsn_flight_starve(hsn_flight *f);
/* With nothing in flight: what is fresh becomes part of what all know. False: err is set. */
HSN_MUST_USE bool hsn_flight_merge(hsn_flight *f);
/* The oldest batch, which is in flight no more, is learned from, told and written; `inspected`:
 * with what inspection elsewhere made of it. False: err is set. */
HSN_MUST_USE bool hsn_flight_commit(hsn_flight *f, hsn_batch *b, bool inspected);

#endif
