/*
 * Email addresses in free text (RFC 5321 section 4.1.2, RFC 6531 for letters beyond ASCII).
 *
 * Receives a text and the place of an `@`; finds how far the address reaches on both sides. Much
 * that has an `@` is none: names of retina images, package versions, users in URLs, handles. Takes
 * a bounded number of steps on either side: the cost of a text is linear in its length.
 */
#include "valid.h"

enum { LOCAL_MAX = 64, DOMAIN_MAX = 253, LABEL_MAX = 63, TLD_MIN = 2, TLD_MAX = 24 };

/* ---------------------------------------------------------------- characters */

enum {
    /* What an unquoted local part holds in practice. RFC 5322 allows more, but in the texts at hand
     * those are nearly always syntax around the address: ' { } = / ? & # and the backquote. */
    LOCAL = 1,
    RARE = 2, /* allowed inside a local part, but not at its ends */
    USER = 4, /* what else userinfo of a URL holds, RFC 3986 section 3.2.1 */
    LABEL = 8, /* of a domain */
    DOT = 16,  /* two of them: a local part may have to be cut there, */
    ESCAPE = 32 /* and here */
};

#define A (LOCAL | LABEL)
static const unsigned char classes[256] = {
    ['0'] = A, A, A, A, A, A, A, A, A, A,
    ['A'] = A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A,
    ['a'] = A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A,
    ['-'] = A, ['.'] = LOCAL | DOT, ['_'] = LOCAL, ['%'] = LOCAL | ESCAPE, ['+'] = LOCAL,
    ['!'] = RARE, ['$'] = RARE, ['^'] = RARE, ['~'] = RARE, ['*'] = RARE | USER,
    [':'] = USER, ['&'] = USER, ['\''] = USER, ['('] = USER, [')'] = USER, [','] = USER,
    [';'] = USER, ['='] = USER,
};
#undef A

static bool is(unsigned char c, unsigned classes_of_it)
{
    return (classes[c] & classes_of_it) != 0;
}

/* Behind the ASCII characters of a label from p on. */
static const unsigned char *ascii_end(const unsigned char *p, const unsigned char *end)
{
    while (p < end && is(*p, LABEL)) {
        p++;
    }
    return p;
}

/* Bytes of a UTF-8 sequence of two or three bytes with this first byte; 0 for all others. */
static size_t sequence_length(unsigned char first)
{
    if (first >= 0xC3 && first <= 0xDF) {
        return 2; /* letters from U+00C0 on; C2 holds signs and the no-break space */
    }
    return first >= 0xE0 && first <= 0xED && first != 0xE2 ? 3 : 0;
}

/*
 * Bytes of the letter beyond ASCII at s[at], 0 for none. Signs, spaces and quotation marks of the
 * blocks U+2000 (lead byte E2), U+3000 to U+303F, and private and full-width forms do not count.
 */
