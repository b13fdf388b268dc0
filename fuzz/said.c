/*
 * Helpers of the targets of the command's parts; see said.h.
 */
#include "said.h"

#include "check.h"

#include <stdio.h>
#include <unistd.h>

/* ---------------------------------------------------------------- files */

static int scratch(int number)
{
    static FILE *file[2];
    if (file[number] == NULL) {
        file[number] = tmpfile();
    }
    REQUIRE(file[number] != NULL);
    return fileno(file[number]);
}

void scratch_fill(int number, hsn_str text, char name[SCRATCH_NAME])
{
    int fd = scratch(number);
    REQUIRE(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
    REQUIRE(text.n == 0 || write(fd, text.p, text.n) == (ssize_t)text.n);
    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
    snprintf(name, SCRATCH_NAME, "/dev/fd/%d", fd);
}

void scratch_read(int number, hsn_buf *out)
{
    enum { PIECE = 1 << 16 };
    int fd = scratch(number);
    ssize_t n = 0;
    REQUIRE(lseek(fd, 0, SEEK_SET) == 0);
    do {
        out->n += (size_t)n;
        REQUIRE(hsn_buf_reserve(out, PIECE));
        n = read(fd, out->p + out->n, PIECE);
        REQUIRE(n >= 0);
    } while (n > 0);
}

/* ---------------------------------------------------------------- text */

bool is_clean_text(hsn_str s)
{
    for (size_t at = 0; at < s.n;) {
        unsigned char c = s.p[at];
        size_t more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        if ((c < 0x20 && c != '\n') || c == 0x7f || (c >= 0x80 && c < 0xc2) || c > 0xf4) {
            return false;
        }
        for (at++; more > 0; more--, at++) {
            if (at == s.n || (s.p[at] & 0xc0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

/* ---------------------------------------------------------------- tags */

enum { NESTED = 64, TAG_NAME = 32 };

typedef struct tags {
    hsn_str s;
    size_t at;
    bool html;
    hsn_str open[NESTED];
    size_t n;
} tags;

static bool has_end(const tags *t, hsn_str name)
{
    static const char *const without[] = {"meta", "br", "hr", "img", "input", "link", "col", "wbr"};
    for (size_t i = 0; t->html && i < HSN_COUNT(without); i++) {
        if (hsn_str_eq(name, hsn_str_z(without[i]))) {
            return false;
        }
    }
    return true;
}

static bool is_name_char(unsigned char c)
{
    return hsn_is_alnum(c) || c == '-' || c == ':';
}

static hsn_str take_name(tags *t)
{
    size_t from = t->at;
    while (t->at < t->s.n && is_name_char(t->s.p[t->at])) {
        t->at++;
    }
    return hsn_str_cut(t->s, from, t->at);
}

/* To behind the > of a tag; *closed: it ends with />. */
static bool skip_tag(tags *t, bool *closed)
{
    unsigned char quote = 0;
    for (; t->at < t->s.n; t->at++) {
        unsigned char c = t->s.p[t->at];
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            *closed = t->s.p[t->at - 1] == '/';
            t->at++;
            return true;
        } else if (c == '<') {
            return false;
        }
    }
    return false;
}

static bool begin_element(tags *t)
{
    bool closed;
    hsn_str name = take_name(t);
    if (name.n == 0 || !skip_tag(t, &closed)) {
        return false;
    }
    if (closed || !has_end(t, name)) {
        return true;
    }
    if (t->html && hsn_str_eq(name, HSN_S("style"))) {
        t->at += hsn_str_find(hsn_str_cut(t->s, t->at, t->s.n), HSN_S("</style"));
    }
    if (t->n == NESTED) {
        return false;
    }
    t->open[t->n++] = name;
    return true;
}

static bool end_element(tags *t)
{
    bool closed;
    hsn_str name = take_name(t);
    return t->n > 0 && hsn_str_eq(name, t->open[--t->n]) && skip_tag(t, &closed) && !closed;
}

static bool skip_reference(tags *t)
{
    size_t from = ++t->at;
    while (t->at < t->s.n && (hsn_is_alnum(t->s.p[t->at]) || t->s.p[t->at] == '#')) {
        t->at++;
    }
    return t->at > from && t->at < t->s.n && t->s.p[t->at] == ';';
}

static bool step(tags *t)
{
    bool closed;
    if (t->s.p[t->at] == '&') {
        return skip_reference(t);
    }
    if (t->s.p[t->at++] != '<') {
        return true;
    }
    unsigned char c = t->at < t->s.n ? t->s.p[t->at] : 0;
    if (c == '/') {
        t->at++;
        return end_element(t);
    }
    return c == '!' || c == '?' ? skip_tag(t, &closed) : begin_element(t);
}

bool is_balanced(hsn_str s, bool html)
{
    tags t = {.s = s, .html = html};
    while (t.at < s.n) {
        if (!step(&t)) {
            return false;
        }
    }
    return t.n == 0;
}
