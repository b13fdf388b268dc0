/*
 * name=value and name: value, in any text: query strings, forms, logs, INI, YAML, JavaScript, JSON.
 *
 * Begins at the separator and reads the name backwards: its last three letters settle most cases at
 * once, so the cost per separator does not depend on how many names are known. A name that counts,
 * in quotes and before a colon, sends the scan to the JSON text around it, if there is one: there
 * an object or array under the name, or a name/value pair, is seen for what it is.
 */
#include "spot_name.h"

/* "Token (JWT): ...": before a remark in parentheses, `end` where none stands. */
static size_t before_remark(hsn_str t, size_t end)
{
    enum { LONGEST = 24 };
    if (end < 4 || t.p[end - 1] != ')') {
        return end;
    }
    size_t least = end > LONGEST ? end - LONGEST : 1;
    size_t open = end - 1;
    while (open > least && t.p[open] != '(' && t.p[open] != '\n') {
        open--;
    }
    return t.p[open] == '(' && t.p[open - 1] == ' ' && end - open > 3 ? open - 1 : end;
}

/* What may stand between a name and its separator, a no-break space of French too, spelled or not:
 * how many bytes of it end at `end`. */
static size_t blank_before(hsn_str t, size_t end)
{
    static const hsn_str spaces[] = {HSN_W("\xc2\xa0"), HSN_W("\xe2\x80\xaf"), HSN_W("&nbsp;"),
                                     HSN_W("&#160;"), HSN_W(" "), HSN_W("\t")};
    const unsigned char last = end > 0 ? t.p[end - 1] : 0;
    if (last != ' ' && last != '\t' && last != ';' && last < 0x80) {
        return 0;
    }
    for (size_t i = 0; i < HSN_COUNT(spaces); i++) {
        const size_t n = spaces[i].n;
        if (end >= n && hsn_str_eq(hsn_str_cut(t, end - n, end), spaces[i])) {
            return n;
        }
    }
    return 0;
}

/* Where the name before the separator ends; fills in how it is quoted. */
static size_t name_end(hsn_str t, size_t at, hsn_named *out)
{
    size_t end = at;
    if (end > 0 && t.p[end - 1] == ':' && t.p[at] == '=') { /* := of Pascal, Go and make */
        end--;
    }
    for (size_t n; (n = blank_before(t, end)) > 0;) {
        end -= n;
    }
    end = before_remark(t, end);
    if (end > 1 && t.p[end - 1] == ']' && hsn_is_quote(t.p[end - 2])) { /* a["name"] = */
        end--;
    }
    if (end > 0 && hsn_is_quote(t.p[end - 1])) {
        out->quoted = true;
        end--;
        while (end > 0 && t.p[end - 1] == '\\') {
            end--;
            out->slashes++;
        }
    }
    return end;
}

/* Behind the last letter or digit of the name: user[password] ends in its bracket. */
static size_t last_letter(hsn_str t, size_t end)
{
    if (end > 0 && t.p[end - 1] == ']') {
        return end - 1;
    }
    if (end > 2 && t.p[end - 3] == '%' && t.p[end - 2] == '5') { /* %5D */
        return end - 3;
    }
    return end;
}

/* "Mot de passe", "API key": where the name in quotes begins, if they hold a name. */
static size_t quoted_begin(hsn_str t, size_t from, size_t least, unsigned char quote)
{
    size_t i = from;
    while (i > least && (hsn_is_name_byte(t.p[i - 1]) || t.p[i - 1] == ' ')) {
        i--;
    }
    return i > 0 && t.p[i - 1] == quote ? i : from;
}

/* Recovery key, Social security number: where the word begins that stands before the one at `from`;
 * `from` when none does. */
static size_t word_before(hsn_str t, size_t from)
{
    enum { LONGEST = 16 };
    if (from < 3 || t.p[from - 1] != ' ') {
        return from;
    }
    size_t i = from - 1;
    while (i > 0 && from - i <= LONGEST && (hsn_is_alpha(t.p[i - 1]) || t.p[i - 1] >= 0x80)) {
        i--;
    }
    return from - i > 2 ? i : from;
}

