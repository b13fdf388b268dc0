/*
 * Helpers shared by the tests of the engine; see support.h.
 */
#include "support.h"

#include "peel.h"

#include <sodium.h>
#include <stdlib.h>

/* ---------------------------------------------------------------- sessions */

static int on_write(void *ctx, const void *data, size_t len)
{
    cleaned *c = ctx;
    hsn_buf_add(&c->out, data, len);
    return hsn_buf_failed(&c->out);
}

static void tell(cleaned *c, const char *text)
{
    if (text != NULL) {
        hsn_buf_printf(&c->told, "%s\n", text);
    }
}

static void on_finding(void *ctx, const harsan_finding *f)
{
    cleaned *c = ctx;
    const char *const texts[] = {f->rule,   f->what,     f->category,     f->place, f->name,
                                 f->layers, f->stand_in, f->learned_from, f->claims};
    for (size_t i = 0; i < COUNT(texts); i++) {
        tell(c, texts[i]);
    }
    spot_seen *grown = hsn_mem_grow(c->seen, (c->n_seen + 1) * sizeof *grown);
    assert_non_null(grown);
    c->seen = grown;
    c->seen[c->n_seen++] = (spot_seen){f->offset, f->line, f->column, f->value_id};
}

static void on_gap(void *ctx, const harsan_gap *g)
{
    cleaned *c = ctx;
    tell(c, g->place);
    tell(c, g->why);
    c->n_gaps++;
    c->n_gaps_replaced += g->replaced;
}

static harsan_status pour(harsan *h, hsn_str input, size_t chunk)
{
    harsan_status status = HARSAN_OK;
    for (size_t at = 0; at < input.n && status == HARSAN_OK;) {
        hsn_str piece = hsn_str_cut(input, at, chunk == 0 ? input.n : at + chunk);
        status = harsan_feed(h, piece.p, piece.n);
        at += piece.n;
    }
    return status == HARSAN_OK ? harsan_finish(h) : status;
}

/* Output, findings and gaps of a pass that does not count. */
static void discard(cleaned *c)
{
    hsn_buf_reset(&c->out);
    hsn_buf_reset(&c->told);
    c->n_seen = c->n_gaps = c->n_gaps_replaced = 0;
    c->again = true;
}

static harsan_status run_passes(harsan *h, const job *j, hsn_str input, cleaned *out)
{
    harsan_status status = pour(h, input, j->chunk);
    if (status == HARSAN_AGAIN) {
        assert_int_equal(j->learn, AS_NEEDED);
        discard(out);
        status = pour(h, input, j->chunk);
        assert_int_not_equal(status, HARSAN_AGAIN);
    }
    return status;
}

void clean(const job *j, hsn_str input, cleaned *out)
{
    *out = (cleaned){.out = new_buf(), .told = new_buf()};
    harsan_options options = j->options;
    options.one_pass = j->learn == ONE_PASS;
    options.write = on_write;
    options.on_finding = on_finding;
    options.on_gap = on_gap;
    options.write_ctx = options.event_ctx = out;
    if (j->random_key) {
        harsan_random_key(options.key);
    } else if (sodium_is_zero(options.key, sizeof options.key)) {
        options.key[0] = 1;
    }
    harsan *h;
    out->status = harsan_new(&h, j->rules, &options, &out->err);
    assert_int_equal(out->status, HARSAN_OK);
    out->status = run_passes(h, j, input, out);
    out->err = *harsan_last_error(h);
    harsan_get_facts(h, &out->facts);
    harsan_free(h);
    assert_false(hsn_buf_failed(&out->told));
}

void cleaned_free(cleaned *c)
{
    hsn_buf_deinit(&c->out);
    hsn_buf_deinit(&c->told);
    hsn_mem_free(c->seen);
    *c = (cleaned){0};
}

harsan_rules *default_rules(unsigned packs)
{
    harsan_rules *r;
    harsan_error err;
    assert_int_equal(harsan_rules_default(&r, packs, &err), HARSAN_OK);
    return r;
}

