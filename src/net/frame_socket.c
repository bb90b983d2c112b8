/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/frame_socket.h"

#include <errno.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

int heal_frame_socket_open(void) {
    struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog filter = {1, &drop};
    int on = 1;
    /* Protocol 0: it is given no copy of anything; and should who has it bind it anew, the filter holds. */
    int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -errno;
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof on) == 0)
        return fd;
    int r = -errno;
    close(fd);
    return r;
}
