/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "monitor/gap.h"

#include "model/output.h"

#include <string.h>

/* After a gap: what waited has been read by then, and neighbours that went on have been heard. */
static const heal_us settle_us = 3 * HEAL_US_PER_S;
/* Their incidents about it are over by then. */
static const heal_us act_after_us = 15 * HEAL_US_PER_S;
/* A round that comes so late was held up by the node, not by the link. */
static const heal_us late_us = HEAL_US_PER_S;

static void drop_evidence(struct heal_port *port) {
    memset(&port->in, 0, sizeof port->in);
    memset(&port->out, 0, sizeof port->out);
    memset(port->rtt_recent_ms, 0, sizeof port->rtt_recent_ms);
    memset(port->outage_at, 0, sizeof port->outage_at);
    memset(port->returned_at, 0, sizeof port->returned_at);
    port->examined_since = port->suspected_at = 0;
    port->own_suspicion = port->for_network = false;
    /* Its windows of routed probes begin anew: as for another epoch. */
    for (size_t i = 0; i < HEAL_TRANSITS_MAX; i++) {
        struct heal_transit *transit = &port->transit[i];

        if (transit->target == 0)
            continue;
        transit->epoch = 0;
        transit->loss = -1;
        transit->bad_windows = 0;
    }
}

static void begin_anew(heal_us *since, heal_us now) {
    if (*since != 0)
        *since = now;
}

/* Time in which nobody looked does not count for how long something has been so. */
static void drop_spans(struct heal_world *world) {
    begin_anew(&world->overloaded_since, world->now);
    begin_anew(&world->forwarding_off_since, world->now);
    begin_anew(&world->routes_differ_since, world->now);
    begin_anew(&world->drops_since, world->now);
    begin_anew(&world->uplink_lost_since, world->now);
    for (size_t i = 0; i < world->services; i++)
        begin_anew(&world->service[i].down_since, world->now);
}

/* Nor for how long a step may take. */
static void put_off(struct heal_world *world, heal_us gap) {
    for (size_t i = 0; i < world->incidents; i++) {
        struct heal_incident *incident = &world->incident[i];
        int active = heal_incident_open_step(incident);

        if (active < 0)
            continue;
        heal_us *deadline = &incident->step[active].deadline;
        if (*deadline != 0 && *deadline < HEAL_NEVER - gap)
            *deadline += gap;
    }
}

bool heal_gap_update(struct heal_world *world, heal_us due) {
    if (due != 0 && world->now > due + late_us)
        world->stood_still_at = world->now;
    heal_us passed = world->now - world->round_at;
    bool gap = world->round_at != 0 && passed > heal_settings_gap_us(&world->settings);

    world->round_at = world->now;
    if (gap) {
        world->settled_at = world->now + settle_us;
        world->acts_at = world->now + act_after_us;
        put_off(world, passed + settle_us);
        drop_spans(world);
        heal_output_decide(world, HEAL_DECISION_OBSERVATION, 0, "gap-s=%.1f evidence=dropped",
                           (double)passed / (double)HEAL_US_PER_S);
    }
    if (world->now >= world->settled_at)
        return false;
    for (size_t i = 0; i < world->ports; i++)
        drop_evidence(&world->port[i]);
    return true;
}

bool heal_gap_is_over(const struct heal_world *world) {
    return world->now >= world->acts_at;
}
