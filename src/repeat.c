/*
 * Repeats: a hash table of fields with their results, the one used longest ago leaves first. See
 * repeat.h.
 */
#include "repeat.h"

#include "base_scale.h"

enum {
    ROOM = (4 << 20) / HSN_SCALE, /* bytes of text and results */
    BLOCK = 256,
    SETS = 1 << 10,
    WAYS = 4, /* input can choose what falls together, but no more of it is looked at */
    MARKS = 1 << 12,
    TRUST = ROOM / 4, /* bytes kept before anything has come again */
    GAIN = 8          /* a text that came again pays for so many that did not */
};

/* All that inspection looks at besides the text. Names are of the entry or of the field. */
typedef struct traits {
    hsn_str name;
    hsn_str key;
    const hsn_rule *by;
    const hsn_rule *rule;
    unsigned where;
    bool escaped;
    bool strict;
    unsigned char told;
} traits;

typedef struct entry {
    struct entry *newer;  /* in the order of use */
    struct entry *older;
    uint64_t hash;
    traits traits;
    hsn_str text;
    hsn_result made; /* offsets count from the beginning of the field */
    hsn_arena mem;   /* of all of it */
} entry;

struct hsn_repeats {
    entry *set[SETS][WAYS];
    entry *newest;
    entry *oldest;
    size_t held;            /* bytes of all entries */
    bool dropped;           /* none of them is to be given back */
    size_t credit;          /* bytes that may be kept on trust */
    uint32_t mark[MARKS];   /* of what was not kept */
};

hsn_repeats *hsn_repeats_new(void)
{
    hsn_repeats *r = hsn_mem_zero(1, sizeof *r);
    if (r != NULL) {
        r->credit = TRUST;
    }
    return r;
}

/* ---------------------------------------------------------------- one field */

static traits traits_of(const hsn_field *f)
{
    return (traits){
        .name = f->by->name,
        .key = f->key->name,
        .by = f->by->rule,
        .rule = f->rule,
        .where = f->by->where,
        .escaped = f->escaped,
        .strict = f->strict,
        .told = f->told,
    };
}

static bool same_traits(const traits *a, const traits *b)
{
    return a->by == b->by && a->rule == b->rule && a->where == b->where &&
           a->escaped == b->escaped && a->strict == b->strict && a->told == b->told &&
           hsn_str_eq(a->name, b->name) && hsn_str_eq(a->key, b->key);
}

static hsn_str text_of(hsn_str text, const hsn_field *f)
{
    return hsn_str_cut(text, f->off, f->off + f->len);
}

/* Of HSN_REPEAT_MIN bytes or more: its length and a few words of it, more of them at the ends. What
 * falls together costs a comparison, up to the first byte that differs. */
static uint64_t hash_of(hsn_str v)
{
    enum { WORDS = 16, ENDS = 4 };
    const size_t step = (v.n - sizeof(uint64_t)) / WORDS;
    uint64_t h = v.n * 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < WORDS + ENDS; i++) {
        uint64_t w;
        const size_t at = i < WORDS ? i * step : v.n - (i - WORDS + 1) * sizeof w;
        memcpy(&w, v.p + at, sizeof w);
        h = (h ^ w) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return h;
}

/* ---------------------------------------------------------------- entries */

static void unlink_entry(hsn_repeats *r, const entry *e)
{
    *(e->newer != NULL ? &e->newer->older : &r->newest) = e->older;
    *(e->older != NULL ? &e->older->newer : &r->oldest) = e->newer;
}

static void link_newest(hsn_repeats *r, entry *e)
{
    e->newer = NULL;
    e->older = r->newest;
    *(r->newest != NULL ? &r->newest->newer : &r->oldest) = e;
    r->newest = e;
}

static void forget(hsn_repeats *r, entry *e)
{
    entry **way = r->set[e->hash % SETS];
    while (*way != e) {
        way++;
    }
    *way = NULL;
    unlink_entry(r, e);
    r->held -= sizeof *e + e->mem.total;
    hsn_arena_deinit(&e->mem);
    hsn_mem_free(e);
}

/* A place for an entry: if all are taken, that of any. */
static entry **free_way(hsn_repeats *r, uint64_t hash)
{
    entry **way = r->set[hash % SETS];
    for (size_t i = 0; i < WAYS; i++) {
        if (way[i] == NULL) {
            return &way[i];
        }
    }
    way += (hash >> 32) % WAYS;
    forget(r, *way);
    return way;
}

