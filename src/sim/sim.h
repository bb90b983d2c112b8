/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A mesh in virtual time: one engine a node, lossy links between them, a routing daemon that sees only what
 * babeld would see, and faults of the kinds that the lab has. One thread, no clock, no I/O: the same plan,
 * settings and seed give the same run, to the byte.
 *
 * Time goes from event to event (agenda.h). A direction of a link is brought up to date only when somebody
 * looks at it (air.h), so whoever changes what a link is like says so first: heal_sim_disturb.
 */
#ifndef HEAL_SIM_SIM_H
#define HEAL_SIM_SIM_H

#include "heal/engine.h"
#include "heal/settings.h"
#include "heal/status.h"
#include "sim/plan.h"

/** When a mesh begins: later than 0, which means "not yet". */
#define HEAL_SIM_START_US HEAL_US_PER_S

/* What they hold is in sim_state.h. */
struct heal_sim;
struct heal_sim_direction;
struct heal_sim_link;
struct heal_sim_port;
struct heal_sim_service;

/** Who looks on. */
struct heal_sim_ear {
    void *context;
    /** A node's engine has decided something; may be NULL. */
    void (*decided)(void *context, unsigned node, const struct heal_decision *decision);
    /** It acts on the world; may be NULL. */
    void (*acts)(void *context, unsigned node, const struct heal_command *command);
};

struct heal_sim_options {
    const struct heal_settings *settings; /**< of every node; copied */
    uint64_t seed;
    bool radio; /**< all links have radios (heal_radio_default); else nothing is lost unless it is made to be
                 */
    bool idle;  /**< all workers are still to be started */
    /** gnn/model.h: the network that all nodes compute together; the caller's, and lasts as long as the mesh.
     * NULL: none */
    const struct heal_gnn_model *model;
};

/** @param plan copied. @return 0, -ENOMEM, or -EINVAL for settings or a model that no engine takes. */
int heal_sim_new(const struct heal_sim_plan *plan, const struct heal_sim_options *options,
                 struct heal_sim **ret_sim);
/** Takes NULL. @return NULL. */
struct heal_sim *heal_sim_free(struct heal_sim *sim);

/** Lets so much time pass. @return 0, or -ENOMEM: something was lost, now or before; time has passed, but
 * what was still to happen has not. */
int heal_sim_run(struct heal_sim *sim, heal_us span);

/** The mesh address of a node, and back. */
struct heal_address heal_sim_address(unsigned node);
unsigned heal_sim_node_at(const struct heal_address *address);
/** @return its index, or -1. */
int heal_sim_find_node(const struct heal_sim *sim, const char *name);
/** @return the index of the link between two nodes, or -1. */
int heal_sim_find_link(const struct heal_sim *sim, unsigned a, unsigned b);

/** Says that a link is about to be changed: what came before is reckoned with what it was like. @return it.
 */
struct heal_sim_link *heal_sim_disturb(struct heal_sim *sim, unsigned link);
/** As above. @return the direction of the link that leads from @p from to the other end. */
struct heal_sim_direction *heal_sim_disturb_direction(struct heal_sim *sim, unsigned link, unsigned from);
/** Takes away all that was done to a link. */
void heal_sim_mend(struct heal_sim *sim, unsigned link);

/** @return the share of full-size packets from @p from that reach @p to now, along the kernels' routes; -1
 * for a loop. */
double heal_sim_delivery(struct heal_sim *sim, unsigned from, unsigned to);
/** The same for packets of a size, at a time of the second that has been reckoned. */
double heal_sim_delivery_at(struct heal_sim *sim, unsigned from, unsigned to, enum heal_probe_size size,
                            heal_us at);
/** @return whether a packet from @p from to @p to would cross the link now. */
bool heal_sim_crosses(const struct heal_sim *sim, unsigned from, unsigned to, unsigned link);

#endif
