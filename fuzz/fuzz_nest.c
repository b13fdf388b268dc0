/*
 * Texts within texts, as programs put them around each other: a few words with a secret among them,
 * in a layer, with more words beside it, in another layer, and so on. Inputs that a fuzzer makes of
 * bytes rarely decode at all; of these every layer does.
 *
 *   - the output is JSON of the same structure, and a second run changes nothing
 *   - a value under the key "password" stands nowhere in it as a word of its own
 *
 * Input: packs and options, the name of the value, then a byte for each word or layer, the latter
 * around all that there is so far.
 */
#include "check.h"
#include "peel.h"

enum { JWT_WHOLE = 8, FEW_LAYERS = 16, STEPS_MAX = 100, DEPTH = 100 };
enum { WRAPS_MAX = 5, VALUE_MAX = 6000 /* bytes: more takes long and shows nothing else */ };

static char planted[PLANTED + 1]; /* NUL-terminated */

/* What the value goes by, and where it stands. */
static const char *const places[][2] = {
    {"{\"a\":\"", "\""},
    {"{\"text\":\"", "\""},
    {"{\"state\":\"", "\""},
    {"{\"request\":{\"method\":\"GET\",\"url\":\"", "\"}"},
    {"{\"headers\":[{\"name\":\"Cookie\",\"value\":\"", "\"}]"},
    {"{\"headers\":[{\"name\":\"Set-Cookie\",\"value\":\"", "\"}]"},
    {"{\"headers\":[{\"name\":\"Location\",\"value\":\"", "\"}]"},
    {"{\"headers\":[{\"name\":\"X-Thing\",\"value\":\"", "\"}]"},
    {"{\"queryString\":[{\"name\":\"q\",\"value\":\"", "\"}]"},
    {"{\"cookies\":[{\"name\":\"lang\",\"value\":\"", "\"}]"},
    {"{\"postData\":{\"mimeType\":\"text/plain\",\"text\":\"", "\"}"},
    {"{\"postData\":{\"params\":[{\"name\":\"data\",\"value\":\"", "\"}]}"},
    {"{\"response\":{\"content\":{\"mimeType\":\"text/html\",\"text\":\"", "\"}}"},
    {"{\"_webSocketMessages\":[{\"type\":\"send\",\"data\":\"", "\"}]"}};

/* "~" stands for the planted value. */
static const char *const words[] = {
    "~", " ", ",", ";", "&", "=", "\"", "'", "\\", "\n", "\r\n", "%", "+", "/", ".", "<", ">", "@",
    "-", "lorem ipsum dolor sit amet", "x", "1", "a=1&password=~&lang=la", "password=~",
    "{\"password\":\"~\",\"n\":[1,null]}", "{\"a\":\"~\"}", "[\"~\",2]", "{'token': '~'}",
    "token: ~\n", "Authorization: Bearer ~\r\n", "Cookie: sid=~; lang=en\r\n", "sid=~; lang=en",
    "sid=~; Path=/; HttpOnly", "https://u:~@www.example.net/cb?code=~&x=1#access_token=~",
    "https://www.example.net/reset/~", "<password>~</password>", "<a k=\"~\">&amp;</a>",
    "<input name=\"csrf\" value=\"~\">", "id,password\n1,~\n", "| token | ~ |\n", "b@corp.~",
    "ann@example.com.br", "+1 415 5552671", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00",
    "Basic dXNlcjpwYXNz", "var a = 'b'; function(){}", "key=", "token=", "\"token\":\"", "data:",
    "redacted-abcdefghijklm", "abcdefghijklm@redacted.invalid", "\xc3\xa9", "\xff", "&#",
    "\\u0022", "%22", "name", "value", "INSERT INTO u (a, password) VALUES (1, '~');"};

/* ---------------------------------------------------------------- layers */

static void base64(hsn_buf *out, hsn_str s, bool url, size_t line)
{
    const hsn_base64 how = {.url = url, .padded = !url, .line = line, .eol = HSN_S("\r\n")};
    hsn_base64_encode(out, s, &how);
}

