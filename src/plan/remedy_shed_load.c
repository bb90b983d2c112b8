/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* shed-load: throttles the service that uses most, as far as the operator has allowed that, so that the node
 * has CPU time left for the mesh. */
#include "base/text.h"
#include "model/output.h"
#include "plan/remedies.h"

#include <errno.h>
#include <string.h>

/* How much of the node may be in use when the throttle is set; and what a service keeps at least. */
static const float usage_wanted = 0.6f, share_least = 0.05f;

static bool may_shed(const struct heal_world *world, const struct heal_service *service) {
    const struct heal_service_setting *setting = heal_remedies_service_setting(world, service->last.name);
    return setting != NULL && setting->sheddable && service->last.running;
}

static const struct heal_service *choose(const struct heal_world *world) {
    const struct heal_service *chosen = NULL;
    for (size_t i = 0; i < world->services; i++) {
        const struct heal_service *service = &world->service[i];
        if (may_shed(world, service) && (!chosen || service->last.cpu > chosen->last.cpu))
            chosen = service;
    }
    return chosen;
}

/* Where what the others use is an overload by itself, a throttle takes from the service and helps nobody. */
static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_service *service = choose(world);
    return incident->element.node == world->id && service && service->last.cpu > share_least &&
           world->node.cpu - service->last.cpu + share_least < world->threshold[HEAL_METRIC_CPU];
}

static int order(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                 float share) {
    struct heal_command *command = heal_output_act(world, HEAL_COMMAND_SERVICE_SHED, incident->view.id, step);
    if (!command)
        return -ENOSPC;
    memcpy(command->service.name, step->service, sizeof command->service.name);
    command->service.share = share;
    return 0;
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    const struct heal_service *service = choose(world);
    (void)incident;
    if (!service)
        return -ENOENT;
    heal_name_copy(step->service, sizeof step->service, service->last.name);
    return 0;
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    const struct heal_service *service = heal_world_service(world, step->service);
    if (!service || !may_shed(world, service))
        return -ENOENT;
    float others = world->node.cpu - service->last.cpu;
    float share = usage_wanted - (others > 0 ? others : 0);
    return order(world, incident, step, share > share_least ? share : share_least);
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)step;
    bool relieved = world->overloaded_since == 0 && incident->gone_since != 0;
    return relieved ? HEAL_VERDICT_WORKED : HEAL_VERDICT_PENDING;
}

/* The shell knows what its throttle has changed, and changes nothing else back. */
static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    return order(world, incident, step, 0);
}

const struct heal_remedy_rule heal_remedy_shed_load = {
    .remedy = HEAL_SHED_LOAD,
    .timeout = 6 * HEAL_US_PER_S,
    .risk = 0.15f,
    .holds = true,
    .hold_us = 30 * HEAL_US_PER_S,
    .shares = HEAL_SHARES_PLACE,
    .applies = applies,
    .aim = aim,
    .act = act,
    .verify = verify,
    .undo = undo,
};
