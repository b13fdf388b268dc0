/*
 * Shapes: pieces of skeleton that yajl has accepted. See json_shape.h.
 */
#include "json_shape.h"

void hsn_shapes_init(hsn_shapes *s)
{
    memset(s, 0, sizeof *s);
}

/* ---------------------------------------------------------------- objects and arrays */

static inline uint64_t mix(uint64_t h, const unsigned char *p, size_t n)
{
    uint64_t w = 0;
    memcpy(&w, p, n);
    h = (h ^ w) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static unsigned set_of(hsn_str s)
{
    uint64_t h = s.n;
    size_t i = 0;
    for (; s.n - i >= 8; i += 8) {
        h = mix(h, s.p + i, 8);
    }
    return (unsigned)(mix(h, s.p + i, s.n - i) % HSN_SHAPE_SETS);
}

static bool is_shape(const hsn_shape *shape, hsn_str skeleton)
{
    return shape->n == skeleton.n && memcmp(shape->bytes, skeleton.p, skeleton.n) == 0;
}

bool hsn_shapes_has(const hsn_shapes *s, hsn_str skeleton)
{
    if (skeleton.n > HSN_SHAPE_MAX) {
        return false;
    }
    const hsn_shape *set = s->shape[set_of(skeleton)];
    return is_shape(&set[0], skeleton) || is_shape(&set[1], skeleton);
}

void hsn_shapes_add(hsn_shapes *s, hsn_str skeleton)
{
    if (hsn_shapes_has(s, skeleton) || skeleton.n > HSN_SHAPE_MAX) {
        return;
    }
    hsn_shape *set = s->shape[set_of(skeleton)];
    set[1] = set[0];
    set[0].n = (uint16_t)skeleton.n;
    memcpy(set[0].bytes, skeleton.p, skeleton.n);
}

/* ---------------------------------------------------------------- numbers and literals */

/* Does the run of digits at word[i] stand before point and exponent? There a 0 may have no other
 * digit behind it. */
static inline bool is_integer_part(hsn_str word, size_t i)
{
    return i == 0 || (i == 1 && word.p[0] == '-');
}

/*
 * To the grammar (RFC 8259 section 6) all digits are the same, but for a 0 that begins a number,
 * and the first digit of a run stands for all that follow.
 */
hsn_spelling hsn_spelling_of(hsn_str word)
{
    hsn_spelling w = 0;
    unsigned n = 0;
    for (size_t i = 0; i < word.n; n++) {
        unsigned char c = word.p[i];
        if (n == sizeof w) {
            return 0;
        }
        if (!hsn_is_digit(c)) {
            i++;
        } else if (c == '0' && is_integer_part(word, i)) {
            i++; /* what follows is a run of its own */
        } else {
            c = '1';
            while (i < word.n && hsn_is_digit(word.p[i])) {
                i++;
            }
        }
        w = w << 8 | c;
    }
    return w;
}

void hsn_shapes_add_word(hsn_shapes *s, hsn_spelling w, hsn_json_kind kind)
{
    s->word[hsn_word_slot(w)] = w;
    s->kind[hsn_word_slot(w)] = (unsigned char)kind;
}
