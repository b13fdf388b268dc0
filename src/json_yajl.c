/*
 * The grammar of a JSON text, judged by yajl.
 *
 * Receives the skeleton (json_skel.c). Emits the events that stand beside it, and turns yajl's
 * refusals into messages of our own with the offset in the text. yajl checks none of its
 * allocations, so it must never be refused one: it lives in a pool that is large enough for
 * everything it can ask for under the depth limit. Its verbose errors, which quote the input, are
 * never asked for.
 */
#include "json_yajl.h"

#include <assert.h>

enum {
    /* yajl's stack of states grows by this much, one byte per open bracket. */
    STACK_STEP = 128,
    /* The bottom state, and the one that a bracket pushes before it is closed. */
    STACK_EXTRA = 2,
    /*
     * Handle, lexer, two buffer heads (under 400 bytes), the lexer's buffer (2,048 bytes; it only
     * ever holds the first token of a feed, at most HSN_SKEL_WORD bytes, so it does not grow) and
     * one error message (under 100 bytes), with as much again to spare for other builds of yajl.
     */
    POOL_FIXED = 6 * 1024
};

/* ---------------------------------------------------------------- yajl's memory */

/* In front of each block, so that a block knows what it can grow to. */
typedef struct block {
    alignas(max_align_t) size_t room;
} block;

static void *pool_take(hsn_pool *pool, size_t n)
{
    size_t left = pool->size - pool->used;
    size_t room = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    bool fits = room >= n && left >= sizeof(block) && left - sizeof(block) >= room;
    assert(fits);
    if (!fits) {
        return NULL;
    }
    block *b = (block *)(void *)(pool->p + pool->used);
    b->room = room;
    pool->used += sizeof(block) + room;
    return b + 1;
}

static void *yajl_new(void *ctx, size_t n)
{
    return pool_take(ctx, n);
}

/* Only the stack of states begins its life in a realloc: it gets its final size at once and grows
 * in place, so that deep nesting copies nothing and leaves no dead blocks behind. */
static void *yajl_grow(void *ctx, void *p, size_t n)
{
    hsn_pool *pool = ctx;
    if (p == NULL) {
        return pool_take(pool, n > pool->stack_max ? n : pool->stack_max);
    }
    const block *old = (const block *)p - 1;
    if (n <= old->room) {
        return p;
    }
    void *grown = pool_take(pool, n);
    if (grown != NULL) {
        memcpy(grown, p, old->room);
    }
    return grown;
}

/* Blocks go back with the whole pool, at the next reset. */
static void yajl_drop(void *ctx, void *p)
{
    (void)ctx;
    (void)p;
}

static size_t stack_size(unsigned max_depth)
{
    return ((size_t)max_depth + STACK_EXTRA + STACK_STEP) / STACK_STEP * STACK_STEP;
}

size_t hsn_skel_pool_size(unsigned max_depth)
{
    return stack_size(max_depth) + POOL_FIXED;
}

/* ---------------------------------------------------------------- callbacks */

/* yajl's callbacks return 0 to cancel. */
static int emit(hsn_skel *k, hsn_json_kind kind)
{
    hsn_json_event *event = &k->events[k->taken++];
    event->kind = kind;
    k->stopped = !k->sink(k->ctx, event);
    return !k->stopped;
}

/* Spans that one event takes: a record of some form has its values behind it. */
static size_t spans_of(const hsn_json_event *ev)
{
    return ev->kind == HSN_JSON_RECORD && !ev->record->whole ? ev->record->n_events / 2u : 1;
}

/* What yajl has accepted earlier. */
static int emit_group(hsn_skel *k)
{
    const hsn_json_event *event = &k->events[k->taken];
    const hsn_json_event *end = event + k->spans[k->taken].group;
    while (event < end && k->sink(k->ctx, event)) {
        event += spans_of(event);
    }
    k->stopped = event < end;
    k->taken = (size_t)(event - k->events);
    return !k->stopped;
}

