/*
 * Sixteen bytes at once: the few vector operations that several scans share.
 *
 * SSE2 is part of x86-64 and NEON of AArch64, so nothing is chosen at run time; elsewhere the same
 * is done byte by byte. Every vector function has a portable twin that must agree with it.
 */
#ifndef HSN_VEC_H
#define HSN_VEC_H

#include "base.h"

#if defined(__GNUC__) && defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__GNUC__) && defined(__ARM_NEON) && defined(__AARCH64EL__)
#include <arm_neon.h>
#endif

enum { HSN_VEC = 16 };

enum { HSN_VEC_BLOCK = 4 * HSN_VEC };

/* The portable twin of hsn_vec_mask: must agree with it. */
static inline uint64_t hsn_vec_mask_portable(const unsigned char *p, unsigned char c)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < HSN_VEC_BLOCK; i++) {
        mask |= (uint64_t)(p[i] == c) << i;
    }
    return mask;
}

/* Bit i: p[i] is c, for the HSN_VEC_BLOCK bytes at p. */
static inline uint64_t hsn_vec_mask(const unsigned char *p, unsigned char c)
{
#if defined(__GNUC__) && defined(__SSE2__)
    uint64_t mask = 0;
    for (unsigned i = 0; i < HSN_VEC_BLOCK; i += HSN_VEC) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i hit = _mm_cmpeq_epi8(v, _mm_set1_epi8((char)c));
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(hit) << i;
    }
    return mask;
#elif defined(__GNUC__) && defined(__ARM_NEON) && defined(__AARCH64EL__)
    static const unsigned char bit[HSN_VEC] = {1, 2, 4, 8, 16, 32, 64, 128,
                                               1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bits = vld1q_u8(bit);
    const uint8x16_t all = vdupq_n_u8(c);
    uint8x16_t a = vandq_u8(vceqq_u8(vld1q_u8(p), all), bits);
    uint8x16_t b = vandq_u8(vceqq_u8(vld1q_u8(p + HSN_VEC), all), bits);
    uint8x16_t d = vandq_u8(vceqq_u8(vld1q_u8(p + 2 * HSN_VEC), all), bits);
    uint8x16_t e = vandq_u8(vceqq_u8(vld1q_u8(p + 3 * HSN_VEC), all), bits);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(d, e));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
#else
    return hsn_vec_mask_portable(p, c);
#endif
}

/* Is any of the HSN_VEC_BLOCK bytes at p below `least`, which is not 0? */
static inline bool hsn_vec_has_less_portable(const unsigned char *p, unsigned char least)
{
    unsigned less = 0;
    for (unsigned i = 0; i < HSN_VEC_BLOCK; i++) {
        less |= p[i] < least;
    }
    return less != 0;
}

static inline bool hsn_vec_has_less(const unsigned char *p, unsigned char least)
{
#if defined(__GNUC__) && defined(__SSE2__)
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)p);
    for (unsigned i = HSN_VEC; i < HSN_VEC_BLOCK; i += HSN_VEC) {
        low = _mm_min_epu8(low, _mm_loadu_si128((const __m128i *)(const void *)(p + i)));
    }
    __m128i enough = _mm_cmpeq_epi8(_mm_max_epu8(low, _mm_set1_epi8((char)least)), low);
    return _mm_movemask_epi8(enough) != 0xffff;
#elif defined(__GNUC__) && defined(__ARM_NEON) && defined(__AARCH64EL__)
    uint8x16_t a = vminq_u8(vld1q_u8(p), vld1q_u8(p + HSN_VEC));
    uint8x16_t b = vminq_u8(vld1q_u8(p + 2 * HSN_VEC), vld1q_u8(p + 3 * HSN_VEC));
    return vminvq_u8(vminq_u8(a, b)) < least;
#else
    return hsn_vec_has_less_portable(p, least);
#endif
}

/* Offset of the first c in the n bytes at p, HSN_VEC to twice as many; n when there is none. */
static inline size_t hsn_vec_find_two_portable(const unsigned char *p, unsigned char c, size_t n)
{
    size_t i = 0;
    while (i < n && p[i] != c) {
        i++;
    }
    return i;
}

