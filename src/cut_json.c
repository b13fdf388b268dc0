/*
 * JSON inside a value: read by the same tokenizer and the same places as the input itself. Grammar
 * first, then the fields: a text that only begins like JSON is left alone.
 */
#include "field.h"

enum { DEPTH_MAX = 200 /* of JSON in a value; deeper is treated as free text */ };

/* What names a field. What a record says of it may be replaced itself, under a sensitive name or by
 * the strict pack: then it names nothing any more. A cookie is one whatever its name. */
static const hsn_label *named_by(hsn_inspector *in, const hsn_field *f)
{
    static const hsn_label any_cookie = {.where = HSN_IN_COOKIE};
    if (f->told == 0) {
        return f->by;
    }
    bool strict = f->told == HSN_TOLD_STRICT && in->detect[HSN_DETECT_STRICT] != NULL;
    bool sensitive = f->rule != NULL && f->rule->action == HSN_REPLACE &&
                     hsn_guard_passes(f->rule, hsn_canonical(in, f->by->name));
    if (!strict && !sensitive) {
        return f->by;
    }
    return f->by->where == HSN_IN_COOKIE ? &any_cookie : f->key;
}

/* By its name; in a request body under the strict pack; or a payment card by itself. */
static bool is_sensitive_number(hsn_inspector *in, const hsn_field *f, hsn_str value,
                                const hsn_rule **rule)
{
    const hsn_label *by = named_by(in, f);
    *rule = by->rule != NULL ? by->rule : f->rule;
    if (*rule != NULL && (*rule)->action == HSN_REPLACE && (*rule)->numbers &&
        hsn_guard_passes(*rule, value)) {
        return true;
    }
    if (f->strict && in->detect[HSN_DETECT_STRICT] != NULL && !hsn_rule_keeps(*rule)) {
        *rule = in->detect[HSN_DETECT_STRICT];
        return true;
    }
    *rule = in->detect[HSN_DETECT_CARD];
    return *rule != NULL && value.n >= 13 && hsn_card_in_text(value, 0) == value.n &&
           !hsn_is_test_card(value);
}

enum {
    NUMBER_MIN = 3, /* digits and signs: nothing shorter is sensitive, whatever its name */
    KNOWN_MIN = 8   /* ... known or learned */
};

/* The keys of a number are its digits, before the point or behind it. */
static void ask_digits(hsn_inspector *in, hsn_str value, bool stays)
{
    for (size_t i = 0, end; i + HSN_KEY_DIGITS <= value.n; i = end + 1) {
        for (end = i; end < value.n && hsn_is_digit(value.p[end]); end++) {
        }
        if (end - i >= HSN_KEY_DIGITS) {
            hsn_inspector_asks(in, hsn_key_hash(value.p + i, value.n - i), stays);
        }
    }
}

/* A JSON number that is sensitive becomes 0 (and stays a number). */
static void inspect_number(hsn_inspector *in, hsn_str text, const hsn_field *f, hsn_edits *out)
{
    hsn_str value = hsn_str_cut(text, f->off, f->off + f->len);
    const hsn_rule *rule;
    if (value.n < NUMBER_MIN) {
        return;
    }
    if (is_sensitive_number(in, f, value, &rule)) {
        hsn_replace_number(in, text, f->off, f->len, rule, out);
        return;
    }
    if (value.n < KNOWN_MIN) {
        return;
    }
    const hsn_known *known =
        in->learned != NULL ? hsn_learned_whole(in->learned, value) : NULL;
    ask_digits(in, value, known == NULL);
    if (known != NULL) {
        hsn_site site = {0};
        hsn_replace_known(in, f->off, f->len, known, &site, out);
        hsn_make_zero(out);
    }
}

/* The name of a file that holds a body instead of the HAR: what is in it, nobody has looked at. */
static bool is_sidecar(const hsn_inspector *in, const hsn_field *f)
{
    return f->kind == HSN_JSON_STRING && in->n_layers == 0 && f->len > 0 &&
           hsn_str_eq(f->key->name, HSN_S("_file"));
}

/* What is in the memo does not depend on more than name and value. */
static bool is_plain(const hsn_inspector *in, const hsn_field *f)
{
    return f->rule == NULL && (!f->strict || in->detect[HSN_DETECT_STRICT] == NULL);
}

bool hsn_field_was_clean(const hsn_inspector *in, hsn_str text, const hsn_field *f)
{
    if (f->len == 0) {
        return true;
    }
    if (f->kind == HSN_JSON_NUMBER) {
        return f->len < NUMBER_MIN ||
               (f->len < KNOWN_MIN && f->by->rule == NULL && is_plain(in, f));
    }
    bool clean =
        is_plain(in, f) &&
        hsn_clean_has(in->clean, f->by->treatment, hsn_str_of(text.p + f->off, f->len));
    if (clean) {
        hsn_twins_add(in->twins, f->twin);
    }
    return clean;
}

/* A string without a backslash is read as it stands, yet what comes in place of a part may need
 * one: base64 in lines whose line ends were entities is written with real ones. */
static void spell_edits(hsn_inspector *in, hsn_edits *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (hsn_json_plain(e->v[i].with) == e->v[i].with.n) {
            continue;
        }
        hsn_buf spelled;
        hsn_buf_init(&spelled, in->arena.max);
        hsn_escape_json.write(&spelled, e->v[i].with);
        e->v[i].with = hsn_arena_copy(&in->arena, hsn_buf_str(&spelled));
        in->failed = in->failed || hsn_buf_failed(&spelled) || in->arena.failed;
        hsn_buf_wipe(&spelled);
    }
}

