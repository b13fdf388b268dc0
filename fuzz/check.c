/*
 * Helpers of the fuzz targets; see check.h.
 */
#include "check.h"

#include "json.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    abort();
}

hsn_buf new_buf(void)
{
    hsn_buf b;
    hsn_buf_init(&b, TEXT_MAX);
    return b;
}

/* ---------------------------------------------------------------- steering */

unsigned take_byte(hsn_str *s)
{
    if (s->n == 0) {
        return 0;
    }
    unsigned byte = s->p[0];
    *s = hsn_str_cut(*s, 1, s->n);
    return byte;
}

cuts take_cuts(hsn_str *s)
{
    enum { SHORT = 0xC0, LONG = 1024 };
    cuts c = {0};
    for (size_t i = 0; i < CUTS; i++) {
        unsigned byte = take_byte(s);
        c.length[i] = byte < SHORT ? byte % 32 + 1 : (size_t)(byte - SHORT + 1) * LONG;
    }
    return c;
}

size_t next_piece(cuts *c, size_t left)
{
    size_t n = c->length[c->next++ % CUTS];
    return n < left ? n : left;
}

unsigned char *copy_exactly(hsn_str s)
{
    unsigned char *copy = hsn_mem_new(s.n > 0 ? s.n : 1);
    if (copy == NULL) {
        abort();
    }
    if (s.n > 0) {
        memcpy(copy, s.p, s.n);
    }
    return copy;
}

void make_planted(hsn_str s, char out[PLANTED])
{
    static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
    uint64_t state = 0xcbf29ce484222325U; /* FNV-1a */
    for (size_t i = 0; i < s.n; i++) {
        state = (state ^ s.p[i]) * 0x100000001b3U;
    }
    for (size_t i = 0; i < PLANTED; i++) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        size_t c = (size_t)(state >> 33) % 32;
        /* a digit in every third place: no value reads like a word */
        out[i] = alphabet[i % 3 == 2 ? 24 + c % 8 : c];
    }
    out[0] = 'k'; /* no escape goes on with it */
}

/* A byte next to which a word ends in whatever layer it stands. */
static bool ends_word(unsigned char c)
{
    return c == '"' || c == ' ' || c == ',' || c == ':' || c == '=';
}

