/*
 * The masks of scan.h by wide vectors, for the files that choose a path at run time. AVX2: two
 * nibble lookups a byte. AVX-512: one in the table of classes.
 */
#ifndef HSN_SCAN_WIDE_H
#define HSN_SCAN_WIDE_H

#include "scan.h"
#include "vec_wide.h"

#if defined(HSN_AVX2)

/*
 * A byte is in a class when its two nibbles agree on a bit. One bit serves rows (high nibbles)
 * whose columns (low nibbles) do not get in each other's way, and _ is on its own:
 *
 *   % &        row 2        R2
 *   : < =      row 3        R3
 *   @          row 4        R4
 *   \          row 5        R5
 *   0 to 9     row 3        DIGIT
 *   A-O a-o    rows 4, 6    AO
 *   P-Z p-z    rows 5, 7    PZ
 *   + - /      row 2        B64
 */
enum { R2 = 1, R3 = 2, R4 = 4, R5 = 8, DIGIT = 16, AO = 32, PZ = 64, B64 = 128 };
enum { OPEN2 = 64, GAP2 = 128 };

HSN_AVX2 static inline void hsn_scan_classify(__m256i v, uint32_t out[11])
{
    const __m256i low_table = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        (char)(R4 | DIGIT | PZ), (char)(DIGIT | AO | PZ), (char)(DIGIT | AO | PZ),
        (char)(DIGIT | AO | PZ), (char)(DIGIT | AO | PZ), (char)(R2 | DIGIT | AO | PZ),
        (char)(R2 | DIGIT | AO | PZ), (char)(DIGIT | AO | PZ), (char)(DIGIT | AO | PZ),
        (char)(DIGIT | AO | PZ), (char)(R3 | AO | PZ), (char)(AO | B64), (char)(R3 | R5 | AO),
        (char)(R3 | AO | B64), (char)AO, (char)(AO | B64)));
    const __m256i high_table = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, 0, (char)(R2 | B64), (char)(R3 | DIGIT), (char)(R4 | AO), (char)(R5 | PZ),
                      (char)AO, (char)PZ, 0, 0, 0, 0, 0, 0, 0, 0));
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i zero = _mm256_setzero_si256();

    __m256i low = _mm256_shuffle_epi8(low_table, _mm256_and_si256(v, nibble));
    __m256i high =
        _mm256_shuffle_epi8(high_table, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
    __m256i bits = _mm256_and_si256(low, high);
    __m256i is_special = _mm256_and_si256(bits, _mm256_set1_epi8(R2 | R3 | R4 | R5));
    __m256i is_word = _mm256_and_si256(bits, _mm256_set1_epi8(DIGIT | AO | PZ));
    __m256i line = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('_'));

    /* bit 5 of a letter tells its case; shifted to the sign bit it is picked by movemask */
    __m256i is_digit = _mm256_slli_epi16(bits, 3);
    __m256i is_lower = _mm256_slli_epi16(v, 2);

    out[0] = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(is_word, zero));
    out[1] = out[0] | (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(bits, line));
    out[2] = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(is_special, zero));
    out[3] = (uint32_t)_mm256_movemask_epi8(is_digit);
    out[4] = out[0] & ~out[3] & ~(uint32_t)_mm256_movemask_epi8(is_lower);
    out[5] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('/')));

    /* of row 2 alone: gaps have the sign bit, what opens the one below it */
    const __m256i signs = _mm256_broadcastsi128_si256(
        _mm_setr_epi8((char)GAP2, 0, 0, 0, 0, 0, 0, 0, (char)(GAP2 | OPEN2), 0, 0, (char)OPEN2, 0,
                      (char)GAP2, (char)GAP2, (char)GAP2));
    __m256i is_row2 = _mm256_cmpeq_epi8(_mm256_and_si256(v, _mm256_set1_epi8((char)0xf0)),
                                        _mm256_set1_epi8(0x20));
    __m256i in_row2 = _mm256_and_si256(_mm256_shuffle_epi8(signs, v), is_row2);
    out[6] = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(in_row2, v));
    __m256i square = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('['));
    out[7] = (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(_mm256_slli_epi16(in_row2, 1), square));
    out[8] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('0')));
    out[9] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('1')));
    out[10] = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('.')));
}

HSN_AVX2 static inline void hsn_scan_avx2(const unsigned char p[HSN_BLOCK], hsn_masks *out)
{
    uint32_t low[11];
    uint32_t high[11];
    hsn_scan_classify(_mm256_loadu_si256((const __m256i *)(const void *)p), low);
    hsn_scan_classify(_mm256_loadu_si256((const __m256i *)(const void *)(p + 32)), high);
    out->word = low[0] | (uint64_t)high[0] << 32;
    out->base64 = low[1] | (uint64_t)high[1] << 32;
    out->special = low[2] | (uint64_t)high[2] << 32;
    out->digit = low[3] | (uint64_t)high[3] << 32;
    out->upper = low[4] | (uint64_t)high[4] << 32;
    out->slash = low[5] | (uint64_t)high[5] << 32;
    out->gap = low[6] | (uint64_t)high[6] << 32;
    out->open = low[7] | (uint64_t)high[7] << 32;
    out->zero = low[8] | (uint64_t)high[8] << 32;
    out->one = low[9] | (uint64_t)high[9] << 32;
    out->dot = low[10] | (uint64_t)high[10] << 32;
}

HSN_AVX512 static inline void hsn_scan_avx512(const unsigned char p[HSN_BLOCK], hsn_masks *out)
{
    const __m512i v = _mm512_loadu_si512(p);
    const __mmask64 beyond = _mm512_movepi8_mask(v);
    const __m512i classes = _mm512_maskz_permutex2var_epi8(
        ~beyond, _mm512_loadu_si512(hsn_scan_classes), v,
        _mm512_loadu_si512(hsn_scan_classes + HSN_BLOCK));
    out->word = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(HSN_SCAN_WORD));
    out->base64 = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(HSN_SCAN_BASE64));
    out->special = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(HSN_SCAN_SPECIAL));
    out->digit = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(HSN_SCAN_DIGIT));
    out->upper = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(HSN_SCAN_UPPER));
    out->slash = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(HSN_SCAN_SLASH));
    out->gap = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(HSN_SCAN_GAP)) | beyond;
    out->open = _mm512_movepi8_mask(classes); /* HSN_SCAN_OPEN */
    out->zero = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('0'));
    out->one = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('1'));
    out->dot = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('.'));
}

#endif
#endif
