/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The client of babeld's socket against a daemon that does as the test says. */
#include "live.h"
#include "os/babel.h"

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

#define GREETING "BABEL 1.0\nversion babeld-1.13\nhost h\nmy-id 00:00\n"
#define NEIGHBOUR                                                                                            \
    "add neighbour 5581 address fe80::1 if toB reach ffff ureach 0000 rxcost 256 txcost 256 cost 256\n"
#define ROUTE                                                                                                \
    "add route 5582 prefix fd00::2/128 from ::/0 installed yes id 02:00 metric 256 refmetric 0 via fe80::1 " \
    "if toB\n"

enum { ANSWER_MS = 150, ANSWERS_MAX = 80 };

/* How the daemon answers to a command: with ok, not at all, or by its own end. */
enum habit { ANSWERS, KEEPS_SILENT, HANGS_UP };

struct answer {
    int code;
    char text[80];
    enum heal_babel_state state; /* when it was given */
    int again;                   /* what became of a command that was sent from within */
};

struct fixture {
    struct event_base *base;
    struct evconnlistener *listener;
    struct bufferevent *client; /* the daemon's end */
    char path[64], folder[40];
    const char *greeting, *dump, *monitor_reply, *reply;
    enum habit habit;
    unsigned connections, commands, wanted;
    char last[128]; /* command */
    struct heal_babel *babel;
    size_t answers;
    struct answer answer[ANSWERS_MAX];
    struct live_notes notes;
};

static void hang_up(struct fixture *fixture) {
    if (fixture->client) {
        bufferevent_free(fixture->client);
    }
    fixture->client = NULL;
}

static void say(struct fixture *fixture, const char *text) {
    evbuffer_add(bufferevent_get_output(fixture->client), text, strlen(text));
}

static void obey(struct fixture *fixture, const char *line) {
    if (strcmp(line, "monitor") == 0) {
        say(fixture, fixture->dump);
        say(fixture, fixture->monitor_reply);
        return;
    }
    if (line[0]) {
        fixture->commands++;
        snprintf(fixture->last, sizeof(fixture->last), "%s", line);
    }
    if (fixture->habit == HANGS_UP && line[0]) {
        hang_up(fixture);
    } else if (fixture->habit == ANSWERS) {
        say(fixture, fixture->reply);
    }
}

static void on_read(struct bufferevent *client, void *context) {
    struct fixture *fixture = context;
    char *line;
    while (fixture->client == client &&
           (line = evbuffer_readln(bufferevent_get_input(client), NULL, EVBUFFER_EOL_LF))) {
        obey(fixture, line);
        free(line);
    }
}

static void on_client(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
                      int length, void *context) {
    struct fixture *fixture = context;
    (void)listener;
    (void)address;
    (void)length;
    hang_up(fixture);
    fixture->client = bufferevent_socket_new(fixture->base, fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(fixture->client, on_read, NULL, NULL, fixture);
    bufferevent_enable(fixture->client, EV_READ | EV_WRITE);
    fixture->connections++;
    say(fixture, fixture->greeting);
}

static void listen_at(struct fixture *fixture) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", fixture->path);
    unlink(fixture->path);
    fixture->listener = evconnlistener_new_bind(fixture->base, on_client, fixture, LEV_OPT_CLOSE_ON_FREE, 1,
                                                (struct sockaddr *)&address, sizeof(address));
    assert_non_null(fixture->listener);
}

/* As what heald does with a result: the engine takes back what it did, and that is a command. */
static void on_answer(void *context, int code, const char *text) {
    struct fixture *fixture = context;
    struct answer *answer = &fixture->answer[fixture->answers++];
    assert_in_range(fixture->answers, 1, ANSWERS_MAX);
    answer->code = code;
    answer->state = heal_babel_state(fixture->babel);
    snprintf(answer->text, sizeof(answer->text), "%s", text);
    answer->again = code < 0 ? heal_babel_command(fixture->babel, "again", NULL, NULL) : 0;
}

