/*
 * The view: a HAR streams by, and its log, pages and entries are told in a few texts, numbers and
 * spans each. See "reading a HAR" in harsan.h.
 *
 * Receives bytes in any pieces, hands them to the tokenizer where they lie and follows the known
 * keys only; of a string under way it keeps the beginning, as much as could be told of it. Must
 * never hold more than that, however large the text, an entry or a string is.
 */
#include "view.h"

#include "json.h"

#include <stddef.h>
#include <stdio.h>

enum {
    DEPTH = 10000,                   /* ten times what a session takes by default */
    HEAD_MAX = 6 * HARSAN_VIEW_TEXT, /* raw bytes: an escape of six may stand for one */
    WORD_MAX = 64 * 1024, /* bytes of a number that comes in pieces: no number is so long */
    WORD_STEP = 256       /* and how it grows, until its end shows */
};

struct harsan_view {
    harsan_view_sink sink;
    hsn_json *json;
    hsn_str text;  /* of the run under way, */
    uint64_t base; /* and where it begins */
    uint64_t at;   /* offset of the next byte fed */
    bool begun;    /* behind the byte order mark, if there is one */
    hsn_buf
        carry;    /* what must be handed over again: a number, the beginning of a byte order mark */
    bool in_head; /* `head` holds the beginning of the string under way */
    size_t head_n;
    hsn_view_node node[HSN_VIEW_DEPTH]; /* the known containers that are open */
    size_t depth;
    uint64_t skip;           /* open containers inside them in which nothing is wanted */
    const hsn_view_key *key; /* of the next value; NULL = not wanted */
    uint64_t element;        /* offset of the page or entry under way */
    bool has_log;
    uint64_t line;
    uint64_t line_at; /* offset of its first byte */
    harsan_error err;
    harsan_view_log log;
    harsan_view_page page;
    harsan_view_entry entry;
    unsigned char head[HEAD_MAX];
    char texts[HSN_VIEW_N_TEXTS][HARSAN_VIEW_TEXT + 1];
};

/* ---------------------------------------------------------------- slots */

#define AT(member) offsetof(harsan_view, member)

static const size_t text_at[HSN_VIEW_N_TEXTS] = {
    [HSN_VIEW_T_PAGEREF] = AT(entry.page),
    [HSN_VIEW_T_STARTED] = AT(entry.started),
    [HSN_VIEW_T_METHOD] = AT(entry.method),
    [HSN_VIEW_T_URL] = AT(entry.url),
    [HSN_VIEW_T_HTTP_VERSION] = AT(entry.http_version),
    [HSN_VIEW_T_RESOURCE_TYPE] = AT(entry.resource_type),
    [HSN_VIEW_T_SERVER_IP] = AT(entry.server_ip),
    [HSN_VIEW_T_STATUS_TEXT] = AT(entry.status_text),
    [HSN_VIEW_T_REDIRECT_URL] = AT(entry.redirect_url),
    [HSN_VIEW_T_MIME_TYPE] = AT(entry.mime_type),
    [HSN_VIEW_T_REQUEST_MIME_TYPE] = AT(entry.request_mime_type),
    [HSN_VIEW_T_ERROR] = AT(entry.error),
    [HSN_VIEW_T_BLOCKED_REASON] = AT(entry.blocked_reason),
    [HSN_VIEW_T_PAGE_ID] = AT(page.id),
    [HSN_VIEW_T_PAGE_TITLE] = AT(page.title),
    [HSN_VIEW_T_PAGE_STARTED] = AT(page.started),
    [HSN_VIEW_T_VERSION] = AT(log.version),
    [HSN_VIEW_T_CREATOR] = AT(log.creator),
    [HSN_VIEW_T_CREATOR_VERSION] = AT(log.creator_version),
    [HSN_VIEW_T_BROWSER] = AT(log.browser),
    [HSN_VIEW_T_BROWSER_VERSION] = AT(log.browser_version),
};

