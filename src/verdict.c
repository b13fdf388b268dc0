/*
 * Verdicts on values. See verdict.h.
 *
 * Receives values of names that count, emits answers of guard.c and standin.c. One slot a value by
 * its hash, the newer drives the older out; answers are found when they are first asked for. A
 * value comes to a few slots first, and moves to its place among the many when it comes again:
 * where no value ever does, the few stay in the nearest cache. Must never keep what depends on more
 * than the value and what the inspector was made with.
 */
#include "verdict.h"

#include "base_ends.h"
#include "base_scale.h"
#include "inspect.h"
#include "verdict_host.h"

enum {
    SLOTS = 512 / HSN_SCALE,
    FRESH = 64 / HSN_SCALE, /* of them 14 KiB */
    VALUE_MAX = 112,   /* bytes: ids, addresses, most tokens. Longer ones are judged each time */
    STAND_IN_MAX = 46, /* of those whose length is open, an IPv6 address is the longest */
};

/* Questions by number: first the guards by theirs. */
enum { PASSWORD = HSN_GUARD_IP + 1, COOKIE, STAND_IN, TEACHES, ADDRESS };

struct hsn_verdict {
    hsn_str value;  /* `text`, or borrowed */
    uint32_t asked; /* a bit for each question that has an answer, */
    uint32_t yes;   /* and the answer */
    uint64_t id;    /* of the stand-in */
    size_t key;     /* hsn_key_of; if TEACHES is answered with yes */
    unsigned stand_in_len; /* 0 = not made yet */
    unsigned char stand_in[STAND_IN_MAX];
    unsigned char text[VALUE_MAX];
};

struct hsn_verdicts {
    const hsn_standin *standin;
    bool has_email;
    hsn_hosts hosts;
    hsn_verdict other; /* of a value that is kept in no slot */
    uint64_t fresh_hash[FRESH]; /* of the value in the slot; 0 = none */
    uint64_t hash[SLOTS];       /* likewise */
    hsn_verdict fresh[FRESH];
    hsn_verdict slot[SLOTS];
};

hsn_verdicts *hsn_verdicts_new(const hsn_standin *standin, bool has_email)
{
    hsn_verdicts *m = hsn_mem_zero(1, sizeof *m);
    if (m != NULL) {
        m->standin = standin;
        m->has_email = has_email;
    }
    return m;
}

void hsn_verdicts_free(hsn_verdicts *m)
{
    if (m != NULL) {
        hsn_mem_wipe(m, sizeof *m);
        hsn_mem_free(m);
    }
}

/* ---------------------------------------------------------------- finding */

/* Enough to spread values: who chooses them to collide only makes us forget. Never 0. */
static uint64_t hash_of(hsn_str v)
{
    uint64_t h = v.n * 0x9e3779b97f4a7c15u;
    uint64_t last = 0; /* the last eight bytes, or all if there are fewer */
    if (v.n >= 8) {
        last = hsn_word64_at(v.p + v.n - 8);
    } else {
        memcpy(&last, v.p, v.n);
    }
    for (size_t i = 0; i + 8 < v.n; i += 8) {
        h = hsn_mix_word(h, hsn_word64_at(v.p + i));
    }
    h = (h ^ last) * 0xc4ceb9fe1a85ec53u;
    return (h ^ h >> 29) | 1;
}

static void begin(hsn_verdict *v, hsn_str value)
{
    v->value = value;
    v->asked = 0;
    v->yes = 0;
    v->stand_in_len = 0;
}

static void begin_slot(hsn_verdict *v, hsn_str value)
{
    memcpy(v->text, value.p, value.n);
    begin(v, hsn_str_of(v->text, value.n));
}

hsn_verdict *hsn_verdict_of(hsn_verdicts *m, hsn_str value)
{
    if (value.n == 0 || value.n > VALUE_MAX) {
        begin(&m->other, value);
        return &m->other;
    }
    const uint64_t hash = hash_of(value);
    const size_t at = hash / (UINT64_MAX / SLOTS + 1);
    hsn_verdict *v = &m->slot[at];
    if (m->hash[at] == hash && hsn_str_eq(v->value, value)) {
        return v;
    }
    hsn_verdict *fresh = &m->fresh[at % FRESH];
    if (m->fresh_hash[at % FRESH] != hash || !hsn_str_eq(fresh->value, value)) {
        m->fresh_hash[at % FRESH] = hash;
        begin_slot(fresh, value);
        return fresh;
    }
    m->hash[at] = hash;
    *v = *fresh;
    v->value.p = v->text;
    return v;
}

