/*
 * One field of a JSON text: unescaped, inspected as its place says, and the edits put back in terms
 * of the text. The same for the input and for JSON inside a value.
 */
#ifndef HSN_FIELD_H
#define HSN_FIELD_H

#include "inspect.h"
#include "place.h"

/* Certainly nothing to find, to learn or to remember in it: the answer for most fields, in a few
 * instructions. False says nothing. */
bool hsn_field_is_clean(const hsn_inspector *in, hsn_str text, const hsn_field *f);

/* Adds the edits of text[f->off, f->off+f->len) to out. */
void hsn_inspect_field(hsn_inspector *in, hsn_str text, const hsn_field *f, hsn_edits *out);

#endif
