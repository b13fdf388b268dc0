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

/* 0.3 MiB; 1, 4 and 16 MiB more as keys come. NULL without memory. */
hsn_seen *hsn_seen_new(void);
void hsn_seen_free(hsn_seen *s);

/* A key at p, with n bytes from there on in the text or the value. Twelve bytes count where there
 * are as many, else six. */
void hsn_seen_add(hsn_seen *s, const unsigned char *p, size_t n);
bool hsn_seen_has(const hsn_seen *s, const unsigned char *p, size_t n);

/* Keys on their way to a set: what is added waits in a list until it is poured. */
hsn_seen *hsn_seen_new_list(size_t max_keys); /* NULL without memory */
size_t hsn_seen_listed(const hsn_seen *list);
bool hsn_seen_list_failed(const hsn_seen *list); /* more came than it holds; until it is emptied */
void hsn_seen_pour(hsn_seen *to, const hsn_seen *list, size_t from, size_t upto);
void hsn_seen_empty(hsn_seen *list);  /* everything was poured: none of it need be added again */
void hsn_seen_forget(hsn_seen *list); /* empty, and nothing of it was poured */

/* The 64 bits that stand for a key: of twelve bytes where there are as many, else of six. */
uint64_t hsn_seen_hash(const unsigned char *p, size_t n);
/* Must the key at p, with n bytes behind it, be added by its six bytes as well? A value of less
 * than twelve bytes may end here: letters and digits do not go on. */
bool hsn_seen_is_short(const unsigned char *p, size_t n);

#endif
