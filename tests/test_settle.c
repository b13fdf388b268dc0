/*
 * The fixed point: what was cleaned stays as it is under another key, and nothing is found in it.
 * Cases in which a stand-in, together with what is beside it, reads otherwise than what stood there
 * before: each one changed on a second run once.
 */
#include "peel.h"
#include "support.h"

#define SECRET "xk7f2m9q4w8z" /* learned under "password" */
#define LONG "ab3f9c0d7e5ab3f9c0d7e5"

/* ---------------------------------------------------------------- two runs */

static size_t window; /* 0: the usual one */

static void clean_with(const harsan_rules *rules, unsigned layers, hsn_str text, unsigned char key,
                       cleaned *out)
{
    job j = {.rules = rules, .options = {.max_layers = layers, .window = window}};
    memset(j.options.key, key, sizeof j.options.key);
    clean(&j, text, out);
    assert_int_equal(out->status, HARSAN_OK);
    assert_null(differs(text, hsn_buf_str(&out->out)));
}

static harsan_rules *rules_of[8]; /* by packs */

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rules_of); i++) {
        harsan_rules_free(rules_of[i]);
    }
    return 0;
}

/* layers 0: as many as usual. */
static void assert_settled_within(unsigned packs, unsigned layers, hsn_str text)
{
    cleaned once, twice;
    if (rules_of[packs] == NULL) {
        rules_of[packs] = default_rules(packs);
    }
    clean_with(rules_of[packs], layers, text, 1, &once);
    clean_with(rules_of[packs], layers, hsn_buf_str(&once.out), 2, &twice);
    assert_true(once.facts.findings > 0);
    assert_same(hsn_buf_str(&twice.out), hsn_buf_str(&once.out), (const char *)text.p);
    assert_int_equal(twice.facts.findings, 0);
    assert_int_equal(twice.n_gaps_replaced, 0);
    cleaned_free(&once);
    cleaned_free(&twice);
}

static void assert_settled(unsigned packs, hsn_str text)
{
    assert_settled_within(packs, 0, text);
}

/* The text is a value; the password is elsewhere. */
static void assert_value_settled(unsigned packs, const char *name, const char *value)
{
    hsn_buf text = new_buf();
    hsn_buf_printf(&text, "{\"%s\":\"%s\",\"password\":\"" SECRET "\"}", name, value);
    hsn_buf_put(&text, '\0'); /* for the label */
    text.n--;
    assert_settled(packs, hsn_buf_str(&text));
    hsn_buf_deinit(&text);
}

/* ---------------------------------------------------------------- cases */

/* Found by one detector; with what follows, a value for another. */
static void test_longer_value(void **state)
{
    static const char *const values[] = {LONG "`Bearer " LONG "sid=+example.net://sid=&",
                                         LONG "example.net+-Bearer " SECRET "--'",
                                         ":&amp;{Bearer " LONG "sid=+?#"};
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_value_settled(0, "a", values[i]);
    }
}

static void test_address_of_a_token(void **state)
{
    static const char *const values[] = {"ann@bearer." LONG "x9y8z7", "[=p@bearer." LONG "\\\"",
                                         "LEARNED%7f" LONG "@bearer." SECRET "http:// .\\\""};
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_value_settled(0, "a", values[i]);
    }
}

/* A pattern knows its value by the name before it, which sees more under it. */
static void test_name_in_a_pattern(void **state)
{
    static const char *const values[] = {
        "https://example.net/;jsessionid=" SECRET "4u6)8uestFxxx2Bearer",
        "https://example.net/;jsessionid=" SECRET "4u6,8uestFxxx2Bearer?a=b",
        "https://example.net/;jsessionid=" SECRET "4u6[8uestFxxx2Bearer#top"};
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_value_settled(0, "url", values[i]);
    }
}