static void packed(hsn_buf *out, hsn_str s, hsn_deflate how, bool url)
{
    hsn_buf bytes = new_buf();
    REQUIRE(hsn_deflate_all(s, how, &bytes));
    base64(out, hsn_buf_str(&bytes), url, 0);
    hsn_buf_deinit(&bytes);
}

static void wide(hsn_buf *out, hsn_str s)
{
    const hsn_utf16 how = {.bom = true};
    hsn_buf bytes = new_buf();
    hsn_utf16_encode(&bytes, s, &how);
    base64(out, hsn_buf_str(&bytes), false, 0);
    hsn_buf_deinit(&bytes);
}

static void jwt(hsn_buf *out, hsn_str s)
{
    hsn_buf claims = new_buf();
    hsn_buf_printf(&claims, "{\"sub\":\"x\",\"ctx\":\"");
    hsn_escape_json.write(&claims, s);
    hsn_buf_printf(&claims, "\"}");
    base64(out, HSN_S("{\"alg\":\"HS256\"}"), true, 0);
    hsn_buf_put(out, '.');
    base64(out, hsn_buf_str(&claims), true, 0);
    hsn_buf_printf(out, ".%s", planted);
    hsn_buf_deinit(&claims);
}

static void hex(hsn_buf *out, hsn_str s)
{
    hsn_hex_encode(out, s, false);
}

static void gzip(hsn_buf *out, hsn_str s)
{
    packed(out, s, HSN_GZIP, false);
}

static void zlib(hsn_buf *out, hsn_str s)
{
    packed(out, s, HSN_ZLIB, true);
}

static void deflate(hsn_buf *out, hsn_str s)
{
    packed(out, s, HSN_RAW_DEFLATE, false);
}

static void plain64(hsn_buf *out, hsn_str s)
{
    base64(out, s, false, 0);
}

static void url64(hsn_buf *out, hsn_str s)
{
    base64(out, s, true, 0);
}

static void lines64(hsn_buf *out, hsn_str s)
{
    base64(out, s, false, 76);
}

static void raw(hsn_buf *out, hsn_str s)
{
    hsn_buf_add_str(out, s);
}

/* What writes the text anew, and what it puts before and behind it. */
typedef void writer(hsn_buf *out, hsn_str s);
enum { JSON, JS, PERCENT, FORM, ENTITY, QUOTED, CELL, OTHER };
static const hsn_escape *const escapes[] = {&hsn_escape_json,   &hsn_escape_js,
                                            &hsn_escape_percent, &hsn_escape_form,
                                            &hsn_escape_entity, &hsn_escape_quoted,
                                            &hsn_escape_cell};
static const struct {
    const char *before;
    const char *behind;
    int escape;
    writer *write; /* of OTHER */
} layers[] = {
    {"{\"a\":1,\"payload\":\"", "\"}", JSON, NULL},
    {"{\"name\":\"X-Api-Key\",\"value\":\"", "\"}", JSON, NULL},
    {"[{\"name\":\"data\",\"value\":\"", "\"}]", JSON, NULL},
    {"42[\"x\",\"", "\"]", JSON, NULL},
    {")]}',\n[\"", "\"]", JSON, NULL},
    {"{\"n\":1}\n{\"m\":\"", "\"}\n", JSON, NULL},
    {"event: x\ndata: {\"m\":\"", "\"}\n\n", JSON, NULL},
    {"cb({\"m\":\"", "\"});", JSON, NULL},
    {"(function(){var s = '", "';return s})();", JS, NULL},
    {"", "", PERCENT, NULL},
    {"https://www.example.net/go?next=", "&v=2#top", PERCENT, NULL},
    {"/path/", "/x.png", PERCENT, NULL},
    {"lang=en; c=", "; Path=/", PERCENT, NULL},
    {"a=1&payload=", "&b=two+words", FORM, NULL},
    {"a=1&password=", "", FORM, NULL},
    {"<r:B xmlns:r=\"u\">", "</r:B>", ENTITY, NULL},
    {"<div data-state=\"", "\"></div>", ENTITY, NULL},
    {"<input name=\"state\" value=\"", "\"/>", ENTITY, NULL},
    {"Content-Transfer-Encoding: quoted-printable\n\n", "\n", QUOTED, NULL},
    {"id,password,note\n1,x,\"", "\"\n", CELL, NULL},
    {"<x><![CDATA[", "]]></x>", OTHER, raw},
    {"--b\r\nContent-Disposition: form-data; name=\"d\"\r\n\r\n", "\r\n--b--\r\n", OTHER, raw},
    {"X-A: 1\r\nX-B: ", "\r\n\r\n", OTHER, raw},
    {"{'a': '", "'}", OTHER, raw},
    {"", "", OTHER, plain64},
    {"", "", OTHER, url64},
    {"", "", OTHER, lines64},
    {"data:text/plain;base64,", "", OTHER, plain64},
    {"", "", OTHER, gzip},
    {"", "", OTHER, zlib},
    {"", "", OTHER, deflate},
    {"", "", OTHER, wide},
    {"", "", OTHER, hex},
    {"", "", OTHER, jwt}};

