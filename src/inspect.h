/*
 * Inspection: a text and what is known about where it stands come in, edits of that text come out.
 *
 *   inspect.c         the way in: one value with its name, one layer at a time
 *   inspect_edit.c    edit lists: add, settle overlaps, carry out of a layer
 *   inspect_join.c    could what an edit puts there be read together with what is beside it?
 *   inspect_spell.c   how else a value may be written
 *   inspect_name.c    the name of a value, as far as a report may show it
 *   inspect_source.c  known values that the source of a layer shows
 *   inspect_text.c    free text: told by its beginning, or scanned
 *   spot_scan.c       the scan: visits every byte where something could begin, hands it to a spot
 *   spot_*.c          what may begin at such a byte: email, token, name=value, tag, escape, URL,
 *                     digits
 *   cut_*.c           formats with a structure of their own: JSON, header, cookie, multipart, CSV,
 *                     JWT, base64, hexadecimal, what comes out of these
 *   guard.c           does a value look like what its name promises? (guard_looks.c: how it looks)
 *   learn.c           values known to be secret, looked for everywhere
 *   standin.c         what to put instead
 *
 * A value is peeled as far as it goes: each layer decodes into scratch memory, is inspected by the
 * same functions, and carries its edits back. Everything allocated lives in the inspector's arena
 * until the value is done. One inspector serves one thread.
 */
#ifndef HSN_INSPECT_H
#define HSN_INSPECT_H

#include "asked.h"
#include "base.h"
#include "json.h"
#include "learn.h"
#include "peel.h"
#include "place.h"
#include "rule.h"
#include "seen.h"
#include "standin.h"
#include "verdict.h"

/* ---------------------------------------------------------------- findings */

/* One replaced value, attached to the edit that carries it. Arena memory. */
typedef struct hsn_note {
    struct hsn_note *next;
    const hsn_rule *rule;     /* NULL: learned, known or a limit */
    const char *source;       /* with rule NULL: "learned", "known", "limit" */
    const char *learned_from; /* place, for a learned value; lives as long as the set */
    const char *category;
    const char *layers; /* "json/base64" */
    const char *name;   /* what named the value, as far as it may be shown; NULL = nothing */
    unsigned where;     /* HSN_IN_ bit: what kind of name that is */
    const char *claims; /* of a JWT: its claims as they are written; NULL for any other value */
    hsn_str stand_in;
    uint64_t value_id;
} hsn_note;

/* Puts `more` behind the notes that end at `tail`; returns the new end. Who joins many keeps that:
 * a layer may hold a hundred thousand of them. */
static inline hsn_note **hsn_notes_join(hsn_note **tail, hsn_note *more)
{
    while (*tail != NULL) {
        tail = &(*tail)->next;
    }
    *tail = more;
    return tail;
}

typedef struct hsn_edits {
    hsn_edit *v;
    size_t n;
    size_t cap;
} hsn_edits;

/* Something not looked into. Arena memory. */
typedef struct hsn_blind {
    struct hsn_blind *next;
    const char *why; /* static */
    bool replaced;
    uint64_t value_id; /* of what was replaced, as its note has it */
    bool placed; /* off is known: in the text under so many layers */
    unsigned layers;
    size_t off;
    uint64_t len;
} hsn_blind;

/* A value that its name gave away: to be learned once the place of the value in hand is known. */
typedef struct hsn_taught {
    struct hsn_taught *next;
    hsn_str value;
    size_t key; /* hsn_key_of */
} hsn_taught;

/* ---------------------------------------------------------------- where a text stands */

typedef struct hsn_site {
    unsigned where;       /* HSN_IN_ bit: what kind of name `name` is; 0 = the text has no name */
    hsn_str name;         /* raw, borrowed; empty for none */
    hsn_str param;        /* within the value of a parameter: its name, which has had its say */
    const hsn_rule *rule; /* from a container with a sensitive name; NULL for none */
    bool binary;          /* bytes that are no text: stand-ins keep the length */
    bool strict;          /* the strict pack covers this value whatever its name */
    bool claims;          /* a token's claims: names of people count without the pack for them */
    bool version;         /* a value whose name says that it is a version */
} hsn_site;

/* ---------------------------------------------------------------- the inspector */

/* Verification looks over the inspector's shoulder. Texts are borrowed for the call. */
typedef struct hsn_watch {
    /* A value about to be replaced; NULL = not asked for. */
    void (*found)(void *ctx, hsn_str value, const hsn_rule *rule);
    /* A text that inspection has come to: the value of a field or, not whole, what a layer decoded
     * to. NULL = not asked for. */
    void (*seen)(void *ctx, hsn_str text, bool whole);
    void *ctx;
} hsn_watch;

