/*
 * Words of the rule format: its keys, what kind of value each has and which rules have it, and the
 * words that a value may be.
 *
 * To add a word: a line in its table, and in rules.schema.json, which editors complete from.
 */
#include "rule_draft.h"

/* ---------------------------------------------------------------- values */

/* What is left out is the first of its table, but for a few that rule_judge.c sees to. */
static const hsn_word categories[] = {
    {"password", 0}, {"token", 0},     {"session", 0}, {"cookie", 0},  {"key", 0},
    {"csrf", 0},     {"otp", 0},       {"card", 0},    {"account", 0}, {"email", 0},
    {"phone", 0},    {"person", 0},    {"address", 0}, {"birth", 0},   {"id", 0},
    {"network", 0},  {"signature", 0}, {"url", 0},     {"other", 0},   {NULL, 0},
};
static const hsn_word packs[] = {
    {"default", 0},
    {"pii", HARSAN_PACK_PII},
    {"network", HARSAN_PACK_NETWORK},
    {"strict", HARSAN_PACK_STRICT},
    {NULL, 0},
};
static const hsn_word confidences[] = {
    {"high", 0},
    {"medium", 0},
    {"low", 0},
    {NULL, 0},
};
static const hsn_word places[] = {
    {"header", HSN_IN_HEADER}, {"cookie", HSN_IN_COOKIE},
    {"param", HSN_IN_PARAM},   {"key", HSN_IN_KEY},
    {"field", HSN_IN_FIELD},   {"text", HSN_IN_TEXT},
    {"claim", HSN_IN_CLAIM},   {NULL, 0},
};
static const hsn_word matches[] = {
    {"suffix", HSN_SUFFIX},
    {"exact", HSN_EXACT},
    {"prefix", HSN_PREFIX},
    {"glued", HSN_GLUED},
    {NULL, 0},
};
static const hsn_word guards[] = {
    {"secret", HSN_GUARD_SECRET}, {"any", HSN_GUARD_ANY},     {"token", HSN_GUARD_TOKEN},
    {"opaque", HSN_GUARD_OPAQUE}, {"code", HSN_GUARD_CODE},   {"digits", HSN_GUARD_DIGITS},
    {"phone", HSN_GUARD_PHONE},   {"email", HSN_GUARD_EMAIL}, {"person", HSN_GUARD_PERSON},
    {"date", HSN_GUARD_DATE},     {"ip", HSN_GUARD_IP},       {NULL, 0},
};
static const hsn_word actions[] = {
    {"replace", HSN_REPLACE},
    {"scheme", HSN_SCHEME},
    {"link", HSN_LINK},
    {"inside", HSN_INSIDE},
    {"keep", HSN_KEEP},
    {NULL, 0},
};
static const hsn_word befores[] = {
    {"base64", HSN_BEFORE_BASE64},
    {"hex", HSN_BEFORE_HEX},
    {"word", HSN_BEFORE_WORD},
    {"host", HSN_BEFORE_HOST},
    {NULL, 0},
};
static const hsn_word detectors[] = {
    {"email", HSN_DETECT_EMAIL},       {"phone", HSN_DETECT_PHONE}, {"card", HSN_DETECT_CARD},
    {"iban", HSN_DETECT_IBAN},         {"jwt", HSN_DETECT_JWT},     {"cookie", HSN_DETECT_COOKIE},
    {"userinfo", HSN_DETECT_USERINFO}, {"path", HSN_DETECT_PATH},   {"scheme", HSN_DETECT_SCHEME},
    {"strict", HSN_DETECT_STRICT},     {"ip", HSN_DETECT_IP},       {NULL, 0},
};

/* ---------------------------------------------------------------- keys */

