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

/* ---------------------------------------------------------------- from masks to stops */

/*
 * The masks of blocks, each kind of them side by side: what follows is the same for every block,
 * and compilers make vectors of it that do four or eight at once. Therefore it has no branches.
 */
typedef struct mask_rows {
    uint64_t word[HSN_STOPS_MOST + 1]; /* these four from 1 on: 0 is the block before the first */
    uint64_t slash[HSN_STOPS_MOST + 1];
    uint64_t open[HSN_STOPS_MOST + 1];
    uint64_t dot[HSN_STOPS_MOST + 1];
    uint64_t base64[HSN_STOPS_MOST];
    uint64_t special[HSN_STOPS_MOST];
    uint64_t digit[HSN_STOPS_MOST];
    uint64_t upper[HSN_STOPS_MOST];
    uint64_t gap[HSN_STOPS_MOST];
    uint64_t zero[HSN_STOPS_MOST];
    uint64_t one[HSN_STOPS_MOST];
} mask_rows;

static inline void put_row(mask_rows *r, size_t i, const hsn_masks *m)
{
    r->word[i + 1] = m->word;
    r->slash[i + 1] = m->slash;
    r->open[i + 1] = m->open;
    r->dot[i + 1] = m->dot;
    r->base64[i] = m->base64;
    r->special[i] = m->special;
    r->digit[i] = m->digit;
    r->upper[i] = m->upper;
    r->gap[i] = m->gap;
    r->zero[i] = m->zero;
    r->one[i] = m->one;
}

static inline void put_edge(mask_rows *r, hsn_edge before)
{
    r->word[0] = (uint64_t)before.word << (HSN_STEP - 1);
    r->slash[0] = (uint64_t)before.slash << (HSN_STEP - 1);
    r->open[0] = (uint64_t)before.open << (HSN_STEP - 1);
    r->dot[0] = (uint64_t)(before.byte == '.') << (HSN_STEP - 1);
}

/* Bit i: byte i - 1 is in the mask, the first of the block before. */
static inline uint64_t behind(uint64_t mask, uint64_t before)
{
    return mask << 1 | (before >> (HSN_STEP - 1) & 1);
}

/* A digit, or a capital behind the first letter, or HSN_KEY_WINDOW bytes; of digits alone
 * HSN_KEY_DIGITS. */
static inline uint64_t keys(uint64_t word, uint64_t begin, uint64_t digit, uint64_t upper)
{
    enum { THREE = 3 };
    _Static_assert(HSN_KEY_DIGITS == 4 + THREE, "a run of four, another from its last on");
    const uint64_t what = digit | (upper & ~begin);
    const uint64_t telling = ahead_in_word(what, word) | run_of_sixteen(word);
    const uint64_t mixed = ahead_in_word(word & ~digit, word);
    const uint64_t four = run_of_four(digit);
    const uint64_t number = four & four >> THREE;
    return begin & telling & (mixed | number);
}

/*
 * Of words that begin with a digit, those with which a phone or card number may begin: behind what
 * opens one; with 00 or 011, which stand before a calling code (no such code begins with 0, nor
 * does a dot or slash stand between them, but in the milliseconds of a time); with the 1 of North
 * America; else with three digits in a row. Behind these a card has nine more, or one and a gap and
 * four, and it is no fraction. Two gaps in a row may be one character beyond ASCII.
 */
static inline uint64_t numbers(const mask_rows *r, size_t i, uint64_t digits)
{
    const uint64_t digit = r->digit[i];
    const uint64_t gap = r->gap[i];
    const uint64_t zero = r->zero[i];
    const uint64_t one = r->one[i];
    const uint64_t space = gap & ~(r->dot[i + 1] | r->slash[i + 1] | r->open[i + 1]);
    const uint64_t abroad = zero & ((zero >> 1 & (space | (digit & ~zero)) >> 2) |
                                    (one >> 1 & one >> 2));
    const uint64_t group = (gap | r->open[i + 1]) & (run_of_four(digit) | gap) >> 1;
    const uint64_t card = digit & (group | run_of_eight(digit)) >> 1;
    const uint64_t row = card >> 3 & ~behind(r->dot[i + 1], r->dot[i]);
    const uint64_t other = ~(zero | one) & digit >> 1 & digit >> 2 & (gap >> 3 | row);
    return digits & (behind(r->open[i + 1], r->open[i]) | abroad | (one & gap >> 1) | other);
}

/* Of words behind a slash, those before another: the segments of a path. A run that goes on to the
 * end of the block may have one there. */
