/*
 * Runs the command again and again, each time with another call failing: every allocation, every
 * read, write, open, rename and so on, of the command and of the libraries it stands on.
 *
 *     drive COMMAND SHIM     about a thousand runs, spread evenly
 *     HARSAN_FAULTS=all      every call, with every error; of long runs of like calls some, drawn
 *                            from HARSAN_SEED=N, or else from the time
 *     HARSAN_FAULTS=N        about N runs for each kind of fault
 *     drive COMMAND SHIM SCENE...    these alone
 *
 * What must hold after each: no crash and no hang; the exit code is that of the run without faults,
 * or tells of memory or of input and output; then a message says why; a file has all of its content
 * or does not exist; no temporary file is left; the input is untouched; standard output is a
 * beginning of what it should be, and all of it after code 0; no planted value is on standard
 * error; no more memory is held at the end than without the fault. Where memory was short, a value
 * may have been replaced whole: then `harsan verify` must find nothing wrong with the output.
 */
#include "box.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CODE_IO = 4, CODE_NOMEM = 6 };

/* ---------------------------------------------------------------- what is run */

typedef struct scene {
    const char *name;
    const char *sample;  /* becomes in.har */
    const char *prepare; /* a shell's work in the box, before the first run */
    const char *input;   /* for standard input */
    box_stdin how;
    const char *out; /* what `harsan verify` can judge; "-" standard output; NULL nothing; TELLS:
                      * what is written tells of files that could not be read */
    unsigned weight; /* runs of it take this much longer than others; LONG: for it calls hundreds
                      * of times what it called before */
    const char *args[16];
} scene;

#define KEY "--key-file", "key"
#define TELLS "*"

enum { LONG = 10 };

