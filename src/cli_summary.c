/*
 * What a run came to: how often each rule, category and place occurred, and the table of it.
 *
 * Receives findings and gaps, emits counts for reports and the summary on stderr. Bounded, whatever
 * an input makes up. Must never be given bytes of an input: names are those of rules and HAR keys.
 */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- tallies */

/* Rules, categories and places are a few hundred names; a hostile file must not make them more. */
enum { TALLY_MAX = 1000 };

static cli_tally_row *find_row(cli_tally *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strcmp(t->row[i].name, name) == 0) {
            if (i > 0) { /* one step to the front: frequent names are soon found at once */
                cli_tally_row row = t->row[i];
                t->row[i] = t->row[i - 1];
                t->row[i - 1] = row;
                i--;
            }
            return &t->row[i];
        }
    }
    return NULL;
}

static cli_tally_row *add_row(cli_tally *t, const char *name)
{
    cli_tally_row *row = cli_grow(t->row, &t->cap, t->n, sizeof *row);
    if (row == NULL) {
        t->failed = true;
        return NULL;
    }
    t->row = row;
    row += t->n++;
    snprintf(row->name, sizeof row->name, "%s", name);
    row->n = 0;
    return row;
}

size_t cli_tally_add(cli_tally *t, const char *name, uint64_t n)
{
    char key[sizeof t->row->name]; /* cut as the rows are, so that a long name finds its row */
    size_t len = strnlen(name, sizeof key - 1);
    unsigned hash = (unsigned)len * 5 + (len > 0 ? (unsigned char)name[len - 1] : 0u) +
                    (unsigned char)name[len / 2] * 3u;
    unsigned short *hint = &t->hint[hash % CLI_TALLY_HINTS];
    if (*hint < t->n && strcmp(t->row[*hint].name, name) == 0) {
        t->row[*hint].n += n;
        return *hint;
    }
    memcpy(key, name, len);
    key[len] = '\0';
    cli_tally_row *row = find_row(t, key);
    if (row == NULL && t->n >= TALLY_MAX) {
        memcpy(key, "other", sizeof "other");
        row = find_row(t, key);
    }
    if (row == NULL) {
        row = add_row(t, key);
    }
    if (row == NULL) {
        return TALLY_MAX + 1;
    }
    row->n += n;
    *hint = (unsigned short)(row - t->row);
    return *hint;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const cli_tally_row *)a)->name, ((const cli_tally_row *)b)->name);
}

static int by_count(const void *a, const void *b)
{
    uint64_t x = ((const cli_tally_row *)a)->n;
    uint64_t y = ((const cli_tally_row *)b)->n;
    return x != y ? (x < y) - (x > y) : by_name(a, b);
}

void cli_tally_sort(cli_tally *t, cli_order order)
{
    if (t->n > 0) {
        qsort(t->row, t->n, sizeof *t->row, order == CLI_BY_NAME ? by_name : by_count);
    }
}

void cli_tally_free(cli_tally *t)
{
    free(t->row);
    *t = (cli_tally){0};
}

/* ---------------------------------------------------------------- counts */

/* Enough to tell a cookie of a request from a header of a response. */
enum { CLASS_SEGMENTS = 3 };

static bool is_index(const char *p, size_t len)
{
    size_t i = 0;
    while (i < len && p[i] >= '0' && p[i] <= '9') {
        i++;
    }
    return len > 0 && i == len;
}

/* "/log/entries/4/request/headers/2/value" -> "request/headers/value": no index, not the two keys
 * that every place has, at most three of the others. */
static void place_class(const char *place, size_t n, char *out, size_t room)
{
    size_t used = 0;
    int kept = 0;
    bool top = strncmp(place, "/log/", 5) == 0;
    const char *end = place + n;
    const char *p = top ? place + 4 : place;
    while (p < end && *p == '/' && kept < CLASS_SEGMENTS) {
        p++;
        const char *next = memchr(p, '/', (size_t)(end - p));
        const size_t len = (size_t)((next != NULL ? next : end) - p);
        bool skip = is_index(p, len) || (top && len == 7 && memcmp(p, "entries", 7) == 0);
        if (!skip && used + len + 2 < room) {
            if (used > 0) {
                out[used++] = '/';
            }
            memcpy(out + used, p, len);
            used += len;
            kept++;
        }
        top = false;
        p += len;
    }
    out[used] = '\0';
    if (used == 0) {
        snprintf(out, room, "document");
    }
}

