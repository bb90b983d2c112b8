/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "drawn/case.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "sim/sim_state.h"

#include <math.h>

enum { NODES_LEAST = 4, NODES_MOST = 64 };
static const double moment_least_s = 20, moment_most_s = 40;

static unsigned one_of(struct heal_random *random, unsigned count) {
    return (unsigned)(heal_random_uniform(random) * count);
}

static double in_range(struct heal_random *random, const struct heal_drawn_range *range) {
    double share = heal_random_uniform(random);
    return range->unit ? range->least + share * (range->most - range->least) : 0;
}

static unsigned links_of(const struct heal_sim_plan *plan, unsigned node) {
    unsigned links = 0;
    for (unsigned i = 0; i < plan->edges; i++)
        links += plan->edge[i].a == node || plan->edge[i].b == node;
    return links;
}

static void draw_place(struct heal_drawn_case *of, const struct heal_sim_plan *plan,
                       struct heal_random *random) {
    of->link = one_of(random, plan->edges);
    const struct heal_sim_edge *edge = &plan->edge[of->link];
    if (of->fault->place == HEAL_DRAWN_LINK) {
        of->node = one_of(random, 2) ? edge->a : edge->b;
        return;
    }
    do
        of->node = one_of(random, plan->places);
    while (of->fault->place == HEAL_DRAWN_RELAY && links_of(plan, of->node) < 2);
    of->target = (of->node + 1 + one_of(random, plan->places - 1)) % plan->places;
}

void heal_drawn_case_place(struct heal_drawn_case *of, const struct heal_sim_plan *plan,
                           struct heal_random *random) {
    draw_place(of, plan, random);
    of->service = one_of(random, HEAL_SIM_SERVICES);
    of->ways = (enum heal_drawn_ways)(HEAL_DRAWN_THERE + one_of(random, HEAL_DRAWN_BOTH));
    of->how_bad = in_range(random, &of->fault->how_bad);
    of->and = in_range(random, &of->fault->and);
}

/* Which names the table has, in their order. @return the @p index-th, all of them counted round. */
static enum heal_diagnosis truth_of(unsigned index) {
    unsigned covered = 0;
    for (int i = 0; i < HEAL_DIAGNOSES; i++)
        covered += heal_drawn_faults_of((enum heal_diagnosis)i) > 0;
    if (covered > 0)
        index %= covered;
    int truth = 0;
    while (heal_drawn_faults_of((enum heal_diagnosis)truth) == 0 || index-- > 0)
        truth++;
    return (enum heal_diagnosis)truth;
}

int heal_drawn_case_draw(uint64_t seed, unsigned number, struct heal_drawn_case *ret_case) {
    struct heal_random random;
    struct heal_drawn_case of = {0};
    heal_random_init(&random, seed << 20 | number);
    of.seed = heal_random_next(&random);
    enum heal_diagnosis truth = truth_of(number);
    of.fault = heal_drawn_fault_of(truth, one_of(&random, heal_drawn_faults_of(truth)));
    of.shape = (enum heal_sim_shape)one_of(&random, HEAL_SIM_SHAPES);
    of.nodes = NODES_LEAST + one_of(&random, NODES_MOST - NODES_LEAST + 1);
    of.radio = one_of(&random, 2) == 1 || of.fault->radio;
    double moment_s = moment_least_s + (moment_most_s - moment_least_s) * heal_random_uniform(&random);
    of.moment = (heal_us)(moment_s * 1e6);
    HEAL_CLEANUP(heal_sim_plan_deinit) struct heal_sim_plan plan = {0};
    int r = heal_sim_plan_draw(of.shape, of.nodes, of.seed, &plan);
    if (r < 0)
        return r;
    heal_drawn_case_place(&of, &plan, &random);
    *ret_case = of;
    return 0;
}