/* Left for its looks (a URL, a word), and then something in it was replaced. */
static void test_looks_change(void **state)
{
    static const char *const values[] = {SECRET ")://tokenLEARNED-;",
                                         "}" SECRET "://\\\"tail\\\\" LONG "@(",
                                         "/" SECRET "://sid=" SECRET "\\n(;\\u007f'(",
                                         "{const tokenp@example.com.br-",
                                         ":p@example.com.br'password&}",
                                         SECRET "\\u007f://sid=%7f"};
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_value_settled(0, "token", values[i]);
    }
    assert_value_settled(0, "text",
                         "<input name='state' "
                         "value='DE89 3704 0044 0532 0130 00,ann@example.com.br'/>");
}

/* With a value goes syntax that made what is behind it something else. */
static void test_syntax_goes(void **state)
{
    static const char *const values[] = {
        "code=kn8rz3t53yx9qh7mt33e6r92%7f,function(){'token': '456redacted-",
        "var Authorization: Set-Cookie: pin=Cookie: return Authorization: Set-Cookie: \\\\",
        ":lang=en,Authorization: =>)realm=" LONG "," LONG ",T10:00:00Z(Authorization: var ",
        LONG ",Authorization: const &#x40;>" LONG,
        "'token': 'return const \\\\'token': 'realm=",
        ("realm={\\\"\\\\u0022Cookie: bearer.%2Bnamevar \\\\u0022,Set-Cookie: \\\\u0022\\\\u0022%26\\\":"
         "const \\\\u0022Basic %22,a,password\\n'token': '%26value=realm=%22\\n")};
    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_value_settled(0, "text", values[i]);
    }
}

/* What says what a value is is a value itself, under a sensitive name or for the strict pack. */
static void test_names_go(void **state)
{
    (void)state;
    assert_settled(
        0, HSN_S("{\"password\":[{\"name\":\"Cooki------e\",\"value\":\"a=1; lang=en\"}]}"));
    assert_settled(HARSAN_PACK_STRICT,
                   HSN_S("{\"postData\":{\"text\":\"{\\\"name\\\":\\\"Authorization\\\",\\\"value\\\":"
                         "\\\"Bearer " SECRET "\\\"}\"}}"));
    assert_settled(HARSAN_PACK_STRICT,
                   HSN_S("{\"request\":{\"cookies\":{\"name\":\"Authorization\","
                         "\"value\":\"Bearer " SECRET "\"}}}"));
    assert_settled(0, HSN_S("{\"name\":\"x=1&password=et-CSet-Cookie\",\"value\":{\"name\":\"x=1&password="
                            "et-CSet-Cookie\",\"value\":{\"name\":\"Authorization\",\"value\":"
                            "\"Authorization\"}}}"));
    assert_settled(0, HSN_S("{\"name\":\"Set-Cookie\",\"value\":{\"name\":\"x=1&password=Set-Cookie\","
                            "\"value\":\"sid=~P; Path=/; HttpOnly\"}}"));
    assert_settled(0, HSN_S("{\"token\":{\"cookies\":{\"name\":\"inCAAAAA==\","
                            "\"value\":\"https://www.example.net/cb\"}}}"));
}

/* A line of values is no head of a table, and none with a stand-in among them; where a value stands
 * among names of columns, what was a table is one no more. */
static void test_tables(void **state)
{
    (void)state;
    assert_settled(0, HSN_S("{\"a\":\"" LONG ",x,password\\nfoo,bar,9x7qa4k2m\",\"password\":\"" LONG
                            "\"}"));
    assert_value_settled(0, "a", SECRET ",c,password\\ntoken," LONG ",x7q9\\n");
    assert_settled_within(0, 2,
                          HSN_S("{\"a\":\"" LONG ",password,token\\n&#x40;--b\\r\\nx,&#x40;" LONG
                                ",x\\n\",\"password\":\"" LONG "\"}"));
}

/* The host of an address of mail is a value that is known. */
#define MAIL "b@corp." SECRET " lorem ipsum dolor sit amet, consetetur"

