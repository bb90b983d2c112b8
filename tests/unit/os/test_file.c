/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Whole files: read within a cap, replaced as one. */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int setup(void **state) {
    (void)state;
    strcpy(folder, "/tmp/heald-test-file-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    unlink("f");
    unlink("pipe");
    return chdir("/") == 0 ? rmdir(folder) : -1;
}

static void test_written_and_read(void **state) {
    struct stat status;
    char *text = NULL;
    size_t length = 99;

    (void)state;
    assert_int_equal(heal_file_read("f", 10, &text, &length), -ENOENT);
    assert_int_equal(heal_file_write("f", "a\0b", 3, 0640), 0);
    assert_int_equal(heal_file_read("f", 10, &text, &length), 0);
    assert_int_equal(length, 3);
    assert_memory_equal(text, "a\0b\0", 4);
    free(text);
    assert_int_equal(heal_file_write("f", "", 0, 0600), 0);
    assert_int_equal(heal_file_read("f", 10, &text, &length), 0);
    assert_int_equal(length, 0);
    assert_string_equal(text, "");
    free(text);
    assert_int_equal(stat("f", &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static void test_cap(void **state) {
    static char large[10000];
    char *text = NULL;
    size_t length;

    (void)state;
    memset(large, 'x', sizeof large);
    assert_int_equal(heal_file_write("f", large, sizeof large, 0600), 0);
    assert_int_equal(heal_file_read("f", sizeof large, &text, &length), 0);
    assert_int_equal(length, sizeof large);
    assert_memory_equal(text, large, sizeof large);
    free(text);
    text = NULL;
    assert_int_equal(heal_file_read("f", sizeof large - 1, &text, &length), -EFBIG);
    assert_int_equal(heal_file_read("f", 0, &text, &length), -EFBIG);
    assert_null(text);
}

static void test_procfs(void **state) {
    char *text = NULL;
    size_t length;

    (void)state;
    assert_int_equal(heal_file_read("/proc/self/maps", 1 << 20, &text, &length), 0);
    assert_true(length > 100 && strlen(text) == length);
    free(text);
}

/* A pipe in the place of a file does not hang, an endless device is not read. */
static void test_no_file(void **state) {
    char *text = NULL;
    size_t length;

    (void)state;
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(heal_file_read("pipe", 10, &text, &length), -EINVAL);
    assert_int_equal(heal_file_read("/dev/zero", 10, &text, &length), -EINVAL);
    assert_int_equal(heal_file_read(".", 10, &text, &length), -EISDIR);
    assert_int_equal(heal_file_read("absent/f", 10, &text, &length), -ENOENT);
    assert_null(text);
}

/* What cannot be replaced stays, and no leftover lies beside it. */
static void test_failed_write(void **state) {
    (void)state;
    assert_int_equal(heal_file_write("absent/f", "x", 1, 0600), -ENOENT);
    assert_int_equal(mkdir("f", 0700), 0);
    assert_int_equal(heal_file_write("f", "x", 1, 0600), -EISDIR);
    assert_int_equal(rmdir("f"), 0);
    assert_int_equal(heal_file_write("f", "x", 1, 0600), 0);
    /* The teardown's rmdir fails if a temporary file was left. */
}

/* What a person has named: a link stays one, the umask holds, and a device is not put out of the way. */
static void test_saved(void **state) {
    struct stat status;
    char *text = NULL;
    size_t length;
    mode_t mask = umask(027);

    (void)state;
    assert_int_equal(symlink("f", "link"), 0);
    assert_int_equal(heal_file_save("link", "a", 1), 0);
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISREG(status.st_mode)); /* it led nowhere */
    assert_int_equal(unlink("link"), 0);
    assert_int_equal(heal_file_save("f", "b", 1), 0);
    assert_int_equal(stat("f", &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
    assert_int_equal(symlink("f", "link"), 0);
    assert_int_equal(heal_file_save("link", "c", 1), 0);
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(unlink("link"), 0);
    assert_int_equal(heal_file_read("f", 10, &text, &length), 0);
    assert_string_equal(text, "c");
    free(text);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(heal_file_save("pipe", "d", 1), -EINVAL);
    assert_int_equal(stat("pipe", &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(unlink("pipe"), 0);
    assert_int_equal(heal_file_save(".", "e", 1), -EISDIR);
    umask(mask);
}

static void test_the_same_file(void **state) {
    (void)state;
    assert_true(heal_file_is_same("new", "./new"));
    assert_false(heal_file_is_same("new", "../new"));
    assert_false(heal_file_is_same("new", "other"));
    assert_false(heal_file_is_same("new", "nowhere/new"));
    assert_int_equal(heal_file_save("f", "a", 1), 0);
    assert_false(heal_file_is_same("f", "new"));
    assert_true(heal_file_is_same("./f", "f"));
    assert_int_equal(symlink("f", "link"), 0);
    assert_true(heal_file_is_same("f", "link"));
    assert_int_equal(unlink("link"), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_written_and_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cap, setup, teardown),
        cmocka_unit_test_setup_teardown(test_procfs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failed_write, setup, teardown),
        cmocka_unit_test_setup_teardown(test_saved, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_same_file, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
