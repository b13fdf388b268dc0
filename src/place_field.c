/*
 * Events in, fields out: what names a value, what kind of name that is, and which container makes
 * all within sensitive. Name/value records are paired when they close, so their keys may come in
 * any order.
 */
#include "place_parts.h"

#include "peel.h"

/* ---------------------------------------------------------------- records */

static bool is_record_of(const frame *f, hsn_role role)
{
    return !f->array && f->in_array && f->role == role;
}

/* What kind of name the record's name is. */
static unsigned record_where(const frame *f)
{
    if (is_record_of(f, HSN_ROLE_HEADERS)) {
        return HSN_IN_HEADER;
    }
    if (f->role == HSN_ROLE_COOKIES) { /* also one in place of a list: Internet Explorer */
        return HSN_IN_COOKIE;
    }
    return is_record_of(f, HSN_ROLE_PARAMS) ? HSN_IN_PARAM : HSN_IN_KEY;
}

/* name=value, whose value may be replaced itself: then it would name nothing any more. */
static bool is_pair(hsn_str name)
{
    return hsn_str_chr(name, '=') + 1 < name.n;
}

static bool names_something(const hsn_label *by)
{
    /* every cookie is looked at; some headers have a grammar of their own */
    return by->where == HSN_IN_COOKIE || by->where == HSN_IN_HEADER ||
           (by->treatment != 0 && !is_pair(by->name));
}

/* Of a name too long its end says what it is: generated names grow at the front. */
static hsn_str end_of_name(hsn_str name)
{
    return hsn_str_cut(name, name.n > HSN_NAME_MAX ? name.n - HSN_NAME_MAX : 0, name.n);
}

static const hsn_label *read_escaped_label(hsn_places *p, hsn_str raw, unsigned where)
{
    hsn_buf b;
    const hsn_label *l = &hsn_no_label;
    hsn_buf_init(&b, raw.n);
    if (hsn_peel_escape(&hsn_escape_json, raw, &b)) {
        l = hsn_place_label(p, end_of_name(hsn_buf_str(&b)), where);
    }
    hsn_buf_wipe(&b);
    return l;
}

/* Of a name that stands in the text. */
static inline const hsn_label *read_label(hsn_places *p, hsn_str raw, bool escaped, unsigned where)
{
    return HSN_UNLIKELY(escaped) ? read_escaped_label(p, raw, where)
                                 : hsn_place_label(p, end_of_name(raw), where);
}

/* The last name of a JSON Pointer (RFC 6901), as JSON Patch has under "path": "/user/password". */
static hsn_str end_of_pointer(hsn_str name)
{
    if (name.n < 2 || name.p[0] != '/') {
        return name;
    }
    size_t end = name.n;
    for (;;) {
        size_t from = end;
        while (name.p[from - 1] != '/') {
            from--;
        }
        bool index = from + 1 >= end && (from == end || !hsn_is_alpha(name.p[from]));
        if (!index || from == 1) {
            return hsn_str_cut(name, from, end);
        }
        end = from - 1;
    }
}

/* No label when the record's name is none that says anything. */
static const hsn_label *read_record_name(hsn_places *p, hsn_str text, const frame *f)
{
    const hsn_field *field = &fields(p)[f->name_field - 1];
    hsn_str name = end_of_pointer(hsn_str_of(text.p + field->off, field->len));
    const hsn_label *by = read_label(p, name, field->escaped, record_where(f));
    return names_something(by) ? by : &hsn_no_label;
}

/* Has the record been given its name, in this batch or before? */
static bool has_name(const frame *f)
{
    return f->name_field != 0 || f->said.by != NULL;
}

static said said_of(hsn_places *p, hsn_str text, const frame *f)
{
    if (f->name_field == 0) {
        return f->said;
    }
    const hsn_field *name = &fields(p)[f->name_field - 1];
    return (said){.by = read_record_name(p, text, f),
                  .strict = name->strict,
                  .hint = name->key->role == HSN_ROLE_HINT};
}

/* A path or a title names what is called a value: {"path": ..., "content": ...} is a document. */
static bool is_named_by(const frame *f, const said *name, const hsn_label *key)
{
    return !f->weak_name || !name->hint || hsn_str_eq_nocase(key->name, HSN_S("value"));
}

static void name_told(const said *name, hsn_field *v)
{
    v->by = name->by;
    v->told = name->strict ? HSN_TOLD_STRICT : HSN_TOLD;
}