/* In a layer that changes every byte nothing but the layer itself shows what is beside an edit. */
static void test_layers(void **state)
{
    const hsn_base64 how = {.padded = true};
    hsn_buf coded = new_buf(), packed = new_buf();
    (void)state;
    hsn_base64_encode(&coded, HSN_S(MAIL), &how);
    hsn_buf_put(&coded, '\0');
    assert_value_settled(0, "a", (const char *)coded.p);
    hsn_buf_reset(&coded);
    assert_true(hsn_deflate_all(HSN_S(MAIL), HSN_GZIP, &packed));
    hsn_base64_encode(&coded, hsn_buf_str(&packed), &how);
    hsn_buf_put(&coded, '\0');
    assert_value_settled(0, "a", (const char *)coded.p);
    /* a round takes the end of what the round before has packed */
    hsn_buf_reset(&coded);
    hsn_buf_reset(&packed);
    assert_true(hsn_deflate_all(HSN_S("a=1&password=" SECRET "; lorem ipsum dolor"), HSN_GZIP,
                                &packed));
    hsn_base64_encode(&coded, hsn_buf_str(&packed), &how);
    hsn_buf_printf(&coded, "b@corp." SECRET);
    hsn_buf_put(&coded, '\0');
    assert_value_settled(0, "a", (const char *)coded.p);
    DROP(&coded, &packed);
}

/* A token of several lines is one token, whatever ends the lines and however that is spelled: not
 * lines of base64 to be read, of which a second run would make a token. */
static void test_token_in_lines(void **state)
{
    static const char *const ends[] = {"", "&#xa;", "&#xa;    ", "\\n", "\\r\\n\\t"};
    static const char *const around[][2] = {{"", ""}, {"<input name='Resp' value='", "'/>"}};
    enum { LINE = 76 };
    const hsn_base64 how = {.padded = true};
    const hsn_str assertion = HSN_S("<samlp:Response xmlns:samlp='urn:oasis:names:tc:SAML:2.0:protocol'>"
                                    "<saml:NameID>ute@corp-mail.net</saml:NameID></samlp:Response>");
    (void)state;
    for (size_t i = 0; i < COUNT(ends) * COUNT(around); i++) {
        const char *const *tag = around[i % COUNT(around)];
        hsn_buf coded = new_buf(), value = new_buf();
        cleaned c;
        hsn_base64_encode(&coded, assertion, &how);
        hsn_buf_printf(&value, "{\"text\":\"%s", tag[0]);
        for (size_t at = 0; at < coded.n; at += LINE) {
            hsn_buf_printf(&value, "%s", at > 0 ? ends[i / COUNT(around)] : "");
            hsn_buf_add_str(&value, hsn_str_cut(hsn_buf_str(&coded), at, at + LINE));
        }
        hsn_buf_printf(&value, "%s\"}", tag[1]);
        hsn_buf_put(&value, '\0');
        value.n--;
        assert_settled(0, hsn_buf_str(&value));
        clean_with(rules_of[0], 0, hsn_buf_str(&value), 1, &c);
        for (size_t at = 0; at < coded.n; at += LINE) {
            hsn_str line = hsn_str_cut(hsn_buf_str(&coded), at, at + LINE);
            assert_int_equal(hsn_str_find(hsn_buf_str(&c.out), line), c.out.n);
        }
        cleaned_free(&c);
        DROP(&coded, &value);
    }
}

/* A value beyond the window: the text of it, and a run of base64 in it. */
static void test_giants(void **state)
{
    enum { WINDOW = 128 << 10, WORDS = WINDOW / 16 };
    const hsn_base64 how = {.padded = true};
    hsn_buf plain = new_buf(), coded = new_buf();
    (void)state;
    window = WINDOW;
    hsn_buf_printf(&plain, "\\\"x=1&d=" LONG " k\\\\2");
    buf_repeat(&plain, "lorem ipsum dolor ", WORDS);
    hsn_buf_put(&plain, '\0');
    assert_value_settled(HARSAN_PACK_STRICT, "a", (const char *)plain.p);
    hsn_buf_reset(&plain);
    buf_repeat(&plain, MAIL ", sadipscing elitr ", WORDS);
    hsn_base64_encode(&coded, hsn_buf_str(&plain), &how);
    hsn_buf_put(&coded, '\0');
    assert_value_settled(0, "a", (const char *)coded.p);
    window = 0;
    DROP(&plain, &coded);
}

