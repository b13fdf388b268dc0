/*
 * Writes a large made-up HAR to standard output: bench_gen KIND KILOBYTES
 *
 *   web      a page: scripts, JSON, HTML and base64 images; most bytes lie in long strings
 *   api      JSON bodies only, with addresses, ids and tokens: the most there is to find
 *   tiny     entries without bodies: headers and structure only
 *   media    images only
 *   giant    one string: a script of the size asked for
 *   secrets  every entry has a password of its own, to be learned
 *   taught   the same, as many as fit: bodies of 64 KiB that hold nothing else
 *   nest     brackets to the depth limit, again and again
 *   alike    strings that differ in one number, where a look at a few words of them does not tell
 *   bomb     every body is 1 KB of gzip that holds 1 MB: as much as is ever inflated
 *   gzips    every body is a thousand times gzip
 *   base64s  one string: base64 of base64 of base64
 *   FIRST=TEXT  one string: FIRST, then TEXT again and again; both are JSON string content
 *
 * The same arguments give the same bytes. Every body is made anew: a text that came before would
 * let a cache shine. Nothing in it belongs to anybody.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef enum mix { WEB, API, TINY, MEDIA, SECRETS, TAUGHT, BOMB, GZIPS, N_MIXES } mix;

static const char *const mix_names[N_MIXES] = {"web",     "api",    "tiny", "media",
                                               "secrets", "taught", "bomb", "gzips"};

typedef struct gen {
    uint64_t state;
    uint64_t written; /* bytes */
} gen;

/* ---------------------------------------------------------------- random material */

/* splitmix64: any start will do, and it is the same on every machine. */
static uint64_t draw(gen *g)
{
    uint64_t z = g->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static unsigned below(gen *g, unsigned n)
{
    return (unsigned)(draw(g) % n);
}

static const char *word(gen *g)
{
    static const char *const words[] = {
        "function", "return",  "window",  "document", "element", "style",   "color",  "margin",
        "padding",  "value",   "index",   "length",   "push",    "map",     "filter", "reduce",
        "await",    "user",    "session", "token",    "config",  "request", "header", "cookie",
        "event",    "handler", "module",  "export",   "default", "import",  "class",  "extends",
        "super",    "null",    "order",   "basket",   "invoice", "status",  "report", "folder",
    };
    return words[below(g, sizeof words / sizeof *words)];
}

/* ---------------------------------------------------------------- writing */

static void put_bytes(gen *g, const char *p, size_t n)
{
    g->written += n;
    if (fwrite(p, 1, n, stdout) != n) {
        perror("bench_gen");
        exit(1);
    }
}

static void put(gen *g, const char *text)
{
    put_bytes(g, text, strlen(text));
}

static void put_number(gen *g, uint64_t n)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, n);
    put(g, digits);
}

static void put_chars(gen *g, const char *alphabet, unsigned n)
{
    char run[256] = {0};
    unsigned size = (unsigned)strlen(alphabet);
    while (n > 0) {
        unsigned part = n < sizeof run ? n : (unsigned)sizeof run;
        for (unsigned i = 0; i < part; i++) {
            run[i] = alphabet[below(g, size)];
        }
        put_bytes(g, run, part);
        n -= part;
    }
}

static const char hex[] = "0123456789abcdef";
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void put_words(gen *g, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        put(g, i > 0 ? " " : "");
        put(g, word(g));
    }
}

/* ---------------------------------------------------------------- bodies, as JSON string content
 */

static void put_script(gen *g, unsigned size)
{
    static const char *const between[] = {"(", ".", " = ", "[\\\"", "; // "};
    static const char *const after[] = {")", "\\\"]", ";", ",", " + 1;"};
    uint64_t end = g->written + size;
    while (g->written < end) {
        put(g, below(g, 2) ? "    " : "  ");
        put_words(g, 2);
        put(g, between[below(g, 5)]);
        put_words(g, 1 + below(g, 3));
        put(g, after[below(g, 5)]);
        put(g, "\\n");
    }
}

static void put_record(gen *g)
{
    put(g, "{\\\"id\\\": ");
    put_number(g, below(g, 1000000000));
    put(g, ", \\\"key\\\": \\\"");
    put_chars(g, hex, 32);
    put(g, "\\\", \\\"name\\\": \\\"");
    put_words(g, 2);
    put(g, "\\\", \\\"email\\\": \\\"");
    put(g, word(g));
    put_number(g, below(g, 100000));
    put(g, "@maltbarrow");
    put_number(g, below(g, 100));
    put(g, ".net\\\", \\\"created_at\\\": \\\"2026-01-1");
    put_number(g, below(g, 10));
    put(g, "T10:00:00.000Z\\\", \\\"score\\\": 0.");
    put_number(g, draw(g) >> 12);
    put(g, ", \\\"active\\\": true, \\\"description\\\": \\\"");
    put_words(g, 30);
    put(g, "\\\"}");
}

