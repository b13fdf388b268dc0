/*
 * Layers that few texts have: quoted-printable, encoded words, cells of tables, hexadecimal digits,
 * bytes as characters. There and back, and what is found in them.
 */
#include "inspected.h"

#include <zlib.h>

/* ---------------------------------------------------------------- there and back */

static void hex_round_trips(void **state)
{
    (void)state;
    unsigned char all[256];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (unsigned char)i;
    }
    for (int upper = 0; upper < 2; upper++) {
        hsn_buf coded = new_buf();
        hsn_buf plain = new_buf();
        bool capital = !upper;
        hsn_hex_encode(&coded, hsn_str_of(all, sizeof all), upper != 0);
        assert_int_equal(coded.n, 2 * sizeof all);
        assert_true(hsn_hex_decode(hsn_buf_str(&coded), &capital, &plain));
        assert_int_equal(capital, upper);
        assert_same(hsn_buf_str(&plain), hsn_str_of(all, sizeof all), "hex");
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&plain);
    }
}

static void hex_refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {"6", "616", "6g", "6a6B", "61 62", "0x61"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        bool upper;
        hsn_buf plain = new_buf();
        assert_false(hsn_hex_decode(hsn_str_z(bad[i]), &upper, &plain));
        hsn_buf_deinit(&plain);
    }
    bool upper;
    hsn_buf small;
    hsn_buf_init(&small, 2);
    assert_false(hsn_hex_decode(HSN_S("616263646566"), &upper, &small));
    hsn_buf_deinit(&small);
}

static void latin1_round_trips(void **state)
{
    (void)state;
    unsigned char all[256];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (unsigned char)i;
    }
    hsn_buf text = new_buf();
    hsn_buf bytes = new_buf();
    hsn_latin1_encode(&text, hsn_str_of(all, sizeof all));
    assert_int_equal(text.n, 128 + 2 * 128);
    assert_true(hsn_latin1_decode(hsn_buf_str(&text), &bytes));
    assert_same(hsn_buf_str(&bytes), hsn_str_of(all, sizeof all), "latin-1");
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&bytes);
    static const char *const bad[] = {"a\xe2\x82\xac", "\xff", "a\xc3", "\xc2(", "\xef\xbf\xbd"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        bytes = new_buf();
        assert_false(hsn_latin1_decode(hsn_str_z(bad[i]), &bytes));
        hsn_buf_deinit(&bytes);
    }
}

/* ---------------------------------------------------------------- what is found */

#define WIDE "a line of a letter as long as lines of a letter are, "

