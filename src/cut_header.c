/*
 * Header values with a grammar of their own: Cookie and Set-Cookie (RFC 6265), credentials (RFC
 * 9110 section 11: a scheme, then token68 or parameters). Names, schemes, attributes and separators
 * stay.
 */
#include "cut_bytes.h"

static hsn_str trimmed(hsn_str t, size_t *from, size_t *to)
{
    while (*from < *to && hsn_is_space(t.p[*from])) {
        (*from)++;
    }
    while (*to > *from && hsn_is_space(t.p[*to - 1])) {
        (*to)--;
    }
    return hsn_str_cut(t, *from, *to);
}

/* ---------------------------------------------------------------- cookies */

/* Is what is found in a text there determined by it and the number of layers around it? Then the
 * memo of clean values may have it: names of cookies, schemes and flags come in every request. */
static bool is_plain(const hsn_inspector *in, const hsn_site *site)
{
    const bool strict = site->strict && in->detect[HSN_DETECT_STRICT] != NULL;
    return site->rule == NULL && site->param.n == 0 && !site->binary && !strict &&
           !site->claims && !in->again && in->watch == NULL && in->part == NULL;
}

static void inspect_inside(hsn_inspector *in, hsn_str text, size_t off, size_t len,
                           const hsn_site *site, hsn_edits *out)
{
    const hsn_str part = hsn_str_cut(text, off, off + len);
    const bool plain = is_plain(in, site);
    const uint32_t treatment = UINT32_MAX - in->n_layers; /* none of a field, counted from 0 on */
    if (plain && hsn_clean_has(in->clean, treatment, part)) {
        return;
    }
    /* a layer, though nothing is decoded: a header line may stand in a header line, and so on */
    if (hsn_layer_enter(in, "header") == NULL) {
        hsn_replace_blind(in, text, off, len, "limit:layers", site, out);
        return;
    }
    hsn_site inside = *site;
    inside.where = 0;
    inside.name = (hsn_str){0};
    hsn_edits inner = {0};
    const hsn_blind *blind = in->blind;
    const bool unheard = in->unheard;
    const bool keep = plain && hsn_clean_came(in->clean, treatment, part);
    in->unheard = unheard && !keep;
    hsn_inspect_text(in, part, &inside, &inner);
    in->unheard = unheard;
    in->spoilt = in->spoilt || inner.n > 0;
    hsn_edits_shift(in, &inner, off, out);
    hsn_layer_leave(in);
    if (plain && inner.n == 0 && in->blind == blind && !in->failed) {
        hsn_clean_add(in->clean, treatment, part, keep);
    }
}

/* A name, a scheme, an attribute: stays, but for what is known or known by its shape. */
static void inspect_word(hsn_inspector *in, hsn_str text, size_t from, size_t to,
                         const hsn_site *site, hsn_edits *out)
{
    if (to - from >= HSN_KEY) {
        inspect_inside(in, text, from, to - from, site, out);
    }
}

static bool replace_jwt(hsn_inspector *in, hsn_str text, size_t off, size_t len,
                        const hsn_site *site, hsn_edits *out)
{
    size_t end;
    hsn_str value = hsn_str_cut(text, 0, off + len);
    return len > 3 && memcmp(text.p + off, "eyJ", 3) == 0 &&
           hsn_cut_jwt(in, value, off, site, &end, out) && end == off + len;
}

void hsn_cut_cookie_value(hsn_inspector *in, hsn_str text, hsn_str name, size_t off, size_t len,
                          const hsn_site *site, hsn_edits *out)
{
    if (len >= 2 && text.p[off] == '"' && text.p[off + len - 1] == '"') {
        off++;
        len -= 2;
    }
    hsn_str value = hsn_canonical(in, hsn_str_cut(text, off, off + len));
    hsn_verdict *v = hsn_verdict_of(in->verdicts, value);
    const hsn_rule *rule = hsn_name_facts_of(in->names, name, HSN_IN_COOKIE)->rule;
    const hsn_rule *any = in->detect[HSN_DETECT_COOKIE];
    const hsn_rule *strict = in->detect[HSN_DETECT_STRICT];
    bool named = rule != NULL && rule->action == HSN_REPLACE;
    if (named && hsn_verdict_passes(in->verdicts, v, rule)) {
        /* by its name */
    } else if (any != NULL && (rule == NULL || named) && !hsn_verdict_is_harmless_cookie(v)) {
        rule = any;
    } else if (strict != NULL && !hsn_rule_keeps(rule) && !hsn_is_placeholder(value)) {
        rule = strict;
    } else {
        inspect_inside(in, text, off, len, site, out);
        return;
    }
    hsn_site cookie = *site;
    cookie.where = HSN_IN_COOKIE;
    cookie.name = name;
    if (!replace_jwt(in, text, off, len, &cookie, out)) {
        hsn_replace(in, text, off, len, rule, &cookie, out);
    }
}