static void put_json(gen *g, unsigned size)
{
    uint64_t end = g->written + size;
    put(g, "[");
    put_record(g);
    while (g->written < end) {
        put(g, ", ");
        put_record(g);
    }
    put(g, "]");
}

static void put_html(gen *g, unsigned size)
{
    uint64_t end = g->written + size;
    while (g->written < end) {
        put(g, "<div class=\\\"");
        put(g, word(g));
        put(g, "\\\" id=\\\"x");
        put_number(g, below(g, 10000));
        put(g, "\\\"><a href=\\\"https://www.example.com/");
        put(g, word(g));
        put(g, "/");
        put_number(g, below(g, 10000));
        put(g, "?from=");
        put(g, word(g));
        put(g, "\\\">");
        put_words(g, 8);
        put(g, "</a></div>\\n");
    }
}

/* A WebP by its first twelve bytes (RIFF, size, WEBP). */
static void put_image(gen *g, unsigned size)
{
    put(g, "UklGRiQAAABXRUJQ");
    put_chars(g, base64, size - size % 4);
}

/* ---------------------------------------------------------------- entries */

static void put_header(gen *g, const char *name, const char *value)
{
    put(g, "{\"name\": \"");
    put(g, name);
    put(g, "\", \"value\": \"");
    put(g, value);
    put(g, "\"},\n          ");
}

static void put_common_headers(gen *g)
{
    static const char *const pairs[][2] = {
        {"accept", "*/*"},
        {"accept-encoding", "gzip, deflate, br"},
        {"accept-language", "en-US,en;q=0.9"},
        {"cache-control", "no-cache"},
        {"user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"},
        {"sec-fetch-mode", "cors"},
        {"content-type", "application/json; charset=utf-8"},
        {"vary", "Accept-Encoding"},
        {"strict-transport-security", "max-age=31536000"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        put_header(g, pairs[i][0], pairs[i][1]);
    }
}

static void put_token_header(gen *g)
{
    put(g, "{\"name\": \"authorization\", \"value\": \"Bearer ");
    put_chars(g, base64url, 86);
    put(g, "\"},\n          ");
}

static void put_request(gen *g, uint64_t i)
{
    char session[33] = ""; /* one id, at three places */
    for (unsigned k = 0; k < 32; k++) {
        session[k] = hex[below(g, 16)];
    }
    put(g, "\"request\": {\"method\": \"GET\", \"url\": \"https://api.example.com/v1/items/");
    put_number(g, i);
    put(g, "?session=");
    put(g, session);
    put(g, "&page=2\", \"httpVersion\": \"h2\",\n        \"headers\": [\n          ");
    put_common_headers(g);
    if (below(g, 2) != 0) {
        put_token_header(g);
    }
    put(g, "{\"name\": \"cookie\", \"value\": \"sid=");
    put(g, session);
    put(g, "; theme=dark\"}],\n        \"queryString\": [{\"name\": \"session\", \"value\": \"");
    put(g, session);
    put(g, "\"}, {\"name\": \"page\", \"value\": \"2\"}],\n        \"cookies\": [], "
           "\"headersSize\": -1, \"bodySize\": 0},\n      ");
}

static void make_password(gen *g, char word[25])
{
    for (unsigned k = 0; k < 24; k++) {
        word[k] = base64url[below(g, 62)];
    }
    word[24] = '\0';
}

/* A password is a word of its own, twice: under its name, and where only learning finds it. */
static void put_secret(gen *g)
{
    char word[25];
    make_password(g, word);
    put(g, "\"mimeType\": \"text/plain\", \"text\": \"password=");
    put(g, word);
    put(g, " and again ");
    put(g, word);
    put(g, "\"");
}

static void put_passwords(gen *g, unsigned size)
{
    uint64_t end = g->written + size;
    while (g->written < end) {
        char word[25];
        make_password(g, word);
        put(g, "password=");
        put(g, word);
        put(g, "\\n");
    }
}

/* ---------------------------------------------------------------- layers */

static void *must_have(void *p)
{
    if (p == NULL) {
        perror("bench_gen");
        exit(1);
    }
    return p;
}

/* gzip of p[0..*n), which is freed; *n becomes its length. */
static unsigned char *squeeze(unsigned char *p, size_t *n)
{
    z_stream z = {.next_in = p, .avail_in = (uInt)*n};
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        exit(1);
    }
    size_t room = deflateBound(&z, (uLong)*n);
    unsigned char *out = must_have(malloc(room));
    z.next_out = out;
    z.avail_out = (uInt)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END) {
        exit(1);
    }
    *n = z.total_out;
    deflateEnd(&z);
    free(p);
    return out;
}

