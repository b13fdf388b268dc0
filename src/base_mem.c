/*
 * Memory: the one door to the heap, and the arena built on it.
 */
#include "base.h"
#include "base_scale.h"

#include <sodium.h>
#include <stdlib.h>

hsn_mem_hook hsn_mem_test_hook;

static _Thread_local unsigned long n_refused;

unsigned long hsn_mem_refused(void)
{
    return n_refused;
}

static bool refused(size_t n)
{
    return hsn_mem_test_hook.refuse != NULL && hsn_mem_test_hook.refuse(hsn_mem_test_hook.ctx, n);
}

static void *noted(void *p)
{
    n_refused += p == NULL;
    return p;
}

void *hsn_mem_new(size_t n)
{
    return noted(refused(n) ? NULL : malloc(n > 0 ? n : 1));
}

void *hsn_mem_zero(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return noted(NULL);
    }
    bool ok = !refused(count * size);
    return noted(ok ? calloc(count > 0 ? count : 1, size > 0 ? size : 1) : NULL);
}

void *hsn_mem_grow(void *p, size_t n)
{
    return noted(refused(n) ? NULL : realloc(p, n > 0 ? n : 1));
}

void hsn_mem_free(void *p)
{
    free(p);
}

void hsn_mem_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

/* ---------------------------------------------------------------- arena */

struct hsn_arena_block {
    hsn_arena_block *next;
    size_t cap;
    alignas(max_align_t) unsigned char bytes[];
};

/* Small enough that an idle session is small, large enough that a usual value needs one block. */
enum { ARENA_BLOCK = 32 * 1024 / HSN_SCALE };

void hsn_arena_init(hsn_arena *a, size_t max)
{
    *a = (hsn_arena){.max = max};
}

void hsn_arena_over(hsn_arena *a, void *p, size_t n)
{
    *a = (hsn_arena){.free = p, .left = n};
}

void hsn_arena_deinit(hsn_arena *a)
{
    for (hsn_arena_block *b = a->first; b != NULL;) {
        hsn_arena_block *next = b->next;
        hsn_mem_wipe(b->bytes, b->cap);
        hsn_mem_free(b);
        b = next;
    }
    hsn_arena_init(a, a->max);
}

static void begin_block(hsn_arena *a, hsn_arena_block *b)
{
    a->at = b;
    a->free = b != NULL ? b->bytes : NULL;
    a->left = b != NULL ? b->cap : 0;
}

void hsn_arena_reset(hsn_arena *a)
{
    begin_block(a, a->first);
    a->failed = false;
}

/* A block of at least n bytes behind `at`: one kept from earlier if it is large enough. */
static bool next_block(hsn_arena *a, size_t n)
{
    hsn_arena_block **link = a->at != NULL ? &a->at->next : &a->first;
    if (*link == NULL || (*link)->cap < n) {
        size_t cap = n > ARENA_BLOCK ? n : ARENA_BLOCK;
        if (cap > a->max || a->total > a->max - cap) {
            return false;
        }
        hsn_arena_block *b = hsn_mem_new(sizeof *b + cap);
        if (b == NULL) {
            return false;
        }
        b->cap = cap;
        b->next = *link;
        *link = b;
        a->total += cap;
    }
    begin_block(a, *link);
    return true;
}

void *hsn_arena_more(hsn_arena *a, size_t n)
{
    const size_t align = alignof(max_align_t);
    const size_t whole = (n + align - 1) & ~(align - 1);
    bool ok = !a->failed && whole >= n;
    if (!ok || ((a->at == NULL || whole > a->left) && !next_block(a, whole))) {
        a->failed = true;
        a->left = 0;
        return NULL;
    }
    void *p = a->free;
    a->free += whole;
    a->left -= whole;
    return p;
}

hsn_str hsn_arena_copy(hsn_arena *a, hsn_str s)
{
    unsigned char *p = hsn_arena_new(a, s.n);
    if (p == NULL) {
        return (hsn_str){0};
    }
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    return hsn_str_of(p, s.n);
}
