/*
 * Every limit, at it and one past it: what is within is cleaned as always, what is beyond is an
 * error where it concerns the whole file, and otherwise replaced whole and told. Nothing passes
 * uninspected in silence. Depth of the input, strings beyond the window and inflating without end
 * are in test_stream.c.
 */
#include "gen_layers.h"
#include "views.h"

#include "peel.h"

#include <glob.h>

#define TOK "4hxhh5z27495hxz7z2k79xhw42542k9x"

enum { WINDOW = 128 << 10, PIECE = 64 << 10, LAYERS = 10, VALUE_DEPTH = 200, STACKS = 600 };

static harsan_rules *rules;
static glob_t files;
static lines planted;

static int set_up(void **state)
{
    (void)state;
    rules = default_rules(0);
    read_lines("samples/planted.txt", &planted);
    return glob("samples/*.har", 0, NULL, &files);
}

static int tear_down(void **state)
{
    (void)state;
    harsan_rules_free(rules);
    lines_free(&planted);
    globfree(&files);
    return 0;
}

/* Cleans and frees `text`; the planted token must be gone from whatever came out. */
static void clean_text(const job *j, hsn_buf *text, cleaned *c)
{
    static const hsn_str secret = {(const unsigned char *)TOK, sizeof TOK - 1};
    clean(j, hsn_buf_str(text), c);
    assert_null(find_readable(hsn_buf_str(&c->out), &secret, 1, NULL));
    if (c->status == HARSAN_OK) {
        assert_null(differs(hsn_buf_str(text), hsn_buf_str(&c->out)));
    }
    hsn_buf_deinit(text);
}

/* ---------------------------------------------------------------- the input */

static void test_key_length(void **state)
{
    (void)state;
    for (size_t beyond = 0; beyond < 2; beyond++) {
        job j = {.rules = rules, .options = {.window = WINDOW}};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "{\"");
        buf_repeat(&text, "k", beyond == 0 ? WINDOW - 2 : WINDOW + 4 * PIECE);
        hsn_buf_printf(&text, "\":{\"password\":\"" TOK "\"}}");
        clean_text(&j, &text, &c);
        assert_int_equal(c.status, beyond == 0 ? HARSAN_OK : HARSAN_E_LIMIT);
        cleaned_free(&c);
    }
}

/* A window below the least is the least. */
static void test_window(void **state)
{
    (void)state;
    static const size_t lengths[] = {WINDOW - 100, WINDOW + 2 * PIECE};
    for (size_t i = 0; i < 2 * COUNT(lengths); i++) {
        job j = {.rules = rules, .options = {.window = i < COUNT(lengths) ? WINDOW : 1}};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "{\"text\":\"password=" TOK " ");
        buf_repeat(&text, "word ", lengths[i % 2] / 5 - 12);
        hsn_buf_printf(&text, "password=" TOK "\"}");
        clean_text(&j, &text, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_true(c.facts.findings > 0 || c.n_gaps_replaced > 0);
        cleaned_free(&c);
    }
}

/* The least window is smaller than a batch, which begins anywhere: a record cut off from the one
 * before it is held nevertheless, and so is a string beyond the window. */
static void test_batches_beyond_the_least_window(void **state)
{
    (void)state;
    for (size_t before = 1; before <= PIECE; before += PIECE / 5) {
        job j = {.rules = rules, .options = {.window = WINDOW}};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "[{\"a\":\"");
        buf_repeat(&text, "a", 3 * PIECE + before);
        hsn_buf_printf(&text, "\"},{\"text\":\"password=" TOK " ");
        buf_repeat(&text, "word ", 2 * WINDOW / 5);
        hsn_buf_printf(&text, "\"},{\"n\":[1");
        buf_repeat(&text, ",1", WINDOW);
        hsn_buf_printf(&text, "],\"password\":\"" TOK "\"}]");
        clean_text(&j, &text, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.facts.findings, 2);
        cleaned_free(&c);
    }
}

