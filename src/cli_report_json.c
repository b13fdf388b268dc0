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
 *             rule: its id, or "learned", "known", "limit" (the gaps tell which). name: what named
 *             the value, or null; a part that could be a value is `*`. place: JSON Pointer (RFC
 *             6901) of HAR keys, foreign keys as "*". layers: what was decoded to get there,
 *             outermost first. offset: bytes from the beginning of the JSON text. bytes: of the
 *             input that were replaced there; findings in one re-encoded text share one span.
 *             learned_from: the place that gave the value away, or null
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
 *             list: [ { entry, message, kind, bytes } ] } or null when nothing was to be left out:
 *             entries not wanted, bodies of the entries kept; the list holds the first hundred, by
 *             the entry's number in the input
 *   verdict   { complete, verified, har, entries, changed, known, passed_on, replaced_whole }
 *             complete: false in no report that exists; a text cut short lacks it. verified: proven
 *             by --verify. passed_on and replaced_whole: numbers of gaps. known: values given or
 *             learned
 */
#include "cli_report_json.h"

#include <stdlib.h>

enum { VALUES_LISTED = 1000 };

/* ---------------------------------------------------------------- events */

void cli_json_finding(cli_json *j, const harsan_finding *f)
{
    j->to_held = true;
    cli_json_open_record(j, j->n_findings > 0);
    cli_json_text(j, "rule", f->rule);
    cli_json_text(j, "category", f->category);
    cli_json_text(j, "name", f->name);
    cli_json_text(j, "name_kind", f->name_kind);
    cli_json_text(j, "place", f->place);
    cli_json_text(j, "layers", f->layers);
    cli_json_number(j, "offset", f->offset);
    cli_json_number(j, "bytes", f->len);
    cli_json_number(j, "line", f->line);
    cli_json_number(j, "column", f->column);
    cli_json_text(j, "stand_in", f->stand_in);
    cli_json_text(j, "learned_from", f->learned_from);
    cli_json_put(j, "}");
    j->to_held = false;
    j->n_findings++;
}

void cli_json_gap(cli_json *j, const harsan_gap *g)
{
    j->to_gaps = true;
    cli_json_open_record(j, j->n_gaps > 0);
    cli_json_text(j, "place", g->place);
    cli_json_text(j, "why", g->why);
    cli_json_bool(j, "replaced", g->replaced);
    cli_json_number(j, "offset", g->offset);
    cli_json_number(j, "bytes", g->len);
    cli_json_put(j, "}");
    j->to_gaps = false;
    j->n_gaps++;
}

/* ---------------------------------------------------------------- the end */

static void put_gaps(cli_json *j)
{
    cli_json_put(j, ",\n  \"gaps\": [");
    cli_json_spool(j, j->gaps);
    cli_json_close_list(j, j->n_gaps > 0);
}

static void put_tally(cli_json *j, const char *key, cli_tally *t, const char *after)
{
    cli_tally_sort(t, CLI_BY_NAME);
    cli_json_put(j, "    ");
    j->first = true;
    cli_json_key(j, key);
    cli_json_open(j, "");
    for (size_t i = 0; i < t->n; i++) {
        cli_json_number(j, t->row[i].name, t->row[i].n);
    }
    cli_json_put(j, after);
}

static void put_counts(cli_json *j, cli_counts *c)
{
    cli_json_put(j, ",\n  \"counts\": {\n");
    put_tally(j, "rule", &c->rule, "},\n");
    put_tally(j, "category", &c->category, "},\n");
    put_tally(j, "place", &c->place, "}\n  }");
}

static void put_capture(cli_json *j, const cli_model *m)
{
    cli_json_open(j, ",\n  \"capture\": ");
    cli_json_maybe(j, "har_version", m->version);
    cli_json_maybe(j, "creator", m->creator);
    cli_json_maybe(j, "creator_version", m->creator_version);
    cli_json_maybe(j, "browser", m->browser);
    cli_json_maybe(j, "browser_version", m->browser_version);
    cli_json_maybe(j, "started", m->first_text);
    cli_json_ms(j, "duration_ms", m->timed > 0 ? m->last_ms - m->first_ms : -1);
    cli_json_number(j, "pages", m->pages);
    cli_json_number(j, "entries", m->entries);
    cli_json_number(j, "failed", m->failed);
    cli_json_key(j, "hosts");
    cli_json_put(j, "[");
    for (uint32_t i = 0; i < m->n_hosts; i++) {
        cli_json_open_record(j, i);
        cli_json_text(j, "host", m->host[i].name);
        cli_json_number(j, "entries", m->host[i].entries);
        cli_json_number(j, "failed", m->host[i].failed);
        cli_json_number(j, "replaced", m->host[i].replaced);
        cli_json_put(j, "}");
    }
    cli_json_close_list(j, m->n_hosts);
    j->first = false;
    cli_json_number(j, "entries_of_other_hosts", m->other_hosts);
    cli_json_put(j, "}");
}