/* What is known of a text beyond its bytes when it is a part of a longer one. */
typedef struct hsn_part {
    bool middle; /* no format begins with it */
    int code;    /* is the whole a script? -1: nobody knows */
} hsn_part;

enum { HSN_LAYERS_MAX = 32, HSN_DULL_BITS = 8 };

typedef struct hsn_inspector {
    const harsan_rules *rules;
    const hsn_rule *detect[HSN_N_DETECT]; /* NULL = switched off */
    hsn_matcher *matcher;
    hsn_name_memo *names;
    hsn_clean_memo *clean;
    hsn_twins *twins; /* of `clean` */
    hsn_verdicts *verdicts;
    hsn_marks *marks; /* of the outermost layer, while a text in it is inspected */
    hsn_arena arena;
    hsn_standin standin;
    harsan_jwt jwt;
    hsn_learned *learned; /* swept for; NULL = none */
    hsn_learned *teach;   /* gets what was found under a name; NULL = nothing is learned */
    hsn_seen *seen;       /* gets the keys that are left standing; NULL = nobody asks */
    hsn_seen *gone;       /* gets the other keys that `learned` was asked for; likewise */
    hsn_asked *asked;     /* in place of both */
    const char *layers[HSN_LAYERS_MAX]; /* peeled to get to the text in hand */
    unsigned n_layers;
    const char *spelled; /* the names of these, as notes have it; NULL = not made yet */
    unsigned max_layers;
    size_t layer_max;                       /* ceiling of one decoded layer, bytes */
    hsn_buf text[HSN_LAYERS_MAX];           /* decoded text by layer */
    hsn_json *json[2 * HSN_LAYERS_MAX + 2]; /* tokenizers for texts within each other, made when
                                             * first needed; in one layer two at most, for strings
                                             * within the first have no quotes */
    hsn_places *places[2 * HSN_LAYERS_MAX + 2]; /* likewise */
    unsigned n_json;                            /* in use */
    hsn_blind *blind;                       /* of the value in hand */
    hsn_taught *taught;                     /* of the value in hand */
    const hsn_watch *watch;                 /* NULL = nobody looks */
    const hsn_part *part; /* of the next text, which takes it; NULL = that one is whole */
    bool fixed;           /* stand-ins keep the length of what they replace, in every layer */
    bool failed;          /* a ceiling was reached: no edit of this value is to be trusted */
    unsigned long refused; /* hsn_mem_refused, before this value */
    /* names before : and = that mean nothing (spot_filter.c) */
    uint64_t dull[1 << HSN_DULL_BITS][2];
    bool cramped; /* a layer of the value in hand took all the room there is for layers */
    bool swollen; /* a buffer has grown beyond what is kept for the next value */
    bool unheard; /* nobody asks later what the value in hand leaves standing: there is one pass,
                     and the memo of clean values is not going to keep it */
    bool again;   /* a round over what edits have made: its words are none of the input's */
    bool spoilt;  /* an edit was made in a value that its looks had saved from being replaced, or
                     from being read as text; or in a layer that changes every byte, where it may
                     be read together with what is beside it */
} hsn_inspector;

/* The window in force: the longest string held whole, in bytes. */
size_t hsn_window(const harsan_options *opt);

/* False without memory; hsn_inspector_deinit is right in either case. */
HSN_MUST_USE bool hsn_inspector_init(hsn_inspector *in, const harsan_rules *rules,
                                     const harsan_options *opt);
void hsn_inspector_deinit(hsn_inspector *in);

/* At most `bytes` for the layers of a value and as many for its edits, in place of what the window
 * asks for: `failed` and `cramped` tell when that was too little. */
void hsn_inspector_limit(hsn_inspector *in, size_t bytes);

/* Ready for the next value: forgets edits, notes and scratch memory of the one before. */
void hsn_inspector_next(hsn_inspector *in);
/* Did the system refuse memory since then? Nothing found or not found is to be trusted. */
bool hsn_inspector_starved(const hsn_inspector *in);

/* Notes that `learned` was looked into at a key, which goes by its hash (learn_key.h); `stays`: the
 * word there is left standing. */
static inline void hsn_inspector_asks(hsn_inspector *in, uint64_t key, bool stays)
{
    stays = stays && !in->again;
    hsn_seen *keys = stays ? in->seen : in->gone;
    if (in->asked != NULL) {
        hsn_asked_add(in->asked, key, stays);
    } else if (keys != NULL && !(stays && in->unheard)) {
        hsn_seen_add(keys, key);
    }
}

