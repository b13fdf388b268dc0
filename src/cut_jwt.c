/*
 * JSON Web Tokens (RFC 7515 compact form, RFC 7516 for the encrypted ones).
 *
 * Signed: the header stays, the claims are cleaned like any JSON text and encoded again, the
 * signature is replaced. Encrypted, or with --jwt=whole: replaced whole. A stand-in for a signature
 * marks a token that has been here before.
 */
#include "cut_bytes.h"

enum { SEGMENTS_MAX = 5 };

typedef struct jwt {
    size_t from[SEGMENTS_MAX];
    size_t to[SEGMENTS_MAX];
    size_t n;
} jwt;

static bool is_base64url(unsigned char c)
{
    return hsn_is_alnum(c) || c == '-' || c == '_';
}

static void read_segments(hsn_str t, size_t at, jwt *out)
{
    size_t i = at;
    out->n = 0;
    while (out->n < SEGMENTS_MAX) {
        out->from[out->n] = i;
        while (i < t.n && is_base64url(t.p[i])) {
            i++;
        }
        out->to[out->n++] = i;
        if (i == t.n || t.p[i] != '.') {
            break;
        }
        i++;
    }
}

/* Segment k, when it decodes to a JSON object. */
static bool is_json_segment(hsn_str t, const jwt *j, size_t k)
{
    unsigned char head[3];
    hsn_str s = hsn_str_cut(t, j->from[k], j->to[k]);
    return s.n >= 4 && hsn_base64_peek(s, head, sizeof head) == sizeof head && head[0] == '{' &&
           (head[1] == '"' || hsn_is_space(head[1]) || head[1] == '}');
}

/* A copy that outlives the layer: what of a token may be told is what it will say. */
static const char *keep_claims(hsn_inspector *in, hsn_str plain, hsn_edits *inner)
{
    enum { MAX = 4096 }; /* issuer, audience and expiry stand near the beginning, or do without */
    hsn_buf tmp;
    hsn_str edited = hsn_edited(in, plain, inner, &tmp);
    size_t n = edited.n < MAX ? edited.n : MAX;
    char *claims = hsn_arena_new(&in->arena, n + 1);
    in->failed = in->failed || claims == NULL;
    if (claims != NULL && n > 0) {
        memcpy(claims, edited.p, n);
    }
    if (claims != NULL) {
        claims[n] = '\0';
    }
    hsn_buf_wipe(&tmp);
    return claims;
}

/* The claims as they will be written; NULL if they could not be read. */
static const char *clean_claims(hsn_inspector *in, hsn_str t, const jwt *j, const hsn_site *site,
                                hsn_edits *out)
{
    hsn_buf *plain = hsn_layer_enter(in, "jwt");
    size_t off = j->from[1];
    size_t len = j->to[1] - off;
    if (plain == NULL) {
        hsn_replace_blind(in, t, off, len, "limit:layers", site, out);
        return NULL;
    }
    hsn_base64 how;
    size_t end;
    const char *claims = NULL;
    hsn_site inside = {.strict = site->strict, .claims = true};
    hsn_edits inner = {0};
    if (hsn_base64_decode(hsn_str_cut(t, off, off + len), &how, plain)) {
        if (!hsn_cut_json(in, hsn_buf_str(plain), 0, &inside, &end, &inner)) {
            hsn_inspect_text(in, hsn_buf_str(plain), &inside, &inner);
        }
        how.padded = false; /* RFC 7515 section 2 */
        hsn_encode_base64(in, hsn_buf_str(plain), &inner, &how, off, len, out);
        claims = keep_claims(in, hsn_buf_str(plain), &inner);
    }
    hsn_layer_leave(in);
    return claims;
}

/* Selective disclosure (RFC 9901): ~<salt, name and value>~... behind the token, each in base64. */
static size_t cut_disclosures(hsn_inspector *in, hsn_str t, size_t at, const hsn_rule *rule,
                              const hsn_site *site, hsn_edits *out)
{
    enum { SHORTEST = 16 };
    while (at < t.n && t.p[at] == '~') {
        size_t from = at + 1;
        size_t to = from;
        while (to < t.n && is_base64url(t.p[to])) {
            to++;
        }
        if (to - from < SHORTEST) {
            return at;
        }
        if (!hsn_is_standin(hsn_str_cut(t, from, to))) {
            hsn_replace(in, t, from, to - from, rule, site, out);
        }
        at = to;
    }
    return at;
}

bool hsn_cut_jwt(hsn_inspector *in, hsn_str text, size_t at, const hsn_site *site, size_t *end,
                 hsn_edits *out)
{
    const hsn_rule *rule = in->detect[HSN_DETECT_JWT];
    jwt j;
    if (rule == NULL) {
        return false;
    }
    read_segments(text, at, &j);
    if (j.n < 3 || !hsn_valid_jwt(hsn_str_cut(text, at, j.to[j.n - 1]))) {
        return false;
    }
    if (in->jwt == HARSAN_JWT_CLAIMS && is_json_segment(text, &j, 1)) {
        *end = j.to[2];
        const char *claims = clean_claims(in, text, &j, site, out);
        hsn_str signature = hsn_str_cut(text, j.from[2], j.to[2]);
        size_t before = out->n;
        if (signature.n > 0) {
            hsn_replace(in, text, j.from[2], signature.n, rule, site, out);
        }
        if (out->n > before) {
            out->v[before].notes->claims = claims;
        }
        *end = cut_disclosures(in, text, *end, rule, site, out);
        return true;
    }
    *end = j.to[j.n - 1];
    hsn_replace(in, text, at, *end - at, rule, site, out);
    *end = cut_disclosures(in, text, *end, rule, site, out);
    return true;
}
