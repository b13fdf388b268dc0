/*
 * The crew: up to a number of threads that take jobs from a line, in the order in which they came.
 * Whoever waits for a job takes jobs as well, until it is done: nobody sleeps beside a line.
 *
 * The only place of the project that makes threads. A job is a function and its argument; whoever
 * starts it has to join it, once. What a job writes is seen by whoever has joined it, and it sees
 * what was written before it was started: that is all the ordering callers may rely on. A job must
 * never join another.
 */
#include "cli_io.h"

#include <pthread.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <unistd.h>

typedef struct job {
    struct job *next;
    void (*run)(void *arg);
    void *arg;
    bool done;
} job;

struct cli_crew {
    pthread_mutex_t lock;
    pthread_cond_t work; /* a job has come, or the crew is to end */
    pthread_cond_t done; /* a job is done */
    job *first;          /* waiting, not yet taken */
    job **last;
    unsigned waiting; /* jobs in the line */
    unsigned idle;    /* threads without a job: they wait, or are about to */
    bool end;
    unsigned n;
    unsigned most;
    pthread_t thread[];
};

/* The first job of the line, which is not empty. The lock is held, but not meanwhile. */
static void run_first(cli_crew *c)
{
    job *j = c->first;
    c->waiting--;
    c->first = j->next;
    c->last = c->first != NULL ? c->last : &c->first;
    pthread_mutex_unlock(&c->lock);
    j->run(j->arg);
    pthread_mutex_lock(&c->lock);
    j->done = true;
    pthread_cond_broadcast(&c->done);
}

static void *serve(void *arg)
{
    cli_crew *c = arg;
    pthread_mutex_lock(&c->lock);
    while (c->first != NULL || !c->end) {
        if (c->first == NULL) {
            pthread_cond_wait(&c->work, &c->lock);
            continue;
        }
        c->idle--;
        run_first(c);
        c->idle++;
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* Threads of a crew seldom allocate. What one has freed another may have: a heap for each would be
 * so many times the memory. */
static void share_heaps(void)
{
#ifdef __GLIBC__
    enum { HEAPS = 2 };
    (void)mallopt(M_ARENA_MAX, HEAPS);
#endif
}

cli_crew *cli_crew_new(unsigned n)
{
    cli_crew *c = calloc(1, sizeof *c + n * sizeof c->thread[0]);
    if (c == NULL) {
        return NULL;
    }
    share_heaps();
    c->last = &c->first;
    c->most = n;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->work, NULL);
    pthread_cond_init(&c->done, NULL);
    return c;
}

/* One more thread if all there are have something to do. The lock is held. */
static void hire(cli_crew *c)
{
    sigset_t before;
    if (c->idle > c->waiting || c->n == c->most) {
        return;
    }
    cli_signals_hold(&before); /* signals are for the thread that made the files */
    if (pthread_create(&c->thread[c->n], NULL, serve, c) == 0) {
        c->n++;
        c->idle++;
    } else {
        c->most = c->n;
    }
    cli_signals_release(&before);
}

void *cli_crew_start(void *crew, void (*run)(void *arg), void *arg)
{
    cli_crew *c = crew;
    job *j = malloc(sizeof *j);
    if (j == NULL) {
        return NULL;
    }
    *j = (job){.run = run, .arg = arg};
    pthread_mutex_lock(&c->lock);
    hire(c);
    bool taken = c->n > 0;
    if (taken) {
        *c->last = j;
        c->last = &j->next;
        c->waiting++;
        pthread_cond_signal(&c->work);
    }
    pthread_mutex_unlock(&c->lock);
    if (!taken) {
        free(j);
        return NULL;
    }
    return j;
}

void cli_crew_join(void *crew, void *task)
{
    cli_crew *c = crew;
    job *j = task;
    pthread_mutex_lock(&c->lock);
    while (!j->done) {
        if (c->first != NULL) {
            run_first(c);
        } else {
            pthread_cond_wait(&c->done, &c->lock);
        }
    }
    pthread_mutex_unlock(&c->lock);
    free(j);
}

unsigned cli_crew_usual(void)
{
    enum { MOST = 8 };
    long cores = 1;
#ifdef _SC_NPROCESSORS_ONLN
    cores = sysconf(_SC_NPROCESSORS_ONLN);
#endif
    return cores < 1 ? 1 : cores > MOST ? MOST : (unsigned)cores;
}

void cli_crew_free(cli_crew *c)
{
    if (c == NULL) {
        return;
    }
    pthread_mutex_lock(&c->lock);
    c->end = true;
    pthread_cond_broadcast(&c->work);
    pthread_mutex_unlock(&c->lock);
    for (unsigned i = 0; i < c->n; i++) {
        pthread_join(c->thread[i], NULL);
    }
    pthread_cond_destroy(&c->done);
    pthread_cond_destroy(&c->work);
    pthread_mutex_destroy(&c->lock);
    free(c);
}
