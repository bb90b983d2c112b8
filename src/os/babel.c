/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/babel.h"

#include "base/text.h"
#include "os/babel_table.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    PENDING_MAX = 64,
    LINE_MAX_BYTES = 4096,
    RETRY_FIRST_MS = 100,
    RETRY_MOST_MS = 3200,
    SILENCE_MS = 1000, /* then it is asked whether it is there */
    ANSWER_MS = 2000,  /* then it is wedged */
};

enum pending_kind { PENDING_GREETING, PENDING_SYNC, PENDING_PING, PENDING_COMMAND };

/* A reply that is awaited. They come in order. */
struct pending {
    enum pending_kind kind;
    heal_babel_done *done; /* NULL: nobody waits, or not any more */
    void *context;
};

struct heal_babel {
    struct heal_babel_options options;
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    struct bufferevent *connection; /* NULL: none */
    struct event *timer;            /* when to connect again, to ask, or to give up waiting */
    unsigned retry_ms;
    enum heal_babel_state state;
    char words[96], version[48];
    size_t first_pending, pendings; /* a ring */
    struct pending pending[PENDING_MAX];
    struct heal_babel_table table;
};

static void start_connecting(struct heal_babel *babel);

static void set_timer(struct heal_babel *babel, unsigned ms) {
    struct timeval span = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000) * 1000};
    event_add(babel->timer, &span);
}

static void set_state(struct heal_babel *babel, enum heal_babel_state state, const char *words) {
    char before[sizeof(babel->words)];
    memcpy(before, babel->words, sizeof(before));
    heal_name_copy(babel->words, sizeof(babel->words), words);
    bool news = babel->state != state || strcmp(before, babel->words) != 0;
    babel->state = state;
    if (news && babel->options.on_state) {
        babel->options.on_state(babel->options.context, state, babel->words);
    }
}

/* Takes the first pending reply out of the ring. */
static struct pending take_pending(struct heal_babel *babel) {
    struct pending pending = babel->pending[babel->first_pending];
    babel->first_pending = (babel->first_pending + 1) % PENDING_MAX;
    babel->pendings--;
    return pending;
}

static int add_pending(struct heal_babel *babel, struct pending pending) {
    if (babel->pendings == PENDING_MAX) {
        return -EAGAIN;
    }
    babel->pending[(babel->first_pending + babel->pendings++) % PENDING_MAX] = pending;
    return 0;
}

/* Tells all who wait that no reply will come in time. What they do then, such as to send a command, finds the
 * state and the ring already as they will be. @param late: the places stay, so that a late reply still finds
 * its own. */
static void fail_pending(struct heal_babel *babel, int code, bool late) {
    struct pending waiting[PENDING_MAX];
    size_t count = babel->pendings;
    for (size_t i = 0; i < count; i++) {
        struct pending *pending = &babel->pending[(babel->first_pending + i) % PENDING_MAX];
        waiting[i] = *pending;
        pending->done = NULL;
    }
    babel->pendings = late ? count : 0;
    for (size_t i = 0; i < count; i++) {
        if (waiting[i].done) {
            waiting[i].done(waiting[i].context, code, strerror(-code));
        }
    }
}

static void disconnect(struct heal_babel *babel) {
    if (babel->connection) {
        bufferevent_free(babel->connection);
        babel->connection = NULL;
    }
    babel->table.seen.syncing = false; /* half a dump says nothing about what is missing in it */
}

static void connect_later(struct heal_babel *babel, const char *words) {
    disconnect(babel);
    set_timer(babel, babel->retry_ms);
    babel->retry_ms = babel->retry_ms * 2 < RETRY_MOST_MS ? babel->retry_ms * 2 : RETRY_MOST_MS;
    set_state(babel, HEAL_BABEL_ABSENT, words);
    fail_pending(babel, -ENOTCONN, false);
}

static int send_line(struct heal_babel *babel, const char *line, struct pending pending) {
    int r = add_pending(babel, pending);
    if (r < 0) {
        return r;
    }
    struct evbuffer *output = bufferevent_get_output(babel->connection);
    return evbuffer_add_printf(output, "%s\n", line) < 0 ? -ENOMEM : 0;
}

static int reply_code(enum heal_babel_kind kind) {
    if (kind == HEAL_BABEL_OK) {
        return 0;
    }
    return kind == HEAL_BABEL_BAD ? -EINVAL : -EPERM;
}

static void take_reply(struct heal_babel *babel, const struct heal_babel_line *line) {
    if (babel->pendings == 0) {
        return;
    }
    struct pending pending = take_pending(babel);
    int r = reply_code(line->kind);
    if (pending.kind == PENDING_GREETING) {
        set_state(babel, HEAL_BABEL_SYNCING, "reading what the daemon knows");
        heal_babel_table_begin(&babel->table);
        send_line(babel, "monitor", (struct pending){.kind = PENDING_SYNC});
    } else if (pending.kind == PENDING_SYNC && r < 0) {
        set_state(babel, HEAL_BABEL_SYNCING, "the daemon does not let itself be monitored");
    } else {
        if (pending.kind == PENDING_SYNC) {
            heal_babel_table_end(&babel->table, &babel->options.sink);
            babel->retry_ms = RETRY_FIRST_MS;
        }
        set_state(babel, HEAL_BABEL_READY, babel->version);
    }
    if (pending.done) {
        pending.done(pending.context, r, line->text);
    }
}

