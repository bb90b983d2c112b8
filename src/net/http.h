/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A small HTTP/1.1 server on libevent's: a table of routes, caps on size and time, one request a connection.
 * It owns its sockets and its connections; handlers are called from the caller's event loop and answer at
 * once. It never speaks TLS and never reads files.
 */
#ifndef HEAL_NET_HTTP_H
#define HEAL_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct event_base;
struct heal_http;

enum { HEAL_HTTP_GROUPS_MAX = 64 };

/** Who is at the other end of a Unix socket, by the kernel's word when it connected. */
struct heal_http_peer {
    int64_t uid; /**< -1: unknown, as of TCP */
    int64_t pid; /**< 0: not to be seen from here */
    size_t groups;
    gid_t group[HEAL_HTTP_GROUPS_MAX]; /**< its group and the others that it is in; who is in more, in none */
};

enum heal_http_method { HEAL_HTTP_GET, HEAL_HTTP_HEAD, HEAL_HTTP_POST, HEAL_HTTP_OTHER };

struct heal_http_request {
    enum heal_http_method method;
    const char *path;     /**< decoded, without the query */
    const char *argument; /**< what the star of the route's pattern stands for; "" without one */
    const char *query;    /**< as it came, without the question mark; "" without one */
    const char *body;     /**< @p body_length bytes and a NUL */
    size_t body_length;
    struct heal_http_peer peer;
    unsigned number; /**< the route's */
};

/** What a handler answers. */
struct heal_http_reply {
    int code;         /**< status; 200 unless set */
    const char *type; /**< content type; constant text */
    char *body;       /**< on the heap; the server frees it */
    size_t length;
};

/** One route. A GET route answers HEAD, too. */
struct heal_http_route {
    enum heal_http_method method;
    const char *pattern; /**< "/v1/incidents", or with a star for the last segment; NULL: past the last */
    void (*handle)(void *context, const struct heal_http_request *request, struct heal_http_reply *reply);
    unsigned number; /**< the handler's own: which of its things this route is about */
};

struct heal_http_limits {
    size_t header_bytes, body_bytes;
    unsigned idle_ms;  /**< without a byte of progress */
    unsigned total_ms; /**< for a request and its answer */
    unsigned connections;
};

/** 8 KiB, 64 KiB, 5 s, 10 s, 64. */
extern const struct heal_http_limits heal_http_limits_default;

enum { HEAL_HTTP_CONNECTIONS_MAX = 64 };

/**
 * @param routes and @p context must outlive the server. @param limits NULL: the default.
 * @return 0, -EINVAL or -ENOMEM.
 */
int heal_http_new(struct event_base *base, const struct heal_http_route *routes, void *context,
                  const struct heal_http_limits *limits, struct heal_http **ret_http);

/** Looks at every request before its route does. @return false, with a reply: it is not let in. */
typedef bool heal_http_guard(void *context, const struct heal_http_request *request,
                             struct heal_http_reply *reply);

/** Sets the guard; @p guard NULL: everybody is let in. */
void heal_http_set_guard(struct heal_http *http, heal_http_guard *guard);

/** Closes everything and removes its socket files. Takes NULL. @return NULL. */
struct heal_http *heal_http_free(struct heal_http *http);

/**
 * Listens on a Unix socket. A file left by a dead process is replaced; one that answers, or is no socket, is
 * not. @return 0, -EADDRINUSE, -ENAMETOOLONG, or what the kernel said (-ENOENT: no such folder).
 */
int heal_http_listen_unix(struct heal_http *http, const char *path, mode_t mode);

/** @return whether one of its socket files was removed or replaced: nobody can connect to it any more. */
bool heal_http_is_lost(const struct heal_http *http);

/**
 * Listens on "ADDRESS:PORT" or "[ADDRESS]:PORT"; port 0: any free one.
 * @param ret_port may be NULL. @return 0, -EINVAL or what the kernel said.
 */
int heal_http_listen_tcp(struct heal_http *http, const char *listen, uint16_t *ret_port);

/**
 * Finds the route of @p request and lets it answer; 404 and 405 where there is none. What the server does
 * with every request, for those who have no socket.
 * @param request its argument and number are filled in. @param reply emptied first; @p ret_allow NULL or the
 * methods of a 405. The caller frees reply->body.
 */
void heal_http_answer(const struct heal_http_route *routes, void *context, struct heal_http_request *request,
                      struct heal_http_reply *reply, const char **ret_allow);

/** Answers with a copy of @p text (of @p length bytes). Without memory: 500. */
void heal_http_reply_text(struct heal_http_reply *reply, int code, const char *type, const char *text,
                          size_t length);

/** Answers {"error": "…"}. */
void heal_http_reply_error(struct heal_http_reply *reply, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