static bool read_name(const hsn_scan *s, size_t at, hsn_named *out)
{
    hsn_str t = s->text;
    *out = (hsn_named){0};
    size_t end = name_end(t, at, out);
    size_t tail = last_letter(t, end);
    bool any = s->in->detect[HSN_DETECT_STRICT] != NULL && t.p[at] == '='; /* every parameter */
    if (!any && !hsn_rules_name_may_end(s->in->rules, t.p + tail, tail)) {
        return false;
    }
    size_t from = end;
    size_t least = end > HSN_NAME_MAX ? end - HSN_NAME_MAX : 0;
    while (from > least && hsn_is_name_byte(t.p[from - 1])) {
        from--;
    }
    if (out->quoted && from > least && t.p[from - 1] == ' ') {
        from = quoted_begin(t, from, least, t.p[end + out->slashes]);
    }
    out->name = hsn_str_cut(t, from, end);
    if (out->quoted) {
        from -= from > out->slashes ? out->slashes + 1 : from;
    }
    out->before = from > 0 ? t.p[from - 1] : 0;
    return out->name.n > 0;
}

static bool is_gap(hsn_str t, size_t at)
{
    return at < t.n && (hsn_is_space(t.p[at]) || t.p[at] == ':');
}

/* name=value without spaces, behind what separates parameters (or at the start of a form). A ; also
 * ends a statement. */
static bool is_param(hsn_scan *s, const hsn_named *n, size_t at)
{
    hsn_str t = s->text;
    if (t.p[at] != '=' || n->quoted || at == 0 || is_gap(t, at - 1) || is_gap(t, at + 1)) {
        return false;
    }
    return n->before == 0 || hsn_is_one_of(n->before, "?&#/") ||
           (n->before == ';' && !hsn_scan_is_code(s));
}

/* ---------------------------------------------------------------- the JSON text around */


static bool is_container_next(hsn_str t, size_t at)
{
    unsigned char c = hsn_next_byte(t, at);
    return c == '{' || c == '[';
}

/* "value": a string that may belong to a pair whose name counts; "headers": a list of such pairs.
 * Told by the ending of the key before the colon, because most keys are neither. */
static bool may_be_pair(hsn_str t, size_t at)
{
    static const hsn_str endings[] = {HSN_W("alue\""), HSN_W("val\""), HSN_W("ontent\""),
                                      HSN_W("\"v\""), HSN_W("eaders\"")};
    size_t end = at;
    while (end > 0 && t.p[end - 1] == ' ') {
        end--;
    }
    if (t.p[at] != ':' || end < 3 || t.p[end - 1] != '"' || !hsn_may_end_pair(t.p + end - 1)) {
        return false;
    }
    for (size_t i = 0; i < HSN_COUNT(endings); i++) {
        hsn_str e = endings[i];
        if (end >= e.n && hsn_str_eq(hsn_str_cut(t, end - e.n, end), e)) {
            return e.p[0] == 'e' || at + 1 == t.n || !is_container_next(t, at);
        }
    }
    return false;
}

static bool may_open_json(hsn_str t, size_t at)
{
    unsigned char open = t.p[at];
    if (open != '{' && open != '[') {
        return false;
    }
    size_t i = at + 1;
    while (i < t.n && hsn_is_space(t.p[i])) {
        i++;
    }
    return i < t.n && (t.p[i] == '"' ||
                       (open == '[' && (t.p[i] == '{' || t.p[i] == '[' || hsn_is_digit(t.p[i]))));
}

/* The first edit, of n sorted ones, that begins at `off` or behind it. */
static size_t edit_from(const hsn_edits *e, size_t n, size_t off)
{
    size_t low = 0;
    while (low < n) {
        size_t middle = low + (n - low) / 2;
        if (e->v[middle].off < off) {
            low = middle + 1;
        } else {
            n = middle;
        }
    }
    return low;
}

/* Of the edits behind the first n, all in order, keeps those that are none of the first. */
static void keep_new(hsn_edits *e, size_t n)
{
    size_t old = e->n > n ? edit_from(e, n, e->v[n].off) : n;
    size_t kept = n;
    for (size_t i = n; i < e->n; i++) {
        while (old < n && e->v[old].off < e->v[i].off) {
            old++;
        }
        if (old == n || e->v[old].off != e->v[i].off || e->v[old].len != e->v[i].len) {
            e->v[kept++] = e->v[i];
        }
    }
    e->n = kept;
}

/* The text may begin before what the scan has dealt with already, and end before `at`: an edit made
 * there is made again, and most are the same. Others are new: what they replace was taught. */