static const size_t number_at[HSN_VIEW_N_NUMBERS] = {
    [HSN_VIEW_N_TIME] = AT(entry.time),
    [HSN_VIEW_N_STATUS] = AT(entry.status),
    [HSN_VIEW_N_REQUEST_BODY_SIZE] = AT(entry.request_body_size),
    [HSN_VIEW_N_RESPONSE_BODY_SIZE] = AT(entry.response_body_size),
    [HSN_VIEW_N_CONTENT_SIZE] = AT(entry.content_size),
    [HSN_VIEW_N_TRANSFER_SIZE] = AT(entry.transfer_size),
    [HSN_VIEW_N_BLOCKED] = AT(entry.blocked),
    [HSN_VIEW_N_DNS] = AT(entry.dns),
    [HSN_VIEW_N_CONNECT] = AT(entry.connect),
    [HSN_VIEW_N_SSL] = AT(entry.ssl),
    [HSN_VIEW_N_SEND] = AT(entry.send),
    [HSN_VIEW_N_WAIT] = AT(entry.wait),
    [HSN_VIEW_N_RECEIVE] = AT(entry.receive),
    [HSN_VIEW_N_ON_CONTENT_LOAD] = AT(page.on_content_load),
    [HSN_VIEW_N_ON_LOAD] = AT(page.on_load),
};

static void set_number(harsan_view *v, unsigned slot, double value)
{
    memcpy((char *)v + number_at[slot], &value, sizeof value);
}

static void point_at_texts(harsan_view *v)
{
    for (size_t i = 0; i < HSN_VIEW_N_TEXTS; i++) {
        const char *text = v->texts[i];
        memcpy((char *)v + text_at[i], &text, sizeof text);
    }
}

/* Nothing known of slots from..to of the texts and the numbers. */
static void empty_texts(harsan_view *v, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        v->texts[i][0] = '\0';
    }
}

static void empty_numbers(harsan_view *v, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        set_number(v, i, -1);
    }
}

/* ---------------------------------------------------------------- pages and entries */

static hsn_view_node top(const harsan_view *v)
{
    return v->depth > 0 ? v->node[v->depth - 1] : HSN_VIEW_NOWHERE;
}

static void begin_element(harsan_view *v, uint64_t at)
{
    v->element = at;
    if (top(v) == HSN_VIEW_ENTRIES) {
        empty_texts(v, 0, HSN_VIEW_T_PAGE);
        empty_numbers(v, 0, HSN_VIEW_N_PAGE);
        v->entry.request_text = v->entry.response_text = (harsan_span){0, 0};
        v->entry.response_base64 = false;
    } else {
        empty_texts(v, HSN_VIEW_T_PAGE, HSN_VIEW_T_LOG);
        empty_numbers(v, HSN_VIEW_N_PAGE, HSN_VIEW_N_NUMBERS);
    }
}

static void end_element(harsan_view *v, uint64_t end)
{
    harsan_span all = {v->element, end - v->element};
    if (top(v) == HSN_VIEW_ENTRIES) {
        v->entry.all = all;
        if (v->sink.entry != NULL) {
            v->sink.entry(v->sink.ctx, &v->entry);
        }
        v->entry.index++;
    } else {
        v->page.all = all;
        if (v->sink.page != NULL) {
            v->sink.page(v->sink.ctx, &v->page);
        }
        v->page.index++;
    }
}

static bool is_list(hsn_view_node node)
{
    return node == HSN_VIEW_ENTRIES || node == HSN_VIEW_PAGES;
}

/* ---------------------------------------------------------------- events */

/* A bracket opens: where does it lead? */
static hsn_view_node child_of(const harsan_view *v, bool object)
{
    hsn_view_node child = HSN_VIEW_NOWHERE;
    if (v->depth == 0) {
        child = HSN_VIEW_TOP;
    } else if (is_list(top(v))) {
        child = top(v) == HSN_VIEW_ENTRIES ? HSN_VIEW_ENTRY : HSN_VIEW_PAGE;
    } else if (v->key != NULL && v->key->want == HSN_VIEW_OPEN) {
        child = v->key->child;
    }
    return object != is_list(child) ? child : HSN_VIEW_NOWHERE;
}

