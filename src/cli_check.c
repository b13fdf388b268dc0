/*
 * The command `harsan check`: are there secrets in these HARs?
 *
 * Finds the files, has each examined, several at a time, and hands the results on in order: to the
 * formats, to the baseline that is to be written, to the cleaner with --fix. A file that could not
 * be looked at makes the run fail, whatever the others hold. Must never hold more results than
 * there are threads to make them, twice.
 */
#include "cli_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AHEAD = 2 /* results per thread that may wait for those before them */ };

/* A file and what becomes of it. */
typedef struct task {
    cli_check_result result;
    const cli_check_path *path;
    struct run *run;
    void *job; /* of the crew; NULL when it is done */
} task;

typedef struct run {
    const cli_opts *o;
    cli_secret secret;
    cli_check_configs *configs;
    cli_check_paths paths;
    cli_check_outputs *outputs; /* NULL: nothing is to be shown */
    cli_check_total total;
    cli_crew *lent; /* to the library, NULL = none */
    unsigned n_lent;
    cli_progress progress; /* in bytes of a file alone, else in files */
    char today[16];
    cli_exit worst;
} run;

static void worsen(run *r, cli_exit code)
{
    r->worst = code > r->worst ? code : r->worst;
}

/* ---------------------------------------------------------------- one result */

static void accept_findings(run *r, const cli_check_result *result)
{
    cli_check_baseline *writer = cli_check_configs_writer(r->configs);
    bool ok = true;
    for (size_t i = 0; i < result->n && ok; i++) {
        const cli_check_finding *f = &result->at[i];
        ok = cli_check_baseline_add(writer, &f->fingerprint, result->path->path,
                                    cli_check_rule_of(result, f), cli_check_text(result, f->place),
                                    r->o->expires);
    }
    if (!ok) {
        worsen(r, cli_no_memory(NULL));
    }
    if (result->found > result->n) {
        cli_say(result->path->path, "more than %d findings: too many for a baseline",
                (int)BASELINE_MAX);
        worsen(r, CLI_LIMIT);
    }
}

static void fix(run *r, const cli_check_result *result)
{
    const cli_check_setup *s = result->path->setup;
    cli_exit code = cli_clean_in_place(result->path->path, &s->opts, s->rules, &r->secret);
    r->total.fixed += code == CLI_OK;
    worsen(r, code);
}

static void add_to_total(cli_check_total *t, const cli_check_result *result)
{
    t->files++;
    t->broken += result->code > CLI_FOUND;
    t->with_findings += result->code == CLI_FOUND;
    t->found += result->found;
    t->accepted += result->accepted;
    t->expired += result->expired;
    t->minor += result->minor;
    for (size_t i = 0; i < CLI_COUNT(t->by_level); i++) {
        t->by_level[i] += result->by_level[i];
    }
    for (size_t i = 0; i < result->unseen.n; i++) {
        cli_tally_add(&t->unseen, result->unseen.row[i].name, result->unseen.row[i].n);
    }
}

static void take_result(run *r, cli_check_result *result)
{
    if (result->skipped) {
        return;
    }
    add_to_total(&r->total, result);
    if (result->code > CLI_FOUND) {
        cli_say(cli_input_label(result->path->path), "%s", result->message);
        worsen(r, result->code);
    }
    if (r->outputs != NULL) {
        cli_check_outputs_file(r->outputs, result);
    }
    if (r->o->write_baseline != NULL) {
        accept_findings(r, result);
    } else if (result->code == CLI_FOUND) {
        worsen(r, CLI_FOUND);
        if (r->o->fix) {
            fix(r, result);
        }
    }
}

/* ---------------------------------------------------------------- all of them */

static void run_task(void *arg)
{
    task *t = arg;
    run *r = t->run;
    const cli_check_help help = {.o = &t->path->setup->opts,
                                 .secret = &r->secret,
                                 .today = r->today,
                                 .crew = r->lent,
                                 .jobs = r->n_lent,
                                 .progress = r->paths.n == 1 ? &r->progress : NULL};
    cli_check_examine(&t->result, t->path, &help);
}

static void start(task *t, run *r, const cli_check_path *path, cli_crew *crew)
{
    *t = (task){.path = path, .run = r};
    t->job = crew != NULL ? cli_crew_start(crew, run_task, t) : NULL;
    if (t->job == NULL) {
        run_task(t);
    }
}

/* A file alone is shared among the threads by the library; of several, each thread takes one. */
static cli_crew *make_crew(run *r, size_t *ahead)
{
    unsigned jobs = r->o->jobs > 0 ? r->o->jobs : cli_crew_usual();
    bool alone = r->paths.n == 1;
    *ahead = 1;
    if (!alone && jobs > r->paths.n) {
        jobs = (unsigned)r->paths.n;
    }
    cli_crew *crew = jobs > 1 ? cli_crew_new(jobs - 1) : NULL; /* and this thread */
    if (alone) {
        r->lent = crew;
        r->n_lent = jobs;
    } else if (crew != NULL) {
        *ahead = (size_t)jobs * AHEAD;
    }
    return crew;
}

