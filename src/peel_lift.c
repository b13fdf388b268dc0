/*
 * Escape layers in general: decode a text, carry edits of the decoded text back to its source.
 *
 * Receives one hsn_escape and knows nothing else of the layer. A source is a row of tokens: runs of
 * plain bytes, escapes, and single bytes that look like the start of an escape and are none. Both
 * directions pass it once, whatever the number of edits. Must never touch a source byte that no
 * edit needs changed, and never let an edit form an escape with bytes that stood there before.
 */
#include "peel.h"
#include "slashes.h"
#include "vec_wide.h"

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

/* Short runs are the rule in JSON within JSON: one copy of fixed size, where both ends have room,
 * beats counting bytes. */
static void add_run(hsn_buf *out, hsn_str src, size_t from, size_t to)
{
    enum { SHORT = 16 };
    size_t n = to - from;
    if (n <= SHORT && src.n - from >= SHORT && out->cap - out->n >= SHORT) {
        memcpy(out->p + out->n, src.p + from, SHORT);
        out->n += n;
    } else {
        hsn_buf_add(out, src.p + from, n);
    }
}

/* Decodes the candidate at src[at]; returns the source bytes it took. */
static size_t add_candidate(const hsn_escape *e, hsn_str src, size_t at, hsn_buf *out)
{
    unsigned char unit[HSN_ESCAPE_MAX] = {0};
    size_t made;
    size_t taken = e->step(src, at, unit, &made);
    if (taken == 0) {
        unit[0] = src.p[at];
        taken = made = 1;
    }
    if (out->cap - out->n >= sizeof unit) {
        memcpy(out->p + out->n, unit, sizeof unit);
        out->n += made;
    } else {
        hsn_buf_add(out, unit, made);
    }
    return taken;
}

/* Marks being noted. */
typedef struct noting {
    hsn_marks *marks;
    size_t step; /* source bytes between two, at least */
    size_t next; /* the next one from here on */
} noting;

static noting begin_marks(hsn_marks *marks, size_t n)
{
    enum { STEP = HSN_VEC_BLOCK }; /* a walk of less costs as much as a mark does */
    noting m = {.marks = marks, .step = STEP, .next = SIZE_MAX};
    if (marks != NULL) {
        marks->n = 0;
        m.step = n / HSN_MARKS < STEP ? STEP : n / HSN_MARKS + 1;
        m.next = m.step;
    }
    return m;
}

static inline void note_mark(noting *m, size_t at, size_t plain)
{
    if (at >= m->next) {
        m->marks->at[m->marks->n++] = (hsn_mark){.src = at, .plain = plain};
        m->next = at + m->step;
    }
}

/* What became of a block. */
typedef struct decoded {
    size_t took;
    size_t made;
    uint64_t escaped; /* 1: its last byte was a backslash, whose escape is still to be made */
    bool stopped;     /* before the end of the block */
} decoded;

/* Copies up to a block, in whole vectors. */
static inline HSN_ALWAYS_INLINE void copy_run(unsigned char *to, const unsigned char *from,
                                              size_t n)
{
    memcpy(to, from, HSN_VEC);
    for (size_t i = HSN_VEC; i < n; i += HSN_VEC) {
        memcpy(to + i, from + i, HSN_VEC);
    }
}

/* Decodes a block up to the first escape that is not simple, which may be the one behind it. */
static inline HSN_ALWAYS_INLINE decoded decode_runs(const unsigned char *simple,
                                                    const unsigned char *p, uint64_t slashes,
                                                    unsigned char *out)
{
    decoded d = {0};
    for (uint64_t rest = hsn_slashes_first(slashes); rest != 0; rest &= rest - 1) {
        const size_t at = (size_t)__builtin_ctzll(rest);
        const unsigned char c = simple[p[at + 1]];
        copy_run(out + d.made, p + d.took, at - d.took);
        d.made += at - d.took;
        d.took = at;
        if (c == 0) {
            d.stopped = true;
            return d;
        }
        out[d.made++] = c;
        d.took += 2;
    }
    if (d.took < HSN_VEC_BLOCK) {
        copy_run(out + d.made, p + d.took, HSN_VEC_BLOCK - d.took);
        d.made += HSN_VEC_BLOCK - d.took;
        d.took = HSN_VEC_BLOCK;
    }
    return d;
}

/* What is escaped is decoded with the backslash before: `escaped` is always 0. */
static inline decoded decode_block(const unsigned char *simple, const unsigned char *p,
                                   uint64_t escaped, unsigned char *out)
{
    (void)escaped;
    return decode_runs(simple, p, hsn_vec_mask(p, '\\'), out);
}

#if defined(HSN_AVX2)

HSN_AVX2 static inline decoded decode_block_avx2(const unsigned char *simple,
                                                 const unsigned char *p, uint64_t escaped,
                                                 unsigned char *out)
{
    (void)escaped;
    return decode_runs(simple, p, hsn_avx2_mask(p, '\\'), out);
}

