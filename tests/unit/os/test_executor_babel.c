/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the executor has babeld do: which lines it sends, and what it answers. */
#include "live.h"
#include "os/babel.h"
#include "os/executor.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct event_base *base;
    struct evconnlistener *listener;
    struct bufferevent *client; /* the daemon's end */
    char folder[40], path[64];
    bool silent;
    char lines[1024]; /* that the daemon was sent, each with "; " */
    struct heal_babel *babel;
    struct heal_config config;
    struct heal_executor *executor;
    unsigned answers;
    struct heal_event_result answer;
};

static void say(struct fixture *fixture, const char *text) {
    evbuffer_add(bufferevent_get_output(fixture->client), text, strlen(text));
}

static void on_read(struct bufferevent *client, void *context) {
    struct fixture *fixture = context;
    char *line;
    while ((line = evbuffer_readln(bufferevent_get_input(client), NULL, EVBUFFER_EOL_LF))) {
        if (strcmp(line, "monitor") == 0) {
            say(fixture, "add interface toB up true\nadd interface toC up true\nok\n");
        } else if (line[0]) {
            size_t length = strlen(fixture->lines);
            snprintf(fixture->lines + length, sizeof(fixture->lines) - length, "%s; ", line);
            say(fixture, fixture->silent ? "" : "ok\n");
        }
        free(line);
    }
}

static void on_client(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int length, void *context) {
    struct fixture *fixture = context;
    (void)listener;
    (void)address;
    (void)length;
    fixture->client = bufferevent_socket_new(fixture->base, fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(fixture->client, on_read, NULL, NULL, fixture);
    bufferevent_enable(fixture->client, EV_READ | EV_WRITE);
    say(fixture, "BABEL 1.0\nversion babeld-1.13\nok\n");
}

static bool is_ready(void *context) {
    return heal_babel_state(((struct fixture *)context)->babel) == HEAL_BABEL_READY;
}

static void ignore(void *context, const struct heal_reading *reading) {
    (void)context;
    (void)reading;
}

static int make(void **state) {
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    *state = fixture;
    strcpy(fixture->folder, "/tmp/heal-executor-XXXXXX");
    if (!mkdtemp(fixture->folder)) {
        return -1;
    }
    snprintf(fixture->path, sizeof(fixture->path), "%s/sock", fixture->folder);
    memcpy(address.sun_path, fixture->path, sizeof(fixture->path));
    fixture->base = event_base_new();
    fixture->listener = evconnlistener_new_bind(fixture->base, on_client, fixture, LEV_OPT_CLOSE_ON_FREE, 1,
                                                (struct sockaddr *)&address, sizeof(address));
    struct heal_babel_options babel = {
        .base = fixture->base, .path = fixture->path, .sink = {ignore, NULL}
    };
    assert_int_equal(heal_babel_open(&babel, &fixture->babel), 0);
    assert_true(live_wait(fixture->base, is_ready, fixture, LIVE_PATIENCE_MS));
    heal_config_init(&fixture->config);
    assert_int_equal(heal_config_set(&fixture->config, "routing.interface-parameters",
                                     "type wired hello-interval 4", NULL),
                     0);
    struct heal_executor_options options = {
        .base = fixture->base, .config = &fixture->config, .babel = fixture->babel};
    return heal_executor_real_new(&options, &fixture->executor);
}

static int unmake(void **state) {
    struct fixture *fixture = *state;
    heal_executor_close(fixture->executor);
    heal_babel_close(fixture->babel);
    bufferevent_free(fixture->client);
    evconnlistener_free(fixture->listener);
    event_base_free(fixture->base);
    unlink(fixture->path);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static void on_result(void *context, const struct heal_event_result *result) {
    struct fixture *fixture = context;
    fixture->answers++;
    fixture->answer = *result;
}

static bool is_answered(void *context) {
    return ((struct fixture *)context)->answers > 0;
}

static int order(struct fixture *fixture, enum heal_command_kind kind, const char *ifname, uint32_t cost) {
    struct heal_command command = {.kind = kind, .ticket = 7};
    snprintf(command.link.ifname, sizeof(command.link.ifname), "%s", ifname);
    command.link.value = cost;
    fixture->answers = 0;
    fixture->lines[0] = '\0';
    heal_executor_execute(fixture->executor, &command, on_result, fixture);
    assert_true(live_wait(fixture->base, is_answered, fixture, LIVE_PATIENCE_MS));
    assert_int_equal(fixture->answers, 1);
    assert_int_equal(fixture->answer.ticket, 7);
    return fixture->answer.code;
}

/* An interface comes back as its configuration has it, with the cost on top. */
static void test_costs(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(order(fixture, HEAL_COMMAND_LINK_COST, "toB", 2048), 0);
    assert_string_equal(fixture->lines, "flush interface toB; "
                                        "interface toB type wired hello-interval 4 rxcost 2048; ");
    /* What is renewed meanwhile keeps its cost. */
    assert_int_equal(order(fixture, HEAL_COMMAND_ROUTES_REFRESH, "", 0), 0);
    assert_string_equal(fixture->lines, "flush interface toB; "
                                        "interface toB type wired hello-interval 4 rxcost 2048; "
                                        "flush interface toC; interface toC type wired hello-interval 4; ");
    assert_int_equal(order(fixture, HEAL_COMMAND_LINK_COST, "toB", 0), 0);
    assert_string_equal(fixture->lines, "flush interface toB; interface toB type wired hello-interval 4; ");
}

static void test_without_parameters_nothing_is_flushed(void **state) {
    struct fixture *fixture = *state;
    fixture->config.settings.interface_parameters[0] = '\0';
    assert_int_equal(order(fixture, HEAL_COMMAND_LINK_COST, "toB", 2048), -ENOTSUP);
    assert_string_equal(fixture->answer.text,
                        "its parameters are not known: set routing.interface-parameters");
    assert_int_equal(order(fixture, HEAL_COMMAND_ROUTES_REFRESH, "", 0), -ENOTSUP);
    assert_string_equal(fixture->lines, "");
}

static void test_bad_orders(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(order(fixture, HEAL_COMMAND_LINK_COST, "a b", 2048), -EINVAL);
    assert_string_equal(fixture->answer.text, "babeld cannot be told an interface of this name");
    assert_int_equal(order(fixture, HEAL_COMMAND_LINK_COST, "toB", 65535), -EINVAL);
    assert_string_equal(fixture->answer.text, "a cost is less than 65535");
    assert_string_equal(fixture->lines, "");
}

static bool was_told(void *context) {
    return ((struct fixture *)context)->lines[0] != '\0';
}

/* Closed while babeld owes replies: answered once, and the late replies find nobody. */
static void test_closed_meanwhile(void **state) {
    struct fixture *fixture = *state;
    struct heal_command command = {
        .kind = HEAL_COMMAND_LINK_COST, .link = {.ifname = "toB", .value = 2048}
    };
    fixture->silent = true;
    heal_executor_execute(fixture->executor, &command, on_result, fixture);
    assert_true(live_wait(fixture->base, was_told, fixture, LIVE_PATIENCE_MS));
    heal_executor_close(fixture->executor);
    fixture->executor = NULL;
    assert_int_equal(fixture->answers, 1);
    assert_int_equal(fixture->answer.code, -ECANCELED);
    say(fixture, "ok\nok\n");
    fixture->answers = 0;
    assert_false(live_wait(fixture->base, is_answered, fixture, 50));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_costs),
        TEST(test_without_parameters_nothing_is_flushed),
        TEST(test_bad_orders),
        TEST(test_closed_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
