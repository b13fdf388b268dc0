/*
 * HTML in which one element says what the next one holds: <span>API token</span><code>...</code>,
 * <label>Secret key</label><input value="...">, the head of a column above its cells.
 *
 * Receives the < of an end tag; emits edits of the values. A heading stands before prose far more
 * often than before a value, so only what looks made is taken for one. Each table is read once.
 */
#include "spot_label.h"
#include "spot_tag.h"
#include "vec.h"

enum {
    NAME_MAX_LEN = 48,
    COLUMNS_MAX = 512,
    ROW_REACH = 32 << 10, /* bytes; no head is looked for twice in the same ones */
    VALUE_REACH = 512
};

/* ---------------------------------------------------------------- what is a value */

static bool is_digits(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (!hsn_is_digit(v.p[i]) && v.p[i] != '-' && v.p[i] != ' ') {
            return false;
        }
    }
    return v.n >= 3;
}

/* Numbers and addresses are for the guard to judge, everything else has to show that it is none
 * of the language. */
static bool is_value(const hsn_rule *rule, hsn_str v)
{
    enum { SHORTEST = 8 };
    switch (rule->guard) {
    case HSN_GUARD_PHONE:
    case HSN_GUARD_EMAIL:
        return true;
    case HSN_GUARD_CODE:
    case HSN_GUARD_DIGITS:
        return is_digits(v);
    case HSN_GUARD_SECRET:
    case HSN_GUARD_ANY:
    case HSN_GUARD_TOKEN:
    case HSN_GUARD_OPAQUE:
    case HSN_GUARD_PERSON:
    case HSN_GUARD_DATE:
    case HSN_GUARD_IP:
        break;
    }
    bool number = strcmp(rule->category, "id") == 0 || strcmp(rule->category, "otp") == 0;
    return hsn_is_tokenish(v, SHORTEST) || (number && is_digits(v));
}

static void replace_value(hsn_scan *s, hsn_str name, size_t from, size_t to)
{
    const hsn_rule *rule = hsn_label_rule(s, name);
    if (rule != NULL && is_value(rule, hsn_str_cut(s->text, from, to))) {
        hsn_tag_inspect(s, from, to, name);
    }
}

/* ---------------------------------------------------------------- texts between tags */

static bool is_filler(unsigned char c)
{
    return hsn_is_space(c) || c == ':' || c == '=';
}

static bool starts_tag(hsn_str t, size_t at, hsn_str name)
{
    hsn_str rest = hsn_str_cut(t, at + 1, t.n);
    return hsn_str_starts_nocase(rest, name) &&
           (rest.n == name.n || !hsn_is_alnum(rest.p[name.n]));
}

static bool starts_any(hsn_str t, size_t at, const hsn_str *tags, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (starts_tag(t, at, tags[i])) {
            return true;
        }
    }
    return false;
}
#define STARTS_ANY(t, at, tags) starts_any(t, at, tags, HSN_COUNT(tags))

/* A row, a script or another heading ends what a caption may speak of; a cell ends with its tag. */
static bool ends_reach(hsn_str t, size_t at, bool cell)
{
    static const hsn_str tags[] = {HSN_W("/tr"),  HSN_W("/table"), HSN_W("script"), HSN_W("style"),
                                   HSN_W("form"), HSN_W("/form"),  HSN_W("!--"),    HSN_W("/body"),
                                   HSN_W("label")};
    static const hsn_str cells[] = {HSN_W("/td"), HSN_W("/th"), HSN_W("td"), HSN_W("th"),
                                    HSN_W("tr")};
    return STARTS_ANY(t, at, tags) || (cell && STARTS_ANY(t, at, cells));
}

/* The value of an input, else false. */
static bool input_value(hsn_str t, size_t at, size_t *from, size_t *to)
{
    static const hsn_str keys[] = {HSN_W("value")};
    hsn_tag g;
    const hsn_attribute *a = hsn_tag_read(t, at, &g) ? hsn_tag_attribute(&g, keys, 1) : NULL;
    *from = a != NULL ? a->from : 0;
    *to = a != NULL ? a->to : 0;
    return *to > *from;
}

static size_t past_tag(hsn_str t, size_t at)
{
    return at + hsn_str_chr(hsn_str_cut(t, at, t.n), '>') + 1;
}

