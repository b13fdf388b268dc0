/*
 * Guards: does a value look like what its name promises? Keeps `"password": "Forgot password?"`,
 * `token: 512` and `state=NY` while `password=...`, `token: ...` and `state=...` go.
 *
 * Pure functions over the decoded value. They decide towards replacing: a value is kept only when
 * it has the shape of something that is known to be harmless.
 */
#include "guard_looks.h"
#include "inspect.h"

#include <arpa/inet.h>

/* ---------------------------------------------------------------- labels */

/* Credential words, also in other languages: a value without a digit that holds one talks about a
 * credential (a label, a field's name, a selector), it is none. */
static const hsn_str stems[] = {
    HSN_W("passw"),        HSN_W("pwd"),          HSN_W("token"),    HSN_W("secret"),
    HSN_W("csrf"),         HSN_W("xsrf"),         HSN_W("login"),    HSN_W("kennw"),
    HSN_W("contras"),      HSN_W("senha"),        HSN_W("wachtw"),   HSN_W("parol"),
    HSN_W("credential"),   HSN_W("api key"),      HSN_W("apikey"),   HSN_W("api-key"),
    HSN_W("api_key"),      HSN_W("auth"),         HSN_W("cookie"),   HSN_W("session"),
    HSN_W("mot de passe"), HSN_W("mot_de_passe"), HSN_W("lösenord"), HSN_W("heslo"),
    HSN_W("hasło")};

static const hsn_str type_words[] = {
    HSN_W("string"),        HSN_W("text"),     HSN_W("number"),           HSN_W("integer"),
    HSN_W("boolean"),       HSN_W("bool"),     HSN_W("object"),           HSN_W("array"),
    HSN_W("bearer"),        HSN_W("basic"),    HSN_W("digest"),           HSN_W("required"),
    HSN_W("optional"),      HSN_W("disabled"), HSN_W("enabled"),          HSN_W("include"),
    HSN_W("same-origin"),   HSN_W("omit"),     HSN_W("current-password"), HSN_W("new-password"),
    HSN_W("one-time-code"), HSN_W("auto"),     HSN_W("default"),          HSN_W("unknown"),
    HSN_W("invalid"),       HSN_W("missing"),  HSN_W("expired"),          HSN_W("valid"),
    HSN_W("active"),        HSN_W("inactive")};

static bool is_type_word(hsn_str v)
{
    enum { LONGEST = 16 };
    return v.n <= LONGEST && HSN_STR_IN(v, type_words);
}

/* The name of a header or field, of three words or more. */
static bool names_csrf(hsn_str v, const hsn_looks *s)
{
    size_t joints = 0;
    for (size_t i = 0; i < v.n; i++) {
        joints += v.p[i] == '-' || v.p[i] == '_';
    }
    return s->digits <= 2 && joints >= 2 && s->lower + s->digits + joints == s->n &&
           (hsn_looks_contain(v, HSN_S("csrf")) || hsn_looks_contain(v, HSN_S("xsrf")));
}

static bool is_label(hsn_str v, const hsn_looks *s)
{
    enum { SENTENCE = 4, LONGEST = 240 };
    if (s->n > LONGEST) {
        return false; /* no label is as long, and the list of stems is */
    }
    if (s->digits > 0) { /* "must be at least 8 characters", anti-csrftoken-a2z */
        return (s->spaces >= SENTENCE && s->digits <= 3 && hsn_is_slug(v)) || names_csrf(v, s);
    }
    for (size_t i = 0; i < HSN_COUNT(stems); i++) {
        if (hsn_looks_contain(v, stems[i])) {
            return true;
        }
    }
    /* a word of another script: nobody types a password in it, every translation has one */
    if (s->high > 0 && s->other == 0) {
        return true;
    }
    /* a sentence: words, a capital or a final mark */
    unsigned char last = v.p[v.n - 1];
    bool marked = last == '.' || last == '?' || last == '!' || last == ':' || last == '*';
    bool capital = v.p[0] >= 'A' && v.p[0] <= 'Z';
    return s->spaces >= 2 && (marked || capital) && s->other <= 1 + s->spaces / 2;
}

/* RFC 7468: public by nature. */
static bool is_public_pem(hsn_str v)
{
    return hsn_str_starts(v, HSN_S("-----BEGIN PUBLIC KEY")) ||
           hsn_str_starts(v, HSN_S("-----BEGIN CERTIFICATE"));
}

