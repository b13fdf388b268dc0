/*
 * Names: a raw name in, the rule in charge of its value out.
 *
 * Receives a name as it stands in the input (a[b][c], X-Auth-Token, accessToken) and squashes it to
 * one spelling. Two tables hold the names of the active rules in that spelling, one hashed from the
 * end (whole names, last words), one from the beginning (first words), so that one walk over the
 * name passes every candidate. Most names are turned away before that by their last three bytes.
 * Prefix rules work where the whole name is known (headers, cookies, parameters, JSON keys): in
 * free text a name is first looked at from its end, and hsn_rules_name_may_end knows nothing of
 * them.
 * Must never allocate or write once the tables are built.
 */
#include "rule_set.h"

/* ---------------------------------------------------------------- normal form */

enum kind { SEPARATOR, LOWER, UPPER, DIGIT };

/* Bytes from 0x80 are letters: names in UTF-8 are compared byte by byte. */
static enum kind kind_of(unsigned char c)
{
    if ((unsigned char)(c - 'a') < 26 || c >= 0x80) {
        return LOWER;
    }
    if ((unsigned char)(c - 'A') < 26) {
        return UPPER;
    }
    return hsn_is_digit(c) ? DIGIT : SEPARATOR;
}

static bool is_word_byte(unsigned char c)
{
    return hsn_is_alnum(c) || c >= 0x80;
}

static bool has_letter(hsn_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (hsn_is_alpha(s.p[i]) || s.p[i] >= 0x80) {
            return true;
        }
    }
    return false;
}

/* Length of the bracket at s.p[at], plain or percent-encoded, 0 for none. */
static size_t bracket_at(hsn_str s, size_t at, unsigned char plain)
{
    if (s.p[at] == plain) {
        return 1;
    }
    const unsigned char digit = plain == '[' ? 'b' : 'd'; /* %5B and %5D */
    return s.n - at >= 3 && s.p[at] == '%' && s.p[at + 1] == '5' && (s.p[at + 2] | 0x20) == digit
               ? 3
               : 0;
}

/* Offset of the last opening bracket, s.n when there is none. */
static size_t last_open(hsn_str s)
{
    for (size_t i = s.n; i-- > 0;) {
        if (bracket_at(s, i, '[') != 0) {
            return i;
        }
    }
    return s.n;
}

/* Length of the closing bracket that ends s, 0 for none. */
static size_t closing(hsn_str s)
{
    if (s.n > 0 && s.p[s.n - 1] == ']') {
        return 1;
    }
    return s.n >= 3 && bracket_at(s, s.n - 3, ']') == 3 ? 3 : 0;
}

/* The last bracketed part with a letter, else what stands before: indexes name nothing. */
static hsn_str innermost(hsn_str raw)
{
    hsn_str rest = raw;
    for (size_t close = closing(rest); close != 0; close = closing(rest)) {
        const hsn_str body = hsn_str_cut(rest, 0, rest.n - close);
        const size_t open = last_open(body);
        if (open == body.n) {
            return body;
        }
        const hsn_str part = hsn_str_cut(body, open + bracket_at(body, open, '['), body.n);
        if (has_letter(part)) {
            return part;
        }
        rest = hsn_str_cut(rest, 0, open);
    }
    return rest;
}

/* Past the room for words the earliest but the first is forgotten: the last words say most. */
static void begin_word(hsn_name *name)
{
    if (name->n_words == HSN_NAME_WORDS) {
        memmove(name->starts + 1, name->starts + 2, HSN_NAME_WORDS - 2);
        name->n_words--;
    }
    name->starts[name->n_words++] = name->n;
}

/* "apiKey" splits before K, "APIKey" too, "apikey" and "APIKEY" nowhere. */
static bool splits_case(hsn_str s, size_t at, enum kind before)
{
    return before != UPPER || (at + 1 < s.n && (unsigned char)(s.p[at + 1] - 'a') < 26);
}

bool hsn_name_normalise(hsn_str raw, hsn_name *out)
{
    const hsn_str part = innermost(raw);
    enum kind before = SEPARATOR;
    bool letter = false;
    out->n = 0;
    out->n_words = 0;
    for (size_t i = 0; i < part.n; i++) {
        const enum kind kind = kind_of(part.p[i]);
        if (kind != SEPARATOR) {
            if (out->n == HSN_NAME_MAX) {
                return false;
            }
            if (before == SEPARATOR || (kind == UPPER && splits_case(part, i, before))) {
                begin_word(out);
            }
            letter = letter || kind != DIGIT;
            out->text[out->n++] = hsn_lower(part.p[i]);
        }
        before = kind;
    }
    return letter;
}

