/*
 * Learned values: a set of strings found by their key (learn_key.c).
 *
 * Two tables over one list of values: one by the hash of the whole value, one by the hash of its
 * key. A bitmap over those six bytes answers most questions of the scan with one load. Hashes have
 * a random key, so that input cannot choose collisions; values that share a key (a common prefix)
 * are chained, and a chain has a limit.
 */
#include "learn.h"

#include <assert.h>
#include <sodium.h>

enum {
    CHAIN_MAX = 64, /* values with one key: bounds the work at one position */
    FIRST_SLOTS = 256,
    WHOLE_BITS = 1 << 17,
    BARE_MAX = 64 /* values that each text is searched for as a whole */
};

typedef struct entry {
    hsn_known known;
    uint32_t next_key; /* index + 1 of the next entry with the same key */
    uint32_t key_tag;  /* hash of the key */
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
    slot *keys;              /* the newest entry, by hash of the key */
    size_t n_slots;          /* of both tables, a power of two */
    uint32_t bare[BARE_MAX]; /* indexes of the values without a key */
    size_t n_bare;
    bool full;
    uint64_t salt[3];
    uint64_t key_salt;
    hsn_key_filter filter;
    uint64_t some[WHOLE_BITS / 64]; /* a bit for every value of its own, by hash */
};

