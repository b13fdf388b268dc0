/*
 * Tables (RFC 4180 and its relatives with ; and tab): the first line names the columns, each cell
 * goes by its column's name. Only tables with a sensitive column are touched; the rest is free
 * text.
 */
#include "inspect.h"

enum { COLUMNS_MAX = 512, HEAD_MAX = 64 << 10 };

static size_t count(hsn_str line, unsigned char c)
{
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++) {
        n += line.p[i] == c;
    }
    return n;
}

/* The one that stands most often in the head; once is enough when the next line agrees, for a
 * sentence may hold a comma too. */
static unsigned char separator_of(hsn_str head, hsn_str next)
{
    static const char candidates[] = ",;\t|";
    unsigned char best = 0;
    size_t most = 0;
    for (const char *c = candidates; *c != '\0'; c++) {
        size_t n = count(head, (unsigned char)*c);
        if (n > most && (n > 1 || count(next, (unsigned char)*c) == n)) {
            most = n;
            best = (unsigned char)*c;
        }
    }
    return best;
}

static size_t cell_end(hsn_str t, size_t from, unsigned char separator)
{
    bool quoted = from < t.n && t.p[from] == '"';
    for (size_t i = from + quoted; i < t.n; i++) {
        unsigned char c = t.p[i];
        if (quoted && c == '"') {
            if (i + 1 < t.n && t.p[i + 1] == '"') {
                i++; /* "" is a quote */
                continue;
            }
            quoted = false;
        } else if (!quoted && (c == separator || c == '\n' || c == '\r')) {
            return i;
        }
    }
    return t.n;
}

static hsn_str unquoted(hsn_str t, size_t *from, size_t *to)
{
    if (*to - *from >= 2 && t.p[*from] == '"' && t.p[*to - 1] == '"') {
        (*from)++;
        (*to)--;
    }
    return hsn_str_cut(t, *from, *to);
}

/* A column's name: short, without what only values and markup have. */
static bool is_column_name(hsn_str v)
{
    enum { NAME_MAX_LEN = 40 };
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = v.p[i];
        if (!hsn_is_alnum(c) && c < 0x80 && !hsn_is_one_of(c, "_-. ")) {
            return false;
        }
    }
    return v.n > 0 && v.n <= NAME_MAX_LEN && !hsn_is_digit(v.p[0]);
}

/* A value behind its name, in lines of such pairs: no column is called so, nor by what stands for
 * it. */
static bool is_made(hsn_str v)
{
    enum { MADE_MIN = 20, DIGITS_MIN = 3 };
    size_t digits = 0;
    for (size_t i = 0; i < v.n; i++) {
        digits += hsn_is_digit(v.p[i]);
    }
    return v.n >= MADE_MIN &&
           ((digits >= DIGITS_MIN && hsn_is_tokenish(v, MADE_MIN)) || hsn_is_standin(v));
}

/* Number of columns, of which the first COLUMNS_MAX are kept; 0 when the line is no head of a table
 * with a sensitive column. */
static size_t read_head(const hsn_inspector *in, hsn_str head, unsigned char separator,
                        hsn_str names[COLUMNS_MAX])
{
    size_t n = 0;
    bool sensitive = false;
    for (size_t from = 0; from <= head.n; n++) {
        size_t end = cell_end(head, from, separator);
        size_t a = from;
        size_t b = end;
        hsn_str name = unquoted(head, &a, &b);
        if (!is_column_name(name) || is_made(name)) {
            return 0;
        }
        if (n < COLUMNS_MAX) {
            names[n] = name;
        }
        const hsn_rule *r = hsn_rules_name(in->rules, name, HSN_IN_KEY, NULL);
        sensitive = sensitive || (r != NULL && r->action == HSN_REPLACE);
        from = end + 1;
    }
    return sensitive ? n : 0;
}

