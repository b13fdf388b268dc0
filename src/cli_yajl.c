/*
 * yajl for the command; see cli_yajl.h.
 *
 * Receives the requests of yajl for memory and keeps what it gave in a list, for a parse that is
 * left by a jump frees nothing. Must never return from a request that failed.
 */
#include "cli_yajl.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct cli_yajl_block {
    struct cli_yajl_block *before;
    struct cli_yajl_block *behind;
    alignas(max_align_t) unsigned char bytes[];
} block;

static block *block_of(void *p)
{
    return (block *)(void *)((unsigned char *)p - offsetof(block, bytes));
}

static void *grow(void *ctx, void *p, size_t n)
{
    cli_yajl *y = ctx;
    block *old = p != NULL ? block_of(p) : NULL;
    block *b = n <= SIZE_MAX - sizeof *b ? realloc(old, sizeof *b + n) : NULL;
    if (b == NULL) {
        longjmp(y->dry, 1);
    }
    if (p == NULL) {
        b->before = NULL;
        b->behind = y->blocks;
    }
    *(b->before != NULL ? &b->before->behind : &y->blocks) = b;
    if (b->behind != NULL) {
        b->behind->before = b;
    }
    return b->bytes;
}

static void *take(void *ctx, size_t n)
{
    return grow(ctx, NULL, n);
}

static void drop(void *ctx, void *p)
{
    (void)ctx;
    (void)p; /* all at once, when it is closed: an allocator has to have this */
}

cli_exit cli_yajl_open(cli_yajl *y, const yajl_callbacks *on, void *ctx)
{
    memset(y, 0, sizeof *y);
    yajl_alloc_funcs memory = {take, grow, drop, y};
    if (setjmp(y->dry) != 0) {
        return CLI_NOMEM;
    }
    y->yajl = yajl_alloc(on, &memory, ctx);
    return CLI_OK;
}

cli_exit cli_yajl_parse(cli_yajl *y, const void *p, size_t n)
{
    if (setjmp(y->dry) != 0) {
        return CLI_NOMEM;
    }
    yajl_status status = n > 0 ? yajl_parse(y->yajl, p, n) : yajl_complete_parse(y->yajl);
    return status == yajl_status_ok ? CLI_OK : CLI_SYNTAX;
}

void cli_yajl_close(cli_yajl *y)
{
    for (block *b = y->blocks, *behind; b != NULL; b = behind) {
        behind = b->behind;
        free(b);
    }
    y->blocks = NULL;
}
