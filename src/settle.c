/*
 * Settling: a field is inspected until inspection leaves it as it is.
 *
 * Receives a field of the input or a segment of one, emits the edits of all rounds as edits of the
 * field. Of detectors that could have the same bytes the first one gets them; a stand-in in their
 * place may be read by another, together with what is beside it. What a second run over the output
 * would change has to be changed in the first one. Most stand-ins stand alone, between quotes or
 * separators: no round is spent on them. Must never teach or show what it finds: it is made of
 * stand-ins.
 */
#include "field.h"

enum { ROUNDS = 8 }; /* two do in practice; behind the last the field is replaced whole */

/* Could another round find more? Where every parameter counts, and where a limit was met, values
 * end elsewhere in every layer that spells them. */
static bool may_go_on(const hsn_inspector *in, hsn_str raw, const hsn_edits *e)
{
    if (in->spoilt || in->detect[HSN_DETECT_STRICT] != NULL) {
        return true;
    }
    for (const hsn_blind *b = in->blind; b != NULL; b = b->next) {
        if (b->replaced) {
            return true;
        }
    }
    return hsn_edits_may_join(raw, e);
}

/* ---------------------------------------------------------------- two rounds in one */

/* Edits of a text, read along with the text that they make. */
typedef struct made {
    const hsn_edits *e;
    size_t i;
    size_t begin; /* of edit i in the text made; as if one stood at the end of the list */
} made;

static const hsn_edit *at_edit(const made *m)
{
    return m->i < m->e->n ? &m->e->v[m->i] : NULL;
}

/* Where `pos`, in the text made and in front of edit i, is in the source. */
static size_t source_of(const made *m, size_t pos)
{
    const hsn_edit *e = at_edit(m);
    if (e != NULL) {
        return e->off - (m->begin - pos);
    }
    const hsn_edit *last = &m->e->v[m->e->n - 1];
    return last->off + last->len + (pos - m->begin);
}

/* On to the next edit. */
static void pass(made *m)
{
    const hsn_edit *e = at_edit(m);
    size_t end = m->begin + e->with.n;
    m->i++;
    m->begin = at_edit(m) != NULL ? end + (at_edit(m)->off - e->off - e->len) : end;
}

/* Adds what edit i has made from `from` to `to`, places in the text made. */
static void add_made(hsn_buf *out, const made *m, size_t from, size_t to)
{
    hsn_buf_add_str(out, hsn_str_cut(at_edit(m)->with, from - m->begin, to - m->begin));
}

/* Is what stands there a stand-in that takes the place of others? It says it all; what was encoded
 * again holds them still. */
static bool says_all(const hsn_edit *e)
{
    return e->notes != NULL && hsn_str_eq(e->notes->stand_in, e->with);
}

/* Edits of the text made, from *k on, as one of the source: the first of them with all that it
 * touches, and those that begin in what is left there of a stand-in. */
static hsn_edit carry(hsn_inspector *in, made *m, const hsn_edits *second, size_t *k)
{
    const hsn_edit *next = &second->v[*k];
    const hsn_edit *e = at_edit(m);
    const bool head = e != NULL && m->begin < next->off;
    hsn_edit edit = *next;
    hsn_note **notes = &edit.notes; /* their end */
    hsn_buf with;
    hsn_buf_init(&with, in->arena.max);
    edit.off = head ? e->off : source_of(m, next->off);
    if (head) {
        add_made(&with, m, m->begin, next->off);
    }
    for (bool told = false;; told = true) { /* of e the notes are joined */
        const size_t end = next->off + next->len;
        hsn_buf_add_str(&with, next->with);
        (*k)++;
        for (; (e = at_edit(m)) != NULL && m->begin < end && m->begin + e->with.n <= end; pass(m)) {
            if (!told && (head || !says_all(next))) {
                notes = hsn_notes_join(notes, e->notes);
            }
            told = false;
        }
        if (e == NULL || m->begin >= end) {
            edit.len = source_of(m, end) - edit.off;
            break;
        }
        const size_t e_end = m->begin + e->with.n;
        notes = told ? notes : hsn_notes_join(notes, e->notes);
        next = *k < second->n && second->v[*k].off < e_end ? &second->v[*k] : NULL;
        add_made(&with, m, end, next != NULL ? next->off : e_end);
        if (next == NULL) {
            edit.len = e->off + e->len - edit.off;
            pass(m);
            break;
        }
        notes = hsn_notes_join(notes, next->notes);
    }
    edit.with = hsn_arena_copy(&in->arena, hsn_buf_str(&with));
    in->failed = in->failed || hsn_buf_failed(&with) || in->arena.failed;
    hsn_buf_wipe(&with);
    return edit;
}

/* What `first` and then `second` make, as edits of the source of `first`. */
static void compose(hsn_inspector *in, const hsn_edits *first, const hsn_edits *second,
                    hsn_edits *out)
{
    made m = {.e = first, .begin = first->v[0].off};
    for (size_t k = 0; k < second->n;) {
        const hsn_edit *next = &second->v[k];
        for (const hsn_edit *e; (e = at_edit(&m)) != NULL && m.begin + e->with.n <= next->off;
             pass(&m)) {
            hsn_edits_add(in, out, *e);
        }
        hsn_edits_add(in, out, carry(in, &m, second, &k));
    }
    for (const hsn_edit *e; (e = at_edit(&m)) != NULL; pass(&m)) {
        hsn_edits_add(in, out, *e);
    }
}

