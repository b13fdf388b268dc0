/*
 * The model of a report: all that its four forms show, filled while a run goes on.
 *
 *   cli_model.c        life; findings and gaps in
 *   cli_model_value.c  values followed by their stand-ins: where, when they change, JWT claims
 *   cli_model_view.c   log, pages and entries of the sanitized text in
 *   cli_model_fault.c  what went wrong: failed requests, redirect loops, mixed content, slow ones
 *   cli_model_text.c   texts made fit to be shown; hashes; bounded maps
 *
 * Every text in it comes from sanitized text or from the library's findings, and is fit to be
 * shown: valid UTF-8 without control, bidirectional or invisible characters (they stand there as
 * \uXXXX). Everything is bounded: lists hold the first of a kind, counters tell how many there are
 * in all.
 */
#ifndef CLI_MODEL_H
#define CLI_MODEL_H

#include "cli.h"

enum {
    CLI_HOSTS = 256,     /* told apart; the rest is one */
    CLI_VALUES = 4096,   /* followed */
    CLI_VALUE_HOSTS = 4, /* told for one value */
    CLI_TRACKS = 512,    /* names whose stand-ins are followed */
    CLI_STEPS = 6,       /* stand-ins of one name that are kept */
    CLI_FAULTS = 60,     /* groups of failed requests kept, of each kind */
    CLI_SLOW = 10,
    CLI_BARS = 120,    /* requests drawn one by one; a longer capture is drawn in columns */
    CLI_COLUMNS = 128, /* even */
    CLI_PAGES = 20,
    CLI_GAP_PLACES = 12 /* shown of each reason */
};

#define CLI_NO_ENTRY UINT64_MAX
#define CLI_NO_INDEX UINT32_MAX

/* ---------------------------------------------------------------- maps (cli_model_text.c) */

/* From a 64-bit key to a small number, of at most `max` keys. */
typedef struct cli_map {
    uint64_t *key;
    uint32_t *value; /* CLI_NO_INDEX: the slot is free */
    size_t slots;
    size_t n, max;
} cli_map;

bool cli_map_init(cli_map *m, size_t max);
void cli_map_free(cli_map *m);
/* CLI_NO_INDEX when it is not there. */
uint32_t cli_map_get(const cli_map *m, uint64_t key);
/* Nothing happens when the map is full. The key must not be there. */
void cli_map_put(cli_map *m, uint64_t key, uint32_t value);

/* A hash that no input can steer: its key is made for the run. */
uint64_t cli_hash(uint64_t seed, const char *text, size_t len);

/* Copies `from` so that it may be shown, cut with an ellipsis to `room` bytes with the NUL. */
void cli_show(char *to, size_t room, const char *from);
/* The same for a URL, which is cut in its middle. */
void cli_show_url(char *to, size_t room, const char *url);

/* ---------------------------------------------------------------- what it holds */

typedef struct cli_host {
    char name[96];
    uint64_t entries, failed, replaced;
} cli_host;

typedef struct cli_shown_page {
    char title[160];
    double on_load; /* ms, -1 = not known */
} cli_shown_page;

/* What must be done about a value that got out. The order is that of the report. */
typedef enum cli_revoke {
    CLI_REVOKE_PASSWORD,
    CLI_REVOKE_KEY,
    CLI_REVOKE_TOKEN,
    CLI_REVOKE_SESSION,
    CLI_REVOKE_URL,   /* signed links */
    CLI_REVOKE_OTHER, /* secrets of no known kind */
    CLI_N_REVOKE,
    CLI_REVOKE_NONE = CLI_N_REVOKE
} cli_revoke;

typedef struct cli_value {
    uint64_t id;
    char stand_in[64];
    char category[24];
    char rule[48];
    char what[96];
    char name[68]; /* "" = not to be told */
    char kind[8];  /* of the name */
    char layers[48];
    char place[96];        /* the first */
    char learned_from[96]; /* of a value known only from elsewhere */
    bool weak;             /* only seen as a learned value: rule and category are not its own yet */
    cli_revoke revoke;
    uint64_t places;                /* findings */
    uint64_t entries;               /* that it stands in */
    uint64_t first, last;           /* CLI_NO_ENTRY = in none */
    uint32_t host[CLI_VALUE_HOSTS]; /* in the order of their requests */
    uint32_t n_hosts;
    bool jwt;
    char issuer[96];
    char audience[96];
    double expires; /* seconds since 1970, 0 = not told */
} cli_value;

/* One stand-in of a name, as long as it stays. */
typedef struct cli_step {
    uint32_t value;
    uint64_t first, last;
} cli_step;

typedef struct cli_track {
    uint32_t host;
    char name[68];
    char kind[8];
    cli_step step[CLI_STEPS];
    uint32_t n_steps;
    uint64_t changes; /* also those not kept */
} cli_track;

/* Kinds of things that went wrong, in the order of the report: the worst first. */
typedef enum cli_fault_kind {
    CLI_FAULT_SERVER, /* 5xx */
    CLI_FAULT_SILENT, /* no answer, or one cut short */
    CLI_FAULT_CORS,
    CLI_FAULT_BLOCKED,
    CLI_FAULT_CLIENT, /* 4xx */
    CLI_FAULT_LOOP,
    CLI_FAULT_MIXED,
    CLI_FAULT_ABORTED,
    CLI_N_FAULTS,
    CLI_FAULT_NONE = CLI_N_FAULTS
} cli_fault_kind;

/* Requests that failed in the same way: kind, status, method and URL without its query. */
typedef struct cli_fault {
    cli_fault_kind kind;
    uint64_t first, last, count; /* entries */
    int status;                  /* of the first; 0 = none */
    double time;                 /* ms, -1 = not known */
    char method[12];
    char url[320];
    char started[40];
    char error[160]; /* what the recorder, or the status line, says */
} cli_fault;

