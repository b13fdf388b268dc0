/*
 * What the files of the command `harsan` share.
 *
 * The command stands on include/harsan.h alone; files, terminals, signals and the environment are
 * known here and nowhere in the library. Order of use: cli_main -> cli_opts -> one file per command
 * (cli_clean, cli_check, cli_rules, cli_verify) -> cli_plan, cli_secret, cli_filter, cli_report,
 * cli_summary -> cli_deliver -> cli_trim, cli_bundle -> cli_zip -> cli_input, cli_output ->
 * cli_spool, cli_fd. A new command is one file and one line in the table of cli_main.c.
 */
#ifndef CLI_H
#define CLI_H

#include "cli_io.h"

/* ---------------------------------------------------------------- options (cli_opts.c) */

/* Words of the command line, borrowed from argv. */
typedef struct cli_list {
    const char **at;
    size_t n;
} cli_list;

/* Zero-filled is the default everywhere. */
typedef struct cli_opts {
    cli_list args; /* what is no option: input files, or the words of `rules` and `help` */
    cli_list reports;
    cli_list rules;
    cli_list known;
    cli_list keep; /* quick rules: KIND:NAME */
    cli_list redact;
    cli_list redact_host; /* a host, or *. and a domain */
    cli_list entries;     /* FROM-TO,... */
    cli_list hosts;       /* globs */
    const char *since;    /* a date and time, as is until */
    const char *until;
    cli_list exclude; /* patterns as in a .gitignore */
    cli_list formats; /* FORMAT or FORMAT=FILE */
    const char *baseline;
    const char *config;
    const char *expires; /* a date, for entries that --write-baseline makes */
    const char *files_from;
    const char *min_category;
    const char *min_confidence;
    const char *today; /* a date; NULL = the clock's */
    const char *write_baseline;
    const char *output;
    const char *bundle;
    const char *out_dir;
    const char *key_file;
    size_t window; /* bytes, 0 = the library's default */
    uint64_t fit;  /* bytes, 0 = as large as it comes */
    unsigned drop; /* one bit per cli_body: bodies to leave out */
    unsigned jobs; /* threads, 0 = one for each core */
    unsigned packs;
    harsan_jwt jwt;
    bool fix;
    bool force;
    bool gzip;
    bool help;
    bool in_place;
    bool init;
    bool no_config;
    bool no_default_rules;
    bool no_report;
    bool no_sandbox;
    bool one_pass;
    bool only_har;
    bool quiet;
    bool salvage;
    bool verify;
    bool version;
    const char **words; /* owned: what the lists point into */
} cli_opts;

/* One bit per command: which options it takes. */
enum {
    CLI_CMD_CLEAN = 1 << 0,
    CLI_CMD_RULES = 1 << 1,
    CLI_CMD_HELP = 1 << 2,
    CLI_CMD_VERIFY = 1 << 3,
    CLI_CMD_CHECK = 1 << 4
};

typedef struct cli_command {
    const char *name;
    const char *summary; /* one line for the list of commands */
    const char *usage;   /* lines for its own help */
    unsigned bit;
    cli_exit (*run)(const cli_opts *o);
} cli_command;

extern const cli_command cli_command_clean;
extern const cli_command cli_command_check;
extern const cli_command cli_command_rules;
extern const cli_command cli_command_verify;

/* Reads argv[from..argc) for `cmd`. cli_opts_free is due also after a failure. */
CLI_MUST_USE cli_exit cli_opts_parse(cli_opts *o, const cli_command *cmd, int from, int argc,
                                     char **argv);
void cli_opts_free(cli_opts *o);
bool cli_opts_trim(const cli_opts *o); /* is something to be left out of the output? */
/* Adds the packs of a list such as "pii,network"; false = one of them is unknown. */
bool cli_packs_parse(unsigned *packs, const char *list);
void cli_opts_print(FILE *to, const cli_command *cmd); /* the options of cmd, for its help */

/* ---------------------------------------------------------------- plan (cli_plan.c) */

/* One input and where its results go. */
typedef struct cli_job {
    const char *in;
    const char *out;    /* NULL: the bundle is all that is wanted */
    const char *bundle; /* NULL = none */
    cli_list reports;
    char *made_out; /* owned, when the names were derived from `in` */
    char *made_report;
    const char *one[1]; /* what reports.at points to then */
} cli_job;

typedef struct cli_plan {
    cli_job *job;
    size_t n;
} cli_plan;

