/*
 * Setups: what holds for the files of a directory.
 *
 * Receives directories, looks upwards from each for a .harsan.json, emits setups: the options, the
 * rules compiled, the baseline read. One setup per configuration, made when the first file needs
 * it. A mistake in a configuration ends the run: checked with other rules than the team's, a file
 * has not been checked.
 */
#define _XOPEN_SOURCE 700 /* realpath is in the XSI part of POSIX */

#include "cli_check.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct known_dir {
    char *dir; /* as realpath tells it */
    cli_check_setup *setup;
} known_dir;

struct cli_check_configs {
    const cli_opts *o;
    const cli_secret *secret;
    cli_check_setup *setups;
    cli_check_setup *plain; /* of the command line alone; NULL until needed */
    cli_check_setup *named; /* of --config */
    known_dir *dir; /* the one that was looked at last, and those it lies in, outermost first */
    size_t n, cap;
    char *here;                   /* the current directory */
    cli_check_baseline *baseline; /* of --baseline */
    cli_check_baseline *writer;   /* of --write-baseline */
};

/* ---------------------------------------------------------------- words */

const char *const cli_check_level_names[] = {"other", "personal", "credential", NULL};
const char *const cli_check_confidence_names[] = {"low", "medium", "high", NULL};

int cli_check_word(const char *const names[], const char *text)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0) {
            return i;
        }
    }
    return -1;
}

static cli_check_level level_of(const char *category)
{
    static const char *const personal[] = {"email", "phone", "person",  "address",
                                           "birth", "id",    "account", NULL};
    static const char *const other[] = {"network", "other", NULL};
    if (cli_check_word(personal, category) >= 0) {
        return LEVEL_PERSONAL;
    }
    return cli_check_word(other, category) >= 0 ? LEVEL_OTHER : LEVEL_CREDENTIAL;
}

/* ---------------------------------------------------------------- a setup */

static cli_check_rule pseudo_rule(int which)
{
    static const cli_check_rule rules[N_PSEUDO_RULES] = {
        [RULE_LEARNED] = {"learned", "a value that another place shows to be secret", "secret",
                          "default", SURE_MEDIUM, LEVEL_CREDENTIAL},
        [RULE_KNOWN] = {"known", "a value of --known", "secret", "default", SURE_HIGH,
                        LEVEL_CREDENTIAL},
        [RULE_LIMIT] = {"limit", "not looked into: beyond a limit", "limit", "default", SURE_HIGH,
                        LEVEL_CREDENTIAL},
        [RULE_UNSEEN] = {"unseen", "not looked into: too large", "limit", "default", SURE_HIGH,
                         LEVEL_CREDENTIAL},
    };
    return rules[which];
}

static cli_exit list_rules(cli_check_setup *s)
{
    harsan_rule_info info;
    size_t n = 0;
    while (harsan_rules_info(s->rules, n, &info)) {
        n++;
    }
    s->rule = calloc(n + N_PSEUDO_RULES, sizeof *s->rule);
    if (s->rule == NULL) {
        return cli_no_memory(NULL);
    }
    for (size_t i = 0; harsan_rules_info(s->rules, i, &info); i++) {
        int sure = cli_check_word(cli_check_confidence_names, info.confidence);
        s->rule[i] = (cli_check_rule){info.id,
                                      info.what,
                                      info.category,
                                      info.pack,
                                      sure >= 0 ? (cli_check_confidence)sure : SURE_LOW,
                                      level_of(info.category)};
    }
    for (int i = 0; i < N_PSEUDO_RULES; i++) {
        s->rule[n++] = pseudo_rule(i);
    }
    s->n_rules = n;
    return CLI_OK;
}

/* Its baseline, and the key that goes with it. */
static cli_exit take_baseline(cli_check_configs *c, cli_check_setup *s)
{
    memcpy(s->key, c->secret->key, sizeof s->key);
    s->stable = c->o->key_file != NULL;
    cli_check_baseline *b = c->writer != NULL ? c->writer : c->baseline;
    if (b == NULL && s->opts.baseline != NULL) {
        cli_exit code =
            cli_check_baseline_read(&s->baseline, s->opts.baseline, c->o, c->secret->key);
        if (code != CLI_OK) {
            return code;
        }
        b = s->baseline;
    }
    if (b != NULL) {
        cli_check_baseline_key(b, s->key);
        s->stable = true;
    }
    s->accept = c->writer == NULL ? b : NULL;
    return CLI_OK;
}

static cli_exit complete(cli_check_configs *c, cli_check_setup *s)
{
    s->min_level =
        s->opts.min_category != NULL
            ? (cli_check_level)cli_check_word(cli_check_level_names, s->opts.min_category)
            : LEVEL_OTHER;
    s->min_confidence = s->opts.min_confidence != NULL
                            ? (cli_check_confidence)cli_check_word(cli_check_confidence_names,
                                                                   s->opts.min_confidence)
                            : SURE_LOW;
    cli_exit code = cli_rules_load(&s->rules, &s->opts, s->opts.packs);
    if (code == CLI_OK) {
        code = list_rules(s);
    }
    return code == CLI_OK ? take_baseline(c, s) : code;
}

