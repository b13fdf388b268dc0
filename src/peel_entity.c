/*
 * HTML character references (HTML Living Standard, section 13.2.5.72 on): decimal, hexadecimal and
 * the named ones that stand for characters of ASCII or for the blanks and dashes of data.
 *
 * Receives text or an attribute value. A numeric reference may lack its ';' as browsers allow; a
 * name may not, because "&lt=1" in a URL is a parameter. References to no character (0, surrogates,
 * beyond U+10FFFF) stand for themselves; 0x80 to 0x9F are taken as they are, not as windows-1252.
 */
#include "peel.h"

enum { CP_MAX = 0x10FFFF, NAME_MAX_LEN = 16 };

typedef struct reference {
    const char *name;
    uint16_t cp;
} reference;

/* Sorted by bytes, for the binary search. */
static const reference references[] = {
    {"AMP", 0x26}, {"DiacriticalGrave", 0x60}, {"GT", 0x3E}, {"Hat", 0x5E}, {"LT", 0x3C},
    {"NewLine", 0x0A}, {"NonBreakingSpace", 0xA0}, {"QUOT", 0x22}, {"Tab", 0x09},
    {"UnderBar", 0x5F}, {"VerticalLine", 0x7C}, {"amp", 0x26}, {"apos", 0x27}, {"ast", 0x2A},
    {"bsol", 0x5C}, {"colon", 0x3A}, {"comma", 0x2C}, {"commat", 0x40}, {"dash", 0x2010},
    {"dollar", 0x24}, {"equals", 0x3D}, {"excl", 0x21}, {"grave", 0x60}, {"gt", 0x3E},
    {"hyphen", 0x2010}, {"lbrace", 0x7B}, {"lbrack", 0x5B}, {"lcub", 0x7B}, {"lowbar", 0x5F},
    {"lpar", 0x28}, {"lsqb", 0x5B}, {"lt", 0x3C}, {"midast", 0x2A}, {"nbsp", 0xA0},
    {"ndash", 0x2013}, {"num", 0x23}, {"percnt", 0x25}, {"period", 0x2E}, {"plus", 0x2B},
    {"quest", 0x3F}, {"quot", 0x22}, {"rbrace", 0x7D}, {"rbrack", 0x5D}, {"rcub", 0x7D},
    {"rpar", 0x29}, {"rsqb", 0x5D}, {"semi", 0x3B}, {"shy", 0xAD}, {"sol", 0x2F},
    {"thinsp", 0x2009}, {"tilde", 0x2DC}, {"verbar", 0x7C}, {"vert", 0x7C},
};
enum { N_REFERENCES = HSN_COUNT(references) };

static size_t find_ampersand(hsn_str s, size_t from)
{
    return from + hsn_str_chr(hsn_str_cut(s, from, s.n), '&');
}

static int compare(hsn_str a, hsn_str b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* Index of the first reference whose name is not before `name`. */
static size_t lower_bound(hsn_str name)
{
    size_t low = 0;
    size_t high = N_REFERENCES;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare(hsn_str_z(references[mid].name), name) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

static size_t step_name(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    size_t end = at + 1;
    while (end < s.n && end - at <= NAME_MAX_LEN && hsn_is_alpha(s.p[end])) {
        end++;
    }
    if (end == at + 1 || end == s.n || s.p[end] != ';') {
        return 0;
    }
    hsn_str name = hsn_str_cut(s, at + 1, end);
    size_t i = lower_bound(name);
    if (i == N_REFERENCES || !hsn_str_eq(hsn_str_z(references[i].name), name)) {
        return 0;
    }
    *n_out = hsn_utf8_put(out, references[i].cp);
    return end + 1 - at;
}

/* First digit of the numeric reference at s[at], which begins with "&#". */
static size_t digits_at(hsn_str s, size_t at, bool *hex)
{
    *hex = s.n - at > 2 && hsn_lower(s.p[at + 2]) == 'x';
    return at + (*hex ? 3 : 2);
}

static size_t step_number(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    bool hex;
    size_t first = digits_at(s, at, &hex);
    size_t i = first;
    uint32_t cp = 0;
    for (; i < s.n; i++) {
        int digit = hsn_hex(s.p[i]);
        if (digit < 0 || (!hex && digit > 9)) {
            break;
        }
        if (cp <= CP_MAX) { /* stays beyond it, however long the number */
            cp = cp * (hex ? 16 : 10) + (uint32_t)digit;
        }
    }
    if (i == first || cp == 0 || cp > CP_MAX || cp >> 11 == 0xD800 >> 11) {
        return 0;
    }
    *n_out = hsn_utf8_put(out, cp);
    return i - at + (i < s.n && s.p[i] == ';');
}

static size_t step_entity(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    bool number = s.n - at > 1 && s.p[at + 1] == '#';
    return number ? step_number(s, at, out, n_out) : step_name(s, at, out, n_out);
}

/* The start of a name in the table, or a number that no ';' has ended yet. */
static bool open_entity(hsn_str head)
{
    hsn_str rest = hsn_str_cut(head, 1, head.n);
    if (rest.n == 0 || rest.p[0] != '#') {
        size_t i = rest.n == 0 ? 0 : lower_bound(rest);
        return i < N_REFERENCES && hsn_str_starts(hsn_str_z(references[i].name), rest);
    }
    bool hex;
    for (size_t i = digits_at(head, 0, &hex); i < head.n; i++) {
        if (hex ? hsn_hex(head.p[i]) < 0 : !hsn_is_digit(head.p[i])) {
            return false;
        }
    }
    return true;
}

static void write_entity(hsn_buf *out, hsn_str plain)
{
    for (size_t i = 0; i < plain.n; i++) {
        switch (plain.p[i]) {
        case '&':
            hsn_buf_add_str(out, HSN_S("&amp;"));
            break;
        case '<':
            hsn_buf_add_str(out, HSN_S("&lt;"));
            break;
        case '>':
            hsn_buf_add_str(out, HSN_S("&gt;"));
            break;
        case '"':
            hsn_buf_add_str(out, HSN_S("&quot;"));
            break;
        case '\'':
            hsn_buf_add_str(out, HSN_S("&#39;")); /* &apos; is younger than some readers */
            break;
        default:
            hsn_buf_put(out, plain.p[i]);
            break;
        }
    }
}

const hsn_escape hsn_escape_entity = {
    .name = "entity",
    .find = find_ampersand,
    .step = step_entity,
    .write = write_entity,
    .open = open_entity,
    .end = ";",
    .joints = {"&#"},
};
