/*
 * HTML and XML: the value of a form field or meta element goes by its name attribute, the text of
 * an element by the element's own name (local part, without the namespace prefix).
 *
 * Looks at one start tag; text between tags and attributes such as data-token="..." are the scan's,
 * and captions of other elements spot_caption.c's.
 */
#include "spot_tag.h"

enum {
    TAG_MAX = 256 << 10, /* a start tag with all its attributes; hidden fields carry view states */
    ELEMENT_MAX = 1024   /* an element's name */
};

/* What names a value, what it is, and the value. Each counts where it stands first. */
static const hsn_str of_use[] = {
    HSN_W("name"),       HSN_W("property"), HSN_W("key"),  HSN_W("id"),    HSN_W("autocomplete"),
    HSN_W("http-equiv"), HSN_W("itemprop"), HSN_W("type"), HSN_W("value"), HSN_W("content")};

_Static_assert(HSN_COUNT(of_use) == HSN_TAG_ATTRIBUTES, "each has room");

static bool is_name_byte(unsigned char c)
{
    return hsn_is_alnum(c) || c == '-' || c == '_' || c == '.' || c == ':' || c >= 0x80;
}

static size_t name_end(hsn_str t, size_t from)
{
    while (from < t.n && is_name_byte(t.p[from])) {
        from++;
    }
    return from;
}

static size_t skip_space(hsn_str t, size_t from)
{
    while (from < t.n && (hsn_is_space(t.p[from]) || t.p[from] == '/')) {
        from++;
    }
    return from;
}

static bool is_of_use(const hsn_tag *g, hsn_str name)
{
    for (size_t i = 0; i < g->n; i++) {
        if (hsn_str_eq_nocase(g->a[i].name, name)) {
            return false;
        }
    }
    return HSN_STR_IN(name, of_use);
}

/* One attribute from `i` on; returns where the next begins. HTML: quotes may be missing. */
static size_t read_attribute(hsn_str t, size_t i, hsn_tag *out)
{
    size_t end = name_end(t, i);
    hsn_attribute a = {.name = hsn_str_cut(t, i, end)};
    i = skip_space(t, end);
    if (i < t.n && t.p[i] == '=') {
        i = skip_space(t, i + 1);
        unsigned char q = i < t.n ? t.p[i] : 0;
        if (q == '"' || q == '\'') {
            a.from = i + 1;
            a.to = a.from + hsn_str_chr(hsn_str_cut(t, a.from, t.n), q);
            i = a.to + 1;
        } else {
            a.from = i;
            a.to = hsn_find_stop(t, i, " \t\r\n>");
            i = a.to;
        }
    }
    if (is_of_use(out, a.name)) {
        out->a[out->n++] = a;
    }
    return i;
}

bool hsn_tag_read(hsn_str t, size_t at, hsn_tag *out)
{
    t = hsn_str_cut(t, 0, at + TAG_MAX);
    size_t i = name_end(t, at + 1);
    out->n = 0;
    out->name = hsn_str_cut(t, at + 1, i);
    for (i = skip_space(t, i); i < t.n && is_name_byte(t.p[i]); i = skip_space(t, i)) {
        i = read_attribute(t, i, out);
    }
    out->end = i + 1;
    return i < t.n && t.p[i] == '>';
}

const hsn_attribute *hsn_tag_attribute(const hsn_tag *g, const hsn_str *names, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < g->n; i++) {
            if (hsn_str_eq_nocase(g->a[i].name, names[k])) {
                return &g->a[i];
            }
        }
    }
    return NULL;
}

void hsn_tag_inspect(hsn_scan *s, size_t from, size_t to, hsn_str name)
{
    hsn_str raw = hsn_str_cut(s->text, from, to);
    hsn_site site = *s->site;
    site.where = HSN_IN_FIELD;
    site.name = name;
    if (raw.n == 0) {
        return;
    }
    if (hsn_str_chr(raw, '&') < raw.n) {
        hsn_inspect_escape(s->in, &hsn_escape_entity, s->text, from, raw.n, &site, s->out);
        return;
    }
    hsn_edits inner = {0};
    if (hsn_inspect_named(s->in, raw, &site, &inner)) {
        hsn_edits_shift(s->in, &inner, from, s->out);
    } else {
        hsn_scan_leave(s, to);
    }
}