/* API_KEY: "apiKey2", a constant that holds the name of a field. As a password people use such. */
static bool is_numbered_label(hsn_str v, const hsn_looks *s)
{
    enum { LONGEST = 24, DIGITS_MAX = 2 };
    if (v.n > LONGEST || s->digits > DIGITS_MAX || s->digits == 0 || !hsn_is_slug(v)) {
        return false;
    }
    hsn_looks words = *s;
    words.digits = 0;
    return is_label(v, &words);
}

static bool passes_secret(const hsn_rule *rule, hsn_str v)
{
    hsn_looks s = hsn_looks_of(v);
    bool password = strcmp(rule->category, "password") == 0;
    if (is_type_word(v) || is_label(v, &s) || hsn_is_talk(v, &s, password) ||
        hsn_is_url(v) || is_public_pem(v)) {
        return false;
    }
    if (password) {
        return s.n >= 3;
    }
    enum { TOKEN_MIN = 6, WORD_MAX = 16 };
    if (is_numbered_label(v, &s) || s.n < TOKEN_MIN || hsn_is_datetime(v)) {
        return false;
    }
    /* one plain word, or a few: `token: next`, `secret: "not set"` */
    return !(s.digits == 0 && s.n <= WORD_MAX && (s.high > 0 || hsn_is_slug(v)));
}

static bool passes_digits(hsn_str v, size_t min, size_t max)
{
    hsn_looks s = hsn_looks_of(v);
    return s.digits >= min && s.digits <= max && hsn_looks_all_in(v, " -./") &&
           !hsn_is_test_card(v);
}

/* What a form calls the fields that people fill in. */
static const hsn_str field_words[] = {
    HSN_W("name"),       HSN_W("first name"), HSN_W("last name"),  HSN_W("full name"),
    HSN_W("firstname"),  HSN_W("lastname"),   HSN_W("surname"),    HSN_W("user name"),
    HSN_W("username"),   HSN_W("nickname"),   HSN_W("login"),      HSN_W("street"),
    HSN_W("address"),    HSN_W("vorname"),    HSN_W("nachname"),   HSN_W("benutzername"),
    HSN_W("strasse"),    HSN_W("straße"),     HSN_W("adresse"),    HSN_W("prénom"),
    HSN_W("prenom"),     HSN_W("nom"),        HSN_W("nombre"),     HSN_W("apellidos"),
    HSN_W("cognome"),    HSN_W("voornaam"),   HSN_W("achternaam"), HSN_W("gender"),
    HSN_W("geschlecht")};

static bool is_field_word(hsn_str v)
{
    enum { LONGEST = 12 };
    return v.n <= LONGEST && HSN_STR_IN(v, field_words);
}

/* Apache/2.4.1 Server at shop.test Port 80: what its error pages end with, as an <address>. */
static bool is_server_line(hsn_str v)
{
    return hsn_looks_contain(v, HSN_S(" Server at ")) && hsn_looks_contain(v, HSN_S(" Port "));
}

static bool passes_person(hsn_str v)
{
    enum { LONGEST = 200 };
    hsn_looks s = hsn_looks_of(v);
    return v.n >= 2 && v.n <= LONGEST && s.lower + s.upper + s.high > 0 && !hsn_is_url(v) &&
           !is_type_word(v) && !is_field_word(v) && !is_server_line(v);
}

static bool passes_date(hsn_str v)
{
    hsn_looks s = hsn_looks_of(v);
    return s.digits >= 4 && s.digits <= 17 && v.n <= 32 &&
           (hsn_looks_all_in(v, "-/. :TZ") || s.lower + s.upper <= 9);
}

/* Labels of letters, digits and hyphens with dots between, the last of letters (RFC 1123
 * section 2.1). */
static bool is_host_name(hsn_str v)
{
    size_t last = 0;
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] == '.') {
            last = i + 1;
        } else if (!hsn_is_alnum(v.p[i]) && v.p[i] != '-') {
            return false;
        }
    }
    hsn_looks tld = hsn_looks_of(hsn_str_cut(v, last, v.n));
    return last > 0 && tld.n >= 2 && tld.lower + tld.upper == tld.n;
}

static bool passes_ip(hsn_str v)
{
    unsigned char addr[16];
    char z[INET6_ADDRSTRLEN];
    if (v.n < 3 || v.n >= sizeof z) {
        return is_host_name(v);
    }
    memcpy(z, v.p, v.n);
    z[v.n] = '\0';
    return inet_pton(AF_INET, z, addr) == 1 || inet_pton(AF_INET6, z, addr) == 1 || is_host_name(v);
}

