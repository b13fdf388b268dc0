/*
 * What the driver and the library that is loaded into the command share: which call is to fail, and
 * how often each was made.
 *
 * One run can try many failures of a kind: as long as the process has changed nothing that another
 * would see, it makes a child at each such call, a branch, in which the call fails. It stops itself
 * when the branch has ended, with the record as the branch left it, and goes on when the driver
 * says so.
 *
 * The record lies in a file without a name that both have mapped; its descriptor is in the
 * environment variable FAULT_FD.
 */
#ifndef HSN_TESTS_FAULT_H
#define HSN_TESTS_FAULT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* malloc stands for calloc, realloc and whatever else asks for memory; say for what goes to
 * standard output through stdio, tell for messages. */
#define FAULT_CALLS(X)                                                                             \
    X(malloc)                                                                                      \
    X(access)                                                                                      \
    X(close) X(fchmod) X(fcntl) X(fstat) X(fsync) X(ftruncate) X(getrandom) X(link) X(lseek)       \
        X(lstat) X(mkstemp) X(mmap) X(open) X(poll) X(pthread_create) X(read) X(realpath)          \
            X(rename) X(say) X(scandir) X(stat) X(tell) X(unlink) X(write)

typedef enum fault_call {
#define FAULT_NUMBER(name) FAULT_##name,
    FAULT_CALLS(FAULT_NUMBER)
#undef FAULT_NUMBER
        FAULT_N
} fault_call;

/* In place of an error number: the call does only one byte of its work. */
enum { FAULT_SHORT = -1 };

#define FAULT_FD "HARSAN_FAULT_FD"

enum { FAULT_INPUT = 64 };

/* Bytes that memory must not hold when it is given back. */
enum { FAULT_SECRETS = 64, FAULT_SECRET_BYTES = 128 };

typedef struct fault_secret {
    unsigned char p[FAULT_SECRET_BYTES];
    size_t n;
} fault_secret;

/* Which calls of a kind fail, each in a run of its own: the first ones, the last ones, and between
 * them every step-th. */
typedef struct fault_choice {
    unsigned long head; /* each up to this one */
    unsigned long step;
    unsigned long offset;
    unsigned long tail; /* each after this one */
} fault_choice;

static inline bool fault_is_chosen(const fault_choice *c, unsigned long nth)
{
    return nth <= c->head || nth > c->tail || nth % c->step == c->offset;
}

typedef struct fault_record {
    fault_call call;
    int error;
    unsigned long nth; /* from 1; 0 = none fails */
    bool sticky;       /* all later calls fail too */
    bool branching;    /* those that are chosen fail in branches */
    fault_choice choice;
    atomic_ulong branched;   /* the last call that failed in one, and */
    atomic_int ended;        /* how that ended, as of wait */
    char input[FAULT_INPUT]; /* what a branch gets from a pipe of its own; "" = nothing */
    atomic_ulong seen[FAULT_N];
    atomic_long live;     /* blocks of memory, at any time */
    atomic_long live_end; /* and when the process ended */
    size_t n_secrets;
    fault_secret secrets[FAULT_SECRETS];
    atomic_ulong given;      /* blocks given back while secrets were looked for */
    atomic_ulong told;       /* of these, with a secret in them */
    atomic_ulong told_which; /* the last of them: its secret, size and */
    atomic_ulong told_size;
    atomic_ulong told_at; /* offset in it */
} fault_record;

#endif
