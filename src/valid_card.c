/*
 * Payment card numbers (ISO/IEC 7812) and bank account numbers (IBAN, ISO 13616), under a name that
 * says so and in free text.
 *
 * In free text a tenth of all digit runs pass Luhn, so there the issuer range, the usual length and
 * the boundaries must agree as well. Called at every beginning of a run of digits or letters of
 * large files: the first instructions must reject nearly all of them.
 */
#include "valid.h"

/* ---------------------------------------------------------------- issuers */

enum { CARD_MIN = 12, CARD_MAX = 19, PREFIX_DIGITS = 6 };

#define LEN(n) (1u << (n))
#define LEN_16_19 (LEN(16) | LEN(17) | LEN(18) | LEN(19))
#define LEN_12_19 (LEN(12) | LEN(13) | LEN(14) | LEN(15) | LEN_16_19)
#define LEN_14_19 (LEN(14) | LEN(15) | LEN_16_19)

/*
 * First six digits from..to, and lengths. `issued` is what the scheme allows; `text` the lengths in
 * actual use, without those that database ids share (17 and 18 digits, IIN 1 of time stamps, the
 * wide ranges of Maestro): 0 means only under a name.
 */
static const struct issuer {
    uint32_t from;
    uint32_t to;
    uint32_t issued;
    uint32_t text;
} issuers[] = {
    {100000, 199999, LEN(15), 0},                                  /* UATP */
    {220000, 220499, LEN_16_19, LEN(16) | LEN(19)},                /* Mir */
    {222100, 272099, LEN(16), LEN(16)},                            /* Mastercard */
    {300000, 305999, LEN_14_19, LEN(14) | LEN(16)},                /* Diners Club */
    {309500, 309599, LEN_14_19, LEN(14) | LEN(16)},                /* Diners Club */
    {340000, 349999, LEN(15), LEN(15)},                            /* American Express */
    {352800, 358999, LEN_16_19, LEN(16)},                          /* JCB, RuPay */
    {360000, 369999, LEN_14_19, LEN(14) | LEN(16)},                /* Diners Club */
    {370000, 379999, LEN(15), LEN(15)},                            /* American Express */
    {380000, 399999, LEN_14_19, LEN(14) | LEN(16)},                /* Diners Club */
    {400000, 499999, LEN(13) | LEN(16) | LEN(19), LEN(13) | LEN(16) | LEN(19)}, /* Visa, Elo */
    {500000, 509999, LEN_12_19, 0},                                /* Maestro */
    {501800, 501899, LEN_12_19, LEN(16) | LEN(19)},                /* Maestro */
    {502000, 502099, LEN_12_19, LEN(16) | LEN(19)},                /* Maestro */
    {503800, 503899, LEN_12_19, LEN(16) | LEN(19)},                /* Maestro */
    {504100, 504199, LEN(16), LEN(16)},                            /* Elo */
    {506600, 506699, LEN(16), LEN(16)},                            /* Elo */
    {508000, 509999, LEN(16), LEN(16)},                            /* RuPay, Elo */
    {510000, 559999, LEN(16), LEN(16)},                            /* Mastercard */
    {560000, 699999, LEN_12_19, 0},                                /* Maestro */
    {589300, 589399, LEN_12_19, LEN(16) | LEN(19)},                /* Maestro */
    {600000, 609999, LEN_16_19, LEN(16)},                          /* Discover 6011, RuPay 60 */
    {620000, 629999, LEN_16_19, LEN(16) | LEN(19)},                /* UnionPay, Discover, Elo */
    {630400, 630499, LEN_12_19, LEN(16) | LEN(19)},                /* Maestro */
    {636200, 636399, LEN(16), LEN(16)},                            /* Elo */
    {644000, 659999, LEN_16_19, LEN(16)},                          /* Discover, RuPay, Elo, Troy */
    {675900, 675999, LEN_12_19, LEN(16) | LEN(19)},                /* Maestro */
    {676100, 676399, LEN_12_19, LEN(16) | LEN(19)},                /* Maestro */
    {810000, 829999, LEN_16_19, LEN(16) | LEN(19)},                /* UnionPay, RuPay */
    {979200, 979299, LEN(16), LEN(16)},                            /* Troy */
};

