/*
 * The built-in rules, and the templates of their samples: tokens are made when the test runs.
 */
#include "rule_text.h"

/* ---------------------------------------------------------------- the built-in set */

static size_t count_rules(const harsan_rules *r)
{
    size_t n = 0;
    while (hsn_rules_at(r, n) != NULL) {
        n++;
    }
    return n;
}

static harsan_rules *builtin(unsigned packs)
{
    harsan_rules *r = NULL;
    harsan_error err;
    if (harsan_rules_default(&r, packs, &err) != HARSAN_OK) {
        fail_msg("%s at %u:%u", err.message, (unsigned)err.line, (unsigned)err.column);
    }
    return r;
}

static void own_rules_come_before_the_built_in_ones(void **state)
{
    (void)state;
    harsan_rules *base = builtin(0);
    const size_t n = count_rules(base);
    assert_true(n >= 2);
    char text[1024];
    snprintf(text, sizeof text,
             FILE_OF("{\"id\":\"%s\",\"off\":true}," NAME_RULE("%s", "\"mine\"", "")
                     ",{\"id\":\"unknown\",\"off\":true}"),
             hsn_rules_at(base, 0)->id, hsn_rules_at(base, 1)->id);
    harsan_rules *r = NULL;
    assert_int_equal(harsan_rules_parse(&r, text, strlen(text), true, 0, NULL), HARSAN_OK);
    assert_int_equal(count_rules(r), n - 1);
    assert_string_equal(hsn_rules_at(r, 0)->id, hsn_rules_at(base, 1)->id);
    assert_string_equal(rule_id_of_name(r, "mine", HSN_IN_KEY), hsn_rules_at(base, 1)->id);
    for (size_t i = 0; i < n - 1; i++) {
        assert_string_not_equal(hsn_rules_at(r, i)->id, hsn_rules_at(base, 0)->id);
        assert_int_equal(hsn_rules_at(r, i)->index, i);
    }
    assert_string_not_equal(harsan_rules_version(r), harsan_rules_version(base));
    harsan_rules_free(r);
    harsan_rules_free(base);
}

/* An exact name of the caller's is not overruled by a built-in keep, nor the other way round. */
static void own_exact_names_win(void **state)
{
    (void)state;
    const char *const text =
        FILE_OF(NAME_RULE("mine", "\"etag\",\"token_type\"", ",\"match\":\"exact\"")
                "," NAME_RULE("kept", "\"password\",\"jsessionid\"",
                              ",\"match\":\"exact\",\"action\":\"keep\""));
    harsan_rules *base = builtin(0);
    harsan_rules *r = NULL;
    assert_int_equal(harsan_rules_parse(&r, text, strlen(text), true, 0, NULL), HARSAN_OK);
    assert_string_equal(rule_id_of_name(base, "ETag", HSN_IN_HEADER), "header-keep");
    assert_string_equal(rule_id_of_name(r, "ETag", HSN_IN_HEADER), "mine");
    assert_string_equal(rule_id_of_name(r, "token_type", HSN_IN_KEY), "mine");
    assert_string_equal(rule_id_of_name(r, "password", HSN_IN_KEY), "kept");
    assert_string_equal(rule_id_of_name(r, "JSESSIONID", HSN_IN_COOKIE), "kept");
    harsan_rules_free(r);
    harsan_rules_free(base);
}

/* Does `rule`, or any rule when it is NULL, match anywhere in the text? */
static bool matches_somewhere(const harsan_rules *r, hsn_matcher *m, hsn_str text,
                              const hsn_rule *rule)
{
    for (size_t at = 0; at < text.n; at++) {
        hsn_hit hit;
        const unsigned where = rule != NULL ? rule->where : HSN_IN_ANY;
        if (hsn_is_alnum(text.p[at]) && (at == 0 || !hsn_is_alnum(text.p[at - 1])) &&
            (hsn_rules_match_at(r, m, text, at, where, &hit) ||
             hsn_rules_match_inside(r, m, text, at, where, &hit)) &&
            (rule == NULL || hit.rule == rule)) {
            return true;
        }
    }
    return false;
}

static size_t try_samples(const harsan_rules *r, hsn_matcher *m, size_t i, bool hit)
{
    const hsn_rule *rule = hsn_rules_at(r, i);
    const hsn_samples s = hsn_rules_samples(r, i);
    size_t wrong = 0;
    for (size_t k = 0; k < (hit ? s.n_hit : s.n_miss); k++) {
        const hsn_str template = hit ? s.hit[k] : s.miss[k];
        hsn_buf text;
        hsn_buf_init(&text, 1 << 20);
        const bool filled = hsn_sample_fill(&text, template, SEED, NULL);
        /* A name rule's samples need the guards: they are tried with the inspector. */
        if (!filled || (rule->regex != NULL &&
                        matches_somewhere(r, m, hsn_buf_str(&text), hit ? NULL : rule) != hit)) {
            print_error("%s: %s %.*s\n", rule->id, filled ? hit ? "no hit:" : "a hit:" : "template",
                        (int)template.n, template.p);
            wrong++;
        }
        hsn_buf_deinit(&text);
    }
    return wrong;
}

static void built_in_patterns_know_their_samples(void **state)
{
    (void)state;
    harsan_rules *r = builtin(HARSAN_PACK_PII | HARSAN_PACK_NETWORK | HARSAN_PACK_STRICT);
    hsn_matcher *m = hsn_matcher_new();
    size_t wrong = 0;
    for (size_t i = 0; hsn_rules_at(r, i) != NULL; i++) {
        wrong += try_samples(r, m, i, true) + try_samples(r, m, i, false);
    }
    assert_int_equal(wrong, 0);
    hsn_matcher_free(m);
    harsan_rules_free(r);
}

