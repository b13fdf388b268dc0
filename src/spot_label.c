/*
 * A name and its value with neither : nor = between them: `:api-key "..."` of Clojure,
 * `(password . "...")` of Lisp, `token -> ...`, `**API key**: ...`, "logged in with password ...".
 *
 * Receives a word that such a name has; emits an edit of the value. Nothing but its look tells the
 * value from the next word of a sentence: it has to show that it is none.
 */
#include "spot_label.h"

enum { NAME_MAX_LEN = 40, VALUE_MAX = 1024 };

const hsn_rule *hsn_label_rule(const hsn_scan *s, hsn_str name)
{
    const hsn_rule *rule = name.n > 0 && name.n <= NAME_MAX_LEN
                               ? hsn_rules_name(s->in->rules, name, HSN_IN_KEY, NULL)
                               : NULL;
    return rule != NULL && rule->action == HSN_REPLACE ? rule : NULL;
}

bool hsn_spot_labelled(hsn_scan *s, hsn_str name, size_t from, size_t to)
{
    const hsn_rule *rule = hsn_label_rule(s, name);
    hsn_str value = hsn_str_cut(s->text, from, to);
    if (rule == NULL || from < s->skip || !hsn_guard_passes(rule, value)) {
        return false;
    }
    hsn_site site = *s->site;
    site.where = HSN_IN_KEY;
    site.name = name;
    hsn_replace(s->in, s->text, from, value.n, rule, &site, s->out);
    s->skip = to;
    return true;
}

/* ---------------------------------------------------------------- looks */

bool hsn_is_made(hsn_str v, size_t least)
{
    bool digit = false;
    bool other = false;
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] <= ' ') {
            return false;
        }
        digit = digit || hsn_is_digit(v.p[i]);
        other = other || !(hsn_is_digit(v.p[i]) || v.p[i] == '-' || v.p[i] == '.');
    }
    return v.n >= least && digit && other;
}

/* What a value consists of. */
typedef struct mix {
    size_t digits;
    bool lower;
    bool upper;
    bool sign;
    bool hex;    /* nothing but hexadecimal digits */
    bool joined; /* a letter stands right behind a digit */
    size_t changes; /* from one of the three classes to another */
} mix;

/* Of capitals, small letters and digits. */
static unsigned class_of(unsigned char c)
{
    return hsn_is_digit(c) ? 1 : c >= 'a' && c <= 'z' ? 2 : c >= 'A' && c <= 'Z' ? 3 : 0;
}

static mix mix_of(hsn_str v)
{
    mix m = {.hex = true, .sign = hsn_find_stop(v, 0, "!#$*&^%?@") < v.n};
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = v.p[i];
        m.digits += hsn_is_digit(c);
        m.lower = m.lower || (c >= 'a' && c <= 'z');
        m.upper = m.upper || (c >= 'A' && c <= 'Z');
        m.hex = m.hex && hsn_hex(c) >= 0;
        m.joined = m.joined || (i > 0 && hsn_is_digit(v.p[i - 1]) && hsn_is_alpha(c));
        m.changes += i > 0 && class_of(v.p[i - 1]) != class_of(c);
    }
    return m;
}

/* api_key || "...", token ?? '...', key or "...": where what a program falls back on is quoted;
 * `at` when it is not. */
static size_t past_default(hsn_str t, size_t at)
{
    static const hsn_str signs[] = {HSN_W("||"), HSN_W("??"), HSN_W("or ")};
    size_t i = hsn_past_blanks(t, at);
    for (size_t k = 0; k < HSN_COUNT(signs); k++) {
        if (hsn_str_starts(hsn_str_cut(t, i, t.n), signs[k])) {
            size_t quote = hsn_past_blanks(t, i + signs[k].n);
            return quote < t.n && (t.p[quote] == '"' || t.p[quote] == '\'') ? quote : at;
        }
    }
    return at;
}

