/*
 * A run of base64 too long to be held, in the text of a giant: decoded in whole groups of four
 * characters, inspected part by part, and written so that every replacement takes as many bytes as
 * what it replaces. So the run stays one text, whatever is cut where; only the groups that an edit
 * touches are spelled anew, between the same line breaks.
 *
 * Characters are those behind the JSON escapes: \/ is one, \r\n breaks a line.
 */
#include "segment.h"

#include "field.h"
#include "scan.h"

enum { LINE_MIN = 60, LINE_MAX = 80, PROBE = 4096, GROUP = 4, BYTES = 3 };

/* ---------------------------------------------------------------- reading */

typedef enum unit_kind { CHARACTER, BREAK, PADDING, OTHER } unit_kind;

/* Walks over the characters of a run. */
typedef struct reader {
    hsn_str t;
    size_t at;
    size_t line;   /* characters in a line, 0 = not broken into lines */
    size_t column; /* characters since the last break */
} reader;

static bool is_base64(unsigned char c)
{
    return hsn_is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

/* What stands at t[at], and how many bytes spell it. */
static unit_kind unit_at(hsn_str t, size_t at, unsigned char *c, size_t *taken)
{
    *c = t.p[at];
    *taken = 1;
    if (*c == '\\') {
        unsigned char out[HSN_ESCAPE_MAX];
        size_t n;
        *taken = hsn_escape_json.step(t, at, out, &n);
        if (*taken == 0 || n != 1) {
            return OTHER;
        }
        *c = out[0];
    }
    if (is_base64(*c)) {
        return CHARACTER;
    }
    return *c == '\r' || *c == '\n' ? BREAK : *c == '=' ? PADDING : OTHER;
}

/* Passes up to `max` characters, and adds them to `flat` unless that is NULL. Stops before what
 * does not belong to the run; line breaks are passed before the character behind them. */
static size_t take(reader *r, size_t max, hsn_buf *flat)
{
    size_t n = 0;
    while (n < max && r->at < r->t.n) {
        size_t room = r->line > 0 ? r->line - r->column : SIZE_MAX;
        size_t want = max - n < room ? max - n : room;
        hsn_str rest = hsn_str_cut(r->t, r->at, r->t.n);
        size_t some = want > 0 ? hsn_scan_base64_run(hsn_str_cut(rest, 0, want), 0) : 0;
        unsigned char c;
        size_t taken;
        if (some > 0) {
            if (flat != NULL) {
                hsn_buf_add(flat, rest.p, some);
            }
            r->at += some;
            r->column += some;
            n += some;
            continue;
        }
        unit_kind kind = unit_at(r->t, r->at, &c, &taken);
        if (kind == BREAK && r->line > 0 && r->column == r->line) {
            r->column = c == '\n' ? 0 : r->column;
        } else if (kind == CHARACTER && want > 0) {
            if (flat != NULL) {
                hsn_buf_put(flat, c);
            }
            r->column++;
            n++;
        } else {
            break;
        }
        r->at += taken;
    }
    return n;
}

/* Passes the one or two = at the end of a run. */
static size_t take_padding(reader *r, hsn_buf *flat)
{
    size_t n = 0;
    unsigned char c;
    size_t taken;
    while (n < 2 && r->at < r->t.n && unit_at(r->t, r->at, &c, &taken) == PADDING) {
        r->at += taken;
        n++;
        if (flat != NULL) {
            hsn_buf_put(flat, c);
        }
    }
    return n;
}

/* ---------------------------------------------------------------- finding a run */

/* Back over the character or line break that ends at t[at], however it is spelled: how many bytes;
 * 0 when it is neither. In a run every backslash begins an escape. */
static size_t back_over(hsn_str t, size_t least, size_t at, bool *eol)
{
    static const size_t escapes[] = {6, 2};
    for (size_t i = 0; i < HSN_COUNT(escapes); i++) {
        size_t n = escapes[i];
        unsigned char c;
        size_t taken;
        if (at - least < n || t.p[at - n] != '\\') {
            continue;
        }
        unit_kind kind = unit_at(hsn_str_cut(t, 0, at), at - n, &c, &taken);
        if (taken == n) {
            *eol = kind == BREAK && c == '\n';
            return kind == CHARACTER || kind == BREAK ? n : 0;
        }
    }
    return is_base64(t.p[at - 1]) ? 1 : 0;
}

size_t hsn_segment_run(hsn_str t, size_t least, size_t end)
{
    size_t at = end;
    size_t line_begin = end;
    bool broken = false; /* a line break has been passed */
    size_t column = 0;   /* characters from `at` to the line break behind */
    while (at > least) {
        bool eol = false;
        size_t n = back_over(t, least, at, &eol);
        if (n == 0) {
            break;
        }
        at -= n;
        if (eol) {
            if (broken && (column < LINE_MIN || column > LINE_MAX)) {
                return line_begin;
            }
            broken = true;
            line_begin = at + n;
            column = 0;
        } else {
            column += t.p[at] != '\\' || t.p[at + 1] != 'r';
        }
        if (broken && column > LINE_MAX) {
            return line_begin;
        }
    }
    return at;
}

/* Characters in the first line when the run is broken into lines of one length, else 0. */
static size_t line_length(hsn_str t, size_t at)
{
    reader r = {.t = t, .at = at};
    size_t first = take(&r, LINE_MAX + 1, NULL);
    r = (reader){.t = t, .at = at, .line = first};
    if (first < LINE_MIN || first > LINE_MAX) {
        return 0;
    }
    return take(&r, first * 3, NULL) > first * 2 ? first : 0;
}

hsn_base64_kind hsn_segment_kind(hsn_segment *g, hsn_str t, size_t at)
{
    hsn_buf head;
    hsn_buf_init(&head, PROBE);
    g->line = line_length(t, at);
    reader r = {.t = t, .at = at, .line = g->line};
    (void)take(&r, PROBE, &head);
    hsn_base64_kind kind =
        hsn_buf_failed(&head) ? HSN_BASE64_BINARY : hsn_base64_kind_of(hsn_buf_str(&head));
    hsn_buf_wipe(&head);
    return kind;
}

static bool is_run(hsn_segment *g, hsn_str t, size_t at)
{
    hsn_base64_kind kind = hsn_segment_kind(g, t, at);
    return kind == HSN_BASE64_TEXT || kind == HSN_BASE64_MEDIA;
}

/* Behind the line that t[at] is in; t.n when it is longer than lines of a run are. */
static size_t next_line(hsn_str t, size_t at)
{
    reader r = {.t = t, .at = at};
    (void)take(&r, 2 * LINE_MAX, NULL);
    size_t begin = r.at;
    unsigned char c;
    size_t taken;
    while (r.at < t.n && unit_at(t, r.at, &c, &taken) == BREAK) {
        r.at += taken;
    }
    return r.at > begin ? r.at : t.n;
}

size_t hsn_segment_glued(hsn_segment *g, hsn_str t, size_t at)
{
    const size_t line = g->line;
    reader r = {.t = t, .at = at};
    for (size_t k = 1; k < GROUP && take(&r, 1, NULL) == 1; k++) {
        if (is_run(g, t, r.at)) {
            return r.at - at;
        }
    }
    size_t next = next_line(t, at);
    if (line_length(t, next) > 0 && is_run(g, t, next)) {
        return next - at;
    }
    g->line = line;
    return 0;
}

void hsn_segment_skip(hsn_segment *g, hsn_str t, size_t begin, bool last, size_t *end, bool *ended)
{
    size_t limit = last ? t.n : hsn_segment_seam(t, begin, t.n);
    reader r = {.t = hsn_str_cut(t, 0, limit), .at = begin, .line = g->line, .column = g->column};
    (void)take(&r, SIZE_MAX, NULL);
    *ended = r.at < limit || last;
    if (*ended) {
        (void)take_padding(&r, NULL);
    }
    g->column = r.column;
    *end = r.at;
}

/* ---------------------------------------------------------------- replacing */

/* A stand-in spelled in exactly n bytes, so that it is still one. */
static hsn_str fit(hsn_inspector *in, hsn_str with, size_t n)
{
    if (with.n == n) {
        return with;
    }
    unsigned char *p = hsn_arena_new(&in->arena, n);
    if (p == NULL) {
        in->failed = true;
        return (hsn_str){0};
    }
    size_t more = with.n < n ? n - with.n : 0;
    bool number = hsn_str_eq(with, HSN_S("0"));
    if (more > 0 && (number || hsn_is_standin(with))) {
        bool address = hsn_str_chr(with, '@') < with.n;
        bool fill = with.p[with.n - 1] == 'x' && with.p[0] == 'x';
        memset(p, number ? ' ' : fill ? 'x' : 'a', n);
        memcpy(p + (address ? more : 0), with.p, with.n);
    } else {
        memset(p, 'x', n);
    }
    return hsn_str_of(p, n);
}

/* What a segment of the run decodes to, and its spelling with the edits made. */
typedef struct decoded {
    hsn_buf flat;  /* characters, without line breaks; the first is that of the context */
    hsn_buf coded; /* the same with the edits made */
    hsn_base64 how;
    bool ended;
} decoded;

static void decoded_deinit(decoded *d)
{
    hsn_buf_wipe(&d->flat);
    hsn_buf_wipe(&d->coded);
}

/* Spells the decoded text with the edits made. The edits come to cover groups of characters. */
static void spell(hsn_inspector *in, hsn_str plain, decoded *d, hsn_edits *edits)
{
    hsn_buf made;
    size_t kept = 0;
    hsn_note **tail = NULL; /* of the notes of the last one kept */
    hsn_buf_init(&made, plain.n);
    hsn_buf_add_str(&made, plain);
    for (size_t i = 0; i < edits->n && !hsn_buf_failed(&made); i++) {
        hsn_edit e = edits->v[i];
        hsn_str with = fit(in, e.with, e.len);
        if (with.n > 0) {
            memcpy(made.p + e.off, with.p, with.n);
        }
        size_t to = (e.off + e.len + BYTES - 1) / BYTES * GROUP;
        e.off = e.off / BYTES * GROUP;
        e.len = (to < d->flat.n ? to : d->flat.n) - e.off;
        e.with = with; /* tells a stand-in until it is spelled */
        hsn_edit *before = kept > 0 ? &edits->v[kept - 1] : NULL;
        if (before != NULL && before->off + before->len > e.off) {
            tail = hsn_notes_join(tail, e.notes);
            before->len = e.off + e.len - before->off;
        } else {
            edits->v[kept] = e;
            tail = &edits->v[kept++].notes;
        }
    }
    edits->n = kept;
    hsn_base64_encode(&d->coded, hsn_buf_str(&made), &d->how);
    in->failed =
        in->failed || hsn_buf_failed(&made) || hsn_buf_failed(&d->coded) || d->coded.n != d->flat.n;
    hsn_buf_wipe(&made);
}

/* The edit in terms of the raw text: from here on so many characters, line breaks between them. */
static void put_edit(hsn_inspector *in, reader *r, hsn_str chars, hsn_edit edit, hsn_edits *out)
{
    hsn_buf with;
    size_t from = r->at;
    hsn_buf_init(&with, 16 * chars.n + 64);
    for (size_t i = 0; i < chars.n;) {
        unsigned char c;
        size_t taken;
        unit_kind kind = unit_at(r->t, r->at, &c, &taken);
        if (kind == BREAK) {
            hsn_buf_add(&with, r->t.p + r->at, taken);
            r->column = c == '\n' ? 0 : r->column;
        } else {
            hsn_buf_put(&with, chars.p[i++]);
            r->column++;
        }
        r->at += taken;
    }
    edit.off = from;
    edit.len = r->at - from;
    edit.with = hsn_arena_copy(&in->arena, hsn_buf_str(&with));
    in->failed = in->failed || hsn_buf_failed(&with) || in->arena.failed;
    hsn_buf_wipe(&with);
    hsn_edits_add(in, out, edit);
}

/* Moves the reader to the character k of those it reads, behind the line break before it. */
static void seek(reader *r, size_t *k, size_t to)
{
    *k += take(r, to - *k, NULL);
    unsigned char c;
    size_t taken;
    while (r->at < r->t.n && unit_at(r->t, r->at, &c, &taken) == BREAK && r->line > 0 &&
           r->column == r->line) {
        r->column = c == '\n' ? 0 : r->column;
        r->at += taken;
    }
}

/* ---------------------------------------------------------------- a step */

/* A group to cut before, at most `cut`: near a line end or a space, if there is one; in no edit. */
static size_t choose_cut(const hsn_segment *g, hsn_str plain, const hsn_edits *e, size_t cut,
                         size_t end)
{
    size_t least = cut > g->lead + g->look ? cut - g->look : g->lead + GROUP;
    size_t space = 0;
    size_t eol = 0;
    for (size_t at = cut; eol == 0 && at > least; at -= GROUP) {
        for (size_t i = at / GROUP * BYTES; i > at / GROUP * BYTES - BYTES && i <= plain.n; i--) {
            eol = plain.p[i - 1] == '\n' ? at : eol;
            space = plain.p[i - 1] == ' ' && space == 0 ? at : space;
        }
    }
    cut = eol != 0 ? eol : space != 0 ? space : cut;
    for (size_t i = 0; i < e->n && e->v[i].off < cut; i++) {
        size_t to = e->v[i].off + e->v[i].len;
        if (to > cut) {
            return to < end ? to : e->v[i].off > g->lead ? e->v[i].off : cut;
        }
    }
    return cut;
}

/* False: no base64, or no memory. */
static bool read_run(const hsn_segment *g, hsn_str t, bool last, size_t from, decoded *d,
                     hsn_buf *plain)
{
    size_t limit = last ? t.n : hsn_segment_seam(t, from, t.n);
    reader r = {.t = hsn_str_cut(t, 0, limit), .at = from, .line = g->line, .column = g->column};
    hsn_buf_init(&d->flat, t.n + 2);
    hsn_buf_init(&d->coded, t.n + 4);
    (void)take(&r, SIZE_MAX, &d->flat);
    d->ended = r.at < limit || last;
    if (!d->ended) {
        d->flat.n -= d->flat.n % GROUP;
    } else if (d->flat.n % GROUP == 1) {
        d->flat.n--;
    } else {
        (void)take_padding(&r, &d->flat);
    }
    return !hsn_buf_failed(&d->flat) && hsn_base64_decode(hsn_buf_str(&d->flat), &d->how, plain);
}

/* The decoded text up to a word's end, if one is near. */
static hsn_str up_to_word(hsn_str plain, size_t near)
{
    size_t n = plain.n;
    while (n > 0 && plain.n - n < near && hsn_is_alnum(plain.p[n - 1])) {
        n--;
    }
    return plain.n - n < near ? hsn_str_cut(plain, 0, n) : plain;
}

static void inspect(hsn_segment *g, hsn_inspector *in, hsn_str plain, hsn_edits *out)
{
    if (g->code < 0) {
        g->code = hsn_is_code(plain);
    }
    const hsn_part part = {.middle = g->lead > 0, .code = g->code};
    in->fixed = true;
    hsn_settle_part(in, plain, &part, out);
    in->fixed = false;
}

/* Brings the edits, of characters, into terms of t, and moves the slice on. */
static void settle(hsn_segment *g, hsn_inspector *in, hsn_str t, size_t from, size_t cut,
                   const decoded *d, const hsn_edits *inner, hsn_slice *at, hsn_edits *out)
{
    reader r = {.t = t, .at = from, .line = g->line, .column = g->column};
    reader context = r;
    size_t k = 0;
    for (size_t i = 0; i < inner->n && !in->failed; i++) {
        const hsn_edit *e = &inner->v[i];
        seek(&r, &k, e->off);
        put_edit(in, &r, hsn_str_cut(hsn_buf_str(&d->coded), e->off, e->off + e->len), *e, out);
        k += e->len;
    }
    (void)take(&r, cut - k, NULL);
    if (d->ended && cut == d->flat.n) {
        (void)take_padding(&r, NULL);
    }
    at->end = r.at;
    if (d->ended && cut == d->flat.n) {
        g->mode = HSN_GIANT_TEXT;
        at->from = at->end;
        return;
    }
    size_t keep = cut > g->context ? (cut - g->context) / GROUP * GROUP : 0;
    k = 0;
    seek(&context, &k, keep);
    at->from = context.at;
    g->column = context.column;
    g->lead = cut - keep;
}

static void step_run(hsn_segment *g, hsn_inspector *in, hsn_str t, size_t from, hsn_str plain,
                     decoded *d, hsn_slice *at, hsn_edits *out)
{
    hsn_hold held;
    hsn_edits inner = {0};
    size_t cut = d->flat.n;
    hsn_hold_begin(&held, in);
    inspect(g, in, d->ended ? plain : up_to_word(plain, g->look / 8), &inner);
    spell(in, plain, d, &inner);
    if (!d->ended) {
        size_t look = (cut - g->lead) / 2; /* all may be spelled by \u */
        cut = (cut - (g->look < look ? g->look : look)) / GROUP * GROUP;
        cut = choose_cut(g, plain, &inner, cut, d->flat.n);
    }
    hsn_hold_end(&held, g->lead, cut, &inner);
    settle(g, in, t, from, cut, d, &inner, at, out);
}

/* It cannot be decoded: as letters and digits, if that is what it is. */
static void give_up(hsn_segment *g, hsn_inspector *in, const decoded *d, const hsn_buf *plain)
{
    if (hsn_buf_failed(&d->flat) || hsn_buf_failed(plain)) {
        in->failed = true;
        g->mode = HSN_GIANT_DROP;
    } else {
        g->mode = HSN_GIANT_TEXT;
        g->letters = true;
    }
}

void hsn_segment_base64(hsn_segment *g, hsn_inspector *in, hsn_str t, bool last, hsn_slice *at,
                        hsn_edits *out)
{
    size_t from = g->lead > 0 ? 0 : at->begin;
    size_t full = g->size + g->look;
    if (!last && t.n - at->begin < full) {
        return;
    }
    if (t.n - at->begin > full) {
        t = hsn_str_cut(t, 0, at->begin + full);
        last = false;
    }
    hsn_buf *plain = hsn_layer_enter(in, "base64");
    if (plain == NULL) {
        g->mode = HSN_GIANT_OPAQUE;
        return;
    }
    decoded d = {.ended = false};
    if (read_run(g, t, last, from, &d, plain)) {
        step_run(g, in, t, from, hsn_buf_str(plain), &d, at, out);
    } else {
        give_up(g, in, &d, plain);
    }
    hsn_layer_leave(in);
    decoded_deinit(&d);
}