static void wrap(hsn_buf *value, size_t layer)
{
    hsn_buf made = new_buf();
    hsn_buf_printf(&made, "%s", layers[layer].before);
    if (layers[layer].escape == OTHER) {
        layers[layer].write(&made, hsn_buf_str(value));
    } else {
        escapes[layers[layer].escape]->write(&made, hsn_buf_str(value));
    }
    hsn_buf_printf(&made, "%s", layers[layer].behind);
    REQUIRE(!hsn_buf_failed(&made));
    hsn_buf_deinit(value);
    *value = made;
}

/* ---------------------------------------------------------------- the text */

static bool joins(unsigned char c)
{
    return hsn_is_alnum(c) || c >= 0x80 || hsn_is_one_of(c, "-._@");
}

/* As a part of a longer word the planted value would be another one. */
static void add_word(hsn_buf *value, const char *word)
{
    if (value->n > 0 && joins(value->p[value->n - 1]) && joins((unsigned char)word[0])) {
        hsn_buf_put(value, ',');
    }
    for (; *word != '\0'; word++) {
        if (*word != '~') {
            hsn_buf_put(value, (unsigned char)*word);
            continue;
        }
        if (value->n > 0 && joins(value->p[value->n - 1]) && value->p[value->n - 1] != '.') {
            hsn_buf_put(value, ' ');
        }
        hsn_buf_printf(value, "%s", planted);
    }
}

static void make_text(hsn_buf *out, unsigned place, hsn_str choice)
{
    hsn_buf value = new_buf();
    unsigned wraps = 0;
    choice = hsn_str_cut(choice, 0, STEPS_MAX);
    for (size_t i = 0; i < choice.n && value.n < VALUE_MAX; i++) {
        size_t step = choice.p[i] % (HSN_COUNT(words) + HSN_COUNT(layers));
        if (step < HSN_COUNT(words)) {
            add_word(&value, words[step]);
        } else if (wraps < WRAPS_MAX) {
            wrap(&value, step - HSN_COUNT(words));
            wraps++;
        }
    }
    hsn_buf_printf(out, "%s", places[place][0]);
    hsn_escape_json.write(out, hsn_buf_str(&value));
    hsn_buf_printf(out, "%s,\"password\":\"%s\"}", places[place][1], planted);
    hsn_buf_deinit(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str s = hsn_str_of(data, size);
    unsigned flags = take_byte(&s);
    unsigned place = take_byte(&s) % HSN_COUNT(places);
    const harsan_rules *rules = rules_of(flags % PACKS);
    const harsan_options opt = {
        .jwt = (flags & JWT_WHOLE) != 0 ? HARSAN_JWT_WHOLE : HARSAN_JWT_CLAIMS,
        .max_depth = DEPTH,
        .max_layers = (flags & FEW_LAYERS) != 0 ? 2 : 0};
    hsn_buf text = new_buf(), once = new_buf();
    make_planted(hsn_str_of(data, size), planted);
    make_text(&text, place, s);
    clean_for_good(hsn_buf_str(&text), rules, &opt, &once);
    REQUIRE(!stands_in(hsn_buf_str(&once), planted));
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&once);
    return 0;
}
