/*
 * Leaving out, over every sample: for every FROM-TO the entries kept are there byte for byte and in
 * order, and so is all that is not entries; bodies become markers and nothing else changes; --fit
 * gives up in its order, more with every step, and never what it has to keep. And which entries the
 * filter keeps.
 */
#include "support.h"

#include "cli.h"

#include <glob.h>
#include <stdlib.h>

/* ---------------------------------------------------------------- entries of a text */

enum { ENTRIES_MAX = 64 };

typedef struct entry {
    harsan_span all, request, response;
    uint64_t index;
    double status;
    bool failed;
    cli_body request_body, response_body;
} entry;

typedef struct entries {
    entry v[ENTRIES_MAX];
    size_t n;
} entries;

static void on_entry(void *ctx, const harsan_view_entry *e)
{
    entries *es = ctx;
    assert_true(es->n < ENTRIES_MAX);
    es->v[es->n++] = (entry){
        .all = e->all,
        .request = e->request_text,
        .response = e->response_text,
        .index = e->index,
        .failed = e->status >= 400 || e->status <= 0 || *e->error != '\0',
        .request_body = cli_body_of(e->request_mime_type, ""),
        .response_body = cli_body_of(e->mime_type, e->resource_type),
    };
}

static void read_entries(hsn_str text, entries *es)
{
    harsan_view *v;
    harsan_error err;
    const harsan_view_sink sink = {.entry = on_entry, .ctx = es};
    es->n = 0;
    assert_int_equal(harsan_view_new(&v, &sink, &err), HARSAN_OK);
    assert_int_equal(harsan_view_feed(v, text.p, text.n), HARSAN_OK);
    assert_int_equal(harsan_view_finish(v), HARSAN_OK);
    harsan_view_free(v);
}

static hsn_str span_of(hsn_str text, harsan_span s)
{
    return hsn_str_cut(text, (size_t)s.offset, (size_t)(s.offset + s.len));
}

static size_t end_of(harsan_span s)
{
    return (size_t)(s.offset + s.len);
}

/* ---------------------------------------------------------------- trimming */

typedef struct trimmed {
    cli_spool *text;
    cli_filter *filter;
    cli_trim *trim;
} trimmed;

static void open_trim(trimmed *t, hsn_str text, const cli_opts *o)
{
    t->text = cli_spool_new();
    assert_non_null(t->text);
    assert_true(cli_spool_add(t->text, text.p, text.n));
    assert_int_equal(cli_filter_open(&t->filter, o, "test"), CLI_OK);
    for (size_t at = 0; t->filter != NULL && at < text.n; at += 1000) {
        hsn_str piece = hsn_str_cut(text, at, at + 1000);
        assert_int_equal(cli_filter_feed(t->filter, piece.p, piece.n), CLI_OK);
    }
    assert_int_equal(cli_trim_open(&t->trim, t->text, o, t->filter, "test"), CLI_OK);
}

static void close_trim(trimmed *t)
{
    cli_trim_close(t->trim);
    cli_filter_close(t->filter);
    cli_spool_free(t->text);
}

static cli_exit add(void *ctx, const void *data, size_t len)
{
    hsn_buf_add(ctx, data, len);
    return CLI_OK;
}

static void send(trimmed *t, hsn_buf *out)
{
    hsn_buf_reset(out);
    assert_int_equal(cli_trim_send(t->trim, add, out), CLI_OK);
    assert_false(hsn_buf_failed(out));
}

static void trim(hsn_str text, const cli_opts *o, hsn_buf *out)
{
    trimmed t;
    open_trim(&t, text, o);
    send(&t, out);
    close_trim(&t);
}

/* Calls `check` with the name and the text of every HAR among the samples. */
static void each_sample(void (*check)(const char *name, hsn_str text))
{
    glob_t found;
    assert_int_equal(glob("samples/*.clean.har", 0, NULL, &found), 0);
    assert_true(found.gl_pathc > 8);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        hsn_buf text = new_buf();
        read_file(found.gl_pathv[i], &text);
        check(found.gl_pathv[i], hsn_buf_str(&text));
        hsn_buf_deinit(&text);
    }
    globfree(&found);
}

/* ---------------------------------------------------------------- entries */

