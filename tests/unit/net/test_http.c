/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The HTTP server, over its sockets: what it answers, to whom it stops listening, what it leaves behind. */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
/* cmocka wants the above first. */
#include <cmocka.h>

#include "net/http.h"

struct fixture {
    struct event_base *base;
    struct heal_http *http;
    char folder[32], path[64];
    uint16_t port;
    int asked;
    int64_t uid;
};

static void answer_hello(void *context, const struct heal_http_request *request,
                         struct heal_http_reply *reply) {
    struct fixture *fixture = context;

    fixture->asked++;
    fixture->uid = request->peer.uid;
    heal_http_reply_text(reply, 200, "text/plain", "hello\n", 6);
}

static void answer_thing(void *context, const struct heal_http_request *request,
                         struct heal_http_reply *reply) {
    char text[200];
    int length = snprintf(text, sizeof text, "%s|%s|%s", request->argument, request->query, request->body);

    assert_int_equal(request->number, 7);
    ((struct fixture *)context)->asked++;
    heal_http_reply_text(reply, 200, "text/plain", text, (size_t)length);
}

static void answer_big(void *context, const struct heal_http_request *request,
                       struct heal_http_reply *reply) {
    enum { SIZE = 8 << 20 };
    char *text = malloc(SIZE);

    (void)request;
    assert_non_null(text);
    memset(text, 'x', SIZE);
    ((struct fixture *)context)->asked++;
    heal_http_reply_text(reply, 200, "text/plain", text, SIZE);
    free(text);
}

static const struct heal_http_route routes[] = {
    {HEAL_HTTP_GET,  "/hello",   answer_hello, 0},
    {HEAL_HTTP_POST, "/thing/*", answer_thing, 7},
    {HEAL_HTTP_GET,  "/big",     answer_big,   0},
    {HEAL_HTTP_GET,  NULL,       NULL,         0},
};

static const struct heal_http_limits quick = {
    .header_bytes = 2048, .body_bytes = 1000, .idle_ms = 300, .total_ms = 600, .connections = 3};

