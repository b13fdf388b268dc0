/*
 * MemorySanitizer and libraries that are not built with it: what they write it has not seen.
 *
 * Every function of yajl, PCRE2, zlib and libsodium that writes for us is wrapped (wrap.flags, for the
 * linker): the call is made, and what it wrote is declared to be written. What they call of ours (events,
 * memory) goes through functions here, which declare the arguments to be there. This file is the only one
 * that is built without the sanitizer. Must never declare more than a library promises to write.
 */
#include <sanitizer/msan_interface.h>

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>
#include <zlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* The real function behind a wrapped one, and the one that the linker puts in its place. */
#define WRAP(type, name, parameters)                                                               \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters

static void *allocate(size_t n)
{
    void *p = malloc(n);
    if (p == NULL) {
        abort();
    }
    return p;
}

/* Within a library nothing is known of what is written: memory that it compares may be any. */
static void enter(void)
{
    __msan_scoped_disable_interceptor_checks();
}

static void leave(void)
{
    __msan_scoped_enable_interceptor_checks();
}

/* What a library asks for is its own to write. */
static void *given(void *p, size_t n)
{
    if (p != NULL) {
        __msan_unpoison(p, n);
    }
    return p;
}

/* ---------------------------------------------------------------- yajl */

/* Lives as long as the process: nothing tells when the parser is gone but that it is. */
typedef struct parser {
    const yajl_callbacks *on;
    void *ctx;
    yajl_alloc_funcs memory;
} parser;

#define EVENT0(name, member)                                                                       \
    static int name(void *ctx)                                                                     \
    {                                                                                              \
        const parser *p = ctx;                                                                     \
        __msan_unpoison_param(1);                                                                  \
        leave();                                                                                   \
        int more = p->on->member(p->ctx);                                                          \
        enter();                                                                                   \
        return more;                                                                               \
    }

#define EVENT1(name, member, type)                                                                 \
    static int name(void *ctx, type value)                                                         \
    {                                                                                              \
        const parser *p = ctx;                                                                     \
        __msan_unpoison_param(2);                                                                  \
        leave();                                                                                   \
        int more = p->on->member(p->ctx, value);                                                   \
        enter();                                                                                   \
        return more;                                                                               \
    }

#define EVENT2(name, member, type)                                                                 \
    static int name(void *ctx, const type *text, size_t n)                                         \
    {                                                                                              \
        const parser *p = ctx;                                                                     \
        __msan_unpoison(text, n);                                                                  \
        __msan_unpoison_param(3);                                                                  \
        leave();                                                                                   \
        int more = p->on->member(p->ctx, text, n);                                                 \
        enter();                                                                                   \
        return more;                                                                               \
    }

EVENT0(on_null, yajl_null)
EVENT1(on_boolean, yajl_boolean, int)
EVENT1(on_integer, yajl_integer, long long)
EVENT1(on_double, yajl_double, double)
EVENT2(on_number, yajl_number, char)
EVENT2(on_string, yajl_string, unsigned char)
EVENT0(on_start_map, yajl_start_map)
EVENT2(on_map_key, yajl_map_key, unsigned char)
EVENT0(on_end_map, yajl_end_map)
EVENT0(on_start_array, yajl_start_array)
EVENT0(on_end_array, yajl_end_array)

static void *yajl_new(void *ctx, size_t n)
{
    const parser *p = ctx;
    __msan_unpoison_param(2);
    return given(p->memory.malloc(p->memory.ctx, n), n);
}

static void *yajl_grow(void *ctx, void *old, size_t n)
{
    const parser *p = ctx;
    __msan_unpoison_param(3);
    return given(p->memory.realloc(p->memory.ctx, old, n), n);
}

static void yajl_drop(void *ctx, void *old)
{
    const parser *p = ctx;
    __msan_unpoison_param(2);
    p->memory.free(p->memory.ctx, old);
}

#define TAKE(member, function) .member = on->member != NULL ? function : NULL

WRAP(yajl_handle, yajl_alloc, (const yajl_callbacks *on, yajl_alloc_funcs *memory, void *ctx))
{
    parser *p = allocate(sizeof *p);
    yajl_callbacks *own = allocate(sizeof *own);
    yajl_alloc_funcs heap = {yajl_new, yajl_grow, yajl_drop, p};
    *own = (yajl_callbacks){TAKE(yajl_null, on_null),
                            TAKE(yajl_boolean, on_boolean),
                            TAKE(yajl_integer, on_integer),
                            TAKE(yajl_double, on_double),
                            TAKE(yajl_number, on_number),
                            TAKE(yajl_string, on_string),
                            TAKE(yajl_start_map, on_start_map),
                            TAKE(yajl_map_key, on_map_key),
                            TAKE(yajl_end_map, on_end_map),
                            TAKE(yajl_start_array, on_start_array),
                            TAKE(yajl_end_array, on_end_array)};
    p->on = on;
    p->ctx = ctx;
    if (memory != NULL) {
        p->memory = *memory;
    }
    return __real_yajl_alloc(own, memory != NULL ? &heap : NULL, p);
}

