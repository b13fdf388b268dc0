/*
 * Objects in bytes: CBOR (RFC 8949) and MessagePack. Both are items with their lengths before them,
 * in maps of names and values; what differs is how an item's head is read.
 *
 * Receives bytes that a layer has decoded; emits edits of the strings in them, which keep their
 * length. Bytes that are not read to their end are none of either, and left alone; those that
 * nest beyond what is followed are replaced whole. Names are judged as keys of JSON are, and what
 * stands under a sensitive one is sensitive as a whole.
 */
#include "cut_bytes.h"

enum { DEPTH = 64, NAME_LONGEST = HSN_NAME_MAX };

typedef enum item_kind {
    ITEM_OTHER, /* a number, a truth value, bytes of an extension */
    ITEM_TEXT,
    ITEM_BYTES,
    ITEM_LIST,
    ITEM_MAP,
    ITEM_PIECES, /* of one string, each with its length */
    ITEM_TAG,    /* of the item behind it */
    ITEM_BREAK   /* ends what has no count */
} item_kind;

typedef struct item {
    item_kind kind;
    size_t from; /* of a string's bytes */
    size_t end;  /* behind the item; of a container behind its head */
    uint64_t count;
    bool endless; /* up to a break */
} item;

typedef bool (*read_fn)(hsn_str t, size_t at, item *out);

/* Big-endian, n bytes of it. False when they are not there. */
static bool read_number(hsn_str t, size_t at, size_t n, uint64_t *out)
{
    if (t.n < at || t.n - at < n) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        *out = *out << 8 | t.p[at + i];
    }
    return true;
}

static bool set_string(hsn_str t, item_kind kind, size_t from, uint64_t n, item *out)
{
    if (n > t.n - from) {
        return false;
    }
    *out = (item){.kind = kind, .from = from, .end = from + (size_t)n};
    return true;
}

/* ---------------------------------------------------------------- CBOR, section 3 */

static bool read_cbor(hsn_str t, size_t at, item *out)
{
    enum { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE, ENDLESS = 31 };
    static const item_kind kinds[] = {
        [UNSIGNED] = ITEM_OTHER, [NEGATIVE] = ITEM_OTHER, [BYTES] = ITEM_BYTES,
        [TEXT] = ITEM_TEXT,      [ARRAY] = ITEM_LIST,     [MAP] = ITEM_MAP,
        [TAG] = ITEM_TAG,        [SIMPLE] = ITEM_OTHER};
    unsigned major = t.p[at] >> 5;
    unsigned info = t.p[at] & 31;
    if (info == ENDLESS) {
        item_kind kind = major == SIMPLE                   ? ITEM_BREAK
                         : major == BYTES || major == TEXT ? ITEM_PIECES
                                                           : kinds[major];
        *out = (item){.kind = kind, .end = at + 1, .endless = true};
        return major >= BYTES && major != TAG;
    }
    uint64_t n = info;
    size_t more = info < 24 ? 0 : (size_t)1 << (info - 24);
    if (more > 8 || (more > 0 && !read_number(t, at + 1, more, &n))) {
        return false;
    }
    size_t from = at + 1 + more;
    if (major == BYTES || major == TEXT) {
        return set_string(t, kinds[major], from, n, out);
    }
    *out = (item){.kind = kinds[major], .end = from, .count = n};
    return true;
}

/* ---------------------------------------------------------------- MessagePack, "Formats" */

/* Heads with bytes of length or value behind them, from 0xc0 on. */
static const struct msgpack_head {
    unsigned char kind;   /* item_kind */
    unsigned char length; /* bytes that tell the length or count */
    unsigned char skip;   /* bytes behind those */
    bool used;
} msgpack_heads[0x20] = {
    {ITEM_OTHER, 0, 0, true},  {ITEM_OTHER, 0, 0, false}, {ITEM_OTHER, 0, 0, true},
    {ITEM_OTHER, 0, 0, true},  {ITEM_BYTES, 1, 0, true},  {ITEM_BYTES, 2, 0, true},
    {ITEM_BYTES, 4, 0, true},  {ITEM_BYTES, 1, 1, true},  {ITEM_BYTES, 2, 1, true},
    {ITEM_BYTES, 4, 1, true},  {ITEM_OTHER, 0, 4, true},  {ITEM_OTHER, 0, 8, true},
    {ITEM_OTHER, 0, 1, true},  {ITEM_OTHER, 0, 2, true},  {ITEM_OTHER, 0, 4, true},
    {ITEM_OTHER, 0, 8, true},  {ITEM_OTHER, 0, 1, true},  {ITEM_OTHER, 0, 2, true},
    {ITEM_OTHER, 0, 4, true},  {ITEM_OTHER, 0, 8, true},  {ITEM_OTHER, 0, 2, true},
    {ITEM_OTHER, 0, 3, true},  {ITEM_OTHER, 0, 5, true},  {ITEM_OTHER, 0, 9, true},
    {ITEM_OTHER, 0, 17, true}, {ITEM_TEXT, 1, 0, true},   {ITEM_TEXT, 2, 0, true},
    {ITEM_TEXT, 4, 0, true},   {ITEM_LIST, 2, 0, true},   {ITEM_LIST, 4, 0, true},
    {ITEM_MAP, 2, 0, true},    {ITEM_MAP, 4, 0, true},
};

