/*
 * The flow of bytes: reading ahead and writing behind, while the library works on what is between.
 *
 * A reader has one block read (and inflated, and hashed) by the crew while the caller uses another;
 * a writer gathers one while the crew has another written (deflated, hashed). Without a crew both
 * read and write when they are asked to. Bytes, errors and their order are the same either way:
 * what goes wrong ahead is said when the caller gets there. Must never wait for a pipe in which
 * nothing has come while the caller still has something to do.
 */
#include "cli_io.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* One hand-over to the crew costs some microseconds; two blocks stay in the second-level cache. A
 * caller who does it all has his own memory in there. */
enum { BLOCK = 256 << 10, BLOCK_ALONE = 64 << 10 };

typedef struct block {
    unsigned char *p; /* NULL: of two, the one that nobody needs */
    size_t room;
    size_t n;
    cli_exit code;
    char *said;    /* owned: what there is to say about it */
    uint64_t done; /* bytes of the file behind it */
} block;

static bool make_block(block *b, size_t room)
{
    b->p = malloc(room);
    b->room = room;
    return b->p != NULL;
}

static void free_blocks(block b[2])
{
    for (int i = 0; i < 2; i++) {
        if (b[i].p != NULL) {
            sodium_memzero(b[i].p, b[i].room);
            free(b[i].p);
        }
        free(b[i].said);
    }
}

static void say_now(block *b)
{
    cli_say_kept(b->said);
    free(b->said);
    b->said = NULL;
}

/* ---------------------------------------------------------------- reading */

struct cli_reader {
    cli_input *in;
    cli_crew *crew;
    void *task;
    block *ahead; /* what the task fills */
    block b[2];
    unsigned next;
    const block *used; /* by the caller; NULL: none yet */
};

cli_reader *cli_reader_new(cli_input *in, cli_crew *crew)
{
    cli_reader *r = calloc(1, sizeof *r);
    if (r != NULL) {
        r->in = in;
        r->crew = crew;
        bool ok = crew != NULL ? make_block(&r->b[0], BLOCK) && make_block(&r->b[1], BLOCK)
                               : make_block(&r->b[0], BLOCK_ALONE);
        if (!ok) {
            cli_reader_free(r);
            return NULL;
        }
    }
    return r;
}

static void fill(cli_reader *r, block *b)
{
    b->code = cli_input_read(r->in, b->p, b->room, &b->n);
    b->done = cli_input_done(r->in);
}

static void fill_ahead(void *reader)
{
    cli_reader *r = reader;
    cli_say_keep();
    fill(r, r->ahead);
    r->ahead->said = cli_say_take();
}

static void read_ahead(cli_reader *r, block *b)
{
    if (r->crew != NULL && cli_input_ready(r->in)) {
        r->ahead = b;
        r->task = cli_crew_start(r->crew, fill_ahead, r);
    }
}

static void wait_ahead(cli_reader *r)
{
    if (r->task != NULL) {
        cli_crew_join(r->crew, r->task);
        r->task = NULL;
    }
}

cli_exit cli_reader_next(cli_reader *r, const unsigned char **p, size_t *n)
{
    block *b = &r->b[r->next];
    r->used = b;
    r->next ^= r->crew != NULL;
    if (r->task != NULL) {
        wait_ahead(r);
        say_now(b);
    } else {
        fill(r, b);
    }
    if (b->code == CLI_OK && b->n > 0) {
        read_ahead(r, &r->b[r->next]);
    }
    *p = b->p;
    *n = b->n;
    return b->code;
}

uint64_t cli_reader_done(const cli_reader *r)
{
    return r->used != NULL ? r->used->done : 0;
}

void cli_reader_free(cli_reader *r)
{
    if (r != NULL) {
        wait_ahead(r);
        free_blocks(r->b);
        free(r);
    }
}

/* ---------------------------------------------------------------- writing */

struct cli_writer {
    cli_output *out;
    cli_crew *crew;
    void *task;
    block *behind; /* what the task writes */
    block b[2];
    unsigned at; /* the one that is being filled */
};

cli_writer *cli_writer_new(cli_output *out, cli_crew *crew)
{
    cli_writer *w = calloc(1, sizeof *w);
    if (w != NULL) {
        w->out = out;
        w->crew = crew;
        if (crew != NULL && !(make_block(&w->b[0], BLOCK) && make_block(&w->b[1], BLOCK))) {
            cli_writer_free(w);
            return NULL;
        }
    }
    return w;
}

static void write_behind(void *writer)
{
    cli_writer *w = writer;
    block *b = w->behind;
    cli_say_keep();
    b->code = cli_output_write(w->out, b->p, b->n);
    b->said = cli_say_take();
}

/* How the block before was written. */
static cli_exit wait_behind(cli_writer *w)
{
    if (w->behind == NULL) {
        return CLI_OK;
    }
    if (w->task != NULL) {
        cli_crew_join(w->crew, w->task);
        w->task = NULL;
    }
    block *b = w->behind;
    w->behind = NULL;
    say_now(b);
    return b->code;
}

static cli_exit hand_over(cli_writer *w)
{
    cli_exit code = wait_behind(w);
    if (code != CLI_OK) {
        return code;
    }
    w->behind = &w->b[w->at];
    w->at ^= 1;
    w->b[w->at].n = 0;
    w->task = cli_crew_start(w->crew, write_behind, w);
    if (w->task == NULL) {
        write_behind(w);
    }
    return CLI_OK;
}

cli_exit cli_writer_put(cli_writer *w, const void *data, size_t len)
{
    if (w->crew == NULL) {
        return cli_output_write(w->out, data, len);
    }
    const unsigned char *p = data;
    cli_exit code = CLI_OK;
    while (len > 0 && code == CLI_OK) {
        block *b = &w->b[w->at];
        size_t n = len < BLOCK - b->n ? len : BLOCK - b->n;
        memcpy(b->p + b->n, p, n);
        b->n += n;
        p += n;
        len -= n;
        code = b->n == BLOCK ? hand_over(w) : CLI_OK;
    }
    return code;
}

cli_exit cli_writer_flush(cli_writer *w)
{
    cli_exit code = wait_behind(w);
    block *b = &w->b[w->at];
    if (code == CLI_OK && b->n > 0) {
        code = cli_output_write(w->out, b->p, b->n);
    }
    b->n = 0;
    return code;
}

void cli_writer_drop(cli_writer *w)
{
    (void)wait_behind(w);
    w->b[w->at].n = 0;
}

void cli_writer_free(cli_writer *w)
{
    if (w != NULL) {
        cli_writer_drop(w);
        free_blocks(w->b);
        free(w);
    }
}
