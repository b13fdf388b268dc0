/*
 * International phone numbers, by calling code and length (ITU-T E.164).
 *
 * Receives a text that begins with a plus sign, a bracket before one, or an international prefix;
 * emits where the number ends. Groups are read as long as the plan of the calling code has room.
 */
#include "valid_phone.h"

/* How far a number was read. */
struct reading {
    size_t at;      /* next byte */
    size_t n;       /* digits behind the calling code */
    size_t groups;  /* runs of digits behind the calling code */
    size_t longest; /* digits of the longest run */
    unsigned kinds; /* of the separators: bits 1 << hsn_separator */
    size_t dots;
    bool bracket; /* digits in round brackets were seen: once is enough */
};

/* A `(` at s[at] with its digits and `)`: bytes, 0 for none. `(0)`, the trunk prefix that is not
 * dialled from abroad, counts no digit. */
static size_t bracket_at(hsn_str s, size_t at, size_t *digits)
{
    enum { MAX_DIGITS = 5 };
    if (at >= s.n || s.p[at] != '(') {
        return 0;
    }
    size_t n = hsn_phone_digits(s, at + 1);
    if (n == 0 || n > MAX_DIGITS || at + 1 + n >= s.n || s.p[at + 1 + n] != ')') {
        return 0;
    }
    *digits = n == 1 && s.p[at + 1] == '0' ? 0 : n;
    return n + 2;
}

/* Reads one more group and the separator before it; false without one, or with too many digits. */
static bool read_group(hsn_str s, size_t max, struct reading *r)
{
    hsn_separator kind;
    size_t at = r->at + hsn_phone_separator(s, r->at, &kind);
    size_t n = 0;
    size_t bytes = r->bracket ? 0 : bracket_at(s, at, &n);
    bool bracket = bytes > 0;
    if (!bracket) {
        bytes = n = hsn_phone_digits(s, at);
    }
    if (bytes == 0 || r->n + n > max) {
        return false;
    }
    r->at = at + bytes;
    r->n += n;
    r->groups++;
    r->longest = n > r->longest ? n : r->longest;
    r->bracket = r->bracket || bracket;
    r->kinds |= kind == HSN_SEP_NONE ? 0 : 1u << kind;
    r->dots += kind == HSN_SEP_DOT;
    return true;
}

/* A dot is also a decimal point: dots only among themselves, and two at least. */
static bool separators_fit(const struct reading *r)
{
    return r->dots == 0 || (r->dots >= 2 && r->kinds == 1u << HSN_SEP_DOT);
}

/* The first three and the next three digits behind the code, where the plan is North America's. */
static bool nanp_fits(hsn_str s, size_t at)
{
    unsigned char d[6];
    size_t n = 0;
    for (; n < sizeof d && at < s.n; at++) {
        if (hsn_is_digit(s.p[at])) {
            d[n++] = s.p[at];
        }
    }
    return n == sizeof d && hsn_nanp_is_area(d) && hsn_nanp_is_exchange(d + 3);
}

/*
 * The number whose calling code begins at s[from]: reads group after group as long as the plan has
 * room. Returns the reading in *r; false when no plan fits.
 */
static bool read_international(hsn_str s, size_t from, bool bracketed, struct reading *r)
{
    size_t code_len = 0;
    const hsn_phone_plan *plan = hsn_phone_plan_at(hsn_str_cut(s, from, s.n), &code_len);
    if (plan == NULL) {
        return false;
    }
    size_t start = from + code_len;
    if (bracketed) {
        if (start >= s.n || s.p[start] != ')') {
            return false;
        }
        start++;
    }
    *r = (struct reading){.at = start};
    while (read_group(s, plan->max, r)) {
    }
    if (r->n < plan->min || !separators_fit(r)) {
        return false;
    }
    return plan->code != HSN_NANP_CODE || nanp_fits(s, start);
}

/* Does s begin with (+ or +( and a digit? Then the calling code stands in brackets. */
static bool code_in_brackets(hsn_str s)
{
    return s.n > 2 && (s.p[0] == '(' || s.p[1] == '(') && (s.p[0] == '+' || s.p[1] == '+');
}

/*
 * +44 20 ..., (+44) 20 ..., +(44) 20 ... Called at the plus of the second form too: `before` is its
 * bracket. An operator, word or closing bracket before the plus says arithmetic.
 */
size_t hsn_phone_plus(hsn_str s, unsigned char before)
{
    bool bracketed = code_in_brackets(s);
    struct reading r;
    if (hsn_phone_joins(before) || before == '+' || before == '.' || before == '%') {
        return 0;
    }
    if (!read_international(s, bracketed ? 2 : 1, bracketed, &r) &&
        (before != '(' || bracketed || !read_international(s, 1, true, &r))) {
        return 0;
    }
    if ((before == ')' || before == ']') && r.groups < 2) {
        return 0;
    }
    return hsn_phone_finish(s, r.at);
}

/* Do the digits behind the calling code begin with 00? No number does, hexadecimal tables do. */
static bool starts_with_zeros(hsn_str s, size_t from)
{
    size_t code_len;
    hsn_separator kind;
    if (hsn_phone_plan_at(hsn_str_cut(s, from, s.n), &code_len) == NULL) {
        return false;
    }
    size_t at = from + code_len;
    at += hsn_phone_separator(s, at, &kind);
    return hsn_str_starts(hsn_str_cut(s, at, s.n), HSN_S("00"));
}

/* Behind an international prefix (00, 011) many ids look alike: only groups separated by spaces or
 * hyphens count, one of them of three digits or more. */
size_t hsn_phone_prefix(hsn_str s, size_t prefix)
{
    struct reading r;
    hsn_separator kind;
    size_t from = prefix + hsn_phone_separator(s, prefix, &kind);
    if (kind == HSN_SEP_DOT || kind == HSN_SEP_SLASH || from >= s.n || !hsn_is_digit(s.p[from]) ||
        starts_with_zeros(s, from) || !read_international(s, from, false, &r)) {
        return 0;
    }
    unsigned allowed = 1u << HSN_SEP_SPACE | 1u << HSN_SEP_HYPHEN;
    if (r.groups < 2 || r.longest < 3 || (r.kinds & ~allowed) != 0) {
        return 0;
    }
    return hsn_phone_finish(s, r.at);
}

bool hsn_phone_is_international(hsn_str s)
{
    struct reading r;
    bool bracketed = code_in_brackets(s);
    if (!bracketed && !hsn_str_starts(s, HSN_S("+"))) {
        return false;
    }
    if (!read_international(s, bracketed ? 2 : 1, bracketed, &r)) {
        return false;
    }
    return r.at + hsn_phone_extension(s, r.at) == s.n;
}
