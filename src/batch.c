/*
 * Batches: fields in, results out, on whatever thread. See batch.h.
 */
#include "batch.h"

#include "field.h"

enum {
    ROOM = 4 << 20,         /* bytes for the layers of one value, and for its edits */
    REPLICA_MAX = 2 << 20,  /* bytes of values and places */
    KEPT_MAX = 2 << 20,     /* bytes of results */
    LIST_MAX = 64 << 10,    /* keys left standing */
    HEAVY_RAW = 1 << 20,    /* bytes; so much of the input one batch may hold */
    HEAVY_FIELDS = 4 << 20, /* and so much of what was read from it */
    TRIM_RAW = 1 << 20,     /* what it may keep for the next one */
    TRIM_FIELDS = 4 << 20,
    TRIM_KEPT = 512 << 10
};

size_t hsn_batch_room(const harsan_options *opt)
{
    size_t window = hsn_window(opt);
    return (window > HSN_BATCH ? window : (size_t)HSN_BATCH) + 2 * HSN_PIECE;
}

void hsn_batch_init(hsn_batch *b, size_t room)
{
    *b = (hsn_batch){0};
    hsn_buf_init(&b->raw, room);
    hsn_taken_init(&b->taken);
    hsn_arena_init(&b->kept, KEPT_MAX);
}

void hsn_batch_deinit(hsn_batch *b)
{
    hsn_buf_wipe(&b->raw);
    hsn_taken_deinit(&b->taken);
    hsn_arena_deinit(&b->kept);
    hsn_asked_free(b->in.asked);
    hsn_inspector_deinit(&b->in);
    hsn_learned_free(b->replica);
}

bool hsn_batch_prepare(hsn_batch *b, const hsn_inspector *like, const harsan_options *opt,
                       hsn_learned *under, bool learns)
{
    if (b->ready) {
        return true;
    }
    bool ok = hsn_inspector_init(&b->in, like->rules, opt);
    if (ok && learns) {
        b->in.asked = hsn_asked_new();
        b->in.seen = hsn_seen_new_list(LIST_MAX);
        b->replica = hsn_learned_over(under, REPLICA_MAX);
        ok = b->in.asked != NULL && b->in.seen != NULL && b->replica != NULL;
    }
    if (!ok) {
        hsn_asked_free(b->in.asked);
        hsn_inspector_deinit(&b->in);
        hsn_learned_free(b->replica);
        b->in = (hsn_inspector){0};
        b->replica = NULL;
        return false;
    }
    hsn_inspector_limit(&b->in, ROOM);
    b->in.learned = learns ? b->replica : under;
    b->in.teach = b->replica;
    b->ready = true;
    return true;
}

bool hsn_batch_is_heavy(const hsn_batch *b)
{
    return b->raw.n > HEAVY_RAW || b->taken.fields.n + b->taken.nodes.n > HEAVY_FIELDS;
}

void hsn_batch_trim(hsn_batch *b)
{
    hsn_buf_reset(&b->raw);
    if (b->raw.cap > TRIM_RAW) {
        hsn_buf_wipe(&b->raw);
    }
    if (hsn_taken_bytes(&b->taken) > TRIM_FIELDS) {
        hsn_taken_deinit(&b->taken);
    }
    if (b->kept.total > TRIM_KEPT) {
        hsn_arena_deinit(&b->kept);
    }
}

/* ---------------------------------------------------------------- before the first field */

/* The memo of clean values says "clean" only as long as none of what it was asked about is learned.
 */
static void forget_clean(hsn_batch *b)
{
    hsn_clean_forget(b->in.clean);
    hsn_asked_clear(b->in.asked);
}

/* False when it does not fit. */
static bool take_lesson(hsn_batch *b, const hsn_lesson *l)
{
    if (hsn_learned_has_own(b->replica, &l->known)) {
        return true;
    }
    if (hsn_asked_has(b->in.asked, l->known.value, l->known.key)) {
        forget_clean(b);
    }
    return hsn_learned_share(b->replica, &l->known);
}

/* NULL when all of them are held. */
static const hsn_lesson *first_untold(const hsn_batch *b, bool renew)
{
    if (renew || b->told.last == NULL) {
        return b->news.first;
    }
    return b->told.last != b->news.last ? b->told.last->next : NULL;
}

/* The replica comes to hold all lessons up to the last one told of, which is not looked beyond. */
static bool catch_up(hsn_batch *b)
{
    bool renew = b->stale || b->told.era != b->news.era;
    if (b->doubtful || b->told.era != b->news.era || hsn_asked_crowded(b->in.asked)) {
        forget_clean(b);
    }
    if (b->doubtful) {
        hsn_seen_forget(b->in.seen);
    }
    if (renew) {
        hsn_learned_clear(b->replica);
    }
    const hsn_lesson *last = b->news.last;
    const hsn_lesson *at = first_untold(b, renew);
    b->told = b->news;
    b->stale = b->doubtful = false;
    hsn_seen_empty(b->in.seen);
    for (; at != NULL; at = at != last ? at->next : NULL) {
        if (!take_lesson(b, at)) {
            return false;
        }
    }
    return true;
}

/* ---------------------------------------------------------------- keeping a result */

/*
 * Everything below copies from the inspector's memory, which is for one value, to the batch's. An
 * arena that is full says so once and for all: what came before is used only if it never was.
 */
static hsn_str keep_str(hsn_batch *b, hsn_str s)
{
    return s.n > 0 ? hsn_arena_copy(&b->kept, s) : s;
}

static const char *keep_text(hsn_batch *b, const char *z)
{
    return z != NULL ? (const char *)keep_str(b, hsn_str_of(z, strlen(z) + 1)).p : NULL;
}

