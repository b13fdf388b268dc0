/*
 * The format `github`: workflow commands, which GitHub Actions turns into annotations.
 *
 *     ::error file=PATH,line=L,endLine=L,col=C,endColumn=C,title=RULE::MESSAGE
 *
 * Columns count UTF-16 code units, as the pages that show them do. GitHub shows ten annotations of
 * each kind per step; all lines stay in the log. Credentials are errors, data of persons warnings,
 * anything else notices. In a message %, CR and LF are escaped, in a property also : and the comma.
 */
#include "cli_check.h"

#include <inttypes.h>

/* Other control characters have no way through a log, and become question marks. */
static void put_escaped(cli_check_sink *s, const char *text, bool property)
{
    for (const char *p = text; *p != '\0'; p++) {
        const unsigned char c = (unsigned char)*p;
        bool escape = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        if (escape) {
            cli_check_putf(s, "%%%02X", c);
        } else {
            cli_check_put_bytes(s, c < 0x20 || c == 0x7f ? "?" : p, 1);
        }
    }
}

static const char *command_of(cli_check_level level)
{
    return level == LEVEL_CREDENTIAL ? "error" : level == LEVEL_PERSONAL ? "warning" : "notice";
}

static void begin(cli_check_sink *s)
{
    (void)s;
}

static void put_head(cli_check_sink *s, const cli_check_result *r, const char *command)
{
    cli_check_putf(s, "::%s ", command);
    if (!cli_check_is_stdin(r)) {
        cli_check_put(s, "file=");
        put_escaped(s, r->path->path, true);
        cli_check_put(s, ",");
    }
}

static void file(cli_check_sink *s, const cli_check_result *r)
{
    char where[2048];
    for (size_t i = 0; i < r->n; i++) {
        const cli_check_finding *f = &r->at[i];
        const cli_check_rule *rule = cli_check_rule_of(r, f);
        cli_check_place_text(where, sizeof where, r, f);
        put_head(s, r, command_of(rule->level));
        cli_check_putf(s, "line=%" PRIu64 ",endLine=%" PRIu64, f->from.line, f->to.line);
        cli_check_putf(s,
                       ",col=%" PRIu64 ",endColumn=%" PRIu64 ",title=harsan %s::", f->from.column16,
                       f->to.column16, rule->id);
        put_escaped(s, rule->what, false);
        cli_check_put(s, ", ");
        put_escaped(s, where, false);
        cli_check_put(s, "\n");
    }
    if (r->found > r->n) {
        put_head(s, r, "warning");
        cli_check_putf(s, "title=harsan::and %" PRIu64 " more findings\n", r->found - r->n);
    }
    if (r->code > CLI_FOUND) {
        put_head(s, r, "error");
        cli_check_put(s, "title=harsan::cannot be checked: ");
        put_escaped(s, r->message, false);
        cli_check_put(s, "\n");
    }
}

static void end(cli_check_sink *s, const cli_check_total *t)
{
    (void)s;
    (void)t;
}

const cli_check_format cli_check_format_github = {"github", begin, file, end};
