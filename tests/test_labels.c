/*
 * Names whose values stand elsewhere: in the next cell, column or line, behind the columns of a
 * statement, under a path or a title; and what looks like it and is none.
 */
#include "inspected.h"

#define MIXED "4hxhH5z27495hXz7z2k7" /* as a machine makes it, in a sentence too */

static void test_labels(void **state)
{
    (void)state;
    static const example table[] = {
        {"lisp", "((user . \"ann\") (password . \"" PW "\"))",
         "((user . \"ann\") (password . \"#\"))"},
        {"clojure", "{:user \"ann\", :api-key \"" TOK "\"}", "{:user \"ann\", :api-key \"#\"}"},
        {"erlang", "#{token => <<\"" TOK "\">>}", "#{token => <<\"#\">>}"},
        {"rust", "Login { token: Some(\"" TOK "\") }", "Login { token: Some(\"#\") }"},
        {"php", "[\"password\"]=>\n  string(10) \"" PW "\"",
         "[\"password\"]=>\n  string(10) \"#\""},
        {"arrow", "password -> " PW "; x", "password -> #; x"},
        {"bold name", "- **API Key**: " TOK "\n", "- **API Key**: #\n"},
        {"bold colon", "- **Password:** `" PW "`\n", "- **Password:** `#`\n"},
        {"quoted words", "proxy \"token\" \"" TOK "\";", "proxy \"token\" \"#\";"},
        {"sentence", "The access token " MIXED " expired", "The access token # expired"},
        {"password in a sentence", "logged in with password " PW "#x from",
         "logged in with password # from"},
        {"three quotes", "token = \"\"\"" TOK "\"\"\"\n", "token = \"\"\"#\"\"\"\n"},
        {"base64 of ldif", "userPassword:: " TOK "\nmail: x", "userPassword:: #\nmail: x"},
        {"cookie of a page", "document.cookie=\"sid=" TOK "; path=/\";",
         "document.cookie=\"sid=#; path=/\";"},
        {"remark", "Token (JWT): " TOK "\npassword (not masked): " PW "\n",
         "Token (JWT): #\npassword (not masked): #\n"},
        {"session", "Session ID: " TOK "\nSession ID = " TOK "x\n", "Session ID: #\nSession ID = #\n"},
        {"set to", "Setting access token to " MIXED " now", "Setting access token to # now"},
        {"r and basic", "password <- \"" PW "\"\nDim token As String = \"" TOK "\"\n",
         "password <- \"#\"\nDim token As String = \"#\"\n"},
        {"objective c", "NSString *const kApiKey = @\"" TOK "\";",
         "NSString *const kApiKey = @\"#\";"},
        {"two words", "api key = " TOK "\nsecret key: " TOK "\n",
         "api key = #\nsecret key: #\n"},
        {"words before a colon",
         "id: 7\nkey: x\nAPI key: " TOK "\nYour recovery key: " TOK "\nPhone number: 0171 1193715\n",
         "id: 7\nkey: x\nAPI key: #\nYour recovery key: #\nPhone number: #\n"},
        {"three words before a colon", "Social security number: 642-53-4624\n",
         "Social security number: #\n"},
        {"no-break space", "Mot de passe\xc2\xa0: " PW "\nFax&nbsp;: 0438434868\n",
         "Mot de passe\xc2\xa0: #\nFax&nbsp;: #\n"},
        {"hash with its scheme", "userPassword: {SSHA}" TOK TOK "\nsn: x\n",
         "userPassword: #\nsn: x\n"},
        {"literals of a URL", "u=\"/x?token=\"+\"" TOK "\"+\"&a=1\";v='?api_key='.concat('" TOK "')",
         "u=\"/x?token=\"+\"#\"+\"&a=1\";v='?api_key='.concat('#')"},
        {"variables of a URL", "u=\"/x?token=\"+e+\"&a=1\";v='?api_key='.concat(e7x8,'&b=')", NULL},
        {"words of no name", "Sort key: title7, The primary key: id7, member of API: v7", NULL},
        {"few digits", "set X-Api-Key aBcDeFgHiJkLmNoPqRsT7vW;", "set X-Api-Key #;"},
        {"word of a protocol", "auth " MIXED "\r\n", "auth #\r\n"},
        {"fallback", "k=process.env.API_TOKEN||\"" TOK "\"", "k=process.env.API_TOKEN||\"#\""},
        {"fallback of others", "t = api_key ?? '" TOK "'; u = token or \"" TOK "\"",
         "t = api_key ?? '#'; u = token or \"#\""},
        {"mapping in braces", "env: [{name: API_TOKEN, value: " TOK "}, {name: N, value: 7x8y9z0}]",
         "env: [{name: API_TOKEN, value: #}, {name: N, value: 7x8y9z0}]"},
        {"terraform", "variable \"db_password\" {\n  type = string\n  default = \"" PW "\"\n}\n",
         "variable \"db_password\" {\n  type = string\n  default = \"#\"\n}\n"},
        {"terraform, another variable",
         "variable \"db_password\" {\n  sensitive = true\n}\nvariable \"a\" {\n  default = \"" PW
         "\"\n}\n",
         NULL},
        {"terraform, no value", "variable \"token\" {\n  default = null\n}\n", NULL},
        {"remark of a method", "password(value): " PW "x, token (optional): string", NULL},
        {"session of a day", "Session ID: next, session id 5, token to follow", NULL},
        {"cell of a phone", "<tr><th>Phone</th><td>0171 119 3715</td></tr><tr><th>Phone</th><td>none yet",
         "<tr><th>Phone</th><td>#</td></tr><tr><th>Phone</th><td>none yet"},
        {"in brackets", "the token (" MIXED ") of ann", "the token (#) of ann"},
        {"remark in brackets", "a token (optional7), a secret (see 4.2)", NULL},
        {"letters of a password", "user ann password eq3hDavJA76rNi from", "user ann password # from"},
        {"class of a password", "the password OAuth2AccessTokenResponse has", NULL},
        {"lookup", "c = Client(api_key=os.environ[\"API_KEY5\"], token=env[\"T\"])", NULL},
        {"fallback to a word", "t = token || \"none\", u = token || other7x8y9z0", NULL},
        {"long identifier", "the token convertToBase64StringNow was", NULL},
        {"mapping of names", "{name: TOKEN, value: required}", NULL},
        {"identifier", "the token OAuth2AccessTokenResponse is", NULL},
        {"words", "a token ring, a secret garden 1999, password strength 100", NULL},
        {"quoted word", "token \"must not be empty\"", NULL},
        {"key of something", "a token \"x4y5z6w7\": 1 and 'v8w9x0y1': 2", NULL},
        {"algorithm", "secret key AES-256-GCM-SIV", NULL},
        {"cookie text", "document.cookie=\"cookies are fine\";", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_tables(void **state)
{
    (void)state;
    static const example table[] = {
        {"markdown",
         "# A\n\n| Name | Password |\n|---|:---:|\n| ann | " PW " |\n| bob | `" PW "` |\n\nend\n",
         "# A\n\n| Name | Password |\n|---|:---:|\n| ann | # |\n| bob | `#` |\n\nend\n"},
        {"no bars outside", "Name | API key\n--- | ---\nann | " TOK "\n",
         "Name | API key\n--- | ---\nann | #\n"},
        {"psql", " id |  token\n----+------\n  1 | " TOK "\n(1 row)\n",
         " id |  token\n----+------\n  1 | #\n(1 row)\n"},
        {"mysql",
         "+----+------+\n| id | password |\n+----+------+\n|  1 | " PW " |\n+----+------+\n",
         "+----+------+\n| id | password |\n+----+------+\n|  1 | # |\n+----+------+\n"},
        {"pairs", "| Setting | Value |\n|---|---|\n| Host | x |\n| Password | " PW " |\n",
         "| Setting | Value |\n|---|---|\n| Host | x |\n| Password | # |\n"},
        {"expanded", "id       | 1\npassword | " PW "\n", "id       | 1\npassword | #\n"},
        {"address in another column", "| Token | Mail |\n|---|---|\n| " TOK " | " MAIL " |\n",
         "| Token | Mail |\n|---|---|\n| # | # |\n"},
        {"remarks before a table", "# of today\nid,password\n1," PW "\n",
         "# of today\nid,password\n1,#\n"},
        {"options",
         "| Option | Meaning |\n|---|---|\n| password | The password to use |\n| token | string "
         "|\n",
         NULL},
        {"flags", "| Name | Token |\n|---|---|\n| ann | yes |\n| bob | no |\n", NULL},
        {"rules", "| Name | Password rules |\n|---|---|\n| ann | " PW " |\n", NULL},
        {"no table", "below:\na | token\nb | " PW "\n", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

/* What a name is declared as, where YAML says its type, and where a value stands elsewhere. */
static void test_declared(void **state)
{
    (void)state;
    static const example table[] = {
        {"swift", "let apiKey: String = \"" TOK "\"", "let apiKey: String = \"#\""},
        {"rust", "let token: &str = \"" TOK "\";", "let token: &str = \"#\";"},
        {"python", "api_key: Optional[str] = '" TOK "'\n", "api_key: Optional[str] = '#'\n"},
        {"yaml tag", "password: !!str " PW "\n", "password: !!str #\n"},
        {"yaml anchor", "password: &pw " PW "\nb: *pw\n", "password: &pw #\nb: *pw\n"},
        {"path parameter", "https://x.test/v1/key=" TOK "/a", "https://x.test/v1/key=#/a"},
        {"national number", "Telefon: 030 90182099\nfax: (030) 9018-2098\nx",
         "Telefon: #\nfax: #\nx"},
        {"default in a variable", "PASSWORD=${PASSWORD:-" PW "}\n", "PASSWORD=#\n"},
        {"yaml alias", "password: *pw\n", NULL},
        {"elsewhere", "Password: !Ref DbPassword\npassword: !secret wifi_one\n", NULL},
        {"template", "password: ${{ secrets.PW_49 }}\nSECRET=${SECRET_74}\n", NULL},
        {"reference", "password = var.db_password_15\ntoken = secrets.CI_TOKEN\n", NULL},
        {"types", "struct C { token: String, password: Option<String> }\nf(password: String!): T",
         NULL},
        {"described", "- `password`: plain text of it\n", NULL},
        {"not yet changed", "PASSWORD=changeme\n", NULL},
        {"no numbers", "Telefon: folgt\nTel: 12\nphone: 2024-11-12\n", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_calls(void **state)
{
    (void)state;
    static const example table[] = {
        {"json-rpc", "{\"method\":\"login\",\"params\":[\"ann\",\"" PW "\"],\"id\":1}",
         "{\"method\":\"login\",\"params\":[\"ann\",\"#\"],\"id\":1}"},
        {"socket.io", "42[\"auth\",\"" TOK "\"]", "42[\"auth\",\"#\"]"},
        {"signalr", "{\"type\":1,\"target\":\"Authenticate\",\"arguments\":[\"" TOK "\"]}",
         "{\"type\":1,\"target\":\"Authenticate\",\"arguments\":[\"#\"]}"},
        {"output of a password",
         "{\"db_password\":{\"sensitive\":true,\"type\":\"string\",\"value\":\"" PW "\"}}",
         "{\"db_password\":{\"sensitive\":true,\"type\":\"string\",\"value\":\"#\"}}"},
        {"namespace", "{\"id\":1,\"method\":\"server.auth\",\"params\":[\"ann\",\"" TOK "\"]}",
         "{\"id\":1,\"method\":\"server.auth\",\"params\":[\"ann\",\"#\"]}"},
        {"function", "client.login(\"ann\", \"" PW "\")", "client.login(\"ann\", \"#\")"},
        {"another verb", "{\"method\":\"search\",\"params\":[\"ann\",\"" PW "\"]}", NULL},
        {"words", "42[\"login\",\"ok\",\"button_12\",\"v1.2.3\",\"/a/b1c\"]", NULL},
        {"time", "[\"login\",\"2024-01-01T10:00:00Z\",1731405600]", NULL},
        {"schema", "{\"password\":{\"type\":\"string\",\"example\":\"" PW "\"}}", NULL},
        {"event", "track(\"login\", \"button_12\"); login(\"google\", \"oauth2\")", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_statements(void **state)
{
    (void)state;
    static const example table[] = {
        {"insert", "INSERT INTO users (id, password) VALUES (1, '" PW "');",
         "INSERT INTO users (id, password) VALUES (1, '#');"},
        {"rows",
         "insert into `u` (`id`,`name`,`api_token`) values\n(1,'It''s, ok','" TOK
         "'),\n(2,f('a',1),'" TOK "x');",
         "insert into `u` (`id`,`name`,`api_token`) values\n(1,'It''s, "
         "ok','#'),\n(2,f('a',1),'#');"},
        {"other columns", "INSERT IGNORE INTO \"u\" (\"mail\",\"token\") VALUES ('" MAIL "', NULL)",
         "INSERT IGNORE INTO \"u\" (\"mail\",\"token\") VALUES ('#', NULL)"},
        {"copy", "COPY public.users (id, password) FROM stdin;\n1\t" PW "\n2\t" PW "y\n\\.\nx",
         "COPY public.users (id, password) FROM stdin;\n1\t#\n2\t#\n\\.\nx"},
        {"user", "CREATE USER app WITH PASSWORD '" PW "';", "CREATE USER app WITH PASSWORD '#';"},
        {"grant", "GRANT ALL ON a.* TO 'b'@'c' IDENTIFIED BY '" PW "';",
         "GRANT ALL ON a.* TO 'b'@'c' IDENTIFIED BY '#';"},
        {"a quote within", "INSERT INTO u (password, note) VALUES ('hk7v''wx24z9', 'it''s')",
         "INSERT INTO u (password, note) VALUES ('#', 'it''s')"},
        {"open string", "INSERT INTO u (password) VALUES ('" PW, NULL},
        {"harmless columns", "INSERT INTO u (name, password_policy) VALUES ('" PW "', '" PW "')",
         NULL},
        {"select", "INSERT INTO u (password) SELECT password FROM v", NULL},
        {"definition", "CREATE TABLE users (id int, password varchar(255) NOT NULL)", NULL},
        {"prose", "insert into (token) values, copy (password) from there", NULL},
        {"escaped quote", "INSERT INTO u (note, password) VALUES ('it\\'s', '" PW "')",
         "INSERT INTO u (note, password) VALUES ('it\\'s', '#')"},
        {"lines that end in two", "copy u (password) from stdin\r\n" PW "\r\n" PW "x\r\n\\.\r\n",
         "copy u (password) from stdin\r\n#\r\n#\r\n\\.\r\n"},
        {"to a file", "COPY u (password) TO '" PW "'", NULL},
        {"into nothing", "insert values of a password", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_blocks_of_yaml(void **state)
{
    (void)state;
    static const example table[] = {
        {"scalar", "db:\n  password: |\n    " PW "\n  color: red\n",
         "db:\n  password: |\n    #\n  color: red\n"},
        {"folded", "token: >-\n  " TOK "\ncolor: red\n", "token: >-\n  #\ncolor: red\n"},
        {"sequence", "tokens:\n  - " TOK "\n  - \"" TOK "x\"\ncolor: red\n",
         "tokens:\n  - #\n  - \"#\"\ncolor: red\n"},
        {"sequence not indented", "tokens:\n- " TOK "\ncolor: red7\n",
         "tokens:\n- #\ncolor: red7\n"},
        {"brackets", "passwords: [" PW ", \"" PW "x\"]\n", "passwords: [#, \"#\"]\n"},
        {"many lines", "tokens: |\n  " TOK "\n  " PW "\n  " MIXED "\n  4hxhH5z27495\ncolor: red\n",
         "tokens: |\n  #\n  #\n  #\n  #\ncolor: red\n"},
        {"lines kept", "password: |2+\n    " PW "\n", "password: |2+\n    #\n"},
        {"pair in quotes", "- name: DB_PASSWORD\n  value: \"" PW "\"\n",
         "- name: DB_PASSWORD\n  value: \"#\"\n"},
        {"pair", "- name: DB_PASSWORD\n  value: " PW "\n- name: COLOR\n  value: red7blue\n",
         "- name: DB_PASSWORD\n  value: #\n- name: COLOR\n  value: red7blue\n"},
        {"mapping", "password:\n  minimum8: " PW "\n", NULL},
        {"not indented", "password:\n" PW "\n", NULL},
        {"prose", "password:\n  required\n", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_pairs_of_json(void **state)
{
    (void)state;
    static const example table[] = {
        {"patch", "[{\"op\":\"add\",\"path\":\"/user/password\",\"value\":\"" PW "\"}]",
         "[{\"op\":\"add\",\"path\":\"/user/password\",\"value\":\"#\"}]"},
        {"value first", "[{\"value\":\"" PW "\",\"path\":\"/tokens/0\",\"op\":\"add\"}]",
         "[{\"value\":\"#\",\"path\":\"/tokens/0\",\"op\":\"add\"}]"},
        {"end of a list", "[{\"op\":\"add\",\"path\":\"/apiTokens/-\",\"value\":\"" TOK "\"}]",
         "[{\"op\":\"add\",\"path\":\"/apiTokens/-\",\"value\":\"#\"}]"},
        {"title", "{\"fields\":[{\"title\":\"API key\",\"value\":\"" TOK "\"}]}",
         "{\"fields\":[{\"title\":\"API key\",\"value\":\"#\"}]}"},
        {"behind an edit", "x [{\"a\":\"" MAIL "\"},{\"password\":{\"digest\":\"" PW "\"}}]",
         "x [{\"a\":\"#\"},{\"password\":{\"digest\":\"#\"}}]"},
        {"document", "{\"path\":\"/docs/api-key\",\"content\":\"how to create one 4 you\"}", NULL},
        {"policy", "[{\"op\":\"add\",\"path\":\"/passwordPolicy\",\"value\":\"strong7x\"}]", NULL},
        {"root", "[{\"op\":\"add\",\"path\":\"/\",\"value\":\"" PW "\"}]", NULL},
        {"path of a file", "{\"path\":\"lib/password.js\",\"content\":\"" PW "\"}", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_tables_of_json(void **state)
{
    (void)state;
    static const example table[] = {
        {"first row",
         "[[\"id\",\"login\",\"password\"],[1,\"ann\",\"" PW "\"],[2,\"bob\",\"" PW "x\"]]",
         "[[\"id\",\"login\",\"password\"],[1,\"ann\",\"#\"],[2,\"bob\",\"#\"]]"},
        {"columns",
         "{\"columns\":[\"id\",\"token\"],\"rows\":[[1,\"" TOK "\"],[2,\"" TOK
         "x\"]],\"n\":[[1,\"" TOK "y\"]]}",
         "{\"columns\":[\"id\",\"token\"],\"rows\":[[1,\"#\"],[2,\"#\"]],\"n\":[[1,\"" TOK
         "y\"]]}"},
        {"described columns",
         "{\"meta\":[{\"name\":\"id\"},{\"name\":\"api_token\"}],\"data\":[[1,\"" TOK "\"]]}",
         "{\"meta\":[{\"name\":\"id\"},{\"name\":\"api_token\"}],\"data\":[[1,\"#\"]]}"},
        {"another column", "{\"columns\":[\"token\",\"id\"],\"rows\":[[1,\"" TOK "\"]]}", NULL},
        {"words", "[[\"id\",\"password\"],[1,\"required\"],[2,\"optional\"]]", NULL},
        {"table of another object",
         "{\"a\":{\"columns\":[\"id\",\"token\"]},\"rows\":[[1,\"" TOK "\"]]}", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_parts(void **state)
{
    (void)state;
#define PART(value)                                                                                \
    "--B7\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" value "\r\n--B7--"
    static const example table[] = {
        {"behind a head", "POST / HTTP/1.1\r\nHost: x.test\r\n\r\n" PART(PW) "\r\nrest",
         "POST / HTTP/1.1\r\nHost: x.test\r\n\r\n" PART("#") "\r\nrest"},
        {"between marks", "<![CDATA[" PART(PW) "]]> token=" TOK,
         "<![CDATA[" PART("#") "]]> token=#"},
        {"another field first",
         "x\n--B7\nContent-Type: text/plain\nContent-Disposition: form-data; name=\"token\"\n\n" TOK
         "\n--B7--\n",
         "x\n--B7\nContent-Type: text/plain\nContent-Disposition: form-data; "
         "name=\"token\"\n\n#\n--B7--\n"},
        {"no boundary",
         "HTTP/1.1 200 OK\r\nContent-Disposition: attachment; filename=\"a.txt\"\r\n\r\nb", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
#undef PART
}

/* "d" of a JSON Web Key is secret; "d" of ASP.NET holds anything. */
static void test_letters_for_keys(void **state)
{
    (void)state;
    static const example table[] = {
        {"key", "{\"kty\":\"EC\",\"d\":\"" TOK "\"}", "{\"kty\":\"EC\",\"d\":\"#\"}"},
        {"json", "{\"token\":\"\",\"d\":\"{\\\"id\\\":\\\"" TOK "\\\"}\"}", NULL},
        {"style", "{\"token\":\"\",\"d\":\"a{color:#4hx7z2k79xhw}\"}", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_commands(void **state)
{
    (void)state;
    static const example table[] = {
        {"bearer", "curl --oauth2-bearer " TOK " https://x.test",
         "curl --oauth2-bearer # https://x.test"},
        {"key of a certificate", "curl --cert c.pem --pass " PW " x",
         "curl --cert c.pem --pass # x"},
        {"behind quotes", "curl 'https://x.test/' -H 'Accept: */*' -u ann:" PW,
         "curl 'https://x.test/' -H 'Accept: */*' -u ann:#"},
        {"secret before it", "curl -H 'X-Api-Key: " TOK "' https://x.test/ -u ann:" PW,
         "curl -H 'X-Api-Key: #' https://x.test/ -u ann:#"},
        {"mysql", "mysql -h db -u root -p" PW " app", "mysql -h db -u root -p# app"},
        {"ldap", "ldapsearch -D cn=ann -w " PW " -b dc=x", "ldapsearch -D cn=ann -w # -b dc=x"},
        {"sshpass", "sshpass -p '" PW "' ssh a", "sshpass -p '#' ssh a"},
        {"powershell", "(New-Object System.Net.Cookie(\"sid\", \"" TOK "\", \"/\"))",
         "(New-Object System.Net.Cookie(\"sid\", \"#\", \"/\"))"},
        {"cookie file", "x.test\tTRUE\t/\tTRUE\t1731405600\tsid\t" TOK "\n",
         "x.test\tTRUE\t/\tTRUE\t1731405600\tsid\t#\n"},
        {"wireless", "WIFI:S:net;T:WPA;P:" PW ";;", "WIFI:S:net;T:WPA;P:#;;"},
        {"variable", "mysql -u root -p$PASS", NULL},
        {"asks", "mysql -u root -p app", NULL},
        {"cookie file, harmless", "x.test\tTRUE\t/\tFALSE\t0\ttheme\tdark\n", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_shapes(void **state)
{
    (void)state;
    static const example table[] = {
        {"quoted local part", "from \"ann cobbold\"@maltbarrow-post.net now", "from # now"},
        {"stripe of a card", "read %B9792000000000003^EXAMPLE/ANN^2512101 now",
         "read %B#^EXAMPLE/ANN^2512101 now"},
        {"no stripe", "read %B9792000000000004^EXAMPLE/ANN^2512101 now", NULL},
        {"quotes around something else",
         "say \"hi\" @ 5, class=\"x\"@y.test, [\"a\",\"@maltbarrow-post.net\"]", NULL},
        {"phrase of an error", "{\"password\":\"must be at least eight characters\"}", NULL},
        {"phrase with a verb before", "{\"password\":\"must love green dogs\"}",
         "{\"password\":\"#\"}"},
    };
    check_texts(table, COUNT(table), &no_name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_declared),      cmocka_unit_test(test_calls),
        cmocka_unit_test(test_statements),    cmocka_unit_test(test_blocks_of_yaml),
        cmocka_unit_test(test_pairs_of_json), cmocka_unit_test(test_tables_of_json),
        cmocka_unit_test(test_parts),         cmocka_unit_test(test_letters_for_keys),
        cmocka_unit_test(test_commands),      cmocka_unit_test(test_shapes),
    };
    return cmocka_run_group_tests(tests, set_up_inspector, tear_down_inspector);
}
