/*
 * Rows of a database in SQL: INSERT INTO t (a, password) VALUES ('x', 'y'), and COPY t (a, b) FROM
 * stdin with its lines. The names stand before the values, once for all rows.
 *
 * Receives a word INSERT or COPY; emits edits of the values. What is no such statement is left to
 * the scan.
 */
#include "spot.h"

enum { COLUMNS_MAX = 512, NAME_MAX_LEN = 64 };

typedef struct columns {
    hsn_str name[COLUMNS_MAX];
    size_t n;
} columns;

static bool take_word(hsn_str t, size_t *at, hsn_str word)
{
    size_t from = hsn_past_space(t, *at);
    if (!hsn_str_starts_nocase(hsn_str_cut(t, from, t.n), word)) {
        return false;
    }
    *at = from + word.n;
    return true;
}

/* ---------------------------------------------------------------- the head of a statement */

static bool is_name(unsigned char c)
{
    return hsn_is_alnum(c) || c >= 0x80 || hsn_is_one_of(c, "_-.$\"`[] ");
}

/* Up to the ( behind the name of a table. */
static bool take_table(hsn_str t, size_t *at)
{
    size_t from = hsn_past_space(t, *at);
    size_t end = from;
    while (end < t.n && end - from < 2 * NAME_MAX_LEN && (is_name(t.p[end]) || t.p[end] == '\n')) {
        end++;
    }
    *at = end + 1;
    return end > from && end < t.n && t.p[end] == '(';
}

static hsn_str bare_name(hsn_str t, size_t from, size_t to)
{
    while (from < to && !hsn_is_alnum(t.p[from]) && t.p[from] < 0x80 && t.p[from] != '_') {
        from++;
    }
    while (to > from && !hsn_is_alnum(t.p[to - 1]) && t.p[to - 1] < 0x80 && t.p[to - 1] != '_') {
        to--;
    }
    return hsn_str_cut(t, from, to);
}

/* name, name) and nothing else. False when none of them is sensitive. */
static bool take_columns(const hsn_scan *s, size_t *at, columns *c)
{
    hsn_str t = s->text;
    bool sensitive = false;
    size_t i = *at;
    for (c->n = 0; c->n < COLUMNS_MAX;) {
        size_t from = hsn_past_space(t, i);
        size_t to = from;
        while (to < t.n && to - from <= NAME_MAX_LEN && is_name(t.p[to])) {
            to++;
        }
        hsn_str name = bare_name(t, from, to);
        to = hsn_past_space(t, to);
        if (name.n == 0 || to >= t.n || (t.p[to] != ',' && t.p[to] != ')')) {
            return false;
        }
        const hsn_rule *rule = hsn_rules_name(s->in->rules, name, HSN_IN_KEY, NULL);
        sensitive = sensitive || (rule != NULL && rule->action == HSN_REPLACE);
        c->name[c->n++] = name;
        i = to + 1;
        if (t.p[to] == ')') {
            *at = i;
            return sensitive;
        }
    }
    return false;
}

static void inspect_value(hsn_scan *s, const columns *c, size_t column, size_t from, size_t to)
{
    hsn_site site = {.where = HSN_IN_KEY, .name = column < c->n ? c->name[column] : (hsn_str){0}};
    hsn_edits inner = {0};
    hsn_inspect_value(s->in, hsn_str_cut(s->text, from, to), &site, &inner);
    hsn_edits_shift(s->in, &inner, from, s->out);
    s->skip = to;
}

/* ---------------------------------------------------------------- VALUES */

/* Behind the string that opens at t.p[at]: '' and \' do not close it. t.n when nothing does. */
static size_t past_string(hsn_str t, size_t at)
{
    unsigned char quote = t.p[at];
    for (size_t i = at + 1; i < t.n; i++) {
        if (t.p[i] == '\\') {
            i++;
        } else if (t.p[i] == quote) {
            if (i + 1 >= t.n || t.p[i + 1] != quote) {
                return i + 1;
            }
            i++;
        }
    }
    return t.n;
}

/* One row, behind its (; *at comes back behind what was read. False when it does not end. */
static bool take_row(hsn_scan *s, size_t *at, const columns *c)
{
    hsn_str t = s->text;
    size_t column = 0;
    unsigned depth = 0;
    for (size_t i = *at; i < t.n; i++) {
        unsigned char ch = t.p[i];
        if (ch == '\'' || ch == '"') {
            size_t end = past_string(t, i);
            if (end == t.n && t.p[end - 1] != ch) {
                break;
            }
            inspect_value(s, c, column, i + 1, end - 1);
            i = end - 1;
        } else if (ch == ',' && depth == 0) {
            column++;
        } else if (ch == '(') {
            depth++;
        } else if (ch == ')' && depth-- == 0) {
            *at = i + 1;
            return true;
        }
    }
    *at = t.n;
    return false;
}

static bool insert(hsn_scan *s, size_t at, columns *c)
{
    static const hsn_str values = HSN_W("values");
    hsn_str t = s->text;
    if (!take_word(t, &at, values)) {
        return false;
    }
    const size_t begin = at;
    for (at = hsn_past_space(t, at); at < t.n && t.p[at] == '('; at = hsn_past_space(t, at)) {
        const size_t row = ++at;
        bool whole = take_row(s, &at, c);
        if (!hsn_scan_spend(s, at - row) || !whole) {
            break;
        }
        size_t comma = hsn_past_space(t, at);
        if (comma >= t.n || t.p[comma] != ',') {
            break;
        }
        at = comma + 1;
    }
    return s->skip > begin;
}

/* ---------------------------------------------------------------- COPY */

static bool copy(hsn_scan *s, size_t at, const columns *c)
{
    hsn_str t = s->text;
    if (!take_word(t, &at, HSN_S("from stdin"))) {
        return false;
    }
    at += hsn_str_chr(hsn_str_cut(t, at, t.n), '\n') + 1;
    const size_t begin = at;
    size_t column = 0;
    while (at < t.n && !hsn_str_starts(hsn_str_cut(t, at, t.n), HSN_S("\\."))) {
        size_t end = hsn_find_stop(t, at, "\t\r\n");
        inspect_value(s, c, column, at, end);
        bool line = end >= t.n || t.p[end] != '\t';
        column = line ? 0 : column + 1;
        at = end + 1;
        while (line && at < t.n && t.p[at] == '\n') {
            at++;
        }
    }
    return at > begin && hsn_scan_spend(s, at - begin);
}

bool hsn_spot_sql(hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    columns c;
    bool copies = (t.p[at] | 0x20) == 'c';
    if (s->site->binary || !take_word(t, &at, copies ? HSN_S("copy ") : HSN_S("insert "))) {
        return false;
    }
    if (!copies) {
        (void)(take_word(t, &at, HSN_S("ignore ")) || take_word(t, &at, HSN_S("or replace ")) ||
               take_word(t, &at, HSN_S("or ignore ")));
        if (!take_word(t, &at, HSN_S("into "))) {
            return false;
        }
    }
    return take_table(t, &at) && take_columns(s, &at, &c) &&
           (copies ? copy(s, at, &c) : insert(s, at, &c));
}
