/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* stop-gateway: this node no longer tells the mesh that it is a way out, so that who has chosen it chooses
 * another. It does again when it has one. */
#include "plan/remedies.h"
#include "plan/tuning.h"

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    return incident->element.node == world->id && heal_world_has_mesh(world) &&
           world->mesh.is.gateway == HEAL_GATEWAY_SERVER;
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    (void)incident;
    return heal_tuning_aim(world, HEAL_STOP_GATEWAY, HEAL_TUNE_GATEWAY, world->mesh.is.ifname,
                           HEAL_GATEWAY_OFF, step);
}

/* Whether the trouble is over is a question as long as the node would offer a way out, but for this. */
static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    int r = heal_tuning_act(world, incident, step);
    world->mesh.withheld = world->mesh.withheld || r == 0;
    return r;
}

static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    int r = heal_tuning_undo(world, incident, step);
    world->mesh.withheld = world->mesh.withheld && r < 0;
    return r;
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)incident;
    return heal_tuning_shows(world, step) ? HEAL_VERDICT_WORKED : HEAL_VERDICT_PENDING;
}

const struct heal_remedy_rule heal_remedy_stop_gateway = {
    .remedy = HEAL_STOP_GATEWAY,
    .timeout = 4 * HEAL_US_PER_S,
    .risk = 0.05f,
    .holds = true,
    .shares = HEAL_SHARES_INTERFACE,
    .applies = applies,
    .aim = aim,
    .act = act,
    .verify = verify,
    .taken_over = heal_tuning_taken_over,
    .undo = undo,
};
