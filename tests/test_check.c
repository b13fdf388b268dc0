/*
 * The parts of `harsan check` that are functions of their arguments: patterns of names, positions,
 * dates; and the JSON Schemas in rules/, held against the rules and against what the reader takes.
 */
#include "cli_check.h"
#include "rule_draft.h"
#include "support.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- globs */

static void test_globs(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *path;
        bool is_dir;
        cli_glob want;
    } table[] = {
        {"*.har", "a.har", false, GLOB_EXCLUDE},
        {"*.har", "dir/sub/a.har", false, GLOB_EXCLUDE},
        {"*.har", "a.har.gz", false, GLOB_NO},
        {"a?.har", "ab.har", false, GLOB_EXCLUDE},
        {"a?.har", "a.har", false, GLOB_NO},
        {"[a-c].har", "b.har", false, GLOB_EXCLUDE},
        {"[!a-c].har", "b.har", false, GLOB_NO},
        {"[!a-c].har", "x.har", false, GLOB_EXCLUDE},
        {"[]x].har", "].har", false, GLOB_EXCLUDE},
        {"[a", "[a", false, GLOB_EXCLUDE},
        {"/a.har", "a.har", false, GLOB_EXCLUDE},
        {"/a.har", "dir/a.har", false, GLOB_NO},
        {"dir/*.har", "dir/a.har", false, GLOB_EXCLUDE},
        {"dir/*.har", "dir/sub/a.har", false, GLOB_NO},
        {"dir/*.har", "top/dir/a.har", false, GLOB_NO},
        {"**/dir/*.har", "top/dir/a.har", false, GLOB_EXCLUDE},
        {"**/dir/*.har", "dir/a.har", false, GLOB_EXCLUDE},
        {"**/a.har", "xa.har", false, GLOB_NO},
        {"dir/**", "dir/sub/a.har", false, GLOB_EXCLUDE},
        {"dir/**", "dir", true, GLOB_NO},
        {"a/**/b", "a/b", false, GLOB_EXCLUDE},
        {"a/**/b", "a/x/y/b", false, GLOB_EXCLUDE},
        {"a/**/b", "a/xb", false, GLOB_NO},
        {"a/**/x*/b", "a/1/x2/3/x4/b", false, GLOB_EXCLUDE},
        {"build/", "build", true, GLOB_EXCLUDE},
        {"build/", "build", false, GLOB_NO},
        {"build/", "sub/build", true, GLOB_EXCLUDE},
        {"!keep.har", "keep.har", false, GLOB_INCLUDE},
        {"\\!a.har", "!a.har", false, GLOB_EXCLUDE},
        {"\\*.har", "a.har", false, GLOB_NO},
        {"\\*.har", "*.har", false, GLOB_EXCLUDE},
        {"*a*b*c*d", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabc", false, GLOB_NO},
        {"", "a", false, GLOB_NO},
        {"*", "", false, GLOB_EXCLUDE},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        if (cli_glob_judge(table[i].pattern, table[i].path, table[i].is_dir) != table[i].want) {
            print_error("%s on %s\n", table[i].pattern, table[i].path);
            fail();
        }
    }
}

static void test_the_last_pattern_decides(void **state)
{
    (void)state;
    const char *words[] = {"*.har", "!keep.har", "old/"};
    const cli_list list = {words, COUNT(words)};
    assert_true(cli_glob_excludes(&list, "a.har", false));
    assert_false(cli_glob_excludes(&list, "sub/keep.har", false));
    assert_true(cli_glob_excludes(&list, "old/keep.har", false)); /* its directory is out */
    assert_true(cli_glob_excludes(&list, "x/old/sub/keep.har", false));
    assert_false(cli_glob_excludes(&list, "a.json", false));
}

/* ---------------------------------------------------------------- positions */

typedef struct place {
    const char *text; /* the position is that of the first ^ in it, which is taken out */
    uint64_t line, column, column16;
} place;

