/*
 * `harsan check` against the library that cleans: it must say of a file what cleaning does to it.
 *
 *   - what is listed are the places that are replaced, and those replaced unseen, in their order
 *   - CLI_FOUND if the output is another text than the input, CLI_OK if not
 *   - of the output nothing is listed
 *   - a text that is refused is refused by both, with the same code
 *   - positions are within the text and in order
 *
 * Input: as that of fuzz_clean, of which flags, packs and the text count.
 */
#include "check.h"
#include "cli_check.h"
#include "said.h"

#include <stdlib.h>

enum { JWT_WHOLE = 2, STEER_REST = 5 /* bytes that fuzz_clean takes besides */, KEY = 1 };

typedef struct place {
    uint64_t offset, len;
} place;

/* What cleaning told. */
typedef struct cleaned {
    hsn_buf out;
    hsn_buf places; /* place[] */
    harsan_status status;
} cleaned;

static void add_place(cleaned *c, uint64_t offset, uint64_t len)
{
    const place p = {offset, len};
    hsn_buf_add(&c->places, &p, sizeof p);
}

static void on_finding(void *ctx, const harsan_finding *f)
{
    add_place(ctx, f->offset, f->len);
}

static void on_gap(void *ctx, const harsan_gap *g)
{
    if (cli_gap_is_change(g->why, g->replaced)) {
        add_place(ctx, g->offset, g->len);
    }
}

static void clean(hsn_str text, const harsan_rules *rules, harsan_jwt jwt, cleaned *c)
{
    *c = (cleaned){.out = new_buf(), .places = new_buf()};
    harsan_options opt = {.write = collect,
                          .write_ctx = &c->out,
                          .on_finding = on_finding,
                          .on_gap = on_gap,
                          .event_ctx = c,
                          .jwt = jwt};
    harsan *h;
    harsan_error err;
    memset(opt.key, KEY, sizeof opt.key);
    REQUIRE(harsan_new(&h, rules, &opt, &err) == HARSAN_OK);
    c->status = HARSAN_AGAIN;
    for (int pass = 0; pass < 2 && c->status == HARSAN_AGAIN; pass++) {
        hsn_buf_reset(&c->out);
        hsn_buf_reset(&c->places);
        c->status = harsan_feed(h, text.p, text.n);
        c->status = c->status == HARSAN_OK ? harsan_finish(h) : c->status;
    }
    harsan_free(h);
    REQUIRE(c->status != HARSAN_AGAIN && !hsn_buf_failed(&c->out));
}

static void end(cleaned *c)
{
    hsn_buf_deinit(&c->out);
    hsn_buf_deinit(&c->places);
}

/* ---------------------------------------------------------------- the check */

/* As a run without a configuration has them; kept for good. */
static cli_check_setup *setup_of(unsigned packs)
{
    enum { RULES_MAX = 4096 };
    static cli_check_setup made[PACKS];
    static const char *const pseudo[N_PSEUDO_RULES] = {"learned", "known", "limit", "unseen"};
    cli_check_setup *s = &made[packs];
    if (s->rule == NULL) {
        harsan_rule_info info;
        REQUIRE(harsan_rules_default(&s->rules, packs, &(harsan_error){0}) == HARSAN_OK);
        s->rule = hsn_mem_zero(RULES_MAX, sizeof *s->rule);
        REQUIRE(s->rule != NULL);
        while (harsan_rules_info(s->rules, s->n_rules, &info)) {
            s->rule[s->n_rules++] =
                (cli_check_rule){info.id, info.what, info.category, info.pack, SURE_HIGH, 0};
        }
        for (size_t i = 0; i < N_PSEUDO_RULES; i++) {
            s->rule[s->n_rules++] = (cli_check_rule){.id = pseudo[i]};
        }
        memset(s->key, KEY, sizeof s->key);
    }
    return s;
}

static void check(hsn_str text, unsigned packs, harsan_jwt jwt, cli_check_result *r)
{
    static char name[SCRATCH_NAME];
    static cli_check_path path;
    cli_opts opts = {.jwt = jwt};
    const cli_secret secret = {0};
    const cli_check_help help = {.o = &opts, .secret = &secret, .today = "2026-11-21"};
    scratch_fill(0, text, name);
    path = (cli_check_path){.path = name, .setup = setup_of(packs)};
    cli_check_examine(r, &path, &help);
}

/* ---------------------------------------------------------------- the two beside each other */

static void same_places(const cli_check_result *r, const cleaned *c, size_t text_n)
{
    const place *p = (const void *)c->places.p;
    REQUIRE(r->found == c->places.n / sizeof *p && r->n == r->found);
    for (size_t i = 0; i < r->n; i++) {
        const cli_check_finding *f = &r->at[i];
        REQUIRE(f->offset == p[i].offset && f->len == p[i].len);
        REQUIRE(f->len <= text_n && f->offset <= text_n - f->len);
        REQUIRE(f->from.line >= 1 && f->from.column >= 1 && f->from.column16 >= f->from.column);
        REQUIRE(f->to.line > f->from.line ||
                (f->to.line == f->from.line && f->to.column >= f->from.column));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str text = hsn_str_of(data, size);
    harsan_jwt jwt = (take_byte(&text) & JWT_WHOLE) != 0 ? HARSAN_JWT_WHOLE : HARSAN_JWT_CLAIMS;
    unsigned packs = take_byte(&text) % PACKS;
    text = hsn_str_cut(text, STEER_REST, text.n);
    if (text.n >= 2 && text.p[0] == 0x1f && text.p[1] == 0x8b) {
        return 0; /* the command unpacks it, the library does not */
    }
    cleaned c;
    cli_check_result r;
    clean(text, rules_of(packs), jwt, &c);
    check(text, packs, jwt, &r);
    if (c.status != HARSAN_OK) {
        REQUIRE(r.code == (cli_exit)c.status && r.n == 0 && r.message[0] != '\0');
    } else {
        same_places(&r, &c, text.n);
        REQUIRE(r.code == (r.found > 0 ? CLI_FOUND : CLI_OK));
        REQUIRE((r.found > 0) == !hsn_str_eq(hsn_buf_str(&c.out), text));
        cli_check_result_free(&r);
        check(hsn_buf_str(&c.out), packs, jwt, &r);
        REQUIRE(r.code == CLI_OK && r.found == 0 && r.n == 0);
    }
    cli_check_result_free(&r);
    end(&c);
    return 0;
}
