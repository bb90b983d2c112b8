/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/http_socket.h"

#include "net/socket_holder.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 32 };

static int fail(int fd) {
    int r = -errno;

    close(fd);
    return r;
}

/* Makes room for a socket file. @return 0; -EADDRINUSE where somebody answers or what is there is no socket.
 */
static int clear_path(const char *path) {
    int r = heal_socket_holder(path, NULL);

    if (r == -ENOENT)
        return 0;
    if (r != -ECONNREFUSED)
        return r < 0 && r != -ENOTSOCK ? r : -EADDRINUSE;
    return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
}

int heal_socket_listen_unix(const char *path, mode_t mode, struct heal_socket_file *ret_file) {
    struct sockaddr_un address;
    struct heal_socket_file file = {{0}, 0, 0};
    struct stat status;
    int r = heal_socket_address(path, &address);

    if (r < 0)
        return r;
    strcpy(file.path, path);
    r = clear_path(path);
    if (r < 0)
        return r;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    /* The mode is right from the first instant: nobody slips in between bind and chmod. */
    mode_t before = umask(0777 & ~mode);
    r = bind(fd, (const struct sockaddr *)&address, sizeof address);
    umask(before);
    if (r < 0)
        return fail(fd);
    if (stat(path, &status) < 0 || listen(fd, BACKLOG) < 0) {
        r = fail(fd);
        unlink(path);
        return r;
    }
    file.device = status.st_dev;
    file.inode = status.st_ino;
    *ret_file = file;
    return fd;
}

bool heal_socket_file_is_lost(const struct heal_socket_file *file) {
    struct stat status;

    if (!file->path[0])
        return false;
    if (lstat(file->path, &status) < 0)
        return errno == ENOENT || errno == ENOTDIR;
    return status.st_dev != file->device || status.st_ino != file->inode;
}

void heal_socket_file_remove(const struct heal_socket_file *file) {
    if (file->path[0] && !heal_socket_file_is_lost(file))
        unlink(file->path);
}

/* Reads "ADDRESS:PORT" or "[ADDRESS]:PORT". libevent's own reader takes no port 0. @return its size or
 * -EINVAL. */
static int parse_listen(const char *text, struct sockaddr_storage *ret_address) {
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN + 2], *end;

    if (!colon || !isdigit((unsigned char)colon[1]) || (size_t)(colon - text) >= sizeof host)
        return -EINVAL;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (*end || port > UINT16_MAX)
        return -EINVAL;
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    v4.sin_port = v6.sin6_port = htons((uint16_t)port);
    size_t length = strlen(host);
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        if (inet_pton(AF_INET6, host + 1, &v6.sin6_addr) != 1)
            return -EINVAL;
        memcpy(ret_address, &v6, sizeof v6);
        return sizeof v6;
    }
    if (inet_pton(AF_INET, host, &v4.sin_addr) != 1)
        return -EINVAL;
    memcpy(ret_address, &v4, sizeof v4);
    return sizeof v4;
}

static uint16_t port_of(const struct sockaddr_storage *address) {
    struct sockaddr_in v4;

    /* The port is at the same place in both families. */
    memcpy(&v4, address, sizeof v4);
    return ntohs(v4.sin_port);
}

int heal_socket_listen_tcp(const char *listen_on, uint16_t *ret_port) {
    struct sockaddr_storage address = {0};
    int length = parse_listen(listen_on, &address);
    int one = 1;

    if (length < 0)
        return length;
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    /* A restart must not wait for connections of the last run to time out. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    socklen_t size = (socklen_t)length;
    if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, BACKLOG) < 0)
        return fail(fd);
    size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return fail(fd);
    *ret_port = port_of(&address);
    return fd;
}

void heal_socket_peer(int fd, struct heal_http_peer *ret_peer) {
    struct ucred peer;
    int domain = AF_UNSPEC;
    socklen_t size = sizeof peer, domain_size = sizeof domain;

    *ret_peer = (struct heal_http_peer){.uid = -1};
    /* A TCP socket answers, too, with nobody. That the process is not to be seen from here (its pid is 0
     * then) says nothing: it may be outside this PID namespace. */
    if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &domain_size) < 0 || domain != AF_UNIX ||
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 || peer.uid == (uid_t)-1)
        return;
    ret_peer->uid = (int64_t)peer.uid;
    ret_peer->pid = (int64_t)peer.pid;
    ret_peer->group[ret_peer->groups++] = peer.gid;
    size = sizeof ret_peer->group - sizeof ret_peer->group[0];
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, ret_peer->group + 1, &size) == 0)
        ret_peer->groups += size / sizeof ret_peer->group[0];
}
