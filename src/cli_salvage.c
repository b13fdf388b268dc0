/*
 * --salvage: a pass of its own over an input that may be broken, before the others.
 *
 * Finds where the input can be cut so that what lies before is whole, and has the input end there,
 * closed by brackets, in every pass to come. Says and reports what is lost; must never lose a
 * complete entry, nor touch an input that is not broken.
 */
#include "cli_io.h"

#include <inttypes.h>
#include <sodium.h>

enum { BLOCK = 64 << 10 };

static cli_exit read_all(harsan_salvage *s, cli_input *in, uint64_t *total)
{
    static unsigned char block[BLOCK];
    cli_exit code = CLI_OK;
    size_t n = 1;
    while (code == CLI_OK && n > 0) {
        code = cli_input_read(in, block, sizeof block, &n);
        if (code == CLI_OK && harsan_salvage_feed(s, block, n) != HARSAN_OK) {
            code = CLI_NOMEM;
        }
        *total += n;
    }
    sodium_memzero(block, sizeof block);
    return code;
}

/* Without anything to keep, the input fails as it would have without --salvage. */
static cli_exit cut(cli_loss *loss, harsan_salvage *s, cli_input *in, uint64_t total)
{
    harsan_cut found;
    harsan_salvage_finish(s, &found);
    *loss = (cli_loss){.any = found.broken && found.keep > 0,
                       .entries = found.entries,
                       .offset = found.keep,
                       .bytes = total - found.keep,
                       .why = found.why};
    return loss->any ? cli_input_cut(in, found.keep, found.closing) : CLI_OK;
}

cli_exit cli_salvage(cli_loss *loss, cli_input *in, const char *label)
{
    harsan_salvage *s = NULL;
    uint64_t total = 0;
    *loss = (cli_loss){.any = false};
    cli_exit code = harsan_salvage_new(&s, 0, NULL) == HARSAN_OK ? CLI_OK : CLI_NOMEM;
    if (code == CLI_OK) {
        code = read_all(s, in, &total);
    }
    if (code == CLI_OK) {
        code = cut(loss, s, in, total);
    }
    if (code == CLI_NOMEM) {
        (void)cli_no_memory(label);
    }
    harsan_salvage_free(s);
    return code == CLI_OK ? cli_input_rewind(in) : code;
}

harsan_gap cli_loss_gap(const cli_loss *loss)
{
    return (harsan_gap){.place = "",
                        .why = "lost:broken",
                        .replaced = true,
                        .offset = loss->offset,
                        .len = loss->bytes};
}

void cli_say_loss(const char *label, const cli_loss *loss)
{
    cli_say(label,
            "warning: broken at line %" PRIu64 ", column %" PRIu64 ": %s; %" PRIu64
            " complete entr%s kept, %" PRIu64 " bytes behind them lost",
            loss->why.line, loss->why.column, loss->why.message, loss->entries,
            loss->entries == 1 ? "y" : "ies", loss->bytes);
}
