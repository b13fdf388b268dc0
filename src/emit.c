/*
 * The way out: writes, tells, counts lines. See emit.h.
 */
#include "emit.h"

void hsn_emit_init(hsn_emit *e, const harsan_options *opt)
{
    *e = (hsn_emit){.opt = opt, .line = 1};
}

void hsn_emit_hold(hsn_emit *e, hsn_str text, uint64_t base)
{
    e->text = text;
    e->base = base;
}

enum { BLOCK = 64 };

/* A loop that compilers make a few vector instructions of. */
static unsigned ends_in_block(const unsigned char *p)
{
    unsigned char n = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        n = (unsigned char)(n + (p[i] == '\n'));
    }
    return n;
}

/* Behind the next line end from p[i] on; 0 when there is none before n. */
static size_t next_line(const unsigned char *p, size_t i, size_t n)
{
    const unsigned char *end = i < n ? memchr(p + i, '\n', n - i) : NULL;
    return end != NULL ? (size_t)(end - p) + 1 : 0;
}

/* Line ends in p[0..n); *last is behind the last one. Short lines are counted by the block, of long
 * ones each end is searched for. */
static uint64_t count_ends(const unsigned char *p, size_t n, size_t *last)
{
    uint64_t ends = 0;
    *last = 0;
    for (size_t i = 0; (i = next_line(p, i, n)) != 0; ends++) {
        unsigned more;
        for (; n - i >= BLOCK && (more = ends_in_block(p + i)) > 0; i += BLOCK) {
            ends += more;
        }
        *last = i;
    }
    while (*last > 0 && p[*last - 1] != '\n') {
        (*last)--;
    }
    return ends;
}

void hsn_emit_lines(hsn_emit *e, uint64_t offset)
{
    if (offset == e->counted) {
        return; /* and there may be no text at all */
    }
    size_t last;
    uint64_t ends = count_ends(e->text.p + (e->counted - e->base), (size_t)(offset - e->counted),
                               &last);
    if (ends > 0) {
        e->line += ends;
        e->line_at = e->counted + last;
    }
    e->counted = offset;
}

bool hsn_emit_put(hsn_emit *e, const void *p, size_t n)
{
    if (n > 0 && e->opt->write != NULL && e->opt->write(e->opt->write_ctx, p, n) != 0) {
        hsn_fail(e->err, HARSAN_E_IO, e->base, "the output could not be written");
        return false;
    }
    e->bytes += n;
    return true;
}

static bool put_gathered(hsn_emit *e)
{
    const size_t n = e->n;
    e->n = 0;
    return hsn_emit_put(e, e->gathered, n);
}

/* Copied: a stand-in and what is before the next one are short, and a write costs as much as some
 * hundred bytes. */
static bool gather(hsn_emit *e, hsn_str s)
{
    if (s.n > sizeof e->gathered - e->n) {
        if (!put_gathered(e)) {
            return false;
        }
        if (s.n > sizeof e->gathered) {
            return hsn_emit_put(e, s.p, s.n);
        }
    }
    if (s.n > 0) {
        memcpy(e->gathered + e->n, s.p, s.n);
        e->n += s.n;
    }
    return true;
}

bool hsn_emit_edits(hsn_emit *e, const hsn_edits *edits, size_t *written)
{
    for (size_t i = 0; i < edits->n; i++) {
        const hsn_edit *edit = &edits->v[i];
        if (!gather(e, hsn_str_cut(e->text, *written, edit->off)) || !gather(e, edit->with)) {
            return false;
        }
        *written = edit->off + edit->len;
    }
    return put_gathered(e);
}

static const char *name_kind(unsigned where)
{
    static const struct {
        unsigned bit;
        const char *kind;
    } kinds[] = {
        {HSN_IN_CLAIM, "claim"}, {HSN_IN_HEADER, "header"}, {HSN_IN_COOKIE, "cookie"},
        {HSN_IN_PARAM, "param"}, {HSN_IN_KEY, "key"},       {HSN_IN_FIELD, "field"},
        {HSN_IN_TEXT, "text"},
    };
    for (size_t i = 0; i < HSN_COUNT(kinds); i++) {
        if ((where & kinds[i].bit) != 0) {
            return kinds[i].kind;
        }
    }
    return NULL;
}

/* One line for people. */
static const char *what_of(const hsn_note *n)
{
    if (n->rule != NULL) {
        return n->rule->what;
    }
    if (strcmp(n->source, "limit") == 0) {
        return "not looked into: beyond a limit";
    }
    return strcmp(n->source, "known") == 0 ? "a value that was given"
                                           : "a value known from another place";
}

static void tell(hsn_emit *e, const hsn_note *n, uint64_t offset, size_t len, const char *place)
{
    char stand_in[128];
    size_t shown = n->stand_in.n < sizeof stand_in - 1 ? n->stand_in.n : sizeof stand_in - 1;
    memcpy(stand_in, n->stand_in.p, shown);
    stand_in[shown] = '\0';
    harsan_finding f = {
        .rule = n->rule != NULL ? n->rule->id : n->source,
        .what = what_of(n),
        .category = n->category,
        .place = place,
        .layers = n->layers,
        .stand_in = stand_in,
        .name = n->name,
        .name_kind = n->name != NULL ? name_kind(n->where) : NULL,
        .claims = n->claims,
        .learned_from = n->learned_from,
        .offset = offset,
        .len = len,
        .line = e->line,
        .column = offset - e->line_at + 1,
        .value_id = n->value_id,
    };
    e->opt->on_finding(e->opt->event_ctx, &f);
}

/* A field is one token of JSON, in which no line ends: those before it are counted once. */
void hsn_emit_findings(hsn_emit *e, const hsn_edits *edits, const char *place)
{
    for (size_t i = 0; i < edits->n; i++) {
        uint64_t offset = e->base + edits->v[i].off;
        if (i == 0) {
            hsn_emit_lines(e, offset);
        }
        e->counted = offset;
        for (const hsn_note *n = edits->v[i].notes; n != NULL; n = n->next) {
            e->findings++;
            if (e->opt->on_finding != NULL) {
                tell(e, n, offset, edits->v[i].len, place);
            }
        }
    }
}

void hsn_emit_gap(hsn_emit *e, harsan_gap gap)
{
    if (e->opt->on_gap != NULL) {
        e->opt->on_gap(e->opt->event_ctx, &gap);
    }
}
