/*
 * Configurations and baselines of `harsan check`: any text is refused with clean lines that
 * blame it, or read; what a baseline says is there when it was written and read again.
 *
 * Input: what the text is, then the text.
 */
#include "check.h"
#include "cli_check.h"
#include "said.h"

#include <stdlib.h>

enum { BASELINE = 1, WITH_KEY = 2, WITH_WORDS = 4 };

/* Something when something was wrong; nothing otherwise. */
static void check_said(cli_exit code)
{
    char *said = cli_say_take();
    REQUIRE((said != NULL) == (code != CLI_OK));
    REQUIRE(code == CLI_OK || code == CLI_USAGE);
    if (said != NULL) {
        size_t n = strlen(said);
        REQUIRE(n > 1 && said[n - 1] == '\n');
        REQUIRE(is_clean_text(hsn_str_of(said, n)));
    }
    free(said);
}

/* ---------------------------------------------------------------- configurations */

static void check_list(const cli_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        REQUIRE(l->at[i] != NULL && l->at[i][0] != '\0');
    }
}

static void check_excludes(const cli_list *l)
{
    static const char *const paths[] = {"a.har", "sub/dir/a.b.har", "build",
                                        "aaaaaaaaaaaaaaaaaaaa"};
    check_list(l);
    for (size_t i = 0; i < HSN_COUNT(paths); i++) {
        (void)cli_glob_excludes(l, paths[i], i % 2 == 0);
    }
}

static void check_config(const char *name, unsigned flags)
{
    static const char *word[] = {"cookie:lang"};
    const char *file = strrchr(name, '/') + 1;
    cli_check_setup s = {.dir = strdup("/dev/fd")};
    REQUIRE(s.dir != NULL);
    if ((flags & WITH_WORDS) != 0) {
        s.opts.keep = (cli_list){word, 1};
        s.opts.min_category = cli_check_level_names[0];
    }
    cli_say_keep();
    cli_exit code = cli_check_config_read(&s, file);
    check_said(code);
    if (code == CLI_OK) {
        check_list(&s.opts.rules);
        check_list(&s.opts.keep);
        check_list(&s.opts.redact);
        check_list(&s.opts.redact_host);
        check_excludes(&s.exclude);
        REQUIRE((flags & WITH_WORDS) == 0 || strcmp(s.opts.keep.at[0], word[0]) == 0);
        REQUIRE(s.opts.min_category == NULL ||
                cli_check_word(cli_check_level_names, s.opts.min_category) >= 0);
    }
    for (size_t i = 0; i < s.n_paths; i++) {
        free(s.paths[i]);
    }
    free(s.paths);
    free(s.words);
    free(s.dir);
    cli_tree_free(&s.tree);
}

/* ---------------------------------------------------------------- baselines */

/* Writes it with two entries more, one of them twice, and reads that. */
static void check_rewrite(cli_check_baseline *b, const cli_opts *o, const unsigned char key[32],
                          hsn_str noise)
{
    static const cli_check_rule rule = {
        .id = "secret-key", .what = "a secret", .category = "token"};
    char file[64];
    char name[SCRATCH_NAME];
    const char *expires;
    const char *known = NULL;
    uint64_t n = 0;
    cli_fingerprint print[2];
    size_t len = noise.n < sizeof file - 1 ? noise.n : sizeof file - 1;
    memcpy(file, noise.p, len);
    file[len] = '\0';
    cli_fingerprint_place(&print[0], file, rule.id, "/log/entries/0");
    cli_fingerprint_place(&print[1], file, rule.id, "/log/pages/0");
    cli_check_known was = cli_check_baseline_look(b, &print[0], "2026-11-21", &known);
    REQUIRE(cli_check_baseline_add(b, &print[0], file, &rule, "/log/entries/0", NULL));
    REQUIRE(cli_check_baseline_add(b, &print[0], file, &rule, "/log/entries/0", NULL));
    REQUIRE(cli_check_baseline_add(b, &print[1], file, &rule, "/log/pages/0", "2026-12-31"));
    scratch_fill(1, HSN_S(""), name);
    REQUIRE(cli_check_baseline_write(b, name, &(cli_opts){.force = true}, &n) == CLI_OK && n == 2);
    scratch_fill(1, HSN_S(""), name);
    REQUIRE(cli_check_baseline_write(b, name, &(cli_opts){.force = true}, &n) == CLI_OK && n == 2);
    hsn_buf text = new_buf();
    scratch_read(1, &text);
    REQUIRE(is_json(hsn_buf_str(&text)) && is_clean_text(hsn_buf_str(&text)));
    scratch_fill(1, hsn_buf_str(&text), name);
    cli_check_baseline *again;
    REQUIRE(cli_check_baseline_read(&again, name, o, key) == CLI_OK);
    REQUIRE(cli_check_baseline_look(again, &print[0], "2026-11-21", &expires) ==
            (was == KNOWN_NOT ? KNOWN_ACCEPTED : was));
    REQUIRE(cli_check_baseline_look(again, &print[1], "2027-01-01", &expires) == KNOWN_EXPIRED);
    cli_check_baseline_free(again);
    hsn_buf_deinit(&text);
}

static void check_baseline_text(const char *name, unsigned flags, hsn_str text)
{
    unsigned char key[32] = {1};
    const cli_opts o = {.key_file = (flags & WITH_KEY) != 0 ? "key" : NULL};
    cli_check_baseline *b = NULL;
    cli_say_keep();
    cli_exit code = cli_check_baseline_read(&b, name, &o, key);
    check_said(code);
    if (code == CLI_OK) {
        check_rewrite(b, &o, key, text);
    }
    cli_check_baseline_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str text = hsn_str_of(data, size);
    unsigned flags = take_byte(&text);
    char name[SCRATCH_NAME];
    scratch_fill(0, text, name);
    if ((flags & BASELINE) != 0) {
        check_baseline_text(name, flags, text);
    } else {
        check_config(name, flags);
    }
    return 0;
}
