/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/socket_holder.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int heal_socket_address(const char *name, struct sockaddr_un *ret_address) {
    size_t length = strlen(name);

    if (length >= sizeof ret_address->sun_path)
        return -ENAMETOOLONG;
    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(ret_address->sun_path, name, length);
    if (name[0] != '@')
        return sizeof *ret_address;
    ret_address->sun_path[0] = '\0';
    return (int)(offsetof(struct sockaddr_un, sun_path) + length);
}

/* connect() would say of any file that it refuses. */
static int check_file(const char *path) {
    struct stat status;

    if (lstat(path, &status) < 0)
        return -errno;
    return S_ISSOCK(status.st_mode) ? 0 : -ENOTSOCK;
}

int heal_socket_holder(const char *name, uid_t *ret_uid) {
    struct sockaddr_un address;
    struct ucred peer = {.uid = HEAL_SOCKET_UID_UNKNOWN};
    socklen_t size = sizeof peer;
    int length = heal_socket_address(name, &address);
    int r = length < 0 ? length : name[0] == '@' ? 0 : check_file(name);

    if (r < 0)
        return r;
    int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (file < 0)
        return -errno;
    r = connect(file, (const struct sockaddr *)&address, (socklen_t)length) < 0 ? -errno : 0;
    /* Of this end the credentials are those of who listens. */
    if (r == 0 && getsockopt(file, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
        r = peer.pid;
    close(file);
    if (ret_uid)
        *ret_uid = peer.uid;
    return r == -EAGAIN ? 0 : r; /* somebody listens, and is busy */
}
