/*
 * Known values in a text: at a word of it, how much of which value stands around there.
 *
 * Receives the beginning of a word that may be a key, or the end of one that may be a tail; emits
 * the longest value that stands there, whole or cut (learn.h says how much of one is enough). Looks
 * at the values on one chain of each set, whose number is bounded.
 */
#include "learn_set.h"

static bool in_word(hsn_str s, size_t at)
{
    return at > 0 && at < s.n && hsn_is_alnum(s.p[at - 1]) && hsn_is_alnum(s.p[at]);
}

/* A value that is only the beginning of a longer word is another word, unless it is too long for
 * that: verification has the same measure. */
static bool ends_well(hsn_str text, size_t end, hsn_str value)
{
    return !in_word(text, end) || !hsn_is_alnum(value.p[value.n - 1]) || value.n >= HSN_CERTAIN;
}

/* May n bytes, of a word cut at v[at], stand for the whole? */
static bool is_half(hsn_str v, size_t n, size_t at)
{
    enum { WHOLE = 20 };
    return v.n >= WHOLE && n >= HSN_TAIL && 2 * n >= v.n && in_word(v, at);
}

/* How much of v stands at text[from]: all of it, or up to a word's end there that is none in v. 0
 * for anything less. */
static size_t length_at(hsn_str text, size_t from, hsn_str v)
{
    hsn_str there = hsn_str_cut(text, from, text.n);
    size_t n = 0;
    if (v.n <= there.n && memcmp(there.p, v.p, v.n) == 0) {
        return ends_well(text, from + v.n, v) ? v.n : 0;
    }
    while (n < v.n && n < there.n && there.p[n] == v.p[n]) {
        n++;
    }
    return is_half(v, n, n) && !in_word(there, n) ? n : 0;
}

const hsn_known *hsn_learned_at(const hsn_learned *l, hsn_str text, size_t at, size_t *off,
                                size_t *len)
{
    const hsn_known *best = NULL;
    *len = 0;
    for (; l != NULL && text.n - at >= HSN_KEY; l = l->under) {
        const uint32_t tag = hsn_way_hash(l, text.p + at);
        uint32_t i = l->n > 0 ? hsn_way_slot(l, BY_KEY, text.p + at, tag)->index : 0;
        for (; i != 0; i = l->entries[i - 1].next[BY_KEY]) {
            const hsn_known *k = &l->entries[i - 1].known;
            size_t n = at < k->key ? 0 : length_at(text, at - k->key, k->value);
            if (n > *len) {
                best = k;
                *len = n;
                *off = at - k->key;
            }
        }
    }
    return best;
}

/* How much of the word text[from, end) is v, or the end of v. */
static size_t length_before(hsn_str text, size_t from, size_t end, hsn_str v)
{
    size_t n = 0;
    while (n < v.n && n < end - from && text.p[end - 1 - n] == v.p[v.n - 1 - n]) {
        n++;
    }
    return n == v.n || (n == end - from && is_half(v, n, v.n - n)) ? n : 0;
}

const hsn_known *hsn_learned_ending(const hsn_learned *l, hsn_str text, size_t from, size_t end,
                                    size_t *len)
{
    const hsn_known *best = NULL;
    *len = 0;
    for (; l != NULL; l = l->under) {
        const unsigned char *p = text.p + end - HSN_KEY;
        uint32_t i = l->n > 0 ? hsn_way_slot(l, BY_TAIL, p, hsn_way_hash(l, p))->index : 0;
        for (; i != 0; i = l->entries[i - 1].next[BY_TAIL]) {
            const hsn_known *k = &l->entries[i - 1].known;
            size_t n = length_before(text, from, end, k->value);
            if (n > *len) {
                best = k;
                *len = n;
            }
        }
    }
    return best;
}
