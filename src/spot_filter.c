/*
 * Which special bytes have to be visited? Names before a : or =, which in JSON and in scripts stand
 * every few bytes, are nearly all turned away here.
 *
 * They have two filters. The last three letters of the name, against those of the names that count.
 * And for "name": name: or name= a memory of names that turned out to mean nothing; the answer
 * hangs on the bytes of the name alone. Must never turn away what hsn_spot_name would have dealt
 * with.
 */
#include "spot.h"
#include "vec.h"

const bool hsn_name_signs[128] = {['_'] = true, ['-'] = true, ['.'] = true, ['$'] = true,
                                  ['['] = true, [']'] = true, ['%'] = true};

/* ---------------------------------------------------------------- how names end */

/* The last three letters, or the minutes of a time. False is certain. */
static inline bool may_end_name(const hsn_scan *s, const unsigned char *end)
{
    if (!hsn_is_alnum(end[-1]) || !hsn_is_alnum(end[-2]) || !hsn_is_alnum(end[-3])) {
        const bool minutes = end[-3] == ':' && hsn_is_digit(end[-1]) && hsn_is_digit(end[-2]);
        return !minutes;
    }
    return hsn_triples_has(s->names, hsn_triple(end[-3], end[-2], end[-1])) ||
           hsn_may_end_pair(end);
}

/* ---------------------------------------------------------------- dull names */

/* Up to sixteen bytes that end with the name, as two words. */
typedef struct tail {
    uint64_t low;
    uint64_t high;
} tail;

