/*
 * The byte scans: how far does the plain text of a string go, how far does white space?
 *
 * Receives a view of the text, returns an offset in it. What ends plain text is `"`, `\` or a
 * control character (RFC 8259, section 7). Never reads a byte outside of the view, so that the view
 * may end where mapped memory does: for the last, partial block a string's bytes are read a second
 * time from a little further left. Every scan has a portable twin that must agree with it.
 */
#include "json_scan.h"

/* Every byte of a word set to c. */
#define ALL_BYTES(c) (UINT64_C(0x0101010101010101) * (c))

static inline bool special(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* Does any byte of the word need a look? Exact as a whole; which byte it was is not told, so that
 * byte order does not matter. */
static inline bool word_special(uint64_t w)
{
    const uint64_t top = ALL_BYTES(0x80);
    uint64_t quote = w ^ ALL_BYTES('"');
    uint64_t slash = w ^ ALL_BYTES('\\');
    uint64_t found = (w - ALL_BYTES(0x20)) & ~w;
    found |= (quote - ALL_BYTES(1)) & ~quote;
    found |= (slash - ALL_BYTES(1)) & ~slash;
    return (found & top) != 0;
}

size_t hsn_json_plain_portable(hsn_str s)
{
    size_t i = 0;
    while (s.n - i >= sizeof(uint64_t) && !word_special(hsn_word64_at(s.p + i))) {
        i += sizeof(uint64_t);
    }
    while (i < s.n && !special(s.p[i])) {
        i++;
    }
    return i;
}

static inline bool is_white(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Most white space is indentation: spaces go a word at a time. */
size_t hsn_json_space_portable(hsn_str s)
{
    size_t i = 0;
    for (;;) {
        while (s.n - i >= sizeof(uint64_t) && hsn_word64_at(s.p + i) == ALL_BYTES(' ')) {
            i += sizeof(uint64_t);
        }
        if (i == s.n || !is_white(s.p[i])) {
            return i;
        }
        i++;
    }
}

#if defined(SCAN_SSE2)

static inline block_mask mask_not_white(const unsigned char *p)
{
    __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i white = _mm_cmpeq_epi8(v, _mm_set1_epi8(' '));
    white = _mm_or_si128(white, _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
    white = _mm_or_si128(white, _mm_cmpeq_epi8(v, _mm_set1_epi8('\r')));
    white = _mm_or_si128(white, _mm_cmpeq_epi8(v, _mm_set1_epi8('\t')));
    return (block_mask)_mm_movemask_epi8(white) ^ 0xffffU;
}

__attribute__((target("avx2"))) static inline __m256i wide_special(const unsigned char *p)
{
    __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i low = _mm256_cmpeq_epi8(_mm256_min_epu8(v, _mm256_set1_epi8(0x1f)), v);
    __m256i quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
    __m256i slash = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
    return _mm256_or_si256(low, _mm256_or_si256(quote, slash));
}

/* Offset, from i on, of a 64-byte step that needs a look or that no longer fits. */
__attribute__((target("avx2"))) static size_t skip_wide(hsn_str s, size_t i)
{
    while (s.n - i >= 64) {
        __m256i a = wide_special(s.p + i);
        __m256i b = wide_special(s.p + i + 32);
        if (_mm256_movemask_epi8(_mm256_or_si256(a, b)) != 0) {
            break;
        }
        i += 64;
    }
    return i;
}

/* The run-time check is a load and a test of what the compiler's start-up code has found. */
static inline size_t skip_long(hsn_str s, size_t i)
{
    return __builtin_cpu_supports("avx2") ? skip_wide(s, i) : i;
}

#elif defined(SCAN_NEON)

static inline block_mask mask_not_white(const unsigned char *p)
{
    uint8x16_t v = vld1q_u8(p);
    uint8x16_t white = vceqq_u8(v, vdupq_n_u8(' '));
    white = vorrq_u8(white, vceqq_u8(v, vdupq_n_u8('\n')));
    white = vorrq_u8(white, vceqq_u8(v, vdupq_n_u8('\r')));
    white = vorrq_u8(white, vceqq_u8(v, vdupq_n_u8('\t')));
    return mask_of(vmvnq_u8(white));
}

static inline size_t skip_long(hsn_str s, size_t i)
{
    (void)s;
    return i;
}

#endif

#if defined(SCAN_SSE2) || defined(SCAN_NEON)

/* Blocks walked before the wide loop is worth its start: most keys and values end earlier. */
enum { SHORT = 4 * BLOCK };

size_t hsn_json_plain(hsn_str s)
{
    if (s.n < BLOCK) {
        return hsn_json_plain_portable(s);
    }
    size_t i = 0;
    while (s.n - i >= BLOCK) {
        block_mask mask = mask_special(s.p + i);
        if (mask != 0) {
            return i + first_of(mask);
        }
        i += BLOCK;
        if (i == SHORT) {
            i = skip_long(s, i);
        }
    }
    if (i == s.n) {
        return i;
    }
    i = s.n - BLOCK; /* overlaps bytes known to be plain */
    block_mask mask = mask_special(s.p + i);
    return mask != 0 ? i + first_of(mask) : s.n;
}

size_t hsn_json_space(hsn_str s)
{
    size_t i = 0;
    while (s.n - i >= BLOCK) {
        block_mask mask = mask_not_white(s.p + i);
        if (mask != 0) {
            return i + first_of(mask);
        }
        i += BLOCK;
    }
    return i + hsn_json_space_portable(hsn_str_of(s.p + i, s.n - i));
}

#else

size_t hsn_json_plain(hsn_str s)
{
    return hsn_json_plain_portable(s);
}

size_t hsn_json_space(hsn_str s)
{
    return hsn_json_space_portable(s);
}

#endif
