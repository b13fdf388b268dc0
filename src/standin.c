/*
 * Stand-ins: a keyed hash of the value, dressed in the shape that its readers need.
 */
#include "standin.h"

#include "valid.h"

#include <arpa/inet.h>
#include <sodium.h>

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

enum {
    HASH_CHARS = 13, /* 65 bits: two of a million values collide with probability 1e-8 */
    UUID_LEN = 36,
    DIGEST = 16
};

#define MARK "redacted-"
#define MAIL_HOST "@redacted.invalid"
#define MAIL_HOST_SHORT "@r.invalid"

typedef struct digest {
    unsigned char b[DIGEST];
} digest;

void hsn_standin_init(hsn_standin *s, const unsigned char key[32])
{
    crypto_generichash(s->key, sizeof s->key, key, 32, NULL, 0);
}

static digest keyed_hash(const hsn_standin *s, hsn_str value)
{
    digest d;
    crypto_shorthash_siphashx24(d.b, value.p, value.n, s->key);
    return d;
}

static uint64_t big_endian(const unsigned char *p)
{
    uint64_t w = 0;
    for (int i = 0; i < 8; i++) {
        w = w << 8 | p[i];
    }
    return w;
}

/* n characters of base32, going round the digest's 128 bits as often as needed. */
static void spell(unsigned char *out, size_t n, const digest *d)
{
    enum { AT_ONCE = 12 }; /* characters in 64 bits */
    uint64_t first = big_endian(d->b);
    unsigned char head[AT_ONCE];
    for (unsigned i = 0; i < AT_ONCE; i++) {
        head[i] = (unsigned char)base32[first >> (59 - 5 * i) & 31];
    }
    if (n < AT_ONCE) {
        memcpy(out, head, n);
        return;
    }
    memcpy(out, head, AT_ONCE);
    for (size_t i = AT_ONCE; i < n; i++) {
        size_t bit = i * 5 % (DIGEST * 8);
        unsigned two = (unsigned)d->b[bit / 8] << 8 | d->b[(bit / 8 + 1) % DIGEST];
        out[i] = (unsigned char)base32[two >> (11 - bit % 8) & 31];
    }
}

/* ---------------------------------------------------------------- shapes */

static bool is_email_shaped(hsn_str v)
{
    enum { AT = 1, DOT = 2, NEVER = 4 };
    static const unsigned char kinds[256] = {
        ['@'] = AT, ['.'] = DOT, [' '] = NEVER, [':'] = NEVER, ['/'] = NEVER};
    size_t at = hsn_str_chr(v, '@');
    if (at == 0 || at == v.n) {
        return false;
    }
    unsigned local = 0;
    for (size_t i = 0; i < at; i++) {
        local |= kinds[v.p[i]];
    }
    unsigned host = 0;
    for (size_t i = at + 1; i < v.n; i++) {
        host |= kinds[v.p[i]];
    }
    return host == DOT && (local & NEVER) == 0;
}

enum { IP_TEXT = 46 };

static bool is_ip_byte(unsigned char c)
{
    return c == ':' || c == '.' || hsn_hex(c) >= 0;
}

/* Is all of v digits of some base up to 16, and what divides them in an address? */
static bool is_ip_shaped(hsn_str v)
{
    if (v.n < 3 || v.n >= IP_TEXT || !is_ip_byte(v.p[0]) || !is_ip_byte(v.p[v.n - 1])) {
        return false; /* words, host names and addresses of mail mostly end here */
    }
    if ((hsn_str_chr(v, ':') == v.n && hsn_str_chr(v, '.') == v.n)) {
        return false; /* most ids end here: of their next byte nobody foretells what it is */
    }
    for (size_t i = 0; i < v.n; i++) {
        if (!is_ip_byte(v.p[i])) {
            return false;
        }
    }
    return true;
}

/* AF_INET, AF_INET6 or 0. */
static int ip_family(hsn_str v, unsigned char addr[16])
{
    char z[IP_TEXT];
    if (!is_ip_shaped(v)) {
        return 0;
    }
    memcpy(z, v.p, v.n);
    z[v.n] = '\0';
    if (inet_pton(AF_INET, z, addr) == 1) {
        return AF_INET;
    }
    return inet_pton(AF_INET6, z, addr) == 1 ? AF_INET6 : 0;
}

/* ---------------------------------------------------------------- making */

static hsn_str make_any(hsn_arena *mem, const digest *d, size_t n)
{
    unsigned char *p = hsn_arena_new(mem, n);
    if (p == NULL) {
        return (hsn_str){0};
    }
    const size_t mark = sizeof MARK - 1;
    memcpy(p, MARK, mark);
    spell(p + mark, n - mark, d);
    return hsn_str_of(p, n);
}

static hsn_str make_email(hsn_arena *mem, const digest *d, size_t local, hsn_str host)
{
    size_t n = local + host.n;
    unsigned char *p = hsn_arena_new(mem, n);
    if (p == NULL) {
        return (hsn_str){0};
    }
    spell(p, local, d);
    memcpy(p + local, host.p, host.n);
    return hsn_str_of(p, n);
}

