/*
 * How the command reads and writes: descriptors, inputs, outputs, what is kept in between, the
 * threads for it, and what the process may open at all.
 */
#ifndef CLI_IO_H
#define CLI_IO_H

#include "cli_base.h"

#include <signal.h>
#include <sys/types.h>

/* ---------------------------------------------------------------- descriptors (cli_fd.c) */

/* "harsan: NAME: cannot DOING: why", by errno. Want of memory is told from other errors. */
CLI_MUST_USE cli_exit cli_fail(const char *name, const char *doing);

/* read and write without surprises: EINTR is repeated, a descriptor that would block is waited for,
 * write_all leaves nothing over. -1 or false: see errno. */
ssize_t cli_fd_read(int fd, void *buf, size_t room);
bool cli_fd_write_all(int fd, const void *data, size_t len);
/* The descriptor that a name such as "/dev/fd/3" or "/dev/stdout" means, `dash` for "-"; -1 for any
 * other name. */
int cli_fd_named(const char *name, int dash);
/* Opens for reading; "-" is standard input. The caller closes it. -1: see errno. */
int cli_fd_open(const char *name);
/* The same for writing, to standard output; what is not there is not made. */
int cli_fd_open_write(const char *name);
/* A new file, 0600, in place of the XXXXXX that `path` ends with. -1: see errno. */
int cli_fd_temp(char *path);
bool cli_fd_sync(int fd);  /* false: see errno */
bool cli_fd_empty(int fd); /* likewise; the next byte written is the first */
/* After a signal the descriptor is closed all the same, and was it already on Linux: no error. */
bool cli_fd_close(int fd);

/* A whole small file (keys, rules, known values). Wiped by cli_bytes_free. */
typedef struct cli_bytes {
    unsigned char *p;
    size_t n;
} cli_bytes;
CLI_MUST_USE cli_exit cli_bytes_read(cli_bytes *out, const char *name, size_t max);
void cli_bytes_free(cli_bytes *b);

typedef struct cli_spool cli_spool; /* see below */

/* ---------------------------------------------------------------- input (cli_input.c) */

/* Size and SHA-256 of a file as it lies on disk, compressed or not. */
typedef struct cli_digest {
    uint64_t bytes;
    char sha256[65]; /* hexadecimal, "" when it was not asked for */
    bool gzip;
} cli_digest;

typedef struct cli_input cli_input;

typedef struct cli_input_how {
    bool twice; /* cli_input_rewind may be called: what cannot be read twice is spooled */
    bool hash;  /* compute the digest, in the first pass that comes to its end */
    bool torn;  /* broken gzip is the end of the text and no error */
} cli_input_how;

/* `name`, borrowed, is a path or "-". gzip is told by its magic number and inflated. */
CLI_MUST_USE cli_exit cli_input_open(cli_input **out, const char *name, cli_input_how how);
/* Up to `room` bytes of JSON text; *n is 0 at the end, where a file that changed since it was
 * opened is an error. */
CLI_MUST_USE cli_exit cli_input_read(cli_input *in, unsigned char *buf, size_t room, size_t *n);
CLI_MUST_USE cli_exit cli_input_rewind(cli_input *in);
/* From the next pass on the text is its first `keep` bytes and `closing`, which is copied. */
CLI_MUST_USE cli_exit cli_input_cut(cli_input *in, uint64_t keep, const char *closing);
uint64_t cli_input_size(const cli_input *in); /* bytes on disk, 0 = not known */
uint64_t cli_input_done(const cli_input *in); /* bytes on disk read in this pass */
/* Is there more that can be read without waiting for anybody? */
bool cli_input_ready(const cli_input *in);
bool cli_input_is_gzip(const cli_input *in);
void cli_input_digest(const cli_input *in, cli_digest *out); /* after the end of a pass */
void cli_input_close(cli_input *in);                         /* NULL is fine */

/* What people call the file: its name, or "standard input" for the dash. */
const char *cli_input_label(const char *name);

/* The bytes of a spool, borrowed, as JSON text. */
CLI_MUST_USE cli_exit cli_input_of_spool(cli_input **out, cli_spool *text, const char *name);

