/*
 * Rules: those that the options ask for, and the command `harsan rules`.
 *
 * Receives rule files, hands their text to the library, which alone knows what it means. Quick
 * rules of the command line (--keep, --redact, --redact-host) are written as one more such text.
 * Positions in messages are those of the user's file, also where several files were joined; of a
 * quick rule the message gives its word.
 */
#include "cli.h"
#include "cli_escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a file. The library takes 4 MiB of all of them, and says so; this is only to bound what
 * a mistake makes us read. */
enum { RULE_FILE_MAX = 16 << 20 };

enum { ALL_PACKS = HARSAN_PACK_PII | HARSAN_PACK_NETWORK | HARSAN_PACK_STRICT };

static cli_exit out_of_memory(void)
{
    cli_say(NULL, "out of memory");
    return CLI_NOMEM;
}

/* ---------------------------------------------------------------- quick rules */

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

const char *cli_rules_kind(const char *word, const char **name)
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
    const char *kind = cli_rules_kind(word, &name);
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

static bool add_quick_names(cli_bytes *b, const cli_opts *o)
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

/* One rule a line, in the order of quick_word. */
static cli_exit add_quick_rules(cli_bytes *b, const cli_opts *o)
{
    if (o->keep.n + o->redact.n + o->redact_host.n == 0) {
        return CLI_OK;
    }
    bool ok = add_text(b, "{ \"rules\": [\n") && add_quick_names(b, o);
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
    return ok ? CLI_OK : out_of_memory();
}

/* The word that the rule on this line, from 1, was made of. */
static const char *quick_word(const cli_opts *o, uint64_t line)
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

/* ---------------------------------------------------------------- loading */

/* The quick rules, the texts of several files one after another, and where each begins. */
typedef struct joined {
    cli_bytes text;
    size_t quick;  /* bytes of the quick rules */
    size_t *start; /* one per file */
} joined;

/* A line end between two files keeps the last comment of one from swallowing the next; a byte order
 * mark is allowed at the beginning of the text only. */
static bool append_file(joined *j, size_t i, const cli_bytes *file)
{
    const bool first = j->text.n == 0;
    size_t skip = !first && file->n >= 3 && memcmp(file->p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    unsigned char *p = realloc(j->text.p, j->text.n + file->n + 1);
    if (p == NULL) {
        return false;
    }
    j->text.p = p;
    if (!first) {
        p[j->text.n] = '\n';
        j->text.n++;
    }
    j->start[i] = j->text.n;
    if (file->n > skip) {
        memcpy(p + j->text.n, file->p + skip, file->n - skip);
        j->text.n += file->n - skip;
    }
    return true;
}

/* Nothing, or a byte order mark and white space: a file that was cut or never written. Among others
 * the library would not miss it, and what it was to redact would stay. */
static bool is_blank(const cli_bytes *file)
{
    size_t i = file->n >= 3 && memcmp(file->p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < file->n && memchr(" \t\r\n", file->p[i], 4) != NULL) {
        i++;
    }
    return i == file->n;
}

static cli_exit read_rules(cli_bytes *file, const char *name)
{
    cli_exit code = cli_bytes_read(file, name, RULE_FILE_MAX);
    if (code == CLI_OK && is_blank(file)) {
        cli_say(cli_input_label(name), "there are no rules in it");
        cli_bytes_free(file);
        return CLI_USAGE;
    }
    return code;
}

static cli_exit join(joined *j, const cli_opts *o)
{
    const cli_list *names = &o->rules;
    *j = (joined){.start = calloc(names->n + 1, sizeof *j->start)};
    bool ok = j->start != NULL;
    cli_exit quick = add_quick_rules(&j->text, o);
    if (quick != CLI_OK) {
        return quick;
    }
    j->quick = j->text.n;
    for (size_t i = 0; i < names->n && ok; i++) {
        cli_bytes file;
        cli_exit code = read_rules(&file, names->at[i]);
        if (code != CLI_OK) {
            return code;
        }
        ok = append_file(j, i, &file);
        cli_bytes_free(&file);
    }
    return ok ? CLI_OK : out_of_memory();
}

static uint64_t count_lines(const unsigned char *p, size_t n)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < n; i++) {
        lines += p[i] == '\n';
    }
    return lines;
}

/* A mistake in a rule file is a mistake in how the command was called, whatever its code. */
static cli_exit fail_rules(const joined *j, const cli_opts *o, harsan_error *err)
{
    const cli_list *names = &o->rules;
    size_t i = 0;
    if (err->line > 0 && err->offset < j->quick) {
        cli_say(quick_word(o, err->line), "%s", err->message);
        return err->code == HARSAN_E_NOMEM ? CLI_NOMEM : CLI_USAGE;
    }
    while (i + 1 < names->n && j->start[i + 1] <= err->offset) {
        i++;
    }
    if (names->n > 0 && err->line > 0) {
        err->line -= count_lines(j->text.p, j->start[i]);
        err->offset -= j->start[i];
    }
    cli_say_error(names->n > 0 ? cli_input_label(names->at[i]) : "built-in rules", err);
    return err->code == HARSAN_E_NOMEM ? CLI_NOMEM : CLI_USAGE;
}

