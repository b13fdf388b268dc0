/*
 * What the files of the command `harsan check` share.
 *
 *   cli_check.c      the command: orders the files, hands results to the formats in order
 *   cli_find.c       which files: paths, directories, lists; with cli_glob.c, the excludes
 *   cli_setup.c      what holds for a file: .harsan.json, found upwards, and the command line;
 *                    with cli_config.c, its keys, and cli_tree.c, JSON with comments
 *   cli_baseline.c   findings that are accepted, known by fingerprints (cli_fingerprint.c); with
 *                    cli_stale.c, those that are there no more
 *   cli_examine.c    one file through the library; with cli_locate.c, offsets to lines and columns
 *   cli_format*.c    the formats, one file each behind one table
 *
 * No text in here but names of files and rules comes from outside: never a byte of an input.
 */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli.h"

/* ---------------------------------------------------------------- globs (cli_glob.c) */

typedef enum cli_glob { GLOB_NO, GLOB_EXCLUDE, GLOB_INCLUDE } cli_glob;

/*
 * What a line of a .gitignore would say of `path`, which is relative to where the line stands and
 * has no ./ in front: * and ? and [a-z] within a component, ** over components; without a slash
 * (but at the end) it means a name in any directory; a slash at the end means directories only; a
 * ! in front takes an exclude back.
 */
cli_glob cli_glob_judge(const char *pattern, const char *path, bool is_dir);
/* The last pattern that says something decides, first about the directories that `path` lies in. */
bool cli_glob_excludes(const cli_list *patterns, const char *path, bool is_dir);

/* ---------------------------------------------------------------- JSON in memory (cli_tree.c) */

typedef enum cli_kind {
    TREE_NULL,
    TREE_BOOL,
    TREE_NUMBER,
    TREE_STRING,
    TREE_ARRAY,
    TREE_OBJECT
} cli_kind;

typedef struct cli_node {
    cli_kind kind;
    const char *key;  /* NULL in an array and at the top */
    const char *text; /* string or number, NUL-terminated */
    bool flag;
    size_t key_pos; /* bytes from the beginning of the text */
    size_t pos;
    const struct cli_node *first; /* child */
    const struct cli_node *next;  /* sibling */
} cli_node;

typedef struct cli_tree {
    const char *name; /* of the file, borrowed */
    cli_bytes text;
    cli_node *root; /* NULL until read */
    void **block;   /* everything the nodes point to */
    size_t n_blocks;
    size_t cap; /* of the list of blocks */
} cli_tree;

/* JSON (RFC 8259) with comments, UTF-8. Mistakes are told with line and column: CLI_USAGE. */
CLI_MUST_USE cli_exit cli_tree_read(cli_tree *t, const char *name, size_t max);
void cli_tree_free(cli_tree *t);
/* "harsan: NAME: line L, column C: TEXT"; CLI_USAGE. */
cli_exit cli_tree_blame(const cli_tree *t, size_t pos, const char *fmt, ...) CLI_PRINTF(3, 4);

/* ---------------------------------------------------------------- what a finding weighs */

/* Of a category: what it would give to a stranger. */
typedef enum cli_check_level {
    LEVEL_OTHER,     /* helps to tell who or what somebody is */
    LEVEL_PERSONAL,  /* a datum of a person */
    LEVEL_CREDENTIAL /* lets a stranger act as somebody */
} cli_check_level;

typedef enum cli_check_confidence { SURE_LOW, SURE_MEDIUM, SURE_HIGH } cli_check_confidence;

extern const char *const cli_check_level_names[];      /* by level, NULL at the end */
extern const char *const cli_check_confidence_names[]; /* likewise */
/* The index of `text` among them, -1 when it is none. */
int cli_check_word(const char *const names[], const char *text);

typedef struct cli_check_rule {
    const char *id; /* these four owned by the rule set, or static */
    const char *what;
    const char *category;
    const char *pack;
    cli_check_confidence confidence;
    cli_check_level level;
} cli_check_rule;

/* ---------------------------------------------------------------- fingerprints (cli_fingerprint.c)
 */

enum {
    FINGERPRINT_BYTES = 16,
    FINGERPRINT_PLACE = 1024 /* longest place, with its NUL: twice what the library tells */
};

