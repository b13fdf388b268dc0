/*
 * Reports: whatever a HAR, and what the library told of it, say, every form is well-formed and fit
 * to be shown: JSON is JSON, HTML and XML are balanced, no control character is in any of them.
 *
 * Input: flags, then findings (their count, then kind, entry, lengths of three texts, the texts),
 * then the HAR. The formats of `harsan check` get the same findings, the texts as names of files.
 */
#include "check.h"
#include "cli_check.h"
#include "cli_escape.h"
#include "cli_report.h"
#include "said.h"

#include <stdio.h>
#include <stdlib.h>

enum { FINDINGS_MOST = 8, TEXT_MOST = 64, BROKEN = 1, MORE = 2, WITH_LEFT = 4 };

static const char *const categories[] = {"password", "token", "cookie", "email", "key", "other"};
static const char *const kinds[] = {"header", "cookie", "param", "key", "field", "text", "claim"};
static const char *const reasons[] = {"media", "binary", "sidecar", "limit:window", "limit:layers"};

/* What the input tells of one finding. */
typedef struct told {
    unsigned kind;
    char name[TEXT_MOST + 1];
    char stand_in[TEXT_MOST + 1];
    char claims[TEXT_MOST + 1];
    char place[96];
} told;

typedef struct telling {
    unsigned flags;
    char file[TEXT_MOST + 1]; /* any bytes */
    told at[FINDINGS_MOST];
    size_t n;
    hsn_str text;
} telling;

/* ---------------------------------------------------------------- input */

static void take_text(hsn_str *s, char out[TEXT_MOST + 1])
{
    size_t n = take_byte(s) % (TEXT_MOST + 1);
    hsn_str text = hsn_str_cut(*s, 0, n);
    memset(out, 0, TEXT_MOST + 1);
    if (text.n > 0) {
        memcpy(out, text.p, text.n);
    }
    *s = hsn_str_cut(*s, n, s->n);
}

/* What is no character of UTF-8 becomes a question mark. */
static void make_utf8(char *text)
{
    uint32_t code;
    for (char *p = text; *p != '\0';) {
        size_t n = cli_utf8(p, &code);
        *p = n == 0 ? '?' : *p;
        p += n == 0 ? 1 : n;
    }
}

static void take_all(telling *t, hsn_str s)
{
    unsigned entry = 0;
    memset(t, 0, sizeof *t);
    t->flags = take_byte(&s);
    t->n = take_byte(&s) % (FINDINGS_MOST + 1);
    for (size_t i = 0; i < t->n; i++) {
        told *f = &t->at[i];
        f->kind = take_byte(&s);
        entry += take_byte(&s) % 3;
        take_text(&s, f->name);
        take_text(&s, f->stand_in);
        take_text(&s, f->claims);
        if (i == 0) {
            memcpy(t->file, f->name, sizeof t->file);
        }
        make_utf8(f->name);
        make_utf8(f->stand_in);
        make_utf8(f->claims);
        snprintf(f->place, sizeof f->place, "/log/entries/%u/request/headers/%zu/value", entry, i);
    }
    t->text = s;
}

static harsan_finding finding_of(const telling *t, size_t i)
{
    const told *f = &t->at[i];
    bool learned = f->kind % 5 == 0;
    return (harsan_finding){
        .rule = learned ? "learned" : "secret-key",
        .what = "a secret",
        .category = categories[f->kind % HSN_COUNT(categories)],
        .place = f->kind % 16 == 15 ? "" : f->place,
        .layers = f->kind % 2 == 0 ? "json/base64" : "",
        .stand_in = f->stand_in,
        .name = f->name[0] != '\0' ? f->name : NULL,
        .name_kind = f->name[0] != '\0' ? kinds[f->kind % HSN_COUNT(kinds)] : NULL,
        .claims = f->claims[0] != '\0' ? f->claims : NULL,
        .learned_from = learned ? "/log/entries/0/request/url" : NULL,
        .offset = i * 10,
        .len = 4,
        .line = 1,
        .column = i * 10 + 1,
        .value_id = f->kind % 4,
    };
}

/* ---------------------------------------------------------------- reports of a run */

static cli_exit keep(void *ctx, const void *data, size_t len)
{
    hsn_buf_add(ctx, data, len);
    return CLI_OK;
}

static void check_form(cli_report *r, const cli_result *result, const char *form)
{
    hsn_buf b = new_buf();
    REQUIRE(cli_report_render(r, result, form, keep, &b) == CLI_OK);
    REQUIRE(!hsn_buf_failed(&b) && is_clean_text(hsn_buf_str(&b)));
    REQUIRE(strcmp(form, "json") != 0 || is_json(hsn_buf_str(&b)));
    REQUIRE(strcmp(form, "html") != 0 || is_balanced(hsn_buf_str(&b), true));
    hsn_buf_deinit(&b);
}

static void tell(cli_report *r, cli_counts *counts, const telling *t, size_t i)
{
    harsan_finding f = finding_of(t, i);
    harsan_gap g = {.place = t->at[i].place,
                    .why = reasons[t->at[i].kind % HSN_COUNT(reasons)],
                    .replaced = t->at[i].kind % 2 == 1,
                    .offset = i * 10,
                    .len = t->at[i].kind};
    if (t->at[i].kind / 32 % 2 == 1) {
        cli_counts_gap(counts, &g);
        cli_report_gap(r, &g);
    } else {
        cli_counts_finding(counts, &f);
        cli_report_finding(r, &f);
    }
}