static hsn_note *keep_notes(hsn_batch *b, const hsn_note *n)
{
    hsn_note *first = NULL;
    for (hsn_note **last = &first; n != NULL; n = n->next, last = &(*last)->next) {
        hsn_note *copy = hsn_arena_new(&b->kept, sizeof *copy);
        if (copy == NULL) {
            return NULL;
        }
        *copy = *n;
        copy->next = NULL;
        copy->stand_in = keep_str(b, n->stand_in);
        copy->layers = n->layers[0] != '\0' ? keep_text(b, n->layers) : "";
        copy->name = keep_text(b, n->name);
        copy->claims = keep_text(b, n->claims);
        *last = copy;
    }
    return first;
}

static void keep_edits(hsn_batch *b, const hsn_edits *from, hsn_edits *to)
{
    *to = (hsn_edits){.n = from->n, .cap = from->n};
    to->v = from->n > 0 ? hsn_arena_new(&b->kept, from->n * sizeof *to->v) : NULL;
    for (size_t i = 0; to->v != NULL && i < from->n; i++) {
        to->v[i] = from->v[i];
        to->v[i].with = keep_str(b, from->v[i].with);
        to->v[i].notes = keep_notes(b, from->v[i].notes);
    }
}

static const hsn_blind *keep_blinds(hsn_batch *b, const hsn_blind *n)
{
    hsn_blind *first = NULL;
    for (hsn_blind **last = &first; n != NULL; n = n->next, last = &(*last)->next) {
        hsn_blind *copy = hsn_arena_new(&b->kept, sizeof *copy);
        if (copy == NULL) {
            return NULL;
        }
        *copy = *n;
        copy->next = NULL;
        *last = copy;
    }
    return first;
}

static const hsn_taught *keep_taught(hsn_batch *b, const hsn_taught *t)
{
    hsn_taught *first = NULL;
    for (hsn_taught **last = &first; t != NULL; t = t->next, last = &(*last)->next) {
        hsn_taught *copy = hsn_arena_new(&b->kept, sizeof *copy);
        if (copy == NULL) {
            return NULL;
        }
        *copy = (hsn_taught){.value = keep_str(b, t->value)};
        *last = copy;
    }
    return first;
}

static const char *keep_place(hsn_batch *b, const hsn_field *f)
{
    char place[HSN_POINTER_MAX];
    hsn_taken_pointer(&b->taken, f, place, sizeof place);
    return (const char *)hsn_arena_copy(&b->kept, hsn_str_of(place, strlen(place) + 1)).p;
}

/* NULL without room. */
static hsn_result *keep(hsn_batch *b, const hsn_field *f, const hsn_edits *edits)
{
    hsn_result *r = hsn_arena_new(&b->kept, sizeof *r);
    if (r == NULL) {
        return NULL;
    }
    *r = (hsn_result){.field = f};
    r->place = keep_place(b, f);
    keep_edits(b, edits, &r->edits);
    r->blind = keep_blinds(b, b->in.blind);
    r->taught = keep_taught(b, b->in.taught);
    r->seen = b->in.seen != NULL ? hsn_seen_listed(b->in.seen) : 0;
    return b->kept.failed ? NULL : r;
}

/* ---------------------------------------------------------------- inspection */

static bool learn(hsn_batch *b, const hsn_result *r)
{
    for (const hsn_taught *t = r->taught; t != NULL; t = t->next) {
        size_t known = hsn_learned_count(b->replica);
        if (!hsn_learned_add(b->replica, t->value, hsn_str_z(r->place), false)) {
            return false;
        }
        if (hsn_learned_count(b->replica) > known &&
            hsn_asked_has(b->in.asked, t->value, hsn_key_of(t->value))) {
            hsn_clean_forget(b->in.clean); /* what was asked in this batch still counts */
        }
    }
    return true;
}

/* False when this field and those behind it have to be inspected elsewhere. */
static bool inspect(hsn_batch *b, const hsn_field *f)
{
    hsn_inspector *in = &b->in;
    hsn_edits edits = {0};
    hsn_inspector_next(in);
    hsn_inspect_field(in, hsn_buf_str(&b->raw), f, &edits);
    hsn_edits_settle(&edits);
    if (in->failed || in->cramped || in->arena.failed || hsn_inspector_starved(in) ||
        (in->seen != NULL && hsn_seen_list_failed(in->seen))) {
        return false;
    }
    if (edits.n == 0 && in->blind == NULL && in->taught == NULL) {
        return true;
    }
    hsn_result *r = keep(b, f, &edits);
    if (r == NULL || !learn(b, r) || hsn_inspector_starved(in)) {
        return false;
    }
    *b->last = r;
    b->last = &r->next;
    return true;
}

void hsn_batch_run(void *batch)
{
    hsn_batch *b = batch;
    size_t n;
    const hsn_field *fields = hsn_taken_fields(&b->taken, &n);
    const hsn_str text = hsn_buf_str(&b->raw);
    hsn_arena_reset(&b->kept);
    b->first = NULL;
    b->last = &b->first;
    b->done = b->seen = 0;
    bool ok = b->replica == NULL || catch_up(b);
    while (ok && b->done < n) {
        const hsn_field *f = &fields[b->done];
        ok = hsn_field_is_clean(&b->in, text, f) || inspect(b, f);
        if (ok) {
            b->done++;
            b->seen = b->in.seen != NULL ? hsn_seen_listed(b->in.seen) : 0;
        }
    }
    /* what was looked into in vain is in the memos all the same */
    b->stale = b->stale || !ok;
    b->doubtful = b->doubtful || !ok;
}
