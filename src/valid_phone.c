/*
 * Phone numbers: in free text, where a number begins, and under a name that says phone.
 *
 * In free text only what people write counts: a plus sign, an international prefix followed by
 * separators, separators at the places of the North American plan, or an area in brackets as other
 * plans have it. Called at every run of digits of large files: the first instructions must reject
 * nearly all of them. Reads s.p[0..n) only.
 */
#include "valid_phone.h"

/* ---------------------------------------------------------------- North America */

static bool three_digits(hsn_str s, size_t at)
{
    return hsn_phone_digits(hsn_str_cut(s, at, at + 3), 0) == 3;
}

/* NXX-XXXX from s[at] on; `want` is the separator it must have, HSN_SEP_NONE: any but the slash. */
static size_t local_end(hsn_str s, size_t at, hsn_separator want)
{
    hsn_separator kind;
    if (!three_digits(s, at) || !hsn_nanp_is_exchange(s.p + at)) {
        return 0;
    }
    at += 3;
    size_t sep = hsn_phone_separator(s, at, &kind);
    if (sep == 0 || kind == HSN_SEP_SLASH || (want != HSN_SEP_NONE && kind != want)) {
        return 0;
    }
    return hsn_phone_digits(s, at + sep) == 4 ? at + sep + 4 : 0;
}

/* In a list of numbers with spaces (points, sizes) three of them can look like a phone number. Does
 * the list go on at s[end]? */
static bool list_goes_on(hsn_str s, size_t end)
{
    size_t next = end + hsn_phone_space(s, end);
    if (next == end && next < s.n && s.p[next] == ',') {
        next++;
    }
    return next > end && next < s.n && hsn_is_digit(s.p[next]);
}

/* (NPA) NXX-XXXX or NPA-NXX-XXXX from s[at] on; the end offset, 0 for none. */
static size_t nanp_end(hsn_str s, size_t at)
{
    hsn_separator kind;
    bool bracket = at < s.n && s.p[at] == '(';
    size_t area = at + bracket;
    if (!three_digits(s, area) || !hsn_nanp_is_area(s.p + area)) {
        return 0;
    }
    size_t next = area + 3;
    if (bracket) {
        if (next >= s.n || s.p[next] != ')') {
            return 0;
        }
        next++;
        return local_end(s, next + hsn_phone_separator(s, next, &kind), HSN_SEP_NONE);
    }
    size_t sep = hsn_phone_separator(s, next, &kind);
    if (sep == 0) {
        return 0;
    }
    if (kind == HSN_SEP_SLASH) { /* 212/555-0123 */
        return local_end(s, next + sep, HSN_SEP_HYPHEN);
    }
    size_t end = local_end(s, next + sep, kind);
    /* Areas with a 9 in the middle are kept for an extension of the plan: in use nowhere. */
    bool in_list = kind == HSN_SEP_SPACE && (s.p[area + 1] == '9' || list_goes_on(s, end));
    return in_list ? 0 : end;
}

static size_t nanp_number(hsn_str s, unsigned char before)
{
    hsn_separator kind;
    bool joined = before == '-' || before == '.' || before == '/' || before == '+' || before == '$';
    if (joined || before == '_' || hsn_is_digit(before) ||
        (hsn_is_alpha(before) && s.p[0] != '(')) {
        return 0;
    }
    size_t at = s.p[0] == '1' ? 1 + hsn_phone_separator(s, 1, &kind) : 0;
    size_t end = nanp_end(s, at);
    return end > 0 ? hsn_phone_finish(s, end) : 0;
}

/* ---------------------------------------------------------------- in brackets */

/* (11) 98268-6443, a mobile number of Brazil: the area, and nine digits of which the first is 9. */
static size_t brazil_number(hsn_str s)
{
    size_t at = 4;
    at += hsn_phone_space(s, at);
    if (s.p[1] < '1' || s.p[2] < '1' || s.p[3] != ')' || hsn_phone_digits(s, at) != 5 ||
        s.p[at] != '9') {
        return 0;
    }
    size_t mark = hsn_phone_hyphen(s, at + 5);
    at += 5 + mark;
    return mark > 0 && hsn_phone_digits(s, at) == 4 ? hsn_phone_finish(s, at + 4) : 0;
}

/* (030) 901820, (0171) 392 0000: the prefix of long distance with the area, then as many digits as
 * numbers have. More of them, or glued to a short area, are a bar code: (01)04012345678901. */
