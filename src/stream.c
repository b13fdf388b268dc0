/*
 * The stream: batches of the input through tokenizer, places and inspection to the output.
 */
#include "stream.h"

#include "field.h"

enum {
    PIECE = 64 * 1024,  /* the tokenizer runs and cuts are made at multiples of this */
    BATCH = 256 * 1024, /* a cut is looked for from here on */
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
    hsn_json *json;
    hsn_places *places;
    size_t window;
    hsn_buf raw; /* the batch: from offset `base` on */
    uint64_t base;
    giant giant;
    size_t dropped; /* bytes that the batch begins with: the end of a giant that was replaced */
    bool again;     /* a value was learned that had been left standing */
    bool begun;     /* behind the BOM, if there is one */
    bool failed;
    uint64_t line;    /* of the byte at `counted` */
    uint64_t line_at; /* offset of the first byte of that line */
    uint64_t counted;
    harsan_facts facts;
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
    s->line = 1;
    s->window = hsn_window(opt);
    s->json = hsn_json_new(depth);
    s->places = hsn_places_new(in->names, depth);
    hsn_buf_init(&s->raw, s->window + 2 * PIECE);
    if (s->json == NULL || s->places == NULL) {
        hsn_stream_free(s);
        return NULL;
    }
    (void)!hsn_json_remember(s->json); /* without memory it is only slower */
    hsn_places_begin(s->places, NULL, false, HSN_IN_KEY);
    return s;
}

void hsn_stream_free(hsn_stream *s)
{
    if (s != NULL) {
        hsn_json_free(s->json);
        hsn_places_free(s->places);
        hsn_buf_wipe(&s->raw);
        hsn_mem_free(s);
    }
}

void hsn_stream_facts(const hsn_stream *s, harsan_facts *out)
{
    *out = s->facts;
    out->is_har = hsn_places_is_har(s->places);
    out->entries = hsn_places_entries(s->places);
}

bool hsn_stream_again(const hsn_stream *s)
{
    return s->again;
}

/* ---------------------------------------------------------------- lines */

/* Moves the line counter on to `offset`, which lies in the batch. */
static void count_lines(hsn_stream *s, uint64_t offset)
{
    const unsigned char *p = s->raw.p + (s->counted - s->base);
    size_t n = (size_t)(offset - s->counted);
    for (size_t i = 0; i < n;) {
        const unsigned char *eol = memchr(p + i, '\n', n - i);
        if (eol == NULL) {
            break;
        }
        i = (size_t)(eol - p) + 1;
        s->line++;
        s->line_at = s->counted + i;
    }
    s->counted = offset;
}

static hsn_step fail_at(hsn_stream *s, harsan_error *err)
{
    s->failed = true;
    if (err->line == 0 && err->offset >= s->counted && err->offset <= s->base + s->raw.n) {
        count_lines(s, err->offset);
        err->line = s->line;
        err->column = err->offset - s->line_at + 1;
        hsn_places_pointer(s->places, NULL, err->where, sizeof err->where);
    }
    return HSN_FAIL;
}

static hsn_step fail(hsn_stream *s, harsan_status code, const char *why)
{
    hsn_fail(s->err, code, s->base, "%s", why);
    return fail_at(s, s->err);
}

/* ---------------------------------------------------------------- output */

static bool put(hsn_stream *s, const void *p, size_t n)
{
    if (n > 0 && s->opt->write != NULL && s->opt->write(s->opt->write_ctx, p, n) != 0) {
        hsn_fail(s->err, HARSAN_E_IO, s->base, "the output could not be written");
        s->failed = true;
        return false;
    }
    s->facts.bytes_out += n;
    return true;
}

static void tell_finding(hsn_stream *s, const hsn_note *n, uint64_t offset, size_t len,
                         const char *place)
{
    s->facts.findings++;
    if (s->opt->on_finding == NULL) {
        return;
    }
    char stand_in[128];
    size_t shown = n->stand_in.n < sizeof stand_in - 1 ? n->stand_in.n : sizeof stand_in - 1;
    memcpy(stand_in, n->stand_in.p, shown);
    stand_in[shown] = '\0';
    harsan_finding f = {
        .rule = n->rule != NULL ? n->rule->id : n->source,
        .what = n->rule != NULL ? n->rule->what : "a value known from another place",
        .category = n->category,
        .place = place,
        .layers = n->layers,
        .stand_in = stand_in,
        .learned_from = n->learned_from,
        .offset = offset,
        .len = len,
        .line = s->line,
        .column = offset - s->line_at + 1,
        .value_id = n->value_id,
    };
    s->opt->on_finding(s->opt->event_ctx, &f);
}

enum { POINTER_MAX = 512 };

static void tell(hsn_stream *s, const hsn_field *f, const hsn_edits *edits)
{
    char place[POINTER_MAX];
    hsn_places_pointer(s->places, f, place, sizeof place);
    for (size_t i = 0; i < edits->n; i++) {
        uint64_t offset = s->base + edits->v[i].off;
        count_lines(s, offset);
        for (const hsn_note *n = edits->v[i].notes; n != NULL; n = n->next) {
            tell_finding(s, n, offset, edits->v[i].len, place);
        }
    }
    for (const hsn_blind *b = s->in->blind; b != NULL && s->opt->on_gap != NULL; b = b->next) {
        harsan_gap gap = {.place = place,
                          .why = b->why,
                          .replaced = b->replaced,
                          .offset = s->base + f->off,
                          .len = b->len};
        s->opt->on_gap(s->opt->event_ctx, &gap);
    }
}

