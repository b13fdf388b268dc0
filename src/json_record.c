/*
 * Records: objects that came before. See json_record.h.
 */
#include "json_form.h"

void hsn_records_init(hsn_records *r)
{
    r->serials = 0;
    for (size_t i = 0; i < HSN_RECORDS; i++) {
        r->slot[i].mark = 0;
        r->slot[i].n = 0;
    }
}

static inline uint64_t word_at(const unsigned char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

static inline uint64_t mix(uint64_t h, uint64_t w)
{
    h = (h ^ w) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

/* By the bytes 8 to 39, be they the object's or what follows it: behind the bracket, the
 * indentation and the first key of most. */
static inline size_t slot_of(const unsigned char *p)
{
    uint64_t a = mix(word_at(p + 8), word_at(p + 16));
    uint64_t b = mix(word_at(p + 24), word_at(p + 32));
    return (size_t)(mix(a, b) >> 20) % HSN_RECORDS;
}

static uint32_t mark_of(hsn_str s)
{
    uint64_t h = s.n;
    for (size_t i = 0; i + 8 <= s.n; i += 8) {
        h = mix(h, word_at(s.p + i));
    }
    return (uint32_t)(h >> 8) | 1;
}

const hsn_whole *hsn_records_find(const hsn_records *r, const unsigned char *p, size_t n)
{
    if (n < HSN_RECORD_HEAD) {
        return NULL;
    }
    const hsn_whole *s = &r->slot[slot_of(p)];
    return s->n > 0 && s->n <= n && memcmp(s->text, p, s->n) == 0 ? s : NULL;
}

hsn_whole *hsn_records_add(hsn_records *r, hsn_str object)
{
    hsn_whole *s = &r->slot[slot_of(object.p)];
    uint32_t mark = mark_of(object);
    if (s->mark != mark) {
        s->mark = mark;
        return NULL;
    }
    s->n = (uint16_t)object.n;
    s->head = (hsn_record){.serial = 2 * ++r->serials, .whole = true};
    memcpy(s->text, object.p, object.n);
    return s;
}

static void whole_event(const hsn_json_event *ev, size_t i, hsn_json_event *out)
{
    const hsn_whole *r = (const hsn_whole *)ev->record;
    *out = r->events[i];
    out->off += ev->off;
}

bool hsn_record_event(const hsn_json_event *ev, size_t i, hsn_json_event *out)
{
    const hsn_record *r = ev->record;
    if (i >= r->n_events) {
        return false;
    }
    if (r->whole) {
        whole_event(ev, i, out);
    } else {
        hsn_form_event(ev, i, out);
    }
    return true;
}
