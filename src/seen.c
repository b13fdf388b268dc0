/*
 * Keys seen: a blocked Bloom filter. See seen.h.
 */
#include "seen.h"

#include "learn.h"

enum {
    LINE_WORDS = 8, /* 512 bits: one cache line */
    LINES = 1 << 18,
    PROBES = 7,
    RECENT = 2048, /* 16 KiB, which stays in the first-level cache */
    WAITING = 16   /* additions under way: their lines come from memory meanwhile */
};

struct hsn_seen {
    alignas(64) uint64_t line[LINES][LINE_WORDS];
    uint64_t recent[RECENT]; /* hashes added of late: texts repeat their words */
    uint64_t waiting[WAITING];
    unsigned n_waiting; /* in all; the ring's place is the remainder */
};

hsn_seen *hsn_seen_new(void)
{
    return hsn_mem_zero(1, sizeof(hsn_seen));
}

void hsn_seen_free(hsn_seen *s)
{
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

static void set(hsn_seen *s, uint64_t h)
{
    uint64_t *line = s->line[h % LINES];
    uint64_t bits = h * 0x94d049bb133111ebu;
    for (int i = 0; i < PROBES; i++) {
        line[bits >> 61] |= 1ull << (bits >> 55 & 63);
        bits = bits << 9 | bits >> 55;
    }
}

/* Sets what has waited longest and asks memory for the line of the new one. */
static void enqueue(hsn_seen *s, uint64_t h)
{
    uint64_t *slot = &s->waiting[s->n_waiting % WAITING];
    if (s->n_waiting++ >= WAITING) {
        set(s, *slot);
    }
    *slot = h;
    __builtin_prefetch(s->line[h % LINES], 1);
}

/* Do letters and digits go on for LONG bytes? */
static bool is_word(const unsigned char *p)
{
    for (size_t i = SHORT; i < LONG; i++) {
        if (!hsn_is_alnum(p[i])) {
            return false;
        }
    }
    return true;
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
    enqueue(s, h);
    if (n >= LONG &&
        !is_word(p)) { /* a short value ends where a word does: within a long one none */
        enqueue(s, hash(p, SHORT));
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
    const uint64_t *line = s->line[h % LINES];
    uint64_t bits = h * 0x94d049bb133111ebu;
    for (int i = 0; i < PROBES; i++) {
        if ((line[bits >> 61] >> (bits >> 55 & 63) & 1) == 0) {
            return false;
        }
        bits = bits << 9 | bits >> 55;
    }
    return true;
}
