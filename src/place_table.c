/*
 * Tables in JSON: rows are arrays, and their columns are named once, by the first row or by a
 * sibling ("columns", "fields", "meta") that lists names or objects with a name.
 *
 * Receives arrays as they close and elements as they are added; emits names of elements. Keeps the
 * names of one table at a time, and those only while the container that they stand in is open.
 */
#include "place_parts.h"

enum { COLUMNS_MAX = 64, NAME_MAX_LEN = 40 };

struct hsn_head {
    unsigned rows;  /* depth of the array of rows */
    unsigned until; /* depth of the container that, closing, ends the table; 0 = there is none */
    bool keyed;     /* rows stand under a key of their own */
    size_t n;
    struct {
        unsigned char name[NAME_MAX_LEN];
        unsigned char len; /* 0: not sensitive */
    } column[COLUMNS_MAX];
};

void hsn_head_free(hsn_head *h)
{
    if (h != NULL) {
        hsn_mem_wipe(h, sizeof *h);
        hsn_mem_free(h);
    }
}

/* Short, without what only values have. */
static bool is_column(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (!hsn_is_alpha(v.p[i]) && v.p[i] < 0x80 && !hsn_is_one_of(v.p[i], "_-. ")) {
            return false;
        }
    }
    return v.n > 0 && v.n <= NAME_MAX_LEN;
}

static bool lists_columns(hsn_str key)
{
    static const hsn_str keys[] = {HSN_W("columns"),     HSN_W("fields"),       HSN_W("meta"),
                                   HSN_W("columnNames"), HSN_W("column_names"), HSN_W("cols")};
    return HSN_STR_IN(key, keys);
}

static bool holds_rows(hsn_str key)
{
    static const hsn_str keys[] = {HSN_W("rows"),    HSN_W("data"),   HSN_W("values"),
                                   HSN_W("records"), HSN_W("result"), HSN_W("results")};
    return HSN_STR_IN(key, keys);
}

/* The column's name if it is a sensitive one; false when it is no name at all. */
static bool add_column(hsn_places *p, hsn_str name, bool *sensitive)
{
    hsn_head *h = p->head;
    if (!is_column(name) || h->n == COLUMNS_MAX) {
        return false;
    }
    const hsn_rule *rule = hsn_name_facts_of(p->memo, name, HSN_IN_KEY)->rule;
    bool counts = rule != NULL && rule->action == HSN_REPLACE;
    memcpy(h->column[h->n].name, name.p, name.n);
    h->column[h->n++].len = counts ? (unsigned char)name.n : 0;
    *sensitive = *sensitive || counts;
    return true;
}

/* Elements of f that are strings, or the names of elements that are objects. */
static bool read_columns(hsn_places *p, hsn_str text, const frame *f)
{
    bool sensitive = false;
    p->head->n = 0;
    for (size_t i = f->first_field; i < n_fields(p); i++) {
        const hsn_field *v = &fields(p)[i];
        bool element = v->kind == HSN_JSON_STRING && v->node == f->node;
        bool named = v->kind == HSN_JSON_STRING && hsn_str_eq_nocase(v->key->name, HSN_S("name"));
        if ((element || named) && !add_column(p, hsn_str_of(text.p + v->off, v->len), &sensitive)) {
            return false;
        }
    }
    return sensitive && p->head->n == f->index;
}

void hsn_place_head(hsn_places *p, hsn_str text, const frame *f, const frame *up)
{
    bool sibling = !up->array;
    if ((sibling && !lists_columns(f->key->name)) ||
        (p->head_until != 0 && p->depth == p->head->rows + 1)) {
        return;
    }
    if (p->head == NULL && (p->head = hsn_mem_zero(1, sizeof *p->head)) == NULL) {
        p->names.failed = true;
        return;
    }
    bool ok = read_columns(p, text, f);
    p->head->keyed = sibling;
    p->head->rows = ok ? p->depth - (sibling ? 0 : 1) : 0;
    p->head->until = ok ? p->depth - 1 : 0;
    p->head_until = p->head->until;
}

const hsn_label *hsn_place_column(hsn_places *p, const frame *f)
{
    const hsn_head *h = p->head;
    const frame *rows = f - 1;
    if (p->depth != h->rows + 1 || !rows->array || f->index >= h->n ||
        h->column[f->index].len == 0 || (h->keyed && !holds_rows(rows->key->name))) {
        return &hsn_no_label;
    }
    return hsn_place_label(p, hsn_str_of(h->column[f->index].name, h->column[f->index].len),
                           p->key_where);
}
