/*
 * Pairs in encodings with lengths: a name, the length of a value, the value, as MessagePack and the
 * maps of Protocol Buffers have them. Nothing separates them but the length.
 *
 * Receives a word that may end a name; emits an edit of the value, which keeps its length. Must never
 * look beyond the length that stands there.
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

static bool is_print(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] < 0x20 || v.p[i] >= 0x7f) {
            return false;
        }
    }
    return v.n > 0;
}

bool hsn_spot_binary_pair(hsn_scan *s, size_t at)
{
    enum { NAME_MAX_LEN = 64 };
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