static const struct {
    const char *name;
    hsn_key_type type;
    hsn_key_owner owner;
    const hsn_word *words; /* that its value may be; NULL = any */
} keys[HSN_N_KEYS] = {
    [HSN_KEY_ID] = {"id", HSN_KEY_IS_STRING, HSN_OF_ANY, NULL},
    [HSN_KEY_WHAT] = {"what", HSN_KEY_IS_STRING, HSN_OF_ANY, NULL},
    [HSN_KEY_CATEGORY] = {"category", HSN_KEY_IS_STRING, HSN_OF_ANY, categories},
    [HSN_KEY_PACK] = {"pack", HSN_KEY_IS_STRING, HSN_OF_ANY, packs},
    [HSN_KEY_CONFIDENCE] = {"confidence", HSN_KEY_IS_STRING, HSN_OF_ANY, confidences},
    [HSN_KEY_WHERE] = {"where", HSN_KEY_IS_STRINGS, HSN_OF_ANY, places},
    [HSN_KEY_NAMES] = {"names", HSN_KEY_IS_STRINGS, HSN_OF_NAMES, NULL},
    [HSN_KEY_MATCH] = {"match", HSN_KEY_IS_STRING, HSN_OF_NAMES, matches},
    [HSN_KEY_VALUE] = {"value", HSN_KEY_IS_STRING, HSN_OF_NAMES, guards},
    [HSN_KEY_ACTION] = {"action", HSN_KEY_IS_STRING, HSN_OF_NAMES, actions},
    [HSN_KEY_NUMBERS] = {"numbers", HSN_KEY_IS_FLAG, HSN_OF_NAMES, NULL},
    [HSN_KEY_ANCHOR] = {"anchor", HSN_KEY_IS_STRINGS, HSN_OF_PATTERN, NULL},
    [HSN_KEY_NOCASE] = {"nocase", HSN_KEY_IS_FLAG, HSN_OF_PATTERN, NULL},
    [HSN_KEY_PATTERN] = {"pattern", HSN_KEY_IS_STRING, HSN_OF_PATTERN, NULL},
    [HSN_KEY_MAX] = {"max", HSN_KEY_IS_NUMBER, HSN_OF_PATTERN, NULL},
    [HSN_KEY_CHECK] = {"check", HSN_KEY_IS_STRING, HSN_OF_PATTERN, NULL},
    [HSN_KEY_BEFORE] = {"before", HSN_KEY_IS_STRING, HSN_OF_PATTERN, befores},
    [HSN_KEY_BEFORE_MIN] = {"before_min", HSN_KEY_IS_NUMBER, HSN_OF_PATTERN, NULL},
    [HSN_KEY_BEFORE_MAX] = {"before_max", HSN_KEY_IS_NUMBER, HSN_OF_PATTERN, NULL},
    [HSN_KEY_DETECT] = {"detect", HSN_KEY_IS_STRING, HSN_OF_DETECTOR, detectors},
    [HSN_KEY_HIT] = {"hit", HSN_KEY_IS_STRINGS, HSN_OF_ANY, NULL},
    [HSN_KEY_MISS] = {"miss", HSN_KEY_IS_STRINGS, HSN_OF_ANY, NULL},
    [HSN_KEY_OFF] = {"off", HSN_KEY_IS_FLAG, HSN_OF_ANY, NULL},
};

const char *hsn_key_name(hsn_key key)
{
    return key < HSN_N_KEYS ? keys[key].name : NULL;
}

hsn_key_type hsn_key_type_of(hsn_key key)
{
    return keys[key].type;
}

hsn_key hsn_key_by_name(hsn_str name)
{
    int k = 0;
    while (k < HSN_N_KEYS && !hsn_str_eq(name, hsn_str_z(keys[k].name))) {
        k++;
    }
    return (hsn_key)k;
}

hsn_key_owner hsn_key_owner_of(hsn_key key)
{
    return keys[key].owner;
}

const hsn_word *hsn_key_words(hsn_key key)
{
    return keys[key].words;
}

const hsn_word *hsn_key_word(hsn_key key, hsn_str text)
{
    const hsn_word *w = keys[key].words;
    while (w->name != NULL && !hsn_str_eq(text, hsn_str_z(w->name))) {
        w++;
    }
    return w->name != NULL ? w : NULL;
}
