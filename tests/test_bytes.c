/*
 * Bytes spelled as characters where what they are shows late or not at all: streams of deflate that
 * were cut, go on or have something behind them, digits of binary data, base32, addresses under a
 * mask, base64 in the middle of a path. Each with its look-alikes, which must stay.
 */
#include "inspected.h"

static const char form[] = "name=ann&password=" PW "&note=some more words, and then some";
static const char form_clean[] = "name=ann&password=#&note=some more words, and then some";

/* Decoded as `undo` does it, the result is as wanted, and a second look leaves it alone. */
static void holds_coded(const char *label, hsn_str coded, const char *want,
                        void (*undo)(hsn_str coded, hsn_buf *out))
{
    hsn_buf got, again, plain;
    inspect_text(coded, &no_name, &got);
    inspect_text(hsn_buf_str(&got), &no_name, &again);
    plain = new_buf();
    undo(hsn_buf_str(&got), &plain);
    if (!fits(hsn_buf_str(&plain), hsn_str_z(want)) ||
        !hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&again))) {
        fail_msg("%s:\n  got  %.*s\n  want %s", label, (int)plain.n, (const char *)plain.p, want);
    }
    hsn_buf_deinit(&got);
    hsn_buf_deinit(&again);
    hsn_buf_deinit(&plain);
}

static void stays(const char *label, hsn_str text)
{
    hsn_buf got;
    inspect_text(text, &no_name, &got);
    assert_same(hsn_buf_str(&got), text, label);
    hsn_buf_deinit(&got);
}

/* ---------------------------------------------------------------- deflate */

static const hsn_base64 padded = {.padded = true};

static void base64(hsn_str plain, hsn_buf *out)
{
    *out = new_buf();
    hsn_base64_encode(out, plain, &padded);
}

static void base64_undo(hsn_str coded, hsn_buf *out)
{
    hsn_base64 how;
    assert_true(hsn_base64_decode(coded, &how, out));
}

static hsn_deflate undone; /* the kind that inflated_undo reads */
static hsn_stream_end undone_end;

static void inflated_undo(hsn_str coded, hsn_buf *out)
{
    hsn_base64 how;
    hsn_buf bytes = new_buf();
    assert_true(hsn_base64_decode(coded, &how, &bytes));
    assert_int_equal(hsn_inflate_some(hsn_buf_str(&bytes), undone, &undone_end, out),
                     HSN_INFLATE_OK);
    hsn_buf_deinit(&bytes);
}

static const hsn_deflate kinds[] = {HSN_GZIP, HSN_ZLIB, HSN_RAW_DEFLATE};

static void streams_that_stay_open_are_read(void **state)
{
    (void)state;
    enum { FLUSHED = 4 };
    for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
        bool stripped = i % 2 != 0; /* as in messages of a WebSocket */
        hsn_buf packed = new_buf(), coded;
        undone = kinds[i / 2];
        assert_true(hsn_deflate_open(hsn_str_z(form), undone, &packed));
        packed.n -= stripped ? FLUSHED : 0;
        base64(hsn_buf_str(&packed), &coded);
        holds_coded("open", hsn_buf_str(&coded), form_clean, inflated_undo);
        assert_true(undone_end.open);
        hsn_buf_deinit(&packed);
        hsn_buf_deinit(&coded);
    }
}

static void streams_that_were_cut_are_read(void **state)
{
    (void)state;
    enum { TRAILER = 8, ADLER = 4, MARKED = 2 /* kinds */ };
    for (size_t i = 0; i < MARKED; i++) {
        hsn_buf packed = new_buf(), coded;
        undone = kinds[i];
        assert_true(hsn_deflate_all(hsn_str_z(form), undone, &packed));
        packed.n -= undone == HSN_GZIP ? TRAILER : ADLER;
        base64(hsn_buf_str(&packed), &coded);
        holds_coded("cut", hsn_buf_str(&coded), form_clean, inflated_undo);
        hsn_buf_deinit(&packed);
        hsn_buf_deinit(&coded);
    }
}

