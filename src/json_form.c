/*
 * Forms: objects of which all but the values came before. See json_form.h.
 */
#include "json_form.h"

#include "json_scan.h"

void hsn_forms_init(hsn_forms *f)
{
    f->serials = 0;
    memset(f->latest, 0, sizeof f->latest);
    for (size_t i = 0; i < HSN_FORM_SETS; i++) {
        for (size_t k = 0; k < HSN_FORM_WAYS; k++) {
            f->form[i][k].members = 0;
        }
    }
}

/* HSN_FORM_SETS when the text is too short to tell. */
static inline size_t set_of(hsn_str text)
{
    size_t at = 1 + hsn_json_space_inline(hsn_str_cut(text, 1, text.n));
    uint64_t head;
    if (text.n < at + sizeof head) {
        return HSN_FORM_SETS;
    }
    memcpy(&head, text.p + at, sizeof head);
    return (head + at) * 0x9e3779b97f4a7c15u >> 32 & (HSN_FORM_SETS - 1);
}

/* ---------------------------------------------------------------- finding */

/* Length of the escape at the backslash s.p[0]; 0: it is none, or goes on behind s. */
static size_t escape_length(hsn_str s)
{
    static const char simple[] = "\"\\/bfnrt";
    if (s.n < 2) {
        return 0;
    }
    if (s.p[1] != 'u') {
        return memchr(simple, s.p[1], sizeof simple - 1) != NULL ? 2 : 0;
    }
    for (size_t i = 2; i < 6; i++) {
        if (i >= s.n || hsn_hex(s.p[i]) < 0) {
            return 0;
        }
    }
    return 6;
}

/* Length of the rest of a string up to its closing quote; s.n when it has a fault or no end. */
static inline size_t string_length(hsn_str s, bool *escaped)
{
    size_t i = 0;
    for (*escaped = false;; *escaped = true) {
        i += hsn_json_plain_inline(hsn_str_cut(s, i, s.n));
        if (i == s.n || s.p[i] == '"') {
            return i;
        }
        size_t n = s.p[i] == '\\' ? escape_length(hsn_str_cut(s, i, s.n)) : 0;
        if (n == 0) {
            return s.n;
        }
        i += n;
    }
}

static inline bool is_word_byte(unsigned char c)
{
    return hsn_is_alnum(c) || c == '-' || c == '.' || c == '+';
}

/* The value at text[at]; false when it is none that is certainly right. */
static inline bool read_value(const hsn_shapes *shapes, hsn_str text, size_t at, hsn_json_event *v)
{
    v->record = NULL;
    if (text.p[at] == '"') {
        hsn_str rest = hsn_str_cut(text, at + 1, text.n);
        rest.n = rest.n < HSN_FORM_VALUE_MAX ? rest.n : HSN_FORM_VALUE_MAX;
        v->kind = HSN_JSON_STRING;
        v->off = at + 1;
        v->len = string_length(rest, &v->escaped);
        return v->len < rest.n;
    }
    size_t end = at;
    while (end < text.n && is_word_byte(text.p[end])) {
        end++;
    }
    v->escaped = false;
    v->off = at;
    v->len = end - at;
    hsn_spelling word = hsn_spelling_of(hsn_str_cut(text, at, end));
    return end < text.n && hsn_shapes_has_word(shapes, word, &v->kind);
}

static inline size_t value_end(const hsn_json_event *v)
{
    return v->off + v->len + (v->kind == HSN_JSON_STRING);
}

static bool fits(const hsn_form *f, const hsn_shapes *shapes, hsn_str text, hsn_json_event *values,
                 size_t *n)
{
    size_t at = 0;
    size_t from = 0; /* in the form */
    for (size_t i = 0; i <= f->members; i++) {
        size_t len = f->piece[i].end - from;
        if (text.n - at <= len || memcmp(text.p + at, f->text + from, len) != 0) {
            return false;
        }
        at += len;
        from += len;
        if (i < f->members) {
            if (!read_value(shapes, text, at, &values[i])) {
                return false;
            }
            at = value_end(&values[i]);
        }
    }
    *n = at;
    return f->members > 0;
}

