/*
 * Threads: whatever the crew does, a session comes to the same bytes and tells the same.
 *
 * Most of it without threads: a crew that runs its jobs late, in reverse or at random, some at
 * once, and refuses some, tries orders that real threads come to once in a thousand runs, and the
 * same ones for the same seed. Then with threads, for the sanitizer (make check-tsan).
 */
#include "fixture.h"
#include "gen_taught.h"

#include <glob.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---------------------------------------------------------------- crews */

typedef enum order { IN_ORDER, REVERSED, AT_RANDOM, N_ORDERS } order;

typedef struct task {
    void (*run)(void *arg);
    void *arg;
    bool done;
    pthread_t thread;
} task;

enum { TASKS = 80 };

/* Jobs wait until somebody joins one. */
typedef struct crew {
    order order;
    bool refuses; /* one in eight, and runs another one at once */
    prng r;
    task *waiting[TASKS];
    size_t n;
    size_t started, joined;
} crew;

static void run_task(task *t)
{
    t->run(t->arg);
    t->done = true;
}

static void *crew_start(void *ctx, void (*run)(void *arg), void *arg)
{
    crew *c = ctx;
    if (c->refuses && prng_one_in(&c->r, 8)) {
        return NULL;
    }
    task *t = calloc(1, sizeof *t);
    assert_non_null(t);
    *t = (task){.run = run, .arg = arg};
    c->started++;
    if (c->refuses && prng_one_in(&c->r, 8)) {
        run_task(t);
    } else {
        assert_true(c->n < TASKS);
        c->waiting[c->n++] = t;
    }
    return t;
}

static void crew_join(void *ctx, void *task_started)
{
    crew *c = ctx;
    task *t = task_started;
    while (!t->done) {
        size_t i = c->order == IN_ORDER ? 0 : c->order == REVERSED ? c->n - 1
                                                                   : prng_below(&c->r, c->n);
        run_task(c->waiting[i]);
        for (c->n--; i < c->n; i++) {
            c->waiting[i] = c->waiting[i + 1];
        }
    }
    free(t);
    c->joined++;
}

/* A thread a job: more of them at once than any pool has. */
static void *thread_main(void *arg)
{
    task *t = arg;
    t->run(t->arg);
    return NULL;
}

static void *thread_start(void *ctx, void (*run)(void *arg), void *arg)
{
    (void)ctx;
    task *t = calloc(1, sizeof *t);
    assert_non_null(t);
    *t = (task){.run = run, .arg = arg};
    assert_int_equal(pthread_create(&t->thread, NULL, thread_main, t), 0);
    return t;
}

static void thread_join(void *ctx, void *started)
{
    task *t = started;
    (void)ctx;
    assert_int_equal(pthread_join(t->thread, NULL), 0);
    free(t);
}

/* ---------------------------------------------------------------- the same */

static void expect_same(const cleaned *got, const cleaned *want, const char *label)
{
    assert_int_equal(got->status, want->status);
    assert_int_equal(got->again, want->again);
    assert_memory_equal(&got->err, &want->err, sizeof got->err);
    assert_same(hsn_buf_str(&got->told), hsn_buf_str(&want->told), label);
    assert_same(hsn_buf_str(&got->out), hsn_buf_str(&want->out), label);
    assert_int_equal(got->n_seen, want->n_seen);
    assert_int_equal(got->n_gaps, want->n_gaps);
    if (got->n_seen > 0) {
        assert_memory_equal(got->seen, want->seen, got->n_seen * sizeof *got->seen);
    }
    if (got->status == HARSAN_OK) {
        assert_memory_equal(&got->facts, &want->facts, sizeof got->facts);
    }
}

static void expect_with(const job *j, hsn_str input, const cleaned *want, crew *c)
{
    cleaned got;
    job with = *j;
    char label[64];
    with.options.start = crew_start;
    with.options.join = crew_join;
    with.options.crew = c;
    snprintf(label, sizeof label, "jobs %u, order %d, seed %llu", with.options.jobs, (int)c->order,
             (unsigned long long)c->r.state);
    clean(&with, input, &got);
    assert_int_equal(c->started, c->joined);
    expect_same(&got, want, label);
    cleaned_free(&got);
}

