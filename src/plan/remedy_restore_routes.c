/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* restore-routes: bridges what the kernel lost. A missing route is put back just behind the daemon's own
 * metric, so that the daemon's takes over as soon as it is there again; a stray route that drops traffic is
 * overridden. */
#include "model/output.h"
#include "plan/detour.h"
#include "plan/remedies.h"

/* The bridge holds; after this long the daemon is asked to install its routes anew. */
static const heal_us refresh_after_us = 30 * HEAL_US_PER_S;

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    return incident->element.node == world->id && (world->routes_missing > 0 || world->drops_since != 0);
}

/* What wins over a stray route; nothing does over one of metric 1 (0 is read as the default, 1024). */
static uint32_t metric_below(uint32_t stray) {
    return stray > HEAL_ROUTE_METRIC ? HEAL_ROUTE_METRIC : stray > 1 ? stray - 1 : 0;
}

/* The metric that this route needs from us; 0: none, all is well, or nothing can be done. */
static uint32_t metric_needed(const struct heal_world *world, const struct heal_reading_route *route) {
    if (!route->installed || route->via.ifname[0] == '\0')
        return 0;
    const struct heal_reading_fib *stray = heal_rib_blackhole(&world->rib, &route->prefix);
    if (stray)
        return metric_below(stray->metric);
    return heal_rib_foreign(&world->rib, &route->prefix) == NULL ? HEAL_ROUTE_METRIC_BRIDGE : 0;
}

static void order(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        uint32_t metric = metric_needed(world, route);
        if (metric == 0) {
            if (route->installed)
                heal_detour_take_away(world, incident, step, &route->prefix);
            continue;
        }
        struct heal_command_route bridge = {.prefix = route->prefix, .via = route->via, .metric = metric};
        heal_detour_put(world, incident, step, &bridge);
    }
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    order(world, incident, step);
    return 0;
}

static void tend(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    order(world, incident, step);
    bool asked = step->mark != 0; /* that the daemon install its routes anew */
    if (asked || !heal_remedies_can_renew(world) || world->routes_missing == 0 ||
        world->now - step->acted < refresh_after_us)
        return;
    if (heal_output_act(world, HEAL_COMMAND_ROUTES_REFRESH, incident->view.id, step) != NULL)
        step->mark = 1;
}

/* Is a destination still swallowed, whatever we do? */
static bool is_beaten(const struct heal_world *world) {
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        const struct heal_reading_fib *stray = heal_rib_blackhole(&world->rib, &route->prefix);
        if (route->installed && stray && metric_below(stray->metric) == 0)
            return true;
    }
    return false;
}

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)step;
    if (is_beaten(world))
        return HEAL_VERDICT_FAILED;
    return heal_detour_in_place(world, incident) ? HEAL_VERDICT_WORKED : HEAL_VERDICT_PENDING;
}

const struct heal_remedy_rule heal_remedy_restore_routes = {
    .remedy = HEAL_RESTORE_ROUTES,
    .timeout = 3 * HEAL_US_PER_S,
    .risk = 0.05f,
    .holds = true,
    .idle_words = "the routes are there again; put back as soon as one is missing",
    .applies = applies,
    .act = act,
    .verify = verify,
    .tend = tend,
    .taken_over = heal_detour_taken_over,
    .undo = heal_detour_withdraw,
};
