/*
 * The stream: cuts the input into batches, through tokenizer and places, and sends them on.
 */
#include "stream.h"

#include "flight.h"
#include "segment.h"

enum {
    SEEK = 512, /* ... at multiples of this: often all but a gap between records is one */
    DEPTH = 1000
};

struct hsn_stream {
    hsn_inspector *in;
    const harsan_options *opt;
    hsn_flight *flight;
    hsn_emit *emit; /* the flight's */
    hsn_json *json;
    hsn_places *places;
    size_t window;
    hsn_buf raw; /* the batch: from offset `base` on */
    uint64_t base;
    bool giant; /* inside of a string that is longer than the window */
    hsn_segment segment;
    hsn_field giant_field;
    uint64_t giant_from; /* context of the next segment from here on, */
    uint64_t giant_at;   /* and the segment itself */
    size_t dropped;      /* bytes that the batch begins with and that are settled: a giant's */
    uint64_t stop;       /* the tokenizer runs when so much was read */
    bool begun;          /* behind the BOM, if there is one */
    bool last;           /* the end of the input is in the batch */
    uint64_t bytes_in;
    harsan_error *err; /* of the call under way */
};

hsn_stream *hsn_stream_new(hsn_inspector *in, const harsan_options *opt)
{
    hsn_stream *s = hsn_mem_zero(1, sizeof *s);
    if (s == NULL) {
        return NULL;
    }
    unsigned depth = opt->max_depth != 0 ? opt->max_depth : DEPTH;
    s->in = in;
    s->opt = opt;
    s->window = hsn_window(opt);
    s->stop = HSN_PIECE;
    s->json = hsn_json_new(depth);
    s->places = hsn_places_new(in->names, depth);
    s->flight = hsn_flight_new(in, opt);
    hsn_buf_init(&s->raw, hsn_batch_room(opt));
    if (s->json == NULL || s->places == NULL || s->flight == NULL) {
        hsn_stream_free(s);
        return NULL;
    }
    s->emit = hsn_flight_emit(s->flight);
    (void)!hsn_json_remember(s->json); /* without memory it is only slower */
    hsn_places_begin(s->places, NULL, false, HSN_IN_KEY);
    return s;
}

void hsn_stream_free(hsn_stream *s)
{
    if (s != NULL) {
        hsn_flight_free(s->flight);
        hsn_json_free(s->json);
        hsn_places_free(s->places);
        hsn_buf_wipe(&s->raw);
        hsn_mem_free(s);
    }
}

void hsn_stream_facts(const hsn_stream *s, harsan_facts *out)
{
    *out = (harsan_facts){
        .is_har = hsn_places_is_har(s->places),
        .entries = hsn_places_entries(s->places),
        .findings = s->emit->findings,
        .bytes_in = s->bytes_in,
        .bytes_out = s->emit->bytes,
    };
}

bool hsn_stream_again(const hsn_stream *s)
{
    return hsn_flight_again(s->flight);
}

/* ---------------------------------------------------------------- output */

/* What the stream itself writes or counts lies in `raw`, and comes behind everything in flight. */
static void hold(hsn_stream *s)
{
    hsn_emit_hold(s->emit, hsn_buf_str(&s->raw), s->base);
}

static void count_lines(hsn_stream *s, uint64_t offset)
{
    hold(s);
    hsn_emit_lines(s->emit, offset);
}

static bool put(hsn_stream *s, const void *p, size_t n)
{
    hold(s);
    return hsn_emit_put(s->emit, p, n);
}

/* ---------------------------------------------------------------- errors */

/* An error that tokenizer or places found: what comes before it is still put into effect, and fails
 * first if it does. */
static hsn_step fail_at(hsn_stream *s, const harsan_error *found)
{
    if (!hsn_flight_land(s->flight)) {
        return HSN_FAIL;
    }
    harsan_error *err = s->err;
    if (err->code == HARSAN_OK) {
        *err = *found;
    }
    if (err->line == 0 && err->offset >= s->emit->counted && err->offset <= s->base + s->raw.n) {
        count_lines(s, err->offset);
        err->line = s->emit->line;
        err->column = err->offset - s->emit->line_at + 1;
        hsn_places_pointer(s->places, NULL, err->where, sizeof err->where);
    }
    return HSN_FAIL;
}

static hsn_step fail(hsn_stream *s, harsan_status code, const char *why)
{
    harsan_error found = {0};
    hsn_fail(&found, code, s->base, "%s", why);
    return fail_at(s, &found);
}

/* ---------------------------------------------------------------- batches */

