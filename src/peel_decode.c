/*
 * Escape layers in general: a text decoded, with marks by which the way back is found.
 *
 * Receives one hsn_escape and knows nothing else of the layer. A source is a row of tokens: runs of
 * plain bytes, escapes, and single bytes that look like the start of an escape and are none. Where
 * escapes are simple (a backslash and a byte) blocks are decoded at once, by a vector path chosen
 * at run time or a portable one that agrees with it. Passes the source once.
 */
#include "peel.h"
#include "slashes.h"
#include "vec_wide.h"

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
