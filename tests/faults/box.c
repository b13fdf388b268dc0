/*
 * The directory and the processes of the fault tests; see box.h.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */

#include "box.h"
#include "pipe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void give_up(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(2);
}

/* ---------------------------------------------------------------- bytes */

bytes bytes_read(const char *path)
{
    bytes b = {NULL, 0};
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
        give_up(path);
    }
    long size = ftell(f);
    rewind(f);
    b.p = malloc((size_t)size + 1);
    if (b.p == NULL || fread(b.p, 1, (size_t)size, f) != (size_t)size) {
        give_up(path);
    }
    b.n = (size_t)size;
    b.p[b.n] = '\0';
    fclose(f);
    return b;
}

void bytes_write(const char *dir, const char *name, bytes content)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(content.p, 1, content.n, f) != content.n || fclose(f) != 0) {
        give_up(path);
    }
}

bool bytes_equal(bytes a, bytes b)
{
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

bool bytes_start(bytes whole, bytes beginning)
{
    return beginning.n <= whole.n && memcmp(whole.p, beginning.p, beginning.n) == 0;
}

bool bytes_hold(bytes whole, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; n > 0 && i + n <= whole.n; i++) {
        if (memcmp(whole.p + i, text, n) == 0) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- directories */

void box_list(const char *dir, listing *out)
{
    char path[512];
    struct stat st;
    DIR *d = opendir(dir);
    out->n = 0;
    if (d == NULL) {
        give_up(dir);
    }
    for (struct dirent *e = readdir(d); e != NULL; e = readdir(d)) {
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
            continue;
        }
        if (out->n == BOX_FILES) {
            give_up("too many files");
        }
        snprintf(out->name[out->n], BOX_NAME, "%.63s", e->d_name);
        out->content[out->n++] = bytes_read(path);
    }
    closedir(d);
}

void listing_free(listing *l)
{
    for (size_t i = 0; i < l->n; i++) {
        free(l->content[i].p);
    }
    l->n = 0;
}

const bytes *listing_find(const listing *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->name[i], name) == 0) {
            return &l->content[i];
        }
    }
    return NULL;
}

static void empty(const char *dir)
{
    listing l;
    char path[512];
    box_list(dir, &l);
    for (size_t i = 0; i < l.n; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, l.name[i]);
        unlink(path);
    }
    listing_free(&l);
}

void box_empty(box *b)
{
    empty(b->dir);
    empty(b->temp);
}

/* ---------------------------------------------------------------- the box */

static void make_record(box *b, const char *base)
{
    char path[512];
    snprintf(path, sizeof path, "%s/record", base);
    b->fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (b->fd < 0 || unlink(path) != 0 || ftruncate(b->fd, sizeof *b->record) != 0) {
        give_up(path);
    }
    b->record = mmap(NULL, sizeof *b->record, PROT_READ | PROT_WRITE, MAP_SHARED, b->fd, 0);
    if (b->record == MAP_FAILED) {
        give_up(path);
    }
}

bool box_possible(void)
{
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__GLIBC__) && !defined(SANITIZED) && !defined(__SANITIZE_ADDRESS__) &&                 \
    !defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

void box_open(box *b, const char *command, const char *shim)
{
    /* in memory where there is such a place: thousands of runs call fsync */
    char base[] = "/dev/shm/harsan-faults-XXXXXX";
    char other[] = "/tmp/harsan-faults-XXXXXX";
    char *made = mkdtemp(base) != NULL ? base : mkdtemp(other);
    if (made == NULL) {
        give_up(other);
    }
    snprintf(b->dir, sizeof b->dir, "%s/box", made);
    snprintf(b->temp, sizeof b->temp, "%s/box/tmp", made);
    snprintf(b->out, sizeof b->out, "%s/out", made);
    snprintf(b->err, sizeof b->err, "%s/err", made);
    b->command = realpath(command, NULL);
    b->shim = realpath(shim, NULL);
    if (b->command == NULL || b->shim == NULL) {
        give_up("the command or its shim is not there");
    }
    if (mkdir(b->dir, 0700) != 0 || mkdir(b->temp, 0700) != 0) {
        give_up(b->dir);
    }
    make_record(b, made);
}

void box_close(box *b)
{
    char base[256];
    box_empty(b);
    unlink(b->out);
    unlink(b->err);
    rmdir(b->temp);
    rmdir(b->dir);
    snprintf(base, sizeof base, "%.*s", (int)(strlen(b->dir) - strlen("/box")), b->dir);
    rmdir(base);
    free(b->command);
    free(b->shim);
    munmap(b->record, sizeof *b->record);
    close(b->fd);
}

/* ---------------------------------------------------------------- processes */

static void become(const box *b, const char *const *args, const char *input, box_stdin how,
                   bool shim)
{
    const char *argv[24] = {b->command};
    char number[16];
    for (size_t i = 0; i < 22 && args[i] != NULL; i++) {
        argv[i + 1] = args[i];
    }
    int out = open(b->out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err = open(b->err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (chdir(b->dir) != 0) {
        _exit(126);
    }
    int in =
        how == BOX_PIPE ? pipe_from(input) : open(how == BOX_FILE ? input : "/dev/null", O_RDONLY);
    if (in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) {
        _exit(126);
    }
    close(in), close(out), close(err);
    snprintf(number, sizeof number, "%d", b->fd);
    setenv("TMPDIR", b->temp, 1);
    setenv("TZ", "UTC0", 1); /* read from no file, for which a confined process keeps no memory */
    if (shim) {
        setenv(FAULT_FD, number, 1);
        setenv("LD_PRELOAD", b->shim, 1);
    }
    execv(b->command, (char *const *)(uintptr_t)argv);
    _exit(127);
}

pid_t box_start(box *b, const char *const *args, const char *input, box_stdin how, bool shim)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        become(b, args, input, how, shim);
    }
    if (pid < 0) {
        give_up("fork");
    }
    return pid;
}

static void pass_time(int number)
{
    (void)number; /* ends waitpid */
}

void outcome_set(outcome *o, int status)
{
    o->exited = WIFEXITED(status);
    o->code = o->exited ? WEXITSTATUS(status) : WTERMSIG(status);
}

outcome box_wait(pid_t pid, unsigned seconds)
{
    struct sigaction wake = {.sa_handler = pass_time};
    int status = 0;
    outcome o = {.exited = false};
    sigaction(SIGALRM, &wake, NULL);
    alarm(seconds);
    if (waitpid(pid, &status, WUNTRACED) != pid) {
        o.late = true;
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    alarm(0);
    o.stopped = WIFSTOPPED(status);
    outcome_set(&o, status);
    return o;
}

outcome box_run(box *b, const char *const *args, const char *input, box_stdin how)
{
    return box_wait(box_start(b, args, input, how, true), 60);
}
