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
    size_t len;
    const hsn_known *k = hsn_learned_at(s->in->learned, s->text, at, &off, &len);
    if (k == NULL) {
        return false;
    }
    hsn_replace_known(s->in, off, len, k, s->site, s->out);
    s->skip = off + len;
    hsn_inspector_asks(s->in, key, false);
    return true;
}

/* Is the byte so far from the first block on in the masks of the blocks? */
static inline bool has(const uint64_t masks[], size_t at)
{
    return (masks[at / HSN_STEP] >> at % HSN_STEP & 1) != 0;
}

/* The same of the end of a long word, text[at, end): a value with letters right before it. */
static bool at_tail(hsn_scan *s, size_t at, size_t end)
{
    size_t len;
    const unsigned char *p = s->text.p + end;
    const hsn_known *k = s->known != NULL && hsn_key_filter_has(s->tails, p - HSN_KEY)
                             ? hsn_learned_ending(s->in->learned, s->text, at, end, &len)
                             : NULL;
    hsn_inspector_asks(s->in, hsn_tail_hash(p), k == NULL);
    if (k == NULL) {
        return false;
    }
    hsn_replace_known(s->in, end - len, len, k, s->site, s->out);
    s->skip = end;
    return true;
}

/* How many bits from `bit` on are set, as far as the block tells. */
static inline size_t run_from(uint64_t mask, size_t bit)
{
    const uint64_t ends = ~(mask >> bit);
    return ends != 0 ? (unsigned)__builtin_ctzll(ends) : HSN_BLOCK;
}

/* The same at a byte from the first block on, as far as its block tells. */
static inline size_t run_at(const uint64_t masks[], size_t at)
{
    return run_from(masks[at / HSN_STEP], at % HSN_STEP);
}

enum { LONG_WORD = 16 }; /* half of 32 digits: a shorter end of a value tells little of it */

/* The word at `here` from the first block on, as a key. HSN_LONG_KEY bytes of it are there. */
static inline uint64_t key_at(const hsn_scan *s, size_t base, const hsn_stops *at, size_t here)
{
    return hsn_key_hash_word(s->text.p + base + here, run_at(at->word, here));
}

/* The word at `here`, when it is long: does a known value end there? */
static bool at_long_word(hsn_scan *s, size_t base, const hsn_stops *stops, size_t here)
{
    const size_t at = base + here;
    size_t n = run_at(stops->word, here);
    if (n < LONG_WORD) {
        return false;
    }
    if (here % HSN_STEP + n >= HSN_BLOCK) {
        n = hsn_word_end(s->text, at + n) - at;
    }
    return hsn_is_tail(s->text.p + at + n, n) && at_tail(s, at, at + n);
}

/* Words with which a phone number, a card or, where that is asked for, an address may begin. */
static inline const uint64_t *numbers_of(const hsn_scan *s, const hsn_stops *at)
{
    return s->any_number ? at->digit : at->number;
}

/* A word that may be several things: what it is the masks tell. */
static void at_word(hsn_scan *s, size_t base, const hsn_stops *stops, size_t here)
{
    enum { IBAN_MIN = 15 };
    const size_t at = base + here;
    const size_t left = s->text.n - at;
    if (left < HSN_KEY) { /* nothing this short is anything by itself, but it may end a token */
        hsn_spot_token(s, at);
        return;
    }
    const bool is_key = has(stops->key, here);
    const uint64_t key = !is_key               ? 0
                         : left < HSN_LONG_KEY ? hsn_key_hash(s->text.p + at, left)
                                               : key_at(s, base, stops, here);
    if (is_key && hsn_scan_known(s, at, key)) {
        return;
    }
    if (is_key && at_long_word(s, base, stops, here)) {
        hsn_inspector_asks(s->in, key, false);
        return;
    }
    if (has(numbers_of(s, stops), here) || (has(stops->iban, here) && left >= IBAN_MIN)) {
        hsn_spot_digits(s, at);
    }
    if (s->skip <= at && (has(stops->token, here) || s->pairs)) {
        hsn_spot_token(s, at);
    }
    if (s->skip <= at && has(stops->path, here)) {
        hsn_spot_path(s, at);
    }
    if (s->skip <= at && has(stops->base64, here)) {
        const size_t bit = here % HSN_STEP;
        const size_t n = run_from(stops->in_run[here / HSN_STEP], bit);
        hsn_spot_run(s, at, bit + n < HSN_BLOCK ? n : 0);
    }
    if (is_key) { /* should the word be learned later: does it stand here? */
        hsn_inspector_asks(s->in, key, s->skip <= at);
    }
}

