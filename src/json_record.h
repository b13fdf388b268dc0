/*
 * Private to the json family: objects that came before, byte for byte.
 *
 * Two in three bytes between the bodies of a HAR are {"name": ..., "value": ...} of a few dozen
 * headers, again and again. A small object without objects in it that comes a second time is kept
 * with its events; from the third time on its tokens are not searched for. Nothing is remembered of
 * a text before yajl has accepted it.
 *
 * A table by the bytes near the beginning, that keeps the text itself and compares it. It holds
 * input: it is wiped with its tokenizer.
 */
#ifndef HSN_JSON_RECORD_H
#define HSN_JSON_RECORD_H

#include "base_scale.h"
#include "json.h"

enum {
    HSN_RECORD_MIN = 16, /* bytes of text */
    HSN_RECORD_MAX = 160,
    HSN_RECORD_EVENTS = 10, /* four members, and the brackets */
    HSN_RECORD_HEAD = 40,   /* bytes that must be there to look an object up */
    HSN_RECORDS = 256 / HSN_SCALE
};

typedef struct hsn_whole {
    hsn_record head;
    uint32_t mark; /* of the text that was in the slot last, 0 = none: a first time is not enough */
    uint16_t n;    /* bytes of text, 0 = none */
    unsigned char text[HSN_RECORD_MAX];
    hsn_json_event events[HSN_RECORD_EVENTS]; /* offsets from the beginning of the text */
} hsn_whole;

typedef struct hsn_records {
    uint64_t serials;
    hsn_whole slot[HSN_RECORDS];
} hsn_records;

void hsn_records_init(hsn_records *r);

/* The record that p[0..n) begins with, NULL for none. */
const hsn_whole *hsn_records_find(const hsn_records *r, const unsigned char *p, size_t n);

/* `object` has been accepted: the record to put its events into, NULL when this is its first time.
 * HSN_RECORD_HEAD bytes may be read from its beginning on. */
hsn_whole *hsn_records_add(hsn_records *r, hsn_str object);

#endif
