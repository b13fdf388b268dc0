/*
 * Records: objects that came before. See json_record.h.
 */
#include "json_form.h"

void hsn_records_init(hsn_records *r)
{
    r->serials = 0;
    memset(r->latest, 0, sizeof r->latest);
    for (size_t i = 0; i < HSN_RECORDS; i++) {
        r->slot[i] = (hsn_whole){.text = r->text[i], .events = r->events[i]};
    }
    for (size_t i = 0; i < HSN_SERIES_SETS; i++) {
        for (size_t k = 0; k < HSN_SERIES_WAYS; k++) {
            r->series[i][k] =
                (hsn_whole){.text = r->series_text[i][k], .events = r->series_events[i][k]};
        }
    }
}

static inline uint64_t mix(uint64_t h, uint64_t w)
{
    h = (h ^ w) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

/* By the bytes 8 to 39, be they the object's or what follows it: behind the bracket, the
 * indentation and the first key of most. */
static inline size_t hash(const unsigned char *p)
{
    uint64_t a = mix(hsn_word64_at(p + 8), hsn_word64_at(p + 16));
    uint64_t b = mix(hsn_word64_at(p + 24), hsn_word64_at(p + 32));
    return (size_t)(mix(a, b) >> 20);
}

static uint32_t mark_of(hsn_str s)
{
    uint64_t h = s.n;
    for (size_t i = 0; i + 8 <= s.n; i += 8) {
        h = mix(h, hsn_word64_at(s.p + i));
    }
    return (uint32_t)(h >> 8) | 1;
}

/* ---------------------------------------------------------------- finding */

static inline bool is_at(const hsn_whole *s, const unsigned char *p, size_t n)
{
    return s->n > 0 && s->n <= n && memcmp(s->text, p, s->n) == 0;
}

static inline const hsn_whole *find_series(hsn_records *r, size_t set, const unsigned char *p,
                                           size_t n)
{
    const unsigned latest = r->latest[set];
    for (unsigned i = 0; i < HSN_SERIES_WAYS; i++) {
        const unsigned way = (latest + i) % HSN_SERIES_WAYS;
        if (is_at(&r->series[set][way], p, n)) {
            r->latest[set] = (unsigned char)way;
            return &r->series[set][way];
        }
    }
    return NULL;
}

const hsn_whole *hsn_records_find(hsn_records *r, const unsigned char *p, size_t n, bool in_array)
{
    if (n < HSN_RECORD_HEAD) {
        return NULL;
    }
    const size_t h = hash(p);
    const hsn_whole *series = in_array ? find_series(r, h % HSN_SERIES_SETS, p, n) : NULL;
    if (series != NULL) {
        return series;
    }
    const hsn_whole *s = &r->slot[h % HSN_RECORDS];
    return is_at(s, p, n) ? s : NULL;
}

/* ---------------------------------------------------------------- adding */

/* False: it is there for the first time. */
static bool fill(hsn_records *r, hsn_whole *s, hsn_str text, unsigned objects)
{
    const uint32_t mark = mark_of(text);
    if (s->mark != mark) {
        s->mark = mark;
        return false;
    }
    s->n = (uint16_t)text.n;
    s->head = (hsn_record){
        .serial = 2 * ++r->serials, .objects = (uint8_t)objects, .whole = true};
    memcpy(s->text, text.p, text.n);
    return true;
}

hsn_whole *hsn_records_add(hsn_records *r, hsn_str object)
{
    hsn_whole *s = &r->slot[hash(object.p) % HSN_RECORDS];
    return fill(r, s, object, 1) ? s : NULL;
}

/* What was found last stays. */
hsn_whole *hsn_series_add(hsn_records *r, hsn_str text, unsigned objects)
{
    const size_t set = hash(text.p) % HSN_SERIES_SETS;
    const unsigned way = (r->latest[set] + 1u) % HSN_SERIES_WAYS;
    hsn_whole *s = &r->series[set][way];
    if (!fill(r, s, text, objects)) {
        return NULL;
    }
    r->latest[set] = (unsigned char)way;
    return s;
}

/* ---------------------------------------------------------------- events */

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
