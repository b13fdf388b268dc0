/*
 * Rule files: a text in, entries of the rule set out. The format is told at the top of rule.h.
 *
 * yajl checks the grammar and calls back token by token; a rule is collected key by key and judged
 * at its closing brace, so that every message can point at the value it is about. Nothing is
 * corrected or ignored: what the format does not know is an error with line and column.
 * yajl checks no allocation: it draws on an arena that, when it runs dry, jumps back out of yajl.
 * No callback of this file holds anything at that moment that the arenas do not own.
 */
#include "rule_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <yajl/yajl_parse.h>

/* Some hundred times what people write; bounds what a hostile file can make us hold. */
enum { FILE_MAX = 4 << 20, ZONE_MAX = 128 << 20, MATCH_MAX = 1 << 20, MATCH_DEFAULT = 4096 };
enum { ID_MAX = 64, WHAT_MAX = 160, BEFORE_MAX = 4096 };

/* ---------------------------------------------------------------- words of the format */

enum type { STRING, STRINGS, NUMBER, FLAG };
enum owner { ANY_RULE, NAME_RULE, PATTERN_RULE, DETECTOR_RULE };
enum key {
    KEY_ID,
    KEY_WHAT,
    KEY_CATEGORY,
    KEY_PACK,
    KEY_CONFIDENCE,
    KEY_WHERE,
    KEY_NAMES,
    KEY_MATCH,
    KEY_VALUE,
    KEY_ACTION,
    KEY_NUMBERS,
    KEY_ANCHOR,
    KEY_NOCASE,
    KEY_PATTERN,
    KEY_MAX,
    KEY_CHECK,
    KEY_BEFORE,
    KEY_BEFORE_MIN,
    KEY_BEFORE_MAX,
    KEY_DETECT,
    KEY_HIT,
    KEY_MISS,
    KEY_OFF,
    N_KEYS
};

static const struct {
    const char *name;
    enum type type;
    enum owner owner;
} keys[N_KEYS] = {
    [KEY_ID] = {"id", STRING, ANY_RULE},
    [KEY_WHAT] = {"what", STRING, ANY_RULE},
    [KEY_CATEGORY] = {"category", STRING, ANY_RULE},
    [KEY_PACK] = {"pack", STRING, ANY_RULE},
    [KEY_CONFIDENCE] = {"confidence", STRING, ANY_RULE},
    [KEY_WHERE] = {"where", STRINGS, ANY_RULE},
    [KEY_NAMES] = {"names", STRINGS, NAME_RULE},
    [KEY_MATCH] = {"match", STRING, NAME_RULE},
    [KEY_VALUE] = {"value", STRING, NAME_RULE},
    [KEY_ACTION] = {"action", STRING, NAME_RULE},
    [KEY_NUMBERS] = {"numbers", FLAG, NAME_RULE},
    [KEY_ANCHOR] = {"anchor", STRINGS, PATTERN_RULE},
    [KEY_NOCASE] = {"nocase", FLAG, PATTERN_RULE},
    [KEY_PATTERN] = {"pattern", STRING, PATTERN_RULE},
    [KEY_MAX] = {"max", NUMBER, PATTERN_RULE},
    [KEY_CHECK] = {"check", STRING, PATTERN_RULE},
    [KEY_BEFORE] = {"before", STRING, PATTERN_RULE},
    [KEY_BEFORE_MIN] = {"before_min", NUMBER, PATTERN_RULE},
    [KEY_BEFORE_MAX] = {"before_max", NUMBER, PATTERN_RULE},
    [KEY_DETECT] = {"detect", STRING, DETECTOR_RULE},
    [KEY_HIT] = {"hit", STRINGS, ANY_RULE},
    [KEY_MISS] = {"miss", STRINGS, ANY_RULE},
    [KEY_OFF] = {"off", FLAG, ANY_RULE},
};

/* Ends with a NULL name. */
struct word {
    const char *name;
    unsigned value;
};