/* The first text behind `at` that is not blank, a few tags away at most; of a cell, in it. */
static bool next_text(hsn_str whole, size_t at, bool cell, size_t *from, size_t *to)
{
    enum { TAGS_MAX = 8 };
    const hsn_str t = hsn_str_cut(whole, 0, at + VALUE_REACH);
    for (unsigned tags = 0; at < t.n;) {
        if (is_filler(t.p[at])) {
            at++;
            continue;
        }
        if (hsn_str_starts(hsn_str_cut(t, at, t.n), HSN_S("&nbsp;"))) {
            at += 6;
            continue;
        }
        if (t.p[at] != '<') {
            break;
        }
        if (starts_tag(t, at, HSN_S("input"))) {
            return input_value(t, at, from, to);
        }
        if (ends_reach(t, at, cell) || ++tags > TAGS_MAX) {
            return false;
        }
        at = past_tag(t, at);
    }
    size_t end = at < t.n ? at + hsn_str_chr(hsn_str_cut(t, at, t.n), '<') : at;
    *from = at;
    *to = end;
    while (*to > *from && hsn_is_space(t.p[*to - 1])) {
        (*to)--;
    }
    return (end < t.n || t.n == whole.n) && *to > *from;
}

/* ---------------------------------------------------------------- tables */

typedef struct head {
    hsn_str name[COLUMNS_MAX]; /* empty: not sensitive */
    size_t n;
    bool sensitive;
} head;

static void add_column(hsn_scan *s, head *h, size_t cell)
{
    size_t from;
    size_t to;
    hsn_str name = {0};
    if (next_text(s->text, past_tag(s->text, cell), true, &from, &to)) {
        name = hsn_str_cut(s->text, from, to);
    }
    bool counts = hsn_label_rule(s, name) != NULL;
    if (h->n < COLUMNS_MAX) {
        h->name[h->n++] = counts ? name : (hsn_str){0};
        h->sensitive = h->sensitive || counts;
    }
}

/* The head that begins at `row`, then the cells below it, up to the end of the table or another
 * head; returns where that is. */
static size_t read_table(hsn_scan *s, size_t row)
{
    hsn_str t = s->text;
    head h; /* 8 KiB that need not be cleared */
    h.n = 0;
    h.sensitive = false;
    bool body = false; /* a row of cells has begun */
    unsigned rows = 0;
    size_t column = 0;
    size_t i = row;
    for (; i < t.n; i++) {
        i += hsn_str_chr(hsn_str_cut(t, i, t.n), '<');
        if (starts_tag(t, i, HSN_S("tr"))) {
            column = 0;
            body = rows > 0;
            rows++;
            if (body && !h.sensitive) {
                break;
            }
        } else if (starts_tag(t, i, HSN_S("th"))) {
            if (body) {
                break;
            }
            add_column(s, &h, i);
        } else if (starts_tag(t, i, HSN_S("td")) && !body) {
            add_column(s, &h, i);
        } else if (starts_tag(t, i, HSN_S("td"))) {
            size_t from;
            size_t to;
            if (column < h.n && h.name[column].n > 0 &&
                next_text(t, past_tag(t, i), true, &from, &to)) {
                replace_value(s, h.name[column], from, to);
            }
            column++;
        } else if (starts_tag(t, i, HSN_S("/table")) || starts_tag(t, i, HSN_S("table"))) {
            break;
        }
    }
    return i;
}

/* The row that the head of a column at `at` stands in, or `at` when it begins too far before. */
static size_t row_of(const hsn_scan *s, size_t at)
{
    size_t least = at > ROW_REACH ? at - ROW_REACH : 0;
    least = least > s->table_end ? least : s->table_end;
    for (size_t i = at; i > least; i--) {
        if (s->text.p[i - 1] == '<' && starts_tag(s->text, i - 1, HSN_S("tr"))) {
            return i - 1;
        }
    }
    return at;
}

static void at_head(hsn_scan *s, size_t at)
{
    if (at < s->table_end) {
        return;
    }
    size_t row = row_of(s, at);
    s->table_end = at;
    if (row < at) {
        s->table_end = read_table(s, row);
        (void)hsn_scan_spend(s, s->table_end - row);
    }
}

/* ---------------------------------------------------------------- captions */

