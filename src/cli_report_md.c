/*
 * The report in Markdown (GitHub's, which most trackers read): to be pasted into a ticket.
 *
 * All foreign text stands in code spans (cli_md_code), so that it makes no link, no mention and no
 * table of its own. Lists are short: the HTML and JSON reports have the rest.
 */
#include "cli_report.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ROWS = 40 };

static void put_more(cli_pen *pen, uint64_t n, bool cut)
{
    cli_number more;
    if (n > 0 || cut) {
        cli_putf(pen, "\nand %s\n", cli_more(&more, n, cut));
    }
}

/* ---------------------------------------------------------------- summary */

static void put_row(cli_pen *pen, const char *what, const char *figure, const char *more)
{
    cli_putf(pen, "| %s | %s%s%s |\n", what, figure, more[0] != '\0' ? " " : "", more);
}

static void put_recorder(cli_pen *pen, const cli_model *m)
{
    if (m->creator[0] != '\0') {
        cli_put(pen, "| recorder | ");
        cli_md_pair(pen, m->creator, m->creator_version);
        cli_put(pen, " |\n");
    }
    if (m->browser[0] != '\0') {
        cli_put(pen, "| browser | ");
        cli_md_pair(pen, m->browser, m->browser_version);
        cli_put(pen, " |\n");
    }
}

static void put_hosts(cli_pen *pen, const cli_model *m)
{
    enum { SHOWN = 5 };
    cli_number n;
    cli_put(pen, "| hosts | ");
    for (uint32_t i = 0; i < m->n_hosts && i < SHOWN; i++) {
        cli_put(pen, i > 0 ? ", " : "");
        cli_md_code(pen, m->host[i].name);
    }
    if (m->n_hosts > SHOWN) {
        cli_putf(pen, " and %s", cli_more(&n, m->n_hosts - SHOWN, m->other_hosts > 0));
    }
    cli_put(pen, " |\n");
}

static void put_summary(cli_pen *pen, const cli_model *m)
{
    cli_number n, more;
    char text[80];
    cli_put(pen, "# Report of a sanitized capture\n\n");
    cli_put(pen, m->result->verified
                     ? "Complete and verified: the result was read back, and nothing "
                       "the rules know is left.\n"
                     : "Complete; not verified (`harsan clean --verify`).\n");
    cli_put(pen, "\n| | |\n|---|---|\n");
    if (m->timed > 0) {
        snprintf(text, sizeof text, "(%s)", cli_ms(&more, m->last_ms - m->first_ms));
        put_row(pen, "recorded", cli_utc(&n, m->first_ms), text);
    }
    put_recorder(pen, m);
    snprintf(text, sizeof text, "(%s failed)", cli_count(&more, m->failed));
    put_row(pen, "requests", cli_count(&n, m->entries), m->failed > 0 ? text : "");
    if (m->pages > 0) {
        put_row(pen, "pages", cli_count(&n, m->pages), "");
    }
    if (m->n_hosts > 0) {
        put_hosts(pen, m);
    }
    snprintf(text, sizeof text, "in %s %s", cli_count(&more, m->places),
             cli_plural(m->places, "place", "places"));
    put_row(pen, "values replaced", cli_count(&n, m->n_values), text);
    put_row(pen, "to revoke", cli_count(&n, cli_count_revoke(m, CLI_N_REVOKE)), "");
    put_row(pen, "passed on unseen", cli_count(&n, m->passed_on), "");
    cli_putf(pen, "| file | %s, SHA-256 `%s` |\n", cli_bytes_text(&n, m->result->out.bytes),
             m->result->out.sha256);
}

/* ---------------------------------------------------------------- what went wrong */

static void put_fault(cli_pen *pen, const cli_fault *f)
{
    cli_number n;
    cli_putf(pen, "| %" PRIu64 " | %s | %s | ", f->first, cli_clock(&n, f->started),
             cli_words_of_fault(f->kind).title);
    cli_md_pair(pen, f->method, f->url);
    if (f->count > 1) {
        cli_putf(pen, " %" PRIu64 " times, until entry %" PRIu64, f->count, f->last);
    }
    if (f->error[0] != '\0') {
        cli_put(pen, "<br>");
        cli_md_code(pen, f->error);
    }
    cli_putf(pen, " | %d | %s |\n", f->status, cli_ms(&n, f->time));
}