static const struct word categories[] = {
    {"password", 0}, {"token", 0},     {"session", 0}, {"cookie", 0},  {"key", 0},
    {"csrf", 0},     {"otp", 0},       {"card", 0},    {"account", 0}, {"email", 0},
    {"phone", 0},    {"person", 0},    {"address", 0}, {"birth", 0},   {"id", 0},
    {"network", 0},  {"signature", 0}, {"url", 0},     {"other", 0},   {NULL, 0},
};
static const struct word packs[] = {
    {"default", 0},
    {"pii", HARSAN_PACK_PII},
    {"network", HARSAN_PACK_NETWORK},
    {"strict", HARSAN_PACK_STRICT},
    {NULL, 0},
};
static const struct word confidences[] = {
    {"high", 0},
    {"medium", 0},
    {"low", 0},
    {NULL, 0},
};
static const struct word places[] = {
    {"header", HSN_IN_HEADER},
    {"cookie", HSN_IN_COOKIE},
    {"param", HSN_IN_PARAM},
    {"key", HSN_IN_KEY},
    {"field", HSN_IN_FIELD},
    {"text", HSN_IN_TEXT},
    {"claim", HSN_IN_CLAIM},
    {NULL, 0},
};
static const struct word matches[] = {
    {"exact", HSN_EXACT},
    {"suffix", HSN_SUFFIX},
    {"prefix", HSN_PREFIX},
    {"glued", HSN_GLUED},
    {NULL, 0},
};
static const struct word guards[] = {
    {"secret", HSN_GUARD_SECRET}, {"any", HSN_GUARD_ANY},     {"token", HSN_GUARD_TOKEN},
    {"opaque", HSN_GUARD_OPAQUE}, {"code", HSN_GUARD_CODE},   {"digits", HSN_GUARD_DIGITS},
    {"phone", HSN_GUARD_PHONE},   {"email", HSN_GUARD_EMAIL}, {"person", HSN_GUARD_PERSON},
    {"date", HSN_GUARD_DATE},     {"ip", HSN_GUARD_IP},       {NULL, 0},
};
static const struct word actions[] = {
    {"replace", HSN_REPLACE},
    {"scheme", HSN_SCHEME},
    {"inside", HSN_INSIDE},
    {"keep", HSN_KEEP},
    {NULL, 0},
};
static const struct word befores[] = {
    {"base64", HSN_BEFORE_BASE64},
    {"hex", HSN_BEFORE_HEX},
    {"word", HSN_BEFORE_WORD},
    {"host", HSN_BEFORE_HOST},
    {NULL, 0},
};
static const struct word detectors[] = {
    {"email", HSN_DETECT_EMAIL},       {"phone", HSN_DETECT_PHONE},   {"card", HSN_DETECT_CARD},
    {"iban", HSN_DETECT_IBAN},         {"jwt", HSN_DETECT_JWT},       {"cookie", HSN_DETECT_COOKIE},
    {"userinfo", HSN_DETECT_USERINFO}, {"path", HSN_DETECT_PATH},     {"scheme", HSN_DETECT_SCHEME},
    {"strict", HSN_DETECT_STRICT},     {"ip", HSN_DETECT_IP},         {NULL, 0},
};

/* ---------------------------------------------------------------- state */

struct item {
    hsn_str text;
    size_t pos;
    struct item *next;
};

/* What the file said under one key. */
struct field {
    bool set;
    size_t pos; /* of the value */
    hsn_str text;
    struct item *first;
    struct item **end;
    size_t n;
    bool flag;
    unsigned long number;
};

enum state {
    BEFORE,   /* the file's object has not begun */
    IN_FILE,  /* between its keys, or at the value of "rules" */
    IN_RULES, /* between rules */
    IN_RULE,  /* between keys, or at the value of `key` */
    IN_LIST,  /* in the list under `key` */
    AFTER
};

struct loader {
    harsan_rules *set;
    hsn_str text;
    const char *file;
    harsan_error *err;
    yajl_handle yajl;
    hsn_arena zone; /* of yajl, and of the items */
    jmp_buf dry;    /* the zone is */
    size_t base;    /* where yajl's text begins: behind a byte order mark */
    size_t at;      /* behind the last token */
    enum state state;
    bool rules_seen;
    bool in_schema; /* at the value of "$schema", which is for editors */
    size_t rule_pos;
    enum key key;
    struct field field[N_KEYS];
};

