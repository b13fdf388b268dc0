/*
 * Runs one command and tells what it cost: bench_run INPUT COMMAND [ARGUMENT...]
 *
 * The command gets INPUT on standard input; its output is thrown away. Prints wall time in
 * milliseconds and peak resident memory in KiB. Exits with what the command exits with.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CANNOT_RUN = 127 };

static void become(const char *input, char **command)
{
    int in = open(input, O_RDONLY);
    int out = open("/dev/null", O_WRONLY);
    if (in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0) {
        (void)execvp(command[0], command);
    }
    _exit(CANNOT_RUN);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The only child that was waited for is the command. */
static long peak_kib(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_CHILDREN, &usage) != 0) {
        return 0;
    }
#ifdef __APPLE__
    return usage.ru_maxrss / 1024; /* bytes there, KiB elsewhere */
#else
    return usage.ru_maxrss;
#endif
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: bench_run INPUT COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    double start = now_ms();
    pid_t child = fork();
    if (child == 0) {
        become(argv[1], argv + 2);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("bench_run");
        return CANNOT_RUN;
    }
    printf("%.2f %ld\n", now_ms() - start, peak_kib());
    return WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT_RUN;
}
