/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* set-forwarding: switches the kernel's forwarding on again. There is nothing to undo: a mesh node forwards.
 */
#include "model/output.h"
#include "plan/remedies.h"

#include <errno.h>

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    return incident->element.node == world->id && world->forwarding_off_since != 0;
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return heal_output_act(world, HEAL_COMMAND_FORWARDING, incident->view.id, step) != NULL ? 0 : -ENOSPC;
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)incident;
    (void)step;
    return world->forwarding_off_since == 0 ? HEAL_VERDICT_WORKED : HEAL_VERDICT_PENDING;
}

const struct heal_remedy_rule heal_remedy_set_forwarding = {
    .remedy = HEAL_SET_FORWARDING,
    .timeout = 3 * HEAL_US_PER_S,
    .risk = 0.05f,
    .applies = applies,
    .act = act,
    .verify = verify,
};
