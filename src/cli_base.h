/*
 * What every file of the command stands on: exit codes, and what is said on stderr.
 *
 * A function that returns cli_exit has told the user why, on stderr, whenever that is not CLI_OK.
 * No message holds bytes of the input or of a file of keys, known values or rules.
 */
#ifndef CLI_BASE_H
#define CLI_BASE_H

#include "harsan.h"

#include <stdio.h>
#include <time.h>

#if defined(__GNUC__)
#define CLI_MUST_USE __attribute__((warn_unused_result))
#define CLI_PRINTF(a, b) __attribute__((format(printf, a, b)))
#else
#define CLI_MUST_USE
#define CLI_PRINTF(a, b)
#endif

#define CLI_COUNT(list) (sizeof(list) / sizeof *(list))

/* Exit codes: a promise to scripts, listed by `harsan help`. */
typedef enum cli_exit {
    CLI_OK = 0,
    CLI_FOUND = 1,  /* check or verify found something, a rule failed its examples */
    CLI_USAGE = 2,  /* the command line, a key, a rule file or a list of known values is wrong */
    CLI_SYNTAX = 3, /* the input is not valid JSON, or not valid gzip */
    CLI_IO = 4,     /* reading or writing failed, or the input changed between the passes */
    CLI_LIMIT = 5,  /* the input goes beyond a limit */
    CLI_NOMEM = 6
} cli_exit;

cli_exit cli_exit_of(harsan_status status);

/* ---------------------------------------------------------------- arrays (cli_grow.c) */

/* Room for one more than the n elements, of `size` bytes each, of the array `at`: the array, which
 * may have moved. NULL without memory; then it is as it was. */
CLI_MUST_USE void *cli_grow(void *at, size_t *cap, size_t n, size_t size);

/* ---------------------------------------------------------------- messages (cli_say.c) */

/* "harsan: NAME: TEXT\n" on stderr; a NULL name is left out, control characters in it are shown
 * as \xHH. No argument of fmt may come from an input. */
void cli_say(const char *name, const char *fmt, ...) CLI_PRINTF(2, 3);
/* Says "out of memory"; returns the code for it. To be seen wherever it is called: readers and
 * analyzers know then that it is never CLI_OK. */
static inline cli_exit cli_no_memory(const char *name)
{
    cli_say(name, "out of memory");
    return CLI_NOMEM;
}
/* The library's error with its place: line, column, byte, place in the HAR. */
void cli_say_error(const char *name, const harsan_error *err);
/* From keep to take, what this thread says is kept: the text, owned by the caller, NULL for none.
 * To be said by another thread with cli_say_kept, which takes NULL too. */
void cli_say_keep(void);
char *cli_say_take(void);
void cli_say_kept(const char *text);
void cli_put_name(FILE *to, const char *name);

/* A line on a terminal that shows how far a long run is. */
typedef struct cli_progress {
    const char *name; /* of the input; NULL = none */
    const char *pass;
    const char *unit; /* what is counted; NULL = bytes */
    uint64_t total;   /* 0 = not known */
    bool on;
    struct timespec start;
    struct timespec last;
} cli_progress;

void cli_progress_start(cli_progress *p, const char *name, bool quiet);
void cli_progress_step(cli_progress *p, uint64_t done);
void cli_progress_hide(void); /* before something else goes to the terminal */
void cli_progress_end(cli_progress *p);

#endif
