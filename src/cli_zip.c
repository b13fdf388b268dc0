/*
 * A ZIP container, written from its beginning to its end (PKWARE APPNOTE 6.3).
 *
 * Receives members one after the other, each in any pieces, deflates them and hands the container
 * on as a stream: sizes stand behind each member (data descriptor) and in the directory at the end.
 * Zip64 is used where a number needs it and nowhere else. The same members give the same bytes: the
 * time of every member is 1980-01-01 00:00, the first that the format knows. Names come from the
 * caller and must never be taken from an input.
 */
#include "cli_io.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

/* From here on a number takes Zip64. A test sets them lower. */
#ifndef CLI_ZIP_MAX32
#define CLI_ZIP_MAX32 UINT64_C(0xffffffff)
#define CLI_ZIP_MAX16 UINT64_C(0xffff)
#endif

enum {
    BLOCK = 64 << 10,
    FLAGS = 1 << 3 | 1 << 11, /* sizes behind the data; names are UTF-8 */
    DEFLATED = 8,
    TIME = 0,
    DATE = 1 << 5 | 1, /* 1980-01-01 */
    PLAIN = 20,        /* version 2.0 reads it */
    ZIP64 = 45,        /* version 4.5 */
    UNIX = 3 << 8,
    RECORD_MAX = 128
};

/* A regular file that its owner may write and everybody read. */
static const uint32_t mode = (uint32_t)0100644 << 16;

struct cli_zip {
    cli_output *to;
    uint64_t at; /* bytes of the container so far */
    uint64_t n;  /* members that are complete */
    unsigned char *directory;
    size_t directory_n, directory_cap;
    unsigned char *block;  /* BLOCK bytes of what deflate makes, */
    unsigned char *gather; /* and of what it is to take: reports come in pieces of a few bytes */
    size_t gathered;
    z_stream z;
    bool z_open;
    /* of the member under way */
    char name[sizeof((cli_member *)0)->name];
    bool large; /* its sizes take eight bytes */
    uint64_t start;
    uint64_t raw, packed;
    uLong crc;
    crypto_hash_sha256_state sha;
};

/* ---------------------------------------------------------------- records */

typedef struct record {
    unsigned char p[RECORD_MAX];
    size_t n;
} record;

static void put_le(record *r, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        r->p[r->n++] = (unsigned char)(value >> (8 * i));
    }
}

static void put16(record *r, uint64_t value)
{
    put_le(r, value, 2);
}

static void put32(record *r, uint64_t value)
{
    put_le(r, value, 4);
}

static void put64(record *r, uint64_t value)
{
    put_le(r, value, 8);
}

/* The number, or the sign that it stands elsewhere in eight bytes. */
static void put32_or_large(record *r, uint64_t value, bool large)
{
    put32(r, large ? 0xffffffff : value);
}

static void put_name(record *r, const char *name)
{
    size_t len = strlen(name);
    memcpy(r->p + r->n, name, len);
    r->n += len;
}

static cli_exit emit(cli_zip *z, const void *data, size_t len)
{
    z->at += len;
    return cli_output_write(z->to, data, len);
}

static cli_exit emit_record(cli_zip *z, const record *r)
{
    return emit(z, r->p, r->n);
}

/* ---------------------------------------------------------------- members */

/* Section 4.3.7; what the local header cannot know yet is 0. */
static cli_exit emit_header(cli_zip *z)
{
    record r = {.n = 0};
    put32(&r, 0x04034b50);
    put16(&r, z->large ? ZIP64 : PLAIN);
    put16(&r, FLAGS);
    put16(&r, DEFLATED);
    put16(&r, TIME);
    put16(&r, DATE);
    put32(&r, 0);
    put32_or_large(&r, 0, z->large);
    put32_or_large(&r, 0, z->large);
    put16(&r, strlen(z->name));
    put16(&r, z->large ? 20 : 0);
    put_name(&r, z->name);
    if (z->large) { /* section 4.5.3: says that the descriptor has eight bytes for each size */
        put16(&r, 1);
        put16(&r, 16);
        put64(&r, 0);
        put64(&r, 0);
    }
    return emit_record(z, &r);
}

