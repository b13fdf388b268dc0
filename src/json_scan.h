/*
 * Private to the json family: the plain text of short strings, looked at where it is called.
 *
 * One block of sixteen bytes holds most keys and values. Any other string is left to
 * hsn_json_plain.
 */
#ifndef HSN_JSON_SCAN_H
#define HSN_JSON_SCAN_H

#include "json.h"

#if defined(__GNUC__) && defined(__SSE2__)
#define SCAN_SSE2
#include <immintrin.h>
#elif defined(__GNUC__) && defined(__ARM_NEON) && defined(__AARCH64EL__)
#define SCAN_NEON
#include <arm_neon.h>
#endif

#if defined(SCAN_SSE2)

enum { BLOCK = 16 };

/* One bit per byte of the block. */
typedef unsigned block_mask;

static inline block_mask mask_special(const unsigned char *p)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
    __m128i slash = _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'));
    return (block_mask)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, slash)));
}

static inline unsigned first_of(block_mask mask)
{
    return (unsigned)__builtin_ctz(mask);
}

#elif defined(SCAN_NEON)

enum { BLOCK = 16 };

/* Four bits per byte of the block. */
typedef uint64_t block_mask;

/* NEON has no movemask; narrowing 16-bit lanes by a shift comes nearest. */
static inline block_mask mask_of(uint8x16_t hit)
{
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(hit), 4)), 0);
}

static inline block_mask mask_special(const unsigned char *p)
{
    uint8x16_t v = vld1q_u8(p);
    uint8x16_t hit = vcltq_u8(v, vdupq_n_u8(0x20));
    hit = vorrq_u8(hit, vceqq_u8(v, vdupq_n_u8('"')));
    return mask_of(vorrq_u8(hit, vceqq_u8(v, vdupq_n_u8('\\'))));
}

static inline unsigned first_of(block_mask mask)
{
    return (unsigned)__builtin_ctzll(mask) >> 2;
}

#endif

/* hsn_json_plain. */
static inline size_t hsn_json_plain_inline(hsn_str s)
{
#if defined(SCAN_SSE2) || defined(SCAN_NEON)
    block_mask mask = HSN_LIKELY(s.n >= BLOCK) ? mask_special(s.p) : 0;
    if (HSN_LIKELY(mask != 0)) {
        return first_of(mask);
    }
#endif
    return hsn_json_plain(s);
}

/* hsn_json_space. One block of spaces holds most indentation. */
static inline size_t hsn_json_space_inline(hsn_str s)
{
#if defined(SCAN_SSE2)
    if (HSN_LIKELY(s.n >= BLOCK)) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)s.p);
        block_mask mask = (block_mask)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')));
        unsigned n = first_of(mask ^ 0x1ffffU); /* one more, so that there is a first */
        if (HSN_LIKELY(n < BLOCK && s.p[n] > ' ')) {
            return n;
        }
    }
#endif
    return hsn_json_space(s);
}

#endif