void hsn_place_pair(hsn_places *p, hsn_str text, const frame *f)
{
    if (!has_name(f) || f->value_first == 0) {
        return;
    }
    if (f->role == HSN_ROLE_COOKIES && f->name_field != 0) { /* no cookie that is called "name" */
        hsn_field *field = &fields(p)[f->name_field - 1];
        field->by = field->key;
    }
    const said name = said_of(p, text, f);
    const hsn_label *by = name.by;
    if (by == &hsn_no_label) {
        return;
    }
    for (size_t i = f->value_first - 1; i < f->value_end; i++) {
        hsn_field *v = &fields(p)[i];
        if (v->kind == HSN_JSON_KEY || !is_named_by(f, &name, v->key)) {
            continue;
        }
        bool named = v->told != 0; /* by a record within */
        if (!named && (v->value || v->key == &hsn_no_label)) { /* the value, or of a list */
            name_told(&name, v);
        } else if (v->rule == NULL && by->rule != NULL && by->rule->action == HSN_REPLACE) {
            v->rule = by->rule;
        }
    }
}

void hsn_place_keep_names(hsn_places *p, hsn_str text)
{
    for (unsigned i = 0; i < p->depth; i++) {
        frame *f = &p->frames[i];
        f->said = said_of(p, text, f);
    }
}

/* The value of a sensitive name turned out to be a schema: what is within only describes, but for
 * {"type": "string", "value": ...}, which has one. */
static void forget_rule(hsn_places *p, const frame *f)
{
    for (size_t i = f->first_field; i < n_fields(p); i++) {
        if (fields(p)[i].rule == f->rule && !fields(p)[i].value) {
            fields(p)[i].rule = NULL;
        }
    }
}

/* ---------------------------------------------------------------- events */

/* The rule that makes everything in a container with this key sensitive. */
static const hsn_rule *container_rule(hsn_places *p)
{
    enum { SHORTEST = 3 }; /* {"d": {...}} of ASP.NET wraps anything */
    if (p->key->name.n < SHORTEST ||
        p->key->known) { /* HAR's own keys are not about what they hold */
        return NULL;
    }
    const hsn_rule *rule = p->key->rule;
    if (p->key_where != HSN_IN_KEY) {
        rule = hsn_name_facts_of(p->memo, p->key->name, p->key_where)->rule;
    }
    return rule != NULL && rule->action == HSN_REPLACE ? rule : NULL;
}

/* All that inherit does not set; one by one, as in new_field. The label of the elements is an
 * array's, and set there. */
static void begin_frame(frame *f, bool array, size_t first_field)
{
    f->array = array;
    f->in_array = false;
    f->own_rule = false;
    f->schema = false;
    f->weak_name = false;
    f->value_open = false;
    f->signs_in = false;
    f->argued = false;
    f->role = HSN_ROLE_NONE;
    f->index = 0;
    f->key = &hsn_no_label;
    f->first_field = first_field;
    f->name_field = 0;
    f->said.by = NULL;
    f->last.is = false;
    f->value_first = 0;
    f->value_end = 0;
}

/* What a container has from the one it stands in. */
static void inherit(hsn_places *p, frame *f, const frame *up)
{
    f->rule = up != NULL ? up->rule : p->root_rule;
    f->strict = up != NULL ? up->strict : p->root_strict;
    if (up != NULL && up->array) {
        f->role = up->role;
        f->in_array = true;
    } else if (up != NULL) {
        f->key = p->key;
        f->role = p->key->role;
        const hsn_rule *own = container_rule(p);
        f->own_rule = own != NULL;
        f->rule = own != NULL ? own : f->rule;
    }
    f->strict = f->strict || f->role == HSN_ROLE_POST;
    if (f->array) {
        hsn_place_elements(p, f, up);
        f->argued = up != NULL && !up->array && up->signs_in;
        f->signs_in = f->argued;
    }
}

static bool open_container(hsn_places *p, bool array)
{
    if (p->depth == p->max_depth + 1) {
        return false; /* the tokenizer keeps the limit; this is only a guard */
    }
    const frame *up = top(p);
    frame *f = &p->frames[p->depth];
    begin_frame(f, array, n_fields(p));
    inherit(p, f, up);
    if (f->role == HSN_ROLE_ENTRIES && array && p->depth == 2 &&
        p->frames[1].role == HSN_ROLE_LOG) {
        p->is_har = true;
    }
    p->depth++;
    f->node = add_node(p, up, f->key);
    return f->node != NONE && !p->names.failed;
}

/* An array that may be the first row of a table, or a list of names that columns go by, which is
 * under no key of HAR. */
static inline bool may_be_head(const frame *f, const frame *up)
{
    if (f->index < 2 || up->array) {
        return f->index >= 2 && up->index == 0 && f->last.is;
    }
    return f->key->name.n >= 4 && !f->key->known && hsn_is_one_of(f->key->name.p[0], "cCfFmM");
}

