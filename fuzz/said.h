/*
 * What targets of the command's parts share: small files that are no files, and checks of text that
 * people or their tools read.
 */
#ifndef HSN_FUZZ_SAID_H
#define HSN_FUZZ_SAID_H

#include "base.h"

enum { SCRATCH_NAME = 32 };

/* A nameless file with `text` in it, read and written as `name`. One of each `number` (0, 1). */
void scratch_fill(int number, hsn_str text, char name[SCRATCH_NAME]);
void scratch_read(int number, hsn_buf *out);

/* UTF-8 without control characters but line ends. */
bool is_clean_text(hsn_str s);
/* Every element is closed, in order; every quote and bracket of a tag is; nothing but tags begins
 * with an angle bracket; & begins a reference. With `html` some elements have no end. */
bool is_balanced(hsn_str s, bool html);

#endif