static void finds_in_mail_and_tables(void **state)
{
    (void)state;
    static const example table[] = {
        {"token across a soft break",
         "Dear Ann,\r\n" WIDE "token=3D4hxhh5z2=\r\n7495hxz7z2k79xhw42542k9x\r\nBye\r\n",
         "Dear Ann,\r\n" WIDE "token=3D#\r\nBye\r\n"},
        {"address across a soft break",
         "caf=C3=A9\n" WIDE "ferelith=\n.cobbold@maltbarrow-post.net\n",
         "caf=C3=A9\n" WIDE "#\n"},
        {"up to the boundary of the part",
         "caf=C3=A9\n" WIDE "xx=\nyy\n--b7\npassword: " PW "\n",
         "caf=C3=A9\n" WIDE "xx=\nyy\n--b7\npassword: #\n"},
        {"a header says so", "Content-Transfer-Encoding: quoted-printable\n\n" WIDE "token: 4hxhh5z2=\n"
         "7495hxz7z2k79xhw42542k9x for ever\n",
         "Content-Transfer-Encoding: quoted-printable\n\n" WIDE "token: # for ever\n"},
        {"it is said, and not so", "Quoted-printable is a way to spell.\n" WIDE "and more=\nwords\n", NULL},
        {"a line that ends in = is none", WIDE "token=\nnext " MAIL "\n",
         WIDE "token=\nnext #\n"},
        {"padding", "//registry.x.test/:_password=7C" TOK "h5z27495h=\ntoken=" TOK "x\nemail=" MAIL "\n",
         "//registry.x.test/:_password=#\ntoken=#\nemail=#\n"},
        {"part", "--xY7\r\nContent-Disposition: form-data; name=\"d\"\r\nContent-Transfer-Encoding: "
         "quoted-printable\r\n\r\nuser=3Dann&password=3Dhk7v=\r\nwx24z9&x=3D1\r\n--xY7--\r\n",
         "--xY7\r\nContent-Disposition: form-data; name=\"d\"\r\nContent-Transfer-Encoding: "
         "quoted-printable\r\n\r\nuser=3Dann&password=3D#&x=3D1\r\n--xY7--\r\n"},
        {"encoded word", "From: =?utf-8?Q?Ann_ferelith=2Ecobbold=40maltbarrow-post=2Enet?= <x>",
         "From: =?utf-8?Q?Ann_#?= <x>"},
        {"encoded words", "To: =?utf-8?q?ferelith=2Ecobb?=\r\n =?utf-8?q?old=40maltbarrow-post.net?=",
         "To: =?utf-8?q?#?="},
        {"encoded word of nothing", "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_und_mehr?=", NULL},
        {"question", "what=?is this&password=?" PW, "what=?is this&password=#"},
        {"cell", "1,\"{\"\"user\"\": \"\"ann\"\", \"\"password\"\": \"\"" PW "\"\"}\",x\n",
         "1,\"{\"\"user\"\": \"\"ann\"\", \"\"password\"\": \"\"#\"\"}\",x\n"},
        {"cell that is a string", "\"\"\"user\"\": 1, \"\"password\"\": \"\"" PW "\"\"\"\n",
         "\"\"\"user\"\": 1, \"\"password\"\": \"\"#\"\"\"\n"},
        {"token put together", "var k = \"xoxb-4\" + 'x', t={token:\"4hxhh5z27495\" + \n \"hxz7z2k79xhw42542k9x\", n: 1}",
         "var k = \"xoxb-4\" + 'x', t={token:\"#\", n: 1}"},
        {"password put together", "{password: 'hk7v'+'wx2'+'4z9', user: 'a'+'b'}",
         "{password: '#', user: 'a'+'b'}"},
        {"address put together", "var m = 'ferelith.' + 'cobbold' + '@' + 'maltbarrow-post.net';",
         "var m = '#';"},
        {"the sign in one of them", "m=\"ferelith.cobbold@\"+\"maltbarrow-post.net\";n=\"x@\"+host",
         "m=\"#\";n=\"x@\"+host"},
        {"put to a name", "a='@media '+'(min-width:1px)';b=\"user\"+'@'+\"x\";c='p'+'@babel/core'", NULL},
        {"sums", "{\"pin\":\"a\"}; x = 'a' + b + 'c@d' + '' + 'e'; y = \"\" + \"\"", NULL},
        {"empty strings", "{\"a\":\"\",\"b\":\"\"} x\"\":1", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

/* ---------------------------------------------------------------- coats */

typedef enum coat {
    HEX,
    HEX_CAPITALS,
    HEX_GZIP,
    HEX_ZLIB,
    LATIN1_GZIP,
    LATIN1_ZLIB,
    LATIN1_WIDE,
    LATIN1_WIDER,
    N_COATS
} coat;

static void put_on(coat c, hsn_str text, hsn_buf *out)
{
    const hsn_utf16 wide = {.wide = c == LATIN1_WIDER};
    hsn_buf mid = new_buf();
    *out = new_buf();
    const bool zlib = c == HEX_ZLIB || c == LATIN1_ZLIB;
    if (zlib || c == HEX_GZIP || c == LATIN1_GZIP) {
        assert_true(hsn_deflate_all(text, zlib ? HSN_ZLIB : HSN_GZIP, &mid));
    } else if (c == LATIN1_WIDE || c == LATIN1_WIDER) {
        hsn_utf16_encode(&mid, text, &wide);
    } else {
        hsn_buf_add_str(&mid, text);
    }
    if (c >= LATIN1_GZIP) {
        hsn_latin1_encode(out, hsn_buf_str(&mid));
    } else {
        hsn_hex_encode(out, hsn_buf_str(&mid), c == HEX_CAPITALS);
    }
    hsn_buf_deinit(&mid);
}

/* Fails the test unless it is still dressed in just this way. */
static void take_off(coat c, hsn_str coded, hsn_buf *out)
{
    bool upper;
    hsn_deflate kind;
    hsn_utf16 units;
    hsn_buf mid = new_buf();
    *out = new_buf();
    if (c >= LATIN1_GZIP) {
        assert_true(hsn_latin1_decode(coded, &mid));
    } else {
        assert_true(hsn_hex_decode(coded, &upper, &mid));
        assert_int_equal(upper, c == HEX_CAPITALS);
    }
    hsn_str bytes = hsn_buf_str(&mid);
    if (hsn_deflate_sniff(bytes, &kind)) {
        assert_int_equal(kind, c == HEX_ZLIB || c == LATIN1_ZLIB ? HSN_ZLIB : HSN_GZIP);
        assert_int_equal(inflate_whole(bytes, kind, out), HSN_INFLATE_OK);
    } else if (c == LATIN1_WIDE || c == LATIN1_WIDER) {
        assert_true(hsn_utf16_sniff(bytes, &units) && hsn_utf16_decode(bytes, &units, out));
        assert_int_equal(units.wide, c == LATIN1_WIDER);
    } else {
        hsn_buf_add_str(out, bytes);
    }
    hsn_buf_deinit(&mid);
}

static void finds_under_coats(void **state)
{
    (void)state;
    static const example table[] = {
        {"form", "name=ann&password=" PW "&note=some more words, as wide as that, and J\xc3\xb6rg",
         "name=ann&password=#&note=some more words, as wide as that, and J\xc3\xb6rg"},
        {"json", "{\"user\":\"ann\",\"password\":\"" PW "\",\"list\":[1,2.50,null]}",
         "{\"user\":\"ann\",\"password\":\"#\",\"list\":[1,2.50,null]}"},
        {"address", "Please write to " MAIL ".", "Please write to #."},
        {"nothing", "Nothing in here is worth a second look.", NULL},
    };
    for (size_t i = 0; i < COUNT(table) * N_COATS; i++) {
        const example *e = &table[i / N_COATS];
        coat c = (coat)(i % N_COATS);
        hsn_buf text, got, plain;
        put_on(c, hsn_str_z(e->text), &text);
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        take_off(c, hsn_buf_str(&got), &plain);
        assert_true(fits(hsn_buf_str(&plain), hsn_str_z(e->want != NULL ? e->want : e->text)));
        assert_true(e->want != NULL || hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&text)));
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&got);
        hsn_buf_deinit(&plain);
    }
}

