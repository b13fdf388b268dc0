/*
 * A directory in which the command is run again and again: what lay there before each run is
 * known, what lies there after it is held against that.
 *
 * Helpers that cannot do their work end the program: a test that did not run has not passed.
 */
#ifndef HSN_TESTS_BOX_H
#define HSN_TESTS_BOX_H

#include "fault.h"

#include <stddef.h>
#include <sys/types.h>

typedef struct bytes {
    char *p;
    size_t n;
} bytes;

enum { BOX_FILES = 32, BOX_NAME = 64 };

/* The files of a directory, hidden ones included, folders not. */
typedef struct listing {
    char name[BOX_FILES][BOX_NAME];
    bytes content[BOX_FILES];
    size_t n;
} listing;

typedef enum box_stdin { BOX_NOTHING, BOX_FILE, BOX_PIPE } box_stdin;

typedef struct box {
    char dir[256];  /* the command's working directory */
    char temp[256]; /* its TMPDIR, beneath `dir` */
    char out[256];  /* where its standard output and */
    char err[256];  /* error are kept, outside of `dir` */
    char *command;  /* absolute paths */
    char *shim;
    int fd; /* of the record */
    fault_record *record;
} box;

typedef struct outcome {
    bool exited;
    int code;     /* or the signal */
    bool late;    /* it had to be killed */
    bool stopped; /* it goes on after SIGCONT */
} outcome;

/* Sanitizers bring a heap of their own, and the shim needs that of the GNU C library. */
bool box_possible(void);
void box_open(box *b, const char *command, const char *shim);
void box_close(box *b);
void box_empty(box *b); /* removes every file */

/* Runs the command; `input`, a file of the box, goes to its standard input as `how` says. */
outcome box_run(box *b, const char *const *args, const char *input, box_stdin how);
/* The same without waiting. */
pid_t box_start(box *b, const char *const *args, const char *input, box_stdin how, bool shim);
outcome box_wait(pid_t pid, unsigned seconds); /* until it ends or stops itself */
void outcome_set(outcome *o, int status);      /* a status as of wait */

void box_list(const char *dir, listing *out);
void listing_free(listing *l);
const bytes *listing_find(const listing *l, const char *name); /* NULL = not there */

bytes bytes_read(const char *path);
void bytes_write(const char *dir, const char *name, bytes content);
bool bytes_equal(bytes a, bytes b);
bool bytes_start(bytes whole, bytes beginning);
bool bytes_hold(bytes whole, const char *text);

_Noreturn void give_up(const char *what);

#endif