typedef struct cli_fingerprint {
    unsigned char b[FINGERPRINT_BYTES];
} cli_fingerprint;

/*
 * Of a finding: a keyed hash of rule, place and value. Indexes of arrays are no part of the place,
 * and the value is known by harsan_finding.value_id, which does not depend on its spelling: it
 * outlives reformatting, and recording the same anew. `key` is the session's.
 */
void cli_fingerprint_make(cli_fingerprint *out, const unsigned char key[32],
                          const harsan_finding *f);
/* Of file, rule and place without the value, and without a key: for readers who must not be able to
 * try out values. */
void cli_fingerprint_place(cli_fingerprint *out, const char *file, const char *rule,
                           const char *place);
/* The place as it counts: "/log/entries/12/request" is "/log/entries/#/request". */
void cli_fingerprint_general(char out[FINGERPRINT_PLACE], const char *place);
void cli_fingerprint_hex(char hex[2 * FINGERPRINT_BYTES + 1], const cli_fingerprint *fingerprint);

/* ---------------------------------------------------------------- baseline (cli_baseline.c) */

typedef struct cli_check_baseline cli_check_baseline;

/* Reads a baseline. When it holds no key, the one in force (of --key-file) must be that of the run
 * that wrote it. */
CLI_MUST_USE cli_exit cli_check_baseline_read(cli_check_baseline **out, const char *name,
                                              const cli_opts *o, const unsigned char key[32]);
/* Nothing in it, with a new random key, or that of --key-file. NULL without memory. */
cli_check_baseline *cli_check_baseline_new(const cli_opts *o, const unsigned char key[32]);
void cli_check_baseline_key(const cli_check_baseline *b, unsigned char key[32]);

typedef enum cli_check_known { KNOWN_NOT, KNOWN_ACCEPTED, KNOWN_EXPIRED } cli_check_known;
/* Is it accepted on `today` ("2026-11-21")? `expires` gets the date of the entry, owned by b. What
 * was looked for is met, for cli_check_baseline_entry. Any thread. */
cli_check_known cli_check_baseline_look(const cli_check_baseline *b,
                                        const cli_fingerprint *fingerprint, const char *today,
                                        const char **expires);

/* An entry, its texts owned by b. */
typedef struct cli_check_stale {
    const char *baseline; /* the name of its file */
    const char *rule;
    const char *place;
    const char *file;
} cli_check_stale;

/* The entry number i, and whether any finding met it; false past the last. */
bool cli_check_baseline_entry(const cli_check_baseline *b, size_t i, cli_check_stale *out,
                              bool *met);

/* One that is to be written; the date of a known one stays, `expires` (may be NULL) is for new
 * ones. False without memory. */
bool cli_check_baseline_add(cli_check_baseline *b, const cli_fingerprint *fingerprint,
                            const char *file, const cli_check_rule *rule, const char *place,
                            const char *expires);
/* Writes what was added; replaces a file only if that is a baseline. */
CLI_MUST_USE cli_exit cli_check_baseline_write(const cli_check_baseline *b, const char *name,
                                               const cli_opts *o, uint64_t *n);
void cli_check_baseline_free(cli_check_baseline *b);

/* ---------------------------------------------------------------- setups (cli_setup.c) */

/* What holds for the files of one configuration. */
typedef struct cli_check_setup {
    char *dir;        /* of .harsan.json, as realpath tells it; NULL without one */
    cli_opts opts;    /* of the command line, with what the configuration adds */
    cli_list exclude; /* of the configuration: relative to dir */
    cli_check_level min_level;
    cli_check_confidence min_confidence;
    harsan_rules *rules;
    cli_check_rule *rule; /* those of the rule set, then the four below; n in all */
    size_t n_rules;
    cli_check_baseline *baseline;     /* its own, NULL = none */
    const cli_check_baseline *accept; /* the one in force, NULL = none */
    unsigned char key[32];            /* of its sessions */
    bool stable;                      /* and of the next run's */
    cli_tree tree;                    /* what lists and rules point into */
    const char **words;
    char **paths;
    size_t n_paths;
    struct cli_check_setup *next;
} cli_check_setup;

/* The configuration file (cli_config.c). */
#define CHECK_CONFIG ".harsan.json"
/* Adds what the file `name` in s->dir says to the options of s. */
CLI_MUST_USE cli_exit cli_check_config_read(cli_check_setup *s, const char *name);
CLI_MUST_USE cli_exit cli_check_config_init(const cli_opts *o); /* writes a file to begin with */

