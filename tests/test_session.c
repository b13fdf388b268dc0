/*
 * The session's calls: their order, callbacks that refuse, passes, keys, known values, facts.
 */
#include "fixture.h"
#include "support.h"

#include "peel.h"

#define TOK "4hxhh5z27495hxz7z2k79xhw42542k9x"

/* The cookie gives away what the body before it already holds. */
static const char early[] =
    "{\"log\":{\"entries\":[{\"response\":{\"content\":{\"text\":\"see " TOK " now\"}}},"
    "{\"request\":{\"headers\":[{\"name\":\"Cookie\",\"value\":\"sid=" TOK "\"}]}},"
    "{\"comment\":\"again " TOK "\"}]}}";

static size_t count(const hsn_buf *b, const char *what)
{
    size_t n = 0;
    hsn_str s = hsn_buf_str(b);
    for (size_t i = 0; (i += hsn_str_find(hsn_str_cut(s, i, s.n), hsn_str_z(what))) < s.n; i++) {
        n++;
    }
    return n;
}

static harsan *open_session(void)
{
    harsan *h;
    harsan_error err;
    harsan_options options = {.key = {1}};
    assert_int_equal(harsan_new(&h, rules, &options, &err), HARSAN_OK);
    return h;
}

static harsan_status feed(harsan *h, const char *text)
{
    return harsan_feed(h, text, strlen(text));
}

/* ---------------------------------------------------------------- order of calls */

static void test_nothing_after_finish(void **state)
{
    (void)state;
    harsan *h = open_session();
    assert_int_equal(feed(h, "{}"), HARSAN_OK);
    assert_int_equal(harsan_finish(h), HARSAN_OK);
    assert_int_equal(harsan_finish(h), HARSAN_OK);
    assert_int_equal(feed(h, "{}"), HARSAN_E_USAGE);
    harsan_free(h);
}

/* Stand-ins without a key could be tried out by anyone. */
static void test_needs_a_key(void **state)
{
    (void)state;
    const harsan_options bare = {0};
    harsan_options options = {0};
    harsan_error err;
    harsan *h = open_session();
    harsan_free(h);
    assert_int_equal(harsan_new(&h, rules, &bare, &err), HARSAN_E_USAGE);
    assert_null(h);
    assert_int_equal(err.code, HARSAN_E_USAGE);
    harsan_random_key(options.key);
    assert_int_equal(harsan_new(&h, rules, &options, &err), HARSAN_OK);
    harsan_free(h);
    assert_string_equal(harsan_version(), HARSAN_VERSION);
}

static void test_known_comes_first(void **state)
{
    (void)state;
    harsan *h = open_session();
    assert_int_equal(harsan_known(h, "abc", 3), HARSAN_E_USAGE);
    assert_int_equal(harsan_known(h, "abcd", 4), HARSAN_OK);
    assert_int_equal(feed(h, "{"), HARSAN_OK);
    assert_int_equal(harsan_known(h, "abcde", 5), HARSAN_E_USAGE);
    assert_int_equal(feed(h, "}"), HARSAN_OK);
    assert_int_equal(harsan_finish(h), HARSAN_OK);
    harsan_free(h);
}

static void test_no_input(void **state)
{
    (void)state;
    harsan *h = open_session();
    assert_int_equal(harsan_finish(h), HARSAN_E_SYNTAX);
    harsan_free(h);
    harsan_free(NULL);
    harsan_free(open_session());
}

static void test_empty_pieces(void **state)
{
    (void)state;
    harsan *h = open_session();
    assert_int_equal(harsan_feed(h, NULL, 0), HARSAN_OK);
    assert_int_equal(feed(h, "{}"), HARSAN_OK);
    assert_int_equal(harsan_feed(h, NULL, 0), HARSAN_OK);
    assert_int_equal(harsan_finish(h), HARSAN_OK);
    harsan_free(h);
}

/* ---------------------------------------------------------------- refusals */

typedef struct sink {
    size_t room; /* bytes taken before it refuses */
    size_t taken;
    bool refused;
} sink;

static int take(void *ctx, const void *data, size_t len)
{
    sink *s = ctx;
    (void)data;
    assert_false(s->refused); /* nothing more after a refusal */
    s->refused = s->taken + len > s->room;
    s->taken += s->refused ? 0 : len;
    return s->refused;
}