/* In quotes or behind an arrow: a digit with a letter behind it, or with a sign anywhere. */
static bool is_mixed(hsn_str v)
{
    enum { SHORTEST = 8 };
    mix m = mix_of(v);
    return v.n >= SHORTEST && m.digits > 0 && (m.joined || m.sign) &&
           hsn_str_find(v, HSN_S("://")) == v.n;
}

/* In a sentence: capitals, small letters and several digits, or fewer where hardly two of a kind
 * stand together; or all hexadecimal; of a password a digit and a sign, or that hardly two of a
 * kind stand together. */
static bool is_unmistakable(hsn_str v, bool password)
{
    enum { TOKEN_MIN = 16, LONG_MIN = 20, HEX_MIN = 32, PASSWORD_MIN = 8, DIGITS_MIN = 3 };
    enum { LETTERS_MIN = 10 };
    mix m = mix_of(v);
    bool mixed = m.digits > 0 && m.lower && m.upper && !m.sign;
    return (v.n >= TOKEN_MIN && mixed && m.digits >= DIGITS_MIN) ||
           (v.n >= LONG_MIN && mixed && m.changes * 2 >= v.n) ||
           (v.n >= HEX_MIN && mixed && m.changes * 5 >= v.n * 2) ||
           (v.n >= HEX_MIN && m.hex) ||
           (password && v.n >= PASSWORD_MIN && m.digits > 0 &&
            (m.sign || (mixed && v.n >= LETTERS_MIN && m.changes * 2 >= v.n)));
}

/* ---------------------------------------------------------------- what stands between */

/* What surrounds a word in a cell or in bold. */
static size_t past_trim(hsn_str t, size_t at)
{
    while (at < t.n && (t.p[at] == ' ' || t.p[at] == '\t' || t.p[at] == '\r' || t.p[at] == '*' ||
                        t.p[at] == '`')) {
        at++;
    }
    return at;
}

/* Behind the words that a hyphen or _ joins to the one that ends at `end`. */
static size_t past_name(hsn_str t, size_t end)
{
    size_t i = end;
    while (i < t.n && i - end < NAME_MAX_LEN && (t.p[i] == '_' || t.p[i] == '-')) {
        i = hsn_word_end(t, i + 1);
    }
    return i;
}

/* Nothing without a digit is taken for a value: that settles nearly all words. */
static bool has_digit(hsn_str t, size_t at)
{
    enum { REACH = 64 };
    size_t end = t.n - at > REACH ? at + REACH : t.n;
    while (at < end && t.p[at] > ' ' && !hsn_is_digit(t.p[at])) {
        at++;
    }
    return at < end && hsn_is_digit(t.p[at]);
}

/* -> or . of Lisp or : behind bold, and << of Erlang; `at` when there is none. */
static size_t past_arrow(hsn_str t, size_t at)
{
    static const hsn_str arrows[] = {HSN_W("-> "), HSN_W("=> "), HSN_W(". "), HSN_W(": "),
                                     HSN_W(":= "), HSN_W("= "),  HSN_W("<- "), HSN_W("to "),
                                     HSN_W("As String = ")};
    hsn_str rest = hsn_str_cut(t, at, t.n);
    for (size_t i = 0; i < HSN_COUNT(arrows); i++) {
        if (hsn_str_starts(rest, arrows[i])) {
            size_t to = past_trim(t, at + arrows[i].n);
            return hsn_str_starts(hsn_str_cut(t, to, t.n), HSN_S("<<")) ? to + 2 : to;
        }
    }
    return at;
}

static bool quoted(hsn_scan *s, hsn_str name, size_t open)
{
    hsn_str t = hsn_str_cut(s->text, 0, open + VALUE_MAX);
    size_t close = hsn_find_stop(t, open + 1, "\"' \t\r\n\\<>{}()");
    return close < t.n && t.p[close] == t.p[open] && (close + 1 == t.n || t.p[close + 1] != ':') &&
           is_mixed(hsn_str_cut(t, open + 1, close)) && hsn_spot_labelled(s, name, open + 1, close);
}

