/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "execute/sharing.h"

#include <string.h>

static bool is_one(enum heal_sharing shares, const struct heal_step *a, const struct heal_step *b) {
    if (shares == HEAL_SHARES_INTERFACE)
        return strcmp(a->port.ifname, b->port.ifname) == 0;
    return heal_port_key_equal(&a->port, &b->port) && strcmp(a->service, b->service) == 0;
}

bool heal_sharing_goes_on(const struct heal_world *world, const struct heal_remedy_rule *rule,
                          const struct heal_step *step) {
    for (size_t i = 0; rule->shares != HEAL_SHARES_NOTHING && i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        int active = heal_incident_active_step(incident);
        if (active < 0 || &incident->step[active] == step)
            continue;
        const struct heal_step_status *view = &incident->view.step[active];
        if (heal_step_is_in_place(view->state) && view->remedy == rule->remedy &&
            is_one(rule->shares, &incident->step[active], step))
            return true;
    }
    return false;
}
