/*
 * Pieces of phone numbers: runs of digits, what stands between them, and extensions behind them.
 *
 * Receives a text and an offset in it; emits how many bytes of it are such a piece. Knows nothing
 * of plans. Reads s.p[0..n) only.
 */
#include "valid_phone.h"

/* ---------------------------------------------------------------- separators */

/* U+0020, U+00A0, U+2007, U+2009, U+202F. */
size_t hsn_phone_space(hsn_str s, size_t at)
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

/* U+002D, U+2010 to U+2013. */
size_t hsn_phone_hyphen(hsn_str s, size_t at)
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

size_t hsn_phone_separator(hsn_str s, size_t at, hsn_separator *kind)
{
    size_t space = hsn_phone_space(s, at);
    size_t mark = hsn_phone_hyphen(s, at + space);
    *kind = HSN_SEP_HYPHEN;
    if (mark == 0 && at + space < s.n && s.p[at + space] == '/') {
        mark = 1;
        *kind = HSN_SEP_SLASH;
    }
    if (mark > 0) {
        return space + mark + hsn_phone_space(s, at + space + mark);
    }
    if (space > 0) {
        *kind = HSN_SEP_SPACE;
        return space;
    }
    *kind = at < s.n && s.p[at] == '.' ? HSN_SEP_DOT : HSN_SEP_NONE;
    return *kind == HSN_SEP_DOT ? 1 : 0;
}

size_t hsn_phone_digits(hsn_str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && hsn_is_digit(s.p[at + n])) {
        n++;
    }
    return n;
}

/* May a number end before s[at]? Not inside a word, nor where a chain of hyphens or dots goes on. A
 * slash may follow: "0199/0200" names two lines. */
static bool ends_clean(hsn_str s, size_t at)
{
    if (at >= s.n) {
        return true;
    }
    unsigned char c = s.p[at];
    if (hsn_phone_joins(c)) {
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

size_t hsn_phone_extension(hsn_str s, size_t at)
{
    enum { MAX_DIGITS = 7 };
    size_t end = at;
    end += end < s.n && s.p[end] == ',';
    end += hsn_phone_space(s, end);
    size_t word = extension_word_at(s, end);
    if (word == 0) {
        return 0;
    }
    end += word;
    end += hsn_phone_space(s, end);
    size_t digits = hsn_phone_digits(s, end);
    end += digits;
    return digits >= 1 && digits <= MAX_DIGITS && ends_clean(s, end) ? end - at : 0;
}

size_t hsn_phone_finish(hsn_str s, size_t end)
{
    size_t extension = hsn_phone_extension(s, end);
    return extension > 0 || ends_clean(s, end) ? end + extension : 0;
}
