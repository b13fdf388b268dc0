/*
 * Private to the json family: small objects of which all but the values came before, byte for byte.
 *
 * An array of objects, and an entry of a HAR from one to the next, has the same keys with the same
 * white space between them. A form is the text of an object without its values: where it stands
 * again, keys and brackets are compared in one piece and only the values are looked at. That yajl
 * has accepted one object of the form is enough for all: a string, a number or literal of a known
 * spelling may stand for another.
 *
 * A table by what an object begins with: white space and eight bytes of the first key. It compares
 * the text itself, so it can forget but never mistake one form for another. It holds keys of the
 * input: it is wiped with its tokenizer.
 */
#ifndef HSN_JSON_FORM_H
#define HSN_JSON_FORM_H

#include "json_record.h"
#include "json_shape.h"

enum {
    HSN_FORM_MEMBERS = 9,
    HSN_FORM_EVENTS = 2 + 2 * HSN_FORM_MEMBERS,
    HSN_FORM_TEXT = 384,      /* bytes without the values */
    HSN_FORM_VALUE_MAX = 512, /* bytes of a string: longer ones gain nothing */
    HSN_FORM_SETS = 64 / HSN_SCALE,
    HSN_FORM_WAYS = 2
};

/* What stands before a value, or behind the last: its end in the text of the form, and the key in
 * it. */
typedef struct hsn_piece {
    uint16_t end;
    uint16_t key; /* offset from where the piece begins */
    uint16_t key_len;
} hsn_piece;

typedef struct hsn_form {
    hsn_record head;
    unsigned members; /* 0: none */
    hsn_piece piece[HSN_FORM_MEMBERS + 1];
    unsigned char text[HSN_FORM_TEXT];
} hsn_form;

typedef struct hsn_forms {
    uint64_t serials;
    hsn_form form[HSN_FORM_SETS][HSN_FORM_WAYS];
    unsigned char latest[HSN_FORM_SETS]; /* the way that fitted last */
} hsn_forms;

void hsn_forms_init(hsn_forms *f);

/*
 * The form of the object that `text` begins with, NULL for none or if it goes on behind `text`. Its
 * values come into `values`, HSN_FORM_MEMBERS of them at most, with offsets from the beginning of
 * `text`; *n is its length. `shapes` knows which words are numbers and literals.
 */
const hsn_form *hsn_forms_find(hsn_forms *f, const hsn_shapes *shapes, hsn_str text,
                               hsn_json_event *values, size_t *n);

/* `text` has been accepted, and events[0] to events[n_events - 1] are an object without brackets in
 * it, from bracket to bracket. */
void hsn_forms_add(hsn_forms *f, hsn_str text, const hsn_json_event *events, size_t n_events);

/* Event i of an object that `ev` stands for; in memory the values come behind `ev`. */
void hsn_form_event(const hsn_json_event *ev, size_t i, hsn_json_event *out);

#endif
