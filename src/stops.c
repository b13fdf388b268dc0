/*
 * From masks to stops. See stops.h.
 */
#include "stops.h"

#include "scan_wide.h"

/* Bit i: the n bits from i on are set. n is a power of two. */
static inline uint64_t run_of(uint64_t mask, unsigned n)
{
    for (unsigned have = 1; have < n; have *= 2) {
        mask &= mask >> have;
    }
    return mask;
}

/* Bit i: `what` holds somewhere in the word of which i is a byte, at most 15 bytes behind it. */
static inline uint64_t ahead_in_word(uint64_t what, uint64_t word)
{
    for (unsigned have = 1; have < HSN_KEY_WINDOW; have *= 2) {
        what |= what >> have & word;
        word &= word >> have;
    }
    return what;
}

/* A digit, or a capital behind the first letter; of digits alone HSN_KEY_DIGITS. */
static inline uint64_t keys(const hsn_masks *m, uint64_t begin)
{
    enum { EIGHT = 8 };
    _Static_assert(HSN_KEY_DIGITS == EIGHT + 1, "a run of eight and one more");
    const uint64_t what = m->digit | (m->upper & ~begin);
    if (what == 0) { /* of prose */
        return 0;
    }
    uint64_t telling = ahead_in_word(what, m->word);
    uint64_t mixed = ahead_in_word(m->word & ~m->digit, m->word);
    uint64_t number = run_of(m->digit, EIGHT) & m->digit >> EIGHT;
    return begin & telling & (mixed | number);
}

/* Asked of every word: three bytes for all of them without a branch, the fourth for what is left.
 */
static inline uint64_t tokens(const unsigned char *p, uint64_t begin, const hsn_leads *leads)
{
    uint64_t found = 0;
    for (; begin != 0; begin &= begin - 1) {
        const unsigned at = (unsigned)__builtin_ctzll(begin);
        const uint32_t lead = hsn_lead_of(p + at);
        found |= (leads->three.word[lead / 64] >> lead % 64 & 1) << at;
    }
    for (uint64_t rest = found; rest != 0; rest &= rest - 1) {
        if (!hsn_leads_have(leads, p + __builtin_ctzll(rest))) {
            found &= ~(rest & (0 - rest));
        }
    }
    return found;
}

/* Of words behind a slash, those before another: the segments of a path. A run that goes on to the
 * end of the block may have one there. */
static inline uint64_t segments(const hsn_masks *m, uint64_t words)
{
    uint64_t found = words;
    for (; words != 0; words &= words - 1) {
        const uint64_t bit = words & (0 - words);
        const uint64_t ends = ~m->base64 & (0 - bit); /* from the word on */
        if (ends != 0 && (m->slash & (0 - bit) & ((ends & (0 - ends)) - 1)) == 0) {
            found &= ~bit;
        }
    }
    return found;
}

static inline HSN_ALWAYS_INLINE void stops_from(const hsn_masks *m, const unsigned char *p,
                                                hsn_edge before, const hsn_leads *leads,
                                                hsn_stops *out)
{
    const uint64_t here = (1ull << HSN_STEP) - 1;
    uint64_t begin = m->word & ~(m->word << 1 | (uint64_t)before.word);
    out->key = keys(m, begin) & here;
    begin &= here;
    out->special = m->special & here;
    out->word = m->word;
    out->in_run = m->base64;
    out->base64 = begin & run_of(m->base64, HSN_BASE64_MIN);
    out->token = tokens(p, begin, leads);
    out->digit = begin & m->digit;
    out->iban = begin & run_of(m->upper, 2) & run_of(m->digit, 2) >> 2;
    out->path = segments(m, begin & (m->slash << 1 | (uint64_t)before.slash));
}

/* Compiled once for each path, with what instructions that path may use. */
static inline HSN_ALWAYS_INLINE void
stops_of(hsn_str text, hsn_edge before, const hsn_leads *leads, hsn_stops *out, size_t n,
         void (*masks)(const unsigned char p[HSN_BLOCK], hsn_masks *out))
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char *p = text.p + i * HSN_STEP;
        const size_t left = text.n - i * HSN_STEP;
        unsigned char tail[HSN_BLOCK];
        hsn_masks m;
        if (left < HSN_BLOCK) {
            memset(tail, 0, sizeof tail);
            memcpy(tail, p, left);
            p = tail;
        }
        masks(p, &m);
        stops_from(&m, p, before, leads, &out[i]);
        before.word = m.word >> (HSN_STEP - 1) & 1;
        before.slash = m.slash >> (HSN_STEP - 1) & 1;
    }
}

void hsn_stops_portable(hsn_str text, hsn_edge before, const hsn_leads *leads, hsn_stops *out,
                        size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_portable);
}

#if defined(HSN_AVX2)

HSN_AVX2 static void stops_avx2(hsn_str text, hsn_edge before, const hsn_leads *leads,
                                hsn_stops *out, size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_avx2);
}

HSN_AVX512 static void stops_avx512(hsn_str text, hsn_edge before, const hsn_leads *leads,
                                    hsn_stops *out, size_t n)
{
    stops_of(text, before, leads, out, n, hsn_scan_avx512);
}

#endif

hsn_stops_fn hsn_stops_best(void)
{
    static const hsn_stops_fn paths[] = HSN_PATHS(hsn_stops_portable, stops_avx2, stops_avx512);
    return paths[hsn_vec_width()];
}