static int make(void **state) {
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    *state = fixture;
    strcpy(fixture->folder, "/tmp/heal-babel-XXXXXX");
    if (!fixture || !mkdtemp(fixture->folder)) {
        return -1;
    }
    snprintf(fixture->path, sizeof(fixture->path), "%s/sock", fixture->folder);
    fixture->base = event_base_new();
    fixture->greeting = GREETING "ok\n";
    fixture->dump = NEIGHBOUR ROUTE;
    fixture->monitor_reply = fixture->reply = "ok\n";
    return 0;
}

static int unmake(void **state) {
    struct fixture *fixture = *state;
    heal_babel_close(fixture->babel);
    hang_up(fixture);
    if (fixture->listener) {
        evconnlistener_free(fixture->listener);
    }
    event_base_free(fixture->base);
    unlink(fixture->path);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static void open_client(struct fixture *fixture) {
    struct heal_babel_options options = {
        .base = fixture->base,
        .path = fixture->path,
        .answer_ms = ANSWER_MS,
        .sink = {live_note, &fixture->notes}
    };
    assert_int_equal(heal_babel_open(&options, &fixture->babel), 0);
}

static bool is_ready(void *context) {
    return heal_babel_state(((struct fixture *)context)->babel) == HEAL_BABEL_READY;
}

static bool is_absent(void *context) {
    return heal_babel_state(((struct fixture *)context)->babel) == HEAL_BABEL_ABSENT;
}

static bool is_wedged(void *context) {
    return heal_babel_state(((struct fixture *)context)->babel) == HEAL_BABEL_WEDGED;
}

static bool has_answers(void *context) {
    const struct fixture *fixture = context;
    return fixture->answers >= fixture->wanted;
}

static bool has_reconnected(void *context) {
    const struct fixture *fixture = context;
    return fixture->connections >= fixture->wanted;
}

static bool has_notes(void *context) {
    const struct fixture *fixture = context;
    return fixture->notes.count >= fixture->wanted;
}

static void wait_for(struct fixture *fixture, bool (*happened)(void *context), unsigned wanted) {
    fixture->wanted = wanted;
    if (!live_wait(fixture->base, happened, fixture, LIVE_PATIENCE_MS)) {
        fail_msg("waited in vain; babeld is %s: %s", heal_babel_state_name(heal_babel_state(fixture->babel)),
                 heal_babel_words(fixture->babel));
    }
}

static void become_ready(struct fixture *fixture) {
    listen_at(fixture);
    open_client(fixture);
    wait_for(fixture, is_ready, 0);
}

static void test_synchronizes_and_follows(void **state) {
    struct fixture *fixture = *state;
    become_ready(fixture);
    assert_string_equal(heal_babel_words(fixture->babel), "babeld-1.13");
    assert_int_equal(fixture->notes.count, 2);
    assert_int_equal(fixture->notes.reading[0].kind, HEAL_READING_NEIGHBOUR);
    assert_string_equal(fixture->notes.reading[0].neighbour.port.ifname, "toB");
    assert_int_equal(fixture->notes.reading[1].kind, HEAL_READING_ROUTE);
    assert_true(fixture->notes.reading[1].route.present);
    say(fixture,
        "flush route 5582 prefix fd00::2/128 from ::/0 installed yes id 02:00 metric 256 refmetric 0 "
        "via fe80::1 if toB\n");
    wait_for(fixture, has_notes, 3);
    assert_false(fixture->notes.reading[2].route.present);
}

/* What is gone when the daemon comes back is reported as gone; that it went away is no such news. */
static void test_comes_back_with_less(void **state) {
    struct fixture *fixture = *state;
    become_ready(fixture);
    fixture->dump = NEIGHBOUR;
    hang_up(fixture);
    wait_for(fixture, is_absent, 0);
    assert_string_equal(heal_babel_words(fixture->babel), "the daemon closed the connection");
    assert_int_equal(fixture->notes.count, 2);
    wait_for(fixture, is_ready, 0);
    const struct heal_reading *last = &fixture->notes.reading[fixture->notes.count - 1];
    assert_int_equal(last->kind, HEAL_READING_ROUTE);
    assert_false(last->route.present);
}

static void test_commands_are_answered_in_order(void **state) {
    struct fixture *fixture = *state;
    become_ready(fixture);
    assert_int_equal(heal_babel_command(fixture->babel, "one", on_answer, fixture), 0);
    wait_for(fixture, has_answers, 1);
    fixture->reply = "no it is not allowed\n";
    assert_int_equal(heal_babel_command(fixture->babel, "two", on_answer, fixture), 0);
    wait_for(fixture, has_answers, 2);
    fixture->reply = "bad\n";
    assert_int_equal(heal_babel_command(fixture->babel, "three", on_answer, fixture), 0);
    wait_for(fixture, has_answers, 3);
    assert_int_equal(fixture->answer[0].code, 0);
    assert_int_equal(fixture->answer[1].code, -EPERM);
    assert_non_null(strstr(fixture->answer[1].text, "not allowed"));
    assert_int_equal(fixture->answer[2].code, -EINVAL);
}

static void test_bad_commands_are_not_sent(void **state) {
    struct fixture *fixture = *state;
    char longest[5000] = {0};
    open_client(fixture);
    assert_int_equal(heal_babel_command(fixture->babel, "early", on_answer, fixture), -ENOTCONN);
    listen_at(fixture);
    wait_for(fixture, is_ready, 0);
    memset(longest, 'x', sizeof(longest) - 1);
    assert_int_equal(heal_babel_command(fixture->babel, "one\nflush interface x", on_answer, fixture),
                     -EINVAL);
    assert_int_equal(heal_babel_command(fixture->babel, longest, on_answer, fixture), -EINVAL);
    fixture->habit = KEEPS_SILENT;
    size_t sent = 0;
    while (heal_babel_command(fixture->babel, "more", on_answer, fixture) == 0) {
        sent++;
    }
    assert_in_range(sent, 16, ANSWERS_MAX);
    assert_int_equal(heal_babel_command(fixture->babel, "more", on_answer, fixture), -EAGAIN);
    heal_babel_close(fixture->babel);
    fixture->babel = NULL;
    assert_int_equal(fixture->answers, sent);
}

/* The connection ends with commands under way; who hears of it sends the next at once. */
static void test_connection_ends_with_a_command_under_way(void **state) {
    struct fixture *fixture = *state;
    become_ready(fixture);
    fixture->habit = HANGS_UP;
    assert_int_equal(heal_babel_command(fixture->babel, "one", on_answer, fixture), 0);
    assert_int_equal(heal_babel_command(fixture->babel, "two", on_answer, fixture), 0);
    wait_for(fixture, has_answers, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(fixture->answer[i].code, -ENOTCONN);
        assert_int_equal(fixture->answer[i].state, HEAL_BABEL_ABSENT);
        assert_int_equal(fixture->answer[i].again, -ENOTCONN);
    }
    fixture->habit = ANSWERS;
    wait_for(fixture, is_ready, 0);
    assert_int_equal(heal_babel_command(fixture->babel, "three", on_answer, fixture), 0);
    wait_for(fixture, has_answers, 3);
    assert_int_equal(fixture->answer[2].code, 0);
    assert_int_equal(fixture->answers, 3);
}

static void test_daemon_that_stands_still_and_goes_on(void **state) {
    struct fixture *fixture = *state;
    become_ready(fixture);
    fixture->habit = KEEPS_SILENT;
    assert_int_equal(heal_babel_command(fixture->babel, "one", on_answer, fixture), 0);
    wait_for(fixture, is_wedged, 0);
    assert_int_equal(fixture->answers, 1);
    assert_int_equal(fixture->answer[0].code, -ETIMEDOUT);
    assert_int_equal(fixture->answer[0].state, HEAL_BABEL_WEDGED);
    assert_int_equal(fixture->answer[0].again, -ENOTCONN);
    /* The late reply finds its place: it answers nobody, and the next command has its own. */
    fixture->habit = ANSWERS;
    say(fixture, "no too late\n");
    wait_for(fixture, is_ready, 0);
    assert_int_equal(heal_babel_command(fixture->babel, "two", on_answer, fixture), 0);
    wait_for(fixture, has_answers, 2);
    assert_int_equal(fixture->answer[1].code, 0);
    assert_int_equal(fixture->connections, 1);
}

static void test_slow_daemon_is_no_dead_one(void **state) {
    struct fixture *fixture = *state;
    fixture->greeting = GREETING; /* the end of it comes late */
    listen_at(fixture);
    open_client(fixture);
    wait_for(fixture, is_wedged, 0);
    say(fixture, "ok\n");
    wait_for(fixture, is_ready, 0);
    assert_int_equal(fixture->notes.count, 2);
}

static void test_who_is_not_babeld(void **state) {
    struct fixture *fixture = *state;
    char *noise = malloc(10000);
    memset(noise, 'x', 9999);
    noise[9999] = '\0';
    fixture->greeting = noise;
    listen_at(fixture);
    open_client(fixture);
    wait_for(fixture, has_reconnected, 2);
    assert_string_equal(heal_babel_words(fixture->babel), "what answers at the socket is not babeld");
    assert_int_equal(fixture->notes.count, 0);
    free(noise);
}

/* Of a version that says more, and says some of it otherwise, what can be read is read. */
static void test_another_version(void **state) {
    struct fixture *fixture = *state;
    fixture->greeting = "BABEL 3.7\nversion babeld-9.0-beta\nfavourite colour green\nok\n";
    fixture->dump = "add neighbour\nadd gnome 12 hat red\n\n" NEIGHBOUR
                    "add route 1 prefix nonsense via x\nadd interface toB up true ipv6 fe80::2 hat red\n";
    become_ready(fixture);
    assert_string_equal(heal_babel_words(fixture->babel), "babeld-9.0-beta");
    assert_int_equal(fixture->notes.count, 1);
    assert_string_equal(heal_babel_interface(fixture->babel, 0)->ifname, "toB");
    assert_null(heal_babel_interface(fixture->babel, 1));
}

static void test_daemon_that_does_not_let_itself_be_monitored(void **state) {
    struct fixture *fixture = *state;
    fixture->dump = "";
    fixture->monitor_reply = "no\n";
    listen_at(fixture);
    open_client(fixture);
    wait_for(fixture, has_reconnected, 1);
    assert_false(live_wait(fixture->base, is_ready, fixture, 100));
    assert_int_equal(heal_babel_state(fixture->babel), HEAL_BABEL_SYNCING);
    assert_string_equal(heal_babel_words(fixture->babel), "the daemon does not let itself be monitored");
}

static void test_closing_answers_what_is_under_way(void **state) {
    struct fixture *fixture = *state;
    become_ready(fixture);
    fixture->habit = KEEPS_SILENT;
    assert_int_equal(heal_babel_command(fixture->babel, "one", on_answer, fixture), 0);
    heal_babel_close(fixture->babel);
    fixture->babel = NULL;
    assert_int_equal(fixture->answers, 1);
    assert_int_equal(fixture->answer[0].code, -ECANCELED);
    assert_int_equal(fixture->answer[0].again, -ENOTCONN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_synchronizes_and_follows),
        TEST(test_comes_back_with_less),
        TEST(test_commands_are_answered_in_order),
        TEST(test_bad_commands_are_not_sent),
        TEST(test_connection_ends_with_a_command_under_way),
        TEST(test_daemon_that_stands_still_and_goes_on),
        TEST(test_slow_daemon_is_no_dead_one),
        TEST(test_who_is_not_babeld),
        TEST(test_another_version),
        TEST(test_daemon_that_does_not_let_itself_be_monitored),
        TEST(test_closing_answers_what_is_under_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