static void put_problems(cli_json *j, const cli_model *m)
{
    cli_json_put(j, ",\n  \"problems\": [");
    for (size_t i = 0; i < m->n_faults; i++) {
        const cli_fault *f = &m->fault[i];
        cli_json_open_record(j, i);
        cli_json_text(j, "kind", cli_id_of_fault(f->kind));
        cli_json_number(j, "entry", f->first);
        cli_json_number(j, "last_entry", f->last);
        cli_json_number(j, "requests", f->count);
        cli_json_maybe(j, "started", f->started);
        cli_json_ms(j, "time_ms", f->time);
        cli_json_text(j, "method", f->method);
        cli_json_text(j, "url", f->url);
        cli_json_number(j, "status", (uint64_t)f->status);
        cli_json_maybe(j, "error", f->error);
        cli_json_put(j, "}");
    }
    cli_json_close_list(j, m->n_faults);
    cli_json_open(j, ",\n  \"problems_more\": ");
    for (int k = 0; k < CLI_N_FAULTS; k++) {
        if (m->fault_groups[k] > CLI_FAULTS) {
            cli_json_number(j, cli_id_of_fault((cli_fault_kind)k), m->fault_groups[k] - CLI_FAULTS);
        }
    }
    cli_json_put(j, "}");
}

static void put_slowest(cli_json *j, const cli_model *m)
{
    cli_json_put(j, ",\n  \"slowest\": [");
    for (size_t i = 0; i < m->n_slow; i++) {
        const cli_slow *s = &m->slow[i];
        cli_json_open_record(j, i);
        cli_json_number(j, "entry", s->entry);
        cli_json_maybe(j, "started", s->started);
        cli_json_ms(j, "time_ms", s->time);
        cli_json_ms(j, "wait_ms", s->wait);
        cli_json_text(j, "method", s->method);
        cli_json_text(j, "url", s->url);
        cli_json_number(j, "status", (uint64_t)s->status);
        cli_json_put(j, "}");
    }
    cli_json_close_list(j, m->n_slow);
}

static void put_jwt(cli_json *j, const cli_model *m, const cli_value *v)
{
    cli_json_key(j, "jwt");
    if (!v->jwt) {
        cli_json_put(j, "null");
        return;
    }
    cli_json_open(j, "");
    cli_json_maybe(j, "issuer", v->issuer);
    cli_json_maybe(j, "audience", v->audience);
    if (v->expires > 0) {
        cli_number at;
        cli_json_text(j, "expires", cli_utc(&at, v->expires * 1000));
        cli_json_bool(j, "expired", m->timed > 0 && v->expires * 1000 <= m->last_ms);
    } else {
        cli_json_text(j, "expires", NULL);
        cli_json_text(j, "expired", NULL);
    }
    cli_json_put(j, "}");
}

static void put_value(cli_json *j, const cli_model *m, const cli_value *v)
{
    cli_json_text(j, "stand_in", v->stand_in);
    cli_json_text(j, "category", v->category);
    cli_json_text(j, "rule", v->rule);
    cli_json_maybe(j, "name", v->name);
    cli_json_maybe(j, "name_kind", v->kind);
    cli_json_number(j, "places", v->places);
    cli_json_entry(j, "first_entry", v->first);
    cli_json_entry(j, "last_entry", v->last);
    cli_json_number(j, "entries", v->entries);
    cli_json_key(j, "hosts");
    cli_json_put(j, "[");
    for (uint32_t k = 0; k < v->n_hosts; k++) {
        cli_json_put(j, k > 0 ? ", " : "");
        cli_json_string(j, cli_host_name(m, v->host[k]));
    }
    cli_json_put(j, "]");
    cli_json_text(j, "place", v->place);
    cli_json_text(j, "layers", v->layers);
    cli_json_maybe(j, "learned_from", v->learned_from);
    cli_json_text(j, "revoke", cli_id_of_revoke(v->revoke));
    put_jwt(j, m, v);
}

static void put_values(cli_json *j, const cli_model *m)
{
    size_t n = m->n_values < VALUES_LISTED ? m->n_values : VALUES_LISTED;
    cli_json_put(j, ",\n  \"values\": [");
    for (size_t i = 0; i < n; i++) {
        cli_json_open_record(j, i);
        put_value(j, m, &m->value[i]);
        cli_json_put(j, "}");
    }
    cli_json_close_list(j, n);
    cli_json_put(j, ",\n  ");
    j->first = true;
    cli_json_number(j, "values_more", m->n_values - n);
    cli_json_put(j, ",\n  ");
    j->first = true;
    cli_json_number(j, "findings_of_others", m->unfollowed);
}