harsan_rules *no_rules(void)
{
    harsan_rules *r;
    harsan_error err;
    assert_int_equal(harsan_rules_parse(&r, "", 0, false, 0, &err), HARSAN_OK);
    return r;
}

/* ---------------------------------------------------------------- buffers and files */

hsn_buf new_buf(void)
{
    hsn_buf b;
    hsn_buf_init(&b, BIG);
    return b;
}

bool buf_holds(const hsn_buf *b, const char *what)
{
    hsn_str s = hsn_buf_str(b);
    return hsn_str_find(s, hsn_str_z(what)) < s.n;
}

void drop_all(hsn_buf *const *list)
{
    for (; *list != NULL; list++) {
        hsn_buf_deinit(*list);
    }
}

void buf_repeat(hsn_buf *out, const char *what, size_t times)
{
    hsn_str s = hsn_str_z(what);
    for (size_t i = 0; i < times; i++) {
        hsn_buf_add_str(out, s);
    }
}

void read_file(const char *path, hsn_buf *out)
{
    enum { PIECE = 1 << 16 };
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        print_error("%s cannot be read\n", path);
        fail();
        return;
    }
    *out = new_buf();
    size_t n;
    do {
        assert_true(hsn_buf_reserve(out, PIECE));
        n = fread(out->p + out->n, 1, PIECE, f);
        out->n += n;
    } while (n > 0);
    assert_int_equal(ferror(f), 0);
    fclose(f);
}

void write_file(const char *path, hsn_str text)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
}

hsn_inflate inflate_whole(hsn_str src, hsn_deflate how, hsn_buf *out)
{
    hsn_stream_end end;
    const size_t before = out->n;
    hsn_inflate got = hsn_inflate_some(src, how, &end, out);
    if (got == HSN_INFLATE_OK && (end.open || end.took < src.n)) {
        out->n = before;
        got = HSN_INFLATE_NOT;
    }
    return got;
}

void read_lines(const char *path, lines *out)
{
    *out = (lines){0};
    read_file(path, &out->text);
    hsn_str all = hsn_buf_str(&out->text);
    size_t most = 1;
    for (size_t i = 0; i < all.n; i++) {
        most += all.p[i] == '\n';
    }
    out->v = hsn_mem_zero(most, sizeof *out->v);
    assert_non_null(out->v);
    for (size_t from = 0; from < all.n;) {
        size_t to = from + hsn_str_chr(hsn_str_cut(all, from, all.n), '\n');
        if (to > from) {
            out->v[out->n++] = hsn_str_cut(all, from, to);
        }
        from = to + 1;
    }
}

void lines_free(lines *l)
{
    hsn_buf_deinit(&l->text);
    hsn_mem_free(l->v);
    *l = (lines){0};
}

void assert_same(hsn_str got, hsn_str want, const char *label)
{
    if (hsn_str_eq(got, want)) {
        return;
    }
    enum { SHOWN = 60 };
    size_t at = 0;
    while (at < got.n && at < want.n && got.p[at] == want.p[at]) {
        at++;
    }
    size_t from = at > SHOWN / 2 ? at - SHOWN / 2 : 0;
    hsn_str a = hsn_str_cut(got, from, from + SHOWN);
    hsn_str b = hsn_str_cut(want, from, from + SHOWN);
    print_error("%s: %zu bytes for %zu, they part at %zu:\n  got  \"%.*s\"\n  want \"%.*s\"\n",
                label, got.n, want.n, at, (int)a.n, a.n > 0 ? (const char *)a.p : "", (int)b.n,
                b.n > 0 ? (const char *)b.p : "");
    fail();
}

/* ---------------------------------------------------------------- random numbers */

