/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "analyze/news.h"

#include "analyze/incidents.h"
#include "base/text.h"
#include "model/way.h"

#include <string.h>

/* How long the ends of a sick link, or a sick node itself, have to deal with it before others step in. */
static const heal_us link_grace_us = 500 * HEAL_US_PER_MS, node_grace_us = 4 * HEAL_US_PER_S,
                     release_grace_us = 4 * HEAL_US_PER_S;

static bool is_about(const struct heal_remote *remote, const struct heal_element *element) {
    const struct heal_message_incident *news = &remote->news;
    return (news->node == element->node && news->other == element->other) ||
           (news->node == element->other && news->other == element->node);
}

const struct heal_remote *heal_news_about(const struct heal_world *world,
                                          const struct heal_element *element) {
    for (size_t i = 0; i < world->remotes; i++)
        if (heal_world_news_is_open(world, &world->remote[i]) && is_about(&world->remote[i], element))
            return &world->remote[i];
    return NULL;
}

bool heal_news_is_over(const struct heal_world *world, const struct heal_element *element, heal_us since) {
    const struct heal_remote *newest = NULL;
    for (size_t i = 0; i < world->remotes; i++) {
        const struct heal_remote *remote = &world->remote[i];
        if (remote->news.owner != 0 && is_about(remote, element) && (!newest || remote->at > newest->at))
            newest = remote;
    }
    return newest != NULL && !newest->news.open && newest->at > since;
}

/* Does any of this node's traffic, as the routing daemon would send it, pass what is sick? */
static bool passes_here(const struct heal_world *world, const struct heal_obstacle *obstacle) {
    for (size_t i = 0; i < world->rib.routes; i++) {
        const struct heal_reading_route *route = &world->rib.route[i];
        if (!route->installed || route->via.ifname[0] == '\0')
            continue;
        const struct heal_port *port = heal_world_port_const(world, &route->via);
        if (port && heal_way_meets(world, port, &route->prefix, obstacle))
            return true;
    }
    return false;
}

/* Does this node lead traffic around the element? That the nodes on the way now lead it around, too, is no
 * reason to go back: they may do so over here. */
static bool leads_around(const struct heal_world *world, const struct heal_element *element) {
    for (size_t i = 0; i < world->detours.count; i++) {
        const struct heal_detour *detour = &world->detours.detour[i];
        const struct heal_incident *incident = heal_world_incident_by_id_const(world, detour->incident);
        if (incident && heal_element_equal(&incident->element, element))
            return true;
    }
    return false;
}

bool heal_news_contains(const struct heal_message_incident *news) {
    enum heal_remedy remedy;
    return heal_remedy_parse(news->remedy, &remedy) == 0 &&
           heal_remedy_effect(remedy) == HEAL_EFFECT_CONTAINS;
}

/* Then what passes there suffers no longer, and nobody need go round. That its owner lets go of it is mostly
 * for the trouble is over: the word of that follows. */
static bool is_contained(const struct heal_world *world, const struct heal_remote *remote) {
    bool lately = remote->released_at != 0 && world->now - remote->released_at < release_grace_us;
    return lately || heal_news_contains(&remote->news);
}

/* What this node has seen of the element itself counts more than what it hears. */
static bool seen_here(const struct heal_symptoms *symptoms, const struct heal_element *element) {
    for (size_t i = 0; i < symptoms->count; i++)
        if (heal_element_equal(&symptoms->symptom[i].element, element))
            return true;
    return false;
}

static void add(const struct heal_world *world, const struct heal_remote *remote,
                const struct heal_element *element, struct heal_symptoms *symptoms) {
    enum heal_diagnosis diagnosis;
    if (seen_here(symptoms, element) || heal_diagnosis_parse(remote->news.diagnosis, &diagnosis) < 0)
        return;
    struct heal_symptom *symptom =
        heal_symptoms_add(symptoms, diagnosis, element, remote->news.confidence, remote->first);
    symptom->reported = true;
    heal_symptom_evidence(symptom, "reported by its owner, for", "s",
                          heal_world_seconds_since(world, remote->first), 0);
}

/* In a mesh below IP whoever is a destination can hasten it, whatever its own way: away from what is dead,
 * and from what the link's ends make it avoid. */
static bool calls_for_haste(const struct heal_message_incident *news) {
    return strcmp(news->diagnosis, heal_diagnosis_slug(HEAL_NEIGHBOUR_LOST)) == 0 ||
           strcmp(news->remedy, heal_remedy_slug(HEAL_HOP_PENALTY)) == 0 ||
           strcmp(news->remedy, heal_remedy_slug(HEAL_THROUGHPUT_OVERRIDE)) == 0;
}

static void consider(const struct heal_world *world, const struct heal_remote *remote,
                     struct heal_symptoms *symptoms) {
    const struct heal_message_incident *news = &remote->news;
    struct heal_element element = {.kind = news->other != 0 ? HEAL_ELEMENT_LINK : HEAL_ELEMENT_NODE,
                                   .node = news->node,
                                   .other = news->other};
    bool mine = news->other != 0 && (news->node == world->id || news->other == world->id);
    if (mine) {
        const struct heal_port *port =
            heal_world_port_to(world, news->node == world->id ? news->other : news->node);
        if (!port)
            return;
        element.node = world->id;
        element.other = port->neighbour;
        element.port = port->key;
        /* Whose word counts does not take it from the other end: two that believe each other never stop. */
        if (!heal_incidents_owns(world, &element))
            add(world, remote, &element, symptoms);
        return;
    }
    struct heal_obstacle obstacle = heal_obstacle_of(&element);
    bool lasting = world->now - remote->first >= (news->other != 0 ? link_grace_us : node_grace_us);
    if (heal_world_has_mesh(world) && news->node != world->id && calls_for_haste(news)) {
        add(world, remote, &element, symptoms);
        return;
    }
    bool way_matters =
        news->other != 0 || strcmp(news->diagnosis, heal_diagnosis_slug(HEAL_NOT_FORWARDING)) == 0;
    if (news->node != world->id && lasting && way_matters &&
        ((!is_contained(world, remote) && passes_here(world, &obstacle)) || leads_around(world, &element)))
        add(world, remote, &element, symptoms);
}

void heal_news_symptoms(const struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; i < world->remotes; i++)
        if (heal_world_news_is_open(world, &world->remote[i]))
            consider(world, &world->remote[i], symptoms);
}

const char *heal_news_name_of(const struct heal_world *world, heal_node_id node) {
    for (size_t i = 0; i < world->remotes; i++) {
        const struct heal_message_incident *news = &world->remote[i].news;
        if (news->owner != 0 && news->node == node && news->node_name[0] != '\0')
            return news->node_name;
        if (news->owner != 0 && news->other == node && news->other_name[0] != '\0')
            return news->other_name;
    }
    return "?";
}
