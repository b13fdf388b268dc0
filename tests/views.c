/*
 * Views of a text: see views.h. Works off a list of texts; each is searched, then decoded in every
 * way that yields something new. No order of encodings is assumed, so none can be forgotten.
 */
#include "views.h"

#include "peel.h"

enum {
    VIEWS_MAX = 1 << 16,  /* more of one text is an error in the test */
    SLOTS = VIEWS_MAX * 2,
    DEPTH_MAX = 24,
    RUN_MIN = 12,         /* characters of base64 that are worth decoding */
    PLAIN_MAX = 1 << 26
};

typedef struct view {
    unsigned char *p;
    size_t n;
    unsigned depth;
    const char *how;   /* decoding that made it */
    uint32_t from;     /* index of what was decoded */
} view;

typedef struct views {
    view *v;
    size_t n;
    uint64_t *hashes;  /* of all texts so far, open addressing */
} views;

static uint64_t hash_of(hsn_str s)
{
    uint64_t h = 0xcbf29ce484222325U; /* FNV-1a */
    for (size_t i = 0; i < s.n; i++) {
        h = (h ^ s.p[i]) * 0x100000001b3U;
    }
    return h | 1;
}

/* True when `s` was not there before. */
static bool remember(views *all, hsn_str s)
{
    uint64_t h = hash_of(s);
    size_t i = (size_t)(h >> 8) % SLOTS;
    while (all->hashes[i] != 0) {
        if (all->hashes[i] == h) {
            return false;
        }
        i = (i + 1) % SLOTS;
    }
    all->hashes[i] = h;
    return true;
}

enum { SHORTEST = 5 }; /* nothing planted is shorter */

static void add_view(views *all, hsn_str s, const char *how, uint32_t from)
{
    unsigned depth = all->n > 0 ? all->v[from].depth + 1 : 0;
    if (s.n < SHORTEST || !remember(all, s)) {
        return;
    }
    if (all->n == VIEWS_MAX || depth > DEPTH_MAX) {
        print_error("too many views of one text\n");
        fail();
        return;
    }
    unsigned char *copy = hsn_mem_new(s.n);
    assert_non_null(copy);
    memcpy(copy, s.p, s.n);
    all->v[all->n++] = (view){.p = copy, .n = s.n, .depth = depth, .how = how, .from = from};
}

/* ---------------------------------------------------------------- decodings */

/* Strings and keys of a JSON text. False when it is none. */
static bool open_json(views *all, hsn_str s, uint32_t from)
{
    bool maybe = s.n > 1 && (s.p[0] == '{' || s.p[0] == '[' || s.p[0] == '"' || s.p[0] == 0xef);
    tokens t = {0};
    bool ok = maybe && tokens_read(s, &t);
    for (size_t i = 0; ok && i < t.n; i++) {
        if (t.v[i].kind == HSN_JSON_STRING || t.v[i].kind == HSN_JSON_KEY) {
            add_view(all, hsn_str_cut(s, t.v[i].off, t.v[i].off + t.v[i].len), "json", from);
        }
    }
    tokens_free(&t);
    return ok;
}

static void open_escapes(views *all, hsn_str s, uint32_t from)
{
    static const hsn_escape *const layers[] = {&hsn_escape_js, &hsn_escape_percent,
                                               &hsn_escape_form, &hsn_escape_entity};
    for (size_t i = 0; i < COUNT(layers); i++) {
        if (layers[i]->find(s, 0) < s.n) {
            hsn_buf plain = new_buf();
            assert_true(hsn_peel_escape(layers[i], s, &plain));
            add_view(all, hsn_buf_str(&plain), layers[i]->name, from);
            hsn_buf_deinit(&plain);
        }
    }
}

/* Text for people or programs, not noise: what decoding the wrong bytes gives. */
static bool is_text(hsn_str s)
{
    enum { PROBE = 64 };
    size_t odd = 0;
    size_t n = s.n < PROBE ? s.n : PROBE;
    for (size_t i = 0; i < n; i++) {
        odd += s.p[i] >= 0x7f || (s.p[i] < 0x20 && !hsn_is_space(s.p[i]));
    }
    return odd * 3 <= n;
}

