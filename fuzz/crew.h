/*
 * A crew without threads, for harsan_options: jobs wait until somebody joins one, and run in an
 * order of its own, some at once; some are refused.
 */
#ifndef HSN_FUZZ_CREW_H
#define HSN_FUZZ_CREW_H

#include "base.h"

enum { CREW_TASKS = 80 };

typedef struct crew {
    uint64_t state; /* of its random numbers: the same jobs run in the same order */
    bool refuses;   /* one job in eight, and runs another one at once */
    struct crew_task *waiting[CREW_TASKS];
    size_t n;
    size_t started, joined;
} crew;

void *crew_start(void *ctx, void (*run)(void *arg), void *arg);
void crew_join(void *ctx, void *started);

#endif
