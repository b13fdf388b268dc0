/*
 * Limits that are counted in bytes, to the last of them: at the limit a value is read for what it
 * is, one past it it is what the README's table says. The others are in test_limits.c.
 */
#include "views.h"

#include "peel.h"

#define TOK "4hxhh5z27495hxz7z2k79xhw42542k9x"

static harsan_rules *rules;

static int set_up(void **state)
{
    (void)state;
    rules = default_rules(0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    harsan_rules_free(rules);
    return 0;
}

/* ---------------------------------------------------------------- inflating */

/* A secret and spaces, `n` bytes in all, compressed. */
static void pack(size_t n, hsn_buf *packed)
{
    hsn_buf plain = new_buf();
    hsn_buf_printf(&plain, "password=" TOK "\n");
    buf_repeat(&plain, " ", n - plain.n);
    hsn_buf_reset(packed);
    assert_true(hsn_deflate_all(hsn_buf_str(&plain), HSN_ZLIB, packed));
    hsn_buf_deinit(&plain);
}

/* The same with lines that are told apart: far from the limit of the ratio. */
static void pack_lines(size_t n, hsn_buf *packed)
{
    hsn_buf plain = new_buf();
    hsn_buf_printf(&plain, "password=" TOK "\n");
    for (unsigned i = 0; plain.n < n; i++) {
        hsn_buf_printf(&plain, "line %u of the page\n", i % 1000 * 7919);
    }
    plain.n = n;
    hsn_buf_reset(packed);
    assert_true(hsn_deflate_all(hsn_buf_str(&plain), HSN_ZLIB, packed));
    hsn_buf_deinit(&plain);
}

/* In base64, as a value: what is within is read, what is beyond replaced whole. */
static void clean_packed(const hsn_buf *packed, size_t window, bool beyond)
{
    job j = {.rules = rules, .options = {.window = window}};
    hsn_base64 how = {.padded = true};
    hsn_buf text = new_buf();
    cleaned c;
    hsn_buf_printf(&text, "{\"text\":\"");
    hsn_base64_encode(&text, hsn_buf_str(packed), &how);
    hsn_buf_printf(&text, "\"}");
    clean(&j, hsn_buf_str(&text), &c);
    assert_int_equal(c.status, HARSAN_OK);
    assert_int_equal(buf_holds(&c.told, "base64/zlib"), !beyond);
    assert_int_equal(buf_holds(&c.told, "limit:inflate"), beyond);
    assert_int_equal(c.n_gaps_replaced, beyond);
    assert_int_equal(c.facts.findings, 1);
    cleaned_free(&c);
    hsn_buf_deinit(&text);
}

/* The length that inflates to just as much as it may. */
static size_t length_at_ratio(hsn_buf *packed)
{
    enum { RATIO = 1000, FREE = 64 << 10, NEAR = 2000 };
    size_t n = 2 << 20;
    size_t left = 1;
    while (left > 0) {
        pack(n, packed);
        assert_true(n <= RATIO * packed->n + FREE); /* comes near, for a byte packs to less */
        left = RATIO * packed->n + FREE - n;
        n += left > NEAR ? 25 * left : left;
    }
    return n;
}

static void test_ratio_of_inflating(void **state)
{
    (void)state;
    hsn_buf packed = new_buf();
    size_t at = length_at_ratio(&packed);
    size_t packed_at = packed.n;
    for (size_t n = at; n <= at + 1; n++) {
        pack(n, &packed);
        assert_int_equal(packed.n, packed_at);
        clean_packed(&packed, 0, n > at);
    }
    hsn_buf_deinit(&packed);
}

/* All layers of a value share three windows, of small windows 6 MiB: the outer one counts with half
 * as much again, which is what its buffer may take. */
static void test_size_of_layers(void **state)
{
    enum { SHARED = 6 << 20 };
    (void)state;
    hsn_buf packed = new_buf();
    size_t at = SHARED;
    for (size_t room = 0; room != at;) {
        room = at;
        pack_lines(at, &packed);
        at = SHARED - packed.n - packed.n / 2;
    }
    clean_packed(&packed, 1 << 20, false);
    size_t packed_at = packed.n;
    pack_lines(at + 1, &packed);
    assert_true(packed.n >= packed_at);
    clean_packed(&packed, 1 << 20, true);
    hsn_buf_deinit(&packed);
}

/* ---------------------------------------------------------------- formats */

/* Beyond the limit of a format there is still the address itself, which is known by its looks. */
#define ADDRESS "ann.b@maltbarrow-post.net"

typedef struct format {
    const char *label;
    size_t limit; /* bytes: filled up to it */
    const char *before;
    const char *filling;
    const char *behind; /* the rest of what is limited, and */
    const char *value;  /* what it names */
} format;

static void put_format(hsn_buf *text, const format *f, size_t n)
{
    static const char *const spelled[] = {"\\\\", "\\\"", "\\n", "\\r"};
    hsn_buf plain = new_buf();
    hsn_buf_printf(&plain, "%s", f->before);
    while (plain.n < n - strlen(f->behind)) {
        size_t left = n - strlen(f->behind) - plain.n;
        hsn_buf_add(&plain, f->filling, left < strlen(f->filling) ? left : strlen(f->filling));
    }
    hsn_buf_printf(&plain, "%s%s", f->behind, f->value);
    hsn_buf_printf(text, "{\"text\":\"");
    for (size_t i = 0; i < plain.n; i++) {
        size_t k = hsn_str_chr(HSN_S("\\\"\n\r"), plain.p[i]);
        if (k < COUNT(spelled)) {
            hsn_buf_printf(text, "%s", spelled[k]);
        } else {
            hsn_buf_put(text, plain.p[i]);
        }
    }
    hsn_buf_printf(text, "\"}");
    hsn_buf_deinit(&plain);
}

static void test_formats(void **state)
{
    (void)state;
    static const format formats[] = {
        {"boundary", 4 << 10, "--", "xX", "",
         "\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" ADDRESS "\r\n--"},
        {"start tag", 256 << 10, "<input name=password title=\"", "some words ",
         "\" value=\"" ADDRESS "\">", ""},
        {"name of an element", 1 << 10, "<", "long.", "Password", ">" ADDRESS "</a>"},
    };
    for (size_t i = 0; i < 2 * COUNT(formats); i++) {
        const format *f = &formats[i / 2];
        bool past = i % 2 == 1;
        job j = {.rules = rules};
        hsn_buf text = new_buf();
        cleaned c;
        put_format(&text, f, f->limit + past);
        clean(&j, hsn_buf_str(&text), &c);
        if (buf_holds(&c.told, "email-address") != past) {
            print_error("%s: %s\n", f->label,
                        past ? "read past the limit" : "not read at the limit");
            fail();
        }
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.facts.findings, 1);
        assert_int_equal(c.n_gaps_replaced, 0);
        assert_false(buf_holds(&c.out, ADDRESS));
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
}

/* A table with more columns than can be held is given up whole; with a longer first line it is
 * none. */
static void test_first_line_of_a_table(void **state)
{
    (void)state;
    static const format table = {"table",       64 << 10, "password,",
                                 "some words,", "name\n", ADDRESS ",a\n"};
    for (size_t past = 0; past < 2; past++) {
        job j = {.rules = rules};
        hsn_buf text = new_buf();
        cleaned c;
        put_format(&text, &table, table.limit + past);
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(buf_holds(&c.told, "limit:size"), past == 0);
        assert_int_equal(buf_holds(&c.told, "email-address"), past == 1);
        assert_false(buf_holds(&c.out, ADDRESS));
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
}

/* ---------------------------------------------------------------- work */

/* A text that grows by the same again and again, up to a limit that no length tells. */
typedef struct growing {
    const char *label;
    const char *pattern; /* of the only rule; NULL: those that come with harsan */
    const char *before, *filling, *behind;
    size_t within, beyond; /* times: it is known of these */
    const char *told;
    const char *lost; /* of what stands before */
} growing;

static harsan_rules *rules_of(const growing *g)
{
    harsan_rules *made = NULL;
    harsan_error err = {0};
    hsn_buf file = new_buf();
    hsn_buf_printf(&file,
                   "{\"rules\":[{\"id\":\"slow\",\"what\":\"A pattern that costs\",\"max\":100000,"
                   "\"category\":\"key\",\"anchor\":[\"slowkey_\"],\"pattern\":\"%s\","
                   "\"hit\":[\"slowkey_aaab\"],\"miss\":[\"slowkey_b\"]}]}",
                   g->pattern);
    assert_int_equal(harsan_rules_parse(&made, file.p, file.n, true, 0, &err), HARSAN_OK);
    hsn_buf_deinit(&file);
    return made;
}

/* Whether it is beyond the limit. Then it is told and replaced; what follows it is not. */
static bool is_beyond(const growing *g, const harsan_rules *with, size_t times)
{
    job j = {.rules = with};
    hsn_buf text = new_buf();
    cleaned c;
    hsn_buf_printf(&text, "{\"text\":\"%s", g->before);
    buf_repeat(&text, g->filling, times);
    hsn_buf_printf(&text, "%s\"}", g->behind);
    clean(&j, hsn_buf_str(&text), &c);
    const bool beyond = buf_holds(&c.told, g->told);
    assert_int_equal(c.status, HARSAN_OK);
    assert_int_equal(c.n_gaps_replaced, beyond);
    assert_int_equal(buf_holds(&c.out, g->lost), !beyond);
    assert_false(buf_holds(&c.out, TOK));
    assert_true(g->pattern == NULL || buf_holds(&c.out, "and go on"));
    cleaned_free(&c);
    hsn_buf_deinit(&text);
    return beyond;
}

/* There is one length up to which it is read, and with one more it is not. */
static void test_costly_texts(void **state)
{
    (void)state;
    static const growing texts[] = {
        {"steps of a pattern", "slowkey_((?:a|aa)+)b", "see slowkey_", "a", "c and go on", 5, 80,
         "limit:pattern", "slowkey_"},
        {"memory of a pattern", "slowkey_((?:a|b)+)b", "see slowkey_", "a", "b and go on", 500,
         80000, "limit:pattern", "slowkey_"},
        {"readings", NULL, "password=" TOK " and some words ", "\\\"token\\\":{", "", 20, 5000,
         "limit:work", "and some words"},
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        harsan_rules *own = texts[i].pattern != NULL ? rules_of(&texts[i]) : NULL;
        const harsan_rules *with = own != NULL ? own : rules;
        size_t within = texts[i].within;
        size_t beyond = texts[i].beyond;
        assert_false(is_beyond(&texts[i], with, within));
        assert_true(is_beyond(&texts[i], with, beyond));
        while (beyond - within > 1) {
            size_t middle = within + (beyond - within) / 2;
            *(is_beyond(&texts[i], with, middle) ? &beyond : &within) = middle;
        }
        print_message("%s: %zu within, %zu beyond\n", texts[i].label, within, beyond);
        harsan_rules_free(own);
    }
}

#define WORD "xk7f2m9q4w8z" /* no secret by its looks */

/* Names in a row, values in another: with more columns than are counted it is free text. */
static void test_columns(void **state)
{
    enum { COLUMNS = 512 };
    (void)state;
    static const struct {
        const char *begin, *name, *last_name, *rule, *between, *cell, *value;
    } tables[] = {
        {"insert into t (", "word,", "password)", "", " values (", "'a',", "'" WORD "');"},
        {"", "|word", "|password|\\n", "|---", "|\\n", "|a", "|" WORD "|\\n"},
        {"<table><tr>", "<th>b</th>", "<th>password</th>", "", "<tr>", "<td>a</td>",
         "<td>" WORD "</td></table>"},
    };
    for (size_t i = 0; i < 2 * COUNT(tables); i++) {
        const bool past = i % 2 == 1;
        job j = {.rules = rules};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "{\"text\":\"%s", tables[i / 2].begin);
        buf_repeat(&text, tables[i / 2].name, past ? COLUMNS : COLUMNS - 1);
        hsn_buf_printf(&text, "%s", tables[i / 2].last_name);
        buf_repeat(&text, tables[i / 2].rule, past ? COLUMNS + 1 : COLUMNS);
        hsn_buf_printf(&text, "%s", tables[i / 2].between);
        buf_repeat(&text, tables[i / 2].cell, past ? COLUMNS : COLUMNS - 1);
        hsn_buf_printf(&text, "%s\"}", tables[i / 2].value);
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.facts.findings, !past);
        assert_int_equal(buf_holds(&c.out, WORD), past);
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_size_of_layers),
        cmocka_unit_test(test_costly_texts),
        cmocka_unit_test(test_ratio_of_inflating),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_first_line_of_a_table),
        cmocka_unit_test(test_columns),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
