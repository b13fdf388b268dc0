/*
 * The tree of keys that a view wants: HAR 1.2, and what browsers and proxies call an error.
 */
#include "view.h"

#define KEY(node, name, want, slot)                                                                \
    {                                                                                              \
        HSN_VIEW_##node, HSN_W(name), HSN_VIEW_##want, HSN_VIEW_##slot, HSN_VIEW_NOWHERE           \
    }
#define WAY(node, name, child)                                                                     \
    {                                                                                              \
        HSN_VIEW_##node, HSN_W(name), HSN_VIEW_OPEN, 0, HSN_VIEW_##child                           \
    }

static const hsn_view_key keys[] = {
    WAY(TOP, "log", LOG),
    KEY(LOG, "version", TEXT, T_VERSION),
    WAY(LOG, "creator", CREATOR),
    WAY(LOG, "browser", BROWSER),
    WAY(LOG, "pages", PAGES),
    WAY(LOG, "entries", ENTRIES),
    KEY(CREATOR, "name", TEXT, T_CREATOR),
    KEY(CREATOR, "version", TEXT, T_CREATOR_VERSION),
    KEY(BROWSER, "name", TEXT, T_BROWSER),
    KEY(BROWSER, "version", TEXT, T_BROWSER_VERSION),

    KEY(PAGE, "id", TEXT, T_PAGE_ID),
    KEY(PAGE, "title", TEXT, T_PAGE_TITLE),
    KEY(PAGE, "startedDateTime", TEXT, T_PAGE_STARTED),
    WAY(PAGE, "pageTimings", PAGE_TIMINGS),
    KEY(PAGE_TIMINGS, "onContentLoad", NUMBER, N_ON_CONTENT_LOAD),
    KEY(PAGE_TIMINGS, "onLoad", NUMBER, N_ON_LOAD),

    KEY(ENTRY, "pageref", TEXT, T_PAGEREF),
    KEY(ENTRY, "startedDateTime", TEXT, T_STARTED),
    KEY(ENTRY, "time", NUMBER, N_TIME),
    KEY(ENTRY, "serverIPAddress", TEXT, T_SERVER_IP),
    KEY(ENTRY, "_resourceType", TEXT, T_RESOURCE_TYPE),
    KEY(ENTRY, "_error", SPARE, T_ERROR),
    KEY(ENTRY, "_errorText", SPARE, T_ERROR),
    KEY(ENTRY, "_blockedReason", SPARE, T_BLOCKED_REASON),
    KEY(ENTRY, "_blocked_reason", SPARE, T_BLOCKED_REASON),
    WAY(ENTRY, "request", REQUEST),
    WAY(ENTRY, "response", RESPONSE),
    WAY(ENTRY, "timings", TIMINGS),

    KEY(REQUEST, "method", TEXT, T_METHOD),
    KEY(REQUEST, "url", TEXT, T_URL),
    KEY(REQUEST, "httpVersion", SPARE, T_HTTP_VERSION),
    KEY(REQUEST, "bodySize", NUMBER, N_REQUEST_BODY_SIZE),
    KEY(REQUEST, "_error", SPARE, T_ERROR),
    WAY(REQUEST, "postData", POST),
    KEY(POST, "mimeType", TEXT, T_REQUEST_MIME_TYPE),
    KEY(POST, "text", BODY, B_REQUEST),

    KEY(RESPONSE, "status", NUMBER, N_STATUS),
    KEY(RESPONSE, "statusText", TEXT, T_STATUS_TEXT),
    KEY(RESPONSE, "httpVersion", TEXT, T_HTTP_VERSION),
    KEY(RESPONSE, "redirectURL", TEXT, T_REDIRECT_URL),
    KEY(RESPONSE, "redirectionURL", SPARE, T_REDIRECT_URL),
    KEY(RESPONSE, "bodySize", NUMBER, N_RESPONSE_BODY_SIZE),
    KEY(RESPONSE, "_transferSize", NUMBER, N_TRANSFER_SIZE),
    KEY(RESPONSE, "_error", SPARE, T_ERROR),
    KEY(RESPONSE, "_errorText", SPARE, T_ERROR),
    KEY(RESPONSE, "_failureText", SPARE, T_ERROR),
    KEY(RESPONSE, "_blockedReason", SPARE, T_BLOCKED_REASON),
    WAY(RESPONSE, "content", CONTENT),
    KEY(CONTENT, "size", NUMBER, N_CONTENT_SIZE),
    KEY(CONTENT, "mimeType", TEXT, T_MIME_TYPE),
    KEY(CONTENT, "text", BODY, B_RESPONSE),
    KEY(CONTENT, "encoding", CODING, T_MIME_TYPE),

    KEY(TIMINGS, "blocked", NUMBER, N_BLOCKED),
    KEY(TIMINGS, "dns", NUMBER, N_DNS),
    KEY(TIMINGS, "connect", NUMBER, N_CONNECT),
    KEY(TIMINGS, "ssl", NUMBER, N_SSL),
    KEY(TIMINGS, "send", NUMBER, N_SEND),
    KEY(TIMINGS, "wait", NUMBER, N_WAIT),
    KEY(TIMINGS, "receive", NUMBER, N_RECEIVE),
};

const hsn_view_key *hsn_view_find(hsn_view_node in, hsn_str name)
{
    for (size_t i = 0; i < HSN_COUNT(keys); i++) {
        if (keys[i].in == in && hsn_str_eq(keys[i].name, name)) {
            return &keys[i];
        }
    }
    return NULL;
}
