/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/guard.h"

static bool same_trouble(const struct heal_incident *a, const struct heal_incident *b) {
    return heal_incident_diagnosis(a) == heal_incident_diagnosis(b) &&
           heal_element_equal(&a->element, &b->element);
}

/* Was it over only because something that keeps the trouble away was in place, and taken back to see? Then
 * that the trouble is there again says nothing against doing the same once more, at once. */
static bool was_hidden(const struct heal_incident_status *view) {
    const struct heal_step_status *last = &view->step[view->steps - 1];
    return last->state == HEAL_STEP_DONE && heal_remedy_effect(last->remedy) == HEAL_EFFECT_CONTAINS;
}

/* Steps taken against the same trouble within its policy's window; and when the last that was ours ended. */
static unsigned steps_lately(const struct heal_world *world, const struct heal_incident *incident,
                             const struct heal_policy *policy, heal_us *ret_last_end) {
    unsigned steps = 0;
    *ret_last_end = 0;
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *other = &world->incident[i];
        if (!other->used || !same_trouble(other, incident))
            continue;
        for (size_t j = 0; j < other->view.steps; j++) {
            const struct heal_step_status *step = &other->view.step[j];
            bool acted = step->state != HEAL_STEP_WOULD && !heal_remedy_only_tells(step->remedy);
            steps += acted && world->now - step->started <= policy->window_us;
        }
        if (other != incident && other->view.steps > 0 && !was_hidden(&other->view) &&
            other->view.closed > *ret_last_end)
            *ret_last_end = other->view.closed;
    }
    return steps;
}

bool heal_guard_storm(const struct heal_world *world) {
    heal_us window = world->settings.storm_window_us;
    heal_us since = world->now > window ? world->now - window : 0;
    return heal_world_incidents_open(world, since) >= world->settings.storm_limit;
}

bool heal_guard_isolates(const struct heal_world *world, const struct heal_incident *incident,
                         const struct heal_remedy_rule *rule) {
    bool all_behind = rule->isolates == HEAL_ISOLATES_INTERFACE;
    const char *ifname = all_behind ? incident->element.port.ifname : "";
    return rule->isolates != HEAL_ISOLATES_NOBODY &&
           heal_world_neighbours_left(world, ifname) < world->settings.min_healthy_neighbours;
}

enum heal_suppression heal_guard_incident(const struct heal_world *world,
                                          const struct heal_incident *incident) {
    const struct heal_policy *policy = heal_world_policy_of(world, incident);
    heal_us last_end;
    if (world->paused)
        return HEAL_SUPPRESSED_PAUSED;
    if (incident->dismissed)
        return HEAL_SUPPRESSED_OPERATOR;
    if (incident->view.ranked[0].confidence < policy->min_confidence)
        return HEAL_SUPPRESSED_CONFIDENCE;
    if (world->now - incident->confident_at < policy->for_us)
        return HEAL_SUPPRESSED_WAITING;
    if (heal_guard_storm(world))
        return HEAL_SUPPRESSED_STORM;
    if (steps_lately(world, incident, policy, &last_end) >= policy->max_per_window)
        return HEAL_SUPPRESSED_BUDGET;
    if (last_end != 0 && world->now - last_end < policy->cooldown_us)
        return HEAL_SUPPRESSED_COOLDOWN;
    return HEAL_NOT_SUPPRESSED;
}
