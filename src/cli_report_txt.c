/*
 * The report as plain text of 80 columns: for terminals and mail.
 *
 * A pen that breaks lines: words go to the next line, which is indented; what is longer than a line
 * is cut into lines. Foreign text holds no control characters (cli_model_text.c), so it steers no
 * terminal.
 */
#include "cli_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80, ROWS = 60, HOSTS = 5 };

/* ---------------------------------------------------------------- lines */

typedef struct lines {
    cli_pen *to;
    size_t column; /* characters of the line so far */
    size_t indent; /* of the lines that follow */
} lines;

static size_t length_of(const char *p, size_t n)
{
    size_t characters = 0;
    for (size_t i = 0; i < n; i++) {
        characters += ((unsigned char)p[i] & 0xc0) != 0x80;
    }
    return characters;
}

static void end_line(lines *l)
{
    cli_put(l->to, "\n");
    l->column = 0;
}

static void put_indent(lines *l)
{
    for (; l->column < l->indent; l->column++) {
        cli_put(l->to, " ");
    }
}

/* A word too long for any line is broken where the line ends. */
static void put_long(lines *l, const char *p, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        bool begins = ((unsigned char)p[i] & 0xc0) != 0x80;
        if (begins && l->column == COLUMNS) {
            cli_put_bytes(l->to, p + from, i - from);
            from = i;
            end_line(l);
            put_indent(l);
        }
        l->column += begins;
    }
    cli_put_bytes(l->to, p + from, n - from);
}

static void put_word(lines *l, const char *p, size_t n)
{
    size_t length = length_of(p, n);
    bool first = l->column <= l->indent;
    if (!first && l->column + 1 + length > COLUMNS && length <= COLUMNS - l->indent) {
        end_line(l);
        first = true;
    }
    put_indent(l);
    if (!first) {
        cli_put(l->to, l->column < COLUMNS ? " " : "");
        l->column += l->column < COLUMNS;
    }
    put_long(l, p, n);
}

/* Text with a space before it; its own spaces are where it may break. */
static void say(lines *l, const char *text)
{
    while (*text != '\0') {
        text += strspn(text, " ");
        size_t n = strcspn(text, " ");
        if (n > 0) {
            put_word(l, text, n);
        }
        text += n;
    }
}

/* Behind the last word; at the end of a line that end will do. */
static void comma(lines *l)
{
    if (l->column < COLUMNS) {
        cli_put(l->to, ",");
        l->column++;
    }
}

static void begin_item(lines *l, const char *mark)
{
    l->indent = 0;
    say(l, mark);
    l->indent = 4;
    while (l->column < l->indent) {
        cli_put(l->to, " ");
        l->column++;
    }
}

static void title(lines *l, const char *text)
{
    char upper[64];
    size_t n = strlen(text) < sizeof upper - 1 ? strlen(text) : sizeof upper - 1;
    for (size_t i = 0; i < n; i++) {
        upper[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
    }
    upper[n] = '\0';
    l->indent = 0;
    end_line(l);
    say(l, upper);
    end_line(l);
    end_line(l);
}

static void fact(lines *l, const char *name)
{
    enum { VALUES = 16 }; /* 64 digits of a digest fit behind */
    l->indent = 0;
    say(l, name);
    l->indent = VALUES;
    while (l->column < VALUES) {
        cli_put(l->to, " ");
        l->column++;
    }
}

/* "TEXT N" */
static void say_number(lines *l, const char *text, uint64_t n)
{
    cli_number count;
    say(l, text);
    say(l, cli_count(&count, n));
}

/* "N TEXT" */
static void say_count(lines *l, uint64_t n, const char *text)
{
    cli_number count;
    say(l, cli_count(&count, n));
    say(l, text);
}

/* ", WHAT TEXT", if there is a text */
static void say_more(lines *l, const char *what, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        comma(l);
        say(l, what);
        say(l, text);
    }
}

static void say_entries(lines *l, uint64_t first, uint64_t last)
{
    cli_number n;
    if (first != CLI_NO_ENTRY) {
        say(l, first == last ? "entry" : "entries");
        say(l, cli_entries_text(&n, first, last));
    }
}

/* "parameter password", nothing where no name is known. */
static void say_name(lines *l, const cli_value *v)
{
    if (v->name[0] != '\0') {
        comma(l);
        say(l, cli_word_of_kind(v->kind));
        say(l, v->name);
    }
}

static void put_more(lines *l, uint64_t n, bool cut)
{
    cli_number more;
    if (n > 0 || cut) {
        l->indent = 4;
        say(l, "and");
        say(l, cli_more(&more, n, cut));
        end_line(l);
    }
}

/* ---------------------------------------------------------------- sections */

/* A program and its version; nothing where the capture does not say. */
static void put_program(lines *l, const char *what, const char *name, const char *version)
{
    if (name[0] != '\0') {
        fact(l, what);
        say(l, name);
        say(l, version);
        end_line(l);
    }
}

