/*
 * The keys of HAR 1.2 and of its producers, and what they mean for what stands under them.
 */
#ifndef HSN_PLACE_NAMES_H
#define HSN_PLACE_NAMES_H

#include "base.h"

typedef enum hsn_role {
    HSN_ROLE_NONE,
    HSN_ROLE_HEADERS,   /* records, or an object, of header fields */
    HSN_ROLE_COOKIES,   /* records, or an object (IE F12), of cookies */
    HSN_ROLE_PARAMS,    /* records of query or form parameters */
    HSN_ROLE_POST,      /* postData: what is in it comes from the user */
    HSN_ROLE_LOG,
    HSN_ROLE_ENTRIES,
    HSN_ROLE_NAME,      /* names its sibling */
    HSN_ROLE_VALUE,     /* is named by its sibling */
    HSN_ROLE_HINT,      /* names a value for want of a better one: a path, a title */
    HSN_ROLE_VERB,      /* says what is called: arguments stand beside it */
    HSN_ROLE_TYPE       /* says what a value is: the mark of a schema */
} hsn_role;

/* Is it a key that HAR 1.2 or a known producer writes? Then it may be shown. *role (may be NULL) is
 * what it means, for other keys by their ending. */
bool hsn_key_is_known(hsn_str key, hsn_role *role);

#endif