/* Every crew against none; `seed` for what is left to chance. *started counts jobs. */
static void expect_all(const job *j, hsn_str input, uint64_t seed, size_t *started)
{
    static const unsigned jobs[] = {2, 3, 8};
    cleaned want;
    clean(j, input, &want);
    for (size_t i = 0; i < COUNT(jobs); i++) {
        for (int o = 0; o < N_ORDERS; o++) {
            crew c = {.order = (order)o, .refuses = o == AT_RANDOM && seed % 2 == 1, .r = {seed}};
            job with = *j;
            with.options.jobs = jobs[i];
            expect_with(&with, input, &want, &c);
            *started += c.started;
        }
    }
    cleaned_free(&want);
}

static size_t seeds(size_t usual)
{
    const char *more = getenv("HARSAN_SEEDS");
    return more != NULL ? (size_t)strtoul(more, NULL, 10) : usual;
}

/* ---------------------------------------------------------------- tests */

static void test_random_texts(void **state)
{
    (void)state;
    size_t started = 0;
    size_t again = 0;
    for (uint64_t seed = 1; seed <= seeds(4); seed++) {
        text t;
        make_text(&t, seed, 700000 + seed % 5 * 400000);
        for (int learn = AS_NEEDED; learn <= ONE_PASS; learn++) {
            job j = {.rules = rules, .learn = (learning)learn};
            expect_all(&j, hsn_buf_str(&t.b), seed, &started);
        }
        cleaned c;
        job j = {.rules = rules};
        clean(&j, hsn_buf_str(&t.b), &c);
        again += c.again;
        cleaned_free(&c);
        hsn_buf_deinit(&t.b);
    }
    assert_true(started > 100);
    assert_true(again > 0);
}

/* One or two values and a handful of places: nothing else makes up for what goes wrong. */
static void test_sparse_texts(void **state)
{
    (void)state;
    size_t started = 0;
    for (uint64_t seed = 1; seed <= seeds(4) * 10; seed++) {
        text t;
        make_sparse_text(&t, seed);
        for (int learn = AS_NEEDED; learn <= ONE_PASS; learn++) {
            job j = {.rules = rules, .learn = (learning)learn};
            expect_all(&j, hsn_buf_str(&t.b), seed, &started);
        }
        hsn_buf_deinit(&t.b);
    }
    assert_true(started > 500);
}

/* What was made of a long value is used again, in one pass and in two, by whatever thread. */
static void test_repeating_texts(void **state)
{
    (void)state;
    size_t started = 0;
    for (uint64_t seed = 1; seed <= seeds(4); seed++) {
        text t;
        make_repeating_text(&t, seed, false);
        for (int learn = AS_NEEDED; learn <= ONE_PASS; learn++) {
            job j = {.rules = rules, .learn = (learning)learn};
            expect_all(&j, hsn_buf_str(&t.b), seed, &started);
        }
        hsn_buf_deinit(&t.b);
    }
    assert_true(started > 100);
}

