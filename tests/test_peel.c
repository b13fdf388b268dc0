/*
 * Escapes: what each decodes and writes, and edits carried back through them. Sources stand against
 * an unreadable page where reading on is a risk.
 */
#include "edge.h"
#include "peel.h"
#include "support.h"

static prng rng = {88172645463325252U};

/* ---------------------------------------------------------------- escapes: tables */

#define JSON (&hsn_escape_json)
#define JS (&hsn_escape_js)
#define PERCENT (&hsn_escape_percent)
#define FORM (&hsn_escape_form)
#define ENTITY (&hsn_escape_entity)
#define QUOTED (&hsn_escape_quoted)
#define WORD (&hsn_escape_word)
#define CELL (&hsn_escape_cell)
#define CASE(layer, from, to) {layer, {(const unsigned char *)(from), sizeof(from) - 1}, \
                                      {(const unsigned char *)(to), sizeof(to) - 1}}

typedef struct escape_case {
    const hsn_escape *layer;
    hsn_str from;
    hsn_str to;
} escape_case;

static const escape_case decode_cases[] = {
    CASE(JSON, "", ""),
    CASE(JSON, "plain", "plain"),
    CASE(JSON, "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"),
    CASE(JSON, "\\u0040\\u00E9\\u20ac", "@\xc3\xa9\xe2\x82\xac"),
    CASE(JSON, "\\u0000", "\0"),
    CASE(JSON, "\\ud83d\\uDE00", "\xf0\x9f\x98\x80"),
    CASE(JSON, "\\ud83d\\u0041", "\xed\xa0\xbd" "A"),
    CASE(JSON, "\\ude00\\ud83d", "\xed\xb8\x80\xed\xa0\xbd"),
    CASE(JSON, "\\ud83d\\ud83d\\ude00", "\xed\xa0\xbd\xf0\x9f\x98\x80"),
    CASE(JSON, "\\q\\x40\\u12\\u004", "\\q\\x40\\u12\\u004"),
    CASE(JSON, "a\\", "a\\"),
    CASE(JSON, "\\ud83d\\", "\xed\xa0\xbd\\"),
    CASE(JS, "\\x40\\u0040\\u{40}\\u{000000000040}\\u{1F600}", "@@@@\xf0\x9f\x98\x80"),
    CASE(JS, "\\'\\\"\\`\\\\\\/\\q\\v\\n", "'\"`\\/\\q\v\n"),
    CASE(JS, "\\0\\00\\101\\477\\8", "\0\0A\x27" "7\\8"),
    CASE(JS, "a\\\nb\\\r\nc\\\rd", "abc\rd"),
    CASE(JS, "\\x4\\u{}\\u{110000}\\u{41", "\\x4\\u{}\\u{110000}\\u{41"),
    CASE(JS, "\\ud83d\\u{de00}", "\xf0\x9f\x98\x80"),
    CASE(JS, "a\\%6Bb", "a\\%6Bb"),
    CASE(JS, "\\", "\\"),
    CASE(PERCENT, "a%40b%2fc%2Fd+e", "a@b/c/d+e"),
    CASE(PERCENT, "%00%ff%C3%A9", "\0\xff\xc3\xa9"),
    CASE(PERCENT, "%%41%4%zz%4z%", "%A%4%zz%4z%"),
    CASE(PERCENT, "%u0040%u20ac%uD83D%uDE00%u00e9", "@\xe2\x82\xac\xf0\x9f\x98\x80\xc3\xa9"),
    CASE(PERCENT, "%uD83D%u0041%u004%u%uDE00", "\xed\xa0\xbd" "A%u004%u\xed\xb8\x80"),
    CASE(FORM, "a+b%2Bc%20d", "a b+c d"),
    CASE(FORM, "+%+", " % "),
    CASE(ENTITY, "a&#64;b&#x40;c&#X40;d&#064;&#x000000000000000000040;", "a@b@c@d@@"),
    CASE(ENTITY, "&#64 &#64x&#x4g", "@ @x\x04g"),
    CASE(ENTITY, "&amp;&lt;&gt;&quot;&apos;&nbsp;&commat;&period;", "&<>\"'\xc2\xa0@."),
    CASE(ENTITY, "&colon;&semi;&sol;&equals;&quest;&num;&percnt;&plus;", ":;/=?#%+"),
    CASE(ENTITY, "&lowbar;&UnderBar;&hyphen;&dash;", "__\xe2\x80\x90\xe2\x80\x90"),
    CASE(ENTITY, "&lpar;&rpar;&lbrack;&lsqb;&rsqb;&rbrack;&lbrace;&lcub;&rcub;", "()[[]]{{}"),
    CASE(ENTITY, "&verbar;&vert;&bsol;&comma;&excl;&dollar;&ast;", "||\\,!$*"),
    CASE(ENTITY, "&Tab;&NewLine;&grave;&DiacriticalGrave;&Hat;", "\t\n``^"),
    CASE(ENTITY, "&lt=1&lt&nosuch;&;&#;&#x;&&amp;", "&lt=1&lt&nosuch;&;&#;&#x;&&"),
    CASE(ENTITY, "&#0;&#xD800;&#x110000;&#99999999999999999999;",
         "&#0;&#xD800;&#x110000;&#99999999999999999999;"),
    CASE(ENTITY, "&DiacriticalGravel;", "&DiacriticalGravel;"),
    CASE(QUOTED, "a=40b=3Dc=e9 d_e", "a@b=c\xe9 d_e"),
    CASE(QUOTED, "ab=\r\ncd=\nef= \t\r\ng", "abcdefg"),
    CASE(QUOTED, "=4=zz==40=\rx= y=", "=4=zz=@=\rx= y="),
    CASE(WORD, "a=40b_c=5Fd?", "a@b c_d?"),
    CASE(WORD, "ab?= =?utf-8?Q?cd?=\r\n =?utf-8*en?q?ef", "abcdef"),
    CASE(WORD, "ab?= =?utf-8?B?cd?=x", "ab?= =?utf-8?B?cd?=x"),
    CASE(&hsn_escape_joint, "ab\" + \"cd\"+\n \"ef'+'gh' + i + 'x", "abcdefgh' + i + 'x"),
    CASE(&hsn_escape_joint, "ab\"+'cd\"-\"ef\" \"g\"+", "ab\"+'cd\"-\"ef\" \"g\"+"),
    CASE(CELL, "{\"\"a\"\": \"\"\"\"}\"", "{\"a\": \"\"}\""),
};

