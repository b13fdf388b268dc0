/*
 * Rule texts written in a test, and what the tests of rules ask of a set.
 *
 * The macros make JSON of JSON: their arguments are string literals, lists in them quoted.
 */
#ifndef HSN_TESTS_RULE_TEXT_H
#define HSN_TESTS_RULE_TEXT_H

#include "rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SEED 7
#define TOKEN20 "abcdefghij0123456789"

/* What every rule needs besides what a case is about. */
#define COMMON "\"what\":\"w\",\"category\":\"token\",\"hit\":[\"a=b\"],\"miss\":[\"a=\"]"
#define NAME_RULE(id, names, more) "{\"id\":\"" id "\"," COMMON ",\"names\":[" names "]" more "}"
#define PATTERN_RULE(id, anchor, pattern, more) \
    "{\"id\":\"" id "\"," COMMON ",\"anchor\":[" anchor "],\"pattern\":\"" pattern "\"" more "}"
#define FILE_OF(rules) "{\"rules\":[" rules "]}"

/* A text that is wrong fails the test. The caller frees. */
harsan_rules *parse_rules(const char *text, unsigned packs);

const char *rule_id(const hsn_rule *rule); /* "none" for NULL */
const char *rule_id_of_name(const harsan_rules *r, const char *raw, unsigned where);

#endif
