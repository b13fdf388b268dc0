/*
 * The session: the contract of the library, held against any input.
 *
 *   - the output of valid JSON is JSON of the same structure, the same for any cuts of the input
 *   - what was cleaned stays as it is under another key, and nothing is found in it, but where a
 *     string beyond the window met a limit
 *   - the empty rule set changes nothing
 *   - a value under the key "password" stands nowhere in the output or the report
 *
 * Input: flags, packs and crew, window, cuts, then the text. In the text `~P` stands for the
 * planted value, which no input can hold of its own accord; a few times over, `~L` stands for
 * words, `~B` for words in base64, each longer than the smallest window, and `~R` for records as
 * lists have them.
 *
 *   - a crew of any size, whatever the order of its work, changes nothing
 *
 * Batches, windows and segments are smaller than in earnest (base_scale.h).
 */
#include "check.h"
#include "crew.h"
#include "peel.h"
#include "base_scale.h"

enum { ONE_PASS = 1, JWT_WHOLE = 2, PLANT = 4, PLANT_LAST = 8, FEW_LAYERS = 16, LONG = 32 };
enum { JOBS = 4, LONGER = 140 * 1024 / HSN_SCALE /* than the window */ };

typedef struct session {
    hsn_buf out;
    hsn_buf told; /* every text of every finding and gap, each ended by LF */
    harsan_status status;
    harsan_error err;
    harsan_facts facts;
    bool again;
    uint64_t last_offset; /* of the findings so far */
    size_t n_replaced;    /* gaps */
    size_t n_passed;
} session;

/* ---------------------------------------------------------------- running */

static int on_write(void *ctx, const void *data, size_t len)
{
    session *s = ctx;
    hsn_buf_add(&s->out, data, len);
    return hsn_buf_failed(&s->out);
}

static void tell(session *s, const char *text)
{
    hsn_buf_printf(&s->told, "%s\n", text != NULL ? text : "");
}

static void on_finding(void *ctx, const harsan_finding *f)
{
    session *s = ctx;
    REQUIRE(f->offset >= s->last_offset && f->line >= 1 && f->column >= 1);
    s->last_offset = f->offset;
    tell(s, f->rule);
    tell(s, f->what);
    tell(s, f->category);
    tell(s, f->place);
    tell(s, f->layers);
    tell(s, f->stand_in);
    tell(s, f->learned_from);
}

static void on_gap(void *ctx, const harsan_gap *g)
{
    session *s = ctx;
    s->n_replaced += g->replaced;
    s->n_passed += !g->replaced;
    tell(s, g->place);
    tell(s, g->why);
}

static void begin_pass(session *s)
{
    hsn_buf_reset(&s->out);
    hsn_buf_reset(&s->told);
    s->n_replaced = s->n_passed = 0;
    s->last_offset = 0;
}

/* c NULL: in one piece. */
static harsan_status pour(harsan *h, hsn_str text, cuts *c)
{
    harsan_status status = HARSAN_OK;
    while (text.n > 0 && status == HARSAN_OK) {
        size_t n = c == NULL ? text.n : next_piece(c, text.n);
        unsigned char *piece = copy_exactly(hsn_str_cut(text, 0, n));
        status = harsan_feed(h, piece, n);
        hsn_mem_free(piece);
        text = hsn_str_cut(text, n, text.n);
    }
    return status == HARSAN_OK ? harsan_finish(h) : status;
}

static void clean(session *s, const harsan_rules *rules, const harsan_options *opt, hsn_str text,
                  cuts *c)
{
    *s = (session){.out = new_buf(), .told = new_buf()};
    harsan_options options = *opt;
    options.write = on_write;
    options.on_finding = on_finding;
    options.on_gap = on_gap;
    options.write_ctx = options.event_ctx = s;
    harsan *h;
    REQUIRE(harsan_new(&h, rules, &options, &s->err) == HARSAN_OK);
    s->status = pour(h, text, c);
    if (s->status == HARSAN_AGAIN) {
        REQUIRE(!options.one_pass);
        s->again = true;
        begin_pass(s);
        s->status = pour(h, text, c);
        REQUIRE(s->status != HARSAN_AGAIN);
    }
    s->err = *harsan_last_error(h);
    harsan_get_facts(h, &s->facts);
    harsan_free(h);
    REQUIRE(!hsn_buf_failed(&s->out) && !hsn_buf_failed(&s->told));
}

