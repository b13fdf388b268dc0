/*
 * Bytes as hexadecimal digits or base32 in a text. After an edit the same spelling (case, padding)
 * is written again.
 *
 * Digests, ids and secrets are spelled so too: what they decode to is noise, in which nothing is
 * found. A mask of one byte, laid over an address so that nobody reads it off a page, is taken off.
 */
#include "cut_bytes.h"
#include "vec.h"

enum {
    TEXT_MIN = 12,
    PACKED_MIN = 24,
    DIGEST = 64, /* digits of SHA-256 */
    PROBE = 128, /* bytes that are looked at */
    WORD = 8     /* printable bytes in a row: noise of 64 bytes has them once in fifty times */
};

typedef enum hex_kind { HEX_NONE, HEX_BYTES, HEX_MASKED } hex_kind;

static bool is_print(unsigned char c)
{
    return c >= 0x20 && c < 0x7f;
}

/* How many of the characters of a run are hexadecimal digits; 0 when others follow at once. */
static size_t hex_length(hsn_str run)
{
    size_t n = 0;
    while (n < run.n && hsn_hex(run.p[n]) >= 0) {
        n++;
    }
    return n < run.n && hsn_is_alnum(run.p[n]) ? 0 : n;
}

/* The byte that two digits at run[at] spell; -1 for none. */
static int byte_at(hsn_str run, size_t at)
{
    if (run.n - at < 2) {
        return -1;
    }
    int high = hsn_hex(run.p[at]);
    int low = hsn_hex(run.p[at + 1]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Does a text begin here? A digest shows at its first byte or two that none does. */
static bool begins_text(hsn_str run)
{
    int c = 0;
    for (size_t at = 0; c >= 0 && at < (size_t)2 * TEXT_MIN; at += 2) {
        c = byte_at(run, at);
        if (c < 0 || (!is_print((unsigned char)c) && !hsn_is_space((unsigned char)c))) {
            return false;
        }
    }
    return true;
}

/* An address, each byte of it laid over by the first one. */
static bool is_masked(hsn_str run)
{
    int mask = byte_at(run, 0);
    bool at_sign = false;
    size_t at = 2;
    for (int c; (c = byte_at(run, at)) >= 0; at += 2) {
        if (!is_print((unsigned char)(c ^ mask))) {
            return false;
        }
        at_sign = at_sign || (c ^ mask) == '@';
    }
    return at_sign && at > (size_t)2 * TEXT_MIN;
}

static bool has_word(hsn_str v)
{
    size_t n = 0;
    for (size_t i = 0; i < v.n && n < WORD; i++) {
        n = is_print(v.p[i]) ? n + 1 : 0;
    }
    return n == WORD;
}

/* Binary data: by what shows in its first bytes. Short ones are digests and ids. */
static bool is_binary(hsn_str run)
{
    unsigned char head[PROBE];
    hsn_deflate deflate;
    hsn_utf16 wide;
    hsn_str v = hsn_str_of(head, hsn_hex_peek(hsn_str_cut(run, 0, 2 * PROBE), head));
    return v.n >= PACKED_MIN && (hsn_deflate_sniff(v, &deflate) ||
                                 (run.n > DIGEST && (has_word(v) || hsn_utf16_sniff(v, &wide))));
}

/* Of a digest or an id, which most runs are, the first two bytes mostly tell that they are none of
 * a text, with a mask or without. */
static hex_kind sniff(hsn_str run)
{
    const int first = byte_at(run, 0);
    const int second = byte_at(run, 2);
    if (first < 0 || second < 0) {
        return HEX_NONE;
    }
    if (is_print((unsigned char)(first ^ second)) && is_masked(run)) {
        return HEX_MASKED; /* some masks leave an address printable: this comes first */
    }
    const bool text = first < 0x7f && second < 0x7f && begins_text(run);
    const bool packed = first == 0x1f || first == 0x78;
    return text || ((packed || run.n > DIGEST) && is_binary(run)) ? HEX_BYTES : HEX_NONE;
}

/* Not what `sniff` says, but no less: which layer it is, and from where on, is not asked. */
bool hsn_may_hide_in_hex(hsn_str digits)
{
    enum { SHORTEST = 2 * HSN_VEC, ALL = (1 << HSN_VEC) - 1, FIRST = (1 << TEXT_MIN) - 1 };
    if (digits.n < SHORTEST || digits.n > DIGEST) {
        return true;
    }
    unsigned char head[HSN_VEC];
    hsn_vec_from_hex(digits.p, head);
    const bool text = (hsn_vec_within(head, 0, '\t', 0x7e) & FIRST) == FIRST;
    const bool masked = (hsn_vec_within(head, head[0], 0x20, 0x7e) | 1) == ALL;
    const bool packed =
        digits.n >= (size_t)2 * PACKED_MIN && (head[0] == 0x1f || head[0] == 0x78);
    const bool base32 =
        (hsn_vec_within(digits.p, 0, 'a', 'f') | hsn_vec_within(digits.p, 0, '2', '7')) == ALL;
    return text || masked || packed || base32;
}

/* How bytes are spelled, so that encoding gives back the same spelling. */
typedef struct spelling {
    bool upper;
    bool masked;
    unsigned char mask;
} spelling;

/* Takes the mask off, which is the first byte. */
static unsigned char unmask(hsn_buf *b)
{
    const unsigned char mask = b->p[0];
    b->n--;
    for (size_t i = 0; i < b->n; i++) {
        b->p[i] = b->p[i + 1] ^ mask;
    }
    return mask;
}

static bool encode_hex(hsn_buf *out, hsn_str plain, const void *how)
{
    const spelling *as = how;
    if (!as->masked) {
        hsn_hex_encode(out, plain, as->upper);
        return !hsn_buf_failed(out);
    }
    hsn_hex_encode(out, hsn_str_of(&as->mask, 1), as->upper);
    for (size_t i = 0; i < plain.n; i++) {
        const unsigned char c = plain.p[i] ^ as->mask;
        hsn_hex_encode(out, hsn_str_of(&c, 1), as->upper);
    }
    return !hsn_buf_failed(out);
}

bool hsn_cut_hex(hsn_inspector *in, hsn_str text, size_t at, size_t run_end, const hsn_site *site,
                 size_t *end, hsn_edits *out)
{
    hsn_str run = hsn_str_cut(text, at, run_end);
    if (run.n < 2 * TEXT_MIN || hsn_hex(run.p[0]) < 0 ||
        (hsn_hex(run.p[1]) < 0 && (run.p[1] | 0x20) != 'x')) {
        return false;
    }
    if (hsn_str_starts_nocase(run, HSN_S("0x"))) {
        at += 2;
        run = hsn_str_cut(text, at, run_end);
    }
    hex_kind kind = sniff(run);
    if (kind == HEX_NONE || (run.n = hex_length(run)) < 2 * TEXT_MIN) {
        return false;
    }
    hsn_buf *plain = hsn_layer_enter(in, kind == HEX_MASKED ? "masked" : "hex");
    *end = at + run.n;
    if (plain == NULL) {
        hsn_replace_blind(in, text, at, run.n, "limit:layers", site, out);
        return true;
    }
    spelling how = {.masked = kind == HEX_MASKED};
    hsn_edits inner = {0};
    if (!hsn_hex_decode(run, &how.upper, plain)) {
        if (hsn_buf_failed(plain)) {
            hsn_replace_blind(in, text, at, run.n, "limit:size", site, out);
        }
    } else if (how.masked) {
        how.mask = unmask(plain);
        hsn_inspect_text(in, hsn_buf_str(plain), site, &inner);
    } else {
        (void)hsn_inspect_bytes(in, hsn_buf_str(plain), site, &inner);
    }
    hsn_encode_edited(in, hsn_buf_str(plain), &inner, encode_hex, &how, at, run.n, out);
    bool found = inner.n > 0 || hsn_buf_failed(plain);
    hsn_layer_leave(in);
    return found;
}

/* ---------------------------------------------------------------- base32 */

/* What the characters spell begins like a text. */
static bool is_promising_base32(hsn_str run)
{
    unsigned char head[TEXT_MIN];
    size_t n = hsn_base32_peek(run, head, sizeof head);
    for (size_t i = 0; i < n; i++) {
        if (!is_print(head[i]) && !hsn_is_space(head[i])) {
            return false;
        }
    }
    return n == sizeof head;
}

static bool encode_base32(hsn_buf *out, hsn_str plain, const void *how)
{
    hsn_base32_encode(out, plain, how);
    return !hsn_buf_failed(out);
}

bool hsn_cut_base32(hsn_inspector *in, hsn_str text, size_t at, size_t run_end,
                    const hsn_site *site, size_t *end, hsn_edits *out)
{
    hsn_str run = hsn_str_cut(text, at, run_end);
    if (!is_promising_base32(run)) {
        return false;
    }
    enum { PADDING = 6 };
    *end = run_end;
    while (*end < text.n && *end - run_end < PADDING && text.p[*end] == '=') {
        ++*end;
    }
    run = hsn_str_cut(text, at, *end);
    hsn_buf *plain = hsn_layer_enter(in, "base32");
    if (plain == NULL) {
        hsn_replace_blind(in, text, at, run.n, "limit:layers", site, out);
        return true;
    }
    hsn_base32 how;
    hsn_edits inner = {0};
    if (hsn_base32_decode(run, &how, plain)) {
        (void)hsn_inspect_bytes(in, hsn_buf_str(plain), site, &inner);
    } else if (hsn_buf_failed(plain)) {
        hsn_replace_blind(in, text, at, run.n, "limit:size", site, out);
    }
    hsn_encode_edited(in, hsn_buf_str(plain), &inner, encode_base32, &how, at, run.n, out);
    bool found = inner.n > 0 || hsn_buf_failed(plain);
    hsn_layer_leave(in);
    return found;
}
