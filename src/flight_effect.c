/*
 * Into effect: what a batch, inspected elsewhere, made of its fields, as far as that holds good;
 * and all other fields inspected here.
 *
 * Receives batches in the order of the input; learns, tells and writes by the same order. Must
 * never take a result that was made without a value which it had to know.
 */
#include "flight_parts.h"

#include "field.h"

/* ---------------------------------------------------------------- one field */

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
    const bool learned = r->taught == NULL || hsn_flight_learn(f, r->taught, r->place);
    if (hsn_mem_refused() != refused) {
        (void)hsn_flight_starve(f);
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
        return hsn_flight_starve(f);
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
        return hsn_flight_starve(f);
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
    *ok = !f->in->arena.failed || hsn_flight_starve(f);
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
        hsn_seen_pour(f->in->seen, hsn_asked_list(p->batch->asked) + p->poured, upto - p->poured);
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

bool hsn_flight_commit(hsn_flight *f, hsn_batch *b, bool inspected)
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
