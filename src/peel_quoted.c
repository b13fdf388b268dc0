/*
 * Quoted-printable (RFC 2045 section 6.7), the Q encoding of encoded words in headers (RFC 2047
 * section 4.2), and the doubled quotes of a table's cell (RFC 4180 section 2).
 *
 * Receives the body of a mail or of a part, the inside of =?charset?Q?...?=, the inside of a cell.
 * A soft line break decodes to nothing, so that what a line end cut is whole again. Bytes are
 * decoded, not characters. What is written is not broken into lines: a reader takes longer ones.
 */
#include "peel.h"

static size_t find_equals(hsn_str s, size_t from)
{
    return from + hsn_str_chr(hsn_str_cut(s, from, s.n), '=');
}

static size_t find_word(hsn_str s, size_t from)
{
    while (from < s.n && s.p[from] != '=' && s.p[from] != '_' && s.p[from] != '?') {
        from++;
    }
    return from;
}

/* Bytes of the soft line break at s[at], 0 for none. */
static size_t soft_break(hsn_str s, size_t at)
{
    size_t end = hsn_past_blanks(s, at + 1);
    end += end + 1 < s.n && s.p[end] == '\r' && s.p[end + 1] == '\n';
    return end < s.n && s.p[end] == '\n' ? end + 1 - at : 0;
}

static size_t step_quoted(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    size_t taken = soft_break(s, at);
    *n_out = 0;
    return taken > 0 ? taken : hsn_hex_step(s, at, out, n_out);
}

size_t hsn_encoded_word_at(hsn_str s, size_t at)
{
    enum { CHARSET_MAX = 40 }; /* with the language of RFC 2231 section 5 */
    if (s.n - at < 6 || s.p[at] != '=' || s.p[at + 1] != '?') {
        return 0;
    }
    size_t end = at + 2;
    while (end < s.n && end - at < CHARSET_MAX &&
           (hsn_is_alnum(s.p[end]) || s.p[end] == '-' || s.p[end] == '*')) {
        end++;
    }
    bool q = s.n - end > 2 && s.p[end] == '?' && hsn_lower(s.p[end + 1]) == 'q';
    return q && s.p[end + 2] == '?' ? end + 3 - at : 0;
}

/* Between two words, which are one text: "?=", blanks, "=?charset?Q?". Its bytes, 0 for none. */
static size_t joint_at(hsn_str s, size_t at)
{
    enum { BLANKS_MAX = 16 };
    size_t end = at + 2;
    if (s.n - at < 2 || s.p[at] != '?' || s.p[at + 1] != '=') {
        return 0;
    }
    while (end < s.n && end - at < BLANKS_MAX && hsn_is_space(s.p[end])) {
        end++;
    }
    size_t opening = end < s.n ? hsn_encoded_word_at(s, end) : 0;
    return opening > 0 ? end - at + opening : 0;
}

static size_t step_word(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    if (s.p[at] == '?') {
        *n_out = 0;
        return joint_at(s, at);
    }
    if (s.p[at] == '_') {
        out[0] = ' ';
        *n_out = 1;
        return 1;
    }
    return hsn_hex_step(s, at, out, n_out);
}

static bool open_hex(hsn_str head)
{
    return head.p[0] == '=' && (head.n == 1 || (head.n == 2 && hsn_hex(head.p[1]) >= 0));
}

/* Also a "?", and an "=" before blanks: with what follows they could come to join two words. */
static bool open_word(hsn_str head)
{
    const size_t end = hsn_past_space(head, 1);
    return head.p[0] == '?' ? joint_at(head, 0) == 0
                            : open_hex(head) || (head.p[0] == '=' && end == head.n);
}

/* Also "=", blanks and CR: the LF of a soft break may follow. */
static bool open_quoted(hsn_str head)
{
    size_t end = hsn_past_blanks(head, 1);
    return open_hex(head) || end == head.n || (end + 1 == head.n && head.p[end] == '\r');
}

/* Line ends stay what they are: those of the text. */
static bool keeps_quoted(unsigned char c)
{
    return (c >= 0x20 && c < 0x7f && c != '=') || c == '\t' || c == '\n' || c == '\r';
}

static void write_quoted(hsn_buf *out, hsn_str plain)
{
    hsn_hex_write(out, plain, '=', 0, keeps_quoted);
}

/* What may stand in an encoded word anywhere, also within a name: RFC 2047 section 5 (3). */
static bool keeps_word(unsigned char c)
{
    return hsn_is_alnum(c) || hsn_is_one_of(c, "!*+-/");
}

static void write_word(hsn_buf *out, hsn_str plain)
{
    hsn_hex_write(out, plain, '=', '_', keeps_word);
}

/* ---------------------------------------------------------------- cells of a table */

static size_t find_quote(hsn_str s, size_t from)
{
    return from + hsn_str_chr(hsn_str_cut(s, from, s.n), '"');
}

static size_t step_cell(hsn_str s, size_t at, unsigned char *out, size_t *n_out)
{
    if (s.n - at < 2 || s.p[at + 1] != '"') {
        return 0;
    }
    out[0] = '"';
    *n_out = 1;
    return 2;
}

static bool open_cell(hsn_str head)
{
    return head.n == 1;
}

static void write_cell(hsn_buf *out, hsn_str plain)
{
    for (size_t i = 0; i < plain.n; i++) {
        if (plain.p[i] == '"') {
            hsn_buf_put(out, '"');
        }
        hsn_buf_put(out, plain.p[i]);
    }
}

const hsn_escape hsn_escape_quoted = {
    .name = "quoted-printable",
    .find = find_equals,
    .step = step_quoted,
    .write = write_quoted,
    .open = open_quoted,
    .joints = {"\n"},
};
const hsn_escape hsn_escape_word = {
    .name = "encoded-word",
    .find = find_word,
    .step = step_word,
    .write = write_word,
    .open = open_word,
    .joints = {"?="},
};
const hsn_escape hsn_escape_cell = {
    .name = "csv-cell",
    .find = find_quote,
    .step = step_cell,
    .write = write_cell,
    .open = open_cell,
};
