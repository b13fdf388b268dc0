/*
 * Paths chosen at run time: what the wider vectors of some x86-64 machines do.
 *
 * A function that has such paths is written once, always inlined, with its vector operations as
 * arguments, and compiled once for each path: HSN_AVX2 and HSN_AVX512 are defined where there are
 * these and mark what belongs to them. Which a machine has is asked each time: a load and a few
 * tests of what the compiler's start-up code has found.
 */
#ifndef HSN_VEC_WIDE_H
#define HSN_VEC_WIDE_H

#include "vec.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define HSN_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))

static inline bool hsn_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2");
}

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
    const __m256i low = _mm256_min_epu8(_mm256_loadu_si256((const __m256i *)(const void *)p),
                                        _mm256_loadu_si256((const __m256i *)(const void *)(p + 32)));
    const __m256i enough =
        _mm256_cmpeq_epi8(_mm256_max_epu8(low, _mm256_set1_epi8((char)least)), low);
    return _mm256_movemask_epi8(enough) != -1;
}

#endif
#endif
