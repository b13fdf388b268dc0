/*
 * Identity, tax, health and social-security numbers of countries, by their check digits or, where
 * there are none, by the ranges that are issued.
 *
 * For values under a name that says what they are: a check digit alone proves little in free text.
 * Each check takes the number with or without its usual separators. To add one: write it, add one
 * line to `checks`. Sources are the issuing offices' descriptions.
 */
#include "valid.h"

/* ---------------------------------------------------------------- reading */

enum { ID_MAX = 18 };

/* The letters and digits of an id, letters in upper case. */
struct id {
    unsigned char c[ID_MAX];
    size_t n;
};

/* False for bytes other than letters, digits and the usual separators, or a wrong length. */
static bool read_id(hsn_str s, size_t min, size_t max, struct id *id)
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

static bool all_digits(const struct id *id, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!hsn_is_digit(id->c[i])) {
            return false;
        }
    }
    return true;
}

static bool all_letters(const struct id *id, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!hsn_is_alpha(id->c[i])) {
            return false;
        }
    }
    return true;
}

static bool read_digits(hsn_str s, size_t min, size_t max, struct id *id)
{
    return read_id(s, min, max, id) && all_digits(id, 0, id->n);
}

static int digit(const struct id *id, size_t i)
{
    return id->c[i] - '0';
}

/* The number that digits from..to spell. */
static uint64_t number(const struct id *id, size_t from, size_t to)
{
    uint64_t v = 0;
    for (size_t i = from; i < to; i++) {
        v = v * 10 + (uint64_t)digit(id, i);
    }
    return v;
}

static bool all_same(const struct id *id)
{
    for (size_t i = 1; i < id->n; i++) {
        if (id->c[i] != id->c[0]) {
            return false;
        }
    }
    return true;
}

static bool one_of(unsigned char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* ---------------------------------------------------------------- checking */

static bool luhn(const struct id *id, size_t from, size_t to)
{
    return hsn_valid_luhn(hsn_str_of(id->c + from, to - from));
}

/* Sum of digit times weight from digit `from` on, one digit for each of the n weights. */
static int weigh(const struct id *id, size_t from, const signed char *weights, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += digit(id, from + i) * weights[i];
    }
    return sum;
}
#define WEIGH(id, from, ...)                                                                       \
    weigh((id), (from), (const signed char[]){__VA_ARGS__},                                        \
          sizeof((const signed char[]){__VA_ARGS__}))

/* A day that some year has. */
static bool is_date(uint64_t day, uint64_t month)
{
    static const unsigned char days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/* ---------------------------------------------------------------- North America */

/* SSA: areas 000, 666 and 9xx, group 00 and serial 0000 were never issued. No check digit. */
static bool us_ssn(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 9, 9, &id)) {
        return false;
    }
    uint64_t area = number(&id, 0, 3);
    return area != 0 && area != 666 && area < 900 && number(&id, 3, 5) != 0 &&
           number(&id, 5, 9) != 0;
}

/* IRS: 9xx with groups 50-65, 70-88, 90-92, 94-99. No check digit. */
static bool us_itin(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 9, 9, &id) || id.c[0] != '9') {
        return false;
    }
    uint64_t group = number(&id, 3, 5);
    return group >= 50 && group != 89 && group != 93 && (group <= 65 || group >= 70);
}

/* IRS campus prefixes; these are not assigned. No check digit. */
static bool us_ein(hsn_str s)
{
    static const unsigned char unassigned[] = {0,  7,  8,  9,  17, 18, 19, 28, 29,
                                               49, 69, 70, 78, 79, 89, 96, 97};
    struct id id;
    if (!read_digits(s, 9, 9, &id)) {
        return false;
    }
    return memchr(unassigned, (int)number(&id, 0, 2), sizeof unassigned) == NULL;
}

