/*
 * What texts spell with a byte that they use for something else: `=` in quoted-printable mail and
 * in encoded words of its headers, `""` in a cell of a table, `"+"` of a script between two halves
 * of a string. The stretch that is spelled so is decoded and inspected on its own. Each must show
 * that it is what it seems before anything is decoded: a line that ends in `=` is base64 far more
 * often.
 */
#include "spot.h"

/* True when something was found. */
static bool inspect_stretch(hsn_scan *s, const hsn_escape *layer, size_t from, size_t to)
{
    hsn_site site = *s->site;
    site.where = 0;
    site.name = (hsn_str){0};
    size_t before = s->out->n;
    hsn_inspect_escape(s->in, layer, s->text, from, to - from, &site, s->out);
    return s->out->n > before;
}

/* ---------------------------------------------------------------- encoded words */

static void encoded_word(hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    size_t from = at + hsn_encoded_word_at(t, at);
    size_t to = from;
    if (from == at) {
        return;
    }
    while (to < t.n && t.p[to] != ' ' && t.p[to] != '\n') {
        unsigned char unit[HSN_ESCAPE_MAX];
        size_t made;
        size_t joint = t.p[to] == '?' ? hsn_escape_word.step(t, to, unit, &made) : 1;
        if (joint == 0) {
            break;
        }
        to += joint;
    }
    if (!hsn_str_starts(hsn_str_cut(t, to, t.n), HSN_S("?="))) {
        return;
    }
    inspect_stretch(s, &hsn_escape_word, from, to);
    s->skip = to + 2;
}

/* ---------------------------------------------------------------- quoted-printable */

/* An escape as encoders write it: with capitals. */
static bool is_hex_escape(hsn_str t, size_t at)
{
    return t.n - at > 2 && t.p[at + 1] < 'a' && hsn_hex(t.p[at + 1]) >= 0 && t.p[at + 2] < 'a' &&
           hsn_hex(t.p[at + 2]) >= 0;
}

static bool has_hex_escape(hsn_str t)
{
    for (size_t i = 0; (i += hsn_str_chr(hsn_str_cut(t, i, t.n), '=')) < t.n; i++) {
        if (is_hex_escape(t, i)) {
            return true;
        }
    }
    return false;
}

/* What the header of a mail or part says; text of ASCII may have not one escape in it. */
static bool is_called_quoted(hsn_str t)
{
    return hsn_str_find(t, HSN_S("quoted-printable")) < t.n ||
           hsn_str_find(t, HSN_S("QUOTED-PRINTABLE")) < t.n;
}

/* Asked once a text: is it mail? */
static bool is_quoted_text(hsn_scan *s)
{
    if (s->quoted < 0) {
        s->quoted = hsn_scan_spend(s, s->text.n) &&
                    (has_hex_escape(s->text) || is_called_quoted(s->text));
    }
    return s->quoted != 0;
}

/* Lines are broken where they are full: RFC 2045 section 6.7 (5), 76 characters at most. */
static bool is_full_line(hsn_str t, size_t at, size_t *from)
{
    enum { LEAST = 50, MOST = 76 };
    size_t i = at;
    while (i > 0 && at - i <= MOST && t.p[i - 1] != '\n') {
        i--;
    }
    *from = i;
    return at - i >= LEAST && at - i <= MOST;
}

/* Up to the boundary of the next part. */
static size_t part_end(hsn_str t, size_t at)
{
    size_t end = at + hsn_str_find(hsn_str_cut(t, at, t.n), HSN_S("\n--"));
    return end < t.n ? end + 1 : t.n;
}

/* In such text every = begins an escape or ends its line: of the two lines from `from` on. The
 * padding of a base64 value may stand at the end of a line too. */
static bool is_spelled(hsn_str t, size_t from)
{
    enum { REACH = 160 };
    hsn_str lines = hsn_str_cut(t, from, from + REACH);
    size_t breaks = 0;
    for (size_t i = 0; i < lines.n && breaks < 2; i++) {
        breaks += lines.p[i] == '\n';
        if (lines.p[i] == '=' && i + 2 < lines.n && !is_hex_escape(lines, i) &&
            lines.p[i + 1] != '\r' && lines.p[i + 1] != '\n') {
            return false;
        }
    }
    return true;
}

