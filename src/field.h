/*
 * One field of a JSON text: unescaped, inspected as its place says, and the edits put back in terms
 * of the text. The same for the input and for JSON inside a value.
 */
#ifndef HSN_FIELD_H
#define HSN_FIELD_H

#include "inspect.h"
#include "place.h"

/* hsn_field_is_clean of a field whose twin was not found to be. */
bool hsn_field_was_clean(const hsn_inspector *in, hsn_str text, const hsn_field *f);

/* Certainly nothing to find, to learn or to remember in it: the answer for most fields, in a few
 * instructions. False says nothing. */
static inline bool hsn_field_is_clean(const hsn_inspector *in, hsn_str text, const hsn_field *f)
{
    return hsn_twins_has(in->twins, f->twin) || hsn_field_was_clean(in, text, f);
}

/* Adds the edits of text[f->off, f->off+f->len), which is not known to be clean, to out. */
void hsn_inspect_field(hsn_inspector *in, hsn_str text, const hsn_field *f, hsn_edits *out);

/* The same of a field of the input, or of a segment of one, until a second run would leave it as it
 * is (settle.c). `out` is empty before, sorted and without overlaps behind. */
void hsn_settle_field(hsn_inspector *in, hsn_str text, const hsn_field *f, hsn_edits *out);
/* The same of a part of what a layer decoded to. */
void hsn_settle_part(hsn_inspector *in, hsn_str text, const hsn_part *part, hsn_edits *out);

#endif
