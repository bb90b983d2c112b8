/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* bounce-link: the interface goes down for a second and up again; wakes drivers and radios that are stuck. */
#include "plan/drain.h"
#include "plan/remedies.h"

#include <errno.h>

/* By then the interfaces that are up have been seen, and a bounce that was under way has ended. */
static const heal_us known_after_us = 10 * HEAL_US_PER_S;

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_port *port = heal_world_port_const(world, &incident->element.port);
    /* A radio that was down is in no mesh any more when it comes up. */
    if (heal_world_hard(world, incident->element.port.ifname))
        return false;
    /* Who has taken it down wants it down. */
    return heal_element_is_own_link(&incident->element) && incident->view.role == HEAL_ROLE_OWNER && port &&
           port->up;
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return heal_remedies_order_link(world, incident, step, HEAL_COMMAND_LINK_BOUNCE,
                                    (struct heal_command_link){0});
}

/* Who does it goes on to its end when heald is killed, but may have been killed with it. */
static int recover(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    const struct heal_port *port = heal_world_port_const(world, &step->port);
    if (port && port->up && port->carrier)
        return 0;
    if (world->now - world->started < known_after_us)
        return -EAGAIN;
    return act(world, incident, step);
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    bool settled = world->now - step->acted > 3 * HEAL_US_PER_S;
    return settled && heal_remedies_trouble_is_gone(world, incident, 2 * HEAL_US_PER_S)
               ? HEAL_VERDICT_WORKED
               : HEAL_VERDICT_PENDING;
}

const struct heal_remedy_rule heal_remedy_bounce_link = {
    .remedy = HEAL_BOUNCE_LINK,
    .timeout = 10 * HEAL_US_PER_S,
    .patience = 2 * HEAL_US_PER_S,
    .risk = 0.5f,
    .isolates = HEAL_ISOLATES_INTERFACE,
    .shares = HEAL_SHARES_INTERFACE,
    .drain = &heal_drain_interface,
    .applies = applies,
    .aim = heal_remedies_aim_at_place,
    .act = act,
    .verify = verify,
    .recover = recover,
};
