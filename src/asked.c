/*
 * Keys asked for: a blocked Bloom filter that stays in the second-level cache, and lists. See
 * asked.h.
 */
#include "asked.h"

#include "learn_key.h"
#include "seen_line.h"

enum {
    LINES = 1 << 10,
    RECENT = 1024,
    CROWD = 16 * LINES /* a quarter of the bits: a false yes in 100,000 */
};

struct hsn_asked {
    uint64_t recent[RECENT]; /* hashes listed of late: texts repeat their words */
    hsn_buf list;            /* uint64_t[]: left standing */
    size_t folded;           /* of those: in the filter as well */
    hsn_buf gone;            /* uint64_t[]: the others, which are */
    size_t n;                /* in the filter */
    hsn_line line[LINES];
};

hsn_asked *hsn_asked_new(size_t max_listed)
{
    hsn_asked *a = hsn_mem_zero(1, sizeof(hsn_asked));
    if (a != NULL) {
        hsn_buf_init(&a->list, max_listed * sizeof(uint64_t));
        hsn_buf_init(&a->gone, max_listed * sizeof(uint64_t));
    }
    return a;
}

void hsn_asked_free(hsn_asked *a)
{
    if (a != NULL) {
        hsn_buf_deinit(&a->list);
        hsn_buf_deinit(&a->gone);
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

static void list(hsn_buf *l, uint64_t h)
{
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
        list(&a->gone, h);
        return;
    }
    *slot = h;
    list(&a->list, h);
}

bool hsn_asked_has(hsn_asked *a, hsn_str value, size_t key)
{
    if (value.n - key < HSN_KEY) {
        return true; /* searched for in other ways */
    }
    fold(a);
    const uint64_t h = hsn_key_hash(value.p + key, value.n - key);
    const uint64_t t = hsn_has_tail(value) ? hsn_tail_hash(value.p + value.n) : h;
    return hsn_line_has(&a->line[h % LINES], h) || hsn_line_has(&a->line[t % LINES], t);
}

bool hsn_asked_crowded(const hsn_asked *a)
{
    return a->n > CROWD;
}

/* ---------------------------------------------------------------- the list */

static const uint64_t *keys_in(const hsn_buf *list)
{
    return (const uint64_t *)(const void *)list->p;
}

const uint64_t *hsn_asked_list(const hsn_asked *a)
{
    return keys_in(&a->list);
}

size_t hsn_asked_listed(const hsn_asked *a)
{
    return a->list.n / sizeof(uint64_t);
}

const uint64_t *hsn_asked_gone(const hsn_asked *a, size_t *n)
{
    *n = a->gone.n / sizeof(uint64_t);
    return keys_in(&a->gone);
}

bool hsn_asked_list_failed(const hsn_asked *a)
{
    return hsn_buf_failed(&a->list) || hsn_buf_failed(&a->gone);
}

void hsn_asked_begin(hsn_asked *a)
{
    hsn_buf_reset(&a->list);
    hsn_buf_reset(&a->gone);
    a->folded = 0;
    memset(a->recent, 0, sizeof a->recent);
}

/* The memory changes hands, each keeps its own ceiling. */
static void swap_lists(hsn_buf *a, hsn_buf *b)
{
    const hsn_buf list = *a;
    *a = *b;
    a->max = list.max;
    *b = list;
}

void hsn_asked_hand_over(hsn_asked *a, hsn_asked *to)
{
    fold(a);
    memcpy(to->line, a->line, sizeof a->line);
    to->n = a->n;
    swap_lists(&a->list, &to->list);
    swap_lists(&a->gone, &to->gone);
    to->folded = a->folded;
    hsn_asked_begin(a);
}