/* Behind the rules of the set, in this order. */
enum { RULE_LEARNED, RULE_KNOWN, RULE_LIMIT, RULE_UNSEEN, N_PSEUDO_RULES };

typedef struct cli_check_configs cli_check_configs;

CLI_MUST_USE cli_exit cli_check_configs_open(cli_check_configs **out, const cli_opts *o,
                                             const cli_secret *secret);
/* The setup for files in `dir` ("." for the current one), with a cache. */
CLI_MUST_USE cli_exit cli_check_configs_find(cli_check_configs *c, const char *dir,
                                             cli_check_setup **out);
/* Does a configuration, or the command line, exclude the file or directory? */
CLI_MUST_USE cli_exit cli_check_configs_excluded(cli_check_configs *c, const cli_check_setup *s,
                                                 const char *path, bool is_dir, bool *out);
/* What --write-baseline is to write, NULL without it. */
cli_check_baseline *cli_check_configs_writer(cli_check_configs *c);
void cli_check_configs_close(cli_check_configs *c);

/* ---------------------------------------------------------------- which files (cli_find.c) */

typedef struct cli_check_path {
    char *path; /* "-" is standard input */
    cli_check_setup *setup;
    uint64_t bytes; /* on disk, 0 = not known */
    bool only_har;  /* when it turns out to be no HAR, it is passed over */
    bool looked;    /* at all of it, in the end */
} cli_check_path;

typedef struct cli_check_paths {
    cli_check_path *at;
    size_t n, cap;
    bool walked; /* a directory was looked through, not only files that were named */
} cli_check_paths;

/* Everything that is to be checked, in order; a path that cannot be looked at has been told, and
 * *worst is its code. */
CLI_MUST_USE cli_exit cli_check_find(cli_check_paths *out, const cli_opts *o,
                                     cli_check_configs *configs, cli_exit *worst);
void cli_check_paths_free(cli_check_paths *p);

/* ---------------------------------------------------------------- one file (cli_examine.c) */

/* Lines and columns count from 1. */
typedef struct cli_check_spot {
    uint64_t line;
    uint64_t column;   /* characters (Unicode code points) */
    uint64_t column16; /* UTF-16 code units */
} cli_check_spot;

typedef struct cli_check_finding {
    uint64_t offset, len;    /* bytes of the JSON text */
    cli_check_spot from, to; /* `to` is the first character behind */
    cli_fingerprint fingerprint;
    uint32_t rule;                        /* index in the setup */
    uint32_t place, layers, learned_from; /* offsets in the result's text; 0 = "" */
    uint32_t expired; /* the date on which its entry in the baseline expired, likewise */
} cli_check_finding;

/* Kept of one file; more are counted. Nobody reads more than the first, but a baseline takes as
 * many as its file may hold. */
enum { FINDINGS_MAX = 25000, BASELINE_MAX = 200000 };

typedef struct cli_check_result {
    const cli_check_path *path;
    cli_exit code; /* CLI_OK or CLI_FOUND: looked at everything */
    bool skipped;  /* no HAR, and only HARs were asked for */
    bool gzip;
    char message[400]; /* why it could not be checked */
    harsan_facts facts;
    cli_check_finding *at; /* in order of their offsets */
    size_t n, cap;
    uint64_t found;    /* all that count, also those that are not kept */
    uint64_t accepted; /* by the baseline */
    uint64_t expired;
    uint64_t minor; /* below the minimum of level and confidence */
    uint64_t by_level[3];
    cli_tally unseen; /* passed on without a look inside, by reason */
    char *text;       /* NUL-terminated texts one behind the other, the first empty */
    size_t text_n, text_cap;
    uint32_t fresh; /* where the place of the last finding stands, to be used again */
    bool failed;    /* no memory */
} cli_check_result;

/* What looking at a file needs beside its setup. */
typedef struct cli_check_help {
    const cli_opts *o;
    const cli_secret *secret;
    const char *today;
    cli_crew *crew; /* for the library, NULL = none; never the one that this runs on */
    unsigned jobs;
    cli_progress *progress; /* of this file; NULL: several are looked at at a time */
} cli_check_help;

