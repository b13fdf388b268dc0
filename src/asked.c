/*
 * Keys asked for: a blocked Bloom filter that stays in the second-level cache. See asked.h.
 */
#include "asked.h"

#include "learn.h"
#include "seen.h"

enum {
    LINE_WORDS = 8, /* 512 bits: one cache line */
    LINES = 1 << 10,
    PROBES = 7,
    RECENT = 2048,
    CROWD = 16 * LINES /* a fifth of the bits: a false yes in 100,000 */
};

struct hsn_asked {
    uint64_t recent[RECENT]; /* hashes added of late: texts repeat their words */
    size_t n;
    uint64_t line[LINES][LINE_WORDS];
};

hsn_asked *hsn_asked_new(void)
{
    return hsn_mem_zero(1, sizeof(hsn_asked));
}

void hsn_asked_free(hsn_asked *a)
{
    hsn_mem_free(a);
}

void hsn_asked_clear(hsn_asked *a)
{
    memset(a, 0, sizeof *a);
}

static void set(hsn_asked *a, uint64_t h)
{
    uint64_t *line = a->line[h % LINES];
    uint64_t bits = h * 0x94d049bb133111ebu;
    for (int i = 0; i < PROBES; i++) {
        line[bits >> 61] |= 1ull << (bits >> 55 & 63);
        bits = bits << 9 | bits >> 55;
    }
    a->n++;
}

void hsn_asked_add(hsn_asked *a, const unsigned char *p, size_t n)
{
    if (n < HSN_KEY) {
        return; /* no value fits */
    }
    uint64_t h = hsn_seen_hash(p, n);
    uint64_t *slot = &a->recent[h >> 20 & (RECENT - 1)];
    if (*slot == h) {
        return;
    }
    *slot = h;
    set(a, h);
    if (hsn_seen_is_short(p, n)) {
        set(a, hsn_seen_hash(p, HSN_KEY));
    }
}

void hsn_asked_add_value(hsn_asked *a, hsn_str value)
{
    size_t key = hsn_key_of(value);
    hsn_asked_add(a, value.p + key, value.n - key);
}

bool hsn_asked_has(const hsn_asked *a, hsn_str value, size_t key)
{
    if (value.n - key < HSN_KEY) {
        return true; /* searched for in other ways */
    }
    uint64_t h = hsn_seen_hash(value.p + key, value.n - key);
    const uint64_t *line = a->line[h % LINES];
    uint64_t bits = h * 0x94d049bb133111ebu;
    for (int i = 0; i < PROBES; i++) {
        if ((line[bits >> 61] >> (bits >> 55 & 63) & 1) == 0) {
            return false;
        }
        bits = bits << 9 | bits >> 55;
    }
    return true;
}

bool hsn_asked_crowded(const hsn_asked *a)
{
    return a->n > CROWD;
}
