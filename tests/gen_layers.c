/*
 * Layers at random around a small document with planted values, in a HAR formatted at random; see
 * gen_layers.h.
 */
#include "gen_layers.h"

#include "gen_spell.h"
#include "peel.h"

/* ---------------------------------------------------------------- layers */

typedef void (*layer_fn)(prng *r, gen_stack *g, hsn_buf *out, hsn_str s);

static void wrap_json_string(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, prng_one_in(r, 2) ? "{\"n\":1,\"payload\":\"" : "{ \"payload\" : \"");
    gen_spell_json(r, out, s, prng_one_in(r, 3));
    hsn_buf_printf(out, "\",\"ok\":true}");
}

static void wrap_percent(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "https://shop.test/go?from=home&next=");
    gen_spell_percent(r, out, s, false);
    hsn_buf_printf(out, "&v=2#top");
}

static void wrap_form(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "a=1&payload=");
    gen_spell_percent(r, out, s, true);
    hsn_buf_printf(out, "&b=two+words");
}

static void wrap_base64(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    gen_spell_base64(out, s, false, prng_one_in(r, 4) ? 76 : 0);
}

static void wrap_base64url(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)r;
    (void)g;
    gen_spell_base64(out, s, true, 0);
}

static void wrap_deflate(hsn_deflate how, hsn_buf *out, hsn_str s)
{
    hsn_buf packed = new_buf();
    assert_true(hsn_deflate_all(s, how, &packed));
    gen_spell_base64(out, hsn_buf_str(&packed), false, 0);
    hsn_buf_deinit(&packed);
}

static void wrap_gzip(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)r;
    (void)g;
    wrap_deflate(HSN_GZIP, out, s);
}

static void wrap_zlib(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)r;
    (void)g;
    wrap_deflate(HSN_ZLIB, out, s);
}

static void wrap_raw_deflate(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)r;
    (void)g;
    wrap_deflate(HSN_RAW_DEFLATE, out, s);
}

static void wrap_attribute(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "<!doctype html>\n<div class=\"app\" data-state=\"");
    gen_spell_entity(r, out, s);
    hsn_buf_printf(out, "\"><p>Hello &amp; welcome</p></div>\n");
}

static void wrap_element(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "<?xml version=\"1.0\"?>\n<r:Reply xmlns:r=\"urn:x\"><r:Body>");
    gen_spell_entity(r, out, s);
    hsn_buf_printf(out, "</r:Body></r:Reply>\n");
}

static void wrap_multipart(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    char boundary[17];
    prng_alnum(r, boundary, 16);
    hsn_buf_printf(out, "------Form%s\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n"
                        "Hello\r\n------Form%s\r\nContent-Disposition: form-data; "
                        "name=\"document\"; filename=\"a.txt\"\r\nContent-Type: text/plain"
                        "\r\n\r\n", boundary, boundary);
    hsn_buf_add_str(out, s);
    hsn_buf_printf(out, "\r\n------Form%s--\r\n", boundary);
}

static const char *plant(prng *r, gen_stack *g, size_t n)
{
    assert_true(g->n_planted < GEN_PLANTED_MAX && n < GEN_VALUE_MAX);
    char *value = g->planted[g->n_planted++];
    prng_alnum(r, value, n);
    return value;
}

static void wrap_jwt(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    hsn_buf claims = new_buf();
    hsn_buf_printf(&claims, "{\"iss\":\"shop.test\",\"exp\":1799999999,\"data\":\"");
    gen_spell_json(r, &claims, s, false);
    hsn_buf_printf(&claims, "\"}");
    gen_spell_base64(out, HSN_S("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"), true, 0);
    hsn_buf_put(out, '.');
    gen_spell_base64(out, hsn_buf_str(&claims), true, 0);
    hsn_buf_printf(out, ".%s", plant(r, g, 43));
    hsn_buf_deinit(&claims);
}

static void wrap_js(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "(function () {\n  var state = load('");
    gen_spell_js(r, out, s);
    hsn_buf_printf(out, "');\n  return state.get(\"view\");\n})();\n");
}

static void wrap_data_uri(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "data:text/plain;charset=utf-8%s,", prng_one_in(r, 2) ? ";base64" : "");
    if (out->p[out->n - 2] == '4') {
        gen_spell_base64(out, s, false, 0);
    } else {
        gen_spell_percent(r, out, s, false);
    }
}