WRAP(yajl_status, yajl_parse, (yajl_handle h, const unsigned char *text, size_t n))
{
    enter();
    yajl_status status = __real_yajl_parse(h, text, n);
    leave();
    return status;
}

WRAP(yajl_status, yajl_complete_parse, (yajl_handle h))
{
    enter();
    yajl_status status = __real_yajl_complete_parse(h);
    leave();
    return status;
}

WRAP(unsigned char *, yajl_get_error,
     (yajl_handle h, int verbose, const unsigned char *text, size_t n))
{
    enter();
    unsigned char *message = __real_yajl_get_error(h, verbose, text, n);
    if (message != NULL) {
        __msan_unpoison(message, strlen((char *)message) + 1);
    }
    leave();
    return message;
}

/* ---------------------------------------------------------------- PCRE2 */

typedef struct heap {
    void *(*get)(size_t, void *);
    void (*drop)(void *, void *);
    void *ctx;
} heap;

static void *heap_get(size_t n, void *ctx)
{
    const heap *h = ctx;
    __msan_unpoison_param(2);
    return given(h->get(n, h->ctx), n);
}

static void heap_drop(void *p, void *ctx)
{
    const heap *h = ctx;
    __msan_unpoison_param(2);
    h->drop(p, h->ctx);
}

WRAP(pcre2_general_context *, pcre2_general_context_create_8,
     (void *(*get)(size_t, void *), void (*drop)(void *, void *), void *ctx))
{
    heap *h = allocate(sizeof *h);
    *h = (heap){get, drop, ctx};
    return __real_pcre2_general_context_create_8(get != NULL ? heap_get : NULL,
                                                 drop != NULL ? heap_drop : NULL, h);
}

WRAP(pcre2_code *, pcre2_compile_8,
     (PCRE2_SPTR pattern, PCRE2_SIZE n, uint32_t options, int *error, PCRE2_SIZE *off,
      pcre2_compile_context *ctx))
{
    enter();
    pcre2_code *code = __real_pcre2_compile_8(pattern, n, options, error, off, ctx);
    leave();
    __msan_unpoison(error, sizeof *error);
    __msan_unpoison(off, sizeof *off);
    return code;
}

WRAP(int, pcre2_jit_compile_8, (pcre2_code * code, uint32_t options))
{
    enter();
    int status = __real_pcre2_jit_compile_8(code, options);
    leave();
    return status;
}

WRAP(int, pcre2_match_8,
     (const pcre2_code *code, PCRE2_SPTR text, PCRE2_SIZE n, PCRE2_SIZE from, uint32_t options,
      pcre2_match_data *data, pcre2_match_context *ctx))
{
    enter();
    int found = __real_pcre2_match_8(code, text, n, from, options, data, ctx);
    leave();
    if (found > 0) {
        __msan_unpoison(pcre2_get_ovector_pointer(data), 2 * (size_t)found * sizeof(PCRE2_SIZE));
    }
    return found;
}

WRAP(int, pcre2_get_error_message_8, (int error, PCRE2_UCHAR *out, PCRE2_SIZE room))
{
    int n = __real_pcre2_get_error_message_8(error, out, room);
    if (n >= 0) {
        __msan_unpoison(out, (size_t)n + 1);
    }
    return n;
}

/* ---------------------------------------------------------------- zlib */

typedef struct zheap {
    alloc_func get;
    free_func drop;
    void *ctx;
} zheap;

static void *zheap_get(void *ctx, uInt count, uInt size)
{
    const zheap *h = ctx;
    __msan_unpoison_param(3);
    return given(h->get(h->ctx, count, size), (size_t)count * size);
}

static void zheap_drop(void *ctx, void *p)
{
    const zheap *h = ctx;
    __msan_unpoison_param(2);
    h->drop(h->ctx, p);
}

static void own_heap(z_stream *z)
{
    if (z->zalloc != NULL && z->zalloc != zheap_get) {
        zheap *h = allocate(sizeof *h);
        *h = (zheap){z->zalloc, z->zfree, z->opaque};
        z->zalloc = zheap_get;
        z->zfree = zheap_drop;
        z->opaque = h;
    }
}