static void end(session *s)
{
    hsn_buf_deinit(&s->out);
    hsn_buf_deinit(&s->told);
}

/* ---------------------------------------------------------------- rules */

/* Made once: they are immutable, and loading them takes longer than most inputs. */
static const harsan_rules *no_rules(void)
{
    static harsan_rules *made;
    if (made == NULL) {
        harsan_error err;
        REQUIRE(harsan_rules_parse(&made, "", 0, false, 0, &err) == HARSAN_OK);
    }
    return made;
}

/* ---------------------------------------------------------------- the planted value */

static void add_words(hsn_buf *out, size_t n)
{
    for (size_t end = out->n + n; out->n < end;) {
        hsn_buf_printf(out, "lorem ipsum dolor sit amet, ");
    }
}

/* The planted value somewhere in the middle. */
static void add_base64(hsn_buf *out, const char planted[PLANTED])
{
    const hsn_base64 how = {.padded = true};
    hsn_buf plain = new_buf();
    add_words(&plain, LONGER / 2);
    hsn_buf_printf(&plain, "password=%.*s&lang=la&rest=", PLANTED, planted);
    add_words(&plain, LONGER / 2);
    hsn_base64_encode(out, hsn_buf_str(&plain), &how);
    hsn_buf_deinit(&plain);
}

static void add_records(hsn_buf *out)
{
    enum { RECORDS = 100 };
    for (unsigned i = 0; i < RECORDS; i++) {
        hsn_buf_printf(out, "{\"name\":\"X-Count\",\"value\":\"%u of many\"},", i * i);
    }
}

static bool add_much(hsn_buf *out, unsigned char kind, const char planted[PLANTED])
{
    if (kind == 'L') {
        add_words(out, LONGER);
    } else if (kind == 'B') {
        add_base64(out, planted);
    } else if (kind == 'R') {
        add_records(out);
    } else {
        return false;
    }
    return true;
}

/* The text with ~P, and as often as MUCH what stands for much, written out; the latter only when
 * asked for. */
static void write_out(hsn_buf *out, hsn_str text, const char planted[PLANTED], bool longer)
{
    enum { MUCH = 4 };
    for (unsigned much = longer ? MUCH : 0; text.n > 0; text = hsn_str_cut(text, 1, text.n)) {
        unsigned char next = text.p[0] == '~' && text.n > 1 ? text.p[1] : 0;
        if (next == 'P') {
            hsn_buf_add(out, planted, PLANTED);
        } else if (much > 0 && add_much(out, next, planted)) {
            much--;
        } else {
            hsn_buf_put(out, text.p[0]);
            continue;
        }
        text = hsn_str_cut(text, 1, text.n);
    }
}

static void make_text(hsn_buf *out, hsn_str text, const char planted[PLANTED], unsigned flags)
{
    bool plant = (flags & PLANT) != 0;
    bool last = (flags & PLANT_LAST) != 0 && (flags & ONE_PASS) == 0;
    if (plant && !last) {
        hsn_buf_printf(out, "{\"password\":\"%.*s\",\"rest\":", PLANTED, planted);
    } else if (plant) {
        hsn_buf_printf(out, "{\"rest\":");
    }
    write_out(out, text, planted, (flags & LONG) != 0);
    if (plant && last) {
        hsn_buf_printf(out, ",\"password\":\"%.*s\"", PLANTED, planted);
    }
    if (plant) {
        hsn_buf_put(out, '}');
    }
}

/* ---------------------------------------------------------------- the contract */

static void check_no_rules(const harsan_options *opt, hsn_str text, const session *with_rules)
{
    session s;
    clean(&s, no_rules(), opt, text, NULL);
    /* a text may be broken and beyond a limit: which of the two is met first differs */
    REQUIRE((s.status == HARSAN_OK) == (with_rules->status == HARSAN_OK));
    if (s.status == HARSAN_OK) {
        REQUIRE(s.facts.findings == 0 && s.n_replaced == 0);
        REQUIRE(hsn_str_eq(hsn_buf_str(&s.out), text));
    }
    end(&s);
}

