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
/* An announcement that is not acknowledged by then never is; and of two that have each announced a way
 * through the other, the one that does not give way waits so long for it. */
static const heal_us heard_within_us = 500 * HEAL_US_PER_MS, gives_way_within_us = HEAL_US_PER_S;
/* A detour that is to go waits so long for others to let go of theirs. */
static const heal_us leaves_within_us = 1500 * HEAL_US_PER_MS;

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
    if (detour->ordered != 0 &&
        !command_route(world, HEAL_COMMAND_ROUTE_DELETE, incident, step, &detour->route))
        return false;
    heal_detours_forget(&world->detours, detour);
    return true;
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
    struct heal_detour *detour = heal_detours_find(&world->detours, incident->view.id, &route->prefix);
    if (detour && heal_port_key_equal(&detour->route.via, &route->via) &&
        detour->route.metric == route->metric) {
        if (detour->seen || was_taken(world, detour) || world->now - detour->ordered < order_again_us)
            return;
    } else if (detour) {
        drop(world, incident, step, detour);
        detour = NULL;
    }
    if (!detour && !heal_detours_has_room(&world->detours, incident->view.id, &route->prefix))
        return;
    if (has_turned_enough(world, incident, &route->prefix) ||
        !command_route(world, HEAL_COMMAND_ROUTE_ADD, incident, step, route))
        return;
    note_turn(world, incident->view.id, &route->prefix);
    heal_changes_note(incident, step, route);
    world->detours.revision++;
    if (!detour)
        detour = &world->detours.detour[world->detours.count++];
    *detour = (struct heal_detour){.route = *route, .incident = incident->view.id, .ordered = world->now};
}

void heal_detour_take_away(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                           const struct heal_prefix *prefix) {
    struct heal_detour *detour = heal_detours_find(&world->detours, incident->view.id, prefix);
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
    return incident->drained_ifname[0] != '\0' ||
           heal_rib_installed(&world->rib, &detour->route.prefix) != NULL;
}

/* Has the neighbour, by its own word, all that this node has told since? */
static bool has_heard(const struct heal_world *world, const struct heal_port *port, heal_us since) {
    const struct heal_telling *telling = &port->telling;
    return (telling->told_at >= since && port->peer.paths_set == telling->told) ||
           world->now - since >= heard_within_us;
}

/* Two nodes that lead to each other at the same moment make a circle before either can know. So a way is
 * ordered at once only where the neighbour is nearer the destination, which cannot be so for both; any other
 * is announced, and ordered when the neighbour has heard of it and still has a way that does not come back.
 * @return whether it may be ordered now. */
static bool announce(struct heal_world *world, const struct heal_incident *incident,
                     const struct heal_port *port, const struct heal_prefix *prefix) {
    struct heal_detour *detour = heal_detours_find(&world->detours, incident->view.id, prefix);
    if (heal_way_is_feasible(world, port, prefix))
        return true;
    if (!detour && !heal_detours_has_room(&world->detours, incident->view.id, prefix))
        return false;
    if (has_turned_enough(world, incident, prefix))
        return false;
    if (!detour) {
        detour = &world->detours.detour[world->detours.count++];
        *detour = (struct heal_detour){
            .route = {.prefix = *prefix, .via = port->key, .metric = HEAL_ROUTE_METRIC},
            .incident = incident->view.id
        };
    }
    if (detour->announced != 0 && heal_port_key_equal(&detour->next, &port->key))
        return has_heard(world, port, detour->announced);
    detour->announced = world->now;
    detour->next = port->key;
    world->pressing = true;
    if (detour->ordered == 0)
        detour->route.via = port->key;
    world->detours.revision++;
    return false;
}

/* Of two that have announced ways through each other one must give way, and the other wait for that. */
static bool is_given_way(const struct heal_world *world, const struct heal_detour *detour) {
    const struct heal_port *port = heal_world_port_const(world, &detour->next);
    return detour->ordered == 0 && port && world->id < port->neighbour &&
           heal_way_returns(world, port, &detour->route.prefix) &&
           world->now - detour->announced < gives_way_within_us;
}

/* The detour's own way must stay safe; where it does not, the best other one. One that has come to meet
 * another trouble since is left for a better one, and kept where there is none: it is safe, and to go back
 * now would only trade one trouble for the other. */
static void keep_or_move(struct heal_world *world, const struct heal_troubles *troubles,
                         struct heal_incident *incident, struct heal_step *step,
                         const struct heal_prefix *prefix) {
    struct heal_obstacle obstacle = heal_obstacle_of(&incident->element);
    struct heal_detour *detour = heal_detours_find(&world->detours, incident->view.id, prefix);
    if (detour && is_given_way(world, detour))
        return;
    const struct heal_port *present = detour ? heal_world_port_const(world, &detour->route.via) : NULL;
    bool safe = present && troubles->usable[present - world->port] &&
                heal_way_is_safe(world, present, prefix, &obstacle);
    bool well = safe && !heal_troubles_meet(troubles, world, present, prefix);
    bool stays = well || (safe && has_turned_enough(world, incident, prefix));
    const struct heal_port *best = stays ? present : best_way(world, troubles, incident, prefix);
    if (!best && safe)
        best = present;
    bool ordered = detour && detour->ordered != 0;
    if (ordered && best == present) {
        heal_detours_call_off(&world->detours, detour);
    } else {
        if (!best || (ordered && !safe)) /* at once: another way may have to be announced first */
            heal_detour_take_away(world, incident, step, prefix);
        if (!best || !announce(world, incident, best, prefix))
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
        bool led =
            route->installed && heal_detours_find(&world->detours, incident->view.id, &route->prefix) != NULL;
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
        heal_detours_forget(&world->detours, detour);
    }
    if (taken > 1)
        heal_text_add(words, ", and %u more", taken - 1);
    return taken > 0 ? HEAL_TAKEOVER_INCIDENT : HEAL_TAKEOVER_NONE;
}

/* Somebody whom the routing daemon would send through still leads that traffic here: who lets go first makes
 * a circle. The nearest to the destination has none such before it, so that not all wait for each other. */
static bool must_stay(const struct heal_world *world, struct heal_detour *detour) {
    const struct heal_reading_route *route = heal_rib_installed(&world->rib, &detour->route.prefix);
    const struct heal_port *port = route ? heal_world_port_const(world, &route->via) : NULL;
    if (!detour->seen || !port || !heal_way_returns(world, port, &detour->route.prefix))
        return false;
    if (detour->leaving == 0)
        detour->leaving = world->now;
    return world->now - detour->leaving < leaves_within_us;
}

int heal_detour_withdraw(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    /* A step that is left over has none: what is led around in its incident by now is another step's. */
    if (heal_world_incident_by_id_const(world, incident->view.id) != incident)
        return 0;
    int r = 0;
    for (size_t i = world->detours.count; i-- > 0;) {
        struct heal_detour *detour = &world->detours.detour[i];
        if (detour->incident != incident->view.id)
            continue;
        if (must_stay(world, detour))
            r = -EAGAIN;
        else if (!drop(world, incident, step, detour))
            return -ENOSPC;
    }
    return r;
}

bool heal_detour_in_place(const struct heal_world *world, const struct heal_incident *incident) {
    for (size_t i = 0; i < world->detours.count; i++)
        if (world->detours.detour[i].incident == incident->view.id && !world->detours.detour[i].seen)
            return false;
    return true;
}
