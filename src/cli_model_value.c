/*
 * Values, followed by their stand-ins: in which requests of which hosts, and when the value of a
 * name changes.
 *
 * Receives findings, which come before the request they stand in is known; they wait in a queue
 * until the sanitized text of the request has streamed by. Must never hold a value.
 */
#include "cli_model.h"
#include "cli_yajl.h"

#include <stdlib.h>
#include <string.h>

/* Findings that wait: those of a few batches of the library. Past it they are counted with the last
 * one of their request. */
enum { PENDING_MAX = 1 << 15 };

/* ---------------------------------------------------------------- kinds */

static cli_revoke revoke_of(const char *category)
{
    static const struct {
        const char *category;
        cli_revoke kind;
    } table[] = {
        {"password", CLI_REVOKE_PASSWORD}, {"key", CLI_REVOKE_KEY},
        {"token", CLI_REVOKE_TOKEN},       {"session", CLI_REVOKE_SESSION},
        {"cookie", CLI_REVOKE_SESSION},    {"signature", CLI_REVOKE_URL},
        {"url", CLI_REVOKE_URL},           {"otp", CLI_REVOKE_OTHER},
        {"secret", CLI_REVOKE_OTHER},
    };
    for (size_t i = 0; i < CLI_COUNT(table); i++) {
        if (strcmp(table[i].category, category) == 0) {
            return table[i].kind;
        }
    }
    return CLI_REVOKE_NONE; /* csrf lapses with its session; an address cannot be revoked */
}

/* ---------------------------------------------------------------- values */

static void describe(cli_value *v, const harsan_finding *f, bool weak)
{
    cli_show(v->category, sizeof v->category, f->category);
    cli_show(v->rule, sizeof v->rule, f->rule);
    cli_show(v->what, sizeof v->what, f->what);
    cli_show(v->layers, sizeof v->layers, f->layers);
    v->weak = weak;
    v->revoke = revoke_of(f->category);
}

static void name_it(cli_value *v, const harsan_finding *f)
{
    cli_show(v->name, sizeof v->name, f->name);
    cli_show(v->kind, sizeof v->kind, f->name_kind != NULL ? f->name_kind : "");
}

static uint32_t add_value(cli_model *m, const harsan_finding *f, bool weak)
{
    if (m->n_values == CLI_VALUES) {
        m->unfollowed++;
        return CLI_NO_INDEX;
    }
    cli_value *at = cli_grow(m->value, &m->cap_values, m->n_values, sizeof *at);
    if (at == NULL) {
        m->failed_memory = true;
        return CLI_NO_INDEX;
    }
    m->value = at;
    uint32_t index = (uint32_t)m->n_values++;
    cli_value *v = &m->value[index];
    *v = (cli_value){.id = f->value_id, .first = CLI_NO_ENTRY, .last = CLI_NO_ENTRY};
    cli_show(v->stand_in, sizeof v->stand_in, f->stand_in);
    cli_show(v->place, sizeof v->place, f->place);
    describe(v, f, weak);
    cli_map_put(&m->value_map, f->value_id, index);
    return index;
}

static bool is_weak(const harsan_finding *f)
{
    return strcmp(f->rule, "learned") == 0 || strcmp(f->rule, "known") == 0;
}

static bool names_more(const harsan_finding *f)
{
    return f->name != NULL && f->name_kind != NULL;
}

/* The names whose changes are worth following are those that requests carry on their own. */
static bool is_tracked(const harsan_finding *f)
{
    return names_more(f) &&
           (strcmp(f->name_kind, "cookie") == 0 || strcmp(f->name_kind, "header") == 0) &&
           (revoke_of(f->category) != CLI_REVOKE_NONE || strcmp(f->category, "csrf") == 0);
}

