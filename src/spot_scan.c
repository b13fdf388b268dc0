/*
 * The scan: one pass over a text that stops wherever something sensitive could begin.
 *
 * Two kinds of stop. A *special* byte (`=` `:` `@` `%` `&` `\` `<`) belongs to one spot. The
 * *beginning of a word* (a run of letters and digits) may begin a token, a base64 text, a number or
 * a known value. Masks of some blocks at once tell of both (stops.c); of what they leave little has
 * to be visited (spot_visit.c). Cost is a few instructions a stop, whatever the number of rules.
 */
#include "spot.h"

bool hsn_scan_spend(hsn_scan *s, size_t n)
{
    if (n > s->budget) {
        s->exhausted = true;
        return false;
    }
    s->budget -= n;
    return true;
}

size_t hsn_find_stop(hsn_str s, size_t from, const char *stops)
{
    uint64_t stop[4] = {0};
    for (const char *p = stops; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        stop[c / 64] |= 1ull << c % 64;
    }
    while (from < s.n && (stop[s.p[from] / 64] >> s.p[from] % 64 & 1) == 0) {
        from++;
    }
    return from;
}

/* The next byte c from `from` on, remembered: a text full of open quotes is still searched once. */
static size_t next_quote(hsn_scan *s, unsigned char c, size_t from)
{
    hsn_ahead *a = &s->quote[c == '"' ? 0 : c == '\'' ? 1 : 2];
    if (a->pos == 0 || from < a->from || from > a->pos) {
        a->from = from;
        a->pos = from + hsn_str_chr(hsn_str_cut(s->text, from, s->text.n), c);
    }
    return a->pos;
}

size_t hsn_scan_close_quote(hsn_scan *s, unsigned char quote, unsigned slashes, size_t from)
{
    for (size_t at = from; (at = next_quote(s, quote, at)) < s->text.n; at++) {
        unsigned n = 0;
        while (at - n > from && s->text.p[at - n - 1] == '\\') {
            n++;
        }
        if (slashes == 0 ? n % 2 == 0 : n == slashes) {
            return at - n * (slashes != 0);
        }
    }
    return s->text.n;
}

bool hsn_is_code(hsn_str head)
{
    enum { PROBE = 4096 };
    static const char *const signs[] = {"function", "=>",    "var ",   "const ", "return ",
                                        "let ",     "this.", "void 0", "});"};
    int seen = 0;
    head = hsn_str_cut(head, 0, PROBE);
    for (size_t i = 0; i < HSN_COUNT(signs); i++) {
        seen += hsn_str_find(head, hsn_str_z(signs[i])) < head.n;
    }
    return seen >= 2 || hsn_str_find(head, HSN_S("function(")) < head.n;
}

bool hsn_scan_is_code(hsn_scan *s)
{
    if (s->code < 0) {
        s->code = hsn_is_code(s->text);
    }
    return s->code != 0;
}

/* ---------------------------------------------------------------- the pass */

/* Is there anything printable of note in the block or across its beginning? Binary data has only
 * short printable runs by chance. */
static bool has_print(hsn_str t, size_t base)
{
    enum { LEAD = 16 };
    size_t from = base > LEAD ? base - LEAD : 0;
    return hsn_scan_has_print(hsn_str_cut(t, from, base + HSN_STEP + LEAD));
}

/* The blocks from `base` on. */
static void find_stops(const hsn_scan *s, hsn_stops_fn stops_of, size_t base, bool begins,
                       hsn_stops *out)
{
    const hsn_str rest = hsn_str_cut(s->text, base, s->text.n);
    const size_t blocks = (rest.n + HSN_STEP - 1) / HSN_STEP;
    const size_t n = s->site->binary ? 1 : blocks < HSN_STOPS_MOST ? blocks : HSN_STOPS_MOST;
    const hsn_edge before = {.word = !begins && hsn_is_alnum(rest.p[-1]),
                             .slash = base > 0 && rest.p[-1] == '/',
                             .open = base > 0 && (rest.p[-1] == '+' || rest.p[-1] == '('),
                             .byte = base > 0 ? rest.p[-1] : 0};
    stops_of(rest, before, s->leads, out, n);
}

void hsn_scan_text(hsn_scan *s)
{
    hsn_stops_fn stops_of = hsn_stops_best();
    hsn_stops at;
    bool begins = true; /* whatever stands before, no word goes on */
    for (size_t base = 0; base < s->text.n && !s->exhausted;) {
        if (s->skip >= base + HSN_STEP) { /* far behind: go there at once */
            base = s->skip;
            begins = false;
            continue;
        }
        if (s->site->binary && !has_print(s->text, base)) {
            begins = true;
            base += HSN_STEP;
            continue;
        }
        find_stops(s, stops_of, base, begins, &at);
        hsn_scan_blocks(s, base, &at);
        base += at.blocks * HSN_STEP;
        begins = false;
    }
}
