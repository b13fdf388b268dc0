/*
 * The tokenizer: any cuts give the same events, the same error at the same offset and the same end
 * of a value as the text in one piece; vectorised and portable scans agree.
 *
 * Input: flags, depth limit, cuts, then the text.
 */
#include "check.h"

#include "json.h"

enum { ONE_VALUE = 1, DROP = 2, STOP = 4 };

/* A text as the tokenizer saw it. */
typedef struct view {
    hsn_buf events; /* hsn_json_event in a row, offsets absolute */
    size_t stop_at; /* events after which the sink stops */
    uint64_t base;  /* of the text in the run under way */
    hsn_step step;
    harsan_error err;
    uint64_t end;
} view;

static bool on_event(void *ctx, const hsn_json_event *ev)
{
    view *v = ctx;
    hsn_json_event absolute;
    memset(&absolute, 0, sizeof absolute); /* padding is compared as well */
    absolute.kind = ev->kind;
    absolute.escaped = ev->escaped;
    absolute.off = (size_t)(v->base + ev->off);
    absolute.len = ev->len;
    hsn_buf_add(&v->events, &absolute, sizeof absolute);
    return v->events.n / sizeof absolute < v->stop_at;
}

static void settle(view *v, const hsn_json *j, unsigned flags)
{
    if (v->step == HSN_OK && (flags & ONE_VALUE) != 0 && !hsn_json_stopped(j)) {
        v->end = hsn_json_end(j);
    }
}

static void run(view *v, hsn_json *j, hsn_str text, uint64_t base)
{
    v->base = base;
    v->step = hsn_json_run(j, text, base, on_event, v, &v->err);
}

static void finish(view *v, hsn_json *j, hsn_str text, uint64_t base)
{
    if (v->step == HSN_MORE) {
        v->base = base;
        v->step = hsn_json_finish(j, text, base, on_event, v, &v->err);
    }
}

static void read_whole(view *v, hsn_json *j, hsn_str text)
{
    unsigned char *copy = copy_exactly(text);
    run(v, j, hsn_str_of(copy, text.n), 0);
    finish(v, j, hsn_str_of(copy, text.n), 0);
    hsn_mem_free(copy);
}

/* Keeps of the text what the tokenizer needs; with DROP not even the beginning of a long string. */
static void read_pieces(view *v, hsn_json *j, hsn_str text, cuts *c, unsigned flags)
{
    size_t from = 0;
    size_t to = 0;
    unsigned char *copy = copy_exactly((hsn_str){0});
    v->step = HSN_MORE;
    while (to < text.n && v->step == HSN_MORE) {
        to += next_piece(c, text.n - to);
        hsn_mem_free(copy);
        copy = copy_exactly(hsn_str_cut(text, from, to));
        run(v, j, hsn_str_of(copy, to - from), from);
        if (v->step == HSN_MORE && to < text.n) {
            from = (size_t)hsn_json_need(j);
            REQUIRE(from <= to);
            from = (flags & DROP) != 0 && hsn_json_in_string(j) ? to : from;
        }
    }
    /* the buffer of the last run, from where it began */
    finish(v, j, hsn_str_of(copy, to - (size_t)v->base), v->base);
    hsn_mem_free(copy);
}

static void agree_on_scans(hsn_str text)
{
    enum { FAR = 200 }; /* beyond every width of a vector loop */
    for (size_t i = 0; i <= text.n && i < FAR; i++) {
        hsn_str rest = hsn_str_cut(text, i, text.n);
        REQUIRE(hsn_json_plain(rest) == hsn_json_plain_portable(rest));
        REQUIRE(hsn_json_space(rest) == hsn_json_space_portable(rest));
    }
}

static void begin(hsn_json *j, unsigned flags)
{
    hsn_json_reset(j);
    if ((flags & ONE_VALUE) != 0) {
        hsn_json_one_value(j);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str text = hsn_str_of(data, size);
    unsigned flags = take_byte(&text);
    unsigned depth = take_byte(&text) % 64 + 1;
    cuts c = take_cuts(&text);
    size_t stop_at = (flags & STOP) != 0 ? (flags >> 3) + 1 : SIZE_MAX;
    view whole = {.events = new_buf(), .stop_at = stop_at};
    view pieces = {.events = new_buf(), .stop_at = stop_at};
    hsn_json *j = hsn_json_new(depth);
    REQUIRE(j != NULL);
    begin(j, flags);
    read_whole(&whole, j, text);
    settle(&whole, j, flags);
    begin(j, flags); /* the same tokenizer: nothing may be left of the text before */
    read_pieces(&pieces, j, text, &c, flags);
    settle(&pieces, j, flags);
    hsn_json_free(j);

    REQUIRE(whole.step == pieces.step);
    REQUIRE(whole.end == pieces.end && whole.end <= text.n);
    REQUIRE(whole.err.code == pieces.err.code && whole.err.offset == pieces.err.offset);
    REQUIRE(strcmp(whole.err.message, pieces.err.message) == 0);
    REQUIRE(hsn_str_eq(hsn_buf_str(&whole.events), hsn_buf_str(&pieces.events)));
    agree_on_scans(text);
    hsn_buf_deinit(&whole.events);
    hsn_buf_deinit(&pieces.events);
    return 0;
}
