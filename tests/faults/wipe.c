/*
 * Runs the command once for each kind of work, and looks through every block of memory that it gives
 * back: wipe COMMAND SHIM.
 *
 * What must hold: no such block holds a planted value of the input in the clear, a value given by
 * --known, or the key, neither as it is in its file nor as it is used. Memory that is given back with
 * them stays readable for whatever the process, or one that takes it over, does next.
 */
#include "box.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_TEXT "1f3a5c7e9b2d4f60718293a4b5c6d7e80f1e2d3c4b5a69788796a5b4c3d2e1f0"
#define KEY "--key-file", "key"

enum { SECRET_MIN = 8 }; /* shorter ones may stand anywhere by accident */

typedef struct scene {
    const char *name;
    const char *sample;
    const char *prepare;
    const char *input;
    box_stdin how;
    int code;
    const char *args[14];
} scene;

/* clang-format off */
static const scene scenes[] = {
    {"files", "charles-style.har", NULL, NULL, BOX_NOTHING, 0,
     {"clean", "in.har", "-o", "out.har", "--report", "r.html", "--report", "r.json", KEY}},
    {"session", "shop-chromium.har", NULL, NULL, BOX_NOTHING, 0,
     {"clean", "-j1", "in.har", "-o", "out.har", "--report", "r.html", KEY}},
    {"nested", "nested.har", NULL, NULL, BOX_NOTHING, 0,
     {"clean", "in.har", "-o", "out.har", "--with", "pii,network,strict", KEY}},
    {"pipe, two passes", "value-first.har", NULL, "in.har", BOX_PIPE, 0,
     {"-q", KEY, "--report", "r.json"}},
    {"gzip", "ie-f12.har", "gzip -n in.har", "in.har.gz", BOX_FILE, 0, {"-q", "--gzip", KEY}},
    {"threads", "shop-devtools.har", NULL, NULL, BOX_NOTHING, 0,
     {"clean", "-j4", "in.har", "-o", "out.har", "--report", "r.md", KEY}},
    {"in place, proven", "duplicate-keys.har", NULL, NULL, BOX_NOTHING, 0,
     {"clean", "-q", "--in-place", "--verify", "in.har", KEY}},
    {"known values", "har-1.1.har", "printf 'a known value\\nsome-other-value\\n' > known", NULL,
     BOX_NOTHING, 0, {"clean", "in.har", "-o", "out.har", "--known", "known", KEY}},
    {"salvage", "har-1.1.har", "head -c 5000 in.har > cut.har", NULL, BOX_NOTHING, 0,
     {"clean", "--salvage", "cut.har", "-o", "out.har", "--report", "r.json", KEY}},
    {"bundle", "charles-style.har", NULL, NULL, BOX_NOTHING, 0,
     {"clean", "in.har", "--bundle", "out.zip", "--fit", "1M", KEY}},
    {"long strings", "har-1.1.har",
     "lines() { awk -v n=9000 'BEGIN { while (n-- > 0) print \"some words, \" ENVIRON[\"PLANTED\"] \" among them\" }'; }; "
     "{ printf '{\"a\":'; cat in.har; printf ',\"text\":\"'; lines | tr '\\n' ' '; "
     "printf '\",\"body\":\"'; lines | base64 -w0; printf '\"}'; } > long && mv long in.har",
     NULL, BOX_NOTHING, 0, {"clean", "--window", "128K", "in.har", "-o", "out.har", KEY}},
    {"broken", "har-1.1.har", "printf ']' >> in.har", NULL, BOX_NOTHING, 3,
     {"clean", "in.har", "-o", "out.har", KEY}},
    {"check", "charles-style.har", NULL, NULL, BOX_NOTHING, 1,
     {"check", "in.har", "--format", "json", KEY}},
    {"baseline", "charles-style.har", NULL, NULL, BOX_NOTHING, 0,
     {"check", "--write-baseline", "base.json", "in.har", KEY}},
    {"verify", "charles-style.har", "\"$HARSAN\" clean -q in.har -o clean.har", NULL, BOX_NOTHING, 0,
     {"verify", "in.har", "clean.har"}},
};
/* clang-format on */