static const escape_case write_cases[] = {
    CASE(JSON, "a\"\\/\b\f\n\r\t\v\x01\x7f'<\xc3\xa9",
         "a\\\"\\\\/\\b\\f\\n\\r\\t\\u000b\\u0001\x7f'<\xc3\xa9"),
    CASE(JSON, "\xed\xa0\xbd" "A\xed\xb8\x80", "\\ud83dA\\ude00"),
    CASE(JSON, "\xed\x9f\xbf\xed", "\xed\x9f\xbf\xed"),
    CASE(JS, "a\"'`\\\n</script>${x}", "a\\\"\\u0027\\u0060\\\\\\n\\u003c/script>\\u0024{x}"),
    CASE(PERCENT, "aZ09-._~ +/@\xc3\xa9", "aZ09-._~%20%2B%2F%40%C3%A9"),
    CASE(FORM, "aZ09-._*~ +", "aZ09-._*%7E+%2B"),
    CASE(ENTITY, "a&<>\"'b", "a&amp;&lt;&gt;&quot;&#39;b"),
    CASE(QUOTED, "a=b\tc\r\nd\x01\xc3\xa9~", "a=3Db\tc\r\nd=01=C3=A9~"),
    CASE(WORD, "a=b c_d?e-f@", "a=3Db_c=5Fd=3Fe-f=40"),
    CASE(CELL, "a\"b,c", "a\"\"b,c"),
};

static void decodes_escapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(decode_cases); i++) {
        const escape_case *c = &decode_cases[i];
        hsn_buf out = new_buf();
        assert_true(hsn_peel_escape(c->layer, at_edge(c->from), &out));
        assert_same(hsn_buf_str(&out), c->to, (const char *)c->from.p);
        hsn_buf_deinit(&out);
    }
}

