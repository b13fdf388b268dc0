/*
 * Batches: fields in, results out, on whatever thread. See batch.h.
 */
#include "batch.h"

#include "field.h"

enum {
    KEPT_MAX = 2 << 20,     /* bytes of results */
    HEAVY_RAW = 1 << 20,    /* bytes; so much of the input one batch may hold */
    HEAVY_FIELDS = 4 << 20, /* and so much of what was read from it */
    TRIM_RAW = 1 << 20,     /* what it may keep for the next one */
    TRIM_FIELDS = 4 << 20,
    TRIM_KEPT = 512 << 10
};

size_t hsn_batch_most(const harsan_options *opt)
{
    enum { LEAST = HSN_BATCH + 2 * HSN_PIECE };
    size_t window = hsn_window(opt);
    return window > LEAST ? window : LEAST;
}

size_t hsn_batch_room(const harsan_options *opt)
{
    return hsn_batch_most(opt) + 2 * HSN_PIECE;
}

void hsn_batch_init(hsn_batch *b, size_t room)
{
    *b = (hsn_batch){0};
    hsn_buf_init(&b->raw, room);
    hsn_taken_init(&b->taken);
    hsn_arena_init(&b->kept, KEPT_MAX);
    hsn_buf_init(&b->longs, SIZE_MAX);
}

void hsn_batch_deinit(hsn_batch *b)
{
    hsn_buf_wipe(&b->raw);
    hsn_taken_deinit(&b->taken);
    hsn_arena_deinit(&b->kept);
    hsn_buf_deinit(&b->longs);
    hsn_asked_free(b->asked);
}

hsn_long *hsn_batch_longs(const hsn_batch *b, size_t *n)
{
    *n = b->longs.n / sizeof(hsn_long);
    return (hsn_long *)(void *)b->longs.p;
}

bool hsn_batch_prepare(hsn_batch *b, hsn_desks *desks, bool learns)
{
    b->desks = desks;
    if (learns && b->asked == NULL) {
        b->asked = hsn_asked_new(0); /* lists are made at a desk */
    }
    return b->asked != NULL || !learns;
}

bool hsn_batch_is_heavy(const hsn_batch *b)
{
    return b->raw.n > HEAVY_RAW || b->taken.fields.n + b->taken.nodes.n > HEAVY_FIELDS;
}

void hsn_batch_trim(hsn_batch *b)
{
    hsn_buf_reset(&b->raw);
    hsn_buf_reset(&b->longs);
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

/* ---------------------------------------------------------------- inspection */

/* Words left standing so far. */
static size_t listed(const hsn_desk *d)
{
    return d->replica != NULL ? hsn_asked_listed(d->in.asked) : 0;
}

/* NULL without room. */
static hsn_result *keep(hsn_batch *b, const hsn_desk *d, const hsn_field *f,
                        const hsn_edits *edits)
{
    char place[HSN_POINTER_MAX];
    hsn_taken_pointer(&b->taken, f, place, sizeof place);
    const hsn_result here = {
        .field = f,
        .edits = *edits,
        .blind = d->in.blind,
        .taught = d->in.taught,
        .place = place,
        .listed = listed(d),
    };
    hsn_result *r = hsn_arena_new(&b->kept, sizeof *r);
    if (r != NULL) {
        *r = hsn_result_copy(&b->kept, &here);
    }
    return b->kept.failed ? NULL : r;
}

static bool learn(hsn_desk *d, const hsn_result *r)
{
    for (const hsn_taught *t = r->taught; t != NULL; t = t->next) {
        if (!hsn_desk_learn(d, t, r->place)) {
            return false;
        }
    }
    return true;
}

/* False when this field and those behind it have to be inspected elsewhere. */
static bool inspect(hsn_batch *b, hsn_desk *d, const hsn_field *f)
{
    hsn_inspector *in = &d->in;
    hsn_edits edits = {0};
    hsn_inspector_next(in);
    hsn_settle_field(in, hsn_buf_str(&b->raw), f, &edits);
    if (in->failed || in->cramped || in->arena.failed || hsn_inspector_starved(in) ||
        (in->asked != NULL && hsn_asked_list_failed(in->asked))) {
        return false;
    }
    if (edits.n == 0 && in->blind == NULL && in->taught == NULL) {
        return true;
    }
    hsn_result *r = keep(b, d, f, &edits);
    if (r == NULL || !learn(d, r) || hsn_inspector_starved(in)) {
        return false;
    }
    *b->last = r;
    b->last = &r->next;
    return true;
}

static void run_at(hsn_batch *b, hsn_desk *d)
{
    size_t n;
    size_t n_longs;
    const hsn_field *fields = hsn_taken_fields(&b->taken, &n);
    hsn_long *l = hsn_batch_longs(b, &n_longs);
    const hsn_str text = hsn_buf_str(&b->raw);
    bool ok = hsn_desk_begin(d, b->number, &b->news);
    while (ok && b->done < n) {
        const hsn_field *f = &fields[b->done];
        const bool is_long = n_longs > 0 && l->field == b->done;
        ok = (is_long && l->known) || hsn_field_is_clean(&d->in, text, f) || inspect(b, d, f);
        if (ok) {
            b->done++;
            b->listed = listed(d);
        }
        if (is_long) {
            l->listed = b->listed;
            l++;
            n_longs--;
        }
    }
    /* what was looked into in vain is in the memos all the same */
    d->doubtful = !ok;
    if (d->replica != NULL) {
        hsn_asked_hand_over(d->in.asked, b->asked);
    }
}

void hsn_batch_run(void *batch)
{
    hsn_batch *b = batch;
    hsn_arena_reset(&b->kept);
    b->first = NULL;
    b->last = &b->first;
    b->done = b->listed = 0;
    hsn_desk *d = hsn_desk_take(b->desks);
    if (d != NULL) {
        run_at(b, d);
        hsn_desk_give_back(b->desks, d);
    }
}
