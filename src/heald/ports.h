/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The ports that this node has learnt: from the routing daemon's neighbours, and from strangers that probed
 * first. Each is made known to the prober and the channel. A port whose neighbour the routing daemon has
 * dropped stays, so that its return is seen; it makes room when the table is full.
 */
#ifndef HEALD_PORTS_H
#define HEALD_PORTS_H

#include "heal/settings.h"

struct heal_prober;
struct heal_channel;

struct heald_port {
    struct heal_port_key key;
    bool present; /**< the routing daemon has it, or it probes */
    heal_us seen; /**< when it was last named */
};

struct heald_ports {
    struct heal_prober *prober;   /**< NULL: none */
    struct heal_channel *channel; /**< NULL: none */
    size_t count, most;
    struct heald_port port[HEAL_PORTS_MAX];
};

/** @return 0 (also if it is known), -ENOSPC: all places are taken by present ones, or the prober's errno. */
int heald_ports_add(struct heald_ports *ports, const struct heal_port_key *key, heal_us now);

/** The routing daemon has dropped a neighbour. */
void heald_ports_leave(struct heald_ports *ports, const struct heal_port_key *key);

/** An interface is gone, and with it all its ports. */
void heald_ports_remove_interface(struct heald_ports *ports, const char *ifname);

#endif
