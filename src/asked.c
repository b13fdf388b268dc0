/*
 * Keys asked for: a blocked Bloom filter that stays in the second-level cache, and a list. See
 * asked.h.
 */
#include "asked.h"

#include "learn_key.h"
#include "seen_line.h"

enum {
    LINES = 1 << 10,
    RECENT = 1024,
    CROWD = 16 * LINES /* a fifth of the bits: a false yes in 100,000 */
};

struct hsn_asked {
    uint64_t recent[RECENT]; /* hashes listed of late: texts repeat their words */
    hsn_buf list;            /* uint64_t[] */
    size_t folded;           /* of the list: in the filter as well */
    size_t n;                /* in the filter */
    hsn_line line[LINES];
};

hsn_asked *hsn_asked_new(size_t max_listed)
{
    hsn_asked *a = hsn_mem_zero(1, sizeof(hsn_asked));
    if (a != NULL) {
        hsn_buf_init(&a->list, max_listed * sizeof(uint64_t));
    }
    return a;
}

void hsn_asked_free(hsn_asked *a)
{
    if (a != NULL) {
        hsn_buf_deinit(&a->list);
        hsn_mem_free(a);
    }
}

void hsn_asked_clear(hsn_asked *a)
{
    memset(a->line, 0, sizeof a->line);
    a->n = 0;
    hsn_asked_begin(a);
}

static void set(hsn_asked *a, uint64_t h)
{
    hsn_line_set(&a->line[h % LINES], h);
    a->n++;
}

/* One after the other in a loop of its own, the filter's lines are fetched side by side; between
 * two words of a text each would be waited for. */
static void fold(hsn_asked *a)
{
    const uint64_t *listed = hsn_asked_list(a);
    const size_t n = hsn_asked_listed(a);
    for (size_t i = a->folded; i < n; i++) {
        set(a, listed[i]);
    }
    a->folded = n;
}

static void list(hsn_asked *a, uint64_t h)
{
    hsn_buf *l = &a->list;
    if (HSN_LIKELY(l->cap - l->n >= sizeof h)) {
        memcpy(l->p + l->n, &h, sizeof h);
        l->n += sizeof h;
    } else {
        hsn_buf_add(l, &h, sizeof h);
    }
}

void hsn_asked_add(hsn_asked *a, uint64_t h, bool stays)
{
    uint64_t *slot = &a->recent[h >> 20 & (RECENT - 1)];
    if (*slot == h) {
        return;
    }
    if (!stays) {
        set(a, h);
        return;
    }
    *slot = h;
    list(a, h);
}

void hsn_asked_add_value(hsn_asked *a, hsn_str value)
{
    size_t key = hsn_key_of(value);
    if (value.n - key >= HSN_KEY) {
        hsn_asked_add(a, hsn_key_hash(value.p + key, value.n - key), false);
    }
}

bool hsn_asked_has(hsn_asked *a, hsn_str value, size_t key)
{
    if (value.n - key < HSN_KEY) {
        return true; /* searched for in other ways */
    }
    fold(a);
    const uint64_t h = hsn_key_hash(value.p + key, value.n - key);
    return hsn_line_has(&a->line[h % LINES], h);
}

bool hsn_asked_crowded(const hsn_asked *a)
{
    return a->n > CROWD;
}

/* ---------------------------------------------------------------- the list */

const uint64_t *hsn_asked_list(const hsn_asked *a)
{
    return (const uint64_t *)(const void *)a->list.p;
}

size_t hsn_asked_listed(const hsn_asked *a)
{
    return a->list.n / sizeof(uint64_t);
}

bool hsn_asked_list_failed(const hsn_asked *a)
{
    return hsn_buf_failed(&a->list);
}

void hsn_asked_begin(hsn_asked *a)
{
    hsn_buf_reset(&a->list);
    a->folded = 0;
    memset(a->recent, 0, sizeof a->recent);
}

void hsn_asked_hand_over(hsn_asked *a, hsn_asked *to)
{
    fold(a);
    memcpy(to->line, a->line, sizeof a->line);
    to->n = a->n;
    hsn_buf list = a->list;
    a->list = to->list;
    a->list.max = list.max;
    to->list = list;
    to->folded = a->folded;
    hsn_asked_begin(a);
}
