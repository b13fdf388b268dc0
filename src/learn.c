/*
 * Learned values: a set of strings found by their key.
 *
 * Two tables over one list of values: one by the hash of the whole value, one by the hash of its
 * key. A bitmap over those six bytes answers most questions of the scan with one load. Hashes have
 * a random key, so that input cannot choose collisions; values that share a key (a common prefix)
 * are chained, and a chain has a limit.
 */
#include "learn.h"

#include <sodium.h>

enum {
    CHAIN_MAX = 64, /* values with one key: bounds the work at one position */
    FIRST_SLOTS = 256,
    BARE_MAX = 64 /* values that each text is searched for as a whole */
};

typedef struct entry {
    hsn_known known;
    uint64_t hash;     /* of the value */
    uint32_t key_off;  /* of the key in the value */
    uint32_t next_key; /* index + 1 of the next entry with the same key */
    unsigned char key[HSN_KEY];
    bool has_key;
} entry;

struct hsn_learned {
    hsn_arena mem;
    entry *entries;
    size_t n, cap;
    uint32_t *whole;         /* index + 1 by hash of the value; open addressing */
    uint32_t *keys;          /* index + 1 of the newest entry by hash of the key */
    size_t n_slots;          /* of both tables, a power of two */
    uint32_t bare[BARE_MAX]; /* indexes of the values without a key */
    size_t n_bare;
    bool full;
    unsigned char key[crypto_shorthash_KEYBYTES];
    uint64_t key_salt;
    hsn_key_filter filter;
};

static uint64_t hash(const hsn_learned *l, const unsigned char *p, size_t n)
{
    uint64_t h;
    crypto_shorthash((unsigned char *)&h, p, n, l->key);
    return h;
}

hsn_learned *hsn_learned_new(size_t max_bytes)
{
    hsn_learned *l = hsn_mem_zero(1, sizeof *l);
    if (l == NULL) {
        return NULL;
    }
    hsn_arena_init(&l->mem, max_bytes);
    crypto_shorthash_keygen(l->key);
    randombytes_buf(&l->key_salt, sizeof l->key_salt);
    l->key_salt |= 1;
    return l;
}

void hsn_learned_free(hsn_learned *l)
{
    if (l != NULL) {
        hsn_arena_deinit(&l->mem);
        hsn_mem_free(l->entries);
        hsn_mem_free(l->whole);
        hsn_mem_free(l->keys);
        hsn_mem_wipe(l, sizeof *l);
        hsn_mem_free(l);
    }
}

bool hsn_learned_full(const hsn_learned *l)
{
    return l->full;
}

size_t hsn_learned_count(const hsn_learned *l)
{
    return l->n;
}

/* ---------------------------------------------------------------- adding */

bool hsn_is_key(const unsigned char *p, size_t n)
{
    size_t digits = 0;
    size_t capitals = 0;
    size_t i = 0;
    for (; i < HSN_KEY_WINDOW && i < n && hsn_is_alnum(p[i]); i++) {
        digits += hsn_is_digit(p[i]);
        capitals += i > 0 && p[i] >= 'A' && p[i] <= 'Z';
    }
    bool number = digits == i;
    return n >= HSN_KEY && digits + capitals > 0 && (!number || digits >= HSN_KEY_DIGITS);
}

/* The last of the best: letters and digits mixed from the first byte on, which rarely is a prefix
 * that many values share; else any key. */
size_t hsn_key_of(hsn_str v)
{
    size_t best = v.n;
    bool best_is_word = false;
    for (size_t i = 0; i + HSN_KEY <= v.n; i++) {
        bool begins = hsn_is_alnum(v.p[i]) && (i == 0 || !hsn_is_alnum(v.p[i - 1]));
        if (!begins || !hsn_is_key(v.p + i, v.n - i)) {
            continue;
        }
        bool word = true;
        for (size_t k = 0; k < HSN_KEY; k++) {
            word = word && hsn_is_alnum(v.p[i + k]);
        }
        if (word || !best_is_word) {
            best = i;
            best_is_word = word;
        }
    }
    return best;
}

static bool same_key(const entry *e, const unsigned char *p)
{
    return memcmp(e->key, p, HSN_KEY) == 0;
}

/* Six bytes times a secret odd number: input cannot choose what falls together. */
static size_t key_hash(const hsn_learned *l, const unsigned char *p)
{
    uint64_t w = 0;
    memcpy(&w, p, HSN_KEY);
    return (size_t)((w * l->key_salt) >> 24);
}

/* The slot of the key at p: of an entry that has it, or free. */
static size_t key_slot(const hsn_learned *l, const unsigned char *p)
{
    size_t i = key_hash(l, p) & (l->n_slots - 1);
    while (l->keys[i] != 0 && !same_key(&l->entries[l->keys[i] - 1], p)) {
        i = (i + 1) & (l->n_slots - 1);
    }
    return i;
}

static bool is_entry_of(const entry *e, uint64_t h, hsn_str v)
{
    return e->hash == h && hsn_str_eq(e->known.value, v);
}

/* The slot of v, whose hash is h: of its entry, or free. */
static size_t whole_slot(const hsn_learned *l, uint64_t h, hsn_str v)
{
    size_t i = h & (l->n_slots - 1);
    while (l->whole[i] != 0 && !is_entry_of(&l->entries[l->whole[i] - 1], h, v)) {
        i = (i + 1) & (l->n_slots - 1);
    }
    return i;
}