/* base64 of p[0..*n), which is freed; *n becomes its length. */
static unsigned char *wrap(unsigned char *p, size_t *n)
{
    size_t len = (*n + 2) / 3 * 4;
    unsigned char *out = must_have(malloc(len));
    for (size_t i = 0, k = 0; i < *n; i += 3, k += 4) {
        size_t left = *n - i;
        unsigned v = (unsigned)p[i] << 16;
        v |= left > 1 ? (unsigned)p[i + 1] << 8 : 0;
        v |= left > 2 ? p[i + 2] : 0;
        out[k] = (unsigned char)base64[v >> 18];
        out[k + 1] = (unsigned char)base64[v >> 12 & 63];
        out[k + 2] = (unsigned char)(left > 1 ? base64[v >> 6 & 63] : '=');
        out[k + 3] = (unsigned char)(left > 2 ? base64[v & 63] : '=');
    }
    free(p);
    *n = len;
    return out;
}

static void put_wrapped(gen *g, unsigned char *p, size_t n)
{
    p = wrap(p, &n);
    put_bytes(g, (const char *)p, n);
    free(p);
}

/* Text that differs, then what squeezes best: a little under the ratio up to which harsan inflates.
 */
static void put_bomb(gen *g)
{
    enum { SIZE = 1000 * 1000, DIFFERENT = 200 };
    static const char words[] = "a b c ";
    size_t n = SIZE;
    unsigned char *p = must_have(malloc(n));
    for (size_t i = 0; i < n; i++) {
        p[i] =
            (unsigned char)(i < DIFFERENT ? base64[below(g, 64)] : words[i % (sizeof words - 1)]);
    }
    p = squeeze(p, &n);
    put_wrapped(g, p, n);
}

static void put_gzips(gen *g)
{
    enum { LAYERS = 1000, SIZE = 40 };
    size_t n = SIZE;
    unsigned char *p = must_have(malloc(n));
    for (size_t i = 0; i < n; i++) {
        p[i] = (unsigned char)base64[below(g, 64)];
    }
    for (unsigned i = 0; i < LAYERS; i++) {
        p = squeeze(p, &n);
    }
    put_wrapped(g, p, n);
}

/* As many layers as `size` holds. */
static void put_base64s(gen *g, uint64_t size)
{
    size_t n = 30;
    unsigned char *p = must_have(malloc(n));
    memset(p, 'a', n);
    while (n < size / 4 * 3) {
        p = wrap(p, &n);
    }
    put_bytes(g, (const char *)p, n);
    free(p);
}

static void put_body(gen *g, mix m)
{
    unsigned kind = m == WEB ? below(g, 100) : m == MEDIA ? 99 : 50;
    if (m == TINY) {
        put(g, "\"mimeType\": \"text/plain\", \"text\": \"\"");
    } else if (m == SECRETS) {
        put_secret(g);
    } else if (m == TAUGHT) {
        put(g, "\"mimeType\": \"text/plain\", \"text\": \"");
        put_passwords(g, 64 * 1024);
        put(g, "\"");
    } else if (m == BOMB || m == GZIPS) {
        put(g, "\"mimeType\": \"text/plain\", \"encoding\": \"base64\", \"text\": \"");
        (m == BOMB ? put_bomb : put_gzips)(g);
        put(g, "\"");
    } else if (kind < 25) {
        put(g, "\"mimeType\": \"application/javascript\", \"text\": \"");
        put_script(g, 20000 + below(g, 280000));
        put(g, "\"");
    } else if (kind < 65) {
        put(g, "\"mimeType\": \"application/json\", \"text\": \"");
        put_json(g, 2000 + below(g, 58000));
        put(g, "\"");
    } else if (kind < 80) {
        put(g, "\"mimeType\": \"text/html\", \"text\": \"");
        put_html(g, 10000 + below(g, 80000));
        put(g, "\"");
    } else {
        put(g, "\"mimeType\": \"image/webp\", \"encoding\": \"base64\", \"text\": \"");
        put_image(g, 5000 + below(g, 250000));
        put(g, "\"");
    }
}

