/*
 * Validators: is a string of the right shape also right by its checksum or numbering plan?
 *
 * Pure functions over a borrowed view; no allocation, no state. Sources are named at each in
 * valid_*.c (ISO 7812, ISO 13616, ITU-T E.164, vendors' documents).
 */
#ifndef HSN_VALID_H
#define HSN_VALID_H

#include "base.h"

typedef bool (*hsn_check)(hsn_str s);

/* A line of a table, which ends with a NULL name. */
typedef struct hsn_named_check {
    const char *name;
    hsn_check check;
} hsn_named_check;
/* NULL when it is not there. */
hsn_check hsn_check_find(const hsn_named_check *table, hsn_str name);

/* By the name used in rule files: those below, "npm-crc32", "grafana-crc32", "phone" (national
 * form), "phone-e164", and the national ids. NULL when there is none. */
hsn_check hsn_check_by_name(hsn_str name);
/* The national ids alone ("us-ssn", "br-cpf", ...); hsn_check_by_name asks here too. */
hsn_check hsn_check_national(hsn_str name);

bool hsn_is_uuid(hsn_str s);          /* RFC 9562, in letters of either case */
bool hsn_is_small_hex(hsn_str s);     /* nothing but 0-9 and a-f, as ids and digests are written */
bool hsn_valid_luhn(hsn_str s);       /* "luhn": digits with spaces or hyphens */
bool hsn_valid_card(hsn_str s);       /* "card": issuer range, length, Luhn; test numbers too */
bool hsn_is_test_card(hsn_str s);     /* one of the numbers payment providers publish for testing */
/* Is it a parameter that makes each request another one for caches? Its value is a random number or
 * a time, and some of these pass for cards. */
bool hsn_is_cache_buster(hsn_str name);
bool hsn_valid_iban(hsn_str s);       /* "iban": country, length, mod 97; spaces allowed */
bool hsn_valid_github(hsn_str s);     /* "github-crc32" */
bool hsn_valid_jwt(hsn_str s);        /* "jwt": header segment decodes to a JSON object with alg */
bool hsn_valid_entropy(hsn_str s);    /* "entropy": 3.0 bits a character or more, over 16+ */

/* A phone number as written for people. */
typedef enum hsn_phone_form {
    HSN_PHONE_INTERNATIONAL, /* with + : calling code and length must fit the plan (E.164) */
    HSN_PHONE_NATIONAL       /* under a name that says phone: 7 to 15 digits and separators */
} hsn_phone_form;
bool hsn_valid_phone(hsn_str s, hsn_phone_form form);
/* Is it one of 555-0100 to 555-0199, which the North American plan keeps for fiction, or a mask
 * such as 999-9999? With or without area code and country code; an extension may follow. */
bool hsn_is_test_phone(hsn_str s);

/*
 * Length of the phone number that begins at s.p[0] (`+`, `(` or a digit) in free text, 0 for none:
 * international with a valid plan (behind +, or 00 or 011 when in groups), or North American with
 * separators ((NPA) NXX-XXXX, NPA-NXX-XXXX, NPA.NXX.XXXX, NPA NXX XXXX, also with a leading 1), an
 * extension included. `before` is the byte before s, 0 at the start of the text. Dates, times,
 * versions, coordinates, epoch times, order ids, SVG paths, IP addresses and decimal fractions are
 * none.
 */
size_t hsn_phone_in_text(hsn_str s, unsigned char before);

/* Length of the payment card number (13 to 19 digits, plain or in groups) that begins at s.p[0], 0
 * for none; and of the IBAN, plain or in groups of 4. */
size_t hsn_card_in_text(hsn_str s, unsigned char before);
size_t hsn_iban_in_text(hsn_str s, unsigned char before);

/*
 * Length of the IPv4 or IPv6 address that begins at s.p[0], 0 for none. Not addresses: versions
 * (Chrome/131.0.0.0, v1.2.3.4), numbers with more than four parts, loopback, the unspecified
 * address, and the ranges for documentation and benchmarks, which stand-ins use.
 */
size_t hsn_ip_in_text(hsn_str s, unsigned char before);
/* Does the name say that its value is a version? Some have four numbers. */
bool hsn_is_version_name(hsn_str name);
/* Are the four numbers at t[off, off + len) some of a list of fractions, as the paths of SVG 2 are
 * written (section 9.3.9: "-8.7 9.4.7.6 1.3")? */
bool hsn_is_drawn(hsn_str t, size_t off, size_t len);

/*
 * Length of the email address around the `@` at s.p[at]; *begin is its first byte. 0 for none. Not
 * addresses: retina assets (icon@2x.png), package specifiers (@babel/core@7.22.1), CSS at-rules,
 * handles, service users in git URLs, domains without a letter TLD, file extensions as TLD, and the
 * documentation domains of RFC 2606 and RFC 6761 (example.com, .example, .test, .invalid,
 * .localhost).
 */
bool hsn_is_reserved_domain(hsn_str domain);
/* What forms show in an empty field, name@domain.com or you@company.com: nobody's, told by both
 * sides. */
bool hsn_is_sample_address(hsn_str local, hsn_str domain);
size_t hsn_email_in_text(hsn_str s, size_t at, size_t *begin);

#endif
