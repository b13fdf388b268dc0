/*
 * Runs a fuzz target over the files and folders named, in order of their names: the corpus and
 * every input that once failed, as a test, without a fuzzer. A target that fails ends the process.
 *
 * Linked with one target. Ends with `N passed, 0 failed`.
 */
#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { PIECE = 1 << 16, PATH_SIZE = 4096 };

static size_t passed;

/* False when `path` cannot be read as a file. */
static bool read_file(const char *path, hsn_buf *out)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return false;
    }
    size_t n = 0;
    do {
        out->n += n;
        n = hsn_buf_reserve(out, PIECE) ? fread(out->p + out->n, 1, PIECE, f) : 0;
    } while (n > 0);
    bool ok = ferror(f) == 0 && !hsn_buf_failed(out);
    fclose(f);
    return ok;
}

static bool run_file(const char *path)
{
    hsn_buf text = new_buf();
    bool ok = read_file(path, &text);
    if (ok) {
        unsigned char *copy = copy_exactly(hsn_buf_str(&text));
        LLVMFuzzerTestOneInput(copy, text.n);
        hsn_mem_free(copy);
        passed++;
    } else {
        fprintf(stderr, "%s cannot be read\n", path);
    }
    hsn_buf_deinit(&text);
    return ok;
}

static int is_visible(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

/* Its files; a folder in it is not looked into. */
static bool run_folder(const char *path, struct dirent **list, int n)
{
    bool ok = true;
    for (int i = 0; i < n; i++) {
        char file[PATH_SIZE];
        int len = snprintf(file, sizeof file, "%s/%s", path, list[i]->d_name);
        ok = len > 0 && len < PATH_SIZE && run_file(file) && ok;
        free(list[i]);
    }
    free(list);
    return ok;
}

int main(int argc, char **argv)
{
    bool ok = argc > 1;
    for (int i = 1; i < argc; i++) {
        struct dirent **list;
        int n = scandir(argv[i], &list, is_visible, alphasort);
        ok = (n < 0 ? run_file(argv[i]) : run_folder(argv[i], list, n)) && ok;
    }
    printf("%zu passed, %d failed\n", passed, ok ? 0 : 1);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