uint64_t prng_next(prng *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

size_t prng_below(prng *r, size_t n)
{
    return (size_t)(prng_next(r) % n);
}

bool prng_one_in(prng *r, size_t n)
{
    return prng_below(r, n) == 0;
}

void prng_alnum(prng *r, char *out, size_t n)
{
    static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
    for (size_t i = 0; i < n; i++) {
        /* a digit in every third place: no value reads like a word */
        size_t c = i % 3 == 2 ? 24 + prng_below(r, 8) : prng_below(r, 32);
        out[i] = alphabet[c];
    }
    out[n] = '\0';
}

/* ---------------------------------------------------------------- JSON texts */

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    tokens *t = ctx;
    if (t->n == t->cap) {
        t->cap = t->cap == 0 ? 64 : t->cap * 2;
        t->v = hsn_mem_grow(t->v, t->cap * sizeof *t->v);
        assert_non_null(t->v);
    }
    t->v[t->n++] = (token){ev->kind, ev->off, ev->len};
    return true;
}

static size_t bom(hsn_str text)
{
    return hsn_str_starts(text, HSN_S("\xef\xbb\xbf")) ? 3 : 0;
}

bool tokens_read(hsn_str text, tokens *out)
{
    *out = (tokens){0};
    hsn_json *json = hsn_json_new(2000);
    assert_non_null(json);
    harsan_error err = {0};
    size_t skip = bom(text);
    hsn_str rest = hsn_str_cut(text, skip, text.n);
    bool ok = hsn_json_run(json, rest, 0, on_event, out, &err) != HSN_FAIL &&
              hsn_json_finish(json, rest, 0, on_event, out, &err) == HSN_OK;
    hsn_json_free(json);
    for (size_t i = 0; i < out->n; i++) {
        out->v[i].off += skip;
    }
    return ok;
}

void tokens_free(tokens *t)
{
    hsn_mem_free(t->v);
    *t = (tokens){0};
}

static hsn_str text_of(hsn_str s, const token *t)
{
    return hsn_str_cut(s, t->off, t->off + t->len);
}

static bool holds(hsn_str s, const char *what)
{
    return hsn_str_find(s, hsn_str_z(what)) < s.n;
}

/* What is wrong with token y in the place of token x. */
static const char *token_differs(hsn_str a, const token *x, hsn_str b, const token *y)
{
    hsn_str was = text_of(a, x);
    hsn_str is = text_of(b, y);
    if (x->kind != y->kind) {
        return "a value has another type";
    }
    if (x->kind == HSN_JSON_STRING || hsn_str_eq(was, is)) {
        return NULL;
    }
    if (x->kind == HSN_JSON_NUMBER) {
        return hsn_str_eq(is, HSN_S("0")) ? NULL : "a number is neither what it was nor 0";
    }
    if (x->kind == HSN_JSON_KEY) {
        return holds(is, "redacted") || holds(is, "5afe") ? NULL : "a key changed";
    }
    return "a literal or bracket changed";
}