/* All escapes at once: what they stand for is looked up for every byte, put in where one is
 * escaped, and the backslashes before are left out. Always a whole block, for the next not to wait:
 * `escaped` goes from one to the next. */
HSN_AVX512 static inline decoded decode_block_avx512(const unsigned char *simple,
                                                     const unsigned char *p, uint64_t escaped,
                                                     unsigned char *out)
{
    const uint64_t begins = hsn_slashes_next(hsn_avx512_mask(p, '\\'), escaped);
    const uint64_t behind = begins << 1 | escaped;
    const __m512i v = _mm512_loadu_si512(p);
    const __m512i plain = _mm512_permutex2var_epi8(_mm512_loadu_si512(simple), v,
                                                   _mm512_loadu_si512(simple + HSN_VEC_BLOCK));
    const uint64_t none = _mm512_testn_epi8_mask(plain, plain) | _mm512_movepi8_mask(v);
    if ((behind & none) != 0) { /* one is not simple: up to that one by one */
        p -= escaped;
        decoded d = decode_runs(simple, p, hsn_avx512_mask(p, '\\'), out);
        d.took -= escaped;
        d.stopped = true;
        return d;
    }
    const __m512i all = _mm512_mask_mov_epi8(v, behind, plain);
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi8(~begins, all));
    return (decoded){.took = HSN_VEC_BLOCK,
                     .made = HSN_VEC_BLOCK - (size_t)__builtin_popcountll(begins),
                     .escaped = begins >> (HSN_VEC_BLOCK - 1)};
}

#endif

/*
 * Decodes src from *at on while there is nothing but plain bytes and simple escapes, to little more
 * than a block before its end. Reads and writes whole vectors: `out` has room for as many bytes as
 * are left, and one vector more. Returns how many there are then. Compiled once for each path.
 */
static inline HSN_ALWAYS_INLINE size_t
decode_blocks(const unsigned char *simple, hsn_str src, size_t *at, unsigned char *out, size_t made,
              noting *marks,
              decoded (*block)(const unsigned char *simple, const unsigned char *p,
                               uint64_t escaped, unsigned char *out))
{
    size_t i = *at;
    uint64_t escaped = 0;
    bool more = true;
    while (more && src.n - i > HSN_VEC_BLOCK + HSN_VEC) {
        note_mark(marks, i - escaped, made);
        const decoded d = block(simple, src.p + i, escaped, out + made);
        made += d.made;
        i += d.took;
        escaped = d.escaped;
        more = !d.stopped;
    }
    *at = i - escaped;
    return made;
}

typedef size_t decode_fn(const unsigned char *simple, hsn_str src, size_t *at, unsigned char *out,
                         size_t made, noting *marks);

static size_t decode_portable(const unsigned char *simple, hsn_str src, size_t *at,
                              unsigned char *out, size_t made, noting *marks)
{
    return decode_blocks(simple, src, at, out, made, marks, decode_block);
}

#if defined(HSN_AVX2)

HSN_AVX2 static size_t decode_avx2(const unsigned char *simple, hsn_str src, size_t *at,
                                   unsigned char *out, size_t made, noting *marks)
{
    return decode_blocks(simple, src, at, out, made, marks, decode_block_avx2);
}

HSN_AVX512 static size_t decode_avx512(const unsigned char *simple, hsn_str src, size_t *at,
                                       unsigned char *out, size_t made, noting *marks)
{
    return decode_blocks(simple, src, at, out, made, marks, decode_block_avx512);
}

#endif

static bool decode(const hsn_escape *e, hsn_str src, hsn_buf *out, noting marks)
{
    static decode_fn *const paths[] = HSN_PATHS(decode_portable, decode_avx2, decode_avx512);
    decode_fn *decode_simple = paths[hsn_vec_width()];
    /* No layer decodes to more bytes than it took, so one request is mostly enough. */
    const size_t room = out->max - out->n;
    const bool fits = room >= HSN_VEC && src.n <= room - HSN_VEC;
    (void)hsn_buf_reserve(out, fits ? src.n + HSN_VEC : src.n < room ? src.n : room);
    size_t at = 0;
    while (at < src.n && !hsn_buf_failed(out)) {
        if (fits && e->simple != NULL) {
            out->n = decode_simple(e->simple, src, &at, out->p, out->n, &marks);
        }
        size_t next = e->find(src, at);
        if (next > at) {
            add_run(out, src, at, next);
        }
        at = next < src.n ? next + add_candidate(e, src, next, out) : next;
    }
    return !hsn_buf_failed(out);
}

bool hsn_peel_escape(const hsn_escape *e, hsn_str src, hsn_buf *out)
{
    return decode(e, src, out, begin_marks(NULL, 0));
}

bool hsn_peel_json(hsn_str src, hsn_buf *out, hsn_marks *marks)
{
    return decode(&hsn_escape_json, src, out, begin_marks(marks, src.n));
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
