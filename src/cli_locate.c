/*
 * Offsets of bytes to lines and columns.
 *
 * Receives the text of a file in pieces and questions sorted by offset, answers each when it comes
 * by. Reads every byte once, whatever the length of a line. A line ends with LF, so that of CR LF
 * the CR is its last character; a byte order mark at the beginning is no character (RFC 8259
 * section 8.1, SARIF 2.1.0 section 3.30.3). What is no UTF-8 counts as one character per byte that
 * does not look like a continuation.
 */
#include "cli_check.h"

enum { MARK_BYTES = 3 };

void cli_check_locate_begin(cli_check_locator *l, cli_check_query *query, size_t n)
{
    *l = (cli_check_locator){.query = query, .n = n, .now = {1, 1, 1}};
}

/* Sums of so few bytes fit in a byte, so that a vector unit adds as many at once as it can hold. */
enum { STRETCH = 240 };

/* Line ends, bytes that continue a character, and first bytes of characters beyond U+FFFF, which
 * are two units. */
typedef struct census {
    uint64_t lines, tails, wide;
} census;

static census count(const unsigned char *p, size_t n)
{
    census all = {0, 0, 0};
    while (n > 0) {
        size_t stretch = n < STRETCH ? n : STRETCH;
        unsigned char lines = 0, tails = 0, wide = 0;
        for (size_t i = 0; i < stretch; i++) {
            lines = (unsigned char)(lines + (p[i] == '\n'));
            tails = (unsigned char)(tails + ((p[i] & 0xc0) == 0x80));
            wide = (unsigned char)(wide + (p[i] >= 0xf0));
        }
        all.lines += lines;
        all.tails += tails;
        all.wide += wide;
        p += stretch;
        n -= stretch;
    }
    return all;
}

static void advance(cli_check_locator *l, const unsigned char *p, size_t n)
{
    census all = count(p, n);
    l->at += n;
    if (all.lines > 0) {
        size_t from = n;
        while (p[from - 1] != '\n') {
            from--;
        }
        l->now = (cli_check_spot){l->now.line + all.lines, 1, 1};
        p += from;
        n -= from;
        all = count(p, n);
    }
    l->now.column += n - all.tails;
    l->now.column16 += n - all.tails + all.wide;
}

static void answer(cli_check_locator *l)
{
    while (l->next < l->n && l->query[l->next].offset <= l->at) {
        *l->query[l->next].spot = l->now;
        l->next++;
    }
}

/* A byte that may belong to the mark. */
static void feed_first(cli_check_locator *l, const unsigned char *p)
{
    static const unsigned char mark[MARK_BYTES] = {0xef, 0xbb, 0xbf};
    answer(l);
    if (l->mark == l->at && *p == mark[l->at]) {
        l->mark++;
    }
    advance(l, p, 1);
    if (l->mark == MARK_BYTES) {
        l->now.column = l->now.column16 = 1;
    }
}

void cli_check_locate_feed(cli_check_locator *l, const unsigned char *p, size_t n)
{
    for (; n > 0 && l->at < MARK_BYTES; n--, p++) {
        feed_first(l, p);
    }
    while (n > 0) {
        answer(l);
        uint64_t stop = l->next < l->n ? l->query[l->next].offset : UINT64_MAX;
        size_t piece = stop - l->at < n ? (size_t)(stop - l->at) : n;
        advance(l, p, piece);
        p += piece;
        n -= piece;
    }
}

void cli_check_locate_end(cli_check_locator *l)
{
    for (; l->next < l->n; l->next++) {
        *l->query[l->next].spot = l->now;
    }
}
