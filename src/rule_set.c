/*
 * The rule set: texts of rule files in, an immutable set out, and the public functions about it.
 *
 * The caller's file is read before the built-in ones, so its rules stand first: they win where two
 * rules are equal, and a built-in rule of the same id is left out. Rules of a pack that is not
 * switched on are listed, and in no table.
 */
#include "rule_set.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* The built-in files take well under 2 MiB; a file of the caller is bounded by rule_file.c. */
enum { ARENA_MAX = 256 << 20 };
enum { PACKS = HARSAN_PACK_PII | HARSAN_PACK_NETWORK | HARSAN_PACK_STRICT };

/* ---------------------------------------------------------------- messages */

const char *hsn_rules_quote(char room[HSN_QUOTE], hsn_str s)
{
    const size_t n = s.n < HSN_QUOTE - 4 ? s.n : HSN_QUOTE - 4;
    for (size_t i = 0; i < n; i++) {
        room[i] = s.p[i] >= ' ' && s.p[i] < 0x7f ? (char)s.p[i] : '?';
    }
    memcpy(room + n, n < s.n ? "..." : "", n < s.n ? 4 : 1);
    return room;
}

hsn_step hsn_rules_blame(harsan_error *err, hsn_str text, size_t pos, const char *file,
                         const char *message)
{
    if (err->code != HARSAN_OK) {
        return HSN_FAIL;
    }
    err->line = 1;
    size_t line_start = 0;
    for (size_t i = 0; i < pos && i < text.n; i++) {
        if (text.p[i] == '\n') {
            err->line++;
            line_start = i + 1;
        }
    }
    err->column = pos - line_start + 1;
    return hsn_fail(err, HARSAN_E_RULES, pos, "%s%s%s", file != NULL ? file : "",
                    file != NULL ? ": " : "", message);
}

/* ---------------------------------------------------------------- settling */

/* By id; of the same id in order of reading. */
static int compare_ids(const void *a, const void *b)
{
    const hsn_entry *x = *(hsn_entry *const *)a;
    const hsn_entry *y = *(hsn_entry *const *)b;
    const int c = strcmp(x->rule.id, y->rule.id);
    if (c != 0) {
        return c;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

static hsn_step no_memory(harsan_error *err)
{
    return hsn_fail(err, HARSAN_E_NOMEM, 0, "no memory for the rules");
}

/* The first of an id stands. Twice in the caller's file, or twice among the built-in ones, is an
 * error. */
static hsn_step settle_ids(hsn_entry **sorted, size_t n, harsan_error *err)
{
    for (size_t i = 1; i < n; i++) {
        const hsn_entry *before = sorted[i - 1];
        hsn_entry *e = sorted[i];
        if (strcmp(before->rule.id, e->rule.id) != 0) {
            continue;
        }
        if ((before->file == NULL) == (e->file == NULL)) {
            char message[HSN_QUOTE + 32];
            snprintf(message, sizeof message, "id \"%.*s\" is used twice", HSN_QUOTE, e->rule.id);
            return hsn_rules_blame(err, e->text, e->pos, e->file, message);
        }
        e->replaced = true;
    }
    return HSN_OK;
}

static hsn_step settle(harsan_rules *r, harsan_error *err)
{
    hsn_entry **sorted = hsn_arena_new(&r->arena, r->n_read * sizeof(hsn_entry *));
    r->entry = hsn_arena_new(&r->arena, r->n_read * sizeof(hsn_entry *));
    if (sorted == NULL || r->entry == NULL) {
        return no_memory(err);
    }
    size_t n = 0;
    for (hsn_entry *e = r->first; e != NULL; e = e->next) {
        sorted[n++] = e;
    }
    qsort(sorted, n, sizeof *sorted, compare_ids);
    if (settle_ids(sorted, n, err) != HSN_OK) {
        return HSN_FAIL;
    }
    for (hsn_entry *e = r->first; e != NULL; e = e->next) {
        if (e->off || e->replaced) {
            continue;
        }
        e->rule.index = (uint32_t)r->n_entries;
        e->active = e->rule.pack_bit == 0 || (e->rule.pack_bit & r->packs) != 0;
        r->n_active += e->active;
        if (e->active && r->detector[e->rule.detect] == NULL) {
            r->detector[e->rule.detect] = &e->rule;
        }
        r->entry[r->n_entries++] = e;
    }
    return HSN_OK;
}

/* ---------------------------------------------------------------- digest */

static void digest_text(crypto_generichash_state *state, hsn_str text)
{
    unsigned char len[8]; /* so that no two rows of texts run together alike */
    for (size_t i = 0; i < sizeof len; i++) {
        len[i] = (unsigned char)((uint64_t)text.n >> (8 * i));
    }
    crypto_generichash_update(state, len, sizeof len);
    crypto_generichash_update(state, text.p, text.n);
}

/* Of the texts, the caller's first, and the packs. */
static void set_version(harsan_rules *r, hsn_str text, bool with_default)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, crypto_generichash_BYTES_MIN);
    digest_text(&state, text);
    for (size_t i = 0; with_default && i < hsn_n_builtin_rules; i++) {
        digest_text(&state, hsn_str_of(hsn_builtin_rules[i].text, hsn_builtin_rules[i].len));
    }
    const unsigned char packs = (unsigned char)r->packs;
    crypto_generichash_update(&state, &packs, 1);
    unsigned char digest[crypto_generichash_BYTES_MIN];
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(r->version, sizeof r->version, digest, 8);
}

