/*
 * gzip (RFC 1952), zlib (RFC 1950) and raw deflate (RFC 1951), whole values in memory.
 *
 * Receives a stream, or the beginning of one, and what may stand behind it. Must never give out
 * more than the ceiling of the caller's buffer, nor more than MAX_RATIO times what came in. zlib's
 * memory is the library's, and nothing of a stream outlives the call. A buffer is given back as it
 * came unless the call succeeds.
 */
#include "peel.h"

#include <limits.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

enum {
    MAX_RATIO = 1000,         /* deflate itself cannot exceed 1,032; text stays under 100 */
    RATIO_FREE = 64 * 1024,   /* bytes that any input may inflate to: they cannot hurt */
    STEP_MIN = 16 * 1024,     /* bytes of room asked for at once */
    GZIP_MIN = 18, ZLIB_MIN = 8, /* shortest streams: header, empty block, trailer */
    OS_UNKNOWN = 255          /* the same bytes on every system */
};

static void *give_memory(void *ctx, uInt count, uInt size)
{
    (void)ctx;
    return hsn_mem_zero(count, size);
}

static void take_memory(void *ctx, void *p)
{
    (void)ctx;
    hsn_mem_free(p);
}

static z_stream new_stream(void)
{
    return (z_stream){.zalloc = give_memory, .zfree = take_memory};
}

static int window_bits(hsn_deflate how)
{
    switch (how) {
    case HSN_GZIP:
        return MAX_WBITS + 16;
    case HSN_ZLIB:
        return MAX_WBITS;
    case HSN_RAW_DEFLATE:
        return -MAX_WBITS;
    }
    return MAX_WBITS;
}

bool hsn_deflate_sniff(hsn_str src, hsn_deflate *how)
{
    /* Method 8 is the only one; the three high flags are reserved (RFC 1952 section 2.3.1). */
    if (src.n >= GZIP_MIN && hsn_str_starts(src, HSN_S("\x1f\x8b\x08")) && src.p[3] >> 5 == 0) {
        *how = HSN_GZIP;
        return true;
    }
    /* Method, window of at most 32 KiB, check bits, no preset dictionary (RFC 1950 section 2.2). */
    if (src.n >= ZLIB_MIN && (src.p[0] & 15) == 8 && src.p[0] >> 4 <= 7 &&
        (src.p[0] << 8 | src.p[1]) % 31 == 0 && (src.p[1] & 0x20) == 0) {
        *how = HSN_ZLIB;
        return true;
    }
    return false;
}

/* zlib counts in uInt: what is left of src is handed on in pieces. */
static void refill(z_stream *z, hsn_str *src)
{
    if (z->avail_in == 0) {
        z->next_in = src->p;
        z->avail_in = src->n < UINT_MAX ? (uInt)src->n : UINT_MAX;
        *src = hsn_str_cut(*src, z->avail_in, src->n);
    }
}

/* Room behind out->n, at most `most` bytes; doubles what there is. False when out failed. */
static bool make_room(hsn_buf *out, size_t most)
{
    size_t want = out->n > STEP_MIN ? out->n : STEP_MIN;
    if (out->cap - out->n > want) {
        want = out->cap - out->n;
    }
    return hsn_buf_reserve(out, want < most ? want : most);
}

static void aim(z_stream *z, hsn_buf *out, size_t most)
{
    size_t room = out->cap - out->n;
    room = room < most ? room : most;
    z->next_out = out->p + out->n;
    z->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
}

/* Bytes of the source that are not inflated yet. `rest` stands right behind what zlib was given. */
static hsn_str unread(const z_stream *z, hsn_str rest)
{
    return (hsn_str){z->next_in, z->avail_in + rest.n};
}

static bool is_member(hsn_str v)
{
    return v.n >= GZIP_MIN && hsn_str_starts(v, HSN_S("\x1f\x8b\x08"));
}

/* Goes on with the member of a gzip file behind the one that has ended. */
static bool next_member(z_stream *z, hsn_str rest, hsn_deflate how)
{
    return how == HSN_GZIP && is_member(unread(z, rest)) && inflateReset(z) == Z_OK;
}

/* What the outcome of inflate() means when it was not Z_OK. Z_BUF_ERROR: the input has run out. */
static hsn_inflate judge(const z_stream *z, hsn_str rest, int code, hsn_stream_end *end)
{
    size_t left = unread(z, rest).n;
    end->open = code == Z_BUF_ERROR && left == 0;
    end->took -= left;
    if (code == Z_STREAM_END || end->open) {
        return HSN_INFLATE_OK;
    }
    return code == Z_MEM_ERROR ? HSN_INFLATE_LIMIT : HSN_INFLATE_NOT;
}