/* A word that yajl has taken only the front of is one mistake, not two values: `1true`. */
static int emit_word(hsn_skel *k, hsn_json_kind kind, size_t len)
{
    const hsn_span *span = &k->spans[k->taken];
    k->torn = span->fed != len;
    if (k->torn) {
        return 0;
    }
    hsn_spelling word = hsn_spelling_of(hsn_str_of(k->bytes + span->at, len));
    if (word != 0) {
        hsn_shapes_add_word(&k->shapes, word, kind);
    }
    return emit(k, kind);
}

static int on_null(void *ctx)
{
    return emit_word(ctx, HSN_JSON_LITERAL, sizeof "null" - 1);
}

static int on_boolean(void *ctx, int value)
{
    return emit_word(ctx, HSN_JSON_LITERAL, value ? sizeof "true" - 1 : sizeof "false" - 1);
}

static int on_number(void *ctx, const char *p, size_t len)
{
    hsn_skel *k = ctx;
    (void)p;
    return k->spans[k->taken].group > 0 ? emit_group(k) : emit_word(k, HSN_JSON_NUMBER, len);
}

static int on_string(void *ctx, const unsigned char *p, size_t len)
{
    (void)p;
    (void)len;
    return emit(ctx, HSN_JSON_STRING);
}

static int on_key(void *ctx, const unsigned char *p, size_t len)
{
    (void)p;
    (void)len;
    return emit(ctx, HSN_JSON_KEY);
}

static int on_open_object(void *ctx)
{
    return emit(ctx, HSN_JSON_OPEN_OBJECT);
}

static int on_close_object(void *ctx)
{
    return emit(ctx, HSN_JSON_CLOSE_OBJECT);
}

static int on_open_array(void *ctx)
{
    return emit(ctx, HSN_JSON_OPEN_ARRAY);
}

static int on_close_array(void *ctx)
{
    return emit(ctx, HSN_JSON_CLOSE_ARRAY);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number, /* so yajl converts no number and knows no range */
    .yajl_string = on_string,
    .yajl_start_map = on_open_object,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close_object,
    .yajl_start_array = on_open_array,
    .yajl_end_array = on_close_array,
};

/* ---------------------------------------------------------------- refusals */

#define MSG_WORD "neither a number nor true, false or null"

/* yajl's message, by its beginning, and what we say instead. */
static const struct refusal {
    const char *theirs;
    const char *ours;
    /* The token at fault is the first after the last event. In the other cases it is the one that
     * yajl has just consumed. (In one of these yajl sets its offset back, in the others not.) */
    bool after_event;
} refusals[] = {
    {"lexical error", MSG_WORD, false},
    {"parse error: unallowed token", "a value must stand here", false},
    {"parse error: invalid object key", "a key must be a string", false},
    {"parse error: object key and value", "a colon must follow a key", true},
    {"parse error: after key and value", "a comma or } must follow a key's value", true},
    {"parse error: after array element", "a comma or ] must follow an element", true},
    {"parse error: trailing garbage", "nothing may follow the complete value", true},
};

static const struct refusal unknown_refusal = {"", "the text breaks the grammar of JSON", false};

static const struct refusal *find_refusal(hsn_skel *k)
{
    const struct refusal *found = &unknown_refusal;
    unsigned char *theirs = yajl_get_error(k->yajl, 0, NULL, 0);
    hsn_str text = hsn_str_z(theirs != NULL ? (const char *)theirs : "");
    for (size_t i = 0; i < HSN_COUNT(refusals); i++) {
        if (hsn_str_starts(text, hsn_str_z(refusals[i].theirs))) {
            found = &refusals[i];
            break;
        }
    }
    yajl_free_error(k->yajl, theirs);
    return found;
}

/* Where the refused token stands in the skeleton. */
static size_t refused_at(const hsn_skel *k, const struct refusal *why)
{
    if (why->after_event) {
        const hsn_span *last = k->taken > 0 ? &k->spans[k->taken - 1] : NULL;
        size_t at = last != NULL ? (size_t)last->at + last->fed : 0;
        return k->bytes[at] == ' ' ? at + 1 : at;
    }
    size_t used = yajl_get_bytes_consumed(k->yajl);
    return used > 0 ? used - 1 : 0;
}

