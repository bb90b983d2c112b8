/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The wait until a descriptor can be read from. */
#ifndef HEAL_LAB_READABLE_H
#define HEAL_LAB_READABLE_H

/** Signals do not end it. @param timeout_ms below 0: however long it takes. @return 0; -ETIMEDOUT; or another
 * negative errno. */
int heal_readable_wait(int fd, int timeout_ms);

#endif
