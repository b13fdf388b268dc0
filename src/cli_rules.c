/*
 * Rules: those that the options ask for, and the command `harsan rules`.
 *
 * Receives rule files, hands their text to the library, which alone knows what it means; what the
 * command line asks for by name is one more such text (cli_quick.c). Positions in messages are
 * those of the user's file, also where several files were joined; of a quick rule the message gives
 * its word.
 */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a file. The library takes 4 MiB of all of them, and says so; this is only to bound what
 * a mistake makes us read. */
enum { RULE_FILE_MAX = 16 << 20 };

enum { ALL_PACKS = HARSAN_PACK_PII | HARSAN_PACK_NETWORK | HARSAN_PACK_STRICT };

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
    cli_exit quick = cli_quick_rules(&j->text, o);
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
    return ok ? CLI_OK : cli_no_memory(NULL);
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
        cli_say(cli_quick_word(o, err->line), "%s", err->message);
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
        return cli_no_memory(NULL);
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
