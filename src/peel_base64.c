/*
 * base64 and base64url (RFC 4648 sections 4 and 5), in one line or in lines of equal length as mail
 * and PEM have them (RFC 2045 section 6.8).
 *
 * Receives a whole value and tells how it was spelled, so that what was decoded is encoded to the
 * same bytes again. Must never take what it could not write again: mixed alphabets, ragged lines.
 */
#include "peel.h"

#if defined(__GNUC__) && defined(__x86_64__)
#define HAVE_AVX2_PATH 1
#include <immintrin.h>
#endif

/* A character's value in the low six bits, and the alphabets it belongs to. The flags of a text are
 * the flags of all its characters, and-ed: none left means that it is not base64. */
enum { STANDARD = 0x80, URL = 0x40, FLAGS = STANDARD | URL, VALUE = 0x3F };

static const unsigned char meaning[256] = {
    ['A'] = 0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC,
    0xCD, 0xCE, 0xCF, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9,
    ['a'] = 0xDA, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6,
    0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF2, 0xF3,
    ['0'] = 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD,
    ['+'] = STANDARD | 62, ['/'] = STANDARD | 63, ['-'] = URL | 62, ['_'] = URL | 63};

/* ---------------------------------------------------------------- decoding */

/* Decodes n characters, n a multiple of 4; returns the flags they have in common. */
static unsigned decode_portable(const unsigned char *p, size_t n, unsigned char *out)
{
    unsigned flags = FLAGS;
    for (size_t i = 0; i < n; i += 4, out += 3) {
        unsigned a = meaning[p[i]];
        unsigned b = meaning[p[i + 1]];
        unsigned c = meaning[p[i + 2]];
        unsigned d = meaning[p[i + 3]];
        flags &= a & b & c & d;
        out[0] = (unsigned char)(a << 2 | (b & VALUE) >> 4);
        out[1] = (unsigned char)(b << 4 | (c & VALUE) >> 2);
        out[2] = (unsigned char)(c << 6 | (d & VALUE));
    }
    return flags & FLAGS;
}

#ifdef HAVE_AVX2_PATH

/* A store writes 32 bytes of which 24 count; with 44 characters left, all are inside the output. */
enum { VECTOR_IN = 32, VECTOR_OUT = 24, VECTOR_LEFT = 44 };

/* Bytes of c from `first` to `last`, as a mask. Both below 0x80: the comparison is signed, and so
 * bytes from 0x80 on are in no range. */
__attribute__((target("avx2"))) static inline __m256i in_range(__m256i c, char first, char last)
{
    return _mm256_and_si256(_mm256_cmpgt_epi8(c, _mm256_set1_epi8((char)(first - 1))),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(last + 1)), c));
}

__attribute__((target("avx2"))) static inline __m256i is_char(__m256i c, char want)
{
    return _mm256_cmpeq_epi8(c, _mm256_set1_epi8(want));
}

/* What to add to a character of the class `mask` to get its value. */
__attribute__((target("avx2"))) static inline __m256i shift_of(__m256i mask, int shift)
{
    return _mm256_and_si256(mask, _mm256_set1_epi8((char)shift));
}

