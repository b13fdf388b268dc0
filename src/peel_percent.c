/*
 * Percent-encoding (RFC 3986 section 2.1) and form encoding (WHATWG URL, section 5), which also
 * spells a space as '+'.
 *
 * Receives one component or a whole query; decodes bytes, not characters, so any charset passes.
 * A '%' without two hexadecimal digits stands for itself.
 */
#include "peel.h"

static size_t find_percent(hsn_str s, size_t from)
{
    return from + hsn_str_chr(hsn_str_cut(s, from, s.n), '%');
}

/* One loop for both: a memchr for each would make a text of only '+' quadratic. */
static size_t find_form(hsn_str s, size_t from)
{
    while (from < s.n && s.p[from] != '%' && s.p[from] != '+') {
        from++;
    }
    return from;
}

static size_t step_percent(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    if (s.n - at < 3) {
        return 0;
    }
    int high = hsn_hex(s.p[at + 1]);
    int low = hsn_hex(s.p[at + 2]);
    if (high < 0 || low < 0) {
        return 0;
    }
    out[0] = (unsigned char)(high << 4 | low);
    *n_out = 1;
    return 3;
}

static size_t step_form(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    if (s.p[at] != '+') {
        return step_percent(s, at, out, n_out);
    }
    out[0] = ' ';
    *n_out = 1;
    return 1;
}

/* "%" and "%4"; a '+' is complete. */
static bool open_percent(hsn_str head)
{
    return head.p[0] == '%' && (head.n == 1 || (head.n == 2 && hsn_hex(head.p[1]) >= 0));
}

static void put_byte(hsn_buf *out, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF"; /* upper case: RFC 3986 section 2.1 */
    unsigned char spelled[3] = {'%', (unsigned char)digits[c >> 4], (unsigned char)digits[c & 15]};
    hsn_buf_add(out, spelled, sizeof spelled);
}

/* Everything outside the unreserved characters of RFC 3986 section 2.3. */
static void write_percent(hsn_buf *out, hsn_str plain)
{
    for (size_t i = 0; i < plain.n; i++) {
        unsigned char c = plain.p[i];
        if (hsn_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            hsn_buf_put(out, c);
        } else {
            put_byte(out, c);
        }
    }
}

/* The set of the WHATWG serializer: '*' stays, '~' does not. */
static void write_form(hsn_buf *out, hsn_str plain)
{
    for (size_t i = 0; i < plain.n; i++) {
        unsigned char c = plain.p[i];
        if (hsn_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '*') {
            hsn_buf_put(out, c);
        } else if (c == ' ') {
            hsn_buf_put(out, '+');
        } else {
            put_byte(out, c);
        }
    }
}

const hsn_escape hsn_escape_percent = {"percent", find_percent, step_percent, write_percent,
                                       open_percent, NULL, NULL};
const hsn_escape hsn_escape_form = {"form", find_form, step_form, write_form, open_percent,
                                    NULL,      NULL};
