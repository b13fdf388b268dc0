/*
 * Leaving out: entries that are not wanted and bodies that are too much, taken out of sanitized
 * text.
 *
 * Receives the sanitized text in a spool, reads it once for a list of the parts that may go (in a
 * spool as well: however many there are, memory stays flat), and sends it on without them as often
 * as wanted. What stays is the same byte for byte. Entries go with one comma and the white space
 * around them; in the place of a body stands a marker, so that its size and type still tell what it
 * was. Cleaning comes first: what was learned from a part left out holds for the rest.
 */
#include "cli_trim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK = 128 << 10,
    BODY_MIN = 4096 /* bytes: --fit keeps bodies below, which are often what explains a failure */
};

/* Short, the same for every body, and its own base64 where the entry says that the body is base64.
 * A body that is no longer than its marker stays: so does the marker, in a second run. */
static const char marker[] = "\"[body left out by harsan]\"";
static const char marker64[] = "\"W2JvZHkgbGVmdCBvdXQgYnkgaGFyc2FuXQ==\"";

/* ---------------------------------------------------------------- errors */

static cli_exit fail_io(const cli_trim *t, const char *doing)
{
    int error = errno;
    cli_say(t->label, "cannot %s: %s", doing, strerror(error));
    return error == ENOMEM ? CLI_NOMEM : CLI_IO;
}

/* ---------------------------------------------------------------- the list */

/* The reading of the text. */
typedef struct planner {
    cli_trim *t;
    const cli_opts *o;
    const cli_filter *filter;
    uint64_t nth;  /* entries told so far */
    bool kept_one; /* of this list of entries */
    bool leading;  /* entries before the first one kept are to go, from lead_from on */
    uint64_t lead_from;
    uint64_t last_end; /* of the entry before */
    int failed;        /* why, as errno tells; 0 = it did not */
} planner;

static void add_part(planner *p, cli_part part)
{
    if (p->failed == 0 && !cli_spool_add(p->t->parts, &part, sizeof part)) {
        p->failed = errno;
    }
}

static void drop(planner *p, uint64_t from, uint64_t to)
{
    add_part(p, (cli_part){.offset = from, .len = to - from, .kind = CLI_PART_DROP});
}

static void end_leading(planner *p, uint64_t to)
{
    if (p->leading) {
        drop(p, p->lead_from, to);
    }
    p->leading = false;
}

/* An entry goes with the comma before it; those before the first one kept with the comma behind. */
static void drop_entry(planner *p, const harsan_view_entry *e)
{
    p->t->left.entries++;
    if (p->kept_one) {
        drop(p, p->last_end, e->all.offset + e->all.len);
    } else if (!p->leading) {
        p->leading = true;
        p->lead_from = e->all.offset;
    }
}

/* Answers that tell of a failure are what a support engineer looks for. */
static bool has_failed(const harsan_view_entry *e)
{
    return e->status >= 400 || e->status <= 0 || *e->error != '\0' || *e->blocked_reason != '\0';
}

static void add_body(planner *p, const harsan_view_entry *e, bool request)
{
    harsan_span span = request ? e->request_text : e->response_text;
    bool base64 = !request && e->response_base64;
    cli_body body = request ? cli_body_of(e->request_mime_type, "")
                            : cli_body_of(e->mime_type, e->resource_type);
    cli_part part = {.offset = span.offset,
                     .len = span.len,
                     .entry = e->index,
                     .kind = CLI_PART_MARK,
                     .body = (uint8_t)body,
                     .base64 = base64,
                     .request = request};
    if (span.len < (base64 ? sizeof marker64 : sizeof marker)) {
        return;
    }
    if ((p->o->drop >> body & 1) != 0) {
        add_part(p, part);
    } else if (p->o->fit > 0 && span.len >= BODY_MIN && !has_failed(e)) {
        part.kind = CLI_PART_MAYBE;
        part.rank = cli_rank_of(body, span.len);
        add_part(p, part);
    }
}

static void on_entry(void *ctx, const harsan_view_entry *e)
{
    planner *p = ctx;
    bool keep = cli_filter_keeps(p->filter, p->nth++);
    if (e->index == 0) { /* a list of entries begins */
        end_leading(p, p->last_end);
        p->kept_one = false;
    }
    if (!keep) {
        drop_entry(p, e);
    } else {
        bool request_first = e->request_text.offset < e->response_text.offset;
        end_leading(p, e->all.offset);
        p->kept_one = true;
        p->t->left.entries_kept++;
        add_body(p, e, request_first);
        add_body(p, e, !request_first);
    }
    p->last_end = e->all.offset + e->all.len;
}

