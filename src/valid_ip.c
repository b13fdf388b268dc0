/*
 * IP addresses in text (RFC 791, RFC 4291 section 2.2), for the network pack.
 */
#include "valid.h"

#include <arpa/inet.h>

enum { TEXT_MAX = INET6_ADDRSTRLEN };

static bool is_address_byte(unsigned char c)
{
    return hsn_hex(c) >= 0 || c == '.' || c == ':';
}

/* Addresses that say nothing about anybody, or are stand-ins: RFC 6890, RFC 5737, RFC 2544, RFC
 * 3849. */
static bool says_nothing(int family, const unsigned char a[16])
{
    if (family == AF_INET) {
        return a[0] == 127 || a[0] == 0 || a[0] == 255 ||
               (a[0] == 192 && a[1] == 0 && a[2] == 2) ||
               (a[0] == 198 && a[1] == 51 && a[2] == 100) ||
               (a[0] == 203 && a[1] == 0 && a[2] == 113) || (a[0] == 198 && (a[1] & 0xfe) == 18);
    }
    static const unsigned char loopback[16] = {[15] = 1};
    static const unsigned char none[16] = {0};
    static const unsigned char documentation[4] = {0x20, 0x01, 0x0d, 0xb8};
    return memcmp(a, loopback, 16) == 0 || memcmp(a, none, 16) == 0 ||
           memcmp(a, documentation, sizeof documentation) == 0;
}

/* The family of the address z, 0 for none; its bytes. */
static int read_address(const char *z, unsigned char address[16])
{
    return inet_pton(AF_INET, z, address) == 1    ? AF_INET
           : inet_pton(AF_INET6, z, address) == 1 ? AF_INET6
                                                  : 0;
}

size_t hsn_ip_in_text(hsn_str s, unsigned char before)
{
    size_t n = 0;
    while (n < s.n && n < TEXT_MAX && is_address_byte(s.p[n])) {
        n++;
    }
    if (n < 3 || n == TEXT_MAX || before == '/' || before == '.' || before == ':' ||
        hsn_is_alnum(before) || (n < s.n && (hsn_is_alnum(s.p[n]) || s.p[n] == '_'))) {
        return 0;
    }
    while (n > 0 && (s.p[n - 1] == '.' || (s.p[n - 1] == ':' && (n < 2 || s.p[n - 2] != ':')))) {
        n--; /* the end of a sentence */
    }
    char z[TEXT_MAX];
    memcpy(z, s.p, n);
    z[n] = '\0';
    unsigned char address[16];
    int family = read_address(z, address);
    const size_t colon = hsn_str_chr(hsn_str_of(z, n), ':');
    if (family == 0 && colon < n) { /* 10.1.2.3:80 */
        n = colon;
        z[n] = '\0';
        family = inet_pton(AF_INET, z, address) == 1 ? AF_INET : 0;
    }
    return family != 0 && !says_nothing(family, address) ? n : 0;
}

/* ---------------------------------------------------------------- what only looks like one */

bool hsn_is_version_name(hsn_str name)
{
    static const hsn_str words[] = {HSN_W("ver"), HSN_W("v"),     HSN_W("cv"),
                                    HSN_W("av"),  HSN_W("flash"), HSN_W("build"),
                                    HSN_W("rev"), HSN_W("jv"),    HSN_W("release")};
    const hsn_str version = HSN_S("version");
    size_t from = name.n;
    while (from > 0 && hsn_is_alnum(name.p[from - 1])) {
        from--;
    }
    hsn_str last = hsn_str_cut(name, from, name.n);
    return HSN_STR_IN(last, words) ||
           (last.n >= version.n &&
            hsn_str_eq_nocase(hsn_str_cut(last, last.n - version.n, last.n), version));
}

static bool is_number_byte(unsigned char c)
{
    return hsn_is_digit(c) || c == '.';
}

/* A number of a list and whether it is a fraction; of an address, no number at all. */
typedef struct number {
    bool any;
    bool fraction;
} number;

static number number_of(hsn_str v)
{
    size_t dots = 0;
    size_t digits = 0;
    for (size_t i = 0; i < v.n; i++) {
        dots += v.p[i] == '.';
        digits += v.p[i] != '.';
    }
    return (number){digits > 0 && dots != 3, dots > 0};
}

static number number_before(hsn_str t, size_t at)
{
    enum { LONGEST = 24 };
    size_t to = at;
    to -= to > 0 && (t.p[to - 1] == ' ' || t.p[to - 1] == ',' || t.p[to - 1] == '-');
    size_t from = to;
    while (from > 0 && to - from < LONGEST && is_number_byte(t.p[from - 1])) {
        from--;
    }
    return to < at ? number_of(hsn_str_cut(t, from, to)) : (number){false, false};
}

static number number_behind(hsn_str t, size_t at)
{
    enum { LONGEST = 24 };
    size_t from = at;
    from += from < t.n && (t.p[from] == ' ' || t.p[from] == ',');
    from += from < t.n && t.p[from] == '-';
    size_t to = from;
    while (to < t.n && to - from < LONGEST && is_number_byte(t.p[to])) {
        to++;
    }
    return from > at ? number_of(hsn_str_cut(t, from, to)) : (number){false, false};
}

bool hsn_is_drawn(hsn_str t, size_t off, size_t len)
{
    for (size_t i = off, run = 0; i < off + len; i++) {
        run = is_number_byte(t.p[i]) && t.p[i] != '.' ? run + 1 : 0;
        if (run > 2 || !is_number_byte(t.p[i])) {
            return false;
        }
    }
    const number a = number_before(t, off);
    const number b = number_behind(t, off + len);
    return a.any && b.any && (a.fraction || b.fraction);
}
