/*
 * The inside of a JSON string with escapes: how far is it in order? See hsn_json_slashes.
 */
#include "json.h"
#include "slashes.h"

/* RFC 8259 section 7, but for \u, which has more to check. */
static const unsigned char simple[256] = {
    ['"'] = 1, ['\\'] = 1, ['/'] = 1, ['b'] = 1, ['f'] = 1, ['n'] = 1, ['r'] = 1, ['t'] = 1,
};

size_t hsn_json_slashes(hsn_str s)
{
    size_t i = 0;
    while (s.n - i > HSN_VEC_BLOCK) {
        const unsigned char *p = s.p + i;
        const hsn_slashes e = hsn_slashes_at(simple, p);
        const uint64_t quotes = hsn_vec_mask(p, '"');
        if (e.upto < HSN_VEC_BLOCK || (quotes & ~(e.begins << 1)) != 0 ||
            hsn_vec_has_less(p, 0x20)) {
            break;
        }
        i += e.upto;
    }
    return i;
}
