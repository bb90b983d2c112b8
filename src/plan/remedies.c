/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/remedies.h"

#include "base/cleanup.h"
#include "model/output.h"

#include <errno.h>
#include <string.h>

static const struct heal_remedy_rule *const rules[HEAL_REMEDIES] = {
    [HEAL_ROUTE_AROUND] = &heal_remedy_route_around,
    [HEAL_LINK_COST] = &heal_remedy_link_cost,
    [HEAL_CLAMP_MTU] = &heal_remedy_clamp_mtu,
    [HEAL_BOUNCE_LINK] = &heal_remedy_bounce_link,
    [HEAL_RESTORE_ROUTES] = &heal_remedy_restore_routes,
    [HEAL_SET_FORWARDING] = &heal_remedy_set_forwarding,
    [HEAL_RESTART_SERVICE] = &heal_remedy_restart_service,
    [HEAL_SHED_LOAD] = &heal_remedy_shed_load,
    [HEAL_QUARANTINE_NEIGHBOUR] = &heal_remedy_quarantine_neighbour,
    [HEAL_HOP_PENALTY] = &heal_remedy_hop_penalty,
    [HEAL_THROUGHPUT_OVERRIDE] = &heal_remedy_throughput_override,
    [HEAL_HASTEN_ROUTING] = &heal_remedy_hasten_routing,
    [HEAL_STOP_GATEWAY] = &heal_remedy_stop_gateway,
    [HEAL_RENEW_MESH] = &heal_remedy_renew_mesh,
    [HEAL_SWITCH_CHANNEL] = &heal_remedy_switch_channel,
    [HEAL_RAISE_POWER] = &heal_remedy_raise_power,
    [HEAL_NOTIFY] = &heal_remedy_notify,
};

const struct heal_remedy_rule *heal_remedies_rule(enum heal_remedy remedy) {
    return rules[remedy];
}

bool heal_remedies_trouble_is_gone(const struct heal_world *world, const struct heal_incident *incident,
                                   heal_us span) {
    return incident->gone_since != 0 && world->now - incident->gone_since >= span;
}

int heal_remedies_aim_at_place(const struct heal_world *world, const struct heal_incident *incident,
                               struct heal_step *step) {
    (void)world;
    step->port = incident->element.port;
    memcpy(step->service, incident->element.service, sizeof step->service);
    return 0;
}

int heal_remedies_order_link(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                             enum heal_command_kind kind, struct heal_command_link link) {
    struct heal_command *command = heal_output_act(world, kind, incident->view.id, step);
    if (!command)
        return -ENOSPC;
    memcpy(link.ifname, step->port.ifname, sizeof link.ifname);
    command->link = link;
    return 0;
}

const struct heal_service_setting *heal_remedies_service_setting(const struct heal_world *world,
                                                                 const char *name) {
    for (size_t i = 0; i < world->settings.services; i++)
        if (strcmp(world->settings.service[i].name, name) == 0)
            return &world->settings.service[i];
    return NULL;
}

bool heal_remedies_can_renew(const struct heal_world *world) {
    return world->settings.interface_parameters[0] != '\0' && !world->daemon_silent;
}
