/*
 * Private to cli_clean*.c: a run, and one input of it.
 */
#ifndef CLI_CLEAN_H
#define CLI_CLEAN_H

#include "cli.h"

/* What all inputs share. */
typedef struct cli_run {
    const cli_opts *o;
    harsan_rules *rules;
    cli_secret secret;
    cli_counts total;
    unsigned jobs;
    cli_crew *crew; /* for the library; NULL = all is done in this thread */
    cli_crew *flow; /* reads and writes; likewise */
} cli_run;

/* Opens the input and its results, sanitizes, gives the results their names. Says what went wrong.
 * Adds to r->total what it came to, unless it failed; then no result keeps its name. */
CLI_MUST_USE cli_exit cli_clean_one(cli_run *r, const cli_job *job);

#endif