static void members_and_what_stands_behind_are_read(void **state)
{
    (void)state;
    static const char twice[] = "name=ann&password=#&note=some more words, and then somename=ann&"
                                "password=#&note=some more words, and then some";
    hsn_buf packed = new_buf(), coded;
    undone = HSN_GZIP;
    assert_true(hsn_deflate_all(hsn_str_z(form), HSN_GZIP, &packed));
    assert_true(hsn_deflate_all(hsn_str_z(form), HSN_GZIP, &packed));
    hsn_buf_add_str(&packed, HSN_S("\0\0\0\0\0\0 mail " MAIL " \0"));
    base64(hsn_buf_str(&packed), &coded);
    holds_coded("members", hsn_buf_str(&coded), twice, inflated_undo);
    assert_false(undone_end.open);
    hsn_buf got, bytes = new_buf();
    hsn_base64 how;
    inspect_text(hsn_buf_str(&coded), &no_name, &got);
    assert_true(hsn_base64_decode(hsn_buf_str(&got), &how, &bytes));
    hsn_str all = hsn_buf_str(&bytes);
    assert_int_equal(hsn_str_find(all, HSN_S("ferelith")), all.n);
    assert_true(hsn_str_find(all, HSN_S("\0\0\0\0\0\0 mail ")) < all.n);
    hsn_buf_deinit(&packed);
    hsn_buf_deinit(&coded);
    hsn_buf_deinit(&got);
    hsn_buf_deinit(&bytes);
}

/* Cut, and nothing found in it: not a byte is written anew. */
static void streams_of_nothing_stay(void **state)
{
    (void)state;
    static const char words[] = "nothing in here is worth a second look, nor a third one";
    for (size_t i = 0; i < COUNT(kinds); i++) {
        hsn_buf packed = new_buf(), coded;
        assert_true(hsn_deflate_open(hsn_str_z(words), kinds[i], &packed));
        for (int cut = 0; cut < 9; cut++, packed.n--) {
            base64(hsn_buf_str(&packed), &coded);
            stays("cut", hsn_buf_str(&coded));
            hsn_buf_deinit(&coded);
        }
        hsn_buf_add_str(&packed, HSN_S("\x1f\x8b\x08 and more"));
        base64(hsn_buf_str(&packed), &coded);
        stays("broken", hsn_buf_str(&coded));
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&packed);
    }
}

/* ---------------------------------------------------------------- digits */

static void hex_undo(hsn_str coded, hsn_buf *out)
{
    bool upper;
    assert_true(hsn_hex_decode(coded, &upper, out));
}

/* Strings keep their length there: in place of the stand-in stands what is as long. */
static void digits_of_binary_data_are_read(void **state)
{
    (void)state;
    hsn_str message =
        HSN_S("\x08\x96\x01\x12\x2c{\"user\": \"ann\", \"mail\": \"" MAIL "\"}\x18\x05");
    hsn_buf coded = new_buf(), got, plain = new_buf();
    hsn_hex_encode(&coded, message, false);
    inspect_text(hsn_buf_str(&coded), &no_name, &got);
    hex_undo(hsn_buf_str(&got), &plain);
    hsn_str all = hsn_buf_str(&plain);
    assert_int_equal(hsn_str_find(all, HSN_S("ferelith")), all.n);
    assert_true(hsn_str_starts(all, HSN_S("\x08\x96\x01\x12\x2c{\"user\": \"ann\", \"mail\": \"")));
    hsn_buf_deinit(&coded);
    hsn_buf_deinit(&got);
    hsn_buf_deinit(&plain);
}

static void bytea_undo(hsn_str coded, hsn_buf *out)
{
    assert_true(hsn_str_starts(coded, HSN_S("\\x")));
    hex_undo(hsn_str_cut(coded, 2, coded.n), out);
}

static void columns_of_bytes_are_read(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{form, form_clean},
                                           {"mail to " MAIL " soon", "mail to # soon"},
                                           {"{\"password\":\"" PW "\"}", "{\"password\":\"#\"}"}};
    for (size_t i = 0; i < COUNT(texts); i++) {
        hsn_buf coded = new_buf();
        hsn_buf_add_str(&coded, HSN_S("\\x"));
        hsn_hex_encode(&coded, hsn_str_z(texts[i][0]), false);
        holds_coded("bytea", hsn_buf_str(&coded), texts[i][1], bytea_undo);
        hsn_buf_deinit(&coded);
    }
    stays("escapes", HSN_S("\"\\x6e\\x6f\\x20\\x6d\\x61\\x69\\x6c\\x20\\x68\\x65\\x72\\x65\""));
    stays("digest", HSN_S("\\x9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"));
}

static void mask(hsn_str text, unsigned char key, bool upper, hsn_buf *out)
{
    *out = new_buf();
    hsn_hex_encode(out, hsn_str_of(&key, 1), upper);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = text.p[i] ^ key;
        hsn_hex_encode(out, hsn_str_of(&c, 1), upper);
    }
}