static void wrap_ndjson(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "{\"line\":1}\n{\"line\":2,\"payload\":\"");
    gen_spell_json(r, out, s, false);
    hsn_buf_printf(out, "\"}\n{\"line\":3}\n");
}

static void wrap_sse(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "event: message\nid: 7\ndata: {\"payload\":\"");
    gen_spell_json(r, out, s, false);
    hsn_buf_printf(out, "\"}\n\n: ping\n\n");
}

static void wrap_jsonp(prng *r, gen_stack *g, hsn_buf *out, hsn_str s)
{
    (void)g;
    hsn_buf_printf(out, "/**/ jQuery1_2({\"payload\":\"");
    gen_spell_json(r, out, s, prng_one_in(r, 3));
    hsn_buf_printf(out, "\"});");
}

static const struct {
    const char *name;
    layer_fn wrap;
} kinds[] = {
    {"json-string", wrap_json_string}, {"percent", wrap_percent},
    {"form", wrap_form},               {"base64", wrap_base64},
    {"base64url", wrap_base64url},     {"gzip+base64", wrap_gzip},
    {"zlib+base64", wrap_zlib},        {"deflate+base64", wrap_raw_deflate},
    {"attribute", wrap_attribute},     {"xml-element", wrap_element},
    {"multipart", wrap_multipart},     {"jwt", wrap_jwt},
    {"js-string", wrap_js},            {"data-uri", wrap_data_uri},
    {"ndjson", wrap_ndjson},           {"sse", wrap_sse},
    {"jsonp", wrap_jsonp},
};

/* ---------------------------------------------------------------- documents */

typedef struct secrets {
    char password[GEN_VALUE_MAX]; /* two planted halves around a character that layers must spell */
    const char *token;
    char email[GEN_VALUE_MAX];
    const char *cookie; /* learned from a Cookie header elsewhere, under no name here */
} secrets;

static void plant_secrets(prng *r, gen_stack *g, secrets *s)
{
    static const char *const middles[] = {"&", "=", "\"", "\\", "+", "%", "<", "é", "'", "/", "!"};
    const char *head = plant(r, g, 9);
    const char *tail = plant(r, g, 9);
    snprintf(s->password, sizeof s->password, "%s%s%s", head,
             middles[prng_below(r, COUNT(middles))], tail);
    s->token = plant(r, g, 32);
    const char *local = plant(r, g, 10);
    snprintf(s->email, sizeof s->email, "%s@maltbarrow-post.net", local);
    s->cookie = plant(r, g, 26);
}

typedef void (*document_fn)(prng *r, hsn_buf *out, const secrets *s);

static void write_json(prng *r, hsn_buf *out, const secrets *s)
{
    const char *gap = prng_one_in(r, 2) ? "\n  " : "";
    hsn_buf_printf(out, "{%s\"view\":\"start\",%s\"password\":\"", gap, gap);
    gen_spell_json(r, out, hsn_str_z(s->password), false);
    hsn_buf_printf(out, "\",%s\"accessToken\": \"%s\",%s\"user\":{\"email\":\"%s\"},%s"
                        "\"list\":[1,2.50,\"%s\"],\"last\":null}",
                   gap, s->token, gap, s->email, gap, s->cookie);
}

static void write_form(prng *r, hsn_buf *out, const secrets *s)
{
    hsn_buf_printf(out, "view=start&password=");
    gen_spell_percent(r, out, hsn_str_z(s->password), true);
    hsn_buf_printf(out, "&access_token=%s&mail=", s->token);
    gen_spell_percent(r, out, hsn_str_z(s->email), true);
    hsn_buf_printf(out, "&q=%s&page=2", s->cookie);
}

static void write_url(prng *r, hsn_buf *out, const secrets *s)
{
    hsn_buf_printf(out, "https://shop.test/start?password=");
    gen_spell_percent(r, out, hsn_str_z(s->password), false);
    hsn_buf_printf(out, "&access_token=%s&who=", s->token);
    gen_spell_percent(r, out, hsn_str_z(s->email), false);
    hsn_buf_printf(out, "&q=%s#page", s->cookie);
}