/* The value without a stand-in that stands in it: what is left is judged for its own sake. */
static hsn_str without_stand_in(hsn_str v, unsigned char room[], size_t max)
{
    enum { MARK = 9, HASH = 13 };
    if (v.n < MARK + HASH || v.n > max) {
        return v;
    }
    if (hsn_str_chr(v, '-') == v.n) {
        return v; /* most have none: told at once */
    }
    size_t at = hsn_str_find(v, HSN_S("redacted-"));
    if (v.n - at < MARK + HASH || at == v.n ||
        !hsn_is_standin(hsn_str_cut(v, at, at + MARK + HASH))) {
        return v;
    }
    memcpy(room, v.p, at);
    memcpy(room + at, v.p + at + MARK + HASH, v.n - at - MARK - HASH);
    return hsn_str_of(room, v.n - MARK - HASH);
}

/* What markup, style sheets and scripts have, and nothing opaque. */
static bool has_brackets(hsn_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] == '{' || v.p[i] == '(' || v.p[i] == '<') {
            return true;
        }
    }
    return false;
}

bool hsn_guard_passes(const hsn_rule *rule, hsn_str value)
{
    unsigned char room[512];
    hsn_str all = hsn_str_trim(value);
    hsn_str v = hsn_str_trim(without_stand_in(all, room, sizeof room));
    bool cleaned = v.p != all.p; /* with what stood there it was too much for some of these */
    if (hsn_is_placeholder(v)) {
        return false;
    }
    switch (rule->guard) {
    case HSN_GUARD_SECRET:
        return passes_secret(rule, v);
    case HSN_GUARD_ANY:
        return true;
    case HSN_GUARD_TOKEN:
        return hsn_is_tokenish(v, 8);
    case HSN_GUARD_OPAQUE:
        return hsn_is_tokenish(v, 16) && !hsn_is_numbered_word(v) && !has_brackets(v);
    case HSN_GUARD_CODE: {
        hsn_looks s = hsn_looks_of(v);
        return !cleaned && s.n >= 4 && s.n <= 12 && s.digits > 0 &&
               s.digits + s.lower + s.upper >= s.n - 1;
    }
    case HSN_GUARD_DIGITS:
        return !cleaned && passes_digits(v, 3, 19);
    case HSN_GUARD_PHONE:
        return !hsn_is_test_phone(v) && (hsn_valid_phone(v, HSN_PHONE_NATIONAL) ||
                                         hsn_valid_phone(v, HSN_PHONE_INTERNATIONAL));
    case HSN_GUARD_EMAIL: {
        size_t at = hsn_str_chr(v, '@');
        return at > 0 && at + 1 < v.n && !hsn_is_reserved_domain(hsn_str_cut(v, at + 1, v.n)) &&
               !hsn_is_sample_address(hsn_str_cut(v, 0, at), hsn_str_cut(v, at + 1, v.n));
    }
    case HSN_GUARD_PERSON:
        return passes_person(v);
    case HSN_GUARD_DATE:
        return !cleaned && passes_date(v);
    case HSN_GUARD_IP:
        return passes_ip(v);
    }
    return true;
}

bool hsn_is_sweepable(hsn_str v)
{
    return hsn_is_sweepable_by(v, hsn_key_of(v));
}

bool hsn_is_sweepable_by(hsn_str v, size_t key)
{
    enum { MIN = 8, DIGITS_MIN = 9, MAX = 16384 };
    if (v.n < MIN || v.n > MAX || key == v.n || hsn_is_placeholder(v)) {
        return false;
    }
    hsn_looks s = hsn_looks_of(v);
    if (s.digits == s.n) {
        return s.n >= DIGITS_MIN && !hsn_is_epoch(v);
    }
    if (hsn_is_url(v) || hsn_is_datetime(v) || hsn_is_version(v) || hsn_is_slug(v)) {
        return false;
    }
    if (s.spaces > 0) {
        return s.n >= 16;
    }
    enum { SEPARATED_MIN = 12 }; /* 131-4455667-8899001 */
    return (s.digits > 0 && s.lower + s.upper > 0) || s.digits >= SEPARATED_MIN ||
           hsn_is_tokenish(v, 16);
}
