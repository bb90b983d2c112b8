/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/world.h"

#include <string.h>

/* A link whose trouble has ended can be relied on again after so long. */
static const heal_us relied_on_after_us = 15 * HEAL_US_PER_S;

/* News are said again every few seconds for as long as they hold. */
static const heal_us news_fresh_us = 7 * HEAL_US_PER_S;
/* By then what waited has been taken in, and the neighbours have been heard again. */
static const heal_us awake_after_us = 1500 * HEAL_US_PER_MS;
/* Settings are read each round. */
static const heal_us hard_fresh_us = 5 * HEAL_US_PER_S;

/* @return its place; world->ports where there is none. */
static size_t place_of(const struct heal_world *world, const struct heal_port_key *key) {
    size_t place = 0;
    while (place < world->ports && !heal_port_key_equal(&world->port[place].key, key))
        place++;
    return place;
}

const struct heal_port *heal_world_port_const(const struct heal_world *world,
                                              const struct heal_port_key *key) {
    size_t place = place_of(world, key);
    return place < world->ports ? &world->port[place] : NULL;
}

bool heal_world_stood_still(const struct heal_world *world) {
    return world->stood_still_at != 0 && world->now - world->stood_still_at < awake_after_us;
}

const struct heal_reading_hard *heal_world_hard(const struct heal_world *world, const char *ifname) {
    const struct heal_mesh *mesh = &world->mesh;
    for (size_t i = 0; i < mesh->interfaces; i++)
        if (strcmp(mesh->interface[i].is.ifname, ifname) == 0 &&
            world->now - mesh->interface[i].at <= hard_fresh_us)
            return &mesh->interface[i].is;
    return NULL;
}

struct heal_port *heal_world_port(struct heal_world *world, const struct heal_port_key *key) {
    size_t place = place_of(world, key);
    return place < world->ports ? &world->port[place] : NULL;
}

/* A port whose neighbour is gone for good gives its place to a new one, and sooner one that is only
 * remembered from an earlier run: nothing was ever read of it. */
static struct heal_port *abandoned(struct heal_world *world) {
    struct heal_port *oldest = NULL;
    for (size_t i = 0; i < world->ports; i++) {
        struct heal_port *port = &world->port[i];
        bool gone = !port->known || world->now - port->in_at > 60 * HEAL_US_PER_S;
        if (!port->routed && gone && (!oldest || port->in_at < oldest->in_at))
            oldest = port;
    }
    return oldest;
}

struct heal_port *heal_world_port_make(struct heal_world *world, const struct heal_port_key *key) {
    size_t place = place_of(world, key);
    if (place < world->ports)
        return &world->port[place];
    struct heal_port *port =
        world->ports < world->ports_max ? &world->port[world->ports++] : abandoned(world);
    if (!port)
        return NULL;
    memset(port, 0, sizeof *port);
    port->key = *key;
    port->throughput = -1;
    port->since = world->now;
    for (int direction = 0; direction < HEAL_DIRECTIONS; direction++)
        port->vitals.flow[direction] = (struct heal_flow){.small = -1, .full = -1, .silence_s = -1};
    port->vitals.rtt_ms = -1;
    return port;
}

void heal_world_port_forget(struct heal_world *world, struct heal_port *port) {
    const struct heal_port *last = &world->port[--world->ports];
    if (port != last)
        *port = *last;
}

const struct heal_port *heal_world_port_to(const struct heal_world *world, heal_node_id node) {
    for (size_t i = 0; node != 0 && i < world->ports; i++)
        if (world->port[i].known && world->port[i].neighbour == node)
            return &world->port[i];
    return NULL;
}

struct heal_service *heal_world_service(struct heal_world *world, const char *name) {
    for (size_t i = 0; i < world->services; i++)
        if (strcmp(world->service[i].last.name, name) == 0)
            return &world->service[i];
    return NULL;
}

struct heal_incident *heal_world_incident(struct heal_world *world, const struct heal_element *element) {
    for (size_t i = 0; i < world->incidents; i++) {
        struct heal_incident *incident = &world->incident[i];
        if (heal_incident_is_open(incident) && heal_element_equal(&incident->element, element))
            return incident;
    }
    return NULL;
}

static size_t place_of_incident(const struct heal_world *world, uint64_t id) {
    size_t i = 0;
    while (i < world->incidents && !(world->incident[i].used && world->incident[i].view.id == id))
        i++;
    return i < world->incidents ? i : HEAL_INCIDENTS_MAX;
}

struct heal_incident *heal_world_incident_by_id(struct heal_world *world, uint64_t id) {
    size_t place = place_of_incident(world, id);
    return place < HEAL_INCIDENTS_MAX ? &world->incident[place] : NULL;
}

const struct heal_incident *heal_world_incident_by_id_const(const struct heal_world *world, uint64_t id) {
    size_t place = place_of_incident(world, id);
    return place < HEAL_INCIDENTS_MAX ? &world->incident[place] : NULL;
}

