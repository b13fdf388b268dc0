/*
 * The report as a page for people: the frame, and what they read in the first ten seconds.
 *
 * Receives the model, emits one HTML file that holds all it needs: no script, nothing loaded, a
 * policy that allows neither. Foreign text is escaped by the pen and by nothing else. Every fact is
 * in the text: colour only repeats it.
 */
#include "cli_escape.h"
#include "cli_report_html.h"

#include <sodium.h>
#include <string.h>

/* ---------------------------------------------------------------- the pen */

static void escape(cli_pen *pen, const char *text)
{
    const char *run = text;
    for (const char *p = text; *p != '\0'; p++) {
        const char *as = cli_escape_xml(*p);
        if (as != NULL) {
            cli_put_bytes(pen, run, (size_t)(p - run));
            cli_put(pen, as);
            run = p + 1;
        }
    }
    cli_put(pen, run);
}

void cli_html_section(cli_pen *pen, const char *id, const char *title, const char *about)
{
    cli_putf(pen, "\n<section id=\"%s\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">", id,
             id, id);
    cli_put(pen, title);
    cli_put(pen, "</h2>\n<p class=\"about\">");
    cli_put(pen, about);
    cli_put(pen, "</p>\n");
}

void cli_html_code(cli_pen *pen, const char *text)
{
    cli_put(pen, "<code>");
    cli_text(pen, text);
    cli_put(pen, "</code>");
}

void cli_html_entry(cli_pen *pen, uint64_t entry)
{
    cli_number n;
    cli_putf(pen, "<th scope=\"row\" class=\"keep\"><span class=\"cue\">entry </span>%s</th>",
             cli_entries_text(&n, entry, entry));
}

/* ---------------------------------------------------------------- head */

/* The policy names the style by its hash: no other style, no script, no picture can take effect. */
static void put_policy(cli_pen *pen)
{
    crypto_hash_sha256_state sha;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256_init(&sha);
    for (size_t i = 0; i < cli_css_lines; i++) {
        crypto_hash_sha256_update(&sha, (const unsigned char *)cli_css[i], strlen(cli_css[i]));
    }
    crypto_hash_sha256_final(&sha, hash);
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    cli_putf(pen,
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n",
             text);
}

/* The host of the first page, as people know the capture by it. */
static void put_title(cli_pen *pen, const cli_model *m)
{
    cli_url u = cli_url_of(m->document);
    char host[sizeof m->document];
    if (u.host_len == 0) {
        cli_put(pen, "Sanitized capture");
        return;
    }
    memcpy(host, u.host, u.host_len);
    host[u.host_len] = '\0';
    cli_put(pen, "Capture of ");
    cli_text(pen, host);
}

static void put_style(cli_pen *pen)
{
    cli_put(pen, "<style>");
    for (size_t i = 0; i < cli_css_lines; i++) {
        cli_put(pen, cli_css[i]);
    }
    cli_put(pen, "</style>\n");
}

static void put_nav(cli_pen *pen, const cli_model *m)
{
    static const char left[] = "left"; /* a section that only some reports have */
    static const char *const at[][2] = {
        {"summary", "Summary"},    {"timeline", "Timeline"}, {"problems", "What went wrong"},
        {"replaced", "Replaced"},  {"revoke", "To revoke"},  {"unseen", "Not looked into"},
        {left, "Left out"},        {"ticket", "Ticket text"},
    };
    cli_put(pen, "<nav aria-label=\"Sections\"><div class=\"wrap\"><ul>\n");
    for (size_t i = 0; i < CLI_COUNT(at); i++) {
        if (at[i][0] != left || cli_left_any(m)) {
            cli_putf(pen, "<li><a href=\"#%s\">%s</a></li>\n", at[i][0], at[i][1]);
        }
    }
    cli_put(pen, "</ul></div></nav>\n");
}

static void put_product(cli_pen *pen, const char *name, const char *version)
{
    cli_text(pen, name);
    cli_put(pen, version[0] != '\0' ? " " : "");
    cli_text(pen, version);
}

static void put_lead(cli_pen *pen, const cli_model *m)
{
    cli_number n;
    cli_put(pen, "<p class=\"lead\">");
    if (m->timed > 0) {
        cli_putf(pen, "Recorded %s", cli_utc(&n, m->first_ms));
        cli_putf(pen, ", %s long", cli_ms(&n, m->last_ms - m->first_ms));
    } else {
        cli_put(pen, "Recorded at an unknown time");
    }
    if (m->browser[0] != '\0') {
        cli_put(pen, ", in ");
        put_product(pen, m->browser, m->browser_version);
    }
    cli_put(pen, ".</p>\n");
}

