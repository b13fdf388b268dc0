/*
 * Fingerprints: what a finding is known again by, in a baseline and in SARIF.
 *
 * Receives rule, place and the library's keyed hash of a value, emits a hash of these. Must never
 * hold a value, nor anything from which one can be told without the key.
 */
#include "cli_check.h"

#include <sodium.h>
#include <string.h>

static void hash_text(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

/* A part is no longer than before. */
void cli_fingerprint_general(char out[FINGERPRINT_PLACE], const char *place)
{
    size_t used = 0;
    for (const char *p = place; *p != '\0';) {
        size_t n = strcspn(p + 1, "/") + 1; /* with the slash in front */
        bool index = n > 1 && strspn(p + 1, "0123456789") == n - 1;
        size_t len = index ? 2 : n;
        if (used + len >= FINGERPRINT_PLACE) {
            break;
        }
        memcpy(out + used, index ? "/#" : p, len);
        used += len;
        p += n;
    }
    out[used] = '\0';
}

static void hash_place(crypto_generichash_state *state, const char *place)
{
    char general[FINGERPRINT_PLACE];
    cli_fingerprint_general(general, place);
    hash_text(state, general);
}

static void hash_number(crypto_generichash_state *state, uint64_t value)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(value >> (8 * i));
    }
    crypto_generichash_update(state, bytes, sizeof bytes);
}

void cli_fingerprint_make(cli_fingerprint *out, const unsigned char key[32],
                          const harsan_finding *f)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, crypto_generichash_KEYBYTES, FINGERPRINT_BYTES);
    hash_text(&state, "harsan finding 1");
    hash_text(&state, f->rule);
    hash_place(&state, f->place);
    hash_number(&state, f->value_id);
    crypto_generichash_final(&state, out->b, FINGERPRINT_BYTES);
}

void cli_fingerprint_place(cli_fingerprint *out, const char *file, const char *rule,
                           const char *place)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, FINGERPRINT_BYTES);
    hash_text(&state, "harsan place 1");
    hash_text(&state, file);
    hash_text(&state, rule);
    hash_place(&state, place);
    crypto_generichash_final(&state, out->b, FINGERPRINT_BYTES);
}

void cli_fingerprint_hex(char hex[2 * FINGERPRINT_BYTES + 1], const cli_fingerprint *fingerprint)
{
    sodium_bin2hex(hex, 2 * FINGERPRINT_BYTES + 1, fingerprint->b, FINGERPRINT_BYTES);
}
