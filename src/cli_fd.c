/*
 * Descriptors and small files: what input, output, spool and the readers of keys and rules share.
 *
 * read and write that hide what is no error (EINTR, a part written, a descriptor that would block),
 * names that mean an open descriptor, and files that are read whole. Says what went wrong with a
 * file, never what is in it.
 */
#define _XOPEN_SOURCE 700 /* mkstemp is in the XSI part of POSIX */

#include "cli_io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

cli_exit cli_fail(const char *name, const char *doing)
{
    int error = errno;
    cli_say(name, "cannot %s: %s", doing, strerror(error));
    return error == ENOMEM ? CLI_NOMEM : CLI_IO;
}

/* ---------------------------------------------------------------- descriptors */

static void wait_for(int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};
    (void)poll(&p, 1, -1); /* whatever comes back, the next read or write tells */
}

static bool try_again(int fd, short events)
{
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
        wait_for(fd, events);
        return true;
    }
    return errno == EINTR;
}

ssize_t cli_fd_read(int fd, void *buf, size_t room)
{
    ssize_t n = read(fd, buf, room);
    while (n < 0 && try_again(fd, POLLIN)) {
        n = read(fd, buf, room);
    }
    return n;
}

bool cli_fd_write_all(int fd, const void *data, size_t len)
{
    const unsigned char *p = data;
    while (len > 0) {
        ssize_t n = write(fd, p, len);
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        } else if (n == 0) {
            errno = ENOSPC; /* nothing said, nothing written: to go on could mean forever */
            return false;
        } else if (!try_again(fd, POLLOUT)) {
            return false;
        }
    }
    return true;
}

int cli_fd_named(const char *name, int dash)
{
    static const char prefix[] = "/dev/fd/";
    static const char *const standard[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    if (strcmp(name, "-") == 0) {
        return dash;
    }
    for (int fd = 0; fd < 3; fd++) {
        if (strcmp(name, standard[fd]) == 0) {
            return fd;
        }
    }
    if (strncmp(name, prefix, sizeof prefix - 1) != 0) {
        return -1;
    }
    const char *digits = name + sizeof prefix - 1;
    size_t len = strlen(digits);
    bool number = len > 0 && len <= 6 && strspn(digits, "0123456789") == len;
    return number ? (int)strtol(digits, NULL, 10) : -1;
}

/* The duplicate of a descriptor is not for children either. */
static int duplicate(int fd)
{
    return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

/* A signal may end the wait for the other end of a pipe, or for a slow file system. */
static int open_again(const char *name, int flags)
{
    int fd = open(name, flags | O_NOCTTY | O_CLOEXEC);
    while (fd < 0 && errno == EINTR) {
        fd = open(name, flags | O_NOCTTY | O_CLOEXEC);
    }
    return fd;
}

int cli_fd_open(const char *name)
{
    int fd = cli_fd_named(name, STDIN_FILENO);
    return fd >= 0 ? duplicate(fd) : open_again(name, O_RDONLY);
}

int cli_fd_open_write(const char *name)
{
    int fd = cli_fd_named(name, STDOUT_FILENO);
    return fd >= 0 ? duplicate(fd) : open_again(name, O_WRONLY);
}

int cli_fd_temp(char *path)
{
    static const char pattern[] = "XXXXXX";
    char *end = path + strlen(path) - (sizeof pattern - 1);
    int fd = mkstemp(path);
    while (fd < 0 && errno == EINTR) {
        memcpy(end, pattern, sizeof pattern); /* may hold what was tried */
        fd = mkstemp(path);
    }
    if (fd >= 0) {
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    return fd;
}

bool cli_fd_sync(int fd)
{
    int result = fsync(fd);
    while (result != 0 && errno == EINTR) {
        result = fsync(fd);
    }
    return result == 0;
}

bool cli_fd_empty(int fd)
{
    int result = ftruncate(fd, 0);
    while (result != 0 && errno == EINTR) {
        result = ftruncate(fd, 0);
    }
    return result == 0 && lseek(fd, 0, SEEK_SET) == 0;
}

bool cli_fd_close(int fd)
{
    return close(fd) == 0 || errno == EINTR;
}

/* ---------------------------------------------------------------- small files */

/* Room for one byte more, so that a file beyond the maximum shows. Old copies are wiped. */
static bool grow_bytes(cli_bytes *b, size_t *cap, size_t max)
{
    size_t want = *cap == 0 ? 4096 : *cap * 2;
    want = want > max + 1 ? max + 1 : want;
    unsigned char *p = malloc(want);
    if (p == NULL) {
        return false;
    }
    if (b->n > 0) {
        memcpy(p, b->p, b->n);
    }
    size_t n = b->n;
    cli_bytes_free(b);
    b->p = p;
    b->n = n;
    *cap = want;
    return true;
}

static cli_exit read_whole(cli_bytes *out, int fd, const char *name, size_t max)
{
    size_t cap = 0;
    for (;;) {
        if (out->n > max) {
            cli_say(name, "larger than %zu bytes", max);
            return CLI_USAGE;
        }
        if (out->n == cap && !grow_bytes(out, &cap, max)) {
            return cli_no_memory(name);
        }
        ssize_t got = cli_fd_read(fd, out->p + out->n, cap - out->n);
        if (got < 0) {
            return cli_fail(name, "read");
        }
        if (got == 0) {
            return CLI_OK;
        }
        out->n += (size_t)got;
    }
}

cli_exit cli_bytes_read(cli_bytes *out, const char *name, size_t max)
{
    *out = (cli_bytes){NULL, 0};
    int fd = cli_fd_open(name);
    if (fd < 0) {
        return cli_fail(cli_input_label(name), "open");
    }
    cli_exit code = read_whole(out, fd, cli_input_label(name), max);
    close(fd);
    if (code != CLI_OK) {
        cli_bytes_free(out);
    }
    return code;
}

void cli_bytes_free(cli_bytes *b)
{
    if (b->p != NULL) {
        sodium_memzero(b->p, b->n);
        free(b->p);
    }
    *b = (cli_bytes){NULL, 0};
}