static int set_up(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);

    assert_non_null(fixture);
    strcpy(fixture->folder, "/tmp/heal-http-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/sock", fixture->folder);
    fixture->base = event_base_new();
    assert_int_equal(heal_http_new(fixture->base, routes, fixture, &quick, &fixture->http), 0);
    assert_int_equal(heal_http_listen_unix(fixture->http, fixture->path, 0600), 0);
    assert_int_equal(heal_http_listen_tcp(fixture->http, "127.0.0.1:0", &fixture->port), 0);
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;

    heal_http_free(fixture->http);
    assert_int_not_equal(access(fixture->path, F_OK), 0);
    event_base_free(fixture->base);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static int connect_unix(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(address.sun_path, path);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static int connect_tcp(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

/* Sends a request and runs the server's loop until it closes the connection (or ten seconds are over). */
static char *exchange(struct fixture *fixture, int fd, const char *request, bool *ret_closed) {
    static char reply[4096];
    size_t length = 0;
    struct timeval before, now;

    gettimeofday(&before, NULL);
    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
    if (ret_closed)
        *ret_closed = false;
    for (;;) {
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        char part[65536];

        event_base_loop(fixture->base, EVLOOP_NONBLOCK);
        poll(&readable, 1, 2);
        ssize_t got = read(fd, part, sizeof part);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            if (ret_closed)
                *ret_closed = true;
            break;
        }
        for (ssize_t i = 0; i < got && length < sizeof reply - 1; i++)
            reply[length++] = part[i];
        gettimeofday(&now, NULL);
        if (now.tv_sec - before.tv_sec > 10)
            break;
    }
    reply[length] = '\0';
    close(fd);
    return reply;
}

static void test_answers_and_closes(void **state) {
    struct fixture *fixture = *state;
    bool closed;
    char *reply =
        exchange(fixture, connect_unix(fixture->path), "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", &closed);

    assert_true(closed);
    assert_non_null(strstr(reply, "HTTP/1.1 200"));
    assert_non_null(strstr(reply, "Content-Length: 6"));
    assert_non_null(strstr(reply, "Connection: close"));
    assert_non_null(strstr(reply, "\r\n\r\nhello\n"));
    assert_int_equal(fixture->uid, getuid());
    reply = exchange(fixture, connect_tcp(fixture->port), "GET /hello HTTP/1.0\r\n\r\n", &closed);
    assert_true(closed);
    assert_non_null(strstr(reply, "\r\n\r\nhello\n"));
    assert_int_equal(fixture->uid, -1);
    assert_int_equal(fixture->asked, 2);
}

static void test_head_has_no_body(void **state) {
    struct fixture *fixture = *state;
    char *reply =
        exchange(fixture, connect_unix(fixture->path), "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n", NULL);

    assert_non_null(strstr(reply, "200"));
    assert_non_null(strstr(reply, "Content-Length: 6\r\n"));
    assert_null(strstr(reply, "hello"));
    assert_int_equal(strlen(strstr(reply, "\r\n\r\n")), 4);
}

static void test_post_with_argument_and_query(void **state) {
    struct fixture *fixture = *state;
    char *reply =
        exchange(fixture, connect_unix(fixture->path),
                 "POST /thing/a%20b?x=1&y HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody", NULL);

    assert_non_null(strstr(reply, "\r\n\r\na b|x=1&y|body"));
}

static void test_wrong_path_and_method(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *request, *code, *allow;
    } row[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n",                            " 404 ", NULL                  },
        {"GET /thing/ HTTP/1.1\r\nHost: x\r\n\r\n",                      " 404 ", NULL                  },
        {"GET /thing/a/b HTTP/1.1\r\nHost: x\r\n\r\n",                   " 404 ", NULL                  },
        {"GET /hellooo HTTP/1.1\r\nHost: x\r\n\r\n",                     " 404 ", NULL                  },
        {"GET /thing/a HTTP/1.1\r\nHost: x\r\n\r\n",                     " 405 ", "Allow: POST\r\n"     },
        {"POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", " 405 ", "Allow: GET, HEAD\r\n"},
        {"DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n",                    " 405 ", "Allow: GET, HEAD\r\n"},
    };

    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char *reply = exchange(fixture, connect_unix(fixture->path), row[i].request, NULL);

        assert_non_null(strstr(reply, row[i].code));
        assert_non_null(strstr(reply, "{\"error\": \""));
        if (row[i].allow)
            assert_non_null(strstr(reply, row[i].allow));
    }
    assert_int_equal(fixture->asked, 0);
}

static void test_caps_on_size(void **state) {
    struct fixture *fixture = *state;
    char request[4096], filler[3000];
    bool closed;

    memset(filler, 'f', sizeof filler);
    snprintf(request, sizeof request,
             "POST /thing/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n%.1001s", filler);
    char *reply = exchange(fixture, connect_unix(fixture->path), request, &closed);
    assert_true(closed);
    assert_null(strstr(reply, " 200 "));
    snprintf(request, sizeof request, "GET /hello HTTP/1.1\r\nX: %.3000s\r\n\r\n", filler);
    reply = exchange(fixture, connect_unix(fixture->path), request, &closed);
    assert_true(closed);
    assert_null(strstr(reply, " 200 "));
    assert_int_equal(fixture->asked, 0);
}

static void test_garbage(void **state) {
    struct fixture *fixture = *state;
    static const char *const row[] = {"\r\n\r\n",
                                      "nonsense\r\n\r\n",
                                      "GET\r\n\r\n",
                                      "\x16\x03\x01\x02\r\n\r\n",
                                      "GET /hello HTTP/9.9\r\n\r\n",
                                      "GET %00%zz HTTP/1.1\r\n\r\n",
                                      "POST /thing/a HTTP/1.1\r\nContent-Length: -1\r\n\r\n"};

    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        bool closed;

        exchange(fixture, connect_unix(fixture->path), row[i], &closed);
        assert_true(closed);
    }
    char *reply = exchange(fixture, connect_unix(fixture->path), "GET /hello HTTP/1.1\r\n\r\n", NULL);
    assert_non_null(strstr(reply, "hello\n"));
}

