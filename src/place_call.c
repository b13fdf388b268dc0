/*
 * Calls in JSON that sign somebody in: {"method": "login", "params": ["ann", "..."]} of JSON-RPC,
 * ["auth", "..."] of socket.io, {"target": "Login", "arguments": [...]} of SignalR. The arguments
 * have no names; the verb tells what they are.
 *
 * Receives strings as they are added; emits a name for those that look made. Must never name a word
 * of plain language: a list may begin with a verb by chance.
 */
#include "place_parts.h"

/* user.login, auth/login, session:login: the verb behind what it is about. */
static hsn_str last_word(hsn_str v)
{
    size_t from = v.n;
    while (from > 0 && v.p[from - 1] != '.' && v.p[from - 1] != '/' && v.p[from - 1] != ':') {
        from--;
    }
    return hsn_str_cut(v, from, v.n);
}

bool hsn_place_is_sign_in(hsn_str v)
{
    static const hsn_str verbs[] = {
        HSN_W("login"),   HSN_W("logon"),        HSN_W("signin"),    HSN_W("sign_in"),
        HSN_W("sign-in"), HSN_W("auth"),         HSN_W("authorize"), HSN_W("authentication"),
        HSN_W("settoken"), HSN_W("authenticate"), HSN_W("set_token"), HSN_W("identify")};
    enum { LONGEST = 40 };
    return v.n <= LONGEST && HSN_STR_IN(last_word(v), verbs);
}

/* Letters and digits as a machine or a careful person mixes them; no time, path or sentence. */
static bool is_made(hsn_str v)
{
    enum { SHORTEST = 8, LONGEST = 4096 };
    bool mixed = false;
    bool digit = false;
    if (v.n < SHORTEST || v.n > LONGEST) {
        return false;
    }
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = v.p[i];
        if (c == ' ' || c == ':' || (c == '/' && i == 0)) {
            return false;
        }
        mixed = mixed || (i > 0 && hsn_is_digit(v.p[i - 1]) && hsn_is_alpha(c)) ||
                hsn_is_one_of(c, "!#$*^%");
        digit = digit || hsn_is_digit(c);
    }
    return mixed && digit;
}

const hsn_label *hsn_place_argument(hsn_places *p, const frame *f, hsn_str value)
{
    if (f->index == 0 && !f->argued) {
        return &hsn_no_label;
    }
    return is_made(value) ? hsn_place_label(p, HSN_S("password"), p->key_where) : &hsn_no_label;
}