/* The digits of a candidate, without separators. */
struct digits {
    unsigned char d[CARD_MAX]; /* ASCII */
    size_t n;
};

static hsn_str digits_str(const struct digits *c)
{
    return hsn_str_of(c->d, c->n);
}

static bool issuer_fits(const struct digits *c, bool in_text)
{
    uint32_t prefix = 0;
    for (size_t i = 0; i < PREFIX_DIGITS; i++) {
        prefix = prefix * 10 + (uint32_t)(c->d[i] - '0');
    }
    for (size_t i = 0; i < HSN_COUNT(issuers); i++) {
        const struct issuer *r = &issuers[i];
        if (prefix >= r->from && prefix <= r->to &&
            ((in_text ? r->text : r->issued) & LEN(c->n)) != 0) {
            return true;
        }
    }
    return false;
}

/* Article numbers (GTIN-13) of Germany and Japan begin with 4, like the old Visa cards of 13. */
static bool is_gtin13(const struct digits *c)
{
    unsigned sum = 0;
    for (size_t i = 0; i < c->n; i++) {
        sum += (unsigned)(c->d[i] - '0') * (i % 2 == 0 ? 1 : 3);
    }
    return c->n == 13 && sum % 10 == 0;
}

static bool is_card(const struct digits *c, bool in_text)
{
    if (c->n < CARD_MIN || !issuer_fits(c, in_text) || !hsn_valid_luhn(digits_str(c))) {
        return false;
    }
    return !in_text || !is_gtin13(c);
}

/*
 * Length of the group separator at s[at], 0 for none: a space (also U+00A0, U+2007, U+2009, U+202F,
 * and the + of a form), a hyphen (also U+2010 to U+2013), a dot.
 */
static size_t separator_at(hsn_str s, size_t at)
{
    if (at >= s.n) {
        return 0;
    }
    const unsigned char *p = s.p + at;
    if (p[0] == ' ' || p[0] == '-' || p[0] == '.' || p[0] == '+') {
        return 1;
    }
    if (s.n - at >= 2 && p[0] == 0xC2 && p[1] == 0xA0) {
        return 2;
    }
    bool punctuation = s.n - at >= 3 && p[0] == 0xE2 && p[1] == 0x80;
    return punctuation && (p[2] == 0x87 || p[2] == 0x89 || p[2] == 0xAF ||
                           (p[2] >= 0x90 && p[2] <= 0x93))
               ? 3
               : 0;
}

/* False for anything but digits and what stands between groups, or too many digits. */
static bool collect_digits(hsn_str s, struct digits *c)
{
    c->n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t between = separator_at(s, i);
        if (between == 0 && (!hsn_is_digit(s.p[i]) || c->n == CARD_MAX)) {
            return false;
        }
        if (between == 0) {
            c->d[c->n++] = s.p[i];
        }
        i += between > 0 ? between : 1;
    }
    return true;
}

bool hsn_valid_card(hsn_str s)
{
    struct digits c;
    return collect_digits(s, &c) && is_card(&c, false);
}

/* ---------------------------------------------------------------- test numbers */

/* Published by the schemes and by Stripe, Adyen, PayPal and Braintree for their test systems. */
static const uint64_t test_cards[] = {
    4111111111111111, 4242424242424242, 4012888888881881, 4012000033330026, 4000056655665556,
    4000000000000002, 4000000000000077, 4000000000000341, 4000000000003220, 4000000000009995,
    4000002500003155, 4000002760003184, 4222222222222,    4917610000000000, 5555555555554444,
    5105105105105100, 5200828282828210, 2223003122003222, 378282246310005,  371449635398431,
    378734493671000,  6011111111111117, 6011000990139424, 6011000000000004, 3056930009020004,
    36227206271667,   30569309025904,   38520000023237,   3530111333300000, 3566002020360505,
    6200000000000005, 6759649826438453, 6304000000000000,
};

