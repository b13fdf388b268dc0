/*
 * Known keys: HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec), the vendor fields of
 * browsers and proxies. A plain list: the memo of names asks it once for each name.
 */
#include "place_names.h"

typedef struct key {
    hsn_str name;
    hsn_role role;
} key;

static const key keys[] = {
    {HSN_W("_initiator"), 0},
    {HSN_W("_priority"), 0},
    {HSN_W("_resourceType"), 0},
    {HSN_W("_transferSize"), 0},
    {HSN_W("_error"), 0},
    {HSN_W("_webSocketMessages"), 0},
    {HSN_W("_connectionId"), 0},
    {HSN_W("_fromCache"), 0},
    {HSN_W("_requestId"), 0},
    {HSN_W("_request_id"), 0},
    {HSN_W("_securityDetails"), 0},
    {HSN_W("_headers"), HSN_ROLE_HEADERS},
    {HSN_W("_url"), 0},
    {HSN_W("_full_url"), 0},
    {HSN_W("_documentURL"), 0},
    {HSN_W("_blocked_queueing"), 0},
    {HSN_W("_file"), 0},
    {HSN_W("afterRequest"), 0},
    {HSN_W("beforeRequest"), 0},
    {HSN_W("blocked"), 0},
    {HSN_W("bodySize"), 0},
    {HSN_W("browser"), 0},
    {HSN_W("cache"), 0},
    {HSN_W("callFrames"), 0},
    {HSN_W("columnNumber"), 0},
    {HSN_W("comment"), 0},
    {HSN_W("compression"), 0},
    {HSN_W("connect"), 0},
    {HSN_W("connection"), 0},
    {HSN_W("content"), HSN_ROLE_VALUE},
    {HSN_W("cookies"), HSN_ROLE_COOKIES},
    {HSN_W("creator"), 0},
    {HSN_W("data"), 0},
    {HSN_W("dns"), 0},
    {HSN_W("domain"), 0},
    {HSN_W("eTag"), 0},
    {HSN_W("encoding"), 0},
    {HSN_W("entries"), HSN_ROLE_ENTRIES},
    {HSN_W("expires"), 0},
    {HSN_W("field"), HSN_ROLE_NAME},
    {HSN_W("fileName"), 0},
    {HSN_W("functionName"), 0},
    {HSN_W("header"), HSN_ROLE_NAME},
    {HSN_W("headers"), HSN_ROLE_HEADERS},
    {HSN_W("headersSize"), 0},
    {HSN_W("hitCount"), 0},
    {HSN_W("httpOnly"), 0},
    {HSN_W("httpVersion"), 0},
    {HSN_W("id"), HSN_ROLE_NAME},
    {HSN_W("key"), HSN_ROLE_NAME},
    {HSN_W("Key"), HSN_ROLE_NAME},
    {HSN_W("lastAccess"), 0},
    {HSN_W("lineNumber"), 0},
    {HSN_W("log"), HSN_ROLE_LOG},
    {HSN_W("method"), HSN_ROLE_VERB},
    {HSN_W("mimeType"), 0},
    {HSN_W("name"), HSN_ROLE_NAME},
    {HSN_W("Name"), HSN_ROLE_NAME},
    {HSN_W("onContentLoad"), 0},
    {HSN_W("onLoad"), 0},
    {HSN_W("opcode"), 0},
    {HSN_W("pageTimings"), 0},
    {HSN_W("pageref"), 0},
    {HSN_W("pages"), 0},
    {HSN_W("param"), HSN_ROLE_NAME},
    {HSN_W("parameter"), HSN_ROLE_NAME},
    {HSN_W("params"), HSN_ROLE_PARAMS},
    {HSN_W("parent"), 0},
    {HSN_W("path"), HSN_ROLE_HINT},
    {HSN_W("postData"), HSN_ROLE_POST},
    {HSN_W("queryString"), HSN_ROLE_PARAMS},
    {HSN_W("receive"), 0},
    {HSN_W("redirectURL"), 0},
    {HSN_W("redirectionURL"), 0},
    {HSN_W("request"), 0},
    {HSN_W("requestHeaders"), HSN_ROLE_HEADERS},
    {HSN_W("response"), 0},
    {HSN_W("responseHeaders"), HSN_ROLE_HEADERS},
    {HSN_W("sameSite"), 0},
    {HSN_W("scriptId"), 0},
    {HSN_W("secure"), 0},
    {HSN_W("send"), 0},
    {HSN_W("serverIPAddress"), 0},
    {HSN_W("size"), 0},
    {HSN_W("ssl"), 0},
    {HSN_W("stack"), 0},
    {HSN_W("startedDateTime"), 0},
    {HSN_W("status"), 0},
    {HSN_W("statusText"), 0},
    {HSN_W("text"), 0},
    {HSN_W("time"), 0},
    {HSN_W("timings"), 0},
    {HSN_W("title"), HSN_ROLE_HINT},
    {HSN_W("type"), HSN_ROLE_TYPE},
    {HSN_W("$ref"), HSN_ROLE_TYPE},
    {HSN_W("url"), 0},
    {HSN_W("val"), HSN_ROLE_VALUE},
    {HSN_W("value"), HSN_ROLE_VALUE},
    {HSN_W("Value"), HSN_ROLE_VALUE},
    {HSN_W("values"), HSN_ROLE_VALUE},
    {HSN_W("version"), 0},
    {HSN_W("wait"), 0},
};

