/*
 * The name of a value, as far as a report may show it: it tells people which cookie or key to look
 * after without telling the value.
 *
 * Receives where a value stands, emits its name or nothing. A name is foreign text. It is shown
 * only when a rule or HAR 1.2 knows it, or when it is that of a cookie; never when a value made
 * known stands in it, nor with parts that could be one: `wordpress_logged_in_*`.
 */
#include "inspect.h"

enum {
    SHOWN_MAX = 64, /* bytes; a longer name is none */
    WORD_MAX = 32,  /* letters of one part */
    MIXED_MAX = 12, /* ... that holds digits */
    DIGITS_MAX = 4  /* enough for years and versions, too few for numbers of people */
};

static bool is_separator(unsigned char c)
{
    static const char separators[] = "-_.:$[]";
    return memchr(separators, c, sizeof separators - 1) != NULL;
}

static bool is_plain_text(hsn_str name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (!hsn_is_alnum(name.p[i]) && !is_separator(name.p[i])) {
            return false;
        }
    }
    return name.n > 0 && name.n <= SHOWN_MAX;
}

static bool is_plain_part(hsn_str part)
{
    size_t digits = 0;
    for (size_t i = 0; i < part.n; i++) {
        digits += hsn_is_digit(part.p[i]);
    }
    if (digits > DIGITS_MAX || part.n > (digits > 0 ? MIXED_MAX : WORD_MAX)) {
        return false;
    }
    return digits > 0 || !hsn_is_tokenish(part, 16);
}

static size_t part_end(hsn_str name, size_t from)
{
    while (from < name.n && !is_separator(name.p[from])) {
        from++;
    }
    return from;
}

/* As far as it depends on the name alone. */
static hsn_name_show show_of(hsn_str name, unsigned where, const hsn_name_facts *facts)
{
    bool known = where == HSN_IN_COOKIE || facts->known || facts->rule != NULL;
    if (!known || !is_plain_text(name)) {
        return HSN_SHOW_NOTHING;
    }
    for (size_t i = 0; i < name.n; i++) {
        size_t end = part_end(name, i);
        if (end > i && !is_plain_part(hsn_str_cut(name, i, end))) {
            return HSN_SHOW_PARTS;
        }
        i = end;
    }
    return HSN_SHOW_ALL;
}

/* Does a value stand in it that the caller, or the input, made known? */
static bool holds_known(hsn_inspector *in, hsn_str name)
{
    const hsn_known *k;
    size_t off;
    size_t len;
    for (size_t i = 0; in->learned != NULL && (k = hsn_learned_bare_at(in->learned, i)) != NULL;
         i++) {
        if (hsn_str_find(name, k->value) < name.n) {
            return true;
        }
    }
    for (size_t i = 0; i + HSN_KEY <= name.n; i++) {
        if (!hsn_is_alnum(name.p[i]) || (i > 0 && hsn_is_alnum(name.p[i - 1]))) {
            continue;
        }
        hsn_inspector_asks(in, hsn_key_hash(name.p + i, name.n - i), false);
        if (in->learned != NULL &&
            hsn_key_filter_has(hsn_learned_filter(in->learned), name.p + i) &&
            hsn_learned_at(in->learned, name, i, &off, &len) != NULL) {
            return true;
        }
    }
    return false;
}

/* Returns behind the last byte written. */
static char *put_parts(hsn_str name, char *to)
{
    for (size_t i = 0; i < name.n; i++) {
        size_t end = part_end(name, i);
        hsn_str part = hsn_str_cut(name, i, end);
        if (part.n > 0 && !is_plain_part(part)) {
            *to++ = '*';
        } else if (part.n > 0) {
            memcpy(to, part.p, part.n);
            to += part.n;
        }
        if (end < name.n) {
            *to++ = (char)name.p[end];
        }
        i = end;
    }
    return to;
}

const char *hsn_shown_name(hsn_inspector *in, const hsn_site *site)
{
    hsn_str name = site->name;
    if (site->where == 0 || name.n == 0 || name.n > SHOWN_MAX) {
        return NULL;
    }
    hsn_name_facts *facts = hsn_name_facts_of(in->names, name, site->where);
    if (facts->show == HSN_SHOW_UNKNOWN) {
        facts->show = show_of(name, site->where, facts);
    }
    if (facts->show == HSN_SHOW_NOTHING || holds_known(in, name)) {
        return NULL;
    }
    char *shown = hsn_arena_new(&in->arena, name.n + 1);
    if (shown == NULL) {
        in->failed = true;
        return NULL;
    }
    if (facts->show == HSN_SHOW_ALL) {
        memcpy(shown, name.p, name.n);
        shown[name.n] = '\0';
    } else {
        *put_parts(name, shown) = '\0';
    }
    return shown;
}