cli_exit cli_zip_begin(cli_zip *z, const char *name, uint64_t at_most)
{
    snprintf(z->name, sizeof z->name, "%s", name);
    /* what cannot be made smaller grows by five bytes in each block of deflate */
    z->large = at_most > CLI_ZIP_MAX32 - CLI_ZIP_MAX32 / 1000 - 1;
    z->start = z->at;
    z->gathered = 0;
    z->raw = z->packed = 0;
    z->crc = crc32(0, NULL, 0);
    crypto_hash_sha256_init(&z->sha);
    return deflateReset(&z->z) == Z_OK ? emit_header(z) : cli_no_memory(NULL);
}

/* Runs deflate until it has taken all input (and, with Z_FINISH, made all output). */
static cli_exit pack(cli_zip *z, const unsigned char *data, size_t len, int flush)
{
    cli_exit code = CLI_OK;
    int z_code = Z_OK;
    z->z.next_in = data;
    while (code == CLI_OK && (len > 0 || (flush == Z_FINISH && z_code != Z_STREAM_END))) {
        uInt piece = len < (1u << 30) ? (uInt)len : 1u << 30;
        z->z.avail_in = piece;
        z->z.next_out = z->block;
        z->z.avail_out = BLOCK;
        z_code = deflate(&z->z, flush);
        len -= piece - z->z.avail_in;
        z->packed += BLOCK - z->z.avail_out;
        code = emit(z, z->block, BLOCK - z->z.avail_out);
    }
    return code;
}

static cli_exit add(cli_zip *z, const unsigned char *p, size_t len)
{
    crypto_hash_sha256_update(&z->sha, p, len);
    for (size_t left = len; left > 0;) {
        uInt piece = left < (1u << 30) ? (uInt)left : 1u << 30;
        z->crc = crc32(z->crc, p + (len - left), piece);
        left -= piece;
    }
    return pack(z, p, len, Z_NO_FLUSH);
}

static cli_exit flush(cli_zip *z)
{
    size_t n = z->gathered;
    z->gathered = 0;
    return n > 0 ? add(z, z->gather, n) : CLI_OK;
}

cli_exit cli_zip_write(void *zip, const void *data, size_t len)
{
    cli_zip *z = zip;
    cli_exit code = len > BLOCK - z->gathered ? flush(z) : CLI_OK;
    z->raw += len;
    if (code != CLI_OK || len > BLOCK) {
        return code == CLI_OK ? add(z, data, len) : code;
    }
    memcpy(z->gather + z->gathered, data, len);
    z->gathered += len;
    return CLI_OK;
}

/* Section 4.3.9. */
static cli_exit emit_descriptor(cli_zip *z)
{
    record r = {.n = 0};
    put32(&r, 0x08074b50);
    put32(&r, z->crc);
    put_le(&r, z->packed, z->large ? 8 : 4);
    put_le(&r, z->raw, z->large ? 8 : 4);
    return emit_record(z, &r);
}

static bool keep_record(cli_zip *z, const record *r)
{
    if (r->n > z->directory_cap - z->directory_n) {
        size_t cap = z->directory_cap == 0 ? 1024 : z->directory_cap * 2;
        unsigned char *p = realloc(z->directory, cap);
        if (p == NULL) {
            return false;
        }
        z->directory = p;
        z->directory_cap = cap;
    }
    memcpy(z->directory + z->directory_n, r->p, r->n);
    z->directory_n += r->n;
    return true;
}

/* Section 4.3.12. */
static bool list_member(cli_zip *z)
{
    bool raw = z->raw >= CLI_ZIP_MAX32;
    bool packed = z->packed >= CLI_ZIP_MAX32;
    bool start = z->start >= CLI_ZIP_MAX32;
    size_t extra = ((size_t)raw + packed + start) * 8;
    record r = {.n = 0};
    put32(&r, 0x02014b50);
    put16(&r, UNIX | (z->large || extra > 0 ? ZIP64 : PLAIN));
    put16(&r, z->large || extra > 0 ? ZIP64 : PLAIN);
    put16(&r, FLAGS);
    put16(&r, DEFLATED);
    put16(&r, TIME);
    put16(&r, DATE);
    put32(&r, z->crc);
    put32_or_large(&r, z->packed, packed);
    put32_or_large(&r, z->raw, raw);
    put16(&r, strlen(z->name));
    put16(&r, extra > 0 ? extra + 4 : 0);
    put16(&r, 0); /* comment */
    put16(&r, 0); /* disk */
    put16(&r, 0); /* attributes, internal */
    put32(&r, mode);
    put32_or_large(&r, z->start, start);
    put_name(&r, z->name);
    if (extra > 0) {
        put16(&r, 1);
        put16(&r, extra);
        put_le(&r, z->raw, raw ? 8 : 0);
        put_le(&r, z->packed, packed ? 8 : 0);
        put_le(&r, z->start, start ? 8 : 0);
    }
    return keep_record(z, &r);
}

