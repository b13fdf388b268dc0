/*
 * Layers: encodings that wrap a text. Each is decoded and encoded in one file, peel_<layer>.c.
 *
 * Two kinds. An *escape* layer (JSON, JavaScript, percent, form, HTML entities) spells some
 * characters differently and leaves the rest: an edit of the decoded text can be carried back to
 * exactly the source bytes that spelled it (peel_decode.c, peel_lift.c). A *whole* layer (base64,
 * deflate, UTF-16) changes every byte: after an edit the text is encoded again as a whole.
 *
 * Nothing here knows what is sensitive. Output goes to a caller's hsn_buf, whose ceiling is the
 * size budget of the layer; input and output never overlap.
 */
#ifndef HSN_PEEL_H
#define HSN_PEEL_H

#include "base.h"

/* One replacement: text[off, off+len) becomes `with`. Edits of one list are sorted by off and do
 * not overlap. */
typedef struct hsn_edit {
    size_t off;
    size_t len;
    hsn_str with;
    struct hsn_note *notes; /* the caller's, carried along untouched: what was found here */
} hsn_edit;

/* ---------------------------------------------------------------- escape layers */

typedef struct hsn_escape {
    const char *name; /* as it stands in the report: "json", "percent", ... */

    /* Offset of the first byte from `from` on that may begin an escape; s.n when there is none. */
    size_t (*find)(hsn_str s, size_t from);

    /*
     * Decodes the escape at s[at] into out (at most HSN_ESCAPE_MAX bytes, count in *n_out).
     * Returns the source bytes it took; 0 when this is no valid escape, then the byte stands for
     * itself. A surrogate pair of two \u escapes is one escape (UTF-8 of 4 bytes); a lone surrogate
     * decodes to the 3 bytes of its generalised UTF-8 (WTF-8), so that nothing is lost or merged.
     */
    size_t (*step)(hsn_str s, size_t at, unsigned char *out, size_t *n_out);

    /* Adds `plain` spelled so that it stands unharmed inside this layer. */
    void (*write)(hsn_buf *out, hsn_str plain);

    /*
     * Whether bytes put behind `head`, which begins where find pointed and holds no later escape,
     * could change what head decodes to: "%4", "&#6", "\u00". Two lone surrogates do not count:
     * brought together they are the pair they spell, as in any UTF-16 text.
     */
    bool (*open)(hsn_str head);

    /* What ends an open escape for good (";" of "&#64"); NULL where writing it anew does. Either
     * way it must begin with a byte that find stops at, so that nothing before it is completed. */
    const char *end;

    /* Layers whose every escape begins with a backslash: what the escape of two bytes stands for,
     * by the second; 0 for any other. NULL for other layers. */
    const unsigned char *simple;

    /* Of the sources in which an escape makes one word of two, each has one of these ("&#" of
     * "ab&#99;de"); NULL for none. */
    const char *joints[2];

    /* Does `write` spell it as it is? May say no to what it would. NULL = not told. */
    bool (*as_is)(hsn_str plain);
} hsn_escape;

enum { HSN_ESCAPE_MAX = 8 };

extern const hsn_escape hsn_escape_json;    /* RFC 8259 section 7 */
/* ECMAScript string literals: also \x40 \u{40} \' \0 and line continuation */
extern const hsn_escape hsn_escape_js;
extern const hsn_escape hsn_escape_percent; /* RFC 3986 section 2.1 */
/* WHATWG application/x-www-form-urlencoded: also + for space */
extern const hsn_escape hsn_escape_form;
/* HTML character references, decimal, hex, common named ones */
extern const hsn_escape hsn_escape_entity;

/* RFC 2045 section 6.7: also soft line breaks, which are nothing */
extern const hsn_escape hsn_escape_quoted;
/* RFC 2047 section 4.2, the inside of =?charset?Q?...?= and of what joins several of them */
extern const hsn_escape hsn_escape_word;
/* "" for " within a quoted cell, RFC 4180 section 2 */
extern const hsn_escape hsn_escape_cell;

/* "+" of a script between the two quotes of string literals, which is nothing: "ab" + "cd" */
extern const hsn_escape hsn_escape_joint;
/* Of the literal whose closing quote is s[at]: where the last of those put to it is closed; `at`
 * for none. */
