/*
 * The scan: one pass over a text that stops wherever something sensitive could begin.
 *
 * Two kinds of stop. A *special* byte (`=` `:` `@` `%` `&` `\` `<`) belongs to one spot. The
 * *beginning of a word* (a run of letters and digits) may begin a token, a base64 text, a number or
 * a known value; a bitmap over its first bytes answers nearly always no. Cost is a few instructions
 * a stop, whatever the number of rules.
 */
#include "scan.h"
#include "spot.h"
#include "stops.h"

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

static void at_markup(hsn_scan *s, size_t at)
{
    switch (s->text.p[at]) {
    case '&':
        hsn_spot_entity(s, at);
        break;
    case '\\':
        hsn_spot_escape(s, at);
        break;
    default:
        hsn_spot_tag(s, at);
        break;
    }
}

static void at_special(hsn_scan *s, size_t at)
{
    const unsigned char *p = s->text.p + at;
    switch (*p) {
    case ':':
    case '=':
        if (*p == ':' && s->text.n - at > 3 && p[1] == '/' && p[2] == '/') {
            hsn_spot_url(s, at);
        } else if (*p != '=' || !hsn_spot_quoted(s, at)) {
            hsn_spot_name(s, at);
        }
        break;
    case '@':
        hsn_spot_email(s, at);
        break;
    case '%':
        hsn_spot_percent(s, at);
        break;
    default:
        if (!s->site->binary) { /* there these come by chance, each with a stretch to read */
            at_markup(s, at);
        }
        break;
    }
}

bool hsn_scan_replace_known(hsn_scan *s, size_t at, uint64_t key)
{
    size_t off;
    const hsn_known *k = hsn_learned_at(s->in->learned, s->text, at, &off);
    if (k == NULL) {
        return false;
    }
    hsn_replace_known(s->in, off, k->value.n, k, s->site, s->out);
    s->skip = off + k->value.n;
    hsn_inspector_asks(s->in, key, false);
    return true;
}

/* How many bits from `bit` on are set, as far as the block tells. */
static inline size_t run_from(uint64_t mask, unsigned bit)
{
    const uint64_t ends = ~(mask >> bit);
    return ends != 0 ? (unsigned)__builtin_ctzll(ends) : HSN_BLOCK;
}

/* The word at p, which the block's masks tell of, as a key; `left` bytes of the text, HSN_KEY or
 * more, are there. */
static inline uint64_t key_of(const unsigned char *p, size_t left, const hsn_stops *stops,
                              unsigned bit)
{
    return left >= HSN_LONG_KEY ? hsn_key_hash_word(p, run_from(stops->word, bit))
                                : hsn_key_hash(p, left);
}

/* A word that may be several things: what it is, bit `bit` of the masks tells. */
static void at_word(hsn_scan *s, size_t at, const hsn_stops *stops, unsigned bit)
{
    enum { IBAN_MIN = 15 };
    const uint64_t here = 1ull << bit;
    const unsigned char *p = s->text.p + at;
    const size_t left = s->text.n - at;
    if (left < HSN_KEY) { /* nothing this short is anything by itself, but it may end a token */
        hsn_spot_token(s, at);
        return;
    }
    const uint64_t key = (stops->key & here) != 0 ? key_of(p, left, stops, bit) : 0;
    if ((stops->key & here) != 0 && hsn_scan_known(s, at, key)) {
        return;
    }
    if ((stops->digit & here) != 0 || ((stops->iban & here) != 0 && left >= IBAN_MIN)) {
        hsn_spot_digits(s, at);
    }
    if (s->skip <= at && ((stops->token & here) != 0 || s->pairs)) {
        hsn_spot_token(s, at);
    }
    if (s->skip <= at && (stops->path & here) != 0) {
        hsn_spot_path(s, at);
    }
    if (s->skip <= at && (stops->base64 & here) != 0) {
        const size_t n = run_from(stops->in_run, bit);
        hsn_spot_run(s, at, bit + n < HSN_BLOCK ? n : 0);
    }
    if ((stops->key & here) != 0) { /* should the word be learned later: does it stand here? */
        hsn_inspector_asks(s->in, key, s->skip <= at);
    }
}

