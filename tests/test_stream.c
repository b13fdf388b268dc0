/*
 * The session from outside: errors and where they are, limits, misuse, passes, and what is told.
 */
#include "fixture.h"
#include "refusal.h"
#include "views.h"

#include "peel.h"

#define TOK "4hxhh5z27495hxz7z2k79xhw42542k9x"

/* ---------------------------------------------------------------- errors */

static const struct {
    const char *label;
    const char *text;
    harsan_status code;
    size_t line;
    size_t column;     /* 0: anywhere */
    const char *where; /* what the place begins with */
} bad[] = {
    {"nothing", "", HARSAN_E_SYNTAX, 1, 1, ""},
    {"white space only", " \n ", HARSAN_E_SYNTAX, 2, 0, ""},
    {"cut off", "{\"log\":{\"entries\":[", HARSAN_E_SYNTAX, 1, 0, "/log"},
    {"cut off in a string", "{\"log\":\"zqx", HARSAN_E_SYNTAX, 1, 0, ""},
    {"comma before the end", "{\"a\":1,\n \"b\":2,\n}", HARSAN_E_SYNTAX, 3, 1, ""},
    {"something behind", "{}\n\n  zqx", HARSAN_E_SYNTAX, 3, 3, ""},
    {"second value", "{}{}", HARSAN_E_SYNTAX, 1, 3, ""},
    {"no JSON", "<html>zqx</html>", HARSAN_E_SYNTAX, 1, 1, ""},
    {"wrong escape", "{\"log\":\"zqx\\q\"}", HARSAN_E_SYNTAX, 1, 0, ""},
    {"control character", "[\"zqx\n\"]", HARSAN_E_SYNTAX, 1, 6, ""},
    {"white space of others", "[1,\v2]", HARSAN_E_SYNTAX, 1, 4, ""},
    {"single quotes", "{'zqx':1}", HARSAN_E_SYNTAX, 1, 2, ""},
    {"two byte order marks", "\xef\xbb\xbf\xef\xbb\xbf{}", HARSAN_E_SYNTAX, 1, 0, ""},
    {"foreign key", "{\"zqx\":{\"zqx\":[1,]}}", HARSAN_E_SYNTAX, 1, 18, "/*"},
    {"known keys", "{\"log\":{\"entries\":[{},{\"request\":{\"url\":\"\",}}]}}", HARSAN_E_SYNTAX, 1,
     0, "/log/entries/1/request"},
};

static void expect_error(size_t i, const cleaned *c)
{
    bool placed = strncmp(c->err.where, bad[i].where, strlen(bad[i].where)) == 0;
    if (c->status != bad[i].code || c->err.code != bad[i].code || c->err.line != bad[i].line ||
        (bad[i].column != 0 && c->err.column != bad[i].column) || !placed) {
        print_error("%s: error %d at %zu:%zu in %s: %s\n", bad[i].label, (int)c->status,
                    (size_t)c->err.line, (size_t)c->err.column, c->err.where, c->err.message);
        fail();
    }
    assert_true(strlen(c->err.message) > 0);
    assert_null(strstr(c->err.message, "zqx"));
    assert_null(strstr(c->err.where, "zqx"));
}

static void test_errors_are_placed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        for (int w = AS_NEEDED; w <= ONE_PASS; w++) {
            cleaned whole;
            job j = {.rules = rules, .learn = (learning)w};
            clean(&j, hsn_str_z(bad[i].text), &whole);
            expect_error(i, &whole);
            for (j.chunk = 1; j.chunk < 5; j.chunk++) {
                cleaned parts;
                clean(&j, hsn_str_z(bad[i].text), &parts);
                assert_memory_equal(&parts.err, &whole.err, sizeof whole.err);
                cleaned_free(&parts);
            }
            cleaned_free(&whole);
        }
    }
}

static void test_good_texts(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{}",
        " [] ",
        "0",
        "\"x\"",
        "null",
        "[1.0, 1e-3, -0, 12345678901234567890]",
        "\xef\xbb\xbf{\"log\":{}}",
        "{\"a\":1,\"a\":2}",
        "[\"\\ud800\", \"\\/\", \"\\u00E9\"]",
        "[\"\xff\xfe not UTF-8\"]\r\n",
        "{\"\":\"\"}",
        "\r\n\t {} \r\n",
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        for (size_t chunk = 0; chunk < 4; chunk++) {
            job j = {.rules = rules, .chunk = chunk};
            cleaned c;
            clean(&j, hsn_str_z(good[i]), &c);
            assert_int_equal(c.status, HARSAN_OK);
            assert_same(hsn_buf_str(&c.out), hsn_str_z(good[i]), "a good text");
            cleaned_free(&c);
        }
    }
}

