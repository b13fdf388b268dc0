/*
 * Verification: three passes over two texts. The input is inspected once more, for the values in
 * it; both texts are compared token by token; the output is inspected, with a search for those
 * values in every text that any layer of it decodes to. Must never hand out a byte of either text.
 */
#include "verify.h"

#include "memo.h"
#include "stream.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    VALUES_MAX = 64 << 20,  /* bytes of values found; more is an error: nothing would be proven */
    SPANS_MAX = 1 << 30,    /* bytes: 67 million reported changes */
    KNOWN_MIN = 4,
    DISTINCT_MIN = 8,
    BLOCK = 64 << 10
};

/* ---------------------------------------------------------------- mismatches */

const char *harsan_mismatch_text(harsan_mismatch_kind kind)
{
    static const char *const texts[] = {
        [HARSAN_MISMATCH_SPACE] = "the bytes between two values differ",
        [HARSAN_MISMATCH_STRUCTURE] = "the structure differs",
        [HARSAN_MISMATCH_KEY] = "a key differs that had to stay",
        [HARSAN_MISMATCH_NUMBER] = "a number differs and is not 0",
        [HARSAN_MISMATCH_LITERAL] = "true, false or null differ",
        [HARSAN_MISMATCH_FOUND] = "a rule still finds something",
        [HARSAN_MISMATCH_READABLE] = "a value found in the input can still be read",
        [HARSAN_MISMATCH_UNSEEN] = "a limit kept this from being looked into",
        [HARSAN_MISMATCH_REPORT] = "the change is not as reported",
        [HARSAN_MISMATCH_SYNTAX] = "not valid JSON",
        [HARSAN_MISMATCH_ECHO] = "equals a common value that was replaced elsewhere",
    };
    size_t i = (size_t)kind;
    return i < HSN_COUNT(texts) && texts[i] != NULL ? texts[i] : "unknown";
}

void hsn_verify_tell(harsan_verify *v, const harsan_mismatch *m)
{
    if (m->kind == HARSAN_MISMATCH_ECHO) {
        v->facts.echoes++;
    } else {
        v->facts.mismatches++;
    }
    if (v->mismatch != NULL) {
        v->mismatch(v->ctx, m);
    }
}

static void tell_output(harsan_verify *v, harsan_mismatch_kind kind, const char *place,
                        const char *rule, uint64_t offset)
{
    harsan_mismatch m = {.kind = kind,
                         .place = place,
                         .rule = rule,
                         .offset_in = HARSAN_NOWHERE,
                         .offset_out = offset};
    hsn_verify_tell(v, &m);
}

static harsan_status fail(harsan_verify *v, harsan_status code, const char *why)
{
    hsn_fail(&v->err, code, 0, "%s", why);
    return v->err.code;
}

/* ---------------------------------------------------------------- values of the input */

/* Can `value` stand somewhere else only because it is the same? Words, dates, addresses of hosts
 * and short numbers can do so by chance, and so can what is replaced for its place alone. */
static bool is_distinct(hsn_str value, const hsn_rule *rule)
{
    switch (rule->detect) {
    case HSN_DETECT_STRICT:
    case HSN_DETECT_IP:
        return false;
    case HSN_DETECT_EMAIL:
    case HSN_DETECT_CARD:
    case HSN_DETECT_IBAN:
    case HSN_DETECT_JWT:
        return value.n >= DISTINCT_MIN;
    case HSN_DETECT_NONE:
    case HSN_DETECT_COOKIE:
    case HSN_DETECT_USERINFO:
    case HSN_DETECT_PATH:
    case HSN_DETECT_SCHEME:
    case HSN_DETECT_PHONE:
    case HSN_N_DETECT:
        break;
    }
    return (rule->regex != NULL && !rule->context && value.n >= DISTINCT_MIN) ||
           hsn_is_sweepable(value);
}

static void collect(void *ctx, hsn_str value, const hsn_rule *rule)
{
    harsan_verify *v = ctx;
    v->full = !hsn_values_add(v->values, value, is_distinct(value, rule)) || v->full;
}

/* ---------------------------------------------------------------- what the output shows */

/* Reasons of gaps that are none: notes that come back with the place of the field they were made
 * in. */
static const char readable[] = "readable";
static const char echo[] = "echo";

static bool is_noted(const hsn_inspector *in, const char *why)
{
    const hsn_blind *b = in->blind;
    while (b != NULL && b->why != why) {
        b = b->next;
    }
    return b != NULL;
}