static void close_container(hsn_places *p, hsn_str text)
{
    frame *f = top(p);
    if (!f->array) {
        hsn_place_pair(p, text, f);
        if (f->schema && f->own_rule) {
            forget_rule(p, f);
        }
    } else if (p->depth > 1 && may_be_head(f, f - 1)) {
        hsn_place_head(p, text, f, f - 1);
    }
    if (p->head_until == p->depth) {
        p->head_until = 0;
    }
    p->depth--;
    end_inside(p, top(p));
}

/* A word that JSON Schema or OpenAPI has under "type", or a reference: the object describes a
 * value. */
static bool is_schema_type(hsn_str v, hsn_str key)
{
    static const char *const types[] = {"string", "number", "integer",       "boolean",
                                        "object", "array",  "null",          "apiKey",
                                        "http",   "oauth2", "openIdConnect", NULL};
    for (size_t i = 0; types[i] != NULL; i++) {
        if (hsn_str_eq(v, hsn_str_z(types[i]))) {
            return true;
        }
    }
    return hsn_str_eq(key, HSN_S("$ref"));
}

/* What kind of name a member's own key is. */
static unsigned member_where(const hsn_places *p, const frame *f)
{
    if (f->in_array) {
        return p->key_where;
    }
    switch (f->role) {
    case HSN_ROLE_COOKIES:
        return HSN_IN_COOKIE;
    case HSN_ROLE_HEADERS:
        return HSN_IN_HEADER;
    case HSN_ROLE_NONE:
    case HSN_ROLE_PARAMS:
    case HSN_ROLE_POST:
    case HSN_ROLE_LOG:
    case HSN_ROLE_ENTRIES:
    case HSN_ROLE_NAME:
    case HSN_ROLE_VALUE:
    case HSN_ROLE_HINT:
    case HSN_ROLE_VERB:
    case HSN_ROLE_TYPE:
        break;
    }
    return p->key_where;
}

static void note_role(hsn_places *p, hsn_str bytes, frame *f, hsn_field *made)
{
    size_t index = n_fields(p); /* of the field made, plus one */
    bool text = made->kind == HSN_JSON_STRING;
    if (p->key->role == HSN_ROLE_VERB || p->key->role == HSN_ROLE_TYPE) {
        f->signs_in = f->signs_in ||
                      (text && hsn_place_is_sign_in(
                                   hsn_str_cut(bytes, made->off, made->off + made->len)));
    }
    if (p->key->role == HSN_ROLE_NAME && text && (!has_name(f) || f->weak_name)) {
        f->name_field = index;
        f->weak_name = false;
    } else if (p->key->role == HSN_ROLE_VALUE) {
        made->value = true;
        f->value_first = f->value_first != 0 ? f->value_first : index;
        f->value_end = index;
    } else if ((p->key->role == HSN_ROLE_TYPE || p->key->role == HSN_ROLE_HINT) && text) {
        if (p->key->role == HSN_ROLE_TYPE) {
            f->schema =
                is_schema_type(hsn_str_cut(bytes, made->off, made->off + made->len), p->key->name);
        }
        if (!has_name(f)) { /* {"type": "password", "value": ...} */
            f->name_field = index;
            f->weak_name = true;
        }
    }
}

static bool has_digit(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (hsn_is_digit(v.p[i])) {
            return true;
        }
    }
    return false;
}

/* ["X-Api-Key", "..."]: pairs as arrays, names and values in turn. A list of names has such
 * neighbours too, but no digits. Those of a stand-in say nothing of what it stands for. */
static void name_by_neighbour(hsn_places *p, hsn_str text, const frame *f, hsn_field *made)
{
    hsn_str value = hsn_str_cut(text, made->off, made->off + made->len);
    if (!f->last.is || made->kind != HSN_JSON_STRING || !has_digit(value) ||
        hsn_str_find(value, HSN_S("redacted")) < value.n) {
        return;
    }
    const hsn_label *by = read_label(p, hsn_str_of(text.p + f->last.off, f->last.len),
                                     f->last.escaped, HSN_IN_HEADER);
    if (by->rule != NULL && by->rule->action != HSN_KEEP &&
        hsn_str_chr(by->name, ' ') == by->name.n) {
        made->by = by;
    }
}

/* The values of parameters and the text of a request body, not their names and types. */
static bool is_strict(const hsn_places *p, const frame *f)
{
    if (is_record_of(f, HSN_ROLE_PARAMS)) {
        return p->key->role == HSN_ROLE_VALUE;
    }
    if (f->role == HSN_ROLE_POST && !f->in_array) {
        return hsn_str_eq(p->key->name, HSN_S("text"));
    }
    return f->strict;
}

