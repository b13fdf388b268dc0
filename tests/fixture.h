/*
 * Set-up and tear-down for groups of tests: rules that all tests of a file share.
 *
 * A group uses the pair of the rules it wants; there is one of each for a test program.
 */
#ifndef HSN_TESTS_FIXTURE_H
#define HSN_TESTS_FIXTURE_H

#include "support.h"

extern harsan_rules *rules; /* those that come with harsan */
int set_up_rules(void **state);
int tear_down_rules(void **state);

extern harsan_rules *empty; /* no rule at all */
int set_up_empty(void **state);
int tear_down_empty(void **state);

#endif
