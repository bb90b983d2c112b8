/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* quarantine-neighbour: drops all that comes from a neighbour except heald's own packets, so that the routing
 * daemon loses it and routes elsewhere. The last resort against a node that passes nothing on, that its own
 * heald has not mended, and that no override route leads around: it costs the node itself what it says to
 * this one. */
#include "model/output.h"
#include "plan/detour.h"
#include "plan/relief.h"
#include "plan/remedies.h"

#include <errno.h>

/* Of probes, in a row: one may be a link beyond that has just died. */
enum { WINDOWS = 2 };

/* Has nothing of what this node itself sent through it lately come out? What others say is no proof. */
static bool passes_nothing(const struct heal_port *port) {
    bool probed = false;
    for (size_t i = 0; i < HEAL_TRANSITS_MAX; i++) {
        const struct heal_transit *transit = &port->transit[i];
        if (transit->target == 0 || transit->loss < 0)
            continue;
        if (transit->bad_windows < WINDOWS)
            return false;
        probed = true;
    }
    return probed;
}

/* Where the daemon has no other way, it would only cut the neighbour off; a mesh below IP would lose heald's
 * own packets, too; and two that are both sick are not to lock each other out. */
static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_port *port = heal_world_port_to(world, incident->element.node);
    bool sick_itself = world->forwarding_off_since != 0 || world->drops_since != 0;
    return incident->element.kind == HEAL_ELEMENT_NODE && port && !heal_world_has_mesh(world) &&
           !sick_itself && passes_nothing(port) && heal_detour_daemon_has_other(world, incident);
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    const struct heal_port *port = heal_world_port_to(world, incident->element.node);
    if (!port)
        return -ENOENT;
    step->port = port->key;
    return 0;
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

/* The daemon no longer sends anything that way. If it does again, what keeps the neighbour out is gone. */
static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)incident;
    for (size_t i = 0; i < world->rib.routes; i++)
        if (world->rib.route[i].installed && heal_port_key_equal(&world->rib.route[i].via, &step->port))
            return step->worked ? HEAL_VERDICT_FAILED : HEAL_VERDICT_PENDING;
    return HEAL_VERDICT_WORKED;
}

static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return order(world, incident, step, false);
}

const struct heal_remedy_rule heal_remedy_quarantine_neighbour = {
    .remedy = HEAL_QUARANTINE_NEIGHBOUR,
    .timeout = 12 * HEAL_US_PER_S,
    .patience = 10 * HEAL_US_PER_S,
    .risk = 0.7f,
    .holds = true,
    .isolates = HEAL_ISOLATES_NEIGHBOUR,
    .shares = HEAL_SHARES_PLACE,
    .upstream = true,
    .applies = applies,
    .aim = aim,
    .act = act,
    .verify = verify,
    .eases = heal_relief_is_whole,
    .undo = undo,
};
