/*
 * Private to what reads a name and its value with neither : nor = between them (spot_label.c,
 * spot_table.c).
 */
#ifndef HSN_SPOT_LABEL_H
#define HSN_SPOT_LABEL_H

#include "spot.h"

/* The rule that makes values of that name go; NULL when none does. */
const hsn_rule *hsn_label_rule(const hsn_scan *s, hsn_str name);

/* Did a machine or a careful person make it: no space, and beside digits something else? */
bool hsn_is_made(hsn_str v, size_t least);

/* Replaces [from, to) as the value of `name`, if that name counts and its guard lets it. */
bool hsn_spot_labelled(hsn_scan *s, hsn_str name, size_t from, size_t to);

/* The word at `at` is behind `behind`, where a bar or a line end stands. Is it a cell of a table,
 * or a line, whose value stands in another? True when that was dealt with. */
bool hsn_spot_table(hsn_scan *s, size_t at, size_t behind);

#endif