static void start_progress(run *r)
{
    bool alone = r->paths.n == 1;
    cli_progress_start(&r->progress, alone ? cli_input_label(r->paths.at[0].path) : NULL,
                       r->o->quiet);
    r->progress.unit = alone ? NULL : "files";
    r->progress.total = alone ? 0 : r->paths.n;
}

static cli_exit examine_all(run *r)
{
    size_t ahead;
    cli_crew *crew = make_crew(r, &ahead);
    cli_crew *files = r->lent == NULL ? crew : NULL;
    task *line = calloc(ahead, sizeof *line);
    if (line == NULL) {
        cli_crew_free(crew);
        return cli_no_memory(NULL);
    }
    start_progress(r);
    for (size_t i = 0; i < ahead && i < r->paths.n; i++) {
        start(&line[i], r, &r->paths.at[i], files);
    }
    for (size_t i = 0; i < r->paths.n; i++) {
        task *t = &line[i % ahead];
        if (t->job != NULL) {
            cli_crew_join(files, t->job);
        }
        cli_progress_hide();
        take_result(r, &t->result);
        r->paths.at[i].looked = !t->result.skipped && t->result.code <= CLI_FOUND;
        cli_check_result_free(&t->result);
        if (r->paths.n > 1) {
            cli_progress_step(&r->progress, i + 1);
        }
        if (i + ahead < r->paths.n) {
            start(t, r, &r->paths.at[i + ahead], files);
        }
    }
    cli_progress_end(&r->progress);
    free(line);
    cli_crew_free(crew);
    return CLI_OK;
}

/* ---------------------------------------------------------------- the end */

/* With a file missing, what was accepted in it would be forgotten. */
static cli_exit write_baseline(run *r)
{
    uint64_t n = 0;
    if (r->worst != CLI_OK) {
        cli_say(r->o->write_baseline, "not written");
        return r->worst;
    }
    cli_exit code = cli_check_baseline_write(cli_check_configs_writer(r->configs),
                                             r->o->write_baseline, r->o, &n);
    if (code == CLI_OK && !r->o->quiet) {
        cli_say(r->o->write_baseline, "%" PRIu64 " accepted", n);
    }
    return code;
}

static void say_unseen(const cli_check_total *t)
{
    for (size_t i = 0; i < t->unseen.n; i++) {
        cli_say(NULL, "passed on without a look inside: %" PRIu64 " %s", t->unseen.row[i].n,
                t->unseen.row[i].name);
    }
}

static void say_summary(run *r)
{
    char text[400];
    size_t n = 0;
    const cli_check_total *t = &r->total;
    const char *const names[] = {"other", "personal", "credential"};
    n += (size_t)snprintf(text, sizeof text, "%" PRIu64 " finding%s", t->found,
                          t->found == 1 ? "" : "s");
    for (int i = LEVEL_CREDENTIAL; i >= LEVEL_OTHER && t->found > 0; i--) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%" PRIu64 " %s",
                              i == LEVEL_CREDENTIAL ? " (" : ", ", t->by_level[i], names[i]);
    }
    n += (size_t)snprintf(text + n, sizeof text - n, "%s in %" PRIu64 " of %" PRIu64 " file%s",
                          t->found > 0 ? ")" : "", t->with_findings, t->files,
                          t->files == 1 ? "" : "s");
    const struct {
        uint64_t n;
        const char *what;
    } more[] = {
        {t->accepted, "accepted by a baseline"}, {t->expired, "whose acceptance expired"},
        {t->minor, "below the minimum"},         {t->n_stale, "accepted but no longer there"},
        {t->broken, "not to be checked"},        {t->fixed, "cleaned"}};
    for (size_t i = 0; i < CLI_COUNT(more); i++) {
        if (more[i].n > 0) {
            n += (size_t)snprintf(text + n, sizeof text - n, "; %" PRIu64 " %s", more[i].n,
                                  more[i].what);
        }
    }
    cli_tally_sort(&r->total.unseen, CLI_BY_COUNT);
    say_unseen(t);
    cli_say(NULL, "%s", t->files > 0 || t->broken > 0 ? text : "no HAR to check");
}

/* ---------------------------------------------------------------- the command */