/* ---------------------------------------------------------------- errors */

/* Always false. */
HSN_PRINTF(3, 4) static bool complain(struct loader *l, size_t pos, const char *fmt, ...)
{
    char message[sizeof l->err->message];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    (void)hsn_rules_blame(l->err, l->text, pos, l->file, message);
    return false;
}

static bool out_of_memory(struct loader *l)
{
    (void)hsn_fail(l->err, HARSAN_E_NOMEM, l->at, "no memory for the rules");
    return false;
}

/* For a value that does not fit where it stands. */
static bool wrong_type(struct loader *l, size_t pos)
{
    static const char *const want[] = {
        [STRING] = "a string",
        [STRINGS] = "a list of strings",
        [NUMBER] = "a whole number",
        [FLAG] = "true or false",
    };
    if (l->state == IN_RULE || l->state == IN_LIST) {
        return complain(l, pos, "\"%s\" must be %s", keys[l->key].name, want[keys[l->key].type]);
    }
    return complain(l, pos,
                    l->state == IN_RULES ? "a rule must be an object"
                                         : "a rule file is { \"rules\": [ ... ] }");
}

/* ---------------------------------------------------------------- positions */

/* Behind the comment that begins at s.p[at]. */
static size_t skip_comment(hsn_str s, size_t at)
{
    const hsn_str rest = hsn_str_cut(s, at, s.n);
    const hsn_str end = hsn_str_starts(rest, HSN_S("/*")) ? HSN_S("*/") : HSN_S("\n");
    const size_t stop = at + hsn_str_find(rest, end) + end.n;
    return stop < s.n ? stop : s.n;
}

/* yajl tells where a token ends; it begins behind what may stand between two tokens. */
static size_t token_begin(struct loader *l)
{
    const hsn_str s = l->text;
    size_t at = l->at;
    while (at < s.n) {
        if (s.p[at] == '/') {
            at = skip_comment(s, at);
        } else if (hsn_is_space(s.p[at]) || s.p[at] == ',' || s.p[at] == ':') {
            at++;
        } else {
            break;
        }
    }
    l->at = l->base + yajl_get_bytes_consumed(l->yajl);
    return at;
}

/* ---------------------------------------------------------------- judging a rule */

/* A copy that lives as long as the set, with a NUL behind it. p is NULL without memory. */
static hsn_str keep(struct loader *l, hsn_str s)
{
    unsigned char *p = hsn_arena_new(&l->set->arena, s.n + 1);
    if (p == NULL) {
        return (hsn_str){0};
    }
    memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return hsn_str_of(p, s.n);
}

/* The strings of a list in a row; already kept one by one. */
static bool keep_list(struct loader *l, const struct field *f, hsn_strs *out)
{
    hsn_str *at = hsn_arena_new(&l->set->arena, f->n * sizeof *at);
    if (at == NULL) {
        return out_of_memory(l);
    }
    size_t n = 0;
    for (const struct item *i = f->first; i != NULL; i = i->next) {
        at[n++] = i->text;
    }
    *out = (hsn_strs){at, n};
    return true;
}

/* The word's entry in the table; NULL after a complaint. */
static const struct word *find_word(struct loader *l, const struct word *words, enum key key,
                                    hsn_str text, size_t pos)
{
    for (const struct word *w = words; w->name != NULL; w++) {
        if (hsn_str_eq(text, hsn_str_z(w->name))) {
            return w;
        }
    }
    char room[HSN_QUOTE];
    (void)complain(l, pos, "unknown \"%s\": \"%s\"", keys[key].name, hsn_rules_quote(room, text));
    return NULL;
}

/* The word under a key, the first of the table when it is left out. NULL after a complaint. */
static const struct word *word_of(struct loader *l, const struct word *words, enum key key)
{
    const struct field *f = &l->field[key];
    return f->set ? find_word(l, words, key, f->text, f->pos) : words;
}