static hsn_str local_name(hsn_str name)
{
    size_t colon = hsn_str_chr(name, ':');
    return colon < name.n ? hsn_str_cut(name, colon + 1, name.n) : name;
}

/* <Password>text</Password>, also <![CDATA[text]]>. */
static void inspect_element(hsn_scan *s, const hsn_tag *g, hsn_str name)
{
    if (g->end < 2 || s->text.p[g->end - 2] == '/') {
        return;
    }
    size_t from = g->end;
    hsn_str rest = hsn_str_cut(s->text, from, s->text.n);
    size_t to = from + hsn_str_chr(rest, '<');
    if (hsn_str_starts(rest, HSN_S("<![CDATA["))) {
        from += 9;
        to = from + hsn_str_find(hsn_str_cut(s->text, from, s->text.n), HSN_S("]]>"));
    }
    if (to + 1 >= s->text.n || (s->text.p[to + 1] != '/' && s->text.p[to] == '<')) {
        return; /* not closed, or not text alone */
    }
    while (from < to && hsn_is_space(s->text.p[from])) {
        from++;
    }
    while (to > from && hsn_is_space(s->text.p[to - 1])) {
        to--;
    }
    hsn_tag_inspect(s, from, to, name);
}

static hsn_str attribute_text(const hsn_scan *s, const hsn_attribute *a)
{
    return a != NULL ? hsn_str_cut(s->text, a->from, a->to) : (hsn_str){0};
}

static bool is_password_field(const hsn_scan *s, const hsn_tag *g)
{
    static const hsn_str type[] = {HSN_W("type")};
    return hsn_str_eq_nocase(attribute_text(s, hsn_tag_attribute(g, type, HSN_COUNT(type))),
                             HSN_S("password"));
}

/* <property name="password"><value>text</value></property> */
static void inspect_inner(hsn_scan *s, const hsn_tag *g, hsn_str name)
{
    const size_t open = hsn_past_space(s->text, g->end);
    hsn_tag inner;
    if (hsn_str_starts(hsn_str_cut(s->text, open, s->text.n), HSN_S("<value")) &&
        hsn_tag_read(s->text, open, &inner)) {
        inspect_element(s, &inner, name);
    } else {
        inspect_element(s, g, name);
    }
}

/* <input name= value=>, <meta name= content=>, <add key= value=>: the name names the value. The
 * whole tag is dealt with only when the name counts; other attributes are left to the scan. */
static void inspect_pair(hsn_scan *s, const hsn_tag *g)
{
    static const hsn_str name_keys[] = {
        HSN_W("name"),         HSN_W("property"),   HSN_W("key"),     HSN_W("id"),
        HSN_W("autocomplete"), HSN_W("http-equiv"), HSN_W("itemprop")};
    static const hsn_str value_keys[] = {HSN_W("value"), HSN_W("content")};
    const hsn_attribute *value = hsn_tag_attribute(g, value_keys, HSN_COUNT(value_keys));
    if (value != NULL && value->to > value->from && is_password_field(s, g)) {
        hsn_tag_inspect(s, value->from, value->to, HSN_S("password"));
        return;
    }
    for (size_t k = 0; k < HSN_COUNT(name_keys); k++) {
        hsn_str name = attribute_text(s, hsn_tag_attribute(g, &name_keys[k], 1));
        if (name.n == 0 || hsn_rules_name(s->in->rules, name, HSN_IN_FIELD, NULL) == NULL) {
            continue;
        }
        if (value == NULL) { /* <property name="password">text</property> */
            inspect_inner(s, g, name);
        } else if (value->to > value->from) {
            hsn_tag_inspect(s, value->from, value->to, name);
        }
        return;
    }
}

static bool is_cell(hsn_str name)
{
    static const hsn_str tags[] = {HSN_W("dt"), HSN_W("th"), HSN_W("td")};
    return HSN_STR_IN(name, tags);
}