static bool bare(hsn_scan *s, hsn_str name, size_t from, bool arrow, bool password)
{
    hsn_str t = hsn_str_cut(s->text, 0, from + VALUE_MAX);
    size_t to = hsn_find_stop(t, from, " \t\r\n\"'`<>(),;:\\[]{}|");
    while (to > from && t.p[to - 1] == '.') {
        to--;
    }
    hsn_str v = hsn_str_cut(t, from, to);
    return (arrow ? is_mixed(v) : is_unmistakable(v, password)) &&
           hsn_spot_labelled(s, name, from, to);
}

/* ---------------------------------------------------------------- at a word */

/* Back to where the name begins of which the word is the last but perhaps one. */
static size_t name_begin(const hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    size_t i = at;
    while (i > s->skip && at - i < NAME_MAX_LEN &&
           (hsn_is_alnum(t.p[i - 1]) || t.p[i - 1] == '_' || t.p[i - 1] == '-')) {
        i--;
    }
    return i;
}

/* Does the string that begins at `open` stand in the first row of a table, in a list of its
 * columns, or is it the name of one? */
static bool names_column(hsn_str t, size_t open)
{
    enum { REACH = 1024 };
    static const hsn_str lists[] = {HSN_W("columns\":"), HSN_W("column_names\":"),
                                    HSN_W("meta\":"),    HSN_W("columnNames\":"),
                                    HSN_W("cols\":"),    HSN_W("fields\":")};
    const hsn_str name = HSN_S("\"name\":");
    if (open >= name.n && hsn_str_eq(hsn_str_cut(t, open - name.n, open), name)) {
        return true;
    }
    size_t i = open;
    while (i > 1 && open - i < REACH && t.p[i - 1] != '[' && t.p[i - 1] != '{') {
        i--;
    }
    if (i <= 1 || t.p[i - 1] != '[') {
        return false;
    }
    i--;
    bool any = t.p[i - 1] == '[';
    for (size_t k = 0; k < HSN_COUNT(lists) && !any; k++) {
        any = i >= lists[k].n && hsn_str_eq(hsn_str_cut(t, i - lists[k].n, i), lists[k]);
    }
    return any;
}

/* "login", "user.login" */
static bool is_call(hsn_str t, size_t from, size_t end)
{
    return hsn_is_one_of(t.p[from - 1], "\".:/") &&
           hsn_place_is_sign_in(hsn_str_cut(t, from, end));
}

/* "password" as an element of JSON: it may name the column of a table, "login" what is called. */
static bool element(hsn_scan *s, size_t at, size_t end)
{
    hsn_str t = s->text;
    size_t from = name_begin(s, at);
    bool whole = t.n - end > 1 && hsn_is_one_of(t.p[end + 1], ",]}") &&
                 from > 0 &&
                 (t.p[from - 1] == '"' ? names_column(t, from - 1) || is_call(t, from, end)
                                       : is_call(t, from, end));
    size_t skip = s->skip;
    size_t before = s->out->n;
    if (!whole || !hsn_scan_enter_json(s, at)) {
        return false;
    }
    if (s->out->n == before) { /* none: the scan has its say */
        s->skip = skip;
    }
    return s->out->n > before;
}

/* {name: API_TOKEN, value: ...}, a mapping of YAML in braces. */
static bool in_braces(hsn_scan *s, size_t at, size_t end)
{
    const hsn_str key = HSN_S("value:");
    hsn_str t = s->text;
    size_t from = hsn_past_blanks(t, end + 1);
    if (!hsn_str_starts(hsn_str_cut(t, from, t.n), key)) {
        return false;
    }
    from = hsn_past_blanks(t, from + key.n);
    from += from < t.n && (t.p[from] == '"' || t.p[from] == '\'');
    size_t to = hsn_find_stop(hsn_str_cut(t, 0, from + VALUE_MAX), from, " ,}\r\n\"'");
    enum { SHORTEST = 6 };
    return hsn_is_made(hsn_str_cut(t, from, to), SHORTEST) &&
           hsn_spot_labelled(s, hsn_str_cut(t, name_begin(s, at), end), from, to);
}

