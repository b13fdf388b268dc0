/*
 * The layers: what was decoded and encoded again is what it was, and edits carried out of a layer
 * are the edits made in it.
 *
 * Input: the layer, its options, then what check_<layer> reads.
 */
#include "check.h"

#include "peel.h"

static const hsn_escape *const escapes[] = {&hsn_escape_json, &hsn_escape_js, &hsn_escape_percent,
                                            &hsn_escape_form, &hsn_escape_entity};
enum { N_ESCAPES = HSN_COUNT(escapes), EDITS_MAX = 4 };

/* ---------------------------------------------------------------- escape layers */

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

/* Says of every offset of the decoded text whether an escape or plain byte begins there: an edit of
 * half an escape takes all of it, which is not the text the edit would make. */
static void mark_borders(const hsn_escape *e, hsn_str src, hsn_buf *borders)
{
    for (size_t at = 0; at < src.n;) {
        unsigned char unit[HSN_ESCAPE_MAX];
        size_t made = 1;
        size_t taken = e->find(src, at) == at ? e->step(src, at, unit, &made) : 1;
        if (taken == 0) {
            taken = made = 1;
        }
        REQUIRE(taken <= src.n - at && made <= sizeof unit);
        for (size_t i = 0; i < made; i++) {
            hsn_buf_put(borders, i == 0);
        }
        at += taken;
    }
    hsn_buf_put(borders, true);
}

static size_t next_border(const hsn_buf *borders, size_t at)
{
    size_t last = borders->n - 1;
    at = at < last ? at : last;
    while (borders->p[at] == 0) {
        at++;
    }
    return at;
}

/* Up to EDITS_MAX of: distance from the one before, length, length of the new text, new text. */
static size_t take_edits(hsn_str *s, hsn_edit *edits)
{
    size_t n = take_byte(s) % (EDITS_MAX + 1);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        size_t off = at + take_byte(s);
        size_t len = take_byte(s) % 32;
        size_t with = take_byte(s) % 16;
        edits[i] = (hsn_edit){.off = off, .len = len, .with = hsn_str_cut(*s, 0, with)};
        *s = hsn_str_cut(*s, with, s->n);
        at = off + len;
    }
    return n;
}

static void check_lift(const hsn_escape *e, hsn_str src, hsn_edit *edits, size_t n)
{
    hsn_buf borders = new_buf(), text = new_buf(), want = new_buf();
    hsn_buf changed = new_buf(), got = new_buf();
    hsn_arena mem;
    hsn_arena_init(&mem, TEXT_MAX);
    mark_borders(e, src, &borders);
    for (size_t i = 0; i < n; i++) {
        size_t end = edits[i].off + edits[i].len;
        edits[i].off = next_border(&borders, edits[i].off);
        edits[i].len = next_border(&borders, end) - edits[i].off;
    }
    REQUIRE(hsn_peel_escape(e, src, &text));
    REQUIRE(text.n == borders.n - 1);
    hsn_peel_splice(&want, hsn_buf_str(&text), edits, n);
    REQUIRE(hsn_peel_lift(e, src, edits, n, &mem));
    hsn_peel_splice(&changed, src, edits, n);
    REQUIRE(n > 0 || hsn_str_eq(hsn_buf_str(&changed), src));
    REQUIRE(hsn_peel_escape(e, hsn_buf_str(&changed), &got));
    REQUIRE(hsn_str_eq(join_surrogates(&got), join_surrogates(&want)));
    hsn_arena_deinit(&mem);
    hsn_buf_deinit(&borders);
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&want);
    hsn_buf_deinit(&changed);
    hsn_buf_deinit(&got);
}

/* What is written for a layer is read from it unharmed. */
static void check_write(const hsn_escape *e, hsn_str plain)
{
    hsn_buf was = new_buf(), spelled = new_buf(), got = new_buf();
    hsn_buf_add_str(&was, plain);
    e->write(&spelled, plain);
    REQUIRE(hsn_peel_escape(e, hsn_buf_str(&spelled), &got));
    REQUIRE(hsn_str_eq(join_surrogates(&got), join_surrogates(&was)));
    hsn_buf_deinit(&was);
    hsn_buf_deinit(&spelled);
    hsn_buf_deinit(&got);
}

static void check_escape(const hsn_escape *e, hsn_str s)
{
    hsn_edit edits[EDITS_MAX];
    size_t n = take_edits(&s, edits);
    unsigned char *src = copy_exactly(s);
    check_write(e, hsn_str_of(src, s.n));
    check_lift(e, hsn_str_of(src, s.n), edits, n);
    hsn_mem_free(src);
}

/* ---------------------------------------------------------------- whole layers */

