/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/supervisor.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int heald_supervisor_tell(const char *text) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int r = 0;

    if (!path || (path[0] != '/' && path[0] != '@'))
        return 0;
    size_t length = strlen(path);
    if (length >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0'; /* an abstract socket */
    int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (file < 0)
        return -errno;
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (sendto(file, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&address, size) < 0)
        r = -errno;
    close(file);
    return r;
}

heal_us heald_supervisor_watchdog_us(void) {
    const char *interval = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

    if (!interval || (pid && strtol(pid, NULL, 10) != (long)getpid()))
        return 0;
    return strtoull(interval, NULL, 10) / 2;
}