static bool need(struct loader *l, enum key key)
{
    const struct field *f = &l->field[key];
    if (!f->set) {
        return complain(l, l->rule_pos, "the rule has no \"%s\"", keys[key].name);
    }
    if (keys[key].type == STRINGS ? f->n == 0 : f->text.n == 0) {
        return complain(l, f->pos, "\"%s\" is empty", keys[key].name);
    }
    return true;
}

static bool take_id(struct loader *l, hsn_entry *e)
{
    const struct field *f = &l->field[KEY_ID];
    if (!need(l, KEY_ID)) {
        return false;
    }
    bool good = f->text.n <= ID_MAX;
    for (size_t i = 0; i < f->text.n; i++) {
        const unsigned char c = f->text.p[i];
        good = good && (hsn_is_digit(c) || (unsigned char)(c - 'a') < 26 || c == '-');
    }
    if (!good) {
        return complain(l, f->pos, "\"id\" must be at most %d of a-z, 0-9 and -", ID_MAX);
    }
    e->rule.id = (const char *)f->text.p;
    e->pos = f->pos;
    return true;
}

static bool take_what(struct loader *l, hsn_entry *e)
{
    const struct field *f = &l->field[KEY_WHAT];
    if (!need(l, KEY_WHAT)) {
        return false;
    }
    bool good = f->text.n <= WHAT_MAX;
    for (size_t i = 0; i < f->text.n; i++) {
        good = good && f->text.p[i] >= ' ' && f->text.p[i] != 0x7f;
    }
    if (!good) {
        return complain(l, f->pos, "\"what\" must be one line of at most %d bytes", WHAT_MAX);
    }
    e->rule.what = (const char *)f->text.p;
    return true;
}

static bool take_where(struct loader *l, hsn_entry *e)
{
    e->rule.where = HSN_IN_ANY;
    if (!l->field[KEY_WHERE].set) {
        return true;
    }
    if (!need(l, KEY_WHERE)) {
        return false;
    }
    e->rule.where = 0;
    for (const struct item *i = l->field[KEY_WHERE].first; i != NULL; i = i->next) {
        const struct word *w = find_word(l, places, KEY_WHERE, i->text, i->pos);
        if (w == NULL) {
            return false;
        }
        e->rule.where |= w->value;
    }
    return true;
}

/* What every rule has. */
static bool take_common(struct loader *l, hsn_entry *e)
{
    if (!take_what(l, e) || !need(l, KEY_CATEGORY) || !take_where(l, e)) {
        return false;
    }
    const struct word *category = word_of(l, categories, KEY_CATEGORY);
    const struct word *pack = category != NULL ? word_of(l, packs, KEY_PACK) : NULL;
    const struct word *trust = pack != NULL ? word_of(l, confidences, KEY_CONFIDENCE) : NULL;
    if (trust == NULL) {
        return false;
    }
    e->rule.confidence = l->field[KEY_CONFIDENCE].set ? trust->name : NULL;
    e->rule.category = category->name;
    e->rule.pack = pack->name;
    e->rule.pack_bit = pack->value;
    return need(l, KEY_HIT) && need(l, KEY_MISS) && keep_list(l, &l->field[KEY_HIT], &e->hit) &&
           keep_list(l, &l->field[KEY_MISS], &e->miss);
}

/* Templates of a name rule are name=value. */
static bool check_assignments(struct loader *l, enum key key)
{
    for (const struct item *i = l->field[key].first; i != NULL; i = i->next) {
        if (hsn_str_chr(i->text, '=') == i->text.n) {
            return complain(l, i->pos, "\"%s\" of a name rule must be name=value", keys[key].name);
        }
    }
    return true;
}

