/*
 * Which stops of some blocks have to be visited, and the visits in the order of the text.
 *
 * Receives the masks of the blocks (stops.h). A special byte belongs to one spot; the beginning of
 * a word may begin a token, a base64 text, a number or a known value, whatever the masks leave of
 * these. Keys of known values that are left standing are told of. Must never visit what lies before
 * the scan's `skip`.
 */
#include "spot.h"

#include <assert.h>

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

/* Does a word go on at text[at]? Another known value may begin there, without a sign between. */
static bool goes_on(hsn_str text, size_t at)
{
    return at < text.n && hsn_is_alnum(text.p[at]) && hsn_is_alnum(text.p[at - 1]);
}

bool hsn_scan_replace_known(hsn_scan *s, size_t at, uint64_t key)
{
    size_t off;
    size_t len;
    const hsn_known *k = hsn_learned_at(s->in->learned, s->text, at, &off, &len);
    if (k == NULL) {
        return false;
    }
    do {
        hsn_replace_known(s->in, off, len, k, s->site, s->out);
        s->skip = off + len;
        k = goes_on(s->text, s->skip)
                ? hsn_learned_at(s->in->learned, s->text, s->skip, &off, &len)
                : NULL;
    } while (k != NULL && off == s->skip);
    hsn_inspector_asks(s->in, key, false);
    return true;
}

/* Is the byte at a place in the masks of the blocks? */
static inline bool has(const uint64_t masks[], size_t place)
{
    return (masks[place / HSN_BLOCK] >> place % HSN_BLOCK & 1) != 0;
}

/* Does a known value end where the long word text[at, end) does, with letters right before it? */
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

/* The same from a place on. */
static inline size_t run_at(const uint64_t masks[], size_t place)
{
    return run_from(masks[place / HSN_BLOCK], place % HSN_BLOCK);
}

/* The same as far as the next block tells; 0 where that is not far enough. */
static inline size_t whole_run_at(const uint64_t masks[], size_t blocks, size_t place)
{
    enum { AHEAD = HSN_BLOCK - HSN_STEP }; /* bytes of the next block that this one has */
    const size_t block = place / HSN_BLOCK;
    const unsigned bit = place % HSN_BLOCK;
    const bool more = block + 1 < blocks;
    const uint64_t behind = more ? masks[block + 1] >> AHEAD : 0;
    const uint64_t ends = ~(masks[block] >> bit | behind << 1 << (HSN_BLOCK - 1 - bit));
    const size_t n = ends != 0 ? (unsigned)__builtin_ctzll(ends) : HSN_BLOCK;
    return n < HSN_BLOCK && (more || bit + n < HSN_BLOCK) ? n : 0;
}

/* The word at a place, as a key. HSN_LONG_KEY bytes of it are there. */
static inline uint64_t key_at(const hsn_scan *s, size_t base, const hsn_stops *at, size_t place)
{
    return hsn_key_hash_word(s->text.p + base + hsn_offset_of(place), run_at(at->word, place));
}

/* The word at a place, when it is long: does a known value end there? */
static bool at_long_word(hsn_scan *s, size_t base, const hsn_stops *stops, size_t place)
{
    if (!has(stops->long_word, place)) {
        return false;
    }
    const size_t at = base + hsn_offset_of(place);
    size_t n = whole_run_at(stops->word, stops->blocks, place);
    if (n == 0) {
        n = hsn_word_end(s->text, at + HSN_LONG_WORD) - at;
    }
    return hsn_is_tail(s->text.p + at + n, n) && at_tail(s, at, at + n);
}

/* Words with which a phone number, a card or, where that is asked for, an address may begin. */
static inline const uint64_t *numbers_of(const hsn_scan *s, const hsn_stops *at)
{
    return s->any_number ? at->digit : at->number;
}

/* A word that may be several things: what it is the masks tell. */
static void at_word(hsn_scan *s, size_t base, const hsn_stops *stops, size_t place)
{
    enum { IBAN_MIN = 15 };
    const size_t at = base + hsn_offset_of(place);
    const size_t left = s->text.n - at;
    if (left < HSN_KEY) { /* nothing this short is anything by itself, but it may end a token */
        hsn_spot_token(s, at, true);
        return;
    }
    const bool is_key = has(stops->key, place);
    const uint64_t key = !is_key               ? 0
                         : left < HSN_LONG_KEY ? hsn_key_hash(s->text.p + at, left)
                                               : key_at(s, base, stops, place);
    if (is_key && hsn_scan_known(s, at, key)) {
        return;
    }
    if (is_key && at_long_word(s, base, stops, place)) {
        hsn_inspector_asks(s->in, key, false);
        return;
    }
    if (has(numbers_of(s, stops), place) || (has(stops->iban, place) && left >= IBAN_MIN)) {
        hsn_spot_digits(s, at);
    }
    if (s->skip <= at && (has(stops->token, place) || s->pairs)) {
        hsn_spot_token(s, at, has(stops->anchor, place));
    }
    if (s->skip <= at && has(stops->path, place)) {
        hsn_spot_path(s, at);
    }
    if (s->skip <= at && has(stops->base64, place)) {
        hsn_spot_run(s, at, whole_run_at(stops->in_run, stops->blocks, place));
    }
    if (is_key) { /* should the word be learned later: does it stand here? */
        hsn_inspector_asks(s->in, key, s->skip <= at);
    }
}

