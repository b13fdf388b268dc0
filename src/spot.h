/*
 * Spots: what may begin at a byte that the scan stopped at. Each spot looks at text[at], adds the
 * edits it finds, and moves `skip` behind what it has dealt with. Finding nothing is the usual case
 * and must be cheap. Work beyond a few hundred bytes is paid from a budget that grows with the
 * text, so that the whole scan stays linear.
 */
#ifndef HSN_SPOT_H
#define HSN_SPOT_H

#include "inspect.h"
#include "stops.h"

/* What a search forward found, so that nobody searches the same bytes again. */
typedef struct hsn_ahead {
    size_t from; /* searched from here */
    size_t pos;  /* found here; 0 = nothing searched yet */
} hsn_ahead;

typedef struct hsn_scan {
    hsn_inspector *in;
    hsn_str text;
    const hsn_site *site;
    hsn_edits *out;
    const hsn_leads *leads;
    hsn_list_fn list;
    const hsn_triples *names;    /* last three letters of the names that count */
    const hsn_key_filter *known; /* NULL = nothing is known */
    const hsn_key_filter *tails; /* likewise */
    bool pairs;                  /* it came from base64: a length may stand behind a name */
    bool every_param;            /* every name before a = counts: the strict pack */
    bool any_number;             /* any digit may begin something: the network pack */
    bool ask;                    /* keys of known values are looked for, or listed */
    size_t skip;                 /* nothing before this offset is looked at any more */
    size_t base64_end;           /* end of the base64 run that was looked at last */
    size_t json_from;            /* no JSON text that begins before this is tried again */
    size_t budget;      /* bytes that spots may still read outside of the scan's own pass */
    bool exhausted;     /* they wanted more: the text is replaced whole */
    size_t token_end;   /* end of the token that was measured last */
    size_t lines_end;   /* end of the base64 lines that were tried last */
    size_t jwt_end;     /* no JWT begins before this */
    size_t left_to;     /* end of the last value that had a name and was left for its looks, */
    size_t left_edits;  /* and the edits up to then */
    int code;           /* is it a script? -1: not yet asked */
    hsn_ahead quote[3]; /* where the next " ' and ` stand */
    size_t lexed;       /* string literals are known up to here */
    size_t literal;     /* inside of the one that is open there; text.n + 1 = none is */
    unsigned char open; /* its quote */
    int quoted;         /* is it quoted-printable? -1: not yet asked */
    size_t quoted_end;  /* no soft line break before this is looked at again */
    size_t table_end;   /* no head of an HTML table before this is read */
    size_t joint_end;   /* nor a literal that is put to another */
    size_t cell_end;    /* no cell of a table begins before this */
    size_t table_line;  /* no line is looked at for a table before this, where the last one ends */
} hsn_scan;

void hsn_spot_name(hsn_scan *s, size_t at);    /* at = or : */
void hsn_spot_url(hsn_scan *s, size_t at);     /* at the : of :// */
void hsn_spot_email(hsn_scan *s, size_t at);   /* at @ */
void hsn_spot_percent(hsn_scan *s, size_t at); /* at % */
void hsn_spot_entity(hsn_scan *s, size_t at);  /* at & */
void hsn_spot_escape(hsn_scan *s, size_t at);  /* at a backslash */
void hsn_spot_tag(hsn_scan *s, size_t at);     /* at < */
void hsn_spot_digits(hsn_scan *s, size_t at);  /* at the first digit of a word, or of an IBAN */
void hsn_spot_path(hsn_scan *s, size_t at);    /* at the first letter of a path segment */
/* At a word that may begin a token. `anchor`: one of a rule may stand there. */
void hsn_spot_token(hsn_scan *s, size_t at, bool anchor);
/* At a word of a name, which ends at `end`: does its value stand next to it, in the next cell,
 * column or line? True when that was dealt with. */
bool hsn_spot_label(hsn_scan *s, size_t at, size_t end);
/* At the first letter of INSERT or COPY: is it a statement with sensitive columns? */
bool hsn_spot_sql(hsn_scan *s, size_t at);
/* At Disposition of a header field: is it in the first part of a multipart body? */
bool hsn_spot_part(hsn_scan *s, size_t at);
/* In bytes that are no text, at a word that may end a name: is the value behind it? */
bool hsn_spot_binary_pair(hsn_scan *s, size_t at);
/* At a run of base64 characters of so many. */
enum { HSN_INSIDE_MIN = 24, HSN_INSIDE_MAX = 96 };
void hsn_spot_inside(hsn_scan *s, size_t at, size_t end);

/* At the first letter of a run of base64 characters, or just behind signs that it begins with; of
 * `in_run` characters, 0 where that is not known. */
void hsn_spot_run(hsn_scan *s, size_t at, size_t in_run);

/* Could the = at `at` open an encoded word or break a line of quoted-printable text? */
static inline bool hsn_spot_may_be_quoted(hsn_str t, size_t at)
{
    unsigned char next = t.n - at > 1 ? t.p[at + 1] : 0;
    return next == '?' || next == '\n' || next == '\r';
}

