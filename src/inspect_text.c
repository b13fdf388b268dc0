/*
 * Free text: one of the formats that are told by how a text begins, or else the scan over it.
 *
 * Receives a text that nothing else is known of, or a part of a long one; emits the edits that are
 * to be made in it. A text that costs too much to read is replaced whole, never left half read.
 */
#include "spot.h"

enum {
    READINGS = 16, /* times a text may be read over by its spots: real ones stay below 3 */
    READING_MIN = 64 * 1024
};

/* Values that the caller gave and that have no key: searched for one by one, for they are few. */
static void sweep_bare(hsn_scan *s)
{
    const hsn_known *k;
    for (size_t i = 0; (k = hsn_learned_bare_at(s->in->learned, i)) != NULL; i++) {
        for (size_t at = 0; at < s->text.n; at += k->value.n) {
            at += hsn_str_find(hsn_str_cut(s->text, at, s->text.n), k->value);
            if (at < s->text.n) {
                hsn_replace_known(s->in, at, k->value.n, k, s->site, s->out);
            }
        }
    }
}

/* Base64 of a whole body, broken into lines: no run of it is long enough to be told by itself. */
static bool is_base64_lines(hsn_str text)
{
    enum { PROBE = 200, MIN = 40 };
    size_t i = 0;
    bool eol = false;
    if (text.n < MIN) {
        return false;
    }
    for (; i < text.n && i < PROBE; i++) {
        const unsigned char c = text.p[i];
        const bool line = c == '\n' || c == '\r';
        eol = eol || line;
        if ((hsn_scan_classes[c] & HSN_SCAN_BASE64) == 0 && c != '=' && !line) {
            return false;
        }
    }
    return eol;
}

/* Do the lines begin with a token that goes on over their ends? Then that is what they are, as the
 * same characters are in one line. */
static bool is_token_in_lines(hsn_inspector *in, hsn_str text, const hsn_site *site)
{
    hsn_hit hit;
    const unsigned where = site->where != 0 ? site->where : HSN_IN_ANY;
    return hsn_is_alnum(text.p[0]) &&
           hsn_rules_match_at(in->rules, in->matcher, text, 0, where, &hit) &&
           hit.end > hsn_str_chr(text, '\n');
}

/* Small messages of an encoding with lengths pass for text. */
static bool comes_from_base64(const hsn_inspector *in)
{
    return in->n_layers > 0 && strcmp(in->layers[in->n_layers - 1], "base64") == 0;
}

/* Formats that are told by how a text begins. True when one of them dealt with all of it. */
static bool cut_whole(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    size_t end;
    return (hsn_str_starts(text, HSN_S("--")) && hsn_cut_multipart(in, text, site, out)) ||
           hsn_cut_latin1(in, text, site, out) ||
           (is_base64_lines(text) && !is_token_in_lines(in, text, site) &&
            hsn_cut_base64(in, text, 0, text.n, site, &end, out)) ||
           hsn_cut_csv(in, text, site, out);
}

static inline HSN_ALWAYS_INLINE void scan(hsn_inspector *in, hsn_str text, const hsn_site *site,
                                           int code, hsn_edits *out)
{
    hsn_scan s = {
        .in = in,
        .text = text,
        .site = site,
        .out = out,
        .leads = hsn_rules_leads(in->rules),
        .names = hsn_rules_name_filter(in->rules),
        .pairs = site->binary || comes_from_base64(in),
        .every_param = in->detect[HSN_DETECT_STRICT] != NULL,
        .known = in->learned != NULL ? hsn_learned_filter(in->learned) : NULL,
        .tails = in->learned != NULL ? hsn_learned_tails(in->learned) : NULL,
        .any_number = in->detect[HSN_DETECT_IP] != NULL,
        .list = hsn_list_best(),
        .ask = in->learned != NULL || (in->seen != NULL && !in->unheard),
        .budget = READINGS * text.n + READING_MIN,
        .code = code,
        .quoted = -1,
    };
    size_t before = out->n;
    hsn_scan_text(&s);
    if (s.exhausted) {
        out->n = before;
        hsn_replace_blind(in, text, 0, text.n, "limit:work", site, out);
        return;
    }
    if (in->learned != NULL) {
        sweep_bare(&s);
    }
    hsn_scan_look_back(&s);
    hsn_edits_settle(out);
}

void hsn_inspect_text(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    const hsn_part *part = in->part;
    in->part = NULL;
    if (text.n < 3) {
        return;
    }
    const bool whole = !site->binary && (part == NULL || !part->middle);
    if (!whole || !cut_whole(in, text, site, out)) {
        scan(in, text, site, part != NULL ? part->code : -1, out);
    }
}
