/*
 * The text of a giant: cut where nothing is torn, inspected with context on both sides.
 */
#include "segment.h"

#include "base_scale.h"
#include "field.h"
#include "spot.h"

enum {
    SIZE = 1 << 20,
    LOOK = (64 << 10) / HSN_SCALE,
    CONTEXT = (8 << 10) / HSN_SCALE,
    HEAD = (64 << 10) / HSN_SCALE, /* what a giant is shows in so many bytes */
    ESCAPE = 6,      /* \uXXXX */
    SEAM_MAX = 16 /* from any place to one between escapes and characters: a pair of \u and some */
};

static const char unreadable[] = "redacted-unreadable";

/* ---------------------------------------------------------------- seams */

/* Backslashes right before t[at]. */
static size_t slashes_before(hsn_str t, size_t at)
{
    size_t n = 0;
    while (n < at && t.p[at - n - 1] == '\\') {
        n++;
    }
    return n;
}

/* Is t[at] a backslash, and not the second of two? */
static bool begins_escape(hsn_str t, size_t at)
{
    return t.p[at] == '\\' && slashes_before(t, at) % 2 == 0;
}

/* Is t[at] the \u of a surrogate: a high one, from D800, or a low one, from DC00? */
static bool is_surrogate(hsn_str t, size_t at, bool low)
{
    if (t.n - at < 4 || t.p[at] != '\\' || t.p[at + 1] != 'u' || (t.p[at + 2] | 0x20) != 'd') {
        return false;
    }
    int digit = hsn_hex(t.p[at + 3]);
    return low ? digit >= 0xC : digit >= 8 && digit < 0xC;
}

static bool in_escape(hsn_str t, size_t pos)
{
    size_t n = slashes_before(t, pos);
    if (n > 0) {
        return n % 2 != 0;
    }
    for (size_t k = 2; k <= ESCAPE && k <= pos; k++) {
        size_t at = pos - k;
        if (t.p[at] != '\\' || t.p[at + 1] != 'u' || !begins_escape(t, at)) {
            continue;
        }
        return k < ESCAPE ||
               (is_surrogate(t, at, false) && (pos == t.n || is_surrogate(t, pos, true)));
    }
    return false;
}

size_t hsn_segment_seam(hsn_str t, size_t least, size_t pos)
{
    size_t escape = pos; /* better than nothing: bytes that are not UTF-8 */
    bool found = false;
    for (size_t i = 0; i < SEAM_MAX && pos - i > least; i++) {
        size_t at = pos - i;
        if (in_escape(t, at)) {
            continue;
        }
        escape = found ? escape : at;
        found = true;
        if (at == t.n || (t.p[at] & 0xC0) != 0x80) {
            return at;
        }
    }
    return escape;
}

/* Does a line end, in its spelling \n or \r, end right before `at`? Not between \r and \n. */
static bool is_line_begin(hsn_str t, size_t at)
{
    unsigned char c = t.p[at - 1];
    if ((c != 'n' && c != 'r') || at < 2 || !begins_escape(t, at - 2)) {
        return false;
    }
    return c == 'n' || t.n - at < 2 || t.p[at] != '\\' || t.p[at + 1] != 'n';
}

/* The best place to cut t[least..pos]: behind a line end, a space, a separator, anywhere. */
static size_t quiet_place(hsn_str t, size_t least, size_t pos)
{
    size_t space = 0;
    size_t mark = 0;
    for (size_t at = pos; at > least; at--) {
        unsigned char c = t.p[at - 1];
        if (is_line_begin(t, at)) {
            return at;
        }
        if (space == 0 && c == ' ') {
            space = at;
        } else if (mark == 0 && (c == ',' || c == ';' || c == '>')) {
            mark = at;
        }
    }
    return space != 0 ? space : mark != 0 ? mark : hsn_segment_seam(t, least, pos);
}

/* ---------------------------------------------------------------- the beginning */

/* A form whose parts only mean something by what stands far before them. */
static bool needs_all(const hsn_inspector *in, hsn_str head)
{
    return hsn_is_multipart(head) || hsn_is_table(in, head);
}

