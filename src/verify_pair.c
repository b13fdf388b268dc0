/*
 * Two texts in lockstep: the tokens of the input against those of the output, and the bytes between
 * them. Tells each difference that the contract does not allow, and goes on where the two can be
 * brought together again.
 */
#include "field.h"
#include "verify_side.h"

enum {
    DEPTH = 1000, /* as documented for harsan_options.max_depth */
    POINTER_MAX = 512,
    NUMBER_MIN = 8 /* digits of a value that could stand in a number */
};

typedef struct pair {
    harsan_verify *v;
    hsn_side in;
    hsn_side out;
    hsn_places *places; /* of the input */
    bool gap_differs;   /* since the last token, first at: */
    uint64_t gap_in;
    uint64_t gap_out;
    size_t span;   /* of the reported ones: the next */
    hsn_buf edits; /* hsn_edit[]: what may differ in the token in hand */
    bool matched;  /* the token in hand was compared as a giant: */
    hsn_matching match;
} pair;

/* ---------------------------------------------------------------- telling */

static void tell(pair *p, harsan_mismatch_kind kind, const char *place, uint64_t off_in,
                 uint64_t off_out)
{
    harsan_mismatch m = {.kind = kind, .place = place, .offset_in = off_in, .offset_out = off_out};
    hsn_verify_tell(p->v, &m);
}

/* The place of the token read last, or of what it stands in. */
static void tell_at(pair *p, harsan_mismatch_kind kind, const hsn_token *a, const hsn_token *b)
{
    char place[POINTER_MAX];
    size_t n;
    const hsn_field *f = hsn_places_fields(p->places, &n);
    bool known =
        n > 0 && !a->giant && f[n - 1].kind != HSN_JSON_KEY && p->in.base + f[n - 1].off == a->off;
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
    hsn_side *a = &p->in;
    hsn_side *b = &p->out;
    size_t n_a = (size_t)(hsn_side_gap_end(a) - a->pos);
    size_t n_b = (size_t)(hsn_side_gap_end(b) - b->pos);
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

/* Is `out` the text `in` with other bytes in place of the edits, and nothing else changed? The
 * pieces between are looked for from left to right, as a pattern with stars is matched. */
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
                  : out.n >= tail.n && hsn_str_eq(tail, hsn_str_cut(out, out.n - tail.n, out.n));
}

/* Does inspection find something in this key, and is the output's what becomes of it? */
static bool may_key_differ(pair *p, const hsn_token *a, hsn_str in, hsn_str out)
{
    hsn_inspector *inspector = &p->v->inspector;
    hsn_field f = {.len = in.n,
                   .by = &hsn_no_label,
                   .key = &hsn_no_label,
                   .kind = HSN_JSON_KEY,
                   .escaped = a->escaped};
    hsn_edits edits = {0};
    hsn_inspector_next(inspector);
    hsn_settle_field(inspector, in, &f, &edits);
    return !inspector->failed && edits.n > 0 && differs_only_in(in, edits.v, edits.n, out);
}

/* ---------------------------------------------------------------- against the report */

static const hsn_change *next_span(const pair *p)
{
    size_t n = p->v->spans.n / sizeof(hsn_change);
    return p->span < n ? (const hsn_change *)(const void *)p->v->spans.p + p->span : NULL;
}

/* Reported changes before `offset` that belong to no token. */
static void pass_stray_spans(pair *p, uint64_t offset)
{
    for (const hsn_change *s; (s = next_span(p)) != NULL && s->off < offset; p->span++) {
        tell_here(p, HARSAN_MISMATCH_REPORT, s->off, HARSAN_NOWHERE);
    }
}

/* Takes the reported changes of token a; false without memory. */
static bool take_spans(pair *p, const hsn_token *a)
{
    hsn_buf_reset(&p->edits);
    for (const hsn_change *s; (s = next_span(p)) != NULL && s->off < a->off + a->len; p->span++) {
        hsn_edit e = {.off = (size_t)(s->off - a->off), .len = (size_t)s->len};
        hsn_buf_add(&p->edits, &e, sizeof e);
    }
    return !hsn_buf_failed(&p->edits);
}

static bool is_container(const hsn_token *t)
{
    return t->kind <= HSN_JSON_CLOSE_ARRAY;
}

static bool check_report(pair *p, const hsn_token *a, const hsn_token *b, bool same)
{
    if (p->matched) {
        if (p->match.differ) {
            tell_at(p, HARSAN_MISMATCH_REPORT, a, b);
        }
        return true;
    }
    pass_stray_spans(p, a->off);
    if (is_container(a)) {
        return true;
    }
    if (!take_spans(p, a)) {
        return false;
    }
    size_t n = p->edits.n / sizeof(hsn_edit);
    bool as_reported = same ? n == 0 : n > 0;
    if (as_reported && !same) {
        as_reported =
            differs_only_in(hsn_side_text(&p->in, a), (const hsn_edit *)(const void *)p->edits.p, n,
                            hsn_side_text(&p->out, b));
    }
    if (!as_reported) {
        tell_at(p, HARSAN_MISMATCH_REPORT, a, b);
    }
    return true;
}

/* ---------------------------------------------------------------- tokens */

static bool is_same(const pair *p, const hsn_token *a, const hsn_token *b)
{
    if (is_container(a)) {
        return true;
    }
    if (p->matched) {
        return !p->match.differ && !p->match.told;
    }
    return hsn_str_eq(hsn_side_text(&p->in, a), hsn_side_text(&p->out, b));
}

