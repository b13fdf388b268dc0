/*
 * Batches in flight: a ring of them, the oldest of which is put into effect next. See flight.h.
 */
#include "flight_parts.h"

enum {
    HELD_MAX = 6 << 20,     /* bytes of batches, in flight or kept for the next */
    FRESH_MAX = 512 << 10,  /* bytes of values and places that every batch has a copy of */
    GONE_TABLES = 2,        /* 1.3 MiB: a false yes costs what was kept for repeats, no more */
    REPEATS_UPTO = 4 << 20, /* bytes learned */
    KEPT_FIRST = 1 << 20,   /* bytes of results, before anything is known about the text */
    CROWD = 24 << 20        /* from so many for each slot on one by one: the copies grow with them,
                               and the set's limit acts in order */
};

/* ---------------------------------------------------------------- beginning and end */

/* What comes again must be told from what was learned meanwhile. False without memory. */
static bool begin_repeats(hsn_flight *f)
{
    f->repeats = hsn_repeats_new();
    f->in->gone = f->in->seen != NULL ? hsn_seen_new(GONE_TABLES) : NULL;
    return f->repeats != NULL && (f->in->gone != NULL || f->in->seen == NULL);
}

static void end_repeats(hsn_flight *f)
{
    hsn_repeats_free(f->repeats);
    f->repeats = NULL;
    hsn_seen_free(f->in->gone);
    f->in->gone = NULL;
}

hsn_flight *hsn_flight_new(hsn_inspector *in, const harsan_options *opt)
{
    bool crew = opt->start != NULL && opt->join != NULL && opt->jobs > 1;
    unsigned jobs = opt->jobs < JOBS_MAX ? opt->jobs : JOBS_MAX;
    unsigned n = crew ? jobs + SPARE : 1;
    hsn_flight *f = hsn_mem_zero(1, sizeof *f + n * sizeof f->slots[0]);
    if (f == NULL) {
        return NULL;
    }
    f->in = in;
    f->opt = opt;
    f->all = in->learned;
    f->alone = !crew;
    f->n = n;
    f->log.era = 1;
    f->kept = KEPT_FIRST;
    hsn_emit_init(&f->emit, opt);
    hsn_arena_init(&f->log_mem, SIZE_MAX);
    for (unsigned i = 0; i < n; i++) {
        hsn_batch_init(&f->slots[i].batch, hsn_batch_room(opt));
        f->ring[i] = &f->slots[i];
    }
    if (crew && in->teach != NULL) {
        f->fresh = hsn_learned_over(f->all, SIZE_MAX);
        if (f->fresh == NULL) {
            hsn_flight_free(f);
            return NULL;
        }
        in->learned = in->teach = f->fresh;
    }
    if (in->watch == NULL && !begin_repeats(f)) {
        hsn_flight_free(f);
        return NULL;
    }
    if (crew) { /* without memory for them batches go one by one */
        f->desks = hsn_desks_new(n, in->rules, opt, f->all, f->fresh != NULL);
    }
    return f;
}

/* In flight as number i from the oldest on; the next free one behind them. */
static slot **slot_at(hsn_flight *f, unsigned i)
{
    return &f->ring[(f->first + i) % f->n];
}

static void join(hsn_flight *f, slot *s)
{
    if (s->task != NULL) {
        f->opt->join(f->opt->crew, s->task);
        s->task = NULL;
    }
}

void hsn_flight_free(hsn_flight *f)
{
    if (f == NULL) {
        return;
    }
    for (unsigned i = 0; i < f->n; i++) {
        join(f, *slot_at(f, i));
    }
    (void)!hsn_flight_end(f); /* an error by now concerns nobody */
    for (unsigned i = 0; i < f->n; i++) {
        hsn_batch_deinit(&f->slots[i].batch);
    }
    hsn_desks_free(f->desks);
    hsn_arena_deinit(&f->log_mem);
    end_repeats(f);
    hsn_mem_free(f);
}

hsn_emit *hsn_flight_emit(hsn_flight *f)
{
    return &f->emit;
}

bool hsn_flight_again(const hsn_flight *f)
{
    return f->again;
}

/* ---------------------------------------------------------------- the ring */

static void weigh(hsn_flight *f, slot *s, size_t kept)
{
    const hsn_batch *b = &s->batch;
    f->held -= s->held;
    s->held = b->raw.cap + hsn_taken_bytes(&b->taken) + kept;
    f->held += s->held;
}

