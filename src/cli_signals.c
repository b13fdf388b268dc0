/*
 * Signals, and the temporary files that go with the process.
 *
 * Keeps a list of the files that have no name yet; a deadly signal removes them and does then what
 * it does. A file is made, or given its name, and listed or forgotten in one step, while the
 * signals are held: so none is ever left, nor one removed that is done.
 */
#include "cli_io.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/* Changed only while the signals below are held. */
static cli_temp *volatile live;

static const int deadly[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};
enum { N_DEADLY = CLI_COUNT(deadly) };

/* Threads between hold and release: they block the signals, the others do not. */
static atomic_int holding;

/* Async-signal-safe: unlink and raise only. The signal comes again, with its default action, when
 * the handler returns. Waits for another thread that makes a file and takes its name away. */
static void remove_and_die(int number)
{
    while (atomic_load(&holding) > 0) {
    }
    for (const cli_temp *t = live; t != NULL; t = t->next) {
        (void)unlink(t->path);
    }
    (void)raise(number);
}

static void deadly_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < N_DEADLY; i++) {
        sigaddset(set, deadly[i]);
    }
}

void cli_signals_install(void)
{
    struct sigaction die = {.sa_handler = remove_and_die, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    deadly_set(&die.sa_mask);
    sigemptyset(&ignore.sa_mask);
    for (size_t i = 0; i < N_DEADLY; i++) {
        struct sigaction old;
        /* nohup and shells that start us in the background have some ignored: so they stay */
        if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
            (void)sigaction(deadly[i], &die, NULL);
        }
    }
    /* A closed pipe and a full quota come back from write as errors. */
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGXFSZ, &ignore, NULL);
}

void cli_signals_hold(sigset_t *before)
{
    sigset_t set;
    deadly_set(&set);
    (void)pthread_sigmask(SIG_BLOCK, &set, before);
    atomic_fetch_add(&holding, 1);
}

void cli_signals_release(const sigset_t *before)
{
    atomic_fetch_sub(&holding, 1);
    (void)pthread_sigmask(SIG_SETMASK, before, NULL);
}

void cli_temp_list(cli_temp *t, char *path)
{
    *t = (cli_temp){path, live};
    live = t;
}

void cli_temp_forget(cli_temp *t)
{
    if (live == t) {
        live = t->next;
    }
    for (cli_temp *p = live; p != NULL; p = p->next) {
        if (p->next == t) {
            p->next = t->next;
        }
    }
    free(t->path);
    *t = (cli_temp){0};
}