static void check_range(const char *name, hsn_str text, const entries *in, size_t from, size_t to)
{
    char range[64];
    const char *words[] = {range};
    cli_opts o = {.entries = {words, 1}};
    hsn_buf out = new_buf();
    entries left;
    tokens t;
    snprintf(range, sizeof range, "%zu-%zu", from, to);
    trim(text, &o, &out);
    hsn_str s = hsn_buf_str(&out);
    assert_true(tokens_read(s, &t));
    tokens_free(&t);
    read_entries(s, &left);
    size_t last = to < in->n ? to : in->n - 1;
    size_t want = in->n > 0 && from < in->n ? last - from + 1 : 0;
    assert_int_equal(left.n, want);
    for (size_t i = 0; i < want; i++) {
        assert_same(span_of(s, left.v[i].all), span_of(text, in->v[from + i].all), name);
        if (i > 0) { /* and what stands between two of them */
            size_t a = end_of(left.v[i - 1].all), b = end_of(in->v[from + i - 1].all);
            assert_same(hsn_str_cut(s, a, (size_t)left.v[i].all.offset),
                        hsn_str_cut(text, b, (size_t)in->v[from + i].all.offset), name);
        }
    }
    if (in->n > 0) {
        size_t head = (size_t)in->v[0].all.offset;
        size_t tail = text.n - end_of(in->v[in->n - 1].all);
        assert_same(hsn_str_cut(s, 0, head), hsn_str_cut(text, 0, head), name);
        assert_same(hsn_str_cut(s, s.n - tail, s.n), hsn_str_cut(text, text.n - tail, text.n),
                    name);
        assert_true(want > 0 || s.n == head + tail);
    }
    hsn_buf_deinit(&out);
}

static void check_ranges(const char *name, hsn_str text)
{
    entries in;
    read_entries(text, &in);
    for (size_t from = 0; from <= in.n; from++) {
        for (size_t to = from; to <= in.n; to++) {
            check_range(name, text, &in, from, to);
        }
    }
}

static void test_ranges(void **state)
{
    (void)state;
    each_sample(check_ranges);
}

/* What a list of ranges makes of a text. */
static void expect(const char *text, const char *ranges, const char *want)
{
    const char *words[] = {ranges};
    cli_opts o = {.entries = {words, 1}};
    hsn_buf out = new_buf();
    trim(hsn_str_z(text), &o, &out);
    assert_same(hsn_buf_str(&out), hsn_str_z(want), ranges);
    hsn_buf_deinit(&out);
}

static void test_commas(void **state)
{
    (void)state;
    static const char text[] = "{\"log\":{\"entries\": [ {} , {\"a\":1}\n,2, {} ] }}";
    expect(text, "0-3", text);
    expect(text, "1", "{\"log\":{\"entries\": [ {\"a\":1} ] }}");
    expect(text, "0,3", "{\"log\":{\"entries\": [ {}, {} ] }}");
    expect(text, "0", "{\"log\":{\"entries\": [ {} ] }}");
    expect(text, "2-", "{\"log\":{\"entries\": [ 2, {} ] }}");
    expect(text, "7", "{\"log\":{\"entries\": [  ] }}");
    expect("{\"log\":{\"entries\":[]}}", "0", "{\"log\":{\"entries\":[]}}");
    expect("[{\"log\":{\"entries\":[1,2]}}]", "7", "[{\"log\":{\"entries\":[1,2]}}]");
    /* two lists: each by its own numbers */
    expect("{\"log\":{\"entries\":[1,2],\"entries\":[3,4]}}", "0",
           "{\"log\":{\"entries\":[1],\"entries\":[3]}}");
    expect("{\"log\":{\"entries\":[1,2],\"entries\":[3,4]}}", "1",
           "{\"log\":{\"entries\":[2],\"entries\":[4]}}");
    expect("{\"log\":{\"entries\":[1,2],\"entries\":[3,4]}}", "2",
           "{\"log\":{\"entries\":[],\"entries\":[]}}");
}

/* ---------------------------------------------------------------- bodies */

static const char marker[] = "\"[body left out by harsan]\"";

static void put_body(hsn_buf *out, hsn_str text, harsan_span span, size_t *at, unsigned drop,
                     cli_body body, bool base64)
{
    if (span.len <= sizeof marker - 1 + (base64 ? 12 : 0) || (drop >> body & 1) == 0) {
        return;
    }
    hsn_buf_add_str(out, hsn_str_cut(text, *at, (size_t)span.offset));
    hsn_buf_printf(out, "%s", base64 ? "\"W2JvZHkgbGVmdCBvdXQgYnkgaGFyc2FuXQ==\"" : marker);
    *at = end_of(span);
}

