/*
 * Log, pages and entries of the sanitized text, as a reader of reports needs them: hosts, times,
 * the timeline.
 *
 * Receives what harsan_view tells while the output streams by. Must never be given the input.
 */
#include "cli_model.h"

#include <string.h>

/* A start further away than this from the first one is a clock that was wrong: it would leave no
 * room for the others. */
static const double SPAN_MAX_MS = 31 * 86400e3;
static const double FIRST_WIDTH_MS = 50;
static const double SLOW_MS = 1000;

/* ---------------------------------------------------------------- log and pages */

static void on_log(void *ctx, const harsan_view_log *l)
{
    cli_model *m = ctx;
    cli_show(m->version, sizeof m->version, l->version);
    cli_show(m->creator, sizeof m->creator, l->creator);
    cli_show(m->creator_version, sizeof m->creator_version, l->creator_version);
    cli_show(m->browser, sizeof m->browser, l->browser);
    cli_show(m->browser_version, sizeof m->browser_version, l->browser_version);
}

static void on_page(void *ctx, const harsan_view_page *p)
{
    cli_model *m = ctx;
    if (m->pages < CLI_PAGES) {
        cli_shown_page *page = &m->page[m->pages];
        cli_show(page->title, sizeof page->title, p->title);
        page->on_load = p->on_load;
    }
    m->pages++;
}

/* ---------------------------------------------------------------- hosts */

static uint32_t host_of(cli_model *m, const char *url)
{
    cli_url u = cli_url_of(url);
    uint64_t key = cli_hash(m->seed, u.host, u.host_len);
    uint32_t index = cli_map_get(&m->host_map, key);
    if (index != CLI_NO_INDEX || m->n_hosts == CLI_HOSTS) {
        return index;
    }
    char name[300];
    size_t len = u.host_len < sizeof name - 1 ? u.host_len : sizeof name - 1;
    memcpy(name, u.host, len);
    name[len] = '\0';
    index = m->n_hosts++;
    m->host[index] = (cli_host){.entries = 0};
    cli_show(m->host[index].name, sizeof m->host[index].name, len > 0 ? name : "(no host)");
    cli_map_put(&m->host_map, key, index);
    return index;
}

/* ---------------------------------------------------------------- the timeline */

static void add_column(cli_column *to, const cli_column *from)
{
    to->requests += from->requests;
    to->failed += from->failed;
    to->replaced += from->replaced;
}

/* Makes every column twice as wide; the old ones become the earlier half, or the later one. */
static void widen(cli_model *m, bool earlier)
{
    cli_column old[CLI_COLUMNS];
    size_t from = earlier ? 0 : CLI_COLUMNS / 2;
    for (size_t i = 0; i < CLI_COLUMNS; i++) {
        old[i] = m->column[i];
        m->column[i] = (cli_column){0, 0, 0};
    }
    for (size_t i = 0; i < CLI_COLUMNS; i++) {
        add_column(&m->column[from + i / 2], &old[i]);
    }
    m->column_from -= earlier ? 0 : m->column_width * CLI_COLUMNS;
    m->column_width *= 2;
}

static void add_to_column(cli_model *m, const cli_bar *b)
{
    if (m->column_width <= 0) {
        m->column_from = b->start;
        m->column_width = FIRST_WIDTH_MS;
    }
    while (b->start < m->column_from) {
        widen(m, false);
    }
    while (b->start >= m->column_from + m->column_width * CLI_COLUMNS) {
        widen(m, true);
    }
    size_t i = (size_t)((b->start - m->column_from) / m->column_width);
    cli_column one = {1, b->failed, b->replaced};
    add_column(&m->column[i < CLI_COLUMNS ? i : CLI_COLUMNS - 1], &one);
}

/* No request takes a month: such a time says nothing, and its bar would hide all others. */
static double end_of(const cli_bar *b, const harsan_view_entry *e)
{
    return b->start + (e->time > 0 && e->time < SPAN_MAX_MS ? e->time : 0);
}

static void add_time(cli_model *m, cli_bar *b, const harsan_view_entry *e)
{
    double end = end_of(b, e);
    if (m->timed == 0) {
        m->first_ms = b->start;
        m->last_ms = end;
    }
    if (b->start < m->last_ms - SPAN_MAX_MS || b->start > m->first_ms + SPAN_MAX_MS) {
        b->timed = false;
        return;
    }
    if (m->timed == 0 || b->start < m->first_ms) {
        m->first_ms = b->start;
        cli_show(m->first_text, sizeof m->first_text, e->started);
    }
    m->last_ms = end > m->last_ms && end < m->first_ms + 2 * SPAN_MAX_MS ? end : m->last_ms;
    m->timed++;
    add_to_column(m, b);
}