/* clang-format off */
static const scene scenes[] = {
    {"files", "charles-style.har", NULL, NULL, BOX_NOTHING, "out.har", 1,
     {"clean", "in.har", "-o", "out.har", "--report", "r.json", KEY}},
    {"names made", "webpagetest.har", NULL, NULL, BOX_NOTHING, "in.sanitized.har", 1,
     {"clean", "in.har", KEY}},
    {"filter", "value-first.har", NULL, "in.har", BOX_FILE, "-", 1, {"-q", KEY}},
    {"pipe, two passes", "value-first.har", NULL, "in.har", BOX_PIPE, "-", 1,
     {"-q", KEY, "--report", "r.json"}},
    {"one pass", "har-1.1.har", NULL, "in.har", BOX_PIPE, "-", 1, {"-q", "--one-pass", KEY}},
    {"gzip", "ie-f12.har", "gzip -n in.har", "in.har.gz", BOX_FILE, NULL, 1,
     {"-q", "--gzip", KEY, "--report", "r.json"}},
    {"gzip files", "firebug-style.har", "gzip -n in.har", NULL, BOX_NOTHING, "out.har.gz", 1,
     {"clean", "in.har.gz", "-o", "out.har.gz", "--report", "r.json", KEY}},
    {"in place", "duplicate-keys.har", NULL, NULL, BOX_NOTHING, NULL, 1,
     {"clean", "-q", "--in-place", "in.har", KEY}},
    {"two files", "har-1.1.har", "cp in.har b.har; mkdir -p tmp", NULL, BOX_NOTHING, NULL, 1,
     {"clean", "--out-dir", "tmp", "in.har", "b.har", KEY, "-f"}},
    {"nested", "nested.har", NULL, NULL, BOX_NOTHING, "out.har", 2,
     {"clean", "in.har", "-o", "out.har", "--with", "pii,network,strict", KEY}},
    {"session", "shop-chromium.har", NULL, NULL, BOX_NOTHING, "out.har", 4,
     {"clean", "in.har", "-o", "out.har", "--report", "r.json", KEY}},
    {"threads", "nested.har",
     "{ printf '{\"log\":{\"entries\":[{}'; for i in 1 2 3 4; do printf ,; cat in.har; "
     "printf ',{\"comment\":\"'; yes 'nothing to be seen in here' | head -n 2500 | tr '\\n' ' '; "
     "printf '\"}'; done; printf ']}}'; } 2> tmp/x > many; rm tmp/x; mv many in.har",
     NULL, BOX_NOTHING, "out.har", 8,
     {"clean", "-j", "2", "in.har", "-o", "out.har", "--report", "r.json", KEY}},
    {"proof", "charles-style.har", NULL, NULL, BOX_NOTHING, "out.har", 1,
     {"clean", "in.har", "-o", "out.har", "--report", "r.json", "--verify", KEY}},
    {"rules and words", "mitmproxy-style.har",
     "printf 'a known value\\nanother one\\n' > known; \"$HARSAN\" rules init > own.json", NULL,
     BOX_NOTHING, NULL, 1,
     {"clean", "in.har", "-o", "out.har", "--rules", "own.json", "--known", "known", "--keep",
      "cookie:theme", "--redact-host", "*.corp.example", KEY}},
    {"large pipe", NULL,
     "awk 'BEGIN { for (i = 0; i < 300; i++) text = text \"nothing to be seen, please go on; \"; "
     "printf \"{\\\"log\\\":{\\\"entries\\\":[\"; for (i = 0; i < 900; i++) "
     "printf \"%s\\n{\\\"comment\\\":\\\"%sline %d\\\"}\", i ? \",\" : \"\", text, i; print \"]}}\" }' "
     "> in.har",
     "in.har", BOX_PIPE, "-", LONG, {"-q", KEY}},
    {"broken", "har-1.1.har", "printf ']' >> in.har", NULL, BOX_NOTHING, NULL, 1,
     {"clean", "in.har", "-o", "out.har", "--report", "r.json", KEY}},
    {"salvage", "har-1.1.har", "head -c 5000 in.har > cut.har", NULL, BOX_NOTHING, NULL, 1,
     {"clean", "--salvage", "cut.har", "-o", "out.har", "--report", "r.json", KEY}},
    {"reports", "ie-f12.har", NULL, NULL, BOX_NOTHING, "out.har", 1,
     {"clean", "in.har", "-o", "out.har", "--report", "r.html", "--report", "r.md", KEY}},
    {"bundle", "charles-style.har", NULL, NULL, BOX_NOTHING, NULL, 1,
     {"clean", "in.har", "--bundle", "out.zip", "--drop-bodies", KEY}},
    {"bundle from a pipe", "har-1.1.har", NULL, "in.har", BOX_PIPE, NULL, 2,
     {"clean", "-", "--bundle", "out.zip", "--fit", "9K", KEY}},
    {"part", "webpagetest.har", NULL, NULL, BOX_NOTHING, NULL, 2,
     {"clean", "in.har", "-o", "out.har", "--entries", "1-", "--host", "*.test", "--fit", "1M",
      "--report", "r.txt", KEY}},
    {"beyond the window", "har-1.1.har",
     "{ printf '{\"a\":'; cat in.har; printf ',\"b\":\"'; yes 'ann@mail.test and more words' | "
     "head -n 9000 | tr '\\n' ' '; printf '\"}'; } 2> tmp/x > long; rm tmp/x; mv long in.har",
     NULL, BOX_NOTHING, "out.har", 8,
     {"clean", "--verify", "--window", "128K", "in.har", "-o", "out.har", KEY}},
    {"in place, gzip", "firebug-style.har", "gzip -n in.har", NULL, BOX_NOTHING, NULL, 2,
     {"clean", "-q", "--in-place", "in.har.gz", KEY}},
    {"salvage, gzip from a pipe", "har-1.1.har", "gzip -nc in.har | head -c 1500 > cut.har.gz",
     "cut.har.gz", BOX_PIPE, NULL, 2, {"-q", "--salvage", "--report", "r.json", KEY}},
    {"check", "charles-style.har", NULL, NULL, BOX_NOTHING, NULL, 1, {"check", "in.har"}},
    {"check, from a pipe", "charles-style.har", "gzip -n in.har", "in.har.gz", BOX_PIPE, TELLS, 2,
     {"check", "-q", "--format", "github", "-"}},
    {"check, formats", "duplicate-keys.har", "printf 'in.har\n' > list", NULL, BOX_NOTHING, TELLS, 2,
     {"check", "--format", "sarif=x.sarif", "--format", "junit=x.xml", "--format", "json=x.json",
      "--files-from", "list", KEY}},
    {"check, a directory", "value-first.har",
     "cp in.har b.json; printf '{\"packs\":[\"pii\"],\"exclude\":[\"key\"]}' > .harsan.json", NULL,
     BOX_NOTHING, TELLS, 2, {"check", "-j", "2", "."}},
    {"baseline", "charles-style.har", NULL, NULL, BOX_NOTHING, NULL, 2,
     {"check", "in.har", "--write-baseline", "base.json", "--expires", "2099-12-31", KEY}},
    {"check --init", NULL, NULL, NULL, BOX_NOTHING, NULL, 2, {"check", "--init"}},
    {"check and fix", "duplicate-keys.har", NULL, NULL, BOX_NOTHING, NULL, 1,
     {"check", "--fix", "in.har", KEY}},
    {"stale baseline", "charles-style.har",
     "\"$HARSAN\" check -q --key-file key --write-baseline base.json in.har && "
     "\"$HARSAN\" clean -q --in-place --no-report --key-file key in.har",
     NULL, BOX_NOTHING, NULL, 1, {"check", "--baseline", "base.json", ".", KEY}},
    {"verify", "charles-style.har",
     "\"$HARSAN\" clean -q in.har -o clean.har --report clean.json --key-file key", NULL,
     BOX_NOTHING, NULL, 1, {"verify", "in.har", "clean.har", "--report", "clean.json"}},
    {"verify, gzip", "har-1.1.har",
     "head -c 5000 in.har | gzip -n > cut.gz; "
     "\"$HARSAN\" clean -q --salvage cut.gz -o clean.har --no-report --key-file key", NULL,
     BOX_NOTHING, NULL, 2, {"verify", "--salvage", "cut.gz", "clean.har"}},
    {"rules list", NULL, NULL, NULL, BOX_NOTHING, NULL, 1, {"rules", "list"}},
    {"rules show", NULL, NULL, NULL, BOX_NOTHING, NULL, 2, {"rules", "show", "cookie-session"}},
    {"rules init", NULL, NULL, NULL, BOX_NOTHING, NULL, 1, {"rules", "init", "-o", "made.json"}},
    {"rules test", NULL, "\"$HARSAN\" rules init > own.json", NULL, BOX_NOTHING, NULL, 1,
     {"rules", "test", "own.json"}},
    {"help", NULL, NULL, NULL, BOX_NOTHING, NULL, 1, {"help", "clean"}},
};
/* clang-format on */

