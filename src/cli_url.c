/*
 * The scheme and the host of a URL (RFC 3986, section 3).
 *
 * Receives a URL as a HAR has it, emits places in it. Where a parser of browsers (WHATWG) and the
 * RFC differ, as over a backslash or an @ in a password, the host ends and begins as browsers have
 * it.
 */
#include "cli.h"

#include <string.h>

cli_url cli_url_of(const char *url)
{
    cli_url u = {.scheme = url, .host = ""};
    const char *colon = strstr(url, "://");
    if (colon == NULL) {
        return u;
    }
    u.scheme_len = (size_t)(colon - url);
    u.host = colon + 3;
    u.host_len = strcspn(u.host, "/?#\\");
    for (size_t i = u.host_len; i > 0; i--) {
        if (u.host[i - 1] == '@') { /* names and passwords stand before it */
            u.host += i;
            u.host_len -= i;
            break;
        }
    }
    return u;
}

size_t cli_url_name_len(cli_url u)
{
    const bool address = u.host_len > 0 && u.host[0] == '['; /* of IPv6, with colons in it */
    const char *end = memchr(u.host, address ? ']' : ':', u.host_len);
    return end == NULL ? u.host_len : (size_t)(end - u.host) + address;
}
