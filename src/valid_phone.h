/*
 * Private to the valid family: what phone numbers are measured by.
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

#endif
