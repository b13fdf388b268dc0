/*
 * What things are called in every form of the report, and numbers as people read them.
 *
 * Emits texts of our own only.
 */
#include "cli_report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* ---------------------------------------------------------------- the pen */

void cli_put_bytes(cli_pen *pen, const char *p, size_t n)
{
    if (pen->code == CLI_OK && n > 0) {
        pen->code = pen->write(pen->ctx, p, n);
    }
}

void cli_put(cli_pen *pen, const char *text)
{
    cli_put_bytes(pen, text, strlen(text));
}

void cli_putf(cli_pen *pen, const char *fmt, ...)
{
    char text[512]; /* numbers and a few words: never cut */
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    cli_put_bytes(pen, text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

void cli_text(cli_pen *pen, const char *text)
{
    if (pen->escape != NULL) {
        pen->escape(pen, text);
    } else {
        cli_put(pen, text);
    }
}

/* ---------------------------------------------------------------- words */

cli_words cli_words_of_fault(cli_fault_kind kind)
{
    static const cli_words words[CLI_N_FAULTS] = {
        [CLI_FAULT_SERVER] = {"Server error", "The server answered that it failed (status 5xx)."},
        [CLI_FAULT_SILENT] =
            {"No answer", "No complete answer came: a network, DNS or TLS problem, a timeout, or "
                          "the recording ended first."},
        [CLI_FAULT_CORS] =
            {"Cross-origin refused",
             "The browser kept the answer from the page, or the server did not allow "
             "a request from another origin (CORS)."},
        [CLI_FAULT_BLOCKED] = {"Blocked",
                               "The browser, an extension or a policy kept the request from being "
                               "sent."},
        [CLI_FAULT_CLIENT] = {"Refused", "The server refused the request (status 4xx)."},
        [CLI_FAULT_LOOP] = {"Redirect loop",
                            "Redirects led back to a request that had been made already."},
        [CLI_FAULT_MIXED] = {"Mixed content",
                             "An encrypted page asked for something over an unencrypted "
                             "connection."},
        [CLI_FAULT_ABORTED] = {"Aborted",
                               "The page or the user went on before the answer was there; often "
                               "harmless."},
    };
    return kind < CLI_N_FAULTS ? words[kind] : (cli_words){"", ""};
}

const char *cli_id_of_fault(cli_fault_kind kind)
{
    static const char *const id[CLI_N_FAULTS] = {
        [CLI_FAULT_SERVER] = "server-error", [CLI_FAULT_SILENT] = "no-answer",
        [CLI_FAULT_CORS] = "cors",           [CLI_FAULT_BLOCKED] = "blocked",
        [CLI_FAULT_CLIENT] = "client-error", [CLI_FAULT_LOOP] = "redirect-loop",
        [CLI_FAULT_MIXED] = "mixed-content", [CLI_FAULT_ABORTED] = "aborted",
    };
    return kind < CLI_N_FAULTS ? id[kind] : "";
}

cli_words cli_words_of_revoke(cli_revoke kind)
{
    static const cli_words words[CLI_N_REVOKE] = {
        [CLI_REVOKE_PASSWORD] = {"Passwords", "Change them, wherever the same one is used."},
        [CLI_REVOKE_KEY] = {"Keys", "Make new ones and delete these: keys seldom expire."},
        [CLI_REVOKE_TOKEN] = {"Tokens",
                              "Revoke them, or sign out of the application that has them."},
        [CLI_REVOKE_SESSION] = {"Sessions", "Sign out on the server: everywhere, if that is "
                                            "offered."},
        [CLI_REVOKE_URL] =
            {"Signed links",
             "They, and webhooks, work for whoever has them until they expire or are "
             "deleted."},
        [CLI_REVOKE_OTHER] =
            {"Other secrets",
             "One-time codes expire by themselves; PINs, backup codes and what you "
             "listed yourself do not."},
    };
    return kind < CLI_N_REVOKE ? words[kind] : (cli_words){"", ""};
}

const char *cli_id_of_revoke(cli_revoke kind)
{
    static const char *const id[CLI_N_REVOKE] = {
        [CLI_REVOKE_PASSWORD] = "password", [CLI_REVOKE_KEY] = "key",  [CLI_REVOKE_TOKEN] = "token",
        [CLI_REVOKE_SESSION] = "session",   [CLI_REVOKE_URL] = "link", [CLI_REVOKE_OTHER] = "other",
    };
    return kind < CLI_N_REVOKE ? id[kind] : NULL;
}

const char *cli_word_of_kind(const char *kind)
{
    static const char *const words[][2] = {
        {"param", "parameter"}, {"key", "field"}, {"text", "value of"}, {"claim", "claim"}};
    for (size_t i = 0; i < CLI_COUNT(words); i++) {
        if (strcmp(words[i][0], kind) == 0) {
            return words[i][1];
        }
    }
    return kind; /* header, cookie, field */
}

cli_words cli_words_of_gap(const char *why)
{
    static const struct {
        const char *why;
        cli_words words;
    } table[] = {
        {"media",
         {"Pictures, sound, video, fonts, archives",
          "A picture still shows what it shows. Look at these before sending, or leave them out."}},
        {"binary",
         {"Binary data of unknown kind",
          "Only printable runs within were looked at. Leave it out if it may be personal."}},
        {"sidecar",
         {"Bodies in files beside the capture",
          "They were not opened. Do not attach them without cleaning them too."}},
        {"limit:window",
         {"Texts too long to be looked at",
          "A larger --window looks into them. No byte of what was replaced is left."}},
        {"limit:layers", {"Texts wrapped too deep", "More layers of encoding than are peeled."}},
        {"limit:inflate",
         {"Compressed data that grows too large", "It inflates beyond the limit."}},
        {"limit:size", {"Encoded data that grows too large", "It decodes beyond the limit."}},
        {"limit:pattern",
         {"Text that a pattern could not decide", "The limit of steps was reached."}},
        {"limit:work", {"Text that costs too much to look at", "The limit of work was reached."}},
        {"limit:memory", {"Values too large for the memory", "They could not be looked into."}},
        {"limit:learned",
         {"More secrets than can be remembered",
          "Later ones were replaced where a name or a shape gave them away, but were not searched "
          "for elsewhere. Search the result for what must not be in it."}},
    };
    for (size_t i = 0; i < CLI_COUNT(table); i++) {
        if (strcmp(table[i].why, why) == 0) {
            return table[i].words;
        }
    }
    return (cli_words){"Not looked into", "Look at it before sending."};
}

/* ---------------------------------------------------------------- numbers */

const char *cli_count(cli_number *out, uint64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    char *p = &out->z[0];
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            *p++ = ',';
        }
        *p++ = digits[i];
    }
    *p = '\0';
    return out->z;
}

