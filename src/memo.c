/*
 * Memos of names and of clean values. See memo.h.
 */
#include "memo.h"

enum {
    NAME_SLOTS = 1024,
    NAME_LEN = 44, /* longer names are looked up each time */
    CLEAN_SLOTS = 2048
};

/* Mixes length, ends and middle: enough to spread names and headers; a collision only forgets. */
static uint32_t mix(hsn_str s, uint32_t seed)
{
    uint64_t h = s.n * 0x9e3779b97f4a7c15u + seed;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t w;
        memcpy(&w, s.p + i, 8);
        h = (h ^ w) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    uint64_t w = 0;
    if (s.n > i) {
        memcpy(&w, s.p + i, s.n - i);
    }
    h = (h ^ w) * 0xff51afd7ed558ccdu;
    return (uint32_t)(h >> 40 ^ h >> 20);
}

/* ---------------------------------------------------------------- names */

typedef struct name_slot {
    unsigned char text[NAME_LEN];
    uint16_t n;
    uint16_t where; /* 0 = empty */
    hsn_name_facts facts;
} name_slot;

struct hsn_name_memo {
    const harsan_rules *rules;
    hsn_name_facts long_name;
    name_slot slot[NAME_SLOTS];
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

static void find_out(const hsn_name_memo *m, hsn_str name, unsigned where, hsn_name_facts *out)
{
    out->known = hsn_key_is_known(name, &out->role);
    out->rule = hsn_rules_name(m->rules, name, where, NULL);
}

const hsn_name_facts *hsn_name_facts_of(hsn_name_memo *m, hsn_str name, unsigned where)
{
    if (name.n == 0 || name.n > NAME_LEN) {
        find_out(m, name, where, &m->long_name);
        return &m->long_name;
    }
    name_slot *s = &m->slot[mix(name, where) % NAME_SLOTS];
    if (s->where != where || s->n != name.n || memcmp(s->text, name.p, name.n) != 0) {
        find_out(m, name, where, &s->facts);
        s->where = (uint16_t)where;
        s->n = (uint16_t)name.n;
        memcpy(s->text, name.p, name.n);
    }
    return &s->facts;
}

/* ---------------------------------------------------------------- values */

typedef struct clean_slot {
    uint8_t where;
    uint8_t n_name;
    uint16_t n; /* name and value; 0 = empty */
    unsigned char text[HSN_CLEAN_MAX];
} clean_slot;

struct hsn_clean_memo {
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
    for (size_t i = 0; i < CLEAN_SLOTS; i++) {
        m->slot[i].n = 0;
    }
}

static clean_slot *clean_slot_of(hsn_clean_memo *m, unsigned where, hsn_str name, hsn_str value)
{
    return &m->slot[mix(value, mix(name, where)) % CLEAN_SLOTS];
}

static bool fits(hsn_str name, hsn_str value)
{
    return name.n + value.n <= HSN_CLEAN_MAX && value.n > 0;
}

bool hsn_clean_has(hsn_clean_memo *m, unsigned where, hsn_str name, hsn_str value)
{
    if (!fits(name, value)) {
        return false;
    }
    const clean_slot *s = clean_slot_of(m, where, name, value);
    return s->n == name.n + value.n && s->n_name == name.n && s->where == where &&
           (name.n == 0 || memcmp(s->text, name.p, name.n) == 0) &&
           memcmp(s->text + name.n, value.p, value.n) == 0;
}

void hsn_clean_add(hsn_clean_memo *m, unsigned where, hsn_str name, hsn_str value)
{
    if (!fits(name, value)) {
        return;
    }
    clean_slot *s = clean_slot_of(m, where, name, value);
    s->where = (uint8_t)where;
    s->n_name = (uint8_t)name.n;
    s->n = (uint16_t)(name.n + value.n);
    if (name.n > 0) {
        memcpy(s->text, name.p, name.n);
    }
    memcpy(s->text + name.n, value.p, value.n);
}
