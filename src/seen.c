/*
 * Words seen: a blocked Bloom filter. See seen.h.
 */
#include "seen.h"

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

static uint64_t hash(const unsigned char *run, size_t n)
{
    uint64_t a = 0;
    uint32_t b = 0;
    if (n >= HSN_SEEN_MAX) {
        memcpy(&a, run, 8);
        memcpy(&b, run + 8, 4);
    } else if (n > 8) {
        memcpy(&a, run, 8);
        memcpy(&b, run + 8, n - 8);
    } else {
        memcpy(&a, run, n);
    }
    uint64_t h = (a ^ (uint64_t)b << 32 ^ b) * 0x9e3779b97f4a7c15u;
    h ^= h >> 29;
    h = (h + b) * 0xbf58476d1ce4e5b9u;
    return h ^ h >> 32;
}

void hsn_seen_add(hsn_seen *s, const unsigned char *run, size_t n)
{
    uint64_t h = hash(run, n);
    uint64_t *slot = &s->recent[h >> 20 & (RECENT - 1)];
    if (*slot == h) {
        return;
    }
    *slot = h;
    uint64_t *line = s->line[h % LINES];
    uint64_t bits = h * 0x94d049bb133111ebu;
    for (int i = 0; i < PROBES; i++) {
        line[bits >> 61] |= 1ull << (bits >> 55 & 63);
        bits = bits << 9 | bits >> 55;
    }
}

bool hsn_seen_has(const hsn_seen *s, const unsigned char *run, size_t n)
{
    uint64_t h = hash(run, n);
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
