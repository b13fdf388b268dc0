/*
 * One text at a time through an inspector with the rules that come with harsan: what comes out is
 * held against what is wanted, in which the sign # stands for one stand-in, and looked at again:
 * a second look must leave it alone.
 */
#ifndef HSN_TESTS_INSPECTED_H
#define HSN_TESTS_INSPECTED_H

#include "inspect.h"
#include "support.h"

/* Made-up values that no rule knows by their shape, but for the address. */
#define PW "hk7vwx24z9"
#define TOK "4hxhh5z27495hxz7z2k79xhw42542k9x"
#define MAIL "ferelith.cobbold@maltbarrow-post.net"

/* Of a group of tests: the inspector they share. */
int set_up_inspector(void **state);
int tear_down_inspector(void **state);

extern const hsn_site no_name;

/* *out is to be deinited. */
void inspect_text(hsn_str text, const hsn_site *site, hsn_buf *out);
bool fits(hsn_str got, hsn_str want);
/* Does it come out as wanted, and stay so? Says on stderr what it does not. */
bool holds_case(const char *label, hsn_str text, hsn_str want, const hsn_site *site);

typedef struct example {
    const char *label;
    const char *text;
    const char *want; /* NULL: nothing changes */
} example;

/* All of a table, so that one run shows every failure. */
void check_texts(const example *table, size_t n, const hsn_site *site);

#endif