/* A batch had so many bytes of results: as many from the first time on, less only by and by. */
static void expect(hsn_flight *f, size_t kept)
{
    size_t less = f->kept - f->kept / 4;
    f->kept = kept > less ? kept : less;
}

/* The slot is the next to be used: what others never hold need not be counted. */
static slot *leave_ring(hsn_flight *f)
{
    slot **oldest = slot_at(f, 0);
    slot *s = *oldest;
    f->first = (f->first + 1) % f->n;
    f->count--;
    slot **next = slot_at(f, f->count);
    *oldest = *next;
    *next = s;
    return s;
}

static bool land_first(hsn_flight *f)
{
    join(f, *slot_at(f, 0));
    slot *s = leave_ring(f);
    expect(f, s->batch.kept.total);
    bool ok = hsn_flight_commit(f, &s->batch, true);
    if (f->held > HELD_MAX) {
        hsn_batch_deinit(&s->batch);
        hsn_batch_init(&s->batch, hsn_batch_room(f->opt));
    }
    weigh(f, s, s->batch.kept.total);
    return ok;
}

bool hsn_flight_land(hsn_flight *f)
{
    bool ok = true;
    while (ok && f->count > 0) {
        ok = land_first(f);
    }
    return ok;
}

/* Nothing is in flight, and nothing will be. */
static void ground(hsn_flight *f)
{
    (void)!hsn_flight_end(f); /* nothing is fresh: it was merged just now */
    for (unsigned i = 0; i < f->n; i++) {
        hsn_batch *b = &f->slots[i].batch;
        hsn_batch_deinit(b);
        hsn_batch_init(b, hsn_batch_room(f->opt));
    }
    hsn_desks_free(f->desks);
    f->desks = NULL;
}

/* So much was learned that the memory is needed elsewhere. */
static void shed_repeats(hsn_flight *f)
{
    if (f->repeats != NULL && hsn_learned_bytes(f->all) > REPEATS_UPTO) {
        end_repeats(f);
    }
}

/* So much was learned that the copies are to be made smaller, or none at all. */
static bool tidy(hsn_flight *f)
{
    if (f->fresh == NULL || hsn_learned_bytes(f->fresh) < FRESH_MAX) {
        return true;
    }
    if (!hsn_flight_land(f)) {
        return false;
    }
    if (!hsn_flight_merge(f)) {
        return false;
    }
    if (hsn_learned_bytes(f->all) * f->n > CROWD) {
        ground(f);
    }
    return true;
}

hsn_batch *hsn_flight_next(hsn_flight *f)
{
    shed_repeats(f);
    if (!tidy(f)) {
        return NULL;
    }
    while (f->count == f->n || (f->count > 1 && f->held > HELD_MAX)) {
        if (!land_first(f)) {
            return NULL;
        }
    }
    return &(*slot_at(f, f->count))->batch;
}

/* The fields that a batch need not inspect, and those that it inspects for the others like them.
 * False without memory. */
static bool find_longs(hsn_flight *f, hsn_batch *b)
{
    size_t n;
    const hsn_field *fields = hsn_taken_fields(&b->taken, &n);
    const hsn_str text = hsn_buf_str(&b->raw);
    for (size_t i = 0; i < n; i++) {
        if (hsn_repeats_take(&fields[i])) {
            const bool known = hsn_repeats_has(f->repeats, text, &fields[i]);
            const hsn_long l = {
                .field = i,
                .known = known,
                .wanted = !known && hsn_repeats_want(f->repeats, text, &fields[i]),
            };
            hsn_buf_add(&b->longs, &l, sizeof l);
        }
    }
    return !hsn_buf_failed(&b->longs);
}

static bool start(hsn_flight *f, hsn_batch *b)
{
    slot *s = *slot_at(f, f->count);
    if (f->alone || f->desks == NULL || hsn_batch_is_heavy(b) ||
        !hsn_batch_prepare(b, f->desks, f->fresh != NULL) ||
        (f->repeats != NULL && !find_longs(f, b))) {
        return false;
    }
    size_t kept = b->kept.total;
    weigh(f, s, kept > f->kept ? kept : f->kept);
    b->number = ++f->sent;
    b->news = f->log;
    s->task = f->opt->start(f->opt->crew, hsn_batch_run, b);
    f->count += s->task != NULL;
    return s->task != NULL;
}

bool hsn_flight_send(hsn_flight *f, hsn_batch *b, bool last)
{
    if ((!last || f->count > 0) && start(f, b)) {
        return true;
    }
    return hsn_flight_land(f) && hsn_flight_commit(f, b, false);
}
