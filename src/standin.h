/*
 * Stand-ins: what is put in place of a value.
 *
 * A stand-in is a keyed hash of the value (SipHash-2-4 of 128 bits under a key derived from the
 * session's, so that nobody can try out phone numbers against it), in the shape that a reader or
 * parser needs, of RFC 3986 unreserved characters only: valid in every layer without escaping. The
 * same value has the same stand-in wherever it stands. Stand-ins are recognised by their shape, so
 * a second run leaves them alone.
 *
 *     any value          redacted-k3j9x2abcdefg      13 characters a-z 2-7: 65 bits
 *     email address      k3j9x2abcdefg@redacted.invalid   (RFC 2606: .invalid never exists)
 *     UUID               5afe....-....-f...-a...-............  version nibble f: no UUID has it
 *     IPv4, IPv6         198.18.0.0/15 (RFC 2544), 2001:db8::/32 (RFC 3849)
 *     in binary data     the same length as the value
 *     a JSON number      0
 */
#ifndef HSN_STANDIN_H
#define HSN_STANDIN_H

#include "base.h"

typedef struct hsn_standin {
    unsigned char key[16];
} hsn_standin;

void hsn_standin_init(hsn_standin *s, const unsigned char key[32]);

/*
 * The stand-in for `value`, in memory of `mem`; exactly `fixed` bytes when that is not 0. Empty
 * without memory. *id gets 64 bits of the hash: the value's identity in reports.
 */
hsn_str hsn_standin_make(const hsn_standin *s, hsn_arena *mem, hsn_str value, size_t fixed,
                         uint64_t *id);

/* The same of an address, with the length left open: nobody has to look what shape it has. */
hsn_str hsn_standin_make_email(const hsn_standin *s, hsn_arena *mem, hsn_str value, uint64_t *id);

/* That identity alone. */
uint64_t hsn_standin_id(const hsn_standin *s, hsn_str value);

/* Is the whole of `value` a stand-in, of this run or any other? */
bool hsn_is_standin(hsn_str value);

#endif
