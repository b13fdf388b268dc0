/*
 * Two strings of which one at least is too long to be held: compared as they come, byte by byte,
 * but for the changes that are told. Behind such a change the two are brought together again by
 * what follows it in the input. See verify_side.h.
 */
#include "verify_side.h"

enum { ANCHOR = 4096 /* bytes by which the place behind a change is found again */ };

typedef struct match {
    hsn_side *in;
    hsn_side *out;
    hsn_matching *m;
} match;

static bool at_end(const hsn_side *s)
{
    bool ended;
    return hsn_side_open(s, &ended).n == 0 && ended;
}

static hsn_step more(const match *w, hsn_side *s)
{
    w->m->about_output = s == w->out;
    return hsn_side_more(s, &w->m->err);
}

/* Reads until n bytes are held, or the string ends. */
static hsn_step need(const match *w, hsn_side *s, size_t n)
{
    bool ended;
    hsn_step step = HSN_MORE;
    while (step == HSN_MORE && hsn_side_open(s, &ended).n < n && !ended) {
        step = more(w, s);
    }
    return step;
}

/* Passes the string up to offset `to`, or its end; all of it but the last `keep` bytes. */
static hsn_step pass(const match *w, hsn_side *s, uint64_t to, size_t keep)
{
    hsn_step step = HSN_MORE;
    while (step == HSN_MORE && s->pos < to) {
        bool ended;
        size_t n = hsn_side_open(s, &ended).n;
        n = n > keep ? n - keep : 0;
        s->pos += n < to - s->pos ? n : to - s->pos;
        if (ended) {
            break;
        }
        step = s->pos < to ? more(w, s) : HSN_MORE;
    }
    return step;
}

/* Both are the same up to offset `to` of the input, or to their ends: or they differ. */
static hsn_step compare(const match *w, uint64_t to)
{
    hsn_step step = HSN_MORE;
    while (step == HSN_MORE && w->in->pos < to) {
        bool ended_a;
        bool ended_b;
        hsn_str a = hsn_side_open(w->in, &ended_a);
        hsn_str b = hsn_side_open(w->out, &ended_b);
        size_t n = a.n < b.n ? a.n : b.n;
        n = n < to - w->in->pos ? n : (size_t)(to - w->in->pos);
        if (n > 0) {
            w->m->differ = memcmp(a.p, b.p, n) != 0;
            w->in->pos += n;
            w->out->pos += n;
        } else if (a.n == 0 && !ended_a) {
            step = more(w, w->in);
        } else if (b.n == 0 && !ended_b) {
            step = more(w, w->out);
        } else {
            w->m->differ = a.n != b.n;
            break;
        }
        if (w->m->differ) {
            break;
        }
    }
    return step;
}

static const hsn_change *next_span(const match *w)
{
    while (w->m->span < w->m->n_spans) {
        const hsn_change *s = &w->m->spans[w->m->span];
        if (s->off >= w->in->pos || s->off + s->len > w->in->pos) {
            return s;
        }
        w->m->span++;
    }
    return NULL;
}

/* Brings the output to where the input goes on behind a change: pieces between changes are looked
 * for from left to right, as a pattern with stars is matched; the last one stands at the end. */
static hsn_step find_again(const match *w)
{
    const hsn_change *next = next_span(w);
    hsn_step step = need(w, w->in, ANCHOR + 1);
    bool ended;
    hsn_str piece = hsn_side_open(w->in, &ended);
    bool last = ended && piece.n <= ANCHOR && (next == NULL || next->off >= w->in->pos + piece.n);
    if (next != NULL && next->off - w->in->pos < piece.n) {
        piece.n = (size_t)(next->off - w->in->pos);
    }
    if (last) {
        return step == HSN_FAIL ? step : pass(w, w->out, UINT64_MAX, piece.n);
    }
    piece = hsn_str_cut(piece, 0, ANCHOR);
    while (step == HSN_MORE) {
        hsn_str text = hsn_side_open(w->out, &ended);
        size_t at = hsn_str_find(text, piece);
        if (at < text.n) {
            w->out->pos += at;
            return HSN_MORE;
        }
        w->out->pos += text.n >= piece.n ? text.n - piece.n + 1 : 0;
        if (ended) {
            w->m->differ = true;
            return HSN_MORE;
        }
        step = more(w, w->out);
    }
    return step;
}

/* At a change: passes it and those that follow it without a byte between. */
static hsn_step pass_spans(const match *w)
{
    uint64_t to = w->in->pos;
    const hsn_change *s;
    while ((s = next_span(w)) != NULL && s->off <= to) {
        to = s->off + s->len > to ? s->off + s->len : to;
        w->m->span++;
    }
    w->m->told = true;
    hsn_step step = pass(w, w->in, to, 0);
    w->m->differ = w->in->pos < to; /* beyond the string */
    return step == HSN_MORE && !w->m->differ ? find_again(w) : step;
}

hsn_step hsn_match_strings(hsn_side *in, hsn_side *out, hsn_matching *m)
{
    match w = {in, out, m};
    hsn_step step = HSN_MORE;
    while (step == HSN_MORE && !m->differ && !(at_end(in) && (m->told || at_end(out)))) {
        const hsn_change *s = next_span(&w);
        if (s != NULL && s->off <= in->pos && !at_end(in)) {
            step = pass_spans(&w);
        } else {
            step = compare(&w, s != NULL && s->off > in->pos ? s->off : UINT64_MAX);
        }
    }
    m->differ = m->differ || !at_end(out);
    if (step == HSN_MORE) {
        step = pass(&w, in, UINT64_MAX, 0);
    }
    if (step == HSN_MORE) {
        step = pass(&w, out, UINT64_MAX, 0);
    }
    while (m->span < m->n_spans && m->spans[m->span].off < in->pos) {
        m->span++; /* told of bytes behind the first difference */
    }
    return step;
}
