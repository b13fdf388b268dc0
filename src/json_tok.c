/*
 * The tokenizer: finds strings, words and brackets in the bytes of a JSON text.
 *
 * Receives the text in any pieces, passes over each byte once, adds each token to the skeleton
 * (json_skel.c) for yajl (json_yajl.c), which emits the events. Checks what yajl never sees: white
 * space, escapes, control characters, depth. Must never hold bytes of the text: between runs it
 * keeps only offsets, and flushes the skeleton before a run returns, because spans point into that
 * run's text.
 */
#include "json_scan.h"
#include "json_yajl.h"

/* What a byte is where no string is open. */
typedef enum byte_class {
    ILLEGAL, /* \v, \f, a byte from 0x80 on, ... */
    SPACE,
    WORD, /* part of a number or literal, or of what yajl will refuse as one */
    COMMA,
    COLON,
    OPEN,
    CLOSE,
    QUOTE
} byte_class;

#define X ILLEGAL
#define S SPACE
#define W WORD
static const unsigned char classes[256] = {
    X, X, X, X, X, X, X, X, X, S, S, X, X, S, X, X, /* tab, LF, CR */
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    S, X, QUOTE, X, X, X, X, X, X, X, X, W, COMMA, W, W, X,
    W, W, W, W, W, W, W, W, W, W, COLON, X, X, X, X, X,
    X, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, OPEN, X, CLOSE, X, X,
    X, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W,
    W, W, W, W, W, W, W, W, W, W, W, OPEN, X, CLOSE, X, X,
};
#undef X
#undef S
#undef W

/* Where the next byte stands. */
typedef enum mode {
    BETWEEN,   /* outside of strings and words */
    IN_WORD,   /* a word has begun at `start` */
    IN_STRING, /* a string has begun; its quote is at `start` */
    ESCAPE,    /* behind the backslash */
    HEX,       /* in the four digits of a \u, `hex_left` are to come */
    DONE,      /* the sink stopped, or the one value is complete: nothing is read any more */
    FAILED
} mode;

struct hsn_json {
    mode mode;
    unsigned hex_left;
    bool escaped; /* the string holds a backslash */
    bool one;
    unsigned depth;
    unsigned max_depth;
    uint64_t at;    /* absolute offset of the next byte */
    uint64_t start; /* absolute offset of the token under way */
    harsan_error failure; /* to say it again when called again */
    hsn_skel skel;
    alignas(max_align_t) unsigned char pool[];
};

/* One call of hsn_json_run. */
typedef struct run {
    hsn_json *j;
    hsn_str text;
    uint64_t base;
    const unsigned char *p;
    const unsigned char *end;
} run;

static size_t here(const run *r)
{
    return (size_t)(r->p - r->text.p);
}

static hsn_step flush(run *r)
{
    hsn_json *j = r->j;
    hsn_step step = hsn_skel_flush(&j->skel, r->text, r->base, &j->failure);
    j->skel.text_from = here(r);
    return step;
}

/* A mistake that yajl does not see. One that yajl sees further left in the text comes first. */
static hsn_step fail(run *r, harsan_status code, const char *why)
{
    hsn_step step = flush(r);
    if (step != HSN_MORE) {
        return step;
    }
    return hsn_fail(&r->j->failure, code, r->base + here(r), "%s", why);
}

/* A value ended; at top level this may have been all that is wanted. */
static hsn_step value_ended(run *r)
{
    if (HSN_LIKELY(!r->j->one) || r->j->depth > 0) {
        return HSN_MORE;
    }
    hsn_step step = flush(r);
    return step == HSN_MORE ? HSN_OK : step;
}

/* ---------------------------------------------------------------- strings */

static const unsigned char simple_escapes[256] = {
    ['"'] = 1, ['\\'] = 1, ['/'] = 1, ['b'] = 1, ['f'] = 1, ['n'] = 1, ['r'] = 1, ['t'] = 1,
};

/* r->p is on the closing quote. */
static hsn_step end_string(run *r)
{
    hsn_json *j = r->j;
    size_t off = (size_t)(j->start + 1 - r->base);
    hsn_skel_string(&j->skel, off, here(r) - off, j->escaped);
    r->p++;
    j->mode = BETWEEN;
    return value_ended(r);
}

