/*
 * The values found in the input. Distinct ones are found by eight of their bytes (four of those
 * that are shorter), their window: a bitmap answers for nearly every position of a text with one
 * load, a table for the rest. The cost at a position does not depend on how many values there are;
 * hashes have a random key and chains of one window a limit, so that input cannot choose otherwise.
 */
#include "verify.h"

#include "valid.h"

#include <sodium.h>

enum {
    WINDOW = 8,
    SHORT_WINDOW = 4, /* of a value that is shorter than WINDOW */
    KEPT_MAX = 256,   /* of one value */
    BESIDE_MAX = 768, /* of a longer one beside what is kept: told by a hash */
    CHAIN_MAX = 64,   /* values with one window */
    WINDOWS_TRIED = 8,
    ECHO_MIN = 4, /* shorter fields are equal by chance */
    BITMAP_BITS = 1 << 18,
    FIRST_SLOTS = 256
};

typedef struct entry {
    hsn_str value;
    uint32_t window; /* offset of the window in the value */
    uint32_t width;  /* of the window */
    uint32_t next;   /* index + 1 in its chain */
    uint32_t beside; /* bytes of the value right before the kept part, or right behind it, */
    uint64_t hash;   /* and theirs */
    bool before;
    bool distinct;
} entry;

struct hsn_values {
    hsn_arena mem;
    entry *entries;
    size_t n, cap;
    uint32_t *slots; /* index + 1 of the newest entry by hash of window or whole value */
    size_t n_slots;  /* a power of two, at least n */
    unsigned char key[crypto_shorthash_KEYBYTES];
    bool has_short; /* distinct values with a short window */
    uint64_t bitmap[BITMAP_BITS / 64];
    uint64_t short_bitmap[BITMAP_BITS / 64];
};

hsn_values *hsn_values_new(size_t max_bytes)
{
    hsn_values *v = hsn_mem_zero(1, sizeof *v);
    if (v != NULL) {
        hsn_arena_init(&v->mem, max_bytes);
        crypto_shorthash_keygen(v->key);
    }
    return v;
}

void hsn_values_free(hsn_values *v)
{
    if (v != NULL) {
        hsn_arena_deinit(&v->mem);
        hsn_mem_free(v->entries);
        hsn_mem_free(v->slots);
        hsn_mem_wipe(v, sizeof *v);
        hsn_mem_free(v);
    }
}

size_t hsn_values_count(const hsn_values *v)
{
    return v->n;
}

/* ---------------------------------------------------------------- tables */

static uint64_t hash_of(const hsn_values *v, hsn_str s)
{
    uint64_t h;
    crypto_shorthash((unsigned char *)&h, s.p, s.n, v->key);
    return h;
}

static size_t slot_of(const hsn_values *v, hsn_str s)
{
    return hash_of(v, s) & (v->n_slots - 1);
}

/* A cheap mix for the bitmap alone: collisions only cost a look into the table. */
static uint32_t bit_of(const unsigned char *p, size_t width)
{
    uint64_t w = 0;
    memcpy(&w, p, width);
    return (uint32_t)(w * 0x9e3779b97f4a7c15u >> 46); /* 18 bits: BITMAP_BITS */
}

/* What an entry is found by. */
static hsn_str handle(const entry *e)
{
    return e->distinct ? hsn_str_cut(e->value, e->window, e->window + e->width) : e->value;
}

static void link_entry(hsn_values *v, size_t index)
{
    entry *e = &v->entries[index];
    hsn_str h = handle(e);
    size_t slot = slot_of(v, h);
    e->next = v->slots[slot];
    v->slots[slot] = (uint32_t)index + 1;
    if (e->distinct) {
        bool is_short = e->width == SHORT_WINDOW;
        uint64_t *bitmap = is_short ? v->short_bitmap : v->bitmap;
        uint32_t bit = bit_of(h.p, e->width);
        bitmap[bit / 64] |= 1ull << bit % 64;
        v->has_short = v->has_short || is_short;
    }
}

static bool grow(hsn_values *v)
{
    if (v->n < v->cap) {
        return true;
    }
    size_t cap = v->cap == 0 ? FIRST_SLOTS : v->cap * 2;
    uint32_t *slots = hsn_mem_zero(cap, sizeof *slots);
    entry *entries = slots != NULL ? hsn_mem_grow(v->entries, cap * sizeof *entries) : NULL;
    if (entries == NULL) {
        hsn_mem_free(slots);
        return false;
    }
    hsn_mem_free(v->slots);
    v->entries = entries;
    v->slots = slots;
    v->cap = cap;
    v->n_slots = cap;
    for (size_t i = 0; i < v->n; i++) {
        link_entry(v, i);
    }
    return true;
}

/* The entry that follows `i` in its chain, or begins the chain of `h` when i is 0, and has the
 * handle h; index + 1, 0 at the end. */
static uint32_t next_with(const hsn_values *v, hsn_str h, bool distinct, uint32_t i)
{
    i = i == 0 ? v->slots[slot_of(v, h)] : v->entries[i - 1].next;
    while (i != 0 &&
           (v->entries[i - 1].distinct != distinct || !hsn_str_eq(handle(&v->entries[i - 1]), h))) {
        i = v->entries[i - 1].next;
    }
    return i;
}

/* ---------------------------------------------------------------- adding */

static bool is_same(const entry *a, const entry *b)
{
    return a->beside == b->beside && a->hash == b->hash && a->before == b->before &&
           hsn_str_eq(a->value, b->value);
}

