/*
 * Words seen: which runs of letters and digits the text so far has left standing.
 *
 * A value that is learned late may stand earlier, where it was not known yet. Whether it does decides
 * if the input has to be read a second time: this set answers "no" for certain, "yes" nearly so. A
 * blocked Bloom filter of fixed size: one cache line a word. With five million different words a false
 * yes comes up once in 20,000 values; it costs a second pass, never a leak.
 */
#ifndef HSN_SEEN_H
#define HSN_SEEN_H

#include "base.h"

typedef struct hsn_seen hsn_seen;

/* A word counts by its first bytes; so many at most. */
enum { HSN_SEEN_MAX = 12 };

hsn_seen *hsn_seen_new(void); /* 16 MiB, touched as needed; NULL without memory */
void hsn_seen_free(hsn_seen *s);

/* A run of n letters and digits. */
void hsn_seen_add(hsn_seen *s, const unsigned char *run, size_t n);
bool hsn_seen_has(const hsn_seen *s, const unsigned char *run, size_t n);

#endif