static void wait_for_entry(cli_model *m, const harsan_finding *f, uint64_t entry, uint32_t value)
{
    cli_pending *last = m->n_pending > m->pending_from ? &m->pending[m->n_pending - 1] : NULL;
    bool tracked = is_tracked(f);
    bool same = last != NULL && last->entry == entry &&
                ((last->value == value && !tracked) || m->n_pending == PENDING_MAX);
    if (same) {
        last->count++;
        return;
    }
    if (m->pending != NULL && m->pending_from > 0 && m->n_pending == m->cap_pending) {
        m->n_pending -= m->pending_from;
        memmove(m->pending, m->pending + m->pending_from, m->n_pending * sizeof *m->pending);
        m->pending_from = 0;
    }
    if (m->n_pending == PENDING_MAX) {
        return;
    }
    cli_pending *at = cli_grow(m->pending, &m->cap_pending, m->n_pending, sizeof *at);
    if (at == NULL) {
        m->failed_memory = true;
        return;
    }
    m->pending = at;
    at = &m->pending[m->n_pending++];
    *at = (cli_pending){.entry = entry, .value = value, .count = 1};
    if (tracked) {
        cli_show(at->name, sizeof at->name, f->name);
        cli_show(at->kind, sizeof at->kind, f->name_kind);
    }
}

void cli_model_value(cli_model *m, const harsan_finding *f, uint64_t entry)
{
    uint32_t index = cli_map_get(&m->value_map, f->value_id);
    bool weak = is_weak(f);
    if (index == CLI_NO_INDEX) {
        index = add_value(m, f, weak);
    }
    if (index != CLI_NO_INDEX) {
        cli_value *v = &m->value[index];
        v->places++;
        if (v->weak && !weak) {
            describe(v, f, false);
        }
        if (v->learned_from[0] == '\0' && f->learned_from != NULL) {
            cli_show(v->learned_from, sizeof v->learned_from, f->learned_from);
        }
        if (v->name[0] == '\0' && names_more(f)) {
            name_it(v, f);
        }
        if (!v->jwt && f->claims != NULL) {
            m->failed_memory |= !cli_model_claims(v, f->claims);
        }
    }
    if (entry != CLI_NO_ENTRY) {
        wait_for_entry(m, f, entry, index);
    }
}

/* ---------------------------------------------------------------- entries */

static void add_host(cli_value *v, uint32_t host)
{
    for (uint32_t i = 0; i < v->n_hosts; i++) {
        if (v->host[i] == host) {
            return;
        }
    }
    if (v->n_hosts < CLI_VALUE_HOSTS) {
        v->host[v->n_hosts++] = host;
    }
}

static cli_track *track_of(cli_model *m, const cli_pending *p, uint32_t host)
{
    char key[sizeof p->kind + sizeof p->name + 16];
    int len = snprintf(key, sizeof key, "%lu %s %s", (unsigned long)host, p->kind, p->name);
    uint64_t hash = cli_hash(m->seed, key, (size_t)len);
    uint32_t index = cli_map_get(&m->track_map, hash);
    if (index != CLI_NO_INDEX) {
        return &m->track[index];
    }
    if (m->n_tracks == CLI_TRACKS) {
        return NULL;
    }
    cli_track *at = cli_grow(m->track, &m->cap_tracks, m->n_tracks, sizeof *at);
    if (at == NULL) {
        m->failed_memory = true;
        return NULL;
    }
    m->track = at;
    cli_map_put(&m->track_map, hash, (uint32_t)m->n_tracks);
    at = &m->track[m->n_tracks++];
    *at = (cli_track){.host = host};
    memcpy(at->name, p->name, sizeof at->name);
    memcpy(at->kind, p->kind, sizeof at->kind);
    return at;
}

/* The last step kept stands for all that were not. */
static void follow(cli_model *m, const cli_pending *p, uint32_t host)
{
    cli_track *t = track_of(m, p, host);
    if (t == NULL) {
        return;
    }
    cli_step *last = t->n_steps > 0 ? &t->step[t->n_steps - 1] : NULL;
    if (last != NULL && last->value == p->value) {
        last->last = p->entry;
        return;
    }
    t->changes += last != NULL;
    if (last == NULL || t->n_steps < CLI_STEPS) {
        t->step[t->n_steps++] = (cli_step){p->value, p->entry, p->entry};
    } else {
        *last = (cli_step){p->value, p->entry, p->entry};
    }
}