static size_t letter_at(hsn_str s, size_t at)
{
    size_t n = at < s.n ? sequence_length(s.p[at]) : 0;
    if (n == 0 || s.n - at < n) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((s.p[at + i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return s.p[at] == 0xE3 && s.p[at + 1] == 0x80 ? 0 : n;
}

/* The same for the letter that ends before s[end]. */
static size_t letter_before(hsn_str s, size_t end)
{
    for (size_t n = 2; n <= 3 && n <= end; n++) {
        if (letter_at(hsn_str_cut(s, 0, end), end - n) == n) {
            return n;
        }
    }
    return 0;
}

/* ---------------------------------------------------------------- local part */

/*
 * Where the run of local characters before s[at] begins, and whether it may have to be cut. Scripts
 * written without spaces (three bytes a letter) are taken only when the local part consists of
 * them: else the address touches a sentence. A run of more bytes than a local part may have (RFC
 * 5321 section 4.5.3.1.1) is none: an address is what stands behind a rare sign in it.
 */
static size_t local_begin(hsn_str s, size_t at, bool *cut)
{
    const size_t least = at > LOCAL_MAX ? at - LOCAL_MAX - 1 : 0;
    size_t i = at;
    size_t behind_rare = 0; /* the first, of those within LOCAL_MAX */
    bool ascii = false;
    unsigned seen = 0;
    while (i > least) {
        const size_t end = i;
        unsigned behind = 0; /* the class of the byte before which we are */
        for (unsigned c; i > least && ((c = classes[s.p[i - 1]]) & LOCAL) != 0; i--) {
            seen |= (c & ESCAPE) | (c & behind & DOT);
            behind = c;
        }
        if (i < end) {
            ascii = true;
            continue;
        }
        if (is(s.p[i - 1], RARE) && i < at && i > 1 && hsn_is_alnum(s.p[i]) &&
            hsn_is_alnum(s.p[i - 2])) {
            ascii = true;
            behind_rare = i;
            i--;
            continue;
        }
        size_t n = letter_before(s, i);
        if (n == 0 || (n == 3 && ascii)) {
            break;
        }
        ascii = ascii || n == 2;
        i -= n;
    }
    *cut = seen != 0;
    return at - i > LOCAL_MAX && behind_rare != 0 ? behind_rare : i;
}

/* Percent escapes of characters that separate: "%22a" or "to%3Aa" is an address behind a sign. */
static bool is_escaped_syntax(hsn_str s, size_t at)
{
    if (s.n - at < 3 || s.p[at] != '%' || hsn_hex(s.p[at + 1]) < 0 || hsn_hex(s.p[at + 2]) < 0) {
        return false;
    }
    int c = hsn_hex(s.p[at + 1]) * 16 + hsn_hex(s.p[at + 2]);
    return c <= ' ' || (c < 0x7F && hsn_is_one_of((unsigned char)c, "\"#&'(),/:;<=>?[\\]{}"));
}

/* After a backslash the escape (\n, \u003c, \x3c) is syntax, and the name begins behind it. */
static size_t skip_backslash_escape(hsn_str s, size_t begin, size_t at)
{
    if (begin == 0 || s.p[begin - 1] != '\\' || begin == at) {
        return begin;
    }
    size_t n = s.p[begin] == 'u' ? 5 : s.p[begin] == 'x' ? 3 : 1;
    for (size_t i = 1; i < n; i++) {
        if (begin + i >= at || hsn_hex(s.p[begin + i]) < 0) {
            return begin;
        }
    }
    bool known = n > 1 || hsn_is_one_of(s.p[begin], "nrtbfv");
    return known && begin + n < at ? begin + n : begin;
}

/* Where the local part before s[at] begins, without what touches it but does not belong to it. May
 * return `at`: nothing left. */
static size_t local_part(hsn_str s, size_t at)
{
    bool cut;
    size_t begin = local_begin(s, at, &cut);
    begin = skip_backslash_escape(s, begin, at);
    for (size_t i = begin; cut && i < at; i++) {
        if (s.p[i] == '%' && is_escaped_syntax(hsn_str_cut(s, 0, at), i)) {
            begin = i + 3;
        } else if (s.p[i] == '.' && i + 1 < at && s.p[i + 1] == '.') {
            begin = i + 2; /* "see...name@": dots come one by one inside a name */
        }
    }
    while (begin < at && (s.p[begin] == '.' || s.p[begin] == '-' || s.p[begin] == '+' ||
                          s.p[begin] == '%')) {
        begin++;
    }
    return begin;
}

/* Does `://` stand before the run of userinfo characters (RFC 3986 section 3.2.1) that ends at
 * s[begin]? Then this is a user, or the end of a password, in a URL. */
static bool in_authority(hsn_str s, size_t begin)
{
    enum { REACH = 256 };
    size_t i = begin;
    while (i > 0 && begin - i < REACH && is(s.p[i - 1], LOCAL | RARE | USER)) {
        i--;
    }
    return i >= 3 && memcmp(s.p + i - 3, "://", 3) == 0;
}

/* ---------------------------------------------------------------- domain */

/* What is known of a domain while it is read. Offsets are into the text. */
struct domain {
    size_t begin;
    size_t end;      /* behind the last whole label */
    size_t last;     /* begin of the last label */
    size_t n_labels;
};

/* Behind the label that begins at s[at]. After ASCII, a letter of three bytes is of a sentence. */
static size_t label_end(hsn_str s, size_t at)
{
    const size_t most = s.n - at > LABEL_MAX ? at + LABEL_MAX + 1 : s.n;
    size_t i = at;
    for (;;) {
        i = (size_t)(ascii_end(s.p + i, s.p + most) - s.p);
        size_t n = i < most ? letter_at(s, i) : 0;
        if (n == 0 || (n == 3 && i > at && s.p[at] < 0x80)) {
            break;
        }
        i += n;
    }
    while (i > at && s.p[i - 1] == '-') {
        i--;
    }
    return i;
}

static struct domain read_domain(hsn_str s, size_t at)
{
    struct domain d = {.begin = at, .end = at};
    size_t i = at;
    for (;;) {
        size_t end = label_end(s, i);
        if (end == i || s.p[i] == '-' || end - i > LABEL_MAX) {
            return d;
        }
        d.last = i;
        d.end = end;
        d.n_labels++;
        if (end >= s.n || s.p[end] != '.' || end - at > DOMAIN_MAX) {
            return d;
        }
        i = end + 1;
    }
}

/* Labels at the end that begin with a digit belong to a sentence: "name@host.org.2 more". */
static void drop_numbers(hsn_str s, struct domain *d)
{
    while (d->n_labels > 2 && hsn_is_digit(s.p[d->last])) {
        d->end = d->last - 1;
        d->n_labels--;
        d->last = d->end;
        while (s.p[d->last - 1] != '.') {
            d->last--;
        }
    }
}

/* Letters the label begins with, in bytes. */
static size_t letters_at(hsn_str label)
{
    size_t i = 0;
    while (i < label.n && hsn_is_alpha(label.p[i])) {
        i++;
    }
    return i;
}

/* Punycode (RFC 5890), or letters of another script throughout. */
static bool is_foreign_tld(hsn_str label)
{
    if (label.n == 0) {
        return false;
    }
    const bool punycode = label.n > 4 && (label.p[0] | 0x20) == 'x' &&
                          hsn_str_starts_nocase(label, HSN_S("xn--"));
    return punycode || label.p[0] >= 0x80;
}

/*
 * Endings of files that are no top-level domains, or ones without mail to speak of. Those in wide
 * use (.md .sh .py .rs .pl .so .ai .app .com) stay out of the list.
 */
static bool is_file_extension(hsn_str label)
{
    enum { MOST = 11, CELL = 8, LONGEST = 6 };
    static const char extensions[26][MOST][CELL] = { /* by their first letter */
        ['a' - 'a'] = {"avif", "apng", "atom", "asp", "aspx", "avi", "aac", "apk"},
        ['b' - 'a'] = {"bmp", "bz", "bin", "bak"},
        ['c' - 'a'] = {"cjs", "cts", "css", "cgi", "csv", "conf", "cfg", "crt", "cer"},
        ['d' - 'a'] = {"doc", "docx", "dmg", "dll", "dat", "dist"},
        ['e' - 'a'] = {"eot", "epub", "exe"},
        ['f' - 'a'] = {"flac", "flv"},
        ['g' - 'a'] = {"gif", "gz"},
        ['h' - 'a'] = {"heic", "html", "htm", "har"},
        ['i' - 'a'] = {"ico", "icns", "ipa", "iso", "ini", "ics"},
        ['j' - 'a'] = {"jpg", "jpeg", "js", "jsx", "json", "jsonp", "jsonc", "jsp", "jar"},
        ['k' - 'a'] = {"key"},
        ['l' - 'a'] = {"less", "lock", "log"},
        ['m' - 'a'] = {"mjs", "mts", "map", "mhtml", "mov", "mkv", "mpeg", "mpg", "msi", "min"},
        ['o' - 'a'] = {"otf", "ogg", "ogv", "oga", "opus", "odt", "ods"},
        ['p' - 'a'] = {"png", "psd", "php", "pdf", "ppt", "pptx", "pem"},
        ['r' - 'a'] = {"rss", "rtf", "rar"},
        ['s' - 'a'] = {"svg", "svgz", "scss", "sass", "svelte", "shtml"},
        ['t' - 'a'] = {"tif", "tiff", "ts", "tsx", "ttf", "txt", "tsv", "tgz", "tar", "toml",
                        "tmp"},
        ['v' - 'a'] = {"vue", "vcf"},
        ['w' - 'a'] = {"webp", "wasm", "woff", "webm", "wav", "war"},
        ['x' - 'a'] = {"xhtml", "xml", "xsl", "xsd", "xls", "xlsx", "xz"},
        ['y' - 'a'] = {"yml", "yaml"},
        ['z' - 'a'] = {"zip"},
    };
    if (label.n > LONGEST || label.n == 0 || !hsn_is_alpha(label.p[0])) {
        return false;
    }
    char word[CELL] = {0};
    for (size_t i = 0; i < label.n; i++) {
        word[i] = (char)hsn_lower(label.p[i]);
    }
    const char(*list)[CELL] = extensions[word[0] - 'a'];
    for (size_t i = 0; i < MOST && list[i][0] != '\0'; i++) {
        if (memcmp(list[i], word, CELL) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * Behind the top-level domain, 0 when there is none. A label such as "com-and" is cut at the
 * hyphen, a dash of the sentence, and "com20" in front of the number. Fewer letters with a number
 * are rather mp3, v2 or rc1.
 */
static size_t tld_end(hsn_str s, const struct domain *d)
{
    enum { COUNTED_MIN = 3 };
    hsn_str label = hsn_str_cut(s, d->last, d->end);
    if (is_foreign_tld(label)) {
        return d->end;
    }
    const size_t n = letters_at(label);
    bool cut_fits = n == label.n || label.p[n] == '-' || label.p[n] >= 0x80 ||
                    (n >= COUNTED_MIN && hsn_is_digit(label.p[n]));
    if (!cut_fits || n < TLD_MIN || n > TLD_MAX || is_file_extension(hsn_str_cut(label, 0, n))) {
        return 0;
    }
    return d->last + n;
}

/* Where the label begins that ends at `end`. */
static size_t label_before(hsn_str domain, size_t end)
{
    while (end > 0 && domain.p[end - 1] != '.') {
        end--;
    }
    return end;
}

/* The reserved domains of RFC 2606 and RFC 6761: samples, and what harsan itself puts in. */
bool hsn_is_reserved_domain(hsn_str domain)
{
    enum { COM = 3 }; /* com, net, org */
    static const hsn_str last[] = {HSN_W("example"), HSN_W("test"), HSN_W("invalid"),
                                   HSN_W("localhost")};
    static const hsn_str under[] = {HSN_W("com"), HSN_W("net"), HSN_W("org")};
    const hsn_str example = HSN_S("example");
    size_t at = label_before(domain, domain.n);
    hsn_str label = hsn_str_cut(domain, at, domain.n);
    if (label.n != COM) {
        return HSN_STR_IN(label, last);
    }
    if (at <= example.n || (at > example.n + 1 && domain.p[at - example.n - 2] != '.')) {
        return false;
    }
    return hsn_str_eq_nocase(hsn_str_cut(domain, at - example.n - 1, at - 1), example) &&
           HSN_STR_IN(label, under);
}

bool hsn_is_sample_address(hsn_str local, hsn_str domain)
{
    static const hsn_str locals[] = {HSN_W("you"),       HSN_W("your"),  HSN_W("name"),
                                     HSN_W("yourname"),  HSN_W("user"),  HSN_W("username"),
                                     HSN_W("email"),     HSN_W("your.name"), HSN_W("your.email"),
                                     HSN_W("youremail"), HSN_W("your-email"), HSN_W("me")};
    static const hsn_str domains[] = {HSN_W("domain.com"),     HSN_W("company.com"),
                                      HSN_W("yourdomain.com"), HSN_W("yourcompany.com"),
                                      HSN_W("email.com"),      HSN_W("website.com"),
                                      HSN_W("mydomain.com"),   HSN_W("domain.tld")};
    /* nobody's: programs write from them */
    static const hsn_str services[] = {HSN_W("noreply"),    HSN_W("no-reply"), HSN_W("no_reply"),
                                       HSN_W("donotreply"), HSN_W("do-not-reply"),
                                       HSN_W("mailer-daemon")};
    enum { LONGEST = 15, SERVICE_MIN = 7, SERVICE_MAX = 13 }; /* of the domains, the services */
    const unsigned char first = local.n > 0 ? local.p[0] | 0x20 : 0;
    const hsn_str accounts = HSN_S(".iam.gserviceaccount.com");
    return (domain.n <= LONGEST && HSN_STR_IN(domain, domains) &&
            HSN_STR_IN(local, locals)) ||
           (local.n >= SERVICE_MIN && local.n <= SERVICE_MAX &&
            (first == 'n' || first == 'd' || first == 'm') && HSN_STR_IN(local, services)) ||
           (domain.n > accounts.n &&
            hsn_str_eq_nocase(hsn_str_cut(domain, domain.n - accounts.n, domain.n), accounts));
}

/* "2x" of an image for dense screens, or "7.22" and "v7.22" of a package version. */
static bool is_version(hsn_str domain)
{
    size_t i = domain.n > 0 && (domain.p[0] | 0x20) == 'v' ? 1 : 0;
    size_t digits = i;
    while (i < domain.n && hsn_is_digit(domain.p[i])) {
        i++;
    }
    if (i == digits || i >= domain.n) {
        return false;
    }
    if (domain.p[i] == 'x') {
        return i + 1 < domain.n && domain.p[i + 1] == '.';
    }
    return domain.p[i] == '.' && i + 1 < domain.n && hsn_is_digit(domain.p[i + 1]);
}

/* ---------------------------------------------------------------- exceptions */

/* git@host:path and host/path: the user is the service, the same for everybody. */
static bool is_service_user(hsn_str local, hsn_str behind)
{
    static const char *const services[] = {"git", "hg", "svn", "aur", "gitlab", "deploy"};
    if (behind.n == 0 || (behind.p[0] != ':' && behind.p[0] != '/')) {
        return false;
    }
    for (size_t i = 0; i < HSN_COUNT(services); i++) {
        if (hsn_str_eq(local, hsn_str_z(services[i]))) {
            return true;
        }
    }
    return false;
}

/* Behind the domain; a file that is named after an address (maria@correo.es.vcf) has one more
 * label. */
static size_t domain_end(hsn_str s, struct domain *d)
{
    enum { SHORT_TLD = 3 }; /* longer ones before an ending are words: login.spec.ts */
    size_t end = tld_end(s, d);
    if (end != 0 || d->n_labels < 3 || !is_file_extension(hsn_str_cut(s, d->last, d->end))) {
        return end;
    }
    d->end = d->last - 1;
    d->last = d->end;
    while (d->last > d->begin && s.p[d->last - 1] != '.') {
        d->last--;
    }
    d->n_labels--;
    return d->end - d->last <= SHORT_TLD ? tld_end(s, d) : 0;
}

/* Behind what the @ before s[from] is a part of: of a@b.org_c@d.org the second address begins at
 * what no domain holds, of a@b@d.org and of @b@d.org behind the first @. May return `at`: there is
 * nothing but a domain. */
static size_t behind_address(hsn_str s, size_t from, size_t at)
{
    struct domain d = read_domain(s, from);
    drop_numbers(s, &d);
    const bool address = d.n_labels >= 2 && domain_end(s, &d) != 0;
    if (!address) {
        return from;
    }
    while (from < at && (is(s.p[from], LABEL) || s.p[from] == '.')) {
        from++;
    }
    while (from < at && !hsn_is_alnum(s.p[from])) {
        from++;
    }
    return from;
}

/* Where the quoted local part begins that ends before s[at] (RFC 5321 section 4.1.2); `at` when it
 * is none. What holds a mark of markup or of a script is something else in quotes. */
static size_t quoted_begin(hsn_str s, size_t at)
{
    size_t i = at - 1;
    while (i > 0 && at - i <= LOCAL_MAX && s.p[i - 1] >= ' ' &&
           !hsn_is_one_of(s.p[i - 1], "\"\\<>{}=;")) {
        i--;
    }
    bool word = i + 1 < at && hsn_is_alnum(s.p[i]) && hsn_is_alnum(s.p[at - 2]);
    return word && i > 0 && s.p[i - 1] == '"' ? i - 1 : at;
}

size_t hsn_email_in_text(hsn_str s, size_t at, size_t *begin)
{
    if (at == 0 || at + 4 >= s.n || s.p[at - 1] == '.') {
        return 0;
    }
    struct domain d = read_domain(s, at + 1);
    drop_numbers(s, &d);
    if (d.n_labels < 2 || d.end - d.begin > DOMAIN_MAX) {
        return 0;
    }
    size_t end = domain_end(s, &d);
    size_t from = s.p[at - 1] == '"' ? quoted_begin(s, at) : local_part(s, at);
    if (from > 0 && s.p[from - 1] == '@') {
        from = behind_address(s, from, at);
    }
    if (end == 0 || from == at || at - from > LOCAL_MAX) {
        return 0;
    }
    hsn_str domain = hsn_str_cut(s, d.begin, end);
    if (hsn_is_reserved_domain(domain) || is_version(domain) || in_authority(s, from) ||
        hsn_is_sample_address(hsn_str_cut(s, from, at), domain) ||
        is_service_user(hsn_str_cut(s, from, at), hsn_str_cut(s, end, s.n))) {
        return 0;
    }
    *begin = from;
    return end - from;
}