enum { N_KEYS = HSN_COUNT(keys) };

/* fieldName, param_key, itemValue: what pairs are called in bodies. */
static hsn_role role_by_ending(hsn_str name)
{
    static const struct {
        hsn_str ending;
        hsn_role role;
    } endings[] = {
        {HSN_W("name"), HSN_ROLE_NAME},       {HSN_W("key"), HSN_ROLE_NAME},
        {HSN_W("attribute"), HSN_ROLE_NAME},  {HSN_W("attr"), HSN_ROLE_NAME},
        {HSN_W("property"), HSN_ROLE_NAME},   {HSN_W("label"), HSN_ROLE_NAME},
        {HSN_W("variable"), HSN_ROLE_NAME},   {HSN_W("setting"), HSN_ROLE_NAME},
        {HSN_W("option"), HSN_ROLE_NAME},     {HSN_W("param"), HSN_ROLE_NAME},
        {HSN_W("field"), HSN_ROLE_NAME},      {HSN_W("value"), HSN_ROLE_VALUE},
        {HSN_W("system"), HSN_ROLE_NAME},
        {HSN_W("val"), HSN_ROLE_VALUE},       {HSN_W("content"), HSN_ROLE_VALUE},
        {HSN_W("headers"), HSN_ROLE_HEADERS}, {HSN_W("cookies"), HSN_ROLE_COOKIES},
    };
    static const hsn_str verbs[] = {HSN_W("target"), HSN_W("event"),     HSN_W("action"),
                                    HSN_W("op"),     HSN_W("command"),   HSN_W("cmd"),
                                    HSN_W("func"),   HSN_W("procedure"), HSN_W("call")};
    enum { VERB_MAX = 9 };
    if (name.n <= VERB_MAX && HSN_STR_IN(name, verbs)) {
        return HSN_ROLE_VERB;
    }
    if (name.n == 1) {
        return name.p[0] == 'k' || name.p[0] == 'n' ? HSN_ROLE_NAME
               : name.p[0] == 'v'                   ? HSN_ROLE_VALUE
                                                    : HSN_ROLE_NONE;
    }
    for (size_t i = 0; i < HSN_COUNT(endings); i++) {
        hsn_str e = endings[i].ending;
        if (name.n >= e.n && hsn_str_eq_nocase(hsn_str_cut(name, name.n - e.n, name.n), e)) {
            return endings[i].role;
        }
    }
    return HSN_ROLE_NONE;
}

bool hsn_key_is_known(hsn_str name, hsn_role *role)
{
    for (size_t i = 0; i < N_KEYS; i++) {
        if (hsn_str_eq(keys[i].name, name)) {
            if (role != NULL) {
                *role = keys[i].role;
            }
            return true;
        }
    }
    if (role != NULL) {
        *role = role_by_ending(name);
    }
    return false;
}