static void test_byte_order_mark(void **state)
{
    (void)state;
    job j = {.rules = rules};
    cleaned c;
    clean(&j, HSN_S("\xef\xbb\xbf{\"password\":\"hunter2\"}"), &c);
    assert_int_equal(c.status, HARSAN_OK);
    assert_true(
        hsn_str_starts(hsn_buf_str(&c.out), HSN_S("\xef\xbb\xbf{\"password\":\"redacted-")));
    assert_int_equal(c.n_seen, 1);
    assert_int_equal(c.seen[0].offset, 16);
    assert_int_equal(c.seen[0].line, 1);
    assert_int_equal(c.seen[0].column, 17);
    cleaned_free(&c);
}

/* ---------------------------------------------------------------- limits */

static void nest(hsn_buf *out, size_t depth)
{
    *out = new_buf();
    for (size_t i = 0; i < depth; i++) {
        hsn_buf_printf(out, i % 2 == 0 ? "[" : "{\"a\":");
    }
    hsn_buf_printf(out, "1");
    for (size_t i = depth; i-- > 0;) {
        hsn_buf_put(out, i % 2 == 0 ? ']' : '}');
    }
}

static void test_depth(void **state)
{
    (void)state;
    static const struct {
        unsigned max;
        size_t depth;
        harsan_status want;
    } table[] = {
        {3, 3, HARSAN_OK},         {3, 4, HARSAN_E_LIMIT},      {0, 1000, HARSAN_OK},
        {0, 1001, HARSAN_E_LIMIT}, {0, 100000, HARSAN_E_LIMIT},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        job j = {.rules = rules, .options = {.max_depth = table[i].max}};
        hsn_buf text;
        cleaned c;
        nest(&text, table[i].depth);
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, table[i].want);
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
}

enum { WINDOW = 1 << 20 };

/* {"first":"<token>","long":"<head><filler>...<token>","last":"<token>"} */
static void long_string(hsn_buf *out, const char *key, const char *head, size_t len)
{
    *out = new_buf();
    hsn_buf_printf(out, "{\"token\":\"" TOK "\",\"%s\":\"%s", key, head);
    while (out->n < len) {
        hsn_buf_printf(out, "some words and ");
    }
    hsn_buf_printf(out, "token=" TOK " end\",\n\"email\":\"ann.b@maltbarrow-post.net\",\"n\":1}");
}

static void test_strings_and_window(void **state)
{
    (void)state;
    static const hsn_str planted[] = {{(const unsigned char *)TOK, sizeof TOK - 1},
                                      {(const unsigned char *)"ann.b@", 6}};
    static const size_t lengths[] = {1000, 250000, 262144, 300000, WINDOW - 1000, 3 * WINDOW};
    static const size_t chunks[] = {0, 1000, 65536};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        hsn_buf text;
        cleaned first = {0};
        long_string(&text, "long", "", lengths[i]);
        for (size_t k = 0; k < COUNT(chunks); k++) {
            job j = {.rules = rules, .chunk = chunks[k], .options = {.window = WINDOW}};
            cleaned c;
            clean(&j, hsn_buf_str(&text), &c);
            assert_int_equal(c.status, HARSAN_OK);
            assert_null(find_readable(hsn_buf_str(&c.out), planted, COUNT(planted), NULL));
            assert_null(differs(hsn_buf_str(&text), hsn_buf_str(&c.out)));
            assert_int_equal(c.n_gaps, 0);
            if (k > 0) {
                assert_same(hsn_buf_str(&c.out), hsn_buf_str(&first.out), "another split");
                cleaned_free(&c);
            } else {
                first = c;
            }
        }
        cleaned_free(&first);
        hsn_buf_deinit(&text);
    }
}

static void test_giant_key(void **state)
{
    (void)state;
    job j = {.rules = rules, .options = {.window = WINDOW}};
    hsn_buf text = new_buf();
    cleaned c;
    hsn_buf_printf(&text, "{\"");
    while (text.n < 3 * WINDOW) {
        hsn_buf_printf(&text, "token=" TOK " ");
    }
    hsn_buf_printf(&text, "\":1}");
    clean(&j, hsn_buf_str(&text), &c);
    assert_int_equal(c.status, HARSAN_E_LIMIT);
    assert_false(buf_holds(&c.out, TOK));
    cleaned_free(&c);
    hsn_buf_deinit(&text);
}

