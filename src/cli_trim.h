/*
 * Private to cli_trim.c and cli_trim_fit.c: the parts of a text that may be left out.
 */
#ifndef CLI_TRIM_H
#define CLI_TRIM_H

#include "cli.h"

/* How --fit goes on: one stage after the other, in each the longest bodies first. The length is
 * taken by its two highest hexadecimal digits, so that a fixed table tells what there is to gain,
 * however many bodies there are. */
enum {
    CLI_STAGES = 5, /* media and images, fonts, scripts, styles, the rest */
    CLI_LENGTHS = 16 * 64,
    CLI_RANKS = CLI_STAGES * CLI_LENGTHS
};

typedef enum cli_part_kind {
    CLI_PART_DROP, /* goes without a trace: entries not wanted, with a comma */
    CLI_PART_MARK, /* a body not wanted: a marker takes its place */
    CLI_PART_MAYBE /* a body that --fit may give up */
} cli_part_kind;

typedef struct cli_part {
    uint64_t offset; /* in the sanitized text */
    uint64_t len;
    uint64_t entry; /* number in the input */
    uint32_t rank;  /* MAYBE: lower ranks are given up first */
    uint8_t kind;
    uint8_t body;
    bool base64;
    bool request;
} cli_part;

/* Where --fit stands: all of the ranks below are given up, and of `rank` the first `count`. */
typedef struct cli_cut {
    uint32_t rank;
    uint64_t count;
} cli_cut;

/* What the bodies of each rank cost (cli_trim_fit.c). */
typedef struct cli_costs {
    struct {
        uint64_t bodies;
        uint64_t bytes;
    } at[CLI_RANKS];
} cli_costs;

uint32_t cli_rank_of(cli_body body, uint64_t len);

typedef struct cli_walk {
    cli_write_fn *put;
    cli_exit (*maybe)(void *ctx, const cli_part *part,
                      bool end); /* around such a body; may be NULL */
    void *ctx;
} cli_walk;

struct cli_trim {
    const char *label;
    cli_spool *text;
    cli_spool *parts; /* cli_part after cli_part, in the order of their offsets */
    cli_costs *costs; /* NULL until measured */
    cli_cut cut;
    cli_left_out left;
    unsigned char *block;
    size_t at, n; /* of it: at..n is not used yet */
    uint64_t pos; /* of the text: block[at] */
};

/* Sends the text and what is put in the place of parts to walk->put. */
CLI_MUST_USE cli_exit cli_trim_walk(cli_trim *t, const cli_walk *walk);

#endif