static void settle_one(cli_model *m, const cli_pending *p, uint32_t host)
{
    if (p->value == CLI_NO_INDEX) {
        return;
    }
    cli_value *v = &m->value[p->value];
    v->entries += v->last != p->entry;
    v->first = v->first == CLI_NO_ENTRY ? p->entry : v->first;
    v->last = p->entry;
    if (host != CLI_NO_INDEX) {
        add_host(v, host);
        if (p->name[0] != '\0') {
            follow(m, p, host);
        }
    }
}

uint64_t cli_model_settle(cli_model *m, uint64_t entry, uint32_t host)
{
    uint64_t found = 0;
    while (m->pending_from < m->n_pending && m->pending[m->pending_from].entry <= entry) {
        const cli_pending *p = &m->pending[m->pending_from++];
        bool here = p->entry == entry;
        found += here ? p->count : 0;
        settle_one(m, p, here ? host : CLI_NO_INDEX);
    }
    if (m->pending_from == m->n_pending) {
        m->pending_from = m->n_pending = 0;
    }
    return found;
}

/* ---------------------------------------------------------------- JWT claims (RFC 7519) */

typedef struct claims {
    cli_value *value;
    unsigned depth;
    char key[8]; /* of the outermost object; "" for any other */
} claims;

static int on_open(void *ctx)
{
    ((claims *)ctx)->depth++;
    return 1;
}

static int on_close(void *ctx)
{
    ((claims *)ctx)->depth--;
    return 1;
}

static int on_key(void *ctx, const unsigned char *p, size_t n)
{
    claims *c = ctx;
    if (c->depth == 1) {
        bool fits = n < sizeof c->key;
        memcpy(c->key, p, fits ? n : 0);
        c->key[fits ? n : 0] = '\0';
    }
    return 1;
}

static int on_string(void *ctx, const unsigned char *p, size_t n)
{
    claims *c = ctx;
    char text[256];
    size_t len = n < sizeof text - 1 ? n : sizeof text - 1;
    memcpy(text, p, len);
    text[len] = '\0';
    if (c->depth == 1 && strcmp(c->key, "iss") == 0) {
        cli_show(c->value->issuer, sizeof c->value->issuer, text);
    } else if (c->depth <= 2 && strcmp(c->key, "aud") == 0 && c->value->audience[0] == '\0') {
        cli_show(c->value->audience, sizeof c->value->audience, text); /* the first of a list */
    }
    return 1;
}

static int on_number(void *ctx, const char *p, size_t n)
{
    claims *c = ctx;
    char text[32];
    if (c->depth == 1 && strcmp(c->key, "exp") == 0 && n < sizeof text) {
        memcpy(text, p, n);
        text[n] = '\0';
        double seconds = strtod(text, NULL);
        c->value->expires = seconds > 0 && seconds < 4e9 ? seconds : 0;
    }
    return 1;
}

bool cli_model_claims(cli_value *v, const char *text)
{
    static const yajl_callbacks callbacks = {
        .yajl_number = on_number,
        .yajl_string = on_string,
        .yajl_start_map = on_open,
        .yajl_map_key = on_key,
        .yajl_end_map = on_close,
        .yajl_start_array = on_open,
        .yajl_end_array = on_close,
    };
    claims c = {.value = v};
    cli_yajl yajl;
    cli_exit code = cli_yajl_open(&yajl, &callbacks, &c);
    v->jwt = true;
    if (code == CLI_OK) { /* behind an error what was read so far has to do */
        code = cli_yajl_parse(&yajl, text, strlen(text));
    }
    cli_yajl_close(&yajl);
    return code != CLI_NOMEM;
}
