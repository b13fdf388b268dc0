/*
 * Input: a file or a pipe, gzip or not, once or more often.
 *
 * Emits JSON text. A regular file is read again from the disk and must stay as it is meanwhile; of
 * anything else the bytes go through a spool. gzip is told by its magic number, members one after
 * another are one text (RFC 1952, section 2.2). Must never write to what it reads, nor say what is
 * in it.
 */
#include "cli_io.h"

#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* One system call per block; small enough for the second-level cache. */
enum { BLOCK = 128 << 10 };

typedef enum form {
    FORM_UNKNOWN, /* nothing read yet */
    FORM_PLAIN,
    FORM_GZIP
} form;

struct cli_input {
    const char *name;
    int fd;
    cli_input_how how;
    bool regular;
    bool second; /* in the second pass, or one after it */
    bool z_open;
    bool in_member; /* of a gzip file: its end is not reached */
    bool torn;      /* and will not be: the text ends here */
    form form;
    off_t start;     /* a shell may have read the beginning of standard input */
    struct stat was; /* when it was opened */
    cli_spool *spool;
    bool borrowed;                /* the spool is somebody else's */
    uint64_t done;                /* bytes on disk read in this pass */
    uint64_t first_done;          /* and in the one before */
    crypto_hash_sha256_state sha; /* of this pass */
    char sha256[65];              /* of the first pass that came to its end; "" before */
    unsigned char *raw;           /* BLOCK bytes as on disk: raw[at..n) is not handed on yet */
    size_t at, n;
    z_stream z;
    uint64_t whole; /* bytes on disk, known after a pass to the end */
    char *closing;  /* behind the cut; NULL = the text is whole */
    uint64_t keep;  /* bytes of the text before it */
    uint64_t given; /* bytes handed on in this pass, closing included */
};

/* ---------------------------------------------------------------- errors */

const char *cli_input_label(const char *name)
{
    return strcmp(name, "-") == 0 ? "standard input" : name;
}

static cli_exit fail_io(const cli_input *in, const char *doing)
{
    return cli_fail(cli_input_label(in->name), doing);
}

static cli_exit fail_gzip(const cli_input *in, int z_code)
{
    const char *name = cli_input_label(in->name);
    if (z_code == Z_MEM_ERROR) {
        return cli_no_memory(name);
    }
    cli_say(name, "%s, after %llu compressed bytes",
            z_code == Z_BUF_ERROR ? "the gzip data ends too early" : "not valid gzip data",
            (unsigned long long)(in->done - in->z.avail_in));
    return CLI_SYNTAX;
}

/* ---------------------------------------------------------------- bytes as on disk */

static bool same_instant(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool hashes(const cli_input *in)
{
    return in->how.hash && in->sha256[0] == '\0';
}

/* Two passes over different bytes would let pass what the first never saw. */
static cli_exit check_unchanged(const cli_input *in)
{
    struct stat now;
    if (!in->regular) {
        return CLI_OK;
    }
    if (fstat(in->fd, &now) != 0) {
        return fail_io(in, "read");
    }
    if (now.st_size != in->was.st_size || !same_instant(now.st_mtim, in->was.st_mtim) ||
        (in->second && in->closing == NULL && in->done != in->first_done)) {
        cli_say(cli_input_label(in->name), "changed while it was read");
        return CLI_IO;
    }
    return CLI_OK;
}

/* Later passes read the same bytes: one digest serves them all. */
static cli_exit end_pass(cli_input *in)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    if (hashes(in)) {
        crypto_hash_sha256_final(&in->sha, hash);
        sodium_bin2hex(in->sha256, sizeof in->sha256, hash, sizeof hash);
    }
    in->whole = in->done;
    return check_unchanged(in);
}

static cli_exit read_raw(cli_input *in, unsigned char *buf, size_t room, size_t *n)
{
    bool replay = in->second && in->spool != NULL;
    ssize_t got = replay ? cli_spool_read(in->spool, buf, room) : cli_fd_read(in->fd, buf, room);
    *n = 0;
    if (got < 0) {
        return fail_io(in, "read");
    }
    if (got == 0) {
        return end_pass(in);
    }
    if (in->spool != NULL && !replay && !cli_spool_add(in->spool, buf, (size_t)got)) {
        return fail_io(in, "keep a copy for the second pass");
    }
    if (hashes(in)) {
        crypto_hash_sha256_update(&in->sha, buf, (unsigned long long)got);
    }
    in->done += (uint64_t)got;
    *n = (size_t)got;
    return CLI_OK;
}

