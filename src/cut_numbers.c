/*
 * Bytes as a list of decimal numbers: what JSON makes of a buffer, String.fromCharCode of a script.
 *
 * Receives a text and where a list begins in it. Only a list of characters is read, printable ones
 * and white space, with the same between any two of them. After an edit it is written again, so
 * that it stays a list of numbers.
 */
#include "cut_bytes.h"

enum {
    LEAST = 12,  /* numbers: fewer hold nothing that could be recognised */
    BETWEEN = 64 /* bytes at most: a comma, and blanks or a line end with what indents the next */
};

/* The number at t[*at], which is moved behind it; -1 for none, or one that is no character. */
static int read_one(hsn_str t, size_t *at)
{
    int v = 0;
    size_t from = *at;
    while (*at < t.n && *at - from < 3 && hsn_is_digit(t.p[*at])) {
        v = v * 10 + (t.p[(*at)++] - '0');
    }
    bool text = (v >= 0x20 && v < 0x7f) || v == '\t' || v == '\n' || v == '\r';
    bool whole = *at == t.n || (!hsn_is_digit(t.p[*at]) && t.p[*at] != '.');
    return *at > from && text && whole ? v : -1;
}

/* What stands between the first two numbers; empty when that is more than a comma and blanks. */
static hsn_str separator(hsn_str t, size_t at)
{
    size_t end = at + 1;
    if (at >= t.n || t.p[at] != ',') {
        return (hsn_str){0};
    }
    while (end < t.n && end - at < BETWEEN && hsn_is_space(t.p[end])) {
        end++;
    }
    return hsn_str_cut(t, at, end);
}

bool hsn_begins_numbers(hsn_str t, size_t at)
{
    for (size_t i = 0; i < LEAST; i++) {
        if (read_one(t, &at) < 0) {
            return false;
        }
        at += separator(t, at).n;
    }
    return true;
}

static bool encode(hsn_buf *out, hsn_str plain, const void *between)
{
    for (size_t i = 0; i < plain.n; i++) {
        if (i > 0) {
            hsn_buf_add_str(out, *(const hsn_str *)between);
        }
        hsn_buf_printf(out, "%u", plain.p[i]);
    }
    return !hsn_buf_failed(out);
}

/* Reads the list from `at` on: the characters go to `plain` unless that is NULL. Returns its end.
 */
static size_t read_list(hsn_str t, size_t at, hsn_str *between, hsn_buf *plain)
{
    size_t end = at;
    *between = (hsn_str){0};
    for (size_t next = at; next < t.n;) {
        int c = read_one(t, &next);
        if (c < 0) {
            break;
        }
        if (plain != NULL) {
            hsn_buf_put(plain, (unsigned char)c);
        }
        end = next;
        *between = between->n == 0 ? separator(t, next) : *between;
        if (between->n == 0 || !hsn_str_starts(hsn_str_cut(t, next, t.n), *between)) {
            break;
        }
        next += between->n;
    }
    return end;
}

bool hsn_cut_numbers(hsn_inspector *in, hsn_str text, size_t at, const hsn_site *site, size_t *end,
                     hsn_edits *out)
{
    hsn_str between;
    hsn_edits inner = {0};
    hsn_buf *plain = hsn_layer_enter(in, "numbers");
    *end = read_list(text, at, &between, plain);
    if (plain == NULL) {
        hsn_replace_blind(in, text, at, *end - at, "limit:layers", site, out);
        hsn_make_zero(out);
        return true;
    }
    if (!hsn_buf_failed(plain)) {
        hsn_inspect_text(in, hsn_buf_str(plain), site, &inner);
    } else {
        in->failed = true;
    }
    hsn_encode_edited(in, hsn_buf_str(plain), &inner, encode, &between, at, *end - at, out);
    hsn_layer_leave(in);
    return inner.n > 0;
}
