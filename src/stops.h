/*
 * Stops: which bytes of a block could begin anything at all.
 *
 * Receives a text, block by block, filled up with zeros at its end; emits masks of each block.
 * What a run of bytes begins with is told by masks laid over themselves, shifted; only how a word
 * begins is looked up. A vector path chosen at run time and a portable one that agrees with it.
 */
#ifndef HSN_STOPS_H
#define HSN_STOPS_H

#include "learn_key.h"
#include "rule.h"
#include "scan.h"

enum {
    HSN_BASE64_MIN = 16, /* 12 bytes: the shortest address or key=value that base64 could hide */
    HSN_LONG_WORD = 16,  /* half of 32 digits: a shorter end of a value tells little of it */
    HSN_LOOK_AHEAD = 16, /* bits behind a beginning that count: the last of a block have none */
    HSN_STEP = HSN_BLOCK - HSN_LOOK_AHEAD,                /* so blocks overlap by them */
    HSN_STOPS_MOST = 16,                                  /* blocks that are asked for at once */
    HSN_LIST_ROOM = HSN_STOPS_MOST * HSN_STEP + HSN_BLOCK /* lists are written by whole vectors */
};

/* What stands before a block. */
typedef struct hsn_edge {
    bool word;  /* a letter or digit */
    bool slash; /* a slash */
    bool open;  /* what opens a number, see scan.h */
    unsigned char byte; /* which it is; 0 = none */
} hsn_edge;

/* A mask for each block that was asked for. Bit i speaks of byte i < HSN_STEP of the block; but for
 * the first two of a word that begins there. */
typedef struct hsn_stops {
    size_t blocks;
    uint64_t special[HSN_STOPS_MOST]; /* see scan.h */
    uint64_t word[HSN_STOPS_MOST];    /* letters and digits; of the whole block */
    uint64_t begin[HSN_STOPS_MOST];   /* where these begin */
    uint64_t in_run[HSN_STOPS_MOST];  /* in a run of base64 characters; of the whole block */
    uint64_t key[HSN_STOPS_MOST];     /* hsn_is_key */
    uint64_t long_word[HSN_STOPS_MOST]; /* HSN_LONG_WORD letters and digits or more begin here */
    uint64_t base64[HSN_STOPS_MOST];  /* a run of HSN_BASE64_MIN or more begins here */
    uint64_t inner[HSN_STOPS_MOST];   /* ... behind a word of the same run and a - or + */
    uint64_t token[HSN_STOPS_MOST];   /* hsn_leads_have, */
    uint64_t anchor[HSN_STOPS_MOST];  /* an anchor of a rule */
    uint64_t digit[HSN_STOPS_MOST];   /* the word begins with a digit */
    uint64_t number[HSN_STOPS_MOST];  /* ... and phone and card numbers do not begin otherwise */
    uint64_t iban[HSN_STOPS_MOST];    /* ... with two capitals and two digits */
    uint64_t path[HSN_STOPS_MOST];    /* a slash stands before it, another may stand behind it */
} hsn_stops;

/* Of the n blocks, HSN_STOPS_MOST at most, that begin at the text's beginning, HSN_STEP bytes on,
 * and so forth, all of them within the text. */
typedef void (*hsn_stops_fn)(hsn_str text, hsn_edge before, const hsn_leads *leads, hsn_stops *out,
                             size_t n);

/* Of a byte of a block its place: which block it is, times HSN_BLOCK, and which byte. This is how
 * far it stands behind the beginning of the first block. */
static inline size_t hsn_offset_of(size_t place)
{
    return place - place / HSN_BLOCK * HSN_LOOK_AHEAD;
}

/* Lists the places of the bytes that the masks of n blocks tell of; returns how many these are. */
typedef size_t (*hsn_list_fn)(const uint64_t *masks, size_t n, uint16_t to[HSN_LIST_ROOM]);

hsn_list_fn hsn_list_best(void);
size_t hsn_list_portable(const uint64_t *masks, size_t n, uint16_t to[HSN_LIST_ROOM]);

hsn_stops_fn hsn_stops_best(void);
void hsn_stops_portable(hsn_str text, hsn_edge before, const hsn_leads *leads, hsn_stops *out,
                        size_t n);

#endif
