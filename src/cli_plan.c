/*
 * Which files a run reads and writes, decided before the first byte is read.
 *
 * Receives the options, emits one job per input. Derives the names that were not given, and refuses
 * every clash it can see: a hundred files are not begun when the last of them cannot be written.
 * cli_output guards the same names once more when it gives them to files.
 */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---------------------------------------------------------------- names */

/* A path in its parts: "dir/" "capture" ".har" ".gz". Lengths in bytes of the path. */
typedef struct parts {
    size_t dir;
    size_t stem;
    size_t ext;
    size_t gz;
} parts;

static parts split(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t len = strlen(base);
    parts p = {.dir = (size_t)(base - path)};
    if (len > 3 && memcmp(base + len - 3, ".gz", 3) == 0) {
        p.gz = 3;
        len -= 3;
    }
    p.stem = len;
    for (size_t i = 1; i < len; i++) { /* a dot in front hides a file, it begins no extension */
        if (base[i] == '.') {
            p.stem = i;
        }
    }
    p.ext = len - p.stem;
    return p;
}

/* `path` in the directory `dir` (NULL: its own), with `tail` behind the stem. */
static char *rename_to(const char *path, const char *dir, const char *tail)
{
    parts p = split(path);
    const char *own = path;
    size_t dir_len = dir != NULL ? strlen(dir) : p.dir;
    size_t room = dir_len + 1 + p.stem + strlen(tail) + 1;
    char *name = malloc(room);
    if (name != NULL) {
        bool slash = dir != NULL && dir_len > 0 && dir[dir_len - 1] != '/';
        snprintf(name, room, "%.*s%s%.*s%s", (int)dir_len, dir != NULL ? dir : own,
                 slash ? "/" : "", (int)p.stem, path + p.dir, tail);
    }
    return name;
}

/* capture.har -> capture.sanitized.har; .gz stays, and --gzip adds it. */
static char *clean_name(const char *path, const cli_opts *o)
{
    parts p = split(path);
    size_t room = sizeof ".sanitized" + p.ext + sizeof ".gz";
    char *tail = malloc(room);
    if (tail == NULL) {
        return NULL;
    }
    snprintf(tail, room, ".sanitized%.*s%s", (int)p.ext, path + p.dir + p.stem,
             p.gz > 0 || o->gzip ? ".gz" : "");
    char *name = rename_to(path, o->out_dir, tail);
    free(tail);
    return name;
}

/* ---------------------------------------------------------------- jobs */

/* The first contradiction among the options, NULL if there is none. */
static const char *contradiction(const cli_opts *o)
{
    bool from_stdin = o->args.n == 0;
    for (size_t i = 0; i < o->args.n; i++) {
        from_stdin = from_stdin || strcmp(o->args.at[i], "-") == 0;
    }
    const struct {
        bool wrong;
        const char *why;
    } table[] = {
        {o->in_place && o->output != NULL, "--in-place and --output exclude each other"},
        {o->in_place && o->out_dir != NULL, "--in-place and --out-dir exclude each other"},
        {o->output != NULL && o->out_dir != NULL, "--output and --out-dir exclude each other"},
        {o->verify && o->one_pass, "--verify reads the input again: leave --one-pass out"},
        {o->no_report && o->reports.n > 0, "--report and --no-report exclude each other"},
        {from_stdin && o->args.n > 1, "standard input cannot be one of several inputs"},
        {from_stdin && o->in_place, "--in-place needs a file, not standard input"},
        {from_stdin && o->out_dir != NULL, "--out-dir needs a file, not standard input"},
        {o->args.n > 1 && o->output != NULL, "--output takes one input; see --out-dir"},
        {o->bundle != NULL && o->in_place, "--bundle and --in-place exclude each other"},
        {o->bundle != NULL && o->out_dir != NULL, "--bundle and --out-dir exclude each other"},
        {o->args.n > 1 && o->bundle != NULL, "--bundle takes one input"},
        {o->args.n > 1 && o->reports.n > 0, "--report takes one input; see --out-dir"},
        {o->args.n == 0 && isatty(STDIN_FILENO) == 1,
         "no input: name a file, or - for standard input"},
    };
    for (size_t i = 0; i < CLI_COUNT(table); i++) {
        if (table[i].wrong) {
            return table[i].why;
        }
    }
    return NULL;
}

