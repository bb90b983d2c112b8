/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Sentences about operators: what they tell heald, and what they do by hand. */
#include "scenario/scenario_parts.h"

#include "base/text.h"
#include "sim/hand.h"

static void say(struct heal_scenario *scenario, int node, enum heal_operator_verb verb,
                const char *argument) {
    struct heal_event_operator said = {.verb = verb};
    heal_name_copy(said.argument, sizeof said.argument, argument);
    heal_hand_say(scenario->sim, (unsigned)node, &said);
}

static void operator_pauses(struct heal_scenario *scenario, const struct sentence *sentence) {
    say(scenario, sentence->argument[0].node, HEAL_OPERATOR_PAUSE, "by the script");
}

static void operator_resumes(struct heal_scenario *scenario, const struct sentence *sentence) {
    say(scenario, sentence->argument[0].node, HEAL_OPERATOR_RESUME, "");
}

static void operator_sets(struct heal_scenario *scenario, const struct sentence *sentence) {
    say(scenario, sentence->argument[0].node, HEAL_OPERATOR_MODE,
        heal_mode_name((enum heal_mode)sentence->argument[1].choice));
}

/* Whether it has earned that or not. */
static void operator_lets_networks(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_event_operator said = {.verb = HEAL_OPERATOR_DETECTOR, .number = 1};
    heal_name_copy(said.argument, sizeof said.argument,
                   heal_mode_name((enum heal_mode)sentence->argument[0].choice));
    for (unsigned i = 0; i < scenario->sim->nodes; i++)
        heal_hand_say(scenario->sim, i, &said);
}

static void say_of_incident(struct heal_scenario *scenario, enum heal_operator_verb verb, uint64_t number) {
    const struct heal_event_operator said = {.verb = verb, .incident = scenario->incident, .number = number};
    heal_hand_say(scenario->sim, scenario->node, &said);
}

static void operator_calls_it_true(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    say_of_incident(scenario, HEAL_OPERATOR_LABEL, 1);
}

static void operator_calls_it_false(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    say_of_incident(scenario, HEAL_OPERATOR_LABEL, 0);
}

static void operator_undoes_it(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    say_of_incident(scenario, HEAL_OPERATOR_UNDO, 0);
}

/* ---- what they say of what heald has found ---- */

static void call_all(struct heal_scenario *scenario, bool is_true) {
    for (unsigned i = 0; i < scenario->sim->nodes; i++) {
        struct heal_incident_status incident;
        for (size_t j = 0; heal_engine_incident(scenario->sim->node[i].engine, j, &incident); j++) {
            const struct heal_event_operator said = {
                .verb = HEAL_OPERATOR_LABEL, .incident = incident.id, .number = is_true};
            heal_hand_say(scenario->sim, i, &said);
        }
    }
}

static void operator_calls_all_true(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    call_all(scenario, true);
}

static void operator_calls_all_false(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    call_all(scenario, false);
}

static void operator_says_missed(struct heal_scenario *scenario, const struct sentence *sentence) {
    const char *diagnosis = heal_diagnosis_slug((enum heal_diagnosis)sentence->argument[2].choice);
    for (unsigned i = (unsigned)sentence->argument[1].number; i > 0; i--)
        say(scenario, sentence->argument[0].node, HEAL_OPERATOR_MISSED, diagnosis);
}

/* ---- what they do by hand ---- */

static void operator_routes(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_port *port = heal_scenario_port(scenario, &sentence->argument[2], &sentence->argument[0]);
    heal_hand_add_route(scenario->sim, (unsigned)sentence->argument[0].node,
                        (unsigned)sentence->argument[1].node, port);
}

static void operator_deletes_route(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->since = scenario->sim->now;
    heal_hand_delete_route(scenario->sim, (unsigned)sentence->argument[0].node,
                           (unsigned)sentence->argument[1].node);
}

static void operator_deletes_healds(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_hand_delete_detours(scenario->sim, (unsigned)sentence->argument[0].node);
}

static void operator_sets_mtu(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_port *port = heal_scenario_port(scenario, &sentence->argument[1], &sentence->argument[0]);
    heal_hand_set_mtu(scenario->sim, port, (uint32_t)sentence->argument[2].number);
}

static void operator_raises_cost(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_port *port = heal_scenario_port(scenario, &sentence->argument[1], &sentence->argument[0]);
    heal_hand_set_cost(scenario->sim, port, (uint16_t)sentence->argument[2].number);
}

static void operator_takes_down(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_port *port = heal_scenario_port(scenario, &sentence->argument[1], &sentence->argument[0]);
    scenario->since = scenario->sim->now;
    heal_hand_take_down(scenario->sim, (unsigned)sentence->argument[0].node, port);
}

static void operator_brings_up(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_port *port = heal_scenario_port(scenario, &sentence->argument[1], &sentence->argument[0]);
    heal_hand_bring_up(scenario->sim, port);
}

static void operator_restarts(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_node *node = &scenario->sim->node[sentence->argument[0].node];
    scenario->since = scenario->sim->now;
    heal_hand_restart(scenario->sim, &node->service[sentence->argument[1].service]);
}

/* ---- what must be so ---- */

static void check_route(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_scenario_check_end(scenario, &sentence->argument[2], &sentence->argument[0]);
}

static void check_interface(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_scenario_check_end(scenario, &sentence->argument[1], &sentence->argument[0]);
}

static void check_mtu(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *mtu = &sentence->argument[2];
    check_interface(scenario, sentence);
    if (mtu->number < HEAL_MTU_MIN)
        heal_scenario_refuse(scenario, mtu->column, "IPv6 needs an MTU of %d at least: %s", HEAL_MTU_MIN,
                             mtu->text);
}

const struct sentence_row heal_sentences_operators[] = {
    {"operator pauses NODE",        false, operator_pauses, NULL},
    {"operator resumes NODE",              false, operator_resumes, NULL},
    {"operator sets NODE to MODE",                             false, operator_sets, NULL},
    {"operator sets the networks to MODE",           false, operator_lets_networks, NULL},
    {"operator calls it true",                         false, operator_calls_it_true, heal_scenario_check_incident},
    {"operator calls it false",  false, operator_calls_it_false, heal_scenario_check_incident},
    {"operator undoes it",                false, operator_undoes_it, heal_scenario_check_incident},
    {"operator calls all true",                             false, operator_calls_all_true, NULL},
    {"operator calls all false",              false, operator_calls_all_false, NULL},
    {"operator of NODE says COUNT times that DIAGNOSIS was missed",                         false, operator_says_missed, NULL},
    {"operator on NODE routes NODE over LINK",      false, operator_routes, check_route},
    {"operator on NODE deletes the route to NODE",       false, operator_deletes_route, NULL},
    {"operator on NODE deletes the routes of heald",                             false, operator_deletes_healds, NULL},
    {"operator on NODE sets the MTU of LINK to COUNT",                       false, operator_sets_mtu, check_mtu},
    {"operator on NODE raises the cost of LINK by COUNT", false, operator_raises_cost, check_interface},
    {"operator on NODE takes LINK down",          false, operator_takes_down, check_interface},
    {"operator on NODE brings LINK up",           false, operator_brings_up, check_interface},
    {"operator on NODE restarts SERVICE",                             false, operator_restarts, NULL},
    {0},
};