static void writes_escapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(write_cases); i++) {
        const escape_case *c = &write_cases[i];
        hsn_buf out = new_buf();
        hsn_buf back = new_buf();
        c->layer->write(&out, at_edge(c->from));
        assert_same(hsn_buf_str(&out), c->to, (const char *)c->from.p);
        assert_true(hsn_peel_escape(c->layer, hsn_buf_str(&out), &back));
        assert_same(hsn_buf_str(&back), c->from, "written and read");
        DROP(&out, &back);
    }
}

static void decode_stops_at_its_ceiling(void **state)
{
    (void)state;
    hsn_buf out;
    hsn_buf_init(&out, 3);
    assert_true(hsn_peel_escape(PERCENT, HSN_S("%41%42%43"), &out)); /* source over it, text not */
    hsn_buf_reset(&out);
    assert_false(hsn_peel_escape(PERCENT, HSN_S("%41%42%43%44"), &out));
    hsn_buf_deinit(&out);
}

/* ---------------------------------------------------------------- escapes: lift */

typedef struct lift_case {
    const hsn_escape *layer;
    const char *src;
    size_t off, len; /* in the decoded text */
    const char *with;
    const char *want; /* the source afterwards */
} lift_case;

static const lift_case lift_cases[] = {
    {JSON, "a\\u0040b", 1, 1, "\"", "a\\\"b"},
    {JSON, "x\\n\\n", 1, 1, "", "x\\n"},
    {JSON, "\\ud83d\\ude00", 1, 1, "z", "z"}, /* inside an escape: all of it */
    {JS, "a\\\nbc", 1, 1, "X", "a\\\nXc"},    /* the continuation stays */
    {JS, "a\\\nbc", 0, 1, "X", "X\\\nbc"},
    {JS, "\\0x", 1, 1, "1", "\\u00001"}, /* "\01" would be one character */
    {PERCENT, "%4x", 2, 1, "1", "%2541"},
    {PERCENT, "100%x", 4, 1, "41", "100%2541"},
    {PERCENT, "%4xyz", 3, 1, "1", "%4x1z"}, /* complete enough to stay as it is */
    {PERCENT, "a%40b%41", 1, 2, "-", "a-%41"},
    {ENTITY, "&#64x", 1, 1, "1", "&#64;1"},
    {ENTITY, "&#x40&#x44-", 2, 1, "000", "&#x40&#x44;000"},
    {ENTITY, "A&T=x", 4, 1, ";", "A&T=;"},
    {ENTITY, "&lx", 2, 1, "t;", "&amp;lt;"},
    {ENTITY, "&#649999999999", 4, 10, "", "&amp;#64"},
    {FORM, "a+b", 1, 1, " ", "a+b"},
    {PERCENT, "%u00x", 4, 1, "41", "%25u0041"},
    {QUOTED, "ab=\r\ncd", 1, 2, "X", "aXd"},  /* a break within the edit goes with it */
    {QUOTED, "ab=\r\ncd", 2, 1, "X", "ab=\r\nXd"}, /* before it the break stays */
    {QUOTED, "=4x", 2, 1, "1", "=3D41"},
    {QUOTED, "= \rx", 3, 1, "\n", "=3D \r\n"},
    {WORD, "?x", 1, 1, "= =?a?Q?", "=3F=3D_=3D=3Fa=3FQ=3F"},
    {CELL, "a\"\"b\"\"c", 2, 1, "x\"y", "a\"\"x\"\"y\"\"c"},
};

static void lifts_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lift_cases); i++) {
        const lift_case *c = &lift_cases[i];
        hsn_edit edit = {.off = c->off, .len = c->len, .with = hsn_str_z(c->with)};
        hsn_arena mem;
        hsn_arena_init(&mem, BIG);
        hsn_buf out = new_buf();
        hsn_str src = at_edge(hsn_str_z(c->src));
        assert_true(hsn_peel_lift(c->layer, src, &edit, 1, &mem));
        hsn_peel_splice(&out, src, &edit, 1);
        assert_same(hsn_buf_str(&out), hsn_str_z(c->want), c->src);
        hsn_buf_deinit(&out);
        hsn_arena_deinit(&mem);
    }
}

