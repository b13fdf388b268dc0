/*
 * The stream: bytes of one JSON text in any pieces, sanitized bytes out.
 *
 * Holds a batch of the input, from the last cut to what was read, lets tokenizer and places turn it
 * into fields, has each field inspected, and writes the batch with the edits made. Cuts are made at
 * fixed offsets of the input, so the pieces in which it comes make no difference. Memory is bounded
 * by the window: a string longer than it is inspected in segments (segment.h).
 */
#ifndef HSN_STREAM_H
#define HSN_STREAM_H

#include "inspect.h"

typedef struct hsn_stream hsn_stream;

/* NULL without memory. `in` is borrowed; opt outlives the stream. */
hsn_stream *hsn_stream_new(hsn_inspector *in, const harsan_options *opt);
void hsn_stream_free(hsn_stream *s);

/* HSN_MORE or HSN_FAIL; after a failure nothing more is written. */
hsn_step hsn_stream_feed(hsn_stream *s, hsn_str data, harsan_error *err);
hsn_step hsn_stream_finish(hsn_stream *s, harsan_error *err);

/* Does what was written hold a value that was only learned behind it? */
bool hsn_stream_again(const hsn_stream *s);

void hsn_stream_facts(const hsn_stream *s, harsan_facts *out);

#endif