static void check_place(const place *p, size_t piece)
{
    char text[256];
    cli_check_spot spot = {0, 0, 0};
    cli_check_locator l;
    size_t at = strcspn(p->text, "^");
    snprintf(text, sizeof text, "%.*s%s", (int)at, p->text, p->text + at + 1);
    cli_check_query query = {at, &spot};
    cli_check_locate_begin(&l, &query, 1);
    for (size_t i = 0, n = strlen(text); i < n; i += piece) {
        cli_check_locate_feed(&l, (unsigned char *)text + i, n - i < piece ? n - i : piece);
    }
    cli_check_locate_end(&l);
    if (spot.line != p->line || spot.column != p->column || spot.column16 != p->column16) {
        print_error("%s in pieces of %zu: %llu:%llu, %llu\n", p->text, piece,
                    (unsigned long long)spot.line, (unsigned long long)spot.column,
                    (unsigned long long)spot.column16);
        fail();
    }
}

static void test_positions(void **state)
{
    (void)state;
    static const place table[] = {
        {"^abc", 1, 1, 1},
        {"ab^c", 1, 3, 3},
        {"abc^", 1, 4, 4},
        {"a\nb^c", 2, 2, 2},
        {"a\r\nb^c", 2, 2, 2},
        {"a^\r\nbc", 1, 2, 2},
        {"a\n\n\n^", 4, 1, 1},
        {"\xef\xbb\xbf^abc", 1, 1, 1},
        {"\xef\xbb\xbf{^", 1, 2, 2},
        {"\xef\xbb\xbf\n{^", 2, 2, 2},
        {"\xef\xbb.^", 1, 3, 3}, /* no mark, nor a character */
        {"gr\xc3\xb6\xc3\x9f"
         "e^",
         1, 6, 6},                      /* two bytes each */
        {"\xe2\x82\xac^", 1, 2, 2},     /* three */
        {"\xf0\x9f\x98\x80^", 1, 2, 3}, /* four: two units of UTF-16 */
        {"\xf0\x9f\x98\x80\n\xf0\x9f\x98\x80x^", 2, 3, 4},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        for (size_t piece = 1; piece < 12; piece++) {
            check_place(&table[i], piece);
        }
    }
}

/* ---------------------------------------------------------------- dates */

static void test_dates(void **state)
{
    (void)state;
    static const char *const good[] = {"2026-11-21", "2024-02-29", "2000-02-29", "0001-01-01"};
    static const char *const bad[] = {"2026-13-01", "2026-00-10", "2026-04-31", "2023-02-29",
                                      "1900-02-29", "26-11-21",   "2026-1-1",   "2026/11/21",
                                      "2026-11-2x", "",           "2026-11-210"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(cli_time_is_date(good[i]));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(cli_time_is_date(bad[i]));
    }
}

/* ---------------------------------------------------------------- schemas */

static const cli_node *child(const cli_node *n, const char *key)
{
    for (const cli_node *c = n->first; c != NULL; c = c->next) {
        if (c->key != NULL && strcmp(c->key, key) == 0) {
            return c;
        }
    }
    return NULL;
}

static void open_tree(cli_tree *t, const char *name)
{
    if (cli_tree_read(t, name, BIG) != CLI_OK) {
        fail();
    }
}

/* The words that a property, or its items, may be; NULL when any will do. */
static const cli_node *words_of(const cli_node *property)
{
    const cli_node *items = child(property, "items");
    return child(items != NULL ? items : property, "enum");
}

static bool has_word(const cli_node *words, const char *text)
{
    for (const cli_node *w = words->first; w != NULL; w = w->next) {
        if (strcmp(w->text, text) == 0) {
            return true;
        }
    }
    return false;
}

static void check_value(const char *file, const cli_node *value, const cli_node *property)
{
    const cli_node *words = words_of(property);
    const cli_node *first = value->kind == TREE_ARRAY ? value->first : value;
    for (const cli_node *v = first; words != NULL && v != NULL;
         v = value->kind == TREE_ARRAY ? v->next : NULL) {
        if (!has_word(words, v->text)) {
            print_error("%s: \"%s\": \"%s\" is not in the schema\n", file, value->key, v->text);
            fail();
        }
    }
}

