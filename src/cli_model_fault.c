/*
 * What went wrong in a capture: requests that failed, redirects that go in circles, mixed content.
 *
 * Receives the entries of sanitized text in their order, emits groups of like failures into the
 * model. Recorders tell of failures in their own words; those of Chromium, Firefox, Safari and
 * common proxies are known here. Must never grow with the input.
 */
#include "cli_model.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    PAGES = 64,     /* pages whose scheme and host are remembered */
    CHAINS = 16,    /* redirects under way at a time */
    CHAIN_MAX = 24, /* browsers give up after 20 */
    GROUPS = CLI_FAULTS * CLI_N_FAULTS
};

/* One redirect under way: the requests it made. */
typedef struct chain {
    uint64_t next; /* hash of the URL it points to; 0 = free */
    uint64_t seen[CHAIN_MAX];
    size_t n;
    bool told;
} chain;

typedef struct page {
    uint64_t id;
    uint64_t host;
    bool https;
    bool known;
    bool settled; /* its document has come; later ones are frames */
} page;

struct cli_faults {
    cli_map group;
    cli_map seen; /* groups that were not kept, so that they count once */
    page page[PAGES];
    chain chain[CHAINS];
    size_t oldest;
};

cli_faults *cli_faults_new(void)
{
    cli_faults *f = calloc(1, sizeof *f);
    if (f != NULL && (!cli_map_init(&f->group, GROUPS) || !cli_map_init(&f->seen, CLI_VALUES))) {
        cli_faults_free(f);
        return NULL;
    }
    return f;
}

void cli_faults_free(cli_faults *f)
{
    if (f != NULL) {
        cli_map_free(&f->group);
        cli_map_free(&f->seen);
        free(f);
    }
}

void cli_faults_clear(cli_faults *f)
{
    cli_map *maps[] = {&f->group, &f->seen};
    for (size_t i = 0; i < CLI_COUNT(maps); i++) {
        memset(maps[i]->value, 0xff, maps[i]->slots * sizeof *maps[i]->value);
        maps[i]->n = 0;
    }
    memset(f->page, 0, sizeof f->page);
    memset(f->chain, 0, sizeof f->chain);
    f->oldest = 0;
}

/* ---------------------------------------------------------------- kinds */

static bool contains(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (; *text != '\0'; text++) {
        if (strncasecmp(text, word, n) == 0) {
            return true;
        }
    }
    return false;
}

static bool contains_any(const char *text, const char *const *words)
{
    for (size_t i = 0; *text != '\0' && words[i] != NULL; i++) {
        if (contains(text, words[i])) {
            return true;
        }
    }
    return false;
}

/* What the recorder says, in its words. */
static cli_fault_kind kind_of_text(const char *text)
{
    static const char *const cors[] = {
        "cors",           "cross-origin",   "crossorigin",        "preflight",
        "access-control", "opaqueresponse", "ERR_BLOCKED_BY_ORB", NULL};
    static const char *const blocked[] = {"block",  "csp",      "content-security", "mixed",
                                          "denied", "tracking", "forbidden",        NULL};
    static const char *const aborted[] = {"abort", "cancel", NULL};
    return contains_any(text, cors)      ? CLI_FAULT_CORS
           : contains_any(text, blocked) ? CLI_FAULT_BLOCKED
           : contains_any(text, aborted) ? CLI_FAULT_ABORTED
                                         : CLI_FAULT_SILENT;
}

static bool is_remote(const char *url)
{
    return strncmp(url, "http:", 5) == 0 || strncmp(url, "https:", 6) == 0 ||
           strncmp(url, "ws:", 3) == 0 || strncmp(url, "wss:", 4) == 0;
}

static bool is_script_request(const harsan_view_entry *e)
{
    return strcmp(e->resource_type, "xhr") == 0 || strcmp(e->resource_type, "fetch") == 0 ||
           strcmp(e->resource_type, "preflight") == 0 || strcmp(e->method, "OPTIONS") == 0;
}

