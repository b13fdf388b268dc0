/*
 * harsan - make a HAR (HTTP Archive) safe to hand to somebody else.
 *
 * Bytes in, bytes out: the library opens no file, makes no thread, reads no environment and keeps
 * no global state. One session cleans one JSON text:
 *
 *     harsan_rules *rules;
 *     harsan_error err;
 *     if (harsan_rules_default(&rules, 0, &err) != HARSAN_OK) ...
 *     harsan_options opt = { .write = my_write, .write_ctx = out };
 *     harsan_random_key(opt.key);
 *     harsan *h;
 *     if (harsan_new(&h, rules, &opt, &err) != HARSAN_OK) ...
 *     harsan_status st;
 *     do {                                     // once, seldom twice
 *         while ((n = read(...)) > 0) harsan_feed(h, buf, n);
 *         st = harsan_finish(h);
 *     } while (st == HARSAN_AGAIN && discard_output() && rewind_input());
 *     if (st != HARSAN_OK) report(harsan_last_error(h));
 *     harsan_free(h);
 *     harsan_rules_free(rules);
 *
 * Units: every length and offset counts bytes; offsets are absolute in the input, from 0. Lines and
 * columns count from 1, columns in bytes.
 */
#ifndef HARSAN_H
#define HARSAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HARSAN_API __attribute__((visibility("default")))
#else
#define HARSAN_API
#endif

/* Until 1.0.0 a program is to be compiled anew for another version: structures may grow. */
#define HARSAN_VERSION "0.1.0"

/* The HARSAN_VERSION of the library that is linked; static. */
HARSAN_API const char *harsan_version(void);

/* Values are pinned: they are part of the ABI, and the command uses 3, 4 and 5 as exit codes. */
typedef enum harsan_status {
    HARSAN_OK = 0,
    HARSAN_AGAIN = 1,    /* harsan_finish: the same input must be fed once more */
    HARSAN_E_USAGE = 2,  /* an argument or the order of calls is wrong */
    HARSAN_E_SYNTAX = 3, /* the input is not valid JSON (RFC 8259) */
    HARSAN_E_IO = 4,     /* the write callback refused */
    HARSAN_E_LIMIT = 5,  /* the input goes beyond a limit (nesting depth, key length) */
    HARSAN_E_NOMEM = 6,  /* an allocation failed */
    HARSAN_E_RULES = 7   /* a rule file is wrong */
} harsan_status;

/*
 * What went wrong. `where` is a JSON Pointer (RFC 6901) of known HAR keys and indexes; keys that
 * harsan does not know are shown as `*`, because a key can be a secret. Neither text ever holds
 * bytes of the input.
 */
typedef struct harsan_error {
    harsan_status code;
    uint64_t offset;
    uint64_t line;
    uint64_t column;
    char where[192];
    char message[192];
} harsan_error;

/* ------------------------------------------------------------------ rules */

/* Packs beyond the default set; combine with |. */
enum {
    HARSAN_PACK_PII = 1 << 0,     /* names, addresses, birth dates, national ids under their keys */
    HARSAN_PACK_NETWORK = 1 << 1, /* IP and MAC addresses, host names */
    HARSAN_PACK_STRICT = 1 << 2   /* every cookie, query value and request body value */
};

/* A compiled rule set: immutable once made, may be shared by sessions in any number of threads. */
typedef struct harsan_rules harsan_rules;

/* The rules that come with harsan. On success *out is the caller's, to be freed. */
HARSAN_API harsan_status harsan_rules_default(harsan_rules **out, unsigned packs,
                                              harsan_error *err);

/*
 * Rules from the text of a rule file (JSON with comments; see "Rule files" in the README), on top
 * of the built-in ones when `with_default`, alone otherwise. len 0 without the default gives the
 * empty rule set, which changes nothing. `text` is borrowed for the call. On HARSAN_E_RULES err
 * tells line and column in `text`.
 */
HARSAN_API harsan_status harsan_rules_parse(harsan_rules **out, const void *text, size_t len,
                                            bool with_default, unsigned packs, harsan_error *err);

/* A short digest of the rules in force, for the report: 16 hex digits, NUL-terminated, owned by r.
 */
HARSAN_API const char *harsan_rules_version(const harsan_rules *r);

/* Every rule in order of its file: id, what it finds, category. False when i is past the end.
 * `confidence` is how seldom the rule is wrong: "high" for a check digit or a vendor's prefix,
 * "medium" for a telling name over a value that looks like a secret, "low" for what is only
 * likely. */
