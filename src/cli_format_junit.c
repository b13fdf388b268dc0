/*
 * The format `junit`: XML as test runners write it, for services that show the results of tests.
 *
 * A file is a test suite, a finding in it a test that failed; a file without findings is one test
 * that passed, one that could not be checked an error. Columns count Unicode code points. What XML
 * 1.0 does not allow (section 2.2) becomes U+FFFD.
 */
#include "cli_check.h"
#include "cli_escape.h"

#include <inttypes.h>

static void put_xml(cli_check_sink *s, const char *text)
{
    for (const char *p = text; *p != '\0';) {
        uint32_t code;
        size_t n = cli_utf8(p, &code);
        bool none = n == 0 || code < 0x20 || code == 0x7f || code == 0xfffe || code == 0xffff;
        const char *escape = none ? CLI_NO_CHARACTER : cli_escape_xml(*p);
        if (escape != NULL) {
            cli_check_put(s, escape);
        } else {
            cli_check_put_bytes(s, p, n);
        }
        p += n > 0 ? n : 1;
    }
}

static void begin(cli_check_sink *s)
{
    cli_check_put(
        s, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"harsan check\">\n");
}

static void put_case(cli_check_sink *s, const char *path, const char *name)
{
    cli_check_put(s, "    <testcase classname=\"");
    put_xml(s, path);
    cli_check_put(s, "\" name=\"");
    put_xml(s, name);
    cli_check_put(s, "\"");
}

static void put_finding(cli_check_sink *s, const cli_check_result *r, const cli_check_finding *f)
{
    char where[2048];
    char name[2048];
    const char *path = cli_input_label(r->path->path);
    const cli_check_rule *rule = cli_check_rule_of(r, f);
    cli_check_place_text(where, sizeof where, r, f);
    snprintf(name, sizeof name, "%" PRIu64 ":%" PRIu64 " %s %s", f->from.line, f->from.column,
             rule->id, cli_check_text(r, f->place));
    put_case(s, path, name);
    cli_check_putf(s, ">\n      <failure type=\"%s\" message=\"", rule->id);
    put_xml(s, rule->what);
    cli_check_put(s, "\">");
    put_xml(s, path);
    cli_check_putf(s, ":%" PRIu64 ":%" PRIu64 ": ", f->from.line, f->from.column);
    put_xml(s, rule->what);
    cli_check_put(s, ", ");
    put_xml(s, where);
    cli_check_put(s, "</failure>\n    </testcase>\n");
}

static void file(cli_check_sink *s, const cli_check_result *r)
{
    const char *path = cli_input_label(r->path->path);
    bool broken = r->code > CLI_FOUND;
    bool more = r->found > r->n;
    cli_check_put(s, "  <testsuite name=\"");
    put_xml(s, path);
    cli_check_putf(s, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%d\">\n",
                   r->n + more + (r->n == 0 ? 1 : 0), r->n + more, broken ? 1 : 0);
    for (size_t i = 0; i < r->n; i++) {
        put_finding(s, r, &r->at[i]);
    }
    if (more) {
        put_case(s, path, "more findings");
        cli_check_putf(s, "><failure message=\"%" PRIu64 " more findings\"/></testcase>\n",
                       r->found - r->n);
    }
    if (broken) {
        put_case(s, path, "can be checked");
        cli_check_put(s, "><error message=\"");
        put_xml(s, r->message);
        cli_check_put(s, "\"/></testcase>\n");
    } else if (r->n == 0) {
        put_case(s, path, "no findings");
        cli_check_put(s, "/>\n");
    }
    cli_check_put(s, "  </testsuite>\n");
}

static void end(cli_check_sink *s, const cli_check_total *t)
{
    (void)t;
    cli_check_put(s, "</testsuites>\n");
}

const cli_check_format cli_check_format_junit = {"junit", begin, file, end};
