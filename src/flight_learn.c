/*
 * What was learned: from the set that only the session writes to, by way of a log for batches that
 * are started, to the one that all know.
 *
 * Receives what was found to be a value, in the order of the input; notes whether it had been left
 * standing, and drops what was kept of texts that may hold it. Must never pass over a value in
 * silence for want of memory.
 */
#include "flight_parts.h"

/* Was the value left standing somewhere, before it was known to be one? Only if all its keys were,
 * or its tail. */
static bool stood_before(const hsn_flight *f, hsn_str v)
{
    if (f->in->seen == NULL) {
        return false;
    }
    if (hsn_has_tail(v) && hsn_seen_has(f->in->seen, hsn_tail_hash(v.p + v.n))) {
        return true;
    }
    size_t end;
    for (size_t i = 0; i + HSN_KEY <= v.n; i = end + 1) {
        end = hsn_word_end(v, i);
        if (end > i && hsn_is_key(v.p + i, v.n - i) &&
            !hsn_seen_has(f->in->seen, hsn_key_hash(v.p + i, v.n - i))) {
            return false;
        }
    }
    return true;
}

static bool was_asked_at(const hsn_flight *f, uint64_t key)
{
    return hsn_seen_has(f->in->seen, key) || hsn_seen_has(f->in->gone, key);
}

/* For stood_before, of most values all that it asks for. */
static void fetch_seen(const hsn_flight *f, const hsn_taught *t)
{
    const hsn_str v = t->value;
    if (f->in->seen == NULL || v.n - t->key < HSN_KEY) {
        return;
    }
    hsn_seen_fetch(f->in->seen, hsn_key_hash(v.p + t->key, v.n - t->key));
    if (hsn_has_tail(v)) {
        hsn_seen_fetch(f->in->seen, hsn_tail_hash(v.p + v.n));
    }
}

/* May one of the texts that are kept have been asked for it? */
static bool was_asked(const hsn_flight *f, const hsn_taught *t)
{
    const hsn_str v = t->value;
    if (v.n - t->key < HSN_KEY) {
        return true; /* searched for in other ways */
    }
    return was_asked_at(f, hsn_key_hash(v.p + t->key, v.n - t->key)) ||
           (hsn_has_tail(v) && was_asked_at(f, hsn_tail_hash(v.p + v.n)));
}

/* For the batches that start from now on. Without memory none does. */
static void log_lesson(hsn_flight *f, hsn_str value)
{
    const hsn_known *k = hsn_learned_whole(f->fresh, value);
    hsn_lesson *l = hsn_arena_new(&f->log_mem, sizeof *l);
    if (l == NULL) {
        f->alone = true;
        return;
    }
    *l = (hsn_lesson){.known = *k};
    if (f->tail != NULL) {
        f->tail->next = l;
    } else {
        f->log.first = l;
    }
    f->tail = l;
    f->log.last = l;
}

bool hsn_flight_learn(hsn_flight *f, const hsn_taught *t, const char *place)
{
    hsn_learned *set = f->in->teach;
    bool all = true;
    for (; t != NULL; t = t->next) {
        size_t known = hsn_learned_count(set);
        fetch_seen(f, t);
        all = hsn_learned_add_by(set, t->value, t->key, hsn_str_z(place)) && all;
        if (hsn_learned_count(set) == known) {
            continue;
        }
        if (f->fresh != NULL) {
            log_lesson(f, t->value);
        }
        if (f->repeats != NULL && !hsn_repeats_is_empty(f->repeats) && was_asked(f, t)) {
            hsn_repeats_drop(f->repeats);
        }
        if (stood_before(f, t->value)) {
            f->again = true;
            hsn_clean_forget(f->in->clean);
        }
    }
    return all;
}

bool hsn_flight_starve(hsn_flight *f)
{
    hsn_fail(f->emit.err, HARSAN_E_NOMEM, f->emit.base, "out of memory");
    return false;
}

bool hsn_flight_merge(hsn_flight *f)
{
    unsigned long refused = hsn_mem_refused();
    hsn_learned_sink(f->fresh, f->all);
    hsn_arena_reset(&f->log_mem);
    f->tail = NULL;
    f->log = (hsn_lessons){.era = f->log.era + 1};
    /* a value may have been lost on the way */
    return hsn_mem_refused() == refused || hsn_flight_starve(f);
}

bool hsn_flight_end(hsn_flight *f)
{
    bool ok = true;
    if (f->fresh != NULL) {
        ok = hsn_flight_merge(f);
        f->in->learned = f->in->teach = f->all;
        hsn_learned_free(f->fresh);
        f->fresh = NULL;
    }
    f->alone = true;
    return ok;
}
