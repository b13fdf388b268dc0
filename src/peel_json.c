/*
 * The escapes of JSON strings (RFC 8259 section 7) and of JavaScript string and template literals
 * (ECMA-262 section 12.9.4 and Annex B.1.2), without their quotes.
 *
 * Receives the bytes between the quotes, well-formed or not. Lone surrogates decode to their three
 * generalised UTF-8 bytes and are written as \u again, so that the source stays valid UTF-8.
 */
#include "peel.h"
#include "vec.h"

enum { CP_MAX = 0x10FFFF };

/* ---------------------------------------------------------------- reading */

static size_t find_backslash(hsn_str s, size_t from)
{
    return from + hsn_str_chr(hsn_str_cut(s, from, s.n), '\\');
}

/* The control character that \b, \f, \n, \r, \t stand for in both languages, 0 for others. */
static unsigned char control_of(unsigned char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

static size_t give(unsigned char c, size_t taken, unsigned char *out, size_t *n_out)
{
    out[0] = c;
    *n_out = 1;
    return taken;
}

/* Exactly `digits` hexadecimal digits at s[at]. */
static bool read_hex(hsn_str s, size_t at, size_t digits, uint32_t *value)
{
    if (at > s.n || s.n - at < digits) {
        return false;
    }
    *value = 0;
    for (size_t i = 0; i < digits; i++) {
        int digit = hsn_hex(s.p[at + i]);
        if (digit < 0) {
            return false;
        }
        *value = *value << 4 | (uint32_t)digit;
    }
    return true;
}

/* Reads one \u escape at s[at]; returns its length, 0 when there is none. */
typedef size_t read_unicode(hsn_str s, size_t at, uint32_t *cp);

static bool begins_unicode(hsn_str s, size_t at)
{
    return at < s.n && s.n - at > 2 && s.p[at] == '\\' && s.p[at + 1] == 'u';
}

static size_t read_json_unicode(hsn_str s, size_t at, uint32_t *cp)
{
    return begins_unicode(s, at) && read_hex(s, at + 2, 4, cp) ? 6 : 0;
}

/* Also \u{...}: any number of digits, leading zeros included. */
static size_t read_js_unicode(hsn_str s, size_t at, uint32_t *cp)
{
    if (!begins_unicode(s, at) || s.p[at + 2] != '{') {
        return read_json_unicode(s, at, cp);
    }
    size_t first = at + 3;
    size_t i = first;
    uint32_t value = 0;
    for (; i < s.n && hsn_hex(s.p[i]) >= 0; i++) {
        if (value <= CP_MAX) {
            value = value << 4 | (uint32_t)hsn_hex(s.p[i]);
        }
    }
    if (i == first || i == s.n || s.p[i] != '}' || value > CP_MAX) {
        return 0;
    }
    *cp = value;
    return i + 1 - at;
}

/* A code point, or two surrogates that form one. */
static size_t step_unicode(hsn_str s, size_t at, read_unicode *read, unsigned char *out,
                           size_t *n_out)
{
    uint32_t cp;
    size_t taken = read(s, at, &cp);
    if (taken == 0) {
        return 0;
    }
    if (cp >> 10 == 0xD800 >> 10) {
        uint32_t low;
        size_t more = read(s, at + taken, &low);
        if (more != 0 && low >> 10 == 0xDC00 >> 10) {
            cp = 0x10000 + ((cp & 0x3FF) << 10) + (low & 0x3FF);
            taken += more;
        }
    }
    *n_out = hsn_utf8_put(out, cp);
    return taken;
}

static size_t step_json(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    if (s.n - at < 2) {
        return 0;
    }
    unsigned char c = s.p[at + 1];
    if (c == 'u') {
        return step_unicode(s, at, read_json_unicode, out, n_out);
    }
    if (c == '"' || c == '\\' || c == '/') {
        return give(c, 2, out, n_out);
    }
    unsigned char control = control_of(c);
    return control != 0 ? give(control, 2, out, n_out) : 0;
}

static bool is_octal(unsigned char c)
{
    return (c & 0xF8) == '0';
}

/* \0 to \377, as old scripts have them: three digits only when the first is at most 3. */
static size_t step_octal(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    size_t most = s.p[at + 1] <= '3' ? 4 : 3;
    uint32_t value = 0;
    size_t n = 1;
    while (n < most && n < s.n - at && is_octal(s.p[at + n])) {
        value = value << 3 | (s.p[at + n] & 7U);
        n++;
    }
    *n_out = hsn_utf8_put(out, value);
    return n;
}

/* A backslash before LF or CR LF continues the line: nothing is left of both. Before a character
 * without a meaning it stands for that character, and so it does here before the line ends that
 * nobody uses: U+2028, U+2029, and a lone CR, since with nothing left of it a LF that comes to
 * stand behind it could not be kept apart. Not before a letter or digit: there it is mostly one of
 * a path (C:\Users\ann), and the word behind it must not become a part of the one before. Nor
 * before a %, behind which a word may begin as well. */
static size_t step_js(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    if (s.n - at < 2) {
        return 0;
    }
    unsigned char c = s.p[at + 1];
    uint32_t value;
    switch (c) {
    case 'u':
        return step_unicode(s, at, read_js_unicode, out, n_out);
    case 'x':
        if (!read_hex(s, at + 2, 2, &value)) {
            return 0;
        }
        *n_out = hsn_utf8_put(out, value);
        return 4;
    case 'v':
        return give('\v', 2, out, n_out);
    case '\n':
        *n_out = 0;
        return 2;
    case '\r':
        *n_out = 0;
        return s.n - at > 2 && s.p[at + 2] == '\n' ? 3 : give(c, 2, out, n_out);
    default:
        break;
    }
    if (is_octal(c)) {
        return step_octal(s, at, out, n_out);
    }
    unsigned char control = control_of(c);
    if (control == 0 && (hsn_is_alnum(c) || c == '%')) {
        return 0;
    }
    return give(control != 0 ? control : c, 2, out, n_out);
}

/* ---------------------------------------------------------------- seams */

static bool all_hex(hsn_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (hsn_hex(s.p[i]) < 0) {
            return false;
        }
    }
    return true;
}

