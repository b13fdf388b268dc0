/*
 * Two texts in lockstep: the tokens of the input against those of the output, and the bytes between
 * them. Either side is read when it has nothing left to compare, so that little of either is held,
 * whatever its size. A string longer than the window is compared by its hash alone.
 */
#include "verify.h"

#include <sodium.h>

enum {
    PIECE = 64 << 10,
    WINDOW = 8 << 20, /* as documented for harsan_options.window */
    WINDOW_MIN = 2 * PIECE,
    DEPTH = 1000,
    POINTER_MAX = 512,
    NUMBER_MIN = 8 /* digits of a value that could stand in a number */
};

typedef struct token {
    hsn_json_kind kind;
    bool escaped;
    bool giant; /* longer than the window: its bytes are gone, side.sum is their hash */
    uint64_t off;
    uint64_t len;
} token;

/* One of the two texts. raw holds what is not compared yet, from offset `base` on. */
typedef struct side {
    const harsan_source *source;
    hsn_json *json;
    hsn_buf raw;
    hsn_buf queue; /* token[], those from `taken` on wait */
    size_t taken;
    size_t window;
    uint64_t base;
    uint64_t pos; /* compared up to here */
    bool begun;
    bool ended;
    bool giant; /* in a string part of which is gone; it began at `giant_at` */
    uint64_t giant_at;
    crypto_generichash_state hash;
    unsigned char sum[crypto_generichash_BYTES];
} side;

typedef struct pair {
    harsan_verify *v;
    side in;
    side out;
    hsn_places *places; /* of the input */
    bool gap_differs;   /* since the last token, first at: */
    uint64_t gap_in;
    uint64_t gap_out;
    size_t span; /* of the reported ones: the next */
    hsn_buf edits; /* hsn_edit[]: what may differ in the token in hand */
} pair;

/* ---------------------------------------------------------------- reading */

static bool side_init(side *s, const harsan_source *source, const harsan_options *opt)
{
    size_t window = opt->window != 0 ? opt->window : WINDOW;
    *s = (side){.source = source, .window = window > WINDOW_MIN ? window : WINDOW_MIN};
    s->json = hsn_json_new(opt->max_depth != 0 ? opt->max_depth : DEPTH);
    hsn_buf_init(&s->raw, s->window + 2 * PIECE);
    hsn_buf_init(&s->queue, 2 * PIECE * sizeof(token));
    return s->json != NULL;
}

static void side_deinit(side *s)
{
    hsn_json_free(s->json);
    hsn_buf_wipe(&s->raw);
    hsn_buf_deinit(&s->queue);
}

static const token *next_token(const side *s)
{
    size_t n = s->queue.n / sizeof(token);
    return s->taken < n ? (const token *)(const void *)s->queue.p + s->taken : NULL;
}

static hsn_str token_text(const side *s, const token *t)
{
    size_t from = (size_t)(t->off - s->base);
    return hsn_str_cut(hsn_buf_str(&s->raw), from, from + (size_t)t->len);
}

/* Up to where the bytes are known to belong to no token; a string's quotes do not belong to it. */
static uint64_t gap_end(const side *s)
{
    const token *t = next_token(s);
    if (t != NULL) {
        return t->giant ? s->pos : t->off;
    }
    if (s->ended || s->giant) {
        return s->ended ? s->base + s->raw.n : s->pos;
    }
    return hsn_json_need(s->json) + hsn_json_in_string(s->json);
}

/* The end of the giant, n bytes at the beginning of what is held. */
static void end_giant(side *s, token *t, size_t n)
{
    crypto_generichash_update(&s->hash, s->raw.p, n);
    crypto_generichash_final(&s->hash, s->sum, sizeof s->sum);
    t->len = s->base + n - s->giant_at;
    t->off = s->giant_at;
    t->giant = true;
    s->giant = false;
}

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    side *s = ctx;
    token t = {.kind = ev->kind, .escaped = ev->escaped, .off = s->base + ev->off, .len = ev->len};
    if (s->giant) {
        /* its offset lies before the text, in modular arithmetic: the sum is right */
        end_giant(s, &t, ev->off + ev->len);
    }
    hsn_buf_add(&s->queue, &t, sizeof t);
    return !hsn_buf_failed(&s->queue);
}

