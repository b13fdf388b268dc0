/*
 * Base64 and what comes out of it: text, compressed data, UTF-16, media, other binary data. After
 * an edit the same spelling (alphabet, padding, line length) is written again.
 *
 * A run of letters and digits is base64 only by what it decodes to: identifiers and hashes decode
 * to noise, which the first bytes show.
 */
#include "inspect.h"

enum {
    PEEK = 24, /* bytes that tell text from noise: by chance once in 10^10 */
    TEXT_MIN = 12,
    BINARY_MIN = 40, /* shorter noise hides nothing that could be recognised */
    PROBE = 512
};

/* What a byte adds to two counts that lie side by side: of those that no text has, and of those from
 * 0x80 on. */
enum { O = 1, H = 1 << 16 };
static const uint32_t counts[256] = {
    O, O, O, O, O, O, O, O, O, 0, 0, 0, 0, 0, O, O,
    O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, O,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
};

/* Printable ASCII, white space, or bytes of UTF-8. */
static bool is_text(const unsigned char *p, size_t n)
{
    enum { PART = H - 1 }; /* bytes that the counts have room for */
    size_t odd = 0;
    size_t high = 0;
    for (size_t i = 0; i < n;) {
        const size_t to = n - i < PART ? n : i + PART;
        uint32_t sum = 0;
        for (; i < to; i++) {
            sum += counts[p[i]];
        }
        odd += sum % H;
        high += sum / H;
    }
    return odd * 50 <= n && high * 3 <= n;
}

/* First bytes of formats that hold pictures, sound, fonts, archives, programs (their
 * registrations). */
static bool is_media(hsn_str v)
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
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (v.n >= kinds[i].off + kinds[i].n &&
            memcmp(v.p + kinds[i].off, kinds[i].magic, kinds[i].n) == 0) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- writing again */

hsn_str hsn_edited(hsn_inspector *in, hsn_str text, hsn_edits *inner, hsn_buf *tmp)
{
    hsn_edits_settle(inner);
    hsn_buf_init(tmp, in->layer_max + (1 << 20));
    hsn_peel_splice(tmp, text, inner->v, inner->n);
    in->failed = in->failed || hsn_buf_failed(tmp);
    return hsn_buf_str(tmp);
}

/* Into the arena, which outlives the layer. */
static void wrap(hsn_inspector *in, const hsn_edits *inner, size_t off, size_t len, hsn_buf *coded,
                 hsn_edits *out)
{
    if (hsn_buf_failed(coded)) {
        in->failed = true;
        return;
    }
    hsn_str kept = hsn_arena_copy(&in->arena, hsn_buf_str(coded));
    in->failed = in->failed || in->arena.failed;
    hsn_edits_wrap(in, inner, off, len, kept, out);
}

void hsn_encode_base64(hsn_inspector *in, hsn_str text, hsn_edits *inner, const hsn_base64 *how,
                       size_t off, size_t len, hsn_edits *out)
{
    if (inner->n == 0) {
        return;
    }
    hsn_buf plain;
    hsn_buf coded;
    hsn_str edited = hsn_edited(in, text, inner, &plain);
    hsn_buf_init(&coded, edited.n * 2 + 64);
    hsn_base64_encode(&coded, edited, how);
    wrap(in, inner, off, len, &coded, out);
    hsn_buf_wipe(&plain);
    hsn_buf_wipe(&coded);
}

/* ---------------------------------------------------------------- what is inside */

static const char *const deflate_names[] = {
    [HSN_GZIP] = "gzip", [HSN_ZLIB] = "zlib", [HSN_RAW_DEFLATE] = "deflate"};