/* Digests and ids are digits too, and a line of base64 may be followed by a word. */
static void leaves_what_is_none(void **state)
{
    (void)state;
    static const example table[] = {
        {"abcdefghijkl: nothing in it", "6162636465666768696a6b6c", NULL},
        {"ids", "id 507f1f77bcf86cd799439011 of 65a1b2c3d4e5f60718293a4b", NULL},
        {"formula", "x^2 + y^2 = z^2, for any of them", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
    hsn_buf text = new_buf(), got;
    hsn_base64 how = {.padded = true};
    hsn_base64_encode(&text, HSN_S("write to " MAIL " soon, or later."), &how);
    hsn_buf_add_str(&text, HSN_S("\nand goes on\n"));
    inspect_text(hsn_buf_str(&text), &no_name, &got);
    hsn_str end = HSN_S("\nand goes on\n");
    assert_true(got.n > end.n && !hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&text)));
    assert_same(hsn_str_of(got.p + got.n - end.n, end.n), end, "the line behind it");
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&got);
}

/* What a path before a token looks like in base64: ?{" in a text, where a group of four ends. */
static void questions_are_no_paths(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        hsn_buf said = new_buf(), text = new_buf(), got, plain = new_buf();
        hsn_base64 how = {.padded = true};
        hsn_buf_printf(&said, "mail to " MAIL " soon%.*s?{\"id\":7} and so on", (int)i, "......");
        hsn_base64_encode(&text, hsn_buf_str(&said), &how);
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        assert_true(hsn_base64_decode(hsn_buf_str(&got), &how, &plain));
        assert_int_equal(hsn_str_find(hsn_buf_str(&plain), HSN_S(MAIL)), plain.n);
        DROP(&said, &text, &got, &plain);
    }
}

