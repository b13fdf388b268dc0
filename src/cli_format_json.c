/*
 * The format `json`: everything that is known of every file.
 *
 * Schema "harsan-check", version 1. A reader must accept keys it does not know; a change that could
 * break a reader raises the version.
 *   schema, schema_version
 *   tool      { name, version }
 *   files     [ { path, har, entries, error, findings, more, accepted, minor, unseen } ]  in the
 *             order in which they were found; path "-" is standard input.
 *             error: null, or { exit, message } of a file that could not be checked: it then has no
 *             findings, and is not clean. more: findings beyond the 25,000 that are listed.
 *             accepted: by the baseline. minor: below --min-category and --min-confidence.
 *             unseen: { reason: number } of bodies passed over, such as media
 *     findings  [ { rule, what, category, level, confidence, place, layers, learned_from, line,
 *               column, end_line, end_column, column_utf16, end_column_utf16, offset, bytes,
 *               fingerprint, expired } ]
 *             rule: its id, or learned, known, limit, unseen. level: credential, personal, other.
 *             place: JSON Pointer (RFC 6901) of HAR keys, foreign keys as "*". layers: what was
 *             decoded to get there, outermost first. learned_from: the place that gave the value
 *             away, or null. line, column: from 1, columns in Unicode code points; column_utf16 in
 *             UTF-16 code units. end_: the first character behind. offset, bytes: of the JSON text,
 *             which for a compressed file is the decompressed one. fingerprint: the same for the
 *             same rule, place (but indexes) and value, within this run; in all runs with the same
 *             baseline or --key-file. expired: the date until which a baseline accepted it, or null
 *   stale     [ { baseline, rule, place, file } ]  entries of baselines that nothing has any more,
 * as they stand there; only those whose file was looked at, or is gone verdict   { exit, files,
 * with_findings, broken, findings, accepted, expired, minor, fixed, level: { credential, personal,
 * other } }
 */
#include "cli_check.h"

#include <inttypes.h>

static void begin(cli_check_sink *s)
{
    cli_check_put(s, "{\n  \"schema\": \"harsan-check\",\n  \"schema_version\": 1,\n"
                     "  \"tool\": {\"name\": \"harsan\", \"version\": \"" HARSAN_VERSION "\"},\n"
                     "  \"files\": [");
}

static void put_pair(cli_check_sink *s, const char *before, const char *text)
{
    cli_check_put(s, before);
    if (*text != '\0') {
        cli_check_put_json(s, text);
    } else {
        cli_check_put(s, "null");
    }
}

static void put_finding(cli_check_sink *s, const cli_check_result *r, const cli_check_finding *f)
{
    char hex[2 * FINGERPRINT_BYTES + 1];
    const cli_check_rule *rule = cli_check_rule_of(r, f);
    cli_fingerprint_hex(hex, &f->fingerprint);
    cli_check_putf(s, "{\"rule\": \"%s\", \"what\": ", rule->id);
    cli_check_put_json(s, rule->what);
    cli_check_putf(s,
                   ", \"category\": \"%s\", \"level\": \"%s\", \"confidence\": \"%s\", \"place\": ",
                   rule->category, cli_check_level_names[rule->level],
                   cli_check_confidence_names[rule->confidence]);
    cli_check_put_json(s, cli_check_text(r, f->place));
    cli_check_put(s, ", \"layers\": ");
    cli_check_put_json(s, cli_check_text(r, f->layers));
    put_pair(s, ", \"learned_from\": ", cli_check_text(r, f->learned_from));
    cli_check_putf(s, ", \"line\": %" PRIu64 ", \"column\": %" PRIu64 ", \"end_line\": %" PRIu64,
                   f->from.line, f->from.column, f->to.line);
    cli_check_putf(s, ", \"end_column\": %" PRIu64 ", \"column_utf16\": %" PRIu64, f->to.column,
                   f->from.column16);
    cli_check_putf(s, ", \"end_column_utf16\": %" PRIu64 ", \"offset\": %" PRIu64, f->to.column16,
                   f->offset);
    cli_check_putf(s, ", \"bytes\": %" PRIu64 ", \"fingerprint\": \"%s\"", f->len, hex);
    put_pair(s, ", \"expired\": ", cli_check_text(r, f->expired));
    cli_check_put(s, "}");
}

