/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "control/client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lab/readable.h"

int heal_control_connect(const char *folder) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/lab.sock", folder);
    int connection, r;

    if (length >= (int)sizeof address.sun_path)
        return -ENOENT; /* no lab can be there */
    connection = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (connection < 0)
        return -errno;
    if (connect(connection, (const struct sockaddr *)&address, sizeof address) == 0)
        return connection;
    r = -errno;
    close(connection);
    return r == -ENOTDIR ? -ENOENT : r;
}

int heal_control_send(int connection, enum heal_control_verb verb, const char *const *words,
                      const int *descriptors) {
    static const size_t fds_bytes = sizeof(int) * HEAL_CONTROL_FDS;
    char buffer[HEAL_CONTROL_REQUEST_MAX];
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * HEAL_CONTROL_FDS)];
    } control = {0};
    struct iovec body = {.iov_base = buffer};
    struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1};
    int length = heal_control_encode(verb, words, buffer);

    if (length < 0)
        return length;
    body.iov_len = (size_t)length;
    if (descriptors) {
        struct cmsghdr *header = &control.align;

        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        *header = (struct cmsghdr){
            .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(fds_bytes)};
        memcpy(CMSG_DATA(header), descriptors, fds_bytes);
    }
    while (sendmsg(connection, &message, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            return -errno;
    return 0;
}

int heal_control_receive(int connection, int timeout_ms, char **ret_text) {
    int r = heal_readable_wait(connection, timeout_ms);
    ssize_t length;
    char *text;

    if (r < 0)
        return r;
    length = recv(connection, NULL, 0, MSG_PEEK | MSG_TRUNC);
    if (length < 0 && errno != ECONNRESET)
        return -errno;
    if (length <= 0)
        return -EPIPE;
    if (length > HEAL_CONTROL_REPLY_MAX)
        return -EMSGSIZE;
    text = malloc((size_t)length + 1);
    if (!text)
        return -ENOMEM;
    if (recv(connection, text, (size_t)length, 0) != length) {
        free(text);
        return -EPIPE;
    }
    text[length] = '\0';
    *ret_text = text;
    return 0;
}
