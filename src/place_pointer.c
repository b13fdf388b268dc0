/*
 * JSON Pointers (RFC 6901) of fields, without keys that could be secrets.
 */
#include "place_parts.h"

typedef struct writer {
    char *at;
    char *end; /* of the room, where the NUL goes */
} writer;

static void put(writer *w, hsn_str s)
{
    size_t room = (size_t)(w->end - w->at);
    size_t n = s.n < room ? s.n : room;
    if (n > 0) {
        memcpy(w->at, s.p, n);
        w->at += n;
    }
}

static void put_byte(writer *w, char c)
{
    if (w->at < w->end) {
        *w->at++ = c;
    }
}

static void put_index(writer *w, uint32_t index)
{
    unsigned char digits[10];
    size_t from = sizeof digits;
    do {
        digits[--from] = (unsigned char)('0' + index % 10);
        index /= 10;
    } while (index > 0);
    put(w, hsn_str_of(digits + from, sizeof digits - from));
}

static void put_step(writer *w, const hsn_label *key, uint32_t index)
{
    put_byte(w, '/');
    if (key->name.n == 0) {
        put_index(w, index);
    } else if (may_show(key)) {
        put(w, key->name);
    } else {
        put_byte(w, '*');
    }
}

/* The way to node `at`, and from there to f. */
static void put_pointer(const hsn_buf *all, uint32_t at, const hsn_field *f, char *out, size_t max)
{
    enum { STEPS_SHOWN = 64 };
    uint32_t path[STEPS_SHOWN];
    size_t n = 0;
    const node *nodes = (const node *)(const void *)all->p;
    size_t n_nodes = all->n / sizeof *nodes;
    while (at < n_nodes && n < STEPS_SHOWN) {
        path[n++] = at;
        at = nodes[at].parent;
    }
    writer w = {out, out + max - 1};
    while (n > 0) {
        const node *step = &nodes[path[--n]];
        if (step->parent != NONE) {
            put_step(&w, step->key, step->index);
        }
    }
    if (f != NULL && f->node != NONE) {
        put_step(&w, f->key, f->index);
    }
    *w.at = '\0';
}

void hsn_places_pointer(const hsn_places *p, const hsn_field *f, char *out, size_t max)
{
    uint32_t at = f != NULL ? f->node : p->depth > 0 ? p->frames[p->depth - 1].node : NONE;
    put_pointer(&p->nodes, at, f, out, max);
}

void hsn_taken_pointer(const hsn_taken *t, const hsn_field *f, char *out, size_t max)
{
    put_pointer(&t->nodes, f->node, f, out, max);
}
