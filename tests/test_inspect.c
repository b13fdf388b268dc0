/*
 * Inspection, one text at a time: what each spot and each format replaces and what it leaves, case
 * by case. In `want` the sign # stands for one stand-in.
 */
#include "inspected.h"

/* ---------------------------------------------------------------- spots */

static const example named_texts[] = {
    {"query", "/a?password=" PW "&x=1", "/a?password=#&x=1"},
    {"query, last", "/a?x=1&access_token=" TOK, "/a?x=1&access_token=#"},
    {"fragment", "/cb#access_token=" TOK "&expires_in=3600",
     "/cb#access_token=#&expires_in=3600"},
    {"plus is a space", "q=two+words&password=ab+" PW, "q=two+words&password=#"},
    {"percent in the value", "password=ab%26" PW "%C3%A9&x=1", "password=#&x=1"},
    {"bracket", "user[password]=" PW "&user[age]=7", "user[password]=#&user[age]=7"},
    {"encoded bracket", "user%5Bpassword%5D=" PW "&b=1", "user%5Bpassword%5D=#&b=1"},
    {"matrix parameter", "/app;jsessionid=" TOK "/page", "/app;jsessionid=#/page"},
    {"log", "login: token=" TOK ", ok", "login: token=#, ok"},
    {"header in a log", "token: " TOK "\nnext", "token: #\nnext"},
    {"ini", "db_password = " PW "\nuser = x\n", "db_password = #\nuser = x\n"},
    {"go", "password := \"" PW "\"", "password := \"#\""},
    {"ruby", ":password => '" PW "'", ":password => '#'"},
    {"json", "{\"a\":1,\"password\":\"" PW "\",\"b\":[1]}",
     "{\"a\":1,\"password\":\"#\",\"b\":[1]}"},
    {"json, escaped quote", "{\"password\":\"ab\\\"" PW "\",\"b\":1}",
     "{\"password\":\"#\",\"b\":1}"},
    {"json, escaped name", "{\"pass\\u0077ord\":\"" PW "\"}", "{\"pass\\u0077ord\":\"#\"}"},
    {"json, number", "{\"password\":48151623}", "{\"password\":0}"},
    {"json, true", "{\"password\":true,\"token\":null}", NULL},
    {"json, record", "{\"name\":\"password\",\"value\":\"" PW "\"}",
     "{\"name\":\"password\",\"value\":\"#\"}"},
    {"json, value first", "[{\"value\":\"" PW "\",\"name\":\"password\"}]",
     "[{\"value\":\"#\",\"name\":\"password\"}]"},
    {"json, array", "{\"tokens\":[\"" TOK "\",\"" TOK "\"]}", "{\"tokens\":[\"#\",\"#\"]}"},
    {"json, object", "{\"secret\":{\"a\":\"" TOK "\"}}", "{\"secret\":{\"a\":\"#\"}}"},
    {"json, schema",
     "{\"password\":{\"type\":\"string\",\"minLength\":8,\"title\":\"Pick one\"}}",
     NULL},
    {"json in a string", "{\\\"password\\\":\\\"" PW "\\\",\\\"b\\\":1}",
     "{\\\"password\\\":\\\"#\\\",\\\"b\\\":1}"},
    {"json, other quote inside", "{\\\"password\\\":\\\"ab'" PW "\\\"}",
     "{\\\"password\\\":\\\"#\\\"}"},
    {"json behind a prefix", ")]}',\n{\"password\":\"" PW "\"}", ")]}',\n{\"password\":\"#\"}"},
    {"jsonp", "cb({\"accessToken\":\"" TOK "\"});", "cb({\"accessToken\":\"#\"});"},
    {"ndjson", "{\"a\":1}\n{\"password\":\"" PW "\"}\n", "{\"a\":1}\n{\"password\":\"#\"}\n"},
    {"sse", "event: x\ndata: {\"password\":\"" PW "\"}\n\n",
     "event: x\ndata: {\"password\":\"#\"}\n\n"},
    {"socket.io", "42[\"login\",{\"password\":\"" PW "\"}]",
     "42[\"login\",{\"password\":\"#\"}]"},
    {"script, literal", "function f(){ var c = {password: \"" PW "\"}; return c; }",
     "function f(){ var c = {password: \"#\"}; return c; }"},
    {"script, expression", "function f(){ var password = form.password1; return password; }",
     NULL},
    {"label", "{\"password\":\"Forgot password?\"}", NULL},
    {"placeholder", "password=****&token=[REDACTED]", NULL},
    {"states of CSS", "#password:focus{a:b} input.token:hover,a{} .password:not(.x){}", NULL},
    {"no state of CSS", "password:focused9 x", "password:# x"},
    {"prose", "Your password: must be long. Enter the password: then press the key.", NULL},
    {"annotations", "def login(password: str, token: Optional[str] = None)", NULL},
    {"in backquotes", "`Authorization: Bearer ...` or `Authorization: Bearer " TOK "`",
     "`Authorization: Bearer ...` or `Authorization: Bearer #`"},
    {"json in a form, label", "a=%7B%22apiKey%22%3A%22API+key%22%7D", NULL},
    {"json in a form", "a=%7B%22note%22%3A%22a+b%22%2C%22password%22%3A%22" PW "%22%7D",
     "a=%7B%22note%22%3A%22a+b%22%2C%22password%22%3A%22#%22%7D"},
    {"only alike", "token_type=bearer&author=h4k7z2w9&password_length=12", NULL},
};

