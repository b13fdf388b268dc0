/*
 * National numbers of Asia, Australia and Africa, as their offices describe them
 * (valid_national.h).
 */
#include "valid_national.h"

/* ---------------------------------------------------------------- Asia */

/* One step of the Verhoeff scheme: product in the dihedral group of order 10. */
static int dihedral(int a, int b)
{
    if (a < 5) {
        return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    }
    return b < 5 ? 5 + (a - b) % 5 : (5 + a - b) % 5;
}

static bool verhoeff_fits(const hsn_id *id)
{
    static const unsigned char permuted[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    int check = 0;
    for (size_t i = 0; i < id->n; i++) {
        int d = hsn_id_digit(id, id->n - 1 - i);
        for (size_t round = 0; round < i % 8; round++) {
            d = permuted[d];
        }
        check = dihedral(check, d);
    }
    return check == 0;
}

static bool in_aadhaar(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 12, 12, &id) || id.c[0] < '2') {
        return false;
    }
    bool palindrome = true;
    for (size_t i = 0; i < 6; i++) {
        palindrome = palindrome && id.c[i] == id.c[11 - i];
    }
    return !palindrome && verhoeff_fits(&id);
}

/* Fourth letter: kind of holder. The check letter's formula is not published. */
static bool in_pan(hsn_str s)
{
    hsn_id id;
    return hsn_id_read(s, 10, 10, &id) && hsn_id_all_letters(&id, 0, 5) &&
           hsn_id_all_digits(&id, 5, 9) && hsn_id_all_letters(&id, 9, 10) &&
           hsn_is_one_of(id.c[3], "ABCFGHJKLPT") && hsn_id_number(&id, 5, 9) != 0;
}

/* GB 11643: ISO 7064 MOD 11-2 over region, birth date and order. */
static bool cn_ric(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read(s, 18, 18, &id) || !hsn_id_all_digits(&id, 0, 17) ||
        !hsn_id_is_date(hsn_id_number(&id, 12, 14), hsn_id_number(&id, 10, 12))) {
        return false;
    }
    int sum = HSN_WEIGH(&id, 0, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
    return "10X98765432"[sum % 11] == id.c[17];
}

/* Ministry of Internal Affairs ordinance 85 of 2014, article 5. */
static bool jp_mynumber(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 12, 12, &id)) {
        return false;
    }
    int rest = HSN_WEIGH(&id, 0, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
    return (rest <= 1 ? 0 : 11 - rest) == hsn_id_digit(&id, 11);
}

/* Since October 2020 the last six digits are random: births from 2020 on have no check digit. */
static bool kr_rrn(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 13, 13, &id) ||
        !hsn_id_is_date(hsn_id_number(&id, 4, 6), hsn_id_number(&id, 2, 4))) {
        return false;
    }
    bool after_2000 = hsn_is_one_of(id.c[6], "3478");
    if (after_2000 && hsn_id_number(&id, 0, 2) >= 20) {
        return true;
    }
    return (11 - HSN_WEIGH(&id, 0, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5) % 11) % 10 ==
           hsn_id_digit(&id, 12);
}

/* Series S and T are citizens, F, G and M (from 2022) others; the later ones start at an offset. */
static bool sg_nric(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read(s, 9, 9, &id) || !hsn_id_all_digits(&id, 1, 8)) {
        return false;
    }
    int sum = HSN_WEIGH(&id, 1, 2, 7, 6, 5, 4, 3, 2);
    switch (id.c[0]) {
    case 'S':
        return "JZIHGFEDCBA"[sum % 11] == id.c[8];
    case 'T':
        return "JZIHGFEDCBA"[(sum + 4) % 11] == id.c[8];
    case 'F':
        return "XWUTRQPNMLK"[sum % 11] == id.c[8];
    case 'G':
        return "XWUTRQPNMLK"[(sum + 4) % 11] == id.c[8];
    case 'M':
        return "XWUTRQPNJLK"[(sum + 3) % 11] == id.c[8];
    default:
        return false;
    }
}

/* ---------------------------------------------------------------- Australia, South Africa */

static bool au_tfn(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 8, 9, &id) || hsn_id_number(&id, 0, id.n) == 0) {
        return false;
    }
    int sum = id.n == 9 ? HSN_WEIGH(&id, 0, 1, 4, 3, 7, 5, 8, 6, 9, 10)
                        : HSN_WEIGH(&id, 0, 10, 7, 8, 4, 6, 3, 5, 1);
    return sum % 11 == 0;
}

/* YYMMDD SSSS, C (citizen, resident, refugee), A, Luhn. */
static bool za_id(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 13, 13, &id) &&
           hsn_id_is_date(hsn_id_number(&id, 4, 6), hsn_id_number(&id, 2, 4)) &&
           hsn_id_digit(&id, 10) <= 2 && hsn_id_luhn(&id, 0, 13);
}

/* ---------------------------------------------------------------- table */

const hsn_named_check hsn_ids_asia[] = {
    {"au-tfn", au_tfn},
    {"cn-ric", cn_ric},
    {"in-aadhaar", in_aadhaar},
    {"in-pan", in_pan},
    {"jp-mynumber", jp_mynumber},
    {"kr-rrn", kr_rrn},
    {"sg-nric", sg_nric},
    {"za-id", za_id},
    {NULL, NULL},
};
