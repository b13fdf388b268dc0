/*
 * Quick rules: what --keep, --redact and --redact-host ask for, as the text of a rule file.
 *
 * Receives words of the command line, emits a rule for each, on a line of its own, so that a
 * mistake that the library finds can be told of the word. Whatever a word holds stands in a JSON
 * string, and in a pattern as itself.
 */
#include "cli.h"
#include "cli_escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- text */

static bool add_bytes(cli_bytes *b, const void *p, size_t n)
{
    unsigned char *bigger = realloc(b->p, b->n + n + 1);
    if (bigger == NULL) {
        return false;
    }
    b->p = bigger;
    memcpy(b->p + b->n, p, n);
    b->n += n;
    return true;
}

static bool add_text(cli_bytes *b, const char *text)
{
    return add_bytes(b, text, strlen(text));
}

/* The inside of a JSON string; in a template a brace is doubled. */
static bool add_quoted(cli_bytes *b, const char *text, bool template)
{
    bool ok = true;
    for (const char *p = text; *p != '\0' && ok; p++) {
        char room[CLI_ESCAPE_ROOM];
        const char *escape = cli_escape_json(*p, room);
        if (escape != NULL) {
            ok = add_text(b, escape);
        } else if (*p == '{' && template) {
            ok = add_text(b, "{{");
        } else {
            ok = add_bytes(b, p, 1);
        }
    }
    return ok;
}

static bool add_head(cli_bytes *b, const char *kind, size_t i, const char *what,
                     const char *category)
{
    char head[160];
    snprintf(head, sizeof head,
             "{ \"id\": \"cli-%s-%zu\", \"what\": \"%s\", \"category\": \"%s\", ", kind, i + 1,
             what, category);
    return add_text(b, head);
}

/* ---------------------------------------------------------------- names */

const char *cli_quick_kind(const char *word, const char **name)
{
    static const char *const kinds[] = {"header", "cookie", "param", "key", "field", "text", "any"};
    const size_t len = strcspn(word, ":");
    for (size_t i = 0; i < CLI_COUNT(kinds); i++) {
        if (strlen(kinds[i]) == len && memcmp(kinds[i], word, len) == 0 && word[len] == ':' &&
            word[len + 1] != '\0') {
            if (name != NULL) {
                *name = word + len + 1;
            }
            return kinds[i];
        }
    }
    return NULL;
}

/* `how` is what tells a rule that keeps from one that redacts. The parser has checked the word. */
static bool add_name_rule(cli_bytes *b, const char *word, const char *how)
{
    const char *name = "";
    const char *kind = cli_quick_kind(word, &name);
    bool ok = true;
    if (strcmp(kind, "any") != 0) {
        ok = add_text(b, "\"where\": [\"") && add_text(b, kind) && add_text(b, "\"], ");
    }
    return ok && add_text(b, "\"match\": \"exact\", ") && add_text(b, how) &&
           add_text(b, "\"names\": [\"") && add_quoted(b, name, false) &&
           add_text(b, "\"], \"hit\": [\"") && add_quoted(b, name, true) &&
           add_text(b, "={12 alnum}\"], \"miss\": [\"") && add_quoted(b, name, true) &&
           add_text(b, "-other={12 alnum}\"] },\n");
}

/* ---------------------------------------------------------------- hosts */

static bool is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

/* A name of RFC 1123 section 2.1, or such a domain behind `*.`. Of what is shorter the scan would
 * not see the last one in a text. */
static bool is_host_glob(const char *glob)
{
    enum { SHORTEST = 6, LONGEST = 253 }; /* RFC 1035 section 2.3.4 */
    const char *host = strncmp(glob, "*.", 2) == 0 ? glob + 2 : glob;
    const size_t len = strlen(host);
    char before = '.';
    for (const char *p = host; *p != '\0'; p++) {
        const bool edge = before == '.' || p[1] == '\0' || p[1] == '.';
        if (!is_host_byte(*p) || (edge && (*p == '.' || *p == '-'))) {
            return false;
        }
        before = *p;
    }
    return len >= SHORTEST && len <= LONGEST;
}

/* The host as a pattern. */
static bool add_literal(cli_bytes *b, const char *host)
{
    bool ok = true;
    for (const char *p = host; *p != '\0' && ok; p++) {
        ok = *p == '.' ? add_text(b, "[.]") : add_bytes(b, p, 1);
    }
    return ok;
}

/* The host ends there; a dot behind it may end a sentence, or be the root's. */
static bool add_host_rule(cli_bytes *b, const char *glob)
{
    const bool within = glob[0] == '*';
    const char *anchor = within ? glob + 1 : glob;
    return add_text(b, within ? "\"before\": \"host\", \"before_max\": 253, " : "") &&
           add_text(b, "\"nocase\": true, \"anchor\": [\"") && add_text(b, anchor) &&
           add_text(b, "\"], \"pattern\": \"(?i)") &&
           add_text(b, within ? "" : "(?<![A-Za-z0-9._-])") && add_literal(b, anchor) &&
           add_text(b, "(?![A-Za-z0-9_-]|[.][A-Za-z0-9_-])\", \"hit\": [\"") &&
           add_text(b, within ? "{8 lower}" : "") && add_text(b, anchor) &&
           add_text(b, "\"], \"miss\": [\"") && add_text(b, anchor) &&
           add_text(b, ".{8 lower}\"] },\n");
}

/* ---------------------------------------------------------------- all of them */

static bool add_names(cli_bytes *b, const cli_opts *o)
{
    bool ok = true;
    for (size_t i = 0; i < o->keep.n && ok; i++) {
        ok = add_head(b, "keep", i, "Kept by --keep", "other") &&
             add_name_rule(b, o->keep.at[i], "\"action\": \"keep\", ");
    }
    for (size_t i = 0; i < o->redact.n && ok; i++) {
        ok = add_head(b, "redact", i, "Named by --redact", "other") &&
             add_name_rule(b, o->redact.at[i], "\"value\": \"any\", \"numbers\": true, ");
    }
    return ok;
}

/* One rule a line, in the order of cli_quick_word. */
cli_exit cli_quick_rules(cli_bytes *b, const cli_opts *o)
{
    if (o->keep.n + o->redact.n + o->redact_host.n == 0) {
        return CLI_OK;
    }
    bool ok = add_text(b, "{ \"rules\": [\n") && add_names(b, o);
    for (size_t i = 0; i < o->redact_host.n && ok; i++) {
        const char *glob = o->redact_host.at[i];
        if (!is_host_glob(glob)) {
            cli_say(glob, "--redact-host takes a host of 6 bytes or more, or *. and a domain");
            return CLI_USAGE;
        }
        ok = add_head(b, "host", i, "Host named by --redact-host", "network") &&
             add_host_rule(b, glob);
    }
    if (ok) {
        b->p[b->n - 2] = ' '; /* the comma behind the last */
        ok = add_text(b, "] }\n");
    }
    return ok ? CLI_OK : cli_no_memory(NULL);
}

const char *cli_quick_word(const cli_opts *o, uint64_t line)
{
    const cli_list *const lists[] = {&o->keep, &o->redact, &o->redact_host};
    uint64_t i = line >= 2 ? line - 2 : 0;
    for (size_t k = 0; k < CLI_COUNT(lists); k++) {
        if (i < lists[k]->n) {
            return lists[k]->at[i];
        }
        i -= lists[k]->n;
    }
    return NULL;
}
