/*
 * Is a value an address, as a whole? Private to verdicts.
 *
 * What stands behind the @ of an address stands there in many others: a host that was read once is
 * told by a comparison when it comes again, and only what is before the @ is read.
 */
#ifndef HSN_VERDICT_HOST_H
#define HSN_VERDICT_HOST_H

#include "base_ends.h"
#include "base_scale.h"

enum {
    HSN_HOST_SETS = 128 / HSN_SCALE,
    HSN_HOST_WAYS = 2,     /* hosts that come in turn must not drive each other out */
    HSN_HOST_BETWEEN = 23, /* bytes that are in neither end; a longer host is read each time */
    HSN_HOST_MAX = HSN_ENDS_ALL + HSN_HOST_BETWEEN
};

typedef struct hsn_host {
    hsn_ends ends;
    unsigned char n; /* 0 = none */
    unsigned char between[HSN_HOST_BETWEEN];
} hsn_host;

/* All zero: no host came yet. */
typedef struct hsn_hosts {
    hsn_host set[HSN_HOST_SETS][HSN_HOST_WAYS];
} hsn_hosts;

/* Is hsn_email_in_text at the first @ of v all of v? */
bool hsn_hosts_address(hsn_hosts *h, hsn_str v);

#endif
