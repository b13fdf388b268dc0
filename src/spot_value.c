/*
 * The value of a name in any text: where it begins and ends, quoted or not, whatever the language
 * puts around it.
 *
 * Receives the separator behind a name; emits a span. Must never read further than a value can
 * reach: to the quote that closes it, or to the end of its line.
 */
#include "spot_name.h"

/* JSON broken into lines, also as the lines of a server-sent event (each `data: ...`). */
static size_t next_line_value(hsn_str t, size_t from)
{
    while (from < t.n && hsn_is_space(t.p[from])) {
        from++;
    }
    if (hsn_str_starts(hsn_str_cut(t, from, t.n), HSN_S("data:"))) {
        from += 5;
    }
    while (from < t.n && t.p[from] == ' ') {
        from++;
    }
    return from;
}

/* u'...' b'...' of Python, f"..." @"..." L"..." N'...' of others. */
static bool is_prefixed_quote(hsn_str t, size_t at)
{
    return at + 1 < t.n && hsn_is_quote(t.p[at + 1]) && hsn_is_one_of(t.p[at], "ubrfUBRF@LN");
}

/* Behind what stands between a separator and the quote of a value: the prefix of a literal, Some(
 * of Rust, the rest of ** of Markdown, << of Erlang; else `at`. */
static size_t past_wrapper(hsn_str t, size_t at)
{
    static const hsn_str wrappers[] = {HSN_W("Some("), HSN_W("** "), HSN_W("<<")};
    for (size_t i = 0; i < HSN_COUNT(wrappers); i++) {
        size_t end = at + wrappers[i].n;
        if (hsn_str_starts(hsn_str_cut(t, at, t.n), wrappers[i]) && end < t.n &&
            (hsn_is_quote(t.p[end]) || t.p[at] == '*')) {
            return end;
        }
    }
    return is_prefixed_quote(t, at) ? at + 1 : at;
}

static inline bool may_be_wrapped(hsn_str t, size_t at)
{
    return at + 1 < t.n &&
           (hsn_is_quote(t.p[at + 1]) || t.p[at] == 'S' || t.p[at] == '*' || t.p[at] == '<');
}

/* Three quotes in a row open a string of Python and TOML. */
static size_t past_triple(hsn_str t, size_t quote)
{
    bool triple = t.n - quote > 3 && t.p[quote + 1] == t.p[quote] && t.p[quote + 2] == t.p[quote];
    return quote + (triple ? 2 : 0);
}

/* <app id>|<secret> of Facebook is one value; in a log | ends it. */
static size_t past_bar(hsn_str t, size_t from, size_t bar)
{
    enum { MADE_MIN = 16 };
    if (bar == from || bar >= t.n || t.p[bar] != '|') {
        return bar;
    }
    size_t end = hsn_find_stop(t, bar + 1, " \t\r\n\"'<>`,;()}]|\\&=:");
    bool goes_on = end == t.n || !hsn_is_one_of(t.p[end], "=:|");
    return goes_on && hsn_is_tokenish(hsn_str_cut(t, bar + 1, end), MADE_MIN) ? end : bar;
}

static size_t past_blanks(hsn_str t, size_t at)
{
    while (at < t.n && (t.p[at] == ' ' || t.p[at] == '\t')) {
        at++;
    }
    return at;
}

/* let token: String = "...", api_key: Optional[str] = '...': behind what declares the type; `from`
 * when the name is not declared. */
static size_t past_type(hsn_str t, size_t from)
{
    enum { LONGEST = 48 };
    size_t end = from;
    while (end < t.n && end - from < LONGEST &&
           (hsn_is_alnum(t.p[end]) || hsn_is_one_of(t.p[end], "_<>[]&?|.: "))) {
        end++;
    }
    if (end == from || end >= t.n || t.p[end] != '=') {
        return from;
    }
    end = past_blanks(t, end + 1);
    return end < t.n && hsn_is_quote(t.p[end]) ? end : from;
}

/* Behind the tag or anchor of a YAML value (1.2.2, section 6.9): !!str, &name. */
static size_t past_property(hsn_str t, size_t from)
{
    bool tag = t.n - from > 2 && t.p[from] == '!' && t.p[from + 1] == '!';
    size_t end = from + (tag ? 2 : 1);
    if (!tag && t.p[from] != '&') {
        return from;
    }
    while (end < t.n && (hsn_is_alnum(t.p[end]) || t.p[end] == '_' || t.p[end] == '-')) {
        end++;
    }
    return end > from + 1 && end < t.n && t.p[end] == ' ' ? past_blanks(t, end) : from;
}