cli_exit cli_rules_load(harsan_rules **out, const cli_opts *o, unsigned packs)
{
    joined j;
    *out = NULL;
    cli_exit code = join(&j, o);
    if (code == CLI_OK) {
        harsan_error err = {0};
        bool with_default = !o->no_default_rules;
        if (harsan_rules_parse(out, j.text.p, j.text.n, with_default, packs, &err) != HARSAN_OK) {
            code = fail_rules(&j, o, &err);
        }
    }
    free(j.start);
    cli_bytes_free(&j.text);
    return code;
}

/* The rules of all packs. Once they are read nothing else is opened. */
static cli_exit load(harsan_rules **out, const cli_opts *o)
{
    cli_sandbox box;
    cli_exit code = cli_rules_load(out, o, ALL_PACKS);
    if (code == CLI_OK && !o->no_sandbox) {
        cli_sandbox_begin(&box);
        cli_sandbox_enter(&box);
    }
    return code;
}

/* ---------------------------------------------------------------- harsan rules list, show */

static cli_exit list(const cli_opts *o, const char *unused)
{
    (void)unused;
    harsan_rules *rules;
    cli_exit code = load(&rules, o);
    harsan_rule_info info;
    for (size_t i = 0; code == CLI_OK && harsan_rules_info(rules, i, &info); i++) {
        printf("%-32s %-10s %-8s %-6s ", info.id, info.category, info.pack, info.confidence);
        cli_put_name(stdout, info.what);
        putchar('\n');
    }
    harsan_rules_free(rules);
    return code;
}

static void show_info(const harsan_rule_info *info)
{
    printf("id          %s\nwhat        ", info->id);
    cli_put_name(stdout, info->what);
    printf("\ncategory    %s\npack        %s\nconfidence  %s\n", info->category, info->pack,
           info->confidence);
}

static cli_exit show(const cli_opts *o, const char *id)
{
    harsan_rules *rules;
    cli_exit code = load(&rules, o);
    harsan_rule_info info;
    bool found = false;
    for (size_t i = 0; code == CLI_OK && !found && harsan_rules_info(rules, i, &info); i++) {
        found = strcmp(info.id, id) == 0;
    }
    if (found) {
        show_info(&info);
    } else if (code == CLI_OK) {
        cli_say(id, "no such rule; see 'harsan rules list'");
        code = CLI_USAGE;
    }
    harsan_rules_free(rules);
    return code;
}

/* ---------------------------------------------------------------- harsan rules init */

static const char *const starter[] = {
    "// Rules for harsan, added to the built-in ones by: harsan clean --rules THIS-FILE ...",
    "// or by \"rules\": [\"THIS-FILE\"] in .harsan.json.",
    "// Try them with: harsan rules test THIS-FILE",
    "// For completion in an editor: \"$schema\" with the path of rules/rules.schema.json.",
    "{",
    "    \"rules\": [",
    "        // A name rule: the value of a header, cookie, parameter, key or field of this name.",
    "        // \"badge_number\", \"X-Badge-Number\" and \"staffBadgeNumber\" are all meant.",
    "        {",
    "            \"id\": \"example-badge\",",
    "            \"what\": \"Badge number of an employee\",",
    "            // password token session cookie key csrf otp card account email phone person",
    "            // address birth id network signature url other",
    "            \"category\": \"id\",",
    "            // where the name may stand; left out: everywhere",
    "            // \"where\": [\"header\", \"cookie\", \"param\", \"key\",",
    "            //           \"field\", \"text\", \"claim\"],",
    "            \"names\": [\"badge number\"],",
    "            // \"match\": \"suffix\" (its last words), \"exact\", \"prefix\" or \"glued\"",
    "            // \"value\": \"secret\", or what else it must look like: any token opaque",
    "            //          code digits phone email person date ip",
    "            // \"numbers\": true if a JSON number under the name is meant as well",
    "            // \"confidence\": \"high\", \"medium\" or \"low\", for --min-confidence",
    "            // Examples that must and must not be found. In braces: made up at will.",
    "            \"hit\": [\"badge_number={10 digits}\", \"staffBadgeNumber={12 alnum}\"],",
    "            \"miss\": [\"badge_color={8 digits}\"]",
    "        },",
    "        // A pattern rule: a token known by its own shape, wherever it stands. The anchor is",
    "        // a literal that must be there before the pattern (PCRE2) is tried; group 1, or the",
    "        // whole match, is replaced.",
    "        {",
    "            \"id\": \"example-desk-key\",",
    "            \"what\": \"Access key of the service desk\",",
    "            \"category\": \"key\",",
    "            \"anchor\": [\"deskkey_\"],",
    "            \"pattern\": \"deskkey_[A-Za-z0-9]{24}\",",
    "            \"hit\": [\"deskkey_{24 alnum}\"],",
    "            \"miss\": [\"deskkey_{6 alnum}\"]",
    "        }",
    "        // A name whose values are harmless, whatever other rules say of it:",
    "        // { \"id\": \"example-keep\", \"what\": \"Token of a design system\",",
    "        //   \"category\": \"other\", \"match\": \"exact\", \"action\": \"keep\",",
    "        //   \"names\": [\"brand token\"], \"hit\": [\"brand_token={12 alnum}\"],",
    "        //   \"miss\": [\"user_token={12 alnum}\"] }",
    "        // A built-in rule is replaced by one of the same id, and removed by:",
    "        // { \"id\": \"phone-number\", \"off\": true }",
    "    ]",
    "}",
};

