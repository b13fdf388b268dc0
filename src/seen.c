/*
 * Keys seen: a blocked Bloom filter that grows. See seen.h.
 *
 * Four tables, each four times the one before, filled one after the other: most inputs stay in the
 * first two, which stay in the second-level cache, and memory is taken, and cleared, only as the
 * input needs it. An addition touches one line anywhere in a
 * table, and to find its page costs as much as the line itself: the larger tables ask the system
 * for large pages.
 */
#define _GNU_SOURCE /* madvise */
#include "seen.h"

#include "learn.h"

#include <sys/mman.h>

enum {
    LINE_WORDS = 8, /* 512 bits: one cache line */
    LINE_BITS = 512,
    KEY_BITS = 48, /* before the next table is begun: a false yes once in 100,000 */
    FIRST_LINES = 1 << 12,
    GROWTH = 4,
    TABLES = 4, /* the last takes what comes */
    PROBES = 7,
    RECENT = 1024, /* 8 KiB of the first-level cache */
    WAITING = 32   /* additions under way: their lines come from memory meanwhile */
};

typedef struct line {
    uint64_t word[LINE_WORDS];
} line;

typedef struct table {
    line *line;   /* NULL = not begun, or no memory for it */
    size_t lines; /* a power of two */
    void *block;  /* that holds it */
} table;

struct hsn_seen {
    table table[TABLES];
    unsigned now;            /* the one that is being filled */
    size_t room;             /* keys that it still takes */
    uint64_t recent[RECENT]; /* hashes added of late: texts repeat their words */
    uint64_t waiting[WAITING];
    unsigned n_waiting; /* in all; the ring's place is the remainder */
    bool is_list;
    hsn_buf list;
};

/* False without memory. */
static bool begin_table(table *t, size_t lines)
{
    enum { LARGE_PAGE = 2 << 20 };
    const size_t size = lines * sizeof(line);
    const size_t align = size < LARGE_PAGE ? sizeof(line) : LARGE_PAGE;
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
    return t->lines * LINE_BITS / KEY_BITS;
}

hsn_seen *hsn_seen_new(void)
{
    hsn_seen *s = hsn_mem_zero(1, sizeof(hsn_seen));
    if (s != NULL && !begin_table(&s->table[0], FIRST_LINES)) {
        hsn_mem_free(s);
        return NULL;
    }
    if (s != NULL) {
        s->room = room_of(&s->table[0]);
    }
    return s;
}

void hsn_seen_free(hsn_seen *s)
{
    if (s == NULL) {
        return;
    }
    for (unsigned i = 0; i < TABLES; i++) {
        hsn_mem_free(s->table[i].block);
    }
    hsn_buf_deinit(&s->list);
    hsn_mem_free(s);
}

enum { SHORT = HSN_KEY, LONG = 12 };

static uint64_t hash(const unsigned char *p, size_t n)
{
    uint64_t a = 0;
    uint64_t b = 0;
    memcpy(&a, p, SHORT);
    if (n == LONG) {
        memcpy(&b, p + SHORT, LONG - SHORT);
    }
    a = (a ^ b << 16) * 0x9e3779b97f4a7c15u;
    a = (a ^ a >> 29 ^ b) * 0xbf58476d1ce4e5b9u;
    return a ^ a >> 32;
}

static line *line_of(const table *t, uint64_t h)
{
    return &t->line[h & (t->lines - 1)];
}

static void set(line *l, uint64_t h)
{
    uint64_t bits = h * 0x94d049bb133111ebu;
    for (int i = 0; i < PROBES; i++) {
        l->word[bits >> 61] |= 1ull << (bits >> 55 & 63);
        bits = bits << 9 | bits >> 55;
    }
}

static bool is_set(const line *l, uint64_t h)
{
    uint64_t bits = h * 0x94d049bb133111ebu;
    for (int i = 0; i < PROBES; i++) {
        if ((l->word[bits >> 61] >> (bits >> 55 & 63) & 1) == 0) {
            return false;
        }
        bits = bits << 9 | bits >> 55;
    }
    return true;
}

