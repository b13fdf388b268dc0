/*
 * What knows itself by its own shape: addresses, numbers, tokens with a prefix, credentials and
 * tokens in URLs.
 */
#include "spot.h"

static const hsn_rule *detector(const hsn_scan *s, hsn_detect which)
{
    return s->in->detect[which];
}

static bool is_quote(hsn_str t, size_t at)
{
    return at < t.n && (t.p[at] == '"' || t.p[at] == '\'');
}

/* 'ann' + '@' + 'x.test', or with the sign at the end or beginning of one of them. */
static void joined_address(hsn_scan *s, size_t at)
{
    enum { HOST_MAX = 256 };
    const hsn_str t = s->text;
    size_t close = at + 1;
    if (!is_quote(t, close) && at > 0 && is_quote(t, at - 1)) {
        close = at + hsn_str_chr(hsn_str_cut(t, at, at + HOST_MAX), t.p[at - 1]);
    }
    if (is_quote(t, close)) {
        hsn_spot_joint(s, close);
    }
}

void hsn_spot_email(hsn_scan *s, size_t at)
{
    const hsn_rule *rule = detector(s, HSN_DETECT_EMAIL);
    size_t begin;
    size_t len = rule != NULL ? hsn_email_in_text(s->text, at, &begin) : 0;
    if (len > 0) {
        hsn_scan_found(s, begin, len, rule);
    } else if (rule != NULL) {
        joined_address(s, at);
    }
}

static bool begins_jwt(hsn_str t, size_t at)
{
    return t.n - at > 3 && memcmp(t.p + at, "eyJ", 3) == 0;
}

static size_t jwt_end(hsn_str t, size_t at)
{
    while (at < t.n && (hsn_is_alnum(t.p[at]) || hsn_is_one_of(t.p[at], "_-."))) {
        at++;
    }
    return at;
}

/* One token, whether it is a JWT or not: what is within is not tried again. */
static bool at_jwt(hsn_scan *s, size_t at)
{
    size_t end;
    s->jwt_end = jwt_end(s->text, at);
    if (hsn_scan_defer(s, s->jwt_end)) {
        return true;
    }
    if (!hsn_cut_jwt(s->in, s->text, at, s->site, &end, s->out)) {
        return false;
    }
    s->skip = end;
    return true;
}

/* Did an edit from the list's `first` on take something of text[from, to)? */
static bool is_edited(const hsn_edits *e, size_t first, size_t from, size_t to)
{
    for (size_t i = first; i < e->n; i++) {
        if (e->v[i].off < to && e->v[i].off + e->v[i].len > from) {
            return true;
        }
    }
    return false;
}

/* Does an escape go on with the value, and had the stretch around it the whole? A value that goes
 * by what stands before it is none in a stretch that begins with it. */
static bool defer_hit(hsn_scan *s, size_t at, const hsn_hit *hit)
{
    const size_t end = hit->off + hit->len;
    const size_t before = s->out->n;
    size_t slash = at + hsn_str_chr(hsn_str_cut(s->text, at, end), '\\');
    return hsn_scan_defer_from(s, hit->off, slash < end ? slash : end) &&
           (!hit->rule->context || is_edited(s->out, before, hit->off, end));
}

static bool is_token_byte(unsigned char c)
{
    return hsn_is_alnum(c) || hsn_is_one_of(c, "-._~+/=");
}

/* Where a token ends that goes on at `end` with %2B, %3D or another such sign. */
static size_t percent_end(hsn_str t, size_t end)
{
    unsigned char c[HSN_ESCAPE_MAX];
    size_t n;
    while (end < t.n && t.p[end] == '%' && hsn_escape_percent.step(t, end, c, &n) == 3 &&
           is_token_byte(c[0])) {
        for (end += 3; end < t.n && is_token_byte(t.p[end]);) {
            end++;
        }
    }
    return end;
}

/* May what stands under a name go on at t[end]? Not behind a quote, a blank, a tag or an &. */
static bool goes_on(hsn_str t, size_t end)
{
    return end < t.n && !hsn_is_one_of(t.p[end], "\"'<>`& \t\r\n\\");
}

