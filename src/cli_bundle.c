/*
 * The bundle: one ZIP that holds what is attached to a ticket.
 *
 * Emits capture.sanitized.har, report.html and its other forms, and manifest.json, which tells size
 * and SHA-256 of each before it. The names are always these: that of an input may say whose it is.
 *
 * manifest.json, schema "harsan-bundle", version 1:
 *   schema, schema_version, tool { name, version }, rules { version }
 *   members  [ { name, bytes, sha256 } ]  of the member as it comes out of the ZIP
 */
#include "cli.h"

#include <inttypes.h>
#include <string.h>

enum {
    MEMBERS_MAX = 16,
    REPORT_MAX = 64 << 20, /* bytes of a report besides its list of findings, */
    FINDING_MAX = 4096     /* and of one finding in it */
};

typedef struct bundle {
    cli_delivery *d;
    cli_zip *zip;
    cli_member member[MEMBERS_MAX];
    size_t n;
} bundle;

static cli_exit end_member(bundle *b)
{
    return cli_zip_end(b->zip, &b->member[b->n++]);
}

/* The report tells of the file beside the bundle if there is one, else of the member. */
static cli_exit set_digest(bundle *b)
{
    const cli_member *har = &b->member[0];
    cli_result *result = b->d->result;
    cli_exit code = CLI_OK;
    result->facts.bytes_out = har->bytes;
    if (b->d->out != NULL) {
        code = cli_output_end(b->d->out);
        cli_output_digest(b->d->out, &result->out);
    } else {
        result->out = (cli_digest){.bytes = har->bytes};
        memcpy(result->out.sha256, har->sha256, sizeof result->out.sha256);
    }
    return code;
}

static cli_exit put_har(bundle *b, cli_write_fn *put, void *ctx)
{
    cli_exit code = cli_zip_begin(b->zip, "capture.sanitized.har", cli_spool_size(b->d->text));
    if (code == CLI_OK) {
        code = cli_trim_send(b->d->trim, put, ctx);
    }
    if (code == CLI_OK) {
        code = end_member(b);
    }
    return code == CLI_OK ? set_digest(b) : code;
}

static cli_exit put_report(bundle *b, const char *form)
{
    char name[sizeof b->member[0].name];
    uint64_t at_most = REPORT_MAX + b->d->result->facts.findings * FINDING_MAX;
    snprintf(name, sizeof name, "report.%s", form);
    cli_exit code = cli_zip_begin(b->zip, name, at_most);
    if (code == CLI_OK) {
        code = cli_report_render(b->d->report, b->d->result, form, cli_zip_write, b->zip);
    }
    return code == CLI_OK ? end_member(b) : code;
}

static cli_exit put_text(bundle *b, const char *text)
{
    return cli_zip_write(b->zip, text, strlen(text));
}

static cli_exit put_manifest(bundle *b)
{
    char line[256];
    size_t n = b->n; /* it does not list itself */
    cli_exit code = cli_zip_begin(b->zip, "manifest.json", 0);
    snprintf(line, sizeof line, "%s\"%s\"},\n  \"members\": [",
             "{\n  \"schema\": \"harsan-bundle\",\n  \"schema_version\": 1,\n"
             "  \"tool\": {\"name\": \"harsan\", \"version\": \"" HARSAN_VERSION "\"},\n"
             "  \"rules\": {\"version\": ",
             b->d->rules_version);
    code = code == CLI_OK ? put_text(b, line) : code;
    for (size_t i = 0; i < n && code == CLI_OK; i++) {
        const cli_member *m = &b->member[i];
        snprintf(line, sizeof line,
                 "%s\n    {\"name\": \"%s\", \"bytes\": %" PRIu64 ", \"sha256\": \"%s\"}",
                 i > 0 ? "," : "", m->name, m->bytes, m->sha256);
        code = put_text(b, line);
    }
    code = code == CLI_OK ? put_text(b, "\n  ]\n}\n") : code;
    return code == CLI_OK ? end_member(b) : code;
}

cli_exit cli_bundle_write(cli_delivery *d, cli_zip *zip, cli_write_fn *put, void *ctx)
{
    bundle b = {.d = d, .zip = zip};
    cli_exit code = put_har(&b, put, ctx);
    const char *form = d->report != NULL ? cli_report_form(0) : NULL;
    for (size_t i = 1; code == CLI_OK && form != NULL && i < MEMBERS_MAX - 1; i++) {
        code = put_report(&b, form);
        form = cli_report_form(i);
    }
    if (code == CLI_OK) {
        code = put_manifest(&b);
    }
    return code == CLI_OK ? cli_zip_finish(zip) : code;
}
