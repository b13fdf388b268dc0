/*
 * Base64 and hexadecimal digits in a text. After an edit the same spelling (alphabet, padding, line
 * length, case) is written again.
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
    hsn_wrap_coded(in, inner, off, len, &coded, out);
    hsn_buf_wipe(&plain);
    hsn_buf_wipe(&coded);
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
    return hsn_looks_like_text(plain, n) ? HSN_BASE64_TEXT : HSN_BASE64_BINARY;
}

/* ---------------------------------------------------------------- hexadecimal digits */

/* How many of the characters of a run are hexadecimal digits; 0 when others follow at once. */
static size_t hex_length(hsn_str run)
{
    size_t n = 0;
    while (n < run.n && hsn_hex(run.p[n]) >= 0) {
        n++;
    }
    return n < run.n && hsn_is_alnum(run.p[n]) ? 0 : n;
}

/* Digits of a text, or of what deflate made: a hash passes for one once in 10^5, and then is read as
 * what it is not and left alone. */
static bool is_promising_hex(hsn_str run)
{
    unsigned char head[PEEK];
    size_t n = 0;
    while (n < PEEK && 2 * n + 1 < run.n) {
        int high = hsn_hex(run.p[2 * n]);
        int low = hsn_hex(run.p[2 * n + 1]);
        if (high < 0 || low < 0) {
            break;
        }
        unsigned char c = (unsigned char)(high << 4 | low);
        if ((c < 0x20 && !hsn_is_space(c)) || c > 0x7e) {
            break;
        }
        head[n++] = c;
    }
    if (n >= TEXT_MIN) {
        return true;
    }
    hsn_deflate how;
    bool magic = hsn_str_starts_nocase(run, HSN_S("1f8b")) || hsn_str_starts(run, HSN_S("78"));
    return magic && run.n >= 2 * PEEK && hsn_hex_peek(hsn_str_cut(run, 0, 2 * PEEK), head) == PEEK &&
           hsn_deflate_sniff(hsn_str_of(head, PEEK), &how);
}

static bool cut_hex(hsn_inspector *in, hsn_str text, size_t at, size_t run_end,
                    const hsn_site *site, size_t *end, hsn_edits *out)
{
    hsn_str run = hsn_str_cut(text, at, run_end);
    if (hsn_str_starts(run, HSN_S("0x"))) {
        at += 2;
        run = hsn_str_cut(text, at, run_end);
    }
    if (!is_promising_hex(run) || (run.n = hex_length(run)) < 2 * TEXT_MIN) {
        return false;
    }
    hsn_buf *plain = hsn_layer_enter(in, "hex");
    if (plain == NULL) {
        hsn_replace_blind(in, text, at, run.n, "limit:layers", site, out);
        *end = at + run.n;
        return true;
    }
    bool upper;
    hsn_edits inner = {0};
    if (hsn_hex_decode(run, &upper, plain)) {
        hsn_inspect_bytes(in, hsn_buf_str(plain), site, &inner);
    } else if (hsn_buf_failed(plain)) {
        hsn_replace_blind(in, text, at, run.n, "limit:size", site, out);
    }
    if (inner.n > 0) {
        hsn_buf tmp;
        hsn_buf coded;
        hsn_str edited = hsn_edited(in, hsn_buf_str(plain), &inner, &tmp);
        hsn_buf_init(&coded, edited.n * 2 + 2);
        hsn_hex_encode(&coded, edited, upper);
        hsn_wrap_coded(in, &inner, at, run.n, &coded, out);
        hsn_buf_wipe(&tmp);
        hsn_buf_wipe(&coded);
    }
    bool found = inner.n > 0 || hsn_buf_failed(plain);
    *end = at + run.n;
    hsn_layer_leave(in);
    return found;
}

/* ---------------------------------------------------------------- the cut */

/* The value of a parameter or a segment of a path: there + and = would mean something else, and
 * whoever writes base64 into it takes the other alphabet. */
static bool is_in_url(hsn_str text, size_t at, size_t end, const hsn_site *site)
{
    bool whole = at == 0 && end == text.n;
    return whole ? site->param.n > 0 : at > 1 && (text.p[at - 1] == '=' || text.p[at - 1] == '/');
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
    if (run.n >= 2 * TEXT_MIN && hsn_hex(run.p[0]) >= 0 &&
        (hsn_hex(run.p[1]) >= 0 || run.p[1] == 'x') &&
        cut_hex(in, text, at, run_end, site, end, out)) {
        return true;
    }
    *end = to;
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
        if (how.either && is_in_url(text, at, to, site)) {
            how.url = true;
            how.padded = false;
        }
        hsn_inspect_bytes(in, hsn_buf_str(plain), site, &inner);
        hsn_encode_base64(in, hsn_buf_str(plain), &inner, &how, at, run.n, out);
        /* a short run that gave nothing and is no text may be something else */
        ok = inner.n > 0 || run.n > PROBE || hsn_looks_like_text(plain->p, plain->n);
    } else if (hsn_buf_failed(plain)) {
        hsn_replace_blind(in, text, at, run.n, "limit:size", site, out);
        ok = true;
    }
    hsn_layer_leave(in);
    return ok;
}
