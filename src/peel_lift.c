/*
 * Escape layers in general: edits of the decoded text carried back to its source.
 *
 * Receives one hsn_escape and knows nothing else of the layer; peel_decode.c tells what a source
 * is. Passes it once, whatever the number of edits. Must never touch a source byte that no edit
 * needs changed, and never let an edit form an escape with bytes that stood there before.
 */
#include "peel.h"
#include "slashes.h"
#include "vec.h"

#define NO_CANDIDATE SIZE_MAX

typedef struct walk {
    const hsn_escape *e;
    hsn_str src;
    size_t at;    /* position in src */
    size_t off;   /* the same place in the decoded text */
    size_t next;  /* first candidate for an escape from `at` on, src.n when there is none */
    size_t taken; /* source bytes of the token at `next` */
    size_t made;  /* decoded bytes of the token at `next` */
    size_t last;  /* candidate passed last since the edit before, or NO_CANDIDATE */
    const hsn_marks *marks; /* NULL = none */
    size_t mark;            /* the first that is not passed */
} walk;

static void find_next(walk *w)
{
    unsigned char unit[HSN_ESCAPE_MAX];
    w->next = w->e->find(w->src, w->at);
    if (w->next == w->src.n) {
        return;
    }
    w->taken = w->e->step(w->src, w->next, unit, &w->made);
    if (w->taken == 0) {
        w->taken = 1;
        w->made = 1;
    }
}

/* After a leap. Whatever is still in front was found already: what has few escapes and many edits
 * is not searched to its end for each. */
static void catch_up(walk *w)
{
    if (w->next < w->at) {
        find_next(w);
    }
}

static void pass_candidate(walk *w)
{
    w->last = w->next;
    w->at += w->taken;
    w->off += w->made;
    find_next(w);
}

/* Up to the decoded offset `to`, or the end of the plain run. */
static void pass_plain(walk *w, size_t to)
{
    size_t run = w->next - w->at;
    size_t want = to - w->off;
    size_t n = run < want ? run : want;
    w->at += n;
    w->off += n;
}

/* Passes the next block, or what comes first of it: up to the last simple escape that begins before
 * the decoded offset `to`. Was it all of the block? Then n escapes made it 64 - n bytes. */
static bool pass_block(walk *w, size_t to)
{
    const unsigned char *p = w->src.p + w->at;
    const size_t most = to - w->off;
    uint64_t begins = hsn_slashes_first(hsn_vec_mask(p, '\\'));
    size_t passed = 0;
    size_t end = 0; /* behind the last escape passed */
    for (; begins != 0; begins &= begins - 1) {
        const size_t i = (size_t)__builtin_ctzll(begins);
        if (i - passed >= most || w->e->simple[p[i + 1]] == 0) {
            break;
        }
        passed++;
        end = i + 2;
    }
    if (passed > 0) {
        w->last = w->at + end - 2;
    }
    const bool whole = begins == 0 && HSN_VEC_BLOCK - passed <= most;
    if (whole && end < HSN_VEC_BLOCK) {
        end = HSN_VEC_BLOCK;
    }
    w->at += end;
    w->off += end - passed;
    return whole;
}

/* Passes simple escapes and what is plain between them, as far as they begin before the decoded
 * offset `to`. */
static void pass_blocks(walk *w, size_t to)
{
    bool more = w->e->simple != NULL;
    while (more && w->src.n - w->at > HSN_VEC_BLOCK && w->off < to) {
        more = pass_block(w, to);
    }
}

static void pass_simple(walk *w, size_t to)
{
    pass_blocks(w, to);
    catch_up(w);
}

/* On to a mark well before the decoded offset `off`, where what is next is still to be found: from
 * there on every candidate is passed that could be open at `off`, for in JSON none is as long as
 * LEAD. */
static void follow_marks(walk *w, size_t off)
{
    enum { LEAD = 16 };
    const hsn_marks *m = w->marks;
    if (m == NULL || off < LEAD) {
        return;
    }
    while (w->mark < m->n && m->at[w->mark].plain <= off - LEAD) {
        w->mark++;
    }
    if (w->mark > 0 && m->at[w->mark - 1].src > w->at) {
        w->at = m->at[w->mark - 1].src;
        w->off = m->at[w->mark - 1].plain;
        w->last = NO_CANDIDATE;
    }
}

/* To the last place at or before `off` that splits no token: escapes that decode to nothing stay
 * outside the edit. Stays put when the edit before took the escape that `off` lies in. */
static void go_to_start(walk *w, size_t off)
{
    catch_up(w);
    while (w->at < w->src.n && w->off <= off) {
        if (w->at == w->next) {
            if (w->made > off - w->off) {
                return;
            }
            pass_candidate(w);
            pass_simple(w, off);
        } else if (w->off < off) {
            pass_plain(w, off);
        } else {
            return;
        }
    }
}

