/*
 * The command line: one table of options drives parsing and help.
 *
 * Receives argv behind the name of the command, fills struct cli_opts with borrowed words. Options
 * and operands may be mixed; `--` ends the options. Each option is one record: adding one touches
 * the table and the struct, nothing else.
 */
#include "cli_check.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define ANY (~0u)

/* Stores `value` (NULL for a flag, otherwise not empty) into the member at offset `at`; false = not
 * a valid value. */
typedef bool set_fn(cli_opts *o, size_t at, const char *value);

typedef struct option {
    char letter; /* 0 = none */
    const char *name;
    const char *arg; /* shown in help; NULL = a flag */
    const char *help;
    unsigned commands;
    set_fn *set;
    size_t at;
} option;

static bool set_flag(cli_opts *o, size_t at, const char *value)
{
    (void)value;
    *(bool *)((char *)o + at) = true;
    return true;
}

static bool set_text(cli_opts *o, size_t at, const char *value)
{
    *(const char **)((char *)o + at) = value;
    return true;
}

static void push(cli_list *list, const char *value)
{
    list->at[list->n] = value; /* room for the whole command line was made by make_lists */
    list->n++;
}

static bool set_list(cli_opts *o, size_t at, const char *value)
{
    push((cli_list *)((char *)o + at), value);
    return true;
}

/* Bytes, with K (1,024) or M (1,048,576) behind the number. */
static bool set_size(cli_opts *o, size_t at, const char *value)
{
    size_t size = 0;
    const char *p = value;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (size > (SIZE_MAX >> 24) / 10) { /* leaves room for the suffix */
            return false;
        }
        size = size * 10 + (size_t)(*p - '0');
    }
    if (p != value && (*p == 'K' || *p == 'k')) {
        size <<= 10;
        p++;
    } else if (p != value && (*p == 'M' || *p == 'm')) {
        size <<= 20;
        p++;
    }
    *(size_t *)((char *)o + at) = size;
    return size > 0 && *p == '\0';
}

static bool set_jobs(cli_opts *o, size_t at, const char *value)
{
    enum { MOST = 64 };
    size_t len = strspn(value, "0123456789");
    unsigned long n = len <= 3 ? strtoul(value, NULL, 10) : MOST + 1;
    *(unsigned *)((char *)o + at) = (unsigned)n;
    return value[len] == '\0' && n >= 1 && n <= MOST;
}

bool cli_packs_parse(unsigned *packs, const char *list)
{
    static const struct {
        const char *name;
        unsigned bit;
    } known[] = {
        {"pii", HARSAN_PACK_PII},
        {"network", HARSAN_PACK_NETWORK},
        {"strict", HARSAN_PACK_STRICT},
    };
    for (const char *p = list;; p++) {
        size_t len = strcspn(p, ",");
        size_t i = 0;
        while (i < CLI_COUNT(known) &&
               (strlen(known[i].name) != len || memcmp(known[i].name, p, len) != 0)) {
            i++;
        }
        if (i == CLI_COUNT(known)) {
            return false;
        }
        *packs |= known[i].bit;
        p += len;
        if (*p == '\0') {
            return true;
        }
    }
}

static bool set_packs(cli_opts *o, size_t at, const char *value)
{
    return cli_packs_parse((unsigned *)((char *)o + at), value);
}

static bool set_jwt(cli_opts *o, size_t at, const char *value)
{
    bool whole = strcmp(value, "whole") == 0;
    *(harsan_jwt *)((char *)o + at) = whole ? HARSAN_JWT_WHOLE : HARSAN_JWT_CLAIMS;
    return whole || strcmp(value, "claims") == 0;
}

static bool set_name(cli_opts *o, size_t at, const char *value)
{
    return cli_quick_kind(value, NULL) != NULL && set_list(o, at, value);
}

static bool set_ranges(cli_opts *o, size_t at, const char *value)
{
    return cli_filter_range_ok(value) && set_list(o, at, value);
}

static bool set_time(cli_opts *o, size_t at, const char *value)
{
    return cli_filter_time_ok(value) && set_text(o, at, value);
}

/* Without a value: bodies of all kinds. */
static bool set_bodies(cli_opts *o, size_t at, const char *value)
{
    unsigned bits = cli_body_list(value != NULL ? value : "all");
    *(unsigned *)((char *)o + at) |= bits;
    return bits != 0;
}

/* What a file may weigh. K, M and G are powers of 1,000, because whoever sets a limit of 25 M may
 * mean those; Ki, Mi and Gi powers of 1,024. A B may follow. */