void hsn_inspect_field(hsn_inspector *in, hsn_str text, const hsn_field *f, hsn_edits *out)
{
    bool knows = in->learned != NULL && hsn_learned_count(in->learned) > 0;
    if (hsn_rules_empty(in->rules) && !knows) {
        return; /* nothing to look for: nothing may change, limits included */
    }
    if (f->kind == HSN_JSON_NUMBER) {
        inspect_number(in, text, f, out);
        return;
    }
    hsn_str raw = hsn_str_cut(text, f->off, f->off + f->len);
    const hsn_label *by = named_by(in, f);
    hsn_site site = {.where = by->where, .name = by->name, .rule = f->rule, .strict = f->strict};
    hsn_edits inner = {0};
    const bool keep = is_plain(in, f) && hsn_clean_came(in->clean, f->by->treatment, raw);
    const bool unheard = in->unheard;
    in->unheard = unheard && !keep;
    if (f->escaped) {
        hsn_inspect_escape(in, &hsn_escape_json, raw, 0, raw.n, &site, &inner);
    } else {
        hsn_inspect_value(in, raw, &site, &inner);
        spell_edits(in, &inner);
    }
    if (is_sidecar(in, f)) {
        hsn_pass_blind(in, "sidecar", 0);
    }
    in->unheard = unheard;
    if (inner.n > 0) {
        hsn_edits_shift(in, &inner, f->off, out);
    } else if (is_plain(in, f) && in->blind == NULL && !in->failed && !in->again) {
        hsn_clean_add(in->clean, f->by->treatment, raw, keep);
    }
}

/* ---------------------------------------------------------------- a JSON text in a value */

enum {
    LARGE = 64 * 1024, /* bytes of a text whose fields are not piled up to its end */
    PILE = 1024,       /* fields */
    KEPT = 1 << 20     /* bytes that the places of the next text may find again */
};

typedef struct gather {
    hsn_inspector *in;
    hsn_places *places;
    hsn_str text;
    size_t pile; /* fields to inspect at once, when they are settled */
    hsn_edits edits;
    bool failed;
} gather;

/* What the fields hold may be JSON: of the next index, not of this one. */
static void inspect_pile(gather *g)
{
    size_t n;
    const hsn_field *f = hsn_places_fields(g->places, &n);
    for (size_t i = 0; i < n && !g->in->failed; i++) {
        if (!hsn_field_is_clean(g->in, g->text, &f[i])) {
            hsn_inspect_field(g->in, g->text, &f[i], &g->edits);
        }
    }
}

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    gather *g = ctx;
    size_t n;
    g->failed = g->failed || !hsn_places_event(g->places, g->text, ev);
    (void)hsn_places_fields(g->places, &n);
    if (!g->failed && n >= g->pile && hsn_places_settled(g->places)) {
        inspect_pile(g);
        hsn_places_drop(g->places);
    }
    return !g->failed;
}

static bool pass_event(void *ctx, const hsn_json_event *ev)
{
    (void)ctx;
    (void)ev;
    return true;
}

/* Tokenizer and places for a text within so many others; made once, kept. */
static bool prepare(hsn_inspector *in)
{
    unsigned k = in->n_json;
    if (k == HSN_COUNT(in->json)) {
        return false;
    }
    if (in->json[k] == NULL) {
        in->json[k] = hsn_json_new(DEPTH_MAX);
    }
    if (in->places[k] == NULL) {
        in->places[k] = hsn_places_new(in->names, DEPTH_MAX);
    }
    return in->json[k] != NULL && in->places[k] != NULL;
}

static void begin(hsn_json *json, gather *g, const hsn_site *site, size_t pile)
{
    g->pile = pile;
    hsn_json_reset(json);
    hsn_json_one_value(json);
    hsn_places_begin(g->places, site->rule, site->strict,
                     HSN_IN_KEY | (site->claims ? HSN_IN_CLAIM : 0));
}

/* Grammar first, then the fields: those of a large text while it is read once more. */
static hsn_step read_json(hsn_json *json, gather *g, const hsn_site *site, harsan_error *err)
{
    begin(json, g, site, SIZE_MAX);
    hsn_step step = hsn_json_run(json, hsn_str_cut(g->text, 0, LARGE), 0, on_event, g, err);
    if (step == HSN_MORE && g->text.n > LARGE) {
        step = hsn_json_run(json, g->text, 0, pass_event, NULL, err);
        if (step == HSN_OK) {
            begin(json, g, site, PILE);
            step = hsn_json_run(json, g->text, 0, on_event, g, err);
        }
    }
    if (step == HSN_OK && !g->failed) {
        inspect_pile(g);
    }
    return step;
}

bool hsn_cut_json(hsn_inspector *in, hsn_str text, size_t at, const hsn_site *site, size_t *end,
                  hsn_edits *out)
{
    *end = at;
    if (!prepare(in)) {
        in->failed = true;
        return false;
    }
    hsn_json *json = in->json[in->n_json];
    gather g = {
        .in = in, .places = in->places[in->n_json], .text = hsn_str_cut(text, at, text.n)};
    harsan_error err = {0};
    in->n_json++;
    hsn_step step = read_json(json, &g, site, &err);
    in->n_json--;
    hsn_places_trim(g.places, KEPT);
    if (step != HSN_OK || g.failed) {
        in->failed = in->failed || g.failed;
        *end = at + (step == HSN_FAIL ? (size_t)err.offset : g.text.n);
        return false;
    }
    *end = at + (size_t)hsn_json_end(json);
    hsn_edits_shift(in, &g.edits, at, out);
    return true;
}
