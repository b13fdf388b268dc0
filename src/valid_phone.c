/*
 * Phone numbers: international by calling code and length (ITU-T E.164), North American by their
 * form, under a name that says phone, and in free text.
 *
 * In free text only what people write counts: a plus sign, an international prefix followed by
 * separators, separators at the places of the North American plan, or an area in brackets as other
 * plans have it. Called at every run of digits
 * of large files: the first instructions must reject nearly all of them. Reads s.p[0..n) only.
 */
#include "valid_phone.h"

/* ---------------------------------------------------------------- separators */

/* What may stand between two groups; kinds are not mixed where that would let other text in. */
enum separator { SEP_NONE, SEP_SPACE, SEP_HYPHEN, SEP_DOT, SEP_SLASH };

/* Bytes of one space: U+0020, U+00A0, U+2007, U+2009, U+202F; 0 for none. */
static size_t space_at(hsn_str s, size_t at)
{
    if (at >= s.n) {
        return 0;
    }
    if (s.p[at] == ' ') {
        return 1;
    }
    hsn_str rest = hsn_str_cut(s, at, s.n);
    if (hsn_str_starts(rest, HSN_S("\xC2\xA0"))) {
        return 2;
    }
    bool wide = rest.n >= 3 && rest.p[0] == 0xE2 && rest.p[1] == 0x80 &&
                (rest.p[2] == 0x87 || rest.p[2] == 0x89 || rest.p[2] == 0xAF);
    return wide ? 3 : 0;
}

/* Bytes of one hyphen: U+002D, U+2010 to U+2013; 0 for none. */
static size_t hyphen_at(hsn_str s, size_t at)
{
    if (at >= s.n) {
        return 0;
    }
    if (s.p[at] == '-') {
        return 1;
    }
    bool wide = s.n - at >= 3 && s.p[at] == 0xE2 && s.p[at + 1] == 0x80 && s.p[at + 2] >= 0x90 &&
                s.p[at + 2] <= 0x93;
    return wide ? 3 : 0;
}

/* One separator at s[at]; a hyphen or slash may have a space on either side. */
static size_t separator_at(hsn_str s, size_t at, enum separator *kind)
{
    size_t space = space_at(s, at);
    size_t mark = hyphen_at(s, at + space);
    *kind = SEP_HYPHEN;
    if (mark == 0 && at + space < s.n && s.p[at + space] == '/') {
        mark = 1;
        *kind = SEP_SLASH;
    }
    if (mark > 0) {
        return space + mark + space_at(s, at + space + mark);
    }
    if (space > 0) {
        *kind = SEP_SPACE;
        return space;
    }
    *kind = at < s.n && s.p[at] == '.' ? SEP_DOT : SEP_NONE;
    return *kind == SEP_DOT ? 1 : 0;
}

static size_t digits_at(hsn_str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && hsn_is_digit(s.p[at + n])) {
        n++;
    }
    return n;
}

static bool is_word(unsigned char c)
{
    return hsn_is_alnum(c) || c == '_';
}

/* May a number end before s[at]? Not inside a word, nor where a chain of hyphens or dots goes on. A
 * slash may follow: "0199/0200" names two lines. */
static bool ends_clean(hsn_str s, size_t at)
{
    if (at >= s.n) {
        return true;
    }
    unsigned char c = s.p[at];
    if (is_word(c)) {
        return false;
    }
    bool joins = c == '-' || c == '.';
    return !joins || at + 1 >= s.n || !hsn_is_digit(s.p[at + 1]);
}

/* ---------------------------------------------------------------- extensions */

/* RFC 3966 `;ext=` and the words for it. Those of letters only need a space before or after. */
static const char *const extension_words[] = {
    ";ext=", "extension", "ext.",      "ext:",    "ext",  "x",
    "#",     "durchwahl", "interno",   "int.",    "poste", "anexo",
    "\xD0\xB4\xD0\xBE\xD0\xB1." /* Russian abbreviation of "additional" */,
};

static size_t extension_word_at(hsn_str s, size_t at)
{
    hsn_str rest = hsn_str_cut(s, at, s.n);
    for (size_t i = 0; i < HSN_COUNT(extension_words); i++) {
        hsn_str word = hsn_str_z(extension_words[i]);
        if (hsn_str_starts_nocase(rest, word)) {
            return word.n;
        }
    }
    return 0;
}