static void write_xml(prng *r, hsn_buf *out, const secrets *s)
{
    hsn_buf_printf(out, "<s:Login xmlns:s=\"urn:y\"><s:Password>");
    gen_spell_entity(r, out, hsn_str_z(s->password));
    hsn_buf_printf(out, "</s:Password><AccessToken>%s</AccessToken><To>%s</To><Ref>%s</Ref>"
                        "</s:Login>", s->token, s->email, s->cookie);
}

static void write_html(prng *r, hsn_buf *out, const secrets *s)
{
    hsn_buf_printf(out, "<form><input type=\"password\" name=\"pw\" value=\"");
    gen_spell_entity(r, out, hsn_str_z(s->password));
    hsn_buf_printf(out, "\"><input type=hidden name=access_token value=\"%s\">"
                        "<a href=\"mailto:%s\">Write</a><i id=\"%s\"></i></form>",
                   s->token, s->email, s->cookie);
}

static const struct {
    const char *name;
    document_fn write;
} documents[] = {
    {"json", write_json}, {"form", write_form}, {"url", write_url},
    {"xml", write_xml},   {"html", write_html},
};

/* ---------------------------------------------------------------- the HAR */

typedef struct writer {
    prng *r;
    hsn_buf *out;
    bool pretty;
    bool odd;      /* escapes that nobody needs */
    unsigned depth;
} writer;

static void line(writer *w)
{
    if (w->pretty) {
        hsn_buf_printf(w->out, "%s%*s", prng_one_in(w->r, 20) ? "\r\n" : "\n", (int)w->depth, "");
    }
}

static void string(writer *w, hsn_str s)
{
    hsn_buf_put(w->out, '"');
    gen_spell_json(w->r, w->out, s, w->odd);
    hsn_buf_put(w->out, '"');
}

/* A name/value record; either key may come first. */
static void record(writer *w, const char *name, hsn_str value)
{
    bool value_first = prng_one_in(w->r, 3);
    const char *gap = w->pretty ? " " : "";
    hsn_buf_printf(w->out, "{");
    for (int i = 0; i < 2; i++) {
        bool is_value = (i == 0) == value_first;
        hsn_buf_printf(w->out, "%s\"%s\":%s", i > 0 ? "," : "", is_value ? "value" : "name", gap);
        string(w, is_value ? value : hsn_str_z(name));
    }
    hsn_buf_printf(w->out, "}");
}

typedef enum place {
    IN_BODY,
    IN_BODY_BASE64,
    IN_POST,
    IN_PARAM,
    IN_QUERY,
    IN_HEADER,
    IN_SOCKET,
    IN_COMMENT,
    N_PLACES
} place;

static const char *const place_names[] = {
    [IN_BODY] = "response body",     [IN_BODY_BASE64] = "response body in base64",
    [IN_POST] = "request body",      [IN_PARAM] = "form parameter",
    [IN_QUERY] = "query parameter",  [IN_HEADER] = "header",
    [IN_SOCKET] = "socket message",  [IN_COMMENT] = "comment",
};

static void write_request(writer *w, place where, hsn_str text, const char *cookie)
{
    hsn_buf cookies = new_buf();
    hsn_buf_printf(&cookies, "theme=dark; basket=%s; lang=en", cookie);
    hsn_buf_printf(w->out, "\"request\":{\"method\":\"POST\",\"url\":\"https://shop.test/\","
                           "\"httpVersion\":\"HTTP/2\",\"cookies\":[],\"headers\":[");
    record(w, "Accept", HSN_S("*/*"));
    if (where == IN_HEADER) {
        hsn_buf_put(w->out, ',');
        record(w, "X-State", text);
    }
    hsn_buf_put(w->out, ',');
    record(w, "Cookie", hsn_buf_str(&cookies));
    hsn_buf_printf(w->out, "],\"queryString\":[");
    if (where == IN_QUERY) {
        record(w, "payload", text);
    }
    hsn_buf_printf(w->out, "],");
    line(w);
    hsn_buf_printf(w->out, "\"postData\":{\"mimeType\":\"text/plain\",\"params\":[");
    if (where == IN_PARAM) {
        record(w, "payload", text);
    }
    hsn_buf_printf(w->out, "],\"text\":");
    string(w, where == IN_POST ? text : (hsn_str){0});
    hsn_buf_printf(w->out, "},\"headersSize\":-1,\"bodySize\":-1},");
    hsn_buf_deinit(&cookies);
}

