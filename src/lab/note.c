/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/note.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/readable.h"

int heal_note_pair(int ret_ends[static 2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_ends) < 0 ? -errno : 0;
}

int heal_note_send(int channel, const struct heal_note *note) {
    struct heal_note copy = *note;
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * HEAL_NOTE_FDS_MAX)];
    } control = {0};
    struct iovec body = {.iov_base = &copy, .iov_len = sizeof copy};
    struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1};

    if (note->fds > 0) {
        size_t length = sizeof(int) * (size_t)note->fds;
        struct cmsghdr *header;

        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(length);
        header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(length);
        memcpy(CMSG_DATA(header), note->fd, length);
    }
    while (sendmsg(channel, &message, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            return -errno;
    return 0;
}

int heal_note_receive(int channel, int timeout_ms, struct heal_note *ret_note) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * HEAL_NOTE_FDS_MAX)];
    } control;
    struct heal_note note;
    struct iovec body = {.iov_base = &note, .iov_len = sizeof note};
    struct msghdr message = {.msg_iov = &body,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t length;
    int r = heal_readable_wait(channel, timeout_ms);

    if (r < 0)
        return r;
    length = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    if (length < 0)
        return -errno;
    if (length != (ssize_t)sizeof note)
        return -EPIPE;
    note.fds = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        note.fds = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(note.fd, CMSG_DATA(header), sizeof(int) * (size_t)note.fds);
    }
    *ret_note = note;
    return 0;
}

int heal_note_fail(int channel, int code, const char *format, ...) {
    struct heal_note note = {.kind = HEAL_NOTE_FAILED, .number = code};
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(note.text, sizeof note.text, format, arguments);
    va_end(arguments);
    (void)heal_note_send(channel, &note);
    return code;
}