/* Bytes of the extension that follows a number which ends at s[at]; 0 for none. */
static size_t extension_at(hsn_str s, size_t at)
{
    enum { MAX_DIGITS = 7 };
    size_t end = at;
    end += end < s.n && s.p[end] == ',';
    end += space_at(s, end);
    size_t word = extension_word_at(s, end);
    if (word == 0) {
        return 0;
    }
    end += word;
    end += space_at(s, end);
    size_t digits = digits_at(s, end);
    end += digits;
    return digits >= 1 && digits <= MAX_DIGITS && ends_clean(s, end) ? end - at : 0;
}

/* The end of a number at `end` with its extension, 0 when it cannot end there. */
static size_t finish(hsn_str s, size_t end)
{
    size_t extension = extension_at(s, end);
    return extension > 0 || ends_clean(s, end) ? end + extension : 0;
}

/* ---------------------------------------------------------------- international */

/* How far a number was read. */
struct reading {
    size_t at;      /* next byte */
    size_t n;       /* digits behind the calling code */
    size_t groups;  /* runs of digits behind the calling code */
    size_t longest; /* digits of the longest run */
    unsigned kinds; /* of the separators: bits 1 << enum separator */
    size_t dots;
    bool bracket;   /* digits in round brackets were seen: once is enough */
};

/* A `(` at s[at] with its digits and `)`: bytes, 0 for none. `(0)`, the trunk prefix that is not
 * dialled from abroad, counts no digit. */
static size_t bracket_at(hsn_str s, size_t at, size_t *digits)
{
    enum { MAX_DIGITS = 5 };
    if (at >= s.n || s.p[at] != '(') {
        return 0;
    }
    size_t n = digits_at(s, at + 1);
    if (n == 0 || n > MAX_DIGITS || at + 1 + n >= s.n || s.p[at + 1 + n] != ')') {
        return 0;
    }
    *digits = n == 1 && s.p[at + 1] == '0' ? 0 : n;
    return n + 2;
}

/* Reads one more group and the separator before it; false without one, or with too many digits. */
static bool read_group(hsn_str s, size_t max, struct reading *r)
{
    enum separator kind;
    size_t at = r->at + separator_at(s, r->at, &kind);
    size_t n = 0;
    size_t bytes = r->bracket ? 0 : bracket_at(s, at, &n);
    bool bracket = bytes > 0;
    if (!bracket) {
        bytes = n = digits_at(s, at);
    }
    if (bytes == 0 || r->n + n > max) {
        return false;
    }
    r->at = at + bytes;
    r->n += n;
    r->groups++;
    r->longest = n > r->longest ? n : r->longest;
    r->bracket = r->bracket || bracket;
    r->kinds |= kind == SEP_NONE ? 0 : 1u << kind;
    r->dots += kind == SEP_DOT;
    return true;
}