/* ABA routing number: Federal Reserve districts, then weights 3-7-1. */
static bool us_aba(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 9, 9, &id)) {
        return false;
    }
    uint64_t d = number(&id, 0, 2);
    bool district = d <= 12 || (d >= 21 && d <= 32) || (d >= 61 && d <= 72) || d == 80;
    return district && !all_same(&id) && WEIGH(&id, 0, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;
}

/* CMS provider number: Luhn over 80840 and the ten digits. */
static bool us_npi(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 10, 10, &id) || (id.c[0] != '1' && id.c[0] != '2')) {
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
    struct id id;
    if (!read_id(s, 11, 11, &id) || id.c[0] == '0') {
        return false;
    }
    for (size_t i = 0; i < id.n; i++) {
        bool letter = hsn_is_alpha(id.c[i]);
        if ((shape[i] == 'n' && letter) || (shape[i] == 'a' && !letter) ||
            one_of(id.c[i], "SLOIBZ")) {
            return false;
        }
    }
    return true;
}

static bool ca_sin(hsn_str s)
{
    struct id id;
    return read_digits(s, 9, 9, &id) && id.c[0] != '0' && id.c[0] != '8' && luhn(&id, 0, 9);
}

/* RENAPO: letters count by their place in the Spanish alphabet, which has one more after N. */
static bool mx_curp(hsn_str s)
{
    struct id id;
    if (!read_id(s, 18, 18, &id) || !all_letters(&id, 0, 4) || !all_digits(&id, 4, 10) ||
        !all_letters(&id, 10, 16) || !all_digits(&id, 17, 18) ||
        !is_date(number(&id, 8, 10), number(&id, 6, 8))) {
        return false;
    }
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        unsigned char c = id.c[i];
        int value = hsn_is_digit(c) ? c - '0' : c - 'A' + 10 + (c > 'N');
        sum += value * (18 - i);
    }
    return (10 - sum % 10) % 10 == digit(&id, 17);
}

/* ---------------------------------------------------------------- Britain and Ireland */

