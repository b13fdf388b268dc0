/*
 * Arrays that grow by doubling, so that adding n elements costs n.
 */
#include "cli_base.h"

#include <stdlib.h>

void *cli_grow(void *at, size_t *cap, size_t n, size_t size)
{
    enum { FIRST = 32 };
    if (n < *cap) {
        return at;
    }
    size_t wanted = *cap == 0 ? FIRST : *cap * 2;
    void *more = wanted <= SIZE_MAX / size ? realloc(at, wanted * size) : NULL;
    if (more != NULL) {
        *cap = wanted;
    }
    return more;
}
