/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { LIMIT_US = 500000, REPLY_MAX = 1 << 18, REQUEST_MAX = 1024 };

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_usec = LIMIT_US};
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (file < 0)
        return -errno;
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(file, (const struct sockaddr *)&address, sizeof address) == 0)
        return file;
    int r = -errno;
    close(file);
    return r;
}

/* Until the other end closes. @return the length, or a negative errno. */
static ssize_t read_all(int file, char *buffer, size_t size) {
    size_t length = 0;

    while (length + 1 < size) {
        ssize_t got = read(file, buffer + length, size - 1 - length);

        if (got < 0)
            return -errno;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    buffer[length] = '\0';
    return (ssize_t)length;
}

static int exchange(int file, const char *path, const char *body, char *reply) {
    char request[REQUEST_MAX];
    int length =
        snprintf(request, sizeof request,
                 "%s %s HTTP/1.1\r\nHost: heald\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s",
                 body ? "POST" : "GET", path, body ? strlen(body) : 0, body ? body : "");

    if (length < 0 || (size_t)length >= sizeof request)
        return -EMSGSIZE;
    if (send(file, request, (size_t)length, MSG_NOSIGNAL) != length)
        return -EPIPE;
    ssize_t got = read_all(file, reply, REPLY_MAX);
    return got < 0 ? (int)got : 0;
}

int crash_ask(const char *socket, const char *path, const char *body, json_t **ret_page) {
    static char reply[REPLY_MAX];
    int status = 0, file = connect_to(socket);

    if (file < 0)
        return file;
    int r = exchange(file, path, body, reply);
    close(file);
    const char *content = r == 0 ? strstr(reply, "\r\n\r\n") : NULL;
    if (r < 0)
        return r;
    /* The head comes in one piece; an answer that was cut off by a kill is none. */
    if (!content || sscanf(reply, "HTTP/1.%*d %d", &status) != 1)
        return -EPIPE;
    json_t *page = json_loads(content + 4, 0, NULL);
    if (!page)
        return -EPROTO;
    if (ret_page)
        *ret_page = page;
    else
        json_decref(page);
    return status;
}