static bool open_deflate(views *all, hsn_str s, hsn_deflate how, uint32_t from)
{
    static const char *const names[] = {"gzip", "zlib", "deflate"};
    hsn_buf plain;
    hsn_buf_init(&plain, PLAIN_MAX);
    bool ok = inflate_whole(s, how, &plain) == HSN_INFLATE_OK && is_text(hsn_buf_str(&plain));
    if (ok) {
        add_view(all, hsn_buf_str(&plain), names[how], from);
    }
    hsn_buf_deinit(&plain);
    return ok;
}

static void open_bytes(views *all, hsn_str s, uint32_t from)
{
    hsn_deflate deflate;
    hsn_utf16 wide;
    if (hsn_deflate_sniff(s, &deflate) && open_deflate(all, s, deflate, from)) {
        return;
    }
    if (hsn_utf16_sniff(s, &wide)) {
        hsn_buf plain = new_buf();
        if (hsn_utf16_decode(s, &wide, &plain)) {
            add_view(all, hsn_buf_str(&plain), "utf-16", from);
        }
        hsn_buf_deinit(&plain);
        return;
    }
    if (is_text(s)) {
        add_view(all, s, "base64", from);
        return;
    }
    if (!open_deflate(all, s, HSN_RAW_DEFLATE, from)) {
        /* binary data that a value may stand in: searched, and no more */
        add_view(all, s, "base64", from);
    }
}

static void open_run(views *all, hsn_str run, uint32_t from)
{
    hsn_base64 how;
    hsn_buf plain = new_buf();
    if (run.n >= RUN_MIN && hsn_base64_decode(run, &how, &plain)) {
        open_bytes(all, hsn_buf_str(&plain), from);
    }
    hsn_buf_deinit(&plain);
}

/* Every run of letters, digits and the characters of `more`, with its padding. */
static void open_runs(views *all, hsn_str s, const char *more, uint32_t from)
{
    for (size_t i = 0; i < s.n;) {
        size_t begin = i;
        while (i < s.n && (hsn_is_alnum(s.p[i]) || (s.p[i] != 0 && strchr(more, s.p[i]) != NULL))) {
            i++;
        }
        size_t end = i;
        while (end < s.n && end < i + 2 && s.p[end] == '=') {
            end++;
        }
        open_run(all, hsn_str_cut(s, begin, end), from);
        i += i == begin;
    }
}

static void open_base64(views *all, hsn_str s, uint32_t from)
{
    open_runs(all, s, "", from);
    open_runs(all, s, "+/", from);
    open_runs(all, s, "-_", from);
    if (hsn_str_chr(s, '\n') < s.n) { /* broken into lines */
        open_runs(all, s, "+/\r\n", from);
        open_runs(all, s, "-_\r\n", from);
    }
}

/* ---------------------------------------------------------------- search */

static const hsn_str *search(hsn_str s, const hsn_str *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (hsn_str_find(s, values[i]) < s.n) {
            return &values[i];
        }
    }
    return NULL;
}

static void name_way(const views *all, uint32_t at, char way[128])
{
    const char *steps[DEPTH_MAX + 1];
    size_t n = 0;
    for (; at != 0; at = all->v[at].from) {
        steps[n++] = all->v[at].how;
    }
    way[0] = '\0';
    while (n-- > 0) {
        size_t used = strlen(way);
        snprintf(way + used, 128 - used, "%s%s", used > 0 ? "/" : "", steps[n]);
    }
}

const hsn_str *find_readable(hsn_str text, const hsn_str *values, size_t n, char way[128])
{
    views all = {.v = hsn_mem_new(VIEWS_MAX * sizeof *all.v),
                 .hashes = hsn_mem_zero(SLOTS, sizeof *all.hashes)};
    assert_non_null(all.v);
    assert_non_null(all.hashes);
    const hsn_str *found = NULL;
    add_view(&all, text, "", 0);
    for (uint32_t i = 0; i < all.n && found == NULL; i++) {
        hsn_str s = hsn_str_of(all.v[i].p, all.v[i].n);
        found = search(s, values, n);
        if (found != NULL && way != NULL) {
            name_way(&all, i, way);
        }
        if (found == NULL && !open_json(&all, s, i)) {
            open_escapes(&all, s, i);
            open_base64(&all, s, i);
        }
    }
    for (size_t i = 0; i < all.n; i++) {
        hsn_mem_free(all.v[i].p);
    }
    hsn_mem_free(all.v);
    hsn_mem_free(all.hashes);
    return found;
}
