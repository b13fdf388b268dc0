/*
 * The report: what was found and changed, as JSON, written while the run goes on.
 *
 * Receives findings and gaps in order of their offset, emits one JSON text (UTF-8) to each report
 * file. Must never hold a value that was found, nor the name of a file (names tell who people are).
 *
 * Schema "harsan-report", version 1. A reader must accept keys it does not know; a change that
 * could break a reader raises the version.
 *   schema, schema_version
 *   tool      { name, version }
 *   rules     { version: digest of the rules in force }
 *   passes    how often the input was read to write the output: 1, or 2 when a value was found only
 *             behind a place it stands in
 *   findings  [ { rule, category, place, layers, offset, bytes, line, column, stand_in,
 *               learned_from } ]
 *             one per place changed. rule: its id, or "learned", "known". place: JSON Pointer
 *             (RFC 6901) of HAR keys, foreign keys as "*". layers: what was decoded to get there,
 *             outermost first. offset: bytes from the beginning of the JSON text. bytes: of the
 *             input that were replaced there; findings in one re-encoded text share one span.
 *             learned_from: the place that gave the value away, or null
 *   gaps      [ { place, why, replaced, offset, bytes } ] what was not looked into; replaced: whole
 *   counts    { rule, category, place }  each { name: number of findings }
 *   input, output  { bytes, sha256, gzip, json_bytes }  bytes and digest of the file as it lies on
 *             disk; json_bytes of the JSON text in it
 *   verdict   { complete, har, entries, changed, known, passed_on, replaced_whole }
 *             complete: false in no report that exists; a text cut short lacks it. passed_on and
 *             replaced_whole: numbers of gaps. known: values given or learned
 */
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct cli_report {
    cli_report_how how;
    cli_output **out;
    size_t n;
    cli_spool *gaps; /* their records: they come between the findings but stand behind them */
    bool to_gaps;    /* where put writes */
    bool first;      /* no comma before the next field or record */
    uint64_t n_findings;
    uint64_t n_passed_on;
    uint64_t n_replaced;
    cli_exit code; /* the first failure sticks */
};

/* ---------------------------------------------------------------- JSON */

static void put_bytes(cli_report *r, const char *p, size_t n)
{
    if (r->code != CLI_OK) {
        return;
    }
    if (r->to_gaps) {
        if (!cli_spool_add(r->gaps, p, n)) {
            r->code = errno == ENOMEM ? CLI_NOMEM : CLI_IO;
            cli_say(NULL, "cannot hold the report: %s", strerror(errno));
        }
        return;
    }
    for (size_t i = 0; i < r->n && r->code == CLI_OK; i++) {
        r->code = cli_output_write(r->out[i], p, n);
    }
}

static void put(cli_report *r, const char *text)
{
    put_bytes(r, text, strlen(text));
}

/* Texts of the library are UTF-8 already: only what JSON forbids inside a string is escaped. */
static void put_string(cli_report *r, const char *text)
{
    put(r, "\"");
    const char *run = text;
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        char escape[8];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        snprintf(escape, sizeof escape, c < 0x20 ? "\\u%04x" : "\\%c", c);
        put_bytes(r, run, (size_t)(p - run));
        put(r, escape);
        run = p + 1;
    }
    put(r, run);
    put(r, "\"");
}

static void put_key(cli_report *r, const char *key)
{
    put(r, r->first ? "" : ", ");
    r->first = false;
    put_string(r, key);
    put(r, ": ");
}

static void field_text(cli_report *r, const char *key, const char *value)
{
    put_key(r, key);
    if (value != NULL) {
        put_string(r, value);
    } else {
        put(r, "null");
    }
}

static void put_number(cli_report *r, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    put(r, digits);
}

static void field_number(cli_report *r, const char *key, uint64_t value)
{
    put_key(r, key);
    put_number(r, value);
}

static void field_bool(cli_report *r, const char *key, bool value)
{
    put_key(r, key);
    put(r, value ? "true" : "false");
}

/* `{`, and after it the first field has no comma. */
static void open_object(cli_report *r, const char *before)
{
    put(r, before);
    put(r, "{");
    r->first = true;
}

/* ---------------------------------------------------------------- events */

void cli_report_finding(cli_report *r, const harsan_finding *f)
{
    open_object(r, r->n_findings > 0 ? ",\n    " : "\n    ");
    field_text(r, "rule", f->rule);
    field_text(r, "category", f->category);
    field_text(r, "place", f->place);
    field_text(r, "layers", f->layers);
    field_number(r, "offset", f->offset);
    field_number(r, "bytes", f->len);
    field_number(r, "line", f->line);
    field_number(r, "column", f->column);
    field_text(r, "stand_in", f->stand_in);
    field_text(r, "learned_from", f->learned_from);
    put(r, "}");
    r->n_findings++;
}

void cli_report_gap(cli_report *r, const harsan_gap *g)
{
    r->to_gaps = true;
    open_object(r, r->n_passed_on + r->n_replaced > 0 ? ",\n    " : "\n    ");
    field_text(r, "place", g->place);
    field_text(r, "why", g->why);
    field_bool(r, "replaced", g->replaced);
    field_number(r, "offset", g->offset);
    field_number(r, "bytes", g->len);
    put(r, "}");
    r->to_gaps = false;
    if (g->replaced) {
        r->n_replaced++;
    } else {
        r->n_passed_on++;
    }
}

