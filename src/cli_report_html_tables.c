/*
 * The tables of the HTML report: what went wrong, the slowest requests, what was replaced.
 *
 * Filters are radio buttons that the style reads; without support for that all rows are shown.
 */
#include "cli_report_html.h"

#include <string.h>

enum {
    ROWS = 200,  /* of one table; the model holds more of some */
    FILTERS = 12 /* as many as the style knows, besides "all" */
};

static void put_more(cli_pen *pen, uint64_t n, bool cut, const char *what)
{
    cli_number more;
    if (n > 0 || cut) {
        cli_putf(pen, "<p class=\"more\">And %s %s.</p>\n", cli_more(&more, n, cut), what);
    }
}

/* `flow`: on a narrow screen each row becomes lines of its own. A head that begins with `#` is that
 * of numbers, with `-` of what a narrow screen has no room for. */
static void begin_table(cli_pen *pen, const char *caption, const char *const *heads, bool flow)
{
    cli_putf(pen,
             "<section class=\"box tall\" tabindex=\"0\" aria-label=\"%s\">\n<table%s>\n"
             "<caption>%s</caption>\n<thead><tr>",
             caption, flow ? " class=\"flow\"" : "", caption);
    for (size_t i = 0; heads[i] != NULL; i++) {
        bool aux = heads[i][0] == '-';
        bool number = aux || heads[i][0] == '#';
        cli_putf(pen, "<th scope=\"col\"%s>%s</th>",
                 aux      ? " class=\"num aux\""
                 : number ? " class=\"num\""
                          : "",
                 heads[i] + number);
    }
    cli_put(pen, "</tr></thead>\n<tbody>\n");
}

static void end_table(cli_pen *pen)
{
    cli_put(pen, "</tbody>\n</table>\n</section>\n");
}

static void begin_filter(cli_pen *pen, const char *name, uint64_t all)
{
    cli_number n;
    cli_putf(pen,
             "<div class=\"pick\">\n<fieldset><legend>Show</legend>\n"
             "<input type=\"radio\" name=\"%s\" id=\"%s-0\" checked>"
             "<label for=\"%s-0\">all %s</label>\n",
             name, name, name, cli_count(&n, all));
}

/* The label is written by the caller, then end_choice. A choice without rows is there, so that the
 * style's numbers fit, but cannot be seen or chosen. */
static void begin_choice(cli_pen *pen, const char *name, unsigned number, uint64_t rows)
{
    cli_putf(pen, "<input type=\"radio\" name=\"%s\" id=\"%s-%u\"%s>", name, name, number,
             rows == 0 ? " disabled hidden" : "");
    cli_putf(pen, "<label for=\"%s-%u\"%s>", name, number, rows == 0 ? " hidden" : "");
}

static void end_choice(cli_pen *pen, uint64_t n)
{
    cli_number count;
    cli_putf(pen, " %s</label>\n", cli_count(&count, n));
}

/* ---------------------------------------------------------------- what went wrong */

static void put_request(cli_pen *pen, const char *method, const char *url)
{
    cli_put(pen, "<td class=\"wide\"><span class=\"url\">");
    cli_text(pen, method);
    cli_put(pen, " ");
    cli_text(pen, url);
    cli_put(pen, "</span>");
}

static void put_status(cli_pen *pen, int status)
{
    if (status > 0) {
        cli_putf(pen, "<td class=\"num\">%d</td>", status);
    } else {
        cli_put(pen, "<td class=\"num\">none</td>");
    }
}

static const char *tag_of(cli_fault_kind kind)
{
    switch (kind) {
    case CLI_FAULT_SERVER:
    case CLI_FAULT_SILENT:
    case CLI_FAULT_CORS:
    case CLI_FAULT_BLOCKED:
        return "bad";
    case CLI_FAULT_CLIENT:
    case CLI_FAULT_LOOP:
    case CLI_FAULT_MIXED:
        return "warn";
    case CLI_FAULT_ABORTED:
    case CLI_N_FAULTS:
        break;
    }
    return "soft";
}

