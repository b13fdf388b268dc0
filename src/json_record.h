/*
 * Private to the json family: objects that came before, byte for byte.
 *
 * Two in three bytes between the bodies of a HAR are {"name": ..., "value": ...} of a few dozen
 * headers, again and again. A small object without objects in it that comes a second time is kept
 * with its events; from the third time on its tokens are not searched for. Most such headers come
 * in the same order, too: those that stand side by side in an array and come so a second time are
 * kept as a series. Nothing is remembered of a text before yajl has accepted it.
 *
 * Tables by the bytes near the beginning, that keep the text itself and compare it. They hold
 * input: they are wiped with their tokenizer.
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
    HSN_RECORDS = 256 / HSN_SCALE,

    HSN_SERIES_MAX = 1024, /* bytes of text */
    HSN_SERIES_OBJECTS = 8,
    HSN_SERIES_EVENTS = 48,
    HSN_SERIES_SETS = 64 / HSN_SCALE,
    HSN_SERIES_WAYS = 2 /* the headers of requests may begin like those of responses */
};

typedef struct hsn_whole {
    hsn_record head;
    uint32_t mark; /* of the text that was in the slot last, 0 = none: a first time is not enough */
    uint16_t n;    /* bytes of text, 0 = none */
    unsigned char *text;
    hsn_json_event *events; /* offsets from the beginning of the text */
} hsn_whole;

typedef struct hsn_records {
    uint64_t serials;
    hsn_whole slot[HSN_RECORDS];
    hsn_whole series[HSN_SERIES_SETS][HSN_SERIES_WAYS];
    unsigned char latest[HSN_SERIES_SETS]; /* the way that was found or filled last */
    unsigned char text[HSN_RECORDS][HSN_RECORD_MAX];
    hsn_json_event events[HSN_RECORDS][HSN_RECORD_EVENTS];
    unsigned char series_text[HSN_SERIES_SETS][HSN_SERIES_WAYS][HSN_SERIES_MAX];
    hsn_json_event series_events[HSN_SERIES_SETS][HSN_SERIES_WAYS][HSN_SERIES_EVENTS];
} hsn_records;

void hsn_records_init(hsn_records *r);

/* The record that p[0..n) begins with, or in an array the series of them; NULL for none. */
const hsn_whole *hsn_records_find(hsn_records *r, const unsigned char *p, size_t n, bool in_array);

/* `object` has been accepted: the record to put its events into, NULL when this is its first time.
 * HSN_RECORD_HEAD bytes may be read from its beginning on. */
hsn_whole *hsn_records_add(hsn_records *r, hsn_str object);

/* The same for `text`, in which so many records stand side by side in an array. */
hsn_whole *hsn_series_add(hsn_records *r, hsn_str text, unsigned objects);

#endif
