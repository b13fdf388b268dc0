/*
 * The command `harsan clean`, also what `harsan` alone does: sanitize files, or be a filter.
 *
 * Plans what goes where, reads rules and secrets, gives up what it does not need of the system, and
 * sends one input after the other on its way (cli_clean_one.c). One key for the run: equal values
 * get equal stand-ins in all files. A file that fails does not keep the others from being done.
 */
#include "cli_clean.h"

#include <sodium.h>
#include <unistd.h>

cli_exit cli_clean_in_place(const char *name, const cli_opts *o, harsan_rules *rules,
                            const cli_secret *secret)
{
    cli_opts own = *o;
    own.in_place = own.no_report = own.quiet = true;
    own.gzip = own.verify = own.one_pass = false;
    cli_run r = {.o = &own, .rules = rules, .secret = *secret};
    cli_job job = {.in = name, .out = name};
    cli_exit code = cli_clean_one(&r, &job);
    cli_counts_free(&r.total);
    sodium_memzero(&r.secret, sizeof r.secret); /* what it points to is the caller's */
    return code;
}

/* ---------------------------------------------------------------- the command */

/* Without threads it works as well. */
static void make_crews(cli_run *r)
{
    enum { FLOW = 2 /* one reads, one writes */ };
    r->jobs = r->o->jobs != 0 ? r->o->jobs : cli_crew_usual();
    if (r->jobs > 1) {
        r->crew = cli_crew_new(r->jobs - 1); /* and this thread, when it waits */
        r->flow = cli_crew_new(FLOW);
    }
}

/* The exit code is that of the first input that failed. */
static cli_exit clean_all(cli_run *r, const cli_plan *plan)
{
    cli_exit first = CLI_OK;
    for (size_t i = 0; i < plan->n; i++) {
        cli_exit code = cli_clean_one(r, &plan->job[i]);
        if (first == CLI_OK) {
            first = code;
        }
    }
    if (r->total.files > 0 && !r->o->quiet) {
        if (cli_counts_failed(&r->total)) {
            cli_say(NULL, "out of memory: the files are complete, their sums are not");
        }
        cli_summary_print(&r->total);
    }
    return first;
}

/* A stream is open already. */
static void confine_output(cli_sandbox *box, const char *name)
{
    if (name != NULL && cli_fd_named(name, STDOUT_FILENO) < 0) {
        cli_sandbox_writes(box, name);
    }
}

/* Everything that is read once has been read; of the rest the names are known. */
static void confine(const cli_opts *o, const cli_plan *plan)
{
    cli_sandbox box;
    if (o->no_sandbox) {
        return;
    }
    cli_sandbox_begin(&box);
    for (size_t i = 0; i < plan->n; i++) {
        const cli_job *job = &plan->job[i];
        if (cli_fd_named(job->in, STDIN_FILENO) < 0) {
            cli_sandbox_reads(&box, job->in);
        }
        confine_output(&box, job->out);
        confine_output(&box, job->bundle);
        for (size_t k = 0; k < job->reports.n; k++) {
            confine_output(&box, job->reports.at[k]);
        }
    }
    cli_sandbox_enter(&box);
}

static cli_exit clean(const cli_opts *o)
{
    cli_run r = {.o = o};
    cli_plan plan;
    cli_exit code = cli_plan_make(&plan, o);
    if (code == CLI_OK) {
        code = cli_rules_load(&r.rules, o, o->packs);
    }
    if (code == CLI_OK) {
        code = cli_secret_load(&r.secret, o);
    }
    if (code == CLI_OK) {
        confine(o, &plan);
        make_crews(&r);
        code = clean_all(&r, &plan);
        cli_crew_free(r.crew);
        cli_crew_free(r.flow);
    }
    cli_secret_free(&r.secret);
    harsan_rules_free(r.rules);
    cli_counts_free(&r.total);
    cli_plan_free(&plan);
    return code;
}

const cli_command cli_command_clean = {
    .name = "clean",
    .summary = "sanitize HAR files (also what harsan does without a command)",
    .usage = "harsan clean capture.har         makes capture.sanitized.har and\n"
             "                                        capture.report.html beside it\n"
             "       harsan clean IN -o OUT [--report FILE]\n"
             "       harsan clean --out-dir DIR IN...\n"
             "       harsan clean < IN > OUT          as a filter; - is standard input\n"
             "       harsan clean IN --bundle TICKET.zip --fit 25M\n"
             "\n"
             "IN may be compressed with gzip. A report is written where it is asked for, and\n"
             "beside an output whose name was not given. Its name says what it is: .html for\n"
             "people, .md for a ticket, .txt for a terminal, .json for programs and `verify`.\n"
             "\n"
             "IN is read a second time when a value turns out to be secret only behind a place\n"
             "where it stands. Standard output therefore gets nothing before IN was read to its\n"
             "end and found valid. With --one-pass, IN is read once and written at once: a value\n"
             "stays where it stood before it was known, and a broken IN is written up to there.\n"
             "\n"
             "A bundle holds output, reports and a manifest; without -o nothing else is written.\n"
             "What is left out (--entries, --host, --since, --until, --drop-bodies, --fit) leaves\n"
             "after everything was sanitized; the report tells how much it was. TYPES of bodies:\n"
             "media, image, font, script, style, html, json, text, other, with commas between.\n"
             "--fit gives up media and images, then fonts, scripts, styles, then the longest of\n"
             "the rest; never those of failed requests, nor any under 4 KiB.",
    .bit = CLI_CMD_CLEAN,
    .run = clean,
};