/* The heads of two columns stand side by side as well: one word is no value. */
static bool is_filled(hsn_scan *s, const hsn_tag *g)
{
    hsn_str rest = hsn_str_cut(s->text, g->end, s->text.n);
    hsn_str v = hsn_str_cut(rest, 0, hsn_str_chr(rest, '<'));
    bool sign = false;
    while (v.n > 0 && v.p[v.n - 1] == ' ') {
        v.n--;
    }
    for (size_t i = 0; i < v.n; i++) {
        if (hsn_is_space(v.p[i])) {
            return false;
        }
        sign = sign || !hsn_is_alpha(v.p[i]);
    }
    return sign;
}

/* <key>authToken</key><string>text</string>, <name>..</name><value>..</value>: one element names
 * the next. */
static void inspect_sibling(hsn_scan *s, const hsn_tag *g)
{
    size_t to = g->end + hsn_str_chr(hsn_str_cut(s->text, g->end, s->text.n), '<');
    hsn_str name = hsn_str_cut(s->text, g->end, to);
    size_t close = to + hsn_str_chr(hsn_str_cut(s->text, to, s->text.n), '>');
    size_t open = close + hsn_str_chr(hsn_str_cut(s->text, close, s->text.n), '<');
    hsn_tag next;
    if (name.n == 0 || name.n > HSN_NAME_MAX || to + 1 >= s->text.n || s->text.p[to + 1] != '/') {
        return;
    }
    const hsn_rule *rule = hsn_rules_name(s->in->rules, name, HSN_IN_FIELD, NULL);
    if (rule != NULL && open < s->text.n && hsn_tag_read(s->text, open, &next)) {
        if (next.end < s->text.n && s->text.p[next.end] == '<' &&
            !hsn_tag_read(s->text, next.end, &next)) {
            return; /* <value><string>text</string></value> */
        }
        const bool digits = rule->guard == HSN_GUARD_PHONE; /* with blanks, and no word passes */
        if (digits || !is_cell(g->name) || is_filled(s, &next)) {
            inspect_element(s, &next, name);
        }
    }
}

static bool is_naming_tag(hsn_str name)
{
    static const hsn_str tags[] = {HSN_W("key"), HSN_W("name"), HSN_W("param-name")};
    return HSN_STR_IN(name, tags) || is_cell(name);
}

static bool is_pair_tag(hsn_str name)
{
    static const hsn_str tags[] = {
        HSN_W("input"),   HSN_W("meta"),      HSN_W("param"),  HSN_W("add"),
        HSN_W("setting"), HSN_W("property"),  HSN_W("item"),   HSN_W("entry"),
        HSN_W("field"),   HSN_W("attribute"), HSN_W("data"),   HSN_W("option"),
        HSN_W("button"),  HSN_W("parameter"), HSN_W("string"), HSN_W("textarea")};
    return HSN_STR_IN(name, tags);
}

void hsn_spot_tag(hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    if (hsn_tag_may_be_captioned(s, at)) {
        hsn_spot_caption(s, at);
    }
    if (at + 2 >= t.n || !(hsn_is_alpha(t.p[at + 1]) || t.p[at + 1] >= 0x80)) {
        return;
    }
    size_t end = name_end(hsn_str_cut(t, 0, at + ELEMENT_MAX), at + 1);
    hsn_str name = local_name(hsn_str_cut(t, at + 1, end));
    bool pair = is_pair_tag(name);
    bool element = hsn_rules_name_may_end(s->in->rules, t.p + end, name.n);
    hsn_tag g;
    bool naming = is_naming_tag(name);
    if (!pair && !element && !naming) {
        return;
    }
    bool whole = hsn_tag_read(t, at, &g);
    if (!hsn_scan_spend(s, g.end - at) || !whole) {
        return;
    }
    if (naming) {
        inspect_sibling(s, &g);
    }
    if (pair) {
        inspect_pair(s, &g);
    }
    const hsn_rule *rule = element ? hsn_rules_name(s->in->rules, name, HSN_IN_FIELD, NULL) : NULL;
    if (rule != NULL && rule->action == HSN_REPLACE) {
        inspect_element(s, &g, name);
    } else if (hsn_str_eq_nocase(name, HSN_S("textarea"))) {
        static const hsn_str by[] = {HSN_W("name"), HSN_W("id")};
        inspect_element(s, &g, attribute_text(s, hsn_tag_attribute(&g, by, HSN_COUNT(by))));
    }
}
