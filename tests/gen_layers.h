/*
 * Made-up HARs with secrets under layers of encodings, drawn from a seed: the same seed gives the
 * same bytes on every machine. For tests and fuzzing.
 */
#ifndef HSN_TESTS_GEN_LAYERS_H
#define HSN_TESTS_GEN_LAYERS_H

#include "support.h"

enum {
    GEN_DEPTH_MAX = 4,    /* layers between the document and its place in the HAR */
    GEN_PLANTED_MAX = 16,
    GEN_VALUE_MAX = 80
};

typedef struct gen_stack {
    uint64_t seed;
    hsn_buf har;
    const char *document;              /* kind of the innermost text */
    const char *layers[GEN_DEPTH_MAX]; /* from the document outwards */
    size_t n_layers;
    const char *place;                 /* where in the HAR */
    char planted[GEN_PLANTED_MAX][GEN_VALUE_MAX]; /* must not be readable in the output */
    size_t n_planted;
} gen_stack;

/* To be freed. */
void gen_make(gen_stack *g, uint64_t seed);
void gen_free(gen_stack *g);

/* "form < base64 < json-string < response body", innermost first. */
void gen_describe(const gen_stack *g, char *out, size_t max);

#endif