size_t hsn_joint_end(hsn_str s, size_t at);

/* Length of the =?charset?Q? at s[at], 0 when there is none. */
size_t hsn_encoded_word_at(hsn_str s, size_t at);

/* Decodes all of `src`. False when `out` failed (ceiling or memory). */
HSN_MUST_USE bool hsn_peel_escape(const hsn_escape *e, hsn_str src, hsn_buf *out);

/* Where the decoded text is in its source, every so often: places that split no escape. With them
 * edits find their way back without a walk over everything before. */
typedef struct hsn_mark {
    size_t src;
    size_t plain;
} hsn_mark;

enum { HSN_MARKS = 4096 };

typedef struct hsn_marks {
    size_t n;
    hsn_mark at[HSN_MARKS]; /* in order */
} hsn_marks;

/* The same, of a JSON string, into an empty `out`; notes marks. NULL = none. */
HSN_MUST_USE bool hsn_peel_json(hsn_str src, hsn_buf *out, hsn_marks *marks);

/*
 * Carries edits of the decoded text back to `src`: edits[i].off/len become source positions (an
 * edit that begins or ends inside an escape takes the whole escape) and .with is spelled for the
 * layer, in memory of `mem` unless that leaves it as it is. A broken escape right before an edit,
 * which the new text could complete, is spelled anew as part of the edit. In place, one walk over
 * src whatever the number of edits. False without memory, then the edits are of no use.
 */
HSN_MUST_USE bool hsn_peel_lift(const hsn_escape *e, hsn_str src, hsn_edit *edits, size_t n,
                                hsn_arena *mem);
/* The same with the marks that hsn_peel_json noted of `src`; NULL = none. */
HSN_MUST_USE bool hsn_peel_lift_json(hsn_str src, const hsn_marks *marks, hsn_edit *edits, size_t n,
                                     hsn_arena *mem);

/* Adds `text` with the edits made. */
void hsn_peel_splice(hsn_buf *out, hsn_str text, const hsn_edit *edits, size_t n);

/* ---------------------------------------------------------------- base64 (RFC 4648) */

/* How a base64 text is spelled, so that encoding gives back the same spelling. */
typedef struct hsn_base64 {
    bool url;       /* "-_" in place of "+/" (section 5) */
    bool padded;    /* "=" at the end */
    size_t line;    /* characters a line when broken into lines, 0 = one line */
    hsn_str eol;    /* between lines, with what indents the next: static, or borrowed of the text */
    bool final_eol; /* a line end after the last line */
    unsigned char slack; /* the bits of the last character that carry no data; 0 where canonical */
    unsigned char stray; /* a last character behind whole groups, of a text cut there; 0 = none */
    bool either;    /* the text had none of the four signs and no padding: `url` is a guess */
} hsn_base64;

/* Decodes the whole of src, line breaks included, both alphabets (not mixed). False when src is not
 * base64 (wrong character, data after padding) or out failed. */
HSN_MUST_USE bool hsn_base64_decode(hsn_str src, hsn_base64 *how, hsn_buf *out);
/* Decodes at most `max` bytes of a prefix without checking the rest; returns the count. For
 * sniffing. */
size_t hsn_base64_peek(hsn_str src, unsigned char *out, size_t max);
/* Is there, among the first `max` bytes of whole groups, a control character that no text has?
 * `first` gets the first three then. What an identifier decodes to has one soon. */
bool hsn_base64_is_noise(hsn_str src, size_t max, unsigned char first[3]);
void hsn_base64_encode(hsn_buf *out, hsn_str plain, const hsn_base64 *how);

/* ---------------------------------------------------------------- hexadecimal (RFC 4648) */

/* Decodes pairs of digits up to what is none; returns the bytes. `out` has room for src.n / 2. */
size_t hsn_hex_peek(hsn_str src, unsigned char *out);
/* Decodes all of src; false when that is not pairs of digits in one case, or out failed. */
HSN_MUST_USE bool hsn_hex_decode(hsn_str src, bool *upper, hsn_buf *out);
void hsn_hex_encode(hsn_buf *out, hsn_str plain, bool upper);

/* Escapes of a sign and two digits: %41, =41. */

