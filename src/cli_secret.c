/*
 * What the user must keep secret: the key of the stand-ins, and values known to be secret.
 *
 * Receives the names of their files, holds the bytes, hands them to the library, wipes them. Each
 * file is read once for all inputs, for it may be a pipe. Must never show a byte of them.
 */
#include "cli.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEY_FILE_MAX = 1 << 20,    /* a key file of this size is some other file by mistake */
    KNOWN_FILE_MAX = 16 << 20, /* the library holds a copy: a ceiling for memory */
    PASSPHRASE_MIN = 16        /* bytes; less is soon guessed */
};

/* ---------------------------------------------------------------- key */

/* Editors end a file with a line end that is no part of the key. */
static size_t without_line_end(const cli_bytes *b)
{
    size_t n = b->n;
    if (n > 0 && b->p[n - 1] == '\n') {
        n--;
    }
    if (n > 0 && n < b->n && b->p[n - 1] == '\r') {
        n--;
    }
    return n;
}

/* 32 bytes are the key, 64 hexadecimal digits spell it, any longer text is hashed to it. */
static bool make_key(unsigned char key[32], const cli_bytes *b)
{
    if (b->n == 32) {
        memcpy(key, b->p, 32);
        return true;
    }
    size_t n = without_line_end(b);
    size_t made = 0;
    if (n == 64 && sodium_hex2bin(key, 32, (const char *)b->p, n, NULL, &made, NULL) == 0 &&
        made == 32) {
        return true;
    }
    if (n >= PASSPHRASE_MIN) {
        crypto_generichash(key, 32, b->p, n, NULL, 0);
    }
    return n >= PASSPHRASE_MIN;
}

static cli_exit key_from(unsigned char key[32], const cli_bytes *b, const char *name)
{
    if (!make_key(key, b)) {
        cli_say(name, "a key has 32 bytes, 64 hexadecimal digits or %d bytes of text and more",
                PASSPHRASE_MIN);
        return CLI_USAGE;
    }
    if (sodium_is_zero(key, 32)) {
        cli_say(name, "a key of zeros is none");
        return CLI_USAGE;
    }
    return CLI_OK;
}

static cli_exit load_key(cli_secret *s, const char *name)
{
    cli_bytes text;
    if (name == NULL) {
        harsan_random_key(s->key);
        return CLI_OK;
    }
    cli_exit code = cli_bytes_read(&text, name, KEY_FILE_MAX);
    if (code == CLI_OK) {
        code = key_from(s->key, &text, cli_input_label(name));
        cli_bytes_free(&text);
    }
    return code;
}

/* ---------------------------------------------------------------- known values */

static cli_exit tell_file(const cli_bytes *b, const char *name, cli_known_fn *take, void *to)
{
    size_t line = 1;
    for (size_t at = 0; at < b->n; line++) {
        const unsigned char *p = b->p + at;
        const unsigned char *end = memchr(p, '\n', b->n - at);
        size_t n = end != NULL ? (size_t)(end - p) : b->n - at;
        at += n + 1;
        if (n > 0 && p[n - 1] == '\r') {
            n--;
        }
        harsan_status status = n > 0 ? take(to, p, n) : HARSAN_OK;
        if (status == HARSAN_E_USAGE) {
            cli_say(name, "line %zu: too short to be looked for, it would be found everywhere",
                    line);
        } else if (status != HARSAN_OK) {
            cli_say(name, "line %zu: cannot be held: too many known values", line);
        }
        if (status != HARSAN_OK) {
            return cli_exit_of(status);
        }
    }
    return CLI_OK;
}

cli_exit cli_secret_tell(const cli_secret *s, const cli_opts *o, cli_known_fn *take, void *to)
{
    cli_exit code = CLI_OK;
    for (size_t i = 0; i < s->n_known && code == CLI_OK; i++) {
        code = tell_file(&s->known[i], cli_input_label(o->known.at[i]), take, to);
    }
    return code;
}

/* ---------------------------------------------------------------- life */

cli_exit cli_secret_load(cli_secret *s, const cli_opts *o)
{
    memset(s, 0, sizeof *s);
    s->known = calloc(o->known.n + 1, sizeof *s->known);
    if (s->known == NULL) {
        return cli_no_memory(NULL);
    }
    cli_exit code = load_key(s, o->key_file);
    for (size_t i = 0; i < o->known.n && code == CLI_OK; i++) {
        code = cli_bytes_read(&s->known[i], o->known.at[i], KNOWN_FILE_MAX);
        s->n_known = i + 1;
    }
    return code;
}

void cli_secret_free(cli_secret *s)
{
    for (size_t i = 0; i < s->n_known; i++) {
        cli_bytes_free(&s->known[i]);
    }
    free(s->known);
    sodium_memzero(s, sizeof *s);
}