/* ---------------------------------------------------------------- output (cli_output.c) */

typedef struct cli_output cli_output;

typedef struct cli_output_how {
    bool force; /* an existing file may be replaced */
    bool gzip;
    bool hash;
    bool again; /* cli_output_restart may be called: a stream gets nothing before the end */
} cli_output_how;

/* `name`, borrowed, is a path, "-" or a device. A path is written to a private temporary file
 * beside it, which disappears unless cli_output_commit is reached. */
CLI_MUST_USE cli_exit cli_output_open(cli_output **out, const char *name, cli_output_how how);
CLI_MUST_USE cli_exit cli_output_write(cli_output *out, const void *data, size_t len);
/* What was written so far goes to a stream now, and not when a block is full. */
CLI_MUST_USE cli_exit cli_output_flush(cli_output *out);
/* As if nothing had been written. */
CLI_MUST_USE cli_exit cli_output_restart(cli_output *out);
uint64_t cli_output_size(const cli_output *out); /* bytes so far, after compression */
/* Ends the text: everything is written or held, size and digest are known. After this comes a
 * restart or the finish. */
CLI_MUST_USE cli_exit cli_output_end(cli_output *out);
/* Everything on disk, or handed to the stream; digest known; nothing may be written any more. */
CLI_MUST_USE cli_exit cli_output_finish(cli_output *out);
/* Where a finished file lies until it has its name; NULL for a stream. Owned by out. */
const char *cli_output_path(const cli_output *out);
CLI_MUST_USE cli_exit cli_output_commit(cli_output *out); /* gives the file its name */
void cli_output_digest(const cli_output *out, cli_digest *digest);
void cli_output_close(cli_output *out); /* frees; removes what was not committed; NULL is fine */
/* The end of an output by itself: finish and commit, unless `code` tells of a failure, and close.
 */
CLI_MUST_USE cli_exit cli_output_settle(cli_output *out, cli_exit code);

/* What people call the file: its name, or "standard output" for the dash. */
const char *cli_output_label(const char *name);

/* ---------------------------------------------------------------- signals (cli_signals.c) */

/* Removes temporary files on SIGINT, SIGTERM and their like, then dies of the signal. */
void cli_signals_install(void);
/* Between these two no such signal arrives: a temporary file is made and listed in one step. */
void cli_signals_hold(sigset_t *before);
void cli_signals_release(const sigset_t *before);

/* A file that such a signal removes. It stays where it is while it is listed. */
typedef struct cli_temp {
    char *path; /* NULL: it is not listed */
    struct cli_temp *next;
} cli_temp;

/* Both while signals are held. The first takes `path` over, the second frees it. */
void cli_temp_list(cli_temp *t, char *path);
void cli_temp_forget(cli_temp *t);

/* ---------------------------------------------------------------- spool (cli_spool.c) */

/* Bytes kept for later: in memory up to 8 MiB, then in an unlinked private file. */
cli_spool *cli_spool_new(void);                                 /* NULL without memory */
bool cli_spool_add(cli_spool *s, const void *data, size_t len); /* false: errno */
bool cli_spool_rewind(cli_spool *s);                            /* nothing is added after this */
ssize_t cli_spool_read(cli_spool *s, void *buf, size_t room);   /* 0 at the end, -1: errno */
uint64_t cli_spool_size(const cli_spool *s);
void cli_spool_clear(cli_spool *s); /* as new */
void cli_spool_free(cli_spool *s);  /* wipes what is in memory; NULL is fine */

/* ---------------------------------------------------------------- ZIP (cli_zip.c) */

/* Where a stream of bytes goes: cli_output_write and its like. */
typedef cli_exit cli_write_fn(void *ctx, const void *data, size_t len);

typedef struct cli_zip cli_zip;

typedef struct cli_member {
    char name[32];
    uint64_t bytes; /* before compression */
    char sha256[65];
} cli_member;

