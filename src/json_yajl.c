/*
 * The grammar of a JSON text, judged by yajl.
 *
 * Receives the skeleton: the text without white space, with "" in each string's place and 0 in that
 * of each shape that yajl has accepted before, whole tokens only. Emits the events, which the
 * tokenizer put beside the skeleton. Turns
 * yajl's refusals into messages of our own with the offset in the text. yajl checks none of its
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
    hsn_span *span = &k->spans[k->taken++];
    span->event.kind = kind;
    k->stopped = !k->sink(k->ctx, &span->event);
    return !k->stopped;
}

/* What yajl has accepted earlier. */
static int emit_group(hsn_skel *k)
{
    const hsn_span *span = &k->spans[k->taken];
    const hsn_span *end = span + span->group;
    while (span < end && k->sink(k->ctx, &span->event)) {
        span++;
    }
    k->stopped = span < end;
    k->taken = (size_t)(span - k->spans);
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
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
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
        const hsn_span *span = &k->spans[i];
        size_t quote = k->bytes[span->at] == '"';
        skel = (size_t)span->at + span->fed;
        if (at < skel) {
            return span->event.off - quote;
        }
        if (span->group > 0) {
            i += span->group - 1u;
            span = &k->spans[i];
        }
        from = span->event.off + span->event.len + quote;
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
        return hsn_fail(err, HARSAN_E_SYNTAX, base + k->spans[k->taken].event.off, "%s", MSG_WORD);
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
}

static void empty(hsn_skel *k)
{
    k->n = 0;
    k->n_spans = 0;
    k->taken = 0;
    k->n_open = 0;
    k->n_fresh = 0;
    k->n_small = 0;
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

static void remember_records(hsn_skel *k, hsn_str text)
{
    for (size_t i = 0; i < k->n_small; i++) {
        const hsn_span *first = &k->spans[k->small[i]];
        const hsn_span *last = first;
        while (last->event.kind != HSN_JSON_CLOSE_OBJECT) {
            last++;
        }
        size_t off = first->event.off;
        if (text.n - off < HSN_RECORD_HEAD) {
            return;
        }
        hsn_record *r =
            hsn_records_add(k->records, hsn_str_of(text.p + off, last->event.off + 1 - off));
        for (; r != NULL && first <= last; first++) {
            hsn_json_event *e = &r->events[r->n_events++];
            *e = first->event;
            e->off -= off;
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
    remember_records(k, text);
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

/*
 * A word longer than any sensible number goes in with each run of digits cut to its first sixteen:
 * what yajl says does not depend on further digits. What is then still too long for a number's
 * sign, point, exponent and three runs of digits is none, and its beginning is enough to see that.
 */
static size_t squeeze(unsigned char *to, hsn_str word)
{
    size_t n = 0;
    size_t digits = 0;
    for (size_t i = 0; i < word.n && n < HSN_SKEL_WORD; i++) {
        digits = hsn_is_digit(word.p[i]) ? digits + 1 : 0;
        if (digits <= 16) {
            to[n++] = word.p[i];
        }
    }
    return n;
}

/* One value for all spans from `first` on, which yajl knows. */
static void fold(hsn_skel *k, size_t first, size_t at)
{
    hsn_span *last = &k->spans[k->n_spans - 1];
    k->spans[first].group = (uint16_t)(k->n_spans - first);
    last->at = (uint16_t)at;
    last->fed = 1;
    memcpy(k->bytes + at, "0 ", 2);
    k->n = at + 2;
}

void hsn_skel_word(hsn_skel *k, hsn_str word, size_t off)
{
    unsigned char *to = k->bytes + k->n;
    hsn_json_kind kind;
    if (hsn_shapes_has_word(&k->shapes, hsn_spelling_of(word), &kind)) {
        hsn_skel_span(k, kind, false, off, word.n, 1);
        fold(k, k->n_spans - 1, k->n);
        return;
    }
    size_t fed = word.n;
    if (word.n <= HSN_SKEL_WORD) {
        memcpy(to, word.p, word.n);
    } else {
        fed = squeeze(to, word);
    }
    hsn_skel_span(k, HSN_JSON_NUMBER, false, off, word.n, fed);
    to[fed] = ' '; /* ends a number within this feed, and keeps two words apart */
    k->n += fed + 1;
    k->judged = k->n;
}

void hsn_skel_open(hsn_skel *k, unsigned char c, size_t off)
{
    if (k->n_open < HSN_SKEL_OPEN) {
        k->open[k->n_open] = (hsn_stretch){(uint16_t)k->n, 0, (uint16_t)k->n_spans, false};
    }
    hsn_skel_nest(k);
    k->n_open++;
    hsn_json_kind kind = c == '{' ? HSN_JSON_OPEN_OBJECT : HSN_JSON_OPEN_ARRAY;
    hsn_skel_span(k, kind, false, off, 1, 1);
    k->bytes[k->n++] = c;
}

/* An object of known shape: may it be a record? */
static void note_small(hsn_skel *k, const hsn_stretch *open)
{
    size_t n_events = k->n_spans - open->span;
    const hsn_json_event *first = &k->spans[open->span].event;
    const hsn_json_event *last = &k->spans[k->n_spans - 1].event;
    size_t n = last->off + last->len - first->off;
    if (!open->nested && first->kind == HSN_JSON_OPEN_OBJECT && n_events <= HSN_RECORD_EVENTS &&
        n <= HSN_RECORD_MAX && n >= HSN_RECORD_MIN && k->n_small < HSN_SKEL_SMALL) {
        k->small[k->n_small++] = open->span;
    }
}

void hsn_skel_close(hsn_skel *k, unsigned char c, size_t off)
{
    hsn_json_kind kind = c == '}' ? HSN_JSON_CLOSE_OBJECT : HSN_JSON_CLOSE_ARRAY;
    hsn_skel_span(k, kind, false, off, 1, 1);
    k->bytes[k->n++] = c;
    if (k->n_open == 0 || --k->n_open >= HSN_SKEL_OPEN) {
        return;
    }
    hsn_stretch *open = &k->open[k->n_open];
    if (open->from < k->judged) {
        return; /* it holds what is not known: when it comes again it will look otherwise */
    }
    if (hsn_shapes_has(&k->shapes, hsn_str_of(k->bytes + open->from, k->n - open->from))) {
        fold(k, open->span, open->from);
        if (k->records != NULL) {
            note_small(k, open);
        }
        return;
    }
    k->judged = k->n;
    if (k->n_fresh < HSN_SKEL_FRESH) {
        open->to = (uint16_t)k->n;
        k->fresh[k->n_fresh++] = *open;
    }
}
