/*
 * Edit lists: what inspection hands back. Made in any order, settled into sorted order without
 * overlaps, carried outwards layer by layer. All of it lives in the inspector's arena.
 */
#include "inspect.h"

#include <stdlib.h>

/* Room for one more edit at least. False without memory. */
static HSN_APART bool grow(hsn_inspector *in, hsn_edits *e)
{
    size_t cap = e->cap == 0 ? 8 : e->cap * 2;
    hsn_edit *v = hsn_arena_new(&in->arena, cap * sizeof *v);
    if (v == NULL) {
        in->failed = true;
        return false;
    }
    if (e->v != NULL) {
        memcpy(v, e->v, e->n * sizeof *v);
    }
    e->v = v;
    e->cap = cap;
    return true;
}

/* One more edit at the end of the list, to be filled in; NULL without memory. */
static inline hsn_edit *new_edit(hsn_inspector *in, hsn_edits *e)
{
    return e->n < e->cap || grow(in, e) ? &e->v[e->n++] : NULL;
}

void hsn_edits_add(hsn_inspector *in, hsn_edits *e, hsn_edit edit)
{
    hsn_edit *to = new_edit(in, e);
    if (to != NULL) {
        *to = edit;
    }
}

/* The longer of two edits that begin together comes first: it covers the other. */
static int by_offset(const void *a, const void *b)
{
    const hsn_edit *x = a;
    const hsn_edit *y = b;
    if (x->off != y->off) {
        return x->off < y->off ? -1 : 1;
    }
    return (x->len < y->len) - (x->len > y->len);
}

static bool is_sorted(const hsn_edits *e)
{
    for (size_t i = 1; i < e->n; i++) {
        if (e->v[i].off < e->v[i - 1].off + e->v[i - 1].len) {
            return false;
        }
    }
    return true;
}

void hsn_edits_settle(hsn_edits *e)
{
    if (is_sorted(e)) {
        return;
    }
    qsort(e->v, e->n, sizeof *e->v, by_offset);
    size_t kept = 0;
    hsn_note **tail = &e->v[0].notes; /* of those of the last one kept */
    for (size_t i = 1; i < e->n; i++) {
        hsn_edit *last = &e->v[kept];
        const hsn_edit *next = &e->v[i];
        size_t end = last->off + last->len;
        if (next->off >= end) {
            e->v[++kept] = *next;
            tail = &e->v[kept].notes;
            continue;
        }
        /* Within the one before: that one says it all. Beyond it: one edit over both. */
        if (next->off + next->len > end) {
            size_t off = last->off;
            size_t len = next->off + next->len - off;
            if (next->len > last->len) {
                last->with = next->with;
                tail = hsn_notes_join(tail, next->notes);
            }
            last->off = off;
            last->len = len;
        }
    }
    e->n = kept + 1;
}

void hsn_edits_shift(hsn_inspector *in, const hsn_edits *inner, size_t off, hsn_edits *out)
{
    for (size_t i = 0; i < inner->n; i++) {
        hsn_edit *to = new_edit(in, out);
        if (to != NULL) {
            *to = inner->v[i];
            to->off += off;
        }
    }
}

void hsn_edits_wrap(hsn_inspector *in, const hsn_edits *inner, size_t off, size_t len,
                    hsn_str encoded, hsn_edits *out)
{
    if (inner->n == 0) {
        return;
    }
    hsn_edit edit = {.off = off, .len = len, .with = encoded};
    hsn_note **tail = &edit.notes;
    for (size_t i = 0; i < inner->n; i++) {
        tail = hsn_notes_join(tail, inner->v[i].notes);
    }
    hsn_edits_add(in, out, edit);
}

/* ---------------------------------------------------------------- making one */

/* "json/base64": of all edits of a text the same. */
static const char *layers_text(hsn_inspector *in)
{
    if (in->spelled != NULL) {
        return in->spelled;
    }
    size_t n = 1;
    for (unsigned i = 0; i < in->n_layers; i++) {
        n += strlen(in->layers[i]) + 1;
    }
    char *z = hsn_arena_new(&in->arena, n);
    if (z == NULL) {
        in->failed = true;
        return "";
    }
    char *p = z;
    for (unsigned i = 0; i < in->n_layers; i++) {
        if (i > 0) {
            *p++ = '/';
        }
        size_t len = strlen(in->layers[i]);
        memcpy(p, in->layers[i], len);
        p += len;
    }
    *p = '\0';
    in->spelled = z;
    return z;
}