/*
 * From skeleton to text: the start of the token that covers skeleton byte `at`. A comma or colon
 * has no span; it is found by walking the text from the span before it. Only errors pay for that.
 */
static size_t text_offset(const hsn_skel *k, size_t at, hsn_str text)
{
    size_t from = k->text_from;
    size_t skel = 0;
    for (size_t i = 0; i < k->n_spans && k->spans[i].at <= at; i++) {
        const hsn_json_event *event = &k->events[i];
        size_t quote = k->bytes[k->spans[i].at] == '"';
        skel = (size_t)k->spans[i].at + k->spans[i].fed;
        if (at < skel) {
            return event->off - quote;
        }
        from = event->off + event->len + quote;
        if (k->spans[i].group > 1 && event->kind != HSN_JSON_RECORD) {
            event += k->spans[i].group - 1u;
            from = event->off + event->len; /* a bracket */
        }
        i += k->spans[i].group > 1 ? k->spans[i].group - 1u : 0;
    }
    size_t marks = 0;
    for (; skel <= at; skel++) {
        marks += k->bytes[skel] != ' ';
    }
    for (; from < text.n; from++) {
        if (!hsn_is_space(text.p[from]) && marks-- <= 1) {
            break;
        }
    }
    return from;
}

static hsn_step refuse(hsn_skel *k, hsn_str text, uint64_t base, harsan_error *err)
{
    if (k->torn) {
        return hsn_fail(err, HARSAN_E_SYNTAX, base + k->events[k->taken].off, "%s", MSG_WORD);
    }
    const struct refusal *why = find_refusal(k);
    size_t off = text_offset(k, refused_at(k, why), text);
    return hsn_fail(err, HARSAN_E_SYNTAX, base + off, "%s", why->ours);
}

/* ---------------------------------------------------------------- for the tokenizer */

void hsn_skel_init(hsn_skel *k, unsigned char *pool, unsigned max_depth)
{
    k->pool = (hsn_pool){pool, hsn_skel_pool_size(max_depth), 0, stack_size(max_depth)};
    hsn_shapes_init(&k->shapes);
    k->records = NULL;
    k->forms = NULL;
}

static void empty(hsn_skel *k)
{
    k->n = 0;
    k->n_spans = 0;
    k->taken = 0;
    k->n_open = 0;
    k->n_fresh = 0;
    k->n_small = 0;
    k->n_chains = 0;
    k->judged = 0;
}

/* yajl has accepted all there is: what is new in it will be known when it comes again. */
static void remember_shapes(hsn_skel *k)
{
    for (size_t i = 0; i < k->n_fresh; i++) {
        const hsn_stretch *f = &k->fresh[i];
        hsn_shapes_add(&k->shapes, hsn_str_of(k->bytes + f->from, (size_t)(f->to - f->from)));
    }
}

static void add_event(hsn_whole *to, hsn_json_event ev, size_t from)
{
    ev.off -= from;
    to->events[to->head.n_events++] = ev;
}

static void copy_events(hsn_whole *to, const hsn_json_event *record, size_t from)
{
    hsn_json_event ev;
    for (size_t i = 0; hsn_record_event(record, i, &ev); i++) {
        add_event(to, ev, from);
    }
}

static void remember_whole(hsn_skel *k, hsn_str text, const hsn_json_event *open, size_t n_events)
{
    const bool formed = open->kind == HSN_JSON_RECORD;
    const size_t end = formed ? open->off + open->len : open[n_events - 1].off + 1;
    const size_t n = end - open->off;
    if (n < HSN_RECORD_MIN || n > HSN_RECORD_MAX || n_events > HSN_RECORD_EVENTS ||
        text.n - open->off < HSN_RECORD_HEAD) {
        return;
    }
    hsn_whole *w = hsn_records_add(k->records, hsn_str_of(text.p + open->off, n));
    if (w == NULL) {
        return;
    }
    if (formed) {
        copy_events(w, open, open->off);
        return;
    }
    for (size_t i = 0; i < n_events; i++) {
        add_event(w, open[i], open->off);
    }
}