static bool take_name_rule(struct loader *l, hsn_entry *e)
{
    for (const struct item *i = l->field[KEY_NAMES].first; i != NULL; i = i->next) {
        hsn_name name;
        if (!hsn_name_normalise(i->text, &name)) {
            char room[HSN_QUOTE];
            return complain(l, i->pos, "no name: \"%s\" (needs a letter, at most %d bytes)",
                            hsn_rules_quote(room, i->text), HSN_NAME_MAX);
        }
    }
    const struct word *match = word_of(l, matches, KEY_MATCH);
    const struct word *guard = match != NULL ? word_of(l, guards, KEY_VALUE) : NULL;
    const struct word *action = guard != NULL ? word_of(l, actions, KEY_ACTION) : NULL;
    if (action == NULL) {
        return false;
    }
    e->rule.match = l->field[KEY_MATCH].set ? (hsn_match)match->value : HSN_SUFFIX;
    e->rule.guard = (hsn_guard)guard->value;
    e->rule.action = (hsn_action)action->value;
    e->rule.numbers = l->field[KEY_NUMBERS].flag;
    return check_assignments(l, KEY_HIT) && check_assignments(l, KEY_MISS) &&
           keep_list(l, &l->field[KEY_NAMES], &e->names);
}

static bool check_anchor(struct loader *l, const struct item *i, size_t max)
{
    char room[HSN_QUOTE];
    hsn_rules_quote(room, i->text);
    const size_t lead = hsn_anchor_lead(i->text);
    if (i->text.n < 3) {
        return complain(l, i->pos, "anchor \"%s\" is shorter than 3 bytes", room);
    }
    if (lead == i->text.n) {
        return complain(l, i->pos, "anchor \"%s\" has no letter or digit", room);
    }
    if (i->text.n - lead < 3) {
        return complain(l, i->pos, "anchor \"%s\" needs 3 bytes from its first letter or digit on",
                        room);
    }
    if (i->text.n > max) {
        return complain(l, i->pos, "anchor \"%s\" is longer than \"max\"", room);
    }
    return true;
}

static bool fold(struct loader *l, struct item *i)
{
    unsigned char *p = hsn_arena_new(&l->set->arena, i->text.n);
    if (p == NULL) {
        return out_of_memory(l);
    }
    for (size_t k = 0; k < i->text.n; k++) {
        p[k] = hsn_lower(i->text.p[k]);
    }
    i->text.p = p;
    return true;
}

static bool take_anchors(struct loader *l, hsn_entry *e)
{
    e->nocase = l->field[KEY_NOCASE].flag;
    for (struct item *i = l->field[KEY_ANCHOR].first; i != NULL; i = i->next) {
        if (!check_anchor(l, i, e->rule.max) || (e->nocase && !fold(l, i))) {
            return false;
        }
    }
    return keep_list(l, &l->field[KEY_ANCHOR], &e->anchors);
}

static bool take_max(struct loader *l, hsn_entry *e)
{
    const struct field *f = &l->field[KEY_MAX];
    if (f->set && (f->number < 3 || f->number > MATCH_MAX)) {
        return complain(l, f->pos, "\"max\" must be 3 to %d", MATCH_MAX);
    }
    e->rule.max = f->set ? f->number : MATCH_DEFAULT;
    return true;
}

static bool take_pattern(struct loader *l, hsn_entry *e)
{
    const struct field *f = &l->field[KEY_PATTERN];
    size_t at = 0;
    char why[96];
    e->rule.regex = hsn_regex_new(l->set, f->text, &at, why, sizeof why);
    if (e->rule.regex != NULL) {
        return true;
    }
    if (at == SIZE_MAX) {
        return out_of_memory(l);
    }
    return complain(l, f->pos, "the pattern does not compile: byte %zu: %s", at, why);
}

static bool take_check(struct loader *l, hsn_entry *e)
{
    const struct field *f = &l->field[KEY_CHECK];
    e->rule.check = f->set ? hsn_check_by_name(f->text) : NULL;
    if (f->set && e->rule.check == NULL) {
        char room[HSN_QUOTE];
        return complain(l, f->pos, "unknown \"check\": \"%s\"", hsn_rules_quote(room, f->text));
    }
    return true;
}

static bool take_count(struct loader *l, enum key key, size_t least, size_t *out)
{
    const struct field *f = &l->field[key];
    if (!f->set) {
        return true;
    }
    if (!l->field[KEY_BEFORE].set) {
        return complain(l, f->pos, "\"%s\" needs \"before\"", keys[key].name);
    }
    if (f->number < least || f->number > BEFORE_MAX) {
        return complain(l, f->pos, "\"%s\" must be %zu to %d", keys[key].name, least, BEFORE_MAX);
    }
    *out = f->number;
    return true;
}