static void open_container(harsan_view *v, bool object, uint64_t at)
{
    hsn_view_node child = v->skip == 0 ? child_of(v, object) : HSN_VIEW_NOWHERE;
    if (v->skip == 0 && is_list(top(v))) {
        begin_element(v, at);
    }
    v->key = NULL;
    if (child == HSN_VIEW_NOWHERE) {
        v->skip++;
        return;
    }
    v->node[v->depth++] = child;
    v->has_log = v->has_log || child == HSN_VIEW_LOG;
    if (child == HSN_VIEW_ENTRIES) {
        v->entry.index = 0;
    } else if (child == HSN_VIEW_PAGES) {
        v->page.index = 0;
    }
}

static void close_container(harsan_view *v, uint64_t end)
{
    v->key = NULL;
    if (v->skip > 0) {
        v->skip--;
    } else {
        v->depth--;
    }
    if (v->skip == 0 && is_list(top(v))) {
        end_element(v, end);
    }
}

/* The raw inside of a string, or a number; of a long string the beginning. */
static hsn_str raw_of(harsan_view *v, const hsn_json_event *ev)
{
    size_t end = ev->off + ev->len; /* right also where off lies before the text */
    if (!v->in_head) {
        return hsn_str_cut(v->text, ev->off, end);
    }
    v->in_head = false;
    size_t more = end < HEAD_MAX - v->head_n ? end : HEAD_MAX - v->head_n;
    memcpy(v->head + v->head_n, v->text.p, more);
    return hsn_str_of(v->head, v->head_n + more);
}

static void read_key(harsan_view *v, const hsn_json_event *ev)
{
    hsn_str raw = raw_of(v, ev);
    char plain[64]; /* longer than any known key */
    if (ev->escaped) {
        raw = hsn_str_of(plain, hsn_view_text(raw, plain, sizeof plain - 1));
    }
    v->key = v->skip == 0 ? hsn_view_find(top(v), raw) : NULL;
}

static void set_text(harsan_view *v, const hsn_view_key *key, hsn_str raw)
{
    char *text = v->texts[key->slot];
    if ((key->want == HSN_VIEW_TEXT && raw.n > 0) || text[0] == '\0') {
        hsn_view_text(raw, text, HARSAN_VIEW_TEXT);
    }
}

static void read_value(harsan_view *v, const hsn_json_event *ev, uint64_t at)
{
    static const hsn_str base64 = HSN_W("base64");
    const hsn_view_key *key = v->key;
    bool string = ev->kind == HSN_JSON_STRING;
    hsn_str raw = string ? raw_of(v, ev) : hsn_str_cut(v->text, ev->off, ev->off + ev->len);
    v->key = NULL;
    if (key == NULL || ev->kind == HSN_JSON_LITERAL) {
        return;
    }
    switch (key->want) {
    case HSN_VIEW_TEXT:
    case HSN_VIEW_SPARE:
        set_text(v, key, raw);
        break;
    case HSN_VIEW_NUMBER:
        set_number(v, key->slot, hsn_view_number(raw));
        break;
    case HSN_VIEW_BODY:
        if (string) {
            *(key->slot == HSN_VIEW_B_REQUEST ? &v->entry.request_text : &v->entry.response_text) =
                (harsan_span){at, (uint64_t)ev->len + 2};
        }
        break;
    case HSN_VIEW_CODING:
        v->entry.response_base64 = hsn_str_eq_nocase(raw, base64);
        break;
    case HSN_VIEW_OPEN:
        break;
    }
}