/* The same for n words at once, all of which are left standing. */
static inline void hsn_inspector_asks_all(hsn_inspector *in, const uint64_t *keys, size_t n)
{
    if (in->asked == NULL) {
        if (in->seen != NULL && !in->again && !in->unheard) {
            hsn_seen_pour(in->seen, keys, n);
        }
        return;
    }
    for (size_t i = 0; i < n; i++) {
        hsn_asked_add(in->asked, keys[i], !in->again);
    }
}

/*
 * Edits for `text`, decoded from its outermost layer, as the value of site->name. `out` comes back
 * sorted and without overlaps; text and edits live until hsn_inspector_next.
 */
void hsn_inspect_value(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);

/* The part of it that goes by the name alone: true when the name settled what becomes of the value,
 * false when nothing was added and the text remains to be looked into. */
bool hsn_inspect_named(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);

/* Of a value too long to be held, by its first bytes: would its name have it replaced whole? */
bool hsn_is_replaced_whole(hsn_inspector *in, hsn_str head, const hsn_site *site);

/* The same for a text without regard to its name: formats, then the scan. */
void hsn_inspect_text(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);

/* ---------------------------------------------------------------- edits (inspect_edit.c) */

void hsn_edits_add(hsn_inspector *in, hsn_edits *e, hsn_edit edit);
/* Sorts; edits that overlap become one over both spans, with the stand-in of the longer. */
void hsn_edits_settle(hsn_edits *e);
/* Could another round find more in the text as the edits make it (inspect_join.c)? */
bool hsn_edits_may_join(hsn_str text, const hsn_edits *e);

/* Replaces text[off, off+len) by the stand-in for that value, notes it, and learns it when a name
 * gave it away. */
void hsn_replace(hsn_inspector *in, hsn_str text, size_t off, size_t len, const hsn_rule *rule,
                 const hsn_site *site, hsn_edits *out);
/* The same with what is known of that value, which is canonical. */
void hsn_replace_judged(hsn_inspector *in, hsn_verdict *v, hsn_str value, size_t off, size_t len,
                        const hsn_rule *rule, const hsn_site *site, hsn_edits *out);
/* The same for a JSON number: it becomes 0. */
void hsn_replace_number(hsn_inspector *in, hsn_str text, size_t off, size_t len,
                        const hsn_rule *rule, hsn_edits *out);
/* Makes the edit added last write 0. */
void hsn_make_zero(hsn_edits *out);
/* The same for a value that is known already. */
void hsn_replace_known(hsn_inspector *in, size_t off, size_t len, const hsn_known *known,
                       const hsn_site *site, hsn_edits *out);

/* The value behind its spelling: percent-decoded as often as it goes. In arena memory or `value`
 * itself. Two spellings of a value have one stand-in. */
hsn_str hsn_canonical(hsn_inspector *in, hsn_str value);

/* How else a value may be written (inspect_spell.c); empty for want of memory. */
enum { HSN_SPELLINGS = 3 };
size_t hsn_spellings(hsn_arena *mem, hsn_str value, hsn_str out[HSN_SPELLINGS]);
/* The ids that a cookie's value holds among other things: parts of it. */
size_t hsn_ids_in(hsn_str value, hsn_str out[HSN_SPELLINGS]);

/* The name of site as a report may show it, NULL when it may not: see inspect_name.c. */
const char *hsn_shown_name(hsn_inspector *in, const hsn_site *site);

/* Replaces text[off, off+len) because a limit was reached in it. */
void hsn_replace_blind(hsn_inspector *in, hsn_str text, size_t off, size_t len, const char *why,
                       const hsn_site *site, hsn_edits *out);

/* Says that len bytes were passed without a look inside. */
void hsn_pass_blind(hsn_inspector *in, const char *why, size_t len);
/* The same of text[off, off+len) of the text in hand. */
void hsn_pass_blind_at(hsn_inspector *in, const char *why, size_t off, size_t len);

/* ---------------------------------------------------------------- layers (inspect.c) */

/* Enters a layer by its report name (static); returns the empty buffer for its decoded text, which
 * stays valid until the layer is left. NULL past the depth limit: replace the text whole. */
HSN_MUST_USE hsn_buf *hsn_layer_enter(hsn_inspector *in, const char *name);
void hsn_layer_leave(hsn_inspector *in);

/*
 * Decodes text[off, off+len) by the escape layer, inspects it as the value of `site`, and adds what
 * changed to `out` in terms of `text`.
 */
void hsn_inspect_escape(hsn_inspector *in, const hsn_escape *layer, hsn_str text, size_t off,
                        size_t len, const hsn_site *site, hsn_edits *out);

/* Adds to `out` the known values at words of text[off, off+len), a source of the layer, that its
 * edits, those of `out` from `first` on, left standing (inspect_source.c). */
void hsn_inspect_source(hsn_inspector *in, const hsn_escape *layer, hsn_str text, size_t off,
                        size_t len, const hsn_site *site, hsn_edits *out, size_t first);

