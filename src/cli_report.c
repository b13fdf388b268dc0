/*
 * Reports: opens their files, picks the form by the name, hands findings, gaps and the sanitized
 * text to what fills them.
 *
 * Receives findings and gaps as the library tells them, and the output as it is written. JSON is
 * written at once; the other forms are rendered from the model at the end. Must never show a value
 * that was found, nor the name of a file (names tell who people are): a digest says which file a
 * report belongs to.
 */
#include "cli_report.h"

#include <stdlib.h>
#include <string.h>

typedef struct form {
    const char *ending;
    void (*render)(cli_pen *pen, const cli_model *m); /* NULL: JSON, which is streamed */
} form;

static const form forms[] = {
    {".html", cli_render_html},
    {".md", cli_render_md},
    {".json", NULL},
    {".txt", cli_render_txt},
};

typedef struct target {
    cli_output *out;
    const form *form;
} target;

struct cli_report {
    target *at;
    size_t n;
    cli_pen json_pen; /* writes to every target that is JSON */
    cli_json *json;   /* NULL = none is */
    cli_model *model;
    harsan_view *view; /* NULL once the text was read, or turned out to be none it can read */
    harsan_view_sink sink; /* of the model */
    const cli_filter *filter;
    uint64_t nth; /* entries told to the filter */
    cli_exit code; /* the first failure sticks */
};

/* ---------------------------------------------------------------- forms */

/* A stream has no name to tell by: it gets JSON. NULL for a name of no form. */
static const form *form_of(const char *name)
{
    static const form *const json = &forms[2];
    size_t len = strlen(name);
    for (size_t i = 0; i < CLI_COUNT(forms); i++) {
        size_t n = strlen(forms[i].ending);
        if (len > n && strcmp(name + len - n, forms[i].ending) == 0) {
            return &forms[i];
        }
    }
    return cli_fd_named(name, 1) >= 0 || strncmp(name, "/dev/", 5) == 0 ? json : NULL;
}

bool cli_report_is_known(const char *name)
{
    return form_of(name) != NULL;
}

bool cli_report_is_json(const char *name)
{
    const form *f = form_of(name);
    return f == NULL || f->render == NULL;
}

/* ---------------------------------------------------------------- writing */

static cli_exit write_one(void *ctx, const void *data, size_t len)
{
    return cli_output_write(ctx, data, len);
}

static cli_exit write_json(void *ctx, const void *data, size_t len)
{
    const cli_report *r = ctx;
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < r->n && code == CLI_OK; i++) {
        if (r->at[i].form->render == NULL) {
            code = cli_output_write(r->at[i].out, data, len);
        }
    }
    return code;
}

/* ---------------------------------------------------------------- events */

void cli_report_finding(cli_report *r, const harsan_finding *f)
{
    cli_model_finding(r->model, f);
    if (r->json != NULL) {
        cli_json_finding(r->json, f);
    }
}

void cli_report_gap(cli_report *r, const harsan_gap *g)
{
    cli_model_gap(r->model, g);
    if (r->json != NULL) {
        cli_json_gap(r->json, g);
    }
}

/* The library judges the text; what the reader cannot read is missing from the report, no more. */
static void after_view(cli_report *r, harsan_status status)
{
    if (status == HARSAN_E_NOMEM) {
        r->model->failed_memory = true;
    }
    if (status != HARSAN_OK) {
        harsan_view_free(r->view);
        r->view = NULL;
    }
}

void cli_report_output(cli_report *r, const void *data, size_t len)
{
    if (r->view != NULL) {
        after_view(r, harsan_view_feed(r->view, data, len));
    }
}

/* ---------------------------------------------------------------- the end */

static void finish_one(cli_report *r, const target *t)
{
    if (t->form->render != NULL) {
        cli_pen pen = {.write = write_one, .ctx = t->out};
        t->form->render(&pen, r->model);
        r->code = pen.code;
    }
    if (r->code == CLI_OK) {
        r->code = cli_output_finish(t->out);
    }
}

static void close_model(cli_report *r, const cli_result *result)
{
    if (r->view != NULL) {
        after_view(r, harsan_view_finish(r->view));
        harsan_view_free(r->view);
        r->view = NULL;
    }
    cli_model_close(r->model, result);
    if (r->model->failed_memory) {
        r->code = cli_no_memory(NULL);
    }
}

const char *cli_report_form(size_t i)
{
    return i < CLI_COUNT(forms) ? forms[i].ending + 1 : NULL;
}

