/*
 * Classifying bytes for the scan. Portable: a table. x86-64 with AVX2: two nibble lookups a byte.
 */
#include "scan.h"

enum { WORD = 1, BASE64 = 2, SPECIAL = 4, DIGIT_CLASS = 8, UPPER_CLASS = 16 };

#define W (WORD | BASE64)
#define D (W | DIGIT_CLASS)
#define U (W | UPPER_CLASS)
static const unsigned char class_of[256] = {
    ['0'] = D,       ['1'] = D,        ['2'] = D,       ['3'] = D,       ['4'] = D,
    ['5'] = D,       ['6'] = D,        ['7'] = D,       ['8'] = D,       ['9'] = D,
    ['A'] = U,       ['B'] = U,        ['C'] = U,       ['D'] = U,       ['E'] = U,
    ['F'] = U,       ['G'] = U,        ['H'] = U,       ['I'] = U,       ['J'] = U,
    ['K'] = U,       ['L'] = U,        ['M'] = U,       ['N'] = U,       ['O'] = U,
    ['P'] = U,       ['Q'] = U,        ['R'] = U,       ['S'] = U,       ['T'] = U,
    ['U'] = U,       ['V'] = U,        ['W'] = U,       ['X'] = U,       ['Y'] = U,
    ['Z'] = U,       ['a'] = W,        ['b'] = W,       ['c'] = W,       ['d'] = W,
    ['e'] = W,       ['f'] = W,        ['g'] = W,       ['h'] = W,       ['i'] = W,
    ['j'] = W,       ['k'] = W,        ['l'] = W,       ['m'] = W,       ['n'] = W,
    ['o'] = W,       ['p'] = W,        ['q'] = W,       ['r'] = W,       ['s'] = W,
    ['t'] = W,       ['u'] = W,        ['v'] = W,       ['w'] = W,       ['x'] = W,
    ['y'] = W,       ['z'] = W,        ['+'] = BASE64,  ['/'] = BASE64,  ['-'] = BASE64,
    ['_'] = BASE64,  ['='] = SPECIAL,  [':'] = SPECIAL, ['@'] = SPECIAL, ['%'] = SPECIAL,
    ['&'] = SPECIAL, ['\\'] = SPECIAL, ['<'] = SPECIAL,
};
#undef W
#undef D
#undef U

void hsn_scan_portable(const unsigned char p[HSN_BLOCK], hsn_masks *out)
{
    hsn_masks m = {0};
    for (unsigned i = 0; i < HSN_BLOCK; i++) {
        uint64_t c = class_of[p[i]];
        m.word |= (c & WORD) << i;
        m.base64 |= (c >> 1 & 1) << i;
        m.special |= (c >> 2 & 1) << i;
        m.digit |= (c >> 3 & 1) << i;
        m.upper |= (c >> 4 & 1) << i;
    }
    *out = m;
}

#if defined(__SSE2__)
#include <emmintrin.h>
static uint64_t print_mask(const unsigned char p[HSN_BLOCK])
{
    uint64_t m = 0;
    for (int i = 0; i < HSN_BLOCK / 16; i++) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        __m128i print = _mm_andnot_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f)),
                                         _mm_cmpgt_epi8(v, _mm_set1_epi8(0x1f)));
        m |= (uint64_t)(unsigned)_mm_movemask_epi8(print) << (16 * i);
    }
    return m;
}
#else
static uint64_t print_mask(const unsigned char p[HSN_BLOCK])
{
    uint64_t m = 0;
    for (unsigned i = 0; i < HSN_BLOCK; i++) {
        m |= (uint64_t)(p[i] >= 0x20 && p[i] < 0x7f) << i;
    }
    return m;
}
#endif

bool hsn_scan_has_print(hsn_str s)
{
    unsigned char tail[HSN_BLOCK] = {0};
    uint64_t before = 0; /* the last seven bits of the block before */
    for (size_t at = 0; at < s.n; at += HSN_BLOCK) {
        const unsigned char *p = s.p + at;
        if (s.n - at < HSN_BLOCK) {
            memcpy(tail, p, s.n - at);
            p = tail;
        }
        uint64_t m = print_mask(p);
        uint64_t joined = before | m << 7; /* runs across the edge, seen from their beginnings */
        for (unsigned shift = 1; shift <= 4; shift *= 2) {
            joined &= joined >> shift;
        }
        uint64_t run = m;
        for (unsigned shift = 1; shift <= 4; shift *= 2) {
            run &= run >> shift;
        }
        if ((joined | run) != 0) {
            return true;
        }
        before = m >> 57;
    }
    return false;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/*
 * A byte is in a class when its two nibbles agree on a bit. One bit serves rows (high nibbles)
 * whose columns (low nibbles) do not get in each other's way: row 2  % &           bit 0        row
 * 4  @             bit 2 row 3  : < =         bit 1        row 5  \             bit 3 row 3  0-9
 * bit 4        row 4, 6  A-O a-o    bit 5 row 2  + - /         bit 7        row 5, 7  P-Z p-z bit 6
 * and _ on its own.
 */
enum { R2 = 1, R3 = 2, R4 = 4, R5 = 8, DIGIT = 16, AO = 32, PZ = 64, B64 = 128 };

__attribute__((target("avx2"))) static inline void classify(__m256i v, uint32_t out[5])
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
}

__attribute__((target("avx2"))) static void scan_avx2(const unsigned char p[HSN_BLOCK],
                                                      hsn_masks *out)
{
    uint32_t low[5];
    uint32_t high[5];
    classify(_mm256_loadu_si256((const __m256i *)(const void *)p), low);
    classify(_mm256_loadu_si256((const __m256i *)(const void *)(p + 32)), high);
    out->word = low[0] | (uint64_t)high[0] << 32;
    out->base64 = low[1] | (uint64_t)high[1] << 32;
    out->special = low[2] | (uint64_t)high[2] << 32;
    out->digit = low[3] | (uint64_t)high[3] << 32;
    out->upper = low[4] | (uint64_t)high[4] << 32;
}

hsn_scan_fn hsn_scan_best(void)
{
    return __builtin_cpu_supports("avx2") ? scan_avx2 : hsn_scan_portable;
}

#else

hsn_scan_fn hsn_scan_best(void)
{
    return hsn_scan_portable;
}

#endif

size_t hsn_scan_base64_run(hsn_str s, size_t from)
{
    enum { SHORT = 24 }; /* most runs end before a block is worth it */
    size_t i = from;
    while (i < s.n && i < from + SHORT && (class_of[s.p[i]] & BASE64) != 0) {
        i++;
    }
    if (i < from + SHORT) {
        return i;
    }
    hsn_scan_fn masks_of = hsn_scan_best();
    for (; s.n - i >= HSN_BLOCK; i += HSN_BLOCK) {
        hsn_masks m;
        masks_of(s.p + i, &m);
        if (~m.base64 != 0) {
            return i + (size_t)__builtin_ctzll(~m.base64);
        }
    }
    while (i < s.n && (class_of[s.p[i]] & BASE64) != 0) {
        i++;
    }
    return i;
}