static void put_hosts(lines *l, const cli_model *m)
{
    cli_number n;
    if (m->n_hosts == 0) {
        return;
    }
    fact(l, "hosts");
    for (uint32_t i = 0; i < m->n_hosts && i < HOSTS; i++) {
        if (i > 0) {
            comma(l);
        }
        say(l, m->host[i].name);
    }
    if (m->n_hosts > HOSTS) {
        say(l, "and");
        say(l, cli_more(&n, m->n_hosts - HOSTS, m->other_hosts > 0));
    }
    end_line(l);
}

static void put_capture(lines *l, const cli_model *m)
{
    cli_number n;
    if (m->timed > 0) {
        fact(l, "recorded");
        say(l, cli_utc(&n, m->first_ms));
        say(l, "for");
        say(l, cli_ms(&n, m->last_ms - m->first_ms));
        end_line(l);
    }
    put_program(l, "recorder", m->creator, m->creator_version);
    put_program(l, "browser", m->browser, m->browser_version);
    fact(l, "requests");
    say(l, cli_count(&n, m->entries));
    if (m->failed > 0) {
        comma(l);
        say_count(l, m->failed, "failed");
    }
    end_line(l);
    put_hosts(l, m);
}

static void put_outcome(lines *l, const cli_model *m)
{
    cli_number n;
    fact(l, "values replaced");
    say(l, cli_count(&n, m->n_values));
    say(l, "in");
    say_count(l, m->places, cli_plural(m->places, "place", "places"));
    end_line(l);
    fact(l, "to revoke");
    say(l, cli_count(&n, cli_count_revoke(m, CLI_N_REVOKE)));
    end_line(l);
    fact(l, "passed on");
    say(l, cli_count(&n, m->passed_on));
    say(l, "unseen");
    end_line(l);
    fact(l, "file");
    say(l, cli_bytes_text(&n, m->result->out.bytes));
    end_line(l);
    fact(l, "SHA-256");
    say(l, m->result->out.sha256);
    end_line(l);
}

static void put_summary(lines *l, const cli_model *m)
{
    cli_put(l->to, "REPORT OF A SANITIZED CAPTURE\n\n");
    say(l, m->result->verified ? "Complete and verified: the result was read back, and nothing the "
                                 "rules know is left."
                               : "Complete; not verified (harsan clean --verify).");
    end_line(l);
    end_line(l);
    put_capture(l, m);
    put_outcome(l, m);
}

static void put_fault(lines *l, const cli_fault *f)
{
    cli_number n;
    char mark[24];
    snprintf(mark, sizeof mark, "%" PRIu64, f->first);
    begin_item(l, mark);
    say(l, cli_clock(&n, f->started));
    say(l, cli_words_of_fault(f->kind).title);
    if (f->status > 0) {
        comma(l);
        say_number(l, "status", (uint64_t)f->status);
    }
    say_more(l, "after", cli_ms(&n, f->time));
    if (f->count > 1) {
        comma(l);
        say_count(l, f->count, "times");
        say_number(l, "until entry", f->last);
    }
    end_line(l);
    say(l, f->method);
    say(l, f->url);
    end_line(l);
    if (f->error[0] != '\0') {
        say(l, f->error);
        end_line(l);
    }
}

static void put_problems(lines *l, const cli_model *m)
{
    cli_number n;
    char mark[24];
    uint64_t groups = 0;
    size_t shown = m->n_faults < ROWS ? m->n_faults : ROWS;
    title(l, "What went wrong");
    say(l, m->n_faults > 0  ? "Worst first; then the slowest:"
           : m->n_slow > 0 ? "No request failed. Slowest:"
                           : "No request failed.");
    end_line(l);
    end_line(l);
    for (size_t i = 0; i < shown; i++) {
        put_fault(l, &m->fault[i]);
    }
    for (int k = 0; k < CLI_N_FAULTS; k++) {
        groups += m->fault_groups[k];
    }
    put_more(l, groups - shown, false);
    for (size_t i = 0; i < m->n_slow && i < 5; i++) {
        const cli_slow *s = &m->slow[i];
        snprintf(mark, sizeof mark, "%" PRIu64, s->entry);
        begin_item(l, mark);
        say(l, cli_ms(&n, s->time));
        say_more(l, "of which waiting", cli_ms(&n, s->wait));
        end_line(l);
        say(l, s->method);
        say(l, s->url);
        end_line(l);
    }
}

static void put_value(lines *l, const cli_value *v)
{
    begin_item(l, "*");
    say(l, v->stand_in);
    say(l, v->category);
    say_name(l, v);
    end_line(l);
    say_entries(l, v->first, v->last);
    if (v->first != CLI_NO_ENTRY) {
        comma(l);
    }
    say_count(l, v->places, cli_plural(v->places, "place", "places"));
    say_more(l, "rule", v->rule);
    say_more(l, "through", v->layers);
    say_more(l, "learned from", v->learned_from);
    end_line(l);
}