/* Was the value left standing somewhere, before it was known to be one? Only if all its keys were.
 */
static bool stood_before(const hsn_stream *s, hsn_str v)
{
    if (s->in->seen == NULL) {
        return false;
    }
    for (size_t i = 0; i + HSN_KEY <= v.n; i++) {
        bool begins = hsn_is_alnum(v.p[i]) && (i == 0 || !hsn_is_alnum(v.p[i - 1]));
        if (begins && hsn_is_key(v.p + i, v.n - i) &&
            !hsn_seen_has(s->in->seen, v.p + i, v.n - i)) {
            return false;
        }
    }
    return true;
}

static void learn(hsn_stream *s, const hsn_field *f)
{
    char place[POINTER_MAX];
    hsn_places_pointer(s->places, f, place, sizeof place);
    for (const hsn_taught *t = s->in->taught; t != NULL; t = t->next) {
        size_t known = hsn_learned_count(s->in->teach);
        hsn_learned_add(s->in->teach, t->value, hsn_str_z(place), false);
        if (hsn_learned_count(s->in->teach) > known && stood_before(s, t->value)) {
            s->again = true;
            hsn_clean_forget(s->in->clean);
        }
    }
}

/* ---------------------------------------------------------------- inspection */

/* What could not be inspected leaves as nothing but this. */
static void replace_unreadable(hsn_stream *s, const hsn_field *f, hsn_edits *edits, hsn_edit *spare)
{
    static const char unreadable[] = "redacted-unreadable";
    *spare = (hsn_edit){.off = f->off, .len = f->len, .with = HSN_S(unreadable)};
    if (f->kind == HSN_JSON_NUMBER) {
        spare->with = HSN_S("0");
    }
    *edits = (hsn_edits){.v = spare, .n = 1};
    s->in->blind = NULL;
    if (s->opt->on_gap != NULL) {
        char place[POINTER_MAX];
        hsn_places_pointer(s->places, f, place, sizeof place);
        harsan_gap gap = {.place = place,
                          .why = "limit:memory",
                          .replaced = true,
                          .offset = s->base + f->off,
                          .len = f->len};
        s->opt->on_gap(s->opt->event_ctx, &gap);
    }
}

static bool inspect_field(hsn_stream *s, const hsn_field *f, size_t *written)
{
    hsn_edits edits = {0};
    hsn_edit spare;
    hsn_inspector_next(s->in);
    hsn_inspect_field(s->in, hsn_buf_str(&s->raw), f, &edits);
    hsn_edits_settle(&edits);
    if (s->in->failed) {
        replace_unreadable(s, f, &edits, &spare);
    }
    if (s->in->taught != NULL) {
        learn(s, f);
    }
    if (edits.n > 0 || s->in->blind != NULL) {
        tell(s, f, &edits);
    }
    for (size_t i = 0; i < edits.n; i++) {
        const hsn_edit *e = &edits.v[i];
        if (!put(s, s->raw.p + *written, e->off - *written) || !put(s, e->with.p, e->with.n)) {
            return false;
        }
        *written = e->off + e->len;
    }
    return true;
}

/* Inspects and writes the batch up to `cut`, keeps the rest. */
static bool flush(hsn_stream *s, uint64_t cut)
{
    size_t n;
    size_t written = s->dropped;
    size_t end = (size_t)(cut - s->base);
    const hsn_field *fields = hsn_places_fields(s->places, &n);
    for (size_t i = 0; i < n; i++) {
        if (!hsn_field_is_clean(s->in, hsn_buf_str(&s->raw), &fields[i]) &&
            !inspect_field(s, &fields[i], &written)) {
            return false;
        }
    }
    if (!put(s, s->raw.p + written, end - written)) {
        return false;
    }
    count_lines(s, cut);
    memmove(s->raw.p, s->raw.p + end, s->raw.n - end);
    s->raw.n -= end;
    s->base = cut;
    s->dropped = 0;
    hsn_places_clear(s->places);
    return true;
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
        char place[POINTER_MAX];
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
    hsn_step step = last ? hsn_json_finish(s->json, text, s->base, on_event, s, s->err)
                         : hsn_json_run(s->json, text, s->base, on_event, s, s->err);
    if (step == HSN_FAIL) {
        return fail_at(s, s->err);
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
        if (s->base < need && !flush(s, need)) {
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
        s->base = s->counted = 3;
    }
    return true;
}

hsn_step hsn_stream_feed(hsn_stream *s, hsn_str data, harsan_error *err)
{
    s->err = err;
    s->facts.bytes_in += data.n;
    while (data.n > 0) {
        uint64_t have = s->base + s->raw.n;
        size_t room = (size_t)(PIECE - have % PIECE);
        size_t n = data.n < room ? data.n : room;
        hsn_buf_add(&s->raw, data.p, n);
        if (hsn_buf_failed(&s->raw)) {
            return fail(s, HARSAN_E_NOMEM, "out of memory");
        }
        data = hsn_str_cut(data, n, data.n);
        if (n < room) {
            break;
        }
        if ((!s->begun && !skip_bom(s)) || advance(s) == HSN_FAIL) {
            return HSN_FAIL;
        }
    }
    return HSN_MORE;
}

hsn_step hsn_stream_finish(hsn_stream *s, harsan_error *err)
{
    s->err = err;
    if (!s->begun && !skip_bom(s)) {
        return HSN_FAIL;
    }
    if (run(s, true) == HSN_FAIL || !flush(s, s->base + s->raw.n)) {
        return HSN_FAIL;
    }
    return HSN_OK;
}
