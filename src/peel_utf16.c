/*
 * UTF-16 and UTF-32 of either byte order, to UTF-8 and back.
 *
 * Receives a whole text; the caller keeps the hsn_utf16 between both directions. A lone surrogate
 * travels as its three generalised bytes (WTF-8), so that what was read is written again.
 */
#include "peel.h"

/* Units that tell; three zero bytes in a row tell sooner than one. */
enum { REPLACEMENT = 0xFFFD, SNIFF_MIN = 8, SNIFF_WIDE_MIN = 4, SNIFF_MAX = 64 };

static uint32_t unit_at(hsn_str s, size_t at, bool big_endian)
{
    unsigned first = s.p[at];
    unsigned second = s.p[at + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
}

static uint32_t wide_at(hsn_str s, size_t at, bool big_endian)
{
    uint32_t first = unit_at(s, at, big_endian);
    uint32_t second = unit_at(s, at + 2, big_endian);
    return big_endian ? first << 16 | second : second << 16 | first;
}

static bool is_high(uint32_t unit)
{
    return unit >> 10 == 0xD800 >> 10;
}

static bool is_low(uint32_t unit)
{
    return unit >> 10 == 0xDC00 >> 10;
}

/* A text has no NUL, so runs of zero bytes are not taken for one. */
static bool looks_ascii(hsn_str s, bool big_endian, bool wide)
{
    size_t width = wide ? 4 : 2;
    size_t units = s.n / width < SNIFF_MAX ? s.n / width : SNIFF_MAX;
    for (size_t i = 0; i < units; i++) {
        size_t at = width * i;
        uint32_t unit = wide ? wide_at(s, at, big_endian) : unit_at(s, at, big_endian);
        if (unit == 0 || unit >= 0x80) {
            return false;
        }
    }
    return units >= (wide ? SNIFF_WIDE_MIN : SNIFF_MIN);
}

static bool sniff_wide(hsn_str src, hsn_utf16 *how)
{
    for (int big = 0; big < 2 && src.n >= 4; big++) {
        *how = (hsn_utf16){.wide = true, .big_endian = big != 0};
        how->bom = wide_at(src, 0, how->big_endian) == 0xFEFF;
        if (how->bom || looks_ascii(src, how->big_endian, true)) {
            return true;
        }
    }
    return false;
}

bool hsn_utf16_sniff(hsn_str src, hsn_utf16 *how)
{
    if (sniff_wide(src, how)) { /* its mark begins like that of UTF-16 */
        return true;
    }
    *how = (hsn_utf16){.bom = true};
    if (src.n >= 2 && unit_at(src, 0, false) == 0xFEFF) {
        return true;
    }
    how->big_endian = true;
    if (src.n >= 2 && unit_at(src, 0, true) == 0xFEFF) {
        return true;
    }
    how->bom = false;
    how->big_endian = looks_ascii(src, true, false);
    return how->big_endian || looks_ascii(src, false, false);
}

size_t hsn_utf8_put(unsigned char *out, uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (unsigned char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (unsigned char)(0xC0 | cp >> 6);
        out[1] = (unsigned char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp > 0x10FFFF) {
        cp = REPLACEMENT;
    }
    if (cp < 0x10000) {
        out[0] = (unsigned char)(0xE0 | cp >> 12);
        out[1] = (unsigned char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (unsigned char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (unsigned char)(0xF0 | cp >> 18);
    out[1] = (unsigned char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (unsigned char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (unsigned char)(0x80 | (cp & 0x3F));
    return 4;
}

/* The code point at src[at]; moves `at` behind it. */
static uint32_t next_unit(hsn_str src, size_t *at, const hsn_utf16 *how)
{
    const bool big_endian = how->big_endian;
    if (how->wide) {
        *at += 4;
        return wide_at(src, *at - 4, big_endian);
    }
    uint32_t unit = unit_at(src, *at, big_endian);
    *at += 2;
    if (is_high(unit) && *at < src.n) {
        uint32_t low = unit_at(src, *at, big_endian);
        if (is_low(low)) {
            *at += 2;
            return 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF);
        }
    }
    return unit;
}

bool hsn_utf16_decode(hsn_str src, const hsn_utf16 *how, hsn_buf *out)
{
    const size_t width = how->wide ? 4 : 2;
    if (src.n % width != 0) {
        return false;
    }
    size_t at = 0;
    if (how->bom && src.n >= width && next_unit(src, &at, how) != 0xFEFF) {
        at = 0;
    }
    /* In blocks, because text that is mostly ASCII needs half of its size and not three halves. */
    unsigned char block[1024];
    size_t n = 0;
    while (at < src.n && !hsn_buf_failed(out)) {
        uint32_t cp = next_unit(src, &at, how);
        if (cp > 0x10FFFF) {
            return false;
        }
        n += hsn_utf8_put(block + n, cp);
        if (n > sizeof block - 4) {
            hsn_buf_add(out, block, n);
            n = 0;
        }
    }
    hsn_buf_add(out, block, n);
    return !hsn_buf_failed(out);
}

/* The code point at s[at], surrogates included; moves `at` behind it. A byte that begins no
 * shortest form (RFC 3629 section 3) becomes U+FFFD. */
static uint32_t next_utf8(hsn_str s, size_t *at)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char lead = s.p[(*at)++];
    if (lead < 0x80) {
        return lead;
    }
    size_t len = lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (len == 0 || s.n - *at < len - 1) {
        return REPLACEMENT;
    }
    uint32_t cp = lead & (0x7FU >> len);
    for (size_t i = 0; i < len - 1; i++) {
        unsigned char c = s.p[*at + i];
        if (c >> 6 != 2) {
            return REPLACEMENT;
        }
        cp = cp << 6 | (c & 0x3FU);
    }
    if (cp < least[len] || cp > 0x10FFFF) {
        return REPLACEMENT;
    }
    *at += len - 1;
    return cp;
}

static void put_unit(hsn_buf *out, uint32_t unit, bool big_endian)
{
    unsigned char high = (unsigned char)(unit >> 8);
    unsigned char low = (unsigned char)unit;
    unsigned char bytes[2] = {big_endian ? high : low, big_endian ? low : high};
    hsn_buf_add(out, bytes, sizeof bytes);
}

/* One unit, of four bytes in UTF-32. */
static void put_wide(hsn_buf *out, uint32_t unit, const hsn_utf16 *how)
{
    if (how->wide && how->big_endian) {
        put_unit(out, unit >> 16, true);
    }
    put_unit(out, unit & 0xFFFF, how->big_endian);
    if (how->wide && !how->big_endian) {
        put_unit(out, unit >> 16, false);
    }
}

void hsn_utf16_encode(hsn_buf *out, hsn_str utf8, const hsn_utf16 *how)
{
    if (how->bom) {
        put_wide(out, 0xFEFF, how);
    }
    size_t at = 0;
    while (at < utf8.n && !hsn_buf_failed(out)) {
        uint32_t cp = next_utf8(utf8, &at);
        if (how->wide || cp < 0x10000) {
            put_wide(out, cp, how);
        } else {
            put_unit(out, 0xD800 + ((cp - 0x10000) >> 10), how->big_endian);
            put_unit(out, 0xDC00 + (cp & 0x3FF), how->big_endian);
        }
    }
}