/* The samples' bodies are plain or base64 by their type alone: told by the text itself. */
static bool is_base64(hsn_str text, harsan_span span)
{
    hsn_str rest = hsn_str_cut(text, end_of(span), end_of(span) + 60);
    hsn_str before = hsn_str_cut(text, (size_t)span.offset - 60, (size_t)span.offset);
    return hsn_str_find(rest, HSN_S("\"base64\"")) < rest.n ||
           hsn_str_find(before, HSN_S("\"base64\"")) < before.n;
}

static void check_bodies(const char *name, hsn_str text)
{
    entries in;
    read_entries(text, &in);
    for (unsigned drop = 1; drop < 1u << (CLI_N_BODIES + 1); drop = drop * 2 + 1) {
        cli_opts o = {.drop = drop};
        hsn_buf out = new_buf(), want = new_buf();
        size_t at = 0;
        for (size_t i = 0; i < in.n; i++) {
            const entry *e = &in.v[i];
            bool late = e->request.offset > e->response.offset;
            bool base64 = e->response.len > 0 && is_base64(text, e->response);
            for (unsigned turn = 0; turn < 2; turn++) {
                if ((turn == 0) != late) {
                    put_body(&want, text, e->request, &at, drop, e->request_body, false);
                } else {
                    put_body(&want, text, e->response, &at, drop, e->response_body, base64);
                }
            }
        }
        hsn_buf_add_str(&want, hsn_str_cut(text, at, text.n));
        trim(text, &o, &out);
        assert_same(hsn_buf_str(&out), hsn_buf_str(&want), name);
        hsn_buf again = new_buf(); /* a marker stays a marker */
        trim(hsn_buf_str(&out), &o, &again);
        assert_same(hsn_buf_str(&again), hsn_buf_str(&out), name);
        hsn_buf_deinit(&again);
        hsn_buf_deinit(&out);
        hsn_buf_deinit(&want);
    }
}

static void test_bodies(void **state)
{
    (void)state;
    each_sample(check_bodies);
}

static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *mime, *resource;
        cli_body body;
    } table[] = {
        {"image/png", "", CLI_BODY_IMAGE},
        {"IMAGE/SVG+XML; charset=utf-8", "", CLI_BODY_IMAGE},
        {"video/mp4", "", CLI_BODY_MEDIA},
        {"font/woff2", "", CLI_BODY_FONT},
        {"application/font-woff", "", CLI_BODY_FONT},
        {"text/javascript", "", CLI_BODY_SCRIPT},
        {"application/x-javascript; charset=x", "", CLI_BODY_SCRIPT},
        {" text/css ;a=b", "", CLI_BODY_STYLE},
        {"text/html", "", CLI_BODY_HTML},
        {"application/json", "", CLI_BODY_JSON},
        {"application/vnd.api+json", "", CLI_BODY_JSON},
        {"application/xml", "", CLI_BODY_TEXT},
        {"text/plain", "document", CLI_BODY_TEXT},
        {"", "Image", CLI_BODY_IMAGE},
        {"application/octet-stream", "font", CLI_BODY_FONT},
        {"x-unknown", "stylesheet", CLI_BODY_STYLE},
        {"", "", CLI_BODY_OTHER},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_int_equal(cli_body_of(table[i].mime, table[i].resource), table[i].body);
    }
    assert_int_equal(cli_body_list("media"), 1);
    assert_int_equal(cli_body_list("font,media"), 1 << CLI_BODY_FONT | 1);
    assert_int_equal(cli_body_list("all"), (1 << CLI_N_BODIES) - 1);
    static const char *const wrong[] = {"", ",", "font,", "fonts", "all,x", "FONT"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(cli_body_list(wrong[i]), 0);
    }
}

/* ---------------------------------------------------------------- fitting */

static void put_entry(hsn_buf *b, prng *r, const char *mime, int status, size_t len)
{
    hsn_buf_printf(b,
                   "%s{\"request\":{\"method\":\"GET\",\"url\":\"https://h/%zu\"},\"response\":"
                   "{\"status\":%d,\"content\":{\"size\":%zu,\"mimeType\":\"%s\",\"text\":\"",
                   b->p[b->n - 1] == '[' ? "" : ",\n", len, status, len, mime);
    for (size_t i = 0; i < len; i++) {
        hsn_buf_put(b, (unsigned char)('a' + prng_below(r, 26)));
    }
    hsn_buf_printf(b, "\"}}}");
}

