/*
 * Links that let in whoever has them, under a name that says so: {"magic_link": "https://..."}.
 *
 * Receives the value of such a name; emits an edit of each part of the path that a machine made.
 * Host and words of the path stay, and so do queries: these are looked into like any other.
 */
#include "inspect.h"

/* Where the path of a URL begins, text.n where it has none; of a path, its beginning. */
static size_t path_begin(hsn_str text)
{
    size_t host = hsn_str_find(text, HSN_S("://"));
    host = host < text.n ? host + 3 : 0;
    return host + hsn_str_chr(hsn_str_cut(text, host, text.n), '/');
}

/* name.ext: a file is found by whoever looks for it. */
static bool is_file(hsn_str segment)
{
    enum { EXTENSION_MAX = 5 };
    size_t dot = hsn_str_chr(segment, '.');
    return dot < segment.n && segment.n - dot - 1 <= EXTENSION_MAX;
}

/* RFC 3986 section 3.3, and what ends a URL in a text. */
static size_t path_end(hsn_str text)
{
    size_t end = 0;
    while (end < text.n && text.p[end] > ' ' && strchr("?#\"'<>\\`;,", text.p[end]) == NULL) {
        end++;
    }
    return end;
}

void hsn_cut_link(hsn_inspector *in, hsn_str text, const hsn_rule *rule, const hsn_site *site,
                  hsn_edits *out)
{
    enum { MADE_MIN = 16 };
    const hsn_str url = hsn_str_cut(text, 0, path_end(text));
    for (size_t from = path_begin(url) + 1, to; from < url.n; from = to + 1) {
        to = from + hsn_str_chr(hsn_str_cut(url, from, url.n), '/');
        hsn_str segment = hsn_str_cut(url, from, to);
        if (hsn_is_tokenish(segment, MADE_MIN) && !is_file(segment)) {
            hsn_replace(in, text, from, segment.n, rule, site, out);
        }
    }
}
