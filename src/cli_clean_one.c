/*
 * One input on its way through `harsan clean`.
 *
 * Opens it and its results, feeds it to the library and writes what comes back, from the beginning
 * once more when the library asks for it, then gives the results their names, the report first, so
 * that an output that exists has its report. What is to be bundled or made smaller is held back
 * until all of it is clean, then cli_deliver hands it out. Must never let anything of a pass that
 * does not count reach a result.
 */
#include "cli_clean.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

/* One input on its way. Zero-filled is nothing open. */
typedef struct work {
    const cli_run *run;
    const cli_job *job;
    const char *label;
    cli_input *in;
    cli_output *out; /* NULL = none asked for, as what follows */
    cli_output *bundle;
    cli_report *report;
    cli_filter *filter;
    cli_spool *text;  /* what is held back of the output; else it goes out as it comes */
    cli_trim *trim;   /* of that text */
    cli_proof *proof; /* with --verify */
    harsan *h;
    cli_reader *reader;
    cli_writer *writer; /* NULL when the text is held back */
    cli_counts counts;
    cli_progress progress;
    cli_loss loss; /* with --salvage */
    bool second;         /* the input is read once more */
    cli_exit write_code; /* why the write callback refused */
} work;

/* ---------------------------------------------------------------- callbacks */

static int on_write(void *ctx, const void *data, size_t len)
{
    work *w = ctx;
    if (w->text == NULL) {
        w->write_code = cli_writer_put(w->writer, data, len);
    } else if (!cli_spool_add(w->text, data, len)) {
        w->write_code = errno == ENOMEM ? CLI_NOMEM : CLI_IO;
        cli_say(w->label, "cannot hold back the output: %s", strerror(errno));
    }
    if (w->report != NULL) {
        cli_report_output(w->report, data, len);
    }
    return w->write_code != CLI_OK;
}

static void on_finding(void *ctx, const harsan_finding *f)
{
    work *w = ctx;
    cli_counts_finding(&w->counts, f);
    if (w->report != NULL) {
        cli_report_finding(w->report, f);
    }
    if (w->proof != NULL) {
        cli_proof_span(w->proof, f->offset, f->len);
    }
}

static void on_gap(void *ctx, const harsan_gap *g)
{
    work *w = ctx;
    cli_counts_gap(&w->counts, g);
    if (w->report != NULL) {
        cli_report_gap(w->report, g);
    }
    if (w->proof != NULL && cli_gap_is_change(g->why, g->replaced)) {
        cli_proof_span(w->proof, g->offset, g->len);
    }
}

/* ---------------------------------------------------------------- opening */

static bool ends_in_gz(const char *name)
{
    size_t len = strlen(name);
    return len > 3 && strcmp(name + len - 3, ".gz") == 0;
}

/* A file replaced in place keeps its form, whatever its name says. */
static bool wants_gzip(const work *w)
{
    const cli_opts *o = w->run->o;
    return o->gzip || (o->in_place ? cli_input_is_gzip(w->in) : ends_in_gz(w->job->out));
}

/* Only the report for programs tells the digest of the input. */
static bool has_json_report(const cli_job *job)
{
    bool json = false;
    for (size_t i = 0; i < job->reports.n; i++) {
        json = json || cli_report_is_json(job->reports.at[i]);
    }
    return json;
}

/* What has to be read again before it goes out is held back. */
static cli_exit open_text(work *w)
{
    const cli_opts *o = w->run->o;
    if (w->job->bundle == NULL && !cli_opts_trim(o)) {
        return CLI_OK;
    }
    w->text = cli_spool_new();
    if (w->text == NULL) {
        return cli_no_memory(w->label);
    }
    return cli_filter_open(&w->filter, o, w->label);
}