bool hsn_is_test_card(hsn_str s)
{
    struct digits c;
    uint64_t value = 0;
    if (!collect_digits(s, &c)) {
        return false;
    }
    for (size_t i = 0; i < c.n; i++) {
        value = value * 10 + (uint64_t)(c.d[i] - '0');
    }
    for (size_t i = 0; i < HSN_COUNT(test_cards); i++) {
        if (test_cards[i] == value) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- separators and boundaries */

static bool is_word(unsigned char c)
{
    return hsn_is_alnum(c) || c == '_';
}

/* May a number end before s[at]? Not inside a word, a decimal fraction or a chain of hyphens. */
static bool ends_clean(hsn_str s, size_t at)
{
    if (at >= s.n) {
        return true;
    }
    if (is_word(s.p[at])) {
        return false;
    }
    bool joins = s.p[at] == '.' || s.p[at] == '-';
    return !joins || at + 1 >= s.n || !hsn_is_digit(s.p[at + 1]);
}

/* Also as the last word of a name: ad_ord. */
bool hsn_is_cache_buster(hsn_str name)
{
    static const hsn_str names[] = {HSN_W("ts"), HSN_W("t"), HSN_W("_")};
    static const hsn_str words[] = {HSN_W("ord"),         HSN_W("rnd"), HSN_W("rand"),
                                    HSN_W("random"),      HSN_W("cb"),  HSN_W("nocache"),
                                    HSN_W("cachebuster"), HSN_W("correlator")};
    size_t from = name.n;
    while (from > 0 && name.p[from - 1] != '_' && name.p[from - 1] != '-') {
        from--;
    }
    return HSN_STR_IN(name, names) || HSN_STR_IN(hsn_str_cut(name, from, name.n), words);
}

/* ---------------------------------------------------------------- cards in text */

/* How the digits are printed: one run, fours, and the two of American Express and Diners Club. */
static const unsigned char layouts[][5] = {
    {4, 4, 4, 4, 3}, {4, 4, 4, 4, 0}, {4, 6, 5, 0, 0}, {4, 6, 4, 0, 0},
};
enum { N_LAYOUTS = HSN_COUNT(layouts), GROUPS = 5 };

/* Reads groups of these sizes joined by the separator `sep`; the end offset, 0 when they differ. */
static size_t read_groups(hsn_str s, hsn_str sep, const unsigned char *sizes, struct digits *c)
{
    size_t at = 0;
    c->n = 0;
    for (size_t g = 0; g < GROUPS && sizes[g] != 0; g++) {
        if (g > 0) {
            if (!hsn_str_starts(hsn_str_cut(s, at, s.n), sep)) {
                return 0;
            }
            at += sep.n;
        }
        for (size_t i = 0; i < sizes[g]; i++, at++) {
            if (at >= s.n || !hsn_is_digit(s.p[at])) {
                return 0;
            }
            c->d[c->n++] = s.p[at];
        }
    }
    return at;
}

/* Two more groups of four hexadecimal digits behind s[at]: a table of numbers, no card. */
static bool table_goes_on(hsn_str s, size_t at, hsn_str sep)
{
    for (size_t group = 0; group < 2; group++) {
        if (!hsn_str_starts(hsn_str_cut(s, at, s.n), sep)) {
            return false;
        }
        at += sep.n;
        for (size_t i = 0; i < 4; i++, at++) {
            if (at >= s.n || hsn_hex(s.p[at]) < 0) {
                return false;
            }
        }
    }
    return true;
}

static size_t grouped_card(hsn_str s, unsigned char before)
{
    hsn_str sep = hsn_str_cut(s, 4, 4 + separator_at(s, 4));
    if (sep.p[0] == '-' && before == '-') {
        return 0;
    }
    for (size_t i = 0; i < N_LAYOUTS; i++) {
        struct digits c;
        size_t end = read_groups(s, sep, layouts[i], &c);
        if (end > 0 && ends_clean(s, end) && is_card(&c, true) && !table_goes_on(s, end, sep)) {
            return end;
        }
    }
    return 0;
}

static size_t plain_card(hsn_str s)
{
    struct digits c = {.n = 0};
    while (c.n < s.n && hsn_is_digit(s.p[c.n])) {
        if (c.n == CARD_MAX) {
            return 0;
        }
        c.d[c.n] = s.p[c.n];
        c.n++;
    }
    return ends_clean(s, c.n) && is_card(&c, true) ? c.n : 0;
}

size_t hsn_card_in_text(hsn_str s, unsigned char before)
{
    enum { TEXT_MIN = 13 };
    if (s.n < TEXT_MIN || !hsn_is_digit(s.p[3]) || !hsn_is_digit(s.p[2]) ||
        !hsn_is_digit(s.p[1]) || s.p[0] < '2' || s.p[0] > '9') {
        return 0;
    }
    /* Track 1 of a magnetic stripe (ISO/IEC 7813) is %B, the number, ^ and the name. */
    bool stripe = before == 'B';
    if ((is_word(before) && !stripe) || before == '.') {
        return 0;
    }
    size_t n = 0;
    if (hsn_is_digit(s.p[4])) {
        n = plain_card(s);
    } else if (separator_at(s, 4) > 0) {
        n = grouped_card(s, before);
    }
    return stripe && (n == s.n || s.p[n] != '^') ? 0 : n;
}

/* ---------------------------------------------------------------- IBAN */

enum { IBAN_MAX = 34 };

/*
 * The account part behind country and check digits, as the IBAN registry writes it: counts of
 * n (digit), a (letter), c (either). Neighbouring parts of one kind are one.
 */
static const struct iban_plan {
    char country[3];
    const char *account;
} iban_plans[] = {
    {"AD", "8n12c"},    {"AE", "19n"},       {"AL", "8n16c"},      {"AT", "16n"},
    {"AZ", "4a20c"},    {"BA", "16n"},       {"BE", "12n"},        {"BG", "4a6n8c"},
    {"BH", "4a14c"},    {"BI", "23n"},       {"BR", "23n1a1c"},    {"BY", "4c4n16c"},
    {"CH", "5n12c"},    {"CR", "18n"},       {"CY", "8n16c"},      {"CZ", "20n"},
    {"DE", "18n"},      {"DJ", "23n"},       {"DK", "14n"},        {"DO", "4c20n"},
    {"EE", "16n"},      {"EG", "25n"},       {"ES", "20n"},        {"FI", "14n"},
    {"FK", "2a12n"},    {"FO", "14n"},       {"FR", "10n11c2n"},   {"GB", "4a14n"},
    {"GE", "2a16n"},    {"GI", "4a15c"},     {"GL", "14n"},        {"GR", "7n16c"},
    {"GT", "24c"},      {"HN", "4a20n"},     {"HR", "17n"},        {"HU", "24n"},
    {"IE", "4a14n"},    {"IL", "19n"},       {"IQ", "4a15n"},      {"IS", "22n"},
    {"IT", "1a10n12c"}, {"JO", "4a4n18c"},   {"KW", "4a22c"},      {"KZ", "3n13c"},
    {"LB", "4n20c"},    {"LC", "4a24c"},     {"LI", "5n12c"},      {"LT", "16n"},
    {"LU", "3n13c"},    {"LV", "4a13c"},     {"LY", "21n"},        {"MC", "10n11c2n"},
    {"MD", "20c"},      {"ME", "18n"},       {"MK", "3n10c2n"},    {"MN", "16n"},
    {"MR", "23n"},      {"MT", "4a5n18c"},   {"MU", "4a19n3a"},    {"NI", "4a20n"},
    {"NL", "4a10n"},    {"NO", "11n"},       {"OM", "3n16c"},      {"PK", "4a16c"},
    {"PL", "24n"},      {"PS", "4a21c"},     {"PT", "21n"},        {"QA", "4a21c"},
    {"RO", "4a16c"},    {"RS", "18n"},       {"RU", "14n15c"},     {"SA", "2n18c"},
    {"SC", "4a20n3a"},  {"SD", "14n"},       {"SE", "20n"},        {"SI", "15n"},
    {"SK", "20n"},      {"SM", "1a10n12c"},  {"SO", "19n"},        {"ST", "21n"},
    {"SV", "4a20n"},    {"TL", "19n"},       {"TN", "20n"},        {"TR", "6n16c"},
    {"UA", "6n19c"},    {"VA", "18n"},       {"VG", "4a16n"},      {"XK", "16n"},
    {"YE", "4a4n18c"},
};

static const struct iban_plan *plan_of(unsigned char a, unsigned char b)
{
    a = hsn_lower(a);
    b = hsn_lower(b);
    for (size_t i = 0; i < HSN_COUNT(iban_plans); i++) {
        const char *country = iban_plans[i].country;
        if (hsn_lower((unsigned char)country[0]) == a &&
            hsn_lower((unsigned char)country[1]) == b) {
            return &iban_plans[i];
        }
    }
    return NULL;
}

static bool is_kind(unsigned char c, char kind)
{
    return kind == 'n' ? hsn_is_digit(c) : kind == 'a' ? hsn_is_alpha(c) : hsn_is_alnum(c);
}

/* Total length when the characters fit the country's plan, 0 otherwise; `n` may be longer. */
static size_t plan_length(const struct iban_plan *plan, const unsigned char *iban, size_t n)
{
    size_t at = 4;
    const char *a = plan->account;
    while (*a != '\0') {
        size_t count = 0;
        for (; hsn_is_digit((unsigned char)*a); a++) {
            count = count * 10 + (size_t)(*a - '0');
        }
        for (; count > 0; count--, at++) {
            if (at >= n || !is_kind(iban[at], *a)) {
                return 0;
            }
        }
        a++;
    }
    return at;
}

/* ISO 7064 MOD 97-10 with the first four characters moved to the end, letters as 10 to 35. */
static bool mod97_fits(const unsigned char *iban, size_t n)
{
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = hsn_lower(iban[(i + 4) % n]);
        rest = hsn_is_digit(c) ? rest * 10 + (unsigned)(c - '0')
                               : rest * 100 + (unsigned)(c - 'a' + 10);
        rest %= 97;
    }
    return rest == 1;
}

/* The check digits are 98 minus a remainder of 97: 02 to 98. */
static bool check_digits_fit(const unsigned char *iban)
{
    unsigned check = (unsigned)(iban[2] - '0') * 10 + (unsigned)(iban[3] - '0');
    return check >= 2 && check <= 98;
}

static bool starts_iban(const unsigned char *p)
{
    return hsn_is_digit(p[2]) && hsn_is_digit(p[3]) && hsn_is_alpha(p[0]) && hsn_is_alpha(p[1]);
}

bool hsn_valid_iban(hsn_str s)
{
    unsigned char iban[IBAN_MAX] = {0};
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        size_t between = separator_at(s, i);
        if (between == 0 && n == IBAN_MAX) {
            return false;
        }
        if (between == 0) {
            iban[n++] = s.p[i];
        }
        i += between > 0 ? between : 1;
    }
    if (n < 4 || !starts_iban(iban) || !check_digits_fit(iban)) {
        return false;
    }
    const struct iban_plan *plan = plan_of(iban[0], iban[1]);
    return plan != NULL && plan_length(plan, iban, n) == n && mod97_fits(iban, n);
}

