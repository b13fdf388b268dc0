/*
 * Which vector instructions this machine has. See vec_wide.h.
 */
#include "vec_wide.h"

hsn_width hsn_vec_test_width = HSN_WIDTH_AVX512;

/* Asks what the compiler's start-up code has found. */
static hsn_width found(void)
{
#if defined(HSN_AVX2)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
        !__builtin_cpu_supports("bmi2")) {
        return HSN_WIDTH_PORTABLE;
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
        __builtin_cpu_supports("avx512vbmi2")) {
        return HSN_WIDTH_AVX512;
    }
    return HSN_WIDTH_AVX2;
#else
    return HSN_WIDTH_PORTABLE;
#endif
}

hsn_width hsn_vec_width(void)
{
    const hsn_width width = found();
    return width < hsn_vec_test_width ? width : hsn_vec_test_width;
}
