/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The part of the mesh's graph that a node works on: its ports, each joined with each other, and behind them
 * the other ends of their links, as far as their word is used. An other end is joined with its link's port
 * alone: what else it has for neighbours is in the state that it tells.
 */
#ifndef HEAL_INFERENCE_GRAPH_H
#define HEAL_INFERENCE_GRAPH_H

#include "inference/state.h"

/** What of the other ends is in it. */
enum heal_inference_layer {
    HEAL_INFERENCE_INPUTS, /**< those whose inputs are used: the first layer's graph */
    HEAL_INFERENCE_STATES, /**< those whose state of the tick is used: the second layer's */
    HEAL_INFERENCE_ALONE,  /**< none: what this node could say without any neighbour's word */
};

/** @return whether the other end of a port is in it. @param place of the tick */
bool heal_inference_joins(const struct heal_inference *inference, const struct heal_inference_port *port,
                          unsigned place, enum heal_inference_layer layer);

/** Builds inference->graph of the ports that were there in the tick at @p place. */
void heal_inference_graph_build(struct heal_inference *inference, unsigned place,
                                enum heal_inference_layer layer);

/** @return which vertex of it a port is, or -1: it was not there in that tick. */
int heal_inference_vertex(const struct heal_inference_graph *graph, size_t port);

/** Builds the graph, and works out the states of the ports, into inference->state. @param layer not
 * HEAL_INFERENCE_STATES */
void heal_inference_states(struct heal_inference *inference, unsigned place, enum heal_inference_layer layer);

/** After that: builds the second layer's graph, and adds the states that the other ends in it have told. */
void heal_inference_states_told(struct heal_inference *inference, unsigned place);

#endif
