/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A node's network, set up from within it: forwarding, addresses that are known beforehand and usable at
 * once, and interfaces that send packets as they would go over the air (no offloads).
 */
#ifndef HEAL_LAB_NODE_NETWORK_H
#define HEAL_LAB_NODE_NETWORK_H

#include "lab/topology.h"

/** What interfaces that come shall be like; before they come. @return 0 or negative errno. */
int heal_node_network_prepare(void);

/** Once all interfaces are there. @return 0 or negative errno. */
int heal_node_network_configure(const struct heal_topology *topology, unsigned node);

/**
 * Asks every neighbour's babeld for a full update, as babeld itself does at its start (RFC 8966, 3.8.2.3: a
 * wildcard route request). @return 0 or negative errno.
 */
int heal_node_network_ask_routes(const struct heal_topology *topology, unsigned node);

/** @return a netlink socket in this network, to ask for its routes, or negative errno. */
int heal_node_network_routes(void);

#endif
