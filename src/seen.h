/*
 * Keys seen: what the text so far has left standing at the beginnings of its words.
 *
 * A value that is learned late may stand earlier, where it was not known yet. Whether it does
 * decides if the input has to be read a second time: this set answers "no" for certain, "yes"
 * nearly so. A blocked Bloom filter of bounded size: one cache line a key. With five million
 * different keys a false yes comes up once in 10,000 values; it costs a second pass, never a leak.
 */
#ifndef HSN_SEEN_H
#define HSN_SEEN_H

#include "base.h"

typedef struct hsn_seen hsn_seen;

enum { HSN_SEEN_TABLES = 4 };

/* 0.3 MiB; 1, 4 and 16 MiB more as keys come, with fewer `tables` less: then "yes" comes to mean
 * less. NULL without memory. */
hsn_seen *hsn_seen_new(unsigned tables);
void hsn_seen_free(hsn_seen *s);

/* A key by its hash (learn_key.h). */
void hsn_seen_add(hsn_seen *s, uint64_t key);
bool hsn_seen_has(hsn_seen *s, uint64_t key);
/* It will be asked for soon: what that takes comes from memory meanwhile. */
void hsn_seen_fetch(const hsn_seen *s, uint64_t hash);

/* Keys that were listed elsewhere (asked.h). */
void hsn_seen_pour(hsn_seen *s, const uint64_t *list, size_t n);

#endif
