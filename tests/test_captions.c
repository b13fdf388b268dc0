/*
 * HTML in which one element says what the next one holds: captions, labels of inputs, heads of
 * columns, a sentence before a value in bold; and headings of what is no value.
 */
#include "inspected.h"

#define MIXED "4hxhH5z27495hXz7z2k7"

static void test_captions(void **state)
{
    (void)state;
    static const example table[] = {
        {"span", "<span>API token</span><span class=\"v\">" TOK "</span>",
         "<span>API token</span><span class=\"v\">#</span>"},
        {"source", "<h4>Access Token</h4>\n<pre><kbd>" TOK "</kbd></pre>",
         "<h4>Access Token</h4>\n<pre><kbd>#</kbd></pre>"},
        {"colon", "<li><strong>Secret key:</strong> " TOK "</li>",
         "<li><strong>Secret key:</strong> #</li>"},
        {"label", "<label for=\"k\">Secret key</label><input id=\"k\" readonly value=\"" TOK "\">",
         "<label for=\"k\">Secret key</label><input id=\"k\" readonly value=\"#\">"},
        {"within its label", "<label>API key <input type=\"text\" value=\"" TOK "\"></label>",
         "<label>API key <input type=\"text\" value=\"#\"></label>"},
        {"a space that does not break", "<b>API key:</b>&nbsp;<i>" TOK "</i>",
         "<b>API key:</b>&nbsp;<i>#</i>"},
        {"national number", "<span>Tel.:</span> <b>06 37 27 38 36</b>", "<span>Tel.:</span> <b>#</b>"},
        {"end of the text", "<b>Mobile:</b> 0151 6325 5374", "<b>Mobile:</b> #"},
        {"code of a sign-in", "<p>Your verification code</p><h1>402113</h1>",
         "<p>Your verification code</p><h1>#</h1>"},
        {"sentence", "<p>Hi Ann, your new password is: <b>" PW "</b></p>",
         "<p>Hi Ann, your new password is: <b>#</b></p>"},
        {"code in a sentence", "Your verification code is <strong>402113</strong>.",
         "Your verification code is <strong>#</strong>."},
        {"coloured source",
         "<i class=\"k\">password</i><i class=\"o\">=</i><i class=\"s\">" PW "</i>",
         "<i class=\"k\">password</i><i class=\"o\">=</i><i class=\"s\">#</i>"},
        {"heading of a text", "<h3>Access token</h3><p>RFC6749 says how</p>", NULL},
        {"eight tags between them",
         "<b>API key</b><p><b><i><u><s><q><tt>" TOK "</tt>",
         "<b>API key</b><p><b><i><u><s><q><tt>#</tt>"},
        {"nine", "<b>API key</b><p><b><i><u><s><q><em><tt>" TOK "</tt>", NULL},
        {"menu", "<li><a>Password</a></li><li><a>OAuth2-apps</a></li>", NULL},
        {"state", "<b>API key</b> <i>active</i> <b>Token</b> <i>2024-11-12</i> <b>PIN</b> <i>set</i>",
         NULL},
        {"version", "<b>Session</b> <i>v1.2.3-beta</i> <b>Token</b> <i>Room-101</i>", NULL},
        {"another row", "<tr><td><b>Token</b></td></tr><tr><td>" TOK "</td></tr>", NULL},
        {"field to fill in", "<label>Password</label><input type=\"password\" value=\"\">", NULL},
        {"another field", "<label>Token</label><label>Id</label><input value=\"" TOK "\">", NULL},
        {"nothing behind it", "<b>password</b>", NULL},
        {"ends with the text", "<b>API key</b><i>4hxhH5z27495hX", "<b>API key</b><i>#"},
        {"mark of a comparison", "if (password is <b) x = \"" MIXED "\"", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

static void test_columns(void **state)
{
    (void)state;
    static const example table[] = {
        {"head",
         "<table><thead><tr><th>User</th><th>API Key</th><th>Mail</th></tr></thead><tr><td>ann</td>"
         "<td>" TOK "</td><td>" MAIL "</td></tr><tr><td>bob</td><td><tt>" MIXED
         "</tt></td></tr></table>",
         "<table><thead><tr><th>User</th><th>API Key</th><th>Mail</th></tr></thead><tr><td>ann</td>"
         "<td>#</td><td>#</td></tr><tr><td>bob</td><td><tt>#</tt></td></tr></table>"},
        {"first row",
         "<table><tr><td>Login</td><td>Password</td></tr><tr><td>ann</td><td>" PW
         "</td></tr></table>",
         "<table><tr><td>Login</td><td>Password</td></tr><tr><td>ann</td><td>#</td></tr></table>"},
        {"first row of no table",
         "<div><tr><td>Login</td><td>Password</td></tr><tr><td>ann</td><td>" PW "</td></tr></div>",
         NULL},
        {"within a list", "<td><b>Token</b></td><td>" TOK "</td>", "<td><b>Token</b></td><td>#</td>"},
        {"another column",
         "<table><tr><th>Password</th><th>Id</th></tr><tr><td>not set</td><td>" PW
         "</td></tr><tr><td></td><td>" TOK "</td></tr></table>",
         NULL},
        {"end of the table",
         "<table><tr><th>Token</th></tr></table><table><tr><td>" TOK "</td></tr></table>", NULL},
        {"another head",
         "<table><tr><th>Token</th></tr><tr><th>Id</th></tr><tr><td>" TOK "</td></tr></table>", NULL},
        {"words", "<table><tr><th>Token</th></tr><tr><td>expired</td></tr><tr><td>2024-01-01</td></tr>",
         NULL},
        {"no row", "<th>Token</th><td>expired</td>", NULL},
    };
    check_texts(table, COUNT(table), &no_name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_captions),
        cmocka_unit_test(test_columns),
    };
    return cmocka_run_group_tests(tests, set_up_inspector, tear_down_inspector);
}