/* ... nor in a stream, here in what gzip has for others between its header and the data. */
static void streams_hold_no_paths(void **state)
{
    (void)state;
    unsigned char packed[256], slash[] = {0xfd, 0xec, 0x89};
    const hsn_str said = HSN_S("mail to " MAIL " soon, they said");
    gz_header header = {.extra = slash, .extra_len = sizeof slash};
    z_stream z = {.next_in = (Bytef *)(uintptr_t)said.p,
                  .avail_in = (uInt)said.n,
                  .next_out = packed,
                  .avail_out = sizeof packed};
    assert_int_equal(
        deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflateSetHeader(&z, &header), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const hsn_str stream = hsn_str_of(packed, sizeof packed - z.avail_out);
    hsn_buf text = new_buf(), got, bytes = new_buf(), plain = new_buf();
    hsn_base64 how = {.padded = true};
    hsn_base64_encode(&text, stream, &how);
    assert_true(hsn_str_find(hsn_buf_str(&text), HSN_S("/eyJ")) < text.n);
    inspect_text(hsn_buf_str(&text), &no_name, &got);
    assert_true(hsn_base64_decode(hsn_buf_str(&got), &how, &bytes));
    assert_int_equal(inflate_whole(hsn_buf_str(&bytes), HSN_GZIP, &plain), HSN_INFLATE_OK);
    assert_int_equal(hsn_str_find(hsn_buf_str(&plain), HSN_S(MAIL)), plain.n);
    deflateEnd(&z);
    DROP(&text, &got, &bytes, &plain);
}

/* Pictures and fonts are passed over by their first bytes, of which some are letters: those of a
 * text are none. */
static void words_are_no_pictures(void **state)
{
    (void)state;
    static const hsn_str begins[] = {HSN_W("BMW"), HSN_W("ID3s"), HSN_W("OTTO"), HSN_W("GIF8"),
                                     HSN_W("the file WAVE"), HSN_W("RIFFraffWEBP"),
                                     HSN_W("two ftyp")};
    static const hsn_str pictures[] = {HSN_W("BM\x36\x10\x0e\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
                                       HSN_W("ID3\3\0\0\0\0\x0f\x76TIT2\0\0\0\x0f\0\0")};
    for (size_t i = 0; i < COUNT(begins) + COUNT(pictures); i++) {
        const bool picture = i >= COUNT(begins);
        hsn_buf said = new_buf(), text = new_buf(), got;
        const hsn_base64 how = {.padded = true};
        hsn_buf_add_str(&said, picture ? pictures[i - COUNT(begins)] : begins[i]);
        for (size_t k = 0; k < 20; k++) {
            hsn_buf_add_str(&said, HSN_S(" some words that say nothing,"));
        }
        hsn_buf_add_str(&said, HSN_S(" mail to " MAIL " soon"));
        hsn_base64_encode(&text, hsn_buf_str(&said), &how);
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        assert_int_equal(hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&text)), picture);
        DROP(&said, &text, &got);
    }
}

/* A string without a backslash gets one when what comes in its place needs it. */
static void line_ends_of_an_entity_are_spelled(void **state)
{
    (void)state;
    hsn_buf coded = new_buf(), har = new_buf();
    hsn_base64 how = {.padded = true, .line = 64, .eol = HSN_S("&#13;&#10;")};
    hsn_base64_encode(&coded, HSN_S("write to " MAIL " about the letter, and do it soon, please"),
                      &how);
    hsn_buf_printf(&har, "{\"text\":\"%.*s\"}", (int)coded.n, (const char *)coded.p);
    harsan_rules *rules = default_rules(0);
    job j = {.rules = rules};
    cleaned c;
    clean(&j, hsn_buf_str(&har), &c);
    tokens t;
    assert_int_equal(c.status, HARSAN_OK);
    assert_true(tokens_read(hsn_buf_str(&c.out), &t));
    assert_false(hsn_str_eq(hsn_buf_str(&c.out), hsn_buf_str(&har)));
    tokens_free(&t);
    cleaned_free(&c);
    hsn_buf_deinit(&coded);
    hsn_buf_deinit(&har);
    harsan_rules_free(rules);
}

