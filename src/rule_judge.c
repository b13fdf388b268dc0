/*
 * Judging a rule: what a file says of it in, an entry of the rule set out. The format is told at
 * the top of rule.h.
 *
 * Must never correct or ignore anything: what does not fit is an error that points at the value.
 */
#include "rule_draft.h"

#include <stdarg.h>
#include <stdio.h>

enum { MATCH_DEFAULT = 4096, BEFORE_MAX = 4096 }; /* bytes, as the next */
enum { ID_MAX = 64, WHAT_MAX = 160 };

/* ---------------------------------------------------------------- errors */

bool hsn_draft_complain(hsn_draft *d, size_t pos, const char *fmt, ...)
{
    char message[sizeof d->err->message];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    (void)hsn_rules_blame(d->err, d->text, pos, d->file, message);
    return false;
}

bool hsn_draft_no_memory(hsn_draft *d)
{
    (void)hsn_fail(d->err, HARSAN_E_NOMEM, d->at, "no memory for the rules");
    return false;
}

/* ---------------------------------------------------------------- parts */

/* The strings of a list in a row; already kept one by one. */
static bool keep_list(hsn_draft *d, const hsn_said *f, hsn_strs *out)
{
    hsn_str *at = hsn_arena_new(&d->set->arena, f->n * sizeof *at);
    if (at == NULL) {
        return hsn_draft_no_memory(d);
    }
    size_t n = 0;
    for (const hsn_item *i = f->first; i != NULL; i = i->next) {
        at[n++] = i->text;
    }
    *out = (hsn_strs){at, n};
    return true;
}

/* The word that a text under the key is; NULL after a complaint. */
static const hsn_word *find_word(hsn_draft *d, hsn_key key, hsn_str text, size_t pos)
{
    const hsn_word *w = hsn_key_word(key, text);
    if (w == NULL) {
        char room[HSN_QUOTE];
        (void)hsn_draft_complain(d, pos, "unknown \"%s\": \"%s\"", hsn_key_name(key),
                                 hsn_rules_quote(room, text));
    }
    return w;
}

/* The word under a key, the first of its words when it is left out. NULL after a complaint. */
static const hsn_word *word_of(hsn_draft *d, hsn_key key)
{
    const hsn_said *f = &d->said[key];
    return f->set ? find_word(d, key, f->text, f->pos) : hsn_key_words(key);
}

static bool need(hsn_draft *d, hsn_key key)
{
    const hsn_said *f = &d->said[key];
    if (!f->set) {
        return hsn_draft_complain(d, d->rule_pos, "the rule has no \"%s\"", hsn_key_name(key));
    }
    if (hsn_key_type_of(key) == HSN_KEY_IS_STRINGS ? f->n == 0 : f->text.n == 0) {
        return hsn_draft_complain(d, f->pos, "\"%s\" is empty", hsn_key_name(key));
    }
    return true;
}

/* ---------------------------------------------------------------- what every rule has */

static bool take_id(hsn_draft *d, hsn_entry *e)
{
    const hsn_said *f = &d->said[HSN_KEY_ID];
    if (!need(d, HSN_KEY_ID)) {
        return false;
    }
    bool good = f->text.n <= ID_MAX;
    for (size_t i = 0; i < f->text.n; i++) {
        const unsigned char c = f->text.p[i];
        good = good && (hsn_is_digit(c) || (unsigned char)(c - 'a') < 26 || c == '-');
    }
    if (!good) {
        return hsn_draft_complain(d, f->pos, "\"id\" must be at most %d of a-z, 0-9 and -", ID_MAX);
    }
    e->rule.id = (const char *)f->text.p;
    e->pos = f->pos;
    return true;
}

static bool take_what(hsn_draft *d, hsn_entry *e)
{
    const hsn_said *f = &d->said[HSN_KEY_WHAT];
    if (!need(d, HSN_KEY_WHAT)) {
        return false;
    }
    bool good = f->text.n <= WHAT_MAX;
    for (size_t i = 0; i < f->text.n; i++) {
        good = good && f->text.p[i] >= ' ' && f->text.p[i] != 0x7f;
    }
    if (!good) {
        return hsn_draft_complain(d, f->pos, "\"what\" must be one line of at most %d bytes",
                                  WHAT_MAX);
    }
    e->rule.what = (const char *)f->text.p;
    return true;
}

