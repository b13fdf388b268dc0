/*
 * What the files of the command `harsan` share.
 *
 * The command stands on include/harsan.h alone; files, terminals, signals and the environment are
 * known here and nowhere in the library. Order of use: cli_main -> cli_opts -> one file per command
 * (cli_clean, cli_check, cli_rules, cli_verify) -> cli_plan, cli_secret, cli_filter, cli_report,
 * cli_summary -> cli_deliver -> cli_trim, cli_bundle -> cli_zip -> cli_input, cli_output ->
 * cli_spool, cli_fd. A new command is one file and one line in the table of cli_main.c.
 *
 * A function that returns cli_exit has told the user why, on stderr, whenever that is not CLI_OK.
 * No message holds bytes of the input or of a file of keys, known values or rules.
 */
#ifndef CLI_H
#define CLI_H

#include "harsan.h"

#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>

#if defined(__GNUC__)
#define CLI_MUST_USE __attribute__((warn_unused_result))
#define CLI_PRINTF(a, b) __attribute__((format(printf, a, b)))
#else
#define CLI_MUST_USE
#define CLI_PRINTF(a, b)
#endif

/* Exit codes: a promise to scripts, listed by `harsan help`. */
typedef enum cli_exit {
    CLI_OK = 0,
    CLI_FOUND = 1,  /* check or verify found something, a rule failed its examples */
    CLI_USAGE = 2,  /* the command line, a key, a rule file or a list of known values is wrong */
    CLI_SYNTAX = 3, /* the input is not valid JSON, or not valid gzip */
    CLI_IO = 4,     /* reading or writing failed, or the input changed between the passes */
    CLI_LIMIT = 5,  /* the input goes beyond a limit */
    CLI_NOMEM = 6
} cli_exit;

cli_exit cli_exit_of(harsan_status status);

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
    cli_list exclude;     /* patterns as in a .gitignore */
    cli_list formats;     /* FORMAT or FORMAT=FILE */
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

/* ---------------------------------------------------------------- descriptors (cli_fd.c) */

/* "harsan: NAME: cannot DOING: why", by errno. Want of memory is told from other errors. */
CLI_MUST_USE cli_exit cli_fail(const char *name, const char *doing);

/* read and write without surprises: EINTR is repeated, a descriptor that would block is waited for,
 * write_all leaves nothing over. -1 or false: see errno. */
ssize_t cli_fd_read(int fd, void *buf, size_t room);
bool cli_fd_write_all(int fd, const void *data, size_t len);
/* The descriptor that a name such as "/dev/fd/3" or "/dev/stdout" means, `dash` for "-"; -1 for any
 * other name. */
int cli_fd_named(const char *name, int dash);
/* Opens for reading; "-" is standard input. The caller closes it. -1: see errno. */
int cli_fd_open(const char *name);
/* The same for writing, to standard output; what is not there is not made. */
int cli_fd_open_write(const char *name);
/* A new file, 0600, in place of the XXXXXX that `path` ends with. -1: see errno. */
int cli_fd_temp(char *path);
bool cli_fd_sync(int fd);  /* false: see errno */
bool cli_fd_empty(int fd); /* likewise; the next byte written is the first */
/* After a signal the descriptor is closed all the same, and was it already on Linux: no error. */
bool cli_fd_close(int fd);

/* A whole small file (keys, rules, known values). Wiped by cli_bytes_free. */
typedef struct cli_bytes {
    unsigned char *p;
    size_t n;
} cli_bytes;
CLI_MUST_USE cli_exit cli_bytes_read(cli_bytes *out, const char *name, size_t max);
void cli_bytes_free(cli_bytes *b);

typedef struct cli_spool cli_spool; /* see below */

/* ---------------------------------------------------------------- input (cli_input.c) */

/* Size and SHA-256 of a file as it lies on disk, compressed or not. */
typedef struct cli_digest {
    uint64_t bytes;
    char sha256[65]; /* hexadecimal, "" when it was not asked for */
    bool gzip;
} cli_digest;

typedef struct cli_input cli_input;

typedef struct cli_input_how {
    bool twice; /* cli_input_rewind may be called: what cannot be read twice is spooled */
    bool hash;  /* compute the digest, in the first pass that comes to its end */
    bool torn;  /* broken gzip is the end of the text and no error */
} cli_input_how;

/* `name`, borrowed, is a path or "-". gzip is told by its magic number and inflated. */
CLI_MUST_USE cli_exit cli_input_open(cli_input **out, const char *name, cli_input_how how);
/* Up to `room` bytes of JSON text; *n is 0 at the end, where a file that changed since it was
 * opened is an error. */
