/*
 * Bytes as characters of the same numbers (ISO 8859-1), which is how some browsers put a compressed
 * or UTF-16 body into a JSON string.
 *
 * Receives the UTF-8 of such a text. Must never take one with other characters in it: a body that
 * was damaged on its way (U+FFFD) cannot be read.
 */
#include "peel.h"

/* What compressed data and UTF-16 begin with, as UTF-8: 1F 8B of gzip; 78 and what may follow it in
 * zlib (RFC 1950); a byte order mark; ASCII beside a zero byte, or three. */
bool hsn_latin1_sniff(hsn_str s)
{
    enum { LEAST = 16 };
    if (s.n < LEAST) {
        return false;
    }
    const unsigned char *p = s.p;
    switch (p[0]) {
    case 0x1f:
        return p[1] == 0xC2 && p[2] == 0x8B;
    case 'x':
        return p[1] == 0x01 || p[1] == 0x5E || (p[1] == 0xC2 && p[2] == 0x9C) ||
               (p[1] == 0xC3 && p[2] == 0x9A);
    case 0xC3:
        return (p[1] == 0xBF && p[2] == 0xC3 && p[3] == 0xBE) ||
               (p[1] == 0xBE && p[2] == 0xC3 && p[3] == 0xBF);
    default:
        return p[1] == 0 && p[2] == 0 ? (p[0] == 0) != (p[3] == 0)
                                      : (p[0] == 0) != (p[1] == 0) && (p[2] == 0) == (p[0] == 0);
    }
}

bool hsn_latin1_decode(hsn_str src, hsn_buf *out)
{
    if (!hsn_buf_reserve(out, src.n)) {
        return false;
    }
    unsigned char *to = out->p + out->n;
    size_t n = 0;
    for (size_t i = 0; i < src.n; i++) {
        unsigned char c = src.p[i];
        if (c >= 0x80) {
            if ((c != 0xC2 && c != 0xC3) || i + 1 == src.n || src.p[i + 1] >> 6 != 2) {
                return false;
            }
            i++;
            c = (unsigned char)(c << 6 | (src.p[i] & 0x3F));
        }
        to[n++] = c;
    }
    out->n += n;
    return true;
}

void hsn_latin1_encode(hsn_buf *out, hsn_str bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = bytes.p[i];
        if (c >= 0x80) {
            hsn_buf_put(out, (unsigned char)(0xC0 | c >> 6));
            c = 0x80 | (c & 0x3F);
        }
        hsn_buf_put(out, c);
    }
}
