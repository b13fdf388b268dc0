/*
 * Small files of the user's own, JSON with comments, in memory: configuration and baseline.
 *
 * Receives a text, emits a tree of nodes that know where they stood, so that a mistake can be told
 * with line and column. Depth and size are bounded. Not for inputs: those may be of any size, and
 * hostile.
 */
#include "cli_check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16 };

typedef struct parser {
    cli_tree *t;
    size_t at;
    cli_exit code;
    cli_node *open[DEPTH_MAX];       /* the containers around what is read */
    const cli_node **end[DEPTH_MAX]; /* where each one's next child goes */
    size_t depth;
} parser;

/* ---------------------------------------------------------------- errors */

cli_exit cli_tree_blame(const cli_tree *t, size_t pos, const char *fmt, ...)
{
    char text[256];
    uint64_t line = 1;
    size_t from = t->text.n >= 3 && memcmp(t->text.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (size_t i = 0; i < pos && i < t->text.n; i++) {
        if (t->text.p[i] == '\n') {
            line++;
            from = i + 1;
        }
    }
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    cli_say(cli_input_label(t->name), "line %llu, column %zu: %s", (unsigned long long)line,
            pos >= from ? pos - from + 1 : 1, text);
    return CLI_USAGE;
}

static bool complain(parser *p, size_t pos, const char *what)
{
    p->code = cli_tree_blame(p->t, pos, "%s", what);
    return false;
}

static void *hold(parser *p, size_t n)
{
    cli_tree *t = p->t;
    void **blocks = cli_grow(t->block, &t->cap, t->n_blocks, sizeof *blocks);
    t->block = blocks != NULL ? blocks : t->block;
    void *block = blocks != NULL ? calloc(1, n) : NULL;
    if (block == NULL) {
        p->code = cli_no_memory(t->name);
        return NULL;
    }
    t->block[t->n_blocks++] = block;
    return block;
}

/* ---------------------------------------------------------------- tokens */

static int peek(const parser *p)
{
    return p->at < p->t->text.n ? p->t->text.p[p->at] : -1;
}

static bool at_text(const parser *p, const char *text)
{
    size_t n = strlen(text);
    return p->t->text.n - p->at >= n && memcmp(p->t->text.p + p->at, text, n) == 0;
}

static bool skip_until(parser *p, const char *end)
{
    while (p->at < p->t->text.n && !at_text(p, end)) {
        p->at++;
    }
    bool found = p->at < p->t->text.n;
    p->at += found ? strlen(end) : 0;
    return found;
}

static bool skip_space(parser *p)
{
    for (;;) {
        int c = peek(p);
        size_t pos = p->at;
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            p->at++;
        } else if (at_text(p, "//")) {
            (void)skip_until(p, "\n");
        } else if (at_text(p, "/*")) {
            p->at += 2;
            if (!skip_until(p, "*/")) {
                return complain(p, pos, "the comment does not end");
            }
        } else {
            return true;
        }
    }
}

