/*
 * The error record. The first error of a session wins; texts are fixed and hold no input.
 */
#include "base.h"

#include <stdarg.h>
#include <stdio.h>

hsn_step hsn_fail(harsan_error *err, harsan_status code, uint64_t offset, const char *fmt, ...)
{
    if (err != NULL && err->code == HARSAN_OK) {
        err->code = code;
        err->offset = offset;
        va_list ap;
        va_start(ap, fmt);
        vsnprintf(err->message, sizeof err->message, fmt, ap);
        va_end(ap);
    }
    return HSN_FAIL;
}

harsan_status hsn_refuse(harsan_error *err, harsan_status code, const char *why)
{
    if (err != NULL) {
        *err = (harsan_error){.code = HARSAN_OK};
        (void)hsn_fail(err, code, 0, "%s", why);
    }
    return code;
}
