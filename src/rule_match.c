/*
 * Matching: a position in a text in, the token that stands there out.
 *
 * Receives the beginning of a run of letters and digits. Three bytes turn most of them away, a
 * bucket gives the anchors in question, and only where an anchor stands does pcre2 run, on a
 * subject cut at the rule's longest match and within fixed limits. What ran into a limit is a hit,
 * not a miss. A token whose mark stands inside is found there and extended backwards.
 * Must never write to the rule set: working memory is the matcher's.
 */
#include "rule_set.h"

#include <assert.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Ample for a token of 4 KiB, and a bound for a pattern that backtracks. */
enum { MATCH_STEPS = 20000, HEAP_KIB = 1024, JIT_STACK_FIRST = 32 * 1024 };

/* ---------------------------------------------------------------- working memory */

struct hsn_matcher {
    pcre2_general_context *pcre;
    pcre2_match_data *data;
    pcre2_match_context *limits;
    pcre2_jit_stack *stack; /* NULL without JIT */
};

hsn_matcher *hsn_matcher_new(void)
{
    hsn_matcher *m = hsn_mem_zero(1, sizeof *m);
    if (m == NULL) {
        return NULL;
    }
    m->pcre = hsn_pcre_new(NULL);
    m->data = m->pcre != NULL ? pcre2_match_data_create(2, m->pcre) : NULL; /* match, group 1 */
    m->limits = m->pcre != NULL ? pcre2_match_context_create(m->pcre) : NULL;
    if (m->data == NULL || m->limits == NULL) {
        hsn_matcher_free(m);
        return NULL;
    }
    pcre2_set_match_limit(m->limits, MATCH_STEPS);
    pcre2_set_depth_limit(m->limits, MATCH_STEPS);
    pcre2_set_heap_limit(m->limits, HEAP_KIB);
    m->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, HEAP_KIB * 1024, m->pcre);
    if (m->stack != NULL) {
        pcre2_jit_stack_assign(m->limits, NULL, m->stack);
    }
    return m;
}

void hsn_matcher_free(hsn_matcher *m)
{
    if (m == NULL) {
        return;
    }
    if (m->stack != NULL) {
        pcre2_jit_stack_free(m->stack);
    }
    pcre2_match_context_free(m->limits);
    pcre2_match_data_free(m->data);
    hsn_pcre_free(m->pcre);
    hsn_mem_free(m);
}

/* ---------------------------------------------------------------- matching */

/* Is there room for the anchor, and its last byte at its end? The first are known to be alike. */
static inline bool may_stand(const hsn_anchor *a, hsn_str text, size_t at)
{
    const size_t rest = a->text.n - a->lead;
    return a->lead <= at && rest <= text.n - at && (text.p[at + rest - 1] | a->fold) == a->last;
}

static bool stands(const hsn_anchor *a, hsn_str text, size_t at)
{
    if (!may_stand(a, text, at)) {
        return false;
    }
    const hsn_str there = hsn_str_of(text.p + (at - a->lead), a->text.n);
    return a->nocase ? hsn_str_eq_nocase(there, a->text) : hsn_str_eq(there, a->text);
}

/* Offset of the next space, quote or control character from `at` on. */
static size_t token_end(hsn_str text, size_t at)
{
    while (at < text.n && text.p[at] > ' ' && text.p[at] != 0x7f && text.p[at] != '"' &&
           text.p[at] != '\'' && text.p[at] != '`') {
        at++;
    }
    return at;
}

/* The regex gave up: everything from the anchor on that may belong to the token goes. */
static void take_unjudged(hsn_hit *hit, const hsn_anchor *a, hsn_str text, size_t begin)
{
    const size_t end = token_end(text, begin + a->text.n);
    hit->off = begin;
    hit->len = end - begin;
    hit->end = end;
    hit->limit = true;
}

/* Bytes of tokens besides letters and digits; none ends a value in a URL, a cookie or JSON. */
static bool is_joint(unsigned char c)
{
    return hsn_is_one_of(c, "-_.~+/=%");
}

/* A token longer than `max` was cut: the rest of it must not stay. */
static void take_rest(hsn_hit *hit, hsn_str text)
{
    size_t end = hit->off + hit->len;
    while (end < text.n && (hsn_is_alnum(text.p[end]) || is_joint(text.p[end]))) {
        end++;
    }
    hit->limit = end > hit->off + hit->len;
    hit->len = end - hit->off;
    hit->end = end;
}

/* The span to replace. False when it is empty or out of order (\K). */
static bool take_group(hsn_hit *hit, const PCRE2_SIZE *span, int pairs)
{
    /* pairs is 0 when the pattern has more groups than we keep: the first two are filled. */
    const bool grouped = pairs != 1 && span[2] != PCRE2_UNSET;
    const size_t from = span[grouped ? 2 : 0];
    const size_t to = span[grouped ? 3 : 1];
    if (from >= to) {
        return false;
    }
    hit->off = from;
    hit->len = to - from;
    hit->end = span[1] > to ? span[1] : to;
    hit->limit = false;
    return true;
}

