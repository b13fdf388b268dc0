/*
 * How seldom a rule is wrong, told from what it is, for the rules whose file does not tell it.
 *
 * Receives a rule that is read, emits "high", "medium" or "low". What stands on a checksum, on a
 * numbering plan or on the prefix of a vendor is seldom anything else; a name is as good as the
 * guard that its value has to pass. Must never change what a rule finds.
 */
#include "rule.h"

static const char *trust_detector(hsn_detect detect)
{
    switch (detect) {
    case HSN_DETECT_CARD:     /* issuer range and Luhn digit */
    case HSN_DETECT_IBAN:     /* country, length, mod 97 */
    case HSN_DETECT_JWT:      /* a JSON object with alg, in base64url */
    case HSN_DETECT_USERINFO: /* RFC 3986 leaves no other reading */
    case HSN_DETECT_SCHEME:
    case HSN_DETECT_EMAIL:
        return "high";
    case HSN_DETECT_PHONE: /* a plan exists, but so do other numbers of its form */
    case HSN_DETECT_PATH:
    case HSN_DETECT_IP:
        return "medium";
    case HSN_DETECT_COOKIE:
    case HSN_DETECT_STRICT:
    case HSN_DETECT_NONE:
    case HSN_N_DETECT:
        break;
    }
    return "low";
}

static const char *trust_guard(hsn_guard guard, bool exact)
{
    switch (guard) {
    case HSN_GUARD_TOKEN:
    case HSN_GUARD_OPAQUE:
        return exact ? "high" : "medium";
    case HSN_GUARD_ANY:
    case HSN_GUARD_PERSON:
        return exact ? "medium" : "low";
    case HSN_GUARD_SECRET:
    case HSN_GUARD_CODE:
    case HSN_GUARD_DIGITS:
    case HSN_GUARD_PHONE:
    case HSN_GUARD_EMAIL:
    case HSN_GUARD_DATE:
    case HSN_GUARD_IP:
        break;
    }
    return "medium";
}

const char *hsn_rule_trust(const hsn_rule *rule)
{
    if (rule->pack_bit == HARSAN_PACK_STRICT) {
        return "low"; /* everything there, whatever it is */
    }
    if (rule->detect != HSN_DETECT_NONE) {
        return trust_detector(rule->detect);
    }
    if (rule->regex != NULL || rule->action == HSN_SCHEME) {
        return "high";
    }
    return rule->match == HSN_GLUED ? "low" : trust_guard(rule->guard, rule->match == HSN_EXACT);
}