/* False without memory. */
static bool fill_job(cli_job *job, const cli_opts *o, const char *in)
{
    bool beside = strcmp(in, "-") != 0 && o->output == NULL && o->bundle == NULL;
    job->in = in;
    job->reports = o->reports;
    job->bundle = o->bundle;
    job->out = o->output != NULL || o->bundle != NULL ? o->output : "-";
    if (beside && o->in_place) {
        job->out = in;
    } else if (beside) {
        job->made_out = clean_name(in, o);
        job->out = job->made_out;
    }
    if (beside && o->reports.n == 0 && !o->no_report) {
        job->made_report = rename_to(in, o->out_dir, ".report.html");
        job->one[0] = job->made_report;
        job->reports = (cli_list){job->one, 1};
        return job->out != NULL && job->made_report != NULL;
    }
    return job->out != NULL || job->bundle != NULL;
}

/* ---------------------------------------------------------------- clashes */

/* One result, known by its directory and its name there, which it need not have yet. */
typedef struct target {
    dev_t dev;
    ino_t ino;
    const char *base;
    const char *name;
} target;

static int compare_targets(const void *a, const void *b)
{
    const target *x = a;
    const target *y = b;
    if (x->dev != y->dev) {
        return x->dev < y->dev ? -1 : 1;
    }
    if (x->ino != y->ino) {
        return x->ino < y->ino ? -1 : 1;
    }
    return strcmp(x->base, y->base);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return S_ISREG(a->st_mode) && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Where the directory of `name` lies. */
static cli_exit locate(target *t, const char *name)
{
    const char *slash = strrchr(name, '/');
    struct stat st;
    char *dir = slash == NULL ? strdup(".") : strndup(name, (size_t)(slash - name) + 1);
    if (dir == NULL) {
        return cli_no_memory(name);
    }
    int error = stat(dir, &st) == 0 ? 0 : errno;
    free(dir);
    if (error != 0) {
        cli_say(name, "cannot reach its directory: %s", strerror(error));
        return CLI_IO;
    }
    *t = (target){st.st_dev, st.st_ino, slash == NULL ? name : slash + 1, name};
    return CLI_OK;
}

/* May `name` be written, given the input (NULL: it could not be looked at)? */
static cli_exit check_existing(const char *name, const struct stat *in, bool force, bool *is_file)
{
    struct stat st;
    int fd = cli_fd_named(name, STDOUT_FILENO);
    bool exists = fd >= 0 ? fstat(fd, &st) == 0 : stat(name, &st) == 0;
    *is_file = fd < 0 && (!exists || S_ISREG(st.st_mode));
    if (exists && in != NULL && same_file(in, &st) && (fd >= 0 || !force)) {
        cli_say(cli_output_label(name), "is the input itself%s", fd >= 0 ? "" : "; see --in-place");
        return CLI_USAGE;
    }
    if (exists && *is_file && !force) {
        cli_say(name, "exists already; --force replaces it");
        return CLI_USAGE;
    }
    return CLI_OK;
}

/* The results of a job: output, bundle, reports; NULL past the last. Those that are not wanted are
 * skipped by the caller. */
static const char *result_of(const cli_job *job, size_t i)
{
    return i == 0 ? job->out : i == 1 ? job->bundle : job->reports.at[i - 2];
}

/* What was sanitized is read again: the output, unless it is held back anyway. */
static bool can_verify(const cli_job *job, const cli_opts *o, bool is_file)
{
    return !o->verify || is_file || job->bundle != NULL || cli_opts_trim(o);
}

/* Looks at every result of a job and appends those that are files to list[*n]. */
static cli_exit check_job(const cli_job *job, const cli_opts *o, target *list, size_t *n)
{
    struct stat st;
    int fd = cli_fd_named(job->in, STDIN_FILENO);
    const struct stat *in = (fd >= 0 ? fstat(fd, &st) : stat(job->in, &st)) == 0 ? &st : NULL;
    cli_exit code = CLI_OK;
    const char *dash = NULL; /* what goes to standard output */
    for (size_t i = 0; i < job->reports.n + 2 && code == CLI_OK; i++) {
        static const char *const kinds[] = {"output", "bundle", "report"};
        const char *name = result_of(job, i);
        if (name == NULL) {
            continue;
        }
        bool force = o->force || (i == 0 && o->in_place);
        bool is_file;
        code = check_existing(name, in, force, &is_file);
        if (code == CLI_OK && i > 1 && !cli_report_is_known(name)) {
            cli_say(name, "a report ends in .html, .md, .json or .txt");
            code = CLI_USAGE;
        }
        if (code == CLI_OK && strcmp(name, "-") == 0) {
            const char *kind = kinds[i < 2 ? i : 2];
            if (dash != NULL && dash != kind) {
                cli_say(NULL, "%s and %s cannot both go to standard output", dash, kind);
                code = CLI_USAGE;
            }
            dash = kind;
        }
        if (code == CLI_OK && i == 0 && !can_verify(job, o, is_file)) {
            cli_say(cli_output_label(name), "--verify reads the output again: it must be a file");
            code = CLI_USAGE;
        }
        if (code == CLI_OK && is_file) {
            code = locate(&list[*n], name);
            (*n)++;
        }
    }
    return code;
}

static cli_exit check_jobs(const cli_plan *plan, const cli_opts *o)
{
    size_t max = 0;
    for (size_t i = 0; i < plan->n; i++) {
        max += 2 + plan->job[i].reports.n;
    }
    target *list = calloc(max, sizeof *list);
    if (list == NULL) {
        return cli_no_memory(NULL);
    }
    size_t n = 0;
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < plan->n && code == CLI_OK; i++) {
        code = check_job(&plan->job[i], o, list, &n);
    }
    if (code == CLI_OK) {
        qsort(list, n, sizeof *list, compare_targets);
    }
    for (size_t i = 1; i < n && code == CLI_OK; i++) {
        if (compare_targets(&list[i - 1], &list[i]) == 0) {
            cli_say(list[i].name, "two results would have this name");
            code = CLI_USAGE;
        }
    }
    free(list);
    return code;
}

/* ---------------------------------------------------------------- public */

cli_exit cli_plan_make(cli_plan *plan, const cli_opts *o)
{
    static const char *const standard_input[] = {"-"};
    *plan = (cli_plan){NULL, 0};
    const char *why = contradiction(o);
    if (why != NULL) {
        cli_say(NULL, "%s", why);
        return CLI_USAGE;
    }
    const char *const *names = o->args.n > 0 ? o->args.at : standard_input;
    plan->n = o->args.n > 0 ? o->args.n : 1;
    plan->job = calloc(plan->n, sizeof *plan->job);
    bool ok = plan->job != NULL;
    for (size_t i = 0; i < plan->n && ok; i++) {
        ok = fill_job(&plan->job[i], o, names[i]);
    }
    if (!ok) {
        return cli_no_memory(NULL);
    }
    return check_jobs(plan, o);
}

void cli_plan_free(cli_plan *plan)
{
    for (size_t i = 0; i < plan->n && plan->job != NULL; i++) {
        free(plan->job[i].made_out);
        free(plan->job[i].made_report);
    }
    free(plan->job);
    *plan = (cli_plan){NULL, 0};
}
