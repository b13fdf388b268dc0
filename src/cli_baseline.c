/*
 * Baselines: findings that a team has looked at and accepts, for good or until a date.
 *
 * Receives fingerprints, says whether they are accepted, writes those that are to be. A fingerprint
 * is a keyed hash of rule, place and value; the key is random and lies in the file, or is that of
 * --key-file and does not. Must never hold a value, nor anything from which one can be told without
 * the key.
 *
 * Schema "harsan-baseline", version 1; unknown keys are errors:
 *   $schema, schema, schema_version
 *   key        64 hexadecimal digits; or instead of it
 *   key_check  a hash of the key of --key-file, to tell when it is another one
 *   accepted   [ { fingerprint, rule, place, file, expires, note } ]  by file, rule and place.
 *              fingerprint: 32 hexadecimal digits, all that counts. rule, place (indexes as #),
 *              file: where it was when the entry was written, for people. expires: YYYY-MM-DD, the
 *              last day on which the entry counts. note: for people, kept when the file is written
 *              anew
 */
#include "cli_check.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    FILE_MAX = 64 << 20, /* some 200,000 entries */
    KEY_BYTES = 32,
    CHECK_BYTES = 16
};

typedef struct entry {
    cli_fingerprint fingerprint;
    const char *rule; /* texts of the tree, or copied */
    const char *place;
    const char *file;
    const char *expires; /* NULL = for good */
    const char *note;
    bool copied;
} entry;

typedef struct entries {
    entry *at;
    size_t n, cap;
} entries;

struct cli_check_baseline {
    cli_tree tree;
    unsigned char key[KEY_BYTES];
    bool own_key;     /* in the file */
    entries old;      /* as read; sorted */
    atomic_bool *met; /* each of them; of several with one fingerprint, one */
    entries fresh;    /* to be written */
};

/* ---------------------------------------------------------------- the key */

/* Of the key of --key-file: 128 bits, too many to find a key by. */
static void make_check(char hex[2 * CHECK_BYTES + 1], const unsigned char key[32])
{
    unsigned char hash[CHECK_BYTES];
    static const unsigned char context[] = "harsan baseline key 1";
    crypto_generichash(hash, sizeof hash, context, sizeof context, key, KEY_BYTES);
    sodium_bin2hex(hex, 2 * CHECK_BYTES + 1, hash, sizeof hash);
}

/* ---------------------------------------------------------------- entries */

static entry *new_entry(entries *e)
{
    entry *at = cli_grow(e->at, &e->cap, e->n, sizeof *at);
    if (at == NULL) {
        return NULL;
    }
    e->at = at;
    e->at[e->n] = (entry){.expires = NULL};
    return &e->at[e->n++];
}

static int by_fingerprint(const void *a, const void *b)
{
    return memcmp(((const entry *)a)->fingerprint.b, ((const entry *)b)->fingerprint.b,
                  FINGERPRINT_BYTES);
}

static int by_place(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;
    int c = strcmp(x->file, y->file);
    c = c != 0 ? c : strcmp(x->rule, y->rule);
    c = c != 0 ? c : strcmp(x->place, y->place);
    return c != 0 ? c : by_fingerprint(a, b);
}

static const entry *find(const cli_check_baseline *b, const cli_fingerprint *fingerprint)
{
    entry want = {.fingerprint = *fingerprint};
    return b->old.n > 0 ? bsearch(&want, b->old.at, b->old.n, sizeof want, by_fingerprint) : NULL;
}

cli_check_known cli_check_baseline_look(const cli_check_baseline *b,
                                        const cli_fingerprint *fingerprint, const char *today,
                                        const char **expires)
{
    const entry *e = find(b, fingerprint);
    if (e == NULL) {
        return KNOWN_NOT;
    }
    atomic_store_explicit(&b->met[e - b->old.at], true, memory_order_relaxed);
    *expires = e->expires;
    return e->expires != NULL && strcmp(today, e->expires) > 0 ? KNOWN_EXPIRED : KNOWN_ACCEPTED;
}

bool cli_check_baseline_entry(const cli_check_baseline *b, size_t i, cli_check_stale *out,
                              bool *met)
{
    if (i >= b->old.n) {
        return false;
    }
    const entry *e = &b->old.at[i];
    *met =
        atomic_load_explicit(&b->met[find(b, &e->fingerprint) - b->old.at], memory_order_relaxed);
    *out = (cli_check_stale){b->tree.name, e->rule, e->place, e->file};
    return true;
}