/* At such a =. True when what is around it was dealt with. */
bool hsn_spot_soft_break(hsn_scan *s, size_t at);
/* Is the quote at t[at] the end of a literal that another may be put to? */
static inline bool hsn_spot_may_be_joint(hsn_str t, size_t at)
{
    return t.n - at > 3 && (t.p[at + 1] == '+' || (t.p[at + 1] == ' ' && t.p[at + 2] == '+'));
}

/* Literals put together, of which one ends at the quote at `at`. True when something was found. */
bool hsn_spot_joint(hsn_scan *s, size_t at);

/* At any =. */
static inline bool hsn_spot_quoted(hsn_scan *s, size_t at)
{
    return hsn_spot_may_be_quoted(s->text, at) && hsn_spot_soft_break(s, at);
}

/* At a :, behind a name in doubled quotes: the cell of a table around it. True when there was one,
 * and all of it was dealt with. */
bool hsn_spot_cell(hsn_scan *s, size_t at);

/* A value that its shape gave away: replaced, unless chance made it; skip moves behind it. */
void hsn_scan_found(hsn_scan *s, size_t off, size_t len, const hsn_rule *rule);

/* Does a known value stand around the word here, which is `key`? It is replaced. */
bool hsn_scan_replace_known(hsn_scan *s, size_t at, uint64_t key);
/* The same, told at once where the filter knows no such key. */
static inline bool hsn_scan_known(hsn_scan *s, size_t at, uint64_t key)
{
    return s->known != NULL && hsn_key_filter_has(s->known, s->text.p + at) &&
           hsn_scan_replace_known(s, at, key);
}

/* A value that has a name and ends at `to` is left for its looks (spot_name.c). */
void hsn_scan_leave(hsn_scan *s, size_t to);
/* Was the one that was left last edited all the same? Asked before the next one is left, and at the
 * end. */
void hsn_scan_look_back(hsn_scan *s);

/* Visits what the masks of some blocks leave, which begin at `base` (spot_visit.c). */
void hsn_scan_blocks(hsn_scan *s, size_t base, const hsn_stops *stops);

/* Of special bytes, listed by their places behind `base`, takes those from the masks of their
 * blocks at which there is nothing to visit for certain: nearly all = and :, whose name cannot be
 * any that counts (spot_filter.c). */
void hsn_scan_keep_special(hsn_scan *s, size_t base, const uint16_t *listed, size_t n,
                           uint64_t special[]);

/* `name` before the separator at `at` means nothing to any rule there: from now on it may be turned
 * away at once. */
void hsn_scan_remember_dull(hsn_scan *s, size_t at, hsn_str name);

/* What a name in any text may consist of. */
extern const bool hsn_name_signs[128];
static inline bool hsn_is_name_byte(unsigned char c)
{
    return hsn_is_alnum(c) || c >= 0x80 || hsn_name_signs[c];
}

/* "value", "val", "content", "headers" may belong to a pair. By the last two letters. */
static inline bool hsn_may_end_pair(const unsigned char *end)
{
    static const unsigned char before[256] = {['e'] = 'u', ['l'] = 'a', ['t'] = 'n', ['s'] = 'r'};
    return before[end[-1]] == end[-2] || end[-1] == 'v';
}

/* The pass over the text. Stops early when the budget is spent: s->exhausted (spot_scan.c). */
void hsn_scan_text(hsn_scan *s);

/* Pays for reading n bytes. False when the budget is spent: give up, the text is replaced whole. */
bool hsn_scan_spend(hsn_scan *s, size_t n);

/* Enters the JSON text around the colon at `at`, if there is one: true when all of it was dealt
 * with. */
bool hsn_scan_enter_json(hsn_scan *s, size_t at);

/*
 * Does an escape at `at` interrupt what was being looked at? A token, a number or a base64 run that
 * an escape cuts (\r\n, \x70, %2B, &#43;) goes on behind it: the stretch with the escape is decoded
 * first and has the whole. True when that dealt with it.
 */
bool hsn_scan_defer(hsn_scan *s, size_t at);
/* The same for what begins at `from`: false where the stretch begins behind that. */
bool hsn_scan_defer_from(hsn_scan *s, size_t from, size_t at);

/* A script rather than a log or a document: decided once a text, from its first kilobytes. */
bool hsn_scan_is_code(hsn_scan *s);

/* Offset of the quote that closes a string whose inside begins at `from`; escaped quotes do not
 * close. `slashes` backslashes stand before it (a string within a string). text.n when there is
 * none. */
size_t hsn_scan_close_quote(hsn_scan *s, unsigned char quote, unsigned slashes, size_t from);

/* Offset of the first byte from `from` on that is in `stops` (a NUL-terminated set), or s.n. */
size_t hsn_find_stop(hsn_str s, size_t from, const char *stops);

#endif
