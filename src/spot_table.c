/*
 * Tables that people read: Markdown (GFM section 4.10), what database clients print, and pairs over
 * two lines of YAML. A name stands in one cell or line, its value in another.
 *
 * Receives a word that may belong to such a name; emits edits of the values. Must never take a line
 * for a table because it has a bar in it: a table shows its delimiter row, a pair its first cell.
 */
#include "spot_label.h"

#include "scan.h"

enum { COLUMNS_MAX = 512 };

/* ---------------------------------------------------------------- lines and cells */

static size_t line_end(hsn_str t, size_t at)
{
    return at + hsn_str_chr(hsn_str_cut(t, at, t.n), '\n');
}

/* What surrounds a word in a cell. */
static bool is_trim(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '*' || c == '`';
}

static void trim(hsn_str t, size_t *from, size_t *to)
{
    while (*from < *to && is_trim(t.p[*from])) {
        (*from)++;
    }
    while (*to > *from && is_trim(t.p[*to - 1])) {
        (*to)--;
    }
}

/* The next cell of the line that ends at `end`; false behind the last. A bar at the beginning of a
 * line begins its first cell. */
static bool next_cell(hsn_str t, size_t *at, size_t end, size_t *from, size_t *to)
{
    if (*at >= end) {
        return false;
    }
    *from = *at;
    *to = *at + hsn_str_chr(hsn_str_cut(t, *at, end), '|');
    *at = *to + 1;
    trim(t, from, to);
    return true;
}

static size_t first_cell(hsn_str t, size_t begin, size_t end)
{
    while (begin < end && (t.p[begin] == ' ' || t.p[begin] == '\t')) {
        begin++;
    }
    return begin < end && t.p[begin] == '|' ? begin + 1 : begin;
}

/* | --- | :---: | of Markdown, ----+---- of psql, +----+ of mysql. */
static bool is_rule_line(hsn_str line)
{
    size_t dashes = 0;
    for (size_t i = 0; i < line.n; i++) {
        if (!hsn_is_one_of(line.p[i], "-+|: \t\r")) {
            return false;
        }
        dashes += line.p[i] == '-';
    }
    return dashes >= 3;
}

/* ---------------------------------------------------------------- tables */

/* Its columns by name; 0 when none of them is sensitive, or when they are too many. */
static size_t read_head(const hsn_scan *s, size_t begin, size_t end, hsn_str names[COLUMNS_MAX])
{
    size_t n = 0;
    bool sensitive = false;
    size_t from;
    size_t to;
    for (size_t at = first_cell(s->text, begin, end); next_cell(s->text, &at, end, &from, &to);
         n++) {
        if (n == COLUMNS_MAX) {
            return 0;
        }
        names[n] = hsn_str_cut(s->text, from, to);
        sensitive = sensitive || hsn_label_rule(s, names[n]) != NULL;
    }
    return sensitive ? n : 0;
}

static void inspect_cell(hsn_scan *s, size_t from, size_t to, hsn_str name)
{
    hsn_site site = {.where = HSN_IN_KEY, .name = name};
    hsn_edits inner = {0};
    hsn_inspect_value(s->in, hsn_str_cut(s->text, from, to), &site, &inner);
    hsn_edits_shift(s->in, &inner, from, s->out);
}

/* From the delimiter row on, up to the first line that is none of the table. */
static void inspect_rows(hsn_scan *s, size_t at, const hsn_str *names, size_t n)
{
    hsn_str t = s->text;
    while (at < t.n) {
        size_t end = line_end(t, at);
        hsn_str line = hsn_str_cut(t, at, end);
        size_t cell = first_cell(t, at, end);
        if (!is_rule_line(line)) {
            size_t column = 0;
            size_t from;
            size_t to;
            if (hsn_str_chr(line, '|') == line.n || !hsn_scan_spend(s, line.n)) {
                break;
            }
            for (; next_cell(t, &cell, end, &from, &to); column++) {
                inspect_cell(s, from, to, column < n ? names[column] : (hsn_str){0});
            }
        }
        s->skip = end;
        at = end + 1;
    }
}

