/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/detour.h"

#include "base/text.h"
#include "model/changes.h"
#include "plan/troubles.h"

#include <errno.h>
#include <string.h>

/* A detour that the kernel has not shown after this long is ordered again. */
static const heal_us order_again_us = 2 * HEAL_US_PER_S;
/* One that was there, and is gone for so long though its interface is there, was taken away by somebody: the
 * news of an interface that goes down may come after those of its routes. */
static const heal_us taken_after_us = 400 * HEAL_US_PER_MS;
static const heal_us sweep_every_us = HEAL_US_PER_S, sweep_at_most_us = 300 * HEAL_US_PER_S;

static bool is_drained(const struct heal_incident *incident, const struct heal_port_key *port) {
    return incident->drained_ifname[0] != '\0' && strcmp(incident->drained_ifname, port->ifname) == 0;
}

static const struct heal_port *best_way(const struct heal_world *world, const struct heal_troubles *troubles,
                                        const struct heal_incident *incident,
                                        const struct heal_prefix *destination) {
    struct heal_obstacle obstacle = heal_obstacle_of(&incident->element);
    const struct heal_port *best = NULL;
    uint32_t best_metric = UINT32_MAX;
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        bool itself = (incident->element.port.ifname[0] != '\0' &&
                       heal_port_key_equal(&port->key, &incident->element.port)) ||
                      is_drained(incident, &port->key);
        if (itself || !troubles->usable[i] || !heal_way_is_safe(world, port, destination, &obstacle))
            continue;
        uint32_t metric = heal_way_metric(world, port, destination);
        if (metric >= best_metric || heal_troubles_meet(troubles, world, port, destination))
            continue;
        best = port;
        best_metric = metric;
    }
    return best;
}

/* Does the way that the routing daemon would take meet what is sick? */
static bool meets_trouble(const struct heal_world *world, const struct heal_incident *incident,
                          const struct heal_reading_route *route) {
    if (!route->installed || route->via.ifname[0] == '\0')
        return false;
    if (heal_element_is_own_link(&incident->element))
        return heal_port_key_equal(&route->via, &incident->element.port);
    struct heal_obstacle obstacle = heal_obstacle_of(&incident->element);
    const struct heal_port *port = heal_world_port_const(world, &route->via);
    return port != NULL && (heal_way_meets(world, port, &route->prefix, &obstacle) ||
                            heal_way_returns(world, port, &route->prefix));
}

/* What somebody leads by hand is his to lead. */
bool heal_detour_suffers(const struct heal_world *world, const struct heal_incident *incident,
                         const struct heal_reading_route *route) {
    return meets_trouble(world, incident, route) && !heal_rib_by_hand(&world->rib, &route->prefix);
}

/* Has the routing daemon itself another way, by a port and over links that are well as far as is known? */
static bool has_other(const struct heal_world *world, const struct heal_troubles *troubles,
                      const struct heal_reading_route *sick) {
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        if (!heal_prefix_equal(&route->prefix, &sick->prefix) || route->metric == UINT16_MAX ||
            route->via.ifname[0] == '\0' || heal_port_key_equal(&route->via, &sick->via))
            continue;
        const struct heal_port *port = heal_world_port_const(world, &route->via);
        if (port && troubles->usable[port - world->port] && !heal_way_is_echo(world, port, &route->prefix) &&
            !heal_troubles_meet(troubles, world, port, &route->prefix))
            return true;
    }
    return false;
}

struct heal_detour_survey heal_detour_survey(const struct heal_world *world,
                                             const struct heal_incident *incident) {
    struct heal_detour_survey survey = {0};
    struct heal_troubles troubles;
    heal_troubles_list(world, &troubles);
    for (size_t i = 0; world->severed.severed > 0 && i < HEAL_SEVERED_MAX; i++) {
        const struct heal_severed_way *way = &world->severed.way[i];
        survey.cut_off +=
            heal_severed_by(world, incident, way) && !best_way(world, &troubles, incident, &way->destination);
    }
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        if (!heal_detour_suffers(world, incident, route))
            continue;
        survey.suffering++;
        survey.helped += best_way(world, &troubles, incident, &route->prefix) != NULL;
    }
    return survey;
}

bool heal_detour_daemon_has_other(const struct heal_world *world, const struct heal_incident *incident) {
    struct heal_troubles troubles;
    heal_troubles_list(world, &troubles);
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        if (heal_detour_suffers(world, incident, route) && has_other(world, &troubles, route))
            return true;
    }
    return false;
}

static struct heal_detour *find(struct heal_world *world, uint64_t incident,
                                const struct heal_prefix *prefix) {
    for (size_t i = 0; i < world->detours.count; i++) {
        struct heal_detour *detour = &world->detours.detour[i];
        if (detour->incident == incident && heal_prefix_equal(&detour->route.prefix, prefix))
            return detour;
    }
    return NULL;
}