/* Behind the backslash; steps over an escape of one character at once. */
static hsn_step read_escape(run *r)
{
    hsn_json *j = r->j;
    if (simple_escapes[*r->p]) {
        j->mode = IN_STRING;
    } else if (*r->p == 'u') {
        j->mode = HEX;
        j->hex_left = 4;
    } else {
        return fail(r, HARSAN_E_SYNTAX, "no such escape in a string");
    }
    r->p++;
    return HSN_MORE;
}

static hsn_step read_hex(run *r)
{
    hsn_json *j = r->j;
    for (; j->hex_left > 0 && r->p < r->end; r->p++, j->hex_left--) {
        if (hsn_hex(*r->p) < 0) {
            return fail(r, HARSAN_E_SYNTAX, "\\u needs four hexadecimal digits");
        }
    }
    if (j->hex_left == 0) {
        j->mode = IN_STRING;
    }
    return HSN_MORE;
}

/* Goes on inside a string until it ends or the text does. */
static hsn_step read_string(run *r)
{
    hsn_json *j = r->j;
    hsn_step step = HSN_MORE;
    while (step == HSN_MORE && r->p < r->end && j->mode != BETWEEN) {
        if (j->mode == ESCAPE) {
            step = read_escape(r);
            continue;
        }
        if (j->mode == HEX) {
            step = read_hex(r);
            continue;
        }
        if (j->escaped) { /* where there is one escape there are more */
            r->p += hsn_json_slashes(hsn_str_of(r->p, (size_t)(r->end - r->p)));
        }
        r->p += hsn_json_plain(hsn_str_of(r->p, (size_t)(r->end - r->p)));
        if (r->p == r->end) {
            break;
        }
        if (*r->p == '"') {
            step = end_string(r);
        } else if (*r->p == '\\') {
            r->p++;
            j->escaped = true;
            j->mode = ESCAPE;
        } else {
            step = fail(r, HARSAN_E_SYNTAX, "a control character in a string must be escaped");
        }
    }
    return step;
}

/* ---------------------------------------------------------------- between strings */

static hsn_step end_word(run *r)
{
    hsn_json *j = r->j;
    size_t off = (size_t)(j->start - r->base);
    hsn_skel_word(&j->skel, hsn_str_cut(r->text, off, here(r)), off);
    j->mode = BETWEEN;
    return value_ended(r);
}

static hsn_step read_word(run *r)
{
    while (r->p < r->end && classes[*r->p] == WORD) {
        r->p++;
    }
    return r->p < r->end ? end_word(r) : HSN_MORE;
}

static hsn_step open_bracket(run *r)
{
    hsn_json *j = r->j;
    if (j->depth == j->max_depth) {
        return fail(r, HARSAN_E_LIMIT, "brackets are nested too deeply");
    }
    j->depth++;
    hsn_skel_open(&j->skel, *r->p, here(r));
    r->p++;
    return HSN_MORE;
}

static hsn_step close_bracket(run *r)
{
    hsn_json *j = r->j;
    hsn_skel_close(&j->skel, *r->p, here(r));
    r->p++;
    if (j->depth > 0) { /* else yajl refuses it */
        j->depth--;
    }
    return value_ended(r);
}

static void begin(run *r, mode m)
{
    r->j->start = r->base + here(r);
    r->j->escaped = false;
    r->j->mode = m;
}

/*
 * r->p is on a quote. The fast way for what most strings are: without escapes, and ending in this
 * text. Any other is left to read_string, at the byte where it shows. False: so it is.
 */
static inline bool read_plain_string(run *r)
{
    hsn_json *j = r->j;
    const unsigned char *body = r->p + 1;
    size_t n = hsn_json_plain_inline(hsn_str_of(body, (size_t)(r->end - body)));
    if (body + n < r->end && body[n] == '"' && (!j->one || j->depth > 0)) {
        hsn_skel_string(&j->skel, (size_t)(body - r->text.p), n, false);
        r->p = body + n + 1;
        return true;
    }
    begin(r, IN_STRING);
    r->p = body + n;
    return false;
}