CLI_MUST_USE cli_exit cli_input_read(cli_input *in, unsigned char *buf, size_t room, size_t *n);
CLI_MUST_USE cli_exit cli_input_rewind(cli_input *in);
/* From the next pass on the text is its first `keep` bytes and `closing`, which is copied. */
CLI_MUST_USE cli_exit cli_input_cut(cli_input *in, uint64_t keep, const char *closing);
uint64_t cli_input_size(const cli_input *in); /* bytes on disk, 0 = not known */
uint64_t cli_input_done(const cli_input *in); /* bytes on disk read in this pass */
/* Is there more that can be read without waiting for anybody? */
bool cli_input_ready(const cli_input *in);
bool cli_input_is_gzip(const cli_input *in);
void cli_input_digest(const cli_input *in, cli_digest *out); /* after the end of a pass */
void cli_input_close(cli_input *in);                         /* NULL is fine */

/* What people call the file: its name, or "standard input" for the dash. */
const char *cli_input_label(const char *name);

/* The bytes of a spool, borrowed, as JSON text. */
CLI_MUST_USE cli_exit cli_input_of_spool(cli_input **out, cli_spool *text, const char *name);

/* ---------------------------------------------------------------- salvage (cli_salvage.c) */

/* What a broken input cost. */
typedef struct cli_loss {
    bool any;
    uint64_t entries; /* complete, and kept */
    uint64_t offset;  /* of what is lost, in the text */
    uint64_t bytes;
    harsan_error why;
} cli_loss;

/* Reads `in`, opened with .twice and .torn, to its end; cuts it where that makes it whole. */
CLI_MUST_USE cli_exit cli_salvage(cli_loss *loss, cli_input *in, const char *label);
harsan_gap cli_loss_gap(const cli_loss *loss); /* for the report */
void cli_say_loss(const char *label, const cli_loss *loss);

/* ---------------------------------------------------------------- output (cli_output.c) */

typedef struct cli_output cli_output;

typedef struct cli_output_how {
    bool force; /* an existing file may be replaced */
    bool gzip;
    bool hash;
    bool again; /* cli_output_restart may be called: a stream gets nothing before the end */
} cli_output_how;

/* `name`, borrowed, is a path, "-" or a device. A path is written to a private temporary file
 * beside it, which disappears unless cli_output_commit is reached. */
CLI_MUST_USE cli_exit cli_output_open(cli_output **out, const char *name, cli_output_how how);
CLI_MUST_USE cli_exit cli_output_write(cli_output *out, const void *data, size_t len);
/* What was written so far goes to a stream now, and not when a block is full. */
CLI_MUST_USE cli_exit cli_output_flush(cli_output *out);
/* As if nothing had been written. */
CLI_MUST_USE cli_exit cli_output_restart(cli_output *out);
uint64_t cli_output_size(const cli_output *out); /* bytes so far, after compression */
/* Ends the text: everything is written or held, size and digest are known. After this comes a
 * restart or the finish. */
CLI_MUST_USE cli_exit cli_output_end(cli_output *out);
/* Everything on disk, or handed to the stream; digest known; nothing may be written any more. */
CLI_MUST_USE cli_exit cli_output_finish(cli_output *out);
/* Where a finished file lies until it has its name; NULL for a stream. Owned by out. */
const char *cli_output_path(const cli_output *out);
CLI_MUST_USE cli_exit cli_output_commit(cli_output *out); /* gives the file its name */
void cli_output_digest(const cli_output *out, cli_digest *digest);
void cli_output_close(cli_output *out); /* frees; removes what was not committed; NULL is fine */
/* The end of an output by itself: finish and commit, unless `code` tells of a failure, and close. */
CLI_MUST_USE cli_exit cli_output_settle(cli_output *out, cli_exit code);

/* What people call the file: its name, or "standard output" for the dash. */
const char *cli_output_label(const char *name);

/* Removes temporary files on SIGINT, SIGTERM and their like, then dies of the signal. */
void cli_signals_install(void);
/* Between these two no such signal arrives: a temporary file is made and listed in one step. */
void cli_signals_hold(sigset_t *before);
void cli_signals_release(const sigset_t *before);

/* ---------------------------------------------------------------- spool (cli_spool.c) */

