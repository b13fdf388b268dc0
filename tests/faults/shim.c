/*
 * Loaded into the command by LD_PRELOAD: counts calls of the system and of the heap, and makes the
 * one fail that the driver names. Looks through memory that is given back, where the driver says
 * for what.
 *
 * Needs the GNU C library: its heap can be reached under other names. Must never change a call that
 * was not asked for.
 */
#define _GNU_SOURCE /* RTLD_NEXT */

#include "fault.h"
#include "pipe.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t n);
extern void __libc_free(void *p);

static fault_record *record; /* NULL until everything is found */

static struct {
    int (*access)(const char *, int);
    int (*close)(int);
    int (*fchmod)(int, mode_t);
    int (*fcntl)(int, int, ...);
    int (*fstat)(int, struct stat *);
    int (*fsync)(int);
    int (*ftruncate)(int, off_t);
    ssize_t (*getrandom)(void *, size_t, unsigned);
    int (*link)(const char *, const char *);
    off_t (*lseek)(int, off_t, int);
    int (*lstat)(const char *, struct stat *);
    int (*mkstemp)(char *);
    void *(*mmap)(void *, size_t, int, int, int, off_t);
    int (*open)(const char *, int, ...);
    int (*poll)(struct pollfd *, nfds_t, int);
    int (*prctl)(int, ...);
    int (*pthread_create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    ssize_t (*read)(int, void *, size_t);
    char *(*realpath)(const char *, char *);
    int (*rename)(const char *, const char *);
    int (*scandir)(const char *, struct dirent ***, int (*)(const struct dirent *),
                   int (*)(const struct dirent **, const struct dirent **));
    int (*stat)(const char *, struct stat *);
    int (*unlink)(const char *);
    ssize_t (*write)(int, const void *, size_t);
} real;

/* Function pointers do not fit a void pointer in ISO C; POSIX asks for this. */
#define FIND(name) (*(void **)&real.name = dlsym(RTLD_NEXT, #name))

/* stdio calls the system by names of its own: its two streams come to be ours, so that it calls
 * these. */
static ssize_t say(void *cookie, const char *p, size_t n);
static ssize_t tell(void *cookie, const char *p, size_t n);

static void own_stream(FILE **stream, cookie_write_function_t *put, size_t room)
{
    FILE *own = fopencookie(NULL, "w", (cookie_io_functions_t){.write = put});
    if (own == NULL || setvbuf(own, NULL, room > 0 ? _IOFBF : _IONBF, room) != 0) {
        abort();
    }
    *stream = own;
}

__attribute__((constructor)) static void begin(void)
{
    FIND(access), FIND(close), FIND(fchmod), FIND(fcntl), FIND(fstat), FIND(fsync), FIND(ftruncate);
    FIND(getrandom), FIND(link), FIND(lseek), FIND(lstat), FIND(mkstemp), FIND(mmap), FIND(open);
    FIND(poll), FIND(prctl), FIND(pthread_create), FIND(read), FIND(realpath), FIND(rename);
    FIND(scandir), FIND(stat), FIND(unlink), FIND(write);
    const char *fd = getenv(FAULT_FD);
    if (fd == NULL) {
        return;
    }
    void *p = real.mmap(NULL, sizeof *record, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(fd), 0);
    real.close(atoi(fd));
    own_stream(&stdout, say, 1 << 12);
    own_stream(&stderr, tell, 0);
    record = p != MAP_FAILED ? p : NULL;
}

/* main is over: what runs now is the compiler's, profiles for example. */
static void end(void)
{
    record->live_end = record->live;
    record->nth = 0;
}

/* From main on, so that it is called before what was registered earlier. */
static void arm_end(void)
{
    static bool armed;
    if (!armed) {
        armed = true;
        atexit(end);
    }
}

/* ---------------------------------------------------------------- branches */

/* Something was done that is not undone for a branch, or there can be none any more. */
static bool moved;

/* After these. Descriptors that are shared with a branch are set back to where they were. */
static const bool moves[FAULT_N] = {
    [FAULT_fchmod] = true,  [FAULT_ftruncate] = true, [FAULT_link] = true,
    [FAULT_mkstemp] = true, [FAULT_rename] = true,    [FAULT_pthread_create] = true,
    [FAULT_say] = true,     [FAULT_tell] = true,      [FAULT_unlink] = true,
    [FAULT_write] = true,
};

static bool is_branch(fault_call call, unsigned long n)
{
    return record->branching && !moved && call == record->call &&
           fault_is_chosen(&record->choice, n);
}

/* What a pipe holds cannot be read twice. */
static void own_input(void)
{
    fault_record *r = record;
    record = NULL; /* nothing of this is the command's */
    int fd = r->input[0] != '\0' ? pipe_from(r->input) : -1;
    if (fd >= 0 && (dup2(fd, STDIN_FILENO) < 0 || real.close(fd) != 0)) {
        abort();
    }
    record = r;
}

/* Returns in a child, in which the nth call fails; then, when the driver has seen what came of it,
 * in the process that goes on without. */
static void branch(unsigned long n)
{
    enum { FDS = 16 };
    off_t at[FDS];
    unsigned long seen[FAULT_N];
    long live = record->live;
    int status;
    for (int fd = 0; fd < FDS; fd++) {
        at[fd] = real.lseek(fd, 0, SEEK_CUR);
    }
    for (size_t i = 0; i < FAULT_N; i++) {
        seen[i] = record->seen[i];
    }
    pid_t pid = fork();
    if (pid == 0) {
        real.prctl(PR_SET_PDEATHSIG, SIGKILL);
        record->branching = false;
        record->nth = n;
        own_input();
        return;
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        abort();
    }
    record->branched = n;
    record->ended = status;
    raise(SIGSTOP);
    record->branching = true;
    record->nth = 0;
    record->live = live;
    for (size_t i = 0; i < FAULT_N; i++) {
        record->seen[i] = seen[i];
    }
    if (real.ftruncate(STDOUT_FILENO, 0) != 0 || real.ftruncate(STDERR_FILENO, 0) != 0) {
        abort();
    }
    for (int fd = 0; fd < FDS; fd++) {
        real.lseek(fd, at[fd], SEEK_SET); /* at -1 it does nothing */
    }
}

/* Is this the call that fails? errno is set then. */
static bool fails(fault_call call, int *how)
{
    *how = 0;
    if (record == NULL) {
        return false;
    }
    arm_end();
    unsigned long n = ++record->seen[call];
    if (is_branch(call, n)) {
        int error = errno;
        branch(n);
        errno = error;
    }
    moved = moved || moves[call];
    bool due = record->nth != 0 && record->call == call &&
               (n == record->nth || (record->sticky && n > record->nth));
    if (due) {
        *how = record->error;
        errno = *how != FAULT_SHORT ? *how : errno;
    }
    return due && *how != FAULT_SHORT;
}

/* ---------------------------------------------------------------- memory */

static void *count_new(void *p)
{
    if (record != NULL && p != NULL) {
        record->live++;
    }
    return p;
}

/* All that the heap gave may hold something, not what was asked for alone. */
static void look_into(const void *p)
{
    size_t n = malloc_usable_size((void *)(uintptr_t)p);
    record->given++;
    for (size_t i = 0; i < record->n_secrets; i++) {
        const fault_secret *s = &record->secrets[i];
        const unsigned char *at = memmem(p, n, s->p, s->n);
        if (at != NULL) {
            record->told++;
            record->told_which = i;
            record->told_size = n;
            record->told_at = (unsigned long)(at - (const unsigned char *)p);
            return;
        }
    }
}

SHOWN void *malloc(size_t n)
{
    int how;
    return fails(FAULT_malloc, &how) ? NULL : count_new(__libc_malloc(n));
}

SHOWN void *calloc(size_t count, size_t size)
{
    int how;
    return fails(FAULT_malloc, &how) ? NULL : count_new(__libc_calloc(count, size));
}

SHOWN void *realloc(void *p, size_t n)
{
    int how;
    if (fails(FAULT_malloc, &how)) {
        return NULL;
    }
    if (record != NULL && record->n_secrets > 0 && p != NULL) {
        look_into(p); /* it may move, and leave behind what it held */
    }
    void *grown = __libc_realloc(p, n);
    return p == NULL ? count_new(grown) : grown;
}

SHOWN void free(void *p)
{
    if (record != NULL && p != NULL) {
        record->live--;
        if (record->n_secrets > 0) {
            look_into(p);
        }
    }
    __libc_free(p);
}

/* ---------------------------------------------------------------- descriptors */

static size_t shorter(int how, size_t n)
{
    return how == FAULT_SHORT && n > 1 ? 1 : n;
}

SHOWN ssize_t read(int fd, void *buf, size_t n)
{
    int how;
    bool failed = fails(FAULT_read, &how);
    int error = errno;
    moved = moved || real.lseek(fd, 0, SEEK_CUR) < 0;
    errno = error;
    return failed ? -1 : real.read(fd, buf, shorter(how, n));
}

/* What a fortified build calls in its place. */
SHOWN ssize_t __read_chk(int fd, void *buf, size_t n, size_t room);
SHOWN ssize_t __read_chk(int fd, void *buf, size_t n, size_t room)
{
    return n <= room ? read(fd, buf, n) : (abort(), -1);
}

SHOWN ssize_t write(int fd, const void *buf, size_t n)
{
    int how;
    return fails(FAULT_write, &how) ? -1 : real.write(fd, buf, shorter(how, n));
}

static int open_with(const char *name, int flags, mode_t mode)
{
    int how;
    bool failed = fails(FAULT_open, &how);
    moved = moved || (flags & O_CREAT) != 0;
    return failed ? -1 : real.open(name, flags, mode);
}

SHOWN int open(const char *name, int flags, ...)
{
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list args;
        va_start(args, flags);
        mode = va_arg(args, mode_t);
        va_end(args);
    }
    return open_with(name, flags, mode);
}

