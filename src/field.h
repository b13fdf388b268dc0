/*
 * One field of a JSON text: unescaped, inspected as its place says, and the edits put back in terms
 * of the text. The same for the input and for JSON inside a value.
 */
#ifndef HSN_FIELD_H
#define HSN_FIELD_H

#include "inspect.h"
#include "place.h"

/* Adds the edits of text[f->off, f->off+f->len) to out. */
void hsn_inspect_field(hsn_inspector *in, hsn_str text, const hsn_field *f, hsn_edits *out);

#endif
