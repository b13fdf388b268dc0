/*
 * The view: what it tells of a HAR, that no cut of the text changes it, that spans are exact, and
 * that odd texts are taken as they come.
 */
#include "refusal.h"
#include "support.h"

#include "view.h"

#include <glob.h>
#include <stdlib.h>

/* ---------------------------------------------------------------- driving */

typedef struct seen {
    hsn_buf told; /* one line per call */
    hsn_str text;
    uint64_t entries;
    harsan_error err;
    harsan_status status;
} seen;

static void tell_number(seen *s, const char *name, double value)
{
    if (value != -1) {
        hsn_buf_printf(&s->told, " %s=%g", name, value);
    }
}

static void tell_text(seen *s, const char *name, const char *value)
{
    assert_true(strlen(value) <= HARSAN_VIEW_TEXT);
    if (*value != '\0') {
        hsn_buf_printf(&s->told, " %s=%s", name, value);
    }
}

/* A span is one whole JSON value between `first` and `last`. */
static void tell_span(seen *s, const char *name, harsan_span span, char first, char last)
{
    if (span.len == 0) {
        assert_true(span.offset == 0);
        return;
    }
    assert_true(span.offset + span.len <= s->text.n);
    hsn_str value = hsn_str_cut(s->text, (size_t)span.offset, (size_t)(span.offset + span.len));
    tokens t;
    assert_true(tokens_read(value, &t));
    tokens_free(&t);
    if (first != '\0') {
        assert_int_equal(value.p[0], first);
        assert_int_equal(value.p[value.n - 1], last);
    }
    hsn_buf_printf(&s->told, " %s=%llu+%llu", name, (unsigned long long)span.offset,
                   (unsigned long long)span.len);
}

static void on_log(void *ctx, const harsan_view_log *l)
{
    seen *s = ctx;
    hsn_buf_printf(&s->told, "log");
    tell_text(s, "version", l->version);
    tell_text(s, "creator", l->creator);
    tell_text(s, "creator_version", l->creator_version);
    tell_text(s, "browser", l->browser);
    tell_text(s, "browser_version", l->browser_version);
    hsn_buf_put(&s->told, '\n');
}

static void on_page(void *ctx, const harsan_view_page *p)
{
    seen *s = ctx;
    hsn_buf_printf(&s->told, "page %llu", (unsigned long long)p->index);
    tell_text(s, "id", p->id);
    tell_text(s, "title", p->title);
    tell_text(s, "started", p->started);
    tell_number(s, "content", p->on_content_load);
    tell_number(s, "load", p->on_load);
    tell_span(s, "all", p->all, '\0', '\0');
    hsn_buf_put(&s->told, '\n');
}

static void tell_times(seen *s, const harsan_view_entry *e)
{
    tell_number(s, "time", e->time);
    tell_number(s, "blocked", e->blocked);
    tell_number(s, "dns", e->dns);
    tell_number(s, "connect", e->connect);
    tell_number(s, "ssl", e->ssl);
    tell_number(s, "send", e->send);
    tell_number(s, "wait", e->wait);
    tell_number(s, "receive", e->receive);
}

static void on_entry(void *ctx, const harsan_view_entry *e)
{
    seen *s = ctx;
    hsn_buf_printf(&s->told, "entry %llu", (unsigned long long)e->index);
    tell_text(s, "page", e->page);
    tell_text(s, "started", e->started);
    tell_text(s, "method", e->method);
    tell_text(s, "url", e->url);
    tell_text(s, "http", e->http_version);
    tell_text(s, "type", e->resource_type);
    tell_text(s, "ip", e->server_ip);
    tell_number(s, "status", e->status);
    tell_text(s, "text", e->status_text);
    tell_text(s, "to", e->redirect_url);
    tell_text(s, "mime", e->mime_type);
    tell_text(s, "post", e->request_mime_type);
    tell_text(s, "error", e->error);
    tell_text(s, "why", e->blocked_reason);
    tell_number(s, "sent", e->request_body_size);
    tell_number(s, "got", e->response_body_size);
    tell_number(s, "size", e->content_size);
    tell_number(s, "transfer", e->transfer_size);
    tell_times(s, e);
    tell_span(s, "all", e->all, '\0', '\0');
    tell_span(s, "request", e->request_text, '"', '"');
    tell_span(s, "response", e->response_text, '"', '"');
    hsn_buf_printf(&s->told, "%s\n", e->response_base64 ? " base64" : "");
    s->entries++;
}

