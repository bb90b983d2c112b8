/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/candidate.h"

#include "plan/guard.h"
#include "plan/remedies.h"

/* So often the disk is asked again: as often as the store tries. */
static const heal_us unsaved_again_us = 10 * HEAL_US_PER_S;

bool heal_candidate_is_unsaved(const struct heal_world *world, const struct heal_incident *incident) {
    return incident->unsaved_at != 0 && world->now - incident->unsaved_at < unsaved_again_us;
}

/* Who only sends through what is sick is told of it, so that he leads his own traffic around. */
static bool suits_role(const struct heal_incident *incident, const struct heal_remedy_rule *rule) {
    return incident->view.role != HEAL_ROLE_UPSTREAM || rule->upstream;
}

enum heal_candidate heal_candidate_judge(const struct heal_world *world, const struct heal_incident *incident,
                                         enum heal_remedy remedy) {
    const struct heal_remedy_rule *rule = heal_remedies_rule(remedy);
    if (((incident->tried | incident->barred) >> remedy & 1) != 0)
        return HEAL_CANDIDATE_TRIED;
    if (!suits_role(incident, rule) || !heal_incident_agrees_with_owner(incident, remedy) ||
        !rule->applies(world, incident))
        return HEAL_CANDIDATE_UNSUITED;
    if (heal_guard_isolates(world, incident, rule))
        return HEAL_CANDIDATE_ISOLATES;
    if (heal_guard_is_worn_out(world, incident, remedy))
        return HEAL_CANDIDATE_WORN_OUT;
    if (world->now - incident->view.opened < rule->patience)
        return HEAL_CANDIDATE_EARLY;
    if (heal_candidate_is_unsaved(world, incident) && !heal_remedy_only_tells(remedy))
        return HEAL_CANDIDATE_UNSAVED;
    return HEAL_CANDIDATE_FITS;
}
