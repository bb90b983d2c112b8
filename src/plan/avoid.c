/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/avoid.h"

#include "base/text.h"
#include "plan/tuning.h"

#include <string.h>

static bool only_hears(const struct heal_incident *incident) {
    return incident->view.role == HEAL_ROLE_UPSTREAM;
}

bool heal_avoid_applies(const struct heal_world *world, const struct heal_incident *incident,
                        const struct heal_avoidance *by) {
    if (only_hears(incident))
        return heal_world_has_mesh(world);
    return heal_element_is_own_link(&incident->element) && heal_tuning_can_move(world, incident) &&
           heal_tuning_applies(world, by->remedy, by->what, incident->element.port.ifname, by->value);
}

int heal_avoid_aim(const struct heal_world *world, const struct heal_incident *incident,
                   const struct heal_avoidance *by, struct heal_step *step) {
    if (only_hears(incident)) {
        heal_name_copy(step->port.ifname, sizeof step->port.ifname, world->mesh.is.ifname);
        return 0;
    }
    step->port.peer = incident->element.port.peer;
    step->mark = heal_tuning_through(world, incident);
    return heal_tuning_aim(world, by->remedy, by->what, incident->element.port.ifname, by->value, step);
}

int heal_avoid_act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return step->tune.on ? heal_tuning_act(world, incident, step) : 0;
}

enum heal_verdict heal_avoid_verify(const struct heal_world *world, const struct heal_incident *incident,
                                    const struct heal_step *step) {
    return only_hears(incident) ? HEAL_VERDICT_IDLE : heal_tuning_verify(world, incident, step);
}
