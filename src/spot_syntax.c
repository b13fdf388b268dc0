/*
 * What looks like a name and its value and is none: operators, selectors of style sheets, declared
 * variables, fields that a document describes, objects of a script.
 *
 * Receives a separator, what was read before it, or behind it; says whether to leave it. Told
 * narrowly: what is left here is looked at for its own sake, but no more for its name's.
 */
#include "spot_name.h"

/* a::b of CSS and C++, a == b. */
bool hsn_is_doubled(hsn_str t, size_t at)
{
    if (hsn_is_ldif(t, at)) {
        return false;
    }
    unsigned char next = at + 1 < t.n ? t.p[at + 1] : 0;
    return next == t.p[at] || (t.p[at] == ':' && next == '=') || /* := is the ='s */
           (at > 0 && t.p[at - 1] == t.p[at]);
}

/* Behind the : of a selector: a state of an element (Selectors 4), and no letter behind it. */
static bool is_pseudo_class(hsn_str t, size_t at)
{
    static const hsn_str states[] = {
        HSN_W("hover"),       HSN_W("focus"),         HSN_W("active"),     HSN_W("disabled"),
        HSN_W("enabled"),     HSN_W("checked"),       HSN_W("invalid"),    HSN_W("valid"),
        HSN_W("required"),    HSN_W("optional"),      HSN_W("empty"),      HSN_W("not"),
        HSN_W("first-child"), HSN_W("last-child"),    HSN_W("before"),     HSN_W("after"),
        HSN_W("visited"),     HSN_W("focus-visible"), HSN_W("focus-within"), HSN_W("is"),
        HSN_W("where"),       HSN_W("nth-child"),     HSN_W("target"),     HSN_W("read-only")};
    size_t end = at + 1;
    while (end < t.n && (hsn_is_alpha(t.p[end]) || t.p[end] == '-')) {
        end++;
    }
    return end < t.n && hsn_is_one_of(t.p[end], "{,.:([ >+~)") &&
           HSN_STR_IN(hsn_str_cut(t, at + 1, end), states);
}

/* $password: String! of GraphQL declares a variable; .token:before, #password:hover and
 * [type=password]:focus of CSS select elements. */
bool hsn_is_syntax(hsn_str t, size_t at, const hsn_named *n)
{
    if (n->quoted) {
        return false;
    }
    unsigned char first = n->name.p[0];
    bool tail = n->name.p[n->name.n - 1] == ']' && hsn_str_chr(n->name, '[') == n->name.n;
    bool selector = t.p[at] == ':' && (first == '.' || tail || is_pseudo_class(t, at));
    bool declared = first == '$' && !(t.p[at] == '=' && hsn_is_quote(hsn_next_byte(t, at)));
    return declared || selector;
}

/* `password`: plain text, as documents describe fields: a word and another one behind it. */
static bool is_described(hsn_str t, size_t at, hsn_named_value v)
{
    size_t i = v.from;
    while (i < v.to && t.p[i] >= 'a' && t.p[i] <= 'z') {
        i++;
    }
    return at > 0 && t.p[at - 1] == '`' && i == v.to && t.n - v.to > 1 && t.p[v.to] == ' ' &&
           hsn_is_alpha(t.p[v.to + 1]);
}

/* password: {required: ..., token={type: ..., an object of a script. */
static bool is_object(hsn_str t, hsn_named_value v)
{
    size_t i = v.from;
    if (i < v.to && t.p[i] == '{') {
        i++;
        while (i < v.to && (hsn_is_alnum(t.p[i]) || t.p[i] == '_')) {
            i++;
        }
    }
    return i > v.from + 1 && i < t.n && t.p[i] == ':';
}

bool hsn_is_no_value(hsn_str t, size_t at, hsn_named_value v)
{
    static const hsn_str function = HSN_W("function");
    hsn_str rest = hsn_str_cut(t, v.from, t.n);
    bool code = hsn_str_starts(rest, function) && rest.n > function.n &&
                (rest.p[function.n] == '(' || rest.p[function.n] == ' ');
    return code || is_described(t, at, v) || is_object(t, v);
}

/* Does the string that t[quote] ends begin where a script has one begin? */
static bool closes(hsn_str t, size_t quote)
{
    enum { REACH = 256 };
    size_t i = quote;
    while (i > 0 && quote - i < REACH && t.p[i - 1] != t.p[quote] && t.p[i - 1] != '\n') {
        i--;
    }
    if (i == 0 || t.p[i - 1] != t.p[quote]) {
        return false;
    }
    i--;
    i -= i > 0 && t.p[i - 1] == ' ';
    return i > 0 && hsn_is_one_of(t.p[i - 1], "+(,=:?[{&|;");
}

bool hsn_is_between(hsn_str t, size_t quote, size_t close)
{
    size_t from = quote + 1;
    size_t to = close;
    from += from < to && t.p[from] == ' ';
    to -= to > from && t.p[to - 1] == ' ';
    return to > from && hsn_is_one_of(t.p[from], "+,;:)]}") &&
           hsn_is_one_of(t.p[to - 1], "+,;:([{=?&|") && closes(t, quote);
}
