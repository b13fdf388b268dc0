/*
 * Escapes in the middle of a text: percent-encoding, HTML entities, backslashes. The stretch around
 * the escape that shares its layer (a parameter, an attribute or text node, a string literal) is
 * decoded and inspected on its own.
 */
#include "scan.h"
#include "spot.h"

/* What ends a stretch on either side. */
static const char percent_ends[] = " \t\r\n\"'<>&=;#?`\\{}()[],|";
static const char entity_ends[] = "<>\"";

/* Back from `at` to behind the last byte of `stops`, no further than `least`. */
static size_t back_to(hsn_str t, size_t least, size_t at, const char *stops)
{
    while (at > least && !hsn_is_one_of(t.p[at - 1], stops)) {
        at--;
    }
    return at;
}

static void inspect_stretch(hsn_scan *s, const hsn_escape *layer, size_t from, size_t to)
{
    hsn_site site = *s->site;
    site.where = 0;
    site.name = (hsn_str){0};
    hsn_inspect_escape(s->in, layer, s->text, from, to - from, &site, s->out);
    s->skip = to;
}

static bool is_escape(const hsn_scan *s, const hsn_escape *layer, size_t at)
{
    unsigned char out[HSN_ESCAPE_MAX];
    size_t n;
    return layer->step(s->text, at, out, &n) > 0;
}

static bool has_plus(hsn_str v)
{
    return hsn_str_chr(v, '+') < v.n;
}

/* %7B and %5B are what JSON begins with. */
static bool is_json(hsn_str v)
{
    return hsn_str_starts_nocase(v, HSN_S("%7b")) || hsn_str_starts_nocase(v, HSN_S("%5b"));
}

/* A + beside an escape is a space, and any in JSON: base64 has it between letters. Where spaces are
 * %20 no + is one. */
static bool has_form_space(hsn_str v)
{
    if (!has_plus(v) || hsn_str_find(v, HSN_S("%20")) < v.n) {
        return false;
    }
    if (is_json(v)) {
        return true;
    }
    for (size_t i = hsn_str_chr(v, '+'); i < v.n; i++) {
        if (v.p[i] == '+' && ((i + 1 < v.n && v.p[i + 1] == '%') ||
                              (i >= 3 && v.p[i - 3] == '%' && hsn_hex(v.p[i - 1]) >= 0))) {
            return true;
        }
    }
    return false;
}

bool hsn_scan_defer(hsn_scan *s, size_t at)
{
    size_t skip = s->skip;
    if (at >= s->text.n || s->site->binary) {
        return false;
    }
    switch (s->text.p[at]) {
    case '\\':
        hsn_spot_escape(s, at);
        break;
    case '%':
        hsn_spot_percent(s, at);
        break;
    case '&':
        hsn_spot_entity(s, at);
        break;
    case '=':
        hsn_spot_quoted(s, at);
        break;
    case '"':
    case '\'':
        if (hsn_spot_may_be_joint(s->text, at)) {
            hsn_spot_joint(s, at);
        }
        break;
    default:
        break;
    }
    return s->skip > skip;
}

/* %B and a card number: track 1 of a magnetic stripe. */
static bool is_stripe(hsn_scan *s, size_t at)
{
    const hsn_rule *rule = s->in->detect[HSN_DETECT_CARD];
    hsn_str rest = hsn_str_cut(s->text, at + 2, s->text.n);
    if (rule == NULL || rest.n == 0 || s->text.p[at + 1] != 'B') {
        return false;
    }
    size_t n = hsn_card_in_text(rest, 'B');
    if (n == 0) {
        return false;
    }
    hsn_scan_found(s, at + 2, n, rule);
    return true;
}

void hsn_spot_percent(hsn_scan *s, size_t at)
{
    if (is_stripe(s, at)) {
        return;
    }
    if (!is_escape(s, &hsn_escape_percent, at)) {
        return;
    }
    size_t from = back_to(s->text, 0, at, percent_ends);
    size_t to = hsn_find_stop(s->text, at, percent_ends);
    if (to < s->text.n && s->text.p[to] == '\\' && hsn_scan_defer(s, to)) {
        return;
    }
    hsn_str stretch = hsn_str_cut(s->text, from, to);
    bool form = has_form_space(stretch);
    size_t before = s->out->n;
    inspect_stretch(s, form ? &hsn_escape_form : &hsn_escape_percent, from, to);
    if (!form && s->out->n == before && has_plus(stretch)) {
        inspect_stretch(s, &hsn_escape_form, from, to);
    }
}

void hsn_spot_entity(hsn_scan *s, size_t at)
{
    if (!is_escape(s, &hsn_escape_entity, at)) {
        return;
    }
    inspect_stretch(s, &hsn_escape_entity, back_to(s->text, 0, at, entity_ends),
                    hsn_find_stop(s->text, at, entity_ends));
}

/* ---------------------------------------------------------------- string literals */

static bool is_quote(unsigned char c)
{
    return c == '"' || c == '\'' || c == '`';
}

/*
 * Reads quotes from where the scan last did on to `at`: is it inside of a string literal, and of
 * which? A line end closes what is open, for prose has apostrophes.
 */
static void lex_to(hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    const size_t none = t.n + 1;
    if (s->lexed == 0) {
        s->literal = none;
    }
    for (size_t i = s->lexed; i < at; i++) {
        unsigned char c = t.p[i];
        if (c == '\\') {
            i++;
        } else if (c == '\n' || c == '\r') {
            s->literal = none;
        } else if (s->literal == none && is_quote(c)) {
            s->literal = i + 1;
            s->open = c;
        } else if (s->literal != none && c == s->open) {
            s->literal = none;
        }
    }
    s->lexed = at;
}