static cli_exit read_block(cli_trim *t)
{
    ssize_t n = cli_spool_read(t->text, t->block, BLOCK);
    t->at = 0;
    t->n = n > 0 ? (size_t)n : 0;
    return n < 0 ? fail_io(t, "read back what was held") : CLI_OK;
}

static cli_exit rewind_text(cli_trim *t)
{
    t->at = t->n = 0;
    t->pos = 0;
    return cli_spool_rewind(t->text) ? CLI_OK : fail_io(t, "read back what was held");
}

static cli_exit fail_view(const cli_trim *t, const harsan_view *v)
{
    cli_say_error(t->label, harsan_view_error(v));
    return cli_exit_of(harsan_view_error(v)->code);
}

static cli_exit read_text(planner *p, harsan_view *v)
{
    cli_trim *t = p->t;
    cli_exit code = rewind_text(t);
    harsan_status status = HARSAN_OK;
    do {
        code = code == CLI_OK ? read_block(t) : code;
        if (code != CLI_OK) {
            return code;
        }
        status = t->n > 0 ? harsan_view_feed(v, t->block, t->n) : harsan_view_finish(v);
    } while (status == HARSAN_OK && t->n > 0 && p->failed == 0);
    end_leading(p, p->last_end);
    if (p->failed != 0) {
        errno = p->failed;
        return fail_io(t, "list what is left out");
    }
    return status == HARSAN_OK ? CLI_OK : fail_view(t, v);
}

static cli_exit plan(cli_trim *t, const cli_opts *o, const cli_filter *filter)
{
    planner p = {.t = t, .o = o, .filter = filter};
    const harsan_view_sink sink = {.entry = on_entry, .ctx = &p};
    harsan_error err;
    harsan_view *v;
    if (harsan_view_new(&v, &sink, &err) != HARSAN_OK) {
        return cli_no_memory(t->label);
    }
    cli_exit code = read_text(&p, v);
    harsan_view_free(v);
    return code;
}

cli_exit cli_trim_open(cli_trim **out, cli_spool *text, const cli_opts *o, const cli_filter *filter,
                       const char *label)
{
    cli_trim *t = calloc(1, sizeof *t);
    *out = NULL;
    if (t != NULL) {
        t->label = label;
        t->text = text;
        t->block = malloc(BLOCK);
        t->parts = cli_spool_new();
    }
    if (t == NULL || t->block == NULL || t->parts == NULL) {
        cli_trim_close(t);
        return cli_no_memory(label);
    }
    cli_exit code = plan(t, o, filter);
    if (code != CLI_OK) {
        cli_trim_close(t);
        return code;
    }
    *out = t;
    return CLI_OK;
}

/* ---------------------------------------------------------------- sending */

/* The text up to `upto`, or past it when put is NULL. */
static cli_exit copy(cli_trim *t, uint64_t upto, const cli_walk *walk)
{
    cli_exit code = CLI_OK;
    while (code == CLI_OK && t->pos < upto) {
        if (t->at == t->n) {
            code = read_block(t);
            if (code != CLI_OK || t->n == 0) {
                return code; /* its end, as of the last piece */
            }
        }
        size_t n = t->n - t->at;
        n = upto - t->pos < n ? (size_t)(upto - t->pos) : n;
        if (walk != NULL) {
            code = walk->put(walk->ctx, t->block + t->at, n);
        }
        t->at += n;
        t->pos += n;
    }
    return code;
}

static void count_body(cli_left_out *left, const cli_part *part)
{
    uint64_t bytes = part->len - 2; /* without the quotes */
    left->bodies++;
    left->bytes += bytes;
    left->body_count[part->body]++;
    left->body_bytes[part->body] += bytes;
    if (left->n_list < CLI_LEFT_LIST) {
        left->list[left->n_list++] =
            (cli_left_body){part->entry, bytes, (cli_body)part->body, part->request};
    }
}

