/*
 * Private to the view: the tree of a HAR's keys, and texts and numbers as the caller gets them.
 */
#ifndef HSN_VIEW_H
#define HSN_VIEW_H

#include "base.h"

/* Where in a HAR a container stands. */
typedef enum hsn_view_node {
    HSN_VIEW_NOWHERE, /* nothing in it is wanted */
    HSN_VIEW_TOP,
    HSN_VIEW_LOG,
    HSN_VIEW_CREATOR,
    HSN_VIEW_BROWSER,
    HSN_VIEW_PAGES, /* an array, as entries is; all others are objects */
    HSN_VIEW_PAGE,
    HSN_VIEW_PAGE_TIMINGS,
    HSN_VIEW_ENTRIES,
    HSN_VIEW_ENTRY,
    HSN_VIEW_REQUEST,
    HSN_VIEW_POST,
    HSN_VIEW_RESPONSE,
    HSN_VIEW_CONTENT,
    HSN_VIEW_TIMINGS
} hsn_view_node;

enum { HSN_VIEW_DEPTH = 8 }; /* more than the longest way down that is wanted */

typedef enum hsn_view_want {
    HSN_VIEW_OPEN,   /* a container: go into `child` */
    HSN_VIEW_TEXT,   /* the text `slot` */
    HSN_VIEW_SPARE,  /* the same, unless another key has filled it */
    HSN_VIEW_NUMBER, /* the number `slot` */
    HSN_VIEW_BODY,   /* the span `slot` */
    HSN_VIEW_CODING  /* content.encoding */
} hsn_view_want;

/* Texts, numbers and spans are numbered; view.c knows where each goes. Those of an entry come
 * first, because they are emptied together. */
enum {
    HSN_VIEW_T_PAGEREF,
    HSN_VIEW_T_STARTED,
    HSN_VIEW_T_METHOD,
    HSN_VIEW_T_URL,
    HSN_VIEW_T_HTTP_VERSION,
    HSN_VIEW_T_RESOURCE_TYPE,
    HSN_VIEW_T_SERVER_IP,
    HSN_VIEW_T_STATUS_TEXT,
    HSN_VIEW_T_REDIRECT_URL,
    HSN_VIEW_T_MIME_TYPE,
    HSN_VIEW_T_REQUEST_MIME_TYPE,
    HSN_VIEW_T_ERROR,
    HSN_VIEW_T_BLOCKED_REASON,
    HSN_VIEW_T_PAGE, /* from here on of a page */
    HSN_VIEW_T_PAGE_ID = HSN_VIEW_T_PAGE,
    HSN_VIEW_T_PAGE_TITLE,
    HSN_VIEW_T_PAGE_STARTED,
    HSN_VIEW_T_LOG, /* from here on of the log */
    HSN_VIEW_T_VERSION = HSN_VIEW_T_LOG,
    HSN_VIEW_T_CREATOR,
    HSN_VIEW_T_CREATOR_VERSION,
    HSN_VIEW_T_BROWSER,
    HSN_VIEW_T_BROWSER_VERSION,
    HSN_VIEW_N_TEXTS
};

enum {
    HSN_VIEW_N_TIME,
    HSN_VIEW_N_STATUS,
    HSN_VIEW_N_REQUEST_BODY_SIZE,
    HSN_VIEW_N_RESPONSE_BODY_SIZE,
    HSN_VIEW_N_CONTENT_SIZE,
    HSN_VIEW_N_TRANSFER_SIZE,
    HSN_VIEW_N_BLOCKED,
    HSN_VIEW_N_DNS,
    HSN_VIEW_N_CONNECT,
    HSN_VIEW_N_SSL,
    HSN_VIEW_N_SEND,
    HSN_VIEW_N_WAIT,
    HSN_VIEW_N_RECEIVE,
    HSN_VIEW_N_PAGE, /* from here on of a page */
    HSN_VIEW_N_ON_CONTENT_LOAD = HSN_VIEW_N_PAGE,
    HSN_VIEW_N_ON_LOAD,
    HSN_VIEW_N_NUMBERS
};

enum { HSN_VIEW_B_REQUEST, HSN_VIEW_B_RESPONSE };

typedef struct hsn_view_key {
    hsn_view_node in;
    hsn_str name;
    hsn_view_want want;
    unsigned slot;
    hsn_view_node child;
} hsn_view_key;

/* What is wanted under this key, spelled without escapes; NULL when nothing is. */
const hsn_view_key *hsn_view_find(hsn_view_node in, hsn_str name);

/*
 * Decodes the inside of a string literal into out, at most `max` bytes and a NUL: see "reading a
 * HAR" in harsan.h. Raw bytes beyond 6 * max change nothing: an escape is the longest spelling.
 */
size_t hsn_view_text(hsn_str raw, char *out, size_t max);

/* A number as JSON writes it; -1 for anything else, and for what no double can hold. Does not ask
 * the locale, as strtod does. */
double hsn_view_number(hsn_str text);

#endif
