/*
 * What was left out of the output on purpose, for all forms: entries nobody asked for, bodies that
 * were too much. Nothing in it comes from the capture but numbers.
 */
#include "cli_report.h"

#include <inttypes.h>
#include <stdio.h>

enum { SHOWN = 25 }; /* entries named; the JSON report has more */

bool cli_left_any(const cli_model *m)
{
    const cli_left_out *left = m->result->left;
    return left != NULL && left->entries + left->bodies > 0;
}

static void tell_entries(const cli_left_out *left, cli_left_fn *line, void *ctx)
{
    cli_number gone, all;
    char text[160];
    if (left->entries > 0) {
        snprintf(text, sizeof text, "%s of %s entries, which were not asked for",
                 cli_count(&gone, left->entries),
                 cli_count(&all, left->entries + left->entries_kept));
        line(ctx, text);
    }
}

static void tell_kinds(const cli_left_out *left, cli_left_fn *line, void *ctx)
{
    cli_number n, bytes;
    char text[160];
    for (unsigned i = 0; i < CLI_N_BODIES; i++) {
        if (left->body_count[i] > 0) {
            snprintf(text, sizeof text, "%s %s of kind %s, %s", cli_count(&n, left->body_count[i]),
                     cli_plural(left->body_count[i], "body", "bodies"), cli_body_name((cli_body)i),
                     cli_bytes_text(&bytes, left->body_bytes[i]));
            line(ctx, text);
        }
    }
}

/* "bodies of entries 3, 7 (request), 9 and 40 more" */
static void tell_places(const cli_left_out *left, cli_left_fn *line, void *ctx)
{
    char text[32 * (SHOWN + 2)]; /* a number with its signs takes 32 bytes at most */
    size_t shown = left->n_list < SHOWN ? left->n_list : SHOWN;
    size_t len = (size_t)snprintf(text, sizeof text, "these are of entries");
    for (size_t i = 0; i < shown; i++) {
        const cli_left_body *b = &left->list[i];
        len += (size_t)snprintf(text + len, sizeof text - len, "%s %" PRIu64 "%s", i > 0 ? "," : "",
                                b->entry, b->request ? " (request)" : "");
    }
    if (left->bodies > shown) {
        cli_number n;
        snprintf(text + len, sizeof text - len, " and %s more",
                 cli_count(&n, left->bodies - shown));
    }
    if (shown > 0) {
        line(ctx, text);
    }
}

void cli_left_each(const cli_model *m, cli_left_fn *line, void *ctx)
{
    const cli_left_out *left = m->result->left;
    tell_entries(left, line, ctx);
    tell_kinds(left, line, ctx);
    tell_places(left, line, ctx);
}