/* `*of_rank` counts the bodies of the cut's rank. */
static bool is_given_up(const cli_cut *cut, const cli_part *part, uint64_t *of_rank)
{
    if (part->rank != cut->rank) {
        return part->rank < cut->rank;
    }
    return (*of_rank)++ < cut->count;
}

static cli_exit send_part(cli_trim *t, const cli_part *part, const cli_walk *walk,
                          uint64_t *of_rank)
{
    uint64_t end = part->offset + part->len;
    cli_exit code = copy(t, part->offset, walk);
    if (code != CLI_OK) {
        return code;
    }
    if (part->kind == CLI_PART_MAYBE && !is_given_up(&t->cut, part, of_rank)) {
        code = walk->maybe != NULL ? walk->maybe(walk->ctx, part, false) : CLI_OK;
        code = code == CLI_OK ? copy(t, end, walk) : code;
        return code == CLI_OK && walk->maybe != NULL ? walk->maybe(walk->ctx, part, true) : code;
    }
    code = copy(t, end, NULL);
    if (code == CLI_OK && part->kind != CLI_PART_DROP) {
        count_body(&t->left, part);
        code = part->base64 ? walk->put(walk->ctx, marker64, sizeof marker64 - 1)
                            : walk->put(walk->ctx, marker, sizeof marker - 1);
    }
    return code;
}

/* Up to `max` parts; *n is 0 at the end. */
static cli_exit next_parts(cli_trim *t, cli_part *parts, size_t max, size_t *n)
{
    size_t have = 0;
    ssize_t got = 1;
    while (have < max * sizeof *parts && got > 0) {
        got = cli_spool_read(t->parts, (unsigned char *)parts + have, max * sizeof *parts - have);
        have += got > 0 ? (size_t)got : 0;
    }
    *n = have / sizeof *parts;
    return got < 0 ? fail_io(t, "read back the list of what is left out") : CLI_OK;
}

cli_exit cli_trim_walk(cli_trim *t, const cli_walk *walk)
{
    cli_part parts[64];
    size_t n = 1;
    uint64_t of_rank = 0;
    const uint64_t entries = t->left.entries;
    const uint64_t kept = t->left.entries_kept;
    t->left = (cli_left_out){.entries = entries, .entries_kept = kept};
    cli_exit code = rewind_text(t);
    if (code == CLI_OK && !cli_spool_rewind(t->parts)) {
        code = fail_io(t, "read back the list of what is left out");
    }
    while (code == CLI_OK && n > 0) {
        code = next_parts(t, parts, CLI_COUNT(parts), &n);
        for (size_t i = 0; i < n && code == CLI_OK; i++) {
            code = send_part(t, &parts[i], walk, &of_rank);
        }
    }
    return code == CLI_OK ? copy(t, UINT64_MAX, walk) : code;
}

cli_exit cli_trim_send(cli_trim *t, cli_write_fn *put, void *ctx)
{
    const cli_walk walk = {.put = put, .ctx = ctx};
    return cli_trim_walk(t, &walk);
}

/* ---------------------------------------------------------------- what went */

const cli_left_out *cli_trim_left(const cli_trim *t)
{
    return &t->left;
}

void cli_trim_say(const cli_trim *t, const char *label)
{
    const cli_left_out *left = &t->left;
    if (left->entries > 0) {
        cli_say(label, "left out: %" PRIu64 " of %" PRIu64 " entries%s", left->entries,
                left->entries + left->entries_kept,
                left->entries_kept == 0 ? ": none is left" : "");
    }
    if (left->bodies == 0) {
        return;
    }
    char kinds[256] = "";
    size_t len = 0;
    for (unsigned i = 0; i < CLI_N_BODIES; i++) {
        if (left->body_count[i] > 0) {
            int more =
                snprintf(kinds + len, sizeof kinds - len, "%s%s %" PRIu64, len > 0 ? ", " : "",
                         cli_body_name((cli_body)i), left->body_count[i]);
            len += more > 0 && (size_t)more < sizeof kinds - len ? (size_t)more : 0;
        }
    }
    cli_say(label, "left out: %" PRIu64 " %s, %" PRIu64 " bytes: %s", left->bodies,
            left->bodies == 1 ? "body" : "bodies", left->bytes, kinds);
}

void cli_trim_close(cli_trim *t)
{
    if (t != NULL) {
        cli_spool_free(t->parts);
        free(t->costs);
        free(t->block);
        free(t);
    }
}
