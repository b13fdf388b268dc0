/*
 * The format `sarif`: SARIF 2.1.0 (OASIS), ready to be uploaded to a code-scanning service.
 *
 * Results come first, as the files do; the rules they name stand behind them, with what to do about
 * each. Columns count UTF-16 code units, as columnKind says. Paths are relative to %SRCROOT%. A
 * file that could not be checked is a notification, and the invocation then was not successful.
 *
 * partialFingerprints: `primaryLocationLineHash`, the one that GitHub matches alerts by, is a hash
 * of file, rule and place, and a count of those that are otherwise equal. No value is in it:
 * without a key, a phone number could be guessed from it. With a key that stays the same
 * (--key-file, or a baseline) it is the fingerprint of the finding, value included, which also
 * stands in `harsan/v1`.
 */
#include "cli_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RESULTS_MAX = 25000 /* GitHub refuses a run that has more */ };

/* ---------------------------------------------------------------- small parts */

static const char *level_of(cli_check_level level)
{
    return level == LEVEL_CREDENTIAL ? "error" : level == LEVEL_PERSONAL ? "warning" : "note";
}

/* RFC 3986: everything but unreserved characters and the slash goes as bytes in percent. */
static void put_uri(cli_check_sink *s, const char *path)
{
    cli_check_put(s, path[0] == '/' ? "\"uri\": \"file://" : "\"uri\": \"");
    for (const char *p = path; *p != '\0'; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || strchr("-._~/", *p) != NULL;
        if (plain) {
            cli_check_put_bytes(s, p, 1);
        } else {
            cli_check_putf(s, "%%%02X", (unsigned)(unsigned char)*p);
        }
    }
    cli_check_put(s, path[0] == '/' ? "\"" : "\", \"uriBaseId\": \"%SRCROOT%\"");
}

static const char *bare(const char *path)
{
    while (path[0] == '.' && path[1] == '/') {
        path += 2;
    }
    return path;
}

/* Its index among the rules of the run. */
static size_t use_rule(cli_check_sink *s, const cli_check_rule *rule)
{
    for (size_t i = 0; i < s->n_used; i++) {
        if (strcmp(s->used[i]->id, rule->id) == 0) {
            return i;
        }
    }
    const cli_check_rule **used = cli_grow(s->used, &s->cap_used, s->n_used, sizeof *used);
    if (used == NULL) {
        if (s->code == CLI_OK) {
            s->code = cli_no_memory(NULL);
        }
        return 0;
    }
    s->used = used;
    s->used[s->n_used] = rule;
    return s->n_used++;
}

/* ---------------------------------------------------------------- fingerprints */

/* What tells a finding from the others of its file, and which of those that it does not it is. */
typedef struct mark {
    cli_fingerprint fingerprint;
    size_t index;
    size_t nth; /* from 1 */
} mark;

static int by_fingerprint(const void *a, const void *b)
{
    const mark *x = a;
    const mark *y = b;
    int c = memcmp(x->fingerprint.b, y->fingerprint.b, FINGERPRINT_BYTES);
    return c != 0 ? c : x->index < y->index ? -1 : 1;
}

static int by_index(const void *a, const void *b)
{
    return ((const mark *)a)->index < ((const mark *)b)->index ? -1 : 1;
}

static mark *make_marks(const cli_check_result *r)
{
    mark *m = calloc(r->n + 1, sizeof *m);
    for (size_t i = 0; m != NULL && i < r->n; i++) {
        const cli_check_finding *f = &r->at[i];
        m[i].index = i;
        if (r->path->setup->stable) {
            m[i].fingerprint = f->fingerprint;
        } else {
            cli_fingerprint_place(&m[i].fingerprint, bare(r->path->path),
                                  cli_check_rule_of(r, f)->id, cli_check_text(r, f->place));
        }
    }
    if (m != NULL && r->n > 0) {
        qsort(m, r->n, sizeof *m, by_fingerprint);
        for (size_t i = 0; i < r->n; i++) {
            bool same =
                i > 0 && memcmp(m[i].fingerprint.b, m[i - 1].fingerprint.b, FINGERPRINT_BYTES) == 0;
            m[i].nth = same ? m[i - 1].nth + 1 : 1;
        }
        qsort(m, r->n, sizeof *m, by_index);
    }
    return m;
}

