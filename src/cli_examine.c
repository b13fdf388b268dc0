/*
 * One file for `harsan check`: what is in it, and where.
 *
 * Receives a path and its setup, runs the library as `harsan clean` does, with nothing written,
 * weighs each finding, asks the baseline, and reads the file once more when lines and columns are
 * needed. Runs on any thread; everything it has to say is in its result. Holds no more
 * findings than FINDINGS_MAX and BASELINE_MAX allow, and of the file no more than a block.
 */
#include "cli_check.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 128 << 10 };

typedef struct exam {
    cli_check_result *r;
    const cli_check_setup *setup;
    const cli_check_help *help;
    cli_input *in;
    harsan *h;
    unsigned char *block;
} exam;

/* ---------------------------------------------------------------- texts */

/* 0 is the empty text, and what is left without memory. */
static uint32_t add_text(cli_check_result *r, const char *text)
{
    size_t n = text != NULL ? strlen(text) + 1 : 0;
    if (n <= 1) {
        return 0;
    }
    size_t need = (r->text_n > 0 ? r->text_n : 1) + n;
    if (need > r->text_cap) {
        char *bigger = realloc(r->text, need * 2 + 1024);
        if (bigger == NULL) {
            r->failed = true;
            return 0;
        }
        r->text = bigger;
        r->text_cap = need * 2 + 1024;
        r->text[0] = '\0';
    }
    r->text_n = r->text_n > 0 ? r->text_n : 1;
    uint32_t at = (uint32_t)r->text_n;
    memcpy(r->text + at, text, n);
    r->text_n += n;
    return at;
}

const char *cli_check_text(const cli_check_result *r, uint32_t at)
{
    return at == 0 ? "" : r->text + at;
}

/* Findings of one string come one behind the other. */
static uint32_t add_place(cli_check_result *r, const char *place)
{
    if (r->fresh == 0 || strcmp(cli_check_text(r, r->fresh), place) != 0) {
        r->fresh = add_text(r, place);
    }
    return r->fresh;
}

/* ---------------------------------------------------------------- findings */

static uint32_t rule_index(const cli_check_setup *s, const char *id)
{
    for (size_t i = 0; i < s->n_rules; i++) {
        if (s->rule[i].id == id) { /* nearly always the set's own text */
            return (uint32_t)i;
        }
    }
    for (size_t i = s->n_rules; i > 0; i--) {
        if (strcmp(s->rule[i - 1].id, id) == 0) {
            return (uint32_t)(i - 1);
        }
    }
    return (uint32_t)(s->n_rules - N_PSEUDO_RULES + RULE_UNSEEN);
}

static size_t findings_max(const cli_opts *o)
{
    return o->write_baseline != NULL ? BASELINE_MAX : FINDINGS_MAX;
}

static cli_check_finding *keep(exam *e)
{
    cli_check_result *r = e->r;
    if (r->n == findings_max(e->help->o)) {
        return NULL;
    }
    cli_check_finding *at = cli_grow(r->at, &r->cap, r->n, sizeof *at);
    if (at == NULL) {
        r->failed = true;
        return NULL;
    }
    r->at = at;
    return &r->at[r->n++];
}

static void on_finding(void *ctx, const harsan_finding *f)
{
    exam *e = ctx;
    cli_check_result *r = e->r;
    const char *expires = NULL;
    cli_fingerprint fingerprint;
    uint32_t index = rule_index(e->setup, f->rule);
    const cli_check_rule *rule = &e->setup->rule[index];
    bool minor = rule->level < e->setup->min_level || rule->confidence < e->setup->min_confidence;
    if (minor && e->setup->accept == NULL) {
        r->minor++;
        return;
    }
    cli_fingerprint_make(&fingerprint, e->setup->key, f);
    cli_check_known known = KNOWN_NOT;
    if (e->setup->accept != NULL) { /* a minor one is met all the same */
        known = cli_check_baseline_look(e->setup->accept, &fingerprint, e->help->today, &expires);
    }
    if (minor) {
        r->minor++;
        return;
    }
    if (known == KNOWN_ACCEPTED) {
        r->accepted++;
        return;
    }
    r->found++;
    r->expired += known == KNOWN_EXPIRED;
    r->by_level[rule->level]++;
    cli_check_finding *kept = keep(e);
    if (kept != NULL) {
        *kept = (cli_check_finding){.offset = f->offset,
                                    .len = f->len,
                                    .fingerprint = fingerprint,
                                    .rule = index,
                                    .place = add_place(r, f->place),
                                    .layers = add_text(r, f->layers),
                                    .learned_from = add_text(r, f->learned_from),
                                    .expired = add_text(r, expires)};
    }
}

