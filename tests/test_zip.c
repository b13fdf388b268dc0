/*
 * The ZIP writer, judged by a reader of its own that believes nothing: every number in directory,
 * headers and descriptors must agree, the members must fill the file without a gap, and come out as
 * they went in. With limits set low the same goes for Zip64. What is installed of unzip and Python
 * judges as well. HARSAN_BIG=1 adds a member beyond 4 GiB.
 */
#include "support.h"

#include "cli.h"

#include <stdlib.h>
#include <unistd.h>

static uint64_t max32, max16;
#define CLI_ZIP_MAX32 max32
#define CLI_ZIP_MAX16 max16
#include "../src/cli_zip.c"

static char path[] = "/tmp/harsan-test-zip-XXXXXX";

static void no_limits(void)
{
    max32 = UINT64_C(0xffffffff);
    max16 = 0xffff;
}

/* ---------------------------------------------------------------- a reader */

typedef struct cursor {
    hsn_str s;
    size_t at;
} cursor;

static uint64_t get(cursor *c, size_t bytes)
{
    uint64_t value = 0;
    assert_true(c->at + bytes <= c->s.n);
    for (size_t i = 0; i < bytes; i++) {
        value |= (uint64_t)c->s.p[c->at + i] << (8 * i);
    }
    c->at += bytes;
    return value;
}

typedef struct listed {
    uint64_t version, crc, packed, raw, start;
    char name[64];
    bool large; /* the local header says so */
} listed;

static void get_name(cursor *c, char *name, size_t len)
{
    assert_true(len < 64 && c->at + len <= c->s.n);
    memcpy(name, c->s.p + c->at, len);
    name[len] = '\0';
    c->at += len;
}

/* A number whose 32 bits are all set stands in the extra field. */
static void get_large(cursor *c, uint64_t *value, size_t *left)
{
    if (*value == 0xffffffff) {
        *value = get(c, 8);
        *left -= 8;
    }
}

static void read_listed(cursor *c, listed *l)
{
    assert_int_equal(get(c, 4), 0x02014b50);
    assert_int_equal(get(c, 2) >> 8, 3);
    l->version = get(c, 2);
    assert_int_equal(get(c, 2), 0x0808);
    assert_int_equal(get(c, 2), 8);
    assert_int_equal(get(c, 4), 0x00210000);
    l->crc = get(c, 4);
    l->packed = get(c, 4);
    l->raw = get(c, 4);
    size_t name = (size_t)get(c, 2);
    size_t extra = (size_t)get(c, 2);
    assert_int_equal(get(c, 8), 0); /* comment, disk, attributes, and half of the others */
    assert_int_equal(get(c, 2), 0100644);
    l->start = get(c, 4);
    get_name(c, l->name, name);
    if (extra > 0) {
        assert_int_equal(get(c, 2), 1);
        assert_int_equal(get(c, 2), extra - 4);
        size_t left = extra - 4;
        get_large(c, &l->raw, &left);
        get_large(c, &l->packed, &left);
        get_large(c, &l->start, &left);
        assert_int_equal(left, 0);
        assert_int_equal(l->version, 45);
    }
}

/* Leaves the cursor on the data. */
static void read_local(cursor *c, listed *l)
{
    char name[64];
    assert_int_equal(c->at, l->start);
    assert_int_equal(get(c, 4), 0x04034b50);
    l->large = get(c, 2) == 45;
    assert_int_equal(get(c, 2), 0x0808);
    assert_int_equal(get(c, 2), 8);
    assert_int_equal(get(c, 4), 0x00210000);
    assert_int_equal(get(c, 4), 0);
    uint64_t unknown = l->large ? 0xffffffff : 0;
    assert_int_equal(get(c, 4), unknown);
    assert_int_equal(get(c, 4), unknown);
    size_t len = (size_t)get(c, 2);
    assert_int_equal(get(c, 2), l->large ? 20 : 0);
    get_name(c, name, len);
    assert_string_equal(name, l->name);
    if (l->large) {
        assert_int_equal(get(c, 4), 16 << 16 | 1);
        assert_int_equal(get(c, 8), 0);
        assert_int_equal(get(c, 8), 0);
    }
}

static void read_data(cursor *c, const listed *l, hsn_str want)
{
    unsigned char *out = malloc(want.n + 1);
    assert_non_null(out);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)(c->s.p + c->at),
                  .avail_in = (uInt)l->packed,
                  .next_out = out,
                  .avail_out = (uInt)want.n + 1};
    assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.avail_in, 0);
    assert_int_equal(z.total_out, l->raw);
    assert_same(hsn_str_of(out, z.total_out), want, l->name);
    assert_int_equal(crc32(0, out, (uInt)want.n), l->crc);
    inflateEnd(&z);
    free(out);
    c->at += (size_t)l->packed;
    assert_int_equal(get(c, 4), 0x08074b50);
    assert_int_equal(get(c, 4), l->crc);
    assert_int_equal(get(c, l->large ? 8 : 4), l->packed);
    assert_int_equal(get(c, l->large ? 8 : 4), l->raw);
}

