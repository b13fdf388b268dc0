/*
 * yajl for the command, in memory that may run out: yajl checks none of its allocations, so where
 * one fails the parse is left at once, by a jump (cli_yajl.c).
 */
#ifndef HSN_CLI_YAJL_H
#define HSN_CLI_YAJL_H

#include "cli_base.h"

#include <setjmp.h>
#include <yajl/yajl_parse.h>

typedef struct cli_yajl {
    yajl_handle yajl;
    struct cli_yajl_block *blocks; /* all that yajl holds */
    jmp_buf dry;
} cli_yajl;

/* `y` stays where it is until it is closed, which it is to be in any case. CLI_NOMEM, or CLI_OK. */
CLI_MUST_USE cli_exit cli_yajl_open(cli_yajl *y, const yajl_callbacks *on, void *ctx);
/* A piece of the text, or with n == 0 its end. CLI_SYNTAX: it is not JSON, or a callback returned
 * 0. After anything but CLI_OK only to be closed. Callbacks must hold nothing that they alone free.
 */
CLI_MUST_USE cli_exit cli_yajl_parse(cli_yajl *y, const void *p, size_t n);
void cli_yajl_close(cli_yajl *y);

#endif
