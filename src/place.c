/*
 * Places: a stack of open containers turns events into fields with names.
 */
#include "place.h"

#include "peel.h"

#include <stdio.h>

static const uint32_t NONE = UINT32_MAX; /* no node: the outermost value */

enum {
    FIELDS_MAX = 48 << 20, /* bytes: fields of one batch or one nested text */
    NAMES_MAX = 16 << 20   /* bytes: copies of their names */
};

/* A container in this batch, for pointers. */
typedef struct node {
    uint32_t parent;
    uint32_t index; /* in an array, when key.n is 0 */
    hsn_str key;
} node;

typedef struct frame {
    bool array;
    bool strict;
    hsn_role role;        /* of the key it stands under; an array hands it to its elements */
    bool in_array;        /* an element of such an array: its members are a record */
    const hsn_rule *rule; /* everything within is sensitive by this rule */
    bool own_rule;        /* ... and it begins here */
    bool schema;          /* an object that only describes */
    uint32_t index;       /* elements or members so far */
    uint32_t node;
    size_t key_off; /* of its key in the key stack */
    size_t key_len;
    size_t first_field; /* fields from here on are within; in this batch */
    size_t name_field;  /* record: the field that names, index + 1 */
    bool weak_name;     /* ... for want of a better one */
    size_t last_text;   /* array: the string before, index + 1 */
    size_t value_first; /* record: the fields named, index + 1 */
    size_t value_end;
    bool value_open;
} frame;

struct hsn_places {
    hsn_name_memo *memo;
    frame *frames;
    unsigned depth;
    unsigned max_depth;
    hsn_buf keys;   /* keys of the open containers, one behind the other */
    hsn_buf fields; /* hsn_field[] */
    hsn_buf nodes;  /* node[] */
    hsn_arena names;
    hsn_buf key; /* the member key read last */
    hsn_role key_role;
    bool is_har;
    uint64_t entries;
    const hsn_rule *root_rule;
    bool root_strict;
    unsigned key_where;
};

hsn_places *hsn_places_new(hsn_name_memo *names, unsigned max_depth)
{
    hsn_places *p = hsn_mem_zero(1, sizeof *p);
    if (p == NULL) {
        return NULL;
    }
    p->memo = names;
    p->max_depth = max_depth;
    p->frames = hsn_mem_zero((size_t)max_depth + 1, sizeof *p->frames);
    hsn_buf_init(&p->keys, (size_t)max_depth * HSN_NAME_MAX + HSN_NAME_MAX);
    hsn_buf_init(&p->key, HSN_NAME_MAX);
    hsn_buf_init(&p->fields, FIELDS_MAX);
    hsn_buf_init(&p->nodes, FIELDS_MAX);
    hsn_arena_init(&p->names, NAMES_MAX);
    if (p->frames == NULL) {
        hsn_places_free(p);
        return NULL;
    }
    return p;
}

void hsn_places_free(hsn_places *p)
{
    if (p != NULL) {
        hsn_mem_free(p->frames);
        hsn_buf_wipe(&p->keys);
        hsn_buf_wipe(&p->key);
        hsn_buf_deinit(&p->fields);
        hsn_buf_deinit(&p->nodes);
        hsn_arena_deinit(&p->names);
        hsn_mem_free(p);
    }
}

void hsn_places_begin(hsn_places *p, const hsn_rule *rule, bool strict, unsigned keys)
{
    p->key_where = keys;
    p->depth = 0;
    p->is_har = false;
    p->entries = 0;
    p->root_rule = rule;
    p->root_strict = strict;
    hsn_buf_reset(&p->keys);
    hsn_buf_reset(&p->key);
    hsn_places_clear(p);
}

static hsn_field *fields(hsn_places *p)
{
    return (hsn_field *)(void *)p->fields.p;
}

static size_t n_fields(const hsn_places *p)
{
    return p->fields.n / sizeof(hsn_field);
}

hsn_field *hsn_places_fields(hsn_places *p, size_t *n)
{
    *n = n_fields(p);
    return fields(p);
}

bool hsn_places_is_har(const hsn_places *p)
{
    return p->is_har;
}

uint64_t hsn_places_entries(const hsn_places *p)
{
    return p->entries;
}

