/*
 * Rules: read from JSON with comments, compiled once, immutable afterwards, shared by any number of
 * sessions and threads.
 *
 *   rule_file.c    text -> what the file says of a rule (yajl with comments; mistakes have
 *                  line:column)
 *   rule_judge.c   what the file says -> struct hsn_rule (unknown words and misfits are errors)
 *   rule_set.c     the set: built-in files, packs, digest, lookup tables
 *   rule_words.c   the words that rule files choose from
 *   rule_name.c    normalises a name and finds the rule in charge of it
 *   rule_anchor.c  the tables by which anchors are found
 *   rule_regex.c   compiles patterns, to what pcre2 interprets and to machine code
 *   rule_match.c   finds the pattern rules whose anchor stands at a position, runs pcre2 there
 *   rule_trust.c   how seldom a rule is wrong
 *   rule_sample.c  fills the `hit` and `miss` templates
 *
 * A rule is one of three kinds. A *name* rule says that the value of a header, cookie, parameter,
 * JSON key or field of that name is sensitive. A *pattern* rule knows a token by its own shape: a
 * literal anchor that must stand there before the pattern runs, so that cost does not grow with the
 * number of rules. A *detector* rule switches on a kind of value that code finds.
 *
 * A rule file: an object { "rules": [ rule, ... ] }; several may stand one behind the other. Beside
 * "rules" a "$schema" is allowed, which is for editors: rules/rules.schema.json. Keys of a rule:
 *   id        required, unique, [a-z0-9-]
 *   what      required, one line for people
 *   category  required: password token session cookie key csrf otp card account email phone person
 *             address birth id network signature url other
 *   pack      "default" (when left out), "pii", "network", "strict"
 *   confidence  "high", "medium" or "low"; left out: what rule_trust.c makes of the rule
 *   where     list of header cookie param key field text claim; left out = everywhere. `param` is a
 *             query or form parameter, `field` an HTML input or XML element, `text` name=value in
 *             free text, logs and scripts, `claim` a claim of a JSON Web Token (which is a key as
 *             well)
 *   name rule:
 *     names   list. Compared after normalising, see hsn_name_normalise
 *     match   "exact" (whole name), "suffix" (its last words: default), "prefix" (its first words),
 *             "glued" (as suffix, and also where no word boundary stands before it: "mytoken").
 *             "prefix" is for names known whole (headers, cookies, parameters, JSON keys), not for
 *             text
 *     value   the guard the value must pass, see enum hsn_guard; default "secret"
 *     action  "replace" (default); "scheme" (credentials behind an HTTP auth scheme); "link" (of a
 *             URL, the parts of its path that a machine made); "inside" (the name says nothing of
 *             its own, and shields from suffix rules: only look inside); "keep" (the value is
 *             harmless: no name rule applies; patterns and learned values still do)
 *     numbers true when a JSON number under the name is sensitive as well
 *   pattern rule:
 *     anchor  list of literals of 3 bytes or more, compared without regard to ASCII case when
 *             "nocase": true; each must begin with, or contain, the beginning of a run of letters
 *             and digits, and have 3 bytes or more from there on. One that begins with a letter or
 *             digit may also stand inside such a run, in a token of 36 to 96 characters of base64
 *             and ~, when before_min and before_max are the same
 *     pattern PCRE2, anchored where the anchor begins; group 1 (or the whole match) is replaced
 *     max     longest match in bytes, default 4096. The subject handed to pcre2 ends one byte
 *             later, so that \b tells whether the token ends; a match that fills it is taken to the
 *             token's end
 *     check   a validator by name, see valid.h
 *     before  for an anchor that stands behind the beginning of a token: a class of bytes over
 *             which the match is extended backwards once the pattern has matched. "base64"
 *             (letters, digits, + / - _), "hex" (hexadecimal digits), "word" (letters, digits,
 *             _ -), "host" (letters, digits, . -). Replaced is what stands from there to the end
 *             of group 1 (or of the whole match); `check` sees all of it
 *     before_min, before_max  how many such bytes must and may stand there, default 1 and 4096. Of
 *             more, "hex" and "word" are no match; "base64" and "host", whose bytes a URL has as
 *             well, take the last before_max
 *   detector rule (one of the kinds of value that code finds, see enum hsn_detect):
 *     detect  its name
 *   hit, miss lists of templates, both required, see rule_sample.c. For a name rule a template is
 *             `name=value`.
 * A later rule with the same id replaces the earlier one; with "off": true it removes it.
 */