static double seconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Runs the loop until the server closes @p fd; feeds it @p drip a byte every 50 ms. @return the time. */
static double until_closed(struct fixture *fixture, int fd, const char *drip) {
    double before = seconds();

    while (seconds() - before < 8) {
        struct timeval most = {.tv_usec = 50000};
        char part[16];

        event_base_loopexit(fixture->base, &most);
        event_base_loop(fixture->base, 0);
        if (drip && *drip && send(fd, drip++, 1, MSG_NOSIGNAL) < 0)
            break;
        if (!drip && recv(fd, part, sizeof part, MSG_PEEK) == 0)
            break;
        struct pollfd hung = {.fd = fd, .events = POLLRDHUP};
        if (poll(&hung, 1, 0) == 1 && hung.revents)
            break;
    }
    close(fd);
    return seconds() - before;
}

static void test_idle_client_is_dropped(void **state) {
    double took = until_closed(*state, connect_unix(((struct fixture *)*state)->path), NULL);

    assert_true(took > 0.2 && took < 3);
}

static void test_dripping_client_is_dropped(void **state) {
    static const char drip[] =
        "GET /hello HTTP/1.1\r\nX-Long: ffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\r\n\r\n";
    struct fixture *fixture = *state;
    double took = until_closed(fixture, connect_unix(fixture->path), drip);

    assert_true(took > 0.5 && took < 3);
    assert_int_equal(fixture->asked, 0);
}

/* Asks for eight megabytes, and reads @p sip bytes of them every 50 ms; sends one each time if it @p talks.
 * @return how long the server stood that. */
static double read_slowly(struct fixture *fixture, int fd, size_t sip, bool talks) {
    static char part[64 << 10];
    struct pollfd hung = {.fd = fd, .events = POLLRDHUP};

    assert_in_range(sip, 1, sizeof part);
    assert_int_equal(write(fd, "GET /big HTTP/1.1\r\n\r\n", 21), 21);
    double before = seconds();
    while (seconds() - before < 8 && (poll(&hung, 1, 0), !(hung.revents & (POLLRDHUP | POLLHUP)))) {
        struct timeval most = {.tv_usec = 50000};

        event_base_loopexit(fixture->base, &most);
        event_base_loop(fixture->base, 0);
        (void)!read(fd, part, sip);
        (void)!(talks && send(fd, part, 1, MSG_NOSIGNAL));
    }
    close(fd);
    assert_int_equal(fixture->asked, 1);
    return seconds() - before;
}

static void test_reader_that_stalls_is_dropped(void **state) {
    struct fixture *fixture = *state;

    assert_true(read_slowly(fixture, connect_unix(fixture->path), 1, false) < 4);
}

/* It is never idle: at its pace the whole would take it six seconds and more. */
static void test_slow_reader_is_dropped(void **state) {
    static const struct heal_http_limits patient = {
        .header_bytes = 2048, .body_bytes = 1000, .idle_ms = 60000, .total_ms = 600, .connections = 3};
    struct fixture *fixture = *state;
    struct heal_http *http;
    char path[80];

    snprintf(path, sizeof path, "%s/patient", fixture->folder);
    assert_int_equal(heal_http_new(fixture->base, routes, fixture, &patient, &http), 0);
    assert_int_equal(heal_http_listen_unix(http, path, 0600), 0);
    assert_true(read_slowly(fixture, connect_unix(path), 64 << 10, false) < 4);
    heal_http_free(http);
}

/* It ends with somebody on the line who has not got all of the answer. */
static void test_freed_in_the_middle_of_an_answer(void **state) {
    struct fixture *fixture = *state;
    struct timeval most = {.tv_usec = 50000};
    struct heal_http *http;
    char path[80];

    snprintf(path, sizeof path, "%s/middle", fixture->folder);
    assert_int_equal(heal_http_new(fixture->base, routes, fixture, &heal_http_limits_default, &http), 0);
    assert_int_equal(heal_http_listen_unix(http, path, 0600), 0);
    int fd = connect_unix(path);
    assert_int_equal(write(fd, "GET /big HTTP/1.1\r\n\r\n", 21), 21);
    for (int i = 0; i < 100 && fixture->asked == 0; i++) {
        event_base_loopexit(fixture->base, &most);
        event_base_loop(fixture->base, 0);
    }
    assert_int_equal(fixture->asked, 1);
    assert_null(heal_http_free(http));
    close(fd);
}