static void put_head(cli_pen *pen, const cli_model *m)
{
    cli_put(pen, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    put_policy(pen);
    cli_put(pen, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<meta name=\"referrer\" content=\"no-referrer\">\n"
                 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    put_title(pen, m);
    cli_put(pen, " - harsan report</title>\n");
    put_style(pen);
    cli_put(pen, "</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
                 "<header><div class=\"wrap top\">\n<p class=\"brand\">harsan report</p>\n<h1>");
    put_title(pen, m);
    cli_put(pen, "</h1>\n");
    put_lead(pen, m);
    cli_put(pen, "</div></header>\n");
    put_nav(pen, m);
    cli_put(pen, "<main id=\"main\"><div class=\"wrap\">\n");
}

/* ---------------------------------------------------------------- the verdict */

/* Pictures are in almost every capture and easily looked at; anything else is worth a warning. */
static bool needs_a_look(const cli_model *m)
{
    for (size_t i = 0; i < m->n_gaps; i++) {
        if (!m->gap[i].replaced && strcmp(m->gap[i].why, "media") != 0) {
            return true;
        }
    }
    return !m->result->facts.is_har;
}

static void put_verdict_text(cli_pen *pen, const cli_model *m)
{
    cli_number values, places;
    if (m->places == 0) {
        cli_put(pen, "<p class=\"head\"><b>Nothing had to be replaced.</b></p>\n");
    } else {
        cli_putf(pen,
                 "<p class=\"head\"><b>%s%s sensitive value%s replaced</b> in %s place%s.</p>\n",
                 m->unfollowed > 0 ? "More than " : "", cli_count(&values, m->n_values),
                 cli_plural(m->n_values, " was", "s were"), cli_count(&places, m->places),
                 cli_plural(m->places, "", "s"));
    }
    cli_put(pen,
            m->result->verified
                ? "<p>Verified: the result was read back, and nothing that the rules know is "
                  "left in it.</p>\n"
                : "<p>The run is complete. <code>harsan clean --verify</code> would also prove "
                  "its result.</p>\n");
    if (!m->result->facts.is_har) {
        cli_put(pen, "<p>The file has no <code>log.entries</code>: it is JSON, but no HAR.</p>\n");
    }
    if (m->passed_on > 0) {
        cli_putf(pen,
                 "<p><a href=\"#unseen\">%s part%s passed on unseen</a>, such as pictures: have "
                 "a look before you send the capture.</p>\n",
                 cli_count(&values, m->passed_on), cli_plural(m->passed_on, " was", "s were"));
    }
}

static void put_verdict(cli_pen *pen, const cli_model *m)
{
    bool look = needs_a_look(m);
    cli_putf(pen,
             "<div class=\"verdict%s\">\n<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\">"
             "<path fill=\"currentColor\" fill-rule=\"evenodd\" d=\"%s\"/></svg>\n<div>\n",
             look ? " look" : "",
             look ? "M12 2 1 21h22L12 2Zm1 16h-2v-2h2v2Zm0-4h-2V9h2v5Z"
                  : "M12 1 3 5v6c0 5.5 3.8 10.7 9 12 5.2-1.3 9-6.5 9-12V5l-9-4Zm-1.5 15-4-4 "
                    "1.4-1.4 2.6 2.6 5.6-5.6L17.5 9l-7 7Z");
    put_verdict_text(pen, m);
    cli_put(pen, "</div>\n</div>\n");
}

/* ---------------------------------------------------------------- tiles */

/* `more`: there are more than could be counted. */
static void begin_tile(cli_pen *pen, const char *to, const char *label, const char *class,
                       uint64_t n, bool more)
{
    cli_number count;
    cli_putf(pen,
             "<li><a href=\"#%s\"><span class=\"label\">%s</span> <span class=\"figure%s\">%s%s"
             "</span> <span class=\"note\">",
             to, label, n > 0 ? class : "", cli_count(&count, n), more ? "+" : "");
}

static void end_tile(cli_pen *pen)
{
    cli_put(pen, "</span></a></li>\n");
}

static void put_tile_of_requests(cli_pen *pen, const cli_model *m)
{
    cli_number n;
    begin_tile(pen, "timeline", "Requests", "", m->entries, false);
    cli_putf(pen, "%s%s host%s", cli_count(&n, m->n_hosts), m->other_hosts > 0 ? " and more" : "",
             cli_plural(m->n_hosts, "", "s"));
    if (m->pages > 0) {
        cli_putf(pen, ", %s page%s", cli_count(&n, m->pages), cli_plural(m->pages, "", "s"));
    }
    end_tile(pen);
}

/* "Server error: 3, Blocked: 2 and more": a tile has room for three kinds. */
static void put_kind(cli_pen *pen, unsigned *shown, const char *title, uint64_t n)
{
    enum { KINDS = 3 };
    cli_number count;
    if (n == 0 || *shown > KINDS) {
        return;
    }
    if (*shown == KINDS) {
        cli_put(pen, " and more");
    } else {
        cli_putf(pen, "%s%s: %s", *shown > 0 ? ", " : "", title, cli_count(&count, n));
    }
    (*shown)++;
}

static void put_tile_of_failures(cli_pen *pen, const cli_model *m)
{
    unsigned shown = 0;
    begin_tile(pen, "problems", "Failed", " bad", m->failed, false);
    for (int k = 0; k < CLI_N_FAULTS; k++) {
        put_kind(pen, &shown, cli_words_of_fault((cli_fault_kind)k).title, m->fault_count[k]);
    }
    cli_put(pen, shown > 0 ? "" : "no request failed");
    end_tile(pen);
}

static void put_tile_of_revoke(cli_pen *pen, const cli_model *m)
{
    unsigned shown = 0;
    begin_tile(pen, "revoke", "To revoke", " warn", cli_count_revoke(m, CLI_N_REVOKE),
               m->unfollowed > 0);
    for (int k = 0; k < CLI_N_REVOKE; k++) {
        put_kind(pen, &shown, cli_words_of_revoke((cli_revoke)k).title,
                 cli_count_revoke(m, (cli_revoke)k));
    }
    cli_put(pen, shown > 0 ? "" : "no credential was found");
    end_tile(pen);
}

static void put_tiles(cli_pen *pen, const cli_model *m)
{
    cli_number n;
    uint64_t bytes = 0;
    for (size_t i = 0; i < m->n_gaps; i++) {
        bytes += m->gap[i].replaced ? 0 : m->gap[i].bytes;
    }
    cli_put(pen, "<ul class=\"tiles\">\n");
    put_tile_of_requests(pen, m);
    put_tile_of_failures(pen, m);
    begin_tile(pen, "replaced", "Values replaced", "", m->n_values, m->unfollowed > 0);
    cli_putf(pen, "in %s place%s", cli_count(&n, m->places), cli_plural(m->places, "", "s"));
    end_tile(pen);
    put_tile_of_revoke(pen, m);
    begin_tile(pen, "unseen", "Passed on unseen", " warn", m->passed_on, false);
    cli_put(pen, m->passed_on > 0 ? cli_bytes_text(&n, bytes) : "everything was looked into");
    end_tile(pen);
    cli_put(pen, "</ul>\n");
}

/* ---------------------------------------------------------------- facts */

static void put_hosts(cli_pen *pen, const cli_model *m)
{
    enum { SHOWN = 8 };
    cli_number n;
    cli_put(pen, "<dt>Hosts</dt><dd><ul>\n");
    for (uint32_t i = 0; i < m->n_hosts && i < SHOWN; i++) {
        const cli_host *h = &m->host[i];
        cli_put(pen, "<li>");
        cli_html_code(pen, h->name);
        cli_putf(pen, " <span class=\"soft\">%s request%s", cli_count(&n, h->entries),
                 cli_plural(h->entries, "", "s"));
        if (h->failed > 0) {
            cli_putf(pen, ", %s failed", cli_count(&n, h->failed));
        }
        cli_put(pen, "</span></li>\n");
    }
    if (m->n_hosts > SHOWN) {
        cli_putf(pen, "<li class=\"soft\">and %s</li>\n",
                 cli_more(&n, m->n_hosts - SHOWN, m->other_hosts > 0));
    }
    cli_put(pen, "</ul></dd>\n");
}

static void put_pages(cli_pen *pen, const cli_model *m)
{
    enum { SHOWN = 5 };
    cli_number n;
    cli_put(pen, "<dt>Pages</dt><dd><ul>\n");
    for (uint64_t i = 0; i < m->pages && i < SHOWN; i++) {
        const cli_shown_page *p = &m->page[i];
        cli_put(pen, "<li>");
        cli_text(pen, p->title[0] != '\0' ? p->title : "(no title)");
        if (p->on_load >= 0) {
            cli_putf(pen, " <span class=\"soft\">loaded after %s</span>", cli_ms(&n, p->on_load));
        }
        cli_put(pen, "</li>\n");
    }
    if (m->pages > SHOWN) {
        cli_putf(pen, "<li class=\"soft\">and %s more</li>\n", cli_count(&n, m->pages - SHOWN));
    }
    cli_put(pen, "</ul></dd>\n");
}

/* The original has no digest here: whoever knows all of it but a phone number could try them. */
static void put_file(cli_pen *pen, const cli_digest *d)
{
    cli_number n;
    cli_putf(pen, "<dt>Sanitized file</dt><dd>%s%s, SHA-256 ", cli_bytes_text(&n, d->bytes),
             d->gzip ? " of gzip" : "");
    cli_html_code(pen, d->sha256);
    cli_put(pen, "</dd>\n");
}

static void put_facts(cli_pen *pen, const cli_model *m)
{
    cli_put(pen, "<dl class=\"facts\">\n");
    if (m->creator[0] != '\0') {
        cli_put(pen, "<dt>Recorder</dt><dd>");
        put_product(pen, m->creator, m->creator_version);
        cli_put(pen, "</dd>\n");
    }
    if (m->first_text[0] != '\0') {
        cli_put(pen, "<dt>First request</dt><dd>");
        cli_text(pen, m->first_text);
        cli_put(pen, "</dd>\n");
    }
    if (m->pages > 0) {
        put_pages(pen, m);
    }
    if (m->n_hosts > 0) {
        put_hosts(pen, m);
    }
    put_file(pen, &m->result->out);
    cli_put(pen, "</dl>\n");
}

static void put_summary(cli_pen *pen, const cli_model *m)
{
    cli_put(pen, "<section id=\"summary\" aria-label=\"In short\">\n");
    put_verdict(pen, m);
    put_tiles(pen, m);
    put_facts(pen, m);
    cli_put(pen, "</section>\n");
}

/* ---------------------------------------------------------------- the page */

static void put_timeline(cli_pen *pen, const cli_model *m)
{
    cli_html_section(pen, "timeline", "Timeline",
                     "Requests by their start. Entries are counted from 0, as in the file.");
    if (m->n_bars == 0) {
        cli_put(pen, "<p class=\"none\">There are no requests in this file.</p>\n</section>\n");
        return;
    }
    cli_put(pen, "<section class=\"chart tall\" tabindex=\"0\" aria-label=\"Chart of the "
                 "requests\">\n");
    cli_render_timeline(pen, m);
    cli_put(pen, "</section>\n<ul class=\"key\">"
                 "<li><svg viewBox=\"0 0 16 12\" aria-hidden=\"true\"><rect class=\"bar\" y=\"2\" "
                 "width=\"16\" height=\"8\" rx=\"2\"/></svg>answered</li>"
                 "<li><svg viewBox=\"0 0 16 12\" aria-hidden=\"true\"><path class=\"cross\" "
                 "d=\"m4 2 8 8m0-8-8 8\"/></svg>failed</li>"
                 "<li><svg viewBox=\"0 0 16 12\" aria-hidden=\"true\"><rect class=\"cut\" y=\"3\" "
                 "width=\"16\" height=\"6\"/></svg>values replaced</li></ul>\n</section>\n");
}

void cli_render_html(cli_pen *pen, const cli_model *m)
{
    pen->escape = escape;
    put_head(pen, m);
    put_summary(pen, m);
    put_timeline(pen, m);
    cli_html_problems(pen, m);
    cli_html_replaced(pen, m);
    cli_html_revoke(pen, m);
    cli_html_unseen(pen, m);
    cli_html_left_out(pen, m);
    cli_html_ticket(pen, m);
    cli_put(pen, "</div></main>\n<footer><div class=\"wrap\">\n<p>Written by harsan " HARSAN_VERSION
                 ", rules ");
    cli_html_code(pen, m->rules_version);
    cli_put(pen, ". Every text here comes from the sanitized file. This page runs no script, loads "
                 "nothing and sends nothing.</p>\n</div></footer>\n</body>\n</html>\n");
}