static void put_slowest(cli_pen *pen, const cli_model *m)
{
    enum { SHOWN = 5 };
    cli_number n;
    cli_put(pen,
            "\nSlowest:\n\n| entry | request | status | waiting | took |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < m->n_slow && i < SHOWN; i++) {
        const cli_slow *s = &m->slow[i];
        cli_putf(pen, "| %" PRIu64 " | ", s->entry);
        cli_md_pair(pen, s->method, s->url);
        cli_putf(pen, " | %d | %s", s->status, cli_ms(&n, s->wait));
        cli_putf(pen, " | %s |\n", cli_ms(&n, s->time));
    }
}

static void put_problems(cli_pen *pen, const cli_model *m)
{
    size_t shown = m->n_faults < ROWS ? m->n_faults : ROWS;
    cli_put(pen, "\n## What went wrong\n\n");
    if (m->n_faults == 0) {
        cli_put(pen, "No request failed.\n");
    } else {
        cli_put(pen,
                "| entry | time | what | request | status | took |\n|---|---|---|---|---|---|\n");
    }
    for (size_t i = 0; i < shown; i++) {
        put_fault(pen, &m->fault[i]);
    }
    uint64_t groups = 0;
    for (int k = 0; k < CLI_N_FAULTS; k++) {
        groups += m->fault_groups[k];
    }
    put_more(pen, groups - shown, false);
    if (m->n_slow > 0) {
        put_slowest(pen, m);
    }
}

/* ---------------------------------------------------------------- what was replaced */

static void put_value(cli_pen *pen, const cli_value *v)
{
    cli_number n;
    cli_put(pen, "| ");
    cli_md_code(pen, v->stand_in);
    cli_putf(pen, " | %s", v->category);
    if (v->name[0] != '\0') {
        cli_putf(pen, ", %s ", cli_word_of_kind(v->kind));
        cli_md_code(pen, v->name);
    }
    cli_putf(pen, " | %s", cli_entries_text(&n, v->first, v->last));
    cli_putf(pen, " | %s | ", cli_count(&n, v->places));
    cli_md_code(pen, v->rule);
    if (v->layers[0] != '\0') {
        cli_put(pen, " through ");
        cli_md_code(pen, v->layers);
    }
    if (v->learned_from[0] != '\0') {
        cli_put(pen, " learned from ");
        cli_md_code(pen, v->learned_from);
    }
    cli_put(pen, " |\n");
}

static void put_changes(cli_pen *pen, const cli_model *m)
{
    cli_number n;
    uint64_t changed = 0;
    for (size_t i = 0; i < m->n_tracks; i++) {
        const cli_track *t = &m->track[i];
        changed += t->changes > 0;
        if (t->changes == 0 || changed > ROWS) {
            continue;
        }
        cli_put(pen, changed == 1 ? "\nChanges:\n\n" : "");
        cli_putf(pen, "- %s ", cli_word_of_kind(t->kind));
        cli_md_code(pen, t->name);
        cli_put(pen, " at ");
        cli_md_code(pen, cli_host_name(m, t->host));
        for (uint32_t k = 0; k < t->n_steps; k++) {
            cli_put(pen, k == 0 ? ": " : ", then ");
            cli_md_code(pen, m->value[t->step[k].value].stand_in);
            cli_putf(pen, " (%s)", cli_entries_text(&n, t->step[k].first, t->step[k].last));
        }
        cli_put(pen, "\n");
    }
    put_more(pen, changed > ROWS ? changed - ROWS : 0, false);
}

static void put_replaced(cli_pen *pen, const cli_model *m)
{
    cli_number n;
    size_t shown = m->n_values < ROWS ? m->n_values : ROWS;
    cli_tally *t = &m->result->counts->category;
    cli_put(pen, "\n## What was replaced\n\n");
    cli_tally_sort(t, CLI_BY_COUNT);
    for (size_t i = 0; i < t->n; i++) {
        cli_put(pen, i > 0 ? ", " : "Places by kind: ");
        cli_putf(pen, "%s %s", t->row[i].name, cli_count(&n, t->row[i].n));
    }
    cli_put(pen, t->n > 0 ? ".\n\n| stand-in | what it was | entries | places | found by |\n"
                            "|---|---|---|---|---|\n"
                          : "Nothing had to be replaced.\n");
    for (size_t i = 0; i < shown; i++) {
        put_value(pen, &m->value[i]);
    }
    put_more(pen, m->n_values - shown, m->unfollowed > 0);
    put_changes(pen, m);
}

/* ---------------------------------------------------------------- the rest */

