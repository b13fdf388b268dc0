/*
 * Many at once, as in a portal: load COMMAND [PROCESSES], 200 by default, over good, broken and
 * hostile inputs.
 *
 * What must hold of each: exit code, output and messages are those of the same command alone, and
 * it takes no more memory than the README says, whatever the input.
 */
#define _GNU_SOURCE /* wait4, mkdtemp */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MEMORY_MIB = 64, INPUTS_MAX = 32, CHILDREN_MAX = 1000 };

/* A sample, or what a shell writes. */
static const struct {
    const char *name;
    const char *make;
} inputs[] = {
    {"good", "cat samples/shop-devtools.har"},
    {"good, nested", "cat samples/nested.har"},
    {"good, two passes", "cat samples/value-first.har"},
    {"good, gzip", "gzip -nc samples/shop-chromium.har"},
    {"large",
     "printf '{\"log\":{\"entries\":['; for i in $(seq 60); do sed -n p samples/shop-devtools.har; "
     "printf ,; done; printf '1]}}'"},
    {"cut off", "head -c 100000 samples/shop-devtools.har"},
    {"torn gzip", "gzip -nc samples/shop-chromium.har | head -c 8000"},
    {"broken in the middle",
     "head -c 90000 samples/shop-devtools.har; printf ']'; cat samples/ie-f12.har"},
    {"noise", "head -c 300000 /dev/urandom"},
    {"nothing", ":"},
    {"brackets", "head -c 5000000 /dev/zero | tr '\\0' '['"},
    {"quotes", "printf '['; head -c 3000000 /dev/zero | sed 's/\\x00/\"\",/g'; printf '1]'"},
    {"one string", "printf '\"'; head -c 20000000 /dev/zero | tr '\\0' 'a'; printf '\"'"},
    {"near-matches",
     "printf '\"'; yes 'eyJ token= a@b.c %25 &amp; ' | head -c 3000000 | tr -d '\\n'; "
     "printf '\"'"},
    {"spaces in gzip", "{ head -c 100000000 /dev/zero | tr '\\0' ' '; printf '{}'; } | gzip -n"},
};

enum { N_INPUTS = sizeof inputs / sizeof *inputs };

typedef struct result {
    int status;
    long kib;
} result;

static char dir[] = "/tmp/harsan-load-XXXXXX";

static void give_up(const char *what)
{
    perror(what);
    exit(2);
}

static void name_of(char *path, size_t max, const char *kind, size_t i)
{
    snprintf(path, max, "%s/%s-%zu", dir, kind, i);
}

static void make_inputs(void)
{
    char shell[1024];
    char key[64];
    for (size_t i = 0; i < N_INPUTS; i++) {
        snprintf(shell, sizeof shell, "{ %s; } > %s/in-%zu", inputs[i].make, dir, i);
        if (system(shell) != 0) {
            give_up(inputs[i].name);
        }
    }
    snprintf(key, sizeof key, "%s/key", dir);
    FILE *f = fopen(key, "w");
    if (f == NULL || fputs("0123456789abcdef0123456789abcdef", f) < 0 || fclose(f) != 0) {
        give_up(key);
    }
}

/* A filter over input `input`; output and messages go to files with number `n`. */
static pid_t start(const char *command, size_t input, size_t n)
{
    char key[64];
    pid_t pid = fork();
    if (pid != 0) {
        return pid;
    }
    static const char *const kinds[] = {"in", "out", "err"};
    for (int fd = 0; fd < 3; fd++) {
        char path[64];
        name_of(path, sizeof path, kinds[fd], fd == 0 ? input : n);
        int got = open(path, fd == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (got < 0 || dup2(got, fd) < 0) {
            _exit(126);
        }
    }
    snprintf(key, sizeof key, "%s/key", dir);
    execl(command, command, "--key-file", key, (char *)NULL);
    _exit(127);
}

static result finish(pid_t pid)
{
    struct rusage usage;
    result r = {-1, 0};
    while (wait4(pid, &r.status, 0, &usage) < 0 && errno == EINTR) {
    }
    r.kib = usage.ru_maxrss;
    return r;
}

static bool same_file(const char *kind, size_t a, size_t b)
{
    char path[2][64];
    char block[2][65536];
    FILE *f[2];
    bool same = true;
    size_t n[2] = {1, 1};
    name_of(path[0], sizeof path[0], kind, a);
    name_of(path[1], sizeof path[1], kind, b);
    f[0] = fopen(path[0], "rb");
    f[1] = fopen(path[1], "rb");
    if (f[0] == NULL || f[1] == NULL) {
        give_up(path[0]);
    }
    while (same && n[0] > 0) {
        n[0] = fread(block[0], 1, sizeof block[0], f[0]);
        n[1] = fread(block[1], 1, sizeof block[1], f[1]);
        same = n[0] == n[1] && memcmp(block[0], block[1], n[0]) == 0;
    }
    fclose(f[0]);
    fclose(f[1]);
    return same;
}

static bool is_right(size_t input, size_t n, result got, const result *alone)
{
    const char *why = got.status != alone[input].status ? "another exit code"
                      : !same_file("out", n, input)     ? "another output"
                      : !same_file("err", n, input)     ? "another message"
                      : got.kib > MEMORY_MIB * 1024L    ? "too much memory"
                                                        : NULL;
    if (why != NULL) {
        printf("%s: %s (status %d, %ld KiB)\n", inputs[input].name, why, got.status, got.kib);
    }
    return why == NULL;
}

static void clean_up(size_t n)
{
    static const char *const kinds[] = {"in", "out", "err"};
    char path[64];
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < n; i++) {
            name_of(path, sizeof path, kinds[k], i);
            unlink(path);
        }
    }
    snprintf(path, sizeof path, "%s/key", dir);
    unlink(path);
    rmdir(dir);
}

int main(int argc, char **argv)
{
    static pid_t pids[CHILDREN_MAX];
    result alone[N_INPUTS];
    size_t n = argc > 2 ? (size_t)atoi(argv[2]) : 200;
    size_t wrong = 0;
    long most = 0;
    if (argc < 2 || n > CHILDREN_MAX || mkdtemp(dir) == NULL) {
        return 2;
    }
    make_inputs();
    for (size_t i = 0; i < N_INPUTS; i++) {
        alone[i] = finish(start(argv[1], i, i));
        wrong += !WIFEXITED(alone[i].status) || alone[i].kib > MEMORY_MIB * 1024L;
        printf("alone: %-22s exit code %d, %ld MiB\n", inputs[i].name, WEXITSTATUS(alone[i].status),
               alone[i].kib / 1024);
    }
    time_t begin = time(NULL);
    for (size_t i = 0; i < n; i++) {
        pids[i] = start(argv[1], i % N_INPUTS, N_INPUTS + i);
    }
    for (size_t i = 0; i < n; i++) {
        result got = finish(pids[i]);
        most = got.kib > most ? got.kib : most;
        wrong += !is_right(i % N_INPUTS, N_INPUTS + i, got, alone);
    }
    printf("%zu at once, %ld s, at most %ld MiB each\n", n, (long)(time(NULL) - begin),
           most / 1024);
    clean_up(N_INPUTS + n);
    printf("%zu passed, %zu failed\n", N_INPUTS + n - wrong, wrong);
    return wrong != 0;
}