/* The quick look at an id turns none away that spells something, and nearly all others. */
static void digits_of_ids_are_told_apart(void **state)
{
    (void)state;
    enum { SHORTEST = 16, LONGEST = 32, ROUNDS = 2000 };
    prng r = {12};
    size_t taken = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        const size_t n = SHORTEST + prng_below(&r, LONGEST - SHORTEST);
        unsigned char bytes[LONGEST];
        unsigned char text[LONGEST];
        for (size_t i = 0; i < n; i++) {
            bytes[i] = (unsigned char)prng_next(&r);
            text[i] = (unsigned char)(' ' + prng_below(&r, 0x7f - ' '));
        }
        hsn_buf id = new_buf(), plain = new_buf(), masked, stream = new_buf();
        hsn_hex_encode(&id, hsn_str_of(bytes, n), false);
        hsn_hex_encode(&plain, hsn_str_of(text, n), false);
        mask(hsn_str_of(text, n - 1), bytes[0], false, &masked);
        bytes[0] = prng_one_in(&r, 2) ? 0x1f : 0x78; /* gzip, zlib: from 24 bytes on */
        hsn_hex_encode(&stream, hsn_str_of(bytes, n), false);
        taken += hsn_may_hide_in_hex(hsn_buf_str(&id));
        assert_true(hsn_may_hide_in_hex(hsn_buf_str(&plain)));
        assert_true(hsn_may_hide_in_hex(hsn_buf_str(&masked)));
        assert_true(n < 24 || hsn_may_hide_in_hex(hsn_buf_str(&stream)));
        hsn_buf_deinit(&id);
        hsn_buf_deinit(&plain);
        hsn_buf_deinit(&masked);
        hsn_buf_deinit(&stream);
    }
    assert_true(taken < ROUNDS / 20);
    assert_true(hsn_may_hide_in_hex(HSN_S("abcdef234567abcdef234567abcdef23")));
    assert_true(hsn_may_hide_in_hex(HSN_S("9e107d9d372bb6826bd81d3542a419")));
}

static void unmask_undo(hsn_str coded, hsn_buf *out)
{
    hsn_buf bytes = new_buf();
    hex_undo(coded, &bytes);
    for (size_t i = 1; i < bytes.n; i++) {
        hsn_buf_put(out, bytes.p[i] ^ bytes.p[0]);
    }
    hsn_buf_deinit(&bytes);
}

static void masked_addresses_are_read(void **state)
{
    (void)state;
    for (int key = 0; key < 256; key++) {
        hsn_buf coded;
        mask(HSN_S(MAIL), (unsigned char)key, key % 2 != 0, &coded);
        holds_coded("masked", hsn_buf_str(&coded), "#", unmask_undo);
        hsn_buf_deinit(&coded);
    }
    hsn_buf coded;
    mask(HSN_S(MAIL "?subject=Greetings"), 0x5a, false, &coded);
    holds_coded("with a subject", hsn_buf_str(&coded), "#?subject=Greetings", unmask_undo);
    hsn_buf_deinit(&coded);
    mask(HSN_S("no address @ all"), 0x5a, false, &coded);
    stays("masked words", hsn_buf_str(&coded));
    hsn_buf_deinit(&coded);
}

static void base32_undo(hsn_str coded, hsn_buf *out)
{
    hsn_base32 how;
    assert_true(hsn_base32_decode(coded, &how, out));
}

static void base32_round_trips(void **state)
{
    (void)state;
    unsigned char all[256];
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (unsigned char)(i * 7);
    }
    for (size_t n = 1; n <= sizeof all; n++) {
        const hsn_base32 how = {.lower = n % 2 != 0, .padded = n % 3 != 0 || n % 5 == 0};
        hsn_base32 found;
        hsn_buf coded = new_buf(), plain = new_buf();
        hsn_base32_encode(&coded, hsn_str_of(all, n), &how);
        assert_int_equal(how.padded ? coded.n % 8 : 0, 0);
        assert_true(hsn_base32_decode(hsn_buf_str(&coded), &found, &plain));
        assert_same(hsn_buf_str(&plain), hsn_str_of(all, n), "base32");
        assert_int_equal(found.padded, how.padded);
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&plain);
    }
    static const char *const bad[] = {"",     "A",   "AAA",      "ab1d",
                                      "AAaa", "AB=", "AF======", "AAAAAAAA="};
    for (size_t i = 0; i < COUNT(bad); i++) {
        hsn_base32 how;
        hsn_buf plain = new_buf();
        assert_false(hsn_base32_decode(hsn_str_z(bad[i]), &how, &plain));
        hsn_buf_deinit(&plain);
    }
}

