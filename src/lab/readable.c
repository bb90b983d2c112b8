/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/readable.h"

#include <errno.h>
#include <poll.h>

int heal_readable_wait(int fd, int timeout_ms) {
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int r;

    do
        r = poll(&wait, 1, timeout_ms);
    while (r < 0 && errno == EINTR);
    if (r == 0)
        return -ETIMEDOUT;
    return r < 0 ? -errno : 0;
}
