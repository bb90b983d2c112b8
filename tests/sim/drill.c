/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/drill.h"

#include "sim/hand.h"
#include "sim/rings.h"
#include "sim/sim_state.h"

#include <string.h>

enum { FAULTS = 20, SICK_NODE = 1, PATIENCE_S = 60, CALM_S = 400, SETTLE_S = 20, LASTING_S = 15 };

static void bad_policy(struct heal_settings *settings) {
    heal_settings_init(settings);
    strcpy(settings->interface_parameters, "type wireless hello-interval 1");
    settings->mode = HEAL_MODE_ACT;
    settings->ports_max = HEAL_PORTS_MAX;
    struct heal_policy *policy = &settings->policy[HEAL_LINK_LOSS];
    policy->step[0] = HEAL_BOUNCE_LINK; /* cures nothing on this mesh, and takes its time */
    policy->step[1] = HEAL_LINK_COST;
    policy->steps = 2;
    policy->cooldown_us = 0;
    policy->max_per_window = 1000;
}

bool sim_drill_incident(struct heal_sim *mesh, unsigned node, heal_us since,
                        struct heal_incident_status *ret_incident) {
    for (size_t i = 0; heal_engine_incident(mesh->node[node].engine, i, ret_incident); i++)
        if (ret_incident->opened > since)
            return true;
    return false;
}

/* Does nothing go over the sick link any more? Whoever of its ends has seen to that. */
static bool is_healed(const struct heal_sim *mesh, unsigned link) {
    return !heal_sim_crosses(mesh, SICK_NODE, SICK_NODE + 1, link) &&
           !heal_sim_crosses(mesh, SICK_NODE + 1, SICK_NODE, link);
}

static void count(struct sim_drill *sum, const struct heal_incident_status *incident, heal_us healed) {
    sum->heal_s += healed > incident->opened ? (double)(healed - incident->opened) / 1e6
                   : healed != 0             ? 0
                                             : PATIENCE_S;
    for (size_t i = 0; i < incident->steps; i++)
        sum->wrong +=
            incident->step[i].state == HEAL_STEP_FAILED || incident->step[i].state == HEAL_STEP_UNDOING;
}

static void run_fault(struct heal_sim *mesh, struct sim_drill *sum) {
    unsigned index = rings_link(mesh, SICK_NODE, SICK_NODE + 1);
    struct heal_incident_status incident = {0};
    heal_us begun = mesh->now;
    struct heal_sim_link *link = heal_sim_disturb(mesh, index);
    for (int i = 0; i < 2; i++)
        link->direction[i].loss = link->direction[i].loss_full = 0.2;
    heal_us healed = 0; /* since when without a break: a bounce leads around while it lasts */
    bool found = false;
    while (mesh->now - begun < PATIENCE_S * HEAL_US_PER_S &&
           (healed == 0 || mesh->now - healed < LASTING_S * HEAL_US_PER_S)) {
        heal_sim_run(mesh, HEAL_US_PER_S / 10);
        found = sim_drill_incident(mesh, SICK_NODE, begun, &incident);
        healed = !is_healed(mesh, index) ? 0 : healed != 0 ? healed : mesh->now;
    }
    if (found) { /* else the routing daemon was quicker: nothing to learn from */
        sum->faults++;
        count(sum, &incident, healed);
    }
    heal_sim_mend(mesh, index);
    heal_sim_run(mesh, CALM_S * HEAL_US_PER_S);
}

void sim_drill_run(uint64_t seed, struct sim_drill *first, struct sim_drill *second) {
    struct heal_settings settings;
    bad_policy(&settings);
    struct heal_sim *mesh = rings_make(5, seed, &settings);
    /* One end acts, so that what is measured is its choice and not the luck of two. */
    const struct heal_event_operator looks_on = {.verb = HEAL_OPERATOR_MODE, .argument = "observe"};
    heal_hand_say(mesh, SICK_NODE + 1, &looks_on);
    heal_sim_run(mesh, SETTLE_S * HEAL_US_PER_S);
    for (int i = 0; i < FAULTS; i++)
        run_fault(mesh, i < FAULTS / 2 ? first : second);
    heal_sim_free(mesh);
}
