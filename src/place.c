/*
 * Places: their life, and the names and nodes of a batch.
 *
 * Names are copied once in a batch, for all that go by them. When a batch is done, those of the
 * containers that stay open move on to the next.
 */
#include "place_parts.h"

enum {
    FIELDS_MAX = 48 << 20, /* bytes: fields of one batch or one nested text */
    NAMES_MAX = 16 << 20   /* bytes: copies of their names */
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
    hsn_buf_init(&p->spare, (size_t)max_depth * HSN_NAME_MAX + 2 * HSN_NAME_MAX);
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
        hsn_mem_free(p->patterns);
        hsn_buf_wipe(&p->spare);
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
    p->key = (label){0};
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

static void swap_bufs(hsn_buf *a, hsn_buf *b)
{
    hsn_buf kept = *a;
    *a = *b;
    *b = kept;
}

void hsn_places_take(hsn_places *p, hsn_taken *t)
{
    hsn_arena names = t->names;
    t->names = p->names;
    p->names = names;
    swap_bufs(&p->fields, &t->fields);
    swap_bufs(&p->nodes, &t->nodes);
    hsn_places_clear(p);
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

/* The name's copy in this batch: one for all that go by it. */
static hsn_str keep(hsn_places *p, hsn_name_facts *facts, hsn_str name)
{
    if (facts->copy_of != p->ticket) {
        facts->copy = hsn_arena_copy(&p->names, name).p;
        facts->copy_of = facts->copy != NULL ? p->ticket : 0;
    }
    return hsn_str_of(facts->copy, facts->copy != NULL ? name.n : 0);
}

void hsn_place_label(hsn_places *p, hsn_str name, unsigned where, label *out)
{
    if (name.n == 0) {
        *out = (label){0};
        return;
    }
    hsn_name_facts *facts = hsn_name_facts_of(p->memo, name, where);
    out->name = keep(p, facts, name);
    out->rule = facts->rule;
    out->role = facts->role;
    out->known = facts->known;
    out->treatment = facts->treatment;
}

/* ---------------------------------------------------------------- nodes */

uint32_t hsn_place_node(hsn_places *p, const frame *up, const label *key)
{
    if (!has_room(&p->nodes, sizeof(node))) {
        return NONE;
    }
    node *n = (node *)(void *)(p->nodes.p + p->nodes.n);
    n->parent = up != NULL ? up->node : NONE;
    n->index = up != NULL ? up->index : 0;
    n->key = key->name.p;
    n->key_len = (uint16_t)key->name.n;
    n->shown = may_show(key);
    p->nodes.n += sizeof *n;
    return (uint32_t)(p->nodes.n / sizeof *n - 1);
}

static bool add_node(hsn_places *p, unsigned level)
{
    frame *f = &p->frames[level];
    const label key = f->key;
    f->node = hsn_place_node(p, level > 0 ? f - 1 : NULL, &key);
    return f->node != NONE && !p->names.failed;
}

/* What an array's elements go by: "tokens": ["...", "..."], and arrays in it. */
void hsn_place_elements(hsn_places *p, frame *f, const frame *up)
{
    if (up == NULL) {
        f->elements = (label){0};
    } else if (up->array) {
        f->elements = up->elements;
    } else if (p->key_where == HSN_IN_KEY) {
        f->elements = f->key; /* it was looked up as that */
    } else {
        hsn_place_label(p, f->key.name, p->key_where, &f->elements);
    }
}

/* Names of what stays open move on: the batch's memory is about to be used again. */
static void save_names(hsn_places *p)
{
    hsn_buf_reset(&p->spare);
    for (unsigned i = 0; i < p->depth; i++) {
        hsn_buf_add_str(&p->spare, p->frames[i].key.name);
    }
    hsn_buf_add_str(&p->spare, p->key.name);
}

static void restore_name(hsn_places *p, label *l, size_t *at)
{
    l->name = hsn_arena_copy(&p->names, hsn_str_cut(hsn_buf_str(&p->spare), *at, *at + l->name.n));
    *at += l->name.n;
}

static void begin_batch(hsn_places *p, bool same_text)
{
    size_t at = 0;
    save_names(p);
    hsn_buf_reset(&p->fields);
    hsn_buf_reset(&p->nodes);
    hsn_arena_reset(&p->names);
    p->ticket = hsn_name_memo_ticket(p->memo);
    p->names.failed = hsn_buf_failed(&p->spare); /* the next event says so */
    for (unsigned i = 0; i < p->depth; i++) {
        frame *f = &p->frames[i];
        restore_name(p, &f->key, &at);
        if (f->array) {
            hsn_place_elements(p, f, i > 0 ? f - 1 : NULL);
        }
        f->first_field = 0;
        f->name_field = 0;
        f->last.is = f->last.is && same_text;
        f->value_first = 0;
        f->value_end = 0;
        /* without memory the next event says so */
        (void)!add_node(p, i);
    }
    restore_name(p, &p->key, &at);
}

void hsn_places_clear(hsn_places *p)
{
    begin_batch(p, false);
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
    begin_batch(p, true);
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
    if (p->names.total > most) {
        hsn_arena_deinit(&p->names);
    }
}
