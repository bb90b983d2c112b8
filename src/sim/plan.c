/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/plan.h"

#include "base/text.h"
#include "sim/plan_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Makes room for one more element. @return 0 or -ENOMEM. */
static int grow(void **array, unsigned count, unsigned *room, size_t size) {
    if (count < *room)
        return 0;
    unsigned more = *room ? *room * 2 : 64;
    void *larger = realloc(*array, more * size);
    if (!larger)
        return -ENOMEM;
    *array = larger;
    *room = more;
    return 0;
}

int heal_sim_plan_add_place(struct heal_sim_plan *plan, const char *name, double x_m, double y_m) {
    void *array = plan->place;
    if (plan->places == HEAL_SIM_NODES_MAX)
        return -E2BIG;
    int r = grow(&array, plan->places, &plan->places_room, sizeof *plan->place);
    if (r < 0)
        return r;
    plan->place = array;
    plan->place[plan->places] = (struct heal_sim_place){.x_m = x_m, .y_m = y_m};
    heal_name_copy(plan->place[plan->places].name, HEAL_NAME_MAX, name);
    return (int)plan->places++;
}

int heal_sim_plan_add_edge(struct heal_sim_plan *plan, unsigned a, unsigned b) {
    void *array = plan->edge;
    int r = grow(&array, plan->edges, &plan->edges_room, sizeof *plan->edge);
    if (r < 0)
        return r;
    plan->edge = array;
    plan->edge[plan->edges] = (struct heal_sim_edge){a, b};
    return (int)plan->edges++;
}

void heal_sim_plan_arrange(struct heal_sim_plan *plan) {
    double radius = plan->places > 1 ? HEAL_SIM_SPACING_M / 2 / sin(M_PI / plan->places) : 0;
    for (unsigned i = 0; i < plan->places; i++) {
        double angle = 2 * M_PI * i / plan->places;
        plan->place[i].x_m = radius * sin(angle);
        plan->place[i].y_m = -radius * cos(angle);
    }
}

unsigned heal_sim_plan_degree(const struct heal_sim_plan *plan) {
    unsigned *degree = calloc(plan->places + 1, sizeof *degree), most = 0;
    if (!degree)
        return HEAL_SIM_DEGREE_MAX + 1;
    for (unsigned i = 0; i < plan->edges; i++) {
        unsigned a = ++degree[plan->edge[i].a], b = ++degree[plan->edge[i].b];
        most = a > most ? a : most;
        most = b > most ? b : most;
    }
    free(degree);
    return most;
}

void heal_sim_plan_deinit(struct heal_sim_plan *plan) {
    free(plan->place);
    free(plan->edge);
    *plan = (struct heal_sim_plan){0};
}