static cli_exit open_outputs(work *w, bool report)
{
    const cli_opts *o = w->run->o;
    bool again = !o->one_pass || w->text != NULL;
    cli_exit code = CLI_OK;
    if (w->job->out != NULL) {
        cli_output_how how = {.force = o->force || o->in_place,
                              .gzip = wants_gzip(w),
                              .hash = report,
                              .again = again};
        code = cli_output_open(&w->out, w->job->out, how);
    }
    if (code == CLI_OK && w->job->bundle != NULL) {
        cli_output_how how = {.force = o->force, .again = true};
        code = cli_output_open(&w->bundle, w->job->bundle, how);
    }
    return code;
}

static cli_exit open_files(work *w)
{
    const cli_opts *o = w->run->o;
    bool render = w->job->bundle != NULL && !o->no_report;
    bool report = w->job->reports.n > 0 || render;
    cli_input_how from = {.twice = !o->one_pass || o->salvage,
                          .hash = render || has_json_report(w->job),
                          .torn = o->salvage};
    cli_exit code = cli_input_open(&w->in, w->job->in, from);
    if (code == CLI_OK) {
        code = open_text(w);
    }
    if (code == CLI_OK) {
        code = open_outputs(w, report);
    }
    if (code == CLI_OK && report) {
        cli_report_how how = {.force = o->force,
                              .again = !o->one_pass,
                              .render = render,
                              .filter = w->filter,
                              .rules_version = harsan_rules_version(w->run->rules)};
        code = cli_report_open(&w->report, &w->job->reports, how);
    }
    return code;
}

static harsan_status take_known(void *to, const void *value, size_t len)
{
    return harsan_known(to, value, len);
}

static cli_exit open_proof(work *w)
{
    const cli_run *r = w->run;
    if (!r->o->verify) {
        return CLI_OK;
    }
    cli_exit code = cli_proof_open(&w->proof, r->rules, r->o, &r->secret);
    if (code == CLI_OK) {
        cli_proof_expect(w->proof);
    }
    return code;
}

/* Bytes of a file as they are cost less to copy here than to hand over between threads: a thread of
 * its own is for what is hashed, inflated, deflated or waited for. */
static void open_flow(work *w)
{
    cli_crew *flow = w->run->flow;
    bool report = w->report != NULL;
    bool ahead = report || cli_input_is_gzip(w->in) || cli_input_size(w->in) == 0;
    bool behind = report || (w->out != NULL && wants_gzip(w));
    w->reader = cli_reader_new(w->in, ahead ? flow : NULL);
    if (w->text == NULL) {
        w->writer = cli_writer_new(w->out, behind ? flow : NULL);
    }
}

static cli_exit open_session(work *w)
{
    const cli_opts *o = w->run->o;
    harsan_error err = {0};
    harsan_options opt = {
        .write = on_write,
        .write_ctx = w,
        .on_finding = on_finding,
        .on_gap = on_gap,
        .event_ctx = w,
        .jwt = o->jwt,
        .one_pass = o->one_pass,
        .window = o->window,
    };
    if (w->run->crew != NULL) {
        opt.jobs = w->run->jobs;
        opt.start = cli_crew_start;
        opt.join = cli_crew_join;
        opt.crew = w->run->crew;
    }
    memcpy(opt.key, w->run->secret.key, sizeof opt.key);
    harsan_status status = harsan_new(&w->h, w->run->rules, &opt, &err);
    sodium_memzero(&opt, sizeof opt);
    if (status != HARSAN_OK) {
        cli_say_error(w->label, &err);
        return cli_exit_of(status);
    }
    open_flow(w);
    if (w->reader == NULL || (w->writer == NULL && w->text == NULL)) {
        return cli_no_memory(w->label);
    }
    return cli_secret_tell(&w->run->secret, o, take_known, w->h);
}

/* ---------------------------------------------------------------- the passes */

/* Most captures that are no JSON were cut off. */
static void suggest_salvage(const work *w, harsan_status status)
{
    harsan_facts facts;
    harsan_get_facts(w->h, &facts);
    if (status == HARSAN_E_SYNTAX && facts.entries > 0 && !w->run->o->quiet) {
        cli_say(w->label, "--salvage keeps the entries before that");
    }
}