/* Between the name of a record and its value stands more than is held: the name counts still. So
 * does the cookie that is called "name", when no value shows that it is none. */
static void test_name_far_before(void **state)
{
    enum { WINDOW = 128 << 10, WORDS = WINDOW / 6 };
    static const struct {
        const char *before, *behind;
    } records[] = {{"{\"name\":\"password\"", "\"value\":\"" SECRET "\"}"},
                   {"{\"type\":\"password\"", "\"value\":\"" SECRET "\"}"},
                   {"{\"title\":\"password\"", "\"value\":\"" SECRET "\"}"},
                   {"{\"cookies\":{\"name\":\"" SECRET "\"", "\"x\":1}}"}};
    (void)state;
    window = WINDOW;
    for (size_t i = 0; i < COUNT(records); i++) {
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "[%s,\"note\":\"", records[i].before);
        buf_repeat(&text, "lorem ipsum dolor ", WORDS);
        hsn_buf_printf(&text, "\",%s]", records[i].behind);
        clean_with(rules_of[0], 0, hsn_buf_str(&text), 1, &c);
        assert_false(buf_holds(&c.out, SECRET));
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
    window = 0;
}

/* Two layers: a stretch that would be the third is replaced whole. With the value in it known, what
 * is left of the stretch is no layer any more; with a stand-in in its place it is one again. */
static void test_few_layers(void **state)
{
    (void)state;
    assert_settled_within(0, 2,
                          HSN_S("{\"a\":\"`" SECRET "zqpd\\\\\\\\\\\"\",\"password\":"
                                "\"" SECRET "zqpd\"}"));
    /* a stretch that began behind an edit begins before it when there is nothing to edit */
    assert_settled_within(0, 2,
                          HSN_S("{\"a\":\"{\\\"a\\\":1,\\\"payload\\\":\\\"6b7a38766e35397133"
                                "6964357067363479367378353568332c42617369632064584e6c636a7077"
                                "59584e7a0a40,token={\\\\\\\"a\\\\\\\":\\\\\\\"x\\\\\\\"}\\\""
                                "}%\\\\name\"}"));
    /* two edits of a round in what one edit of the round before has made */
    assert_settled_within(0, 2,
                          HSN_S("{\"url\":\"\\\"/reset/&#4szJmqk3,n@bearer./eset/ey/resetet"
                                "\\\\&#4\"}"));
}

/* JSON in front of a broken rest is read when the rest is met: what it taught is replaced, whatever
 * was said of its text before. */
static void test_json_in_front(void **state)
{
    (void)state;
    assert_settled(0,
                   HSN_S("{\"a\":\"{\\\"\\\":\\\"token='q8zq81kr\\\\n\\\",\\\"\\\":\\\"<pw>\\\"2m"
                         "</'\\\"}ssn\\\":\"}"));
    assert_settled(
        0, HSN_S("{\"a\":\"{\\\"\\\":\\\"token='q8zq81kr\\\\n\\\",\\\"\\\":\\\"<pw>redacted-"
                 "abcdefghijklm</'\\\"}ssn\\\":\"}"));
}

/* Every parameter counts: where one ends differs between the layers that spell it. */
static void test_strict(void **state)
{
    static const char *const texts[] = {
        "{\"queryString\":[{\"name\":\"access_token\",\"value\":\"\\u0000\\u0000\\u0000realm=\x87"
        "b;%0c\"}]}",
        "{\"headers\":[{\"name\":\"Authorization\",\"value\":\"Digest response=\\\"" SECRET
        "\\\", x=rea%3Da\\u0001\\u000302nm\\u0001l=\\\"E%u20ACxpire b\\\", nos=Wed\\u0000=\\\"136m"
        "\\\",p\"}]}",
        "{\"headers\":[{\"name\":\"Location\",\"value\":\"https://u:p@\xd4"
        "example.net:8443/x;"
        "jsessionid=" LONG "+1 415?a=b\"}]}"};
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_settled(HARSAN_PACK_STRICT | HARSAN_PACK_PII, hsn_str_z(texts[i]));
        assert_settled(HARSAN_PACK_STRICT | HARSAN_PACK_PII | HARSAN_PACK_NETWORK,
                       hsn_str_z(texts[i]));
    }
}

