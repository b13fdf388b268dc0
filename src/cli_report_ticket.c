/*
 * The text of a ticket, in Markdown: what support forms ask, answered as far as the capture does.
 *
 * Blank lines stand where only the customer knows. Foreign text stands in code spans, where
 * Markdown does nothing with it: no link, no mention, no HTML.
 */
#include "cli_report.h"

#include <inttypes.h>

enum { ERRORS = 5 };

/* In a code span a backtick would end it; a bar would end the cell of a table. */
static void put_span(cli_pen *pen, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '`') {
            cli_put(pen, "%60");
        } else if (*p == '|') {
            cli_put(pen, "%7C");
        } else {
            cli_put_bytes(pen, p, 1);
        }
    }
}

void cli_md_pair(cli_pen *pen, const char *first, const char *second)
{
    cli_put(pen, "`");
    put_span(pen, first);
    cli_put(pen, first[0] != '\0' && second[0] != '\0' ? " " : "");
    put_span(pen, second);
    cli_put(pen, "`");
}

void cli_md_code(cli_pen *pen, const char *text)
{
    cli_md_pair(pen, text, "");
}

static void put_fault(cli_pen *pen, const cli_fault *f)
{
    cli_put(pen, "- ");
    cli_md_pair(pen, f->method, f->url);
    cli_putf(pen, ": %s", cli_words_of_fault(f->kind).title);
    if (f->status > 0) {
        cli_putf(pen, ", status %d", f->status);
    }
    if (f->error[0] != '\0') {
        cli_put(pen, ", ");
        cli_md_code(pen, f->error);
    }
    cli_putf(pen, " (entry %" PRIu64, f->first);
    if (f->started[0] != '\0') {
        cli_put(pen, ", ");
        cli_md_code(pen, f->started);
    }
    if (f->count > 1) {
        cli_putf(pen, ", %" PRIu64 " times", f->count);
    }
    cli_put(pen, ")\n");
}

static void put_errors(cli_pen *pen, const cli_model *m)
{
    size_t shown = m->n_faults < ERRORS ? m->n_faults : ERRORS;
    cli_put(pen, "\n**Error messages**\n\n- as shown on the screen:\n");
    for (size_t i = 0; i < shown; i++) {
        put_fault(pen, &m->fault[i]);
    }
    if (m->n_faults > shown) {
        cli_putf(pen, "- and %zu more in the report\n", m->n_faults - shown);
    }
}

static void put_when(cli_pen *pen, const cli_model *m)
{
    cli_number n;
    cli_put(pen, "\n**When:**");
    if (m->timed > 0) {
        cli_putf(pen, " recorded %s", cli_utc(&n, m->first_ms));
        cli_putf(pen, ", %s long", cli_ms(&n, m->last_ms - m->first_ms));
    }
    cli_put(pen, "\n\n**Since when, how often, for whom:**\n\n**Browser:**");
    if (m->browser[0] != '\0') {
        cli_put(pen, " ");
        cli_md_pair(pen, m->browser, m->browser_version);
    }
    if (m->creator[0] != '\0') {
        cli_put(pen, m->browser[0] != '\0' ? ", recorded with " : " recorded with ");
        cli_md_pair(pen, m->creator, m->creator_version);
    }
    cli_put(pen, "\n");
}

static void put_attachments(cli_pen *pen, const cli_model *m)
{
    cli_number n;
    const cli_digest *d = &m->result->out;
    cli_putf(pen, "\n**Attached**\n\n- sanitized HAR, %s, SHA-256 `%s`\n",
             cli_bytes_text(&n, d->bytes), d->sha256);
    cli_putf(pen, "- its report: %s place%s replaced by harsan " HARSAN_VERSION "%s\n",
             cli_count(&n, m->places), cli_plural(m->places, "", "s"),
             m->result->verified ? ", verified" : "");
    uint64_t revoke = cli_count_revoke(m, CLI_N_REVOKE);
    if (revoke > 0) {
        cli_putf(pen, "- [ ] the %s credential%s the report lists %s been revoked\n",
                 cli_count(&n, revoke), cli_plural(revoke, "", "s"),
                 cli_plural(revoke, "has", "have"));
    }
    if (m->passed_on > 0) {
        cli_putf(pen, "- [ ] the %s part%s that %s not looked into may be sent\n",
                 cli_count(&n, m->passed_on), cli_plural(m->passed_on, "", "s"),
                 cli_plural(m->passed_on, "was", "were"));
    }
}

void cli_render_ticket(cli_pen *pen, const cli_model *m)
{
    cli_put(pen, "**What does not work (one sentence):**\n\n**Affected function:**\n\n"
                 "**Severity:**\n\n**Steps to reproduce**\n\n1.");
    if (m->document[0] != '\0') {
        cli_put(pen, " open ");
        cli_md_code(pen, m->document);
    }
    cli_put(pen, "\n2.\n3.\n\n**Expected:**\n\n**What happened instead:**\n");
    put_errors(pen, m);
    put_when(pen, m);
    put_attachments(pen, m);
}