/* What stands between the lines may be longer than the lines. */
static void narrow_lines_stay_lines(void **state)
{
    (void)state;
    static const hsn_str words = HSN_W("some words of a log that say nothing at all, ");
    static const hsn_str between[] = {HSN_W("\n"), HSN_W("\r\n                                ")};
    for (size_t i = 0; i < COUNT(between); i++) {
        hsn_buf said = new_buf(), text = new_buf(), got, plain = new_buf();
        hsn_base64 how = {.padded = true, .line = 16, .eol = between[i]};
        hsn_buf_add_str(&said, words);
        hsn_buf_add_str(&said, HSN_S("mail to " MAIL ", "));
        for (size_t k = 0; k < 8; k++) {
            hsn_buf_add_str(&said, words);
        }
        hsn_base64_encode(&text, hsn_buf_str(&said), &how);
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        hsn_base64 as;
        assert_true(hsn_base64_decode(hsn_buf_str(&got), &as, &plain));
        assert_int_equal(as.line, how.line);
        assert_same(as.eol, between[i], "what stands between lines");
        assert_int_equal(hsn_str_find(hsn_buf_str(&plain), HSN_S(MAIL)), plain.n);
        assert_true(hsn_str_find(hsn_buf_str(&plain), HSN_S("mail to ")) == words.n);
        hsn_buf_deinit(&said);
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&got);
        hsn_buf_deinit(&plain);
    }
}

/* What is written again in a URL has none of the signs that mean something there, though nothing
 * told which alphabet it was in: of these two texts one comes to need padding, one a sign as well.
 */
static void paths_stay_paths(void **state)
{
    (void)state;
    static const char *const starts[] = {"/", "/v1/", "GET /", "x="};
    for (size_t i = 0; i < COUNT(starts) * 2; i++) {
        const bool sign = i % 2 != 0;
        hsn_buf text = new_buf(), said = new_buf(), got;
        const hsn_base64 how = {.padded = true};
        const hsn_str start = hsn_str_z(starts[i / 2]);
        hsn_buf_printf(&said, "{\"n\":\"%s\",\"to\":\"x" MAIL "\",\"q\":\"why?%s\"}",
                       sign ? "nn" : "", sign ? "" : "mm");
        hsn_buf_add_str(&text, start);
        hsn_base64_encode(&text, hsn_buf_str(&said), &how);
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        const hsn_str made = hsn_str_cut(hsn_buf_str(&got), start.n, got.n);
        assert_false(hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&text)));
        bool signs = false;
        for (size_t k = 0; k < made.n; k++) {
            signs = signs || hsn_is_one_of(made.p[k], "-_");
            assert_false(hsn_is_one_of(made.p[k], "+/="));
        }
        assert_int_equal(signs, sign);
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&said);
        hsn_buf_deinit(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_round_trips),
        cmocka_unit_test(hex_refuses),
        cmocka_unit_test(latin1_round_trips),
        cmocka_unit_test(finds_in_mail_and_tables),
        cmocka_unit_test(finds_under_coats),
        cmocka_unit_test(leaves_what_is_none),
        cmocka_unit_test(narrow_lines_stay_lines),
        cmocka_unit_test(paths_stay_paths),
        cmocka_unit_test(questions_are_no_paths), cmocka_unit_test(streams_hold_no_paths),
        cmocka_unit_test(words_are_no_pictures),
        cmocka_unit_test(line_ends_of_an_entity_are_spelled),
    };
    return cmocka_run_group_tests(tests, set_up_inspector, tear_down_inspector);
}