static bool read_msgpack(hsn_str t, size_t at, item *out)
{
    unsigned char c = t.p[at];
    if (c < 0x80 || c >= 0xe0) {
        *out = (item){.kind = ITEM_OTHER, .end = at + 1};
        return true;
    }
    if (c < 0xa0) {
        *out = (item){.kind = c < 0x90 ? ITEM_MAP : ITEM_LIST, .end = at + 1, .count = c & 15};
        return true;
    }
    if (c < 0xc0) {
        return set_string(t, ITEM_TEXT, at + 1, c & 31, out);
    }
    const struct msgpack_head *h = &msgpack_heads[c - 0xc0];
    uint64_t n = 0;
    size_t from = at + 1 + h->length + h->skip;
    if (!h->used || !read_number(t, at + 1, h->length, &n) || from > t.n) {
        return false;
    }
    if (h->kind == ITEM_TEXT || h->kind == ITEM_BYTES) {
        return set_string(t, (item_kind)h->kind, from, n, out);
    }
    *out = (item){.kind = (item_kind)h->kind, .end = from, .count = n};
    return true;
}

/* ---------------------------------------------------------------- walking */

/* A container that is open. */
typedef struct level {
    uint64_t left; /* items; of a map two for each pair */
    bool endless;
    bool map;
    bool value_next; /* of a map: its key has been read */
    hsn_str name;    /* of a map: that key; of others: what they stand under */
    const hsn_rule *rule;
} level;

typedef struct walk {
    hsn_inspector *in;
    hsn_str text;
    read_fn read;
    const hsn_site *site;
    hsn_edits *out; /* NULL: only looks whether it can be read */
    level level[DEPTH];
    unsigned depth;
    bool too_deep; /* it was left for a container beyond the last level */
    size_t names;  /* strings that were keys */
} walk;

/* A stand-in of another length would make the head before it wrong. */
static bool keeps_lengths(const hsn_edits *e)
{
    for (size_t i = 0; i < e->n; i++) {
        if (e->v[i].with.n != e->v[i].len) {
            return false;
        }
    }
    return true;
}

static void inspect_string(walk *w, const level *up, const item *it)
{
    hsn_str value = hsn_str_cut(w->text, it->from, it->end);
    hsn_site site = *w->site;
    hsn_edits inner = {0};
    site.where = up->name.n > 0 ? HSN_IN_KEY : 0;
    site.name = up->name;
    site.rule = up->rule;
    site.binary = it->kind == ITEM_BYTES;
    w->in->fixed = true;
    hsn_inspect_value(w->in, value, &site, &inner);
    if (!keeps_lengths(&inner)) {
        inner.n = 0;
        hsn_replace_blind(w->in, value, 0, value.n, "limit:size", &site, &inner);
    }
    w->in->fixed = false;
    hsn_edits_shift(w->in, &inner, it->from, w->out);
}

/* What a container under `name` is sensitive by. */
static const hsn_rule *rule_under(const walk *w, const level *up)
{
    const hsn_rule *own =
        up->name.n >= 3 ? hsn_rules_name(w->in->rules, up->name, HSN_IN_KEY, NULL) : NULL;
    return own != NULL && own->action == HSN_REPLACE ? own : up->rule;
}

static bool enter(walk *w, const level *up, const item *it)
{
    bool map = it->kind == ITEM_MAP;
    if (it->count > w->text.n) {
        return false;
    }
    w->too_deep = w->depth == DEPTH;
    if (w->too_deep) {
        return false;
    }
    w->level[w->depth++] = (level){
        .left = map ? 2 * it->count : it->count,
        .endless = it->endless,
        .map = map,
        .name = map ? (hsn_str){0} : up->name,
        .rule = rule_under(w, up),
    };
    return true;
}