static void test_write_refuses(void **state)
{
    (void)state;
    for (size_t room = 0; room < sizeof early; room += 7) {
        sink s = {.room = room};
        harsan_options options = {.key = {1}, .write = take, .write_ctx = &s, .one_pass = true};
        harsan *h;
        harsan_error err;
        assert_int_equal(harsan_new(&h, rules, &options, &err), HARSAN_OK);
        feed(h, early);
        harsan_status status = harsan_finish(h);
        assert_int_equal(status, s.refused ? HARSAN_E_IO : HARSAN_OK);
        assert_int_equal(harsan_finish(h), status);
        harsan_free(h);
    }
}

/* After an error the session writes nothing more and stays with its first error. */
static void test_errors_stick(void **state)
{
    (void)state;
    sink s = {.room = BIG};
    harsan_options options = {.key = {1}, .write = take, .write_ctx = &s};
    harsan *h;
    harsan_error err;
    assert_int_equal(harsan_new(&h, rules, &options, &err), HARSAN_OK);
    feed(h, "[1,,");
    harsan_status first = harsan_finish(h);
    size_t taken = s.taken;
    assert_int_equal(first, HARSAN_E_SYNTAX);
    harsan_error was = *harsan_last_error(h);
    assert_int_equal(feed(h, "{\"a\":1}"), HARSAN_E_SYNTAX);
    assert_int_equal(harsan_finish(h), HARSAN_E_SYNTAX);
    assert_int_equal(harsan_known(h, "abcde", 5), HARSAN_E_SYNTAX);
    assert_memory_equal(harsan_last_error(h), &was, sizeof was);
    assert_int_equal(s.taken, taken);
    harsan_free(h);
}

/* ---------------------------------------------------------------- passes */

static void test_passes(void **state)
{
    (void)state;
    job j = {.rules = rules};
    cleaned c;
    hsn_str input = HSN_S(early);
    clean(&j, input, &c);
    assert_int_equal(c.status, HARSAN_OK);
    assert_true(c.again);
    assert_int_equal(count(&c.out, TOK), 0);
    assert_int_equal(c.n_seen, 3);
    cleaned_free(&c);
    j.learn = ONE_PASS;
    clean(&j, input, &c);
    assert_int_equal(c.status, HARSAN_OK);
    assert_int_equal(count(&c.out, TOK), 1);
    assert_int_equal(c.n_seen, 2);
    cleaned_free(&c);
}

/* Between the passes nothing may be made known, and the whole input is fed again. */
static void test_again(void **state)
{
    (void)state;
    harsan *h = open_session();
    assert_int_equal(feed(h, early), HARSAN_OK);
    assert_int_equal(harsan_finish(h), HARSAN_AGAIN);
    assert_int_equal(harsan_known(h, "abcd", 4), HARSAN_E_USAGE);
    assert_int_equal(feed(h, early), HARSAN_OK);
    assert_int_equal(harsan_finish(h), HARSAN_OK);
    assert_int_equal(feed(h, early), HARSAN_E_USAGE);
    harsan_free(h);
    h = open_session();
    assert_int_equal(feed(h, early), HARSAN_OK);
    assert_int_equal(harsan_finish(h), HARSAN_AGAIN);
    assert_int_equal(harsan_finish(h), HARSAN_E_SYNTAX); /* nothing was fed */
    harsan_free(h);
}

/* Places that a value is told by, and places where it stands alone. */
static void test_found_wherever_it_stands(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"a\":\"see " TOK " now\",\"b\":\"Authorization: Bearer " TOK "\"}",
        "{\"a\":\"curl -u bob:" TOK " https://a.example.org\",\"b\":\"" TOK "\"}",
        "{\"a\":\"" TOK ",password,note\\n" TOK ",x1,plain\\n\",\"password\":\"" TOK "\"}",
        "{\"a\":\"\\\"note\\\",\\\"" TOK "\\\",pin\\r\\nx,y,z\\r\\n\",\"password\":\"" TOK "\"}",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        job j = {.rules = rules};
        cleaned c;
        clean(&j, hsn_str_z(texts[i]), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(count(&c.out, TOK), 0);
        cleaned_free(&c);
    }
}

/* Words of a source that are none in what it spells, and values that an escape goes on with: in
 * front of the place that gives the value away and behind it. */
