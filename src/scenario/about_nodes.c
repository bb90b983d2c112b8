/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Sentences about nodes and their services. */
#include "scenario/scenario_parts.h"
#include "sim/hand.h"

static unsigned node_of(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->since = scenario->sim->now;
    return (unsigned)sentence->argument[0].node;
}

static void node_dies(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_hand_pause(scenario->sim, node_of(scenario, sentence), true);
}

static void node_returns(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_hand_pause(scenario->sim, node_of(scenario, sentence), false);
}

static void node_forwards_nothing(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->sim->node[node_of(scenario, sentence)].forwarding = false;
}

static void node_loses_routes(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_hand_lose_routes(scenario->sim, node_of(scenario, sentence));
}

static void node_drops(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_hand_blackhole(scenario->sim, node_of(scenario, sentence), (unsigned)sentence->argument[1].node,
                        true);
}

static void node_drops_no_more(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_hand_blackhole(scenario->sim, node_of(scenario, sentence), (unsigned)sentence->argument[1].node,
                        false);
}

static void give_uplink(struct heal_scenario *scenario, const struct sentence *sentence, bool present) {
    heal_hand_uplink(scenario->sim, node_of(scenario, sentence), present);
}

static void node_is_gateway(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_node *node = &scenario->sim->node[node_of(scenario, sentence)];
    node->gateway = true;
    node->gateway_mode = HEAL_GATEWAY_SERVER;
    give_uplink(scenario, sentence, true);
}

static void node_loses_uplink(struct heal_scenario *scenario, const struct sentence *sentence) {
    give_uplink(scenario, sentence, false);
}

static void node_finds_uplink(struct heal_scenario *scenario, const struct sentence *sentence) {
    give_uplink(scenario, sentence, true);
}

static void node_cures(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->sim->node[node_of(scenario, sentence)].bounce_cures = true;
}

static void node_is_hurt(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->sim->node[node_of(scenario, sentence)].bounce_hurts = true;
}

/* ---- services ---- */

static struct heal_sim_service *service_of(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->since = scenario->sim->now;
    return &scenario->sim->node[sentence->argument[1].node].service[sentence->argument[0].service];
}

static void service_dies(struct heal_scenario *scenario, const struct sentence *sentence) {
    service_of(scenario, sentence)->running = false;
}

static void service_dies_again(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_service *service = service_of(scenario, sentence);
    service->running = false;
    service->falls = (unsigned)sentence->argument[2].number;
}

static void service_is_stopped(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_service *service = service_of(scenario, sentence);
    service->running = false;
    service->stopped = true;
}

static void service_starts(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_service *service = service_of(scenario, sentence);
    service->running = true;
    service->stopped = false;
}

static void service_leaks(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_service *service = service_of(scenario, sentence);
    service->growth = sentence->argument[2].number;
    service->grown = scenario->sim->now;
}

static void service_uses(struct heal_scenario *scenario, const struct sentence *sentence) {
    service_of(scenario, sentence)->cpu = sentence->argument[2].number;
}

/* ---- what must be so ---- */

static struct heal_fate *fate_of(struct heal_scenario *scenario, const struct sentence *sentence) {
    return &scenario->fate[sentence->argument[0].node];
}

static void check_dies(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (fate_of(scenario, sentence)->dead)
        heal_scenario_refuse(scenario, sentence->column, "%s is dead already", sentence->argument[0].text);
    fate_of(scenario, sentence)->dead = true;
}

static void check_returns(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (!fate_of(scenario, sentence)->dead)
        heal_scenario_refuse(scenario, sentence->column, "%s has not died", sentence->argument[0].text);
    fate_of(scenario, sentence)->dead = false;
}

static void check_becomes_gateway(struct heal_scenario *scenario, const struct sentence *sentence) {
    fate_of(scenario, sentence)->gateway = true;
}

static void check_gateway(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (!fate_of(scenario, sentence)->gateway)
        heal_scenario_refuse(scenario, sentence->column, "%s is no gateway", sentence->argument[0].text);
}

const struct sentence_row heal_sentences_nodes[] = {
    {"node NODE dies",                    false, node_dies, check_dies},
    {"node NODE returns",                          false, node_returns, check_returns},
    {"node NODE forwards nothing",                                   false, node_forwards_nothing, NULL},
    {"node NODE loses its routes",     false, node_loses_routes, NULL},
    {"node NODE drops what goes to NODE",                      false, node_drops, NULL},
    {"node NODE no longer drops what goes to NODE",        false, node_drops_no_more, NULL},
    {"node NODE is a gateway",              false, node_is_gateway, check_becomes_gateway},
    {"node NODE loses its uplink",                                   false, node_loses_uplink, check_gateway},
    {"node NODE finds its uplink",                          false, node_finds_uplink, check_gateway},
    {"node NODE cures by a bounce",                               false, node_cures, NULL},
    {"node NODE is hurt by a bounce", false, node_is_hurt, NULL},
    {"service SERVICE on NODE dies",                         false, service_dies, NULL},
    {"service SERVICE on NODE dies and COUNT times again",                                   false, service_dies_again, NULL},
    {"service SERVICE on NODE is stopped",                       false, service_is_stopped, NULL},
    {"service SERVICE on NODE starts",                               false, service_starts, NULL},
    {"service SERVICE on NODE leaks SIZE a second",            false, service_leaks, NULL},
    {"service SERVICE on NODE uses SHARE",                    false, service_uses, NULL},
    {0                                  },
};
