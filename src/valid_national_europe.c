/*
 * National numbers of Europe and the Near East, as their offices describe them (valid_national.h).
 */
#include "valid_national.h"

/* ---------------------------------------------------------------- Britain and Ireland */

/* HMRC NIM39110: letters and prefixes that are never given. No check digit. */
static bool gb_nino(hsn_str s)
{
    static const char barred[][3] = {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"};
    hsn_id id;
    if (!hsn_id_read(s, 9, 9, &id) || !hsn_id_all_letters(&id, 0, 2) ||
        !hsn_id_all_digits(&id, 2, 8) || !hsn_is_one_of(id.c[8], "ABCD") ||
        hsn_is_one_of(id.c[0], "DFIQUV") || hsn_is_one_of(id.c[1], "DFIOQUV")) {
        return false;
    }
    for (size_t i = 0; i < HSN_COUNT(barred); i++) {
        if (memcmp(id.c, barred[i], 2) == 0) {
            return false;
        }
    }
    return true;
}

static bool gb_nhs(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 10, 10, &id) || hsn_id_all_same(&id)) {
        return false;
    }
    return (11 - HSN_WEIGH(&id, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 == hsn_id_digit(&id, 9);
}

static bool gb_utr(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 10, 10, &id) &&
           "21987654321"[HSN_WEIGH(&id, 1, 6, 7, 8, 9, 10, 5, 4, 3, 2) % 11] == id.c[0];
}

/* Seven digits, a check letter, and a second letter (W counts nothing) since 1966. */
static bool ie_pps(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read(s, 8, 9, &id) || !hsn_id_all_digits(&id, 0, 7) ||
        !hsn_id_all_letters(&id, 7, id.n)) {
        return false;
    }
    int sum = HSN_WEIGH(&id, 0, 8, 7, 6, 5, 4, 3, 2);
    if (id.n == 9 && id.c[8] != 'W') {
        sum += 9 * (id.c[8] - 'A' + 1);
    }
    return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == id.c[7];
}

/* ---------------------------------------------------------------- western Europe */

/* INSEE: 97 minus the rest of 97; the two departments of Corsica count as 19 and 18. */
static bool fr_nir(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read(s, 15, 15, &id)) {
        return false;
    }
    if (id.c[5] == '2' && (id.c[6] == 'A' || id.c[6] == 'B')) {
        id.c[5] = '1';
        id.c[6] = id.c[6] == 'A' ? '9' : '8';
    }
    if (!hsn_id_all_digits(&id, 0, 15) || id.c[0] == '0' || id.c[0] == '9') {
        return false;
    }
    return 97 - hsn_id_number(&id, 0, 13) % 97 == hsn_id_number(&id, 13, 15);
}

/* BZSt: of the first ten digits one stands twice or three times, the others at most once. */
static bool de_repeats_fit(const hsn_id *id)
{
    int count[10] = {0};
    int repeated = 0;
    for (size_t i = 0; i < 10; i++) {
        count[hsn_id_digit(id, i)]++;
    }
    for (size_t i = 0; i < 10; i++) {
        if (count[i] > 3) {
            return false;
        }
        repeated += count[i] > 1;
    }
    return repeated == 1;
}

/* ISO 7064 MOD 11,10. */
static bool de_idnr(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 11, 11, &id) || id.c[0] == '0' || !de_repeats_fit(&id)) {
        return false;
    }
    int product = 10;
    for (size_t i = 0; i < 10; i++) {
        int sum = (hsn_id_digit(&id, i) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == hsn_id_digit(&id, 10);
}

static bool es_letter_fits(const hsn_id *id)
{
    return "TRWAGMYFPDXBNJZSQVHLCKE"[hsn_id_number(id, 0, 8) % 23] == id->c[8];
}

static bool es_dni(hsn_str s)
{
    hsn_id id;
    return hsn_id_read(s, 9, 9, &id) && hsn_id_all_digits(&id, 0, 8) && es_letter_fits(&id);
}

/* As the DNI, with X, Y, Z standing for 0, 1, 2. */
static bool es_nie(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read(s, 9, 9, &id) || !hsn_is_one_of(id.c[0], "XYZ") ||
        !hsn_id_all_digits(&id, 1, 8)) {
        return false;
    }
    id.c[0] = (unsigned char)('0' + id.c[0] - 'X');
    return es_letter_fits(&id);
}