static inline uint64_t segments(uint64_t base64, uint64_t slash, uint64_t words)
{
    const uint64_t inside = base64 & ~slash;
    const uint64_t eight = run_of_eight(inside);
    const uint64_t sixteen = run_of_sixteen(inside);
    uint64_t other = ~base64; /* what ends the segment of which this is a byte */
    other |= other >> 1 & inside;
    other |= other >> 2 & run_of_two(inside);
    other |= other >> 4 & run_of_four(inside);
    other |= other >> 8 & eight;
    other |= other >> 16 & sixteen;
    other |= other >> 32 & sixteen & sixteen >> 16;
    return words & ~other;
}

/* Hyphens and pluses. */
static inline uint64_t joints(const mask_rows *r, size_t i)
{
    return r->base64[i] & ~(r->word[i + 1] | r->slash[i + 1]) & (r->gap[i] | r->open[i + 1]);
}

/* All but the tokens, which look_up adds. */
static inline HSN_ALWAYS_INLINE void stops_from(const mask_rows *restrict r, size_t n,
                                                hsn_stops *restrict out)
{
    const uint64_t here = (1ull << HSN_STEP) - 1;
    for (size_t i = 0; i < n; i++) {
        const uint64_t word = r->word[i + 1];
        const uint64_t base64 = r->base64[i];
        const uint64_t digit = r->digit[i];
        const uint64_t begin = word & ~behind(word, r->word[i]);
        const uint64_t begin_here = begin & here;
        out->special[i] = r->special[i] & here;
        out->word[i] = word;
        out->begin[i] = begin_here;
        out->in_run[i] = base64;
        out->long_word[i] = begin_here & run_of_sixteen(word);
        out->key[i] = keys(word, begin, digit, r->upper[i]) & here;
        out->base64[i] = begin_here & run_of_sixteen(base64);
        out->inner[i] = out->base64[i] & word << 2 & joints(r, i) << 1;
        out->token[i] = 0;
        out->anchor[i] = 0;
        out->digit[i] = begin_here & digit;
        out->number[i] = numbers(r, i, begin_here & digit);
        out->iban[i] = begin_here & run_of_two(r->upper[i]) & run_of_two(digit) >> 2;
        out->path[i] = segments(base64, r->slash[i + 1],
                                begin_here & behind(r->slash[i + 1], r->slash[i]));
    }
}

/* ---------------------------------------------------------------- lists */

/*
 * The words of all blocks are listed before they are looked up: how many of them a block has nobody
 * can foretell, and a wrong guess costs as much as ten of them.
 */
enum { WHOLE = HSN_BLOCK + HSN_LEAD_FIRST - 1 }; /* bytes of a block and what is told of its last */

/* Writes `base` and each bit of the mask; returns how many these are.
 * There is room for a block of them. */
typedef size_t (*list_fn)(uint64_t mask, size_t base, uint16_t *to);

/* By so many at once: what is too many is written over. */
static inline HSN_ALWAYS_INLINE size_t list_bits(uint64_t mask, size_t base, uint16_t *to,
                                                 unsigned stride)
{
    const size_t n = (size_t)__builtin_popcountll(mask);
    size_t i = 0;
    do {
        for (unsigned k = 0; k < stride; k++, i++) {
            const size_t bit = mask != 0 ? (size_t)__builtin_ctzll(mask) : HSN_BLOCK;
            to[i] = (uint16_t)(base + bit);
            mask &= mask - 1;
        }
    } while (i < n);
    return n;
}

/* Of a block with five or six, as words are. */
static inline HSN_ALWAYS_INLINE size_t list_many(uint64_t mask, size_t base, uint16_t *to)
{
    return list_bits(mask, base, to, 8);
}

/* Of a block with one, or none, as keys and signs are. */
static inline HSN_ALWAYS_INLINE size_t list_few(uint64_t mask, size_t base, uint16_t *to)
{
    return list_bits(mask, base, to, 2);
}

static inline HSN_ALWAYS_INLINE size_t list_all(const uint64_t *masks, size_t n, uint16_t *to,
                                                list_fn list)
{
    size_t listed = 0;
    for (size_t i = 0; i < n; i++) {
        listed += list(masks[i], i * HSN_BLOCK, to + listed);
    }
    return listed;
}

/* ---------------------------------------------------------------- tokens */

/* Of the words that begin as `begin` tells, those that may begin as an anchor does. */
typedef uint64_t (*filter_fn)(const unsigned char p[WHOLE], uint64_t begin, const hsn_leads *leads);

static inline HSN_ALWAYS_INLINE uint64_t keep_all(const unsigned char p[WHOLE], uint64_t begin,
                                                  const hsn_leads *leads)
{
    (void)p;
    (void)leads;
    return begin;
}

/* Of n words listed, keeps those of which the first four bytes may be an anchor's; returns how
 * many these are. Behind the list there is room. */
typedef size_t (*keep_fn)(const unsigned char *p, uint16_t *at, size_t n, const hsn_leads *leads);

