/*
 * Samples: a template in, an example of a secret out.
 *
 * Rules carry their examples as templates, so that no text of the repository looks like a token;
 * they are filled when tests run, from a seed: same template and seed, same text. What comes out
 * belongs to nobody. Not for stand-ins: those are keyed, see standin.c.
 */
#include "rule.h"

#include <stdio.h>
#include <sodium.h>
#include <zlib.h>

/* Bounds what one template can ask for; the longest tokens known have some thousand characters. */
enum { RUN_MAX = 4096 };

/* The random numbers are those of splitmix64: any seed is a good one. */
struct filler {
    hsn_buf *out;
    uint64_t state;
    size_t token; /* where this template began in out */
};

static uint64_t draw(struct filler *f)
{
    uint64_t z = f->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* ---------------------------------------------------------------- runs of characters */

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const struct alphabet {
    const char *name;
    const char *chars;
} alphabets[] = {
    {"alnum", DIGITS UPPER LOWER},
    {"hex", DIGITS "abcdef"},
    {"digits", DIGITS},
    {"lower", DIGITS LOWER},
    {"upper", DIGITS UPPER},
    {"b64", DIGITS UPPER LOWER "+/"},
    {"b64url", DIGITS UPPER LOWER "-_"},
    {"base32", "234567" UPPER},
    {"base58", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"},
};

static bool is_upper(unsigned char c)
{
    return hsn_is_alpha(c) && (c & 0x20) == 0;
}

static bool is_lower(unsigned char c)
{
    return hsn_is_alpha(c) && (c & 0x20) != 0;
}

/*
 * Is c right for place i of n? Patterns ask for a digit or for mixed case, and end at a word
 * boundary; a run of four or more has one of each class that its alphabet has, and letters or
 * digits at its ends.
 */
static bool fits(const char *chars, unsigned char c, size_t i, size_t n)
{
    if ((i == 0 || i == n - 1) && !hsn_is_alnum(c)) {
        return false;
    }
    if (n < 4) {
        return true;
    }
    switch (i) {
    case 0:
        return strpbrk(chars, UPPER) == NULL || is_upper(c);
    case 1:
        return strpbrk(chars, DIGITS) == NULL || hsn_is_digit(c);
    case 2:
        return strpbrk(chars, LOWER) == NULL || is_lower(c);
    default:
        return true;
    }
}

static void put_run(struct filler *f, size_t n, const char *chars)
{
    const size_t size = strlen(chars);
    for (size_t i = 0; i < n; i++) {
        unsigned char c;
        do {
            c = (unsigned char)chars[draw(f) % size];
        } while (!fits(chars, c, i, n));
        hsn_buf_put(f->out, c);
    }
}

/* ---------------------------------------------------------------- checksums */

static uint32_t crc_of(hsn_str s)
{
    return (uint32_t)crc32(0, s.p, (uInt)s.n);
}

/* GitHub, npm: over the letters and digits before, six digits in base 62. */
static void put_crc_base62(struct filler *f)
{
    const char *const digits = DIGITS UPPER LOWER;
    const hsn_str made = hsn_buf_str(f->out);
    size_t from = made.n;
    while (from > f->token && hsn_is_alnum(made.p[from - 1])) {
        from--;
    }
    uint32_t crc = crc_of(hsn_str_cut(made, from, made.n));
    unsigned char text[6];
    for (size_t i = sizeof text; i-- > 0; crc /= 62) {
        text[i] = (unsigned char)digits[crc % 62];
    }
    hsn_buf_add(f->out, text, sizeof text);
}

/* Grafana: over the token without its last underscore, eight hex digits, least byte first. */
static void put_crc_hex(struct filler *f)
{
    const hsn_str made = hsn_buf_str(f->out);
    size_t from = made.n;
    while (from > f->token && (hsn_is_alnum(made.p[from - 1]) || made.p[from - 1] == '_')) {
        from--;
    }
    const size_t to = made.n > from ? made.n - 1 : from;
    for (uint32_t i = 0, crc = crc_of(hsn_str_cut(made, from, to)); i < 4; i++, crc >>= 8) {
        hsn_buf_printf(f->out, "%02x", (unsigned)(crc & 0xff));
    }
}

/*
 * Sum of the digits at the end of what was made, spaces and hyphens between them left out, as Luhn
 * counts them when one more follows (ISO/IEC 7812-1 annex B: every second from the right double).
 */
static unsigned luhn_sum(hsn_str made)
{
    unsigned sum = 0;
    bool twice = true;
    for (size_t i = made.n; i-- > 0;) {
        const unsigned char c = made.p[i];
        if (c == ' ' || c == '-') {
            continue;
        }
        if (!hsn_is_digit(c)) {
            break;
        }
        const unsigned d = (unsigned)(c - '0') * (twice ? 2 : 1);
        sum += d > 9 ? d - 9 : d;
        twice = !twice;
    }
    return sum;
}

static void put_luhn(struct filler *f, size_t n)
{
    put_run(f, n - 1, DIGITS);
    if (!hsn_buf_failed(f->out)) {
        const hsn_str made = hsn_str_cut(hsn_buf_str(f->out), f->token, f->out->n);
        hsn_buf_put(f->out, (unsigned char)('0' + (10 - luhn_sum(made) % 10) % 10));
    }
}

/* ---------------------------------------------------------------- whole values */

static void put_email(struct filler *f)
{
    put_run(f, 6, LOWER);
    hsn_buf_put(f->out, '.');
    put_run(f, 7, LOWER);
    hsn_buf_put(f->out, '@');
    put_run(f, 14, LOWER);
    hsn_buf_add_str(f->out, HSN_S(".net"));
}

/* Berlin 23125-xxx: kept free for films by the German regulator, and valid by E.164. */
static void put_phone(struct filler *f)
{
    hsn_buf_add_str(f->out, HSN_S("+49 30 23125"));
    put_run(f, 3, DIGITS);
}

static void put_base64url(struct filler *f, const char *text)
{
    char coded[128];
    sodium_bin2base64(coded, sizeof coded, (const unsigned char *)text, strlen(text),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    hsn_buf_add_str(f->out, hsn_str_z(coded));
}

static void put_jwt(struct filler *f)
{
    put_base64url(f, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    hsn_buf_put(f->out, '.');
    char claims[64];
    snprintf(claims, sizeof claims, "{\"sub\":\"%08x\",\"exp\":1999999999}",
             (unsigned)(draw(f) >> 32));
    put_base64url(f, claims);
    hsn_buf_put(f->out, '.');
    put_run(f, 43, DIGITS UPPER LOWER "-_");
}

/* RFC 9562 version 4. */
static void put_uuid(struct filler *f)
{
    const uint64_t a = draw(f);
    const uint64_t b = draw(f);
    hsn_buf_printf(f->out, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
                   (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
                   (unsigned)(0x8000 | (b >> 48 & 0x3fff)),
                   (unsigned long long)(b & 0xffffffffffffu));
}

/* Of unreserved characters (RFC 3986): it may stand anywhere. */
static void put_password(struct filler *f)
{
    put_run(f, 6, DIGITS UPPER LOWER);
    hsn_buf_put(f->out, '-');
    put_run(f, 6, DIGITS UPPER LOWER);
}

static const struct {
    const char *name;
    void (*put)(struct filler *f);
} values[] = {
    {"email", put_email},        {"phone", put_phone},         {"jwt", put_jwt},
    {"uuid", put_uuid},          {"pw", put_password},         {"crc:github", put_crc_base62},
    {"crc:npm", put_crc_base62}, {"crc:grafana", put_crc_hex},
};

/* ---------------------------------------------------------------- templates */

/* A number of at most RUN_MAX at the beginning of s; 0 for none. *used is its length. */
static size_t number_at(hsn_str s, size_t *used)
{
    size_t n = 0;
    size_t i = 0;
    while (i < s.n && hsn_is_digit(s.p[i]) && n <= RUN_MAX) {
        n = n * 10 + (size_t)(s.p[i++] - '0');
    }
    *used = i;
    return n <= RUN_MAX ? n : 0;
}

static bool put_counted(struct filler *f, hsn_str name)
{
    size_t used;
    const size_t n = number_at(name, &used);
    if (n == 0 || used == name.n || name.p[used] != ' ') {
        return false;
    }
    const hsn_str kind = hsn_str_cut(name, used + 1, name.n);
    for (size_t i = 0; i < HSN_COUNT(alphabets); i++) {
        if (hsn_str_eq(kind, hsn_str_z(alphabets[i].name))) {
            put_run(f, n, alphabets[i].chars);
            return true;
        }
    }
    return false;
}

/* What stands between the braces. False when nothing has that name. */
static bool put_named(struct filler *f, hsn_str name)
{
    for (size_t i = 0; i < HSN_COUNT(values); i++) {
        if (hsn_str_eq(name, hsn_str_z(values[i].name))) {
            values[i].put(f);
            return true;
        }
    }
    if (hsn_str_starts(name, HSN_S("luhn:"))) {
        const hsn_str count = hsn_str_cut(name, sizeof "luhn:" - 1, name.n);
        size_t used;
        const size_t n = number_at(count, &used);
        if (n > 0 && used == count.n) {
            put_luhn(f, n);
            return true;
        }
    }
    return put_counted(f, name);
}

/* Templates differ though the seed is the same. */
static uint64_t mix(uint64_t seed, hsn_str template)
{
    for (size_t i = 0; i < template.n; i++) {
        seed = (seed ^ template.p[i]) * 0x100000001b3u; /* FNV-1a */
    }
    return seed;
}

bool hsn_sample_fill(hsn_buf *out, hsn_str template, uint64_t seed, harsan_error *err)
{
    struct filler f = {out, mix(seed, template), out->n};
    for (size_t i = 0; i < template.n; i++) {
        const unsigned char c = template.p[i];
        const bool doubled = c == '{' && i + 1 < template.n && template.p[i + 1] == '{';
        if (c != '{' || doubled) {
            hsn_buf_put(out, c);
            i += doubled;
            continue;
        }
        const size_t len = hsn_str_chr(hsn_str_cut(template, i, template.n), '}');
        if (i + len == template.n || !put_named(&f, hsn_str_cut(template, i + 1, i + len))) {
            (void)hsn_fail(err, HARSAN_E_RULES, i, "a template knows no such name; {{ is a brace");
            return false;
        }
        i += len;
    }
    if (hsn_buf_failed(out)) {
        (void)hsn_fail(err, HARSAN_E_NOMEM, 0, "no room for the sample");
        return false;
    }
    return true;
}