/* Base64 beyond the window, in which each stand-in has to take the bytes of what it replaces, be
 * that a number, an address of another length, or a token that is taken apart. */
static void test_base64_beyond_the_window(void **state)
{
    (void)state;
    static const char *const secrets[] = {
        "{\"password\": 31415926535897, \"n\": 1}", "{\"pin\": 27, \"n\": 2}",
        "a host at 81.2.69.160 or 8.8.8.8", "and 2a02:6b8:0:1::feed:ff here",
        ("authorization: Bearer " TOK), "mail to a.b@maltbarrow-post.net"};
    harsan_rules *all = default_rules(HARSAN_PACK_PII | HARSAN_PACK_NETWORK);
    hsn_buf plain = new_buf();
    hsn_base64 how = {.padded = true};
    for (size_t line = 0; line <= 76; line += 76) {
        job j = {.rules = all, .options = {.window = WINDOW}};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_reset(&plain);
        for (size_t i = 0; plain.n < 3 * WINDOW; i++) {
            hsn_buf_printf(&plain, "line %zu, and %s, so it is\n", i, secrets[i % COUNT(secrets)]);
        }
        how.line = line;
        how.eol = HSN_S("\\n");
        hsn_buf_printf(&text, "{\"text\":\"");
        hsn_base64_encode(&text, hsn_buf_str(&plain), &how);
        hsn_buf_printf(&text, "\"}");
        size_t n = text.n;
        clean_text(&j, &text, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.out.n, n);
        static const hsn_str planted_here[] = {HSN_W("31415926535897"), HSN_W("81.2.69.160"),
                                               HSN_W("2a02:6b8:0:1::feed:ff"),
                                               HSN_W("a.b@maltbarrow-post.net")};
        assert_null(find_readable(hsn_buf_str(&c.out), planted_here, COUNT(planted_here), NULL));
        cleaned_free(&c);
    }
    hsn_buf_deinit(&plain);
    harsan_rules_free(all);
}

/* Percent-encoded again and again, without a stop: every segment has room for the layers of it. */
static void test_layers_beyond_the_window(void **state)
{
    enum { DEEPEST = 5 };
    (void)state;
    hsn_buf text[2] = {new_buf(), new_buf()};
    for (size_t i = 0; text[0].n < 2 * WINDOW; i++) {
        hsn_buf_printf(&text[0], "words_of_page_%zu_and_so_on_until_it_ends password=" TOK " ", i);
    }
    for (size_t layers = 1; layers <= DEEPEST; layers++) {
        const hsn_buf *inner = &text[(layers + 1) % 2];
        hsn_buf *outer = &text[layers % 2];
        job j = {.rules = rules, .options = {.window = WINDOW}};
        hsn_buf har = new_buf();
        cleaned c;
        hsn_buf_reset(outer);
        hsn_escape_percent.write(outer, hsn_buf_str(inner));
        hsn_buf_printf(&har, "{\"text\":\"%.*s\"}", (int)outer->n, (const char *)outer->p);
        clean_text(&j, &har, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.n_gaps_replaced, 0);
        assert_false(buf_holds(&c.out, TOK));
        assert_true(buf_holds(&c.out, "words_of_page_0_"));
        cleaned_free(&c);
    }
    hsn_buf_deinit(&text[0]);
    hsn_buf_deinit(&text[1]);
}

/* What is made of digits and letters is taken for a layer where there is room for one, and one past
 * it is replaced. The text around it is the first. */