static void base32_is_read(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        const hsn_base32 how = {.lower = i % 2 != 0, .padded = i / 2 != 0};
        hsn_buf coded = new_buf();
        hsn_base32_encode(&coded, hsn_str_z(form), &how);
        holds_coded("base32", hsn_buf_str(&coded), form_clean, base32_undo);
        hsn_buf_deinit(&coded);
    }
}

static void digits_of_nothing_stay(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "commit 2aae6c35c94fcfb415dbe95f408b9ce91ee846ed of "
        "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        "form --b7, and no part of one; calldata "
        "0xa9059cbb0000000000000000000000005b38da6a701c568545dcfcb03fcb875f56beddc4",
        "ABSOLUTELYCAPITALLETTERSWITHOUTBLANKS and someverylongwordofsmallletters",
        "nbswy3dpeb3w64tmmqqho2lunb2gqzi", /* "hello world ..." */
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        stays(texts[i], hsn_str_z(texts[i]));
    }
}

/* ---------------------------------------------------------------- messages with lengths */

/* Field 2 of a message, a text of less than 16 KiB; in a frame of gRPC. */
static void put_message(hsn_buf *out, bool frame, const char *text)
{
    size_t n = strlen(text);
    size_t head = n < 128 ? 2 : 3;
    if (frame) {
        hsn_buf_add(out, "\0\0\0", 3);
        hsn_buf_put(out, (unsigned char)((head + n + 2) >> 8));
        hsn_buf_put(out, (unsigned char)(head + n + 2));
    }
    hsn_buf_put(out, 0x12);
    hsn_buf_put(out, (unsigned char)(n < 128 ? n : (n & 127) | 128));
    if (n >= 128) {
        hsn_buf_put(out, (unsigned char)(n >> 7));
    }
    hsn_buf_printf(out, "%s\x18\x05", text);
}

/* One as it is, one in a frame, two in frames. */
static void messages_keep_their_lengths(void **state)
{
    (void)state;
    enum { WAYS = 3 };
    static const char *const texts[] = {
        "{\"user\":\"ann\",\"note\":\"mail to " MAIL " please\",\"n\":7}",
        "name=ann&password=" PW
        "&note=some words, to fill a line that is long enough to pass for text, "
        "and some more of them, because a message may be as long as this one or longer",
    };
    for (size_t i = 0; i < WAYS * COUNT(texts); i++) {
        hsn_buf message = new_buf(), coded, got, plain = new_buf();
        hsn_base64 how;
        put_message(&message, i % WAYS != 0, texts[i / WAYS]);
        if (i % WAYS == 2) {
            put_message(&message, true, texts[i / WAYS]);
        }
        base64(hsn_buf_str(&message), &coded);
        inspect_text(hsn_buf_str(&coded), &no_name, &got);
        assert_true(hsn_base64_decode(hsn_buf_str(&got), &how, &plain));
        assert_int_equal(plain.n, message.n);
        assert_false(hsn_str_eq(hsn_buf_str(&plain), hsn_buf_str(&message)));
        assert_int_equal(hsn_str_find(hsn_buf_str(&plain), HSN_S("ferelith")), plain.n);
        assert_int_equal(hsn_str_find(hsn_buf_str(&plain), HSN_S(PW)), plain.n);
        stays("again", hsn_buf_str(&got));
        hsn_buf_deinit(&message);
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&got);
        hsn_buf_deinit(&plain);
    }
}