static void replace_hit(hsn_scan *s, size_t at, const hsn_hit *hit)
{
    enum { GAP = 24 };
    size_t end = hit->off + hit->len;
    if (hit->off < s->skip) { /* extended backwards into what was dealt with already */
        return;
    }
    if (defer_hit(s, at, hit)) {
        return;
    }
    if (hit->limit) {
        hsn_replace_blind(s->in, s->text, hit->off, hit->len, "limit:pattern", s->site, s->out);
    } else if (hsn_is_placeholder(hsn_str_cut(s->text, hit->off, hit->off + hit->len))) {
        return;
    } else {
        end = hit->rule->context ? percent_end(s->text, end) : end;
        hsn_replace(s->in, s->text, hit->off, end - hit->off, hit->rule, s->site, s->out);
        /* the name in it was not looked at: that of the stand-in is, with all that is under it */
        s->in->spoilt = s->in->spoilt || (hit->rule->context && goes_on(s->text, end));
    }
    /* what stands between a command and its option has not been looked at */
    if (hit->off <= at + GAP) {
        const size_t behind = hit->end > end ? hit->end : end;
        s->skip = behind > s->skip ? behind : s->skip;
    }
}

static unsigned where_of(const hsn_scan *s)
{
    return s->site->where != 0 ? s->site->where : HSN_IN_ANY;
}

/* Small letters, blanks and marks: the next eight bytes of a sentence, never of a made value. */
static bool is_prose(const unsigned char p[8])
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    const uint64_t ones = UINT64_MAX / 0xff;
    const uint64_t capital = ~(w >> 5);           /* or a control character */
    const uint64_t digit = w >> 4 & w >> 5 & ~(w >> 6); /* or one of : ; < = > ? */
    return ((capital | digit | w >> 7) & ones) == 0;
}

