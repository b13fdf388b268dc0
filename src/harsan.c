/*
 * The public session: wires inspector, learned values and the passes of the stream, and nothing
 * else. See include/harsan.h for the contract of each call.
 */
#include "learn.h"
#include "stream.h"

#include <sodium.h>

enum {
    KNOWN_MIN = 4,
    KEY_BYTES = sizeof((harsan_options *)NULL)->key
};

struct harsan {
    const harsan_rules *rules;
    harsan_options opt;
    hsn_inspector inspector;
    hsn_learned *learned;
    hsn_stream *stream; /* of the pass under way; NULL before its first byte */
    bool second;        /* the pass after HARSAN_AGAIN: everything there is to learn is known */
    bool done;
    harsan_error err;
};

static harsan_status fail(harsan *h, harsan_status code, const char *why)
{
    hsn_fail(&h->err, code, 0, "%s", why);
    return h->err.code;
}

harsan_status harsan_new(harsan **out, const harsan_rules *rules, const harsan_options *opt,
                         harsan_error *err)
{
    *out = NULL;
    if (sodium_is_zero(opt->key, sizeof opt->key)) { /* anyone could try out what a stand-in was */
        return hsn_refuse(err, HARSAN_E_USAGE, "the options have no key");
    }
    harsan *h = sodium_init() >= 0 ? hsn_mem_zero(1, sizeof *h) : NULL;
    bool ok = h != NULL;
    if (ok) {
        h->rules = rules;
        h->opt = *opt;
        h->learned = hsn_learned_new(HSN_LEARNED_MAX);
        ok = hsn_inspector_init(&h->inspector, rules, opt) && h->learned != NULL;
    }
    if (!ok) {
        harsan_free(h);
        return hsn_refuse(err, HARSAN_E_NOMEM, "out of memory");
    }
    *out = h;
    return HARSAN_OK;
}

harsan_status harsan_known(harsan *h, const void *value, size_t len)
{
    if (h->err.code != HARSAN_OK) {
        return h->err.code;
    }
    if (len < KNOWN_MIN || h->stream != NULL || h->second) {
        return HARSAN_E_USAGE; /* the session itself is unharmed */
    }
    unsigned long refused = hsn_mem_refused();
    if (!hsn_learned_add(h->learned, hsn_str_of(value, len), (hsn_str){0}, true)) {
        return hsn_mem_refused() != refused ? fail(h, HARSAN_E_NOMEM, "out of memory")
                                            : fail(h, HARSAN_E_LIMIT, "too many known values");
    }
    return HARSAN_OK;
}

/* The first pass learns on the way and remembers the words it lets stand: one of them may be
 * learned later. The second only removes what the first has learned. */
static harsan_status begin_pass(harsan *h)
{
    hsn_inspector *in = &h->inspector;
    in->learned = h->learned;
    in->teach = h->second ? NULL : h->learned;
    in->seen = h->second ? NULL : hsn_seen_new(HSN_SEEN_TABLES);
    in->unheard = h->opt.one_pass;
    h->stream = hsn_stream_new(in, &h->opt);
    if (h->stream == NULL || (!h->second && in->seen == NULL)) {
        return fail(h, HARSAN_E_NOMEM, "out of memory");
    }
    return HARSAN_OK;
}

/* What was learned on the way stands in what was written before: all that is known now is known
 * from the start of the next pass. */
static harsan_status end_first_pass(harsan *h)
{
    hsn_stream_free(h->stream);
    h->stream = NULL;
    hsn_seen_free(h->inspector.seen);
    h->inspector.seen = NULL;
    hsn_clean_forget(h->inspector.clean);
    h->second = true;
    return HARSAN_AGAIN;
}

harsan_status harsan_feed(harsan *h, const void *data, size_t len)
{
    if (h->err.code != HARSAN_OK) {
        return h->err.code;
    }
    if (h->done) {
        return fail(h, HARSAN_E_USAGE, "the session is finished");
    }
    if (h->stream == NULL && begin_pass(h) != HARSAN_OK) {
        return h->err.code;
    }
    hsn_stream_feed(h->stream, hsn_str_of(data, len), &h->err);
    return h->err.code;
}

/* More secrets than the set holds: those beyond are gone where their names gave them away, and not
 * swept for elsewhere. */
static void tell_full(const harsan *h)
{
    if (hsn_learned_full(h->learned) && h->opt.on_gap != NULL) {
        harsan_gap gap = {.place = "", .why = "limit:learned"};
        h->opt.on_gap(h->opt.event_ctx, &gap);
    }
}

harsan_status harsan_finish(harsan *h)
{
    if (h->done || harsan_feed(h, "", 0) != HARSAN_OK) {
        return h->err.code;
    }
    hsn_stream_finish(h->stream, &h->err);
    if (h->err.code == HARSAN_OK && hsn_stream_again(h->stream) && !h->opt.one_pass) {
        return end_first_pass(h);
    }
    tell_full(h);
    h->done = true;
    return h->err.code;
}

void harsan_get_facts(const harsan *h, harsan_facts *out)
{
    *out = (harsan_facts){0};
    if (h->stream != NULL) {
        hsn_stream_facts(h->stream, out);
    }
    const hsn_learned *known = h->stream != NULL ? h->inspector.learned : h->learned;
    out->values = hsn_learned_count(known);
}

const harsan_error *harsan_last_error(const harsan *h)
{
    return &h->err;
}

void harsan_free(harsan *h)
{
    if (h != NULL) {
        hsn_stream_free(h->stream);
        hsn_inspector_deinit(&h->inspector);
        hsn_learned_free(h->learned);
        hsn_mem_wipe(h, sizeof *h);
        hsn_mem_free(h);
    }
}

void harsan_random_key(unsigned char key[32])
{
    memset(key, 0, KEY_BYTES);
    if (sodium_init() >= 0) {
        randombytes_buf(key, KEY_BYTES);
    }
}

const char *harsan_version(void)
{
    return HARSAN_VERSION;
}
