/*
 * What a confined process can still do, and what it cannot: each try is made in a child that enters
 * the sandbox first. Where the system has no Landlock or no seccomp, the tries that need it are
 * left out, and said to be.
 */
#define _GNU_SOURCE /* mkdtemp */

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

static char dir[] = "/tmp/harsan-sandbox-XXXXXX";
static char other[] = ".harsan-sandbox-XXXXXX"; /* no place for temporary files */

/* ---------------------------------------------------------------- tries: true = it could be
 * done */

static bool can_read_input(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/in.har", other);
    return open(path, O_RDONLY) >= 0;
}

static bool can_write_input(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/in.har", other);
    return open(path, O_WRONLY) >= 0;
}

static bool can_make_output(void)
{
    char temp[64];
    char name[64];
    snprintf(temp, sizeof temp, "%s/.harsan-XXXXXX", dir);
    snprintf(name, sizeof name, "%s/out.har", dir);
    int fd = mkstemp(temp);
    return fd >= 0 && write(fd, "{}", 2) == 2 && fchmod(fd, 0644) == 0 && fsync(fd) == 0 &&
           ftruncate(fd, 0) == 0 && link(temp, name) == 0 && unlink(temp) == 0 &&
           rename(name, temp) == 0 && open(dir, O_RDONLY) >= 0 && unlink(temp) == 0;
}

static bool can_read_another_file(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool can_list_the_root(void)
{
    return open("/", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool can_make_a_file_elsewhere(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/new", other);
    return open(path, O_WRONLY | O_CREAT, 0600) >= 0;
}

static bool can_connect(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static bool can_fork(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return pid > 0;
}

static bool can_exec(void)
{
    execl("/bin/sh", "sh", "-c", "exit 100", (char *)NULL); /* 100: could */
    return false;
}

static bool can_signal_others(void)
{
    return kill(getppid(), 0) == 0;
}

static bool can_make_a_directory(void)
{
    char path[64];
    snprintf(path, sizeof path, "%s/sub", dir);
    return mkdir(path, 0700) == 0;
}

static void *nothing(void *arg)
{
    return arg;
}

static bool can_start_threads(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

static bool can_get_memory(void)
{
    void *p = malloc((size_t)64 << 20);
    void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                      -1, 0); /* for compiled patterns */
    free(p);
    return p != NULL && code != MAP_FAILED;
}

static bool can_see_a_terminal(void)
{
    errno = 0;
    return isatty(STDIN_FILENO) == 1 || errno != ENOSYS;
}

static volatile sig_atomic_t came;

static void on_signal(int number)
{
    (void)number;
    came = 1;
}

static bool can_raise(void)
{
    struct sigaction take = {.sa_handler = on_signal};
    return sigaction(SIGTERM, &take, NULL) == 0 && raise(SIGTERM) == 0 && came == 1;
}

static bool can_get_random_bytes(void)
{
    unsigned char seed[16];
    return getentropy(seed, sizeof seed) == 0;
}

/* ---------------------------------------------------------------- the table */

enum { ALWAYS, BY_FILES, BY_CALLS };

static const struct {
    const char *name;
    bool (*run)(void);
    bool want;
    int needs;
} tries[] = {
    {"read the input", can_read_input, true, ALWAYS},
    {"make the output", can_make_output, true, ALWAYS},
    {"start threads", can_start_threads, true, ALWAYS},
    {"get memory", can_get_memory, true, ALWAYS},
    {"raise a signal", can_raise, true, ALWAYS},
    {"get random bytes", can_get_random_bytes, true, ALWAYS},
    {"see a terminal", can_see_a_terminal, true, ALWAYS},
    {"write the input", can_write_input, false, BY_FILES},
    {"read another file", can_read_another_file, false, BY_FILES},
    {"list the root", can_list_the_root, false, BY_FILES},
    {"make a file elsewhere", can_make_a_file_elsewhere, false, BY_FILES},
    {"make a directory", can_make_a_directory, false, BY_FILES},
    {"make a socket", can_connect, false, BY_CALLS},
    {"make a process", can_fork, false, BY_CALLS},
    {"start a program", can_exec, false, BY_FILES},
    {"signal others", can_signal_others, false, BY_CALLS},
};

/* What the system can confine here, told by a child that entered. */
static void enter(bool *files, bool *calls)
{
    char path[64];
    cli_sandbox box;
    setenv("TMPDIR", dir, 1); /* the usual one may be where the tests are */
    cli_sandbox_begin(&box);
    *files = box.rules >= 0;
    *calls = false;
    snprintf(path, sizeof path, "%s/in.har", other);
    cli_sandbox_reads(&box, path);
    snprintf(path, sizeof path, "%s/out.har", dir);
    cli_sandbox_writes(&box, path);
    cli_sandbox_enter(&box);
#ifdef __linux__
    *calls = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == -1;
#endif
}

enum { COULD = 100, COULD_NOT, LEFT_OUT };

static int try_in_child(size_t i)
{
    int status = 0;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        bool files;
        bool calls;
        enter(&files, &calls);
        bool possible = tries[i].needs == ALWAYS || (tries[i].needs == BY_FILES ? files : calls);
        _exit(!possible ? LEFT_OUT : tries[i].run() ? COULD : COULD_NOT);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_confined(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        int got = try_in_child(i);
        if (got == LEFT_OUT) {
            print_message("cannot be confined here: %s\n", tries[i].name);
        } else if (got != (tries[i].want ? COULD : COULD_NOT)) {
            print_error("%s: %d\n", tries[i].name, got);
            fail();
        }
    }
}

static int set_up(void **state)
{
    (void)state;
    char path[64];
    if (mkdtemp(dir) == NULL || mkdtemp(other) == NULL) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/in.har", other);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    return fd >= 0 ? close(fd) : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "%s/in.har", other);
    unlink(path);
    snprintf(path, sizeof path, "%s/new", other);
    unlink(path);
    snprintf(path, sizeof path, "%s/sub", dir);
    rmdir(path);
    return rmdir(dir) == 0 && rmdir(other) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_confined),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