static inline HSN_ALWAYS_INLINE size_t keep_four(const unsigned char *p, uint16_t *at, size_t n,
                                                 const hsn_leads *leads)
{
    size_t left = 0;
    for (size_t i = 0; i < n; i++) { /* no branch, here and below, that depends on the word */
        const uint16_t here = at[i];
        at[left] = here;
        left += hsn_leads_have_four(leads, p + here);
    }
    return left;
}

/* Of n words listed, those that begin as an anchor does: added to the masks of their blocks. p is
 * `text` or a copy of it, `before` the byte before. */
static inline HSN_ALWAYS_INLINE void look_up(const unsigned char *p, const unsigned char *text,
                                             unsigned char before, uint16_t *at, size_t n,
                                             const hsn_leads *leads, keep_fn keep, hsn_stops *out,
                                             size_t first)
{
    size_t left = 0;
    n = keep(p, at, n, leads);
    for (size_t i = 0; i < n; i++) {
        const uint16_t here = at[i];
        at[left] = here;
        left += hsn_leads_have_most(leads, p + here);
    }
    for (size_t i = 0; i < left; i++) {
        const unsigned char last = at[i] > 0 ? text[at[i] - 1] : before;
        const uint64_t whose = hsn_leads_compare(leads, p + at[i], last);
        const size_t block = first + at[i] / HSN_STEP;
        out->token[block] |= (uint64_t)(whose != 0) << at[i] % HSN_STEP;
        out->anchor[block] |= whose / HSN_LEAD_OF_RULE << at[i] % HSN_STEP;
    }
}

/* ---------------------------------------------------------------- paths */

/* Compiled once for each path, with what instructions that path may use. */
static inline HSN_ALWAYS_INLINE void stops_of(hsn_str text, hsn_edge before, const hsn_leads *leads,
                                              hsn_stops *out, size_t n, hsn_scan_fn masks,
                                              filter_fn filter, list_fn list, keep_fn keep)
{
    enum {
        LAST = 2, /* blocks that are not whole */
        LANES = 4 /* of vectors: texts of few blocks take no more than one of them */
    };
    _Static_assert(HSN_STOPS_MOST % LANES == 0, "there is room for whole vectors");
    _Static_assert(WHOLE <= HSN_STEP * LAST, "no more of them than that");
    const size_t fit = text.n < WHOLE ? 0 : (text.n - WHOLE) / HSN_STEP + 1;
    const size_t whole = fit < n ? fit : n;
    unsigned char last[LAST][WHOLE];
    uint16_t words[HSN_LIST_ROOM];
    size_t listed = 0;
    hsn_masks m;
    mask_rows r;
    out->blocks = n;
    put_edge(&r, before);
    for (size_t i = 0; i < whole; i++) {
        masks(text.p + i * HSN_STEP, &m);
        put_row(&r, i, &m);
    }
    for (size_t i = whole; i < n; i++) {
        unsigned char *copy = last[i - whole];
        memset(copy, 0, WHOLE);
        memcpy(copy, text.p + i * HSN_STEP, text.n - i * HSN_STEP);
        masks(copy, &m);
        put_row(&r, i, &m);
    }
    size_t rows = n;
    for (const hsn_masks none = {0}; rows % LANES != 0; rows++) {
        put_row(&r, rows, &none);
    }
    stops_from(&r, rows, out);
    for (size_t i = 0; i < whole; i++) {
        const size_t base = i * HSN_STEP;
        listed += list(filter(text.p + base, out->begin[i], leads), base, words + listed);
    }
    look_up(text.p, text.p, before.byte, words, listed, leads, keep, out, 0);
    for (size_t i = whole; i < n; i++) {
        const unsigned char *copy = last[i - whole];
        listed = list(filter(copy, out->begin[i], leads), 0, words);
        const unsigned char *at = text.p + i * HSN_STEP;
        look_up(copy, at, i > 0 ? at[-1] : before.byte, words, listed, leads, keep, out, i);
    }
}

void hsn_stops_portable(hsn_str text, hsn_edge before, const hsn_leads *leads, hsn_stops *out,
                        size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_portable, keep_all, list_many, keep_four);
}

size_t hsn_list_portable(const uint64_t *masks, size_t n, uint16_t to[HSN_LIST_ROOM])
{
    return list_all(masks, n, to, list_few);
}

#if defined(HSN_AVX2)

HSN_AVX2 static size_t list_avx2(const uint64_t *masks, size_t n, uint16_t to[HSN_LIST_ROOM])
{
    return list_all(masks, n, to, list_few);
}