static inline size_t hsn_vec_find_two(const unsigned char *p, unsigned char c, size_t n)
{
#if defined(__GNUC__) && defined(__SSE2__)
    const __m128i all = _mm_set1_epi8((char)c);
    const size_t last = n - HSN_VEC; /* some bytes are looked at twice */
    const __m128i a = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(p + last));
    const unsigned in_a = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(a, all));
    const unsigned in_b = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(b, all));
    const uint64_t hits = in_a | (uint64_t)in_b << last;
    return hits != 0 ? (size_t)__builtin_ctzll(hits) : n;
#else
    return hsn_vec_find_two_portable(p, c, n);
#endif
}

/* Are all HSN_VEC bytes at p ASCII that JSON strings hold as it is? */
static inline bool hsn_vec_is_plain_portable(const unsigned char *p)
{
    unsigned other = 0;
    for (unsigned i = 0; i < HSN_VEC; i++) {
        other |= p[i] < 0x20 || p[i] >= 0x80 || p[i] == '"' || p[i] == '\\';
    }
    return other == 0;
}

static inline bool hsn_vec_is_plain(const unsigned char *p)
{
#if defined(__GNUC__) && defined(__SSE2__)
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i other = _mm_cmplt_epi8(v, _mm_set1_epi8(0x20)); /* signed: from 0x80 on as well */
    other = _mm_or_si128(other, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
    other = _mm_or_si128(other, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    return _mm_movemask_epi8(other) == 0;
#else
    return hsn_vec_is_plain_portable(p);
#endif
}

/* Are all HSN_VEC bytes at p digits or letters from a to f? */
static inline bool hsn_vec_is_small_hex_portable(const unsigned char *p)
{
    unsigned other = 0;
    for (unsigned i = 0; i < HSN_VEC; i++) {
        other |= (p[i] < '0' || p[i] > '9') && (p[i] < 'a' || p[i] > 'f');
    }
    return other == 0;
}

static inline bool hsn_vec_is_small_hex(const unsigned char *p)
{
#if defined(__GNUC__) && defined(__SSE2__)
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i digit = _mm_sub_epi8(v, _mm_set1_epi8('0'));
    const __m128i letter = _mm_sub_epi8(v, _mm_set1_epi8('a'));
    const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
    const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
    return _mm_movemask_epi8(_mm_or_si128(is_digit, is_letter)) == 0xffff;
#else
    return hsn_vec_is_small_hex_portable(p);
#endif
}

/* The bytes that 2 * HSN_VEC digits spell, which are hsn_vec_is_small_hex. */
static inline void hsn_vec_from_hex_portable(const unsigned char *p, unsigned char out[HSN_VEC])
{
    for (unsigned i = 0; i < HSN_VEC; i++) {
        out[i] = (unsigned char)(hsn_hex(p[2 * i]) << 4 | hsn_hex(p[2 * i + 1]));
    }
}

static inline void hsn_vec_from_hex(const unsigned char *p, unsigned char out[HSN_VEC])
{
#if defined(__GNUC__) && defined(__SSE2__)
    __m128i half[2]; /* the upper byte of 16 bits is the second digit */
    for (unsigned i = 0; i < 2; i++) {
        const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i * HSN_VEC));
        const __m128i letter = _mm_cmpgt_epi8(v, _mm_set1_epi8('9'));
        const __m128i digit = _mm_add_epi8(_mm_and_si128(v, _mm_set1_epi8(15)),
                                           _mm_and_si128(letter, _mm_set1_epi8(9)));
        half[i] = _mm_or_si128(_mm_slli_epi16(digit, 4), _mm_srli_epi16(digit, 8));
        half[i] = _mm_and_si128(half[i], _mm_set1_epi16(0xff));
    }
    _mm_storeu_si128((__m128i *)(void *)out, _mm_packus_epi16(half[0], half[1]));
#else
    hsn_vec_from_hex_portable(p, out);
#endif
}

/* Bit i: byte i of the HSN_VEC at p, every bit of it turned that is set in `turn`, is one of those
 * from `least` to `most`. */
static inline unsigned hsn_vec_within_portable(const unsigned char *p, unsigned char turn,
                                               unsigned char least, unsigned char most)
{
    unsigned mask = 0;
    for (unsigned i = 0; i < HSN_VEC; i++) {
        const unsigned c = p[i] ^ turn;
        mask |= (unsigned)(c >= least && c <= most) << i;
    }
    return mask;
}

