/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Who listens at a Unix socket: a living process, or nobody any more. It asks by connecting, and says
 * nothing. */
#ifndef HEAL_NET_SOCKET_HOLDER_H
#define HEAL_NET_SOCKET_HOLDER_H

#include <sys/socket.h>
#include <sys/un.h>

#define HEAL_SOCKET_UID_UNKNOWN ((uid_t)-1) /**< no user has this number */

/**
 * @param name a path, or "@NAME" for an abstract socket, which is one of this network namespace.
 * @return the address's length, or -ENAMETOOLONG.
 */
int heal_socket_address(const char *name, struct sockaddr_un *ret_address);

/**
 * @return the id of the process that listens there, 0 where it cannot be told; -ENOENT: there is nothing;
 * -ECONNREFUSED: nobody listens; or another negative errno (-EACCES, -ENOTSOCK).
 * @param ret_uid its user; HEAL_SOCKET_UID_UNKNOWN: it is busy, and cannot be asked. May be NULL.
 */
int heal_socket_holder(const char *name, uid_t *ret_uid);

#endif
