/*
 * What refusal.h promises, through the hook of base_mem.c.
 */
#include "refusal.h"

static bool refuse(void *ctx, size_t n)
{
    refusal *r = ctx;
    (void)n;
    r->seen++;
    return r->nth != 0 && (r->sticky ? r->seen >= r->nth : r->seen == r->nth);
}

void refusal_start(refusal *r)
{
    hsn_mem_test_hook = (hsn_mem_hook){refuse, r};
}

void refusal_stop(void)
{
    hsn_mem_test_hook = (hsn_mem_hook){NULL, NULL};
}

bool refusal_hit(const refusal *r)
{
    return r->nth != 0 && r->seen >= r->nth;
}