static void test_last_layer(void **state)
{
    (void)state;
    const hsn_str plain = HSN_S("{\"password\": \"" TOK "\", \"n\": 1}");
    for (size_t i = 0; i < 6; i++) {
        const unsigned layers = 1 + i % 2;
        job j = {.rules = rules, .options = {.max_layers = layers}};
        hsn_buf har = new_buf();
        cleaned c;
        hsn_buf_printf(&har, "{\"text\":\"see\\n");
        if (i / 2 == 1) {
            const hsn_base32 how = {.padded = true};
            hsn_base32_encode(&har, plain, &how);
        }
        for (size_t k = 0; i / 2 != 1 && k < plain.n; k++) {
            hsn_buf_printf(&har, i / 2 == 0 ? "%02x" : k == 0 ? "[%u" : ", %u", plain.p[k]);
        }
        hsn_buf_printf(&har, i / 2 == 2 ? "]\"}" : "\"}");
        clean_text(&j, &har, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.facts.findings, 1);
        assert_int_equal(buf_holds(&c.told, "limit:layers"), layers == 1);
        assert_int_equal(c.n_gaps_replaced, layers == 1);
        cleaned_free(&c);
    }
}

/* A limit met in what a segment only looks ahead at is told once, by the segment that it belongs
 * to. */
static void test_limit_ahead_of_a_segment(void **state)
{
    (void)state;
    for (size_t before = WINDOW / 2 - PIECE / 2; before < WINDOW; before += PIECE / 4) {
        job j = {.rules = rules, .options = {.window = WINDOW, .max_layers = 1}};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "{\"text\":\"");
        buf_repeat(&text, "word ", before / 5);
        hsn_buf_printf(&text, "a%%2562c ");
        buf_repeat(&text, "word ", WINDOW / 5);
        hsn_buf_printf(&text, "\"}");
        clean_text(&j, &text, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_true(buf_holds(&c.told, "limit:layers"));
        assert_int_equal(c.n_gaps_replaced, 1);
        cleaned_free(&c);
    }
}

/* ---------------------------------------------------------------- layers of a value */

static void test_layers(void **state)
{
    (void)state;
    for (size_t layers = LAYERS - 1; layers <= LAYERS + 1; layers++) {
        hsn_buf text[2] = {new_buf(), new_buf()};
        hsn_base64 how = {.padded = true};
        cleaned c;
        job j = {.rules = rules};
        hsn_buf_printf(&text[0], "{\"note\":\"some words\",\"password\":\"" TOK "\"}");
        for (size_t i = 0; i < layers; i++) {
            hsn_buf_reset(&text[(i + 1) % 2]);
            hsn_base64_encode(&text[(i + 1) % 2], hsn_buf_str(&text[i % 2]), &how);
        }
        hsn_buf har = new_buf();
        hsn_buf_printf(&har, "{\"text\":\"");
        hsn_buf_add_str(&har, hsn_buf_str(&text[layers % 2]));
        hsn_buf_printf(&har, "\"}");
        clean_text(&j, &har, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(buf_holds(&c.told, "limit:layers"), layers > LAYERS);
        assert_int_equal(c.n_gaps_replaced, layers > LAYERS);
        cleaned_free(&c);
        hsn_buf_deinit(&text[0]);
        hsn_buf_deinit(&text[1]);
    }
}

/* JSON in a value, deeper than it is followed: read as free text, in which names still count. */
static void test_depth_of_a_body(void **state)
{
    (void)state;
    for (size_t depth = VALUE_DEPTH - 1; depth <= VALUE_DEPTH + 1; depth++) {
        job j = {.rules = rules};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "{\"text\":\"");
        buf_repeat(&text, "{\\\"a\\\":", depth - 1);
        hsn_buf_printf(&text, "{\\\"password\\\":\\\"" TOK "\\\"}");
        buf_repeat(&text, "}", depth - 1);
        hsn_buf_printf(&text, "\"}");
        clean_text(&j, &text, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.facts.findings, 1);
        cleaned_free(&c);
    }
}

