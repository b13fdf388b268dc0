/*
 * What tells a key from a plain word: see learn_key.h.
 *
 * Receives a word of a text, or a value; emits whether one begins with a key, or where in the other
 * its key is. Both must answer alike for the same bytes, or a value is not found where it stands.
 */
#include "learn_key.h"

/*
 * What a byte of a word adds to three counts that lie side by side: bytes, digits, capitals. 0 for
 * bytes of no word. From a table: of an id nobody can foretell which of them comes next.
 */
enum { L = 1, D = 1 | 1 << 8, U = 1 | 1 << 16 };
static const uint32_t counts[256] = {
    ['0'] = D, D, D, D, D, D, D, D, D, D,
    ['A'] = U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
    ['a'] = L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
};

/* Of `sum` over the first bytes of a word, of which `first` is the very first. */
static bool tells(uint32_t sum, unsigned char first)
{
    const unsigned bytes = sum & 0xff;
    const unsigned digits = sum >> 8 & 0xff;
    const unsigned capitals = (sum >> 16) - (counts[first] == U);
    const bool odd = digits + capitals > 0 || bytes == HSN_KEY_WINDOW;
    return odd && (digits != bytes || digits >= HSN_KEY_DIGITS);
}

bool hsn_is_key(const unsigned char *p, size_t n)
{
    const size_t window = n < HSN_KEY_WINDOW ? n : HSN_KEY_WINDOW;
    uint32_t sum = 0;
    for (size_t i = 0; i < window && counts[p[i]] != 0; i++) {
        sum += counts[p[i]];
    }
    return n >= HSN_KEY && tells(sum, *p);
}

size_t hsn_word_end(hsn_str v, size_t from)
{
    while (from < v.n && counts[v.p[from]] != 0) {
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
        const size_t window = v.n - i < HSN_KEY_WINDOW ? v.n : i + HSN_KEY_WINDOW;
        uint32_t sum = 0;
        for (end = i; end < window && counts[v.p[end]] != 0; end++) {
            sum += counts[v.p[end]];
        }
        if (end == window) {
            end = hsn_word_end(v, end);
        }
        if (end == i || !tells(sum, v.p[i])) {
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
    size_t n = 0;
    while (n < HSN_TAIL && n < value.n && hsn_is_alnum(value.p[value.n - 1 - n])) {
        n++;
    }
    return value.n >= HSN_CERTAIN && hsn_is_tail(value.p + value.n, n);
}
