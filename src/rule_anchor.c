/*
 * Anchors: the tables by which a pattern rule is found at the beginning of a run of letters and
 * digits.
 *
 * Receives the anchors of the active entries, and the words that code looks at; emits the buckets
 * for rule_match.c, and the sets of first bytes that turn nearly all positions away before anybody
 * asks (stops.c). An anchor may be asked for where it does not stand, never passed over where it
 * does.
 */
#include "rule_set.h"

#include <stdlib.h>

size_t hsn_anchor_lead(hsn_str a)
{
    size_t i = 0;
    while (i < a.n && !hsn_is_alnum(a.p[i])) {
        i++;
    }
    return i;
}

/* The same letter in the other case. */
static unsigned char other_case(unsigned char c)
{
    return hsn_is_alpha(c) ? c ^ 0x20 : c;
}

/* The first bytes, as many as are asked for together. */
static void add_more(hsn_leads *l, hsn_str run)
{
    if (run.n == HSN_LEAD_FIRST) {
        return;
    }
    const unsigned n = run.n >= HSN_LEAD          ? HSN_LEAD
                       : run.n >= HSN_LEAD_MIDDLE ? HSN_LEAD_MIDDLE
                                                  : HSN_LEAD_SHORT;
    unsigned char head[HSN_LEAD] = {0};
    memcpy(head, run.p, n);
    const uint32_t bit = hsn_lead_of_more(head, n);
    l->more[bit / 64] |= 1ull << bit % 64;
}

/* Every spelling of the first three bytes. A short anchor goes with anything behind it; both cases
 * of a letter have the same five bits. */
static void add_lead(hsn_leads *l, hsn_str run, bool nocase)
{
    add_more(l, run);
    for (unsigned cases = 0; cases < (nocase ? 8U : 1U); cases++) {
        unsigned char four[4] = {0};
        for (size_t i = 0; i < HSN_LEAD_FIRST; i++) {
            four[i] = cases >> i & 1 ? other_case(run.p[i]) : run.p[i];
        }
        const uint32_t lead = hsn_lead_of(four);
        uint32_t *later = l->later[lead % HSN_LEAD_SETS];
        l->four[hsn_lead_row(lead)] |=
            run.n > HSN_LEAD_FIRST ? 1U << (run.p[HSN_LEAD_FIRST] & 31) : UINT32_MAX;
        if (run.n == HSN_LEAD_FIRST) {
            hsn_triples_add(&l->only, lead);
        }
        hsn_leads_add_pairs(l, four);
        for (size_t i = HSN_LEAD_FIRST; i < HSN_LEAD; i++) {
            later[i - HSN_LEAD_FIRST] |= i < run.n ? 1U << (run.p[i] & 31) : UINT32_MAX;
        }
    }
}

static void add_word(hsn_leads *l, hsn_str run, bool nocase, unsigned char before,
                     unsigned char whose)
{
    hsn_lead_word *w = &l->word[l->n_words++];
    *w = (hsn_lead_word){.before = before, .whose = whose};
    for (size_t i = 0; i < HSN_LEAD_WORD && i < run.n; i++) {
        w->mask[i] = nocase && hsn_is_alpha(run.p[i]) ? 0xff ^ 0x20 : 0xff;
        w->word[i] = run.p[i]; /* which is that of the set as well */
    }
}

static int by_set(const void *a, const void *b)
{
    const uint32_t x = hsn_lead_set(((const hsn_lead_word *)a)->word);
    const uint32_t y = hsn_lead_set(((const hsn_lead_word *)b)->word);
    return (x > y) - (x < y);
}

static void sort_words(hsn_leads *l)
{
    size_t i = 0;
    qsort(l->word, l->n_words, sizeof *l->word, by_set);
    for (uint32_t set = 0; set <= HSN_LEAD_SETS; set++) {
        while (i < l->n_words && hsn_lead_set(l->word[i].word) < set) {
            i++;
        }
        l->first[set] = (uint32_t)i;
    }
}

/* A letter or digit that stands a fixed number of bytes behind the beginning of the token begins no
 * run of letters and digits: such an anchor is asked for by its offset. */
static bool is_inside(const hsn_rule *rule, size_t lead)
{
    return rule->before != HSN_BEFORE_NONE && rule->before_min == rule->before_max && lead == 0;
}

/* Could it stand in a UUID, so many bytes behind its beginning, or in small hexadecimal digits?
 * Anchors in either case are written small. */
static bool may_be_hex(hsn_str text, size_t before)
{
    enum { UUID = 36 };
    bool hex = true;
    bool uuid = before + text.n <= UUID;
    for (size_t i = 0; i < text.n; i++) {
        const unsigned char c = text.p[i];
        hex = hex && hsn_hex(c) >= 0 && hsn_lower(c) == c;
        uuid = uuid && (hsn_hex(c) >= 0 || c == '-');
    }
    return hex || uuid;
}