static bool command_route(struct heal_world *world, enum heal_command_kind kind,
                          const struct heal_incident *incident, struct heal_step *step,
                          const struct heal_command_route *route) {
    struct heal_command *command = heal_output_act(world, kind, incident->view.id, step);
    if (command)
        command->route = *route;
    return command != NULL;
}

/* @return whether that could be ordered. */
static bool drop(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                 struct heal_detour *detour) {
    bool ordered = command_route(world, HEAL_COMMAND_ROUTE_DELETE, incident, step, &detour->route);
    if (ordered)
        *detour = world->detours.detour[--world->detours.count];
    return ordered;
}

static bool claimed_by_another(const struct heal_world *world, uint64_t incident,
                               const struct heal_prefix *prefix) {
    for (size_t i = 0; i < world->detours.count; i++)
        if (world->detours.detour[i].incident != incident &&
            heal_prefix_equal(&world->detours.detour[i].route.prefix, prefix))
            return true;
    return false;
}

/* Where all around is in motion, so would be the detours: with as many turns as the policy allows steps, the
 * traffic is left to the routing daemon. */
static bool has_turned_enough(const struct heal_world *world, const struct heal_incident *incident,
                              const struct heal_prefix *prefix) {
    const struct heal_policy *policy = heal_world_policy_of(world, incident);
    unsigned turns = 0;
    for (size_t i = 0; i < world->detours.turns; i++) {
        const struct heal_detour_turn *turn = &world->detours.turn[i];
        turns += turn->incident == incident->view.id && heal_prefix_equal(&turn->destination, prefix) &&
                 world->now - turn->at <= policy->window_us;
    }
    return turns >= policy->max_per_window;
}

static void note_turn(struct heal_world *world, uint64_t incident, const struct heal_prefix *prefix) {
    struct heal_detours *detours = &world->detours;
    detours->turn[detours->next_turn] =
        (struct heal_detour_turn){.incident = incident, .destination = *prefix, .at = world->now};
    detours->next_turn = (detours->next_turn + 1) % HEAL_DETOUR_TURNS_MAX;
    detours->turns += detours->turns < HEAL_DETOUR_TURNS_MAX;
}

/* Is it gone though its interface was there all the time? */
static bool was_taken(const struct heal_world *world, const struct heal_detour *detour) {
    const struct heal_port *port = heal_world_port_const(world, &detour->route.via);
    return detour->gone_at != 0 && !world->rib.fib_incomplete && port && port->up && port->carrier &&
           port->since <= detour->shown_at;
}

void heal_detour_put(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                     const struct heal_command_route *route) {
    struct heal_detour *detour = find(world, incident->view.id, &route->prefix);
    if (detour && heal_port_key_equal(&detour->route.via, &route->via) &&
        detour->route.metric == route->metric) {
        if (detour->seen || was_taken(world, detour) || world->now - detour->ordered < order_again_us)
            return;
    } else if (detour) {
        drop(world, incident, step, detour);
        detour = NULL;
    }
    if (!detour && (claimed_by_another(world, incident->view.id, &route->prefix) ||
                    world->detours.count == HEAL_DETOURS_MAX))
        return;
    if (has_turned_enough(world, incident, &route->prefix) ||
        !command_route(world, HEAL_COMMAND_ROUTE_ADD, incident, step, route))
        return;
    note_turn(world, incident->view.id, &route->prefix);
    heal_changes_note(incident, step, route);
    if (!detour)
        detour = &world->detours.detour[world->detours.count++];
    *detour = (struct heal_detour){.route = *route, .incident = incident->view.id, .ordered = world->now};
}

void heal_detour_take_away(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                           const struct heal_prefix *prefix) {
    struct heal_detour *detour = find(world, incident->view.id, prefix);
    if (detour)
        drop(world, incident, step, detour);
}

/* What meets trouble, or goes out by an interface that is about to be taken away. */
static bool is_to_be_led(const struct heal_world *world, const struct heal_incident *incident,
                         const struct heal_reading_route *route) {
    return meets_trouble(world, incident, route) || (route->installed && is_drained(incident, &route->via));
}

/* For as long as the incident lasts and the destination is there: that the daemon has found a way of its own
 * meanwhile, or that others lead around the trouble, too, is no reason to go back. Who does while the others
 * do not breaks the proof that there is no loop. While an interface is away, the daemon may have no way for a
 * moment. */
static bool still_wanted(const struct heal_world *world, const struct heal_incident *incident,
                         const struct heal_detour *detour) {
    return incident->drained_ifname[0] || heal_rib_installed(&world->rib, &detour->route.prefix) != NULL;
}

/* The detour's own way must stay safe; where it does not, the best other one. One that has come to meet
 * another trouble since is left for a better one, and kept where there is none: it is safe, and to go back
 * now would only trade one trouble for the other. */