static int written(z_stream *z, const unsigned char *from, int status)
{
    __msan_unpoison(z, sizeof *z);
    if (from != NULL) {
        __msan_unpoison(from, (size_t)(z->next_out - from));
    }
    return status;
}

WRAP(int, deflateInit_, (z_streamp z, int level, const char *version, int size))
{
    own_heap(z);
    return written(z, NULL, __real_deflateInit_(z, level, version, size));
}

WRAP(int, deflateInit2_,
     (z_streamp z, int level, int method, int bits, int memory, int strategy, const char *version,
      int size))
{
    own_heap(z);
    return written(z, NULL,
                   __real_deflateInit2_(z, level, method, bits, memory, strategy, version, size));
}

WRAP(int, inflateInit2_, (z_streamp z, int bits, const char *version, int size))
{
    own_heap(z);
    return written(z, NULL, __real_inflateInit2_(z, bits, version, size));
}

WRAP(int, deflate, (z_streamp z, int flush))
{
    const unsigned char *from = z->next_out;
    return written(z, from, __real_deflate(z, flush));
}

WRAP(int, inflate, (z_streamp z, int flush))
{
    const unsigned char *from = z->next_out;
    return written(z, from, __real_inflate(z, flush));
}

WRAP(int, deflateReset, (z_streamp z))
{
    return written(z, NULL, __real_deflateReset(z));
}

WRAP(int, inflateReset, (z_streamp z))
{
    return written(z, NULL, __real_inflateReset(z));
}

/* ---------------------------------------------------------------- libsodium */

WRAP(int, crypto_generichash,
     (unsigned char *out, size_t n, const unsigned char *in, unsigned long long n_in,
      const unsigned char *key, size_t n_key))
{
    int status = __real_crypto_generichash(out, n, in, n_in, key, n_key);
    __msan_unpoison(out, n);
    return status;
}

WRAP(int, crypto_generichash_final, (crypto_generichash_state * state, unsigned char *out, size_t n))
{
    int status = __real_crypto_generichash_final(state, out, n);
    __msan_unpoison(out, n);
    return status;
}

WRAP(int, crypto_hash_sha256_final, (crypto_hash_sha256_state * state, unsigned char *out))
{
    int status = __real_crypto_hash_sha256_final(state, out);
    __msan_unpoison(out, crypto_hash_sha256_BYTES);
    return status;
}

WRAP(int, crypto_shorthash,
     (unsigned char *out, const unsigned char *in, unsigned long long n, const unsigned char *key))
{
    int status = __real_crypto_shorthash(out, in, n, key);
    __msan_unpoison(out, crypto_shorthash_BYTES);
    return status;
}

WRAP(int, crypto_shorthash_siphashx24,
     (unsigned char *out, const unsigned char *in, unsigned long long n, const unsigned char *key))
{
    int status = __real_crypto_shorthash_siphashx24(out, in, n, key);
    __msan_unpoison(out, crypto_shorthash_siphashx24_BYTES);
    return status;
}

WRAP(void, crypto_shorthash_keygen, (unsigned char *key))
{
    __real_crypto_shorthash_keygen(key);
    __msan_unpoison(key, crypto_shorthash_KEYBYTES);
}

WRAP(void, randombytes_buf, (void *const out, const size_t n))
{
    __real_randombytes_buf(out, n);
    __msan_unpoison(out, n);
}

WRAP(void, sodium_memzero, (void *const p, const size_t n))
{
    __real_sodium_memzero(p, n);
    __msan_unpoison(p, n);
}

WRAP(char *, sodium_bin2hex,
     (char *const out, const size_t room, const unsigned char *const in, const size_t n))
{
    char *text = __real_sodium_bin2hex(out, room, in, n);
    __msan_unpoison(out, 2 * n + 1);
    return text;
}

WRAP(char *, sodium_bin2base64,
     (char *const out, const size_t room, const unsigned char *const in, const size_t n,
      const int variant))
{
    char *text = __real_sodium_bin2base64(out, room, in, n, variant);
    __msan_unpoison(out, room); /* it fills the rest with zeros */
    return text;
}

WRAP(int, sodium_hex2bin,
     (unsigned char *const out, const size_t room, const char *const hex, const size_t n,
      const char *const ignore, size_t *const made, const char **const end))
{
    int status = __real_sodium_hex2bin(out, room, hex, n, ignore, made, end);
    if (made != NULL) {
        __msan_unpoison(made, sizeof *made);
        __msan_unpoison(out, *made);
    }
    if (end != NULL) {
        __msan_unpoison(end, sizeof *end);
    }
    return status;
}
