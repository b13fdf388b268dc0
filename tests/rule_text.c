/*
 * What rule_text.h promises.
 */
#include "rule_text.h"

harsan_rules *parse_rules(const char *text, unsigned packs)
{
    harsan_rules *r = NULL;
    harsan_error err;
    if (harsan_rules_parse(&r, text, strlen(text), false, packs, &err) != HARSAN_OK) {
        fail_msg("%u:%u: %s", (unsigned)err.line, (unsigned)err.column, err.message);
    }
    return r;
}

const char *rule_id(const hsn_rule *rule)
{
    return rule != NULL ? rule->id : "none";
}

const char *rule_id_of_name(const harsan_rules *r, const char *raw, unsigned where)
{
    return rule_id(hsn_rules_name(r, hsn_str_z(raw), where, NULL));
}
