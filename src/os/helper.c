/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/helper.h"

#include "base/clock.h"
#include "base/text.h"
#include "os/helper_socket.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PENDING_MAX = 160, LOOK_S = 1, END_MS = 3000, FOLDER_MAX = 108 };

/* An order that is not answered yet. */
struct pending {
    heal_helper_done *done; /* NULL: a free place */
    void *context;
    uint32_t number;
    heal_us due;
};

struct heal_helper {
    struct heal_helper_options options;
    char folder[FOLDER_MAX];
    int socket; /* -1: no connection */
    struct event *readable, *timer;
    enum heal_helper_state state;
    char words[HEAL_RESULT_TEXT]; /* why it is not ready */
    uint64_t capabilities;
    uint32_t number; /* of the last order */
    size_t waiting;
    struct pending pending[PENDING_MAX];
};

static void set_timer(struct heal_helper *helper);

static void set_state(struct heal_helper *helper, enum heal_helper_state state, const char *words) {
    bool news = helper->state != state || (words[0] && strcmp(helper->words, words) != 0);

    helper->state = state;
    heal_name_copy(helper->words, sizeof helper->words, words);
    if (news && helper->options.on_state)
        helper->options.on_state(helper->options.context, state);
}

static void answer(struct heal_helper *helper, struct pending *pending, int code,
                   const struct heal_helper_answer *said, int file) {
    struct pending one = *pending;

    pending->done = NULL;
    helper->waiting--;
    one.done(one.context, code, said, file);
}

static void answer_all(struct heal_helper *helper, int code) {
    for (size_t i = 0; i < PENDING_MAX; i++)
        if (helper->pending[i].done)
            answer(helper, &helper->pending[i], code, NULL, -1);
}

static void drop_connection(struct heal_helper *helper) {
    if (helper->readable)
        event_free(helper->readable);
    helper->readable = NULL;
    if (helper->socket >= 0)
        close(helper->socket);
    helper->socket = -1;
    helper->capabilities = 0;
}

static void lose(struct heal_helper *helper, const char *words) {
    drop_connection(helper);
    set_state(helper, HEAL_HELPER_GONE, words);
    answer_all(helper, -ENOTCONN);
    if (helper->options.child > 0 && waitpid(helper->options.child, NULL, WNOHANG) != 0)
        helper->options.child = 0;
    set_timer(helper);
}

static struct pending *find_pending(struct heal_helper *helper, uint32_t number) {
    for (size_t i = 0; i < PENDING_MAX; i++)
        if (helper->pending[i].done && helper->pending[i].number == number)
            return &helper->pending[i];
    return NULL;
}

/* Takes in one answer. @return 0, -EAGAIN when there is none, or what ended the connection. */
static int take_answer(struct heal_helper *helper) {
    struct heal_helper_answer said;
    uint8_t bytes[sizeof said + 1];
    int file = -1;

    ssize_t length = heal_helper_socket_receive(helper->socket, bytes, sizeof bytes, &file);
    if (length < 0)
        return (int)length;
    int r = heal_helper_answer_decode(bytes, (size_t)length, &said);
    struct pending *pending = r == 0 ? find_pending(helper, said.number) : NULL;
    if (!pending && file >= 0)
        close(file);
    if (r < 0)
        return r;
    if (said.number == 0) { /* before any order: it says why it does not serve */
        lose(helper, said.text);
        return -EAGAIN;
    }
    /* Also what comes too late, when nobody waits for it any more, shows that it is back. */
    helper->capabilities |= said.capabilities;
    set_state(helper, HEAL_HELPER_READY, "");
    if (pending)
        answer(helper, pending, said.code, &said, file);
    return 0;
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    struct heal_helper *helper = context;
    int r = 0;

    (void)fd, (void)what;
    while (r == 0 && helper->socket >= 0)
        r = take_answer(helper);
    if (r == -EPIPE)
        lose(helper, "the helper has ended");
    else if (r < 0 && r != -EAGAIN)
        lose(helper, "what answers is not a helper of this version");
    set_timer(helper);
}

static void on_hello(void *context, int code, const struct heal_helper_answer *said, int file) {
    struct heal_helper *helper = context;

    if (file >= 0)
        close(file);
    if (code < 0 && said)
        lose(helper, said->text);
}

static int take_connection(struct heal_helper *helper, int fd) {
    struct heal_helper_order hello = {.verb = HEAL_HELPER_HELLO};
    struct stat network;

    helper->socket = fd;
    helper->readable = event_new(helper->options.base, fd, EV_READ | EV_PERSIST, on_readable, helper);
    if (!helper->readable || event_add(helper->readable, NULL) < 0)
        return -ENOMEM;
    hello.network = stat("/proc/self/ns/net", &network) == 0 ? network.st_ino : 0;
    heal_helper_ask(helper, &hello, 5 * HEAL_US_PER_S, on_hello, helper);
    return 0;
}

