/*
 * The command `harsan`: sets the process up, finds the command, runs it, returns its exit code.
 *
 * The table of commands is here; everything else about a command is in its own file. No other file
 * of the command ends the process.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

static cli_exit run_help(const cli_opts *o);

static const cli_command command_help = {
    .name = "help",
    .summary = "show what a command does and its options",
    .usage = "harsan help [COMMAND]",
    .bit = CLI_CMD_HELP,
    .run = run_help,
};

static const cli_command *const commands[] = {
    &cli_command_clean,
    &cli_command_check,
    &cli_command_verify,
    &cli_command_rules,
    &command_help,
};

enum { N_COMMANDS = CLI_COUNT(commands) };

/* ---------------------------------------------------------------- help */

static const cli_command *find_command(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static void print_overview(FILE *to)
{
    fputs("harsan makes a HAR file safe to hand to somebody else.\n\n"
          "Usage: harsan [COMMAND] [OPTION]... [FILE]...\n"
          "       harsan < capture.har > clean.har\n\n",
          to);
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fprintf(to, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
    }
    fputs("\n"
          "'harsan help COMMAND' lists the options of a command.\n\n"
          "Exit codes: 0 done, 1 something was found, 2 wrong usage or rule file,\n"
          "3 input not valid, 4 reading or writing failed, 5 a limit, 6 out of memory.\n",
          to);
}

static void print_command(const cli_command *cmd)
{
    printf("harsan %s: %s\n\nUsage: %s\n\nOptions:\n", cmd->name, cmd->summary, cmd->usage);
    cli_opts_print(stdout, cmd);
}

/* Whoever has a file to clean may not think of a command. */
static cli_exit no_command(const char *word)
{
    const bool file = access(word, F_OK) == 0;
    cli_say(word, file ? "is a file, not a command: 'harsan clean FILE' cleans it"
                       : "no such command; see 'harsan help'");
    return CLI_USAGE;
}

static cli_exit run_help(const cli_opts *o)
{
    const cli_command *cmd = o->args.n > 0 ? find_command(o->args.at[0]) : NULL;
    if (o->args.n == 0) {
        print_overview(stdout);
    } else if (cmd != NULL) {
        print_command(cmd);
    } else {
        return no_command(o->args.at[0]);
    }
    return CLI_OK;
}

/* ---------------------------------------------------------------- the process */

/* A standard descriptor that is closed would be given to the next file that is opened, and what is
 * meant for people would end there. Opened the wrong way round, so that its use is an error. */
static bool hold_standard_descriptors(void)
{
    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd) {
            return false;
        }
    }
    return true;
}

static bool set_up(void)
{
    static char lines[4096]; /* stderr by lines: messages of several processes stay apart */
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none); /* a core would hold the input and the key */
#ifdef __linux__
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* nor does a debugger of the same user get at them */
#endif
    if (!hold_standard_descriptors() || sodium_init() < 0) {
        cli_say(NULL, "cannot set up the process: %s", strerror(errno));
        return false;
    }
    setvbuf(stderr, lines, _IOLBF, sizeof lines);
    cli_signals_install();
    return true;
}

static cli_exit dispatch(const cli_command *cmd, const cli_opts *o, bool named)
{
    if (o->version) {
        puts("harsan " HARSAN_VERSION);
        return CLI_OK;
    }
    if (o->help && named) {
        print_command(cmd);
        return CLI_OK;
    }
    if (o->help) {
        print_overview(stdout);
        return CLI_OK;
    }
    return cmd->run(o);
}

/* Help and lists go through stdio: a full disk shows only here. */
static cli_exit flush_stdout(cli_exit code)
{
    if ((fflush(stdout) == 0 && ferror(stdout) == 0) || code != CLI_OK) {
        return code;
    }
    if (errno != EPIPE) {
        cli_say("standard output", "cannot write: %s", strerror(errno));
    }
    return CLI_IO;
}

int main(int argc, char **argv)
{
    if (!set_up()) {
        return CLI_IO;
    }
    if (argc < 2 && isatty(STDIN_FILENO) == 1) {
        print_overview(stderr);
        return CLI_USAGE;
    }
    /* Without a command it is a filter: an option, or nothing, comes first. */
    bool named = argc > 1 && argv[1][0] != '-';
    const cli_command *cmd = named ? find_command(argv[1]) : &cli_command_clean;
    if (cmd == NULL) {
        return (int)no_command(argv[1]);
    }
    cli_opts o;
    cli_exit code = cli_opts_parse(&o, cmd, named ? 2 : 1, argc, argv);
    if (code == CLI_OK) {
        code = dispatch(cmd, &o, named);
    }
    cli_opts_free(&o);
    return (int)flush_stdout(code);
}