static void test_slow_reader_that_talks_is_dropped(void **state) {
    struct fixture *fixture = *state;

    assert_true(read_slowly(fixture, connect_unix(fixture->path), 64 << 10, true) < 4);
}

static void test_full_house_recovers(void **state) {
    struct fixture *fixture = *state;
    int idle[8];

    for (size_t i = 0; i < 8; i++)
        idle[i] = connect_unix(fixture->path);
    /* Three fill the house; once they are dropped the next ones' turn comes, and in the end ours. */
    char *reply = exchange(fixture, connect_unix(fixture->path), "GET /hello HTTP/1.1\r\n\r\n", NULL);
    assert_non_null(strstr(reply, "hello\n"));
    for (size_t i = 0; i < 8; i++)
        close(idle[i]);
}

static void test_many_requests_leak_nothing(void **state) {
    struct fixture *fixture = *state;
    int first = dup(0);

    close(first);
    for (size_t i = 0; i < 100; i++)
        exchange(fixture, connect_unix(fixture->path), "GET /hello HTTP/1.1\r\n\r\n", NULL);
    assert_int_equal(fixture->asked, 100);
    int last = dup(0);
    assert_int_equal(last, first);
    close(last);
}

static void test_socket_file(void **state) {
    struct fixture *fixture = *state;
    struct heal_http *other;
    struct stat status;
    char path[80];

    assert_int_equal(stat(fixture->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(heal_http_new(fixture->base, routes, fixture, NULL, &other), 0);
    /* Somebody answers there. */
    assert_int_equal(heal_http_listen_unix(other, fixture->path, 0600), -EADDRINUSE);
    /* A file that is no socket stays. */
    snprintf(path, sizeof path, "%s/file", fixture->folder);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(heal_http_listen_unix(other, path, 0600), -EADDRINUSE);
    assert_int_equal(access(path, F_OK), 0);
    unlink(path);
    /* What a dead process left is replaced. */
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(address.sun_path, path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
    assert_int_equal(heal_http_listen_unix(other, path, 0660), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0660);
    heal_http_free(other);
    assert_int_equal(access(path, F_OK), -1);
}

static void test_bad_places(void **state) {
    struct fixture *fixture = *state;
    struct heal_http *other;
    char place[200], used[40];

    assert_int_equal(heal_http_new(fixture->base, routes, fixture, NULL, &other), 0);
    memset(place, 'p', sizeof place - 1);
    place[sizeof place - 1] = '\0';
    assert_int_equal(heal_http_listen_unix(other, place, 0600), -ENAMETOOLONG);
    assert_int_equal(heal_http_listen_unix(other, "/nonexistent-folder/s", 0600), -ENOENT);
    assert_int_equal(heal_http_listen_tcp(other, "no address", NULL), -EINVAL);
    assert_int_equal(heal_http_listen_tcp(other, "127.0.0.1:99999", NULL), -EINVAL);
    snprintf(used, sizeof used, "127.0.0.1:%u", fixture->port);
    assert_int_equal(heal_http_listen_tcp(other, used, NULL), -EADDRINUSE);
    heal_http_free(other);
}

int main(void) {
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ROW(test_answers_and_closes),
        ROW(test_head_has_no_body),
        ROW(test_post_with_argument_and_query),
        ROW(test_wrong_path_and_method),
        ROW(test_caps_on_size),
        ROW(test_garbage),
        ROW(test_idle_client_is_dropped),
        ROW(test_dripping_client_is_dropped),
        ROW(test_reader_that_stalls_is_dropped),
        ROW(test_slow_reader_is_dropped),
        ROW(test_slow_reader_that_talks_is_dropped),
        ROW(test_freed_in_the_middle_of_an_answer),
        ROW(test_full_house_recovers),
        ROW(test_many_requests_leak_nothing),
        ROW(test_socket_file),
        ROW(test_bad_places),
    };

    signal(SIGPIPE, SIG_IGN); /* as heald does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
