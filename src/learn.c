/*
 * Learned values: a set of strings found by their key (learn_key.c) or tail.
 *
 * Three tables over one list of values: by the hash of the whole value, of its key, of the end of
 * its tail. A bitmap over those six bytes answers most questions of the scan with one load. Hashes
 * have a random key, so that input cannot choose collisions; values that share a key (a common
 * prefix) are chained, and a chain has a limit.
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

static uint64_t word_at(const unsigned char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* The product in twice the length, its halves laid over each other. */
static uint64_t fold(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 twice;
    const twice product = (twice)a * b;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
#else
    const uint64_t half = 0xffffffffu;
    const uint64_t low = (a & half) * (b & half);
    const uint64_t mid = (a >> 32) * (b & half) + (low >> 32);
    const uint64_t mid2 = (a & half) * (b >> 32) + (mid & half);
    const uint64_t high = (a >> 32) * (b >> 32) + (mid >> 32) + (mid2 >> 32);
    return high ^ (mid2 << 32 | (low & half));
#endif
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
        memcpy(l->filter, under->filter, sizeof l->filter);
        memcpy(l->salt, under->salt, sizeof l->salt);
        l->key_salt = under->key_salt;
    }
    return l;
}

void hsn_learned_clear(hsn_learned *l)
{
    if (l->n > 0) {
        memset(l->whole, 0, l->n_slots * sizeof *l->whole);
        for (int w = 0; w < WAYS; w++) {
            memset(l->ways[w], 0, l->n_slots * sizeof *l->ways[w]);
        }
    }
    hsn_arena_reset(&l->mem);
    memset(l->some, 0, sizeof l->some);
    l->n = 0;
    l->n_bare = 0;
    l->bytes = 0;
    l->full = false;
    memcpy(l->filter, l->under->filter, sizeof l->filter);
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
        for (int w = 0; w < WAYS; w++) {
            hsn_mem_free(l->ways[w]);
        }
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

static bool has_way(const hsn_known *k, way w)
{
    return w == BY_KEY ? k->key < k->value.n : k->tail;
}

/* The six bytes that lead to a value, which has that way. */
static const unsigned char *way_to(const hsn_known *k, way w)
{
    return k->value.p + (w == BY_KEY ? k->key : k->value.n - HSN_KEY);
}

/* Six bytes times a secret odd number: input cannot choose what falls together. */
static uint32_t key_hash(const hsn_learned *l, const unsigned char *p)
{
    uint64_t w = 0;
    memcpy(&w, p, HSN_KEY);
    return (uint32_t)((w * l->key_salt) >> 24);
}

/* The slot of the six bytes at p with hash `tag`: of an entry that has them, or free. */
static slot *way_slot(const hsn_learned *l, way w, const unsigned char *p, uint32_t tag)
{
    slot *table = l->ways[w];
    size_t i = tag & (l->n_slots - 1);
    while (table[i].index != 0 &&
           (table[i].tag != tag ||
            memcmp(way_to(&l->entries[table[i].index - 1].known, w), p, HSN_KEY) != 0)) {
        i = (i + 1) & (l->n_slots - 1);
    }
    return &table[i];
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

/* The tables are too large for the caches: what a value needs of them comes from memory together,
 * while there is something else to do. */
static void fetch_slots(const hsn_learned *l, const hsn_known *k)
{
    if (l->n_slots == 0) {
        return;
    }
    const size_t mask = l->n_slots - 1;
    __builtin_prefetch(&l->whole[k->hash & mask], 1);
    for (way w = 0; w < WAYS; w++) {
        if (has_way(k, w)) {
            __builtin_prefetch(&l->ways[w][key_hash(l, way_to(k, w)) & mask], 1);
        }
    }
}

static void link_entry(hsn_learned *l, uint32_t index)
{
    entry *e = &l->entries[index];
    *whole_slot(l, e->known.value, e->known.hash) = (slot){index + 1, (uint32_t)e->known.hash};
    for (way w = 0; w < WAYS; w++) {
        if (has_way(&e->known, w)) {
            const uint32_t tag = key_hash(l, way_to(&e->known, w));
            slot *s = way_slot(l, w, way_to(&e->known, w), tag);
            e->next[w] = s->index;
            *s = (slot){index + 1, tag};
        }
    }
}

/* Of an entry that is new. */
static void mark_entry(hsn_learned *l, entry *e)
{
    const hsn_known *k = &e->known;
    l->some[k->hash % WHOLE_BITS / 64] |= 1ull << k->hash % 64;
    for (way w = 0; w < WAYS; w++) {
        if (has_way(k, w)) {
            uint32_t bit = hsn_key_bit(way_to(k, w));
            l->filter[w].word[bit / 64] |= 1ull << bit % 64;
        }
    }
}

/* Tables stay at most half full. */
static bool grow_tables(hsn_learned *l)
{
    if (l->n < l->n_slots / 4 * 3) {
        return true;
    }
    size_t n = l->n_slots == 0 ? FIRST_SLOTS : l->n_slots * 2;
    slot *made[WAYS + 1] = {0};
    bool ok = true;
    for (int i = 0; i <= WAYS; i++) {
        made[i] = ok ? hsn_mem_zero(n, sizeof *made[i]) : NULL;
        ok = made[i] != NULL;
    }
    if (!ok) {
        for (int i = 0; i <= WAYS; i++) {
            hsn_mem_free(made[i]);
        }
        return false;
    }
    hsn_mem_free(l->whole);
    l->whole = made[WAYS];
    for (int w = 0; w < WAYS; w++) {
        hsn_mem_free(l->ways[w]);
        l->ways[w] = made[w];
    }
    l->n_slots = n;
    assert(l->entries != NULL);
    enum { AHEAD = 8 };
    for (size_t i = 0; i < l->n; i++) {
        if (l->n - i > AHEAD) {
            fetch_slots(l, &l->entries[i + AHEAD].known);
        }
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

static bool chain_is_full(const hsn_learned *l, way w, const unsigned char *p)
{
    size_t n = 0;
    if (!hsn_key_filter_has(&l->filter[w], p)) {
        return false; /* there is no chain yet */
    }
    const uint32_t tag = key_hash(l, p);
    for (; l != NULL; l = l->under) {
        uint32_t i = l->n > 0 ? way_slot(l, w, p, tag)->index : 0;
        for (; i != 0; i = l->entries[i - 1].next[w]) {
            n++;
        }
    }
    return n >= CHAIN_MAX;
}

/* Is there room for one more, in the tables and where its key leads? A way to it may be closed. */
static bool make_room(hsn_learned *l, hsn_known *k)
{
    k->tail = k->tail && !chain_is_full(l, BY_TAIL, way_to(k, BY_TAIL));
    bool ok = grow_entries(l) && grow_tables(l) &&
              (has_way(k, BY_KEY) ? !chain_is_full(l, BY_KEY, way_to(k, BY_KEY))
                                  : l->n_bare < BARE_MAX);
    l->full = l->full || !ok;
    return ok;
}

static void add(hsn_learned *l, const hsn_known *k)
{
    l->entries[l->n] = (entry){.known = *k};
    if (!has_way(k, BY_KEY)) {
        l->bare[l->n_bare++] = (uint32_t)l->n;
    }
    mark_entry(l, &l->entries[l->n]);
    link_entry(l, (uint32_t)l->n);
    l->n++;
    l->bytes += k->value.n + strlen(k->place) + 1;
}

/* Of a value that is not there, with its hash and key. */
static bool add_new(hsn_learned *l, hsn_known k, hsn_str place)
{
    k.tail = hsn_has_tail(k.value);
    fetch_slots(l, &k);
    if (!make_room(l, &k)) {
        return false;
    }
    k.value = hsn_arena_copy(&l->mem, k.value);
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

bool hsn_learned_add(hsn_learned *l, hsn_str value, hsn_str place, bool given)
{
    hsn_known k = {.value = value, .given = given, .hash = hash(l, value.p, value.n)};
    if (find(l, value, k.hash) != NULL) {
        return true;
    }
    k.key = (uint32_t)hsn_key_of(value);
    return add_new(l, k, place);
}

bool hsn_learned_add_by(hsn_learned *l, hsn_str value, size_t key, hsn_str place)
{
    hsn_known k = {.value = value, .hash = hash(l, value.p, value.n), .key = (uint32_t)key};
    return find(l, value, k.hash) != NULL || add_new(l, k, place);
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
        for (way w = 0; w < WAYS; w++) {
            if (has_way(k, w)) {
                way_slot(l, w, way_to(k, w), key_hash(l, way_to(k, w)))->index = e->next[w];
            }
        }
        l->n_bare -= !has_way(k, BY_KEY);
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

const hsn_known *hsn_learned_expect(const hsn_learned *l, hsn_str value, size_t key)
{
    const hsn_known k = {.value = value,
                         .tail = hsn_has_tail(value),
                         .key = (uint32_t)key,
                         .hash = hash(l, value.p, value.n)};
    fetch_slots(l, &k);
    return find(l, value, k.hash);
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
    return &l->filter[BY_KEY];
}

const hsn_key_filter *hsn_learned_tails(const hsn_learned *l)
{
    return &l->filter[BY_TAIL];
}

static bool in_word(hsn_str s, size_t at)
{
    return at > 0 && at < s.n && hsn_is_alnum(s.p[at - 1]) && hsn_is_alnum(s.p[at]);
}

/* A value that is only the beginning of a longer word is another word, unless it is too long for
 * that: verification has the same measure. */
static bool ends_well(hsn_str text, size_t end, hsn_str value)
{
    return !in_word(text, end) || !hsn_is_alnum(value.p[value.n - 1]) ||
           value.n >= HSN_CERTAIN;
}

/* May n bytes, of a word cut at v[at], stand for the whole? */
static bool is_half(hsn_str v, size_t n, size_t at)
{
    enum { WHOLE = 20 };
    return v.n >= WHOLE && n >= HSN_TAIL && 2 * n >= v.n && in_word(v, at);
}

/* How much of v stands at text[from]: all of it, or up to a word's end there that is none in v. 0 for
 * anything less. */
static size_t length_at(hsn_str text, size_t from, hsn_str v)
{
    hsn_str there = hsn_str_cut(text, from, text.n);
    size_t n = 0;
    if (v.n <= there.n && memcmp(there.p, v.p, v.n) == 0) {
        return ends_well(text, from + v.n, v) ? v.n : 0;
    }
    while (n < v.n && n < there.n && there.p[n] == v.p[n]) {
        n++;
    }
    return is_half(v, n, n) && !in_word(there, n) ? n : 0;
}

const hsn_known *hsn_learned_at(const hsn_learned *l, hsn_str text, size_t at, size_t *off,
                                size_t *len)
{
    const hsn_known *best = NULL;
    *len = 0;
    for (; l != NULL && text.n - at >= HSN_KEY; l = l->under) {
        const uint32_t tag = key_hash(l, text.p + at);
        uint32_t i = l->n > 0 ? way_slot(l, BY_KEY, text.p + at, tag)->index : 0;
        for (; i != 0; i = l->entries[i - 1].next[BY_KEY]) {
            const hsn_known *k = &l->entries[i - 1].known;
            size_t n = at < k->key ? 0 : length_at(text, at - k->key, k->value);
            if (n > *len) {
                best = k;
                *len = n;
                *off = at - k->key;
            }
        }
    }
    return best;
}

/* How much of the word text[from, end) is v, or the end of v. */
static size_t length_before(hsn_str text, size_t from, size_t end, hsn_str v)
{
    size_t n = 0;
    while (n < v.n && n < end - from && text.p[end - 1 - n] == v.p[v.n - 1 - n]) {
        n++;
    }
    return n == v.n || (n == end - from && is_half(v, n, v.n - n)) ? n : 0;
}

const hsn_known *hsn_learned_ending(const hsn_learned *l, hsn_str text, size_t from, size_t end,
                                    size_t *len)
{
    const hsn_known *best = NULL;
    *len = 0;
    for (; l != NULL; l = l->under) {
        const unsigned char *p = text.p + end - HSN_KEY;
        uint32_t i = l->n > 0 ? way_slot(l, BY_TAIL, p, key_hash(l, p))->index : 0;
        for (; i != 0; i = l->entries[i - 1].next[BY_TAIL]) {
            const hsn_known *k = &l->entries[i - 1].known;
            size_t n = length_before(text, from, end, k->value);
            if (n > *len) {
                best = k;
                *len = n;
            }
        }
    }
    return best;
}