/* A form with a file that is no text: its fields are read, and the file stays. */
static void forms_with_binary_files_are_read(void **state)
{
    (void)state;
    static const char head[] =
        "--b7\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" PW
        "\r\n--b7\r\nContent-Disposition: form-data; name=\"f\"; "
        "filename=\"a\"\r\n\r\n";
    static const char tail[] =
        "\r\n--b7\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n" TOK "\r\n--b7--\r\n";
    unsigned char noise[700];
    prng r = {.state = 5};
    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] = (unsigned char)prng_below(&r, 256);
    }
    hsn_buf body = new_buf(), coded, got, plain = new_buf();
    hsn_base64 how;
    hsn_buf_add(&body, head, strlen(head));
    hsn_buf_add(&body, noise, sizeof noise);
    hsn_buf_add(&body, tail, strlen(tail));
    base64(hsn_buf_str(&body), &coded);
    inspect_text(hsn_buf_str(&coded), &no_name, &got);
    assert_true(hsn_base64_decode(hsn_buf_str(&got), &how, &plain));
    hsn_str all = hsn_buf_str(&plain);
    assert_int_equal(hsn_str_find(all, HSN_S(PW)), all.n);
    assert_int_equal(hsn_str_find(all, HSN_S(TOK)), all.n);
    assert_true(hsn_str_find(all, hsn_str_of(noise, sizeof noise)) < all.n);
    stays("again", hsn_buf_str(&got));
    hsn_buf_deinit(&body);
    hsn_buf_deinit(&coded);
    hsn_buf_deinit(&got);
    hsn_buf_deinit(&plain);
}

/* Text that begins as a message could, and base64 that a slash stands in by chance. */
static void texts_are_no_messages(void **state)
{
    (void)state;
    hsn_buf coded;
    base64(HSN_S("\n  name=ann&password=" PW "&note=some more words"), &coded);
    holds_coded("a line end first", hsn_buf_str(&coded),
                "\n  name=ann&password=#&note=some more words", base64_undo);
    hsn_buf_deinit(&coded);
}

/* ---------------------------------------------------------------- lists of numbers */

static void put_list(hsn_buf *out, const char *open, const char *between, const char *text,
                     const char *close)
{
    hsn_buf_printf(out, "%s", open);
    for (const char *p = text; *p != '\0'; p++) {
        hsn_buf_printf(out, "%s%d", p == text ? "" : between, *p);
    }
    hsn_buf_printf(out, "%s", close);
}

static void list_undo(hsn_str coded, hsn_buf *out)
{
    size_t at = 0;
    while (at < coded.n && (coded.p[at] != '[' && coded.p[at] != '(')) {
        at++;
    }
    for (int v = -1; at < coded.n; at++) {
        if (hsn_is_digit(coded.p[at])) {
            v = (v < 0 ? 0 : v) * 10 + coded.p[at] - '0';
        } else if (v >= 0) {
            hsn_buf_put(out, (unsigned char)v);
            v = -1;
        }
    }
}

static void lists_of_characters_are_read(void **state)
{
    (void)state;
    static const char *const around[][3] = {
        {"{\"type\":\"Buffer\",\"data\":[", ",", "]}"},
        {"String.fromCharCode(", ", ", ");"},
    };
    for (size_t i = 0; i < COUNT(around); i++) {
        hsn_buf coded = new_buf(), got;
        put_list(&coded, around[i][0], around[i][1], form, around[i][2]);
        holds_coded("list", hsn_buf_str(&coded), form_clean, list_undo);
        inspect_text(hsn_buf_str(&coded), &no_name, &got);
        assert_true(hsn_str_starts(hsn_buf_str(&got), hsn_str_z(around[i][0])));
        size_t n = strlen(around[i][2]);
        assert_same(hsn_str_cut(hsn_buf_str(&got), got.n - n, got.n), hsn_str_z(around[i][2]),
                    "end");
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&got);
    }
}

static void lists_of_numbers_stay(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[10,20,30,40,50,60,70,80,90,100,110,120,130]",
        "[65.5,66.5,67.5,68.5,69.5,70.5,71.5,72.5,73.5,74.5,75.5,76.5,77.5]",
        "{\"data\":[72,101,108,108,111,32,119,111,114,108,100,33,33,33]}",
        "rgb(101,102,103) matrix(100,101,102,103,104,105)",
        "[97,64,98]",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        stays(texts[i], hsn_str_z(texts[i]));
    }
}

/* ---------------------------------------------------------------- base64 among other things */