static void forget_all(hsn_repeats *r)
{
    while (r->oldest != NULL) {
        forget(r, r->oldest);
    }
    r->dropped = false;
}

void hsn_repeats_free(hsn_repeats *r)
{
    if (r != NULL) {
        forget_all(r);
        hsn_mem_free(r);
    }
}

void hsn_repeats_drop(hsn_repeats *r)
{
    r->dropped = true; /* one of them may be in use */
}

static bool is_of(const entry *e, hsn_str v, uint64_t hash, const traits *t)
{
    return e->hash == hash && same_traits(&e->traits, t) && hsn_str_eq(e->text, v);
}

static entry *look_up(const hsn_repeats *r, hsn_str v, uint64_t hash, const traits *t)
{
    entry *const *way = r->set[hash % SETS];
    for (size_t i = 0; i < WAYS && !r->dropped; i++) {
        if (way[i] != NULL && is_of(way[i], v, hash, t)) {
            return way[i];
        }
    }
    return NULL;
}

static entry *entry_of(const hsn_repeats *r, hsn_str text, const hsn_field *f)
{
    const hsn_str v = text_of(text, f);
    const traits t = traits_of(f);
    return look_up(r, v, hash_of(v), &t);
}

bool hsn_repeats_has(const hsn_repeats *r, hsn_str text, const hsn_field *f)
{
    return entry_of(r, text, f) != NULL;
}

/* ---------------------------------------------------------------- there and back */

/* Offsets that count from `from` as such that count from `to`. */
static void shift(hsn_edits *edits, size_t from, size_t to)
{
    for (size_t i = 0; i < edits->n; i++) {
        edits->v[i].off = edits->v[i].off - from + to;
    }
}

bool hsn_repeats_find(hsn_repeats *r, hsn_str text, const hsn_field *f, hsn_arena *mem,
                      hsn_result *out)
{
    entry *e = entry_of(r, text, f);
    if (e == NULL) {
        return false;
    }
    unlink_entry(r, e);
    link_newest(r, e);
    r->credit = r->credit + GAIN * f->len < ROOM ? r->credit + GAIN * f->len : ROOM;
    *out = e->made;
    out->field = f;
    if (e->made.edits.n > 0) {
        const size_t size = e->made.edits.n * sizeof *e->made.edits.v;
        out->edits.v = (void *)hsn_arena_copy(mem, hsn_str_of(e->made.edits.v, size)).p;
        out->edits.n = out->edits.v != NULL ? e->made.edits.n : 0;
        shift(&out->edits, 0, f->off);
    }
    return true;
}

bool hsn_repeats_want(hsn_repeats *r, hsn_str text, const hsn_field *f)
{
    const uint64_t hash = hash_of(text_of(text, f));
    uint32_t *mark = &r->mark[hash % MARKS];
    const uint32_t own = (uint32_t)(hash >> 32) | 1;
    const bool came = *mark == own;
    *mark = own;
    if (!came && r->credit < f->len) {
        return false;
    }
    r->credit -= r->credit < f->len ? r->credit : f->len;
    return true;
}

static bool fill(entry *e, hsn_str v, const traits *t, const hsn_result *made)
{
    e->traits = *t;
    e->traits.name = hsn_arena_copy(&e->mem, t->name);
    e->traits.key = hsn_arena_copy(&e->mem, t->key);
    e->text = hsn_arena_copy(&e->mem, v);
    hsn_result anywhere = *made;
    anywhere.place = NULL;
    e->made = hsn_result_copy(&e->mem, &anywhere);
    shift(&e->made.edits, made->field->off, 0);
    return !e->mem.failed;
}

void hsn_repeats_keep(hsn_repeats *r, hsn_str text, const hsn_result *made)
{
    const hsn_str v = text_of(text, made->field);
    const uint64_t hash = hash_of(v);
    const traits t = traits_of(made->field);
    if (r->dropped) {
        forget_all(r);
    }
    if (made->blind != NULL || look_up(r, v, hash, &t) != NULL) {
        return;
    }
    entry *e = hsn_mem_zero(1, sizeof *e);
    if (e == NULL) {
        return;
    }
    e->hash = hash;
    hsn_arena_init(&e->mem, ROOM / 2);
    e->mem.block = BLOCK;
    *free_way(r, hash) = e;
    link_newest(r, e);
    const bool whole = fill(e, v, &t, made);
    r->held += sizeof *e + e->mem.total;
    if (!whole) {
        forget(r, e);
    }
    while (r->held > ROOM) {
        forget(r, r->oldest);
    }
}
