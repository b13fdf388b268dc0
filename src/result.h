/*
 * Results: what inspection made of one field, copied out of the inspector's memory, which is for
 * one value, to memory that lasts.
 */
#ifndef HSN_RESULT_H
#define HSN_RESULT_H

#include "inspect.h"
#include "place.h"

typedef struct hsn_result {
    struct hsn_result *next;
    const hsn_field *field;
    hsn_edits edits;
    const hsn_blind *blind;
    const hsn_taught *taught;
    const char *place; /* JSON Pointer */
    size_t listed;     /* words left standing up to the end of the field */
} hsn_result;

/* Was nothing made of it at all? */
static inline bool hsn_result_is_empty(const hsn_result *r)
{
    return r->edits.n == 0 && r->blind == NULL && r->taught == NULL;
}

/* A copy of *from, whose field is borrowed as it was, with all that it points to in memory of
 * `mem`. Without memory `mem` says so, and the copy is of no use. */
hsn_result hsn_result_copy(hsn_arena *mem, const hsn_result *from);

#endif
