/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* One tick's work: what is used of each neighbour's word, the states, the verdicts. */
#include "inference/graph.h"
#include "inference/sway.h"

#include <string.h>

/* In tenths of a second, as ticks count: an answer takes a tick to the neighbour and one back. */
static const uint32_t late_ticks = 45;
enum { BELOW_TICKS = 3 };

static enum heal_told why_unused(const struct heal_world *world, const struct heal_inference_port *port) {
    if (heal_inference_is_fresh(world, port->foreign_at))
        return HEAL_TOLD_MODEL;
    return port->told_at == 0 ? HEAL_TOLD_NONE : HEAL_TOLD_STALE;
}

static enum heal_told state_told(const struct heal_inference *inference,
                                 const struct heal_inference_port *port) {
    if (port->refused)
        return HEAL_TOLD_REFUSED;
    if (port->told.heard == 0)
        return HEAL_TOLD_NONE;
    int place = heal_inference_tick_place(inference, port->told.heard);
    bool kept = place >= 0 && (port->there >> place & 1) &&
                inference->tick[inference->newest] - port->told.heard <= late_ticks;
    return kept ? HEAL_TOLD_FRESH : HEAL_TOLD_LATE;
}

static void weigh(const struct heal_inference *inference, const struct heal_world *world,
                  struct heal_inference_port *port) {
    const struct heal_port *of_world = heal_world_port_const(world, &port->key);
    port->heard = 0;
    if (heal_inference_is_fresh(world, port->told_at)) {
        port->input_told = HEAL_TOLD_FRESH;
        port->state_told = state_told(inference, port);
        port->heard = port->told.tick;
        memcpy(port->other_input, port->told.input, sizeof port->other_input);
        return;
    }
    port->input_told = port->state_told = why_unused(world, port);
    if (!of_world || !heal_inference_is_fresh(world, of_world->peer_at))
        return;
    port->input_told = HEAL_TOLD_PLAIN;
    heal_inference_quantise(inference, &of_world->peer.features, port->other_input);
}

static int32_t logit_of(const struct heal_inference *inference, uint32_t vertex) {
    return heal_gnn_integer_verdict(&inference->model->network, &inference->graph.graph, vertex,
                                    inference->state, NULL);
}

/* Two links to one neighbour, and a word lost on one of them: two of its ticks are mixed. */
static bool is_mixed(const struct heal_inference *inference, unsigned place,
                     const struct heal_inference_port *port) {
    for (size_t i = 0; i < inference->ports; i++) {
        const struct heal_inference_port *other = &inference->port[i];
        if ((other->there >> place & 1) && other->neighbour == port->neighbour &&
            other->told.tick != port->told.tick)
            return true;
    }
    return false;
}

static bool inputs_are_whole(const struct heal_inference *inference, unsigned place) {
    for (size_t i = 0; i < inference->ports; i++) {
        const struct heal_inference_port *port = &inference->port[i];
        if ((port->there >> place & 1) &&
            (port->input_told != HEAL_TOLD_FRESH || is_mixed(inference, place, port)))
            return false;
    }
    return true;
}

static void call(const struct heal_inference *inference, const struct heal_world *world,
                 struct heal_judgement *judgement) {
    bool above = judgement->logit > inference->threshold;
    judgement->below = (uint8_t)(above ? 0 : judgement->below < UINT8_MAX ? judgement->below + 1 : UINT8_MAX);
    bool sick = above || (judgement->sick && judgement->below < BELOW_TICKS);
    if (sick != judgement->sick)
        judgement->since = sick ? world->now : 0;
    judgement->sick = sick;
}

static void pass_judgement(struct heal_inference *inference, const struct heal_world *world, unsigned place,
                           bool inputs_whole, uint32_t vertex) {
    const struct heal_inference_port *port = &inference->port[inference->graph.port[vertex]];
    struct heal_judgement *judgement = &inference->judgement[inference->graph.port[vertex]];
    judgement->judged = true;
    judgement->at = world->now;
    judgement->tick = inference->tick[place];
    judgement->input = port->input_told;
    judgement->state = port->state_told;
    judgement->other_tick = port->heard;
    judgement->whole = inputs_whole && port->state_told == HEAL_TOLD_FRESH;
    judgement->logit = logit_of(inference, vertex);
    if (port->state_told != HEAL_TOLD_FRESH)
        judgement->lacked[port->state_told]++;
    call(inference, world, judgement);
}

/* Where the tick is judged whose inputs are in the other end's state; where there is none, the newest. */
static int judged_at(const struct heal_inference *inference, const struct heal_inference_port *port) {
    if (port->state_told == HEAL_TOLD_FRESH)
        return heal_inference_tick_place(inference, port->told.heard);
    return port->there >> inference->newest & 1 ? (int)inference->newest : -1;
}

static bool is_wanted(const struct heal_inference *inference, unsigned place) {
    for (size_t i = 0; i < inference->ports; i++)
        if (judged_at(inference, &inference->port[i]) == (int)place)
            return true;
    return false;
}

static void judge_at(struct heal_inference *inference, const struct heal_world *world, unsigned place) {
    bool whole = inputs_are_whole(inference, place);
    heal_inference_states(inference, place, HEAL_INFERENCE_INPUTS);
    heal_inference_states_told(inference, place);
    for (uint32_t v = 0; v < inference->graph.ports; v++)
        if (judged_at(inference, &inference->port[inference->graph.port[v]]) == (int)place)
            pass_judgement(inference, world, place, whole, v);
}

static void keep_states(struct heal_inference *inference) {
    const struct heal_inference_graph *graph = &inference->graph;
    size_t hidden = inference->model->network.shape.hidden;
    heal_inference_states(inference, inference->newest, HEAL_INFERENCE_INPUTS);
    for (uint32_t v = 0; v < graph->ports; v++)
        memcpy(inference->port[graph->port[v]].state, inference->state + v * hidden, hidden);
}

static void judge_alone(struct heal_inference *inference) {
    heal_inference_states(inference, inference->newest, HEAL_INFERENCE_ALONE);
    for (uint32_t v = 0; v < inference->graph.ports; v++)
        inference->judgement[inference->graph.port[v]].alone = logit_of(inference, v);
}

void heal_inference_judge(struct heal_inference *inference, const struct heal_world *world) {
    for (size_t i = 0; i < inference->ports; i++)
        weigh(inference, world, &inference->port[i]);
    keep_states(inference);
    judge_alone(inference);
    for (unsigned place = 0; place < HEAL_TICKS_KEPT; place++)
        if (is_wanted(inference, place))
            judge_at(inference, world, place);
    for (size_t i = 0; i < inference->ports; i++)
        if (inference->judgement[i].sick)
            heal_inference_sway(inference, i, i, &inference->judgement[i].sway_low,
                                &inference->judgement[i].sway_high);
}