static void link_entry(hsn_learned *l, uint32_t index)
{
    entry *e = &l->entries[index];
    l->whole[whole_slot(l, e->hash, e->known.value)] = index + 1;
    if (e->has_key) {
        size_t slot = key_slot(l, e->key);
        e->next_key = l->keys[slot];
        l->keys[slot] = index + 1;
        uint32_t bit = hsn_key_bit(e->key);
        l->filter.word[bit / 64] |= 1ull << bit % 64;
    }
}

/* Tables stay at most half full. */
static bool grow_tables(hsn_learned *l)
{
    if (l->n_slots > 0 && l->n + 1 <= l->n_slots / 2) {
        return true;
    }
    size_t n = l->n_slots == 0 ? FIRST_SLOTS : l->n_slots * 2;
    uint32_t *whole = hsn_mem_zero(n, sizeof *whole);
    uint32_t *keys = hsn_mem_zero(n, sizeof *keys);
    if (whole == NULL || keys == NULL) {
        hsn_mem_free(whole);
        hsn_mem_free(keys);
        return false;
    }
    hsn_mem_free(l->whole);
    hsn_mem_free(l->keys);
    l->whole = whole;
    l->keys = keys;
    l->n_slots = n;
    for (size_t i = 0; i < l->n; i++) {
        link_entry(l, (uint32_t)i);
    }
    return true;
}

static bool grow_entries(hsn_learned *l)
{
    if (l->n < l->cap) {
        return true;
    }
    size_t cap = l->cap == 0 ? 64 : l->cap * 2;
    entry *p = hsn_mem_grow(l->entries, cap * sizeof *p);
    if (p == NULL) {
        return false;
    }
    l->entries = p;
    l->cap = cap;
    return true;
}

static bool chain_is_full(const hsn_learned *l, const unsigned char *key)
{
    size_t n = 0;
    for (uint32_t i = l->keys[key_slot(l, key)]; i != 0; i = l->entries[i - 1].next_key) {
        n++;
    }
    return n >= CHAIN_MAX;
}

bool hsn_learned_add(hsn_learned *l, hsn_str value, hsn_str place, bool given)
{
    if (hsn_learned_whole(l, value) != NULL) {
        return true;
    }
    size_t key = hsn_key_of(value);
    bool has_key = key < value.n;
    if (!grow_entries(l) || !grow_tables(l) ||
        (has_key ? chain_is_full(l, value.p + key) : l->n_bare == BARE_MAX)) {
        l->full = true;
        return false;
    }
    hsn_str copy = hsn_arena_copy(&l->mem, value);
    char *z = hsn_arena_new(&l->mem, place.n + 1);
    if (z == NULL || copy.p == NULL) {
        l->full = true;
        return false;
    }
    if (place.n > 0) {
        memcpy(z, place.p, place.n);
    }
    z[place.n] = '\0';
    entry *e = &l->entries[l->n];
    *e = (entry){
        .known = {.value = copy, .place = z, .given = given},
        .hash = hash(l, value.p, value.n),
        .key_off = (uint32_t)key,
        .has_key = has_key,
    };
    if (has_key) {
        memcpy(e->key, value.p + key, HSN_KEY);
    } else {
        l->bare[l->n_bare++] = (uint32_t)l->n;
    }
    link_entry(l, (uint32_t)l->n);
    l->n++;
    return true;
}

/* ---------------------------------------------------------------- looking up */

const hsn_known *hsn_learned_whole(const hsn_learned *l, hsn_str value)
{
    uint32_t i = l->n > 0 ? l->whole[whole_slot(l, hash(l, value.p, value.n), value)] : 0;
    return i != 0 ? &l->entries[i - 1].known : NULL;
}

const hsn_known *hsn_learned_bare_at(const hsn_learned *l, size_t i)
{
    return i < l->n_bare ? &l->entries[l->bare[i]].known : NULL;
}

const hsn_key_filter *hsn_learned_filter(const hsn_learned *l)
{
    return &l->filter;
}

/* A value that is only the beginning of a longer word is another word. */
static bool ends_well(hsn_str text, size_t end, hsn_str value)
{
    return end == text.n || !hsn_is_alnum(text.p[end]) || !hsn_is_alnum(value.p[value.n - 1]);
}

const hsn_known *hsn_learned_at(const hsn_learned *l, hsn_str text, size_t at, size_t *off)
{
    if (l->n == 0 || text.n - at < HSN_KEY) {
        return NULL;
    }
    const hsn_known *best = NULL;
    for (uint32_t i = l->keys[key_slot(l, text.p + at)]; i != 0; i = l->entries[i - 1].next_key) {
        const entry *e = &l->entries[i - 1];
        hsn_str v = e->known.value;
        if (at < e->key_off || v.n > text.n - (at - e->key_off) ||
            (best != NULL && best->value.n >= v.n)) {
            continue;
        }
        size_t from = at - e->key_off;
        if (memcmp(text.p + from, v.p, v.n) == 0 && ends_well(text, from + v.n, v)) {
            best = &e->known;
            *off = from;
        }
    }
    return best;
}

void hsn_learned_each(const hsn_learned *l, void (*each)(void *ctx, const hsn_known *k), void *ctx)
{
    for (size_t i = 0; i < l->n; i++) {
        each(ctx, &l->entries[i].known);
    }
}