/* ---------------------------------------------------------------- answers */

static bool has_answer(const hsn_verdict *v, unsigned question)
{
    return v->asked >> question & 1;
}

static bool answer(const hsn_verdict *v, unsigned question)
{
    return v->yes >> question & 1;
}

static bool remember(hsn_verdict *v, unsigned question, bool yes)
{
    v->asked |= 1u << question;
    v->yes |= (uint32_t)yes << question;
    return yes;
}

/* Is all of it an address that would be found by its own shape? Most values of names that count are
 * none, and some names have nothing else: what follows from it need not be asked of these. */
static bool is_address(hsn_verdicts *m, hsn_verdict *v)
{
    if (has_answer(v, ADDRESS)) {
        return answer(v, ADDRESS);
    }
    return remember(v, ADDRESS, hsn_hosts_address(&m->hosts, v->value));
}

/* ... with a local part that is not in quotes, which may hold anything. */
static bool is_plain_address(hsn_verdicts *m, hsn_verdict *v)
{
    return is_address(m, v) && v->value.p[0] != '"';
}

/* The guard for addresses, of one: neither its domain nor its name are of those that it keeps. It
 * may yet be a mask, or have a stand-in in it (a hyphen tells). */
static bool passes_address(const hsn_rule *rule, hsn_str value)
{
    return hsn_str_chr(value, '-') < value.n ? hsn_guard_passes(rule, value)
                                             : !hsn_is_placeholder(value);
}

/* What a guard says depends on the rule by no more than this. */
static unsigned guard_of(const hsn_rule *rule)
{
    bool password = rule->guard == HSN_GUARD_SECRET && strcmp(rule->category, "password") == 0;
    return password ? PASSWORD : (unsigned)rule->guard;
}

bool hsn_verdict_passes(hsn_verdicts *m, hsn_verdict *v, const hsn_rule *rule)
{
    unsigned question = guard_of(rule);
    if (has_answer(v, question)) {
        return answer(v, question);
    }
    const bool address = rule->guard == HSN_GUARD_EMAIL && is_plain_address(m, v);
    return remember(v, question, address ? passes_address(rule, v->value)
                                         : hsn_guard_passes(rule, v->value));
}

bool hsn_verdict_is_harmless_cookie(hsn_verdict *v)
{
    if (has_answer(v, COOKIE)) {
        return answer(v, COOKIE);
    }
    return remember(v, COOKIE, hsn_is_harmless_cookie(v->value));
}

bool hsn_verdict_is_standin(hsn_verdict *v)
{
    if (has_answer(v, STAND_IN)) {
        return answer(v, STAND_IN);
    }
    const bool address = has_answer(v, ADDRESS) && answer(v, ADDRESS);
    return remember(v, STAND_IN, !address && hsn_is_standin(v->value));
}

bool hsn_verdict_teaches(hsn_verdicts *m, hsn_verdict *v)
{
    if (has_answer(v, TEACHES)) {
        return answer(v, TEACHES);
    }
    const bool found = m->has_email && is_address(m, v);
    if (found) {
        return remember(v, TEACHES, false);
    }
    v->key = hsn_key_of(v->value);
    return remember(v, TEACHES, hsn_is_sweepable_by(v->value, v->key));
}

size_t hsn_verdict_key(const hsn_verdict *v)
{
    return v->key;
}

hsn_str hsn_verdict_standin(hsn_verdicts *m, hsn_verdict *v, hsn_arena *mem, uint64_t *id)
{
    if (v->stand_in_len > 0) {
        *id = v->id;
        return hsn_arena_copy(mem, hsn_str_of(v->stand_in, v->stand_in_len));
    }
    const bool address = has_answer(v, ADDRESS) && is_plain_address(m, v);
    hsn_str made = address ? hsn_standin_make_email(m->standin, mem, v->value, id)
                           : hsn_standin_make(m->standin, mem, v->value, 0, id);
    if (made.n > 0 && made.n <= STAND_IN_MAX) {
        v->id = *id;
        v->stand_in_len = (unsigned)made.n;
        memcpy(v->stand_in, made.p, made.n);
    }
    return made;
}