/* One name=value; a value without a name is a cookie as well (RFC 6265bis section 5.6). */
static void cut_pair(hsn_inspector *in, hsn_str text, size_t from, size_t to, const hsn_site *site,
                     hsn_edits *out)
{
    hsn_str pair = trimmed(text, &from, &to);
    size_t eq = hsn_str_chr(pair, '=');
    hsn_str name = hsn_str_cut(pair, 0, eq < pair.n ? eq : 0);
    size_t value = eq < pair.n ? from + eq + 1 : from;
    inspect_word(in, text, from, from + name.n, site, out);
    if (to > value) {
        hsn_cut_cookie_value(in, text, name, value, to - value, site, out);
    }
}

/* A comma joins two cookies when the name of one and = follow; in a date it does not. */
static bool is_joint(hsn_str t, size_t comma)
{
    size_t i = comma + 1;
    while (i < t.n && t.p[i] == ' ') {
        i++;
    }
    size_t from = i;
    while (i < t.n && (hsn_is_alnum(t.p[i]) || t.p[i] == '_' || t.p[i] == '-' || t.p[i] == '.')) {
        i++;
    }
    return i > from && i < t.n && t.p[i] == '=';
}

/* Does a comma of t stand in quotes that a pair opened? Asked of one after another: *at and *quoted
 * are where the one before stood, and the answer. */
static bool is_quoted(hsn_str t, size_t comma, size_t *at, bool *quoted)
{
    for (; *at < comma; (*at)++) {
        *quoted = *quoted != (t.p[*at] == '"');
    }
    return *quoted;
}

/* Several Cookie headers are joined by a comma and a blank (mitmproxy; RFC 2965 section 3.3.4 has
 * it, too): where such a joint stands in t[from, to), or `to`. `comma` is the first one there. */
static size_t next_joint(hsn_str t, size_t from, size_t comma, size_t to)
{
    const hsn_str pairs = hsn_str_cut(t, 0, to);
    bool quoted = false;
    for (size_t i = comma; i + 1 < to; i++) {
        if (t.p[i] == ',' && t.p[i + 1] == ' ' && is_joint(pairs, i) &&
            !is_quoted(t, i, &from, &quoted)) {
            return i;
        }
    }
    return to;
}

void hsn_cut_cookie(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    size_t line = 0; /* the next line end; and before it */
    size_t semi = 0;
    size_t comma = 0;
    for (size_t from = 0, to; from <= text.n; from = to + 1) {
        if (line < from || from == 0) {
            line = from + hsn_str_chr(hsn_str_cut(text, from, text.n), '\n');
        }
        if (semi < from || from == 0) {
            semi = from + hsn_str_chr(hsn_str_cut(text, from, line), ';');
        }
        if (comma < from || from == 0) {
            comma = from + hsn_str_chr(hsn_str_cut(text, from, line), ',');
        }
        to = comma < semi ? next_joint(text, from, comma, semi) : semi;
        cut_pair(in, text, from, to, site, out);
    }
}

bool hsn_is_cookie_list(hsn_str text)
{
    enum { NAME_MAX_LEN = 80 };
    size_t i = 0;
    while (i < text.n && i < NAME_MAX_LEN &&
           (hsn_is_alnum(text.p[i]) || hsn_is_one_of(text.p[i], "_-.$[]%:"))) {
        i++;
    }
    return i > 0 && i + 1 < text.n && text.p[i] == '=' && text.p[i + 1] != ' ' &&
           text.p[i + 1] != '=';
}

static bool is_attribute(hsn_str pair)
{
    static const hsn_str names[] = {HSN_W("path"),     HSN_W("domain"),      HSN_W("expires"),
                                    HSN_W("max-age"),  HSN_W("secure"),      HSN_W("httponly"),
                                    HSN_W("samesite"), HSN_W("partitioned"), HSN_W("priority"),
                                    HSN_W("version"),  HSN_W("comment")};
    hsn_str name = hsn_str_cut(pair, 0, hsn_str_chr(pair, '='));
    return HSN_STR_IN(name, names);
}

/* Several cookies may stand in one value, joined by line ends (Chrome) or commas outside of quotes.
 * Every name=value whose name is no attribute is a cookie. */
void hsn_cut_set_cookie(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    for (size_t from = 0; from <= text.n;) {
        size_t to = from;
        size_t at = from;
        bool quoted = false;
        while (to < text.n && text.p[to] != ';' && text.p[to] != '\n' &&
               !(text.p[to] == ',' && is_joint(text, to) && !is_quoted(text, to, &at, &quoted))) {
            to++;
        }
        size_t a = from;
        size_t b = to;
        hsn_str pair = trimmed(text, &a, &b);
        if (is_attribute(pair)) {
            inspect_word(in, text, a, b, site, out);
        } else {
            cut_pair(in, text, from, to, site, out);
        }
        from = to + 1;
    }
}

