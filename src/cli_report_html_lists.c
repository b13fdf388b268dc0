/*
 * The lists of the HTML report: what to revoke, what was not looked into, the ticket text.
 */
#include "cli_report_html.h"

#include <stdlib.h>

enum { LISTED = 100 };

/* ---------------------------------------------------------------- what to revoke */

static void put_token(cli_pen *pen, const cli_model *m, const cli_value *v)
{
    cli_number n;
    const char *valid = cli_validity(m, v);
    if (!v->jwt) {
        return;
    }
    cli_put(pen, "<span class=\"say\">JWT");
    if (v->issuer[0] != '\0') {
        cli_put(pen, " issued by ");
        cli_html_code(pen, v->issuer);
    }
    if (v->audience[0] != '\0') {
        cli_put(pen, " for ");
        cli_html_code(pen, v->audience);
    }
    if (v->expires > 0) {
        cli_putf(pen, ", expires %s", cli_utc(&n, v->expires * 1000));
    }
    cli_put(pen, "</span>");
    if (valid != NULL) {
        bool still = v->expires * 1000 > m->last_ms;
        cli_putf(pen, " <span class=\"tag %s\">%s</span>", still ? "warn" : "good", valid);
    }
}

static void put_credential(cli_pen *pen, const cli_model *m, const cli_value *v)
{
    cli_number n;
    cli_put(pen, "<li><div><span class=\"who\">");
    if (v->name[0] != '\0') {
        cli_text(pen, cli_word_of_kind(v->kind));
        cli_put(pen, " ");
        cli_html_code(pen, v->name);
        cli_put(pen, "</span> <span class=\"soft\">");
    }
    cli_text(pen, v->what);
    cli_put(pen, "</span><span class=\"say\">stands as ");
    cli_html_code(pen, v->stand_in);
    if (v->first != CLI_NO_ENTRY) {
        cli_putf(pen, " in %s %s", v->first == v->last ? "entry" : "entries",
                 cli_entries_text(&n, v->first, v->last));
    }
    for (uint32_t i = 1; i < v->n_hosts; i++) {
        cli_put(pen, i == 1 ? "; also sent to or by " : ", ");
        cli_html_code(pen, cli_host_name(m, v->host[i]));
    }
    cli_put(pen, "</span>");
    put_token(pen, m, v);
    cli_put(pen, "</div></li>\n");
}

static uint32_t host_of(const cli_value *v)
{
    return v->n_hosts > 0 ? v->host[0] : CLI_NO_INDEX;
}

static void put_groups(cli_pen *pen, const cli_model *m, const cli_pick *pick)
{
    size_t shown = pick->n < LISTED ? pick->n : LISTED;
    for (size_t i = 0; i < shown; i++) {
        const cli_value *v = &m->value[pick->at[i]];
        const cli_value *before = &m->value[pick->at[i > 0 ? i - 1 : 0]];
        bool host = i == 0 || host_of(before) != host_of(v);
        if (host || before->revoke != v->revoke) {
            cli_put(pen, i > 0 ? "</ul>\n" : "");
            if (host) {
                cli_put(pen, i > 0 ? "</article>\n" : "");
                cli_put(pen, "<article class=\"host\">\n<h3>");
                cli_text(pen,
                         v->n_hosts > 0 ? cli_host_name(m, v->host[0]) : "Outside of requests");
                cli_put(pen, "</h3>\n");
            }
            cli_words words = cli_words_of_revoke(v->revoke);
            cli_putf(pen, "<h4>%s <span class=\"soft\">%s</span></h4>\n<ul>\n", words.title,
                     words.help);
        }
        put_credential(pen, m, v);
    }
    cli_put(pen, shown > 0 ? "</ul>\n</article>\n" : "");
}

void cli_html_revoke(cli_pen *pen, const cli_model *m)
{
    cli_number n;
    cli_pick pick = cli_pick_revoke(m);
    cli_html_section(pen, "revoke", "What to revoke or rotate",
                     "These credentials were in the original file. Whoever had that file could use "
                     "them: if it left your hands before it was cleaned, do this now.");
    if (pick.at == NULL) {
        pen->code = cli_no_memory(NULL);
        return;
    }
    if (pick.n == 0) {
        cli_put(pen, "<p class=\"none\">No session, token, key or password was found.</p>\n");
    } else {
        cli_put(pen, "<div class=\"hosts\">\n");
        put_groups(pen, m, &pick);
        cli_put(pen, "</div>\n");
    }
    if (pick.n > LISTED) {
        cli_putf(pen, "<p class=\"more\">And %s.</p>\n",
                 cli_more(&n, pick.n - LISTED, m->unfollowed > 0));
    }
    free(pick.at);
    cli_put(pen, "</section>\n");
}

