/*
 * Bytes of a value by class, and how often classes meet in it: see hsn_looks in guard_looks.h.
 *
 * Receives a value, emits counts. Every byte of most values that come is counted once or twice: by
 * vectors where there are any, byte by byte else, and the same.
 */
#include "guard_looks.h"
#include "vec.h"

/*
 * What a byte is: where its count lies among the others, and a bit for each of the three classes
 * whose meeting counts. From a table: of a token nobody can foretell whether a digit or a letter
 * comes next.
 */
enum { DIGIT_BIT = 1, LOWER_BIT = 2, UPPER_BIT = 4, BITS = 8 };
enum {
    OTHER = 0 * BITS,
    DIGIT = 1 * BITS | DIGIT_BIT,
    LOWER = 2 * BITS | LOWER_BIT,
    UPPER = 3 * BITS | UPPER_BIT,
    BLANK = 4 * BITS,
    HIGH = 5 * BITS
};

#define O OTHER
#define D DIGIT
#define L LOWER
#define U UPPER
#define S BLANK
#define H HIGH
static const unsigned char classes[256] = {
    O, O, O, O, O, O, O, O, O, S, S, S, S, S, O, O,
    O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
    S, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
    D, D, D, D, D, D, D, D, D, D, O, O, O, O, O, O,
    O, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U,
    U, U, U, U, U, U, U, U, U, U, U, O, O, O, O, O,
    O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, O,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
    H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,
};
#undef O
#undef D
#undef L
#undef U
#undef S
#undef H

/* The counts of so few bytes lie side by side, eight bits each: a table in memory would be written
 * at every byte, mostly where it was just written. */
enum { AT_ONCE = 255 };

/* How two neighbours meet, by the bits of both. */
enum { CASE_CHANGE = 1, MIX = 1 << 16 };
static const uint32_t meetings[BITS] = {[LOWER_BIT | UPPER_BIT] = CASE_CHANGE,
                                        [DIGIT_BIT | LOWER_BIT] = MIX,
                                        [DIGIT_BIT | UPPER_BIT] = MIX};

static size_t count_in(uint64_t counts, unsigned class)
{
    return counts >> (class & ~(BITS - 1u)) & 0xff;
}

/* Adds those of AT_ONCE bytes at most, the first of which is behind one of class `before`; returns
 * the class of the last. */
static unsigned add_looks(hsn_looks *s, hsn_str v, unsigned before)
{
    uint64_t counts = 0;
    uint32_t met = 0;
    for (size_t i = 0; i < v.n; i++) {
        const unsigned class = classes[v.p[i]];
        counts += (uint64_t)1 << (class & ~(BITS - 1u));
        met += meetings[(before | class) % BITS];
        before = class;
    }
    s->digits += count_in(counts, DIGIT);
    s->lower += count_in(counts, LOWER);
    s->upper += count_in(counts, UPPER);
    s->spaces += count_in(counts, BLANK);
    s->high += count_in(counts, HIGH);
    s->other += count_in(counts, OTHER);
    s->case_changes += met % MIX;
    s->mixes += met / MIX;
    return before;
}

static hsn_looks looks_of_bytes(hsn_str v)
{
    hsn_looks s = {.n = v.n};
    unsigned before = 0;
    for (size_t from = 0; from < v.n; from += AT_ONCE) {
        before = add_looks(&s, hsn_str_cut(v, from, from + AT_ONCE), before);
    }
    return s;
}

#if defined(__GNUC__) && defined(__SSE2__)

/* Counts by lane, eight bits each, and the bytes that count. */
typedef struct lanes {
    __m128i digits, lower, upper, spaces, high, case_changes, mixes;
} lanes;

typedef struct kinds {
    __m128i digit, lower, upper;
} kinds;

static inline kinds kinds_of(__m128i v)
{
    return (kinds){.digit = hsn_vec_in_range(v, '0', 9),
                   .lower = hsn_vec_in_range(v, 'a', 25),
                   .upper = hsn_vec_in_range(v, 'A', 25)};
}