static hsn_str make_uuid(hsn_arena *mem, const digest *d)
{
    unsigned char *p = hsn_arena_new(mem, UUID_LEN + 1);
    if (p == NULL) {
        return (hsn_str){0};
    }
    char hex[2 * DIGEST + 1];
    sodium_bin2hex(hex, sizeof hex, d->b, DIGEST);
    memcpy(p, "5afe", 4);
    memcpy(p + 4, hex, 4);
    memcpy(p + 8, "-", 1);
    memcpy(p + 9, hex + 4, 4);
    memcpy(p + 13, "-f", 2);
    memcpy(p + 15, hex + 8, 3);
    memcpy(p + 18, "-a", 2);
    memcpy(p + 20, hex + 11, 3);
    memcpy(p + 23, "-", 1);
    memcpy(p + 24, hex + 14, 12);
    return hsn_str_of(p, UUID_LEN);
}

static hsn_str make_ip(hsn_arena *mem, const digest *d, int family)
{
    unsigned char addr[16] = {0x20, 0x01, 0x0d, 0xb8};
    if (family == AF_INET) {
        addr[0] = 198;
        addr[1] = (unsigned char)(18 + (d->b[0] & 1));
        addr[2] = d->b[1];
        addr[3] = d->b[2];
    } else {
        memcpy(addr + 4, d->b, 12);
    }
    char *z = hsn_arena_new(mem, IP_TEXT);
    if (z == NULL || inet_ntop(family, addr, z, IP_TEXT) == NULL) {
        return (hsn_str){0};
    }
    return hsn_str_z(z);
}

static hsn_str make_fill(hsn_arena *mem, size_t n)
{
    unsigned char *p = hsn_arena_new(mem, n);
    if (p == NULL) {
        return (hsn_str){0};
    }
    memset(p, 'x', n);
    return hsn_str_of(p, n);
}

/* Too short to hold mark and hash: nothing but the length is kept. */
static hsn_str make_fixed(hsn_arena *mem, const digest *d, hsn_str value, size_t n)
{
    const hsn_str host = HSN_S(MAIL_HOST_SHORT);
    if (is_email_shaped(value) && n >= host.n + 2) {
        return make_email(mem, d, n - host.n, host);
    }
    return n >= sizeof MARK - 1 + 5 ? make_any(mem, d, n) : make_fill(mem, n);
}

uint64_t hsn_standin_id(const hsn_standin *s, hsn_str value)
{
    uint64_t id;
    digest d = keyed_hash(s, value);
    memcpy(&id, d.b, sizeof id);
    return id;
}

hsn_str hsn_standin_make(const hsn_standin *s, hsn_arena *mem, hsn_str value, size_t fixed,
                         uint64_t *id)
{
    digest d = keyed_hash(s, value);
    memcpy(id, d.b, sizeof *id);
    unsigned char addr[16];
    if (fixed > 0) {
        return make_fixed(mem, &d, value, fixed);
    }
    if (is_email_shaped(value)) {
        return make_email(mem, &d, HASH_CHARS, HSN_S(MAIL_HOST));
    }
    if (hsn_is_uuid(value)) {
        return make_uuid(mem, &d);
    }
    int family = ip_family(value, addr);
    if (family != 0) {
        return make_ip(mem, &d, family);
    }
    return make_any(mem, &d, sizeof MARK - 1 + HASH_CHARS);
}

hsn_str hsn_standin_make_email(const hsn_standin *s, hsn_arena *mem, hsn_str value, uint64_t *id)
{
    digest d = keyed_hash(s, value);
    memcpy(id, d.b, sizeof *id);
    return make_email(mem, &d, HASH_CHARS, HSN_S(MAIL_HOST));
}

/* ---------------------------------------------------------------- recognising */

static bool all_base32(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (!(v.p[i] >= 'a' && v.p[i] <= 'z') && !(v.p[i] >= '2' && v.p[i] <= '7')) {
            return false;
        }
    }
    return v.n > 0;
}

/* An address of ours and nothing else: what stands between two of them is none. */
static bool is_standin_mail(hsn_str v)
{
    const size_t at = hsn_str_chr(v, '@');
    const hsn_str host = hsn_str_cut(v, at, v.n);
    return (hsn_str_eq(host, HSN_S(MAIL_HOST)) || hsn_str_eq(host, HSN_S(MAIL_HOST_SHORT))) &&
           all_base32(hsn_str_cut(v, 0, at));
}

static bool is_standin_ip(hsn_str v)
{
    unsigned char addr[16];
    switch (ip_family(v, addr)) {
    case AF_INET:
        return addr[0] == 198 && (addr[1] & 0xfe) == 18;
    case AF_INET6:
        return memcmp(addr, "\x20\x01\x0d\xb8", 4) == 0;
    default:
        return false;
    }
}

static bool is_fill(hsn_str v)
{
    size_t i = 0;
    while (i < v.n && v.p[i] == 'x') {
        i++;
    }
    return i == v.n;
}

bool hsn_is_standin(hsn_str v)
{
    if (v.n == 0) {
        return false;
    }
    if (hsn_str_starts(v, HSN_S(MARK))) {
        return all_base32(hsn_str_cut(v, sizeof MARK - 1, v.n));
    }
    if (v.p[v.n - 1] == 'd' && is_standin_mail(v)) {
        return true;
    }
    if (hsn_is_uuid(v)) {
        return memcmp(v.p, "5afe", 4) == 0 && v.p[14] == 'f';
    }
    return is_ip_shaped(v) ? is_standin_ip(v) : is_fill(v);
}