/* What ends the stretch around the backslash at `at`: the quote of the literal it stands in; in the
 * inside of a literal, already taken out of it, the quote that it escapes; else any quote. */
static const char *literal_stops(hsn_scan *s, size_t at)
{
    lex_to(s, at);
    hsn_str t = s->text;
    unsigned char quote = s->literal <= at                        ? s->open
                          : at + 1 < t.n && is_quote(t.p[at + 1]) ? t.p[at + 1]
                                                                  : 0;
    switch (quote) {
    case '"':
        return "\"\r\n";
    case '\'':
        return "'\r\n";
    case '`':
        return "`\r\n";
    default:
        return "\"'`\r\n";
    }
}

/* Quotes with a backslash before them are inside, and so are line ends: every line of a text may
 * end so, therefore no further back than `least`. */
static size_t literal_begin(const hsn_scan *s, size_t least, size_t at, const char *stops)
{
    if (s->literal <= at) {
        return s->literal;
    }
    size_t from = back_to(s->text, least, at, stops);
    while (from > least && from > 1 && s->text.p[from - 2] == '\\') {
        from = back_to(s->text, least, from - 1, stops);
    }
    return from;
}

static size_t literal_end(hsn_str t, size_t at, const char *stops)
{
    for (;;) {
        at = hsn_find_stop(t, at, stops);
        size_t slashes = 0;
        while (at < t.n && slashes < at && t.p[at - slashes - 1] == '\\') {
            slashes++;
        }
        if (at >= t.n || slashes % 2 == 0) {
            return at;
        }
        at++;
    }
}

/* {"pass\u0077ord": ...}: the literal was a name. */
static void name_by_escape(hsn_scan *s, size_t from, size_t to)
{
    enum { SPELLED = 6 };
    hsn_str t = s->text;
    size_t colon = to + 1;
    while (colon < t.n && t.p[colon] == ' ') {
        colon++;
    }
    if (to >= t.n || t.p[to] != '"' || colon >= t.n || t.p[colon] != ':' ||
        to - from > (size_t)SPELLED * HSN_NAME_MAX) {
        return;
    }
    hsn_buf name;
    hsn_buf_init(&name, to - from);
    if (hsn_peel_escape(&hsn_escape_json, hsn_str_cut(t, from, to), &name)) {
        const hsn_rule *rule =
            hsn_name_facts_of(s->in->names, hsn_buf_str(&name), HSN_IN_KEY)->rule;
        if (rule != NULL && (rule->action == HSN_REPLACE || rule->action == HSN_SCHEME)) {
            hsn_scan_enter_json(s, colon);
        }
    }
    hsn_buf_wipe(&name);
}

/* Where the stretch around the escape at `at` begins, `least` where it does before that; `at` where
 * none does. */
static size_t stretch_begin(hsn_scan *s, size_t least, size_t at)
{
    switch (at < s->text.n ? s->text.p[at] : 0) {
    case '\\':
        return literal_begin(s, least, at, literal_stops(s, at));
    case '%':
        return back_to(s->text, least, at, percent_ends);
    case '&':
        return back_to(s->text, least, at, entity_ends);
    case '=': /* a soft break has the line before it, an encoded word nothing */
        return hsn_encoded_word_at(s->text, at) > 0 ? at : 0;
    default:
        return at;
    }
}

bool hsn_scan_defer_from(hsn_scan *s, size_t from, size_t at)
{
    return stretch_begin(s, from, at) <= from && hsn_scan_defer(s, at);
}

/* Outside of a literal a backslash is one of a path or a password, unless it spells a quote, a
 * slash, a line end or a code point. */
static bool is_telling(const hsn_scan *s, size_t at)
{
    unsigned char c = at + 1 < s->text.n ? s->text.p[at + 1] : 0;
    return c != 0 && (s->literal <= at || hsn_is_one_of(c, "nrtux\"'`/\\"));
}

/* Bytes as PostgreSQL writes them: one \x, and digits to the end. True when something was found. */
static bool is_bytea(hsn_scan *s, size_t at)
{
    enum { LEAST = 24 };
    size_t from = at + 2;
    size_t end;
    if (s->text.n - at < 2 || s->text.p[at + 1] != 'x') {
        return false;
    }
    size_t to = hsn_scan_base64_run(s->text, from);
    const size_t before = s->out->n;
    if (to - from < LEAST || !hsn_scan_spend(s, to - from) ||
        !hsn_cut_base64(s->in, s->text, from, to, s->site, &end, s->out) ||
        s->out->n == before) {
        return false;
    }
    s->skip = end;
    return true;
}

/* Was what ends at `at` replaced? When nothing has to be any more, a stretch goes on before it. */
static bool ends_edit(const hsn_scan *s, size_t at)
{
    const hsn_edits *e = s->out;
    return e->n > 0 && e->v[e->n - 1].off + e->v[e->n - 1].len == at;
}

void hsn_spot_escape(hsn_scan *s, size_t at)
{
    if (!is_escape(s, &hsn_escape_js, at) || is_bytea(s, at)) {
        return;
    }
    const char *stops = literal_stops(s, at);
    if (!is_telling(s, at)) {
        return;
    }
    size_t from = literal_begin(s, s->skip, at, stops);
    size_t to = literal_end(s->text, at, stops);
    from = from < s->skip ? s->skip : from;
    s->in->spoilt = s->in->spoilt || (from == s->skip && ends_edit(s, from));
    name_by_escape(s, from, to);
    if (s->skip > at) {
        return;
    }
    inspect_stretch(s, &hsn_escape_js, from, to);
}
