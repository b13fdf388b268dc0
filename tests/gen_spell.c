/*
 * Spelling text for an encoding; see gen_spell.h.
 */
#include "gen_spell.h"

#include "peel.h"

static void put_utf16_escape(hsn_buf *out, unsigned c, bool upper)
{
    hsn_buf_printf(out, upper ? "\\u%04X" : "\\u%04x", c);
}

void gen_spell_json(prng *r, hsn_buf *out, hsn_str s, bool odd)
{
    static const char plain[] = "\"\\/\b\f\n\r\t";
    static const char named[] = "\"\\/bfnrt";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = s.p[i];
        const char *at = c != 0 ? strchr(plain, c) : NULL;
        bool must = c < 0x20 || c == '"' || c == '\\';
        if (odd && c < 0x80 && prng_one_in(r, 12)) {
            put_utf16_escape(out, c, prng_one_in(r, 2));
        } else if (at != NULL && (must || prng_one_in(r, 2))) {
            hsn_buf_put(out, '\\');
            hsn_buf_put(out, (unsigned char)named[at - plain]);
        } else if (must) {
            put_utf16_escape(out, c, false);
        } else {
            hsn_buf_put(out, c);
        }
    }
}

/* RFC 3986 section 2.3: what never needs encoding. */
static bool is_unreserved(unsigned char c)
{
    return hsn_is_alnum(c) || (c != 0 && strchr("-._~", c) != NULL);
}

void gen_spell_percent(prng *r, hsn_buf *out, hsn_str s, bool form)
{
    bool upper = prng_one_in(r, 2);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = s.p[i];
        if (form && c == ' ') {
            hsn_buf_put(out, '+');
        } else if (!is_unreserved(c) || prng_one_in(r, 40)) {
            hsn_buf_printf(out, upper ? "%%%02X" : "%%%02x", c);
        } else {
            hsn_buf_put(out, c);
        }
    }
}

void gen_spell_entity(prng *r, hsn_buf *out, hsn_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = s.p[i];
        switch (c) {
        case '&':
            hsn_buf_printf(out, "&amp;");
            break;
        case '<':
            hsn_buf_printf(out, "&lt;");
            break;
        case '>':
            hsn_buf_printf(out, "&gt;");
            break;
        case '"':
            hsn_buf_printf(out, prng_one_in(r, 2) ? "&quot;" : "&#34;");
            break;
        case '\'':
            hsn_buf_printf(out, "&#x27;");
            break;
        default:
            hsn_buf_put(out, c);
            break;
        }
    }
}

void gen_spell_js(prng *r, hsn_buf *out, hsn_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = s.p[i];
        if (c == '\n' || c == '\r') {
            hsn_buf_printf(out, c == '\n' ? "\\n" : "\\r");
        } else if (c == '\'' || c == '\\') {
            hsn_buf_put(out, '\\');
            hsn_buf_put(out, c);
        } else if (c == '<' || c == '/' || c < 0x20 || (c < 0x7f && prng_one_in(r, 20))) {
            hsn_buf_printf(out, "\\x%02x", c);
        } else {
            hsn_buf_put(out, c);
        }
    }
}

void gen_spell_base64(hsn_buf *out, hsn_str s, bool url, size_t line)
{
    hsn_base64 how = {.url = url, .padded = !url, .line = line, .eol = HSN_S("\r\n")};
    hsn_base64_encode(out, s, &how);
}