/* D.M. 23/12/1976: characters at odd places (from 1) count by this table, digits as A to J. */
static bool it_cf(hsn_str s)
{
    static const unsigned char odd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                          20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    hsn_id id;
    if (!hsn_id_read(s, 16, 16, &id) || !hsn_id_all_letters(&id, 0, 6) ||
        !hsn_id_all_letters(&id, 15, 16)) {
        return false;
    }
    int sum = 0;
    for (size_t i = 0; i < 15; i++) {
        int value = hsn_is_digit(id.c[i]) ? hsn_id_digit(&id, i) : id.c[i] - 'A';
        sum += i % 2 == 0 ? odd[value] : value;
    }
    return sum % 26 == id.c[15] - 'A';
}

/* The "11 test"; numbers of eight digits have lost their leading zero. */
static bool nl_bsn(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 8, 9, &id) || hsn_id_number(&id, 0, id.n) == 0) {
        return false;
    }
    int sum = id.n == 9 ? HSN_WEIGH(&id, 0, 9, 8, 7, 6, 5, 4, 3, 2, -1)
                        : HSN_WEIGH(&id, 0, 8, 7, 6, 5, 4, 3, 2, -1);
    return sum % 11 == 0;
}

/* Births since 2000 are checked with a 2 in front. Non-residents have month + 20 or + 40. */
static bool be_nn(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 11, 11, &id) || hsn_id_number(&id, 2, 4) % 20 > 12) {
        return false;
    }
    uint64_t body = hsn_id_number(&id, 0, 9);
    uint64_t check = hsn_id_number(&id, 9, 11);
    return 97 - body % 97 == check || 97 - (2000000000 + body) % 97 == check;
}

static bool ean13_fits(const hsn_id *id)
{
    return HSN_WEIGH(id, 0, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0;
}

/* EAN-13 with the country code of Switzerland. */
static bool ch_ahv(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 13, 13, &id) && hsn_id_number(&id, 0, 3) == 756 && ean13_fits(&id);
}

/* The check digit is the fourth. */
static bool at_vnr(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 10, 10, &id) && id.c[0] != '0' &&
           HSN_WEIGH(&id, 0, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) % 11 == hsn_id_digit(&id, 3);
}

static bool pt_nif(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 9, 9, &id) && id.c[0] != '0' &&
           (11 - HSN_WEIGH(&id, 0, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10 == hsn_id_digit(&id, 8);
}

/* ---------------------------------------------------------------- northern Europe */

/* YYMMDD (or YYYYMMDD), day + 60 for coordination numbers, then Luhn. A + marks over 100 years. */
static bool se_pnr(hsn_str s)
{
    hsn_id id;
    unsigned char plain[16];
    if (s.n > sizeof plain) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        plain[i] = s.p[i] == '+' ? '-' : s.p[i];
    }
    if (!hsn_id_read_digits(hsn_str_of(plain, s.n), 10, 12, &id) || id.n == 11) {
        return false;
    }
    size_t from = id.n - 10;
    uint64_t day = hsn_id_number(&id, from + 4, from + 6);
    return hsn_id_is_date(day > 60 ? day - 60 : day, hsn_id_number(&id, from + 2, from + 4)) &&
           hsn_id_luhn(&id, from, id.n);
}

/* DDMMYY, day + 40 for D numbers; two check digits. */
static bool no_fnr(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 11, 11, &id)) {
        return false;
    }
    uint64_t day = hsn_id_number(&id, 0, 2);
    return hsn_id_is_date(day > 40 ? day - 40 : day, hsn_id_number(&id, 2, 4)) &&
           HSN_WEIGH(&id, 0, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0 &&
           HSN_WEIGH(&id, 0, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}

/* DDMMYY. The check digit was given up in 2007: only the date remains. */
static bool dk_cpr(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 10, 10, &id) &&
           hsn_id_is_date(hsn_id_number(&id, 0, 2), hsn_id_number(&id, 2, 4));
}

