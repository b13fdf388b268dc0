/*
 * Values below their name, as YAML has them (1.2.2, sections 7.4 and 8): a block scalar, a
 * sequence, a sequence in brackets.
 *
 * Receives the colon behind a name that counts; emits an edit for each value. Must never take for a
 * value what has a name of its own, nor a line that is not indented.
 */
#include "spot_name.h"

#include "scan.h"

enum { LINES_MAX = 64 };

/* Blanks at the beginning of the line around `at`. */
static size_t indent_of(hsn_str t, size_t at)
{
    size_t begin = hsn_line_begin(t, at);
    size_t n = 0;
    while (begin + n < at && t.p[begin + n] == ' ') {
        n++;
    }
    return n;
}

static bool is_made(hsn_str v)
{
    enum { SHORTEST = 6 };
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] <= ' ') {
            return false;
        }
    }
    return v.n >= SHORTEST &&
           (hsn_is_tokenish(v, SHORTEST) || hsn_find_stop(v, 0, "!#$*&^%?@") < v.n);
}

/* True when it was replaced. */
static bool take(hsn_scan *s, const hsn_named *n, const hsn_rule *rule, size_t from, size_t to)
{
    hsn_str t = s->text;
    while (to > from && hsn_is_space(t.p[to - 1])) {
        to--;
    }
    if (to - from > 2 && hsn_is_quote(t.p[from]) && t.p[to - 1] == t.p[from]) {
        from++;
        to--;
    }
    hsn_str value = hsn_str_cut(t, from, to);
    if (!is_made(value) || !hsn_guard_passes(rule, value)) {
        return false;
    }
    hsn_site site = *s->site;
    site.where = HSN_IN_TEXT;
    site.name = n->name;
    hsn_replace(s->in, t, from, value.n, rule, &site, s->out);
    s->skip = to;
    return true;
}

/* name: ["...", ...], where no value has a name. */
static bool in_brackets(hsn_scan *s, const hsn_named *n, const hsn_rule *rule, size_t open)
{
    hsn_str t = hsn_str_cut(s->text, 0, open + HSN_LINE_MAX);
    size_t close = hsn_find_stop(t, open + 1, "]{}[\r\n:\\");
    bool any = false;
    if (close >= t.n || t.p[close] != ']') {
        return false;
    }
    for (size_t from = open + 1; from < close;) {
        size_t to = hsn_find_stop(hsn_str_cut(t, 0, close), from, ",");
        from += t.p[from] == ' ';
        any = take(s, n, rule, from, to) || any;
        from = to + 1;
    }
    return any;
}

/* | or > with what may follow it, then the end of the line. */
static bool is_block(hsn_str t, size_t at)
{
    if (at < t.n && (t.p[at] == '|' || t.p[at] == '>')) {
        at++;
        while (at < t.n && (t.p[at] == '+' || t.p[at] == '-' || hsn_is_digit(t.p[at]))) {
            at++;
        }
    }
    while (at < t.n && (t.p[at] == ' ' || t.p[at] == '\r')) {
        at++;
    }
    return at < t.n && t.p[at] == '\n';
}

static bool in_lines(hsn_scan *s, const hsn_named *n, const hsn_rule *rule, size_t at)
{
    hsn_str t = s->text;
    const size_t indent = indent_of(t, at);
    bool any = false;
    for (unsigned i = 0; i < LINES_MAX; i++) {
        size_t line = at + hsn_str_chr(hsn_str_cut(t, at, t.n), '\n') + 1;
        size_t from = line;
        while (from < t.n && t.p[from] == ' ') {
            from++;
        }
        bool item = t.n - from > 2 && t.p[from] == '-' && t.p[from + 1] == ' ';
        if (line >= t.n || from - line + item <= indent) {
            break;
        }
        from += item ? 2 : 0;
        size_t to = from + hsn_str_chr(hsn_str_cut(t, from, t.n), '\n');
        if (to - from > HSN_LINE_MAX || !hsn_scan_spend(s, to - line) ||
            hsn_str_find(hsn_str_cut(t, from, to), HSN_S(": ")) < to - from ||
            !take(s, n, rule, from, to)) {
            break;
        }
        any = true;
        at = to;
    }
    return any;
}

bool hsn_spot_block(hsn_scan *s, size_t at, const hsn_named *n, const hsn_rule *rule)
{
    hsn_str t = s->text;
    size_t from = at + 1;
    while (from < t.n && t.p[from] == ' ') {
        from++;
    }
    if (n->quoted || t.p[at] != ':' || from >= t.n || rule->action != HSN_REPLACE) {
        return false;
    }
    if (t.p[from] == '[' && from > at + 1) {
        return !hsn_scan_is_code(s) && in_brackets(s, n, rule, from);
    }
    return is_block(t, from) && !hsn_scan_is_code(s) && in_lines(s, n, rule, from);
}
