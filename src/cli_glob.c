/*
 * Patterns as in a .gitignore: which paths `harsan check` leaves out.
 *
 * Receives a pattern and a path as texts, asks no file system. Costs at most the product of both
 * lengths: of a star only the last one is ever tried again, for what an earlier one could take
 * instead, the last one can take as well.
 */
#include "cli_check.h"

#include <string.h>

/* Does the class at p, behind its bracket, hold c? *end gets its last byte, NULL if it has none:
 * the bracket then means itself. */
static bool in_class(const char *p, char c, const char **end)
{
    bool negate = *p == '!' || *p == '^';
    bool found = false;
    const char *first = negate ? p + 1 : p;
    for (p = first; *p != '\0' && (*p != ']' || p == first); p++) {
        unsigned char low = (unsigned char)*p;
        if (p[1] == '-' && p[2] != ']' && p[2] != '\0') {
            p += 2;
        }
        found = found || ((unsigned char)c >= low && (unsigned char)c <= (unsigned char)*p);
    }
    *end = *p == ']' ? p : NULL;
    return found != negate && c != '/';
}

/* Does one element of the pattern, which is no star, take c? *next is behind it. */
static bool takes(const char *p, char c, const char **next)
{
    *next = p + 1;
    if (*p == '?') {
        return c != '/';
    }
    if (*p == '[') {
        const char *end;
        bool found = in_class(p + 1, c, &end);
        if (end != NULL) {
            *next = end + 1;
            return found;
        }
    }
    if (*p == '\\' && p[1] != '\0') {
        *next = p + 2;
        return p[1] == c;
    }
    return *p == c;
}

/* Where to go on when the text does not fit: behind the star, from one byte more. */
typedef struct star {
    const char *pattern; /* behind the star; NULL = none yet */
    const char *text;
} star;

/* Behind a double star, or NULL. "**" with a slash behind it takes whole components, none as well.
 */
static const char *behind_double(const char *p, const char *pattern)
{
    bool begins = p == pattern || p[-1] == '/';
    if (p[0] != '*' || p[1] != '*' || !begins || (p[2] != '/' && p[2] != '\0')) {
        return NULL;
    }
    return p[2] == '/' ? p + 3 : p + 2;
}

/* One step further for the last star that can go one: false when none can. */
static bool go_back(star *one, star *any, bool whole, const char **p, const char **t)
{
    if (one->pattern != NULL && *one->text != '\0' && *one->text != '/') {
        one->text++;
        *p = one->pattern;
        *t = one->text;
        return true;
    }
    one->pattern = NULL;
    if (any->pattern == NULL || *any->text == '\0') {
        return false;
    }
    const char *from = any->text + 1;
    if (whole) { /* only the beginning of a component will do */
        from = strchr(any->text, '/');
        from = from != NULL ? from + 1 : any->text + strlen(any->text);
    }
    any->text = from;
    *p = any->pattern;
    *t = from;
    return true;
}

static bool match(const char *pattern, const char *text)
{
    star one = {NULL, NULL};
    star any = {NULL, NULL};
    bool whole = false;
    const char *p = pattern;
    const char *t = text;
    for (;;) {
        const char *next = behind_double(p, pattern);
        if (next != NULL) {
            whole = *next != '\0';
            any = (star){next, t};
            one.pattern = NULL;
            p = next;
        } else if (*p == '*') {
            one = (star){p + 1, t};
            p++;
        } else if (*t != '\0' && *p != '\0' && takes(p, *t, &next)) {
            p = next;
            t++;
        } else if (*t == '\0' && *p == '\0') {
            return true;
        } else if (!go_back(&one, &any, whole, &p, &t)) {
            return false;
        }
    }
}

/* Longer than any path: such a pattern means nothing. */
enum { PATTERN_MAX = 4096 };

cli_glob cli_glob_judge(const char *pattern, const char *path, bool is_dir)
{
    char bare[PATTERN_MAX];
    bool include = *pattern == '!';
    const char *p = include ? pattern + 1 : pattern;
    size_t n = strlen(p);
    bool dirs = n > 1 && p[n - 1] == '/';
    n -= dirs;
    if (n == 0 || n >= sizeof bare || (dirs && !is_dir)) {
        return GLOB_NO;
    }
    memcpy(bare, p, n);
    bare[n] = '\0';
    bool anchored = strchr(bare, '/') != NULL;
    const char *name = path;
    if (!anchored) {
        const char *slash = strrchr(path, '/');
        name = slash != NULL ? slash + 1 : path;
    }
    if (!match(bare[0] == '/' ? bare + 1 : bare, name)) {
        return GLOB_NO;
    }
    return include ? GLOB_INCLUDE : GLOB_EXCLUDE;
}

static bool last_word(const cli_list *patterns, const char *path, bool is_dir)
{
    for (size_t i = patterns->n; i > 0; i--) {
        cli_glob word = cli_glob_judge(patterns->at[i - 1], path, is_dir);
        if (word != GLOB_NO) {
            return word == GLOB_EXCLUDE;
        }
    }
    return false;
}

bool cli_glob_excludes(const cli_list *patterns, const char *path, bool is_dir)
{
    char dir[PATTERN_MAX];
    size_t n = strlen(path);
    if (patterns->n == 0) {
        return false;
    }
    for (size_t i = 1; i < n && i < sizeof dir; i++) {
        if (path[i] == '/') {
            memcpy(dir, path, i);
            dir[i] = '\0';
            if (last_word(patterns, dir, true)) {
                return true;
            }
        }
    }
    return last_word(patterns, path, is_dir);
}