void heal_drawn_settings(unsigned ports, struct heal_settings *ret_settings) {
    static const char *const names[HEAL_SIM_SERVICES] = {"worker", "babeld"};
    heal_settings_init(ret_settings);
    ret_settings->mode = HEAL_MODE_ACT;
    ret_settings->ports_max = (uint16_t)ports;
    ret_settings->services = HEAL_SIM_SERVICES;
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++) {
        ret_settings->service[i] = (struct heal_service_setting){
            .sheddable = i != HEAL_SIM_BABELD, .restartable = true, .memory_limit_bytes = 64 << 20};
        heal_name_copy(ret_settings->service[i].name, HEAL_NAME_MAX, names[i]);
    }
}

int heal_drawn_case_make(const struct heal_drawn_case *of, struct heal_sim **ret_sim) {
    HEAL_CLEANUP(heal_sim_plan_deinit) struct heal_sim_plan plan = {0};
    struct heal_settings settings;
    int r = heal_sim_plan_draw(of->shape, of->nodes, of->seed, &plan);
    if (r < 0)
        return r;
    heal_drawn_settings(heal_sim_plan_degree(&plan), &settings);
    const struct heal_sim_options options = {.settings = &settings, .seed = of->seed, .radio = of->radio};
    r = heal_sim_new(&plan, &options, ret_sim);
    if (r == 0 && of->fault->prepare)
        of->fault->prepare(*ret_sim, of);
    return r;
}

void heal_drawn_case_print(const struct heal_drawn_case *of, const struct heal_sim *sim, char *buffer,
                           size_t size) {
    static const char *const ways[] = {
        [HEAL_DRAWN_THERE] = "there", [HEAL_DRAWN_BACK] = "back", [HEAL_DRAWN_BOTH] = "both ways"};
    const struct heal_drawn_fault *fault = of->fault;
    const struct heal_sim_link *link = &sim->link[of->link];
    unsigned other = link->node[0] == of->node ? link->node[1] : link->node[0];
    bool of_link = fault->place == HEAL_DRAWN_LINK || fault->place == HEAL_DRAWN_REGION;
    struct heal_text text;
    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "%s %u%s: ", heal_sim_shape_names[of->shape], of->nodes, of->radio ? " radio" : "");
    if (of_link)
        heal_text_add(&text, "%s-%s %s", sim->node[of->node].name, sim->node[other].name, fault->what);
    else
        heal_text_add(&text, "%s %s", sim->node[of->node].name, fault->what);
    if (fault->how_bad.unit)
        heal_text_add(&text, ", %.3g %s", of->how_bad, fault->how_bad.unit);
    if (fault->and.unit)
        heal_text_add(&text, ", %.3g %s", of->and, fault->and.unit);
    if (of_link)
        heal_text_add(&text, " (%s)", ways[of->ways]);
}

bool heal_drawn_case_in_region(const struct heal_drawn_case *of, const struct heal_sim *sim, unsigned node) {
    const struct heal_sim_node *centre = &sim->node[of->node], *place = &sim->node[node];
    return of->fault->place == HEAL_DRAWN_REGION &&
           hypot(place->x_m - centre->x_m, place->y_m - centre->y_m) <= of->and;
}

bool heal_drawn_case_is_sick(const struct heal_drawn_case *of, const struct heal_sim *sim, const char *node,
                             const char *other, bool strictly) {
    int a = heal_sim_find_node(sim, node), b = heal_sim_find_node(sim, other);
    const struct heal_sim_link *link = &sim->link[of->link];
    bool is_link = a >= 0 && b >= 0;
    switch (of->fault->place) {
    case HEAL_DRAWN_LINK:
        return is_link && heal_sim_find_link(sim, (unsigned)a, (unsigned)b) == (int)(link - sim->link);
    case HEAL_DRAWN_REGION:
        return is_link && (heal_drawn_case_in_region(of, sim, (unsigned)a) ||
                           heal_drawn_case_in_region(of, sim, (unsigned)b));
    case HEAL_DRAWN_NODE:
    case HEAL_DRAWN_RELAY:
        break;
    }
    bool gone = of->fault->truth == HEAL_NEIGHBOUR_LOST; /* then only its links can tell */
    bool touches = a == (int)of->node || b == (int)of->node;
    return touches && (!strictly || gone || !is_link);
}