/* Each piece lies in memory of its own, so that a sanitizer sees any read outside. */
static harsan_status feed_piece(harsan_view *v, hsn_str piece)
{
    unsigned char *copy = malloc(piece.n + 1);
    assert_non_null(copy);
    memcpy(copy, piece.p, piece.n);
    harsan_status status = harsan_view_feed(v, copy, piece.n);
    free(copy);
    return status;
}

static void view(hsn_str text, size_t chunk, seen *s)
{
    *s = (seen){.told = new_buf(), .text = text};
    const harsan_view_sink sink = {on_log, on_page, on_entry, s};
    harsan_view *v;
    assert_int_equal(harsan_view_new(&v, &sink, &s->err), HARSAN_OK);
    for (size_t at = 0; at < text.n; at += chunk) {
        s->status = feed_piece(v, hsn_str_cut(text, at, at + chunk));
    }
    s->status = harsan_view_finish(v);
    s->err = *harsan_view_error(v);
    assert_int_equal(s->err.code, s->status);
    harsan_view_free(v);
    assert_false(hsn_buf_failed(&s->told));
}

static void expect(const char *text, const char *want)
{
    hsn_str t = hsn_str_z(text);
    for (size_t chunk = 1; chunk <= t.n; chunk++) {
        seen s;
        view(t, chunk, &s);
        assert_int_equal(s.status, HARSAN_OK);
        assert_same(hsn_buf_str(&s.told), hsn_str_z(want), text);
        hsn_buf_deinit(&s.told);
    }
}

/* ---------------------------------------------------------------- what it tells */

static void test_everything(void **state)
{
    (void)state;
    expect(
        "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"C\",\"version\":\"7\"},"
        "\"browser\":{\"name\":\"B\",\"version\":\"8\"},\"pages\":[{\"id\":\"p\",\"title\":\"T\","
        "\"startedDateTime\":\"S\",\"pageTimings\":{\"onContentLoad\":1.5,\"onLoad\":20}}],"
        "\"entries\":[{\"pageref\":\"p\",\"startedDateTime\":\"D\",\"time\":3e2,\"request\":"
        "{\"method\":\"GET\",\"url\":\"u\",\"httpVersion\":\"h1\",\"bodySize\":4,\"postData\":"
        "{\"mimeType\":\"m\",\"text\":\"a\\\"b\"}},\"response\":{\"status\":404,\"statusText\":"
        "\"N\",\"httpVersion\":\"h2\",\"redirectURL\":\"r\",\"bodySize\":5,\"_transferSize\":6,"
        "\"_error\":\"e\",\"content\":{\"size\":7,\"mimeType\":\"t/p\",\"text\":\"QQ==\","
        "\"encoding\":\"base64\"}},\"timings\":{\"blocked\":-1,\"dns\":1,\"connect\":2,\"ssl\":3,"
        "\"send\":4,\"wait\":5,\"receive\":6},\"serverIPAddress\":\"i\",\"_resourceType\":\"x\","
        "\"_blockedReason\":\"w\"}]}}",
        "page 0 id=p title=T started=S content=1.5 load=20 all=107+92\n"
        "entry 0 page=p started=D method=GET url=u http=h2 type=x ip=i status=404 text=N to=r "
        "mime=t/p post=m error=e why=w sent=4 got=5 size=7 transfer=6 time=300 dns=1 connect=2 "
        "ssl=3 send=4 wait=5 receive=6 all=212+501 request=362+6 response=538+6 base64\n"
        "log version=1.2 creator=C creator_version=7 browser=B browser_version=8\n");
}

static void test_any_order(void **state)
{
    (void)state;
    expect(
        "{\"x\":{\"log\":{\"entries\":[{}]}},\"log\":{\"entries\":[{\"response\":{\"httpVersion\":"
        "\"2\"},\"request\":{\"httpVersion\":\"1\",\"url\":\"u\"}},\n{}],\"pages\":[{}],"
        "\"creator\":"
        "{\"name\":\"C\"}}}",
        "entry 0 url=u http=2 all=48+72\nentry 1 all=122+2\npage 0 all=135+2\nlog creator=C\n");
}