static void look(void *ctx, hsn_str text, bool whole)
{
    harsan_verify *v = ctx;
    hsn_inspector *in = &v->inspector;
    /* A whole value inside a layer is a part of the layer's text, which comes by itself. */
    bool search = !whole || in->n_layers == 0;
    if (search && !is_noted(in, readable) && hsn_values_within(v->values, text)) {
        hsn_pass_blind(in, readable, text.n);
    }
    if (whole && !is_noted(in, echo) && hsn_values_equal(v->values, text)) {
        hsn_pass_blind(in, echo, text.n);
    }
}

static void on_finding(void *ctx, const harsan_finding *f)
{
    bool limit = strcmp(f->rule, "limit") == 0; /* on_gap tells */
    if (!limit) {
        tell_output(ctx, HARSAN_MISMATCH_FOUND, f->place, f->rule, f->offset);
    }
}

static void on_gap(void *ctx, const harsan_gap *g)
{
    if (g->why == readable) {
        tell_output(ctx, HARSAN_MISMATCH_READABLE, g->place, NULL, g->offset);
    } else if (g->why == echo) {
        tell_output(ctx, HARSAN_MISMATCH_ECHO, g->place, NULL, g->offset);
    } else if (g->replaced) {
        tell_output(ctx, HARSAN_MISMATCH_UNSEEN, g->place, NULL, g->offset);
    }
}

/* ---------------------------------------------------------------- passes */

/* One text through the whole of inspection, with nothing written. */
static hsn_step inspect(harsan_verify *v, const harsan_source *source)
{
    hsn_stream *s = hsn_stream_new(&v->inspector, &v->opt);
    unsigned char *block = hsn_mem_new(BLOCK);
    hsn_step step = HSN_MORE;
    ptrdiff_t n = 1;
    if (s == NULL || block == NULL) {
        step = hsn_fail(&v->err, HARSAN_E_NOMEM, 0, "out of memory");
    }
    while (step == HSN_MORE && n > 0) {
        n = source->read(source->ctx, block, BLOCK);
        if (n > 0) {
            step = hsn_stream_feed(s, hsn_str_of(block, (size_t)n), &v->err);
        } else if (n == 0) {
            step = hsn_stream_finish(s, &v->err);
        } else {
            step = hsn_fail(&v->err, HARSAN_E_IO, 0, "the text could not be read");
        }
    }
    if (block != NULL) {
        hsn_mem_wipe(block, BLOCK);
    }
    hsn_mem_free(block);
    hsn_stream_free(s);
    return step;
}

static hsn_step collect_values(harsan_verify *v, const harsan_source *in)
{
    v->watch = (hsn_watch){.found = collect, .ctx = v};
    v->inspector.watch = &v->watch;
    v->inspector.teach = v->learned;
    hsn_step step = inspect(v, in);
    if (step == HSN_OK && v->full) {
        step = hsn_fail(&v->err, HARSAN_E_LIMIT, 0, "more values were found than can be held");
    }
    v->inspector.watch = NULL;
    v->inspector.teach = NULL;
    return step;
}

static hsn_step search_output(harsan_verify *v, const harsan_source *out)
{
    hsn_clean_forget(v->inspector.clean);
    v->watch = (hsn_watch){.seen = look, .ctx = v};
    v->inspector.watch = &v->watch;
    v->inspector.learned = NULL;
    v->opt.on_finding = on_finding;
    v->opt.on_gap = on_gap;
    v->opt.event_ctx = v;
    return inspect(v, out);
}

static hsn_step rewind_source(harsan_verify *v, const harsan_source *source)
{
    return source->rewind(source->ctx)
               ? HSN_OK
               : hsn_fail(&v->err, HARSAN_E_IO, 0, "the text could not be read a second time");
}

static hsn_step run(harsan_verify *v, const harsan_source *in, const harsan_source *out)
{
    bool valid = true;
    hsn_step step = collect_values(v, in);
    if (step == HSN_OK) {
        step = rewind_source(v, in);
    }
    if (step == HSN_OK) {
        hsn_clean_forget(v->inspector.clean);
        v->inspector.learned = v->learned;
        step = hsn_verify_pair(v, in, out, &valid);
    }
    if (step != HSN_OK || !valid) {
        return step;
    }
    v->facts.about_output = true;
    step = rewind_source(v, out);
    return step == HSN_OK ? search_output(v, out) : step;
}

/* ---------------------------------------------------------------- reported changes */