static void same_session(const session *a, const session *b)
{
    REQUIRE(a->status == b->status && a->err.offset == b->err.offset && a->again == b->again);
    REQUIRE(a->err.line == b->err.line && a->err.column == b->err.column);
    REQUIRE(strcmp(a->err.where, b->err.where) == 0);
    REQUIRE(hsn_str_eq(hsn_buf_str(&a->out), hsn_buf_str(&b->out)));
    REQUIRE(hsn_str_eq(hsn_buf_str(&a->told), hsn_buf_str(&b->told)));
    REQUIRE(a->status != HARSAN_OK || memcmp(&a->facts, &b->facts, sizeof a->facts) == 0);
}

/* In pieces, and by a crew that does its work in any order. */
static void check_cuts(const session *s, const harsan_rules *rules, const harsan_options *opt,
                       hsn_str text, cuts *c, crew *hands)
{
    session cut;
    harsan_options shared = *opt;
    shared.start = crew_start;
    shared.join = crew_join;
    shared.crew = hands;
    clean(&cut, rules, &shared, text, c);
    REQUIRE(hands->started == hands->joined);
    same_session(&cut, s);
    end(&cut);
}

/* Was a limit met in a string beyond the window? A second run cuts that elsewhere, and may meet the
 * limit where there was none at first. */
static bool is_cut_by_limits(const session *s)
{
    return hsn_str_find(hsn_buf_str(&s->told), HSN_S("\nlimit:window\n")) < s->told.n;
}

static void check_again(const session *s, const harsan_rules *rules, const harsan_options *opt)
{
    harsan_options other = *opt;
    memset(other.key, 0x5a, sizeof other.key);
    session again;
    clean(&again, rules, &other, hsn_buf_str(&s->out), NULL);
    REQUIRE(again.status == HARSAN_OK);
    REQUIRE(differs(hsn_buf_str(&s->out), hsn_buf_str(&again.out)) == NULL);
    if (!is_cut_by_limits(s)) {
        REQUIRE(hsn_str_eq(hsn_buf_str(&again.out), hsn_buf_str(&s->out)));
        REQUIRE(again.facts.findings == 0 && again.n_replaced == 0);
    }
    end(&again);
}

static harsan_options take_options(hsn_str *s, unsigned flags)
{
    enum { DEPTH = 100 };
    unsigned window = take_byte(s);
    return (harsan_options){
        .key = {1},
        .one_pass = (flags & ONE_PASS) != 0,
        .jwt = (flags & JWT_WHOLE) != 0 ? HARSAN_JWT_WHOLE : HARSAN_JWT_CLAIMS,
        .window = ((size_t)window << 12) / HSN_SCALE, /* 0: the usual one */
        .max_depth = DEPTH,
        .max_layers = (flags & FEW_LAYERS) != 0 ? 2 : 0,
    };
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str rest = hsn_str_of(data, size);
    unsigned flags = take_byte(&rest);
    unsigned choice = take_byte(&rest);
    const harsan_rules *rules = rules_of(choice % PACKS);
    crew hands = {.state = choice, .refuses = choice / PACKS / JOBS % 2 == 1};
    harsan_options opt = take_options(&rest, flags);
    cuts c = take_cuts(&rest);
    char planted[PLANTED];
    hsn_buf made = new_buf();
    make_planted(hsn_str_of(data, size), planted);
    make_text(&made, rest, planted, flags);
    hsn_str text = hsn_buf_str(&made);

    session s;
    clean(&s, rules, &opt, text, NULL);
    opt.jobs = choice / PACKS % JOBS + 1;
    REQUIRE(s.status == HARSAN_OK || s.status == HARSAN_E_SYNTAX || s.status == HARSAN_E_LIMIT);
    REQUIRE(s.status == HARSAN_E_LIMIT || is_json(text) == (s.status == HARSAN_OK));
    if (s.status == HARSAN_OK) {
        REQUIRE(differs(text, hsn_buf_str(&s.out)) == NULL);
        REQUIRE((flags & PLANT) == 0 || !stands_in(hsn_buf_str(&s.out), planted));
        REQUIRE((flags & PLANT) == 0 || !stands_in(hsn_buf_str(&s.told), planted));
        check_again(&s, rules, &opt);
    }
    check_cuts(&s, rules, &opt, text, &c, &hands);
    check_no_rules(&opt, text, &s);
    end(&s);
    hsn_buf_deinit(&made);
    return 0;
}