/* An element of a list that is no container. */
static void read_odd_element(harsan_view *v, const hsn_json_event *ev, uint64_t at)
{
    v->in_head = false;
    begin_element(v, at);
    end_element(v, at + ev->len + (ev->kind == HSN_JSON_STRING ? 2 : 0));
}

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    harsan_view *v = ctx;
    bool string = ev->kind == HSN_JSON_STRING || ev->kind == HSN_JSON_KEY;
    uint64_t at = v->base + (uint64_t)(ptrdiff_t)ev->off - string;
    switch (ev->kind) {
    case HSN_JSON_OPEN_OBJECT:
    case HSN_JSON_OPEN_ARRAY:
        open_container(v, ev->kind == HSN_JSON_OPEN_OBJECT, at);
        break;
    case HSN_JSON_CLOSE_OBJECT:
    case HSN_JSON_CLOSE_ARRAY:
        close_container(v, at + 1);
        break;
    case HSN_JSON_KEY:
        read_key(v, ev);
        break;
    case HSN_JSON_STRING:
    case HSN_JSON_NUMBER:
    case HSN_JSON_LITERAL:
        if (v->skip == 0 && is_list(top(v))) {
            read_odd_element(v, ev, at);
        } else {
            read_value(v, ev, at);
        }
        break;
    case HSN_JSON_RECORD: /* was not asked for */
        break;
    }
    return true;
}

/* ---------------------------------------------------------------- errors */

static void count_lines(harsan_view *v, hsn_str text, uint64_t base)
{
    for (size_t i = 0; i < text.n;) {
        const unsigned char *eol = memchr(text.p + i, '\n', text.n - i);
        if (eol == NULL) {
            break;
        }
        i = (size_t)(eol - text.p) + 1;
        v->line++;
        v->line_at = base + i;
    }
}

/* `data` are the bytes from `base` on whose lines are not counted. What was carried holds no line
 * feed, so a mistake before them is on the line reached. */
static void place_error(harsan_view *v, hsn_str data, uint64_t base)
{
    uint64_t before = v->err.offset > base ? v->err.offset - base : 0;
    count_lines(v, hsn_str_cut(data, 0, before < data.n ? (size_t)before : data.n), base);
    v->err.line = v->line;
    v->err.column = v->err.offset - v->line_at + 1;
    for (size_t i = 0; i < v->depth; i++) {
        if (is_list(v->node[i])) {
            bool entries = v->node[i] == HSN_VIEW_ENTRIES;
            uint64_t index = entries ? v->entry.index : v->page.index;
            snprintf(v->err.where, sizeof v->err.where, "/log/%s/%llu",
                     entries ? "entries" : "pages", (unsigned long long)index);
        }
    }
}

/* ---------------------------------------------------------------- feeding */

static bool run(harsan_view *v, hsn_str text, uint64_t base, bool last)
{
    v->text = text;
    v->base = base;
    hsn_step step = last ? hsn_json_finish(v->json, text, base, on_event, v, &v->err)
                         : hsn_json_run(v->json, text, base, on_event, v, &v->err);
    return step != HSN_FAIL;
}

/* Of a string under way: the beginning, as far as it goes. */
static void keep_head(harsan_view *v, hsn_str text, uint64_t base)
{
    uint64_t start = hsn_json_need(v->json) + 1;
    size_t from = start > base ? (size_t)(start - base) : 0;
    if (!v->in_head) {
        v->in_head = true;
        v->head_n = 0;
    }
    hsn_str more = hsn_str_cut(text, from, from + (HEAD_MAX - v->head_n));
    memcpy(v->head + v->head_n, more.p, more.n);
    v->head_n += more.n;
}

/* Keeps what the next run needs of `text`, which may be v->carry itself. */
static bool keep_rest(harsan_view *v, hsn_str text, uint64_t base)
{
    uint64_t need = hsn_json_need(v->json);
    if (hsn_json_in_string(v->json)) {
        keep_head(v, text, base);
        hsn_buf_reset(&v->carry);
        return true;
    }
    if (text.p == v->carry.p && need == base) {
        return true;
    }
    hsn_buf_reset(&v->carry);
    hsn_str rest = hsn_str_cut(text, (size_t)(need - base), text.n);
    if (rest.n > 0 && hsn_buf_reserve(&v->carry, rest.n)) {
        memmove(v->carry.p, rest.p, rest.n);
        v->carry.n = rest.n;
    }
    return !hsn_buf_failed(&v->carry);
}

