/*
 * Values made of words: of what begins, ends, names, quotes, encodes and holds a secret, in any
 * order. Most of the inputs that a fuzzer makes of bytes mean nothing to a detector; of these
 * nearly all do.
 *
 *   - the output is JSON of the same structure, and a second run changes nothing
 *   - a value under the key "password" stands nowhere in it as a word of its own
 *   - verification agrees
 *
 * Input: packs and options, the name of the value, then a word a byte.
 */
#include "check.h"
#include "peel.h"

enum { JWT_WHOLE = 8, FEW_LAYERS = 16, WORDS_MAX = 200, DEPTH = 100, VALUE_MIN = 11 /* bytes */ };

static char planted[PLANTED + 1]; /* NUL-terminated */

/* What the value goes by, and where it stands. */
static const char *const places[][2] = {
    {"{\"a\":\"", "\""},
    {"{\"token\":\"", "\""},
    {"{\"text\":\"", "\""},
    {"{\"request\":{\"method\":\"GET\",\"url\":\"", "\"}"},
    {"{\"headers\":[{\"name\":\"Cookie\",\"value\":\"", "\"}]"},
    {"{\"headers\":[{\"name\":\"Set-Cookie\",\"value\":\"", "\"}]"},
    {"{\"headers\":[{\"name\":\"Authorization\",\"value\":\"", "\"}]"},
    {"{\"headers\":[{\"name\":\"X-Thing\",\"value\":\"", "\"}]"},
    {"{\"queryString\":[{\"name\":\"q\",\"value\":\"", "\"}]"},
    {"{\"cookies\":[{\"name\":\"lang\",\"value\":\"", "\"}]"},
    {"{\"postData\":{\"mimeType\":\"text/plain\",\"text\":\"", "\"}"},
    {"{\"email\":\"", "\""},
    {"{\"phone\":\"", "\""},
    {"{\"list\":[\"X-Api-Key\",\"", "\"]"}};

/* Words that stand for others: the planted value, and what it stands in. */
enum { PLAIN = 1, BASE64, JSON, PERCENT, GZIP };
static const char makers[] = {PLAIN, PLAIN, PLAIN, BASE64, JSON, PERCENT, GZIP};

static const char *const words[] = {
    " ", " ", "\n", "\r\n", "\t", ".", ",", ";", ":", "=", "&", "?", "#", "/", "//", "://", "@",
    "%", "+", "-", "_", "~", "!", "$", "*", "^", "|", "(", ")", "[", "]", "{", "}", "<", ">", "'",
    "\"", "`", "\\", "\\\\", "\\\"", "\\'", "\\n", "\\u0022", "\\x27", "\\", "%20", "%22", "%25",
    "%26", "%2B", "%3D", "%7f", "%E2%82%AC", "%2522", "&amp;", "&quot;", "&#34;", "&#x40;", "&lt;",
    "\x7f", "\x01", "\xc3\xa9", "\xe2\x82\xac", "\xff", "\xed\xa0\x80", "\xc2\xa0",
    /* names */
    "token", "token=", "password", "password=", "password: ", "\"password\":", "\"token\":\"",
    "'token': '", "sid=", "session_id",
    "api_key=", "email=", "phone: ", "name=", "value=", "q=", "lang=en",
    "code=", "state=", "jsessionid=", "access_token=", "csrf", "user",
    "pin=", "id=", "Cookie: ", "Set-Cookie: ", "Authorization: ", "Bearer ", "bearer.", "Basic ",
    "Digest ", "response=", "realm=", "Path=/", "Expires=", "name", "value", "key",
    /* syntax around them */
    "function(){", "var ", "const ", "return ", "=>", "this.", "{\"", "\":", "\",\"", "\"}", "[{",
    "}]", "{\"name\":\"", "\",\"value\":\"", "<input name=", " value=", "<meta ", "<password>",
    "</password>", "<key>", "</key>", "<string>", "<![CDATA[", "]]>", "/>", "<a href=\"",
    "data:text/plain,", "data:;base64,", ";base64,", "--b\r\n", "Content-Disposition: form-data; ",
    "\r\n\r\n", "a,password\n", "password,token\n", ")]}',\n", "42[\"", "event: x\ndata: ",
    /* URLs, addresses, numbers */
    "http://", "https://", "example.net", "u:p@", "example.com.br", "ann@", "ann@example.com.br",
    "/reset/", "/verify/email/", "[::1]", "10.1.2.3", "fe80::1", "localhost", "+1 415 ", "0049",
    "4111 1111 1111 1111", "1", "23", "456", "7890", "2026-11-21", "T10:00:00Z", "1.2.3",
    "1700000000",
    /* values, and what tools put in their place */
    "x", "dark", "abcdef", "Forgot password?", "de305d54-75b4-431b-adb2-eb6b9e546014",
    "redacted-abcdefghijklm", "abcdefghijklm@redacted.invalid", "redacted-", "5afe", "[REDACTED]",
    "****", "198.18.4.5", "xxxxxxxx", "eyJ", "ey", "H4sI", "eJw", "QUFB", "AAAA",
    "ab3f9c0d7e5ab3f9c0d7e5", "ab3f9c0d7e5.ab3f9c0d7e5", "Zm9vOmJhcg==", "bG9yZW0gaXBzdW0gZG9sb3I"};