/* A word that may be the key of a known value and nothing else. HSN_LONG_KEY bytes are there. */
static inline void at_key(hsn_scan *s, size_t at, const hsn_stops *stops, unsigned bit)
{
    const uint64_t key = hsn_key_hash_word(s->text.p + at, run_from(stops->word, bit));
    if (!hsn_scan_known(s, at, key)) {
        hsn_inspector_asks(s->in, key, true);
    }
}

static void visit(hsn_scan *s, size_t base, hsn_stops *at)
{
    _Static_assert((int)HSN_LOOK_AHEAD >= (int)HSN_LONG_KEY, "the block tells how long a key is");
    if (at->special != 0) {
        at->special = hsn_scan_keep_special(s, base, at->special);
    }
    if (at->digit != 0) {
        at->digit = hsn_scan_keep_digits(s, base, at->digit);
    }
    const bool ask = s->known != NULL || (s->in->seen != NULL && !s->in->unheard);
    const uint64_t keys = ask ? at->key : 0;
    uint64_t words = at->base64 | at->token | at->digit | at->iban | at->path;
    if (s->pairs) {
        words |= at->begin;
    }
    if (s->text.n - base < HSN_BLOCK) {
        words |= keys;
    }
    for (uint64_t todo = words | keys | at->special; todo != 0; todo &= todo - 1) {
        const unsigned bit = (unsigned)__builtin_ctzll(todo);
        if (base + bit < s->skip) {
            continue;
        }
        if ((at->special >> bit & 1) != 0) {
            at_special(s, base + bit);
        } else if ((words >> bit & 1) != 0) {
            at_word(s, base + bit, at, bit);
        } else {
            at_key(s, base + bit, at, bit);
        }
    }
}

/* Is there anything printable of note in the block or across its beginning? Binary data has only
 * short printable runs by chance. */
static bool has_print(hsn_str t, size_t base)
{
    enum { LEAD = 16 };
    size_t from = base > LEAD ? base - LEAD : 0;
    return hsn_scan_has_print(hsn_str_cut(t, from, base + HSN_STEP + LEAD));
}

/* The blocks from `base` on; returns their number. */
static size_t find_stops(const hsn_scan *s, hsn_stops_fn stops_of, size_t base, bool begins,
                         hsn_stops out[HSN_STOPS_MOST])
{
    const hsn_str rest = hsn_str_cut(s->text, base, s->text.n);
    const size_t blocks = (rest.n + HSN_STEP - 1) / HSN_STEP;
    const size_t n = s->site->binary ? 1 : blocks < HSN_STOPS_MOST ? blocks : HSN_STOPS_MOST;
    const hsn_edge before = {.word = !begins && hsn_is_alnum(rest.p[-1]),
                             .slash = base > 0 && rest.p[-1] == '/'};
    stops_of(rest, before, s->leads, out, n);
    return n;
}

static void scan(hsn_scan *s)
{
    hsn_stops_fn stops_of = hsn_stops_best();
    hsn_stops at[HSN_STOPS_MOST];
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
        const size_t n = find_stops(s, stops_of, base, begins, at);
        for (size_t i = 0; i < n && !s->exhausted; i++, base += HSN_STEP) {
            if (s->skip < base + HSN_STEP) {
                visit(s, base, &at[i]);
            }
        }
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
    while (i < text.n && i < PROBE) {
        unsigned char c = text.p[i];
        eol = eol || c == '\n' || c == '\r';
        if (!hsn_is_alnum(c) && strchr("+/-_=\r\n", c) == NULL) {
            return false;
        }
        i++;
    }
    return eol && text.n >= MIN;
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
        .any_number = in->detect[HSN_DETECT_IP] != NULL,
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
