/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/http.h"

#include "base/clock.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "heal/types.h"
#include "net/http_socket.h"

enum { LISTENERS_MAX = 2 };

/*
 * A connection that was accepted. libevent does not tell when one without a request goes away, so `stream`
 * may be gone: its input buffer is then only compared with, never looked at. Once a request has come
 * (`serving`) the connection is known to be there until it says that it closes.
 */
struct slot {
    struct bufferevent *stream; /* NULL: the slot is free */
    struct evbuffer *input;
    heal_us since, heard; /* accepted; something came */
    bool serving;
};

struct heal_http {
    struct evhttp *server;
    const struct heal_http_route *routes;
    void *context;
    heal_http_guard *guard; /* NULL: everybody is let in */
    struct heal_http_limits limits;
    struct event *tick;
    struct evconnlistener *listener[LISTENERS_MAX]; /* the server's */
    struct heal_socket_file file[LISTENERS_MAX];
    size_t listeners;
    struct slot slot[HEAL_HTTP_CONNECTIONS_MAX];
};

const struct heal_http_limits heal_http_limits_default = {
    .header_bytes = 8 << 10,
    .body_bytes = 64 << 10,
    .idle_ms = 5000,
    .total_ms = 10000,
    .connections = HEAL_HTTP_CONNECTIONS_MAX,
};

static void pause_listening(const struct heal_http *http, bool pause) {
    for (size_t i = 0; i < http->listeners; i++) {
        if (pause)
            evconnlistener_disable(http->listener[i]);
        else
            evconnlistener_enable(http->listener[i]);
    }
}

static size_t slots_used(const struct heal_http *http) {
    size_t used = 0;

    for (size_t i = 0; i < http->limits.connections; i++)
        used += http->slot[i].stream != NULL;
    return used;
}

/* No descriptor is free for a connection that waits, as a rule: it would be tried again without end. The next
 * tick listens again. */
static void on_accept_error(struct evconnlistener *listener, void *server) {
    (void)server;
    evconnlistener_disable(listener);
}

/* After slots were taken or freed, and each second: accepts while there is room. */
static void settle(struct heal_http *http) {
    struct timeval second = {.tv_sec = 1};

    pause_listening(http, slots_used(http) == http->limits.connections);
    if (!event_pending(http->tick, EV_TIMEOUT, NULL))
        event_add(http->tick, &second);
}

static bool is_late(const struct heal_http *http, const struct slot *slot) {
    return heal_clock_now() - slot->since > http->limits.total_ms * HEAL_US_PER_MS;
}

/* A connection without a request from which nothing has come for so long has been closed, by libevent if by
 * nobody else. It says so to nobody. */
static bool is_gone(const struct heal_http *http, const struct slot *slot) {
    return heal_clock_now() - slot->heard > http->limits.idle_ms * HEAL_US_PER_MS + HEAL_US_PER_S / 2;
}

/* Ends a connection from within: the server sees its end and frees it. */
static void hang_up(const struct slot *slot) {
    shutdown(bufferevent_getfd(slot->stream), SHUT_RDWR);
}

/* Drops slow readers, and forgets connections that must have ended: one that sent nothing was closed after
 * idle_ms, one that sent something slowly by on_input(). */
static void on_tick(evutil_socket_t fd, short what, void *context) {
    struct heal_http *http = context;

    (void)fd;
    (void)what;
    for (size_t i = 0; i < http->limits.connections; i++) {
        struct slot *slot = &http->slot[i];

        if (!slot->stream)
            continue;
        if (slot->serving && is_late(http, slot))
            hang_up(slot);
        else if (!slot->serving && is_gone(http, slot))
            slot->stream = NULL;
    }
    settle(http);
}

/* Something arrived, so the connection is there: the place to see that it takes too long. */
static void on_input(struct evbuffer *input, const struct evbuffer_cb_info *info, void *context) {
    struct heal_http *http = context;

    (void)info;
    for (size_t i = 0; i < http->limits.connections; i++) {
        struct slot *slot = &http->slot[i];

        if (!slot->stream || slot->input != input)
            continue;
        slot->heard = heal_clock_now();
        if (is_late(http, slot))
            hang_up(slot);
    }
}