static size_t trunk_number(hsn_str s)
{
    enum { MIN_DIGITS = 6, MAX_DIGITS = 8, GROUP_MIN = 2 };
    hsn_separator kind;
    size_t area = hsn_phone_digits(s, 1);
    size_t at = area + 2;
    if (area < 2 || area > 5 || s.p[2] == '0' || s.n <= at || s.p[area + 1] != ')') {
        return 0;
    }
    const size_t least = area > 2 ? MIN_DIGITS : MAX_DIGITS; /* (02) 9876 5432 of Australia */
    if (area == 2 && hsn_phone_space(s, at) == 0) {
        return 0;
    }
    size_t digits = 0;
    size_t end = 0;
    for (size_t n;
         (n = hsn_phone_digits(s, at + hsn_phone_separator(s, at, &kind))) >= GROUP_MIN;) {
        end = at + hsn_phone_separator(s, at, &kind) + n;
        digits += n;
        if (kind == HSN_SEP_DOT || digits > MAX_DIGITS) {
            return 0;
        }
        at = end;
    }
    return digits >= least ? hsn_phone_finish(s, end) : 0;
}

static size_t bracket_number(hsn_str s, unsigned char before)
{
    if (hsn_phone_joins(before) || before == ')' || before == ']' || !hsn_is_digit(s.p[1])) {
        return 0;
    }
    return s.p[1] == '0' ? trunk_number(s) : hsn_is_digit(s.p[2]) ? brazil_number(s) : 0;
}

/* ---------------------------------------------------------------- in text */

/* Could a separator begin with this byte? */
static bool may_separate(unsigned char c)
{
    return c == '-' || c == ' ' || c == '.' || c == '/' || c == '(' || c >= 0x80;
}

static size_t digit_number(hsn_str s, unsigned char before)
{
    if (s.p[0] == '0') {
        size_t prefix = s.p[1] == '0' ? 2 : s.p[1] == '1' && s.p[2] == '1' ? 3 : 0;
        bool joined = hsn_phone_joins(before) || before == '-' || before == '.' || before == '/' ||
                      before == '+';
        return prefix > 0 && !joined ? hsn_phone_prefix(s, prefix) : 0;
    }
    unsigned char behind = s.p[0] == '1' ? s.p[1] : s.p[3];
    return may_separate(behind) ? nanp_number(s, before) : 0;
}

size_t hsn_phone_in_text(hsn_str s, unsigned char before)
{
    enum { SHORTEST = 8 };
    if (s.n < SHORTEST) {
        return 0;
    }
    if (hsn_is_digit(s.p[0])) {
        return digit_number(s, before);
    }
    if (s.p[0] == '+') {
        return (s.p[1] >= '1' && s.p[1] <= '9') || s.p[1] == '(' ? hsn_phone_plus(s, before) : 0;
    }
    if (s.p[0] != '(') {
        return 0;
    }
    if (s.p[1] == '+') {
        return hsn_phone_plus(s, before);
    }
    size_t end = nanp_number(s, before);
    return end > 0 ? end : bracket_number(s, before);
}

/* ---------------------------------------------------------------- under a name */

/* 2024-01-31, alone or with a time behind it: a date, whatever the name. */
static bool is_iso_date(hsn_str s)
{
    return hsn_phone_digits(s, 0) == 4 && s.n >= 10 && s.p[4] == '-' &&
           hsn_phone_digits(s, 5) == 2 && s.p[7] == '-' && hsn_phone_digits(s, 8) == 2 &&
           (s.p[5] == '0' || s.p[5] == '1');
}

/* Digits with separators and brackets between them, a + in front, an extension behind. */
static bool valid_national(hsn_str s)
{
    enum { MIN_DIGITS = 7, MAX_DIGITS = 15 };
    size_t digits = 0;
    size_t at = 0;
    while (at < s.n) {
        hsn_separator kind;
        size_t sep = hsn_phone_separator(s, at, &kind);
        if (hsn_is_digit(s.p[at])) {
            digits++;
            at++;
        } else if (sep > 0) {
            at += sep;
        } else if (s.p[at] == '(' || s.p[at] == ')' || (s.p[at] == '+' && digits == 0)) {
            at++;
        } else {
            break;
        }
    }
    /* A space before the extension was taken for a separator: look for the extension behind it. */
    bool whole = at == s.n || at + hsn_phone_extension(s, at) == s.n;
    return whole && digits >= MIN_DIGITS && digits <= MAX_DIGITS && !is_iso_date(s);
}

bool hsn_valid_phone(hsn_str s, hsn_phone_form form)
{
    s = hsn_str_trim(s);
    return form == HSN_PHONE_INTERNATIONAL ? hsn_phone_is_international(s) : valid_national(s);
}

bool hsn_is_test_phone(hsn_str s)
{
    enum { LOCAL = 7, AREA = 10, COUNTRY = 11 };
    char digit[COUNTRY + 1];
    size_t n = 0;
    size_t at = 0;
    for (; at < s.n && n < sizeof digit && !(n >= LOCAL && hsn_phone_extension(s, at) > 0); at++) {
        if (hsn_is_digit(s.p[at])) {
            digit[n++] = (char)s.p[at];
        }
    }
    bool length = n == LOCAL || n == AREA || (n == COUNTRY && digit[0] == '1');
    if (!length) {
        return false;
    }
    const char *local = digit + n - LOCAL;
    return memcmp(local, "55501", 5) == 0 || memcmp(local, local + 1, LOCAL - 1) == 0;
}
