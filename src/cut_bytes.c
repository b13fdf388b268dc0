/*
 * What comes out of a layer that changes every byte: text, compressed data, UTF-16, media, other
 * binary data. After an edit the same kind of bytes is written again.
 *
 * Receives decoded bytes, decides by the first of them how to go on. Must never pass bytes without
 * either looking into them or saying that it did not.
 */
#include "cut_bytes.h"

enum {
    TEXT_MIN = 12,
    PROBE = 512 /* bytes that tell what the rest is */
};

/* Printable ASCII, white space, or bytes of UTF-8. */
bool hsn_looks_like_text(const unsigned char *p, size_t n)
{
    size_t odd = 0;
    size_t high = 0;
    for (size_t i = 0; i < n; i++) {
        odd += p[i] < 0x20 && !hsn_is_space(p[i]);
        odd += p[i] == 0x7f;
        high += p[i] >= 0x80;
    }
    return odd * 50 <= n && high * 3 <= n;
}

/* Some of these formats begin with letters, as texts do: but what follows in their heads are
 * numbers in binary. */
static bool may_be_words(hsn_str v)
{
    enum { HEAD = 24 };
    return hsn_is_alpha(v.p[0]) && hsn_looks_like_text(v.p, v.n < HEAD ? v.n : HEAD);
}

/* First bytes of formats that hold pictures, sound, fonts, documents, archives, programs (their
 * registrations). */
bool hsn_is_media(hsn_str v)
{
    static const struct {
        const char *magic;
        size_t n;
        size_t off;
    } kinds[] = {
        {"\x89PNG", 4, 0},  {"\xff\xd8\xff", 3, 0}, {"GIF8", 4, 0},  {"WEBP", 4, 8},
        {"ftyp", 4, 4},     {"OggS", 4, 0},         {"ID3", 3, 0},   {"wOFF", 4, 0},
        {"wOF2", 4, 0},     {"\0\1\0\0\0", 5, 0},   {"OTTO", 4, 0},  {"\x1a\x45\xdf\xa3", 4, 0},
        {"\0\0\1\0", 4, 0}, {"WAVE", 4, 8},         {"BM", 2, 0},    {"fLaC", 4, 0},
        {"\0asm", 4, 0},    {"\xff\xfb", 2, 0},     {"FLV\1", 4, 0}, {"%PDF-", 5, 0},
        {"PK\3\4", 4, 0},
    };
    for (size_t i = 0; i < HSN_COUNT(kinds); i++) {
        if (v.n >= kinds[i].off + kinds[i].n &&
            memcmp(v.p + kinds[i].off, kinds[i].magic, kinds[i].n) == 0) {
            return !may_be_words(v);
        }
    }
    return false;
}

/* ---------------------------------------------------------------- writing again */

hsn_str hsn_edited(hsn_inspector *in, hsn_str text, hsn_edits *inner, hsn_buf *tmp)
{
    hsn_edits_settle(inner);
    in->spoilt = in->spoilt || hsn_edits_may_join(text, inner);
    hsn_buf_init(tmp, in->layer_max + (1 << 20));
    hsn_peel_splice(tmp, text, inner->v, inner->n);
    in->failed = in->failed || hsn_buf_failed(tmp);
    return hsn_buf_str(tmp);
}

void hsn_encode_edited(hsn_inspector *in, hsn_str text, hsn_edits *inner, hsn_encode_fn *encode,
                       const void *how, size_t off, size_t len, hsn_edits *out)
{
    if (inner->n == 0) {
        return;
    }
    hsn_buf plain;
    hsn_buf coded;
    hsn_str edited = hsn_edited(in, text, inner, &plain);
    hsn_buf_init(&coded, in->arena.max); /* where it goes */
    if (encode(&coded, edited, how)) {
        hsn_str kept = hsn_arena_copy(&in->arena, hsn_buf_str(&coded));
        in->failed = in->failed || in->arena.failed;
        hsn_edits_wrap(in, inner, off, len, kept, out);
    } else {
        in->failed = true;
    }
    hsn_buf_wipe(&plain);
    hsn_buf_wipe(&coded);
}

/* ---------------------------------------------------------------- what is inside */