/* ---------------------------------------------------------------- tables */

static uint32_t hash_step(uint32_t hash, unsigned char c)
{
    return (hash ^ c) * 16777619u; /* FNV-1a; the texts are those of rules, not of the input */
}

static const uint32_t hash_start = 2166136261u;

static uint32_t hash_of(hsn_str text, bool from_end)
{
    uint32_t hash = hash_start;
    for (size_t i = 0; i < text.n; i++) {
        hash = hash_step(hash, text.p[from_end ? text.n - 1 - i : i]);
    }
    return hash;
}

/* The slot of a text, or the free one where it would go. The table has slots and is never full. */
static hsn_name_slot *slot_of(const hsn_name_table *t, uint32_t hash, hsn_str text)
{
    for (uint32_t i = hash & t->mask;; i = (i + 1) & t->mask) {
        hsn_name_slot *s = &t->slot[i];
        if (s->first == HSN_NONE ||
            (s->hash == hash && hsn_str_eq(t->named[s->first].text, text))) {
            return s;
        }
    }
}

/* Index of the lengths for the three bytes at the end that the table is hashed from. n >= 3. */
static size_t lengths_index(const unsigned char *text, size_t n, bool from_end)
{
    const unsigned char *p = from_end ? text + n - 3 : text;
    const uint32_t mixed = hsn_triple(p[0], p[1], p[2]) * 2654435769u;
    return mixed >> 22; /* the upper ten bits: HSN_NAME_LENGTHS */
}

/* Bit n: the table may have a text of n bytes that ends (or begins) like this one. */
static uint64_t lengths_of(const hsn_name_table *t, const unsigned char *text, size_t n,
                           bool from_end)
{
    uint64_t lengths = t->short_lengths;
    if (n >= 3) {
        lengths |= t->lengths[lengths_index(text, n, from_end)];
    }
    return lengths;
}

/* Bit 0: a text of n bytes; other bits: longer ones. */
static uint64_t from_length(uint64_t lengths, size_t n)
{
    return lengths >> (n < 63 ? n : 63);
}

static bool make_room(hsn_arena *arena, hsn_name_table *t, size_t n)
{
    if (n == 0) {
        return true;
    }
    uint32_t size = 16;
    while (size / 2 < n) {
        size *= 2;
    }
    t->mask = size - 1;
    t->slot = hsn_arena_new(arena, size * sizeof *t->slot);
    t->named = hsn_arena_new(arena, n * sizeof *t->named);
    if (t->slot == NULL || t->named == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < size; i++) {
        t->slot[i] = (hsn_name_slot){0, HSN_NONE};
    }
    return true;
}

/* Goes before what the table has of the same text. */
static void add_name(hsn_name_table *t, hsn_str text, const hsn_rule *rule)
{
    const bool from_end = rule->match != HSN_PREFIX;
    const uint32_t hash = hash_of(text, from_end);
    hsn_name_slot *s = slot_of(t, hash, text);
    t->named[t->n_named] = (hsn_named){text, rule, s->first};
    *s = (hsn_name_slot){hash, t->n_named++};
    uint64_t *lengths =
        text.n < 3 ? &t->short_lengths : &t->lengths[lengths_index(text.p, text.n, from_end)];
    *lengths |= (uint64_t)1 << (text.n < 63 ? text.n : 63);
}

/* A text under three bytes leaves open what stands before it, nothing (0) included. */
static void add_end(hsn_triples *ends, hsn_str text)
{
    const uint32_t a_open = text.n < 3 ? 32 : 1;
    const uint32_t b_open = text.n < 2 ? 32 : 1;
    for (uint32_t a = 0; a < a_open; a++) {
        for (uint32_t b = 0; b < b_open; b++) {
            hsn_triples_add(ends, hsn_triple(text.n < 3 ? (unsigned char)a : text.p[text.n - 3],
                                             text.n < 2 ? (unsigned char)b : text.p[text.n - 2],
                                             text.p[text.n - 1]));
        }
    }
}

/* The name as it is and with a plural s. */
static void add_ends(harsan_rules *r, const hsn_name *name, hsn_match match)
{
    unsigned char text[HSN_NAME_MAX + 1];
    memcpy(text, name->text, name->n);
    text[name->n] = 's';
    for (size_t n = name->n; n <= name->n + (size_t)1; n++) {
        const hsn_str end = hsn_str_of(text, n);
        add_end(&r->ends_apart, end);
        if (n >= 3 || match != HSN_EXACT) {
            add_end(&r->ends, end);
        }
    }
}

