/*
 * String literals that a script puts together: "ab" + 'cd' is no joint, "ab" + "cd" is one.
 *
 * Receives the inside of the first literal, the joints, and the inside of the last. A joint decodes
 * to nothing; escapes within the literals are left to the layer of their own.
 */
#include "peel.h"


static bool is_quote(unsigned char c)
{
    return c == '"' || c == '\'';
}

static size_t skip_space(hsn_str s, size_t at)
{
    enum { MOST = 64 };
    size_t from = at;
    while (at < s.n && at - from < MOST && hsn_is_space(s.p[at])) {
        at++;
    }
    return at;
}

/* Behind the joint that begins at the quote s[at]; `at` when there is none. */
static size_t behind_joint(hsn_str s, size_t at)
{
    size_t plus = skip_space(s, at + 1);
    if (plus >= s.n || s.p[plus] != '+') {
        return at;
    }
    size_t next = skip_space(s, plus + 1);
    return next < s.n && s.p[next] == s.p[at] ? next + 1 : at;
}

size_t hsn_joint_end(hsn_str s, size_t at)
{
    enum { LITERAL_MAX = 4096 };
    for (;;) {
        size_t from = behind_joint(s, at);
        hsn_str literal = hsn_str_cut(s, from, from + LITERAL_MAX);
        size_t end = from + hsn_str_chr(literal, s.p[at]);
        if (from == at || end == from + literal.n ||
            hsn_str_chr(hsn_str_cut(s, from, end), '\n') < end - from) {
            return at;
        }
        at = end;
    }
}

static size_t find_joint(hsn_str s, size_t from)
{
    while (from < s.n && !is_quote(s.p[from])) {
        from++;
    }
    return from;
}

static size_t step_joint(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    (void)out;
    *n_out = 0;
    return behind_joint(s, at) - at;
}

/* A quote, and what may stand between it and the next one. */
static bool open_joint(hsn_str head)
{
    size_t at = skip_space(head, 1);
    at += at < head.n && head.p[at] == '+';
    return skip_space(head, at) == head.n;
}

static void write_joint(hsn_buf *out, hsn_str plain)
{
    hsn_buf_add_str(out, plain);
}

const hsn_escape hsn_escape_joint = {
    .name = "joined",
    .find = find_joint,
    .step = step_joint,
    .write = write_joint,
    .open = open_joint,
    .joints = {"+"},
};
