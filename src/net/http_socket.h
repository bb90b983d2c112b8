/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Listening sockets for http.c: on a path, which must be ours, or on an address. The caller owns them. */
#ifndef HEAL_NET_HTTP_SOCKET_H
#define HEAL_NET_HTTP_SOCKET_H

#include "net/http.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/un.h>

/** The file of a Unix socket; path empty: none. */
struct heal_socket_file {
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    dev_t device;
    ino_t inode;
};

/** @return a listening socket or a negative errno, as heal_http_listen_unix says. */
int heal_socket_listen_unix(const char *path, mode_t mode, struct heal_socket_file *ret_file);

/** @return whether there is no such file any more, or another has taken its place. */
bool heal_socket_file_is_lost(const struct heal_socket_file *file);

/** Removes the file unless another has taken its place. */
void heal_socket_file_remove(const struct heal_socket_file *file);

/** @return a listening socket or a negative errno. */
int heal_socket_listen_tcp(const char *listen, uint16_t *ret_port);

/** Tells who is at the other end of a Unix socket; of any other nobody is known. */
void heal_socket_peer(int fd, struct heal_http_peer *ret_peer);

#endif