/* ---------------------------------------------------------------- the end */

static void put_gaps(cli_report *r)
{
    char block[4096];
    ssize_t n = cli_spool_rewind(r->gaps) ? cli_spool_read(r->gaps, block, sizeof block) : -1;
    put(r, ",\n  \"gaps\": [");
    while (n > 0) {
        put_bytes(r, block, (size_t)n);
        n = cli_spool_read(r->gaps, block, sizeof block);
    }
    if (n < 0 && r->code == CLI_OK) {
        cli_say(NULL, "cannot finish the report: %s", strerror(errno));
        r->code = CLI_IO;
    }
    put(r, r->n_passed_on + r->n_replaced > 0 ? "\n  ]" : "]");
}

static void put_tally(cli_report *r, const char *key, cli_tally *t, const char *after)
{
    cli_tally_sort(t, CLI_BY_NAME);
    put(r, "    ");
    r->first = true;
    put_key(r, key);
    open_object(r, "");
    for (size_t i = 0; i < t->n; i++) {
        field_number(r, t->row[i].name, t->row[i].n);
    }
    put(r, after);
}

static void put_digest(cli_report *r, const char *before, const cli_digest *d, uint64_t json_bytes)
{
    open_object(r, before);
    field_number(r, "bytes", d->bytes);
    field_text(r, "sha256", d->sha256);
    field_bool(r, "gzip", d->gzip);
    field_number(r, "json_bytes", json_bytes);
    put(r, "}");
}

static void put_verdict(cli_report *r, const cli_result *result)
{
    open_object(r, ",\n  \"verdict\": ");
    field_bool(r, "complete", true);
    field_bool(r, "har", result->facts.is_har);
    field_number(r, "entries", result->facts.entries);
    field_number(r, "changed", r->n_findings);
    field_number(r, "known", result->facts.values);
    field_number(r, "passed_on", r->n_passed_on);
    field_number(r, "replaced_whole", r->n_replaced);
    put(r, "}\n}\n");
}

cli_exit cli_report_finish(cli_report *r, const cli_result *result)
{
    put(r, r->n_findings > 0 ? "\n  ]" : "]");
    put_gaps(r);
    put(r, ",\n  \"counts\": {\n");
    put_tally(r, "rule", &result->counts->rule, "},\n");
    put_tally(r, "category", &result->counts->category, "},\n");
    put_tally(r, "place", &result->counts->place, "}\n  }");
    put_digest(r, ",\n  \"input\": ", &result->in, result->facts.bytes_in);
    put_digest(r, ",\n  \"output\": ", &result->out, result->facts.bytes_out);
    put_verdict(r, result);
    for (size_t i = 0; i < r->n && r->code == CLI_OK; i++) {
        r->code = cli_output_finish(r->out[i]);
    }
    return r->code;
}

/* ---------------------------------------------------------------- life */

static void put_head(cli_report *r, unsigned passes)
{
    put(r, "{\n  \"schema\": \"harsan-report\",\n  \"schema_version\": 1");
    put(r, ",\n  \"tool\": {\"name\": \"harsan\", \"version\": \"" HARSAN_VERSION "\"}");
    put(r, ",\n  \"rules\": {\"version\": ");
    put_string(r, r->how.rules_version);
    put(r, "},\n  \"passes\": ");
    put_number(r, passes);
    put(r, ",\n  \"findings\": [");
}

cli_exit cli_report_open(cli_report **out, const cli_list *names, cli_report_how how)
{
    cli_report *r = calloc(1, sizeof *r);
    *out = NULL;
    if (r != NULL) {
        r->out = calloc(names->n + 1, sizeof(cli_output *));
        r->gaps = cli_spool_new();
    }
    if (r == NULL || r->out == NULL || r->gaps == NULL) {
        cli_say(NULL, "out of memory");
        cli_report_close(r);
        return CLI_NOMEM;
    }
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < names->n && code == CLI_OK; i++) {
        code = cli_output_open(&r->out[i], names->at[i],
                               (cli_output_how){.force = how.force, .again = how.again});
        r->n = i + 1;
    }
    if (code != CLI_OK) {
        cli_report_close(r);
        return code;
    }
    r->how = how;
    put_head(r, 1);
    *out = r;
    return CLI_OK;
}

cli_exit cli_report_restart(cli_report *r)
{
    for (size_t i = 0; i < r->n && r->code == CLI_OK; i++) {
        r->code = cli_output_restart(r->out[i]);
    }
    cli_spool_clear(r->gaps);
    r->n_findings = r->n_passed_on = r->n_replaced = 0;
    put_head(r, 2);
    return r->code;
}

cli_exit cli_report_commit(cli_report *r)
{
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < r->n && code == CLI_OK; i++) {
        code = cli_output_commit(r->out[i]);
    }
    return code;
}

void cli_report_close(cli_report *r)
{
    if (r == NULL) {
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        cli_output_close(r->out[i]);
    }
    free(r->out);
    cli_spool_free(r->gaps);
    free(r);
}
