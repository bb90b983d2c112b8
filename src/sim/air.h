/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is in the air: probes, background traffic and their loss. A link is brought up to date only when
 * somebody looks: all that its ends have sent since is then drawn at once, second by second, in which the
 * fading is one value (radio/physics.h), and edge by edge of a flapping link.
 */
#ifndef HEAL_SIM_AIR_H
#define HEAL_SIM_AIR_H

#include "sim/sim_state.h"

/** Sends all that is due on a link, both ways, up to now. */
void heal_air_reckon(struct heal_sim *sim, struct heal_sim_link *link);
/** @return whether one packet sent now from the end @p side arrives. The link is reckoned. */
bool heal_air_passes(struct heal_sim *sim, struct heal_sim_link *link, unsigned side, bool full);
/** @return the share that is lost of what is sent from the end @p side at @p at, in the reckoned second. */
double heal_air_loss(const struct heal_sim *sim, const struct heal_sim_link *link, unsigned side,
                     enum heal_probe_size size, heal_us at);
/** What the radio at the receiving end of a direction hears of its signal, and of noise. */
double heal_air_rssi_dbm(const struct heal_sim_link *link);
double heal_air_noise_dbm(const struct heal_sim_direction *direction);

/** @return whether the interface at an end of a link is down. */
static inline bool heal_air_is_down(const struct heal_sim_port *port, heal_us at) {
    return port->down || at < port->bounced_until;
}

/** @return the port at an end of a link. */
static inline struct heal_sim_port *heal_air_port(const struct heal_sim *sim,
                                                  const struct heal_sim_link *link, unsigned side) {
    return &sim->node[link->node[side]].port[link->port[side]];
}

#endif