/* What was replaced whole for its size is told by no finding. */
static void on_gap(void *ctx, const harsan_gap *g)
{
    exam *e = ctx;
    if (cli_gap_is_change(g->why, g->replaced)) {
        harsan_finding f = {
            .rule = "unseen", .place = g->place, .layers = "", .offset = g->offset, .len = g->len};
        on_finding(e, &f);
    } else if (!g->replaced) {
        cli_tally_add(&e->r->unseen, g->why, 1);
    }
}

static void forget(cli_check_result *r)
{
    r->n = r->text_n = 0;
    r->fresh = 0;
    r->found = r->accepted = r->expired = r->minor = 0;
    memset(r->by_level, 0, sizeof r->by_level);
    cli_tally_free(&r->unseen);
}

/* ---------------------------------------------------------------- is it a HAR? */

/* A key and what has to stand behind it: `"log" : {`. */
typedef struct mark {
    const char *key;
    char open;
    size_t at; /* bytes of the key that stand there, all of them: in what follows */
    bool colon;
    bool found;
} mark;

static void step_mark(mark *m, unsigned char c)
{
    if (m->key[m->at] != '\0') {
        m->at = m->key[m->at] == (char)c ? m->at + 1 : c == '"' ? 1 : 0;
        m->colon = false;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        return;
    } else if (c == ':' && !m->colon) {
        m->colon = true;
    } else {
        m->found = m->found || (m->colon && c == (unsigned char)m->open);
        m->at = c == '"' ? 1 : 0;
    }
}

/* Has it what makes a HAR, valid or not? One quick reading. */
static cli_exit sniff(exam *e, bool *is_har)
{
    mark log = {.key = "\"log\"", .open = '{'};
    mark entries = {.key = "\"entries\"", .open = '['};
    size_t n = 1;
    cli_exit code = CLI_OK;
    while (n > 0 && code == CLI_OK && !(log.found && entries.found)) {
        code = cli_input_read(e->in, e->block, BLOCK, &n);
        for (size_t i = 0; i < n && !(log.found && entries.found); i++) {
            step_mark(&log, e->block[i]);
            step_mark(&entries, e->block[i]);
        }
    }
    *is_har = log.found && entries.found;
    return code == CLI_OK && *is_har ? cli_input_rewind(e->in) : code;
}

/* ---------------------------------------------------------------- the passes */

static cli_exit open_session(exam *e)
{
    harsan_error err = {0};
    harsan_options opt = {
        .on_finding = on_finding,
        .on_gap = on_gap,
        .event_ctx = e,
        .jwt = e->help->o->jwt,
        .window = e->help->o->window,
    };
    if (e->help->crew != NULL) {
        opt.jobs = e->help->jobs;
        opt.start = cli_crew_start;
        opt.join = cli_crew_join;
        opt.crew = e->help->crew;
    }
    memcpy(opt.key, e->setup->key, sizeof opt.key);
    harsan_status status = harsan_new(&e->h, e->setup->rules, &opt, &err);
    sodium_memzero(&opt, sizeof opt);
    if (status != HARSAN_OK) {
        cli_say_error(e->r->path->path, &err);
        return cli_exit_of(status);
    }
    return CLI_OK;
}

static harsan_status take_known(void *to, const void *value, size_t len)
{
    return harsan_known(to, value, len);
}

static void show_progress(const exam *e, const char *pass)
{
    cli_progress *p = e->help->progress;
    if (p != NULL) {
        p->pass = pass;
        p->total = cli_input_size(e->in);
        cli_progress_step(p, cli_input_done(e->in));
    }
}

static cli_exit pass(exam *e, const char *name, bool *again)
{
    harsan_status status = HARSAN_OK;
    size_t n = 1;
    while (status == HARSAN_OK && n > 0) {
        cli_exit code = cli_input_read(e->in, e->block, BLOCK, &n);
        if (code != CLI_OK) {
            return code;
        }
        status = n > 0 ? harsan_feed(e->h, e->block, n) : harsan_finish(e->h);
        show_progress(e, name);
    }
    *again = status == HARSAN_AGAIN;
    if (status != HARSAN_OK && !*again) {
        cli_say_error(e->r->path->path, harsan_last_error(e->h));
        return cli_exit_of(status);
    }
    return CLI_OK;
}

static cli_exit all_passes(exam *e)
{
    bool again = false;
    cli_exit code = pass(e, "pass 1", &again);
    if (code == CLI_OK && again) {
        forget(e->r);
        code = cli_input_rewind(e->in);
        if (code == CLI_OK) {
            code = pass(e, "pass 2", &again);
        }
    }
    return code;
}

/* ---------------------------------------------------------------- lines and columns */

static int by_offset(const void *a, const void *b)
{
    uint64_t x = ((const cli_check_query *)a)->offset;
    uint64_t y = ((const cli_check_query *)b)->offset;
    return (x > y) - (x < y);
}

