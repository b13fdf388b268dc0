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

static bool joins_behind(hsn_str raw, size_t at)
{
    size_t end = at;
    while (end < raw.n && raw.p[end] == '\\') {
        end++;
    }
    bool ends = end > at && end < raw.n && (raw.p[end] == '"' || is_blank_escape(raw.p[end]));
    return at < raw.n && !ends && (joins(raw.p[at]) || may_be_escape(raw, at));
}

/* Without a quote, bracket or escape that stood in a value, what is behind it may be read as another
 * thing. */
static bool holds_syntax(hsn_str value)
{
    static const bool syntax[256] = {
        ['"'] = true, ['\''] = true, ['`'] = true, ['{'] = true, ['}'] = true, ['['] = true,
        [']'] = true, ['('] = true,  [')'] = true, ['<'] = true, ['>'] = true, [':'] = true,
        ['='] = true, ['\\'] = true, ['%'] = true};
    for (size_t i = 0; i < value.n; i++) {
        if (syntax[value.p[i]]) {
            return true;
        }
    }
    return false;
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

static hsn_str joined(hsn_inspector *in, hsn_str a, hsn_str b, hsn_str c)
{
    size_t n = a.n + b.n + c.n;
    unsigned char *p = hsn_arena_new(&in->arena, n);
    if (p == NULL) {
        in->failed = true;
        return b;
    }
    size_t at = 0;
    const hsn_str parts[] = {a, b, c};
    for (size_t i = 0; i < HSN_COUNT(parts); i++) {
        if (parts[i].n > 0) {
            memcpy(p + at, parts[i].p, parts[i].n);
        }
        at += parts[i].n;
    }
    return hsn_str_of(p, n);
}

/* One edit of the text made, as an edit of the source: together with all that it touches. A
 * stand-in that takes the place of others says it all; what was encoded again holds them still. */
static hsn_edit carry(hsn_inspector *in, made *m, const hsn_edit *next)
{
    size_t end = next->off + next->len;
    hsn_str head = {0};
    hsn_str tail = {0};
    hsn_edit edit = *next;
    bool whole = next->notes != NULL && hsn_str_eq(next->notes->stand_in, next->with);
    const hsn_edit *e = at_edit(m);
    if (e != NULL && m->begin < next->off) {
        edit.off = e->off;
        head = hsn_str_cut(e->with, 0, next->off - m->begin);
    } else {
        edit.off = source_of(m, next->off);
    }
    size_t source_end = edit.off;
    hsn_note **notes = &edit.notes; /* their end */
    bool inside = false;
    for (; (e = at_edit(m)) != NULL && m->begin < end; pass(m)) {
        inside = m->begin + e->with.n > end;
        if (inside) {
            tail = hsn_str_cut(e->with, end - m->begin, e->with.n);
        }
        if (!whole || inside || head.n > 0) {
            notes = hsn_notes_join(notes, e->notes);
        }
        source_end = e->off + e->len;
    }
    edit.len = (inside ? source_end : source_of(m, end)) - edit.off;
    if (head.n + tail.n > 0) {
        edit.with = joined(in, head, next->with, tail);
    }
    return edit;
}

/* What `first` and then `second` make, as edits of the source of `first`. */
static void compose(hsn_inspector *in, const hsn_edits *first, const hsn_edits *second,
                    hsn_edits *out)
{
    made m = {.e = first, .begin = first->v[0].off};
    for (size_t k = 0; k < second->n; k++) {
        const hsn_edit *next = &second->v[k];
        for (const hsn_edit *e; (e = at_edit(&m)) != NULL && m.begin + e->with.n <= next->off;
             pass(&m)) {
            hsn_edits_add(in, out, *e);
        }
        hsn_edits_add(in, out, carry(in, &m, next));
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
