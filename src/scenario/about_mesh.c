/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Sentences about the mesh itself, and time. */
#include "scenario/scenario_parts.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "scenario/network.h"

#include <errno.h>
#include <stdlib.h>

/* ---- what it is made with ---- */

static void do_guard_neighbours(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->settings.min_healthy_neighbours = (uint16_t)sentence->argument[0].number;
}

static void do_guard_storm(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (sentence->argument[0].number < 1)
        heal_scenario_refuse(scenario, sentence->argument[0].column,
                             "no storm begins with less than one incident");
    else
        scenario->settings.storm_limit = (uint16_t)sentence->argument[0].number;
}

/* The diagnosis' steps, as many as are named, and then people are called. */
static void do_policy(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_policy *policy = &scenario->settings.policy[sentence->argument[0].choice];
    policy->steps = 0;
    for (int i = 1; i < sentence->arguments; i++)
        policy->step[policy->steps++] = (enum heal_remedy)sentence->argument[i].choice;
    policy->step[policy->steps++] = HEAL_NOTIFY;
}

static void do_mode(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->settings.mode = (enum heal_mode)sentence->argument[0].choice;
}

/* Of two sentences the later one counts. */
static void do_network(struct heal_scenario *scenario, const struct sentence *sentence) {
    float limit_ms = (float)sentence->argument[0].span / (float)HEAL_US_PER_MS;
    free(scenario->model);
    scenario->model = NULL;
    if (limit_ms <= 0)
        heal_scenario_refuse(scenario, sentence->argument[0].column, "a limit of nothing");
    else if (heal_scenario_network_new(limit_ms, &scenario->model) < 0)
        scenario->r = -ENOMEM;
}

/* ---- the mesh ---- */

static void set_services(struct heal_settings *settings) {
    static const char *const names[HEAL_SIM_SERVICES] = {"worker", "babeld"};
    settings->services = HEAL_SIM_SERVICES;
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++) {
        settings->service[i] = (struct heal_service_setting){
            .sheddable = i != HEAL_SIM_BABELD, .restartable = true, .memory_limit_bytes = 64 << 20};
        heal_name_copy(settings->service[i].name, HEAL_NAME_MAX, names[i]);
    }
}

/* What the mesh is to be made of. */
static void keep(struct heal_scenario *scenario, struct heal_sim_plan *plan, bool radio, bool late) {
    unsigned ports = heal_sim_plan_degree(plan);
    set_services(&scenario->settings);
    scenario->settings.ports_max = (uint16_t)(ports < 1 ? 1 : ports);
    scenario->plan = *plan;
    scenario->radio = radio;
    scenario->late = late;
    *plan = (struct heal_sim_plan){0};
}

static int add_chords(struct heal_sim_plan *plan) {
    int r = heal_sim_plan_add_edge(plan, 1, 5);
    return r < 0 ? r : heal_sim_plan_add_edge(plan, 3, 7);
}

static void do_mesh(struct heal_scenario *scenario, const struct sentence *sentence) {
    enum { CHORDS = 1u << 3, RADIO = 1u << 4, LATE = 1u << 5, CHORDS_LEAST = 8 };
    HEAL_CLEANUP(heal_sim_plan_deinit) struct heal_sim_plan plan = {0};
    enum heal_sim_shape shape = (enum heal_sim_shape)sentence->argument[0].choice;
    unsigned count = (unsigned)sentence->argument[1].number;
    bool chords = sentence->options & CHORDS;
    unsigned least = chords ? CHORDS_LEAST : heal_sim_shape_least(shape);
    if (chords && shape != HEAL_SIM_RING)
        heal_scenario_refuse(scenario, sentence->argument[0].column, "only a ring has chords");
    else if (count < least || count > heal_sim_shape_most(shape))
        heal_scenario_refuse(scenario, sentence->argument[1].column, "a %s%s has %u to %u nodes",
                             heal_sim_shape_names[shape], chords ? " with chords" : "", least,
                             heal_sim_shape_most(shape));
    else if (heal_sim_plan_draw(shape, count, scenario->options->seed, &plan) < 0 ||
             (chords && add_chords(&plan) < 0))
        scenario->r = -ENOMEM;
    else
        keep(scenario, &plan, sentence->options & RADIO, sentence->options & LATE);
}

static void do_mesh_from(struct heal_scenario *scenario, const struct sentence *sentence) {
    enum { RADIO = 1u << 3, LATE = 1u << 4 };
    HEAL_CLEANUP(heal_sim_plan_deinit) struct heal_sim_plan plan = {0};
    const struct heal_scenario_options *options = scenario->options;
    const char *file = sentence->argument[0].text;
    struct heal_error error = {0};
    size_t length = 0;
    HEAL_CLEANUP(heal_free_pointer)
    char *json = options->load ? options->load(options->name, file, &length) : NULL;
    if (!json)
        heal_scenario_refuse(scenario, sentence->argument[0].column, "%s cannot be read", file);
    else if (heal_sim_plan_parse(json, length, &plan, &error) == 0)
        keep(scenario, &plan, sentence->options & RADIO, sentence->options & LATE);
    else if (error.line > 0)
        heal_scenario_refuse(scenario, sentence->argument[0].column, "%s:%d:%d: %s", file, error.line,
                             error.column, error.what);
    else
        heal_scenario_refuse(scenario, sentence->argument[0].column, "%s: %s", file, error.what);
}

static void do_run(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_scenario_wait(scenario, sentence->argument[0].span);
}

const struct sentence_row heal_sentences_mesh[] = {
    {"guard keeps COUNT neighbours",  true, do_guard_neighbours, NULL},
    {"guard calls COUNT incidents a storm",            true, do_guard_storm, NULL},
    {"policy of DIAGNOSIS is REMEDY",                               true, do_policy, NULL},
    {"policy of DIAGNOSIS is REMEDY then REMEDY",                true, do_policy, NULL},
    {"mode MODE",                           true, do_mode, NULL},
    {"network calls a latency above SPAN sick", true, do_network, NULL},
    {"mesh from FILE [radio] [late]",                      true, do_mesh_from, NULL},
    {"mesh SHAPE COUNT [chords] [radio] [late]",                               true, do_mesh, NULL},
    {"run SPAN",            false, do_run, NULL},
    {0                          },
};