static bool is_before(hsn_before class, unsigned char c)
{
    switch (class) {
    case HSN_BEFORE_BASE64:
        return hsn_is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
    case HSN_BEFORE_HEX:
        return hsn_hex(c) >= 0;
    case HSN_BEFORE_WORD:
        return hsn_is_alnum(c) || c == '_' || c == '-';
    case HSN_BEFORE_HOST:
        return hsn_is_alnum(c) || c == '.' || c == '-';
    case HSN_BEFORE_NONE:
        break;
    }
    return false;
}

/* The bytes before the anchor that belong to the token are added to it. False when they are too
 * few, or too many. */
static bool extend(hsn_hit *hit, hsn_str text, size_t begin)
{
    const hsn_rule *rule = hit->rule;
    size_t n = 0;
    while (n < begin && n < rule->before_max && is_before(rule->before, text.p[begin - n - 1])) {
        n++;
    }
    const bool joins = rule->before == HSN_BEFORE_BASE64 || rule->before == HSN_BEFORE_HOST;
    const bool more =
        n == rule->before_max && n < begin && is_before(rule->before, text.p[begin - n - 1]);
    const size_t end = hit->off + hit->len;
    hit->off = begin - n;
    hit->len = end - hit->off;
    return n >= rule->before_min && (joins || !more);
}

static bool run(const hsn_anchor *a, hsn_matcher *m, hsn_str text, size_t at, hsn_hit *hit)
{
    const hsn_rule *rule = a->rule;
    const size_t begin = at - a->lead;
    /* One byte more than `max`: \b and a lookahead see whether the token ends. */
    const size_t cut = text.n - begin > rule->max ? begin + rule->max + 1 : text.n;
    const int pairs = pcre2_match(rule->regex, text.p, cut, begin, 0, m->data, m->limits);
    hit->rule = rule;
    if (pairs == PCRE2_ERROR_NOMATCH) {
        return false;
    }
    if (pairs < 0) {
        take_unjudged(hit, a, text, begin);
        return rule->before == HSN_BEFORE_NONE || extend(hit, text, begin);
    }
    if (!take_group(hit, pcre2_get_ovector_pointer(m->data), pairs) || hit->end <= at) {
        return false;
    }
    if (rule->before != HSN_BEFORE_NONE && !extend(hit, text, begin)) {
        return false;
    }
    if (cut < text.n && hit->off + hit->len == cut) {
        take_rest(hit, text);
        return true;
    }
    return rule->check == NULL || rule->check(hsn_str_of(text.p + hit->off, hit->len));
}

/* `only`: no other rule is asked; NULL = the first that matches. */
static bool match(const harsan_rules *r, hsn_matcher *m, hsn_str text, size_t at, unsigned where,
                  const hsn_rule *only, hsn_hit *hit)
{
    assert(at <= text.n);
    if (text.n - at < 3) {
        return false;
    }
    const uint32_t triple = hsn_triple(text.p[at], text.p[at + 1], text.p[at + 2]);
    if (!hsn_triples_has(&r->starts, triple)) {
        return false;
    }
    for (uint32_t i = r->bucket[hsn_anchor_bucket(triple)]; i != HSN_NONE; i = r->anchor[i].next) {
        const hsn_anchor *a = &r->anchor[i];
        if (a->triple == triple && may_stand(a, text, at) && (a->rule->where & where) &&
            (only == NULL || only == a->rule) && stands(a, text, at) && run(a, m, text, at, hit)) {
            return true;
        }
    }
    return false;
}

/* Those anchors that stand at their offset in the token that begins at `at`. */
static bool match_inside(const harsan_rules *r, hsn_matcher *m, hsn_str text, size_t at,
                         unsigned where, const hsn_rule *only, hsn_hit *hit)
{
    for (uint32_t i = r->inside; i != HSN_NONE; i = r->anchor[i].next) {
        const hsn_anchor *a = &r->anchor[i];
        const size_t mark = at + a->rule->before_min;
        if (mark <= text.n && (a->rule->where & where) && (only == NULL || only == a->rule) &&
            stands(a, text, mark) && run(a, m, text, mark, hit)) {
            return true;
        }
    }
    return false;
}

bool hsn_rules_match_inside(const harsan_rules *r, hsn_matcher *m, hsn_str text, size_t at,
                            unsigned where, hsn_hit *hit)
{
    return match_inside(r, m, text, at, where, NULL, hit);
}

bool hsn_rules_match_hex(const harsan_rules *r)
{
    return r->inside_hex;
}

bool hsn_rules_match_at(const harsan_rules *r, hsn_matcher *m, hsn_str text, size_t at,
                        unsigned where, hsn_hit *hit)
{
    return match(r, m, text, at, where, NULL, hit);
}

bool hsn_rules_match_rule(const harsan_rules *r, hsn_matcher *m, hsn_str text, size_t at,
                          const hsn_rule *rule, hsn_hit *hit)
{
    return match(r, m, text, at, HSN_IN_ANY, rule, hit) ||
           match_inside(r, m, text, at, HSN_IN_ANY, rule, hit);
}