/* Refuses, before anything is read, every clash of names: two results of one name, an existing
 * file, an output that is its own input. `o` is borrowed. cli_plan_free is due in any case. */
CLI_MUST_USE cli_exit cli_plan_make(cli_plan *plan, const cli_opts *o);
void cli_plan_free(cli_plan *plan);
void cli_say_where(const cli_job *job); /* the names of the files it has made (cli_say.c) */

/* ---------------------------------------------------------------- secrets, rules */

/* What the user knows (cli_secret.c): the key, and values one per line, each file read once. */
typedef struct cli_secret {
    unsigned char key[32];
    cli_bytes *known;
    size_t n_known;
} cli_secret;

CLI_MUST_USE cli_exit cli_secret_load(cli_secret *s, const cli_opts *o);
/* Hands each known value to `take`, harsan_known or its like. */
typedef harsan_status cli_known_fn(void *to, const void *value, size_t len);
CLI_MUST_USE cli_exit cli_secret_tell(const cli_secret *s, const cli_opts *o, cli_known_fn *take,
                                      void *to);
void cli_secret_free(cli_secret *s);

/* (cli_quick.c) Does `word` begin with a kind of name that --keep and --redact know, a colon and a
 * name? `name` may be NULL. The kind, which `any` is one of, is NULL if it does not. */
const char *cli_quick_kind(const char *word, const char **name);
/* Adds what --keep, --redact and --redact-host ask for, as a rule file; nothing for none. */
CLI_MUST_USE cli_exit cli_quick_rules(cli_bytes *b, const cli_opts *o);
/* The word that the rule on this line of it, from 1, was made of. */
const char *cli_quick_word(const cli_opts *o, uint64_t line);
/* (cli_rules.c) The rules that --rules, --keep, --redact, --redact-host, --with and
 * --no-default-rules ask for. */
CLI_MUST_USE cli_exit cli_rules_load(harsan_rules **out, const cli_opts *o, unsigned packs);

/* ---------------------------------------------------------------- URLs (cli_url.c) */

/* "scheme" and "host[:port]" of a URL, borrowed; empty host for one that has none. */
typedef struct cli_url {
    const char *scheme, *host;
    size_t scheme_len, host_len;
} cli_url;
cli_url cli_url_of(const char *url);
size_t cli_url_name_len(cli_url u); /* of the host without its port */

/* ---------------------------------------------------------------- times (cli_time.c) */

/* Microseconds since 1970 of a date, or a date and time, as ISO 8601 and RFC 3339 write it; without
 * a zone it is UTC. False for any other text. */
bool cli_time_parse(const char *text, int64_t *micro);
/* YYYY-MM-DD, and there is such a day. */
bool cli_time_is_date(const char *text);

/* ---------------------------------------------------------------- which entries (cli_filter.c) */

/* What --entries, --host, --since and --until keep. Looks at the input, before anything in it is
 * replaced, while it streams by. */
typedef struct cli_filter cli_filter;

bool cli_filter_range_ok(const char *list); /* FROM-TO,... */
bool cli_filter_time_ok(const char *text);
/* *out is NULL when everything is wanted. */
CLI_MUST_USE cli_exit cli_filter_open(cli_filter **out, const cli_opts *o, const char *label);
CLI_MUST_USE cli_exit cli_filter_feed(cli_filter *f, const void *data, size_t len);
/* Of the nth entry, from 0, in the order of harsan_view; once it was fed. A NULL filter keeps all.
 */
bool cli_filter_keeps(const cli_filter *f, uint64_t nth);
void cli_filter_close(cli_filter *f); /* NULL is fine */

/* ---------------------------------------------------------------- bodies (cli_body.c) */

/* Kinds of bodies, in the order in which --fit gives them up. */
typedef enum cli_body {
    CLI_BODY_MEDIA, /* audio, video */
    CLI_BODY_IMAGE,
    CLI_BODY_FONT,
    CLI_BODY_SCRIPT,
    CLI_BODY_STYLE,
    CLI_BODY_HTML,
    CLI_BODY_JSON,
    CLI_BODY_TEXT,
    CLI_BODY_OTHER,
    CLI_N_BODIES
} cli_body;

const char *cli_body_name(cli_body body);
/* The bits of a list such as "image,font"; 0 when a name in it is none. */
unsigned cli_body_list(const char *list);
/* By MIME type; where that says nothing by what the browser calls the resource. */
cli_body cli_body_of(const char *mime_type, const char *resource_type);

/* ---------------------------------------------------------------- leaving out (cli_trim.c) */

