/*
 * The report as JSON, for programs: written while the run goes on.
 *
 * Receives findings and gaps in order of their offset and, at the end, the model. Emits one JSON
 * text (UTF-8). Must never hold a value that was found, nor the name of a file (names tell who
 * people are).
 *
 * Schema "harsan-report", version 1. A reader must accept keys it does not know; a change that
 * could break a reader raises the version.
 *   schema, schema_version
 *   tool      { name, version }
 *   rules     { version: digest of the rules in force }
 *   passes    how often the input was read to write the output: 1, or 2 when a value was found only
 *             behind a place it stands in
 *   findings  [ { rule, category, name, name_kind, place, layers, offset, bytes, line, column,
 *             stand_in, learned_from } ] one per place changed.
 *             rule: its id, or "learned", "known". name: what named the value, or null; a part that
 *             could be a value is `*`. place: JSON Pointer (RFC 6901) of HAR keys, foreign keys as
 *             "*". layers: what was decoded to get there, outermost first. offset: bytes from the
 *             beginning of the JSON text. bytes: of the input that were replaced there; findings in
 *             one re-encoded text share one span. learned_from: the place that gave the value away,
 *             or null
 *   gaps      [ { place, why, replaced, offset, bytes } ] what was not looked into; replaced: whole
 *   counts    { rule, category, place }  each { name: number of findings }
 *   capture   { har_version, creator, creator_version, browser, browser_version, started,
 *             duration_ms, pages, entries, failed, hosts: [ { host, entries, failed, replaced } ],
 *             entries_of_other_hosts }, all of it from the sanitized text
 *   problems  [ { kind, entry, last_entry, requests, started, time_ms, method, url, status,
 *             error } ] like failures are one record
 *   problems_more  { kind: records left out }
 *   slowest   [ { entry, started, time_ms, wait_ms, method, url, status } ]
 *   values    [ { stand_in, category, rule, name, name_kind, places, first_entry, last_entry,
 *             entries, hosts, place, layers, learned_from, revoke, jwt } ] one per value.
 *             revoke: kind of what is to be revoked, or null. jwt: { issuer, audience, expires,
 *             expired (when the recording ended) } or null
 *   values_more         values that are followed but not listed here
 *   findings_of_others  findings of values that were not followed
 *   changes   [ { host, kind, name, changes, stand_ins: [ { stand_in, first_entry,
 *             last_entry } ] } ] names with more than one value
 *   input, output  { bytes, sha256, gzip, json_bytes }  bytes and digest of the file as it lies on
 *             disk; json_bytes of the JSON text in it
 *   left_out  { entries, bodies, bytes, kinds: { KIND: { bodies, bytes } },
 *               list: [ { entry, message, kind, bytes } ] }  or null when nothing was to be left out:
 *             entries not wanted, bodies of the entries kept; the list holds the first hundred, by the
 *             entry's number in the input
 *   verdict   { complete, verified, har, entries, changed, known, passed_on, replaced_whole }
 *             complete: false in no report that exists; a text cut short lacks it. verified: proven
 *             by --verify. passed_on and replaced_whole: numbers of gaps. known: values given or
 *             learned
 */
#include "cli_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_LISTED = 1000 };

struct cli_json {
    cli_pen *pen;
    const char *rules_version;
    cli_spool *gaps; /* their records: they come between the findings but stand behind them */
    cli_spool *held; /* the findings' records, to be rendered; NULL if nobody will */
    bool to_gaps;    /* where put writes */
    bool to_held;    /* the same: there as well */
    unsigned passes;
    bool first;      /* no comma before the next field or record */
    uint64_t n_findings;
    uint64_t n_gaps;
};

/* ---------------------------------------------------------------- JSON */

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

static void put(cli_json *j, const char *text)
{
    put_bytes(j, text, strlen(text));
}

/* Texts of the library and the model are UTF-8 already: only what JSON forbids inside a string is
 * escaped. */
static void put_string(cli_json *j, const char *text)
{
    put(j, "\"");
    const char *run = text;
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        char escape[8];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        snprintf(escape, sizeof escape, c < 0x20 ? "\\u%04x" : "\\%c", c);
        put_bytes(j, run, (size_t)(p - run));
        put(j, escape);
        run = p + 1;
    }
    put(j, run);
    put(j, "\"");
}

static void put_key(cli_json *j, const char *key)
{
    put(j, j->first ? "" : ", ");
    j->first = false;
    put_string(j, key);
    put(j, ": ");
}

/* NULL is null. */
static void field_text(cli_json *j, const char *key, const char *value)
{
    put_key(j, key);
    if (value != NULL) {
        put_string(j, value);
    } else {
        put(j, "null");
    }
}

static void field_maybe(cli_json *j, const char *key, const char *value)
{
    field_text(j, key, value[0] != '\0' ? value : NULL);
}

