/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* quarantine-neighbour: drops all that comes from a neighbour except heald's own packets, so that the routing
 * daemon loses it and routes elsewhere. The last resort against a node that poisons the mesh. */
#include "model/output.h"
#include "plan/remedies.h"

#include <errno.h>

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    return incident->element.port.ifname[0] != '\0' && incident->element.node != world->id;
}

static int order(struct heal_world *world, struct heal_incident *incident, struct heal_step *step, bool on) {
    struct heal_command *command = heal_output_act(world, HEAL_COMMAND_QUARANTINE, incident->view.id, step);
    if (!command)
        return -ENOSPC;
    command->quarantine = (struct heal_command_quarantine){.port = step->port, .on = on};
    return 0;
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return order(world, incident, step, true);
}

/* The daemon no longer sends anything that way. */
static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)incident;
    for (size_t i = 0; i < world->rib.routes; i++)
        if (world->rib.route[i].installed && heal_port_key_equal(&world->rib.route[i].via, &step->port))
            return HEAL_VERDICT_PENDING;
    return HEAL_VERDICT_WORKED;
}

static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return order(world, incident, step, false);
}

const struct heal_remedy_rule heal_remedy_quarantine_neighbour = {
    .remedy = HEAL_QUARANTINE_NEIGHBOUR,
    .timeout = 12 * HEAL_US_PER_S,
    .patience = 2 * HEAL_US_PER_S,
    .risk = 0.7f,
    .holds = true,
    .isolates = HEAL_ISOLATES_NEIGHBOUR,
    .shares = HEAL_SHARES_PLACE,
    .applies = applies,
    .aim = heal_remedies_aim_at_place,
    .act = act,
    .verify = verify,
    .undo = undo,
};
