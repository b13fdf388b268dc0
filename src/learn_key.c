/*
 * What tells a key from a plain word: see learn_key.h.
 *
 * Receives a word of a text, or a value; emits whether one begins with a key, or where in the other
 * its key is. Both must answer alike for the same bytes, or a value is not found where it stands.
 */
#include "learn_key.h"

#include "vec.h"

_Static_assert((int)HSN_KEY_WINDOW == (int)HSN_VEC, "the window is looked at as one vector");

/* The window at v.p[at]: nothing counts behind the end of v. */
static hsn_vec_word window_at(hsn_str v, size_t at)
{
    const size_t left = v.n - at;
    if (left >= HSN_VEC) {
        return hsn_vec_word_at(v.p + at);
    }
    unsigned char there[HSN_VEC] = {0};
    memcpy(there, v.p + at, left);
    return hsn_vec_word_at(there);
}

/* Bytes of the word that the window begins with. */
static unsigned word_of(const hsn_vec_word *w)
{
    return (unsigned)__builtin_ctz(~w->alnum | 1u << HSN_VEC);
}

/* Do the n bytes that it begins with tell a key from a plain word? */
static bool tells(const hsn_vec_word *w, unsigned n)
{
    const unsigned all = (1u << n) - 1;
    const bool odd = ((w->digits | (w->capitals & ~1u)) & all) != 0 || n == HSN_KEY_WINDOW;
    return odd && ((w->digits & all) != all || n >= HSN_KEY_DIGITS);
}

bool hsn_is_key(const unsigned char *p, size_t n)
{
    if (n < HSN_KEY) {
        return false;
    }
    const hsn_vec_word w = window_at(hsn_str_of(p, n), 0);
    return tells(&w, word_of(&w));
}

size_t hsn_word_end(hsn_str v, size_t from)
{
    for (; v.n - from >= HSN_VEC; from += HSN_VEC) {
        const hsn_vec_word w = hsn_vec_word_at(v.p + from);
        const unsigned n = word_of(&w);
        if (n < HSN_VEC) {
            return from + n;
        }
    }
    while (from < v.n && hsn_is_alnum(v.p[from])) {
        from++;
    }
    return from;
}

/* The last of the best: letters and digits mixed from the first byte on, which rarely is a prefix
 * that many values share; else any key. */
size_t hsn_key_of(hsn_str v)
{
    size_t best = v.n;
    bool best_is_word = false;
    size_t end;
    for (size_t i = 0; i + HSN_KEY <= v.n; i = end + 1) {
        end = i;
        if (!hsn_is_alnum(v.p[i])) {
            continue;
        }
        const hsn_vec_word w = window_at(v, i);
        const unsigned n = word_of(&w);
        end = n == HSN_VEC ? hsn_word_end(v, i + n) : i + n;
        if (!tells(&w, n)) {
            continue;
        }
        bool word = end - i >= HSN_KEY;
        if (word || !best_is_word) {
            best = i;
            best_is_word = word;
        }
    }
    return best;
}

bool hsn_has_tail(hsn_str value)
{
    const unsigned least = HSN_VEC - HSN_TAIL;
    if (value.n < HSN_CERTAIN || value.n < HSN_VEC) {
        return false;
    }
    const hsn_vec_word w = hsn_vec_word_at(value.p + value.n - HSN_VEC);
    return w.alnum >> least == (1u << HSN_TAIL) - 1 && hsn_is_tail(value.p + value.n, HSN_TAIL);
}