/* Sixty bodies of all kinds and lengths, some of them of failed requests. */
static void make_har(hsn_buf *b)
{
    static const char *const mimes[] = {"image/png", "font/woff", "text/javascript",
                                        "text/css",  "text/html", "application/json"};
    prng r = {7};
    hsn_buf_printf(b, "{\"log\":{\"entries\":[");
    for (size_t i = 0; i < 60; i++) {
        put_entry(b, &r, mimes[i % 6],
                  i % 10 == 9    ? 500
                  : i % 15 == 14 ? 0
                                 : 200,
                  500 + prng_below(&r, 20000));
    }
    hsn_buf_printf(b, "]}}\n");
}

/* What is left of the text: is everything there that must be? */
static void check_kept(hsn_str text, hsn_str out)
{
    entries before, after;
    read_entries(text, &before);
    read_entries(out, &after);
    assert_int_equal(before.n, after.n);
    uint64_t shortest_gone = UINT64_MAX, longest_kept = 0;
    cli_body last_gone = CLI_BODY_MEDIA;
    for (size_t i = 0; i < before.n; i++) {
        const entry *b = &before.v[i], *a = &after.v[i];
        bool gone = a->response.len != b->response.len;
        assert_true(!gone || (!b->failed && b->response.len >= 4096));
        assert_true(gone || hsn_str_eq(span_of(out, a->response), span_of(text, b->response)));
        assert_int_equal(b->all.len - b->response.len, a->all.len - a->response.len);
        last_gone = gone && b->response_body > last_gone ? b->response_body : last_gone;
        if (b->response_body >= CLI_BODY_HTML && gone) {
            shortest_gone = b->response.len < shortest_gone ? b->response.len : shortest_gone;
        } else if (b->response_body >= CLI_BODY_HTML && !b->failed) {
            longest_kept = b->response.len > longest_kept ? b->response.len : longest_kept;
        }
    }
    for (size_t i = 0; i < before.n; i++) { /* images before fonts before scripts before styles */
        const entry *b = &before.v[i];
        bool kept = after.v[i].response.len == b->response.len;
        bool may = !b->failed && b->response.len >= 4096;
        assert_true(!kept || !may || b->response_body >= last_gone || last_gone >= CLI_BODY_HTML);
        assert_true(!kept || !may || b->response_body >= CLI_BODY_HTML ||
                    last_gone <= b->response_body);
    }
    /* the longest first, to within the sixteenth part of a power of two */
    assert_true(shortest_gone == UINT64_MAX || longest_kept <= shortest_gone + shortest_gone / 15);
}

static void test_fit(void **state)
{
    (void)state;
    hsn_buf text = new_buf(), out = new_buf();
    cli_opts o = {.fit = 1};
    make_har(&text);
    for (unsigned deflated = 0; deflated < 2; deflated++) {
        trimmed t;
        uint64_t whole, saving = 0, bodies = 0;
        open_trim(&t, hsn_buf_str(&text), &o);
        send(&t, &out);
        assert_same(hsn_buf_str(&out), hsn_buf_str(&text), "nothing given up");
        assert_int_equal(cli_trim_measure(t.trim, deflated, &whole), CLI_OK);
        assert_true(deflated ? whole < text.n : whole == text.n);
        uint64_t size = text.n;
        while (cli_trim_give_up(t.trim, saving)) {
            send(&t, &out);
            assert_true(out.n < size);
            assert_true(cli_trim_left(t.trim)->bodies > bodies);
            assert_true(deflated || text.n - out.n + 26 * cli_trim_left(t.trim)->bodies >= saving);
            check_kept(hsn_buf_str(&text), hsn_buf_str(&out));
            size = out.n;
            bodies = cli_trim_left(t.trim)->bodies;
            saving += 10000;
        }
        assert_true(bodies > 20);
        send(&t, &out); /* asked for more than there is: all of it is gone */
        assert_int_equal(cli_trim_left(t.trim)->bodies, bodies);
        close_trim(&t);
    }
    hsn_buf_deinit(&out);
    hsn_buf_deinit(&text);
}

/* ---------------------------------------------------------------- the filter */

static bool keeps(const cli_opts *o, const char *url, const char *started)
{
    char text[512];
    cli_filter *f;
    snprintf(text, sizeof text,
             "{\"log\":{\"entries\":[{\"startedDateTime\":\"%s\",\"request\":{\"url\":\"%s\"}}]}}",
             started, url);
    assert_int_equal(cli_filter_open(&f, o, "test"), CLI_OK);
    assert_non_null(f);
    assert_int_equal(cli_filter_feed(f, text, strlen(text)), CLI_OK);
    bool keep = cli_filter_keeps(f, 0);
    assert_false(cli_filter_keeps(f, 1));
    cli_filter_close(f);
    return keep;
}

