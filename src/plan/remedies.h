/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The remedies: one file each, and the table of them all. What a row means is in model/remedy.h.
 */
#ifndef HEAL_PLAN_REMEDIES_H
#define HEAL_PLAN_REMEDIES_H

#include "model/remedy.h"

extern const struct heal_remedy_rule heal_remedy_route_around;
extern const struct heal_remedy_rule heal_remedy_link_cost;
extern const struct heal_remedy_rule heal_remedy_clamp_mtu;
extern const struct heal_remedy_rule heal_remedy_bounce_link;
extern const struct heal_remedy_rule heal_remedy_restore_routes;
extern const struct heal_remedy_rule heal_remedy_set_forwarding;
extern const struct heal_remedy_rule heal_remedy_restart_service;
extern const struct heal_remedy_rule heal_remedy_shed_load;
extern const struct heal_remedy_rule heal_remedy_quarantine_neighbour;
extern const struct heal_remedy_rule heal_remedy_hop_penalty;
extern const struct heal_remedy_rule heal_remedy_throughput_override;
extern const struct heal_remedy_rule heal_remedy_hasten_routing;
extern const struct heal_remedy_rule heal_remedy_stop_gateway;
extern const struct heal_remedy_rule heal_remedy_renew_mesh;
extern const struct heal_remedy_rule heal_remedy_switch_channel;
extern const struct heal_remedy_rule heal_remedy_raise_power;
extern const struct heal_remedy_rule heal_remedy_notify;

/** @return the remedy's row. */
const struct heal_remedy_rule *heal_remedies_rule(enum heal_remedy remedy);

/** @return whether the incident has shown no symptom for a moment. */
bool heal_remedies_trouble_is_gone(const struct heal_world *world, const struct heal_incident *incident,
                                   heal_us span);

/** Aims at the incident's own port or service. @return 0. */
int heal_remedies_aim_at_place(const struct heal_world *world, const struct heal_incident *incident,
                               struct heal_step *step);

/** Orders an act on the link that the step was aimed at. @return 0 or -ENOSPC: the output is full. */
int heal_remedies_order_link(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                             enum heal_command_kind kind, struct heal_command_link link);

/** @return what the operator says of the service of this name, or NULL. */
const struct heal_service_setting *heal_remedies_service_setting(const struct heal_world *world,
                                                                 const char *name);

/** @return whether the routing daemon's interfaces can be given to it anew: it answers, and their parameters
 * are known. */
bool heal_remedies_can_renew(const struct heal_world *world);

#endif
