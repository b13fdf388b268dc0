/*
 * Base64 in a text. After an edit the same spelling (alphabet, padding, line length) is written
 * again.
 *
 * A run of letters and digits is a text in disguise only by what it decodes to: identifiers and
 * hashes decode to noise, which the first bytes show.
 */
#include "cut_bytes.h"

enum {
    PEEK = 24, /* bytes that tell text from noise: by chance once in 10^10 */
    TEXT_MIN = 12,
    BINARY_MIN = 40, /* shorter noise hides nothing that could be recognised */
    PROBE = 512
};

static bool encode(hsn_buf *out, hsn_str plain, const void *how)
{
    hsn_base64_encode(out, plain, how);
    return !hsn_buf_failed(out);
}

void hsn_encode_base64(hsn_inspector *in, hsn_str text, hsn_edits *inner, const hsn_base64 *how,
                       size_t off, size_t len, hsn_edits *out)
{
    hsn_encode_edited(in, text, inner, encode, how, off, len, out);
}

/* ---------------------------------------------------------------- base64 */

/* Offset of the first byte that no text in UTF-8 has there: a control character, or one that is
 * none. v.n for none; a character may be cut at the end. */
static size_t first_noise(hsn_str v)
{
    size_t left = 0; /* bytes of the character that are to come */
    for (size_t i = 0; i < v.n; i++) {
        const unsigned char c = v.p[i];
        if ((c & 0xC0) == 0x80 ? left == 0 : left > 0) {
            return i;
        }
        if (left > 0) {
            left--;
        } else if (c >= 0xC2 && c < 0xF5) {
            left = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        } else if (c >= 0x7f || (c < 0x20 && !hsn_is_space(c))) {
            return i;
        }
    }
    return v.n;
}

/* A URL path before a token (com/v1/session/eyJ...): the token begins behind the slash. In a text,
 * which ?{" gives these characters when they end a group of four, and in a stream it is none. */
static bool has_path_before(hsn_str run)
{
    enum { PATH_MAX_LEN = 256 };
    unsigned char plain[PATH_MAX_LEN];
    hsn_str head = hsn_str_cut(run, 0, PATH_MAX_LEN);
    size_t at = hsn_str_find(head, HSN_S("/eyJ"));
    if (at == 0 || at == head.n) {
        return false;
    }
    const hsn_str bytes = hsn_str_of(plain, hsn_base64_peek(head, plain, sizeof plain));
    const hsn_str before = hsn_str_cut(bytes, 0, (at + 1) * 3 / 4);
    const bool text = before.n >= TEXT_MIN && first_noise(before) == before.n;
    hsn_deflate how;
    return !text && !hsn_deflate_sniff(bytes, &how);
}

static bool has_capital(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] >= 'A' && v.p[i] <= 'Z') {
            return true;
        }
    }
    return false;
}

/* What begins with noise, and behind a sign of a name or path with text: the text is what is meant
 * (cache_key_eyJ...). Behind these two signs it is looked for as well. In the phase of the whole, a
 * capital tells that the beginning is no name but bytes before a text. */
static bool has_name_before(hsn_str run)
{
    enum { NAME_MAX_LEN = 64, GROUP = 4 };
    unsigned char head[PEEK];
    size_t n = hsn_base64_peek(run, head, sizeof head);
    if (first_noise(hsn_str_of(head, n)) == n) {
        return false;
    }
    for (size_t i = 0; i < NAME_MAX_LEN && i + 2 * PEEK < run.n; i++) {
        bool sign = run.p[i] == '_' || run.p[i] == '/';
        if (sign && ((i + 1) % GROUP != 0 || !has_capital(hsn_str_cut(run, 0, i)))) {
            n = hsn_base64_peek(hsn_str_cut(run, i + 1, run.n), head, sizeof head);
            if (n == sizeof head && first_noise(hsn_str_of(head, n)) == n) {
                return true;
            }
        }
    }
    return false;
}

/* Upper, lower and digit together: what noise of BINARY_MIN characters nearly always has, and paths
 * and identifiers rarely. */
