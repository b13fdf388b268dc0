/*
 * Texts for tests of threads; see gen_taught.h.
 */
#include "gen_taught.h"

#include "peel.h"

void make_values(text *t)
{
    for (size_t i = 0; i < VALUES; i++) {
        char *v = t->value[i];
        size_t n = 12 + prng_below(&t->r, 24);
        prng_alnum(&t->r, v, n);
        if (prng_one_in(&t->r, 4)) {
            v[5 + prng_below(&t->r, 4)] = "-_./"[prng_below(&t->r, 4)];
        }
        if (prng_one_in(&t->r, 8)) { /* a number */
            snprintf(v, sizeof t->value[i], "%llu",
                     10000000000ull + prng_next(&t->r) % 80000000000ull);
        } else if (i > 0 && prng_one_in(&t->r, 8)) { /* goes on where another ends */
            snprintf(v, sizeof t->value[i], "%.20s-%u", t->value[i - 1], 1000 + (unsigned)i);
        }
    }
}

const char *pick(text *t)
{
    if (prng_one_in(&t->r, 12) && t->used < VALUES) {
        t->used++;
    }
    size_t of_late = t->used < 8 ? t->used : 8;
    size_t i = prng_one_in(&t->r, 2) ? t->used - 1 - prng_below(&t->r, of_late)
                                     : prng_below(&t->r, t->used);
    /* now and then one from the future stands before anybody taught it */
    return prng_one_in(&t->r, 400) ? t->value[prng_below(&t->r, VALUES)] : t->value[i];
}

static void put_base64(text *t, const char *v)
{
    hsn_buf plain = new_buf();
    hsn_base64 how = {.padded = true};
    hsn_buf_printf(&plain, "{\"note\":\"%s\",\"mail\":\"ann.%s@maltbarrow-post.net\"}", v, "b");
    hsn_base64_encode(&t->b, hsn_buf_str(&plain), &how);
    hsn_buf_deinit(&plain);
}

void put_member(text *t, bool learns)
{
    const char *v = pick(t);
    switch (prng_below(&t->r, learns ? 13 : 9)) {
    case 0:
        hsn_buf_printf(&t->b, "\"comment\":\"see %s now\"", v);
        break;
    case 1:
        hsn_buf_printf(&t->b, "\"url\":\"https://maltbarrow-post.net/%s/x?q=%s\"", v, v);
        break;
    case 2:
        hsn_buf_printf(&t->b, "\"text\":\"{\\\"id\\\":\\\"%s\\\",\\\"n\\\":%d}\"", v, 17);
        break;
    case 3:
        hsn_buf_printf(&t->b, "\"body\":\"");
        put_base64(t, v);
        hsn_buf_printf(&t->b, "\"");
        break;
    case 4:
        hsn_buf_printf(&t->b, "\"count\":%llu", 10000000000ull + prng_next(&t->r) % 900ull);
        break;
    case 5:
        if (hsn_is_digit((unsigned char)v[0]) && strspn(v, "0123456789") == strlen(v)) {
            hsn_buf_printf(&t->b, "\"number\":%s", v);
        } else {
            hsn_buf_printf(&t->b, "\"mail\":\"ann.%.6s@maltbarrow-post.net\"", v);
        }
        break;
    case 6:
        hsn_buf_printf(&t->b, "\"same\":\"Mozilla/5.0 (X11; rv:109.0) Gecko/20100101 t%zu\"",
                       prng_below(&t->r, 9));
        break;
    case 7:
        hsn_buf_printf(&t->b, "\"list\":[\"%s\",\"%s\"]", v, pick(t));
        break;
    case 8: /* the name of a cookie: the memo has parts of headers, too */
        hsn_buf_printf(&t->b, "\"headers\":[{\"name\":\"Cookie\",\"value\":\"%s=1\"}]", v);
        break;
    case 9:
        hsn_buf_printf(&t->b, "\"password\":\"%s\"", v);
        break;
    case 10:
        hsn_buf_printf(&t->b, "\"headers\":[{\"name\":\"Cookie\",\"value\":\"sid=%s; a=1\"}]", v);
        break;
    case 11:
        hsn_buf_printf(&t->b, "\"form\":\"user=x&password=%s\"", v);
        break;
    default:
        hsn_buf_printf(&t->b, "\"token\":\"%s\"", v);
        break;
    }
}

/* A HAR of at least n bytes in which values are given away and stand, in any order. */
void make_text(text *t, uint64_t seed, size_t n)
{
    *t = (text){.r = {seed}, .b = new_buf(), .used = 3};
    make_values(t);
    hsn_buf_printf(&t->b, "{\"log\":{\"entries\":[\n");
    while (t->b.n < n) {
        bool learns = prng_one_in(&t->r, 6);
        hsn_buf_printf(&t->b, "{\"pad\":\"");
        for (size_t i = prng_below(&t->r, 60) * prng_below(&t->r, 60); i > 0; i--) {
            hsn_buf_put(&t->b, (unsigned char)" ,;-"[prng_below(&t->r, 4)]);
        }
        hsn_buf_printf(&t->b, "\"");
        for (size_t i = prng_below(&t->r, 9); i > 0; i--) {
            hsn_buf_put(&t->b, ',');
            put_member(t, learns);
        }
        hsn_buf_printf(&t->b, "},\n");
    }
    hsn_buf_printf(&t->b, "{}]}}\n");
}

/* ---------------------------------------------------------------- texts where every word counts */

static void pad(text *t, size_t n)
{
    hsn_buf_printf(&t->b, "\"pad\":\"");
    assert_true(hsn_buf_reserve(&t->b, n));
    memset(t->b.p + t->b.n, ' ', n);
    t->b.n += n;
    hsn_buf_printf(&t->b, "\",");
}

