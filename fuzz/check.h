/*
 * What the fuzz targets share: the check that ends a run, the bytes that steer it, and the
 * comparison of two JSON texts.
 *
 * A target is one file with LLVMFuzzerTestOneInput. libFuzzer calls it for inputs of its making,
 * replay.c for the files of a corpus. It must not depend on anything but its bytes: no clock, no
 * random numbers, no state that one input leaves to the next.
 */
#ifndef HSN_FUZZ_CHECK_H
#define HSN_FUZZ_CHECK_H

#include <harsan.h>

#include "base.h"

/* Ends the process and says where: the fuzzer keeps the input. */
#define REQUIRE(ok) ((ok) ? (void)0 : check_failed(__FILE__, __LINE__, #ok))
_Noreturn void check_failed(const char *file, int line, const char *what);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    TEXT_MAX = 1 << 26, /* ceiling of every buffer of a target */
    CUTS = 4,           /* bytes of an input that say where its text is cut */
    PLANTED = 24
};

hsn_buf new_buf(void);

/* Takes the first byte off `s`; 0 when there is none. */
unsigned take_byte(hsn_str *s);

/* Where a text is cut: piece i has length[i % CUTS] bytes. */
typedef struct cuts {
    size_t length[CUTS];
    size_t next;
} cuts;

/* Takes CUTS bytes: mostly short pieces, some long, none empty. */
cuts take_cuts(hsn_str *s);
/* Length of the next piece of a text of which `left` bytes are left. */
size_t next_piece(cuts *c, size_t left);

/* A secret: letters and digits that depend on every byte of the input, so that none can hold it of
 * its own accord. */
void make_planted(hsn_str s, char out[PLANTED]);

/* Does it stand in `text` as a word of its own? As a part of a longer one it is another word. */
bool stands_in(hsn_str text, const char planted[PLANTED]);

/* A copy in a block of its own size, so that a read past its end is seen. To be freed by
 * hsn_mem_free; never NULL. */
unsigned char *copy_exactly(hsn_str s);

/* Is `text`, a byte order mark aside, one JSON value? */
bool is_json(hsn_str text);

/*
 * NULL when `b` is `a` with nothing but contents of strings and keys changed and numbers replaced
 * by 0, else what differs.
 */
const char *differs(hsn_str a, hsn_str b);

enum { PACKS = 8 }; /* sets of the packs that are off by default */

/* The built-in rules with these packs, of which there are PACKS sets; kept for good. */
const harsan_rules *rules_of(unsigned packs);

/* A write callback that adds to a hsn_buf. */
int collect(void *buf, const void *data, size_t len);

/* Cleans `text`, fed in one piece, into `out` with the options and a key of such bytes, in one pass
 * or two. It must succeed. Returns how many findings there were. */
uint64_t clean_text(hsn_str text, const harsan_rules *rules, const harsan_options *opt,
                    unsigned char key, hsn_buf *out);

/* Cleans `text` into `once`. Must hold: both are JSON of one structure, and a second run, under
 * another key, finds and changes nothing. */
void clean_for_good(hsn_str text, const harsan_rules *rules, const harsan_options *opt,
                    hsn_buf *once);

#endif
