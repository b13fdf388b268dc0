/*
 * Stale entries: what a baseline accepts and nothing has any more.
 *
 * Receives the files that were looked at, emits the entries that none of them met. Only of what can
 * be known: an entry counts when its file was looked at, or is gone and what
 * is left was looked through, and when its rule was in force. A run over a few files of many, as in
 * a hook, says nothing about the rest.
 */
#include "cli_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Files with one baseline, by name. */
typedef struct group {
    const cli_check_path **at;
    size_t n;
    bool near; /* one of them is in the baseline, so its names are meant from here; and all that is
                * left of them was looked through */
} group;

static const cli_check_baseline *baseline_of(const cli_check_path *p)
{
    return p->setup->accept;
}

static int by_baseline(const void *a, const void *b)
{
    const cli_check_path *x = *(const cli_check_path *const *)a;
    const cli_check_path *y = *(const cli_check_path *const *)b;
    if (baseline_of(x) != baseline_of(y)) {
        return (uintptr_t)baseline_of(x) < (uintptr_t)baseline_of(y) ? -1 : 1;
    }
    return strcmp(x->path, y->path);
}

static int by_name(const void *name, const void *path)
{
    return strcmp(name, (*(const cli_check_path *const *)path)->path);
}

static const cli_check_path *find(const group *g, const char *name)
{
    const cli_check_path **p = bsearch(name, g->at, g->n, sizeof *g->at, by_name);
    return p != NULL ? *p : NULL;
}

static bool in_force(const cli_check_setup *s, const char *rule)
{
    size_t i = 0;
    while (i < s->n_rules && strcmp(s->rule[i].id, rule) != 0) {
        i++;
    }
    return i < s->n_rules;
}

static bool is_gone(const char *name)
{
    struct stat st;
    return *name != '\0' && stat(name, &st) != 0 && errno == ENOENT;
}

static bool is_stale(const group *g, const cli_check_stale *e)
{
    const cli_check_path *p = find(g, e->file);
    if (strcmp(e->file, "-") == 0 || (p == NULL && !(g->near && is_gone(e->file)))) {
        return false;
    }
    return in_force(p != NULL ? p->setup : g->at[0]->setup, e->rule);
}

static bool add(cli_check_total *t, size_t *cap, const cli_check_stale *e)
{
    cli_check_stale *stale = cli_grow(t->stale, cap, t->n_stale, sizeof *stale);
    if (stale == NULL) {
        return false;
    }
    t->stale = stale;
    t->stale[t->n_stale++] = *e;
    return true;
}

static bool list(cli_check_total *t, size_t *cap, group *g, bool walked)
{
    const cli_check_baseline *b = baseline_of(g->at[0]);
    cli_check_stale e;
    bool ok = true;
    bool met;
    for (size_t i = 0; walked && !g->near && cli_check_baseline_entry(b, i, &e, &met); i++) {
        g->near = find(g, e.file) != NULL;
    }
    for (size_t i = 0; ok && cli_check_baseline_entry(b, i, &e, &met); i++) {
        ok = met || !is_stale(g, &e) || add(t, cap, &e);
    }
    return ok;
}

static int by_place(const void *a, const void *b)
{
    const cli_check_stale *x = a;
    const cli_check_stale *y = b;
    int c = strcmp(x->baseline, y->baseline);
    c = c != 0 ? c : strcmp(x->file, y->file);
    c = c != 0 ? c : strcmp(x->rule, y->rule);
    return c != 0 ? c : strcmp(x->place, y->place);
}

cli_exit cli_check_stale_find(cli_check_total *t, const cli_check_paths *paths)
{
    size_t n = 0;
    size_t cap = 0;
    const cli_check_path **at = calloc(paths->n + 1, sizeof(const cli_check_path *));
    bool ok = at != NULL;
    for (size_t i = 0; ok && i < paths->n; i++) {
        if (paths->at[i].looked && baseline_of(&paths->at[i]) != NULL) {
            at[n++] = &paths->at[i];
        }
    }
    if (n > 0) {
        qsort(at, n, sizeof *at, by_baseline);
    }
    for (size_t i = 0; ok && i < n;) {
        group g = {.at = at + i};
        while (i < n && baseline_of(at[i]) == baseline_of(g.at[0])) {
            g.n++;
            i++;
        }
        ok = list(t, &cap, &g, paths->walked);
    }
    free(at);
    if (t->n_stale > 0) {
        qsort(t->stale, t->n_stale, sizeof *t->stale, by_place);
    }
    return ok ? CLI_OK : cli_no_memory(NULL);
}