/* ---------------------------------------------------------------- credentials */

/* Parameters of Digest (RFC 7616), SigV4, Hawk, OAuth 1 (RFC 5849), HTTP signatures that let
 * somebody act or tell who acts. */
static bool is_secret_parameter(hsn_str name)
{
    static const hsn_str names[] = {HSN_W("response"),
                                    HSN_W("cnonce"),
                                    HSN_W("nonce"),
                                    HSN_W("nextnonce"),
                                    HSN_W("rspauth"),
                                    HSN_W("opaque"),
                                    HSN_W("username"),
                                    HSN_W("userhash"),
                                    HSN_W("mac"),
                                    HSN_W("id"),
                                    HSN_W("hash"),
                                    HSN_W("signature"),
                                    HSN_W("credential"),
                                    HSN_W("token"),
                                    HSN_W("access_token"),
                                    HSN_W("auth"),
                                    HSN_W("key"),
                                    HSN_W("apikey"),
                                    HSN_W("api_key"),
                                    HSN_W("oauth_token"),
                                    HSN_W("oauth_signature"),
                                    HSN_W("oauth_consumer_key"),
                                    HSN_W("oauth_verifier"),
                                    HSN_W("oauth_nonce"),
                                    HSN_W("keyid"),
                                    HSN_W("password"),
                                    HSN_W("secret"),
                                    HSN_W("client"),
                                    HSN_W("bearer"),
                                    HSN_W("data")};
    return HSN_STR_IN(name, names);
}

static void cut_parameter(hsn_inspector *in, hsn_str t, size_t from, size_t to,
                          const hsn_rule *rule, const hsn_site *site, hsn_edits *out)
{
    hsn_str pair = trimmed(t, &from, &to);
    size_t eq = hsn_str_chr(pair, '=');
    inspect_word(in, t, from, from + eq, site, out); /* without an =, all of it */
    if (eq == pair.n) {
        return;
    }
    size_t a = from + eq + 1;
    size_t b = to;
    trimmed(t, &a, &b);
    if (b - a >= 2 && t.p[a] == '"' && t.p[b - 1] == '"') {
        a++;
        b--;
    }
    const hsn_str name = hsn_str_trim(hsn_str_cut(pair, 0, eq));
    if (hsn_str_eq_nocase(name, HSN_S("credential"))) { /* SigV4: <key id>/<date>/<region>/... */
        b = a + hsn_str_chr(hsn_str_cut(t, a, b), '/');
    }
    if (b > a && is_secret_parameter(name) && !hsn_is_placeholder(hsn_str_cut(t, a, b))) {
        hsn_replace(in, t, a, b - a, rule, site, out);
    } else if (b > a) {
        inspect_inside(in, t, a, b - a, site, out);
    }
}

static void cut_parameters(hsn_inspector *in, hsn_str t, size_t from, const hsn_rule *rule,
                           const hsn_site *site, hsn_edits *out)
{
    bool quoted = false;
    size_t begin = from;
    for (size_t i = from; i <= t.n; i++) {
        quoted = quoted != (i < t.n && t.p[i] == '"');
        if (i == t.n || (t.p[i] == ',' && !quoted)) {
            cut_parameter(in, t, begin, i, rule, site, out);
            begin = i + 1;
        }
    }
}

/* Basic (RFC 7617): base64 of user:password; both are replaced, base64 stays base64. */
static bool cut_basic(hsn_inspector *in, hsn_str t, size_t from, size_t to, const hsn_rule *rule,
                      const hsn_site *site, hsn_edits *out)
{
    hsn_buf *plain = hsn_layer_enter(in, "base64");
    if (plain == NULL) {
        return false;
    }
    hsn_base64 how;
    hsn_edits inner = {0};
    hsn_str text = {0};
    size_t colon = 0;
    bool ok = hsn_base64_decode(hsn_str_cut(t, from, to), &how, plain);
    if (ok) {
        text = hsn_buf_str(plain);
        colon = hsn_str_chr(text, ':');
        ok = colon < text.n;
    }
    if (ok && colon > 0) {
        hsn_replace(in, text, 0, colon, rule, site, &inner);
    }
    if (ok && colon + 1 < text.n) {
        hsn_replace(in, text, colon + 1, text.n - colon - 1, rule, site, &inner);
    }
    if (ok) {
        hsn_encode_base64(in, text, &inner, &how, from, to - from, out);
    }
    hsn_layer_leave(in);
    return ok;
}

