/*
 * From masks to stops. See stops.h.
 */
#include "stops.h"

#include "scan_wide.h"

/* Bit i: the 2, 4, 8, 16 bits from i on are set. */
static inline uint64_t run_of_two(uint64_t mask)
{
    return mask & mask >> 1;
}

static inline uint64_t run_of_four(uint64_t mask)
{
    return run_of_two(mask) & run_of_two(mask) >> 2;
}

static inline uint64_t run_of_eight(uint64_t mask)
{
    return run_of_four(mask) & run_of_four(mask) >> 4;
}

static inline uint64_t run_of_sixteen(uint64_t mask)
{
    return run_of_eight(mask) & run_of_eight(mask) >> 8;
}

/* Bit i: `what` holds somewhere in the word of which i is a byte, at most 15 bytes behind it. */
static inline uint64_t ahead_in_word(uint64_t what, uint64_t word)
{
    _Static_assert(HSN_KEY_WINDOW == 16, "1 and 2 and 4 and 8, and the byte itself");
    what |= what >> 1 & word;
    what |= what >> 2 & run_of_two(word);
    what |= what >> 4 & run_of_four(word);
    return what | (what >> 8 & run_of_eight(word));
}

/* A digit, or a capital behind the first letter, or HSN_KEY_WINDOW bytes; of digits alone
 * HSN_KEY_DIGITS. */
static inline uint64_t keys(const hsn_masks *m, uint64_t begin)
{
    enum { EIGHT = 8 };
    _Static_assert(HSN_KEY_DIGITS == EIGHT + 1, "a run of eight and one more");
    const uint64_t what = m->digit | (m->upper & ~begin);
    const uint64_t full = run_of_sixteen(m->word);
    if ((what | full) == 0) { /* of prose */
        return 0;
    }
    uint64_t telling = ahead_in_word(what, m->word) | full;
    uint64_t mixed = ahead_in_word(m->word & ~m->digit, m->word);
    uint64_t number = run_of_eight(m->digit) & m->digit >> EIGHT;
    return begin & telling & (mixed | number);
}

/* Of words behind a slash, those before another: the segments of a path. A run that goes on to the
 * end of the block may have one there. */
static inline uint64_t segments(const hsn_masks *m, uint64_t words)
{
    uint64_t found = words;
    for (; words != 0; words &= words - 1) {
        const uint64_t bit = words & (0 - words);
        const uint64_t ends = ~m->base64 & (0 - bit); /* from the word on */
        if (ends != 0 && (m->slash & (0 - bit) & ((ends & (0 - ends)) - 1)) == 0) {
            found &= ~bit;
        }
    }
    return found;
}

/* All but the tokens, which look_up adds. */
static inline HSN_ALWAYS_INLINE void stops_from(const hsn_masks *m, hsn_edge before, hsn_stops *out)
{
    const uint64_t here = (1ull << HSN_STEP) - 1;
    uint64_t begin = m->word & ~(m->word << 1 | (uint64_t)before.word);
    out->key = keys(m, begin) & here;
    begin &= here;
    out->begin = begin;
    out->special = m->special & here;
    out->word = m->word;
    out->in_run = m->base64;
    out->base64 = begin & run_of_sixteen(m->base64);
    out->token = 0;
    out->digit = begin & m->digit;
    out->iban = begin & run_of_two(m->upper) & run_of_two(m->digit) >> 2;
    out->path = segments(m, begin & (m->slash << 1 | (uint64_t)before.slash));
}

/* ---------------------------------------------------------------- tokens */

/*
 * The words of all blocks are listed before they are looked up: how many of them a block has nobody
 * can foretell, and a wrong guess costs as much as ten of them.
 */
enum {
    WHOLE = HSN_BLOCK + HSN_LEAD_FIRST - 1, /* bytes of a block and what is told of its last */
    ROOM = HSN_STOPS_MOST * HSN_STEP / 2 + HSN_BLOCK / 2 /* every other byte, a vector behind */
};

/* Lists the words of a block that begin as `begin` tells, by their offsets, `base` that of the
 * block; returns their number. Those that begin as no anchor does may be left out. */
typedef size_t (*list_fn)(const unsigned char p[WHOLE], uint64_t begin, size_t base,
                          const hsn_leads *leads, uint16_t *to);

static inline HSN_ALWAYS_INLINE size_t list_all(const unsigned char p[WHOLE], uint64_t begin,
                                                size_t base, const hsn_leads *leads, uint16_t *to)
{
    enum { STRIDE = 4 };
    const size_t n = (size_t)__builtin_popcountll(begin);
    (void)p;
    (void)leads;
    for (size_t i = 0; i < n; i += STRIDE) {
        for (size_t k = i; k < i + STRIDE; k++) { /* those that are too many are written over */
            const uint64_t some = begin | 1ull << (HSN_BLOCK - 1);
            to[k] = (uint16_t)(base + (size_t)__builtin_ctzll(some));
            begin &= begin - 1;
        }
    }
    return n;
}