static cli_exit fill(cli_input *in)
{
    in->at = 0;
    return read_raw(in, in->raw, BLOCK, &in->n);
}

/* ---------------------------------------------------------------- gzip */

/* JSON cannot begin with 0x1f: two bytes decide. */
static cli_exit sniff(cli_input *in)
{
    cli_exit code = fill(in);
    while (code == CLI_OK && in->n == 1 && in->raw[0] == 0x1f) {
        size_t more;
        code = read_raw(in, in->raw + 1, BLOCK - 1, &more);
        in->n += more;
        if (more == 0) {
            break;
        }
    }
    if (code != CLI_OK) {
        return code;
    }
    in->form = in->n >= 2 && in->raw[0] == 0x1f && in->raw[1] == 0x8b ? FORM_GZIP : FORM_PLAIN;
    if (in->form == FORM_PLAIN) {
        return CLI_OK;
    }
    memset(&in->z, 0, sizeof in->z);
    int z_code = inflateInit2(&in->z, 16 + MAX_WBITS); /* 16: gzip header and nothing else */
    in->z_open = z_code == Z_OK;
    return in->z_open ? CLI_OK : fail_gzip(in, z_code);
}

/* Broken gzip: the digest is that of the whole file all the same. */
static cli_exit end_torn(cli_input *in)
{
    cli_exit code = CLI_OK;
    while (code == CLI_OK && in->n > 0) {
        code = fill(in);
    }
    in->in_member = false;
    return code;
}

/* inflate over raw[at..n) into buf; *n is what it made. */
static cli_exit inflate_some(cli_input *in, unsigned char *buf, size_t room, size_t *n)
{
    in->z.next_in = in->raw + in->at;
    in->z.avail_in = (uInt)(in->n - in->at);
    in->z.next_out = buf;
    in->z.avail_out = (uInt)room;
    in->in_member = true;
    int z_code = inflate(&in->z, Z_NO_FLUSH);
    if (z_code == Z_STREAM_END) {
        in->in_member = false;
        z_code = inflateReset(&in->z);
    }
    if (z_code != Z_OK && z_code != Z_BUF_ERROR) {
        in->torn = in->how.torn && z_code != Z_MEM_ERROR;
        if (!in->torn) {
            return fail_gzip(in, z_code);
        }
    }
    in->at = in->n - in->z.avail_in;
    *n = room - in->z.avail_out;
    return CLI_OK;
}

static cli_exit read_gzip(cli_input *in, unsigned char *buf, size_t room, size_t *n)
{
    cli_exit code = CLI_OK;
    *n = 0;
    while (code == CLI_OK && *n == 0) {
        if (in->torn) { /* what there was before has been handed on */
            return end_torn(in);
        }
        if (in->at == in->n) {
            code = fill(in);
        }
        if (code == CLI_OK && in->n == 0) {
            return in->in_member && !in->how.torn ? fail_gzip(in, Z_BUF_ERROR) : CLI_OK;
        }
        if (code == CLI_OK) {
            code = inflate_some(in, buf, room, n);
        }
    }
    return code;
}

/* ---------------------------------------------------------------- public */

/* The file as it is now; standard input may stand behind its beginning. */
static cli_exit look_at(cli_input *in)
{
    if (in->fd < 0 || fstat(in->fd, &in->was) != 0) {
        return fail_io(in, "open");
    }
    in->start = S_ISREG(in->was.st_mode) ? lseek(in->fd, 0, SEEK_CUR) : -1;
    in->regular = in->start >= 0;
    return CLI_OK;
}

cli_exit cli_input_open(cli_input **out, const char *name, cli_input_how how)
{
    cli_input *in = calloc(1, sizeof *in);
    *out = NULL;
    if (in == NULL) {
        return cli_no_memory(cli_input_label(name));
    }
    in->name = name;
    in->how = how;
    crypto_hash_sha256_init(&in->sha);
    in->fd = cli_fd_open(name);
    cli_exit code = look_at(in);
    if (code == CLI_OK) {
        in->raw = malloc(BLOCK);
        in->spool = how.twice && !in->regular ? cli_spool_new() : NULL;
        if (in->raw == NULL || (how.twice && !in->regular && in->spool == NULL)) {
            code = cli_no_memory(cli_input_label(name));
        }
    }
    if (code == CLI_OK) {
        code = sniff(in);
    }
    if (code != CLI_OK) {
        cli_input_close(in);
        return code;
    }
    *out = in;
    return CLI_OK;
}

