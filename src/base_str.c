/*
 * Views: comparing and searching borrowed bytes. No allocation.
 */
#define _GNU_SOURCE /* memmem */
#include "base.h"
#include "vec.h"

#define T true
const bool hsn_alnum_table[256] = {
    ['0'] = T, T, T, T, T, T, T, T, T, T,
    ['A'] = T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T,
    ['a'] = T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T, T,
};
#undef T

bool hsn_str_starts_nocase(hsn_str s, hsn_str prefix)
{
    if (s.n < prefix.n) {
        return false;
    }
    for (size_t i = 0; i < prefix.n; i++) {
        if (hsn_lower(s.p[i]) != hsn_lower(prefix.p[i])) {
            return false;
        }
    }
    return true;
}

bool hsn_str_in(hsn_str v, const hsn_str *words, size_t n)
{
    for (const hsn_str *w = words; w < words + n; w++) {
        if (w->n == v.n && hsn_str_starts_nocase(v, *w)) {
            return true;
        }
    }
    return false;
}

size_t hsn_str_chr(hsn_str s, unsigned char c)
{
    if (s.n >= HSN_VEC && s.n <= 2 * HSN_VEC) { /* most values */
        return hsn_vec_find_two(s.p, c, s.n);
    }
    const unsigned char *hit = s.n > 0 ? memchr(s.p, c, s.n) : NULL;
    return hit != NULL ? (size_t)(hit - s.p) : s.n;
}

size_t hsn_str_find(hsn_str s, hsn_str needle)
{
    if (needle.n == 0 || s.n < needle.n) {
        return s.n;
    }
    const unsigned char *hit = memmem(s.p, s.n, needle.p, needle.n);
    return hit != NULL ? (size_t)(hit - s.p) : s.n;
}