/* The byte that such an escape at s[at] spells; the bytes it takes, 0 where it is none. */
size_t hsn_hex_step(hsn_str s, size_t at, unsigned char *out, size_t *n_out);
/* Adds `plain`: as it is what `keeps` says, a space as `space` unless that is 0, the rest as
 * escapes with digits in upper case (RFC 3986 section 2.1, RFC 2045 section 6.7, rule 1). */
void hsn_hex_write(hsn_buf *out, hsn_str plain, unsigned char sign, unsigned char space,
                   bool (*keeps)(unsigned char c));

/* ---------------------------------------------------------------- base32 (RFC 4648) */

typedef struct hsn_base32 {
    bool lower;
    bool padded;
} hsn_base32;

/* Decodes at most `max` bytes of a prefix; returns the count. */
size_t hsn_base32_peek(hsn_str src, unsigned char *out, size_t max);
/* Decodes all of src, with or without padding, in one case; false when it is something else, or
 * bits are left over that are not 0, or out failed. */
HSN_MUST_USE bool hsn_base32_decode(hsn_str src, hsn_base32 *how, hsn_buf *out);
void hsn_base32_encode(hsn_buf *out, hsn_str plain, const hsn_base32 *how);

/* ---------------------------------------------------------------- ISO 8859-1 */

/* Could a text be compressed data or UTF-16, each byte as the character of its number? */
bool hsn_latin1_sniff(hsn_str s);
/* UTF-8 to the bytes. False when a character is none of them, or out failed. */
HSN_MUST_USE bool hsn_latin1_decode(hsn_str src, hsn_buf *out);
void hsn_latin1_encode(hsn_buf *out, hsn_str bytes);

/* ---------------------------------------------------------------- deflate family (zlib) */

typedef enum hsn_deflate { HSN_GZIP, HSN_ZLIB, HSN_RAW_DEFLATE } hsn_deflate;

/* By magic: gzip (RFC 1952), zlib (RFC 1950). Raw deflate (RFC 1951) has none. */
bool hsn_deflate_sniff(hsn_str src, hsn_deflate *how);

typedef enum hsn_inflate { HSN_INFLATE_OK, HSN_INFLATE_NOT, HSN_INFLATE_LIMIT } hsn_inflate;

/* Where a stream ends in its source, which need not be one complete stream and nothing else. */
typedef struct hsn_stream_end {
    size_t took; /* source bytes of it; of gzip, of all members (RFC 1952 section 2.2) */
    bool open;   /* the source ends first: it was cut, or is to go on (RFC 7692 section 7.2.1) */
} hsn_stream_end;

/* Inflates the stream that src begins with, as far as it is there. NOT: it has a mistake. LIMIT:
 * more than out's ceiling, or out failed, or over 1,000 times the source plus 64 KiB (a bomb). */
HSN_MUST_USE hsn_inflate hsn_inflate_some(hsn_str src, hsn_deflate how, hsn_stream_end *end,
                                          hsn_buf *out);
/* Deflates at zlib's default level; gzip header without time and name. False when out failed. */
HSN_MUST_USE bool hsn_deflate_all(hsn_str plain, hsn_deflate how, hsn_buf *out);
/* The same of a stream that stays open: all of plain can be read from it, and it does not end. */
HSN_MUST_USE bool hsn_deflate_open(hsn_str plain, hsn_deflate how, hsn_buf *out);

/* ---------------------------------------------------------------- UTF-16, UTF-32 */

typedef struct hsn_utf16 {
    bool wide; /* UTF-32 */
    bool big_endian;
    bool bom;
} hsn_utf16;

/* By BOM, or by the zero bytes of ASCII text (at least 8 units, 4 of
 * UTF-32, all of the first 64 below 0x80). */
bool hsn_utf16_sniff(hsn_str src, hsn_utf16 *how);
/* To UTF-8 without BOM; a lone surrogate becomes its 3 bytes. False on a length that is no multiple
 * of a unit's, a number beyond Unicode, or when out failed. */
HSN_MUST_USE bool hsn_utf16_decode(hsn_str src, const hsn_utf16 *how, hsn_buf *out);
void hsn_utf16_encode(hsn_buf *out, hsn_str utf8, const hsn_utf16 *how);

/* Adds the UTF-8 of a code point; a surrogate gets its 3 generalised bytes. */
size_t hsn_utf8_put(unsigned char *out, uint32_t cp);

#endif
