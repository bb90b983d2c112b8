/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What was expected to be healed, and was, has to stay so. */
#include "scenario/scenario_parts.h"

void heal_scenario_look_back(struct heal_scenario *scenario) {
    int line = scenario->line;
    for (unsigned i = 0; i < scenario->kept; i++) {
        const struct heal_kept *kept = &scenario->keeps[i];
        struct heal_incident_status incident;
        bool known =
            heal_engine_incident_find(scenario->sim->node[kept->node].engine, kept->incident, &incident);
        scenario->line = kept->line;
        if (!known || incident.healed != 0)
            continue;
        heal_scenario_fail(scenario, "it was healed, and is no longer");
        scenario->unmet++;
    }
    scenario->line = line;
    scenario->kept = 0;
}
