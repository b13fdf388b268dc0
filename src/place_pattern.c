/*
 * Objects that came before: in a container of one kind they come to the same fields, so those of
 * the first time are repeated, at other places and with other values. The next batch, whose names
 * are other memory, begins anew.
 */
#include "place_parts.h"

static bool read_tokens_of(hsn_places *p, hsn_str text, const hsn_json_event *record, size_t from,
                           size_t upto)
{
    hsn_json_event ev;
    for (size_t i = from; i < upto && hsn_record_event(record, i, &ev); i++) {
        if (!hsn_place_token(p, text, &ev)) {
            return false;
        }
    }
    return true;
}

/* ---------------------------------------------------------------- finding */

static const hsn_label *key_of(const hsn_places *p, const frame *up)
{
    return up->array ? NULL : p->key;
}

static bool is_pattern(const hsn_places *p, const pattern *t, uint64_t serial, const frame *up)
{
    return t->serial == serial && t->ticket == p->ticket && t->role == up->role &&
           t->rule == up->rule && t->strict == up->strict && t->array == up->array &&
           t->key == key_of(p, up);
}

/* The pattern for a record in `up`; else the one to give up for it, *found false. */
static pattern *pattern_of(hsn_places *p, uint64_t serial, const frame *up, bool *found)
{
    pattern *set = p->patterns[serial % PATTERN_SETS];
    *found = true;
    for (size_t i = 0; i < PATTERN_WAYS; i++) {
        if (HSN_LIKELY(is_pattern(p, &set[i], serial, up))) {
            return &set[i];
        }
    }
    *found = false;
    return set[0].ticket == p->ticket ? &set[1] : &set[0];
}

/* ---------------------------------------------------------------- learning */

static void describe(const hsn_places *p, pattern *t, uint64_t serial, const frame *up)
{
    t->serial = serial;
    t->ticket = p->ticket;
    t->rule = up->rule;
    t->key = key_of(p, up);
    t->role = up->role;
    t->strict = up->strict;
    t->array = up->array;
}

/* From the field `first` on they come from the record, which is whole. */
static void learn_whole(hsn_places *p, pattern *t, size_t first, uint32_t base, size_t off)
{
    for (size_t i = 0; i < t->n; i++) {
        t->fields[i] = fields(p)[first + i];
        t->fields[i].off -= off;
        t->fields[i].node -= base;
        t->fields[i].twin = hsn_name_memo_ticket(p->memo);
    }
}

static size_t from_first(size_t index, size_t first)
{
    return index > first ? index - first : 0; /* they count from 1, 0 is none */
}

/* The same while the record is still open; false when there is no telling what comes of it. */
static bool learn_form(hsn_places *p, pattern *t, size_t first, const hsn_json_event *record)
{
    hsn_json_event ev;
    size_t n = 0;
    const frame *f = top(p);
    const hsn_json_event *values = hsn_record_values(record);
    t->n_values = record->record->n_events / 2u - 1;
    if (t->n_values > PATTERN_VALUES) {
        return false;
    }
    for (size_t i = 0; i < t->n_values; i++) {
        t->kind[i] = (unsigned char)values[i].kind;
    }
    for (size_t i = 0; n < t->n && hsn_record_event(record, i, &ev); i++) {
        if (fields(p)[first + n].off == ev.off) {
            t->fields[n] = fields(p)[first + n];
            t->event[n++] = (unsigned char)i;
        }
    }
    t->frame = *f;
    t->frame.name_field = from_first(f->name_field, first);
    t->frame.value_first = from_first(f->value_first, first);
    t->frame.value_end = from_first(f->value_end, first);
    return n == t->n && !f->own_rule; /* a rule of its own may be taken back */
}