/* ---------------------------------------------------------------- rounds */

/* The value as the edits make it. */
static hsn_str value_of(hsn_inspector *in, hsn_str raw, const hsn_edits *e)
{
    size_t n = raw.n;
    for (size_t i = 0; i < e->n; i++) {
        n = n - e->v[i].len + e->v[i].with.n;
    }
    unsigned char *p = hsn_arena_new(&in->arena, n);
    if (p == NULL) {
        in->failed = true;
        return (hsn_str){0};
    }
    size_t at = 0;
    size_t from = 0;
    for (size_t i = 0; i <= e->n; i++) {
        size_t to = i < e->n ? e->v[i].off : raw.n;
        memcpy(p + at, raw.p + from, to - from);
        at += to - from;
        if (i < e->n) {
            memcpy(p + at, e->v[i].with.p, e->v[i].with.n);
            at += e->v[i].with.n;
            from = to + e->v[i].len;
        }
    }
    return hsn_str_of(p, n);
}

/* What every round looks at anew. */
typedef struct subject {
    const hsn_field *field; /* NULL: a text without a name */
    const hsn_part *part;   /* as the inspector has it */
} subject;

static void look_at(hsn_inspector *in, hsn_str value, const subject *s, hsn_edits *out)
{
    const hsn_site nothing = {0};
    in->part = s->part;
    if (s->field == NULL) {
        hsn_inspect_text(in, value, &nothing, out);
        return;
    }
    hsn_field f = *s->field;
    f.off = 0;
    f.len = value.n;
    f.twin = 0;
    f.escaped = hsn_str_chr(value, '\\') < value.n;
    hsn_inspect_field(in, value, &f, out);
}

/* One more round over the value, of which nobody is told but by its edits. What was passed without
 * a look is so again, and was told; a limit is told whenever something was replaced for it. */
static void inspect_again(hsn_inspector *in, hsn_str value, const subject *s, hsn_edits *out)
{
    hsn_learned *teach = in->teach;
    const hsn_watch *watch = in->watch;
    hsn_blind *blind = in->blind;
    in->teach = NULL;
    in->again = true;
    in->watch = NULL;
    in->blind = NULL;
    in->spoilt = false;
    look_at(in, value, s, out);
    hsn_edits_settle(out);
    in->teach = teach;
    in->again = false;
    in->watch = watch;
    for (hsn_blind *b = in->blind, *next; b != NULL; b = next) {
        next = b->next;
        if (b->replaced) {
            b->next = blind;
            blind = b;
        }
    }
    in->blind = blind;
}

/* All rounds behind the first, which made `out` of `raw`. Whether the next could find more is told
 * by what stands beside the edits of the one before, and beside all together. */
static HSN_APART void go_on(hsn_inspector *in, hsn_str raw, const subject *s, hsn_edits *out)
{
    hsn_str value;
    hsn_edits more;
    int round = 1;
    do {
        if (round++ == ROUNDS) {
            const hsn_label *by = s->field != NULL ? s->field->by : &hsn_no_label;
            hsn_site site = {.where = by->where, .name = by->name};
            out->n = 0;
            hsn_replace_blind(in, raw, 0, raw.n, "limit:work", &site, out);
            break;
        }
        value = value_of(in, raw, out);
        more = (hsn_edits){0};
        inspect_again(in, value, s, &more);
        if (more.n == 0 || in->failed) {
            break;
        }
        hsn_edits all = {0};
        compose(in, out, &more, &all);
        *out = all;
    } while (!in->failed && (may_go_on(in, value, &more) || hsn_edits_may_join(raw, out)));
}

void hsn_settle_field(hsn_inspector *in, hsn_str text, const hsn_field *f, hsn_edits *out)
{
    const hsn_part *part = in->part;
    in->spoilt = false;
    hsn_inspect_field(in, text, f, out);
    hsn_edits_settle(out);
    if (out->n == 0 || in->failed || f->kind == HSN_JSON_NUMBER) {
        return;
    }
    hsn_str raw = hsn_str_cut(text, f->off, f->off + f->len);
    for (size_t i = 0; i < out->n; i++) {
        out->v[i].off -= f->off;
    }
    if (may_go_on(in, raw, out)) {
        const subject s = {.field = f, .part = part};
        go_on(in, raw, &s, out);
    }
    for (size_t i = 0; i < out->n; i++) {
        out->v[i].off += f->off;
    }
}

void hsn_settle_part(hsn_inspector *in, hsn_str text, const hsn_part *part, hsn_edits *out)
{
    const subject s = {.part = part};
    in->spoilt = false;
    look_at(in, text, &s, out);
    hsn_edits_settle(out);
    if (out->n > 0 && !in->failed && may_go_on(in, text, out)) {
        go_on(in, text, &s, out);
    }
    in->part = NULL;
}