static void test_found_in_the_source(void **state)
{
    (void)state;
    static const struct {
        const char *text, *password;
    } table[] = {
        {"\\\"a\\\\\\n" TOK "\\\"", TOK}, /* a line that goes on */
        {"`a\\\\\\r\\n" TOK " `", TOK},
        {"\\\"\\\\u{41}" TOK "\\\"", TOK},
        {"<a>&#65;" TOK "</a>", TOK},
        {"=?utf-8?Q?abc?= =?utf-8?Q?" TOK "?=", TOK},
        {"x," TOK "," TOK "%2B,y", TOK "," TOK},
        {"Authorization: sid=\\\"" TOK "\\\"\\\\x27", TOK},
        {"?Bearer " TOK "+%3D%3D?", TOK},
        {"?Bearer " TOK "+%3D%3D?", "none"},
        {"?Bearer " TOK "%2Fx9%2B%22", "none"},
    };
    for (size_t i = 0; i < 2 * COUNT(table); i++) {
        const char *text = table[i / 2].text, *password = table[i / 2].password;
        job j = {.rules = rules};
        cleaned c;
        hsn_buf in;
        hsn_buf_init(&in, BIG);
        hsn_buf_printf(&in, "{\"%s\":\"%s\",\"%s\":\"%s\"}", i % 2 == 0 ? "text" : "password",
                       i % 2 == 0 ? text : password, i % 2 == 0 ? "password" : "text",
                       i % 2 == 0 ? password : text);
        clean(&j, hsn_buf_str(&in), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(count(&c.out, TOK), 0);
        cleaned_free(&c);
        hsn_buf_deinit(&in);
    }
}

/* Sixteen small letters and more, and a digit behind them only. */
static void test_found_without_digits_near(void **state)
{
    (void)state;
    job j = {.rules = rules};
    cleaned c;
    char text[256];
    prng r = {7};
    char value[24 + 1] = "";
    for (size_t i = 0; i < sizeof value - 1; i++) {
        value[i] = (char)('a' + prng_below(&r, 26));
    }
    value[20] = '7';
    snprintf(text, sizeof text, "{\"a\":\"see %s now\",\"access_token\":\"%s\"}", value, value);
    clean(&j, hsn_str_z(text), &c);
    assert_int_equal(c.status, HARSAN_OK);
    assert_int_equal(count(&c.out, value), 0);
    cleaned_free(&c);
}

enum { TOKENS = 60, TOKEN_MAX = 2000 };

/* Tokens that may be read as base64, under a name that tells them and under one that does not. */
static void add_tokens(hsn_buf *out, char list[TOKENS][TOKEN_MAX + 1], bool told_first)
{
    for (size_t i = 0; i < TOKENS; i++) {
        hsn_buf_printf(out, "%s{\"%s\":\"%s\"}", i == 0 ? "[" : ",",
                       told_first ? "access_token" : "a", list[i]);
    }
    for (size_t i = 0; i < TOKENS; i++) {
        hsn_buf_printf(out, ",{\"%s\":\"%s\"}", told_first ? "a" : "access_token", list[i]);
    }
    hsn_buf_put(out, ']');
}

static void make_token(prng *r, char *out, size_t n)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    prng_alnum(r, out, n);
    for (size_t i = 4; i < n; i++) { /* behind what makes it a key */
        out[i] = alphabet[prng_below(r, sizeof alphabet - 1)];
    }
}

static void check_tokens(char list[TOKENS][TOKEN_MAX + 1], bool told_first)
{
    hsn_buf text = new_buf();
    job j = {.rules = rules};
    cleaned c;
    add_tokens(&text, list, told_first);
    clean(&j, hsn_buf_str(&text), &c);
    assert_int_equal(c.status, HARSAN_OK);
    for (size_t i = 0; i < TOKENS; i++) {
        assert_int_equal(count(&c.out, list[i]), 0);
    }
    cleaned_free(&c);
    hsn_buf_deinit(&text);
}

static void test_tokens_like_base64(void **state)
{
    (void)state;
    static const size_t lengths[] = {24, 40, 64, 516, 1000, TOKEN_MAX};
    static char list[TOKENS][TOKEN_MAX + 1];
    prng r = {1};
    for (size_t n = 0; n < COUNT(lengths); n++) {
        for (size_t i = 0; i < TOKENS; i++) {
            make_token(&r, list[i], lengths[n]);
        }
        check_tokens(list, false);
        check_tokens(list, true);
    }
}