typedef struct harsan_rule_info {
    const char *id;
    const char *what;
    const char *category;
    const char *pack; /* "default", "pii", "network", "strict" */
    const char *confidence;
} harsan_rule_info;
HARSAN_API bool harsan_rules_info(const harsan_rules *r, size_t i, harsan_rule_info *out);

/*
 * Runs the examples of every rule: each `hit` must be found, no `miss` may be. `fail` is called for
 * each that is not as it should be, with kind "hit" or "miss" and its index in the rule's list.
 * HARSAN_OK when none was, HARSAN_E_RULES otherwise.
 */
HARSAN_API harsan_status harsan_rules_selftest(const harsan_rules *r,
                                               void (*fail)(void *ctx, const char *rule,
                                                            const char *kind, size_t i),
                                               void *ctx);

HARSAN_API void harsan_rules_free(harsan_rules *r);

/* ------------------------------------------------------------------ session */

/* One replaced value. Every pointer is borrowed for the call. No field holds the value. */
typedef struct harsan_finding {
    const char *rule;     /* id of the rule, or "learned", "known", "limit" (a gap tells which) */
    const char *what;     /* one line for people */
    const char *category; /* "password", "token", "cookie", "email", "phone", ... */
    const char *place;    /* JSON Pointer as in harsan_error.where */
    const char *layers;   /* peeled to get there, outermost first: "json/base64/gzip", "" if none */
    const char *stand_in; /* what the value was replaced with */
    /* What named the value, NULL for nothing that may be shown. Only names that a rule or HAR 1.2
     * knows, and those of cookies; a part of one that could be a value is shown as `*`. */
    const char *name;
    /* "header", "cookie", "param", "key", "field", "text", "claim" or NULL */
    const char *name_kind;
    /* Of a JWT whose signature was replaced: its claims as they are written, cleaned; JSON text,
     * cut to 4 KiB. NULL for any other value. */
    const char *claims;
    const char *learned_from; /* for a learned value: the place that taught it, else NULL */
    uint64_t offset;          /* of the first byte changed, in the input */
    uint64_t len;             /* bytes of the input replaced; several findings may share one span */
    uint64_t line, column;
    uint64_t value_id; /* the same for the same value in one run: a keyed hash, not the value */
} harsan_finding;

/* Something that was passed on without a look inside, or replaced whole because of a limit. */
typedef struct harsan_gap {
    const char *place;
    /* "media": pictures, sound, fonts, archives; "binary": 512 bytes and more of no kind known,
     * only printable runs within were looked at; "sidecar": a body in a file of its own;
     * "limit:..." */
    const char *why;
    bool replaced;   /* replaced whole: nothing of it left the session */
    uint64_t offset;
    uint64_t len; /* bytes in the input */
} harsan_gap;

typedef enum harsan_jwt {
    HARSAN_JWT_CLAIMS = 0, /* keep header, clean claims, replace signature */
    HARSAN_JWT_WHOLE = 1
} harsan_jwt;

/* Zero-filled is the default everywhere, except that a key must be set. */
typedef struct harsan_options {
    /* Secret for the stand-ins, of random bytes (harsan_random_key). Same key and same value give
     * the same stand-in in any run. All zero is refused. */
    unsigned char key[32];
    /* Receives the output in order, during feed and finish; data is borrowed. Non-zero stops with
     * HARSAN_E_IO. NULL = nobody wants it. */
    int (*write)(void *ctx, const void *data, size_t len);
    void *write_ctx;
    /* Receive findings in order of their offset, and gaps, likewise. May be NULL. */
    void (*on_finding)(void *ctx, const harsan_finding *f);
    void (*on_gap)(void *ctx, const harsan_gap *g);
    void *event_ctx;
    harsan_jwt jwt;
    bool one_pass;      /* never HARSAN_AGAIN: a value stays where it stood before it was learned */
    size_t window;      /* longest string held whole, bytes; 0 = 4 MiB */
    unsigned max_depth; /* nesting of the input; 0 = 1,000 */
    unsigned max_layers; /* layers peeled from one value; 0 = 10 */
    /*
     * Threads lent by the caller; no others are used. With `jobs` from 2 on, about so many jobs are
     * kept under way: start has job(arg) run by any thread, once, and returns what join is given
     * later, NULL to refuse. join returns when the job has; it is called once for each that was
     * started, before the session is freed, and may run jobs itself instead of waiting. What was
     * written before start is to be seen by the job, and what the job wrote behind join. Output,
     * findings and gaps are the same for any number, and come in the caller's thread.
     */
    unsigned jobs;
    void *(*start)(void *crew, void (*job)(void *arg), void *arg);
    void (*join)(void *crew, void *task);
    void *crew;
} harsan_options;