/* `name` NULL: the command line alone. */
static cli_exit make_setup(cli_check_configs *c, const char *dir, const char *name,
                           cli_check_setup **out)
{
    cli_check_setup *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return cli_no_memory(NULL);
    }
    s->next = c->setups;
    c->setups = s;
    s->opts = *c->o;
    s->opts.words = NULL;
    cli_exit code = CLI_OK;
    if (name != NULL) {
        s->dir = strdup(dir);
        code = s->dir != NULL ? cli_check_config_read(s, name) : cli_no_memory(NULL);
    }
    if (code == CLI_OK) {
        code = complete(c, s);
    }
    *out = s;
    return code;
}

static void free_setup(cli_check_setup *s)
{
    for (size_t i = 0; i < s->n_paths; i++) {
        free(s->paths[i]);
    }
    free(s->paths);
    free(s->words);
    free(s->rule);
    free(s->dir);
    harsan_rules_free(s->rules);
    cli_check_baseline_free(s->baseline);
    cli_tree_free(&s->tree);
    sodium_memzero(s->key, sizeof s->key);
    free(s);
}

/* ---------------------------------------------------------------- finding it */

static cli_exit remember(cli_check_configs *c, char *dir, cli_check_setup *s)
{
    known_dir *bigger = cli_grow(c->dir, &c->cap, c->n, sizeof *bigger);
    if (bigger == NULL) {
        free(dir);
        return cli_no_memory(NULL);
    }
    c->dir = bigger;
    c->dir[c->n++] = (known_dir){dir, s};
    return CLI_OK;
}

/* `dir` itself, or within it. */
static bool is_within(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    return strncmp(path, dir, n) == 0 && (path[n] == '\0' || path[n] == '/' || dir[n - 1] == '/');
}

/* A walk goes depth first, lists of names are sorted: what `dir` does not lie in is done with. */
static void forget_others(cli_check_configs *c, const char *dir)
{
    while (c->n > 0 && !is_within(dir, c->dir[c->n - 1].dir)) {
        free(c->dir[--c->n].dir);
    }
}

/* NULL where it is not the innermost that is known. */
static cli_check_setup *recall(const cli_check_configs *c, const char *dir)
{
    const known_dir *last = c->n > 0 ? &c->dir[c->n - 1] : NULL;
    return last != NULL && strcmp(last->dir, dir) == 0 ? last->setup : NULL;
}

/* Of the configuration in `dir`: each is read once. */
static cli_exit find_own(cli_check_configs *c, const char *dir, cli_check_setup **out)
{
    for (cli_check_setup *s = c->setups; s != NULL; s = s->next) {
        if (s->dir != NULL && strcmp(s->dir, dir) == 0) {
            *out = s;
            return CLI_OK;
        }
    }
    return make_setup(c, dir, CHECK_CONFIG, out);
}

/* A file that cannot be looked at may be there: checked without it, much would pass. */
static cli_exit is_there(const char *path, bool *out)
{
    struct stat st;
    *out = stat(path, &st) == 0;
    return *out || errno == ENOENT || errno == ENOTDIR ? CLI_OK : cli_fail(path, "open");
}

static cli_exit has_config(const char *dir, bool *out)
{
    char path[4096 + sizeof CHECK_CONFIG];
    int n = snprintf(path, sizeof path, "%s/" CHECK_CONFIG, dir);
    *out = false;
    return n > 0 && (size_t)n < sizeof path ? is_there(path, out) : CLI_OK;
}

static cli_exit find_plain(cli_check_configs *c, cli_check_setup **out)
{
    cli_exit code = c->plain == NULL ? make_setup(c, NULL, NULL, &c->plain) : CLI_OK;
    *out = c->plain;
    return code;
}

/* `dir` as realpath tells it. */
static cli_exit find_upwards(cli_check_configs *c, const char *dir, cli_check_setup **out)
{
    char *at = strdup(dir);
    cli_exit code = at != NULL ? CLI_OK : cli_no_memory(NULL);
    *out = NULL;
    while (code == CLI_OK && *out == NULL) {
        bool found = false;
        *out = recall(c, at);
        code = *out == NULL ? has_config(at, &found) : CLI_OK;
        if (found) {
            code = find_own(c, at, out);
        }
        char *slash = strrchr(at, '/');
        if (code == CLI_OK && *out == NULL && (slash == NULL || at[1] == '\0')) {
            code = find_plain(c, out);
        } else if (slash != NULL) {
            slash[slash == at ? 1 : 0] = '\0';
        }
    }
    free(at);
    return code;
}

