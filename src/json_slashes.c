/*
 * The inside of a JSON string with escapes: how far is it in order? See hsn_json_slashes.
 */
#include "json.h"
#include "slashes.h"
#include "vec_wide.h"

/* RFC 8259 section 7, but for \u, which has more to check. */
static const unsigned char simple[256] = {
    ['"'] = 1, ['\\'] = 1, ['/'] = 1, ['b'] = 1, ['f'] = 1, ['n'] = 1, ['r'] = 1, ['t'] = 1,
};

/* Compiled once for each path. One bit goes from block to block: does the first byte belong to an
 * escape that began in the block before? Where the next block stands must not wait for this one. */
static inline HSN_ALWAYS_INLINE size_t
pass(hsn_str s, uint64_t (*mask)(const unsigned char *p, unsigned char c),
     bool (*has_less)(const unsigned char *p, unsigned char least))
{
    size_t i = 0;
    uint64_t escaped = 0;
    for (; s.n - i > HSN_VEC_BLOCK + 1; i += HSN_VEC_BLOCK) {
        const unsigned char *p = s.p + i;
        const uint64_t slashes = mask(p, '\\');
        const uint64_t quotes = mask(p, '"');
        const uint64_t begins = hsn_slashes_next(slashes, escaped);
        const uint64_t other = begins & ~((slashes | quotes) >> 1); /* neither \\ nor \" */
        if ((quotes & ~(begins << 1 | escaped)) != 0 || has_less(p, 0x20) ||
            hsn_slashes_upto(simple, p, other) < HSN_VEC_BLOCK) {
            break;
        }
        escaped = begins >> (HSN_VEC_BLOCK - 1);
    }
    return i + escaped;
}

static size_t pass_portable(hsn_str s)
{
    return pass(s, hsn_vec_mask, hsn_vec_has_less);
}

#if defined(HSN_AVX2)

HSN_AVX2 static size_t pass_avx2(hsn_str s)
{
    return pass(s, hsn_avx2_mask, hsn_avx2_has_less);
}

HSN_AVX512 static size_t pass_avx512(hsn_str s)
{
    return pass(s, hsn_avx512_mask, hsn_avx512_has_less);
}

#endif

size_t hsn_json_slashes(hsn_str s)
{
    static size_t (*const paths[])(hsn_str s) = HSN_PATHS(pass_portable, pass_avx2, pass_avx512);
    return paths[hsn_vec_width()](s);
}