static bool take_before(struct loader *l, hsn_entry *e)
{
    const bool set = l->field[KEY_BEFORE].set;
    const struct word *before = word_of(l, befores, KEY_BEFORE);
    if (before == NULL) {
        return false;
    }
    e->rule.before = set ? (hsn_before)before->value : HSN_BEFORE_NONE;
    e->rule.before_min = 1;
    e->rule.before_max = BEFORE_MAX;
    return take_count(l, KEY_BEFORE_MIN, 1, &e->rule.before_min) &&
           take_count(l, KEY_BEFORE_MAX, e->rule.before_min, &e->rule.before_max);
}

static bool take_pattern_rule(struct loader *l, hsn_entry *e)
{
    return need(l, KEY_ANCHOR) && take_max(l, e) && take_anchors(l, e) && take_pattern(l, e) &&
           take_check(l, e) && take_before(l, e);
}

static bool take_detector_rule(struct loader *l, hsn_entry *e)
{
    const struct word *w = word_of(l, detectors, KEY_DETECT);
    if (w == NULL) {
        return false;
    }
    e->rule.detect = (hsn_detect)w->value;
    return true;
}

/* The key that makes the rule what it is: N_KEYS after a complaint. */
static enum key kind_of(struct loader *l)
{
    static const enum key kinds[] = {KEY_NAMES, KEY_PATTERN, KEY_DETECT};
    enum key kind = N_KEYS;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (l->field[kinds[i]].set) {
            if (kind != N_KEYS) {
                (void)complain(l, l->rule_pos, "a rule has only one of \"%s\" and \"%s\"",
                               keys[kind].name, keys[kinds[i]].name);
                return N_KEYS;
            }
            kind = kinds[i];
        }
    }
    if (kind == N_KEYS) {
        (void)complain(l, l->rule_pos, "the rule has no \"names\", \"pattern\" or \"detect\"");
    }
    return kind;
}

/* No key of another kind of rule beside the one that tells the kind, which is not empty. */
static bool check_keys(struct loader *l, enum key kind)
{
    for (int k = 0; k < N_KEYS; k++) {
        if (l->field[k].set && keys[k].owner != ANY_RULE && keys[k].owner != keys[kind].owner) {
            return complain(l, l->field[k].pos, "\"%s\" does not go with \"%s\"", keys[k].name,
                            keys[kind].name);
        }
    }
    return need(l, kind);
}

static hsn_entry *append_entry(struct loader *l)
{
    harsan_rules *set = l->set;
    hsn_entry *e = hsn_arena_new(&set->arena, sizeof *e);
    if (e == NULL) {
        (void)out_of_memory(l);
        return NULL;
    }
    *e = (hsn_entry){.file = l->file, .text = l->text, .order = set->n_read++};
    *(set->last != NULL ? &set->last->next : &set->first) = e;
    e->rule.own = l->file == NULL;
    set->last = e;
    return e;
}

/* The closing brace of a rule. The set owns the entry from the start: a failure leaks nothing. */
static bool take_rule(struct loader *l)
{
    hsn_entry *e = append_entry(l);
    if (e == NULL || !take_id(l, e)) {
        return false;
    }
    e->off = l->field[KEY_OFF].flag;
    if (e->off) {
        return true;
    }
    const enum key kind = take_common(l, e) ? kind_of(l) : N_KEYS;
    if (kind == N_KEYS || !check_keys(l, kind)) {
        return false;
    }
    bool good = false;
    switch (keys[kind].owner) {
    case NAME_RULE:
        good = take_name_rule(l, e);
        break;
    case PATTERN_RULE:
        good = take_pattern_rule(l, e);
        break;
    case DETECTOR_RULE:
        good = take_detector_rule(l, e);
        break;
    case ANY_RULE:
        break;
    }
    if (good && e->rule.confidence == NULL) {
        e->rule.confidence = hsn_rule_trust(&e->rule);
    }
    return good;
}