bool hsn_scan_enter_json(hsn_scan *s, size_t at)
{
    while (s->json_from < at) {
        size_t open = s->json_from;
        if (!may_open_json(s->text, open)) {
            s->json_from++;
            continue;
        }
        size_t end;
        size_t before = s->out->n;
        if (hsn_cut_json(s->in, s->text, open, s->site, &end, s->out)) {
            s->json_from = end;
            if (end > at) {
                s->skip = end;
                return true;
            }
            if (open < s->skip) {
                keep_new(s->out, before);
            }
            continue;
        }
        enum { ATTEMPT = 64 }; /* what it costs to begin one, in bytes */
        s->json_from = open + 1;
        if (!hsn_scan_spend(s, end - open + ATTEMPT)) {
            return false;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- what becomes of it */

/* Of a header it says enough, in any text it does not: {"key": "..."}. */
static bool is_vague(const hsn_rule *rule, hsn_str name)
{
    return rule->guard == HSN_GUARD_OPAQUE && rule->action == HSN_REPLACE &&
           hsn_str_chr(name, '-') == name.n;
}

static const hsn_rule *rule_of(const hsn_scan *s, const hsn_named *n, unsigned *where,
                               unsigned char separator)
{
    const hsn_rule *strict = *where == HSN_IN_PARAM ? s->in->detect[HSN_DETECT_STRICT] : NULL;
    const hsn_rule *r = hsn_name_facts_of(s->in->names, n->name, *where)->rule;
    if (r == NULL && separator == ':' && *where != HSN_IN_HEADER) {
        const hsn_rule *header = hsn_name_facts_of(s->in->names, n->name, HSN_IN_HEADER)->rule;
        if (header != NULL && !is_vague(header, n->name)) {
            *where = HSN_IN_HEADER;
            r = header;
        }
    }
    const bool weak = r == NULL || (r->action == HSN_KEEP && !hsn_rule_keeps(r));
    return weak && strict != NULL ? strict : r;
}

/* p%61ssword=..., %74oken=...: reads the name as it is meant. False when it is spelled plainly. */
static bool spell_name(hsn_scan *s, hsn_named *n)
{
    if (hsn_str_chr(n->name, '%') == n->name.n) {
        return false;
    }
    hsn_buf plain;
    hsn_buf_init(&plain, n->name.n);
    bool ok = hsn_peel_escape(&hsn_escape_percent, n->name, &plain);
    hsn_str copy = ok ? hsn_arena_copy(&s->in->arena, hsn_buf_str(&plain)) : (hsn_str){0};
    hsn_buf_wipe(&plain);
    if (copy.n == 0 || hsn_str_eq(copy, n->name)) {
        return false;
    }
    n->name = copy;
    return true;
}

/* data-token="...&#43;..." */
static bool has_entity(hsn_str v)
{
    unsigned char out[HSN_ESCAPE_MAX];
    size_t n;
    size_t at = hsn_escape_entity.find(v, 0);
    return at < v.n && hsn_escape_entity.step(v, at, out, &n) > 0;
}

void hsn_scan_look_back(hsn_scan *s)
{
    bool edited = s->out->n > s->left_edits && s->out->v[s->left_edits].off < s->left_to;
    s->in->spoilt = s->in->spoilt || edited;
}

/* A value within one that was left is edited when that one is. */
void hsn_scan_leave(hsn_scan *s, size_t to)
{
    if (to > s->left_to) {
        hsn_scan_look_back(s);
        s->left_to = to;
        s->left_edits = s->out->n;
    }
}

static void inspect(hsn_scan *s, hsn_named_value v, const hsn_named *n, unsigned where)
{
    enum { FEW = 4 }; /* edits: most values are one, and need no memory for a list of them */
    bool joined = v.quoted && n->slashes == 0 && v.to < s->text.n &&
                  hsn_spot_may_be_joint(s->text, v.to);
    v.to = joined ? hsn_joint_end(s->text, v.to) : v.to;
    hsn_str raw = hsn_str_cut(s->text, v.from, v.to);
    hsn_site site = *s->site;
    site.where = where;
    site.name = n->name;
    site.strict = where == HSN_IN_PARAM;
    const hsn_escape *layer = NULL;
    if (joined) {
        layer = &hsn_escape_joint;
    } else if (v.quoted && n->slashes == 0 && hsn_str_chr(raw, '\\') < raw.n) {
        layer = &hsn_escape_js;
    } else if (v.quoted && has_entity(raw)) {
        layer = &hsn_escape_entity;
    } else if (where == HSN_IN_PARAM &&
               (hsn_str_chr(raw, '%') < raw.n || hsn_str_chr(raw, '+') < raw.n)) {
        layer = &hsn_escape_form;
    }
    if (layer != NULL) {
        hsn_inspect_escape(s->in, layer, s->text, v.from, raw.n, &site, s->out);
        s->skip = v.to;
        return;
    }
    hsn_edit few[FEW];
    hsn_edits inner = {.v = few, .cap = FEW};
    if (hsn_inspect_named(s->in, raw, &site, &inner)) {
        hsn_edits_shift(s->in, &inner, v.from, s->out);
        s->skip = v.to;
    } else {
        hsn_scan_leave(s, v.to);
    }
}

/* document.cookie = "..." */
static bool is_cookie_property(const hsn_named *n)
{
    const hsn_str end = HSN_S(".cookie");
    return !n->quoted && n->name.n > end.n &&
           hsn_str_eq(hsn_str_cut(n->name, n->name.n - end.n, n->name.n), end);
}

static bool is_cookie_line(const hsn_named *n)
{
    return hsn_str_eq_nocase(n->name, HSN_S("cookie")) ||
           hsn_str_eq_nocase(n->name, HSN_S("set-cookie"));
}

/* "cookie": "a=1; b=2" of a script. */
static bool is_cookie_string(const hsn_scan *s, const hsn_named *n, hsn_named_value v)
{
    return n->quoted && v.quoted && is_cookie_line(n) &&
           hsn_is_cookie_list(hsn_str_cut(s->text, v.from, v.to));
}

static bool is_number(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (!hsn_is_digit(v.p[i])) {
            return false;
        }
    }
    return v.n > 0;
}

/* {"pin": 1234 in a text that is not quite JSON: stays a number. */
static void number(hsn_scan *s, hsn_named_value v, const hsn_rule *rule)
{
    enum { SHORTEST = 3 };
    hsn_str digits = hsn_str_cut(s->text, v.from, v.to);
    if (rule->numbers && digits.n >= SHORTEST && hsn_guard_passes(rule, digits)) {
        hsn_replace_number(s->in, s->text, v.from, digits.n, rule, s->out);
        s->skip = v.to;
    }
}

/* A string is a value like any other; an object, array or number under a name is only known for
 * what it is in the JSON text around it. */
static bool is_string_next(hsn_str t, size_t at)
{
    return hsn_is_quote(hsn_next_byte(t, at));
}

/* 030 901820: a phone number has blanks and brackets where other values end. */
static void take_groups(hsn_str t, hsn_named_value *v)
{
    enum { LONGEST = 24 };
    size_t end = v->from;
    while (end < t.n && end - v->from < LONGEST &&
           (hsn_is_digit(t.p[end]) || hsn_is_one_of(t.p[end], " -./()+"))) {
        end++;
    }
    while (end > v->from && !hsn_is_digit(t.p[end - 1])) {
        end--;
    }
    v->to = end > v->to ? end : v->to;
}

/* An unquoted value with an escape in it or behind it: the string literal or text node that spells
 * it has to be read first, and brings the name along. */
static bool is_spelled(hsn_scan *s, hsn_named_value v)
{
    size_t entity = v.from + hsn_str_chr(hsn_str_cut(s->text, v.from, v.to), '&');
    bool equals = v.to > v.from && s->text.p[v.to - 1] == '=';
    return (equals && hsn_scan_defer_from(s, v.from, v.to - 1)) ||
           (v.to < s->text.n && s->text.p[v.to] == '\\' && hsn_scan_defer_from(s, v.from, v.to)) ||
           (entity < v.to && hsn_scan_defer_from(s, v.from, entity));
}

/* Cookie: ... on a line of its own, and document.cookie = "...". False: the name is another. */
static bool take_cookies(hsn_scan *s, size_t at, hsn_named *n)
{
    if (s->text.p[at] == ':' && !n->quoted && is_cookie_line(n)) {
        inspect(s, hsn_read_line(s, at), n, HSN_IN_HEADER);
        return true;
    }
    if (s->text.p[at] != '=' || !is_cookie_property(n)) {
        return false;
    }
    hsn_named_value v = hsn_read_value(s, at, n, false);
    if (v.quoted && hsn_is_cookie_list(hsn_str_cut(s->text, v.from, v.to))) {
        n->name = HSN_S("set-cookie");
        inspect(s, v, n, HSN_IN_HEADER);
    }
    return true;
}

/* The rule for a name of which the last word does not say enough; a script writes no such names. */
static const hsn_rule *rule_of_words(hsn_scan *s, size_t at, hsn_named *n, unsigned *where)
{
    enum { WORDS = 2 };
    static const hsn_str heads[] = {HSN_W("key"),  HSN_W("id"),     HSN_W("code"), HSN_W("number"),
                                    HSN_W("no"),   HSN_W("phrase"), HSN_W("api"),  HSN_W("nummer"),
                                    HSN_W("name"), HSN_W("nr"),     HSN_W("passe")};
    if (!HSN_STR_IN(n->name, heads)) {
        return NULL;
    }
    const hsn_str last = n->name;
    size_t from = (size_t)(last.p - s->text.p);
    const size_t end = from + last.n;
    const hsn_rule *rule = NULL;
    for (unsigned i = 0; i < WORDS && rule == NULL; i++) {
        const size_t begin = word_before(s->text, from);
        if (begin == from) {
            break;
        }
        from = begin;
        n->name = hsn_str_cut(s->text, from, end);
        rule = rule_of(s, n, where, s->text.p[at]);
    }
    if (rule != NULL && !hsn_scan_is_code(s)) {
        return rule;
    }
    n->name = last;
    return NULL;
}

/* The rule that replaces what stands under the name, which may be spelled; NULL for none. */
static const hsn_rule *find_rule(hsn_scan *s, size_t at, hsn_named *n, unsigned *where)
{
    const unsigned char separator = s->text.p[at];
    const hsn_rule *rule = rule_of(s, n, where, separator);
    const bool spelled = rule == NULL && spell_name(s, n);
    rule = spelled ? rule_of(s, n, where, separator) : rule;
    if (rule == NULL && !spelled && !n->quoted && *where == HSN_IN_TEXT) {
        rule = rule_of_words(s, at, n, where);
    }
    if (rule != NULL && rule->action != HSN_KEEP && rule->action != HSN_INSIDE) {
        return rule;
    }
    if (!spelled && hsn_str_chr(n->name, ' ') == n->name.n) {
        hsn_scan_remember_dull(s, at, n->name);
    }
    return NULL;
}

void hsn_spot_name(hsn_scan *s, size_t at)
{
    unsigned char separator = s->text.p[at];
    hsn_named n;
    if (hsn_spot_cell(s, at) || hsn_is_doubled(s->text, at) ||
        (may_be_pair(s->text, at) && hsn_scan_enter_json(s, at)) || !read_name(s, at, &n) ||
        hsn_is_syntax(s->text, at, &n)) {
        return;
    }
    bool param = is_param(s, &n, at);
    unsigned where = param ? HSN_IN_PARAM : n.quoted ? HSN_IN_KEY : HSN_IN_TEXT;
    if (take_cookies(s, at, &n)) {
        return;
    }
    const hsn_rule *rule = find_rule(s, at, &n, &where);
    if (rule == NULL) {
        return;
    }
    if (separator == ':' && n.quoted && n.slashes == 0 && !is_string_next(s->text, at) &&
        hsn_scan_enter_json(s, at)) {
        return;
    }
    if (separator == ':' && !n.quoted && hsn_spot_block(s, at, &n, rule)) {
        return;
    }
    hsn_named_value v = rule->action == HSN_SCHEME && !n.quoted && separator == ':'
                  ? hsn_read_line(s, at)
                  : hsn_read_value(s, at, &n, param);
    const bool spaced = v.to < s->text.n && s->text.p[v.to] == ' '; /* no parameter has a blank */
    if (!v.quoted && rule->guard == HSN_GUARD_PHONE && (!param || spaced)) {
        take_groups(s->text, &v);
    }
    if (!v.quoted && is_spelled(s, v)) {
        return;
    }
    if ((v.to > v.from && !hsn_scan_spend(s, v.to - v.from)) ||
        (!v.quoted && hsn_is_no_value(s->text, at, v))) {
        return;
    }
    bool call = v.to < s->text.n && s->text.p[v.to] == '(' && !param;
    call = call || s->text.p[v.to > 0 ? v.to - 1 : 0] == '['; /* os.environ["..."] */
    if (v.to <= v.from || (!v.quoted && !param && (call || hsn_scan_is_code(s)))) {
        return;
    }
    if (!v.quoted && n.quoted && is_number(hsn_str_cut(s->text, v.from, v.to))) {
        number(s, v, rule);
        return;
    }
    inspect(s, v, &n, is_cookie_string(s, &n, v) ? HSN_IN_HEADER : where);
}