/* HMRC NIM39110: letters and prefixes that are never given. No check digit. */
static bool gb_nino(hsn_str s)
{
    static const char barred[][3] = {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"};
    struct id id;
    if (!read_id(s, 9, 9, &id) || !all_letters(&id, 0, 2) || !all_digits(&id, 2, 8) ||
        !one_of(id.c[8], "ABCD") || one_of(id.c[0], "DFIQUV") || one_of(id.c[1], "DFIOQUV")) {
        return false;
    }
    for (size_t i = 0; i < sizeof barred / sizeof barred[0]; i++) {
        if (memcmp(id.c, barred[i], 2) == 0) {
            return false;
        }
    }
    return true;
}

static bool gb_nhs(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 10, 10, &id) || all_same(&id)) {
        return false;
    }
    return (11 - WEIGH(&id, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 == digit(&id, 9);
}

static bool gb_utr(hsn_str s)
{
    struct id id;
    return read_digits(s, 10, 10, &id) &&
           "21987654321"[WEIGH(&id, 1, 6, 7, 8, 9, 10, 5, 4, 3, 2) % 11] == id.c[0];
}

/* Seven digits, a check letter, and a second letter (W counts nothing) since 1966. */
static bool ie_pps(hsn_str s)
{
    struct id id;
    if (!read_id(s, 8, 9, &id) || !all_digits(&id, 0, 7) || !all_letters(&id, 7, id.n)) {
        return false;
    }
    int sum = WEIGH(&id, 0, 8, 7, 6, 5, 4, 3, 2);
    if (id.n == 9 && id.c[8] != 'W') {
        sum += 9 * (id.c[8] - 'A' + 1);
    }
    return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == id.c[7];
}

/* ---------------------------------------------------------------- western Europe */

/* INSEE: 97 minus the rest of 97; the two departments of Corsica count as 19 and 18. */
static bool fr_nir(hsn_str s)
{
    struct id id;
    if (!read_id(s, 15, 15, &id)) {
        return false;
    }
    if (id.c[5] == '2' && (id.c[6] == 'A' || id.c[6] == 'B')) {
        id.c[5] = '1';
        id.c[6] = id.c[6] == 'A' ? '9' : '8';
    }
    if (!all_digits(&id, 0, 15) || id.c[0] == '0' || id.c[0] == '9') {
        return false;
    }
    return 97 - number(&id, 0, 13) % 97 == number(&id, 13, 15);
}

/* BZSt: of the first ten digits one stands twice or three times, the others at most once. */
static bool de_repeats_fit(const struct id *id)
{
    int count[10] = {0};
    int repeated = 0;
    for (size_t i = 0; i < 10; i++) {
        count[digit(id, i)]++;
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
    struct id id;
    if (!read_digits(s, 11, 11, &id) || id.c[0] == '0' || !de_repeats_fit(&id)) {
        return false;
    }
    int product = 10;
    for (size_t i = 0; i < 10; i++) {
        int sum = (digit(&id, i) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == digit(&id, 10);
}

static bool es_letter_fits(const struct id *id)
{
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number(id, 0, 8) % 23] == id->c[8];
}

static bool es_dni(hsn_str s)
{
    struct id id;
    return read_id(s, 9, 9, &id) && all_digits(&id, 0, 8) && es_letter_fits(&id);
}

/* As the DNI, with X, Y, Z standing for 0, 1, 2. */
static bool es_nie(hsn_str s)
{
    struct id id;
    if (!read_id(s, 9, 9, &id) || !one_of(id.c[0], "XYZ") || !all_digits(&id, 1, 8)) {
        return false;
    }
    id.c[0] = (unsigned char)('0' + id.c[0] - 'X');
    return es_letter_fits(&id);
}

/* D.M. 23/12/1976: characters at odd places (from 1) count by this table, digits as A to J. */
static bool it_cf(hsn_str s)
{
    static const unsigned char odd[26] = {1,  0,  5,  7,  9,  13, 15, 17, 19, 21, 2,  4,  18,
                                          20, 11, 3,  6,  8,  12, 14, 16, 10, 22, 25, 24, 23};
    struct id id;
    if (!read_id(s, 16, 16, &id) || !all_letters(&id, 0, 6) || !all_letters(&id, 15, 16)) {
        return false;
    }
    int sum = 0;
    for (size_t i = 0; i < 15; i++) {
        int value = hsn_is_digit(id.c[i]) ? digit(&id, i) : id.c[i] - 'A';
        sum += i % 2 == 0 ? odd[value] : value;
    }
    return sum % 26 == id.c[15] - 'A';
}

/* The "11 test"; numbers of eight digits have lost their leading zero. */
static bool nl_bsn(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 8, 9, &id) || number(&id, 0, id.n) == 0) {
        return false;
    }
    int sum = id.n == 9 ? WEIGH(&id, 0, 9, 8, 7, 6, 5, 4, 3, 2, -1)
                        : WEIGH(&id, 0, 8, 7, 6, 5, 4, 3, 2, -1);
    return sum % 11 == 0;
}

/* Births since 2000 are checked with a 2 in front. Non-residents have month + 20 or + 40. */
static bool be_nn(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 11, 11, &id) || number(&id, 2, 4) % 20 > 12) {
        return false;
    }
    uint64_t body = number(&id, 0, 9);
    uint64_t check = number(&id, 9, 11);
    return 97 - body % 97 == check || 97 - (2000000000 + body) % 97 == check;
}

static bool ean13_fits(const struct id *id)
{
    return WEIGH(id, 0, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1) % 10 == 0;
}

/* EAN-13 with the country code of Switzerland. */
static bool ch_ahv(hsn_str s)
{
    struct id id;
    return read_digits(s, 13, 13, &id) && number(&id, 0, 3) == 756 && ean13_fits(&id);
}

/* The check digit is the fourth. */
static bool at_vnr(hsn_str s)
{
    struct id id;
    return read_digits(s, 10, 10, &id) && id.c[0] != '0' &&
           WEIGH(&id, 0, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) % 11 == digit(&id, 3);
}

