/*
 * The stream: cuts the input into batches, through tokenizer and places, and sends them on.
 */
#include "stream.h"

#include "flight.h"

enum {
    PIECE = 64 * 1024,  /* the tokenizer runs, and cuts are made, at multiples of this */
    BATCH = 256 * 1024, /* a cut is looked for from here on */
    SEEK = 512,         /* ... at multiples of this: often all but a gap between records is one */
    DEPTH = 1000
};

/* A string too long for the window, part of which is gone already. */
typedef enum giant {
    GIANT_NONE,
    GIANT_PASS, /* media: passed on */
    GIANT_DROP  /* replaced: what follows is dropped */
} giant;

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
    giant giant;
    size_t dropped; /* bytes that the batch begins with: the end of a giant that was replaced */
    uint64_t stop;  /* the tokenizer runs when so much was read */
    bool begun;     /* behind the BOM, if there is one */
    bool last;      /* the end of the input is in the batch */
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
    s->stop = PIECE;
    s->json = hsn_json_new(depth);
    s->places = hsn_places_new(in->names, depth);
    s->flight = hsn_flight_new(in, opt);
    hsn_buf_init(&s->raw, s->window + 2 * PIECE);
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
    hsn_buf text = s->raw;
    s->raw = b->raw;
    hsn_buf_reset(&s->raw);
    hsn_buf_add_str(&s->raw, hsn_str_cut(hsn_buf_str(&text), end, text.n));
    b->raw = text;
    b->raw.n = end;
    b->base = s->base;
    b->dropped = s->dropped;
    s->base = cut;
    s->dropped = 0;
    hsn_places_take(s->places, &b->taken);
    if (hsn_buf_failed(&s->raw)) {
        return fail(s, HARSAN_E_NOMEM, "out of memory") == HSN_OK;
    }
    return hsn_flight_send(s->flight, b, s->last);
}

/* ---------------------------------------------------------------- giant strings */

/*
 * The batch holds nothing but the beginning of one string that is longer than the window. What it
 * is shows in its first bytes: media goes on as it is, anything else is replaced.
 */
static bool begin_giant(hsn_stream *s)
{
    static const char stand_in[] = "\"redacted-unreadable";
    hsn_str head = hsn_str_cut(hsn_buf_str(&s->raw), 1, s->raw.n);
    bool media = hsn_is_media_base64(head);
    s->giant = media ? GIANT_PASS : GIANT_DROP;
    if (s->opt->on_gap != NULL) {
        char place[HSN_POINTER_MAX];
        hsn_places_pointer(s->places, NULL, place, sizeof place);
        harsan_gap gap = {.place = place,
                          .why = media ? "media" : "limit:window",
                          .replaced = !media,
                          .offset = s->base,
                          .len = s->raw.n};
        s->opt->on_gap(s->opt->event_ctx, &gap);
    }
    return media || put(s, stand_in, sizeof stand_in - 1);
}

/* Passes or drops what has been read of the giant string. */
static bool skip_giant(hsn_stream *s, uint64_t upto)
{
    size_t n = (size_t)(upto - s->base);
    if (s->giant == GIANT_PASS && !put(s, s->raw.p, n)) {
        return false;
    }
    count_lines(s, upto);
    memmove(s->raw.p, s->raw.p + n, s->raw.n - n);
    s->raw.n -= n;
    s->base = upto;
    return true;
}

/* ---------------------------------------------------------------- the run of a piece */

/* The giant's end: what is left of it in the batch goes the way of the rest. */
static bool end_giant(hsn_stream *s, const hsn_json_event *ev)
{
    hsn_json_event gone = {.kind = HSN_JSON_LITERAL};
    if (ev->kind == HSN_JSON_KEY) {
        hsn_fail(s->err, HARSAN_E_LIMIT, s->base, "a key is longer than the window");
        return false;
    }
    /* its offset lies before the batch, in modular arithmetic: the sum is right */
    s->dropped = s->giant == GIANT_DROP ? ev->off + ev->len : 0; /* the closing quote stays */
    s->giant = GIANT_NONE;
    return hsn_places_event(s->places, hsn_buf_str(&s->raw), &gone);
}

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    hsn_stream *s = ctx;
    if (s->giant != GIANT_NONE) {
        return end_giant(s, ev);
    }
    return hsn_places_event(s->places, hsn_buf_str(&s->raw), ev);
}

static hsn_step run(hsn_stream *s, bool last)
{
    hsn_str text = hsn_buf_str(&s->raw);
    harsan_error found = {0};
    hsn_step step = last ? hsn_json_finish(s->json, text, s->base, on_event, s, &found)
                         : hsn_json_run(s->json, text, s->base, on_event, s, &found);
    if (step == HSN_FAIL) {
        return fail_at(s, &found);
    }
    if (hsn_json_stopped(s->json)) { /* the places had no memory: nothing further was looked at */
        return fail(s, HARSAN_E_NOMEM, "out of memory");
    }
    return HSN_MORE;
}

/* The tokenizer has read everything in the batch: is it time to hand something on? */
static bool settle(hsn_stream *s)
{
    uint64_t need = hsn_json_need(s->json);
    if (s->giant != GIANT_NONE) {
        return skip_giant(s, s->base + s->raw.n);
    }
    if (s->raw.n < BATCH) {
        return true;
    }
    bool wait = hsn_places_in_record(s->places) && s->raw.n < s->window;
    if (need > s->base && !wait && !flush(s, need)) {
        return false;
    }
    if (hsn_json_in_string(s->json) && s->raw.n >= s->window) {
        if ((s->base < need && !flush(s, need)) || !hsn_flight_land(s->flight)) {
            return false;
        }
        if (!begin_giant(s)) {
            return false;
        }
        return skip_giant(s, s->base + s->raw.n);
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
    size_t step = s->raw.n >= BATCH ? SEEK : PIECE;
    uint64_t have = s->base + s->raw.n;
    s->stop = have + step - have % step;
}

static bool take(hsn_stream *s, hsn_str data)
{
    const size_t most = BATCH + PIECE; /* batches are seldom larger */
    if (s->raw.cap == 0 && most <= s->raw.max) {
        (void)!hsn_buf_reserve(&s->raw, most);
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
    hsn_flight_end(s->flight);
    return HSN_OK;
}
