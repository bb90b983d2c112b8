/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The air: the lab's own network namespace, where the ends of all links meet and nftables passes packets from
 * one to the other. Each link has two devices here, kLa (towards its node a) and kLb, and each of them a
 * chain of its name in the table `netdev air` for what comes in on it. What is done here cannot be seen on a
 * node.
 */
#ifndef HEAL_LAB_AIR_H
#define HEAL_LAB_AIR_H

#include <sys/types.h>

#include "lab/topology.h"

/** In the air, before there are links: no IPv6, so that it says nothing of its own. 0 or negative errno. */
int heal_air_prepare(void);

/**
 * In the air: makes every link, its other ends in the network namespaces of the nodes' inits.
 * @param pids one a node, in the caller's PID namespace. @param ret_failed which step failed, in words.
 * @return 0 or negative errno.
 */
int heal_air_wire(const struct heal_topology *topology, const pid_t *pids, const char **ret_failed);

#endif
