/*
 * Names whose value stands behind neither : nor =, header lines with quotes in them, lengths for
 * separators, and marks inside a word.
 */
#include "inspected.h"

static void test_other_separators(void **state)
{
    (void)state;
    static const example table[] = {
        {"call", "localStorage.setItem(\"access_token\",\"" TOK "\")",
         "localStorage.setItem(\"access_token\",\"#\")"},
        {"list", "[[\"z\",1],[\"client_secret\",\"" TOK "\"]]", "[[\"z\",1],[\"client_secret\",\"#\"]]"},
        {"list of names", "[\"username\",\"password\",\"email2\"]", NULL},
        {"index", "a['access_token']='" TOK "';", "a['access_token']='#';"},
        {"serialized", "s:8:\"password\";s:10:\"" PW "\";", "s:8:\"password\";s:10:\"#\";"},
        {"option", "tool --password " PW " run", "tool --password # run"},
        {"option of a user", "curl --user svc:" PW " -X GET", "curl --user svc:# -X GET"},
        {"option behind others", "curl -s -X POST -u svc:" PW " x", "curl -s -X POST -u svc:# x"},
        {"variable for an option", "tool --token $TOKEN run", NULL},
        {"netrc", "machine x.test\nlogin ann\npassword " PW "\n",
         "machine x.test\nlogin ann\npassword #\n"},
        {"script", "\"Basic \"+btoa(\"ann:" PW "\")", "\"Basic \"+btoa(\"ann:#\")"},
        {"sentence", "Your password is " PW " today", "Your password is # today"},
        {"sentence about it", "Your password is too short (min 8)", NULL},
        {"code", "Your verification code is 482915.", "Your verification code is #."},
        {"code of an error", "access code 404 page", NULL},
        {"two halves", "access_token=713831859738096|" TOK " for", "access_token=# for"},
        {"bar of a log", "got token=" TOK "|user=ann", "got token=#|user=ann"},
        {"name of words", "{\"Mot de passe\":\"" PW "\",\"API key\":\"" TOK "\"}",
         "{\"Mot de passe\":\"#\",\"API key\":\"#\"}"},
        {"name of another script", "{\"пароль\":\"" PW "\"}", "{\"пароль\":\"#\"}"},
        {"copied cookies", "{\"cookie\":\"a=" TOK "; lang=en\"}", "{\"cookie\":\"a=#; lang=en\"}"},
        {"one cookie in place of a list",
         "{\"cookies\":{\"name\":\"basket9fk2xQ_session\",\"value\":\"" PW "\"}}",
         "{\"cookies\":{\"name\":\"basket9fk2xQ_session\",\"value\":\"#\"}}"},
        {"system of a contact",
         "{\"telecom\":[{\"system\":\"phone\",\"value\":\"0201555123\"},{\"system\":\"x\",\"value\":"
         "\"0201555123\"}]}",
         "{\"telecom\":[{\"system\":\"phone\",\"value\":\"#\"},{\"system\":\"x\",\"value\":"
         "\"0201555123\"}]}"},
        {"number with blanks", "cell=+44 20 7359 0830 x;cell=+442073590830&b=1",
         "cell=# x;cell=#&b=1"},
        {"pairs in lines", "access_token\t4hxhH5z27495hXz7z2k7\nexpires\t3600\n",
         "access_token\t#\nexpires\t3600\n"},
        {"variable of a script", "$token = \"" TOK "\"; my $pwd = '" PW "';",
         "$token = \"#\"; my $pwd = '#';"},
        {"variable of a query", "query A($token: String!, $password: String = \"x\") { a }", NULL},
        {"spelled name", "?p%61ssword=" PW "&%5Ftoken=" TOK, "?p%61ssword=#&%5Ftoken=#"},
        {"spelled sentence", "see%20the%20token=" TOK "%20of%20ann",
         "see%20the%20token=#%20of%20ann"},
        {"blanks of a value", "password=four%20words%204%20me&x=1", "password=#&x=1"},
        {"object under a name", "password:{required:!0,min:5},a.token={type:\"ident\",value:x}", NULL},
        {"scheme in a literal of its own", "h(\"Authorization\", \"Bearer \" + \"" TOK "\")",
         "h(\"Authorization\", \"Bearer \" + \"#\")"},
        {"function under a name", "var b={};b.secret=function(e){return q7.offsets}", NULL},
        {"function as a parameter", "x?b.secret=function(e){return q7}:0", NULL},
        {"between two strings", "u=\"a=1&password=\"+esc(q7.p)+\"&b=\"+y", NULL},
        {"between, with blanks", "f('token=' + enc(tok9x7) + '&b=')", NULL},
        {"between labels", "[\"Password: \",f9],q_=\"x\"", NULL},
        {"in quotes of its own", "password=\"+" PW "+\"", "password=\"#\""},
        {"behind another string", "{a:\"b\",password:\"+" PW "+\"}", "{a:\"b\",password:\"#\"}"},
        {"names joined by colons", "/mid=K7:sid=" TOK ":rid=4hxhh5z2:sn=shop.test",
         "/mid=K7:sid=#:rid=4hxhh5z2:sn=shop.test"},
        {"a colon in it", "sid=" TOK ":4hx==:y", "sid=#"},
        {"session in a call", "n.declare('page.sessionId','" TOK "');",
         "n.declare('page.sessionId','#');"},
        {"words on cookies", "{\"cookie\":\"We use cookies = fine\"}", NULL},
        {"number that is no date", "{\"ssn\":\"212-39-3900\"}", "{\"ssn\":\"#\"}"},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_header_lines(void **state)
{
    (void)state;
    static const example table[] = {
        {"quoted parameters", "Authorization: Hawk id=\"ann\", ts=\"1\", mac=\"" TOK "\"\nA: b",
         "Authorization: Hawk id=\"#\", ts=\"1\", mac=\"#\"\nA: b"},
        {"quoted cookie", "cookie: a=1; sid=\"" TOK "\"; lang=en\nA: b",
         "cookie: a=1; sid=\"#\"; lang=en\nA: b"},
        {"joined by a script", "h=\"cookie: sid=\" + x + \"; path=/\";", NULL},
        {"joined without blanks", "h=\"cookie: sid=\"+x+\"; path=/\";", NULL},
        {"unknown scheme in a log", "sent Authorization: SSWS " TOK " for ann",
         "sent Authorization: SSWS # for ann"},
        {"prose", "Authorization: required for all of it", NULL},
        {"key of a vendor", "X-Tenant-Key: " TOK "\nA: b", "X-Tenant-Key: #\nA: b"},
        {"key of a list", "{\"key\": \"" TOK "\", \"cacheKey\": \"" TOK "\"}", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

/* A name, a length, a value; in base64, as such messages come. The length stays. */
static void test_lengths(void **state)
{
    (void)state;
#define LEN32 "\xd9\x20"
    static const struct {
        const char *label, *text;
        size_t n, keep, end; /* what stands before the value, and where it ends */
    } table[] = {
        {"messagepack", "\x82\xac" "access_token" LEN32 TOK "\xa1z\x05", 51, 16, 48},
        {"short value", "\x81\xa8password\xaa" PW "\xc0\xc0\xc0\xc0", 25, 11, 21},
        {"no anchor begins so", "\x81\xa8kennwort" LEN32 TOK "\xc0\xc0", 46, 12, 44},
        {"cbor", "\xa2\x68" "password\x78\x20" TOK "\x61z\x05", 47, 12, 44},
        {"cbor in cbor", "\xd9\xd9\xf7\x81\xa1\x65" "token\xa1\x61x\x78\x20" TOK, 48, 16, 48},
        {"cbor without counts", "\xbf\x68" "password\x7f\x78\x20" TOK "\xff\xff", 47, 13, 45},
        {"address in cbor", "\xa2\x61" "a\x77" "ann@maltbarrow-post.net\x61" "b\x01", 30, 4, 27},
        {"bson", "\x37\0\0\0\x02password\0\x21\0\0\0" TOK "\0\0", 52, 18, 50},
        {"amf", "\0\x08password\x02\0\x20" TOK "\0\0\x09", 48, 13, 45},
        {"counted strings", "\x08password\x0a" PW "\x01z\x0c" "some letters", 35, 10, 20},
        {"shortest value", "\0\x08password\0\x04hk7v\0\0\x09" "and some letters more", 40, 12, 16},
        {"32-bit counts", "\0\0\0\x08password\0\0\0\x20" TOK "\0\0\0\x01", 52, 16, 48},
        {"map of protobuf", "\x0a\x2e\x0a\x08password\x12\x20" TOK "\x08\x01", 48, 14, 46},
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        hsn_buf coded = new_buf();
        hsn_buf got;
        hsn_buf plain = new_buf();
        hsn_base64 how = {.url = false, .padded = true};
        hsn_str text = hsn_str_of((const unsigned char *)table[i].text, table[i].n);
        hsn_base64_encode(&coded, text, &how);
        inspect_text(hsn_buf_str(&coded), &no_name, &got);
        assert_true(hsn_base64_decode(hsn_buf_str(&got), &how, &plain));
        assert_int_equal(plain.n, text.n);
        assert_memory_equal(plain.p, text.p, table[i].keep);
        if (memcmp(plain.p + table[i].keep, text.p + table[i].keep, 4) == 0) {
            fail_msg("%s: still there", table[i].label);
        }
        assert_memory_equal(plain.p + table[i].end, text.p + table[i].end, text.n - table[i].end);
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&got);
        hsn_buf_deinit(&plain);
    }
#undef LEN32
}

#define BYTES(text) {text, sizeof(text) - 1}

/* A name before bytes that tell no length of what follows. */
static void test_no_lengths(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t n;
    } table[] = {
        BYTES("\0\x08password\x02\0\x1f" TOK "\0\0\x09 and more"),
        BYTES("\0\x0atoken_type\x02\0\x06" "Bearer\0\0\x09 and some letters more"),
        BYTES("\x0a\x01" "d\x01\0\x20" TOK "\x01\x0c" "some letters"),
        BYTES("\0\x08password\0\0\0\0" TOK "\0\0\0\x01 and more"),
        BYTES("\0\x08password\0\x03hk7\0\0\x09" "and some letters more"),
    };
    for (size_t i = 0; i < COUNT(table); i++) {
        const hsn_base64 how = {.padded = true};
        hsn_buf coded = new_buf(), got;
        hsn_base64_encode(&coded, hsn_str_of((const unsigned char *)table[i].text, table[i].n),
                          &how);
        inspect_text(hsn_buf_str(&coded), &no_name, &got);
        assert_same(hsn_buf_str(&got), hsn_buf_str(&coded), table[i].text + 2);
        hsn_buf_deinit(&coded);
        hsn_buf_deinit(&got);
    }
}

/* Marks inside a word, each at its offset. */
static void test_marks_inside(void **state)
{
    (void)state;
#define R33 "hk7vwx24z94hxhh5z27495hxz7z2k79xh"
    static const example table[] = {
        {"behind 33", "key " R33 "AzCaBq7x2k= end", "key # end"},
        {"behind 32", "key k7vwx24z94hxhh5z27495hxz7z2k79xhAzCaBq7x2k= end", NULL},
        {"with a ~", "use k7v8Q~" TOK "x4 now", "use # now"},
        {"at the end", "licence " R33 "a1cNRAL end", "licence # end"},
        {"no mark", "key " R33 "AzQaBq7x2k= end", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
#undef R33
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_separators),
        cmocka_unit_test(test_header_lines),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_no_lengths),
        cmocka_unit_test(test_marks_inside),
    };
    return cmocka_run_group_tests(tests, set_up_inspector, tear_down_inspector);
}