static int by_offset(const void *a, const void *b)
{
    const hsn_change *x = a;
    const hsn_change *y = b;
    if (x->off != y->off) {
        return x->off < y->off ? -1 : 1;
    }
    return (x->len > y->len) - (x->len < y->len);
}

/* Several findings may lie in one span: it is kept once. */
static void sort_spans(hsn_buf *spans)
{
    hsn_change *s = (hsn_change *)(void *)spans->p;
    size_t n = spans->n / sizeof *s;
    size_t kept = 0;
    if (n == 0) {
        return;
    }
    qsort(s, n, sizeof *s, by_offset);
    for (size_t i = 1; i < n; i++) {
        if (by_offset(&s[kept], &s[i]) != 0) {
            s[++kept] = s[i];
        }
    }
    spans->n = (kept + 1) * sizeof *s;
}

/* ---------------------------------------------------------------- public */

harsan_status harsan_verify_new(harsan_verify **out, const harsan_rules *rules,
                                const harsan_options *opt,
                                void (*mismatch)(void *ctx, const harsan_mismatch *m), void *ctx,
                                harsan_error *err)
{
    *out = NULL;
    harsan_verify *v = sodium_init() >= 0 ? hsn_mem_zero(1, sizeof *v) : NULL;
    bool ok = v != NULL;
    if (ok) {
        v->rules = rules;
        v->opt = (harsan_options){.jwt = opt->jwt,
                                  .window = opt->window,
                                  .max_depth = opt->max_depth,
                                  .max_layers = opt->max_layers};
        v->mismatch = mismatch;
        v->ctx = ctx;
        v->learned = hsn_learned_new(HSN_LEARNED_MAX);
        v->values = hsn_values_new(VALUES_MAX);
        hsn_buf_init(&v->spans, SPANS_MAX);
        ok = hsn_inspector_init(&v->inspector, rules, &v->opt) && v->learned != NULL &&
             v->values != NULL;
    }
    if (!ok) {
        harsan_verify_free(v);
        return hsn_refuse(err, HARSAN_E_NOMEM, "out of memory");
    }
    *out = v;
    return HARSAN_OK;
}

harsan_status harsan_verify_known(harsan_verify *v, const void *value, size_t len)
{
    hsn_str s = hsn_str_of(value, len);
    if (len < KNOWN_MIN || v->ran) {
        return HARSAN_E_USAGE;
    }
    unsigned long refused = hsn_mem_refused();
    if (!hsn_learned_add(v->learned, s, (hsn_str){0}, true) ||
        !hsn_values_add(v->values, s, true)) {
        return hsn_mem_refused() != refused ? fail(v, HARSAN_E_NOMEM, "out of memory")
                                            : fail(v, HARSAN_E_LIMIT, "too many known values");
    }
    return HARSAN_OK;
}

void harsan_verify_expected(harsan_verify *v)
{
    v->expected = true;
}

harsan_status harsan_verify_span(harsan_verify *v, uint64_t offset, uint64_t len)
{
    hsn_change span = {offset, len};
    v->expected = true;
    if (v->ran) {
        return HARSAN_E_USAGE;
    }
    hsn_buf_add(&v->spans, &span, sizeof span);
    return hsn_buf_failed(&v->spans) ? fail(v, HARSAN_E_NOMEM, "out of memory") : HARSAN_OK;
}

harsan_status harsan_verify_run(harsan_verify *v, const harsan_source *in, const harsan_source *out)
{
    if (v->err.code != HARSAN_OK) {
        return v->err.code;
    }
    if (v->ran) {
        return fail(v, HARSAN_E_USAGE, "a verification runs once");
    }
    v->ran = true;
    unsigned long refused = hsn_mem_refused();
    sort_spans(&v->spans);
    (void)run(v, in, out);
    if (hsn_mem_refused() != refused) { /* whatever it looked like: no proof, and no limit either */
        v->err = (harsan_error){0};
        return fail(v, HARSAN_E_NOMEM, "out of memory");
    }
    return v->err.code;
}

void harsan_verify_get_facts(const harsan_verify *v, harsan_verify_facts *out)
{
    *out = v->facts;
    out->values = hsn_values_count(v->values);
}

const harsan_error *harsan_verify_error(const harsan_verify *v)
{
    return &v->err;
}

void harsan_verify_free(harsan_verify *v)
{
    if (v != NULL) {
        hsn_inspector_deinit(&v->inspector);
        hsn_learned_free(v->learned);
        hsn_values_free(v->values);
        hsn_buf_deinit(&v->spans);
        hsn_mem_free(v);
    }
}