/* A dot is also a decimal point: dots only among themselves, and two at least. */
static bool separators_fit(const struct reading *r)
{
    return r->dots == 0 || (r->dots >= 2 && r->kinds == 1u << SEP_DOT);
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
static size_t plus_number(hsn_str s, unsigned char before)
{
    bool bracketed = code_in_brackets(s);
    struct reading r;
    if (is_word(before) || before == '+' || before == '.' || before == '%') {
        return 0;
    }
    if (!read_international(s, bracketed ? 2 : 1, bracketed, &r) &&
        (before != '(' || bracketed || !read_international(s, 1, true, &r))) {
        return 0;
    }
    if ((before == ')' || before == ']') && r.groups < 2) {
        return 0;
    }
    return finish(s, r.at);
}

/* Do the digits behind the calling code begin with 00? No number does, hexadecimal tables do. */
static bool starts_with_zeros(hsn_str s, size_t from)
{
    size_t code_len;
    enum separator kind;
    if (hsn_phone_plan_at(hsn_str_cut(s, from, s.n), &code_len) == NULL) {
        return false;
    }
    size_t at = from + code_len;
    at += separator_at(s, at, &kind);
    return hsn_str_starts(hsn_str_cut(s, at, s.n), HSN_S("00"));
}

/* Behind an international prefix (00, 011) many ids look alike: only groups separated by spaces or
 * hyphens count, one of them of three digits or more. */
static size_t prefix_number(hsn_str s, size_t prefix)
{
    struct reading r;
    enum separator kind;
    size_t from = prefix + separator_at(s, prefix, &kind);
    if (kind == SEP_DOT || kind == SEP_SLASH || from >= s.n || !hsn_is_digit(s.p[from]) ||
        starts_with_zeros(s, from) || !read_international(s, from, false, &r)) {
        return 0;
    }
    unsigned allowed = 1u << SEP_SPACE | 1u << SEP_HYPHEN;
    if (r.groups < 2 || r.longest < 3 || (r.kinds & ~allowed) != 0) {
        return 0;
    }
    return finish(s, r.at);
}

/* ---------------------------------------------------------------- North America */

static bool three_digits(hsn_str s, size_t at)
{
    return digits_at(hsn_str_cut(s, at, at + 3), 0) == 3;
}

/* NXX-XXXX from s[at] on; `want` is the separator it must have, SEP_NONE for any but the slash. */
static size_t local_end(hsn_str s, size_t at, enum separator want)
{
    enum separator kind;
    if (!three_digits(s, at) || !hsn_nanp_is_exchange(s.p + at)) {
        return 0;
    }
    at += 3;
    size_t sep = separator_at(s, at, &kind);
    if (sep == 0 || kind == SEP_SLASH || (want != SEP_NONE && kind != want)) {
        return 0;
    }
    return digits_at(s, at + sep) == 4 ? at + sep + 4 : 0;
}

/* In a list of numbers with spaces (points, sizes) three of them can look like a phone number. Does
 * the list go on at s[end]? */
static bool list_goes_on(hsn_str s, size_t end)
{
    size_t next = end + space_at(s, end);
    if (next == end && next < s.n && s.p[next] == ',') {
        next++;
    }
    return next > end && next < s.n && hsn_is_digit(s.p[next]);
}

/* (NPA) NXX-XXXX or NPA-NXX-XXXX from s[at] on; the end offset, 0 for none. */
static size_t nanp_end(hsn_str s, size_t at)
{
    enum separator kind;
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
        return local_end(s, next + separator_at(s, next, &kind), SEP_NONE);
    }
    size_t sep = separator_at(s, next, &kind);
    if (sep == 0) {
        return 0;
    }
    if (kind == SEP_SLASH) { /* 212/555-0123 */
        return local_end(s, next + sep, SEP_HYPHEN);
    }
    size_t end = local_end(s, next + sep, kind);
    /* Areas with a 9 in the middle are kept for an extension of the plan: in use nowhere. */
    bool in_list = kind == SEP_SPACE && (s.p[area + 1] == '9' || list_goes_on(s, end));
    return in_list ? 0 : end;
}

static size_t nanp_number(hsn_str s, unsigned char before)
{
    enum separator kind;
    bool joined = before == '-' || before == '.' || before == '/' || before == '+' ||
                  before == '$';
    if (joined || before == '_' || hsn_is_digit(before) ||
        (hsn_is_alpha(before) && s.p[0] != '(')) {
        return 0;
    }
    size_t at = s.p[0] == '1' ? 1 + separator_at(s, 1, &kind) : 0;
    size_t end = nanp_end(s, at);
    return end > 0 ? finish(s, end) : 0;
}

/* ---------------------------------------------------------------- in brackets */

/* (11) 98268-6443, a mobile number of Brazil: the area, and nine digits of which the first is 9. */
static size_t brazil_number(hsn_str s)
{
    size_t at = 4;
    at += space_at(s, at);
    if (s.p[1] < '1' || s.p[2] < '1' || s.p[3] != ')' || digits_at(s, at) != 5 || s.p[at] != '9') {
        return 0;
    }
    size_t mark = hyphen_at(s, at + 5);
    at += 5 + mark;
    return mark > 0 && digits_at(s, at) == 4 ? finish(s, at + 4) : 0;
}

/* (030) 901820, (0171) 392 0000: the prefix of long distance with the area, then as many digits as
 * numbers have. More of them, or glued to a short area, are a bar code: (01)04012345678901. */
