/*
 * The public session: wires inspector, learned values and the two passes of the stream, and nothing
 * else. See include/harsan.h for the contract of each call.
 */
#include "learn.h"
#include "stream.h"

#include <sodium.h>

enum {
    LEARNED_MAX = 16 << 20, /* bytes of learned values; more is told as a gap */
    KNOWN_MIN = 4
};

struct harsan {
    const harsan_rules *rules;
    harsan_options opt;
    hsn_inspector inspector;
    hsn_learned *learned;
    hsn_stream *teacher; /* pass 1, while it runs */
    hsn_stream *cleaner; /* the pass that writes */
    bool learned_ahead;  /* everything there is to learn is known already */
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
    harsan *h = sodium_init() >= 0 ? hsn_mem_zero(1, sizeof *h) : NULL;
    bool ok = h != NULL;
    if (ok) {
        h->rules = rules;
        h->opt = *opt;
        h->learned = hsn_learned_new(LEARNED_MAX);
        ok = hsn_inspector_init(&h->inspector, rules, opt) && h->learned != NULL;
    }
    if (!ok) {
        harsan_free(h);
        if (err != NULL) {
            *err = (harsan_error){0};
        }
        hsn_fail(err, HARSAN_E_NOMEM, 0, "out of memory");
        return HARSAN_E_NOMEM;
    }
    *out = h;
    return HARSAN_OK;
}

harsan_status harsan_known(harsan *h, const void *value, size_t len)
{
    if (h->err.code != HARSAN_OK) {
        return h->err.code;
    }
    if (len < KNOWN_MIN || h->teacher != NULL || h->cleaner != NULL) {
        return HARSAN_E_USAGE; /* the session itself is unharmed */
    }
    if (!hsn_learned_add(h->learned, hsn_str_of(value, len), (hsn_str){0}, true)) {
        return fail(h, HARSAN_E_NOMEM, "too many known values");
    }
    return HARSAN_OK;
}

/* One pass: a stream made when first needed. */
static harsan_status feed(harsan *h, hsn_stream **s, bool write, hsn_str data)
{
    if (*s == NULL) {
        *s = hsn_stream_new(&h->inspector, &h->opt, write);
        if (*s == NULL) {
            return fail(h, HARSAN_E_NOMEM, "out of memory");
        }
    }
    hsn_stream_feed(*s, data, &h->err);
    return h->err.code;
}

harsan_status harsan_learn(harsan *h, const void *data, size_t len)
{
    if (h->err.code != HARSAN_OK) {
        return h->err.code;
    }
    if (h->cleaner != NULL) {
        return fail(h, HARSAN_E_USAGE, "learning comes before cleaning");
    }
    h->learned_ahead = true;
    h->inspector.teach = h->learned;
    h->inspector.learned = NULL;
    return feed(h, &h->teacher, false, hsn_str_of(data, len));
}

static harsan_status end_learning(harsan *h)
{
    if (h->teacher != NULL) {
        hsn_stream_finish(h->teacher, &h->err);
        hsn_stream_free(h->teacher);
        h->teacher = NULL;
    }
    hsn_clean_forget(h->inspector.clean);
    h->inspector.learned = h->learned;
    h->inspector.teach = h->learned_ahead ? NULL : h->learned;
    if (!h->learned_ahead && (h->inspector.seen = hsn_seen_new()) == NULL) {
        return fail(h, HARSAN_E_NOMEM, "out of memory");
    }
    return h->err.code;
}

/* What was learned on the way may stand in what was written before: all that is known now is known
 * from the start of the next pass. */
static harsan_status clean_again(harsan *h)
{
    hsn_stream_free(h->cleaner);
    h->cleaner = NULL;
    h->learned_ahead = true;
    hsn_seen_free(h->inspector.seen);
    h->inspector.seen = NULL;
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
    if (h->cleaner == NULL && end_learning(h) != HARSAN_OK) {
        return h->err.code;
    }
    return feed(h, &h->cleaner, true, hsn_str_of(data, len));
}

harsan_status harsan_finish(harsan *h)
{
    if (h->done || harsan_feed(h, "", 0) != HARSAN_OK) {
        return h->err.code;
    }
    hsn_stream_finish(h->cleaner, &h->err);
    if (h->err.code == HARSAN_OK && hsn_stream_again(h->cleaner) && !h->opt.one_pass) {
        return clean_again(h);
    }
    h->done = true;
    return h->err.code;
}

void harsan_get_facts(const harsan *h, harsan_facts *out)
{
    *out = (harsan_facts){0};
    if (h->cleaner != NULL) {
        hsn_stream_facts(h->cleaner, out);
    }
    out->values = hsn_learned_count(h->learned);
}

const harsan_error *harsan_last_error(const harsan *h)
{
    return &h->err;
}

void harsan_free(harsan *h)
{
    if (h != NULL) {
        hsn_stream_free(h->teacher);
        hsn_stream_free(h->cleaner);
        hsn_inspector_deinit(&h->inspector);
        hsn_learned_free(h->learned);
        hsn_mem_wipe(h, sizeof *h);
        hsn_mem_free(h);
    }
}

void harsan_random_key(unsigned char key[32])
{
    if (sodium_init() >= 0) {
        randombytes_buf(key, 32);
    }
}