#ifndef HSN_RULE_H
#define HSN_RULE_H

#include "base.h"
#include "valid.h"

/* What a name belongs to. Bits, for a rule's `where`. */
enum {
    HSN_IN_HEADER = 1 << 0,
    HSN_IN_COOKIE = 1 << 1,
    HSN_IN_PARAM = 1 << 2,
    HSN_IN_KEY = 1 << 3,
    HSN_IN_FIELD = 1 << 4,
    HSN_IN_TEXT = 1 << 5,
    HSN_IN_CLAIM = 1 << 6,
    HSN_IN_ANY = (1 << 7) - 1
};

typedef enum hsn_action { HSN_REPLACE, HSN_SCHEME, HSN_LINK, HSN_INSIDE, HSN_KEEP } hsn_action;

typedef enum hsn_match { HSN_EXACT, HSN_SUFFIX, HSN_PREFIX, HSN_GLUED } hsn_match;

/* How a value must look before a name rule replaces it. Judged in guard.c. */
typedef enum hsn_guard {
    HSN_GUARD_SECRET, /* "secret": not empty, no flag, number, label, type word or placeholder */
    HSN_GUARD_ANY,    /* "any": not empty and no stand-in */
    HSN_GUARD_TOKEN,  /* "token": 8 characters or more that look made by a machine */
    HSN_GUARD_OPAQUE, /* "opaque": 16 or more, letters and digits mixed, no words */
    HSN_GUARD_CODE,   /* "code": 4 to 12 letters and digits with a digit (one-time codes, PINs) */
    HSN_GUARD_DIGITS, /* "digits": 3 to 19 digits, spaces and hyphens between them allowed */
    HSN_GUARD_PHONE,  /* "phone": 7 to 15 digits with the usual separators */
    HSN_GUARD_EMAIL,  /* "email": holds an @ and no documentation domain */
    HSN_GUARD_PERSON, /* "person": 2 to 100 characters with a letter, no URL, flag or enum word */
    HSN_GUARD_DATE,   /* "date": a calendar date or a year */
    HSN_GUARD_IP      /* "ip": an IPv4 or IPv6 address, or host name */
} hsn_guard;

/* Detectors that are code, not data; a rule switches one on, names it and gives it a category. */
typedef enum hsn_detect {
    HSN_DETECT_NONE,
    HSN_DETECT_EMAIL,    /* "email" */
    HSN_DETECT_PHONE,    /* "phone" */
    HSN_DETECT_CARD,     /* "card" */
    HSN_DETECT_IBAN,     /* "iban" */
    HSN_DETECT_JWT,      /* "jwt" */
    HSN_DETECT_COOKIE,   /* "cookie": every cookie value that is not plainly harmless */
    HSN_DETECT_USERINFO, /* "userinfo": RFC 3986 section 3.2.1 */
    HSN_DETECT_PATH,     /* "path": a token in a URL path behind a word such as reset or invite */
    HSN_DETECT_SCHEME,   /* "scheme": credentials in Authorization-like headers */
    HSN_DETECT_STRICT,   /* "strict": every cookie, query and body value (pack strict) */
    HSN_DETECT_IP,       /* "ip": IP addresses in text (pack network) */
    HSN_N_DETECT
} hsn_detect;

/* Bytes over which a match is extended backwards from its anchor. */
typedef enum hsn_before {
    HSN_BEFORE_NONE,
    HSN_BEFORE_BASE64,
    HSN_BEFORE_HEX,
    HSN_BEFORE_WORD,
    HSN_BEFORE_HOST
} hsn_before;

