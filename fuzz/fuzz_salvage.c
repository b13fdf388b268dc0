/*
 * Salvage of any bytes: what is kept and what closes it are JSON, or nothing can be kept; any cuts
 * give the same; what is valid is kept whole; entries are counted as the view tells them.
 *
 * Input: cuts, then the text. Pieces are smaller than in earnest (base_scale.h).
 */
#include "check.h"

static void count(void *ctx, const harsan_view_entry *e)
{
    (void)e;
    ++*(uint64_t *)ctx;
}

/* What is kept goes to `kept`; the closing of the result is no longer valid. */
static harsan_cut salvage(hsn_str text, cuts *c, hsn_buf *kept)
{
    harsan_salvage *s;
    harsan_error err;
    harsan_cut cut;
    REQUIRE(harsan_salvage_new(&s, 0, &err) == HARSAN_OK);
    for (size_t at = 0; at < text.n;) {
        size_t n = c != NULL ? next_piece(c, text.n - at) : text.n;
        unsigned char *copy = copy_exactly(hsn_str_cut(text, at, at + n));
        REQUIRE(harsan_salvage_feed(s, copy, n) == HARSAN_OK);
        hsn_mem_free(copy);
        at += n;
    }
    harsan_salvage_finish(s, &cut);
    REQUIRE(cut.keep <= text.n && strspn(cut.closing, "]}") == strlen(cut.closing));
    hsn_buf_add_str(kept, hsn_str_cut(text, 0, (size_t)cut.keep));
    hsn_buf_add_str(kept, hsn_str_z(cut.closing));
    harsan_salvage_free(s);
    return cut;
}

static uint64_t entries_of(hsn_str text)
{
    uint64_t n = 0;
    const harsan_view_sink sink = {.entry = count, .ctx = &n};
    harsan_view *v;
    harsan_error err;
    REQUIRE(harsan_view_new(&v, &sink, &err) == HARSAN_OK);
    REQUIRE(harsan_view_feed(v, text.p, text.n) == HARSAN_OK && harsan_view_finish(v) == HARSAN_OK);
    harsan_view_free(v);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hsn_str text = hsn_str_of(data, size);
    cuts c = take_cuts(&text);
    hsn_buf kept = new_buf(), again = new_buf();
    harsan_cut whole = salvage(text, NULL, &kept);
    harsan_cut pieces = salvage(text, &c, &again);
    REQUIRE(whole.broken == pieces.broken && whole.keep == pieces.keep);
    REQUIRE(whole.entries == pieces.entries && whole.why.offset == pieces.why.offset);
    REQUIRE(whole.why.line == pieces.why.line && whole.why.column == pieces.why.column);
    REQUIRE(hsn_str_eq(hsn_buf_str(&kept), hsn_buf_str(&again)));
    REQUIRE(whole.broken || hsn_buf_str(&kept).n == whole.keep);
    REQUIRE(whole.keep == 0 || is_json(hsn_buf_str(&kept)));
    REQUIRE(whole.why.code == HARSAN_E_LIMIT || is_json(text) != whole.broken);
    if (whole.keep > 0) {
        REQUIRE(entries_of(hsn_buf_str(&kept)) == whole.entries);
    }
    hsn_buf_deinit(&kept);
    hsn_buf_deinit(&again);
    return 0;
}
