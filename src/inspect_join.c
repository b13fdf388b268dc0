/*
 * Could what an edit puts into a text be read together with what is beside it?
 *
 * Receives a text and its edits; tells whether a word, a number, an address or an escape may go on
 * from one of them, or whether what is behind it may be read otherwise without it. Most stand-ins
 * stand alone, between quotes or separators. May say yes where it is not so, never no where it is.
 */
#include "inspect.h"
#include "vec.h"

/* Can a word, a number, an address, base64 or an escape go on with c? */
static bool joins(unsigned char c)
{
    static const bool signs[128] = {['+'] = true, ['-'] = true, ['_'] = true, ['.'] = true,
                                    ['/'] = true, ['\\'] = true, ['%'] = true, ['@'] = true,
                                    ['$'] = true, ['*'] = true, ['~'] = true, ['!'] = true,
                                    ['^'] = true, [0x7f] = true};
    return hsn_is_alnum(c) || c >= 0x80 || signs[c];
}

/* Behind a backslash: the end of a line, or the blank of a table. */
static bool is_blank_escape(unsigned char c)
{
    return c == 'n' || c == 'r' || c == 't';
}

static bool joins_before(hsn_str raw, size_t at)
{
    bool line = at >= 2 && raw.p[at - 2] == '\\' && is_blank_escape(raw.p[at - 1]);
    return at > 0 && !line && joins(raw.p[at - 1]);
}

/* What a value rarely ends at: = of quoted-printable or of a value that goes on, &# of markup. */
static bool may_be_escape(hsn_str raw, size_t at)
{
    return raw.p[at] == '=' || (raw.p[at] == '&' && raw.n - at > 1 && raw.p[at + 1] == '#');
}

/* Are `slashes` and what is behind them one quote or blank, k layers down? A quote has 2^k - 1, a
 * blank half of 2^k. More are an escape that goes on with the value. */
static bool is_end_escape(hsn_str raw, size_t at, size_t slashes)
{
    unsigned char c = at + slashes < raw.n ? raw.p[at + slashes] : 0;
    return slashes > 0 && ((c == '"' && (slashes & (slashes + 1)) == 0) ||
                           (is_blank_escape(c) && (slashes & (slashes - 1)) == 0));
}

static bool joins_behind(hsn_str raw, size_t at)
{
    size_t slashes = 0;
    while (at + slashes < raw.n && raw.p[at + slashes] == '\\') {
        slashes++;
    }
    bool ends = is_end_escape(raw, at, slashes);
    return at < raw.n && !ends && (joins(raw.p[at]) || may_be_escape(raw, at));
}

/* Without a quote, bracket or escape that stood in a value, what is behind it may be read as
 * another thing. */
static bool holds_syntax(hsn_str value)
{
    if (value.n < HSN_VEC) {
        unsigned char there[HSN_VEC] = {0};
        memcpy(there, value.p, value.n);
        return hsn_vec_has_syntax(there);
    }
    for (size_t i = 0; value.n - i > HSN_VEC; i += HSN_VEC) {
        if (hsn_vec_has_syntax(value.p + i)) {
            return true;
        }
    }
    return hsn_vec_has_syntax(value.p + value.n - HSN_VEC); /* some of it a second time */
}

bool hsn_edits_may_join(hsn_str text, const hsn_edits *e)
{
    for (size_t i = 0; i < e->n; i++) {
        const size_t end = e->v[i].off + e->v[i].len;
        if (joins_before(text, e->v[i].off) || joins_behind(text, end) ||
            (e->v[i].len < text.n && holds_syntax(hsn_str_cut(text, e->v[i].off, end)))) {
            return true;
        }
    }
    return false;
}
