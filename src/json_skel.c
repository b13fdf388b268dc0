/*
 * The skeleton of a JSON text: what yajl gets to see of it.
 *
 * Receives tokens from the tokenizer, whole ones only. Keeps the text without white space, with ""
 * in each string's place and 0 in that of each shape that yajl has accepted before, and beside it
 * the event of each token. Must never hold more of a word than yajl needs to judge it.
 */
#include "json_yajl.h"

/*
 * A word longer than any sensible number goes in with each run of digits cut to its first sixteen:
 * what yajl says does not depend on further digits. What is then still too long for a number's
 * sign, point, exponent and three runs of digits is none, and its beginning is enough to see that.
 */
static size_t squeeze(unsigned char *to, hsn_str word)
{
    size_t n = 0;
    size_t digits = 0;
    for (size_t i = 0; i < word.n && n < HSN_SKEL_WORD; i++) {
        digits = hsn_is_digit(word.p[i]) ? digits + 1 : 0;
        if (digits <= 16) {
            to[n++] = word.p[i];
        }
    }
    return n;
}

void hsn_skel_word(hsn_skel *k, hsn_str word, size_t off)
{
    unsigned char *to = k->bytes + k->n;
    hsn_json_kind kind;
    if (hsn_shapes_has_word(&k->shapes, hsn_spelling_of(word), &kind)) {
        hsn_skel_span(k, (hsn_json_event){kind, false, off, word.n, NULL}, 1);
        hsn_skel_fold(k, k->n_spans - 1, k->n);
        return;
    }
    size_t fed = word.n;
    if (word.n <= HSN_SKEL_WORD) {
        memcpy(to, word.p, word.n);
    } else {
        fed = squeeze(to, word);
    }
    hsn_skel_span(k, (hsn_json_event){HSN_JSON_NUMBER, false, off, word.n, NULL}, fed);
    to[fed] = ' '; /* ends a number within this feed, and keeps two words apart */
    k->n += fed + 1;
    k->judged = k->n;
}

void hsn_skel_open(hsn_skel *k, unsigned char c, size_t off)
{
    if (k->n_open < HSN_SKEL_OPEN) {
        k->open[k->n_open] = (hsn_stretch){(uint16_t)k->n, 0, (uint16_t)k->n_spans, false};
    }
    hsn_skel_nest(k);
    k->n_open++;
    hsn_json_kind kind = c == '{' ? HSN_JSON_OPEN_OBJECT : HSN_JSON_OPEN_ARRAY;
    hsn_skel_span(k, (hsn_json_event){kind, false, off, 1, NULL}, 1);
    k->bytes[k->n++] = c;
}

/* An object of known shape: may its form, or itself, be one to remember? */
static void note_small(hsn_skel *k, const hsn_stretch *open)
{
    bool object = k->events[open->span].kind == HSN_JSON_OPEN_OBJECT;
    if (object && !open->nested && k->n_spans - open->span <= HSN_FORM_EVENTS &&
        k->n_small < HSN_SKEL_SMALL) {
        k->small[k->n_small++] = open->span;
    }
}

size_t hsn_skel_form(hsn_skel *k, hsn_str text, size_t off)
{
    size_t n;
    if (HSN_SKEL_SPANS - k->n_spans < 1 + HSN_FORM_MEMBERS) {
        return 0;
    }
    const size_t first = k->n_spans;
    hsn_json_event *values = &k->events[first + 1];
    const hsn_form *form =
        hsn_forms_find(k->forms, &k->shapes, hsn_str_cut(text, off, text.n), values, &n);
    if (form == NULL) {
        return 0;
    }
    hsn_skel_nest(k);
    for (size_t i = 0; i < form->members; i++) {
        values[i].off += off;
    }
    hsn_skel_span(k, (hsn_json_event){HSN_JSON_RECORD, false, off, n, &form->head}, 1);
    k->n_spans += form->members;
    hsn_skel_fold(k, first, k->n);
    if (n <= HSN_RECORD_MAX && k->n_small < HSN_SKEL_SMALL) {
        k->small[k->n_small++] = (uint16_t)first;
    }
    return n;
}

void hsn_skel_close(hsn_skel *k, unsigned char c, size_t off)
{
    hsn_json_kind kind = c == '}' ? HSN_JSON_CLOSE_OBJECT : HSN_JSON_CLOSE_ARRAY;
    hsn_skel_span(k, (hsn_json_event){kind, false, off, 1, NULL}, 1);
    k->bytes[k->n++] = c;
    if (k->n_open == 0 || --k->n_open >= HSN_SKEL_OPEN) {
        return;
    }
    hsn_stretch *open = &k->open[k->n_open];
    if (open->from < k->judged) {
        return; /* it holds what is not known: when it comes again it will look otherwise */
    }
    if (hsn_shapes_has(&k->shapes, hsn_str_of(k->bytes + open->from, k->n - open->from))) {
        hsn_skel_fold(k, open->span, open->from);
        if (k->forms != NULL) {
            note_small(k, open);
        }
        return;
    }
    k->judged = k->n;
    if (k->n_fresh < HSN_SKEL_FRESH) {
        open->to = (uint16_t)k->n;
        k->fresh[k->n_fresh++] = *open;
    }
}

/* ---------------------------------------------------------------- what came before */

bool hsn_skel_remember(hsn_skel *k)
{
    if (k->forms != NULL) {
        return true;
    }
    k->records = hsn_mem_new(sizeof *k->records);
    k->forms = hsn_mem_new(sizeof *k->forms);
    if (k->records == NULL || k->forms == NULL) {
        hsn_mem_free(k->records);
        hsn_mem_free(k->forms);
        k->records = NULL;
        k->forms = NULL;
        return false;
    }
    hsn_records_init(k->records);
    hsn_forms_init(k->forms);
    return true;
}

void hsn_skel_forget(hsn_skel *k)
{
    if (k->records != NULL) {
        hsn_mem_wipe(k->records, sizeof *k->records);
        hsn_mem_free(k->records);
    }
    if (k->forms != NULL) {
        hsn_mem_wipe(k->forms, sizeof *k->forms);
        hsn_mem_free(k->forms);
    }
    k->records = NULL;
    k->forms = NULL;
}
