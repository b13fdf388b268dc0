/*
 * Memos: what was found out about a name or a value, remembered for when it comes again. A HAR
 * repeats the same few hundred keys, header names and header values in every entry.
 *
 * Small tables that keep the bytes themselves and compare them, so a memo can forget but
 * never mistake one for another. For one thread. They hold input: wiped when freed.
 */
#ifndef HSN_MEMO_H
#define HSN_MEMO_H

#include "place_names.h"
#include "rule.h"

/* ---------------------------------------------------------------- names */

/* How much of a name a report shows; UNKNOWN: nobody has asked (inspect_name.c). */
typedef enum hsn_name_show {
    HSN_SHOW_UNKNOWN,
    HSN_SHOW_NOTHING,
    HSN_SHOW_PARTS,
    HSN_SHOW_ALL
} hsn_name_show;

typedef struct hsn_name_facts {
    const hsn_rule *rule; /* hsn_rules_name */
    hsn_role role;        /* hsn_key_is_known */
    bool known;
    /* What becomes of a value depends on its name by this alone; 0 = not at all. */
    uint32_t treatment;
    hsn_name_show show;
    /* For places (place.h): the label, and a number that tells if it still lives. */
    const struct hsn_label *label;
    uint64_t label_of;
} hsn_name_facts;

typedef struct hsn_name_memo hsn_name_memo;

/* NULL without memory. `rules` outlives it. */
hsn_name_memo *hsn_name_memo_new(const harsan_rules *rules);
void hsn_name_memo_free(hsn_name_memo *m);

/* Valid until the next call. */
hsn_name_facts *hsn_name_facts_of(hsn_name_memo *m, hsn_str name, unsigned where);

/* A number that this memo has not given out before. */
uint64_t hsn_name_memo_ticket(hsn_name_memo *m);

/* ---------------------------------------------------------------- values */

enum { HSN_CLEAN_MAX = 240 /* bytes: most header values, few secrets */ };

typedef struct hsn_clean_memo hsn_clean_memo;

hsn_clean_memo *hsn_clean_memo_new(void);
void hsn_clean_memo_free(hsn_clean_memo *m);
/* Was `value`, under a name of this treatment, found twice to need no edit? */
bool hsn_clean_has(const hsn_clean_memo *m, uint32_t treatment, hsn_str value);
/* It needs none this time. Was it so the time before? Then it may be kept, else it is noted. */
bool hsn_clean_came(const hsn_clean_memo *m, uint32_t treatment, hsn_str value);
void hsn_clean_add(hsn_clean_memo *m, uint32_t treatment, hsn_str value, bool keep);
void hsn_clean_forget(hsn_clean_memo *m); /* everything: what needs an edit has changed */

/*
 * The same of fields by their twin numbers, see place.h: for what comes again and again. What is in
 * it was in the memo, or is, since both were forgotten last. Half of all fields end here, so the
 * question is asked in place.
 */
enum { HSN_TWINS = 512 };
typedef struct hsn_twins {
    uint64_t number[HSN_TWINS];
} hsn_twins;

hsn_twins *hsn_clean_twins(hsn_clean_memo *m); /* lives as long as the memo */

static inline bool hsn_twins_has(const hsn_twins *t, uint64_t twin)
{
    return twin != 0 && t->number[twin % HSN_TWINS] == twin;
}

static inline void hsn_twins_add(hsn_twins *t, uint64_t twin)
{
    t->number[twin % HSN_TWINS] = twin; /* 0 is asked for by nobody */
}

#endif