/* r->p is on white space. */
static inline void read_space(run *r)
{
    r->p++; /* often the only one */
    if (r->p < r->end && classes[*r->p] == SPACE) {
        r->p += hsn_json_space_inline(hsn_str_of(r->p, (size_t)(r->end - r->p)));
    }
}

/* Behind a token: what most often comes, so that it does not have to be told apart. */
static inline void read_gap(run *r)
{
    if (r->p == r->end) {
        return;
    }
    if (*r->p == ',') {
        hsn_skel_comma(&r->j->skel);
    } else if (*r->p == ':') {
        hsn_skel_colon(&r->j->skel);
    } else {
        return;
    }
    r->p++;
    if (r->p < r->end && classes[*r->p] == SPACE) {
        read_space(r);
    }
}

/* r->p is on a bracket. An object of which the like came before, as a whole. */
static inline bool read_record(run *r)
{
    hsn_json *j = r->j;
    if (j->skel.forms == NULL || *r->p != '{' || j->depth == 0 || j->depth == j->max_depth) {
        return false;
    }
    const hsn_whole *whole = hsn_records_find(j->skel.records, r->p, (size_t)(r->end - r->p),
                                              hsn_skel_in_array(&j->skel));
    if (whole != NULL) {
        hsn_skel_whole(&j->skel, whole, here(r));
        r->p += whole->n;
        return true;
    }
    size_t n = hsn_skel_form(&j->skel, r->text, here(r));
    r->p += n;
    return n > 0;
}

/* Until the skeleton is full or a token stays open. */
static hsn_step read_between(run *r)
{
    hsn_skel *k = &r->j->skel;
    hsn_step step = HSN_MORE;
    while (r->p < r->end && !hsn_skel_full(k)) {
        switch ((byte_class)classes[*r->p]) {
        case QUOTE:
            if (!read_plain_string(r)) {
                return HSN_MORE;
            }
            read_gap(r);
            continue;
        case COLON:
        case COMMA:
            read_gap(r);
            continue;
        case SPACE:
            read_space(r);
            continue;
        case OPEN:
            step = read_record(r) ? HSN_MORE : open_bracket(r);
            break;
        case CLOSE:
            step = close_bracket(r);
            break;
        case WORD:
            begin(r, IN_WORD);
            step = read_word(r);
            break;
        case ILLEGAL:
            return fail(r, HARSAN_E_SYNTAX, "this byte may not stand outside of strings");
        }
        if (step != HSN_MORE || r->j->mode != BETWEEN) {
            return step;
        }
        read_gap(r);
    }
    return step;
}

/* ---------------------------------------------------------------- runs */

/* One token or several, or as much of one as there is. */
static hsn_step read_on(run *r)
{
    switch (r->j->mode) {
    case BETWEEN:
        return read_between(r);
    case IN_WORD:
        return read_word(r);
    case IN_STRING:
    case ESCAPE:
    case HEX:
        return read_string(r);
    case DONE:
    case FAILED:
        break;
    }
    return HSN_OK;
}

static hsn_step read_text(run *r)
{
    hsn_step step = HSN_MORE;
    while (step == HSN_MORE && r->p < r->end) {
        if (HSN_UNLIKELY(hsn_skel_full(&r->j->skel))) {
            step = flush(r);
        }
        if (HSN_LIKELY(step == HSN_MORE)) {
            step = read_on(r);
        }
    }
    return step == HSN_MORE ? flush(r) : step;
}

/* Remembers the outcome; an error goes to the caller's record, on every later call again. */
static hsn_step settle(hsn_json *j, hsn_step step, harsan_error *err)
{
    if (step == HSN_OK) {
        j->mode = DONE;
    } else if (step == HSN_FAIL) {
        j->mode = FAILED;
        return hsn_fail(err, j->failure.code, j->failure.offset, "%s", j->failure.message);
    }
    return step;
}