/* A picture is passed on whatever its size, and said to be. */
static void test_giant_media(void **state)
{
    (void)state;
    job j = {.rules = rules, .options = {.window = WINDOW}};
    hsn_buf picture = new_buf();
    hsn_buf text = new_buf();
    cleaned c;
    prng r = {1};
    hsn_buf_add(&picture, "\x89PNG\r\n\x1a\n", 8);
    while (picture.n < 2 * WINDOW) {
        hsn_buf_put(&picture, (unsigned char)prng_next(&r));
    }
    hsn_base64 how = {.padded = true};
    hsn_buf_printf(&text, "{\"text\":\"");
    hsn_base64_encode(&text, hsn_buf_str(&picture), &how);
    hsn_buf_printf(&text, "\",\"encoding\":\"base64\"}");
    clean(&j, hsn_buf_str(&text), &c);
    assert_int_equal(c.status, HARSAN_OK);
    assert_same(hsn_buf_str(&c.out), hsn_buf_str(&text), "a picture");
    assert_true(c.n_gaps > 0 && c.n_gaps_replaced == 0);
    assert_true(buf_holds(&c.told, "media"));
    cleaned_free(&c);
    hsn_buf_deinit(&picture);
    hsn_buf_deinit(&text);
}

enum { SMALL = 128 << 10 }; /* the smallest window */

/* What is found in a giant is told where it stands, once, in whatever pieces the giant comes; what
 * was learned behind it is removed from it in a second pass, and from what follows. */
static void test_giant_findings(void **state)
{
    (void)state;
    enum { LEN = 600 << 10, EVERY = 701, MOST = 2000 };
    static const size_t chunks[] = {0, 999, 65536};
    static uint64_t want[MOST];
    size_t n = 0;
    hsn_buf text = new_buf();
    hsn_buf_printf(&text, "{\"a\": 1,\n \"text\": \"");
    for (size_t i = 0; text.n < LEN; i++) {
        if (i % EVERY == 5) {
            want[n++] = text.n;
            hsn_buf_printf(&text, i % 2 == 0 ? "ann.%zu@maltbarrow-post.net" : TOK, i);
        }
        hsn_buf_printf(&text, " and\\nwords ");
    }
    hsn_buf_printf(&text, "\",\n");
    want[n++] = text.n + 12;
    hsn_buf_printf(&text, " \"password\":\"" TOK "\"}");
    want[n - 1] = text.n - sizeof TOK - 1;
    for (size_t k = 0; k < COUNT(chunks); k++) {
        job j = {.rules = rules, .chunk = chunks[k], .options = {.window = SMALL}};
        cleaned c;
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_true(c.again);
        assert_int_equal(c.n_gaps, 0);
        assert_int_equal(c.n_seen, n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(c.seen[i].offset, want[i]);
            assert_int_equal(c.seen[i].line, i + 1 < n ? 2 : 3);
        }
        assert_false(buf_holds(&c.out, TOK));
        assert_null(differs(hsn_buf_str(&text), hsn_buf_str(&c.out)));
        cleaned_free(&c);
    }
    hsn_buf_deinit(&text);
}

typedef struct gap_seen {
    size_t n;
    uint64_t offset, len;
    bool replaced;
} gap_seen;

static void on_gap(void *ctx, const harsan_gap *g)
{
    gap_seen *s = ctx;
    s->n++;
    s->offset = g->offset;
    s->len = g->len;
    s->replaced = g->replaced;
}

