/*
 * Validators by name, and those of tokens: Luhn, the CRC32 inside GitHub, npm and Grafana tokens,
 * the header of a JWT, entropy.
 *
 * Receives the text that a rule's pattern matched; tells whether it can be what the rule takes it
 * for. Never allocates, never looks outside the view it was given. To add a validator: write it,
 * add one line to `checks`.
 */
#include "valid.h"

#include "peel.h"
#include "vec.h"

#include <zlib.h>

/* ---------------------------------------------------------------- UUID */

bool hsn_is_uuid(hsn_str s)
{
    enum { LENGTH = 36 };
    static const unsigned char shape[LENGTH + 1] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (s.n != LENGTH || s.p[8] != '-') {
        return false;
    }
    unsigned char odd = 0;
    for (size_t i = 0; i < LENGTH; i++) { /* without a branch: vectors */
        const unsigned char c = s.p[i];
        const unsigned char digit = (unsigned char)(c - '0') < 10;
        const unsigned char letter = (unsigned char)((c | 0x20) - 'a') < 6;
        const unsigned char hyphen = shape[i] == '-';
        odd |= (unsigned char)((digit | letter | (c == '-')) ^ 1) |
               (unsigned char)((c == '-') ^ hyphen);
    }
    return odd == 0;
}

bool hsn_is_small_hex(hsn_str s)
{
    size_t i = 0;
    if (s.n >= HSN_VEC) {
        while (s.n - i > HSN_VEC && hsn_vec_is_small_hex(s.p + i)) {
            i += HSN_VEC;
        }
        /* some a second time */
        return s.n - i <= HSN_VEC && hsn_vec_is_small_hex(s.p + s.n - HSN_VEC);
    }
    while (i < s.n && (hsn_is_digit(s.p[i]) || (s.p[i] >= 'a' && s.p[i] <= 'f'))) {
        i++;
    }
    return i == s.n && s.n > 0;
}

/* ---------------------------------------------------------------- Luhn */

/* ISO/IEC 7812-1 annex B: every second digit from the right counts double, its digits summed. */
bool hsn_valid_luhn(hsn_str s)
{
    static const unsigned char doubled[10] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    unsigned sum = 0;
    size_t n_digits = 0;
    for (size_t i = s.n; i > 0; i--) {
        unsigned char c = s.p[i - 1];
        if (c == ' ' || c == '-') {
            continue;
        }
        if (!hsn_is_digit(c)) {
            return false;
        }
        unsigned d = (unsigned)(c - '0');
        sum = (sum + (n_digits % 2 == 1 ? doubled[d] : d)) % 10;
        n_digits++;
    }
    return n_digits >= 2 && sum == 0;
}

/* ---------------------------------------------------------------- CRC32 inside tokens */

static uint32_t crc_of(hsn_str s)
{
    return (uint32_t)crc32(crc32(0, NULL, 0), s.p, (uInt)s.n);
}

/* What follows the first `_`: the body of a token such as "ghp_...". */
static hsn_str after_prefix(hsn_str s)
{
    size_t at = hsn_str_chr(s, '_');
    return at < s.n ? hsn_str_cut(s, at + 1, s.n) : s;
}

static int base62_value(unsigned char c)
{
    if (hsn_is_digit(c)) {
        return c - '0';
    }
    if (!hsn_is_alpha(c)) {
        return -1;
    }
    return c <= 'Z' ? c - 'A' + 10 : c - 'a' + 36;
}

/*
 * The last 6 characters are the CRC32 of those before, in base 62 (0-9A-Za-z), zeros in front.
 * Bodies of 36 (all classic tokens of GitHub and npm) and 76 (refresh tokens of GitHub Apps). The
 * checksum of "github_pat_" tokens is not published: they fail here.
 */
bool hsn_valid_github(hsn_str s)
{
    enum { CRC_CHARS = 6 };
    hsn_str body = after_prefix(s);
    if (body.n != 36 && body.n != 76) {
        return false;
    }
    uint64_t claimed = 0;
    for (size_t i = 0; i < body.n; i++) {
        int v = base62_value(body.p[i]);
        if (v < 0) {
            return false;
        }
        if (i >= body.n - CRC_CHARS) {
            claimed = claimed * 62 + (uint64_t)v;
        }
    }
    return claimed == crc_of(hsn_str_cut(body, 0, body.n - CRC_CHARS));
}

/*
 * Service-account tokens "glsa_" 32 letters and digits "_" 8 hex: the hex is the CRC32 of all that
 * stands before the last underscore, least significant byte first.
 */
static bool valid_grafana(hsn_str s)
{
    enum { BODY = 5 + 32, CRC_CHARS = 8 };
    if (s.n != BODY + 1 + CRC_CHARS || s.p[BODY] != '_' || !hsn_str_starts(s, HSN_S("glsa_"))) {
        return false;
    }
    uint32_t crc = crc_of(hsn_str_cut(s, 0, BODY));
    for (size_t i = 0; i < CRC_CHARS; i += 2) {
        int high = hsn_hex(s.p[BODY + 1 + i]);
        int low = hsn_hex(s.p[BODY + 2 + i]);
        if (high < 0 || low < 0 || (uint32_t)(high * 16 + low) != (crc & 0xff)) {
            return false;
        }
        crc >>= 8;
    }
    return true;
}

