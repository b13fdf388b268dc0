/*
 * Percent-encoding (RFC 3986 section 2.1) and form encoding (WHATWG URL, section 5), which also
 * spells a space as '+'.
 *
 * Receives one component or a whole query; decodes bytes, not characters, so any charset passes.
 * A '%' without two hexadecimal digits stands for itself. %uXXXX, which escape() of JavaScript
 * (ECMAScript, annex B) writes beyond ISO 8859-1, is read too.
 */
#include "peel.h"

enum { UNIT = 6 /* bytes of a %uXXXX */ };

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

/* The UTF-16 unit of the %uXXXX at s[at]; false when there is none. */
static bool read_unit(hsn_str s, size_t at, uint32_t *unit)
{
    if (s.n - at < UNIT || s.p[at] != '%' || s.p[at + 1] != 'u') {
        return false;
    }
    *unit = 0;
    for (size_t i = at + 2; i < at + UNIT; i++) {
        int digit = hsn_hex(s.p[i]);
        if (digit < 0) {
            return false;
        }
        *unit = *unit << 4 | (uint32_t)digit;
    }
    return true;
}

/* Two surrogates are one character, as of \u in JSON. */
static size_t step_unit(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    uint32_t cp;
    uint32_t low;
    size_t taken = UNIT;
    if (!read_unit(s, at, &cp)) {
        return 0;
    }
    if (cp >> 10 == 0xD800 >> 10 && read_unit(s, at + UNIT, &low) && low >> 10 == 0xDC00 >> 10) {
        cp = 0x10000 + ((cp & 0x3FF) << 10) + (low & 0x3FF);
        taken += UNIT;
    }
    *n_out = hsn_utf8_put(out, cp);
    return taken;
}

static size_t step_percent(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    if (s.n - at > 1 && s.p[at + 1] == 'u') {
        return step_unit(s, at, out, n_out);
    }
    return hsn_hex_step(s, at, out, n_out);
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

/* "%", "%4" and "%u00"; a '+' is complete. */
static bool open_percent(hsn_str head)
{
    if (head.p[0] != '%' || head.n >= UNIT) {
        return false;
    }
    if (head.n == 1 || head.p[1] != 'u') {
        return head.n == 1 || (head.n == 2 && hsn_hex(head.p[1]) >= 0);
    }
    size_t digits = 2;
    while (digits < head.n && hsn_hex(head.p[digits]) >= 0) {
        digits++;
    }
    return digits == head.n;
}

/* The unreserved characters of RFC 3986 section 2.3. */
static bool keeps_percent(unsigned char c)
{
    return hsn_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void write_percent(hsn_buf *out, hsn_str plain)
{
    hsn_hex_write(out, plain, '%', 0, keeps_percent);
}

/* The set of the WHATWG serializer: '*' stays, '~' does not. */
static bool keeps_form(unsigned char c)
{
    return hsn_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '*';
}

static void write_form(hsn_buf *out, hsn_str plain)
{
    hsn_hex_write(out, plain, '%', '+', keeps_form);
}

const hsn_escape hsn_escape_percent = {
    .name = "percent",
    .find = find_percent,
    .step = step_percent,
    .write = write_percent,
    .open = open_percent,
};
const hsn_escape hsn_escape_form = {
    .name = "form",
    .find = find_form,
    .step = step_form,
    .write = write_form,
    .open = open_percent,
};
