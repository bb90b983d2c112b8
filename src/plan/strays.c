/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/strays.h"

#include "base/text.h"

static const heal_us sweep_every_us = HEAL_US_PER_S, sweep_at_most_us = 300 * HEAL_US_PER_S;
/* What is announced is ordered or called off by then, unless nobody tends it: heald is paused. */
static const heal_us announced_within_us = 2 * HEAL_US_PER_S;

static struct heal_detour *claim(struct heal_world *world, const struct heal_reading_fib *fib) {
    for (size_t i = 0; i < world->detours.count; i++) {
        struct heal_detour *detour = &world->detours.detour[i];
        if (detour->route.metric == fib->metric && heal_prefix_equal(&detour->route.prefix, &fib->prefix) &&
            heal_port_key_equal(&detour->route.via, &fib->via))
            return detour;
    }
    return NULL;
}

static bool is_ours(const struct heal_reading_fib *fib) {
    return fib->protocol == HEAL_ROUTE_PROTOCOL && fib->type == HEAL_FIB_UNICAST;
}

static void note_seen(struct heal_world *world) {
    for (size_t i = 0; i < world->detours.count; i++)
        world->detours.detour[i].seen = false;
    for (size_t i = 0; world->rib.ours > 0 && i < world->rib.fibs; i++) {
        const struct heal_reading_fib *fib = &world->rib.fib[i];
        if (!is_ours(fib))
            continue;
        struct heal_detour *detour = claim(world, fib);
        /* What is only announced is not there: a route like it is on its way out. */
        if (detour && detour->ordered != 0)
            detour->seen = true;
    }
    for (size_t i = 0; i < world->detours.count; i++) {
        struct heal_detour *detour = &world->detours.detour[i];
        if (detour->seen) {
            detour->shown_at = world->now;
            detour->gone_at = 0;
        } else if (detour->shown_at != 0 && detour->gone_at == 0) {
            detour->gone_at = world->now;
        }
    }
}

static void audit(struct heal_world *world, const struct heal_command_route *route) {
    char value[160], prefix[HEAL_ADDRESS_TEXT];
    struct heal_text text;
    heal_text_init(&text, value, sizeof value);
    heal_text_add(&text, "event=left-over undo=\"route %s dev %s metric %u\"",
                  heal_prefix_format(&route->prefix, prefix), route->via.ifname, route->metric);
    heal_output_store(world, HEAL_RECORD_AUDIT, 0, "", value);
}

/* A detour for an incident that is over claims nothing: its route is left over. */
static void forget_orphans(struct heal_world *world) {
    for (size_t i = world->detours.count; i-- > 0;) {
        struct heal_detour *detour = &world->detours.detour[i];
        const struct heal_incident *incident = heal_world_incident_by_id_const(world, detour->incident);
        if (!incident || !heal_incident_is_open(incident))
            heal_detours_forget(&world->detours, detour);
    }
}

/* Neighbours would go by it for as long. */
static void call_off_stale(struct heal_world *world) {
    for (size_t i = world->detours.count; i-- > 0;) {
        struct heal_detour *detour = &world->detours.detour[i];
        if (detour->announced == 0 || world->now - detour->announced < announced_within_us)
            continue;
        if (detour->ordered == 0)
            heal_detours_forget(&world->detours, detour);
        else
            heal_detours_call_off(&world->detours, detour);
    }
}

void heal_strays_sweep(struct heal_world *world) {
    bool any = false;
    forget_orphans(world);
    call_off_stale(world);
    note_seen(world);
    if (world->now - world->swept_at < world->sweep_wait_us)
        return;
    world->swept_at = world->now;
    for (size_t i = 0; world->rib.ours > 0 && i < world->rib.fibs; i++) {
        const struct heal_reading_fib *fib = &world->rib.fib[i];
        if (!is_ours(fib) || claim(world, fib))
            continue;
        struct heal_command *command = heal_output_order(world, HEAL_COMMAND_ROUTE_DELETE, 0);
        if (!command)
            return;
        any = true;
        command->route =
            (struct heal_command_route){.prefix = fib->prefix, .via = fib->via, .metric = fib->metric};
        heal_output_decide(world, HEAL_DECISION_COMMAND, 0, "do=route-delete ticket=%u why=left-over",
                           command->ticket);
        audit(world, &command->route);
    }
    /* One that cannot be removed is tried again, but is no reason to fill the audit. */
    heal_us longer = 2 * world->sweep_wait_us;
    world->sweep_wait_us = !any || longer == 0         ? sweep_every_us
                           : longer < sweep_at_most_us ? longer
                                                       : sweep_at_most_us;
}