/* Adds `inner`, edits of text[off, off+len) itself, to `out`. */
void hsn_edits_shift(hsn_inspector *in, const hsn_edits *inner, size_t off, hsn_edits *out);

/* Adds one edit that replaces text[off, off+len) by `encoded`, the re-encoded text with all of
 * `inner` made; nothing when `inner` is empty. */
void hsn_edits_wrap(hsn_inspector *in, const hsn_edits *inner, size_t off, size_t len,
                    hsn_str encoded, hsn_edits *out);

/* ---------------------------------------------------------------- formats (cut_*.c) */

/*
 * Each looks at text[at..]. True: the format is there, was dealt with up to *end, and edits were
 * added. False: it is not, nothing was added.
 */
bool hsn_cut_json(hsn_inspector *in, hsn_str text, size_t at, const hsn_site *site, size_t *end,
                  hsn_edits *out);
bool hsn_cut_jwt(hsn_inspector *in, hsn_str text, size_t at, const hsn_site *site, size_t *end,
                 hsn_edits *out);
/* In the run of base64 characters from `at` to run_end; the format may take padding behind it. */
bool hsn_cut_base64(hsn_inspector *in, hsn_str text, size_t at, size_t run_end,
                    const hsn_site *site, size_t *end, hsn_edits *out);
/* May digits that are hsn_is_small_hex be the hexadecimal ones of a text, masked or not, or of a
 * stream, or base32? Of ids and digests the answer is nearly always no (cut_hex.c). */
bool hsn_may_hide_in_hex(hsn_str digits);
/* Characters as decimal numbers (cut_numbers.c): does a list of them begin at t[at]? If something
 * is found in it, it is dealt with. */
bool hsn_begins_numbers(hsn_str t, size_t at);
bool hsn_cut_numbers(hsn_inspector *in, hsn_str text, size_t at, const hsn_site *site, size_t *end,
                     hsn_edits *out);
bool hsn_cut_multipart(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);
bool hsn_cut_csv(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);
/* Bytes that are no text: compressed, UTF-16, known media, or to be scanned as they are. */
bool hsn_cut_binary(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);
/* Such bytes as characters of the same numbers. */
bool hsn_cut_latin1(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);

/* What a run of base64 characters seems to hold, by its first bytes. */
typedef enum hsn_base64_kind {
    HSN_BASE64_NONE, /* letters and digits, but no base64 */
    HSN_BASE64_TEXT,
    HSN_BASE64_MEDIA,
    HSN_BASE64_BINARY
} hsn_base64_kind;
hsn_base64_kind hsn_base64_kind_of(hsn_str head);

/* Does a text begin like a multipart body, like a table with a sensitive column? */
bool hsn_is_multipart(hsn_str text);
bool hsn_is_table(const hsn_inspector *in, hsn_str text);
/* Is a text that begins so a script, rather than a log or a document? */
bool hsn_is_code(hsn_str head);

/* Values of headers with a grammar of their own. */
void hsn_cut_cookie(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);
/* Does a text begin like a list of cookies, name=value? */
bool hsn_is_cookie_list(hsn_str text);
void hsn_cut_set_cookie(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out);
void hsn_cut_credentials(hsn_inspector *in, hsn_str text, const hsn_rule *rule,
                         const hsn_site *site, hsn_edits *out);
/* The path of a link, of which the parts that a machine made are secret. */
void hsn_cut_link(hsn_inspector *in, hsn_str text, const hsn_rule *rule, const hsn_site *site,
                  hsn_edits *out);
/* One cookie: replaced unless plainly harmless. */
void hsn_cut_cookie_value(hsn_inspector *in, hsn_str text, hsn_str name, size_t off, size_t len,
                          const hsn_site *site, hsn_edits *out);

/* ---------------------------------------------------------------- guards (guard.c,
 * guard_looks.c) */

/* Does `value` pass the guard of `rule`? */
bool hsn_guard_passes(const hsn_rule *rule, hsn_str value);
/* Stand-ins of an earlier run, masks of other tools: ****, xxxx, [REDACTED], <token>, ${x},
 * {{x}}. */
bool hsn_is_placeholder(hsn_str value);
/* A cookie that says nothing about anybody: flag, small number, locale, short word, date. */
bool hsn_is_harmless_cookie(hsn_str value);
/* Made by a machine: n characters or more, no spaces, letters and digits mixed beyond words. */
bool hsn_is_tokenish(hsn_str value, size_t min);
/* Long and random enough to be swept for everywhere. */
bool hsn_is_sweepable(hsn_str value);
/* The same of one whose key, hsn_key_of, is known. */
bool hsn_is_sweepable_by(hsn_str value, size_t key);

#endif
