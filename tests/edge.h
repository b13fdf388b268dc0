/*
 * Memory behind which nothing can be read: a test that reads on is killed there.
 */
#ifndef HSN_TESTS_EDGE_H
#define HSN_TESTS_EDGE_H

#include "base.h"

enum { EDGE_MAX = 1 << 16 };

int edge_make(void **state); /* a group's set-up; there is one edge, for good */
/* n bytes that end there, up to EDGE_MAX; valid until the next call. */
unsigned char *edge_room(size_t n);
hsn_str at_edge(hsn_str s); /* a copy */

#endif