static void check_rule_file(const char *file, const cli_node *properties)
{
    cli_tree t;
    open_tree(&t, file);
    for (const cli_node *r = child(t.root, "rules")->first; r != NULL; r = r->next) {
        for (const cli_node *k = r->first; k != NULL; k = k->next) {
            const cli_node *property = child(properties, k->key);
            if (property == NULL) {
                print_error("%s: \"%s\" is not in the schema\n", file, k->key);
                fail();
            }
            check_value(file, k, property);
        }
    }
    cli_tree_free(&t);
}

static void test_the_schema_knows_the_rules(void **state)
{
    (void)state;
    cli_tree schema;
    glob_t found;
    open_tree(&schema, "rules/rules.schema.json");
    const cli_node *rule = child(child(schema.root, "definitions"), "rule");
    assert_int_equal(glob("rules/[0-9]*.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        check_rule_file(found.gl_pathv[i], child(rule, "properties"));
    }
    globfree(&found);
    cli_tree_free(&schema);
}

/* What the reader of rules says to a rule of one key. */
static void parse_one(const char *key, const char *value, harsan_error *err)
{
    char text[256];
    harsan_rules *rules;
    snprintf(text, sizeof text,
             "{\"rules\": [{\"id\": \"x\", \"what\": \"x\", %s"
             "\"hit\": [\"a=b\"], \"miss\": [\"a=c\"], \"names\": [\"a\"], "
             "\"%s\": %s}]}",
             strcmp(key, "category") == 0 ? "" : "\"category\": \"other\", ", key, value);
    if (harsan_rules_parse(&rules, text, strlen(text), false, 0, err) == HARSAN_OK) {
        harsan_rules_free(rules);
    }
}

/* Every word of the schema is known to the reader, in its place. */
static void check_words(const cli_node *property)
{
    const cli_node *words = words_of(property);
    bool list = child(property, "items") != NULL;
    for (const cli_node *w = words != NULL ? words->first : NULL; w != NULL; w = w->next) {
        char value[64];
        harsan_error err = {0};
        snprintf(value, sizeof value, list ? "[\"%s\"]" : "\"%s\"", w->text);
        parse_one(property->key, value, &err);
        if (strstr(err.message, "unknown") != NULL) {
            print_error("\"%s\": %s\n", property->key, err.message);
            fail();
        }
    }
}

static void test_the_reader_knows_the_schema(void **state)
{
    (void)state;
    cli_tree schema;
    open_tree(&schema, "rules/rules.schema.json");
    const cli_node *rule = child(child(schema.root, "definitions"), "rule");
    size_t n = 0;
    for (const cli_node *p = child(rule, "properties")->first; p != NULL; p = p->next) {
        harsan_error err = {0};
        parse_one(p->key, "null", &err);
        if (strstr(err.message, "unknown") != NULL || err.code == HARSAN_OK) {
            print_error("\"%s\": %s\n", p->key, err.message);
            fail();
        }
        check_words(p);
        n++;
    }
    assert_true(n > 20);
    cli_tree_free(&schema);
}

/* And whatever the reader knows, editors offer. */
static void test_the_schema_knows_the_reader(void **state)
{
    (void)state;
    cli_tree schema;
    open_tree(&schema, "rules/rules.schema.json");
    const cli_node *rule = child(child(schema.root, "definitions"), "rule");
    size_t n = 0;
    for (int k = 0; k < HSN_N_KEYS; k++) {
        const char *key = hsn_key_name((hsn_key)k);
        const cli_node *property = child(child(rule, "properties"), key);
        const hsn_word *w = hsn_key_words((hsn_key)k);
        if (property == NULL) {
            fail_msg("\"%s\" is not in the schema", key);
        }
        for (; w != NULL && w->name != NULL; w++, n++) {
            if (words_of(property) == NULL || !has_word(words_of(property), w->name)) {
                fail_msg("\"%s\": \"%s\" is not in the schema", key, w->name);
            }
        }
    }
    assert_true(n > 50);
    cli_tree_free(&schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_globs),
        cmocka_unit_test(test_the_last_pattern_decides),
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_the_schema_knows_the_rules),
        cmocka_unit_test(test_the_reader_knows_the_schema),
        cmocka_unit_test(test_the_schema_knows_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
