/*
 * Objects that came before, byte for byte: in an array of one kind they come to the same fields, so
 * those of the first time are repeated. The next batch, whose names are other memory, begins anew.
 */
#include "place_parts.h"

static bool read_tokens_of(hsn_places *p, hsn_str text, const hsn_json_event *record)
{
    hsn_json_event ev;
    for (size_t i = 0; hsn_record_event(record, i, &ev); i++) {
        if (!hsn_place_token(p, text, &ev)) {
            return false;
        }
    }
    return true;
}

static bool is_pattern(const hsn_places *p, const pattern *t, uint64_t serial, const frame *up)
{
    return t->serial == serial && t->ticket == p->ticket && t->role == up->role &&
           t->rule == up->rule && t->strict == up->strict;
}

static void learn_pattern(hsn_places *p, pattern *t, uint64_t serial, size_t first, size_t off)
{
    const frame *up = top(p);
    size_t n = n_fields(p) - first;
    t->ticket = 0;
    if (n > PATTERN_FIELDS) {
        return;
    }
    *t = (pattern){serial, p->ticket, up->rule, up->role, up->strict, (uint32_t)n, {{0}}};
    uint64_t twins = hsn_name_memo_ticket(p->memo) * PATTERN_FIELDS;
    for (size_t i = 0; i < n; i++) {
        t->fields[i] = fields(p)[first + i];
        t->fields[i].off -= off;
        t->fields[i].twin = twins + i;
    }
}

static bool repeat_pattern(hsn_places *p, const pattern *t, size_t off)
{
    frame *up = top(p);
    uint32_t at = hsn_place_node(p, up, &(label){0});
    if (at == NONE || !has_room(&p->fields, t->n * sizeof(hsn_field))) {
        return false;
    }
    hsn_field *f = fields(p) + n_fields(p);
    for (size_t i = 0; i < t->n; i++, f++) {
        *f = t->fields[i];
        f->off += off;
        f->node = at;
    }
    p->fields.n += t->n * sizeof(hsn_field);
    up->index++;
    return true;
}

/* Entries are counted one by one; what stands under a key is not often a record. */
static bool has_patterns(hsn_places *p, const frame *up)
{
    if (up == NULL || !up->array || up->role == HSN_ROLE_ENTRIES) {
        return false;
    }
    if (p->patterns == NULL) {
        p->patterns = hsn_mem_zero(PATTERNS, sizeof *p->patterns);
    }
    return p->patterns != NULL;
}

bool hsn_place_record(hsn_places *p, hsn_str text, const hsn_json_event *ev)
{
    if (!has_patterns(p, top(p))) {
        return read_tokens_of(p, text, ev);
    }
    uint64_t serial = hsn_record_serial(ev->record);
    pattern *t = &p->patterns[serial % PATTERNS];
    if (HSN_LIKELY(is_pattern(p, t, serial, top(p)))) {
        return repeat_pattern(p, t, ev->off);
    }
    size_t first = n_fields(p);
    if (!read_tokens_of(p, text, ev)) {
        return false;
    }
    learn_pattern(p, t, serial, first, ev->off);
    return true;
}