/* Words that mean something in any order. */
static const char *const words[] = {
    "function(){}; ", "var ", "const ", "token", "password", " = ", "=", ":", "'", "\\\"", "`",
    "+", ".", "%20", "%7f", "\x7f", "-", "/", "://", "http://", "@", "bearer.", "Bearer ", " ",
    "\\\\", "\\n", "&", "?", ";", ",", "tail", "example.net", "(", ")", "{", "}", "[", "]",
    "sid=", "&amp;", "#", "u:", "p@", "example.com.br", "0", "\\u007f", "\\u0000", SECRET, SECRET,
    SECRET, LONG, LONG};

static void test_random_words(void **state)
{
    static const char *const names[] = {"a", "url", "text", "token"};
    enum { ROUNDS = 1500, WORDS = 12 };
    prng r = {.state = 7};
    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        hsn_buf value = new_buf();
        for (size_t n = 3 + prng_below(&r, WORDS - 2); n > 0; n--) {
            hsn_buf_printf(&value, "%s", words[prng_below(&r, COUNT(words))]);
        }
        hsn_buf_put(&value, '\0');
        assert_value_settled(prng_one_in(&r, 3) ? HARSAN_PACK_STRICT : 0,
                             names[prng_below(&r, COUNT(names))], (const char *)value.p);
        hsn_buf_deinit(&value);
    }
}

/* ---------------------------------------------------------------- rounds */

/* Each stand-in makes of what is behind it a secret: a round finds it, and the last finds nothing.
 * Beyond the last the value is replaced whole. */
static void test_rounds(void **state)
{
    (void)state;
    enum { ROUNDS = 8 };
    static const char file[] =
        "{\"rules\":[{\"id\":\"next\",\"what\":\"What stands behind a stand-in\","
        "\"category\":\"key\",\"anchor\":[\"redacted-\"],"
        "\"pattern\":\"redacted-[a-z0-9]{13}-([g-p]{7}z)\","
        "\"hit\":[\"redacted-abcdefghijkl2-ghjgghgz\"],\"miss\":[\"redacted-abc\"]}]}";
    harsan_rules *next = NULL;
    harsan_error err = {0};
    assert_int_equal(harsan_rules_parse(&next, file, strlen(file), true, 0, &err), HARSAN_OK);
    for (size_t secrets = ROUNDS - 1; secrets <= ROUNDS; secrets++) {
        job j = {.rules = next};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "{\"text\":\"redacted-abcdefghijkl2");
        for (size_t i = 0; i < secrets; i++) {
            hsn_buf_printf(&text, "-gghhgj%cz", "ghijklmn"[i]);
        }
        hsn_buf_printf(&text, "\"}");
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(buf_holds(&c.told, "limit:work"), secrets == ROUNDS);
        assert_int_equal(buf_holds(&c.out, "redacted-abcdefghijkl2-"), secrets < ROUNDS);
        assert_false(buf_holds(&c.out, "gghhgj"));
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
    harsan_rules_free(next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_longer_value),  cmocka_unit_test(test_address_of_a_token),
        cmocka_unit_test(test_name_in_a_pattern),
        cmocka_unit_test(test_looks_change),  cmocka_unit_test(test_syntax_goes),
        cmocka_unit_test(test_names_go),      cmocka_unit_test(test_tables),
        cmocka_unit_test(test_layers),        cmocka_unit_test(test_giants),
        cmocka_unit_test(test_token_in_lines), cmocka_unit_test(test_name_far_before),
        cmocka_unit_test(test_few_layers),
        cmocka_unit_test(test_json_in_front), cmocka_unit_test(test_strict),
        cmocka_unit_test(test_random_words),  cmocka_unit_test(test_rounds)};
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