static cli_exit fail_session(const work *w, harsan_status status)
{
    /* what was written before may have failed meanwhile: that came first */
    cli_exit code = w->write_code;
    if (code == CLI_OK && w->writer != NULL) {
        code = cli_writer_flush(w->writer);
    }
    if (code != CLI_OK) {
        return code; /* cli_output has said why */
    }
    cli_say_error(w->label, harsan_last_error(w->h));
    suggest_salvage(w, status);
    return cli_exit_of(status);
}

/* Which entries are wanted is known before the library hands them out; both passes read the
 * same. */
static cli_exit feed(work *w, const unsigned char *block, size_t n, harsan_status *status)
{
    bool filter = w->filter != NULL && !w->second && n > 0;
    cli_exit code = filter ? cli_filter_feed(w->filter, block, n) : CLI_OK;
    if (code == CLI_OK) {
        *status = n > 0 ? harsan_feed(w->h, block, n) : harsan_finish(w->h);
    }
    return code;
}

/* The whole input through the library; *again when it has to go through it once more. */
static cli_exit pass(work *w, const char *name, bool *again)
{
    harsan_status status = HARSAN_OK;
    const unsigned char *block;
    size_t n = 1;
    w->progress.pass = name;
    w->progress.total = cli_input_size(w->in);
    while (status == HARSAN_OK && n > 0) {
        cli_exit code = cli_reader_next(w->reader, &block, &n);
        if (code == CLI_OK) {
            code = feed(w, block, n, &status);
        }
        if (code != CLI_OK) {
            return code;
        }
        cli_progress_step(&w->progress, cli_reader_done(w->reader));
    }
    *again = status == HARSAN_AGAIN;
    return status == HARSAN_OK || *again ? CLI_OK : fail_session(w, status);
}

/* Nothing that the first pass wrote or told counts. */
static cli_exit start_again(work *w)
{
    cli_counts_free(&w->counts);
    cli_proof_close(w->proof);
    w->proof = NULL;
    w->second = true;
    cli_exit code = CLI_OK;
    if (w->text != NULL) {
        cli_spool_clear(w->text);
    } else {
        cli_writer_drop(w->writer);
        code = cli_output_restart(w->out);
    }
    if (code == CLI_OK && w->report != NULL) {
        code = cli_report_restart(w->report);
    }
    if (code == CLI_OK) {
        code = open_proof(w);
    }
    return code == CLI_OK ? cli_input_rewind(w->in) : code;
}

static cli_exit all_passes(work *w)
{
    bool again = false;
    cli_exit code = w->run->o->salvage ? cli_salvage(&w->loss, w->in, w->label) : CLI_OK;
    if (code == CLI_OK) {
        code = pass(w, "pass 1", &again);
    }
    if (code == CLI_OK && again) {
        code = start_again(w);
        if (code == CLI_OK) {
            code = pass(w, "pass 2", &again);
        }
    }
    cli_progress_end(&w->progress);
    if (code == CLI_OK && w->loss.any) {
        harsan_gap gap = cli_loss_gap(&w->loss);
        on_gap(w, &gap);
    }
    return code;
}

/* ---------------------------------------------------------------- the end */

/* Reads the whole output back before anything takes its name. */
static cli_exit prove(work *w)
{
    const char *label = cli_output_label(w->job->out != NULL ? w->job->out : w->job->bundle);
    cli_input *out = NULL;
    cli_exit code = cli_input_rewind(w->in);
    if (code == CLI_OK && w->text != NULL) {
        code = cli_input_of_spool(&out, w->text, label);
    } else if (code == CLI_OK) {
        code = cli_input_open(&out, cli_output_path(w->out), (cli_input_how){.twice = true});
    }
    if (code == CLI_OK) {
        code = cli_proof_run(w->proof, w->in, out, label, stderr);
    }
    if (code == CLI_FOUND) {
        cli_say(w->label, "the output was not proven to be clean, and not kept");
    }
    cli_input_close(out);
    return code;
}

