/*
 * Private to the place family: the stack of open containers and what piles up in a batch.
 *
 *   place.c          life, names and nodes of a batch
 *   place_field.c    events to fields: names, kinds of names, records, sensitive containers
 *   place_pattern.c  records of the tokenizer, whose fields are known from the first time
 *   place_table.c    rows as arrays, and what names their columns
 *   place_call.c     arguments of calls that sign somebody in
 *   place_pointer.c  JSON Pointers of fields
 */
#ifndef HSN_PLACE_PARTS_H
#define HSN_PLACE_PARTS_H

#include "base_scale.h"
#include "place.h"

#define NONE UINT32_MAX /* no node: the outermost value */

/* A container in this batch, for pointers. */
typedef struct node {
    uint32_t parent;
    uint32_t index;       /* in an array, when there is no key */
    const hsn_label *key; /* the batch's */
} node;

/* A string of the text in hand. */
typedef struct raw_text {
    size_t off;
    size_t len;
    bool escaped;
    bool is; /* there is one */
} raw_text;

/* What the name of a record says of its values. */
typedef struct said {
    const hsn_label *by; /* no label: nothing */
    bool strict;         /* the strict pack covers the name */
    bool hint;           /* the name is a path or a title */
} said;

typedef struct frame {
    bool array;
    bool strict;
    bool in_array;  /* an element of an array of this role: its members are a record */
    bool own_rule;  /* the rule begins here */
    bool schema;    /* an object that only describes */
    bool weak_name; /* the field that names does so for want of a better one */
    bool value_open;
    bool signs_in;  /* its verb does; of an array: its first element, or the object around it */
    bool argued;    /* array: the verb stands before it, all elements are arguments */
    hsn_role role;        /* of the key it stands under; an array hands it to its elements */
    const hsn_rule *rule; /* everything within is sensitive by this rule */
    uint32_t index;       /* elements or members so far */
    uint32_t node;
    const hsn_label *key;
    const hsn_label *elements; /* array: what its elements go by */
    size_t first_field; /* fields from here on are within; in this batch */
    size_t name_field;  /* record: the field that names, index + 1 */
    said said;          /* record: by a name in a batch before; its label is NULL without one */
    raw_text last;      /* array: the string before */
    size_t value_first; /* record: the fields named, index + 1 */
    size_t value_end;
} frame;

/*
 * What a record of the tokenizer's comes to in a container of this kind: the work of the first time
 * is not done again in a batch. Of a record that is not whole, before its name is read: that is the
 * one thing that depends on the values beyond their kinds.
 */
enum {
    PATTERN_SETS = 64 / HSN_SCALE,
    PATTERN_WAYS = 2,
    PATTERN_FIELDS = 32, /* of a series: its members, and a name for each */
    PATTERN_VALUES = 9
};
typedef struct pattern {
    uint64_t serial;          /* of the record */
    uint64_t ticket;          /* of the batch, whose names it uses; 0 = none */
    const hsn_rule *rule;     /* of the container */
    const hsn_label *key;     /* that the object stands under, the batch's; NULL in an array */
    hsn_role role;
    bool strict;
    bool array;
    unsigned n;
    frame frame;                      /* of the object before it is closed; fields from 0 on */
    /* of a whole record: offsets from its beginning, nodes from its first on */
    hsn_field fields[PATTERN_FIELDS];
    unsigned char event[PATTERN_FIELDS]; /* of the record, that the field is made of */
    unsigned n_values;
    unsigned char kind[PATTERN_VALUES];
} pattern;

/* Names of the columns of the table in hand (place_table.c). */
typedef struct hsn_head hsn_head;