/* A key of a map. A key that is no text names nothing. */
static bool take_key(walk *w, level *up, const item *it)
{
    hsn_str key = hsn_str_cut(w->text, it->from, it->end);
    bool name = it->kind == ITEM_TEXT && key.n <= NAME_LONGEST;
    if (it->kind == ITEM_LIST || it->kind == ITEM_MAP || it->kind == ITEM_PIECES) {
        return false;
    }
    up->name = name ? key : (hsn_str){0};
    up->value_next = true;
    w->names += name && key.n > 0 && hsn_looks_like_text(key.p, key.n);
    if (it->kind == ITEM_TEXT && w->out != NULL) {
        const level bare = {0};
        inspect_string(w, &bare, it);
    }
    return true;
}

static bool take_value(walk *w, level *up, const item *it)
{
    up->value_next = false;
    switch (it->kind) {
    case ITEM_LIST:
    case ITEM_MAP:
    case ITEM_PIECES:
        return enter(w, up, it);
    case ITEM_TEXT:
    case ITEM_BYTES:
        if (w->out != NULL && it->end > it->from) {
            inspect_string(w, up, it);
        }
        return true;
    case ITEM_OTHER:
    case ITEM_TAG:
    case ITEM_BREAK:
        break;
    }
    return it->kind == ITEM_OTHER;
}

static bool take(walk *w, const item *it)
{
    level *up = &w->level[w->depth - 1];
    if (it->kind == ITEM_TAG) {
        return true;
    }
    if (it->kind == ITEM_BREAK) {
        w->depth--;
        return up->endless && !up->value_next;
    }
    if (!up->endless && up->left-- == 0) {
        return false;
    }
    return up->map && !up->value_next ? take_key(w, up, it) : take_value(w, up, it);
}

/* Containers one behind the other, and nothing else. */
static bool run(walk *w)
{
    for (size_t at = 0; at < w->text.n;) {
        item it;
        if (!w->read(w->text, at, &it)) {
            return false;
        }
        const level outside = {.rule = w->site->rule};
        bool ok = w->depth > 0                                  ? take(w, &it)
                  : it.kind == ITEM_MAP || it.kind == ITEM_LIST ? enter(w, &outside, &it)
                                                                : it.kind == ITEM_TAG;
        if (!ok) {
            return false;
        }
        at = it.end;
        while (w->depth > 0 && !w->level[w->depth - 1].endless &&
               w->level[w->depth - 1].left == 0) {
            w->depth--;
        }
    }
    return w->depth == 0 && w->names > 0;
}

/* A map or list, or a tag of CBOR before one. */
static bool may_begin(hsn_str t, read_fn read)
{
    item it;
    return read(t, 0, &it) && (it.kind == ITEM_MAP || it.kind == ITEM_LIST || it.kind == ITEM_TAG);
}

bool hsn_cut_packed(hsn_inspector *in, hsn_str text, const hsn_site *site, hsn_edits *out)
{
    static const struct {
        read_fn read;
        const char *name;
    } kinds[] = {{read_msgpack, "msgpack"}, {read_cbor, "cbor"}};
    /* Bytes that repeat themselves may look like lists in lists without end, but have no names. */
    enum { SHORTEST = 8, NAMED = DEPTH / 2 };
    bool too_deep = false;
    for (size_t i = 0; i < HSN_COUNT(kinds) && text.n >= SHORTEST; i++) {
        walk look = {.in = in, .text = text, .read = kinds[i].read, .site = site};
        if (text.p[0] < 0x80 || !may_begin(text, kinds[i].read) || !run(&look)) {
            too_deep = too_deep || (look.too_deep && look.names >= NAMED);
            continue;
        }
        if (hsn_layer_enter(in, kinds[i].name) == NULL) {
            hsn_replace_blind(in, text, 0, text.n, "limit:layers", site, out);
            return true;
        }
        walk edit = {.in = in, .text = text, .read = kinds[i].read, .site = site, .out = out};
        (void)run(&edit);
        hsn_layer_leave(in);
        return true;
    }
    if (too_deep) {
        hsn_replace_blind(in, text, 0, text.n, "limit:layers", site, out);
    }
    return too_deep;
}
