/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "scenario/invariants.h"

#include "model/remedy.h"
#include "scenario/scenario_parts.h"
#include "sim/air.h"

#include <stdlib.h>
#include <string.h>

/* Trouble of a link that is younger need not be known to anybody yet. */
static const heal_us known_after_us = 10 * HEAL_US_PER_S;
/* Before a remedy that was used in vain, or cured for a while, may be used on the same thing again. */
static const heal_us again_after_us = 60 * HEAL_US_PER_S;

struct deed {
    unsigned node;
    uint64_t incident;
    heal_us started; /* with the node and the incident: which step it was */
    heal_us opened;  /* the incident */
    enum heal_remedy remedy;
    enum heal_diagnosis diagnosis;
    char place[3 * HEAL_NAME_MAX];
};

struct stroke {
    unsigned node;
    heal_us at;
    enum heal_command_kind kind;
    uint64_t incident;
    char object[HEAL_NAME_MAX + HEAL_ADDRESS_TEXT];
};

/* ---- no repair loop ---- */

/* @return room for one more of an array, which grows; NULL: there is none. */
static void *room_for_one(void **array, unsigned count, unsigned *room, size_t size) {
    if (count == *room) {
        unsigned more = *room ? 2 * *room : 64;
        void *larger = realloc(*array, more * size);
        if (!larger)
            return NULL;
        *array = larger;
        *room = more;
    }
    return (char *)*array + count * size;
}

static bool is_same_place(const struct deed *a, const struct deed *b) {
    return a->node == b->node && a->remedy == b->remedy && strcmp(a->place, b->place) == 0;
}

/* Did it cure, and the trouble came back nevertheless? */
static bool cured_for_a_while(const struct heal_sim *sim, const struct deed *before) {
    struct heal_incident_status incident;
    if (heal_remedy_effect(before->remedy) != HEAL_EFFECT_CURES ||
        !heal_engine_incident_find(sim->node[before->node].engine, before->incident, &incident))
        return false;
    for (unsigned i = 0; i < incident.steps; i++)
        if (incident.step[i].started == before->started)
            return incident.step[i].state == HEAL_STEP_DONE;
    return false;
}

/* Is it the same thing once more, too soon? */
static bool is_too_soon(const struct heal_scenario *scenario, const struct heal_policy *policy,
                        const struct deed *before, const struct deed *now) {
    if (before->incident == now->incident)
        return now->started - before->started < again_after_us;
    return policy->escalate && before->diagnosis == now->diagnosis &&
           now->started - now->opened < again_after_us && cured_for_a_while(scenario->sim, before);
}

static void judge_deed(struct heal_invariants *invariants, struct heal_scenario *scenario,
                       const struct deed *now) {
    const struct heal_policy *policy = &scenario->settings.policy[now->diagnosis];
    const char *name = scenario->sim->node[now->node].name, *slug = heal_remedy_slug(now->remedy);
    unsigned count = 1;
    const struct deed *latest = NULL;
    for (unsigned i = 0; i < invariants->deeds; i++) {
        const struct deed *before = &invariants->deed[i];
        if (!is_same_place(before, now) || now->started - before->started > policy->window_us)
            continue;
        latest = before;
        count++;
    }
    if (count > policy->max_per_window)
        heal_scenario_fail(scenario, "a repair loop: %s does %s on %s for the %uth time within the window",
                           name, slug, now->place, count);
    else if (latest && is_too_soon(scenario, policy, latest, now))
        heal_scenario_fail(scenario, "a repair loop: %s does %s on %s again after %.2f s", name, slug,
                           now->place, (double)(now->started - latest->started) / 1e6);
}

/* Fills in a deed of the incident's last step. */
static void describe(unsigned node, const struct heal_incident_status *incident, struct deed *ret_deed) {
    const struct heal_step_status *step = &incident->step[incident->steps - 1];
    *ret_deed = (struct deed){.node = node,
                              .incident = incident->id,
                              .started = step->started,
                              .opened = incident->opened,
                              .remedy = step->remedy,
                              .diagnosis = incident->ranked[0].diagnosis};
    snprintf(ret_deed->place, sizeof ret_deed->place, "%s%s%s%s%s", incident->node,
             incident->other[0] ? "-" : "", incident->other, incident->service[0] ? " " : "",
             incident->service);
}