/* The value stands behind the place that gives it away, or nowhere else: one pass is enough. */
static void test_one_pass_is_enough(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"log\":{\"entries\":[]}}",
        "[{\"name\":\"Cookie\",\"value\":\"sid=" TOK "\"},{\"comment\":\"" TOK "\"}]",
        "[{\"comment\":\"nothing\"},{\"name\":\"Cookie\",\"value\":\"sid=" TOK "\"}]",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        job j = {.rules = rules};
        cleaned c;
        clean(&j, hsn_str_z(texts[i]), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_false(c.again);
        assert_int_equal(count(&c.out, TOK), 0);
        cleaned_free(&c);
    }
}

/* What stands in the input so often that it is remembered as clean is so no longer once a value in
 * it is learned, however deep the value lies in it, and however long what it is part of. */
static void test_one_pass_remembers(void **state)
{
    (void)state;
    enum { OFTEN = 6 };
    static const char pad[] = "a text that is longer than any value which is remembered as clean: "
                              "all that stands in it by itself is remembered, it is not. One pass "
                              "over the input remembers no words of what it will not see again, "
                              "unless it may come to know the value as clean by heart.";
    static const struct {
        const char *head, *tail; /* of the value, an element of an array */
    } table[] = {
        {"\"see ", " now\""},
        {"{\"name\":\"x-note\",\"value\":\"see ", " now\"}"},
        {"{\"comment\":\"see\\n", "\\tnow\"}"},
        {"\"{\\\"to\\\":\\\"see ", " now\\\"}\""},
        {"\"{\\\"to\\\":\\\"see ", " now\\\",\\\"pad\\\":\\\"@\\\"}\""},
    };
    hsn_buf text;
    hsn_buf_init(&text, BIG);
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *at = strchr(table[i].tail, '@');
        size_t cut = at != NULL ? (size_t)(at - table[i].tail) : 0;
        hsn_buf_reset(&text);
        hsn_buf_put(&text, '[');
        for (size_t k = 0; k <= OFTEN; k++) {
            if (k == OFTEN) {
                hsn_buf_printf(&text, "{\"name\":\"Cookie\",\"value\":\"sid=%s\"},", TOK);
            }
            hsn_buf_printf(&text, "%s%s%.*s%s%s%s", table[i].head, TOK, (int)cut, table[i].tail,
                           at != NULL ? pad : "", table[i].tail + cut + (at != NULL),
                           k < OFTEN ? ",\n" : "]");
        }
        job j = {.rules = rules, .learn = ONE_PASS};
        cleaned c;
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(count(&c.out, TOK), OFTEN);
        cleaned_free(&c);
    }
    hsn_buf_deinit(&text);
}

/* A UUID is the same in either case; what is long is itself with letters behind, and with
 * itself. */