/* Objects in bytes, deeper than they are followed: the names in them would count for nothing. */
static void test_depth_of_packed_objects(void **state)
{
    enum { DEPTH = 64 };
    (void)state;
    static const struct {
        const char *outer, *inner; /* maps of one pair */
    } kinds[] = {{"\xa1\x64node", "\xa1\x68password\x78\x20" TOK},   /* CBOR */
                 {"\x81\xa4node", "\x81\xa8password\xd9\x20" TOK}}; /* MessagePack */
    for (size_t i = 0; i < 2 * COUNT(kinds); i++) {
        const bool past = i % 2 == 1;
        const hsn_base64 how = {.padded = true};
        job j = {.rules = rules};
        hsn_buf bytes = new_buf();
        hsn_buf text = new_buf();
        cleaned c;
        buf_repeat(&bytes, kinds[i / 2].outer, past ? DEPTH : DEPTH - 1);
        hsn_buf_add_str(&bytes, hsn_str_z(kinds[i / 2].inner));
        hsn_buf_printf(&text, "{\"text\":\"");
        hsn_base64_encode(&text, hsn_buf_str(&bytes), &how);
        hsn_buf_printf(&text, "\"}");
        clean_text(&j, &text, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.facts.findings, 1);
        assert_int_equal(buf_holds(&c.told, "limit:layers"), past);
        assert_int_equal(c.n_gaps_replaced, past);
        cleaned_free(&c);
        hsn_buf_deinit(&bytes);
    }
}

/* Decoded layers of a value share three windows, of small windows SHARED. */
static void test_size_of_layers(void **state)
{
    enum { SHARED = 6 << 20 };
    (void)state;
    static const hsn_deflate kinds[] = {HSN_GZIP, HSN_ZLIB, HSN_RAW_DEFLATE};
    for (size_t i = 0; i < 6; i++) {
        hsn_buf plain = new_buf();
        hsn_buf packed = new_buf();
        hsn_buf har = new_buf();
        hsn_base64 how = {.padded = true};
        job j = {.rules = rules, .options = {.window = SHARED / 4}};
        prng r = {7};
        cleaned c;
        hsn_buf_printf(&plain, "password=" TOK "\n");
        /* words enough that it packs to an eighth, not a thousandth */
        while (plain.n < (i < 3 ? SHARED / 2 : SHARED)) {
            hsn_buf_printf(&plain, "line %zu of the page\n", prng_below(&r, 1000));
        }
        assert_true(hsn_deflate_all(hsn_buf_str(&plain), kinds[i % 3], &packed));
        hsn_buf_printf(&har, "{\"text\":\"");
        hsn_base64_encode(&har, hsn_buf_str(&packed), &how);
        hsn_buf_printf(&har, "\"}");
        clean_text(&j, &har, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(buf_holds(&c.told, "limit:inflate"), i >= 3);
        assert_int_equal(c.n_gaps_replaced, i >= 3);
        cleaned_free(&c);
        hsn_buf_deinit(&plain);
        hsn_buf_deinit(&packed);
    }
}

/* With few layers and the least window whatever format meets the limit has to give up a value, and
 * no format may give it up to the output. */
static void test_samples_within_little(void **state)
{
    (void)state;
    for (size_t i = 0; i < files.gl_pathc; i++) {
        for (unsigned layers = 1; layers <= 4; layers++) {
            job j = {.rules = rules, .options = {.max_layers = layers, .window = WINDOW}};
            hsn_buf text = new_buf();
            char way[128];
            cleaned c;
            read_file(files.gl_pathv[i], &text);
            clean(&j, hsn_buf_str(&text), &c);
            assert_int_equal(c.status, HARSAN_OK);
            assert_null(differs(hsn_buf_str(&text), hsn_buf_str(&c.out)));
            const hsn_str *left = find_readable(hsn_buf_str(&c.out), planted.v, planted.n, way);
            if (left != NULL) {
                print_error("%s, %u layers: planted value %zu is left: %s\n", files.gl_pathv[i],
                            layers, (size_t)(left - planted.v), way);
                fail();
            }
            cleaned_free(&c);
            hsn_buf_deinit(&text);
        }
    }
}

/* The same for layers stacked at random. */
static void test_stacks_within_little(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= STACKS; seed++) {
        job j = {.rules = rules, .options = {.max_layers = 1 + (unsigned)(seed % 4)}};
        hsn_str values[GEN_PLANTED_MAX];
        char way[128];
        char what[256];
        gen_stack g;
        cleaned c;
        gen_make(&g, seed);
        for (size_t i = 0; i < g.n_planted; i++) {
            values[i] = hsn_str_z(g.planted[i]);
        }
        clean(&j, hsn_buf_str(&g.har), &c);
        assert_int_equal(c.status, HARSAN_OK);
        if (find_readable(hsn_buf_str(&c.out), values, g.n_planted, way) != NULL) {
            gen_describe(&g, what, sizeof what);
            print_error("seed %zu, %u layers: %s: left: %s\n", (size_t)seed, j.options.max_layers,
                        what, way);
            fail();
        }
        cleaned_free(&c);
        gen_free(&g);
    }
}

