/*
 * Mutations of a HAR; see shape.h.
 *
 * One value is taken and replaced: by a piece of a HAR, by another value of the text, by what
 * libFuzzer makes of its contents, or by itself in a layer more. Names and brackets stay, so what
 * was JSON is JSON.
 */
#include "shape.h"

#include "check.h"
#include "json.h"
#include "peel.h"

enum {
    STEER = 7, /* bytes in front of the text of fuzz_clean */
    VALUES = 512,
    CONTENT = 4096
};

/* ---------------------------------------------------------------- pieces */

/* ~P is the planted value, see fuzz_clean.c. */
static const char *const pieces[] = {
    "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"x\",\"version\":\"1\"},\"entries\":[{}]}"
    "}",
    "{\"startedDateTime\":\"2026-11-21T10:00:00.000Z\",\"time\":12,\"request\":{\"method\":"
    "\"POST\","
    "\"url\":\"https://www.example.net/a?x=1\",\"headers\":[],\"cookies\":[],\"queryString\":[]},"
    "\"response\":{\"status\":200,\"headers\":[],\"content\":{\"mimeType\":\"text/plain\"}}}",
    "{\"name\":\"Cookie\",\"value\":\"sid=~P; lang=en\"}",
    "{\"name\":\"Set-Cookie\",\"value\":\"sid=~P; Path=/; HttpOnly\"}",
    "{\"name\":\"Authorization\",\"value\":\"Bearer ~P\"}",
    "{\"name\":\"Location\",\"value\":\"https://u:~P@www.example.net/cb?code=~P&x=1\"}",
    "{\"name\":\"X-Thing\",\"value\":\"a=1, b=~P\"}",
    "{\"name\":\"access_token\",\"value\":\"~P\"}",
    "{\"mimeType\":\"application/"
    "json\",\"text\":\"{\\\"token\\\":\\\"~P\\\",\\\"a\\\":[1,null]}\"}",
    "{\"mimeType\":\"application/x-www-form-urlencoded\",\"text\":\"a=1&password=~P\",\"params\":["
    "{\"name\":\"password\",\"value\":\"~P\"}]}",
    "{\"mimeType\":\"text/html\",\"text\":\"<input name='csrf' value='~P'><p>a &amp; b</p>\"}",
    "{\"size\":3,\"mimeType\":\"text/csv\",\"text\":\"id,password\\n1,~P\\n\"}",
    "{\"mimeType\":\"multipart/form-data; boundary=b\",\"text\":\"--b\\r\\nContent-Disposition: "
    "form-data; name=pin\\r\\n\\r\\n~P\\r\\n--b--\"}",
    "\"const c = {token: '~P', n: [1, 2]}; // \\\\x41\"",
    "\"see ~P, and ann@example.com.br\"",
    "\"~L ~P\"",
    "\"~B\"",
    "[{\"a\":1},{\"a\":2},[],{}]",
    "12345678",
    "null"};

/* ---------------------------------------------------------------- values of the text */

typedef struct span {
    size_t off;
    size_t end;
    bool string;
} span;

typedef struct spans {
    span at[VALUES];
    size_t n;
    size_t open[VALUES]; /* containers that are not closed, by their place in `at` */
    size_t depth;
} spans;

static void add(spans *s, size_t off, size_t end, bool string)
{
    s->at[s->n++] = (span){off, end, string};
}

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    spans *s = ctx;
    switch (ev->kind) {
    case HSN_JSON_OPEN_OBJECT:
    case HSN_JSON_OPEN_ARRAY:
        s->open[s->depth++] = s->n;
        add(s, ev->off, 0, false);
        break;
    case HSN_JSON_CLOSE_OBJECT:
    case HSN_JSON_CLOSE_ARRAY:
        s->at[s->open[--s->depth]].end = ev->off + 1;
        break;
    case HSN_JSON_STRING:
        add(s, ev->off - 1, ev->off + ev->len + 1, true);
        break;
    case HSN_JSON_NUMBER:
    case HSN_JSON_LITERAL:
        add(s, ev->off, ev->off + ev->len, false);
        break;
    case HSN_JSON_KEY:
    case HSN_JSON_RECORD:
        break;
    }
    return s->n < VALUES;
}

static bool read_spans(hsn_str text, spans *s)
{
    hsn_json *json = hsn_json_new(VALUES);
    harsan_error err = {0};
    REQUIRE(json != NULL);
    bool ok = hsn_json_run(json, text, 0, on_event, s, &err) != HSN_FAIL &&
              hsn_json_finish(json, text, 0, on_event, s, &err) == HSN_OK;
    hsn_json_free(json);
    return ok && s->n > 0 && s->n < VALUES && s->depth == 0;
}

/* ---------------------------------------------------------------- one change */

static size_t below(uint64_t *state, size_t n)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(*state >> 33) % n;
}

static void put_string(hsn_buf *out, hsn_str content)
{
    hsn_buf_put(out, '"');
    hsn_escape_json.write(out, content);
    hsn_buf_put(out, '"');
}

/* By libFuzzer, where it runs the target: the new length. */
static size_t mutate_any(uint8_t *p, size_t n, size_t max)
{
    return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(p, n, max) : n;
}

