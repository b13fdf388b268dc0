/*
 * Repeats: a ring of fields with their results, of which the oldest leave for new ones, and a hash
 * table of where they are. See repeat.h.
 */
#include "repeat.h"

#include "base_ends.h"
#include "base_scale.h"

enum {
    ROOM = (4 << 20) / HSN_SCALE, /* bytes of texts and results */
    SPARE = 16 * 1024 / HSN_SCALE, /* at least so many for a result */
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

/* One after the other in the ring, with all that they point to. */
typedef struct entry {
    struct entry *next; /* the one kept after it */
    uint64_t hash;
    traits traits;
    hsn_str text;
    hsn_result made; /* offsets count from the beginning of the field */
} entry;

struct hsn_repeats {
    unsigned char *ring; /* of ROOM bytes; memory is taken as it is used */
    size_t used;         /* bytes of it that ever were */
    size_t head;         /* the next entry goes there */
    entry *oldest;       /* behind the head, round the ring; NULL: it is empty */
    entry *newest;
    entry *set[SETS][WAYS];
    bool dropped;         /* none of them is to be given back */
    size_t credit;        /* bytes that may be kept on trust */
    uint32_t mark[MARKS]; /* of what came, kept or not */
};

hsn_repeats *hsn_repeats_new(void)
{
    hsn_repeats *r = hsn_mem_zero(1, sizeof *r);
    unsigned char *ring = r != NULL ? hsn_mem_new(ROOM) : NULL;
    if (ring == NULL) {
        hsn_mem_free(r);
        return NULL;
    }
    r->ring = ring;
    r->credit = TRUST;
    return r;
}

void hsn_repeats_free(hsn_repeats *r)
{
    if (r != NULL) {
        hsn_mem_wipe(r->ring, r->used);
        hsn_mem_free(r->ring);
        hsn_mem_free(r);
    }
}

void hsn_repeats_drop(hsn_repeats *r)
{
    r->dropped = true; /* one of them may be in use */
}

bool hsn_repeats_is_empty(const hsn_repeats *r)
{
    return r->oldest == NULL || r->dropped;
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
        const size_t at = i < WORDS ? i * step : v.n - (i - WORDS + 1) * sizeof h;
        h = hsn_mix_word(h, hsn_word64_at(v.p + at));
    }
    return h;
}

/* ---------------------------------------------------------------- the ring */

static size_t place_of(const hsn_repeats *r, const entry *e)
{
    return (size_t)((const unsigned char *)e - r->ring);
}

static void forget_oldest(hsn_repeats *r)
{
    entry **way = r->set[r->oldest->hash % SETS];
    for (size_t i = 0; i < WAYS; i++) {
        if (way[i] == r->oldest) {
            way[i] = NULL;
        }
    }
    r->oldest = r->oldest->next;
}

static void forget_all(hsn_repeats *r)
{
    memset(r->set, 0, sizeof r->set);
    r->oldest = NULL;
    r->head = 0;
    r->dropped = false;
}

/* Bytes from the head on, n of ROOM or more: the oldest entries leave for them. */
static hsn_arena make_room(hsn_repeats *r, size_t n)
{
    hsn_arena room;
    const bool wraps = ROOM - r->head < n;
    const size_t end = wraps ? ROOM : r->head + n;
    while (r->oldest != NULL && place_of(r, r->oldest) >= r->head && place_of(r, r->oldest) < end) {
        forget_oldest(r);
    }
    if (wraps) {
        r->head = 0;
        return make_room(r, n);
    }
    const bool ahead = r->oldest != NULL && place_of(r, r->oldest) >= r->head;
    const size_t upto = ahead ? place_of(r, r->oldest) : ROOM;
    hsn_arena_over(&room, r->ring + r->head, upto - r->head);
    return room;
}

/* ---------------------------------------------------------------- look-up */

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

/* A place for an entry: if all are taken, that of any. */
static entry **free_way(hsn_repeats *r, uint64_t hash)
{
    entry **way = r->set[hash % SETS];
    for (size_t i = 0; i < WAYS; i++) {
        if (way[i] == NULL) {
            return &way[i];
        }
    }
    return &way[(hash >> 32) % WAYS];
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

/* Empty without memory. */
static hsn_edits copy_edits(hsn_arena *mem, const hsn_edits *from)
{
    const size_t size = from->n * sizeof *from->v;
    hsn_edit *v = size > 0 ? hsn_arena_new(mem, size) : NULL;
    if (v == NULL) {
        return (hsn_edits){0};
    }
    memcpy(v, from->v, size);
    return (hsn_edits){.v = v, .n = from->n, .cap = from->n};
}

bool hsn_repeats_find(hsn_repeats *r, hsn_str text, const hsn_field *f, hsn_arena *mem,
                      hsn_result *out)
{
    entry *e = entry_of(r, text, f);
    if (e == NULL) {
        return false;
    }
    r->credit = r->credit + GAIN * f->len < ROOM ? r->credit + GAIN * f->len : ROOM;
    *out = e->made;
    out->field = f;
    out->edits = copy_edits(mem, &e->made.edits);
    shift(&out->edits, 0, f->off);
    return true;
}

static hsn_str copy_name(hsn_arena *mem, hsn_str name)
{
    return name.n > 0 ? hsn_arena_copy(mem, name) : name;
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

/* NULL without room. */
static entry *copy(hsn_arena *mem, hsn_str v, const traits *t, const hsn_result *made)
{
    hsn_result anywhere = *made;
    anywhere.place = NULL;
    entry *e = hsn_arena_new(mem, sizeof *e);
    if (e == NULL) {
        return NULL;
    }
    *e = (entry){.traits = *t, .text = hsn_arena_copy(mem, v)};
    e->traits.name = copy_name(mem, t->name);
    e->traits.key = copy_name(mem, t->key);
    e->made = hsn_result_copy(mem, &anywhere);
    shift(&e->made.edits, made->field->off, 0);
    return mem->failed ? NULL : e;
}

void hsn_repeats_keep(hsn_repeats *r, hsn_str text, const hsn_result *made)
{
    const hsn_str v = text_of(text, made->field);
    const uint64_t hash = hash_of(v);
    const traits t = traits_of(made->field);
    const size_t room = v.n + v.n / 2 + SPARE; /* most results are shorter than the text */
    if (r->dropped) {
        forget_all(r);
    }
    if (made->blind != NULL || room > ROOM || look_up(r, v, hash, &t) != NULL) {
        return;
    }
    hsn_arena mem = make_room(r, room);
    entry *e = copy(&mem, v, &t, made);
    const size_t end = (size_t)(mem.free - r->ring);
    r->used = r->used > end ? r->used : end;
    if (e == NULL) {
        return;
    }
    e->hash = hash;
    *(r->oldest != NULL ? &r->newest->next : &r->oldest) = e;
    r->newest = e;
    *free_way(r, hash) = e;
    r->head = end;
}