/* Bytes `from` to HSN_VEC of the vector at p, zeros before them. */
static inline tail tail_of(const unsigned char *p, size_t from)
{
    static const unsigned char keep[2 * HSN_VEC] = {
        [HSN_VEC] = 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    tail t;
    tail mask;
    memcpy(&t, p, sizeof t);
    memcpy(&mask, keep + HSN_VEC - from, sizeof mask);
    return (tail){t.low & mask.low, t.high & mask.high};
}

/* "name": what stands between the quotes, the closing one included. False when that does not fit.
 */
static inline bool quoted_before(hsn_str t, size_t colon, tail *out)
{
    if (colon < HSN_VEC || t.p[colon - 1] != '"') {
        return false;
    }
    const unsigned char *p = t.p + colon - HSN_VEC;
    const size_t open = hsn_vec_find_last(p, '"', HSN_VEC - 1);
    if (open == HSN_VEC) {
        return false;
    }
    *out = tail_of(p, open + 1);
    return true;
}

/* name= or name =: the name, which ends in no quote. */
static bool plain_before(hsn_str t, size_t sign, tail *out)
{
    const size_t end = sign - (sign > 0 && t.p[sign - 1] == ' ');
    if (end < HSN_VEC) {
        return false;
    }
    const unsigned char *p = t.p + end - HSN_VEC;
    size_t from = HSN_VEC;
    while (from > 0 && hsn_is_name_byte(p[from - 1])) {
        from--;
    }
    if (from == 0 || from == HSN_VEC) {
        return false;
    }
    *out = tail_of(p, from);
    return true;
}

/* A name before a : is another thing than before a =, and the first byte of a tail is free. */
static bool name_before(hsn_str t, size_t at, tail *out)
{
    if (t.p[at] != ':') {
        return plain_before(t, at, out);
    }
    if (at > 0 && t.p[at - 1] == '"') {
        return quoted_before(t, at, out);
    }
    if (!plain_before(t, at, out)) {
        return false;
    }
    uint64_t colon = 0;
    memcpy(&colon, ":", 1);
    out->low |= colon;
    return true;
}

static inline uint64_t *memory_of(hsn_inspector *in, tail t)
{
    uint64_t mixed = (t.high ^ (t.low << 7 | t.low >> 57)) * 0x9e3779b97f4a7c15u;
    return in->dull[mixed >> (64 - HSN_DULL_BITS)];
}

static inline bool is_remembered(hsn_inspector *in, tail t)
{
    const uint64_t *m = memory_of(in, t);
    return ((m[0] ^ t.low) | (m[1] ^ t.high)) == 0;
}

static void remember(hsn_inspector *in, tail t)
{
    uint64_t *m = memory_of(in, t);
    m[0] = t.low;
    m[1] = t.high;
}

static bool is_quiet(hsn_scan *s, hsn_str name, unsigned where)
{
    const hsn_rule *r = hsn_name_facts_of(s->in->names, name, where)->rule;
    return r == NULL || r->action == HSN_KEEP || r->action == HSN_INSIDE;
}

/* Where it stood decides whether a name before a = is one of a parameter: it must be dull as
 * either.
 */
void hsn_scan_remember_dull(hsn_scan *s, size_t at, hsn_str name)
{
    tail t;
    if (!name_before(s->text, at, &t)) {
        return;
    }
    bool quoted = s->text.p[at - 1] == '"';
    if (s->text.p[at] == ':' ? !quoted || !hsn_may_end_pair(s->text.p + at - 1)
                             : is_quiet(s, name, HSN_IN_PARAM) && is_quiet(s, name, HSN_IN_TEXT)) {
        remember(s->in, t);
    }
}

/* ---------------------------------------------------------------- what is kept */

/* Could the quoted name before the : at `at` be any that counts? */
static inline bool may_be_key(hsn_scan *s, size_t at)
{
    const unsigned char *end = s->text.p + at - 1;
    tail t;
    if (end[-1] == '"') { /* doubled, as in a cell of a table */
        return may_end_name(s, end - 1);
    }
    if (!quoted_before(s->text, at, &t)) {
        return may_end_name(s, end);
    }
    if (is_remembered(s->in, t)) {
        return false;
    }
    if (may_end_name(s, end)) {
        return true;
    }
    remember(s->in, t);
    return false;
}

/* "API key": the name before the : has a word before it, which may say of what. */
static bool has_word_before(hsn_str t, size_t sign)
{
    size_t i = sign - (t.p[sign - 1] == ' ');
    if (t.p[sign] != ':') {
        return false;
    }
    while (i > 0 && hsn_is_alnum(t.p[i - 1])) {
        i--;
    }
    return sign - i > 1 && i > 1 && t.p[i - 1] == ' ' && hsn_is_alpha(t.p[i - 2]);
}

/* The same of any name before a = or :. */
static inline bool may_be_name(hsn_scan *s, size_t at)
{
    const unsigned char *end = s->text.p + at;
    tail t;
    if (s->every_param && *end == '=') {
        return true;
    }
    end -= end[-1] == ' ';
    end -= end[-1] == '"' || end[-1] == '\'';
    return may_end_name(s, end) && (!name_before(s->text, at, &t) || !is_remembered(s->in, t) ||
                                    has_word_before(s->text, at));
}

/* Of a URL, RFC 3986 section 3.2. */
static inline bool begins_authority(hsn_str t, size_t colon)
{
    return t.n - colon > 3 && t.p[colon + 1] == '/' && t.p[colon + 2] == '/';
}

static inline bool is_dull(hsn_scan *s, size_t at)
{
    enum { LEAST = 6 }; /* three letters, a quote or two, and a space */
    const hsn_str t = s->text;
    const unsigned char c = t.p[at];
    if ((c != ':' && c != '=') || at < LEAST ||
        (c == ':' ? begins_authority(t, at) : hsn_spot_may_be_quoted(t, at))) {
        return false;
    }
    return c == ':' && t.p[at - 1] == '"' ? !may_be_key(s, at) : !may_be_name(s, at);
}

/* What is_dull would say of nearly all: "name": that was here before, and no // behind it. */
static inline bool is_known_dull(hsn_scan *s, size_t at)
{
    const hsn_str t = s->text;
    tail name;
    return t.n - at > 1 && t.p[at] == ':' && t.p[at + 1] != '/' && quoted_before(t, at, &name) &&
           t.p[at - 2] != '"' && is_remembered(s->in, name);
}

void hsn_scan_keep_special(hsn_scan *s, size_t base, const uint16_t *listed, size_t n,
                           uint64_t special[])
{
    for (size_t i = 0; i < n; i++) {
        const size_t at = base + hsn_offset_of(listed[i]);
        const uint64_t dull = is_known_dull(s, at) || is_dull(s, at);
        special[listed[i] / HSN_BLOCK] &= ~(dull << listed[i] % HSN_BLOCK);
    }
}