/* Nothing stands where it should. */
static void test_odd(void **state)
{
    (void)state;
    expect("[{\"log\":{\"entries\":[{}]}}]", "");
    expect("{\"log\":[]}", "");
    expect("7", "");
    expect("\xef\xbb\xbf{\"log\":{}}", "log\n");
    expect("{\"log\":{\"entries\":{\"a\":{}},\"pages\":7,\"creator\":\"c\",\"version\":{\"name\":"
           "\"n\"}}}",
           "log\n");
    expect("{\"log\":{\"entries\":[ 1 ,null,\"a\\\\b\",[{\"time\":2}],{\"time\":3},[]]}}",
           "entry 0 all=20+1\nentry 1 all=23+4\nentry 2 all=28+6\nentry 3 all=35+12\n"
           "entry 4 time=3 all=48+10\nentry 5 all=59+2\nlog\n");
    expect("{\"log\":{\"entries\":[{\"time\":\"12.5\",\"request\":7,\"response\":{\"status\":\"x\","
           "\"bodySize\":true,\"content\":{\"text\":8,\"size\":[9],\"mimeType\":null,\"x\":{"
           "\"size\":1}}},"
           "\"request\":{\"url\":\"a\",\"url\":\"b\",\"httpVersion\":9}}]}}",
           "entry 0 url=b http=9 time=12.5 all=19+180\nlog\n");
    expect("{\"\\u006cog\":{\"entri\\u0065s\":[{\"t\\u0069me\":5}],\"entries\":[{},{}]}}",
           "entry 0 time=5 all=29+15\nentry 0 all=57+2\nentry 1 all=60+2\nlog\n");
}

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *want;
    } table[] = {
        {"a\\nb\\u0041\\/", "a\nbA/"},
        {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
        {"\\ud83dx", "\xef\xbf\xbdx"},
        {"\\ude00\\ud83d", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"a\\u0000b", "a\xef\xbf\xbd"
                      "b"},
        {"\xc3\xa9\xc3", "\xc3\xa9\xef\xbf\xbd"},
        {"\xff\xc0\x80\xed\xa0\x80",
         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xf0\x9f\x98\x80\xf4\x90\x80\x80",
         "\xf0\x9f\x98\x80\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char out[64];
        size_t n = hsn_view_text(hsn_str_z(table[i].raw), out, sizeof out - 1);
        assert_same(hsn_str_of(out, n), hsn_str_z(table[i].want), table[i].raw);
        assert_int_equal(out[n], '\0');
        for (size_t max = 0; max < n; max++) { /* cut at a character's end */
            size_t cut = hsn_view_text(hsn_str_z(table[i].raw), out, max);
            assert_true(cut <= max && max - cut < 4);
            assert_true(hsn_str_starts(hsn_str_z(table[i].want), hsn_str_of(out, cut)));
        }
    }
}

static void test_numbers(void **state)
{
    (void)state;
    static const char *const same[] = {
        "0",   "-0.5",  "12.25",  "1e3", "1.5E-3",
        "200", "1e308", "1e-300", "0.1", "123456789012345678901234567890"};
    for (size_t i = 0; i < COUNT(same); i++) {
        double want = strtod(same[i], NULL);
        double got = hsn_view_number(hsn_str_z(same[i]));
        double error = got > want ? got - want : want - got;
        bool close = error <= (want < 0 ? -want : want) * 1e-13;
        assert_true(close || (want > 1e300 && got == -1));
    }
    static const char *const none[] = {"",     "-",  "x", "1x", ".", "e5", "1e99999999999999999999",
                                       "0x10", " 1", "."};
    for (size_t i = 0; i < COUNT(none); i++) {
        assert_true(hsn_view_number(hsn_str_z(none[i])) == -1);
    }
}

/* ---------------------------------------------------------------- cuts */

static void check_cuts(const char *path)
{
    hsn_buf text = new_buf();
    seen whole;
    read_file(path, &text);
    view(hsn_buf_str(&text), text.n, &whole);
    assert_int_equal(whole.status, HARSAN_OK);
    tokens t;
    assert_true(tokens_read(hsn_buf_str(&text), &t));
    tokens_free(&t);
    for (size_t chunk = 1; chunk <= 64; chunk++) {
        seen s;
        view(hsn_buf_str(&text), chunk, &s);
        assert_same(hsn_buf_str(&s.told), hsn_buf_str(&whole.told), path);
        hsn_buf_deinit(&s.told);
    }
    hsn_buf_deinit(&whole.told);
    hsn_buf_deinit(&text);
}

static void test_samples(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob("samples/*.har", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        check_cuts(found.gl_pathv[i]);
    }
    assert_true(found.gl_pathc > 10);
    globfree(&found);
}

/* The same entries as the session counts. */
static void test_counts(void **state)
{
    (void)state;
    glob_t found;
    harsan_rules *rules = no_rules();
    assert_int_equal(glob("samples/*.har", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        hsn_buf text = new_buf();
        read_file(found.gl_pathv[i], &text);
        cleaned c;
        seen s;
        clean(&(job){.rules = rules}, hsn_buf_str(&text), &c);
        view(hsn_buf_str(&text), 4096, &s);
        assert_int_equal(s.entries, c.facts.entries);
        cleaned_free(&c);
        hsn_buf_deinit(&s.told);
        hsn_buf_deinit(&text);
    }
    globfree(&found);
    harsan_rules_free(rules);
}

/* Strings far beyond what is kept: the text is cut, the span is not. */
static void test_long_strings(void **state)
{
    (void)state;
    hsn_buf text = new_buf();
    hsn_buf_printf(&text, "{\"log\":{\"entries\":[{\"request\":{\"url\":\"");
    for (size_t i = 0; i < 3000; i++) {
        hsn_buf_printf(&text, "\\u00e9");
    }
    hsn_buf_printf(&text, "\"},\"response\":{\"content\":{\"text\":\"");
    for (size_t i = 0; i < 30000; i++) {
        hsn_buf_printf(&text, "body\\n");
    }
    hsn_buf_printf(&text, "\",\"%0*d\":1}}}]}}", 9000, 0);
    for (size_t chunk = 1; chunk <= text.n; chunk = chunk * 3 + 1) {
        seen s;
        view(hsn_buf_str(&text), chunk, &s);
        assert_int_equal(s.status, HARSAN_OK);
        size_t from = sizeof "entry 0 url=" - 1;
        for (size_t i = 0; i < HARSAN_VIEW_TEXT; i += 2) {
            assert_memory_equal(s.told.p + from + i, "\xc3\xa9", 2);
        }
        hsn_str got = hsn_str_cut(hsn_buf_str(&s.told), from + HARSAN_VIEW_TEXT, s.told.n);
        assert_true(hsn_str_find(got, HSN_S(" response=18071+180002\n")) < got.n);
        hsn_buf_deinit(&s.told);
    }
    hsn_buf_deinit(&text);
}

/* ---------------------------------------------------------------- errors */

static void test_errors(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
        uint64_t offset, line, column;
    } table[] = {
        {"", "", 0, 1, 1},
        {"\xef\xbb", "", 0, 1, 1},
        {"{\"log\":{\n\"entries\":[{},\n {\"time\":01}]}}", "/log/entries/1", 33, 3, 10},
        {"{\"log\":{\"pages\":[{\"a\":\"\\x\"", "/log/pages/0", 24, 1, 25},
        {"{\"log\":{\"entries\":[\n\n{}", "/log/entries/1", 23, 3, 3},
        {"{} x", "", 3, 1, 4},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        hsn_str text = hsn_str_z(table[i].text);
        for (size_t chunk = 1; chunk <= text.n + 1; chunk++) {
            seen s;
            view(text, chunk, &s);
            assert_int_equal(s.status, HARSAN_E_SYNTAX);
            assert_int_equal(s.err.offset, table[i].offset);
            assert_int_equal(s.err.line, table[i].line);
            assert_int_equal(s.err.column, table[i].column);
            assert_string_equal(s.err.where, table[i].where);
            hsn_buf_deinit(&s.told);
        }
    }
}

static void test_limits(void **state)
{
    (void)state;
    hsn_buf text = new_buf();
    for (size_t i = 0; i < 10001; i++) {
        hsn_buf_put(&text, '[');
    }
    seen s;
    view(hsn_buf_str(&text), 100, &s);
    assert_int_equal(s.status, HARSAN_E_LIMIT);
    hsn_buf_deinit(&s.told);
    hsn_buf_reset(&text);
    for (size_t i = 0; i < 100000; i++) {
        hsn_buf_put(&text, '1');
    }
    view(hsn_buf_str(&text), 1000, &s);
    assert_int_equal(s.status, HARSAN_E_LIMIT);
    hsn_buf_deinit(&s.told);
    hsn_buf_deinit(&text);
}

/* Nobody listens, and no memory is there. */
static void test_sinks_and_memory(void **state)
{
    (void)state;
    static const char text[] = "{\"log\":{\"pages\":[{}],\"entries\":[{\"time\":123}]}}";
    const harsan_view_sink none = {0};
    for (size_t allowed = 0; allowed < 8; allowed++) {
        refusal r = {.nth = allowed + 1};
        harsan_error err = {0};
        harsan_view *v;
        refusal_start(&r);
        harsan_status status = harsan_view_new(&v, &none, &err);
        for (size_t i = 0; i < sizeof text - 1 && status == HARSAN_OK; i++) {
            status = harsan_view_feed(v, text + i, 1);
        }
        if (status == HARSAN_OK) {
            status = harsan_view_finish(v);
        }
        refusal_stop();
        assert_true(status == HARSAN_OK || status == HARSAN_E_NOMEM);
        harsan_view_free(v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_odd),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_long_strings),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_sinks_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
