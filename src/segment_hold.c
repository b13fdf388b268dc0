/*
 * What belongs to a segment of a giant: a step inspects more than it settles, and lets through the
 * edits, the values found, those to be learned and the limits met of what it settles. The rest
 * comes again.
 */
#include "segment.h"

#include <stdlib.h>

/* A value found, not told yet. */
typedef struct hsn_held {
    struct hsn_held *next;
    hsn_str value;
    const hsn_rule *rule;
} hsn_held;

static void hold(void *ctx, hsn_str value, const hsn_rule *rule)
{
    hsn_hold *h = ctx;
    hsn_held *made = hsn_arena_new(&h->in->arena, sizeof *made);
    if (made == NULL) {
        h->in->failed = true;
        return;
    }
    *made = (hsn_held){h->first, hsn_arena_copy(&h->in->arena, value), rule};
    h->in->failed = h->in->failed || h->in->arena.failed;
    h->first = made;
}

static void pass_seen(void *ctx, hsn_str text, bool whole)
{
    const hsn_hold *h = ctx;
    if (h->outer->seen != NULL) {
        h->outer->seen(h->outer->ctx, text, whole);
    }
}

void hsn_hold_begin(hsn_hold *h, hsn_inspector *in)
{
    *h = (hsn_hold){.outer = in->watch, .in = in};
    if (h->outer != NULL && h->outer->found != NULL) {
        h->watch = (hsn_watch){.found = hold, .seen = pass_seen, .ctx = h};
        in->watch = &h->watch;
    }
}

/* Identities of values, sorted. */
typedef struct ids {
    uint64_t *v;
    size_t n;
} ids;

static int by_id(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;
    return (*x > *y) - (*x < *y);
}

static bool has_id(const ids *s, uint64_t id)
{
    return s->n > 0 && bsearch(&id, s->v, s->n, sizeof id, by_id) != NULL;
}

static bool is_within(const hsn_edit *e, size_t begin, size_t end)
{
    return e->off < end && e->off + e->len > begin;
}

/* The values of the edits within [begin, end), or of those without: their number, and their
 * identities into `v` unless that is NULL. */
static size_t list_ids(const hsn_edits *e, size_t begin, size_t end, bool within, uint64_t *v)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n; i++) {
        bool counts = is_within(&e->v[i], begin, end) == within;
        for (const hsn_note *note = counts ? e->v[i].notes : NULL; note != NULL;
             note = note->next) {
            if (v != NULL) {
                v[n] = note->value_id;
            }
            n++;
        }
    }
    return n;
}

static ids ids_of(hsn_inspector *in, const hsn_edits *e, size_t begin, size_t end, bool within)
{
    ids s = {.n = list_ids(e, begin, end, within, NULL)};
    s.v = s.n > 0 ? hsn_arena_new(&in->arena, s.n * sizeof *s.v) : NULL;
    if (s.v == NULL) {
        in->failed = in->failed || s.n > 0;
        return (ids){0};
    }
    (void)list_ids(e, begin, end, within, s.v);
    qsort(s.v, s.n, sizeof *s.v, by_id);
    return s;
}

/* Does the value belong to an edit outside only? Then another step finds it. */
static bool is_id_outside(uint64_t id, const ids *out, const ids *kept)
{
    return has_id(out, id) && !has_id(kept, id);
}

static bool is_outside(const hsn_inspector *in, hsn_str value, const ids *out, const ids *kept)
{
    return out->n > 0 && is_id_outside(hsn_standin_id(&in->standin, value), out, kept);
}

static void clip(hsn_edits *edits, size_t begin, size_t end)
{
    size_t n = 0;
    for (size_t i = 0; i < edits->n; i++) {
        hsn_edit e = edits->v[i];
        if (is_within(&e, begin, end)) {
            size_t to = e.off + e.len < end ? e.off + e.len : end;
            e.off = e.off > begin ? e.off : begin;
            e.len = to - e.off;
            edits->v[n++] = e;
        }
    }
    edits->n = n;
}

void hsn_hold_end(hsn_hold *h, size_t begin, size_t end, hsn_edits *edits)
{
    hsn_inspector *in = h->in;
    in->watch = h->outer;
    bool any = in->taught != NULL || in->blind != NULL || h->first != NULL;
    ids out = any ? ids_of(in, edits, begin, end, false) : (ids){0};
    ids kept = out.n > 0 ? ids_of(in, edits, begin, end, true) : (ids){0};
    for (hsn_taught **t = &in->taught; *t != NULL;) {
        if (is_outside(in, (*t)->value, &out, &kept)) {
            *t = (*t)->next;
        } else {
            t = &(*t)->next;
        }
    }
    for (hsn_blind **b = &in->blind; *b != NULL;) {
        if ((*b)->replaced && is_id_outside((*b)->value_id, &out, &kept)) {
            *b = (*b)->next;
        } else {
            b = &(*b)->next;
        }
    }
    for (const hsn_held *v = h->first; v != NULL; v = v->next) {
        if (!is_outside(in, v->value, &out, &kept)) {
            h->outer->found(h->outer->ctx, v->value, v->rule);
        }
    }
    clip(edits, begin, end);
}
