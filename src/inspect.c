/*
 * The way in: a value with its name. Decides by name first (replace, look at credentials, look
 * inside), then hands the text to the formats and the scan. Layers are entered and left here.
 */
#include "inspect.h"

#include "base_scale.h"

enum {
    ARENA_MAX = 48 << 20, /* scratch memory of one value: edits, notes, re-encoded text */
    LAYERS = 10,
    /* All decoded layers of a value together: so many windows, and no less than what segments that
     * are in many layers take. */
    LAYER_FACTOR = 3,
    LAYERS_LEAST = (6 << 20) / HSN_SCALE,
    KEPT = 1 << 20 /* bytes of a buffer that the next value may find again */
};

size_t hsn_window(const harsan_options *opt)
{
    enum { USUAL = 4 << 20, LEAST = 128 * 1024 / HSN_SCALE };
    size_t window = opt->window != 0 ? opt->window : USUAL;
    return window > LEAST ? window : LEAST;
}

bool hsn_inspector_init(hsn_inspector *in, const harsan_rules *rules, const harsan_options *opt)
{
    size_t window = hsn_window(opt);
    size_t layers_max = window * LAYER_FACTOR;
    unsigned layers = opt->max_layers != 0 ? opt->max_layers : LAYERS;
    *in = (hsn_inspector){
        .rules = rules,
        .jwt = opt->jwt,
        .max_layers = layers < HSN_LAYERS_MAX ? layers : HSN_LAYERS_MAX,
        .layer_max = layers_max > LAYERS_LEAST ? layers_max : LAYERS_LEAST,
    };
    hsn_standin_init(&in->standin, opt->key);
    hsn_arena_init(&in->arena, ARENA_MAX);
    for (unsigned i = 0; i < HSN_LAYERS_MAX; i++) {
        hsn_buf_init(&in->text[i], in->layer_max);
    }
    for (int i = 0; i < HSN_N_DETECT; i++) {
        in->detect[i] = hsn_rules_detector(rules, (hsn_detect)i);
    }
    in->matcher = hsn_matcher_new();
    in->names = hsn_name_memo_new(rules);
    in->clean = hsn_clean_memo_new();
    in->twins = in->clean != NULL ? hsn_clean_twins(in->clean) : NULL;
    in->verdicts = hsn_verdicts_new(&in->standin, in->detect[HSN_DETECT_EMAIL] != NULL);
    in->marks = hsn_mem_zero(1, sizeof *in->marks);
    return in->matcher != NULL && in->names != NULL && in->clean != NULL &&
           in->verdicts != NULL && in->marks != NULL;
}

void hsn_inspector_deinit(hsn_inspector *in)
{
    hsn_matcher_free(in->matcher);
    hsn_seen_free(in->seen);
    hsn_name_memo_free(in->names);
    hsn_clean_memo_free(in->clean);
    hsn_verdicts_free(in->verdicts);
    hsn_mem_free(in->marks);
    hsn_arena_deinit(&in->arena);
    for (unsigned i = 0; i < HSN_LAYERS_MAX; i++) {
        hsn_buf_wipe(&in->text[i]);
    }
    for (unsigned i = 0; i < HSN_COUNT(in->json); i++) {
        hsn_json_free(in->json[i]);
        hsn_places_free(in->places[i]);
    }
    hsn_mem_wipe(&in->standin, sizeof in->standin);
    hsn_mem_wipe(in->dull, sizeof in->dull);
}

void hsn_inspector_limit(hsn_inspector *in, size_t bytes)
{
    in->layer_max = bytes < in->layer_max ? bytes : in->layer_max;
    in->arena.max = bytes < in->arena.max ? bytes : in->arena.max;
}

/* One large value must not leave its memory behind for good. */
static void give_back(hsn_inspector *in)
{
    for (unsigned i = 0; i < HSN_LAYERS_MAX; i++) {
        if (in->text[i].cap > KEPT) {
            hsn_buf_wipe(&in->text[i]);
        }
    }
    in->swollen = false;
}

void hsn_inspector_next(hsn_inspector *in)
{
    if (in->arena.total > KEPT) {
        hsn_arena_deinit(&in->arena);
    }
    if (in->swollen) {
        give_back(in);
    }
    hsn_arena_reset(&in->arena);
    in->n_layers = 0;
    in->spelled = NULL;
    in->n_json = 0;
    in->blind = NULL;
    in->taught = NULL;
    in->failed = false;
    in->cramped = false;
    in->refused = hsn_mem_refused();
}