static bool fail_carry(harsan_view *v)
{
    bool full = v->carry.n + WORD_STEP > WORD_MAX;
    hsn_fail(&v->err, full ? HARSAN_E_LIMIT : HARSAN_E_NOMEM, v->at, "%s",
             full ? "a number is too long" : "out of memory");
    return false;
}

/* One run over the next bytes of data; *n is how many it took. */
static bool advance(harsan_view *v, hsn_str data, size_t *n)
{
    hsn_str text = data;
    uint64_t base = v->at;
    *n = data.n;
    if (v->carry.n > 0) {
        base = v->at - v->carry.n;
        *n = data.n < WORD_STEP ? data.n : WORD_STEP;
        hsn_buf_add(&v->carry, data.p, *n);
        text = hsn_buf_str(&v->carry);
    }
    if (hsn_buf_failed(&v->carry)) {
        return fail_carry(v);
    }
    return run(v, text, base, false) && (keep_rest(v, text, base) || fail_carry(v));
}

/* A byte order mark is no part of the JSON text (RFC 8259, section 8.1). Takes bytes of data until
 * it is clear whether the text begins with one; returns their number. */
static size_t skip_mark(harsan_view *v, hsn_str data)
{
    static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
    size_t n = 0;
    while (n < data.n && v->at + n < sizeof mark && data.p[n] == mark[v->at + n]) {
        n++;
    }
    if (v->at + n == sizeof mark) {
        hsn_buf_reset(&v->carry);
        hsn_json_start_at(v->json, sizeof mark);
        v->begun = true;
    } else {
        hsn_buf_add(&v->carry, data.p, n);
        v->begun = n < data.n;
    }
    return n;
}

harsan_status harsan_view_feed(harsan_view *v, const void *data, size_t len)
{
    hsn_str left = hsn_str_of(data, len);
    while (v->err.code == HARSAN_OK && left.n > 0) {
        size_t n;
        if (!v->begun) {
            n = skip_mark(v, left);
        } else if (!advance(v, left, &n)) {
            place_error(v, left, v->at);
            break;
        } else {
            count_lines(v, hsn_str_cut(left, 0, n), v->at);
        }
        v->at += n;
        left = hsn_str_cut(left, n, left.n);
    }
    return v->err.code;
}

harsan_status harsan_view_finish(harsan_view *v)
{
    if (v->err.code != HARSAN_OK) {
        return v->err.code;
    }
    hsn_str rest = v->carry.n > 0 ? hsn_buf_str(&v->carry) : HSN_S(""); /* no null pointer */
    if (!run(v, rest, v->at - rest.n, true)) {
        place_error(v, (hsn_str){0}, v->at);
    } else if (v->has_log && v->sink.log != NULL) {
        v->sink.log(v->sink.ctx, &v->log);
    }
    return v->err.code;
}

/* ---------------------------------------------------------------- life */

harsan_status harsan_view_new(harsan_view **out, const harsan_view_sink *sink, harsan_error *err)
{
    harsan_view *v = hsn_mem_zero(1, sizeof *v);
    *out = NULL;
    if (v != NULL) {
        v->json = hsn_json_new(DEPTH);
    }
    if (v == NULL || v->json == NULL) {
        harsan_view_free(v);
        return hsn_refuse(err, HARSAN_E_NOMEM, "out of memory");
    }
    v->sink = *sink;
    v->line = 1;
    hsn_buf_init(&v->carry, WORD_MAX);
    point_at_texts(v);
    *out = v;
    return HARSAN_OK;
}

const harsan_error *harsan_view_error(const harsan_view *v)
{
    return &v->err;
}

void harsan_view_free(harsan_view *v)
{
    if (v != NULL) {
        hsn_json_free(v->json);
        hsn_buf_wipe(&v->carry);
        hsn_mem_wipe(v, sizeof *v); /* it may have seen the text before it was sanitized */
        hsn_mem_free(v);
    }
}
