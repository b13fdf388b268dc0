/*
 * Results: copied. See result.h.
 *
 * An arena that is full says so once and for all: what was copied before is used only if it never
 * was.
 */
#include "result.h"

static hsn_str copy_str(hsn_arena *mem, hsn_str s)
{
    return s.n > 0 ? hsn_arena_copy(mem, s) : s;
}

static const char *copy_text(hsn_arena *mem, const char *z)
{
    return z != NULL ? (const char *)copy_str(mem, hsn_str_of(z, strlen(z) + 1)).p : NULL;
}

/* Those of `from`, which is copied as `to`: mostly what it writes is the stand-in itself. */
static hsn_note *copy_notes(hsn_arena *mem, const hsn_edit *from, const hsn_edit *to)
{
    hsn_note *first = NULL;
    const hsn_note *n = from->notes;
    for (hsn_note **last = &first; n != NULL; n = n->next, last = &(*last)->next) {
        hsn_note *copy = hsn_arena_new(mem, sizeof *copy);
        if (copy == NULL) {
            return NULL;
        }
        *copy = *n;
        copy->next = NULL;
        copy->stand_in = n->stand_in.p == from->with.p ? to->with : copy_str(mem, n->stand_in);
        copy->layers = n->layers[0] != '\0' ? copy_text(mem, n->layers) : "";
        copy->name = copy_text(mem, n->name);
        copy->claims = copy_text(mem, n->claims);
        copy->learned_from = copy_text(mem, n->learned_from); /* it may be the desk's */
        *last = copy;
    }
    return first;
}

static hsn_edits copy_edits(hsn_arena *mem, const hsn_edits *from)
{
    hsn_edits to = {0};
    to.v = from->n > 0 ? hsn_arena_new(mem, from->n * sizeof *to.v) : NULL;
    to.n = to.cap = to.v != NULL ? from->n : 0;
    for (size_t i = 0; i < to.n; i++) {
        const hsn_edit *edit = &from->v[i];
        to.v[i] = *edit;
        to.v[i].with = copy_str(mem, edit->with);
        to.v[i].notes = copy_notes(mem, edit, &to.v[i]);
    }
    return to;
}

static const hsn_blind *copy_blinds(hsn_arena *mem, const hsn_blind *n)
{
    hsn_blind *first = NULL;
    for (hsn_blind **last = &first; n != NULL; n = n->next, last = &(*last)->next) {
        hsn_blind *copy = hsn_arena_new(mem, sizeof *copy);
        if (copy == NULL) {
            return NULL;
        }
        *copy = *n;
        copy->next = NULL;
        *last = copy;
    }
    return first;
}

static const hsn_taught *copy_taught(hsn_arena *mem, const hsn_taught *t)
{
    hsn_taught *first = NULL;
    for (hsn_taught **last = &first; t != NULL; t = t->next, last = &(*last)->next) {
        hsn_taught *copy = hsn_arena_new(mem, sizeof *copy);
        if (copy == NULL) {
            return NULL;
        }
        *copy = (hsn_taught){.value = copy_str(mem, t->value), .key = t->key};
        *last = copy;
    }
    return first;
}

hsn_result hsn_result_copy(hsn_arena *mem, const hsn_result *from)
{
    return (hsn_result){
        .field = from->field,
        .edits = copy_edits(mem, &from->edits),
        .blind = copy_blinds(mem, from->blind),
        .taught = copy_taught(mem, from->taught),
        .place = copy_text(mem, from->place),
        .listed = from->listed,
    };
}