/* See keep_fn: eight words at once. */
HSN_AVX2 static inline size_t keep_four_avx2(const unsigned char *p, uint16_t *at, size_t n,
                                             const hsn_leads *leads)
{
    enum { LANES = 8, HALF = 4, ALL = (1 << HALF) - 1 };
    /* bytes of the lanes of a mask */
    static const unsigned char chosen[ALL + 1][LANES] = {
        {0},                {0, 1},             {2, 3},             {0, 1, 2, 3},
        {4, 5},             {0, 1, 4, 5},       {2, 3, 4, 5},       {0, 1, 2, 3, 4, 5},
        {6, 7},             {0, 1, 6, 7},       {2, 3, 6, 7},       {0, 1, 2, 3, 6, 7},
        {4, 5, 6, 7},       {0, 1, 4, 5, 6, 7}, {2, 3, 4, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6, 7},
    };
    const int *rows = (const void *)leads->four;
    size_t left = 0;
    memset(at + n, 0, LANES * sizeof *at);
    for (size_t i = 0; i < n; i += LANES) {
        const __m128i here = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        const __m256i four =
            _mm256_i32gather_epi32((const void *)p, _mm256_cvtepu16_epi32(here), 1);
        const __m256i lead =
            _mm256_mullo_epi32(_mm256_slli_epi32(four, 8), _mm256_set1_epi32((int)HSN_LEAD_MIX));
        const __m256i row =
            _mm256_i32gather_epi32(rows, _mm256_srli_epi32(lead, 32 - HSN_LEAD_ROW), sizeof *rows);
        const __m256i last = _mm256_srli_epi32(four, 24);
        const __m256i up = _mm256_andnot_si256(last, _mm256_set1_epi32(31)); /* to the sign */
        unsigned has =
            (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_sllv_epi32(row, up)));
        has &= n - i < LANES ? (1u << (n - i)) - 1 : UINT8_MAX;
        __m128i lanes = here;
        for (unsigned half = 0; half < 2; half++, has >>= HALF) {
            const __m128i order = _mm_loadl_epi64((const void *)chosen[has & ALL]);
            _mm_storel_epi64((void *)(at + left), _mm_shuffle_epi8(lanes, order));
            left += (size_t)__builtin_popcount(has & ALL);
            lanes = _mm_srli_si128(here, LANES);
        }
    }
    return left;
}

HSN_AVX2 static void stops_avx2(hsn_str text, hsn_edge before, const hsn_leads *leads,
                                hsn_stops *out, size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_avx2, keep_all, list_many, keep_four_avx2);
}

/* By seven bits of each byte, its row of 128. */
HSN_AVX512 static inline __m512i rows_of(__m512i bytes, const unsigned char rows[HSN_LEAD_ROWS])
{
    return _mm512_permutex2var_epi8(_mm512_loadu_si512(rows), bytes,
                                    _mm512_loadu_si512(rows + HSN_LEAD_ROWS / 2));
}

/* See filter_fn: hsn_leads_have_pairs of each byte and those behind it. */
HSN_AVX512 static inline uint64_t have_pairs(const unsigned char p[WHOLE], uint64_t begin,
                                             const hsn_leads *leads)
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
    return begin & _mm512_test_epi8_mask(rows_of(a, leads->pairs[0]), bit_b) &
           _mm512_test_epi8_mask(rows_of(b, leads->pairs[1]), bit_c) &
           _mm512_test_epi8_mask(rows_of(c, leads->pairs[2]), bit_a) &
           _mm512_test_epi8_mask(rows_of(b, leads->pairs[3]), next_c);
}

/* See list_fn. */
HSN_AVX512 static inline size_t list_vector(uint64_t mask, size_t base, uint16_t *to)
{
    const __m512i each = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41,
        40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
        17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    enum { HALF = 32 };
    const __m512i bases = _mm512_set1_epi16((short)base);
    const __m512i bits = _mm512_maskz_compress_epi8(mask, each);
    const __m512i first = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(bits));
    const size_t n = (size_t)__builtin_popcountll(mask);
    _mm512_storeu_si512(to, _mm512_add_epi16(first, bases));
    if (n > HALF) {
        const __m512i rest = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(bits, 1));
        _mm512_storeu_si512(to + HALF, _mm512_add_epi16(rest, bases));
    }
    return n;
}

HSN_AVX512 static size_t list_avx512(const uint64_t *masks, size_t n, uint16_t to[HSN_LIST_ROOM])
{
    return list_all(masks, n, to, list_vector);
}

HSN_AVX512 static void stops_avx512(hsn_str text, hsn_edge before, const hsn_leads *leads,
                                    hsn_stops *out, size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_avx512, have_pairs, list_vector, keep_four);
}

#endif

hsn_stops_fn hsn_stops_best(void)
{
    static const hsn_stops_fn paths[] = HSN_PATHS(hsn_stops_portable, stops_avx2, stops_avx512);
    return paths[hsn_vec_width()];
}

hsn_list_fn hsn_list_best(void)
{
    static const hsn_list_fn paths[] = HSN_PATHS(hsn_list_portable, list_avx2, list_avx512);
    return paths[hsn_vec_width()];
}
