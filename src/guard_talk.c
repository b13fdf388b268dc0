/*
 * Talk: what stands under the name of a credential and is about it, or about something else of that
 * name: a sentence of an error message, a type of a program, a design token of a style sheet.
 *
 * Pure functions over the decoded value. Told narrowly: a passphrase is words too.
 */
#include "guard_looks.h"

/* ---------------------------------------------------------------- sentences */

/* Letters, spaces, marks between words, numbers of at most three digits. No word holds both. */
static bool is_wording(hsn_str v)
{
    size_t digits = 0;
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = v.p[i];
        if (i > 0 && hsn_is_digit(c) + hsn_is_digit(v.p[i - 1]) == 1 &&
            hsn_is_alpha(c) + hsn_is_alpha(v.p[i - 1]) == 1) {
            return false;
        }
        digits = hsn_is_digit(c) ? digits + 1 : 0;
        bool mark = hsn_is_one_of(c, " '(),.:;!?-/\"");
        if (digits > 3 || (digits == 0 && !mark && !hsn_is_alpha(c) && c < 0x80)) {
            return false;
        }
    }
    return true;
}

/* What checks of a field say: without one of these words it is a phrase like any other. */
static bool speaks_of_field(hsn_str v)
{
    static const hsn_str words[] = {
        HSN_W("character"), HSN_W("letter"),   HSN_W("digit"),    HSN_W("number"),  HSN_W("symbol"),
        HSN_W("case"),      HSN_W("short"),    HSN_W("long"),     HSN_W("least"),   HSN_W("most"),
        HSN_W("minimum"),   HSN_W("maximum"),  HSN_W("blank"),    HSN_W("empty"),   HSN_W("null"),
        HSN_W("require"),   HSN_W("valid"),    HSN_W("correct"),  HSN_W("wrong"),   HSN_W("match"),
        HSN_W("expire"),    HSN_W("already"),  HSN_W("taken"),    HSN_W("allowed"), HSN_W("weak"),
        HSN_W("common"),    HSN_W("missing"),  HSN_W("provide"),  HSN_W("enter"),   HSN_W("your"),
        HSN_W("contain"),   HSN_W("confirm"),  HSN_W("same as"),  HSN_W("support"), HSN_W("field"),
        HSN_W("set"),       HSN_W("format"),   HSN_W("string"),   HSN_W("value"),   HSN_W("exist"),
        HSN_W("exceed"),    HSN_W("chang"),    HSN_W("used"),     HSN_W("user"),
        HSN_W("different")};
    for (size_t i = 0; i < HSN_COUNT(words); i++) {
        if (hsn_looks_contain(v, words[i])) {
            return true;
        }
    }
    return false;
}

/* "At least 8 characters", the hint below a field. */
static bool is_hint(hsn_str v, const hsn_looks *s)
{
    static const hsn_str measures[] = {
        HSN_W("character"), HSN_W("letter"), HSN_W("digit"), HSN_W("symbol"), HSN_W("number")};
    bool measured = false;
    for (size_t i = 0; i < HSN_COUNT(measures) && !measured; i++) {
        measured = hsn_looks_contain(v, measures[i]);
    }
    return measured && s->spaces >= 2 && v.p[0] >= 'A' && v.p[0] <= 'Z' && is_wording(v);
}

/* "is too short (minimum is 8 characters)", "can't be blank": the name before it is the subject. */
static bool is_predicate(hsn_str v)
{
    static const hsn_str verbs[] = {
        HSN_W("is"),     HSN_W("are"),    HSN_W("was"),    HSN_W("has"),      HSN_W("must"),
        HSN_W("should"), HSN_W("can't"),  HSN_W("cannot"), HSN_W("does"),     HSN_W("doesn't"),
        HSN_W("needs"),  HSN_W("contains"), HSN_W("isn't"), HSN_W("please"),  HSN_W("enter"),
        HSN_W("too")};
    enum { LONGEST = 240 };
    size_t space = hsn_str_chr(v, ' ');
    return v.n <= LONGEST && space < v.n && HSN_STR_IN(hsn_str_cut(v, 0, space), verbs) &&
           is_wording(v) && speaks_of_field(v);
}

