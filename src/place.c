/*
 * Places: their life, and the names and nodes of a batch.
 *
 * A name has one label in a batch, for all that go by it. When a batch is done, the containers that
 * stay open get theirs anew: memory of a batch may leave with its fields.
 */
#include "place_parts.h"

enum {
    FIELDS_MAX = 48 << 20, /* bytes: fields of one batch or one nested text */
    NAMES_MAX = 16 << 20   /* bytes: labels, and copies of their names */
};

const hsn_label hsn_no_label;

hsn_places *hsn_places_new(hsn_name_memo *names, unsigned max_depth)
{
    hsn_places *p = hsn_mem_zero(1, sizeof *p);
    if (p == NULL) {
        return NULL;
    }
    p->memo = names;
    p->max_depth = max_depth;
    p->frames = hsn_mem_zero((size_t)max_depth + 1, sizeof *p->frames);
    hsn_buf_init(&p->fields, FIELDS_MAX);
    hsn_buf_init(&p->nodes, FIELDS_MAX);
    hsn_arena_init(&p->names, NAMES_MAX);
    hsn_arena_init(&p->former, NAMES_MAX);
    p->key = &hsn_no_label;
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
        hsn_mem_free(p->patterns);
        hsn_head_free(p->head);
        hsn_buf_deinit(&p->fields);
        hsn_buf_deinit(&p->nodes);
        hsn_arena_deinit(&p->names);
        hsn_arena_deinit(&p->former);
        hsn_mem_free(p);
    }
}

void hsn_places_begin(hsn_places *p, const hsn_rule *rule, bool strict, unsigned keys)
{
    p->key_where = keys;
    p->depth = 0;
    p->head_until = 0;
    p->is_har = false;
    p->entries = 0;
    p->root_rule = rule;
    p->root_strict = strict;
    p->key = &hsn_no_label;
    hsn_places_clear(p);
}

hsn_field *hsn_places_fields(hsn_places *p, size_t *n)
{
    *n = n_fields(p);
    return fields(p);
}

/* ---------------------------------------------------------------- taken fields */

void hsn_taken_init(hsn_taken *t)
{
    hsn_buf_init(&t->fields, FIELDS_MAX);
    hsn_buf_init(&t->nodes, FIELDS_MAX);
    hsn_arena_init(&t->names, NAMES_MAX);
}

void hsn_taken_deinit(hsn_taken *t)
{
    hsn_buf_deinit(&t->fields);
    hsn_buf_deinit(&t->nodes);
    hsn_arena_deinit(&t->names);
}

hsn_field *hsn_taken_fields(const hsn_taken *t, size_t *n)
{
    *n = t->fields.n / sizeof(hsn_field);
    return (hsn_field *)(void *)t->fields.p;
}

size_t hsn_taken_bytes(const hsn_taken *t)
{
    return t->fields.cap + t->nodes.cap + t->names.total;
}

/* ---------------------------------------------------------------- facts */

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

/* ---------------------------------------------------------------- names */

static const hsn_label *make_label(hsn_places *p, const hsn_name_facts *facts, hsn_str name,
                                   unsigned where)
{
    hsn_label *l = hsn_arena_new(&p->names, sizeof *l);
    hsn_str copy = hsn_arena_copy(&p->names, name);
    if (l == NULL || copy.p == NULL) {
        return &hsn_no_label;
    }
    *l = (hsn_label){.name = copy,
                     .rule = facts->rule,
                     .where = where,
                     .treatment = facts->treatment,
                     .role = facts->role,
                     .known = facts->known};
    return l;
}

const hsn_label *hsn_place_label(hsn_places *p, hsn_str name, unsigned where)
{
    if (name.n == 0) {
        return &hsn_no_label;
    }
    hsn_name_facts *facts = hsn_name_facts_of(p->memo, name, where);
    if (HSN_UNLIKELY(facts->label_of != p->ticket)) {
        facts->label = make_label(p, facts, name, where);
        facts->label_of = p->names.failed ? 0 : p->ticket;
    }
    return facts->label;
}

/* What an array's elements go by: "tokens": ["...", "..."], and arrays in it. */
void hsn_place_elements(hsn_places *p, frame *f, const frame *up)
{
    if (up == NULL) {
        f->elements = &hsn_no_label;
    } else if (up->array) {
        f->elements = up->elements;
    } else if (p->key_where == HSN_IN_KEY) {
        f->elements = f->key; /* it was looked up as that */
    } else {
        f->elements = hsn_place_label(p, f->key->name, p->key_where);
    }
}

/* ---------------------------------------------------------------- batches */

/* Of what stays open: the old one goes with the batch before. */
static const hsn_label *renew(hsn_places *p, const hsn_label *old)
{
    return hsn_place_label(p, old->name, old->where);
}

/* The labels of what stays open are not in p->names. */
static void begin_batch(hsn_places *p, bool same_text)
{
    hsn_buf_reset(&p->fields);
    hsn_buf_reset(&p->nodes);
    hsn_arena_reset(&p->names);
    p->ticket = hsn_name_memo_ticket(p->memo);
    for (unsigned i = 0; i < p->depth; i++) {
        frame *f = &p->frames[i];
        const frame *up = i > 0 ? f - 1 : NULL;
        f->key = renew(p, f->key);
        if (f->array) {
            hsn_place_elements(p, f, up);
        }
        f->first_field = 0;
        f->name_field = 0;
        f->said.by = f->said.by != NULL ? renew(p, f->said.by) : NULL;
        f->last.is = f->last.is && same_text;
        f->value_first = 0;
        f->value_end = 0;
        f->node = add_node(p, up, f->key); /* without memory the next event says so */
    }
    p->key = p->depth > 0 ? renew(p, p->key) : &hsn_no_label;
}

static void swap_bufs(hsn_buf *a, hsn_buf *b)
{
    hsn_buf kept = *a;
    *a = *b;
    *b = kept;
}

static void swap_arenas(hsn_arena *a, hsn_arena *b)
{
    hsn_arena kept = *a;
    *a = *b;
    *b = kept;
}

void hsn_places_take(hsn_places *p, hsn_str text, hsn_taken *t)
{
    hsn_place_keep_names(p, text);
    swap_arenas(&p->names, &t->names);
    swap_bufs(&p->fields, &t->fields);
    swap_bufs(&p->nodes, &t->nodes);
    begin_batch(p, false);
}

static void clear(hsn_places *p, bool same_text)
{
    if (p->depth > 0) {
        swap_arenas(&p->names, &p->former);
    }
    begin_batch(p, same_text);
}

void hsn_places_clear(hsn_places *p)
{
    clear(p, false);
}

bool hsn_places_settled(const hsn_places *p)
{
    for (unsigned i = 0; i < p->depth; i++) {
        if (p->frames[i].own_rule && !p->frames[i].array) {
            return false; /* it may turn out to be a schema */
        }
    }
    return !hsn_places_in_record(p);
}

void hsn_places_drop(hsn_places *p)
{
    clear(p, true);
}

void hsn_places_trim(hsn_places *p, size_t most)
{
    p->depth = 0;
    if (p->fields.cap > most) {
        hsn_buf_deinit(&p->fields);
    }
    if (p->nodes.cap > most) {
        hsn_buf_deinit(&p->nodes);
    }
    if (p->names.total + p->former.total > most) {
        hsn_arena_deinit(&p->names);
        hsn_arena_deinit(&p->former);
    }
}