/* False without memory. The loader has checked that every name can be normalised. */
static bool add_names(harsan_rules *r, const hsn_entry *e)
{
    const bool prefix = e->rule.match == HSN_PREFIX;
    for (size_t i = e->names.n; i-- > 0;) {
        hsn_name name;
        if (!hsn_name_normalise(e->names.at[i], &name)) {
            continue;
        }
        const hsn_str text = hsn_arena_copy(&r->arena, hsn_str_of(name.text, name.n));
        if (text.n == 0) {
            return false;
        }
        add_name(prefix ? &r->heads : &r->tails, text, &e->rule);
        if (!prefix) {
            add_ends(r, &name, e->rule.match);
        }
    }
    return true;
}

bool hsn_names_build(harsan_rules *r)
{
    size_t n_tails = 0;
    size_t n_heads = 0;
    for (size_t i = 0; i < r->n_entries; i++) {
        const hsn_entry *e = r->entry[i];
        *(e->rule.match == HSN_PREFIX ? &n_heads : &n_tails) += e->active ? e->names.n : 0;
    }
    if (!make_room(&r->arena, &r->tails, n_tails) || !make_room(&r->arena, &r->heads, n_heads)) {
        return false;
    }
    /* From the last to the first: each goes to the front of its chain. */
    for (size_t i = r->n_entries; i-- > 0;) {
        if (r->entry[i]->active && !add_names(r, r->entry[i])) {
            return false;
        }
    }
    return true;
}

/* ---------------------------------------------------------------- filter */

/* Separators between the last three letters and digits of a name; beyond that the tables decide. */
enum { LOOK_BACK = 16 };

/* The last three word bytes, whatever separates them. */
static bool may_end_apart(const harsan_rules *r, const unsigned char *end, size_t n)
{
    unsigned char last[3] = {0, 0, 0};
    size_t got = 0;
    const size_t look = n < LOOK_BACK ? n : LOOK_BACK;
    for (size_t i = 1; i <= look && got < 3; i++) {
        const unsigned char c = *(end - i);
        if (c == ']' || c == '%') {
            return r->tails.slot != NULL; /* brackets: the name may lie further left */
        }
        if (is_word_byte(c)) {
            last[2 - got] = c;
            got++;
        }
    }
    if (got < 3 && n > look) {
        return r->tails.slot != NULL;
    }
    return hsn_triples_has(&r->ends_apart, hsn_triple(last[0], last[1], last[2]));
}

bool hsn_rules_name_may_end(const harsan_rules *r, const unsigned char *end, size_t n)
{
    if (HSN_LIKELY(n >= 3 && is_word_byte(*(end - 1)) && is_word_byte(*(end - 2)) &&
                   is_word_byte(*(end - 3)))) {
        return hsn_triples_has(&r->ends, hsn_triple(*(end - 3), *(end - 2), *(end - 1)));
    }
    return may_end_apart(r, end, n);
}

const hsn_triples *hsn_rules_name_filter(const harsan_rules *r)
{
    return &r->ends;
}

/* The same of a whole name and its first bytes. Where they are not plain, the tables decide. */
static bool may_begin(const harsan_rules *r, hsn_str raw)
{
    if (r->heads.slot == NULL) {
        return false;
    }
    if (raw.n < 3 || raw.p[raw.n - 1] == ']' || raw.p[raw.n - 3] == '%' ||
        !is_word_byte(raw.p[0]) || !is_word_byte(raw.p[1]) || !is_word_byte(raw.p[2]) ||
        raw.n > HSN_NAME_MAX) {
        return true;
    }
    return lengths_of(&r->heads, raw.p, raw.n, false) != 0;
}

/* ---------------------------------------------------------------- lookup */

/* The best of each class of precedence so far. */
struct pick {
    const hsn_rule *exact;
    const hsn_rule *part; /* suffix or prefix */
    const hsn_rule *glued;
    size_t part_len;
    size_t glued_len;
};

/* How a candidate lies in the name. */
struct candidate {
    hsn_str text;
    uint32_t hash;
    bool whole;   /* it is the name */
    bool at_word; /* it begins (suffix) or ends (prefix) where a word does */
};

static bool is_quiet(const hsn_rule *rule)
{
    return rule->action == HSN_KEEP || rule->action == HSN_INSIDE;
}

/* Both are exact, and `first` stands first: what the caller says of a name is not overruled by a
 * built-in rule. */