static void put_changes(lines *l, const cli_model *m)
{
    for (size_t i = 0; i < m->n_tracks; i++) {
        const cli_track *t = &m->track[i];
        if (t->changes == 0) {
            continue;
        }
        begin_item(l, ">");
        say(l, cli_word_of_kind(t->kind));
        say(l, t->name);
        say(l, "at");
        say(l, cli_host_name(m, t->host));
        say(l, "changes:");
        for (uint32_t k = 0; k < t->n_steps; k++) {
            end_line(l);
            say(l, m->value[t->step[k].value].stand_in);
            say_entries(l, t->step[k].first, t->step[k].last);
        }
        end_line(l);
    }
}

static void put_replaced(lines *l, const cli_model *m)
{
    size_t shown = m->n_values < ROWS ? m->n_values : ROWS;
    title(l, "What was replaced");
    if (m->n_values == 0) {
        say(l, "Nothing had to be replaced.");
        end_line(l);
    }
    for (size_t i = 0; i < shown; i++) {
        put_value(l, &m->value[i]);
    }
    put_more(l, m->n_values - shown, m->unfollowed > 0);
    put_changes(l, m);
}

static void put_credential(lines *l, const cli_model *m, const cli_value *v)
{
    cli_number n;
    const char *valid = cli_validity(m, v);
    begin_item(l, "[ ]");
    say(l, v->what);
    say_name(l, v);
    say(l, v->n_hosts > 0 ? "at" : "outside of requests");
    say(l, v->n_hosts > 0 ? cli_host_name(m, v->host[0]) : "");
    end_line(l);
    say(l, v->stand_in);
    if (v->first != CLI_NO_ENTRY) {
        comma(l);
    }
    say_entries(l, v->first, v->last);
    say_more(l, "issued by", v->issuer);
    say_more(l, "for", v->audience);
    say_more(l, "expires", v->expires > 0 ? cli_utc(&n, v->expires * 1000) : "");
    say_more(l, "", valid);
    end_line(l);
}

static void put_revoke(lines *l, const cli_model *m)
{
    cli_pick pick = cli_pick_revoke(m);
    size_t shown = pick.n < ROWS ? pick.n : ROWS;
    title(l, "What to revoke or rotate");
    if (pick.at == NULL) {
        l->to->code = cli_no_memory(NULL);
        return;
    }
    if (pick.n == 0) {
        say(l, "No session, token, key or password was found.");
        end_line(l);
    }
    for (size_t i = 0; i < shown; i++) {
        put_credential(l, m, &m->value[pick.at[i]]);
    }
    put_more(l, pick.n - shown, m->unfollowed > 0);
    free(pick.at);
}

static void put_gap(lines *l, const cli_gap_kind *g)
{
    cli_number n;
    cli_words words = cli_words_of_gap(g->why);
    begin_item(l, "*");
    say(l, words.title);
    end_line(l);
    say_count(l, g->count, g->replaced ? "replaced whole" : "passed on as they are");
    if (g->bytes > 0) {
        say_more(l, "", cli_bytes_text(&n, g->bytes));
    }
    end_line(l);
    say(l, words.help);
    end_line(l);
    for (size_t i = 0; i < g->n; i++) {
        say_entries(l, g->at[i].entry, g->at[i].entry);
        say(l, g->at[i].url[0] != '\0' ? g->at[i].url : g->at[i].place);
        end_line(l);
    }
    put_more(l, g->count - g->n, false);
}

static void put_gaps(lines *l, const cli_model *m)
{
    title(l, "What was not looked into");
    if (m->n_gaps == 0) {
        say(l, "Everything in the file was looked into.");
        end_line(l);
    }
    for (size_t i = 0; i < m->n_gaps; i++) {
        put_gap(l, &m->gap[i]);
    }
}

static void put_left_line(void *ctx, const char *text)
{
    begin_item(ctx, "*");
    say(ctx, text);
    end_line(ctx);
}

static void put_left_out(lines *l, const cli_model *m)
{
    if (!cli_left_any(m)) {
        return;
    }
    title(l, CLI_LEFT_TITLE);
    say(l, CLI_LEFT_ABOUT);
    end_line(l);
    end_line(l);
    cli_left_each(m, put_left_line, l);
}

/* The ticket has lines of its own, longer than 80 columns where a URL stands in them. */
static void put_ticket(lines *l, const cli_model *m)
{
    title(l, "Ticket text (Markdown)");
    cli_render_ticket(l->to, m);
}

void cli_render_txt(cli_pen *pen, const cli_model *m)
{
    lines l = {.to = pen};
    put_summary(&l, m);
    put_problems(&l, m);
    put_replaced(&l, m);
    put_revoke(&l, m);
    put_gaps(&l, m);
    put_left_out(&l, m);
    put_ticket(&l, m);
    cli_put(pen, "\nWritten by harsan " HARSAN_VERSION " from the sanitized file.\n");
}
