/*
 * Messages with lengths that pass for text: Protocol Buffers, and the frames of gRPC around them.
 *
 * Receives bytes that a layer has decoded and that read as text; emits edits that keep the length
 * of what they replace, for a length of all that stands around it is given before. Anything that is
 * not read to its end in this way is no such message.
 */
#include "cut_bytes.h"

/* A number of seven bits a byte, the lowest first, at t[*at], which is moved behind it. */
static bool read_varint(hsn_str t, size_t *at, uint64_t *v)
{
    enum { MOST = 10 }; /* for 64 bits */
    *v = 0;
    for (unsigned i = 0; i < MOST && *at < t.n; i++) {
        unsigned char c = t.p[(*at)++];
        *v |= (uint64_t)(c & 0x7f) << 7 * i;
        if (c < 0x80) {
            return true;
        }
    }
    return false;
}

/* Fields to the end ("Encoding", Message Structure), one of them with a length. */
static bool is_message(hsn_str t)
{
    enum { VARINT, FIXED64, BYTES, FIXED32 = 5 };
    bool bytes = false;
    for (size_t at = 0; at < t.n;) {
        uint64_t tag;
        uint64_t n = 0;
        bool ok = read_varint(t, &at, &tag) && tag >> 3 != 0 && tag >> 32 == 0;
        switch (tag & 7) {
        case VARINT:
            ok = ok && read_varint(t, &at, &n);
            n = 0;
            break;
        case FIXED64:
            n = 8;
            break;
        case BYTES:
            ok = ok && read_varint(t, &at, &n);
            bytes = true;
            break;
        case FIXED32:
            n = 4;
            break;
        default:
            return false;
        }
        if (!ok || n > t.n - at) {
            return false;
        }
        at += (size_t)n;
    }
    return bytes;
}

/* Frames to the end: flags, a length of four bytes, so many of a message or of trailers. */
static bool is_frames(hsn_str t)
{
    enum { HEAD = 5, TRAILERS = 0x80 };
    size_t at = 0;
    while (t.n - at >= HEAD && (t.p[at] & 0x7e) == 0) {
        const unsigned char *p = t.p + at;
        size_t n = (size_t)p[1] << 24 | (size_t)p[2] << 16 | (size_t)p[3] << 8 | p[4];
        hsn_str inside = hsn_str_cut(t, at + HEAD, t.n);
        if (n > inside.n || ((p[0] & TRAILERS) == 0 && !is_message(hsn_str_cut(inside, 0, n)))) {
            return false;
        }
        at += HEAD + n;
    }
    return at == t.n && at > 0;
}

bool hsn_is_framed(hsn_str t)
{
    return is_message(t) || is_frames(t);
}

void hsn_inspect_framed(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    const bool before = in->fixed;
    hsn_edits inner = {0};
    in->fixed = true;
    hsn_inspect_text(in, text, site, &inner);
    for (size_t i = 0; i < inner.n; i++) {
        hsn_edit *e = &inner.v[i];
        if (e->with.n != e->len) { /* what spells it has another length */
            hsn_edits one = {0};
            hsn_replace_blind(in, text, e->off, e->len, "limit:size", site, &one);
            *e = one.n == 1 ? one.v[0] : *e;
        }
    }
    in->fixed = before;
    hsn_edits_shift(in, &inner, 0, out);
}
