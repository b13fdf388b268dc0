/*
 * The command `harsan verify`: proves of an output what `harsan clean` promises; and the same proof
 * for `harsan clean --verify`.
 *
 * Receives input, output and perhaps the report of the run, lists every place that is not as it has
 * to be. Trusts neither run nor report. Must never show a byte of what it compares.
 */
#include "cli.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 100 /* mismatches listed; more are counted */ };

struct cli_proof {
    harsan_verify *v;
    harsan_status span_status; /* of the first span that was not taken */
    const char *label;
    FILE *to;
    uint64_t shown;
};

/* ---------------------------------------------------------------- mismatches */

static void put_offset(FILE *to, uint64_t offset, const char *of)
{
    if (offset != HARSAN_NOWHERE) {
        fprintf(to, ", byte %" PRIu64 " of the %s", offset, of);
    }
}

static void on_mismatch(void *ctx, const harsan_mismatch *m)
{
    cli_proof *p = ctx;
    if (m->kind == HARSAN_MISMATCH_ECHO || p->shown == SHOWN_MAX) {
        return;
    }
    p->shown++;
    cli_put_name(p->to, p->label);
    fputs(": ", p->to);
    cli_put_name(p->to, m->place[0] != '\0' ? m->place : "/");
    fprintf(p->to, ": %s", harsan_mismatch_text(m->kind));
    if (m->rule != NULL) {
        fputs(": ", p->to);
        cli_put_name(p->to, m->rule);
    }
    put_offset(p->to, m->offset_out, "output");
    put_offset(p->to, m->offset_in, "input");
    putc('\n', p->to);
}

bool cli_gap_is_change(const char *why, bool replaced)
{
    /* other limits are told as findings as well */
    return replaced && (strcmp(why, "limit:window") == 0 || strcmp(why, "limit:memory") == 0);
}

/* ---------------------------------------------------------------- one proof */

static harsan_status take_known(void *to, const void *value, size_t len)
{
    return harsan_verify_known(to, value, len);
}

cli_exit cli_proof_open(cli_proof **out, const harsan_rules *rules, const cli_opts *o,
                        const cli_secret *secret)
{
    harsan_options opt = {.jwt = o->jwt, .window = o->window};
    harsan_error err = {0};
    cli_proof *p = calloc(1, sizeof *p);
    *out = p;
    if (p == NULL) {
        return cli_no_memory(NULL);
    }
    harsan_status status = harsan_verify_new(&p->v, rules, &opt, on_mismatch, p, &err);
    if (status != HARSAN_OK) {
        cli_say_error(NULL, &err);
        return cli_exit_of(status);
    }
    return cli_secret_tell(secret, o, take_known, p->v);
}

void cli_proof_expect(cli_proof *p)
{
    harsan_verify_expected(p->v);
}

void cli_proof_span(cli_proof *p, uint64_t offset, uint64_t len)
{
    if (p->span_status == HARSAN_OK) {
        p->span_status = harsan_verify_span(p->v, offset, len);
    }
}

/* cli_input says why it failed; the library only needs to know that it did. */
typedef struct reading {
    cli_input *in;
    cli_exit code;
} reading;

static ptrdiff_t read_some(void *ctx, void *buf, size_t max)
{
    reading *r = ctx;
    size_t n;
    r->code = cli_input_read(r->in, buf, max, &n);
    return r->code == CLI_OK ? (ptrdiff_t)n : -1;
}

static bool rewind_input(void *ctx)
{
    reading *r = ctx;
    r->code = cli_input_rewind(r->in);
    return r->code == CLI_OK;
}

static cli_exit fail_run(const cli_proof *p, const reading *in, const reading *out)
{
    harsan_verify_facts facts;
    const harsan_error *err = harsan_verify_error(p->v);
    harsan_verify_get_facts(p->v, &facts);
    if (in->code != CLI_OK || out->code != CLI_OK) {
        return in->code != CLI_OK ? in->code : out->code; /* cli_input has said why */
    }
    cli_say_error(facts.about_output ? p->label : "input of the proof", err);
    return cli_exit_of(err->code);
}

cli_exit cli_proof_run(cli_proof *p, cli_input *in, cli_input *out, const char *label, FILE *to)
{
    reading a = {.in = in};
    reading b = {.in = out};
    const harsan_source source_in = {read_some, rewind_input, &a};
    const harsan_source source_out = {read_some, rewind_input, &b};
    p->label = label;
    p->to = to;
    harsan_status status = p->span_status;
    if (status == HARSAN_OK) {
        status = harsan_verify_run(p->v, &source_in, &source_out);
    }
    if (status != HARSAN_OK) {
        return fail_run(p, &a, &b);
    }
    harsan_verify_facts facts;
    harsan_verify_get_facts(p->v, &facts);
    if (facts.mismatches > p->shown) {
        cli_put_name(to, label);
        fprintf(to, ": and %" PRIu64 " more places\n", facts.mismatches - p->shown);
    }
    return facts.mismatches > 0 ? CLI_FOUND : CLI_OK;
}

void cli_proof_close(cli_proof *p)
{
    if (p != NULL) {
        harsan_verify_free(p->v);
        free(p);
    }
}

/* ---------------------------------------------------------------- the command */

typedef struct verify {
    const cli_opts *o;
    const char *in_name;
    const char *out_name;
    harsan_rules *rules;
    cli_secret secret;
    cli_proof *proof;
    cli_claims claims;
    cli_input *in;
    cli_input *out;
} verify;

