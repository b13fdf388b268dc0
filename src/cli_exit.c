/*
 * Exit codes: what a status of the library means to whoever called the command.
 */
#include "cli_base.h"

cli_exit cli_exit_of(harsan_status status)
{
    switch (status) {
    case HARSAN_OK:
    case HARSAN_AGAIN:
        return CLI_OK;
    case HARSAN_E_SYNTAX:
        return CLI_SYNTAX;
    case HARSAN_E_IO:
        return CLI_IO;
    case HARSAN_E_LIMIT:
        return CLI_LIMIT;
    case HARSAN_E_NOMEM:
        return CLI_NOMEM;
    case HARSAN_E_USAGE:
    case HARSAN_E_RULES:
        break;
    }
    return CLI_USAGE;
}
