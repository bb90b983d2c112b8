/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the service manager is told (sd_notify(3)): a datagram to the socket that NOTIFY_SOCKET names. Without
 * one nothing is sent.
 */
#ifndef HEALD_SUPERVISOR_H
#define HEALD_SUPERVISOR_H

#include "heal/types.h"

/** Sends "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=…" or several, a line each. @return 0 or an errno. */
int heald_supervisor_tell(const char *text);

/** @return how often WATCHDOG=1 is wanted: half of WATCHDOG_USEC, if that is meant for us; 0: never. */
heal_us heald_supervisor_watchdog_us(void);

#endif
