/*
 * Is the name before a separator any that counts? Asked at every : and = of a text, which in JSON
 * and in scripts stand every few bytes: nearly all are turned away here.
 *
 * Two filters. The last three letters of the name, against those of the names that count. And for
 * "name": name: or name= with such letters a memory of names that turned out to mean nothing; the
 * answer hangs on the bytes of the name alone. Must never turn a name away that
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

/* ---------------------------------------------------------------- dull names */

/* Up to sixteen bytes that end with the name, as two words. */
typedef struct tail {
    uint64_t word[2];
} tail;

/* Bytes `from` to HSN_VEC of the vector at p, zeros before them. */
static tail tail_of(const unsigned char *p, size_t from)
{
    static const unsigned char keep[2 * HSN_VEC] = {
        [HSN_VEC] = 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    tail t;
    uint64_t mask[2];
    memcpy(t.word, p, sizeof t.word);
    memcpy(mask, keep + HSN_VEC - from, sizeof mask);
    t.word[0] &= mask[0];
    t.word[1] &= mask[1];
    return t;
}

/* "name": what stands between the quotes, the closing one included. False when that does not fit.
 */
static bool quoted_before(hsn_str t, size_t colon, tail *out)
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
    memcpy(out->word, ":", 1);
    return true;
}

static uint64_t *memory_of(hsn_inspector *in, const tail *t)
{
    uint64_t mixed = (t->word[1] ^ (t->word[0] << 7 | t->word[0] >> 57)) * 0x9e3779b97f4a7c15u;
    return in->dull[mixed >> (64 - HSN_DULL_BITS)];
}

static bool is_dull(hsn_scan *s, size_t at)
{
    tail t;
    if (!name_before(s->text, at, &t)) {
        return false;
    }
    const uint64_t *m = memory_of(s->in, &t);
    return ((m[0] ^ t.word[0]) | (m[1] ^ t.word[1])) == 0;
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
    if (s->text.p[at] == ':' ? !quoted || !may_end_pair(s->text.p + at - 1)
                             : is_quiet(s, name, HSN_IN_PARAM) && is_quiet(s, name, HSN_IN_TEXT)) {
        memcpy(memory_of(s->in, &t), t.word, sizeof t.word);
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
    return may_end_name(s, end) && !is_dull(s, at);
}
