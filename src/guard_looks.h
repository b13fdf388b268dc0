/*
 * Private to guard*.c: the shapes by which a value is judged. Pure functions over the decoded
 * value.
 */
#ifndef HSN_GUARD_LOOKS_H
#define HSN_GUARD_LOOKS_H

#include "base.h"

/* Bytes of a value by class. */
typedef struct hsn_looks {
    size_t n, digits, lower, upper, spaces, high, other;
    size_t case_changes; /* lower to upper or upper to lower between neighbours */
    size_t mixes;        /* letter to digit or digit to letter between neighbours */
} hsn_looks;

hsn_looks hsn_looks_of(hsn_str v);

bool hsn_looks_contain(hsn_str v, hsn_str word); /* ASCII */
/* Not empty, and nothing but digits and bytes of `set`. */
bool hsn_looks_all_in(hsn_str v, const char *set);

bool hsn_is_epoch(hsn_str v);    /* seconds or milliseconds since 1970 */
bool hsn_is_datetime(hsn_str v); /* 2024-05-06, 2024-05-06T10:11:12.123Z, 10:11 */
bool hsn_is_version(hsn_str v);  /* v1.22.333 */
/* Words and small numbers joined by - _ . : / or space: user-profile-2, en-US, Europe/Berlin. */
bool hsn_is_slug(hsn_str v);
bool hsn_is_url(hsn_str v);           /* is looked into, not replaced */
bool hsn_is_numbered_word(hsn_str v); /* partnernetworkname2 */

/* Is it about a credential, or something else of its name: a sentence, a type, a style? (of
 * guard_talk.c; `password`: a word may be one) */
bool hsn_is_talk(hsn_str v, const hsn_looks *s, bool password);

#endif