/* Two edits inside one escape: the first takes it, the second is left with nothing. */
static void lifts_two_edits_in_one_escape(void **state)
{
    (void)state;
    hsn_edit edits[] = {{.off = 0, .len = 1, .with = HSN_S("a")},
                        {.off = 2, .len = 1, .with = HSN_S("b")}};
    hsn_arena mem;
    hsn_arena_init(&mem, BIG);
    hsn_buf out = new_buf();
    hsn_str src = HSN_S("\\ud83d\\ude00!");
    assert_true(hsn_peel_lift(JSON, src, edits, 2, &mem));
    hsn_peel_splice(&out, src, edits, 2);
    assert_same(hsn_buf_str(&out), HSN_S("ab!"), "two edits");
    hsn_buf_deinit(&out);
    hsn_arena_deinit(&mem);
}

/* Names are searched by bisection: out of order some would not be found. */
static void knows_every_name(void **state)
{
    (void)state;
    static const char *const of_ascii[] = {
        "& AMP amp", "` DiacriticalGrave grave", "> GT gt", "^ Hat", "< LT lt", "\n NewLine",
        "\" QUOT quot", "\t Tab", "_ UnderBar lowbar", "| VerticalLine verbar vert", "' apos",
        "* ast midast", "\\ bsol", ": colon", ", comma", "@ commat", "$ dollar", "= equals",
        "! excl", "{ lbrace lcub", "[ lbrack lsqb", "( lpar", "# num", "% percnt", ". period",
        "+ plus", "? quest", "} rbrace rcub", "] rbrack rsqb", ") rpar", "; semi", "/ sol"};
    for (size_t i = 0; i < COUNT(of_ascii); i++) {
        for (hsn_str rest = hsn_str_z(of_ascii[i] + 2); rest.n > 0;) {
            const size_t n = hsn_str_chr(rest, ' ');
            hsn_buf src = new_buf();
            hsn_buf out = new_buf();
            hsn_buf_printf(&src, "&%.*s;", (int)n, (const char *)rest.p);
            assert_true(hsn_peel_escape(ENTITY, hsn_buf_str(&src), &out));
            assert_same(hsn_buf_str(&out), hsn_str_of(of_ascii[i], 1), (const char *)rest.p);
            hsn_buf_deinit(&src);
            hsn_buf_deinit(&out);
            rest = hsn_str_cut(rest, n + 1, rest.n);
        }
    }
}

static size_t searched; /* bytes */

static size_t find_and_count(hsn_str s, size_t from)
{
    size_t found = JSON->find(s, from);
    searched += found - from;
    return found;
}

/* One escape, and many edits behind it: the search for the next one is not begun anew for each. */
static void lifts_in_linear_time(void **state)
{
    (void)state;
    enum { EDITS = 500, STEP = 200 };
    static unsigned char text[EDITS * STEP + 2];
    static hsn_edit edits[EDITS];
    hsn_escape counting = *JSON;
    hsn_arena mem;
    counting.find = find_and_count;
    memset(text, 'a', sizeof text);
    memcpy(text, "\\n", 2);
    for (size_t i = 0; i < EDITS; i++) {
        edits[i] = (hsn_edit){.off = 1 + i * STEP, .len = 10, .with = HSN_S("b")};
    }
    hsn_arena_init(&mem, 1 << 20);
    searched = 0;
    assert_true(hsn_peel_lift(&counting, hsn_str_of(text, sizeof text), edits, EDITS, &mem));
    assert_int_equal(edits[EDITS - 1].off, 2 + (EDITS - 1) * STEP);
    assert_in_range(searched, sizeof text / 2, 2 * sizeof text);
    hsn_arena_deinit(&mem);
}

/* Pieces that form escapes, break them, and complete broken ones when put together. */
static const char *const json_pieces[] = {
    "\\", "\\u", "\\u00", "\\u0041", "\\ud83d", "\\ude00", "\\ude0", "\\n", "\\\\", "\\\"", "0",
    "41", "n", "u", "q", "plain text", "\xed\xa0\xbd", "\xed\xb8\x80", "\xc3\xa9", "\"", "\x01"};
static const char *const js_pieces[] = {
    "\\",  "\\x", "\\x4", "\\x41", "\\u{", "\\u{41}", "\\u{000", "\\ud83d", "\\u{de00}",
    "\\0", "\\3", "\\37", "\\\n",  "\\\r", "\n",      "\r",      "0",       "7",
    "1",   "}",   "x",    "u",     "{",    "plain",   "'",       "$",       "`"};
