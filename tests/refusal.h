/*
 * Requests for memory that fail when they are to.
 *
 * One test at a time, in one thread. What is not stopped goes on failing in the tests that follow.
 */
#ifndef HSN_TESTS_REFUSAL_H
#define HSN_TESTS_REFUSAL_H

#include "base.h"

/* Which request for memory is refused, from start to stop. Borrowed until then. */
typedef struct refusal {
    size_t nth;  /* from 1; 0 = none */
    bool sticky; /* and every one after it */
    size_t seen; /* requests so far */
} refusal;

void refusal_start(refusal *r);
void refusal_stop(void);
bool refusal_hit(const refusal *r); /* has one been refused? */

#endif
