/*
 * Runs of base64 characters: a text or stream in disguise, or an identifier like most of them.
 *
 * Receives a word with which a run begins. Tries it with what stands before and behind it that may
 * be a part: signs that begin no word, lines, a token of several runs. What was read in vain is
 * looked through for known values. Each run is tried once.
 */
#include "scan.h"
#include "spot.h"
#include "stops.h"

static bool is_base64_sign(unsigned char c)
{
    return c == '/' || c == '+' || c == '-' || c == '_';
}

/* Where the token ends whose first base64 run ends at `end`: a JWT has several, dots between them.
 */
static size_t token_end(hsn_scan *s, size_t end)
{
    hsn_str t = s->text;
    if (end > s->token_end) {
        s->token_end = end;
        while (s->token_end < t.n && t.p[s->token_end] == '.') {
            s->token_end = hsn_scan_base64_run(t, s->token_end + 1);
        }
    }
    return s->token_end;
}

/* Behind the line end at t[at] and the blanks that indent the next line; `at` when there is none.
 * A single blank stands for one where lines were joined. */
static size_t next_line(hsn_str t, size_t at)
{
    enum { INDENT_MAX = 32 };
    size_t next = at + (at < t.n && t.p[at] == '\r');
    if (next < t.n && t.p[next] == '\n') {
        next++;
        size_t from = next;
        while (next < t.n && next - from < INDENT_MAX && (t.p[next] == ' ' || t.p[next] == '\t')) {
            next++;
        }
        return next;
    }
    return at < t.n && t.p[at] == ' ' ? at + 1 : at;
}

/* Base64 characters from `from` on, and the padding behind them. */
static size_t line_length(hsn_str t, size_t from)
{
    size_t end = hsn_scan_base64_run(t, from);
    size_t n = end - from;
    while (n % 4 != 0 && end < t.n && t.p[end] == '=') {
        end++;
        n++;
    }
    return n;
}

/* A run may go on behind a line end (RFC 2045: lines of 76, PEM: of 64), in lines as long as the
 * first; the last may be shorter, by whole groups of four, or it is a word. `end` if it does not.
 */
static size_t lines_end(hsn_str t, size_t from, size_t end)
{
    enum { LINE_MIN = 16, LINE_MAX = 80 };
    size_t line = end - from;
    if (line < LINE_MIN || line > LINE_MAX) {
        return end;
    }
    bool full = false; /* a second one was */
    for (;;) {
        size_t next = next_line(t, end);
        size_t n = next > end ? line_length(t, next) : 0;
        bool blank = next == end + 1 && t.p[end] == ' ';
        if (n == 0 || n > line || (n < line && (n % 4 != 0 || (blank && !full)))) {
            return end;
        }
        end = hsn_scan_base64_run(t, next);
        full = full || n == line;
        if (n < line || end - next < n) {
            return end;
        }
    }
}

static bool begins_word(hsn_str t, size_t at)
{
    return hsn_is_alnum(t.p[at]) && (at == 0 || !hsn_is_alnum(t.p[at - 1]));
}

/* The words of a stretch that was read as a layer and left as it is. It may be base64 by chance: a
 * token that stands elsewhere under its name, whole or after a sign. Far behind the beginning of a
 * run nothing but base64 goes on. */
static void look_up_words(hsn_scan *s, size_t from, size_t to)
{
    enum { HEAD = 4096 };
    hsn_str t = s->text;
    to = to - from > HEAD ? from + HEAD : to;
    for (size_t at = from; at < to; at++) {
        const size_t left = t.n - at;
        if (at >= s->skip && begins_word(t, at) && hsn_is_key(t.p + at, left)) {
            const uint64_t key = hsn_key_hash(t.p + at, left);
            if (!hsn_scan_known(s, at, key)) {
                hsn_inspector_asks(s->in, key, true);
            }
        }
    }
}