/* A cell that its name does not settle is free text like any other. */
static void inspect_cell(hsn_inspector *in, hsn_str t, size_t from, size_t to, hsn_str name,
                         hsn_edits *out)
{
    while (from < to && t.p[from] == ' ') {
        from++;
    }
    while (to > from && t.p[to - 1] == ' ') {
        to--;
    }
    hsn_str cell = unquoted(t, &from, &to);
    hsn_site site = {.where = HSN_IN_KEY, .name = name};
    hsn_edits inner = {0};
    hsn_inspect_value(in, cell, &site, &inner);
    hsn_edits_shift(in, &inner, from, out);
}

/* The names of columns: none says anything of its text, but it may be known from elsewhere. Then
 * what is left is no table. */
static void inspect_head(hsn_inspector *in, hsn_str t, size_t end, unsigned char separator,
                         hsn_edits *out)
{
    const size_t before = out->n;
    for (size_t from = 0; from < end;) {
        size_t to = cell_end(t, from, separator);
        inspect_cell(in, t, from, to, (hsn_str){0}, out);
        from = to + 1;
    }
    in->spoilt = in->spoilt || out->n > before;
}

/* Behind the lines before a table: remarks, and what tells Excel the separator. */
static size_t past_remarks(hsn_str probe)
{
    size_t at = 0;
    while (at < probe.n && (probe.p[at] == '#' || probe.p[at] == '\r' || probe.p[at] == '\n' ||
                            hsn_str_starts(hsn_str_cut(probe, at, probe.n), HSN_S("sep=")))) {
        at += hsn_str_chr(hsn_str_cut(probe, at, probe.n), '\n');
        at += at < probe.n;
    }
    return at;
}

/* Number of columns of a table with a sensitive one, 0 when the text is none. */
static size_t table(const hsn_inspector *in, hsn_str text, hsn_str names[COLUMNS_MAX],
                    size_t *head_end, unsigned char *separator)
{
    hsn_str probe = hsn_str_cut(text, 0, HEAD_MAX);
    size_t from = past_remarks(probe);
    *head_end = from + hsn_str_chr(hsn_str_cut(probe, from, probe.n), '\n');
    if (*head_end == probe.n || *head_end + 1 >= text.n ||
        !is_column_name(hsn_str_cut(text, from, from + 1))) {
        if (from >= text.n || text.p[from] != '"') {
            return 0;
        }
    }
    hsn_str head = hsn_str_cut(text, from, *head_end);
    while (head.n > 0 && head.p[head.n - 1] == '\r') {
        head.n--;
    }
    hsn_str rest = hsn_str_cut(text, *head_end + 1, text.n);
    *separator = separator_of(head, hsn_str_cut(rest, 0, hsn_str_chr(rest, '\n')));
    return *separator != 0 && *head_end < probe.n ? read_head(in, head, *separator, names) : 0;
}

bool hsn_is_table(const hsn_inspector *in, hsn_str text)
{
    hsn_str names[COLUMNS_MAX];
    size_t head_end;
    unsigned char separator;
    return table(in, text, names, &head_end, &separator) > 0;
}

bool hsn_cut_csv(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    hsn_str names[COLUMNS_MAX];
    size_t head_end;
    unsigned char separator;
    size_t n = table(in, text, names, &head_end, &separator);
    if (n == 0) {
        return false;
    }
    if (hsn_layer_enter(in, "csv") == NULL) {
        hsn_replace_blind(in, text, 0, text.n, "limit:layers", site, out);
        return true;
    }
    if (n > COLUMNS_MAX) {
        hsn_layer_leave(in);
        hsn_replace_blind(in, text, 0, text.n, "limit:size", site, out);
        return true;
    }
    inspect_head(in, text, head_end, separator, out);
    size_t column = 0;
    for (size_t from = head_end + 1; from < text.n;) {
        size_t end = cell_end(text, from, separator);
        inspect_cell(in, text, from, end, column < n ? names[column] : (hsn_str){0}, out);
        bool line = end < text.n && text.p[end] != separator;
        column = line ? 0 : column + 1;
        from = end + 1;
        while (line && from < text.n && (text.p[from] == '\n' || text.p[from] == '\r')) {
            from++;
        }
    }
    hsn_layer_leave(in);
    hsn_edits_settle(out);
    return true;
}
