/*
 * Salvage: where a broken text can be cut so that what lies before is whole.
 *
 * Receives a text that may end too early or go wrong in the middle, emits the offset behind the
 * last complete element and the brackets that close what is open there; a session that is fed the
 * one and then the other sees valid JSON. In a HAR a cut falls between elements of log, or of an
 * array or object directly in it: an entry is kept whole or not at all. Holds one piece of the text
 * and a bit a level. Judges no value, and must never make a text valid that a session would refuse.
 */
#include "base_scale.h"
#include "json.h"

enum {
    DEPTH = 1000, /* as documented for harsan_options.max_depth */
    PIECE = (64 << 10) / HSN_SCALE,
    HAR_LEVELS = 3, /* the text, log, what is in it */
    LOG_LEVEL = 1,  /* where a key is that names it */
    ENTRIES_LEVEL = 2
};

struct harsan_salvage {
    hsn_json *json;
    hsn_buf raw; /* from offset `base` on */
    uint64_t base;
    unsigned char *open; /* '[' or '{' by level */
    char *closing;
    unsigned depth;
    unsigned named[HAR_LEVELS + 1]; /* did the last key of this level lead on to the entries? */
    bool is_har;
    bool begun;
    bool ending; /* nothing follows what is held: a number may be cut short */
    bool broken;
    uint64_t entries;
    uint64_t line;    /* of the byte at `base` */
    uint64_t line_at; /* offset of the first byte of that line */
    harsan_cut cut;   /* the best so far */
    unsigned cut_depth;
};

/* ---------------------------------------------------------------- life */

harsan_status harsan_salvage_new(harsan_salvage **out, unsigned max_depth, harsan_error *err)
{
    unsigned depth = max_depth != 0 ? max_depth : DEPTH;
    harsan_salvage *s = hsn_mem_zero(1, sizeof *s);
    *out = NULL;
    if (s != NULL) {
        s->json = hsn_json_new(depth);
        s->open = hsn_mem_zero((size_t)depth + 1, 1);
        s->closing = hsn_mem_zero((size_t)depth + 1, 1);
        s->line = 1;
        hsn_buf_init(&s->raw, 4 * PIECE);
    }
    if (s == NULL || s->json == NULL || s->open == NULL || s->closing == NULL) {
        harsan_salvage_free(s);
        return hsn_refuse(err, HARSAN_E_NOMEM, "out of memory");
    }
    *out = s;
    return HARSAN_OK;
}

void harsan_salvage_free(harsan_salvage *s)
{
    if (s != NULL) {
        hsn_json_free(s->json);
        hsn_buf_wipe(&s->raw);
        hsn_mem_free(s->open);
        hsn_mem_free(s->closing);
        hsn_mem_free(s);
    }
}

/* ---------------------------------------------------------------- events */

/* Are we within the first n of: log, entries? */
static bool is_within(const harsan_salvage *s, unsigned n)
{
    for (unsigned level = LOG_LEVEL; level <= n; level++) {
        if (s->named[level] == 0) {
            return false;
        }
    }
    return s->depth > n;
}

/* Behind `offset` the text could end, were it not for what is open. */
static void note_cut(harsan_salvage *s, uint64_t offset)
{
    if (!s->is_har || s->depth <= HAR_LEVELS) {
        s->cut.keep = offset;
        s->cut.entries = s->entries;
        s->cut_depth = s->depth;
    }
}

static void take_key(harsan_salvage *s, const hsn_json_event *ev)
{
    if (s->depth != LOG_LEVEL && s->depth != ENTRIES_LEVEL) {
        return;
    }
    hsn_str key = hsn_str_cut(hsn_buf_str(&s->raw), ev->off, ev->off + ev->len);
    bool log = s->depth == LOG_LEVEL;
    s->named[s->depth] = hsn_str_eq(key, log ? HSN_S("log") : HSN_S("entries"));
    s->is_har = s->is_har || (log && s->named[LOG_LEVEL] != 0);
}

static void open_bracket(harsan_salvage *s, const hsn_json_event *ev)
{
    s->open[s->depth++] = ev->kind == HSN_JSON_OPEN_ARRAY ? '[' : '{';
    if (s->depth == ENTRIES_LEVEL) {
        s->named[ENTRIES_LEVEL] = 0; /* another object's keys */
    }
    note_cut(s, s->base + ev->off + ev->len);
}