/* ---------------------------------------------------------------- reading */

/* The key is any that the file has: it is not shown. */
static cli_exit need_text(const cli_tree *t, const cli_node *n)
{
    return n->kind == TREE_STRING ? CLI_OK : cli_tree_blame(t, n->pos, "a string is expected here");
}

static cli_exit read_fingerprint(const cli_tree *t, const cli_node *n, cli_fingerprint *out)
{
    size_t made = 0;
    if (strlen(n->text) != 2 * FINGERPRINT_BYTES ||
        sodium_hex2bin(out->b, FINGERPRINT_BYTES, n->text, 2 * FINGERPRINT_BYTES, NULL, &made,
                       NULL) != 0 ||
        made != FINGERPRINT_BYTES) {
        return cli_tree_blame(t, n->pos, "a fingerprint has %d hexadecimal digits",
                              2 * FINGERPRINT_BYTES);
    }
    return CLI_OK;
}

static cli_exit read_field(const cli_tree *t, const cli_node *n, entry *e, bool *has_fingerprint)
{
    const struct {
        const char *key;
        const char **at;
    } texts[] = {{"rule", &e->rule},
                 {"place", &e->place},
                 {"file", &e->file},
                 {"note", &e->note},
                 {"expires", &e->expires}};
    cli_exit code = need_text(t, n);
    if (code == CLI_OK && strcmp(n->key, "fingerprint") == 0) {
        *has_fingerprint = true;
        return read_fingerprint(t, n, &e->fingerprint);
    }
    for (size_t i = 0; i < CLI_COUNT(texts) && code == CLI_OK; i++) {
        if (strcmp(n->key, texts[i].key) == 0) {
            *texts[i].at = n->text;
            return texts[i].at != &e->expires || cli_time_is_date(n->text)
                       ? CLI_OK
                       : cli_tree_blame(t, n->pos, "\"expires\" must be a date: YYYY-MM-DD");
        }
    }
    return code == CLI_OK ? cli_tree_blame(t, n->key_pos, "unknown key") : code;
}

static cli_exit read_entry(cli_check_baseline *b, const cli_node *n)
{
    bool has_fingerprint = false;
    if (n->kind != TREE_OBJECT) {
        return cli_tree_blame(&b->tree, n->pos, "an entry must be an object");
    }
    entry *e = new_entry(&b->old);
    if (e == NULL) {
        return cli_no_memory(b->tree.name);
    }
    e->rule = e->place = e->file = "";
    cli_exit code = CLI_OK;
    for (const cli_node *c = n->first; c != NULL && code == CLI_OK; c = c->next) {
        code = read_field(&b->tree, c, e, &has_fingerprint);
    }
    return code == CLI_OK && !has_fingerprint
               ? cli_tree_blame(&b->tree, n->pos, "the entry has no \"fingerprint\"")
               : code;
}

static cli_exit read_key(cli_check_baseline *b, const cli_node *n)
{
    size_t made = 0;
    cli_exit code = need_text(&b->tree, n);
    if (code == CLI_OK &&
        (sodium_hex2bin(b->key, KEY_BYTES, n->text, strlen(n->text), NULL, &made, NULL) != 0 ||
         made != KEY_BYTES)) {
        code = cli_tree_blame(&b->tree, n->pos, "the key has %d hexadecimal digits", 2 * KEY_BYTES);
    }
    b->own_key = true;
    return code;
}

static cli_exit read_key_check(cli_check_baseline *b, const cli_node *n, const cli_opts *o,
                               const unsigned char key[32])
{
    char hex[2 * CHECK_BYTES + 1];
    cli_exit code = need_text(&b->tree, n);
    make_check(hex, key);
    if (code == CLI_OK && (o->key_file == NULL || strcmp(hex, n->text) != 0)) {
        cli_say(b->tree.name, o->key_file == NULL ? "needs --key-file: it was written with one"
                                                  : "was written with another --key-file");
        return CLI_USAGE;
    }
    memcpy(b->key, key, KEY_BYTES);
    return code;
}

