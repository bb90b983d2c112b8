/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/helper_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int fail(int fd) {
    int r = -errno;

    if (fd >= 0)
        close(fd);
    return r;
}

static int address_in(const char *folder, struct sockaddr_un *address) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(address->sun_path, sizeof address->sun_path, "%s/helper.sock", folder);

    return length < (int)sizeof address->sun_path ? 0 : -ENAMETOOLONG;
}

int heal_helper_socket_connect(const char *folder) {
    struct sockaddr_un address;
    int r = address_in(folder, &address);

    if (r < 0)
        return r;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
        return fail(fd);
    return fd;
}

int heal_helper_socket_listen(const char *folder, gid_t group) {
    struct sockaddr_un address;
    int r = address_in(folder, &address);

    if (r < 0)
        return r;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    (void)unlink(address.sun_path);
    mode_t before = umask(0117);
    r = bind(fd, (const struct sockaddr *)&address, sizeof address);
    umask(before);
    if (r < 0 || (group && chown(address.sun_path, 0, group) < 0) || listen(fd, 1) < 0)
        return fail(fd);
    return fd;
}

static bool may_order(int fd, uid_t uid) {
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0)
        return false;
    if (peer.uid == 0 || peer.uid == geteuid() || peer.uid == uid)
        return true;
    fprintf(stderr, "heald-helper: refused: process %d of uid %u is no heald\n", (int)peer.pid,
            (unsigned)peer.uid);
    return false;
}

int heal_helper_socket_accept(int listening, uid_t uid) {
    for (;;) {
        int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd < 0 && errno != EINTR && errno != ECONNABORTED)
            return -errno;
        if (fd >= 0 && may_order(fd, uid))
            return fd;
        if (fd >= 0)
            close(fd);
    }
}

int heal_helper_socket_send(int socket, const void *bytes, size_t length, int file) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof file)] = {0};
    struct iovec content = {(void *)bytes, length};
    struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1};

    if (file >= 0) {
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof file);
        memcpy(CMSG_DATA(head), &file, sizeof file);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* What came with a datagram is installed already, wanted or not: all of it is looked through, and what is too
 * much is closed. @return the one descriptor; -1: none; or -EBADMSG: there were more. */
static int take_file(struct msghdr *message) {
    bool too_many = message->msg_flags & MSG_CTRUNC;
    int file = -1, one;

    for (struct cmsghdr *head = CMSG_FIRSTHDR(message); head; head = CMSG_NXTHDR(message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = 0; at + sizeof one <= head->cmsg_len - CMSG_LEN(0); at += sizeof one) {
            memcpy(&one, CMSG_DATA(head) + at, sizeof one);
            if (file >= 0) {
                too_many = true;
                close(file);
            }
            file = one;
        }
    }
    if (!too_many)
        return file;
    if (file >= 0)
        close(file);
    return -EBADMSG;
}

ssize_t heal_helper_socket_receive(int socket, void *buffer, size_t size, int *ret_file) {
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))]; /* alignment leaves room for two */
    struct iovec content = {buffer, size};
    struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1};

    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    /* Said once, of an end that left something unread; what it said before comes all the same. */
    if (length < 0 && errno == ECONNRESET)
        length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (length < 0)
        return errno == ECONNRESET ? -EPIPE : errno == EINTR ? -EAGAIN : -errno;
    int file = take_file(&message);
    if (length == 0 && file >= 0)
        close(file);
    if (length == 0 || file == -EBADMSG)
        return length == 0 ? -EPIPE : -EBADMSG;
    *ret_file = file;
    return length;
}
