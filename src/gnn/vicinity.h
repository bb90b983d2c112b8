/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The part of a graph that one vertex' verdict rests on, and why the verdict is what it is. The verdict is a
 * function of the inputs of the vertex, of its neighbours and of theirs. Two questions are asked of it, each
 * answered by Shapley values (gnn/shapley.h) of the whole of that function, by the network in integers:
 *
 * - Features: what does each of the vertex' own inputs have to do with it? An input that takes no part is
 *   missing: it is the mean, 0 deviations, as it is while a network learns. The neighbours stay as they are,
 * but their states are worked out anew for each coalition: the vertex' inputs are part of them.
 * - Neighbours: what does each of them? One that takes no part is not in the graph, with all of its edges, as
 *   a vertex that is left out while a network learns: neither the vertex nor another neighbour sees it. The
 *   vertex' inputs stay as they are.
 *
 * A neighbour on another machine has told its state, with the vertex' inputs in it as they are; that cannot
 * be worked out anew, and stays as told (heal_gnn_vicinity_tell).
 *
 * A vicinity lies in memory of its owner's, with copies of what it needs of the graph and the inputs; the
 * network is borrowed.
 */
#ifndef HEAL_GNN_VICINITY_H
#define HEAL_GNN_VICINITY_H

#include "gnn/integer.h"
#include "gnn/shapley.h"

enum {
    HEAL_GNN_NEIGHBOURS_EXACT = 8, /**< beyond, the neighbours' shares are sampled */
    HEAL_GNN_STATE_ALIGNMENT = 64,
};

/** Vertices are numbered anew: 0 it is about, its neighbours from 1 on in the graph's order, then theirs. */
struct heal_gnn_vicinity {
    const struct heal_gnn_integer *network;
    uint32_t neighbours, vertices;
    uint32_t *first, *neighbour; /**< the rows of 0 to neighbours, as the graph has them */
    struct heal_gnn_graph graph; /**< of who takes part: what the first layer sees */
    struct heal_gnn_graph row;   /**< likewise the second, which asks for vertex 0 alone */
    uint32_t *graph_first, *graph_neighbour, *row_first, *row_neighbour;
    int8_t *own;     /**< [inputs]: of vertex 0 */
    int8_t *input;   /**< vertices by inputs; of vertex 0, those that take part */
    int8_t *state;   /**< 1 + neighbours by hidden */
    int8_t *told;    /**< likewise: states that were told */
    uint8_t *source; /**< [1 + neighbours]: where each one's state is from */
};

/** @return the bytes that it needs; 0: heal_gnn_vicinity_init will refuse it. */
size_t heal_gnn_vicinity_bytes(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                               uint32_t vertex);

/**
 * @param input of all vertices, each of shape.inputs bytes
 * @param memory of heal_gnn_vicinity_bytes, aligned to HEAL_GNN_STATE_ALIGNMENT; it must last as long
 * @return 0, or -EINVAL with words: no such vertex, or more than HEAL_GNN_PLAYERS_MAX neighbours
 */
int heal_gnn_vicinity_init(const struct heal_gnn_integer *network, const struct heal_gnn_graph *graph,
                           uint32_t vertex, const int8_t *input, void *memory,
                           struct heal_gnn_vicinity *ret_vicinity, struct heal_error *error);

/** The state of a neighbour is told, not worked out. @param neighbour from 0 on, in the graph's order
 * @param state shape.hidden bytes; NULL: not even that: only its inputs count, in the first layer */
void heal_gnn_vicinity_tell(struct heal_gnn_vicinity *vicinity, uint32_t neighbour, const int8_t *state);

/** @return the verdict, with all that there is, in 1 / HEAL_GNN_LOGIT_ONE. */
int32_t heal_gnn_vicinity_verdict(struct heal_gnn_vicinity *vicinity);

/** Exact: all coalitions of the inputs. Outcomes are in 1 / HEAL_GNN_LOGIT_ONE. @return 0, or -EINVAL with
 * words: more than HEAL_GNN_PLAYERS_EXACT inputs */
int heal_gnn_vicinity_features(struct heal_gnn_vicinity *vicinity, struct heal_gnn_shares *ret_shares,
                               struct heal_error *error);

/** Exact to HEAL_GNN_NEIGHBOURS_EXACT neighbours. @param orders so many are drawn beyond that, with @p random
 * @return as heal_gnn_shapley_sample */
int heal_gnn_vicinity_neighbours(struct heal_gnn_vicinity *vicinity, unsigned orders,
                                 struct heal_random *random, struct heal_gnn_shares *ret_shares,
                                 struct heal_error *error);

#endif