SHOWN int __open_2(const char *name, int flags);
SHOWN int __open_2(const char *name, int flags)
{
    return open_with(name, flags, 0);
}

/* The commands that the command uses take an int or nothing. */
SHOWN int fcntl(int fd, int command, ...)
{
    int how;
    va_list args;
    va_start(args, command);
    int value = command == F_GETFD || command == F_GETFL ? 0 : va_arg(args, int);
    va_end(args);
    return fails(FAULT_fcntl, &how) ? -1 : real.fcntl(fd, command, value);
}

/* A descriptor is gone even when close tells of an error. */
SHOWN int close(int fd)
{
    int how;
    if (fails(FAULT_close, &how)) {
        int error = errno;
        real.close(fd);
        errno = error;
        return -1;
    }
    return real.close(fd);
}

static ssize_t put_all(int fd, const char *p, size_t n)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = real.write(fd, p + done, n - done);
        if (got < 0 && errno != EINTR) {
            return 0;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return (ssize_t)n;
}

static ssize_t say(void *cookie, const char *p, size_t n)
{
    int how;
    (void)cookie;
    return fails(FAULT_say, &how) ? 0 : put_all(STDOUT_FILENO, p, n);
}

static ssize_t tell(void *cookie, const char *p, size_t n)
{
    int how;
    (void)cookie;
    return fails(FAULT_tell, &how) ? 0 : put_all(STDERR_FILENO, p, n);
}

