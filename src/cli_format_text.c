/*
 * The format `text`: one line per finding and per stale entry of a baseline, for people and for
 * editors that jump to places.
 *
 *     PATH:LINE:COLUMN: RULE: WHAT, at PLACE, through LAYERS
 *     BASELINE: no longer there: RULE, at PLACE of PATH
 *
 * Columns count characters (Unicode code points), as editors show them. On a terminal in colours,
 * unless NO_COLOR is set.
 */
#include "cli_check.h"
#include "cli_escape.h"

#include <inttypes.h>

/* Nothing in a name may steer a terminal, nor begin a command of a service that reads logs. */
static void put_name(cli_check_sink *s, const char *name)
{
    if (name[0] == ':') {
        cli_check_put(s, "./");
    }
    for (const char *p = name; *p != '\0';) {
        char room[CLI_ESCAPE_ROOM];
        size_t n;
        const char *escape = cli_escape_terminal(p, &n, room);
        if (escape != NULL) {
            cli_check_put(s, escape);
        } else {
            cli_check_put_bytes(s, p, n);
        }
        p += n;
    }
}

static const char *colour_of(cli_check_level level)
{
    return level == LEVEL_CREDENTIAL ? "\033[31m"
           : level == LEVEL_PERSONAL ? "\033[33m"
                                     : "\033[36m";
}

static void begin(cli_check_sink *s)
{
    (void)s;
}

static void file(cli_check_sink *s, const cli_check_result *r)
{
    char where[2048];
    for (size_t i = 0; i < r->n; i++) {
        const cli_check_finding *f = &r->at[i];
        const cli_check_rule *rule = cli_check_rule_of(r, f);
        cli_check_place_text(where, sizeof where, r, f);
        cli_check_put(s, s->colour ? "\033[1m" : "");
        put_name(s, cli_input_label(r->path->path));
        cli_check_putf(s, ":%" PRIu64 ":%" PRIu64 ":%s ", f->from.line, f->from.column,
                       s->colour ? "\033[0m" : "");
        cli_check_putf(s, "%s%s%s: ", s->colour ? colour_of(rule->level) : "", rule->id,
                       s->colour ? "\033[0m" : "");
        put_name(s, rule->what);
        cli_check_put(s, ", ");
        cli_check_put(s, where);
        cli_check_put(s, "\n");
    }
    if (r->found > r->n) {
        put_name(s, cli_input_label(r->path->path));
        cli_check_putf(s, ": and %" PRIu64 " more findings\n", r->found - r->n);
    }
}

/* Notes about the baseline, not about a line of an input. */
static void end(cli_check_sink *s, const cli_check_total *t)
{
    for (size_t i = 0; i < t->n_stale && !t->quiet; i++) {
        const cli_check_stale *e = &t->stale[i];
        put_name(s, cli_input_label(e->baseline));
        cli_check_put(s, ": no longer there: ");
        put_name(s, e->rule);
        cli_check_put(s, ", at ");
        put_name(s, e->place);
        cli_check_put(s, " of ");
        put_name(s, e->file);
        cli_check_put(s, "\n");
    }
}

const cli_check_format cli_check_format_text = {"text", begin, file, end};
