/*
 * Escapes in the middle of a text: percent-encoding, HTML entities, backslashes. The stretch around
 * the escape that shares its layer (a parameter, an attribute or text node, a string literal) is
 * decoded and inspected on its own.
 */
#include "spot.h"

/* Back from `at` to behind the last byte of `stops`. */
static size_t back_to(hsn_str t, size_t at, const char *stops)
{
    while (at > 0 && (t.p[at - 1] == '\0' || strchr(stops, t.p[at - 1]) == NULL)) {
        at--;
    }
    return at;
}

static void inspect_stretch(hsn_scan *s, const hsn_escape *layer, size_t from, size_t to)
{
    hsn_site site = *s->site;
    site.where = 0;
    site.name = (hsn_str){0};
    hsn_inspect_escape(s->in, layer, s->text, from, to - from, &site, s->out);
    s->skip = to;
}

static bool is_escape(const hsn_scan *s, const hsn_escape *layer, size_t at)
{
    unsigned char out[HSN_ESCAPE_MAX];
    size_t n;
    return layer->step(s->text, at, out, &n) > 0;
}

void hsn_spot_percent(hsn_scan *s, size_t at)
{
    static const char ends[] = " \t\r\n\"'<>&=;#?`\\{}()[],|";
    if (!is_escape(s, &hsn_escape_percent, at)) {
        return;
    }
    inspect_stretch(s, &hsn_escape_percent, back_to(s->text, at, ends),
                    hsn_find_stop(s->text, at, ends));
}

void hsn_spot_entity(hsn_scan *s, size_t at)
{
    if (!is_escape(s, &hsn_escape_entity, at)) {
        return;
    }
    inspect_stretch(s, &hsn_escape_entity, back_to(s->text, at, "<>\""),
                    hsn_find_stop(s->text, at, "<>\""));
}

/* Behind the last quote or line end before `at`; a quote with a backslash before it is inside. */
static size_t literal_begin(hsn_str t, size_t at)
{
    while (at > 0) {
        unsigned char c = t.p[at - 1];
        bool quote = c == '"' || c == '\'' || c == '`';
        if (c == '\n' || c == '\r' || (quote && (at < 2 || t.p[at - 2] != '\\'))) {
            break;
        }
        at--;
    }
    return at;
}

static size_t literal_end(hsn_str t, size_t at)
{
    for (;;) {
        at = hsn_find_stop(t, at, "\"'`\r\n\\");
        if (at >= t.n || t.p[at] != '\\') {
            return at < t.n ? at : t.n;
        }
        at += 2;
    }
}

void hsn_spot_escape(hsn_scan *s, size_t at)
{
    if (!is_escape(s, &hsn_escape_js, at)) {
        return;
    }
    size_t from = literal_begin(s->text, at);
    inspect_stretch(s, &hsn_escape_js, from < s->skip ? s->skip : from, literal_end(s->text, at));
}
