/*
 * The crew of the fuzz targets; see crew.h.
 */
#include "crew.h"

#include "check.h"

struct crew_task {
    void (*run)(void *arg);
    void *arg;
    bool done;
};

static size_t below(crew *c, size_t n)
{
    c->state = c->state * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(c->state >> 33) % n;
}

static void run_task(struct crew_task *t)
{
    t->run(t->arg);
    t->done = true;
}

void *crew_start(void *ctx, void (*run)(void *arg), void *arg)
{
    crew *c = ctx;
    if (c->refuses && below(c, 8) == 0) {
        return NULL;
    }
    struct crew_task *t = hsn_mem_zero(1, sizeof *t);
    REQUIRE(t != NULL);
    *t = (struct crew_task){.run = run, .arg = arg};
    c->started++;
    if (c->refuses && below(c, 8) == 0) {
        run_task(t);
    } else {
        REQUIRE(c->n < CREW_TASKS);
        c->waiting[c->n++] = t;
    }
    return t;
}

void crew_join(void *ctx, void *started)
{
    crew *c = ctx;
    struct crew_task *t = started;
    while (!t->done) {
        size_t i = below(c, c->n);
        run_task(c->waiting[i]);
        for (c->n--; i < c->n; i++) {
            c->waiting[i] = c->waiting[i + 1];
        }
    }
    hsn_mem_free(t);
    c->joined++;
}