static bool overrules(const hsn_rule *rule, const hsn_rule *first)
{
    return rule->own == first->own && is_quiet(rule) && !is_quiet(first);
}

static void weigh(struct pick *best, const hsn_rule *rule, const struct candidate *c)
{
    const size_t len = c->text.n;
    if (rule->match == HSN_EXACT) {
        if (c->whole && (best->exact == NULL || overrules(rule, best->exact))) {
            best->exact = rule;
        }
    } else if (c->at_word) {
        if (len > best->part_len) {
            best->part = rule;
            best->part_len = len;
        }
    } else if (rule->match == HSN_GLUED && len > best->glued_len) {
        best->glued = rule;
        best->glued_len = len;
    }
}

static void weigh_all(struct pick *best, const hsn_name_table *t, const struct candidate *c,
                      unsigned where)
{
    const hsn_name_slot *s = slot_of(t, c->hash, c->text);
    for (uint32_t i = s->first; i != HSN_NONE; i = t->named[i].next) {
        if (t->named[i].rule->where & where) {
            weigh(best, t->named[i].rule, c);
        }
    }
}

/* Every tail of the first n bytes of the name, from the shortest on. */
static void weigh_tails(struct pick *best, const hsn_name_table *t, const hsn_name *name, size_t n,
                        unsigned where, bool complete)
{
    const uint64_t lengths = lengths_of(t, name->text, n, true);
    size_t word = name->n_words - (size_t)1;
    uint32_t hash = hash_start;
    for (size_t i = n; i-- > 0 && from_length(lengths, n - i) != 0;) {
        hash = hash_step(hash, name->text[i]);
        while (name->starts[word] > i) {
            word--;
        }
        if (from_length(lengths, n - i) & 1) {
            weigh_all(best, t,
                      &(struct candidate){hsn_str_of(name->text + i, n - i), hash,
                                          complete && i == 0, name->starts[word] == i},
                      where);
        }
    }
}

/* Every row of first words. */
static void weigh_heads(struct pick *best, const hsn_name_table *t, const hsn_name *name,
                        unsigned where)
{
    const uint64_t lengths = lengths_of(t, name->text, name->n, false);
    uint32_t hash = hash_start;
    size_t at = 0;
    for (size_t word = 1; word <= name->n_words; word++) {
        const size_t end = word < name->n_words ? name->starts[word] : name->n;
        if (from_length(lengths, at + 1) == 0) {
            return;
        }
        while (at < end) {
            hash = hash_step(hash, name->text[at++]);
        }
        if (from_length(lengths, end) & 1) {
            weigh_all(best, t, &(struct candidate){hsn_str_of(name->text, end), hash, false, true},
                      where);
        }
    }
}

/* The rule for the first n bytes of the name. `complete`: it is not the end of a longer one. */
static const hsn_rule *find(const harsan_rules *r, const hsn_name *name, size_t n, unsigned where,
                            bool complete)
{
    struct pick best = {0};
    if (r->tails.slot != NULL) {
        weigh_tails(&best, &r->tails, name, n, where, complete);
    }
    if (r->heads.slot != NULL && complete && n == name->n) {
        weigh_heads(&best, &r->heads, name, where);
    }
    if (best.exact != NULL) {
        return best.exact;
    }
    return best.part != NULL ? best.part : best.glued;
}

/* The last word is a plural of two letters or more. */
static bool is_plural(const hsn_name *name)
{
    return name->text[name->n - 1] == 's' && name->n - name->starts[name->n_words - 1] >= 3;
}

const hsn_rule *hsn_rules_name(const harsan_rules *r, hsn_str raw, unsigned where, bool *plural)
{
    if (plural != NULL) {
        *plural = false;
    }
    if (raw.n == 0 || (!may_begin(r, raw) && !hsn_rules_name_may_end(r, raw.p + raw.n, raw.n))) {
        return NULL;
    }
    hsn_name name;
    bool complete = true;
    if (!hsn_name_normalise(raw, &name)) {
        /* Of a name too long its end still counts: generated names grow at the front. */
        const size_t from = raw.n > HSN_NAME_MAX ? raw.n - HSN_NAME_MAX : 0;
        if (from == 0 || !hsn_name_normalise(hsn_str_cut(raw, from, raw.n), &name)) {
            return NULL;
        }
        complete = false;
    }
    const hsn_rule *rule = find(r, &name, name.n, where, complete);
    if (rule == NULL && is_plural(&name)) {
        rule = find(r, &name, name.n - (size_t)1, where, complete);
        if (plural != NULL) {
            *plural = rule != NULL;
        }
    }
    return rule;
}
