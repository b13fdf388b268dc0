/*
 * The parts of the HTML report. Each is one section, written whole.
 */
#ifndef CLI_REPORT_HTML_H
#define CLI_REPORT_HTML_H

#include "cli_report.h"

/* cli_report_html_tables.c */
void cli_html_problems(cli_pen *pen, const cli_model *m);
void cli_html_replaced(cli_pen *pen, const cli_model *m);
/* cli_report_html_lists.c */
void cli_html_revoke(cli_pen *pen, const cli_model *m);
void cli_html_unseen(cli_pen *pen, const cli_model *m);
void cli_html_left_out(cli_pen *pen, const cli_model *m); /* nothing when nothing was */
void cli_html_ticket(cli_pen *pen, const cli_model *m);

/* "<section id=ID aria-labelledby=...><h2>TITLE</h2><p class=about>ABOUT</p>" */
void cli_html_section(cli_pen *pen, const char *id, const char *title, const char *about);
/* Foreign text in <code>. */
void cli_html_code(cli_pen *pen, const char *text);
/* The cell that heads a row about one entry. */
void cli_html_entry(cli_pen *pen, uint64_t entry);

#endif
