/*
 * Keys seen: a blocked Bloom filter that grows. See seen.h.
 *
 * Up to four tables, each four times the one before, filled one after the other: most inputs stay
 * in the first two, which stay in the second-level cache, and memory is taken, and cleared, only as
 * the input needs it. An addition touches one line anywhere in a table, and to find its page costs
 * as much as the line itself: the larger tables ask the system for large pages.
 */
#define _GNU_SOURCE /* madvise */
#include "seen.h"

#include "base_scale.h"
#include "seen_line.h"

#include <sys/mman.h>

enum {
    KEY_BITS = 64, /* before the next table is begun: a false yes once in 500,000 */
    FIRST_LINES = (1 << 12) / HSN_SCALE,
    GROWTH = 4,
    RECENT = 1024, /* 8 KiB of the first-level cache */
    WAITING = 32   /* additions under way: their lines come from memory meanwhile */
};

typedef struct table {
    hsn_line *line; /* NULL = not begun, or no memory for it */
    size_t lines;   /* a power of two */
    void *block;    /* that holds it */
} table;

struct hsn_seen {
    table table[HSN_SEEN_TABLES];
    unsigned tables; /* so many at most: the last takes what comes */
    unsigned now;            /* the one that is being filled */
    size_t room;             /* keys that it still takes */
    uint64_t recent[RECENT]; /* hashes added of late: texts repeat their words */
    uint64_t waiting[WAITING];
    unsigned n_waiting; /* in all; the ring's place is the remainder */
};

/* False without memory. */
static bool begin_table(table *t, size_t lines)
{
    enum { LARGE_PAGE = 2 << 20 };
    const size_t size = lines * sizeof(hsn_line);
    const size_t align = size < LARGE_PAGE ? sizeof(hsn_line) : LARGE_PAGE;
    t->block = hsn_mem_zero(1, size + align);
    if (t->block == NULL) {
        return false;
    }
    t->line = (void *)((unsigned char *)t->block + (align - (uintptr_t)t->block % align));
    t->lines = lines;
#ifdef MADV_HUGEPAGE
    if (align == LARGE_PAGE) {
        (void)madvise(t->line, size, MADV_HUGEPAGE);
    }
#endif
    return true;
}

static size_t room_of(const table *t)
{
    return t->lines * HSN_LINE_BITS / KEY_BITS;
}

hsn_seen *hsn_seen_new(unsigned tables)
{
    hsn_seen *s = hsn_mem_zero(1, sizeof(hsn_seen));
    if (s != NULL && !begin_table(&s->table[0], FIRST_LINES)) {
        hsn_mem_free(s);
        return NULL;
    }
    if (s != NULL) {
        s->tables = tables;
        s->room = tables > 1 ? room_of(&s->table[0]) : SIZE_MAX;
    }
    return s;
}

void hsn_seen_free(hsn_seen *s)
{
    if (s == NULL) {
        return;
    }
    for (unsigned i = 0; i < HSN_SEEN_TABLES; i++) {
        hsn_mem_free(s->table[i].block);
    }
    hsn_mem_free(s);
}

static hsn_line *line_of(const table *t, uint64_t h)
{
    return &t->line[h & (t->lines - 1)];
}

/* The table in hand is full. Without memory for the next it takes more than it should: a false yes
 * becomes likelier. */
static void next_table(hsn_seen *s)
{
    s->room = SIZE_MAX;
    if (s->now + 1 < s->tables &&
        begin_table(&s->table[s->now + 1], s->table[s->now].lines * GROWTH)) {
        s->now++;
        s->room = s->now + 1 < s->tables ? room_of(&s->table[s->now]) : SIZE_MAX;
    }
}

static void put(hsn_seen *s, uint64_t h)
{
    hsn_line_set(line_of(&s->table[s->now], h), h);
    if (--s->room == 0) {
        next_table(s);
    }
}

/* Sets what has waited longest and asks memory for the line of the new one. */
static void add(hsn_seen *s, uint64_t h)
{
    uint64_t *slot = &s->waiting[s->n_waiting % WAITING];
    if (s->n_waiting++ >= WAITING) {
        put(s, *slot);
    }
    *slot = h;
    __builtin_prefetch(line_of(&s->table[s->now], h), 1);
}

void hsn_seen_add(hsn_seen *s, uint64_t h)
{
    uint64_t *slot = &s->recent[h >> 20 & (RECENT - 1)];
    if (*slot == h) {
        return;
    }
    *slot = h;
    add(s, h);
}

/* What is under way gets there. */
static void flush(hsn_seen *s)
{
    const unsigned n = s->n_waiting < WAITING ? s->n_waiting : WAITING;
    s->n_waiting = 0;
    for (unsigned i = 0; i < n; i++) {
        put(s, s->waiting[i]);
    }
}

bool hsn_seen_has(hsn_seen *s, uint64_t h)
{
    flush(s);
    for (unsigned i = 0; i <= s->now; i++) {
        if (hsn_line_has(line_of(&s->table[i], h), h)) {
            return true;
        }
    }
    return false;
}

void hsn_seen_fetch(const hsn_seen *s, uint64_t h)
{
    for (unsigned i = 0; i <= s->now; i++) {
        __builtin_prefetch(line_of(&s->table[i], h));
    }
}

void hsn_seen_pour(hsn_seen *s, const uint64_t *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        hsn_seen_add(s, list[i]);
    }
}