/* A window that few values share; the end of a value tells more than its beginning. *held: the
 * value is in the set already. False when all that were tried are crowded. */
static bool choose_window(const hsn_values *v, entry *e, bool *held)
{
    const hsn_str value = e->value;
    *held = false;
    e->width = value.n >= WINDOW ? WINDOW : SHORT_WINDOW;
    size_t last = value.n - e->width;
    for (size_t k = 0; k < WINDOWS_TRIED && k <= last; k++) {
        size_t at = last - last * k / WINDOWS_TRIED;
        hsn_str h = hsn_str_cut(value, at, at + e->width);
        size_t n = 0;
        for (uint32_t i = next_with(v, h, true, 0); i != 0; i = next_with(v, h, true, i)) {
            *held = *held || is_same(&v->entries[i - 1], e);
            n++;
        }
        if (*held || n < CHAIN_MAX) {
            e->window = (uint32_t)at;
            return true;
        }
    }
    return false;
}

/* The part of a long value that stands for it: its end, or its beginning when the end could be
 * anything. What repeats itself ends as many a shorter one does: the rest has a hash. */
static entry keep_part(const hsn_values *v, hsn_str value, bool distinct)
{
    entry e = {.value = value, .distinct = distinct && value.n >= SHORT_WINDOW};
    if (value.n <= KEPT_MAX) {
        return e;
    }
    const size_t cut = value.n - KEPT_MAX;
    const size_t more = cut < BESIDE_MAX ? cut : BESIDE_MAX;
    hsn_str beside = hsn_str_cut(value, cut - more, cut);
    e.value = hsn_str_cut(value, cut, value.n);
    e.before = true;
    if (distinct && !hsn_is_sweepable(e.value)) {
        e.value = hsn_str_cut(value, 0, KEPT_MAX);
        beside = hsn_str_cut(value, KEPT_MAX, KEPT_MAX + more);
        e.before = false;
    }
    e.beside = (uint32_t)more;
    e.hash = hash_of(v, beside);
    return e;
}

bool hsn_values_add(hsn_values *v, hsn_str value, bool distinct)
{
    if (!grow(v)) {
        return false;
    }
    entry made = keep_part(v, value, distinct);
    bool held = !made.distinct && next_with(v, made.value, false, 0) != 0;
    if (made.distinct && !choose_window(v, &made, &held)) {
        return false;
    }
    if (held || value.n == 0) {
        return true;
    }
    made.value = hsn_arena_copy(&v->mem, made.value);
    if (v->mem.failed) {
        return false;
    }
    v->entries[v->n] = made;
    link_entry(v, v->n);
    v->n++;
    return true;
}

/* ---------------------------------------------------------------- looking */

static bool is_address(hsn_str value)
{
    size_t begin = value.n;
    size_t at = hsn_str_chr(value, '@');
    return at < value.n && hsn_email_in_text(value, at, &begin) == value.n && begin == 0;
}

/* A short value that is only a part of a longer word is another word, and an address with more
 * letters another address: only where these make it none is it not found itself. */
static bool stands_alone(hsn_str text, size_t from, hsn_str value)
{
    size_t end = from + value.n;
    bool before = from > 0 && hsn_is_alnum(text.p[from - 1]) && hsn_is_alnum(value.p[0]);
    bool behind = end < text.n && hsn_is_alnum(text.p[end]) && hsn_is_alnum(text.p[end - 1]);
    bool certain =
        value.n >= HSN_CERTAIN && !(behind && hsn_is_alpha(text.p[end]) && is_address(value));
    return certain || (!before && !behind);
}

/* Does the rest of the value stand beside its kept part at text[from]? */
static bool has_beside(const hsn_values *v, const entry *e, hsn_str text, size_t from)
{
    const size_t end = from + e->value.n;
    if (e->before ? e->beside > from : e->beside > text.n - end) {
        return false;
    }
    const size_t begin = e->before ? from - e->beside : end;
    return e->beside == 0 || hash_of(v, hsn_str_cut(text, begin, begin + e->beside)) == e->hash;
}

static bool stands_at(const hsn_values *v, hsn_str text, size_t at, size_t width)
{
    hsn_str h = hsn_str_cut(text, at, at + width);
    for (uint32_t i = next_with(v, h, true, 0); i != 0; i = next_with(v, h, true, i)) {
        const entry *e = &v->entries[i - 1];
        if (at < e->window || e->value.n > text.n - (at - e->window)) {
            continue;
        }
        size_t from = at - e->window;
        if (memcmp(text.p + from, e->value.p, e->value.n) == 0 &&
            stands_alone(text, from, e->value) && has_beside(v, e, text, from)) {
            return true;
        }
    }
    return false;
}

static bool stands_within(const hsn_values *v, hsn_str text, const uint64_t *bitmap, size_t width)
{
    for (size_t at = 0; at + width <= text.n; at++) {
        uint32_t bit = bit_of(text.p + at, width);
        if (HSN_UNLIKELY((bitmap[bit / 64] >> bit % 64 & 1) != 0) &&
            stands_at(v, text, at, width)) {
            return true;
        }
    }
    return false;
}

bool hsn_values_within(const hsn_values *v, hsn_str text)
{
    return v->n > 0 && (stands_within(v, text, v->bitmap, WINDOW) ||
                        (v->has_short && stands_within(v, text, v->short_bitmap, SHORT_WINDOW)));
}

bool hsn_values_equal(const hsn_values *v, hsn_str text)
{
    return v->n > 0 && text.n >= ECHO_MIN && text.n <= KEPT_MAX &&
           next_with(v, text, false, 0) != 0;
}
