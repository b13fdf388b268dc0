/*
 * Messages on stderr, and the line that shows how far a long run is.
 *
 * Receives fixed texts, numbers, names of files and of rules. Must never be given bytes of an
 * input; names of files come from strangers too, so nothing in them may steer a terminal.
 */
#include "cli.h"
#include "cli_escape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

/* ---------------------------------------------------------------- messages */

/* A progress line is on the screen and must go before anything else is printed. There is one
 * terminal, hence one flag. */
static bool line_shown;

static void clear_line(void)
{
    if (line_shown) {
        fputs("\r\033[K", stderr);
        line_shown = false;
    }
}

void cli_put_name(FILE *to, const char *name)
{
    for (const char *p = name; *p != '\0';) {
        char room[CLI_ESCAPE_ROOM];
        size_t n;
        const char *escape = cli_escape_terminal(p, &n, room);
        fwrite(escape != NULL ? escape : p, 1, escape != NULL ? strlen(escape) : n, to);
        p += n;
    }
}

/* What a thread says that works ahead of the others waits until they are there. */
static _Thread_local struct {
    bool on;
    FILE *to; /* writes to `text`; made when first needed */
    char *text;
    size_t len;
} own;

void cli_say_keep(void)
{
    own.on = true;
}

char *cli_say_take(void)
{
    char *text = own.to != NULL && fclose(own.to) == 0 ? own.text : NULL;
    own.on = false;
    own.to = NULL;
    return text;
}

void cli_say_kept(const char *text)
{
    if (text != NULL) {
        clear_line();
        fputs(text, stderr);
    }
}

static FILE *begin(const char *name)
{
    if (own.on && own.to == NULL) {
        own.to = open_memstream(&own.text, &own.len);
    }
    FILE *to = own.to != NULL ? own.to : stderr;
    if (!own.on) {
        clear_line();
    }
    fputs("harsan: ", to);
    if (name != NULL) {
        cli_put_name(to, name);
        fputs(": ", to);
    }
    return to;
}

void cli_say(const char *name, const char *fmt, ...)
{
    FILE *to = begin(name);
    va_list ap;
    va_start(ap, fmt);
    vfprintf(to, fmt, ap);
    va_end(ap);
    putc('\n', to);
}

void cli_say_error(const char *name, const harsan_error *err)
{
    FILE *to = begin(name);
    if (err->line > 0) {
        fprintf(to, "line %" PRIu64 ", column %" PRIu64 " (byte %" PRIu64 ")", err->line,
                err->column, err->offset);
        fprintf(to, "%s%s: ", err->where[0] != '\0' ? ", at " : "", err->where);
    }
    fprintf(to, "%s\n", err->message);
}

void cli_say_where(const cli_job *job)
{
    const char *const made[] = {job->out, job->bundle};
    const char *const kinds[] = {"clean copy in ", "bundle in "};
    const char *before = "";
    if (job->out != NULL && strcmp(job->out, "-") == 0) {
        return; /* nobody reads this who does not know */
    }
    begin(cli_input_label(job->in));
    for (size_t i = 0; i < 2; i++) {
        if (made[i] != NULL) {
            fprintf(stderr, "%s%s", before, kinds[i]);
            cli_put_name(stderr, cli_output_label(made[i]));
            before = ", ";
        }
    }
    for (size_t i = 0; i < job->reports.n; i++) {
        fputs(i == 0 ? ", report in " : ", ", stderr);
        cli_put_name(stderr, cli_output_label(job->reports.at[i]));
    }
    putc('\n', stderr);
}

/* ---------------------------------------------------------------- progress */

/* A run under a second needs no line; five lines a second are enough for anybody. */
static const double SECONDS_BEFORE = 1.0;
static const double SECONDS_BETWEEN = 0.2;

static double seconds_since(const struct timespec *then, const struct timespec *now)
{
    return (double)(now->tv_sec - then->tv_sec) + (double)(now->tv_nsec - then->tv_nsec) / 1e9;
}

void cli_progress_start(cli_progress *p, const char *name, bool quiet)
{
    *p = (cli_progress){.name = name, .pass = "", .on = !quiet && isatty(STDERR_FILENO) == 1};
    clock_gettime(CLOCK_MONOTONIC, &p->start);
    p->last = p->start;
}

/* Not through begin: what this thread says may be kept. */
static void show(const cli_progress *p, uint64_t done)
{
    clear_line();
    fputs("harsan: ", stderr);
    if (p->name != NULL) {
        cli_put_name(stderr, p->name);
        fputs(": ", stderr);
    }
    if (p->unit != NULL) {
        fprintf(stderr, "%" PRIu64 " of %" PRIu64 " %s", done, p->total, p->unit);
    } else if (p->total > 0) {
        fprintf(stderr, "%s %.0f%% of %.0f MB", p->pass, 100.0 * (double)done / (double)p->total,
                (double)p->total / 1e6);
    } else {
        fprintf(stderr, "%s %.0f MB", p->pass, (double)done / 1e6);
    }
    fflush(stderr);
    line_shown = true;
}

void cli_progress_step(cli_progress *p, uint64_t done)
{
    struct timespec now;
    if (!p->on || clock_gettime(CLOCK_MONOTONIC, &now) != 0 ||
        seconds_since(&p->start, &now) < SECONDS_BEFORE ||
        seconds_since(&p->last, &now) < SECONDS_BETWEEN) {
        return;
    }
    p->last = now;
    show(p, done);
}

void cli_progress_hide(void)
{
    clear_line();
    fflush(stderr);
}

void cli_progress_end(cli_progress *p)
{
    cli_progress_hide();
    p->on = false;
}
