/*
 * Learned values: secrets known from one place, looked for in every other.
 *
 * A value is found by its *key* (learn_key.h), so a text is searched only at words that may be one,
 * at a cost that does not depend on how many values are known. Values without a key are learned
 * only when the caller gives them, and searched for one by one. The set holds values in the clear:
 * it is wiped when freed.
 *
 * A long value is found by its *tail* besides, the end of its last word, where letters stand right
 * before it. And it is found where it was cut: at least half of it, as a word of its own that is
 * the beginning or the end of a longer word in the value.
 */
#ifndef HSN_LEARN_H
#define HSN_LEARN_H

#include "learn_key.h"

typedef struct hsn_learned hsn_learned;

/* Bytes of values and places; their tables take twice that. More is told as a gap. */
enum { HSN_LEARNED_MAX = 10 << 20 };

/* max_bytes: what the set may hold in all; later values are not learned. NULL without memory. */
hsn_learned *hsn_learned_new(size_t max_bytes);
void hsn_learned_free(hsn_learned *l);

typedef struct hsn_known {
    hsn_str value;
    const char *place; /* NUL-terminated; "" for a given value */
    bool given;
    bool tail;    /* it has one, and is found by it */
    uint32_t key; /* offset of its key; value.n when it has none */
    uint64_t hash; /* of the value: the same in a set and in all that lie over it */
} hsn_known;

/* An empty set over `under`, whose values it has as well as its own. While it is in use nothing is
 * added to `under`; any number of sets, in any number of threads, may lie over one. */
hsn_learned *hsn_learned_over(const hsn_learned *under, size_t max_bytes);
/* A set over another: forgets its own values and sees what has come to the other meanwhile. */
void hsn_learned_clear(hsn_learned *l);
/* Adds, without a copy, what a set over the same one has: `k`, but for the record itself, outlives
 * it. Neither l nor the set under both has it. False without memory. */
bool hsn_learned_share(hsn_learned *l, const hsn_known *k);
/* How many values of its own it has; forgets all but the first n of them. */
size_t hsn_learned_own(const hsn_learned *l);
void hsn_learned_cut(hsn_learned *l, size_t n);
/* Moves its own values to the set that it lies over. */
void hsn_learned_sink(hsn_learned *l, hsn_learned *under);
size_t hsn_learned_bytes(const hsn_learned *l); /* of its own values and their places */

/* Adds a value once; `place` (copied) says where it was found, `given` that the caller named it.
 * False when it was not added for want of room or memory. */
bool hsn_learned_add(hsn_learned *l, hsn_str value, hsn_str place, bool given);
/* The same of one found in the input whose key, hsn_key_of, is known. */
bool hsn_learned_add_by(hsn_learned *l, hsn_str value, size_t key, hsn_str place);
/* Has a value been turned away so far? */
bool hsn_learned_full(const hsn_learned *l);
size_t hsn_learned_count(const hsn_learned *l);

/* Is the whole of `value` known? NULL when not. */
const hsn_known *hsn_learned_whole(const hsn_learned *l, hsn_str value);
/* The same of one that is going to be added when it is not: what an addition writes to comes from
 * memory meanwhile. */
const hsn_known *hsn_learned_expect(const hsn_learned *l, hsn_str value, size_t key);
/* The given values without a key, which hsn_learned_at cannot find, by index; NULL past the last.
 */
const hsn_known *hsn_learned_bare_at(const hsn_learned *l, size_t i);

/* One bit for every key in the set: most words of a text are ruled out by one load. */
typedef struct hsn_key_filter {
    uint64_t word[1024];
} hsn_key_filter;
const hsn_key_filter *hsn_learned_filter(const hsn_learned *l);
/* The same for the last HSN_KEY bytes of tails. */
const hsn_key_filter *hsn_learned_tails(const hsn_learned *l);

/* The filter's bit for the HSN_KEY bytes at p: a cheap mix, collisions only cost a look-up. */
static inline uint32_t hsn_key_bit(const unsigned char *p)
{
    uint32_t a;
    uint16_t b;
    memcpy(&a, p, 4);
    memcpy(&b, p + 4, 2);
    return ((a ^ (uint32_t)b << 9) * 2654435761u) >> 16;
}

static inline bool hsn_key_filter_has(const hsn_key_filter *f, const unsigned char *p)
{
    uint32_t bit = hsn_key_bit(p);
    return (f->word[bit / 64] >> bit % 64 & 1) != 0;
}

/* The longest known value whose key stands at text[at], or as much of it as was not cut off: text
 * [*off, *off + *len). */
const hsn_known *hsn_learned_at(const hsn_learned *l, hsn_str text, size_t at, size_t *off,
                                size_t *len);
/* The same of one in whose tail the word text[from, end) ends: the end of that word, which is the
 * value, or all of it, of which the beginning was cut off. */
const hsn_known *hsn_learned_ending(const hsn_learned *l, hsn_str text, size_t from, size_t end,
                                    size_t *len);

#endif