enum { N_SCENES = sizeof scenes / sizeof *scenes };

/* ---------------------------------------------------------------- what is looked for */

static void add_secret(fault_record *r, const void *p, size_t n)
{
    if (n >= SECRET_MIN && n <= FAULT_SECRET_BYTES && r->n_secrets < FAULT_SECRETS) {
        fault_secret *s = &r->secrets[r->n_secrets++];
        memcpy(s->p, p, n);
        s->n = n;
    }
}

static void add_key(fault_record *r)
{
    unsigned char key[32];
    for (size_t i = 0; i < sizeof key; i++) {
        unsigned byte = 0;
        sscanf(&KEY_TEXT[2 * i], "%2x", &byte);
        key[i] = (unsigned char)byte;
    }
    add_secret(r, KEY_TEXT, sizeof KEY_TEXT - 1);
    add_secret(r, key, sizeof key);
}

/* The planted values that stand in the input as they are. */
static void add_planted(fault_record *r, const char *sample)
{
    char path[256];
    snprintf(path, sizeof path, "samples/%s", sample);
    bytes text = bytes_read(path);
    bytes planted = bytes_read("samples/planted.txt");
    for (char *p = strtok(planted.p, "\n"); p != NULL; p = strtok(NULL, "\n")) {
        if (bytes_hold(text, p)) {
            add_secret(r, p, strlen(p));
            setenv("PLANTED", p, 1);
        }
    }
    free(text.p);
    free(planted.p);
}

/* ---------------------------------------------------------------- one scene */

static void prepare(box *b, const scene *s)
{
    char path[256];
    char shell[1024];
    snprintf(path, sizeof path, "samples/%s", s->sample);
    bytes sample = bytes_read(path);
    bytes_write(b->dir, "in.har", sample);
    free(sample.p);
    snprintf(shell, sizeof shell, "cd %s && printf %s > key && { %s; }", b->dir, KEY_TEXT,
             s->prepare != NULL ? s->prepare : ":");
    if (system(shell) != 0) {
        give_up(s->name);
    }
}

static bool play(box *b, const scene *s)
{
    fault_record *r = b->record;
    box_empty(b);
    memset(r, 0, sizeof *r);
    add_key(r);
    add_secret(r, "a known value", strlen("a known value"));
    add_planted(r, s->sample);
    prepare(b, s);
    size_t looked_for = r->n_secrets;
    outcome o = box_run(b, s->args, s->input, s->how);
    bool ok = o.exited && o.code == s->code && r->given > 0 && r->told == 0 && looked_for > 3;
    printf("%s %s: %zu secrets, %lu blocks given back, %lu with one of them", ok ? "ok" : "FAILED",
           s->name, looked_for, (unsigned long)r->given, (unsigned long)r->told);
    if (r->told > 0) {
        printf(": the last has %lu bytes, secret %lu at %lu", (unsigned long)r->told_size,
               (unsigned long)r->told_which, (unsigned long)r->told_at);
    }
    if (!o.exited || o.code != s->code) {
        printf(", %s %d", o.exited ? "exit code" : "signal", o.code);
    }
    printf("\n");
    return ok;
}

int main(int argc, char **argv)
{
    box b;
    unsigned passed = 0;
    if (argc < 3) {
        return 2;
    }
    if (!box_possible()) {
        puts("0 passed, 0 failed");
        return 0;
    }
    signal(SIGPIPE, SIG_IGN);
    box_open(&b, argv[1], argv[2]);
    setenv("HARSAN", b.command, 1);
    for (size_t i = 0; i < N_SCENES; i++) {
        if (argc > 3 && strcmp(argv[3], scenes[i].name) != 0) {
            continue;
        }
        passed += play(&b, &scenes[i]);
    }
    box_close(&b);
    unsigned failed = argc > 3 ? passed == 0 : (unsigned)N_SCENES - passed;
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