static void base64_ends_where_its_text_does(void **state)
{
    (void)state;
    static const char *const around[][2] = {
        {"https://a.test/api/v1/render/", "/small.png"},
        {"https://a.test/api/v1/render/", "/images/large/of-the-day"},
        {"cache_key_", "_v2 and so on"},
        {"a-", "-page2"},
    };
    for (size_t i = 0; i < 3 * COUNT(around); i++) {
        static const char *const fill[] = {"", "!", "!!"}; /* any length of the last group */
        static const hsn_base64 bare = {.url = true};
        const char *const *pair = around[i / 3];
        hsn_buf plain = new_buf(), coded = new_buf(), got, back = new_buf();
        hsn_base64 how;
        hsn_buf_printf(&plain, "{\"a\":\"J\xc3\xb6rg\",\"password\":\"%s\",\"b\":\"%s\"}", PW,
                       fill[i % 3]);
        hsn_buf_add_str(&coded, hsn_str_z(pair[0]));
        hsn_base64_encode(&coded, hsn_buf_str(&plain), &bare);
        hsn_buf_add_str(&coded, hsn_str_z(pair[1]));
        inspect_text(hsn_buf_str(&coded), &no_name, &got);
        hsn_str v = hsn_buf_str(&got);
        assert_true(hsn_str_starts(v, hsn_str_z(pair[0])));
        size_t behind = strlen(pair[1]);
        assert_same(hsn_str_cut(v, v.n - behind, v.n), hsn_str_z(pair[1]), "behind");
        v = hsn_str_cut(v, strlen(pair[0]), v.n - behind);
        assert_true(hsn_base64_decode(v, &how, &back));
        assert_int_equal(hsn_str_find(hsn_buf_str(&back), HSN_S(PW)), back.n);
        assert_true(hsn_str_find(hsn_buf_str(&back), HSN_S("J\xc3\xb6rg\",\"password\":\"")) <
                    back.n);
        hsn_buf_deinit(&plain);
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&got);
        hsn_buf_deinit(&back);
    }
}

static void base64_cut_anywhere_is_read(void **state)
{
    (void)state;
    hsn_buf coded;
    base64(hsn_str_z(form), &coded);
    for (size_t cut = 0; cut < 4; cut++) {
        hsn_str text = hsn_str_cut(hsn_buf_str(&coded), 0, coded.n - 4 - cut);
        hsn_buf plain = new_buf();
        base64_undo(text, &plain);
        hsn_buf want = new_buf();
        hsn_buf_printf(&want, "name=ann&password=#%.*s",
                       (int)(plain.n - strlen("name=ann&password=" PW)),
                       (const char *)plain.p + strlen("name=ann&password=" PW));
        hsn_buf_put(&want, '\0');
        holds_coded("cut", text, (const char *)want.p, base64_undo);
        hsn_buf_deinit(&plain);
        hsn_buf_deinit(&want);
    }
    hsn_buf_deinit(&coded);
    stays("no letter of it", HSN_S("bm8gbGV0dGVyIG9mIGl0IG1lYW5zIG11Y2g_x"));
    stays("path", HSN_S("static/js/components/Button/index/default/main"));
}

/* Other = than the last group wants belong to what follows. */
static void base64_takes_the_padding_it_wants(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < 3; cut++) {
        hsn_buf text = new_buf(), got;
        hsn_str plain = hsn_str_cut(hsn_str_z(form), 0, strlen(form) - cut);
        hsn_base64_encode(&text, plain, &padded);
        size_t n = text.n;
        hsn_buf_add_str(&text, HSN_S("==tail"));
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        hsn_str v = hsn_buf_str(&got);
        assert_false(hsn_str_eq(hsn_str_cut(v, 0, n), hsn_str_cut(hsn_buf_str(&text), 0, n)));
        assert_same(hsn_str_cut(v, v.n - 6, v.n), HSN_S("==tail"), "behind");
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_that_stay_open_are_read),
        cmocka_unit_test(streams_that_were_cut_are_read),
        cmocka_unit_test(members_and_what_stands_behind_are_read),
        cmocka_unit_test(streams_of_nothing_stay),
        cmocka_unit_test(digits_of_binary_data_are_read),
        cmocka_unit_test(columns_of_bytes_are_read),
        cmocka_unit_test(masked_addresses_are_read),
        cmocka_unit_test(base32_round_trips),
        cmocka_unit_test(base32_is_read),
        cmocka_unit_test(digits_of_nothing_stay),
        cmocka_unit_test(digits_of_ids_are_told_apart),
        cmocka_unit_test(messages_keep_their_lengths),
        cmocka_unit_test(forms_with_binary_files_are_read),
        cmocka_unit_test(texts_are_no_messages),
        cmocka_unit_test(lists_of_characters_are_read),
        cmocka_unit_test(lists_of_numbers_stay),
        cmocka_unit_test(base64_ends_where_its_text_does),
        cmocka_unit_test(base64_cut_anywhere_is_read),
        cmocka_unit_test(base64_takes_the_padding_it_wants),
    };
    return cmocka_run_group_tests(tests, set_up_inspector, tear_down_inspector);
}
