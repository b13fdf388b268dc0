/*
 * Private to rule_*.c: what a rule set is made of.
 *
 * rule_file.c appends entries; rule_set.c settles which of them stand and has rule_name.c and
 * rule_anchor.c build their tables. After that nothing in here changes any more.
 */
#ifndef HSN_RULE_SET_H
#define HSN_RULE_SET_H

#include "rule.h"

/* A rule file compiled into the library. build/rules_builtin.c is made from rules/ by make. */
struct hsn_builtin {
    const char *name;
    const unsigned char *text;
    size_t len;
};
extern const struct hsn_builtin hsn_builtin_rules[]; /* in order of their names */
extern const size_t hsn_n_builtin_rules;

/* Borrowed strings in a row, all of the set's arena. */
typedef struct hsn_strs {
    const hsn_str *at;
    size_t n;
} hsn_strs;

/* A rule with what its file said about it. */
typedef struct hsn_entry {
    hsn_rule rule;
    hsn_strs names;   /* as written; name rules only */
    hsn_strs anchors; /* folded to lower case when nocase; pattern rules only */
    hsn_strs hit;
    hsn_strs miss;
    bool nocase;
    bool off;         /* takes back a built-in rule of this id; itself no rule */
    bool replaced;    /* another rule of this id stands instead */
    bool active;      /* its pack is switched on */
    const char *file; /* the built-in file it came from, NULL for a text of the caller */
    hsn_str text;     /* of that file; valid only while the set is made */
    size_t pos;       /* of its id in that text, for error messages */
    size_t order;     /* of reading */
    struct hsn_entry *next;
} hsn_entry;

/* ---------------------------------------------------------------- tables */

/* Name rules of the same squashed text, in order of the set. */
typedef struct hsn_named {
    hsn_str text;
    const hsn_rule *rule;
    uint32_t next; /* index, HSN_NONE at the end */
} hsn_named;

#define HSN_NONE UINT32_MAX

/*
 * Open addressing, at most half full. Before the walk along a name its last (or first) three bytes
 * tell how long a text with that ending can be: one or two look-ups a name instead of one a byte.
 */
enum { HSN_NAME_LENGTHS = 1024 };
typedef struct hsn_name_slot {
    uint32_t hash;
    uint32_t first; /* index into the names, HSN_NONE = free */
} hsn_name_slot;

typedef struct hsn_name_table {
    hsn_name_slot *slot; /* NULL = no names */
    uint32_t mask;
    hsn_named *named;
    uint32_t n_named;
    uint64_t lengths[HSN_NAME_LENGTHS]; /* bit n: a text of n bytes, bit 63: of 63 or more */
    uint64_t short_lengths; /* of the texts under three bytes */
} hsn_name_table;

/* One anchor literal. */
typedef struct hsn_anchor {
    hsn_str text;
    size_t lead; /* bytes before its first letter or digit */
    uint32_t triple;
    bool nocase;
    unsigned char last; /* its last byte, */
    unsigned char fold; /* to which this bit may be added: a letter of either case */
    const hsn_rule *rule;
    uint32_t next; /* in its bucket or inside a token, in order of the set; HSN_NONE at the end */
} hsn_anchor;

/* A few hundred anchors: chains of one or two. */
enum { HSN_ANCHOR_BUCKETS = 1024 };
static inline uint32_t hsn_anchor_bucket(uint32_t triple)
{
    return (triple * 2654435769u) >> 22; /* the upper ten bits */
}

/* Memory for pcre2 while it must not run out: pcre2's compiler to machine code (as of 10.42) goes
 * on when it was refused some, and reads through a null pointer. */
typedef struct hsn_spare {
    unsigned char *block; /* NULL = none */
    size_t used;
    bool open; /* may be drawn on */
} hsn_spare;

struct harsan_rules {
    hsn_arena arena; /* everything below but the compiled patterns */
    void *pcre;      /* pcre2_general_context: pcre2 draws on hsn_mem_*, and then on */
    hsn_spare spare;
    hsn_entry *first; /* as read, replaced ones included */
    hsn_entry *last;
    size_t n_read;
    const hsn_entry **entry; /* the rules that stand, by rule.index */
    size_t n_entries;
    size_t n_active;
    hsn_name_table tails; /* exact, suffix and glued names, hashed from their end */
    hsn_name_table heads; /* prefix names, hashed from their beginning */
    /* Last three bytes of the names in tails, also with a plural s. `ends` is for three bytes that
     * stand side by side: they are of one name, which then is no exact name of one or two bytes. */
    hsn_triples ends;
    hsn_triples ends_apart;
    hsn_anchor *anchor;
    uint32_t n_anchors;
    uint32_t bucket[HSN_ANCHOR_BUCKETS];
    uint32_t inside; /* the first anchor that stands inside of a token, HSN_NONE = none */
    bool inside_hex; /* one of these could stand in a UUID or in small hexadecimal digits */
    const hsn_rule *detector[HSN_N_DETECT]; /* NULL = off */
    hsn_triples starts; /* first three bytes of every anchor from its first letter or digit on */
    hsn_leads leads;    /* first four */
    unsigned packs;
    char version[17];
};

/* ---------------------------------------------------------------- building */

/*
 * Appends the rules of a text to r. `file` is named in messages, NULL for a text of the caller.
 * `text` must stay until the set is made. On a failure err is set and r holds what it held plus
 * some of the new rules: to be freed.
 */
HSN_MUST_USE hsn_step hsn_rules_load(harsan_rules *r, hsn_str text, const char *file,
                                     harsan_error *err);

/* Sets err to HARSAN_E_RULES at `pos` of text, with line and column; `file` as above. */
hsn_step hsn_rules_blame(harsan_error *err, hsn_str text, size_t pos, const char *file,
                         const char *message);

/* A text of a rule file for a message: printable and not long. Returns `room`. */
enum { HSN_QUOTE = 48 };
const char *hsn_rules_quote(char room[HSN_QUOTE], hsn_str s);

/* Compiles for hsn_rules_match_at. NULL: err_pos tells where in the pattern, or is SIZE_MAX without
 * memory; message says what (`cap` bytes, NUL-terminated). */
void *hsn_regex_new(const harsan_rules *r, hsn_str pattern, size_t *err_pos, char *message,
                    size_t cap);
/* Compiles the patterns of the active entries to machine code, where there is memory for it. */
void hsn_regexes_speed_up(harsan_rules *r);
bool hsn_regex_has_group(const void *regex);
void hsn_regex_free(void *regex);     /* NULL is fine */

/* pcre2_general_context on hsn_mem_*; NULL without memory. */
void *hsn_pcre_new(hsn_spare *spare); /* which outlives it; NULL = none */
void hsn_pcre_free(void *pcre);

/* Fill the tables from the active entries. False without memory. */
HSN_MUST_USE bool hsn_names_build(harsan_rules *r);
HSN_MUST_USE bool hsn_anchors_build(harsan_rules *r);

/* Offset of the first letter or digit, a.n when there is none. */
size_t hsn_anchor_lead(hsn_str a);

#endif