static bool is_known(const struct heal_invariants *invariants, const struct deed *deed) {
    for (unsigned i = invariants->deeds; i-- > 0;) {
        const struct deed *other = &invariants->deed[i];
        if (other->node == deed->node && other->incident == deed->incident && other->started == deed->started)
            return true;
    }
    return false;
}

static void note_deed(struct heal_invariants *invariants, struct heal_scenario *scenario, unsigned node,
                      const struct heal_incident_status *incident) {
    struct deed deed;
    describe(node, incident, &deed);
    if (is_known(invariants, &deed))
        return;
    judge_deed(invariants, scenario, &deed);
    struct deed *place = room_for_one((void **)&invariants->deed, invariants->deeds, &invariants->deeds_room,
                                      sizeof *invariants->deed);
    if (!place) {
        heal_scenario_fail(scenario, "there is no memory");
        return;
    }
    *place = deed;
    invariants->deeds++;
}

/* What an act is done to; nothing for what is done to the node itself. */
static void name_object(const struct heal_command *command, char *buffer, size_t size) {
    char prefix[HEAL_ADDRESS_TEXT];
    buffer[0] = '\0';
    switch (command->kind) {
    case HEAL_COMMAND_ROUTE_ADD:
    case HEAL_COMMAND_ROUTE_DELETE:
        snprintf(buffer, size, "%s", heal_prefix_format(&command->route.prefix, prefix));
        break;
    case HEAL_COMMAND_SERVICE_RESTART:
    case HEAL_COMMAND_SERVICE_SHED:
        snprintf(buffer, size, "%s", command->service.name);
        break;
    case HEAL_COMMAND_QUARANTINE:
        snprintf(buffer, size, "%s", command->quarantine.port.ifname);
        break;
    case HEAL_COMMAND_LINK_COST:
    case HEAL_COMMAND_LINK_MTU:
    case HEAL_COMMAND_LINK_BOUNCE:
    case HEAL_COMMAND_MESH_RENEW:
        snprintf(buffer, size, "%s", command->link.ifname);
        break;
    case HEAL_COMMAND_TUNE:
        snprintf(buffer, size, "%s of %s", heal_tuning_names[command->tune.what], command->tune.ifname);
        break;
    case HEAL_COMMAND_FORWARDING:
    case HEAL_COMMAND_ROUTES_REFRESH:
    case HEAL_COMMAND_SEND:
    case HEAL_COMMAND_PACE:
    case HEAL_COMMAND_TRANSIT:
    case HEAL_COMMAND_STORE:
    case HEAL_COMMAND_NOTIFY:
    case HEAL_COMMAND_KINDS:
        break;
    }
}

/* Within one incident, too, nothing goes back and forth without end. */
static void note_stroke(struct heal_invariants *invariants, struct heal_scenario *scenario, unsigned node,
                        const struct heal_command *command, const struct heal_policy *policy) {
    struct heal_sim *sim = scenario->sim;
    struct stroke stroke = {
        .node = node, .at = sim->now, .kind = command->kind, .incident = command->incident};
    unsigned count = 1;
    name_object(command, stroke.object, sizeof stroke.object);
    for (unsigned i = 0; i < invariants->strokes; i++) {
        const struct stroke *before = &invariants->stroke[i];
        count += before->node == node && before->kind == stroke.kind && before->incident == stroke.incident &&
                 strcmp(before->object, stroke.object) == 0 && stroke.at - before->at <= policy->window_us;
    }
    if (count > policy->max_per_window)
        heal_scenario_fail(scenario, "a repair loop: %s orders %s of %s for the %uth time for one incident",
                           sim->node[node].name, heal_command_name(command->kind), stroke.object, count);
    struct stroke *place = room_for_one((void **)&invariants->stroke, invariants->strokes,
                                        &invariants->strokes_room, sizeof *invariants->stroke);
    if (!place) {
        heal_scenario_fail(scenario, "there is no memory");
        return;
    }
    *place = stroke;
    invariants->strokes++;
}