static void compare_changed(pair *p, const hsn_token *a, const hsn_token *b)
{
    hsn_str in = a->giant ? (hsn_str){0} : hsn_side_text(&p->in, a);
    hsn_str out = b->giant ? (hsn_str){0} : hsn_side_text(&p->out, b);
    p->v->facts.changed++;
    if (a->kind == HSN_JSON_LITERAL) {
        tell_at(p, HARSAN_MISMATCH_LITERAL, a, b);
    } else if (a->kind == HSN_JSON_NUMBER && !hsn_str_eq(out, HSN_S("0"))) {
        tell_at(p, HARSAN_MISMATCH_NUMBER, a, b);
    } else if (a->kind == HSN_JSON_KEY && !a->giant && !may_key_differ(p, a, in, out)) {
        tell_at(p, HARSAN_MISMATCH_KEY, a, b);
    }
}

/* Tells the place to the input's places; a giant counts as an element and no more. */
static bool note_place(pair *p, const hsn_token *a)
{
    hsn_json_event ev = {.kind = a->giant ? HSN_JSON_LITERAL : a->kind,
                         .escaped = a->escaped,
                         .off = a->giant ? 0 : (size_t)(a->off - p->in.base),
                         .len = a->giant ? 0 : (size_t)a->len};
    return hsn_places_event(p->places, hsn_buf_str(&p->in.raw), &ev);
}

static void advance(hsn_side *s, const hsn_token *t)
{
    s->pos = t->off + t->len;
    s->taken++;
}

static bool compare_tokens(pair *p, const hsn_token *a, const hsn_token *b)
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
        hsn_values_within(p->v->values, hsn_side_text(&p->out, b))) {
        tell_at(p, HARSAN_MISMATCH_READABLE, a, b);
    }
    if (p->v->expected && !check_report(p, a, b, same)) {
        return false;
    }
    advance(&p->in, a);
    advance(&p->out, b);
    p->matched = false;
    return true;
}

/* ---------------------------------------------------------------- the run */

static hsn_step get_input(pair *p)
{
    /* fields of the places point into what is about to move */
    if (hsn_side_next(&p->in) == NULL) {
        hsn_places_clear(p->places);
    }
    return hsn_side_ready(&p->in, &p->v->err);
}

/* An output that is not JSON is a result; anything else is not. */
static hsn_step fail_output(pair *p, const harsan_error *err, bool *valid)
{
    if (err->code == HARSAN_E_SYNTAX) {
        *valid = false;
        tell_here(p, HARSAN_MISMATCH_SYNTAX, HARSAN_NOWHERE, err->offset);
        return HSN_OK;
    }
    p->v->err = *err;
    p->v->facts.about_output = true;
    return HSN_FAIL;
}

static hsn_step get_output(pair *p, bool *valid)
{
    harsan_error err = {0};
    return hsn_side_ready(&p->out, &err) != HSN_FAIL ? HSN_MORE : fail_output(p, &err, valid);
}

static bool is_string(const hsn_side *s)
{
    const hsn_token *t = hsn_side_next(s);
    return s->giant || (t != NULL && (t->kind == HSN_JSON_STRING || t->kind == HSN_JSON_KEY));
}

/* Both sides are at a string, one of them at a giant: compares them, after which both tokens are
 * there. */
static hsn_step match_giant(pair *p, bool *valid)
{
    bool told = p->v->expected;
    if (told) {
        pass_stray_spans(p, p->in.pos);
    }
    p->matched = true;
    p->match = (hsn_matching){.spans = (const hsn_change *)(const void *)p->v->spans.p,
                              .n_spans = told ? p->v->spans.n / sizeof(hsn_change) : 0,
                              .span = p->span};
    hsn_step step = hsn_match_strings(&p->in, &p->out, &p->match);
    p->span = p->match.span;
    if (step != HSN_FAIL) {
        return step;
    }
    if (p->match.about_output) {
        return fail_output(p, &p->match.err, valid);
    }
    p->v->err = p->match.err;
    return HSN_FAIL;
}

/* Both sides are at a token or at their end. HSN_OK: there is nothing more to compare. */
static hsn_step compare(pair *p)
{
    const hsn_token *a = hsn_side_next(&p->in);
    const hsn_token *b = hsn_side_next(&p->out);
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

static hsn_step step_on(pair *p, bool *valid)
{
    hsn_step step = get_input(p);
    if (step == HSN_MORE) {
        step = get_output(p, valid);
    }
    if (step != HSN_MORE || compare_gap(p)) {
        return step;
    }
    if ((p->in.giant || p->out.giant) && is_string(&p->in) && is_string(&p->out)) {
        step = match_giant(p, valid);
    }
    return step == HSN_MORE ? compare(p) : step;
}

static hsn_step run(pair *p, bool *valid)
{
    hsn_step step = HSN_MORE;
    while (step == HSN_MORE) {
        step = step_on(p, valid);
    }
    return step;
}

hsn_step hsn_verify_pair(harsan_verify *v, const harsan_source *in, const harsan_source *out,
                         bool *valid)
{
    pair p = {.v = v};
    bool ok = hsn_side_init(&p.in, in, &v->opt);
    ok = hsn_side_init(&p.out, out, &v->opt) && ok;
    p.places = hsn_places_new(v->inspector.names, v->opt.max_depth != 0 ? v->opt.max_depth : DEPTH);
    hsn_buf_init(&p.edits, SIZE_MAX / 2);
    hsn_step step = HSN_FAIL;
    if (ok && p.places != NULL) {
        hsn_places_begin(p.places, NULL, false, HSN_IN_KEY);
        step = run(&p, valid);
    } else {
        step = hsn_fail(&v->err, HARSAN_E_NOMEM, 0, "out of memory");
    }
    hsn_side_deinit(&p.in);
    hsn_side_deinit(&p.out);
    hsn_places_free(p.places);
    hsn_buf_deinit(&p.edits);
    return step;
}