enum { N_SCENES = sizeof scenes / sizeof *scenes };

/* ---------------------------------------------------------------- what fails */

typedef struct fault {
    fault_call call;
    int error;
    bool harmless; /* everything must come out as without it */
    bool sticky;
} fault;

/* clang-format off */
static const fault faults[] = {
    {FAULT_malloc, ENOMEM, false, false},   {FAULT_malloc, ENOMEM, false, true},
    {FAULT_read, EIO, false, false},        {FAULT_read, EIO, false, true},
    {FAULT_read, EINTR, true, false},       {FAULT_read, EAGAIN, true, false},
    {FAULT_read, FAULT_SHORT, true, false}, {FAULT_write, ENOSPC, false, false},
    {FAULT_write, ENOSPC, false, true},     {FAULT_write, EIO, false, false},
    {FAULT_write, EPIPE, false, false},     {FAULT_write, EINTR, true, false},
    {FAULT_write, EAGAIN, true, false},     {FAULT_write, FAULT_SHORT, true, false},
    {FAULT_open, EPERM, false, false},      {FAULT_open, EMFILE, false, true},
    {FAULT_open, EINTR, true, false},       {FAULT_open, ENOSPC, false, false},
    {FAULT_open, EIO, false, false},        {FAULT_close, EIO, false, false},
    {FAULT_close, EINTR, true, false},      {FAULT_fcntl, EMFILE, false, false},
    {FAULT_fchmod, EPERM, false, false},    {FAULT_fstat, EIO, false, false},
    {FAULT_fsync, EIO, false, false},       {FAULT_fsync, ENOSPC, false, false},
    {FAULT_fsync, EINTR, true, false},      {FAULT_ftruncate, EIO, false, false},
    {FAULT_ftruncate, EINTR, true, false},  {FAULT_getrandom, EINTR, true, false},
    {FAULT_link, EPERM, true, false},       {FAULT_link, EIO, false, false},
    {FAULT_link, ENOSPC, false, false},     {FAULT_lseek, EIO, false, false},
    {FAULT_lstat, EIO, false, false},       {FAULT_mkstemp, EMFILE, false, false},
    {FAULT_mkstemp, ENOSPC, false, true},   {FAULT_mkstemp, EINTR, true, false},
    {FAULT_mmap, ENOMEM, true, false},      {FAULT_mmap, ENOMEM, true, true},
    {FAULT_poll, EINTR, true, false},       {FAULT_pthread_create, EAGAIN, true, true},
    {FAULT_realpath, EIO, false, false},    {FAULT_rename, EIO, false, false},
    {FAULT_rename, EACCES, false, false},   {FAULT_rename, ENOSPC, false, false},
    {FAULT_scandir, EMFILE, false, false},  {FAULT_scandir, EIO, false, false},
    {FAULT_access, EIO, false, false},      {FAULT_stat, EIO, false, false},
    {FAULT_say, ENOSPC, false, true},       {FAULT_say, EIO, false, true},
    {FAULT_say, EPIPE, false, true},        {FAULT_tell, EIO, true, true},
    {FAULT_unlink, EACCES, false, false},
};
/* clang-format on */