/* A verb or particle by itself: what is left of a sentence when its first word is the value. */
static bool is_function_word(hsn_str v)
{
    static const hsn_str words[] = {
        HSN_W("is"),     HSN_W("are"),    HSN_W("was"),     HSN_W("has"),    HSN_W("must"),
        HSN_W("should"), HSN_W("can't"),  HSN_W("cannot"),  HSN_W("can"),    HSN_W("may"),
        HSN_W("will"),   HSN_W("does"),   HSN_W("doesn't"), HSN_W("needs"),  HSN_W("then"),
        HSN_W("and"),    HSN_W("or"),     HSN_W("the"),     HSN_W("your"),   HSN_W("please"),
        HSN_W("enter"),  HSN_W("see"),    HSN_W("not"),     HSN_W("for"),    HSN_W("with"),
        HSN_W("when"),   HSN_W("which"),  HSN_W("that"),    HSN_W("this"),   HSN_W("from"),
        HSN_W("used"),   HSN_W("wrong"),  HSN_W("changed"), HSN_W("failed"), HSN_W("incorrect")};
    return HSN_STR_IN(v, words);
}

/* ---------------------------------------------------------------- programs */

/* var.db_password, process.env.API_KEY2, secrets.TOKEN: where programs and templates have a value
 * from. */
static bool is_reference(hsn_str v)
{
    static const hsn_str roots[] = {
        HSN_W("var"),     HSN_W("vars"),  HSN_W("local"),   HSN_W("data"),  HSN_W("module"),
        HSN_W("env"),     HSN_W("this"),  HSN_W("self"),    HSN_W("props"), HSN_W("config"),
        HSN_W("process"), HSN_W("os"),    HSN_W("secrets"), HSN_W("inputs"), HSN_W("params"),
        HSN_W("settings"), HSN_W("options"), HSN_W("args"), HSN_W("req"),   HSN_W("request"),
        HSN_W("state"),   HSN_W("user"),  HSN_W("random_password"), HSN_W(".Values")};
    size_t dot = hsn_str_chr(v, '.');
    if (dot == 0) {
        dot = 1 + hsn_str_chr(hsn_str_cut(v, 1, v.n), '.');
    }
    return dot + 1 < v.n && HSN_STR_IN(hsn_str_cut(v, 0, dot), roots) &&
           hsn_is_slug(hsn_str_cut(v, dot + 1, v.n));
}

/* *defaults of YAML (1.2.2, section 7.1): the value stands at its anchor. */
static bool is_alias(hsn_str v)
{
    size_t i = 1;
    while (i < v.n && (hsn_is_alpha(v.p[i]) || v.p[i] == '_' || v.p[i] == '-')) {
        i++;
    }
    return v.n > 2 && v.p[0] == '*' && i == v.n;
}

/* str, String!, Optional[str], Dict<string: an annotation, cut where an unquoted value ends. */
static bool is_type(hsn_str v)
{
    static const hsn_str names[] = {HSN_W("str"),     HSN_W("bytes"),   HSN_W("bytea"),
                                    HSN_W("varchar"), HSN_W("char"),    HSN_W("int"),
                                    HSN_W("any"),     HSN_W("uuid"),    HSN_W("secretstr"),
                                    HSN_W("unknown"), HSN_W("string"),  HSN_W("option"),
                                    HSN_W("maybe"),   HSN_W("box"),     HSN_W("vec"),
                                    HSN_W("nsstring"), HSN_W("securestring"),
                                    HSN_W("secretstring"), HSN_W("charsequence")};
    static const hsn_str generics[] = {HSN_W("optional"), HSN_W("union"),    HSN_W("list"),
                                       HSN_W("dict"),     HSN_W("sequence"), HSN_W("annotated"),
                                       HSN_W("promise"),  HSN_W("array"),    HSN_W("partial"),
                                       HSN_W("record"),   HSN_W("literal"),  HSN_W("varchar")};
    size_t open = 0;
    while (v.n > 0 && (v.p[v.n - 1] == '!' || v.p[v.n - 1] == '?')) { /* GraphQL, Swift */
        v.n--;
    }
    while (open < v.n && hsn_is_alpha(v.p[open])) {
        open++;
    }
    if (open == v.n) {
        return HSN_STR_IN(v, names);
    }
    return hsn_is_one_of(v.p[open], "[<(") &&
           HSN_STR_IN(hsn_str_cut(v, 0, open), generics) && hsn_looks_of(v).digits <= 3;
}

