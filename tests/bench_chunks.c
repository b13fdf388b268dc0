/*
 * Cleans FILE through the library, fed SIZE bytes at a time: bench_chunks SIZE FILE
 *
 * What comes out is thrown away: this is for counting the work that splitting the input makes.
 */
#include "harsan.h"

#include <stdio.h>
#include <stdlib.h>

static int drop(void *ctx, const void *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

static harsan_status feed_all(harsan *h, const unsigned char *p, size_t n, size_t size)
{
    harsan_status st = HARSAN_OK;
    for (size_t at = 0; at < n && st == HARSAN_OK; at += size) {
        st = harsan_feed(h, p + at, size < n - at ? size : n - at);
    }
    return st == HARSAN_OK ? harsan_finish(h) : st;
}

static harsan_status clean(const unsigned char *p, size_t n, size_t size)
{
    harsan_rules *rules = NULL;
    harsan *h = NULL;
    const harsan_options opt = {.key = {1}, .write = drop};
    harsan_status st = harsan_rules_default(&rules, 0, NULL);
    if (st == HARSAN_OK) {
        st = harsan_new(&h, rules, &opt, NULL);
    }
    if (st == HARSAN_OK) {
        st = feed_all(h, p, n, size);
    }
    if (st == HARSAN_AGAIN) {
        st = feed_all(h, p, n, size);
    }
    harsan_free(h);
    harsan_rules_free(rules);
    return st;
}

/* All of it, or NULL; the caller frees. */
static unsigned char *read_all(const char *name, size_t *n)
{
    FILE *f = fopen(name, "rb");
    unsigned char *p = NULL;
    if (f != NULL && fseek(f, 0, SEEK_END) == 0) {
        long end = ftell(f);
        rewind(f);
        *n = end > 0 ? (size_t)end : 0;
        p = malloc(*n + 1);
        if (p != NULL && fread(p, 1, *n, f) != *n) {
            free(p);
            p = NULL;
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return p;
}

int main(int argc, char **argv)
{
    size_t size = argc == 3 ? (size_t)strtoul(argv[1], NULL, 10) : 0;
    size_t n = 0;
    unsigned char *p = size > 0 ? read_all(argv[2], &n) : NULL;
    if (p == NULL) {
        fputs("usage: bench_chunks SIZE FILE\n", stderr);
        return 2;
    }
    harsan_status st = clean(p, n, size);
    free(p);
    return (int)st;
}
