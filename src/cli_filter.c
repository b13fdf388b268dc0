/*
 * Which entries are wanted: by number, by host, by time.
 *
 * Receives the input as it is read, before anything in it is replaced (a host may become a
 * stand-in), and remembers one bit per entry. What is left out here is still sanitized: a value
 * learned in it is known in the rest. Must never say anything of what it reads.
 *
 * An entry is kept when every option given keeps it; of an option that is repeated, one has to.
 * Numbers count from 0 as in the places of a report. A time without an offset is UTC. Where a time
 * is asked for, an entry without a readable one is not kept.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct cli_filter {
    const cli_opts *o;
    const char *label;
    harsan_view *view;
    int64_t since; /* microseconds since 1970 */
    int64_t until;
    unsigned char *bits; /* one per entry */
    size_t cap;          /* bytes */
    uint64_t n;          /* entries */
    bool no_memory;
};

/* ---------------------------------------------------------------- numbers */

typedef struct range {
    uint64_t from;
    uint64_t to; /* included */
} range;

/* "7", "4-31" or "4-" from *p on, which moves behind it. */
static bool read_range(const char **p, range *r)
{
    char *end;
    if (**p < '0' || **p > '9') {
        return false;
    }
    r->from = r->to = strtoull(*p, &end, 10); /* what is too large names no entry */
    if (*end == '-') {
        end++;
        r->to = UINT64_MAX;
        if (*end >= '0' && *end <= '9') {
            r->to = strtoull(end, &end, 10);
        }
    }
    *p = end;
    return r->from <= r->to;
}

static bool in_ranges(const char *list, uint64_t number)
{
    range r;
    for (const char *p = list; read_range(&p, &r); p++) {
        if (r.from <= number && number <= r.to) {
            return true;
        }
        if (*p == '\0') {
            break;
        }
    }
    return false;
}

bool cli_filter_range_ok(const char *list)
{
    range r;
    const char *p = list;
    while (read_range(&p, &r)) {
        if (*p == '\0') {
            return true;
        }
        if (*p != ',') {
            return false;
        }
        p++;
    }
    return false;
}

/* ---------------------------------------------------------------- hosts */

/* `*` stands for any characters, `?` for one; ASCII case does not matter. The last star tried is
 * remembered: no more than len steps for each of them. */
static bool glob_matches(const char *glob, const char *text, size_t len)
{
    const char *star = NULL;
    size_t star_at = 0;
    size_t i = 0;
    while (i < len) {
        if (*glob == '*') {
            star = ++glob;
            star_at = i;
        } else if (*glob != '\0' && (*glob == '?' || strncasecmp(glob, text + i, 1) == 0)) {
            glob++;
            i++;
        } else if (star != NULL) {
            glob = star;
            i = ++star_at;
        } else {
            return false;
        }
    }
    return glob[strspn(glob, "*")] == '\0';
}

static bool host_wanted(const cli_list *globs, const char *url)
{
    const cli_url u = cli_url_of(url);
    const size_t len = cli_url_name_len(u);
    for (size_t i = 0; i < globs->n; i++) {
        if (glob_matches(globs->at[i], u.host, len)) {
            return true;
        }
    }
    return globs->n == 0;
}

/* ---------------------------------------------------------------- times */

bool cli_filter_time_ok(const char *text)
{
    int64_t micro;
    return cli_time_parse(text, &micro);
}

static bool time_wanted(const cli_filter *f, const char *started)
{
    int64_t at;
    if (f->o->since == NULL && f->o->until == NULL) {
        return true;
    }
    return cli_time_parse(started, &at) && at >= f->since && at <= f->until;
}

/* ---------------------------------------------------------------- bits */

static void remember(cli_filter *f, bool keep)
{
    size_t at = (size_t)(f->n / 8);
    if (at >= f->cap) {
        size_t cap = f->cap == 0 ? 4096 : f->cap * 2;
        unsigned char *bits = realloc(f->bits, cap);
        if (bits == NULL) {
            f->no_memory = true;
            return;
        }
        memset(bits + f->cap, 0, cap - f->cap);
        f->bits = bits;
        f->cap = cap;
    }
    f->bits[at] |= (unsigned char)(keep << (f->n % 8));
    f->n++;
}

static bool number_wanted(const cli_list *ranges, uint64_t number)
{
    for (size_t i = 0; i < ranges->n; i++) {
        if (in_ranges(ranges->at[i], number)) {
            return true;
        }
    }
    return ranges->n == 0;
}

static void on_entry(void *ctx, const harsan_view_entry *e)
{
    cli_filter *f = ctx;
    if (!f->no_memory) {
        remember(f, number_wanted(&f->o->entries, e->index) && host_wanted(&f->o->hosts, e->url) &&
                        time_wanted(f, e->started));
    }
}

bool cli_filter_keeps(const cli_filter *f, uint64_t nth)
{
    return f == NULL || (nth < f->n && (f->bits[nth / 8] >> (nth % 8) & 1) != 0);
}

/* ---------------------------------------------------------------- life */

cli_exit cli_filter_open(cli_filter **out, const cli_opts *o, const char *label)
{
    *out = NULL;
    if (o->entries.n + o->hosts.n == 0 && o->since == NULL && o->until == NULL) {
        return CLI_OK;
    }
    cli_filter *f = calloc(1, sizeof *f);
    const harsan_view_sink sink = {.entry = on_entry, .ctx = f};
    harsan_error err;
    if (f == NULL || harsan_view_new(&f->view, &sink, &err) != HARSAN_OK) {
        cli_filter_close(f);
        return cli_no_memory(label);
    }
    f->o = o;
    f->label = label;
    f->since = INT64_MIN;
    f->until = INT64_MAX;
    bool ok = (o->since == NULL || cli_time_parse(o->since, &f->since)) &&
              (o->until == NULL || cli_time_parse(o->until, &f->until));
    if (!ok || f->since > f->until) {
        cli_say(NULL, "--since is later than --until");
        cli_filter_close(f);
        return CLI_USAGE;
    }
    *out = f;
    return CLI_OK;
}

cli_exit cli_filter_feed(cli_filter *f, const void *data, size_t len)
{
    harsan_status status = harsan_view_feed(f->view, data, len);
    /* what is no JSON the library refuses as well, and says where in more detail */
    if (status != HARSAN_OK && status != HARSAN_E_SYNTAX) {
        cli_say_error(f->label, harsan_view_error(f->view));
        return cli_exit_of(status);
    }
    if (f->no_memory) {
        return cli_no_memory(f->label);
    }
    return CLI_OK;
}

void cli_filter_close(cli_filter *f)
{
    if (f != NULL) {
        harsan_view_free(f->view);
        free(f->bits);
        free(f);
    }
}
