/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The asking side of a lab's control socket. A connection is a descriptor that the caller closes. */
#ifndef HEAL_CONTROL_CLIENT_H
#define HEAL_CONTROL_CLIENT_H

#include "control/control.h"

/** @return a connection; -ENOENT or -ECONNREFUSED: no lab runs in that folder; or another negative errno. */
int heal_control_connect(const char *folder);

/**
 * Sends a request. @param words end with NULL; NULL: none. @param descriptors HEAL_CONTROL_FDS of them to go
 * with it, or NULL. @return 0; -E2BIG; or another negative errno.
 */
int heal_control_send(int connection, enum heal_control_verb verb, const char *const *words,
                      const int *descriptors);

/**
 * Waits for the answer. @param timeout_ms below 0: however long it takes. @param ret_text JSON, the caller's
 * to free. @return 0; -ETIMEDOUT; -EPIPE: the lab ended; or another negative errno.
 */
int heal_control_receive(int connection, int timeout_ms, char **ret_text);

#endif