/* Reads the record token by token, to know it next time. */
static bool learn(hsn_places *p, pattern *t, hsn_str text, const hsn_json_event *record)
{
    const bool whole = record->record->whole;
    const size_t first = n_fields(p);
    const uint32_t base = next_node(p);
    const size_t upto = whole ? SIZE_MAX : record->record->n_events - 1u;
    describe(p, t, record->record->serial, top(p));
    t->ticket = 0;
    if (!read_tokens_of(p, text, record, 0, upto)) {
        return false;
    }
    size_t n = n_fields(p) - first;
    t->n = (unsigned)n;
    bool ok = n <= PATTERN_FIELDS;
    if (ok && whole) {
        learn_whole(p, t, first, base, record->off);
    } else if (ok) {
        ok = learn_form(p, t, first, record);
    }
    t->ticket = ok ? p->ticket : 0;
    return read_tokens_of(p, text, record, upto, SIZE_MAX);
}

/* ---------------------------------------------------------------- repeating */

static void repeat_whole(const pattern *t, hsn_field *f, uint32_t at, size_t off)
{
    for (size_t i = 0; i < t->n; i++, f++) {
        *f = t->fields[i];
        f->off += off;
        f->node += at;
    }
}

static void repeat_form(const pattern *t, hsn_field *f, uint32_t at, const hsn_json_event *record)
{
    const hsn_json_event *values = hsn_record_values(record);
    for (size_t i = 0; i < t->n; i++, f++) {
        const unsigned event = t->event[i];
        hsn_json_event key;
        const hsn_json_event *ev = &key;
        if (HSN_LIKELY(event % 2 == 0)) {
            ev = &values[event / 2 - 1];
        } else {
            (void)hsn_record_event(record, event, &key);
        }
        *f = t->fields[i];
        f->off = ev->off;
        f->len = ev->len;
        f->escaped = ev->escaped;
        f->node = at;
    }
}

static void name_fields(hsn_places *p, hsn_str text, const pattern *t, size_t first)
{
    frame f = t->frame;
    if (f.name_field > 0 && f.value_first > 0) {
        f.name_field += first;
        f.value_first += first;
        f.value_end += first;
        hsn_place_pair(p, text, &f);
    }
}

/* For each object; the index in an array moves on to that of the last. */
static bool add_nodes(hsn_places *p, frame *up, unsigned objects)
{
    const hsn_label *key = up->array ? &hsn_no_label : p->key;
    bool ok = add_node(p, up, key) != NONE;
    for (unsigned i = 1; i < objects && ok; i++) {
        end_inside(p, up);
        ok = add_node(p, up, key) != NONE;
    }
    return ok;
}

static bool repeat(hsn_places *p, frame *up, const pattern *t, hsn_str text,
                   const hsn_json_event *record)
{
    const size_t first = n_fields(p);
    const uint32_t at = next_node(p);
    if (!add_nodes(p, up, record->record->objects) ||
        !has_room(&p->fields, t->n * sizeof(hsn_field))) {
        return false;
    }
    hsn_field *f = fields(p) + first;
    begin_inside(p, up);
    p->fields.n += t->n * sizeof(hsn_field);
    if (record->record->whole) {
        repeat_whole(t, f, at, record->off);
    } else {
        repeat_form(t, f, at, record);
        name_fields(p, text, t, first);
    }
    end_inside(p, up);
    return !p->names.failed;
}

/* A literal in a string's place makes no field. */
static bool has_kinds(const pattern *t, const hsn_json_event *record)
{
    const hsn_json_event *values = hsn_record_values(record);
    for (size_t i = 0; i < t->n_values; i++) {
        if (values[i].kind != (hsn_json_kind)t->kind[i]) {
            return false;
        }
    }
    return true;
}

bool hsn_place_record(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    if (p->patterns == NULL) {
        p->patterns = hsn_mem_zero(PATTERN_SETS, sizeof *p->patterns);
    }
    frame *up = top(p);
    if (p->patterns == NULL || up == NULL) {
        return read_tokens_of(p, text, ev, 0, SIZE_MAX);
    }
    bool found;
    pattern *t = pattern_of(p, ev->record->serial, up, &found);
    if (!found) {
        return learn(p, t, text, ev);
    }
    if (!ev->record->whole && !has_kinds(t, ev)) {
        return read_tokens_of(p, text, ev, 0, SIZE_MAX);
    }
    return repeat(p, up, t, text, ev);
}