static const char *contradiction(const cli_opts *o)
{
    size_t dashes = o->files_from != NULL && strcmp(o->files_from, "-") == 0;
    bool has_dash = false;
    for (size_t i = 0; i < o->args.n; i++) {
        bool dash = strcmp(o->args.at[i], "-") == 0;
        has_dash = has_dash || dash;
        dashes += dash;
    }
    const struct {
        bool wrong;
        const char *why;
    } table[] = {
        {o->args.n == 0 && o->files_from == NULL,
         "nothing to check: name files or directories, or - for standard input"},
        {dashes > 1, "standard input can be named once"},
        {o->fix && has_dash, "--fix needs files, not standard input"},
        {o->fix && o->write_baseline != NULL, "--fix and --write-baseline exclude each other"},
        {o->expires != NULL && o->write_baseline == NULL, "--expires goes with --write-baseline"},
        {o->config != NULL && o->no_config, "--config and --no-config exclude each other"},
        {o->output != NULL, "--output goes with --init; for results see --format FORMAT=FILE"},
    };
    for (size_t i = 0; i < CLI_COUNT(table); i++) {
        if (table[i].wrong) {
            return table[i].why;
        }
    }
    return NULL;
}

static void set_today(run *r)
{
    time_t now = time(NULL);
    struct tm tm;
    if (r->o->today != NULL) {
        snprintf(r->today, sizeof r->today, "%s", r->o->today);
    } else if (gmtime_r(&now, &tm) == NULL ||
               strftime(r->today, sizeof r->today, "%Y-%m-%d", &tm) == 0) {
        snprintf(r->today, sizeof r->today, "9999-12-31"); /* no clock: everything has expired */
    }
}

static cli_exit prepare(run *r)
{
    const cli_opts *o = r->o;
    bool shows = o->write_baseline == NULL || o->formats.n > 0;
    set_today(r);
    cli_exit code = cli_secret_load(&r->secret, o);
    if (code == CLI_OK) {
        code = cli_check_configs_open(&r->configs, o, &r->secret);
    }
    if (code == CLI_OK) {
        code = cli_check_find(&r->paths, o, r->configs, &r->worst);
    }
    return code == CLI_OK && shows ? cli_check_outputs_open(&r->outputs, o) : code;
}

/* Everything that is read once has been read, and of the rest the names are known. */
static void confine(const run *r)
{
    const cli_opts *o = r->o;
    cli_sandbox box;
    if (o->no_sandbox) {
        return;
    }
    cli_sandbox_begin(&box);
    for (size_t i = 0; i < r->paths.n; i++) {
        const char *path = r->paths.at[i].path;
        if (cli_fd_named(path, STDIN_FILENO) < 0) {
            cli_sandbox_reads(&box, path);
        }
        if (o->fix) {
            cli_sandbox_writes(&box, path);
        }
    }
    for (size_t i = 0; i < o->formats.n; i++) {
        const char *name = strchr(o->formats.at[i], '=');
        cli_sandbox_writes(&box, name != NULL ? name + 1 : NULL);
    }
    cli_sandbox_writes(&box, o->write_baseline);
    cli_sandbox_enter(&box);
}

static void finish(run *r)
{
    if (r->o->write_baseline != NULL) {
        worsen(r, write_baseline(r));
    }
    worsen(r, cli_check_stale_find(&r->total, &r->paths));
    r->total.code = r->worst;
    r->total.quiet = r->o->quiet;
    if (r->outputs != NULL) {
        worsen(r, cli_check_outputs_finish(r->outputs, &r->total));
    }
    if (!r->o->quiet) {
        say_summary(r);
    }
}

static cli_exit check(const cli_opts *o)
{
    if (o->init) {
        return cli_check_config_init(o);
    }
    const char *why = contradiction(o);
    if (why != NULL) {
        cli_say(NULL, "%s", why);
        return CLI_USAGE;
    }
    run r = {.o = o};
    cli_exit code = prepare(&r);
    if (code == CLI_OK) {
        confine(&r);
        code = r.paths.n > 0 ? examine_all(&r) : CLI_OK;
    }
    worsen(&r, code);
    if (code == CLI_OK) {
        finish(&r);
    }
    cli_check_outputs_close(r.outputs);
    cli_check_paths_free(&r.paths);
    cli_check_configs_close(r.configs);
    cli_secret_free(&r.secret);
    cli_tally_free(&r.total.unseen);
    free(r.total.stale);
    return r.worst;
}

const cli_command cli_command_check = {
    .name = "check",
    .summary = "look for secrets in HAR files, as in a repository",
    .usage =
        "harsan check PATH...\n"
        "       harsan check --files-from FILE    git ls-files -z | harsan check --files-from -\n"
        "       harsan check --init               a .harsan.json to begin with\n"
        "\n"
        "PATH is a file, a directory or - for standard input. Of directories and lists, *.har,\n"
        "*.har.gz and *.json that hold a HAR are checked; a named file whatever its name is.\n"
        "Options are also taken from .harsan.json, found upwards from each file.\n"
        "\n"
        "Exits with 0 when nothing was found, 1 when something was, and with the code of the\n"
        "failure (2 to 6) when a file could not be checked. --fix cleans files in place and\n"
        "still exits with 1: the next check is green. No format shows a value.",
    .bit = CLI_CMD_CHECK,
    .run = check,
};