void hsn_segment_begin(hsn_segment *g, hsn_inspector *in, hsn_str raw, const hsn_site *site,
                       size_t window)
{
    hsn_buf plain;
    bool knows = in->learned != NULL && hsn_learned_count(in->learned) > 0;
    hsn_str head = hsn_str_cut(raw, 0, hsn_segment_seam(raw, 0, raw.n < HEAD ? raw.n : HEAD));
    *g = (hsn_segment){.size = window / 2 < SIZE ? window / 2 : SIZE,
                       .look = LOOK,
                       .context = CONTEXT,
                       .mode = HSN_GIANT_DROP};
    if (hsn_rules_empty(in->rules) && !knows) {
        g->mode = HSN_GIANT_PASS;
        return;
    }
    hsn_buf_init(&plain, head.n);
    hsn_inspector_next(in);
    if (hsn_peel_escape(&hsn_escape_json, head, &plain)) {
        head = hsn_buf_str(&plain);
        g->part.code = hsn_is_code(head);
        g->mode = hsn_is_replaced_whole(in, head, site) || needs_all(in, head) ? HSN_GIANT_DROP
                                                                               : HSN_GIANT_TEXT;
    }
    hsn_buf_wipe(&plain);
}

/* ---------------------------------------------------------------- text */

/* The edit that reaches over `cut`, or begins there; NULL when none does. */
static const hsn_edit *edit_at(const hsn_edits *e, size_t cut)
{
    for (size_t i = 0; i < e->n && e->v[i].off <= cut; i++) {
        if (e->v[i].off + e->v[i].len > cut) {
            return &e->v[i];
        }
    }
    return NULL;
}

/*
 * Moves the cut out of the edit that it lies in. One that ends with the text that was inspected may
 * be longer than it looks: the next segment begins with it. *goes_on: this one did already, and
 * the value still does not end.
 */
static size_t avoid_edit(hsn_segment *g, const hsn_edits *edits, size_t begin, size_t cut,
                         size_t end, bool *goes_on)
{
    const hsn_edit *e = edit_at(edits, cut);
    *goes_on = false;
    if (e == NULL) {
        return cut;
    }
    size_t to = e->off + e->len;
    bool open = to == end && hsn_is_standin(e->with);
    if (e->off > begin) {
        g->named = open;
        return to < end && e->off < cut ? to : e->off;
    }
    *goes_on = open;
    return to < end ? to : cut;
}

/* Bytes that t decodes to. */
static size_t decoded_length(hsn_str t)
{
    size_t n = 0;
    for (size_t at = 0; at < t.n;) {
        unsigned char unit[HSN_ESCAPE_MAX];
        size_t made = 1;
        size_t taken = t.p[at] == '\\' ? hsn_escape_json.step(t, at, unit, &made) : 1;
        at += taken > 0 ? taken : 1;
        n += taken > 0 ? made : 1;
    }
    return n;
}

/* Forgets what was passed over outside of t[begin, end): another step tells it. */
static void forget_blind(hsn_inspector *in, hsn_str t, size_t begin, size_t end)
{
    if (in->blind == NULL) {
        return;
    }
    bool escaped = hsn_str_chr(t, '\\') < t.n;
    size_t from = escaped ? decoded_length(hsn_str_cut(t, 0, begin)) : begin;
    size_t to = from + (escaped ? decoded_length(hsn_str_cut(t, begin, end)) : end - begin);
    for (hsn_blind **b = &in->blind; *b != NULL;) {
        bool outside =
            (*b)->placed && (*b)->layers == escaped && ((*b)->off < from || (*b)->off >= to);
        if (outside) {
            *b = (*b)->next;
        } else {
            b = &(*b)->next;
        }
    }
}

static void inspect(hsn_segment *g, hsn_inspector *in, hsn_str t, hsn_edits *out)
{
    hsn_field f = {.len = t.n,
                   .by = &hsn_no_label,
                   .key = &hsn_no_label,
                   .kind = HSN_JSON_STRING,
                   .escaped = hsn_str_chr(t, '\\') < t.n};
    in->part = &g->part;
    hsn_settle_field(in, t, &f, out);
    in->part = NULL;
}