static bool set_limit(cli_opts *o, size_t at, const char *value)
{
    static const char units[] = "kmg";
    char *end;
    errno = 0;
    unsigned long long size = strtoull(value, &end, 10);
    bool ok = *value >= '0' && *value <= '9' && errno == 0;
    const char *unit = *end != '\0' ? strchr(units, *end | 0x20) : NULL;
    if (unit != NULL) {
        bool binary = end[1] == 'i';
        end += binary ? 2 : 1;
        for (const char *p = units; p <= unit; p++) {
            ok = ok && size < UINT64_MAX / 1024;
            size *= binary ? 1024 : 1000;
        }
    }
    end += *end == 'B';
    *(uint64_t *)((char *)o + at) = size;
    return ok && size > 0 && *end == '\0';
}

static bool set_one_of(cli_opts *o, size_t at, const char *value, const char *const names[])
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], value) == 0) {
            return set_text(o, at, value);
        }
    }
    return false;
}

static bool set_level(cli_opts *o, size_t at, const char *value)
{
    return set_one_of(o, at, value, cli_check_level_names);
}

static bool set_confidence(cli_opts *o, size_t at, const char *value)
{
    return set_one_of(o, at, value, cli_check_confidence_names);
}

static bool set_format(cli_opts *o, size_t at, const char *value)
{
    return cli_check_format_known(value) && set_list(o, at, value);
}

static bool set_date(cli_opts *o, size_t at, const char *value)
{
    return cli_time_is_date(value) && set_text(o, at, value);
}

#define AT(member) offsetof(cli_opts, member)
#define CHECK CLI_CMD_CHECK
#define CLEAN CLI_CMD_CLEAN
#define RULES CLI_CMD_RULES
#define VERIFY CLI_CMD_VERIFY