static void draw(cli_model *m, const harsan_view_entry *e, bool failed, uint64_t replaced)
{
    cli_bar b = {.entry = e->index,
                 .time = e->time,
                 .replaced = replaced,
                 .status = e->status > 0 && e->status < 1000 ? (int)e->status : 0,
                 .failed = failed};
    int64_t micro;
    b.timed = cli_time_parse(e->started, &micro);
    if (b.timed) {
        b.start = (double)micro / 1000;
        add_time(m, &b, e);
    }
    if (m->n_bars < CLI_BARS) {
        cli_show(b.method, sizeof b.method, e->method);
        cli_show_url(b.url, sizeof b.url, e->url);
        m->bar[m->n_bars++] = b;
    }
}

/* ---------------------------------------------------------------- the slowest */

/* Connections that are meant to stay open are not slow. */
static bool is_long_lived(const harsan_view_entry *e)
{
    return strcmp(e->resource_type, "websocket") == 0 ||
           strcmp(e->resource_type, "eventsource") == 0 || e->status == 101 ||
           strstr(e->mime_type, "event-stream") != NULL || strncmp(e->url, "ws", 2) == 0;
}

static double positive(double x)
{
    return x > 0 ? x : 0;
}

static void rank(cli_model *m, const harsan_view_entry *e)
{
    if (e->time <= 0 || is_long_lived(e)) {
        return;
    }
    m->over_a_second += e->time >= SLOW_MS;
    size_t i = m->n_slow;
    while (i > 0 && m->slow[i - 1].time < e->time) {
        i--;
    }
    if (i == CLI_SLOW) {
        return;
    }
    size_t kept = m->n_slow < CLI_SLOW ? m->n_slow : CLI_SLOW - 1;
    memmove(&m->slow[i + 1], &m->slow[i], (kept - i) * sizeof *m->slow);
    m->n_slow = kept + 1;
    cli_slow *s = &m->slow[i];
    *s = (cli_slow){.entry = e->index,
                    .status = e->status > 0 && e->status < 1000 ? (int)e->status : 0,
                    .time = e->time,
                    .wait = positive(e->wait),
                    .receive = positive(e->receive),
                    /* ssl is part of connect (HAR 1.2) */
                    .connect = positive(e->blocked) + positive(e->dns) + positive(e->connect)};
    cli_show(s->method, sizeof s->method, e->method);
    cli_show_url(s->url, sizeof s->url, e->url);
    cli_show(s->started, sizeof s->started, e->started);
}

/* ---------------------------------------------------------------- entries */

static void name_gaps(cli_model *m, const harsan_view_entry *e)
{
    for (size_t i = 0; i < m->n_gaps; i++) {
        for (size_t k = 0; k < m->gap[i].n; k++) {
            cli_gap_place *at = &m->gap[i].at[k];
            if (at->entry == e->index && at->url[0] == '\0') {
                cli_show_url(at->url, sizeof at->url, e->url);
                cli_show(at->mime, sizeof at->mime, e->mime_type);
            }
        }
    }
}

static void on_entry(void *ctx, const harsan_view_entry *e)
{
    cli_model *m = ctx;
    uint32_t host = host_of(m, e->url);
    uint64_t replaced = cli_model_settle(m, e->index, host);
    cli_fault_kind kind = cli_model_fault(m, e);
    bool failed = kind != CLI_FAULT_NONE;
    m->entries++;
    m->failed += failed;
    if (host != CLI_NO_INDEX) {
        m->host[host].entries++;
        m->host[host].failed += failed;
        m->host[host].replaced += replaced;
    } else {
        m->other_hosts++;
    }
    if (m->document[0] == '\0' && strncmp(e->url, "http", 4) == 0) {
        cli_show_url(m->document, sizeof m->document, e->url);
    }
    draw(m, e, failed, replaced);
    rank(m, e);
    name_gaps(m, e);
}

harsan_view_sink cli_model_sink(cli_model *m)
{
    return (harsan_view_sink){.log = on_log, .page = on_page, .entry = on_entry, .ctx = m};
}
