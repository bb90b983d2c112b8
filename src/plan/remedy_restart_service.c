/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* restart-service: restarts the service that is down, leaks, or eats the node's CPU. */
#include "base/text.h"
#include "model/output.h"
#include "plan/remedies.h"

#include <errno.h>
#include <string.h>

static const heal_us settle_us = 1500 * HEAL_US_PER_MS;
/* Of the CPU that is in use: a service that takes less is not the one that overloads the node. */
static const float culprit_share = 0.5f;

/* What people have stopped is not started. */
static bool may_restart(const struct heal_world *world, const struct heal_service *service) {
    const struct heal_service_setting *setting = heal_remedies_service_setting(world, service->last.name);
    return setting != NULL && setting->restartable && !service->last.stopped;
}

/* Which service: the sick one; for lost routes the daemon; for an overload the one that makes it. */
static const struct heal_service *choose(const struct heal_world *world,
                                         const struct heal_incident *incident) {
    const struct heal_service *chosen = NULL;
    for (size_t i = 0; i < world->services; i++) {
        const struct heal_service *service = &world->service[i];
        const char *name = service->last.name;
        if (!may_restart(world, service))
            continue;
        if (incident->element.kind == HEAL_ELEMENT_SERVICE) {
            bool is_back = heal_incident_diagnosis(incident) == HEAL_SERVICE_DOWN && service->last.running;
            if (strcmp(name, incident->element.service) == 0)
                return is_back ? NULL : service; /* somebody was faster */
        } else if (heal_incident_diagnosis(incident) == HEAL_ROUTES_LOST) {
            if (strcmp(name, "babeld") == 0)
                return service;
        } else if (strcmp(name, "babeld") != 0 && service->last.cpu >= culprit_share * world->node.cpu &&
                   (!chosen || service->last.cpu > chosen->last.cpu)) {
            chosen = service;
        }
    }
    return chosen;
}

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    return incident->element.node == world->id && incident->element.kind != HEAL_ELEMENT_MESH &&
           choose(world, incident) != NULL;
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    const struct heal_service *service = choose(world, incident);
    if (!service)
        return -ENOENT;
    heal_name_copy(step->service, sizeof step->service, service->last.name);
    step->mark = (uint32_t)(service->last.rss_bytes >> 10); /* KiB in use before */
    return 0;
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    const struct heal_service *service = heal_world_service(world, step->service);
    if (!service || !may_restart(world, service))
        return -ENOENT;
    struct heal_command *command =
        heal_output_act(world, HEAL_COMMAND_SERVICE_RESTART, incident->view.id, step);
    if (!command)
        return -ENOSPC;
    heal_name_copy(command->service.name, sizeof command->service.name, step->service);
    return 0;
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    if (world->now - step->acted < settle_us)
        return HEAL_VERDICT_PENDING;
    for (size_t i = 0; i < world->services; i++) {
        const struct heal_service *service = &world->service[i];
        if (strcmp(service->last.name, step->service) != 0)
            continue;
        bool leaks = heal_incident_diagnosis(incident) == HEAL_MEMORY_LEAK;
        bool smaller = service->last.rss_bytes >> 10 < step->mark;
        bool gone = incident->gone_since != 0;
        return service->last.running && (leaks ? smaller : gone) ? HEAL_VERDICT_WORKED : HEAL_VERDICT_PENDING;
    }
    return HEAL_VERDICT_FAILED;
}

const struct heal_remedy_rule heal_remedy_restart_service = {
    .remedy = HEAL_RESTART_SERVICE,
    .timeout = 8 * HEAL_US_PER_S,
    .risk = 0.4f,
    .applies = applies,
    .aim = aim,
    .act = act,
    .verify = verify,
};
