/*
 * Private to the valid family: what phone numbers are made of and measured by.
 *
 *   valid_phone.c        in free text and under a name; those of North America, those in brackets
 *   valid_phone_world.c  international ones
 *   valid_phone_piece.c  digits, separators, extensions
 *   valid_phone_plan.c   calling codes and lengths
 */
#ifndef HSN_VALID_PHONE_H
#define HSN_VALID_PHONE_H

#include "valid.h"

typedef struct hsn_phone_plan {
    uint16_t code;     /* the calling code, without + */
    unsigned char min; /* digits behind it */
    unsigned char max;
} hsn_phone_plan;

/* The plan whose calling code begins s, NULL for none; *code_len gets the digits of the code. */
const hsn_phone_plan *hsn_phone_plan_at(hsn_str s, size_t *code_len);

/* The North American Numbering Plan: area and exchange code have three digits, the first of them 2
 * to 9; no area is one of the services 211 to 911. */
enum { HSN_NANP_CODE = 1 };

static inline bool hsn_nanp_is_area(const unsigned char *p)
{
    return p[0] >= '2' && p[0] <= '9' && !(p[1] == '1' && p[2] == '1');
}

static inline bool hsn_nanp_is_exchange(const unsigned char *p)
{
    return p[0] >= '2' && p[0] <= '9';
}

/* ---------------------------------------------------------------- pieces */

/* What may stand between two groups; kinds are not mixed where that would let other text in. */
typedef enum hsn_separator {
    HSN_SEP_NONE,
    HSN_SEP_SPACE,
    HSN_SEP_HYPHEN,
    HSN_SEP_DOT,
    HSN_SEP_SLASH
} hsn_separator;

/* Does this byte join what stands beside it to one word? */
static inline bool hsn_phone_joins(unsigned char c)
{
    return hsn_is_alnum(c) || c == '_';
}

/* Bytes of one space, of one hyphen, of one separator at s[at]; 0 for none. Of a separator, which
 * may be a hyphen or slash with a space on either side, *kind tells what it is. */
size_t hsn_phone_space(hsn_str s, size_t at);
size_t hsn_phone_hyphen(hsn_str s, size_t at);
size_t hsn_phone_separator(hsn_str s, size_t at, hsn_separator *kind);
/* Digits from s[at] on. */
size_t hsn_phone_digits(hsn_str s, size_t at);
/* Bytes of the extension that follows a number which ends at s[at]; 0 for none. */
size_t hsn_phone_extension(hsn_str s, size_t at);
/* The end of a number at `end` with its extension, 0 when it cannot end there. */
size_t hsn_phone_finish(hsn_str s, size_t end);

/* ---------------------------------------------------------------- international */

/* The end of the number at whose + or (+ the text begins, 0 for none; `before` is the byte before
 * s, 0 at the start of the text. */
size_t hsn_phone_plus(hsn_str s, unsigned char before);
/* The same of one behind an international prefix (00, 011) of so many digits. */
size_t hsn_phone_prefix(hsn_str s, size_t prefix);
/* Is it such a number and nothing else? */
bool hsn_phone_is_international(hsn_str s);

#endif