/* ---------------------------------------------------------------- names and formats */

/* A name may be as long as it likes: its end says what it is. */
static void test_length_of_a_name(void **state)
{
    (void)state;
    static const size_t lengths[] = {80, 88, 89, 200, 70000};
    static const char *const ends[] = {"password", "p\\u0061ssword"};
    for (size_t i = 0; i < 2 * COUNT(lengths); i++) {
        job j = {.rules = rules};
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "{\"");
        buf_repeat(&text, "ctl00$page_", lengths[i / 2] / 11 + 1);
        hsn_buf_printf(&text, "%s\":\"" TOK "\"}", ends[i % 2]);
        clean_text(&j, &text, &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(c.facts.findings, 1);
        assert_int_equal(c.n_gaps_replaced, 0);
        cleaned_free(&c);
    }
}

/* A value in a text, cleaned by itself; returns what became of it in c->out. */
static void clean_value(hsn_buf *value, cleaned *c)
{
    static const char *const spelled[] = {"\\\\", "\\\"", "\\n", "\\r"};
    job j = {.rules = rules};
    hsn_buf text = new_buf();
    hsn_buf_printf(&text, "{\"text\":\"");
    for (size_t i = 0; i < value->n; i++) {
        size_t k = hsn_str_chr(HSN_S("\\\"\n\r"), value->p[i]);
        if (k < COUNT(spelled)) {
            hsn_buf_printf(&text, "%s", spelled[k]);
        } else {
            hsn_buf_put(&text, value->p[i]);
        }
    }
    hsn_buf_printf(&text, "\"}");
    clean_text(&j, &text, c);
    assert_int_equal(c->status, HARSAN_OK);
    hsn_buf_deinit(value);
}

static void test_columns_of_a_table(void **state)
{
    (void)state;
    enum { COLUMNS = 512 };
    for (size_t n = COLUMNS; n <= COLUMNS + 1; n++) {
        hsn_buf text = new_buf();
        cleaned c;
        buf_repeat(&text, "name,", n - 1);
        hsn_buf_printf(&text, "password\n");
        buf_repeat(&text, "word,", n - 1);
        hsn_buf_printf(&text, TOK "\n");
        clean_value(&text, &c);
        assert_int_equal(c.n_gaps_replaced, n > COLUMNS);
        assert_int_equal(buf_holds(&c.told, "limit:size"), n > COLUMNS);
        assert_int_equal(buf_holds(&c.out, "word,word"), n <= COLUMNS);
        cleaned_free(&c);
    }
}