/* ---------------------------------------------------------------- results */

static void put_region(cli_check_sink *s, const cli_check_finding *f)
{
    cli_check_putf(s,
                   ", \"region\": {\"startLine\": %" PRIu64 ", \"startColumn\": %" PRIu64
                   ", \"endLine\": %" PRIu64 ", \"endColumn\": %" PRIu64 "}}",
                   f->from.line, f->from.column16, f->to.line, f->to.column16);
}

static void put_result(cli_check_sink *s, const cli_check_result *r, const cli_check_finding *f,
                       const mark *m)
{
    char text[2048];
    char hex[2 * FINGERPRINT_BYTES + 1];
    const cli_check_rule *rule = cli_check_rule_of(r, f);
    size_t index = use_rule(s, rule);
    cli_check_putf(s, "%s\n        {\"ruleId\": \"%s\", \"ruleIndex\": %zu, \"level\": \"%s\"",
                   s->n++ > 0 ? "," : "", rule->id, index, level_of(rule->level));
    cli_check_put(s, ", \"message\": {\"text\": ");
    size_t n = (size_t)snprintf(text, sizeof text, "%.160s, ", rule->what);
    cli_check_place_text(text + n, sizeof text - n, r, f);
    cli_check_put_json(s, text);
    cli_check_put(s, "}, \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {");
    put_uri(s, cli_check_is_stdin(r) ? "stdin" : bare(r->path->path));
    cli_check_put(s, "}");
    put_region(s, f);
    cli_check_put(s, ", \"logicalLocations\": [{\"kind\": \"value\", \"fullyQualifiedName\": ");
    cli_check_put_json(s, cli_check_text(r, f->place));
    cli_fingerprint_hex(hex, &m->fingerprint);
    cli_check_putf(s, "}]}], \"partialFingerprints\": {\"primaryLocationLineHash\": \"%s:%zu\"",
                   hex, m->nth);
    if (r->path->setup->stable) {
        cli_fingerprint_hex(hex, &f->fingerprint);
        cli_check_putf(s, ", \"harsan/v1\": \"%s\"", hex);
    }
    cli_check_put(s, "}}");
}

/* ---------------------------------------------------------------- notifications */

static void notify(cli_check_sink *s, const char *level, const char *path, const char *text)
{
    s->to_later = true;
    cli_check_putf(s, "%s\n          {\"level\": \"%s\", \"message\": {\"text\": ",
                   s->extra++ > 0 ? "," : "", level);
    cli_check_put_json(s, text);
    cli_check_put(s, "}");
    if (path != NULL) {
        cli_check_put(s, ", \"locations\": [{\"physicalLocation\": {\"artifactLocation\": {");
        put_uri(s, strcmp(path, "-") == 0 ? "stdin" : bare(path));
        cli_check_put(s, "}}}]");
    }
    cli_check_put(s, "}");
    s->to_later = false;
}

static void file(cli_check_sink *s, const cli_check_result *r)
{
    char text[128];
    mark *m = make_marks(r);
    if (m == NULL && s->code == CLI_OK) {
        s->code = cli_no_memory(NULL);
    }
    size_t shown = 0;
    for (; m != NULL && shown < r->n && s->n < RESULTS_MAX; shown++) {
        put_result(s, r, &r->at[shown], &m[shown]);
    }
    free(m);
    if (r->code > CLI_FOUND) {
        notify(s, "error", r->path->path, r->message);
    }
    if (shown < r->found && r->code <= CLI_FOUND) {
        snprintf(text, sizeof text, "%" PRIu64 " more findings: a run has at most %d results",
                 r->found - shown, RESULTS_MAX);
        notify(s, "warning", r->path->path, text);
    }
}

/* ---------------------------------------------------------------- rules */

