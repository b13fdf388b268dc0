/*
 * Looks of values: placeholders, times, versions, words; what tools write where nothing secret is.
 *
 * Receives a decoded value, says what it looks like. Decides towards "not harmless": a shape is
 * told narrowly enough that no token has it.
 */
#include "guard_looks.h"
#include "inspect.h"

/* ---------------------------------------------------------------- parts */

bool hsn_looks_contain(hsn_str v, hsn_str w)
{
    for (size_t i = 0; i + w.n <= v.n; i++) {
        if (hsn_str_starts_nocase(hsn_str_cut(v, i, v.n), w)) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- placeholders */

/* What tools and programs write where no value is. */
static const hsn_str empty_words[] = {HSN_W("null"),
                                      HSN_W("undefined"),
                                      HSN_W("none"),
                                      HSN_W("nil"),
                                      HSN_W("nan"),
                                      HSN_W("n/a"),
                                      HSN_W("na"),
                                      HSN_W("true"),
                                      HSN_W("false"),
                                      HSN_W("yes"),
                                      HSN_W("no"),
                                      HSN_W("on"),
                                      HSN_W("off"),
                                      HSN_W("redacted"),
                                      HSN_W("removed"),
                                      HSN_W("masked"),
                                      HSN_W("hidden"),
                                      HSN_W("filtered"),
                                      HSN_W("sanitized"),
                                      HSN_W("scrubbed"),
                                      HSN_W("secret"),
                                      HSN_W("omitted"),
                                      HSN_W("empty"),
                                      HSN_W("anonymous"),
                                      HSN_W("[object object]"),
                                      HSN_W("changeme"),
                                      HSN_W("change_me"),
                                      HSN_W("change-me"),
                                      HSN_W("placeholder"),
                                      HSN_W("todo"),
                                      HSN_W("tbd"),
                                      HSN_W("unset"),
                                      HSN_W("{}"),
                                      HSN_W("[]"),
                                      /* up to the first slash of gzip in base64: always the same */
                                      HSN_W("H4sIAAAAAAAA")};

static bool is_wrapped(hsn_str v, const char *open, const char *close)
{
    hsn_str a = hsn_str_z(open);
    hsn_str b = hsn_str_z(close);
    return v.n >= a.n + b.n && hsn_str_starts(v, a) && memcmp(v.p + v.n - b.n, b.p, b.n) == 0;
}

/* A name in brackets: [REDACTED], <token>, {{ csrf }}, ${PASSWORD}, %(key)s, __TOKEN__. */
static bool is_template(hsn_str v)
{
    static const char *const pairs[][2] = {
        {"[", "]"}, {"<", ">"}, {"{{", "}}"}, {"${", "}"}, {"#{", "}"}, {"%(", ")s"}, {"__", "__"},
    };
    bool wrapped = false;
    if (hsn_is_alnum(v.p[0])) {
        return false;
    }
    for (size_t i = 0; i < HSN_COUNT(pairs) && !wrapped; i++) {
        wrapped = is_wrapped(v, pairs[i][0], pairs[i][1]);
    }
    enum { NAME_MAX_LEN = 48 }; /* longer than any name; a value in brackets may be */
    if (!wrapped || v.n > NAME_MAX_LEN) {
        return false;
    }
    hsn_looks s = hsn_looks_of(v);
    return s.digits <= 2 && s.high == 0;
}

/* $TOKEN of a shell, YOUR_API_KEY of a manual. */
static bool is_variable(hsn_str v)
{
    size_t from = v.p[0] == '$';
    if (from == 0 && (v.p[0] | 0x20) != 'y') {
        return false;
    }
    if (from == 0 && !hsn_str_starts_nocase(v, HSN_S("your_")) &&
        !hsn_str_starts_nocase(v, HSN_S("your-"))) {
        return false;
    }
    for (size_t i = from; i < v.n; i++) {
        if (!hsn_is_alpha(v.p[i]) && v.p[i] != '_' && v.p[i] != '-') {
            return false;
        }
    }
    return v.n > from;
}

static bool is_mask(hsn_str v)
{
    for (size_t i = 1; i < v.n; i++) {
        if (v.p[i] != v.p[0]) {
            return false;
        }
    }
    return hsn_is_one_of(v.p[0], "*xX.-_#?");
}

/* xxxxxxxx-xxxx-xxxx, sk-xxxxxxxxxxxx: behind a short beginning nothing but the same letter. */
static bool is_long_mask(hsn_str v)
{
    enum { RUN_MIN = 8, HEAD_MAX = 12 };
    if (v.p[v.n - 1] != 'x' && v.p[v.n - 1] != 'X' && v.p[v.n - 1] != '*') {
        return false;
    }
    size_t masked = 0;
    size_t head = v.n;
    while (head > 0 && (v.p[head - 1] == v.p[v.n - 1] || v.p[head - 1] == '-')) {
        head--;
        masked += v.p[head] != '-';
    }
    return masked >= RUN_MIN && head <= HEAD_MAX;
}

/* ***REDACTED***, (removed), --filtered--: one of the words that tools write, in ornaments. */
static bool is_ornamented(hsn_str v)
{
    static const hsn_str words[] = {HSN_W("redacted"),  HSN_W("removed"),  HSN_W("masked"),
                                    HSN_W("filtered"),  HSN_W("scrubbed"), HSN_W("omitted"),
                                    HSN_W("sanitized"), HSN_W("hidden")};
    enum { LONGEST = 32 };
    if (v.n > LONGEST || (hsn_is_alnum(v.p[0]) && hsn_is_alnum(v.p[v.n - 1]))) {
        return false;
    }
    size_t a = 0;
    while (a < v.n && !hsn_is_alnum(v.p[a])) {
        a++;
    }
    size_t b = v.n;
    while (b > a && !hsn_is_alnum(v.p[b - 1])) {
        b--;
    }
    return HSN_STR_IN(hsn_str_cut(v, a, b), words);
}

/* The keys of the documentation of AWS: an id of 20 characters with EXAMPLE in it, a secret of 40
 * that ends in EXAMPLEKEY. */
static bool is_example_key(hsn_str v)
{
    enum { ID = 20, SECRET = 40 };
    bool id = v.n == ID && v.p[0] == 'A' && hsn_str_find(v, HSN_S("EXAMPLE")) < v.n;
    return id || (v.n == SECRET && is_wrapped(v, "", "EXAMPLEKEY"));
}

/* What vendors publish in every page: Stripe, PostHog, Mapbox, Supabase, Datadog, New Relic,
 * Razorpay document these as no secrets. */
static bool is_public_key(hsn_str v)
{
    static const hsn_str heads[] = {HSN_W("pk_live_"), HSN_W("pk_test_"), HSN_W("phc_"),
                                    HSN_W("pk.eyJ"),   HSN_W("sb_publishable_"),
                                    HSN_W("NRJS-"),    HSN_W("rzp_live_"), HSN_W("rzp_test_")};
    enum { DATADOG = 35, SHORTEST = 20 };
    const unsigned char first = v.p[0];
    if (v.n < SHORTEST || (first != 'p' && first != 'N' && first != 's' && first != 'r')) {
        return false;
    }
    for (size_t i = 0; i < HSN_COUNT(heads); i++) {
        if (hsn_str_starts(v, heads[i])) {
            return true;
        }
    }
    size_t hex = 3;
    while (hex < v.n && hsn_hex(v.p[hex]) >= 0) {
        hex++;
    }
    return v.n == DATADOG && hex == v.n && hsn_str_starts(v, HSN_S("pub"));
}

/*
 * Does it begin or end as placeholders do that are no words? What begins or ends with a sign may
 * be a mask, a template or in ornaments; x and * end masks, "yo" begins variables, A and Y are of
 * example keys; "pk", "ph", "pu", "NR", "rz", "sb" begin public keys; of stand-ins "19", "20" and
 * "5a" begin addresses and UUIDs, "re" any others, and d ends those of mail.
 */
static bool may_be_placeholder(hsn_str v)
{
    static const char *const seconds[256] = {
        ['1'] = "9",   ['2'] = "0",  ['5'] = "a", ['N'] = "R", ['X'] = "X", ['Y'] = "oO",
        ['p'] = "khu", ['r'] = "ez", ['s'] = "b", ['x'] = "x", ['y'] = "oO"};
    static const bool last[256] = {['X'] = true, ['Y'] = true, ['d'] = true, ['x'] = true};
    const unsigned char a = v.p[0];
    const unsigned char z = v.p[v.n - 1];
    if (v.n < 2 || a == 'A' || last[z] || !hsn_is_alnum(a) || !hsn_is_alnum(z)) {
        return true;
    }
    return seconds[a] != NULL && hsn_is_one_of(v.p[1], seconds[a]);
}

bool hsn_is_placeholder(hsn_str v)
{
    enum { LONGEST = 15 }; /* of the empty words */
    v = hsn_str_trim(v);
    if (v.n == 0 || (v.n <= LONGEST && HSN_STR_IN(v, empty_words))) {
        return true;
    }
    return may_be_placeholder(v) &&
           (is_mask(v) || is_template(v) || is_variable(v) || is_long_mask(v) ||
            is_ornamented(v) || is_example_key(v) || is_public_key(v) || hsn_is_standin(v));
}

/* ---------------------------------------------------------------- harmless shapes */

bool hsn_looks_all_in(hsn_str v, const char *set)
{
    for (size_t i = 0; i < v.n; i++) {
        if (!hsn_is_digit(v.p[i]) && !hsn_is_one_of(v.p[i], set)) {
            return false;
        }
    }
    return v.n > 0;
}

bool hsn_is_epoch(hsn_str v)
{
    return (v.n == 10 || v.n == 13) && hsn_looks_all_in(v, "") && v.p[0] == '1' && v.p[1] >= '2';
}

/* No run of digits is longer than max, but for times since 1970 and fractions of a second: an id
 * with separators is no date. */
static bool has_short_runs(hsn_str v, size_t max)
{
    enum { FRACTION = 9 };
    for (size_t i = 0; i < v.n; i++) {
        size_t from = i;
        while (i < v.n && hsn_is_digit(v.p[i])) {
            i++;
        }
        bool fraction = max == 4 && from > 0 && v.p[from - 1] == '.' && i - from <= FRACTION;
        bool odd = i - from > max || (max == 4 && i - from == 3); /* 078-05-1120 is no date */
        if (odd && !fraction && !hsn_is_epoch(hsn_str_cut(v, from, i))) {
            return false;
        }
    }
    return true;
}

/* 2024-05-06, 2024-05-06T10:11:12.123Z, +00:00, 10:11. */
bool hsn_is_datetime(hsn_str v)
{
    enum { SHORTEST = 5, LONGEST = 35, SIGNS_MAX = 9, RUN_MAX = 4 };
    if (v.n < SHORTEST || v.n > LONGEST || !hsn_is_digit(v.p[0]) ||
        !hsn_looks_all_in(v, "-:.TZ+ /")) {
        return false;
    }
    const hsn_looks s = hsn_looks_of(v);
    const bool divided =
        hsn_str_chr(v, '-') < v.n || hsn_str_chr(v, ':') < v.n || hsn_str_chr(v, '/') < v.n;
    return divided && s.n - s.digits <= SIGNS_MAX && has_short_runs(v, RUN_MAX);
}

bool hsn_is_version(hsn_str v)
{
    if (v.n > 0 && (v.p[0] == 'v' || v.p[0] == 'V')) {
        v = hsn_str_cut(v, 1, v.n);
    }
    return v.n <= 24 && hsn_str_chr(v, '.') < v.n && hsn_looks_all_in(v, ".") &&
           has_short_runs(v, 8);
}

/* Words change their case where a word begins, not within. */
static bool is_slug_word(hsn_str v)
{
    enum { WORD_MAX = 14 };
    return v.n <= WORD_MAX && hsn_looks_of(v).case_changes <= 1 + v.n / 4;
}

static bool joins_slug(unsigned char c)
{
    return c == '-' || c == '_' || c == '.' || c == ':' || c == '/' || c == ' ';
}

/* Words and small numbers joined by - _ . : / such as user-profile-2, en-US, Europe/Berlin. Of a
 * part the letters come first, then at most four digits. */
bool hsn_is_slug(hsn_str v)
{
    enum { DIGITS_MAX = 4 };
    for (size_t i = 0;; i++) {
        size_t from = i;
        while (i < v.n && hsn_is_alpha(v.p[i])) {
            i++;
        }
        size_t letters = i;
        while (i < v.n && hsn_is_digit(v.p[i])) {
            i++;
        }
        if ((i < v.n && !joins_slug(v.p[i])) || i - letters > DIGITS_MAX ||
            !is_slug_word(hsn_str_cut(v, from, letters))) {
            return false;
        }
        if (i >= v.n) {
            return true;
        }
    }
}

/* scheme://... or //host/... or /path/... : looked into, not replaced. */
bool hsn_is_url(hsn_str v)
{
    size_t colon = hsn_str_chr(v, ':');
    if (colon > 1 && colon < 24 && colon + 2 < v.n && v.p[colon + 1] == '/' &&
        v.p[colon + 2] == '/') {
        return true;
    }
    return v.n > 1 && v.p[0] == '/' && hsn_is_slug(hsn_str_cut(v, 1, v.n));
}

static bool is_harmless_word(hsn_str v)
{
    enum { SLUG_MAX = 24 };
    v = hsn_str_trim(v);
    if (hsn_is_placeholder(v) || hsn_is_epoch(v) || hsn_is_datetime(v) || hsn_is_version(v)) {
        return true;
    }
    hsn_looks s = hsn_looks_of(v);
    if (s.digits == s.n) {
        return s.n <= 5;
    }
    return s.n <= SLUG_MAX && s.high == 0 && hsn_is_slug(v);
}

/* a=1&b=word, a=1|b=2: settings, each harmless. */
static bool is_harmless_list(hsn_str v)
{
    enum { MAX = 200 };
    size_t from = 0;
    for (size_t i = 0; i <= v.n && v.n <= MAX; i++) {
        if (i < v.n && !hsn_is_one_of(v.p[i], "&|;,")) {
            continue;
        }
        hsn_str pair = hsn_str_cut(v, from, i);
        size_t eq = hsn_str_chr(pair, '=');
        if (eq == 0 || eq >= pair.n || !hsn_is_slug(hsn_str_cut(pair, 0, eq)) ||
            (eq + 1 < pair.n && !is_harmless_word(hsn_str_cut(pair, eq + 1, pair.n)))) {
            return false;
        }
        from = i + 1;
    }
    return v.n <= MAX;
}

/* partnernetworkname2: small letters and a number. */
bool hsn_is_numbered_word(hsn_str v)
{
    enum { LONGEST = 24, NUMBER_MAX = 4 };
    size_t letters = 0;
    while (letters < v.n && v.p[letters] >= 'a' && v.p[letters] <= 'z') {
        letters++;
    }
    hsn_str number = hsn_str_cut(v, letters, v.n);
    return v.n <= LONGEST && number.n <= NUMBER_MAX && hsn_looks_of(number).digits == number.n;
}

bool hsn_is_harmless_cookie(hsn_str v)
{
    v = hsn_str_trim(v);
    return is_harmless_word(v) || is_harmless_list(v);
}

/* 0x80070005: a number of 32 bits, mostly of an error. */
static bool is_hex_number(hsn_str v)
{
    enum { LONGEST = 10 };
    bool hex = v.n <= LONGEST && v.n > 2 && v.p[0] == '0' && (v.p[1] == 'x' || v.p[1] == 'X');
    for (size_t i = 2; hex && i < v.n; i++) {
        hex = hsn_hex(v.p[i]) >= 0;
    }
    return hex;
}

/* Checkout:Eligibility:PreAuthLatency: words, colons between them, each capital before two small
 * letters. What counts and measures is called so. */
static bool is_metric(hsn_str v)
{
    size_t run = 2; /* small letters at the end of what was read */
    bool colon = false;
    for (size_t i = 0; i <= v.n; i++) {
        unsigned char c = i < v.n ? v.p[i] : ':';
        if (c >= 'a' && c <= 'z') {
            run++;
            continue;
        }
        bool joint = c == ':' || c == '.' || c == '_';
        if (run < 2 || (!joint && (c < 'A' || c > 'Z'))) {
            return false;
        }
        colon = colon || (c == ':' && i < v.n);
        run = 0;
        if (joint && i + 1 < v.n && v.p[i + 1] >= 'A' && v.p[i + 1] <= 'Z') {
            i++;
        }
    }
    return colon;
}

bool hsn_is_tokenish(hsn_str v, size_t min)
{
    if (v.n < min || hsn_is_placeholder(v) || is_hex_number(v)) {
        return false;
    }
    hsn_looks s = hsn_looks_of(v);
    if (s.digits == 0 && s.other > 0 && is_metric(v)) {
        return false;
    }
    if (s.spaces > 0 || s.high > 0 || hsn_is_url(v) || hsn_is_datetime(v) || hsn_is_version(v) ||
        hsn_is_slug(v)) {
        return false;
    }
    if (s.digits > 0 && s.lower + s.upper > 0) {
        /* a file name such as main.3f2a.js ends in a short word behind a dot */
        return true;
    }
    if (s.digits == s.n) {
        return s.n >= 16;
    }
    if (s.digits > 0) { /* 131-4455667-8899001, as shops number their sessions */
        return s.n >= 20 || s.digits >= 16;
    }
    return (s.n >= 16 && s.case_changes * 4 >= s.n) || s.n >= 32;
}
