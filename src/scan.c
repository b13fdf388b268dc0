/*
 * Classifying bytes for the scan. Portable: a table; x86-64: scan_wide.h.
 */
#include "scan.h"

#include "scan_wide.h"

#define BASE64 HSN_SCAN_BASE64
#define SPECIAL HSN_SCAN_SPECIAL
#define GAP HSN_SCAN_GAP
#define SLASH (BASE64 | GAP | HSN_SCAN_SLASH)
#define HYPHEN (BASE64 | GAP)
#define PLUS (BASE64 | HSN_SCAN_OPEN)
#define BRACKET (GAP | HSN_SCAN_OPEN)
#define W (HSN_SCAN_WORD | BASE64)
#define D (W | HSN_SCAN_DIGIT)
#define U (W | HSN_SCAN_UPPER)
const unsigned char hsn_scan_classes[256] = {
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
    ['y'] = W,       ['z'] = W,        ['+'] = PLUS,    ['/'] = SLASH,   ['-'] = HYPHEN,
    ['_'] = BASE64,  ['='] = SPECIAL,  [':'] = SPECIAL, ['@'] = SPECIAL, ['%'] = SPECIAL,
    ['&'] = SPECIAL, ['\\'] = SPECIAL, ['<'] = SPECIAL, [' '] = GAP,     ['.'] = GAP,
    ['('] = BRACKET, ['['] = HSN_SCAN_OPEN,
};
#undef BASE64
#undef SPECIAL
#undef GAP
#undef SLASH
#undef HYPHEN
#undef PLUS
#undef BRACKET
#undef W
#undef D
#undef U

void hsn_scan_portable(const unsigned char p[HSN_BLOCK], hsn_masks *out)
{
    hsn_masks m = {0};
    for (unsigned i = 0; i < HSN_BLOCK; i++) {
        uint64_t c = hsn_scan_classes[p[i]];
        m.word |= (c & HSN_SCAN_WORD) << i;
        m.base64 |= (c >> 1 & 1) << i;
        m.special |= (c >> 2 & 1) << i;
        m.digit |= (c >> 3 & 1) << i;
        m.upper |= (c >> 4 & 1) << i;
        m.slash |= (c >> 5 & 1) << i;
        m.gap |= (c >> 6 & 1) << i | (uint64_t)(p[i] >> 7) << i;
        m.open |= (c >> 7) << i;
        m.zero |= (uint64_t)(p[i] == '0') << i;
        m.one |= (uint64_t)(p[i] == '1') << i;
        m.dot |= (uint64_t)(p[i] == '.') << i;
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

/* Offset, from i on, of the first byte that is not base64, or of the last block if that is not
 * whole. Compiled once for each path: of the masks only one is made. */
static inline HSN_ALWAYS_INLINE size_t pass_base64(hsn_str s, size_t i, hsn_scan_fn masks)
{
    for (; s.n - i >= HSN_BLOCK; i += HSN_BLOCK) {
        hsn_masks m;
        masks(s.p + i, &m);
        if (~m.base64 != 0) {
            return i + (size_t)__builtin_ctzll(~m.base64);
        }
    }
    return i;
}

static size_t pass_base64_portable(hsn_str s, size_t i)
{
    return pass_base64(s, i, hsn_scan_portable);
}

#if defined(HSN_AVX2)

HSN_AVX2 static size_t pass_base64_avx2(hsn_str s, size_t i)
{
    return pass_base64(s, i, hsn_scan_avx2);
}

HSN_AVX512 static size_t pass_base64_avx512(hsn_str s, size_t i)
{
    return pass_base64(s, i, hsn_scan_avx512);
}

#endif

size_t hsn_scan_base64_run(hsn_str s, size_t from)
{
    enum { SHORT = 24 }; /* most runs end before a block is worth it */
    size_t i = from;
    while (i < s.n && i < from + SHORT && (hsn_scan_classes[s.p[i]] & HSN_SCAN_BASE64) != 0) {
        i++;
    }
    if (i < from + SHORT) {
        return i;
    }
    static size_t (*const paths[])(hsn_str s, size_t i) =
        HSN_PATHS(pass_base64_portable, pass_base64_avx2, pass_base64_avx512);
    i = paths[hsn_vec_width()](s, i);
    while (i < s.n && (hsn_scan_classes[s.p[i]] & HSN_SCAN_BASE64) != 0) {
        i++;
    }
    return i;
}

size_t hsn_line_begin(hsn_str s, size_t at)
{
    size_t i = at;
    while (i > 0 && at - i < HSN_LINE_MAX && s.p[i - 1] != '\n') {
        i--;
    }
    return i;
}