bool hsn_inspector_starved(const hsn_inspector *in)
{
    return hsn_mem_refused() != in->refused;
}

/* ---------------------------------------------------------------- layers */

hsn_buf *hsn_layer_enter(hsn_inspector *in, const char *name)
{
    if (in->n_layers == in->max_layers) {
        return NULL;
    }
    /* the layers of one value share one budget, whatever was before it: a buffer grows by half */
    size_t used = 0;
    for (unsigned i = 0; i < in->n_layers; i++) {
        used += in->text[i].n + in->text[i].n / 2;
    }
    hsn_buf *b = &in->text[in->n_layers];
    in->layers[in->n_layers++] = name;
    in->spelled = NULL;
    b->max = used < in->layer_max ? in->layer_max - used : 0;
    if (b->cap > b->max) {
        hsn_buf_wipe(b);
    }
    hsn_buf_reset(b);
    return b;
}

void hsn_layer_leave(hsn_inspector *in)
{
    in->n_layers--;
    in->spelled = NULL;
    const hsn_buf *b = &in->text[in->n_layers];
    in->cramped = in->cramped || b->cap >= b->max;
    in->swollen = in->swollen || b->cap > KEPT;
    if (in->watch != NULL && in->watch->seen != NULL) {
        in->watch->seen(in->watch->ctx, hsn_buf_str(&in->text[in->n_layers]), false);
    }
}

void hsn_inspect_escape(hsn_inspector *in, const hsn_escape *layer, hsn_str text, size_t off,
                        size_t len, const hsn_site *site, hsn_edits *out)
{
    /* nearly all edits of large texts pass the outermost JSON string */
    hsn_marks *marks = in->n_layers == 0 && layer == &hsn_escape_json ? in->marks : NULL;
    hsn_buf *plain = hsn_layer_enter(in, layer->name);
    if (plain == NULL) {
        hsn_replace_blind(in, text, off, len, "limit:layers", site, out);
        return;
    }
    hsn_str source = hsn_str_cut(text, off, off + len);
    hsn_edits inner = {0};
    const size_t before = out->n;
    bool ok = marks != NULL ? hsn_peel_json(source, plain, marks)
                            : hsn_peel_escape(layer, source, plain);
    if (ok) {
        hsn_inspect_value(in, hsn_buf_str(plain), site, &inner);
    } else {
        in->failed = true;
    }
    hsn_layer_leave(in);
    if (inner.n > 0) {
        ok = marks != NULL
                 ? hsn_peel_lift_json(source, marks, inner.v, inner.n, &in->arena)
                 : hsn_peel_lift(layer, source, inner.v, inner.n, &in->arena);
        if (ok) {
            hsn_edits_shift(in, &inner, off, out);
        } else {
            in->failed = true;
        }
    }
    hsn_inspect_source(in, layer, text, off, len, site, out, before);
}

/* ---------------------------------------------------------------- by name */

static bool is_json_text(hsn_str v)
{
    return v.n >= 2 &&
           ((v.p[0] == '{' && v.p[v.n - 1] == '}') || (v.p[0] == '[' && v.p[v.n - 1] == ']'));
}

/* What is in the value of a sensitive name is sensitive as well. */
static bool cut_as_json(hsn_inspector *in, hsn_str text, const hsn_rule *rule,
                        const hsn_site *site, hsn_edits *out)
{
    enum { SHORTEST = 3 }; /* {"d": "{...}"} of ASP.NET wraps anything */
    hsn_site inside = *site;
    size_t end;
    inside.rule = site->where == HSN_IN_KEY && site->name.n < SHORTEST ? site->rule : rule;
    return hsn_cut_json(in, text, 0, &inside, &end, out) && end == text.n;
}

/* The value of a sensitive name. False: its look says that it is none, look inside all the same. */
static bool replace_named(hsn_inspector *in, hsn_str text, const hsn_rule *rule,
                          const hsn_site *site, hsn_edits *out)
{
    size_t end;
    if (is_json_text(text) && cut_as_json(in, text, rule, site, out)) {
        return true;
    }
    if (hsn_str_starts(text, HSN_S("eyJ")) && hsn_cut_jwt(in, text, 0, site, &end, out) &&
        end == text.n) {
        return true;
    }
    hsn_str value = hsn_canonical(in, text);
    hsn_verdict *v = hsn_verdict_of(in->verdicts, value);
    if (!hsn_verdict_passes(in->verdicts, v, rule)) {
        return false;
    }
    hsn_replace_judged(in, v, value, 0, text.n, rule, site, out);
    return true;
}