static bool take_where(hsn_draft *d, hsn_entry *e)
{
    e->rule.where = HSN_IN_ANY;
    if (!d->said[HSN_KEY_WHERE].set) {
        return true;
    }
    if (!need(d, HSN_KEY_WHERE)) {
        return false;
    }
    e->rule.where = 0;
    for (const hsn_item *i = d->said[HSN_KEY_WHERE].first; i != NULL; i = i->next) {
        const hsn_word *w = find_word(d, HSN_KEY_WHERE, i->text, i->pos);
        if (w == NULL) {
            return false;
        }
        e->rule.where |= w->value;
    }
    return true;
}

/* What every rule has. */
static bool take_common(hsn_draft *d, hsn_entry *e)
{
    if (!take_what(d, e) || !need(d, HSN_KEY_CATEGORY) || !take_where(d, e)) {
        return false;
    }
    const hsn_word *category = word_of(d, HSN_KEY_CATEGORY);
    const hsn_word *pack = category != NULL ? word_of(d, HSN_KEY_PACK) : NULL;
    const hsn_word *trust = pack != NULL ? word_of(d, HSN_KEY_CONFIDENCE) : NULL;
    if (trust == NULL) {
        return false;
    }
    e->rule.confidence = d->said[HSN_KEY_CONFIDENCE].set ? trust->name : NULL;
    e->rule.category = category->name;
    e->rule.pack = pack->name;
    e->rule.pack_bit = pack->value;
    return need(d, HSN_KEY_HIT) && need(d, HSN_KEY_MISS) &&
           keep_list(d, &d->said[HSN_KEY_HIT], &e->hit) &&
           keep_list(d, &d->said[HSN_KEY_MISS], &e->miss);
}

/* ---------------------------------------------------------------- name rules */

/* Templates of a name rule are name=value. */
static bool check_assignments(hsn_draft *d, hsn_key key)
{
    for (const hsn_item *i = d->said[key].first; i != NULL; i = i->next) {
        if (hsn_str_chr(i->text, '=') == i->text.n) {
            return hsn_draft_complain(d, i->pos, "\"%s\" of a name rule must be name=value",
                                      hsn_key_name(key));
        }
    }
    return true;
}

static bool take_name_rule(hsn_draft *d, hsn_entry *e)
{
    for (const hsn_item *i = d->said[HSN_KEY_NAMES].first; i != NULL; i = i->next) {
        hsn_name name;
        if (!hsn_name_normalise(i->text, &name)) {
            char room[HSN_QUOTE];
            return hsn_draft_complain(d, i->pos,
                                      "no name: \"%s\" (needs a letter, at most %d bytes)",
                                      hsn_rules_quote(room, i->text), HSN_NAME_MAX);
        }
    }
    const hsn_word *match = word_of(d, HSN_KEY_MATCH);
    const hsn_word *guard = match != NULL ? word_of(d, HSN_KEY_VALUE) : NULL;
    const hsn_word *action = guard != NULL ? word_of(d, HSN_KEY_ACTION) : NULL;
    if (action == NULL) {
        return false;
    }
    e->rule.match = (hsn_match)match->value;
    e->rule.guard = (hsn_guard)guard->value;
    e->rule.action = (hsn_action)action->value;
    e->rule.numbers = d->said[HSN_KEY_NUMBERS].flag;
    return check_assignments(d, HSN_KEY_HIT) && check_assignments(d, HSN_KEY_MISS) &&
           keep_list(d, &d->said[HSN_KEY_NAMES], &e->names);
}

/* ---------------------------------------------------------------- pattern rules */

