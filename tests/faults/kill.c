/*
 * Kills the command at random moments, with every signal it may meet.
 *
 *     kill COMMAND SHIM      HARSAN_KILLS=N for N kills in place of 100
 *
 * What must hold after each: a file has all of its content or does not exist; the input is as it
 * was, or, where it is replaced in place, as it should become; standard output is a beginning of
 * what it should be; no temporary file is left, except after SIGKILL, which nobody can answer.
 */
#include "box.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGKILL};

typedef struct scene {
    const char *name;
    const char *input;
    box_stdin how;
    const char *args[12];
} scene;

static const scene scenes[] = {
    {"files",
     NULL,
     BOX_NOTHING,
     {"clean", "in.har", "-o", "out.har", "--report", "r.json", "--key-file", "key"}},
    {"in place", NULL, BOX_NOTHING, {"clean", "-q", "--in-place", "in.har", "--key-file", "key"}},
    {"filter", "in.har", BOX_FILE, {"-q", "--report", "r.json", "--key-file", "key"}},
    {"pipe", "in.har", BOX_PIPE, {"-q", "--gzip", "--key-file", "key"}},
};

enum { N_SCENES = sizeof scenes / sizeof *scenes, N_SIGNALS = sizeof signals / sizeof *signals };

typedef struct tally {
    unsigned died;
    unsigned finished;
    unsigned wrong;
} tally;

/* ---------------------------------------------------------------- the input */

static void put_input(FILE *f)
{
    fputs("{\"log\":{\"entries\":[", f);
    for (int i = 0; i < 12000; i++) {
        fprintf(
            f,
            "%s{\"request\":{\"headers\":[{\"name\":\"Cookie\",\"value\":\"sid=%dx7h4zk2w9v%d\"}]},"
            "\"response\":{\"content\":{\"text\":\"user%d@mail.test 5kh2zx49w7vhzk%d\"}}}",
            i > 0 ? "," : "", i, i, i, i);
    }
    fputs("]}}", f);
    fclose(f);
}

/* Large enough that a run takes a while; the last cookie is in every body, so it takes two
 * passes. */
static void make_input(const box *b)
{
    static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    char path[512];
    snprintf(path, sizeof path, "%s/in.har", b->dir);
    FILE *f = fopen(path, "wb");
    if (f != NULL) {
        put_input(f);
    } else {
        give_up(path);
    }
    bytes_write(b->dir, "key", (bytes){(char *)(uintptr_t)key, sizeof key - 1});
}

/* ---------------------------------------------------------------- one kill */

static bool is_whole(const listing *before, const listing *want, const char *name, bytes content)
{
    const bytes *a = listing_find(before, name);
    const bytes *b = listing_find(want, name);
    return (a != NULL && bytes_equal(*a, content)) || (b != NULL && bytes_equal(*b, content));
}

static const char *look(const box *b, const listing *before, const listing *want, bytes want_out,
                        int number)
{
    listing now;
    const char *why = NULL;
    box_list(b->dir, &now);
    for (size_t i = 0; i < now.n; i++) {
        bool temp = strncmp(now.name[i], ".harsan-", 8) == 0;
        if (temp ? number != SIGKILL : !is_whole(before, want, now.name[i], now.content[i])) {
            why = temp ? "temporary file left" : "partial content under a final name";
        }
    }
    for (size_t i = 0; i < before->n; i++) {
        why = listing_find(&now, before->name[i]) == NULL ? "the input is gone" : why;
    }
    listing_free(&now);
    box_list(b->temp, &now);
    why = now.n > 0 && number != SIGKILL ? "spool file left" : why;
    listing_free(&now);
    bytes out = bytes_read(b->out);
    why = !bytes_start(want_out, out) ? "wrong standard output" : why;
    free(out.p);
    return why;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void pause_ms(double ms)
{
    struct timespec t = {(time_t)(ms / 1e3), 0};
    t.tv_nsec = (long)((ms - (double)t.tv_sec * 1e3) * 1e6);
    nanosleep(&t, NULL);
}

static void put_back(box *b, const listing *before)
{
    box_empty(b);
    for (size_t i = 0; i < before->n; i++) {
        bytes_write(b->dir, before->name[i], before->content[i]);
    }
}

static void play(box *b, const scene *s, unsigned kills, tally *t)
{
    static listing before;
    static listing want;
    box_empty(b);
    make_input(b);
    box_list(b->dir, &before);
    double start = now_ms(); /* not before: kills would come when all is over */
    outcome o = box_wait(box_start(b, s->args, s->input, s->how, false), 60);
    double took = now_ms() - start;
    if (!o.exited || o.code != 0) {
        give_up(s->name);
    }
    box_list(b->dir, &want);
    bytes want_out = bytes_read(b->out);
    for (unsigned i = 0; i < kills; i++) {
        int number = signals[i % N_SIGNALS];
        put_back(b, &before);
        pid_t pid = box_start(b, s->args, s->input, s->how, false);
        pause_ms(took * rand() / RAND_MAX);
        kill(pid, number);
        o = box_wait(pid, 60);
        t->died += !o.exited;
        t->finished += o.exited;
        const char *why = look(b, &before, &want, want_out, number);
        if (o.late || (o.exited ? o.code != 0 : o.code != number)) {
            why = "wrong end";
        }
        if (why != NULL) {
            t->wrong++;
            printf("%s: signal %d: %s\n", s->name, number, why);
        }
    }
    listing_free(&before);
    listing_free(&want);
    free(want_out.p);
}

int main(int argc, char **argv)
{
    box b;
    tally t = {0, 0, 0};
    unsigned passed = 0;
    const char *n = getenv("HARSAN_KILLS");
    unsigned kills = n != NULL ? (unsigned)atoi(n) : 100;
    if (argc < 3) {
        return 2;
    }
    if (!box_possible()) {
        puts("0 passed, 0 failed");
        return 0;
    }
    const unsigned seed = (unsigned)time(NULL);
    srand(seed);
    signal(SIGPIPE, SIG_IGN);
    box_open(&b, argv[1], argv[2]);
    for (size_t i = 0; i < N_SCENES; i++) {
        unsigned wrong = t.wrong;
        play(&b, &scenes[i], kills / N_SCENES, &t);
        passed += t.wrong == wrong;
    }
    box_close(&b);
    printf("seed %u: %u died of it, %u had finished, %u wrong\n", seed, t.died, t.finished, t.wrong);
    printf("%u passed, %u failed\n", passed, N_SCENES - passed);
    return passed != N_SCENES;
}