/* ---------------------------------------------------------------- public */

static hsn_step load_all(harsan_rules *r, hsn_str text, bool with_default, harsan_error *err)
{
    if (text.n > 0 && hsn_rules_load(r, text, NULL, err) != HSN_OK) {
        return HSN_FAIL;
    }
    for (size_t i = 0; with_default && i < hsn_n_builtin_rules; i++) {
        const struct hsn_builtin *b = &hsn_builtin_rules[i];
        if (hsn_rules_load(r, hsn_str_of(b->text, b->len), b->name, err) != HSN_OK) {
            return HSN_FAIL;
        }
    }
    return settle(r, err);
}

static hsn_step make(harsan_rules *r, hsn_str text, bool with_default, harsan_error *err)
{
    r->pcre = hsn_pcre_new(&r->spare);
    if (r->pcre == NULL) {
        return no_memory(err);
    }
    if (load_all(r, text, with_default, err) != HSN_OK) {
        return HSN_FAIL;
    }
    if (!hsn_names_build(r) || !hsn_anchors_build(r)) {
        return no_memory(err);
    }
    hsn_regexes_speed_up(r);
    set_version(r, text, with_default);
    return HSN_OK;
}

harsan_status harsan_rules_parse(harsan_rules **out, const void *text, size_t len,
                                 bool with_default, unsigned packs, harsan_error *err)
{
    harsan_error unwanted = {.code = HARSAN_OK};
    err = err != NULL ? err : &unwanted;
    *err = (harsan_error){.code = HARSAN_OK};
    *out = NULL;
    if ((text == NULL && len > 0) || (packs & ~(unsigned)PACKS) != 0) {
        (void)hsn_fail(err, HARSAN_E_USAGE, 0, "no rule text, or an unknown pack");
        return err->code;
    }
    harsan_rules *r = hsn_mem_zero(1, sizeof *r);
    if (r == NULL) {
        (void)no_memory(err);
        return err->code;
    }
    hsn_arena_init(&r->arena, ARENA_MAX);
    r->packs = packs;
    if (make(r, hsn_str_of(text, len), with_default, err) != HSN_OK) {
        harsan_rules_free(r);
        return err->code;
    }
    *out = r;
    return HARSAN_OK;
}

harsan_status harsan_rules_default(harsan_rules **out, unsigned packs, harsan_error *err)
{
    return harsan_rules_parse(out, NULL, 0, true, packs, err);
}

const char *harsan_rules_version(const harsan_rules *r)
{
    return r->version;
}

bool harsan_rules_info(const harsan_rules *r, size_t i, harsan_rule_info *out)
{
    const hsn_rule *rule = hsn_rules_at(r, i);
    if (rule == NULL) {
        return false;
    }
    *out = (harsan_rule_info){rule->id, rule->what, rule->category, rule->pack, rule->confidence};
    return true;
}

void harsan_rules_free(harsan_rules *r)
{
    if (r == NULL) {
        return;
    }
    for (hsn_entry *e = r->first; e != NULL; e = e->next) {
        hsn_regex_free(e->rule.regex);
    }
    hsn_pcre_free(r->pcre);
    hsn_mem_free(r->spare.block);
    hsn_arena_deinit(&r->arena);
    hsn_mem_free(r);
}

/* ---------------------------------------------------------------- shared inside */

const hsn_rule *hsn_rules_at(const harsan_rules *r, size_t i)
{
    return i < r->n_entries ? &r->entry[i]->rule : NULL;
}

hsn_samples hsn_rules_samples(const harsan_rules *r, size_t i)
{
    const hsn_entry *e = r->entry[i];
    return (hsn_samples){e->hit.at, e->hit.n, e->miss.at, e->miss.n};
}

const hsn_rule *hsn_rules_detector(const harsan_rules *r, hsn_detect which)
{
    return which != HSN_DETECT_NONE ? r->detector[which] : NULL;
}

bool hsn_rules_empty(const harsan_rules *r)
{
    return r->n_active == 0;
}