typedef struct hsn_rule {
    const char *id;
    const char *what;
    const char *category;
    const char *pack;
    const char *confidence; /* "high", "medium", "low" */
    unsigned pack_bit; /* 0 for default, else HARSAN_PACK_ */
    unsigned where;    /* HSN_IN_ bits */
    /* name rules */
    hsn_match match;
    hsn_guard guard;
    hsn_action action;
    bool numbers;
    bool own; /* of the caller's text, not built in */
    hsn_detect detect; /* detector rules */
    /* pattern rules */
    size_t max;
    hsn_before before;
    size_t before_min;
    size_t before_max;
    hsn_check check; /* NULL = none */
    void *regex;     /* pcre2_code, NULL for a name rule */
    bool context;    /* it has a group: the value may stand without what the pattern knows it by */
    uint32_t index;  /* position in the set */
} hsn_rule;

/* Did the caller say that the values of this name are to stand? Then not even the strict pack has
 * them; names that are harmless by a built-in rule it has. NULL for no rule. */
static inline bool hsn_rule_keeps(const hsn_rule *rule)
{
    return rule != NULL && rule->own && rule->action == HSN_KEEP;
}

/* The confidence of a rule whose file does not tell it (rule_trust.c). */
const char *hsn_rule_trust(const hsn_rule *rule);

/* ---------------------------------------------------------------- three-byte filter */

/*
 * One bit for every three bytes, five bits of each byte. ASCII letters of either case have the same
 * five bits, so nothing needs folding; what falls together otherwise only costs a look-up. 4 KiB,
 * so it stays in the first-level cache.
 */
enum { HSN_TRIPLES = 1 << 15 };
typedef struct hsn_triples {
    uint64_t word[HSN_TRIPLES / 64];
} hsn_triples;

static inline uint32_t hsn_triple(unsigned char a, unsigned char b, unsigned char c)
{
    return (uint32_t)(a & 31) << 10 | (uint32_t)(b & 31) << 5 | (c & 31);
}

static inline void hsn_triples_add(hsn_triples *t, uint32_t triple)
{
    t->word[triple / 64] |= (uint64_t)1 << (triple % 64);
}

static inline bool hsn_triples_has(const hsn_triples *t, uint32_t triple)
{
    return (t->word[triple / 64] >> (triple % 64) & 1) != 0;
}

/*
 * How an anchor may begin: one bit for its first three bytes as they are and five bits of the
 * fourth; one for the first eight in whatever case, or five or four if it has no more, or three as
 * they are; and what each of the five behind the first three may be, five bits of it, in one of
 * many sets.
 *
 * What passes the first two is compared with the anchors themselves, as far as sixteen bytes tell,
 * and the byte before: a walk over all that begin alike.
 *
 * `pairs` tells less, but vectors can ask it of every byte of a text: of two of the first three
 * bytes seven bits of the one choose what three of the other may be. Four such pairs.
 */
enum {
    HSN_LEAD = 8,       /* bytes that are looked at; behind the text there must be zeros */
    HSN_LEAD_FIRST = 3, /* of them together: every anchor has as many */
    HSN_LEAD_SETS = 1 << 10,
    HSN_LEAD_PAIRS = 4,
    HSN_LEAD_ROWS = 128,
    HSN_LEAD_SHORT = 4,
    HSN_LEAD_MIDDLE = 5,
    HSN_LEAD_ROW = 12,  /* bits of the first three bytes that choose what the fourth may be */
    HSN_LEAD_BITS = 16, /* of a number that stands for a longer beginning */
    HSN_LEAD_WORD = 16  /* bytes that are compared at last; behind the text zeros as well */
};

/* Who asks for an anchor: code that looks at words (spot_token.c), or the pattern of a rule. */
enum { HSN_LEAD_OF_CODE = 1, HSN_LEAD_OF_RULE = 2 };

