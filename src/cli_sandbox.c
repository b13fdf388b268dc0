/*
 * Confinement: the process gives up what its work does not need.
 *
 * Receives the names of the files that are still to be read and written; from then on no program
 * can be started, no process made, no network used and no other file opened, whatever a hostile
 * input should make of us. Landlock bounds the files, seccomp the calls; on a system that has
 * neither, or one of them only, the rest still holds. Must never make a run fail that would not
 * fail without it: what cannot be set up is left out.
 */
#define _GNU_SOURCE /* syscall, O_PATH, realpath */

#include "cli_io.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define NOT_CONFINED
#endif
#endif
/* Sanitizers and profilers open files and start programs of their own. */
#if !defined(__linux__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||        \
    defined(NOT_CONFINED) || defined(HARSAN_NO_SANDBOX)

void cli_sandbox_begin(cli_sandbox *s)
{
    *s = (cli_sandbox){.rules = -1};
}

void cli_sandbox_reads(cli_sandbox *s, const char *name)
{
    (void)s, (void)name;
}

void cli_sandbox_writes(cli_sandbox *s, const char *name)
{
    (void)s, (void)name;
}

void cli_sandbox_enter(cli_sandbox *s)
{
    (void)s;
}

#else

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---------------------------------------------------------------- files: Landlock */

/* The kernel's interface, spelled out: the headers of many systems are older than their kernel. */
enum {
    NR_CREATE_RULESET = 444,
    NR_ADD_RULE = 445,
    NR_RESTRICT_SELF = 446,
    CREATE_VERSION = 1,
    RULE_PATH_BENEATH = 1,
    FS_WRITE_FILE = 1 << 1,
    FS_READ_FILE = 1 << 2,
    FS_READ_DIR = 1 << 3,
    FS_REMOVE_FILE = 1 << 5,
    FS_MAKE_REG = 1 << 8,
    FS_TRUNCATE = 1 << 14
};

struct ruleset_attr {
    uint64_t handled_access_fs;
};

struct __attribute__((packed)) path_beneath_attr {
    uint64_t allowed_access;
    int32_t parent_fd;
};

/* Every right that this version of Landlock knows is taken away; 0 = there is none. */
static uint64_t rights_of(long version)
{
    static const unsigned bits[] = {0, 13, 14, 15, 15, 16};
    const long known = CLI_COUNT(bits) - 1;
    return version <= 0 ? 0 : (1u << bits[version < known ? version : known]) - 1;
}

/* The first directory that cli_spool would take. */
static void allow_spool(cli_sandbox *s)
{
    const char *const dirs[] = {getenv("TMPDIR"), "/var/tmp", "/tmp"};
    for (size_t i = 0; i < CLI_COUNT(dirs); i++) {
        if (dirs[i] != NULL && access(dirs[i], W_OK | X_OK) == 0) {
            cli_sandbox_writes(s, dirs[i]);
            return;
        }
    }
}

void cli_sandbox_begin(cli_sandbox *s)
{
    long version = syscall(NR_CREATE_RULESET, NULL, (size_t)0, CREATE_VERSION);
    struct ruleset_attr attr = {rights_of(version)};
    *s = (cli_sandbox){.rules = -1, .rights = attr.handled_access_fs};
    if (attr.handled_access_fs != 0) {
        s->rules = (int)syscall(NR_CREATE_RULESET, &attr, sizeof attr, 0);
    }
    if (s->rules >= 0) {
        allow_spool(s);
    }
}

/* A rule that is missing would make the run fail, or a temporary file stay: then files are not
 * confined. */
static void forgo_files(cli_sandbox *s)
{
    close(s->rules);
    s->rules = -1;
}

static bool is_absent(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == ELOOP ||
           error == ENAMETOOLONG;
}

/* What is not there gets no rule: opening it fails as it always would. */
static void allow(cli_sandbox *s, const char *path, uint64_t file, uint64_t directory)
{
    struct stat st;
    int fd = open(path, O_PATH | O_CLOEXEC);
    while (fd < 0 && errno == EINTR) {
        fd = open(path, O_PATH | O_CLOEXEC);
    }
    if (fd < 0) {
        if (!is_absent(errno)) {
            forgo_files(s);
        }
        return;
    }
    bool added = fstat(fd, &st) == 0;
    if (added) {
        struct path_beneath_attr rule = {(S_ISDIR(st.st_mode) ? directory : file) & s->rights, fd};
        /* what no path leads to needs no rule, and takes none */
        added = syscall(NR_ADD_RULE, s->rules, RULE_PATH_BENEATH, &rule, 0) == 0 || errno == EBADFD;
    }
    close(fd);
    if (!added) {
        forgo_files(s);
    }
}

void cli_sandbox_reads(cli_sandbox *s, const char *name)
{
    if (s->rules >= 0) {
        allow(s, name, FS_READ_FILE, FS_READ_FILE | FS_READ_DIR);
    }
}

