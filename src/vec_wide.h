/*
 * Paths chosen at run time: what the wider vectors of some x86-64 machines do.
 *
 * A function that has such paths is written once, always inlined, with its vector operations as
 * arguments, and compiled once for each path. HSN_AVX2 and HSN_AVX512 are defined where there are
 * these, and mark what belongs to them. All paths must agree.
 */
#ifndef HSN_VEC_WIDE_H
#define HSN_VEC_WIDE_H

#include "vec.h"

/* Which paths a machine can take: one, and all before it. */
typedef enum hsn_width { HSN_WIDTH_PORTABLE, HSN_WIDTH_AVX2, HSN_WIDTH_AVX512 } hsn_width;

hsn_width hsn_vec_width(void);

/* Tests set it lower, so that each path is tested. Not for tests: it stays. */
extern hsn_width hsn_vec_test_width;

/* The functions of all paths there are, in order of width: an initialiser. */
#if defined(__x86_64__) && defined(__GNUC__)
#define HSN_PATHS(portable, avx2, avx512) {portable, avx2, avx512}
#else
#define HSN_PATHS(portable, avx2, avx512) {portable}
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define HSN_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
#define HSN_AVX512                                                                                 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi,bmi2,popcnt," \
                          "lzcnt")))

/* hsn_vec_mask */
HSN_AVX2 static inline uint64_t hsn_avx2_mask(const unsigned char *p, unsigned char c)
{
    const __m256i all = _mm256_set1_epi8((char)c);
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all)) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all)) << 32;
}

/* hsn_vec_has_less */
HSN_AVX2 static inline bool hsn_avx2_has_less(const unsigned char *p, unsigned char least)
{
    const __m256i low =
        _mm256_min_epu8(_mm256_loadu_si256((const __m256i *)(const void *)p),
                        _mm256_loadu_si256((const __m256i *)(const void *)(p + 32)));
    const __m256i enough =
        _mm256_cmpeq_epi8(_mm256_max_epu8(low, _mm256_set1_epi8((char)least)), low);
    return _mm256_movemask_epi8(enough) != -1;
}

/* hsn_vec_mask */
HSN_AVX512 static inline uint64_t hsn_avx512_mask(const unsigned char *p, unsigned char c)
{
    return _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8((char)c));
}

/* hsn_vec_has_less */
HSN_AVX512 static inline bool hsn_avx512_has_less(const unsigned char *p, unsigned char least)
{
    return _mm512_cmplt_epu8_mask(_mm512_loadu_si512(p), _mm512_set1_epi8((char)least)) != 0;
}

#endif
#endif