/* Every sample, many times over so that it makes several batches, in every piece size. */
static void test_samples(void **state)
{
    (void)state;
    static const size_t chunks[] = {0, 1000, 65537};
    static const size_t windows[] = {0, 1 << 17};
    glob_t files;
    size_t started = 0;
    assert_int_equal(glob("samples/*.har", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        hsn_buf one;
        hsn_buf many = new_buf();
        read_file(files.gl_pathv[i], &one);
        size_t bom = one.n > 3 && memcmp(one.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
        hsn_buf_printf(&many, "[0");
        while (many.n < 700000) {
            hsn_buf_printf(&many, ",\n");
            hsn_buf_add(&many, one.p + bom, one.n - bom);
        }
        hsn_buf_printf(&many, "]");
        job j = {.rules = rules, .chunk = chunks[i % COUNT(chunks)]};
        j.options.window = windows[i % COUNT(windows)];
        expect_all(&j, hsn_buf_str(&many), i, &started);
        hsn_buf_deinit(&many);
        hsn_buf_deinit(&one);
    }
    globfree(&files);
    assert_true(started > 100);
}

/* Strings that one batch holds alone, and strings longer than the window, among others. */
static void test_long_strings(void **state)
{
    (void)state;
    static const size_t lengths[] = {100, 300000, 1500000, 2500000};
    size_t started = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        text t = {.r = {seed}, .b = new_buf(), .used = 3};
        make_values(&t);
        hsn_buf_printf(&t.b, "[0");
        for (size_t i = 0; i < 12; i++) {
            hsn_buf_printf(&t.b, ",{\"mail\":\"ann.b@maltbarrow-post.net\",");
            put_member(&t, true);
            hsn_buf_printf(&t.b, ",\"text\":\"%s ", pick(&t));
            for (size_t n = t.b.n + lengths[prng_below(&t.r, COUNT(lengths))]; t.b.n < n;) {
                hsn_buf_printf(&t.b, "many words, one after the other; ");
            }
            hsn_buf_printf(&t.b, "%s\"}", pick(&t));
        }
        hsn_buf_printf(&t.b, "]");
        job j = {.rules = rules, .options = {.window = 2 << 20}};
        expect_all(&j, hsn_buf_str(&t.b), seed, &started);
        hsn_buf_deinit(&t.b);
    }
    assert_true(started > 0);
}

static int append(void *ctx, const void *data, size_t len)
{
    hsn_buf_add(ctx, data, len);
    return 0;
}

static void test_known_values(void **state)
{
    (void)state;
    size_t started = 0;
    text t;
    make_text(&t, 77, 900000);
    harsan_rules *none = no_rules();
    for (unsigned jobs = 1; jobs <= 3; jobs += 2) {
        static hsn_buf first;
        crew c = {.order = REVERSED, .r = {1}};
        harsan_options options = {
            .key = {1}, .jobs = jobs, .start = crew_start, .join = crew_join, .crew = &c};
        hsn_buf out = new_buf();
        options.write = append;
        options.write_ctx = &out;
        harsan *h;
        harsan_error err;
        assert_int_equal(harsan_new(&h, none, &options, &err), HARSAN_OK);
        assert_int_equal(harsan_known(h, "Gecko/20100101", 14), HARSAN_OK);
        assert_int_equal(harsan_known(h, "maltbarrow", 10), HARSAN_OK);
        assert_int_equal(harsan_feed(h, t.b.p, t.b.n), HARSAN_OK);
        assert_int_equal(harsan_finish(h), HARSAN_OK);
        harsan_free(h);
        started += c.started;
        if (jobs == 1) {
            first = out;
        } else {
            assert_same(hsn_buf_str(&out), hsn_buf_str(&first), "known values");
            hsn_buf_deinit(&out);
            hsn_buf_deinit(&first);
        }
    }
    assert_true(started > 0);
    harsan_rules_free(none);
    hsn_buf_deinit(&t.b);
}

/* More secrets than the set holds: those of the first places are in it, whoever read them first. */
static void test_full_set(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__) /* minutes there, and memory to match */
    skip();
#endif
    enum { MANY = 270000 };
    cleaned want;
    cleaned got;
    prng r = {9};
    hsn_buf b = new_buf();
    char v[40];
    hsn_buf_printf(&b, "[0");
    for (size_t i = 0; i < MANY; i++) {
        prng_alnum(&r, v, 36);
        hsn_buf_printf(&b, ",{\"token\":\"%s\"}", v);
        if (i % 100 == 99) { /* seldom known: only the last of them stand again */
            hsn_buf_printf(&b, ",\"see %s now\"", v);
        }
    }
    hsn_buf_printf(&b, "]");
    job j = {.rules = rules};
    clean(&j, hsn_buf_str(&b), &want);
    assert_true(hsn_str_find(hsn_buf_str(&want.told), HSN_S("limit:learned")) < want.told.n);
    crew c = {.order = AT_RANDOM, .r = {1}};
    j.options = (harsan_options){.jobs = 3, .start = crew_start, .join = crew_join, .crew = &c};
    clean(&j, hsn_buf_str(&b), &got);
    expect_same(&got, &want, "a full set");
    cleaned_free(&want);
    cleaned_free(&got);
    hsn_buf_deinit(&b);
}

/* ---------------------------------------------------------------- what goes wrong */

/* An error ends the output at the same byte; nothing is left in flight. */
static void test_broken_texts(void **state)
{
    (void)state;
    text t;
    size_t started = 0;
    make_text(&t, 5, 1200000);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        prng r = {seed};
        size_t at = prng_below(&r, t.b.n);
        unsigned char was = t.b.p[at];
        job j = {.rules = rules, .learn = ONE_PASS};
        t.b.p[at] = prng_one_in(&r, 2) ? '\x01' : '"';
        expect_all(&j, hsn_buf_str(&t.b), seed, &started);
        t.b.p[at] = was;
        expect_all(&j, hsn_str_cut(hsn_buf_str(&t.b), 0, at), seed, &started);
    }
    hsn_buf_deinit(&t.b);
}