static size_t least_of(size_t pos, size_t back, size_t least)
{
    return pos > least + back ? pos - back : least;
}

/* t begins with context; settles from at->begin on. `end` bounds what is inspected, `cut` what is
 * settled. */
static void settle(hsn_segment *g, hsn_inspector *in, hsn_str t, size_t cut, size_t end,
                   hsn_slice *at, hsn_edits *out)
{
    hsn_hold held;
    bool goes_on = false;
    hsn_hold_begin(&held, in);
    inspect(g, in, hsn_str_cut(t, 0, end), out);
    g->named = false;
    if (cut < end) {
        cut = avoid_edit(g, out, at->begin, cut, end, &goes_on);
    }
    hsn_hold_end(&held, at->begin, cut, out);
    forget_blind(in, hsn_str_cut(t, 0, end), at->begin, cut);
    if (goes_on) {
        g->mode = HSN_GIANT_VALUE;
    }
    at->end = cut;
    at->from = quiet_place(t, least_of(cut, g->context * 2, 0), least_of(cut, g->context, 0));
    g->part.middle = true;
}

/* Changes the mode to that of the run that covers the whole segment; false when it is no base64.
 * *glued: so many bytes stand before the run, and then the mode stays. */
static bool enter_run(hsn_segment *g, hsn_str t, size_t begin, size_t *glued)
{
    g->column = 0;
    g->lead = 0;
    g->code = -1;
    *glued = 0;
    switch (hsn_segment_kind(g, t, begin)) {
    case HSN_BASE64_TEXT:
        g->mode = HSN_GIANT_BASE64;
        return true;
    case HSN_BASE64_MEDIA:
        g->mode = HSN_GIANT_MEDIA;
        return true;
    case HSN_BASE64_BINARY:
        *glued = hsn_segment_glued(g, t, begin);
        g->mode = *glued > 0 ? g->mode : HSN_GIANT_OPAQUE;
        return true;
    case HSN_BASE64_NONE:
        *glued = hsn_segment_glued(g, t, begin);
        break;
    }
    g->letters = *glued == 0;
    return *glued > 0;
}

static void step_text(hsn_segment *g, hsn_inspector *in, hsn_str t, bool last, hsn_slice *at,
                      hsn_edits *out)
{
    size_t b = at->begin;
    size_t full = g->size + g->look;
    if (b == t.n || (!last && t.n - b < full)) {
        return;
    }
    if (last && t.n - b <= full) {
        settle(g, in, t, t.n, t.n, at, out);
        return;
    }
    size_t end = hsn_segment_seam(t, b, b + full);
    size_t cut = end - g->look;
    size_t run = hsn_segment_run(t, b, end);
    bool covers = run <= b;
    g->letters = g->letters && covers;
    size_t glued;
    if (covers && !g->letters && !g->named && enter_run(g, t, b, &glued)) {
        if (glued > 0) {
            settle(g, in, t, b + glued, b + glued, at, out);
        }
        return;
    }
    if (!covers && run < cut) { /* a run that is cut would be read in another phase */
        cut = run;
        end = run + g->look < end ? hsn_segment_seam(t, run, run + g->look) : end;
    } else {
        cut = quiet_place(t, least_of(cut, g->look, b), cut);
        end = quiet_place(t, least_of(end, g->look / 64, cut), end);
    }
    settle(g, in, t, cut, end, at, out);
}

/* ---------------------------------------------------------------- what is not looked into */

static void drop(hsn_segment *g, hsn_inspector *in, hsn_slice *at, const char *with, hsn_edits *out)
{
    size_t n = at->end - at->begin;
    hsn_str put = g->gone == 0 ? hsn_str_z(with) : (hsn_str){0};
    if (n > 0) {
        hsn_edits_add(in, out, (hsn_edit){.off = at->begin, .len = n, .with = put});
    }
}

