/*
 * What text of strangers needs before it may stand in a format (cli_escape.c).
 */
#ifndef CLI_ESCAPE_H
#define CLI_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* The character at `text`, which is not at its end (NUL): its length, and its code point; 0 for
 * bytes that are none (RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF). */
size_t cli_utf8(const char *text, uint32_t *code);

/* U+FFFD, which stands for bytes that are no character. */
#define CLI_NO_CHARACTER "\xef\xbf\xbd"

enum { CLI_ESCAPE_ROOM = 8 };

/* What stands for the byte within a JSON string (RFC 8259 section 7), in `room`; NULL for itself.
 */
const char *cli_escape_json(char c, char room[CLI_ESCAPE_ROOM]);
/* What stands for the character at `text` where it may reach a terminal, \xHH in `room`; NULL for
 * itself. *n is its length: C0, DEL, C1 and what is no UTF-8 go byte by byte. */
const char *cli_escape_terminal(const char *text, size_t *n, char room[CLI_ESCAPE_ROOM]);
/* As cli_escape_json, in text and quoted attributes of XML and HTML. */
const char *cli_escape_xml(char c);

#endif