/* A ZIP container written to `to`, borrowed, from its beginning to its end. */
CLI_MUST_USE cli_exit cli_zip_open(cli_zip **out, cli_output *to);
/* The next member. `at_most` bytes will be written to it; 0 = less than 4 GiB. */
CLI_MUST_USE cli_exit cli_zip_begin(cli_zip *z, const char *name, uint64_t at_most);
CLI_MUST_USE cli_exit cli_zip_write(void *zip, const void *data, size_t len); /* a cli_write_fn */
CLI_MUST_USE cli_exit cli_zip_end(cli_zip *z, cli_member *member);
CLI_MUST_USE cli_exit cli_zip_finish(cli_zip *z);
void cli_zip_close(cli_zip *z); /* NULL is fine */

/* ---------------------------------------------------------------- threads (cli_crew.c) */

typedef struct cli_crew cli_crew;

/* Up to n threads, made when there is work for them; NULL without memory. Start and join fit the
 * hooks of the library; crew is a cli_crew. */
cli_crew *cli_crew_new(unsigned n);
/* Runs run(arg) on a thread, after what was started before. NULL without memory or threads: the
 * caller then does the work itself. */
void *cli_crew_start(void *crew, void (*run)(void *arg), void *arg);
/* Returns when a job is done, and runs what waits in the line itself until then; `task`, what start
 * returned, ends with this. */
void cli_crew_join(void *crew, void *task);
void cli_crew_free(cli_crew *c); /* after the last join; NULL is fine */
/* How many threads the machine has work for. */
unsigned cli_crew_usual(void);

/* ---------------------------------------------------------------- flow (cli_flow.c) */

/* Reads ahead of the caller. Until it is freed nobody else reads from `in`, but between the end of
 * a pass and the next call. NULL without memory; without a crew it reads when asked. */
typedef struct cli_reader cli_reader;
cli_reader *cli_reader_new(cli_input *in, cli_crew *crew);
/* As cli_input_read; the bytes are the caller's until the next call. */
CLI_MUST_USE cli_exit cli_reader_next(cli_reader *r, const unsigned char **p, size_t *n);
uint64_t cli_reader_done(const cli_reader *r); /* as cli_input_done, up to those bytes */
void cli_reader_free(cli_reader *r);           /* NULL is fine */

/* Writes behind the caller; an error may come with a later call. Likewise. */
typedef struct cli_writer cli_writer;
cli_writer *cli_writer_new(cli_output *out, cli_crew *crew);
CLI_MUST_USE cli_exit cli_writer_put(cli_writer *w, const void *data, size_t len);
CLI_MUST_USE cli_exit cli_writer_flush(cli_writer *w); /* everything is with the output */
void cli_writer_drop(cli_writer *w); /* the output is idle; what was put need not get there */
void cli_writer_free(cli_writer *w); /* NULL is fine */

/* ---------------------------------------------------------------- salvage (cli_salvage.c) */

/* What a broken input cost. */
typedef struct cli_loss {
    bool any;
    uint64_t entries; /* complete, and kept */
    uint64_t offset;  /* of what is lost, in the text */
    uint64_t bytes;
    harsan_error why;
} cli_loss;

/* Reads `in`, opened with .twice and .torn, to its end; cuts it where that makes it whole. */
CLI_MUST_USE cli_exit cli_salvage(cli_loss *loss, cli_input *in, const char *label);
harsan_gap cli_loss_gap(const cli_loss *loss); /* for the report */
void cli_say_loss(const char *label, const cli_loss *loss);

/* ---------------------------------------------------------------- sandbox (cli_sandbox.c) */

/* Names what is still to be opened, then gives up everything else; before any thread is made. What
 * the system cannot confine stays as it is. */
typedef struct cli_sandbox {
    int rules; /* -1 = files cannot be confined here */
    uint64_t rights;
} cli_sandbox;

void cli_sandbox_begin(cli_sandbox *s);
void cli_sandbox_reads(cli_sandbox *s, const char *name);
/* The file, or one beside it that takes its name later; a directory: files in it. */
void cli_sandbox_writes(cli_sandbox *s, const char *name);
void cli_sandbox_enter(cli_sandbox *s); /* for good */

#endif