static void test_spellings(void **state)
{
    (void)state;
#define LOW "5f0a9c3e-71b8-4d26-a0c7-e95b0d14f2aa"
#define SHOP "131-4455667-8899001" /* groups of digits, none of them nine */
#define UPP "5F0A9C3E-71B8-4D26-A0C7-E95B0D14F2AA"
    static const struct {
        const char *text, *gone;
        size_t left;
    } table[] = {
        {"[{\"name\":\"Cookie\",\"value\":\"sid=" LOW "\"},{\"x\":\"" UPP "\"}]",
         UPP, 0},
        {"[{\"x\":\"see " UPP "\"},{\"name\":\"Cookie\",\"value\":\"sid=" LOW "\"}]",
         UPP, 0},
        {"[{\"name\":\"Cookie\",\"value\":\"sid=" TOK "\"},{\"x\":\"" TOK "abc\"}]", TOK, 0},
        {"[{\"name\":\"Cookie\",\"value\":\"sid=" TOK "\"},{\"x\":\"" TOK TOK TOK TOK "\"}]", TOK, 0},
        {"[{\"name\":\"Cookie\",\"value\":\"sid=4hxhh5z27495\"},{\"x\":\"4hxhh5z27495abc\"}]",
         "4hxhh5z27495", 1}, /* so short it may be another word */
        {"[{\"x\":\"/1/OP/K7:" SHOP ":Q4$t=1\"},"
         "{\"name\":\"Cookie\",\"value\":\"session-id=" SHOP "\"}]",
         SHOP, 0},
    };
#undef LOW
#undef UPP
#undef SHOP
    for (size_t i = 0; i < COUNT(table); i++) {
        job j = {.rules = rules};
        cleaned c;
        clean(&j, hsn_str_z(table[i].text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(count(&c.out, table[i].gone), table[i].left);
        cleaned_free(&c);
    }
}

/* What in a cookie identifies by itself is not to be read where it stands without the rest. */
static void test_ids_in_cookies(void **state)
{
    (void)state;
#define HALVES "2B74A4EE051D3B16-6000014AC00F5217"
    static const struct {
        const char *cookie, *id;
        size_t left;
    } table[] = {
        {"_ga=GA1.2.1004477811.1466082592", "1004477811.1466082592", 0},
        {"_ga=GA1.2.1466082591.1466082592", "1466082591.1466082592", 0}, /* no two times */
        {"_ga=GA1.2.85473.1466082592", "85473.1466082592", 1},
        {"_gx=GB1.2.1004477811.1466082592", "1004477811.1466082592", 1},
        {"s_vi=[CS]v1|" HALVES "[CE]", HALVES, 0},
        {"p=%20fid%3D" HALVES "%7C1699999999123", HALVES, 0},
        {"u=uid:5f0a9c3e-71b8-4d26-a0c7-e95b0d14f2aa:t=1", "5f0a9c3e-71b8-4d26-a0c7-e95b0d14f2aa",
         0},
        {"k=a=1:v=kWz7QhVx3TkZw5HqXvKz8TwQ", "kWz7QhVx3TkZw5HqXvKz8TwQ", 0},
        {"k=tb:7KQ2MZ4T9WXB3HVN5RJD|1699999999123", "7KQ2MZ4T9WXB3HVN5RJD", 1}, /* too short */
        {"k=u:cancelled-flights-to-the-north_1001241|" HALVES,
         "cancelled-flights-to-the-north_1001241", 1}, /* words */
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "[{\"x\":\"/c?v=1&q=%s&z=2\"},{\"name\":\"Cookie\",\"value\":\"%s\"}]",
                 table[i].id, table[i].cookie);
        job j = {.rules = rules};
        cleaned c;
        clean(&j, hsn_str_z(text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        if (count(&c.out, table[i].id) != table[i].left) {
            fail_msg("%s: %zu", table[i].cookie, count(&c.out, table[i].id));
        }
        cleaned_free(&c);
    }
#undef HALVES
}

/* The same stand-in for a value in every place; another key, other stand-ins. */
static void test_keys(void **state)
{
    (void)state;
    enum { STANDIN = 22 };
    job j = {.rules = rules};
    cleaned a;
    cleaned b;
    hsn_str input = HSN_S(early);
    clean(&j, input, &a);
    char standin[STANDIN + 1] = {0};
    hsn_str out = hsn_buf_str(&a.out);
    memcpy(standin, out.p + hsn_str_find(out, HSN_S("redacted-")), STANDIN);
    assert_int_equal(count(&a.out, standin), 3);
    assert_true(a.seen[0].value_id == a.seen[1].value_id);
    assert_true(a.seen[0].value_id == a.seen[2].value_id);
    clean(&j, input, &b);
    assert_same(hsn_buf_str(&b.out), out, "the same key");
    cleaned_free(&b);
    j.options.key[0] = 2;
    clean(&j, input, &b);
    assert_int_equal(count(&b.out, standin), 0);
    assert_true(b.seen[0].value_id != a.seen[0].value_id);
    cleaned_free(&a);
    cleaned_free(&b);
}

static void collect(void *ctx, const harsan_finding *f)
{
    *(bool *)ctx = strcmp(f->rule, "known") == 0 && f->learned_from == NULL;
}

static int append(void *ctx, const void *data, size_t len)
{
    hsn_buf_add(ctx, data, len);
    return 0;
}

/* A value the caller names goes wherever it stands, whatever it looks like. */
static void test_known_values(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *text;
    } table[] = {
        {"tangerine", "{\"x\":\"a tangerine, please\"}"},
        {"tangerine", "{\"x\":\"tangerine\"}"},
        {"tangerine", "{\"tangerine\":1}"},
        {"a, b", "{\"x\":\"a, b\"}"},
        {"tange rine", "{\"x\":\"q=tange%20rine\"}"},
        {"Stra\xc3\x9f" "e 12", "{\"x\":\"Stra\\u00dfe 12\"}"},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        bool told = false;
        hsn_buf out = new_buf();
        harsan_options options = {.key = {1},
                                  .write = append,
                                  .write_ctx = &out,
                                  .one_pass = true,
                                  .on_finding = collect,
                                  .event_ctx = &told};
        harsan *h;
        harsan_error err;
        assert_int_equal(harsan_new(&h, rules, &options, &err), HARSAN_OK);
        assert_int_equal(harsan_known(h, table[i].value, strlen(table[i].value)), HARSAN_OK);
        assert_int_equal(feed(h, table[i].text), HARSAN_OK);
        assert_int_equal(harsan_finish(h), HARSAN_OK);
        if (!told || count(&out, "redacted-") != 1) {
            print_error("%s: %.*s\n", table[i].text, (int)out.n, (const char *)out.p);
            fail();
        }
        harsan_free(h);
        hsn_buf_deinit(&out);
    }
}

/* ---------------------------------------------------------------- facts and options */

static void test_facts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_har;
        uint64_t entries;
    } table[] = {
        {"{\"log\":{\"entries\":[]}}", true, 0},
        {"{\"log\":{\"entries\":[{},{}]}}", true, 2},
        {"{\"log\":{\"version\":\"1.2\"}}", false, 0},
        {"[{\"entries\":[1,2]}]", false, 0},
        {"{\"log\":{\"pages\":[{\"entries\":[1]}],\"entries\":[{\"entries\":[1,2,3]}]}}", true, 1},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        job j = {.rules = rules};
        cleaned c;
        clean(&j, hsn_str_z(table[i].text), &c);
        assert_int_equal(c.facts.is_har, table[i].is_har);
        assert_int_equal(c.facts.entries, table[i].entries);
        assert_int_equal(c.facts.bytes_in, strlen(table[i].text));
        assert_int_equal(c.facts.bytes_out, c.out.n);
        cleaned_free(&c);
    }
}

