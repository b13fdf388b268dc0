/*
 * Verification: two texts in, mismatches out. It shares the tokenizer, the peeling and the rules
 * with the cleaning, but neither its edits nor its sweep for learned values.
 *
 *   verify.c          the public calls and the three passes: values of the input, both texts in
 *                     lockstep, what the output still shows
 *   verify_values.c   the values found in the input, and the search for them
 *   verify_side.c     one text: bytes in, tokens out
 *   verify_pair.c     the lockstep comparison
 *   verify_giant.c    the same for a string that is too long to be held
 */
#ifndef HSN_VERIFY_H
#define HSN_VERIFY_H

#include "inspect.h"

/* ---------------------------------------------------------------- values (verify_values.c) */

/*
 * Two kinds of value: a *distinct* one cannot stand anywhere by chance and is looked for at every
 * byte; any other is only compared with whole fields. Of a long value 256 bytes are kept: a text
 * that holds these holds too much. The set is wiped when freed.
 */
typedef struct hsn_values hsn_values;

hsn_values *hsn_values_new(size_t max_bytes); /* NULL without memory */
void hsn_values_free(hsn_values *v);
/* Once each. False when there was no room or memory, then nothing can be proven. */
HSN_MUST_USE bool hsn_values_add(hsn_values *v, hsn_str value, bool distinct);
size_t hsn_values_count(const hsn_values *v);

/* Does a distinct value stand in `text`? */
bool hsn_values_within(const hsn_values *v, hsn_str text);
/* Is `text` one of the others? */
bool hsn_values_equal(const hsn_values *v, hsn_str text);

/* ---------------------------------------------------------------- the session (verify.c) */

/* A change as a report has it: bytes of the input. */
typedef struct hsn_change {
    uint64_t off;
    uint64_t len;
} hsn_change;

struct harsan_verify {
    const harsan_rules *rules;
    harsan_options opt;
    void (*mismatch)(void *ctx, const harsan_mismatch *m);
    void *ctx;
    hsn_inspector inspector;
    hsn_learned *learned; /* as cleaning learns: it decides which keys may change */
    hsn_values *values;
    hsn_watch watch;
    hsn_buf spans; /* hsn_change[], sorted */
    bool expected; /* there is a report: what it does not list may not differ */
    bool ran;
    bool full; /* a value had no room */
    harsan_verify_facts facts;
    harsan_error err;
};

void hsn_verify_tell(harsan_verify *v, const harsan_mismatch *m);

/* ---------------------------------------------------------------- lockstep (verify_pair.c) */

/* Compares both texts to their ends or to where they part. HSN_FAIL: v->err says why. *valid comes
 * back false when the output turned out not to be JSON, which has been told. */
HSN_MUST_USE hsn_step hsn_verify_pair(harsan_verify *v, const harsan_source *in,
                                      const harsan_source *out, bool *valid);

#endif
