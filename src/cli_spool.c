/*
 * Keeps bytes for later: those of a pipe that may have to be read a second time, and those that
 * must not be written before all is known to be well.
 *
 * Receives bytes once, gives them back once or more in the same order. Up to 8 MiB stay in memory;
 * then everything moves to a file without a name that only this process can reach. Must never leave
 * a file behind, nor make one that says in its name where its content came from.
 */
#include "cli_io.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Most HARs are smaller, so that most uploads never touch a disk; and it is little beside the 64 MB
 * that the whole program may take. */
enum {
    MEMORY_MAX = 8 << 20,
    MEMORY_FIRST = 64 << 10,
    GATHER = 64 << 10 /* bytes written to the file at once: what comes is often a few of them */
};

struct cli_spool {
    unsigned char *p; /* all of it; once a file took over, its last n bytes */
    size_t cap;
    size_t n;
    uint64_t size;
    uint64_t at; /* of the next read */
    int fd;      /* -1 while in memory */
};

cli_spool *cli_spool_new(void)
{
    cli_spool *s = calloc(1, sizeof *s);
    if (s != NULL) {
        s->fd = -1;
    }
    return s;
}

static void drop_memory(cli_spool *s)
{
    if (s->p != NULL) {
        sodium_memzero(s->p, s->cap);
        free(s->p);
    }
    s->p = NULL;
    s->cap = 0;
}

/* mkstemp makes the file 0600; its name is gone before any signal can end the process. */
static int open_nameless(const char *dir)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/harsan-XXXXXX", dir);
    if (len < 0 || (size_t)len >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    sigset_t before;
    cli_signals_hold(&before);
    int fd = cli_fd_temp(path);
    if (fd >= 0 && unlink(path) != 0) {
        close(fd);
        fd = -1;
    }
    cli_signals_release(&before);
    return fd;
}

/* /var/tmp before /tmp: the latter often is memory, which the spool is there to spare. */
static int open_spool_file(void)
{
    const char *dirs[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
    int fd = -1;
    for (size_t i = 0; i < CLI_COUNT(dirs) && fd < 0; i++) {
        if (dirs[i] != NULL && *dirs[i] != '\0') {
            fd = open_nameless(dirs[i]);
        }
    }
    return fd;
}

/* Not realloc: it would leave the old copy unwiped. */
static bool grow(cli_spool *s, size_t need)
{
    size_t cap = s->cap == 0 ? MEMORY_FIRST : s->cap;
    while (cap < need) {
        cap *= 2;
    }
    unsigned char *p = malloc(cap);
    if (p == NULL) {
        return false;
    }
    if (s->size > 0) {
        memcpy(p, s->p, (size_t)s->size);
    }
    drop_memory(s);
    s->p = p;
    s->cap = cap;
    return true;
}

static bool move_to_file(cli_spool *s)
{
    s->fd = open_spool_file();
    if (s->fd < 0 || (s->size > 0 && !cli_fd_write_all(s->fd, s->p, (size_t)s->size))) {
        return false;
    }
    drop_memory(s);
    s->p = malloc(GATHER);
    s->cap = s->p != NULL ? GATHER : 0;
    return s->p != NULL;
}

static bool flush(cli_spool *s)
{
    size_t n = s->n;
    s->n = 0;
    return n == 0 || cli_fd_write_all(s->fd, s->p, n);
}

static bool add_to_file(cli_spool *s, const void *data, size_t len)
{
    s->size += len;
    if (len > s->cap - s->n && !flush(s)) {
        return false;
    }
    if (len > s->cap - s->n) {
        return cli_fd_write_all(s->fd, data, len);
    }
    memcpy(s->p + s->n, data, len);
    s->n += len;
    return true;
}

bool cli_spool_add(cli_spool *s, const void *data, size_t len)
{
    if (len == 0) {
        return true;
    }
    if (s->fd < 0 && len > MEMORY_MAX - s->size && !move_to_file(s)) {
        return false;
    }
    if (s->fd >= 0) {
        return add_to_file(s, data, len);
    }
    size_t need = (size_t)s->size + len;
    if (need > s->cap && !grow(s, need)) {
        return false;
    }
    memcpy(s->p + s->size, data, len);
    s->size += len;
    return true;
}

bool cli_spool_rewind(cli_spool *s)
{
    s->at = 0;
    return s->fd < 0 || (flush(s) && lseek(s->fd, 0, SEEK_SET) == 0);
}

ssize_t cli_spool_read(cli_spool *s, void *buf, size_t room)
{
    if (s->fd >= 0) {
        return cli_fd_read(s->fd, buf, room);
    }
    uint64_t left = s->size - s->at;
    size_t n = left < room ? (size_t)left : room;
    if (n > 0) {
        memcpy(buf, s->p + s->at, n);
    }
    s->at += n;
    return (ssize_t)n;
}

uint64_t cli_spool_size(const cli_spool *s)
{
    return s->size;
}

void cli_spool_clear(cli_spool *s)
{
    drop_memory(s);
    if (s->fd >= 0) {
        close(s->fd);
    }
    *s = (cli_spool){.fd = -1};
}

void cli_spool_free(cli_spool *s)
{
    if (s != NULL) {
        cli_spool_clear(s);
        free(s);
    }
}
