/*
 * Which files `harsan check` looks at.
 *
 * Receives paths, directories and lists of paths, emits files in order: as they were named, those
 * of a directory by name. Of a directory and of a list only *.har, *.har.gz and *.json are taken,
 * the last only if a HAR is inside, which is seen when it is read. Must never follow a link to a
 * directory, nor look at a file twice.
 */
#define _XOPEN_SOURCE 700 /* lstat and scandir under every C library */

#include "cli_check.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LIST_MAX = 64 << 20 /* bytes of names: more is no list of names */ };

/* What is still to be looked at: a stack, so that the depth of a tree costs no depth of calls. */
typedef struct todo {
    char *path;
    bool named; /* by the user: taken whatever its name is */
} todo;

typedef struct finder {
    const cli_opts *o;
    cli_check_configs *configs;
    cli_check_paths *out;
    todo *stack;
    size_t n, cap;
    cli_exit *worst;
} finder;

/* Takes `path` over. */
static cli_exit push(finder *f, char *path, bool named)
{
    todo *stack = path != NULL ? cli_grow(f->stack, &f->cap, f->n, sizeof *stack) : NULL;
    if (stack == NULL) {
        free(path);
        return cli_no_memory(NULL);
    }
    f->stack = stack;
    f->stack[f->n++] = (todo){path, named};
    return CLI_OK;
}

static bool ends_in(const char *path, const char *tail)
{
    size_t n = strlen(path);
    size_t m = strlen(tail);
    return n > m && memcmp(path + n - m, tail, m) == 0;
}

static bool is_har_name(const char *path)
{
    return ends_in(path, ".har") || ends_in(path, ".har.gz");
}

/* Takes `path` over. */
static cli_exit accept(finder *f, char *path, cli_check_setup *setup, bool only_har, uint64_t bytes)
{
    cli_check_paths *p = f->out;
    cli_check_path *at = cli_grow(p->at, &p->cap, p->n, sizeof *at);
    if (at == NULL) {
        free(path);
        return cli_no_memory(NULL);
    }
    p->at = at;
    p->at[p->n++] = (cli_check_path){path, setup, bytes, only_har, false};
    return CLI_OK;
}

/* ---------------------------------------------------------------- directories */

static int not_dots(const struct dirent *e)
{
    return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
           strcmp(e->d_name, ".git") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static char *join(const char *dir, const char *name)
{
    size_t n = strlen(dir);
    size_t room = n + strlen(name) + 2;
    char *path = malloc(room);
    if (path != NULL) {
        snprintf(path, room, "%s%s%s", dir, n > 0 && dir[n - 1] == '/' ? "" : "/", name);
    }
    return path;
}

/* It cannot be opened, as errno tells: the others are looked at. */
static cli_exit pass_over(finder *f, const char *path)
{
    cli_exit code = cli_fail(path, "open");
    if (code == CLI_NOMEM) {
        return code;
    }
    *f->worst = *f->worst < code ? code : *f->worst;
    return CLI_OK;
}

/* The current directory is left out of names: they are those that git prints. */
static cli_exit open_dir(finder *f, const char *dir)
{
    struct dirent **entry = NULL;
    int n = scandir(dir, &entry, not_dots, by_bytes);
    f->out->walked = true;
    if (n < 0) {
        return pass_over(f, dir);
    }
    cli_exit code = CLI_OK;
    for (int i = n; i > 0; i--) {
        const char *name = entry[i - 1]->d_name;
        if (code == CLI_OK) {
            code = push(f, strcmp(dir, ".") == 0 ? strdup(name) : join(dir, name), false);
        }
        free(entry[i - 1]);
    }
    free(entry);
    return code;
}

static char *dir_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
}

static cli_exit find_setup(finder *f, const char *path, bool is_dir, cli_check_setup **out)
{
    char *dir = is_dir ? strdup(path) : dir_of(path);
    cli_exit code =
        dir != NULL ? cli_check_configs_find(f->configs, dir, out) : cli_no_memory(NULL);
    free(dir);
    return code;
}

/* A link is followed to a file, and to a directory only when the user named it. */
static cli_exit look_at(finder *f, todo *t)
{
    struct stat st;
    struct stat link;
    bool is_link = lstat(t->path, &link) == 0 && S_ISLNK(link.st_mode);
    if (stat(t->path, &st) != 0) {
        bool is_gone = errno == ENOENT || errno == ELOOP; /* as links are that lead nowhere */
        bool wanted = t->named || is_har_name(t->path) || !is_gone;
        return wanted ? pass_over(f, t->path) : CLI_OK;
    }
    bool is_dir = S_ISDIR(st.st_mode);
    bool by_name = is_har_name(t->path) || ends_in(t->path, ".json");
    if (!t->named && (is_dir ? is_link : !by_name || !S_ISREG(st.st_mode))) {
        return CLI_OK;
    }
    cli_check_setup *setup = NULL;
    bool excluded = false;
    cli_exit code = find_setup(f, t->path, is_dir, &setup);
    if (code == CLI_OK) {
        code = cli_check_configs_excluded(f->configs, setup, t->path, is_dir, &excluded);
    }
    if (code != CLI_OK || excluded) {
        return code;
    }
    if (is_dir) {
        return open_dir(f, t->path);
    }
    char *path = t->path;
    t->path = NULL;
    bool only_har = f->o->only_har || (!t->named && !is_har_name(path));
    return accept(f, path, setup, only_har, S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0);
}

