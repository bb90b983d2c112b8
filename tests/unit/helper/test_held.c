/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Orders that wait for a helper: it gets them in the order in which they were given, also what is ordered
 * when it has just come. The test is that helper. */
#include "../os/live.h"

#include "os/executor.h"
#include "os/helper.h"
#include "os/helper_socket.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ORDERS = 4, PATIENCE_MS = 15000, BEFORE_IT_COMES = ORDERS - 1 };

static struct {
    struct event_base *base;
    char folder[40];
    struct heal_config config;
    struct heal_helper *helper;
    struct heal_executor *executor;
    int listening, connection;
    size_t received, answered;
    uint32_t value[ORDERS]; /* as the helper has got them */
    uint32_t ticket[ORDERS];
    int code[ORDERS];
} scene;

static void note(void *context, const struct heal_event_result *result) {
    (void)context;
    assert_true(scene.answered < ORDERS);
    scene.ticket[scene.answered] = result->ticket;
    scene.code[scene.answered++] = result->code;
}

static void give(uint32_t number) {
    struct heal_command command = {
        .kind = HEAL_COMMAND_LINK_MTU, .ticket = number, .link = {"mesh0", 1000 + number, 0}
    };

    heal_executor_execute(scene.executor, &command, note, NULL);
}

static void say(uint32_t number, uint64_t capabilities) {
    struct heal_helper_answer said = {
        .version = HEAL_HELPER_VERSION, .number = number, .capabilities = capabilities};

    assert_int_equal(heal_helper_socket_send(scene.connection, &said, sizeof said, -1), 0);
}

static void take(const struct heal_helper_order *order) {
    if (order->verb == HEAL_HELPER_ACT) {
        assert_true(scene.received < ORDERS);
        scene.value[scene.received++] = order->link.value;
    }
    say(order->number, order->verb == HEAL_HELPER_HELLO);
}

/* Takes what has come for the helper, and answers. */
static void be_the_helper(void) {
    struct pollfd ready = {.fd = scene.listening, .events = POLLIN};
    struct heal_helper_order order;
    int file;

    if (scene.connection < 0 && poll(&ready, 1, 0) == 1)
        scene.connection = heal_helper_socket_accept(scene.listening, geteuid());
    while (scene.connection >= 0 &&
           heal_helper_socket_receive(scene.connection, &order, sizeof order, &file) > 0)
        take(&order);
}

static bool is_ready(void *context) {
    (void)context;
    be_the_helper();
    return heal_helper_state(scene.helper) == HEAL_HELPER_READY;
}

static bool has_answered(void *context) {
    (void)context;
    be_the_helper();
    return scene.answered == ORDERS;
}

static void test_none_overtakes_another(void **state) {
    (void)state;
    for (uint32_t i = 1; i <= BEFORE_IT_COMES; i++)
        give(i);
    assert_int_equal(scene.answered, 0);
    scene.listening = heal_helper_socket_listen(scene.folder, 0);
    assert_true(scene.listening >= 0);
    assert_true(live_wait(scene.base, is_ready, NULL, PATIENCE_MS));
    give(ORDERS);
    assert_true(live_wait(scene.base, has_answered, NULL, PATIENCE_MS));
    for (uint32_t i = 0; i < ORDERS; i++) {
        assert_int_equal(scene.value[i], 1001 + i);
        assert_int_equal(scene.ticket[i], 1 + i);
        assert_int_equal(scene.code[i], 0);
    }
}

static void test_all_are_answered_at_the_end(void **state) {
    (void)state;
    for (uint32_t i = 1; i <= ORDERS; i++)
        give(i);
    scene.executor = heal_executor_close(scene.executor);
    assert_int_equal(scene.answered, ORDERS);
    for (uint32_t i = 0; i < ORDERS; i++)
        assert_int_equal(scene.ticket[i], 1 + i);
}

static int make(void **state) {
    (void)state;
    memset(&scene, 0, sizeof scene);
    scene.listening = scene.connection = -1;
    strcpy(scene.folder, "/tmp/heald-held-XXXXXX");
    assert_non_null(mkdtemp(scene.folder));
    scene.base = event_base_new();
    struct heal_helper_options helper = {.base = scene.base, .socket = -1, .folder = scene.folder};
    struct heal_executor_options executor = {.base = scene.base, .config = &scene.config};
    assert_int_equal(heal_helper_open(&helper, &scene.helper), 0);
    assert_int_equal(heal_executor_helper_new(&executor, scene.helper, &scene.executor), 0);
    return 0;
}

static int unmake(void **state) {
    char path[64];

    (void)state;
    scene.executor = heal_executor_close(scene.executor);
    scene.helper = heal_helper_close(scene.helper);
    event_base_free(scene.base);
    if (scene.connection >= 0)
        close(scene.connection);
    if (scene.listening >= 0)
        close(scene.listening);
    snprintf(path, sizeof path, "%s/helper.sock", scene.folder);
    unlink(path);
    return rmdir(scene.folder);
}

#define HELD(test) cmocka_unit_test_setup_teardown(test, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        HELD(test_none_overtakes_another),
        HELD(test_all_are_answered_at_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