/* A value is complete. */
static void end_value(harsan_salvage *s, const hsn_json_event *ev)
{
    size_t end = ev->off + ev->len + (ev->kind == HSN_JSON_STRING); /* the quote */
    bool cut_short = ev->kind == HSN_JSON_NUMBER && s->ending && end == s->raw.n && s->depth > 0;
    s->entries += s->depth == HAR_LEVELS && is_within(s, ENTRIES_LEVEL) &&
                  s->open[HAR_LEVELS - 1] == '['; /* an object of that name has none */
    if (!cut_short) {
        note_cut(s, s->base + end);
    }
}

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    harsan_salvage *s = ctx;
    switch (ev->kind) {
    case HSN_JSON_KEY:
        take_key(s, ev);
        break;
    case HSN_JSON_OPEN_OBJECT:
    case HSN_JSON_OPEN_ARRAY:
        open_bracket(s, ev);
        break;
    case HSN_JSON_CLOSE_OBJECT:
    case HSN_JSON_CLOSE_ARRAY:
        s->depth--;
        end_value(s, ev);
        break;
    case HSN_JSON_STRING:
    case HSN_JSON_NUMBER:
    case HSN_JSON_LITERAL:
    case HSN_JSON_RECORD: /* does not come: none is remembered */
        end_value(s, ev);
        break;
    }
    return true;
}

/* ---------------------------------------------------------------- bytes */

static void count_lines(harsan_salvage *s, size_t n)
{
    const unsigned char *p = s->raw.p;
    for (size_t at = 0; at < n;) {
        const unsigned char *eol = memchr(p + at, '\n', n - at);
        if (eol == NULL) {
            return;
        }
        at = (size_t)(eol - p) + 1;
        s->line++;
        s->line_at = s->base + at;
    }
}

/* The mistake, with its place; from here on nothing more is looked at. */
static void note_break(harsan_salvage *s)
{
    harsan_error *why = &s->cut.why;
    size_t n = why->offset > s->base ? (size_t)(why->offset - s->base) : 0;
    count_lines(s, n < s->raw.n ? n : s->raw.n);
    why->line = s->line;
    why->column = why->offset - s->line_at + 1;
    s->broken = true;
}

/* Of a string that fills the buffer nothing is needed any more; keys that matter are short. */
static void make_room(harsan_salvage *s)
{
    uint64_t need = hsn_json_need(s->json);
    bool all = hsn_json_in_string(s->json) && (s->raw.n >= 2 * PIECE || need < s->base);
    size_t n = all ? s->raw.n : (size_t)(need - s->base);
    count_lines(s, n);
    memmove(s->raw.p, s->raw.p + n, s->raw.n - n);
    s->raw.n -= n;
    s->base += n;
}

static void skip_bom(harsan_salvage *s)
{
    s->begun = true;
    if (hsn_str_starts(hsn_buf_str(&s->raw), HSN_S("\xef\xbb\xbf"))) {
        hsn_json_start_at(s->json, 3);
    }
}

static void read_on(harsan_salvage *s)
{
    hsn_str text = hsn_buf_str(&s->raw);
    if (!s->begun) {
        skip_bom(s);
    }
    hsn_step step = s->ending ? hsn_json_finish(s->json, text, s->base, on_event, s, &s->cut.why)
                              : hsn_json_run(s->json, text, s->base, on_event, s, &s->cut.why);
    if (step == HSN_FAIL) {
        note_break(s);
    } else if (!s->ending) {
        make_room(s);
    }
}

harsan_status harsan_salvage_feed(harsan_salvage *s, const void *data, size_t len)
{
    hsn_str rest = hsn_str_of(data, len);
    while (rest.n > 0 && !s->broken) {
        size_t n = rest.n < PIECE ? rest.n : PIECE;
        hsn_buf_add(&s->raw, rest.p, n);
        if (hsn_buf_failed(&s->raw)) {
            return HARSAN_E_NOMEM;
        }
        rest = hsn_str_cut(rest, n, rest.n);
        if (s->begun || s->raw.n >= 3) {
            read_on(s);
        }
    }
    return HARSAN_OK;
}

void harsan_salvage_finish(harsan_salvage *s, harsan_cut *out)
{
    if (!s->broken) {
        s->ending = true;
        read_on(s);
    }
    for (unsigned i = 0; i < s->cut_depth; i++) {
        s->closing[i] = s->open[s->cut_depth - 1 - i] == '[' ? ']' : '}';
    }
    s->closing[s->cut_depth] = '\0';
    *out = s->cut;
    out->broken = s->broken;
    out->closing = s->closing;
}
