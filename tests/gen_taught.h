/*
 * Texts for tests of threads: values that are given away and stand, at places left to chance.
 */
#ifndef HSN_TESTS_GEN_TAUGHT_H
#define HSN_TESTS_GEN_TAUGHT_H

#include "support.h"

enum { VALUES = 120 };

typedef struct text {
    prng r;
    hsn_buf b;
    char value[VALUES][48];
    size_t used; /* of the values: the others are still to come */
} text;

void make_values(text *t);
const char *pick(text *t); /* a value, mostly one of late */
/* One member of an object with a value in it; one that may give it away if it `learns`. */
void put_member(text *t, bool learns);

/* A HAR of at least n bytes, full of values. */
void make_text(text *t, uint64_t seed, size_t n);
/* A few megabytes with one or two values at a handful of places. */
void make_sparse_text(text *t, uint64_t seed);

/*
 * Long values that come again, among others that give away what stands in them, sooner or later.
 * `apart`: no two of them are equal, each is told from the one it repeats by blanks behind its
 * first brace, which mean nothing.
 */
void make_repeating_text(text *t, uint64_t seed, bool apart);

#endif
