/*
 * Memos of names and of clean values. See memo.h.
 */
#include "memo.h"

#include "base_ends.h"
#include "base_scale.h"
#include "valid.h"

enum {
    NAME_SETS = 512 / HSN_SCALE,
    NAME_WAYS = 2, /* names that come in turn must not drive each other out */
    NAME_LEN = 44, /* longer names are looked up each time */
    CLEAN_SETS = 1024 / HSN_SCALE,
    CLEAN_WAYS = 2, /* of the values in every entry some share a set */
    CLEAN_SLOTS = CLEAN_SETS * CLEAN_WAYS,
    CLEAN_BITS = 11
};

/* Enough to spread names and headers; a collision only forgets. */
static uint64_t mix(hsn_str s, uint64_t seed)
{
    uint64_t h = s.n * 0x9e3779b97f4a7c15u + seed;
    if (s.n < 8) {
        return hsn_mix_word(h, hsn_short_word(s));
    }
    for (size_t i = 0; i + 8 < s.n; i += 8) {
        h = hsn_mix_word(h, hsn_word64_at(s.p + i));
    }
    return hsn_mix_word(h, hsn_word64_at(s.p + s.n - 8));
}

/* ---------------------------------------------------------------- names */

typedef struct name_key {
    hsn_ends ends;
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

/* Cookie headers have a grammar of their own, cookies a detector; a random number is no card,
 * and a version no address. */
static uint32_t treatment_of(hsn_str name, unsigned where, const hsn_rule *rule)
{
    enum { PLAIN, COOKIE, COOKIE_HEADER, SET_COOKIE_HEADER, CACHE_BUSTER, VERSION, KINDS };
    uint32_t kind = PLAIN;
    if (where == HSN_IN_COOKIE) {
        kind = COOKIE;
    } else if (where == HSN_IN_HEADER && hsn_str_eq_nocase(name, HSN_S("cookie"))) {
        kind = COOKIE_HEADER;
    } else if (where == HSN_IN_HEADER && hsn_str_eq_nocase(name, HSN_S("set-cookie"))) {
        kind = SET_COOKIE_HEADER;
    } else if (where == HSN_IN_PARAM && hsn_is_cache_buster(name)) {
        kind = CACHE_BUSTER;
    } else if (hsn_is_version_name(name)) {
        kind = VERSION;
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
    return (name_key){.ends = hsn_ends_of(name), .n_and_where = (uint32_t)name.n << 16 | where};
}

static inline bool has_key(const name_slot *s, name_key k)
{
    return s->key.ends.head == k.ends.head && s->key.ends.tail == k.ends.tail &&
           s->key.n_and_where == k.n_and_where;
}

static bool is_slot_of(const name_slot *s, hsn_str name, unsigned where)
{
    return has_key(s, key_of(name, where)) && memcmp(s->text, name.p, name.n) == 0;
}

/* The slot of a long name, or one that came in turn with others, or the first time. */
static HSN_APART hsn_name_facts *find_facts(hsn_name_memo *m, name_slot *set, hsn_str name,
                                            unsigned where)
{
    for (size_t i = 0; i < NAME_WAYS; i++) {
        if (is_slot_of(&set[i], name, where)) {
            return &set[i].facts;
        }
    }
    set[1] = set[0];
    find_out(m, name, where, &set[0].facts);
    set[0].key = key_of(name, where);
    memcpy(set[0].text, name.p, name.n);
    return &set[0].facts;
}

static HSN_APART hsn_name_facts *long_facts(hsn_name_memo *m, hsn_str name, unsigned where)
{
    find_out(m, name, where, &m->long_name);
    return &m->long_name;
}

hsn_name_facts *hsn_name_facts_of(hsn_name_memo *m, hsn_str name, unsigned where)
{
    if (name.n == 0 || name.n > NAME_LEN) {
        return long_facts(m, name, where);
    }
    const name_key k = key_of(name, where);
    const uint64_t hash = hsn_mix_word(k.ends.head ^ k.ends.tail << 3, k.n_and_where);
    name_slot *set = m->slot[hash >> 20 & (NAME_SETS - 1)];
    if (HSN_LIKELY(name.n <= HSN_ENDS_ALL && has_key(set, k))) {
        return &set->facts;
    }
    return find_facts(m, set, name, where);
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
    /* of what is in the slot; 0 = nothing. Settles most misses at once */
    uint32_t mark[CLEAN_SETS][CLEAN_WAYS];
    uint32_t once[CLEAN_SLOTS]; /* of what came last and is in no slot */
    clean_slot slot[CLEAN_SETS][CLEAN_WAYS];
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
    const uint64_t hash = mix(value, treatment);
    const size_t set = hash % CLEAN_SETS;
    for (size_t i = 0; i < CLEAN_WAYS; i++) {
        const clean_slot *s = &m->slot[set][i];
        if (m->mark[set][i] == mark_of(hash) && s->n == value.n && s->treatment == treatment &&
            memcmp(s->text, value.p, value.n) == 0) {
            return true;
        }
    }
    return false;
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
    const uint64_t hash = mix(value, treatment);
    const size_t set = hash % CLEAN_SETS;
    if (!keep) {
        m->once[hash % CLEAN_SLOTS] = mark_of(hash);
        return;
    }
    const uint32_t mark = mark_of(hash);
    const size_t way = m->mark[set][0] == 0 ? 0 : m->mark[set][1] == 0 ? 1 : mark >> 1 & 1;
    clean_slot *s = &m->slot[set][way];
    m->mark[set][way] = mark;
    s->treatment = treatment;
    s->n = (uint16_t)value.n;
    memcpy(s->text, value.p, value.n);
}
