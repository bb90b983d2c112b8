/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The words of requests to who holds a lab, and whose its folder is. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "control/client.h"
#include "control/server.h"

#define DECODE(bytes, request) heal_control_decode(bytes, sizeof(bytes), request)

static void test_words_there_and_back(void **state) {
    static const char *const words[] = {"n1", "ip", "", "-6", NULL};
    char buffer[HEAL_CONTROL_REQUEST_MAX];
    struct heal_control_request request;
    int length;

    (void)state;
    length = heal_control_encode(HEAL_CONTROL_EXEC, words, buffer);
    assert_int_equal(length, sizeof "exec\0n1\0ip\0\0-6");
    assert_int_equal(heal_control_decode(buffer, (size_t)length, &request), 0);
    assert_int_equal(request.verb, HEAL_CONTROL_EXEC);
    assert_int_equal(request.words, 4);
    assert_string_equal(request.word[2], "");
    assert_string_equal(request.word[3], "-6");
    assert_null(request.word[4]);
    assert_int_equal(heal_control_encode(HEAL_CONTROL_STATUS, NULL, buffer), sizeof "status");
}

static void test_what_does_not_fit(void **state) {
    static char long_word[HEAL_CONTROL_REQUEST_MAX];
    static const char *many[HEAL_CONTROL_WORDS_MAX + 2];
    const char *const words[] = {"n1", long_word, NULL};
    char buffer[HEAL_CONTROL_REQUEST_MAX];

    (void)state;
    memset(long_word, 'x', sizeof long_word - 1);
    assert_int_equal(heal_control_encode(HEAL_CONTROL_EXEC, words, buffer), -E2BIG);
    for (size_t i = 0; i <= HEAL_CONTROL_WORDS_MAX; i++)
        many[i] = "x";
    assert_int_equal(heal_control_encode(HEAL_CONTROL_EXEC, many, buffer), -E2BIG);
    many[HEAL_CONTROL_WORDS_MAX] = NULL;
    assert_true(heal_control_encode(HEAL_CONTROL_EXEC, many, buffer) > 0);
}

static void test_what_is_no_request(void **state) {
    struct heal_control_request request;

    (void)state;
    assert_int_equal(heal_control_decode("", 0, &request), -EINVAL);
    assert_int_equal(heal_control_decode("status", 6, &request), -EINVAL);
    assert_int_equal(DECODE("status", &request), 0);
    assert_int_equal(DECODE("status\0too much", &request), -EINVAL);
    assert_int_equal(DECODE("exec\0n1", &request), -EINVAL);
    assert_int_equal(DECODE("reboot", &request), -EINVAL);
    assert_int_equal(DECODE("", &request), -EINVAL);
}

static void test_numbers(void **state) {
    uint64_t number = 7;

    (void)state;
    assert_int_equal(heal_control_number("", 9, &number), -EINVAL);
    assert_int_equal(heal_control_number("-1", 9, &number), -EINVAL);
    assert_int_equal(heal_control_number("10", 9, &number), -EINVAL);
    assert_int_equal(heal_control_number("18446744073709551616", UINT64_MAX, &number), -EINVAL);
    assert_int_equal(number, 7);
    assert_int_equal(heal_control_number("18446744073709551615", UINT64_MAX, &number), 0);
    assert_true(number == UINT64_MAX);
    assert_int_equal(heal_control_number("0", 0, &number), 0);
    assert_int_equal(number, 0);
}

/* A folder is one lab's at a time, and free again when that is over. */
static void test_a_folder_is_claimed_once(void **state) {
    char folder[] = "/tmp/heal-control-XXXXXX", path[64];
    struct heal_control_server *first = NULL, *second = NULL;
    struct heal_error error = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(heal_control_claim(folder, &first, &error), 0);
    assert_int_equal(heal_control_claim(folder, &second, &error), -EBUSY);
    snprintf(path, sizeof path, "(process %d)", (int)getpid());
    assert_non_null(strstr(error.what, path));
    assert_null(heal_control_free(first));
    assert_int_equal(heal_control_claim(folder, &second, &error), 0);
    assert_null(heal_control_free(second));
    assert_int_equal(heal_control_connect(folder), -ENOENT);
    snprintf(path, sizeof path, "%s/lab.lock", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(heal_control_claim(folder, &first, &error), -ENOENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_there_and_back),     cmocka_unit_test(test_what_does_not_fit),
        cmocka_unit_test(test_what_is_no_request),       cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_a_folder_is_claimed_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