/* variable "db_password" { ... default = "..." } of Terraform. */
static bool in_block(hsn_scan *s, size_t at, size_t end)
{
    enum { REACH = 512 };
    const hsn_str key = HSN_S("default");
    hsn_str t = hsn_str_cut(s->text, 0, end + REACH);
    t = hsn_str_cut(t, 0, end + hsn_str_chr(hsn_str_cut(t, end, t.n), '}'));
    size_t from = end + hsn_str_find(hsn_str_cut(t, end, t.n), key) + key.n;
    if (!hsn_scan_spend(s, t.n - end) || from >= t.n) {
        return false;
    }
    from = hsn_past_blanks(t, from);
    from = hsn_past_blanks(t, from + (from < t.n && t.p[from] == '='));
    size_t close = from + 1 + hsn_str_chr(hsn_str_cut(t, from + 1, t.n), '"');
    return from < t.n && t.p[from] == '"' && close < t.n &&
           hsn_spot_labelled(s, hsn_str_cut(t, name_begin(s, at), end), from + 1, close);
}

/* "API key", "secret token": behind the second word of the name that ends at `end`. */
static size_t past_second(hsn_str t, size_t end)
{
    static const hsn_str words[] = {HSN_W("key"),      HSN_W("token"), HSN_W("secret"),
                                    HSN_W("password"), HSN_W("code"),  HSN_W("id")};
    const size_t from = hsn_past_blanks(t, end);
    const size_t to = from > end ? hsn_word_end(t, from) : from;
    return to > from && HSN_STR_IN(hsn_str_cut(t, from, to), words) ? to : end;
}

/* The value that stands at `at`, or behind an arrow there. */
static bool take_value(hsn_scan *s, hsn_str name, size_t at, bool password)
{
    const hsn_str t = s->text;
    const size_t from = past_arrow(t, at);
    const bool arrow = from > at;
    if (!has_digit(t, from)) {
        return false;
    }
    if (t.p[from] == '(' && !arrow) { /* token (...) */
        return bare(s, name, from + 1, false, false);
    }
    if (t.p[from] == '"' || t.p[from] == '\'') {
        return quoted(s, name, from);
    }
    return (arrow || hsn_is_alnum(t.p[from])) && bare(s, name, from, arrow, password);
}

/* A second word may belong to the name; then come its value, or the next cell or line. */
static bool in_prose(hsn_scan *s, size_t at, size_t end)
{
    const hsn_str t = s->text;
    const size_t second = past_second(t, end);
    const bool two = second > end;
    const size_t i = past_trim(t, second);
    if (i >= t.n) {
        return false;
    }
    if (t.p[i] == '|' || t.p[i] == '\n') {
        return hsn_spot_table(s, at, i);
    }
    if (two ? i == second && t.p[i] != ':' : i == end) {
        return false;
    }
    if (t.p[i] == '=' && !two && t.n - i > 1 && t.p[i + 1] == ' ') { /* name = : spot_name.c */
        return false;
    }
    const bool password = (t.p[at] | 0x20) == 'p';
    return take_value(s, hsn_str_cut(t, name_begin(s, at), second), i, password);
}

bool hsn_spot_label(hsn_scan *s, size_t at, size_t end)
{
    const hsn_str t = s->text;
    end = past_name(t, end);
    const unsigned char next = end < t.n ? t.p[end] : 0;
    if (next == '"') {
        const bool block = t.n - end > 2 && t.p[end + 1] == ' ' && t.p[end + 2] == '{';
        return block ? in_block(s, at, end) : element(s, at, end);
    }
    if (next == ',') {
        return in_braces(s, at, end);
    }
    const size_t fallback = past_default(t, end);
    if (fallback > end) {
        return quoted(s, hsn_str_cut(t, name_begin(s, at), end), fallback);
    }
    return !s->site->binary && in_prose(s, at, end);
}