static cli_fault_kind kind_of(const harsan_view_entry *e, bool cross_origin)
{
    if (e->blocked_reason[0] != '\0') {
        cli_fault_kind kind = kind_of_text(e->blocked_reason);
        return kind == CLI_FAULT_SILENT ? CLI_FAULT_BLOCKED : kind;
    }
    /* a preflight that fails has no other meaning */
    bool preflight = cross_origin && strcmp(e->method, "OPTIONS") == 0;
    if (e->status >= 400 && preflight) {
        return CLI_FAULT_CORS;
    }
    if (e->status >= 400) {
        return e->status >= 500 ? CLI_FAULT_SERVER : CLI_FAULT_CLIENT;
    }
    if (e->error[0] != '\0') {
        cli_fault_kind kind = kind_of_text(e->error);
        return kind == CLI_FAULT_SILENT && preflight ? CLI_FAULT_CORS : kind;
    }
    if (e->status > 0 || !is_remote(e->url)) {
        return CLI_FAULT_NONE;
    }
    if (e->status_text[0] != '\0') {
        return kind_of_text(e->status_text);
    }
    return cross_origin && is_script_request(e) ? CLI_FAULT_CORS : CLI_FAULT_SILENT;
}

/* ---------------------------------------------------------------- groups */

static uint64_t group_key(const cli_model *m, cli_fault_kind kind, const harsan_view_entry *e)
{
    char head[64];
    uint64_t hash[2];
    snprintf(head, sizeof head, "%d %.0f %.12s", (int)kind, e->status, e->method);
    hash[0] = cli_hash(m->seed, head, strlen(head));
    hash[1] = cli_hash(m->seed, e->url, strcspn(e->url, "?#"));
    return cli_hash(m->seed, (const char *)hash, sizeof hash);
}

static void describe(cli_fault *g, const harsan_view_entry *e)
{
    const char *error = e->error[0] != '\0'            ? e->error
                        : e->blocked_reason[0] != '\0' ? e->blocked_reason
                                                       : e->status_text;
    g->status = e->status > 0 && e->status < 1000 ? (int)e->status : 0;
    g->time = e->time;
    cli_show(g->method, sizeof g->method, e->method);
    cli_show_url(g->url, sizeof g->url, e->url);
    cli_show(g->started, sizeof g->started, e->started);
    cli_show(g->error, sizeof g->error, error);
}

/* One more request of this kind; `text` explains it, NULL: the recorder does. */
static void count(cli_model *m, cli_fault_kind kind, const harsan_view_entry *e, const char *text)
{
    uint64_t key = group_key(m, kind, e);
    uint32_t index = cli_map_get(&m->faults->group, key);
    m->fault_count[kind]++;
    if (index != CLI_NO_INDEX) {
        m->fault[index].count++;
        m->fault[index].last = e->index;
        return;
    }
    if (m->fault_groups[kind] >= CLI_FAULTS) {
        if (cli_map_get(&m->faults->seen, key) == CLI_NO_INDEX) {
            cli_map_put(&m->faults->seen, key, 0);
            m->fault_groups[kind]++;
        }
        return;
    }
    m->fault_groups[kind]++;
    cli_map_put(&m->faults->group, key, (uint32_t)m->n_faults);
    cli_fault *g = &m->fault[m->n_faults++];
    *g = (cli_fault){.kind = kind, .first = e->index, .last = e->index, .count = 1};
    describe(g, e);
    if (text != NULL) {
        cli_show(g->error, sizeof g->error, text);
    }
}

/* ---------------------------------------------------------------- redirects */

static bool is_redirect(const harsan_view_entry *e)
{
    return e->status >= 300 && e->status < 400 && e->status != 304 && e->redirect_url[0] != '\0';
}

static uint64_t hash_url(const cli_model *m, const char *url, size_t len)
{
    uint64_t hash = cli_hash(m->seed, url, len);
    return hash != 0 ? hash : 1;
}

/* Where the redirect leads: an absolute URL, or a path of the same host. The fragment is not sent.
 */
