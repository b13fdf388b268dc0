/*
 * National numbers of the Americas, as their offices describe them (valid_national.h).
 */
#include "valid_national.h"

/* ---------------------------------------------------------------- North America */

/* SSA: areas 000, 666 and 9xx, group 00 and serial 0000 were never issued. No check digit. */
static bool us_ssn(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 9, 9, &id)) {
        return false;
    }
    uint64_t area = hsn_id_number(&id, 0, 3);
    return area != 0 && area != 666 && area < 900 && hsn_id_number(&id, 3, 5) != 0 &&
           hsn_id_number(&id, 5, 9) != 0;
}

/* IRS: 9xx with groups 50-65, 70-88, 90-92, 94-99. No check digit. */
static bool us_itin(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 9, 9, &id) || id.c[0] != '9') {
        return false;
    }
    uint64_t group = hsn_id_number(&id, 3, 5);
    return group >= 50 && group != 89 && group != 93 && (group <= 65 || group >= 70);
}

/* IRS campus prefixes; these are not assigned. No check digit. */
static bool us_ein(hsn_str s)
{
    static const unsigned char unassigned[] = {0,  7,  8,  9,  17, 18, 19, 28, 29,
                                               49, 69, 70, 78, 79, 89, 96, 97};
    hsn_id id;
    if (!hsn_id_read_digits(s, 9, 9, &id)) {
        return false;
    }
    return memchr(unassigned, (int)hsn_id_number(&id, 0, 2), sizeof unassigned) == NULL;
}

/* ABA routing number: Federal Reserve districts, then weights 3-7-1. */
static bool us_aba(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 9, 9, &id)) {
        return false;
    }
    uint64_t d = hsn_id_number(&id, 0, 2);
    bool district = d <= 12 || (d >= 21 && d <= 32) || (d >= 61 && d <= 72) || d == 80;
    return district && !hsn_id_all_same(&id) &&
           HSN_WEIGH(&id, 0, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;
}

/* CMS provider number: Luhn over 80840 and the ten digits. */
static bool us_npi(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 10, 10, &id) || (id.c[0] != '1' && id.c[0] != '2')) {
        return false;
    }
    unsigned char card[15] = {'8', '0', '8', '4', '0'};
    memcpy(card + 5, id.c, 10);
    return hsn_valid_luhn(hsn_str_of(card, sizeof card));
}

/* CMS Medicare number: positions are n (digit), a (letter but S L O I B Z), x (either). */
static bool us_mbi(hsn_str s)
{
    static const char shape[] = "naxnaxnaann";
    hsn_id id;
    if (!hsn_id_read(s, 11, 11, &id) || id.c[0] == '0') {
        return false;
    }
    for (size_t i = 0; i < id.n; i++) {
        bool letter = hsn_is_alpha(id.c[i]);
        if ((shape[i] == 'n' && letter) || (shape[i] == 'a' && !letter) ||
            hsn_is_one_of(id.c[i], "SLOIBZ")) {
            return false;
        }
    }
    return true;
}

static bool ca_sin(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 9, 9, &id) && id.c[0] != '0' && id.c[0] != '8' &&
           hsn_id_luhn(&id, 0, 9);
}

/* RENAPO: letters count by their place in the Spanish alphabet, which has one more after N. */
static bool mx_curp(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read(s, 18, 18, &id) || !hsn_id_all_letters(&id, 0, 4) ||
        !hsn_id_all_digits(&id, 4, 10) || !hsn_id_all_letters(&id, 10, 16) ||
        !hsn_id_all_digits(&id, 17, 18) ||
        !hsn_id_is_date(hsn_id_number(&id, 8, 10), hsn_id_number(&id, 6, 8))) {
        return false;
    }
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        unsigned char c = id.c[i];
        int value = hsn_is_digit(c) ? c - '0' : c - 'A' + 10 + (c > 'N');
        sum += value * (18 - i);
    }
    return (10 - sum % 10) % 10 == hsn_id_digit(&id, 17);
}

/* ---------------------------------------------------------------- South America */

/* The check digit at `at` over the characters before it: weights 2 to `top`, from the right, over
 * and over; characters count by their distance from '0' (so the CNPJ with letters, from 2026). */
static bool br_digit_fits(const hsn_id *id, size_t at, int top)
{
    int sum = 0;
    int weight = 2;
    for (size_t i = at; i > 0; i--) {
        sum += hsn_id_digit(id, i - 1) * weight;
        weight = weight == top ? 2 : weight + 1;
    }
    int check = 11 - sum % 11;
    return (check > 9 ? 0 : check) == hsn_id_digit(id, at);
}

static bool br_cpf(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 11, 11, &id) && !hsn_id_all_same(&id) &&
           br_digit_fits(&id, 9, 11) && br_digit_fits(&id, 10, 11);
}

static bool br_cnpj(hsn_str s)
{
    hsn_id id;
    return hsn_id_read(s, 14, 14, &id) && hsn_id_all_digits(&id, 12, 14) && !hsn_id_all_same(&id) &&
           br_digit_fits(&id, 12, 9) && br_digit_fits(&id, 13, 9);
}

static bool ar_cuit(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 11, 11, &id) && !hsn_id_all_same(&id) &&
           "012345678990"[11 - HSN_WEIGH(&id, 0, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11] == id.c[10];
}

static bool cl_rut(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read(s, 8, 9, &id) || !hsn_id_all_digits(&id, 0, id.n - 1)) {
        return false;
    }
    int sum = 0;
    int weight = 2;
    for (size_t i = id.n - 1; i > 0; i--) {
        sum += hsn_id_digit(&id, i - 1) * weight;
        weight = weight == 7 ? 2 : weight + 1;
    }
    return "0K987654321"[sum % 11] == id.c[id.n - 1];
}

/* ---------------------------------------------------------------- table */

const hsn_named_check hsn_ids_america[] = {
    {"ar-cuit", ar_cuit}, {"br-cnpj", br_cnpj}, {"br-cpf", br_cpf}, {"ca-sin", ca_sin},
    {"cl-rut", cl_rut},   {"mx-curp", mx_curp}, {"us-aba", us_aba}, {"us-ein", us_ein},
    {"us-itin", us_itin}, {"us-mbi", us_mbi},   {"us-npi", us_npi}, {"us-ssn", us_ssn},
    {NULL, NULL},
};