/* Bytes kept for later: in memory up to 8 MiB, then in an unlinked private file. */
cli_spool *cli_spool_new(void); /* NULL without memory */
bool cli_spool_add(cli_spool *s, const void *data, size_t len); /* false: errno */
bool cli_spool_rewind(cli_spool *s);                            /* nothing is added after this */
ssize_t cli_spool_read(cli_spool *s, void *buf, size_t room);   /* 0 at the end, -1: errno */
uint64_t cli_spool_size(const cli_spool *s);
void cli_spool_clear(cli_spool *s); /* as new */
void cli_spool_free(cli_spool *s); /* wipes what is in memory; NULL is fine */

/* ---------------------------------------------------------------- threads (cli_crew.c) */

typedef struct cli_crew cli_crew;

/* Up to n threads, made when there is work for them; NULL without memory. Start and join fit the
 * hooks of the library; crew is a cli_crew. */
cli_crew *cli_crew_new(unsigned n);
/* Runs run(arg) on a thread, after what was started before. NULL without memory or threads: the
 * caller then does the work itself. */
void *cli_crew_start(void *crew, void (*run)(void *arg), void *arg);
/* Returns when a job is done, and runs what waits in the line itself until then; `task`, what start
 * returned, ends with this. */
void cli_crew_join(void *crew, void *task);
void cli_crew_free(cli_crew *c); /* after the last join; NULL is fine */
/* How many threads the machine has work for. */
unsigned cli_crew_usual(void);

/* ---------------------------------------------------------------- flow (cli_flow.c) */

/* Reads ahead of the caller. Until it is freed nobody else reads from `in`, but between the end of
 * a pass and the next call. NULL without memory; without a crew it reads when asked. */
typedef struct cli_reader cli_reader;
cli_reader *cli_reader_new(cli_input *in, cli_crew *crew);
/* As cli_input_read; the bytes are the caller's until the next call. */
CLI_MUST_USE cli_exit cli_reader_next(cli_reader *r, const unsigned char **p, size_t *n);
uint64_t cli_reader_done(const cli_reader *r); /* as cli_input_done, up to those bytes */
void cli_reader_free(cli_reader *r);           /* NULL is fine */

/* Writes behind the caller; an error may come with a later call. Likewise. */
typedef struct cli_writer cli_writer;
cli_writer *cli_writer_new(cli_output *out, cli_crew *crew);
CLI_MUST_USE cli_exit cli_writer_put(cli_writer *w, const void *data, size_t len);
CLI_MUST_USE cli_exit cli_writer_flush(cli_writer *w); /* everything is with the output */
void cli_writer_drop(cli_writer *w); /* the output is idle; what was put need not get there */
void cli_writer_free(cli_writer *w); /* NULL is fine */

/* ---------------------------------------------------------------- sandbox (cli_sandbox.c) */

/* Names what is still to be opened, then gives up everything else; before any thread is made. What
 * the system cannot confine stays as it is. */
typedef struct cli_sandbox {
    int rules; /* -1 = files cannot be confined here */
    uint64_t rights;
} cli_sandbox;

void cli_sandbox_begin(cli_sandbox *s);
void cli_sandbox_reads(cli_sandbox *s, const char *name);
/* The file, or one beside it that takes its name later; a directory: files in it. */
void cli_sandbox_writes(cli_sandbox *s, const char *name);
void cli_sandbox_enter(cli_sandbox *s); /* for good */

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

/* (cli_rules.c) Does `word` begin with a kind of name that --keep and --redact know, a colon and a
 * name? `name` may be NULL. The kind, which `any` is one of, is NULL if it does not. */
const char *cli_rules_kind(const char *word, const char **name);
/* The rules that --rules, --keep, --redact, --redact-host, --with and --no-default-rules ask
 * for. */
CLI_MUST_USE cli_exit cli_rules_load(harsan_rules **out, const cli_opts *o, unsigned packs);

/* ---------------------------------------------------------------- times (cli_time.c) */

/* Microseconds since 1970 of a date, or a date and time, as ISO 8601 and RFC 3339 write it; without
 * a zone it is UTC. False for any other text. */
bool cli_time_parse(const char *text, int64_t *micro);

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

/* Where a stream of bytes goes: cli_output_write and its like. */
typedef cli_exit cli_write_fn(void *ctx, const void *data, size_t len);

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

/* ---------------------------------------------------------------- ZIP (cli_zip.c) */

typedef struct cli_zip cli_zip;

typedef struct cli_member {
    char name[32];
    uint64_t bytes; /* before compression */
    char sha256[65];
} cli_member;

