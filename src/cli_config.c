/*
 * The configuration of `harsan check`: .harsan.json.
 *
 * Receives a file, adds what it says to the options of a setup; writes a file to begin with. JSON
 * with comments; unknown keys are errors. rules/config.schema.json says the same to editors.
 *   $schema           for editors
 *   packs             list of pii, network, strict
 *   rules             list of rule files
 *   no_default_rules  true: only those
 *   keep, redact      lists of KIND:NAME, as the options
 *   redact_host       list of hosts or *.DOMAIN
 *   exclude           list of patterns as in a .gitignore
 *   min_category      credential, personal or other
 *   min_confidence    high, medium or low
 *   baseline          a file
 * Files and patterns are relative to the directory of the configuration. Lists add to those of the
 * command line; of the others, what the command line says goes before.
 */
#include "cli_check.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { CONFIG_MAX = 1 << 20 };

/* ---------------------------------------------------------------- the file */

typedef enum item { IGNORED, PACKS, PATHS, WORDS, NAMES, PATH, FLAG, LEVEL, CONFIDENCE } item;

static const struct config_key {
    const char *name;
    item item;
    size_t at; /* of the list or flag in struct cli_opts */
} keys[] = {
    {"$schema", IGNORED, 0},
    {"packs", PACKS, 0},
    {"rules", PATHS, offsetof(cli_opts, rules)},
    {"no_default_rules", FLAG, offsetof(cli_opts, no_default_rules)},
    {"keep", NAMES, offsetof(cli_opts, keep)},
    {"redact", NAMES, offsetof(cli_opts, redact)},
    {"redact_host", WORDS, offsetof(cli_opts, redact_host)},
    {"exclude", WORDS, 0},
    {"min_category", LEVEL, 0},
    {"min_confidence", CONFIDENCE, 0},
    {"baseline", PATH, 0},
};

enum { N_KEYS = CLI_COUNT(keys) };

static size_t count(const cli_node *n)
{
    size_t children = 0;
    for (const cli_node *c = n->first; c != NULL; c = c->next) {
        children++;
    }
    return children;
}

/* `name` as the file means it: from its own directory on. NULL without memory; owned by s. */
static const char *own_path(cli_check_setup *s, const char *name)
{
    char **paths = realloc(s->paths, (s->n_paths + 1) * sizeof *paths);
    if (paths == NULL) {
        return NULL;
    }
    s->paths = paths;
    size_t room = strlen(s->dir) + strlen(name) + 2;
    char *path = malloc(room);
    if (path != NULL) {
        snprintf(path, room, "%s%s%s", name[0] == '/' ? "" : s->dir, name[0] == '/' ? "" : "/",
                 name);
        paths[s->n_paths++] = path;
    }
    return path;
}

static cli_exit take_word(cli_check_setup *s, const struct config_key *key, const cli_node *n,
                          cli_list *to)
{
    if (n->kind != TREE_STRING || n->text[0] == '\0') {
        return cli_tree_blame(&s->tree, n->pos, "\"%s\" must be a list of strings", key->name);
    }
    if (key->item == NAMES && cli_quick_kind(n->text, NULL) == NULL) {
        return cli_tree_blame(&s->tree, n->pos, "\"%s\" takes KIND:NAME", key->name);
    }
    if (key->item == PACKS) {
        return cli_packs_parse(&s->opts.packs, n->text)
                   ? CLI_OK
                   : cli_tree_blame(&s->tree, n->pos, "no such pack");
    }
    const char *word = key->item == PATHS ? own_path(s, n->text) : n->text;
    if (word == NULL) {
        return cli_no_memory(NULL);
    }
    to->at[to->n] = word;
    to->n++;
    return CLI_OK;
}

/* Appends to the list of the command line; *room is where the setup's words may go. */
static cli_exit take_list(cli_check_setup *s, const struct config_key *key, const cli_node *n,
                          const char ***room)
{
    cli_list unused = {NULL, 0};
    cli_list *to = key->item == PACKS ? &unused
                   : key->at != 0     ? (cli_list *)((char *)&s->opts + key->at)
                                      : &s->exclude;
    if (n->kind != TREE_ARRAY) {
        return cli_tree_blame(&s->tree, n->pos, "\"%s\" must be a list of strings", key->name);
    }
    if (to != &unused) {
        if (to->n > 0) {
            memcpy(*room, to->at, to->n * sizeof *to->at);
        }
        to->at = *room;
        *room += to->n + count(n);
    }
    cli_exit code = CLI_OK;
    for (const cli_node *c = n->first; c != NULL && code == CLI_OK; c = c->next) {
        code = take_word(s, key, c, to);
    }
    return code;
}