static cli_exit read_accepted(cli_check_baseline *b, const cli_node *n)
{
    if (n->kind != TREE_ARRAY) {
        return cli_tree_blame(&b->tree, n->pos, "\"accepted\" must be a list");
    }
    cli_exit code = CLI_OK;
    for (const cli_node *c = n->first; c != NULL && code == CLI_OK; c = c->next) {
        code = read_entry(b, c);
    }
    return code;
}

static cli_exit read_top(cli_check_baseline *b, const cli_opts *o, const unsigned char key[32])
{
    const cli_tree *t = &b->tree;
    unsigned seen = 0; /* schema, version, a key */
    cli_exit code = t->root->kind == TREE_OBJECT ? CLI_OK : CLI_USAGE;
    for (const cli_node *n = t->root->first; n != NULL && code == CLI_OK; n = n->next) {
        if (strcmp(n->key, "schema") == 0) {
            seen |= n->kind == TREE_STRING && strcmp(n->text, "harsan-baseline") == 0 ? 1 : 0;
        } else if (strcmp(n->key, "schema_version") == 0) {
            seen |= n->kind == TREE_NUMBER && strcmp(n->text, "1") == 0 ? 2 : 0;
        } else if (strcmp(n->key, "key") == 0) {
            seen |= 4;
            code = read_key(b, n);
        } else if (strcmp(n->key, "key_check") == 0) {
            seen |= 4;
            code = read_key_check(b, n, o, key);
        } else if (strcmp(n->key, "accepted") == 0) {
            code = read_accepted(b, n);
        } else if (strcmp(n->key, "$schema") != 0) {
            code = cli_tree_blame(t, n->key_pos, "unknown key");
        }
    }
    if (seen != 7 && code <= CLI_USAGE) {
        cli_say(t->name, "not a baseline of harsan");
        code = CLI_USAGE;
    }
    return code;
}

cli_exit cli_check_baseline_read(cli_check_baseline **out, const char *name, const cli_opts *o,
                                 const unsigned char key[32])
{
    cli_check_baseline *b = calloc(1, sizeof *b);
    *out = NULL;
    if (b == NULL) {
        return cli_no_memory(name);
    }
    cli_exit code = cli_tree_read(&b->tree, name, FILE_MAX);
    if (code == CLI_OK) {
        code = read_top(b, o, key);
    }
    b->met = code == CLI_OK ? calloc(b->old.n + 1, sizeof *b->met) : NULL;
    if (code == CLI_OK && b->met == NULL) {
        code = cli_no_memory(name);
    }
    if (code != CLI_OK) {
        cli_check_baseline_free(b);
        return code;
    }
    if (b->old.n > 0) {
        qsort(b->old.at, b->old.n, sizeof *b->old.at, by_fingerprint);
    }
    *out = b;
    return CLI_OK;
}

cli_check_baseline *cli_check_baseline_new(const cli_opts *o, const unsigned char key[32])
{
    cli_check_baseline *b = calloc(1, sizeof *b);
    if (b != NULL) {
        b->own_key = o->key_file == NULL;
        memcpy(b->key, key, KEY_BYTES);
    }
    return b;
}

void cli_check_baseline_key(const cli_check_baseline *b, unsigned char key[32])
{
    memcpy(key, b->key, KEY_BYTES);
}

/* ---------------------------------------------------------------- writing */

bool cli_check_baseline_add(cli_check_baseline *b, const cli_fingerprint *fingerprint,
                            const char *file, const cli_check_rule *rule, const char *place,
                            const char *expires)
{
    char general[FINGERPRINT_PLACE];
    const entry *old = find(b, fingerprint);
    entry *e = new_entry(&b->fresh);
    cli_fingerprint_general(general, place);
    if (e == NULL) {
        return false;
    }
    e->fingerprint = *fingerprint;
    e->rule = strdup(rule->id);
    e->place = strdup(general);
    e->file = strdup(file);
    e->copied = true;
    e->expires = old != NULL ? old->expires : expires;
    e->note = old != NULL ? old->note : NULL;
    return e->rule != NULL && e->place != NULL && e->file != NULL;
}

static void free_entries(entries *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->at[i].copied) {
            free((char *)(uintptr_t)e->at[i].rule);
            free((char *)(uintptr_t)e->at[i].place);
            free((char *)(uintptr_t)e->at[i].file);
        }
    }
    free(e->at);
    *e = (entries){0};
}