/* The room is used up: a stream that goes on is over the limit, one that only has its trailer left
 * is not. */
static hsn_inflate end_at_limit(z_stream *z, hsn_str *src, hsn_deflate how, hsn_stream_end *end)
{
    unsigned char beyond;
    int code = Z_OK;
    z->next_out = &beyond;
    z->avail_out = 1;
    while (code == Z_OK && z->avail_out == 1) {
        refill(z, src);
        code = inflate(z, Z_NO_FLUSH);
        if (code == Z_STREAM_END && next_member(z, *src, how)) {
            code = Z_OK;
        }
    }
    z->next_out = NULL;
    return z->avail_out == 0 ? HSN_INFLATE_LIMIT : judge(z, *src, code, end);
}

static hsn_inflate inflate_stream(z_stream *z, hsn_str src, hsn_deflate how, size_t most,
                                  hsn_stream_end *end, hsn_buf *out)
{
    end->took = src.n;
    for (;;) {
        if (most == 0) {
            return end_at_limit(z, &src, how, end);
        }
        if (!make_room(out, most)) {
            return HSN_INFLATE_LIMIT;
        }
        refill(z, &src);
        aim(z, out, most);
        uInt room = z->avail_out;
        int code = inflate(z, Z_NO_FLUSH);
        size_t made = room - z->avail_out;
        out->n += made;
        most -= made;
        if (code != Z_OK && !(code == Z_STREAM_END && next_member(z, src, how))) {
            return judge(z, src, code, end);
        }
    }
}

static size_t inflate_limit(hsn_str src, const hsn_buf *out)
{
    size_t ratio = src.n > (SIZE_MAX - RATIO_FREE) / MAX_RATIO ? SIZE_MAX
                                                               : src.n * MAX_RATIO + RATIO_FREE;
    size_t room = out->max - out->n;
    return ratio < room ? ratio : room;
}

hsn_inflate hsn_inflate_some(hsn_str src, hsn_deflate how, hsn_stream_end *end, hsn_buf *out)
{
    *end = (hsn_stream_end){0};
    z_stream z = new_stream();
    if (hsn_buf_failed(out) || inflateInit2(&z, window_bits(how)) != Z_OK) {
        return HSN_INFLATE_LIMIT;
    }
    size_t before = out->n;
    hsn_inflate result = inflate_stream(&z, src, how, inflate_limit(src, out), end, out);
    inflateEnd(&z);
    if (result != HSN_INFLATE_OK) {
        out->n = before;
    }
    return result;
}

/* To the end of the stream, or, with `flush` Z_SYNC_FLUSH, until all of src can be read from it. */
static bool deflate_stream(z_stream *z, hsn_str src, int flush, hsn_buf *out)
{
    int code = Z_OK;
    while (code == Z_OK) {
        size_t most = out->max - out->n;
        if (!make_room(out, most > 0 ? most : 1)) { /* asking beyond the ceiling sets the flag */
            return false;
        }
        refill(z, &src);
        aim(z, out, most);
        code = deflate(z, src.n == 0 ? flush : Z_NO_FLUSH);
        out->n = (size_t)(z->next_out - out->p);
        if (flush == Z_SYNC_FLUSH && z->avail_out > 0 && src.n == 0) {
            return code == Z_OK || code == Z_BUF_ERROR;
        }
    }
    return code == Z_STREAM_END;
}

static bool deflate_to(hsn_str plain, hsn_deflate how, int flush, hsn_buf *out)
{
    z_stream z = new_stream();
    enum { MEMORY_LEVEL = 8 }; /* zlib's default, which deflateInit2 wants spelled out */
    if (hsn_buf_failed(out) || deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits(how),
                                            MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    gz_header header = {.os = OS_UNKNOWN}; /* no time, no name */
    if (how == HSN_GZIP) {
        (void)deflateSetHeader(&z, &header); /* fails only for other kinds */
    }
    size_t before = out->n;
    bool ok = deflate_stream(&z, plain, flush, out);
    deflateEnd(&z);
    if (!ok) {
        out->n = before;
    }
    return ok;
}

bool hsn_deflate_all(hsn_str plain, hsn_deflate how, hsn_buf *out)
{
    return deflate_to(plain, how, Z_FINISH, out);
}

bool hsn_deflate_open(hsn_str plain, hsn_deflate how, hsn_buf *out)
{
    return deflate_to(plain, how, Z_SYNC_FLUSH, out);
}