static void check_report(const telling *t)
{
    static cli_left_out left = {.entries = 2, .entries_kept = 3, .bodies = 1, .bytes = 100};
    static const char hex[] = "00112233";
    cli_counts counts = {.files = 1};
    cli_result result = {.counts = &counts,
                         .left = (t->flags & WITH_LEFT) != 0 ? &left : NULL,
                         .verified = (t->flags & BROKEN) != 0};
    cli_report *r;
    const cli_list none = {NULL, 0};
    memcpy(result.in.sha256, hex, sizeof hex);
    memcpy(result.out.sha256, hex, sizeof hex);
    REQUIRE(cli_report_open(&r, &none, (cli_report_how){.render = true, .rules_version = hex}) ==
            CLI_OK);
    size_t piece = t->text.n / (t->n + 1) + 1;
    for (size_t i = 0, at = 0; i <= t->n; i++, at += piece) {
        if (i < t->n) {
            tell(r, &counts, t, i);
        }
        hsn_str part = hsn_str_cut(t->text, at, at + piece);
        unsigned char *copy = copy_exactly(part);
        cli_report_output(r, copy, part.n);
        hsn_mem_free(copy);
    }
    for (size_t i = 0; cli_report_form(i) != NULL; i++) {
        check_form(r, &result, cli_report_form(i));
    }
    cli_report_close(r);
    cli_counts_free(&counts);
}

/* ---------------------------------------------------------------- formats of a check */

enum { RULES = 3, RESULT_TEXT = 1024 };

static const cli_check_rule rules[RULES] = {
    {"secret-key", "a secret", "token", "default", SURE_HIGH, LEVEL_CREDENTIAL},
    {"email", "an address of mail", "email", "default", SURE_MEDIUM, LEVEL_PERSONAL},
    {"learned", "a value known from another place", "other", "default", SURE_LOW, LEVEL_OTHER},
};

static uint32_t add_text(cli_check_result *r, const char *text)
{
    size_t n = strlen(text) + 1;
    size_t at = r->text_n;
    REQUIRE(at + n <= RESULT_TEXT);
    memcpy(r->text + at, text, n);
    r->text_n += n;
    return (uint32_t)at;
}

static void fill_result(cli_check_result *r, const telling *t, cli_check_finding *f)
{
    r->text_n = 1;
    r->at = f;
    r->n = t->n;
    r->found = t->n + ((t->flags & MORE) != 0);
    for (size_t i = 0; i < t->n; i++) {
        f[i] = (cli_check_finding){.offset = i * 10,
                               .len = 4,
                               .from = {1, i + 1, i + 1},
                               .to = {1, i + 5, i + 5},
                               .rule = t->at[i].kind % RULES,
                               .place = add_text(r, t->at[i].place)};
        memset(&f[i].fingerprint, (int)t->at[i].kind, sizeof f[i].fingerprint);
    }
    if ((t->flags & BROKEN) != 0) {
        r->code = (cli_exit)HARSAN_E_SYNTAX;
        snprintf(r->message, sizeof r->message, "%s", t->n > 0 ? t->at[0].stand_in : "broken");
    }
}

static void check_written(const cli_check_format *f, hsn_str text)
{
    bool json = f == &cli_check_format_json || f == &cli_check_format_sarif;
    /* GitHub's and the one for people show names as they are, but for control characters */
    bool names = f == &cli_check_format_text || f == &cli_check_format_github;
    REQUIRE(names || is_clean_text(text));
    REQUIRE(!json || is_json(text));
    REQUIRE(f != &cli_check_format_junit || is_balanced(text, false));
    for (size_t i = 0; i < text.n; i++) {
        REQUIRE((text.p[i] >= 0x20 && text.p[i] != 0x7f) || text.p[i] == '\n');
        bool begins = i == 0 || text.p[i - 1] == '\n';
        REQUIRE(f != &cli_check_format_github || !begins || text.p[i] == ':');
    }
}

static void check_one_format(const cli_check_format *f, const telling *t)
{
    char name[SCRATCH_NAME];
    char text[RESULT_TEXT] = "";
    cli_check_finding findings[FINDINGS_MOST];
    cli_check_rule set[RULES];
    memcpy(set, rules, sizeof set);
    cli_check_setup setup = {.rule = set, .n_rules = RULES, .stable = (t->flags & MORE) != 0};
    char file[TEXT_MOST + 1] = "a.har";
    if (t->file[0] != '\0') {
        memcpy(file, t->file, sizeof file);
    }
    cli_check_path path = {.path = file, .setup = &setup};
    cli_check_result r = {.path = &path, .text = text};
    const cli_check_total total = {.files = 1, .found = t->n};
    cli_check_sink s = {.later = cli_spool_new()};
    scratch_fill(0, HSN_S(""), name);
    REQUIRE(s.later != NULL);
    REQUIRE(cli_output_open(&s.out, name, (cli_output_how){.force = true}) == CLI_OK);
    fill_result(&r, t, findings);
    f->begin(&s);
    f->file(&s, &r);
    f->end(&s, &total);
    REQUIRE(s.code == CLI_OK && cli_output_finish(s.out) == CLI_OK);
    hsn_buf written = new_buf();
    scratch_read(0, &written);
    check_written(f, hsn_buf_str(&written));
    hsn_buf_deinit(&written);
    cli_output_close(s.out);
    cli_spool_free(s.later);
    free(s.used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const cli_check_format *const formats[] = {
        &cli_check_format_text, &cli_check_format_json, &cli_check_format_sarif,
        &cli_check_format_github, &cli_check_format_junit};
    telling t;
    take_all(&t, hsn_str_of(data, size));
    check_report(&t);
    for (size_t i = 0; i < HSN_COUNT(formats); i++) {
        check_one_format(formats[i], &t);
    }
    return 0;
}