static void put_credential(cli_pen *pen, const cli_model *m, const cli_value *v)
{
    cli_number n;
    const char *valid = cli_validity(m, v);
    cli_putf(pen, "- [ ] %s: ", cli_words_of_revoke(v->revoke).title);
    if (v->name[0] != '\0') {
        cli_putf(pen, "%s ", cli_word_of_kind(v->kind));
        cli_md_code(pen, v->name);
        cli_put(pen, ", ");
    }
    cli_md_code(pen, v->what);
    cli_put(pen, ", stands as ");
    cli_md_code(pen, v->stand_in);
    cli_putf(pen, ", %s %s", v->first == v->last ? "entry" : "entries",
             cli_entries_text(&n, v->first, v->last));
    if (v->issuer[0] != '\0') {
        cli_put(pen, ", issued by ");
        cli_md_code(pen, v->issuer);
    }
    if (v->audience[0] != '\0') {
        cli_put(pen, " for ");
        cli_md_code(pen, v->audience);
    }
    if (v->expires > 0) {
        cli_putf(pen, ", expires %s", cli_utc(&n, v->expires * 1000));
    }
    cli_putf(pen, "%s%s\n", valid != NULL ? ", " : "", valid != NULL ? valid : "");
}

static void put_revoke(cli_pen *pen, const cli_model *m)
{
    cli_pick pick = cli_pick_revoke(m);
    size_t shown = pick.n < ROWS ? pick.n : ROWS;
    uint32_t host = 0;
    cli_put(pen, "\n## What to revoke or rotate\n");
    if (pick.at == NULL) {
        pen->code = cli_no_memory(NULL);
        return;
    }
    for (size_t i = 0; i < shown; i++) {
        const cli_value *v = &m->value[pick.at[i]];
        uint32_t own = v->n_hosts > 0 ? v->host[0] : CLI_NO_INDEX;
        if (i == 0 || own != host) {
            cli_put(pen, "\n### ");
            cli_md_code(pen, own != CLI_NO_INDEX ? cli_host_name(m, own) : "outside of requests");
            cli_put(pen, "\n\n");
        }
        host = own;
        put_credential(pen, m, v);
    }
    cli_put(pen, pick.n == 0 ? "\nNo session, token, key or password was found.\n" : "");
    put_more(pen, pick.n - shown, m->unfollowed > 0);
    free(pick.at);
}

static void put_gap(cli_pen *pen, const cli_gap_kind *g)
{
    cli_number n;
    cli_words words = cli_words_of_gap(g->why);
    cli_putf(pen, "- **%s**, %s %s", words.title, cli_count(&n, g->count),
             g->replaced ? "replaced whole" : "passed on as they are");
    if (g->bytes > 0) {
        cli_putf(pen, ", %s", cli_bytes_text(&n, g->bytes));
    }
    cli_putf(pen, ". %s\n", words.help);
    for (size_t i = 0; i < g->n; i++) {
        const cli_gap_place *at = &g->at[i];
        cli_put(pen, "  - ");
        if (at->entry != CLI_NO_ENTRY) {
            cli_putf(pen, "entry %" PRIu64 ": ", at->entry);
        }
        cli_md_code(pen, at->url[0] != '\0' ? at->url : at->place);
        cli_put(pen, "\n");
    }
    if (g->count > g->n) {
        cli_putf(pen, "  - and %s more\n", cli_count(&n, g->count - g->n));
    }
}

static void put_gaps(cli_pen *pen, const cli_model *m)
{
    cli_put(pen, "\n## What was not looked into\n\n");
    cli_put(pen, m->n_gaps == 0 ? "Everything in the file was looked into.\n" : "");
    for (size_t i = 0; i < m->n_gaps; i++) {
        put_gap(pen, &m->gap[i]);
    }
}

static void put_left_line(void *ctx, const char *text)
{
    cli_put(ctx, "- ");
    cli_put(ctx, text);
    cli_put(ctx, "\n");
}

static void put_left_out(cli_pen *pen, const cli_model *m)
{
    if (cli_left_any(m)) {
        cli_put(pen, "\n## " CLI_LEFT_TITLE "\n\n" CLI_LEFT_ABOUT "\n\n");
        cli_left_each(m, put_left_line, pen);
    }
}

void cli_render_md(cli_pen *pen, const cli_model *m)
{
    put_summary(pen, m);
    put_problems(pen, m);
    put_replaced(pen, m);
    put_revoke(pen, m);
    put_gaps(pen, m);
    put_left_out(pen, m);
    cli_put(pen, "\n## Ticket text\n\n");
    cli_render_ticket(pen, m);
    cli_put(pen, "\n---\nWritten by harsan " HARSAN_VERSION " from the sanitized file.\n");
}
