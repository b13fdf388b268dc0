/*
 * The scan: one pass over a text that stops wherever something sensitive could begin.
 *
 * Two kinds of stop. A *special* byte (`=` `:` `@` `%` `&` `\` `<`) belongs to one spot. The
 * *beginning of a word* (a run of letters and digits) may begin a token, a base64 text, a number or
 * a known value. Masks of some blocks at once tell of both (stops.c); of what they leave little has
 * to be visited (spot_visit.c). Cost is a few instructions a stop, whatever the number of rules.
 */
#include "spot.h"

enum {
    READINGS = 16, /* times a text may be read over by its spots: real ones stay below 3 */
    READING_MIN = 64 * 1024
};

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

static void scan(hsn_scan *s)
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

/* Values that the caller gave and that have no key: searched for one by one, for they are few. */
static void sweep_bare(hsn_scan *s)
{
    const hsn_known *k;
    for (size_t i = 0; (k = hsn_learned_bare_at(s->in->learned, i)) != NULL; i++) {
        for (size_t at = 0; at < s->text.n; at += k->value.n) {
            at += hsn_str_find(hsn_str_cut(s->text, at, s->text.n), k->value);
            if (at < s->text.n) {
                hsn_replace_known(s->in, at, k->value.n, k, s->site, s->out);
            }
        }
    }
}

/* Base64 of a whole body, broken into lines: no run of it is long enough to be told by itself. */
static bool is_base64_lines(hsn_str text)
{
    enum { PROBE = 200, MIN = 40 };
    size_t i = 0;
    bool eol = false;
    if (text.n < MIN) {
        return false;
    }
    for (; i < text.n && i < PROBE; i++) {
        const unsigned char c = text.p[i];
        const bool line = c == '\n' || c == '\r';
        eol = eol || line;
        if ((hsn_scan_classes[c] & HSN_SCAN_BASE64) == 0 && c != '=' && !line) {
            return false;
        }
    }
    return eol;
}

/* Small messages of an encoding with lengths pass for text. */
static bool comes_from_base64(const hsn_inspector *in)
{
    return in->n_layers > 0 && strcmp(in->layers[in->n_layers - 1], "base64") == 0;
}

void hsn_inspect_text(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    const hsn_part *part = in->part;
    in->part = NULL;
    if (text.n < 3) {
        return;
    }
    size_t end;
    if (!site->binary && (part == NULL || !part->middle)) {
        if (hsn_str_starts(text, HSN_S("--")) && hsn_cut_multipart(in, text, site, out)) {
            return;
        }
        if (hsn_cut_latin1(in, text, site, out)) {
            return;
        }
        if (is_base64_lines(text) && hsn_cut_base64(in, text, 0, text.n, site, &end, out)) {
            return;
        }
        if (hsn_cut_csv(in, text, site, out)) {
            return;
        }
    }
    hsn_scan s = {
        .in = in,
        .text = text,
        .site = site,
        .out = out,
        .leads = hsn_rules_leads(in->rules),
        .names = hsn_rules_name_filter(in->rules),
        .every_param = in->detect[HSN_DETECT_STRICT] != NULL,
        .known = in->learned != NULL ? hsn_learned_filter(in->learned) : NULL,
        .tails = in->learned != NULL ? hsn_learned_tails(in->learned) : NULL,
        .any_number = in->detect[HSN_DETECT_IP] != NULL,
        .list = hsn_list_best(),
        .ask = in->learned != NULL || (in->seen != NULL && !in->unheard),
        .budget = READINGS * text.n + READING_MIN,
        .code = part != NULL ? part->code : -1,
        .quoted = -1,
    };
    s.pairs = site->binary || comes_from_base64(in);
    size_t before = out->n;
    scan(&s);
    if (s.exhausted) {
        out->n = before;
        hsn_replace_blind(in, text, 0, text.n, "limit:work", site, out);
        return;
    }
    if (in->learned != NULL) {
        sweep_bare(&s);
    }
    hsn_scan_look_back(&s);
    hsn_edits_settle(out);
}