static inline unsigned hsn_vec_within(const unsigned char *p, unsigned char turn,
                                      unsigned char least, unsigned char most)
{
#if defined(__GNUC__) && defined(__SSE2__)
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i from = _mm_sub_epi8(_mm_xor_si128(v, _mm_set1_epi8((char)turn)),
                                      _mm_set1_epi8((char)least));
    const __m128i fits = _mm_min_epu8(from, _mm_set1_epi8((char)(most - least)));
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(fits, from));
#else
    return hsn_vec_within_portable(p, turn, least, most);
#endif
}

/* Of the HSN_VEC bytes at p, a bit each: which are letters or digits, digits, capitals? */
typedef struct hsn_vec_word {
    unsigned alnum;
    unsigned digits;
    unsigned capitals;
} hsn_vec_word;

static inline hsn_vec_word hsn_vec_word_at_portable(const unsigned char *p)
{
    hsn_vec_word w = {0};
    for (unsigned i = 0; i < HSN_VEC; i++) {
        w.alnum |= (unsigned)hsn_is_alnum(p[i]) << i;
        w.digits |= (unsigned)hsn_is_digit(p[i]) << i;
        w.capitals |= (unsigned)(p[i] >= 'A' && p[i] <= 'Z') << i;
    }
    return w;
}

#if defined(__GNUC__) && defined(__SSE2__)
/* Bytes that are at least `first`, and by no more than `more`. */
static inline __m128i hsn_vec_in_range(__m128i v, char first, char more)
{
    const __m128i from = _mm_sub_epi8(v, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8(more)), from);
}
#endif

static inline hsn_vec_word hsn_vec_word_at(const unsigned char *p)
{
#if defined(__GNUC__) && defined(__SSE2__)
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i small = _mm_or_si128(v, _mm_set1_epi8(0x20));
    const __m128i digits = hsn_vec_in_range(v, '0', 9);
    const __m128i letters = hsn_vec_in_range(small, 'a', 25);
    const __m128i capitals = _mm_andnot_si128(_mm_cmpeq_epi8(v, small), letters);
    return (hsn_vec_word){(unsigned)_mm_movemask_epi8(_mm_or_si128(digits, letters)),
                          (unsigned)_mm_movemask_epi8(digits),
                          (unsigned)_mm_movemask_epi8(capitals)};
#else
    return hsn_vec_word_at_portable(p);
#endif
}

/* Does one of the HSN_VEC bytes at p mark where values, strings, brackets or escapes begin or end?
 * One of " ' ` { } [ ] ( ) < > : ; = & \ %. */
static inline bool hsn_vec_has_syntax_portable(const unsigned char *p)
{
    unsigned found = 0;
    for (unsigned i = 0; i < HSN_VEC; i++) {
        found |= hsn_is_one_of(p[i], "\"'`{}[]()<>:;=&\\%");
    }
    return found != 0;
}

static inline bool hsn_vec_has_syntax(const unsigned char *p)
{
#if defined(__GNUC__) && defined(__SSE2__)
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    const __m128i small = _mm_or_si128(v, _mm_set1_epi8(0x20));
    /* { | } in either case, but for the bar */
    __m128i found = _mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('|')),
                                     hsn_vec_in_range(small, '{', 2));
    found = _mm_or_si128(found, hsn_vec_in_range(v, '%', 4)); /* % & ' ( ) */
    found = _mm_or_si128(found, hsn_vec_in_range(v, ':', 4)); /* : ; < = > */
    found = _mm_or_si128(found, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
    found = _mm_or_si128(found, _mm_cmpeq_epi8(v, _mm_set1_epi8('`')));
    return _mm_movemask_epi8(found) != 0;
#else
    return hsn_vec_has_syntax_portable(p);
#endif
}

/* Offset of the last c in the first n <= HSN_VEC bytes at p; HSN_VEC when there is none. */
static inline size_t hsn_vec_find_last_portable(const unsigned char *p, unsigned char c, size_t n)
{
    while (n > 0 && p[n - 1] != c) {
        n--;
    }
    return n > 0 ? n - 1 : HSN_VEC;
}

static inline size_t hsn_vec_find_last(const unsigned char *p, unsigned char c, size_t n)
{
#if defined(__GNUC__) && defined(__SSE2__)
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)c)));
    mask &= (1u << n) - 1;
    return mask != 0 ? 31 - (size_t)__builtin_clz(mask) : HSN_VEC;
#else
    return hsn_vec_find_last_portable(p, c, n);
#endif
}

#endif
