/*
 * Private to what reads name=value and name: value (spot_name.c, spot_syntax.c, spot_value.c,
 * spot_block.c).
 */
#ifndef HSN_SPOT_NAME_H
#define HSN_SPOT_NAME_H

#include "spot.h"

/* A name and what stands around it. */
typedef struct hsn_named {
    hsn_str name;
    bool quoted;
    unsigned slashes;     /* backslashes before each quote: a string in a string */
    unsigned char before; /* the byte before name and quote, 0 at the start */
} hsn_named;

/* Where the value stands. */
typedef struct hsn_named_value {
    size_t from;
    size_t to;
    bool quoted;
} hsn_named_value;

static inline bool hsn_is_quote(unsigned char c)
{
    return c == '"' || c == '\'' || c == '`';
}

/* The next byte behind `at` that is no white space, 0 for none. */
static inline unsigned char hsn_next_byte(hsn_str t, size_t at)
{
    at = hsn_past_space(t, at + 1);
    return at < t.n ? t.p[at] : 0;
}

/* name:: value, which is base64 (RFC 2849)? */
static inline bool hsn_is_ldif(hsn_str t, size_t at)
{
    return t.p[at] == ':' && t.n - at > 2 && t.p[at + 1] == ':' && t.p[at + 2] == ' ' && at > 0 &&
           hsn_is_alnum(t.p[at - 1]);
}

/* Is the separator at `at` a part of another sign? Does its name select or declare something? Is
 * what stands behind it no value, though it is read as one (spot_syntax.c)? */
bool hsn_is_doubled(hsn_str t, size_t at);
bool hsn_is_syntax(hsn_str t, size_t at, const hsn_named *n);
bool hsn_is_no_value(hsn_str t, size_t at, hsn_named_value v);
/* Is what stands between two quotes the code between two strings of a script, because the first one
 * closed what the name stands in? "a=1&token=" + x + "&b=" */
bool hsn_is_between(hsn_str t, size_t quote, size_t close);

/* The value behind the separator at `at`; from = to for none. */
hsn_named_value hsn_read_value(hsn_scan *s, size_t at, const hsn_named *n, bool param);

/* Do values of that name stand in lines below the colon at `at`, or in brackets? Replaces them. */
bool hsn_spot_block(hsn_scan *s, size_t at, const hsn_named *n, const hsn_rule *rule);

/* The value of a header line: up to the end of the line. */
hsn_named_value hsn_read_line(hsn_scan *s, size_t at);

#endif