struct hsn_places {
    hsn_name_memo *memo;
    frame *frames;
    unsigned depth;
    unsigned max_depth;
    hsn_buf fields; /* hsn_field[] */
    hsn_buf nodes;  /* node[] */
    hsn_arena names;  /* labels of this batch */
    hsn_arena former; /* and of the one before, while what stays open moves on */
    uint64_t ticket;  /* tells the labels of this batch from those before */
    const hsn_label *key; /* the member key read last */
    hsn_head *head;       /* NULL before the first table */
    unsigned head_until;  /* depth of the container that ends its table; 0 = there is none */
    pattern (*patterns)[PATTERN_WAYS]; /* NULL before the first record */
    bool is_har;
    uint64_t entries;
    const hsn_rule *root_rule;
    bool root_strict;
    unsigned key_where;
};

static inline hsn_field *fields(hsn_places *p)
{
    return (hsn_field *)(void *)p->fields.p;
}

static inline size_t n_fields(const hsn_places *p)
{
    return p->fields.n / sizeof(hsn_field);
}

static inline frame *top(hsn_places *p)
{
    return p->depth > 0 ? &p->frames[p->depth - 1] : NULL;
}

static inline bool has_room(hsn_buf *b, size_t n)
{
    return HSN_LIKELY(b->cap - b->n >= n) || hsn_buf_reserve(b, n);
}

static inline bool may_show(const hsn_label *l)
{
    return l->known || l->rule != NULL;
}

/* The label of a name in this batch; none of an empty one, or without memory. */
const hsn_label *hsn_place_label(hsn_places *p, hsn_str name, unsigned where);

/* A node for a container with this key in `up` (NULL: the outermost); NONE without memory. */
static inline uint32_t add_node(hsn_places *p, const frame *up, const hsn_label *key)
{
    if (!has_room(&p->nodes, sizeof(node))) {
        return NONE;
    }
    node *n = (node *)(void *)(p->nodes.p + p->nodes.n);
    n->parent = up != NULL ? up->node : NONE;
    n->index = up != NULL ? up->index : 0;
    n->key = key;
    p->nodes.n += sizeof *n;
    return (uint32_t)(p->nodes.n / sizeof *n - 1);
}

/* What add_node gives out next. */
static inline uint32_t next_node(const hsn_places *p)
{
    return (uint32_t)(p->nodes.n / sizeof(node));
}

/* Sets what an array's elements go by: "tokens": ["...", "..."], and arrays in it. */
void hsn_place_elements(hsn_places *p, frame *f, const frame *up);

/* Any event but a record; false without memory. */
bool hsn_place_token(hsn_places *p, hsn_str text, const hsn_json_event *ev);

/* Before the fields of a text go: what names in it say of records that are still open stays. */
void hsn_place_keep_names(hsn_places *p, hsn_str text);

/* Names the fields of an object that is about to close, if it is a record of name and value. */
void hsn_place_pair(hsn_places *p, hsn_str text, const frame *f);

/* The array f, which closes within `up`, may name the columns of a table. */
void hsn_place_head(hsn_places *p, hsn_str text, const frame *f, const frame *up);
/* The name of the element that f, the array on top, gets next; no label unless it is in a sensitive
 * column. To be asked while head_until is not 0. */
const hsn_label *hsn_place_column(hsn_places *p, const frame *f);
void hsn_head_free(hsn_head *h);

/* What the element that f, an array that signs in, gets next goes by. */
const hsn_label *hsn_place_argument(hsn_places *p, const frame *f, hsn_str value);

/* A container begins in this one, the one on top. The value of a record may be one: the fields in
 * it are its value. */
static inline void begin_inside(const hsn_places *p, frame *f)
{
    if (f != NULL && !f->array && p->key->role == HSN_ROLE_VALUE && f->value_first == 0) {
        f->value_first = n_fields(p) + 1;
        f->value_end = n_fields(p);
        f->value_open = true;
    }
}

/* A container has ended in this one, which is now on top; NULL: the outermost has. */
static inline void end_inside(hsn_places *p, frame *up)
{
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

/* A record; likewise. */
bool hsn_place_record(hsn_places *p, hsn_str text, const hsn_json_event *ev);

#endif