bool stands_in(hsn_str text, const char planted[PLANTED])
{
    hsn_str value = hsn_str_of(planted, PLANTED);
    for (size_t at = 0; (at += hsn_str_find(hsn_str_cut(text, at, text.n), value)) < text.n; at++) {
        bool begins = at == 0 || ends_word(text.p[at - 1]);
        size_t end = at + value.n;
        bool ends = end == text.n || ends_word(text.p[end]) ||
                    hsn_str_starts(hsn_str_cut(text, end, text.n), HSN_S("\\\""));
        if (begins && ends) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- JSON texts */

typedef struct token {
    hsn_json_kind kind;
    size_t off; /* raw span, without quotes */
    size_t len;
} token;

typedef struct tokens {
    token *v;
    size_t n;
    size_t cap;
} tokens;

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    tokens *t = ctx;
    if (t->n == t->cap) {
        t->cap = t->cap == 0 ? 64 : t->cap * 2;
        t->v = hsn_mem_grow(t->v, t->cap * sizeof *t->v);
        REQUIRE(t->v != NULL);
    }
    t->v[t->n++] = (token){ev->kind, ev->off, ev->len};
    return true;
}

/* In one go: what fuzz_json shows to be the same for any cuts. */
static bool read_tokens(hsn_str text, tokens *out)
{
    enum { DEPTH = 2000 }; /* beyond any that a target sets */
    size_t skip = hsn_str_starts(text, HSN_S("\xef\xbb\xbf")) ? 3 : 0;
    hsn_str rest = hsn_str_cut(text, skip, text.n);
    hsn_json *json = hsn_json_new(DEPTH);
    harsan_error err = {0};
    REQUIRE(json != NULL);
    bool ok = hsn_json_run(json, rest, 0, on_event, out, &err) != HSN_FAIL &&
              hsn_json_finish(json, rest, 0, on_event, out, &err) == HSN_OK;
    hsn_json_free(json);
    for (size_t i = 0; i < out->n; i++) {
        out->v[i].off += skip;
    }
    return ok;
}

bool is_json(hsn_str text)
{
    tokens t = {0};
    bool ok = read_tokens(text, &t);
    hsn_mem_free(t.v);
    return ok;
}

static hsn_str text_of(hsn_str s, const token *t)
{
    return hsn_str_cut(s, t->off, t->off + t->len);
}

static const char *token_differs(hsn_str was, hsn_str is, hsn_json_kind kind)
{
    if (kind == HSN_JSON_STRING || kind == HSN_JSON_KEY || hsn_str_eq(was, is)) {
        return NULL;
    }
    if (kind == HSN_JSON_NUMBER) {
        return hsn_str_eq(is, HSN_S("0")) ? NULL : "a number is neither what it was nor 0";
    }
    return "a literal or bracket changed";
}

static const char *tokens_differ(hsn_str a, const tokens *x, hsn_str b, const tokens *y)
{
    size_t end_a = 0;
    size_t end_b = 0;
    for (size_t i = 0; i < x->n && i < y->n; i++) {
        const token *s = &x->v[i];
        const token *t = &y->v[i];
        const char *why = s->kind != t->kind ? "a value has another type"
                                             : token_differs(text_of(a, s), text_of(b, t), s->kind);
        if (why != NULL) {
            return why;
        }
        if (!hsn_str_eq(hsn_str_cut(a, end_a, s->off), hsn_str_cut(b, end_b, t->off))) {
            return "bytes between the values changed";
        }
        end_a = s->off + s->len;
        end_b = t->off + t->len;
    }
    if (x->n != y->n) {
        return "values were added or lost";
    }
    return hsn_str_eq(hsn_str_cut(a, end_a, a.n), hsn_str_cut(b, end_b, b.n))
               ? NULL
               : "bytes behind the last value changed";
}

const char *differs(hsn_str a, hsn_str b)
{
    tokens x = {0};
    tokens y = {0};
    bool ok = read_tokens(a, &x);
    const char *why = !ok                   ? "it was no JSON"
                      : !read_tokens(b, &y) ? "it is no longer JSON"
                                            : tokens_differ(a, &x, b, &y);
    hsn_mem_free(x.v);
    hsn_mem_free(y.v);
    return why;
}

const harsan_rules *rules_of(unsigned packs)
{
    static harsan_rules *made[PACKS];
    harsan_error err;
    REQUIRE(made[packs] != NULL || harsan_rules_default(&made[packs], packs, &err) == HARSAN_OK);
    return made[packs];
}

int collect(void *buf, const void *data, size_t len)
{
    hsn_buf_add(buf, data, len);
    return hsn_buf_failed(buf);
}

uint64_t clean_text(hsn_str text, const harsan_rules *rules, const harsan_options *opt,
                    unsigned char key, hsn_buf *out)
{
    harsan *h;
    harsan_error err;
    harsan_facts facts;
    harsan_options options = *opt;
    options.write = collect;
    options.write_ctx = out;
    memset(options.key, key, sizeof options.key);
    REQUIRE(harsan_new(&h, rules, &options, &err) == HARSAN_OK);
    harsan_status status = HARSAN_AGAIN;
    for (int pass = 0; pass < 2 && status == HARSAN_AGAIN; pass++) {
        hsn_buf_reset(out);
        REQUIRE(harsan_feed(h, text.p, text.n) == HARSAN_OK);
        status = harsan_finish(h);
    }
    REQUIRE(status == HARSAN_OK);
    harsan_get_facts(h, &facts);
    harsan_free(h);
    return facts.findings;
}

void clean_for_good(hsn_str text, const harsan_rules *rules, const harsan_options *opt,
                    hsn_buf *once)
{
    hsn_buf twice = new_buf();
    clean_text(text, rules, opt, 1, once);
    REQUIRE(differs(text, hsn_buf_str(once)) == NULL);
    uint64_t found = clean_text(hsn_buf_str(once), rules, opt, 2, &twice);
    REQUIRE(differs(hsn_buf_str(once), hsn_buf_str(&twice)) == NULL);
    REQUIRE(hsn_str_eq(hsn_buf_str(once), hsn_buf_str(&twice)) && found == 0);
    hsn_buf_deinit(&twice);
}
