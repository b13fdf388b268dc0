/*
 * The timeline of a capture as SVG: a bar for each request, or columns when there are many.
 *
 * Receives the model, emits one <svg> element without script, style or link; its classes are those
 * of cli_report.css. A failed request is marked by a cross, not by colour alone. Foreign text goes
 * by the pen of the page, which escapes it.
 */
#include "cli_report.h"

#include <inttypes.h>
#include <string.h>

/* Pixels of the drawing, which the page scales. */
enum {
    WIDTH = 1080,
    LABELS = 330, /* number, status, method and path */
    PLOT = 620,
    SECOND = 970, /* where the bars of replaced values begin */
    SECOND_WIDTH = 80,
    ROW = 18,
    TOP = 26,
    TALL = 130, /* of the columns */
    SHORT = 50,
    LABEL_BYTES = 44
};

/* A round step, so that an axis of `span` gets four to nine lines. */
static double step_of(double span)
{
    static const double steps[] = {1,      2,       5,       10,      20,    50,     100,
                                   200,    500,     1e3,     2e3,     5e3,   10e3,   15e3,
                                   30e3,   60e3,    120e3,   300e3,   600e3, 1800e3, 3600e3,
                                   7200e3, 21600e3, 86400e3, 432000e3};
    for (size_t i = 0; i < CLI_COUNT(steps); i++) {
        if (span / steps[i] <= 8) {
            return steps[i];
        }
    }
    return 30 * 86400e3;
}

static void put_axis(cli_pen *pen, double left, double width, double span, int bottom)
{
    double step = step_of(span);
    cli_number n;
    for (int i = 0; i * step <= span; i++) {
        double at = i * step;
        double x = left + at / span * width;
        cli_putf(pen,
                 "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text x=\"%.1f\" y=\"14\" "
                 "text-anchor=\"middle\">%s</text>\n",
                 x, TOP - 6, bottom, x, at > 0 ? cli_ms(&n, at) : "0");
    }
}

static void begin_svg(cli_pen *pen, int height, const char *desc)
{
    cli_putf(pen,
             "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"line-title line-desc\">\n"
             "<title id=\"line-title\">Timeline of the requests</title>\n"
             "<desc id=\"line-desc\">%s</desc>\n",
             WIDTH, height, desc);
}

/* ---------------------------------------------------------------- one by one */

/* The path of a URL, or what there is: hosts are told elsewhere. */
static void short_path(char *to, size_t room, const char *url)
{
    cli_url u = cli_url_of(url);
    const char *path = u.host_len > 0 ? u.host + u.host_len : url;
    size_t len = strcspn(path, "?#");
    char whole[sizeof((cli_bar *)0)->url];
    memcpy(whole, path, len);
    whole[len] = '\0';
    cli_show_url(to, room, len > 0 ? whole : "/");
}

static void put_label(cli_pen *pen, const cli_bar *b, int y)
{
    char path[LABEL_BYTES];
    short_path(path, sizeof path, b->url);
    cli_putf(pen, "<text x=\"28\" y=\"%d\" text-anchor=\"end\">%" PRIu64 "</text>", y + 12,
             b->entry);
    cli_putf(pen, "<text x=\"38\" y=\"%d\"%s>", y + 12, b->failed ? " class=\"fail\"" : "");
    if (b->status > 0) {
        cli_putf(pen, "%d ", b->status);
    } else {
        cli_put(pen, "--- ");
    }
    cli_put(pen, "</text>");
    cli_putf(pen, "<text x=\"66\" y=\"%d\" class=\"ink\">", y + 12);
    cli_text(pen, b->method);
    cli_put(pen, " ");
    cli_text(pen, path);
    cli_put(pen, "</text>");
}

static void put_bar(cli_pen *pen, const cli_model *m, const cli_bar *b, int y)
{
    double span = m->last_ms - m->first_ms;
    double scale = span > 0 ? PLOT / span : 0;
    double x = LABELS + (b->start - m->first_ms) * scale;
    double width = (b->time > 0 ? b->time : 0) * scale;
    width = width < 3 ? 3 : width;
    width = x + width > LABELS + PLOT + 4 ? LABELS + PLOT + 4 - x : width;
    cli_putf(pen, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"10\" rx=\"2\"/>",
             b->failed ? "fail" : "bar", x, y + 3, width > 0 ? width : 1);
    if (b->failed) { /* before the bar, or behind one that begins at once */
        double cross = x - 13 < LABELS ? x + width + 5 : x - 13;
        cli_putf(pen, "<path class=\"cross\" d=\"m%.1f %d 8 8m0-8-8 8\"/>", cross, y + 4);
    }
}

static void put_replaced(cli_pen *pen, const cli_bar *b, uint64_t most, int y)
{
    if (b->replaced == 0) {
        return;
    }
    double width = (double)b->replaced / (double)most * SECOND_WIDTH;
    cli_putf(pen, "<rect class=\"cut\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"6\"/>", SECOND,
             y + 5, width < 2 ? 2 : width);
    cli_putf(pen, "<text x=\"%.1f\" y=\"%d\">%" PRIu64 "</text>",
             SECOND + (width < 2 ? 2 : width) + 4, y + 12, b->replaced);
}