static bool open_json(hsn_str head)
{
    return head.n == 1 ||
           (head.p[1] == 'u' && head.n < 6 && all_hex(hsn_str_cut(head, 2, head.n)));
}

static bool open_js(hsn_str head)
{
    if (open_json(head)) {
        return true;
    }
    unsigned char c = head.p[1];
    if (c == 'x') {
        return head.n < 4 && all_hex(hsn_str_cut(head, 2, head.n));
    }
    if (c == 'u') {
        return head.n > 2 && head.p[2] == '{' && all_hex(hsn_str_cut(head, 3, head.n));
    }
    if (is_octal(c)) {
        return head.n < (c <= '3' ? 4 : 3);
    }
    return c == '\r' && head.n == 2;
}

/* ---------------------------------------------------------------- writing */

static bool must_json(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\';
}

/* All three kinds of quote, ${ of templates, and < for the sake of </script> around the literal. */
static bool must_js(unsigned char c)
{
    return must_json(c) || c == '\'' || c == '`' || c == '$' || c == '<';
}

static void put_escape(hsn_buf *out, uint32_t cp)
{
    static const char letters[] = "btn\0fr"; /* from 0x08 on; \v is none in JSON */
    uint32_t control = cp - '\b';
    if (cp == '"' || cp == '\\') {
        hsn_buf_put(out, '\\');
        hsn_buf_put(out, (unsigned char)cp);
    } else if (control < sizeof letters - 1 && letters[control] != 0) {
        hsn_buf_put(out, '\\');
        hsn_buf_put(out, (unsigned char)letters[control]);
    } else {
        hsn_buf_printf(out, "\\u%04x", (unsigned)cp);
    }
}

/* The surrogate whose generalised UTF-8 stands at s[at], 0 when none does. */
static uint32_t surrogate_at(hsn_str s, size_t at)
{
    if (s.n - at < 3 || s.p[at] != 0xED || s.p[at + 1] >> 5 != 5 || s.p[at + 2] >> 6 != 2) {
        return 0;
    }
    return 0xD000 | (s.p[at + 1] & 0x3FU) << 6 | (s.p[at + 2] & 0x3FU);
}

static void write_escaped(hsn_buf *out, hsn_str plain, bool (*must)(unsigned char))
{
    size_t from = 0; /* start of the run that needs no escape */
    size_t at = 0;
    while (at < plain.n) {
        uint32_t cp = surrogate_at(plain, at);
        size_t taken = cp != 0 ? 3 : 1;
        if (cp != 0 || must(plain.p[at])) {
            hsn_buf_add_str(out, hsn_str_cut(plain, from, at));
            put_escape(out, cp != 0 ? cp : plain.p[at]);
            from = at + taken;
        }
        at += taken;
    }
    hsn_buf_add_str(out, hsn_str_cut(plain, from, plain.n));
}

/* ASCII that is written as it is: all of a stand-in, which is what mostly comes. */
static bool is_plain_json(hsn_str plain)
{
    size_t i = 0;
    if (plain.n >= HSN_VEC) {
        for (; plain.n - i > HSN_VEC; i += HSN_VEC) {
            if (!hsn_vec_is_plain(plain.p + i)) {
                return false;
            }
        }
        return hsn_vec_is_plain(plain.p + plain.n - HSN_VEC); /* some of it a second time */
    }
    while (i < plain.n && plain.p[i] < 0x80 && !must_json(plain.p[i])) {
        i++;
    }
    return i == plain.n;
}

static void write_json(hsn_buf *out, hsn_str plain)
{
    if (is_plain_json(plain)) {
        hsn_buf_add_str(out, plain);
        return;
    }
    write_escaped(out, plain, must_json);
}

static void write_js(hsn_buf *out, hsn_str plain)
{
    write_escaped(out, plain, must_js);
}

/* The same in both languages. */
static const unsigned char simple[256] = {
    ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
    ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

const hsn_escape hsn_escape_json = {
    .name = "json",
    .find = find_backslash,
    .step = step_json,
    .write = write_json,
    .open = open_json,
    .simple = simple,
    .as_is = is_plain_json,
};
const hsn_escape hsn_escape_js = {
    .name = "js",
    .find = find_backslash,
    .step = step_js,
    .write = write_js,
    .open = open_js,
    .simple = simple,
    .joints = {"\n", "\\u{"},
};