/* Bytes that are compared make room; so do those of a string that fills the window. */
static void make_room(side *s)
{
    size_t done = (size_t)(s->pos - s->base);
    if (hsn_json_in_string(s->json) && s->raw.n - done >= s->window) {
        if (!s->giant) {
            s->giant = true;
            s->giant_at = s->pos;
            crypto_generichash_init(&s->hash, NULL, 0, sizeof s->sum);
        }
        crypto_generichash_update(&s->hash, s->raw.p + done, s->raw.n - done);
        done = s->raw.n;
        s->pos = s->base + done;
    }
    memmove(s->raw.p, s->raw.p + done, s->raw.n - done);
    s->raw.n -= done;
    s->base = s->pos;
}

/* A piece more. *end: there was none. */
static hsn_step read_piece(side *s, bool *end, harsan_error *err)
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
static void skip_bom(side *s)
{
    if (!s->begun && s->raw.n >= 3 && memcmp(s->raw.p, "\xef\xbb\xbf", 3) == 0) {
        hsn_json_start_at(s->json, 3);
    }
    s->begun = true;
}

static hsn_step fill(side *s, harsan_error *err)
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

/* Reads until there is something to compare, or the end. */
static hsn_step get_ready(side *s, harsan_error *err)
{
    while (next_token(s) == NULL && !s->ended && s->pos == gap_end(s)) {
        if (fill(s, err) == HSN_FAIL) {
            return HSN_FAIL;
        }
    }
    return HSN_MORE;
}

/* ---------------------------------------------------------------- telling */

static void tell(pair *p, harsan_mismatch_kind kind, const char *place, uint64_t off_in,
                 uint64_t off_out)
{
    harsan_mismatch m = {.kind = kind, .place = place, .offset_in = off_in, .offset_out = off_out};
    hsn_verify_tell(p->v, &m);
}

/* The place of the token read last, or of what it stands in. */
static void tell_at(pair *p, harsan_mismatch_kind kind, const token *a, const token *b)
{
    char place[POINTER_MAX];
    size_t n;
    const hsn_field *f = hsn_places_fields(p->places, &n);
    bool known = n > 0 && !a->giant && f[n - 1].kind != HSN_JSON_KEY &&
                 p->in.base + f[n - 1].off == a->off;
    hsn_places_pointer(p->places, known ? &f[n - 1] : NULL, place, sizeof place);
    tell(p, kind, place, a->off, b->off);
}

/* Where no token is at hand: the container. */
static void tell_here(pair *p, harsan_mismatch_kind kind, uint64_t off_in, uint64_t off_out)
{
    char place[POINTER_MAX];
    hsn_places_pointer(p->places, NULL, place, sizeof place);
    tell(p, kind, place, off_in, off_out);
}

/* ---------------------------------------------------------------- between the tokens */

static void gap_differs(pair *p)
{
    if (!p->gap_differs) {
        p->gap_differs = true;
        p->gap_in = p->in.pos;
        p->gap_out = p->out.pos;
    }
}

/* Compares what both sides have of the gap. False: both stand at a token or at the end. */
static bool compare_gap(pair *p)
{
    side *a = &p->in;
    side *b = &p->out;
    size_t n_a = (size_t)(gap_end(a) - a->pos);
    size_t n_b = (size_t)(gap_end(b) - b->pos);
    size_t n = n_a < n_b ? n_a : n_b;
    if (n == 0) {
        if (n_a + n_b > 0) {
            gap_differs(p);
        }
        a->pos += n_a;
        b->pos += n_b;
        return n_a + n_b > 0;
    }
    if (memcmp(a->raw.p + (a->pos - a->base), b->raw.p + (b->pos - b->base), n) != 0) {
        gap_differs(p);
    }
    a->pos += n;
    b->pos += n;
    return true;
}

/* ---------------------------------------------------------------- what may differ */

/* Is `out` the text `in` with other bytes in place of the edits, and nothing else changed? The pieces
 * between are looked for from left to right, as a pattern with stars is matched. */
static bool differs_only_in(hsn_str in, const hsn_edit *e, size_t n, hsn_str out)
{
    size_t at = 0; /* in `in` */
    for (size_t i = 0; i < n; i++) {
        if (e[i].off < at || e[i].len > in.n || e[i].off > in.n - e[i].len) {
            return false;
        }
        hsn_str piece = hsn_str_cut(in, at, e[i].off);
        size_t found = i == 0 ? (hsn_str_starts(out, piece) ? 0 : out.n) : hsn_str_find(out, piece);
        if (piece.n > 0 && found == out.n) {
            return false;
        }
        out = hsn_str_cut(out, (piece.n > 0 ? found : 0) + piece.n, out.n);
        at = e[i].off + e[i].len;
    }
    hsn_str tail = hsn_str_cut(in, at, in.n);
    return n == 0 ? hsn_str_eq(tail, out)
                  : out.n >= tail.n &&
                        hsn_str_eq(tail, hsn_str_cut(out, out.n - tail.n, out.n));
}