/* ---------------------------------------------------------------- JWT */

/* Offset behind the JSON string that begins at s[at], s.n when it does not end. */
static size_t skip_string(hsn_str s, size_t at)
{
    for (size_t i = at + 1; i < s.n; i++) {
        if (s.p[i] == '\\') {
            i++;
        } else if (s.p[i] == '"') {
            return i + 1;
        }
    }
    return s.n;
}

/* Has the JSON object a member `alg` of its own? No full parse: strings and depth are enough. */
static bool has_alg(hsn_str json)
{
    size_t depth = 0;
    size_t i = hsn_past_space(json, 0);
    if (i == json.n || json.p[i] != '{') {
        return false;
    }
    while (i < json.n) {
        unsigned char c = json.p[i];
        if (c == '"') {
            size_t end = skip_string(json, i);
            size_t colon = hsn_past_space(json, end);
            if (depth == 1 && hsn_str_eq(hsn_str_cut(json, i, end), HSN_S("\"alg\"")) &&
                colon < json.n && json.p[colon] == ':') {
                return true;
            }
            i = end;
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (depth == 0) {
            return false;
        }
        i++;
    }
    return false;
}

static bool is_base64url(hsn_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!hsn_is_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_') {
            return false;
        }
    }
    return s.n > 0;
}

/* RFC 7519 section 5, RFC 7515 section 4.1.1. The rest of the token is the pattern's business. */
bool hsn_valid_jwt(hsn_str s)
{
    /* A header with a certificate chain (x5c) may be longer; `alg` then stands near the front. */
    unsigned char header[2048];
    hsn_str segment = hsn_str_cut(s, 0, hsn_str_chr(s, '.'));
    if (!is_base64url(segment)) {
        return false;
    }
    size_t n = hsn_base64_peek(segment, header, sizeof header);
    return has_alg(hsn_str_of(header, n));
}

/* ---------------------------------------------------------------- entropy */

/* log2(x) for x >= 1 with 16 binary places: squaring doubles the logarithm, one bit at a time. */
static uint64_t log2_fixed(uint64_t x)
{
    enum { PLACES = 16, UNIT = 30 };
    uint64_t whole = 0;
    while (x >> (whole + 1) != 0) {
        whole++;
    }
    uint64_t y = (x << UNIT) >> whole; /* 1 <= y < 2, in units of 2^-30 */
    uint64_t log = whole;
    for (int i = 0; i < PLACES; i++) {
        y = (y * y) >> UNIT;
        log <<= 1;
        if (y >> (UNIT + 1) != 0) {
            y >>= 1;
            log |= 1;
        }
    }
    return log;
}

/* Shannon: n H = n log2 n - sum of c log2 c over the counts c of the distinct bytes. */
bool hsn_valid_entropy(hsn_str s)
{
    enum { MIN_CHARS = 16, MIN_BITS = 3, MAX_CHARS = 1 << 16 };
    uint32_t count[256] = {0};
    if (s.n < MIN_CHARS) {
        return false;
    }
    s = hsn_str_cut(s, 0, MAX_CHARS);
    for (size_t i = 0; i < s.n; i++) {
        count[s.p[i]]++;
    }
    uint64_t spent = (uint64_t)MIN_BITS * s.n << 16;
    for (size_t i = 0; i < 256; i++) {
        if (count[i] > 1) {
            spent += count[i] * log2_fixed(count[i]);
        }
    }
    return s.n * log2_fixed(s.n) >= spent;
}

/* ---------------------------------------------------------------- registry */

static bool valid_phone_national(hsn_str s)
{
    return hsn_valid_phone(s, HSN_PHONE_NATIONAL);
}

static bool valid_phone_international(hsn_str s)
{
    return hsn_valid_phone(s, HSN_PHONE_INTERNATIONAL);
}

hsn_check hsn_check_find(const hsn_named_check *table, hsn_str name)
{
    while (table->name != NULL && !hsn_str_eq(name, hsn_str_z(table->name))) {
        table++;
    }
    return table->check;
}

hsn_check hsn_check_by_name(hsn_str name)
{
    static const hsn_named_check checks[] = {
        {"luhn", hsn_valid_luhn},
        {"card", hsn_valid_card},
        {"iban", hsn_valid_iban},
        {"github-crc32", hsn_valid_github},
        {"npm-crc32", hsn_valid_github}, /* npm took over GitHub's format */
        {"grafana-crc32", valid_grafana},
        {"jwt", hsn_valid_jwt},
        {"entropy", hsn_valid_entropy},
        {"phone", valid_phone_national},
        {"phone-e164", valid_phone_international},
        {NULL, NULL},
    };
    hsn_check check = hsn_check_find(checks, name);
    return check != NULL ? check : hsn_check_national(name);
}
