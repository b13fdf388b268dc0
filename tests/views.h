/*
 * The adversary: reads a text in every way that somebody who looks for secrets would, one encoding
 * within another, and tells whether a value can be found. Knows nothing of rules or places.
 */
#ifndef HSN_TESTS_VIEWS_H
#define HSN_TESTS_VIEWS_H

#include "support.h"

/*
 * The first of `values` that can be read in `text` as it stands or in any view of it, NULL when
 * none can. `way` (may be NULL) tells the decodings that show it, outermost first.
 */
const hsn_str *find_readable(hsn_str text, const hsn_str *values, size_t n, char way[128]);

#endif