typedef struct sink {
    size_t room;
    hsn_buf out;
    bool refused;
} sink;

static int take(void *ctx, const void *data, size_t len)
{
    sink *s = ctx;
    assert_false(s->refused); /* nothing behind a refusal */
    s->refused = s->out.n + len > s->room;
    if (!s->refused) {
        hsn_buf_add(&s->out, data, len);
    }
    return s->refused;
}

static harsan_status run_into(sink *s, crew *c, hsn_str input)
{
    harsan_options options = {.key = {1}, .write = take, .write_ctx = s, .one_pass = true};
    harsan *h;
    harsan_error err;
    if (c != NULL) {
        options.jobs = 3;
        options.start = crew_start;
        options.join = crew_join;
        options.crew = c;
    }
    s->out = new_buf();
    assert_int_equal(harsan_new(&h, rules, &options, &err), HARSAN_OK);
    harsan_feed(h, input.p, input.n);
    harsan_status status = harsan_finish(h);
    harsan_free(h);
    return status;
}

static void test_refusals(void **state)
{
    (void)state;
    text t;
    make_text(&t, 6, 1200000);
    for (size_t room = 0; room < t.b.n; room += 97001) {
        sink want = {.room = room};
        sink got = {.room = room};
        crew c = {.order = AT_RANDOM, .r = {room}};
        harsan_status status = run_into(&want, NULL, hsn_buf_str(&t.b));
        assert_int_equal(run_into(&got, &c, hsn_buf_str(&t.b)), status);
        assert_same(hsn_buf_str(&got.out), hsn_buf_str(&want.out), "up to the refusal");
        assert_int_equal(c.started, c.joined);
        hsn_buf_deinit(&want.out);
        hsn_buf_deinit(&got.out);
    }
    hsn_buf_deinit(&t.b);
}

/* A session that is given up waits for what is in flight. */
static void test_given_up(void **state)
{
    (void)state;
    text t;
    make_text(&t, 7, 1200000);
    for (size_t n = 1000; n < t.b.n; n += 150001) {
        crew c = {.order = REVERSED, .r = {n}};
        harsan_options options = {
            .key = {1}, .jobs = 4, .start = crew_start, .join = crew_join, .crew = &c};
        harsan *h;
        harsan_error err;
        assert_int_equal(harsan_new(&h, rules, &options, &err), HARSAN_OK);
        assert_int_equal(harsan_feed(h, t.b.p, n), HARSAN_OK);
        harsan_free(h);
        assert_int_equal(c.started, c.joined);
    }
    hsn_buf_deinit(&t.b);
}

/* Every so many requests for memory fail: the session ends, or does as well as it can. */
typedef struct famine {
    size_t n;
    size_t every;
} famine;

static bool refuse(void *ctx, size_t n)
{
    famine *f = ctx;
    (void)n;
    return ++f->n % f->every == 0;
}

static void test_no_memory(void **state)
{
    (void)state;
    text t;
    make_text(&t, 8, 700000);
    for (size_t every = 2; every < 4000; every = every * 2 + 1) {
        famine hunger = {.every = every};
        crew c = {.order = AT_RANDOM, .r = {every}};
        sink s = {.room = BIG, .out = new_buf()};
        harsan_options options = {.key = {1},
                                  .jobs = 3,
                                  .start = crew_start,
                                  .join = crew_join,
                                  .crew = &c,
                                  .one_pass = true};
        harsan *h = NULL;
        harsan_error err;
        hsn_mem_test_hook = (hsn_mem_hook){refuse, &hunger};
        harsan_status status = harsan_new(&h, rules, &options, &err);
        if (status == HARSAN_OK) {
            status = harsan_feed(h, t.b.p, t.b.n);
            status = status == HARSAN_OK ? harsan_finish(h) : status;
        }
        assert_true(status == HARSAN_OK || status == HARSAN_E_NOMEM);
        harsan_free(h);
        hsn_mem_test_hook = (hsn_mem_hook){0};
        assert_int_equal(c.started, c.joined);
        hsn_buf_deinit(&s.out);
    }
    hsn_buf_deinit(&t.b);
}

/* ---------------------------------------------------------------- threads */