static const char *tokens_differ(hsn_str a, const tokens *x, hsn_str b, const tokens *y)
{
    size_t end_a = 0;
    size_t end_b = 0;
    for (size_t i = 0; i < x->n && i < y->n; i++) {
        const char *why = token_differs(a, &x->v[i], b, &y->v[i]);
        if (why != NULL) {
            return why;
        }
        if (!hsn_str_eq(hsn_str_cut(a, end_a, x->v[i].off), hsn_str_cut(b, end_b, y->v[i].off))) {
            return "bytes between the values changed";
        }
        end_a = x->v[i].off + x->v[i].len;
        end_b = y->v[i].off + y->v[i].len;
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
    tokens x;
    tokens y;
    bool ok = tokens_read(a, &x);
    assert_true(ok);
    const char *why = tokens_read(b, &y) ? tokens_differ(a, &x, b, &y) : "it is no longer JSON";
    tokens_free(&x);
    tokens_free(&y);
    return why;
}

/* ---------------------------------------------------------------- texts inside */

/* Two texts that should agree in structure; both owned. */
typedef struct pair {
    hsn_buf a;
    hsn_buf b;
} pair;

typedef struct pairs {
    pair *v;
    size_t n;
} pairs;

static pair *new_pair(pairs *p)
{
    pair *grown = hsn_mem_grow(p->v, (p->n + 1) * sizeof *grown);
    assert_non_null(grown);
    p->v = grown;
    p->v[p->n] = (pair){new_buf(), new_buf()};
    return &p->v[p->n++];
}

static void add_strings(pairs *p, hsn_str a, const tokens *x, hsn_str b, const tokens *y)
{
    for (size_t i = 0; i < x->n; i++) {
        hsn_str was = text_of(a, &x->v[i]);
        hsn_str is = text_of(b, &y->v[i]);
        if (x->v[i].kind == HSN_JSON_STRING && !hsn_str_eq(was, is)) {
            pair *new = new_pair(p);
            assert_true(hsn_peel_escape(&hsn_escape_json, was, &new->a));
            assert_true(hsn_peel_escape(&hsn_escape_json, is, &new->b));
        }
    }
}

static bool looks_json(hsn_str s)
{
    return s.n > 1 &&
           ((s.p[0] == '{' && s.p[s.n - 1] == '}') || (s.p[0] == '[' && s.p[s.n - 1] == ']'));
}

static const char *json_differs(pairs *p, hsn_str a, hsn_str b)
{
    tokens x;
    tokens y = {0};
    const char *why = NULL;
    if (tokens_read(a, &x)) {
        why = tokens_read(b, &y) ? tokens_differ(a, &x, b, &y) : "JSON inside is no longer JSON";
        if (why == NULL) {
            add_strings(p, a, &x, b, &y);
        }
    }
    tokens_free(&x);
    tokens_free(&y);
    return why;
}

static bool is_printable(hsn_str s)
{
    size_t odd = 0;
    for (size_t i = 0; i < s.n; i++) {
        odd += s.p[i] < 0x20 && !hsn_is_space(s.p[i]);
    }
    return s.n > 0 && odd == 0;
}

static const char *coded_differs(pairs *p, hsn_str a, hsn_str b)
{
    enum { LONG = 64 }; /* a shorter one may be a value that only looks like base64 */
    hsn_base64 how;
    hsn_deflate deflate;
    pair plain = {new_buf(), new_buf()};
    const char *why = NULL;
    bool coded = a.n >= LONG && hsn_base64_decode(a, &how, &plain.a);
    bool packed = coded && hsn_deflate_sniff(hsn_buf_str(&plain.a), &deflate);
    if (coded && (packed || is_printable(hsn_buf_str(&plain.a)))) {
        if (!hsn_base64_decode(b, &how, &plain.b)) {
            why = "base64 inside is no longer base64";
        } else if (packed) {
            pair *new = new_pair(p);
            if (inflate_whole(hsn_buf_str(&plain.a), deflate, &new->a) == HSN_INFLATE_OK &&
                inflate_whole(hsn_buf_str(&plain.b), deflate, &new->b) != HSN_INFLATE_OK) {
                why = "compressed data inside is no longer such";
            }
        } else {
            pair *new = new_pair(p);
            hsn_buf_add_str(&new->a, hsn_buf_str(&plain.a));
            hsn_buf_add_str(&new->b, hsn_buf_str(&plain.b));
        }
    }
    hsn_buf_deinit(&plain.a);
    hsn_buf_deinit(&plain.b);
    return why;
}

const char *differs_inside(hsn_str a, hsn_str b)
{
    pairs todo = {0};
    pair *first = new_pair(&todo);
    const char *why = NULL;
    hsn_buf_add_str(&first->a, a);
    hsn_buf_add_str(&first->b, b);
    for (size_t i = 0; i < todo.n && why == NULL; i++) {
        hsn_str was = hsn_buf_str(&todo.v[i].a);
        hsn_str is = hsn_buf_str(&todo.v[i].b);
        why = looks_json(was) ? json_differs(&todo, was, is) : coded_differs(&todo, was, is);
    }
    for (size_t i = 0; i < todo.n; i++) {
        hsn_buf_deinit(&todo.v[i].a);
        hsn_buf_deinit(&todo.v[i].b);
    }
    hsn_mem_free(todo.v);
    return why;
}
