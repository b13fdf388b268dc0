/*
 * Reads a report of harsan (cli_report_json.c has the schema) for verification: the changes it
 * lists, and the digests and counts at its end.
 *
 * Receives the name of the report, hands each change to the proof, never holds more than one
 * record. A reader of version 1: keys that it does not know are passed over.
 */
#include "cli.h"
#include "cli_yajl.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 << 10 };

/* The parts of a report that count here. */
typedef enum section { OTHER, RULES, FINDINGS, GAPS, INPUT, OUTPUT, VERDICT } section;

typedef struct reader {
    cli_claims *claims;
    cli_proof *proof;
    unsigned depth; /* open brackets: 1 in the report, 2 in a section, 3 in a record */
    section section;
    char key[32];
    bool is_report; /* it says so, in a version known here */
    bool is_schema;
    bool bad;
    /* of the record in hand */
    bool has_offset, has_bytes, replaced;
    uint64_t offset, bytes;
    char why[32];
} reader;

/* A text that does not fit is none that is known. */
static void copy_text(char *to, size_t room, const unsigned char *p, size_t n)
{
    to[0] = '\0';
    if (n < room) {
        memcpy(to, p, n);
        to[n] = '\0';
    }
}

static bool has_key(const reader *r, unsigned depth, const char *key)
{
    return r->depth == depth && strcmp(r->key, key) == 0;
}

static void begin_section(reader *r)
{
    static const struct {
        const char *key;
        section section;
    } table[] = {
        {"rules", RULES}, {"findings", FINDINGS}, {"gaps", GAPS},
        {"input", INPUT}, {"output", OUTPUT},     {"verdict", VERDICT},
    };
    r->section = OTHER;
    for (size_t i = 0; i < CLI_COUNT(table); i++) {
        if (strcmp(r->key, table[i].key) == 0) {
            r->section = table[i].section;
        }
    }
}

static void end_record(reader *r)
{
    bool finding = r->section == FINDINGS;
    if (finding) {
        r->claims->findings++;
        r->bad = r->bad || !r->has_offset || !r->has_bytes;
    }
    if (finding || (r->section == GAPS && cli_gap_is_change(r->why, r->replaced))) {
        cli_proof_span(r->proof, r->offset, r->bytes);
    }
    r->has_offset = r->has_bytes = r->replaced = false;
    r->why[0] = '\0';
}

/* ---------------------------------------------------------------- callbacks of yajl: 0 cancels */

static int on_open(void *ctx)
{
    reader *r = ctx;
    r->depth++;
    r->key[0] = '\0';
    return 1;
}

static int on_close(void *ctx)
{
    reader *r = ctx;
    if (r->depth == 3) {
        end_record(r);
    }
    r->depth--;
    return !r->bad;
}

static int on_key(void *ctx, const unsigned char *p, size_t n)
{
    reader *r = ctx;
    copy_text(r->key, sizeof r->key, p, n);
    if (r->depth == 1) {
        begin_section(r);
    }
    return 1;
}

static cli_digest *digest_of(const reader *r)
{
    return r->section == INPUT ? &r->claims->in : r->section == OUTPUT ? &r->claims->out : NULL;
}

static int on_string(void *ctx, const unsigned char *p, size_t n)
{
    reader *r = ctx;
    cli_digest *d = digest_of(r);
    if (has_key(r, 1, "schema")) {
        r->is_schema = n == strlen("harsan-report") && memcmp(p, "harsan-report", n) == 0;
    } else if (has_key(r, 2, "version") && r->section == RULES) {
        copy_text(r->claims->rules, sizeof r->claims->rules, p, n);
    } else if (has_key(r, 2, "sha256") && d != NULL) {
        copy_text(d->sha256, sizeof d->sha256, p, n);
    } else if (has_key(r, 3, "why")) {
        copy_text(r->why, sizeof r->why, p, n);
    }
    return 1;
}

static int on_integer(void *ctx, long long value)
{
    reader *r = ctx;
    cli_digest *d = digest_of(r);
    uint64_t n = (uint64_t)value;
    if (has_key(r, 1, "schema_version")) {
        r->is_report = r->is_schema && n == 1;
    } else if (has_key(r, 3, "offset")) {
        r->offset = n;
        r->has_offset = true;
    } else if (has_key(r, 3, "bytes")) {
        r->bytes = n;
        r->has_bytes = true;
    } else if (has_key(r, 2, "bytes") && d != NULL) {
        d->bytes = n;
    } else if (has_key(r, 2, "changed") && r->section == VERDICT) {
        r->claims->changed = n;
    }
    return value >= 0;
}

static int on_boolean(void *ctx, int value)
{
    reader *r = ctx;
    if (has_key(r, 3, "replaced")) {
        r->replaced = value != 0;
    } else if (has_key(r, 2, "complete") && r->section == VERDICT) {
        r->claims->complete = value != 0;
    }
    return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_boolean = on_boolean,
    .yajl_integer = on_integer,
    .yajl_string = on_string,
    .yajl_start_map = on_open,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open,
    .yajl_end_array = on_close,
};

/* ---------------------------------------------------------------- reading */

static cli_exit complain(const char *label, cli_exit code)
{
    if (code == CLI_NOMEM) {
        return cli_no_memory(label);
    }
    cli_say(label, "not a complete report of harsan");
    return code;
}

static cli_exit parse(cli_yajl *yajl, cli_input *in, const char *label)
{
    size_t n = 1;
    unsigned char *block = malloc(BLOCK);
    cli_exit parsed = block != NULL ? CLI_OK : CLI_NOMEM;
    while (parsed == CLI_OK && n > 0) {
        cli_exit code = cli_input_read(in, block, BLOCK, &n);
        if (code != CLI_OK) {
            free(block);
            return code; /* cli_input has said why */
        }
        parsed = cli_yajl_parse(yajl, block, n);
    }
    free(block);
    return parsed == CLI_OK ? CLI_OK : complain(label, parsed);
}

cli_exit cli_claims_read(cli_claims *claims, const char *name, cli_proof *p)
{
    reader r = {.claims = claims, .proof = p};
    cli_input *in = NULL;
    memset(claims, 0, sizeof *claims);
    cli_proof_expect(p);
    if (!cli_report_is_json(name)) {
        cli_say(name, "verify reads the report in JSON: --report FILE.json writes it");
        return CLI_USAGE;
    }
    cli_exit code = cli_input_open(&in, name, (cli_input_how){.twice = false});
    if (code != CLI_OK) {
        return code;
    }
    const char *label = cli_input_label(name);
    cli_yajl yajl;
    code = cli_yajl_open(&yajl, &callbacks, &r);
    code = code == CLI_OK ? parse(&yajl, in, label) : complain(label, code);
    if (code == CLI_OK && (!r.is_report || !claims->complete)) {
        code = complain(label, CLI_SYNTAX);
    }
    cli_yajl_close(&yajl);
    cli_input_close(in);
    return code;
}