/* What is left after the texts parted: the digests are of whole files. */
static cli_exit drain(cli_input *in)
{
    static unsigned char block[64 << 10];
    size_t n;
    cli_exit code;
    do {
        code = cli_input_read(in, block, sizeof block, &n);
    } while (code == CLI_OK && n > 0);
    sodium_memzero(block, sizeof block);
    return code;
}

/* Reads to the end in its second pass, the one that is hashed. */
static cli_exit check_digest(cli_input *in, const cli_digest *want, const char *name)
{
    cli_digest got;
    cli_exit code = drain(in);
    if (code != CLI_OK) {
        return code;
    }
    cli_input_digest(in, &got);
    if (got.bytes == want->bytes && strcmp(got.sha256, want->sha256) == 0) {
        return CLI_OK;
    }
    cli_put_name(stdout, name);
    puts(": size or SHA-256 is not that of the report");
    return CLI_FOUND;
}

static cli_exit check_claims(verify *v)
{
    cli_exit in = check_digest(v->in, &v->claims.in, v->in_name);
    cli_exit out = check_digest(v->out, &v->claims.out, v->out_name);
    if (v->claims.findings != v->claims.changed) {
        cli_put_name(stdout, v->o->reports.at[0]);
        puts(": lists another number of findings than it says");
        return CLI_FOUND;
    }
    return in != CLI_OK ? in : out;
}

static void say_result(const verify *v, cli_exit code)
{
    harsan_verify_facts facts;
    harsan_verify_get_facts(v->proof->v, &facts);
    if (v->o->quiet) {
        return;
    }
    if (facts.echoes > 0) {
        cli_say(v->out_name,
                "note: %" PRIu64 " whole fields equal a short or common value that was replaced "
                "elsewhere",
                facts.echoes);
    }
    if (code == CLI_OK) {
        cli_say(v->out_name,
                "proven: %" PRIu64 " field%s changed, %" PRIu64 " value%s looked for, none found",
                facts.changed, facts.changed == 1 ? "" : "s", facts.values,
                facts.values == 1 ? "" : "s");
    }
}

static cli_exit open_all(verify *v)
{
    cli_input_how how = {.twice = true, .hash = v->o->reports.n > 0};
    cli_input_how how_in = {.twice = true, .hash = how.hash, .torn = v->o->salvage};
    cli_exit code = cli_rules_load(&v->rules, v->o, v->o->packs);
    if (code == CLI_OK) {
        code = cli_secret_load(&v->secret, v->o);
    }
    if (code == CLI_OK) {
        code = cli_proof_open(&v->proof, v->rules, v->o, &v->secret);
    }
    if (code == CLI_OK && v->o->reports.n > 0) {
        code = cli_claims_read(&v->claims, v->o->reports.at[0], v->proof);
    }
    if (code == CLI_OK) {
        code = cli_input_open(&v->in, v->o->args.at[0], how_in);
    }
    if (code == CLI_OK) {
        code = cli_input_open(&v->out, v->o->args.at[1], how);
    }
    return code;
}

/* Both files are open; only a spool may still be made. */
static void confine(const cli_opts *o)
{
    cli_sandbox box;
    if (!o->no_sandbox) {
        cli_sandbox_begin(&box);
        cli_sandbox_enter(&box);
    }
}

static cli_exit prove(verify *v)
{
    bool report = v->o->reports.n > 0;
    if (report && strcmp(v->claims.rules, harsan_rules_version(v->rules)) != 0) {
        cli_say(v->o->reports.at[0], "made with other rules than these; see --rules and --with");
        return CLI_USAGE;
    }
    cli_exit code = cli_proof_run(v->proof, v->in, v->out, v->out_name, stdout);
    if (report && (code == CLI_OK || code == CLI_FOUND)) {
        cli_exit claims = check_claims(v);
        code = code == CLI_OK || claims > CLI_FOUND ? claims : code;
    }
    if (code == CLI_OK || code == CLI_FOUND) {
        say_result(v, code);
    }
    return code;
}

static cli_exit run_verify(const cli_opts *o)
{
    if (o->args.n != 2 || o->reports.n > 1) {
        cli_say(NULL, o->args.n != 2 ? "verify takes the input and the output"
                                     : "verify takes one report");
        return CLI_USAGE;
    }
    if (strcmp(o->args.at[0], "-") == 0 && strcmp(o->args.at[1], "-") == 0) {
        cli_say(NULL, "input and output cannot both come from standard input");
        return CLI_USAGE;
    }
    verify v = {.o = o,
                .in_name = cli_input_label(o->args.at[0]),
                .out_name = cli_input_label(o->args.at[1])};
    cli_exit code = open_all(&v);
    if (code == CLI_OK) {
        confine(o);
    }
    if (code == CLI_OK && o->salvage) {
        cli_loss loss;
        code = cli_salvage(&loss, v.in, v.in_name);
    }
    if (code == CLI_OK) {
        code = prove(&v);
    }
    cli_input_close(v.in);
    cli_input_close(v.out);
    cli_proof_close(v.proof);
    cli_secret_free(&v.secret);
    harsan_rules_free(v.rules);
    return code;
}

const cli_command cli_command_verify = {
    .name = "verify",
    .summary = "prove that an output is clean, and changed nowhere else",
    .usage =
        "harsan verify IN OUT [--report FILE]\n"
        "\n"
        "Holds OUT against IN: the same structure, nothing left that a rule finds, no value\n"
        "of IN that was to be replaced readable in OUT through any layer; with the report of\n"
        "the run, also the digests, and no byte changed but where it says. Options of the run\n"
        "that stand below are to be given again. An OUT that something was left out of is\n"
        "proven by harsan clean --verify. Lists the places and exits with 1 when something is\n"
        "wrong.",
    .bit = CLI_CMD_VERIFY,
    .run = run_verify,
};