static const char *const deflate_names[] = {
    [HSN_GZIP] = "gzip", [HSN_ZLIB] = "zlib", [HSN_RAW_DEFLATE] = "deflate"};

/* What is inflated, as it was found: is it worth taking for what the stream said? Raw deflate says
 * nothing by itself, zlib little. */
static bool is_meant(hsn_str text, hsn_deflate how, const hsn_stream_end *end, hsn_str plain)
{
    bool is_text = hsn_looks_like_text(plain.p, plain.n < PROBE ? plain.n : PROBE);
    bool whole = !end->open && end->took == text.n;
    switch (how) {
    case HSN_GZIP:
        return true;
    case HSN_ZLIB:
        return whole || !end->open || (is_text && plain.n >= TEXT_MIN);
    case HSN_RAW_DEFLATE:
        return (whole || end->open) && is_text && plain.n >= TEXT_MIN;
    }
    return false;
}

typedef struct stream {
    hsn_str source;
    hsn_deflate how;
    bool open; /* it was cut, or is to go on */
} stream;

/* Open where it was: with the four bytes of the last flush or without (RFC 7692 section 7.2.1). */
static bool encode_stream(hsn_buf *out, hsn_str plain, const void *how)
{
    const hsn_str flushed = HSN_S("\0\0\xff\xff");
    const stream *old = how;
    if (!old->open) {
        return hsn_deflate_all(plain, old->how, out);
    }
    bool ok = hsn_deflate_open(plain, old->how, out);
    size_t n = old->source.n;
    hsn_str last = hsn_str_cut(old->source, n > flushed.n ? n - flushed.n : 0, n);
    if (ok && out->n >= flushed.n && !hsn_str_eq(last, flushed)) {
        out->n -= flushed.n;
    }
    return ok;
}

static void inspect_inflated(hsn_inspector *in, hsn_str plain, const hsn_site *site,
                             hsn_edits *inner)
{
    if (hsn_looks_like_text(plain.p, plain.n < PROBE ? plain.n : PROBE)) {
        hsn_inspect_text(in, plain, site, inner);
    } else {
        hsn_cut_binary(in, plain, site, inner);
    }
    hsn_edits_settle(inner);
}

/* What stands behind a stream: padding, mostly. No other stream is looked for in it. */
static void inspect_behind(hsn_inspector *in, hsn_str text, size_t at, const hsn_site *site,
                           hsn_edits *out)
{
    hsn_edits behind = {0};
    hsn_site binary = *site;
    binary.binary = true;
    hsn_inspect_framed(in, hsn_str_cut(text, at, text.n), &binary, &behind);
    hsn_edits_shift(in, &behind, at, out);
}

/* NOT: no such stream, nothing done. */
static hsn_inflate inside_deflate(hsn_inspector *in, hsn_str text, hsn_deflate how,
                                  const hsn_site *site, hsn_edits *out)
{
    hsn_buf *plain = hsn_layer_enter(in, deflate_names[how]);
    if (plain == NULL) {
        return HSN_INFLATE_LIMIT;
    }
    hsn_edits inner = {0};
    hsn_stream_end end;
    hsn_inflate got = hsn_inflate_some(text, how, &end, plain);
    if (got == HSN_INFLATE_OK && !is_meant(text, how, &end, hsn_buf_str(plain))) {
        got = HSN_INFLATE_NOT; /* a stream by chance */
    }
    if (got == HSN_INFLATE_OK) {
        inspect_inflated(in, hsn_buf_str(plain), site, &inner);
    }
    const stream old = {.source = hsn_str_cut(text, 0, end.took), .how = how, .open = end.open};
    hsn_encode_edited(in, hsn_buf_str(plain), &inner, encode_stream, &old, 0, end.took, out);
    hsn_layer_leave(in);
    if (got == HSN_INFLATE_OK && end.took < text.n) {
        inspect_behind(in, text, end.took, site, out);
    }
    bool chance = how == HSN_RAW_DEFLATE && end.open && inner.n == 0;
    return got == HSN_INFLATE_OK && chance ? HSN_INFLATE_NOT : got;
}

static bool encode_utf16(hsn_buf *out, hsn_str plain, const void *how)
{
    hsn_utf16_encode(out, plain, how);
    return !hsn_buf_failed(out);
}