typedef struct harsan harsan; /* one session, for one thread at a time */

/* `rules` must outlive the session; `opt` is copied. HARSAN_E_USAGE: no key; HARSAN_E_NOMEM. */
HARSAN_API harsan_status harsan_new(harsan **out, const harsan_rules *rules,
                                    const harsan_options *opt, harsan_error *err);

/* A value the caller knows to be secret, to be removed wherever it stands. Copied. Values under
 * four bytes are refused with HARSAN_E_USAGE: they would match everywhere. */
HARSAN_API harsan_status harsan_known(harsan *h, const void *value, size_t len);

/* The next bytes of the input. Any split of the input gives the same output. After an error the
 * session writes nothing more and every later call returns the same code. */
HARSAN_API harsan_status harsan_feed(harsan *h, const void *data, size_t len);

/*
 * Checks that the JSON text is complete and writes what is left. Only after HARSAN_OK is the output
 * to be trusted. HARSAN_AGAIN: a value was learned that may stand in what was written before its
 * place gave it away. Discard output, findings and gaps, feed the same bytes again and finish
 * again; that time it is never HARSAN_AGAIN. Most inputs need one pass.
 */
HARSAN_API harsan_status harsan_finish(harsan *h);

/* Facts about the input, known after finish. */
typedef struct harsan_facts {
    bool is_har; /* has log.entries */
    uint64_t entries;
    uint64_t findings; /* places changed */
    uint64_t values;   /* values the caller made known, or the input did */
    uint64_t bytes_in, bytes_out;
} harsan_facts;
HARSAN_API void harsan_get_facts(const harsan *h, harsan_facts *out);

/* Owned by h, valid until it is freed. */
HARSAN_API const harsan_error *harsan_last_error(const harsan *h);

/* Wipes key and learned values. NULL and half-built are fine. */
HARSAN_API void harsan_free(harsan *h);

/* Fills a key from the system's random source. Where there is none it is zero, and refused. */
HARSAN_API void harsan_random_key(unsigned char key[32]);

/* ------------------------------------------------------------------ salvage */

/*
 * For texts that may be broken: captures that were cut off, or damaged in the middle. Feed the
 * whole text here first; then feed a session its first `keep` bytes and `closing`, which together
 * are valid JSON: in a HAR every complete entry, of another text everything up to its last complete
 * value.
 */
typedef struct harsan_salvage harsan_salvage;

typedef struct harsan_cut {
    bool broken;         /* false: the text is valid, and keep is all of it but space at its end */
    uint64_t keep;       /* bytes; 0 = nothing can be kept */
    /* brackets; "" where the text goes on behind a complete value. Owned by s */
    const char *closing;
    uint64_t entries;    /* complete entries of log.entries within */
    harsan_error why;    /* what is broken, and where */
} harsan_cut;

/* max_depth as in harsan_options. */
HARSAN_API harsan_status harsan_salvage_new(harsan_salvage **out, unsigned max_depth,
                                            harsan_error *err);
/* HARSAN_OK also for a text that is broken; HARSAN_E_NOMEM. */
HARSAN_API harsan_status harsan_salvage_feed(harsan_salvage *s, const void *data, size_t len);
/* Nothing may be fed after this. */
HARSAN_API void harsan_salvage_finish(harsan_salvage *s, harsan_cut *out);
HARSAN_API void harsan_salvage_free(harsan_salvage *s); /* NULL is fine */

/* ------------------------------------------------------------------ reading a HAR */

/*
 * Tells what pages and entries a HAR holds while it streams by, in flat memory: for reports, and to
 * take parts out. Changes nothing and judges nothing; meant for sanitized text.
 *
 *     harsan_view_sink sink = { .entry = my_entry, .ctx = me };
 *     harsan_view *v;
 *     if (harsan_view_new(&v, &sink, &err) != HARSAN_OK) ...
 *     while ((n = read(...)) > 0) harsan_view_feed(v, buf, n);
 *     if (harsan_view_finish(v) != HARSAN_OK) report(harsan_view_error(v));
 *     harsan_view_free(v);
 *
 * Producers differ, so nothing is required: what is absent is "" or -1, fields come in any order, a
 * number may be written as a string. Texts are decoded from JSON, cut to HARSAN_VIEW_TEXT bytes at
 * the end of a character, valid UTF-8 without NUL (U+FFFD stands for what is not), NUL-terminated,
 * and borrowed for the call. Only the log at the top of the text counts, not a HAR inside a body.
 */
