/*
 * Reads one text piece by piece and queues its tokens. See verify_side.h.
 */
#include "verify_side.h"

enum {
    PIECE = 64 << 10,
    WINDOW = 4 << 20, /* as documented for harsan_options.window */
    WINDOW_MIN = 2 * PIECE,
    DEPTH = 1000 /* likewise for max_depth */
};

bool hsn_side_init(hsn_side *s, const harsan_source *source, const harsan_options *opt)
{
    size_t window = opt->window != 0 ? opt->window : WINDOW;
    *s = (hsn_side){.source = source, .window = window > WINDOW_MIN ? window : WINDOW_MIN};
    s->json = hsn_json_new(opt->max_depth != 0 ? opt->max_depth : DEPTH);
    hsn_buf_init(&s->raw, s->window + 2 * PIECE);
    hsn_buf_init(&s->queue, 2 * PIECE * sizeof(hsn_token));
    return s->json != NULL;
}

void hsn_side_deinit(hsn_side *s)
{
    hsn_json_free(s->json);
    hsn_buf_wipe(&s->raw);
    hsn_buf_deinit(&s->queue);
}

const hsn_token *hsn_side_next(const hsn_side *s)
{
    size_t n = s->queue.n / sizeof(hsn_token);
    return s->taken < n ? (const hsn_token *)(const void *)s->queue.p + s->taken : NULL;
}

hsn_str hsn_side_text(const hsn_side *s, const hsn_token *t)
{
    size_t from = (size_t)(t->off - s->base);
    return hsn_str_cut(hsn_buf_str(&s->raw), from, from + (size_t)t->len);
}

uint64_t hsn_side_gap_end(const hsn_side *s)
{
    const hsn_token *t = hsn_side_next(s);
    if (t != NULL) {
        return t->giant ? s->pos : t->off;
    }
    if (s->ended || s->giant) {
        return s->ended ? s->base + s->raw.n : s->pos;
    }
    return hsn_json_need(s->json) + hsn_json_in_string(s->json);
}

hsn_str hsn_side_open(const hsn_side *s, bool *ended)
{
    const hsn_token *t = hsn_side_next(s);
    size_t from = (size_t)(s->pos - s->base);
    *ended = t != NULL;
    return hsn_str_cut(hsn_buf_str(&s->raw), from,
                       t != NULL ? (size_t)(t->off + t->len - s->base) : s->raw.n);
}

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    hsn_side *s = ctx;
    hsn_token t = {
        .kind = ev->kind, .escaped = ev->escaped, .off = s->base + ev->off, .len = ev->len};
    if (s->giant) {
        /* its offset lies before the text, in modular arithmetic: the sum is right */
        t.len = s->base + (ev->off + ev->len) - s->giant_at;
        t.off = s->giant_at;
        t.giant = true;
        s->giant = false;
    }
    hsn_buf_add(&s->queue, &t, sizeof t);
    return !hsn_buf_failed(&s->queue);
}

/* Bytes that are compared make room. */
static void make_room(hsn_side *s)
{
    size_t done = (size_t)(s->pos - s->base);
    memmove(s->raw.p, s->raw.p + done, s->raw.n - done);
    s->raw.n -= done;
    s->base = s->pos;
}

/* A piece more. *end: there was none. */
static hsn_step read_piece(hsn_side *s, bool *end, harsan_error *err)
{
    size_t got = 0;
    if (!hsn_buf_reserve(&s->raw, PIECE)) {
        return hsn_fail(err, HARSAN_E_LIMIT, s->base, "a token is too long");
    }
    while (got < PIECE) {
        ptrdiff_t n = s->source->read(s->source->ctx, s->raw.p + s->raw.n, PIECE - got);
        if (n < 0) {
            return hsn_fail(err, HARSAN_E_IO, s->base, "the text could not be read");
        }
        if (n == 0) {
            break;
        }
        got += (size_t)n;
        s->raw.n += (size_t)n;
    }
    *end = got < PIECE;
    return HSN_MORE;
}

/* A byte order mark is no part of the JSON text; it is compared like white space. */
static void skip_bom(hsn_side *s)
{
    if (!s->begun && s->raw.n >= 3 && memcmp(s->raw.p, "\xef\xbb\xbf", 3) == 0) {
        hsn_json_start_at(s->json, 3);
    }
    s->begun = true;
}

static hsn_step fill(hsn_side *s, harsan_error *err)
{
    bool end = false;
    hsn_buf_reset(&s->queue);
    s->taken = 0;
    if (s->raw.n > 0) {
        make_room(s);
    }
    if (read_piece(s, &end, err) == HSN_FAIL) {
        return HSN_FAIL;
    }
    skip_bom(s);
    hsn_str text = hsn_buf_str(&s->raw);
    hsn_step step = end ? hsn_json_finish(s->json, text, s->base, on_event, s, err)
                        : hsn_json_run(s->json, text, s->base, on_event, s, err);
    s->ended = end;
    if (hsn_buf_failed(&s->queue)) {
        return hsn_fail(err, HARSAN_E_NOMEM, s->base, "out of memory");
    }
    return step == HSN_FAIL ? HSN_FAIL : HSN_MORE;
}

hsn_step hsn_side_more(hsn_side *s, harsan_error *err)
{
    return fill(s, err);
}

hsn_step hsn_side_ready(hsn_side *s, harsan_error *err)
{
    while (hsn_side_next(s) == NULL && !s->ended && !s->giant && s->pos == hsn_side_gap_end(s)) {
        if (hsn_json_in_string(s->json) && s->base + s->raw.n - s->pos >= s->window) {
            s->giant = true;
            s->giant_at = s->pos;
            break;
        }
        if (fill(s, err) == HSN_FAIL) {
            return HSN_FAIL;
        }
    }
    return HSN_MORE;
}