static bool check_anchor(hsn_draft *d, const hsn_item *i, size_t max)
{
    char room[HSN_QUOTE];
    hsn_rules_quote(room, i->text);
    const size_t lead = hsn_anchor_lead(i->text);
    if (i->text.n < 3) {
        return hsn_draft_complain(d, i->pos, "anchor \"%s\" is shorter than 3 bytes", room);
    }
    if (lead == i->text.n) {
        return hsn_draft_complain(d, i->pos, "anchor \"%s\" has no letter or digit", room);
    }
    if (i->text.n - lead < 3) {
        return hsn_draft_complain(
            d, i->pos, "anchor \"%s\" needs 3 bytes from its first letter or digit on", room);
    }
    if (i->text.n > max) {
        return hsn_draft_complain(d, i->pos, "anchor \"%s\" is longer than \"max\"", room);
    }
    return true;
}

static bool fold(hsn_draft *d, hsn_item *i)
{
    unsigned char *p = hsn_arena_new(&d->set->arena, i->text.n);
    if (p == NULL) {
        return hsn_draft_no_memory(d);
    }
    for (size_t k = 0; k < i->text.n; k++) {
        p[k] = hsn_lower(i->text.p[k]);
    }
    i->text.p = p;
    return true;
}

static bool take_anchors(hsn_draft *d, hsn_entry *e)
{
    e->nocase = d->said[HSN_KEY_NOCASE].flag;
    for (hsn_item *i = d->said[HSN_KEY_ANCHOR].first; i != NULL; i = i->next) {
        if (!check_anchor(d, i, e->rule.max) || (e->nocase && !fold(d, i))) {
            return false;
        }
    }
    return keep_list(d, &d->said[HSN_KEY_ANCHOR], &e->anchors);
}

static bool take_max(hsn_draft *d, hsn_entry *e)
{
    const hsn_said *f = &d->said[HSN_KEY_MAX];
    if (f->set && (f->number < 3 || f->number > HSN_MATCH_MAX)) {
        return hsn_draft_complain(d, f->pos, "\"max\" must be 3 to %d", HSN_MATCH_MAX);
    }
    e->rule.max = f->set ? f->number : MATCH_DEFAULT;
    return true;
}

static bool take_pattern(hsn_draft *d, hsn_entry *e)
{
    const hsn_said *f = &d->said[HSN_KEY_PATTERN];
    size_t at = 0;
    char why[96];
    e->rule.regex = hsn_regex_new(d->set, f->text, &at, why, sizeof why);
    if (e->rule.regex != NULL) {
        e->rule.context = hsn_regex_has_group(e->rule.regex);
        return true;
    }
    if (at == SIZE_MAX) {
        return hsn_draft_no_memory(d);
    }
    return hsn_draft_complain(d, f->pos, "the pattern does not compile: byte %zu: %s", at, why);
}

static bool take_check(hsn_draft *d, hsn_entry *e)
{
    const hsn_said *f = &d->said[HSN_KEY_CHECK];
    e->rule.check = f->set ? hsn_check_by_name(f->text) : NULL;
    if (f->set && e->rule.check == NULL) {
        char room[HSN_QUOTE];
        return hsn_draft_complain(d, f->pos, "unknown \"check\": \"%s\"",
                                  hsn_rules_quote(room, f->text));
    }
    return true;
}

static bool take_count(hsn_draft *d, hsn_key key, size_t least, size_t *out)
{
    const hsn_said *f = &d->said[key];
    if (!f->set) {
        return true;
    }
    if (!d->said[HSN_KEY_BEFORE].set) {
        return hsn_draft_complain(d, f->pos, "\"%s\" needs \"before\"", hsn_key_name(key));
    }
    if (f->number < least || f->number > BEFORE_MAX) {
        return hsn_draft_complain(d, f->pos, "\"%s\" must be %zu to %d", hsn_key_name(key), least,
                                  BEFORE_MAX);
    }
    *out = f->number;
    return true;
}

static bool take_before(hsn_draft *d, hsn_entry *e)
{
    const bool set = d->said[HSN_KEY_BEFORE].set;
    const hsn_word *before = word_of(d, HSN_KEY_BEFORE);
    if (before == NULL) {
        return false;
    }
    e->rule.before = set ? (hsn_before)before->value : HSN_BEFORE_NONE;
    e->rule.before_min = 1;
    e->rule.before_max = BEFORE_MAX;
    return take_count(d, HSN_KEY_BEFORE_MIN, 1, &e->rule.before_min) &&
           take_count(d, HSN_KEY_BEFORE_MAX, e->rule.before_min, &e->rule.before_max);
}