/* !Ref Name, !vault |: the tag of an application says where the value is. */
static bool is_elsewhere(hsn_str t, size_t from)
{
    size_t end = from + 1;
    while (end < t.n && (hsn_is_alpha(t.p[end]) || t.p[end] == '_' || t.p[end] == ':')) {
        end++;
    }
    return t.p[from] == '!' && end > from + 2 && end < t.n && t.p[end] == ' ';
}

/* Behind ${NAME}, ${{ secrets.NAME }}, {{ name }}, <%= name %>; `from` when none stands there. */
static size_t past_template(hsn_str t, size_t from)
{
    static const struct {
        hsn_str open;
        hsn_str close;
    } kinds[] = {{HSN_W("${{"), HSN_W("}}")},
                 {HSN_W("${"), HSN_W("}")},
                 {HSN_W("{{"), HSN_W("}}")},
                 {HSN_W("<%="), HSN_W("%>")}};
    enum { LONGEST = 80 };
    hsn_str rest = hsn_str_cut(t, from, from + LONGEST);
    rest = hsn_str_cut(rest, 0, hsn_str_chr(rest, '\n'));
    for (size_t i = 0; i < HSN_COUNT(kinds); i++) {
        if (hsn_str_starts(rest, kinds[i].open)) {
            size_t close = hsn_str_find(rest, kinds[i].close);
            return close < rest.n ? from + close + kinds[i].close.n : from;
        }
    }
    return from;
}

/* Behind the scheme of a hash: {SSHA}... of LDAP (RFC 2307 section 5.3); `from` when none stands
 * there. */
static size_t past_scheme(hsn_str t, size_t from)
{
    enum { LONGEST = 16 };
    size_t end = from + 1;
    while (end < t.n && end - from < LONGEST &&
           ((t.p[end] >= 'A' && t.p[end] <= 'Z') || hsn_is_digit(t.p[end]) || t.p[end] == '-')) {
        end++;
    }
    return t.p[from] == '{' && end > from + 2 && end < t.n && t.p[end] == '}' ? end + 1 : from;
}

/* What stands between a : and the value, in declarations and in YAML. */
static size_t past_declared(hsn_str t, size_t from)
{
    size_t end = past_type(t, from);
    return end > from ? end : past_property(t, from);
}

/* session%20token=...%20expires: a sentence of which only blanks are spelled; where the next of
 * them stands from `from` on, at `to` latest. What was read behind it is paid for. */
static size_t spelled_blank(hsn_scan *s, const hsn_named *n, size_t from, size_t to)
{
    const hsn_str blank = HSN_S("%20");
    if (hsn_str_find(n->name, blank) == n->name.n) {
        return to;
    }
    size_t end = from + hsn_str_find(hsn_str_cut(s->text, from, to), blank);
    (void)hsn_scan_spend(s, to - end);
    return end;
}

/* sid=...:rid=...: where another name follows behind a colon; `to` for none. What was read behind
 * it is paid for. */
static size_t next_name(hsn_scan *s, size_t from, size_t to)
{
    enum { LONGEST = 16 };
    const hsn_str t = s->text;
    for (size_t i = from; (i += hsn_str_chr(hsn_str_cut(t, i, to), ':')) < to; i++) {
        size_t end = i + 1;
        while (end < to && end - i <= LONGEST && (hsn_is_alpha(t.p[end]) || t.p[end] == '_')) {
            end++;
        }
        if (end > i + 1 && end + 1 < to && t.p[end] == '=' && hsn_is_alnum(t.p[end + 1])) {
            (void)hsn_scan_spend(s, to - i);
            return i;
        }
    }
    return to;
}

/* "?key=" + "...", "?key=".concat("..."), '?key=' . '...': the parameter's value begins in the next
 * literal. At the quote that closes the first one; where the inside of the next begins, 0 when what
 * follows is no literal, `quote` when nothing is put to it. */
