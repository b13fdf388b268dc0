/*
 * Private to rule_file.c, rule_judge.c and rule_words.c: what a rule file says of one rule, between
 * reading and judging.
 *
 * rule_file.c collects the rule key by key, each value of the type its key asks for; rule_judge.c
 * makes an entry of it at the rule's closing brace; rule_words.c has the words of the format.
 * Positions are kept, so that every message can point at the value it is about.
 */
#ifndef HSN_RULE_DRAFT_H
#define HSN_RULE_DRAFT_H

#include "rule_set.h"

typedef enum hsn_key_type {
    HSN_KEY_IS_STRING,
    HSN_KEY_IS_STRINGS,
    HSN_KEY_IS_NUMBER, /* a whole number */
    HSN_KEY_IS_FLAG
} hsn_key_type;

typedef enum hsn_key {
    HSN_KEY_ID,
    HSN_KEY_WHAT,
    HSN_KEY_CATEGORY,
    HSN_KEY_PACK,
    HSN_KEY_CONFIDENCE,
    HSN_KEY_WHERE,
    HSN_KEY_NAMES,
    HSN_KEY_MATCH,
    HSN_KEY_VALUE,
    HSN_KEY_ACTION,
    HSN_KEY_NUMBERS,
    HSN_KEY_ANCHOR,
    HSN_KEY_NOCASE,
    HSN_KEY_PATTERN,
    HSN_KEY_MAX,
    HSN_KEY_CHECK,
    HSN_KEY_BEFORE,
    HSN_KEY_BEFORE_MIN,
    HSN_KEY_BEFORE_MAX,
    HSN_KEY_DETECT,
    HSN_KEY_HIT,
    HSN_KEY_MISS,
    HSN_KEY_OFF,
    HSN_N_KEYS
} hsn_key;

/* Which rules have it: any, or those that have "names", "pattern" or "detect". */
typedef enum hsn_key_owner {
    HSN_OF_ANY,
    HSN_OF_NAMES,
    HSN_OF_PATTERN,
    HSN_OF_DETECTOR
} hsn_key_owner;

/* A word that a value may be, and what it stands for inside. */
typedef struct hsn_word {
    const char *name;
    unsigned value;
} hsn_word;

/* NULL for HSN_N_KEYS. */
const char *hsn_key_name(hsn_key key);
hsn_key_type hsn_key_type_of(hsn_key key);
hsn_key_owner hsn_key_owner_of(hsn_key key);
hsn_key hsn_key_by_name(hsn_str name); /* HSN_N_KEYS: the format knows none of the name */
/* Of a key whose value is one of some words: all of them, up to a NULL name; and the one that
 * `text` is, NULL for none. */
const hsn_word *hsn_key_words(hsn_key key);
const hsn_word *hsn_key_word(hsn_key key, hsn_str text);

/* One string of a list. */
typedef struct hsn_item {
    hsn_str text; /* of the set's arena */
    size_t pos;   /* in the file's text */
    struct hsn_item *next;
} hsn_item;

/* What the file said under one key. */
typedef struct hsn_said {
    bool set;
    size_t pos;      /* of the value */
    hsn_str text;    /* of the set's arena, with a NUL behind it */
    hsn_item *first; /* owned by the reader */
    hsn_item **end;
    size_t n;
    bool flag;
    unsigned long number;
} hsn_said;

typedef struct hsn_draft {
    harsan_rules *set; /* gets the entries; owned by the caller, like err */
    hsn_str text;      /* of the whole file */
    const char *file;  /* NULL for a text of the caller */
    harsan_error *err;
    size_t at;       /* behind the last token */
    size_t rule_pos; /* of the opening brace */
    hsn_said said[HSN_N_KEYS];
} hsn_draft;

enum { HSN_MATCH_MAX = 1 << 20 }; /* bytes: no "max" is larger */

/* Set err, and are always false. */
HSN_PRINTF(3, 4) bool hsn_draft_complain(hsn_draft *d, size_t pos, const char *fmt, ...);
bool hsn_draft_no_memory(hsn_draft *d);

/* Appends the rule to the set. False after a complaint; the set owns what was made so far. */
HSN_MUST_USE bool hsn_draft_judge(hsn_draft *d);

#endif
