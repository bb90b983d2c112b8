/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The ports that this node has learnt: from the routing daemon's neighbours, and from strangers that probed
 * first. Each is made known to the prober and the channel. A port whose neighbour the routing daemon has
 * dropped stays, so that its return is seen, until it has been silent for long; it makes room when the table
 * is full. A stranger, whom the daemon has never named, may be anybody on the link: it has a share of the
 * places only, gives way to the daemon's neighbours, and is forgotten when it falls silent.
 */
#ifndef HEALD_PORTS_H
#define HEALD_PORTS_H

#include "heal/settings.h"

struct heal_prober;
struct heal_channel;

struct heald_port {
    struct heal_port_key key;
    bool present;  /**< the routing daemon has it now */
    bool stranger; /**< it never had */
    heal_us seen;  /**< when it was last named or heard */
};

struct heald_ports {
    struct heal_prober *prober;   /**< NULL: none */
    struct heal_channel *channel; /**< NULL: none */
    /** A port is no more, though its interface is there: nothing will be read of it. May be NULL. */
    void (*on_forgotten)(void *context, const struct heal_port_key *key);
    void *context;
    size_t count, most;
    struct heald_port port[HEAL_PORTS_MAX];
};

/**
 * The routing daemon names a neighbour. Strangers make room for it, then those that the daemon has dropped.
 * @return 0 (also if it is known), -ENOSPC: the daemon has as many as there are places, or the prober's
 * errno.
 */
int heald_ports_add(struct heald_ports *ports, const struct heal_port_key *key, heal_us now);

/** A stranger has probed for some time. @return 0 (also if it is known), -EDQUOT: its interface has its share
 * of strangers, -ENOSPC, or the prober's errno. */
int heald_ports_meet(struct heald_ports *ports, const struct heal_port_key *key, heal_us now);

/** The routing daemon has dropped a neighbour. */
void heald_ports_leave(struct heald_ports *ports, const struct heal_port_key *key);

/** A port was heard at @p at. */
void heald_ports_hear(struct heald_ports *ports, const struct heal_port_key *key, heal_us at);

/** Forgets those that are not the routing daemon's and have been silent for long. */
void heald_ports_age(struct heald_ports *ports, heal_us now);

/** An interface is gone, and with it all its ports. Only of strangers it is said that they are forgotten: the
 * loss of a neighbour's interface is a trouble. */
void heald_ports_remove_interface(struct heald_ports *ports, const char *ifname);

#endif
