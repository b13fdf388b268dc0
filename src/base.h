/*
 * What every stage stands on: byte views, bounded buffers, the arena, the error record.
 *
 * Knows no other header of src/. Nothing here reads the input's meaning.
 */
#ifndef HSN_BASE_H
#define HSN_BASE_H

#include "harsan.h"

#include <stdalign.h>
#include <string.h>

#if defined(__GNUC__)
#define HSN_MUST_USE __attribute__((warn_unused_result))
#define HSN_PRINTF(a, b) __attribute__((format(printf, a, b)))
#define HSN_ALWAYS_INLINE __attribute__((always_inline))
#define HSN_APART __attribute__((noinline)) /* a rare path: its caller saves no registers for it */
#define HSN_LIKELY(x) __builtin_expect(!!(x), 1)
#define HSN_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define HSN_MUST_USE
#define HSN_PRINTF(a, b)
#define HSN_ALWAYS_INLINE
#define HSN_APART
#define HSN_LIKELY(x) (x)
#define HSN_UNLIKELY(x) (x)
#endif

/* ---------------------------------------------------------------- views */

/* Borrowed bytes: not NUL-terminated, may hold NUL. Passed by value. */
typedef struct hsn_str {
    const unsigned char *p;
    size_t n;
} hsn_str;

/* A view of a string literal. */
#define HSN_S(lit) ((hsn_str){(const unsigned char *)(lit), sizeof(lit) - 1})

static inline hsn_str hsn_str_of(const void *p, size_t n)
{
    return (hsn_str){p, n};
}

/* A view of a NUL-terminated string. */
static inline hsn_str hsn_str_z(const char *z)
{
    return (hsn_str){(const unsigned char *)z, strlen(z)};
}

/* s[from..to), clipped to s. */
static inline hsn_str hsn_str_cut(hsn_str s, size_t from, size_t to)
{
    if (to > s.n) {
        to = s.n;
    }
    if (from > to) {
        from = to;
    }
    return (hsn_str){from > 0 ? s.p + from : s.p, to - from};
}

