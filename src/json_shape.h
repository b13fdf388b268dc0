/*
 * Private to the json family: what yajl has judged already.
 *
 * A HAR repeats a few shapes: {"":"","":""} once for every header. Whether a complete object,
 * array, number or literal is valid does not depend on what stands around it, so yajl is asked once
 * for each shape. From then on one short value goes to yajl in the shape's place.
 *
 * Small tables that keep the shapes themselves and compare them: they can forget but never
 * mistake one for another. They hold no text of strings, and of numbers only where digits stand.
 */
#ifndef HSN_JSON_SHAPE_H
#define HSN_JSON_SHAPE_H

#include "json.h"

enum {
    HSN_SHAPE_MAX = 126, /* bytes of skeleton: twenty members, or forty elements */
    HSN_SHAPE_SETS = 128,
    HSN_SHAPE_WAYS = 2, /* so that two shapes that come in turn do not drive each other out */
    HSN_WORDS = 128
};

typedef struct hsn_shape {
    uint16_t n; /* 0 = none */
    unsigned char bytes[HSN_SHAPE_MAX];
} hsn_shape;

/* The spelling of a number or literal with each digit that does not matter made the same; 0: too
 * long. */
typedef uint64_t hsn_spelling;

typedef struct hsn_shapes {
    hsn_shape shape[HSN_SHAPE_SETS][HSN_SHAPE_WAYS];
    hsn_spelling word[HSN_WORDS];
    unsigned char kind[HSN_WORDS]; /* of the word */
} hsn_shapes;

void hsn_shapes_init(hsn_shapes *s);

/* Has yajl accepted this bracket and all up to its counterpart? */
bool hsn_shapes_has(const hsn_shapes *s, hsn_str skeleton);
/* It has. */
void hsn_shapes_add(hsn_shapes *s, hsn_str skeleton);

hsn_spelling hsn_spelling_of(hsn_str word);

/* The factor gives a slot of its own to each spelling that is usual: two that came in turn would
 * keep the objects that hold them from ever being known. */
static inline unsigned hsn_word_slot(hsn_spelling w)
{
    return (unsigned)(w * 0x68d21d4585266341u >> 57);
}

/* Has yajl accepted a word of this spelling, and as what? */
static inline bool hsn_shapes_has_word(const hsn_shapes *s, hsn_spelling w, hsn_json_kind *kind)
{
    unsigned slot = hsn_word_slot(w);
    *kind = (hsn_json_kind)s->kind[slot];
    return w != 0 && s->word[slot] == w;
}

void hsn_shapes_add_word(hsn_shapes *s, hsn_spelling w, hsn_json_kind kind);

#endif