bool heal_world_news_is_open(const struct heal_world *world, const struct heal_remote *remote) {
    return remote->news.owner != 0 && remote->news.open && world->now - remote->at <= news_fresh_us;
}

void heal_world_forget_acts(struct heal_world *world, struct heal_step *step) {
    for (size_t i = 0; i < HEAL_PENDING_MAX; i++)
        if (world->pending[i].step == step)
            world->pending[i] = (struct heal_pending){0};
    step->pending = 0;
}

unsigned heal_world_leftovers(const struct heal_world *world) {
    unsigned count = 0;
    for (size_t i = 0; i < world->leftovers; i++)
        count += world->leftover[i].used;
    return count;
}

struct heal_leftover *heal_world_leftover_place(struct heal_world *world) {
    for (size_t i = 0; i < world->leftovers; i++)
        if (!world->leftover[i].used)
            return &world->leftover[i];
    return world->leftovers < HEAL_LEFTOVERS_MAX ? &world->leftover[world->leftovers++] : NULL;
}

struct heal_incident *heal_world_incident_make(struct heal_world *world) {
    struct heal_incident *place = NULL;
    for (size_t i = 0; i < HEAL_INCIDENTS_MAX; i++) {
        struct heal_incident *incident = &world->incident[i];
        if (!incident->used) {
            place = incident;
            break;
        }
        if (incident->view.closed != 0 && (!place || incident->view.closed < place->view.closed))
            place = incident;
    }
    if (!place)
        return NULL;
    if (place == &world->incident[world->incidents])
        world->incidents++;
    memset(place, 0, sizeof *place);
    place->used = true;
    place->view.id = world->next_incident++;
    place->view.label = -1;
    place->owner_remedy = HEAL_REMEDIES;
    return place;
}

/* Is it about the link behind the port, or the node at its other end? */
static bool concerns(const struct heal_incident *incident, const struct heal_port *port) {
    const struct heal_element *element = &incident->element;
    if (!incident->used || incident->view.role == HEAL_ROLE_UPSTREAM)
        return false;
    return element->kind == HEAL_ELEMENT_LINK ? heal_port_key_equal(&element->port, &port->key)
                                              : element->kind == HEAL_ELEMENT_NODE && port->neighbour != 0 &&
                                                    element->node == port->neighbour;
}

bool heal_world_port_is_sick(const struct heal_world *world, const struct heal_port *port) {
    for (size_t i = 0; i < world->incidents; i++)
        if (concerns(&world->incident[i], port) && world->incident[i].view.closed == 0)
            return true;
    return false;
}

bool heal_world_port_is_named(const struct heal_world *world, const struct heal_port *port) {
    for (size_t i = 0; i < world->incidents; i++)
        if (concerns(&world->incident[i], port) && world->incident[i].view.closed == 0 &&
            heal_incident_diagnosis(&world->incident[i]) != HEAL_ANOMALY)
            return true;
    return false;
}

static bool was_sick_lately(const struct heal_world *world, const struct heal_port *port) {
    for (size_t i = 0; i < world->incidents; i++)
        if (concerns(&world->incident[i], port) && world->incident[i].view.closed != 0 &&
            world->now - world->incident[i].view.closed < relied_on_after_us)
            return true;
    return false;
}

static bool is_healthy(const struct heal_world *world, const struct heal_port *port) {
    return port->established && heal_port_hears(port, world->threshold[HEAL_METRIC_SILENCE]) &&
           !heal_world_port_is_sick(world, port);
}

size_t heal_world_neighbours_healthy(const struct heal_world *world) {
    size_t healthy = 0;
    for (size_t i = 0; i < world->ports; i++)
        healthy += is_healthy(world, &world->port[i]);
    return healthy;
}

size_t heal_world_neighbours_left(const struct heal_world *world, const char *ifname) {
    size_t left = 0;
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        left +=
            is_healthy(world, port) && !was_sick_lately(world, port) && strcmp(port->key.ifname, ifname) != 0;
    }
    return left;
}

size_t heal_world_incidents_open(const struct heal_world *world, heal_us since) {
    size_t open = 0;
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        if (heal_incident_is_open(incident) && incident->view.role != HEAL_ROLE_UPSTREAM &&
            incident->view.opened >= since)
            open++;
    }
    return open;
}

float heal_world_seconds_since(const struct heal_world *world, heal_us since) {
    return since == 0 || since > world->now ? 0 : (float)((double)(world->now - since) / 1e6);
}

bool heal_world_policy_has(const struct heal_world *world, const struct heal_incident *incident,
                           enum heal_remedy remedy) {
    const struct heal_policy *policy = heal_world_policy_of(world, incident);
    for (size_t i = 0; i < policy->steps; i++)
        if (policy->step[i] == remedy)
            return true;
    return false;
}
