/*
 * Batches in flight: started on the caller's crew, put into effect in the order of the input.
 *
 * Whatever the crew, a field is looked over for just the values that the fields before it taught. A
 * batch is started knowing what is known then, and when its turn comes, what was learned meanwhile
 * is held against the words it was asked about: if one of those values may stand in it, it is
 * inspected once more, here. So is what a batch did not get through, and a batch too large to have
 * beside others. Everything else happens here in any case: learning, telling, writing.
 *
 *   all      what was known before, and what was learned up to the last time nothing was in flight
 *   fresh    over it: what was learned since; written to here only
 *   replica  over it, one at each desk: a copy of what there is in `fresh`, and what a batch learns
 */
#ifndef HSN_FLIGHT_H
#define HSN_FLIGHT_H

#include "batch.h"
#include "emit.h"

typedef struct hsn_flight hsn_flight;

/* NULL without memory. `in` is the session's inspector, borrowed: what it learns and sweeps for is
 * replaced until the end. opt outlives the flight. */
hsn_flight *hsn_flight_new(hsn_inspector *in, const harsan_options *opt);
void hsn_flight_free(hsn_flight *f); /* waits for what is in flight; NULL is fine */
hsn_emit *hsn_flight_emit(hsn_flight *f);

/* An empty batch, to be filled and sent at once. NULL: err is set. */
hsn_batch *hsn_flight_next(hsn_flight *f);
/* `last`: nothing comes behind it. False: err is set. */
HSN_MUST_USE bool hsn_flight_send(hsn_flight *f, hsn_batch *b, bool last);
/* Puts everything sent into effect; after this the session's inspector may be used as it is. */
HSN_MUST_USE bool hsn_flight_land(hsn_flight *f);
/* Landed for good: what was learned is in the set that the inspector came with. */
HSN_MUST_USE bool hsn_flight_end(hsn_flight *f);

/*
 * With nothing in flight: learns, tells and writes what the session's inspector made of a text that
 * is in hand (hsn_emit_hold). `place` is that of found->field; bytes from *written on are not
 * written yet, and are up to behind the last edit afterwards. A text it could not inspect is
 * replaced whole. False when the write callback refused.
 */
HSN_MUST_USE bool hsn_flight_effect(hsn_flight *f, const hsn_result *found, size_t *written);
/* Was a value learned that had been left standing? */
bool hsn_flight_again(const hsn_flight *f);

#endif
