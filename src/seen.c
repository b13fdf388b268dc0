/*
 * Keys seen: a blocked Bloom filter. See seen.h.
 */
#include "seen.h"

#include "learn.h"

enum {
    LINE_WORDS = 8, /* 512 bits: one cache line */
    LINES = 1 << 18,
    PROBES = 7,
    RECENT = 2048 /* 16 KiB, which stays in the first-level cache */
};

struct hsn_seen {
    alignas(64) uint64_t line[LINES][LINE_WORDS];
    uint64_t recent[RECENT]; /* hashes added of late: texts repeat their words */
};

hsn_seen *hsn_seen_new(void)
{
    return hsn_mem_zero(1, sizeof(hsn_seen));
}

void hsn_seen_free(hsn_seen *s)
{
    hsn_mem_free(s);
}

enum { SHORT = HSN_KEY_MIN, LONG = 12 };

static uint64_t hash(const unsigned char *p, size_t n)
{
    uint64_t a;
    uint32_t b = 0;
    memcpy(&a, p, SHORT);
    if (n == LONG) {
        memcpy(&b, p + SHORT, LONG - SHORT);
    }
    a = (a ^ b) * 0x9e3779b97f4a7c15u;
    a = (a ^ a >> 29 ^ (uint64_t)b << 32) * 0xbf58476d1ce4e5b9u;
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
    set(s, h);
    if (n >= LONG) {
        set(s, hash(p, SHORT));
    }
}

bool hsn_seen_has(const hsn_seen *s, const unsigned char *p, size_t n)
{
    uint64_t h = hash(p, n >= LONG ? LONG : SHORT);
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
