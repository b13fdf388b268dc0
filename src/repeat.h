/*
 * Repeats: what inspection made of long values, for when one comes again byte for byte. A capture
 * holds answers that were polled, scripts of pages visited twice, the same cookies in every
 * request.
 *
 * Receives fields of the input with what was made of them; gives that back for a field that is
 * equal in text, name and all that inspection looks at. Keeps the bytes themselves and compares all
 * of them, so it can forget but never mistake one value for another. What was made of a value
 * depends, besides, on the values known by then: whoever learns one that the values kept may have
 * been asked for drops them all.
 *
 * Bounded, for the session's thread. It holds input: wiped when freed.
 */
#ifndef HSN_REPEAT_H
#define HSN_REPEAT_H

#include "memo.h"
#include "result.h"

enum {
    HSN_REPEAT_MIN = HSN_CLEAN_MAX + 1, /* bytes: shorter ones have a memo of their own */
    HSN_REPEAT_MAX = 1 << 20            /* larger ones would drive out all others */
};

typedef struct hsn_repeats hsn_repeats;

/* NULL without memory. */
hsn_repeats *hsn_repeats_new(void);
void hsn_repeats_free(hsn_repeats *r);

/* Is it a field that this is for? */
static inline bool hsn_repeats_take(const hsn_field *f)
{
    return f->len >= HSN_REPEAT_MIN && f->len <= HSN_REPEAT_MAX && f->kind == HSN_JSON_STRING;
}

bool hsn_repeats_is_empty(const hsn_repeats *r);

/* For such a field of `text`: */

/* Is there one like it? */
bool hsn_repeats_has(const hsn_repeats *r, hsn_str text, const hsn_field *f);
/* False when there is none. *out: what was made of it, as of `f`, without a place; the list of
 * edits lives in `mem`, all else until the next call of hsn_repeats_keep. Without memory `mem` says
 * so. */
bool hsn_repeats_find(hsn_repeats *r, hsn_str text, const hsn_field *f, hsn_arena *mem,
                      hsn_result *out);
/* There is none: is it worth keeping? The first megabyte is, and more as texts come again; else
 * only what has come before. To be asked once for each. */
bool hsn_repeats_want(hsn_repeats *r, hsn_str text, const hsn_field *f);
/* Keeps what was made of a field that is wanted, if there is room. */
void hsn_repeats_keep(hsn_repeats *r, hsn_str text, const hsn_result *made);

/* What would be made of them may have changed: none is given back any more. */
void hsn_repeats_drop(hsn_repeats *r);

#endif
