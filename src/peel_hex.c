/*
 * Bytes as hexadecimal digits (RFC 4648 section 8), in capitals or small letters, and the escapes
 * that are made of them.
 *
 * Receives a whole value and tells how it was spelled. Must never take what it could not write
 * again: both cases mixed, half a byte.
 */
#include "peel.h"

size_t hsn_hex_peek(hsn_str src, unsigned char *out)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < src.n; i += 2) {
        int high = hsn_hex(src.p[i]);
        int low = hsn_hex(src.p[i + 1]);
        if (high < 0 || low < 0) {
            break;
        }
        out[n++] = (unsigned char)(high << 4 | low);
    }
    return n;
}

bool hsn_hex_decode(hsn_str src, bool *upper, hsn_buf *out)
{
    bool capital = false;
    bool small = false;
    for (size_t i = 0; i < src.n; i++) {
        capital = capital || (src.p[i] >= 'A' && src.p[i] <= 'F');
        small = small || src.p[i] >= 'a';
    }
    *upper = capital;
    if (src.n % 2 != 0 || (capital && small) || !hsn_buf_reserve(out, src.n / 2 + 1)) {
        return false;
    }
    size_t n = hsn_hex_peek(src, out->p + out->n);
    out->n += n;
    return n == src.n / 2;
}

void hsn_hex_encode(hsn_buf *out, hsn_str plain, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (size_t i = 0; i < plain.n; i++) {
        hsn_buf_put(out, (unsigned char)digits[plain.p[i] >> 4]);
        hsn_buf_put(out, (unsigned char)digits[plain.p[i] & 15]);
    }
}

size_t hsn_hex_step(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    if (hsn_hex_peek(hsn_str_cut(s, at + 1, at + 3), out) == 0) {
        return 0;
    }
    *n_out = 1;
    return 3;
}

void hsn_hex_write(hsn_buf *out, hsn_str plain, unsigned char sign, unsigned char space,
                   bool (*keeps)(unsigned char c))
{
    for (size_t i = 0; i < plain.n; i++) {
        unsigned char c = plain.p[i];
        if (keeps(c)) {
            hsn_buf_put(out, c);
        } else if (c == ' ' && space != 0) {
            hsn_buf_put(out, space);
        } else {
            hsn_buf_put(out, sign);
            hsn_hex_encode(out, hsn_str_of(&c, 1), true);
        }
    }
}
