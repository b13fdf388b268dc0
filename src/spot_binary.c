/*
 * Pairs in encodings with lengths: a name, the length of a value, the value, as MessagePack and the
 * maps of Protocol Buffers have them, and BSON, AMF, Thrift and others in their ways. Nothing
 * separates them but the length.
 *
 * Receives a word that may end a name; emits an edit of the value, which keeps its length. Must
 * never look beyond the length that stands there.
 */
#include "spot.h"

/* Bytes of the value's head at t.p[at], and the length it tells; 0 when none is there. */
static size_t read_head(hsn_str t, size_t at, size_t *length)
{
    enum { FIXSTR = 0xa0, FIXSTR_LENGTH = 0x1f, STR8 = 0xd9, STR16 = 0xda, PROTOBUF_VALUE = 0x12 };
    size_t left = t.n - at;
    if (left >= 1 && (t.p[at] & ~FIXSTR_LENGTH) == FIXSTR) {
        *length = t.p[at] & FIXSTR_LENGTH;
        return 1;
    }
    if (left >= 2 && (t.p[at] == STR8 || (t.p[at] == PROTOBUF_VALUE && t.p[at + 1] < 0x80))) {
        *length = t.p[at + 1];
        return 2;
    }
    if (left >= 3 && t.p[at] == STR16) {
        *length = (size_t)t.p[at + 1] << 8 | t.p[at + 2];
        return 3;
    }
    return 0;
}

/* n bytes of a number at p, the first one the highest or the lowest. */
static size_t read_number(const unsigned char *p, size_t n, bool big)
{
    size_t v = 0;
    for (size_t i = 0; i < n; i++) {
        v = v << 8 | p[big ? i : n - 1 - i];
    }
    return v;
}

static bool is_print(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] < 0x20 || v.p[i] >= 0x7f) {
            return false;
        }
    }
    return v.n > 0;
}

/* Does a text of `told` bytes stand at t[from], or one less and a zero (BSON), and end there? */
static size_t text_told(hsn_str t, size_t from, size_t told)
{
    enum { SHORTEST = 4 };
    if (told < SHORTEST || told > t.n - from) {
        return 0;
    }
    size_t n = t.p[from + told - 1] == 0 ? told - 1 : told;
    hsn_str behind = hsn_str_cut(t, from + n, from + n + 1);
    return is_print(hsn_str_cut(t, from, from + n)) && !is_print(behind) ? n : 0;
}

/*
 * The head of a value in any other encoding, by what all have in common: few bytes, of which the
 * last are a length, in one byte, two or four, of just the text that follows. Nothing else has a
 * number there that tells where the text behind it ends.
 */
static size_t guess_head(hsn_str t, size_t at, size_t *length)
{
    enum { MOST = 6 };
    static const size_t sizes[] = {4, 2, 1};
    for (size_t n = 1; n <= MOST && n < t.n - at; n++) {
        const size_t from = at + n;
        for (size_t i = 0; i < 2 * HSN_COUNT(sizes); i++) {
            const size_t size = sizes[i / 2];
            const size_t told = size <= n ? read_number(t.p + from - size, size, i % 2 == 0) : 0;
            *length = text_told(t, from, told);
            if (*length > 0) {
                return n;
            }
        }
    }
    return 0;
}

bool hsn_spot_binary_pair(hsn_scan *s, size_t at)
{
    enum { NAME_MIN = 3, NAME_MAX_LEN = 64 }; /* shorter ones stand there by chance */
    hsn_str t = s->text;
    size_t end = at;
    while (end < t.n && hsn_is_alnum(t.p[end])) {
        end++;
    }
    size_t from = at;
    while (from > s->skip && at - from < NAME_MAX_LEN &&
           (hsn_is_alnum(t.p[from - 1]) || t.p[from - 1] == '_' || t.p[from - 1] == '-')) {
        from--;
    }
    size_t length;
    size_t head = read_head(t, end, &length);
    if (head == 0 || length > t.n - end - head) {
        const bool named = end - from >= NAME_MIN && end < t.n && t.p[end] < 0x20;
        head = named ? guess_head(t, end, &length) : 0;
    }
    if (head == 0) {
        return false;
    }
    hsn_str name = hsn_str_cut(t, from, end);
    const hsn_rule *rule = hsn_rules_name(s->in->rules, name, HSN_IN_KEY, NULL);
    hsn_str value = hsn_str_cut(t, end + head, end + head + length);
    if (rule == NULL || rule->action != HSN_REPLACE || !is_print(value) ||
        !hsn_guard_passes(rule, value)) {
        return false;
    }
    hsn_site site = *s->site;
    site.where = HSN_IN_KEY;
    site.name = name;
    site.binary = true; /* the length stays true */
    hsn_replace(s->in, t, end + head, length, rule, &site, s->out);
    s->skip = end + head + length;
    return true;
}
