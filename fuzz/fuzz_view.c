/*
 * The view of a HAR: any cuts give the same calls and the same error as the text in one piece;
 * texts are valid UTF-8 within their limit, spans lie in the text in order and are JSON; what is
 * JSON and nothing else is accepted.
 *
 * Input: cuts, then the text.
 */
#include "check.h"

#include <stdio.h>

typedef struct seen {
    hsn_buf told; /* of every call all there is in it */
    hsn_str text;
    uint64_t end;     /* of the element before */
    uint64_t next[2]; /* index of the next page and entry */
    harsan_error err;
} seen;

static void tell_text(seen *s, const char *text)
{
    size_t n = strlen(text);
    REQUIRE(n <= HARSAN_VIEW_TEXT);
    hsn_buf_add(&s->told, text, n + 1);
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0';) {
        size_t more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
        REQUIRE(*p < 0x80 || (*p >= 0xc2 && *p < 0xf5));
        for (p++; more > 0; more--, p++) {
            REQUIRE((*p & 0xc0) == 0x80);
        }
    }
}

static void tell_number(seen *s, double value)
{
    REQUIRE(value == value);
    hsn_buf_add(&s->told, &value, sizeof value);
}

static void tell_span(seen *s, harsan_span span)
{
    hsn_buf_add(&s->told, &span, sizeof span);
    if (span.len > 0) {
        REQUIRE(span.offset <= s->text.n && span.len <= s->text.n - span.offset);
        size_t from = (size_t)span.offset;
        REQUIRE(is_json(hsn_str_cut(s->text, from, from + (size_t)span.len)));
    }
}

/* Pages and entries follow one another; an index counts on or begins anew. */
static void tell_element(seen *s, harsan_span all, uint64_t index, bool entry)
{
    tell_span(s, all);
    REQUIRE(all.len > 0 && all.offset >= s->end);
    REQUIRE(index == s->next[entry] || index == 0);
    s->end = all.offset + all.len;
    s->next[entry] = index + 1;
}

static void on_log(void *ctx, const harsan_view_log *l)
{
    tell_text(ctx, l->version);
    tell_text(ctx, l->creator);
    tell_text(ctx, l->creator_version);
    tell_text(ctx, l->browser);
    tell_text(ctx, l->browser_version);
}

static void on_page(void *ctx, const harsan_view_page *p)
{
    tell_element(ctx, p->all, p->index, false);
    tell_text(ctx, p->id);
    tell_text(ctx, p->title);
    tell_text(ctx, p->started);
    tell_number(ctx, p->on_content_load);
    tell_number(ctx, p->on_load);
}

static void on_entry(void *ctx, const harsan_view_entry *e)
{
    const char *const texts[] = {
        e->page,          e->started,           e->method,        e->url,          e->http_version,
        e->resource_type, e->server_ip,         e->status_text,   e->redirect_url, e->mime_type,
        e->error,         e->request_mime_type, e->blocked_reason};
    const double numbers[] = {e->time,         e->status,        e->request_body_size,
                              e->content_size, e->transfer_size, e->response_body_size,
                              e->blocked,      e->dns,           e->connect,
                              e->ssl,          e->send,          e->wait,
                              e->receive};
    tell_element(ctx, e->all, e->index, true);
    for (size_t i = 0; i < HSN_COUNT(texts); i++) {
        tell_text(ctx, texts[i]);
    }
    for (size_t i = 0; i < HSN_COUNT(numbers); i++) {
        tell_number(ctx, numbers[i]);
    }
    tell_span(ctx, e->request_text);
    tell_span(ctx, e->response_text);
    seen *s = ctx;
    hsn_buf_put(&s->told, e->response_base64);
}

static void read_text(seen *s, hsn_str text, cuts *c)
{
    const harsan_view_sink sink = {on_log, on_page, on_entry, s};
    harsan_view *v;
    *s = (seen){.told = new_buf(), .text = text};
    REQUIRE(harsan_view_new(&v, &sink, &s->err) == HARSAN_OK);
    for (size_t at = 0; at < text.n;) {
        size_t n = c != NULL ? next_piece(c, text.n - at) : text.n;
        unsigned char *copy = copy_exactly(hsn_str_cut(text, at, at + n));
        (void)harsan_view_feed(v, copy, n);
        hsn_mem_free(copy);
        at += n;
    }
    REQUIRE(harsan_view_finish(v) == harsan_view_error(v)->code);
    s->err = *harsan_view_error(v);
    harsan_view_free(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str text = hsn_str_of(data, size);
    cuts c = take_cuts(&text);
    seen whole, pieces;
    read_text(&whole, text, NULL);
    read_text(&pieces, text, &c);
    REQUIRE(hsn_str_eq(hsn_buf_str(&whole.told), hsn_buf_str(&pieces.told)));
    REQUIRE(whole.err.code == pieces.err.code && whole.err.offset == pieces.err.offset);
    REQUIRE(whole.err.line == pieces.err.line && whole.err.column == pieces.err.column);
    REQUIRE(strcmp(whole.err.where, pieces.err.where) == 0);
    REQUIRE((whole.err.code == HARSAN_OK) == is_json(text) || whole.err.code == HARSAN_E_LIMIT);
    hsn_buf_deinit(&whole.told);
    hsn_buf_deinit(&pieces.told);
    return 0;
}