/* An anchor from its first letter or digit on. */
typedef struct hsn_lead_word {
    unsigned char word[HSN_LEAD_WORD];
    unsigned char mask[HSN_LEAD_WORD]; /* the bits that count; one that tells the case may not */
    unsigned char before; /* what stands before it; 0 = anything */
    unsigned char whose;  /* HSN_LEAD_OF_CODE or HSN_LEAD_OF_RULE */
} hsn_lead_word;

typedef struct hsn_leads {
    uint32_t four[1 << HSN_LEAD_ROW];         /* of any anchor, */
    hsn_triples only;                         /* of those of three bytes, */
    uint64_t more[(1 << HSN_LEAD_BITS) / 64]; /* and of all others */
    uint32_t later[HSN_LEAD_SETS][HSN_LEAD - HSN_LEAD_FIRST];
    unsigned char pairs[HSN_LEAD_PAIRS][HSN_LEAD_ROWS];
    uint32_t first[HSN_LEAD_SETS + 1]; /* word of a set (hsn_lead_set); up to that of the next */
    hsn_lead_word *word;
    size_t n_words;
} hsn_leads;

#define HSN_LEAD_MIX 2654435761u

/* The bit for the first three bytes at p: one load of four, the last of which is shifted out. */
static inline uint32_t hsn_lead_of(const unsigned char p[4])
{
    uint32_t four = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return (four << 8) * HSN_LEAD_MIX >> 17;
}

