/*
 * Learned values: a set of strings found by their key run.
 *
 * Two tables over one list of values: one by the hash of the whole value, one by the hash of the first
 * six bytes of its key run. A bitmap over those six bytes answers most questions of the scan with one
 * load. Hashes have a random key, so that input cannot choose collisions; values that share a key run
 * (a common prefix) are chained, and a chain has a limit.
 */
#include "learn.h"

#include <sodium.h>

enum {
    CHAIN_MAX = 64,      /* values with one key run: bounds the work at one position */
    FIRST_SLOTS = 256
};

typedef struct entry {
    hsn_known known;
    uint32_t run_off;   /* of the key run in the value */
    uint32_t next_run;  /* index + 1 of the next entry with the same key run */
    bool has_run;
} entry;

struct hsn_learned {
    hsn_arena mem;
    entry *entries;
    size_t n, cap;
    uint32_t *whole; /* index + 1 by hash of the value; open addressing */
    uint32_t *runs;  /* index + 1 of the newest entry by hash of the key run */
    size_t n_slots;  /* of both tables, a power of two */
    size_t longest_bare; /* of the values without a key run: only they need a look-up as a whole */
    bool full;
    unsigned char key[crypto_shorthash_KEYBYTES];
    uint64_t run_key;
    hsn_run_filter filter;
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
    randombytes_buf(&l->run_key, sizeof l->run_key);
    l->run_key |= 1;
    return l;
}

void hsn_learned_free(hsn_learned *l)
{
    if (l != NULL) {
        hsn_arena_deinit(&l->mem);
        hsn_mem_free(l->entries);
        hsn_mem_free(l->whole);
        hsn_mem_free(l->runs);
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

/* Worth of a run: its length, more when letters and digits are mixed. A word stands in many texts. */
static size_t run_worth(hsn_str run)
{
    enum { MIXED = 32 };
    bool digit = false;
    bool letter = false;
    for (size_t i = 0; i < run.n; i++) {
        digit = digit || hsn_is_digit(run.p[i]);
        letter = letter || hsn_is_alpha(run.p[i]);
    }
    return run.n + (digit && letter && run.n >= HSN_KEY_RUN ? MIXED : 0);
}

/* Of equal ones the last, whose beginning is rarely a prefix that many values share. */
size_t hsn_key_run(hsn_str v, size_t *len)
{
    size_t best = 0;
    size_t worth = 0;
    *len = 0;
    for (size_t i = 0; i < v.n;) {
        size_t from = i;
        while (i < v.n && hsn_is_alnum(v.p[i])) {
            i++;
        }
        size_t w = run_worth(hsn_str_cut(v, from, i));
        if (i > from && w >= worth) {
            best = from;
            worth = w;
            *len = i - from;
        }
        i += i == from;
    }
    return best;
}

static bool same_run(const entry *e, const unsigned char *p)
{
    return memcmp(e->known.value.p + e->run_off, p, HSN_KEY_RUN) == 0;
}

/* Six bytes times a secret odd number: input cannot choose what falls together. */
static size_t run_hash(const hsn_learned *l, const unsigned char *p)
{
    uint64_t w = 0;
    memcpy(&w, p, HSN_KEY_RUN);
    return (size_t)((w * l->run_key) >> 24);
}

/* The slot of the key run at p: of an entry that has it, or free. */
static size_t run_slot(const hsn_learned *l, const unsigned char *p)
{
    size_t i = run_hash(l, p) & (l->n_slots - 1);
    while (l->runs[i] != 0 && !same_run(&l->entries[l->runs[i] - 1], p)) {
        i = (i + 1) & (l->n_slots - 1);
    }
    return i;
}

static size_t whole_slot(const hsn_learned *l, hsn_str v)
{
    size_t i = hash(l, v.p, v.n) & (l->n_slots - 1);
    while (l->whole[i] != 0 && !hsn_str_eq(l->entries[l->whole[i] - 1].known.value, v)) {
        i = (i + 1) & (l->n_slots - 1);
    }
    return i;
}

static void link_entry(hsn_learned *l, uint32_t index)
{
    entry *e = &l->entries[index];
    l->whole[whole_slot(l, e->known.value)] = index + 1;
    if (e->has_run) {
        const unsigned char *run = e->known.value.p + e->run_off;
        size_t slot = run_slot(l, run);
        e->next_run = l->runs[slot];
        l->runs[slot] = index + 1;
        uint32_t bit = hsn_run_bit(run);
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
    uint32_t *runs = hsn_mem_zero(n, sizeof *runs);
    if (whole == NULL || runs == NULL) {
        hsn_mem_free(whole);
        hsn_mem_free(runs);
        return false;
    }
    hsn_mem_free(l->whole);
    hsn_mem_free(l->runs);
    l->whole = whole;
    l->runs = runs;
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

static bool chain_is_full(const hsn_learned *l, const unsigned char *run)
{
    size_t n = 0;
    for (uint32_t i = l->runs[run_slot(l, run)]; i != 0; i = l->entries[i - 1].next_run) {
        n++;
    }
    return n >= CHAIN_MAX;
}

bool hsn_learned_add(hsn_learned *l, hsn_str value, hsn_str place, bool given)
{
    if (hsn_learned_whole(l, value) != NULL) {
        return true;
    }
    size_t run_len;
    size_t run = hsn_key_run(value, &run_len);
    bool has_run = run_len >= HSN_KEY_RUN;
    if (!grow_entries(l) || !grow_tables(l) ||
        (has_run && chain_is_full(l, value.p + run))) {
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
    l->entries[l->n] = (entry){
        .known = {.value = copy, .place = z, .given = given},
        .run_off = (uint32_t)run,
        .has_run = has_run,
    };
    if (!has_run && value.n > l->longest_bare) {
        l->longest_bare = value.n;
    }
    link_entry(l, (uint32_t)l->n);
    l->n++;
    return true;
}

/* ---------------------------------------------------------------- looking up */

const hsn_known *hsn_learned_whole(const hsn_learned *l, hsn_str value)
{
    uint32_t i = l->n > 0 ? l->whole[whole_slot(l, value)] : 0;
    return i != 0 ? &l->entries[i - 1].known : NULL;
}

const hsn_known *hsn_learned_bare(const hsn_learned *l, hsn_str value)
{
    return value.n <= l->longest_bare ? hsn_learned_whole(l, value) : NULL;
}

const hsn_run_filter *hsn_learned_filter(const hsn_learned *l)
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
    if (l->n == 0 || text.n - at < HSN_KEY_RUN) {
        return NULL;
    }
    const hsn_known *best = NULL;
    for (uint32_t i = l->runs[run_slot(l, text.p + at)]; i != 0; i = l->entries[i - 1].next_run) {
        const entry *e = &l->entries[i - 1];
        hsn_str v = e->known.value;
        if (at < e->run_off || v.n > text.n - (at - e->run_off) ||
            (best != NULL && best->value.n >= v.n)) {
            continue;
        }
        size_t from = at - e->run_off;
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