static void soft_break(hsn_scan *s, size_t at)
{
    size_t from;
    if (at < s->quoted_end || !is_full_line(s->text, at, &from) || !is_spelled(s->text, from) ||
        !is_quoted_text(s)) {
        return;
    }
    from = from < s->skip ? s->skip : from;
    s->quoted_end = part_end(s->text, at);
    if (inspect_stretch(s, &hsn_escape_quoted, from, s->quoted_end)) {
        s->skip = s->quoted_end;
    }
}

bool hsn_spot_soft_break(hsn_scan *s, size_t at)
{
    if (s->site->binary) {
        return false;
    }
    if (s->text.p[at + 1] == '?') {
        encoded_word(s, at);
    } else {
        soft_break(s, at);
    }
    return s->skip > at;
}

/* ---------------------------------------------------------------- literals put together */

/* Where the inside of the literal begins whose closing quote is t[at]; not before `least`. */
static size_t literal_begin(hsn_str t, size_t least, size_t at)
{
    size_t from = at;
    while (from > least && t.p[from - 1] != t.p[at] && t.p[from - 1] != '\n') {
        from--;
    }
    return from;
}

/* The closing quote of the literal that the one which opens at t[open] is put to; `open` for none.
 */
static size_t quote_before(hsn_str t, size_t least, size_t open)
{
    size_t at = open;
    size_t signs = 0;
    while (at > least && (hsn_is_space(t.p[at - 1]) || t.p[at - 1] == '+')) {
        at--;
        signs += t.p[at] == '+';
    }
    return signs == 1 && at > least && t.p[at - 1] == t.p[open] ? at - 1 : open;
}

bool hsn_spot_joint(hsn_scan *s, size_t at)
{
    enum { REACH = 4096 };
    hsn_str t = s->text;
    if (at < s->joint_end || s->site->binary) {
        return false;
    }
    size_t least = at - s->skip > REACH ? at - REACH : s->skip;
    size_t to = hsn_joint_end(t, at);
    size_t from = literal_begin(t, least, at);
    bool joined = to > at;
    while (from > least) {
        size_t close = quote_before(t, least, from - 1);
        if (close == from - 1) {
            break;
        }
        from = literal_begin(t, least, close);
        joined = true;
    }
    s->joint_end = to + 1;
    if (!joined || !hsn_scan_spend(s, to - from) ||
        !inspect_stretch(s, &hsn_escape_joint, from, to)) {
        return false;
    }
    s->skip = to;
    return true;
}

/* ---------------------------------------------------------------- cells of a table */

/* Quotes from `at` on. */
static size_t quote_run(hsn_str t, size_t at)
{
    size_t end = at;
    while (end < t.n && t.p[end] == '"') {
        end++;
    }
    return end - at;
}

/* The quote that opens the cell around `at`: inside of it quotes stand in twos. SIZE_MAX for none
 * behind `least`. */
static size_t cell_begin(hsn_str t, size_t at, size_t least)
{
    for (size_t i = at; i > least;) {
        size_t end = i;
        while (i > least && t.p[i - 1] == '"') {
            i--;
        }
        if ((end - i) % 2 == 1) {
            return i;
        }
        i -= i > least;
    }
    return SIZE_MAX;
}

static size_t cell_end(hsn_str t, size_t from)
{
    for (size_t i = from; (i += hsn_str_chr(hsn_str_cut(t, i, t.n), '"')) < t.n;) {
        size_t n = quote_run(t, i);
        i += n;
        if (n % 2 == 1) {
            return i - 1;
        }
    }
    return t.n;
}

bool hsn_spot_cell(hsn_scan *s, size_t at)
{
    hsn_str t = s->text;
    if (at < 3 || t.p[at] != ':' || t.p[at - 1] != '"' || t.p[at - 2] != '"' ||
        !hsn_is_name_byte(t.p[at - 3])) {
        return false;
    }
    size_t least = s->cell_end > s->skip ? s->cell_end : s->skip;
    size_t open = cell_begin(t, at - 2, least);
    s->cell_end = at;
    if (open == SIZE_MAX) {
        return false;
    }
    size_t end = cell_end(t, open + 1);
    s->cell_end = end;
    inspect_stretch(s, &hsn_escape_cell, open + 1, end);
    s->skip = end;
    return true;
}
