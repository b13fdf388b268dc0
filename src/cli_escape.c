/*
 * Foreign text inside JSON, XML and HTML and on terminals: what each character is, and what stands
 * for it there.
 *
 * Receives bytes of NUL-terminated text, tells the escape or that none is needed; writes nowhere.
 * Must never let a byte through that ends the string or element around it.
 */
#include "cli_escape.h"

#include <stdbool.h>
#include <stdio.h>

size_t cli_utf8(const char *text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text;
    size_t n = p[0] < 0x80   ? 1
               : p[0] < 0xc2 ? 0
               : p[0] < 0xe0 ? 2
               : p[0] < 0xf0 ? 3
               : p[0] < 0xf5 ? 4
                             : 0;
    uint32_t c = n == 1 ? p[0] : n == 0 ? 0 : p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        c = c << 6 | (p[i] & 0x3fu);
    }
    *code = c;
    bool wrong = n > 1 && (c < least[n] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff);
    return wrong ? 0 : n;
}

const char *cli_escape_json(char c, char room[CLI_ESCAPE_ROOM])
{
    const unsigned char byte = (unsigned char)c;
    if (c == '\n') {
        snprintf(room, CLI_ESCAPE_ROOM, "\\n");
    } else if (c == '"' || c == '\\') {
        snprintf(room, CLI_ESCAPE_ROOM, "\\%c", c);
    } else if (byte < 0x20 || byte == 0x7f) { /* DEL is allowed, but steers a terminal */
        snprintf(room, CLI_ESCAPE_ROOM, "\\u%04x", byte);
    } else {
        return NULL;
    }
    return room;
}

const char *cli_escape_terminal(const char *text, size_t *n, char room[CLI_ESCAPE_ROOM])
{
    uint32_t code;
    *n = cli_utf8(text, &code);
    if (*n > 0 && code >= 0x20 && (code < 0x7f || code >= 0xa0)) {
        return NULL;
    }
    *n = 1;
    snprintf(room, CLI_ESCAPE_ROOM, "\\x%02x", (unsigned char)*text);
    return room;
}

const char *cli_escape_xml(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;"; /* HTML before 5 has no name for it */
    default:
        return NULL;
    }
}