/* More values with one key than the set takes, most of them in one batch. */
static void put_kin(text *t)
{
    enum { MANY = 40 };
    size_t from = prng_below(&t->r, 60);
    for (size_t i = from; i < from + MANY; i++) {
        hsn_buf_printf(&t->b, "\"password\":\"Kin7Kin7-%zux\",", i);
    }
    for (size_t i = from; i < from + MANY; i += 7) {
        hsn_buf_printf(&t->b, "\"comment\":\"see Kin7Kin7-%zux now\",", i);
    }
}

static void put_event(text *t, const char *v)
{
    bool number = strspn(v, "0123456789") == strlen(v);
    hsn_buf *b = &t->b;
    switch (prng_below(&t->r, 12)) {
    case 0:
    case 1:
        hsn_buf_printf(b, "\"list\":[%.*s{\"password\":\"%s\"}],",
                       2 * (int)prng_below(&t->r, 5), "0,0,0,0,0,", v);
        break;
    case 2:
        hsn_buf_printf(b, "\"x\":{\"token\":\"%s\"},", v);
        break;
    case 3:
        hsn_buf_printf(b, "\"url\":\"/a/%s/b\",", v);
        break;
    case 4:
        hsn_buf_printf(b, number ? "\"number\":%s," : "\"text\":\"%s\",", v);
        break;
    case 5: /* found by itself: looked at, and not left standing */
        hsn_buf_printf(b, "\"mail\":\"%s@maltbarrow-post.net\",", v);
        break;
    case 6: /* another word that begins in the same way */
        hsn_buf_printf(b, "\"word\":\"see %szz now\",", v);
        break;
    case 7:
    case 8: /* a part of a header, which differs besides */
        hsn_buf_printf(b, "\"headers\":[{\"name\":\"Cookie\",\"value\":\"%s=1; n=%zu\"}],", v,
                       prng_below(&t->r, 1000));
        break;
    default: /* the same each time: the memo knows it */
        hsn_buf_printf(b, number ? "\"number\":%s," : "\"comment\":\"see %s now\",", v);
        break;
    }
}

void make_sparse_text(text *t, uint64_t seed)
{
    enum { BATCH = 256 << 10 };
    *t = (text){.r = {seed}, .b = new_buf(), .used = 3};
    size_t n_values = 1 + prng_below(&t->r, 2);
    size_t events = 3 + prng_below(&t->r, 8);
    prng_alnum(&t->r, t->value[0], 14);
    prng_alnum(&t->r, t->value[1], 14);
    if (prng_one_in(&t->r, 3)) {
        snprintf(t->value[0], sizeof t->value[0], "%llu",
                 10000000000ull + prng_next(&t->r) % 80000000000ull);
    }
    if (prng_one_in(&t->r, 3)) {
        snprintf(t->value[1], sizeof t->value[1], "%.14s-77x", t->value[0]);
    }
    bool kin = prng_one_in(&t->r, 8);
    hsn_buf_printf(&t->b, "{");
    for (; events > 0; events--) {
        pad(t, prng_one_in(&t->r, 3) ? 10 : prng_below(&t->r, 4 * BATCH));
        put_event(t, t->value[prng_below(&t->r, n_values)]);
        if (kin && prng_one_in(&t->r, 2)) {
            put_kin(t);
        }
    }
    pad(t, BATCH);
    hsn_buf_printf(&t->b, "\"end\":0}");
}

/* ---------------------------------------------------------------- texts that repeat themselves */

enum { POOL = 6 };

/* The members of an object, spelled for a JSON string. */
static void make_long(text *t, hsn_buf *out)
{
    const hsn_buf outer = t->b;
    const size_t n = 250 + prng_below(&t->r, 2000);
    t->b = new_buf();
    while (t->b.n < n) {
        if (t->b.n > 0) {
            hsn_buf_put(&t->b, ',');
        }
        put_member(t, prng_one_in(&t->r, 4));
    }
    hsn_buf_reset(out);
    hsn_escape_json.write(out, hsn_buf_str(&t->b));
    hsn_buf_deinit(&t->b);
    t->b = outer;
}

void make_repeating_text(text *t, uint64_t seed, bool apart)
{
    static const char *const keys[] = {"text", "body", "comment", "password"};
    enum { OBJECTS = 500 };
    hsn_buf pool[POOL];
    *t = (text){.r = {seed}, .b = new_buf(), .used = 3};
    make_values(t);
    for (size_t i = 0; i < POOL; i++) {
        pool[i] = new_buf();
        make_long(t, &pool[i]);
    }
    hsn_buf_printf(&t->b, "[0");
    for (unsigned i = 1; i <= OBJECTS; i++) {
        hsn_buf *any = &pool[prng_below(&t->r, POOL)];
        if (prng_one_in(&t->r, 40)) {
            make_long(t, any);
        }
        hsn_buf_printf(&t->b, ",\n{\"%s\":\"{%*s%.*s}\"", keys[prng_below(&t->r, COUNT(keys))],
                       apart ? (int)i : 0, "", (int)any->n, (const char *)any->p);
        if (prng_one_in(&t->r, 3)) {
            hsn_buf_put(&t->b, ',');
            put_member(t, prng_one_in(&t->r, 4));
        }
        hsn_buf_put(&t->b, '}');
    }
    hsn_buf_printf(&t->b, "]\n");
    for (size_t i = 0; i < POOL; i++) {
        hsn_buf_deinit(&pool[i]);
    }
}
