/*
 * Places: the tokenizer's events in, fields out. A field is a string, number or key with what its
 * place says about it: its name, what kind of name that is, a sensitive container it stands in.
 *
 * One reading for a HAR and for any JSON inside it: `headers`, `cookies`, `queryString` and
 * `params` mean in a body what they mean in HAR 1.2. Name/value records are paired when their
 * object closes, so keys may come in any order. A sensitive name over an object or array makes all
 * within sensitive, unless the object is a schema that only describes the name.
 *
 * Fields pile up until the caller takes them (hsn_places_clear). A container open at that moment
 * stays known: its name, its sensitivity, its index. Only a record half on each side is not paired;
 * callers clear behind a closing bracket.
 */
#ifndef HSN_PLACE_H
#define HSN_PLACE_H

#include "json.h"
#include "memo.h"

/* A name, and what follows from it: one for all that go by it. */
typedef struct hsn_label {
    hsn_str name;         /* raw; empty: no name */
    const hsn_rule *rule; /* NULL for none */
    unsigned where;       /* HSN_IN_ bit; 0 = no name */
    uint32_t treatment;   /* see memo.h */
    hsn_role role;
    bool known; /* a key of HAR 1.2, or of its producers */
} hsn_label;

extern const hsn_label hsn_no_label;

/* One line of the cache: there are as many as a text has values. */
typedef struct hsn_field {
    size_t off; /* raw span in the text, without quotes */
    size_t len;
    const hsn_label *by;  /* what names it; valid until clear */
    const hsn_label *key; /* its own key, no label for an array's element; likewise */
    const hsn_rule *rule; /* of a sensitive container, NULL for none */
    /* equal numbers: equal in text, name and all but where they stand; 0: none */
    uint64_t twin;
    uint32_t node;  /* of the container it stands in */
    uint32_t index; /* in an array */
    hsn_json_kind kind; /* KEY, STRING or NUMBER */
    bool escaped;
    bool value;  /* its key says that a sibling names it */
    bool strict; /* request body, query or cookie: the strict pack covers it */
    unsigned char told; /* what names it is a value beside it: one of the below */
} hsn_field;

enum { HSN_TOLD = 1, HSN_TOLD_STRICT = 2 /* which the strict pack covers */ };

typedef struct hsn_places hsn_places;

/* NULL without memory. `names` is borrowed and outlives it. */
hsn_places *hsn_places_new(hsn_name_memo *names, unsigned max_depth);
void hsn_places_free(hsn_places *p);
/* Before a text: forgets everything; the outermost container inherits `rule` and `strict`; `keys`
 * is what kind of name a key is, HSN_IN_KEY and perhaps more. */
void hsn_places_begin(hsn_places *p, const hsn_rule *rule, bool strict, unsigned keys);

/* One event of `text` (the same the event's offsets count from). False without memory. */
HSN_MUST_USE bool hsn_places_event(hsn_places *p, hsn_str text, const hsn_json_event *ev);

/* The field that the string at text[off], not ended yet, is going to be, as far as its place tells
 * by now: with the name of its record when that came first. Valid until the next event or clear.
 * False without memory. */
HSN_MUST_USE bool hsn_places_ahead(hsn_places *p, hsn_str text, size_t off, hsn_field *out);

/* The fields so far, in order of their offsets. Valid until the next event or clear. */
hsn_field *hsn_places_fields(hsn_places *p, size_t *n);
void hsn_places_clear(hsn_places *p);

/* Is all that can be known of the fields so far known? Else a name may follow, or a schema. */
bool hsn_places_settled(const hsn_places *p);
/* Settled fields are done with: clears, in the middle of a text that stays in hand. */
void hsn_places_drop(hsn_places *p);
/* Between two texts: gives back what is larger than `most` bytes. */
void hsn_places_trim(hsn_places *p, size_t most);

/* Fields that were taken away, with all that they point to. Zero-filled is none. */
typedef struct hsn_taken {
    hsn_buf fields; /* hsn_field[] */
    hsn_buf nodes;
    hsn_arena names;
} hsn_taken;

void hsn_taken_init(hsn_taken *t);
void hsn_taken_deinit(hsn_taken *t);
/* Takes the fields so far, which are of `text`, in exchange for the memory of those taken earlier,
 * and clears. */
void hsn_places_take(hsn_places *p, hsn_str text, hsn_taken *t);
hsn_field *hsn_taken_fields(const hsn_taken *t, size_t *n);
size_t hsn_taken_bytes(const hsn_taken *t); /* memory it holds */

/* Is it the verb of a call that signs somebody in, as "login"? (place_call.c) */
bool hsn_place_is_sign_in(hsn_str v);

/* Is a record half read: a name without its value, or the other way round? */
bool hsn_places_in_record(const hsn_places *p);

bool hsn_places_is_har(const hsn_places *p);    /* log.entries was seen */
uint64_t hsn_places_entries(const hsn_places *p); /* elements of log.entries so far */

/*
 * Writes the JSON Pointer (RFC 6901) of a field, or of the spot now reached when f is NULL, cut to
 * max bytes. Keys that neither HAR 1.2 nor a rule knows are shown as `*`: they may be secrets.
 */
void hsn_places_pointer(const hsn_places *p, const hsn_field *f, char *out, size_t max);
/* The same for a field of `t`. */
void hsn_taken_pointer(const hsn_taken *t, const hsn_field *f, char *out, size_t max);

#endif