static void look_for_one(struct heal_helper *helper) {
    int fd = helper->folder[0] ? heal_helper_socket_connect(helper->folder) : -ENOENT;

    if (fd >= 0 && take_connection(helper, fd) < 0)
        drop_connection(helper);
}

static void on_timer(evutil_socket_t none, short what, void *context) {
    struct heal_helper *helper = context;
    heal_us now = heal_clock_now();

    (void)none, (void)what;
    if (helper->socket < 0)
        look_for_one(helper);
    for (size_t i = 0; i < PENDING_MAX; i++) {
        if (!helper->pending[i].done || helper->pending[i].due > now)
            continue;
        set_state(helper, HEAL_HELPER_SILENT, "the helper does not answer");
        answer(helper, &helper->pending[i], -ETIMEDOUT, NULL, -1);
    }
    set_timer(helper);
}

/* It goes off while somebody waits, and while there is a helper to be looked for. */
static void set_timer(struct heal_helper *helper) {
    struct timeval wait = {.tv_sec = LOOK_S};
    bool wanted = helper->waiting > 0 || (helper->socket < 0 && helper->folder[0]);

    if (wanted && !evtimer_pending(helper->timer, NULL))
        evtimer_add(helper->timer, &wait);
    else if (!wanted)
        evtimer_del(helper->timer);
}

void heal_helper_ask(struct heal_helper *helper, const struct heal_helper_order *order, heal_us limit,
                     heal_helper_done *done, void *context) {
    struct heal_helper_order copy = *order;
    struct pending *place = helper->pending;

    while (place < helper->pending + PENDING_MAX && place->done)
        place++;
    if (helper->socket < 0 || place == helper->pending + PENDING_MAX) {
        done(context, helper->socket < 0 ? -ENOTCONN : -EBUSY, NULL, -1);
        return;
    }
    copy.version = HEAL_HELPER_VERSION;
    copy.number = ++helper->number;
    int r = heal_helper_socket_send(helper->socket, &copy, sizeof copy, -1);
    if (r < 0) {
        done(context, r == -EAGAIN ? -EBUSY : -ENOTCONN, NULL, -1);
        return; /* that it has ended is read */
    }
    *place = (struct pending){done, context, copy.number, heal_clock_now() + limit};
    helper->waiting++;
    set_timer(helper);
}

void heal_helper_settle(struct heal_helper *helper, heal_us limit) {
    heal_us end = heal_clock_now() + limit, now;

    /* Nobody waits for one that was gone before it was asked: it may have said why. */
    while (helper->socket >= 0 && (helper->waiting > 0 || helper->state == HEAL_HELPER_GONE) &&
           (now = heal_clock_now()) < end) {
        struct pollfd ready = {.fd = helper->socket, .events = POLLIN};

        if (poll(&ready, 1, (int)((end - now) / HEAL_US_PER_MS) + 1) > 0)
            on_readable(helper->socket, EV_READ, helper);
    }
}

int heal_helper_open(const struct heal_helper_options *options, struct heal_helper **ret_helper) {
    struct heal_helper *helper = calloc(1, sizeof *helper);
    int r = -ENOMEM;

    if (helper) {
        helper->options = *options;
        helper->socket = -1;
        heal_name_copy(helper->folder, sizeof helper->folder, options->folder);
        helper->timer = evtimer_new(options->base, on_timer, helper);
        r = !helper->timer ? -ENOMEM : options->socket < 0 ? 0 : take_connection(helper, options->socket);
    }
    if (r < 0) {
        if (options->socket >= 0 && (!helper || helper->socket < 0))
            close(options->socket);
        heal_helper_close(helper);
        return r;
    }
    set_timer(helper);
    *ret_helper = helper;
    return 0;
}

/* It ends by itself when the connection does; the one that does not is left to whom it then belongs. */
static void wait_for_child(pid_t child) {
    int fd = (int)syscall(SYS_pidfd_open, child, 0U);
    struct pollfd ended = {.fd = fd, .events = POLLIN};

    if (fd < 0)
        return;
    (void)poll(&ended, 1, END_MS);
    (void)waitpid(child, NULL, WNOHANG);
    close(fd);
}

struct heal_helper *heal_helper_close(struct heal_helper *helper) {
    if (!helper)
        return NULL;
    drop_connection(helper);
    answer_all(helper, -ECANCELED);
    if (helper->options.child > 0)
        wait_for_child(helper->options.child);
    if (helper->timer)
        event_free(helper->timer);
    free(helper);
    return NULL;
}

enum heal_helper_state heal_helper_state(const struct heal_helper *helper) {
    return helper->state;
}

bool heal_helper_may_return(const struct heal_helper *helper) {
    return helper->folder[0] != '\0';
}

const char *heal_helper_words(const struct heal_helper *helper) {
    return helper->words;
}

uint64_t heal_helper_capabilities(const struct heal_helper *helper) {
    return helper->capabilities;
}