static void put_unseen(cli_check_sink *s, const cli_tally *t)
{
    cli_check_put(s, ", \"unseen\": {");
    for (size_t i = 0; i < t->n; i++) {
        cli_check_put(s, i > 0 ? ", " : "");
        cli_check_put_json(s, t->row[i].name);
        cli_check_putf(s, ": %" PRIu64, t->row[i].n);
    }
    cli_check_put(s, "}");
}

static void file(cli_check_sink *s, const cli_check_result *r)
{
    cli_check_put(s, s->n++ > 0 ? ",\n    {\"path\": " : "\n    {\"path\": ");
    cli_check_put_json(s, r->path->path);
    cli_check_putf(s, ", \"har\": %s, \"entries\": %" PRIu64 ", \"error\": ",
                   r->facts.is_har ? "true" : "false", r->facts.entries);
    if (r->code > CLI_FOUND) {
        cli_check_putf(s, "{\"exit\": %d, \"message\": ", (int)r->code);
        cli_check_put_json(s, r->message);
        cli_check_put(s, "}");
    } else {
        cli_check_put(s, "null");
    }
    cli_check_put(s, ", \"findings\": [");
    for (size_t i = 0; i < r->n; i++) {
        cli_check_put(s, i > 0 ? ",\n      " : "\n      ");
        put_finding(s, r, &r->at[i]);
    }
    cli_check_put(s, r->n > 0 ? "\n    ]" : "]");
    cli_check_putf(s, ", \"more\": %" PRIu64 ", \"accepted\": %" PRIu64 ", \"minor\": %" PRIu64,
                   r->found - r->n, r->accepted, r->minor);
    put_unseen(s, &r->unseen);
    cli_check_put(s, "}");
}

static void put_stale(cli_check_sink *s, const cli_check_total *t)
{
    cli_check_put(s, ",\n  \"stale\": [");
    for (size_t i = 0; i < t->n_stale; i++) {
        const cli_check_stale *e = &t->stale[i];
        cli_check_put(s, i > 0 ? ",\n    {\"baseline\": " : "\n    {\"baseline\": ");
        cli_check_put_json(s, e->baseline);
        cli_check_put(s, ", \"rule\": ");
        cli_check_put_json(s, e->rule);
        cli_check_put(s, ", \"place\": ");
        cli_check_put_json(s, e->place);
        cli_check_put(s, ", \"file\": ");
        cli_check_put_json(s, e->file);
        cli_check_put(s, "}");
    }
    cli_check_put(s, t->n_stale > 0 ? "\n  ]" : "]");
}

static void end(cli_check_sink *s, const cli_check_total *t)
{
    cli_check_put(s, s->n > 0 ? "\n  ]" : "]");
    put_stale(s, t);
    cli_check_putf(s,
                   ",\n  \"verdict\": {\"exit\": %d, \"files\": %" PRIu64
                   ", \"with_findings\": %" PRIu64 ", \"broken\": %" PRIu64
                   ", \"findings\": %" PRIu64,
                   (int)t->code, t->files, t->with_findings, t->broken, t->found);
    cli_check_putf(s,
                   ", \"accepted\": %" PRIu64 ", \"expired\": %" PRIu64 ", \"minor\": %" PRIu64
                   ", \"fixed\": %" PRIu64,
                   t->accepted, t->expired, t->minor, t->fixed);
    cli_check_putf(s,
                   ", \"level\": {\"credential\": %" PRIu64 ", \"personal\": %" PRIu64
                   ", \"other\": %" PRIu64 "}}\n}\n",
                   t->by_level[LEVEL_CREDENTIAL], t->by_level[LEVEL_PERSONAL],
                   t->by_level[LEVEL_OTHER]);
}

const cli_check_format cli_check_format_json = {"json", begin, file, end};