static bool take_pattern_rule(hsn_draft *d, hsn_entry *e)
{
    return need(d, HSN_KEY_ANCHOR) && take_max(d, e) && take_anchors(d, e) && take_pattern(d, e) &&
           take_check(d, e) && take_before(d, e);
}

/* ---------------------------------------------------------------- the rule */

static bool take_detector_rule(hsn_draft *d, hsn_entry *e)
{
    const hsn_word *w = word_of(d, HSN_KEY_DETECT);
    if (w == NULL) {
        return false;
    }
    e->rule.detect = (hsn_detect)w->value;
    return true;
}

/* The key that makes the rule what it is: HSN_N_KEYS after a complaint. */
static hsn_key kind_of(hsn_draft *d)
{
    static const hsn_key kinds[] = {HSN_KEY_NAMES, HSN_KEY_PATTERN, HSN_KEY_DETECT};
    hsn_key kind = HSN_N_KEYS;
    for (size_t i = 0; i < HSN_COUNT(kinds); i++) {
        if (d->said[kinds[i]].set) {
            if (kind != HSN_N_KEYS) {
                (void)hsn_draft_complain(d, d->rule_pos, "a rule has only one of \"%s\" and \"%s\"",
                                         hsn_key_name(kind), hsn_key_name(kinds[i]));
                return HSN_N_KEYS;
            }
            kind = kinds[i];
        }
    }
    if (kind == HSN_N_KEYS) {
        (void)hsn_draft_complain(d, d->rule_pos,
                                 "the rule has no \"names\", \"pattern\" or \"detect\"");
    }
    return kind;
}

/* No key of another kind of rule beside the one that tells the kind, which is not empty. */
static bool check_keys(hsn_draft *d, hsn_key kind)
{
    for (int k = 0; k < HSN_N_KEYS; k++) {
        const hsn_key_owner owner = hsn_key_owner_of((hsn_key)k);
        if (d->said[k].set && owner != HSN_OF_ANY && owner != hsn_key_owner_of(kind)) {
            return hsn_draft_complain(d, d->said[k].pos, "\"%s\" does not go with \"%s\"",
                                      hsn_key_name((hsn_key)k), hsn_key_name(kind));
        }
    }
    return need(d, kind);
}

static hsn_entry *append_entry(hsn_draft *d)
{
    harsan_rules *set = d->set;
    hsn_entry *e = hsn_arena_new(&set->arena, sizeof *e);
    if (e == NULL) {
        (void)hsn_draft_no_memory(d);
        return NULL;
    }
    *e = (hsn_entry){.file = d->file, .text = d->text, .order = set->n_read++};
    *(set->last != NULL ? &set->last->next : &set->first) = e;
    e->rule.own = d->file == NULL;
    set->last = e;
    return e;
}

/* The closing brace of a rule. The set owns the entry from the start: a failure leaks nothing. */
bool hsn_draft_judge(hsn_draft *d)
{
    hsn_entry *e = append_entry(d);
    if (e == NULL || !take_id(d, e)) {
        return false;
    }
    e->off = d->said[HSN_KEY_OFF].flag;
    if (e->off) {
        return true;
    }
    const hsn_key kind = take_common(d, e) ? kind_of(d) : HSN_N_KEYS;
    if (kind == HSN_N_KEYS || !check_keys(d, kind)) {
        return false;
    }
    bool good = false;
    switch (hsn_key_owner_of(kind)) {
    case HSN_OF_NAMES:
        good = take_name_rule(d, e);
        break;
    case HSN_OF_PATTERN:
        good = take_pattern_rule(d, e);
        break;
    case HSN_OF_DETECTOR:
        good = take_detector_rule(d, e);
        break;
    case HSN_OF_ANY:
        break;
    }
    if (good && e->rule.confidence == NULL) {
        e->rule.confidence = hsn_rule_trust(&e->rule);
    }
    return good;
}