static bool looks_random(hsn_str v)
{
    bool upper = false;
    bool lower = false;
    bool digit = false;
    for (size_t i = 0; i < v.n && i < 64 && !(upper && lower && digit); i++) {
        upper = upper || (v.p[i] >= 'A' && v.p[i] <= 'Z');
        lower = lower || (v.p[i] >= 'a' && v.p[i] <= 'z');
        digit = digit || hsn_is_digit(v.p[i]);
    }
    return upper && lower && digit;
}

/* May the first bytes of a stream that deflate made begin so? */
static bool may_be_deflate(const unsigned char first[3])
{
    return first[0] == 0x1f || (first[0] & 15) == 8;
}

/* May the run be base64 of something worth a look? Only its first bytes are decoded, and of most
 * runs, which are identifiers, the first few. */
static bool is_promising(hsn_str run)
{
    _Static_assert(PEEK < 50, "a single control character, and it looks like no text");
    unsigned char head[PEEK];
    if (hsn_is_small_hex(run)) {
        return false; /* no stream begins so, nor two words in a row */
    }
    const bool noise = hsn_base64_is_noise(run, PEEK, head);
    if (noise && run.n < BINARY_MIN && !may_be_deflate(head)) {
        return false;
    }
    size_t n = hsn_base64_peek(run, head, sizeof head);
    if (n < TEXT_MIN) {
        return false;
    }
    if (!noise && hsn_looks_like_text(head, n < run.n / 4 * 3 ? n : n - n % 3)) {
        return true;
    }
    hsn_deflate how;
    hsn_utf16 wide;
    hsn_str view = hsn_str_of(head, n);
    return hsn_deflate_sniff(view, &how) ||
           (run.n >= BINARY_MIN && (looks_random(run) || hsn_utf16_sniff(view, &wide)));
}

/* Does base64 text begin like a picture, sound, font, archive? */
static bool is_media_base64(hsn_str run)
{
    unsigned char head[PEEK];
    size_t n = hsn_base64_peek(run, head, sizeof head);
    return hsn_is_media(hsn_str_of(head, n));
}

/* Text in letters that are mostly bytes from 0x80 on, more than hsn_looks_like_text takes. */
static bool is_utf8(const unsigned char *p, size_t n)
{
    return n >= TEXT_MIN && first_noise(hsn_str_of(p, n)) == n;
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
    return hsn_looks_like_text(plain, n) ? HSN_BASE64_TEXT : HSN_BASE64_BINARY;
}

/* ---------------------------------------------------------------- what goes on behind it */

/* Characters as a path or a name has them, not base64 of anything. */
static bool is_plain_word(hsn_str v)
{
    enum { LONGEST = 256 };
    return v.n <= LONGEST && !looks_random(v);
}

/*
 * Of a run without padding, `plain` when decoded: the characters of the text it begins with, when
 * noise follows right behind a sign of the alphabet, which then is one of a path or a name
 * (/render/eyJ.../small.png). run.n when all of it is one text.
 */
static size_t text_length(hsn_str run, hsn_str plain)
{
    enum { NEAR = 6, LEAST = 16 };
    size_t noise = first_noise(plain);
    hsn_str rest = hsn_str_cut(plain, noise, plain.n);
    size_t sign = noise / 3 * 4 + 4;
    sign = sign < run.n ? sign : run.n;
    if (rest.n == 0 || hsn_looks_like_text(rest.p, rest.n)) {
        return run.n;
    }
    for (size_t from = sign; sign > LEAST && from - sign < NEAR; sign--) {
        unsigned char c = run.p[sign - 1];
        if (!hsn_is_alnum(c)) {
            hsn_str behind = hsn_str_cut(run, sign, run.n);
            bool text =
                first_noise(hsn_str_cut(plain, 0, (sign - 1) * 3 / 4)) == (sign - 1) * 3 / 4;
            return text && is_plain_word(behind) ? sign - 1 : run.n;
        }
    }
    return run.n;
}

/* Decodes a run, or the text that it begins with: then the run is that text's. What comes behind
 * may have the signs of the other alphabet. */
static bool decode_text(hsn_str *run, hsn_base64 *how, hsn_buf *plain)
{
    bool ok = hsn_base64_decode(*run, how, plain);
    if (!ok && !hsn_buf_failed(plain) && hsn_buf_reserve(plain, run->n)) {
        plain->n = hsn_base64_peek(*run, plain->p, run->n);
    }
    if (hsn_buf_failed(plain)) {
        return false;
    }
    size_t n = text_length(*run, hsn_buf_str(plain));
    if (n == run->n) {
        return ok;
    }
    hsn_buf_reset(plain);
    run->n = n;
    return hsn_base64_decode(*run, how, plain);
}

