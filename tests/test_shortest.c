/*
 * The shortest text that a layer is looked for in, and one byte less: shorter ones are numbers, ids
 * and words far more often. What is told from so many bytes on is told there, and not before. And
 * the same layers where they are one too many, or too large: replaced, and told.
 */
#include "inspected.h"

/* ---------------------------------------------------------------- layers */

static void as_base64(hsn_str text, hsn_buf *out)
{
    const hsn_base64 how = {.padded = true};
    hsn_base64_encode(out, text, &how);
}

static void as_base32(hsn_str text, hsn_buf *out)
{
    const hsn_base32 how = {.padded = true};
    hsn_base32_encode(out, text, &how);
}

static void as_hex(hsn_str text, hsn_buf *out)
{
    hsn_hex_encode(out, text, false);
}

static void as_masked(hsn_str text, hsn_buf *out)
{
    const unsigned char mask = 0x5a;
    hsn_hex_encode(out, hsn_str_of(&mask, 1), false);
    for (size_t i = 0; i < text.n; i++) {
        const unsigned char c = text.p[i] ^ mask;
        hsn_hex_encode(out, hsn_str_of(&c, 1), false);
    }
}

static void as_numbers(hsn_str text, hsn_buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        hsn_buf_printf(out, "%s%u", i == 0 ? "[" : ", ", text.p[i]);
    }
    hsn_buf_put(out, ']');
}

static void layers(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        void (*spell)(hsn_str text, hsn_buf *out);
    } table[] = {{"base64", as_base64},
                 {"base32", as_base32},
                 {"hexadecimal", as_hex},
                 {"under a mask", as_masked},
                 {"numbers", as_numbers}};
    static const hsn_str shortest = HSN_W("a.b@mail.net"); /* 12 bytes */
    static const hsn_str shorter = HSN_W("a.b@mai.net");
    for (size_t i = 0; i < 2 * COUNT(table); i++) {
        const bool read = i % 2 == 0;
        hsn_buf text = new_buf(), got;
        table[i / 2].spell(read ? shortest : shorter, &text);
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        if (hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&text)) == read) {
            fail_msg("%s: %s", table[i / 2].label, read ? "is not read" : "is read");
        }
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&got);
    }
}

/* Of all five lengths of a last group; the padding belongs to what is written again. */
static void padding_of_base32(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        hsn_buf said = new_buf(), text = new_buf(), got, plain = new_buf();
        hsn_base32 how;
        hsn_buf_printf(&said, "mail to " MAIL ", %.*s", i, "soon");
        as_base32(hsn_buf_str(&said), &text);
        hsn_buf_printf(&text, " and on");
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        const hsn_str run = hsn_str_cut(hsn_buf_str(&got), 0, hsn_str_chr(hsn_buf_str(&got), ' '));
        assert_true(hsn_base32_decode(run, &how, &plain));
        assert_true(how.padded);
        assert_true(hsn_str_starts(hsn_buf_str(&plain), HSN_S("mail to ")));
        assert_int_equal(hsn_str_find(hsn_buf_str(&plain), HSN_S(MAIL)), plain.n);
        hsn_buf_deinit(&said);
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&got);
        hsn_buf_deinit(&plain);
    }
}

/* A stream in as many digits as a digest has, or fewer. */
static void short_streams_in_hex(void **state)
{
    (void)state;
    static const hsn_str said = HSN_W("an address: a.b@mail.net");
    enum { DIGEST = 64 };
    hsn_buf stream = new_buf(), text = new_buf(), got, bytes = new_buf(), plain = new_buf();
    bool upper;
    assert_true(hsn_deflate_all(said, HSN_ZLIB, &stream));
    as_hex(hsn_buf_str(&stream), &text);
    assert_true(text.n <= DIGEST);
    inspect_text(hsn_buf_str(&text), &no_name, &got);
    assert_true(hsn_hex_decode(hsn_buf_str(&got), &upper, &bytes));
    assert_int_equal(inflate_whole(hsn_buf_str(&bytes), HSN_ZLIB, &plain), HSN_INFLATE_OK);
    assert_true(hsn_str_starts(hsn_buf_str(&plain), HSN_S("an address: ")));
    assert_int_equal(hsn_str_find(hsn_buf_str(&plain), HSN_S("a.b@mail.net")), plain.n);
    hsn_buf_deinit(&stream);
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&got);
    hsn_buf_deinit(&bytes);
    hsn_buf_deinit(&plain);
}

/* ---------------------------------------------------------------- beyond a limit */

static void as_utf16(hsn_str text, hsn_buf *out)
{
    const hsn_utf16 how = {.bom = true};
    hsn_utf16_encode(out, text, &how);
}

static void as_latin1(hsn_str text, hsn_buf *out)
{
    hsn_buf packed = new_buf();
    assert_true(hsn_deflate_all(text, HSN_GZIP, &packed));
    hsn_latin1_encode(out, hsn_buf_str(&packed));
    hsn_buf_deinit(&packed);
}

