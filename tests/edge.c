/*
 * The last bytes of a mapping, with a page behind them that may not be touched.
 */
#include "edge.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static unsigned char *edge; /* no byte from here on may be read */

int edge_make(void **state)
{
    (void)state;
    if (edge != NULL) {
        return 0;
    }
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    int zero = open("/dev/zero", O_RDWR);
    unsigned char *p = mmap(NULL, EDGE_MAX + page, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    close(zero);
    if (p == MAP_FAILED || mprotect(p + EDGE_MAX, page, PROT_NONE) != 0) {
        return -1;
    }
    edge = p + EDGE_MAX;
    return 0;
}

unsigned char *edge_room(size_t n)
{
    assert_true(n <= EDGE_MAX);
    return edge - n;
}

hsn_str at_edge(hsn_str s)
{
    unsigned char *p = edge_room(s.n);
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    return hsn_str_of(p, s.n);
}