static void keep_or_move(struct heal_world *world, const struct heal_troubles *troubles,
                         struct heal_incident *incident, struct heal_step *step,
                         const struct heal_prefix *prefix) {
    struct heal_obstacle obstacle = heal_obstacle_of(&incident->element);
    struct heal_detour *detour = find(world, incident->view.id, prefix);
    const struct heal_port *present = detour ? heal_world_port_const(world, &detour->route.via) : NULL;
    bool safe = present && troubles->usable[present - world->port] &&
                heal_way_is_safe(world, present, prefix, &obstacle);
    bool well = safe && !heal_troubles_meet(troubles, world, present, prefix);
    bool stays = well || (safe && has_turned_enough(world, incident, prefix));
    const struct heal_port *best = stays ? present : best_way(world, troubles, incident, prefix);
    if (!best && safe)
        best = present;
    if (!best) {
        heal_detour_take_away(world, incident, step, prefix);
        return;
    }
    struct heal_command_route wanted = {.prefix = *prefix, .via = best->key, .metric = HEAL_ROUTE_METRIC};
    heal_detour_put(world, incident, step, &wanted);
}

static void leave_to_hand(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                          const struct heal_reading_fib *by_hand) {
    char words[sizeof incident->view.others], prefix[HEAL_ADDRESS_TEXT];
    struct heal_text text;
    heal_detour_take_away(world, incident, step, &by_hand->prefix);
    heal_text_init(&text, words, sizeof words);
    heal_text_add(&text, "a route to %s over %s, metric %u, is not heald's",
                  heal_prefix_format(&by_hand->prefix, prefix), by_hand->via.ifname, by_hand->metric);
    heal_output_others(world, incident, words);
}

void heal_detour_order(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    struct heal_troubles troubles;
    heal_troubles_list(world, &troubles);
    for (size_t i = world->detours.count; i-- > 0;) {
        struct heal_detour *detour = &world->detours.detour[i];
        if (detour->incident == incident->view.id && !still_wanted(world, incident, detour))
            drop(world, incident, step, detour);
    }
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        bool led = route->installed && find(world, incident->view.id, &route->prefix) != NULL;
        if (!led && !is_to_be_led(world, incident, route))
            continue;
        const struct heal_reading_fib *by_hand = heal_rib_by_hand(&world->rib, &route->prefix);
        if (by_hand)
            leave_to_hand(world, incident, step, by_hand);
        else
            keep_or_move(world, &troubles, incident, step, &route->prefix);
    }
}

enum heal_takeover heal_detour_taken_over(struct heal_world *world, struct heal_incident *incident,
                                          struct heal_step *step, struct heal_text *words) {
    char prefix[HEAL_ADDRESS_TEXT];
    unsigned taken = 0;
    (void)step;
    for (size_t i = world->detours.count; i-- > 0;) {
        struct heal_detour *detour = &world->detours.detour[i];
        if (detour->incident != incident->view.id || !was_taken(world, detour) ||
            world->now - detour->gone_at < taken_after_us)
            continue;
        if (taken++ == 0)
            heal_text_add(words, "heald's route to %s over %s was taken away",
                          heal_prefix_format(&detour->route.prefix, prefix), detour->route.via.ifname);
        *detour = world->detours.detour[--world->detours.count];
    }
    if (taken > 1)
        heal_text_add(words, ", and %u more", taken - 1);
    return taken > 0 ? HEAL_TAKEOVER_INCIDENT : HEAL_TAKEOVER_NONE;
}

int heal_detour_withdraw(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    /* A step that is left over has none: what is led around in its incident by now is another step's. */
    if (heal_world_incident_by_id_const(world, incident->view.id) != incident)
        return 0;
    for (size_t i = world->detours.count; i-- > 0;)
        if (world->detours.detour[i].incident == incident->view.id &&
            !drop(world, incident, step, &world->detours.detour[i]))
            return -ENOSPC;
    return 0;
}

bool heal_detour_in_place(const struct heal_world *world, const struct heal_incident *incident) {
    for (size_t i = 0; i < world->detours.count; i++)
        if (world->detours.detour[i].incident == incident->view.id && !world->detours.detour[i].seen)
            return false;
    return true;
}

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
        if (detour)
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
            *detour = world->detours.detour[--world->detours.count];
    }
}

void heal_detour_sweep(struct heal_world *world) {
    bool any = false;
    forget_orphans(world);
    note_seen(world);
    if (world->now - world->swept_at < world->sweep_wait_us)
        return;
    world->swept_at = world->now;
    for (size_t i = 0; world->rib.ours > 0 && i < world->rib.fibs; i++) {
        const struct heal_reading_fib *fib = &world->rib.fib[i];
        if (!is_ours(fib) || claim(world, fib) != NULL)
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