enum { N_FAULTS = sizeof faults / sizeof *faults };

static const char *const call_names[] = {
#define FAULT_NAME(name) #name,
    FAULT_CALLS(FAULT_NAME)
#undef FAULT_NAME
};

/* ---------------------------------------------------------------- one scene */

typedef struct state {
    const scene *s;
    box *b;
    listing before;
    listing before_temp;
    listing want; /* after the run without faults */
    listing want_temp;
    bytes want_out;
    int want_code;
    unsigned long seen[FAULT_N];
    long live;
    const bytes *planted;
    unsigned long runs;
    bool degraded; /* this run replaced values whole, and the output was found sound */
    char why[256];
} state;

static unsigned long total_runs[FAULT_N];

static void restore(state *t)
{
    box_empty(t->b);
    for (size_t i = 0; i < t->before.n; i++) {
        bytes_write(t->b->dir, t->before.name[i], t->before.content[i]);
    }
}

static fault_record *record_new(state *t, const fault *f)
{
    fault_record *r = t->b->record;
    memset(r, 0, sizeof *r);
    if (f != NULL) {
        r->call = f->call;
        r->error = f->error;
        r->sticky = f->sticky;
    }
    return r;
}

static outcome run(state *t, const fault *f, unsigned long nth)
{
    record_new(t, f)->nth = nth;
    return box_run(t->b, t->s->args, t->s->input, t->s->how);
}