enum { CLI_LEFT_LIST = 100 };

/* One body that is not in the output. */
typedef struct cli_left_body {
    uint64_t entry; /* number in the input, from 0 */
    uint64_t bytes; /* of its text as it stood in the JSON */
    cli_body body;
    bool request;
} cli_left_body;

/* What is not in the output although it is in the input. */
typedef struct cli_left_out {
    uint64_t entries; /* not asked for */
    uint64_t entries_kept;
    uint64_t bodies; /* of entries kept; in all, then by kind */
    uint64_t bytes;
    uint64_t body_count[CLI_N_BODIES];
    uint64_t body_bytes[CLI_N_BODIES];
    cli_left_body list[CLI_LEFT_LIST]; /* the first of them */
    size_t n_list;
} cli_left_out;

typedef struct cli_trim cli_trim;

/* Reads the sanitized text, borrowed, and lists what may be left out of it. */
CLI_MUST_USE cli_exit cli_trim_open(cli_trim **out, cli_spool *text, const cli_opts *o,
                                    const cli_filter *filter, const char *label);
/* The text as it is to be handed out; as often as wanted. */
CLI_MUST_USE cli_exit cli_trim_send(cli_trim *t, cli_write_fn *put, void *ctx);
/* For --fit: how long the text is with all that may be given up, in bytes or in bytes once
 * deflated, and what each body has a share in it. Once, before give_up. */
CLI_MUST_USE cli_exit cli_trim_measure(cli_trim *t, bool deflated, uint64_t *bytes);
/* From now on bodies are given up that have a share of `saving` bytes in all, always more than with
 * the call before. False: there are no more. */
bool cli_trim_give_up(cli_trim *t, uint64_t saving);
const cli_left_out *cli_trim_left(const cli_trim *t);    /* of the last time it was sent */
void cli_trim_say(const cli_trim *t, const char *label); /* the same, on stderr */
void cli_trim_close(cli_trim *t);                        /* NULL is fine */

/* ---------------------------------------------------------------- cleaning (cli_clean.c) */

/* What `harsan clean --in-place --no-report` does with one file, with rules that are compiled. */
CLI_MUST_USE cli_exit cli_clean_in_place(const char *name, const cli_opts *o, harsan_rules *rules,
                                         const cli_secret *secret);

/* ---------------------------------------------------------------- counts (cli_summary.c) */

/* How often each name occurred; names past a ceiling are counted as "other". */
typedef struct cli_tally_row {
    char name[96];
    uint64_t n;
} cli_tally_row;

enum { CLI_TALLY_HINTS = 32 };

typedef struct cli_tally {
    cli_tally_row *row;
    unsigned short hint[CLI_TALLY_HINTS]; /* where a name was last, by a hash of it */
    size_t n;
    size_t cap;
    bool failed; /* no memory; sticks */
} cli_tally;

typedef enum cli_order { CLI_BY_NAME, CLI_BY_COUNT } cli_order;

/* Returns the index of the row, right until a name is added or the rows are sorted. */
size_t cli_tally_add(cli_tally *t, const char *name, uint64_t n);
void cli_tally_sort(cli_tally *t, cli_order order);
void cli_tally_free(cli_tally *t);

/* Findings come place by place: the rows of the last one mostly count the next as well. */
typedef struct cli_last_finding {
    const char *rule; /* of the rules, which stay */
    const char *category;
    char place[160]; /* empty: there was none, or it is too long */
    size_t rule_row, category_row, place_row;
} cli_last_finding;

/* What one input, or the whole run, came to. */
typedef struct cli_counts {
    cli_tally rule;
    cli_tally category;
    cli_tally place;    /* "request/cookies/value" */
    cli_tally gap;      /* passed on unseen, by reason */
    cli_tally replaced; /* replaced whole unseen, by reason */
    cli_last_finding last;
    uint64_t files;
    uint64_t entries;
    uint64_t changed;
} cli_counts;

void cli_counts_finding(cli_counts *c, const harsan_finding *f);
void cli_counts_gap(cli_counts *c, const harsan_gap *g);
void cli_counts_merge(cli_counts *into, const cli_counts *from);
bool cli_counts_failed(const cli_counts *c);
void cli_counts_free(cli_counts *c);   /* and back to nothing counted */
void cli_summary_print(cli_counts *c); /* sorts */

/* ---------------------------------------------------------------- report (cli_report.c) */

typedef struct cli_report cli_report;