static size_t trunk_number(hsn_str s)
{
    enum { MIN_DIGITS = 6, MAX_DIGITS = 8, GROUP_MIN = 2 };
    enum separator kind;
    size_t area = digits_at(s, 1);
    size_t at = area + 2;
    if (area < 2 || area > 5 || s.p[2] == '0' || s.n <= at || s.p[area + 1] != ')') {
        return 0;
    }
    const size_t least = area > 2 ? MIN_DIGITS : MAX_DIGITS; /* (02) 9876 5432 of Australia */
    if (area == 2 && space_at(s, at) == 0) {
        return 0;
    }
    size_t digits = 0;
    size_t end = 0;
    for (size_t n; (n = digits_at(s, at + separator_at(s, at, &kind))) >= GROUP_MIN;) {
        end = at + separator_at(s, at, &kind) + n;
        digits += n;
        if (kind == SEP_DOT || digits > MAX_DIGITS) {
            return 0;
        }
        at = end;
    }
    return digits >= least ? finish(s, end) : 0;
}

static size_t bracket_number(hsn_str s, unsigned char before)
{
    if (is_word(before) || before == ')' || before == ']' || !hsn_is_digit(s.p[1])) {
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
        bool joined = is_word(before) || before == '-' || before == '.' || before == '/' ||
                      before == '+';
        return prefix > 0 && !joined ? prefix_number(s, prefix) : 0;
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
        return (s.p[1] >= '1' && s.p[1] <= '9') || s.p[1] == '(' ? plus_number(s, before) : 0;
    }
    if (s.p[0] != '(') {
        return 0;
    }
    if (s.p[1] == '+') {
        return plus_number(s, before);
    }
    size_t end = nanp_number(s, before);
    return end > 0 ? end : bracket_number(s, before);
}

/* ---------------------------------------------------------------- under a name */

static hsn_str trim(hsn_str s)
{
    while (s.n > 0 && hsn_is_space(s.p[0])) {
        s = hsn_str_cut(s, 1, s.n);
    }
    while (s.n > 0 && hsn_is_space(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

static bool valid_international(hsn_str s)
{
    struct reading r;
    bool bracketed = code_in_brackets(s);
    if (!bracketed && !hsn_str_starts(s, HSN_S("+"))) {
        return false;
    }
    if (!read_international(s, bracketed ? 2 : 1, bracketed, &r)) {
        return false;
    }
    return r.at + extension_at(s, r.at) == s.n;
}

/* 2024-01-31, alone or with a time behind it: a date, whatever the name. */
static bool is_iso_date(hsn_str s)
{
    return digits_at(s, 0) == 4 && s.n >= 10 && s.p[4] == '-' && digits_at(s, 5) == 2 &&
           s.p[7] == '-' && digits_at(s, 8) == 2 && (s.p[5] == '0' || s.p[5] == '1');
}

/* Digits with separators and brackets between them, a + in front, an extension behind. */
static bool valid_national(hsn_str s)
{
    enum { MIN_DIGITS = 7, MAX_DIGITS = 15 };
    size_t digits = 0;
    size_t at = 0;
    while (at < s.n) {
        enum separator kind;
        size_t sep = separator_at(s, at, &kind);
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
    bool whole = at == s.n || at + extension_at(s, at) == s.n;
    return whole && digits >= MIN_DIGITS && digits <= MAX_DIGITS && !is_iso_date(s);
}

bool hsn_valid_phone(hsn_str s, hsn_phone_form form)
{
    s = trim(s);
    return form == HSN_PHONE_INTERNATIONAL ? valid_international(s) : valid_national(s);
}

bool hsn_is_test_phone(hsn_str s)
{
    enum { LOCAL = 7, AREA = 10, COUNTRY = 11 };
    char digit[COUNTRY + 1];
    size_t n = 0;
    size_t at = 0;
    for (; at < s.n && n < sizeof digit && !(n >= LOCAL && extension_at(s, at) > 0); at++) {
        if (hsn_is_digit(s.p[at])) {
            digit[n++] = (char)s.p[at];
        }
    }
    bool length = n == LOCAL || n == AREA || (n == COUNTRY && digit[0] == '1');
    return length && memcmp(digit + n - LOCAL, "55501", 5) == 0;
}