/* NOT: no such stream, nothing done. */
static hsn_inflate inside_deflate(hsn_inspector *in, hsn_str text, hsn_deflate how,
                                  const hsn_site *site, hsn_edits *out)
{
    hsn_buf *plain = hsn_layer_enter(in, deflate_names[how]);
    if (plain == NULL) {
        return HSN_INFLATE_LIMIT;
    }
    hsn_edits inner = {0};
    hsn_inflate got = hsn_inflate_all(text, how, plain);
    bool is_plain = got == HSN_INFLATE_OK && is_text(plain->p, plain->n < PROBE ? plain->n : PROBE);
    if (how == HSN_RAW_DEFLATE && got == HSN_INFLATE_OK && (!is_plain || plain->n < TEXT_MIN)) {
        got = HSN_INFLATE_NOT; /* a stream by chance */
    }
    if (got == HSN_INFLATE_OK) {
        if (is_plain) {
            hsn_inspect_text(in, hsn_buf_str(plain), site, &inner);
        } else {
            hsn_cut_binary(in, hsn_buf_str(plain), site, &inner);
        }
        hsn_edits_settle(&inner);
    }
    if (inner.n > 0) {
        hsn_buf tmp;
        hsn_buf coded;
        hsn_str edited = hsn_edited(in, hsn_buf_str(plain), &inner, &tmp);
        hsn_buf_init(&coded, in->layer_max + (1 << 20));
        if (!hsn_deflate_all(edited, how, &coded)) {
            in->failed = true;
        }
        wrap(in, &inner, 0, text.n, &coded, out);
        hsn_buf_wipe(&tmp);
        hsn_buf_wipe(&coded);
    }
    hsn_layer_leave(in);
    return got;
}