/* A word that may be the key of a known value and nothing else. */
static void at_key(hsn_scan *s, size_t base, const hsn_stops *at, size_t here)
{
    const uint64_t key = key_at(s, base, at, here);
    if (!hsn_scan_known(s, base + here, key)) {
        hsn_inspector_asks(s->in, key, !at_long_word(s, base, at, here));
    }
}

/* ---------------------------------------------------------------- some blocks at once */

/*
 * What has to be visited is settled and listed for all blocks before the first is: how many stops a
 * block has, and of which kind, nobody can foretell.
 *
 * Most words that a known value could begin with are nothing else. They are looked up among what is
 * known and not visited; when all is done, those that were left standing go to the keys seen.
 */
typedef struct plan {
    uint64_t special[HSN_STOPS_MOST]; /* to be visited: special bytes, */
    uint64_t words[HSN_STOPS_MOST];   /* words that may be more than a key, */
    uint64_t inner[HSN_STOPS_MOST];   /* words within a run, should nobody have looked at that, */
    uint64_t known[HSN_STOPS_MOST];   /* and what a known value may begin or end with */
    uint64_t gone[HSN_STOPS_MOST];    /* visited as such, or behind before it was come to */
    uint16_t key[HSN_LIST_ROOM];      /* words that are keys alone, */
    size_t n_keys;                    /* if anybody asks */
} plan;

/* Adds those from byte `from` to `to` of the blocks. */
static void pass_over(plan *p, size_t from, size_t to)
{
    const size_t end = to < HSN_STOPS_MOST * HSN_STEP ? to : HSN_STOPS_MOST * HSN_STEP;
    for (size_t at = from; at < end;) {
        const size_t block = at / HSN_STEP;
        const size_t last = end - block * HSN_STEP;
        const uint64_t before = last < HSN_STEP ? (1ull << last) - 1 : UINT64_MAX;
        p->gone[block] |= before & UINT64_MAX << at % HSN_STEP;
        at = (block + 1) * HSN_STEP;
    }
}

static void plan_words(const hsn_scan *s, size_t base, const hsn_stops *at, size_t blocks, plan *p)
{
    const uint64_t *numbers = numbers_of(s, at);
    const uint64_t any = s->pairs ? UINT64_MAX : 0;
    for (size_t i = 0; i < blocks; i++) {
        p->words[i] = (at->base64[i] & ~at->inner[i]) | at->token[i] | numbers[i] | at->iban[i] |
                      at->path[i] | (at->begin[i] & any);
    }
    /* at the end of the text keys are visited one by one: elsewhere HSN_LONG_KEY bytes are there */
    _Static_assert((int)HSN_LOOK_AHEAD >= (int)HSN_LONG_KEY, "a block tells how long a key is");
    const size_t left = s->text.n - base;
    for (size_t i = blocks; s->ask && i > 0 && left < i * HSN_STEP + HSN_LOOK_AHEAD; i--) {
        p->words[i - 1] |= at->key[i - 1];
    }
    for (size_t i = 0; i < blocks; i++) {
        p->inner[i] = at->inner[i] & ~p->words[i];
        p->known[i] = 0;
        p->gone[i] = 0;
    }
}

/* Most texts are a block. */
static inline size_t list(const hsn_scan *s, const uint64_t *masks, size_t blocks, uint16_t *to)
{
    size_t n = 0;
    if (blocks > 1) {
        return s->list(masks, blocks, to);
    }
    for (uint64_t left = masks[0]; left != 0; left &= left - 1) {
        to[n++] = (uint16_t)__builtin_ctzll(left);
    }
    return n;
}

