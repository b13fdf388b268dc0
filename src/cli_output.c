/*
 * Output: a file that appears whole or not at all, or a stream.
 *
 * Receives bytes in order, compresses them where asked, counts and hashes what it writes. A file is
 * written under a private name (0600) in the directory of its target, flushed to the disk and then
 * given its name; failure and signals remove it. A stream (standard output, a descriptor, a device)
 * takes nothing back: an output that may have to begin again is held in a spool and goes out at the
 * end, so that a run that fails has written nothing. Must never replace a file unless told to.
 */
#define _XOPEN_SOURCE 700 /* realpath is in the XSI part of POSIX */

#include "cli_io.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

/* The engine hands on pieces of a few bytes up to megabytes; small ones are gathered. */
enum { BLOCK = 64 << 10 };

struct cli_output {
    const char *name;
    cli_output_how how;
    int fd;
    bool z_open;
    bool ended;      /* nothing more is written, but for a new beginning */
    char *path;      /* where the file goes, symbolic links resolved; NULL for a stream */
    cli_temp temp;   /* where it lies now; no path for a stream and once it has its name */
    mode_t mode;     /* of the finished file */
    cli_spool *held; /* a stream's bytes until the end; NULL = they go out as they come */
    uint64_t bytes;
    crypto_hash_sha256_state sha;
    char sha256[65];
    unsigned char *buf; /* BLOCK bytes, n of them waiting */
    size_t n;
    z_stream z;
};

/* ---------------------------------------------------------------- errors */

const char *cli_output_label(const char *name)
{
    return strcmp(name, "-") == 0 ? "standard output" : name;
}

/* A reader that went away is no news to anybody, but no success either. */
static cli_exit fail_io(const cli_output *o, const char *doing)
{
    int error = errno;
    if (error != EPIPE) {
        cli_say(cli_output_label(o->name), "cannot %s: %s", doing, strerror(error));
    }
    return error == ENOMEM ? CLI_NOMEM : CLI_IO;
}

static cli_exit fail_memory(const cli_output *o)
{
    return cli_no_memory(cli_output_label(o->name));
}

static cli_exit fail_exists(const cli_output *o)
{
    cli_say(cli_output_label(o->name), "exists already; --force replaces it");
    return CLI_USAGE;
}

/* ---------------------------------------------------------------- opening */

static mode_t mode_of_new_file(void)
{
    mode_t mask = umask(0);
    (void)umask(mask);
    return 0666 & ~mask;
}

/* `path` with its last component replaced by the pattern of mkstemp. */
static char *temp_beside(const char *path)
{
    static const char pattern[] = ".harsan-XXXXXX";
    const char *slash = strrchr(path, '/');
    size_t dir = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    char *temp = malloc(dir + sizeof pattern);
    if (temp != NULL) {
        memcpy(temp, path, dir);
        memcpy(temp + dir, pattern, sizeof pattern);
    }
    return temp;
}

static cli_exit open_temp(cli_output *o)
{
    char *temp = temp_beside(o->path);
    if (temp == NULL) {
        return fail_memory(o);
    }
    sigset_t before;
    cli_signals_hold(&before);
    o->fd = cli_fd_temp(temp);
    if (o->fd >= 0) {
        cli_temp_list(&o->temp, temp);
    }
    cli_signals_release(&before);
    if (o->fd < 0) {
        cli_exit code = fail_io(o, "create a file beside it");
        free(temp);
        return code;
    }
    /* mkstemp asks for 0600; the umask may have left us less */
    return fchmod(o->fd, 0600) == 0 ? CLI_OK : fail_io(o, "set its mode");
}

/* A file that is replaced keeps its mode, and links to it stay links. */
static cli_exit open_file(cli_output *o, const struct stat *old)
{
    o->mode = mode_of_new_file();
    if (old != NULL) {
        o->mode = old->st_mode & 0777;
        o->path = realpath(o->name, NULL);
    } else {
        o->path = strdup(o->name);
    }
    return o->path != NULL ? open_temp(o) : fail_io(o, "open");
}

/* Is there nobody to see what is written too early? */
static bool is_null_device(int fd)
{
    struct stat st;
    struct stat null;
    return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && stat("/dev/null", &null) == 0 &&
           st.st_rdev == null.st_rdev;
}

static cli_exit open_stream(cli_output *o)
{
    o->fd = cli_fd_open_write(o->name);
    if (o->fd < 0) {
        return fail_io(o, "open");
    }
    if (!o->how.again || is_null_device(o->fd)) {
        return CLI_OK;
    }
    o->held = cli_spool_new();
    return o->held != NULL ? CLI_OK : fail_memory(o);
}

