/*
 * Memos: what was found out about a name or a value, remembered for when it comes again. A HAR
 * repeats the same few hundred keys, header names and header values in every entry.
 *
 * Direct-mapped tables that keep the bytes themselves and compare them, so a memo can forget but
 * never mistake one for another. For one thread. They hold input: wiped when freed.
 */
#ifndef HSN_MEMO_H
#define HSN_MEMO_H

#include "place_names.h"
#include "rule.h"

/* ---------------------------------------------------------------- names */

typedef struct hsn_name_facts {
    const hsn_rule *rule; /* hsn_rules_name */
    hsn_role role;        /* hsn_key_is_known */
    bool known;
} hsn_name_facts;

typedef struct hsn_name_memo hsn_name_memo;

/* NULL without memory. `rules` outlives it. */
hsn_name_memo *hsn_name_memo_new(const harsan_rules *rules);
void hsn_name_memo_free(hsn_name_memo *m);

/* Valid until the next call. */
const hsn_name_facts *hsn_name_facts_of(hsn_name_memo *m, hsn_str name, unsigned where);

/* ---------------------------------------------------------------- values */

enum { HSN_CLEAN_MAX = 240 /* bytes of name and value together: most headers, few secrets */ };

typedef struct hsn_clean_memo hsn_clean_memo;

hsn_clean_memo *hsn_clean_memo_new(void);
void hsn_clean_memo_free(hsn_clean_memo *m);
/* Was `value` under this name found to need no edit? */
bool hsn_clean_has(hsn_clean_memo *m, unsigned where, hsn_str name, hsn_str value);
void hsn_clean_add(hsn_clean_memo *m, unsigned where, hsn_str name, hsn_str value);
void hsn_clean_forget(hsn_clean_memo *m); /* everything: what needs an edit has changed */

#endif
