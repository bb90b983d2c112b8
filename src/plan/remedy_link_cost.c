/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* link-cost: makes the routing daemon avoid the link by itself. Slower than override routes and not without
 * loss (the interface is flushed and set up anew), but the daemon's own loop-freedom holds everywhere. */
#include "model/output.h"
#include "plan/detour.h"
#include "plan/remedies.h"

#include <errno.h>
#include <string.h>

enum { COST_AVOID = 2048 };

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_port *port = heal_world_port_const(world, &incident->element.port);
    return heal_remedies_can_renew(world) && heal_remedies_is_own_link(incident) && port != NULL &&
           port->routed && port->up && port->carrier;
}

static int set_cost(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                    uint32_t cost) {
    struct heal_command *command = heal_output_act(world, HEAL_COMMAND_LINK_COST, incident->view.id, step);
    if (!command)
        return -ENOSPC;
    memcpy(command->link.ifname, step->port.ifname, sizeof command->link.ifname);
    command->link.value = cost;
    return 0;
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    heal_remedies_note_place(incident, step);
    return set_cost(world, incident, step, COST_AVOID);
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    bool settled = world->now - step->acted > HEAL_US_PER_S; /* the flush itself empties the table */
    return settled && heal_detour_survey(world, incident).suffering == 0 ? HEAL_VERDICT_WORKED
                                                                         : HEAL_VERDICT_PENDING;
}

static void undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    set_cost(world, incident, step, 0);
}

const struct heal_remedy_rule heal_remedy_link_cost = {
    .remedy = HEAL_LINK_COST,
    .timeout = 8 * HEAL_US_PER_S,
    .risk = 0.3f,
    .patience = 2 * HEAL_US_PER_S,
    .holds = true,
    .applies = applies,
    .act = act,
    .verify = verify,
    .undo = undo,
};
