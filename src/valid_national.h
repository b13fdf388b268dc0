/*
 * What the checks of national numbers share (valid_national_*.c): reading an id, and the sums that
 * check digits are made of. Positions count from 0, in the id without its separators.
 */
#ifndef HSN_VALID_NATIONAL_H
#define HSN_VALID_NATIONAL_H

#include "valid.h"

enum { HSN_ID_MAX = 18 };

/* The letters and digits of an id, letters in upper case. */
typedef struct hsn_id {
    unsigned char c[HSN_ID_MAX];
    size_t n;
} hsn_id;

/* False for bytes other than letters, digits and the usual separators, or a wrong length. */
bool hsn_id_read(hsn_str s, size_t min, size_t max, hsn_id *id);
bool hsn_id_read_digits(hsn_str s, size_t min, size_t max, hsn_id *id); /* digits only */

bool hsn_id_all_digits(const hsn_id *id, size_t from, size_t to);
bool hsn_id_all_letters(const hsn_id *id, size_t from, size_t to);
bool hsn_id_all_same(const hsn_id *id);

static inline int hsn_id_digit(const hsn_id *id, size_t i)
{
    return id->c[i] - '0';
}

uint64_t hsn_id_number(const hsn_id *id, size_t from, size_t to); /* that these digits spell */
bool hsn_id_is_date(uint64_t day, uint64_t month);                /* a day that some year has */
bool hsn_id_luhn(const hsn_id *id, size_t from, size_t to);

/* Sum of digit times weight from digit `from` on, one digit for each of the n weights. */
int hsn_id_weigh(const hsn_id *id, size_t from, const signed char *weights, size_t n);
#define HSN_WEIGH(id, from, ...)                                                                   \
    hsn_id_weigh((id), (from), (const signed char[]){__VA_ARGS__},                                 \
                 sizeof((const signed char[]){__VA_ARGS__}))

extern const hsn_named_check hsn_ids_america[];
extern const hsn_named_check hsn_ids_asia[];
extern const hsn_named_check hsn_ids_europe[];

#endif