/* The table in hand is full. Without memory for the next it takes more than it should: a false yes
 * becomes likelier. */
static void next_table(hsn_seen *s)
{
    s->room = SIZE_MAX;
    if (s->now + 1 < TABLES &&
        begin_table(&s->table[s->now + 1], s->table[s->now].lines * GROWTH)) {
        s->now++;
        s->room = s->now + 1 < TABLES ? room_of(&s->table[s->now]) : SIZE_MAX;
    }
}

/* Sets what has waited longest and asks memory for the line of the new one. */
static void add(hsn_seen *s, uint64_t h)
{
    if (s->is_list) {
        hsn_buf_add(&s->list, &h, sizeof h);
        return;
    }
    uint64_t *slot = &s->waiting[s->n_waiting % WAITING];
    if (s->n_waiting++ >= WAITING) {
        set(line_of(&s->table[s->now], *slot), *slot);
        if (--s->room == 0) {
            next_table(s);
        }
    }
    *slot = h;
    __builtin_prefetch(line_of(&s->table[s->now], h), 1);
}

uint64_t hsn_seen_hash(const unsigned char *p, size_t n)
{
    return hash(p, n >= LONG ? LONG : SHORT);
}

bool hsn_seen_is_short(const unsigned char *p, size_t n)
{
    if (n < LONG) {
        return false; /* it has no other */
    }
    for (size_t i = SHORT - 1; i < LONG; i++) {
        if (!hsn_is_alnum(p[i])) {
            return true;
        }
    }
    return false;
}

void hsn_seen_add(hsn_seen *s, const unsigned char *p, size_t n)
{
    if (n < SHORT) {
        return; /* no value fits */
    }
    uint64_t h = hash(p, n >= LONG ? LONG : SHORT);
    uint64_t *slot = &s->recent[h >> 20 & (RECENT - 1)];
    if (*slot == h) {
        return;
    }
    *slot = h;
    add(s, h);
    if (hsn_seen_is_short(p, n)) {
        add(s, hash(p, SHORT));
    }
}

static bool is_waiting(const hsn_seen *s, uint64_t h)
{
    for (unsigned i = 0; i < WAITING && i < s->n_waiting; i++) {
        if (s->waiting[i] == h) {
            return true;
        }
    }
    return false;
}

bool hsn_seen_has(const hsn_seen *s, const unsigned char *p, size_t n)
{
    uint64_t h = hash(p, n >= LONG ? LONG : SHORT);
    if (is_waiting(s, h)) {
        return true;
    }
    for (unsigned i = 0; i <= s->now; i++) {
        if (is_set(line_of(&s->table[i], h), h)) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- lists */

hsn_seen *hsn_seen_new_list(size_t max_keys)
{
    hsn_seen *s = hsn_mem_zero(1, sizeof *s);
    if (s != NULL) {
        s->is_list = true;
        hsn_buf_init(&s->list, max_keys * sizeof(uint64_t));
    }
    return s;
}

size_t hsn_seen_listed(const hsn_seen *list)
{
    return list->list.n / sizeof(uint64_t);
}

bool hsn_seen_list_failed(const hsn_seen *list)
{
    return hsn_buf_failed(&list->list);
}

void hsn_seen_pour(hsn_seen *to, const hsn_seen *list, size_t from, size_t upto)
{
    for (size_t i = from; i < upto; i++) {
        uint64_t h;
        memcpy(&h, list->list.p + i * sizeof h, sizeof h);
        uint64_t *slot = &to->recent[h >> 20 & (RECENT - 1)];
        if (*slot != h) {
            *slot = h;
            add(to, h);
        }
    }
}

void hsn_seen_empty(hsn_seen *list)
{
    hsn_buf_reset(&list->list);
}

void hsn_seen_forget(hsn_seen *list)
{
    hsn_buf_reset(&list->list);
    memset(list->recent, 0, sizeof list->recent);
}
