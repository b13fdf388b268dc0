/*
 * One process, many sessions: soak [SESSIONS], 100,000 by default. Good texts, broken ones, texts
 * that need two passes, sessions given up half-way, salvage and verification, by the public header
 * alone.
 *
 * The process must not grow: peak memory after the last session is that after the first thousand,
 * give or take what a heap scatters.
 */
#include <harsan.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { WARM = 1000, SLACK_KIB = 1024, TEXT_MAX = 64 << 10 };

static const char *const samples[] = {"har-1.1", "value-first", "charles-style", "duplicate-keys",
                                      "ie-f12",  "webpagetest", "nested"};

enum { N_SAMPLES = sizeof samples / sizeof *samples };

typedef struct text {
    char in[TEXT_MAX];
    size_t n;
    char out[TEXT_MAX];
    size_t n_out;
} text;

static text texts[N_SAMPLES];

static int take(void *ctx, const void *p, size_t n)
{
    text *t = ctx;
    if (n > TEXT_MAX - t->n_out) {
        return 1;
    }
    memcpy(t->out + t->n_out, p, n);
    t->n_out += n;
    return 0;
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return usage.ru_maxrss / 1024;
#else
    return usage.ru_maxrss;
#endif
}

/* Feeds `n` bytes of the text; gives up without finishing when `quit`. */
static harsan_status run(const harsan_rules *rules, text *t, size_t n, bool quit)
{
    harsan *h = NULL;
    harsan_error err;
    harsan_options opt = {.write = take, .write_ctx = t};
    harsan_random_key(opt.key);
    harsan_status status = harsan_new(&h, rules, &opt, &err);
    if (status == HARSAN_OK) {
        do {
            t->n_out = 0;
            status = harsan_feed(h, t->in, n);
            status = status == HARSAN_OK && !quit ? harsan_finish(h) : status;
        } while (status == HARSAN_AGAIN);
    }
    harsan_free(h);
    return status;
}

static bool salvage(const text *t, size_t n)
{
    harsan_salvage *s = NULL;
    harsan_cut cut = {.broken = false};
    if (harsan_salvage_new(&s, 0, NULL) == HARSAN_OK &&
        harsan_salvage_feed(s, t->in, n) == HARSAN_OK) {
        harsan_salvage_finish(s, &cut);
    }
    harsan_salvage_free(s);
    return cut.broken;
}

typedef struct side {
    const char *p;
    size_t n, at;
} side;

static ptrdiff_t read_side(void *ctx, void *buf, size_t max)
{
    side *s = ctx;
    size_t n = s->n - s->at < max ? s->n - s->at : max;
    memcpy(buf, s->p + s->at, n);
    s->at += n;
    return (ptrdiff_t)n;
}

static bool rewind_side(void *ctx)
{
    ((side *)ctx)->at = 0;
    return true;
}

static void on_mismatch(void *ctx, const harsan_mismatch *m)
{
    (void)m;
    ++*(size_t *)ctx;
}

static bool prove(const harsan_rules *rules, const text *t)
{
    harsan_verify *v = NULL;
    harsan_options opt = {.jwt = HARSAN_JWT_CLAIMS};
    size_t mismatches = 0;
    side a = {t->in, t->n, 0};
    side b = {t->out, t->n_out, 0};
    harsan_source in = {read_side, rewind_side, &a};
    harsan_source out = {read_side, rewind_side, &b};
    bool ok = harsan_verify_new(&v, rules, &opt, on_mismatch, &mismatches, NULL) == HARSAN_OK &&
              harsan_verify_run(v, &in, &out) == HARSAN_OK && mismatches == 0;
    harsan_verify_free(v);
    return ok;
}

/* The i-th session; false when it did not end as it should. */
static bool session(const harsan_rules *rules, size_t i)
{
    text *t = &texts[i % N_SAMPLES];
    switch (i % 16) {
    case 3:
        return run(rules, t, t->n / 2, false) == HARSAN_E_SYNTAX;
    case 7:
        return run(rules, t, t->n * 2 / 3, true) == HARSAN_OK;
    case 11:
        return salvage(t, t->n / 3);
    case 15:
        return run(rules, t, t->n, false) == HARSAN_OK && prove(rules, t);
    default:
        return run(rules, t, t->n, false) == HARSAN_OK;
    }
}

static bool load_texts(void)
{
    for (size_t i = 0; i < N_SAMPLES; i++) {
        char path[64];
        snprintf(path, sizeof path, "samples/%s.har", samples[i]);
        FILE *f = fopen(path, "rb");
        if (f == NULL) {
            perror(path);
            return false;
        }
        texts[i].n = fread(texts[i].in, 1, TEXT_MAX, f);
        fclose(f);
    }
    return true;
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)atol(argv[1]) : 100000;
    size_t wrong = 0;
    long warm = 0;
    harsan_rules *rules = NULL;
    if (!load_texts() || harsan_rules_default(&rules, 0, NULL) != HARSAN_OK) {
        return 2;
    }
    for (size_t i = 0; i < n; i++) {
        wrong += !session(rules, i);
        warm = i < WARM ? peak_kib() : warm;
    }
    long end = peak_kib();
    harsan_rules_free(rules);
    printf("%zu sessions, %zu ended wrongly, peak %ld KiB after %d and %ld KiB after all\n", n,
           wrong, warm, (int)WARM, end);
    bool ok = wrong == 0 && end - warm <= SLACK_KIB;
    printf("%d passed, %d failed\n", ok, !ok);
    return !ok;
}
