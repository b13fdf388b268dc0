/*
 * Kinds of bodies: what --drop-bodies names and --fit gives up, one kind after the other.
 *
 * Receives MIME types and resource types as they stand in a HAR, in any case and with parameters.
 */
#include "cli.h"

#include <string.h>
#include <strings.h>

static const char *const names[CLI_N_BODIES] = {
    [CLI_BODY_MEDIA] = "media",   [CLI_BODY_IMAGE] = "image", [CLI_BODY_FONT] = "font",
    [CLI_BODY_SCRIPT] = "script", [CLI_BODY_STYLE] = "style", [CLI_BODY_HTML] = "html",
    [CLI_BODY_JSON] = "json",     [CLI_BODY_TEXT] = "text",   [CLI_BODY_OTHER] = "other",
};

const char *cli_body_name(cli_body body)
{
    return names[body];
}

static unsigned bits_of(const char *word, size_t len)
{
    if (len == 3 && memcmp(word, "all", 3) == 0) {
        return (1u << CLI_N_BODIES) - 1;
    }
    for (unsigned i = 0; i < CLI_N_BODIES; i++) {
        if (strlen(names[i]) == len && memcmp(names[i], word, len) == 0) {
            return 1u << i;
        }
    }
    return 0;
}

unsigned cli_body_list(const char *list)
{
    unsigned bits = 0;
    for (const char *p = list;; p++) {
        size_t len = strcspn(p, ",");
        unsigned more = bits_of(p, len);
        if (more == 0) {
            return 0;
        }
        bits |= more;
        p += len;
        if (*p == '\0') {
            return bits;
        }
    }
}

/* ---------------------------------------------------------------- types */

/* A pattern begins, ends or is the type: "image/", "+json", "text/css". */
typedef struct type {
    const char *pattern;
    cli_body body;
} type;

/* The first that matches counts. */
static const type types[] = {
    {"image/", CLI_BODY_IMAGE},
    {"audio/", CLI_BODY_MEDIA},
    {"video/", CLI_BODY_MEDIA},
    {"application/vnd.apple.mpegurl", CLI_BODY_MEDIA},
    {"application/x-mpegurl", CLI_BODY_MEDIA},
    {"application/dash+xml", CLI_BODY_MEDIA},
    {"application/ogg", CLI_BODY_MEDIA},
    {"font/", CLI_BODY_FONT},
    {"application/font", CLI_BODY_FONT},
    {"application/x-font", CLI_BODY_FONT},
    {"application/vnd.ms-fontobject", CLI_BODY_FONT},
    {"/javascript", CLI_BODY_SCRIPT},
    {"/x-javascript", CLI_BODY_SCRIPT},
    {"/ecmascript", CLI_BODY_SCRIPT},
    {"application/wasm", CLI_BODY_SCRIPT},
    {"text/css", CLI_BODY_STYLE},
    {"text/html", CLI_BODY_HTML},
    {"application/xhtml+xml", CLI_BODY_HTML},
    {"/json", CLI_BODY_JSON},
    {"+json", CLI_BODY_JSON},
    {"/x-ndjson", CLI_BODY_JSON},
    {"text/", CLI_BODY_TEXT},
    {"/xml", CLI_BODY_TEXT},
    {"+xml", CLI_BODY_TEXT},
    {"application/x-www-form-urlencoded", CLI_BODY_TEXT},
    {"application/graphql", CLI_BODY_TEXT},
};

static const type resources[] = {
    {"image", CLI_BODY_IMAGE},   {"media", CLI_BODY_MEDIA},      {"font", CLI_BODY_FONT},
    {"script", CLI_BODY_SCRIPT}, {"stylesheet", CLI_BODY_STYLE}, {"document", CLI_BODY_HTML},
};

static bool matches(const char *pattern, const char *mime, size_t len)
{
    size_t n = strlen(pattern);
    if (n > len) {
        return false;
    }
    bool ending = pattern[0] == '/' || pattern[0] == '+';
    return strncasecmp(ending ? mime + len - n : mime, pattern, n) == 0;
}

cli_body cli_body_of(const char *mime, const char *resource_type)
{
    mime += strspn(mime, " \t");
    size_t len = strcspn(mime, "; \t,");
    for (size_t i = 0; i < CLI_COUNT(types); i++) {
        if (matches(types[i].pattern, mime, len)) {
            return types[i].body;
        }
    }
    for (size_t i = 0; i < CLI_COUNT(resources); i++) {
        if (strcasecmp(resource_type, resources[i].pattern) == 0) {
            return resources[i].body;
        }
    }
    return CLI_BODY_OTHER;
}