static const hsn_rule *rule_for(const hsn_inspector *in, const hsn_site *site)
{
    if (site->where != 0 && site->name.n > 0) {
        const hsn_rule *own = hsn_name_facts_of(in->names, site->name, site->where)->rule;
        if (own != NULL) {
            return own;
        }
    }
    return site->rule;
}

/* A form, multipart, markup: its values are replaced one by one, so that it stays what it is. */
static bool has_structure(hsn_str v)
{
    size_t eq = hsn_str_chr(v, '=');
    bool form = eq > 0 && eq < v.n && hsn_str_chr(v, ' ') == v.n && hsn_str_chr(v, '\n') == v.n;
    return form || v.p[0] == '<' || hsn_str_starts(v, HSN_S("--"));
}

/* The header of that name, or a copy of it in a JSON text. */
static bool is_cookies(const hsn_site *site, hsn_str name, hsn_str text)
{
    return hsn_str_eq_nocase(site->name, name) &&
           (site->where == HSN_IN_HEADER ||
            (site->where == HSN_IN_KEY && hsn_is_cookie_list(text)));
}

/* NULL where the strict pack has no say. */
static const hsn_rule *strict_for(const hsn_inspector *in, const hsn_site *site,
                                  const hsn_rule *rule)
{
    return site->strict && !hsn_rule_keeps(rule) ? in->detect[HSN_DETECT_STRICT] : NULL;
}

/* Under the strict pack: whole, or where it has structure, value by value. */
static bool replace_strictly(hsn_inspector *in, hsn_str text, const hsn_rule *strict,
                             const hsn_site *site, hsn_edits *out)
{
    size_t end;
    if (is_json_text(text) && hsn_cut_json(in, text, 0, site, &end, out) && end == text.n) {
        return true;
    }
    if (has_structure(text) || hsn_is_placeholder(text)) {
        return false;
    }
    hsn_replace(in, text, 0, text.n, strict, site, out);
    return true;
}

bool hsn_inspect_named(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    if (is_cookies(site, HSN_S("cookie"), text)) {
        hsn_cut_cookie(in, text, site, out);
        return true;
    }
    if (is_cookies(site, HSN_S("set-cookie"), text)) {
        hsn_cut_set_cookie(in, text, site, out);
        return true;
    }
    if (site->where == HSN_IN_COOKIE) {
        hsn_cut_cookie_value(in, text, site->name, 0, text.n, site, out);
        return true;
    }
    const hsn_rule *rule = rule_for(in, site);
    if (rule != NULL && rule->action == HSN_SCHEME) {
        hsn_cut_credentials(in, text, rule, site, out);
        return true;
    }
    if (rule != NULL && rule->action == HSN_REPLACE && replace_named(in, text, rule, site, out)) {
        return true;
    }
    if (rule != NULL && rule->action == HSN_LINK) {
        hsn_cut_link(in, text, rule, site, out);
    }
    const hsn_rule *strict = strict_for(in, site, rule);
    return strict != NULL && replace_strictly(in, text, strict, site, out);
}

bool hsn_is_replaced_whole(hsn_inspector *in, hsn_str head, const hsn_site *site)
{
    const hsn_rule *rule = rule_for(in, site);
    bool json = head.n > 0 && (head.p[0] == '{' || head.p[0] == '[');
    if (is_cookies(site, HSN_S("cookie"), head) || is_cookies(site, HSN_S("set-cookie"), head) ||
        site->where == HSN_IN_COOKIE || strict_for(in, site, rule) != NULL) {
        return true;
    }
    return rule != NULL &&
           (rule->action == HSN_SCHEME ||
            (rule->action == HSN_REPLACE &&
             (json || hsn_guard_passes(rule, hsn_canonical(in, head)))));
}

void hsn_inspect_value(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    if (text.n == 0) {
        return;
    }
    if (in->watch != NULL && in->watch->seen != NULL) {
        in->watch->seen(in->watch->ctx, text, true);
    }
    if (!hsn_inspect_named(in, text, site, out)) {
        /* the name has had its say: what is inside stands for itself */
        hsn_site inside = *site;
        inside.param = site->where == HSN_IN_PARAM ? site->name : (hsn_str){0};
        inside.version = in->detect[HSN_DETECT_IP] != NULL && hsn_is_version_name(site->name);
        inside.where = 0;
        inside.name = (hsn_str){0};
        size_t before = out->n;
        hsn_inspect_text(in, text, &inside, out);
        in->spoilt = in->spoilt || (out->n > before && rule_for(in, site) != NULL);
    }
    hsn_edits_settle(out);
}
