/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/troubles.h"

/* An overload or a dead service is in nobody's way. */
static bool is_in_the_way(enum heal_element_kind kind, enum heal_diagnosis diagnosis) {
    return kind == HEAL_ELEMENT_LINK || (kind == HEAL_ELEMENT_NODE && diagnosis == HEAL_NOT_FORWARDING);
}

static void add_own(const struct heal_incident *incident, struct heal_troubles *troubles) {
    if (heal_incident_is_open(incident) && incident->gone_since == 0 &&
        is_in_the_way(incident->element.kind, heal_incident_diagnosis(incident)))
        troubles->obstacle[troubles->count++] = heal_obstacle_of(&incident->element);
}

static void add_heard(const struct heal_world *world, const struct heal_remote *remote,
                      struct heal_troubles *troubles) {
    const struct heal_message_incident *news = &remote->news;
    enum heal_element_kind kind = news->other != 0 ? HEAL_ELEMENT_LINK : HEAL_ELEMENT_NODE;
    enum heal_diagnosis diagnosis;
    if (heal_world_news_is_open(world, remote) && news->node != world->id &&
        heal_diagnosis_parse(news->diagnosis, &diagnosis) == 0 && is_in_the_way(kind, diagnosis))
        troubles->obstacle[troubles->count++] = (struct heal_obstacle){news->node, news->other};
}

static bool is_usable(const struct heal_world *world, const struct heal_port *port) {
    return port->known && heal_port_hears(port, world->threshold[HEAL_METRIC_SILENCE]) &&
           !heal_world_port_is_sick(world, port);
}

void heal_troubles_list(const struct heal_world *world, struct heal_troubles *ret_troubles) {
    ret_troubles->count = 0;
    for (size_t i = 0; i < world->ports && i < HEAL_PORTS_MAX; i++)
        ret_troubles->usable[i] = is_usable(world, &world->port[i]);
    for (size_t i = 0; i < world->incidents; i++)
        add_own(&world->incident[i], ret_troubles);
    for (size_t i = 0; i < world->remotes; i++)
        add_heard(world, &world->remote[i], ret_troubles);
}

bool heal_troubles_meet(const struct heal_troubles *troubles, const struct heal_world *world,
                        const struct heal_port *port, const struct heal_prefix *destination) {
    for (size_t i = 0; i < troubles->count; i++)
        if (heal_way_meets(world, port, destination, &troubles->obstacle[i]))
            return true;
    return false;
}