static size_t past_seam(hsn_str t, size_t quote)
{
    const hsn_str call = HSN_S(".concat(");
    size_t i = past_blanks(t, quote + 1);
    if (hsn_str_starts(hsn_str_cut(t, i, t.n), call)) {
        i += call.n;
    } else if (i < t.n && (t.p[i] == '+' || t.p[i] == '.')) {
        i++;
    } else {
        return quote;
    }
    i = past_blanks(t, i);
    return i < t.n && hsn_is_quote(t.p[i]) ? i + 1 : 0;
}

hsn_named_value hsn_read_value(hsn_scan *s, size_t at, const hsn_named *n, bool param)
{
    hsn_str t = s->text;
    size_t from = at + 1 + (hsn_is_ldif(t, at) ? 1 : 0);
    while (!param && from < t.n && (t.p[from] == ' ' || t.p[from] == '\t' || t.p[from] == '>')) {
        from++;
    }
    if (t.p[at] == ':' && !n->quoted && from < t.n) {
        from = past_declared(t, from);
        if (from < t.n && is_elsewhere(t, from)) {
            return (hsn_named_value){from, from, false};
        }
    }
    if (n->quoted && from < t.n && (t.p[from] == '\r' || t.p[from] == '\n')) {
        from = next_line_value(t, from);
    }
    if (may_be_wrapped(t, from)) {
        from = past_wrapper(t, from);
    }
    size_t q = from;
    unsigned slashes = 0;
    while (q < t.n && t.p[q] == '\\' && slashes < n->slashes) {
        q++;
        slashes++;
    }
    const bool of_url = param && (n->before == '?' || n->before == '&');
    const size_t seam = of_url && q < t.n && hsn_is_quote(t.p[q]) ? past_seam(t, q) : q;
    if (seam == 0) {
        return (hsn_named_value){q, q, false};
    }
    if (seam != q) {
        from = seam;
    } else if (q < t.n && hsn_is_quote(t.p[q])) {
        q = past_triple(t, q);
        size_t close = hsn_scan_close_quote(s, t.p[q], slashes, q + 1);
        if (close < t.n && !n->quoted && hsn_is_between(t, q, close)) {
            return (hsn_named_value){q, q, false};
        }
        if (close < t.n) {
            return (hsn_named_value){q + 1, close, true};
        }
        from = q + 1; /* never closed: what is there of it */
    }
    const char *stops = param ? "&#\"'<>` \t\r\n\\" : " \t\r\n\"'<>`,;()}]|\\&";
    if (param && (n->before == ';' || n->before == '/')) { /* RFC 3986 section 3.3 */
        stops = "&#\"'<>` \t\r\n\\?/;";
    }
    size_t to = past_template(t, from);
    to = !param && from < t.n && to == from ? past_scheme(t, from) : to;
    to = hsn_find_stop(t, to, stops);
    to = param ? to : past_bar(t, from, to);
    to = spelled_blank(s, n, from, to);
    to = t.p[at] == '=' ? next_name(s, from, to) : to;
    if (!param && to > from && t.p[to - 1] == '.') { /* the end of a sentence */
        to--;
    }
    return (hsn_named_value){from, to, false};
}

/* Where the quoted part of a header line ends that begins at `open`: nonce="..."; 0 when the quote
 * is the end of a string of a script. */
static size_t quoted_part(hsn_str t, size_t open)
{
    enum { LONGEST = 4096 };
    hsn_str rest = hsn_str_cut(t, open + 1, open + 1 + LONGEST);
    size_t n = hsn_find_stop(rest, 0, "\"\r\n\\<");
    bool quoted = n > 0 && n < rest.n && rest.p[n] == '"' && !hsn_is_space(rest.p[0]) &&
                  !(rest.p[0] == '+' && rest.p[n - 1] == '+');
    return open > 0 && t.p[open] == '"' && t.p[open - 1] == '=' && quoted ? open + n + 2 : 0;
}

hsn_named_value hsn_read_line(hsn_scan *s, size_t at)
{
    static const char stops[] = "\r\n\"'`\\<";
    hsn_str t = s->text;
    size_t from = at + 1;
    while (from < t.n && t.p[from] == ' ') {
        from++;
    }
    size_t to = hsn_find_stop(t, from, stops);
    for (size_t end; to < t.n && (end = quoted_part(t, to)) != 0;) {
        to = hsn_find_stop(t, end, stops);
    }
    return (hsn_named_value){from, to, false};
}