static void prepare(state *t)
{
    static const char key[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    char path[256];
    char shell[1024];
    bytes key_bytes = {(char *)(uintptr_t)key, sizeof key - 1};
    bytes_write(t->b->dir, "key", key_bytes);
    if (t->s->sample != NULL) {
        snprintf(path, sizeof path, "samples/%s", t->s->sample);
        bytes sample = bytes_read(path);
        bytes_write(t->b->dir, "in.har", sample);
        free(sample.p);
    }
    if (t->s->prepare != NULL) {
        snprintf(shell, sizeof shell, "cd %s && { %s; }", t->b->dir, t->s->prepare);
        if (system(shell) != 0) {
            give_up(t->s->name);
        }
    }
    box_list(t->b->dir, &t->before);
    outcome o = run(t, NULL, 0);
    if (!o.exited) {
        give_up(t->s->name);
    }
    t->want_code = o.code;
    t->live = t->b->record->live_end;
    for (size_t i = 0; i < FAULT_N; i++) {
        t->seen[i] = t->b->record->seen[i];
    }
    box_list(t->b->dir, &t->want);
    box_list(t->b->temp, &t->want_temp);
    t->want_out = bytes_read(t->b->out);
    restore(t);
}

/* ---------------------------------------------------------------- what must hold */

static bool bad(state *t, const char *what, const char *name)
{
    snprintf(t->why, sizeof t->why, "%s%s%s", what, name != NULL ? ": " : "",
             name != NULL ? name : "");
    return false;
}

static bool is_told(const state *t, bool done)
{
    return !done && t->s->out != NULL && strcmp(t->s->out, TELLS) == 0;
}

static bool holds_planted(const state *t, bytes content)
{
    const bytes *p = t->planted;
    while (p->p != NULL && !bytes_hold(content, p->p)) {
        p++;
    }
    return p->p != NULL;
}

/* Less memory, so values were replaced whole: is the output sound all the same? */
static bool is_degraded(state *t, const char *name, bytes content)
{
    if (t->s->out == NULL || strcmp(name, t->s->out) != 0) {
        return false;
    }
    const char *const verify[] = {"verify", "-q", "in.har", "judged", NULL};
    const char *const verify_gz[] = {"verify", "-q", "in.har.gz", "judged", NULL};
    bool gz = listing_find(&t->before, "in.har") == NULL;
    bytes_write(t->b->dir, "judged", content);
    pid_t pid = box_start(t->b, gz ? verify_gz : verify, NULL, BOX_NOTHING, false);
    outcome o = box_wait(pid, 60);
    t->degraded = o.exited && o.code == 0;
    return t->degraded;
}

/* A file there is: untouched, or complete. */
static bool check_file(state *t, const char *name, bytes content, bool done, const fault *f,
                       const listing *before, const listing *want)
{
    const bytes *old = listing_find(before, name);
    const bytes *new = listing_find(want, name);
    if ((old != NULL && bytes_equal(*old, content)) || (new != NULL &&bytes_equal(*new, content))) {
        return true;
    }
    if (strncmp(name, ".harsan-", 8) == 0 || strncmp(name, "harsan-", 7) == 0) {
        return f->call == FAULT_unlink || bad(t, "temporary file left", name);
    }
    if (is_told(t, done) && old == NULL && new != NULL && !holds_planted(t, content)) {
        return true;
    }
    bool may_differ = done && f->call == FAULT_malloc && old == NULL && new != NULL;
    if (may_differ &&
        (is_degraded(t, name, content) || (t->degraded && bytes_hold(content, "limit:memory")))) {
        return true;
    }
    return strcmp(name, "judged") == 0 || bad(t, "wrong content", name);
}

static bool check_dir(state *t, const char *dir, bool done, const fault *f, const listing *before,
                      const listing *want)
{
    listing now;
    bool ok = true;
    box_list(dir, &now);
    const bytes *out = t->s->out != NULL ? listing_find(&now, t->s->out) : NULL;
    if (out != NULL) { /* first: its report is judged by it */
        ok = check_file(t, t->s->out, *out, done, f, before, want);
    }
    for (size_t i = 0; ok && i < now.n; i++) {
        ok = &now.content[i] == out ||
             check_file(t, now.name[i], now.content[i], done, f, before, want);
    }
    for (size_t i = 0; ok && i < before->n; i++) {
        ok = listing_find(&now, before->name[i]) != NULL || bad(t, "gone", before->name[i]);
    }
    for (size_t i = 0; ok && done && i < want->n; i++) {
        ok = listing_find(&now, want->name[i]) != NULL || bad(t, "missing", want->name[i]);
    }
    listing_free(&now);
    return ok;
}

static bool check_streams(state *t, bool done, const fault *f)
{
    bytes out = bytes_read(t->b->out);
    bytes err = bytes_read(t->b->err);
    bool ok = true;
    bool as_wanted = done ? bytes_equal(out, t->want_out) : bytes_start(t->want_out, out);
    if (!as_wanted && !(is_told(t, done) && !holds_planted(t, out))) {
        ok = (done && f->call == FAULT_malloc && is_degraded(t, "-", out)) ||
             bad(t, "wrong standard output", NULL);
    }
    if (ok && !done && err.n == 0 && f->error != EPIPE) {
        ok = bad(t, "no message", NULL);
    }
    if (ok && holds_planted(t, err)) {
        ok = bad(t, "planted value in a message", NULL);
    }
    free(out.p);
    free(err.p);
    return ok;
}

static bool check(state *t, const fault *f, outcome o)
{
    if (o.late) {
        return bad(t, "hangs", NULL);
    }
    if (!o.exited) {
        return bad(t, "died of a signal", NULL);
    }
    bool memory = f->error == ENOMEM;
    bool done = o.code == t->want_code;
    if (!done && (f->harmless || o.code != (memory ? CODE_NOMEM : CODE_IO))) {
        snprintf(t->why, sizeof t->why, "exit code %d", o.code);
        return false;
    }
    /* the C library keeps what belongs to a thread for the next one */
    long kept = 2 * (long)t->b->record->seen[FAULT_pthread_create];
    if (t->b->record->live_end > t->live + kept) {
        return bad(t, "memory left", NULL);
    }
    return check_streams(t, done, f) && check_dir(t, t->b->dir, done, f, &t->before, &t->want) &&
           check_dir(t, t->b->temp, done, f, &t->before_temp, &t->want_temp);
}

/* ---------------------------------------------------------------- all of it */

/* What fails within a budget: spread evenly, and of the requests for memory each of the last, where
 * results are finished. */
static fault_choice choose_some(const fault *f, unsigned long n, unsigned long budget)
{
    enum { LAST = 8 };
    fault_choice c = {.step = 1, .tail = n};
    if (n > budget) {
        c.step = (n + budget - 1) / budget;
        c.offset = (1 + (unsigned long)(f - faults)) % c.step;
        c.tail = f->call == FAULT_malloc && !f->sticky && n > LAST ? n - LAST : n;
    }
    return c;
}

/* Without a budget each call fails. A long scene has a middle: it makes no difference whether the
 * 100th block or the 101st cannot be read, and the requests for memory before the first block are
 * those of every other scene. There every eighth fails, from one that is drawn: after some runs of
 * the whole, each has. The beginning and the end, where files are made and results given out, are
 * never left out. */
static fault_choice choose_all(const scene *s, unsigned long n)
{
    enum { FIRST = 32, LAST = 64, STEP = 8 };
    fault_choice c = {.step = 1, .tail = n};
    if (s->weight >= LONG && n > FIRST + LAST) {
        c = (fault_choice){.head = FIRST, .step = STEP, .tail = n - LAST};
        c.offset = (unsigned long)rand() % STEP;
    }
    return c;
}

/* Is what came of it right? Then everything is put back. */
static bool judge(state *t, const fault *f, unsigned long nth, outcome o)
{
    bool ok;
    t->degraded = false;
    t->runs++;
    total_runs[f->call]++;
    ok = check(t, f, o);
    if (!ok) {
        printf("%s: %s %lu of %lu%s, %s: %s\n", t->s->name, call_names[f->call], nth,
               t->seen[f->call], f->sticky ? " and all later" : "",
               f->error == FAULT_SHORT ? "one byte" : strerror(f->error), t->why);
    }
    restore(t);
    return ok;
}

/* As many as can fail in branches of one run, which must come out as if there had been none. Gives
 * the last of them. */
static unsigned long fail_in_branches(state *t, const fault *f, fault_choice c,
                                      unsigned long *wrong)
{
    static const fault none = {.call = FAULT_N, .harmless = true};
    fault_record *r = record_new(t, f);
    r->branching = true;
    r->choice = c;
    if (t->s->how == BOX_PIPE) {
        snprintf(r->input, sizeof r->input, "%s", t->s->input);
    }
    pid_t pid = box_start(t->b, t->s->args, t->s->input, t->s->how, true);
    outcome o = box_wait(pid, 60);
    while (o.stopped) {
        outcome_set(&o, r->ended);
        *wrong += !judge(t, f, r->branched, o);
        kill(pid, SIGCONT);
        o = box_wait(pid, 60);
    }
    if (!check(t, &none, o)) {
        (*wrong)++;
        printf("%s: %s after branches up to %lu: %s\n", t->s->name, call_names[f->call],
               (unsigned long)r->branched, t->why);
    }
    restore(t);
    return r->branched;
}

/* A budget of 0 has no bound. */
static unsigned long fail_each(state *t, const fault *f, unsigned long budget)
{
    const unsigned long n = t->seen[f->call];
    const fault_choice c = budget == 0 ? choose_all(t->s, n) : choose_some(f, n, budget);
    unsigned long wrong = 0;
    unsigned long done = 0;
    if (f->call == FAULT_malloc && n > 0) {
        done = fail_in_branches(t, f, c, &wrong);
    }
    for (unsigned long nth = done + 1; nth <= n; nth++) {
        if (fault_is_chosen(&c, nth)) {
            wrong += !judge(t, f, nth, run(t, f, nth));
        }
    }
    return wrong;
}

static bool play(box *b, const scene *s, const bytes *planted, unsigned long budget)
{
    static state t; /* too large for the stack */
    unsigned long wrong = 0;
    memset(&t, 0, sizeof t);
    t.s = s;
    t.b = b;
    t.planted = planted;
    box_empty(b);
    prepare(&t);
    for (size_t i = 0; i < N_FAULTS; i++) {
        unsigned long share = budget / s->weight;
        wrong += fail_each(&t, &faults[i],
                           budget == 0  ? 0
                           : share == 0 ? 1
                                        : share * (faults[i].call == FAULT_malloc ? 4 : 1));
    }
    printf("%s %s: %lu runs, %lu wrong\n", wrong == 0 ? "ok" : "FAILED", s->name, t.runs, wrong);
    listing_free(&t.before);
    listing_free(&t.want);
    listing_free(&t.want_temp);
    free(t.want_out.p);
    return wrong == 0;
}

/* The lines of samples/planted.txt, ended by one without bytes. */
static bytes *read_planted(void)
{
    static bytes lines[1024];
    bytes text = bytes_read("samples/planted.txt");
    size_t n = 0;
    for (char *p = strtok(text.p, "\n"); p != NULL && n < 1023; p = strtok(NULL, "\n")) {
        lines[n++] = (bytes){p, strlen(p)};
    }
    return lines;
}

static bool is_named(const char *name, char **names)
{
    while (*names != NULL && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

int main(int argc, char **argv)
{
    box b;
    unsigned passed = 0;
    unsigned failed = 0;
    const char *how = getenv("HARSAN_FAULTS");
    unsigned long budget = how == NULL ? 2 : strtoul(how, NULL, 10); /* "all": 0, without bound */
    if (argc < 3) {
        return 2;
    }
    if (!box_possible()) {
        puts("0 passed, 0 failed");
        return 0;
    }
    const char *drawn = getenv("HARSAN_SEED");
    const unsigned seed = drawn != NULL ? (unsigned)strtoul(drawn, NULL, 10) : (unsigned)time(NULL);
    srand(seed);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    setenv("TZ", "UTC0", 1); /* or the C library reads its own, and keeps it, where it can */
    box_open(&b, argv[1], argv[2]);
    setenv("HARSAN", b.command, 1);
    const bytes *planted = read_planted();
    for (size_t i = 0; i < N_SCENES; i++) {
        if (argc > 3 && !is_named(scenes[i].name, argv + 3)) {
            continue;
        }
        bool ok = play(&b, &scenes[i], planted, budget);
        passed += ok;
        failed += !ok;
    }
    box_close(&b);
    printf("seed %u, failed: ", seed);
    for (size_t i = 0; i < FAULT_N; i++) {
        printf("%s%s %lu", i > 0 ? ", " : "", call_names[i], total_runs[i]);
        /* the shim does not reach it; access is called by what is confined alone */
        failed += argc == 3 && total_runs[i] == 0 && i != FAULT_access;
    }
    printf("\n%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
