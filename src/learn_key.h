/*
 * A key by its hash: what stands for the word at which a known value is looked for.
 *
 * Receives the beginning of a word in a text or in a value; emits 64 bits that are the same in both.
 * Must never depend on what stands behind the word, but where the word is shorter than a key.
 */
#ifndef HSN_LEARN_KEY_H
#define HSN_LEARN_KEY_H

#include "learn.h"

enum { HSN_LONG_KEY = 12 /* bytes that count */ };

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
    const size_t first = n < HALF ? n : HALF;
    uint64_t a = p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
                 (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
                 (uint64_t)p[7] << 56; /* one load */
    uint64_t b = p[8] | (uint64_t)p[9] << 8 | (uint64_t)p[10] << 16 | (uint64_t)p[11] << 24;
    a &= UINT64_MAX >> 8 * (HALF - first);
    b &= ((uint64_t)1 << 8 * (n - first)) - 1;
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

#endif