/*
 * Copies characters of one letter case from s, plain or in fours joined by one kind of separator.
 * ends[n] is the offset behind the nth character. Returns the count.
 */
static size_t collect_iban(hsn_str s, unsigned char *iban, size_t *ends)
{
    hsn_str sep = hsn_str_cut(s, 4, 4 + separator_at(s, 4));
    bool lower = (s.p[0] & 0x20) != 0;
    size_t n = 0;
    size_t at = 0;
    while (n < IBAN_MAX && at < s.n) {
        if (n > 0 && n % 4 == 0 && sep.n > 0) {
            if (!hsn_str_starts(hsn_str_cut(s, at, s.n), sep) || s.n - at <= sep.n) {
                break;
            }
            at += sep.n;
        }
        unsigned char c = s.p[at];
        if (!hsn_is_alnum(c) || (hsn_is_alpha(c) && ((c & 0x20) != 0) != lower)) {
            break;
        }
        iban[n++] = c;
        ends[n] = ++at;
    }
    return n;
}

size_t hsn_iban_in_text(hsn_str s, unsigned char before)
{
    enum { SHORTEST = 15 };
    if (s.n < SHORTEST || !starts_iban(s.p) || is_word(before) || !check_digits_fit(s.p)) {
        return 0;
    }
    const struct iban_plan *plan = plan_of(s.p[0], s.p[1]);
    if (plan == NULL) {
        return 0;
    }
    unsigned char iban[IBAN_MAX] = {0};
    size_t ends[IBAN_MAX + 1] = {0};
    size_t n = plan_length(plan, iban, collect_iban(s, iban, ends));
    if (n == 0 || !mod97_fits(iban, n) || (ends[n] < s.n && is_word(s.p[ends[n]]))) {
        return 0;
    }
    return ends[n];
}