static bool pt_nif(hsn_str s)
{
    struct id id;
    return read_digits(s, 9, 9, &id) && id.c[0] != '0' &&
           (11 - WEIGH(&id, 0, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 11 % 10 == digit(&id, 8);
}

/* ---------------------------------------------------------------- northern Europe */

/* YYMMDD (or YYYYMMDD), day + 60 for coordination numbers, then Luhn. A + marks over 100 years. */
static bool se_pnr(hsn_str s)
{
    struct id id;
    unsigned char plain[16];
    if (s.n > sizeof plain) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        plain[i] = s.p[i] == '+' ? '-' : s.p[i];
    }
    if (!read_digits(hsn_str_of(plain, s.n), 10, 12, &id) || id.n == 11) {
        return false;
    }
    size_t from = id.n - 10;
    uint64_t day = number(&id, from + 4, from + 6);
    return is_date(day > 60 ? day - 60 : day, number(&id, from + 2, from + 4)) &&
           luhn(&id, from, id.n);
}

/* DDMMYY, day + 40 for D numbers; two check digits. */
static bool no_fnr(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 11, 11, &id)) {
        return false;
    }
    uint64_t day = number(&id, 0, 2);
    return is_date(day > 40 ? day - 40 : day, number(&id, 2, 4)) &&
           WEIGH(&id, 0, 3, 7, 6, 1, 8, 9, 4, 5, 2, 1) % 11 == 0 &&
           WEIGH(&id, 0, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}

/* DDMMYY. The check digit was given up in 2007: only the date remains. */
static bool dk_cpr(hsn_str s)
{
    struct id id;
    return read_digits(s, 10, 10, &id) && is_date(number(&id, 0, 2), number(&id, 2, 4));
}

/* DDMMYY, a sign for the century (which is part of the id), three digits, check character. */
static bool fi_hetu(hsn_str s)
{
    enum { SIGN = 6 };
    struct id id = {.n = 0};
    if (s.n != 11 || !one_of(s.p[SIGN], "+-ABCDEFUVWXY") ||
        !read_id(hsn_str_cut(s, 0, SIGN), SIGN, SIGN, &id)) {
        return false;
    }
    for (size_t i = SIGN + 1; i < s.n; i++) {
        id.c[id.n++] = s.p[i];
    }
    if (!all_digits(&id, 0, 9) || !is_date(number(&id, 0, 2), number(&id, 2, 4))) {
        return false;
    }
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[number(&id, 0, 9) % 31] == id.c[9];
}

/* ---------------------------------------------------------------- eastern Europe, Near East */

static bool pl_pesel(hsn_str s)
{
    struct id id;
    return read_digits(s, 11, 11, &id) &&
           is_date(number(&id, 4, 6), number(&id, 2, 4) % 20) && /* month + 20 a century */
           WEIGH(&id, 0, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
}

static bool ro_cnp(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 13, 13, &id) || id.c[0] == '0' ||
        !is_date(number(&id, 5, 7), number(&id, 3, 5))) {
        return false;
    }
    int check = WEIGH(&id, 0, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
    return (check == 10 ? 1 : check) == digit(&id, 12);
}

/* Month + 50 for women, + 20 when a day ran out of numbers. Until 1953 nine digits, unchecked. */
static bool cz_rc(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 9, 10, &id)) {
        return false;
    }
    uint64_t month = number(&id, 2, 4) % 50;
    if (!is_date(number(&id, 4, 6), month > 20 ? month - 20 : month)) {
        return false;
    }
    if (id.n == 9) {
        return number(&id, 0, 2) < 54;
    }
    /* Until 1985 a rest of 10 was written as 0. */
    return number(&id, 0, 10) % 11 == 0 || (number(&id, 0, 9) % 11 == 10 && id.c[9] == '0');
}