static uint64_t hash_target(const cli_model *m, const harsan_view_entry *e)
{
    const char *to = e->redirect_url;
    char whole[2048];
    if (to[0] == '/' && to[1] != '/') {
        cli_url u = cli_url_of(e->url);
        size_t origin = u.host_len > 0 ? (size_t)(u.host + u.host_len - e->url) : 0;
        if (origin + strlen(to) < sizeof whole) {
            memcpy(whole, e->url, origin);
            memcpy(whole + origin, to, strlen(to) + 1);
            to = whole;
        }
    }
    return hash_url(m, to, strcspn(to, "#"));
}

static chain *chain_to(cli_faults *f, uint64_t here)
{
    for (size_t i = 0; i < CHAINS; i++) {
        if (f->chain[i].next == here) {
            return &f->chain[i];
        }
    }
    return NULL;
}

/* A circle: the same request led to the same place before, in one chain of redirects. */
static void follow_redirect(cli_model *m, const harsan_view_entry *e)
{
    cli_faults *f = m->faults;
    uint64_t here = hash_url(m, e->url, strcspn(e->url, "#"));
    chain *c = chain_to(f, here);
    if (!is_redirect(e)) {
        if (c != NULL) {
            c->next = 0;
        }
        return;
    }
    if (c == NULL) {
        c = &f->chain[f->oldest];
        f->oldest = (f->oldest + 1) % CHAINS;
        *c = (chain){.next = 0};
    }
    uint64_t step[3] = {here, hash_target(m, e), cli_hash(m->seed, e->method, strlen(e->method))};
    uint64_t key = cli_hash(m->seed, (const char *)step, sizeof step);
    bool again = c->n == CHAIN_MAX;
    for (size_t i = 0; i < c->n; i++) {
        again = again || c->seen[i] == key;
    }
    if (again && !c->told) {
        count(m, CLI_FAULT_LOOP, e, "redirected to where it came from");
        c->told = true;
    }
    if (c->n < CHAIN_MAX) {
        c->seen[c->n++] = key;
    }
    c->next = step[1];
}

/* ---------------------------------------------------------------- pages */

static bool is_document(const harsan_view_entry *e)
{
    return strcmp(e->resource_type, "document") == 0 ||
           (e->resource_type[0] == '\0' && strncmp(e->mime_type, "text/html", 9) == 0);
}

/* The page that the request belongs to: what it is, its first document tells that is no redirect.
 * Without pages every document is taken for a new one. */
static const page *page_of(cli_model *m, const harsan_view_entry *e)
{
    uint64_t id = cli_hash(m->seed, e->page, strlen(e->page));
    page *p = &m->faults->page[id % PAGES];
    cli_url u = cli_url_of(e->url);
    bool open = !p->known || p->id != id || (is_document(e) && !p->settled);
    if (open && strncmp(e->url, "http", 4) == 0) {
        *p = (page){.id = id,
                    .host = cli_hash(m->seed, u.host, u.host_len),
                    .https = u.scheme_len == 5,
                    .known = true};
        p->settled = e->page[0] != '\0' && is_document(e) && !is_redirect(e);
    }
    return p;
}

/* Browsers treat the machine itself as safe. */
static bool is_local(cli_url u)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    const size_t len = cli_url_name_len(u);
    for (size_t i = 0; i < CLI_COUNT(names); i++) {
        if (len == strlen(names[i]) && memcmp(u.host, names[i], len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_mixed(const harsan_view_entry *e, const page *p)
{
    bool plain = strncmp(e->url, "http:", 5) == 0 || strncmp(e->url, "ws:", 3) == 0;
    return p->https && plain && !is_document(e) && !is_local(cli_url_of(e->url));
}

cli_fault_kind cli_model_fault(cli_model *m, const harsan_view_entry *e)
{
    const page *p = page_of(m, e);
    cli_url u = cli_url_of(e->url);
    bool cross_origin = p->known && cli_hash(m->seed, u.host, u.host_len) != p->host;
    cli_fault_kind kind = kind_of(e, cross_origin);
    if (kind != CLI_FAULT_NONE) {
        count(m, kind, e, NULL);
    }
    if (is_mixed(e, p)) {
        count(m, CLI_FAULT_MIXED, e, "not encrypted, asked for by an encrypted page");
    }
    follow_redirect(m, e);
    return kind;
}