/* Does inspection find something in this key, and is the output's what becomes of it? */
static bool may_key_differ(pair *p, const token *a, hsn_str in, hsn_str out)
{
    hsn_inspector *inspector = &p->v->inspector;
    hsn_field f = {.len = in.n, .kind = HSN_JSON_KEY, .escaped = a->escaped};
    hsn_edits edits = {0};
    hsn_inspector_next(inspector);
    hsn_inspect_field(inspector, in, &f, &edits);
    hsn_edits_settle(inspector, &edits);
    return !inspector->failed && edits.n > 0 && differs_only_in(in, edits.v, edits.n, out);
}

/* ---------------------------------------------------------------- against the report */

static const hsn_span *next_span(const pair *p)
{
    size_t n = p->v->spans.n / sizeof(hsn_span);
    return p->span < n ? (const hsn_span *)(const void *)p->v->spans.p + p->span : NULL;
}

/* Reported changes before `offset` that belong to no token. */
static void pass_stray_spans(pair *p, uint64_t offset)
{
    for (const hsn_span *s; (s = next_span(p)) != NULL && s->off < offset; p->span++) {
        tell_here(p, HARSAN_MISMATCH_REPORT, s->off, HARSAN_NOWHERE);
    }
}

/* Takes the reported changes of token a; false without memory. */
static bool take_spans(pair *p, const token *a)
{
    hsn_buf_reset(&p->edits);
    for (const hsn_span *s; (s = next_span(p)) != NULL && s->off < a->off + a->len; p->span++) {
        hsn_edit e = {.off = (size_t)(s->off - a->off), .len = (size_t)s->len};
        hsn_buf_add(&p->edits, &e, sizeof e);
    }
    return !hsn_buf_failed(&p->edits);
}

static bool is_container(const token *t)
{
    return t->kind <= HSN_JSON_CLOSE_ARRAY;
}

static bool check_report(pair *p, const token *a, const token *b, bool same)
{
    /* the span of a giant begins at its quote */
    pass_stray_spans(p, a->giant ? a->off - 1 : a->off);
    if (is_container(a)) {
        return true;
    }
    if (!take_spans(p, a)) {
        return false;
    }
    size_t n = p->edits.n / sizeof(hsn_edit);
    bool as_reported = same ? n == 0 : n > 0;
    if (as_reported && !same && !a->giant && !b->giant) {
        as_reported = differs_only_in(token_text(&p->in, a),
                                      (const hsn_edit *)(const void *)p->edits.p, n,
                                      token_text(&p->out, b));
    }
    if (!as_reported) {
        tell_at(p, HARSAN_MISMATCH_REPORT, a, b);
    }
    return true;
}

/* ---------------------------------------------------------------- tokens */

static bool is_same(const pair *p, const token *a, const token *b)
{
    if (is_container(a)) {
        return true;
    }
    if (a->giant || b->giant) {
        return a->giant && b->giant && a->len == b->len &&
               memcmp(p->in.sum, p->out.sum, sizeof p->in.sum) == 0;
    }
    return hsn_str_eq(token_text(&p->in, a), token_text(&p->out, b));
}

static void compare_changed(pair *p, const token *a, const token *b)
{
    hsn_str in = a->giant ? (hsn_str){0} : token_text(&p->in, a);
    hsn_str out = b->giant ? (hsn_str){0} : token_text(&p->out, b);
    p->v->facts.changed++;
    if (a->kind == HSN_JSON_LITERAL) {
        tell_at(p, HARSAN_MISMATCH_LITERAL, a, b);
    } else if (a->kind == HSN_JSON_NUMBER && !hsn_str_eq(out, HSN_S("0"))) {
        tell_at(p, HARSAN_MISMATCH_NUMBER, a, b);
    } else if (a->kind == HSN_JSON_KEY && !may_key_differ(p, a, in, out)) {
        tell_at(p, HARSAN_MISMATCH_KEY, a, b);
    }
}