static void plan_keys(const hsn_scan *s, size_t base, const hsn_stops *at, size_t blocks, plan *p)
{
    const unsigned char *text = s->text.p + base;
    uint64_t alone[HSN_STOPS_MOST];
    for (size_t i = 0; i < blocks; i++) {
        alone[i] = at->key[i] & ~p->words[i];
    }
    p->n_keys = s->ask ? list(s, alone, blocks, p->key) : 0;
    for (size_t i = 0; i < p->n_keys; i++) {
        const size_t here = p->key[i];
        const uint64_t known = (s->known != NULL && hsn_key_filter_has(s->known, text + here)) ||
                               run_at(at->word, here) >= LONG_WORD;
        p->known[here / HSN_STEP] |= known << here % HSN_STEP;
    }
}

static void plan_special(hsn_scan *s, size_t base, const hsn_stops *at, size_t blocks, plan *p)
{
    uint16_t listed[HSN_LIST_ROOM];
    const size_t n = list(s, at->special, blocks, listed);
    memcpy(p->special, at->special, blocks * sizeof p->special[0]);
    if (n > 0) {
        hsn_scan_keep_special(s, base, listed, n, p->special);
    }
}

/* A run is looked at from its beginning; if that was passed over, from where it is come to. */
static inline bool is_untried(const hsn_scan *s, const plan *p, size_t base, size_t here)
{
    return has(p->inner, here) && base + here >= s->base64_end;
}

static void visit(hsn_scan *s, size_t base, const hsn_stops *at, size_t blocks, plan *p)
{
    uint64_t todo[HSN_STOPS_MOST];
    uint16_t listed[HSN_LIST_ROOM];
    for (size_t i = 0; i < blocks; i++) {
        todo[i] = p->special[i] | p->words[i] | p->inner[i] | p->known[i];
    }
    const size_t n = list(s, todo, blocks, listed);
    pass_over(p, 0, s->skip > base ? s->skip - base : 0);
    for (size_t i = 0; i < n && !s->exhausted; i++) {
        const size_t here = listed[i];
        if (base + here < s->skip) {
            continue;
        }
        if (has(p->special, here)) {
            at_special(s, base + here);
        } else if (has(p->words, here)) {
            at_word(s, base, at, here);
        } else if (is_untried(s, p, base, here)) {
            pass_over(p, here, here + 1);
            at_word(s, base, at, here);
        } else if (has(p->known, here)) {
            at_key(s, base, at, here);
        }
        if (s->skip > base + here) {
            pass_over(p, here + 1, s->skip - base);
        }
    }
}

/* Tells of the keys that were left standing and not visited. */
static void tell_keys(hsn_scan *s, size_t base, const hsn_stops *at, const plan *p)
{
    uint64_t keys[HSN_STOPS_MOST * HSN_STEP / 2 + 1];
    size_t n = 0;
    for (size_t i = 0; i < p->n_keys; i++) {
        const size_t here = p->key[i];
        keys[n] = key_at(s, base, at, here);
        n += !has(p->gone, here) && !has(p->known, here);
    }
    hsn_inspector_asks_all(s->in, keys, n);
}

static void scan_blocks(hsn_scan *s, size_t base, const hsn_stops *at, size_t blocks)
{
    plan p;
    plan_words(s, base, at, blocks, &p);
    plan_keys(s, base, at, blocks, &p);
    plan_special(s, base, at, blocks, &p);
    visit(s, base, at, blocks, &p);
    if (p.n_keys > 0 && !s->exhausted) {
        tell_keys(s, base, at, &p);
    }
}

/* ---------------------------------------------------------------- the text */

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
    return n;
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
        const size_t n = find_stops(s, stops_of, base, begins, &at);
        scan_blocks(s, base, &at, n);
        base += n * HSN_STEP;
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
        if (!hsn_is_alnum(c) && !hsn_is_one_of(c, "+/-_=\r\n")) {
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
