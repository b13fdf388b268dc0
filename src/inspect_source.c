/*
 * Known values in the source of a layer: words that whoever reads the source sees, and that are no
 * words in what it spells. A line that goes on ("ab\ cd" with a line end between), a soft break of
 * mail or a letter by its number (ab&#99;de) makes one word of two; a stretch that is decoded by
 * itself has only a part of a value that goes on beyond it.
 *
 * Receives a source that was decoded and inspected, and the edits of that; emits an edit for each
 * known value at a word that these left, and asks after the words where an escape may join two.
 * Must find nothing but known values.
 */
#include "inspect.h"

/* Not in JSON strings: their escapes end in a letter or a sign that they stand for. */
static bool may_join(const hsn_escape *layer, hsn_str source)
{
    for (size_t i = 0; i < HSN_COUNT(layer->joints); i++) {
        const char *joint = layer->joints[i];
        if (joint != NULL && hsn_str_find(source, hsn_str_z(joint)) < source.n) {
            return true;
        }
    }
    return false;
}

static size_t next_word(hsn_str t, size_t at)
{
    while (at < t.n && !hsn_is_alnum(t.p[at])) {
        at++;
    }
    return at;
}

/* The first edit from edits[i] on that does not end before `at`. */
static size_t edit_near(const hsn_edits *e, size_t i, size_t at)
{
    while (i < e->n && e->v[i].off + e->v[i].len <= at) {
        i++;
    }
    return i;
}

/* At a key. False: no known value stands there. */
static bool replace_known(hsn_inspector *in, hsn_str text, size_t at, const hsn_site *site,
                          hsn_edits *out)
{
    size_t off;
    size_t len;
    if (!hsn_key_filter_has(hsn_learned_filter(in->learned), text.p + at)) {
        return false;
    }
    const hsn_known *k = hsn_learned_at(in->learned, text, at, &off, &len);
    if (k != NULL) {
        hsn_replace_known(in, off, len, k, site, out);
    }
    return k != NULL;
}

void hsn_inspect_source(hsn_inspector *in, const hsn_escape *layer, hsn_str text, size_t off,
                        size_t len, const hsn_site *site, hsn_edits *out, size_t first)
{
    const hsn_str upto = hsn_str_cut(text, 0, off + len);
    const bool ask = may_join(layer, hsn_str_cut(upto, off, upto.n));
    hsn_edits more = {0};
    const bool known = in->learned != NULL && hsn_learned_count(in->learned) > 0;
    const bool asked = in->asked != NULL || in->gone != NULL;
    if (layer == &hsn_escape_json || site->binary || (!ask && !known && !asked)) {
        return;
    }
    size_t end = 0; /* of the word before */
    for (size_t at = next_word(upto, off); at < upto.n; at = next_word(upto, end)) {
        const unsigned char *p = text.p + at;
        end = hsn_word_end(upto, at);
        first = edit_near(out, first, at);
        if ((at > 0 && hsn_is_alnum(p[-1])) || !hsn_is_key(p, text.n - at) ||
            (first < out->n && out->v[first].off <= at)) {
            continue;
        }
        bool stays = !known || !replace_known(in, text, at, site, &more);
        if (ask || asked) { /* but for a joint, what stays does so in what the source spells */
            hsn_inspector_asks(in, hsn_key_hash(p, text.n - at), ask && stays);
        }
    }
    hsn_edits_shift(in, &more, 0, out);
}