static void put_number(cli_json *j, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    put(j, digits);
}

static void field_number(cli_json *j, const char *key, uint64_t value)
{
    put_key(j, key);
    put_number(j, value);
}

static void field_entry(cli_json *j, const char *key, uint64_t entry)
{
    if (entry == CLI_NO_ENTRY) {
        field_text(j, key, NULL);
    } else {
        field_number(j, key, entry);
    }
}

/* Whole milliseconds; not known is null. */
static void field_ms(cli_json *j, const char *key, double ms)
{
    if (ms < 0 || ms > 1e15) {
        field_text(j, key, NULL);
    } else {
        field_number(j, key, (uint64_t)(ms + 0.5));
    }
}

static void field_bool(cli_json *j, const char *key, bool value)
{
    put_key(j, key);
    put(j, value ? "true" : "false");
}

/* `{`, and after it the first field has no comma. */
static void open_object(cli_json *j, const char *before)
{
    put(j, before);
    put(j, "{");
    j->first = true;
}

/* The next record of a list. */
static void open_record(cli_json *j, size_t i)
{
    open_object(j, i > 0 ? ",\n    " : "\n    ");
}

static void close_list(cli_json *j, size_t n)
{
    put(j, n > 0 ? "\n  ]" : "]");
}

/* ---------------------------------------------------------------- events */

void cli_json_finding(cli_json *j, const harsan_finding *f)
{
    j->to_held = true;
    open_record(j, j->n_findings > 0);
    field_text(j, "rule", f->rule);
    field_text(j, "category", f->category);
    field_text(j, "name", f->name);
    field_text(j, "name_kind", f->name_kind);
    field_text(j, "place", f->place);
    field_text(j, "layers", f->layers);
    field_number(j, "offset", f->offset);
    field_number(j, "bytes", f->len);
    field_number(j, "line", f->line);
    field_number(j, "column", f->column);
    field_text(j, "stand_in", f->stand_in);
    field_text(j, "learned_from", f->learned_from);
    put(j, "}");
    j->to_held = false;
    j->n_findings++;
}

void cli_json_gap(cli_json *j, const harsan_gap *g)
{
    j->to_gaps = true;
    open_record(j, j->n_gaps > 0);
    field_text(j, "place", g->place);
    field_text(j, "why", g->why);
    field_bool(j, "replaced", g->replaced);
    field_number(j, "offset", g->offset);
    field_number(j, "bytes", g->len);
    put(j, "}");
    j->to_gaps = false;
    j->n_gaps++;
}

/* ---------------------------------------------------------------- the end */

static void put_spool(cli_json *j, cli_spool *records)
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

static void put_gaps(cli_json *j)
{
    put(j, ",\n  \"gaps\": [");
    put_spool(j, j->gaps);
    close_list(j, j->n_gaps > 0);
}

static void put_tally(cli_json *j, const char *key, cli_tally *t, const char *after)
{
    cli_tally_sort(t, CLI_BY_NAME);
    put(j, "    ");
    j->first = true;
    put_key(j, key);
    open_object(j, "");
    for (size_t i = 0; i < t->n; i++) {
        field_number(j, t->row[i].name, t->row[i].n);
    }
    put(j, after);
}

static void put_counts(cli_json *j, cli_counts *c)
{
    put(j, ",\n  \"counts\": {\n");
    put_tally(j, "rule", &c->rule, "},\n");
    put_tally(j, "category", &c->category, "},\n");
    put_tally(j, "place", &c->place, "}\n  }");
}

static void put_capture(cli_json *j, const cli_model *m)
{
    open_object(j, ",\n  \"capture\": ");
    field_maybe(j, "har_version", m->version);
    field_maybe(j, "creator", m->creator);
    field_maybe(j, "creator_version", m->creator_version);
    field_maybe(j, "browser", m->browser);
    field_maybe(j, "browser_version", m->browser_version);
    field_maybe(j, "started", m->first_text);
    field_ms(j, "duration_ms", m->timed > 0 ? m->last_ms - m->first_ms : -1);
    field_number(j, "pages", m->pages);
    field_number(j, "entries", m->entries);
    field_number(j, "failed", m->failed);
    put_key(j, "hosts");
    put(j, "[");
    for (uint32_t i = 0; i < m->n_hosts; i++) {
        open_record(j, i);
        field_text(j, "host", m->host[i].name);
        field_number(j, "entries", m->host[i].entries);
        field_number(j, "failed", m->host[i].failed);
        field_number(j, "replaced", m->host[i].replaced);
        put(j, "}");
    }
    close_list(j, m->n_hosts);
    j->first = false;
    field_number(j, "entries_of_other_hosts", m->other_hosts);
    put(j, "}");
}