static cli_exit init(const cli_opts *o, const char *unused)
{
    (void)unused;
    cli_output *out;
    cli_output_how how = {.force = o->force};
    cli_exit code = cli_output_open(&out, o->output != NULL ? o->output : "-", how);
    for (size_t i = 0; i < CLI_COUNT(starter) && code == CLI_OK; i++) {
        code = cli_output_write(out, starter[i], strlen(starter[i]));
        if (code == CLI_OK) {
            code = cli_output_write(out, "\n", 1);
        }
    }
    return cli_output_settle(out, code);
}

/* ---------------------------------------------------------------- harsan rules test */

/* kind is "hit" or "miss", i counts the examples of the rule from 0. */
static void say_failure(void *ctx, const char *rule, const char *kind, size_t i)
{
    size_t *failures = ctx;
    bool hit = strcmp(kind, "hit") == 0;
    cli_say(rule, "%s %zu: %s", hit ? "hit" : "miss", i + 1,
            hit ? "the rule does not find it" : "the rule finds it");
    (*failures)++;
}

static cli_exit run_examples(const harsan_rules *rules)
{
    size_t failures = 0;
    size_t n_rules = 0;
    harsan_rule_info info;
    while (harsan_rules_info(rules, n_rules, &info)) {
        n_rules++;
    }
    harsan_status status = harsan_rules_selftest(rules, say_failure, &failures);
    if (status == HARSAN_E_NOMEM) {
        cli_say(NULL, "out of memory");
        return CLI_NOMEM;
    }
    printf("%zu rule%s, %zu example%s failed\n", n_rules, n_rules == 1 ? "" : "s", failures,
           failures == 1 ? "" : "s");
    return status == HARSAN_OK && failures == 0 ? CLI_OK : CLI_FOUND;
}

/* A file is tested alone: what the built-in rules find must not count as its merit. */
static cli_exit test(const cli_opts *o, const char *file)
{
    const char *one[] = {file};
    cli_opts alone = *o;
    harsan_rules *rules;
    if (file != NULL) {
        alone.rules = (cli_list){one, 1};
        alone.no_default_rules = true;
    }
    cli_exit code = load(&rules, &alone);
    if (code == CLI_OK) {
        code = run_examples(rules);
    }
    harsan_rules_free(rules);
    return code;
}

/* ---------------------------------------------------------------- the command */

static const struct action {
    const char *name;
    size_t min_words; /* behind the name */
    size_t max_words;
    cli_exit (*run)(const cli_opts *o, const char *word);
} actions[] = {
    {"list", 0, 0, list},
    {"show", 1, 1, show},
    {"init", 0, 0, init},
    {"test", 0, 1, test},
};

static cli_exit run(const cli_opts *o)
{
    size_t words = o->args.n;
    for (size_t i = 0; i < CLI_COUNT(actions) && words > 0; i++) {
        const struct action *a = &actions[i];
        if (strcmp(a->name, o->args.at[0]) == 0 && words - 1 >= a->min_words &&
            words - 1 <= a->max_words) {
            return a->run(o, words > 1 ? o->args.at[1] : NULL);
        }
    }
    cli_say(NULL, "rules takes list, show ID, init or test [FILE]; see 'harsan help rules'");
    return CLI_USAGE;
}

const cli_command cli_command_rules = {
    .name = "rules",
    .summary = "show, begin and test rules",
    .usage = "harsan rules list              all rules, of all packs\n"
             "       harsan rules show ID           one rule\n"
             "       harsan rules init [-o FILE]    a rule file to begin with\n"
             "       harsan rules test [FILE]       run the examples of the rules in FILE,\n"
             "                                      or of the built-in ones",
    .bit = CLI_CMD_RULES,
    .run = run,
};