/* Room for one more field, NULL without memory. */
static hsn_field *new_field(hsn_places *p, const hsn_json_event *ev)
{
    if (!has_room(&p->fields, sizeof(hsn_field))) {
        return NULL;
    }
    hsn_field *f = (hsn_field *)(void *)(p->fields.p + p->fields.n);
    /* one by one: clearing it all first is what compilers do slowly */
    f->off = ev->off;
    f->len = ev->len;
    f->by = &hsn_no_label;
    f->key = &hsn_no_label;
    f->rule = p->root_rule;
    f->twin = 0;
    f->node = NONE;
    f->index = 0;
    f->kind = ev->kind;
    f->escaped = ev->escaped;
    f->value = false;
    f->strict = p->root_strict;
    f->told = 0;
    p->fields.n += sizeof *f;
    return f;
}

static void add_element(hsn_places *p, hsn_str text, frame *f, hsn_field *made)
{
    hsn_str value = hsn_str_cut(text, made->off, made->off + made->len);
    made->by = f->elements;
    if (f->index == 0 && made->kind == HSN_JSON_STRING && !f->signs_in) {
        f->signs_in = hsn_place_is_sign_in(value);
    } else if (f->signs_in && made->kind == HSN_JSON_STRING && made->by->rule == NULL) {
        made->by = hsn_place_argument(p, f, value);
    }
    name_by_neighbour(p, text, f, made);
    if (p->head_until != 0 && has_digit(value)) {
        const hsn_label *by = hsn_place_column(p, f);
        made->by = by != &hsn_no_label ? by : made->by;
    }
}

static void name_by_key(hsn_places *p, const frame *f, hsn_field *made)
{
    unsigned where = member_where(p, f);
    made->key = p->key;
    made->by = where == HSN_IN_KEY ? p->key : hsn_place_label(p, p->key->name, where);
}

/* What its place says of a value. */
static void place_value(hsn_places *p, hsn_str text, frame *f, hsn_field *made)
{
    made->node = f->node;
    made->index = f->index;
    made->rule = f->rule;
    made->strict = is_strict(p, f);
    if (f->array) {
        add_element(p, text, f, made);
    } else {
        name_by_key(p, f, made);
    }
}

static bool add_value(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    frame *f = top(p);
    hsn_field *made = new_field(p, ev);
    if (made == NULL || f == NULL) {
        return made != NULL;
    }
    place_value(p, text, f, made);
    f->index++;
    if (!f->array) {
        note_role(p, text, f, made);
    }
    f->last = (raw_text){made->off, made->len, made->escaped, made->kind == HSN_JSON_STRING};
    return !p->names.failed;
}

/* The name that the record has given before the value. */
static void name_by_record(hsn_places *p, hsn_str text, const frame *f, hsn_field *made)
{
    if (f->array || p->key->role != HSN_ROLE_VALUE || !has_name(f)) {
        return;
    }
    const said name = said_of(p, text, f);
    if (name.by != &hsn_no_label && is_named_by(f, &name, p->key)) {
        name_told(&name, made);
    }
}

bool hsn_places_ahead(hsn_places *p, hsn_str text, size_t off, hsn_field *out)
{
    hsn_json_event ev = {.kind = HSN_JSON_STRING, .off = off, .len = text.n - off};
    hsn_field *made = new_field(p, &ev);
    if (made == NULL) {
        return false;
    }
    if (p->depth > 0) {
        place_value(p, text, top(p), made);
        name_by_record(p, text, top(p), made);
    }
    *out = *made;
    p->fields.n -= sizeof *made;
    return !p->names.failed;
}

static bool add_key(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    p->key = read_label(p, hsn_str_of(text.p + ev->off, ev->len), ev->escaped, HSN_IN_KEY);
    enum { SHORTEST = 8 }; /* nothing shorter is recognisable by itself */
    if (!p->key->known && (ev->len >= SHORTEST || ev->escaped)) {
        hsn_field *made = new_field(p, ev);
        if (made == NULL) {
            return false;
        }
        made->node = top(p)->node;
        made->index = top(p)->index;
        made->rule = NULL;
        made->strict = false;
    }
    return !p->names.failed;
}

bool hsn_place_token(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    switch (ev->kind) {
    case HSN_JSON_OPEN_OBJECT:
    case HSN_JSON_OPEN_ARRAY:
        begin_inside(p, top(p));
        return open_container(p, ev->kind == HSN_JSON_OPEN_ARRAY);
    case HSN_JSON_CLOSE_OBJECT:
    case HSN_JSON_CLOSE_ARRAY:
        close_container(p, text);
        return true;
    case HSN_JSON_KEY:
        return add_key(p, text, ev);
    case HSN_JSON_STRING:
    case HSN_JSON_NUMBER:
        return add_value(p, text, ev);
    case HSN_JSON_LITERAL:
        if (p->depth > 0) {
            top(p)->index++;
        }
        return true;
    case HSN_JSON_RECORD:
        break;
    }
    return true;
}

bool hsn_places_event(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    return ev->kind == HSN_JSON_RECORD ? hsn_place_record(p, text, ev)
                                       : hsn_place_token(p, text, ev);
}