#define PLAIN(type, bad, name, parameters, arguments)                                              \
    SHOWN type name parameters                                                                     \
    {                                                                                              \
        int how;                                                                                   \
        return fails(FAULT_##name, &how) ? (bad) : real.name arguments;                            \
    }

PLAIN(int, -1, access, (const char *path, int mode), (path, mode))
PLAIN(int, -1, fchmod, (int fd, mode_t mode), (fd, mode))
PLAIN(int, -1, fstat, (int fd, struct stat *st), (fd, st))
PLAIN(int, -1, fsync, (int fd), (fd))
PLAIN(int, -1, ftruncate, (int fd, off_t size), (fd, size))
PLAIN(ssize_t, -1, getrandom, (void *p, size_t n, unsigned flags), (p, n, flags))
PLAIN(int, -1, link, (const char *from, const char *to), (from, to))
PLAIN(off_t, -1, lseek, (int fd, off_t off, int whence), (fd, off, whence))
PLAIN(int, -1, lstat, (const char *path, struct stat *st), (path, st))
PLAIN(int, -1, mkstemp, (char *path), (path))
PLAIN(void *, MAP_FAILED, mmap, (void *at, size_t n, int prot, int flags, int fd, off_t off),
      (at, n, prot, flags, fd, off))
PLAIN(int, -1, poll, (struct pollfd * p, nfds_t n, int ms), (p, n, ms))
PLAIN(char *, NULL, realpath, (const char *path, char *out), (path, out))
PLAIN(int, -1, rename, (const char *from, const char *to), (from, to))
PLAIN(int, -1, scandir,
      (const char *path, struct dirent ***list, int (*want)(const struct dirent *),
       int (*order)(const struct dirent **, const struct dirent **)),
      (path, list, want, order))
PLAIN(int, -1, stat, (const char *path, struct stat *st), (path, st))
PLAIN(int, -1, unlink, (const char *path), (path))

/* What a fortified build calls in its place. */
SHOWN char *__realpath_chk(const char *path, char *out, size_t room);
SHOWN char *__realpath_chk(const char *path, char *out, size_t room)
{
    return room >= PATH_MAX ? realpath(path, out) : (abort(), NULL);
}

/* Tells its error as its value. */
SHOWN int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *),
                         void *arg)
{
    int how;
    return fails(FAULT_pthread_create, &how) ? how : real.pthread_create(thread, attr, run, arg);
}

/* A process that gives up its rights makes no other. */
SHOWN int prctl(int option, ...)
{
    va_list args;
    va_start(args, option);
    unsigned long a[4];
    for (size_t i = 0; i < 4; i++) {
        a[i] = va_arg(args, unsigned long);
    }
    va_end(args);
    moved = moved || option == PR_SET_NO_NEW_PRIVS;
    return real.prctl(option, a[0], a[1], a[2], a[3]);
}