static void put_fault(cli_pen *pen, const cli_fault *f)
{
    cli_number n;
    cli_putf(pen, "<tr class=\"k%d\">", (int)f->kind + 1);
    cli_html_entry(pen, f->first);
    cli_put(pen, "<td class=\"keep\">");
    cli_text(pen, cli_clock(&n, f->started));
    cli_putf(pen, "</td><td><span class=\"tag %s\">%s</span></td>", tag_of(f->kind),
             cli_words_of_fault(f->kind).title);
    put_request(pen, f->method, f->url);
    if (f->error[0] != '\0') {
        cli_put(pen, "<span class=\"say\">");
        cli_text(pen, f->error);
        cli_put(pen, "</span>");
    }
    if (f->count > 1) {
        cli_putf(pen, "<span class=\"say\">%s times", cli_count(&n, f->count));
        cli_putf(pen, ", last in entry %s</span>", cli_entries_text(&n, f->last, f->last));
    }
    cli_put(pen, "</td>");
    put_status(pen, f->status);
    cli_putf(pen, "<td class=\"num\">%s</td></tr>\n", cli_ms(&n, f->time));
}

static void put_faults(cli_pen *pen, const cli_model *m)
{
    static const char *const heads[] = {"Entry",   "Time",  "What", "Request",
                                        "#Status", "#Took", NULL};
    uint64_t more = 0;
    begin_filter(pen, "fault", m->n_faults);
    for (int k = 0; k < CLI_N_FAULTS; k++) {
        uint64_t kept = m->fault_groups[k] < CLI_FAULTS ? m->fault_groups[k] : CLI_FAULTS;
        more += m->fault_groups[k] - kept;
        begin_choice(pen, "fault", (unsigned)k + 1, kept);
        cli_put(pen, cli_words_of_fault((cli_fault_kind)k).title);
        end_choice(pen, kept);
    }
    cli_put(pen, "</fieldset>\n");
    begin_table(pen, "Problems, worst first; like ones are one row", heads, true);
    for (size_t i = 0; i < m->n_faults; i++) {
        put_fault(pen, &m->fault[i]);
    }
    end_table(pen);
    cli_put(pen, "</div>\n");
    put_more(pen, more, false, "that are not listed");
}

/* Connecting, waiting and receiving, as shares of the slowest request of all. */
static void put_shares(cli_pen *pen, const cli_slow *s, double longest)
{
    enum { WIDTH = 112 };
    double scale = longest > 0 ? WIDTH / longest : 0;
    double connect = s->connect * scale;
    double wait = s->wait * scale;
    double rest = s->time * scale - connect - wait;
    cli_putf(pen,
             "<svg class=\"mini\" viewBox=\"0 0 112 10\" preserveAspectRatio=\"none\" "
             "aria-hidden=\"true\"><rect class=\"dns\" width=\"%.1f\" height=\"10\"/>"
             "<rect class=\"wait\" x=\"%.1f\" width=\"%.1f\" height=\"10\"/>",
             connect, connect, wait);
    cli_putf(pen, "<rect class=\"alt\" x=\"%.1f\" width=\"%.1f\" height=\"10\"/></svg>",
             connect + wait, rest > 0 ? rest : 0);
}

static void put_slowest(cli_pen *pen, const cli_model *m)
{
    static const char *const heads[] = {"Entry",    "Time",      "Request", "#Status", "-Connect",
                                        "-Waiting", "-Received", "#Took",   "Shares",  NULL};
    cli_number n;
    cli_put(pen, "<h3>Slowest requests</h3>\n");
    if (m->over_a_second > 0) {
        cli_putf(pen, "<p class=\"soft\">%s took a second or longer.</p>\n",
                 cli_count(&n, m->over_a_second));
    }
    begin_table(pen, "The slowest first; shares: connecting, waiting for the server, the rest",
                heads, true);
    for (size_t i = 0; i < m->n_slow; i++) {
        const cli_slow *s = &m->slow[i];
        cli_put(pen, "<tr>");
        cli_html_entry(pen, s->entry);
        cli_put(pen, "<td class=\"keep\">");
        cli_text(pen, cli_clock(&n, s->started));
        cli_put(pen, "</td>");
        put_request(pen, s->method, s->url);
        cli_put(pen, "</td>");
        put_status(pen, s->status);
        cli_putf(pen, "<td class=\"num aux\">%s</td>", cli_ms(&n, s->connect));
        cli_putf(pen, "<td class=\"num aux\">%s</td>", cli_ms(&n, s->wait));
        cli_putf(pen, "<td class=\"num aux\">%s</td>", cli_ms(&n, s->receive));
        cli_putf(pen, "<td class=\"num\">%s</td><td>", cli_ms(&n, s->time));
        put_shares(pen, s, m->slow[0].time);
        cli_put(pen, "</td></tr>\n");
    }
    end_table(pen);
}

