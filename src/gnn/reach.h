/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How far a network in integers can be led: what it makes of values that are only known to lie between two
 * bounds (interval arithmetic; R. E. Moore, "Interval Analysis", 1966). Nothing that is between the bounds
 * leads it out of what is returned; whether all of that can be reached, is not said. For who is told part of
 * what he reckons with, by others that may lie. Pure functions.
 */
#ifndef HEAL_GNN_REACH_H
#define HEAL_GNN_REACH_H

#include "gnn/integer.h"

/**
 * The state of a vertex of which only its own inputs and those of one neighbour are known. It may have any
 * number of others, with inputs of -most to most.
 * @param ret_low, ret_high shape.hidden bytes each
 */
void heal_gnn_reach_state(const struct heal_gnn_integer *network, const int8_t *own, const int8_t *neighbour,
                          int8_t most, int8_t *ret_low, int8_t *ret_high);

/** The state of a vertex of a graph. @param low, high of all vertices' inputs, as heal_gnn_integer_state has
 * them */
void heal_gnn_reach_state_in(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                             uint32_t vertex, const int8_t *low, const int8_t *high, int8_t *ret_low,
                             int8_t *ret_high);

/** The logit of a vertex of a graph. @param low, high of all vertices' states */
void heal_gnn_reach_verdict(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                            uint32_t vertex, const int8_t *low, const int8_t *high, int32_t *ret_low,
                            int32_t *ret_high);

#endif
