/*
 * Rule files: any text is refused with its line and column or makes a set that can be listed, run
 * over its own examples and put to work without breaking what it cleans.
 *
 * Input: packs and whether the built-in rules come first, then the text.
 */
#include "check.h"
#include "said.h"

#include "rule.h"

enum { ALL_PACKS = 7, WITH_DEFAULT = 0xF8 };

static const char har[] =
    "{\"log\":{\"version\":\"1.2\",\"entries\":[{\"request\":{\"method\":\"POST\","
    "\"url\":\"https://u:p@example.net/a?token=abc123&page=2\",\"headers\":["
    "{\"name\":\"Cookie\",\"value\":\"sid=4f9a8c77e1; theme=dark\"}],\"postData\":{\"text\":"
    "\"{\\\"password\\\":\\\"hunter42\\\",\\\"n\\\":17}\"}}}]},\"tok-abc123\":12345}";

static void ignore_failure(void *ctx, const char *rule, const char *kind, size_t i)
{
    (void)ctx;
    (void)i;
    REQUIRE(rule != NULL && kind != NULL);
}

static void list(const harsan_rules *rules)
{
    harsan_rule_info info;
    size_t n = 0;
    while (harsan_rules_info(rules, n, &info)) {
        REQUIRE(info.id[0] != '\0' && info.what != NULL && info.category != NULL);
        REQUIRE(hsn_rules_at(rules, n) != NULL);
        n++;
    }
    REQUIRE(hsn_rules_at(rules, n) == NULL);
}

/* Without the examples of the built-in rules, which are the same every time. */
static void fill_samples(const harsan_rules *rules)
{
    hsn_buf sample;
    hsn_buf_init(&sample, 1 << 20);
    for (size_t i = 0; hsn_rules_at(rules, i) != NULL; i++) {
        hsn_samples s = hsn_rules_samples(rules, i);
        for (size_t k = 0; k < s.n_hit + s.n_miss; k++) {
            harsan_error err = {0};
            bool ok =
                hsn_sample_fill(&sample, k < s.n_hit ? s.hit[k] : s.miss[k - s.n_hit], k, &err);
            REQUIRE(ok || err.code != HARSAN_OK);
            hsn_buf_reset(&sample);
        }
    }
    hsn_buf_deinit(&sample);
}

static void work(const harsan_rules *rules)
{
    hsn_buf out = new_buf();
    harsan_options options = {.key = {1}, .write = collect, .write_ctx = &out, .one_pass = true};
    harsan *h;
    harsan_error err;
    REQUIRE(harsan_new(&h, rules, &options, &err) == HARSAN_OK);
    harsan_feed(h, har, sizeof har - 1);
    REQUIRE(harsan_finish(h) == HARSAN_OK);
    harsan_free(h);
    REQUIRE(differs(HSN_S(har), hsn_buf_str(&out)) == NULL);
    hsn_buf_deinit(&out);
}

static void check_rules(const harsan_rules *rules, bool with_default)
{
    enum { VERSION_LEN = 16 };
    REQUIRE(strlen(harsan_rules_version(rules)) == VERSION_LEN);
    list(rules);
    fill_samples(rules);
    if (!with_default) {
        harsan_rules_selftest(rules, ignore_failure, NULL);
    }
    work(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str s = hsn_str_of(data, size);
    unsigned option = take_byte(&s);
    bool with_default = (option & WITH_DEFAULT) == WITH_DEFAULT; /* slow: seldom */
    unsigned char *text = copy_exactly(s);
    harsan_rules *rules = NULL;
    harsan_error err = {0};
    harsan_status status =
        harsan_rules_parse(&rules, text, s.n, with_default, option & ALL_PACKS, &err);
    hsn_mem_free(text); /* borrowed for the call only */
    if (status == HARSAN_OK) {
        check_rules(rules, with_default);
    } else {
        REQUIRE(status == HARSAN_E_RULES && err.code == status && err.offset <= s.n);
        REQUIRE(err.message[0] != '\0' && err.line >= 1 && err.column >= 1);
        REQUIRE(is_clean_text(hsn_str_z(err.message)));
    }
    harsan_rules_free(rules);
    return 0;
}
