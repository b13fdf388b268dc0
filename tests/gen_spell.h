/*
 * How a text is spelled inside each encoding, with the freedom that the encoding leaves drawn at
 * random.
 *
 * Written from the standards and sharing nothing with the library, base64 aside: what the library
 * and its tests both got wrong would not show.
 */
#ifndef HSN_TESTS_GEN_SPELL_H
#define HSN_TESTS_GEN_SPELL_H

#include "support.h"

/* The inside of a JSON string (RFC 8259 section 7). `odd`: now and then an escape nobody needs. */
void gen_spell_json(prng *r, hsn_buf *out, hsn_str s, bool odd);

/* RFC 3986 section 2.1; `form`: a space as + (WHATWG URL section 5). */
void gen_spell_percent(prng *r, hsn_buf *out, hsn_str s, bool form);

/* HTML and XML, for attributes in either quotes and for text. */
void gen_spell_entity(prng *r, hsn_buf *out, hsn_str s);

/* The inside of a string literal in single quotes (ECMAScript). */
void gen_spell_js(prng *r, hsn_buf *out, hsn_str s);

/* RFC 4648: padded, or the URL alphabet without padding; `line` characters a line, 0 = one line. */
void gen_spell_base64(hsn_buf *out, hsn_str s, bool url, size_t line);

#endif