/* A word that may be the key of a known value and nothing else. */
static void at_key(hsn_scan *s, size_t base, const hsn_stops *at, size_t place)
{
    const uint64_t key = key_at(s, base, at, place);
    if (!hsn_scan_known(s, base + hsn_offset_of(place), key)) {
        hsn_inspector_asks(s->in, key, !at_long_word(s, base, at, place));
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
    size_t end;                       /* of the bytes planned for: of each mask as many as blocks */
} plan;

/* Adds those from byte `from` to `to` of the blocks. */
static void pass_over(plan *p, size_t from, size_t to)
{
    const size_t end = to < p->end ? to : p->end;
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
        p->gone[i] = 0;
    }
}

/* Most texts are a block. */
static inline size_t list(const hsn_scan *s, const uint64_t *masks, size_t blocks, uint16_t *to)
{
    size_t n = 0;
    if (blocks != 1) {
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
        p->known[i] = alone[i] & at->long_word[i];
    }
    p->n_keys = s->ask ? list(s, alone, blocks, p->key) : 0;
    for (size_t i = 0; s->known != NULL && i < p->n_keys; i++) {
        const size_t place = p->key[i];
        const uint64_t known = hsn_key_filter_has(s->known, text + hsn_offset_of(place));
        p->known[place / HSN_BLOCK] |= known << place % HSN_BLOCK;
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
static inline bool is_untried(const hsn_scan *s, const plan *p, size_t at, size_t place)
{
    return has(p->inner, place) && at >= s->base64_end;
}

/* At a byte that is not passed over. */
static inline void visit(hsn_scan *s, size_t base, const hsn_stops *stops, plan *p, size_t place)
{
    const size_t offset = hsn_offset_of(place);
    const size_t at = base + offset;
    if (has(p->special, place)) {
        at_special(s, at);
    } else if (has(p->words, place)) {
        at_word(s, base, stops, place);
    } else if (is_untried(s, p, at, place)) {
        pass_over(p, offset, offset + 1);
        at_word(s, base, stops, place);
    } else if (has(p->known, place)) {
        at_key(s, base, stops, place);
    }
    if (s->skip > at) {
        pass_over(p, offset + 1, s->skip - base);
    }
}

/* Few blocks have anything to visit. */
static void visit_all(hsn_scan *s, size_t base, const hsn_stops *stops, size_t blocks, plan *p)
{
    uint64_t todo[HSN_STOPS_MOST];
    unsigned busy = 0; /* a bit a block */
    for (size_t i = 0; i < blocks; i++) {
        todo[i] = p->special[i] | p->words[i] | p->inner[i] | p->known[i];
        busy |= (unsigned)(todo[i] != 0) << i;
    }
    pass_over(p, 0, s->skip > base ? s->skip - base : 0);
    for (; busy != 0; busy &= busy - 1) {
        const size_t block = (size_t)__builtin_ctz(busy);
        for (uint64_t left = todo[block]; left != 0 && !s->exhausted; left &= left - 1) {
            const size_t byte = (size_t)__builtin_ctzll(left);
            if (base + block * HSN_STEP + byte >= s->skip) {
                visit(s, base, stops, p, block * HSN_BLOCK + byte);
            }
        }
    }
}

/* Tells of the keys that were left standing and not visited. */
static void tell_keys(hsn_scan *s, size_t base, const hsn_stops *at, size_t blocks, const plan *p)
{
    uint64_t keys[HSN_STOPS_MOST * HSN_STEP / 2 + 1];
    uint64_t left[HSN_STOPS_MOST];
    size_t n = 0;
    for (size_t i = 0; i < blocks; i++) {
        left[i] = ~(p->gone[i] | p->known[i]);
    }
    for (size_t i = 0; i < p->n_keys; i++) {
        keys[n] = key_at(s, base, at, p->key[i]);
        n += has(left, p->key[i]) ? 1 : 0;
    }
    hsn_inspector_asks_all(s->in, keys, n);
}

void hsn_scan_blocks(hsn_scan *s, size_t base, const hsn_stops *stops)
{
    const size_t blocks = stops->blocks;
    plan p;
    assert(blocks > 0 && blocks <= HSN_STOPS_MOST);
    p.end = blocks * HSN_STEP;
    plan_words(s, base, stops, blocks, &p);
    plan_keys(s, base, stops, blocks, &p);
    plan_special(s, base, stops, blocks, &p);
    visit_all(s, base, stops, blocks, &p);
    if (p.n_keys > 0 && !s->exhausted) {
        tell_keys(s, base, stops, blocks, &p);
    }
}