static void write_content(writer *w, place where, hsn_str text)
{
    hsn_buf coded = new_buf();
    if (where == IN_BODY_BASE64) {
        gen_spell_base64(&coded, text, false, 0);
    }
    hsn_buf_printf(w->out, "\"content\":{\"size\":%zu,\"mimeType\":\"text/plain\",\"text\":",
                   text.n);
    string(w, where == IN_BODY ? text : hsn_buf_str(&coded));
    hsn_buf_printf(w->out, "%s}", where == IN_BODY_BASE64 ? ",\"encoding\":\"base64\"" : "");
    hsn_buf_deinit(&coded);
}

static void write_entry(writer *w, place where, hsn_str text, const char *cookie)
{
    line(w);
    hsn_buf_printf(w->out, "{\"startedDateTime\":\"2026-01-05T10:00:00.000Z\",\"time\":4.10e1,");
    line(w);
    write_request(w, where, text, cookie);
    line(w);
    hsn_buf_printf(w->out, "\"response\":{\"status\":200,\"statusText\":\"OK\","
                           "\"httpVersion\":\"HTTP/2\",\"cookies\":[],\"headers\":[],");
    write_content(w, where, text);
    hsn_buf_printf(w->out, ",\"redirectURL\":\"\",\"headersSize\":-1,\"bodySize\":-1},");
    if (where == IN_SOCKET) {
        line(w);
        hsn_buf_printf(w->out, "\"_webSocketMessages\":[{\"type\":\"receive\",\"time\":1.5,"
                               "\"opcode\":1,\"data\":");
        string(w, text);
        hsn_buf_printf(w->out, "}],");
    }
    hsn_buf_printf(w->out, "\"cache\":{},\"timings\":{\"send\":0,\"wait\":37,\"receive\":3}");
    if (where == IN_COMMENT) {
        hsn_buf_printf(w->out, ",\"comment\":");
        string(w, text);
    }
    hsn_buf_put(w->out, '}');
}

static void write_har(prng *r, gen_stack *g, place where, hsn_str text, const char *cookie)
{
    writer w = {.r = r, .out = &g->har, .pretty = prng_one_in(r, 2), .odd = prng_one_in(r, 4)};
    hsn_buf_printf(w.out, "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"gen\","
                          "\"version\":\"1\"},\"entries\":[");
    w.depth = 2;
    write_entry(&w, where, text, cookie);
    hsn_buf_put(w.out, ',');
    write_entry(&w, N_PLACES, (hsn_str){0}, cookie);
    hsn_buf_printf(w.out, "]}}%s", prng_one_in(r, 2) ? "\n" : "");
    assert_false(hsn_buf_failed(w.out));
}

/* ---------------------------------------------------------------- the whole */

void gen_make(gen_stack *g, uint64_t seed)
{
    prng r = {seed};
    secrets s;
    *g = (gen_stack){.seed = seed, .har = new_buf()};
    plant_secrets(&r, g, &s);
    hsn_buf text[2] = {new_buf(), new_buf()};
    size_t d = prng_below(&r, COUNT(documents));
    g->document = documents[d].name;
    documents[d].write(&r, &text[0], &s);
    size_t n = prng_below(&r, GEN_DEPTH_MAX + 1);
    for (; g->n_layers < n; g->n_layers++) {
        size_t k = prng_below(&r, COUNT(kinds));
        hsn_buf *from = &text[g->n_layers % 2];
        hsn_buf *to = &text[(g->n_layers + 1) % 2];
        hsn_buf_reset(to);
        kinds[k].wrap(&r, g, to, hsn_buf_str(from));
        g->layers[g->n_layers] = kinds[k].name;
    }
    place where = (place)prng_below(&r, N_PLACES);
    g->place = place_names[where];
    write_har(&r, g, where, hsn_buf_str(&text[n % 2]), s.cookie);
    hsn_buf_deinit(&text[0]);
    hsn_buf_deinit(&text[1]);
}

void gen_free(gen_stack *g)
{
    hsn_buf_deinit(&g->har);
    *g = (gen_stack){0};
}

void gen_describe(const gen_stack *g, char *out, size_t max)
{
    int n = snprintf(out, max, "%s", g->document);
    for (size_t i = 0; i <= g->n_layers; i++) {
        const char *next = i < g->n_layers ? g->layers[i] : g->place;
        n += snprintf(out + n, max - (size_t)n, " < %s", next);
        assert_true(n >= 0 && (size_t)n < max);
    }
}