/* ---- neighbours enough ---- */

/* Does it lose more, in a direction and of a size, than any threshold would let pass? */
static bool loses(const struct heal_scenario *scenario, const struct heal_sim_link *link) {
    const struct heal_sim *sim = scenario->sim;
    double limit = (double)scenario->settings.threshold[HEAL_METRIC_LOSS].max;
    for (unsigned side = 0; side < 2; side++)
        for (int size = 0; size < HEAL_PROBE_SIZES; size++)
            if (heal_air_loss(sim, link, side, (enum heal_probe_size)size, sim->now) > limit)
                return true;
    return link->flap_period != 0;
}

/* Has heald taken the neighbour away, at one end or the other? */
static bool is_taken(const struct heal_sim *sim, const struct heal_sim_link *link) {
    for (unsigned side = 0; side < 2; side++) {
        const struct heal_sim_port *port = heal_air_port(sim, link, side);
        if (port->quarantined || port->cost_add > 0)
            return true;
    }
    return false;
}

/* Is there a healthy neighbour behind it, as far as anybody can know? */
static bool leads_to_one(const struct heal_scenario *scenario, const struct heal_sim_link *link) {
    const struct heal_sim *sim = scenario->sim;
    const heal_us *sick_since = scenario->invariants.sick_since;
    heal_us since = sick_since ? sick_since[link - sim->link] : 0;
    bool known = loses(scenario, link) && since != 0 && sim->now - since >= known_after_us;
    return !known && !is_taken(sim, link);
}

unsigned heal_invariants_neighbours(const struct heal_scenario *scenario, unsigned node) {
    const struct heal_sim *sim = scenario->sim;
    unsigned count = 0;
    for (unsigned i = 0; i < sim->node[node].ports; i++)
        count += leads_to_one(scenario, &sim->link[sim->node[node].port[i].link]);
    return count;
}

/* The interface whose neighbour the act takes away, if only for a moment; NULL: it takes none. */
static const char *taken_interface(const struct heal_command *command) {
    switch (command->kind) {
    case HEAL_COMMAND_QUARANTINE:
        return command->quarantine.on ? command->quarantine.port.ifname : NULL;
    case HEAL_COMMAND_LINK_COST:
        return command->link.value != 0 && command->link.value != HEAL_COST_FORGET ? command->link.ifname
                                                                                   : NULL;
    case HEAL_COMMAND_LINK_BOUNCE:
    case HEAL_COMMAND_MESH_RENEW:
        return command->link.ifname;
    case HEAL_COMMAND_ROUTE_ADD:
    case HEAL_COMMAND_ROUTE_DELETE:
    case HEAL_COMMAND_LINK_MTU:
    case HEAL_COMMAND_SERVICE_RESTART:
    case HEAL_COMMAND_SERVICE_SHED:
    case HEAL_COMMAND_FORWARDING:
    case HEAL_COMMAND_ROUTES_REFRESH:
    case HEAL_COMMAND_TUNE:
    case HEAL_COMMAND_SEND:
    case HEAL_COMMAND_PACE:
    case HEAL_COMMAND_TRANSIT:
    case HEAL_COMMAND_STORE:
    case HEAL_COMMAND_NOTIFY:
    case HEAL_COMMAND_KINDS:
        break;
    }
    return NULL;
}

/* The port whose neighbour the act takes away; NULL: it takes none. */
static const struct heal_sim_port *takes_away(const struct heal_sim *sim, unsigned node,
                                              const struct heal_command *command) {
    const char *ifname = taken_interface(command);
    if (!ifname)
        return NULL;
    for (unsigned i = 0; i < sim->node[node].ports; i++)
        if (strcmp(sim->node[node].port[i].key.ifname, ifname) == 0)
            return &sim->node[node].port[i];
    return NULL;
}