static cli_exit read_positions(exam *e, cli_check_locator *l)
{
    size_t n = 1;
    cli_exit code = cli_input_rewind(e->in);
    while (code == CLI_OK && n > 0 && l->next < l->n) {
        code = cli_input_read(e->in, e->block, BLOCK, &n);
        cli_check_locate_feed(l, e->block, n);
    }
    cli_check_locate_end(l);
    return code;
}

static cli_exit locate(exam *e)
{
    cli_check_result *r = e->r;
    cli_check_locator l;
    cli_check_query *query = calloc(2 * r->n + 1, sizeof *query);
    if (query == NULL) {
        return cli_no_memory(r->path->path);
    }
    for (size_t i = 0; i < r->n; i++) {
        query[2 * i] = (cli_check_query){r->at[i].offset, &r->at[i].from};
        query[2 * i + 1] = (cli_check_query){r->at[i].offset + r->at[i].len, &r->at[i].to};
    }
    qsort(query, 2 * r->n, sizeof *query, by_offset);
    cli_check_locate_begin(&l, query, 2 * r->n);
    cli_exit code = read_positions(e, &l);
    free(query);
    return code;
}

/* ---------------------------------------------------------------- public */

static cli_exit examine(exam *e)
{
    cli_check_result *r = e->r;
    bool is_har = true;
    cli_exit code = cli_input_open(&e->in, r->path->path, (cli_input_how){.twice = true});
    if (code == CLI_OK && r->path->only_har) {
        code = sniff(e, &is_har);
    }
    r->skipped = code == CLI_OK && !is_har;
    if (code != CLI_OK || r->skipped) {
        return code;
    }
    r->gzip = cli_input_is_gzip(e->in);
    code = open_session(e);
    if (code == CLI_OK) {
        code = cli_secret_tell(e->help->secret, e->help->o, take_known, e->h);
    }
    if (code == CLI_OK) {
        code = all_passes(e);
    }
    if (code != CLI_OK) {
        return code;
    }
    harsan_get_facts(e->h, &r->facts);
    r->skipped = r->path->only_har && !r->facts.is_har;
    harsan_free(e->h); /* its memory is free for others before the file is read again */
    e->h = NULL;
    return r->skipped || r->n == 0 ? CLI_OK : locate(e);
}

#define SPEAKER "harsan: "

/* What every line begins with that is about this file. NULL without memory. */
static char *prefix_of(const char *name)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);
    if (to == NULL) {
        return NULL;
    }
    fputs(SPEAKER, to);
    cli_put_name(to, name);
    fputs(": ", to);
    return fclose(to) == 0 ? text : NULL;
}

/* Of a line about another file, such as a list of known values, its name stays. */
static size_t name_length(const char *line, const char *prefix)
{
    size_t n = prefix != NULL ? strlen(prefix) : 0;
    if (n > 0 && strncmp(line, prefix, n) == 0) {
        return n;
    }
    return strncmp(line, SPEAKER, sizeof SPEAKER - 1) == 0 ? sizeof SPEAKER - 1 : 0;
}

/* What was said, in one line without the names: formats put them where they belong. */
static void take_message(cli_check_result *r)
{
    char *text = cli_say_take();
    char *prefix = prefix_of(cli_input_label(r->path->path));
    size_t used = 0;
    for (const char *p = text; p != NULL && *p != '\0' && used < sizeof r->message;) {
        size_t n = strcspn(p, "\n");
        size_t from = name_length(p, prefix);
        int put = snprintf(r->message + used, sizeof r->message - used, "%s%.*s",
                           used > 0 ? "; " : "", (int)(n - from), p + from);
        used += put > 0 ? (size_t)put : 0;
        p += n + (p[n] == '\n');
    }
    free(prefix);
    free(text);
    if (r->code > CLI_FOUND && r->message[0] == '\0') {
        snprintf(r->message, sizeof r->message, "out of memory");
    }
}

void cli_check_examine(cli_check_result *r, const cli_check_path *path, const cli_check_help *help)
{
    *r = (cli_check_result){.path = path};
    exam e = {.r = r, .setup = path->setup, .help = help};
    cli_say_keep();
    e.block = malloc(BLOCK);
    r->code = e.block != NULL ? examine(&e) : cli_no_memory(path->path);
    if (r->code == CLI_OK && (r->failed || r->unseen.failed)) {
        r->code = cli_no_memory(path->path);
    }
    if (r->skipped || r->code != CLI_OK) {
        forget(r); /* of a file that is broken, nothing is known for sure */
    }
    if (r->code == CLI_OK && r->found > 0) {
        r->code = CLI_FOUND;
    }
    take_message(r);
    harsan_free(e.h);
    cli_input_close(e.in);
    if (e.block != NULL) {
        sodium_memzero(e.block, BLOCK);
        free(e.block);
    }
}

void cli_check_result_free(cli_check_result *r)
{
    free(r->at);
    free(r->text);
    cli_tally_free(&r->unseen);
    *r = (cli_check_result){0};
}