/* 32 values of six bits become 24 bytes at the front. */
__attribute__((target("avx2"))) static inline __m256i pack_values(__m256i v)
{
    /* In each four bytes: a, b, c, d -> ab, cd (12 bits each) -> abcd (24 bits). */
    __m256i pairs = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
    __m256i quads = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    const __m256i big_endian =
        _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, /* one half */
                         2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    __m256i halves = _mm256_shuffle_epi8(quads, big_endian);
    return _mm256_permutevar8x32_epi32(halves, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

__attribute__((target("avx2"))) static unsigned decode_avx2(const unsigned char *p, size_t n,
                                                            unsigned char *out)
{
    __m256i standard = _mm256_set1_epi8(-1); /* bytes that were in the alphabet so far */
    __m256i url = standard;
    for (; n >= VECTOR_LEFT; n -= VECTOR_IN, p += VECTOR_IN, out += VECTOR_OUT) {
        __m256i c = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i upper = in_range(c, 'A', 'Z');
        __m256i lower = in_range(c, 'a', 'z');
        __m256i digit = in_range(c, '0', '9');
        __m256i plus = is_char(c, '+');
        __m256i slash = is_char(c, '/');
        __m256i minus = is_char(c, '-');
        __m256i underscore = is_char(c, '_');

        __m256i both = _mm256_or_si256(_mm256_or_si256(upper, lower), digit);
        __m256i only_standard = _mm256_or_si256(plus, slash);
        __m256i only_url = _mm256_or_si256(minus, underscore);
        standard = _mm256_and_si256(standard, _mm256_or_si256(both, only_standard));
        url = _mm256_and_si256(url, _mm256_or_si256(both, only_url));

        __m256i letters = _mm256_or_si256(shift_of(upper, -'A'), shift_of(lower, 26 - 'a'));
        __m256i others = _mm256_or_si256(
            shift_of(digit, 52 - '0'),
            _mm256_or_si256(_mm256_or_si256(shift_of(plus, 62 - '+'), shift_of(slash, 63 - '/')),
                            _mm256_or_si256(shift_of(minus, 62 - '-'),
                                            shift_of(underscore, 63 - '_'))));
        __m256i values = _mm256_add_epi8(c, _mm256_or_si256(letters, others));
        _mm256_storeu_si256((__m256i *)(void *)out, pack_values(values));
    }
    unsigned flags = decode_portable(p, n, out);
    if (_mm256_movemask_epi8(standard) != -1) {
        flags &= ~(unsigned)STANDARD;
    }
    if (_mm256_movemask_epi8(url) != -1) {
        flags &= ~(unsigned)URL;
    }
    return flags;
}

static unsigned decode_quads(const unsigned char *p, size_t n, unsigned char *out)
{
    return __builtin_cpu_supports("avx2") ? decode_avx2(p, n, out) : decode_portable(p, n, out);
}

#else
#define decode_quads decode_portable
#endif

/* In blocks, so that a long text that is not base64 is left at its first block. */
static unsigned decode_blocks(const unsigned char *p, size_t n, unsigned char *out)
{
    enum { BLOCK = 4096 }; /* characters, a multiple of 4 */
    unsigned flags = FLAGS;
    while (n > 0 && flags != 0) {
        size_t some = n < BLOCK ? n : BLOCK;
        flags &= decode_quads(p, some, out);
        p += some;
        n -= some;
        out += some / 4 * 3;
    }
    return flags;
}

/* Decodes the 2 or 3 characters behind the last four; the bits left over go to *slack. */
static unsigned decode_tail(const unsigned char *p, size_t n, unsigned char *out,
                            unsigned char *slack)
{
    unsigned char four[4] = {p[0], p[1], n > 2 ? p[2] : 'A', 'A'};
    unsigned char three[3];
    unsigned flags = decode_portable(four, 4, three);
    memcpy(out, three, n - 1);
    *slack = n == 2 ? three[1] >> 4 : three[2] >> 6;
    return flags;
}

/* Keeps the character behind the last group of a text that was cut: six bits make no byte. */
static unsigned keep_stray(unsigned char c, hsn_base64 *how)
{
    how->stray = c;
    return meaning[c] & FLAGS;
}

/* True when a short look already shows that src is something else: before memory is asked for. */
static bool starts_wrong(hsn_str text)
{
    unsigned char scratch[48];
    size_t n = text.n < 64 ? text.n & ~(size_t)3 : 64;
    return decode_portable(text.p, n, scratch) == 0;
}

/* Decodes text without line breaks; sets all of *how that does not concern lines. */
static bool decode_line(hsn_str text, hsn_base64 *how, hsn_buf *out)
{
    size_t padding = 0;
    while (padding < 2 && padding < text.n && text.p[text.n - 1 - padding] == '=') {
        padding++;
    }
    size_t n = text.n - padding;
    size_t tail = n % 4;
    if ((padding > 0 && (n + padding) % 4 != 0) || n == 1 ||
        starts_wrong(hsn_str_of(text.p, n))) {
        return false;
    }
    size_t bytes = n / 4 * 3 + (tail > 1 ? tail - 1 : 0);
    if (!hsn_buf_reserve(out, bytes)) {
        return false;
    }
    unsigned flags = FLAGS;
    if (bytes > 0) {
        unsigned char *to = out->p + out->n;
        flags = decode_blocks(text.p, n - tail, to);
        if (tail > 1) {
            flags &= decode_tail(text.p + n - tail, tail, to + n / 4 * 3, &how->slack);
        } else if (tail == 1) {
            flags &= keep_stray(text.p[n - 1], how);
        }
    }
    if (flags == 0) {
        return false;
    }
    out->n += bytes;
    /* Where the text does not show it: whoever leaves out the padding mostly means base64url. */
    bool bare = tail > 0 && padding == 0;
    how->url = flags == URL || (flags == FLAGS && bare);
    how->either = flags == FLAGS && padding == 0;
    how->padded = tail > 0 ? padding > 0 : !how->url;
    return true;
}

/* The line end at text[at], with the blanks that indent the line behind it. Empty for none. */
static hsn_str eol_at(hsn_str text, size_t at)
{
    enum { LONGEST = 34 };
    size_t end = at;
    while (end < text.n && end - at < LONGEST && hsn_is_space(text.p[end])) {
        end++;
    }
    return hsn_str_cut(text, at, end);
}

/* Where the first line ends, text.n for a single one. Lines that blanks divide are short. */
static size_t first_eol(hsn_str text)
{
    enum { SHORT = 128 };
    size_t at = hsn_str_chr(text, '\n');
    if (at == text.n) {
        hsn_str head = hsn_str_cut(text, 0, SHORT);
        size_t blank = hsn_str_chr(head, ' ');
        return blank < head.n ? blank : text.n;
    }
    return at - (at > 0 && text.p[at - 1] == '\r');
}

/* Adds text without its line breaks; false when the lines are not all of the same length (the last
 * one may be shorter) or end in different ways. */
static bool unwrap(hsn_str text, hsn_base64 *how, hsn_buf *flat)
{
    how->line = first_eol(text);
    hsn_str eol = eol_at(text, how->line);
    if (how->line == 0 || (how->final_eol && !hsn_str_eq(eol, how->eol))) {
        return false;
    }
    how->eol = eol;
    size_t at = 0;
    while (text.n - at > how->line) {
        hsn_buf_add(flat, text.p + at, how->line);
        at += how->line;
        if (!hsn_str_starts(hsn_str_cut(text, at, text.n), eol)) {
            return false;
        }
        at += eol.n;
    }
    hsn_buf_add(flat, text.p + at, text.n - at);
    return at < text.n && !hsn_buf_failed(flat);
}

/* src without the line end it may end in. */
static hsn_str cut_final_eol(hsn_str src, hsn_base64 *how)
{
    how->eol = HSN_S("\n");
    how->final_eol = src.n > 0 && src.p[src.n - 1] == '\n';
    if (!how->final_eol) {
        return src;
    }
    if (src.n > 1 && src.p[src.n - 2] == '\r') {
        how->eol = HSN_S("\r\n");
    }
    return hsn_str_cut(src, 0, src.n - how->eol.n);
}

bool hsn_base64_decode(hsn_str src, hsn_base64 *how, hsn_buf *out)
{
    *how = (hsn_base64){0};
    hsn_str text = cut_final_eol(src, how);
    if (first_eol(text) == text.n) {
        return decode_line(text, how, out);
    }
    hsn_buf flat;
    hsn_buf_init(&flat, text.n);
    bool ok = unwrap(text, how, &flat) && decode_line(hsn_buf_str(&flat), how, out);
    out->failed = out->failed || hsn_buf_failed(&flat); /* not "no base64" */
    hsn_buf_wipe(&flat);
    return ok;
}

size_t hsn_base64_peek(hsn_str src, unsigned char *out, size_t max)
{
    unsigned bits = 0; /* those not given out yet, at the low end */
    unsigned held = 0;
    size_t n = 0;
    size_t i = 0;
    /* whole groups, while they are of one alphabet */
    for (; src.n - i >= 4 && max - n >= 3; i += 4, n += 3) {
        const unsigned char *p = src.p + i;
        const unsigned a = meaning[p[0]], b = meaning[p[1]], c = meaning[p[2]], d = meaning[p[3]];
        if ((a & b & c & d & FLAGS) == 0) {
            break;
        }
        const unsigned group = a << 18 | (b & VALUE) << 12 | (c & VALUE) << 6 | (d & VALUE);
        out[n] = (unsigned char)(group >> 16);
        out[n + 1] = (unsigned char)(group >> 8);
        out[n + 2] = (unsigned char)group;
    }
    for (; i < src.n && n < max; i++) {
        unsigned m = meaning[src.p[i]];
        if (m == 0) {
            if (src.p[i] == '\r' || src.p[i] == '\n') {
                continue;
            }
            break;
        }
        bits = (bits << 6 | (m & VALUE)) & 0xFFF;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[n++] = (unsigned char)(bits >> held);
        }
    }
    return n;
}

bool hsn_base64_is_noise(hsn_str src, size_t max, unsigned char first[3])
{
    static const bool control[256] = {
        1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, /* white space is none */
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, [0x7f] = 1};
    for (size_t i = 0, n = 0; src.n - i >= 4 && max - n >= 3; i += 4, n += 3) {
        const unsigned char *p = src.p + i;
        const unsigned a = meaning[p[0]], b = meaning[p[1]], c = meaning[p[2]], d = meaning[p[3]];
        const unsigned char group[3] = {(unsigned char)(a << 2 | (b & VALUE) >> 4),
                                        (unsigned char)(b << 4 | (c & VALUE) >> 2),
                                        (unsigned char)(c << 6 | (d & VALUE))};
        if ((a & b & c & d & FLAGS) == 0) {
            return false;
        }
        if (i == 0) {
            memcpy(first, group, sizeof group);
        }
        if (control[group[0]] | control[group[1]] | control[group[2]]) {
            return true;
        }
    }
    return false;
}

/* ---------------------------------------------------------------- encoding */

static void put_tail(hsn_buf *out, hsn_str rest, const hsn_base64 *how, const char *alphabet)
{
    unsigned slack_mask = rest.n == 1 ? 0xF : 0x3;
    unsigned spare = rest.n == 1 ? 4 : 2; /* bits */
    unsigned v = rest.n == 1 ? rest.p[0] : (unsigned)(rest.p[0] << 8 | rest.p[1]);
    v = v << spare | (how->slack & slack_mask);
    for (size_t i = rest.n + 1; i-- > 0;) {
        hsn_buf_put(out, (unsigned char)alphabet[v >> (6 * i) & VALUE]);
    }
    if (how->padded) {
        hsn_buf_add(out, "==", 3 - rest.n);
    }
}

static void encode_line(hsn_buf *out, hsn_str plain, const hsn_base64 *how)
{
    static const char standard[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *alphabet = how->url ? url : standard;
    size_t whole = plain.n - plain.n % 3;
    if (!hsn_buf_reserve(out, whole / 3 * 4)) {
        return;
    }
    for (size_t i = 0; i < whole; i += 3, out->n += 4) {
        const unsigned char *p = plain.p + i;
        unsigned char *to = out->p + out->n;
        unsigned v = (unsigned)(p[0] << 16 | p[1] << 8 | p[2]);
        to[0] = (unsigned char)alphabet[v >> 18];
        to[1] = (unsigned char)alphabet[v >> 12 & VALUE];
        to[2] = (unsigned char)alphabet[v >> 6 & VALUE];
        to[3] = (unsigned char)alphabet[v & VALUE];
    }
    hsn_str rest = hsn_str_cut(plain, whole, plain.n);
    if (rest.n > 0) {
        put_tail(out, rest, how, alphabet);
    } else if (how->stray != 0) {
        hsn_buf_put(out, how->stray);
    }
}

static void encode_lines(hsn_buf *out, hsn_str plain, const hsn_base64 *how)
{
    hsn_buf flat;
    hsn_buf_init(&flat, plain.n / 3 * 4 + 4);
    encode_line(&flat, plain, how);
    out->failed = out->failed || hsn_buf_failed(&flat);
    hsn_str text = hsn_buf_str(&flat);
    for (size_t at = 0; at < text.n; at += how->line) {
        if (at > 0) {
            hsn_buf_add_str(out, how->eol);
        }
        hsn_buf_add_str(out, hsn_str_cut(text, at, at + how->line));
    }
    hsn_buf_wipe(&flat);
}

void hsn_base64_encode(hsn_buf *out, hsn_str plain, const hsn_base64 *how)
{
    if (how->line > 0) {
        encode_lines(out, plain, how);
    } else {
        encode_line(out, plain, how);
    }
    if (how->final_eol) {
        hsn_buf_add_str(out, how->eol);
    }
}