static void judge_taking(struct heal_scenario *scenario, unsigned node, const struct heal_command *command,
                         const struct heal_incident_status *incident) {
    const struct heal_sim *sim = scenario->sim;
    const struct heal_sim_port *port = takes_away(sim, node, command);
    if (!port)
        return;
    const struct heal_sim_link *link = &sim->link[port->link];
    unsigned least = scenario->settings.min_healthy_neighbours;
    bool counted = leads_to_one(scenario, link);
    unsigned here = heal_invariants_neighbours(scenario, node) - counted;
    unsigned there = heal_invariants_neighbours(scenario, port->peer) - counted;
    bool is_about_peer =
        incident->other[0] == '\0' && strcmp(incident->node, sim->node[port->peer].name) == 0;
    if (here < least)
        heal_scenario_fail(scenario, "%s of %s by %s leaves it %u healthy neighbours",
                           heal_command_name(command->kind), port->key.ifname, sim->node[node].name, here);
    else if (counted && !loses(scenario, link) && !is_about_peer && there < least)
        heal_scenario_fail(scenario, "%s of %s by %s leaves %s %u healthy neighbours",
                           heal_command_name(command->kind), port->key.ifname, sim->node[node].name,
                           sim->node[port->peer].name, there);
}

/* ---- what people have done stays ---- */

static void judge_respect(struct heal_scenario *scenario, unsigned node, const struct heal_command *command) {
    const struct heal_sim_port *port = takes_away(scenario->sim, node, command);
    if (port && port->down && command->kind == HEAL_COMMAND_LINK_BOUNCE)
        heal_scenario_fail(scenario, "%s brings %s up, which an operator has taken down",
                           scenario->sim->node[node].name, port->key.ifname);
}

void heal_invariants_act(struct heal_invariants *invariants, struct heal_scenario *scenario, unsigned node,
                         const struct heal_command *command) {
    struct heal_incident_status incident;
    const struct heal_engine *engine = scenario->sim->node[node].engine;
    judge_respect(scenario, node, command);
    if (command->incident == 0 || !heal_engine_incident_find(engine, command->incident, &incident) ||
        incident.steps == 0)
        return; /* what sweeps up after an earlier run */
    judge_taking(scenario, node, command, &incident);
    note_deed(invariants, scenario, node, &incident);
    note_stroke(invariants, scenario, node, command,
                &scenario->settings.policy[incident.ranked[0].diagnosis]);
}

void heal_invariants_second(struct heal_invariants *invariants, struct heal_scenario *scenario) {
    const struct heal_sim *sim = scenario->sim;
    if (!invariants->sick_since)
        invariants->sick_since = calloc(sim->links + 1, sizeof *invariants->sick_since);
    for (unsigned i = 0; invariants->sick_since && i < sim->links; i++) {
        heal_us *since = &invariants->sick_since[i];
        *since = !loses(scenario, &sim->link[i]) ? 0 : *since != 0 ? *since : sim->now;
    }
}

/* ---- all is taken back ---- */

const char *heal_invariants_in_place(const struct heal_sim *sim, unsigned index) {
    const struct heal_sim_node *node = &sim->node[index];
    for (unsigned i = 0; i < node->ways; i++)
        if (node->way[i].detour >= 0)
            return "a route";
    for (unsigned i = 0; i < node->ports; i++) {
        const struct heal_sim_port *port = &node->port[i];
        if (port->quarantined || port->cost_add > 0 || port->mtu != port->mtu_by_hand)
            return port->quarantined ? "a quarantine" : port->cost_add > 0 ? "a cost" : "an MTU";
    }
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++)
        if (node->service[i].shed > 0)
            return "a throttle";
    if (node->gateway && node->gateway_mode != HEAL_GATEWAY_SERVER) /* what the script has made it */
        return "a stopped gateway";
    return NULL;
}

void heal_invariants_rest(struct heal_scenario *scenario) {
    for (unsigned i = 0; i < scenario->sim->nodes; i++) {
        const char *what = heal_invariants_in_place(scenario->sim, i);
        if (what && !scenario->sim->node[i].paused)
            heal_scenario_fail(scenario, "all is over, but %s of heald's is still in place on %s", what,
                               scenario->sim->node[i].name);
    }
}

void heal_invariants_deinit(struct heal_invariants *invariants) {
    free(invariants->deed);
    free(invariants->stroke);
    free(invariants->sick_since);
}
