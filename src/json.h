/*
 * The tokenizer: a JSON text in, events with raw spans out.
 *
 * It finds the strings itself and hands yajl the text around them with "" in each string's place,
 * so yajl checks the grammar and tells keys from values, and never sees the inside of a string.
 * White space does not reach yajl either. What yajl does not see is checked here (RFC 8259): white
 * space is only space, tab, LF, CR; escapes in strings are valid; no control character below 0x20
 * in a string. Bytes that are not UTF-8 pass. Used for the input itself and for every JSON text
 * inside a value.
 *
 * yajl checks none of its allocations: it draws on a fixed pool sized for the depth limit, which is
 * enforced before yajl sees the bracket, so that yajl cannot run dry.
 */
#ifndef HSN_JSON_H
#define HSN_JSON_H

#include "base.h"

typedef enum hsn_json_kind {
    HSN_JSON_OPEN_OBJECT,
    HSN_JSON_CLOSE_OBJECT,
    HSN_JSON_OPEN_ARRAY,
    HSN_JSON_CLOSE_ARRAY,
    HSN_JSON_KEY,    /* span without the quotes, raw (escapes as they stand) */
    HSN_JSON_STRING, /* likewise */
    HSN_JSON_NUMBER,
    HSN_JSON_LITERAL, /* true, false, null */
    HSN_JSON_RECORD   /* what came before: only after hsn_json_remember */
} hsn_json_kind;

/* A small object, as it came before, or several that stand one after the other in an array. */
typedef struct hsn_record {
    uint64_t serial; /* another for each text, or form */
    uint16_t n_events;
    uint8_t objects; /* more than one only of what is whole */
    bool whole;      /* byte for byte; else all but its values (json_form.h) */
} hsn_record;

typedef struct hsn_json_event {
    hsn_json_kind kind;
    bool escaped; /* KEY, STRING: holds a backslash */
    size_t off;   /* first byte, in the text handed to hsn_json_run */
    size_t len;
    const hsn_record *record; /* RECORD; valid until the sink returns */
} hsn_json_event;

/* A small opaque state per text; the text's bytes stay with the caller. */
typedef struct hsn_json hsn_json;

/* False return of the callback stops the run with HSN_OK and hsn_json_stopped. */
typedef bool (*hsn_json_sink)(void *ctx, const hsn_json_event *ev);

/* max_depth: open brackets at once. NULL without memory. */
hsn_json *hsn_json_new(unsigned max_depth);
void hsn_json_free(hsn_json *j); /* NULL is fine */
/* Ready for the next text. Does not allocate. */
void hsn_json_reset(hsn_json *j);

/*
 * Reads on. `text` is the bytes from absolute offset `base` on; the caller keeps every byte from
 * hsn_json_need(j) on in the buffer and may drop what lies before. Call again with the same base
 * and a longer text, or with a larger base and the matching rest: no byte is scanned twice,
 * wherever the text is cut. Event offsets count from text.p. Of a string too long to hold the
 * caller may drop what was read: its event's off then lies before text.p, in modular arithmetic,
 * and off + len is where it ends. Returns
 *   HSN_MORE  all bytes read, the JSON text is not complete or may go on;
 *   HSN_OK    the sink stopped, or in one-value mode the value ended: hsn_json_end tells where;
 *   HSN_FAIL  err is set (offset absolute; line and column are left 0 for the caller).
 */
hsn_step hsn_json_run(hsn_json *j, hsn_str text, uint64_t base, hsn_json_sink sink, void *ctx,
                      harsan_error *err);

/*
 * From now on the sink gets a small object without brackets in it as one event when its like has
 * come before, and so a series of them in an array. Its own events are handed out by
 * hsn_record_event, of the event that the sink got, i from 0 on; false past the last. Equal
 * serials: equal bytes, of a whole record; of any other the same keys in the same order. False
 * without memory: the sink gets all events as before.
 */
bool hsn_json_remember(hsn_json *j);
bool hsn_record_event(const hsn_json_event *ev, size_t i, hsn_json_event *out);
/* Of one that is not whole: the values alone, every other event but the brackets. They lie behind
 * the event that the sink got. */
static inline const hsn_json_event *hsn_record_values(const hsn_json_event *ev)
{
    return ev + 1;
}

/* The text begins at this absolute offset (behind a byte order mark). Right after new or reset. */
void hsn_json_start_at(hsn_json *j, uint64_t offset);

/* Stop after one value, whatever follows it: for JSON inside other text. To be called before the
 * first run; the next reset ends it. */
void hsn_json_one_value(hsn_json *j);

/* Absolute offset of the first byte that is still needed: the start of a string (its opening
 * quote), number or literal that has not ended, else the end of what was read. */
uint64_t hsn_json_need(const hsn_json *j);

/* Absolute offset behind the complete value (after HSN_OK in one-value mode). */
uint64_t hsn_json_end(const hsn_json *j);

/* Inside a string whose end has not been seen. */
bool hsn_json_in_string(const hsn_json *j);

/* The sink stopped the text; until the next reset every run returns HSN_OK and reads nothing. */
bool hsn_json_stopped(const hsn_json *j);

/* The text ends here: HSN_OK when it is one complete value, HSN_FAIL otherwise. A number at top
 * level is ended by this and goes to the sink. */
hsn_step hsn_json_finish(hsn_json *j, hsn_str text, uint64_t base, hsn_json_sink sink, void *ctx,
                         harsan_error *err);

/*
 * Length of s up to the first byte that is `"`, `\` or below 0x20: s.n when there is none. The
 * vectorised heart of the tokenizer; exposed for tests.
 */
size_t hsn_json_plain(hsn_str s);

/* Bytes from the start of s, in the middle of a string, that are plain text and escapes of two
 * bytes: whole blocks, the last byte is not one of them. Stops well before what is not. */
size_t hsn_json_slashes(hsn_str s);

/* The same without vector instructions; must agree on every input. */
size_t hsn_json_plain_portable(hsn_str s);

/* Length of the white space that s begins with: space, tab, LF, CR (RFC 8259, section 2). */
size_t hsn_json_space(hsn_str s);
size_t hsn_json_space_portable(hsn_str s);

#endif