/* ---------------------------------------------------------------- tokens from yajl */

static int on_open_object(void *ctx)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (l->state == BEFORE || l->state == AFTER) { /* files joined into one text */
        l->state = IN_FILE;
        l->rules_seen = false;
        return true;
    }
    if (l->state != IN_RULES) {
        return wrong_type(l, pos);
    }
    l->state = IN_RULE;
    l->rule_pos = pos;
    memset(l->field, 0, sizeof l->field);
    return true;
}

/* A key of the file's object. */
static bool open_file_key(struct loader *l, hsn_str name, size_t pos)
{
    char room[HSN_QUOTE];
    if (hsn_str_eq(name, HSN_S("$schema"))) {
        l->in_schema = true;
        return true;
    }
    if (!hsn_str_eq(name, HSN_S("rules"))) {
        return complain(l, pos, "unknown key \"%s\" beside \"rules\"", hsn_rules_quote(room, name));
    }
    if (l->rules_seen) {
        return complain(l, pos, "\"rules\" is given twice");
    }
    l->rules_seen = true;
    return true;
}

static int on_key(void *ctx, const unsigned char *p, size_t n)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    const hsn_str name = hsn_str_of(p, n);
    if (l->state == IN_FILE) {
        return open_file_key(l, name, pos);
    }
    int k = 0;
    while (k < N_KEYS && !hsn_str_eq(name, hsn_str_z(keys[k].name))) {
        k++;
    }
    if (k == N_KEYS) {
        char room[HSN_QUOTE];
        return complain(l, pos, "unknown key \"%s\"", hsn_rules_quote(room, name));
    }
    if (l->field[k].set) {
        return complain(l, pos, "\"%s\" is given twice", keys[k].name);
    }
    l->key = (enum key)k;
    return true;
}

static int on_close_object(void *ctx)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (l->state == IN_RULE) {
        l->state = IN_RULES;
        return take_rule(l);
    }
    l->state = AFTER;
    return l->rules_seen || complain(l, pos, "the file has no \"rules\"");
}

/* The value of `key` begins: is it of the right type? */
static bool open_value(struct loader *l, enum type type, size_t pos)
{
    struct field *f = &l->field[l->key];
    if (l->state != IN_RULE || keys[l->key].type != type) {
        return wrong_type(l, pos);
    }
    f->set = true;
    f->pos = pos;
    return true;
}

static int on_open_array(void *ctx)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (l->in_schema) {
        return wrong_type(l, pos);
    }
    if (l->state == IN_FILE) {
        l->state = IN_RULES;
        return true;
    }
    if (!open_value(l, STRINGS, pos)) {
        return false;
    }
    l->field[l->key].end = &l->field[l->key].first;
    l->state = IN_LIST;
    return true;
}

static int on_close_array(void *ctx)
{
    struct loader *l = ctx;
    (void)token_begin(l);
    l->state = l->state == IN_LIST ? IN_RULE : IN_FILE;
    return true;
}

static bool append_item(struct loader *l, hsn_str text, size_t pos)
{
    struct field *f = &l->field[l->key];
    struct item *i = hsn_arena_new(&l->zone, sizeof *i);
    if (i == NULL) {
        return out_of_memory(l);
    }
    *i = (struct item){text, pos, NULL};
    *f->end = i;
    f->end = &i->next;
    f->n++;
    return true;
}

static int on_string(void *ctx, const unsigned char *p, size_t n)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (l->in_schema) {
        l->in_schema = false;
        return true;
    }
    if (l->state != IN_LIST && !open_value(l, STRING, pos)) {
        return false;
    }
    const hsn_str text = keep(l, hsn_str_of(p, n));
    if (text.p == NULL) {
        return out_of_memory(l);
    }
    if (l->state == IN_LIST) {
        return append_item(l, text, pos);
    }
    l->field[l->key].text = text;
    return true;
}

