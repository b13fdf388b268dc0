/*
 * multipart bodies (RFC 2046 section 5.1, RFC 7578 for forms): each part's content goes by the name
 * in its Content-Disposition. Boundaries and part headers stay.
 */
#include "inspect.h"

enum { BOUNDARY_MAX = 4096 /* RFC 2046: 70, and the two hyphens; not all who write them know */ };

/* Behind the line end at or after `from`; t.n when there is none. */
static size_t next_line(hsn_str t, size_t from)
{
    size_t i = from + hsn_str_chr(hsn_str_cut(t, from, t.n), '\n');
    return i < t.n ? i + 1 : t.n;
}

static hsn_str line_at(hsn_str t, size_t from)
{
    size_t to = next_line(t, from);
    while (to > from && (t.p[to - 1] == '\n' || t.p[to - 1] == '\r')) {
        to--;
    }
    return hsn_str_cut(t, from, to);
}

/* name="..." of a Content-Disposition line; empty for another line. */
static hsn_str field_name(hsn_str line)
{
    if (!hsn_str_starts_nocase(line, HSN_S("content-disposition:"))) {
        return (hsn_str){0};
    }
    size_t at = hsn_str_find(line, HSN_S(" name="));
    if (at == line.n && (at = hsn_str_find(line, HSN_S(";name="))) == line.n) {
        return (hsn_str){0};
    }
    hsn_str v = hsn_str_cut(line, at + 6, line.n);
    if (v.n > 0 && v.p[0] == '"') {
        v = hsn_str_cut(v, 1, v.n);
        return hsn_str_cut(v, 0, hsn_str_chr(v, '"'));
    }
    return hsn_str_cut(v, 0, hsn_str_chr(v, ';'));
}

/* Where the part that begins at `from` ends: before the line end that precedes the boundary. */
static size_t part_end(hsn_str t, size_t from, hsn_str boundary)
{
    for (size_t i = from; i < t.n;) {
        i += hsn_str_find(hsn_str_cut(t, i, t.n), boundary);
        if (i >= t.n) {
            break;
        }
        if (i > from && t.p[i - 1] == '\n') {
            i--;
            return i > from && t.p[i - 1] == '\r' ? i - 1 : i;
        }
        i++;
    }
    return t.n;
}

/* The only transfer encoding that has to be known: base64 shows by itself. */
static bool is_quoted(hsn_str line)
{
    hsn_str name = HSN_S("content-transfer-encoding:");
    if (!hsn_str_starts_nocase(line, name)) {
        return false;
    }
    hsn_str v = hsn_str_cut(line, name.n, line.n);
    while (v.n > 0 && v.p[0] == ' ') {
        v = hsn_str_cut(v, 1, v.n);
    }
    return hsn_str_starts_nocase(v, HSN_S("quoted-printable"));
}

static bool has_nul(hsn_str v)
{
    return hsn_str_chr(v, '\0') < v.n;
}

/* The header fields themselves: a file name may be an address. */
static void inspect_head(hsn_inspector *in, hsn_str t, size_t from, size_t to,
                         const hsn_site *site, hsn_edits *out)
{
    hsn_site head = {.strict = site->strict};
    hsn_edits inner = {0};
    hsn_inspect_text(in, hsn_str_cut(t, from, to), &head, &inner);
    hsn_edits_shift(in, &inner, from, out);
}

/* What the header fields of a part say. */
typedef struct header {
    hsn_str name;
    bool quoted; /* its content is quoted-printable */
} header;

static void inspect_part(hsn_inspector *in, hsn_str t, size_t from, size_t to, header h,
                         const hsn_site *site, hsn_edits *out)
{
    hsn_str content = hsn_str_cut(t, from, to);
    hsn_site part = {.where = HSN_IN_PARAM, .name = h.name, .strict = site->strict};
    hsn_edits inner = {0};
    if (h.quoted) {
        hsn_inspect_escape(in, &hsn_escape_quoted, t, from, to - from, &part, out);
        return;
    }
    if (has_nul(content)) {
        hsn_cut_binary(in, content, &part, &inner);
    } else {
        hsn_inspect_value(in, content, &part, &inner);
    }
    hsn_edits_settle(&inner);
    hsn_edits_shift(in, &inner, from, out);
}

bool hsn_is_multipart(hsn_str text)
{
    hsn_str boundary = line_at(text, 0);
    size_t next = next_line(text, 0);
    return hsn_str_starts(text, HSN_S("--")) && boundary.n >= 3 && boundary.n <= BOUNDARY_MAX &&
           hsn_str_starts_nocase(hsn_str_cut(text, next, text.n), HSN_S("content-"));
}

bool hsn_cut_multipart(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    if (!hsn_is_multipart(text)) {
        return false;
    }
    hsn_str boundary = line_at(text, 0);
    if (hsn_layer_enter(in, "multipart") == NULL) {
        hsn_replace_blind(in, text, 0, text.n, "limit:layers", site, out);
        return true;
    }
    for (size_t at = next_line(text, 0); at < text.n;) {
        size_t head = at;
        header h = {0};
        hsn_str line = line_at(text, at);
        while (line.n > 0) {
            hsn_str found = field_name(line);
            h.name = found.n > 0 ? found : h.name;
            h.quoted = h.quoted || is_quoted(line);
            at = next_line(text, at);
            line = line_at(text, at);
        }
        size_t from = next_line(text, at);
        size_t to = part_end(text, from, boundary);
        inspect_head(in, text, head, at, site, out);
        inspect_part(in, text, from, to, h, site, out);
        at = next_line(text, to);                    /* the line end before the boundary */
        at = at < text.n ? next_line(text, at) : at; /* the boundary itself */
    }
    hsn_layer_leave(in);
    hsn_edits_settle(out);
    return true;
}
