/*
 * Patterns: their compilation, to what pcre2 interprets and then to machine code, and the memory
 * that pcre2 has for it.
 *
 * Receives a pattern of a rule file; emits what a matcher runs, or the place of a mistake in the
 * pattern. Without machine code, or memory for it, pcre2_match interprets. Must never give pcre2
 * other memory than that of hsn_mem_*.
 */
#include "rule_set.h"

#include <stdalign.h>
#include <stddef.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* ---------------------------------------------------------------- memory */

enum { SPARE = 256 << 10 /* bytes; of the built-in patterns none takes more than 84 KiB */ };

static void *take_spare(hsn_spare *s, size_t n)
{
    const size_t unit = alignof(max_align_t);
    const size_t left = s->open ? SPARE - s->used : 0;
    if (n > left || (n + unit - 1) / unit * unit > left) {
        return NULL;
    }
    unsigned char *p = s->block + s->used;
    s->used += (n + unit - 1) / unit * unit;
    return p;
}

static void *pcre_new(size_t n, void *ctx)
{
    hsn_spare *spare = ctx;
    void *p = hsn_mem_new(n);
    return p == NULL && spare != NULL ? take_spare(spare, n) : p;
}

static bool is_spare(const hsn_spare *s, const void *p)
{
    return s->block != NULL && (uintptr_t)p - (uintptr_t)s->block < SPARE;
}

static void pcre_free(void *p, void *ctx)
{
    if (ctx == NULL || !is_spare(ctx, p)) {
        hsn_mem_free(p);
    }
}

void *hsn_pcre_new(hsn_spare *spare)
{
    return pcre2_general_context_create(pcre_new, pcre_free, spare);
}

void hsn_pcre_free(void *pcre)
{
    pcre2_general_context_free(pcre);
}

/* ---------------------------------------------------------------- patterns */

void *hsn_regex_new(const harsan_rules *r, hsn_str pattern, size_t *err_pos, char *message,
                    size_t cap)
{
    *err_pos = SIZE_MAX;
    pcre2_compile_context *ctx = pcre2_compile_context_create(r->pcre);
    if (ctx == NULL) {
        return NULL;
    }
    int code = 0;
    PCRE2_SIZE at = 0;
    /* Bytes, never UTF: the input need not be. No start optimisations: at every anchor they would
     * look up to 5,000 bytes ahead for a character that the pattern needs somewhere. */
    pcre2_code *regex =
        pcre2_compile(pattern.p, pattern.n,
                      PCRE2_ANCHORED | PCRE2_NO_START_OPTIMIZE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP,
                      &code, &at, ctx);
    pcre2_compile_context_free(ctx);
    if (regex == NULL && code != PCRE2_ERROR_NOMEMORY && code != PCRE2_ERROR_HEAP_FAILED) {
        *err_pos = at;
        if (pcre2_get_error_message(code, (PCRE2_UCHAR *)message, cap) < 0) {
            message[cap - 1] = '\0';
        }
    }
    return regex;
}

void hsn_regexes_speed_up(harsan_rules *r)
{
    r->spare.block = hsn_mem_new(SPARE);
    r->spare.open = r->spare.block != NULL;
    for (size_t i = r->n_entries; i-- > 0 && r->spare.open;) {
        const hsn_entry *e = r->entry[i];
        if (e->active && e->rule.regex != NULL) {
            (void)pcre2_jit_compile(e->rule.regex, PCRE2_JIT_COMPLETE);
            r->spare.open = r->spare.used == 0; /* there is enough of it for one */
        }
    }
    r->spare.open = false;
    if (r->spare.used == 0) {
        hsn_mem_free(r->spare.block);
        r->spare.block = NULL;
    }
}

bool hsn_regex_has_group(const void *regex)
{
    uint32_t groups = 0;
    (void)pcre2_pattern_info(regex, PCRE2_INFO_CAPTURECOUNT, &groups);
    return groups > 0;
}

void hsn_regex_free(void *regex)
{
    pcre2_code_free(regex);
}