bool hsn_places_in_record(const hsn_places *p)
{
    for (unsigned i = 0; i < p->depth; i++) {
        const frame *f = &p->frames[i];
        if (f->name_field != 0 || f->value_first != 0) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- nodes */

static hsn_str frame_key(const hsn_places *p, const frame *f)
{
    return hsn_str_cut(hsn_buf_str(&p->keys), f->key_off, f->key_off + f->key_len);
}

static bool add_node(hsn_places *p, unsigned level)
{
    frame *f = &p->frames[level];
    const frame *up = level > 0 ? &p->frames[level - 1] : NULL;
    node n = {
        .parent = up != NULL ? up->node : NONE,
        .index = up != NULL ? up->index : 0,
        .key = hsn_arena_copy(&p->names, frame_key(p, f)),
    };
    f->node = (uint32_t)(p->nodes.n / sizeof n);
    hsn_buf_add(&p->nodes, &n, sizeof n);
    return !hsn_buf_failed(&p->nodes) && !p->names.failed;
}

void hsn_places_clear(hsn_places *p)
{
    hsn_buf_reset(&p->fields);
    hsn_buf_reset(&p->nodes);
    hsn_arena_reset(&p->names);
    for (unsigned i = 0; i < p->depth; i++) {
        frame *f = &p->frames[i];
        f->first_field = 0;
        f->name_field = 0;
        f->last_text = 0;
        f->value_first = 0;
        f->value_end = 0;
        /* without memory the next event says so */
        (void)!add_node(p, i);
    }
}

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
    if (is_record_of(f, HSN_ROLE_COOKIES)) {
        return HSN_IN_COOKIE;
    }
    return is_record_of(f, HSN_ROLE_PARAMS) ? HSN_IN_PARAM : HSN_IN_KEY;
}

static bool names_something(const hsn_places *p, hsn_str name, unsigned where)
{
    if (where == HSN_IN_COOKIE || where == HSN_IN_HEADER) {
        return true; /* every cookie is looked at; some headers have a grammar of their own */
    }
    return hsn_name_facts_of(p->memo, name, where)->rule != NULL;
}

/* A name as it reads, in memory of the batch; empty when it is too long for one. */
static hsn_str plain(hsn_places *p, hsn_str text, size_t off, size_t len, bool escaped)
{
    enum { SPELLED = 6 }; /* \uXXXX for each byte */
    hsn_str raw = hsn_str_cut(text, off, off + len);
    if (raw.n > (escaped ? SPELLED : 1) * HSN_NAME_MAX) {
        return (hsn_str){0};
    }
    if (!escaped) {
        return hsn_arena_copy(&p->names, raw);
    }
    hsn_buf b;
    hsn_buf_init(&b, raw.n);
    bool ok = hsn_peel_escape(&hsn_escape_json, raw, &b) && b.n <= HSN_NAME_MAX;
    raw = ok ? hsn_arena_copy(&p->names, hsn_buf_str(&b)) : (hsn_str){0};
    hsn_buf_deinit(&b);
    return raw;
}

static void pair_record(hsn_places *p, hsn_str text, const frame *f)
{
    if (f->name_field == 0 || f->value_first == 0) {
        return;
    }
    const hsn_field *by = &fields(p)[f->name_field - 1];
    hsn_str name = plain(p, text, by->off, by->len, by->escaped);
    unsigned where = record_where(f);
    if (name.n == 0 || name.n > HSN_NAME_MAX || !names_something(p, name, where)) {
        return;
    }
    const hsn_rule *rule = hsn_name_facts_of(p->memo, name, where)->rule;
    for (size_t i = f->value_first - 1; i < f->value_end; i++) {
        hsn_field *v = &fields(p)[i];
        if (v->kind == HSN_JSON_KEY) {
            continue;
        }
        if (v->value || v->key.n == 0) { /* the value, or an element of a list */
            v->where = where;
            v->name = name;
        } else if (v->rule == NULL && rule != NULL && rule->action == HSN_REPLACE) {
            v->rule = rule;
        }
    }
}

/* The value of a sensitive name turned out to be a schema: what is within only describes. */
static void forget_rule(hsn_places *p, const frame *f)
{
    for (size_t i = f->first_field; i < n_fields(p); i++) {
        if (fields(p)[i].rule == f->rule) {
            fields(p)[i].rule = NULL;
        }
    }
}

/* ---------------------------------------------------------------- events */

static frame *top(hsn_places *p)
{
    return p->depth > 0 ? &p->frames[p->depth - 1] : NULL;
}

/* The rule that makes everything in a container with this key sensitive. */
static const hsn_rule *container_rule(const hsn_places *p, hsn_str key, unsigned where)
{
    enum { SHORTEST = 3 }; /* {"d": {...}} of ASP.NET wraps anything */
    if (key.n < SHORTEST) {
        return NULL;
    }
    const hsn_name_facts *facts = hsn_name_facts_of(p->memo, key, where);
    bool own = facts->known; /* the HAR's own keys are not about what they hold */
    return !own && facts->rule != NULL && facts->rule->action == HSN_REPLACE ? facts->rule : NULL;
}

static bool open_container(hsn_places *p, bool array)
{
    frame *up = top(p);
    hsn_str key = up != NULL && !up->array ? hsn_buf_str(&p->key) : (hsn_str){0};
    frame f = {.array = array, .first_field = n_fields(p), .key_off = p->keys.n};
    f.rule = up != NULL ? up->rule : p->root_rule;
    f.strict = up != NULL ? up->strict : p->root_strict;
    if (up != NULL && up->array) {
        f.role = up->role;
        f.in_array = true;
    } else if (up != NULL) {
        f.role = p->key_role;
        const hsn_rule *own = container_rule(p, key, p->key_where);
        f.own_rule = own != NULL;
        f.rule = own != NULL ? own : f.rule;
    }
    f.strict = f.strict || f.role == HSN_ROLE_POST;
    if (f.role == HSN_ROLE_ENTRIES && array && p->depth == 2 && p->frames[1].role == HSN_ROLE_LOG) {
        p->is_har = true;
    }
    if (p->depth == p->max_depth + 1) {
        return false; /* the tokenizer keeps the limit; this is only a guard */
    }
    hsn_buf_add_str(&p->keys, key);
    f.key_len = p->keys.n - f.key_off;
    p->frames[p->depth++] = f;
    return add_node(p, p->depth - 1) && !hsn_buf_failed(&p->keys);
}

static void close_container(hsn_places *p, hsn_str text)
{
    frame *f = top(p);
    if (!f->array) {
        pair_record(p, text, f);
        if (f->schema && f->own_rule) {
            forget_rule(p, f);
        }
    }
    p->keys.n = f->key_off;
    p->depth--;
    frame *up = top(p);
    if (up == NULL) {
        return;
    }
    up->value_end = up->value_open ? n_fields(p) : up->value_end;
    up->value_open = false;
    up->index++;
    if (up->role == HSN_ROLE_ENTRIES && p->depth == 3) {
        p->entries++;
    }
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
    case HSN_ROLE_TYPE:
        break;
    }
    return p->key_where;
}

