/*
 * What a finding tells besides the place: the name of the value, and the claims of a token, none of
 * which may give away a value.
 */
#include "fixture.h"

#include "peel.h"

#define TOK "4hxhh5z27495hxz7z2k79xhw42542k9x"

typedef struct told {
    char name[80];
    char kind[16];
    char claims[300];
    size_t n;
} told;

/* The name of the first finding, the claims of whichever has them. */
static void collect(void *ctx, const harsan_finding *f)
{
    told *t = ctx;
    if (t->n++ == 0) {
        snprintf(t->name, sizeof t->name, "%s", f->name != NULL ? f->name : "-");
        snprintf(t->kind, sizeof t->kind, "%s", f->name_kind != NULL ? f->name_kind : "-");
    }
    if (f->claims != NULL) {
        snprintf(t->claims, sizeof t->claims, "%s", f->claims);
    }
}

static void run(const char *text, const char *known, told *out)
{
    harsan *h;
    harsan_error err;
    harsan_options options = {
        .key = {1}, .on_finding = collect, .event_ctx = out, .one_pass = true};
    memset(out, 0, sizeof *out);
    assert_int_equal(harsan_new(&h, rules, &options, &err), HARSAN_OK);
    if (known != NULL) {
        assert_int_equal(harsan_known(h, known, strlen(known)), HARSAN_OK);
    }
    assert_int_equal(harsan_feed(h, text, strlen(text)), HARSAN_OK);
    assert_int_equal(harsan_finish(h), HARSAN_OK);
    harsan_free(h);
}

#define COOKIE(name) "{\"headers\":[{\"name\":\"Cookie\",\"value\":\"" name "=" TOK "\"}]}"

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *text, *known, *name, *kind;
    } table[] = {
        {COOKIE("JSESSIONID"), NULL, "JSESSIONID", "cookie"},
        {COOKIE("connect.sid"), NULL, "connect.sid", "cookie"},
        {COOKIE("__Host-session"), NULL, "__Host-session", "cookie"},
        {COOKIE("session_2024"), NULL, "session_2024", "cookie"},
        {COOKIE("logged_in_0a1b2c3d4e5f60718293"), NULL, "logged_in_*", "cookie"},
        {COOKIE("sid_447700900123"), NULL, "sid_*", "cookie"},
        {COOKIE("sid[jo@corp.test]"), NULL, "-", "-"},
        {COOKIE("tangerine_session"), NULL, "tangerine_session", "cookie"},
        {COOKIE("tangerine_session"), "tangerine", "-", "-"},
        {"{\"headers\":[{\"name\":\"X-Api-Key\",\"value\":\"" TOK "\"}]}", NULL, "X-Api-Key",
         "header"},
        {"{\"queryString\":[{\"name\":\"access_token\",\"value\":\"" TOK "\"}]}", NULL,
         "access_token", "param"},
        {"{\"url\":\"https://a.test/?access_token=" TOK "\"}", NULL, "access_token", "param"},
        {"{\"password\":\"" TOK "\"}", NULL, "password", "key"},
        {"{\"secrets\":{\"jo smith\":\"" TOK "\"}}", NULL, "-", "-"},
        {"{\"secrets\":{\"josmith\":\"" TOK "\"}}", NULL, "-", "-"},
        {"{\"text\":\"jo@tangerine.shop\"}", NULL, "-", "-"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        told t;
        run(table[i].text, table[i].known, &t);
        if (strcmp(t.name, table[i].name) != 0 || strcmp(t.kind, table[i].kind) != 0) {
            print_error("%s: %s %s, not %s %s\n", table[i].text, t.kind, t.name, table[i].kind,
                        table[i].name);
            fail();
        }
    }
}

/* What can be told of a token is what its clean form says. */
static void test_claims(void **state)
{
    (void)state;
    static const char claims[] =
        "{\"iss\":\"id.test\",\"exp\":1799999999,\"email\":\"jo@tangerine.shop\"}";
    hsn_base64 how = {.url = true};
    hsn_buf text;
    told t;
    hsn_buf_init(&text, BIG);
    hsn_buf_printf(&text, "{\"x\":\"");
    hsn_base64_encode(&text, HSN_S("{\"alg\":\"HS256\"}"), &how);
    hsn_buf_put(&text, '.');
    hsn_base64_encode(&text, hsn_str_z(claims), &how);
    hsn_buf_printf(&text, "." TOK "kkkkkkkkkkk\"}");
    hsn_buf_put(&text, '\0');
    run((const char *)text.p, NULL, &t);
    hsn_buf_deinit(&text);
    assert_int_equal(t.n, 2); /* the address, and the signature, which has the claims */
    assert_non_null(strstr(t.claims, "\"iss\":\"id.test\",\"exp\":1799999999"));
    assert_non_null(strstr(t.claims, "@redacted.invalid"));
    assert_null(strstr(t.claims, "tangerine"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_claims),
    };
    return cmocka_run_group_tests(tests, set_up_rules, tear_down_rules);
}
