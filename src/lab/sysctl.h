/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Numbers below /proc/sys, in the namespaces of the calling process.
 */
#ifndef HEAL_LAB_SYSCTL_H
#define HEAL_LAB_SYSCTL_H

/** @param name "net/ipv6/conf/all/forwarding". @return 0 or negative errno. */
int heal_sysctl_write(const char *name, int value);

#endif