static void put_problems(cli_json *j, const cli_model *m)
{
    put(j, ",\n  \"problems\": [");
    for (size_t i = 0; i < m->n_faults; i++) {
        const cli_fault *f = &m->fault[i];
        open_record(j, i);
        field_text(j, "kind", cli_id_of_fault(f->kind));
        field_number(j, "entry", f->first);
        field_number(j, "last_entry", f->last);
        field_number(j, "requests", f->count);
        field_maybe(j, "started", f->started);
        field_ms(j, "time_ms", f->time);
        field_text(j, "method", f->method);
        field_text(j, "url", f->url);
        field_number(j, "status", (uint64_t)f->status);
        field_maybe(j, "error", f->error);
        put(j, "}");
    }
    close_list(j, m->n_faults);
    open_object(j, ",\n  \"problems_more\": ");
    for (int k = 0; k < CLI_N_FAULTS; k++) {
        if (m->fault_groups[k] > CLI_FAULTS) {
            field_number(j, cli_id_of_fault((cli_fault_kind)k), m->fault_groups[k] - CLI_FAULTS);
        }
    }
    put(j, "}");
}

static void put_slowest(cli_json *j, const cli_model *m)
{
    put(j, ",\n  \"slowest\": [");
    for (size_t i = 0; i < m->n_slow; i++) {
        const cli_slow *s = &m->slow[i];
        open_record(j, i);
        field_number(j, "entry", s->entry);
        field_maybe(j, "started", s->started);
        field_ms(j, "time_ms", s->time);
        field_ms(j, "wait_ms", s->wait);
        field_text(j, "method", s->method);
        field_text(j, "url", s->url);
        field_number(j, "status", (uint64_t)s->status);
        put(j, "}");
    }
    close_list(j, m->n_slow);
}

static void put_jwt(cli_json *j, const cli_model *m, const cli_value *v)
{
    put_key(j, "jwt");
    if (!v->jwt) {
        put(j, "null");
        return;
    }
    open_object(j, "");
    field_maybe(j, "issuer", v->issuer);
    field_maybe(j, "audience", v->audience);
    if (v->expires > 0) {
        cli_number at;
        field_text(j, "expires", cli_utc(&at, v->expires * 1000));
        field_bool(j, "expired", m->timed > 0 && v->expires * 1000 <= m->last_ms);
    } else {
        field_text(j, "expires", NULL);
        field_text(j, "expired", NULL);
    }
    put(j, "}");
}

static void put_value(cli_json *j, const cli_model *m, const cli_value *v)
{
    field_text(j, "stand_in", v->stand_in);
    field_text(j, "category", v->category);
    field_text(j, "rule", v->rule);
    field_maybe(j, "name", v->name);
    field_maybe(j, "name_kind", v->kind);
    field_number(j, "places", v->places);
    field_entry(j, "first_entry", v->first);
    field_entry(j, "last_entry", v->last);
    field_number(j, "entries", v->entries);
    put_key(j, "hosts");
    put(j, "[");
    for (uint32_t k = 0; k < v->n_hosts; k++) {
        put(j, k > 0 ? ", " : "");
        put_string(j, cli_host_name(m, v->host[k]));
    }
    put(j, "]");
    field_text(j, "place", v->place);
    field_text(j, "layers", v->layers);
    field_maybe(j, "learned_from", v->learned_from);
    field_text(j, "revoke", cli_id_of_revoke(v->revoke));
    put_jwt(j, m, v);
}

static void put_values(cli_json *j, const cli_model *m)
{
    size_t n = m->n_values < VALUES_LISTED ? m->n_values : VALUES_LISTED;
    put(j, ",\n  \"values\": [");
    for (size_t i = 0; i < n; i++) {
        open_record(j, i);
        put_value(j, m, &m->value[i]);
        put(j, "}");
    }
    close_list(j, n);
    put(j, ",\n  ");
    j->first = true;
    field_number(j, "values_more", m->n_values - n);
    put(j, ",\n  ");
    j->first = true;
    field_number(j, "findings_of_others", m->unfollowed);
}

static void put_changes(cli_json *j, const cli_model *m)
{
    size_t n = 0;
    put(j, ",\n  \"changes\": [");
    for (size_t i = 0; i < m->n_tracks; i++) {
        const cli_track *t = &m->track[i];
        if (t->changes == 0) {
            continue;
        }
        open_record(j, n++);
        field_text(j, "host", cli_host_name(m, t->host));
        field_text(j, "kind", t->kind);
        field_text(j, "name", t->name);
        field_number(j, "changes", t->changes);
        put_key(j, "stand_ins");
        put(j, "[");
        for (uint32_t k = 0; k < t->n_steps; k++) {
            open_object(j, k > 0 ? ", " : "");
            field_text(j, "stand_in", m->value[t->step[k].value].stand_in);
            field_number(j, "first_entry", t->step[k].first);
            field_number(j, "last_entry", t->step[k].last);
            put(j, "}");
        }
        put(j, "]}");
    }
    close_list(j, n);
}

