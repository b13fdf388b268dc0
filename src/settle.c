/*
 * Settling: a field is inspected until inspection leaves it as it is.
 *
 * Receives a field of the input, emits the edits of all rounds as edits of the field. Of detectors
 * that could have the same bytes the first one gets them; a stand-in in their place may be read by
 * another, together with what is beside it. What a second run over the output would change has to
 * be changed in the first one. Most stand-ins stand alone, between quotes or separators: no round
 * is spent on them. Must never teach or show what it finds: it is made of stand-ins.
 */
#include "field.h"
#include "vec.h"

enum { ROUNDS = 8 }; /* two do in practice; behind the last the field is replaced whole */

/* ---------------------------------------------------------------- is it worth a round? */

/* Can a word, a number, an address, base64 or an escape go on with c? */
static bool joins(unsigned char c)
{
    static const bool signs[128] = {['+'] = true, ['-'] = true, ['_'] = true, ['.'] = true,
                                    ['/'] = true, ['\\'] = true, ['%'] = true, ['@'] = true,
                                    ['$'] = true, ['*'] = true, ['~'] = true, ['!'] = true,
                                    ['^'] = true, [0x7f] = true};
    return hsn_is_alnum(c) || c >= 0x80 || signs[c];
}

/* Behind a backslash: the end of a line, or the blank of a table. */
static bool is_blank_escape(unsigned char c)
{
    return c == 'n' || c == 'r' || c == 't';
}

static bool joins_before(hsn_str raw, size_t at)
{
    bool line = at >= 2 && raw.p[at - 2] == '\\' && is_blank_escape(raw.p[at - 1]);
    return at > 0 && !line && joins(raw.p[at - 1]);
}

/* What a value rarely ends at: = of quoted-printable or of a value that goes on, &# of markup. */
static bool may_be_escape(hsn_str raw, size_t at)
{
    return raw.p[at] == '=' || (raw.p[at] == '&' && raw.n - at > 1 && raw.p[at + 1] == '#');
}

/* Are `slashes` and what is behind them one quote or blank, k layers down? A quote has 2^k - 1, a
 * blank half of 2^k. More are an escape that goes on with the value. */
static bool is_end_escape(hsn_str raw, size_t at, size_t slashes)
{
    unsigned char c = at + slashes < raw.n ? raw.p[at + slashes] : 0;
    return slashes > 0 && ((c == '"' && (slashes & (slashes + 1)) == 0) ||
                           (is_blank_escape(c) && (slashes & (slashes - 1)) == 0));
}

static bool joins_behind(hsn_str raw, size_t at)
{
    size_t slashes = 0;
    while (at + slashes < raw.n && raw.p[at + slashes] == '\\') {
        slashes++;
    }
    bool ends = is_end_escape(raw, at, slashes);
    return at < raw.n && !ends && (joins(raw.p[at]) || may_be_escape(raw, at));
}

/* Without a quote, bracket or escape that stood in a value, what is behind it may be read as
 * another thing. */
static bool holds_syntax(hsn_str value)
{
    if (value.n < HSN_VEC) {
        unsigned char there[HSN_VEC] = {0};
        memcpy(there, value.p, value.n);
        return hsn_vec_has_syntax(there);
    }
    for (size_t i = 0; value.n - i > HSN_VEC; i += HSN_VEC) {
        if (hsn_vec_has_syntax(value.p + i)) {
            return true;
        }
    }
    return hsn_vec_has_syntax(value.p + value.n - HSN_VEC); /* some of it a second time */
}

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
    for (size_t i = 0; i < e->n; i++) {
        const size_t end = e->v[i].off + e->v[i].len;
        if (joins_before(raw, e->v[i].off) || joins_behind(raw, end) ||
            (e->v[i].len < raw.n && holds_syntax(hsn_str_cut(raw, e->v[i].off, end)))) {
            return true;
        }
    }
    return false;
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

/* One more round over the value, of which nobody is told but by its edits. What was passed without
 * a look is so again, and was told; a limit is told whenever something was replaced for it. */
static void inspect_again(hsn_inspector *in, hsn_str value, const hsn_field *f, hsn_edits *out)
{
    hsn_learned *teach = in->teach;
    const hsn_watch *watch = in->watch;
    hsn_blind *blind = in->blind;
    hsn_field again = *f;
    again.off = 0;
    again.len = value.n;
    again.twin = 0;
    again.escaped = hsn_str_chr(value, '\\') < value.n;
    in->teach = NULL;
    in->again = true;
    in->watch = NULL;
    in->blind = NULL;
    in->spoilt = false;
    hsn_inspect_field(in, value, &again, out);
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

void hsn_settle_field(hsn_inspector *in, hsn_str text, const hsn_field *f, hsn_edits *out)
{
    hsn_str raw = hsn_str_cut(text, f->off, f->off + f->len);
    in->spoilt = false;
    hsn_inspect_field(in, text, f, out);
    hsn_edits_settle(out);
    if (out->n == 0 || in->failed || f->kind == HSN_JSON_NUMBER) {
        return;
    }
    for (size_t i = 0; i < out->n; i++) {
        out->v[i].off -= f->off;
    }
    for (int round = 1; !in->failed && may_go_on(in, raw, out); round++) {
        hsn_edits more = {0};
        if (round == ROUNDS) {
            hsn_site site = {.where = f->by->where, .name = f->by->name};
            out->n = 0;
            hsn_replace_blind(in, raw, 0, raw.n, "limit:work", &site, out);
            break;
        }
        inspect_again(in, value_of(in, raw, out), f, &more);
        if (more.n == 0 || in->failed) {
            break;
        }
        hsn_edits all = {0};
        compose(in, out, &more, &all);
        *out = all;
    }
    for (size_t i = 0; i < out->n; i++) {
        out->v[i].off += f->off;
    }
}