cli_exit cli_report_render(cli_report *r, const cli_result *result, const char *form_name,
                           cli_write_fn *write, void *ctx)
{
    close_model(r, result);
    cli_pen pen = {.write = write, .ctx = ctx};
    for (size_t i = 0; i < CLI_COUNT(forms) && r->code == CLI_OK; i++) {
        if (strcmp(forms[i].ending + 1, form_name) != 0) {
            continue;
        }
        if (forms[i].render != NULL) {
            forms[i].render(&pen, r->model);
        } else {
            cli_json_render(r->json, &pen, r->model);
        }
        r->code = pen.code;
    }
    return r->code;
}

cli_exit cli_report_finish(cli_report *r, const cli_result *result)
{
    close_model(r, result);
    if (r->json != NULL && r->code == CLI_OK) {
        cli_json_finish(r->json, r->model);
        r->code = r->json_pen.code;
    }
    for (size_t i = 0; i < r->n && r->code == CLI_OK; i++) {
        finish_one(r, &r->at[i]);
    }
    return r->code;
}

/* ---------------------------------------------------------------- life */

static void on_log(void *ctx, const harsan_view_log *l)
{
    const cli_report *r = ctx;
    r->sink.log(r->sink.ctx, l);
}

static void on_page(void *ctx, const harsan_view_page *p)
{
    const cli_report *r = ctx;
    r->sink.page(r->sink.ctx, p);
}

/* Entries that are not in the output are none of the report's; the others keep their numbers. */
static void on_entry(void *ctx, const harsan_view_entry *e)
{
    cli_report *r = ctx;
    if (cli_filter_keeps(r->filter, r->nth++)) {
        r->sink.entry(r->sink.ctx, e);
    }
}

static cli_exit begin(cli_report *r)
{
    const harsan_view_sink sink = {on_log, on_page, on_entry, r};
    harsan_error err;
    harsan_view_free(r->view);
    r->view = NULL;
    r->sink = cli_model_sink(r->model);
    r->nth = 0;
    if (harsan_view_new(&r->view, &sink, &err) != HARSAN_OK) {
        return cli_no_memory(NULL);
    }
    if (r->json != NULL) {
        cli_json_begin(r->json, r->model->passes);
    }
    return CLI_OK;
}

static cli_exit open_targets(cli_report *r, const cli_list *names, cli_report_how how)
{
    cli_exit code = CLI_OK;
    bool json = false;
    for (size_t i = 0; i < names->n && code == CLI_OK; i++) {
        r->at[i].form = form_of(names->at[i]); /* cli_plan let no other name pass */
        code = cli_output_open(&r->at[i].out, names->at[i],
                               (cli_output_how){.force = how.force, .again = how.again});
        r->n = i + 1;
        json = json || r->at[i].form->render == NULL;
    }
    if (code == CLI_OK && (json || how.render)) {
        r->json_pen = (cli_pen){.write = write_json, .ctx = r};
        r->json = cli_json_new(&r->json_pen, how.rules_version);
        bool ok = r->json != NULL && (!how.render || cli_json_hold(r->json));
        code = ok ? CLI_OK : cli_no_memory(NULL);
    }
    return code;
}

cli_exit cli_report_open(cli_report **out, const cli_list *names, cli_report_how how)
{
    cli_report *r = calloc(1, sizeof *r);
    *out = NULL;
    if (r != NULL) {
        r->at = calloc(names->n + 1, sizeof *r->at);
        r->model = cli_model_new();
    }
    cli_exit code = r != NULL && r->at != NULL && r->model != NULL ? CLI_OK : cli_no_memory(NULL);
    if (code == CLI_OK) {
        r->model->rules_version = how.rules_version;
        r->filter = how.filter;
        code = open_targets(r, names, how);
    }
    if (code == CLI_OK) {
        code = begin(r);
    }
    if (code != CLI_OK) {
        cli_report_close(r);
        return code;
    }
    *out = r;
    return CLI_OK;
}

cli_exit cli_report_restart(cli_report *r)
{
    for (size_t i = 0; i < r->n && r->code == CLI_OK; i++) {
        r->code = cli_output_restart(r->at[i].out);
    }
    cli_model_clear(r->model);
    if (r->code == CLI_OK) {
        r->code = begin(r);
    }
    return r->code;
}

cli_exit cli_report_commit(cli_report *r)
{
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < r->n && code == CLI_OK; i++) {
        code = cli_output_commit(r->at[i].out);
    }
    return code;
}

void cli_report_close(cli_report *r)
{
    if (r == NULL) {
        return;
    }
    for (size_t i = 0; i < r->n; i++) {
        cli_output_close(r->at[i].out);
    }
    free(r->at);
    cli_json_free(r->json);
    harsan_view_free(r->view);
    cli_model_free(r->model);
    free(r);
}
