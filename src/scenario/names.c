/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The names of a script, looked up in the plan of its mesh. */
#include "scenario/scenario_parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Refuses a node that is not there. */
static void refuse_node(struct heal_scenario *scenario, int column, const char *name) {
    const struct heal_sim_plan *plan = &scenario->plan;
    const char **candidates = calloc(plan->places + 1, sizeof *candidates);
    const char *nearest = NULL;
    for (unsigned i = 0; candidates && i < plan->places; i++)
        candidates[i] = plan->place[i].name;
    if (candidates)
        nearest = heal_name_nearest(name, candidates);
    heal_scenario_refuse(scenario, column, "this mesh has no node %s%s%s", name, nearest ? "; nearest: " : "",
                         nearest ? nearest : "");
    free(candidates);
}

/* @return its index, or -1 after it was refused. */
static int find_named(struct heal_scenario *scenario, int column, const char *name) {
    for (unsigned i = 0; i < scenario->plan.places; i++)
        if (strcmp(scenario->plan.place[i].name, name) == 0)
            return (int)i;
    refuse_node(scenario, column, name);
    return -1;
}

bool heal_find_node(struct heal_scenario *scenario, struct argument *argument) {
    argument->node = find_named(scenario, argument->column, argument->text);
    return argument->node >= 0;
}

/* The other end of a link that has one at @p node; -1: it has none. */
static int end_beyond(const struct heal_sim_edge *edge, int node) {
    if ((int)edge->a == node)
        return (int)edge->b;
    return (int)edge->b == node ? (int)edge->a : -1;
}

/* Refuses a link between two that are there, but are no neighbours. */
static void refuse_link(struct heal_scenario *scenario, const struct argument *argument) {
    enum { NAMED_MAX = 6 };
    const struct heal_sim_plan *plan = &scenario->plan;
    char list[NAMED_MAX * (HEAL_NAME_MAX + 2) + 8];
    unsigned named = 0;
    struct heal_text text;
    heal_text_init(&text, list, sizeof list);
    for (unsigned i = 0; i < plan->edges && named <= NAMED_MAX; i++) {
        int beyond = end_beyond(&plan->edge[i], argument->node);
        if (beyond >= 0 && named++ < NAMED_MAX)
            heal_text_add(&text, "%s%s", named > 1 ? ", " : "", plan->place[beyond].name);
    }
    heal_scenario_refuse(scenario, argument->column, "%s and %s are no neighbours; neighbours of %s: %s%s",
                         plan->place[argument->node].name, plan->place[argument->other].name,
                         plan->place[argument->node].name, list, named > NAMED_MAX ? " …" : "");
}

bool heal_find_link(struct heal_scenario *scenario, struct argument *argument) {
    char name[HEAL_NAME_MAX];
    size_t first = strcspn(argument->text, "->");
    heal_name_copy(name, first + 1, argument->text);
    argument->node = find_named(scenario, argument->column, name);
    argument->other = find_named(scenario, argument->column + (int)first + 1, argument->text + first + 1);
    if (argument->node < 0 || argument->other < 0)
        return false;
    for (unsigned i = 0; i < scenario->plan.edges; i++)
        if (end_beyond(&scenario->plan.edge[i], argument->node) == argument->other) {
            argument->link = (int)i;
            return true;
        }
    refuse_link(scenario, argument);
    return false;
}

bool heal_find_place(struct heal_scenario *scenario, struct argument *argument) {
    bool is_node = strpbrk(argument->text, "->") == NULL;
    return is_node ? heal_find_node(scenario, argument) : heal_find_link(scenario, argument);
}

bool heal_find_service(struct heal_scenario *scenario, struct argument *argument) {
    const char *candidates[HEAL_SIM_SERVICES + 1] = {NULL};
    for (int i = 0; i < scenario->settings.services && i < HEAL_SIM_SERVICES; i++) {
        candidates[i] = scenario->settings.service[i].name;
        if (strcmp(candidates[i], argument->text) == 0) {
            argument->service = i;
            return true;
        }
    }
    const char *nearest = heal_name_nearest(argument->text, candidates);
    heal_scenario_refuse(scenario, argument->column, "no node has a service %s%s%s", argument->text,
                         nearest ? "; nearest: " : "", nearest ? nearest : "");
    return false;
}

void heal_scenario_check_end(struct heal_scenario *scenario, const struct argument *link,
                             const struct argument *node) {
    if (link->node != node->node && link->other != node->node)
        heal_scenario_refuse(scenario, link->column, "%s is no link of %s", link->text, node->text);
}

struct heal_sim_port *heal_scenario_port(struct heal_scenario *scenario, const struct argument *link,
                                         const struct argument *node) {
    const struct heal_sim_link *between = &scenario->sim->link[link->link];
    unsigned side = between->node[1] == (unsigned)node->node;
    return &scenario->sim->node[node->node].port[between->port[side]];
}