static void put_entry(gen *g, mix m, uint64_t i)
{
    put(g, i > 0 ? ",\n" : "\n");
    put(g, "    {\"startedDateTime\": \"2026-01-12T10:00:00.000Z\", \"time\": 12.5,\n      ");
    put_request(g, i);
    put(g, "\"response\": {\"status\": 200, \"statusText\": \"\", \"httpVersion\": \"h2\",\n"
           "        \"headers\": [\n          ");
    put_common_headers(g);
    put(g, "{\"name\": \"x-request-id\", \"value\": \"");
    put_chars(g, hex, 32);
    put(g, "\"}],\n        \"cookies\": [], \"redirectURL\": \"\", \"headersSize\": -1, "
           "\"bodySize\": -1,\n        \"content\": {\"size\": 0, ");
    put_body(g, m);
    put(g, "}},\n      \"cache\": {}, \"timings\": {\"send\": 0.1, \"wait\": 12.25, "
           "\"receive\": 0.5}}");
}

/* ---------------------------------------------------------------- files */

static void put_entries(gen *g, mix m, uint64_t end)
{
    for (uint64_t i = 0; g->written < end; i++) {
        put_entry(g, m, i);
    }
}

/* One entry whose body is one string: a script, layers of base64, or FIRST=TEXT. */
static void put_giant(gen *g, const char *kind, uint64_t end)
{
    const char *unit = strchr(kind, '=');
    put(g, "\n    {\"response\": {\"content\": {\"mimeType\": \"text/plain\", \"text\": \"");
    if (unit != NULL) {
        put_bytes(g, kind, (size_t)(unit - kind));
        while (g->written < end) {
            put(g, unit + 1);
        }
    } else if (strcmp(kind, "base64s") == 0) {
        put_base64s(g, end);
    } else {
        while (g->written < end) {
            put_script(g, 100000);
        }
    }
    put(g, "\"}}}");
}

static void put_nested(gen *g, uint64_t end)
{
    enum { DEPTH = 990 }; /* under the limit of 1,000, with what is around */
    for (bool first = true; g->written < end; first = false) {
        put(g, first ? "\n    " : ",\n    ");
        for (int i = 0; i < DEPTH; i++) {
            put(g, "[");
        }
        for (int i = 0; i < DEPTH; i++) {
            put(g, "]");
        }
    }
}

static void put_alike(gen *g, uint64_t end)
{
    enum { BYTES = 280, BEFORE = 8, DIGITS = 9 };
    char text[BYTES + 1];
    memset(text, 'a', BYTES);
    text[BYTES] = '\0';
    for (unsigned long i = 0; g->written < end; i++) {
        char number[DIGITS + 1];
        snprintf(number, sizeof number, "%09lu", i % 1000000000);
        memcpy(text + BEFORE, number, DIGITS);
        put(g, i == 0 ? "\n    \"" : ",\n    \"");
        put(g, text);
        put(g, "\"");
    }
}

/* False for a kind that is not known. */
static bool put_kind(gen *g, const char *kind, uint64_t end)
{
    for (mix m = WEB; m < N_MIXES; m++) {
        if (strcmp(kind, mix_names[m]) == 0) {
            put_entries(g, m, end);
            return true;
        }
    }
    const char *unit = strchr(kind, '=');
    if (strcmp(kind, "nest") == 0) {
        put_nested(g, end);
        return true;
    }
    if (strcmp(kind, "alike") == 0) {
        put_alike(g, end);
        return true;
    }
    if (strcmp(kind, "giant") == 0 || strcmp(kind, "base64s") == 0 ||
        (unit != NULL && unit[1] != '\0')) {
        put_giant(g, kind, end);
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    uint64_t size = argc == 3 ? strtoull(argv[2], NULL, 10) * 1000 : 0;
    gen g = {.state = 7};
    put(&g, "{\n\"log\": {\"version\": \"1.2\", \"creator\": {\"name\": \"bench_gen\", "
            "\"version\": \"1\"},\n  \"entries\": [");
    if (size == 0 || !put_kind(&g, argv[1], size)) {
        fputs("usage: bench_gen KIND KILOBYTES\n", stderr);
        return 2;
    }
    put(&g, "\n  ]}\n}\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
