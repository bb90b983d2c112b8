/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/relief.h"

#include "model/output.h"
#include "plan/detour.h"

static bool has_severed(const struct heal_world *world, const struct heal_incident *incident) {
    for (size_t i = 0; world->severed.severed > 0 && i < HEAL_SEVERED_MAX; i++)
        if (heal_severed_by(world, incident, &world->severed.way[i]))
            return true;
    return false;
}

bool heal_relief_is_whole(const struct heal_world *world, const struct heal_incident *incident) {
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        if (heal_detour_suffers(world, incident, route) &&
            !heal_detours_lead(&world->detours, &route->prefix))
            return false;
    }
    return !has_severed(world, incident);
}

void heal_relief_note_cut_off(struct heal_world *world) {
    for (size_t i = 0; i < world->incidents; i++) {
        struct heal_incident *incident = &world->incident[i];
        struct heal_incident_status *view = &incident->view;
        if (!heal_incident_is_open(incident))
            continue;
        uint16_t before = view->cut_off;
        view->cut_off =
            has_severed(world, incident) ? (uint16_t)heal_detour_survey(world, incident).cut_off : 0;
        if ((before == 0) != (view->cut_off == 0))
            heal_output_decide(world, HEAL_DECISION_OUTCOME, view->id, "cut-off destinations=%u",
                               view->cut_off);
    }
}