void cli_html_problems(cli_pen *pen, const cli_model *m)
{
    cli_html_section(pen, "problems", "What went wrong",
                     "The first look of whoever works on the ticket: requests that failed, went in "
                     "circles, or were not encrypted on an encrypted page.");
    if (m->n_faults > 0) {
        put_faults(pen, m);
    } else {
        cli_put(pen, "<p class=\"none\">No request failed.</p>\n");
    }
    if (m->n_slow > 0) {
        put_slowest(pen, m);
    }
    cli_put(pen, "</section>\n");
}

/* ---------------------------------------------------------------- what was replaced */

/* The categories as they are counted, most frequent first; those past the filters have none. */
static unsigned filter_of(const cli_model *m, const char *category)
{
    const cli_tally *t = &m->result->counts->category;
    for (unsigned i = 0; i < t->n && i < FILTERS; i++) {
        if (strcmp(t->row[i].name, category) == 0) {
            return i + 1;
        }
    }
    return 0;
}

static void put_tally(cli_pen *pen, cli_tally *t, const char *caption, const char *head)
{
    const char *heads[] = {head, "#Places", NULL};
    cli_number n;
    cli_tally_sort(t, CLI_BY_COUNT);
    begin_table(pen, caption, heads, false);
    for (size_t i = 0; i < t->n; i++) {
        cli_put(pen, "<tr><th scope=\"row\">");
        cli_text(pen, t->row[i].name);
        cli_putf(pen, "</th><td class=\"num\">%s</td></tr>\n", cli_count(&n, t->row[i].n));
    }
    end_table(pen);
}

static void put_hosts(cli_pen *pen, const cli_model *m, const cli_value *v)
{
    for (uint32_t i = 0; i < v->n_hosts; i++) {
        cli_put(pen, "<span class=\"at\">");
        cli_html_code(pen, cli_host_name(m, v->host[i]));
        cli_put(pen, "</span>");
    }
}

static void put_how(cli_pen *pen, const cli_value *v)
{
    cli_put(pen, "<td class=\"wide\">");
    cli_text(pen, v->what);
    cli_put(pen, "<span class=\"say\">rule ");
    cli_html_code(pen, v->rule);
    if (v->layers[0] != '\0') {
        cli_put(pen, ", through ");
        cli_html_code(pen, v->layers);
    }
    if (v->learned_from[0] != '\0') {
        cli_put(pen, ", learned from ");
        cli_html_code(pen, v->learned_from);
    }
    cli_put(pen, "</span></td></tr>\n");
}

static void put_value(cli_pen *pen, const cli_model *m, const cli_value *v)
{
    cli_number n;
    cli_putf(pen, "<tr class=\"k%u\"><th scope=\"row\"><code class=\"si\">",
             filter_of(m, v->category));
    cli_text(pen, v->stand_in);
    cli_put(pen, "</code></th><td class=\"what\">");
    cli_text(pen, v->category);
    if (v->name[0] != '\0') {
        cli_put(pen, "<span class=\"say\">");
        cli_text(pen, cli_word_of_kind(v->kind));
        cli_put(pen, " ");
        cli_html_code(pen, v->name);
        cli_put(pen, "</span>");
    }
    cli_put(pen, "</td>");
    cli_putf(pen, "<td class=\"keep\"><span class=\"cue\">%s </span>%s",
             v->first == v->last ? "entry" : "entries", cli_entries_text(&n, v->first, v->last));
    cli_putf(pen, "<span class=\"say\">%s place%s", cli_count(&n, v->places),
             cli_plural(v->places, "", "s"));
    cli_putf(pen, ", %s request%s</span></td><td class=\"wide\">", cli_count(&n, v->entries),
             cli_plural(v->entries, "", "s"));
    put_hosts(pen, m, v);
    cli_put(pen, "</td>");
    put_how(pen, v);
}

