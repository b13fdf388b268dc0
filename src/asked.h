/*
 * Keys asked for: every word of a stretch of text at which a known value was looked for, and which
 * of them the text has left standing.
 *
 * A batch that was inspected while others before it were still under way did not know what those
 * taught. It would have come out the same for certain if no word of it was the key of such a value:
 * this answers "no" for certain, "yes" nearly so. A Bloom filter of fixed size, for one batch or a
 * few. A false yes costs a second look at the batch, nothing else.
 *
 * All keys are listed besides, those left standing in their order, on their way to the sets of all
 * that the input has left standing and of all others (seen.h).
 */
#ifndef HSN_ASKED_H
#define HSN_ASKED_H

#include "base.h"

typedef struct hsn_asked hsn_asked;

hsn_asked *hsn_asked_new(size_t max_listed); /* 72 KiB, and the lists; NULL without memory */
void hsn_asked_free(hsn_asked *a);
void hsn_asked_clear(hsn_asked *a);

/* A known value was looked for at a key, which goes by its hash (learn_key.h). `stays`: there was
 * none, nor anything else to replace. */
void hsn_asked_add(hsn_asked *a, uint64_t key, bool stays);

/* May the text have been asked for this value, which has its key at `key`, or for its tail? */
bool hsn_asked_has(hsn_asked *a, hsn_str value, size_t key);
/* So many keys that "yes" begins to mean little. */
bool hsn_asked_crowded(const hsn_asked *a);

/* The words left standing, by their hashes (hsn_seen_pour). */
const uint64_t *hsn_asked_list(const hsn_asked *a);
size_t hsn_asked_listed(const hsn_asked *a);
/* The other keys. */
const uint64_t *hsn_asked_gone(const hsn_asked *a, size_t *n);
/* More came than a list holds; until they are emptied. */
bool hsn_asked_list_failed(const hsn_asked *a);
/* The lists are empty, and words of them are listed again when they come again. */
void hsn_asked_begin(hsn_asked *a);
/* `to` comes to say what `a` says now; the lists move there. */
void hsn_asked_hand_over(hsn_asked *a, hsn_asked *to);

#endif