static int on_write(void *ctx, const void *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

/* A giant that is replaced whole is listed with all of its bytes. */
static void test_giant_gap(void **state)
{
    (void)state;
    static const char *const heads[] = {"{\"password\":\"", "{\"headers\":[{\"name\":\"Cookie\","
                                                            "\"value\":\""};
    for (size_t i = 0; i < COUNT(heads); i++) {
        for (size_t len = 2 * SMALL; len < 5 * SMALL; len += 77777) {
            gap_seen seen = {0};
            harsan *h;
            harsan_options opt = {.key = {1},
                                  .window = SMALL,
                                  .write = on_write,
                                  .on_gap = on_gap,
                                  .event_ctx = &seen};
            hsn_buf text = new_buf();
            hsn_buf_printf(&text, "%s", heads[i]);
            for (size_t k = 0; k < len; k++) {
                hsn_buf_put(&text, (unsigned char)("k7Xq9v"[k % 6]));
            }
            hsn_buf_printf(&text, "%s", i == 0 ? "\"}" : "\"}]}");
            assert_int_equal(harsan_new(&h, rules, &opt, NULL), HARSAN_OK);
            assert_int_equal(harsan_feed(h, text.p, text.n), HARSAN_OK);
            assert_int_equal(harsan_finish(h), HARSAN_OK);
            harsan_free(h);
            assert_int_equal(seen.n, 1);
            assert_true(seen.replaced);
            assert_int_equal(seen.offset, strlen(heads[i]));
            assert_int_equal(seen.len, len);
            hsn_buf_deinit(&text);
        }
    }
}

static int collect(void *ctx, const void *data, size_t len)
{
    hsn_buf *b = ctx; /* room was made before */
    memcpy(b->p + b->n, data, len);
    b->n += len;
    return 0;
}

/* Wherever a batch is cut, a record keeps its name: with the smallest window as well. */
static void test_small_window_keeps_records(void **state)
{
    (void)state;
    enum { RECORDS = 40000 };
    hsn_buf text = new_buf();
    hsn_buf_printf(&text, "{\"log\":{\"entries\":[{\"request\":{\"headers\":[");
    for (unsigned i = 0; i < RECORDS; i++) {
        hsn_buf_printf(&text, "%s{\"name\":\"X-Api-Key\",\"value\":\"k4hx7w2m9q%u\"}",
                       i > 0 ? "," : "", i);
    }
    hsn_buf_printf(&text, "]}}]}}");
    job j = {.rules = rules, .options = {.window = SMALL}};
    cleaned c;
    clean(&j, hsn_buf_str(&text), &c);
    assert_int_equal(c.status, HARSAN_OK);
    assert_int_equal(c.n_seen, RECORDS);
    assert_true(hsn_str_find(hsn_buf_str(&c.out), HSN_S("k4hx7w2m9q")) == c.out.n);
    cleaned_free(&c);
    hsn_buf_deinit(&text);
}

/* One pass; whichever request for memory fails, nothing of a giant leaves without a look. */
static bool leaks_without(size_t nth, hsn_str text, hsn_buf *out, bool *refused)
{
    refusal r = {.nth = nth + 1};
    harsan *h;
    harsan_options opt = {
        .key = {1}, .window = SMALL, .write = collect, .write_ctx = out, .one_pass = true};
    hsn_buf_reset(out);
    refusal_start(&r);
    bool ok = harsan_new(&h, rules, &opt, NULL) == HARSAN_OK;
    ok = ok && harsan_feed(h, text.p, text.n) == HARSAN_OK && harsan_finish(h) == HARSAN_OK;
    if (h != NULL) {
        harsan_free(h);
    }
    refusal_stop();
    *refused = refusal_hit(&r);
    const hsn_str planted = HSN_S("ann.b@maltbarrow-post.net");
    assert_true(!ok || differs(text, hsn_buf_str(out)) == NULL);
    return ok && find_readable(hsn_buf_str(out), &planted, 1, NULL) != NULL;
}

static void test_giant_memory(void **state)
{
    (void)state;
    enum { LEN = 200 << 10, MANY = 5000 };
    for (int layer = 0; layer < 3; layer++) {
        hsn_base64 how = {.padded = true, .line = layer == 2 ? 76 : 0, .eol = HSN_S("\n")};
        hsn_buf plain = new_buf();
        hsn_buf text = new_buf();
        hsn_buf coded = new_buf();
        hsn_buf out = new_buf();
        while (plain.n < LEN) {
            hsn_buf_printf(&plain, "so \"many\" words, and %s\n",
                           plain.n / 50 % 100 == 7 ? "ann.b@maltbarrow-post.net" : "more");
        }
        hsn_base64_encode(&coded, hsn_buf_str(&plain), &how);
        hsn_buf_printf(&text, "[\"");
        hsn_escape_json.write(&text, hsn_buf_str(layer == 0 ? &plain : &coded));
        hsn_buf_printf(&text, "\"]");
        assert_true(hsn_buf_reserve(&out, 2 * text.n));
        bool refused = true;
        size_t nth = 0;
        for (; refused && nth < MANY; nth++) {
            assert_false(leaks_without(nth, hsn_buf_str(&text), &out, &refused));
        }
        assert_true(nth > 10 && nth < MANY);
        hsn_buf_deinit(&plain);
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&out);
    }
}