static const option options[] = {
    {0, "format", "FORMAT", "text, json, sarif, github or junit, with =FILE for a file; repeatable",
     CHECK, set_format, AT(formats)},
    {0, "files-from", "FILE", "more paths, ended by NUL or by lines; - is standard input", CHECK,
     set_text, AT(files_from)},
    {0, "exclude", "GLOB", "leave out what a .gitignore with this line would; repeatable", CHECK,
     set_list, AT(exclude)},
    {0, "only-har", NULL, "pass over named files that are no HAR", CHECK, set_flag, AT(only_har)},
    {0, "min-category", "LEVEL", "credential, personal or other (default: all)", CHECK, set_level,
     AT(min_category)},
    {0, "min-confidence", "LEVEL", "high, medium or low (default: all)", CHECK, set_confidence,
     AT(min_confidence)},
    {0, "baseline", "FILE", "findings listed there are accepted", CHECK, set_text, AT(baseline)},
    {0, "write-baseline", "FILE", "list what is found there, to be accepted from now on", CHECK,
     set_text, AT(write_baseline)},
    {0, "expires", "DATE", "until when --write-baseline accepts it, YYYY-MM-DD", CHECK, set_date,
     AT(expires)},
    {0, "today", "DATE", "judge expiry as of this day", CHECK, set_date, AT(today)},
    {0, "fix", NULL, "clean the files that have findings, in place", CHECK, set_flag, AT(fix)},
    {0, "config", "FILE", "use this configuration for all files", CHECK, set_text, AT(config)},
    {0, "no-config", NULL, "look for no .harsan.json", CHECK, set_flag, AT(no_config)},
    {0, "init", NULL, "write a .harsan.json to begin with", CHECK, set_flag, AT(init)},
    {'o', "output", "FILE", "write here; - is standard output", CLEAN | RULES | CHECK, set_text,
     AT(output)},
    {0, "out-dir", "DIR", "write the results of all inputs here", CLEAN, set_text, AT(out_dir)},
    {0, "in-place", NULL, "replace each input by its clean form", CLEAN, set_flag, AT(in_place)},
    {'f', "force", NULL, "replace files that exist", CLEAN | RULES | CHECK, set_flag, AT(force)},
    {0, "gzip", NULL, "compress the output (a name in .gz does so too)", CLEAN, set_flag, AT(gzip)},
    {0, "report", "FILE", ".html, .md, .json or .txt; may be repeated", CLEAN, set_list,
     AT(reports)},
    {0, "report", "FILE", "the JSON report of the run: nothing else changed", VERIFY, set_list,
     AT(reports)},
    {0, "no-report", NULL, "write no report", CLEAN, set_flag, AT(no_report)},
    {0, "bundle", "FILE", "one ZIP to attach: output, reports, digests", CLEAN, set_text,
     AT(bundle)},
    {0, "fit", "SIZE", "leave bodies out until it is no larger (25M, 10MiB)", CLEAN, set_limit,
     AT(fit)},
    {0, "drop-bodies", "[=TYPES]", "leave bodies out, all or of these types; see above", CLEAN,
     set_bodies, AT(drop)},
    {0, "entries", "FROM-TO,...", "only these, counted from 0; may be repeated", CLEAN, set_ranges,
     AT(entries)},
    {0, "host", "GLOB", "only requests to these hosts; may be repeated", CLEAN, set_list,
     AT(hosts)},
    {0, "since", "TIME", "only what began then or later (2026-03-01T09:30Z)", CLEAN, set_time,
     AT(since)},
    {0, "until", "TIME", "only what began then or earlier", CLEAN, set_time, AT(until)},
    {0, "with", "PACK,...", "more rules: pii, network, strict", CLEAN | VERIFY | CHECK, set_packs,
     AT(packs)},
    {0, "rules", "FILE", "add the rules of this file; may be repeated",
     CLEAN | RULES | VERIFY | CHECK, set_list, AT(rules)},
    {0, "no-default-rules", NULL, "leave the built-in rules out", CLEAN | RULES | VERIFY | CHECK,
     set_flag, AT(no_default_rules)},
    {0, "keep", "KIND:NAME", "let the values of this name stand; may be repeated",
     CLEAN | VERIFY | CHECK, set_name, AT(keep)},
    {0, "redact", "KIND:NAME", "replace the values of this name, whatever they are",
     CLEAN | VERIFY | CHECK, set_name, AT(redact)},
    {0, "redact-host", "GLOB", "replace this host; *.DOMAIN for all hosts within",
     CLEAN | VERIFY | CHECK, set_list, AT(redact_host)},
    {0, "known", "FILE", "values to remove wherever they stand, one per line",
     CLEAN | VERIFY | CHECK, set_list, AT(known)},
    {0, "key-file", "FILE", "key of the stand-ins: equal key, equal stand-ins", CLEAN, set_text,
     AT(key_file)},
    {0, "key-file", "FILE", "key of a baseline, and of the stand-ins of --fix", CHECK, set_text,
     AT(key_file)},
    {0, "jwt", "claims|whole", "keep the cleaned claims of a JWT, or nothing",
     CLEAN | VERIFY | CHECK, set_jwt, AT(jwt)},
    {0, "verify", NULL, "prove the output before it takes its name", CLEAN, set_flag, AT(verify)},
    {0, "one-pass", NULL, "read once and write at once; see above", CLEAN, set_flag, AT(one_pass)},
    {0, "window", "SIZE", "longest string held whole, K or M (x1024); default 4M",
     CLEAN | VERIFY | CHECK, set_size, AT(window)},
    {'j', "jobs", "N", "threads, 1 to 64; default: one a core, at most 8", CLEAN | CHECK, set_jobs,
     AT(jobs)},
    {0, "salvage", NULL, "of a broken input keep all that is complete", CLEAN | VERIFY, set_flag,
     AT(salvage)},
    {0, "no-sandbox", NULL, "do not confine the process (Linux: Landlock, seccomp)",
     CLEAN | VERIFY | CHECK | RULES, set_flag, AT(no_sandbox)},
    {'q', "quiet", NULL, "no summary, no progress, no warnings", CLEAN | VERIFY | CHECK, set_flag,
     AT(quiet)},
    {'h', "help", NULL, "show this help", ANY, set_flag, AT(help)},
    {0, "version", NULL, "show the version", ANY, set_flag, AT(version)},
};

enum { N_OPTIONS = CLI_COUNT(options) };

typedef struct parser {
    cli_opts *o;
    const cli_command *cmd;
    char **argv;
    int argc;
    int at; /* the next word */
} parser;

static const option *find_long(const parser *p, const char *name, size_t len)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if ((options[i].commands & p->cmd->bit) != 0 && strlen(options[i].name) == len &&
            memcmp(options[i].name, name, len) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

static const option *find_letter(const parser *p, char letter)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if ((options[i].commands & p->cmd->bit) != 0 && options[i].letter == letter) {
            return &options[i];
        }
    }
    return NULL;
}

static cli_exit no_option(const parser *p, const char *word)
{
    cli_say(word, "no such option; see 'harsan help %s'", p->cmd->name);
    return CLI_USAGE;
}

/* An argument that can be left out, and stands in the option's own word when it is not. */
static bool is_optional(const option *opt)
{
    return opt->arg != NULL && opt->arg[0] == '[';
}

