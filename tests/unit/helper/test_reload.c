/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The helper reads its configuration anew: all of it, or nothing. It serves in a process of this program, in
 * which the test decides whether services can be opened. */
#include "../os/live.h"
#include "helper/serving.h"
#include "helper_program.h"

#include "os/service.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct helper_program program;
static volatile int *refused; /* what opening services fails with, in the process that serves, too */

int __real_heal_services_open(const struct heal_services_options *options,
                              struct heal_services **ret_services);
int __wrap_heal_services_open(const struct heal_services_options *options,
                              struct heal_services **ret_services);

int __wrap_heal_services_open(const struct heal_services_options *options,
                              struct heal_services **ret_services) {
    return *refused != 0 ? *refused : __real_heal_services_open(options, ret_services);
}

static void write_services(const char *name) {
    char path[128];

    snprintf(path, sizeof path, "%s/heald.yaml", program.folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "helper: %s/helper\nrouting: {daemon: none}\n", program.folder);
    fprintf(file, "services:\n  - {name: %s, pidfile: /run/none, restart: [/bin/true]}\n", name);
    fclose(file);
}

static int serve(int socket) {
    char path[128], words[200];
    struct heal_config_beside beside;
    struct heal_config *config = calloc(1, sizeof *config);

    snprintf(path, sizeof path, "%s/heald.yaml", program.folder);
    struct heal_config_places places = heal_config_places_beside(path, &beside);
    if (!config || heal_serving_configure(&places, config, words, sizeof words) < 0)
        return 1;
    int r = heal_serving_run(&(struct heal_serving_options){socket, &places, config});
    free(config);
    return r < 0;
}

static int start(void **state) {
    int ends[2];

    (void)state;
    *refused = 0;
    helper_prepare(&program, "");
    write_services("old");
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    program.pid = fork();
    assert_true(program.pid >= 0);
    if (program.pid == 0) {
        close(ends[0]);
        _exit(serve(ends[1]));
    }
    close(ends[1]);
    program.socket = ends[0];
    helper_greet(&program);
    return 0;
}

static int end(void **state) {
    (void)state;
    helper_remove(&program);
    return 0;
}

static int reload(struct heal_helper_answer *ret_answer) {
    return helper_ask(&program, &(struct heal_helper_order){.verb = HEAL_HELPER_RELOAD}, ret_answer, NULL);
}

static int restart(const char *name) {
    struct heal_command command = {.kind = HEAL_COMMAND_SERVICE_RESTART};
    struct heal_helper_answer answer;

    strcpy(command.service.name, name);
    return helper_act(&program, &command, &answer);
}

static void test_all_of_it(void **state) {
    struct heal_helper_answer answer;

    (void)state;
    assert_int_equal(restart("old"), 0);
    write_services("new");
    assert_true(restart("new") < 0);
    assert_int_equal(reload(&answer), 0);
    assert_int_equal(restart("new"), 0);
    assert_true(restart("old") < 0);
}

/* The file can be read, and what it asks for cannot be had: both are as before, and it is said. */
static void test_or_nothing(void **state) {
    struct heal_helper_answer answer;

    (void)state;
    write_services("new");
    *refused = -ENOMEM;
    assert_int_equal(reload(&answer), -ENOMEM);
    assert_string_equal(answer.text, strerror(ENOMEM));
    assert_int_equal(restart("old"), 0);
    assert_true(restart("new") < 0);
    *refused = 0;
    assert_int_equal(reload(&answer), 0);
    assert_int_equal(restart("new"), 0);
}

static void test_a_file_that_is_wrong(void **state) {
    struct heal_helper_answer answer;

    (void)state;
    write_services("new, color: green");
    assert_true(reload(&answer) < 0);
    assert_non_null(strstr(answer.text, "color"));
    assert_int_equal(restart("old"), 0);
}

static int enter(void **state) {
    (void)state;
    live_enter();
    refused = mmap(NULL, sizeof *refused, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return refused == MAP_FAILED ? -1 : 0;
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SERVED(test_all_of_it),
        SERVED(test_or_nothing),
        SERVED(test_a_file_that_is_wrong),
    };

    return cmocka_run_group_tests(tests, enter, NULL);
}