typedef struct cli_slow {
    uint64_t entry;
    int status;
    double time;
    double wait, receive, connect; /* ms; connect with dns, ssl, blocked */
    char method[12];
    char url[320];
    char started[40];
} cli_slow;

/* One request of the timeline. */
typedef struct cli_bar {
    uint64_t entry;
    double start; /* ms since 1970 */
    double time;
    uint64_t replaced;
    int status;
    bool failed;
    bool timed; /* start is known */
    char method[12];
    char url[120];
} cli_bar;

/* The requests that began in one stretch of time. */
typedef struct cli_column {
    uint64_t requests, failed, replaced;
} cli_column;

typedef struct cli_gap_place {
    uint64_t entry;
    uint64_t bytes;
    char place[96];
    char url[160]; /* of the request, once it is known */
    char mime[48];
} cli_gap_place;

/* What was not looked into for one reason. */
typedef struct cli_gap_kind {
    char why[32];
    bool replaced;
    uint64_t count, bytes;
    cli_gap_place at[CLI_GAP_PLACES];
    size_t n;
} cli_gap_kind;

enum { CLI_GAP_KINDS = 16 };

typedef struct cli_faults cli_faults; /* what cli_model_fault.c has to remember */

/* A finding whose request is not known yet. */
typedef struct cli_pending {
    uint64_t entry;
    uint32_t value; /* CLI_NO_INDEX: not followed */
    uint32_t count;
    char name[68]; /* of a cookie or header, "" otherwise */
    char kind[8];
} cli_pending;

typedef struct cli_model {
    /* the log */
    char version[16], creator[64], creator_version[32], browser[64], browser_version[32];
    cli_shown_page page[CLI_PAGES];
    uint64_t pages;
    /* entries */
    uint64_t entries;
    uint64_t failed;
    uint64_t timed;      /* with a time that can be read */
    double first_ms;     /* the earliest start */
    double last_ms;      /* the latest end */
    char first_text[40]; /* as written */
    char document[320];  /* URL of the first page */
    cli_host *host;
    uint32_t n_hosts;
    uint64_t other_hosts; /* requests to hosts past the ceiling */
    cli_map host_map;
    cli_bar bar[CLI_BARS];
    size_t n_bars;
    cli_column column[CLI_COLUMNS];
    double column_from, column_width; /* ms; width 0 = no entry yet */
    /* faults */
    cli_fault *fault; /* in the order of their first entries */
    size_t n_faults;
    uint64_t fault_count[CLI_N_FAULTS];  /* requests */
    uint64_t fault_groups[CLI_N_FAULTS]; /* also those not kept */
    cli_slow slow[CLI_SLOW];             /* slowest first */
    size_t n_slow;
    uint64_t over_a_second;
    cli_faults *faults;
    /* values */
    cli_value *value;
    size_t n_values, cap_values;
    uint64_t places;     /* findings */
    uint64_t unfollowed; /* findings of values past the ceiling */
    cli_map value_map;
    cli_track *track;
    size_t n_tracks, cap_tracks;
    cli_map track_map;
    cli_pending *pending; /* a queue: in order of entries */
    size_t pending_from, n_pending, cap_pending;
    /* gaps */
    cli_gap_kind *gap;
    size_t n_gaps;
    uint64_t passed_on, replaced_whole;
    /* the run, set for the end */
    const char *rules_version;
    unsigned passes;
    const cli_result *result;
    uint64_t seed;
    bool failed_memory;
} cli_model;

/* NULL without memory. */
cli_model *cli_model_new(void);
void cli_model_free(cli_model *m);  /* NULL is fine */
void cli_model_clear(cli_model *m); /* a second pass begins */

void cli_model_finding(cli_model *m, const harsan_finding *f);
void cli_model_gap(cli_model *m, const harsan_gap *g);
/* Hands the sanitized text to a reader that fills the model: the sink for harsan_view_new. */
harsan_view_sink cli_model_sink(cli_model *m);
/* Sets what is known at the end, and sorts. `r` is borrowed. */
void cli_model_close(cli_model *m, const cli_result *r);

/* ---------------------------------------------------------------- between its files */

void cli_model_value(cli_model *m, const harsan_finding *f, uint64_t entry);
/* What was told of entries up to this one, now that the host is known; findings in it. */
uint64_t cli_model_settle(cli_model *m, uint64_t entry, uint32_t host);
bool cli_model_claims(cli_value *v, const char *claims); /* false: out of memory */

cli_faults *cli_faults_new(void);
void cli_faults_free(cli_faults *f);
void cli_faults_clear(cli_faults *f);
/* Looks at one entry. The kind that makes it a failed request, or CLI_FAULT_NONE. */
cli_fault_kind cli_model_fault(cli_model *m, const harsan_view_entry *e);

/* ---------------------------------------------------------------- reading it */

const char *cli_host_name(const cli_model *m, uint32_t host); /* "other hosts" past the ceiling */
bool cli_is_drawn_singly(const cli_model *m);                 /* bars, or columns? */

/* Indexes of the values that match, in the order of the report: most urgent first for `revoke`, by
 * place in the file otherwise. */
typedef struct cli_pick {
    uint32_t *at;
    size_t n;
} cli_pick;
cli_pick
cli_pick_revoke(const cli_model *m); /* grouped by host, then kind; at NULL without memory */
/* Values of a kind; CLI_N_REVOKE: of all. */
uint64_t cli_count_revoke(const cli_model *m, cli_revoke kind);

#endif