static const char *what_to_do(cli_check_level level)
{
    switch (level) {
    case LEVEL_CREDENTIAL:
        return "Whoever gets this file may be able to act as somebody else. Replace the value with "
               "`harsan check --fix FILE`, which keeps the file of use. If the file was shared or "
               "pushed, withdraw the credential where it was issued: removing it here does not "
               "take it back.";
    case LEVEL_PERSONAL:
        return "This belongs to a person. Replace it with `harsan check --fix FILE`, or record the "
               "file again with made-up data.";
    case LEVEL_OTHER:
        break;
    }
    return "This may tell who or where somebody is. Replace it with `harsan check --fix FILE`, or "
           "leave it if it is meant to be seen.";
}

static const char *severity_of(cli_check_level level)
{
    return level == LEVEL_CREDENTIAL ? "8.0" : level == LEVEL_PERSONAL ? "5.0" : "2.0";
}

static void put_rule(cli_check_sink *s, const cli_check_rule *rule, bool first)
{
    char text[1024];
    cli_check_putf(
        s, "%s\n          {\"id\": \"%s\", \"name\": \"%s\", \"shortDescription\": {\"text\": ",
        first ? "" : ",", rule->id, rule->id);
    cli_check_put_json(s, rule->what);
    snprintf(text, sizeof text, "%.160s. Category %s, rule pack %s.", rule->what, rule->category,
             rule->pack);
    cli_check_put(s, "}, \"fullDescription\": {\"text\": ");
    cli_check_put_json(s, text);
    snprintf(
        text, sizeof text,
        "%s\n\nA value that is harmless here is kept by \"keep\" in .harsan.json, or accepted by "
        "a baseline: harsan check --write-baseline FILE.",
        what_to_do(rule->level));
    cli_check_put(s, "}, \"help\": {\"text\": ");
    cli_check_put_json(s, text);
    snprintf(text, sizeof text,
             "%s\n\nA value that is harmless here is kept by `\"keep\"` in `.harsan.json`, or "
             "accepted by a baseline: `harsan check --write-baseline FILE`.",
             what_to_do(rule->level));
    cli_check_put(s, ", \"markdown\": ");
    cli_check_put_json(s, text);
    cli_check_putf(s, "}, \"defaultConfiguration\": {\"level\": \"%s\"}", level_of(rule->level));
    cli_check_putf(
        s,
        ", \"properties\": {\"tags\": [\"security\", \"har\", \"%s\"], \"precision\": \"%s\", "
        "\"problem.severity\": \"%s\", \"security-severity\": \"%s\"}}",
        rule->category, cli_check_confidence_names[rule->confidence],
        rule->level == LEVEL_CREDENTIAL ? "error"
        : rule->level == LEVEL_PERSONAL ? "warning"
                                        : "recommendation",
        severity_of(rule->level));
}

/* ---------------------------------------------------------------- the run */

static void begin(cli_check_sink *s)
{
    cli_check_put(s, "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
                     "  \"version\": \"2.1.0\",\n  \"runs\": [\n    {\n      \"results\": [");
}

static void end(cli_check_sink *s, const cli_check_total *t)
{
    cli_check_put(s, s->n > 0 ? "\n      ],\n" : "],\n");
    cli_check_put(
        s, "      \"columnKind\": \"utf16CodeUnits\",\n      \"tool\": {\"driver\": {\"name\": "
           "\"harsan\", \"version\": \"" HARSAN_VERSION "\", \"semanticVersion\": "
           "\"" HARSAN_VERSION "\", \"rules\": [");
    for (size_t i = 0; i < s->n_used; i++) {
        put_rule(s, s->used[i], i == 0);
    }
    cli_check_put(s, s->n_used > 0 ? "\n      ]}},\n" : "]}},\n");
    cli_check_putf(s,
                   "      \"invocations\": [{\"executionSuccessful\": %s, \"exitCode\": %d, "
                   "\"toolExecutionNotifications\": [",
                   t->code > CLI_FOUND ? "false" : "true", (int)t->code);
    cli_check_put_later(s);
    cli_check_put(s, s->extra > 0 ? "\n      ]}]\n    }\n  ]\n}\n" : "]}]\n    }\n  ]\n}\n");
}

const cli_check_format cli_check_format_sarif = {"sarif", begin, file, end};