/* Boundaries, elements, attributes and tags longer than any standard, or any taste, has them. */
static void test_length_of_markup(void **state)
{
    (void)state;
    static const struct {
        const char *before, *filling;
        size_t times;
        const char *behind;
    } cases[] = {
        {"--", "xX", 40, "\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" TOK "\r\n--"},
        {"--", "xX", 1500, "\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" TOK "\r\n--"},
        {"<", "long.", 190, "Password>" TOK "</a>"},
        {"<input name=csrf_token ", "a=b c ", 1000, "value=\"" TOK "\">"},
        {"<input name=csrf_token title=\"", "some words ", 20000, "\" value=\"" TOK "\">"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        hsn_buf text = new_buf();
        cleaned c;
        hsn_buf_printf(&text, "%s", cases[i].before);
        buf_repeat(&text, cases[i].filling, cases[i].times);
        hsn_buf_printf(&text, "%s", cases[i].behind);
        clean_value(&text, &c);
        assert_int_equal(c.facts.findings, 1);
        assert_int_equal(c.n_gaps_replaced, 0);
        cleaned_free(&c);
    }
}

/* ---------------------------------------------------------------- memory of a value */

/* A string under a name and with so much in it that what is to be said of it does not fit: a value
 * is not passed on for that. */
static void test_scratch_memory(void **state)
{
    (void)state;
    for (size_t n = 1000; n <= 300000; n += 299000) {
        hsn_buf text = new_buf();
        cleaned c;
        for (size_t i = 0; i < n; i++) {
            hsn_buf_printf(&text, "u%zx@bc.de ", i);
        }
        clean_value(&text, &c);
        assert_false(buf_holds(&c.out, "@bc.de"));
        assert_int_equal(buf_holds(&c.told, "limit:memory"), n == 300000);
        cleaned_free(&c);
    }
}

/* ---------------------------------------------------------------- values */

/* Beyond 10 MiB of learned values, a value is gone from its own place and not swept for elsewhere:
 * that is told. */
static void test_learned_values(void **state)
{
    (void)state;
    enum { LEN = 4096, FITS = 2000, BEYOND = 3000 };
    for (size_t n = FITS; n <= BEYOND; n += BEYOND - FITS) {
        job j = {.rules = rules};
        hsn_buf text = new_buf();
        prng r = {3};
        char value[LEN + 1];
        cleaned c;
        hsn_buf_printf(&text, "[");
        for (size_t i = 0; i < n; i++) {
            prng_alnum(&r, value, LEN);
            hsn_buf_printf(&text, "%s{\"password\":\"%s\"}", i > 0 ? "," : "", value);
        }
        hsn_buf_printf(&text, "]");
        clean(&j, hsn_buf_str(&text), &c);
        assert_int_equal(c.status, HARSAN_OK);
        assert_int_equal(buf_holds(&c.told, "limit:learned"), n == BEYOND);
        assert_int_equal(c.facts.findings, n);
        assert_false(buf_holds(&c.out, value));
        cleaned_free(&c);
        hsn_buf_deinit(&text);
    }
}

/* Values without six letters or digits in a row cannot be indexed: 64 of them are taken. */
static void test_known_values(void **state)
{
    (void)state;
    harsan *h = NULL;
    harsan_error err = {0};
    harsan_options opt = {.key = {1}};
    assert_int_equal(harsan_new(&h, rules, &opt, &err), HARSAN_OK);
    assert_int_equal(harsan_known(h, "abc", 3), HARSAN_E_USAGE);
    for (int i = 0; i < 64; i++) {
        char value[32];
        snprintf(value, sizeof value, "a-%d-b-%d", i, i);
        assert_int_equal(harsan_known(h, value, strlen(value)), HARSAN_OK);
    }
    assert_int_equal(harsan_known(h, "one-too-many", 12), HARSAN_E_LIMIT);
    assert_int_equal(harsan_feed(h, "{}", 2), HARSAN_E_LIMIT);
    harsan_free(h);
}

/* ---------------------------------------------------------------- rules */

static void test_size_of_a_rule_file(void **state)
{
    (void)state;
    enum { FILE_MAX = 4 << 20 };
    for (size_t n = FILE_MAX; n <= FILE_MAX + 1; n++) {
        hsn_buf text = new_buf();
        harsan_rules *made = NULL;
        harsan_error err = {0};
        hsn_buf_printf(&text, "{\"rules\":[]}");
        buf_repeat(&text, " ", n - text.n);
        assert_int_equal(harsan_rules_parse(&made, text.p, text.n, false, 0, &err),
                         n == FILE_MAX ? HARSAN_OK : HARSAN_E_RULES);
        harsan_rules_free(made);
        hsn_buf_deinit(&text);
    }
}

/* No limit of their own: as many rules as fit the file. */
static void test_number_of_rules(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    hsn_buf text = new_buf();
    harsan_rules *made = NULL;
    harsan_error err = {0};
    harsan_rule_info info;
    hsn_buf_printf(&text, "{\"rules\":[");
    for (int i = 0; i < MANY; i++) {
        hsn_buf_printf(
            &text,
            "%s{\"id\":\"r%d\",\"what\":\"w\",\"category\":\"id\",\"anchor\":[\"mark%d_\"],"
            "\"pattern\":\"mark%d_([a-z0-9]{8})\",\"hit\":[\"mark%d_{8 alnum}\"],"
            "\"miss\":[\"x\"]}",
            i > 0 ? "," : "", i, i, i, i);
    }
    hsn_buf_printf(&text, "]}");
    harsan_rules_parse(&made, text.p, text.n, false, 0, &err);
    assert_string_equal(err.message, "");
    assert_true(harsan_rules_info(made, MANY - 1, &info));
    assert_false(harsan_rules_info(made, MANY, &info));
    job j = {.rules = made};
    cleaned c;
    clean(&j, HSN_S("{\"text\":\"mark4999_a1b2c3d4\"}"), &c);
    assert_int_equal(c.facts.findings, 1);
    cleaned_free(&c);
    harsan_rules_free(made);
    hsn_buf_deinit(&text);
}

/* ---------------------------------------------------------------- memory */

static bool note_largest(void *ctx, size_t n)
{
    size_t *most = ctx;
    *most = n > *most ? n : *most;
    return false;
}

/* The fields of JSON in a value are not held all at once: that would be the largest request. */
static void test_many_fields(void **state)
{
    (void)state;
    enum { RECORDS = 60000, LAYER = 12 << 20 }; /* three times the usual window */
    job j = {.rules = rules};
    hsn_buf inner = new_buf();
    hsn_buf text = new_buf();
    hsn_base64 how = {.padded = true};
    cleaned c;
    size_t most = 0;
    hsn_buf_printf(&inner, "[");
    for (size_t i = 0; i < RECORDS; i++) {
        hsn_buf_printf(&inner, "{\"name\":\"n%zu\",\"value\":\"%zu\"},", i % 10, i % 100);
    }
    hsn_buf_printf(&inner, "{\"value\":\"" TOK "\",\"name\":\"password\"}]");
    hsn_buf_printf(&text, "{\"text\":\"");
    hsn_base64_encode(&text, hsn_buf_str(&inner), &how);
    hsn_buf_printf(&text, "\"}");
    hsn_buf_deinit(&inner);
    hsn_mem_test_hook = (hsn_mem_hook){.refuse = note_largest, .ctx = &most};
    clean_text(&j, &text, &c);
    hsn_mem_test_hook = (hsn_mem_hook){0};
    assert_int_equal(c.status, HARSAN_OK);
    assert_int_equal(c.n_seen, 1);
    assert_true(most <= LAYER);
    cleaned_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_fields),
        cmocka_unit_test(test_key_length),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_batches_beyond_the_least_window),
        cmocka_unit_test(test_base64_beyond_the_window),
        cmocka_unit_test(test_layers_beyond_the_window),
        cmocka_unit_test(test_limit_ahead_of_a_segment),
        cmocka_unit_test(test_last_layer),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_depth_of_a_body),
        cmocka_unit_test(test_depth_of_packed_objects),
        cmocka_unit_test(test_size_of_layers),
        cmocka_unit_test(test_samples_within_little),
        cmocka_unit_test(test_stacks_within_little),
        cmocka_unit_test(test_length_of_a_name),
        cmocka_unit_test(test_columns_of_a_table),
        cmocka_unit_test(test_length_of_markup),
        cmocka_unit_test(test_scratch_memory),
        cmocka_unit_test(test_learned_values),
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_size_of_a_rule_file),
        cmocka_unit_test(test_number_of_rules),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