/* ---------------------------------------------------------------- the cut */

/* The value of a parameter or a segment of a path: there + and = would mean something else, and
 * whoever writes base64 into it takes the other alphabet. */
static bool is_in_url(hsn_str text, size_t at, size_t end, const hsn_site *site)
{
    bool whole = at == 0 && end == text.n;
    return whole ? site->param.n > 0 : at > 0 && (text.p[at - 1] == '=' || text.p[at - 1] == '/');
}

/* Could base32 begin so? Most runs have another digit or the other case soon. */
static inline bool may_be_base32(const unsigned char p[8])
{
    if (!hsn_is_alpha(p[0]) || (p[0] | 0x20) > 'p') { /* no text has the first bit of a byte set */
        return false;
    }
    for (size_t i = 1; i < 8; i++) {
        bool letter = hsn_is_alpha(p[i]) && ((p[i] ^ p[0]) & 0x20) == 0;
        if (!letter && (p[i] < '2' || p[i] > '7')) {
            return false;
        }
    }
    return true;
}

/* May the run be digits of a text? */
static inline bool may_be_digits(hsn_str run)
{
    enum { LEAST = 20 };
    const unsigned char *p = run.p;
    if (run.n < LEAST) {
        return false;
    }
    bool hex = hsn_hex(p[0]) >= 0 && (hsn_hex(p[1]) >= 0 || (p[1] | 0x20) == 'x');
    return hex || may_be_base32(p);
}

/* Behind the padding. What follows whole groups is none of it, but belongs to what comes next. */
static size_t padded_end(hsn_str text, size_t at, size_t run_end)
{
    enum { GROUP = 4, MOST = 2 };
    size_t to = run_end;
    while (to < text.n && to < run_end + MOST && text.p[to] == '=') {
        to++;
    }
    if (to == run_end) {
        return to;
    }
    size_t n = 0;
    for (size_t i = at; i < run_end; i++) {
        n += !hsn_is_space(text.p[i]);
    }
    return n % GROUP == 0 ? run_end : n % GROUP == GROUP - 1 && to > run_end + 1 ? run_end + 1 : to;
}

bool hsn_cut_base64(hsn_inspector *in, hsn_str text, size_t at, size_t run_end,
                    const hsn_site *site, size_t *end, hsn_edits *out)
{
    size_t to = padded_end(text, at, run_end);
    hsn_str run = hsn_str_cut(text, at, to);
    *end = to;
    if (run.n > PROBE && is_media_base64(run)) {
        hsn_pass_blind_at(in, "media", at, run.n);
        return true;
    }
    if (may_be_digits(run) &&
        (hsn_cut_hex(in, text, at, run_end, site, end, out) ||
         (may_be_base32(run.p) && hsn_cut_base32(in, text, at, run_end, site, end, out)))) {
        return true;
    }
    *end = to;
    if (!is_promising(run) || has_path_before(run) || has_name_before(run)) {
        return false;
    }
    hsn_buf *plain = hsn_layer_enter(in, "base64");
    if (plain == NULL) {
        hsn_replace_blind(in, text, at, run.n, "limit:layers", site, out);
        return true;
    }
    hsn_base64 how;
    bool ok = to == run_end ? decode_text(&run, &how, plain) : hsn_base64_decode(run, &how, plain);
    *end = to = at + run.n;
    if (ok) {
        hsn_edits inner = {0};
        if (how.either && is_in_url(text, at, to, site)) {
            how.url = true;
            how.padded = false;
        }
        bool told = hsn_inspect_bytes(in, hsn_buf_str(plain), site, &inner);
        hsn_encode_base64(in, hsn_buf_str(plain), &inner, &how, at, run.n, out);
        /* a short run that gave nothing and is no text may be something else */
        ok = inner.n > 0 || run.n > PROBE || told;
    } else if (hsn_buf_failed(plain)) {
        hsn_replace_blind(in, text, at, run.n, "limit:size", site, out);
        ok = true;
    }
    hsn_layer_leave(in);
    return ok;
}