static struct bufferevent *on_accept(struct event_base *base, void *context) {
    struct heal_http *http = context;
    struct bufferevent *stream = bufferevent_socket_new(base, -1, 0);
    struct slot *chosen = NULL;

    if (!stream)
        return NULL;
    struct evbuffer *input = bufferevent_get_input(stream);
    for (size_t i = 0; i < http->limits.connections; i++) {
        struct slot *slot = &http->slot[i];

        /* The memory of one that is gone, used again. */
        if (slot->stream && (slot->stream == stream || slot->input == input))
            slot->stream = NULL;
        if (!slot->stream)
            chosen = slot;
    }
    /* While listening is paused no connection comes; but those of one batch are all accepted. */
    if (chosen) {
        *chosen = (struct slot){.stream = stream, .input = input, .since = heal_clock_now()};
        chosen->heard = chosen->since;
        evbuffer_add_cb(input, on_input, http);
    }
    settle(http);
    return stream;
}

static void on_close(struct evhttp_connection *connection, void *context) {
    struct heal_http *http = context;
    const struct bufferevent *stream = evhttp_connection_get_bufferevent(connection);

    for (size_t i = 0; i < http->limits.connections; i++)
        if (http->slot[i].stream == stream)
            http->slot[i].stream = NULL;
    settle(http);
}

/* @return the socket of the request's connection, which is now known to be there; -1 without one. */
static int serve(struct heal_http *http, struct evhttp_request *raw) {
    struct evhttp_connection *connection = evhttp_request_get_connection(raw);

    if (!connection)
        return -1;
    struct bufferevent *stream = evhttp_connection_get_bufferevent(connection);
    for (size_t i = 0; i < http->limits.connections; i++)
        if (http->slot[i].stream == stream)
            http->slot[i].serving = true;
    evhttp_connection_set_closecb(connection, on_close, http);
    return bufferevent_getfd(stream);
}

static enum heal_http_method method_of(const struct evhttp_request *raw) {
    switch (evhttp_request_get_command(raw)) {
    case EVHTTP_REQ_GET:
        return HEAL_HTTP_GET;
    case EVHTTP_REQ_HEAD:
        return HEAL_HTTP_HEAD;
    case EVHTTP_REQ_POST:
        return HEAL_HTTP_POST;
    default:
        return HEAL_HTTP_OTHER;
    }
}

static void send_reply(struct evhttp_request *raw, const struct heal_http_request *request,
                       const struct heal_http_reply *reply, const char *allow) {
    struct evkeyvalq *headers = evhttp_request_get_output_headers(raw);
    struct evbuffer *body = evbuffer_new();
    char length[24];

    evutil_snprintf(length, sizeof length, "%zu", reply->length);
    evhttp_add_header(headers, "Content-Length", length);
    evhttp_add_header(headers, "Content-Type", reply->type);
    evhttp_add_header(headers, "Cache-Control", "no-store");
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    evhttp_add_header(headers, "Connection", "close");
    if (allow)
        evhttp_add_header(headers, "Allow", allow);
    if (body && request->method != HEAL_HTTP_HEAD && reply->length)
        evbuffer_add(body, reply->body, reply->length);
    evhttp_send_reply(raw, reply->code, NULL, body);
    if (body)
        evbuffer_free(body);
}

static void on_request(struct evhttp_request *raw, void *context) {
    struct heal_http *http = context;
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(raw);
    const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
    const char *query = uri ? evhttp_uri_get_query(uri) : NULL;
    struct evbuffer *input = evhttp_request_get_input_buffer(raw);
    struct heal_http_reply reply = {0};
    const char *allow = NULL;
    char *decoded = evhttp_uridecode(path && path[0] ? path : "/", 0, NULL);
    size_t length = evbuffer_get_length(input);
    char *body = malloc(length + 1);
    struct heal_http_request request = {.method = method_of(raw),
                                        .path = decoded,
                                        .argument = "",
                                        .query = query ? query : "",
                                        .body = body,
                                        .body_length = length};

    heal_socket_peer(serve(http, raw), &request.peer);

    if (decoded && body) {
        evbuffer_remove(input, body, length);
        body[length] = '\0';
        if (!http->guard || http->guard(http->context, &request, &reply))
            heal_http_answer(http->routes, http->context, &request, &reply, &allow);
    } else {
        reply = (struct heal_http_reply){.code = 500, .type = "application/json"};
    }
    send_reply(raw, &request, &reply, allow);
    free(reply.body);
    free(body);
    free(decoded);
}