/* ^(?=.*[0-9]).{8,}$, also between slashes: what a value has to match, where a form says so. */
static bool is_expression(hsn_str v)
{
    const size_t from = v.p[0] == '/' ? 1 : 0;
    size_t to = v.n;
    while (from == 1 && to > 2 && hsn_is_alpha(v.p[to - 1])) { /* flags */
        to--;
    }
    to -= from == 1 && to > 2 && v.p[to - 1] == '/' ? 1 : 0;
    bool special = false;
    for (size_t i = from; i < to && !special; i++) {
        special = hsn_is_one_of(v.p[i], "[(\\{");
    }
    return special && to > from + 3 && v.p[from] == '^' && v.p[to - 1] == '$';
}

/* ---------------------------------------------------------------- style sheets */

/* #rgb, #rrggbb and both with the alpha channel: CSS Color 4, section 5.2. */
static bool is_colour(hsn_str v)
{
    if (v.p[0] != '#' || (v.n != 4 && v.n != 5 && v.n != 7 && v.n != 9)) {
        return false;
    }
    for (size_t i = 1; i < v.n; i++) {
        if (hsn_hex(v.p[i]) < 0) {
            return false;
        }
    }
    return true;
}

/* rgba(0,0,0,.5), var(--x), 1.5rem, 0 1px 2px: what design tokens hold. */
static bool is_style(hsn_str v)
{
    static const hsn_str functions[] = {
        HSN_W("rgb"),  HSN_W("rgba"),            HSN_W("hsl"),          HSN_W("hsla"),
        HSN_W("var"),  HSN_W("calc"),            HSN_W("cubic-bezier"), HSN_W("linear-gradient"),
        HSN_W("clamp"), HSN_W("radial-gradient"), HSN_W("oklch"),       HSN_W("color-mix")};
    size_t open = hsn_str_chr(v, '(');
    if (open < v.n) {
        return v.p[v.n - 1] == ')' && HSN_STR_IN(hsn_str_cut(v, 0, open), functions);
    }
    size_t unit = 0;
    while (unit < v.n && (hsn_is_digit(v.p[unit]) || v.p[unit] == '.')) {
        unit++;
    }
    static const hsn_str units[] = {HSN_W("px"), HSN_W("rem"), HSN_W("em"), HSN_W("vh"),
                                    HSN_W("vw"), HSN_W("ms"),  HSN_W("pt")};
    return unit > 0 && HSN_STR_IN(hsn_str_cut(v, unit, v.n), units);
}

/* Geheimnisträger, Sicherheitscode: one word of a language, with the capital of a label. */
static bool is_capital_word(hsn_str v, const hsn_looks *s)
{
    enum { LONGEST = 24 };
    return v.n <= LONGEST && s->upper == 1 && v.p[0] >= 'A' && v.p[0] <= 'Z' &&
           s->lower == v.n - 1;
}

bool hsn_is_talk(hsn_str v, const hsn_looks *s, bool password)
{
    enum { WORD_MAX = 32 }; /* longer than any word, type or style without a bracket */
    if ((v.p[0] == '^' || v.p[0] == '/') && is_expression(v)) {
        return true;
    }
    bool plain = s->spaces == 0 && v.p[v.n - 1] != ')' && v.p[0] != '#';
    if (plain && (v.n > WORD_MAX || (s->digits > 0 && s->other == 0 && hsn_is_alpha(v.p[0])))) {
        return false; /* nearly all tokens */
    }
    if (is_function_word(v) || is_predicate(v) || is_hint(v, s) || is_type(v) || is_reference(v) ||
        is_alias(v)) {
        return true;
    }
    return !password && (is_colour(v) || is_style(v) || is_capital_word(v, s));
}