/* name="..." or name=token, a comma or the end behind it: parameters, not one token68. */
static bool has_parameters(hsn_str rest)
{
    size_t eq = hsn_str_chr(rest, '=');
    if (eq == 0 || eq + 1 >= rest.n) {
        return false;
    }
    for (size_t i = 0; i < eq; i++) {
        if (!hsn_is_alnum(rest.p[i]) && rest.p[i] != '_' && rest.p[i] != '-') {
            return false;
        }
    }
    return rest.p[eq + 1] == '"' || hsn_str_chr(rest, ',') < rest.n ||
           is_secret_parameter(hsn_str_cut(rest, 0, eq));
}

/* What stands alone where a credential could, besides a scheme with nothing behind it. */
static const hsn_str talk[] = {HSN_W("required"), HSN_W("optional")};

static bool is_scheme(hsn_str word)
{
    static const hsn_str schemes[] = {HSN_W("bearer"), HSN_W("basic"),  HSN_W("negotiate"),
                                      HSN_W("ntlm"),   HSN_W("digest"), HSN_W("token")};
    return HSN_STR_IN(word, schemes);
}

/* Where the parts of credentials stand in a text; the scheme is empty where there is none. */
typedef struct parts {
    size_t scheme;
    size_t scheme_end;
    size_t value;
    size_t end;
} parts;

/* Behind the blanks at `at`. */
static size_t past_spaces(hsn_str t, size_t at, size_t to)
{
    while (at < to && t.p[at] == ' ') {
        at++;
    }
    return at;
}

/* "Bearer Bearer ...": behind the scheme that a client wrote again, `from` when it did not. */
static size_t past_repeated(hsn_str t, hsn_str scheme, size_t from, size_t to)
{
    for (size_t end; from < to; from = past_spaces(t, end, to)) {
        end = from + hsn_str_chr(hsn_str_cut(t, from, to), ' ');
        if (end == to || !is_scheme(scheme) ||
            !hsn_str_eq_nocase(hsn_str_cut(t, from, end), scheme)) {
            break;
        }
    }
    return from;
}

/* False when nothing is there that could be a credential. */
static bool find_parts(hsn_str text, parts *p)
{
    *p = (parts){.end = text.n};
    hsn_str all = trimmed(text, &p->scheme, &p->end);
    p->scheme_end = p->scheme + hsn_str_chr(all, ' ');
    p->value = past_spaces(text, p->scheme_end, p->end);
    if (p->value < p->end) {
        p->value = past_repeated(text, hsn_str_cut(text, p->scheme, p->scheme_end), p->value,
                                 p->end);
        return true;
    }
    p->value = p->scheme_end = p->scheme; /* many services take the bare token */
    return all.n > 0 && !is_scheme(all) && !HSN_STR_IN(all, talk) && !hsn_is_placeholder(all);
}

/* In a log line other words follow: "Bearer ..., Basic ...". In prose there is no credential at
 * all: false, and all of it was inspected. */
static bool end_value(hsn_inspector *in, hsn_str text, parts *p, const hsn_site *site,
                      hsn_edits *out)
{
    enum { MADE_MIN = 16 };
    hsn_str value = hsn_str_cut(text, p->value, p->end);
    hsn_str word = hsn_str_cut(value, 0, hsn_str_chr(value, ' '));
    if (word.n == value.n || has_parameters(value)) {
        return true;
    }
    if (!is_scheme(hsn_str_cut(text, p->scheme, p->scheme_end)) &&
        !hsn_is_tokenish(word, MADE_MIN)) {
        inspect_inside(in, text, 0, text.n, site, out);
        return false;
    }
    p->end = p->value + word.n;
    inspect_inside(in, text, p->end, text.n - p->end, site, out);
    p->end -= word.n > 0 && word.p[word.n - 1] == ',';
    return true;
}

void hsn_cut_credentials(hsn_inspector *in, hsn_str text, const hsn_rule *rule,
                         const hsn_site *site, hsn_edits *out)
{
    parts p;
    if (!find_parts(text, &p) || !end_value(in, text, &p, site, out)) {
        return;
    }
    hsn_str scheme = hsn_str_cut(text, p.scheme, p.scheme_end);
    hsn_str value = hsn_str_cut(text, p.value, p.end);
    inspect_word(in, text, p.scheme, p.scheme_end, site, out);
    if (has_parameters(value)) {
        cut_parameters(in, hsn_str_cut(text, 0, p.end), p.value, rule, site, out);
        return;
    }
    if (hsn_is_standin(value)) { /* it may read like base64 of anything */
        return;
    }
    if (hsn_str_eq_nocase(scheme, HSN_S("basic")) &&
        cut_basic(in, text, p.value, p.end, rule, site, out)) {
        return;
    }
    if (!replace_jwt(in, text, p.value, value.n, site, out) && !hsn_is_placeholder(value)) {
        hsn_replace(in, text, p.value, value.n, rule, site, out);
    }
}
