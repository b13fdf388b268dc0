/*
 * Private to the json family: the skeleton of a JSON text and its way through yajl.
 *
 * The tokenizer adds tokens; a flush hands the skeleton to yajl in one piece, and each of yajl's
 * callbacks takes the next span off the queue and turns it into an event. Nobody outside json_*.c
 * includes this.
 */
#ifndef HSN_JSON_YAJL_H
#define HSN_JSON_YAJL_H

#include "json.h"

#include <yajl/yajl_parse.h>

enum {
    /* Bytes of skeleton handed over at once, and so the most spans there can be: some ten KiB of
     * text per call, and the queue stays in the first-level cache. */
    HSN_SKEL_SIZE = 1024,
    /* A number or literal takes at most this much of it, however long it is in the text. */
    HSN_SKEL_WORD = 64,
    /* From here on it counts as full: the longest word and a space still fit. */
    HSN_SKEL_FULL = HSN_SKEL_SIZE - HSN_SKEL_WORD - 1,
    /* The stack for the states takes a byte per level; 16 MiB are enough for any text, and keep the
     * sums within a size_t of 32 bits. */
    HSN_SKEL_DEPTH = 1 << 24
};

/* What stands behind one token of the skeleton that makes an event. */
typedef struct hsn_span {
    size_t off; /* in the text handed to the run */
    size_t len;
    uint16_t at;  /* in the skeleton */
    uint8_t fed;  /* bytes it takes there */
    bool escaped;
} hsn_span;

/* All memory yajl ever gets; freed only as a whole. */
typedef struct hsn_pool {
    unsigned char *p;
    size_t size;
    size_t used;
    size_t stack_max; /* bytes of yajl's stack of states at the greatest depth */
} hsn_pool;

typedef struct hsn_skel {
    unsigned char bytes[HSN_SKEL_SIZE];
    size_t n;
    hsn_span spans[HSN_SKEL_SIZE];
    size_t n_spans;
    size_t taken;     /* spans whose event is out */
    size_t text_from; /* where in the text the skeleton's first byte was found */
    yajl_handle yajl;
    hsn_pool pool;
    hsn_json_sink sink; /* of the run under way */
    void *ctx;
    bool stopped; /* the sink said stop */
    bool torn;    /* a number or literal was not one token: 1true, 01 */
} hsn_skel;

/* Bytes of pool for this depth, which is at most HSN_SKEL_DEPTH. */
size_t hsn_skel_pool_size(unsigned max_depth);

/* Once, before the first reset. `pool`, of that size and aligned for any type, must outlive k. */
void hsn_skel_init(hsn_skel *k, unsigned char *pool, unsigned max_depth);

/* An empty skeleton and a fresh yajl. */
void hsn_skel_reset(hsn_skel *k);

/* Hands over what was gathered. `text` is the text of the run. HSN_MORE: all is well so far;
 * HSN_OK: the sink stopped; HSN_FAIL: err is set. */
hsn_step hsn_skel_flush(hsn_skel *k, hsn_str text, uint64_t base, harsan_error *err);

/* After the last flush: is the value complete? `end` is the absolute end of the text. */
hsn_step hsn_skel_finish(hsn_skel *k, uint64_t end, harsan_error *err);

/* A comma or colon. The caller has checked that the skeleton is not full, as for all of these. */
static inline void hsn_skel_mark(hsn_skel *k, unsigned char c)
{
    k->bytes[k->n++] = c;
}

static inline void hsn_skel_span(hsn_skel *k, size_t off, size_t len, size_t fed, bool escaped)
{
    k->spans[k->n_spans++] = (hsn_span){off, len, (uint16_t)k->n, (uint8_t)fed, escaped};
}

static inline void hsn_skel_bracket(hsn_skel *k, unsigned char c, size_t off)
{
    hsn_skel_span(k, off, 1, 1, false);
    k->bytes[k->n++] = c;
}

static inline void hsn_skel_string(hsn_skel *k, size_t off, size_t len, bool escaped)
{
    hsn_skel_span(k, off, len, 2, escaped);
    memcpy(k->bytes + k->n, "\"\"", 2);
    k->n += 2;
}

/* A number, a literal, or what looks like one: yajl judges. */
void hsn_skel_word(hsn_skel *k, hsn_str word, size_t off);

static inline bool hsn_skel_full(const hsn_skel *k)
{
    return k->n >= HSN_SKEL_FULL;
}

#endif