static inline bool hsn_str_eq(hsn_str a, hsn_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool hsn_str_starts(hsn_str s, hsn_str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* ASCII only: the names of HAR, HTTP and HTML compare this way. */
static inline unsigned char hsn_lower(unsigned char c)
{
    return (unsigned char)(c - 'A') < 26 ? (unsigned char)(c | 0x20) : c;
}

/* The same as an initialiser of static tables. */
#define HSN_W(lit)                                                                                 \
    {                                                                                              \
        (const unsigned char *)(lit), sizeof(lit) - 1                                              \
    }

/* Is v one of the n words, without regard to ASCII case? The macro counts a static list. */
bool hsn_str_in(hsn_str v, const hsn_str *words, size_t n);
#define HSN_COUNT(list) (sizeof(list) / sizeof *(list))
#define HSN_STR_IN(v, words) hsn_str_in(v, words, HSN_COUNT(words))

bool hsn_str_starts_nocase(hsn_str s, hsn_str prefix);

static inline bool hsn_str_eq_nocase(hsn_str a, hsn_str b)
{
    return a.n == b.n && hsn_str_starts_nocase(a, b);
}

/* Offset of the first `needle` in s, or s.n when there is none. */
size_t hsn_str_find(hsn_str s, hsn_str needle);
size_t hsn_str_chr(hsn_str s, unsigned char c);

/* Character classes of ASCII; bytes from 0x80 are in none of them. What a text has next nobody can
 * foretell: letters and digits are told by a table, without a branch. */
extern const bool hsn_alnum_table[256];

static inline bool hsn_is_digit(unsigned char c)
{
    return (unsigned char)(c - '0') < 10;
}

static inline bool hsn_is_alpha(unsigned char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool hsn_is_alnum(unsigned char c)
{
    return hsn_alnum_table[c];
}

static inline bool hsn_is_space(unsigned char c)
{
    return c == ' ' || (unsigned char)(c - '\t') < 5;
}

/* Behind the white space, or the blanks (spaces and tabs), that stand at s.p[at]; `at` where none
 * does. */
static inline size_t hsn_past_space(hsn_str s, size_t at)
{
    while (at < s.n && hsn_is_space(s.p[at])) {
        at++;
    }
    return at;
}

static inline size_t hsn_past_blanks(hsn_str s, size_t at)
{
    while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t')) {
        at++;
    }
    return at;
}

/* The part of it without white space around it. */
static inline hsn_str hsn_str_trim(hsn_str s)
{
    s = hsn_str_cut(s, hsn_past_space(s, 0), s.n);
    while (s.n > 0 && hsn_is_space(s.p[s.n - 1])) {
        s.n--;
    }
    return s;
}

/* Is c one of the characters of `set`? NUL, which ends the set, is in none. */
static inline bool hsn_is_one_of(unsigned char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* Value of a hexadecimal digit, -1 for any other byte. */
static inline int hsn_hex(unsigned char c)
{
    if (hsn_is_digit(c)) {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The eight bytes at p as they lie in memory. */
static inline uint64_t hsn_word64_at(const unsigned char *p)
{
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* ---------------------------------------------------------------- buffers */

/*
 * Owned, growing bytes with a ceiling given at birth. Failure sticks: once an addition did not fit
 * (ceiling or memory) later ones do nothing and hsn_buf_failed tells; check it before use.
 */
typedef struct hsn_buf {
    unsigned char *p;
    size_t n;
    size_t cap;
    size_t max;
    bool failed;
} hsn_buf;

void hsn_buf_init(hsn_buf *b, size_t max);
void hsn_buf_deinit(hsn_buf *b);                /* frees; the buffer may be initialised again */
void hsn_buf_wipe(hsn_buf *b);                  /* overwrites what was held, then deinit */
bool hsn_buf_reserve(hsn_buf *b, size_t extra); /* room for `extra` more bytes; false = failed */
void hsn_buf_add(hsn_buf *b, const void *p, size_t n);
void hsn_buf_put(hsn_buf *b, unsigned char c);
/* Takes room for one byte more than it adds. */
void hsn_buf_printf(hsn_buf *b, const char *fmt, ...) HSN_PRINTF(2, 3);

static inline void hsn_buf_add_str(hsn_buf *b, hsn_str s)
{
    hsn_buf_add(b, s.p, s.n);
}

static inline bool hsn_buf_failed(const hsn_buf *b)
{
    return b->failed;
}

static inline void hsn_buf_reset(hsn_buf *b)
{
    b->n = 0;
    b->failed = false;
}

static inline hsn_str hsn_buf_str(const hsn_buf *b)
{
    return (hsn_str){b->p, b->n};
}

/* ---------------------------------------------------------------- arena */

/*
 * Scratch memory given back all at once. Blocks are kept for the next value, so a
 * session in its stride allocates nothing. hsn_arena_new returns NULL past the ceiling or without
 * memory, and `failed` stays set until the next reset.
 */
typedef struct hsn_arena_block hsn_arena_block;
typedef struct hsn_arena {
    hsn_arena_block *first;
    hsn_arena_block *at;
    unsigned char *free; /* in `at`, as aligned as all that is given out */
    size_t left;         /* bytes there, 0 once failed */
    size_t total; /* bytes of all blocks */
    size_t max;
    bool failed;
} hsn_arena;

void hsn_arena_init(hsn_arena *a, size_t max);
/* Over n bytes at p, which are the caller's, and no more: to be forgotten, not to be deinited. p is
 * aligned for any type, n a multiple of that. */
void hsn_arena_over(hsn_arena *a, void *p, size_t n);
void hsn_arena_deinit(hsn_arena *a);
void hsn_arena_reset(hsn_arena *a);
void *hsn_arena_more(hsn_arena *a, size_t n); /* hsn_arena_new where nothing is left */

/* Aligned for any type, not cleared. */
static inline void *hsn_arena_new(hsn_arena *a, size_t n)
{
    const size_t align = alignof(max_align_t);
    if (HSN_UNLIKELY(n - 1 >= a->left)) { /* 0 as well */
        return hsn_arena_more(a, n);
    }
    unsigned char *p = a->free;
    n = (n + align - 1) & ~(align - 1);
    a->free += n;
    a->left -= n;
    return p;
}

hsn_str hsn_arena_copy(hsn_arena *a, hsn_str s);  /* empty on failure */

/* ---------------------------------------------------------------- memory */

/* All memory of the library comes from here, that of yajl, pcre2 and zlib included, so that tests
 * can make the nth request fail. Not for tests: they stay NULL. */
typedef struct hsn_mem_hook {
    bool (*refuse)(void *ctx, size_t n); /* true = this request fails */
    void *ctx;
} hsn_mem_hook;
extern hsn_mem_hook hsn_mem_test_hook;

void *hsn_mem_new(size_t n);                   /* NULL without memory */
void *hsn_mem_zero(size_t count, size_t size); /* cleared; checks the product */
void *hsn_mem_grow(void *p, size_t n);         /* as realloc; p stays valid when NULL comes back */
void hsn_mem_free(void *p);
void hsn_mem_wipe(void *p, size_t n); /* not optimised away */

/* How many requests of the calling thread have failed so far. A failure that a stage took for
 * something else (a layer that cannot be decoded, a value that is not learned) shows by it. */
unsigned long hsn_mem_refused(void);

/* ---------------------------------------------------------------- errors */

/* The outcome of a step on the stream: two kinds of success, so that nobody mixes them up. */
typedef enum hsn_step {
    HSN_OK,   /* done */
    HSN_MORE, /* needs more bytes */
    HSN_FAIL  /* the error record says why */
} hsn_step;

/* Sets the record unless it is set already: the first error wins. `fmt` and its arguments never
 * hold bytes of the input. Returns HSN_FAIL. */
hsn_step hsn_fail(harsan_error *err, harsan_status code, uint64_t offset, const char *fmt, ...)
    HSN_PRINTF(4, 5);

/* What could not even be made: sets the caller's record, which may hold anything or be NULL, and
 * returns the code. */
harsan_status hsn_refuse(harsan_error *err, harsan_status code, const char *why);

#endif