static void put_changes(cli_json *j, const cli_model *m)
{
    size_t n = 0;
    cli_json_put(j, ",\n  \"changes\": [");
    for (size_t i = 0; i < m->n_tracks; i++) {
        const cli_track *t = &m->track[i];
        if (t->changes == 0) {
            continue;
        }
        cli_json_open_record(j, n++);
        cli_json_text(j, "host", cli_host_name(m, t->host));
        cli_json_text(j, "kind", t->kind);
        cli_json_text(j, "name", t->name);
        cli_json_number(j, "changes", t->changes);
        cli_json_key(j, "stand_ins");
        cli_json_put(j, "[");
        for (uint32_t k = 0; k < t->n_steps; k++) {
            cli_json_open(j, k > 0 ? ", " : "");
            cli_json_text(j, "stand_in", m->value[t->step[k].value].stand_in);
            cli_json_number(j, "first_entry", t->step[k].first);
            cli_json_number(j, "last_entry", t->step[k].last);
            cli_json_put(j, "}");
        }
        cli_json_put(j, "]}");
    }
    cli_json_close_list(j, n);
}

static void put_digest(cli_json *j, const char *before, const cli_digest *d, uint64_t json_bytes)
{
    cli_json_open(j, before);
    cli_json_number(j, "bytes", d->bytes);
    cli_json_text(j, "sha256", d->sha256);
    cli_json_bool(j, "gzip", d->gzip);
    cli_json_number(j, "json_bytes", json_bytes);
    cli_json_put(j, "}");
}

/* What is in the input and not in the output, because it was not wanted or too much. */
static void put_left_out(cli_json *j, const cli_left_out *left)
{
    cli_json_open(j, ",\n  \"left_out\": ");
    cli_json_number(j, "entries", left->entries);
    cli_json_number(j, "bodies", left->bodies);
    cli_json_number(j, "bytes", left->bytes);
    cli_json_key(j, "kinds");
    cli_json_open(j, "");
    for (unsigned i = 0; i < CLI_N_BODIES; i++) {
        if (left->body_count[i] > 0) {
            cli_json_key(j, cli_body_name((cli_body)i));
            cli_json_open(j, "");
            cli_json_number(j, "bodies", left->body_count[i]);
            cli_json_number(j, "bytes", left->body_bytes[i]);
            cli_json_put(j, "}");
        }
    }
    cli_json_put(j, "}, \"list\": [");
    for (size_t i = 0; i < left->n_list; i++) {
        const cli_left_body *body = &left->list[i];
        cli_json_open_record(j, i);
        cli_json_number(j, "entry", body->entry);
        cli_json_text(j, "message", body->request ? "request" : "response");
        cli_json_text(j, "kind", cli_body_name(body->body));
        cli_json_number(j, "bytes", body->bytes);
        cli_json_put(j, "}");
    }
    cli_json_close_list(j, left->n_list);
    cli_json_put(j, "}");
}

static void put_verdict(cli_json *j, const cli_model *m)
{
    const harsan_facts *facts = &m->result->facts;
    cli_json_open(j, ",\n  \"verdict\": ");
    cli_json_bool(j, "complete", true);
    cli_json_bool(j, "verified", m->result->verified);
    cli_json_bool(j, "har", facts->is_har);
    cli_json_number(j, "entries", facts->entries);
    cli_json_number(j, "changed", j->n_findings);
    cli_json_number(j, "known", facts->values);
    cli_json_number(j, "passed_on", m->passed_on);
    cli_json_number(j, "replaced_whole", m->replaced_whole);
    cli_json_put(j, "}\n}\n");
}

void cli_json_finish(cli_json *j, const cli_model *m)
{
    const cli_result *r = m->result;
    cli_json_close_list(j, j->n_findings > 0);
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
        cli_json_put(j, ",\n  \"left_out\": null");
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
    cli_json_put(j, "{\n  \"schema\": \"harsan-report\",\n  \"schema_version\": 1");
    cli_json_put(j, ",\n  \"tool\": {\"name\": \"harsan\", \"version\": \"" HARSAN_VERSION "\"}");
    cli_json_put(j, ",\n  \"rules\": {\"version\": ");
    cli_json_string(j, j->rules_version);
    cli_json_put(j, "},\n  \"passes\": ");
    cli_json_digits(j, j->passes);
    cli_json_put(j, ",\n  \"findings\": [");
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
    cli_json_spool(j, j->held);
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