#define HARSAN_VIEW_TEXT 1024

/* Bytes of the text fed, a byte order mark included in the count. len 0 = absent. */
typedef struct harsan_span {
    uint64_t offset;
    uint64_t len;
} harsan_span;

typedef struct harsan_view_log {
    const char *version;
    const char *creator;
    const char *creator_version;
    const char *browser;
    const char *browser_version;
} harsan_view_log;

typedef struct harsan_view_page {
    uint64_t index;  /* in log.pages, from 0 */
    harsan_span all; /* the object with its braces */
    const char *id;
    const char *title;
    const char *started; /* startedDateTime as written */
    double on_content_load;
    double on_load; /* ms */
} harsan_view_page;

typedef struct harsan_view_entry {
    uint64_t index;      /* in log.entries, from 0: as in the JSON Pointers of findings */
    harsan_span all;     /* the object with its braces */
    const char *page;    /* pageref */
    const char *started; /* startedDateTime as written */
    double time;         /* ms */
    const char *method;
    const char *url;
    const char *http_version;  /* the response's, else the request's */
    const char *resource_type; /* _resourceType */
    const char *server_ip;
    double status;
    const char *status_text;
    const char *redirect_url;
    const char *mime_type;         /* of the response */
    const char *request_mime_type; /* of postData */
    const char *error;             /* _error, _failureText, ...: what producers call it */
    const char *blocked_reason;
    double request_body_size; /* bytes, as the producer says */
    double response_body_size;
    double content_size;
    double transfer_size;
    double blocked; /* timings, ms */
    double dns;
    double connect;
    double ssl;
    double send;
    double wait;
    double receive;
    harsan_span request_text;  /* the string literal postData.text, quotes included */
    harsan_span response_text; /* likewise content.text */
    bool response_base64;      /* content.encoding says so */
} harsan_view_entry;

/* Any may be NULL. */
typedef struct harsan_view_sink {
    /* Once, in harsan_view_finish, if there is a log: its creator may stand behind the entries. */
    void (*log)(void *ctx, const harsan_view_log *l);
    void (*page)(void *ctx, const harsan_view_page *p); /* when its object closes */
    /* Likewise. What stands in entries and is no object has an index, a span and nothing else.
     * Should a log have two lists of entries, the second begins at index 0 again. */
    void (*entry)(void *ctx, const harsan_view_entry *e);
    void *ctx;
} harsan_view_sink;

typedef struct harsan_view harsan_view; /* one text, for one thread at a time */

/* `sink` is copied. */
HARSAN_API harsan_status harsan_view_new(harsan_view **out, const harsan_view_sink *sink,
                                         harsan_error *err);
/* The next bytes of the text. Any split gives the same calls. After an error every later call
 * returns the same code. */
HARSAN_API harsan_status harsan_view_feed(harsan_view *v, const void *data, size_t len);
/* The text is complete: HARSAN_OK when it is JSON. */
HARSAN_API harsan_status harsan_view_finish(harsan_view *v);
/* Its `where` goes no deeper than the entry or page. */
HARSAN_API const harsan_error *harsan_view_error(const harsan_view *v); /* owned by v */
HARSAN_API void harsan_view_free(harsan_view *v);                       /* NULL is fine */

/* ------------------------------------------------------------------ verification */

/*
 * Proves after the fact that `out` is what the contract allows to become of `in`, without trusting
 * the run that made it: same structure, every byte outside of strings and sensitive numbers the
 * same, nothing left that the rules find, no value that was found in `in` readable in `out` through
 * any layer and, when the changes are told by harsan_verify_span, every byte outside of them the
 * same.
 *
 *     harsan_verify *v;
 *     if (harsan_verify_new(&v, rules, &opt, my_mismatch, ctx, &err) != HARSAN_OK) ...
 *     if (harsan_verify_run(v, &in, &out) != HARSAN_OK) report(harsan_verify_error(v));
 *     harsan_verify_get_facts(v, &facts);      // proven when facts.mismatches is 0
 *     harsan_verify_free(v);
 */

/* Up to `max` bytes of JSON text into buf. Returns their count, 0 at the end and only there, -1
 * when reading failed. */
