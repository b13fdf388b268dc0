/*
 * Is the name before a separator any that counts? Asked at every : and = of a text, which in JSON
 * and in scripts stand every few bytes: nearly all are turned away here.
 *
 * Two filters. The last three letters of the name, against those of the names that count. And for
 * "name": with such letters a memory of quoted names that turned out to mean nothing; an answer
 * hangs on the bytes between the quotes alone. Must never turn a name away that
 * hsn_spot_name would have dealt with.
 */
#include "spot.h"
#include "vec.h"

/* "value", "val", "content", "headers" may belong to a pair: that is for hsn_spot_name to see. */
static bool may_end_pair(const unsigned char *end)
{
    static const char last_two[][2] = {{'u', 'e'}, {'a', 'l'}, {'n', 't'}, {'r', 's'}};
    for (size_t i = 0; i < HSN_COUNT(last_two); i++) {
        if (end[-2] == last_two[i][0] && end[-1] == last_two[i][1]) {
            return true;
        }
    }
    return end[-1] == 'v';
}

/* The last three letters. False is certain. */
static bool may_end_name(const hsn_scan *s, const unsigned char *end)
{
    if (!hsn_is_alnum(end[-1]) || !hsn_is_alnum(end[-2]) || !hsn_is_alnum(end[-3])) {
        return true;
    }
    return hsn_triples_has(s->names, hsn_triple(end[-3], end[-2], end[-1])) || may_end_pair(end);
}

/* ---------------------------------------------------------------- quoted names */

/* Sixteen bytes that end at a colon, as two words. */
typedef struct quoted {
    uint64_t word[2];
} quoted;

/* What stands between the quotes before `colon`, the closing one included; zeros before it. False
 * when that does not fit, or no quote stands there. */
static bool quoted_before(hsn_str t, size_t colon, quoted *out)
{
    static const unsigned char keep[2 * HSN_VEC] = {
        [HSN_VEC] = 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    if (colon < HSN_VEC || t.p[colon - 1] != '"') {
        return false;
    }
    const unsigned char *p = t.p + colon - HSN_VEC;
    const size_t open = hsn_vec_find_last(p, '"', HSN_VEC - 1);
    if (open == HSN_VEC) {
        return false;
    }
    uint64_t mask[2];
    memcpy(out->word, p, sizeof out->word);
    memcpy(mask, keep + HSN_VEC - open - 1, sizeof mask);
    out->word[0] &= mask[0];
    out->word[1] &= mask[1];
    return true;
}

static uint64_t *memory_of(hsn_inspector *in, const quoted *q)
{
    uint64_t mixed = (q->word[1] ^ (q->word[0] << 7 | q->word[0] >> 57)) * 0x9e3779b97f4a7c15u;
    return in->dull[mixed >> (64 - HSN_DULL_BITS)];
}

static bool is_dull(hsn_scan *s, size_t colon)
{
    quoted q;
    if (!quoted_before(s->text, colon, &q)) {
        return false;
    }
    const uint64_t *m = memory_of(s->in, &q);
    return ((m[0] ^ q.word[0]) | (m[1] ^ q.word[1])) == 0;
}

void hsn_scan_remember_dull(hsn_scan *s, size_t colon)
{
    quoted q;
    if (s->text.p[colon] == ':' && quoted_before(s->text, colon, &q) &&
        !may_end_pair(s->text.p + colon - 1)) {
        memcpy(memory_of(s->in, &q), q.word, sizeof q.word);
    }
}

bool hsn_scan_may_be_name(hsn_scan *s, size_t at)
{
    enum { LEAST = 5 }; /* three letters, a quote and a space */
    const unsigned char *end = s->text.p + at;
    if (at < LEAST || (s->every_param && *end == '=')) {
        return true;
    }
    end -= end[-1] == ' ';
    end -= end[-1] == '"' || end[-1] == '\'';
    return may_end_name(s, end) && (s->text.p[at] != ':' || !is_dull(s, at));
}