/* DDMMYY, a sign for the century (which is part of the id), three digits, check character. */
static bool fi_hetu(hsn_str s)
{
    enum { SIGN = 6 };
    hsn_id id = {.n = 0};
    if (s.n != 11 || !hsn_is_one_of(s.p[SIGN], "+-ABCDEFUVWXY") ||
        !hsn_id_read(hsn_str_cut(s, 0, SIGN), SIGN, SIGN, &id)) {
        return false;
    }
    for (size_t i = SIGN + 1; i < s.n; i++) {
        id.c[id.n++] = s.p[i];
    }
    if (!hsn_id_all_digits(&id, 0, 9) ||
        !hsn_id_is_date(hsn_id_number(&id, 0, 2), hsn_id_number(&id, 2, 4))) {
        return false;
    }
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[hsn_id_number(&id, 0, 9) % 31] == id.c[9];
}

/* ---------------------------------------------------------------- eastern Europe, Near East */

static bool pl_pesel(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 11, 11, &id) &&
           hsn_id_is_date(hsn_id_number(&id, 4, 6),
                          hsn_id_number(&id, 2, 4) % 20) && /* month + 20 a century */
           HSN_WEIGH(&id, 0, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
}

static bool ro_cnp(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 13, 13, &id) || id.c[0] == '0' ||
        !hsn_id_is_date(hsn_id_number(&id, 5, 7), hsn_id_number(&id, 3, 5))) {
        return false;
    }
    int check = HSN_WEIGH(&id, 0, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
    return (check == 10 ? 1 : check) == hsn_id_digit(&id, 12);
}

/* Month + 50 for women, + 20 when a day ran out of numbers. Until 1953 nine digits, unchecked. */
static bool cz_rc(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 9, 10, &id)) {
        return false;
    }
    uint64_t month = hsn_id_number(&id, 2, 4) % 50;
    if (!hsn_id_is_date(hsn_id_number(&id, 4, 6), month > 20 ? month - 20 : month)) {
        return false;
    }
    if (id.n == 9) {
        return hsn_id_number(&id, 0, 2) < 54;
    }
    /* Until 1985 a rest of 10 was written as 0. */
    return hsn_id_number(&id, 0, 10) % 11 == 0 ||
           (hsn_id_number(&id, 0, 9) % 11 == 10 && id.c[9] == '0');
}

static bool tr_tckn(hsn_str s)
{
    hsn_id id;
    if (!hsn_id_read_digits(s, 11, 11, &id) || id.c[0] == '0') {
        return false;
    }
    int tenth = HSN_WEIGH(&id, 0, 7, -1, 7, -1, 7, -1, 7, -1, 7) % 10;
    return (tenth + 10) % 10 == hsn_id_digit(&id, 9) &&
           HSN_WEIGH(&id, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) % 10 == hsn_id_digit(&id, 10);
}

/* Leading zeros are often left out; Luhn does not mind. */
static bool il_id(hsn_str s)
{
    hsn_id id;
    return hsn_id_read_digits(s, 7, 9, &id) && hsn_id_number(&id, 0, id.n) != 0 &&
           hsn_id_luhn(&id, 0, id.n);
}

/* ---------------------------------------------------------------- table */

const hsn_named_check hsn_ids_europe[] = {
    {"at-vnr", at_vnr},   {"be-nn", be_nn},   {"ch-ahv", ch_ahv},     {"cz-rc", cz_rc},
    {"de-idnr", de_idnr}, {"dk-cpr", dk_cpr}, {"es-dni", es_dni},     {"es-nie", es_nie},
    {"fi-hetu", fi_hetu}, {"fr-nir", fr_nir}, {"gb-nhs", gb_nhs},     {"gb-nino", gb_nino},
    {"gb-utr", gb_utr},   {"ie-pps", ie_pps}, {"il-id", il_id},       {"it-cf", it_cf},
    {"nl-bsn", nl_bsn},   {"no-fnr", no_fnr}, {"pl-pesel", pl_pesel}, {"pt-nif", pt_nif},
    {"ro-cnp", ro_cnp},   {"se-pnr", se_pnr}, {"tr-tckn", tr_tckn},   {NULL, NULL},
};