static const char *const percent_pieces[] = {
    "%",   "%4", "%41", "%zz",  "4",  "1",    "a",      "+",      " ", "plain",
    "%00", "%2", "5",   "\xff", "%u", "%u00", "%u0041", "%uD83D", "u", "%uDE00"};
static const char *const entity_pieces[] = {
    "&",   "&#", "&#6",        "&#64",  "&#64;", "&#x", "&#x4",   "&#x40;", "4",  "0",
    "000", ";",  "&amp",       "&amp;", "&l",    "t",   "&nbsp;", "a",      "mp", "lt",
    "x",   "#",  "&#99999999", "&ta",   "b;",    "<",   "plain",  "="};

static const char *const quoted_pieces[] = {"=",  "=4", "=41", "=\r", "=\n", "=\r\n", "= ", "\t",
                                            "\n", "\r", "4",   "1",   "a",   "plain", "_"};
static const char *const word_pieces[] = {
    "=",    "=4", "=41", "?",  "?=",    "?= ", "=?utf-8?Q?",   "_", " ", "4",
    "=?x?", "Q?", "q",   "\n", "plain", "1",   "?=\r\n =?a?q?"};
static const char *const cell_pieces[] = {"\"", "\"\"", "a", ",", "{", "plain", "\n"};

typedef struct pieces {
    const hsn_escape *layer;
    const char *const *list;
    size_t n;
} pieces;

static const pieces sources[] = {
    {JSON, json_pieces, COUNT(json_pieces)},
    {JS, js_pieces, COUNT(js_pieces)},
    {PERCENT, percent_pieces, COUNT(percent_pieces)},
    {FORM, percent_pieces, COUNT(percent_pieces)},
    {ENTITY, entity_pieces, COUNT(entity_pieces)},
    {QUOTED, quoted_pieces, COUNT(quoted_pieces)},
    {WORD, word_pieces, COUNT(word_pieces)},
    {CELL, cell_pieces, COUNT(cell_pieces)},
};

static void add_pieces(hsn_buf *out, const pieces *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        hsn_buf_add_str(out, hsn_str_z(from->list[prng_below(&rng, from->n)]));
    }
}

enum { TOKENS_MAX = 256, EDITS_MAX = 8 };

/* Where the tokens of a source begin, there and in the decoded text; one past the last is its end.
 * Written apart from the code under test, one byte at a time. */
typedef struct token_map {
    size_t n;
    size_t src[TOKENS_MAX + 1];
    size_t off[TOKENS_MAX + 1];
} token_map;

static void map_tokens(const hsn_escape *e, hsn_str src, token_map *m)
{
    *m = (token_map){0};
    while (m->src[m->n] < src.n) {
        unsigned char unit[HSN_ESCAPE_MAX];
        size_t at = m->src[m->n];
        size_t made = 1;
        size_t taken = e->find(src, at) == at ? e->step(src, at, unit, &made) : 1;
        if (taken == 0) {
            taken = made = 1;
        }
        assert_true(made <= taken && m->n < TOKENS_MAX);
        m->n++;
        m->src[m->n] = at + taken;
        m->off[m->n] = m->off[m->n - 1] + made;
    }
}

/* Random edits that split no token; returns how many. Their text goes to `text`. */
static size_t choose_edits(const pieces *from, const token_map *m, hsn_edit *edits, hsn_buf *text)
{
    size_t starts[EDITS_MAX + 1];
    size_t n = 0;
    size_t next = prng_below(&rng, m->n + 1);
    for (size_t max = prng_below(&rng, EDITS_MAX + 1); n < max && next <= m->n;) {
        size_t last = next + prng_below(&rng, 3);
        last = last < m->n ? last : m->n;
        starts[n] = text->n;
        edits[n] = (hsn_edit){.off = m->off[next], .len = m->off[last] - m->off[next]};
        add_pieces(text, from, prng_below(&rng, 3));
        edits[n].with.n = text->n - starts[n];
        n++;
        next = last + prng_below(&rng, 4);
    }
    for (size_t i = 0; text->n > 0 && i < n; i++) {
        edits[i].with.p = text->p + starts[i];
    }
    return n;
}

