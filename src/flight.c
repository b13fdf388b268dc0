/*
 * Batches in flight: a ring of them, the oldest of which is put into effect next. See flight.h.
 */
#include "flight.h"

#include "field.h"
#include "repeat.h"

enum {
    SPARE = 2, /* batches that wait while all threads are busy */
    JOBS_MAX = 8, /* the session's own thread, which does a third of the work, is busy by then */
    HELD_MAX = 6 << 20,   /* bytes of batches, in flight or kept for the next */
    FRESH_MAX = 512 << 10, /* bytes of values and places that every batch has a copy of */
    GONE_TABLES = 2,       /* 1.3 MiB: a false yes costs what was kept for repeats, no more */
    REPEATS_UPTO = 4 << 20, /* bytes learned */
    KEPT_FIRST = 1 << 20,  /* bytes of results, before anything is known about the text */
    CROWD = 24 << 20       /* from so many for each slot on one by one: the copies grow with them,
                              and the set's limit acts in order */
};

typedef struct slot {
    hsn_batch batch;
    void *task;  /* what start returned */
    size_t held; /* bytes, as far as is known without a look at what is in flight */
} slot;

struct hsn_flight {
    hsn_inspector *in;
    const harsan_options *opt;
    hsn_emit emit;
    hsn_learned *all;
    hsn_desks *desks;   /* NULL: without a crew */
    uint64_t sent;      /* batches */
    hsn_learned *fresh; /* NULL in a pass that learns nothing, and when batches go one by one */
    hsn_arena log_mem;
    hsn_lesson *tail;
    hsn_lessons log; /* what is in fresh, in the order of its coming */
    bool alone;      /* batches go one by one */
    bool again;
    hsn_repeats *repeats; /* NULL: somebody looks over the inspector's shoulder, or too much is
                             learned */
    unsigned n;     /* slots */
    unsigned first; /* the oldest in flight */
    unsigned count; /* in flight */
    size_t held;    /* by all slots */
    size_t kept;    /* bytes of results that a batch may come to, by those that landed */
    slot *ring[JOBS_MAX + SPARE]; /* of n; from `first` on those in flight, then that used last */
    slot slots[];
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

/* ---------------------------------------------------------------- learning */

/* Was the value left standing somewhere, before it was known to be one? Only if all its keys were, or
 * its tail. */
static bool stood_before(const hsn_flight *f, hsn_str v)
{
    if (f->in->seen == NULL) {
        return false;
    }
    if (hsn_has_tail(v) && hsn_seen_has(f->in->seen, hsn_tail_hash(v.p + v.n))) {
        return true;
    }
    size_t end;
    for (size_t i = 0; i + HSN_KEY <= v.n; i = end + 1) {
        end = hsn_word_end(v, i);
        if (end > i && hsn_is_key(v.p + i, v.n - i) &&
            !hsn_seen_has(f->in->seen, hsn_key_hash(v.p + i, v.n - i))) {
            return false;
        }
    }
    return true;
}

static bool was_asked_at(const hsn_flight *f, uint64_t key)
{
    return hsn_seen_has(f->in->seen, key) || hsn_seen_has(f->in->gone, key);
}

/* For stood_before, of most values all that it asks for. */
static void fetch_seen(const hsn_flight *f, const hsn_taught *t)
{
    const hsn_str v = t->value;
    if (f->in->seen == NULL || v.n - t->key < HSN_KEY) {
        return;
    }
    hsn_seen_fetch(f->in->seen, hsn_key_hash(v.p + t->key, v.n - t->key));
    if (hsn_has_tail(v)) {
        hsn_seen_fetch(f->in->seen, hsn_tail_hash(v.p + v.n));
    }
}

/* May one of the texts that are kept have been asked for it? */
static bool was_asked(const hsn_flight *f, const hsn_taught *t)
{
    const hsn_str v = t->value;
    if (v.n - t->key < HSN_KEY) {
        return true; /* searched for in other ways */
    }
    return was_asked_at(f, hsn_key_hash(v.p + t->key, v.n - t->key)) ||
           (hsn_has_tail(v) && was_asked_at(f, hsn_tail_hash(v.p + v.n)));
}

/* For the batches that start from now on. Without memory none does. */
static void log_lesson(hsn_flight *f, hsn_str value)
{
    const hsn_known *k = hsn_learned_whole(f->fresh, value);
    hsn_lesson *l = hsn_arena_new(&f->log_mem, sizeof *l);
    if (l == NULL) {
        f->alone = true;
        return;
    }
    *l = (hsn_lesson){.known = *k};
    if (f->tail != NULL) {
        f->tail->next = l;
    } else {
        f->log.first = l;
    }
    f->tail = l;
    f->log.last = l;
}

static bool learn(hsn_flight *f, const hsn_taught *t, const char *place)
{
    hsn_learned *set = f->in->teach;
    bool all = true;
    for (; t != NULL; t = t->next) {
        size_t known = hsn_learned_count(set);
        fetch_seen(f, t);
        all = hsn_learned_add_by(set, t->value, t->key, hsn_str_z(place)) && all;
        if (hsn_learned_count(set) == known) {
            continue;
        }
        if (f->fresh != NULL) {
            log_lesson(f, t->value);
        }
        if (f->repeats != NULL && !hsn_repeats_is_empty(f->repeats) && was_asked(f, t)) {
            hsn_repeats_drop(f->repeats);
        }
        if (stood_before(f, t->value)) {
            f->again = true;
            hsn_clean_forget(f->in->clean);
        }
    }
    return all;
}

/* Always false. What was found or not found for want of memory is not to leave. */
static bool starve(hsn_flight *f)
{
    hsn_fail(f->emit.err, HARSAN_E_NOMEM, f->emit.base, "out of memory");
    return false;
}

/* With nothing in flight: what is fresh becomes part of what all know. */
static bool merge(hsn_flight *f)
{
    unsigned long refused = hsn_mem_refused();
    hsn_learned_sink(f->fresh, f->all);
    hsn_arena_reset(&f->log_mem);
    f->tail = NULL;
    f->log = (hsn_lessons){.era = f->log.era + 1};
    return hsn_mem_refused() == refused || starve(f); /* a value may have been lost on the way */
}

bool hsn_flight_end(hsn_flight *f)
{
    bool ok = true;
    if (f->fresh != NULL) {
        ok = merge(f);
        f->in->learned = f->in->teach = f->all;
        hsn_learned_free(f->fresh);
        f->fresh = NULL;
    }
    f->alone = true;
    return ok;
}

/* ---------------------------------------------------------------- one field into effect */

/* Bytes of the batch that are written, or were left out. */
typedef struct progress {
    hsn_batch *batch;
    size_t written;
    size_t poured; /* keys of its list */
} progress;

typedef enum outcome {
    DONE,
    UNLEARNED, /* done, but the set has not all that the batch has learned */
    REFUSED    /* by the write callback, or by the system, which had no memory */
} outcome;

static outcome effect(hsn_flight *f, const hsn_result *r, size_t *written)
{
    hsn_emit *e = &f->emit;
    unsigned long refused = hsn_mem_refused();
    bool learned = learn(f, r->taught, r->place);
    if (hsn_mem_refused() != refused) {
        (void)starve(f);
        return REFUSED;
    }
    hsn_emit_findings(e, &r->edits, r->place);
    for (const hsn_blind *n = r->blind; n != NULL; n = n->next) {
        hsn_emit_gap(e, (harsan_gap){.place = r->place,
                                     .why = n->why,
                                     .replaced = n->replaced,
                                     .offset = e->base + r->field->off,
                                     .len = n->len});
    }
    if (!hsn_emit_edits(e, &r->edits, written)) {
        return REFUSED;
    }
    return learned ? DONE : UNLEARNED;
}

/* ---------------------------------------------------------------- here */

/* What could not be inspected leaves as nothing but this. */
static void make_unreadable(const hsn_field *f, hsn_edit *edit, hsn_blind *gap)
{
    static const char unreadable[] = "redacted-unreadable";
    *edit = (hsn_edit){.off = f->off, .len = f->len, .with = HSN_S(unreadable)};
    if (f->kind == HSN_JSON_NUMBER) {
        edit->with = HSN_S("0");
    }
    *gap = (hsn_blind){.why = "limit:memory", .replaced = true, .len = f->len};
}

bool hsn_flight_effect(hsn_flight *f, const hsn_result *found, size_t *written)
{
    hsn_edit spare;
    hsn_blind gap;
    if (hsn_inspector_starved(f->in)) {
        return starve(f);
    }
    hsn_result r = *found;
    r.blind = f->in->blind;
    r.taught = f->in->taught;
    if (f->in->failed) {
        make_unreadable(r.field, &spare, &gap);
        r.edits = (hsn_edits){.v = &spare, .n = 1};
        r.blind = &gap;
    }
    return effect(f, &r, written) != REFUSED;
}

static const char *place_of(const progress *p, const hsn_field *field, char *to, size_t max)
{
    hsn_taken_pointer(&p->batch->taken, field, to, max);
    return to;
}

static bool inspect_new(hsn_flight *f, progress *p, const hsn_field *field, bool keep)
{
    hsn_inspector *in = f->in;
    hsn_str text = hsn_buf_str(&p->batch->raw);
    hsn_result r = {.field = field};
    char place[HSN_POINTER_MAX];
    const bool unheard = in->unheard;
    in->unheard = unheard && !keep;
    hsn_inspector_next(in);
    hsn_settle_field(in, text, field, &r.edits);
    in->unheard = unheard;
    r.blind = in->blind;
    r.taught = in->taught;
    if (hsn_inspector_starved(in)) {
        return starve(f);
    }
    if (keep && !in->failed) {
        hsn_repeats_keep(f->repeats, text, &r);
    }
    if (hsn_result_is_empty(&r) && !in->failed) {
        return true;
    }
    r.place = place_of(p, field, place, sizeof place);
    return hsn_flight_effect(f, &r, &p->written);
}

/* True when there was one like it: *ok tells whether that is in effect. */
static bool repeat(hsn_flight *f, progress *p, const hsn_field *field, bool *ok)
{
    hsn_result r;
    char place[HSN_POINTER_MAX];
    hsn_inspector_next(f->in);
    if (!hsn_repeats_find(f->repeats, hsn_buf_str(&p->batch->raw), field, &f->in->arena, &r)) {
        return false;
    }
    *ok = !f->in->arena.failed || starve(f);
    if (*ok && !hsn_result_is_empty(&r)) {
        r.place = place_of(p, field, place, sizeof place);
        *ok = effect(f, &r, &p->written) != REFUSED;
    }
    return true;
}

static bool inspect_here(hsn_flight *f, progress *p, const hsn_field *field)
{
    bool ok;
    if (f->repeats == NULL || !hsn_repeats_take(field)) {
        return inspect_new(f, p, field, false);
    }
    const hsn_str text = hsn_buf_str(&p->batch->raw);
    return repeat(f, p, field, &ok)
               ? ok
               : inspect_new(f, p, field, hsn_repeats_want(f->repeats, text, field));
}

/* ---------------------------------------------------------------- elsewhere */

/* Was there nothing that the batch had to know and did not? */
static bool holds_good(hsn_flight *f, hsn_batch *b)
{
    if (f->alone) {
        return false;
    }
    for (const hsn_lesson *at = b->news.last; at != f->log.last;) {
        at = at == NULL ? f->log.first : at->next;
        if (hsn_asked_has(b->asked, at->known.value, at->known.key)) {
            return false;
        }
    }
    return true;
}

static void pour(const hsn_flight *f, progress *p, size_t upto)
{
    if (f->in->seen != NULL && upto > p->poured) {
        hsn_seen_pour(f->in->seen, hsn_asked_list(p->batch->asked) + p->poured,
                      upto - p->poured);
        p->poured = upto;
    }
}

static void pour_gone(const hsn_flight *f, const hsn_batch *b)
{
    if (f->in->gone != NULL) {
        size_t n;
        const uint64_t *gone = hsn_asked_gone(b->asked, &n);
        hsn_seen_pour(f->in->gone, gone, n);
    }
}

/* One of the long fields, of which `made` came, NULL for nothing. UNLEARNED: the batch went on
 * without something that was learned here. */
static outcome take_long(hsn_flight *f, progress *p, const hsn_long *l, const hsn_result *made)
{
    const hsn_batch *b = p->batch;
    size_t n;
    const hsn_field *field = &hsn_taken_fields(&b->taken, &n)[l->field];
    pour(f, p, l->listed);
    if (l->known) {
        const size_t known = hsn_learned_count(f->in->learned);
        bool ok = inspect_here(f, p, field);
        return !ok ? REFUSED : hsn_learned_count(f->in->learned) > known ? UNLEARNED : DONE;
    }
    if (l->wanted && f->repeats != NULL) {
        const hsn_result nothing = {.field = field};
        hsn_repeats_keep(f->repeats, hsn_buf_str(&b->raw), made != NULL ? made : &nothing);
    }
    return DONE;
}

static outcome take_result(hsn_flight *f, progress *p, const hsn_result *r)
{
    pour(f, p, r->listed);
    return effect(f, r, &p->written);
}

/* Puts the batch's own results into effect. *done is how many fields that settles. */
static bool take_results(hsn_flight *f, progress *p, size_t *done)
{
    const hsn_batch *b = p->batch;
    const hsn_result *r = b->first;
    size_t n;
    const hsn_field *fields = hsn_taken_fields(&b->taken, &n);
    size_t n_longs;
    const hsn_long *l = hsn_batch_longs(b, &n_longs);
    outcome got = DONE;
    *done = 0;
    if (!holds_good(f, p->batch)) {
        return true;
    }
    pour_gone(f, b);
    while (got == DONE && (r != NULL || (n_longs > 0 && l->field < b->done))) {
        const size_t at = r != NULL ? (size_t)(r->field - fields) : b->done;
        if (n_longs > 0 && l->field <= at) {
            got = take_long(f, p, l, l->field == at ? r : NULL);
            *done = l->field + 1;
            l++;
            n_longs--;
        } else {
            got = take_result(f, p, r);
            *done = at + 1;
            r = r->next;
        }
    }
    if (got == DONE) {
        pour(f, p, b->listed);
        *done = b->done;
    }
    return got != REFUSED;
}

/* ---------------------------------------------------------------- a batch into effect */

static bool commit(hsn_flight *f, hsn_batch *b, bool inspected)
{
    progress p = {.batch = b, .written = b->dropped};
    size_t n;
    size_t done = 0;
    const hsn_field *fields = hsn_taken_fields(&b->taken, &n);
    const hsn_str text = hsn_buf_str(&b->raw);
    hsn_emit_hold(&f->emit, text, b->base);
    bool ok = !inspected || take_results(f, &p, &done);
    for (size_t i = done; ok && i < n; i++) {
        ok = hsn_field_is_clean(f->in, text, &fields[i]) || inspect_here(f, &p, &fields[i]);
    }
    const hsn_str rest = hsn_str_cut(text, p.written, text.n);
    ok = ok && hsn_emit_put(&f->emit, rest.p, rest.n);
    hsn_emit_lines(&f->emit, b->base + b->raw.n);
    hsn_batch_trim(b);
    return ok;
}

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
    bool ok = commit(f, &s->batch, true);
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
    if (!merge(f)) {
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
    return hsn_flight_land(f) && commit(f, b, false);
}