/* A ZIP container written to `to`, borrowed, from its beginning to its end. */
CLI_MUST_USE cli_exit cli_zip_open(cli_zip **out, cli_output *to);
/* The next member. `at_most` bytes will be written to it; 0 = less than 4 GiB. */
CLI_MUST_USE cli_exit cli_zip_begin(cli_zip *z, const char *name, uint64_t at_most);
CLI_MUST_USE cli_exit cli_zip_write(void *zip, const void *data, size_t len); /* a cli_write_fn */
CLI_MUST_USE cli_exit cli_zip_end(cli_zip *z, cli_member *member);
CLI_MUST_USE cli_exit cli_zip_finish(cli_zip *z);
void cli_zip_close(cli_zip *z); /* NULL is fine */

/* ---------------------------------------------------------------- cleaning (cli_clean.c) */

/* What `harsan clean --in-place --no-report` does with one file, with rules that are compiled. */
CLI_MUST_USE cli_exit cli_clean_in_place(const char *name, const cli_opts *o, harsan_rules *rules,
                                         const cli_secret *secret);

/* ---------------------------------------------------------------- messages (cli_say.c) */

/* "harsan: NAME: TEXT\n" on stderr; a NULL name is left out, control characters in it are shown
 * as \xHH. No argument of fmt may come from an input. */
void cli_say(const char *name, const char *fmt, ...) CLI_PRINTF(2, 3);
/* The library's error with its place: line, column, byte, place in the HAR. */
void cli_say_error(const char *name, const harsan_error *err);
/* From keep to take, what this thread says is kept: the text, owned by the caller, NULL for none.
 * To be said by another thread with cli_say_kept, which takes NULL too. */
void cli_say_keep(void);
char *cli_say_take(void);
void cli_say_kept(const char *text);
void cli_say_where(const cli_job *job); /* the names of the files that a job has made */
void cli_put_name(FILE *to, const char *name);

/* A line on a terminal that shows how far a long run is. */
typedef struct cli_progress {
    const char *name; /* of the input; NULL = none */
    const char *pass;
    const char *unit; /* what is counted; NULL = bytes */
    uint64_t total;   /* 0 = not known */
    bool on;
    struct timespec start;
    struct timespec last;
} cli_progress;

void cli_progress_start(cli_progress *p, const char *name, bool quiet);
void cli_progress_step(cli_progress *p, uint64_t done);
void cli_progress_hide(void); /* before something else goes to the terminal */
void cli_progress_end(cli_progress *p);

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

void cli_tally_add(cli_tally *t, const char *name, uint64_t n);
void cli_tally_sort(cli_tally *t, cli_order order);
void cli_tally_free(cli_tally *t);

/* What one input, or the whole run, came to. */
typedef struct cli_counts {
    cli_tally rule;
    cli_tally category;
    cli_tally place;    /* "request/cookies/value" */
    cli_tally gap;      /* passed on unseen, by reason */
    cli_tally replaced; /* replaced whole unseen, by reason */
    char last_place[160]; /* findings come place by place: of the last one, */
    char last_class[96];  /* and what it counts as */
    uint64_t files;
    uint64_t entries;
    uint64_t changed;
} cli_counts;

void cli_counts_finding(cli_counts *c, const harsan_finding *f);
void cli_counts_gap(cli_counts *c, const harsan_gap *g);
void cli_counts_merge(cli_counts *into, const cli_counts *from);
bool cli_counts_failed(const cli_counts *c);
void cli_counts_free(cli_counts *c); /* and back to nothing counted */
void cli_summary_print(cli_counts *c); /* sorts */

/* ---------------------------------------------------------------- report (cli_report.c) */

typedef struct cli_report cli_report;

/* How a run ended, for the end of the report. */
typedef struct cli_result {
    cli_digest in;
    cli_digest out;
    harsan_facts facts;
    cli_counts *counts; /* sorted by the report */
    const cli_left_out *left; /* NULL = nothing was to be left out */
    bool verified;      /* --verify proved the output */
} cli_result;

typedef struct cli_report_how {
    bool force;
    bool again;  /* cli_report_restart may be called */
    bool render; /* cli_report_render may be called */
    const cli_filter *filter; /* borrowed: which entries to show, NULL = all */
    const char *rules_version; /* borrowed until the report is closed */
} cli_report_how;

/* Is there a form for a file of this name (.html, .md, .json, .txt; JSON for a stream)? */
bool cli_report_is_known(const char *name);
bool cli_report_is_json(const char *name); /* also a name of no form: `verify` may read it */

/* One report to each of `names`, which are known. An error in the callbacks sticks and is returned
 * by finish. */
CLI_MUST_USE cli_exit cli_report_open(cli_report **out, const cli_list *names,
                                      cli_report_how how);
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
void cli_proof_facts(const cli_proof *p, harsan_verify_facts *facts);
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
