/*
 * Addresses judged whole, with a memory of hosts. See verdict_host.h.
 *
 * Receives a value, says whether hsn_email_in_text finds all of it. A host is kept when an address
 * was found there: of the same host any other plain local part makes one as well, unless both
 * together are a sample. Must never keep what depends on more than the host.
 */
#include "verdict_host.h"

#include "valid.h"

/* What plain local parts are made of, but for the dots between: wherever an address stands, they
 * begin here. */
enum { PLAIN = 1, FIRST = 2, LOCAL_MAX = 64 };

#define A (PLAIN | FIRST)
static const unsigned char classes[256] = {
    ['0'] = A, A, A, A, A, A, A, A, A, A,
    ['A'] = A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A,
    ['a'] = A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A,
    ['_'] = A, ['-'] = PLAIN, ['+'] = PLAIN,
};
#undef A

static bool is_plain_local(hsn_str local)
{
    for (size_t i = 0;; i++) {
        const size_t from = i;
        while (i < local.n && (classes[local.p[i]] & PLAIN) != 0) {
            i++;
        }
        if (i == from) {
            return false;
        }
        if (i == local.n || local.p[i] != '.') {
            return i == local.n && i <= LOCAL_MAX && (classes[local.p[0]] & FIRST) != 0;
        }
    }
}

/* Of a host, what is in neither of its ends. */
static hsn_str between(hsn_str host)
{
    return hsn_str_cut(host, HSN_ENDS_ALL / 2, host.n - HSN_ENDS_ALL / 2);
}

static bool is_host(const hsn_host *h, const hsn_ends *ends, hsn_str host)
{
    return h->n == host.n && h->ends.head == ends->head && h->ends.tail == ends->tail &&
           (host.n <= HSN_ENDS_ALL || memcmp(h->between, between(host).p, between(host).n) == 0);
}

static void keep(hsn_host *h, const hsn_ends *ends, hsn_str host)
{
    h->ends = *ends;
    h->n = (unsigned char)host.n;
    if (host.n > HSN_ENDS_ALL) {
        memcpy(h->between, between(host).p, between(host).n);
    }
}

static bool is_whole(hsn_str v, size_t at)
{
    size_t from;
    return hsn_email_in_text(v, at, &from) == v.n;
}

bool hsn_hosts_address(hsn_hosts *h, hsn_str v)
{
    const size_t at = hsn_str_chr(v, '@');
    if (at == v.n) {
        return false;
    }
    const hsn_str local = hsn_str_cut(v, 0, at);
    const hsn_str host = hsn_str_cut(v, at + 1, v.n);
    if (host.n == 0 || host.n > HSN_HOST_MAX || !is_plain_local(local)) {
        return is_whole(v, at);
    }
    const hsn_ends ends = hsn_ends_of(host);
    const uint64_t hash = hsn_mix_word(ends.head ^ ends.tail << 3, host.n);
    hsn_host *set = h->set[hash >> 20 & (HSN_HOST_SETS - 1)];
    if (is_host(&set[0], &ends, host) || is_host(&set[1], &ends, host)) {
        return !hsn_is_sample_address(local, host);
    }
    if (!is_whole(v, at)) {
        return false;
    }
    set[1] = set[0];
    keep(&set[0], &ends, host);
    return true;
}