static void test_hosts(void **state)
{
    (void)state;
    static const struct {
        const char *glob, *url;
        bool keep;
    } table[] = {
        {"example.com", "https://example.com/a", true},
        {"example.com", "https://EXAMPLE.com:8443", true},
        {"Example.Com", "wss://u:p@example.com?x", true},
        {"example.com", "https://www.example.com/", false},
        {"*.example.com", "https://www.example.com/", true},
        {"*.example.com", "https://a.b.example.com#x", true},
        {"*.example.com", "https://example.com/", false},
        {"*example.com", "https://example.com/", true},
        {"*", "data:text/plain,a", true},
        {"?.b", "http://a.b/", true},
        {"?.b", "http://aa.b/", false},
        {"*a*b*", "http://xaxxbx/", true},
        {"*a*b", "http://xbxxa/", false},
        {"[::1]", "http://[::1]:80/", true},
        {"example.com", "https://evil.test/https://example.com/", false},
        {"example.com", "https://evil.test\\\\@example.com/", false},
        {"example.com", "example.com", false},
        {"**c", "http://abc", true},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *words[] = {table[i].glob};
        const cli_opts o = {.hosts = {words, 1}};
        if (keeps(&o, table[i].url, "") != table[i].keep) {
            fail_msg("%s against %s", table[i].glob, table[i].url);
        }
    }
}

static void test_times(void **state)
{
    (void)state;
    static const struct {
        const char *since, *until, *started;
        bool keep;
    } table[] = {
        {"2026-03-01T10:00:00Z", NULL, "2026-03-01T10:00:00.000Z", true},
        {"2026-03-01T10:00:00Z", NULL, "2026-03-01T09:59:59.999Z", false},
        {"2026-03-01T10:00Z", NULL, "2026-03-01T11:00:00.000+01:00", true},
        {"2026-03-01T10:00Z", NULL, "2026-03-01T11:59:59.999+02:00", false},
        {"2026-03-01T10:00-0500", NULL, "2026-03-01T15:00:00Z", true},
        {"2026-03-01", NULL, "2026-02-28T23:30:00-01:00", true},
        {"2026-03-01", NULL, "2026-02-28T23:59:59.999999Z", false},
        {NULL, "2026-03-01T10:00:00.5Z", "2026-03-01T10:00:00.5000001Z", true},
        {NULL, "2026-03-01T10:00:00.5Z", "2026-03-01T10:00:00.500001Z", false},
        {NULL, "2024-02-29T00:00:00+14", "2024-02-28T10:00:00Z", true},
        {NULL, "2024-02-29T00:00:00+14", "2024-02-28T10:00:01Z", false},
        {"1970-01-01", "9999-12-31", "2026-03-01 10:00:00", true},
        {"1970-01-01", NULL, "", false},
        {"1970-01-01", NULL, "yesterday", false},
        {"1970-01-01", NULL, "2026-03-01T10:00:00Zx", false},
        {"1970-01-01", NULL, "2026-13-01T10:00:00Z", false},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const cli_opts o = {.since = table[i].since, .until = table[i].until};
        if (keeps(&o, "http://a/", table[i].started) != table[i].keep) {
            fail_msg("row %zu: %s", i, table[i].started);
        }
    }
    static const char *const wrong[] = {"",
                                        "now",
                                        "2026",
                                        "2026-3-1",
                                        "2026-03-01T",
                                        "2026-03-01T25:00",
                                        "2026-03-01T10:00+",
                                        "2026-03-01Z10:00"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(cli_filter_time_ok(wrong[i]));
    }
}

static void test_numbers(void **state)
{
    (void)state;
    static const char *const right[] = {"0",          "4-31", "4-",
                                        "1,3,5-7,9-", "0-0",  "99999999999999999999999"};
    static const char *const wrong[] = {"",   "-",  "-3",  "a",     "3-1",
                                        "1,", ",1", "1 2", "1-2-3", "0x1"};
    for (size_t i = 0; i < COUNT(right); i++) {
        assert_true(cli_filter_range_ok(right[i]));
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(cli_filter_range_ok(wrong[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges), cmocka_unit_test(test_commas),
        cmocka_unit_test(test_bodies), cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_fit),    cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_times),  cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
