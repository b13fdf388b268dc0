/*
 * Private to the json family: the skeleton of a JSON text (json_skel.c) and its way through yajl
 * (json_yajl.c).
 *
 * The tokenizer adds tokens; a flush hands the skeleton to yajl in one piece, and each of yajl's
 * callbacks takes the next span, or group of spans, off the queue: they are the events. Nobody
 * outside json_*.c includes this.
 */
#ifndef HSN_JSON_YAJL_H
#define HSN_JSON_YAJL_H

#include "json_form.h"

#include <yajl/yajl_parse.h>

enum {
    /* Bytes of skeleton handed over at once. */
    HSN_SKEL_SIZE = 1024,
    /* Tokens handed over at once: some ten KiB of text per call, and the queue stays in the
     * first-level cache. */
    HSN_SKEL_SPANS = 1024,
    /* Brackets open at once, from here on their shapes are not looked up. */
    HSN_SKEL_OPEN = 64,
    /* Shapes to remember once yajl has accepted them; others wait until they come again. */
    HSN_SKEL_FRESH = 32,
    /* Likewise small objects. */
    HSN_SKEL_SMALL = 128,
    /* Likewise series of them. */
    HSN_SKEL_CHAINS = 64,
    /* A number or literal takes at most this much of it, however long it is in the text. */
    HSN_SKEL_WORD = 64,
    /* From here on it counts as full: the longest word, a space and a comma still fit. */
    HSN_SKEL_FULL = HSN_SKEL_SIZE - HSN_SKEL_WORD - 2,
    /* The stack for the states takes a byte per level; 16 MiB are enough for any text, and keep the
     * sums within a size_t of 32 bits. */
    HSN_SKEL_DEPTH = 1 << 24
};

/* Where one token that makes an event stands in the skeleton. */
typedef struct hsn_span {
    uint16_t at;
    uint16_t group; /* spans from this one on that one value stands for; 0: none does */
    uint8_t fed;    /* bytes it takes */
} hsn_span;

/* A bracket and what stands up to its counterpart. */
typedef struct hsn_stretch {
    uint16_t from; /* skeleton */
    uint16_t to;
    uint16_t span; /* its own */
    bool nested;   /* brackets stand in it */
} hsn_stretch;

/* Records that stand side by side in an array. */
typedef struct hsn_chain {
    uint16_t first; /* span */
    uint16_t n;
} hsn_chain;

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
    hsn_span spans[HSN_SKEL_SPANS];
    /* of the spans; a kind is right where yajl has accepted what the span is part of */
    hsn_json_event events[HSN_SKEL_SPANS];
    size_t n_spans;
    size_t taken;                    /* spans whose event is out */
    hsn_stretch open[HSN_SKEL_OPEN]; /* brackets that this skeleton opens */
    size_t n_open;
    hsn_stretch fresh[HSN_SKEL_FRESH]; /* shapes that are not known */
    size_t n_fresh;
    uint16_t small[HSN_SKEL_SMALL]; /* spans that begin small objects of known shape */
    size_t n_small;
    hsn_chain chains[HSN_SKEL_CHAINS];
    size_t n_chains;
    hsn_records *records; /* NULL: nobody wants them */
    hsn_forms *forms;     /* likewise */
    size_t judged;        /* bytes up to here are yajl's to judge: a shape around them is none */
    hsn_shapes shapes;
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

/* Has records and forms from now on, which outlive resets. False without memory: it has neither. */
bool hsn_skel_remember(hsn_skel *k);
/* Wipes them and gives them back. */
void hsn_skel_forget(hsn_skel *k);

/* Hands over what was gathered. `text` is the text of the run. HSN_MORE: all is well so far;
 * HSN_OK: the sink stopped; HSN_FAIL: err is set. */
hsn_step hsn_skel_flush(hsn_skel *k, hsn_str text, uint64_t base, harsan_error *err);

/* After the last flush: is the value complete? `end` is the absolute end of the text. */
hsn_step hsn_skel_finish(hsn_skel *k, uint64_t end, harsan_error *err);