/* ---------------------------------------------------------------- samples */

static void fill(hsn_buf *out, const char *template)
{
    harsan_error err = {.code = HARSAN_OK};
    hsn_buf_init(out, 1 << 16);
    if (!hsn_sample_fill(out, hsn_str_z(template), SEED, &err)) {
        fail_msg("%s: %s", template, err.message);
    }
}

static void templates_are_filled(void **state)
{
    (void)state;
    static const struct {
        const char *template;
        const char *shape; /* X any character of `set`, others as they stand */
        const char *set;
    } cases[] = {
        {"a{{b}c", "a{b}c", ""},
        {"{{{4 digits}", "{XXXX", "0123456789"},
        {"p_{6 lower}.", "p_XXXXXX.", "abcdefghijklmnopqrstuvwxyz0123456789"},
        {"{5 hex}-{2 hex}", "XXXXX-XX", "0123456789abcdef"},
        {"{8 base32}", "XXXXXXXX", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"},
        {"{3 upper}", "XXX", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
        {"{uuid}", "XXXXXXXX-XXXX-4XXX-XXXX-XXXXXXXXXXXX", "0123456789abcdef"},
        {"{phone}", "+49 30 23125XXX", "0123456789"},
        {"", "", ""},
    };
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        hsn_buf out;
        fill(&out, cases[i].template);
        const char *shape = cases[i].shape;
        assert_int_equal(out.n, strlen(shape));
        for (size_t k = 0; k < out.n; k++) {
            const bool good = shape[k] == 'X' ? strchr(cases[i].set, out.p[k]) != NULL
                                              : out.p[k] == (unsigned char)shape[k];
            assert_true(good);
        }
        hsn_buf_deinit(&out);
    }
}

static void samples_pass_their_validators(void **state)
{
    (void)state;
    static const struct {
        const char *template;
        const char *check;
    } cases[] = {
        {"g" "hp_{30 alnum}{crc:github}", "github-crc32"},
        {"n" "pm_{30 alnum}{crc:npm}", "github-crc32"},
        {"gl" "sa_{32 alnum}_{crc:grafana}", "grafana-crc32"},
        {"{jwt}", "jwt"},
        {"5{luhn:15}", "luhn"},
        {"4539 1234 {luhn:8}", "luhn"},
        {"{luhn:2}", "luhn"},
        {"{40 b64}", "entropy"},
    };
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        hsn_buf out;
        fill(&out, cases[i].template);
        if (!hsn_check_by_name(hsn_str_z(cases[i].check))(hsn_buf_str(&out))) {
            fail_msg("%s is not %s: %.*s", cases[i].template, cases[i].check, (int)out.n, out.p);
        }
        hsn_buf_deinit(&out);
    }
    hsn_buf out;
    size_t begin;
    fill(&out, "{email}");
    assert_int_equal(hsn_email_in_text(hsn_buf_str(&out), 14, &begin), out.n);
    hsn_buf_deinit(&out);
    fill(&out, "{phone}");
    assert_int_equal(hsn_phone_in_text(hsn_buf_str(&out), 0), out.n);
    hsn_buf_deinit(&out);
}

static void samples_depend_on_template_and_seed(void **state)
{
    (void)state;
    static const struct {
        const char *template;
        uint64_t seed;
    } cases[] = {{"{20 alnum}", 1}, {"{20 alnum}", 2}, {"{20 b64}", 1}, {"{20 alnum}", 1}};
    hsn_buf out[HSN_COUNT(cases)];
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        hsn_buf_init(&out[i], 64);
        assert_true(hsn_sample_fill(&out[i], hsn_str_z(cases[i].template), cases[i].seed, NULL));
    }
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        assert_int_equal(hsn_str_eq(hsn_buf_str(&out[0]), hsn_buf_str(&out[i])), i % 3 == 0);
    }
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        hsn_buf_deinit(&out[i]);
    }
}

static void wrong_templates_are_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "{",          "{}",          "x{token}", "{3}",      "{3 }",       "{3 alpha}",
        "{0 alnum}",  "{9999 hex}",  "{luhn:}",  "{luhn:0}", "{luhn:3x}",  "{crc:}",
        "{99999999999999999999999 hex}", "{ 3 hex}", "{3 hex", "{crc:none}",
    };
    for (size_t i = 0; i < HSN_COUNT(cases); i++) {
        hsn_buf out;
        harsan_error err = {.code = HARSAN_OK};
        hsn_buf_init(&out, 1 << 16);
        assert_false(hsn_sample_fill(&out, hsn_str_z(cases[i]), SEED, &err));
        assert_int_equal(err.code, HARSAN_E_RULES);
        hsn_buf_deinit(&out);
    }
    hsn_buf small;
    harsan_error err = {.code = HARSAN_OK};
    hsn_buf_init(&small, 8);
    assert_false(hsn_sample_fill(&small, HSN_S("{luhn:16}"), SEED, &err));
    assert_int_equal(err.code, HARSAN_E_NOMEM);
    hsn_buf_deinit(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_rules_come_before_the_built_in_ones),
        cmocka_unit_test(own_exact_names_win),
        cmocka_unit_test(built_in_patterns_know_their_samples),
        cmocka_unit_test(templates_are_filled),
        cmocka_unit_test(samples_pass_their_validators),
        cmocka_unit_test(samples_depend_on_template_and_seed),
        cmocka_unit_test(wrong_templates_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