static cli_exit open_target(cli_output *o)
{
    struct stat old;
    int named = cli_fd_named(o->name, STDOUT_FILENO);
    bool exists = named < 0 && stat(o->name, &old) == 0;
    if (named < 0 && (!exists || S_ISREG(old.st_mode))) {
        return exists && !o->how.force ? fail_exists(o) : open_file(o, exists ? &old : NULL);
    }
    return open_stream(o);
}

static cli_exit open_gzip(cli_output *o)
{
    /* 16: gzip; zlib leaves name and time out of the header, so equal input gives equal output */
    o->z_open = deflateInit2(&o->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8,
                             Z_DEFAULT_STRATEGY) == Z_OK;
    return o->z_open ? CLI_OK : fail_memory(o);
}

cli_exit cli_output_open(cli_output **out, const char *name, cli_output_how how)
{
    cli_output *o = calloc(1, sizeof *o);
    *out = NULL;
    if (o == NULL) {
        return cli_no_memory(name);
    }
    o->name = name;
    o->how = how;
    o->fd = -1;
    o->buf = malloc(BLOCK);
    crypto_hash_sha256_init(&o->sha);
    cli_exit code = o->buf != NULL ? open_target(o) : fail_memory(o);
    if (code == CLI_OK && how.gzip) {
        code = open_gzip(o);
    }
    if (code != CLI_OK) {
        cli_output_close(o);
        return code;
    }
    *out = o;
    return CLI_OK;
}

/* ---------------------------------------------------------------- writing */

static cli_exit write_raw(cli_output *o, const void *data, size_t len)
{
    if (o->held != NULL && !cli_spool_add(o->held, data, len)) {
        return fail_io(o, "hold back what it is to get");
    }
    if (o->held == NULL && !cli_fd_write_all(o->fd, data, len)) {
        return fail_io(o, "write");
    }
    if (o->how.hash) {
        crypto_hash_sha256_update(&o->sha, data, len);
    }
    o->bytes += len;
    return CLI_OK;
}

static cli_exit flush(cli_output *o)
{
    size_t n = o->n;
    o->n = 0;
    return n > 0 ? write_raw(o, o->buf, n) : CLI_OK;
}

/* Runs deflate until it has taken all input (and, with Z_FINISH, made all output). */
static cli_exit write_gzip(cli_output *o, const unsigned char *p, size_t len, int mode)
{
    cli_exit code = CLI_OK;
    int z_code = Z_OK;
    o->z.next_in = p;
    while (code == CLI_OK && (len > 0 || (mode == Z_FINISH && z_code != Z_STREAM_END))) {
        uInt piece = len < (1u << 30) ? (uInt)len : 1u << 30;
        o->z.avail_in = piece;
        o->z.next_out = o->buf + o->n;
        o->z.avail_out = (uInt)(BLOCK - o->n);
        z_code = deflate(&o->z, mode);
        len -= piece - o->z.avail_in;
        o->n = BLOCK - o->z.avail_out;
        if (o->n == BLOCK) {
            code = flush(o);
        }
    }
    return code;
}

/* Every write but the last is of whole blocks; of a large piece they need not be gathered. */
static cli_exit write_plain(cli_output *o, const unsigned char *p, size_t len)
{
    cli_exit code = CLI_OK;
    while (len > 0 && code == CLI_OK) {
        size_t n = len < BLOCK - o->n ? len : BLOCK - o->n;
        if (o->n == 0 && len >= BLOCK) {
            n = len - len % BLOCK;
            code = write_raw(o, p, n);
        } else {
            memcpy(o->buf + o->n, p, n);
            o->n += n;
            code = o->n == BLOCK ? flush(o) : CLI_OK;
        }
        p += n;
        len -= n;
    }
    return code;
}

cli_exit cli_output_write(cli_output *o, const void *data, size_t len)
{
    return o->z_open ? write_gzip(o, data, len, Z_NO_FLUSH) : write_plain(o, data, len);
}

cli_exit cli_output_flush(cli_output *o)
{
    return o->z_open ? CLI_OK : flush(o); /* what deflate holds back, it compresses better */
}

/* ---------------------------------------------------------------- a new beginning */

cli_exit cli_output_restart(cli_output *o)
{
    o->n = 0;
    o->bytes = 0;
    o->ended = false;
    crypto_hash_sha256_init(&o->sha);
    if (o->held != NULL) {
        cli_spool_clear(o->held);
    }
    if (o->z_open && deflateReset(&o->z) != Z_OK) {
        return fail_memory(o);
    }
    if (o->temp.path != NULL && !cli_fd_empty(o->fd)) {
        return fail_io(o, "begin again");
    }
    return CLI_OK;
}

