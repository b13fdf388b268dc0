/*
 * Runs one command and tells what it cost: bench_run INPUT COMMAND [ARGUMENT...]
 *
 * The command gets INPUT on standard input; its output is thrown away. Prints wall time in
 * milliseconds, peak resident memory in KiB and time of the processor, user's and system's, in
 * milliseconds. Exits with what the command exits with.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
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

static double ms_of(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* The only child that was waited for is the command. */
static void print_costs(double wall_ms)
{
    struct rusage usage;
    if (getrusage(RUSAGE_CHILDREN, &usage) != 0) {
        return;
    }
    long kib = usage.ru_maxrss;
#ifdef __APPLE__
    kib /= 1024; /* bytes there, KiB elsewhere */
#endif
    printf("%.2f %ld %.2f\n", wall_ms, kib, ms_of(usage.ru_utime) + ms_of(usage.ru_stime));
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
    print_costs(now_ms() - start);
    return WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT_RUN;
}
