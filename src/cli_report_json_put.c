/*
 * The pen of the JSON report: strings, numbers, fields, records.
 *
 * Receives values in order, emits JSON to the report, to the list of gaps or to what is held for a
 * rendering. Must never emit a byte that JSON forbids inside a string.
 */
#include "cli_escape.h"
#include "cli_report_json.h"

#include <errno.h>
#include <string.h>

static void put_bytes(cli_json *j, const char *p, size_t n)
{
    cli_spool *spool = j->to_gaps ? j->gaps : j->to_held ? j->held : NULL;
    if (!j->to_gaps) {
        cli_put_bytes(j->pen, p, n);
    }
    if (spool != NULL && j->pen->code == CLI_OK && !cli_spool_add(spool, p, n)) {
        j->pen->code = errno == ENOMEM ? CLI_NOMEM : CLI_IO;
        cli_say(NULL, "cannot hold the report: %s", strerror(errno));
    }
}

void cli_json_put(cli_json *j, const char *text)
{
    put_bytes(j, text, strlen(text));
}

/* Texts of the library and the model are UTF-8 already: only what JSON forbids inside a string is
 * escaped. */
void cli_json_string(cli_json *j, const char *text)
{
    cli_json_put(j, "\"");
    const char *run = text;
    for (const char *p = text; *p != '\0'; p++) {
        char room[CLI_ESCAPE_ROOM];
        const char *escape = cli_escape_json(*p, room);
        if (escape != NULL) {
            put_bytes(j, run, (size_t)(p - run));
            cli_json_put(j, escape);
            run = p + 1;
        }
    }
    cli_json_put(j, run);
    cli_json_put(j, "\"");
}

void cli_json_key(cli_json *j, const char *key)
{
    cli_json_put(j, j->first ? "" : ", ");
    j->first = false;
    cli_json_string(j, key);
    cli_json_put(j, ": ");
}

/* NULL is null. */
void cli_json_text(cli_json *j, const char *key, const char *value)
{
    cli_json_key(j, key);
    if (value != NULL) {
        cli_json_string(j, value);
    } else {
        cli_json_put(j, "null");
    }
}

void cli_json_maybe(cli_json *j, const char *key, const char *value)
{
    cli_json_text(j, key, value[0] != '\0' ? value : NULL);
}

void cli_json_digits(cli_json *j, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    cli_json_put(j, digits);
}

void cli_json_number(cli_json *j, const char *key, uint64_t value)
{
    cli_json_key(j, key);
    cli_json_digits(j, value);
}

void cli_json_entry(cli_json *j, const char *key, uint64_t entry)
{
    if (entry == CLI_NO_ENTRY) {
        cli_json_text(j, key, NULL);
    } else {
        cli_json_number(j, key, entry);
    }
}

/* Whole milliseconds; not known is null. */
void cli_json_ms(cli_json *j, const char *key, double ms)
{
    if (ms < 0 || ms > CLI_MS_MAX) {
        cli_json_text(j, key, NULL);
    } else {
        cli_json_number(j, key, (uint64_t)(ms + 0.5));
    }
}

void cli_json_bool(cli_json *j, const char *key, bool value)
{
    cli_json_key(j, key);
    cli_json_put(j, value ? "true" : "false");
}

/* `{`, and after it the first field has no comma. */
void cli_json_open(cli_json *j, const char *before)
{
    cli_json_put(j, before);
    cli_json_put(j, "{");
    j->first = true;
}

/* The next record of a list. */
void cli_json_open_record(cli_json *j, size_t i)
{
    cli_json_open(j, i > 0 ? ",\n    " : "\n    ");
}

void cli_json_close_list(cli_json *j, size_t n)
{
    cli_json_put(j, n > 0 ? "\n  ]" : "]");
}

void cli_json_spool(cli_json *j, cli_spool *records)
{
    char block[4096];
    ssize_t n = cli_spool_rewind(records) ? cli_spool_read(records, block, sizeof block) : -1;
    while (n > 0) {
        put_bytes(j, block, (size_t)n);
        n = cli_spool_read(records, block, sizeof block);
    }
    if (n < 0 && j->pen->code == CLI_OK) {
        cli_say(NULL, "cannot finish the report: %s", strerror(errno));
        j->pen->code = CLI_IO;
    }
}