const char *cli_more(cli_number *out, uint64_t n, bool cut)
{
    cli_number count;
    cli_count(&count, n);
    *out = (cli_number){""};
    snprintf(out->z, sizeof out->z, "%s%.32s more", cut ? "more than " : "", count.z);
    return out->z;
}

const char *cli_bytes_text(cli_number *out, uint64_t n)
{
    static const char *const unit[] = {"bytes", "kB", "MB", "GB", "TB"};
    double x = (double)n;
    size_t i = 0;
    while (x >= 999.5 && i + 1 < CLI_COUNT(unit)) {
        x /= 1000;
        i++;
    }
    if (n == 1) {
        snprintf(out->z, sizeof out->z, "1 byte");
    } else {
        snprintf(out->z, sizeof out->z, i > 0 && x < 9.95 ? "%.1f %s" : "%.0f %s", x, unit[i]);
    }
    return out->z;
}

const char *cli_ms(cli_number *out, double ms)
{
    if (ms < 0 || ms > CLI_MS_MAX) {
        snprintf(out->z, sizeof out->z, "-");
    } else if (ms < 999.5) {
        snprintf(out->z, sizeof out->z, "%.0f ms", ms);
    } else if (ms < 59950) {
        snprintf(out->z, sizeof out->z, "%.1f s", ms / 1000);
    } else {
        uint64_t s = (uint64_t)(ms / 1000 + 0.5);
        if (s < 3600 && s % 60 == 0) {
            snprintf(out->z, sizeof out->z, "%" PRIu64 " min", s / 60);
        } else if (s < 3600) {
            snprintf(out->z, sizeof out->z, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
        } else {
            snprintf(out->z, sizeof out->z, "%" PRIu64 " h %" PRIu64 " min", s / 3600,
                     s % 3600 / 60);
        }
    }
    return out->z;
}

const char *cli_utc(cli_number *out, double ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    out->z[0] = '\0';
    if (gmtime_r(&seconds, &tm) != NULL) {
        (void)strftime(out->z, sizeof out->z, "%Y-%m-%d %H:%M:%S UTC", &tm);
    }
    return out->z;
}

const char *cli_clock(cli_number *out, const char *started)
{
    enum { DATE = sizeof "2026-01-05" - 1 };
    int64_t micro;
    if (!cli_time_parse(started, &micro) || strlen(started) <= DATE) {
        snprintf(out->z, sizeof out->z, "%.*s", (int)sizeof out->z - 1, started);
        return out->z;
    }
    const char *time = started + sizeof "2026-01-05T" - 1;
    size_t n = strspn(time, "0123456789:.");
    enum { MILLISECONDS = sizeof "10:00:00.437" - 1 };
    snprintf(out->z, sizeof out->z, "%.*s", (int)(n < MILLISECONDS ? n : MILLISECONDS), time);
    return out->z;
}

const char *cli_entries_text(cli_number *out, uint64_t first, uint64_t last)
{
    if (first == CLI_NO_ENTRY) {
        snprintf(out->z, sizeof out->z, "-");
    } else if (first == last) {
        snprintf(out->z, sizeof out->z, "%" PRIu64, first);
    } else {
        snprintf(out->z, sizeof out->z, "%" PRIu64 "\xe2\x80\x93%" PRIu64, first, last);
    }
    return out->z;
}

const char *cli_validity(const cli_model *m, const cli_value *v)
{
    if (!v->jwt || v->expires <= 0 || m->timed == 0) {
        return NULL;
    }
    return v->expires * 1000 > m->last_ms ? "still valid when the recording ended"
                                          : "expired when the recording ended";
}