static void put_tip(cli_pen *pen, const cli_bar *b)
{
    cli_number n;
    cli_putf(pen, "<title>Entry %" PRIu64 ": ", b->entry);
    cli_text(pen, b->method);
    cli_put(pen, " ");
    cli_text(pen, b->url);
    if (b->status > 0) {
        cli_putf(pen, ", status %d", b->status);
    }
    cli_putf(pen, ", %s, %" PRIu64 " replaced</title>", cli_ms(&n, b->time), b->replaced);
}

static void put_bars(cli_pen *pen, const cli_model *m)
{
    int height = TOP + (int)m->n_bars * ROW + 4;
    uint64_t most = 1;
    for (size_t i = 0; i < m->n_bars; i++) {
        most = m->bar[i].replaced > most ? m->bar[i].replaced : most;
    }
    begin_svg(pen, height,
              "One row for each request: entry number, status, method and path, a bar "
              "from its start to its end, and how many values were replaced in it. "
              "Failed requests have a cross.");
    if (m->last_ms > m->first_ms) {
        put_axis(pen, LABELS, PLOT, m->last_ms - m->first_ms, height - 4);
    }
    cli_putf(pen, "<text x=\"%d\" y=\"14\">replaced</text>\n", SECOND);
    for (size_t i = 0; i < m->n_bars; i++) {
        const cli_bar *b = &m->bar[i];
        int y = TOP + (int)i * ROW;
        cli_put(pen, "<g>");
        put_tip(pen, b);
        if (b->failed) {
            cli_putf(pen, "<rect class=\"hot\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>", y,
                     WIDTH, ROW - 1);
        }
        put_label(pen, b, y);
        if (b->timed) {
            put_bar(pen, m, b, y);
        }
        put_replaced(pen, b, most, y);
        cli_put(pen, "</g>\n");
    }
    cli_put(pen, "</svg>\n");
}

/* ---------------------------------------------------------------- columns */

typedef struct extent {
    size_t from, to; /* columns that are not empty */
    uint64_t requests, replaced;
} extent;

static extent extent_of(const cli_model *m)
{
    extent e = {.from = CLI_COLUMNS, .requests = 1, .replaced = 1};
    for (size_t i = 0; i < CLI_COLUMNS; i++) {
        const cli_column *c = &m->column[i];
        if (c->requests > 0) {
            e.from = e.from < i ? e.from : i;
            e.to = i + 1;
            e.requests = c->requests > e.requests ? c->requests : e.requests;
            e.replaced = c->replaced > e.replaced ? c->replaced : e.replaced;
        }
    }
    return e;
}

static void put_column(cli_pen *pen, const cli_column *c, const extent *e, double x, double width)
{
    enum { BASE = TOP + TALL };
    double all = (double)c->requests / (double)e->requests * TALL;
    double failed = (double)c->failed / (double)e->requests * TALL;
    double replaced = (double)c->replaced / (double)e->replaced * SHORT;
    cli_putf(pen,
             "<g><title>%" PRIu64 " requests, %" PRIu64 " failed, %" PRIu64
             " values replaced</title>",
             c->requests, c->failed, c->replaced);
    cli_putf(pen, "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", x,
             BASE - all, width, all);
    if (c->failed > 0) {
        failed = failed < 2 ? 2 : failed;
        cli_putf(pen, "<rect class=\"fail\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                 x, BASE - failed, width, failed);
        cli_putf(pen, "<path class=\"cross\" d=\"m%.1f %.1f 6 6m0-6-6 6\"/>", x + width / 2 - 3,
                 BASE - all - 9);
    }
    if (c->replaced > 0) {
        cli_putf(pen, "<rect class=\"cut\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%.1f\"/>", x,
                 BASE + 6, width, replaced < 1 ? 1 : replaced);
    }
    cli_put(pen, "</g>\n");
}

static void put_columns(cli_pen *pen, const cli_model *m)
{
    enum { LEFT = 60, RIGHT = 20, BASE = TOP + TALL };
    extent e = extent_of(m);
    double n = (double)(e.to - e.from);
    double width = (WIDTH - LEFT - RIGHT) / n;
    cli_number count;
    begin_svg(pen, BASE + SHORT + 14,
              "Columns over time: how many requests began, how many of them "
              "failed, marked by a cross, and below how many values were "
              "replaced in them.");
    put_axis(pen, LEFT, WIDTH - LEFT - RIGHT, n * m->column_width, BASE + SHORT + 8);
    cli_putf(pen, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", LEFT - 8, TOP + 10,
             cli_count(&count, e.requests));
    cli_putf(pen, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>", LEFT - 8, BASE);
    cli_putf(pen, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LEFT - 8,
             BASE + SHORT + 8, cli_count(&count, e.replaced));
    for (size_t i = e.from; i < e.to; i++) {
        if (m->column[i].requests > 0) {
            put_column(pen, &m->column[i], &e, LEFT + (double)(i - e.from) * width,
                       width > 3 ? width - 1 : width);
        }
    }
    cli_put(pen, "</svg>\n");
}

void cli_render_timeline(cli_pen *pen, const cli_model *m)
{
    if (cli_is_drawn_singly(m) || m->column_width <= 0) {
        put_bars(pen, m);
    } else {
        put_columns(pen, m);
    }
}
