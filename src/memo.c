/*
 * Memos of names and of clean values. See memo.h.
 */
#include "memo.h"

#include "base_scale.h"
#include "valid.h"

enum {
    NAME_SETS = 512 / HSN_SCALE,
    NAME_WAYS = 2, /* names that come in turn must not drive each other out */
    NAME_LEN = 44, /* longer names are looked up each time */
    CLEAN_SLOTS = 2048 / HSN_SCALE,
    CLEAN_BITS = 11
};

static inline uint64_t word64_at(const unsigned char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* All bytes of a string of fewer than eight. */
static inline uint64_t short_word(hsn_str s)
{
    if (s.n >= 4) {
        uint32_t a;
        uint32_t b;
        memcpy(&a, s.p, sizeof a);
        memcpy(&b, s.p + s.n - sizeof b, sizeof b);
        return (uint64_t)a << 32 | b;
    }
    return s.n > 0 ? (uint64_t)s.p[0] << 16 | (uint64_t)s.p[s.n / 2] << 8 | s.p[s.n - 1] : 0;
}

static inline uint64_t mix_word(uint64_t h, uint64_t w)
{
    h = (h ^ w) * 0xff51afd7ed558ccdu;
    return h ^ h >> 32;
}

/* Enough to spread names and headers; a collision only forgets. */
static uint64_t mix(hsn_str s, uint64_t seed)
{
    uint64_t h = s.n * 0x9e3779b97f4a7c15u + seed;
    if (s.n < 8) {
        return mix_word(h, short_word(s));
    }
    for (size_t i = 0; i + 8 < s.n; i += 8) {
        h = mix_word(h, word64_at(s.p + i));
    }
    return mix_word(h, word64_at(s.p + s.n - 8));
}

/* ---------------------------------------------------------------- names */

/* A name of 16 bytes or fewer is the same when its ends are: no further bytes to compare. */
typedef struct name_key {
    uint64_t head;
    uint64_t tail;
    uint32_t n_and_where; /* 0 = empty */
} name_key;

typedef struct name_slot {
    name_key key;
    hsn_name_facts facts;
    unsigned char text[NAME_LEN];
} name_slot;

struct hsn_name_memo {
    const harsan_rules *rules;
    uint64_t tickets;
    hsn_name_facts long_name;
    name_slot slot[NAME_SETS][NAME_WAYS];
};

hsn_name_memo *hsn_name_memo_new(const harsan_rules *rules)
{
    hsn_name_memo *m = hsn_mem_zero(1, sizeof *m);
    if (m != NULL) {
        m->rules = rules;
    }
    return m;
}

void hsn_name_memo_free(hsn_name_memo *m)
{
    if (m != NULL) {
        hsn_mem_wipe(m, sizeof *m);
        hsn_mem_free(m);
    }
}

uint64_t hsn_name_memo_ticket(hsn_name_memo *m)
{
    return ++m->tickets;
}

/* Cookie headers have a grammar of their own, cookies a detector; a random number is no card. */
static uint32_t treatment_of(hsn_str name, unsigned where, const hsn_rule *rule)
{
    enum { PLAIN, COOKIE, COOKIE_HEADER, SET_COOKIE_HEADER, CACHE_BUSTER, KINDS };
    uint32_t kind = PLAIN;
    if (where == HSN_IN_COOKIE) {
        kind = COOKIE;
    } else if (where == HSN_IN_HEADER && hsn_str_eq_nocase(name, HSN_S("cookie"))) {
        kind = COOKIE_HEADER;
    } else if (where == HSN_IN_HEADER && hsn_str_eq_nocase(name, HSN_S("set-cookie"))) {
        kind = SET_COOKIE_HEADER;
    } else if (where == HSN_IN_PARAM && hsn_is_cache_buster(name)) {
        kind = CACHE_BUSTER;
    }
    return (rule != NULL ? rule->index + 1 : 0) * KINDS + kind;
}

static void find_out(const hsn_name_memo *m, hsn_str name, unsigned where, hsn_name_facts *out)
{
    *out = (hsn_name_facts){.rule = hsn_rules_name(m->rules, name, where, NULL)};
    out->known = hsn_key_is_known(name, &out->role);
    out->treatment = treatment_of(name, where, out->rule);
}

static inline name_key key_of(hsn_str name, unsigned where)
{
    name_key k = {.n_and_where = (uint32_t)name.n << 16 | where};
    if (name.n < 8) {
        k.head = short_word(name);
    } else {
        k.head = word64_at(name.p);
        k.tail = word64_at(name.p + name.n - 8);
    }
    return k;
}

static inline bool is_slot_of(const name_slot *s, const name_key *k, hsn_str name)
{
    return s->key.head == k->head && s->key.tail == k->tail &&
           s->key.n_and_where == k->n_and_where &&
           (name.n <= 16 || memcmp(s->text, name.p, name.n) == 0);
}

hsn_name_facts *hsn_name_facts_of(hsn_name_memo *m, hsn_str name, unsigned where)
{
    if (name.n == 0 || name.n > NAME_LEN) {
        find_out(m, name, where, &m->long_name);
        return &m->long_name;
    }
    const name_key k = key_of(name, where);
    uint64_t hash = mix_word(k.head ^ k.tail << 3, k.n_and_where);
    name_slot *set = m->slot[hash >> 20 & (NAME_SETS - 1)];
    if (HSN_LIKELY(is_slot_of(&set[0], &k, name))) {
        return &set[0].facts;
    }
    if (!is_slot_of(&set[1], &k, name)) {
        set[1] = set[0];
        find_out(m, name, where, &set[0].facts);
        set[0].key = k;
        memcpy(set[0].text, name.p, name.n);
        return &set[0].facts;
    }
    return &set[1].facts;
}

/* ---------------------------------------------------------------- values */

typedef struct clean_slot {
    uint32_t treatment;
    uint16_t n;
    unsigned char text[HSN_CLEAN_MAX];
} clean_slot;

/* Only what comes a second time gets into its slot: most of what comes once, times and numbers of
 * requests, would drive out what comes in every entry. */
struct hsn_clean_memo {
    hsn_twins twins;
    uint32_t mark[CLEAN_SLOTS]; /* of what is in the slot; 0 = nothing. Settles most misses at once */
    uint32_t once[CLEAN_SLOTS]; /* of what came last and is not in the slot */
    clean_slot slot[CLEAN_SLOTS];
};

hsn_clean_memo *hsn_clean_memo_new(void)
{
    return hsn_mem_zero(1, sizeof(hsn_clean_memo));
}

void hsn_clean_memo_free(hsn_clean_memo *m)
{
    if (m != NULL) {
        hsn_mem_wipe(m, sizeof *m);
        hsn_mem_free(m);
    }
}

void hsn_clean_forget(hsn_clean_memo *m)
{
    memset(m->mark, 0, sizeof m->mark);
    memset(m->once, 0, sizeof m->once);
    memset(&m->twins, 0, sizeof m->twins);
}

hsn_twins *hsn_clean_twins(hsn_clean_memo *m)
{
    return &m->twins;
}

static uint32_t mark_of(uint64_t hash)
{
    return (uint32_t)(hash >> CLEAN_BITS) | 1;
}

bool hsn_clean_has(const hsn_clean_memo *m, uint32_t treatment, hsn_str value)
{
    if (value.n > HSN_CLEAN_MAX) {
        return false;
    }
    uint64_t hash = mix(value, treatment);
    size_t at = hash % CLEAN_SLOTS;
    const clean_slot *s = &m->slot[at];
    return m->mark[at] == mark_of(hash) && s->n == value.n && s->treatment == treatment &&
           memcmp(s->text, value.p, value.n) == 0;
}

bool hsn_clean_came(const hsn_clean_memo *m, uint32_t treatment, hsn_str value)
{
    if (value.n > HSN_CLEAN_MAX) {
        return false;
    }
    uint64_t hash = mix(value, treatment);
    return m->once[hash % CLEAN_SLOTS] == mark_of(hash);
}

void hsn_clean_add(hsn_clean_memo *m, uint32_t treatment, hsn_str value, bool keep)
{
    if (value.n > HSN_CLEAN_MAX) {
        return;
    }
    uint64_t hash = mix(value, treatment);
    size_t at = hash % CLEAN_SLOTS;
    if (!keep) {
        m->once[at] = mark_of(hash);
        return;
    }
    m->mark[at] = mark_of(hash);
    m->slot[at].treatment = treatment;
    m->slot[at].n = (uint16_t)value.n;
    memcpy(m->slot[at].text, value.p, value.n);
}