cli_exit cli_input_of_spool(cli_input **out, cli_spool *text, const char *name)
{
    cli_input *in = calloc(1, sizeof *in);
    *out = in;
    if (in != NULL) {
        in->name = name;
        in->fd = -1;
        in->spool = text;
        in->borrowed = true;
        in->raw = malloc(BLOCK);
    }
    if (in == NULL || in->raw == NULL) {
        return cli_no_memory(cli_input_label(name));
    }
    return cli_input_rewind(in);
}

static cli_exit read_text(cli_input *in, unsigned char *buf, size_t room, size_t *n)
{
    *n = 0;
    if (in->form == FORM_UNKNOWN) {
        cli_exit code = sniff(in);
        if (code != CLI_OK) {
            return code;
        }
    }
    if (in->form == FORM_GZIP) {
        return read_gzip(in, buf, room, n);
    }
    if (in->at == in->n) {
        return read_raw(in, buf, room, n); /* spares a copy */
    }
    *n = in->n - in->at < room ? in->n - in->at : room;
    memcpy(buf, in->raw + in->at, *n);
    in->at += *n;
    return CLI_OK;
}

/* The text up to the cut. It was there when the cut was made. */
static cli_exit read_kept(cli_input *in, unsigned char *buf, size_t room, size_t *n)
{
    uint64_t left = in->keep - in->given;
    cli_exit code = read_text(in, buf, left < room ? (size_t)left : room, n);
    if (code == CLI_OK && *n == 0) {
        cli_say(cli_input_label(in->name), "changed while it was read");
        code = CLI_IO;
    }
    return code;
}

static size_t read_closing(const cli_input *in, unsigned char *buf, size_t room)
{
    const char *rest = in->closing + (in->given - in->keep);
    size_t n = strlen(rest) < room ? strlen(rest) : room;
    memcpy(buf, rest, n);
    return n;
}

cli_exit cli_input_read(cli_input *in, unsigned char *buf, size_t room, size_t *n)
{
    if (in->closing == NULL || !in->second) {
        return read_text(in, buf, room, n);
    }
    cli_exit code = CLI_OK;
    if (in->given < in->keep) {
        code = read_kept(in, buf, room, n);
    } else {
        *n = read_closing(in, buf, room);
        code = *n == 0 ? check_unchanged(in) : CLI_OK;
    }
    in->given += *n;
    return code;
}

cli_exit cli_input_cut(cli_input *in, uint64_t keep, const char *closing)
{
    in->closing = strdup(closing);
    in->keep = keep;
    return in->closing != NULL ? CLI_OK : CLI_NOMEM;
}

cli_exit cli_input_rewind(cli_input *in)
{
    bool ok = in->spool != NULL ? cli_spool_rewind(in->spool)
                                : lseek(in->fd, in->start, SEEK_SET) == in->start;
    if (!ok) {
        return fail_io(in, "read a second time");
    }
    if (in->z_open) {
        inflateEnd(&in->z);
    }
    in->z_open = false;
    in->in_member = false;
    in->torn = false;
    in->form = FORM_UNKNOWN;
    in->at = in->n = 0;
    in->first_done = in->done;
    in->done = 0;
    in->given = 0;
    in->second = true;
    crypto_hash_sha256_init(&in->sha);
    return CLI_OK;
}

uint64_t cli_input_size(const cli_input *in)
{
    if (in->spool != NULL && in->second) {
        return cli_spool_size(in->spool);
    }
    return in->regular && in->was.st_size > in->start ? (uint64_t)(in->was.st_size - in->start) : 0;
}

uint64_t cli_input_done(const cli_input *in)
{
    return in->done;
}

bool cli_input_ready(const cli_input *in)
{
    if (in->regular) {
        return in->at < in->n || in->done < (uint64_t)(in->was.st_size - in->start);
    }
    struct pollfd p = {.fd = in->fd, .events = POLLIN};
    return (in->second && in->spool != NULL) || (poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0);
}

bool cli_input_is_gzip(const cli_input *in)
{
    return in->form == FORM_GZIP;
}

void cli_input_digest(const cli_input *in, cli_digest *out)
{
    memset(out, 0, sizeof *out);
    out->bytes = in->whole;
    out->gzip = in->form == FORM_GZIP;
    memcpy(out->sha256, in->sha256, sizeof out->sha256);
}

void cli_input_close(cli_input *in)
{
    if (in == NULL) {
        return;
    }
    if (in->z_open) {
        inflateEnd(&in->z);
    }
    if (in->raw != NULL) {
        sodium_memzero(in->raw, BLOCK);
        free(in->raw);
    }
    if (in->fd >= 0) {
        close(in->fd);
    }
    if (!in->borrowed) {
        cli_spool_free(in->spool);
    }
    free(in->closing);
    free(in);
}
