/*
 * Keys asked for: every word of a stretch of text at which a known value was looked for.
 *
 * A batch that was inspected while others before it were still under way did not know what those
 * taught. It would have come out the same for certain if no word of it was the key of such a value:
 * this set answers "no" for certain, "yes" nearly so. A Bloom filter of fixed size, for one batch
 * or a few. A false yes costs a second look at the batch, nothing else.
 */
#ifndef HSN_ASKED_H
#define HSN_ASKED_H

#include "base.h"

typedef struct hsn_asked hsn_asked;

hsn_asked *hsn_asked_new(void); /* 80 KiB; NULL without memory */
void hsn_asked_free(hsn_asked *a);
void hsn_asked_clear(hsn_asked *a);

/* A known value was looked for at p, with n bytes of the text from there on. */
void hsn_asked_add(hsn_asked *a, const unsigned char *p, size_t n);
/* It was looked for as the whole of `value`. */
void hsn_asked_add_value(hsn_asked *a, hsn_str value);

/* May the text have been asked for this value, which has its key at `key`? */
bool hsn_asked_has(const hsn_asked *a, hsn_str value, size_t key);
/* So many keys that "yes" begins to mean little. */
bool hsn_asked_crowded(const hsn_asked *a);

#endif
