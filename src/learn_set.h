/*
 * Private to the learn family: what a set of known values is made of, and the ways to a value.
 *
 * Three tables over one list of values: by the hash of the whole value, of its key, of the end of
 * its tail. A bitmap over those six bytes answers most questions of the scan with one load. Hashes
 * have a random key, so that input cannot choose collisions; values that share a key (a common
 * prefix) are chained, and a chain has a limit.
 */
#ifndef HSN_LEARN_SET_H
#define HSN_LEARN_SET_H

#include "learn.h"

enum {
    WHOLE_BITS = 1 << 17,
    BARE_MAX = 64 /* values that each text is searched for as a whole */
};

/* Ways to a value: six bytes of it each. */
typedef enum way { BY_KEY, BY_TAIL, WAYS } way;

typedef struct entry {
    hsn_known known;
    uint32_t next[WAYS]; /* index + 1 of the next entry with the same six bytes */
} entry;

/* Where the tag differs nothing else is looked at: neither entry nor value, which lie elsewhere in
 * memory. */
typedef struct slot {
    uint32_t index; /* of an entry + 1; 0 = free */
    uint32_t tag;   /* of the hash, the lowest bits of which are where it belongs */
} slot;

struct hsn_learned {
    const hsn_learned *under; /* looked into as well; NULL = none */
    hsn_arena mem;
    size_t bytes; /* of it in use for values and places */
    entry *entries;
    size_t n, cap;
    slot *whole;             /* by hash of the value; open addressing */
    slot *ways[WAYS];        /* the newest entry, by hash of the six bytes */
    size_t n_slots;          /* of each table, a power of two */
    uint32_t bare[BARE_MAX]; /* indexes of the values without a key */
    size_t n_bare;
    bool full;
    uint64_t salt[3];
    uint64_t key_salt;
    hsn_key_filter filter[WAYS];
    uint64_t some[WHOLE_BITS / 64]; /* a bit for every value of its own, by hash */
};

/* Can the value be found that way? */
static inline bool hsn_has_way(const hsn_known *k, way w)
{
    return w == BY_KEY ? k->key < k->value.n : k->tail;
}

/* The six bytes that lead to a value, which has that way. */
static inline const unsigned char *hsn_way_to(const hsn_known *k, way w)
{
    return k->value.p + (w == BY_KEY ? k->key : k->value.n - HSN_KEY);
}

/* Six bytes times a secret odd number: input cannot choose what falls together. */
static inline uint32_t hsn_way_hash(const hsn_learned *l, const unsigned char *p)
{
    uint64_t w = 0;
    memcpy(&w, p, HSN_KEY);
    return (uint32_t)((w * l->key_salt) >> 24);
}

/* The slot of the six bytes at p with hash `tag`: of an entry that has them, or free. */
static inline slot *hsn_way_slot(const hsn_learned *l, way w, const unsigned char *p, uint32_t tag)
{
    slot *table = l->ways[w];
    size_t i = tag & (l->n_slots - 1);
    while (table[i].index != 0 &&
           (table[i].tag != tag ||
            memcmp(hsn_way_to(&l->entries[table[i].index - 1].known, w), p, HSN_KEY) != 0)) {
        i = (i + 1) & (l->n_slots - 1);
    }
    return &table[i];
}

#endif