/* The records from this one on, as many as a series may have of those that are left. Returns how
 * many it took. */
static size_t remember_series(hsn_skel *k, hsn_str text, const hsn_json_event *first, size_t left)
{
    size_t n = 0;
    size_t events = 0;
    size_t end = first->off;
    for (; n < left && n < HSN_SERIES_OBJECTS; n++) {
        const hsn_json_event *next = first + n;
        events += next->record->n_events;
        if (events > HSN_SERIES_EVENTS || next->off + next->len - first->off > HSN_SERIES_MAX) {
            break;
        }
        end = next->off + next->len;
    }
    hsn_whole *w = NULL;
    if (n > 1 && end - first->off >= HSN_RECORD_HEAD) {
        w = hsn_series_add(k->records, hsn_str_cut(text, first->off, end), (unsigned)n);
    }
    for (size_t i = 0; w != NULL && i < n; i++) {
        copy_events(w, first + i, first->off);
    }
    return n > 0 ? n : 1;
}

static void remember_chains(hsn_skel *k, hsn_str text)
{
    for (size_t i = 0; i < k->n_chains; i++) {
        const hsn_chain *c = &k->chains[i];
        for (size_t done = 0; done < c->n;) {
            done += remember_series(k, text, &k->events[c->first + done], c->n - done);
        }
    }
}

/* Events of the object that begins with this one. */
static size_t n_events_of(const hsn_json_event *open)
{
    size_t n = 1;
    if (open->kind == HSN_JSON_RECORD) {
        return open->record->n_events;
    }
    while (open[n - 1].kind != HSN_JSON_CLOSE_OBJECT) {
        n++;
    }
    return n;
}

/* Objects without brackets in them that yajl has accepted: those that are very small byte for byte,
 * then, as that may drive out a form that one of these has, their forms. */
static void remember_small(hsn_skel *k, hsn_str text)
{
    for (size_t i = 0; i < k->n_small; i++) {
        const hsn_json_event *open = &k->events[k->small[i]];
        remember_whole(k, text, open, n_events_of(open));
    }
    for (size_t i = 0; i < k->n_small; i++) {
        const hsn_json_event *open = &k->events[k->small[i]];
        if (open->kind == HSN_JSON_OPEN_OBJECT) {
            hsn_forms_add(k->forms, text, open, n_events_of(open));
        }
    }
}

void hsn_skel_reset(hsn_skel *k)
{
    yajl_alloc_funcs memory = {yajl_new, yajl_grow, yajl_drop, &k->pool};
    k->pool.used = 0;
    k->yajl = yajl_alloc(&callbacks, &memory, k);
    yajl_config(k->yajl, yajl_dont_validate_strings, 1);
    empty(k);
    k->text_from = 0;
    k->stopped = false;
    k->torn = false;
}

hsn_step hsn_skel_flush(hsn_skel *k, hsn_str text, uint64_t base, harsan_error *err)
{
    if (k->n == 0) {
        return HSN_MORE;
    }
    yajl_status status = yajl_parse(k->yajl, k->bytes, k->n);
    if (status != yajl_status_ok) {
        return k->stopped ? HSN_OK : refuse(k, text, base, err);
    }
    remember_shapes(k);
    remember_chains(k, text); /* their records, before others take their place */
    remember_small(k, text);
    empty(k);
    return HSN_MORE;
}

hsn_step hsn_skel_finish(hsn_skel *k, uint64_t end, harsan_error *err)
{
    if (yajl_complete_parse(k->yajl) != yajl_status_ok) {
        return hsn_fail(err, HARSAN_E_SYNTAX, end, "the text ends before its value is complete");
    }
    return HSN_OK;
}
