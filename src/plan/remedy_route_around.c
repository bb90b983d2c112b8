/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* route-around: override routes lead the traffic that would pass what is sick over ways that are known to be
 * free of loops. The routing daemon's own routes stay underneath, so that undoing loses nothing. */
#include "plan/detour.h"
#include "plan/relief.h"
#include "plan/remedies.h"

/* Some destinations can be helped only once the nodes that send their traffic through here have led it
 * around, too: all then have so long. */
static const heal_us others_within_us = 2 * HEAL_US_PER_S;

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    if (incident->element.kind != HEAL_ELEMENT_LINK && incident->element.node == world->id)
        return false; /* nobody leads around himself */
    if (heal_world_has_mesh(world))
        return false; /* what routes below IP takes no routes */
    struct heal_detour_survey survey = heal_detour_survey(world, incident);
    /* To what is cut off it leads no way; what has only just lost its own soon has another. */
    return survey.helped > 0 || (survey.suffering == 0 && survey.cut_off == 0);
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    heal_detour_order(world, incident, step);
    return 0;
}

static bool leads_any(const struct heal_world *world, const struct heal_incident *incident) {
    for (size_t i = 0; i < world->detours.count; i++)
        if (world->detours.detour[i].incident == incident->view.id)
            return true;
    return false;
}

/* Does the kernel show all that was ordered? What is announced now and withdrawn then would keep the others
 * from ever being in place. */
static bool shows_ordered(const struct heal_world *world, const struct heal_incident *incident) {
    size_t ordered = 0;
    for (size_t i = 0; i < world->detours.count; i++) {
        const struct heal_detour *detour = &world->detours.detour[i];
        if (detour->incident != incident->view.id || detour->ordered == 0)
            continue;
        if (!detour->seen)
            return false;
        ordered++;
    }
    return ordered > 0;
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    struct heal_detour_survey survey = heal_detour_survey(world, incident);
    bool waited = world->now - step->acted > others_within_us;
    if (survey.helped < survey.suffering && !waited)
        return HEAL_VERDICT_PENDING;
    bool helps =
        survey.suffering == 0 ? survey.cut_off == 0 || leads_any(world, incident) : survey.helped > 0;
    if (!helps)
        return HEAL_VERDICT_FAILED;
    return heal_detour_in_place(world, incident) || (waited && shows_ordered(world, incident))
               ? HEAL_VERDICT_WORKED
               : HEAL_VERDICT_PENDING;
}

const struct heal_remedy_rule heal_remedy_route_around = {
    .remedy = HEAL_ROUTE_AROUND,
    .timeout = 3 * HEAL_US_PER_S,
    .risk = 0.05f,
    .holds = true,
    .upstream = true,
    .idle_words = "nothing of this node's passes there, and none of its destinations is cut off",
    .applies = applies,
    .aim = heal_remedies_aim_at_place,
    .act = act,
    .verify = verify,
    .eases = heal_relief_is_whole,
    .tend = heal_detour_order,
    .taken_over = heal_detour_taken_over,
    .undo = heal_detour_withdraw,
};