/* How a run ended, for the end of the report. */
typedef struct cli_result {
    cli_digest in;
    cli_digest out;
    harsan_facts facts;
    cli_counts *counts;       /* sorted by the report */
    const cli_left_out *left; /* NULL = nothing was to be left out */
    bool verified;            /* --verify proved the output */
} cli_result;

typedef struct cli_report_how {
    bool force;
    bool again;                /* cli_report_restart may be called */
    bool render;               /* cli_report_render may be called */
    const cli_filter *filter;  /* borrowed: which entries to show, NULL = all */
    const char *rules_version; /* borrowed until the report is closed */
} cli_report_how;

/* Is there a form for a file of this name (.html, .md, .json, .txt; JSON for a stream)? */
bool cli_report_is_known(const char *name);
bool cli_report_is_json(const char *name); /* also a name of no form: `verify` may read it */

/* One report to each of `names`, which are known. An error in the callbacks sticks and is returned
 * by finish. */
CLI_MUST_USE cli_exit cli_report_open(cli_report **out, const cli_list *names, cli_report_how how);
void cli_report_finding(cli_report *r, const harsan_finding *f);
void cli_report_gap(cli_report *r, const harsan_gap *g);
/* The next bytes of the sanitized text: pages and entries are told from it. */
void cli_report_output(cli_report *r, const void *data, size_t len);
/* Forgets every finding and gap told so far: a second pass begins. */
CLI_MUST_USE cli_exit cli_report_restart(cli_report *r);
/* The forms a report can have, by their file extension; NULL past the last. */
const char *cli_report_form(size_t i);
/* Writes the report as it would be if the run ended like this; as often as wanted, before finish.
 */
CLI_MUST_USE cli_exit cli_report_render(cli_report *r, const cli_result *result, const char *form,
                                        cli_write_fn *put, void *ctx);
CLI_MUST_USE cli_exit cli_report_finish(cli_report *r, const cli_result *result);
CLI_MUST_USE cli_exit cli_report_commit(cli_report *r);
void cli_report_close(cli_report *r); /* NULL is fine */

/* ---------------------------------------------------------------- handing out (cli_deliver.c) */

/* All of it borrowed. */
typedef struct cli_delivery {
    const cli_opts *o;
    const char *label;
    cli_spool *text; /* sanitized, complete */
    cli_trim *trim;  /* of that text */
    cli_output *out; /* NULL = none, as the next two */
    cli_output *bundle;
    cli_report *report;
    bool gzip;          /* out is compressed */
    cli_result *result; /* of the run; `out` and `left` of it are set here */
    const char *rules_version;
} cli_delivery;

/* Writes text and bundle, small enough for --fit, to outputs that may be restarted; they are to be
 * finished. CLI_LIMIT when nothing more can be left out. */
CLI_MUST_USE cli_exit cli_deliver(cli_delivery *d);

/* Writes the members of a bundle (cli_bundle.c): the text through `put`, which hands it on to the
 * ZIP, then the reports and the manifest. */
CLI_MUST_USE cli_exit cli_bundle_write(cli_delivery *d, cli_zip *zip, cli_write_fn *put, void *ctx);

/* ---------------------------------------------------------------- verification (cli_verify.c) */

/* One output held against its input. */
typedef struct cli_proof cli_proof;

CLI_MUST_USE cli_exit cli_proof_open(cli_proof **out, const harsan_rules *rules, const cli_opts *o,
                                     const cli_secret *secret);
/* A change the run told of, or its report; from the first call, or cli_proof_expect, on any other
 * change is a mismatch. */
void cli_proof_span(cli_proof *p, uint64_t offset, uint64_t len);
void cli_proof_expect(cli_proof *p);
/* Reads both inputs twice, from their beginning. Mismatches are listed on `to` under the name
 * `label` of the output; CLI_FOUND if there are any. */
CLI_MUST_USE cli_exit cli_proof_run(cli_proof *p, cli_input *in, cli_input *out, const char *label,
                                    FILE *to);
void cli_proof_close(cli_proof *p); /* NULL is fine */

/* Does a gap stand for a change that no finding tells of? */
bool cli_gap_is_change(const char *why, bool replaced);

/* What a report says of a run (cli_claims.c), besides the changes, which go to a proof. */
typedef struct cli_claims {
    char rules[24];
    cli_digest in;
    cli_digest out;
    uint64_t findings; /* listed */
    uint64_t changed;  /* said to be listed */
    bool complete;
} cli_claims;

CLI_MUST_USE cli_exit cli_claims_read(cli_claims *claims, const char *name, cli_proof *p);

#endif
