/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heal/status.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "engine/internal.h"
#include "plan/guard.h"
#include "plan/outlook.h"

#include <errno.h>
#include <string.h>

void heal_engine_status(const struct heal_engine *engine, struct heal_engine_status *ret_status) {
    const struct heal_world *world = &engine->world;
    struct heal_engine_status *status = ret_status;
    memset(status, 0, sizeof *status);
    memcpy(status->node, world->name, sizeof status->node);
    status->mode = world->mode;
    status->leftovers = heal_world_leftovers(world);
    status->paused = world->paused;
    status->paused_until = world->paused_until;
    memcpy(status->pause_reason, world->pause_reason, sizeof status->pause_reason);
    status->storm = heal_guard_storm(world);
    for (size_t i = 0; i < world->ports; i++)
        status->ports += world->port[i].known;
    status->neighbours_healthy = heal_world_neighbours_healthy(world);
    status->incidents_open = heal_world_incidents_open(world, 0);
    for (size_t i = 0; i < world->incidents; i++)
        status->incidents_reported +=
            heal_incident_is_open(&world->incident[i]) && world->incident[i].view.role == HEAL_ROLE_UPSTREAM;
    for (size_t i = 0; i < world->rib.routes; i++)
        status->routes += world->rib.route[i].installed;
    status->rounds = world->count.rounds;
    if (world->node_at != 0) {
        status->node_features.value[HEAL_FEATURE_CPU] = world->node.cpu;
        status->node_features.value[HEAL_FEATURE_MEMORY] = world->node.memory;
        status->node_features.valid = 1u << HEAL_FEATURE_CPU | 1u << HEAL_FEATURE_MEMORY;
    }
    status->feedback = world->count.feedback;
    memcpy(status->incidents_total, world->count.incidents, sizeof status->incidents_total);
    memcpy(status->actions_total, world->count.actions, sizeof status->actions_total);
    memcpy(status->suppressed_total, world->count.suppressed, sizeof status->suppressed_total);
    status->mttd_sum_s = world->count.mttd_sum_s;
    status->mttr_sum_s = world->count.mttr_sum_s;
    status->mttd_count = world->count.mttd_count;
    status->mttr_count = world->count.mttr_count;
}

bool heal_engine_port(const struct heal_engine *engine, size_t index, struct heal_port_status *ret_status) {
    const struct heal_world *world = &engine->world;
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!port->known || index-- > 0)
            continue;
        *ret_status = (struct heal_port_status){
            .key = port->key,
            .neighbour = port->neighbour,
            .up = port->up && port->carrier,
            .hears = heal_port_hears(port, world->threshold[HEAL_METRIC_SILENCE]),
            .examined = port->examined_since != 0,
            .cost = port->cost,
            .features = port->features,
            .normal = heal_port_normal(port),
            .loss_in = port->vitals.flow[HEAL_IN].loss_told,
            .loss_out = port->vitals.flow[HEAL_OUT].loss_told,
        };
        memcpy(ret_status->neighbour_name, port->neighbour_name, sizeof ret_status->neighbour_name);
        return true;
    }
    return false;
}

/* What kept the trouble away was taken back: if the trouble is still there, it shows within so long. */
static const heal_us trial_us = 30 * HEAL_US_PER_S;

static bool is_on_trial(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_incident_status *view = &incident->view;
    if (view->closed == 0 || view->steps == 0 || world->now - view->closed >= trial_us)
        return false;
    heal_us undone = incident->step[view->steps - 1].undone_at;
    return undone != 0 && incident->gone_since <= undone &&
           heal_remedy_effect(view->step[view->steps - 1].remedy) == HEAL_EFFECT_CONTAINS;
}

static void snapshot(const struct heal_world *world, const struct heal_incident *incident,
                     struct heal_incident_status *ret_status) {
    *ret_status = incident->view;
    ret_status->on_trial = is_on_trial(world, incident);
}

/* The newest first. */
bool heal_engine_incident(const struct heal_engine *engine, size_t index,
                          struct heal_incident_status *ret_status) {
    uint64_t below = UINT64_MAX;
    const struct heal_incident *found = NULL;
    for (size_t rank = 0; rank <= index; rank++) {
        found = NULL;
        for (size_t i = 0; i < engine->world.incidents; i++) {
            const struct heal_incident *incident = &engine->world.incident[i];
            if (incident->used && incident->view.id < below && (!found || incident->view.id > found->view.id))
                found = incident;
        }
        if (!found)
            return false;
        below = found->view.id;
    }
    snapshot(&engine->world, found, ret_status);
    return true;
}

bool heal_engine_incident_find(const struct heal_engine *engine, uint64_t id,
                               struct heal_incident_status *ret_status) {
    const struct heal_incident *incident = heal_world_incident_by_id_const(&engine->world, id);
    if (incident)
        snapshot(&engine->world, incident, ret_status);
    return incident != NULL;
}

size_t heal_engine_incident_series(const struct heal_engine *engine, uint64_t id,
                                   struct heal_series series[static HEAL_SERIES_MAX]) {
    const struct heal_incident *incident = heal_world_incident_by_id_const(&engine->world, id);
    size_t count = 0;
    for (size_t i = 0; incident && i < HEAL_SERIES_MAX; i++)
        if (incident->series[i].count > 0)
            series[count++] = incident->series[i];
    return count;
}

int heal_engine_outlook(const struct heal_engine *engine, uint64_t id, char *buffer, size_t size) {
    const struct heal_incident *incident = heal_world_incident_by_id_const(&engine->world, id);
    struct heal_text text;
    heal_text_init(&text, buffer, size);
    if (!incident)
        return -ENOENT;
    heal_plan_outlook(&engine->world, incident, &text);
    return 0;
}

bool heal_engine_threshold(const struct heal_engine *engine, size_t index,
                           struct heal_threshold_status *ret_status) {
    if (index >= HEAL_METRICS)
        return false;
    *ret_status = engine->knowledge.thresholds.of[index];
    return true;
}

/* Every remedy of every policy. */
bool heal_engine_strategy(const struct heal_engine *engine, size_t index,
                          struct heal_strategy_status *ret_status) {
    for (int diagnosis = 0; diagnosis < HEAL_DIAGNOSES; diagnosis++) {
        const struct heal_policy *policy = &engine->world.settings.policy[diagnosis];
        if (index >= policy->steps) {
            index -= policy->steps;
            continue;
        }
        *ret_status = heal_strategies_status(&engine->knowledge.strategies, (enum heal_diagnosis)diagnosis,
                                             policy->step[index], (unsigned)index);
        return true;
    }
    return false;
}

int heal_decision_format(const struct heal_decision *decision, char *buffer, size_t size) {
    struct heal_text text;
    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "%llu.%06llu %s", (unsigned long long)(decision->time / HEAL_US_PER_S),
                  (unsigned long long)(decision->time % HEAL_US_PER_S), heal_decision_name(decision->kind));
    if (decision->incident != 0)
        heal_text_add(&text, " incident=%llu", (unsigned long long)decision->incident);
    heal_text_add(&text, " %s", decision->text);
    return text.cut ? -ENOSPC : (int)text.length;
}
