/*
 * The progress line: what stands on a terminal, and that it is gone before anything else is said.
 */
#define _XOPEN_SOURCE 700 /* posix_openpt */

#include "cli.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct terminal {
    int master;
    int saved; /* what stderr was */
    char text[512];
} terminal;

/* From here to the end of `look`, stderr is a terminal. Where the system has none to give (no
 * devpts) the test is skipped. */
static void sit_down(terminal *t)
{
    *t = (terminal){.master = posix_openpt(O_RDWR | O_NOCTTY)};
    if (t->master < 0 || grantpt(t->master) != 0 || unlockpt(t->master) != 0) {
        skip();
    }
    int slave = open(ptsname(t->master), O_RDWR | O_NOCTTY);
    t->saved = dup(STDERR_FILENO);
    assert_true(slave >= 0 && dup2(slave, STDERR_FILENO) >= 0);
    close(slave);
}

static const char *look(terminal *t)
{
    size_t n = 0;
    fputs("|", stderr); /* what is read up to: a terminal gives it in pieces */
    fflush(stderr);
    while (n < sizeof t->text - 1 && memchr(t->text, '|', n) == NULL) {
        ssize_t got = read(t->master, t->text + n, sizeof t->text - 1 - n);
        assert_true(got > 0);
        n += (size_t)got;
    }
    dup2(t->saved, STDERR_FILENO);
    close(t->saved);
    close(t->master);
    t->text[n] = '\0';
    return t->text;
}

/* As if the run had begun long ago. */
static void age(cli_progress *p)
{
    p->start.tv_sec -= 10;
    p->last.tv_sec -= 10;
}

static void shows_bytes_and_goes(void **state)
{
    terminal t;
    cli_progress p;
    (void)state;
    sit_down(&t);
    cli_progress_start(&p, "a\033[31m.har", false);
    age(&p);
    p.pass = "pass 1";
    p.total = 200 * 1000 * 1000;
    cli_progress_step(&p, 50 * 1000 * 1000);
    cli_say(NULL, "done");
    cli_progress_end(&p);
    assert_string_equal(look(&t), "harsan: a\\x1b[31m.har: pass 1 25% of 200 MB\r\033[K"
                                  "harsan: done\r\n|");
}

static void counts_other_things(void **state)
{
    terminal t;
    cli_progress p;
    (void)state;
    sit_down(&t);
    cli_progress_start(&p, NULL, false);
    age(&p);
    p.unit = "files";
    p.total = 12;
    cli_progress_step(&p, 3);
    cli_progress_step(&p, 4); /* too soon behind the last */
    cli_progress_hide();
    assert_string_equal(look(&t), "harsan: 3 of 12 files\r\033[K|");
}

/* What a thread says is kept for later; how far it is, is not. */
static void is_shown_while_messages_are_kept(void **state)
{
    terminal t;
    cli_progress p;
    (void)state;
    sit_down(&t);
    cli_progress_start(&p, "a", false);
    age(&p);
    p.pass = "pass 2";
    cli_say_keep();
    cli_say(NULL, "later");
    cli_progress_step(&p, 7 * 1000 * 1000);
    char *kept = cli_say_take();
    cli_progress_end(&p);
    assert_string_equal(look(&t), "harsan: a: pass 2 7 MB\r\033[K|");
    assert_string_equal(kept, "harsan: later\n");
    free(kept);
}

static void stays_away(void **state)
{
    terminal t;
    cli_progress p;
    (void)state;
    sit_down(&t);
    cli_progress_start(&p, "a", true); /* quiet */
    age(&p);
    cli_progress_step(&p, 1);
    cli_progress_start(&p, "a", false); /* just begun */
    cli_progress_step(&p, 1);
    cli_progress_end(&p);
    assert_string_equal(look(&t), "|");
    int saved = dup(STDERR_FILENO);
    int null = open("/dev/null", O_WRONLY);
    assert_true(saved >= 0 && dup2(null, STDERR_FILENO) >= 0);
    cli_progress_start(&p, "a", false); /* no terminal */
    dup2(saved, STDERR_FILENO);
    close(null);
    close(saved);
    assert_false(p.on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_bytes_and_goes),
        cmocka_unit_test(counts_other_things),
        cmocka_unit_test(is_shown_while_messages_are_kept),
        cmocka_unit_test(stays_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