hsn_str hsn_canonical(hsn_inspector *in, hsn_str value)
{
    enum {
        ROUNDS = 3
    }; /* the most seen in redirect chains; more only makes a different stand-in */
    for (int round = 0; round < ROUNDS && hsn_str_chr(value, '%') < value.n; round++) {
        hsn_buf plain;
        hsn_buf_init(&plain, value.n);
        if (!hsn_peel_escape(&hsn_escape_percent, value, &plain) || plain.n == value.n) {
            hsn_buf_wipe(&plain);
            break;
        }
        value = hsn_arena_copy(&in->arena, hsn_buf_str(&plain));
        hsn_buf_wipe(&plain);
    }
    return value;
}

static hsn_note *put_stand_in(hsn_inspector *in, hsn_verdict *v, hsn_str value, size_t off,
                              size_t len, const hsn_site *site, hsn_edits *out)
{
    hsn_note *made = hsn_arena_new(&in->arena, sizeof *made);
    if (made == NULL) {
        in->failed = true;
        return NULL;
    }
    *made = (hsn_note){.layers = layers_text(in)};
    made->stand_in =
        site->binary || in->fixed
            ? hsn_standin_make(&in->standin, &in->arena, value, len, &made->value_id)
            : hsn_verdict_standin(in->verdicts, v, &in->arena, &made->value_id);
    if (made->stand_in.n == 0) {
        in->failed = true;
        return NULL;
    }
    hsn_edit *edit = new_edit(in, out);
    if (edit == NULL) {
        return NULL;
    }
    *edit = (hsn_edit){.off = off, .len = len, .with = made->stand_in, .notes = made};
    return made;
}

static void teach_spelling(hsn_inspector *in, hsn_str value, size_t key)
{
    hsn_taught *t = hsn_arena_new(&in->arena, sizeof *t);
    if (t == NULL || value.n == 0) {
        in->failed = true;
        return;
    }
    *t = (hsn_taught){.next = in->taught, .value = hsn_arena_copy(&in->arena, value), .key = key};
    in->taught = t;
}

/* What is going to be asked about a value when it is learned. */
static void expect(const hsn_inspector *in, hsn_str value, size_t key)
{
    if (in->seen == NULL) {
        return;
    }
    if (value.n - key >= HSN_KEY) {
        hsn_seen_fetch(in->seen, hsn_key_hash(value.p + key, value.n - key));
    }
    if (hsn_has_tail(value)) {
        hsn_seen_fetch(in->seen, hsn_tail_hash(value.p + value.n));
    }
}

static void teach(hsn_inspector *in, hsn_verdict *v, hsn_str value, bool cookie)
{
    if (in->teach == NULL || !hsn_verdict_teaches(in->verdicts, v)) {
        return;
    }
    const size_t key = hsn_verdict_key(v);
    if (hsn_learned_expect(in->teach, value, key) != NULL) {
        return;
    }
    expect(in, value, key);
    hsn_str others[2 * HSN_SPELLINGS];
    size_t n = hsn_spellings(&in->arena, value, others);
    n += cookie ? hsn_ids_in(value, others + n) : 0;
    teach_spelling(in, value, key);
    for (size_t i = 0; i < n; i++) {
        teach_spelling(in, others[i], hsn_key_of(others[i]));
    }
}

/* A pattern finds its values everywhere by itself, unless it knows them by what stands before them;
 * a place or a name does not. */