static void put_jwt(hsn_buf *out, const char *claims)
{
    hsn_base64 how = {.url = true};
    hsn_base64_encode(out, HSN_S("{\"alg\":\"HS256\"}"), &how);
    hsn_buf_put(out, '.');
    hsn_base64_encode(out, hsn_str_z(claims), &how);
    hsn_buf_printf(out, "." TOK "kkkkkkkkkkk");
}

/* Header and claims stay readable, or nothing does. A JWT has no padding (RFC 7515 section 2). */
static void test_jwt(void **state)
{
    (void)state;
    static const char *const claims[] = {
        "{\"sub\":\"12\",\"email\":\"ann.b@maltbarrow-post.net\"}",
        "{\"sub\":\"123\",\"email\":\"ann.b@maltbarrow-post.net\"}",
        "{\"sub\":\"1234\",\"email\":\"ann.b@maltbarrow-post.net\"}",
    };
    for (size_t i = 0; i < COUNT(claims) * 2; i++) {
        bool whole = i >= COUNT(claims);
        hsn_buf text = new_buf();
        job j = {.rules = rules, .options = {.jwt = whole ? HARSAN_JWT_WHOLE : HARSAN_JWT_CLAIMS}};
        cleaned c;
        hsn_buf_printf(&text, "{\"x\":\"");
        put_jwt(&text, claims[i % COUNT(claims)]);
        if (i % 2 == 0) { /* with a disclosure behind it */
            hsn_buf_printf(&text, "~" TOK "~");
        }
        hsn_buf_printf(&text, "\"}");
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(count(&c.out, TOK), 0);
        assert_int_equal(count(&c.out, "eyJ"), whole ? 0 : 2);
        assert_int_equal(count(&c.out, "="), 0);
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_after_finish),
        cmocka_unit_test(test_needs_a_key),
        cmocka_unit_test(test_known_comes_first),
        cmocka_unit_test(test_no_input),
        cmocka_unit_test(test_empty_pieces),
        cmocka_unit_test(test_write_refuses),
        cmocka_unit_test(test_errors_stick),
        cmocka_unit_test(test_passes),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_found_wherever_it_stands),
        cmocka_unit_test(test_found_in_the_source),
        cmocka_unit_test(test_found_without_digits_near),
        cmocka_unit_test(test_tokens_like_base64),
        cmocka_unit_test(test_one_pass_is_enough),
        cmocka_unit_test(test_one_pass_remembers),
        cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_ids_in_cookies),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_jwt),
    };
    return cmocka_run_group_tests(tests, set_up_rules, tear_down_rules);
}