static bool inside_utf16(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    hsn_utf16 how;
    if (!hsn_utf16_sniff(text, &how)) {
        return false;
    }
    hsn_buf *plain = hsn_layer_enter(in, "utf-16");
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
    if (inner.n > 0) {
        hsn_buf tmp;
        hsn_buf coded;
        hsn_str edited = hsn_edited(in, hsn_buf_str(plain), &inner, &tmp);
        hsn_buf_init(&coded, edited.n * 2 + 2);
        hsn_utf16_encode(&coded, edited, &how);
        wrap(in, &inner, 0, text.n, &coded, out);
        hsn_buf_wipe(&tmp);
        hsn_buf_wipe(&coded);
    }
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

bool hsn_cut_binary(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    hsn_deflate how;
    if (hsn_deflate_sniff(text, &how) && cut_deflate(in, text, how, site, out)) {
        return true;
    }
    if (is_media(text)) {
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
    hsn_inspect_text(in, text, &binary, out);
    if (text.n >= PROBE) { /* keys and signatures are shorter */
        hsn_pass_blind(in, "binary", text.n);
    }
    return false;
}

/* ---------------------------------------------------------------- base64 */

/* A URL path before a token (com/v1/session/eyJ...): the token begins behind the slash. */
static bool has_path_before(hsn_str run)
{
    enum { PATH_MAX_LEN = 256 };
    hsn_str head = hsn_str_cut(run, 0, PATH_MAX_LEN);
    size_t at = hsn_str_find(head, HSN_S("/eyJ"));
    return at > 0 && at < head.n;
}

/* Upper, lower and digit together: what noise of BINARY_MIN characters nearly always has, and paths
 * and identifiers rarely. */
static bool looks_random(hsn_str v)
{
    bool upper = false;
    bool lower = false;
    bool digit = false;
    for (size_t i = 0; i < v.n && i < 64; i++) {
        upper = upper || (v.p[i] >= 'A' && v.p[i] <= 'Z');
        lower = lower || (v.p[i] >= 'a' && v.p[i] <= 'z');
        digit = digit || hsn_is_digit(v.p[i]);
    }
    return upper && lower && digit;
}

/* May the run be base64 of something worth a look? Only its first bytes are decoded. */
static bool is_promising(hsn_str run)
{
    unsigned char head[PEEK];
    size_t n = hsn_base64_peek(run, head, sizeof head);
    if (n >= TEXT_MIN && is_text(head, n < run.n / 4 * 3 ? n : n - n % 3)) {
        return true;
    }
    hsn_deflate how;
    hsn_str view = hsn_str_of(head, n);
    return run.n >= BINARY_MIN && n >= TEXT_MIN &&
           (hsn_deflate_sniff(view, &how) || looks_random(run));
}

static void inspect_plain(hsn_inspector *in, hsn_str plain, const hsn_site *site, hsn_edits *out)
{
    hsn_site inside = *site;
    inside.binary = false;
    inside.where = 0;
    inside.name = (hsn_str){0};
    if (is_text(plain.p, plain.n < PROBE ? plain.n : PROBE)) {
        hsn_inspect_text(in, plain, &inside, out);
    } else {
        hsn_cut_binary(in, plain, &inside, out);
    }
}

/* Does base64 text begin like a picture, sound, font, archive? */
static bool is_media_base64(hsn_str run)
{
    unsigned char head[PEEK];
    size_t n = hsn_base64_peek(run, head, sizeof head);
    return is_media(hsn_str_of(head, n));
}

/* Text of a script that has more bytes from 0x80 on than is_text takes: UTF-8 without control
 * characters, but for a character cut at the end. */
static bool is_utf8(const unsigned char *p, size_t n)
{
    size_t left = 0; /* bytes of the character that are to come */
    for (size_t i = 0; i < n; i++) {
        if ((p[i] & 0xC0) == 0x80 ? left == 0 : left > 0) {
            return false;
        }
        if (left > 0) {
            left--;
        } else if (p[i] >= 0xC2 && p[i] < 0xF5) {
            left = p[i] < 0xE0 ? 1 : p[i] < 0xF0 ? 2 : 3;
        } else if (p[i] >= 0x7f || (p[i] < 0x20 && !hsn_is_space(p[i]))) {
            return false;
        }
    }
    return n >= TEXT_MIN;
}

hsn_base64_kind hsn_base64_kind_of(hsn_str head)
{
    unsigned char plain[PROBE];
    size_t n = hsn_base64_peek(head, plain, sizeof plain);
    if (is_media_base64(head)) {
        return HSN_BASE64_MEDIA;
    }
    if (has_path_before(head)) {
        return HSN_BASE64_NONE;
    }
    if (is_utf8(plain, n)) {
        return HSN_BASE64_TEXT;
    }
    if (!is_promising(head)) {
        return HSN_BASE64_NONE;
    }
    return is_text(plain, n) ? HSN_BASE64_TEXT : HSN_BASE64_BINARY;
}

bool hsn_cut_base64(hsn_inspector *in, hsn_str text, size_t at, size_t run_end,
                    const hsn_site *site, size_t *end, hsn_edits *out)
{
    size_t to = run_end;
    while (to < text.n && to < run_end + 2 && text.p[to] == '=') {
        to++;
    }
    hsn_str run = hsn_str_cut(text, at, to);
    *end = to;
    if (run.n > PROBE && is_media_base64(run)) {
        hsn_pass_blind_at(in, "media", at, run.n);
        return true;
    }
    if (!is_promising(run) || has_path_before(run)) {
        return false;
    }
    hsn_buf *plain = hsn_layer_enter(in, "base64");
    if (plain == NULL) {
        hsn_replace_blind(in, text, at, run.n, "limit:layers", site, out);
        return true;
    }
    hsn_base64 how;
    bool ok = hsn_base64_decode(run, &how, plain);
    if (ok) {
        hsn_edits inner = {0};
        inspect_plain(in, hsn_buf_str(plain), site, &inner);
        hsn_encode_base64(in, hsn_buf_str(plain), &inner, &how, at, run.n, out);
        /* a short run that gave nothing and is no text may be something else */
        ok = inner.n > 0 || run.n > PROBE || is_text(plain->p, plain->n);
    } else if (hsn_buf_failed(plain)) {
        hsn_replace_blind(in, text, at, run.n, "limit:size", site, out);
        ok = true;
    }
    hsn_layer_leave(in);
    return ok;
}