static int by_fingerprint_there(const void *a, const void *b)
{
    const entry *const *x = a;
    const entry *const *y = b;
    int c = by_fingerprint(*x, *y);
    return c != 0 ? c : by_place(*x, *y);
}

static int by_place_there(const void *a, const void *b)
{
    const entry *const *x = a;
    const entry *const *y = b;
    return by_place(*x, *y);
}

/* One entry per fingerprint, by place: of several that share one, the first. NULL without memory.
 */
static const entry **unique(const entries *e, size_t *n)
{
    const entry **keep = malloc((e->n + 1) * sizeof *keep);
    *n = 0;
    if (keep == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < e->n; i++) {
        keep[i] = &e->at[i];
    }
    qsort(keep, e->n, sizeof *keep, by_fingerprint_there);
    for (size_t i = 0; i < e->n; i++) {
        if (*n == 0 || by_fingerprint(keep[*n - 1], keep[i]) != 0) {
            keep[(*n)++] = keep[i];
        }
    }
    qsort(keep, *n, sizeof *keep, by_place_there);
    return keep;
}

static void put_entry(cli_check_sink *s, const entry *e, bool first)
{
    char hex[2 * FINGERPRINT_BYTES + 1];
    cli_fingerprint_hex(hex, &e->fingerprint);
    cli_check_putf(s, "%s\n    {\"fingerprint\": \"%s\", \"rule\": ", first ? "" : ",", hex);
    cli_check_put_json(s, e->rule);
    cli_check_put(s, ", \"place\": ");
    cli_check_put_json(s, e->place);
    cli_check_put(s, ", \"file\": ");
    cli_check_put_json(s, e->file);
    if (e->expires != NULL) {
        cli_check_putf(s, ", \"expires\": \"%s\"", e->expires);
    }
    if (e->note != NULL) {
        cli_check_put(s, ", \"note\": ");
        cli_check_put_json(s, e->note);
    }
    cli_check_put(s, "}");
}

static void put_all(cli_check_sink *s, const cli_check_baseline *b, const entry *const *keep,
                    size_t n)
{
    char hex[2 * KEY_BYTES + 1];
    cli_check_put(s, "{\n  \"schema\": \"harsan-baseline\",\n  \"schema_version\": 1,\n");
    if (b->own_key) {
        sodium_bin2hex(hex, sizeof hex, b->key, KEY_BYTES);
        cli_check_putf(s, "  \"key\": \"%s\",\n", hex);
    } else {
        make_check(hex, b->key);
        cli_check_putf(s, "  \"key_check\": \"%s\",\n", hex);
    }
    cli_check_put(s, "  \"accepted\": [");
    for (size_t i = 0; i < n; i++) {
        put_entry(s, keep[i], i == 0);
    }
    cli_check_put(s, n > 0 ? "\n  ]\n}\n" : "]\n}\n");
    sodium_memzero(hex, sizeof hex);
}

/* That an existing file is a baseline was seen when it was read for its key and its dates. */
cli_exit cli_check_baseline_write(const cli_check_baseline *b, const char *name, const cli_opts *o,
                                  uint64_t *n)
{
    size_t count = 0;
    cli_check_sink s = {.code = CLI_OK};
    struct stat st;
    bool is_read = b->tree.name != NULL && strcmp(b->tree.name, name) == 0;
    if (!is_read && !o->force && stat(name, &st) == 0) {
        cli_say(name, "exists already; --force replaces it");
        return CLI_USAGE;
    }
    const entry **keep = unique(&b->fresh, &count);
    if (keep == NULL) {
        return cli_no_memory(name);
    }
    s.code = cli_output_open(&s.out, name, (cli_output_how){.force = true});
    put_all(&s, b, keep, count);
    free(keep);
    if (s.code == CLI_OK && cli_output_size(s.out) > FILE_MAX) {
        cli_say(name, "not written: %zu findings are too many for a baseline", count);
        s.code = CLI_LIMIT;
    }
    *n = count;
    return cli_output_settle(s.out, s.code);
}

void cli_check_baseline_free(cli_check_baseline *b)
{
    if (b == NULL) {
        return;
    }
    free_entries(&b->old);
    free_entries(&b->fresh);
    free(b->met);
    cli_tree_free(&b->tree);
    sodium_memzero(b, sizeof *b);
    free(b);
}
