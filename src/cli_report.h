/*
 * What the forms of a report share.
 *
 *   cli_report.c         opens the files, knows the forms, hands events on
 *   cli_report_json.c    JSON, streamed: every finding and gap, then what the model holds
 *   cli_report_html.c    one page for people: frame and summary; its style is cli_report.css
 *   cli_report_html_tables.c, cli_report_html_lists.c   the sections of that page
 *   cli_report_svg.c     the timeline in it
 *   cli_report_md.c      Markdown, to be pasted into a ticket
 *   cli_report_txt.c     80 columns of plain text
 *   cli_report_ticket.c  the questions of a support form, answered as far as the capture does
 *   cli_report_left.c    what was left out on purpose
 *   cli_report_words.c   what things are called in all of them, numbers and times
 *
 * The forms render the model and know nothing else. A pen keeps two kinds of text apart: what is
 * written here goes by cli_put, whatever comes from the model goes by cli_text, which escapes it.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli_model.h"

typedef struct cli_pen cli_pen;
struct cli_pen {
    cli_exit (*write)(void *ctx, const void *data, size_t len);
    void *ctx;
    void (*escape)(cli_pen *pen, const char *text); /* NULL: foreign text is written as it is */
    cli_exit code;                                  /* the first failure sticks */
};

void cli_put(cli_pen *pen, const char *text);
void cli_put_bytes(cli_pen *pen, const char *p, size_t n);
/* Up to 511 bytes. No argument of fmt may come from the model, but for numbers. */
void cli_putf(cli_pen *pen, const char *fmt, ...) CLI_PRINTF(2, 3);
void cli_text(cli_pen *pen, const char *text);

/* ---------------------------------------------------------------- forms */

void cli_render_html(cli_pen *pen, const cli_model *m);
void cli_render_md(cli_pen *pen, const cli_model *m);
void cli_render_txt(cli_pen *pen, const cli_model *m);
void cli_render_timeline(cli_pen *pen, const cli_model *m); /* <svg>...</svg> */
/* Markdown, foreign text in code spans. */
void cli_render_ticket(cli_pen *pen, const cli_model *m);
/* Foreign text in Markdown: a code span, fit also for the cell of a table. */
void cli_md_code(cli_pen *pen, const char *text);
void cli_md_pair(cli_pen *pen, const char *first, const char *second); /* in one span */

/* The style of the page, one rule or line each (made from cli_report.css). */
extern const char *const cli_css[];
extern const size_t cli_css_lines;

/* JSON, begun at once and written while events come. The pen outlives it. */
typedef struct cli_json cli_json;
cli_json *cli_json_new(cli_pen *pen, const char *rules_version); /* NULL without memory */
void cli_json_begin(cli_json *j, unsigned passes); /* also after all that was told is void */
void cli_json_finding(cli_json *j, const harsan_finding *f);
void cli_json_gap(cli_json *j, const harsan_gap *g);
void cli_json_finish(cli_json *j, const cli_model *m);
/* Before begin: cli_json_render will be called. False: no memory. */
bool cli_json_hold(cli_json *j);
/* The whole again, as it would be if it were finished now. */
void cli_json_render(cli_json *j, cli_pen *pen, const cli_model *m);
void cli_json_free(cli_json *j); /* NULL is fine */

/* ---------------------------------------------------------------- left out (cli_report_left.c) */

/* Does the output lack something on purpose? Then each call of `line` says a part of what. */
bool cli_left_any(const cli_model *m);
typedef void cli_left_fn(void *ctx, const char *text);
void cli_left_each(const cli_model *m, cli_left_fn *line, void *ctx);
#define CLI_LEFT_TITLE "What was left out"
#define CLI_LEFT_ABOUT                                                                             \
    "Asked for by whoever cleaned the file. A marker stands in the place of a body; entries "      \
    "are numbered as they were before."

/* ---------------------------------------------------------------- words (cli_report_words.c) */

typedef struct cli_words {
    const char *title; /* begins a line */
    const char *help;  /* a sentence or two: what it means, what to do */
} cli_words;

cli_words cli_words_of_fault(cli_fault_kind kind);
cli_words cli_words_of_revoke(cli_revoke kind);
cli_words cli_words_of_gap(const char *why);

/* What people call a kind of name: "param" is a parameter. */
const char *cli_word_of_kind(const char *kind);

/* A short word for a machine: "server-error". */
const char *cli_id_of_fault(cli_fault_kind kind);
const char *cli_id_of_revoke(cli_revoke kind); /* NULL for CLI_REVOKE_NONE */

/* Numbers as people read them; returned is `out`. */
typedef struct cli_number {
    char z[48]; /* room for 26 bytes of a number and what cli_more puts around it */
} cli_number;
const char *cli_count(cli_number *out, uint64_t n); /* 12,345 */
/* "12 more", or "more than 12 more" when the list was cut before it was counted. */
const char *cli_more(cli_number *out, uint64_t n, bool cut);
const char *cli_bytes_text(cli_number *out, uint64_t n); /* 1.2 MB */
#define CLI_MS_MAX 1e15 /* 30,000 years: what is longer no clock has told */
const char *cli_ms(cli_number *out, double ms); /* 420 ms, 1.2 s, 3 min 5 s; - for no time */
const char *cli_utc(cli_number *out, double ms);         /* 2026-01-05 10:00:00 UTC */
/* The time of day in a date as written: "10:00:00.437"; all of it if it is none. */
const char *cli_clock(cli_number *out, const char *started);
const char *cli_entries_text(cli_number *out, uint64_t first, uint64_t last); /* 4, 4 to 31 */

static inline const char *cli_plural(uint64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

/* Was a token still good when the recording ended? NULL when it does not say. */
const char *cli_validity(const cli_model *m, const cli_value *v);

#endif