static void add_anchor(harsan_rules *r, hsn_str text, const hsn_entry *e)
{
    const size_t lead = hsn_anchor_lead(text);
    const bool inside = is_inside(&e->rule, lead);
    const unsigned char last = text.p[text.n - 1];
    const unsigned char *run = text.p + lead;
    const uint32_t triple = hsn_triple(run[0], run[1], run[2]);
    uint32_t *first = inside ? &r->inside : &r->bucket[hsn_anchor_bucket(triple)];
    r->anchor[r->n_anchors] = (hsn_anchor){
        .text = text,
        .lead = lead,
        .triple = triple,
        .nocase = e->nocase,
        .last = last,
        .fold = e->nocase && hsn_is_alpha(last) ? 0x20 : 0,
        .rule = &e->rule,
        .next = *first,
    };
    *first = r->n_anchors++;
    r->inside_hex = r->inside_hex || (inside && may_be_hex(text, e->rule.before_min));
    if (!inside) {
        hsn_triples_add(&r->starts, triple);
        add_lead(&r->leads, hsn_str_cut(text, lead, text.n), e->nocase);
        add_word(&r->leads, hsn_str_cut(text, lead, text.n), e->nocase,
                 lead > 0 ? text.p[lead - 1] : 0, HSN_LEAD_OF_RULE);
    }
}

/* Words that code looks at: what they begin, or with one of these bytes behind them, what they may
 * name (spot_token.c). */
static const hsn_str begins[] = {HSN_W("insert "), HSN_W("copy ")};
static const hsn_str labels[] = {HSN_W("password"), HSN_W("passwd"), HSN_W("passphrase"),
                                 HSN_W("token"),    HSN_W("secret"), HSN_W("apikey"),
                                 HSN_W("api_key"),  HSN_W("api-key"), HSN_W("api key"),
                                 HSN_W("accesskey"), HSN_W("accesstoken"), HSN_W("access_"),
                                 HSN_W("access "),  HSN_W("auth")};
/* The rest are verbs of calls, as programs spell them. */
static const hsn_str spelled[] = {
    HSN_W("eyJ"),       HSN_W("Disposition"), HSN_W("login\""),   HSN_W("logon\""),
    HSN_W("signin\""),  HSN_W("sign_in\""),   HSN_W("sign-in\""), HSN_W("auth.log"),
    HSN_W("authenti"),  HSN_W("authoriz"),    HSN_W("identify"),  HSN_W("setToken"),
    HSN_W("signIn\""),  HSN_W("Login\""),     HSN_W("Authenti"),  HSN_W("SignIn\"")};

static void add_word_leads(hsn_leads *l)
{
    static const char behind[] = " \t\r\n|\"_,?";
    for (size_t i = 0; i < HSN_COUNT(spelled); i++) {
        add_lead(l, spelled[i], false);
        add_word(l, spelled[i], false, 0, HSN_LEAD_OF_CODE);
    }
    for (size_t i = 0; i < HSN_COUNT(begins); i++) {
        add_lead(l, begins[i], true);
        add_word(l, begins[i], true, 0, HSN_LEAD_OF_CODE);
    }
    for (size_t i = 0; i < HSN_COUNT(labels); i++) {
        for (const char *c = behind; *c != '\0'; c++) {
            unsigned char word[HSN_LEAD + 8] = {0};
            memcpy(word, labels[i].p, labels[i].n);
            word[labels[i].n] = (unsigned char)*c;
            add_lead(l, hsn_str_of(word, labels[i].n + 1), true);
        }
        add_word(l, labels[i], true, 0, HSN_LEAD_OF_CODE);
    }
}

bool hsn_anchors_build(harsan_rules *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_entries; i++) {
        n += r->entry[i]->active ? r->entry[i]->anchors.n : 0;
    }
    const size_t words = n + HSN_COUNT(spelled) + HSN_COUNT(begins) + HSN_COUNT(labels);
    for (size_t i = 0; i < HSN_ANCHOR_BUCKETS; i++) {
        r->bucket[i] = HSN_NONE;
    }
    r->inside = HSN_NONE;
    r->anchor = hsn_arena_new(&r->arena, n * sizeof *r->anchor);
    r->leads.word = hsn_arena_new(&r->arena, words * sizeof *r->leads.word);
    if (r->anchor == NULL || r->leads.word == NULL) {
        return false;
    }
    add_word_leads(&r->leads);
    /* From the last to the first: each goes to the front of its bucket. */
    for (size_t i = r->n_entries; i-- > 0;) {
        const hsn_entry *e = r->entry[i];
        for (size_t k = e->active ? e->anchors.n : 0; k-- > 0;) {
            add_anchor(r, e->anchors.at[k], e);
        }
    }
    sort_words(&r->leads);
    return true;
}

const hsn_leads *hsn_rules_leads(const harsan_rules *r)
{
    return &r->leads;
}