static bool tr_tckn(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 11, 11, &id) || id.c[0] == '0') {
        return false;
    }
    int tenth = WEIGH(&id, 0, 7, -1, 7, -1, 7, -1, 7, -1, 7) % 10;
    return (tenth + 10) % 10 == digit(&id, 9) &&
           WEIGH(&id, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) % 10 == digit(&id, 10);
}

/* Leading zeros are often left out; Luhn does not mind. */
static bool il_id(hsn_str s)
{
    struct id id;
    return read_digits(s, 7, 9, &id) && number(&id, 0, id.n) != 0 && luhn(&id, 0, id.n);
}

/* ---------------------------------------------------------------- South America */

/* The check digit at `at` over the characters before it: weights 2 to `top`, from the right, over
 * and over; characters count by their distance from '0' (so the CNPJ with letters, from 2026). */
static bool br_digit_fits(const struct id *id, size_t at, int top)
{
    int sum = 0;
    int weight = 2;
    for (size_t i = at; i > 0; i--) {
        sum += digit(id, i - 1) * weight;
        weight = weight == top ? 2 : weight + 1;
    }
    int check = 11 - sum % 11;
    return (check > 9 ? 0 : check) == digit(id, at);
}

static bool br_cpf(hsn_str s)
{
    struct id id;
    return read_digits(s, 11, 11, &id) && !all_same(&id) && br_digit_fits(&id, 9, 11) &&
           br_digit_fits(&id, 10, 11);
}

static bool br_cnpj(hsn_str s)
{
    struct id id;
    return read_id(s, 14, 14, &id) && all_digits(&id, 12, 14) && !all_same(&id) &&
           br_digit_fits(&id, 12, 9) && br_digit_fits(&id, 13, 9);
}