cli_exit cli_check_configs_find(cli_check_configs *c, const char *dir, cli_check_setup **out)
{
    *out = c->named;
    if (c->named != NULL) {
        return CLI_OK;
    }
    if (c->o->no_config) {
        return find_plain(c, out);
    }
    char *real = realpath(dir, NULL);
    if (real == NULL) {
        return cli_fail(dir, "open");
    }
    forget_others(c, real);
    *out = recall(c, real);
    cli_exit code = *out == NULL ? find_upwards(c, real, out) : CLI_OK;
    if (code == CLI_OK && recall(c, real) == NULL) {
        return remember(c, real, *out);
    }
    free(real);
    return code;
}

/* ---------------------------------------------------------------- excludes */

/* Relative to `dir` where it lies in it, else without the slash in front. */
static const char *relative(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    if (path[0] == '/' && strncmp(path, dir, n) == 0 && (path[n] == '/' || n == 1)) {
        path += n;
    }
    for (;;) {
        if (path[0] == '/') {
            path++;
        } else if (path[0] == '.' && path[1] == '/') {
            path += 2;
        } else {
            return path;
        }
    }
}

/* The directory made real, the name as it is: a link is judged by where it stands. NULL: see errno.
 */
static char *real_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    char *dir = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    char *real = dir != NULL ? realpath(dir, NULL) : NULL;
    int error = errno;
    free(dir);
    if (real == NULL) {
        errno = error;
        return NULL;
    }
    size_t room = strlen(real) + strlen(base) + 2;
    char *name = malloc(room);
    if (name != NULL) {
        snprintf(name, room, "%s/%s", real, base);
    }
    free(real);
    errno = name == NULL ? ENOMEM : errno;
    return name;
}

cli_exit cli_check_configs_excluded(cli_check_configs *c, const cli_check_setup *s,
                                    const char *path, bool is_dir, bool *out)
{
    *out = cli_glob_excludes(&c->o->exclude, relative(path, c->here), is_dir);
    if (*out || s->exclude.n == 0) {
        return CLI_OK;
    }
    char *real = real_name(path);
    if (real == NULL && errno == ENOMEM) {
        return cli_no_memory(NULL);
    }
    if (real == NULL) {
        return CLI_OK; /* whoever opens it will tell why */
    }
    *out = cli_glob_excludes(&s->exclude, relative(real, s->dir), is_dir);
    free(real);
    return CLI_OK;
}

/* ---------------------------------------------------------------- life */

/* The file that is to be written may be one already: its key, dates and notes then stay. */
static cli_exit open_writer(cli_check_configs *c)
{
    const char *from = c->o->baseline != NULL ? c->o->baseline : c->o->write_baseline;
    bool found = c->o->baseline != NULL;
    cli_exit code = found ? CLI_OK : is_there(from, &found);
    if (code != CLI_OK) {
        return code;
    }
    if (found) {
        return cli_check_baseline_read(&c->writer, from, c->o, c->secret->key);
    }
    c->writer = cli_check_baseline_new(c->o, c->secret->key);
    return c->writer != NULL ? CLI_OK : cli_no_memory(NULL);
}

static cli_exit open_named(cli_check_configs *c)
{
    char *real = real_name(c->o->config);
    if (real == NULL) {
        return cli_fail(c->o->config, "open");
    }
    char *slash = strrchr(real, '/'); /* there is one */
    *slash = '\0';
    cli_exit code = make_setup(c, *real != '\0' ? real : "/", slash + 1, &c->named);
    free(real);
    return code;
}

cli_exit cli_check_configs_open(cli_check_configs **out, const cli_opts *o,
                                const cli_secret *secret)
{
    cli_check_configs *c = calloc(1, sizeof *c);
    *out = c;
    if (c == NULL) {
        return cli_no_memory(NULL);
    }
    c->o = o;
    c->secret = secret;
    c->here = realpath(".", NULL);
    if (c->here == NULL && errno != ENOMEM) {
        c->here = strdup("/");
    }
    cli_exit code = c->here != NULL ? CLI_OK : cli_no_memory(NULL);
    if (code == CLI_OK && o->write_baseline != NULL) {
        code = open_writer(c);
    } else if (code == CLI_OK && o->baseline != NULL) {
        code = cli_check_baseline_read(&c->baseline, o->baseline, o, secret->key);
    }
    return code == CLI_OK && o->config != NULL ? open_named(c) : code;
}

cli_check_baseline *cli_check_configs_writer(cli_check_configs *c)
{
    return c->writer;
}

void cli_check_configs_close(cli_check_configs *c)
{
    if (c == NULL) {
        return;
    }
    for (cli_check_setup *s = c->setups, *next; s != NULL; s = next) {
        next = s->next;
        free_setup(s);
    }
    for (size_t i = 0; i < c->n; i++) {
        free(c->dir[i].dir);
    }
    cli_check_baseline_free(c->baseline);
    cli_check_baseline_free(c->writer);
    free(c->dir);
    free(c->here);
    free(c);
}
