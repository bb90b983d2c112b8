/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* link-cost: makes the routing daemon avoid the link by itself. Slower than override routes and not without
 * loss (the interface is flushed and set up anew), but the daemon's own loop-freedom holds everywhere. */
#include "plan/detour.h"
#include "plan/drain.h"
#include "plan/relief.h"
#include "plan/remedies.h"

#include <string.h>

enum { COST_AVOID = 2048 };

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_port *port = heal_world_port_const(world, &incident->element.port);
    /* A cost moves nothing where there is no better way, and putting it on loses packets. */
    return heal_remedies_can_renew(world) && heal_element_is_own_link(&incident->element) && port &&
           port->routed && port->up && port->carrier && heal_detour_daemon_has_other(world, incident);
}

/* @return to how many destinations the routing daemon has a way. */
static uint32_t installed(const struct heal_world *world) {
    uint32_t count = 0;
    for (size_t i = 0; i < world->rib.routes; i++)
        count += world->rib.route[i].installed;
    return count;
}

static int set_cost(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                    uint32_t cost) {
    struct heal_command_link link = {.value = cost};
    return heal_remedies_order_link(world, incident, step, HEAL_COMMAND_LINK_COST, link);
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    step->mark = installed(world); /* destinations that have a way */
    return heal_remedies_aim_at_place(world, incident, step);
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return set_cost(world, incident, step, COST_AVOID);
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    /* The flush itself empties the table: that nothing goes over the link is no success if nothing goes at
     * all. */
    bool settled = world->now - step->acted > HEAL_US_PER_S && installed(world) >= step->mark;
    return settled && heal_detour_survey(world, incident).suffering == 0 ? HEAL_VERDICT_WORKED
                                                                         : HEAL_VERDICT_PENDING;
}

/* babeld takes no less of a neighbour (rxcost) than the cost of its interface (RFC 8966, A.2), so one
 * that costs less tells that the interface has its normal cost. Without any neighbour there it is not known;
 * nobody loses much by a flush then, which also gives back an interface that was flushed and no more. */
static bool is_surely_normal(const struct heal_world *world, const char *ifname) {
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (port->routed && port->rxcost < COST_AVOID && strcmp(port->key.ifname, ifname) == 0)
            return true;
    }
    return false;
}

/* Somebody has told the daemon another cost, or has started it anew, or it has crashed and somebody else has.
 */
static enum heal_takeover taken_over(struct heal_world *world, struct heal_incident *incident,
                                     struct heal_step *step, struct heal_text *words) {
    const struct heal_port *port = heal_world_port_const(world, &step->port);
    (void)incident;
    step->shown = step->shown || (port && port->routed && port->rxcost >= COST_AVOID);
    if (!step->shown || !is_surely_normal(world, step->port.ifname))
        return HEAL_TAKEOVER_NONE;
    heal_text_add(words, "the routing daemon's cost of %s is no longer what heald has set",
                  step->port.ifname);
    return HEAL_TAKEOVER_STEP;
}

/* Taking back flushes the interface and loses packets: not where nothing is in place. */
static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    if (step->shown && is_surely_normal(world, step->port.ifname))
        return set_cost(world, incident, step, HEAL_COST_FORGET);
    bool needed = !step->unsure || !is_surely_normal(world, step->port.ifname);
    return needed ? set_cost(world, incident, step, 0) : 0;
}

const struct heal_remedy_rule heal_remedy_link_cost = {
    .remedy = HEAL_LINK_COST,
    .timeout = 8 * HEAL_US_PER_S,
    .risk = 0.3f,
    .patience = 2 * HEAL_US_PER_S,
    .holds = true,
    .isolates = HEAL_ISOLATES_INTERFACE,
    .shares = HEAL_SHARES_INTERFACE,
    .drain = &heal_drain_interface,
    .applies = applies,
    .aim = aim,
    .act = act,
    .verify = verify,
    .eases = heal_relief_is_whole,
    .taken_over = taken_over,
    .undo = undo,
};