/* Where the directory begins, how long it is, how many it lists; `large` = by Zip64. */
static void read_end(hsn_str zip, bool large, uint64_t *start, uint64_t *len, uint64_t *n)
{
    cursor c = {zip, zip.n - 22 - (large ? 76 : 0)};
    if (large) {
        uint64_t at = c.at;
        assert_int_equal(get(&c, 4), 0x06064b50);
        assert_int_equal(get(&c, 8), 44);
        assert_int_equal(get(&c, 4) >> 16, 45);
        assert_int_equal(get(&c, 8), 0);
        *n = get(&c, 8);
        assert_int_equal(get(&c, 8), *n);
        *len = get(&c, 8);
        *start = get(&c, 8);
        assert_int_equal(get(&c, 4), 0x07064b50);
        assert_int_equal(get(&c, 4), 0);
        assert_int_equal(get(&c, 8), at);
        assert_int_equal(get(&c, 4), 1);
    }
    assert_int_equal(get(&c, 4), 0x06054b50);
    assert_int_equal(get(&c, 4), 0);
    uint64_t n16 = get(&c, 2);
    assert_int_equal(get(&c, 2), n16);
    uint64_t len32 = get(&c, 4);
    uint64_t start32 = get(&c, 4);
    assert_int_equal(get(&c, 2), 0);
    if (!large) {
        *n = n16;
        *len = len32;
        *start = start32;
    }
    assert_true(n16 == *n || n16 == 0xffff);
    assert_true(len32 == *len || len32 == 0xffffffff);
    assert_true(start32 == *start || start32 == 0xffffffff);
}

static void check_zip(hsn_str zip, const hsn_str *members, size_t n, bool large)
{
    uint64_t start, len, listed_n;
    read_end(zip, large, &start, &len, &listed_n);
    assert_int_equal(listed_n, n);
    assert_int_equal(start + len + 22 + (large ? 76 : 0), zip.n);
    cursor directory = {zip, (size_t)start};
    cursor data = {zip, 0};
    for (size_t i = 0; i < n; i++) {
        listed l;
        read_listed(&directory, &l);
        assert_true(l.start >= max32 || l.raw >= max32 || l.packed >= max32 || l.version == 20 ||
                    l.version == 45);
        read_local(&data, &l);
        read_data(&data, &l, members[i]);
    }
    assert_int_equal(directory.at, start + len);
    assert_int_equal(data.at, start);
}

/* unzip and Python, where they are there. */
static void check_by_others(void)
{
    char line[512];
    static const char *const tools[] = {
        "if command -v unzip > /dev/null 2>&1; then unzip -tqq '%s'; fi",
        "if command -v python3 > /dev/null 2>&1; then python3 -c \"import sys, zipfile\n"
        "sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)\" '%s'; fi",
    };
    for (size_t i = 0; i < COUNT(tools); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(line, sizeof line, tools[i], path);
#pragma GCC diagnostic pop
        assert_int_equal(system(line), 0);
    }
}

/* ---------------------------------------------------------------- writing */

static cli_zip *open_zip(cli_output **out)
{
    cli_zip *z;
    assert_int_equal(cli_output_open(out, path, (cli_output_how){.force = true}), CLI_OK);
    assert_int_equal(cli_zip_open(&z, *out), CLI_OK);
    return z;
}

static void close_zip(cli_zip *z, cli_output *out)
{
    assert_int_equal(cli_zip_finish(z), CLI_OK);
    cli_zip_close(z);
    assert_int_equal(cli_output_finish(out), CLI_OK);
    assert_int_equal(cli_output_commit(out), CLI_OK);
    cli_output_close(out);
}

/* Members of all sorts, in pieces of `chunk`. */
static void write_zip(const hsn_str *members, size_t n, size_t chunk, uint64_t at_most)
{
    cli_output *out;
    cli_zip *z = open_zip(&out);
    for (size_t i = 0; i < n; i++) {
        char name[32];
        cli_member m;
        snprintf(name, sizeof name, "member-%zu.txt", i);
        assert_int_equal(cli_zip_begin(z, name, at_most), CLI_OK);
        for (size_t at = 0; at < members[i].n; at += chunk) {
            hsn_str piece = hsn_str_cut(members[i], at, at + chunk);
            assert_int_equal(cli_zip_write(z, piece.p, piece.n), CLI_OK);
        }
        assert_int_equal(cli_zip_end(z, &m), CLI_OK);
        assert_string_equal(m.name, name);
        assert_int_equal(m.bytes, members[i].n);
        assert_int_equal(strlen(m.sha256), 64);
    }
    close_zip(z, out);
}