/* True when the run is done with. Pictures are no value of anything. */
static bool try_base64(hsn_scan *s, size_t from, size_t end)
{
    size_t done;
    const size_t before = s->out->n;
    const hsn_blind *blind = s->in->blind;
    if (end - from < HSN_BASE64_MIN ||
        !hsn_cut_base64(s->in, s->text, from, end, s->site, &done, s->out)) {
        return false;
    }
    bool media = s->in->blind != blind && strcmp(s->in->blind->why, "media") == 0;
    bool keys = s->known != NULL || s->in->seen != NULL;
    if (s->out->n == before && !media && keys) {
        look_up_words(s, from, done);
    }
    s->skip = s->skip > done ? s->skip : done;
    return true;
}

/*
 * "550e8400-e29b-41d4-a716-446655440000", "9e107d9d372bb6826bd81d3542a419d6": the commonest runs of
 * base64 characters in JSON. The quotes say that nothing goes on on either side, as an escape, a
 * line or a token would.
 */
static bool is_quoted_id(hsn_str t, size_t at, size_t end, bool *uuid)
{
    if (at == 0 || t.p[at - 1] != '"' || end >= t.n || t.p[end] != '"') {
        return false;
    }
    const hsn_str run = hsn_str_cut(t, at, end);
    *uuid = hsn_is_uuid(run);
    return *uuid || hsn_is_small_hex(run);
}

/* True when it was one. What a UUID decodes to has bytes from 0x80 on wherever a hyphen stands, and
 * where most digits do: no text, no stream. So it is with other digits, unless they are those of a
 * text in another layer. */
static bool try_id(hsn_scan *s, size_t at, size_t end)
{
    bool uuid;
    if (!is_quoted_id(s->text, at, end, &uuid) || hsn_rules_match_hex(s->in->rules)) {
        return false;
    }
    if (!uuid && hsn_may_hide_in_hex(hsn_str_cut(s->text, at, end))) {
        try_base64(s, at, end);
    }
    return true;
}

/* The digits of a fraction or an id, too few to be the hexadecimal ones of a text, and nothing on
 * either side with which base64 would go on. */
static bool is_short_number(hsn_str t, size_t at, size_t end)
{
    static const bool behind[128] = {['\r'] = true, ['\n'] = true, [' '] = true, ['='] = true};
    return end - at < HSN_INSIDE_MIN && (at == 0 || !is_base64_sign(t.p[at - 1])) &&
           end < t.n && t.p[end] < 128 && !behind[t.p[end]] &&
           hsn_is_small_hex(hsn_str_cut(t, at, end));
}

/* What {" is in base64. */
static bool begins_json(hsn_str t, size_t at)
{
    return hsn_str_starts(hsn_str_cut(t, at, t.n), HSN_S("eyJ"));
}

void hsn_spot_run(hsn_scan *s, size_t at, size_t in_run)
{
    size_t end = s->base64_end;
    if (at >= end) {
        end = in_run != 0 ? at + in_run : hsn_scan_base64_run(s->text, at);
        s->base64_end = end;
    } else if (s->text.p[at - 1] != '/' && s->text.p[at - 1] != '_' && !begins_json(s->text, at)) {
        return; /* the run was tried from its beginning; a path may still have one behind a slash */
    }
    if (is_short_number(s->text, at, end) || try_id(s, at, end)) {
        return;
    }
    if (hsn_scan_defer(s, token_end(s, end))) {
        return;
    }
    if (end - at >= HSN_INSIDE_MIN && end - at <= HSN_INSIDE_MAX) {
        hsn_spot_inside(s, at, end);
        if (s->skip > at) {
            return;
        }
    }
    /* / + - and _ begin no word, but a base64 text (of bytes whose first five bits are set) */
    size_t from = at;
    while (from > s->skip && from > 0 && is_base64_sign(s->text.p[from - 1])) {
        from--;
    }
    if (end > s->lines_end) {
        s->lines_end = lines_end(s->text, from, end);
        if (s->lines_end > end && try_base64(s, from, s->lines_end)) {
            return;
        }
    }
    if (from == at || !try_base64(s, from, end)) {
        try_base64(s, at, end);
    }
}