/* `value` is what stood behind the option in its own word, NULL if nothing did. */
static cli_exit apply(parser *p, const option *opt, const char *value)
{
    if (opt->arg != NULL && value == NULL && p->at < p->argc && !is_optional(opt)) {
        value = p->argv[p->at];
        p->at++;
    }
    if (opt->arg == NULL && value != NULL) {
        cli_say(NULL, "--%s takes no argument", opt->name);
        return CLI_USAGE;
    }
    if (opt->arg != NULL && (value == NULL || *value == '\0') &&
        (value != NULL || !is_optional(opt))) {
        cli_say(NULL, "--%s needs an argument: %s", opt->name, opt->arg);
        return CLI_USAGE;
    }
    if (!opt->set(p->o, opt->at, value)) {
        cli_say(value, "not valid for --%s%s%s", opt->name, is_optional(opt) ? "" : " ", opt->arg);
        return CLI_USAGE;
    }
    return CLI_OK;
}

static cli_exit parse_long(parser *p, const char *word)
{
    const char *name = word + 2;
    size_t len = strcspn(name, "=");
    const option *opt = find_long(p, name, len);
    if (opt == NULL) {
        return no_option(p, word);
    }
    return apply(p, opt, name[len] == '=' ? name + len + 1 : NULL);
}

/* -qf, -oFILE, -o FILE */
static cli_exit parse_letters(parser *p, const char *word)
{
    for (const char *c = word + 1; *c != '\0'; c++) {
        const option *opt = find_letter(p, *c);
        if (opt == NULL) {
            return no_option(p, word);
        }
        if (opt->arg != NULL) {
            return apply(p, opt, c[1] != '\0' ? c + 1 : NULL);
        }
        cli_exit code = apply(p, opt, NULL);
        if (code != CLI_OK) {
            return code;
        }
    }
    return CLI_OK;
}

/* No list is longer than the command line: one block serves them all. */
static bool make_lists(cli_opts *o, size_t max)
{
    cli_list *lists[] = {&o->args,    &o->reports, &o->rules,      &o->known,
                         &o->keep,    &o->redact,  &o->entries,    &o->hosts,
                         &o->exclude, &o->formats, &o->redact_host};
    enum { N = CLI_COUNT(lists) };
    o->words = calloc(N * max, sizeof *o->words);
    for (size_t i = 0; i < N && o->words != NULL; i++) {
        lists[i]->at = o->words + i * max;
    }
    return o->words != NULL;
}

static cli_exit parse_operand(parser *p, const char *word)
{
    if (*word == '\0') {
        cli_say(NULL, "an empty file name");
        return CLI_USAGE;
    }
    push(&p->o->args, word);
    return CLI_OK;
}

cli_exit cli_opts_parse(cli_opts *o, const cli_command *cmd, int from, int argc, char **argv)
{
    memset(o, 0, sizeof *o);
    if (!make_lists(o, (size_t)argc + 1)) {
        return cli_no_memory(NULL);
    }
    parser p = {.o = o, .cmd = cmd, .argv = argv, .argc = argc, .at = from};
    bool more_options = true;
    cli_exit code = CLI_OK;
    while (code == CLI_OK && p.at < argc) {
        const char *word = argv[p.at];
        p.at++;
        if (!more_options || word[0] != '-' || word[1] == '\0') {
            code = parse_operand(&p, word);
        } else if (strcmp(word, "--") == 0) {
            more_options = false;
        } else if (word[1] == '-') {
            code = parse_long(&p, word);
        } else {
            code = parse_letters(&p, word);
        }
    }
    return code;
}

void cli_opts_free(cli_opts *o)
{
    free(o->words);
    memset(o, 0, sizeof *o);
}

bool cli_opts_trim(const cli_opts *o)
{
    return o->entries.n + o->hosts.n > 0 || o->since != NULL || o->until != NULL || o->drop != 0 ||
           o->fit > 0;
}

void cli_opts_print(FILE *to, const cli_command *cmd)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        const option *opt = &options[i];
        if ((opt->commands & cmd->bit) == 0) {
            continue;
        }
        char left[48];
        snprintf(left, sizeof left, "%s--%s%s%s", opt->letter != 0 ? ", " : "  ", opt->name,
                 opt->arg != NULL && !is_optional(opt) ? " " : "",
                 opt->arg != NULL ? opt->arg : "");
        fprintf(to, "  %c%c%-24s %s\n", opt->letter != 0 ? '-' : ' ',
                opt->letter != 0 ? opt->letter : ' ', left, opt->help);
    }
}