/* The same where that is worth it: few values are longer than a block. */
static void pass_long(walk *w, size_t end)
{
    if (end > w->off + HSN_VEC_BLOCK) {
        pass_simple(w, end);
    }
}

/* To the first place at or behind `end` that splits no token. */
static void go_to_end(walk *w, size_t end)
{
    pass_long(w, end);
    while (w->at < w->src.n && w->off < end) {
        if (w->at == w->next) {
            pass_candidate(w);
            pass_long(w, end);
        } else {
            pass_plain(w, end);
        }
    }
}

/*
 * Where the edit that starts at w->at must begin. When the token before it could take in bytes of
 * the replacement ("%4" + "1"), that token joins the edit, spelled so that it cannot.
 */
static size_t close_head(const walk *w, hsn_buf *spelled)
{
    if (w->last == NO_CANDIDATE) {
        return w->at;
    }
    unsigned char unit[HSN_ESCAPE_MAX];
    size_t made;
    size_t taken = w->e->step(w->src, w->last, unit, &made);
    hsn_str head = hsn_str_cut(w->src, w->last, w->at);
    if ((taken != 0 && taken < head.n) || !w->e->open(head)) {
        return w->at;
    }
    if (taken != 0 && w->e->end != NULL) {
        hsn_buf_add_str(spelled, head);
        hsn_buf_add_str(spelled, hsn_str_z(w->e->end));
    } else {
        w->e->write(spelled, taken == 0 ? head : hsn_str_of(unit, made));
    }
    return w->last;
}

/* On to the edit in a source without a candidate from where the walk is to the end of the edit, as
 * it is with most; false when it is another, or not as near. Candidates passed since the edit
 * before were simple escapes, which are complete. */
static bool leap(walk *w, const hsn_edit *edit, size_t *from)
{
    const size_t plain = edit->off + edit->len - w->off; /* bytes up to the end */
    if (edit->off < w->off || edit->len == 0 || plain > HSN_VEC_BLOCK ||
        w->src.n - w->at < HSN_VEC_BLOCK ||
        (hsn_vec_mask(w->src.p + w->at, '\\') << (HSN_VEC_BLOCK - plain)) != 0) {
        return false;
    }
    *from = w->at + (edit->off - w->off);
    w->at += plain;
    w->off += plain;
    return true;
}

/* Past the edit; returns where it must begin. */
static size_t pass_edit(walk *w, const hsn_edit *edit, hsn_buf *spelled)
{
    size_t from;
    follow_marks(w, edit->off);
    pass_blocks(w, edit->off);
    if (w->e->simple == NULL || !leap(w, edit, &from)) {
        go_to_start(w, edit->off);
        from = close_head(w, spelled);
        go_to_end(w, edit->off + edit->len);
    }
    w->last = NO_CANDIDATE;
    return from;
}

static bool lift_one(walk *w, hsn_edit *edit, hsn_buf *spelled, hsn_arena *mem)
{
    hsn_buf_reset(spelled);
    const size_t from = pass_edit(w, edit, spelled);
    edit->off = from;
    edit->len = w->at - from;
    if (spelled->n == 0 && w->e->as_is != NULL && w->e->as_is(edit->with)) {
        return true; /* as most stand-ins are */
    }
    w->e->write(spelled, edit->with);
    if (!hsn_str_eq(edit->with, hsn_buf_str(spelled))) {
        edit->with = hsn_arena_copy(mem, hsn_buf_str(spelled));
    }
    return !hsn_buf_failed(spelled) && edit->with.n == spelled->n;
}

static bool lift(walk *w, hsn_edit *edits, size_t n, hsn_arena *mem)
{
    if (n == 0) {
        return true;
    }
    find_next(w);
    hsn_buf spelled;
    hsn_buf_init(&spelled, mem->max); /* what does not fit there is refused anyway */
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ok = lift_one(w, &edits[i], &spelled, mem);
    }
    hsn_buf_wipe(&spelled);
    return ok;
}

bool hsn_peel_lift(const hsn_escape *e, hsn_str src, hsn_edit *edits, size_t n, hsn_arena *mem)
{
    walk w = {.e = e, .src = src, .last = NO_CANDIDATE};
    return lift(&w, edits, n, mem);
}

bool hsn_peel_lift_json(hsn_str src, const hsn_marks *marks, hsn_edit *edits, size_t n,
                        hsn_arena *mem)
{
    walk w = {.e = &hsn_escape_json, .src = src, .last = NO_CANDIDATE, .marks = marks};
    return lift(&w, edits, n, mem);
}

void hsn_peel_splice(hsn_buf *out, hsn_str text, const hsn_edit *edits, size_t n)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        hsn_buf_add_str(out, hsn_str_cut(text, at, edits[i].off));
        hsn_buf_add_str(out, edits[i].with);
        at = edits[i].off + edits[i].len;
    }
    hsn_buf_add_str(out, hsn_str_cut(text, at, text.n));
}