/* ---------------------------------------------------------------- the text */

static void add_base64(hsn_buf *out, hsn_str plain)
{
    const hsn_base64 how = {.padded = true};
    hsn_base64_encode(out, plain, &how);
}

static void add_made(hsn_buf *out, int kind)
{
    hsn_buf text = new_buf();
    hsn_buf packed = new_buf();
    hsn_buf_printf(&text, kind == JSON ? "{\"password\":\"%s\"}" : "password=%s&lang=la", planted);
    switch (kind) {
    case BASE64:
        add_base64(out, hsn_buf_str(&text));
        break;
    case JSON:
        hsn_buf_add_str(out, hsn_buf_str(&text));
        break;
    case GZIP:
        REQUIRE(hsn_deflate_all(hsn_buf_str(&text), HSN_GZIP, &packed));
        add_base64(out, hsn_buf_str(&packed));
        break;
    case PERCENT:
        for (size_t i = 0; i < PLANTED; i++) {
            hsn_buf_printf(out, "%%%02X", (unsigned)planted[i]);
        }
        break;
    default:
        hsn_buf_printf(out, "%s", planted);
        break;
    }
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&packed);
}

static bool joins(unsigned char c)
{
    return hsn_is_alnum(c) || c >= 0x80;
}

/* A word as far as it keeps others apart from itself. */
typedef struct piece {
    const char *word; /* "" of what is made */
    bool whole;
} piece;

/* What may be found is a word of its own: as a part of a longer one it is another word, which stays
 * and which verification finds. An address with a label more is another address. */
static void keep_apart(hsn_buf *value, const piece *last, const piece *next)
{
    unsigned char c = (unsigned char)next->word[0];
    bool label = (c == '.' || c == '-') && strchr(last->word, '@') != NULL;
    if ((last->whole || next->whole) && value->n > 0 && joins(value->p[value->n - 1]) &&
        (c == 0 || joins(c) || label)) {
        hsn_buf_put(value, ',');
    }
}

static void make_text(hsn_buf *out, unsigned place, hsn_str choice)
{
    hsn_buf value = new_buf();
    choice = hsn_str_cut(choice, 0, WORDS_MAX);
    piece last = {.word = ""};
    for (size_t i = 0; i < choice.n; i++) {
        size_t number = choice.p[i];
        bool made = number < HSN_COUNT(makers);
        const char *word = made ? "" : words[(number - HSN_COUNT(makers)) % HSN_COUNT(words)];
        const piece next = {word, made || strlen(word) >= VALUE_MIN};
        keep_apart(&value, &last, &next);
        if (made) {
            add_made(&value, makers[number]);
        } else {
            hsn_buf_printf(&value, "%s", word);
        }
        last = next;
    }
    hsn_buf_printf(out, "%s", places[place][0]);
    hsn_escape_json.write(out, hsn_buf_str(&value));
    hsn_buf_printf(out, "%s,\"password\":\"%s\"}", places[place][1], planted);
    hsn_buf_deinit(&value);
}

/* ---------------------------------------------------------------- running */

typedef struct source {
    hsn_str text;
    size_t at;
} source;

static ptrdiff_t read_source(void *ctx, void *buf, size_t max)
{
    source *s = ctx;
    size_t n = s->text.n - s->at < max ? s->text.n - s->at : max;
    memcpy(buf, s->text.p + s->at, n);
    s->at += n;
    return (ptrdiff_t)n;
}

static bool rewind_source(void *ctx)
{
    ((source *)ctx)->at = 0;
    return true;
}

static void on_mismatch(void *ctx, const harsan_mismatch *m)
{
    (void)ctx;
    REQUIRE(m->kind == HARSAN_MISMATCH_ECHO);
}

static void verify(hsn_str in, hsn_str out, const harsan_rules *rules, const harsan_options *opt)
{
    source a = {in, 0};
    source b = {out, 0};
    const harsan_source from = {read_source, rewind_source, &a};
    const harsan_source to = {read_source, rewind_source, &b};
    harsan_verify *v;
    harsan_error err;
    REQUIRE(harsan_verify_new(&v, rules, opt, on_mismatch, NULL, &err) == HARSAN_OK);
    REQUIRE(harsan_verify_run(v, &from, &to) == HARSAN_OK);
    harsan_verify_free(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str s = hsn_str_of(data, size);
    unsigned flags = take_byte(&s);
    unsigned place = take_byte(&s) % HSN_COUNT(places);
    const harsan_rules *rules = rules_of(flags % PACKS);
    const harsan_options opt = {.jwt =
                                    (flags & JWT_WHOLE) != 0 ? HARSAN_JWT_WHOLE : HARSAN_JWT_CLAIMS,
                                .max_depth = DEPTH,
                                .max_layers = (flags & FEW_LAYERS) != 0 ? 2 : 0};
    hsn_buf text = new_buf(), once = new_buf();
    make_planted(hsn_str_of(data, size), planted);
    make_text(&text, place, s);
    clean_for_good(hsn_buf_str(&text), rules, &opt, &once);
    REQUIRE(!stands_in(hsn_buf_str(&once), planted));
    verify(hsn_buf_str(&text), hsn_buf_str(&once), rules, &opt);
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&once);
    return 0;
}