/* ---------------------------------------------------------------- the end */

static cli_exit send_held(cli_output *o)
{
    ssize_t n = cli_spool_rewind(o->held) ? cli_spool_read(o->held, o->buf, BLOCK) : -1;
    while (n > 0) {
        if (!cli_fd_write_all(o->fd, o->buf, (size_t)n)) {
            return fail_io(o, "write");
        }
        n = cli_spool_read(o->held, o->buf, BLOCK);
    }
    return n == 0 ? CLI_OK : fail_io(o, "read back what was held for it");
}

static void seal_digest(cli_output *o)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    if (o->how.hash) {
        crypto_hash_sha256_final(&o->sha, hash);
        sodium_bin2hex(o->sha256, sizeof o->sha256, hash, sizeof hash);
    }
}

cli_exit cli_output_end(cli_output *o)
{
    if (o->ended) {
        return CLI_OK;
    }
    cli_exit code = o->z_open ? write_gzip(o, NULL, 0, Z_FINISH) : CLI_OK;
    if (code == CLI_OK) {
        code = flush(o);
    }
    if (code == CLI_OK) {
        seal_digest(o);
        o->ended = true;
    }
    return code;
}

cli_exit cli_output_finish(cli_output *o)
{
    cli_exit code = cli_output_end(o);
    if (code == CLI_OK && o->held != NULL) {
        code = send_held(o);
    }
    if (code != CLI_OK) {
        return code;
    }
    if (o->temp.path != NULL && (fchmod(o->fd, o->mode) != 0 || !cli_fd_sync(o->fd))) {
        return fail_io(o, "write");
    }
    int fd = o->fd;
    o->fd = -1;
    /* network file systems tell only here */
    return cli_fd_close(fd) ? CLI_OK : fail_io(o, "write");
}

/* link, unlike rename, never replaces: the file may have appeared since it was looked for. Some
 * file systems have no links; there the check at opening has to do. */
static bool give_name(const cli_output *o)
{
    if (o->how.force) {
        return rename(o->temp.path, o->path) == 0;
    }
    if (link(o->temp.path, o->path) == 0) {
        (void)unlink(o->temp.path);
        return true;
    }
    return errno != EEXIST && access(o->path, F_OK) != 0 && rename(o->temp.path, o->path) == 0;
}

/* So that the new name survives a power failure. Not every file system can: no error. */
static void sync_directory(const char *path)
{
    char *dir = strdup(path);
    if (dir == NULL) {
        return;
    }
    char *slash = strrchr(dir, '/');
    if (slash != NULL) {
        slash[slash == dir ? 1 : 0] = '\0';
    }
    int fd = open(slash != NULL ? dir : ".", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(dir);
}

const char *cli_output_path(const cli_output *o)
{
    return o->temp.path;
}

cli_exit cli_output_commit(cli_output *o)
{
    if (o->temp.path == NULL) {
        return CLI_OK;
    }
    sigset_t before;
    cli_signals_hold(&before);
    bool done = give_name(o);
    int error = errno;
    if (done) {
        cli_temp_forget(&o->temp);
    }
    cli_signals_release(&before);
    if (!done) {
        errno = error;
        return error == EEXIST ? fail_exists(o) : fail_io(o, "give the finished file its name");
    }
    sync_directory(o->path);
    return CLI_OK;
}

uint64_t cli_output_size(const cli_output *o)
{
    return o->bytes + o->n;
}

void cli_output_digest(const cli_output *o, cli_digest *digest)
{
    memset(digest, 0, sizeof *digest);
    digest->bytes = o->bytes;
    digest->gzip = o->z_open;
    memcpy(digest->sha256, o->sha256, sizeof digest->sha256);
}

static void remove_temp(cli_output *o)
{
    sigset_t before;
    cli_signals_hold(&before);
    (void)unlink(o->temp.path);
    cli_temp_forget(&o->temp);
    cli_signals_release(&before);
}

void cli_output_close(cli_output *o)
{
    if (o == NULL) {
        return;
    }
    if (o->temp.path != NULL) {
        remove_temp(o);
    }
    if (o->fd >= 0) {
        close(o->fd);
    }
    if (o->z_open) {
        deflateEnd(&o->z);
    }
    cli_spool_free(o->held);
    free(o->path);
    free(o->buf);
    free(o);
}

cli_exit cli_output_settle(cli_output *o, cli_exit code)
{
    if (code == CLI_OK) {
        code = cli_output_finish(o);
    }
    if (code == CLI_OK) {
        code = cli_output_commit(o);
    }
    cli_output_close(o);
    return code;
}
