/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What the engines have found, and whose it is. */
#include "scenario/scenario_parts.h"

#include <string.h>

static const heal_us look_us = 50 * HEAL_US_PER_MS, owner_within_us = HEAL_US_PER_S;

bool heal_scenario_find(const struct heal_scenario *scenario, heal_us since,
                        struct heal_scenario_finding *ret_finding) {
    heal_us first = HEAL_NEVER;
    for (unsigned i = 0; i < scenario->sim->nodes; i++) {
        struct heal_incident_status incident;
        for (size_t j = 0; heal_engine_incident(scenario->sim->node[i].engine, j, &incident); j++)
            if (incident.opened > since && incident.role != HEAL_ROLE_UPSTREAM && incident.opened < first) {
                first = incident.opened;
                *ret_finding = (struct heal_scenario_finding){i, incident};
            }
    }
    return first != HEAL_NEVER;
}

/* @return whether the owner of what an end has found has opened it, too; it takes the end's place. */
static bool find_owner(const struct heal_scenario *scenario, struct heal_scenario_finding *found) {
    for (unsigned i = 0; i < scenario->sim->nodes; i++) {
        struct heal_incident_status incident;
        for (size_t j = 0; heal_engine_incident(scenario->sim->node[i].engine, j, &incident); j++) {
            bool same = strcmp(incident.node, found->incident.other) == 0 &&
                        strcmp(incident.other, found->incident.node) == 0;
            if (same && incident.role == HEAL_ROLE_OWNER && incident.closed == 0) {
                *found = (struct heal_scenario_finding){i, incident};
                return true;
            }
        }
    }
    return false;
}

void heal_scenario_follow_owner(struct heal_scenario *scenario, struct heal_scenario_finding *found) {
    heal_us end = scenario->sim->now + owner_within_us;
    while (found->incident.role != HEAL_ROLE_OWNER && !find_owner(scenario, found) &&
           scenario->sim->now < end)
        heal_scenario_wait(scenario, look_us);
    scenario->node = found->node;
    scenario->incident = found->incident.id;
}