static void pass_over(hsn_segment *g, hsn_slice *at, bool ended, const char *why)
{
    g->gone += at->end - at->begin;
    at->from = at->end;
    if (ended) {
        at->gap = g->gone > 0 ? why : NULL;
        at->replaced = g->mode != HSN_GIANT_MEDIA;
        at->gap_len = g->gone;
        g->gone = 0;
        g->mode = HSN_GIANT_TEXT;
    }
}

static void step_run(hsn_segment *g, hsn_inspector *in, hsn_str t, bool last, hsn_slice *at,
                     hsn_edits *out)
{
    bool ended;
    hsn_segment_skip(g, t, at->begin, last, &at->end, &ended);
    if (g->mode == HSN_GIANT_OPAQUE) {
        drop(g, in, at, unreadable, out);
        pass_over(g, at, ended, "limit:window");
    } else {
        pass_over(g, at, ended, "media");
    }
}

/* A value without quotes goes on to one of these; what \n and \" spell ends it, what \/ does not.
 */
static size_t value_end(hsn_str t, size_t from)
{
    static const char stops[] = " \t\r\n\"'`<>&,;)}]|\\";
    for (;; from += 2) {
        from = hsn_find_stop(t, from, stops);
        if (t.n - from < 2 || t.p[from] != '\\' || t.p[from + 1] != '/') {
            return from;
        }
    }
}

static void step_value(hsn_segment *g, hsn_inspector *in, hsn_str t, bool last, hsn_slice *at,
                       hsn_edits *out)
{
    size_t limit = last ? t.n : hsn_segment_seam(t, at->begin, t.n);
    at->end = value_end(hsn_str_cut(t, 0, limit), at->begin);
    drop(g, in, at, "", out);
    pass_over(g, at, last || at->end < limit, "limit:window");
}

static void step_whole(hsn_segment *g, hsn_inspector *in, hsn_str t, bool last, hsn_slice *at,
                       hsn_edits *out)
{
    at->end = last ? t.n : hsn_segment_seam(t, at->begin, t.n);
    if (g->mode == HSN_GIANT_DROP) {
        drop(g, in, at, unreadable, out);
        pass_over(g, at, last, "limit:window");
    } else {
        at->from = at->end;
    }
}

/* ---------------------------------------------------------------- a step */

static void step(hsn_segment *g, hsn_inspector *in, hsn_str t, bool last, hsn_slice *at,
                 hsn_edits *out)
{
    switch (g->mode) {
    case HSN_GIANT_TEXT:
        step_text(g, in, t, last, at, out);
        break;
    case HSN_GIANT_BASE64:
        hsn_segment_base64(g, in, t, last, at, out);
        break;
    case HSN_GIANT_MEDIA:
    case HSN_GIANT_OPAQUE:
        step_run(g, in, t, last, at, out);
        break;
    case HSN_GIANT_VALUE:
        step_value(g, in, t, last, at, out);
        break;
    case HSN_GIANT_DROP:
    case HSN_GIANT_PASS:
        step_whole(g, in, t, last, at, out);
        break;
    }
}

void hsn_segment_next(hsn_segment *g, hsn_inspector *in, hsn_str text, bool last, hsn_slice *at,
                      hsn_edits *out)
{
    size_t from = at->from;
    hsn_str t = hsn_str_cut(text, from, text.n);
    hsn_giant before;
    at->begin -= from;
    at->end = at->begin;
    at->from = 0;
    at->gap = NULL;
    do {
        before = g->mode;
        step(g, in, t, last, at, out);
    } while (g->mode != before && at->end == at->begin && at->gap == NULL);
    if (last && at->end == at->begin && at->gap == NULL && at->begin < t.n) {
        g->mode = HSN_GIANT_DROP; /* whatever the reason: nothing leaves without a look */
        step(g, in, t, last, at, out);
    }
    for (size_t i = 0; i < out->n; i++) {
        out->v[i].off += from;
    }
    at->begin += from;
    at->end += from;
    at->from += from;
}