/* Tells everything about one file. Any thread; what is wrong is in the result, not on stderr. */
void cli_check_examine(cli_check_result *r, const cli_check_path *path, const cli_check_help *help);
void cli_check_result_free(cli_check_result *r);
const char *cli_check_text(const cli_check_result *r, uint32_t at);

/* ---------------------------------------------------------------- positions (cli_locate.c) */

typedef struct cli_check_query {
    uint64_t offset;
    cli_check_spot *spot; /* gets the answer */
} cli_check_query;

typedef struct cli_check_locator {
    cli_check_query *query; /* sorted by offset */
    size_t n;
    size_t next;
    uint64_t at;   /* bytes seen */
    unsigned mark; /* of these, the first that are a byte order mark's */
    cli_check_spot now;
} cli_check_locator;

/* Fed with the text from its beginning in any pieces; a byte order mark is no column. */
void cli_check_locate_begin(cli_check_locator *l, cli_check_query *query, size_t n);
void cli_check_locate_feed(cli_check_locator *l, const unsigned char *p, size_t n);
void cli_check_locate_end(cli_check_locator *l);

/* ---------------------------------------------------------------- formats (cli_format.c) */

/* What the whole run came to. */
typedef struct cli_check_total {
    uint64_t files; /* looked at */
    uint64_t with_findings;
    uint64_t broken;
    uint64_t found;
    uint64_t accepted;
    uint64_t expired;
    uint64_t minor;
    uint64_t fixed; /* files */
    uint64_t by_level[3];
    cli_tally unseen;
    cli_check_stale *stale; /* entries of baselines that nothing has any more; by name and place */
    size_t n_stale;
    bool quiet;
    cli_exit code;
} cli_check_total;

/* Fills in `stale`, owned by t (cli_stale.c). */
CLI_MUST_USE cli_exit cli_check_stale_find(cli_check_total *t, const cli_check_paths *paths);

/* Where a format writes: one output, its first failure, and what it needs to remember. */
typedef struct cli_check_sink {
    cli_output *out;
    cli_exit code;
    bool colour;
    bool live;                   /* somebody looks on: every file's lines are shown at once */
    uint64_t n;                  /* of records written, for the commas between them */
    uint64_t extra;              /* of records held for later */
    cli_spool *later;            /* what has to stand behind what is written now */
    bool to_later;               /* cli_check_put and its like write there */
    const cli_check_rule **used; /* rules in order of their first finding */
    size_t n_used, cap_used;
} cli_check_sink;

typedef struct cli_check_format {
    const char *name;
    void (*begin)(cli_check_sink *s);
    void (*file)(cli_check_sink *s, const cli_check_result *r);
    void (*end)(cli_check_sink *s, const cli_check_total *t);
} cli_check_format;

extern const cli_check_format cli_check_format_text, cli_check_format_json, cli_check_format_sarif,
    cli_check_format_github, cli_check_format_junit;

bool cli_check_format_known(const char *word); /* FORMAT or FORMAT=FILE */

typedef struct cli_check_outputs cli_check_outputs;

CLI_MUST_USE cli_exit cli_check_outputs_open(cli_check_outputs **out, const cli_opts *o);
void cli_check_outputs_file(cli_check_outputs *out, const cli_check_result *r);
CLI_MUST_USE cli_exit cli_check_outputs_finish(cli_check_outputs *out, const cli_check_total *t);
void cli_check_outputs_close(cli_check_outputs *out);

/* Helpers of the formats. */
void cli_check_put(cli_check_sink *s, const char *text);
void cli_check_put_bytes(cli_check_sink *s, const char *p, size_t n);
void cli_check_putf(cli_check_sink *s, const char *fmt, ...)
    CLI_PRINTF(2, 3); /* 512 bytes at most */
void cli_check_put_json(cli_check_sink *s,
                        const char *text); /* quoted; what is no UTF-8 becomes U+FFFD */
void cli_check_put_later(cli_check_sink *s);
/* "at PLACE, through LAYERS, ..." in one line, cut to `room`. */
void cli_check_place_text(char *out, size_t room, const cli_check_result *r,
                          const cli_check_finding *f);
const cli_check_rule *cli_check_rule_of(const cli_check_result *r, const cli_check_finding *f);
bool cli_check_is_stdin(const cli_check_result *r);

#endif