static void put_values(cli_pen *pen, const cli_model *m)
{
    static const char *const heads[] = {"Stand-in", "What it was",      "Entries",
                                        "Hosts",    "How it was found", NULL};
    cli_tally *t = &m->result->counts->category;
    size_t shown = m->n_values < ROWS ? m->n_values : ROWS;
    cli_put(pen, "<h3>Follow a value</h3>\n<p class=\"soft\">One value has one stand-in in the "
                 "whole file: search for it to see where it went.</p>\n");
    begin_filter(pen, "value", shown);
    cli_tally_sort(t, CLI_BY_COUNT);
    for (unsigned i = 0; i < t->n && i < FILTERS; i++) {
        uint64_t of_kind = 0;
        for (size_t k = 0; k < shown; k++) {
            of_kind += strcmp(m->value[k].category, t->row[i].name) == 0;
        }
        begin_choice(pen, "value", i + 1, of_kind);
        cli_text(pen, t->row[i].name);
        end_choice(pen, of_kind);
    }
    cli_put(pen, "</fieldset>\n");
    begin_table(pen, "Values in the order of their first place", heads, true);
    for (size_t i = 0; i < shown; i++) {
        put_value(pen, m, &m->value[i]);
    }
    end_table(pen);
    cli_put(pen, "</div>\n");
    put_more(pen, m->n_values - shown, m->unfollowed > 0, "that are not listed");
}

static void put_track(cli_pen *pen, const cli_model *m, const cli_track *t)
{
    cli_number n;
    cli_put(pen, "<tr><th scope=\"row\">");
    cli_text(pen, cli_word_of_kind(t->kind));
    cli_put(pen, " ");
    cli_html_code(pen, t->name);
    cli_put(pen, "</th><td>");
    cli_html_code(pen, cli_host_name(m, t->host));
    cli_put(pen, "</td><td class=\"wide\"><ol class=\"steps\">");
    for (uint32_t i = 0; i < t->n_steps; i++) {
        const cli_step *s = &t->step[i];
        cli_put(pen, "<li>");
        cli_html_code(pen, m->value[s->value].stand_in);
        cli_putf(pen, " in %s %s</li>", s->first == s->last ? "entry" : "entries",
                 cli_entries_text(&n, s->first, s->last));
    }
    if (t->changes >= CLI_STEPS) {
        cli_putf(pen, "<li class=\"soft\">changes %s times in all</li>", cli_count(&n, t->changes));
    }
    cli_put(pen, "</ol></td></tr>\n");
}

static void put_changes(cli_pen *pen, const cli_model *m)
{
    static const char *const heads[] = {"Name", "Host", "Stand-ins in turn", NULL};
    size_t n = 0;
    for (size_t i = 0; i < m->n_tracks; i++) {
        n += m->track[i].changes > 0;
    }
    if (n == 0) {
        return;
    }
    cli_put(pen, "<h3>Where a session changes</h3>\n<p class=\"soft\">Cookies and headers that had "
                 "more than one value: a login, a logout, a token that was renewed.</p>\n");
    begin_table(pen, "Names with more than one value", heads, true);
    size_t shown = 0;
    for (size_t i = 0; i < m->n_tracks && shown < ROWS / 4; i++) {
        if (m->track[i].changes > 0) {
            put_track(pen, m, &m->track[i]);
            shown++;
        }
    }
    end_table(pen);
    put_more(pen, n - shown, false, "names");
}

void cli_html_replaced(cli_pen *pen, const cli_model *m)
{
    cli_html_section(pen, "replaced", "What was replaced",
                     "Every value that was found became a stand-in that says nothing about it. "
                     "Equal values have equal stand-ins, so what belongs together can still be "
                     "seen.");
    if (m->places == 0) {
        cli_put(pen, "<p class=\"none\">Nothing had to be replaced.</p>\n</section>\n");
        return;
    }
    put_values(pen, m);
    put_changes(pen, m);
    cli_put(pen, "<h3>Kinds and places</h3>\n");
    cli_put(pen, "<div class=\"pair\">\n");
    put_tally(pen, &m->result->counts->category, "By kind", "Kind");
    put_tally(pen, &m->result->counts->place, "By place in an entry", "Place");
    cli_put(pen, "</div>\n</section>\n");
}
