/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The local socket between the daemon and its helper: datagrams in order, each with a descriptor or without.
 * Who orders is known by the kernel's word (SO_PEERCRED), not by what it says.
 */
#ifndef HEAL_OS_HELPER_SOCKET_H
#define HEAL_OS_HELPER_SOCKET_H

#include "os/privilege.h"

#include <stddef.h>

/** Connects to the helper that listens in @p folder. @return a socket (not blocking) or a negative errno. */
int heal_helper_socket_connect(const char *folder);

/**
 * Listens in @p folder, in place of a helper that has gone.
 * @param group may connect besides root; 0: nobody else. @return a socket or a negative errno.
 */
int heal_helper_socket_listen(const char *folder, gid_t group);

/**
 * Waits for a daemon: a process of @p uid, of this process's user, or root's. Others are refused, which is
 * told on standard error. @return a connected socket (not blocking) or a negative errno.
 */
int heal_helper_socket_accept(int listening, uid_t uid);

/** Sends a datagram without waiting. @param file goes with it; -1: none. @return 0 or a negative errno. */
int heal_helper_socket_send(int socket, const void *bytes, size_t length, int file);

/**
 * Takes a datagram in without waiting.
 * @param ret_file the descriptor that came with it, now the caller's; -1: none.
 * @return its length; -EAGAIN: there is none; -EPIPE: the other end has gone; -EBADMSG: more than one
 * descriptor came with it, and all are closed; or another negative errno.
 */
ssize_t heal_helper_socket_receive(int socket, void *buffer, size_t size, int *ret_file);

#endif
