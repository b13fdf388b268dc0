/*
 * What the tests of the engine share: a session run over a buffer, files, seeded random numbers,
 * the comparison of two JSON texts.
 *
 * Tests run from the root of the project. A helper that cannot do its work fails the test.
 */
#ifndef HSN_TESTS_SUPPORT_H
#define HSN_TESTS_SUPPORT_H

#include "json.h"
#include "peel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define COUNT(a) HSN_COUNT(a)

enum { BIG = 1 << 28 }; /* ceiling of a test's buffers: beyond anything a test makes */

/* ---------------------------------------------------------------- sessions */

/* How a session gets to know values that stand before the place that gives them away. */
typedef enum learning {
    AS_NEEDED, /* fed once, and again when harsan_finish asks for it */
    ONE_PASS   /* not at all */
} learning;

typedef struct job {
    const harsan_rules *rules;
    size_t chunk;           /* bytes a call; 0 = all in one */
    learning learn;
    bool random_key;        /* otherwise options.key, any unless set */
    harsan_options options; /* write and events are taken by the helper */
} job;

typedef struct spot_seen {
    uint64_t offset, line, column, value_id;
} spot_seen;

typedef struct cleaned {
    harsan_status status;
    harsan_error err;
    harsan_facts facts;
    hsn_buf out;
    hsn_buf told;    /* every text of every finding and gap, each ended by LF */
    spot_seen *seen; /* findings in the order of their arrival */
    size_t n_seen;
    size_t n_gaps;
    size_t n_gaps_replaced;
    bool again;      /* a second pass was asked for */
} cleaned;

/* Runs a session over `input`. An error of the session is in status; *out is to be freed anyway. */
void clean(const job *j, hsn_str input, cleaned *out);
void cleaned_free(cleaned *c);

/* Rules that come with harsan, or none at all; the caller frees. */
harsan_rules *default_rules(unsigned packs);
harsan_rules *no_rules(void);

/* ---------------------------------------------------------------- buffers and files */

hsn_buf new_buf(void);
bool buf_holds(const hsn_buf *b, const char *what);
void buf_repeat(hsn_buf *out, const char *what, size_t times);
void drop_all(hsn_buf *const *list); /* frees each of a list that ends in NULL */
#define DROP(...) drop_all((hsn_buf *const[]){__VA_ARGS__, NULL})
void read_file(const char *path, hsn_buf *out); /* a file that cannot be read fails the test */
void write_file(const char *path, hsn_str text);
/* Inflates a stream that must be complete, with nothing behind it: NOT otherwise, and `out` is as it
 * was. */
hsn_inflate inflate_whole(hsn_str src, hsn_deflate how, hsn_buf *out);

/* The lines of a file, without empty ones; `v` points into `text`. */
typedef struct lines {
    hsn_buf text;
    hsn_str *v;
    size_t n;
} lines;
void read_lines(const char *path, lines *out);
void lines_free(lines *l);

/* Fails the test, showing where the two part, unless they are equal. */
void assert_same(hsn_str got, hsn_str want, const char *label);

/* ---------------------------------------------------------------- random numbers */

/* splitmix64: every seed is as good as any other, so a failing one can be named. */
typedef struct prng {
    uint64_t state;
} prng;

uint64_t prng_next(prng *r);
size_t prng_below(prng *r, size_t n);
bool prng_one_in(prng *r, size_t n);
/* n lower-case letters and digits, and a NUL; a digit at least in every third place. */
void prng_alnum(prng *r, char *out, size_t n);

/* ---------------------------------------------------------------- JSON texts */

typedef struct token {
    hsn_json_kind kind;
    size_t off; /* raw span, without quotes */
    size_t len;
} token;

typedef struct tokens {
    token *v;
    size_t n;
    size_t cap;
} tokens;

/* False when `text` (a byte order mark aside) is not JSON. To be freed anyway. */
bool tokens_read(hsn_str text, tokens *out);
void tokens_free(tokens *t);

/*
 * NULL when `b` is `a` with nothing but string contents changed and numbers replaced by 0, else
 * what differs. A key may change only into one that holds a stand-in.
 */
const char *differs(hsn_str a, hsn_str b);

/* The same for JSON and base64 texts inside the strings, as deep as they go: what was JSON is JSON
 * of the same structure, what was base64 or compressed is so still. */
const char *differs_inside(hsn_str a, hsn_str b);

#endif
