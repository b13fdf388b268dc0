/*
 * Known keys: HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec), the vendor fields of browsers
 * and proxies. Sorted by nothing: a small hash table is filled once at compile time by hand would be
 * unreadable, so lookup goes by length and first byte.
 */
#include "place_names.h"

typedef struct key {
    const char *name;
    hsn_role role;
} key;

static const key keys[] = {
    {"_initiator", 0}, {"_priority", 0}, {"_resourceType", 0}, {"_transferSize", 0}, {"_error", 0},
    {"_webSocketMessages", 0}, {"_connectionId", 0}, {"_fromCache", 0}, {"_requestId", 0},
    {"_request_id", 0}, {"_securityDetails", 0}, {"_headers", HSN_ROLE_HEADERS}, {"_url", 0},
    {"_full_url", 0}, {"_documentURL", 0}, {"_blocked_queueing", 0}, {"_file", 0},
    {"afterRequest", 0}, {"beforeRequest", 0}, {"blocked", 0}, {"bodySize", 0}, {"browser", 0},
    {"cache", 0}, {"callFrames", 0}, {"columnNumber", 0}, {"comment", 0}, {"compression", 0},
    {"connect", 0}, {"connection", 0}, {"content", HSN_ROLE_VALUE}, {"cookies", HSN_ROLE_COOKIES},
    {"creator", 0}, {"data", 0}, {"dns", 0}, {"domain", 0}, {"eTag", 0}, {"encoding", 0},
    {"entries", HSN_ROLE_ENTRIES}, {"expires", 0}, {"field", HSN_ROLE_NAME}, {"fileName", 0},
    {"functionName", 0}, {"header", HSN_ROLE_NAME}, {"headers", HSN_ROLE_HEADERS},
    {"headersSize", 0}, {"hitCount", 0}, {"httpOnly", 0}, {"httpVersion", 0},
    {"id", HSN_ROLE_NAME}, {"key", HSN_ROLE_NAME}, {"Key", HSN_ROLE_NAME}, {"lastAccess", 0},
    {"lineNumber", 0}, {"log", HSN_ROLE_LOG}, {"method", 0}, {"mimeType", 0},
    {"name", HSN_ROLE_NAME}, {"Name", HSN_ROLE_NAME}, {"onContentLoad", 0}, {"onLoad", 0},
    {"opcode", 0}, {"pageTimings", 0}, {"pageref", 0}, {"pages", 0}, {"param", HSN_ROLE_NAME},
    {"parameter", HSN_ROLE_NAME}, {"params", HSN_ROLE_PARAMS}, {"parent", 0}, {"path", 0},
    {"postData", HSN_ROLE_POST}, {"queryString", HSN_ROLE_PARAMS}, {"receive", 0},
    {"redirectURL", 0}, {"redirectionURL", 0}, {"request", 0}, {"requestHeaders", HSN_ROLE_HEADERS},
    {"response", 0}, {"responseHeaders", HSN_ROLE_HEADERS}, {"sameSite", 0}, {"scriptId", 0},
    {"secure", 0}, {"send", 0}, {"serverIPAddress", 0}, {"size", 0}, {"ssl", 0}, {"stack", 0},
    {"startedDateTime", 0}, {"status", 0}, {"statusText", 0}, {"text", 0}, {"time", 0},
    {"timings", 0}, {"title", 0}, {"type", HSN_ROLE_TYPE}, {"$ref", HSN_ROLE_TYPE}, {"url", 0},
    {"val", HSN_ROLE_VALUE}, {"value", HSN_ROLE_VALUE}, {"Value", HSN_ROLE_VALUE},
    {"values", HSN_ROLE_VALUE}, {"version", 0}, {"wait", 0},
};

enum { N_KEYS = sizeof keys / sizeof keys[0] };

bool hsn_key_is_known(hsn_str name, hsn_role *role)
{
    for (size_t i = 0; i < N_KEYS; i++) {
        const char *k = keys[i].name;
        if ((unsigned char)k[0] == (name.n > 0 ? name.p[0] : 0) && strlen(k) == name.n &&
            memcmp(k, name.p, name.n) == 0) {
            if (role != NULL) {
                *role = keys[i].role;
            }
            return true;
        }
    }
    if (role != NULL) {
        *role = HSN_ROLE_NONE;
    }
    return false;
}
