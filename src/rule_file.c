/*
 * Rule files: a text in, entries of the rule set out. The format is told at the top of rule.h.
 *
 * yajl checks the grammar and calls back token by token; a rule is collected key by key and judged
 * (rule_judge.c) at its closing brace. Nothing is corrected or ignored: what the format does not
 * know is an error with line and column.
 * yajl checks no allocation: it draws on an arena that, when it runs dry, jumps back out of yajl.
 * No callback of this file holds anything at that moment that the arenas do not own.
 */
#include "rule_draft.h"

#include <setjmp.h>
#include <yajl/yajl_parse.h>

/* Some hundred times what people write; bounds what a hostile file can make us hold. */
enum { FILE_MAX = 4 << 20, ZONE_MAX = 128 << 20 };

enum state {
    BEFORE,   /* the file's object has not begun */
    IN_FILE,  /* between its keys, or at the value of "rules" */
    IN_RULES, /* between rules */
    IN_RULE,  /* between keys, or at the value of `key` */
    IN_LIST,  /* in the list under `key` */
    AFTER
};

struct loader {
    hsn_draft draft; /* of the rule that is read */
    yajl_handle yajl;
    hsn_arena zone; /* of yajl, and of the items */
    jmp_buf dry;    /* the zone is */
    size_t base;    /* where yajl's text begins: behind a byte order mark */
    enum state state;
    bool rules_seen;
    bool in_schema; /* at the value of "$schema", which is for editors */
    hsn_key key;
};

/* ---------------------------------------------------------------- values */

/* For a value that does not fit where it stands. */
static bool wrong_type(struct loader *l, size_t pos)
{
    static const char *const want[] = {
        [HSN_KEY_IS_STRING] = "a string",
        [HSN_KEY_IS_STRINGS] = "a list of strings",
        [HSN_KEY_IS_NUMBER] = "a whole number",
        [HSN_KEY_IS_FLAG] = "true or false",
    };
    if (l->state == IN_RULE || l->state == IN_LIST) {
        return hsn_draft_complain(&l->draft, pos, "\"%s\" must be %s", hsn_key_name(l->key),
                                  want[hsn_key_type_of(l->key)]);
    }
    return hsn_draft_complain(&l->draft, pos,
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
    const hsn_str s = l->draft.text;
    size_t at = l->draft.at;
    while (at < s.n) {
        if (s.p[at] == '/') {
            at = skip_comment(s, at);
        } else if (hsn_is_space(s.p[at]) || s.p[at] == ',' || s.p[at] == ':') {
            at++;
        } else {
            break;
        }
    }
    l->draft.at = l->base + yajl_get_bytes_consumed(l->yajl);
    return at;
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
    l->draft.rule_pos = pos;
    memset(l->draft.said, 0, sizeof l->draft.said);
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
        return hsn_draft_complain(&l->draft, pos, "unknown key \"%s\" beside \"rules\"",
                                  hsn_rules_quote(room, name));
    }
    if (l->rules_seen) {
        return hsn_draft_complain(&l->draft, pos, "\"rules\" is given twice");
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
    const hsn_key k = hsn_key_by_name(name);
    if (k == HSN_N_KEYS) {
        char room[HSN_QUOTE];
        return hsn_draft_complain(&l->draft, pos, "unknown key \"%s\"",
                                  hsn_rules_quote(room, name));
    }
    if (l->draft.said[k].set) {
        return hsn_draft_complain(&l->draft, pos, "\"%s\" is given twice", hsn_key_name(k));
    }
    l->key = (enum hsn_key)k;
    return true;
}

static int on_close_object(void *ctx)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (l->state == IN_RULE) {
        l->state = IN_RULES;
        return hsn_draft_judge(&l->draft);
    }
    l->state = AFTER;
    return l->rules_seen || hsn_draft_complain(&l->draft, pos, "the file has no \"rules\"");
}

/* The value of `key` begins: is it of the right type? */
static bool open_value(struct loader *l, hsn_key_type type, size_t pos)
{
    hsn_said *f = &l->draft.said[l->key];
    if (l->state != IN_RULE || hsn_key_type_of(l->key) != type) {
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
    if (!open_value(l, HSN_KEY_IS_STRINGS, pos)) {
        return false;
    }
    l->draft.said[l->key].end = &l->draft.said[l->key].first;
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

/* A copy that lives as long as the set, with a NUL behind it. p is NULL without memory. */
static hsn_str keep(struct loader *l, hsn_str s)
{
    unsigned char *p = hsn_arena_new(&l->draft.set->arena, s.n + 1);
    if (p == NULL) {
        return (hsn_str){0};
    }
    memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return hsn_str_of(p, s.n);
}

static bool append_item(struct loader *l, hsn_str text, size_t pos)
{
    hsn_said *f = &l->draft.said[l->key];
    hsn_item *i = hsn_arena_new(&l->zone, sizeof *i);
    if (i == NULL) {
        return hsn_draft_no_memory(&l->draft);
    }
    *i = (struct hsn_item){text, pos, NULL};
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
    if (l->state != IN_LIST && !open_value(l, HSN_KEY_IS_STRING, pos)) {
        return false;
    }
    const hsn_str text = keep(l, hsn_str_of(p, n));
    if (text.p == NULL) {
        return hsn_draft_no_memory(&l->draft);
    }
    if (l->state == IN_LIST) {
        return append_item(l, text, pos);
    }
    l->draft.said[l->key].text = text;
    return true;
}

static int on_number(void *ctx, const char *p, size_t n)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (!open_value(l, HSN_KEY_IS_NUMBER, pos)) {
        return false;
    }
    unsigned long number = 0;
    for (size_t i = 0; i < n; i++) {
        if (!hsn_is_digit((unsigned char)p[i])) {
            return wrong_type(l, pos);
        }
        if (number <= HSN_MATCH_MAX) { /* one beyond every limit will do to be refused */
            number = number * 10 + (unsigned long)(p[i] - '0');
        }
    }
    l->draft.said[l->key].number = number;
    return true;
}

static int on_flag(void *ctx, int value)
{
    struct loader *l = ctx;
    const size_t pos = token_begin(l);
    if (!open_value(l, HSN_KEY_IS_FLAG, pos)) {
        return false;
    }
    l->draft.said[l->key].flag = value != 0;
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
    const size_t pos = complete ? l->draft.text.n : used > 0 ? used - 1 : 0;
    return hsn_draft_complain(&l->draft, pos, "%.*s", n, (const char *)text);
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
        return hsn_draft_no_memory(&l->draft);
    }
    l->yajl = yajl_alloc(&callbacks, &memory, l);
    yajl_config(l->yajl, yajl_allow_comments, 1);
    yajl_config(l->yajl, yajl_allow_multiple_values, 1);
    yajl_status status = yajl_parse(l->yajl, l->draft.text.p + l->base, l->draft.text.n - l->base);
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
    struct loader l = {.draft = {.set = r, .text = text, .file = file, .err = err},
                       .state = BEFORE};
    l.base = hsn_str_starts(text, HSN_S("\xef\xbb\xbf")) ? 3 : 0;
    l.draft.at = l.base;
    if (text.n > FILE_MAX) {
        (void)hsn_draft_complain(&l.draft, 0, "the rule file is larger than %d bytes", FILE_MAX);
        return HSN_FAIL;
    }
    hsn_arena_init(&l.zone, ZONE_MAX);
    const bool good = parse(&l);
    hsn_arena_deinit(&l.zone);
    return good ? HSN_OK : HSN_FAIL;
}
