/*
 * A multipart body within a longer text: behind the head of a message, between marks, in a log.
 *
 * Receives the word Disposition of a header field of its first part; hands what stands from the
 * boundary before it to the last one on to the format. What has no boundary is left to the scan.
 */
#include "spot.h"

#include "scan.h"

enum { LINES_MAX = 8 };

/* Where the boundary stands in the lines above `at`, which are header fields; t.n for nowhere. */
static size_t boundary_before(hsn_str t, size_t at)
{
    size_t line = hsn_line_begin(t, at);
    for (int i = 0; i < LINES_MAX && line > 0; i++) {
        size_t end = line - 1;
        line = hsn_line_begin(t, end);
        size_t dashes = line + hsn_str_find(hsn_str_cut(t, line, end), HSN_S("--"));
        if (dashes < end) {
            return dashes;
        }
    }
    return t.n;
}

/* name=&quot;password&quot;: what spells it so has to be read first. */
static bool is_spelled(hsn_str t, size_t at)
{
    size_t stop = hsn_find_stop(t, at, "\r\n&\\%");
    return stop < t.n && t.p[stop] != '\r' && t.p[stop] != '\n';
}

bool hsn_spot_part(hsn_scan *s, size_t at)
{
    const hsn_str field = HSN_S("Content-");
    hsn_str t = s->text;
    if (at < field.n || !hsn_str_eq_nocase(hsn_str_cut(t, at - field.n, at), field)) {
        return false;
    }
    size_t from = boundary_before(t, at);
    if (from >= t.n || from < s->skip || s->site->binary || is_spelled(t, at)) {
        return false;
    }
    size_t end = hsn_find_stop(t, from, "\r\n");
    hsn_str last = hsn_str_cut(t, from, end);
    size_t to = end;
    for (size_t next = to; next < t.n;) { /* behind the boundary that two hyphens follow */
        next += hsn_str_find(hsn_str_cut(t, next, t.n), last);
        to = next < t.n ? next + last.n : t.n;
        next = to;
        if (hsn_str_starts(hsn_str_cut(t, to, t.n), HSN_S("--"))) {
            to += 2;
            break;
        }
    }
    hsn_edits inner = {0};
    if (!hsn_scan_spend(s, to - from) ||
        !hsn_cut_multipart(s->in, hsn_str_cut(t, from, to), s->site, &inner)) {
        return false;
    }
    hsn_edits_shift(s->in, &inner, from, s->out);
    s->skip = to;
    return true;
}