/* Sends the batch up to `cut` on its way, keeps the rest. */
static bool flush(hsn_stream *s, uint64_t cut)
{
    hsn_batch *b = hsn_flight_next(s->flight);
    if (b == NULL) {
        return false;
    }
    size_t end = (size_t)(cut - s->base);
    hsn_buf_reset(&b->raw);
    hsn_buf_add_str(&b->raw, hsn_str_cut(hsn_buf_str(&s->raw), end, s->raw.n));
    if (hsn_buf_failed(&b->raw)) {
        return fail(s, HARSAN_E_NOMEM, "out of memory") == HSN_OK;
    }
    hsn_buf rest = b->raw;
    b->raw = s->raw;
    b->raw.n = end;
    b->base = s->base;
    b->dropped = s->dropped;
    s->raw = rest;
    s->base = cut;
    s->dropped = 0;
    hsn_places_take(s->places, hsn_buf_str(&b->raw), &b->taken);
    return hsn_flight_send(s->flight, b, s->last);
}

/* ---------------------------------------------------------------- giant strings */

/* The string at offset `quote` is longer than the window: what stands before it is handed on, and
 * what it is by its name and its first bytes decides how it is dealt with. */
static bool begin_giant(hsn_stream *s, uint64_t quote)
{
    hsn_field f;
    unsigned char name[HSN_NAME_MAX];
    if (!hsn_places_ahead(s->places, hsn_buf_str(&s->raw), (size_t)(quote + 1 - s->base), &f)) {
        return fail(s, HARSAN_E_NOMEM, "out of memory") == HSN_OK;
    }
    size_t n_name = f.by->name.n < sizeof name ? f.by->name.n : sizeof name;
    if (n_name > 0) {
        memcpy(name, f.by->name.p, n_name);
    }
    hsn_site site = {
        .where = f.by->where, .name = hsn_str_of(name, n_name), .rule = f.rule, .strict = f.strict};
    if ((s->base < quote && !flush(s, quote)) || !hsn_flight_land(s->flight) || !put(s, "\"", 1)) {
        return false;
    }
    if (!hsn_places_ahead(s->places, hsn_buf_str(&s->raw), 1, &s->giant_field)) {
        return fail(s, HARSAN_E_NOMEM, "out of memory") == HSN_OK;
    }
    hsn_segment_begin(&s->segment, s->in, hsn_str_cut(hsn_buf_str(&s->raw), 1, s->raw.n), &site,
                      s->window);
    s->giant = true;
    s->giant_from = s->giant_at = quote + 1;
    return true;
}

static void tell_giant_gap(hsn_stream *s, const hsn_slice *at, const char *place)
{
    if (at->gap != NULL) {
        hsn_emit_gap(s->emit, (harsan_gap){.place = place,
                                           .why = at->gap,
                                           .replaced = at->replaced,
                                           .offset = s->base + at->end - at->gap_len,
                                           .len = at->gap_len});
    }
}

/* One segment; *more comes back false when there is nothing left to do with these bytes. */
static bool step_giant(hsn_stream *s, hsn_str text, bool last, hsn_slice *at, bool *more)
{
    hsn_result r = {.field = &s->giant_field};
    char place[HSN_POINTER_MAX];
    hsn_inspector_next(s->in);
    hsn_segment_next(&s->segment, s->in, text, last, at, &r.edits);
    *more = at->end > at->begin || at->gap != NULL;
    if (!*more) {
        return true;
    }
    s->giant_field.off = at->begin;
    s->giant_field.len = at->end - at->begin;
    hsn_places_pointer(s->places, &s->giant_field, place, sizeof place);
    r.place = place;
    size_t written = at->begin;
    hold(s);
    if (!hsn_flight_effect(s->flight, &r, &written) ||
        !hsn_emit_put(s->emit, s->raw.p + written, at->end - written)) {
        return false;
    }
    tell_giant_gap(s, at, place);
    at->begin = at->end;
    return true;
}

/* Deals with what has been read of the giant, up to `upto`, and keeps what is needed of it. */
static bool run_giant(hsn_stream *s, uint64_t upto, bool last)
{
    hsn_str text = hsn_str_cut(hsn_buf_str(&s->raw), 0, (size_t)(upto - s->base));
    hsn_slice at = {.from = (size_t)(s->giant_from - s->base),
                    .begin = (size_t)(s->giant_at - s->base)};
    for (bool more = true; more;) {
        if (!step_giant(s, text, last, &at, &more)) {
            return false;
        }
    }
    s->giant_from = s->base + at.from;
    s->giant_at = s->base + at.end;
    if (!last) {
        if (s->emit->counted < s->giant_from) { /* a finding behind it may have been told */
            count_lines(s, s->giant_from);
        }
        memmove(s->raw.p, s->raw.p + at.from, s->raw.n - at.from);
        s->raw.n -= at.from;
        s->base += at.from;
    }
    return true;
}

/* ---------------------------------------------------------------- the run of a piece */

/* The giant's end: what is left of it in the batch is its last segment. */
static bool end_giant(hsn_stream *s, const hsn_json_event *ev)
{
    hsn_json_event gone = {.kind = HSN_JSON_LITERAL};
    if (ev->kind == HSN_JSON_KEY) {
        hsn_fail(s->err, HARSAN_E_LIMIT, s->base, "a key is longer than the window");
        return false;
    }
    /* its offset lies before the batch, in modular arithmetic: the sum is right */
    s->dropped = ev->off + ev->len; /* the closing quote stays */
    s->giant = false;
    return run_giant(s, s->base + s->dropped, true) &&
           hsn_places_event(s->places, hsn_buf_str(&s->raw), &gone);
}

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    hsn_stream *s = ctx;
    if (s->giant) {
        return end_giant(s, ev);
    }
    return hsn_places_event(s->places, hsn_buf_str(&s->raw), ev);
}