static cli_exit walk(finder *f)
{
    cli_exit code = CLI_OK;
    while (f->n > 0 && code == CLI_OK) {
        todo t = f->stack[--f->n];
        code = look_at(f, &t);
        free(t.path);
    }
    return code;
}

/* ---------------------------------------------------------------- what was named */

static cli_exit take_named(finder *f, const char *path)
{
    if (strcmp(path, "-") == 0) {
        cli_check_setup *setup = NULL;
        cli_exit code = cli_check_configs_find(f->configs, ".", &setup);
        char *dash = code == CLI_OK ? strdup("-") : NULL;
        if (code == CLI_OK && dash == NULL) {
            code = cli_no_memory(NULL);
        }
        return code == CLI_OK ? accept(f, dash, setup, f->o->only_har, 0) : code;
    }
    cli_exit code = push(f, strdup(path), true);
    return code == CLI_OK ? walk(f) : code;
}

/* Names end with NUL where there is one, else with a line end. */
static cli_exit take_list(finder *f, const char *name)
{
    cli_bytes b;
    cli_exit code = cli_bytes_read(&b, name, LIST_MAX);
    if (code != CLI_OK) {
        return code;
    }
    char end = b.n > 0 && memchr(b.p, '\0', b.n) != NULL ? '\0' : '\n';
    for (size_t at = 0; at < b.n && code == CLI_OK;) {
        const unsigned char *p = b.p + at;
        const unsigned char *stop = memchr(p, end, b.n - at);
        size_t n = stop != NULL ? (size_t)(stop - p) : b.n - at;
        at += n + 1;
        if (end == '\n' && n > 0 && p[n - 1] == '\r') {
            n--;
        }
        if (n > 0) {
            code = push(f, strndup((const char *)p, n), false);
        }
        if (n > 0 && code == CLI_OK) {
            code = walk(f);
        }
    }
    cli_bytes_free(&b);
    return code;
}

/* ---------------------------------------------------------------- each once */

typedef struct identity {
    dev_t dev;
    ino_t ino;
    size_t index;
} identity;

static int by_identity(const void *a, const void *b)
{
    const identity *x = a;
    const identity *y = b;
    if (x->dev != y->dev) {
        return x->dev < y->dev ? -1 : 1;
    }
    if (x->ino != y->ino) {
        return x->ino < y->ino ? -1 : 1;
    }
    return x->index < y->index ? -1 : 1;
}

/* Marks with NULL the names of files that stand there already. */
static void mark_twins(const cli_check_paths *p, identity *id)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        struct stat st;
        if (strcmp(p->at[i].path, "-") != 0 && stat(p->at[i].path, &st) == 0 &&
            S_ISREG(st.st_mode)) {
            id[n++] = (identity){st.st_dev, st.st_ino, i};
        }
    }
    if (n > 0) {
        qsort(id, n, sizeof *id, by_identity);
    }
    for (size_t i = 1; i < n; i++) {
        if (id[i].dev == id[i - 1].dev && id[i].ino == id[i - 1].ino) {
            free(p->at[id[i].index].path);
            p->at[id[i].index].path = NULL;
        }
    }
}

static cli_exit drop_twins(cli_check_paths *p)
{
    identity *id = calloc(p->n + 1, sizeof *id);
    if (id == NULL) {
        return cli_no_memory(NULL);
    }
    mark_twins(p, id);
    free(id);
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (p->at[i].path != NULL) {
            p->at[n++] = p->at[i];
        }
    }
    p->n = n;
    return CLI_OK;
}

/* ---------------------------------------------------------------- public */

cli_exit cli_check_find(cli_check_paths *out, const cli_opts *o, cli_check_configs *configs,
                        cli_exit *worst)
{
    finder f = {.o = o, .configs = configs, .out = out, .worst = worst};
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < o->args.n && code == CLI_OK; i++) {
        code = take_named(&f, o->args.at[i]);
    }
    if (code == CLI_OK && o->files_from != NULL) {
        code = take_list(&f, o->files_from);
    }
    while (f.n > 0) {
        free(f.stack[--f.n].path);
    }
    free(f.stack);
    return code == CLI_OK ? drop_twins(out) : code;
}

void cli_check_paths_free(cli_check_paths *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free(p->at[i].path);
    }
    free(p->at);
    *p = (cli_check_paths){0};
}