static bool teaches(const hsn_rule *rule)
{
    switch (rule->detect) {
    case HSN_DETECT_NONE:
    case HSN_DETECT_COOKIE:
    case HSN_DETECT_USERINFO:
    case HSN_DETECT_PATH:
    case HSN_DETECT_SCHEME:
        return rule->regex == NULL || rule->context;
    case HSN_DETECT_EMAIL:
    case HSN_DETECT_PHONE:
    case HSN_DETECT_CARD:
    case HSN_DETECT_IBAN:
    case HSN_DETECT_JWT:
    case HSN_DETECT_STRICT:
    case HSN_DETECT_IP:
    case HSN_N_DETECT:
        break;
    }
    return false;
}

void hsn_replace(hsn_inspector *in, hsn_str text, size_t off, size_t len, const hsn_rule *rule,
                 const hsn_site *site, hsn_edits *out)
{
    hsn_str value = hsn_canonical(in, hsn_str_cut(text, off, off + len));
    hsn_replace_judged(in, hsn_verdict_of(in->verdicts, value), value, off, len, rule, site, out);
}

void hsn_replace_judged(hsn_inspector *in, hsn_verdict *v, hsn_str value, size_t off, size_t len,
                        const hsn_rule *rule, const hsn_site *site, hsn_edits *out)
{
    if (hsn_verdict_is_standin(v)) {
        return;
    }
    hsn_note *made = put_stand_in(in, v, value, off, len, site, out);
    if (made == NULL) {
        return;
    }
    made->rule = rule;
    made->category = rule->category;
    made->name = hsn_shown_name(in, site);
    made->where = site->where;
    if (in->watch != NULL && in->watch->found != NULL) {
        in->watch->found(in->watch->ctx, value, rule);
    }
    if (teaches(rule)) {
        teach(in, v, value, site->where == HSN_IN_COOKIE);
    }
}

void hsn_make_zero(hsn_edits *out)
{
    hsn_edit *last = &out->v[out->n - 1];
    last->with = HSN_S("0");
    if (last->notes != NULL) {
        last->notes->stand_in = last->with;
    }
}

void hsn_replace_number(hsn_inspector *in, hsn_str text, size_t off, size_t len,
                        const hsn_rule *rule, hsn_edits *out)
{
    hsn_site site = {0};
    size_t before = out->n;
    hsn_replace(in, text, off, len, rule, &site, out);
    if (out->n > before) {
        hsn_make_zero(out);
    }
}

void hsn_replace_known(hsn_inspector *in, size_t off, size_t len, const hsn_known *known,
                       const hsn_site *site, hsn_edits *out)
{
    hsn_verdict *v = hsn_verdict_of(in->verdicts, known->value);
    hsn_note *made = put_stand_in(in, v, known->value, off, len, site, out);
    if (made != NULL) {
        made->source = known->given ? "known" : "learned";
        made->category = "secret";
        made->learned_from = known->given ? NULL : known->place;
    }
}

void hsn_replace_blind(hsn_inspector *in, hsn_str text, size_t off, size_t len, const char *why,
                       const hsn_site *site, hsn_edits *out)
{
    hsn_str value = hsn_str_cut(text, off, off + len);
    hsn_verdict *v = hsn_verdict_of(in->verdicts, value);
    if (hsn_verdict_is_standin(v)) {
        return; /* a run before this one reached the same limit: nothing is left to look into */
    }
    hsn_note *made = put_stand_in(in, v, value, off, len, site, out);
    if (made != NULL) {
        made->source = "limit";
        made->category = "limit";
    }
    hsn_pass_blind(in, why, len);
    if (in->blind != NULL) {
        in->blind->replaced = true;
        in->blind->value_id = made != NULL ? made->value_id : 0;
    }
}

void hsn_pass_blind(hsn_inspector *in, const char *why, size_t len)
{
    hsn_blind *b = hsn_arena_new(&in->arena, sizeof *b);
    if (b == NULL) {
        in->failed = true;
        return;
    }
    *b = (hsn_blind){.next = in->blind, .why = why, .len = len};
    in->blind = b;
}

void hsn_pass_blind_at(hsn_inspector *in, const char *why, size_t off, size_t len)
{
    hsn_blind *before = in->blind;
    hsn_pass_blind(in, why, len);
    if (in->blind != before) {
        in->blind->placed = true;
        in->blind->layers = in->n_layers;
        in->blind->off = off;
    }
}