/* Is the caller's text the one to go on with? */
static bool begin_run(run *r, hsn_json *j, hsn_str text, uint64_t base)
{
    *r = (run){j, text, base, NULL, NULL};
    uint64_t least = hsn_json_in_string(j) ? j->at : hsn_json_need(j);
    if (base > least || j->at - base > text.n) {
        hsn_fail(&j->failure, HARSAN_E_USAGE, j->at, "the text does not go on where it stopped");
        return false;
    }
    if (text.p == NULL) { /* an empty text may have no bytes at all */
        r->text.p = (const unsigned char *)"";
    }
    r->p = r->text.p + (size_t)(j->at - base);
    r->end = r->text.p + text.n;
    j->skel.text_from = here(r);
    return true;
}

hsn_step hsn_json_run(hsn_json *j, hsn_str text, uint64_t base, hsn_json_sink sink, void *ctx,
                      harsan_error *err)
{
    if (j->mode == DONE || j->mode == FAILED) {
        return settle(j, j->mode == DONE ? HSN_OK : HSN_FAIL, err);
    }
    run r;
    if (!begin_run(&r, j, text, base)) {
        return settle(j, HSN_FAIL, err);
    }
    j->skel.sink = sink;
    j->skel.ctx = ctx;
    hsn_step step = read_text(&r);
    j->at = base + here(&r);
    return settle(j, step, err);
}

/* What is still open when the text ends. */
static hsn_step end_text(run *r)
{
    hsn_json *j = r->j;
    if (hsn_json_in_string(j)) {
        return hsn_fail(&j->failure, HARSAN_E_SYNTAX, j->at, "the text ends inside a string");
    }
    if (j->mode == IN_WORD) {
        hsn_step step = end_word(r);
        if (step == HSN_MORE) {
            step = flush(r);
        }
        if (step != HSN_MORE) {
            return step;
        }
    }
    return hsn_skel_finish(&j->skel, j->at, &j->failure);
}

hsn_step hsn_json_finish(hsn_json *j, hsn_str text, uint64_t base, hsn_json_sink sink, void *ctx,
                         harsan_error *err)
{
    hsn_step step = hsn_json_run(j, text, base, sink, ctx, err);
    if (step != HSN_MORE) {
        return step;
    }
    run r;
    return settle(j, begin_run(&r, j, text, base) ? end_text(&r) : HSN_FAIL, err);
}

/* ---------------------------------------------------------------- life */

hsn_json *hsn_json_new(unsigned max_depth)
{
    if (max_depth > HSN_SKEL_DEPTH) {
        max_depth = HSN_SKEL_DEPTH;
    }
    hsn_json *j = hsn_mem_new(sizeof *j + hsn_skel_pool_size(max_depth));
    if (j != NULL) {
        j->max_depth = max_depth;
        hsn_skel_init(&j->skel, j->pool, max_depth);
        hsn_json_reset(j);
    }
    return j;
}

void hsn_json_free(hsn_json *j)
{
    if (j != NULL) {
        /* Numbers of the text stand in the skeleton and in yajl's buffers. */
        hsn_skel_forget(&j->skel);
        hsn_mem_wipe(j, sizeof *j + j->skel.pool.size);
        hsn_mem_free(j);
    }
}

void hsn_json_reset(hsn_json *j)
{
    j->mode = BETWEEN;
    j->hex_left = 0;
    j->escaped = false;
    j->one = false;
    j->depth = 0;
    j->at = 0;
    j->start = 0;
    j->failure.code = HARSAN_OK;
    hsn_skel_reset(&j->skel);
}

bool hsn_json_remember(hsn_json *j)
{
    return hsn_skel_remember(&j->skel);
}

void hsn_json_start_at(hsn_json *j, uint64_t offset)
{
    j->at = offset;
}

void hsn_json_one_value(hsn_json *j)
{
    j->one = true;
}

uint64_t hsn_json_need(const hsn_json *j)
{
    return j->mode == IN_WORD || hsn_json_in_string(j) ? j->start : j->at;
}

uint64_t hsn_json_end(const hsn_json *j)
{
    return j->at;
}

bool hsn_json_in_string(const hsn_json *j)
{
    return j->mode == IN_STRING || j->mode == ESCAPE || j->mode == HEX;
}

bool hsn_json_stopped(const hsn_json *j)
{
    return j->skel.stopped;
}