static void take_line(struct heal_babel *babel, const char *text, size_t length) {
    struct heal_babel_line line;
    if (heal_babel_line_parse(text, length, &line, NULL) < 0) {
        return; /* of an unknown version; what it can be read of still counts */
    }
    if (heal_babel_line_is_reply(&line)) {
        take_reply(babel, &line);
    } else if (line.kind == HEAL_BABEL_OTHER && strncmp(line.text, "version ", strlen("version ")) == 0) {
        heal_name_copy(babel->version, sizeof(babel->version), line.text + strlen("version "));
    } else {
        heal_babel_table_take(&babel->table, &line, &babel->options.sink);
    }
}

static void on_read(struct bufferevent *connection, void *context) {
    struct heal_babel *babel = context;
    struct evbuffer *input = bufferevent_get_input(connection);
    size_t length;
    char *text;
    while ((text = evbuffer_readln(input, &length, EVBUFFER_EOL_LF))) {
        take_line(babel, text, length);
        free(text);
    }
    if (evbuffer_get_length(input) > LINE_MAX_BYTES) {
        connect_later(babel, "what answers at the socket is not babeld");
        return;
    }
    set_timer(babel, babel->pendings ? babel->options.answer_ms : SILENCE_MS);
}

static void on_event(struct bufferevent *connection, short what, void *context) {
    struct heal_babel *babel = context;
    (void)connection;
    connect_later(babel, what & BEV_EVENT_EOF ? "the daemon closed the connection"
                                              : strerror(EVUTIL_SOCKET_ERROR()));
}

static void on_timer(evutil_socket_t fd, short what, void *context) {
    struct heal_babel *babel = context;
    (void)fd;
    (void)what;
    if (!babel->connection) {
        start_connecting(babel);
    } else if (babel->pendings) {
        /* A daemon that is stopped and goes on again will answer on this very connection. */
        set_timer(babel, babel->options.answer_ms);
        set_state(babel, HEAL_BABEL_WEDGED, "the daemon does not answer");
        fail_pending(babel, -ETIMEDOUT, true);
    } else {
        set_timer(babel, babel->options.answer_ms);
        send_line(babel, "", (struct pending){.kind = PENDING_PING}); /* babeld answers "ok" to nothing */
    }
}

int heal_babel_connect(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path)) {
        return -ENAMETOOLONG;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
        return fd;
    }
    int r = -errno;
    if (fd >= 0) {
        close(fd);
    }
    return r;
}

static void start_connecting(struct heal_babel *babel) {
    int fd = heal_babel_connect(babel->path);
    if (fd == -EACCES && babel->options.connect) {
        set_timer(babel, babel->options.answer_ms); /* then it is tried again */
        babel->options.connect(babel->options.context, babel);
        return;
    }
    heal_babel_take_connection(babel, fd);
}

void heal_babel_take_connection(struct heal_babel *babel, int fd) {
    if (babel->connection) { /* meanwhile there is one */
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    if (fd >= 0) {
        babel->connection = bufferevent_socket_new(event_get_base(babel->timer), fd, BEV_OPT_CLOSE_ON_FREE);
    }
    if (!babel->connection) {
        if (fd >= 0) {
            close(fd);
        }
        connect_later(babel, strerror(fd < 0 ? -fd : ENOMEM));
        return;
    }
    bufferevent_setcb(babel->connection, on_read, NULL, on_event, babel);
    bufferevent_enable(babel->connection, EV_READ | EV_WRITE);
    add_pending(babel, (struct pending){.kind = PENDING_GREETING});
    set_timer(babel, babel->options.answer_ms);
}

int heal_babel_open(const struct heal_babel_options *options, struct heal_babel **ret_babel) {
    if (strlen(options->path) >= sizeof(((struct heal_babel *)0)->path)) {
        return -ENAMETOOLONG;
    }
    struct heal_babel *babel = calloc(1, sizeof(*babel));
    if (!babel) {
        return -ENOMEM;
    }
    babel->options = *options;
    babel->options.answer_ms = options->answer_ms ? options->answer_ms : ANSWER_MS;
    heal_name_copy(babel->path, sizeof(babel->path), options->path);
    babel->retry_ms = RETRY_FIRST_MS;
    heal_babel_table_init(&babel->table);
    babel->timer = evtimer_new(options->base, on_timer, babel);
    if (!babel->timer) {
        free(babel);
        return -ENOMEM;
    }
    heal_name_copy(babel->words, sizeof(babel->words), "not tried yet");
    *ret_babel = babel;
    set_timer(babel, 0);
    return 0;
}

struct heal_babel *heal_babel_close(struct heal_babel *babel) {
    if (babel) {
        disconnect(babel);
        babel->state = HEAL_BABEL_ABSENT;
        fail_pending(babel, -ECANCELED, false);
        event_free(babel->timer);
        heal_babel_table_deinit(&babel->table);
        free(babel);
    }
    return NULL;
}

enum heal_babel_state heal_babel_state(const struct heal_babel *babel) {
    return babel->state;
}

const char *heal_babel_state_name(enum heal_babel_state state) {
    static const char *const names[] = {"absent", "syncing", "ready", "wedged"};
    return names[state];
}

const char *heal_babel_words(const struct heal_babel *babel) {
    return babel->words;
}

int heal_babel_command(struct heal_babel *babel, const char *line, heal_babel_done *done, void *context) {
    if (babel->state != HEAL_BABEL_READY) {
        return -ENOTCONN;
    }
    if (strpbrk(line, "\r\n") || strlen(line) >= LINE_MAX_BYTES) {
        return -EINVAL;
    }
    int result = send_line(babel, line, (struct pending){PENDING_COMMAND, done, context});
    if (result == 0) {
        set_timer(babel, babel->options.answer_ms);
    }
    return result;
}

const struct heal_babel_interface *heal_babel_interface(const struct heal_babel *babel, size_t index) {
    return index < babel->table.interfaces ? &babel->table.interface[index] : NULL;
}