/* What was held back leaves, without what is to be left out. The proof is of the whole. */
static cli_exit deliver(work *w, cli_result *result)
{
    const cli_run *r = w->run;
    cli_exit code = w->proof != NULL ? prove(w) : CLI_OK;
    if (code == CLI_OK) {
        code = cli_trim_open(&w->trim, w->text, r->o, w->filter, w->label);
    }
    cli_delivery d = {
        .o = r->o,
        .label = w->label,
        .text = w->text,
        .trim = w->trim,
        .out = w->out,
        .bundle = w->bundle,
        .report = w->report,
        .gzip = w->out != NULL && wants_gzip(w),
        .result = result,
        .rules_version = harsan_rules_version(r->rules),
    };
    return code == CLI_OK ? cli_deliver(&d) : code;
}

static cli_exit finish_outputs(work *w, cli_result *result)
{
    cli_exit code = w->text != NULL ? deliver(w, result) : cli_writer_flush(w->writer);
    if (code == CLI_OK && w->out != NULL) {
        code = cli_output_finish(w->out);
    }
    if (code == CLI_OK && w->text == NULL) {
        cli_output_digest(w->out, &result->out);
        code = w->proof != NULL ? prove(w) : CLI_OK;
    }
    return code == CLI_OK && w->bundle != NULL ? cli_output_finish(w->bundle) : code;
}

/* The output last: when it exists, so does all that belongs to it. */
static cli_exit commit(work *w)
{
    cli_exit code = w->report != NULL ? cli_report_commit(w->report) : CLI_OK;
    if (code == CLI_OK && w->bundle != NULL) {
        code = cli_output_commit(w->bundle);
    }
    return code == CLI_OK && w->out != NULL ? cli_output_commit(w->out) : code;
}

static cli_exit finish_files(work *w, const harsan_facts *facts)
{
    cli_result result = {.facts = *facts, .counts = &w->counts, .verified = w->proof != NULL};
    cli_input_digest(w->in, &result.in);
    cli_exit code = finish_outputs(w, &result);
    if (code == CLI_OK && cli_counts_failed(&w->counts)) {
        code = cli_no_memory(w->label);
    }
    if (code == CLI_OK && w->report != NULL) {
        code = cli_report_finish(w->report, &result);
    }
    return code == CLI_OK ? commit(w) : code;
}

static void say_result(const work *w, const harsan_facts *facts)
{
    if (w->run->o->quiet) {
        return;
    }
    if (w->loss.any) {
        cli_say_loss(w->label, &w->loss);
    }
    if (!facts->is_har) {
        cli_say(w->label, "warning: no log.entries: not a HAR; sanitized all the same");
    }
    if (w->trim != NULL) {
        cli_trim_say(w->trim, w->label);
    }
    cli_say_where(w->job);
}

static void close_work(work *w)
{
    harsan_free(w->h);
    cli_reader_free(w->reader);
    cli_writer_free(w->writer);
    cli_proof_close(w->proof);
    cli_report_close(w->report);
    cli_output_close(w->out);
    cli_output_close(w->bundle);
    cli_filter_close(w->filter);
    cli_trim_close(w->trim);
    cli_spool_free(w->text);
    cli_input_close(w->in);
    cli_counts_free(&w->counts);
}

cli_exit cli_clean_one(cli_run *r, const cli_job *job)
{
    work w = {.run = r, .job = job, .label = cli_input_label(job->in)};
    harsan_facts facts = {0};
    cli_progress_start(&w.progress, w.label, r->o->quiet);
    cli_exit code = open_files(&w);
    if (code == CLI_OK) {
        code = open_session(&w);
    }
    if (code == CLI_OK) {
        code = open_proof(&w);
    }
    if (code == CLI_OK) {
        code = all_passes(&w);
    }
    if (code == CLI_OK) {
        harsan_get_facts(w.h, &facts);
        code = finish_files(&w, &facts);
    }
    if (code == CLI_OK) {
        say_result(&w, &facts);
        w.counts.files = 1;
        w.counts.entries = facts.entries;
        cli_counts_merge(&r->total, &w.counts);
    }
    close_work(&w);
    return code;
}