/* The contents of a string, changed as bytes. */
static void put_changed(hsn_buf *out, hsn_str content)
{
    uint8_t bytes[CONTENT];
    size_t n = content.n < CONTENT / 2 ? content.n : CONTENT / 2;
    if (n > 0) {
        memcpy(bytes, content.p, n);
    }
    n = mutate_any(bytes, n, CONTENT);
    put_string(out, hsn_str_of(bytes, n));
}

/* The same in a layer more. */
static void put_wrapped(hsn_buf *out, hsn_str content, unsigned layer)
{
    const hsn_base64 how = {.padded = true};
    hsn_buf coded = new_buf();
    hsn_buf packed = new_buf();
    switch (layer) {
    case 0:
        hsn_base64_encode(&coded, content, &how);
        break;
    case 1:
        REQUIRE(hsn_deflate_all(content, HSN_GZIP, &packed));
        hsn_base64_encode(&coded, hsn_buf_str(&packed), &how);
        break;
    case 2:
        for (size_t i = 0; i < content.n; i++) {
            hsn_buf_printf(&coded, hsn_is_alnum(content.p[i]) ? "%c" : "%%%02X", content.p[i]);
        }
        break;
    case 3:
        hsn_buf_printf(&coded, "{\"a\":");
        put_string(&coded, content);
        hsn_buf_put(&coded, '}');
        break;
    default:
        hsn_buf_printf(&coded, "x=1&password=");
        hsn_buf_add_str(&coded, content);
        break;
    }
    put_string(out, hsn_buf_str(&coded));
    hsn_buf_deinit(&coded);
    hsn_buf_deinit(&packed);
}

static void put_new(hsn_buf *out, hsn_str text, const spans *s, const span *old, uint64_t *state)
{
    enum { LAYERS = 5 };
    hsn_str raw = hsn_str_cut(text, old->off, old->end);
    hsn_buf content = new_buf();
    size_t what = below(state, 4);
    bool string =
        old->string && hsn_peel_escape(&hsn_escape_json, hsn_str_cut(raw, 1, raw.n - 1), &content);
    if (string && what <= 1) {
        put_changed(out, hsn_buf_str(&content));
    } else if (string && what == 2) {
        put_wrapped(out, hsn_buf_str(&content), (unsigned)below(state, LAYERS));
    } else if (what % 2 == 0) {
        hsn_buf_printf(out, "%s", pieces[below(state, HSN_COUNT(pieces))]);
    } else {
        const span *other = &s->at[below(state, s->n)];
        hsn_buf_add_str(out, hsn_str_cut(text, other->off, other->end));
    }
    hsn_buf_deinit(&content);
}

/* In an array another one may stand beside it. */
static bool is_element(hsn_str text, const span *v)
{
    return v->off > 0 && (text.p[v->off - 1] == '[' || text.p[v->off - 1] == ',') &&
           v->end < text.n && (text.p[v->end] == ']' || text.p[v->end] == ',') &&
           text.p[v->off] == '{';
}

size_t shape_mutate(uint8_t *text, size_t n, size_t max, unsigned seed)
{
    static spans s;
    uint64_t state = seed;
    s.n = s.depth = 0;
    hsn_str was = hsn_str_of(text, n);
    if (!read_spans(was, &s)) {
        return 0;
    }
    const span *old = &s.at[below(&state, s.n)];
    hsn_buf out = new_buf();
    hsn_buf_add_str(&out, hsn_str_cut(was, 0, old->off));
    put_new(&out, was, &s, old, &state);
    if (is_element(was, old) && below(&state, 2) == 0) {
        hsn_buf_put(&out, ',');
        hsn_buf_add_str(&out, hsn_str_cut(was, old->off, old->end));
    }
    hsn_buf_add_str(&out, hsn_str_cut(was, old->end, n));
    size_t made = out.n <= max && !hsn_buf_failed(&out) ? out.n : 0;
    REQUIRE(made == 0 || is_json(hsn_buf_str(&out)));
    if (made > 0) {
        memcpy(text, out.p, made);
    }
    hsn_buf_deinit(&out);
    return made;
}

/* ---------------------------------------------------------------- libFuzzer */

static size_t begin_anew(uint8_t *data, size_t max)
{
    hsn_str first = hsn_str_z(pieces[0]);
    if (max < STEER + first.n) {
        return 0;
    }
    memset(data, 0, STEER);
    memcpy(data + STEER, first.p, first.n);
    return STEER + first.n;
}

/* Mostly a value of the text, now and then the bytes that steer, or any. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    enum { STEERS = 1, ANY = 2, CHOICES = 16 };
    uint64_t state = seed;
    size_t choice = below(&state, CHOICES);
    size_t made = 0;
    if (size > STEER && choice == STEERS) {
        (void)mutate_any(data, STEER, STEER);
        return size;
    }
    if (size > STEER && max > STEER && choice != ANY) {
        made = shape_mutate(data + STEER, size - STEER, max - STEER, (unsigned)state);
    }
    if (made > 0) {
        return STEER + made;
    }
    made = choice % 4 == 3 ? begin_anew(data, max) : 0;
    return made > 0 ? made : mutate_any(data, size, max);
}