static void test_names(void **state)
{
    (void)state;
    check_texts(named_texts, COUNT(named_texts), &no_name);
}

static void test_urls_and_paths(void **state)
{
    (void)state;
    static const example table[] = {
        {"userinfo", "https://deploy:" PW "@git.test/r.git", "https://#:#@git.test/r.git"},
        {"raw @ in the password", "https://u1x:ab@" PW "@git.test/", "https://#:#@git.test/"},
        {"token for a user", "https://" TOK "@git.test/r.git", "https://#@git.test/r.git"},
        {"service user", "ssh://git@git.test/r.git", NULL},
        {"scope in a path", "https://cdn.test/@scope/pkg@1.2.3/x.js", NULL},
        {"one-time link", "https://x.test/reset/" TOK "?a=1", "https://x.test/reset/#?a=1"},
        {"two segments on", "https://x.test/verify/email/" TOK, "https://x.test/verify/email/#"},
        {"words behind the word", "https://x.test/reset/password", NULL},
        {"variable of a route", "verify:\"/verify/:code2fa\"", NULL},
        {"cookieless", "https://x.test/(S(hk7vwx24z94hxhh5z27495hx))/a.aspx",
         "https://x.test/(S(#))/a.aspx"},
        {"file behind the word", "https://cdn.test/share/logo4k2h.png", NULL},
        {"encoded URL", "https://x.test/?next=https%3A%2F%2Fy.test%2F%3Ftoken%3D" TOK "%26a%3D1",
         "https://x.test/?next=https%3A%2F%2Fy.test%2F%3Ftoken%3D#%26a%3D1"},
        {"encoded twice", "n=a%253Fpassword%253D" PW "%2526b%253D1",
         "n=a%253Fpassword%253D#%2526b%253D1"},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_shapes(void **state)
{
    (void)state;
    static const example table[] = {
        {"email", "write to " MAIL ", please", "write to #, please"},
        {"email in brackets", "<" MAIL ">", "<#>"},
        {"email in a URL", "?who=ferelith%40maltbarrow-post.net&b=1", "?who=#&b=1"},
        {"email escaped", "{\"x\":\"ferelith\\u0040maltbarrow-post.net\"}", "{\"x\":\"#\"}"},
        {"email, entity", "<p>ferelith&#64;maltbarrow-post.net</p>", "<p>#</p>"},
        {"email behind an email", "from " MAIL "_" MAIL ", " MAIL "+" MAIL, "from #_#, #+#"},
        {"padding before an escape", "Bearer " TOK "abcdefghij==%20x", "Bearer #%20x"},
        {"two signs", "x@ferelith@maltbarrow-post.net", "x@#"},
        {"three signs", "x@y@" MAIL, "x@#@maltbarrow-post.net"},
        {"handle", "@ferelith@maltbarrow-post.net", "@#"},
        {"no email", "icon@2x.png @babel/core@7.22.1 @media print", NULL},
        {"documentation domain", "mail user@example.com or x@y.test", NULL},
        {"phone, international", "call +44 7700 900523 now", "call # now"},
        {"phone, north american", "call (202) 555-2147 now", "call # now"},
        {"phone, plus not a space", "call%20+44%207700%20900523%20now", "call%20#%20now"},
        {"card in a form", "a=paid+4012880000123458+today", "a=paid+#+today"},
        {"number of a publisher", "ca-pub-4012880000123458", NULL},
        {"number of a card", "card-4012880000123458", "card-#"},
        {"no phone", "on 2024-01-12 at 10:11:12, 1731405600123, 10.0.19041.1234", NULL},
        {"card", "paid with 4012 8800 0012 3458 today", "paid with # today"},
        {"no card", "order 1234567812345678 today", NULL},
        {"card under a name", "pan_t=4012880000123458&x=1", "pan_t=#&x=1"},
        {"cache buster", "/ad;sz=1x1;ord=4012880000123458?", NULL},
        {"cache busters", "?_=4012880000123458&CB=4012880000123458&a=b%26rnd%3D4012880000123458",
         NULL},
        {"cache buster in groups", "?ts=4012-8800-0012-3458", "?ts=#"},
        {"iban", "to GB82 WEST 1234 5698 7654 32, thanks", "to #, thanks"},
        {"no iban", "to GB83 WEST 1234 5698 7654 32, thanks", NULL},
        {"nothing", "The quick brown fox, v1.2.3, #4a90d9; 100% = all & more <b>\\o/", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_markup(void **state)
{
    (void)state;
    static const example table[] = {
        {"password field", "<input type=\"password\" name=\"p\" value=\"" PW "\">",
         "<input type=\"password\" name=\"p\" value=\"#\">"},
        {"hidden field", "<input type='hidden' name='csrf_token' value='" TOK "'/>",
         "<input type='hidden' name='csrf_token' value='#'/>"},
        {"no quotes", "<input value=" TOK " name=access_token>",
         "<input value=# name=access_token>"},
        {"entity in the value", "<input name=\"password\" value=\"ab&amp;" PW "\">",
         "<input name=\"password\" value=\"#\">"},
        {"meta", "<meta name=\"csrf-token\" content=\"" TOK "\">",
         "<meta name=\"csrf-token\" content=\"#\">"},
        {"attribute", "<div data-access-token=\"" TOK "\" class=\"x\">",
         "<div data-access-token=\"#\" class=\"x\">"},
        {"json in an attribute", "<div data-x=\"{&quot;password&quot;:&quot;" PW "&quot;}\">",
         "<div data-x=\"{&quot;password&quot;:&quot;#&quot;}\">"},
        {"element", "<Login><Password>" PW "</Password></Login>",
         "<Login><Password>#</Password></Login>"},
        {"namespace", "<s:Password xmlns:s=\"urn:x\"> " PW " </s:Password>",
         "<s:Password xmlns:s=\"urn:x\"> # </s:Password>"},
        {"cdata", "<Password><![CDATA[ab<" PW "]]></Password>",
         "<Password><![CDATA[#]]></Password>"},
        {"entity in an element", "<Password>ab&lt;" PW "</Password>", "<Password>#</Password>"},
        {"empty element", "<Login><Password/>" PW "</Login>", NULL},
        {"sibling", "<key>password</key><string>" PW "</string>",
         "<key>password</key><string>#</string>"},
        {"sibling, one more around it", "<name>password</name><value><string>" PW "</string></value>",
         "<name>password</name><value><string>#</string></value>"},
        {"sibling, not an element", "<name>password</name><value><3 of them</value>", NULL},
        {"text area", "<textarea name=\"private_key\">" TOK "</textarea>",
         "<textarea name=\"private_key\">#</textarea>"},
        {"row", "<tr><td>Token</td><td>" TOK "</td></tr>", "<tr><td>Token</td><td>#</td></tr>"},
        {"definition", "<dt>Password</dt><dd>" PW "</dd>", "<dt>Password</dt><dd>#</dd>"},
        {"head of a table", "<tr><th>Password</th><th>Role</th><th>Token</th></tr>", NULL},
        {"property of a value", "<property name=\"password\">\n <value>" PW "</value></property>",
         "<property name=\"password\">\n <value>#</value></property>"},
        {"button behind a field", "<input name=\"new_password\"><button>Save</button>", NULL},
        {"label", "<label for=\"password\">Password</label>", NULL},
        {"empty field", "<input type=\"password\" name=\"password\" value=\"\">", NULL},
        {"script literal", "<script>var s = \"{\\\"password\\\":\\\"" PW "\\\"}\";</script>",
         "<script>var s = \"{\\\"password\\\":\\\"#\\\"}\";</script>"},
        {"number of a script", "f({n:4539578763621486,m:[ 4539578763621486 ]})",
         "f({n:0,m:[ 0 ]})"},
        {"js escapes", "f('pass\\x77ord=" PW "\\x26b=1')", "f('pass\\x77ord=#\\x26b=1')"},
        {"escape in the value", "f('password=" PW "\\x21hk24&b=1')", "f('password=#&b=1')"},
    };
    check_texts(table, COUNT(table), &no_name);
}

/* ---------------------------------------------------------------- formats */

static void test_tables_and_parts(void **state)
{
    (void)state;
    static const example table[] = {
        {"csv", "id,user,password\n1,ann,ab" PW "\n2,bob,cd" PW "\n",
         "id,user,password\n1,ann,#\n2,bob,#\n"},
        {"csv, quoted", "id;user;password\r\n1;ann;\"a;b" PW "\"\r\n",
         "id;user;password\r\n1;ann;\"#\"\r\n"},
        {"csv, a quote in a cell", "id,user,password\n1,\"a \"\"b\"\", c\",ab" PW "\n2,bob,cd" PW "\n",
         "id,user,password\n1,\"a \"\"b\"\", c\",#\n2,bob,#\n"},
        {"name and value in two lines", "said {\"password\":\r\n   \"" PW "\"} to it",
         "said {\"password\":\r\n   \"#\"} to it"},
        {"name and value in two events", "data: \"password\":\ndata:  \"" PW "\"",
         "data: \"password\":\ndata:  \"#\""},
        {"csv, other columns", "id,user,age\n1,ann,44\n", NULL},
        {"multipart", "--xY7\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" PW
         "\r\n--xY7\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nHello\r\n--xY7--\r\n",
         "--xY7\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n#\r\n--xY7\r\n"
         "Content-Disposition: form-data; name=\"title\"\r\n\r\nHello\r\n--xY7--\r\n"},
        {"multipart, json part",
         "--xY7\nContent-Type: application/json\nContent-Disposition: form-data; name=\"d\"\n\n"
         "{\"password\":\"" PW "\"}\n--xY7--",
         "--xY7\nContent-Type: application/json\nContent-Disposition: form-data; name=\"d\"\n\n"
         "{\"password\":\"#\"}\n--xY7--"},
        {"header lines",
         "GET / HTTP/1.1\r\nHost: x.test\r\nAuthorization: Bearer " TOK "\r\nCookie: sid=" TOK
         "; theme=dark\r\n\r\n",
         "GET / HTTP/1.1\r\nHost: x.test\r\nAuthorization: Bearer #\r\nCookie: sid=#; "
         "theme=dark\r\n\r\n"},
    };
    check_texts(table, COUNT(table), &no_name);
}

typedef struct named_example {
    const char *label;
    unsigned where;
    const char *name;
    const char *text;
    const char *want;
} named_example;

enum { HEADER = HSN_IN_HEADER, COOKIE = HSN_IN_COOKIE, PARAM = HSN_IN_PARAM, KEY = HSN_IN_KEY };
static const named_example named_values[] = {
    {"cookie header", HEADER, "Cookie",
     "sid=" TOK "; theme=dark; n=2",
     "sid=#; theme=dark; n=2"},
    {"cookie in quotes", HEADER, "cookie", "sid=\"" TOK "\"", "sid=\"#\""},
    {"cookie without a name", HEADER, "Cookie", TOK, "#"},
    {"cookie headers, joined", HEADER, "Cookie", "theme=dark, JSESSIONID=" TOK ", sid=" TOK "; q=1",
     "theme=dark, JSESSIONID=#, sid=#; q=1"},
    {"commas within a cookie", HEADER, "Cookie",
     "seen=1," TOK ",k=2; pair=" TOK ", no name; q=\"k=" TOK ", v=2\", sid=" TOK,
     "seen=#; pair=#; q=\"#\", sid=#"},
    {"set-cookie", HEADER, "Set-Cookie",
     "sid=" TOK "; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly",
     "sid=#; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly"},
    {"set-cookie, two lines", HEADER, "Set-Cookie",
     "a=" TOK "; Path=/\nb=" TOK,
     "a=#; Path=/\nb=#"},
    {"set-cookie, joined", HEADER, "Set-Cookie",
     "a=" TOK "; Path=/, b=" TOK "; Secure",
     "a=#; Path=/, b=#; Secure"},
    {"set-cookie, commas in quotes", HEADER, "Set-Cookie",
     "a=\"k=" TOK ",ver=2\"; Path=/, b=" TOK, "a=\"#\"; Path=/, b=#"},
    {"cookie value", COOKIE, "sid", TOK, "#"},
    {"harmless cookie", COOKIE, "lang", "en-US", NULL},
    {"bearer", HEADER, "Authorization", "Bearer " TOK, "Bearer #"},
    {"scheme twice", HEADER, "Authorization", "Bearer  bearer " TOK, "Bearer  bearer #"},
    {"scheme for a token", HEADER, "Authorization", "Bearer bearer", "Bearer #"},
    {"bare token", HEADER, "Authorization", TOK, "#"},
    {"scheme alone", HEADER, "Authorization", "Negotiate", NULL},
    {"digest", HEADER, "Authorization",
     "Digest username=\"ann\", realm=\"r\", uri=\"/a\", qop=auth, response=\"" TOK "\"",
     "Digest username=\"#\", realm=\"r\", uri=\"/a\", qop=auth, response=\"#\""},
    {"signature v4", HEADER, "Authorization",
     "AWS4-HMAC-SHA256 Credential=" TOK
     "/20260105/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=" TOK TOK,
     "AWS4-HMAC-SHA256 Credential=#/20260105/eu-west-1/s3/aws4_request, SignedHeaders=host;"
     "x-amz-date, Signature=#"},
    {"name of a cookie", HEADER, "Cookie", "lang=en; " MAIL "=1", "lang=en; #=1"},
    {"attribute of a cookie", HEADER, "Set-Cookie",
     "lang=en; Path=/reset/" TOK "; Secure",
     "lang=en; Path=/reset/#; Secure"},
    {"no scheme", HEADER, "Authorization",
     "see the password=" PW " here",
     "see the password=# here"},
    {"behind a token", HEADER, "Authorization", "Bearer " TOK " for " MAIL, "Bearer # for #"},
    {"parameter without a value", HEADER, "Authorization",
     "Digest realm=\"r\", " MAIL,
     "Digest realm=\"r\", #"},
    {"proxy", HEADER, "Proxy-Authorization", "Bearer " TOK, "Bearer #"},
    {"phone header", HEADER, "X-User-Phone", "030 901820", "#"},
    {"header about phones", HEADER, "X-Phone-Type", "mobile", NULL},
    {"key header", HEADER, "X-Api-Key", TOK, "#"},
    {"plain header", HEADER, "Content-Type", "application/json; charset=utf-8", NULL},
    {"etag", HEADER, "ETag", "\"5f3a-9c2b7d\"", NULL},
    {"parameter", PARAM, "access_token", TOK, "#"},
    {"cache buster", PARAM, "Ord", "4012880000123458", NULL},
    {"card under a plain name", PARAM, "order", "4012880000123458", "#"},
    {"no parameter", KEY, "ord", "4012880000123458", "#"},
    {"state of the union", PARAM, "state", "NY", NULL},
    {"state of a login", PARAM, "state", TOK, "#"},
    {"password with spaces", KEY, "password", "four words 4 me", "#"},
    {"json under a name", KEY, "credentials",
     "{\"a\":\"" TOK "\",\"n\":1}",
     "{\"a\":\"#\",\"n\":1}"},
    {"URL under a plain name", KEY, "next",
     "https://x.test/?token=" TOK,
     "https://x.test/?token=#"},
    {"link that lets in", KEY, "magicLink",
     "https://x.test/m/" TOK "/in?n=1&token=" TOK,
     "https://x.test/m/#/in?n=1&token=#"},
    {"path that lets in", PARAM, "invite_url", "/teams/" TOK, "/teams/#"},
    {"link with words", KEY, "shareUrl", "https://x.test/blog/2024/how-to-store-passwords-12", NULL},
    {"link to a file", KEY, "webhook_url", "https://x.test/" TOK ".php", NULL},
    {"link without a path", KEY, "webhook_url", "https://" TOK ".x.test", NULL},
    {"email under a plain name", KEY, "x", MAIL, "#"},
    {"uuid", KEY, "deviceSecret", "24128077-665b-449d-a94f-92692f292dbc", "#"},
    {"empty", KEY, "password", "", NULL},
};

static void test_named_values(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < COUNT(named_values); i++) {
        const named_example *e = &named_values[i];
        hsn_site site = {.where = e->where, .name = hsn_str_z(e->name)};
        const char *want = e->want != NULL ? e->want : e->text;
        failed += !holds_case(e->label, hsn_str_z(e->text), hsn_str_z(want), &site);
    }
    assert_int_equal(failed, 0);
}

/* ---------------------------------------------------------------- whole layers */

typedef enum coat {
    BASE64,
    BASE64_LINES,
    BASE64_BARE, /* the other alphabet, no padding */
    GZIP,
    ZLIB,
    DEFLATE,
    UTF16,
    N_COATS
} coat;

static const char *const coat_names[] = {"base64", "base64 in lines", "base64url", "gzip", "zlib",
                                         "deflate", "utf-16"};

static const hsn_base64 *spelling_of(coat c)
{
    static const hsn_base64 padded = {.padded = true};
    static const hsn_base64 bare = {.url = true};
    static hsn_base64 lines_of = {.padded = true, .line = 64};
    lines_of.eol = HSN_S("\n");
    return c == BASE64_BARE ? &bare : c == BASE64_LINES ? &lines_of : &padded;
}

static const hsn_utf16 wide = {.bom = true};

static void put_on(coat c, hsn_str text, hsn_buf *out)
{
    static const hsn_deflate how[N_COATS] = {
        [GZIP] = HSN_GZIP, [ZLIB] = HSN_ZLIB, [DEFLATE] = HSN_RAW_DEFLATE};
    hsn_buf mid = new_buf();
    if (c >= GZIP && c <= DEFLATE) {
        assert_true(hsn_deflate_all(text, how[c], &mid));
    } else if (c == UTF16) {
        hsn_utf16_encode(&mid, text, &wide);
    } else {
        hsn_buf_add_str(&mid, text);
    }
    *out = new_buf();
    hsn_base64_encode(out, hsn_buf_str(&mid), spelling_of(c));
    hsn_buf_deinit(&mid);
}

/* Fails the test unless it is still dressed in just this way. */
static void take_off(coat c, hsn_str coded, hsn_buf *out)
{
    hsn_base64 how;
    hsn_buf mid = new_buf();
    *out = new_buf();
    assert_true(hsn_base64_decode(coded, &how, &mid));
    hsn_str bytes = hsn_buf_str(&mid);
    hsn_deflate kind = HSN_RAW_DEFLATE;
    hsn_utf16 units;
    if (c >= GZIP && c <= DEFLATE) {
        assert_int_equal(hsn_deflate_sniff(bytes, &kind), c != DEFLATE);
        assert_int_equal(inflate_whole(bytes, kind, out), HSN_INFLATE_OK);
    } else if (c == UTF16) {
        assert_true(hsn_utf16_sniff(bytes, &units) && units.bom && !units.big_endian);
        assert_true(hsn_utf16_decode(bytes, &units, out));
    } else {
        hsn_buf_add_str(out, bytes);
    }
    if (c == BASE64_BARE) {
        assert_true(hsn_str_chr(coded, '=') == coded.n);
    } else {
        size_t lines_n = hsn_str_chr(coded, '\n');
        assert_int_equal(lines_n < coded.n ? lines_n : 0, c == BASE64_LINES ? 64 : 0);
    }
    hsn_buf_deinit(&mid);
}

static void test_coats(void **state)
{
    (void)state;
    static const example table[] = {
        {"form",
         "name=ann&password=" PW "&note=" TOK "&x=1234567&y=some+more+words+to+fill+the+line",
         "name=ann&password=#&note=" TOK "&x=1234567&y=some+more+words+to+fill+the+line"},
        {"json", "{\"user\":\"ann\",\"password\":\"" PW
         "\",\"list\":[1,2.50,null],\"note\":\"some words\"}",
         "{\"user\":\"ann\",\"password\":\"#\",\"list\":[1,2.50,null],\"note\":\"some words\"}"},
        {"email", "Please write to " MAIL " about it, or just come to the door.",
         "Please write to # about it, or just come to the door."},
        {"nothing", "Nothing in here is worth a second look, whatever it is packed in.", NULL},
    };
    size_t failed = 0;
    for (size_t i = 0; i < COUNT(table) * N_COATS; i++) {
        const example *e = &table[i / N_COATS];
        coat c = (coat)(i % N_COATS);
        const char *want = e->want != NULL ? e->want : e->text;
        hsn_buf text;
        hsn_buf got;
        hsn_buf plain;
        put_on(c, hsn_str_z(e->text), &text);
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        take_off(c, hsn_buf_str(&got), &plain);
        bool ok = fits(hsn_buf_str(&plain), hsn_str_z(want)) &&
                  (e->want != NULL || hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&text)));
        if (!ok) {
            print_error("%s in %s:\n  got  %.*s\n  want %s\n", e->label, coat_names[c],
                        (int)plain.n, (const char *)plain.p, want);
        }
        failed += !ok;
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&got);
        hsn_buf_deinit(&plain);
    }
    assert_int_equal(failed, 0);
}

/* In a URL + would be a space: base64 that does not show its alphabet is written in the other. */
static void test_base64_in_a_url(void **state)
{
    (void)state;
    static const char plain[] = "name=ann&password=" PW "&x=1234567";
    hsn_base64 how = {.padded = true};
    for (int i = 0; i < 40; i++) {
        hsn_buf text = new_buf(), got;
        hsn_buf_add_str(&text, HSN_S("/a?q="));
        char extra[64];
        snprintf(extra, sizeof extra, "%s&y=%d", plain, 10 + i);
        hsn_base64_encode(&text, hsn_str_cut(hsn_str_z(extra), 0, 39), &how);
        inspect_text(hsn_buf_str(&text), &no_name, &got);
        hsn_str out = hsn_str_cut(hsn_buf_str(&got), 5, got.n);
        assert_false(hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&text)));
        assert_int_equal(hsn_str_chr(out, '+'), out.n);
        assert_int_equal(hsn_str_chr(out, '='), out.n);
        hsn_buf_deinit(&text);
        hsn_buf_deinit(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_urls_and_paths),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_markup),
        cmocka_unit_test(test_tables_and_parts),
        cmocka_unit_test(test_named_values),
        cmocka_unit_test(test_coats),
        cmocka_unit_test(test_base64_in_a_url),
    };
    return cmocka_run_group_tests(tests, set_up_inspector, tear_down_inspector);
}
