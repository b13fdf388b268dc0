/*
 * Keys: what a known value is looked for by.
 *
 * A key is the first bytes of a word (a run of letters and digits) of a value, when the first 16
 * bytes of the word hold a digit, or a capital behind the first of them, or are all there, which
 * few plain words have; a number needs seven digits. A tail is the end of a value that ends in a
 * long word.
 *
 * Receives the beginning of a word in a text or in a value; emits whether it is a key, and 64 bits
 * for it that are the same in both. Must never depend on what stands behind the word, but where the
 * word is shorter than a key.
 */
#ifndef HSN_LEARN_KEY_H
#define HSN_LEARN_KEY_H

#include "base.h"

enum {
    HSN_KEY = 6,         /* bytes that are compared first: a value has as many from its key on */
    HSN_LONG_KEY = 12,   /* bytes that count for the hash */
    HSN_KEY_WINDOW = 16, /* bytes that tell a key from a plain word */
    HSN_KEY_DIGITS = 7,  /* digits of a key that is a number: shorter ones are mostly counts */
    HSN_TAIL = 12,       /* letters and digits, a digit among them, that a word ends in */
    HSN_CERTAIN = 16     /* a value of so many bytes is that value in a longer word, too */
};

/* May a key begin at p, with n bytes from there on? p must be the beginning of a word. */
bool hsn_is_key(const unsigned char *p, size_t n);

/* Does the word that ends at p, `n` bytes of it before p, end in a tail? Of letters and digits only
 * these have no bit 6. */
static inline bool hsn_is_tail(const unsigned char *p, size_t n)
{
    const uint64_t letters = 0x4040404040404040u;
    uint64_t a;
    uint64_t b;
    if (n < HSN_TAIL) {
        return false;
    }
    memcpy(&a, p - HSN_TAIL, sizeof a);
    memcpy(&b, p - sizeof b, sizeof b);
    return (a & b & letters) != letters;
}

/* Is a value long enough to be found by its tail, and has it one? */
bool hsn_has_tail(hsn_str value);

/* Behind the word at v.p[from]; `from` when there is none. */
size_t hsn_word_end(hsn_str v, size_t from);

/* Offset of a value's key; value.n when it has none. */
size_t hsn_key_of(hsn_str value);

/* The n bytes at p, 8 at most, the first in the lowest bits. One load where the machine has them
 * so: compilers do not always see that shifts come to the same. */
static inline uint64_t hsn_key_bytes(const unsigned char *p, size_t n)
{
    uint64_t bytes = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(&bytes, p, n);
#else
    for (size_t i = 0; i < n; i++) {
        bytes |= (uint64_t)p[i] << 8 * i;
    }
#endif
    return bytes;
}

/*
 * The 64 bits that stand for a key at p: those of its word, of which `word` bytes follow from there
 * on, up to the twelfth byte, or six where the word is shorter. A value that stands somewhere ends
 * there as a word does (learn.h), so its words are those of the text around it. What is behind the
 * word must be readable, for loads of one size, but does not count.
 */
static inline uint64_t hsn_key_hash_word(const unsigned char p[HSN_LONG_KEY], size_t word)
{
    enum { HALF = 8 };
    const size_t n = word < HSN_KEY ? HSN_KEY : word < HSN_LONG_KEY ? word : HSN_LONG_KEY;
    const size_t spare = n < HALF ? HALF - n : 0; /* bytes of the first half that do not count */
    uint64_t a = hsn_key_bytes(p, HALF);
    uint64_t b = hsn_key_bytes(p + HALF, HSN_LONG_KEY - HALF);
    a &= UINT64_MAX >> 8 * spare;
    b &= ((uint64_t)1 << 8 * (n + spare - HALF)) - 1;
    a = (a ^ b << 24) * 0x9e3779b97f4a7c15u;
    a = (a ^ a >> 29 ^ b) * 0xbf58476d1ce4e5b9u;
    return a ^ a >> 32;
}

/* The same of a key with n bytes, HSN_KEY or more, from p on in the text or the value. */
static inline uint64_t hsn_key_hash(const unsigned char *p, size_t n)
{
    unsigned char there[HSN_LONG_KEY] = {0};
    size_t word = 0;
    memcpy(there, p, n < sizeof there ? n : sizeof there);
    while (word < sizeof there && hsn_is_alnum(there[word])) {
        word++;
    }
    return hsn_key_hash_word(there, word);
}

/* The 64 bits that stand for the tail that ends at p. It is no key of the same letters. */
static inline uint64_t hsn_tail_hash(const unsigned char *p)
{
    _Static_assert((int)HSN_TAIL == (int)HSN_LONG_KEY, "hashed as a key is");
    return hsn_key_hash_word(p - HSN_TAIL, HSN_TAIL) ^ 0x5bd1e995a136aaadu;
}

#endif
