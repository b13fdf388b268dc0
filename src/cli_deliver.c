/*
 * Handing out: sanitized text that was held back goes to its output and into the bundle, without
 * what is to be left out.
 *
 * With --fit the whole is written as it would be, and written again with less until it is small
 * enough: of the bundle, or without one of the output, the size on disk counts. Outputs have no
 * name before that, so a run that cannot fit leaves nothing behind.
 */
#include "cli.h"

#include <inttypes.h>

/* From a guess that falls short to the next. It seldom takes more than two; the last one gives up
 * all there is. */
enum { TRIES = 12 };

typedef struct attempt {
    cli_delivery *d;
    cli_zip *zip;
    cli_output *judged; /* whose size counts */
    uint64_t bytes;     /* of the text so far */
    uint64_t stop;      /* bytes of it after which it is no use to go on; 0 = never */
    bool stopped;
} attempt;

/* Text on its way to wherever it is wanted. */
static cli_exit put(void *ctx, const void *data, size_t len)
{
    attempt *a = ctx;
    a->bytes += len;
    cli_exit code = a->d->out != NULL ? cli_output_write(a->d->out, data, len) : CLI_OK;
    if (code == CLI_OK && a->zip != NULL) {
        code = cli_zip_write(a->zip, data, len);
    }
    if (code == CLI_OK && a->stop > 0 && cli_output_size(a->judged) > a->stop) {
        a->stopped = true;
        return CLI_LIMIT;
    }
    return code;
}

static cli_exit write_bundle(attempt *a)
{
    cli_exit code = cli_zip_open(&a->zip, a->d->bundle);
    if (code == CLI_OK) {
        code = cli_bundle_write(a->d, a->zip, put, a);
    }
    cli_zip_close(a->zip);
    return code == CLI_OK ? cli_output_end(a->d->bundle) : code;
}

static cli_exit write_alone(attempt *a)
{
    cli_delivery *d = a->d;
    cli_exit code = cli_trim_send(d->trim, put, a);
    if (code == CLI_OK) {
        code = cli_output_end(d->out);
    }
    cli_output_digest(d->out, &d->result->out);
    d->result->facts.bytes_out = a->bytes;
    return code;
}

static cli_exit restart(cli_delivery *d)
{
    cli_exit code = d->out != NULL ? cli_output_restart(d->out) : CLI_OK;
    return code == CLI_OK && d->bundle != NULL ? cli_output_restart(d->bundle) : code;
}

/* *size is 0 when it stopped on the way. */
static cli_exit try(cli_delivery *d, uint64_t stop, uint64_t *size)
{
    attempt a = {.d = d, .judged = d->bundle != NULL ? d->bundle : d->out, .stop = stop};
    cli_exit code = restart(d);
    if (code == CLI_OK) {
        code = d->bundle != NULL ? write_bundle(&a) : write_alone(&a);
    }
    *size = a.stopped ? 0 : cli_output_size(a.judged);
    return a.stopped ? CLI_OK : code;
}

/* `size` is what it takes with everything, 0 = not known. */
static cli_exit squeeze(cli_delivery *d, uint64_t limit, uint64_t size)
{
    uint64_t whole;
    cli_exit code = cli_trim_measure(d->trim, d->bundle != NULL || d->gzip, &whole);
    uint64_t excess = size > 0 ? size - limit : whole > limit ? whole - limit : 1;
    uint64_t saving = 0;
    for (unsigned i = 0; i < TRIES && code == CLI_OK; i++) {
        saving += excess + (i > 0 ? excess / 16 + 64 : 0);
        if (!cli_trim_give_up(d->trim, i + 1 < TRIES ? saving : UINT64_MAX)) {
            break;
        }
        code = try(d, 0, &size);
        if (code != CLI_OK || size <= limit) {
            return code;
        }
        excess = size - limit;
    }
    if (code == CLI_OK && size == 0) { /* there is nothing to give up */
        code = try(d, 0, &size);
    }
    if (code == CLI_OK) {
        cli_say(d->label,
                "cannot be made to fit into %" PRIu64 " bytes: it takes %" PRIu64
                " with all bodies left out that may be",
                limit, size);
        code = CLI_LIMIT;
    }
    return code;
}

cli_exit cli_deliver(cli_delivery *d)
{
    uint64_t size;
    uint64_t limit = d->o->fit;
    if (cli_opts_trim(d->o)) {
        d->result->left = cli_trim_left(d->trim);
    }
    cli_exit code = try(d, limit, &size);
    return code == CLI_OK && limit > 0 && (size == 0 || size > limit) ? squeeze(d, limit, size)
                                                                      : code;
}