/* ---------------------------------------------------------------- what was not looked into */

static void put_place(cli_pen *pen, const cli_gap_place *at)
{
    cli_number n;
    cli_putf(pen, "<tr><th scope=\"row\">%s</th><td>", cli_entries_text(&n, at->entry, at->entry));
    if (at->url[0] != '\0') {
        cli_put(pen, "<span class=\"url\">");
        cli_text(pen, at->url);
        cli_put(pen, "</span>");
    } else {
        cli_html_code(pen, at->place);
    }
    cli_put(pen, "</td><td class=\"keep\">");
    cli_text(pen, at->mime);
    cli_putf(pen, "</td><td class=\"num\">%s</td></tr>\n", cli_bytes_text(&n, at->bytes));
}

static void put_gap(cli_pen *pen, const cli_gap_kind *g)
{
    cli_number n;
    cli_words words = cli_words_of_gap(g->why);
    cli_putf(pen, "<h3>%s</h3>\n<p class=\"soft\"><span class=\"tag %s\">%s</span> %s time%s",
             words.title, g->replaced ? "good" : "warn",
             g->replaced ? "replaced whole" : "passed on as it is", cli_count(&n, g->count),
             cli_plural(g->count, "", "s"));
    if (g->bytes > 0) {
        cli_putf(pen, ", %s", cli_bytes_text(&n, g->bytes));
    }
    cli_putf(pen, ". %s</p>\n", words.help);
    cli_putf(pen,
             "<section class=\"box\" tabindex=\"0\" aria-label=\"Where: %s\">\n<table>\n"
             "<caption>Where</caption>\n<thead><tr><th scope=\"col\">Entry</th>"
             "<th scope=\"col\">Request</th><th scope=\"col\">Type</th>"
             "<th scope=\"col\" class=\"num\">Size</th></tr></thead>\n<tbody>\n",
             words.title);
    for (size_t i = 0; i < g->n; i++) {
        put_place(pen, &g->at[i]);
    }
    cli_put(pen, "</tbody>\n</table>\n</section>\n");
    if (g->count > g->n) {
        cli_putf(pen, "<p class=\"more\">And %s more.</p>\n", cli_count(&n, g->count - g->n));
    }
}

void cli_html_unseen(cli_pen *pen, const cli_model *m)
{
    cli_html_section(
        pen, "unseen", "What was not looked into",
        "What was passed on still is in the sanitized file. Names in running text, and "
        "secrets that look like any other word, are not found at all: have a look "
        "before you send it.");
    for (size_t i = 0; i < m->n_gaps; i++) {
        put_gap(pen, &m->gap[i]);
    }
    if (m->n_gaps == 0) {
        cli_put(pen, "<p class=\"none\">Everything in the file was looked into.</p>\n");
    }
    cli_put(pen, "</section>\n");
}

/* ---------------------------------------------------------------- what was left out */

static void put_left_line(void *ctx, const char *text)
{
    cli_put(ctx, "<li>");
    cli_put(ctx, text);
    cli_put(ctx, "</li>\n");
}

void cli_html_left_out(cli_pen *pen, const cli_model *m)
{
    if (cli_left_any(m)) {
        cli_html_section(pen, "left", CLI_LEFT_TITLE, CLI_LEFT_ABOUT);
        cli_put(pen, "<ul>\n");
        cli_left_each(m, put_left_line, pen);
        cli_put(pen, "</ul>\n</section>\n");
    }
}

/* ---------------------------------------------------------------- ticket text */

/* The ticket is written by a pen of its own, whose every byte is escaped by this page's. */
static cli_exit write_escaped(void *ctx, const void *data, size_t len)
{
    cli_pen *page = ctx;
    const char *p = data;
    char piece[128];
    while (len > 0 && page->code == CLI_OK) {
        size_t n = len < sizeof piece - 1 ? len : sizeof piece - 1;
        for (size_t i = 0; i < n; i++) {
            piece[i] = p[i];
        }
        piece[n] = '\0';
        cli_text(page, piece);
        p += n;
        len -= n;
    }
    return page->code;
}

void cli_html_ticket(cli_pen *pen, const cli_model *m)
{
    cli_pen ticket = {.write = write_escaped, .ctx = pen};
    cli_html_section(
        pen, "ticket", "Ticket text",
        "Markdown with what the capture knows filled in. A click marks all of it; copy "
        "it, and fill in the rest.");
    cli_put(pen, "<pre tabindex=\"0\">");
    cli_render_ticket(&ticket, m);
    cli_put(pen, "</pre>\n</section>\n");
}
