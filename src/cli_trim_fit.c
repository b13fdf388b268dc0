/*
 * What --fit gives up: what the bodies of each kind and length cost, and how far down the list to
 * go.
 *
 * Receives the text with its bodies marked, emits a cut. The cost of a body is what it takes in the
 * compressed text, told apart from its neighbours by a flush before and behind it; that makes the
 * whole a little larger than it will be, so a first guess tends to be enough. Flat: a table of
 * fixed size, whatever the number of bodies.
 */
#include "cli_trim.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

/* ---------------------------------------------------------------- ranks */

/* 0 for the longest: the exponent of the length and the four bits behind its first. */
static uint32_t length_rank(uint64_t len)
{
    uint32_t exponent = 4;
    while (exponent < 63 && len >> (exponent + 1) > 0) {
        exponent++;
    }
    return (63 - exponent) * 16 + 15 - (uint32_t)(len >> (exponent - 4) & 15);
}

static uint32_t stage_of(cli_body body)
{
    switch (body) {
    case CLI_BODY_MEDIA:
    case CLI_BODY_IMAGE:
        return 0;
    case CLI_BODY_FONT:
        return 1;
    case CLI_BODY_SCRIPT:
        return 2;
    case CLI_BODY_STYLE:
        return 3;
    case CLI_BODY_HTML:
    case CLI_BODY_JSON:
    case CLI_BODY_TEXT:
    case CLI_BODY_OTHER:
    case CLI_N_BODIES:
        break;
    }
    return 4;
}

uint32_t cli_rank_of(cli_body body, uint64_t len)
{
    return stage_of(body) * CLI_LENGTHS + length_rank(len);
}

/* ---------------------------------------------------------------- costs */

typedef struct scale {
    cli_costs *costs;
    bool deflated;
    uint64_t bytes; /* of the text so far, compressed if asked for */
    uint64_t begun; /* the same where the body under way began */
    z_stream z;
    unsigned char out[16 << 10];
} scale;

static void run_deflate(scale *s, const void *data, size_t len, int flush)
{
    s->z.next_in = data;
    s->z.avail_in = (uInt)len;
    do {
        s->z.next_out = s->out;
        s->z.avail_out = sizeof s->out;
        (void)deflate(&s->z, flush); /* Z_BUF_ERROR: there was nothing to do */
        s->bytes += sizeof s->out - s->z.avail_out;
    } while (s->z.avail_out == 0);
}

/* Pieces are those of cli_trim, far below 4 GiB. */
static cli_exit weigh(void *ctx, const void *data, size_t len)
{
    scale *s = ctx;
    if (s->deflated) {
        run_deflate(s, data, len, Z_NO_FLUSH);
    } else {
        s->bytes += len;
    }
    return CLI_OK;
}

static cli_exit weigh_body(void *ctx, const cli_part *part, bool end)
{
    scale *s = ctx;
    if (s->deflated) {
        run_deflate(s, "", 0, Z_SYNC_FLUSH);
    }
    if (end) {
        s->costs->at[part->rank].bodies++;
        s->costs->at[part->rank].bytes += s->bytes - s->begun;
    }
    s->begun = s->bytes;
    return CLI_OK;
}

cli_exit cli_trim_measure(cli_trim *t, bool deflated, uint64_t *bytes)
{
    scale *s = calloc(1, sizeof *s);
    t->costs = calloc(1, sizeof *t->costs);
    bool ok = s != NULL && t->costs != NULL;
    ok = ok && (!deflated || deflateInit(&s->z, Z_DEFAULT_COMPRESSION) == Z_OK);
    if (!ok) {
        free(s);
        return cli_no_memory(t->label);
    }
    s->costs = t->costs;
    s->deflated = deflated;
    const cli_walk walk = {.put = weigh, .maybe = weigh_body, .ctx = s};
    cli_exit code = cli_trim_walk(t, &walk);
    if (deflated) {
        run_deflate(s, "", 0, Z_FINISH);
        deflateEnd(&s->z);
    }
    *bytes = s->bytes;
    free(s);
    return code;
}

/* ---------------------------------------------------------------- the cut */

static bool is_further(cli_cut a, cli_cut b)
{
    return a.rank != b.rank ? a.rank > b.rank : a.count > b.count;
}

/* One body more. */
static cli_cut next_cut(const cli_costs *costs, cli_cut cut)
{
    cut.count++;
    while (cut.rank < CLI_RANKS && cut.count > costs->at[cut.rank].bodies) {
        cut.rank++;
        cut.count = 1;
    }
    return cut;
}

/* Of the rank in which the saving is reached as many bodies as their average says. */
static cli_cut find_cut(const cli_costs *costs, uint64_t saving)
{
    cli_cut cut = {0, 0};
    while (cut.rank < CLI_RANKS && costs->at[cut.rank].bytes < saving) {
        saving -= costs->at[cut.rank].bytes;
        cut.rank++;
    }
    if (cut.rank < CLI_RANKS) {
        double share = (double)saving / (double)costs->at[cut.rank].bytes;
        cut.count = (uint64_t)(share * (double)costs->at[cut.rank].bodies) + 1;
    }
    return cut;
}

bool cli_trim_give_up(cli_trim *t, uint64_t saving)
{
    cli_cut least = next_cut(t->costs, t->cut);
    cli_cut cut = find_cut(t->costs, saving);
    bool more = least.rank < CLI_RANKS;
    t->cut = is_further(cut, least) ? cut : least;
    return more;
}