static uint64_t word_at(const unsigned char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* The product in twice the length, its halves laid over each other. */
static uint64_t fold(uint64_t a, uint64_t b)
{
    const uint64_t half = 0xffffffffu;
    const uint64_t low = (a & half) * (b & half);
    const uint64_t mid = (a >> 32) * (b & half) + (low >> 32);
    const uint64_t mid2 = (a & half) * (b >> 32) + (mid & half);
    const uint64_t high = (a >> 32) * (b >> 32) + (mid >> 32) + (mid2 >> 32);
    return high ^ (mid2 << 32 | (low & half));
}

/* Every word of the value is mixed with random ones before it is multiplied: who does not know them
 * cannot choose values that fall together. */
static uint64_t hash(const hsn_learned *l, const unsigned char *p, size_t n)
{
    enum { STEP = 16 };
    uint64_t h = l->salt[0] ^ n;
    unsigned char last[STEP] = {0};
    for (; n > STEP; p += STEP, n -= STEP) {
        h = fold(word_at(p) ^ l->salt[1], word_at(p + sizeof h) ^ h);
    }
    if (n > 0) {
        memcpy(last, p, n);
    }
    h = fold(word_at(last) ^ l->salt[1], word_at(last + sizeof h) ^ h);
    return fold(h ^ l->salt[1], l->salt[2]);
}

hsn_learned *hsn_learned_new(size_t max_bytes)
{
    hsn_learned *l = hsn_mem_zero(1, sizeof *l);
    if (l == NULL) {
        return NULL;
    }
    hsn_arena_init(&l->mem, max_bytes);
    randombytes_buf(l->salt, sizeof l->salt);
    randombytes_buf(&l->key_salt, sizeof l->key_salt);
    l->key_salt |= 1;
    return l;
}

hsn_learned *hsn_learned_over(const hsn_learned *under, size_t max_bytes)
{
    hsn_learned *l = hsn_learned_new(max_bytes);
    if (l != NULL) {
        l->under = under;
        l->filter = under->filter;
        memcpy(l->salt, under->salt, sizeof l->salt);
        l->key_salt = under->key_salt;
    }
    return l;
}

void hsn_learned_clear(hsn_learned *l)
{
    if (l->n > 0) {
        memset(l->whole, 0, l->n_slots * sizeof *l->whole);
        memset(l->keys, 0, l->n_slots * sizeof *l->keys);
    }
    hsn_arena_reset(&l->mem);
    memset(l->some, 0, sizeof l->some);
    l->n = 0;
    l->n_bare = 0;
    l->bytes = 0;
    l->full = false;
    l->filter = l->under->filter;
}

size_t hsn_learned_bytes(const hsn_learned *l)
{
    return l->bytes;
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
    return l->full || (l->under != NULL && l->under->full);
}

size_t hsn_learned_count(const hsn_learned *l)
{
    return l->n + (l->under != NULL ? l->under->n : 0);
}

/* ---------------------------------------------------------------- adding */

static bool same_key(const entry *e, const unsigned char *p)
{
    return memcmp(e->known.value.p + e->known.key, p, HSN_KEY) == 0;
}

/* Six bytes times a secret odd number: input cannot choose what falls together. */
static uint32_t key_hash(const hsn_learned *l, const unsigned char *p)
{
    uint64_t w = 0;
    memcpy(&w, p, HSN_KEY);
    return (uint32_t)((w * l->key_salt) >> 24);
}

/* The slot of the key at p with hash `tag`: of an entry that has it, or free. */
static slot *key_slot(const hsn_learned *l, const unsigned char *p, uint32_t tag)
{
    size_t i = tag & (l->n_slots - 1);
    while (l->keys[i].index != 0 &&
           (l->keys[i].tag != tag || !same_key(&l->entries[l->keys[i].index - 1], p))) {
        i = (i + 1) & (l->n_slots - 1);
    }
    return &l->keys[i];
}

static bool has_key(const hsn_known *k)
{
    return k->key < k->value.n;
}

/* The slot of the value v with hash h. */
static slot *whole_slot(const hsn_learned *l, hsn_str v, uint64_t h)
{
    size_t i = h & (l->n_slots - 1);
    for (; l->whole[i].index != 0; i = (i + 1) & (l->n_slots - 1)) {
        if (l->whole[i].tag != (uint32_t)h) {
            continue;
        }
        const hsn_known *k = &l->entries[l->whole[i].index - 1].known;
        if (k->hash == h && hsn_str_eq(k->value, v)) {
            break;
        }
    }
    return &l->whole[i];
}

/* Among l's own values. Most questions are about none of them, and end at a bit: the tables are too
 * large for the caches. */
static const hsn_known *own(const hsn_learned *l, hsn_str v, uint64_t h)
{
    bool may = l->some[h % WHOLE_BITS / 64] >> h % 64 & 1;
    uint32_t i = may && l->n > 0 ? whole_slot(l, v, h)->index : 0;
    return i != 0 ? &l->entries[i - 1].known : NULL;
}

static const hsn_known *find(const hsn_learned *l, hsn_str v, uint64_t h)
{
    const hsn_known *k = NULL;
    for (; l != NULL && k == NULL; l = l->under) {
        k = own(l, v, h);
    }
    return k;
}

static void link_entry(hsn_learned *l, uint32_t index)
{
    entry *e = &l->entries[index];
    *whole_slot(l, e->known.value, e->known.hash) = (slot){index + 1, (uint32_t)e->known.hash};
    if (has_key(&e->known)) {
        slot *s = key_slot(l, e->known.value.p + e->known.key, e->key_tag);
        e->next_key = s->index;
        *s = (slot){index + 1, e->key_tag};
    }
}

/* Of an entry that is new. */
static void mark_entry(hsn_learned *l, entry *e)
{
    const hsn_known *k = &e->known;
    l->some[k->hash % WHOLE_BITS / 64] |= 1ull << k->hash % 64;
    if (has_key(k)) {
        const unsigned char *key = k->value.p + k->key;
        uint32_t bit = hsn_key_bit(key);
        e->key_tag = key_hash(l, key);
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
    slot *whole = hsn_mem_zero(n, sizeof *whole);
    slot *keys = hsn_mem_zero(n, sizeof *keys);
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
    assert(l->entries != NULL);
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
    if (!hsn_key_filter_has(&l->filter, key)) {
        return false; /* there is no chain yet */
    }
    const uint32_t tag = key_hash(l, key);
    for (; l != NULL; l = l->under) {
        uint32_t i = l->n > 0 ? key_slot(l, key, tag)->index : 0;
        for (; i != 0; i = l->entries[i - 1].next_key) {
            n++;
        }
    }
    return n >= CHAIN_MAX;
}

/* Is there room for one more, in the tables and where its key leads? */
static bool make_room(hsn_learned *l, const hsn_known *k)
{
    bool ok = grow_entries(l) && grow_tables(l) &&
              (has_key(k) ? !chain_is_full(l, k->value.p + k->key) : l->n_bare < BARE_MAX);
    l->full = l->full || !ok;
    return ok;
}

static void add(hsn_learned *l, const hsn_known *k)
{
    l->entries[l->n] = (entry){.known = *k};
    if (!has_key(k)) {
        l->bare[l->n_bare++] = (uint32_t)l->n;
    }
    mark_entry(l, &l->entries[l->n]);
    link_entry(l, (uint32_t)l->n);
    l->n++;
    l->bytes += k->value.n + strlen(k->place) + 1;
}

bool hsn_learned_add(hsn_learned *l, hsn_str value, hsn_str place, bool given)
{
    hsn_known k = {.value = value, .given = given, .hash = hash(l, value.p, value.n)};
    if (find(l, value, k.hash) != NULL) {
        return true;
    }
    k.key = (uint32_t)hsn_key_of(value);
    if (!make_room(l, &k)) {
        return false;
    }
    k.value = hsn_arena_copy(&l->mem, value);
    char *z = hsn_arena_new(&l->mem, place.n + 1);
    if (z == NULL || k.value.p == NULL) {
        l->full = true;
        return false;
    }
    if (place.n > 0) {
        memcpy(z, place.p, place.n);
    }
    z[place.n] = '\0';
    k.place = z;
    add(l, &k);
    return true;
}

bool hsn_learned_share(hsn_learned *l, const hsn_known *k)
{
    if (!grow_entries(l) || !grow_tables(l)) {
        l->full = true;
        return false;
    }
    add(l, k);
    return true;
}

size_t hsn_learned_own(const hsn_learned *l)
{
    return l->n;
}

/* Newest first: behind an entry in its slots come only newer ones, and those are gone. The filters
 * keep their bits, which cost a look-up each. */
void hsn_learned_cut(hsn_learned *l, size_t n)
{
    while (l->n > n) {
        const entry *e = &l->entries[l->n - 1];
        const hsn_known *k = &e->known;
        if (has_key(k)) {
            key_slot(l, k->value.p + k->key, e->key_tag)->index = e->next_key;
        } else {
            l->n_bare--;
        }
        whole_slot(l, k->value, k->hash)->index = 0;
        l->bytes -= k->value.n + strlen(k->place) + 1;
        l->n--;
    }
}

void hsn_learned_sink(hsn_learned *l, hsn_learned *under)
{
    under->full = under->full || l->full;
    for (size_t i = 0; i < l->n; i++) {
        const hsn_known *k = &l->entries[i].known;
        hsn_learned_add(under, k->value, hsn_str_z(k->place), k->given);
    }
    hsn_learned_clear(l);
}

/* ---------------------------------------------------------------- looking up */

const hsn_known *hsn_learned_whole(const hsn_learned *l, hsn_str value)
{
    return hsn_learned_count(l) > 0 ? find(l, value, hash(l, value.p, value.n)) : NULL;
}

const hsn_known *hsn_learned_bare_at(const hsn_learned *l, size_t i)
{
    for (; l != NULL; l = l->under) {
        if (i < l->n_bare) {
            return &l->entries[l->bare[i]].known;
        }
        i -= l->n_bare;
    }
    return NULL;
}

const hsn_key_filter *hsn_learned_filter(const hsn_learned *l)
{
    return &l->filter;
}

/* A value that is only the beginning of a longer word is another word, unless it is too long for
 * that: verification has the same measure. */
static bool ends_well(hsn_str text, size_t end, hsn_str value)
{
    return end == text.n || !hsn_is_alnum(text.p[end]) || !hsn_is_alnum(value.p[value.n - 1]) ||
           value.n >= HSN_CERTAIN;
}

/* The longest of one set's values, if it is longer than `best`. */
static const hsn_known *longest_at(const hsn_learned *l, hsn_str text, size_t at, size_t *off,
                                   const hsn_known *best)
{
    const uint32_t tag = key_hash(l, text.p + at);
    for (uint32_t i = key_slot(l, text.p + at, tag)->index; i != 0;
         i = l->entries[i - 1].next_key) {
        const entry *e = &l->entries[i - 1];
        hsn_str v = e->known.value;
        size_t key = e->known.key;
        if (at < key || v.n > text.n - (at - key) ||
            (best != NULL && best->value.n >= v.n)) {
            continue;
        }
        size_t from = at - key;
        if (memcmp(text.p + from, v.p, v.n) == 0 && ends_well(text, from + v.n, v)) {
            best = &e->known;
            *off = from;
        }
    }
    return best;
}

const hsn_known *hsn_learned_at(const hsn_learned *l, hsn_str text, size_t at, size_t *off)
{
    const hsn_known *best = NULL;
    if (text.n - at < HSN_KEY) {
        return NULL;
    }
    for (; l != NULL; l = l->under) {
        if (l->n > 0) {
            best = longest_at(l, text, at, off, best);
        }
    }
    return best;
}