typedef ptrdiff_t (*harsan_read)(void *ctx, void *buf, size_t max);

/* A text that is read from its beginning to its end, twice. */
typedef struct harsan_source {
    harsan_read read;
    bool (*rewind)(void *ctx); /* back to the beginning; called at most once. False = failed */
    void *ctx;
} harsan_source;

/* Values are pinned. */
typedef enum harsan_mismatch_kind {
    HARSAN_MISMATCH_SPACE = 1,     /* the bytes between two tokens differ */
    HARSAN_MISMATCH_STRUCTURE = 2, /* a token more, less or of another type; the rest of the two
                                      texts is not compared */
    HARSAN_MISMATCH_KEY = 3,       /* a key differs in which there is nothing to replace */
    HARSAN_MISMATCH_NUMBER = 4,    /* a number differs and is not 0 */
    HARSAN_MISMATCH_LITERAL = 5,   /* true, false or null differ */
    HARSAN_MISMATCH_FOUND = 6,     /* the rules find something in the output */
    HARSAN_MISMATCH_READABLE = 7,  /* a value found in the input stands in the output */
    HARSAN_MISMATCH_UNSEEN = 8,    /* a limit kept a part of the output from being looked into */
    HARSAN_MISMATCH_REPORT = 9,  /* changed otherwise than reported, or reported and not changed */
    HARSAN_MISMATCH_SYNTAX = 10, /* the output is not valid JSON */
    /* No breach, and not counted as a mismatch: a whole field of the output equals a value that was
     * replaced elsewhere, but the value is too short or common to be looked for: `dark`, `1234`. */
    HARSAN_MISMATCH_ECHO = 11
} harsan_mismatch_kind;

/* One line for people; static. */
HARSAN_API const char *harsan_mismatch_text(harsan_mismatch_kind kind);

#define HARSAN_NOWHERE UINT64_MAX

/* Every pointer is borrowed for the call. No field holds bytes of either text. */
typedef struct harsan_mismatch {
    harsan_mismatch_kind kind;
    const char *place;   /* JSON Pointer as in harsan_error.where */
    const char *rule;    /* HARSAN_MISMATCH_FOUND: what finds it; else NULL */
    uint64_t offset_in;  /* HARSAN_NOWHERE where only the output was looked at, */
    uint64_t offset_out; /* or only the input */
} harsan_mismatch;

typedef struct harsan_verify harsan_verify; /* for one pair of texts and one thread */

/* `opt` is copied: jwt, window, max_depth and max_layers are to be those of the run; key, write and
 * the callbacks are not used. `rules` must outlive v. */
HARSAN_API harsan_status harsan_verify_new(harsan_verify **out, const harsan_rules *rules,
                                           const harsan_options *opt,
                                           void (*mismatch)(void *ctx, const harsan_mismatch *m),
                                           void *ctx, harsan_error *err);

/* As harsan_known; before the run. */
HARSAN_API harsan_status harsan_verify_known(harsan_verify *v, const void *value, size_t len);

/*
 * The changes as a run reported them: offset and length of each finding (and of each gap that was
 * replaced for limit:window or limit:memory), in any order; before the run. `expected` says that
 * there is a report, even when it lists nothing.
 */
HARSAN_API harsan_status harsan_verify_span(harsan_verify *v, uint64_t offset, uint64_t len);
HARSAN_API void harsan_verify_expected(harsan_verify *v);

/*
 * HARSAN_OK: looked at everything, and facts tell the result. Any other code: no proof, because the
 * input is not valid, reading failed, or a limit was reached. Only once. An output that is not
 * valid JSON is a mismatch, not an error. Memory is bounded by the window and the number of spans.
 */
HARSAN_API harsan_status harsan_verify_run(harsan_verify *v, const harsan_source *in,
                                           const harsan_source *out);

typedef struct harsan_verify_facts {
    uint64_t mismatches; /* without echoes */
    uint64_t echoes;
    uint64_t changed;  /* strings, keys and numbers that differ */
    uint64_t values;   /* different values found in the input, or told */
    bool about_output; /* the error of the run concerns the output */
} harsan_verify_facts;
HARSAN_API void harsan_verify_get_facts(const harsan_verify *v, harsan_verify_facts *out);

HARSAN_API const harsan_error *harsan_verify_error(const harsan_verify *v); /* owned by v */

/* Wipes the values. NULL is fine. */
HARSAN_API void harsan_verify_free(harsan_verify *v);

#ifdef __cplusplus
}
#endif
#endif
