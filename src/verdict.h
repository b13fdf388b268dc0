/*
 * Verdicts: what was found out about a value for its own sake, remembered for when it comes again.
 * A session id or an address stands in an entry several times, and in most of the entries.
 *
 * Everything here depends on the bytes of the value, on the rule's guard and on the key of the
 * stand-ins, none of which changes: a verdict never has to be taken back. A small table that keeps
 * the bytes themselves and compares them, so it can forget but never mistake one value for another.
 * One for one inspector. It holds secrets: wiped when freed.
 */
#ifndef HSN_VERDICT_H
#define HSN_VERDICT_H

#include "rule.h"
#include "standin.h"

typedef struct hsn_verdict hsn_verdict;
typedef struct hsn_verdicts hsn_verdicts;

/* `standin` outlives it; `has_email`: addresses are found by their shape. NULL without memory. */
hsn_verdicts *hsn_verdicts_new(const hsn_standin *standin, bool has_email);
void hsn_verdicts_free(hsn_verdicts *m);

/* What is known of a value; the functions below find out what is not. `value` stays until the next
 * call, and until then the verdict is valid. */
hsn_verdict *hsn_verdict_of(hsn_verdicts *m, hsn_str value);

/* hsn_guard_passes */
bool hsn_verdict_passes(hsn_verdicts *m, hsn_verdict *v, const hsn_rule *rule);
/* hsn_is_harmless_cookie */
bool hsn_verdict_is_harmless_cookie(hsn_verdict *v);
/* hsn_is_standin */
bool hsn_verdict_is_standin(hsn_verdict *v);
/* Is it to be swept for once a name has given it away? Not if it would be found by itself. */
bool hsn_verdict_teaches(hsn_verdicts *m, hsn_verdict *v);
/* hsn_key_of, of one that is */
size_t hsn_verdict_key(const hsn_verdict *v);
/* hsn_standin_make with the length of the stand-in left open */
hsn_str hsn_verdict_standin(hsn_verdicts *m, hsn_verdict *v, hsn_arena *mem, uint64_t *id);

#endif
