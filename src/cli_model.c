/*
 * The model of a report: life, findings and gaps.
 *
 * Receives what the library tells while it runs, keeps what a report shows of it. Must never grow
 * with the input, nor hold a value that was found.
 */
#include "cli_model.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

cli_model *cli_model_new(void)
{
    cli_model *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return NULL;
    }
    randombytes_buf(&m->seed, sizeof m->seed);
    m->host = calloc(CLI_HOSTS, sizeof *m->host);
    m->gap = calloc(CLI_GAP_KINDS, sizeof *m->gap);
    m->fault = calloc((size_t)CLI_FAULTS * CLI_N_FAULTS, sizeof *m->fault);
    m->faults = cli_faults_new();
    bool ok = m->host != NULL && m->gap != NULL && m->fault != NULL && m->faults != NULL;
    if (!ok || !cli_map_init(&m->host_map, CLI_HOSTS) || !cli_map_init(&m->value_map, CLI_VALUES) ||
        !cli_map_init(&m->track_map, CLI_TRACKS)) {
        cli_model_free(m);
        return NULL;
    }
    cli_model_clear(m);
    return m;
}

void cli_model_free(cli_model *m)
{
    if (m == NULL) {
        return;
    }
    free(m->host);
    free(m->gap);
    free(m->fault);
    free(m->value);
    free(m->track);
    free(m->pending);
    cli_map_free(&m->host_map);
    cli_map_free(&m->value_map);
    cli_map_free(&m->track_map);
    cli_faults_free(m->faults);
    free(m);
}

static void clear_map(cli_map *m)
{
    memset(m->value, 0xff, m->slots * sizeof *m->value);
    m->n = 0;
}

void cli_model_clear(cli_model *m)
{
    cli_model fresh = {
        .host = m->host,
        .host_map = m->host_map,
        .fault = m->fault,
        .faults = m->faults,
        .value = m->value,
        .cap_values = m->cap_values,
        .value_map = m->value_map,
        .track = m->track,
        .cap_tracks = m->cap_tracks,
        .track_map = m->track_map,
        .pending = m->pending,
        .cap_pending = m->cap_pending,
        .gap = m->gap,
        .rules_version = m->rules_version,
        .passes = m->passes + 1,
        .seed = m->seed,
        .failed_memory = m->failed_memory,
    };
    *m = fresh;
    clear_map(&m->host_map);
    clear_map(&m->value_map);
    clear_map(&m->track_map);
    cli_faults_clear(m->faults);
}

/* ---------------------------------------------------------------- events */

/* "/log/entries/17/request/..." -> 17; CLI_NO_ENTRY for any other place. */
static uint64_t entry_of(const char *place)
{
    static const char entries[] = "/log/entries/";
    if (strncmp(place, entries, sizeof entries - 1) != 0) {
        return CLI_NO_ENTRY;
    }
    const char *p = place + sizeof entries - 1;
    char *end;
    unsigned long long n = strtoull(p, &end, 10);
    return end > p && (*end == '/' || *end == '\0') ? (uint64_t)n : CLI_NO_ENTRY;
}

void cli_model_finding(cli_model *m, const harsan_finding *f)
{
    m->places++;
    cli_model_value(m, f, entry_of(f->place));
}

static cli_gap_kind *gap_kind(cli_model *m, const harsan_gap *g)
{
    for (size_t i = 0; i < m->n_gaps; i++) {
        if (m->gap[i].replaced == g->replaced && strcmp(m->gap[i].why, g->why) == 0) {
            return &m->gap[i];
        }
    }
    if (m->n_gaps == CLI_GAP_KINDS) { /* the library knows fewer reasons than this */
        return &m->gap[CLI_GAP_KINDS - 1];
    }
    cli_gap_kind *kind = &m->gap[m->n_gaps++];
    memset(kind, 0, sizeof *kind);
    cli_show(kind->why, sizeof kind->why, g->why);
    kind->replaced = g->replaced;
    return kind;
}

void cli_model_gap(cli_model *m, const harsan_gap *g)
{
    cli_gap_kind *kind = gap_kind(m, g);
    kind->count++;
    kind->bytes += g->len;
    *(g->replaced ? &m->replaced_whole : &m->passed_on) += 1;
    if (kind->n < CLI_GAP_PLACES) {
        cli_gap_place *at = &kind->at[kind->n++];
        *at = (cli_gap_place){.entry = entry_of(g->place), .bytes = g->len};
        cli_show(at->place, sizeof at->place, g->place);
    }
}

/* ---------------------------------------------------------------- the end */

/* Kinds in the order of the report, the worst first; of a kind as they happened. */
static int worst_first(const void *a, const void *b)
{
    const cli_fault *x = a;
    const cli_fault *y = b;
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    return (x->first > y->first) - (x->first < y->first);
}

void cli_model_close(cli_model *m, const cli_result *r)
{
    m->result = r;
    (void)cli_model_settle(m, CLI_NO_ENTRY, CLI_NO_INDEX);
    if (m->n_faults > 0) {
        qsort(m->fault, m->n_faults, sizeof *m->fault, worst_first);
    }
}

/* ---------------------------------------------------------------- reading it */

const char *cli_host_name(const cli_model *m, uint32_t host)
{
    return host < m->n_hosts ? m->host[host].name : "other hosts";
}

bool cli_is_drawn_singly(const cli_model *m)
{
    return m->entries <= CLI_BARS;
}

/* Sorting needs the model, and qsort hands on none: keys are made first. */
typedef struct revoke_key {
    uint32_t host, index;
    cli_revoke kind;
    uint64_t first;
} revoke_key;

static int by_host_and_kind(const void *a, const void *b)
{
    const revoke_key *x = a;
    const revoke_key *y = b;
    if (x->host != y->host) {
        return x->host < y->host ? -1 : 1;
    }
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

cli_pick cli_pick_revoke(const cli_model *m)
{
    cli_pick pick = {.at = malloc((m->n_values + 1) * sizeof *pick.at)};
    revoke_key *key = malloc((m->n_values + 1) * sizeof *key);
    for (uint32_t i = 0; pick.at != NULL && key != NULL && i < m->n_values; i++) {
        const cli_value *v = &m->value[i];
        if (v->revoke != CLI_REVOKE_NONE) {
            uint32_t host = v->n_hosts > 0 ? v->host[0] : CLI_NO_INDEX;
            key[pick.n++] = (revoke_key){host, i, v->revoke, v->first};
        }
    }
    if (key == NULL) {
        free(pick.at);
        return (cli_pick){0};
    }
    if (pick.n > 0) {
        qsort(key, pick.n, sizeof *key, by_host_and_kind);
    }
    for (size_t i = 0; pick.at != NULL && i < pick.n; i++) {
        pick.at[i] = key[i].index;
    }
    free(key);
    return pick;
}

uint64_t cli_count_revoke(const cli_model *m, cli_revoke kind)
{
    uint64_t n = 0;
    for (size_t i = 0; i < m->n_values; i++) {
        cli_revoke own = m->value[i].revoke;
        n += kind == CLI_N_REVOKE ? own != CLI_REVOKE_NONE : own == kind;
    }
    return n;
}
