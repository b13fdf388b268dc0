/*
 * Learned values: a set of strings (learn_set.h) that is added to, layered and cut back.
 *
 * Receives values with their places; emits whether the whole of a text is one of them. What of a
 * value stands somewhere in a text is for learn_find.c. Must never lose a value in silence: one
 * that found no room leaves the set full.
 */
#include "learn_set.h"

#include <assert.h>
#include <sodium.h>

enum {
    CHAIN_MAX = 64, /* values with one key: bounds the work at one position */
    FIRST_SLOTS = 256
};

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
        h = fold(hsn_word64_at(p) ^ l->salt[1], hsn_word64_at(p + sizeof h) ^ h);
    }
    if (n > 0) {
        memcpy(last, p, n);
    }
    h = fold(hsn_word64_at(last) ^ l->salt[1], hsn_word64_at(last + sizeof h) ^ h);
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
        if (hsn_has_way(k, w)) {
            __builtin_prefetch(&l->ways[w][hsn_way_hash(l, hsn_way_to(k, w)) & mask], 1);
        }
    }
}

static void link_entry(hsn_learned *l, uint32_t index)
{
    entry *e = &l->entries[index];
    *whole_slot(l, e->known.value, e->known.hash) = (slot){index + 1, (uint32_t)e->known.hash};
    for (way w = 0; w < WAYS; w++) {
        if (hsn_has_way(&e->known, w)) {
            const uint32_t tag = hsn_way_hash(l, hsn_way_to(&e->known, w));
            slot *s = hsn_way_slot(l, w, hsn_way_to(&e->known, w), tag);
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
        if (hsn_has_way(k, w)) {
            uint32_t bit = hsn_key_bit(hsn_way_to(k, w));
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
    const uint32_t tag = hsn_way_hash(l, p);
    for (; l != NULL; l = l->under) {
        uint32_t i = l->n > 0 ? hsn_way_slot(l, w, p, tag)->index : 0;
        for (; i != 0; i = l->entries[i - 1].next[w]) {
            n++;
        }
    }
    return n >= CHAIN_MAX;
}

/* Is there room for one more, in the tables and where its key leads? A way to it may be closed. */
static bool make_room(hsn_learned *l, hsn_known *k)
{
    k->tail = k->tail && !chain_is_full(l, BY_TAIL, hsn_way_to(k, BY_TAIL));
    bool ok = grow_entries(l) && grow_tables(l) &&
              (hsn_has_way(k, BY_KEY) ? !chain_is_full(l, BY_KEY, hsn_way_to(k, BY_KEY))
                                      : l->n_bare < BARE_MAX);
    l->full = l->full || !ok;
    return ok;
}

static void add(hsn_learned *l, const hsn_known *k)
{
    l->entries[l->n] = (entry){.known = *k};
    if (!hsn_has_way(k, BY_KEY)) {
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
            if (hsn_has_way(k, w)) {
                const unsigned char *six = hsn_way_to(k, w);
                hsn_way_slot(l, w, six, hsn_way_hash(l, six))->index = e->next[w];
            }
        }
        l->n_bare -= !hsn_has_way(k, BY_KEY);
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
