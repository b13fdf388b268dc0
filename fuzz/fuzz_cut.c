/*
 * URLs, cookies and headers: a text in the place where a HAR has one of them keeps what is no
 * secret, loses what is, and is stable.
 *
 *   - the output is JSON of the same structure, and a second run changes nothing
 *   - a planted value under a name that says "secret" is gone
 *
 * Input: the place, packs, whether the value is planted, then the text; in it `~P` stands for the
 * planted value. The text is escaped as JSON wants it.
 */
#include "check.h"
#include "peel.h"

enum { SECRET = 1, JWT_WHOLE = 2, DEPTH = 100 };

static char planted[PLANTED + 1]; /* NUL-terminated */

typedef struct place {
    const char *before; /* of the text in the HAR */
    const char *after;
    const char *secret; /* put before the text: the value that it names is a secret */
    const char *behind; /* and behind the value */
} place;

static const place places[] = {
    {"{\"method\":\"GET\",\"url\":\"", "\"}", "https://www.example.net/a?access_token=", "&x="},
    {"{\"method\":\"GET\",\"url\":\"", "\"}", "https://www.example.net/a#id_token=", "&x="},
    {"{\"headers\":[{\"name\":\"Cookie\",\"value\":\"", "\"}]}", "sessionid=", "; x="},
    {"{\"headers\":[{\"name\":\"Set-Cookie\",\"value\":\"", "\"}]}", "sessionid=", "; Path=/; x="},
    {"{\"headers\":[{\"name\":\"Authorization\",\"value\":\"", "\"}]}", "Bearer ", ", x="},
    {"{\"headers\":[{\"name\":\"Authorization\",\"value\":\"", "\"}]}", "Digest response=\"",
     "\", x="},
    {"{\"headers\":[{\"name\":\"Location\",\"value\":\"", "\"}]}", "/a?code=", "&x="},
    {"{\"headers\":[{\"name\":\"Referer\",\"value\":\"", "\"}]}",
     "https://example.net/?token=", "&x="},
    {"{\"headers\":[{\"name\":\"X-Thing\",\"value\":\"", "\"}]}", "token=", "; x="},
    {"{\"headers\":[{\"name\":\"Link\",\"value\":\"", "\"}]}",
     "<https://example.net/?token=", ">; x="},
    {"{\"cookies\":[{\"name\":\"sid\",\"value\":\"", "\"}]}", "", ""},
    {"{\"queryString\":[{\"name\":\"access_token\",\"value\":\"", "\"}]}", "", ""},
    {"{\"postData\":{\"mimeType\":\"application/x-www-form-urlencoded\",\"text\":\"", "\"}}",
     "password=", "&x="},
    {"{\"redirectURL\":\"", "\"}", "https://example.net/cb?code=", "&x="},
};

static void make_text(hsn_buf *out, const place *p, hsn_str text, unsigned flags)
{
    hsn_buf plain = new_buf();
    if ((flags & SECRET) != 0) {
        hsn_buf_printf(&plain, "%s%s%s", p->secret, planted, p->behind);
    }
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '~' && i + 1 < text.n && text.p[i + 1] == 'P') {
            hsn_buf_printf(&plain, "%s", planted);
            i++;
        } else {
            hsn_buf_put(&plain, text.p[i]);
        }
    }
    hsn_buf_printf(out, "{\"log\":{\"entries\":[{\"request\":%s", p->before);
    hsn_escape_json.write(out, hsn_buf_str(&plain));
    hsn_buf_printf(out, "%s}]}}", p->after);
    hsn_buf_deinit(&plain);
}

static bool holds(hsn_str text, hsn_str part)
{
    return hsn_str_find(text, part) < text.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str s = hsn_str_of(data, size);
    const place *p = &places[take_byte(&s) % HSN_COUNT(places)];
    const harsan_rules *rules = rules_of(take_byte(&s) % PACKS);
    unsigned flags = take_byte(&s);
    const harsan_options opt = {.max_depth = DEPTH,
                                .jwt = (flags & JWT_WHOLE) != 0 ? HARSAN_JWT_WHOLE
                                                                : HARSAN_JWT_CLAIMS};
    hsn_buf text = new_buf(), once = new_buf();
    make_planted(hsn_str_of(data, size), planted);
    make_text(&text, p, s, flags);
    if (is_json(hsn_buf_str(&text))) {
        clean_for_good(hsn_buf_str(&text), rules, &opt, &once);
        REQUIRE((flags & SECRET) == 0 || p->behind[0] == '\0' || holds(s, HSN_S("~P")) ||
                !holds(hsn_buf_str(&once), hsn_str_of(planted, PLANTED)));
    }
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&once);
    return 0;
}