/* A file is written under another name beside it, read back, and flushed with its directory. */
static void allow_beside(cli_sandbox *s, const char *path)
{
    char dir[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    if (len < sizeof dir) {
        memcpy(dir, slash == NULL ? "." : path, len);
        dir[len] = '\0';
        allow(s, dir, 0,
              FS_READ_FILE | FS_WRITE_FILE | FS_READ_DIR | FS_REMOVE_FILE | FS_MAKE_REG |
                  FS_TRUNCATE);
    }
}

void cli_sandbox_writes(cli_sandbox *s, const char *name)
{
    char real[PATH_MAX + 2];
    struct stat st;
    if (s->rules < 0 || name == NULL || *name == '\0') {
        return;
    }
    bool there = stat(name, &st) == 0 && realpath(name, real) != NULL;
    if (there && S_ISDIR(st.st_mode)) {
        allow_beside(s, strcat(real, "/"));
    } else if (there && !S_ISREG(st.st_mode)) {
        allow(s, real, FS_WRITE_FILE | FS_READ_FILE, 0); /* a device, a pipe */
    } else {
        allow_beside(s, there ? real : name);
    }
}

/* ---------------------------------------------------------------- calls: seccomp */

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef ARCH

/* What the command, its libraries and two C libraries call. Files are Landlock's matter; those
 * calls that make them are needed for temporary files. */
/* clang-format off */
static const unsigned allowed[] = {
    /* bytes */
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_lseek, SYS_close,
    SYS_dup, SYS_fcntl, SYS_ppoll, SYS_copy_file_range, SYS_fadvise64, SYS_fallocate,
    /* files */
    SYS_openat, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_faccessat, SYS_readlinkat, SYS_getdents64,
    SYS_getcwd, SYS_linkat, SYS_renameat, SYS_unlinkat, SYS_ftruncate, SYS_fchmod, SYS_fsync,
    SYS_fdatasync, SYS_umask, SYS_fstatfs,
    /* memory */
    SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_brk, SYS_mlock, SYS_munlock,
    /* signals, threads, time */
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigtimedwait, SYS_sigaltstack,
    SYS_restart_syscall, SYS_futex, SYS_set_robust_list, SYS_sched_yield, SYS_sched_getaffinity,
    SYS_exit, SYS_exit_group, SYS_clock_gettime, SYS_clock_nanosleep, SYS_nanosleep,
    SYS_gettimeofday, SYS_getpid, SYS_gettid, SYS_getrandom, SYS_sysinfo, SYS_uname, SYS_getrusage,
    SYS_membarrier,
#ifdef SYS_renameat2
    SYS_renameat2,
#endif
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef SYS_open /* the older calls, which newer machines never had */
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_link, SYS_rename, SYS_unlink,
    SYS_poll, SYS_time, SYS_arch_prctl,
#endif
};
/* clang-format on */

enum { PROGRAM_MAX = 2 * CLI_COUNT(allowed) + 48 };

typedef struct program {
    struct sock_filter at[PROGRAM_MAX];
    unsigned short n;
} program;

static void add(program *p, unsigned code, unsigned k, unsigned yes, unsigned no)
{
    p->at[p->n++] =
        (struct sock_filter){(unsigned short)code, (unsigned char)yes, (unsigned char)no, k};
}

static void load(program *p, size_t offset)
{
    add(p, BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

static void add_call(program *p, unsigned call)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1);
    add(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

/* Allowed when the argument's bits under `mask` are `value`. */
static void add_call_if(program *p, unsigned call, unsigned argument, unsigned mask, unsigned value)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 5);
    load(p, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
    add(p, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    add(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    load(p, offsetof(struct seccomp_data, nr));
}

/* Anything else fails as if the kernel did not have it: the C library then takes an older call. */
static void confine_calls(void)
{
    program p = {.n = 0};
    const unsigned refuse = SECCOMP_RET_ERRNO | ENOSYS;
    const unsigned whole = UINT32_MAX;
    const unsigned self = (unsigned)getpid();
    load(&p, offsetof(struct seccomp_data, arch));
    add(&p, BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
    add(&p, BPF_RET | BPF_K, refuse, 0, 0);
    load(&p, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < CLI_COUNT(allowed); i++) {
        add_call(&p, allowed[i]);
    }
    add_call_if(&p, SYS_clone, 0, CLONE_THREAD, CLONE_THREAD); /* threads, no processes */
    add_call_if(&p, SYS_ioctl, 1, whole, TCGETS);              /* isatty */
    add_call_if(&p, SYS_ioctl, 1, whole, TIOCGWINSZ);
    add_call_if(&p, SYS_tgkill, 0, whole, self); /* raise */
    add_call_if(&p, SYS_tkill, 0, whole, self);
    add_call_if(&p, SYS_prlimit64, 0, whole, 0);
    add(&p, BPF_RET | BPF_K, refuse, 0, 0);
    struct sock_fprog filter = {p.n, p.at};
    /* all threads that there are; those to come inherit it */
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) != 0) {
        (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0);
    }
}

#else

static void confine_calls(void)
{
}

#endif

/* ---------------------------------------------------------------- both */

void cli_sandbox_enter(cli_sandbox *s)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
        if (s->rules >= 0) {
            (void)syscall(NR_RESTRICT_SELF, s->rules, 0);
        }
        confine_calls();
    }
    if (s->rules >= 0) {
        close(s->rules);
    }
    s->rules = -1;
}

#endif
