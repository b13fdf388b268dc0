/*
 * Desks: a shelf of them, from which each is taken and put back by one exchange. See desk.h.
 */
#include "desk.h"

#include <stdatomic.h>

enum {
    ROOM = 16 << 20,       /* bytes, among all desks, for the layers of one value; and for edits */
    ROOM_MAX = 4 << 20,    /* at one of them */
    REPLICA_MAX = 2 << 20, /* bytes of values and places */
    LIST_MAX = 64 << 10    /* words of one batch left standing */
};

struct hsn_desks {
    const harsan_rules *rules;
    const harsan_options *opt;
    hsn_learned *under;
    bool learns;
    size_t n;
    atomic_size_t made;
    _Atomic(hsn_desk *) free[]; /* NULL: taken, or not made yet */
};

/* ---------------------------------------------------------------- life */

hsn_desks *hsn_desks_new(size_t n, const harsan_rules *rules, const harsan_options *opt,
                         hsn_learned *under, bool learns)
{
    hsn_desks *d = hsn_mem_zero(1, sizeof *d + n * sizeof d->free[0]);
    if (d == NULL) {
        return NULL;
    }
    d->rules = rules;
    d->opt = opt;
    d->under = under;
    d->learns = learns;
    d->n = n;
    atomic_init(&d->made, 0);
    for (size_t i = 0; i < n; i++) {
        atomic_init(&d->free[i], NULL);
    }
    return d;
}

static void free_desk(hsn_desk *d)
{
    if (d != NULL) {
        hsn_asked_free(d->in.asked);
        hsn_inspector_deinit(&d->in);
        hsn_learned_free(d->replica);
        hsn_mem_free(d);
    }
}

void hsn_desks_free(hsn_desks *d)
{
    if (d != NULL) {
        for (size_t i = 0; i < d->n; i++) {
            free_desk(atomic_load(&d->free[i]));
        }
        hsn_mem_free(d);
    }
}

static hsn_desk *make_desk(const hsn_desks *all)
{
    hsn_desk *d = hsn_mem_zero(1, sizeof *d);
    if (d == NULL) {
        return NULL;
    }
    bool ok = hsn_inspector_init(&d->in, all->rules, all->opt);
    if (ok && all->learns) {
        d->in.asked = hsn_asked_new(LIST_MAX);
        d->replica = hsn_learned_over(all->under, REPLICA_MAX);
        ok = d->in.asked != NULL && d->replica != NULL;
    }
    if (!ok) {
        free_desk(d);
        return NULL;
    }
    hsn_inspector_limit(&d->in, ROOM / all->n < ROOM_MAX ? ROOM / all->n : ROOM_MAX);
    d->in.learned = all->learns ? d->replica : all->under;
    d->in.teach = d->replica;
    return d;
}

/* ---------------------------------------------------------------- the shelf */

hsn_desk *hsn_desk_take(hsn_desks *all)
{
    for (size_t i = 0; i < all->n; i++) { /* the first: it was used last */
        hsn_desk *d = atomic_exchange(&all->free[i], NULL);
        if (d != NULL) {
            return d;
        }
    }
    size_t place = atomic_load(&all->made);
    do {
        if (place == all->n) {
            return NULL;
        }
    } while (!atomic_compare_exchange_weak(&all->made, &place, place + 1));
    hsn_desk *d = make_desk(all);
    if (d != NULL) {
        d->place = place;
    }
    return d;
}

void hsn_desk_give_back(hsn_desks *all, hsn_desk *d)
{
    atomic_store(&all->free[d->place], d);
}

/* ---------------------------------------------------------------- knowledge */

/* The memo of clean values says "clean" only as long as none of what it was asked about is learned.
 */
static void forget_clean(hsn_desk *d)
{
    hsn_clean_forget(d->in.clean);
    hsn_asked_clear(d->in.asked);
}

/* False when it does not fit. */
static bool take_lesson(hsn_desk *d, const hsn_lesson *l)
{
    if (hsn_asked_has(d->in.asked, l->known.value, l->known.key)) {
        forget_clean(d);
    }
    return hsn_learned_share(d->replica, &l->known);
}

/* All lessons up to the last one of `news`, which is not looked beyond, and nothing else: what the
 * batch before learned itself may not have come into effect yet, or never will. */
static bool take_lessons(hsn_desk *d, const hsn_lessons *news, bool renew)
{
    if (renew) {
        hsn_learned_clear(d->replica);
    } else {
        hsn_learned_cut(d->replica, d->n_told);
    }
    const hsn_lesson *at = renew ? NULL : d->told.last;
    d->told = *news;
    while (at != news->last) {
        at = at == NULL ? news->first : at->next;
        if (!take_lesson(d, at)) {
            return false;
        }
    }
    d->n_told = hsn_learned_own(d->replica);
    return true;
}

bool hsn_desk_begin(hsn_desk *d, uint64_t number, const hsn_lessons *news)
{
    /* a batch further on may have come first: what it passed over, this one must not */
    bool renew = d->doubtful || d->served > number || d->told.era != news->era;
    d->served = number;
    if (d->replica == NULL) {
        if (d->doubtful) {
            hsn_clean_forget(d->in.clean);
        }
        d->doubtful = false;
        return true;
    }
    if (renew || hsn_asked_crowded(d->in.asked)) {
        forget_clean(d);
    }
    hsn_asked_begin(d->in.asked);
    d->doubtful = !take_lessons(d, news, renew);
    return !d->doubtful;
}

bool hsn_desk_learn(hsn_desk *d, const hsn_taught *t, const char *place)
{
    size_t known = hsn_learned_count(d->replica);
    if (!hsn_learned_add_by(d->replica, t->value, t->key, hsn_str_z(place))) {
        return false;
    }
    if (hsn_learned_count(d->replica) > known &&
        hsn_asked_has(d->in.asked, t->value, t->key)) {
        hsn_clean_forget(d->in.clean); /* what was asked in this batch still counts */
    }
    return true;
}
