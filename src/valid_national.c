/*
 * Identity, tax, health and social-security numbers of countries, by their check digits or, where
 * there are none, by the ranges that are issued.
 *
 * For values under a name that says what they are: a check digit alone proves little in free text.
 * Each check takes the number with or without its usual separators. To add one: write it in the
 * file of its continent, add one line to the table there. Sources are the issuing offices'
 * descriptions.
 */
#include "valid_national.h"

bool hsn_id_read(hsn_str s, size_t min, size_t max, hsn_id *id)
{
    id->n = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = s.p[i];
        if (c == ' ' || c == '-' || c == '.' || c == '/') {
            continue;
        }
        if (!hsn_is_alnum(c) || id->n == max) {
            return false;
        }
        id->c[id->n++] = hsn_is_digit(c) ? c : (unsigned char)(c & ~0x20);
    }
    return id->n >= min;
}

bool hsn_id_all_digits(const hsn_id *id, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!hsn_is_digit(id->c[i])) {
            return false;
        }
    }
    return true;
}

bool hsn_id_all_letters(const hsn_id *id, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!hsn_is_alpha(id->c[i])) {
            return false;
        }
    }
    return true;
}

bool hsn_id_read_digits(hsn_str s, size_t min, size_t max, hsn_id *id)
{
    return hsn_id_read(s, min, max, id) && hsn_id_all_digits(id, 0, id->n);
}

uint64_t hsn_id_number(const hsn_id *id, size_t from, size_t to)
{
    uint64_t v = 0;
    for (size_t i = from; i < to; i++) {
        v = v * 10 + (uint64_t)hsn_id_digit(id, i);
    }
    return v;
}

bool hsn_id_all_same(const hsn_id *id)
{
    for (size_t i = 1; i < id->n; i++) {
        if (id->c[i] != id->c[0]) {
            return false;
        }
    }
    return true;
}

bool hsn_id_luhn(const hsn_id *id, size_t from, size_t to)
{
    return hsn_valid_luhn(hsn_str_of(id->c + from, to - from));
}

int hsn_id_weigh(const hsn_id *id, size_t from, const signed char *weights, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += hsn_id_digit(id, from + i) * weights[i];
    }
    return sum;
}

bool hsn_id_is_date(uint64_t day, uint64_t month)
{
    static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

hsn_check hsn_check_national(hsn_str name)
{
    static const hsn_named_check *const tables[] = {hsn_ids_america, hsn_ids_asia, hsn_ids_europe};
    hsn_check check = NULL;
    for (size_t i = 0; i < HSN_COUNT(tables) && check == NULL; i++) {
        check = hsn_check_find(tables[i], name);
    }
    return check;
}