/* An array's elements go by the array's key: "tokens": ["...", "..."]. */
static hsn_str array_key(const hsn_places *p)
{
    for (unsigned i = p->depth; i-- > 0;) {
        const frame *f = &p->frames[i];
        if (!f->array || f->key_len > 0) {
            return f->array ? frame_key(p, f) : (hsn_str){0};
        }
    }
    return (hsn_str){0};
}

static void note_role(hsn_places *p, hsn_str bytes, frame *f, const hsn_field *made)
{
    size_t index = n_fields(p); /* of the field made, plus one */
    bool text = made->kind == HSN_JSON_STRING;
    if (p->key_role == HSN_ROLE_NAME && text && (f->name_field == 0 || f->weak_name)) {
        f->name_field = index;
        f->weak_name = false;
    } else if (p->key_role == HSN_ROLE_VALUE) {
        fields(p)[index - 1].value = true;
        f->value_first = f->value_first != 0 ? f->value_first : index;
        f->value_end = index;
    } else if (p->key_role == HSN_ROLE_TYPE && text) {
        f->schema = is_schema_type(hsn_str_cut(bytes, made->off, made->off + made->len),
                                   hsn_buf_str(&p->key));
        if (f->name_field == 0) { /* {"type": "password", "value": ...} */
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
 * neighbours too, but no digits. */
static void name_by_neighbour(hsn_places *p, hsn_str text, const frame *f, hsn_field *made)
{
    if (f->last_text == 0 || made->kind != HSN_JSON_STRING ||
        !has_digit(hsn_str_cut(text, made->off, made->off + made->len))) {
        return;
    }
    const hsn_field *before = &fields(p)[f->last_text - 1];
    hsn_str name = plain(p, text, before->off, before->len, before->escaped);
    if (name.n == 0 || name.n > HSN_NAME_MAX || hsn_str_chr(name, ' ') < name.n) {
        return;
    }
    const hsn_name_facts *facts = hsn_name_facts_of(p->memo, name, HSN_IN_HEADER);
    if (facts->rule == NULL || facts->rule->action == HSN_KEEP) {
        return;
    }
    made->where = HSN_IN_HEADER;
    made->name = hsn_arena_copy(&p->names, name);
}

/* The values of parameters and the text of a request body, not their names and types. */
static bool is_strict(const hsn_places *p, const frame *f)
{
    if (is_record_of(f, HSN_ROLE_PARAMS)) {
        return p->key_role == HSN_ROLE_VALUE;
    }
    if (f->role == HSN_ROLE_POST && !f->in_array) {
        return hsn_str_eq(hsn_buf_str(&p->key), HSN_S("text"));
    }
    return f->strict;
}

static bool add_value(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    frame *f = top(p);
    hsn_field made = {.off = ev->off, .len = ev->len, .kind = ev->kind, .escaped = ev->escaped};
    made.node = NONE;
    made.rule = p->root_rule;
    made.strict = p->root_strict;
    if (f != NULL) {
        hsn_str name = f->array ? array_key(p) : hsn_buf_str(&p->key);
        made.node = f->node;
        made.index = f->index;
        made.rule = f->rule;
        made.strict = is_strict(p, f);
        if (name.n > 0) {
            made.where = f->array ? p->key_where : member_where(p, f);
            made.name = hsn_arena_copy(&p->names, name);
            made.key = f->array ? (hsn_str){0} : made.name;
        }
    }
    if (f != NULL && f->array) {
        name_by_neighbour(p, text, f, &made);
    }
    hsn_buf_add(&p->fields, &made, sizeof made);
    if (f != NULL) {
        if (!f->array) {
            note_role(p, text, f, &made);
        }
        f->last_text = made.kind == HSN_JSON_STRING ? n_fields(p) : 0;
        f->index++;
    }
    return !hsn_buf_failed(&p->fields) && !p->names.failed;
}

static bool add_key(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    hsn_str raw = hsn_str_cut(text, ev->off, ev->off + ev->len);
    frame *f = top(p);
    hsn_buf_reset(&p->key);
    if (ev->escaped) {
        hsn_buf_add_str(&p->key, plain(p, text, ev->off, ev->len, true));
    } else if (raw.n <= HSN_NAME_MAX) {
        hsn_buf_add_str(&p->key, raw);
    }
    const hsn_name_facts *facts = hsn_name_facts_of(p->memo, hsn_buf_str(&p->key), HSN_IN_KEY);
    p->key_role = facts->role;
    enum { SHORTEST = 8 }; /* nothing shorter is recognisable by itself */
    if (!facts->known && (raw.n >= SHORTEST || ev->escaped)) {
        hsn_field made = {.off = ev->off,
                          .len = ev->len,
                          .kind = ev->kind,
                          .escaped = ev->escaped,
                          .node = f->node,
                          .index = f->index};
        hsn_buf_add(&p->fields, &made, sizeof made);
    }
    return !hsn_buf_failed(&p->fields);
}

/* The value of a record may be a container: the fields in it are its value. */
static void open_value(hsn_places *p)
{
    frame *f = top(p);
    if (f != NULL && !f->array && p->key_role == HSN_ROLE_VALUE && f->value_first == 0) {
        f->value_first = n_fields(p) + 1;
        f->value_end = n_fields(p);
        f->value_open = true;
    }
}

bool hsn_places_event(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    switch (ev->kind) {
    case HSN_JSON_OPEN_OBJECT:
    case HSN_JSON_OPEN_ARRAY:
        open_value(p);
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
    }
    return true;
}

/* ---------------------------------------------------------------- pointers */

static bool may_show(const hsn_places *p, hsn_str key)
{
    const hsn_name_facts *facts = hsn_name_facts_of(p->memo, key, HSN_IN_KEY);
    return facts->known || facts->rule != NULL;
}

static void add_step(hsn_buf *b, const hsn_places *p, hsn_str key, uint32_t index)
{
    if (key.n == 0) {
        hsn_buf_printf(b, "/%lu", (unsigned long)index);
        return;
    }
    hsn_buf_put(b, '/');
    hsn_buf_add_str(b, may_show(p, key) ? key : HSN_S("*"));
}

void hsn_places_pointer(const hsn_places *p, const hsn_field *f, char *out, size_t max)
{
    enum { STEPS_SHOWN = 64 };
    uint32_t path[STEPS_SHOWN];
    size_t n = 0;
    const node *nodes = (const node *)(const void *)p->nodes.p;
    size_t n_nodes = p->nodes.n / sizeof *nodes;
    uint32_t at = f != NULL ? f->node : p->depth > 0 ? p->frames[p->depth - 1].node : NONE;
    while (at < n_nodes && n < STEPS_SHOWN) {
        path[n++] = at;
        at = nodes[at].parent;
    }
    hsn_buf b;
    hsn_buf_init(&b, 64 * 1024);
    while (n > 0) {
        const node *step = &nodes[path[--n]];
        if (step->parent != NONE) {
            add_step(&b, p, step->key, step->index);
        }
    }
    if (f != NULL && f->node != NONE) {
        add_step(&b, p, f->key, f->index);
    }
    size_t len = b.n < max - 1 ? b.n : max - 1;
    if (len > 0) {
        memcpy(out, b.p, len);
    }
    out[len] = '\0';
    hsn_buf_deinit(&b);
}