static int on_number(void *ctx, const char *p, size_t n)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (!open_value(l, NUMBER, pos)) {
        return false;
    }
    unsigned long number = 0;
    for (size_t i = 0; i < n; i++) {
        if (!hsn_is_digit((unsigned char)p[i]) || number > MATCH_MAX) {
            return hsn_is_digit((unsigned char)p[i]) || wrong_type(l, pos);
        }
        number = number * 10 + (unsigned long)(p[i] - '0');
    }
    l->field[l->key].number = number;
    return true;
}

static int on_flag(void *ctx, int value)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (!open_value(l, FLAG, pos)) {
        return false;
    }
    l->field[l->key].flag = value != 0;
    return true;
}

static int on_null(void *ctx)
{
    struct loader *l = ctx;
    return wrong_type(l, token_begin(l));
}

/* ---------------------------------------------------------------- running yajl */

/* Blocks of the zone begin with their size: yajl grows them. */
struct zone_block {
    size_t n;
    alignas(max_align_t) unsigned char bytes[];
};

static void *zone_new(void *ctx, size_t n)
{
    struct loader *l = ctx;
    struct zone_block *b = n < ZONE_MAX ? hsn_arena_new(&l->zone, sizeof *b + n) : NULL;
    if (b == NULL) {
        longjmp(l->dry, 1);
    }
    b->n = n;
    return b->bytes;
}

static void *zone_grow(void *ctx, void *p, size_t n)
{
    void *bigger = zone_new(ctx, n);
    if (p != NULL) {
        const struct zone_block *b =
            (const void *)((unsigned char *)p - offsetof(struct zone_block, bytes));
        memcpy(bigger, p, b->n < n ? b->n : n);
    }
    return bigger;
}

static void zone_free(void *ctx, void *p)
{
    (void)ctx;
    (void)p; /* all at once, with the zone */
}

/* yajl's own words for a mistake in the JSON, in one line. */
static bool complain_syntax(struct loader *l, bool complete)
{
    const size_t used = l->base + yajl_get_bytes_consumed(l->yajl);
    unsigned char *text = yajl_get_error(l->yajl, 0, NULL, 0);
    const int n = (int)strcspn((const char *)text, "\n");
    const size_t pos = complete ? l->text.n : used > 0 ? used - 1 : 0;
    return complain(l, pos, "%.*s", n, (const char *)text);
}

static bool parse(struct loader *l)
{
    static const yajl_callbacks callbacks = {
        .yajl_null = on_null,
        .yajl_boolean = on_flag,
        .yajl_number = on_number,
        .yajl_string = on_string,
        .yajl_start_map = on_open_object,
        .yajl_map_key = on_key,
        .yajl_end_map = on_close_object,
        .yajl_start_array = on_open_array,
        .yajl_end_array = on_close_array,
    };
    yajl_alloc_funcs memory = {zone_new, zone_grow, zone_free, l};
    if (setjmp(l->dry) != 0) {
        return out_of_memory(l);
    }
    l->yajl = yajl_alloc(&callbacks, &memory, l);
    yajl_config(l->yajl, yajl_allow_comments, 1);
    yajl_config(l->yajl, yajl_allow_multiple_values, 1);
    yajl_status status = yajl_parse(l->yajl, l->text.p + l->base, l->text.n - l->base);
    const bool complete = status == yajl_status_ok;
    if (complete) {
        status = yajl_complete_parse(l->yajl);
    }
    if (status == yajl_status_error) {
        return complain_syntax(l, complete);
    }
    return status == yajl_status_ok;
}

hsn_step hsn_rules_load(harsan_rules *r, hsn_str text, const char *file, harsan_error *err)
{
    struct loader l = {.set = r, .text = text, .file = file, .err = err, .state = BEFORE};
    l.base = hsn_str_starts(text, HSN_S("\xef\xbb\xbf")) ? 3 : 0;
    l.at = l.base;
    if (text.n > FILE_MAX) {
        (void)complain(&l, 0, "the rule file is larger than %d bytes", FILE_MAX);
        return HSN_FAIL;
    }
    hsn_arena_init(&l.zone, ZONE_MAX);
    const bool good = parse(&l);
    hsn_arena_deinit(&l.zone);
    return good ? HSN_OK : HSN_FAIL;
}
