/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/candidate.h"

#include "plan/guard.h"
#include "plan/remedies.h"

/* May this role of the incident use the remedy? Upstream nodes only lead their own traffic around. */
static bool suits_role(enum heal_role role, enum heal_remedy remedy) {
    return role != HEAL_ROLE_UPSTREAM || remedy == HEAL_ROUTE_AROUND;
}

/* What takes both ends is done by both or by none, and the owner of the link's incident has the choice. */
static bool agrees_with_owner(const struct heal_incident *incident, enum heal_remedy remedy) {
    enum heal_remedy owners = incident->owner_remedy;
    if (incident->view.role != HEAL_ROLE_END || owners == remedy)
        return true;
    bool joins = owners != HEAL_REMEDIES && heal_remedy_takes_both_ends(owners) &&
                 (incident->tried >> owners & 1) == 0;
    return !joins && !heal_remedy_takes_both_ends(remedy);
}

enum heal_candidate heal_candidate_judge(const struct heal_world *world, const struct heal_incident *incident,
                                         enum heal_remedy remedy) {
    const struct heal_remedy_rule *rule = heal_remedies_rule(remedy);
    if ((incident->tried >> remedy & 1) != 0)
        return HEAL_CANDIDATE_TRIED;
    if (!suits_role(incident->view.role, remedy) || !agrees_with_owner(incident, remedy) ||
        !rule->applies(world, incident))
        return HEAL_CANDIDATE_UNSUITED;
    if (heal_guard_isolates(world, incident, rule))
        return HEAL_CANDIDATE_ISOLATES;
    if (world->now - incident->view.opened < rule->patience)
        return HEAL_CANDIDATE_EARLY;
    return HEAL_CANDIDATE_FITS;
}