const hsn_form *hsn_forms_find(hsn_forms *f, const hsn_shapes *shapes, hsn_str text,
                               hsn_json_event *values, size_t *n)
{
    size_t set = set_of(text);
    if (set == HSN_FORM_SETS) {
        return NULL;
    }
    const unsigned latest = f->latest[set];
    for (unsigned i = 0; i < HSN_FORM_WAYS; i++) {
        unsigned way = (latest + i) % HSN_FORM_WAYS;
        if (f->form[set][way].members > 0 && fits(&f->form[set][way], shapes, text, values, n)) {
            f->latest[set] = (unsigned char)way;
            return &f->form[set][way];
        }
    }
    return NULL;
}

/* ---------------------------------------------------------------- adding */

/* False when the object is not of a kind that has a form. */
static bool describe(hsn_form *f, hsn_str text, const hsn_json_event *events, size_t n_events)
{
    size_t from = events[0].off;
    size_t used = 0;
    f->members = (unsigned)(n_events / 2 - 1);
    f->head = (hsn_record){.n_events = (uint16_t)n_events, .objects = 1};
    for (size_t i = 0; i <= f->members; i++) {
        const hsn_json_event *key = &events[1 + 2 * i];
        const hsn_json_event *value = key + 1;
        bool last = i == f->members; /* then `key` is the closing bracket */
        size_t end = last ? key->off + 1 : value->off - (value->kind == HSN_JSON_STRING);
        if (end - from > HSN_FORM_TEXT - used || (!last && key->escaped)) {
            return false;
        }
        memcpy(f->text + used, text.p + from, end - from);
        used += end - from;
        f->piece[i] = (hsn_piece){.end = (uint16_t)used,
                                  .key = (uint16_t)(key->off - from),
                                  .key_len = (uint16_t)(last ? 0 : key->len)};
        from = last ? 0 : value_end(value);
    }
    return true;
}

static bool is_same(const hsn_form *a, const hsn_form *b)
{
    size_t n = b->members;
    return a->members == n && memcmp(a->piece, b->piece, (n + 1) * sizeof a->piece[0]) == 0 &&
           memcmp(a->text, b->text, b->piece[n].end) == 0;
}

void hsn_forms_add(hsn_forms *f, hsn_str text, const hsn_json_event *events, size_t n_events)
{
    hsn_form made;
    size_t set = set_of(hsn_str_cut(text, events[0].off, text.n));
    if (set == HSN_FORM_SETS || n_events < 4 || n_events > HSN_FORM_EVENTS ||
        !describe(&made, text, events, n_events)) {
        return;
    }
    hsn_form *way = f->form[set];
    unsigned other = (f->latest[set] + 1u) % HSN_FORM_WAYS;
    if (!is_same(&way[0], &made) && !is_same(&way[1], &made)) {
        made.head.serial = 2 * ++f->serials + 1;
        way[other] = made;
    }
}

/* ---------------------------------------------------------------- events */

void hsn_form_event(const hsn_json_event *ev, size_t i, hsn_json_event *out)
{
    const hsn_form *f = (const hsn_form *)ev->record;
    const hsn_json_event *values = hsn_record_values(ev);
    *out = (hsn_json_event){.kind = HSN_JSON_KEY};
    if (i == 0) {
        out->kind = HSN_JSON_OPEN_OBJECT;
        out->off = ev->off;
        out->len = 1;
    } else if (i + 1 == f->head.n_events) {
        out->kind = HSN_JSON_CLOSE_OBJECT;
        out->off = ev->off + ev->len - 1;
        out->len = 1;
    } else if (i % 2 == 0) {
        *out = values[i / 2 - 1];
    } else {
        size_t from = i == 1 ? ev->off : value_end(&values[i / 2 - 1]);
        out->off = from + f->piece[i / 2].key;
        out->len = f->piece[i / 2].key_len;
    }
}