/* What lies deeper than the limit is replaced whole, and said to be. */
static void test_layers(void **state)
{
    (void)state;
    hsn_buf text[2] = {new_buf(), new_buf()};
    hsn_base64 how = {.padded = true};
    hsn_buf_printf(&text[0], "{\"note\":\"some words\",\"password\":\"" TOK "\"}");
    for (size_t i = 0; i < 6; i++) {
        hsn_buf_reset(&text[(i + 1) % 2]);
        hsn_base64_encode(&text[(i + 1) % 2], hsn_buf_str(&text[i % 2]), &how);
    }
    hsn_buf har = new_buf();
    hsn_buf_printf(&har, "{\"text\":\"%.*s\"}", (int)text[0].n, (const char *)text[0].p);
    for (unsigned layers = 1; layers <= 10; layers++) {
        static const hsn_str planted = {(const unsigned char *)TOK, sizeof TOK - 1};
        job j = {.rules = rules, .options = {.max_layers = layers}};
        cleaned c;
        clean(&j, hsn_buf_str(&har), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_null(find_readable(hsn_buf_str(&c.out), &planted, 1, NULL));
        assert_int_equal(c.n_gaps_replaced > 0, layers < 6);
        cleaned_free(&c);
    }
    hsn_buf_deinit(&har);
    hsn_buf_deinit(&text[0]);
    hsn_buf_deinit(&text[1]);
}

/* 100 MB of zeros in 100 KB: replaced, not unpacked without end. */
static void test_bomb(void **state)
{
    (void)state;
    enum { ZEROS = 100 << 20 };
    job j = {.rules = rules};
    hsn_buf zeros = new_buf();
    hsn_buf packed = new_buf();
    hsn_buf har = new_buf();
    hsn_base64 how = {.padded = true};
    cleaned c;
    assert_true(hsn_buf_reserve(&zeros, ZEROS));
    memset(zeros.p, 0, ZEROS);
    zeros.n = ZEROS;
    assert_true(hsn_deflate_all(hsn_buf_str(&zeros), HSN_GZIP, &packed));
    hsn_buf_deinit(&zeros);
    hsn_buf_printf(&har, "{\"text\":\"");
    hsn_base64_encode(&har, hsn_buf_str(&packed), &how);
    hsn_buf_printf(&har, "\"}");
    clean(&j, hsn_buf_str(&har), &c);
    assert_int_equal(c.status, HARSAN_OK);
    assert_int_equal(c.n_gaps_replaced, 1);
    assert_in_range(c.out.n, 1, 100);
    cleaned_free(&c);
    hsn_buf_deinit(&packed);
    hsn_buf_deinit(&har);
}

/* A record's value may be long, and its name come behind it. */
static void test_long_record(void **state)
{
    (void)state;
    for (size_t len = 200000; len < 500000; len += 37777) {
        job j = {.rules = rules, .options = {.window = WINDOW}};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "{\"headers\":[{\"value\":\"a=" TOK "; b=");
        for (size_t i = 0; i < len; i++) {
            hsn_buf_put(&text, (unsigned char)("k7"[i % 2]));
        }
        hsn_buf_printf(&text, "; c=9" TOK "\",\"name\":\"Cookie\"}]}");
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_false(buf_holds(&c.out, TOK));
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
}

/* However long a value is and whatever stands before it in the batch: the name that its record gave
 * is not handed on without it. */
static void test_name_before_a_long_value(void **state)
{
    enum { LEAST = 128 << 10, STEP = 60 << 10, MOST = 320 << 10 };
    const job j = {.rules = rules, .options = {.window = LEAST}};
    prng r = {.state = 5};
    char *secret = hsn_mem_new(MOST + 1);
    assert_non_null(secret);
    prng_alnum(&r, secret, MOST);
    (void)state;
    for (int before = 1; before < MOST; before += STEP) {
        for (int n = STEP; n <= MOST; n += STEP) {
            hsn_buf text = new_buf();
            cleaned c;
            hsn_buf_printf(&text, "{\"list\":[{\"name\":\"x\",\"value\":\"%0*d\"},"
                                  "{\"name\":\"password\",\"value\":\"%.*s\"}]}",
                           before, 0, n, secret);
            clean(&j, hsn_buf_str(&text), &c);
            assert_int_equal(c.status, HARSAN_OK);
            assert_true(c.out.n < (size_t)before + 200);
            cleaned_free(&c);
            hsn_buf_deinit(&text);
        }
    }
    hsn_mem_free(secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors_are_placed),
        cmocka_unit_test(test_good_texts),
        cmocka_unit_test(test_byte_order_mark),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_strings_and_window),
        cmocka_unit_test(test_giant_key),
        cmocka_unit_test(test_giant_media),
        cmocka_unit_test(test_giant_findings),
        cmocka_unit_test(test_giant_gap),
        cmocka_unit_test(test_small_window_keeps_records),
        cmocka_unit_test(test_giant_memory),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_long_record), cmocka_unit_test(test_name_before_a_long_value),
    };
    return cmocka_run_group_tests(tests, set_up_rules, tear_down_rules);
}
