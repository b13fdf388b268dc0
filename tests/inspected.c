/*
 * The inspector that tests of texts share, and the comparison with stand-ins in it.
 */
#include "inspected.h"

const hsn_site no_name;

static harsan_rules *shared;
static hsn_inspector in;

int set_up_inspector(void **state)
{
    (void)state;
    static const harsan_options options = {0};
    shared = default_rules(0);
    return hsn_inspector_init(&in, shared, &options) ? 0 : -1;
}

int tear_down_inspector(void **state)
{
    (void)state;
    hsn_inspector_deinit(&in);
    harsan_rules_free(shared);
    return 0;
}

/* ---------------------------------------------------------------- patterns */

/* Length of the stand-in that s begins with, 0 for none. */
static size_t standin_length(hsn_str s)
{
    enum { ANY = 22, HASH = 13, MAIL_LEN = 30, UUID = 36, IP_MIN = 7, IP_MAX = 39 };
    static const size_t fixed[] = {MAIL_LEN, ANY, UUID};
    for (size_t i = 0; i < COUNT(fixed); i++) {
        if (s.n >= fixed[i] && hsn_is_standin(hsn_str_cut(s, 0, fixed[i]))) {
            return fixed[i];
        }
    }
    static const hsn_str spelled[] = {/* an address in a URL, in an encoded word */
                                      HSN_W("%40redacted.invalid"),
                                      HSN_W("=40redacted=2Einvalid")};
    for (size_t i = 0; i < COUNT(spelled); i++) {
        if (hsn_str_starts(hsn_str_cut(s, HASH, s.n), spelled[i])) {
            return HASH + spelled[i].n;
        }
    }
    for (size_t n = IP_MAX; n >= IP_MIN; n--) {
        if (s.n >= n && hsn_is_digit(s.p[0]) && hsn_is_standin(hsn_str_cut(s, 0, n))) {
            return n;
        }
    }
    return 0;
}

bool fits(hsn_str got, hsn_str want)
{
    size_t at = 0;
    for (size_t i = 0; i < want.n; i++) {
        size_t n = want.p[i] == '#' ? standin_length(hsn_str_cut(got, at, got.n)) : 0;
        if (n == 0 && (at == got.n || got.p[at] != want.p[i])) {
            return false;
        }
        at += n > 0 ? n : 1;
    }
    return at == got.n;
}

void inspect_text(hsn_str text, const hsn_site *site, hsn_buf *out)
{
    hsn_edits edits = {0};
    hsn_inspector_next(&in);
    if (site->where != 0) {
        hsn_inspect_value(&in, text, site, &edits);
    } else {
        hsn_inspect_text(&in, text, site, &edits);
    }
    assert_false(in.failed);
    *out = new_buf();
    hsn_peel_splice(out, text, edits.v, edits.n);
}

bool holds_case(const char *label, hsn_str text, hsn_str want, const hsn_site *site)
{
    hsn_buf got;
    hsn_buf again;
    inspect_text(text, site, &got);
    inspect_text(hsn_buf_str(&got), site, &again);
    bool ok = fits(hsn_buf_str(&got), want);
    bool still = hsn_str_eq(hsn_buf_str(&got), hsn_buf_str(&again));
    if (!ok || !still) {
        print_error("%s%s:\n  got  %.*s\n  want %.*s\n", label, ok ? ", second look" : "",
                    (int)(ok ? again.n : got.n), (const char *)(ok ? again.p : got.p), (int)want.n,
                    (const char *)want.p);
    }
    hsn_buf_deinit(&got);
    hsn_buf_deinit(&again);
    return ok && still;
}

void check_texts(const example *table, size_t n, const hsn_site *site)
{
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        const char *want = table[i].want != NULL ? table[i].want : table[i].text;
        failed += !holds_case(table[i].label, hsn_str_z(table[i].text), hsn_str_z(want), site);
    }
    assert_int_equal(failed, 0);
}