static hsn_step run(hsn_stream *s, bool last)
{
    hsn_str text = hsn_buf_str(&s->raw);
    harsan_error found = {0};
    unsigned long refused = hsn_mem_refused();
    hsn_step step = last ? hsn_json_finish(s->json, text, s->base, on_event, s, &found)
                         : hsn_json_run(s->json, text, s->base, on_event, s, &found);
    if (step == HSN_FAIL) {
        return fail_at(s, &found);
    }
    /* the places had no memory: nothing further was looked at, or a name was lost */
    if (hsn_json_stopped(s->json) || hsn_mem_refused() != refused) {
        return fail(s, HARSAN_E_NOMEM, "out of memory");
    }
    return HSN_MORE;
}

/* The tokenizer has read everything in the batch: is it time to hand something on? */
static bool settle(hsn_stream *s)
{
    uint64_t need = hsn_json_need(s->json);
    if (s->giant) {
        return run_giant(s, s->base + s->raw.n, false);
    }
    if (s->raw.n < HSN_BATCH) {
        return true;
    }
    const bool record = hsn_places_in_record(s->places);
    const size_t most = hsn_batch_most(s->opt);
    const size_t inside =
        hsn_json_in_string(s->json) ? (size_t)(s->base + s->raw.n - need) : 0;
    /* the name that a record has given goes with what is handed on: of its value it has to be known
     * before, so a little more of that is read if need be */
    if (inside >= s->window || (record && s->raw.n >= most && inside >= HSN_PIECE)) {
        return begin_giant(s, need) && run_giant(s, s->base + s->raw.n, false);
    }
    bool wait = record && s->raw.n < most + (inside > 0 ? HSN_PIECE : 0);
    if (need > s->base && !wait && !flush(s, need)) {
        return false;
    }
    return true;
}

static hsn_step advance(hsn_stream *s)
{
    if (run(s, false) == HSN_FAIL) {
        return HSN_FAIL;
    }
    return settle(s) ? HSN_MORE : HSN_FAIL;
}

/* A byte order mark is passed on and not part of the JSON text (RFC 8259 section 8.1). */
static bool skip_bom(hsn_stream *s)
{
    s->begun = true;
    if (s->raw.n >= 3 && memcmp(s->raw.p, "\xef\xbb\xbf", 3) == 0) {
        if (!put(s, s->raw.p, 3)) {
            return false;
        }
        hsn_json_start_at(s->json, 3);
        memmove(s->raw.p, s->raw.p + 3, s->raw.n - 3);
        s->raw.n -= 3;
        s->base = s->emit->counted = 3;
    }
    return true;
}

/* Where the tokenizer runs next depends on nothing but the input. */
static void set_stop(hsn_stream *s)
{
    bool seek = s->raw.n >= HSN_BATCH && !s->giant;
    size_t step = seek ? SEEK : HSN_PIECE;
    uint64_t have = s->base + s->raw.n;
    s->stop = have + step - have % step;
}

static bool take(hsn_stream *s, hsn_str data)
{
    if (s->raw.cap == 0) {
        size_t usual = HSN_BATCH + HSN_PIECE; /* enough for most batches */
        hsn_buf_reserve(&s->raw, usual < s->raw.max ? usual : s->raw.max);
    }
    hsn_buf_add_str(&s->raw, data);
    return !hsn_buf_failed(&s->raw);
}

hsn_step hsn_stream_feed(hsn_stream *s, hsn_str data, harsan_error *err)
{
    s->err = s->emit->err = err;
    s->bytes_in += data.n;
    while (data.n > 0) {
        size_t room = (size_t)(s->stop - s->base) - s->raw.n;
        size_t n = data.n < room ? data.n : room;
        if (!take(s, hsn_str_cut(data, 0, n))) {
            return fail(s, HARSAN_E_NOMEM, "out of memory");
        }
        data = hsn_str_cut(data, n, data.n);
        if (n < room) {
            break;
        }
        if ((!s->begun && !skip_bom(s)) || advance(s) == HSN_FAIL) {
            return HSN_FAIL;
        }
        set_stop(s);
    }
    return HSN_MORE;
}

hsn_step hsn_stream_finish(hsn_stream *s, harsan_error *err)
{
    s->err = s->emit->err = err;
    s->last = true;
    if (!s->begun && !skip_bom(s)) {
        return HSN_FAIL;
    }
    if (run(s, true) == HSN_FAIL || !flush(s, s->base + s->raw.n) ||
        !hsn_flight_land(s->flight)) {
        return HSN_FAIL;
    }
    return hsn_flight_end(s->flight) ? HSN_OK : HSN_FAIL;
}