cli_exit cli_zip_end(cli_zip *z, cli_member *member)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    cli_exit code = flush(z);
    code = code == CLI_OK ? pack(z, NULL, 0, Z_FINISH) : code;
    if (code == CLI_OK && !z->large && (z->raw > CLI_ZIP_MAX32 || z->packed > CLI_ZIP_MAX32)) {
        cli_say(z->name, "larger than it was said to be"); /* its descriptor has no room */
        return CLI_LIMIT;
    }
    if (code == CLI_OK) {
        code = emit_descriptor(z);
    }
    if (code == CLI_OK && !list_member(z)) {
        return cli_no_memory(NULL);
    }
    z->n++;
    memcpy(member->name, z->name, sizeof member->name);
    member->bytes = z->raw;
    crypto_hash_sha256_final(&z->sha, hash);
    sodium_bin2hex(member->sha256, sizeof member->sha256, hash, sizeof hash);
    return code;
}

/* ---------------------------------------------------------------- the end */

/* Sections 4.3.14 and 4.3.15. */
static void put_large_end(record *r, const cli_zip *z, uint64_t directory)
{
    put32(r, 0x06064b50);
    put64(r, 44); /* bytes of this record that follow */
    put16(r, UNIX | ZIP64);
    put16(r, ZIP64);
    put32(r, 0);
    put32(r, 0);
    put64(r, z->n);
    put64(r, z->n);
    put64(r, z->directory_n);
    put64(r, directory);
    put32(r, 0x07064b50);
    put32(r, 0);
    put64(r, z->at); /* of the record above */
    put32(r, 1);
}

/* Section 4.3.16. */
static void put_end(record *r, const cli_zip *z, uint64_t directory)
{
    bool many = z->n >= CLI_ZIP_MAX16;
    put32(r, 0x06054b50);
    put16(r, 0);
    put16(r, 0);
    put16(r, many ? 0xffff : z->n);
    put16(r, many ? 0xffff : z->n);
    put32_or_large(r, z->directory_n, z->directory_n >= CLI_ZIP_MAX32);
    put32_or_large(r, directory, directory >= CLI_ZIP_MAX32);
    put16(r, 0); /* comment */
}

cli_exit cli_zip_finish(cli_zip *z)
{
    uint64_t directory = z->at;
    cli_exit code = emit(z, z->directory, z->directory_n);
    record r = {.n = 0};
    if (z->n >= CLI_ZIP_MAX16 || directory >= CLI_ZIP_MAX32 || z->directory_n >= CLI_ZIP_MAX32) {
        put_large_end(&r, z, directory);
    }
    put_end(&r, z, directory);
    return code == CLI_OK ? emit_record(z, &r) : code;
}

cli_exit cli_zip_open(cli_zip **out, cli_output *to)
{
    cli_zip *z = calloc(1, sizeof *z);
    *out = NULL;
    if (z != NULL) {
        z->to = to;
        z->block = malloc(BLOCK);
        z->gather = malloc(BLOCK);
        bool ok = z->block != NULL && z->gather != NULL;
        /* negative: bare deflate, without the frame of zlib */
        z->z_open = ok && deflateInit2(&z->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8,
                                       Z_DEFAULT_STRATEGY) == Z_OK;
    }
    if (z == NULL || !z->z_open) {
        cli_zip_close(z);
        return cli_no_memory(NULL);
    }
    *out = z;
    return CLI_OK;
}

void cli_zip_close(cli_zip *z)
{
    if (z != NULL) {
        if (z->z_open) {
            deflateEnd(&z->z);
        }
        free(z->directory);
        free(z->block);
        free(z->gather);
        free(z);
    }
}