static void check_base64(hsn_str src)
{
    hsn_base64 how;
    hsn_buf plain = new_buf(), again = new_buf();
    unsigned char *begin = copy_exactly(src);
    size_t n = hsn_base64_peek(src, begin, src.n);
    REQUIRE(n <= src.n);
    if (hsn_base64_decode(src, &how, &plain)) {
        hsn_base64_encode(&again, hsn_buf_str(&plain), &how);
        REQUIRE(hsn_str_eq(hsn_buf_str(&again), src));
    }
    hsn_mem_free(begin);
    hsn_buf_deinit(&plain);
    hsn_buf_deinit(&again);
}

/* Any bytes survive both spellings, in lines of any length. */
static void check_base64_of(hsn_str plain, unsigned option)
{
    hsn_base64 how = {.url = (option & 1) != 0,
                      .padded = (option & 2) != 0,
                      .line = option >> 4,
                      .eol = (option & 4) != 0 ? HSN_S("\r\n") : HSN_S("\n"),
                      .final_eol = (option & 8) != 0 && option >> 4 != 0};
    hsn_base64 read;
    hsn_buf text = new_buf(), got = new_buf();
    hsn_base64_encode(&text, plain, &how);
    REQUIRE(hsn_base64_decode(hsn_buf_str(&text), &read, &got));
    REQUIRE(hsn_str_eq(hsn_buf_str(&got), plain));
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&got);
}

/* Of one complete stream with nothing behind it. */
static hsn_inflate inflate_whole(hsn_str src, hsn_deflate how, hsn_buf *out)
{
    hsn_stream_end end;
    const hsn_inflate got = hsn_inflate_some(src, how, &end, out);
    return got == HSN_INFLATE_OK && (end.open || end.took < src.n) ? HSN_INFLATE_NOT : got;
}

/* A second inflation gives the same: the spelling differs, the text does not. */
static void check_deflated(hsn_str plain, hsn_deflate how)
{
    hsn_buf packed = new_buf(), got = new_buf();
    REQUIRE(hsn_deflate_all(plain, how, &packed));
    hsn_inflate result = inflate_whole(hsn_buf_str(&packed), how, &got);
    /* a text that shrinks to a thousandth is a bomb, whoever made it */
    REQUIRE(result == HSN_INFLATE_OK || (result == HSN_INFLATE_LIMIT && plain.n > 64 * 1024));
    REQUIRE(result != HSN_INFLATE_OK || hsn_str_eq(hsn_buf_str(&got), plain));
    hsn_buf_deinit(&packed);
    hsn_buf_deinit(&got);
}

static void check_deflate(hsn_str src, unsigned option)
{
    enum { CEILING = 1 << 20 };
    static const hsn_deflate hows[] = {HSN_GZIP, HSN_ZLIB, HSN_RAW_DEFLATE, HSN_RAW_DEFLATE};
    hsn_deflate how = hows[option % 4];
    hsn_buf plain;
    hsn_buf_init(&plain, CEILING);
    hsn_deflate_sniff(src, &how);
    if (inflate_whole(src, how, &plain) == HSN_INFLATE_OK) {
        check_deflated(hsn_buf_str(&plain), how);
    }
    check_deflated(src, how);
    hsn_buf_deinit(&plain);
}

static void check_utf16(hsn_str src, unsigned option)
{
    hsn_utf16 how;
    hsn_buf text = new_buf(), again = new_buf();
    if (!hsn_utf16_sniff(src, &how)) {
        how = (hsn_utf16){.big_endian = option % 2 != 0, .wide = option / 2 % 2 != 0};
    }
    const size_t width = how.wide ? 4 : 2;
    bool ok = hsn_utf16_decode(src, &how, &text);
    REQUIRE(how.wide ? !ok || src.n % width == 0 : ok == (src.n % width == 0));
    if (ok) {
        hsn_utf16_encode(&again, hsn_buf_str(&text), &how);
        REQUIRE(hsn_str_eq(hsn_buf_str(&again), src));
    }
    again.n = 0;
    hsn_utf16_encode(&again, src, &how); /* bytes that are no UTF-8 */
    REQUIRE(again.n % width == 0);
    hsn_buf_deinit(&text);
    hsn_buf_deinit(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str s = hsn_str_of(data, size);
    unsigned layer = take_byte(&s) % (N_ESCAPES + 4);
    if (layer < N_ESCAPES) {
        check_escape(escapes[layer], s);
        return 0;
    }
    unsigned option = take_byte(&s);
    unsigned char *copy = copy_exactly(s);
    hsn_str src = hsn_str_of(copy, s.n);
    switch (layer - N_ESCAPES) {
    case 0:
        check_base64(src);
        break;
    case 1:
        check_base64_of(src, option);
        break;
    case 2:
        check_deflate(src, option);
        break;
    default:
        check_utf16(src, option);
        break;
    }
    hsn_mem_free(copy);
    return 0;
}