/* Two neighbouring surrogates and the pair they form are the same text. */
static hsn_str join_surrogates(hsn_buf *b)
{
    size_t to = 0;
    for (size_t at = 0; at < b->n;) {
        const unsigned char *p = b->p + at;
        if (b->n - at >= 6 && p[0] == 0xED && p[1] >> 4 == 0xA && p[2] >> 6 == 2 && p[3] == 0xED &&
            p[4] >> 4 == 0xB && p[5] >> 6 == 2) {
            uint32_t high = (p[1] & 0xFU) << 6 | (p[2] & 0x3FU);
            uint32_t low = (p[4] & 0xFU) << 6 | (p[5] & 0x3FU);
            to += hsn_utf8_put(b->p + to, 0x10000 + (high << 10) + low);
            at += 6;
        } else {
            b->p[to++] = b->p[at++];
        }
    }
    b->n = to;
    return hsn_buf_str(b);
}

/* Lifted edits span the tokens of the edits and nothing else, save for a token joined in front. */
static void check_spans(const token_map *m, const hsn_edit *edits, const hsn_edit *lifted, size_t n)
{
    size_t end = 0;
    for (size_t i = 0; i < n; i++) {
        size_t first = 0;
        for (size_t t = 0; t <= m->n; t++) {
            first = m->off[t] <= edits[i].off ? m->src[t] : first;
        }
        size_t last = first;
        for (size_t t = m->n + 1; t-- > 0;) {
            bool behind = m->off[t] >= edits[i].off + edits[i].len && m->src[t] >= first;
            last = behind ? m->src[t] : last;
        }
        assert_true(lifted[i].off >= end && lifted[i].off <= first);
        end = lifted[i].off + lifted[i].len;
        assert_int_equal(end, last);
    }
}

static void lift_once(const pieces *from, hsn_arena *mem)
{
    hsn_buf src_buf = new_buf(), text = new_buf(), with = new_buf();
    hsn_buf want = new_buf(), changed = new_buf(), got = new_buf();
    add_pieces(&src_buf, from, prng_below(&rng, 20));
    if (prng_one_in(&rng, 2)) { /* with a block of bytes behind every edit */
        hsn_buf_add_str(&src_buf, HSN_S("plain bytes of more than a block, in all of the layers, "
                                        "plain bytes of more than a block"));
    }
    hsn_str src = at_edge(hsn_str_cut(hsn_buf_str(&src_buf), 0, TOKENS_MAX));
    token_map map;
    map_tokens(from->layer, src, &map);
    hsn_edit edits[EDITS_MAX], lifted[EDITS_MAX];
    size_t n = choose_edits(from, &map, edits, &with);
    memcpy(lifted, edits, n * sizeof *edits);

    assert_true(hsn_peel_escape(from->layer, src, &text));
    assert_int_equal(text.n, map.off[map.n]);
    hsn_peel_splice(&want, hsn_buf_str(&text), edits, n);
    assert_true(hsn_peel_lift(from->layer, src, lifted, n, mem));
    check_spans(&map, edits, lifted, n);
    hsn_peel_splice(&changed, src, lifted, n);
    if (n == 0) {
        assert_same(hsn_buf_str(&changed), src, "no edits");
    }
    assert_true(hsn_peel_escape(from->layer, hsn_buf_str(&changed), &got));
    assert_same(join_surrogates(&got), join_surrogates(&want), (const char *)from->layer->name);

    DROP(&src_buf, &text, &with, &want, &changed, &got);
}

static void lifted_edits_are_the_edits(void **state)
{
    (void)state;
    hsn_arena mem;
    hsn_arena_init(&mem, BIG);
    for (size_t layer = 0; layer < COUNT(sources); layer++) {
        for (int i = 0; i < 20000; i++) {
            lift_once(&sources[layer], &mem);
            hsn_arena_reset(&mem);
        }
    }
    hsn_arena_deinit(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_escapes),
        cmocka_unit_test(writes_escapes),
        cmocka_unit_test(knows_every_name),
        cmocka_unit_test(decode_stops_at_its_ceiling),
        cmocka_unit_test(lifts_cases),
        cmocka_unit_test(lifts_two_edits_in_one_escape),
        cmocka_unit_test(lifts_in_linear_time),
        cmocka_unit_test(lifted_edits_are_the_edits),
    };
    return cmocka_run_group_tests(tests, edge_make, NULL);
}