static void check_members(const hsn_str *members, size_t n, size_t chunk, uint64_t at_most,
                          bool large)
{
    hsn_buf zip = new_buf();
    write_zip(members, n, chunk, at_most);
    read_file(path, &zip);
    check_zip(hsn_buf_str(&zip), members, n, large);
    hsn_buf_deinit(&zip);
}

/* ---------------------------------------------------------------- tests */

enum { NOISE = 100000 };
static unsigned char noise[NOISE];

static int set_up(void **state)
{
    (void)state;
    prng r = {1};
    for (size_t i = 0; i < NOISE; i++) {
        noise[i] = (unsigned char)prng_next(&r);
    }
    no_limits();
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static void test_plain(void **state)
{
    (void)state;
    const hsn_str members[] = {HSN_S("hello"), HSN_S(""), hsn_str_of(noise, NOISE), HSN_S("x")};
    check_members(members, 0, 1, 0, false);
    for (size_t chunk = 1; chunk <= NOISE; chunk = chunk * 7 + 1) {
        check_members(members, COUNT(members), chunk, 0, false);
    }
    check_by_others();
}

/* The same input gives the same bytes. */
static void test_reproducible(void **state)
{
    (void)state;
    const hsn_str members[] = {HSN_S("hello"), hsn_str_of(noise, NOISE)};
    hsn_buf first = new_buf(), second = new_buf();
    write_zip(members, 2, 1000, 0);
    read_file(path, &first);
    write_zip(members, 2, 77, 0);
    read_file(path, &second);
    assert_same(hsn_buf_str(&first), hsn_buf_str(&second), "twice the same");
    hsn_buf_deinit(&first);
    hsn_buf_deinit(&second);
}

/* With limits of a hundred bytes and two members every number takes its long form. */
static void test_large(void **state)
{
    (void)state;
    const hsn_str members[] = {hsn_str_of(noise, NOISE), HSN_S("small"), hsn_str_of(noise, 50),
                               hsn_str_of(noise, 5000)};
    max32 = 100;
    max16 = 2;
    check_members(members, COUNT(members), 999, NOISE, true);
    check_by_others();
    max16 = 0xffff;
    check_members(members, COUNT(members), 999, NOISE, true);
    check_by_others();
    max32 = UINT64_C(0xffffffff);
    check_members(members, COUNT(members), 999, UINT64_C(1) << 33, false);
    check_by_others();
    max16 = 3;
    check_members(members, COUNT(members), 999, 0, true);
    check_by_others();
    no_limits();
}

/* More than was said: the descriptor of the member has no room for it. */
static void test_too_large(void **state)
{
    (void)state;
    cli_output *out;
    cli_member m;
    max32 = 1000;
    cli_zip *z = open_zip(&out);
    assert_int_equal(cli_zip_begin(z, "m", 0), CLI_OK);
    assert_int_equal(cli_zip_write(z, noise, NOISE), CLI_OK);
    assert_int_equal(cli_zip_end(z, &m), CLI_LIMIT);
    cli_zip_close(z);
    cli_output_close(out);
    no_limits();
}

static void test_many(void **state)
{
    (void)state;
    enum { MANY = 70000 };
    hsn_str *members = calloc(MANY, sizeof *members);
    assert_non_null(members);
    for (size_t i = 0; i < MANY; i++) {
        members[i] = hsn_str_of(noise + i, 3);
    }
    check_members(members, MANY, 3, 0, true);
    check_by_others();
    free(members);
}

static void test_beyond_4_gib(void **state)
{
    (void)state;
    if (getenv("HARSAN_BIG") == NULL) {
        skip();
    }
    cli_output *out;
    cli_member m;
    unsigned char *zero = calloc(1, 1 << 24);
    assert_non_null(zero);
    cli_zip *z = open_zip(&out);
    for (unsigned member = 0; member < 2; member++) {
        uint64_t pieces = member == 0 ? 300 : 1;
        assert_int_equal(cli_zip_begin(z, member == 0 ? "big" : "small", pieces << 24), CLI_OK);
        for (uint64_t i = 0; i < pieces; i++) {
            assert_int_equal(cli_zip_write(z, zero, 1 << 24), CLI_OK);
        }
        assert_int_equal(cli_zip_end(z, &m), CLI_OK);
        assert_int_equal(m.bytes, pieces << 24);
    }
    free(zero);
    close_zip(z, out);
    check_by_others();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reproducible), cmocka_unit_test(test_plain),
        cmocka_unit_test(test_large),        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_many),         cmocka_unit_test(test_beyond_4_gib),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