int heal_http_new(struct event_base *base, const struct heal_http_route *routes, void *context,
                  const struct heal_http_limits *limits, struct heal_http **ret_http) {
    const struct heal_http_limits *chosen = limits ? limits : &heal_http_limits_default;

    if (!routes || chosen->connections == 0 || chosen->connections > HEAL_HTTP_CONNECTIONS_MAX)
        return -EINVAL;
    struct heal_http *http = calloc(1, sizeof *http);
    if (!http)
        return -ENOMEM;
    *http = (struct heal_http){.routes = routes, .context = context, .limits = *chosen};
    http->server = evhttp_new(base);
    http->tick = event_new(base, -1, EV_PERSIST, on_tick, http);
    if (!http->server || !http->tick) {
        heal_http_free(http);
        return -ENOMEM;
    }
    struct timeval idle = {.tv_sec = chosen->idle_ms / 1000, .tv_usec = chosen->idle_ms % 1000 * 1000};
    evhttp_set_timeout_tv(http->server, &idle);
    evhttp_set_max_headers_size(http->server, (ev_ssize_t)chosen->header_bytes);
    evhttp_set_max_body_size(http->server, (ev_ssize_t)chosen->body_bytes);
    /* All that libevent knows, so that it is this server that says 405. */
    evhttp_set_allowed_methods(http->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST |
                                                 EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS |
                                                 EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH);
    evhttp_set_bevcb(http->server, on_accept, http);
    evhttp_set_gencb(http->server, on_request, http);
    *ret_http = http;
    return 0;
}

void heal_http_set_guard(struct heal_http *http, heal_http_guard *guard) {
    http->guard = guard;
}

struct heal_http *heal_http_free(struct heal_http *http) {
    if (!http)
        return NULL;
    for (size_t i = 0; i < http->listeners; i++)
        heal_socket_file_remove(&http->file[i]);
    /* The server frees its listeners first, then the connections: as each ends there is none to listen again.
     */
    http->listeners = 0;
    if (http->server)
        evhttp_free(http->server);
    if (http->tick)
        event_free(http->tick);
    free(http);
    return NULL;
}

bool heal_http_is_lost(const struct heal_http *http) {
    for (size_t i = 0; i < http->listeners; i++)
        if (heal_socket_file_is_lost(&http->file[i]))
            return true;
    return false;
}

/* Takes a listening socket. */
static int take_socket(struct heal_http *http, int fd, const struct heal_socket_file *file) {
    if (http->listeners == LISTENERS_MAX) {
        evutil_closesocket(fd);
        return -ENOSPC;
    }
    struct evhttp_bound_socket *bound = evhttp_accept_socket_with_handle(http->server, fd);
    if (!bound) {
        evutil_closesocket(fd);
        return -ENOMEM;
    }
    http->listener[http->listeners] = evhttp_bound_socket_get_listener(bound);
    evconnlistener_set_error_cb(http->listener[http->listeners], on_accept_error);
    http->file[http->listeners++] = *file;
    settle(http);
    return 0;
}

int heal_http_listen_unix(struct heal_http *http, const char *path, mode_t mode) {
    struct heal_socket_file file;
    int fd = heal_socket_listen_unix(path, mode, &file);

    return fd < 0 ? fd : take_socket(http, fd, &file);
}

int heal_http_listen_tcp(struct heal_http *http, const char *listen, uint16_t *ret_port) {
    struct heal_socket_file none = {0};
    uint16_t port;
    int fd = heal_socket_listen_tcp(listen, &port);

    if (fd < 0)
        return fd;
    int r = take_socket(http, fd, &none);
    if (r == 0 && ret_port)
        *ret_port = port;
    return r;
}
