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
    int family = inet_pton(AF_INET, z, address) == 1    ? AF_INET
                 : inet_pton(AF_INET6, z, address) == 1 ? AF_INET6
                                                        : 0;
    return family != 0 && !says_nothing(family, address) ? n : 0;
}