static void test_threads(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        text t;
        make_text(&t, 100 + seed, 900000);
        job j = {.rules = rules};
        cleaned want;
        cleaned got;
        clean(&j, hsn_buf_str(&t.b), &want);
        for (unsigned jobs = 2; jobs <= 8; jobs *= 2) {
            j.options.jobs = jobs;
            j.options.start = thread_start;
            j.options.join = thread_join;
            clean(&j, hsn_buf_str(&t.b), &got);
            expect_same(&got, &want, "threads");
            cleaned_free(&got);
        }
        cleaned_free(&want);
        hsn_buf_deinit(&t.b);
    }
}

/* ---------------------------------------------------------------- memory */

enum { ENTRY_MAX = 2 << 20 };

/* Nothing but secrets, each another. */
static void dense_entry(prng *r, hsn_buf *b)
{
    char v[32];
    hsn_buf_printf(b, "{\"request\":{\"headers\":[");
    for (size_t i = 0; i < 8; i++) {
        prng_alnum(r, v, 24);
        hsn_buf_printf(b, "{\"name\":\"X-Api-Key\",\"value\":\"%s\"},", v);
    }
    hsn_buf_printf(b, "{}],\"mail\":\"%s@maltbarrow-post.net\"}}", v);
}

/* A string of just what a batch may hold beside others, in two layers. */
static void long_entry(prng *r, hsn_buf *b)
{
    enum { LONG = 1000000 };
    const size_t end = b->n + LONG;
    char v[16];
    hsn_buf_printf(b, "{\"text\":\"[");
    while (b->n < end) {
        prng_alnum(r, v, 12);
        hsn_buf_printf(b, "\\\"%s@maltbarrow-post.net\\\",\\n ", v);
    }
    hsn_buf_printf(b, "0]\"}");
}

/* KiB that a session of so many jobs takes for 12 MB of such entries; in a process of its own. */
static long session_takes(unsigned jobs, void (*entry)(prng *r, hsn_buf *b))
{
    enum { SIZE = 12 << 20 };
    harsan_options options = {.key = {1}, .jobs = jobs, .start = thread_start, .join = thread_join};
    struct rusage before;
    struct rusage after;
    harsan *h;
    harsan_error err;
    prng r = {3};
    hsn_buf b;
    hsn_buf_init(&b, ENTRY_MAX);
    getrusage(RUSAGE_SELF, &before);
    bool ok = harsan_new(&h, rules, &options, &err) == HARSAN_OK &&
              harsan_feed(h, "{\"log\":{\"entries\":[{}", 21) == HARSAN_OK;
    for (size_t n = 0; ok && n < SIZE; n += b.n) {
        hsn_buf_reset(&b);
        hsn_buf_printf(&b, ",");
        entry(&r, &b);
        ok = harsan_feed(h, b.p, b.n) == HARSAN_OK;
    }
    ok = ok && harsan_feed(h, "]}}", 3) == HARSAN_OK && harsan_finish(h) == HARSAN_OK;
    getrusage(RUSAGE_SELF, &after);
    return ok ? after.ru_maxrss - before.ru_maxrss : -1;
}

static void test_memory(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* whose memory is several times as much */
#elif defined(__has_feature)
#if __has_feature(memory_sanitizer)
    skip(); /* likewise */
#endif
#endif
    enum { MOST = 59 << 10 }; /* KiB: 64 MiB less what a process has anyway */
    static void (*const entries[])(prng *r, hsn_buf *b) = {dense_entry, long_entry};
    static const unsigned jobs[] = {2, 8, 64};
    for (size_t i = 0; i < COUNT(entries) * COUNT(jobs); i++) {
        pid_t child = fork();
        if (child == 0) {
#if defined(M_ARENA_MAX)
            /* as in the command: a heap a thread holds what others freed */
            mallopt(M_ARENA_MAX, 2);
#endif
            long took = session_takes(jobs[i / COUNT(entries)], entries[i % COUNT(entries)]);
            _exit(took < 0 ? 1 : took > MOST ? 2 : 0);
        }
        int status = -1;
        assert_true(child > 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory), /* first: what tests before it left would be used again */
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_sparse_texts),
        cmocka_unit_test(test_repeating_texts),
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_long_strings),
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_full_set),
        cmocka_unit_test(test_broken_texts),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_given_up),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_threads),
    };
    cmocka_set_test_filter(getenv("HARSAN_TEST")); /* NULL: all */
    return cmocka_run_group_tests(tests, set_up_rules, tear_down_rules);
}