/* What the command line says goes before what the file says. */
static cli_exit take_choice(cli_check_setup *s, const struct config_key *key, const cli_node *n)
{
    bool level = key->item == LEVEL;
    int word =
        n->kind == TREE_STRING
            ? cli_check_word(level ? cli_check_level_names : cli_check_confidence_names, n->text)
            : -1;
    if (word < 0) {
        return cli_tree_blame(&s->tree, n->pos, "\"%s\" must be %s", key->name,
                              level ? "credential, personal or other" : "high, medium or low");
    }
    if (level && s->opts.min_category == NULL) {
        s->opts.min_category = n->text;
    } else if (!level && s->opts.min_confidence == NULL) {
        s->opts.min_confidence = n->text;
    }
    return CLI_OK;
}

static cli_exit take_key(cli_check_setup *s, const struct config_key *key, const cli_node *n,
                         const char ***room)
{
    switch (key->item) {
    case PACKS:
    case PATHS:
    case WORDS:
    case NAMES:
        return take_list(s, key, n, room);
    case LEVEL:
    case CONFIDENCE:
        return take_choice(s, key, n);
    case FLAG:
        if (n->kind != TREE_BOOL) {
            return cli_tree_blame(&s->tree, n->pos, "\"%s\" must be true or false", key->name);
        }
        *(bool *)((char *)&s->opts + key->at) |= n->flag;
        break;
    case PATH:
        if (n->kind != TREE_STRING || n->text[0] == '\0') {
            return cli_tree_blame(&s->tree, n->pos, "\"%s\" must be a string", key->name);
        }
        if (s->opts.baseline == NULL) {
            s->opts.baseline = own_path(s, n->text);
            return s->opts.baseline != NULL ? CLI_OK : cli_no_memory(NULL);
        }
        break;
    case IGNORED:
        break;
    }
    return CLI_OK;
}

/* Room for every word of both. */
static cli_exit make_room(cli_check_setup *s)
{
    size_t n = s->opts.rules.n + s->opts.keep.n + s->opts.redact.n + s->opts.redact_host.n + 1;
    for (const cli_node *c = s->tree.root->first; c != NULL; c = c->next) {
        n += count(c);
    }
    s->words = calloc(n, sizeof *s->words);
    return s->words != NULL ? CLI_OK : cli_no_memory(NULL);
}

cli_exit cli_check_config_read(cli_check_setup *s, const char *name)
{
    const char *path = own_path(s, name);
    cli_exit code = path != NULL ? cli_tree_read(&s->tree, path, CONFIG_MAX) : cli_no_memory(NULL);
    if (code != CLI_OK) {
        return code;
    }
    if (s->tree.root->kind != TREE_OBJECT) {
        return cli_tree_blame(&s->tree, s->tree.root->pos, "a configuration is an object");
    }
    code = make_room(s);
    const char **room = s->words;
    for (const cli_node *n = s->tree.root->first; n != NULL && code == CLI_OK; n = n->next) {
        size_t i = 0;
        while (i < N_KEYS && strcmp(keys[i].name, n->key) != 0) {
            i++;
        }
        code = i < N_KEYS ? take_key(s, &keys[i], n, &room)
                          : cli_tree_blame(&s->tree, n->key_pos, "unknown key");
    }
    return code;
}

/* ---------------------------------------------------------------- a file to begin with */

cli_exit cli_check_config_init(const cli_opts *o)
{
    static const char *const starter =
        "// Configuration of `harsan check` for this directory and all below it.\n"
        "// Files and patterns are relative to the directory of this file.\n"
        "{\n"
        "    // More rules: pii (names, addresses), network (IP addresses), strict (everything)\n"
        "    \"packs\": [],\n"
        "\n"
        "    // Rule files of your own, as `harsan rules init` begins one\n"
        "    \"rules\": [],\n"
        "\n"
        "    // Names whose values are harmless here, and names whose values are secret:\n"
        "    // KIND:NAME with header, cookie, param, key, field, text or any\n"
        "    \"keep\": [],\n"
        "    \"redact\": [],\n"
        "    \"redact_host\": [],\n"
        "\n"
        "    // Patterns as in a .gitignore\n"
        "    \"exclude\": [\"node_modules/\"],\n"
        "\n"
        "    // credential: lets a stranger act as somebody; personal: also data of persons;\n"
        "    // other: everything\n"
        "    \"min_category\": \"other\",\n"
        "\n"
        "    // high: check digits, prefixes of vendors; medium: also telling names; low: all\n"
        "    \"min_confidence\": \"low\"\n"
        "\n"
        "    // Accepted findings, written by: harsan check --write-baseline harsan-baseline.json "
        ".\n"
        "    // \"baseline\": \"harsan-baseline.json\"\n"
        "}\n";
    cli_output *out;
    cli_exit code = cli_output_open(&out, o->output != NULL ? o->output : CHECK_CONFIG,
                                    (cli_output_how){.force = o->force});
    if (code == CLI_OK) {
        code = cli_output_write(out, starter, strlen(starter));
    }
    return cli_output_settle(out, code);
}