static bool table(hsn_scan *s, size_t begin, size_t end)
{
    hsn_str names[COLUMNS_MAX];
    size_t next = end + 1;
    hsn_str below = hsn_str_cut(s->text, next, next + HSN_LINE_MAX);
    if (next >= s->text.n || !is_rule_line(hsn_str_cut(below, 0, hsn_str_chr(below, '\n')))) {
        return false;
    }
    size_t n = read_head(s, begin, end, names);
    if (n == 0) {
        return false;
    }
    inspect_rows(s, next, names, n);
    return s->skip > end;
}

/* ---------------------------------------------------------------- pairs */

/* Cells next to such a name talk about it more often than they are it. */
static bool replace_made(hsn_scan *s, hsn_str name, size_t from, size_t to)
{
    enum { SHORTEST = 6 };
    return hsn_is_made(hsn_str_cut(s->text, from, to), SHORTEST) &&
           hsn_spot_labelled(s, name, from, to);
}

/* | Password | ... |, or the first cell of a line without bars around it. */
static bool pair_of_cells(hsn_scan *s, size_t begin, size_t end, size_t word)
{
    size_t at = first_cell(s->text, begin, end);
    size_t from;
    size_t to;
    size_t value;
    size_t value_end;
    return next_cell(s->text, &at, end, &from, &to) && from <= word && word < to &&
           next_cell(s->text, &at, end, &value, &value_end) && value >= s->skip &&
           replace_made(s, hsn_str_cut(s->text, from, to), value, value_end);
}

/* "- name: DB_PASSWORD" and "value: ..." on the line below it. */
static bool pair_of_lines(hsn_scan *s, size_t begin, size_t end, size_t word)
{
    static const hsn_str keys[] = {HSN_W("name"), HSN_W("key")};
    const hsn_str value_key = HSN_S("value:");
    hsn_str t = s->text;
    size_t colon = begin + hsn_str_chr(hsn_str_cut(t, begin, end), ':');
    size_t key = colon;
    while (key > begin && hsn_is_alpha(t.p[key - 1])) {
        key--;
    }
    size_t from = colon + 1;
    size_t to = end;
    size_t at = end + 1;
    trim(t, &from, &to);
    while (at < t.n && t.p[at] == ' ') {
        at++;
    }
    if (colon >= word || from > word || !HSN_STR_IN(hsn_str_cut(t, key, colon), keys) ||
        !hsn_str_starts(hsn_str_cut(t, at, t.n), value_key)) {
        return false;
    }
    size_t value = at + value_key.n;
    size_t value_end = line_end(t, value);
    trim(t, &value, &value_end);
    bool quoted = value_end - value > 2 && (t.p[value] == '"' || t.p[value] == '\'') &&
                  t.p[value_end - 1] == t.p[value];
    return replace_made(s, hsn_str_cut(t, from, to), value + quoted, value_end - quoted);
}

bool hsn_spot_table(hsn_scan *s, size_t at, size_t behind)
{
    const bool last = s->text.p[behind] == '\n';
    if (at < s->table_line && !last) { /* a line may have many such words: the first one tells */
        return false;
    }
    size_t begin = hsn_line_begin(s->text, at);
    size_t end = last ? behind : line_end(s->text, behind);
    bool first = at >= s->table_line;
    s->table_line = end;
    if (end - begin >= HSN_LINE_MAX || begin < s->skip) {
        return false;
    }
    if (last && pair_of_lines(s, begin, end, at)) {
        return true;
    }
    return first && hsn_str_chr(hsn_str_cut(s->text, begin, end), '|') < end - begin &&
           (table(s, begin, end) || pair_of_cells(s, begin, end, at));
}
