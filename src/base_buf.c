/*
 * Bounded, growing byte buffers. Growth is by half, so that n additions cost O(n) copies.
 */
#include "base.h"

#include <stdarg.h>
#include <stdio.h>

void hsn_buf_init(hsn_buf *b, size_t max)
{
    *b = (hsn_buf){.max = max};
}

void hsn_buf_deinit(hsn_buf *b)
{
    hsn_mem_free(b->p);
    hsn_buf_init(b, b->max);
}

void hsn_buf_wipe(hsn_buf *b)
{
    if (b->p != NULL) {
        hsn_mem_wipe(b->p, b->cap);
    }
    hsn_buf_deinit(b);
}

/* Not realloc, which would leave behind what was held. */
static bool move_to(hsn_buf *b, size_t cap)
{
    unsigned char *p = hsn_mem_new(cap);
    if (p == NULL) {
        return false;
    }
    if (b->p != NULL) {
        memcpy(p, b->p, b->n);
        hsn_mem_wipe(b->p, b->cap);
        hsn_mem_free(b->p);
    }
    b->p = p;
    b->cap = cap;
    return true;
}

bool hsn_buf_reserve(hsn_buf *b, size_t extra)
{
    if (b->failed) {
        return false;
    }
    if (extra <= b->cap - b->n) {
        return true;
    }
    if (extra > b->max || b->n > b->max - extra) {
        b->failed = true;
        return false;
    }
    size_t want = b->n + extra;
    size_t cap = b->cap < 64 ? 64 : b->cap + b->cap / 2;
    if (cap < want) {
        cap = want;
    }
    if (cap > b->max) {
        cap = b->max;
    }
    b->failed = !move_to(b, cap);
    return !b->failed;
}

void hsn_buf_add(hsn_buf *b, const void *p, size_t n)
{
    if (n > 0 && hsn_buf_reserve(b, n)) {
        memcpy(b->p + b->n, p, n);
        b->n += n;
    }
}

void hsn_buf_put(hsn_buf *b, unsigned char c)
{
    hsn_buf_add(b, &c, 1);
}

void hsn_buf_printf(hsn_buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0 || !hsn_buf_reserve(b, (size_t)n + 1)) {
        b->failed = true;
        return;
    }
    va_start(ap, fmt);
    vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}