/* Adds the bytes at p that `counted` has, each with the one before it. */
static inline void add_vector(lanes *l, const unsigned char *p, __m128i counted)
{
    const __m128i v = _mm_and_si128(_mm_loadu_si128((const __m128i *)(const void *)p), counted);
    const kinds a = kinds_of(v);
    const kinds b = kinds_of(_mm_loadu_si128((const __m128i *)(const void *)(p - 1)));
    const __m128i mixes =
        _mm_or_si128(_mm_and_si128(a.digit, _mm_or_si128(b.lower, b.upper)),
                     _mm_and_si128(b.digit, _mm_or_si128(a.lower, a.upper)));
    const __m128i changes = _mm_or_si128(_mm_and_si128(a.lower, b.upper),
                                         _mm_and_si128(a.upper, b.lower));
    const __m128i spaces = _mm_or_si128(hsn_vec_in_range(v, '\t', 4),
                                        _mm_cmpeq_epi8(v, _mm_set1_epi8(' ')));
    /* what is true is -1 */
    l->digits = _mm_sub_epi8(l->digits, a.digit);
    l->lower = _mm_sub_epi8(l->lower, a.lower);
    l->upper = _mm_sub_epi8(l->upper, a.upper);
    l->spaces = _mm_sub_epi8(l->spaces, spaces);
    l->high = _mm_sub_epi8(l->high, _mm_cmplt_epi8(v, _mm_setzero_si128()));
    l->case_changes = _mm_sub_epi8(l->case_changes, changes);
    l->mixes = _mm_sub_epi8(l->mixes, mixes);
}

static inline size_t sum_of(__m128i counts)
{
    const __m128i sums = _mm_sad_epu8(counts, _mm_setzero_si128());
    return (size_t)_mm_cvtsi128_si32(sums) +
           (size_t)_mm_cvtsi128_si32(_mm_unpackhi_epi64(sums, sums));
}

/* Adds n bytes at p, HSN_VEC to AT_ONCE vectors of them, all of which have one before. */
static void add_vectors(hsn_looks *s, const unsigned char *p, size_t n)
{
    static const unsigned char none_and_all[2 * HSN_VEC] = {
        [HSN_VEC] = 255, 255, 255, 255, 255, 255, 255, 255,
        255,             255, 255, 255, 255, 255, 255, 255};
    lanes l = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128(),
               _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
    const __m128i all = _mm_set1_epi8(-1);
    size_t i = 0;
    for (; n - i >= HSN_VEC; i += HSN_VEC) {
        add_vector(&l, p + i, all);
    }
    if (i < n) { /* the last bytes, with some before them that are counted already */
        const unsigned char *counted = none_and_all + (n - i);
        add_vector(&l, p + n - HSN_VEC, _mm_loadu_si128((const __m128i *)(const void *)counted));
    }
    s->digits += sum_of(l.digits);
    s->lower += sum_of(l.lower);
    s->upper += sum_of(l.upper);
    s->spaces += sum_of(l.spaces);
    s->high += sum_of(l.high);
    s->case_changes += sum_of(l.case_changes);
    s->mixes += sum_of(l.mixes);
}

hsn_looks hsn_looks_of(hsn_str v)
{
    enum { STEP = AT_ONCE * HSN_VEC - HSN_VEC };
    if (v.n <= HSN_VEC) {
        return looks_of_bytes(v);
    }
    hsn_looks s = {.n = v.n};
    (void)add_looks(&s, hsn_str_cut(v, 0, 1), 0);
    for (size_t from = 1, n; from < v.n; from += n) {
        const size_t left = v.n - from;
        n = left >= STEP + HSN_VEC ? STEP : left; /* and a vector at least for the next */
        add_vectors(&s, v.p + from, n);
    }
    s.other = s.n - s.digits - s.lower - s.upper - s.spaces - s.high;
    return s;
}

#else

hsn_looks hsn_looks_of(hsn_str v)
{
    return looks_of_bytes(v);
}

#endif

