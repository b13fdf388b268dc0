/*
 * Texts made fit to be shown, dates read, and the maps that keep lists short.
 *
 * Receives sanitized text, which is foreign all the same: it may be no UTF-8, may steer a terminal,
 * may turn the direction of writing. Emits valid UTF-8 that does none of this. Must never emit more
 * than it was given room for.
 */
#include "cli_escape.h"
#include "cli_model.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- maps */

bool cli_map_init(cli_map *m, size_t max)
{
    size_t slots = 1;
    while (slots < max * 2) {
        slots *= 2;
    }
    *m = (cli_map){.slots = slots, .max = max};
    m->key = calloc(slots, sizeof *m->key);
    m->value = malloc(slots * sizeof *m->value);
    if (m->key == NULL || m->value == NULL) {
        cli_map_free(m);
        return false;
    }
    memset(m->value, 0xff, slots * sizeof *m->value);
    return true;
}

void cli_map_free(cli_map *m)
{
    free(m->key);
    free(m->value);
    *m = (cli_map){0};
}

/* The slot of the key, or the free one where it would go. There is one: half of them are. */
static size_t slot_of(const cli_map *m, uint64_t key)
{
    size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (m->slots - 1);
    while (m->value[i] != CLI_NO_INDEX && m->key[i] != key) {
        i = (i + 1) & (m->slots - 1);
    }
    return i;
}

uint32_t cli_map_get(const cli_map *m, uint64_t key)
{
    return m->value[slot_of(m, key)];
}

void cli_map_put(cli_map *m, uint64_t key, uint32_t value)
{
    if (m->n < m->max) {
        size_t i = slot_of(m, key);
        m->key[i] = key;
        m->value[i] = value;
        m->n++;
    }
}

uint64_t cli_hash(uint64_t seed, const char *text, size_t len)
{
    unsigned char key[crypto_shorthash_KEYBYTES] = {0};
    unsigned char out[crypto_shorthash_BYTES];
    uint64_t hash;
    _Static_assert(sizeof out == sizeof hash, "SipHash-2-4 gives 64 bits");
    memcpy(key, &seed, sizeof seed);
    crypto_shorthash(out, (const unsigned char *)text, len, key);
    memcpy(&hash, out, sizeof hash);
    return hash;
}

/* ---------------------------------------------------------------- what may be shown */

/* Controls, what turns the direction of writing, and what cannot be seen. */
static bool is_hidden(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {{0, 0x1f},          {0x7f, 0x9f},       {0xad, 0xad},     {0x61c, 0x61c},
                  {0x115f, 0x1160},   {0x180e, 0x180e},   {0x200b, 0x200f}, {0x2028, 0x202e},
                  {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
                  {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xe000, 0xf8ff}, {0xfffe, 0xffff},
                  {0xe0000, 0xe0fff}, {0xf0000, 0x10ffff}};
    for (size_t i = 0; i < CLI_COUNT(ranges); i++) {
        if (c >= ranges[i].from && c <= ranges[i].to) {
            return true;
        }
    }
    return false;
}

/* One character of `from` as it is shown, in out; its length in `from` is added to *at. */
static size_t show_one(const char *from, size_t *at, char out[16])
{
    const unsigned char *p = (const unsigned char *)from + *at;
    uint32_t c = 0;
    if (p[0] >= 0x20 && p[0] < 0x7f) {
        *at += 1;
        out[0] = (char)p[0];
        return 1;
    }
    size_t n = cli_utf8(from + *at, &c);
    if (n == 0) {
        *at += 1;
        return (size_t)snprintf(out, 16, "\\x%02x", p[0]);
    }
    *at += n;
    if (c == '\t' || c == '\n' || c == '\r') { /* a line of a message becomes a word of it */
        out[0] = ' ';
        return 1;
    }
    if (is_hidden(c)) {
        return (size_t)snprintf(out, 16, c > 0xffff ? "\\U%08lx" : "\\u%04lx", (unsigned long)c);
    }
    memcpy(out, p, n);
    return n;
}

static const char ellipsis[] = "\xe2\x80\xa6";
enum { ELLIPSIS = sizeof ellipsis - 1 };

void cli_show(char *to, size_t room, const char *from)
{
    size_t used = 0;
    size_t at = 0;
    size_t end = 0; /* what stays when the rest does not fit */
    while (from[at] != '\0') {
        char one[16];
        size_t n = show_one(from, &at, one);
        if (used + n + 1 > room) {
            memcpy(to + end, ellipsis, ELLIPSIS);
            used = end + ELLIPSIS;
            break;
        }
        memcpy(to + used, one, n);
        used += n;
        end = used + ELLIPSIS + 1 <= room ? used : end;
    }
    to[used] = '\0';
}

/* Two thirds from the beginning, with the host; one third from the end, with the last segment. */
void cli_show_url(char *to, size_t room, const char *url)
{
    size_t len = strlen(url);
    if (len < room) {
        cli_show(to, room, url);
        return;
    }
    size_t head = room * 2 / 3;
    size_t tail = room - head - ELLIPSIS - 1;
    cli_show(to, head, url);
    size_t used = strlen(to);
    if (used >= ELLIPSIS && memcmp(to + used - ELLIPSIS, ellipsis, ELLIPSIS) == 0) {
        used -= ELLIPSIS;
    }
    memcpy(to + used, ellipsis, ELLIPSIS);
    used += ELLIPSIS;
    const char *rest = url + len - tail / 2; /* half: what is shown may be longer than what it is */
    while (((unsigned char)*rest & 0xc0) == 0x80) {
        rest++;
    }
    cli_show(to + used, room - used, rest);
}
