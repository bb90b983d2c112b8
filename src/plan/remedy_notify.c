/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* notify: calls for people. Always possible, heals nothing. */
#include "base/text.h"
#include "model/output.h"
#include "plan/candidate.h"
#include "plan/proposal.h"
#include "plan/remedies.h"

#include <errno.h>

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    (void)world;
    return incident->view.role == HEAL_ROLE_OWNER;
}

/* All of a command that would help, or nothing: half of one is none. */
static void add_proposal(struct heal_text *text, const struct heal_world *world,
                         const struct heal_incident *incident) {
    char proposal[80];
    struct heal_text words;
    heal_text_init(&words, proposal, sizeof proposal);
    bool fits = heal_proposal_add(&words, world, incident) &&
                text->length + words.length + sizeof "; try: " <= text->size;
    if (fits)
        heal_text_add(text, "; try: %s", proposal);
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    struct heal_command *command = heal_output_act(world, HEAL_COMMAND_NOTIFY, incident->view.id, step);
    if (!command)
        return -ENOSPC;
    const struct heal_incident_status *view = &incident->view;
    struct heal_text text;
    heal_text_init(&text, command->notify.text, sizeof command->notify.text);
    command->notify.incident = view->id;
    heal_text_add(&text, "%s: %s", heal_diagnosis_slug(heal_incident_diagnosis(incident)), view->node);
    if (view->other[0] != '\0')
        heal_text_add(&text, " - %s", view->other);
    const char *part = view->service[0] != '\0' ? view->service : view->mesh;
    if (part[0] != '\0')
        heal_text_add(&text, " %s", part);
    heal_text_add(&text, " (incident %llu): %s", (unsigned long long)view->id,
                  heal_candidate_is_unsaved(world, incident)
                      ? "nothing can be begun, for its evidence cannot be saved: see the disk"
                      : "no remedy is left that heald may try");
    add_proposal(&text, world, incident);
    return 0;
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)world;
    (void)incident;
    (void)step;
    return HEAL_VERDICT_WORKED;
}

const struct heal_remedy_rule heal_remedy_notify = {
    .remedy = HEAL_NOTIFY,
    .timeout = 5 * HEAL_US_PER_S,
    .applies = applies,
    .act = act,
    .verify = verify,
};