/* Could the word that ends at t[end] be one before its value, or the last of a cell? */
static bool may_be_label(hsn_str t, size_t end)
{
    static const bool behind[128] = {
        [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true, ['*'] = true,
        ['`'] = true, ['|'] = true,  ['_'] = true,  ['-'] = true,  [','] = true, ['?'] = true};
    if (end >= t.n || t.p[end] >= 128 || !behind[t.p[end]]) {
        /* an element, or the name of a block of Terraform */
        return end < t.n && t.p[end] == '"' &&
               (t.p[0] == '{' || t.p[0] == '[' || hsn_is_digit(t.p[0]) ||
                (t.n - end > 2 && t.p[end + 2] == '{'));
    }
    if (t.p[end] == ',' || t.p[end] == '?') { /* token, value: ... and token ?? "..." */
        return t.n - end > 2 && (t.p[end + 1] == '?' || t.p[end + 2] == 'v');
    }
    bool sentence = t.n - end > 9 && t.p[end] == ' ' && hsn_is_alpha(t.p[end + 1]) &&
                    t.p[end + 1] != 'k' && is_prose(t.p + end + 1);
    return !sentence;
}

/* May the word stand before its value, or at the head of a table of them? By its first four bytes,
 * as small letters. */
static bool heads_values(hsn_scan *s, size_t at)
{
#define WORD(a, b, c, d)                                                                           \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
    if (s->text.n - at < 4) {
        return false;
    }
    const unsigned char *p = s->text.p + at;
    switch (WORD(p[0], p[1], p[2], p[3]) | WORD(0x20, 0x20, 0x20, 0x20)) {
    case WORD('i', 'n', 's', 'e'):
    case WORD('c', 'o', 'p', 'y'):
        return hsn_spot_sql(s, at);
    case WORD('d', 'i', 's', 'p'):
        return hsn_spot_part(s, at);
    case WORD('p', 'a', 's', 's'):
    case WORD('t', 'o', 'k', 'e'):
    case WORD('s', 'e', 'c', 'r'):
    case WORD('a', 'p', 'i', 'k'):
    case WORD('a', 'p', 'i', ' '):
    case WORD('a', 'p', 'i', '-'):
    case WORD('a', 'p', 'i', 0x7f): /* _ with the bit of small letters */
    case WORD('a', 'c', 'c', 'e'):
    case WORD('a', 'u', 't', 'h'):
    case WORD('l', 'o', 'g', 'i'):
    case WORD('l', 'o', 'g', 'o'):
    case WORD('s', 'i', 'g', 'n'):
    case WORD('i', 'd', 'e', 'n'):
    case WORD('s', 'e', 't', 't'): {
        size_t end = hsn_word_end(s->text, at + 3);
        return may_be_label(s->text, end) && hsn_spot_label(s, at, end);
    }
    default:
        return false;
    }
#undef WORD
}

/* Patterns of tokens read on to the end of the run, or as far as the longest of our own goes. */
static bool pay_for_patterns(hsn_scan *s, size_t at)
{
    enum { FREE = 512, MOST = 65536 };
    const size_t run = at < s->base64_end ? s->base64_end - at : 0;
    return run <= FREE || hsn_scan_spend(s, run < MOST ? run : MOST);
}

void hsn_spot_token(hsn_scan *s, size_t at, bool anchor)
{
    if (at >= s->jwt_end && begins_jwt(s->text, at) && at_jwt(s, at)) {
        return;
    }
    if (s->pairs && hsn_spot_binary_pair(s, at)) {
        return;
    }
    if (heads_values(s, at)) {
        return;
    }
    hsn_hit hit;
    if (pay_for_patterns(s, at) && anchor &&
        hsn_rules_match_at(s->in->rules, s->in->matcher, s->text, at, where_of(s), &hit)) {
        replace_hit(s, at, &hit);
    }
}

/* /(S(<session>))/ of ASP.NET without cookies; also A for anonymous, F for signed in. */
static bool is_cookieless(hsn_str t, size_t at, size_t end)
{
    return at >= 4 && t.n - end >= 2 && t.p[at - 1] == '(' && t.p[at - 3] == '(' &&
           t.p[at - 4] == '/' && (t.p[at - 2] == 'S' || t.p[at - 2] == 'A' || t.p[at - 2] == 'F') &&
           t.p[end] == ')' && (t.p[end + 1] == ')' || hsn_is_alpha(t.p[end + 1]));
}

static bool may_be_before(unsigned char c)
{
    return c == '~' || c == '-' || c == '_' || c == '+' || c == '/' || hsn_is_alnum(c);
}

/* Of a token with a mark in it all may stand before a ~ but the last run. */
void hsn_spot_inside(hsn_scan *s, size_t at, size_t end)
{
    enum { SHORTEST = 36, LONGEST = HSN_INSIDE_MAX };
    hsn_str t = s->text;
    size_t from = at;
    while (from > s->skip && end - from <= LONGEST && may_be_before(t.p[from - 1])) {
        from--;
    }
    const hsn_rule *path = detector(s, HSN_DETECT_PATH);
    if (path != NULL && is_cookieless(t, at, end)) {
        hsn_replace(s->in, t, at, end - at, path, s->site, s->out);
        s->skip = end;
        return;
    }
    hsn_hit hit;
    if (end - from >= SHORTEST && end - from <= LONGEST &&
        hsn_rules_match_inside(s->in->rules, s->in->matcher, t, from, where_of(s), &hit)) {
        replace_hit(s, at, &hit);
    }
}

/* ---------------------------------------------------------------- URLs */

/* User names that stand for "a token follows" (git hosting), and say nothing of a person. */
static bool is_service_user(hsn_str v)
{
    static const hsn_str names[] = {HSN_W("git"),          HSN_W("oauth2"), HSN_W("x-access-token"),
                                    HSN_W("x-token-auth"), HSN_W("hg"),     HSN_W("svn")};
    return HSN_STR_IN(v, names);
}

/* A Sentry DSN names a public key before its @: documented as public by its vendor. */
static bool is_public_key_host(hsn_str host)
{
    return hsn_str_find(host, HSN_S("sentry.io")) < host.n;
}

static void replace_part(hsn_scan *s, size_t from, size_t to, const hsn_rule *rule)
{
    hsn_str v = hsn_str_cut(s->text, from, to);
    if (v.n > 0 && !is_service_user(v) && !hsn_is_placeholder(v)) {
        hsn_replace(s->in, s->text, from, v.n, rule, s->site, s->out);
    }
}

/* RFC 3986 section 3.2: the authority ends at / ? #; the last @ in it ends the userinfo (as the
 * WHATWG URL parser has it, for passwords with a raw @). */
void hsn_spot_url(hsn_scan *s, size_t at)
{
    enum { AUTHORITY_MAX = 1024 };
    const hsn_rule *rule = detector(s, HSN_DETECT_USERINFO);
    size_t from = at + 3;
    hsn_str t = hsn_str_cut(s->text, 0, from + AUTHORITY_MAX);
    size_t end = hsn_find_stop(t, from, "/?#\"'<> \t\r\n\\`|");
    size_t sign = end;
    while (sign > from && t.p[sign - 1] != '@') {
        sign--;
    }
    bool pattern = from < t.n && t.p[from] == '('; /* a regular expression for URLs */
    if (rule == NULL || sign == from || sign == from + 1 || pattern) {
        return;
    }
    size_t user_end = sign - 1;
    hsn_str info = hsn_str_cut(t, from, user_end);
    size_t colon = from + hsn_str_chr(info, ':');
    if (hsn_is_standin(hsn_str_cut(t, colon + 1, user_end))) {
        /* been here: the user was left, or is a stand-in as well */
    } else if (colon < user_end) {
        replace_part(s, from, colon, rule);
        replace_part(s, colon + 1, user_end, rule);
    } else if (!is_public_key_host(hsn_str_cut(t, sign, end))) {
        replace_part(s, from, user_end, rule);
    }
    s->skip = sign;
}

/* Path words behind which a one-time or capability token stands, by their length; weak ones need a
 * longer token, because ids follow them too. */
static const char *const token_words[] = {
    [3] = "otp key",
    [4] = "join",
    [5] = "reset magic token",
    [6] = "forgot verify invite accept optout tokens revoke unlock secret apikey",
    [7] = "recover confirm invites onetime secrets api-key",
    [8] = "recovery validate activate one-time",
    [9] = "magiclink",
    [10] = "activation invitation magic-link",
    [11] = "invitations unsubscribe impersonate",
    [12] = "set-password verification verify-email confirmation passwordless",
    [13] = "resetpassword confirm-email",
    [14] = "reset-password password-reset reset_password password_reset validate-email",
    [15] = "forgot-password",
};
static const char *const weak_words[] = {
    [2] = "dl",
    [3] = "sso",
    [4] = "auth hook",
    [5] = "login share hooks",
    [6] = "signin shared",
    [7] = "session webhook",
    [8] = "sessions download webhooks callback",
    [11] = "preferences",
};

/* Is v one of the words, which stand by their length, a space between two? */
static bool is_word(hsn_str v, const char *const *words, size_t n)
{
    const char *list = v.n < n ? words[v.n] : NULL;
    if (list == NULL) {
        return false;
    }
    const size_t end = strlen(list);
    for (size_t at = 0; at < end; at += v.n + 1) {
        if (hsn_str_eq_nocase(v, hsn_str_of(list + at, v.n))) {
            return true;
        }
    }
    return false;
}
#define IS_WORD(v, words) is_word(v, words, HSN_COUNT(words))

static bool is_path_token(hsn_str v, bool weak)
{
    enum { STRONG_MIN = 8, WEAK_MIN = 20 };
    hsn_str stem = hsn_str_cut(v, 0, hsn_str_chr(v, '.'));
    bool file = v.n - stem.n >= 3 && v.n - stem.n <= 6; /* name.ext */
    const bool variable = v.n > 0 && v.p[0] == ':'; /* of a route */
    return !file && !variable && hsn_is_tokenish(v, weak ? WEAK_MIN : STRONG_MIN);
}

/* The word or a part of it: accept-invite, email_verify. */
static bool has_token_word(hsn_str word)
{
    if (IS_WORD(word, token_words)) {
        return true;
    }
    size_t from = 0;
    for (size_t i = 0; i <= word.n; i++) {
        if (i == word.n || word.p[i] == '-' || word.p[i] == '_') {
            if (i - from < word.n && IS_WORD(hsn_str_cut(word, from, i), token_words)) {
                return true;
            }
            from = i + 1;
        }
    }
    return false;
}

void hsn_spot_path(hsn_scan *s, size_t at)
{
    static const char ends[] = "/?#&;\"'<> \t\r\n\\`|,)";
    enum { WORD_MAX = 24 };
    hsn_str t = s->text;
    size_t end = at;
    while (end < t.n && end < at + WORD_MAX &&
           (hsn_is_alnum(t.p[end]) || t.p[end] == '-' || t.p[end] == '_')) {
        end++;
    }
    const hsn_rule *rule = detector(s, HSN_DETECT_PATH);
    if (rule == NULL || end >= t.n || t.p[end] != '/') {
        return;
    }
    hsn_str word = hsn_str_cut(t, at, end);
    bool weak = IS_WORD(word, weak_words);
    if (!weak && !has_token_word(word)) {
        return;
    }
    /* the segment behind the word, or the one after: /verify/email/<token> */
    for (int i = 0; i < 2 && end < t.n && t.p[end] == '/'; i++) {
        size_t from = end + 1;
        end = hsn_find_stop(t, from, ends);
        hsn_str segment = hsn_str_cut(t, from, end);
        if (is_path_token(segment, weak)) {
            hsn_replace(s->in, t, from, segment.n, rule, s->site, s->out);
            s->skip = end;
            return;
        }
    }
}
