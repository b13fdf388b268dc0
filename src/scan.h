/*
 * The scan's eye: 64 bytes at a time, bit masks that say where something could begin.
 *
 * Pure function over bytes; a vector path chosen at run time and a portable one that agrees with it
 * on every input.
 */
#ifndef HSN_SCAN_H
#define HSN_SCAN_H

#include "base.h"

enum { HSN_BLOCK = 64 };

/* Bit i speaks of byte i of the block. */
typedef struct hsn_masks {
    uint64_t word;    /* letters and digits */
    uint64_t base64;  /* those and + / - _ */
    uint64_t special; /* = : @ % & \ < : a name's end, an address, an escape, a tag */
    uint64_t digit;
    uint64_t upper; /* A to Z */
    uint64_t slash; /* / */
    uint64_t gap;   /* what may stand between the groups of a number: - . / ( space, beyond ASCII */
    uint64_t open;  /* what may stand before one, or a list of them: + ( [ */
    uint64_t zero;  /* 0 */
    uint64_t one;   /* 1 */
    uint64_t dot;   /* . */
} hsn_masks;

/* The masks that a byte is in, a bit each. */
enum {
    HSN_SCAN_WORD = 1,
    HSN_SCAN_BASE64 = 2,
    HSN_SCAN_SPECIAL = 4,
    HSN_SCAN_DIGIT = 8,
    HSN_SCAN_UPPER = 16,
    HSN_SCAN_SLASH = 32,
    HSN_SCAN_GAP = 64, /* but for those beyond ASCII */
    HSN_SCAN_OPEN = 128
};
extern const unsigned char hsn_scan_classes[256];

typedef void (*hsn_scan_fn)(const unsigned char p[HSN_BLOCK], hsn_masks *out);

void hsn_scan_portable(const unsigned char p[HSN_BLOCK], hsn_masks *out);

/* Does s hold a run of 8 printable ASCII bytes? */
bool hsn_scan_has_print(hsn_str s);

/* Offset behind the run of base64 characters (both alphabets, no padding) that holds s.p[from]. */
size_t hsn_scan_base64_run(hsn_str s, size_t from);

enum { HSN_LINE_MAX = 4096 }; /* bytes: where more stand between line ends, lines mean nothing */
/* Where the line begins that s.p[at] stands in, or HSN_LINE_MAX bytes before `at`. */
size_t hsn_line_begin(hsn_str s, size_t at);

#endif
