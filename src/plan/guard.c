/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/guard.h"

#include "plan/remedies.h"

static bool same_trouble(const struct heal_incident *a, const struct heal_incident *b) {
    return heal_incident_diagnosis(a) == heal_incident_diagnosis(b) &&
           heal_element_equal(&a->element, &b->element);
}

/* Was it over only because something that keeps the trouble away was in place, and taken back to see? Then
 * that the trouble is there again says nothing against doing the same once more, at once. */
static bool was_hidden(const struct heal_incident_status *view) {
    const struct heal_step_status *last = &view->step[view->steps - 1];
    bool passes = heal_remedies_rule(last->remedy)->most_us != 0; /* it goes whatever the trouble does */
    return last->state == HEAL_STEP_DONE &&
           (passes || heal_remedy_effect(last->remedy) == HEAL_EFFECT_CONTAINS);
}

/* When the last incident of the same trouble ended for which something was done; 0: there was none. */
static heal_us last_end(const struct heal_world *world, const struct heal_incident *incident) {
    heal_us last = 0;
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *other = &world->incident[i];
        if (other->used && other != incident && same_trouble(other, incident) && other->view.steps > 0 &&
            !was_hidden(&other->view) && other->view.closed > last)
            last = other->view.closed;
    }
    return last;
}

static heal_us window_begin(const struct heal_world *world, const struct heal_policy *policy) {
    return world->now > policy->window_us ? world->now - policy->window_us : 0;
}

/* All that was done lately counts once there is more of it than anybody can count one by one. */
static bool is_spent(const struct heal_world *world, const struct heal_incident *incident,
                     const struct heal_policy *policy) {
    heal_us since = window_begin(world, policy);
    return heal_uses_overflow(&world->uses, since) ||
           heal_uses_against(&world->uses, &incident->element, heal_incident_diagnosis(incident), since) >=
               policy->max_per_window;
}

bool heal_guard_is_worn_out(const struct heal_world *world, const struct heal_incident *incident,
                            enum heal_remedy remedy) {
    const struct heal_policy *policy = heal_world_policy_of(world, incident);
    return !heal_remedy_only_tells(remedy) &&
           heal_uses_of(&world->uses, &incident->element, remedy, window_begin(world, policy)) >=
               policy->max_per_window;
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
    heal_us last = last_end(world, incident);
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
    if (is_spent(world, incident, policy))
        return HEAL_SUPPRESSED_BUDGET;
    if (last != 0 && world->now - last < policy->cooldown_us)
        return HEAL_SUPPRESSED_COOLDOWN;
    return HEAL_NOT_SUPPRESSED;
}