static int hex4(const parser *p, size_t at)
{
    int value = 0;
    for (size_t i = at; i < at + 4; i++) {
        int c = i < p->t->text.n ? p->t->text.p[i] : 0;
        int low = c | 0x20;
        int digit = c >= '0' && c <= '9' ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static size_t put_utf8(char *to, unsigned c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Behind "\u": a character, of two of them if it is a surrogate; 0 and lone halves are refused. */
static bool read_code(parser *p, char *to, size_t *n)
{
    size_t pos = p->at - 2;
    int high = hex4(p, p->at);
    int low = high >= 0xd800 && high < 0xdc00 && p->t->text.n - p->at >= 10 &&
                      memcmp(p->t->text.p + p->at + 4, "\\u", 2) == 0
                  ? hex4(p, p->at + 6)
                  : 0;
    bool pair = low >= 0xdc00 && low < 0xe000;
    if (high <= 0 || (high >= 0xd800 && high < 0xe000 && !pair)) {
        return complain(p, pos, "no such character");
    }
    unsigned c = (unsigned)high;
    if (pair) {
        c = 0x10000 + ((c - 0xd800) << 10) + ((unsigned)low - 0xdc00);
    }
    p->at += pair ? 10 : 4;
    *n += put_utf8(to + *n, c);
    return true;
}

static bool read_escape(parser *p, char *to, size_t *n)
{
    static const char from[] = "\"\\/bfnrt";
    static const char with[] = "\"\\/\b\f\n\r\t";
    int c = p->at + 1 < p->t->text.n ? p->t->text.p[p->at + 1] : 0;
    const char *found = c != 0 ? strchr(from, c) : NULL;
    p->at += 2;
    if (c == 'u') {
        return read_code(p, to, n);
    }
    if (found == NULL) {
        return complain(p, p->at - 2, "no such escape");
    }
    to[(*n)++] = with[found - from];
    return true;
}

/* The opening quote is next. NULL after a complaint. */
static const char *read_string(parser *p)
{
    size_t pos = p->at;
    size_t end = pos + 1;
    while (end < p->t->text.n && p->t->text.p[end] != '"') {
        end += p->t->text.p[end] == '\\' ? 2 : 1;
    }
    char *text = hold(p, end - pos + 1); /* no escape is shorter than what it stands for */
    size_t n = 0;
    p->at++;
    while (text != NULL && peek(p) != '"') {
        int c = peek(p);
        if (c < 0x20) {
            return complain(p, pos, "the string does not end") ? text : NULL;
        }
        if (c != '\\') {
            text[n++] = (char)c;
            p->at++;
        } else if (!read_escape(p, text, &n)) {
            return NULL;
        }
    }
    p->at++;
    return text;
}

static bool read_word(parser *p, cli_node *node)
{
    static const struct {
        const char *text;
        cli_kind kind;
        bool flag;
    } words[] = {
        {"true", TREE_BOOL, true}, {"false", TREE_BOOL, false}, {"null", TREE_NULL, false}};
    for (size_t i = 0; i < CLI_COUNT(words); i++) {
        if (at_text(p, words[i].text)) {
            node->kind = words[i].kind;
            node->flag = words[i].flag;
            p->at += strlen(words[i].text);
            return true;
        }
    }
    size_t n = 0;
    while (p->at + n < p->t->text.n && p->t->text.p[p->at + n] != '\0' &&
           strchr("+-.0123456789eE", p->t->text.p[p->at + n]) != NULL) {
        n++;
    }
    if (n == 0) {
        return complain(p, p->at, "a value is expected here");
    }
    char *text = hold(p, n + 1);
    if (text != NULL) {
        memcpy(text, p->t->text.p + p->at, n);
    }
    p->at += n;
    node->kind = TREE_NUMBER;
    node->text = text;
    return text != NULL;
}

/* ---------------------------------------------------------------- structure */

static bool begin_value(parser *p, cli_node *node)
{
    int c = peek(p);
    node->pos = p->at;
    if (c == '"') {
        node->kind = TREE_STRING;
        node->text = read_string(p);
        return node->text != NULL;
    }
    if (c != '{' && c != '[') {
        return read_word(p, node);
    }
    if (p->depth == DEPTH_MAX) {
        return complain(p, p->at, "too deep");
    }
    node->kind = c == '{' ? TREE_OBJECT : TREE_ARRAY;
    p->open[p->depth] = node;
    p->end[p->depth] = &node->first;
    p->depth++;
    p->at++;
    return true;
}

static bool read_key(parser *p, cli_node *node)
{
    const cli_node *parent = p->open[p->depth - 1];
    node->key_pos = p->at;
    if (peek(p) != '"') {
        return complain(p, p->at, "a key in quotes is expected here");
    }
    node->key = read_string(p);
    for (const cli_node *n = parent->first; node->key != NULL && n != NULL; n = n->next) {
        if (strcmp(n->key, node->key) == 0) {
            return complain(p, node->key_pos, "this key is given twice");
        }
    }
    if (node->key == NULL || !skip_space(p)) {
        return false;
    }
    if (peek(p) != ':') {
        return complain(p, p->at, "a colon is expected here");
    }
    p->at++;
    return skip_space(p);
}

/* The next child of the innermost container, or its end. */
static bool step(parser *p)
{
    const cli_node *in = p->open[p->depth - 1];
    const char close = in->kind == TREE_OBJECT ? '}' : ']';
    bool first = p->end[p->depth - 1] == &p->open[p->depth - 1]->first;
    if (!skip_space(p)) {
        return false;
    }
    if (peek(p) == close) {
        p->at++;
        p->depth--;
        return true;
    }
    if (!first && peek(p) != ',') {
        return complain(p, p->at,
                        close == '}' ? "a comma or } is expected here"
                                     : "a comma or ] is expected here");
    }
    p->at += !first;
    cli_node *node = skip_space(p) ? hold(p, sizeof *node) : NULL;
    if (node == NULL || (in->kind == TREE_OBJECT && !read_key(p, node))) {
        return false;
    }
    *p->end[p->depth - 1] = node;
    p->end[p->depth - 1] = &node->next;
    return begin_value(p, node);
}

static bool parse(parser *p)
{
    p->at = at_text(p, "\xef\xbb\xbf") ? 3 : 0;
    cli_node *root = skip_space(p) ? hold(p, sizeof *root) : NULL;
    if (root == NULL || !begin_value(p, root)) {
        return false;
    }
    while (p->depth > 0) {
        if (!step(p)) {
            return false;
        }
    }
    if (!skip_space(p)) {
        return false;
    }
    p->t->root = root;
    return p->at == p->t->text.n || complain(p, p->at, "something stands behind the end");
}

cli_exit cli_tree_read(cli_tree *t, const char *name, size_t max)
{
    *t = (cli_tree){.name = name};
    cli_exit code = cli_bytes_read(&t->text, name, max);
    if (code != CLI_OK) {
        return code;
    }
    parser p = {.t = t};
    return parse(&p) ? CLI_OK : p.code;
}

void cli_tree_free(cli_tree *t)
{
    for (size_t i = 0; i < t->n_blocks; i++) {
        free(t->block[i]);
    }
    free(t->block);
    cli_bytes_free(&t->text);
    *t = (cli_tree){0};
}
