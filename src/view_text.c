/*
 * What stands in a HAR as a reader of it wants it: texts without escapes and in valid UTF-8,
 * numbers as double. Receives raw spans, which may be cut anywhere and hold any byte.
 */
#include "view.h"

#include "peel.h"

/* ---------------------------------------------------------------- text */

/* Length of the character that s begins with, 0 when its bytes are not UTF-8 (RFC 3629). */
static size_t utf8_length(hsn_str s)
{
    unsigned char c = s.p[0];
    if (c < 0x80) {
        return 1;
    }
    size_t n = c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (n == 0 || n > s.n) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((s.p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (c == 0xe0 && s.p[1] < 0xa0) || (c == 0xf0 && s.p[1] < 0x90);
    bool surrogate = c == 0xed && s.p[1] >= 0xa0;
    bool beyond = c == 0xf4 && s.p[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : n;
}

/* The next character of raw in out; returns the bytes of raw it takes. */
static size_t next_char(hsn_str raw, unsigned char out[HSN_ESCAPE_MAX], size_t *n)
{
    size_t took = 0;
    if (raw.p[0] == '\\') {
        took = hsn_escape_json.step(raw, 0, out, n);
    } else {
        *n = utf8_length(raw);
        took = *n;
        memcpy(out, raw.p, took);
    }
    if (took == 0 || *n == 0 || out[0] == '\0' || utf8_length(hsn_str_of(out, *n)) != *n) {
        memcpy(out, "\xef\xbf\xbd", 3);
        *n = 3;
    }
    return took > 0 ? took : 1;
}

size_t hsn_view_text(hsn_str raw, char *out, size_t max)
{
    size_t len = 0;
    while (raw.n > 0) {
        unsigned char c[HSN_ESCAPE_MAX];
        size_t n;
        size_t took = next_char(raw, c, &n);
        if (n > max - len) {
            break;
        }
        memcpy(out + len, c, n);
        len += n;
        raw = hsn_str_cut(raw, took, raw.n);
    }
    out[len] = '\0';
    return len;
}

/* ---------------------------------------------------------------- numbers */

typedef struct number {
    uint64_t digits; /* the first of them, as many as fit */
    long scale;      /* times ten to this power */
    size_t n;        /* digits read */
} number;

/* A double has no place for more digits than these. */
static const uint64_t DIGITS_MAX = UINT64_MAX / 10 - 1;
enum { SCALE_MAX = 400 }; /* beyond any double */

static size_t read_digits(hsn_str s, size_t at, bool fraction, number *v)
{
    for (; at < s.n && hsn_is_digit(s.p[at]); at++, v->n++) {
        if (v->digits < DIGITS_MAX) {
            v->digits = v->digits * 10 + (uint64_t)(s.p[at] - '0');
            v->scale -= fraction;
        } else {
            v->scale += !fraction;
        }
    }
    return at;
}

static size_t read_exponent(hsn_str s, size_t at, number *v)
{
    bool minus = at < s.n && s.p[at] == '-';
    at += at < s.n && (minus || s.p[at] == '+');
    long exponent = 0;
    for (; at < s.n && hsn_is_digit(s.p[at]); at++) {
        exponent = exponent < 100 * SCALE_MAX ? exponent * 10 + (s.p[at] - '0') : exponent;
    }
    v->scale += minus ? -exponent : exponent;
    return at;
}

static double scaled(const number *v)
{
    double value = (double)v->digits;
    long scale = v->scale < -SCALE_MAX ? -SCALE_MAX : v->scale > SCALE_MAX ? SCALE_MAX : v->scale;
    double power = 1;
    for (long i = 0; i < (scale < 0 ? -scale : scale) && power < 1e300; i++) {
        power *= 10;
    }
    return scale < 0 ? value / power : value * power;
}

double hsn_view_number(hsn_str s)
{
    number v = {0};
    bool minus = s.n > 0 && s.p[0] == '-';
    size_t at = read_digits(s, minus, false, &v);
    if (at < s.n && s.p[at] == '.') {
        at = read_digits(s, at + 1, true, &v);
    }
    if (v.n > 0 && at < s.n && (s.p[at] | 0x20) == 'e') {
        at = read_exponent(s, at + 1, &v);
    }
    double value = scaled(&v);
    if (v.n == 0 || at < s.n || value > 1e300) {
        return -1;
    }
    return minus ? -value : value;
}
