/*
 * Private to cli_report_json*.c: the pen of the JSON report, and what it writes with.
 *
 * Texts are UTF-8. An error sticks in the pen. A field is `"key": value` with the comma it needs.
 */
#ifndef CLI_REPORT_JSON_H
#define CLI_REPORT_JSON_H

#include "cli_report.h"

struct cli_json {
    cli_pen *pen;
    const char *rules_version;
    cli_spool *gaps; /* their records: they come between the findings but stand behind them */
    cli_spool *held; /* the findings' records, to be rendered; NULL if nobody will */
    bool to_gaps;    /* where what is put goes */
    bool to_held;    /* the same: there as well */
    unsigned passes;
    bool first; /* no comma before the next field or record */
    uint64_t n_findings;
    uint64_t n_gaps;
};

void cli_json_put(cli_json *j, const char *text); /* as it is */
void cli_json_string(cli_json *j, const char *text); /* quoted and escaped */
void cli_json_digits(cli_json *j, uint64_t value);
void cli_json_key(cli_json *j, const char *key); /* up to its value */

void cli_json_text(cli_json *j, const char *key, const char *value);  /* NULL is null */
void cli_json_maybe(cli_json *j, const char *key, const char *value); /* "" is null */
void cli_json_number(cli_json *j, const char *key, uint64_t value);
void cli_json_entry(cli_json *j, const char *key, uint64_t entry); /* CLI_NO_ENTRY is null */
void cli_json_ms(cli_json *j, const char *key, double ms); /* whole milliseconds; < 0 is null */
void cli_json_bool(cli_json *j, const char *key, bool value);

void cli_json_open(cli_json *j, const char *before); /* `{`; the next field has no comma */
void cli_json_open_record(cli_json *j, size_t i);    /* the ith of a list, from 0 */
void cli_json_close_list(cli_json *j, size_t n);     /* of n records */
/* The records of a spool, which is read from its beginning. */
void cli_json_spool(cli_json *j, cli_spool *records);

#endif