static bool inside_utf16(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    hsn_utf16 how;
    if (!hsn_utf16_sniff(text, &how)) {
        return false;
    }
    hsn_buf *plain = hsn_layer_enter(in, how.wide ? "utf-32" : "utf-16");
    if (plain == NULL) {
        hsn_replace_blind(in, text, 0, text.n, "limit:layers", site, out);
        return true;
    }
    hsn_edits inner = {0};
    bool ok = hsn_utf16_decode(text, &how, plain);
    if (ok) {
        hsn_inspect_text(in, hsn_buf_str(plain), site, &inner);
        hsn_edits_settle(&inner);
    }
    hsn_encode_edited(in, hsn_buf_str(plain), &inner, encode_utf16, &how, 0, text.n, out);
    hsn_layer_leave(in);
    return ok;
}

/* False: it is no such stream. One that cannot be looked into is replaced. */
static bool cut_deflate(hsn_inspector *in, hsn_str text, hsn_deflate how, const hsn_site *site,
                        hsn_edits *out)
{
    bool too_deep = in->n_layers == in->max_layers;
    hsn_inflate got = inside_deflate(in, text, how, site, out);
    if (got == HSN_INFLATE_LIMIT) {
        hsn_replace_blind(in, text, 0, text.n, too_deep ? "limit:layers" : "limit:inflate", site,
                          out);
    }
    return got != HSN_INFLATE_NOT;
}

/* What shows by its first bytes and is read to its end. */
static bool cut_told(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    hsn_deflate how;
    return (hsn_deflate_sniff(text, &how) && cut_deflate(in, text, how, site, out)) ||
           (!hsn_is_media(text) && inside_utf16(in, text, site, out));
}

static bool encode_latin1(hsn_buf *out, hsn_str plain, const void *how)
{
    (void)how; /* there is but one spelling */
    hsn_latin1_encode(out, plain);
    return !hsn_buf_failed(out);
}

bool hsn_cut_latin1(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    if (!hsn_latin1_sniff(text)) {
        return false;
    }
    hsn_buf *bytes = hsn_layer_enter(in, "latin-1");
    if (bytes == NULL) {
        hsn_replace_blind(in, text, 0, text.n, "limit:layers", site, out);
        return true;
    }
    hsn_edits inner = {0};
    bool told = hsn_latin1_decode(text, bytes) &&
                cut_told(in, hsn_buf_str(bytes), site, &inner);
    hsn_encode_edited(in, hsn_buf_str(bytes), &inner, encode_latin1, NULL, 0, text.n, out);
    hsn_layer_leave(in);
    return told;
}

bool hsn_cut_binary(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    hsn_deflate how;
    if (hsn_deflate_sniff(text, &how) && cut_deflate(in, text, how, site, out)) {
        return true;
    }
    if (hsn_is_media(text)) {
        hsn_pass_blind(in, "media", text.n);
        return true;
    }
    if (inside_utf16(in, text, site, out)) {
        return true;
    }
    if (cut_deflate(in, text, HSN_RAW_DEFLATE, site, out)) {
        return true;
    }
    hsn_site binary = *site;
    binary.binary = true;
    const size_t before = out->n;
    hsn_inspect_framed(in, text, &binary, out); /* texts within have forgotten what they are in */
    in->spoilt = in->spoilt || out->n > before;
    if (text.n >= PROBE) { /* keys and signatures are shorter */
        hsn_pass_blind(in, "binary", text.n);
    }
    return false;
}

bool hsn_inspect_bytes(hsn_inspector *in, hsn_str plain, const hsn_site *site, hsn_edits *out)
{
    hsn_site inside = *site;
    inside.binary = false;
    inside.where = 0;
    inside.name = (hsn_str){0};
    if (hsn_cut_packed(in, plain, &inside, out) || hsn_cut_multipart(in, plain, &inside, out)) {
        return true; /* the parts of the latter may be anything */
    }
    if (!hsn_looks_like_text(plain.p, plain.n < PROBE ? plain.n : PROBE)) {
        return hsn_cut_binary(in, plain, &inside, out) && !hsn_is_media(plain);
    }
    if (hsn_is_framed(plain)) {
        hsn_inspect_framed(in, plain, &inside, out);
    } else {
        hsn_inspect_text(in, plain, &inside, out);
    }
    return true;
}