/* Tells the place to the input's places; a giant counts as an element and no more. */
static bool note_place(pair *p, const token *a)
{
    hsn_json_event ev = {.kind = a->giant ? HSN_JSON_LITERAL : a->kind, .escaped = a->escaped,
                         .off = a->giant ? 0 : (size_t)(a->off - p->in.base),
                         .len = a->giant ? 0 : (size_t)a->len};
    return hsn_places_event(p->places, hsn_buf_str(&p->in.raw), &ev);
}

static void advance(side *s, const token *t)
{
    s->pos = t->off + t->len;
    s->taken++;
}

static bool compare_tokens(pair *p, const token *a, const token *b)
{
    bool same = is_same(p, a, b);
    if (p->gap_differs) {
        tell_here(p, HARSAN_MISMATCH_SPACE, p->gap_in, p->gap_out);
    }
    p->gap_differs = false;
    if (!note_place(p, a)) {
        return false;
    }
    if (!same) {
        compare_changed(p, a, b);
    }
    /* the scan for values sees strings and keys, no numbers */
    if (b->kind == HSN_JSON_NUMBER && b->len >= NUMBER_MIN &&
        hsn_values_within(p->v->values, token_text(&p->out, b))) {
        tell_at(p, HARSAN_MISMATCH_READABLE, a, b);
    }
    if (p->v->expected && !check_report(p, a, b, same)) {
        return false;
    }
    advance(&p->in, a);
    advance(&p->out, b);
    return true;
}

/* ---------------------------------------------------------------- the run */

static hsn_step get_input(pair *p)
{
    /* fields of the places point into what is about to move */
    if (next_token(&p->in) == NULL) {
        hsn_places_clear(p->places);
    }
    return get_ready(&p->in, &p->v->err);
}

/* An output that is not JSON is a result; anything else is not. */
static hsn_step get_output(pair *p, bool *valid)
{
    harsan_error err = {0};
    if (get_ready(&p->out, &err) != HSN_FAIL) {
        return HSN_MORE;
    }
    if (err.code == HARSAN_E_SYNTAX) {
        *valid = false;
        tell_here(p, HARSAN_MISMATCH_SYNTAX, HARSAN_NOWHERE, err.offset);
        return HSN_OK;
    }
    p->v->err = err;
    p->v->facts.about_output = true;
    return HSN_FAIL;
}

/* Both sides are at a token or at their end. HSN_OK: there is nothing more to compare. */
static hsn_step compare(pair *p)
{
    const token *a = next_token(&p->in);
    const token *b = next_token(&p->out);
    if (a == NULL && b == NULL) {
        if (p->gap_differs) {
            tell_here(p, HARSAN_MISMATCH_SPACE, p->gap_in, p->gap_out);
        }
        pass_stray_spans(p, HARSAN_NOWHERE);
        return HSN_OK;
    }
    if (a == NULL || b == NULL || a->kind != b->kind) {
        tell_here(p, HARSAN_MISMATCH_STRUCTURE, p->gap_differs ? p->gap_in : p->in.pos,
                  p->gap_differs ? p->gap_out : p->out.pos);
        return HSN_OK;
    }
    return compare_tokens(p, a, b) ? HSN_MORE
                                   : hsn_fail(&p->v->err, HARSAN_E_NOMEM, 0, "out of memory");
}

static hsn_step run(pair *p, bool *valid)
{
    for (;;) {
        hsn_step step = get_input(p);
        if (step == HSN_MORE) {
            step = get_output(p, valid);
        }
        if (step == HSN_MORE && !compare_gap(p)) {
            step = compare(p);
        }
        if (step != HSN_MORE) {
            return step;
        }
    }
}

hsn_step hsn_verify_pair(harsan_verify *v, const harsan_source *in, const harsan_source *out,
                         bool *valid)
{
    pair p = {.v = v};
    bool ok = side_init(&p.in, in, &v->opt);
    ok = side_init(&p.out, out, &v->opt) && ok;
    p.places = hsn_places_new(v->inspector.names, v->opt.max_depth != 0 ? v->opt.max_depth : DEPTH);
    hsn_buf_init(&p.edits, SIZE_MAX / 2);
    hsn_step step = HSN_FAIL;
    if (ok && p.places != NULL) {
        hsn_places_begin(p.places, NULL, false);
        step = run(&p, valid);
    } else {
        step = hsn_fail(&v->err, HARSAN_E_NOMEM, 0, "out of memory");
    }
    side_deinit(&p.in);
    side_deinit(&p.out);
    hsn_places_free(p.places);
    hsn_buf_deinit(&p.edits);
    return step;
}