static bool may_be_caption(unsigned char c)
{
    return hsn_is_alnum(c) || c >= 0x80 || c == ' ' || c == '_' || c == '-' || c == '.' || c == '/';
}

/* What introduces a value that is set off by a tag: "your password is: <b>". Where the name before
 * it ends; `at` when nothing does. */
static size_t before_mark(hsn_str t, size_t at)
{
    static const hsn_str words[] = {HSN_W("is"), HSN_W("lautet"), HSN_W("ist"), HSN_W("est")};
    size_t to = at;
    while (to > 0 && is_filler(t.p[to - 1])) {
        to--;
    }
    size_t from = to;
    while (from > 0 && hsn_is_alpha(t.p[from - 1]) && to - from < 8) {
        from--;
    }
    if (from > 0 && t.p[from - 1] == ' ' && HSN_STR_IN(hsn_str_cut(t, from, to), words)) {
        return from - 1;
    }
    return hsn_str_chr(hsn_str_cut(t, to, at), ':') < at - to ? to : at;
}

/* The name that ends at `to`: what of the text before it a name may consist of. */
static hsn_str caption_before(hsn_str t, size_t to)
{
    size_t from = to;
    while (from > 0 && to - from < NAME_MAX_LEN && may_be_caption(t.p[from - 1])) {
        from--;
    }
    if (to - from == NAME_MAX_LEN) { /* the last words of a sentence */
        from += hsn_str_chr(hsn_str_cut(t, from, to), ' ');
    }
    while (from < to && t.p[from] == ' ') {
        from++;
    }
    return hsn_str_cut(t, from, to);
}

/* A caption is all of a text: a tag ends shortly before it, where sentences end in any word. */
static bool is_whole(hsn_str t, size_t to)
{
    enum { STEP = 16, STEPS = 2 };
    for (size_t i = 1; i <= STEPS && to >= i * STEP; i++) {
        if (hsn_vec_find_last(t.p + to - i * STEP, '>', STEP) < STEP) {
            return true;
        }
    }
    return to < STEPS * STEP && hsn_str_chr(hsn_str_cut(t, 0, to), '>') < to;
}

/* The name that what follows the tag at `at` goes by; empty when the text before it is none. */
static hsn_str read_caption(hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    bool ends = t.p[at + 1] == '/';
    bool field = !ends && starts_tag(t, at, HSN_S("input"));
    size_t to = ends || field ? at : before_mark(t, at);
    while (to > 0 && (is_filler(t.p[to - 1]) || t.p[to - 1] == '.')) {
        to--;
    }
    if (to == 0 || at - to > 16 || (to == at && !ends) ||
        !hsn_rules_name_may_end(s->in->rules, t.p + to, to)) {
        return (hsn_str){0};
    }
    if (ends && !is_whole(t, to)) {
        return (hsn_str){0};
    }
    hsn_str name = caption_before(t, to);
    return hsn_label_rule(s, name) != NULL ? name : (hsn_str){0};
}

/* The first row of a table whose heads are no th. */
static bool is_first_row(const hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    size_t row = row_of(s, at);
    size_t open = row;
    for (unsigned tags = 0; row < at && tags < 2; tags++) {
        while (open > 0 && t.p[open - 1] != '<') {
            open--;
        }
        if (open == 0 || row - open > 256) {
            return false;
        }
        open--;
        if (starts_tag(t, open, HSN_S("table"))) {
            return true;
        }
        if (!starts_tag(t, open, HSN_S("tbody")) && !starts_tag(t, open, HSN_S("thead"))) {
            return false;
        }
    }
    return false;
}

void hsn_spot_caption(hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    size_t edits = s->out->n;
    size_t value;
    size_t end;
    hsn_str name = read_caption(s, at);
    if (name.n == 0 || (edits > 0 && s->out->v[edits - 1].off > at)) {
        return; /* none, or its cell has named the next one (spot_tag.c) */
    }
    if (starts_tag(t, at, HSN_S("/th"))) {
        at_head(s, at);
    } else if (next_text(t, at, false, &value, &end) && hsn_scan_spend(s, end - at)) {
        replace_value(s, name, value, end);
    }
    if (s->out->n == edits && starts_tag(t, at, HSN_S("/td")) && is_first_row(s, at)) {
        at_head(s, at);
    }
}