static bool ar_cuit(hsn_str s)
{
    struct id id;
    return read_digits(s, 11, 11, &id) && !all_same(&id) &&
           "012345678990"[11 - WEIGH(&id, 0, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11] == id.c[10];
}

static bool cl_rut(hsn_str s)
{
    struct id id;
    if (!read_id(s, 8, 9, &id) || !all_digits(&id, 0, id.n - 1)) {
        return false;
    }
    int sum = 0;
    int weight = 2;
    for (size_t i = id.n - 1; i > 0; i--) {
        sum += digit(&id, i - 1) * weight;
        weight = weight == 7 ? 2 : weight + 1;
    }
    return "0K987654321"[sum % 11] == id.c[id.n - 1];
}

/* ---------------------------------------------------------------- Asia */

/* One step of the Verhoeff scheme: product in the dihedral group of order 10. */
static int dihedral(int a, int b)
{
    if (a < 5) {
        return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
    }
    return b < 5 ? 5 + (a - b) % 5 : (5 + a - b) % 5;
}

static bool verhoeff_fits(const struct id *id)
{
    static const unsigned char permuted[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
    int check = 0;
    for (size_t i = 0; i < id->n; i++) {
        int d = digit(id, id->n - 1 - i);
        for (size_t round = 0; round < i % 8; round++) {
            d = permuted[d];
        }
        check = dihedral(check, d);
    }
    return check == 0;
}

static bool in_aadhaar(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 12, 12, &id) || id.c[0] < '2') {
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
    struct id id;
    return read_id(s, 10, 10, &id) && all_letters(&id, 0, 5) && all_digits(&id, 5, 9) &&
           all_letters(&id, 9, 10) && one_of(id.c[3], "ABCFGHJKLPT") && number(&id, 5, 9) != 0;
}

/* GB 11643: ISO 7064 MOD 11-2 over region, birth date and order. */
static bool cn_ric(hsn_str s)
{
    struct id id;
    if (!read_id(s, 18, 18, &id) || !all_digits(&id, 0, 17) ||
        !is_date(number(&id, 12, 14), number(&id, 10, 12))) {
        return false;
    }
    int sum = WEIGH(&id, 0, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
    return "10X98765432"[sum % 11] == id.c[17];
}

/* Ministry of Internal Affairs ordinance 85 of 2014, article 5. */
static bool jp_mynumber(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 12, 12, &id)) {
        return false;
    }
    int rest = WEIGH(&id, 0, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
    return (rest <= 1 ? 0 : 11 - rest) == digit(&id, 11);
}

/* Since October 2020 the last six digits are random: births from 2020 on have no check digit. */
static bool kr_rrn(hsn_str s)
{
    struct id id;
    if (!read_digits(s, 13, 13, &id) || !is_date(number(&id, 4, 6), number(&id, 2, 4))) {
        return false;
    }
    bool after_2000 = one_of(id.c[6], "3478");
    if (after_2000 && number(&id, 0, 2) >= 20) {
        return true;
    }
    return (11 - WEIGH(&id, 0, 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5) % 11) % 10 == digit(&id, 12);
}

/* Series S and T are citizens, F, G and M (from 2022) others; the later ones start at an offset. */
static bool sg_nric(hsn_str s)
{
    struct id id;
    if (!read_id(s, 9, 9, &id) || !all_digits(&id, 1, 8)) {
        return false;
    }
    int sum = WEIGH(&id, 1, 2, 7, 6, 5, 4, 3, 2);
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
    struct id id;
    if (!read_digits(s, 8, 9, &id) || number(&id, 0, id.n) == 0) {
        return false;
    }
    int sum = id.n == 9 ? WEIGH(&id, 0, 1, 4, 3, 7, 5, 8, 6, 9, 10)
                        : WEIGH(&id, 0, 10, 7, 8, 4, 6, 3, 5, 1);
    return sum % 11 == 0;
}

/* YYMMDD SSSS, C (citizen, resident, refugee), A, Luhn. */
static bool za_id(hsn_str s)
{
    struct id id;
    return read_digits(s, 13, 13, &id) && is_date(number(&id, 4, 6), number(&id, 2, 4)) &&
           digit(&id, 10) <= 2 && luhn(&id, 0, 13);
}

/* ---------------------------------------------------------------- registry */

static const struct {
    const char *name;
    hsn_check check;
} checks[] = {
    {"ar-cuit", ar_cuit},
    {"at-vnr", at_vnr},
    {"au-tfn", au_tfn},
    {"be-nn", be_nn},
    {"br-cnpj", br_cnpj},
    {"br-cpf", br_cpf},
    {"ca-sin", ca_sin},
    {"ch-ahv", ch_ahv},
    {"cl-rut", cl_rut},
    {"cn-ric", cn_ric},
    {"cz-rc", cz_rc},
    {"de-idnr", de_idnr},
    {"dk-cpr", dk_cpr},
    {"es-dni", es_dni},
    {"es-nie", es_nie},
    {"fi-hetu", fi_hetu},
    {"fr-nir", fr_nir},
    {"gb-nhs", gb_nhs},
    {"gb-nino", gb_nino},
    {"gb-utr", gb_utr},
    {"ie-pps", ie_pps},
    {"il-id", il_id},
    {"in-aadhaar", in_aadhaar},
    {"in-pan", in_pan},
    {"it-cf", it_cf},
    {"jp-mynumber", jp_mynumber},
    {"kr-rrn", kr_rrn},
    {"mx-curp", mx_curp},
    {"nl-bsn", nl_bsn},
    {"no-fnr", no_fnr},
    {"pl-pesel", pl_pesel},
    {"pt-nif", pt_nif},
    {"ro-cnp", ro_cnp},
    {"se-pnr", se_pnr},
    {"sg-nric", sg_nric},
    {"tr-tckn", tr_tckn},
    {"us-aba", us_aba},
    {"us-ein", us_ein},
    {"us-itin", us_itin},
    {"us-mbi", us_mbi},
    {"us-npi", us_npi},
    {"us-ssn", us_ssn},
    {"za-id", za_id},
};

hsn_check hsn_check_national(hsn_str name)
{
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        if (hsn_str_eq(name, hsn_str_z(checks[i].name))) {
            return checks[i].check;
        }
    }
    return NULL;
}
