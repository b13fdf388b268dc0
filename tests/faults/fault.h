/*
 * What the driver and the library that is loaded into the command share: which call is to fail, and
 * how often each was made.
 *
 * The record lies in a file without a name that both have mapped; its descriptor is in the
 * environment variable FAULT_FD.
 */
#ifndef HSN_TESTS_FAULT_H
#define HSN_TESTS_FAULT_H

#include <stdatomic.h>
#include <stdbool.h>

/* malloc stands for calloc, realloc and whatever else asks for memory. */
#define FAULT_CALLS(X)                                                                             \
    X(malloc)                                                                                      \
    X(access) X(close) X(fchmod) X(fcntl) X(fstat) X(fsync) X(ftruncate) X(getrandom) X(link)      \
        X(lseek) X(mkstemp) X(mmap) X(open) X(opendir) X(poll) X(pthread_create) X(read)           \
            X(readdir) X(rename) X(stat) X(unlink) X(write)

typedef enum fault_call {
#define FAULT_NUMBER(name) FAULT_##name,
    FAULT_CALLS(FAULT_NUMBER)
#undef FAULT_NUMBER
        FAULT_N
} fault_call;

/* In place of an error number: the call does only one byte of its work. */
enum { FAULT_SHORT = -1 };

#define FAULT_FD "HARSAN_FAULT_FD"

typedef struct fault_record {
    fault_call call;
    int error;
    unsigned long nth; /* from 1; 0 = none fails */
    bool sticky;       /* all later calls fail too */
    atomic_ulong seen[FAULT_N];
    atomic_long live;     /* blocks of memory, at any time */
    atomic_long live_end; /* and when the process ended */
} fault_record;

#endif