static void put_digest(cli_json *j, const char *before, const cli_digest *d, uint64_t json_bytes)
{
    open_object(j, before);
    field_number(j, "bytes", d->bytes);
    field_text(j, "sha256", d->sha256);
    field_bool(j, "gzip", d->gzip);
    field_number(j, "json_bytes", json_bytes);
    put(j, "}");
}

/* What is in the input and not in the output, because it was not wanted or too much. */
static void put_left_out(cli_json *j, const cli_left_out *left)
{
    open_object(j, ",\n  \"left_out\": ");
    field_number(j, "entries", left->entries);
    field_number(j, "bodies", left->bodies);
    field_number(j, "bytes", left->bytes);
    put_key(j, "kinds");
    open_object(j, "");
    for (unsigned i = 0; i < CLI_N_BODIES; i++) {
        if (left->body_count[i] > 0) {
            put_key(j, cli_body_name((cli_body)i));
            open_object(j, "");
            field_number(j, "bodies", left->body_count[i]);
            field_number(j, "bytes", left->body_bytes[i]);
            put(j, "}");
        }
    }
    put(j, "}, \"list\": [");
    for (size_t i = 0; i < left->n_list; i++) {
        const cli_left_body *body = &left->list[i];
        open_record(j, i);
        field_number(j, "entry", body->entry);
        field_text(j, "message", body->request ? "request" : "response");
        field_text(j, "kind", cli_body_name(body->body));
        field_number(j, "bytes", body->bytes);
        put(j, "}");
    }
    close_list(j, left->n_list);
    put(j, "}");
}

static void put_verdict(cli_json *j, const cli_model *m)
{
    const harsan_facts *facts = &m->result->facts;
    open_object(j, ",\n  \"verdict\": ");
    field_bool(j, "complete", true);
    field_bool(j, "verified", m->result->verified);
    field_bool(j, "har", facts->is_har);
    field_number(j, "entries", facts->entries);
    field_number(j, "changed", j->n_findings);
    field_number(j, "known", facts->values);
    field_number(j, "passed_on", m->passed_on);
    field_number(j, "replaced_whole", m->replaced_whole);
    put(j, "}\n}\n");
}

void cli_json_finish(cli_json *j, const cli_model *m)
{
    const cli_result *r = m->result;
    close_list(j, j->n_findings > 0);
    put_gaps(j);
    put_counts(j, r->counts);
    put_capture(j, m);
    put_problems(j, m);
    put_slowest(j, m);
    put_values(j, m);
    put_changes(j, m);
    put_digest(j, ",\n  \"input\": ", &r->in, r->facts.bytes_in);
    put_digest(j, ",\n  \"output\": ", &r->out, r->facts.bytes_out);
    if (r->left != NULL) {
        put_left_out(j, r->left);
    } else {
        put(j, ",\n  \"left_out\": null");
    }
    put_verdict(j, m);
}

/* ---------------------------------------------------------------- life */

cli_json *cli_json_new(cli_pen *pen, const char *rules_version)
{
    cli_json *j = calloc(1, sizeof *j);
    if (j == NULL) {
        return NULL;
    }
    *j = (cli_json){.pen = pen, .rules_version = rules_version, .gaps = cli_spool_new()};
    if (j->gaps == NULL) {
        free(j);
        return NULL;
    }
    return j;
}

static void put_head(cli_json *j)
{
    put(j, "{\n  \"schema\": \"harsan-report\",\n  \"schema_version\": 1");
    put(j, ",\n  \"tool\": {\"name\": \"harsan\", \"version\": \"" HARSAN_VERSION "\"}");
    put(j, ",\n  \"rules\": {\"version\": ");
    put_string(j, j->rules_version);
    put(j, "},\n  \"passes\": ");
    put_number(j, j->passes);
    put(j, ",\n  \"findings\": [");
}

void cli_json_begin(cli_json *j, unsigned passes)
{
    cli_spool_clear(j->gaps);
    if (j->held != NULL) {
        cli_spool_clear(j->held);
    }
    j->n_findings = j->n_gaps = 0;
    j->passes = passes;
    put_head(j);
}

bool cli_json_hold(cli_json *j)
{
    j->held = cli_spool_new();
    return j->held != NULL;
}

void cli_json_render(cli_json *j, cli_pen *pen, const cli_model *m)
{
    cli_pen *own = j->pen;
    pen->code = own->code; /* what could not be held cannot be rendered */
    j->pen = pen;
    put_head(j);
    put_spool(j, j->held);
    cli_json_finish(j, m);
    j->pen = own;
}

void cli_json_free(cli_json *j)
{
    if (j != NULL) {
        cli_spool_free(j->gaps);
        cli_spool_free(j->held);
        free(j);
    }
}