/* {"text":"..."} with `plain` in base64, compressed before that or not. */
static void put_body(hsn_buf *har, hsn_str plain, bool compressed)
{
    hsn_buf packed = new_buf();
    assert_true(!compressed || hsn_deflate_all(plain, HSN_GZIP, &packed));
    hsn_buf_printf(har, "{\"text\":\"");
    as_base64(compressed ? hsn_buf_str(&packed) : plain, har);
    hsn_buf_printf(har, "\"}");
    hsn_buf_deinit(&packed);
}

/* {"text":"..."} with `plain` as it stands, escaped. */
static void put_string(hsn_buf *har, hsn_str plain)
{
    hsn_buf_printf(har, "{\"text\":\"");
    hsn_escape_json.write(har, plain);
    hsn_buf_printf(har, "\"}");
}

/* Where base64, or what escapes a string, is all that may be peeled. */
static void one_layer_too_many(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        void (*spell)(hsn_str text, hsn_buf *out);
        bool bare; /* in no base64 */
    } table[] = {{"hexadecimal", as_hex, false}, {"under a mask", as_masked, false},
                 {"base32", as_base32, false},   {"numbers", as_numbers, false},
                 {"utf-16", as_utf16, false},    {"latin-1", as_latin1, true}};
    static const hsn_str address = HSN_W(MAIL);
    harsan_rules *rules = default_rules(0);
    for (size_t i = 0; i < 2 * COUNT(table); i++) {
        const unsigned most = i % 2 == 0 ? 1 : 3;
        job j = {.rules = rules, .options = {.max_layers = most}};
        hsn_buf spelled = new_buf(), har = new_buf();
        cleaned c;
        table[i / 2].spell(address, &spelled);
        if (table[i / 2].bare) {
            put_string(&har, hsn_buf_str(&spelled));
        } else {
            put_body(&har, hsn_buf_str(&spelled), false);
        }
        clean(&j, hsn_buf_str(&har), &c);
        assert_int_equal(c.status, HARSAN_OK);
        if (buf_holds(&c.told, "limit:layers") != (most == 1) ||
            buf_holds(&c.told, "beyond a limit") != (most == 1) ||
            c.n_gaps_replaced != (most == 1) ||
            hsn_str_eq(hsn_buf_str(&c.out), hsn_buf_str(&har))) {
            fail_msg("%s, %u layers", table[i / 2].label, most);
        }
        cleaned_free(&c);
        hsn_buf_deinit(&spelled);
        hsn_buf_deinit(&har);
    }
    harsan_rules_free(rules);
}

/* What is inflated and the digits in it decoded have one budget. */
static void one_layer_too_large(void **state)
{
    (void)state;
    enum { WINDOW = 128 << 10, BUDGET = 6 << 20, LENGTH = BUDGET / 16 * 7 };
    static void (*const spell[])(hsn_str text, hsn_buf *out) = {as_hex, as_base32};
    harsan_rules *rules = default_rules(0);
    for (size_t i = 0; i < COUNT(spell); i++) {
        job j = {.rules = rules, .options = {.window = WINDOW}};
        hsn_buf said = new_buf(), spelled = new_buf(), har = new_buf();
        cleaned c;
        hsn_buf_printf(&said, "mail to " MAIL ", ");
        while (said.n < LENGTH) {
            hsn_buf_printf(&said, "some words of a long log, part %zu; ", said.n >> 10);
        }
        spell[i](hsn_buf_str(&said), &spelled);
        put_body(&har, hsn_buf_str(&spelled), true);
        clean(&j, hsn_buf_str(&har), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_true(buf_holds(&c.told, "limit:size") && c.n_gaps_replaced == 1);
        cleaned_free(&c);
        hsn_buf_deinit(&said);
        hsn_buf_deinit(&spelled);
        hsn_buf_deinit(&har);
    }
    harsan_rules_free(rules);
}

/* ---------------------------------------------------------------- what is told */

/* Bytes that are nothing known, and that nobody looked into, are told from 512 on. */
static void binary_data(void **state)
{
    (void)state;
    enum { TOLD = 512 };
    unsigned char bytes[TOLD];
    prng r = {7};
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(0x80 | prng_next(&r));
    }
    for (size_t n = TOLD - 1; n <= TOLD; n++) {
        job j = {0};
        hsn_buf text = new_buf();
        cleaned c;
        harsan_rules *rules = default_rules(0);
        j.rules = rules;
        hsn_buf_printf(&text, "{\"text\":\"");
        as_base64(hsn_str_of(bytes, n), &text);
        hsn_buf_printf(&text, "\"}");
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(buf_holds(&c.told, "binary"), n == TOLD);
        assert_int_equal(c.facts.findings, 0);
        cleaned_free(&c);
        hsn_buf_deinit(&text);
        harsan_rules_free(rules);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers),
        cmocka_unit_test(padding_of_base32),
        cmocka_unit_test(short_streams_in_hex),
        cmocka_unit_test(one_layer_too_many),
        cmocka_unit_test(one_layer_too_large),
        cmocka_unit_test(binary_data),
    };
    return cmocka_run_group_tests(tests, set_up_inspector, tear_down_inspector);
}