/* The caller has checked that the skeleton is not full, as for all of these. */
static inline void hsn_skel_comma(hsn_skel *k)
{
    k->bytes[k->n++] = ',';
}

/* A string before a colon is a key, or yajl refuses it. */
static inline void hsn_skel_colon(hsn_skel *k)
{
    if (k->n > 0 && k->bytes[k->n - 1] == '"') {
        k->events[k->n_spans - 1].kind = HSN_JSON_KEY;
    }
    k->bytes[k->n++] = ':';
}

static inline void hsn_skel_span(hsn_skel *k, hsn_json_event event, size_t fed)
{
    k->events[k->n_spans] = event;
    k->spans[k->n_spans] = (hsn_span){(uint16_t)k->n, 0, (uint8_t)fed};
    k->n_spans++;
}

static inline void hsn_skel_string(hsn_skel *k, size_t off, size_t len, bool escaped)
{
    hsn_skel_span(k, (hsn_json_event){HSN_JSON_STRING, escaped, off, len, NULL}, 2);
    memcpy(k->bytes + k->n, "\"\"", 2);
    k->n += 2;
}

void hsn_skel_open(hsn_skel *k, unsigned char c, size_t off);
/* A known shape leaves the skeleton again. */
void hsn_skel_close(hsn_skel *k, unsigned char c, size_t off);

static inline void hsn_skel_nest(hsn_skel *k)
{
    if (k->n_open > 0 && k->n_open <= HSN_SKEL_OPEN) {
        k->open[k->n_open - 1].nested = true;
    }
}

/* The spans from `first` on are what one value stands for, which yajl knows and which takes the
 * place of the skeleton from `at` on. */
static inline void hsn_skel_fold(hsn_skel *k, size_t first, size_t at)
{
    hsn_span *last = &k->spans[k->n_spans - 1];
    k->spans[first].group = (uint16_t)(k->n_spans - first);
    last->at = (uint16_t)at;
    last->fed = 1;
    memcpy(k->bytes + at, "0 ", 2);
    k->n = at + 2;
}

/* The span made last is a record: does it stand behind another, with a comma between them? */
static inline void hsn_skel_chain(hsn_skel *k)
{
    enum { STEP = 3 }; /* bytes of skeleton: what a record comes to, and the comma */
    const size_t at = k->n_spans - 1;
    hsn_chain *c = k->n_chains > 0 ? &k->chains[k->n_chains - 1] : NULL;
    if (c != NULL && (size_t)c->first + c->n == at &&
        k->spans[at - 1].at + STEP == k->spans[at].at) {
        c->n++;
    } else if (k->n_chains < HSN_SKEL_CHAINS) {
        k->chains[k->n_chains++] = (hsn_chain){(uint16_t)at, 1};
    }
}

/* The whole of a record, or of a series. */
static inline void hsn_skel_whole(hsn_skel *k, const hsn_whole *whole, size_t off)
{
    hsn_skel_nest(k);
    hsn_skel_span(k, (hsn_json_event){HSN_JSON_RECORD, false, off, whole->n, &whole->head}, 1);
    hsn_skel_fold(k, k->n_spans - 1, k->n);
    if (whole->head.objects == 1) {
        hsn_skel_chain(k);
    }
}

/* Does what stands next stand in an array? So it does behind a comma, too: in an object yajl
 * refuses its first byte, whatever it is taken for. */
static inline bool hsn_skel_in_array(const hsn_skel *k)
{
    return k->n > 0 && (k->bytes[k->n - 1] == '[' || k->bytes[k->n - 1] == ',');
}

/* The object that begins at text.p[off], if it is of a known form. Its length; 0: it is not. */
size_t hsn_skel_form(hsn_skel *k, hsn_str text, size_t off);

/* A number, a literal, or what looks like one: yajl judges. */
void hsn_skel_word(hsn_skel *k, hsn_str word, size_t off);

static inline bool hsn_skel_full(const hsn_skel *k)
{
    return k->n >= HSN_SKEL_FULL || k->n_spans == HSN_SKEL_SPANS;
}

#endif
