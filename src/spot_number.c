/*
 * Phone, card and account numbers, IP addresses: what begins with the first digit of a word, or
 * like an IBAN, as far as stops.c has left it. The numbering plans are in valid_*.c.
 */
#include "spot.h"

/* Binary data has addresses and numbers by chance: only believed within a longer printable run. */
static bool is_credible(const hsn_scan *s, size_t off, size_t len)
{
    enum { RUN_MIN = 12 };
    if (!s->site->binary) {
        return true;
    }
    size_t from = off;
    size_t to = off + len;
    while (from > 0 && s->text.p[from - 1] >= 0x20 && s->text.p[from - 1] < 0x7f) {
        from--;
    }
    while (to < s->text.n && s->text.p[to] >= 0x20 && s->text.p[to] < 0x7f) {
        to++;
    }
    return to - from >= RUN_MIN;
}

/* A number of JSON or a script: between what separates values there, not in quotes. */
static bool is_bare_number(hsn_str t, size_t off, size_t len)
{
    size_t from = off;
    size_t to = off + len;
    for (size_t i = from; i < to; i++) {
        if (!hsn_is_digit(t.p[i])) {
            return false;
        }
    }
    while (from > 0 && hsn_is_space(t.p[from - 1])) {
        from--;
    }
    to = hsn_past_space(t, to);
    return from > 0 && to < t.n && hsn_is_one_of(t.p[from - 1], ":,[") &&
           hsn_is_one_of(t.p[to], ",]}");
}

void hsn_scan_found(hsn_scan *s, size_t off, size_t len, const hsn_rule *rule)
{
    if (is_bare_number(s->text, off, len)) {
        hsn_replace_number(s->in, s->text, off, len, rule, s->out);
        s->skip = off + len;
    } else if (is_credible(s, off, len)) {
        hsn_replace(s->in, s->text, off, len, rule, s->site, s->out);
        s->skip = off + len;
    }
}

static bool all_digits(const unsigned char *p, size_t n)
{
    size_t i = 0;
    while (i < n && hsn_is_digit(p[i])) {
        i++;
    }
    return i == n;
}

/* The name that one of `signs` divides from a value at `at`; empty for none, and for a long one. */
static hsn_str name_before(hsn_str t, size_t at, const char *signs)
{
    enum { LONGEST = 16 };
    if (at == 0 || !hsn_is_one_of(t.p[at - 1], signs)) {
        return (hsn_str){0};
    }
    size_t from = at - 1;
    while (from > 0 && at - from <= LONGEST && hsn_is_name_byte(t.p[from - 1])) {
        from--;
    }
    return hsn_str_cut(t, from, at - 1);
}

/* A number in one piece under the name of a parameter that has random ones. */
static bool is_random(const hsn_scan *s, size_t off, size_t len)
{
    if (!all_digits(s->text.p + off, len)) {
        return false; /* in groups, as people write cards */
    }
    bool whole = off == 0 && len == s->text.n;
    return hsn_is_cache_buster(whole ? s->site->param : name_before(s->text, off, "="));
}

/* Four numbers that are no address: version="10.1.85.3", or part of a drawing. */
static bool is_no_address(const hsn_scan *s, size_t off, size_t len)
{
    const hsn_str t = s->text;
    if (off == 0 && len == t.n) {
        return s->site->version;
    }
    size_t at = off;
    at -= at > 0 && hsn_is_one_of(t.p[at - 1], "\"'");
    if (hsn_is_version_name(name_before(t, at, "=: ")) || hsn_is_drawn(t, off, len)) {
        return true;
    }
    at -= at > 0 && t.p[at - 1] == ' ';
    return hsn_is_version_name(name_before(t, at, "=:"));
}

/* ca-pub-NNNNNNNNNNNNNNNN: the number of something else, whose name a hyphen joins to it. */
static bool is_joined(hsn_str t, size_t off, size_t len)
{
    size_t from = off;
    if (off < 2 || t.p[off - 1] != '-' || !all_digits(t.p + off, len)) {
        return false;
    }
    while (from > 0 && off - from <= 5 && (hsn_is_alpha(t.p[from - 1]) || from == off)) {
        from--;
    }
    hsn_str name = hsn_str_cut(t, from, off - 1);
    static const hsn_str cards[] = {HSN_W("card"), HSN_W("cc"), HSN_W("pan")};
    return name.n > 0 && hsn_is_alpha(name.p[name.n - 1]) && !HSN_STR_IN(name, cards);
}

/* [123,34,112,... of a buffer, fromCharCode(123,34,112,...: true when something was found in it. */
static bool is_list(hsn_scan *s, size_t at)
{
    size_t end;
    const unsigned char before = at > 0 ? s->text.p[at - 1] : 0;
    const bool first = before == '[' || before == '(';
    if (!first || s->site->binary || !hsn_begins_numbers(s->text, at) ||
        !hsn_cut_numbers(s->in, s->text, at, s->site, &end, s->out)) {
        return false;
    }
    s->skip = end;
    return true;
}

void hsn_spot_digits(hsn_scan *s, size_t at)
{
    if (is_list(s, at)) {
        return;
    }
    const unsigned char *p = s->text.p + at;
    size_t from = at;
    if (hsn_is_digit(*p) && at > 0 && (p[-1] == '+' || p[-1] == '(')) {
        from--;
        from -= from > 0 && s->text.p[from - 1] == '+';
    }
    hsn_str rest = hsn_str_cut(s->text, from, s->text.n);
    unsigned char before = from > 0 ? s->text.p[from - 1] : 0;
    bool before_sign = from + 1 == at && s->text.p[from] == '+';
    static const struct {
        hsn_detect which;
        size_t (*length)(hsn_str s, unsigned char before);
    } kinds[] = {
        {HSN_DETECT_PHONE, hsn_phone_in_text},
        {HSN_DETECT_CARD, hsn_card_in_text},
        {HSN_DETECT_IBAN, hsn_iban_in_text},
        {HSN_DETECT_IP, hsn_ip_in_text},
    };
    for (size_t i = 0; i < HSN_COUNT(kinds); i++) {
        const hsn_rule *rule = s->in->detect[kinds[i].which];
        if (kinds[i].which == HSN_DETECT_CARD && before_sign) { /* +4539...: a space of a form */
            rest = hsn_str_cut(s->text, at, s->text.n);
            before = s->text.p[from];
            from = at;
        }
        size_t len = rule != NULL ? kinds[i].length(rest, before) : 0;
        if (len > 0 && kinds[i].which == HSN_DETECT_CARD &&
            (hsn_is_test_card(hsn_str_cut(rest, 0, len)) || is_random(s, from, len) ||
             is_joined(s->text, from, len))) {
            return; /* published for tests: nobody's; or random */
        }
        if (len > 0 && kinds[i].which == HSN_DETECT_PHONE &&
            hsn_is_test_phone(hsn_str_cut(rest, 0, len))) {
            return; /* likewise */
        }
        if (len > 0 && kinds[i].which == HSN_DETECT_IP && is_no_address(s, from, len)) {
            return;
        }
        if (len > 0) {
            hsn_scan_found(s, from, len, rule);
            return;
        }
    }
}
