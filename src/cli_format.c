/*
 * The formats of `harsan check`: one table, where each of them writes, and what they share.
 *
 * Receives the results of files in order, hands each to every format that was asked for. A format
 * is a file cli_format_NAME.c and a line in the table. Names of files come from strangers: no
 * helper in here lets one break out of its format. No format shows a value.
 */
#include "cli_check.h"
#include "cli_escape.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const cli_check_format *const formats[] = {
    &cli_check_format_text,   &cli_check_format_json,  &cli_check_format_sarif,
    &cli_check_format_github, &cli_check_format_junit,
};

enum { N_FORMATS = CLI_COUNT(formats) };

struct cli_check_outputs {
    const cli_check_format **format;
    cli_check_sink *sink;
    size_t n;
};

/* ---------------------------------------------------------------- writing */

void cli_check_put_bytes(cli_check_sink *s, const char *p, size_t n)
{
    if (s->code != CLI_OK) {
        return;
    }
    if (!s->to_later) {
        s->code = cli_output_write(s->out, p, n);
    } else if (!cli_spool_add(s->later, p, n)) {
        s->code = cli_fail(NULL, "hold what is to be written");
    }
}

void cli_check_put(cli_check_sink *s, const char *text)
{
    cli_check_put_bytes(s, text, strlen(text));
}

void cli_check_putf(cli_check_sink *s, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    cli_check_put(s, text);
}

void cli_check_put_json(cli_check_sink *s, const char *text)
{
    cli_check_put(s, "\"");
    for (const char *p = text; *p != '\0';) {
        uint32_t code;
        char room[CLI_ESCAPE_ROOM];
        size_t n = cli_utf8(p, &code);
        const char *escape = n == 0 ? CLI_NO_CHARACTER : cli_escape_json(*p, room);
        if (escape != NULL) {
            cli_check_put(s, escape);
        } else {
            cli_check_put_bytes(s, p, n);
        }
        p += n > 0 ? n : 1;
    }
    cli_check_put(s, "\"");
}

const cli_check_rule *cli_check_rule_of(const cli_check_result *r, const cli_check_finding *f)
{
    return &r->path->setup->rule[f->rule];
}

bool cli_check_is_stdin(const cli_check_result *r)
{
    return strcmp(r->path->path, "-") == 0;
}

void cli_check_place_text(char *out, size_t room, const cli_check_result *r,
                          const cli_check_finding *f)
{
    const char *place = cli_check_text(r, f->place);
    const char *layers = cli_check_text(r, f->layers);
    const char *from = cli_check_text(r, f->learned_from);
    const char *expired = cli_check_text(r, f->expired);
    snprintf(out, room, "%s%s%s%s%s%s%s%s", *place != '\0' ? "at " : "in the document", place,
             *layers != '\0' ? ", through " : "", layers, *from != '\0' ? ", known from " : "",
             from, *expired != '\0' ? ", accepted until " : "", expired);
}

/* ---------------------------------------------------------------- the table */

static const cli_check_format *find_format(const char *word)
{
    size_t n = strcspn(word, "=");
    for (size_t i = 0; i < N_FORMATS; i++) {
        if (strlen(formats[i]->name) == n && memcmp(formats[i]->name, word, n) == 0) {
            return word[n] == '=' && word[n + 1] == '\0' ? NULL : formats[i];
        }
    }
    return NULL;
}

bool cli_check_format_known(const char *word)
{
    return find_format(word) != NULL;
}

static bool is_terminal(const char *name)
{
    return strcmp(name, "-") == 0 && isatty(STDOUT_FILENO) == 1;
}

/* https://no-color.org: any value but the empty one switches colours off. */
static bool wants_colour(const char *name)
{
    const char *off = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return is_terminal(name) && (off == NULL || *off == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0);
}

static cli_exit open_one(cli_check_outputs *all, const char *word, const cli_opts *o)
{
    const char *name = strchr(word, '=') != NULL ? strchr(word, '=') + 1 : "-";
    cli_check_sink *s = &all->sink[all->n];
    all->format[all->n] = find_format(word);
    all->n++;
    s->live = is_terminal(name);
    s->colour = wants_colour(name);
    s->later = cli_spool_new();
    if (s->later == NULL) {
        return cli_no_memory(NULL);
    }
    cli_exit code = cli_output_open(&s->out, name, (cli_output_how){.force = o->force});
    if (code == CLI_OK) {
        all->format[all->n - 1]->begin(s);
        code = s->code;
    }
    return code;
}

/* Of two results of one name, the second would replace the first. */
static cli_exit check_names(const cli_list *words)
{
    for (size_t i = 0; i < words->n; i++) {
        const char *a = strchr(words->at[i], '=');
        for (size_t k = 0; k < i; k++) {
            const char *b = strchr(words->at[k], '=');
            if (strcmp(a != NULL ? a + 1 : "-", b != NULL ? b + 1 : "-") == 0) {
                cli_say(a != NULL ? a + 1 : "standard output", "two formats would go there");
                return CLI_USAGE;
            }
        }
    }
    return CLI_OK;
}

cli_exit cli_check_outputs_open(cli_check_outputs **out, const cli_opts *o)
{
    static const char *text[] = {"text"};
    cli_list words = o->formats.n > 0 ? o->formats : (cli_list){text, 1};
    cli_check_outputs *all = calloc(1, sizeof *all);
    *out = all;
    if (all != NULL) {
        all->format = calloc(words.n, sizeof(cli_check_format *));
        all->sink = calloc(words.n, sizeof *all->sink);
    }
    if (all == NULL || all->format == NULL || all->sink == NULL) {
        return cli_no_memory(NULL);
    }
    cli_exit code = check_names(&words);
    for (size_t i = 0; i < words.n && code == CLI_OK; i++) {
        code = open_one(all, words.at[i], o);
    }
    return code;
}

void cli_check_outputs_file(cli_check_outputs *out, const cli_check_result *r)
{
    for (size_t i = 0; i < out->n; i++) {
        cli_check_sink *s = &out->sink[i];
        out->format[i]->file(s, r);
        if (s->live && s->code == CLI_OK) {
            s->code = cli_output_flush(s->out);
        }
    }
}

cli_exit cli_check_outputs_finish(cli_check_outputs *out, const cli_check_total *t)
{
    cli_exit worst = CLI_OK;
    for (size_t i = 0; i < out->n; i++) {
        cli_check_sink *s = &out->sink[i];
        out->format[i]->end(s, t);
        s->code = cli_output_settle(s->out, s->code);
        s->out = NULL;
        worst = s->code > worst ? s->code : worst;
    }
    return worst;
}

void cli_check_outputs_close(cli_check_outputs *out)
{
    if (out == NULL) {
        return;
    }
    for (size_t i = 0; i < out->n; i++) {
        cli_output_close(out->sink[i].out);
        cli_spool_free(out->sink[i].later);
        free(out->sink[i].used);
    }
    free(out->sink);
    free(out->format);
    free(out);
}

/* ---------------------------------------------------------------- for later */

void cli_check_put_later(cli_check_sink *s)
{
    char block[4096];
    ssize_t n = cli_spool_rewind(s->later) ? cli_spool_read(s->later, block, sizeof block) : -1;
    while (n > 0) {
        cli_check_put_bytes(s, block, (size_t)n);
        n = cli_spool_read(s->later, block, sizeof block);
    }
    if (n < 0 && s->code == CLI_OK) {
        s->code = cli_fail(NULL, "finish the output");
    }
}
