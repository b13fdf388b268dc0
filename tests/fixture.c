/*
 * What fixture.h promises: globals of one test program, set up once for its group of tests.
 */
#include "fixture.h"

harsan_rules *rules;
harsan_rules *empty;

int set_up_rules(void **state)
{
    (void)state;
    rules = default_rules(0);
    return 0;
}

int tear_down_rules(void **state)
{
    (void)state;
    harsan_rules_free(rules);
    return 0;
}

int set_up_empty(void **state)
{
    (void)state;
    empty = no_rules();
    return 0;
}

int tear_down_empty(void **state)
{
    (void)state;
    harsan_rules_free(empty);
    return 0;
}