/* Looks the rows up that the finding counts in, and remembers them. */
static void count_anew(cli_counts *c, const harsan_finding *f)
{
    char class[sizeof c->place.row->name];
    const size_t len = strlen(f->place);
    place_class(f->place, len, class, sizeof class);
    cli_last_finding *last = &c->last;
    last->rule_row = cli_tally_add(&c->rule, f->rule, 1);
    last->category_row = cli_tally_add(&c->category, f->category, 1);
    last->place_row = cli_tally_add(&c->place, class, 1);
    last->rule = f->rule;
    last->category = f->category;
    const bool fits = len < sizeof last->place && !cli_counts_failed(c);
    memcpy(last->place, fits ? f->place : "", fits ? len + 1 : 1);
}

void cli_counts_finding(cli_counts *c, const harsan_finding *f)
{
    const cli_last_finding *last = &c->last;
    c->changed++;
    if (last->place[0] == '\0' || last->rule != f->rule || last->category != f->category ||
        strcmp(last->place, f->place) != 0) {
        count_anew(c, f);
        return;
    }
    c->rule.row[last->rule_row].n++;
    c->category.row[last->category_row].n++;
    c->place.row[last->place_row].n++;
}

void cli_counts_gap(cli_counts *c, const harsan_gap *g)
{
    cli_tally_add(g->replaced ? &c->replaced : &c->gap, g->why, 1);
}

static void merge(cli_tally *into, const cli_tally *from)
{
    for (size_t i = 0; i < from->n; i++) {
        cli_tally_add(into, from->row[i].name, from->row[i].n);
    }
}

void cli_counts_merge(cli_counts *into, const cli_counts *from)
{
    merge(&into->rule, &from->rule);
    merge(&into->category, &from->category);
    merge(&into->place, &from->place);
    merge(&into->gap, &from->gap);
    merge(&into->replaced, &from->replaced);
    into->files += from->files;
    into->entries += from->entries;
    into->changed += from->changed;
}

bool cli_counts_failed(const cli_counts *c)
{
    return c->rule.failed || c->category.failed || c->place.failed || c->gap.failed ||
           c->replaced.failed;
}

void cli_counts_free(cli_counts *c)
{
    cli_tally_free(&c->rule);
    cli_tally_free(&c->category);
    cli_tally_free(&c->place);
    cli_tally_free(&c->gap);
    cli_tally_free(&c->replaced);
    *c = (cli_counts){0};
}

/* ---------------------------------------------------------------- the table */

static void print_gaps(cli_tally *t, const char *what)
{
    cli_tally_sort(t, CLI_BY_COUNT);
    for (size_t i = 0; i < t->n; i++) {
        fprintf(stderr, "%s%" PRIu64 " %s", i > 0 ? ", " : what, t->row[i].n, t->row[i].name);
    }
    if (t->n > 0) {
        putc('\n', stderr);
    }
}

void cli_summary_print(cli_counts *c)
{
    char files[40] = "";
    char entries[40] = "";
    if (c->files > 1) {
        snprintf(files, sizeof files, "%" PRIu64 " files, ", c->files);
    }
    if (c->entries > 0) {
        snprintf(entries, sizeof entries, " in %" PRIu64 " entr%s", c->entries,
                 c->entries == 1 ? "y" : "ies");
    }
    cli_say(NULL, "%s%" PRIu64 " place%s changed%s", files, c->changed,
            c->changed == 1 ? "" : "s", entries);
    cli_tally_sort(&c->category, CLI_BY_COUNT);
    for (size_t i = 0; i < c->category.n; i++) {
        fprintf(stderr, "  %-12s %8" PRIu64 "\n", c->category.row[i].name, c->category.row[i].n);
    }
    print_gaps(&c->replaced, "replaced whole, without a look inside: ");
    print_gaps(&c->gap, "passed on without a look inside: ");
}