/* Of n words listed, those that begin as an anchor does. */
static inline void look_up(const unsigned char *p, uint16_t *at, size_t n, const hsn_leads *leads,
                           hsn_stops *out)
{
    size_t left = 0;
    for (size_t i = 0; i < n; i++) { /* no branch, here and below, that depends on the word */
        const uint16_t here = at[i];
        at[left] = here;
        left += hsn_leads_have_three(leads, p + here);
    }
    for (size_t i = 0; i < left; i++) {
        const unsigned char *here = p + at[i];
        const uint64_t pairs = hsn_leads_have_pairs(leads, here);
        const uint64_t later = hsn_leads_have_later(leads, here);
        out[at[i] / HSN_STEP].token |= (pairs & later) << at[i] % HSN_STEP;
    }
}

/* ---------------------------------------------------------------- paths */

/* Returns what stands before the next block. */
static inline HSN_ALWAYS_INLINE hsn_edge block_stops(const unsigned char *p, hsn_edge before,
                                                     hsn_stops *out, hsn_scan_fn masks)
{
    hsn_masks m;
    masks(p, &m);
    stops_from(&m, before, out);
    return (hsn_edge){.word = m.word >> (HSN_STEP - 1) & 1, .slash = m.slash >> (HSN_STEP - 1) & 1};
}

/* Compiled once for each path, with what instructions that path may use. */
static inline HSN_ALWAYS_INLINE void stops_of(hsn_str text, hsn_edge before, const hsn_leads *leads,
                                              hsn_stops *out, size_t n, hsn_scan_fn masks,
                                              list_fn list)
{
    const size_t fit = text.n < WHOLE ? 0 : (text.n - WHOLE) / HSN_STEP + 1;
    const size_t whole = fit < n ? fit : n;
    uint16_t words[ROOM];
    size_t listed = 0;
    for (size_t i = 0; i < whole; i++) {
        before = block_stops(text.p + i * HSN_STEP, before, &out[i], masks);
    }
    for (size_t i = 0; i < whole; i++) {
        const size_t base = i * HSN_STEP;
        listed += list(text.p + base, out[i].begin, base, leads, words + listed);
    }
    look_up(text.p, words, listed, leads, out);
    for (size_t i = whole; i < n; i++) { /* one or two at the end of the text */
        unsigned char tail[WHOLE] = {0};
        memcpy(tail, text.p + i * HSN_STEP, text.n - i * HSN_STEP);
        before = block_stops(tail, before, &out[i], masks);
        look_up(tail, words, list(tail, out[i].begin, 0, leads, words), leads, &out[i]);
    }
}

void hsn_stops_portable(hsn_str text, hsn_edge before, const hsn_leads *leads, hsn_stops *out,
                        size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_portable, list_all);
}

#if defined(HSN_AVX2)

HSN_AVX2 static void stops_avx2(hsn_str text, hsn_edge before, const hsn_leads *leads,
                                hsn_stops *out, size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_avx2, list_all);
}

/* By seven bits of each byte, its row of 128. */
HSN_AVX512 static inline __m512i rows_of(__m512i bytes, const unsigned char rows[HSN_LEAD_ROWS])
{
    return _mm512_permutex2var_epi8(_mm512_loadu_si512(rows), bytes,
                                    _mm512_loadu_si512(rows + HSN_LEAD_ROWS / 2));
}

/* hsn_leads_have_pairs of each byte and those behind it. */
HSN_AVX512 static inline uint64_t have_pairs(const unsigned char p[WHOLE], const hsn_leads *leads)
{
    const __m512i by_low = _mm512_set1_epi64((long long)0x8040201008040201);
    const __m512i by_next = _mm512_broadcast_i32x4(
        _mm_set_epi64x((long long)0x8080404020201010, 0x0808040402020101));
    const __m512i a = _mm512_loadu_si512(p);
    const __m512i b = _mm512_loadu_si512(p + 1);
    const __m512i c = _mm512_loadu_si512(p + 2);
    const __m512i bit_a = _mm512_permutexvar_epi8(a, by_low);
    const __m512i bit_b = _mm512_permutexvar_epi8(b, by_low);
    const __m512i bit_c = _mm512_permutexvar_epi8(c, by_low);
    const __m512i next_c = _mm512_permutexvar_epi8(c, by_next);
    return _mm512_test_epi8_mask(rows_of(a, leads->pairs[0]), bit_b) &
           _mm512_test_epi8_mask(rows_of(b, leads->pairs[1]), bit_c) &
           _mm512_test_epi8_mask(rows_of(c, leads->pairs[2]), bit_a) &
           _mm512_test_epi8_mask(rows_of(b, leads->pairs[3]), next_c);
}

/* See list_fn. */
HSN_AVX512 static inline size_t list_likely(const unsigned char p[WHOLE], uint64_t begin,
                                            size_t base, const hsn_leads *leads, uint16_t *to)
{
    const uint64_t likely = begin & have_pairs(p, leads);
    const __m512i each = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
        40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
        17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m256i first = _mm512_castsi512_si256(_mm512_maskz_compress_epi8(likely, each));
    _mm512_storeu_si512(to, _mm512_add_epi16(_mm512_cvtepu8_epi16(first),
                                             _mm512_set1_epi16((short)base)));
    return (size_t)__builtin_popcountll(likely);
}

HSN_AVX512 static void stops_avx512(hsn_str text, hsn_edge before, const hsn_leads *leads,
                                    hsn_stops *out, size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_avx512, list_likely);
}

#endif

hsn_stops_fn hsn_stops_best(void)
{
    static const hsn_stops_fn paths[] = HSN_PATHS(hsn_stops_portable, stops_avx2, stops_avx512);
    return paths[hsn_vec_width()];
}