/* The bit for the first n bytes, in whatever case. */
static inline uint32_t hsn_lead_of_more(const unsigned char p[HSN_LEAD], unsigned n)
{
    const uint64_t fold = 0x2020202020202020u;
    const uint64_t eight = p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
                           (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
                           (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56; /* one load */
    return (uint32_t)(((eight | fold) << (HSN_LEAD - n) * 8) * 0x9e3779b97f4a7c15u >>
                      (64 - HSN_LEAD_BITS));
}

static inline void hsn_leads_add_pairs(hsn_leads *l, const unsigned char p[HSN_LEAD_FIRST])
{
    l->pairs[0][p[0] & 127] |= (unsigned char)(1 << (p[1] & 7));
    l->pairs[1][p[1] & 127] |= (unsigned char)(1 << (p[2] & 7));
    l->pairs[2][p[2] & 127] |= (unsigned char)(1 << (p[0] & 7));
    l->pairs[3][p[1] & 127] |= (unsigned char)(1 << (p[2] >> 1 & 7));
}

/* The row of the first three bytes, by what stands for them. */
static inline uint32_t hsn_lead_row(uint32_t lead)
{
    return lead >> (15 - HSN_LEAD_ROW);
}

/* Are the first four bytes among them, so mixed? */
static inline bool hsn_leads_have_four(const hsn_leads *l, const unsigned char p[4])
{
    return (l->four[hsn_lead_row(hsn_lead_of(p))] >> (p[HSN_LEAD_FIRST] & 31) & 1) != 0;
}

/* 1 if the first n are, in whatever case. */
static inline unsigned hsn_leads_have_more(const hsn_leads *l, const unsigned char p[HSN_LEAD],
                                           unsigned n)
{
    const uint32_t bit = hsn_lead_of_more(p, n);
    return l->more[bit / 64] >> bit % 64 & 1;
}

/* The same of as many bytes as an anchor has; no branch depends on the answer. */
static inline bool hsn_leads_have_most(const hsn_leads *l, const unsigned char p[HSN_LEAD])
{
    const unsigned only = hsn_triples_has(&l->only, hsn_lead_of(p));
    return (hsn_leads_have_more(l, p, HSN_LEAD) | hsn_leads_have_more(l, p, HSN_LEAD_MIDDLE) |
            hsn_leads_have_more(l, p, HSN_LEAD_SHORT) | only) != 0;
}

/* The bytes behind the first three. */
static inline bool hsn_leads_have_later(const hsn_leads *l, const unsigned char p[HSN_LEAD])
{
    const uint32_t *later = l->later[hsn_lead_of(p) % HSN_LEAD_SETS];
    return (later[0] >> (p[3] & 31) & later[1] >> (p[4] & 31) & later[2] >> (p[5] & 31) &
            later[3] >> (p[6] & 31) & later[4] >> (p[7] & 31) & 1) != 0;
}

/* By the first three bytes, in whatever case. */
static inline uint32_t hsn_lead_set(const unsigned char p[HSN_LEAD_FIRST])
{
    const unsigned char folded[4] = {p[0] | 0x20, p[1] | 0x20, p[2] | 0x20};
    return hsn_lead_of(folded) % HSN_LEAD_SETS;
}

/* Whose anchors stand there, as far as it is told here: all that do, or a rule's at least. `before`
 * is the byte before, 0 at the beginning of the text. */
static inline unsigned hsn_leads_have_word(const hsn_leads *l, const unsigned char p[HSN_LEAD_WORD],
                                           unsigned char before)
{
    enum { HALF = HSN_LEAD_WORD / 2 };
    unsigned whose = 0;
    uint64_t there[2];
    memcpy(there, p, sizeof there);
    const uint32_t set = hsn_lead_set(p);
    const hsn_lead_word *end = l->word + l->first[set + 1];
    for (const hsn_lead_word *w = l->word + l->first[set];
         w < end && (whose & HSN_LEAD_OF_RULE) == 0; w++) {
        uint64_t word;
        uint64_t mask;
        memcpy(&word, w->word, HALF);
        memcpy(&mask, w->mask, HALF);
        uint64_t other = (there[0] ^ word) & mask;
        memcpy(&word, w->word + HALF, HALF);
        memcpy(&mask, w->mask + HALF, HALF);
        other |= (there[1] ^ word) & mask;
        if (other == 0 && (w->before == 0 || w->before == before)) {
            whose |= w->whose;
        }
    }
    return whose;
}

/* The same of what has passed the first two filters. */
static inline unsigned hsn_leads_compare(const hsn_leads *l, const unsigned char p[HSN_LEAD_WORD],
                                         unsigned char before)
{
    return hsn_leads_have_later(l, p) ? hsn_leads_have_word(l, p, before) : 0;
}

/* The whole question about one position: what the steps above, taken for many at once (stops.c),
 * are held against. */
static inline unsigned hsn_leads_have(const hsn_leads *l, const unsigned char p[HSN_LEAD_WORD],
                                      unsigned char before)
{
    const bool may = hsn_leads_have_four(l, p) && hsn_leads_have_most(l, p);
    return may ? hsn_leads_compare(l, p, before) : 0;
}

/* ---------------------------------------------------------------- names */

/*
 * Normal form: the innermost part of a[b][c], percent-decoded brackets included; words split at
 * camelCase, `_ - . : $ space`; lower case; digits stay with the letters before them; words joined
 * by nothing, `starts` telling where each began. "X-Auth-Token", "x_auth_token", "xAuthToken" ->
 * "xauthtoken" with starts 0 1 5. A final plural s of the last word is kept; lookup tries without
 * it too (`plural` tells).
 */
enum { HSN_NAME_MAX = 96, HSN_NAME_WORDS = 16 };
typedef struct hsn_name {
    unsigned char text[HSN_NAME_MAX];
    uint8_t n;
    uint8_t n_words;
    uint8_t starts[HSN_NAME_WORDS];
} hsn_name;

/* False when the name is empty, too long for HSN_NAME_MAX, or has no letter. */
bool hsn_name_normalise(hsn_str raw, hsn_name *out);

/*
 * The rule in charge of the value of `raw` in `where` (one HSN_IN_ bit), NULL for none. Precedence:
 * exact rules, those of the caller before the built-in ones, and of each the keep and inside before
 * the others; then the longest suffix or prefix, then glued. `plural` (may be NULL): the name
 * matched only without its final s.
 */
const hsn_rule *hsn_rules_name(const harsan_rules *r, hsn_str raw, unsigned where, bool *plural);

/*
 * Could a name that ends with these bytes be in the tables? `end` points behind the last byte, `n`
 * bytes before it may be read. False is certain. A few instructions; called at every `=` and `:`.
 */
bool hsn_rules_name_may_end(const harsan_rules *r, const unsigned char *end, size_t n);

/* What hsn_rules_name_may_end asks when the three bytes before `end` are letters and digits. Owned
 * by r. */
const hsn_triples *hsn_rules_name_filter(const harsan_rules *r);

/* The rule that switches a detector on, NULL when none does. */
const hsn_rule *hsn_rules_detector(const harsan_rules *r, hsn_detect which);

/* ---------------------------------------------------------------- patterns */

/* How every anchor begins, from its first letter or digit on: a run of letters and digits that
 * begins otherwise is part of none. A JWT, which code finds, is among them. Asked at every
 * beginning of a word. Owned by r. */
const hsn_leads *hsn_rules_leads(const harsan_rules *r);

typedef struct hsn_hit {
    const hsn_rule *rule;
    size_t off; /* of what is to be replaced; before the anchor with `before` */
    size_t len;
    size_t end; /* of the whole match: scanning goes on here */
    bool limit; /* the regex ran into its match limit: off/len are the anchor up to the next space,
                   quote or control character */
} hsn_hit;

/* Per-thread working memory of pcre2; the limits of design: 20,000 steps, 1 MiB heap. */
typedef struct hsn_matcher hsn_matcher;
hsn_matcher *hsn_matcher_new(void); /* NULL without memory */
void hsn_matcher_free(hsn_matcher *m);

/*
 * Pattern rules for `where` with an anchor whose first run of letters and digits begins at
 * text[at]: the first rule in file order that matches and passes its check. `at` must be the
 * beginning of a run. False when none does.
 */
bool hsn_rules_match_at(const harsan_rules *r, hsn_matcher *m, hsn_str text, size_t at,
                        unsigned where, hsn_hit *hit);

/* The same for anchors at a fixed offset (before_min = before_max) from the beginning of a token,
 * which is text[at], and within a run of letters and digits. */
bool hsn_rules_match_inside(const harsan_rules *r, hsn_matcher *m, hsn_str text, size_t at,
                            unsigned where, hsn_hit *hit);

/* Could one of these stand in a UUID or in small hexadecimal digits? None of the built-in ones
 * can. */
bool hsn_rules_match_hex(const harsan_rules *r);

/* Both for one rule, whatever its `where`: for its examples. */
bool hsn_rules_match_rule(const harsan_rules *r, hsn_matcher *m, hsn_str text, size_t at,
                          const hsn_rule *rule, hsn_hit *hit);

/* ---------------------------------------------------------------- samples */

/*
 * Fills a template from a seed: `{36 alnum}` `{64 hex}` `{20 upper}` `{8 digits}` `{43 b64url}`
 * `{40 b64}` `{32 lower}` (lower case letters and digits) `{16 base32}`; `{crc:github}` the
 * checksum of what stands before it in the token, likewise other names of valid.h; `{luhn:N}` N
 * digits ending in their check digit after the digits that stand before; `{email}` `{phone}`
 * `{jwt}` `{uuid}` `{pw}` whole made-up values; `{{` one brace. False (err set) on an unknown name.
 */
bool hsn_sample_fill(hsn_buf *out, hsn_str template, uint64_t seed, harsan_error *err);

typedef struct hsn_samples {
    const hsn_str *hit;
    size_t n_hit;
    const hsn_str *miss;
    size_t n_miss;
} hsn_samples;
/* Templates of rule i, owned by r. */
hsn_samples hsn_rules_samples(const harsan_rules *r, size_t i);
const hsn_rule *hsn_rules_at(const harsan_rules *r, size_t i); /* NULL past the end */
bool hsn_rules_empty(const harsan_rules *r); /* no rule at all: nothing may change */

#endif
