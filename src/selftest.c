/*
 * The examples of the rules, run: every `hit` must be found by its rule, no `miss` may be.
 *
 * A name rule is asked directly (is it in charge of this name, does the value pass its guard), a
 * pattern is run wherever its anchor stands, a detector is put to work by inspecting the example.
 */
#include "inspect.h"

enum {
    SEEDS = 3, /* fillings of each template */
    SAMPLE_MAX = 1 << 20
};

static bool name_finds(const harsan_rules *rules, const hsn_rule *rule, hsn_str sample)
{
    size_t eq = hsn_str_chr(sample, '=');
    hsn_str name = hsn_str_cut(sample, 0, eq);
    hsn_str value = hsn_str_cut(sample, eq + 1, sample.n);
    for (unsigned where = 1; where < HSN_IN_ANY; where <<= 1) {
        if ((rule->where & where) != 0 && hsn_rules_name(rules, name, where, NULL) == rule &&
            (rule->action != HSN_REPLACE || hsn_guard_passes(rule, value))) {
            return true;
        }
    }
    return false;
}

static bool has_note_of(const hsn_edits *edits, const hsn_rule *rule)
{
    for (size_t i = 0; i < edits->n; i++) {
        for (const hsn_note *n = edits->v[i].notes; n != NULL; n = n->next) {
            if (n->rule == rule) {
                return true;
            }
        }
    }
    return false;
}

static bool text_finds(hsn_inspector *in, const hsn_rule *rule, hsn_str sample)
{
    hsn_site site = {0};
    hsn_edits edits = {0};
    hsn_inspector_next(in);
    hsn_inspect_text(in, sample, &site, &edits);
    return has_note_of(&edits, rule);
}

typedef struct test {
    const harsan_rules *rules;
    hsn_inspector *in;
    void (*fail)(void *ctx, const char *rule, const char *kind, size_t i);
    void *ctx;
    bool ok;
} test;

/* Anywhere in the example; the rule alone, whichever other would have come first. */
static bool pattern_finds(const test *t, const hsn_rule *rule, hsn_str sample)
{
    for (size_t at = 0; at < sample.n; at++) {
        hsn_hit hit;
        bool begins = hsn_is_alnum(sample.p[at]) && (at == 0 || !hsn_is_alnum(sample.p[at - 1]));
        if (begins && hsn_rules_match_rule(t->rules, t->in->matcher, sample, at, rule, &hit)) {
            return true;
        }
    }
    return false;
}

static bool finds(const test *t, const hsn_rule *rule, hsn_str sample)
{
    if (rule->regex != NULL) {
        return pattern_finds(t, rule, sample);
    }
    return rule->detect == HSN_DETECT_NONE ? name_finds(t->rules, rule, sample)
                                           : text_finds(t->in, rule, sample);
}

static void run_list(test *t, const hsn_rule *rule, const hsn_str *list, size_t n, bool want)
{
    hsn_buf sample;
    hsn_buf_init(&sample, SAMPLE_MAX);
    for (size_t i = 0; i < n; i++) {
        bool ok = true;
        for (uint64_t seed = 1; seed <= SEEDS && ok; seed++) {
            harsan_error err = {0};
            hsn_buf_reset(&sample);
            ok = hsn_sample_fill(&sample, list[i], seed, &err) &&
                 finds(t, rule, hsn_buf_str(&sample)) == want;
        }
        if (!ok) {
            t->ok = false;
            t->fail(t->ctx, rule->id, want ? "hit" : "miss", i);
        }
    }
    hsn_buf_deinit(&sample);
}

harsan_status harsan_rules_selftest(const harsan_rules *rules,
                                    void (*fail)(void *ctx, const char *rule, const char *kind,
                                                 size_t i),
                                    void *ctx)
{
    static const harsan_options options = {0};
    hsn_inspector in;
    test t = {.rules = rules, .in = &in, .fail = fail, .ctx = ctx, .ok = true};
    unsigned long refused = hsn_mem_refused();
    if (!hsn_inspector_init(&in, rules, &options)) {
        hsn_inspector_deinit(&in);
        return HARSAN_E_NOMEM;
    }
    for (size_t i = 0; hsn_rules_at(rules, i) != NULL; i++) {
        const hsn_rule *rule = hsn_rules_at(rules, i);
        hsn_samples s = hsn_rules_samples(rules, i);
        run_list(&t, rule, s.hit, s.n_hit, true);
        run_list(&t, rule, s.miss, s.n_miss, false);
    }
    hsn_inspector_deinit(&in);
    if (hsn_mem_refused() != refused) { /* an example may have failed for want of it */
        return HARSAN_E_NOMEM;
    }
    return t.ok ? HARSAN_OK : HARSAN_E_RULES;
}
